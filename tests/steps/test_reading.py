from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.core.scene import Conditions, Place
from genzu.engines.base import ReadRequest
from genzu.engines.readers.geometry import GeometryReader
from genzu.errors import BadInput, EngineFailed, WrongSize
from genzu.picture.arrays import LineArt, Reading
from genzu.picture.doubt import doubts
from genzu.steps.reading import load_marks, load_materials, read, write_reading

NO_MARK = 255


@dataclass
class Says:
    """A reader that votes as it is told: rows of materials from top to bottom."""

    bands: tuple[Material, ...] = tuple(Material)
    certainty: float = 0.8
    name: str = "says"
    version: str = "1"

    def votes(self, request: ReadRequest) -> np.ndarray:
        extent = request.lines.extent.scaled(0.25)
        votes = np.full((*extent.shape, 17), (1 - self.certainty) / 17, np.float32)
        rows = np.arange(extent.height) * len(self.bands) // extent.height
        votes[np.arange(extent.height), :, [int(self.bands[row]) for row in rows]] += self.certainty
        return votes / votes.sum(axis=2, keepdims=True)


class Refuses(Says):
    def votes(self, request: ReadRequest) -> np.ndarray:
        raise AssertionError("a complete materials picture needs no reader")


def art(contour: np.ndarray) -> LineArt:
    empty = np.zeros_like(contour)
    return LineArt(contour=contour, highlight=empty, shadow=empty, cel=empty)


def house(width: int = 480, height: int = 360) -> LineArt:
    """A house on a plain: ground line at 240, walls 160–320 × 120–240."""
    image = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(image)
    pen.line((0, 240, 480, 240), 220, 3)
    pen.rectangle((160, 120, 320, 240), outline=220, width=3)
    return art(np.asarray(image))


def check(reading: Reading, lines: LineArt) -> None:
    assert reading.materials.shape == reading.regions.shape == lines.extent.shape
    assert reading.materials.max() <= max(Material)
    count = int(reading.regions.max())
    assert set(np.unique(reading.regions)) == set(range(1, count + 1))
    assert reading.confidence.shape == (count + 1,)
    assert reading.confidence.min() >= 0
    assert reading.confidence.max() <= 1
    assert reading.depth.dtype == np.uint8


def given() -> np.ndarray:
    materials = np.full((360, 480), Material.SKY, np.uint8)
    materials[247:] = Material.GRASS
    materials[126:247, 165:326] = Material.WALL
    return materials


def test_a_given_picture_is_snapped_and_the_reader_not_asked() -> None:
    lines = house()
    reading = read(lines, conditions=Conditions(), reader=Refuses(), materials=given())
    check(reading, lines)
    assert np.abs(np.argmax(reading.materials[:, 20] == Material.GRASS) - 240) <= 1
    wall = np.nonzero((reading.materials == Material.WALL).any(axis=0))[0]
    assert abs(wall[0] - 160) <= 2
    assert abs(wall[-1] - 320) <= 2
    assert reading.confidence[1:].max() > 0.9
    assert reading.horizon == pytest.approx(240, abs=4)


def test_without_help_rooms_vote_as_one() -> None:
    lines = house()
    reading = read(lines, conditions=Conditions(), reader=Says((Material.SKY, Material.SKY, Material.WATER)))
    check(reading, lines)
    assert reading.materials[300, 240] == Material.WATER
    assert reading.materials[60, 20] == Material.SKY
    assert np.abs(np.argmax(reading.materials[:, 20] == Material.WATER) - 240) <= 2


def test_marks_win_where_they_are_and_fill_their_room() -> None:
    lines = house()
    marks = np.full((360, 480), NO_MARK, np.uint8)
    marks[178:182, 220:260] = Material.WALL
    marks[300:302, 50:400] = Material.WATER
    reading = read(lines, conditions=Conditions(), reader=Says((Material.SKY, Material.GRASS)), marks=marks)
    check(reading, lines)
    assert (reading.materials[marks == Material.WALL] == Material.WALL).all()
    inside = reading.materials[126:234, 166:314]
    assert (inside == Material.WALL).mean() > 0.95
    assert (reading.materials[250:] == Material.WATER).mean() > 0.95
    assert reading.materials[60, 20] == Material.SKY


def test_a_reader_that_shouts_when_it_sees_a_mark_does_not_drown_the_picture() -> None:
    class Shouts(Says):
        def votes(self, request: ReadRequest) -> np.ndarray:
            return Says(self.bands if request.marks is None else (Material.WATER,)).votes(request)

    lines = house()
    marks = np.full((360, 480), NO_MARK, np.uint8)
    marks[300:302, 50:400] = Material.WATER
    reading = read(lines, conditions=Conditions(), reader=Shouts((Material.SKY, Material.GRASS)), marks=marks)
    assert (reading.materials[250:] == Material.WATER).mean() > 0.95
    assert (reading.materials[:100] == Material.SKY).mean() > 0.95


