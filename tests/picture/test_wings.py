from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.picture.regions import reduce_ink
from genzu.picture.snap import connected_labels
from genzu.picture.spires import find_conifers
from genzu.picture.wings import without_wings

H, W = 600, 480
TIERS = ((90, 220, 60), (180, 340, 90), (300, 470, 130))
"""Top, hem and half width of each tier; a tier's top is drawn through the one above."""


def spruce(*, upto: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Materials that say *foliage* with one triangle, regions that lines part in it, and the ink of three tiers."""
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:250] = Material.MOUNTAIN
    materials[:40] = Material.SKY
    materials[(np.abs(x - 240) < (y - 88) * 0.34 - 2) & (y < 470)] = Material.FOLIAGE
    image = Image.new("L", (W, H), 0)
    pen = ImageDraw.Draw(image)
    for top, hem, half in TIERS[:upto]:
        pen.line(((240 - half, hem), (240, top), (240 + half, hem), (240 - half, hem)), fill=220, width=3)
    ink = np.asarray(image)
    drawn = ink > 60
    rooms = connected_labels(np.where(drawn, 0, materials.astype(np.int32) + 1))
    # As after snapping: no pixel is a line's.
    for _ in range(6):
        for step, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
            moved = np.roll(rooms, step, axis)
            free = drawn & ~np.roll(drawn, step, axis)
            rooms = np.where(free, moved, rooms)
            drawn = drawn & ~free
    # Each room is of one material, up to its border.
    paper = ink <= 60
    table = np.zeros(rooms.max() + 1, np.uint8)
    table[rooms[paper]] = materials[paper]
    materials = table[rooms]
    return materials, connected_labels(rooms), ink


def without(materials: np.ndarray, regions: np.ndarray, ink: np.ndarray) -> np.ndarray:
    found = materials.copy()
    without_wings(found, regions, ink, reduce_ink(ink, 600))
    return found


def test_what_lies_between_drawn_tiers_is_what_is_around_them() -> None:
    materials, regions, ink = spruce()
    found = without(materials, regions, ink)
    assert materials[400, 155] == materials[400, 325] == Material.FOLIAGE
    assert found[400, 155] == found[400, 325] == Material.GRASS
    assert (found[(materials != Material.FOLIAGE)] == materials[materials != Material.FOLIAGE]).all()
    for top, hem, _half in TIERS:
        assert (found[top + 20 : hem - 4, 237:244] == Material.FOLIAGE).all()
    assert found[460, 150] == Material.FOLIAGE, "the lowest tier stays, tips and all"


def test_a_border_behind_the_tree_goes_on_between_its_tiers() -> None:
    materials, regions, ink = spruce()
    found = without(materials, regions, ink)
    wing = (materials == Material.FOLIAGE) & (found != Material.FOLIAGE)
    above, below = wing.copy(), wing.copy()
    above[235:], below[:285] = False, False
    assert above[:, :240].any() and below[:, :240].any()
    assert (found[above] == Material.MOUNTAIN).all() and (found[below] == Material.GRASS).all()
    one_each = [np.unique(found[regions == number]).size for number in np.unique(regions)]
    assert max(one_each) == 1


@pytest.mark.parametrize("upto", [0, 1])
def test_a_tree_without_drawn_tiers_stays_whole(upto: int) -> None:
    materials, regions, ink = spruce(upto=upto)
    found = without(materials, regions, ink)
    changed = (found != materials).mean()
    assert changed < 0.002


def test_a_round_crown_with_masses_drawn_in_it_stays() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:250] = Material.SKY
    materials[np.hypot(x - 240, y - 250) < 140] = Material.FOLIAGE
    image = Image.new("L", (W, H), 0)
    ImageDraw.Draw(image).arc((160, 250, 320, 420), 180, 360, fill=220, width=3)
    ink = np.asarray(image)
    regions = connected_labels(materials.astype(np.int32) + 1)
    assert np.array_equal(without(materials, regions, ink), materials)
    assert find_conifers(materials == Material.FOLIAGE, 1.8) == []


def test_a_picture_without_leaves_stays() -> None:
    materials = np.full((80, 80), Material.SKY, np.uint8)
    empty = np.zeros((80, 80), np.uint8)
    assert np.array_equal(without(materials, np.ones((80, 80), np.int32), empty), materials)
