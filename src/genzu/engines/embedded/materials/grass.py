"""Grass: a meadow in perspective, soft and pale far away, blades and tufts at the feet."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra, Place, Season
from genzu.engines.embedded import tufts
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fence import clear_of_wires
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.ground import ground, hued, overhung, raked
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface, tinted
from genzu.engines.embedded.weathering import leaf_litter, snowed, strewn
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_FLOWERS = {
    Season.SPRING: ("#fbf3c0", "#f7f4f0", "#f0c3d6", "#f4d45a"),
    Season.SUMMER: ("#f8f6ee", "#f3cf62", "#cfc3ea"),
}


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Patches of colour, undulations and streaks of light lie on the ground plane."""
    script, plane = patch.script, ground(patch)
    wide = plane.noise(520, 330, 981, octaves=2)
    # Towards the horizon undulations lie so close that they would stripe it.
    wide = wide * np.clip(0.15 + 5.0 * plane.near, 0, 1)
    tufts = plane.noise(70, 46, 982, octaves=3)
    kin = [script.local(Material.GRASS, k) for k in range(script.local_count(Material.GRASS))]
    share = np.clip(0.5 + 0.75 * plane.noise(260, 170, 983, octaves=2), 0, 1)[..., None]
    albedo = kin[0] + (kin[-1] - kin[0]) * share
    streak = smoothstep(0.05, 0.42, wide + 0.25 * tufts)
    hollow = smoothstep(0.10, 0.55, -wide - 0.2 * tufts)
    albedo = tinted(albedo.astype(np.float32), 1.10, 1.05, 0.84, streak)
    albedo = tinted(albedo, 0.80, 0.92, 0.98, hollow)
    albedo = hued(patch, plane, albedo * (1 + 0.16 * tufts)[..., None], 992)
    wet = _bank(patch)
    albedo = tinted(albedo, 0.50, 0.44, 0.42, wet)
    albedo = _fallen_leaves(patch, albedo.astype(np.float32), plane.noise(34, 20, 984, octaves=2))
    light = 0.56 - 0.20 * wet + 0.30 * streak - 0.26 * hollow + 0.14 * tufts
    # Nearest the eye the meadow falls into its own shade, which frames the picture.
    light = light * raked(patch, plane) - 0.10 * smoothstep(0.75, 1.0, plane.near)
    light = light * (1 - overhung(patch, plane))
    return Surface(
        albedo=snowed(patch, albedo, 0.88 - 0.35 * smoothstep(0.35, 0.7, tufts)),
        light=np.clip(light, 0.05, 1).astype(np.float32),
        openness=(0.95 - 0.16 * hollow).astype(np.float32),
        bounce=0.25,
    )


def _bank(patch: Patch) -> Float32:
    """(h, w) 0–1: bare wet earth where grass ends at water."""
    gap = distance_to(patch, Material.WATER)
    if float(gap.min()) > 12:
        return np.zeros(patch.shape, np.float32)
    edge = gap + 4 * patch.noise(16, 990, octaves=2) + 4
    return np.asarray(0.8 * smoothstep(8.0, 1.5, edge), np.float32)


