"""Mountain: ridges that run downhill, light and shadow planes, air that thickens towards the foot."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept, span_of_mass
from genzu.engines.embedded.lumps import line_relief, smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, one_of
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, tinted, toned
from genzu.engines.embedded.weathering import snowed
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_LAIN = 0.34
"""How much snow shows on a slope of middle steepness: bare woods and rock keep it dark against the sky."""

_AIR = (Material.SKY, Material.CLOUD)
_EDGE = 6.0
"""Units from the border from which the long strokes take their paint."""


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Planes of the slopes; the farther, the more air."""
    crest = patch.scene.sample(kept(patch.scene, "crest of hills", _crest), patch.bounds)
    foot = span_of_mass(patch, Material.MOUNTAIN)[1]
    below = np.maximum(patch.y - crest, 0)
    tall = np.maximum(foot - crest, 30)
    height = _height(patch, below)
    slope_y, slope_x = np.gradient(height)
    towards = patch.light.towards
    facing = -(slope_x * towards[0] + 0.6 * slope_y * towards[1]) / patch.unit * 34
    facing = facing + 0.45 * line_relief(patch, 7)
    woods = patch.noise(6.5, 953, octaves=2)
    light = 0.04 + 0.46 * smoothstep(-0.30, 0.05, facing) + 0.44 * smoothstep(0.05, 0.55, facing)
    light = light + 0.09 * woods * (1 - patch.depth * 0.6)
    albedo = toned(patch.script.local(Material.MOUNTAIN), 1 + 0.16 * patch.noise(80, 951))
    albedo = tinted(albedo, 1.12, 1.05, 0.8, np.clip(facing, 0, 1))
    albedo = _winter(patch, albedo.astype(np.float32), below / tall, facing)
    thick = (
        0.74
        * smoothstep(0.34, 1.10, below / tall + 0.10 * patch.noise(40, 960, octaves=2, stretch=3.0))
        * np.float32(min(1.0, 0.45 + patch.script.haze_density))
    )
    return Surface(
        albedo=albedo * (1 - thick[..., None]),
        light=np.clip(light, 0, 1).astype(np.float32),
        openness=0.85,
        emission=toned(patch.script.haze, thick).astype(np.float32),
        haze=1.25 if patch.script.snow <= 0 else 0.72,
        shadowed=False,
    )


def _crest(scene: Scene) -> Float32:
    """(h, w) units: row of the crest over each place: it goes on behind what stands before the hill.

    Else a hill would begin anew under each tier of a tree, and have a slope of its own there.
    """
    hill, air = scene.small_materials == Material.MOUNTAIN, one_of(scene.small_materials, _AIR)
    rows = np.arange(hill.shape[0], dtype=np.float32)[:, None]
    start = np.maximum.accumulate(np.where(hill, -1, rows), axis=0) + 1
    open_ = np.zeros_like(hill)
    open_[0], open_[1:] = hill[0], hill[1:] & air[:-1]
    first = np.where(open_, rows, np.float32(1e4)).min(0)
    seen = np.flatnonzero(first < 1e4)
    if len(seen):
        behind = np.interp(np.arange(hill.shape[1]), seen, first[seen]).astype(np.float32)[None, :]
        hidden = ~np.take_along_axis(open_, np.minimum(start, len(hill) - 1).astype(np.intp), axis=0)
        start = np.where(hidden, np.minimum(start, behind), start)
    smooth = gaussian(np.asarray(start, np.float32), 3.0, axis=1, nearest=True)
    return np.asarray(smooth / (scene.shrink * scene.unit), np.float32)


def _height(patch: Patch, below: Float32) -> Float32:
    """Relief of the slopes: two families of spurs that lean apart and end half-way down, with gullies between.

    Ridges that ran from the crest to the foot side by side looked like the folds of a curtain.
    """
    seed = patch.script.seed
    bend = 30 * patch.noise(110, 955, octaves=2)
    total = np.zeros(patch.shape, np.float32)
    for salt, lean, wide, deep, weight in ((1, 1.15, 170, 150, 1.0), (2, -0.95, 120, 120, 0.85), (3, 0.7, 48, 60, 0.30),
                                           (4, -0.6, 25, 34, 0.15)):  # fmt: skip
        u = (patch.x + lean * below + bend) / wide
        ridge = 1 - np.abs(noise_at(u, (below + 0.2 * bend) / deep, mix_seed(seed, 956, salt))) * 1.6
        total += np.float32(weight * wide / 100) * np.maximum(ridge, -0.2)
    return total


def _winter(patch: Patch, albedo: Float32, down: Float32, facing: Float32) -> Float32:
    script = patch.script
    if script.snow > 0:
        return snowed(patch, albedo, np.clip(_LAIN + 0.42 * facing + 0.24 * down + 0.28 * patch.noise(20, 958), 0, 1))
    if script.conditions.season is not Season.WINTER:
        return albedo
    line = 0.42 + 0.22 * patch.noise(30, 957, octaves=3) + 0.16 * facing
    share = smoothstep(-0.08, 0.08, line - down)
    return np.asarray(albedo + (hex_to_linear("#e9eef6") - albedo) * share[..., None] * 0.9, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Dry brush downhill, then the tops of woods as small dabs; calmer the farther it is."""
    # Not from the very edge: there a stroke would carry the sky's paint down the slope.
    inside = mask & (patch.inner > _EDGE)
    lean = 0.9 * np.sign(patch.noise(70, 959, octaves=1))
    angles = (np.pi / 2 + 0.35 * lean).astype(np.float32)
    brush_over(
        patch, base, canvas, inside,
        Layer(tip=Tip.FLAT, length=24, width=9, spacing=10, salt=121, turn=0.35, value=0.010, hue=0.004, opacity=0.5),
        angles=angles,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.LEAVES, length=11, width=9, spacing=7, salt=122, turn=1.5, value=0.016, hue=0.004, opacity=0.5),
        sizes=np.clip(1.5 - patch.depth, 0.4, 1.3).astype(np.float32),
    )  # fmt: skip
