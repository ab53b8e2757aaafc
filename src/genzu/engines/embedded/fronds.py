"""Boughs of conifers: fans of needles in layers, each with its shade below and its light on top, tier over tier.

A tier that is drawn is no cloth: it is many boughs that droop from the stem, those of the next row seen in the gaps.
They are laid row by row from the foot of the tree to its top, so that upper ones hang over lower ones; where the
pencil ends a tier or the tree, their tips end, some before the line and some a little beyond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import Conifer, behind_tiers, conifers, crown_of, needled, rim_of, skirts
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import blur, one_of
from genzu.engines.embedded.strokes import Points, placed, scatter
from genzu.engines.embedded.surface import air_share
from genzu.engines.embedded.weathering import SNOW
from genzu.picture.arrays import Bool, Float32, Int32
from genzu.picture.colour import oklab_from_linear

_REACH = 60.0
"""Units around needles from which their boughs may come."""
_LONG, _SPREAD = 0.075, 0.50
"""Length of a bough as a share of its tree's height, and its breadth as a share of its length."""
_SHORTEST, _LONGEST = 10.0, 38.0
_ROOM = 0.62
"""Share of the crown's half width at its height that a bough is long at most: towards the top they are short."""
_PENCIL = 60
"""Byte of ink from which a pencil's line ends a tier."""
_AROUND = 7.0
"""Units around a bough from which its colour is taken: it has one, and not that of a single stroke."""
_STEM, _GLOOM = 16.0, 0.48
"""Units below needles in which a stem is in their shade, and the share of its light that is missing there."""
_OPEN = (Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.GRASS, Material.SOIL, Material.WATER, Material.TRUNK)
"""What tips may always hang before."""
_BEHIND = 0.03
"""How much deeper in the picture something must stand, for tips to hang before it."""
_HANGING = 0.64
"""Share of the edge of a tier over which tips hang, in groups."""
_SHADE, _LIGHT = 0.10, 0.15
"""Steps of OKLab lightness from the needles of a bough to its shade, and to its light."""
_WARM, _COOL = np.array([0.0, -0.006, 0.022], np.float32), np.array([0.0, 0.004, -0.016], np.float32)
"""OKLab: what the light adds to a bough, and what its shade does."""
_GAP, _DARK = ((3.0, 2.6), (8.0, 4.0)), 0.12
"""Reach in units and weight of the gap beyond a line, and the share of its light that it loses."""
_TIER = ((7.0, 3.0), (22.0, 5.0))
"""Reach in units and weight of light and shade at drawn lines."""


@dataclass(frozen=True, slots=True)
class _Boughs:
    """(n,) each, in painting order; in px of the patch."""

    x: Float32
    y: Float32
    length: Float32
    angle: Float32
    chance: Float32
    """(n, 4)."""
    colour: Float32
    """(n, 3) OKLab."""
    tier: Float32
    """−1 deep under a tier … 1 at its tips."""
    light: Float32
    """0–1: how much of the light it catches."""
    snow: Float32
    """0–1: how thickly snow lies on it."""
    calm: Float32
    """0–1: what the air and the dark leave of its contrasts."""


def covered(patch: Patch, canvas: Float32) -> None:
    """Paint the boughs of all conifers into the (h, w, 3) OKLab canvas, in place."""
    needles = needled(patch)
    if needles is None:
        return
    _stem_in_shade(patch, canvas, needles)
    for tree in conifers(patch.scene):
        crown = crown_of(patch, tree, needles)
        part = patch.part(crown, margin=_REACH)
        if part is None:
            continue
        view = part.within(patch)
        here, there = canvas[view], crown[view]
        long = float(np.clip((tree.bottom - tree.top) * _LONG, _SHORTEST, _LONGEST))
        points = scatter(part, there, 0.76 * long, mix_seed(1361, round(tree.x)) % 100003, squash=0.72)
        back = part.of_region(behind_tiers(part.scene, tree))
        # What lies behind the tiers comes first, and then row by row from the foot.
        rows, columns = points.index
        points = points.where(np.lexsort((-points.y, ~back[rows, columns])))
        boughs = _grown(part, here, there, tree, points, long, back)
        rows, columns = points.index
        _laid(part, here, boughs, part.regions[rows, columns])


