"""Boughs of conifers: fans of needles in layers, each with its shade below and its light on top, tier over tier.

A tier that is drawn is no cloth: it is many boughs that droop from the stem, those of the next row seen in the gaps.
They are laid row by row from the foot of the tree to its top, so that upper ones hang over lower ones; where the
pencil ends a tier or the tree, their tips end, some before the line and some a little beyond.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import (
    behind_tiers,
    conifers,
    crown_of,
    gaps_of,
    needled,
    outline_of,
    outwards,
    skirts,
    under_hems,
)
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import blur, one_of, widened
from genzu.engines.embedded.strokes import Points, placed, scatter
from genzu.engines.embedded.surface import air_share
from genzu.engines.embedded.weathering import SNOW
from genzu.picture.arrays import Bool, Float32, Int32
from genzu.picture.colour import oklab_from_linear
from genzu.picture.spires import Conifer

REACH = 60.0
"""Units around needles from which their boughs may come."""
_LONG, _SPREAD = 0.075, 0.50
"""Length of a bough as a share of its tree's height, and its breadth as a share of its length."""
_SHORTEST, _LONGEST = 10.0, 38.0
_FINE, _SMALL, _ABOVE_END = 0.28, 0.55, 5.0
"""Spacing of smaller boughs where a tier ends, their length, in those of a bough; units above the end of their places.
"""
ROOM = 0.62
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
_REACHING, _NEAR_PENCIL = 0.34, 9.0
"""Spacing of boughs that reach out of the crown in those of a bough, and units from the pencil's outline they keep."""
_SHADE, _LIGHT = 0.10, 0.17
"""Steps of OKLab lightness from the needles of a bough to its shade, and to its light."""
WARM, _COOL = np.array([0.0, -0.006, 0.022], np.float32), np.array([0.0, 0.004, -0.016], np.float32)
"""OKLab: what the light adds to a bough, and what its shade does."""
_ARCH, _DROOP, _HEAVY = 0.30, 0.45, 0.25
"""Radians that a bough leaves its stem flatter than it lies, and hangs steeper at its end; how far each twig hangs."""
_HOLLOW, _UNDER_HEM, _IN_FOLD = 0.22, 0.36, 0.20
"""Share of the light that is missing between boughs, besides under a tier, and where one begins under another."""
_FOLD, _FALLS = 0.5, (2.0, 4.0, 7.0, 11.0, 16.0)
"""How deep that is, in the shade right under a hem, and units in which it falls off."""
_FAR_BACK = 0.2
"""The same of boughs that lie behind the tiers."""
_SUN, _SHADY = 0.030, 0.035
"""Steps of OKLab lightness from the middle of a tree to its side in the light, and to the other."""
_TIER = ((7.0, 3.0), (22.0, 5.0))
"""Reach in units and weight of light and shade at drawn lines."""


@dataclass(frozen=True, slots=True)
class _Boughs:
    """(n,) each, in painting order; in px of the patch."""

    x: Float32
    y: Float32
    length: Float32
    angle: Float32
    side: Float32
    """−1 out to the left … 1 to the right."""
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

    def where(self, keep: Bool) -> _Boughs:
        """Those for which ``keep`` (n,) is true."""
        return _Boughs(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})


def covered(patch: Patch, canvas: Float32) -> None:
    """Paint the boughs of all conifers into the (h, w, 3) OKLab canvas, in place."""
    needles = needled(patch)
    if needles is None:
        return
    _stem_in_shade(patch, canvas, needles)
    for tree in conifers(patch.scene):
        crown = crown_of(patch, tree, needles)
        part = patch.part(crown, margin=REACH)
        if part is None:
            continue
        view = part.within(patch)
        here, there = canvas[view], crown[view]
        long = length_of(tree)
        points = scatter(part, there, 0.76 * long, mix_seed(1361, round(tree.x)) % 100003, squash=0.72)
        fine = scatter(part, there & _ends(part, there), _FINE * long, mix_seed(1365, round(tree.x)) % 100003)
        small = np.arange(len(points) + len(fine)) >= len(points)
        points = joined(points, fine)
        back = part.of_region(behind_tiers(part.scene, tree))
        # What lies behind the tiers comes first, and then row by row from the foot.
        rows, columns = points.index
        rank = np.lexsort((-points.y, ~back[rows, columns]))
        points, small = points.where(rank), small[rank]
        fold = _folded(part, part.of_region(gaps_of(part.scene, tree)) & there)
        boughs = _grown(part, here, there, tree, points, long * np.where(small, np.float32(_SMALL), 1), back, fold)
        _deepened(part, here, there, fold)
        _laid(part, here, boughs, part.regions[points.index])
        _outermost(part, here, there, tree, long, back)


