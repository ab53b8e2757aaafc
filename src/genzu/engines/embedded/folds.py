"""Folds of crowns: where a line is drawn inside leaves one mass ends before another, leaf by leaf, and not in a stroke.

The mass whose edge faces the light ends in leaves that catch it; behind them the other falls into its own shade. That
is how a background painter finds a fold again without drawing it: dark clusters first, then lit leaves over them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import bulge, outward, thickness
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.masses import LINE_NOT_RIM, in_the_air, massed
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import softened
from genzu.engines.embedded.strokes import Points, placed, scatter, unit_at
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32, Int32
from genzu.picture.colour import oklab_from_linear


@dataclass(frozen=True, slots=True)
class _Leaves:
    """One layer along a fold; lengths in units."""

    length: float
    spacing: float
    reach: float
    """How far from the line they lie, where the fold is widest."""
    light: float
    """Below 0: they lie in the shade, in these shares of its depth; above: in the light, which adds so much."""
    share: float
    """Of their places that are taken right at the line; away from it fewer are, until none is."""
    spilling: float = 0.0
    """Share of them that hang over the line; the others are cut by it."""
    begins: float = 0.0
    """Nearer to the line there are none."""
    wide: bool = False
    """They lie across the line that cuts them."""
    far: bool = False
    """They are laid in a wood in the air, as boughs, and nowhere else."""
    tip: Tip = Tip.LEAVES


_LAYERS = (
    _Leaves(30, 10.0, 110, -0.6, 1.0, wide=True), _Leaves(22, 8.5, 46, -1.0, 1.0, wide=True),
    _Leaves(10, 4.0, 9, -1.0, 1.0, wide=True), _Leaves(13, 8.0, 60, -0.35, 0.6, begins=9),
    _Leaves(21, 8.0, 34, 0.055, 0.9, wide=True), _Leaves(10, 4.0, 11, 0.085, 1.0, spilling=0.08, wide=True),
    _Leaves(9, 3.4, 9, 0.11, 0.8, spilling=0.2, tip=Tip.DAB),
    _Leaves(26, 9.0, 90, -0.7, 1.0, wide=True, far=True), _Leaves(16, 6.5, 34, -1.1, 1.0, wide=True, far=True),
    _Leaves(8, 2.7, 8, -1.5, 1.0, wide=True, far=True), _Leaves(18, 7.5, 46, 0.07, 0.9, wide=True, far=True),
    _Leaves(8, 2.7, 9, 0.10, 1.0, spilling=0.08, wide=True, far=True),
)  # fmt: skip
"""In a painter's order: half tone, deep shade, a few leaves that stand in it; then leaves in the light before it."""
_NEAR = 0.55
"""Depth up to which no line is left in a fold: in a far wood a faint one helps."""
_UP = 0.7
"""Weight of the sky's light against the sun's, or a fold that runs towards a low sun would have no lit side."""
_LEAST = 0.02
_NEARER = 0.35
"""How much the light that a mass stands in counts against the way that its edge faces."""
_DEEP, _BEHIND = 0.37, 0.55
"""Share of its lightness that the deepest shade loses, and share of that in a mass behind the lit edge of another."""
_KEEPS, _DRY, _SKY = (0.72, 0.62), (0.95, 0.62), 0.36
"""Shares of their own OKLab a and b that leaves, and dry ones, keep in it, and what the sky's colour adds to them."""
_RICHER, _SUN = np.float32(1.3), np.float32(1.5)
"""What the light gives leaves, for each step of lightness: of their own chroma, and of its own."""
_LOST = np.float32(0.45)
"""Share of the difference of two tones that is left where an edge is lost."""
_LOST_IN_AIR = np.float32(0.75)
"""The same in the air, where no line helps."""
_EVEN = np.float32(0.7)
"""How far a mass stands before its neighbour where no regions tell it."""
_PLANE, _PLANE_LIT, _PLANE_DEEP = 48.0, np.float32(0.05), np.float32(0.07)
"""Units over which a mass turns towards a line, and the largest steps of lightness into its light and its shade."""
_NEARLY = np.float32(0.4)
"""Share of that in near crowns, which are parted by leaves as well."""
_TURNS, _TOP = np.float32(3), np.float32(0.055)
"""How soon a turned edge is wholly lit or shaded, and how much deeper the top of a far wood is."""
_AT_SKY, _WOOD = (0.80, 0.88), (50.0, 90.0)
"""Depths, and half-widths in units, between which that is lost: in the rim of a wide wood so far off the sky is seen,
and would be darkened."""
_EDGE = 7.0
"""Least reach of leaves of a wood in the air: its lines have no gaps."""
_RING, _ROUND = 12, 42.0
"""Places around one, so many units off, that tell whether an edge is round."""
_OPACITY = 0.94
_FADES = np.float32(0.5)
"""Share of the shade's depth that is gone where it ends."""
_AIR_BETWEEN = 0.08
"""Depth between two masses that are not of one tree."""
_OWN = 15.0
"""Units from the line at which leaves have their mass's own colour."""
_SMALLEST = 0.55
"""Share of their size that leaves have in the smallest crown: in such a one, too, they lie leaf by leaf."""
_BOUGH = 0.8
_LEAST_LEAF = 6.0
"""Px: a cluster of less is a grey speck."""
_QUIETER = 0.55
"""How much of a fold's depth distance takes."""
_DIM = np.float32(0.55)
"""How deep folds are without a light that throws shade."""
_LIT = np.float32(2.4)
_TIP = 0.38
"""Share of a cluster's length between its middle and the line: it reaches over it with its tips only."""
_BEYOND = 4.0
"""Units beyond a line where it is seen what it parts."""


