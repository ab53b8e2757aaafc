"""AI image 1: colour, light and air on every form, with the layout's lines kept."""

from __future__ import annotations

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded import atmosphere, lines, reflection
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.surface import relight, veil
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import srgb8_from_linear

BACKDROP = (Material.SKY, Material.CLOUD, Material.MOUNTAIN)
"""What may be seen between leaves."""
EDGE = 0.6
"""Softness of region edges in px: as sharp as an anti-aliased cut of a frisket."""


def rough_tile(scene: Scene, tile: Bounds, margin: int) -> UInt8:
    """(h, w, 3) sRGB of one tile, the same whatever the tiling."""
    patch = Patch(scene, tile.grown(margin).clipped(scene.extent))
    reflection.prepare(scene, surfaces)
    light = lines.drawn_in(patch, surfaces(patch))
    light = atmosphere.over(patch, light)
    view = Patch(scene, tile).within(patch)
    return srgb8_from_linear(light[view])


def surfaces(patch: Patch) -> Float32:
    """(h, w, 3) linear light of all materials, without lines."""
    total = np.zeros((*patch.shape, 3), np.float32)
    weights = np.zeros(patch.shape, np.float32)
    lacy: list[tuple[tuple[slice, slice], Float32, Float32, Float32]] = []
    for index in np.unique(patch.materials):
        mask = patch.mask(Material(index))
        part = patch.part(mask, margin=max(4.0, 4.0 / patch.unit))
        if part is None:
            continue
        view = part.within(patch)
        surface = PAINTERS[Material(index)].shade(part, mask[view])
        weight = blur(mask[view].astype(np.float32), EDGE)
        colour = relight(surface, part, weight > 0)
        if surface.cover is None:
            total[view] += colour * weight[..., None]
            weights[view] += weight
        else:
            lacy.append((view, colour, weight, surface.cover))
    if lacy:
        behind, known = _spread(total, weights * np.isin(patch.materials, BACKDROP), patch.unit)
        for view, colour, weight, cover in lacy:
            hole = (1 - cover) * known[view]
            total[view] += (colour + (behind[view] - colour) * hole[..., None]) * weight[..., None]
            weights[view] += weight
    return patch.script.graded(veil(total / np.maximum(weights, 1e-3)[..., None], patch))


def _spread(total: Float32, weights: Float32, unit: float) -> tuple[Float32, Float32]:
    """The backdrop carried on behind lacy materials (normalised blur, nearest places first) and how far it reaches."""
    known = np.clip(weights, 0, 1)
    root = np.sqrt(np.clip(total, 0, 1)) * known[..., None]
    filled, trust = np.zeros_like(root), np.zeros_like(known)
    for radius in (7.0, 24.0):
        near = blur(known, radius * unit)
        colour = np.stack([blur(root[..., c], radius * unit) for c in range(3)], -1) / np.maximum(near, 0.02)[..., None]
        share = np.clip(near * 12, 0, 1) * (1 - trust)
        filled += colour * share[..., None]
        trust += share
    filled = filled / np.maximum(trust, 1e-3)[..., None]
    return np.asarray(filled * filled, np.float32), trust
