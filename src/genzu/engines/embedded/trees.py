"""Where leaves stand that hang in the air: which of them are boughs of a near tree, whatever is seen below them.

The reading knows where things stand by where they end below. A lump of leaves in a crown ends before the sky, before
another lump or before a wood far behind, and so it looks far away. Two things tell where it is. What hangs, and touches
what hangs on a stem, is that stem's. And what is near is drawn with a bolder line: an outline belongs to the nearer of
the two things that it parts, so leaves with a thin one before what is not of the tree are farther off than the tree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.engines.embedded.soft import widened
from genzu.picture.arrays import Bool, Float32, Int32, UInt8
from genzu.picture.space import HANGING

Ints = NDArray[np.int64]
Float64 = NDArray[np.float64]

_ROWS = 1080
"""Rows of the picture that weights are measured in."""
_BAND = 120
"""Rows that are looked at at once."""
_TOUCHED, _DRAWN, _WIDEST = 40, 128, 6
"""Bytes of ink of a light stroke and of one that counts as an outline, and px up to which widths are told apart."""
_LYING = (Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER, Material.ROCK)
_FOOT = 0.12
"""Share of its underside with which what stands meets the ground."""
_UNKNOWN, _DOUBTED, _NEAR = 0.80, 0.40, 0.30
"""Depths: from here on no foot was found; from here on a found one may be another tree's; up to here trees are near."""
_TOUCH, _OUTLINE, _SAID = 3, 6, 30
"""Px of the reduced size along which leaves of one tree touch; of an outline that has a weight; of all those of far
leaves, if they say how far leaves are drawn."""
_THIN = 0.62
"""Share of the weight of near outlines up to which an outline is that of something farther off."""
_REACH, _FARTHER = 12.0, 0.12
"""Widths of a stem that its boughs reach away from it, and how much farther off they are at the end of that."""
_CROWN = 0.12
"""How much farther off than its stem a crown stays that was read far away: its leaves are quieter for it."""
_GUESSED = 0.004
"""How closely a depth is that of boughs at the upper edge."""
_BEFORE = 0.03
"""Depth by which one thing stands before another."""
_OPEN, _GAP = 8, 0.3
"""Px of a border that nobody drew, and share of it, from which leaves to both its sides are of one kind."""
_RESTS, _HEAP = 0.5, 8
"""Share of their underside with which leaves rest on others of their crown, and how many lie one on the other."""
_BETWEEN = 0.5
"""Share of the outline of leaves that runs along stems, from which they are behind those."""
_ON, _ALONG = 0.4, 0.8
"""Share of its underside with which a piece of bark stands on another, and length of a border in roots of its area."""


def line_weight(contour: UInt8, shape: tuple[int, int]) -> UInt8:
    """(h, w) of ``shape``: 0 where nothing is drawn, 1 on light strokes, n + 1 on those n px wide in 1080 rows."""
    height, width = contour.shape
    if height != _ROWS:
        size = max(1, round(width * _ROWS / height)), _ROWS
        contour = np.asarray(Image.fromarray(contour).resize(size, Image.Resampling.BILINEAR))
    weight = np.empty(contour.shape, np.uint8)
    for top in range(0, _ROWS, _BAND):
        first = max(top - _WIDEST, 0)
        weight[top : top + _BAND] = _widths(contour[first : top + _BAND + _WIDEST])[top - first :][:_BAND]
    small = Image.fromarray(widened(weight, 1)).resize((shape[1], shape[0]), Image.Resampling.NEAREST)
    return widened(np.asarray(small), 1)


def _widths(contour: UInt8) -> UInt8:
    wide = contour > _DRAWN
    weight = (contour > _TOUCHED).view(np.uint8) + wide
    for size in range(2, _WIDEST + 1):
        # Places around which a square of this size is ink.
        wide = wide[:-1] & wide[1:]
        wide = wide[:, :-1] & wide[:, 1:]
        first = size // 2
        weight[first : first + wide.shape[0], first : first + wide.shape[1]] += wide
    return weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """Facts by region id, in px of the reduced size."""

    material: UInt8
    x: Float32
    y: Float32
    """Middle."""
    left: Float32
    right: Float32
    top: Float32
    bottom: Float32