def _stem_in_shade(patch: Patch, canvas: Float32, needles: Bool) -> None:
    """The stem comes out of the dark under the lowest tier, in place."""
    stem = patch.materials == Material.TRUNK
    if not stem.any():
        return
    above, down = needles.copy(), round(_STEM * patch.unit)
    for step in (down // 4, down // 2, down):  # what lies up to so far below needles
        if step:
            above[step:] |= above[:-step]
    shade = blur(above, max(0.5 * down, 0.6)) * stem
    canvas *= (1 - np.float32(_GLOOM) * shade)[..., None]


def hung(patch: Patch, canvas: Float32, without: Float32) -> None:
    """The last tips, over the drawn lines in needles and around them, in groups; in place."""
    needles = needled(patch)
    if needles is None:
        return
    rim = rim_of(patch, needles)
    edge = needles & ((patch.contour > _PENCIL) | rim)
    for tree in conifers(patch.scene):
        crown = crown_of(patch, tree, needles)
        part = patch.part(crown & edge, margin=_REACH)
        if part is None:
            continue
        view = part.within(patch)
        here, there = canvas[view], crown[view]
        _parted(part, here, there)
        long = 0.62 * float(np.clip((tree.bottom - tree.top) * _LONG, _SHORTEST, _LONGEST))
        points = scatter(part, there & edge[view], 0.26 * long, mix_seed(1363, round(tree.x)) % 100003)
        seed = mix_seed(part.script.seed, 1364)
        at_x, at_y = (points.x + part.bounds.x) / part.unit, (points.y + part.bounds.y) / part.unit
        group = noise_at(at_x / 24, at_y / 24, seed)
        points = points.where(points.chance[:, 0] < _HANGING + 0.7 * group)
        points = points.sorted_by(-points.y)
        if len(points) == 0:
            continue
        before = here.copy()
        _hung(part, here, there, tree, points, long, rim[view])
        np.copyto(without[view], here, where=(before != here).any(-1)[..., None])


def _free(patch: Patch, crown: Bool, x: Float32, y: Float32, rows: Int32, columns: Int32) -> Bool:
    """(n,): tips in the crown, before the open, or before what stands farther away than the crown at ``rows``."""
    tip = (
        np.clip(y, 0, patch.bounds.height - 1).astype(np.int32),
        np.clip(x, 0, patch.bounds.width - 1).astype(np.int32),
    )
    behind = patch.depth[tip] > patch.depth[rows, columns] + _BEHIND
    return np.asarray(crown[tip] | behind | one_of(patch.materials[tip], _OPEN))


def _parted(patch: Patch, canvas: Float32, crown: Bool) -> None:
    """Deepen the gap right beyond each line, in place: what tips hang over is dark, or they would not be seen."""
    turn = skirts(patch, _GAP) * crown
    canvas[..., 0] *= 1 - np.float32(_DARK) * np.maximum(-turn, 0)
    canvas[..., 1:] *= (1 - np.float32(0.5 * _DARK) * np.maximum(-turn, 0))[..., None]


def _hung(patch: Patch, canvas: Float32, crown: Bool, tree: Conifer, points: Points, long: float, rim: Bool) -> None:
    x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
    half = np.maximum(y - tree.top, 4) * tree.slope + 5
    side = np.clip((x - tree.x) / half, -1, 1)
    angle = (np.pi / 2 - 1.05 * side + 0.6 * (points.chance[:, 2] - 0.5)).astype(np.float32)
    length = (patch.unit * np.minimum(long, _ROOM * half + 5) * (0.6 + 0.8 * points.chance[:, 3])).astype(np.float32)
    # Its tip lies on the line, or up to a few units beyond.
    rows, columns = points.index
    beyond = np.where(rim[rows, columns], np.float32(14), np.float32(4.5)) * points.chance[:, 1] ** 1.4 - 1.0
    back = -0.5 * length + patch.unit * beyond
    cos, sin = np.cos(angle), np.sin(angle)
    at_x, at_y = placed(patch, points, cos * back, sin * back)
    from_x, from_y = at_x - cos * 0.2 * length, at_y - sin * 0.2 * length
    rows = np.clip(from_y, 0, patch.bounds.height - 1).astype(np.int32)
    columns = np.clip(from_x, 0, patch.bounds.width - 1).astype(np.int32)
    fits = crown[rows, columns] & _free(
        patch, crown, at_x + cos * 0.5 * length, at_y + sin * 0.5 * length, rows, columns
    )
    colour = canvas[rows, columns].copy()
    lift = 0.05 * np.clip(0.6 + 0.6 * side * patch.light.towards[0], 0, 1)
    colour[:, 0] += lift * np.clip(colour[:, 0] * 2.2, 0.3, 1)
    lay(
        canvas,
        Strokes(
            x=at_x[fits], y=at_y[fits], length=length[fits], width=length[fits] * np.float32(_SPREAD),
            angle=angle[fits], colour=colour[fits].astype(np.float32),
            opacity=np.full(int(fits.sum()), 0.88, np.float32), tip=Tip.FROND,
            variant=(points.chance[fits, 1] * 97).astype(np.int32),
        ),
    )  # fmt: skip


def _grown(
    patch: Patch, canvas: Float32, crown: Bool, tree: Conifer, points: Points, long: float, back: Bool
) -> _Boughs:
    rows, columns = points.index
    x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
    half = np.maximum(y - tree.top, 4) * tree.slope + 5
    side = np.clip((x - tree.x) / half, -1, 1)
    angle = np.pi / 2 - 1.05 * side + 0.5 * (points.chance[:, 2] - 0.5)
    length = np.minimum(long, _ROOM * half + 5) * (0.7 + 0.6 * points.chance[:, 3])
    colour = _mean(patch, canvas, crown, points)
    tier = skirts(patch, _TIER)[rows, columns] - 0.45 * back[rows, columns]
    towards = patch.light.towards
    seed = mix_seed(patch.script.seed, 1362)
    group = noise_at(x / 38, y / 26, seed) + 0.5 * noise_at(x / 13, y / 11, seed + 1)
    light = np.clip(0.42 + 0.55 * side * towards[0] + 0.45 * group + 0.35 * tier, 0, 1)
    calm = (1 - 0.7 * smoothstep(0.3, 0.8, patch.depth[rows, columns])) * np.clip(colour[:, 0] * 2.2, 0.3, 1)
    return _Boughs(
        x=points.x, y=points.y, length=(length * patch.unit).astype(np.float32), angle=angle.astype(np.float32),
        chance=points.chance, colour=colour, tier=tier.astype(np.float32), light=light.astype(np.float32),
        snow=(patch.script.snow * np.clip(0.72 + 0.45 * group + 0.7 * np.minimum(tier, 0.3), 0, 1)).astype(np.float32),
        calm=calm.astype(np.float32),
    )  # fmt: skip


def _mean(patch: Patch, canvas: Float32, crown: Bool, points: Points) -> Float32:
    """(n, 3) mean colour of the needles around."""
    rows, columns = points.index
    reach = max(1, round(_AROUND * patch.unit))
    total, share = np.zeros((len(points), 3), np.float32), np.zeros((len(points), 1), np.float32)
    for down, right in ((0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)):
        there = np.clip(rows + down, 0, patch.bounds.height - 1), np.clip(columns + right, 0, patch.bounds.width - 1)
        inside = crown[there][:, None]
        total += canvas[there] * inside
        share += inside
    return total / np.maximum(share, 1)


_FAN = (
    # turn, length, away from the root, up, light
    (-0.30, 1.00, 0.74, -0.14, -1.0), (0.30, 1.00, 0.74, -0.14, -1.0), (0.0, 1.10, 0.80, -0.16, -1.0),
    (-0.46, 0.80, 0.46, 0.0, 0.0), (0.46, 0.80, 0.46, 0.0, 0.0), (-0.22, 0.92, 0.52, 0.0, 0.0),
    (0.22, 0.92, 0.52, 0.0, 0.0), (0.0, 1.0, 0.54, 0.0, 0.0),
    (-0.40, 0.56, 0.44, 0.05, 0.8), (0.40, 0.56, 0.44, 0.05, 0.8), (-0.14, 0.66, 0.54, 0.05, 1.0),
    (0.16, 0.60, 0.46, 0.08, 1.0),
)  # fmt: skip
"""Fronds of a bough, in painting order: turn in radians; length, way from its root and upwards in its lengths.

Last −1 for its shade, 0 for its needles, more for those that catch the light.
"""


def _snow(patch: Patch, boughs: _Boughs, points: Points) -> Float32 | None:
    """(n, 3) OKLab of snow on boughs; ``None`` where none lies."""
    script, light = patch.script, patch.light
    if script.snow <= 0:
        return None
    shine = (0.10 + 0.55 * boughs.light)[:, None]
    linear = SNOW * (light.ambient * 0.80 + light.key * shine + light.bounce * 0.1)
    rows, columns = points.index
    air = air_share(patch.depth[rows, columns], script.haze_density, script.haze_density)[:, None]
    return oklab_from_linear((linear + (script.haze - linear) * air)[None].astype(np.float32))[0]


def _laid(patch: Patch, canvas: Float32, boughs: _Boughs, inside: Int32 | None = None) -> None:
    """A fan of fronds for each bough: its shade on what is below, its needles, and their light."""
    count = len(boughs.x)
    if count == 0:
        return
    points = Points(boughs.x, boughs.y, boughs.chance)
    towards = patch.light.towards
    calm = boughs.calm[:, None]
    lit = (boughs.calm * boughs.light)[:, None]
    body = boughs.colour.copy()
    body[:, 0] += boughs.calm * (0.060 * boughs.tier + 0.05 * (boughs.chance[:, 0] - 0.5) - 0.03)
    snow = _snow(patch, boughs, points)
    marks = []
    for number, (turn, size, away, up, light) in enumerate(_FAN):
        jitter = np.mod(boughs.chance[:, number % 4] * np.float32(7.3 + 5.1 * number), 1) - np.float32(0.5)
        angle = boughs.angle + np.float32(turn) + np.float32(0.22) * jitter
        length = boughs.length * np.float32(size) * (1 + np.float32(0.3) * jitter)
        reach = boughs.length * np.float32(away)
        dx = np.cos(angle) * reach + (towards[0] * 0.05 * boughs.length if light > 0 else 0)
        dy = np.sin(angle) * reach - np.float32(up + 0.45) * boughs.length
        x, y = placed(patch, points, dx, dy)
        colour = body + np.float32(0.012) * jitter[:, None] * np.array([1.5, 0, 0], np.float32)
        opacity = np.full(count, 0.85, np.float32)
        if light < 0:
            colour[:, 0] -= boughs.calm * (_SHADE - 0.03 * np.minimum(boughs.tier, 0))
            colour += _COOL * calm
        elif light > 0:
            colour += np.float32(light) * lit * _WARM
            colour[:, 0] += np.float32(light) * (_LIGHT * lit[:, 0])
            opacity = np.clip(0.15 + 1.1 * boughs.light, 0, 0.9)
            if snow is not None:
                share = smoothstep(0.1, 0.5, boughs.snow)
                colour += (snow - colour) * share[:, None]
                opacity = np.maximum(opacity, 0.95 * share)
        marks.append(
            (x, y, length, angle, colour, opacity, np.mod(boughs.chance[:, 1] * 97 + number, 4).astype(np.int32))
        )
    x, y, length, angle, opacity, variant = (np.stack([m[k] for m in marks], 1).ravel() for k in (0, 1, 2, 3, 5, 6))
    colour = np.stack([m[4] for m in marks], 1).reshape(-1, 3)
    lay(
        canvas,
        Strokes(
            x=x, y=y, length=length.astype(np.float32), width=(length * np.float32(_SPREAD)).astype(np.float32),
            angle=angle.astype(np.float32), colour=colour.astype(np.float32), opacity=opacity.astype(np.float32),
            tip=Tip.FROND, variant=variant, region=None if inside is None else np.repeat(inside, len(_FAN)),
        ),
        patch.regions,
    )  # fmt: skip
