from __future__ import annotations

import mahotas
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from genzu.errors import WrongSize
from genzu.picture import feather
from genzu.picture.feather import grown, mixed, over_lines, thickness, weights

MASKS = arrays.arrays(bool, st.tuples(st.integers(1, 40), st.integers(1, 40)))


def disc(size: int = 101, radius: float = 30) -> np.ndarray:
    y, x = np.mgrid[:size, :size] - size // 2
    return x * x + y * y <= radius * radius


@given(MASKS, st.floats(0, 20))
@settings(max_examples=60)
def test_nothing_outside_and_something_everywhere_inside(inside: np.ndarray, soft: float) -> None:
    plane = weights(inside, soft)
    assert plane.dtype == np.uint8 and not plane[~inside].any() and (plane[inside] > 0).all()


def test_it_rises_inwards_to_the_full() -> None:
    plane = weights(disc(), 10)
    middle = plane[50, 20:51].astype(int)
    assert (np.diff(middle) >= 0).all() and middle[0] < 20 and middle[11] == 255 and 100 < middle[5] < 160
    assert (weights(disc(), 0) == np.where(disc(), 255, 0)).all()


def test_the_frame_s_edge_is_no_edge() -> None:
    inside = np.zeros((60, 60), bool)
    inside[:30] = True
    plane = weights(inside, 8)
    assert (plane[:20] == 255).all() and (plane[29] < 40).all()
    assert (weights(np.ones((5, 7), bool), 8) == 255).all()


def test_bands_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    inside = mahotas.dilate(rng.random((200, 90)) > 0.995, disc(9, 4))
    ink = rng.integers(0, 256, inside.shape, dtype=np.uint8)
    whole = weights(inside, 6), grown(inside, 5), thickness(inside), over_lines(inside, ink, 4)
    monkeypatch.setattr(feather, "_BAND", 17)
    assert np.array_equal(weights(inside, 6), whole[0]) and np.array_equal(grown(inside, 5), whole[1])
    assert thickness(inside) == whole[2] and np.array_equal(over_lines(inside, ink, 4), whole[3])


def test_growing_reaches_as_far_as_said() -> None:
    inside = np.zeros((41, 41), bool)
    inside[20, 20] = True
    assert np.array_equal(grown(inside, 7), disc(41, 7))
    assert grown(inside, 0) is inside
    assert thickness(disc(101, 30)) == pytest.approx(31, abs=1)


@given(MASKS, st.integers(0, 10_000))
@settings(max_examples=40)
def test_over_lines_holds_the_area_and_what_is_drawn_beside_it(inside: np.ndarray, seed: int) -> None:
    ink = np.random.default_rng(seed).choice([0, 255], inside.shape).astype(np.uint8)
    plane = over_lines(inside, ink, 3)
    assert (plane[inside] == 255).all()
    assert not plane[~grown(inside, 3)].any()
    assert not plane[~grown(inside, 1) & (ink == 0)].any()
    assert (plane[grown(inside, 3) & (ink == 255)] == 255).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("bands", [3, 4])
def test_outside_stays_bit_for_bit(dtype: type, bands: int) -> None:
    rng = np.random.default_rng(1)
    top = np.iinfo(dtype).max
    base = rng.integers(0, top, (700, 50, bands), dtype=dtype, endpoint=True)
    new = rng.integers(0, 256, (700, 50, 3), dtype=np.uint8)
    plane = np.zeros((700, 50), np.uint8)
    plane[300:600, 10:40] = weights(np.ones((300, 30), bool), 0)
    plane[300:310] = 100
    before = base.copy()
    result = mixed(base, new, plane)
    assert np.array_equal(base, before) and result.dtype == dtype
    assert np.array_equal(result[plane == 0], base[plane == 0])
    assert np.array_equal(result[plane == 255][:, :3], new[plane == 255].astype(int) * (top // 255))
    between = result[plane == 100][:, :3].astype(float)
    exact = (base[plane == 100][:, :3] * 155.0 + new[plane == 100].astype(float) * (top // 255) * 100.0) / 255
    assert np.abs(between - exact).max() <= 0.51
    if bands == 4:
        assert np.array_equal(result[..., 3], base[..., 3])


def test_sizes_must_fit() -> None:
    with pytest.raises(WrongSize):
        mixed(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5, 3), np.uint8), np.zeros((4, 4), np.uint8))
