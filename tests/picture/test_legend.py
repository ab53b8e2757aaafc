from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.errors import BadInput, NotFound, WrongSize
from genzu.picture.legend import NO_MARK, read_marks, read_materials

EXTENT = Extent(40, 30)


def numbers() -> np.ndarray:
    picture = np.zeros((30, 40), np.uint8)
    picture[10:] = Material.GRASS
    picture[15:20, 5:9] = Material.GLOW
    return picture


def coloured(picture: np.ndarray) -> np.ndarray:
    table = np.full((256, 3), 255, np.uint8)
    for material in Material:
        table[material] = material.legend
    return table[picture]


def saved(tmp_path: Path, pixels: np.ndarray, name: str = "m.png") -> Path:
    Image.fromarray(pixels).save(tmp_path / name)
    return tmp_path / name


def test_numbers_and_colours_say_the_same(tmp_path: Path) -> None:
    assert np.array_equal(read_materials(saved(tmp_path, numbers()), EXTENT), numbers())
    assert np.array_equal(read_materials(saved(tmp_path, coloured(numbers())), EXTENT), numbers())
    off = np.clip(coloured(numbers()).astype(int) + 9, 0, 255).astype(np.uint8)
    assert np.array_equal(read_materials(saved(tmp_path, off), EXTENT), numbers())


def test_every_material_is_read_back_from_its_colour(tmp_path: Path) -> None:
    picture = np.resize(np.arange(17, dtype=np.uint8), (30, 40))
    assert np.array_equal(read_materials(saved(tmp_path, coloured(picture)), EXTENT), picture)


def test_palettes_mean_their_numbers_or_their_colours(tmp_path: Path) -> None:
    image = Image.fromarray(numbers(), "P")
    image.putpalette([0, 0, 0] * 256)
    image.save(tmp_path / "p.png")
    assert np.array_equal(read_materials(tmp_path / "p.png", EXTENT), numbers())


def test_a_blended_edge_takes_its_neighbours_value(tmp_path: Path) -> None:
    soft = coloured(numbers()).copy()
    soft[10] = (soft[9].astype(int) + soft[11].astype(int)) // 2
    found = read_materials(saved(tmp_path, soft), EXTENT)
    assert np.array_equal(np.delete(found, 10, axis=0), np.delete(numbers(), 10, axis=0))


def test_an_unknown_number_names_itself_and_its_place(tmp_path: Path) -> None:
    bad = numbers()
    bad[7, 3] = 17
    with pytest.raises(BadInput, match="17 at column 3, row 7"):
        read_materials(saved(tmp_path, bad), EXTENT)


def test_an_unknown_colour_names_itself_and_its_place(tmp_path: Path) -> None:
    bad = coloured(numbers())
    bad[12:24, 20:34] = (255, 0, 255)
    with pytest.raises(BadInput, match=r"#ff00ff at column \d+, row \d+"):
        read_materials(saved(tmp_path, bad), EXTENT)


def test_wrong_size_and_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WrongSize, match="40×30"):
        read_materials(saved(tmp_path, numbers()), Extent(41, 30))
    with pytest.raises(NotFound):
        read_materials(tmp_path / "none.png", EXTENT)


def test_marks_on_white_on_glass_and_as_numbers(tmp_path: Path) -> None:
    marks = np.full((30, 40), NO_MARK, np.uint8)
    marks[5:9, 5:20] = Material.WATER
    marks[20:24, 5:20] = Material.CLOUD
    assert np.array_equal(read_marks(saved(tmp_path, marks), EXTENT), marks)
    assert np.array_equal(read_marks(saved(tmp_path, coloured(marks)), EXTENT), marks)
    glass = np.dstack([coloured(marks), np.where(marks == NO_MARK, 0, 255).astype(np.uint8)])
    glass[marks == NO_MARK, :3] = 77
    assert np.array_equal(read_marks(saved(tmp_path, glass), EXTENT), marks)


def test_marks_may_not_be_empty_and_materials_not_see_through(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nothing is marked"):
        read_marks(saved(tmp_path, np.full((30, 40, 3), 255, np.uint8)), EXTENT)
    glass = np.dstack([coloured(numbers()), np.zeros((30, 40), np.uint8)])
    with pytest.raises(BadInput, match="see-through"):
        read_materials(saved(tmp_path, glass), EXTENT)
