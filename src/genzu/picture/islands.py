"""Islands: a piece that no line parts from its only neighbour belongs to it.

Where a border between two materials follows no line, it was put there by a reader that hesitated. If nothing else
touches such a piece but lines (the lower half of a cloud that was read as sky, down to the line of its base), the
drawing knows one thing there, and the piece joins it.
"""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.regions import frame_of
from genzu.picture.snap import connected
from genzu.picture.spread import INKED

_LARGEST = 0.02
"""Pieces larger than this share of a frame stay."""
_OPEN, _OTHERS = 0.2, 0.03
"""Least share of its outline that is open to the one neighbour, and most that is open to others."""
_LIKELY = 0.3
"""The neighbour's material must have this share of the votes that its own has."""
_ROUNDS = 2
_BESIDE = 5
"""Cells of ink within a square of this side follow the piece."""
_INK = 255
_POSTS = (Material.TRUNK, Material.WOOD, Material.METAL)
"""What stands on the ground with an open foot is no island in it, and a crown on a trunk none of the trunk."""


def without_islands(decided: UInt8, votes: Float32, ink: UInt8, marked: Bool) -> UInt8:
    """Materials (h, w) in which islands have joined their neighbour; pieces with marks stay as they are.

    ``votes`` (h, w, 17), ``ink`` (h, w) 0-255, ``marked`` (h, w) where a person has said what is there.
    """
    for _ in range(_ROUNDS):
        decided = _joined(decided, votes, ink > INKED, marked)
    return decided


def _joined(decided: UInt8, votes: Float32, line: Bool, marked: Bool) -> UInt8:
    drawn = np.where(line, np.uint8(_INK), decided)
    areas = connected(drawn)
    count, kinds = int(areas.max()) + 1, len(Material)
    size = np.bincount(areas.ravel(), minlength=count)
    kind = np.zeros(count, np.intp)
    kind[areas] = drawn
    outline, open_ = np.zeros(count), np.zeros(count * kinds)
    for ahead, behind in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        for here, there in ((ahead, behind), (behind, ahead)):
            one, other = areas[here], areas[there]
            differ = one != other
            one, beyond = one[differ], kind[other[differ]]
            outline += np.bincount(one, minlength=count)
            paper = beyond != _INK
            open_ += np.bincount(one[paper] * kinds + beyond[paper], minlength=count * kinds)
    by_kind = open_.reshape(count, kinds)
    to = np.argmax(by_kind, axis=1)
    most = by_kind[np.arange(count), to]
    island = (size > 0) & (kind != _INK) & (size < _LARGEST * frame_of(decided.shape))
    island &= ~np.isin(kind, _POSTS) & ~np.isin(to, _POSTS)
    island &= (most >= _OPEN * outline) & (by_kind.sum(axis=1) - most <= _OTHERS * outline)
    for edge in (areas[0], areas[-1], areas[:, 0], areas[:, -1], areas[marked]):
        island[edge] = False
    found = decided.copy()
    for number in np.flatnonzero(island):
        rows, columns = np.nonzero(areas == number)
        part = np.s_[
            max(0, rows.min() - _BESIDE) : rows.max() + _BESIDE,
            max(0, columns.min() - _BESIDE) : columns.max() + _BESIDE,
        ]
        inside = areas[part] == number
        own, new = votes[part][inside].mean(axis=0)[[kind[number], to[number]]]
        if new < _LIKELY * own:
            continue
        beside = mahotas.dilate(inside, np.ones((_BESIDE, _BESIDE), bool)) & line[part] & ~marked[part]
        found[part][inside | (beside & (decided[part] == kind[number]))] = to[number]
    return found
