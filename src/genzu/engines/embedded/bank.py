"""Banks of rivers: an earthen lip under the grass, its dark picture in the water, and grass that hangs over it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import distance_to, kept
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import placed, scatter
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import oklab_from_linear

_FARTHEST = 90.0
"""Units below grass up to which water knows how far it is below it."""
_LIP = 3.0, 17.0
"""Units: height of the lip far away, and what it gains up to the camera."""
_DARK, _PICTURE = 0.30, 2.2
"""Share of the water's light that is missing in the picture of the bank, and its height in heights of the lip."""
_CALM = 0.5
"""What is left of lip and picture around a paddy: its ridge is low."""
_ENDING = 26.0
"""Units along the water in which a bank's picture ends, where a stone or a bend of the shore comes next."""
_DAMP = np.array([0.62, 0.66, 0.72], np.float32)
"""What damp leaves of the colour of earth."""
_EDGE = 5.0
"""Units of grass beside the water from which blades hang."""
_NEAREST = 0.03
"""Share of the way to the camera from which single blades are seen."""


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    kept(scene, "banks", _banks)
    kept(scene, "ends of banks", _ends)


def lipped(patch: Patch, canvas: Float32) -> None:
    """Paint earth and its picture along the banks into the (h, w, 3) OKLab canvas, in place."""
    field = kept(patch.scene, "banks", _banks)
    if patch.scene.largest(np.asarray(_FARTHEST - field, np.float32), patch.bounds) <= 0:
        return
    below = patch.scene.sample(field, patch.bounds)
    ends = patch.scene.sample(kept(patch.scene, "ends of banks", _ends), patch.bounds)
    near = ground(patch).near
    script, light = patch.script, patch.light
    calm = _CALM if script.conditions.place is Place.RICE_FIELD else 1.0
    earth = script.local(Material.SOIL) * _DAMP * (light.ambient * 0.45 + light.key * 0.10)
    there = (below < _FARTHEST - 1) & (patch.materials == Material.WATER)
    for piece in patch.pieces(there):
        view = piece.within(patch)
        tall = calm * (_LIP[0] + _LIP[1] * near[view[0]])
        uneven = 0.8 + 0.4 * piece.noise(26, 1091, octaves=2)
        gap = below[view] + 0.8 * piece.noise(5, 1092, octaves=2)
        lip = tall * np.clip(uneven, 0.35, 1.3) * np.minimum(1.6 * ends[view], 1)
        air = air_share(piece.depth, script.haze_density, script.haze_density)[..., None]
        colour = oklab_from_linear((earth + (script.haze - earth) * air).astype(np.float32))
        down = np.clip(gap / np.maximum(lip, 0.1), 0, 1)
        colour[..., 0] += 0.045 * (piece.noise(7, 1093, octaves=2, stretch=1.6)) - 0.10 * down
        water = there[view]  # and nothing else of a piece, for how large it is depends on the tile
        share = smoothstep(0.6, -0.6, np.asarray(gap - lip, np.float32)) * water
        dark = _DARK * calm * np.clip(1 - (gap - lip) / (_PICTURE * tall), 0, 1) * water * (1 - share) * ends[view]
        plain = canvas[view]
        plain *= (1 - dark)[..., None]
        plain += (colour - plain) * (0.9 * share)[..., None]


def overhung(patch: Patch, canvas: Float32, without: Float32) -> None:
    """Blades that hang over the edge and the line that was drawn there, in groups.

    ``canvas`` (h, w, 3) OKLab is changed in place, and so is ``without``, the same before any line was drawn.
    """
    if patch.script.snow > 0.5 or not (patch.materials == Material.WATER).any():
        return
    near = ground(patch).near[:, 0]
    edge = (patch.materials == Material.GRASS) & (near > _NEAREST)[:, None]
    edge &= distance_to(patch, Material.WATER) < _EDGE
    edge &= _above(patch.materials == Material.WATER, round(_EDGE * patch.unit) + 1)
    if not edge.any():
        return
    for salt, spacing, value, turn in ((1094, 3.6, -0.055, 0.9), (1095, 4.6, 0.015, 1.6)):
        points = scatter(patch, edge, spacing, salt)
        x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
        group = noise_at(x / 30, y / 30, mix_seed(patch.script.seed, salt))
        points = points.where(points.chance[:, 0] < 0.40 + 0.8 * group)
        points = points.sorted_by(points.y)
        if len(points) == 0:
            continue
        rows, columns = points.index
        size = (patch.unit * (9 + 22 * near[rows]) * (0.55 + 0.8 * points.chance[:, 1])).astype(np.float32)
        angle = (np.pi / 2 + turn * (points.chance[:, 3] - 0.5)).astype(np.float32)
        at_x, at_y = placed(patch, points, np.cos(angle) * 0.36 * size, np.sin(angle) * 0.36 * size)
        up = np.clip(rows - round(6 * patch.unit), 0, patch.bounds.height - 1)
        up = np.where(patch.materials[up, columns] == Material.GRASS, up, rows)
        colour = canvas[up, columns].copy()
        colour[:, 0] += np.float32(value) + 0.04 * (points.chance[:, 2] - 0.5)
        before = canvas.copy(order="K")
        lay(
            canvas,
            Strokes(
                x=at_x, y=at_y, length=size, width=size * np.float32(0.6), angle=angle, colour=colour,
                opacity=np.full(len(points), 0.85, np.float32), tip=Tip.BLADES,
                variant=(points.chance[:, 2] * 97).astype(np.int32),
            ),
        )  # fmt: skip
        np.copyto(without, canvas, where=(before != canvas).any(-1)[..., None])


def _above(mask: Bool, reach: int) -> Bool:
    """(h, w): what lies up to ``reach`` px above ``mask``."""
    found = np.zeros_like(mask)
    for step in range(1, reach + 1):
        found[:-step] |= mask[step:]
    return found


def _banks(scene: Scene) -> Float32:
    """(h, w) units that water lies below the grass right above it, at most :data:`_FARTHEST`."""
    water, grass = (scene.small_materials == kind for kind in (Material.WATER, Material.GRASS))
    rows = np.arange(len(water), dtype=np.float32)[:, None]
    ends = np.maximum.accumulate(np.where(water, np.float32(-1), rows), axis=0)
    above = np.take_along_axis(grass, np.maximum(ends, 0).astype(np.intp), axis=0) & (ends >= 0)
    gap = (rows - ends - np.float32(0.5)) / np.float32(scene.shrink * scene.unit)
    return np.where(water & above, np.minimum(gap, _FARTHEST), np.where(grass, 0, _FARTHEST)).astype(np.float32)


def _ends(scene: Scene) -> Float32:
    """(h, w) 0–1: 0 where a bank ends beside open water, 1 a little farther along: its picture has no upright edge."""
    water, below = scene.small_materials == Material.WATER, kept(scene, "banks", _banks)
    room = np.float32(_ENDING * scene.shrink * scene.unit)
    gap = np.where(water & (below >= _FARTHEST - 1), np.float32(0), room).T
    for turned in (gap, gap[::-1]):
        for before, here in pairwise(turned):
            np.minimum(before + 1, here, out=here)
    return smoothstep(0, float(room), np.ascontiguousarray(gap.T))