def length_of(tree: Conifer) -> float:
    """Units of length of a bough of this tree."""
    return float(np.clip((tree.bottom - tree.top) * _LONG, _SHORTEST, _LONGEST))


def _outermost(patch: Patch, canvas: Float32, crown: Bool, tree: Conifer, long: float, back: Bool) -> None:
    """Single boughs that reach out of the crown where nobody drew its outline, in place."""
    drawn = widened((patch.contour > _PENCIL).view(np.uint8), max(1, round(_NEAR_PENCIL * patch.unit))) > 0
    ends = crown & outline_of(patch, crown) & ~drawn
    points = scatter(patch, ends, _REACHING * long, mix_seed(1369, round(tree.x)) % 100003)
    points = points.sorted_by(-points.y)
    if len(points) == 0:
        return
    boughs = _grown(patch, canvas, crown, tree, points, np.float32(0.75 * long), back)
    reach = 0.75 * boughs.length
    rows, columns = points.index
    fits = free(
        patch, crown, points.x + np.cos(boughs.angle) * reach, points.y + np.sin(boughs.angle) * reach, rows, columns
    )
    _laid(patch, canvas, boughs.where(fits), None)


def joined(one: Points, other: Points) -> Points:
    """Both, in this order."""
    return Points(
        np.concatenate([one.x, other.x]), np.concatenate([one.y, other.y]), np.concatenate([one.chance, other.chance])
    )


def pencilled(patch: Patch) -> Bool:
    """(h, w): the pencil's lines, each about as wide as a unit more than it is."""
    return np.asarray(widened((patch.contour > _PENCIL).view(np.uint8), max(1, round(0.7 * patch.unit))), bool)


def _ends(patch: Patch, crown: Bool) -> Bool:
    """(h, w): where a tier or the crown ends, and a little above: there boughs are smaller and closer."""
    ends = (pencilled(patch) | outline_of(patch, crown)) & crown
    above = ends.copy()
    for step in range(1, max(1, round(_ABOVE_END * patch.unit)) + 1):
        above[:-step] |= ends[step:]
    return above


def _folded(patch: Patch, gap: Bool) -> Float32:
    """(h, w) 0–1: shade right under the drawn top of a tier, among the needles of the one above; none farther down."""
    fold = np.zeros(patch.shape, np.float32)
    if gap.any():
        for down in _FALLS:
            step = max(1, round(down * patch.unit))
            fold[step:] += ~gap[:-step]
        fold *= gap * np.float32(1 / len(_FALLS))
    return fold


def _deepened(patch: Patch, canvas: Float32, crown: Bool, fold: Float32) -> None:
    """Where no bough is one looks into the shade between them; in place."""
    deep = (np.float32(_HOLLOW) + np.float32(_UNDER_HEM) * under_hems(patch)) * crown
    deep += np.float32(_IN_FOLD) * fold
    canvas[..., 0] *= 1 - deep
    canvas[..., 1:] *= (1 - np.float32(0.5) * deep)[..., None]


def shade_of(patch: Patch) -> np.float32:
    """OKLab lightness of needles that only the sky lights, and hardly that."""
    green = patch.script.local(Material.FOLIAGE) * (patch.light.ambient * 0.28 + patch.light.key * 0.06)
    return np.float32(oklab_from_linear(green[None].astype(np.float32))[0, 0])


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


