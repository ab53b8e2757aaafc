from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from genzu.core.geometry import Bounds
from genzu.errors import WrongSize
from genzu.picture import compare as module
from genzu.picture.arrays import UInt8
from genzu.picture.compare import brushwork_kept, compare


def painted(height: int = 120, width: int = 160, seed: int = 0) -> UInt8:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_the_same_picture_has_no_difference() -> None:
    found = compare(painted(), painted())
    assert (found.changed_share, found.mean_delta, found.max_delta, found.boxes) == (0, 0, 0, ())
    assert not found.mask.any()


def test_sixteen_bit_of_the_same_picture_is_the_same() -> None:
    picture = painted()
    deep = picture.astype(np.uint16) * 257
    assert compare(picture, deep).changed_share == 0
    assert compare(deep, (deep >> 8).astype(np.uint8)).changed_share == 0


def test_noise_of_a_re_encode_is_not_a_change() -> None:
    """Two steps anywhere, also near black, where OKLab alone would call it visible."""
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 20, (100, 100, 3), np.uint8)
    noisy = np.clip(picture.astype(int) + rng.integers(-2, 3, picture.shape), 0, 255).astype(np.uint8)
    assert compare(picture, noisy).changed_share == 0


def test_black_to_white_is_one_in_oklab() -> None:
    black, white = np.zeros((40, 50, 3), np.uint8), np.full((40, 50, 3), 255, np.uint8)
    found = compare(black, white)
    assert found.changed_share == 1
    assert found.mean_delta == pytest.approx(1, abs=1e-4) and found.max_delta == pytest.approx(1, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100), st.integers(0, 140), st.integers(1, 20), st.integers(1, 20))
def test_a_repainted_rectangle_is_found_exactly(y: int, x: int, height: int, width: int) -> None:
    before = np.full((120, 160, 3), 90, np.uint8)
    after = before.copy()
    after[y : y + height, x : x + width] = (200, 40, 40)
    found = compare(before, after)
    assert found.boxes == (Bounds(x, y, width, height),)
    assert found.changed_share == pytest.approx(width * height / (120 * 160))
    assert found.mask[y : y + height, x : x + width].all()
    assert compare(after, before).changed_share == found.changed_share


def test_the_largest_place_comes_first() -> None:
    before = np.zeros((200, 300, 3), np.uint8)
    after = before.copy()
    after[10:14, 10:14] = 255
    after[150:190, 200:290] = 255
    assert compare(before, after).boxes == (Bounds(200, 150, 90, 40), Bounds(10, 10, 4, 4))


def test_bands_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = painted(seed=1), painted(seed=2)
    whole = compare(before, after)
    monkeypatch.setattr(module, "BAND", 160 * 7)
    parts = compare(before, after)
    assert np.array_equal(whole.mask, parts.mask) and whole.max_delta == parts.max_delta
    assert whole.mean_delta == pytest.approx(parts.mean_delta)


def test_alpha_counts_and_what_is_never_seen_does_not() -> None:
    before = np.dstack([painted(), np.zeros((120, 160), np.uint8)])
    before[:60, :, 3] = 255
    unseen = before.copy()
    unseen[60:, :, :3] = 255
    assert compare(before, unseen).changed_share == 0
    cut_out = before.copy()
    cut_out[:30, :, 3] = 0
    assert compare(before, cut_out).changed_share == pytest.approx(0.5)


def test_grey_is_compared_with_colour() -> None:
    grey = np.full((20, 20), 130, np.uint8)
    assert compare(grey, np.dstack([grey] * 3)).changed_share == 0


def test_other_sizes_are_refused() -> None:
    with pytest.raises(WrongSize, match="160×120 and 120×160"):
        compare(painted(), painted(160, 120))


def test_a_grade_keeps_the_brushwork_and_a_repaint_does_not() -> None:
    rng = np.random.default_rng(4)
    strokes = np.asarray(Image.fromarray(rng.integers(60, 200, (90, 160, 3), np.uint8)).resize((640, 360)), np.uint8)
    graded = np.clip(strokes * np.array([1.15, 0.95, 0.7]) + 12, 0, 255).astype(np.uint8)
    repainted = np.asarray(Image.fromarray(rng.integers(60, 200, (90, 160, 3), np.uint8)).resize((640, 360)), np.uint8)
    assert brushwork_kept(strokes, graded) > 0.95
    assert brushwork_kept(strokes, repainted) < 0.05
    assert brushwork_kept(strokes, np.full_like(strokes, 128)) == 0.0
