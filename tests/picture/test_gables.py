"""Gables: the triangle beside a slope on a wall is wall; that of a hipped roof, or without a wall, is left alone."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.picture.gables import find_gables, with_gables

SHAPE = (300, 500)
SKY, GABLE, SLOPE, END, FRONT = 1, 2, 3, 4, 5


def rooms(slope: tuple[tuple[int, int], ...], *, wall: bool = True) -> NDArray[np.int32]:
    """A house from its corner: tip of the gable at (180, 80), eaves at row 140, the slope to the right."""
    image = Image.new("L", SHAPE[::-1], SKY)
    pen = ImageDraw.Draw(image)
    pen.polygon(slope, fill=SLOPE)
    pen.polygon(((180, 80), (120, 140), (240, 140)), fill=GABLE)
    if wall:
        pen.rectangle((128, 141, 236, 220), fill=END)
    pen.rectangle((237, 141, 400, 220), fill=FRONT)
    return np.asarray(image, np.int32)


def looks() -> NDArray[np.float32]:
    table = np.full((6, len(Material)), 0.01, np.float32)
    for room, material in ((SKY, "SKY"), (SLOPE, "ROOF"), (END, "WALL"), (FRONT, "WALL")):
        table[room, Material[material]] = 0.85
    table[GABLE, Material.ROOF], table[GABLE, Material.WALL] = 0.7, 0.15
    return table


PARALLELOGRAM = ((180, 80), (350, 80), (410, 140), (240, 140))
HIPPED = ((180, 80), (260, 80), (410, 140), (240, 140))
LOW = ((215, 118), (390, 118), (410, 140), (240, 140))


def test_a_triangle_beside_a_slope_is_a_gable() -> None:
    room = rooms(PARALLELOGRAM)
    assert find_gables(looks(), room) == [GABLE]
    votes = with_gables(looks()[room], looks(), room)
    assert (np.argmax(votes, axis=2)[room == GABLE] == Material.WALL).all()
    assert (np.argmax(votes, axis=2)[room == SLOPE] == Material.ROOF).all()
    assert np.allclose(votes.sum(axis=2), looks()[room].sum(axis=2), atol=1e-5)


@pytest.mark.parametrize("slope", [HIPPED, LOW])
def test_a_hipped_roof_and_a_slope_that_does_not_reach_the_ridge_have_none(slope: tuple[tuple[int, int], ...]) -> None:
    assert find_gables(looks(), rooms(slope)) == []


def test_a_triangle_stands_on_a_wall_or_is_none() -> None:
    assert find_gables(looks(), rooms(PARALLELOGRAM, wall=False)) == []


def test_what_nobody_read_as_built_is_no_gable() -> None:
    table = looks()
    table[GABLE] = 0.01
    table[GABLE, Material.MOUNTAIN] = 0.85
    assert find_gables(table, rooms(PARALLELOGRAM)) == []


def test_a_small_house_on_a_long_sheet_has_its_gable() -> None:
    small = np.asarray(Image.fromarray(rooms(PARALLELOGRAM)).resize((167, 100), Image.Resampling.NEAREST), np.int32)
    sheet = np.full((300, 4000), SKY, np.int32)
    sheet[150:250, 2000:2167] = small
    assert (sheet == GABLE).mean() < 0.0006 * 0.6
    assert find_gables(looks(), sheet) == [GABLE]