def brought_near(depth: Float32, labels: Int32, weight: UInt8, regions: Regions) -> Float32:
    """``depth`` (h, w) 0–1 with leaves that hang in near trees at the depth of those."""
    leafy = regions.material == Material.FOLIAGE
    if not leafy[1:].any():
        return depth
    area = np.maximum(np.bincount(labels.ravel(), minlength=len(leafy)), 1)
    read = np.bincount(labels.ravel(), depth.ravel(), len(leafy)) / area
    wood = _Wood(_borders(labels, weight, leafy | (regions.material == Material.TRUNK)), regions, read, area)
    if wood.bold > 0:
        wood.hang_on_stems()
        wood.frame(labels)
    wood.pile()
    moved = wood.depth < read - 1e-3
    return np.asarray(np.where(moved[labels], wood.depth.astype(np.float32)[labels], depth), np.float32)


@dataclass(frozen=True, slots=True)
class _Borders:
    """Borders of leaves and stems, from their side; (n,) each."""

    one: Ints
    other: Ints
    length: Ints
    """Px of the reduced size."""
    below: Ints
    """Px of it at which the other lies below."""
    beside: Ints
    """Px of it at which the other lies to the left or right."""
    drawn: Ints
    """Px of it where a line is drawn."""
    weight: Float64
    """Weight of the line, summed over those."""

    def of(self, which: Bool) -> _Borders:
        """Some of them."""
        return _Borders(*(getattr(self, name)[which] for name in self.__slots__))


