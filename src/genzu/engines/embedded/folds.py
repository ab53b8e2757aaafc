"""Folds of crowns: where a line is drawn inside leaves one mass ends before another, leaf by leaf, and not in a stroke.

The mass whose edge faces the light ends in leaves that catch it; behind them the other falls into its own shade. That
is how a background painter finds a fold again without drawing it: dark clusters first, then lit leaves over them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import twigs
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import needled
from genzu.engines.embedded.fields import bulge, lit_rim, outward
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import widened
from genzu.engines.embedded.strokes import Points, placed, scatter, unit_at
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32, Int32


@dataclass(frozen=True, slots=True)
class _Leaves:
    """One layer along a fold; lengths in units."""

    length: float
    spacing: float
    reach: float
    """How far from the line they lie."""
    value: float
    """Of leaves in the light: what is added to their lightness; below 0, in the shade: share of it that they lose."""
    spilling: float = 0.0
    """Share of them that hang over the line; the others are cut by it."""
    opacity: float = 0.92
    wide: bool = False
    """They lie across the line that cuts them."""
    tip: Tip = Tip.LEAVES


_LAYERS = (
    _Leaves(32, 8.5, 27, -0.24, opacity=0.6, wide=True), _Leaves(20, 7.5, 18, -0.20), _Leaves(13, 5.0, 7, -0.28),
    _Leaves(17, 6.0, 13, 0.05), _Leaves(11, 3.5, 7, 0.09, spilling=0.06, tip=Tip.DAB),
)  # fmt: skip
"""First a shade that falls off widely and ends at the line; small leaves follow large ones and bring the edge there."""
_NEAR = 0.55
"""Depth up to which no line is left in a fold: in a far wood a faint one helps."""
_FAR, _AIRY = (0.50, 0.68), 0.62
"""Depths between which crowns become a wood in the air, and the share of an edge that is lifted there."""
_LINE_NOT_RIM = 2.5
"""Units by which leaves must end nearer than at their outline: there a line ends them."""
_UP = 0.7
"""Weight of the sky's light against the sun's, or a fold that runs towards a low sun would have no lit side."""
_LEAST = 0.05
_FOUND = 60.0
"""Units over which a fold is lost and found again."""
_LEAST_LEAF = 6.0
"""Px: a cluster of less is a grey speck."""
_QUIETER = 0.4
"""How much of a fold's depth distance takes."""
_DIM = np.float32(0.55)
"""How deep folds are without a light that throws shade."""
_LIT = np.float32(2.4)
_TIP = 0.38
"""Share of a cluster's length between its middle and the line: it reaches over it with its tips only."""
_BEYOND = 4.0
"""Units beyond a line where it is seen what it parts."""
_SAMPLED = 5.0
"""Units between the places whose mean a cluster is coloured with: calm sides make a clear edge."""
_TOLD = (0.09, 0.22)
"""Steps of colour between which leaves begin to tell a fold, and tell it without an edge."""
_FOUND_AGAIN = 1.0
"""Mean share of an edge that is lifted where they do not tell it."""
_RIM, _HIDDEN = 0.8, 0.35
"""Mean share of an outline in the shade that is lifted, and how much less leaves tell there, which hang over it."""
_TWIGS = np.float32(0.85), np.float32(0.95)
"""Share of an edge that is lifted in bare crowns: in plain sight, and where little of it is seen."""
_OUTSIDE = 5.0
"""Units outside leaves that belong to their outline."""
_GREYER, _COOLER = 0.36, (-0.004, -0.012)
"""What shade does to OKLab a and b: share of their own that they lose, and what the sky adds."""
_DRY = 0.25
"""Share of that in dry leaves: light comes through them, and their shade is warm."""


def parted(patch: Patch) -> Bool:
    """(h, w): leaves whose masses need no line: not needles, winter's twigs, and woods in the air."""
    return np.asarray(massed(patch) & (patch.depth < _NEAR))


def massed(patch: Patch) -> Bool:
    """(h, w): leaves that have folds: not needles, which hang in tiers, and not winter's twigs."""
    leafy = patch.materials == Material.FOLIAGE
    if patch.script.conditions.season is Season.WINTER or not leafy.any():
        return np.zeros(patch.shape, bool)
    leafy &= twigs.bare_regions(patch.scene)[patch.ids]
    needles = needled(patch)
    return leafy if needles is None else np.asarray(leafy & ~needles)


