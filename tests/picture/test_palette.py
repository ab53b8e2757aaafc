from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from genzu.picture.arrays import UInt8
from genzu.picture.palette import palette_distance


def patches(*colours: tuple[int, int, int]) -> UInt8:
    """Bands of equal size."""
    return np.repeat(np.array(colours, np.uint8)[:, None, :], 40, 1).repeat(16, 0)


def test_the_same_colours_anywhere_are_no_distance() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    turned = np.ascontiguousarray(picture[::-1, ::-1])
    for part in ("overall", "dark", "middle", "light"):
        assert getattr(palette_distance(picture, turned), part) == pytest.approx(0, abs=1e-6)


def test_black_to_white_is_a_half() -> None:
    distance = palette_distance(patches((0, 0, 0)), patches((255, 255, 255)))
    assert distance.overall == pytest.approx(0.5, abs=0.02)


def test_it_is_symmetric_and_grows_with_the_step() -> None:
    grey, near, far = patches((90, 90, 90)), patches((110, 100, 90)), patches((180, 130, 60))
    assert palette_distance(grey, near).overall == pytest.approx(palette_distance(near, grey).overall, abs=1e-6)
    assert 0 < palette_distance(grey, near).overall < 0.6 * palette_distance(grey, far).overall


def test_it_names_the_group_that_differs() -> None:
    day = patches((20, 20, 40), (120, 120, 120), (240, 240, 220))
    dusk = patches((20, 20, 40), (120, 120, 120), (250, 180, 90))
    distance = palette_distance(day, dusk)
    assert distance.light > 0.03 and distance.dark < 0.004 and distance.middle < 0.004


def test_size_hardly_counts() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    large = np.asarray(Image.fromarray(picture).resize((300, 200), Image.Resampling.NEAREST), np.uint8)
    assert palette_distance(picture, large).overall < 0.01
