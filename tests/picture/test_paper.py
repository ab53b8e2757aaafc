from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.core.geometry import Extent
from genzu.picture.paper import estimate_paper, full_strength, widest, without_dirt
from genzu.picture.pencils import split_pencils
from genzu.picture.resize import resize_plane, resize_strokes

WIDTH, HEIGHT = 640, 360
Rgb = NDArray[np.uint8]


def layer(ink: float, width: int = 2) -> NDArray[np.float64]:
    """Transmission of a few strokes of this ink."""
    image = Image.new("L", (WIDTH * 2, HEIGHT * 2), 255)
    pen = ImageDraw.Draw(image)
    pen.line((40, 100, 1240, 160), fill=round(255 * (1 - ink)), width=2 * width)
    pen.line((300, 40, 340, 680), fill=round(255 * (1 - ink)), width=2 * width)
    pen.ellipse((700, 250, 1100, 650), outline=round(255 * (1 - ink)), width=2 * width)
    return np.asarray(image.reduce(2), float) / 255


def sheet(tone: tuple[int, int, int], shading: float, grain: float, ink: float, seed: int = 0) -> Rgb:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    light = 1 - shading * x - 0.6 * shading * (y - 0.4) ** 2
    rough = rng.normal(0, 1, (HEIGHT, WIDTH))
    rough = 0.7 * rough + 0.5 * np.roll(rough, 1, 1)
    values = np.array(tone) * (light * layer(ink))[..., None] + grain * rough[..., None]
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)


PAPERS = {
    "white": ((255, 255, 255), 0.0, 0.0),
    "scanned": ((247, 245, 238), 0.08, 1.5),
    "grainy": ((240, 236, 220), 0.1, 4.0),
    "shaded": ((247, 245, 238), 0.35, 1.5),
    "kraft": ((188, 150, 110), 0.1, 2.5),
    "grey": ((120, 122, 126), 0.1, 2.0),
}


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("ink", [0.16, 0.45, 1.0])
def test_strokes_stay_and_paper_goes(name: str, ink: float) -> None:
    tone, shading, grain = PAPERS[name]
    lines = split_pencils(sheet(tone, shading, grain, ink))
    truth = layer(1.0) < 0.5
    near = widest(truth, 4)
    assert (lines.contour[truth] > 70).mean() > 0.9, "strokes stay"
    assert (lines.contour[~near] > 30).mean() < 3e-4, "bare paper is empty"
    assert not lines.cel.any()


def test_the_paper_is_known_to_one_percent() -> None:
    tone, shading, grain = PAPERS["shaded"]
    paper = estimate_paper(sheet(tone, shading, grain, 1.0))
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    truth = np.array(tone) * (1 - shading * x - 0.6 * shading * (y - 0.4) ** 2)[..., None]
    assert np.abs(paper.under(0, HEIGHT, WIDTH) / truth - 1).max() < 0.02


def test_a_digital_drawing_keeps_every_pixel() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    rgb[100, 50:600] = 0
    rgb[40:300, 200] = 0
    rgb[200, 50:600] = 228
    rgb[300, 300] = 0
    assert estimate_paper(rgb).noise == 0
    contour = split_pencils(rgb).contour
    assert (contour[100, 50:600] > 240).all() and (contour[40:300, 200] > 200).sum() >= 259
    assert (contour[200, 210:600] > 25).all() and contour[300, 300] > 240
    assert np.count_nonzero(contour) == np.count_nonzero((rgb != 255).any(axis=2))


def test_dirt_goes_and_short_strokes_stay() -> None:
    rgb = sheet((247, 245, 238), 0.05, 1.5, 0.8).copy()
    rng = np.random.default_rng(5)
    specks = rng.integers(8, HEIGHT - 8, 30), rng.integers(370, 590, 30)
    near = widest(layer(1.0) < 0.5, 5)
    alone = [(y, x) for y, x in zip(*specks, strict=True) if not near[y, x]]
    for y, x in alone:
        rgb[y, x] = 90
    for x in range(400, 600, 20):
        rgb[20:30, x : x + 2] = 90
    contour = split_pencils(rgb).contour
    assert sum(bool(contour[y - 1 : y + 2, x - 1 : x + 2].any()) for y, x in alone if y > 40) == 0
    assert all((contour[20:30, x] > 60).sum() >= 8 for x in range(400, 600, 20))


def test_dirt_is_looked_for_across_tiles() -> None:
    plane = np.zeros((200, 200), np.uint8)
    plane[10, 20:180] = 200
    plane[50:52, 63:65] = 200
    plane[100:102, 100:102] = 200
    without_dirt(plane, 0.01, side=64)
    assert plane[10, 20:180].all(), "a stroke through all tiles stays"
    assert not plane[100:102, 100:102].any()


def test_faint_strokes_are_stretched_and_full_ones_are_not() -> None:
    plane = np.zeros((100, 100), np.uint8)
    plane[10:20] = 60
    assert full_strength(plane).max() > 200 and full_strength(plane)[50, 50] == 0
    plane[40:60] = 255
    assert full_strength(plane).max() == 255
    assert 60 <= full_strength(plane)[15, 0] < 120
    order = full_strength(np.arange(256, dtype=np.uint8).reshape(16, 16)).ravel().astype(int)
    assert (np.diff(order) >= 0).all(), "stronger stays stronger"


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_a_thin_line_does_not_vanish_when_it_shrinks(factor: int) -> None:
    plane = np.zeros((360, 640), np.uint8)
    plane[100] = 255
    plane[:, 333] = 255
    small = resize_strokes(plane, Extent(640 // factor, 360 // factor))
    assert small.max(axis=0).min() > 140 and small.max(axis=1).min() > 140
    assert (small > 0).mean() < 0.05
    grown = resize_strokes(plane, Extent(1280, 720))
    assert grown.shape == (720, 1280) and grown.max() > 200
    assert np.array_equal(resize_plane(plane, Extent(640, 360)), plane)