def test_two_marks_in_one_room_share_it() -> None:
    lines = art(np.zeros((240, 320), np.uint8))
    marks = np.full((240, 320), NO_MARK, np.uint8)
    marks[20:24, 20:300] = Material.SKY
    marks[210:214, 20:300] = Material.SOIL
    reading = read(lines, conditions=Conditions(), reader=Says(certainty=0.3), marks=marks)
    assert (reading.materials[:60] == Material.SKY).mean() > 0.95
    assert (reading.materials[-60:] == Material.SOIL).mean() > 0.95


def test_alpha_is_passed_through() -> None:
    lines = house()
    alpha = np.full((360, 480), 255, np.uint8)
    assert read(lines, conditions=Conditions(), reader=Says(), alpha=alpha).alpha is alpha


def test_it_is_deterministic() -> None:
    one = read(house(), conditions=Conditions(place=Place.TOWN), reader=GeometryReader())
    two = read(house(), conditions=Conditions(place=Place.TOWN), reader=GeometryReader())
    assert np.array_equal(one.materials, two.materials)
    assert np.array_equal(one.regions, two.regions)
    assert np.array_equal(one.confidence, two.confidence)


@pytest.mark.parametrize("shape", [(1, 1), (7, 9), (320, 33)])
def test_any_size_is_read(shape: tuple[int, int]) -> None:
    lines = art(np.zeros(shape, np.uint8))
    check(read(lines, conditions=Conditions(), reader=GeometryReader()), lines)
    check(read(lines, conditions=Conditions(), reader=Refuses(), materials=np.zeros(shape, np.uint8)), lines)


def test_bad_help_is_refused() -> None:
    lines = house()
    with pytest.raises(WrongSize, match="480×360"):
        read(lines, conditions=Conditions(), reader=Says(), materials=np.zeros((10, 10), np.uint8))
    bad = given()
    bad[4, 9] = 40
    with pytest.raises(BadInput, match="40 at column 9, row 4"):
        read(lines, conditions=Conditions(), reader=Says(), materials=bad)
    bad_marks = np.full((360, 480), NO_MARK, np.uint8)
    bad_marks[4, 9] = 99
    with pytest.raises(BadInput, match="99 at column 9, row 4"):
        read(lines, conditions=Conditions(), reader=Says(), marks=bad_marks)


def test_votes_of_a_wrong_shape_are_an_engines_fault() -> None:
    class Wrong(Says):
        def votes(self, request: ReadRequest) -> np.ndarray:
            return np.zeros((90, 120, 5), np.float32)

    with pytest.raises(EngineFailed, match="votes"):
        read(house(), conditions=Conditions(), reader=Wrong())


def test_files_are_loaded_by_their_legend(tmp_path) -> None:
    lines = house()
    Image.fromarray(given()).save(tmp_path / "m.png")
    assert np.array_equal(load_materials(tmp_path / "m.png", lines.extent), given())
    Image.fromarray(np.where(given() == Material.WALL, given(), 255).astype(np.uint8)).save(tmp_path / "k.png")
    assert (load_marks(tmp_path / "k.png", lines.extent) == Material.WALL).sum() > 1000


def test_a_reading_that_was_painted_over_is_read_as_marks_that_spread() -> None:
    """A few strokes on the whole picture, not the whole picture, are what the person says."""
    lines, reader = house(), Says((Material.SKY, Material.GRASS))
    painted = read(lines, conditions=Conditions(), reader=reader).materials.copy()
    before = painted.copy()
    painted[170:176, 200:280] = Material.WALL
    sparse = np.full(painted.shape, NO_MARK, np.uint8)
    sparse[painted != before] = Material.WALL
    again = read(lines, conditions=Conditions(), reader=reader, marks=painted)
    assert np.array_equal(again.materials, read(lines, conditions=Conditions(), reader=reader, marks=sparse).materials)
    assert (again.materials[130:230, 170:310] == Material.WALL).mean() > 0.95
    assert (again.materials[:110] == before[:110]).all()


def test_a_reading_goes_out_as_a_psd_and_comes_back_unchanged(tmp_path: Path) -> None:
    lines = house()
    made = read(lines, conditions=Conditions(), reader=Says((Material.SKY, Material.GRASS)))
    write_reading(tmp_path / "a.psd", lines, made, doubts(made))
    assert np.array_equal(load_materials(tmp_path / "a.psd", lines.extent), made.materials)


def test_a_border_follows_the_course_of_a_line_and_not_its_grain() -> None:
    """Two pencil strokes beside each other, with grain: the valley between them wanders from row to row."""
    rng = np.random.default_rng(8)
    contour = np.zeros((540, 960), np.uint8)
    contour[:, 476:484] = np.where(rng.random((540, 8)) < 0.6, 200, 90)
    walls = np.full((540, 960), Material.WALL, np.uint8)
    walls[:, 480:] = Material.ROAD
    empty = np.zeros_like(contour)
    lines = LineArt(contour=contour, highlight=empty, shadow=empty, cel=empty)
    found = read(lines, conditions=Conditions(), reader=Refuses(), materials=walls)
    border = (found.materials == Material.WALL).sum(1)
    assert np.abs(border - 480).max() <= 5
    assert np.abs(np.diff(border)).mean() < 0.35
    assert len(np.unique(found.regions[found.materials == Material.WALL])) == 1
