from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genzu.core.material import Material
from genzu.errors import BadInput, UnreadablePicture, WrongSize
from genzu.picture.arrays import LineArt, Reading
from genzu.picture.files import write_jpeg
from genzu.steps.region import Region, strength

SIZE = (180, 320)
EMPTY = np.zeros(SIZE, np.uint8)
DRAWN = EMPTY.copy()
DRAWN[88:92, 40:100] = DRAWN[148:152, 40:100] = DRAWN[90:150, 38:42] = 200
LINES = LineArt(contour=DRAWN, highlight=EMPTY, shadow=EMPTY, cel=EMPTY)
"""A line above, below and left of the first roof; its right side and the other roof have none."""


@pytest.fixture
def reading() -> Reading:
    """Sky above, and two roofs on it."""
    materials = np.zeros(SIZE, np.uint8)
    regions = np.ones(SIZE, np.int32)
    for number, left in ((2, 40), (3, 200)):
        materials[90:150, left : left + 60] = Material.ROOF
        regions[90:150, left : left + 60] = number
    return Reading(
        materials=materials, regions=regions, confidence=np.ones(4, np.float32), depth=np.zeros((18, 32), np.uint8),
        horizon=90.0,
    )  # fmt: skip


def save(folder: Path, pixels: np.ndarray, name: str = "mask.png") -> Path:
    Image.fromarray(pixels).save(folder / name)
    return folder / name


def test_a_material_is_wholly_new_and_ends_with_its_line(reading: Reading) -> None:
    found = strength(Region(materials=(Material.ROOF,)), reading, LINES)
    assert (found.plane[reading.materials == Material.ROOF] == 255).all()
    assert list(found.plane[86:91, 70]) == [0, 0, 255, 255, 255], "the upper half of the line is new too"
    assert list(found.plane[120, 98:103]) == [255, 255, 128, 0, 0], "without a line, one pixel is mixed"
    assert list(found.plane[120, 258:263]) == [255, 255, 128, 0, 0]
    assert found.to_dict()["what"] == "roof"


def test_a_region_is_the_one_under_the_point(reading: Reading) -> None:
    one = strength(Region(points=((50, 100),)), reading, LINES).plane
    both = strength(Region(points=((50, 100), (210, 100))), reading, LINES).plane
    assert one[100, 60] == 255 and not one[:, 150:].any()
    assert np.array_equal(both > 0, strength(Region(materials=(Material.ROOF,)), reading, LINES).plane > 0)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "1", "P"])
def test_a_mask_is_kept_to_its_white(reading: Reading, tmp_path: Path, mode: str) -> None:
    white = np.zeros(SIZE, np.uint8)
    white[30:110, 100:220] = 255
    image = Image.fromarray(white)
    if mode in ("RGBA", "LA"):
        image = Image.new(mode, image.size, (0,) * len(mode))
        image.paste(Image.new(mode, (120, 80), (255,) * len(mode)), (100, 30))
    elif mode != "L":
        image = image.convert(mode)
    image.save(tmp_path / "mask.png")
    if mode in ("1", "P"):
        with pytest.raises(UnreadablePicture):
            strength(Region(mask=tmp_path / "mask.png"), reading, LINES)
        return
    found = strength(Region(mask=tmp_path / "mask.png"), reading, LINES)
    assert not found.plane[white == 0].any() and (found.plane[white > 0] > 0).all()
    assert found.plane[70, 160] == 255 and found.grow == 0 and found.feather == pytest.approx(8)


def test_greys_are_mixed_and_options_hold(reading: Reading, tmp_path: Path) -> None:
    grey = np.full(SIZE, 128, np.uint8)
    assert (strength(Region(mask=save(tmp_path, grey)), reading, LINES).plane == 128).all()
    hard = strength(Region(materials=(Material.ROOF,), grow=0, feather=0), reading, LINES).plane
    assert np.array_equal(hard == 255, reading.materials == Material.ROOF) and set(np.unique(hard)) == {0, 255}


def test_however_thin_the_middle_is_new(reading: Reading, tmp_path: Path) -> None:
    thin = np.zeros(SIZE, np.uint8)
    thin[100:104] = 255
    assert strength(Region(mask=save(tmp_path, thin)), reading, LINES).plane.max() > 200


def test_what_cannot_be(reading: Reading, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not said"):
        Region()
    for bad in ({"grow": -1.0}, {"feather": 1e9}, {"grow": float("nan")}):
        with pytest.raises(BadInput, match="not possible"):
            Region(points=((1, 1),), **bad)
    with pytest.raises(BadInput, match="no water in this picture; it has sky, roof"):
        strength(Region(materials=(Material.WATER,)), reading, LINES)
    with pytest.raises(BadInput, match="outside the picture"):
        strength(Region(points=((320, 0),)), reading, LINES)
    with pytest.raises(BadInput, match="black all over"):
        strength(Region(mask=save(tmp_path, np.zeros(SIZE, np.uint8))), reading, LINES)
    with pytest.raises(WrongSize, match="321×180 px, but the painting is 320×180"):
        strength(Region(mask=save(tmp_path, np.zeros((180, 321), np.uint8))), reading, LINES)
    write_jpeg(tmp_path / "mask.jpg", np.full(SIZE, 255, np.uint8))
    with pytest.raises(UnreadablePicture, match="JPEG"):
        strength(Region(mask=tmp_path / "mask.jpg"), reading, LINES)
