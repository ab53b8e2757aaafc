"""The layout's lines in colour: light graphite over the rough, colour-traced lines (色トレス) in the painting."""

from __future__ import annotations

from functools import cache

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur, widened
from genzu.picture.arrays import Float32, UInt8

_AIR = (Material.SKY, Material.CLOUD)


@cache
def _strength_of_material() -> UInt8:
    table = np.zeros(256, np.uint8)
    for material in Material:
        table[material] = round(PAINTERS[material].line * 255)
    return table


def strength(patch: Patch) -> Float32:
    """(h, w) 0–1: how much of the contour stays; a line between two materials counts for the stronger."""
    reach = max(1, round(1.5 * patch.unit))
    return widened(_strength_of_material()[patch.materials], reach).astype(np.float32) / 255


def drawn_in(patch: Patch, light: Float32) -> Float32:
    """The rough keeps the lines: graphite that darkens what is under it."""
    ink = patch.ink * (0.20 + 0.40 * strength(patch)) * ~patch.sparks
    return light * (1 - ink[..., None])


def traced(patch: Patch, canvas: Float32) -> Float32:
    """Colour-trace: each line in a deep shade of the paint beside it. ``canvas`` is (h, w, 3) OKLab.

    Pencil grain is smoothed away first and weak construction strokes fall below the threshold, so that what
    remains is a clean brush line. Lines are firm near the camera and dissolve in the distance.
    """
    even = blur(patch.ink, 0.85 * max(patch.unit, 0.6))
    line = np.clip((even - 0.22) * 3.0, 0, 1) * ~patch.sparks
    firm = strength(patch)
    # A contour that was pressed hard is meant, whatever it runs through.
    firm = firm + (1 - firm) * 0.55 * np.clip((even - 0.36) * 3, 0, 1) * ~np.isin(patch.materials, _AIR)
    firm = firm * (1.06 - 0.50 * patch.depth)
    kept = line * np.clip(firm, 0, 1)
    deep = canvas.copy()
    deep[..., 0] = canvas[..., 0] * np.where(patch.materials == Material.WINDOW, 0.46, 0.60) - 0.015
    deep[..., 1:] = canvas[..., 1:] * 1.2 + np.array([0.008, -0.002], np.float32)
    drawn = canvas + (deep - canvas) * (kept * 0.92)[..., None]
    return _wires(patch, drawn, line)


def _wires(patch: Patch, canvas: Float32, line: Float32) -> Float32:
    """Wires and antennas in the sky: the only lines that stay there."""
    wires = patch.scene.wires
    if wires is None:
        return canvas
    air = np.isin(patch.materials, _AIR)
    kept = np.clip(patch.scene.sample(wires, patch.bounds) * 2, 0, 1) * air * np.clip(line * 1.3, 0, 1)
    dark = canvas * np.array([0.42, 0.5, 0.5], np.float32)
    return canvas + (dark - canvas) * (0.8 * kept)[..., None]
