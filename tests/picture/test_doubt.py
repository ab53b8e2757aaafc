from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import LineArt, Reading
from genzu.picture.doubt import doubt_sheet, doubts


def reading() -> Reading:
    regions = np.ones((180, 320), np.int32)
    regions[:, 200:] = 2
    regions[100:, :90] = 3
    regions[10:14, 10:12] = 4
    materials = np.zeros((180, 320), np.uint8)
    materials[regions == 2] = Material.WALL
    materials[regions == 3] = Material.SOIL
    confidence = np.array([0, 0.9, 0.4, 0.3, 0.1], np.float32)
    return Reading(
        materials=materials, regions=regions, confidence=confidence, depth=np.zeros((9, 16), np.uint8), horizon=90.0
    )


def lines() -> LineArt:
    empty = np.zeros((180, 320), np.uint8)
    return LineArt(contour=empty, highlight=empty, shadow=empty, cel=empty)


def test_unsure_regions_are_listed_the_largest_first_and_specks_are_not() -> None:
    found = doubts(reading())
    assert [doubt.region for doubt in found] == [2, 3]
    assert [doubt.read_as for doubt in found] == [Material.WALL, Material.SOIL]
    for doubt in found:
        assert reading().regions[doubt.y, doubt.x] == doubt.region
        assert doubt.pixels == (reading().regions == doubt.region).sum()
        assert str(doubt.x) in doubt.sentence and doubt.read_as.word in doubt.sentence


def test_a_sure_reading_has_none() -> None:
    assert doubts(reading(), limit=0.05) == ()
    sheet = doubt_sheet(lines(), reading(), (), width=320)
    assert np.array_equal(sheet[5, 250], Material.WALL.legend)


def test_the_sheet_marks_what_is_unsure_and_only_that() -> None:
    found = doubts(reading())
    plain, marked = (doubt_sheet(lines(), reading(), some, width=320).astype(int) for some in ((), found))
    changed = (plain != marked).any(axis=2)
    regions = reading().regions
    assert changed[regions == 2].mean() > 0.15
    assert changed[regions == 3].mean() > 0.15
    assert changed[regions == 1].mean() < 0.02
