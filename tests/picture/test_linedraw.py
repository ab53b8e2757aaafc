from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from genzu.picture.arrays import UInt8
from genzu.picture.fidelity import widened
from genzu.picture.linedraw import lines_of

ROOF = [(180, 140), (320, 60), (460, 140)]


def house(texture: float = 6.0) -> tuple[UInt8, UInt8]:
    """A painted house with brushwork, and its contours (H, W) 255 where an edge is."""
    painted = Image.new("RGB", (640, 360), (150, 190, 225))
    drawn = Image.new("L", (640, 360), 0)
    pen, line = ImageDraw.Draw(painted), ImageDraw.Draw(drawn)
    pen.rectangle([0, 240, 640, 360], fill=(110, 150, 80))
    pen.rectangle([200, 140, 440, 300], fill=(225, 215, 195))
    pen.polygon(ROOF, fill=(170, 80, 60))
    pen.rectangle([280, 180, 340, 240], fill=(70, 80, 100))
    line.line([(0, 240), (200, 240)], fill=255)
    line.line([(440, 240), (639, 240)], fill=255)
    line.rectangle([200, 140, 440, 300], outline=255)
    line.polygon(ROOF, outline=255)
    line.rectangle([280, 180, 340, 240], outline=255)
    rng = np.random.default_rng(0)
    strokes = Image.fromarray(rng.normal(128, 60, (360, 640)).clip(0, 255).astype(np.uint8))
    noise = np.asarray(strokes.filter(ImageFilter.GaussianBlur(1.5)), np.float32) - 128
    noise *= texture / max(float(noise.std()), 1e-6)
    pixels = np.asarray(painted.filter(ImageFilter.GaussianBlur(0.7)), np.float32) + noise[..., None]
    return pixels.clip(0, 255).astype(np.uint8), np.asarray(drawn, np.uint8)


@pytest.mark.parametrize("texture", [0.0, 6.0])
def test_contours_are_drawn_and_brushwork_is_not(texture: float) -> None:
    painting, true = house(texture)
    lines = lines_of(painting)
    assert lines.shape == painting.shape[:2] and lines.dtype == np.uint8
    drawn, edge = lines > 100, true > 0
    assert (edge & widened(drawn, 3)).sum() / edge.sum() > 0.9
    assert (drawn & widened(edge, 4)).sum() / drawn.sum() > 0.9


def test_an_edge_of_equal_lightness_is_seen_by_its_colour() -> None:
    picture = np.full((180, 320, 3), (0, 137, 123), np.uint8)  # both sides OKLab L = 0.57
    picture[:, 160:] = (198, 75, 97)
    columns = np.flatnonzero((lines_of(picture) > 100).mean(0) > 0.8)
    assert len(columns) and abs(float(columns.mean()) - 159.5) < 4


def test_a_flat_sky_and_a_gradient_stay_empty() -> None:
    fall = np.linspace(90, 220, 360)[:, None, None] * np.array([0.7, 0.9, 1.0])
    sky = np.broadcast_to(fall, (360, 640, 3)).astype(np.uint8)
    assert not lines_of(sky).any()
    assert not lines_of(np.full((360, 640, 3), 128, np.uint8)).any()


def test_lines_lie_where_they_were_whatever_the_size() -> None:
    painting, true = house(0)
    large = np.asarray(Image.fromarray(painting).resize((2560, 1440), Image.Resampling.BICUBIC), np.uint8)
    lines = lines_of(large)
    assert lines.shape == (1440, 2560)
    small = np.asarray(Image.fromarray(lines).resize((640, 360), Image.Resampling.BOX)) > 60
    assert ((true > 0) & widened(small, 3)).sum() / (true > 0).sum() > 0.9
