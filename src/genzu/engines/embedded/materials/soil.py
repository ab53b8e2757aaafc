"""Soil and sand: warm, trodden, with ripples and pebbles that grow towards the eye."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra, Place
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.ground import Ground, ground, hued, overhung, raked
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over, placed, scatter
from genzu.engines.embedded.surface import Surface, tinted
from genzu.engines.embedded.weathering import leaf_litter, snowed
from genzu.picture.arrays import Bool, Float32

_HUES_OF_SAND = 0.3
"""Share of the warm and cool patches of other ground that sand has: it is of one kind as far as one sees."""
_SWELLS, _RIPPLES = 2.2, 20.0
"""Swells and ripples of sand for each 400 units of the eye's height that the ground lies farther away."""


def sandy(patch: Patch) -> bool:
    """True where soil is sand."""
    return patch.script.conditions.place in (Place.BEACH, Place.SEA)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Undulating ground; sand lies in ripples and is wet by the water, earth is worn and strewn."""
    script, plane, sand = patch.script, ground(patch), sandy(patch)
    kin = [script.local(Material.SOIL, k) for k in range(script.local_count(Material.SOIL))]
    wide = plane.noise(600, 240, 991, octaves=2)
    fine = plane.noise(60, 26, 992, octaves=3)
    share = np.clip(0.5 + (0.5 if sand else 0.8) * plane.noise(300, 120, 993, octaves=2), 0, 1)[..., None]
    albedo = (kin[0] + (kin[-1] - kin[0]) * share).astype(np.float32)
    varied = hued(patch, plane, albedo, 1006)
    albedo = varied if not sand else albedo + np.float32(_HUES_OF_SAND) * (varied - albedo)
    relief = _dunes(patch, plane) if sand else _wear(plane, fine)
    # Far away ground has no grain; at the feet it has the most.
    albedo = albedo * (1 + (0.03 + (0.07 if sand else 0.13) * plane.near) * fine)[..., None]
    if sand:
        # What turns to the light is warm, what turns away has the sky's cool: sand has no other greys.
        albedo = tinted(albedo.astype(np.float32), 1.05, 1.0, 0.87, np.clip(4 * relief, 0, 1))
        albedo = tinted(albedo, 0.92, 0.91, 0.97, np.clip(-4 * relief, 0, 1))
        albedo = _tide(patch, plane, albedo)
    else:
        albedo = tinted(albedo.astype(np.float32), 0.88, 0.93, 1.0, smoothstep(0.1, 0.6, -wide))
    wet = np.maximum(_wetness(patch, plane), np.float32(0.5 * script.wet) * (0.8 + 0.4 * smoothstep(-0.2, 0.5, -wide)))
    albedo = tinted(albedo, *((0.62, 0.60, 0.62) if sand else (0.52, 0.55, 0.60)), wet)
    albedo = _fallen_leaves(patch, albedo, plane.noise(30, 17, 994, octaves=2))
    light = 0.66 + 0.20 * smoothstep(-0.4, 0.6, wide) if not sand else 0.74 + 0.05 * wide
    light = light + relief - 0.12 * wet
    light = light * raked(patch, plane) - 0.10 * smoothstep(0.70, 1.0, plane.near)
    light = light * (1 - overhung(patch, plane))
    lying = 0.9 - 0.42 * smoothstep(0.4, 0.75, fine) - 0.6 * wet
    return Surface(albedo=snowed(patch, albedo, lying), light=np.clip(light, 0.05, 1).astype(np.float32), bounce=0.45)


def _dunes(patch: Patch, plane: Ground) -> Float32:
    """Slopes of sand, −0.2…0.2: long low swells, and on them fields of the ripples that wind leaves.

    Both lie on the ground in true perspective: their crests draw together and flatten out towards the horizon.
    """
    away = 400 / plane.below
    bent = plane.noise(420, 200, 995, octaves=2)
    long = plane.noise(1300, 420, 998)
    swell = np.sin(2 * np.pi * (_SWELLS * (away + 0.20 * plane.across) + 0.35 * long))
    swell = np.maximum(swell, 0) + 0.45 * np.minimum(swell, 0)  # light lies on crests, and hollows are wide and flat
    lean = 0.22 * plane.across * np.float32(np.sign(patch.light.towards[0]) or 1)
    phase = 2 * np.pi * (_RIPPLES * (away + lean) + 1.1 * bent)
    ripple = np.sin(phase + 0.5 * np.sin(phase))  # steep on their lee side
    # Far away they are closer than a brush is wide.
    apart = plane.below**2 / np.float32(400 * _RIPPLES)
    there = smoothstep(0.0, 0.5, plane.noise(520, 260, 996) + 0.22) * smoothstep(7.0, 16.0, apart)
    wide = smoothstep(26.0, 70.0, plane.below**2 / np.float32(400 * _SWELLS))
    return np.asarray(0.13 * swell * wide + 0.17 * ripple * there, np.float32)


def _wear(plane: Ground, fine: Float32) -> Float32:
    """Trodden earth: hollows, ruts along the way."""
    ruts = plane.noise(60, 900, 998) * 0.5 + plane.noise(26, 500, 999) * 0.3
    return np.asarray(0.18 * fine + 0.15 * ruts, np.float32)


def _wetness(patch: Patch, plane: Ground) -> Float32:
    """Ground darkens where water washes over it; over sand each wave runs up in tongues and leaves its own edge."""
    gap = distance_to(patch, Material.WATER)
    if not sandy(patch):
        return np.asarray(0.75 * (1 - smoothstep(2.7, 9, gap + 7 * patch.noise(40, 1001, octaves=2))), np.float32)
    run = gap / (0.55 + 1.5 * plane.near) - 15 * plane.noise(200, 320, 1001, octaves=2)
    return np.asarray(0.60 * smoothstep(33, 29, run) + 0.35 * smoothstep(17, 12, run), np.float32)


def _tide(patch: Patch, plane: Ground, albedo: Float32) -> Float32:
    """The last high water: sand below it is a little damp, and a broken line of weed and shells lies along it."""
    size = 0.5 + 1.4 * plane.near
    gap = distance_to(patch, Material.WATER) / size + 20 * plane.noise(520, 220, 1003, octaves=2)
    albedo = tinted(albedo, 0.92, 0.93, 0.96, smoothstep(86, 70, gap))
    lace = plane.noise(46, 16, 1004, octaves=2)
    weed = smoothstep(3.0, 1.0, np.abs(gap - 78 + 6 * lace)) * smoothstep(-0.05, 0.25, plane.noise(150, 60, 1005))
    return tinted(albedo, 0.62, 0.58, 0.52, 0.7 * weed * smoothstep(-0.25, 0.2, lace))


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
              opacity=0.36 if sand else 0.5, across=True),  # ripples are to be seen through them
        sizes=sizes,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.BRISTLE, length=46, width=10, spacing=26, squash=0.6, salt=162, turn=0.12, value=0.022,
              hue=0.005, opacity=0.32 if sand else 0.5, across=True),
        sizes=sizes,
    )  # fmt: skip
    if sand:
        _grains(patch, base, canvas, mask, near)
    strewn = ground(patch).noise(200, 90, 1002, octaves=2)
    brush_over(
        patch, base, canvas, mask & (near > 0.12) & (strewn > (0.42 if sand else 0.05)),
        Layer(tip=Tip.DAB, length=6.0, width=3.2, spacing=26, squash=0.6, salt=163, turn=0.4, value=0.04, hue=0.004,
              opacity=0.6),
        sizes=sizes, lift=np.full(patch.shape, -0.075, np.float32),
    )  # fmt: skip
    _pebbles(patch, base, canvas, mask & (near > 0.35) & (strewn > (0.36 if sand else -0.10)), near)
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


def _pebbles(patch: Patch, base: Float32, canvas: Float32, where: Bool, near: Float32) -> None:
    """Stones near the eye, each a little lighter than the ground, with its shade on the side away from the light."""
    points = scatter(patch, where, 58, 164, squash=0.6)
    if len(points) == 0:
        return
    rows, columns = points.index
    size = patch.unit * (0.30 + near[rows, columns]) * (4.0 + 3.5 * points.chance[:, 3])
    away = np.float32(-np.sign(patch.light.towards[0]))
    for shift, value, length in ((0.30, -0.10, 1.25), (0.0, 0.05, 1.0)):
        x, y = placed(patch, points, away * np.float32(shift) * size, np.float32(0.5 * shift) * size)
        colour = base[rows, columns].copy()
        colour[:, 0] += np.float32(value) + 0.04 * (points.chance[:, 0] - 0.5)
        colour[:, 1:] += 0.012 * (points.chance[:, 1:3] - 0.5)
        lay(
            canvas,
            Strokes(
                x=x, y=y, length=size * np.float32(length), width=size * np.float32(0.6 * length),
                angle=(0.6 * (points.chance[:, 2] - 0.5)).astype(np.float32), colour=colour,
                opacity=np.full(len(points), 0.75, np.float32), tip=Tip.DAB,
                variant=(points.chance[:, 1] * 4).astype(np.int32), region=patch.regions[rows, columns],
            ),
            patch.regions,
        )  # fmt: skip