def free(patch: Patch, crown: Bool, x: Float32, y: Float32, rows: Int32, columns: Int32) -> Bool:
    """(n,): tips in the crown, before the open, or before what stands farther away than the crown at ``rows``."""
    tip = pixels(patch, x, y)
    behind = patch.depth[tip] > patch.depth[rows, columns] + _BEHIND
    return np.asarray(crown[tip] | behind | one_of(patch.materials[tip], _OPEN))


def pixels(patch: Patch, x: Float32, y: Float32) -> tuple[Int32, Int32]:
    """Rows and columns of places in px, moved into the patch."""
    return (
        np.clip(y, 0, patch.bounds.height - 1).astype(np.int32),
        np.clip(x, 0, patch.bounds.width - 1).astype(np.int32),
    )


def _grown(
    patch: Patch,
    canvas: Float32,
    crown: Bool,
    tree: Conifer,
    points: Points,
    long: Float32 | np.float32,
    back: Bool,
    fold: Float32 | None = None,
) -> _Boughs:
    rows, columns = points.index
    x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
    half = np.maximum(y - tree.top, 4) * tree.slope + 5
    whole = np.clip((x - tree.x) / half, -1, 1)
    out = outwards(patch, tree, x, y, patch.regions[rows, columns])
    # Those that come towards us lean to either side.
    side = np.clip(out + (1 - np.abs(out)) * 1.3 * (points.chance[:, 2] - 0.5), -1, 1)
    angle = np.pi / 2 - 1.0 * side + 0.3 * (points.chance[:, 1] - 0.5)
    length = np.minimum(1.3 * long, ROOM * half + 6) * (0.7 + 0.6 * points.chance[:, 3])
    colour = mean_of(patch, canvas, crown, points.index)
    deep = np.maximum(under_hems(patch)[rows, columns], np.float32(_FAR_BACK) * back[rows, columns])
    if fold is not None:
        deep = np.maximum(deep, np.float32(_FOLD) * fold[rows, columns])
    tier = np.clip(0.45 * skirts(patch, _TIER)[rows, columns] + 0.35 - 1.1 * deep, -1, 1)
    towards = patch.light.towards
    seed = mix_seed(patch.script.seed, 1362)
    group = noise_at(x / 38, y / 26, seed) + 0.5 * noise_at(x / 13, y / 11, seed + 1)
    sun = (0.6 * whole + 0.4 * out) * np.float32(np.sign(towards[0]))
    light = np.clip(0.34 + 0.55 * side * towards[0] + 0.40 * group + 0.55 * tier, 0, 1) * (1 - deep) ** 2
    calm = (1 - 0.7 * smoothstep(0.3, 0.8, patch.depth[rows, columns])) * np.clip(colour[:, 0] * 2.2, 0.3, 1)
    colour = colour * (1 - np.array([0.40, 0.25, 0.25], np.float32) * deep[:, None])
    # The whole tree has a side in the light, which is warm, and one that only the sky sees.
    shone = (np.abs(sun) * calm * (0.4 + 0.6 * patch.light.sharpness) * (1 - 0.6 * patch.script.snow))[:, None].astype(
        np.float32
    )
    warm, cool = np.append(np.float32(_SUN), 0.7 * WARM[1:]), np.append(np.float32(-_SHADY), _COOL[1:])
    colour = colour + shone * np.where(sun[:, None] > 0, warm, cool).astype(np.float32)
    calm = calm * (1 - 0.7 * deep)
    return _Boughs(
        x=points.x, y=points.y, length=(length * patch.unit).astype(np.float32), angle=angle.astype(np.float32),
        side=side.astype(np.float32), chance=points.chance, colour=colour, tier=tier.astype(np.float32),
        light=light.astype(np.float32),
        snow=(patch.script.snow * np.clip(0.72 + 0.45 * group + 0.7 * np.minimum(tier, 0.3), 0, 1)).astype(np.float32),
        calm=calm.astype(np.float32),
    )  # fmt: skip


