from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.errors import WrongSize
from genzu.picture.registration import SURE, shift_between

FINE = 10


def scene(
    dx: float = 0, dy: float = 0, zoom: float = 1, seed: int = 1, size: tuple[int, int] = (480, 320)
) -> np.ndarray:
    """A picture of patches, drawn ten times too large and averaged: exact sub-pixel shifts."""
    rng = np.random.default_rng(seed)
    width, height = size
    image = Image.new("RGB", (width * FINE // 2, height * FINE // 2), (120, 130, 150))
    pen = ImageDraw.Draw(image)
    scale = FINE / 2
    for _ in range(60):
        x, y = rng.uniform(-0.1, 1.1, 2) * (width, height)
        w, h = rng.uniform(0.03, 0.2, 2) * height
        colour = tuple(int(v) for v in rng.integers(0, 255, 3))
        middle = np.array([width / 2, height / 2])
        corners = [((x - w, y - h) - middle), ((x + w, y + h) - middle)]
        box = [float(v) for corner in corners for v in (corner * zoom + middle + (dx, dy)) * scale]
        pen.ellipse(box, fill=colour)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (0.4, -0.2), (1.6, 2.4), (-5, 3), (33, -18.4)])
def test_sub_pixel_shifts(dx: float, dy: float) -> None:
    found = shift_between(scene(), scene(dx, dy))
    assert found.dx == pytest.approx(dx, abs=0.1)
    assert found.dy == pytest.approx(dy, abs=0.1)
    assert found.confidence > 0.5
    assert found.zoom == pytest.approx(1, abs=0.002)


def test_a_third_repainted_does_not_move_it() -> None:
    moved = scene(2.2, -1.4).copy()
    rng = np.random.default_rng(5)
    moved[40:250, 30:260] = rng.integers(0, 255, (210, 230, 3))
    found = shift_between(scene(), moved)
    assert (found.dx, found.dy) == (pytest.approx(2.2, abs=0.15), pytest.approx(-1.4, abs=0.15))
    assert found.confidence > SURE


@pytest.mark.parametrize("zoom", [0.99, 1.01])
def test_a_small_zoom_is_told(zoom: float) -> None:
    found = shift_between(scene(size=(640, 480)), scene(zoom=zoom, size=(640, 480)))
    assert found.zoom == pytest.approx(zoom, abs=0.003)
    assert found.length < 0.8


def test_flat_pictures_give_no_confidence() -> None:
    flat = np.full((200, 300, 3), 128, np.uint8)
    assert shift_between(flat, flat).confidence == 0
    assert shift_between(flat, scene(size=(300, 200))).confidence == 0


def test_unrelated_pictures_are_not_sure() -> None:
    assert shift_between(scene(seed=1), scene(seed=2)).confidence < SURE


def test_grey_and_colour_may_meet_and_tiny_pictures_do_not_fail() -> None:
    assert shift_between(scene()[..., 0].copy(), scene()).confidence > SURE
    assert shift_between(np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8)).confidence == 0


def test_sizes_must_agree() -> None:
    with pytest.raises(WrongSize):
        shift_between(np.zeros((20, 20), np.uint8), np.zeros((20, 21), np.uint8))