def _fallen_leaves(patch: Patch, albedo: Float32, field: Float32) -> Float32:
    if Extra.FALLEN_LEAVES not in patch.script.conditions.extras:
        return albedo
    leaf = patch.script.local(Material.FOLIAGE, 1)
    share = smoothstep(0.05, 0.4, field)[..., None] * 0.6
    return np.asarray(albedo + (leaf - albedo) * share, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Level touches far away; nearer, tufts from back to front, each darker at the root than at the tip."""
    near = ground(patch).near * np.ones(patch.shape, np.float32)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=34, width=7, spacing=11, squash=0.6, salt=151, turn=0.10, value=0.012, hue=0.006,
              opacity=0.55, across=True),
        sizes=(0.25 + 1.0 * near).astype(np.float32),
    )  # fmt: skip
    if patch.script.snow > 0.5:
        return
    for low, high, length, width, spacing, salt in (
        (0.03, 0.16, 6, 5, 8, 152), (0.12, 0.36, 11, 8, 10, 153), (0.30, 0.66, 19, 12, 15, 154),
        (0.58, 1.01, 33, 18, 22, 155),
    ):  # fmt: skip
        band = mask & (near >= low) & (near < high)
        for dark, lift, shift in ((True, -0.022, 0), (False, 0.026, 40)):
            brush_over(
                patch, base, canvas, band,
                Layer(tip=Tip.BLADES, length=length, width=width, spacing=spacing, squash=0.55, salt=salt + shift,
                      angle=-np.pi / 2, turn=0.30, value=0.022, hue=0.010, opacity=0.62 if dark else 0.72,
                      clip=False, rising=True),
                lift=np.full(patch.shape, lift, np.float32),
            )  # fmt: skip
    # At the painter's feet a few clumps stand out: dark at the root, then blades in the light.
    clumps = mask & (near > 0.60) & (ground(patch).noise(190, 100, 988, octaves=2) > 0.10)
    for lift, shift, size in ((-0.050, 0, 0.9), (0.048, 40, 1.0)):
        brush_over(
            patch, base, canvas, clumps,
            Layer(tip=Tip.BLADES, length=62 * size, width=30 * size, spacing=34, squash=0.5, salt=156 + shift,
                  angle=-np.pi / 2, turn=0.35, value=0.02, hue=0.012, opacity=0.66, clip=False, rising=True),
            lift=np.full(patch.shape, lift, np.float32),
        )  # fmt: skip
    _single_blades(patch, base, canvas, mask, near)
    _flowers(patch, base, canvas, mask, near)
    leaf_litter(patch, base, canvas, mask)


def _single_blades(patch: Patch, base: Float32, canvas: Float32, mask: Bool, near: Float32) -> None:
    """At the feet single blades are sharp: a light one here and there before the dark of its own clump."""
    drift = ground(patch).noise(260, 130, 989, octaves=2)
    there = mask & (near > 0.34) & (drift > -0.15)
    drawn = tufts.around(patch)  # where blades are drawn those are enough
    if drawn is not None:
        there &= drawn < 0.03
    sizes = (0.15 + 0.95 * near).astype(np.float32)
    seen = np.clip(base[..., 0] * 3 - 0.9, 0.25, 1)  # in the shade all blades are alike
    dry = patch.script.conditions.season in (Season.AUTUMN, Season.WINTER)
    for tip, length, width, spacing, salt, lift in (
        (Tip.BLADES, 27, 15, 30, 157, -0.070), (Tip.STREAK, 32, 3.4, 30, 157, 0.130),
        (Tip.STREAK, 42, 2.8, 27, 158, 0.080),
    ):  # fmt: skip
        brush_over(
            patch, base, canvas, there,
            Layer(tip=tip, length=length, width=width, spacing=spacing, squash=0.5, salt=salt, angle=-np.pi / 2,
                  turn=0.32, value=0.03, hue=0.014 if dry else 0.010, opacity=0.8, clip=False, rising=True),
            sizes=sizes, lift=(lift * seen).astype(np.float32),
        )  # fmt: skip


def _flowers(patch: Patch, base: Float32, canvas: Float32, mask: Bool, near: Float32) -> None:
    """Flowers in drifts; many in a meadow, few elsewhere, none in autumn and winter."""
    conditions = patch.script.conditions
    codes = _FLOWERS.get(conditions.season)
    if codes is None or conditions.place in (Place.RICE_FIELD, Place.STATION, Place.SHRINE):
        return
    level = 0.12 if conditions.place in (Place.MEADOW, Place.GARDEN, Place.PARK) else 0.42
    drift = ground(patch).noise(330, 190, 986, octaves=2)
    points = scatter(patch, mask & (near > 0.10) & (drift > level), 11, 987, squash=0.55)
    rows, columns = points.index
    points = points.where(points.chance[:, 0] < 0.35 + 0.65 * (drift[rows, columns] - level))
    rows, columns = points.index
    points = points.where(clear_of_wires(patch.scene, patch.x[0, columns], patch.y[rows, 0]))
    rows, columns = points.index
    size = (1.6 + 5.0 * near[rows, columns]) * patch.unit * (0.7 + 0.5 * points.chance[:, 2])
    colours = np.stack([hex_to_linear(code) for code in codes])
    strewn(base, canvas, points, colours, size.astype(np.float32))