def painted(patch: Patch, canvas: Float32, scale: Float32) -> None:
    """Lay leaves to both sides of the lines drawn in crowns; ``canvas`` (h, w, 3) OKLab is changed in place.

    ``scale`` (h, w) is the size of the crowns' leaves.
    """
    leaves = massed(patch)
    if not leaves.any():
        return
    gap = bulge(patch)
    to_x, to_y = outward(patch)
    side, height = patch.light.towards[0], patch.light.towards[1] - _UP
    towards = np.float32(side / math.hypot(side, height)), np.float32(height / math.hypot(side, height))
    _turned(patch, canvas, leaves, gap, (to_x, to_y), towards)
    fold = leaves & (gap < max(layer.reach for layer in _LAYERS)) & (patch.inner > gap + LINE_NOT_RIM)
    if not fold.any():
        return
    far = leaves & (patch.depth >= _NEAR)
    near, aloft = fold & ~far, fold & far
    own = _Own(patch, canvas)
    for salt, layer in enumerate(_LAYERS, 1351):
        # In a wood in the air no single leaves are seen: there a fold is a soft shade and nothing else.
        points = scatter(patch, (aloft if layer.far else near) & (gap < layer.reach), layer.spacing, salt)
        out_x, out_y = unit_at(points, to_x, to_y)
        away = gap[points.index]
        beyond = _beyond(patch, points, (out_x, out_y), away)
        facing = out_x * towards[0] + out_y * towards[1]
        if layer.light < 0:  # on what stands well behind another tree lies no shade of that
            facing[_farther(patch, points, (out_x, out_y), away)] = 1
        facing += np.float32(_NEARER) * (own.stands[patch.ids[points.index]] - own.stands[beyond])
        strength = smoothstep(-0.02, 0.16, facing * np.float32(np.sign(layer.light)))
        some = _Some(points, out_x, out_y, away, strength, beyond).of(np.flatnonzero(strength > _LEAST))
        x, y = (some.points.x + patch.bounds.x) / patch.unit, (some.points.y + patch.bounds.y) / patch.unit
        lost = noise_at(x / 75, y / 75, mix_seed(patch.script.seed, 1350))
        wide = noise_at(x / 34, y / 34, mix_seed(patch.script.seed, 1349))
        # Half of an edge is lost: it is of two tones that are nearly one.
        kept_of_it = _LOST_IN_AIR if layer.far else _LOST
        found = kept_of_it + (1 - kept_of_it) * smoothstep(-0.28, 0.22, lost)
        # What is broad is the shade under the nearer of two masses, and what is lit its top, and not the other's.
        front = _in_front(patch, some)
        if layer.far:  # a line with an open end parts no regions, whose shape would tell
            front = np.where(some.beyond == patch.regions[some.points.index], _EVEN, front)
        reach = layer.reach * np.clip(0.62 + 0.55 * wide, 0.2, 1) * (0.3 + 0.7 * some.strength) * (0.4 + 0.6 * front)
        if layer.far:
            reach = np.maximum(reach, np.float32(_EDGE))
        share = layer.share * (1 - smoothstep(0.2, 1.0, some.away / reach)) * smoothstep(0.0, 0.35, some.strength)
        share *= some.away >= np.float32(layer.begins)
        taken = np.flatnonzero(some.points.chance[:, 3] < share)
        if len(taken):
            _lay(patch, canvas, some.of(taken), (front[taken], found[taken]), layer, own, scale)


