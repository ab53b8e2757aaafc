"""Between the drawn tiers of a conifer one sees what stands behind it.

A materials picture says *foliage* with one triangle; the pencil draws tier over tier in it. Left and right of a tier,
under the one above, nothing but the edge of that triangle ends the foliage: such a wing is none, and joins what is
around it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Int32, UInt8
from genzu.picture.regions import INK, crest, distance_to, flood
from genzu.picture.spires import Conifer, find_conifers

_INSIDE = 0.9
"""Least share of a wing that lies within reach of the tree's tiers."""
_OFF = 0.4
"""How far off the stem its middle lies at least, in half widths of the tree there."""
_HELD = 0.4
"""Least share of its border that is drawn and meets a tier."""
_OPEN, _OPENING = 0.4, 0.04
"""Least share of what it shows to anything but leaves that no line closes; the same of its whole border."""
_LEAST = 400
"""Units² of the smallest."""
_AROUND = 6
"""Px around a wing from which it is filled."""
_LEFT_OUT = (Material.FOLIAGE, Material.TRUNK)


def without_wings(materials: UInt8, regions: Int32, ink: UInt8, small: UInt8) -> None:
    """Give the wings of conifers to what is around them, in place.

    ``materials`` and ``regions`` (H, W) as they were snapped to ``ink`` (H, W); ``small`` (h, w) is the line picture
    at reduced size. A region that is given away has no pixel afterwards; the others keep their numbers.
    """
    height, width = materials.shape
    rows = ((np.arange(small.shape[0]) + 0.5) * height / small.shape[0]).astype(np.intp)[:, None]
    columns = ((np.arange(small.shape[1]) + 0.5) * width / small.shape[1]).astype(np.intp)
    leafy = materials[rows, columns] == Material.FOLIAGE
    if not leafy.any():
        return
    trees = find_conifers(leafy, 1080 / small.shape[0])
    if not trees:
        return
    table = _Borders(regions[rows, columns], leafy, small)
    for tree in trees:
        for number in np.flatnonzero(table.wings(tree)):
            _give_away(materials, regions, ink, int(number))


class _Borders:
    """What each region meets, and whether along a line; at reduced size."""

    def __init__(self, regions: Int32, leafy: Bool, ink: UInt8) -> None:
        self.regions, self.leafy, self.units = regions, leafy, 1080 / ink.shape[0]
        self.count = int(regions.max()) + 1
        self.area = np.bincount(regions.ravel(), minlength=self.count)
        self.kind = np.zeros(self.count, bool)
        self.kind[regions[leafy]] = True
        line = distance_to(ink > INK, 2) < 2
        meets: list[NDArray[np.int64]] = []
        for ahead, behind in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
            differ = regions[ahead] != regions[behind]
            drawn = (line[ahead] | line[behind])[differ]
            one, other = regions[ahead][differ], regions[behind][differ]
            meets += [np.stack([one, other, drawn]), np.stack([other, one, drawn])]
        self.own, self.other, drawn = np.concatenate(meets, 1).astype(np.int64)
        self.drawn = drawn > 0

    def wings(self, tree: Conifer) -> Bool:
        """(n + 1,) regions that are wings of a tree."""
        y = (np.arange(self.leafy.shape[0], dtype=np.float32)[:, None] + np.float32(0.5)) * np.float32(self.units)
        x = (np.arange(self.leafy.shape[1], dtype=np.float32)[None, :] + np.float32(0.5)) * np.float32(self.units)
        near = self.leafy & tree.near(x, y)
        inside = np.bincount(self.regions[near], minlength=self.count)
        off = (x - tree.x) / (np.maximum(y - tree.top, 4) * tree.slope + 5)
        middle = np.bincount(self.regions[near], off[near], self.count) / np.maximum(inside, 1)
        stem = np.bincount(self.regions[near & (np.abs(x - tree.x) < 4)], minlength=self.count) > 0
        whole = np.maximum(self._length(np.ones(len(self.own), bool)), 1)
        open_ = self._length(~self.drawn & ~self.kind[self.other])
        held = self._length(self.drawn & stem[self.other])
        shown = self._length(~self.kind[self.other])
        return np.asarray(
            self.kind
            & ~stem
            & (self.area * self.units**2 > _LEAST)
            & (inside > _INSIDE * self.area)
            & (np.abs(middle) > _OFF)
            & (held >= _HELD * whole)
            & (open_ >= np.maximum(_OPEN * shown, _OPENING * whole))
        )

    def _length(self, which: Bool) -> NDArray[np.int64]:
        return np.bincount(self.own[which], minlength=self.count)


def _give_away(materials: UInt8, regions: Int32, ink: UInt8, number: int) -> None:
    """Let what is beside a region run into it where it is open, and only then over lines; in place."""
    y, x = np.nonzero(regions == number)
    if len(y) == 0:
        return
    view = (
        slice(max(int(y.min()) - _AROUND, 0), int(y.max()) + _AROUND + 1),
        slice(max(int(x.min()) - _AROUND, 0), int(x.max()) + _AROUND + 1),
    )
    kinds, wing = materials[view], regions[view] == number
    labels = np.where(np.isin(kinds, _LEFT_OUT), np.int32(-1), regions[view])
    labels[wing] = 0
    if not (labels > 0).any():
        return
    flood(labels, crest(ink[view]))
    filled = wing & (labels > 0)
    of_region = np.zeros(int(labels.max()) + 1, np.uint8)
    beside = labels > 0
    of_region[labels[beside & ~wing]] = kinds[beside & ~wing]
    regions[view][filled] = labels[filled]
    kinds[filled] = of_region[labels[filled]]
