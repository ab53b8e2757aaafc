"""What is reckoned faster than the library does it gives the library's numbers, to the last bit."""

from __future__ import annotations

import mahotas
import numpy as np
import pytest
from PIL import Image, ImageFilter

from genzu.engines.embedded.fence import _row_at
from genzu.engines.embedded.lumps import Relief, laid_over, smoothstep
from genzu.engines.embedded.soft import (
    doubled,
    doubled_bytes,
    gaussian,
    one_of,
    reach_of,
    running,
    soft_bytes,
    spread_out,
    within,
)
from genzu.engines.embedded.surface import tinted, toned

DRAWN = np.random.default_rng(7)


@pytest.mark.parametrize("radius", [0.4, 0.9, 2.0, 3.3, 6.0, 11.1])
def test_a_blur_looks_no_farther_than_is_said(radius: float) -> None:
    bytes_ = DRAWN.integers(0, 256, (90, 140), dtype=np.uint8)
    reach, blur = reach_of(radius), ImageFilter.GaussianBlur(radius)
    whole = np.asarray(Image.fromarray(bytes_).filter(blur))
    part = np.asarray(Image.fromarray(bytes_[40 - reach : 50 + reach, 60 - reach : 75 + reach]).filter(blur))
    np.testing.assert_array_equal(part[reach:-reach, reach:-reach], whole[40:50, 60:75])


@pytest.mark.parametrize("kind", [np.int32, np.float32, np.float64])
def test_running_rows_are_accumulated(kind: type) -> None:
    plane = (DRAWN.random((60, 50)) * 1000).astype(kind)
    np.testing.assert_array_equal(running(np.maximum, plane.copy()), np.maximum.accumulate(plane, axis=0))
    np.testing.assert_array_equal(running(np.minimum, plane[::-1].copy()), np.minimum.accumulate(plane[::-1], axis=0))
    np.testing.assert_array_equal(running(np.add, plane.copy()), np.add.accumulate(plane, axis=0, dtype=kind))


def test_a_wide_spreading_means_box_by_box() -> None:
    plane = DRAWN.random((70, 45), np.float32)
    wanted = plane.astype(np.float64)
    for axis in (0, 1):
        # sigma 6: boxes of 11, 11 and 13 px
        wanted = np.apply_along_axis(lambda line: np.pad(line, 5 + 5 + 6, mode="symmetric"), axis, wanted)
        for width in (11, 11, 13):
            wanted = np.apply_along_axis(lambda line, w=width: np.convolve(line, np.ones(w) / w, "valid"), axis, wanted)
    found = spread_out(plane, 6.0)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize("sigma", [0.05, 0.5, 2.0, 3.3])
@pytest.mark.parametrize("nearest", [False, True])
def test_a_gaussian_is_that_of_the_library(sigma: float, nearest: bool) -> None:
    plane = DRAWN.random((150, 41), np.float32)
    wanted = plane if sigma < 0.125 else mahotas.gaussian_filter(plane, sigma, mode="nearest" if nearest else "reflect")
    np.testing.assert_allclose(gaussian(plane, sigma, nearest=nearest), wanted, atol=1e-6)
    along = plane if sigma < 0.125 else mahotas.gaussian_filter1d(plane, sigma, axis=1, mode="nearest")
    np.testing.assert_allclose(gaussian(plane, sigma, axis=1, nearest=True), along, atol=1e-6)
    np.testing.assert_array_equal(spread_out(plane, sigma), gaussian(plane, sigma))


@pytest.mark.parametrize("reach", [0.4, 1.0, 3.24, 6.5, 13.0])
def test_what_is_within_reach_is_what_a_distance_says(reach: float) -> None:
    for mask in (DRAWN.random((60, 75)) < 0.004, np.zeros((9, 4), bool), np.ones((3, 80), bool)):
        wanted = mahotas.distance(~mask) <= reach * reach if mask.any() else mask
        np.testing.assert_array_equal(within(mask, reach), wanted)


