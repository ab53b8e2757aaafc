"""Tips that end the tiers of conifers: light ones over the shade of what is below, groups that hang over, and gaps.

No line ends a tier. Along what was drawn tips of needles end, most of them cut there as with frisket, over dark ones;
some hang out beyond. Where the top of a tier is drawn through the one above, that one's needles hang before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import (
    across_lines,
    behind_tiers,
    conifers,
    crown_of,
    gaps_of,
    needled,
    outline_of,
    outwards,
)  # fmt: skip
from genzu.engines.embedded.fronds import (
    REACH,
    ROOM,
    WARM,
    free,
    joined,
    length_of,
    mean_of,
    pencilled,
    pixels,
    shade_of,
)  # fmt: skip
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Points, placed, scatter
from genzu.picture.arrays import Bool, Float32, Int32
from genzu.picture.spires import Conifer

_BESIDE = 6.0
"""Units to either side of a line, where it is told what lies deeper."""
_BUNCH, _BUNCHED, _OVER = 11.0, 0.35, 14.0
"""Units across of a group of tips that hang over a hem, their share in the middle of one, and how far they hang."""
_SINGLE_OUTSIDE, _SINGLE_BELOW = 0.65, 0.5
"""Share of tips that jut out over a drawn outline, and of those that hang down from it."""
_OUTWARDS, _DOWN = 0.9, 0.2
"""How far tips turn out of the crown at its outline, and how steeply the levellest of them hang."""
_BOUGHS_END = 11.0
"""Units by which boughs end at most beyond the drawn edge of a cone."""
_CLOSE_IN_SNOW, _COLD = 0.65, 0.8
"""Share of the tips that do not jut out, and of their warmth that goes, where snow lies."""
_APART_BY, _LEAST_LIT = 0.20, 0.7
"""Step of OKLab lightness from tips at the outline to what is beyond it, and the least share of theirs that they keep.
"""
_SOFT_FOLD, _QUIET, _HALF_LIT = 0.72, 0.1, 0.6
"""Where a tier begins among the needles of the one above: what the shade keeps of its colour, tips of their light, and
those at the hem below.
"""
_JUTS, _TIPS_LIT = 26.0, 0.25
"""Units by which the longest bough juts out of the crown; OKLab lightness of the tips that end a tier over its own."""
_HANGING = 0.8
"""Share of the edge of a tier over which tips hang, in groups."""
_CLOSE, _APART = 0.10, 0.27
"""Spacing of tips along lines, and at the outline, in lengths of a bough."""
_TIP, _LEVEL, _DARK, _DEEPEST = 0.45, 0.4, 0.56, 0.7
"""Length of a tip in those of a bough; from which turn on a line is level; what the shade under tips keeps of light,
and the least of it in the light of needles that only the sky lights: it is a green one, and no hole.
"""


def hung(patch: Patch, canvas: Float32, without: Float32) -> None:
    """The last tips, over the drawn lines in needles and around them, in groups; in place."""
    needles = needled(patch)
    if needles is None:
        return
    rim = outline_of(patch, needles)
    edge = needles & (pencilled(patch) | rim)
    for tree in conifers(patch.scene):
        crown = crown_of(patch, tree, needles)
        part = patch.part(crown & edge, margin=REACH)
        if part is None:
            continue
        view = part.within(patch)
        here, there = canvas[view], crown[view]
        long = length_of(tree)
        points = joined(
            scatter(part, there & edge[view] & ~rim[view], _CLOSE * long, mix_seed(1363, round(tree.x)) % 100003),
            scatter(part, there & rim[view], _APART * long, mix_seed(1366, round(tree.x)) % 100003),
        )
        seed = mix_seed(part.script.seed, 1364)
        at_x, at_y = (points.x + part.bounds.x) / part.unit, (points.y + part.bounds.y) / part.unit
        group = noise_at(at_x / 24, at_y / 24, seed)
        points = points.where((points.chance[:, 0] < _HANGING + 0.6 * group) | rim[view][points.index])
        points = points.sorted_by(-points.y)
        if len(points) == 0:
            continue
        before = here.copy()
        tips = _tips_of(part, here, there, tree, points, long, rim[view])
        _tipped(part, here, tips)
        np.copyto(without[view], here, where=(before != here).any(-1)[..., None])


@dataclass(frozen=True, slots=True)
class _Tips:
    """(n,) each: tips that end at a drawn line or at the outline, and the shade that they hang over."""

    x: Float32
    y: Float32
    shade_x: Float32
    shade_y: Float32
    length: Float32
    angle: Float32
    lit: Float32
    """(n, 3) OKLab."""
    dark: Float32
    """(n, 3) OKLab."""
    shaded: Bool
    """Whether there is needles' shade beyond."""
    single: Bool
    """Whether it juts out over the line."""
    own: Int32
    """Region that it grows in."""
    under: Int32
    """Region beyond the line."""
    variant: Int32