def _turned(
    patch: Patch,
    canvas: Float32,
    leaves: Bool,
    gap: Float32,
    to: tuple[Float32, Float32],
    towards: tuple[np.float32, np.float32],
) -> None:
    """Turn each mass of a wood in the air from its light into its shade, over the (h, w, 3) OKLab canvas in place.

    No single leaves are seen there; that one crown ends before another is told by two tones that meet at the line.
    """
    density = patch.script.haze_density
    for piece in patch.pieces(leaves & (gap < _PLANE)):
        view = piece.within(patch)
        out_x, out_y = to[0][view], to[1][view]
        long = np.maximum(np.hypot(out_x, out_y), np.float32(0.02))
        facing = np.clip((out_x * towards[0] + out_y * towards[1]) / long * _TURNS, -1, 1)
        wide = np.float32(_PLANE) * np.clip(0.7 + 0.5 * piece.noise(40, 1347, octaves=2), 0.3, 1)
        fall = (1 - np.minimum(gap[view] / wide, 1)) ** 2
        inside = smoothstep(0, 3, piece.inner - gap[view])
        tone = facing * np.where(facing > 0, _PLANE_LIT, _PLANE_DEEP) * inside
        # Its top ends before the sky or a hill, where the air is lightest.
        open_rim = smoothstep(*_AT_SKY, piece.depth) * smoothstep(*_WOOD, thickness(piece))
        topped = in_the_air(piece) * (1 - open_rim)
        tone -= _TOP * topped * np.clip(-out_y / long, 0, 1) * (1 - inside)
        # Near by the shade is leaves, and none lies on what stands well behind (see :func:`painted`).
        tone *= fall * np.where(tone > 0, np.maximum(in_the_air(piece), _NEARLY), in_the_air(piece))
        tone *= np.clip(1.25 - 1.6 * air_share(piece.depth, density, density), 0, 1)
        tone *= leaves[view]  # and nothing else in the rectangle, which is another one in another tile
        canvas[view][..., 0] += tone
        canvas[view][..., 2] += np.float32(0.3) * tone


@dataclass(frozen=True, slots=True)
class _Some:
    """Places of one layer; all (n,)."""

    points: Points
    out_x: Float32
    out_y: Float32
    """The way to the line."""
    away: Float32
    """Units to it."""
    strength: Float32
    """0–1: how squarely they face the light, or turn from it."""
    beyond: Int32
    """Region beyond the line."""

    def of(self, order: NDArray[np.intp]) -> _Some:
        """These, in this order."""
        return _Some(self.points.where(order), *(getattr(self, name)[order] for name in self.__slots__[1:]))