def untold(patch: Patch, told: Float32) -> Float32 | float:
    """(h, w) 0–1: how far the edge of form at a line is still to be lifted, where leaves part masses.

    ``told`` (h, w) is the step of colour that is painted there. Where leaves tell the fold no outline is drawn around
    them; where they do not it is found again, in places only.
    """
    bare = twigs.bare(patch)
    if bare is not None:  # a line in twigs is one of them, and no edge of a mass
        share = _TWIGS[0] + (_TWIGS[1] - _TWIGS[0]) * twigs.lost(patch)
        return np.where(bare & (patch.materials == Material.FOLIAGE), share, np.float32(1))
    leaves = massed(patch)
    if not leaves.any():
        return 1.0
    left = np.ones(patch.shape, np.float32)
    # An outline has two sides, and its lit plane would be a pale ring on what is behind.
    outside = max(2, round(_OUTSIDE * patch.unit))
    leaves = widened(leaves.view(np.uint8), outside) > 0
    needles = needled(patch)
    if needles is not None:
        leaves &= widened(needles.view(np.uint8), outside) == 0
    for piece in patch.pieces(leaves):
        view = piece.within(patch)
        outline, far = 1 - smoothstep(3, 9, piece.inner), in_the_air(piece)
        weak = 1 - smoothstep(*_TOLD, told[view] * (1 - np.float32(_HIDDEN) * outline))
        found = weak * np.clip(_FOUND_AGAIN + 1.1 * piece.noise(13, 1355, octaves=2), 0, 1)
        found += (_AIRY * weak - found) * far
        # The side of an outline that faces the light is lost, the other is found again in places; in the air it is all
        # that tells a wood from what is behind.
        rim = np.clip(_RIM - lit_rim(piece) * np.float32(1.3) + 0.8 * piece.noise(31, 1356, octaves=1), 0, 1)
        found = np.maximum(found, outline * (rim + (1 - rim) * far))
        left[view] = np.where(leaves[view], found, np.float32(1))
    return left


def in_the_air(patch: Patch) -> Float32:
    """(h, w) 0–1: where crowns are no longer single ones but a wood in the air."""
    return smoothstep(*_FAR, patch.depth)


def painted(patch: Patch, canvas: Float32, scale: Float32) -> None:
    """Lay leaves to both sides of the lines drawn in crowns; ``canvas`` (h, w, 3) OKLab is changed in place.

    ``scale`` (h, w) is the size of the crowns' leaves.
    """
    leaves = massed(patch)
    if not leaves.any():
        return
    gap = bulge(patch)
    fold = leaves & (gap < max(layer.reach for layer in _LAYERS)) & (patch.inner > gap + _LINE_NOT_RIM)
    if not fold.any():
        return
    to_x, to_y = outward(patch)
    side, height = patch.light.towards[0], patch.light.towards[1] - _UP
    side, height = side / math.hypot(side, height), height / math.hypot(side, height)
    near = fold & (patch.depth < _NEAR)
    for salt, layer in enumerate(_LAYERS, 1351):
        # In a wood in the air no single leaves are seen: there a fold is a soft shade and nothing else.
        points = scatter(patch, (fold if layer.wide else near) & (gap < layer.reach), layer.spacing, salt)
        out_x, out_y = unit_at(points, to_x, to_y)
        facing = out_x * np.float32(side) + out_y * np.float32(height)
        strength = smoothstep(-0.03, 0.22, facing * np.float32(np.sign(layer.value)))
        kept = strength > _LEAST
        if kept.any():
            _lay(patch, canvas, points.where(kept), (out_x[kept], out_y[kept]), strength[kept], layer, gap, scale)