def mean_of(patch: Patch, canvas: Float32, crown: Bool, at: tuple[Int32, Int32]) -> Float32:
    """(n, 3) mean colour of the needles around the rows and columns ``at``."""
    rows, columns = at
    reach = max(1, round(_AROUND * patch.unit))
    total, share = np.zeros((len(rows), 3), np.float32), np.zeros((len(rows), 1), np.float32)
    for down, right in ((0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach)):
        there = np.clip(rows + down, 0, patch.bounds.height - 1), np.clip(columns + right, 0, patch.bounds.width - 1)
        inside = crown[there][:, None]
        total += canvas[there] * inside
        share += inside
    return total / np.maximum(share, 1)


_FAN = (
    # along the bough, aside, length, up, light
    (0.30, -0.55, 0.62, -0.12, -1.0), (0.34, 0.55, 0.62, -0.12, -1.0), (0.66, -0.40, 0.60, -0.12, -1.0),
    (0.70, 0.40, 0.60, -0.12, -1.0), (0.08, -0.75, 0.50, 0.0, 0.0), (0.12, 0.75, 0.50, 0.0, 0.0),
    (0.34, -0.62, 0.50, 0.0, 0.0), (0.38, 0.62, 0.50, 0.0, 0.0), (0.62, -0.48, 0.46, 0.0, 0.0),
    (0.66, 0.48, 0.46, 0.0, 0.0), (0.86, 0.0, 0.46, 0.0, 0.0), (0.16, 0.40, 0.36, 0.05, 0.5),
    (0.40, -0.50, 0.38, 0.05, 0.7), (0.48, 0.42, 0.36, 0.05, 0.8), (0.70, -0.30, 0.36, 0.04, 0.9),
    (0.78, 0.34, 0.34, 0.04, 1.0), (0.96, 0.0, 0.38, 0.03, 1.1),
)  # fmt: skip
"""Fronds of a bough, in painting order: where on it, its turn in radians, its length and way upwards in the bough's.

Last −1 for its shade, 0 for its needles, more for those that catch the light: the upper side, and above all the tips.
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


def _laid(patch: Patch, canvas: Float32, boughs: _Boughs, inside: Int32 | None) -> None:
    """A fan of fronds for each bough: its shade on what is below, its needles, and their light."""
    count = len(boughs.x)
    if count == 0:
        return
    points = Points(boughs.x, boughs.y, boughs.chance)
    calm = boughs.calm[:, None]
    lit = (boughs.calm * boughs.light)[:, None]
    body = boughs.colour.copy()
    body[:, 0] += boughs.calm * (0.11 * boughs.tier + 0.05 * (boughs.chance[:, 0] - 0.5) - 0.03)
    snow = _snow(patch, boughs, points)
    marks = []
    first, last = boughs.angle - np.float32(_ARCH) * boughs.side, boughs.angle + np.float32(_DROOP) * boughs.side

    def way(along: float) -> tuple[Float32, Float32]:
        """Place on the bough in its lengths: it goes out from the stem, and droops."""
        out, down = np.float32(along - along * along / 2), np.float32(along * along / 2)
        return np.cos(first) * out + np.cos(last) * down, np.sin(first) * out + np.sin(last) * down

    middle_x, middle_y = way(0.5)
    for number, (along, turn, size, up, light) in enumerate(_FAN):
        jitter = np.mod(boughs.chance[:, number % 4] * np.float32(7.3 + 5.1 * number), 1) - np.float32(0.5)
        angle = first + (last - first) * np.float32(along) + np.float32(turn) + np.float32(0.3) * jitter
        angle = angle + np.float32(_HEAVY) * (np.float32(np.pi / 2) - angle)
        length = boughs.length * np.float32(size) * (1 + np.float32(0.5) * jitter)
        at_x, at_y = way(along)
        dx = boughs.length * (at_x - middle_x) + np.cos(angle) * length / 2
        dy = boughs.length * (at_y - middle_y - np.float32(up)) + np.sin(angle) * length / 2
        x, y = placed(patch, points, dx, dy)
        colour = body + np.float32(0.012) * jitter[:, None] * np.array([1.5, 0, 0], np.float32)
        opacity = np.full(count, 0.85, np.float32)
        if light < 0:
            colour[:, 0] -= boughs.calm * np.float32(_SHADE)
            colour += _COOL * calm
        elif light > 0:
            colour += np.float32(light) * lit * WARM
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
