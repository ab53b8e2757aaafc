"""The layout's lines in colour: graphite over the rough, colour-traced lines (色トレス) in the painting."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32, UInt8


@cache
def _strength_of_material() -> UInt8:
    table = np.zeros(256, np.uint8)
    for material in Material:
        table[material] = round(PAINTERS[material].line * 255)
    return table


def strength(patch: Patch) -> Float32:
    """(h, w) 0–1: how much of the contour stays; a line between two materials counts for the stronger."""
    table = Image.fromarray(_strength_of_material()[patch.materials])
    reach = max(3, 2 * round(1.5 * patch.unit) + 1)
    return np.asarray(table.filter(ImageFilter.MaxFilter(reach)), np.float32) / 255


def drawn_in(patch: Patch, light: Float32) -> Float32:
    """The rough keeps the lines: graphite that darkens what is under it."""
    ink = patch.ink * (0.25 + 0.45 * strength(patch))
    return light * (1 - ink[..., None])


def traced(patch: Patch, canvas: Float32) -> Float32:
    """Colour-trace: each line in a deep shade of the paint beside it. ``canvas`` is (h, w, 3) OKLab."""
    kept = np.clip(patch.ink * 1.25, 0, 1) * strength(patch)
    deep = canvas.copy()
    deep[..., 0] = canvas[..., 0] * 0.52
    deep[..., 1:] = canvas[..., 1:] * 1.05 + np.array([0.004, -0.006], np.float32)
    return canvas + (deep - canvas) * kept[..., None]