def _lay(
    patch: Patch,
    canvas: Float32,
    points: Points,
    out: tuple[Float32, Float32],
    strength: Float32,
    layer: _Leaves,
    gap: Float32,
    scale: Float32,
) -> None:
    """Clusters that end at the line; ``out`` (n,) each is the way to it, ``strength`` (n,) 0–1."""
    points, (out_x, out_y), strength = _in_order(points, out, strength)
    rows, columns = points.index
    away = gap[rows, columns]
    strength = strength * (1 - smoothstep(0.4 * layer.reach, layer.reach, away))
    # An edge is lost and found: nowhere is a fold equally deep all along.
    x, y = (
        (at + origin) / (60 * patch.unit) for at, origin in ((points.x, patch.bounds.x), (points.y, patch.bounds.y))
    )
    strength *= np.clip(0.85 + 0.6 * noise_at(x, y, mix_seed(patch.script.seed, 1350)), 0.35, 1.1)
    depth, density = patch.depth[rows, columns], patch.script.haze_density
    strength *= 1 - np.float32(_QUIETER) * smoothstep(0.30, 0.75, depth)
    # Thick air takes the depth of a fold, and under a closed sky no mass throws a shade on another.
    strength *= np.clip(1.25 - 1.6 * air_share(depth, density, density), 0, 1) * (_DIM + (1 - _DIM) * _light(patch))
    size = layer.length * np.clip(scale[rows, columns], 0.35, 1) * (0.75 + 0.5 * points.chance[:, 2])
    size = np.maximum(size, _LEAST_LEAF / patch.unit)
    over = points.chance[:, 0] < layer.spilling
    # A wide shade lies across the line where that cuts it; at a line with an open end nothing does.
    near = _TIP * size
    if layer.wide:
        near = np.where(_cut(patch, points, (out_x, out_y), away), np.float32(0), near)
    move = away - np.where(over, np.float32(0), np.maximum(away, near - np.float32(0.8)))
    colour = _mean_around(patch, canvas, points, (out_x, out_y))
    if layer.value < 0:
        # Leaves that are dark already have no black folds.
        strength = strength * np.clip(_LIT * colour[:, 0] - np.float32(0.25), 0.35, 1)
        colour[:, 0] *= 1 + np.float32(layer.value) * strength
        cool = strength * np.float32(_DRY if patch.script.conditions.season is Season.AUTUMN else 1)
        colour[:, 1:] *= (1 - np.float32(_GREYER) * cool)[:, None]
        colour[:, 1:] += cool[:, None] * np.array(_COOLER, np.float32)
    else:
        colour[:, 0] += np.float32(layer.value) * strength
    colour[:, 0] += np.float32(0.02) * (points.chance[:, 3] - 0.5)
    x, y = placed(patch, points, out_x * (move * np.float32(patch.unit)), out_y * (move * np.float32(patch.unit)))
    wide, angle = 0.75, points.chance[:, 1] * np.float32(6.28)
    if layer.tip is Tip.DAB:  # single leaves point outwards
        wide, angle = 0.5, np.arctan2(out_y, out_x) + np.float32(2.4) * (points.chance[:, 1] - np.float32(0.5))
    for those, clip in ((~over, True), (over, False)):
        if those.any():
            lay(
                canvas,
                Strokes(
                    x=x[those], y=y[those], length=(size[those] * patch.unit).astype(np.float32),
                    width=(size[those] * np.float32(wide * patch.unit)).astype(np.float32),
                    angle=angle[those], colour=colour[those],
                    opacity=np.full(int(those.sum()), layer.opacity, np.float32), tip=layer.tip,
                    variant=(points.chance[those, 1] * 97).astype(np.int32),
                    region=patch.regions[rows[those], columns[those]] if clip else None,
                ),
                patch.regions,
            )  # fmt: skip


def _cut(patch: Patch, points: Points, out: tuple[Float32, Float32], away: Float32) -> Bool:
    """(n,): places with another region beyond the line, which is ``away`` (n,) units off."""
    reach = (away + np.float32(_BEYOND)) * np.float32(patch.unit)
    row, column = _at(patch, points, out[0] * reach, out[1] * reach)
    rows, columns = points.index
    return np.asarray(patch.regions[row, column] != patch.regions[rows, columns])


def _at(patch: Patch, points: Points, dx: Float32, dy: Float32) -> tuple[Int32, Int32]:
    """(n,) each: row and column of places moved by ``dx`` and ``dy`` px."""
    height, width = patch.shape
    x, y = placed(patch, points, dx, dy)
    column = np.clip(np.floor(x).astype(np.int32), 0, width - 1)
    return np.clip(np.floor(y).astype(np.int32), 0, height - 1), column


def _light(patch: Patch) -> np.float32:
    return np.float32(min(1.0, 1.1 * patch.light.sharpness))


def _in_order(
    points: Points, out: tuple[Float32, Float32], strength: Float32
) -> tuple[Points, tuple[Float32, Float32], Float32]:
    """From the top down: lower leaves hang over higher ones."""
    order = np.argsort(points.y, kind="stable")
    return points.where(order), (out[0][order], out[1][order]), strength[order]


def _mean_around(patch: Patch, canvas: Float32, points: Points, out: tuple[Float32, Float32]) -> Float32:
    """(n, 3) mean of the leaves here, to both sides along the line and farther in."""
    rows, columns = points.index
    here = canvas[rows, columns]
    total, reach = here.copy(), np.float32(_SAMPLED * patch.unit)
    for along, inward in ((1, 0), (-1, 0), (0, 1), (0, 2)):
        dx, dy = -along * out[1] - inward * out[0], along * out[0] - inward * out[1]
        row, column = _at(patch, points, dx * reach, dy * reach)
        leafy = patch.materials[row, column] == Material.FOLIAGE
        total += np.where(leafy[:, None], canvas[row, column], here)
    return total / np.float32(5)
