from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.picture.files import read_rgb8
from genzu.picture.pencils import split_pencils

SIZE = (640, 360)
GRAPHITE, RED, BLUE, TINT = (70, 70, 74), (220, 70, 60), (130, 195, 240), (255, 222, 190)
Rgb = NDArray[np.uint8]


def drawing(*strokes: tuple[tuple[int, int, int], tuple[float, ...], int], tint: tuple[int, ...] | None = None) -> Rgb:
    """Anti-aliased strokes on white, over a tinted rectangle."""
    image = Image.new("RGB", (4 * SIZE[0], 4 * SIZE[1]), "white")
    pen = ImageDraw.Draw(image)
    if tint:
        pen.rectangle(tuple(4 * v for v in tint), fill=TINT)
    for colour, points, width in strokes:
        pen.line([4 * v for v in points], fill=colour, width=4 * width)
    return np.asarray(image.reduce(4))


def on_paper(rgb: Rgb, tone: tuple[int, int, int] = (236, 228, 205), noise: float = 2, shading: float = 0.1) -> Rgb:
    x = np.linspace(0, 1, rgb.shape[1])[None, :, None]
    grain = np.random.default_rng(0).normal(0, noise, (*rgb.shape[:2], 1))
    values = rgb / 255 * np.array(tone) * (1 - shading * x) + grain
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)


def as_jpeg(rgb: Rgb, quality: int = 75) -> Rgb:
    held = io.BytesIO()
    Image.fromarray(rgb).save(held, "JPEG", quality=quality)
    return np.asarray(Image.open(held))


def as_is(rgb: Rgb) -> Rgb:
    return rgb


THREE = ((GRAPHITE, (40, 60, 600, 80), 2), (RED, (40, 160, 600, 190), 2), (BLUE, (40, 280, 600, 250), 2))


@pytest.mark.parametrize("turn", [as_is, on_paper, as_jpeg, lambda rgb: as_jpeg(on_paper(rgb))])
def test_each_pencil_goes_to_its_plane(turn: object) -> None:
    lines = split_pencils(turn(drawing(*THREE)))  # type: ignore[operator]
    bands = {"contour": slice(50, 90), "highlight": slice(150, 200), "shadow": slice(240, 290)}
    for name, band in bands.items():
        plane = getattr(lines, name)
        own = (plane[band, 60:580] > 100).any(axis=0).mean()
        elsewhere = np.delete(plane, np.r_[band], axis=0)
        assert own > 0.98, name
        assert (elsewhere > 40).mean() < 2e-4, name
    assert not lines.cel.any()


@pytest.mark.parametrize("quality", [40, 75, 95])
def test_black_lines_stay_black_through_jpeg(quality: int) -> None:
    rng = np.random.default_rng(3)
    strokes = [
        ((20, 20, 24), tuple(rng.uniform(10, 350, 4) * (1.7, 1, 1.7, 1)), int(rng.integers(1, 4))) for _ in range(40)
    ]
    lines = split_pencils(as_jpeg(on_paper(drawing(*strokes)), quality))
    assert (lines.contour > 100).mean() > 0.02
    assert (lines.highlight > 40).sum() + (lines.shadow > 40).sum() < 0.002 * (lines.contour > 100).sum()


@pytest.mark.parametrize("turn", [as_is, on_paper, lambda rgb: as_jpeg(on_paper(rgb))])
def test_a_warm_tint_is_an_area_and_no_line(turn: object) -> None:
    rgb = turn(drawing((GRAPHITE, (40, 180, 600, 185), 2), tint=(200, 60, 420, 300)))  # type: ignore[operator]
    lines = split_pencils(rgb)
    truth = np.zeros(SIZE[::-1], bool)
    truth[60:301, 200:421] = True
    found = lines.cel > 127
    assert (found & truth).sum() / (found | truth).sum() > 0.93
    off_line = np.ones(SIZE[::-1], bool)
    off_line[170:196] = False
    for plane in (lines.contour, lines.highlight, lines.shadow):
        assert (plane[off_line] > 40).mean() < 5e-4, "the edge of the tint is no stroke"
    assert (lines.contour[170:196, 60:580] > 100).any(axis=0).mean() > 0.97, "a stroke through the tint stays"


def test_a_red_pencil_scribble_is_no_tint() -> None:
    strokes = [(RED, (x, 100, x + 20, 200), 2) for x in range(100, 400, 7)]
    lines = split_pencils(drawing(*strokes))
    assert not lines.cel.any() and (lines.highlight > 100).mean() > 0.02


def test_a_picture_wider_than_a_band_is_cut_nowhere() -> None:
    """Bands must not show: the middle of a tall picture is the same whether it is made with others or alone."""
    tall = np.tile(drawing(*THREE), (10, 2, 1))
    lines = split_pencils(tall)
    for plane in (lines.contour, lines.highlight, lines.shadow):
        assert np.array_equal(plane[360:720], plane[1800:2160]) and plane.any()


def test_the_samples_are_graphite_only(shared_layouts: Path) -> None:
    lines = split_pencils(read_rgb8(shared_layouts / "street.png"))
    assert (lines.contour > 128).mean() > 0.02
    assert not (lines.highlight > 40).any() and not (lines.shadow > 40).any() and not lines.cel.any()
