"""Paint is carried on to its own border, never over it; borders are drawn smooth."""

from __future__ import annotations

import numpy as np
import pytest

from genzu.engines.embedded.borders import REACH, carried_on, smooth_edged
from genzu.picture.arrays import Bool, Float32, Int32


def _two_paints() -> tuple[Float32, Bool, Int32]:
    """Left half 0.2, right half 0.8, and a grey line of eight px over their border, which is not known."""
    paint = np.full((40, 60, 3), 0.2, np.float32)
    paint[:, 30:] = 0.8
    known = np.ones((40, 60), bool)
    known[:, 26:34] = False
    paint[~known] = 0.5
    things = np.zeros((40, 60), np.int32)
    things[:, 30:] = 7
    return paint, known, things


def test_under_a_line_lies_the_paint_of_each_side_up_to_the_border() -> None:
    paint, known, things = _two_paints()
    reached = carried_on(paint, known, ~known, 8, things)
    assert reached.all()
    np.testing.assert_allclose(paint[:, :30], 0.2, atol=1e-6)
    np.testing.assert_allclose(paint[:, 30:], 0.8, atol=1e-6)


def test_no_farther_than_asked_and_nothing_that_is_known_or_not_wanted_changes() -> None:
    paint, known, things = _two_paints()
    before, wanted = paint.copy(), ~known
    wanted[:10] = False
    reached = carried_on(paint, known, wanted, 2, things)
    assert reached[20, 27] and not reached[20, 28]
    untouched = known | ~wanted
    np.testing.assert_array_equal(paint[untouched], before[untouched])
    np.testing.assert_array_equal(paint[20, 28:32], before[20, 28:32])


def test_without_things_it_goes_on_over_any_border() -> None:
    paint, known, _ = _two_paints()
    known[:, 34:] = False
    carried_on(paint, known, ~known, 40)
    np.testing.assert_allclose(paint, 0.2, atol=1e-6)


def test_bytes_are_rounded_and_not_cut() -> None:
    paint = np.full((3, 3, 3), 9, np.uint8)
    known = np.ones((3, 3), bool)
    known[1, 1] = False
    paint[0] = 10
    paint[1, 2] = 12  # the mean of the eight is 9.75
    carried_on(paint, known, ~known, 1)
    assert (paint[1, 1] == 10).all()


def test_paint_by_planes_and_by_pixels_is_the_same_and_paint_with_gaps_is_refused() -> None:
    rng = np.random.default_rng(3)
    pixels = rng.random((30, 41, 3), np.float32)
    planes = np.ascontiguousarray(pixels.transpose(2, 0, 1)).transpose(1, 2, 0)
    known = rng.random((30, 41)) < 0.4
    carried_on(pixels, known, ~known, 3)
    carried_on(planes, known, ~known, 3)
    np.testing.assert_array_equal(pixels, planes)
    with pytest.raises(ValueError, match="gaps"):
        carried_on(np.zeros((30, 82, 3), np.float32)[:, ::2], known, ~known, 3)


def test_smooth_edges_of_two_that_meet_add_up_and_stay_where_they_are() -> None:
    rng = np.random.default_rng(5)
    course = 60 + np.cumsum(rng.integers(-1, 2, 200)) // 2 + rng.integers(-1, 2, 200)
    mask = np.arange(140)[None, :] < course[:, None]
    one, other = smooth_edged(mask).astype(int), smooth_edged(~mask).astype(int)
    assert np.abs(one + other - 255).max() <= 4
    assert (one[:, :40] == 255).all() and (one[:, 90:] == 0).all()
    # Half of the weight is reached where the border runs on the average, and its steps are smaller.
    reached = (one / 255).sum(1)
    assert abs(float((reached - course).mean())) < 0.1
    assert np.abs(np.diff(reached)).mean() < 0.75 * np.abs(np.diff(course)).mean()


def test_a_smooth_edge_reaches_no_farther_than_it_says() -> None:
    mask = np.zeros((30, 30), bool)
    mask[:, 15:] = True
    weight = smooth_edged(mask)
    assert (weight[:, : 15 - REACH] == 0).all()
    assert (weight[:, 15 + REACH :] == 255).all()
