"""Soil and sand: warm, trodden, with ripples and pebbles that grow towards the eye."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra, Place
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.ground import Ground, ground, hued, overhung, raked
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.engines.embedded.weathering import leaf_litter, snowed, tinted
from genzu.picture.arrays import Bool, Float32


def sandy(patch: Patch) -> bool:
    """True where soil is sand."""
    return patch.script.conditions.place in (Place.BEACH, Place.SEA)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Undulating ground; sand is rippled and wet by the water, earth is worn and strewn."""
    script, plane = patch.script, ground(patch)
    kin = [script.local(Material.SOIL, k) for k in range(script.local_count(Material.SOIL))]
    wide = plane.noise(600, 240, 991, octaves=2)
    fine = plane.noise(60, 26, 992, octaves=3)
    share = np.clip(0.5 + 0.8 * plane.noise(300, 120, 993, octaves=2), 0, 1)[..., None]
    albedo = (kin[0] + (kin[-1] - kin[0]) * share).astype(np.float32)
    albedo = hued(patch, plane, albedo, 1006)
    relief = _ripples(plane, fine) if sandy(patch) else _wear(plane, fine)
    # Far away ground has no grain; at the feet it has the most.
    albedo = albedo * (1 + (0.03 + 0.13 * plane.near) * fine)[..., None]
    hollow = smoothstep(0.1, 0.6, -wide) * (0.5 if sandy(patch) else 1.0)
    albedo = tinted(albedo.astype(np.float32), 0.88, 0.93, 1.0, hollow)
    if sandy(patch):
        albedo = _tide(patch, plane, albedo)
    wet = np.maximum(_wetness(patch), np.float32(0.5 * script.wet) * (0.8 + 0.4 * smoothstep(-0.2, 0.5, -wide)))
    albedo = tinted(albedo, 0.52, 0.55, 0.60, wet)
    albedo = _fallen_leaves(patch, albedo, plane.noise(30, 17, 994, octaves=2))
    light = 0.66 + 0.20 * smoothstep(-0.4, 0.6, wide) + relief - 0.12 * wet
    light = light * raked(patch, plane) - 0.10 * smoothstep(0.70, 1.0, plane.near)
    light = light * (1 - overhung(patch, plane))
    lying = 0.9 - 0.42 * smoothstep(0.4, 0.75, fine) - 0.6 * wet
    return Surface(albedo=snowed(patch, albedo, lying), light=np.clip(light, 0.05, 1).astype(np.float32), bounce=0.45)


def _ripples(plane: Ground, fine: Float32) -> Float32:
    """Wind ripples and footprints in sand."""
    wave = plane.noise(170, 15, 995) * np.clip(plane.noise(420, 200, 996) + 0.35, 0, 1)
    prints = smoothstep(0.42, 0.7, plane.noise(44, 20, 997, octaves=2))
    grown = np.clip(0.25 + 1.5 * plane.near, 0, 1.3)
    return np.asarray(grown * (0.24 * wave + 0.13 * fine) - 0.22 * prints * np.clip(plane.near * 1.5, 0, 1), np.float32)


def _wear(plane: Ground, fine: Float32) -> Float32:
    """Trodden earth: hollows, ruts along the way."""
    ruts = plane.noise(60, 900, 998) * 0.5 + plane.noise(26, 500, 999) * 0.3
    return np.asarray(0.18 * fine + 0.15 * ruts, np.float32)


def _wetness(patch: Patch) -> Float32:
    """Ground darkens where water washes over it."""
    gap = distance_to(patch, Material.WATER)
    band = 34 if sandy(patch) else 9
    return np.asarray(0.75 * (1 - smoothstep(band * 0.3, band, gap + 7 * patch.noise(40, 1001, octaves=2))), np.float32)


def _tide(patch: Patch, plane: Ground, albedo: Float32) -> Float32:
    """The last high water: sand below it is damp and darker, and a broken line of weed and shells lies along it."""
    size = 0.5 + 1.4 * plane.near
    gap = distance_to(patch, Material.WATER) / size + 26 * plane.noise(520, 220, 1003, octaves=2)
    albedo = tinted(albedo, 0.84, 0.87, 0.93, smoothstep(118, 108, gap))
    lace = plane.noise(46, 16, 1004, octaves=2)
    weed = smoothstep(4.5, 1.5, np.abs(gap - 112 + 6 * lace)) * smoothstep(-0.20, 0.15, plane.noise(150, 60, 1005))
    return tinted(albedo, 0.52, 0.50, 0.46, 0.8 * weed * smoothstep(-0.35, 0.1, lace))


def _fallen_leaves(patch: Patch, albedo: Float32, field: Float32) -> Float32:
    if Extra.FALLEN_LEAVES not in patch.script.conditions.extras:
        return albedo
    leaf = patch.script.local(Material.FOLIAGE, 1)
    share = smoothstep(0.10, 0.45, field)[..., None] * 0.4
    return np.asarray(albedo + (leaf - albedo) * share, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Broad level strokes, dry brush over them, pebbles near the eye."""
    near = ground(patch).near * np.ones(patch.shape, np.float32)
    sizes = (0.30 + 1.0 * near).astype(np.float32)
    sand = sandy(patch)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=58, width=12, spacing=17, squash=0.6, salt=161, turn=0.09, value=0.010, hue=0.004,
              opacity=0.5),
        sizes=sizes,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.BRISTLE, length=46, width=10, spacing=26, squash=0.6, salt=162, turn=0.12, value=0.022,
              hue=0.005, opacity=0.5),
        sizes=sizes,
    )  # fmt: skip
    if sand:
        _grains(patch, base, canvas, mask, near)
    strewn = ground(patch).noise(200, 90, 1002, octaves=2)
    brush_over(
        patch, base, canvas, mask & (near > 0.12) & (strewn > (0.30 if sand else 0.05)),
        Layer(tip=Tip.DAB, length=6.0, width=3.2, spacing=26, squash=0.6, salt=163, turn=0.4, value=0.04, hue=0.004,
              opacity=0.6),
        sizes=sizes, lift=np.full(patch.shape, -0.075, np.float32),
    )  # fmt: skip
    # Stones near the eye: a shadow on the side away from the light, then the stone itself, lighter than the ground.
    stones = mask & (near > 0.35) & (strewn > (0.22 if sand else -0.10))
    for salt, lift, length in ((164, -0.10, 8.5), (164, 0.055, 6.0)):
        brush_over(
            patch, base, canvas, stones,
            Layer(tip=Tip.DAB, length=length, width=0.55 * length, spacing=58, squash=0.6, salt=salt, turn=0.3,
                  value=0.03, hue=0.006, opacity=0.75),
            sizes=sizes, lift=np.full(patch.shape, lift, np.float32),
        )  # fmt: skip
    leaf_litter(patch, base, canvas, mask)


def _grains(patch: Patch, base: Float32, canvas: Float32, mask: Bool, near: Float32) -> None:
    """Sand has its grain at the feet only: a little spatter, dark and light; farther away it is one soft tone."""
    for salt, lift in ((166, -0.050), (167, 0.045)):
        brush_over(
            patch, base, canvas, mask & (near > 0.45),
            Layer(tip=Tip.SPATTER, length=30, width=18, spacing=34, squash=0.6, salt=salt, turn=3, value=0.02,
                  hue=0.006, opacity=0.5),
            sizes=near, lift=np.full(patch.shape, lift, np.float32),
        )  # fmt: skip
