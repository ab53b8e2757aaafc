from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.picture.regions import (
    compact,
    distance_to,
    enlarge,
    find_regions,
    flood,
    near_borders,
    reduce_ink,
    refine,
    restore_lost,
    trapped_balls,
)


def drawing(width: int = 480, height: int = 300) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (width, height), 0)
    return image, ImageDraw.Draw(image)


def test_every_pixel_has_a_region_and_numbers_have_no_holes() -> None:
    image, pen = drawing()
    pen.line((0, 150, 480, 140), 220, 3)
    pen.ellipse((200, 40, 300, 120), outline=220, width=3)
    regions = find_regions(np.asarray(image))
    assert regions.dtype == np.int32
    assert set(np.unique(regions)) == set(range(1, int(regions.max()) + 1))


@pytest.mark.parametrize("gap", [0, 6, 12, 18])
def test_a_gap_in_a_line_does_not_join_two_rooms(gap: int) -> None:
    image, pen = drawing()
    pen.line((240, 0, 240, 150 - gap // 2), 220, 3)
    pen.line((240, 150 + (gap + 1) // 2, 240, 300), 220, 3)
    regions = find_regions(np.asarray(image))
    assert regions[150, 60] != regions[150, 420]
    assert regions[20, 60] == regions[280, 60]


def test_rooms_that_nothing_parts_are_one() -> None:
    image, pen = drawing()
    pen.line((0, 40, 480, 90), 220, 3)  # a wedge: wide at one end, narrow at the other
    regions = find_regions(np.asarray(image))
    assert regions[10, 10] == regions[10, 470]
    assert regions[200, 10] == regions[200, 470]
    assert regions[10, 10] != regions[200, 10]


def test_the_border_runs_along_the_middle_of_the_line() -> None:
    image, pen = drawing(960, 1080)
    pen.line((480, 0, 480, 1080), 255, 7)
    regions = find_regions(np.asarray(image))
    across = np.argmax(regions != regions[:, :1], axis=1)
    assert np.abs(across - 480).max() <= 1


def test_the_border_is_exact_at_full_size_even_when_the_rooms_were_found_smaller() -> None:
    image, pen = drawing(1600, 1300)
    pen.line((0, 600, 1600, 700), 255, 5)
    regions = find_regions(np.asarray(image))
    border = np.argmax(regions != regions[:1], axis=0)
    truth = 600 + np.arange(1600) * 100 / 1600
    assert np.abs(border - truth).max() <= 2
    assert np.abs(border - truth).mean() <= 0.8


def test_it_is_deterministic() -> None:
    rng = np.random.default_rng(3)
    image, pen = drawing()
    for _ in range(25):
        pen.line([tuple(map(float, point)) for point in rng.uniform(0, 480, (2, 2))], 200, 2)
    ink = np.asarray(image)
    assert np.array_equal(find_regions(ink), find_regions(ink.copy()))


def test_blank_paper_is_one_region() -> None:
    assert (find_regions(np.zeros((80, 120), np.uint8)) == 1).all()


def test_all_ink_and_tiny_pictures_still_give_regions() -> None:
    assert find_regions(np.full((40, 50), 255, np.uint8)).min() >= 1
    assert find_regions(np.zeros((1, 1), np.uint8)).tolist() == [[1]]


def test_dirt_is_no_wall() -> None:
    image, pen = drawing()
    for x in range(10, 480, 12):
        pen.point((x, 150), 255)
    assert find_regions(np.asarray(image)).max() == 1


def test_a_long_sheet_is_worked_on_in_bands_with_the_same_result() -> None:
    mask = np.zeros((60, 5000), bool)
    mask[30, ::700] = True
    whole = np.sqrt(
        ((np.arange(5000)[None, :] - np.arange(0, 5000, 700)[:, None]) ** 2).min(axis=0)[None, :]
        + (np.arange(60)[:, None] - 30) ** 2
    )
    assert np.array_equal(distance_to(mask, 40), np.minimum(whole + 0.5, 40).astype(np.uint8))


def test_flood_meets_on_the_ridge_not_half_way() -> None:
    surface = np.zeros((20, 60), np.uint8)
    surface[:, 45] = 200
    labels = np.zeros((20, 60), np.int32)
    labels[:, 0], labels[:, 59] = 1, 2
    flood(labels, surface)
    assert (labels[:, :45] == 1).all()
    assert (labels[:, 46:] == 2).all()


def test_flood_meets_half_way_on_a_plain() -> None:
    labels = np.zeros((5, 41), np.int32)
    labels[:, 0], labels[:, 40] = 1, 2
    flood(labels, np.zeros((5, 41), np.uint8))
    assert abs(int((labels[2] == 1).sum()) - 20) <= 1


def test_refining_keeps_every_label() -> None:
    coarse = np.ones((60, 80), np.int32)
    coarse[30, 40] = 2
    coarse[10:12, 5:7] = 3
    labels = refine(coarse, np.zeros((120, 160), np.uint8))
    assert set(np.unique(labels)) == {1, 2, 3}
    fresh = enlarge(coarse, (120, 160))
    fresh[near_borders(fresh, 4)] = 0
    restore_lost(fresh, coarse)
    assert {1, 2, 3} <= set(np.unique(fresh))


def test_compact_keeps_the_order() -> None:
    assert compact(np.array([[7, 3], [9, 3]], np.int32)).tolist() == [[2, 1], [3, 1]]


def test_thin_lines_survive_reduction() -> None:
    ink = np.zeros((1200, 400), np.uint8)
    ink[:, 200] = 180
    assert reduce_ink(ink, 300).max() > 60


def test_on_real_drawings_walls_crowns_and_sky_are_apart(shared_layouts) -> None:
    image = np.asarray(Image.open(shared_layouts / "shrine.png").convert("L"))
    ink = np.where(image < 205, 255 - image, 0).astype(np.uint8)
    rooms = trapped_balls(reduce_ink(ink, 600))
    truth = np.asarray(Image.open(shared_layouts / "shrine.labels.png").resize(rooms.shape[::-1], 0))
    stairs = rooms[truth == 7]
    others = np.isin(rooms, np.unique(stairs)) & (truth != 7)
    # Rooms of the stairs hardly reach beyond them (posts that stand on them are part of the slack).
    held = np.bincount(stairs, minlength=rooms.max() + 1) > 0.5 * np.bincount(rooms.ravel())
    assert (held[rooms] & others).sum() < 0.12 * stairs.size