def _way_of_tips(
    patch: Patch, crown: Bool, tree: Conifer, points: Points, outer: Bool
) -> tuple[Float32, Bool, tuple[Int32, Int32]]:
    """(n,): angle of tips, over the line to the deeper side, and whether the line is level; regions on its sides."""
    rows, columns = points.index
    x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
    side = outwards(patch, tree, x, y, patch.regions[rows, columns])
    hanging = np.pi / 2 - 1.05 * side + 0.5 * (points.chance[:, 2] - 0.5)
    cos, sin = across_lines(patch, rows, columns)
    cross = np.arctan2(sin, cos) / 2
    over_x, over_y = np.cos(cross), np.sin(cross)
    level = cos < -_LEVEL
    # A hem hangs over what is below it; the edge of a cone lies before what is farther from the stem.
    turn = np.where(np.where(level, over_y, over_x * side) < 0, np.float32(-1), np.float32(1))
    reach = np.float32(_BESIDE * patch.unit)
    ahead_at = pixels(patch, points.x + over_x * reach, points.y + over_y * reach)
    behind_at = pixels(patch, points.x - over_x * reach, points.y - over_y * reach)
    ahead, behind = patch.regions[ahead_at], patch.regions[behind_at]
    gap, back = gaps_of(patch.scene, tree), behind_tiers(patch.scene, tree)
    for deeper, where in ((back, True), (gap, ~level)):
        turn = np.where(deeper[ahead] & ~deeper[behind] & where, np.float32(1), turn)
        turn = np.where(deeper[behind] & ~deeper[ahead] & where, np.float32(-1), turn)
    # At the outline they end in the open, wherever that is.
    turn = np.where(outer & crown[behind_at] & ~crown[ahead_at], np.float32(1), turn)
    turn = np.where(outer & crown[ahead_at] & ~crown[behind_at], np.float32(-1), turn)
    weight = turn * np.where(outer, np.float32(_OUTWARDS), np.float32(1))
    to_x, to_y = np.cos(hanging) + weight * over_x, np.sin(hanging) + weight * over_y
    to_y = np.where(outer, np.maximum(to_y, np.float32(_DOWN) * np.abs(to_x)), to_y)
    sides = np.where(turn > 0, behind, ahead), np.where(turn > 0, ahead, behind)
    return np.arctan2(to_y, to_x).astype(np.float32), level, sides


