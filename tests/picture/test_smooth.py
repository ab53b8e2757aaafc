"""Borders of a reading follow the course of a line, not its grain."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import Int32, UInt8
from genzu.picture.smooth import smooth_borders


def _ragged(height: int = 600, width: int = 300) -> tuple[UInt8, Int32]:
    """A wall left of a road; their border runs straight down, its pixels to both sides by chance."""
    rng = np.random.default_rng(11)
    course = 150 + rng.integers(-2, 3, height)
    road = np.arange(width)[None, :] >= course[:, None]
    regions = np.where(road, 2, 1).astype(np.int32)
    return np.where(road, Material.ROAD, Material.WALL).astype(np.uint8), regions


def _raggedness(regions: Int32) -> float:
    """Mean step of the border from row to row, px."""
    return float(np.abs(np.diff((regions == 1).sum(1))).mean())


def test_a_ragged_border_becomes_a_smooth_one_in_place() -> None:
    materials, regions = _ragged()
    before, middle = _raggedness(regions), (regions == 1).sum(1).mean()
    smooth_borders(materials, regions)
    assert _raggedness(regions) < 0.3 * before
    assert abs((regions == 1).sum(1).mean() - middle) < 0.3
    np.testing.assert_array_equal(materials == Material.ROAD, regions == 2)


def test_all_bands_are_treated_alike() -> None:
    materials, regions = _ragged()
    part, own = materials[100:500].copy(), regions[100:500].copy()
    smooth_borders(materials, regions)
    smooth_borders(part, own)
    # Rows that lie in other bands of the whole: the same but near the part's own ends.
    np.testing.assert_array_equal(own[10:-10], regions[110:490])


def test_slim_things_keep_every_pixel() -> None:
    materials, regions = _ragged()
    regions[:, 60:64], materials[:, 60:64] = 3, Material.WOOD
    regions[80:83, 200:290], materials[80:83, 200:290] = 4, Material.METAL
    pole, wire = regions == 3, regions == 4
    smooth_borders(materials, regions)
    np.testing.assert_array_equal(regions == 3, pole)
    np.testing.assert_array_equal(regions == 4, wire)


def test_lobes_of_leaves_and_clouds_are_left_alone() -> None:
    materials, regions = _ragged()
    materials[regions == 1] = Material.FOLIAGE
    before = regions.copy()
    smooth_borders(materials, regions)
    np.testing.assert_array_equal(regions, before)