@pytest.mark.parametrize("at", [(0, 0, 40, 60), (7, 3, 20, 31), (17, 41, 23, 19)])
def test_doubling_is_bilinear(at: tuple[int, int, int, int]) -> None:
    small = DRAWN.random((20, 30), np.float32)
    top, left, tall, wide = at
    whole = np.asarray(Image.fromarray(small).resize((60, 40), Image.Resampling.BILINEAR))
    found = doubled(small, top, left, (tall, wide))
    np.testing.assert_allclose(found, whole[top : top + tall, left : left + wide], atol=1e-6)
    half = doubled(small.astype(np.float16), top, left, (tall, wide))
    np.testing.assert_allclose(half, found, atol=1e-3)
    assert half.dtype == np.float32


def test_one_of_some_materials() -> None:
    materials = DRAWN.integers(0, 17, (30, 40), dtype=np.uint8)
    for kinds in ((3,), (0, 5, 16), tuple(range(17))):
        np.testing.assert_array_equal(one_of(materials, kinds), np.isin(materials, kinds))


def test_colours_lie_plane_by_plane() -> None:
    colour, share = DRAWN.random(3, np.float32), DRAWN.random((9, 11), np.float32)
    found = toned(colour, share)
    np.testing.assert_array_equal(found, colour * share[..., None])
    assert found.transpose(2, 0, 1).flags.c_contiguous
    tint = np.array([0.5, 1.5, 0.25], np.float32) - 1
    np.testing.assert_array_equal(tinted(found, 0.5, 1.5, 0.25, share), found * (1 + tint * share[..., None]))


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.uint8])
def test_a_smooth_step_keeps_what_it_is_given(kind: type) -> None:
    value = (DRAWN.random((20, 30)) * 9).astype(kind)
    before, share = value.copy(), np.clip((value - 2.0) / (5.0 - 2.0), 0, 1)
    found = smoothstep(2.0, 5.0, value)
    np.testing.assert_array_equal(found, np.asarray(share * share * (3 - 2 * share), np.float32))
    np.testing.assert_array_equal(value, before)


def test_rows_of_a_course_are_interpolated() -> None:
    xs = np.unique(DRAWN.integers(0, 300, 80)).tolist()
    course = xs, (DRAWN.random(len(xs)) * 90).tolist()
    for column in (-5, xs[0], xs[3], 0.5 * (xs[7] + xs[8]), 151, 299, 400):
        assert _row_at(course, column) == pytest.approx(np.interp(column, *course), abs=1e-12)


def test_a_heap_is_laid_in_place() -> None:
    names = ("nx", "ny", "rim", "tone", "cover")
    under, over = (Relief(*DRAWN.random((5, 8, 9), np.float32)) for _ in range(2))
    where = DRAWN.random((8, 9)) > 0.5
    wanted = [np.where(where, getattr(over, name), getattr(under, name)) for name in names]
    found = laid_over(under, over, where)
    for name, plane in zip(names, wanted, strict=True):
        np.testing.assert_array_equal(getattr(found, name), plane)
        assert getattr(found, name) is getattr(under, name)


@pytest.mark.parametrize("radius", [0.4, 2.0, 11.5])
@pytest.mark.parametrize("box", [(0, 9, 0, 7), (60, 70, 80, 95), (30, 120, 40, 160), (0, 0, 0, 0)])
def test_blurring_only_what_is_there_changes_nothing(radius: float, box: tuple[int, int, int, int]) -> None:
    plane = np.zeros((120, 160), np.uint8)
    top, bottom, left, right = box
    plane[top:bottom, left:right] = DRAWN.integers(0, 256, (bottom - top, right - left), dtype=np.uint8)
    whole = np.asarray(Image.fromarray(plane).filter(ImageFilter.GaussianBlur(radius)))
    np.testing.assert_array_equal(soft_bytes(plane, radius), whole)


def test_doubling_bytes_is_bilinear_wherever_it_begins() -> None:
    small = DRAWN.integers(0, 256, (20, 30), dtype=np.uint8)
    wanted = doubled(small.astype(np.float32), 0, 0, (40, 60))
    found = doubled_bytes(small, 0, 0, (40, 60))
    assert np.abs(found - wanted).max() <= 0.51
    np.testing.assert_array_equal(doubled_bytes(small, 3, 5, (20, 31)), found[3:23, 5:36])