class _Own:
    """What leaves around a place are like, before any are laid."""

    def __init__(self, patch: Patch, canvas: Float32) -> None:
        leaves = (patch.materials == Material.FOLIAGE).astype(np.float32)
        self.factor = max(1, round(6 * patch.unit))
        share = softened(softened(patch.reduced(leaves, self.factor)))
        self.colour = np.stack(
            [
                softened(softened(patch.reduced(canvas[..., c] * leaves, self.factor))) / np.maximum(share, 1e-3)
                for c in range(3)
            ],
            -1,
        )
        self.stands = np.mod(patch.scene.regions.chance * np.float32(7.31), 1).astype(np.float32)
        """By region: chance of the light (see ``foliage``)."""

    def around(self, patch: Patch, rows: Int32, columns: Int32) -> Float32:
        """(n, 3) mean colour of leaves at places of the picture."""
        row, column = (
            np.clip(at // self.factor - begin // self.factor, 0, size - 1)
            for at, begin, size in zip(
                (rows, columns), (patch.bounds.y, patch.bounds.x), self.colour.shape[:2], strict=True
            )
        )
        return self.colour[row, column]


def _lay(
    patch: Patch,
    canvas: Float32,
    some: _Some,
    tones: tuple[Float32, Float32],
    layer: _Leaves,
    own: _Own,
    scale: Float32,
) -> None:
    """Clusters that end at the line, each of one tone."""
    # From the top down: lower leaves hang over higher ones.
    order = np.argsort(some.points.y, kind="stable")
    some, front, found = some.of(order), tones[0][order], tones[1][order]
    points, away = some.points, some.away
    rows, columns = points.index
    size = layer.length * np.clip(scale[rows, columns], _SMALLEST, 1) * (0.75 + 0.5 * points.chance[:, 2])
    if layer.far:  # in a far wood a touch is a bough, and no leaf
        size = np.where(patch.depth[rows, columns] < _NEAR, size, np.maximum(size, layer.length * np.float32(_BOUGH)))
    size = np.maximum(size, _LEAST_LEAF / patch.unit)
    x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
    grouped = smoothstep(0.15, 0.35, noise_at(x / 26, y / 26, mix_seed(patch.script.seed, 1348)))
    over = points.chance[:, 0] < layer.spilling * grouped
    # A wide shade lies across the line where that cuts it; at a line with an open end nothing does.
    near = _TIP * size
    if layer.wide:
        near = np.where(some.beyond != patch.regions[rows, columns], np.float32(0), near)
    move = away - np.where(over, np.float32(0), np.maximum(away, near - np.float32(2.4 if layer.far else 0.8)))
    # Farther in, where no neighbour's colour is mixed in.
    inwards = np.minimum(away - np.float32(_OWN), 0) * np.float32(patch.unit)
    colour = own.around(patch, *_at(patch, points, some.out_x * inwards, some.out_y * inwards))
    depth, density = patch.depth[rows, columns], patch.script.haze_density
    far = 1 - np.float32(_QUIETER) * smoothstep(0.25, 0.70, depth)
    # Thick air takes the depth of a fold, and under a closed sky no mass throws a shade on another.
    far *= found * np.clip(1.25 - 1.6 * air_share(depth, density, density), 0, 1) * (_DIM + (1 - _DIM) * _light(patch))
    if layer.light < 0:
        # Leaves that are dark already have no black folds.
        deep = far * np.clip(_LIT * colour[:, 0] - np.float32(0.25), 0.35, 1) * (_BEHIND + (1 - _BEHIND) * front)
        deep *= np.float32(-layer.light) * (1 - _FADES * np.minimum(away / np.float32(layer.reach), 1))
        colour[:, 0] *= 1 - np.float32(_DEEP) * deep
        ambient = oklab_from_linear(np.asarray(patch.light.ambient, np.float32)[None])[0]
        for c, keeps in enumerate(_DRY if patch.script.conditions.season is Season.AUTUMN else _KEEPS, 1):
            colour[:, c] += ((np.float32(keeps) - 1) * colour[:, c] + np.float32(_SKY) * ambient[c]) * deep
    else:
        gain = np.float32(layer.light) * far * (0.5 + 0.5 * some.strength) * (_BEHIND + (1 - _BEHIND) * front)
        key = oklab_from_linear(np.asarray(patch.light.key, np.float32)[None])[0]
        colour[:, 1:] *= (1 + _RICHER * gain / np.maximum(colour[:, 0], np.float32(0.1)))[:, None]
        colour[:, 1:] += _SUN * gain[:, None] * key[1:]
        colour[:, 0] += gain
    colour[:, 0] += np.float32(0.025) * (points.chance[:, 1] - 0.5)
    x, y = placed(
        patch, points, some.out_x * (move * np.float32(patch.unit)), some.out_y * (move * np.float32(patch.unit))
    )
    wide, angle = 0.75, points.chance[:, 1] * np.float32(6.28)
    if layer.tip is Tip.DAB:  # single leaves point outwards
        wide, angle = (
            0.5,
            np.arctan2(some.out_y, some.out_x) + np.float32(2.4) * (points.chance[:, 1] - np.float32(0.5)),
        )
    for those, clip in ((~over, True), (over, False)):
        if those.any():
            lay(
                canvas,
                Strokes(
                    x=x[those], y=y[those], length=(size[those] * patch.unit).astype(np.float32),
                    width=(size[those] * np.float32(wide * patch.unit)).astype(np.float32),
                    angle=angle[those], colour=colour[those],
                    opacity=np.full(int(those.sum()), _OPACITY, np.float32), tip=layer.tip,
                    variant=(points.chance[those, 1] * 97).astype(np.int32),
                    region=patch.regions[rows[those], columns[those]] if clip else None,
                ),
                patch.regions,
            )  # fmt: skip


def _in_front(patch: Patch, some: _Some) -> Float32:
    """(n,) 0–1: whether the mass stands before its neighbour: then its edge is round, and little of it lies around."""
    rows, columns = some.points.index
    own, inside = patch.regions[rows, columns], np.zeros(len(some.away), np.float32)
    to_line = some.away * np.float32(patch.unit)
    for turn in range(_RING):
        dx, dy = (np.float32(_ROUND * patch.unit * f(2 * math.pi * turn / _RING)) for f in (math.cos, math.sin))
        at = _at(patch, some.points, some.out_x * to_line + dx, some.out_y * to_line + dy)
        inside += patch.scene.reading.regions[at] == own
    return 1 - smoothstep(0.40, 0.62, inside / np.float32(_RING))


def _beyond(patch: Patch, points: Points, out: tuple[Float32, Float32], away: Float32) -> Int32:
    """(n,): region beyond the line, which is ``away`` (n,) units off; their own where that parts none."""
    reach = (away + np.float32(_BEYOND)) * np.float32(patch.unit)
    at, reading = _at(patch, points, out[0] * reach, out[1] * reach), patch.scene.reading
    own = patch.regions[points.index]
    return np.where(reading.materials[at] == Material.FOLIAGE, reading.regions[at], own)


def _farther(patch: Patch, points: Points, out: tuple[Float32, Float32], away: Float32) -> Bool:
    """(n,): places well behind what is beyond the line."""
    reach = (away + np.float32(_BEYOND)) * np.float32(patch.unit)
    depth = patch.scene.small_depth
    row, column = (
        np.minimum((at * np.float32(patch.scene.shrink)).astype(np.int32), size - 1)
        for at, size in zip(_at(patch, points, out[0] * reach, out[1] * reach), depth.shape, strict=True)
    )
    return np.asarray(patch.depth[points.index] > depth[row, column] + np.float32(_AIR_BETWEEN))


def _at(patch: Patch, points: Points, dx: Float32, dy: Float32) -> tuple[Int32, Int32]:
    """(n,) each: row and column in the picture of places moved by ``dx`` and ``dy`` px: a line may lie off the tile."""
    extent = patch.scene.extent
    x, y = placed(patch, points, dx, dy)
    row, column = (np.floor(at).astype(np.int32) + begin for at, begin in ((y, patch.bounds.y), (x, patch.bounds.x)))
    return np.clip(row, 0, extent.height - 1), np.clip(column, 0, extent.width - 1)


def _light(patch: Patch) -> np.float32:
    return np.float32(min(1.0, 1.1 * patch.light.sharpness))
