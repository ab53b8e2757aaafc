from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from genzu.core.geometry import Extent
from genzu.picture.alignment import alignment_of, largest_shift
from genzu.picture.arrays import UInt8

HEIGHT, WIDTH = 270, 480


def scene(seed: int = 0) -> UInt8:
    """Rectangles of many sizes."""
    rng = np.random.default_rng(seed)
    picture = np.full((HEIGHT, WIDTH, 3), 190, np.uint8)
    for _ in range(160):
        y, x, h, w = (int(rng.integers(0, limit)) for limit in (HEIGHT, WIDTH, 50, 60))
        picture[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    return picture


def moved(picture: UInt8, dx: float = 0, dy: float = 0, zoom: float = 1, turn: float = 0) -> UInt8:
    """Shift, zoom and turn (clockwise) about the middle."""
    cos, sin = np.cos(np.radians(turn)) / zoom, np.sin(np.radians(turn)) / zoom
    x, y = WIDTH / 2, HEIGHT / 2
    matrix = (cos, sin, x - cos * (x + dx) - sin * (y + dy), -sin, cos, y + sin * (x + dx) - cos * (y + dy))
    image = Image.fromarray(picture)
    return np.asarray(image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC))


@pytest.mark.parametrize(
    ("dx", "dy", "zoom", "turn"),
    [(0, 0, 1, 0), (0.6, -0.4, 1, 0), (-9, 4, 1, 0), (70, 0, 1, 0), (0, 0, 1.01, 0), (2, 1, 0.98, 0), (0, 0, 1.06, 0),
     (0, 0, 1, -0.7), (4, 3, 0.8, 0), (-5, 0, 1.22, 0), (2, 2, 1, 4)],
)  # fmt: skip
def test_a_movement_is_measured(dx: float, dy: float, zoom: float, turn: float) -> None:
    found = alignment_of(scene(), moved(scene(), dx, dy, zoom, turn))
    assert found.sure
    assert (found.dx, found.dy) == pytest.approx((dx, dy), abs=0.3 if zoom == 1 and abs(turn) < 1 else 1.0)
    assert found.scale == pytest.approx(zoom, abs=0.003) and found.degrees == pytest.approx(turn, abs=0.1)
    still = (dx, dy, zoom, turn) == (0, 0, 1, 0)
    assert found.within(largest_shift(Extent(WIDTH, HEIGHT))) is still
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


@pytest.mark.parametrize("part", [np.s_[:135], np.s_[:, 260:], np.s_[80:200, 100:400]])
def test_a_repainted_part_is_no_movement(part: object) -> None:
    picture = scene()
    picture[part] = np.roll(scene(9), 31, axis=1)[part]  # type: ignore[index]
    found = alignment_of(scene(), picture)
    assert found.sure and found.worst < 0.2


def test_a_thing_that_a_person_moved_is_no_movement() -> None:
    picture = scene()
    picture[60:200, 107:260] = scene()[60:200, 100:253]
    assert alignment_of(scene(), picture).worst < 0.2


def test_a_repainted_part_does_not_hide_a_movement() -> None:
    picture = moved(scene(), 3, 1).copy()
    picture[:100] = scene(9)[:100]
    found = alignment_of(scene(), picture)
    assert found.sure and (found.dx, found.dy) == pytest.approx((3, 1), abs=0.2)


def test_another_colour_is_no_movement() -> None:
    dusk = (scene().astype(float) * (0.5, 0.35, 0.6) + (30, 10, 40)).astype(np.uint8)
    assert alignment_of(scene(), dusk).worst < 0.1


@pytest.mark.parametrize("other", [scene(5), np.full((HEIGHT, WIDTH, 3), 7, np.uint8)])
def test_another_picture_tells_nothing(other: UInt8) -> None:
    found = alignment_of(scene(), other)
    assert not found.sure and found.within(0)


def test_the_limit_grows_with_the_picture() -> None:
    assert largest_shift(Extent(1920, 1080)) == 0.5 and largest_shift(Extent(3840, 2160)) == 1
    assert largest_shift(Extent(320, 180)) == 0.5
