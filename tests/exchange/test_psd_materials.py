from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.errors import BadInput, UnreadablePicture, WrongSize
from genzu.exchange.psd_materials import read_marks_psd, read_materials_psd, write_materials_psd
from genzu.picture.arrays import LineArt, UInt8
from genzu.picture.legend import NO_MARK

EXTENT = Extent(480, 320)


def materials() -> UInt8:
    picture = np.full(EXTENT.shape, Material.SKY, np.uint8)
    picture[200:] = Material.GRASS
    picture[100:220, 150:300] = Material.WALL
    return picture


def written(path: Path) -> PSDImage:
    contour = np.zeros(EXTENT.shape, np.uint8)
    contour[199:202] = 230
    unsure = np.where(materials() == Material.WALL, np.uint8(110), np.uint8(0))
    empty = np.zeros_like(contour)
    write_materials_psd(path, materials(), LineArt(contour=contour, highlight=empty, shadow=empty, cel=empty), unsure)
    return PSDImage.open(path)


def painted(path: Path, to: Path, colour: tuple[int, int, int]) -> None:
    """As another program would save it: a layer of its own with a stroke, in the group for marks."""
    psd = written(path)
    stroke = Image.new("RGBA", (60, 9), (*colour, 255))
    layer = psd.create_pixel_layer(stroke, name="my stroke", top=140, left=170)
    next(found for found in psd if found.name.startswith("marks")).append(layer)
    psd.save(to)


def test_strokes_come_back_where_they_were_painted(tmp_path: Path) -> None:
    painted(tmp_path / "a.psd", tmp_path / "b.psd", Material.ROOF.legend)
    marks = read_marks_psd(tmp_path / "b.psd", EXTENT)
    wanted = np.full(EXTENT.shape, NO_MARK, np.uint8)
    wanted[140:149, 170:230] = Material.ROOF
    assert np.array_equal(marks, wanted)


def test_as_materials_the_strokes_lie_over_the_reading(tmp_path: Path) -> None:
    written(tmp_path / "a.psd")
    assert np.array_equal(read_materials_psd(tmp_path / "a.psd", EXTENT), materials())
    painted(tmp_path / "a.psd", tmp_path / "b.psd", Material.ROOF.legend)
    wanted = materials()
    wanted[140:149, 170:230] = Material.ROOF
    assert np.array_equal(read_materials_psd(tmp_path / "b.psd", EXTENT), wanted)


def test_the_file_shows_materials_lines_legend_and_a_place_for_marks(tmp_path: Path) -> None:
    psd = written(tmp_path / "a.psd")
    assert [layer.name for layer in psd] == [
        "materials 材質", "unsure 要確認", "layout lines 原図", "legend 凡例", "marks 印",
    ]  # fmt: skip
    assert all(layer.visible for layer in psd)
    merged, composed = np.asarray(psd.topil().convert("RGB")), np.asarray(psd.composite(force=True).convert("RGB"))
    assert np.abs(merged.astype(int) - composed).max() <= 2
    legend = np.asarray(psd[3].topil().convert("RGB")).reshape(-1, 3)
    for material in Material:
        assert (legend == material.legend).all(axis=1).sum() > 100


@pytest.mark.parametrize("what", ["untouched", "size", "png", "cut short", "foreign colour"])
def test_files_that_cannot_be_used_say_why(tmp_path: Path, what: str) -> None:
    path, extent, error = tmp_path / "a.psd", EXTENT, BadInput
    written(path)
    if what == "size":
        extent, error = Extent(640, 320), WrongSize
    elif what == "png":
        Image.new("RGB", (480, 320)).save(path, "PNG")
        error = UnreadablePicture
    elif what == "cut short":
        path.write_bytes(path.read_bytes()[:5000])
        error = UnreadablePicture
    elif what == "foreign colour":
        painted(path, path, (255, 0, 255))
    with pytest.raises(error) as told:
        read_marks_psd(path, extent)
    assert "a.psd" in told.value.sentence
