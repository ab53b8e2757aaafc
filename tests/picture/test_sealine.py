from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.sealine import levelled
from genzu.picture.snap import connected

H, W = 540, 960
X = np.arange(W)


def sea(border: np.ndarray, above: Material = Material.SKY) -> tuple[np.ndarray, np.ndarray]:
    materials = np.full((H, W), above, np.uint8)
    materials[np.arange(H)[:, None] >= np.rint(border)[None, :]] = Material.WATER
    return materials, connected(materials)


def top(materials: np.ndarray) -> np.ndarray:
    return (materials == Material.WATER).argmax(axis=0)


def test_a_wavering_horizon_is_ruled() -> None:
    materials, regions = sea(240 + 2.4 * np.sin(X / 23) + 0.01 * X)
    levelled(materials, regions)
    rows = top(materials)
    assert np.abs(rows - np.polyval(np.polyfit(X, rows, 1), X)).max() < 1.6
    assert np.abs(rows - (240 + 0.01 * X)).max() <= 1.6, "it has not moved"
    assert (connected(materials) == regions).all() and len(np.unique(regions)) == 2


def test_what_stands_before_the_horizon_stays() -> None:
    materials, _ = sea(240 + 2.4 * np.sin(X / 23))
    materials[200:260, 400:440] = Material.CLOTH
    regions, before = connected(materials), materials.copy()
    levelled(materials, regions)
    assert ((materials == Material.CLOTH) == (before == Material.CLOTH)).all()
    assert np.abs(top(materials)[:390] - 240).max() <= 1


def test_shores_and_coasts_are_as_they_were_drawn() -> None:
    wavering = 240 + 2.4 * np.sin(X / 23)
    for border, above in (
        (wavering, Material.GRASS),  # a pond
        (240 + 40 * np.sin(X / 90), Material.SKY),  # waves before the sky
        (100 + 0.4 * X, Material.SKY),  # a slope of water is no horizon
        (np.where(X < 150, wavering, 600), Material.SKY),  # a glimpse
    ):
        materials, regions = sea(border, above)
        before = materials.copy()
        levelled(materials, regions)
        assert (materials == before).all()
    materials, regions = sea(np.full(W, 900.0))
    levelled(materials, regions)
    assert (materials == Material.SKY).all()
