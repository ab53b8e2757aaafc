"""AI image 2: the rough painted over with brushes, region by region, as with frisket and poster colour."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded import atmosphere, lines
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur, widened
from genzu.engines.embedded.rough import EDGE
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8, srgb8_from_oklab


def painting_tile(scene: Scene, rough: UInt8, tile: Bounds, margin: int) -> UInt8:
    """(h, w, 3) sRGB of one tile, the same whatever the tiling."""
    patch = Patch(scene, tile.grown(margin).clipped(scene.extent))
    base = oklab_from_srgb8(without_lines(patch, rough[patch.bounds.slices]))
    total = np.zeros_like(base)
    weights = np.zeros(patch.shape, np.float32)
    for index in np.unique(patch.materials):
        painter = PAINTERS[Material(index)]
        mask = patch.mask(Material(index))
        part = patch.part(mask, margin=painter.reach)
        if part is None:
            continue
        view = part.within(patch)
        canvas = base[view].copy()
        painter.brushwork(part, base[view], canvas, mask[view])
        weight = blur(mask[view].astype(np.float32), EDGE)
        total[view] += canvas * weight[..., None]
        weights[view] += weight
    painted = lines.traced(patch, total / np.maximum(weights, 1e-3)[..., None])
    painted = atmosphere.fresh(patch, painted)
    return srgb8_from_oklab(painted[Patch(scene, tile).within(patch)])


def without_lines(patch: Patch, rough: UInt8) -> UInt8:
    """The rough with its pencil lines healed from the paint around them (normalised blur)."""
    keep = 1 - widened(((patch.ink > 0.03) & ~patch.sparks).astype(np.uint8), max(1, round(2 * patch.unit))).astype(
        np.float32
    )
    healed: Float32 = rough.astype(np.float32)
    known = keep.copy()
    for radius in (2.0, 5.0):
        reach = radius * max(patch.unit, 0.5)
        weight = blur(known, reach)
        spread = np.stack([_blur255(healed[..., c] * known, reach) for c in range(3)], -1)
        filled = spread / np.maximum(weight, 1e-3)[..., None]
        lost = (known < 0.5) & (weight > 0.02)
        healed = np.where(lost[..., None], filled, healed)
        known = np.maximum(known, lost)
    return np.clip(healed + 0.5, 0, 255).astype(np.uint8)


def _blur255(plane: Float32, radius: float) -> Float32:
    picture = Image.fromarray(plane.astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(picture, np.float32)