def _borders(labels: Int32, weight: UInt8, tree: Bool) -> _Borders:
    count, found = len(tree), []
    for down, (a, b) in (0, (np.s_[:, :-1], np.s_[:, 1:])), (1, (np.s_[:-1], np.s_[1:])):
        meet = labels[a] != labels[b]
        one, other = labels[a][meet].astype(np.int64), labels[b][meet].astype(np.int64)
        line = np.maximum(weight[a][meet], weight[b][meet])
        for here, there, side in (one, other, 2 * down), (other, one, down):
            of_tree = tree[here]
            key = here[of_tree] * count + there[of_tree]
            found.append((key, line[of_tree], np.full(len(key), side, np.uint8)))
    keys, lines, sides = (np.concatenate(parts) for parts in zip(*found, strict=True))
    pairs, which = np.unique(keys, return_inverse=True)
    length, below, beside, drawn = (
        np.bincount(which, of, len(pairs)).astype(np.int64) for of in (None, sides == 2, sides == 0, lines > 0)
    )
    weights = np.asarray(np.bincount(which, np.maximum(lines, 1) - 1.0, len(pairs)), np.float64)
    return _Borders(pairs // count, pairs % count, length, below, beside, drawn, weights)


class _Wood:
    """Leaves and stems of a picture; ``depth`` (n,) by region becomes what they stand at."""

    def __init__(self, borders: _Borders, regions: Regions, read: Float64, area: Ints) -> None:
        self.depth, self.borders, self.regions, self.count = read.copy(), borders, regions, len(read)
        self.leafy, self.woody = (regions.material == kind for kind in (Material.FOLIAGE, Material.TRUNK))
        tall, wide = regions.bottom - regions.top, regions.right - regions.left
        self.stem = self._stems(area)
        broad = area / np.maximum(tall, 1)
        self.width = np.zeros(self.count)
        np.maximum.at(self.width, self.stem, broad)
        under = np.maximum(self._sum(borders, borders.below), 1)
        lying = np.isin(regions.material, _LYING)[borders.other]
        stands = self.leafy & (self._sum(borders, borders.below * lying) > _FOOT * under)
        self.crown = self._crowns(broad)
        self.hanging = (self.leafy & ~stands) | (self.woody & (self.stem == 0) & (wide > tall))
        near = borders.of((self.depth[borders.one] < _NEAR) & self._behind(borders, self.depth[borders.one]))
        self.bold = float(near.weight.sum() / max(near.drawn[near.weight > 0].sum(), 1))
        far = stands & (self.depth > _DOUBTED)
        weight, drawn = self._outlines(far, self.leafy, _DOUBTED)
        said = drawn[far].sum()
        self.told = bool(said > _SAID and weight[far].sum() < _THIN * self.bold * said)
        """True if far leaves are seen to be drawn with a thinner line."""

    def _stems(self, area: Ints) -> Ints:
        """(n,) the piece of bark that each stem is named by, 0 for what is of none; its other pieces take its depth."""
        borders = self.borders.of(self.woody[self.borders.one] & self.woody[self.borders.other])
        under = self._sum(self.borders, self.borders.below)
        stem = np.where(self.woody & (self.depth < _UNKNOWN), np.arange(self.count), 0)
        stacked = borders.below > _ON * under[borders.one]
        along = (borders.length > _ALONG * np.sqrt(area[borders.one])) & (self.depth[borders.one] >= _UNKNOWN)
        for joined in (stacked, stacked | along):
            pairs = borders.of(joined)
            # The nearest one last: of several writes to a place numpy keeps the last.
            for _ in range(len(pairs.one)):
                nearer = self.depth[pairs.other] < self.depth[pairs.one] - 1e-6
                take = np.flatnonzero(nearer & (stem[pairs.other] > 0))
                if len(take) == 0:
                    break
                take = take[np.argsort(-self.depth[pairs.other[take]], kind="stable")]
                one, other = pairs.one[take], pairs.other[take]
                stem[one], self.depth[one] = stem[other], self.depth[other]
        return stem

    def _crowns(self, broad: Float64) -> Bool:
        """(n,): leaves that were read far away and in which a stem ends: they stand hardly behind it."""
        borders, top = self.borders, np.full(self.count, np.inf)
        np.minimum.at(top, self.stem, self.regions.top)
        on = (self.leafy & (self.depth >= _UNKNOWN))[borders.one] & (self.stem[borders.other] > 0)
        on &= (borders.below > _ON * broad[borders.other]) & (
            self.regions.y[borders.one] < top[self.stem[borders.other]]
        )
        found = np.zeros(self.count, bool)
        found[borders.one[on]] = True
        np.minimum.at(self.depth, borders.one[on], self.depth[borders.other[on]] + _CROWN)
        return found

    def hang_on_stems(self) -> None:
        """Leaves that hang on a stem, or on what does, stand where it does; the nearest stem takes first."""
        stems = np.unique(self.stem[(self.stem > 0) & (self.depth < _DOUBTED)])
        for name in stems[np.argsort(self.depth[stems], kind="stable")].tolist():
            self._hang(name, float(self.width[name]))

    def _hang(self, name: int, width: float) -> None:
        stem = self.stem == name
        depth, reach = float(self.depth[stem].min()), _REACH * width
        # Pieces of bark that boughs part from the rest of it lie above it.
        above = self.woody & (self.depth >= _UNKNOWN) & (np.abs(self.regions.x - self.regions.x[name]) < width)
        here = self.hanging | above
        # Leaves that are near themselves, but out of reach, are no background that an outline could stand before.
        near = here & self.leafy & (self.depth < _DOUBTED)
        while True:
            away = self._ways(stem, here)
            found = here & (away <= reach) & ~stem
            others = self._others(found, found | stem | near, depth) | self._hidden(found, stem, depth)
            if not others.any():
                break
            here, near = here & ~others, near & ~others
        offer = depth + _FARTHER * np.minimum(away / max(reach, 1), 1)
        # That what comes in over the upper edge hangs is a guess of the reading.
        known = self.depth < _DOUBTED if self.told else self.depth < _UNKNOWN
        known &= ~self.crown & ~(self.told & (np.abs(self.depth - HANGING / 255) < _GUESSED))
        taken = found & ~known & (self.depth > offer)
        self.depth[taken] = offer[taken]

    def frame(self, labels: Int32) -> None:
        """Boughs that come in over an edge of the picture, and whose stem is not in it, frame it and are near."""
        depth, edge = HANGING / 255, np.zeros(self.count, bool)
        for side in (labels[0], labels[:, 0], labels[:, -1]):
            edge[side] = True
        near = self.hanging & (self.depth < _DOUBTED)
        here = self.hanging & (self.depth > _UNKNOWN)
        while True:
            found = here & np.isfinite(self._ways(edge & here & self.leafy, here))
            others = self._others(found, found | near, depth)
            if not others.any():
                break
            here &= ~others
        self.depth[found] = depth

    def pile(self) -> None:
        """Leaves that rest on others of a crown whose place is known are of that crown."""
        borders = self.borders.of(
            self.hanging[self.borders.one] & self.leafy[self.borders.one] & self.leafy[self.borders.other]
        )
        under = self._sum(self.borders, self.borders.below)
        for _ in range(_HEAP):
            placed = (self.hanging | self.crown) & (self.depth < _UNKNOWN)
            on = borders.of(placed[borders.other])
            resting = self._sum(on, on.below)
            rests = (self.depth >= _UNKNOWN) & (resting > _RESTS * under)
            if not rests.any():
                return
            mean = self._sum(on, on.below * self.depth[on.other])[rests] / resting[rests]
            self.depth[rests] = mean

    def _ways(self, start: Bool, here: Bool) -> Float64:
        """(n,) length of the shortest way from what touches ``start``, over what is ``here`` and touches."""
        here = here | start
        pairs = self.borders.of(here[self.borders.one] & here[self.borders.other] & (self.borders.length >= _TOUCH))
        x, y = self.regions.x.astype(np.float64), self.regions.y.astype(np.float64)
        step = np.hypot(x[pairs.one] - x[pairs.other], y[pairs.one] - y[pairs.other])
        step[start[pairs.one]] = 0
        away = np.where(start, 0.0, np.inf)
        for _ in range(len(pairs.one)):
            before = away.copy()
            np.minimum.at(away, pairs.other, away[pairs.one] + step)
            if (away == before).all():
                break
        return away

    def _others(self, those: Bool, tree: Bool, depth: float) -> Bool:
        """(n,): leaves that are of no tree at this depth: thinly outlined before what is not its, or one with that."""
        weight, drawn = self._outlines(those, tree, depth)
        thin = (drawn >= _OUTLINE) & (weight < _THIN * self.bold * drawn)
        borders = self.borders
        bare = borders.length - borders.drawn
        into = ~tree[borders.other] & self.leafy[borders.other] & (bare >= _OPEN) & (bare > _GAP * borders.length)
        return np.asarray(those & self.leafy & (thin | (self._sum(borders, into) > 0)))

    def _hidden(self, those: Bool, stem: Bool, depth: float) -> Bool:
        """(n,): leaves that are seen between stems farther off than this one, and so behind those."""
        borders = self.borders
        farther = self.woody[borders.other] & ~stem[borders.other] & self._behind(borders, depth)
        between, around = self._sum(borders, borders.beside * farther), self._sum(borders, borders.length)
        return np.asarray(those & self.leafy & (between > _BETWEEN * around))

    def _outlines(self, those: Bool, tree: Bool, depth: float) -> tuple[Float64, Float64]:
        """(n,) each: weight, summed, and px of the outlines of ``those`` before what is behind ``depth``, not ``tree``.

        Where leaves end before a stem the line may be either one's.
        """
        borders = self.borders
        before = ~tree[borders.other] & ~self.woody[borders.other] & self._behind(borders, depth)
        own = borders.of(those[borders.one] & before)
        return self._sum(own, own.weight), self._sum(own, own.drawn)

    def _behind(self, borders: _Borders, depth: float | Float64) -> Bool:
        return np.asarray(self.depth[borders.other] > depth + _BEFORE)

    def _sum(self, borders: _Borders, values: Ints | Float64 | Bool) -> Float64:
        """(n,) by region: of its borders."""
        return np.asarray(np.bincount(borders.one, values, self.count), np.float64)
