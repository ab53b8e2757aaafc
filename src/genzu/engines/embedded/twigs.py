"""Crowns in winter: what has no needles is bare, a veil of twigs with air in it and boughs before it."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import boughs
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import conifers, tiers_of
from genzu.engines.embedded.fields import bulge, outward, thickness
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import Layer, Points, brush_over, placed, scatter, unit_at
from genzu.picture.arrays import Bool, Float32

_ENDS = 20.0
"""Units from the end of a crown within which its last twigs begin."""
_TIP_DARK = np.float32(0.07)
"""How much darker than their veil they are, OKLab lightness."""
_NEAR_BOUGH = 0.5
"""Depth up to which a bough that is drawn by itself is seen to be one."""
_HANGS = 20.0
"""Units above the horizon at which a bough ends; a hedge does not."""
_UNPARTED = 0.45
"""Share of a pine's bough that its largest part is at least."""
_BARE: WeakKeyDictionary[Scene, Bool] = WeakKeyDictionary()


def bare(patch: Patch) -> Bool | None:
    """(h, w): what is no conifer has lost its leaves in winter; ``None`` in other seasons."""
    if patch.script.conditions.season is not Season.WINTER:
        return None
    return np.asarray(bare_regions(patch.scene)[patch.ids], bool)


def between(patch: Patch, twigs: Bool) -> Float32:
    """0–1: how much of what lies behind a bare crown is seen; the fine ends of the twigs are its thinnest part."""
    net = smoothstep(-0.30, 0.40, patch.noise(7, 979, octaves=2) + 0.6 * patch.noise(32, 980, octaves=2))
    ends = 1 - smoothstep(4, 34, patch.inner)
    # Behind the first trees of a wood are others.
    deep = smoothstep(150, 240, thickness(patch))
    return np.asarray((0.64 + 0.08 * ends - 0.30 * net) * (1 - 0.72 * deep) * twigs, np.float32)


def bare_regions(scene: Scene) -> Bool:
    """By region id: which leaves have fallen. What has needles keeps them."""
    scene = scene.source
    if scene not in _BARE:
        needles = _pine_boughs(scene)
        for tree in conifers(scene):
            needles |= tiers_of(scene, tree)[: len(needles)]
        _BARE[scene] = ~needles
    return _BARE[scene]


def _pine_boughs(scene: Scene) -> Bool:
    """By region id: a bough that is drawn by itself, long and level above the horizon, is a pine's."""
    count, units = len(scene.forms.long), scene.shrink * scene.unit
    # A far wood that is seen below a bough is not of it.
    near = (scene.small_materials == Material.FOLIAGE) & (scene.small_depth < _NEAR_BOUGH)
    masses, number = mahotas.label(near, Bc=np.ones((3, 3), bool))
    y, x = np.nonzero(near)
    mass = masses[near]
    size = np.maximum(np.bincount(mass, minlength=number + 1), 1)

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(mass, values, number + 1) / size)

    middle_x, middle_y = mean(x * 1.0), mean(y * 1.0)
    dx, dy = x - middle_x[mass], y - middle_y[mass]
    xx, yy, xy = mean(dx * dx), mean(dy * dy), mean(dx * dy)
    spread = np.hypot((xx - yy) / 2, xy)
    long, thick = (np.sqrt(12 * np.maximum((xx + yy) / 2 + side * spread, 0.1)) / units for side in (1, -1))
    lowest = np.zeros(number + 1)
    np.maximum.at(lowest, mass, y + 1.0)
    bough = (long > 1.8 * thick) & (thick < 130) & (np.abs(0.5 * np.arctan2(2 * xy, xx - yy)) < 0.8)
    bough &= lowest / units < scene.reading.horizon / scene.unit - _HANGS
    of = scene.small_regions[near]
    # A crown's bough is parted into lumps.
    largest = np.zeros(number + 1)
    np.maximum.at(largest, mass, np.bincount(of)[of])
    bough &= largest > _UNPARTED * size
    share = np.bincount(of, bough[mass], count) / np.maximum(np.bincount(of, minlength=count), 1)
    return np.asarray(share > 0.5)


