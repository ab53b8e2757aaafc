"""A small street for the tests of built things: two rows of houses that recede, awnings, lamps, poles, a wire."""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Conditions
from genzu.core.take import Stage
from genzu.engines.base import PaintRequest
from genzu.picture.arrays import Bool, LineArt, Reading, UInt8

W, H = 480, 270
HORIZON = 110
MIDDLE = W // 2


def street() -> UInt8:
    """Materials: walls left and right of a road that runs to (240, 110), roofs, awnings, windows, doors, a lamp."""
    y, x = np.mgrid[0:H, 0:W].astype(np.float32)
    m = np.full((H, W), Material.SKY, np.uint8)
    m[y > HORIZON] = Material.ROAD
    away = np.abs(x - MIDDLE)
    m[(away > 40) & (y > HORIZON - 0.38 * away) & (y < HORIZON + 0.42 * away)] = Material.WALL
    m[(away > 40) & (y > HORIZON - 0.50 * away) & (y <= HORIZON - 0.38 * away)] = Material.ROOF
    m[(away > 60) & (y > HORIZON - 0.02 * away) & (y < HORIZON + 0.10 * away)] = Material.CLOTH
    for at in (90, 140, 200):
        m[(np.abs(away - at) < at / 14) & (y > HORIZON - 0.27 * away) & (y < HORIZON - 0.13 * away)] = Material.WINDOW
    for at in (120, 190):
        m[(np.abs(away - at) < at / 18) & (y > HORIZON + 0.22 * away) & (y < HORIZON + 0.41 * away)] = Material.WOOD
    m[(np.abs(x - 180) < 3) & (y > 70) & (y < 210)] = Material.METAL
    m[(np.abs(x - 180) < 8) & (np.abs(y - 64) < 8)] = Material.GLOW
    return m


def regions_of(materials: UInt8) -> np.ndarray:
    """Connected parts of one material, 1…n."""
    regions, count = np.zeros(materials.shape, np.int32), 0
    for material in np.unique(materials):
        parts, n = mahotas.label(materials == material)
        regions = np.where(parts > 0, parts + count, regions).astype(np.int32)
        count += n
    return regions


def outlines(materials: UInt8) -> UInt8:
    """A stroke of two px along every border."""
    ink = np.zeros(materials.shape, np.uint8)
    for axis in (0, 1):
        turned = np.moveaxis(materials, axis, 0)
        edge = np.zeros(turned.shape, bool)
        edge[1:] |= turned[1:] != turned[:-1]
        edge[:-1] |= turned[1:] != turned[:-1]
        ink[np.moveaxis(edge, 0, axis)] = 210
    return ink


def request(
    conditions: Conditions,
    *,
    seed: int = 1,
    materials: UInt8 | None = None,
    ink: UInt8 | None = None,
    highlight: UInt8 | None = None,
    shadow: UInt8 | None = None,
    board: UInt8 | None = None,
) -> PaintRequest:
    """A rough of the street under these conditions."""
    m = street() if materials is None else materials
    contour = outlines(m) if ink is None else ink
    none = np.zeros_like(contour)
    regions = regions_of(m)
    height, width = m.shape
    horizon = HORIZON * height / H
    rows = np.arange(height, dtype=np.float32)[:, None] * np.ones((1, width), np.float32)
    depth = np.where(rows > horizon, 220 / (1 + np.maximum(rows - horizon, 0) / 15), 60)
    depth[m == Material.SKY] = 255
    return PaintRequest(
        stage=Stage.ROUGH,
        lines=LineArt(
            contour=contour,
            highlight=none if highlight is None else highlight,
            shadow=none if shadow is None else shadow,
            cel=none,
        ),
        reading=Reading(
            materials=m, regions=regions, confidence=np.ones(int(regions.max()) + 1, np.float32),
            depth=depth.astype(np.uint8), horizon=float(horizon),
        ),
        conditions=conditions, prompt="", seed=seed, board=board,
    )  # fmt: skip


def inside(mask: Bool, margin: int = 3) -> Bool:
    """The mask without its border."""
    return np.asarray(mahotas.distance(np.pad(mask, 1)) > margin * margin, bool)[1:-1, 1:-1]
