"""AI image 1: colour, light and air on every form, with the layout's lines kept."""

from __future__ import annotations

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded import lines
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.surface import relight
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import srgb8_from_linear

EDGE = 0.6
"""Softness of region edges in px: as sharp as an anti-aliased cut of a frisket."""


def rough_tile(scene: Scene, tile: Bounds, margin: int) -> UInt8:
    """(h, w, 3) sRGB of one tile, the same whatever the tiling."""
    patch = Patch(scene, tile.grown(margin).clipped(scene.extent))
    light = lines.drawn_in(patch, surfaces(patch))
    view = Patch(scene, tile).within(patch)
    return srgb8_from_linear(light[view])


def surfaces(patch: Patch) -> Float32:
    """(h, w, 3) linear light of all materials, without lines."""
    total = np.zeros((*patch.shape, 3), np.float32)
    weights = np.zeros(patch.shape, np.float32)
    for index in np.unique(patch.materials):
        mask = patch.mask(Material(index))
        part = patch.part(mask, margin=4)
        if part is None:
            continue
        view = part.within(patch)
        colour = relight(PAINTERS[Material(index)].shade(part, mask[view]), part)
        weight = blur(mask[view].astype(np.float32), EDGE)
        total[view] += colour * weight[..., None]
        weights[view] += weight
    return total / np.maximum(weights, 1e-3)[..., None]