def drawn(patch: Patch, base: Float32, canvas: Float32, crown: Bool, scale: Float32) -> None:
    """Boughs, and the sprays of twigs that fan outwards and up from them: dark ones, then some that catch the light."""
    form_x, form_y = outward(patch)
    angles = np.arctan2(form_y - 0.35, form_x).astype(np.float32)
    calm = (1 - 0.6 * smoothstep(0.30, 0.75, patch.depth)) * np.clip(1.6 * base[..., 0], 0.3, 1)
    sizes = np.clip(scale, 0.35, 1.0).astype(np.float32)
    dense = patch.noise(26, 985, octaves=2)
    for tip, length, width, spacing, salt, lift in (
        (Tip.NEEDLES, 27, 20, 13, 137, -0.030), (Tip.NEEDLES, 18, 12, 13, 138, 0.025),
        (Tip.STREAK, 26, 1.9, 6.5, 139, -0.10), (Tip.STREAK, 19, 1.6, 9.5, 140, 0.04),
    ):  # fmt: skip
        fine = tip is Tip.STREAK
        brush_over(
            patch, base, canvas, crown & (dense > -0.25) if fine else crown,
            Layer(tip=tip, length=length, width=width, spacing=spacing, salt=salt, turn=0.75 if fine else 0.6,
                  value=0.02, hue=0.006, opacity=0.8 if fine else 0.55, clip=False),
            angles=angles, sizes=sizes, lift=np.asarray(lift * calm, np.float32),
        )  # fmt: skip
    boughs.drawn(patch, base, canvas, boughs.grown(patch.scene.source, bare_regions(patch.scene)))


def fringe(patch: Patch, canvas: Float32, crown: Bool, scale: Float32) -> None:
    """Fine twigs that end where a bare crown (h, w), or a mass drawn in it, ends: no contour is drawn around air."""
    gap = bulge(patch)
    to_x, to_y = outward(patch)
    # Twigs rise: where a mass ends below there are none.
    rises = to_y < np.float32(0.05) * np.abs(to_x)
    points = scatter(patch, crown & (gap < _ENDS) & rises, 3.6, 1361)
    if len(points) == 0:
        return
    rows, columns = points.index
    out_x, out_y = unit_at(points, to_x, to_y)
    size = 24 * np.clip(scale[rows, columns], 0.35, 1) * (0.7 + 0.6 * points.chance[:, 2])
    move = (gap[rows, columns] - np.float32(0.5) * size + 3 * points.chance[:, 3] - np.float32(0.5)) * patch.unit
    colour = _lightest(canvas, crown, points, max(2, round(6 * patch.unit)))
    dark = (_TIP_DARK + np.float32(0.06) * points.chance[:, 0]) * np.clip(1.6 * colour[:, 0], 0.3, 1)
    colour[:, 0] -= dark * (1 - 0.6 * patch.depth[rows, columns])
    x, y = placed(patch, points, out_x * move, out_y * move)
    lay(
        canvas,
        Strokes(
            x=x, y=y,
            length=(size * patch.unit).astype(np.float32),
            width=(np.maximum(0.08 * size, 1.2) * patch.unit).astype(np.float32),
            angle=(np.arctan2(out_y, out_x) + 1.5 * (points.chance[:, 1] - 0.5)).astype(np.float32), colour=colour,
            opacity=np.full(len(points), 0.85, np.float32), tip=Tip.STREAK,
            variant=(points.chance[:, 1] * 97).astype(np.int32),
        ),
    )  # fmt: skip


def _lightest(canvas: Float32, crown: Bool, points: Points, step: int) -> Float32:
    """(n, 3) the lightest paint of the crown here, ``step`` px to the left and above: the veil's, and no bough's."""
    rows, columns = points.index
    colour = canvas[rows, columns].copy()
    for row, column in ((rows, np.maximum(columns - step, 0)), (np.maximum(rows - step, 0), columns)):
        lighter = (canvas[row, column, 0] > colour[:, 0]) & crown[row, column]
        colour[lighter] = canvas[row, column][lighter]
    return colour
