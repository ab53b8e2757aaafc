from __future__ import annotations

import numpy as np
import pytest

from genzu.core.material import Material
from training import openings


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "_SHARE", 1.0)


def _drawing(above: Material, below: Material) -> tuple[np.ndarray, np.ndarray]:
    """Two grounds with a line between them, and a stroke across both that belongs to neither's border."""
    materials = np.full((80, 120), above, np.uint8)
    materials[40:] = below
    lines = np.zeros((80, 120), np.uint8)
    lines[39:41] = 220
    lines[5:20, 60] = 200
    return lines, materials


def test_the_line_between_two_soft_materials_goes_and_nothing_else_does() -> None:
    lines, materials = _drawing(Material.SKY, Material.FOLIAGE)
    left = [openings.opened(lines, materials, np.random.default_rng(seed)) for seed in range(12)]
    kept = np.array([out[39:41].mean() / 220 for out in left])
    assert kept.min() == 0.0
    assert kept.max() > 0.1  # not always all of it
    for out in left:
        np.testing.assert_array_equal(out[5:20], lines[5:20])
    np.testing.assert_array_equal(lines, _drawing(Material.SKY, Material.FOLIAGE)[0])  # in memory of its own


def test_what_is_built_keeps_its_outline() -> None:
    lines, materials = _drawing(Material.WALL, Material.ROAD)
    for seed in range(8):
        np.testing.assert_array_equal(openings.opened(lines, materials, np.random.default_rng(seed)), lines)


def test_the_same_seed_opens_the_same_border() -> None:
    lines, materials = _drawing(Material.MOUNTAIN, Material.GRASS)
    one, two = (openings.opened(lines, materials, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