def _tips_of(
    patch: Patch, canvas: Float32, crown: Bool, tree: Conifer, points: Points, long: float, rim: Bool
) -> _Tips:
    rows, columns = points.index
    y = (points.y + patch.bounds.y) / patch.unit
    half = np.maximum(y - tree.top, 4) * tree.slope + 5
    outer = rim[rows, columns]
    angle, level, (own, under) = _way_of_tips(patch, crown, tree, points, outer)
    gaps = gaps_of(patch.scene, tree)
    fold, quiet = gaps[under] & ~outer & ~level, gaps[own] | gaps[under]
    cos, sin = np.cos(angle), np.sin(angle)
    size = 0.45 + 0.75 * points.chance[:, 3] + outer * (0.35 + 0.6 * points.chance[:, 1] ** 2)
    length = (patch.unit * np.minimum(_TIP * long, ROOM * half + 5) * size).astype(np.float32)
    # Tips lie on the line, or a few units beyond. Most are cut at it, as with frisket; groups of them hang over.
    drawn = pencilled(patch)[rows, columns]
    x = (points.x + patch.bounds.x) / patch.unit
    bunch = np.clip(0.5 + noise_at(x / _BUNCH, y / _BUNCH, mix_seed(patch.script.seed, 1370)), 0, 1)
    # At the outline they end beyond it one by one, with room between them in which the line is the edge.
    share = np.where(outer, np.where(drawn, np.where(level, _SINGLE_BELOW, _SINGLE_OUTSIDE), 1), _BUNCHED * bunch)
    # What is under snow hangs close to the tree.
    single = points.chance[:, 0] < np.where(outer, share * (1 - np.float32(_CLOSE_IN_SNOW) * patch.script.snow), share)
    beyond = np.where(outer & ~drawn, np.float32(_JUTS), _OVER * (0.4 + bunch)) * points.chance[:, 1] ** 1.6
    beyond = np.where(outer & drawn & ~level, 3 + _BOUGHS_END * points.chance[:, 1], beyond)
    beyond = np.where(single, beyond, 2 + 4 * points.chance[:, 1])
    back = -0.5 * length + patch.unit * beyond
    at_x, at_y = placed(patch, points, cos * back, sin * back)
    ahead = 0.5 * length * (0.3 + 0.5 * points.chance[:, 0])
    shade_x, shade_y = placed(patch, points, cos * ahead, sin * ahead)
    root = pixels(patch, at_x - cos * 0.2 * length, at_y - sin * 0.2 * length)
    fits = crown[root] & free(patch, crown, at_x + cos * 0.5 * length, at_y + sin * 0.5 * length, *root)
    colour = mean_of(patch, canvas, crown, root)
    plain = np.clip(colour[:, 0] * 2.2, 0.3, 1) * (1 - 0.7 * smoothstep(0.3, 0.8, patch.depth[root]))
    seed = mix_seed(patch.script.seed, 1367)
    group = noise_at(x / 30, y / 30, seed)
    shown = np.clip(0.8 + 0.35 * cos * patch.light.towards[0] + 0.5 * group, 0.7, 1)
    warm = WARM * np.float32(1 - _COLD * patch.script.snow)
    lit = colour + (warm * (plain * shown)[:, None]).astype(np.float32)
    # At the outline one lies before the other: some are lit, some are not; from below they are seen in their shade.
    lit[:, 0] += (
        np.where(
            outer,
            0,
            np.where(fold, np.float32(_QUIET), np.where(quiet, np.float32(_HALF_LIT), np.float32(1))) * _TIPS_LIT,
        )
        * plain
        * shown
    )
    # Before what is lighter they end in shade: no line has to part them.
    reach = np.float32((_BESIDE + 8) * patch.unit)
    air = canvas[pixels(patch, points.x + cos * reach, points.y + sin * reach)][:, 0]
    ends = np.where(air > colour[:, 0], np.minimum(1, (air - _APART_BY) / np.maximum(lit[:, 0], 0.05)), 1)
    ends = np.maximum(np.where(outer, ends, 1), np.float32(_LEAST_LIT))
    lit *= ends[:, None].astype(np.float32)
    keeps = np.where(fold, np.float32(_SOFT_FOLD), np.float32(_DARK))
    dark = colour * np.stack([keeps, 0.4 + 0.6 * keeps, 0.4 + 0.6 * keeps], 1).astype(np.float32)
    dark[:, 0] = np.maximum(dark[:, 0], np.minimum(colour[:, 0], _DEEPEST * shade_of(patch)))
    below = pixels(patch, shade_x, shade_y)
    return _Tips(
        x=at_x[fits], y=at_y[fits], shade_x=shade_x[fits], shade_y=shade_y[fits], length=length[fits],
        angle=angle[fits], lit=lit[fits].astype(np.float32), dark=dark[fits].astype(np.float32),
        shaded=np.asarray(crown[below] & ~outer & ((under != own) | ~level))[fits], single=single[fits], own=own[fits],
        under=under[fits], variant=(points.chance[fits, 1] * 97).astype(np.int32),
    )  # fmt: skip


def _tipped(patch: Patch, canvas: Float32, tips: _Tips) -> None:
    """Lay the shade that tips hang over, the tips that end at the line, and single ones that jut out; in place."""
    for which, x, y, angle, colour, wide, inside in (
        (tips.shaded, tips.shade_x, tips.shade_y, tips.angle, tips.dark, 1.0, tips.under),
        (~tips.single, tips.x, tips.y, tips.angle, tips.lit, 0.7, tips.own),
        (tips.single, tips.x, tips.y, tips.angle, tips.lit, 0.4, None),
    ):
        length = tips.length[which]
        lay(
            canvas,
            Strokes(
                x=x[which], y=y[which], length=length, width=length * np.float32(wide), angle=angle[which],
                colour=colour[which], opacity=np.full(len(length), 0.9, np.float32), tip=Tip.FROND,
                variant=tips.variant[which], region=None if inside is None else inside[which],
            ),
            patch.regions,
        )  # fmt: skip
