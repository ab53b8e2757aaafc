"""Twigs that lie where a line is drawn in a bare crown: what parted two masses of leaves is a bent twig in winter.

From places on a line twigs run along it, thinner and thinner, away from the tree's foot; now and then one leaves it, or
another comes out of it. So the line is there, and is no wire.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.soft import soft_bytes
from genzu.picture.arrays import Bool, UInt8

Float64 = NDArray[np.float64]
Ints = NDArray[np.int64]
_CELL = 6
"""Px of the reduced size between the places where twigs begin."""
_KEPT = 0.40, 0.75
"""Share of those places near by, and far away, where few lines are drawn."""
_STEPS, _LONG = 7, 3.2
"""Steps that a twig runs along a line at most, and their length in px."""
_INKED = 26
"""Byte of softened ink from which a place lies on a line."""
_AHEAD = np.linspace(-1.0, 1.0, 9)
"""Turns that a line may make from step to step, radians."""
_SIDE = 0.34
"""Share of the turns of a twig from which another comes."""


def twigs_along(ink: UInt8, there: Bool, away_from: Float64, far: Bool, seed: int) -> tuple[Float64, Ints]:
    """(n, 6) pieces of twigs along the ``ink`` (h, w) that is ``there``: both ends in px, and width at both, 0–1.

    ``away_from`` (h, w, 2) is the place of which twigs run away. With them the place (row · width + column) at which
    the twig of each begins.
    """
    soft = soft_bytes(ink, 1.0)
    width = soft.shape[1]
    rows, columns = _begins(soft, there, far, seed)
    if len(rows) == 0:
        return np.zeros((0, 6)), np.zeros(0, np.int64)
    own = rows * width + columns
    one, two, three = (hash_unit(rows, columns, mix_seed(seed, k)).astype(np.float64) for k in range(3))
    place = np.stack([columns + 0.5, rows + 0.5], 1)
    turns: Float64 = np.arange(16, dtype=np.float64) * (np.pi / 8)
    both = [_ink_at(soft, place[:, None] + sign * _LONG * _ways(turns)[None]) for sign in (1, -1)]
    heading = turns[(both[0] + 0.6 * both[1]).argmax(1)]
    off = place - away_from[rows, columns]
    back = (np.cos(heading) * off[:, 0] + np.sin(heading) * off[:, 1]) < 0
    heading = np.where(back, heading + np.pi, heading)
    thick = 0.45 + 0.55 * one
    leaves = 2 + np.floor(4 * two)
    going, found, owners = np.ones(len(rows), bool), [], []
    for step in range(_STEPS):
        angles = heading[:, None] + _AHEAD
        tips = place[:, None] + _LONG * np.stack([np.cos(angles), np.sin(angles)], 2)
        inked = _ink_at(soft, tips) - 14 * np.abs(_AHEAD)
        best = inked.argmax(1)
        turn = _AHEAD[best]
        gone = (leaves <= step) | (inked[np.arange(len(best)), best] < _INKED)
        turn = np.where(gone, 0.9 * (three - 0.5), turn)
        going = going & ((step > 0) | ~gone) & (step < leaves + 2)
        heading = heading + turn
        tip = place + _LONG * np.stack([np.cos(heading), np.sin(heading)], 1)
        first, last = (thick * (1 - 0.72 * (step + k) / _STEPS) for k in (0, 1))
        piece = np.concatenate([place, tip, first[:, None], last[:, None]], 1)
        found.append(piece[going])
        owners.append(own[going])
        grows = going & (hash_unit(own, np.full(len(own), step), mix_seed(seed, 9)) < _SIDE)
        side, long = (hash_unit(own, np.full(len(own), step), mix_seed(seed, k)).astype(np.float64) for k in (10, 11))
        angle = heading + np.where(side < 0.5, -1, 1) * (0.35 + 0.8 * np.abs(2 * side - 1))
        long = _LONG * (1.2 + 2.4 * long)
        end = place + long[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
        found.append(np.concatenate([place, end, 0.7 * last[:, None], 0.3 * last[:, None]], 1)[grows])
        owners.append(own[grows])
        place = tip
    return np.concatenate(found), np.concatenate(owners)


def _begins(soft: UInt8, there: Bool, far: Bool, seed: int) -> tuple[Ints, Ints]:
    """Row and column of the most inked place of each cell, and of some cells only."""
    rows, columns = np.nonzero(there & (soft > _INKED))
    rows, columns = rows.astype(np.int64), columns.astype(np.int64)
    cell = rows // _CELL * soft.shape[1] + columns // _CELL
    order = np.lexsort((soft[rows, columns], cell))
    last = np.flatnonzero(np.diff(cell[order], append=-1) != 0)
    rows, columns = rows[order[last]], columns[order[last]]
    kept = hash_unit(rows // _CELL, columns // _CELL, seed) < np.where(far[rows, columns], _KEPT[1], _KEPT[0])
    return rows[kept], columns[kept]


def _ways(turns: Float64) -> Float64:
    return np.stack([np.cos(turns), np.sin(turns)], 1)


def _ink_at(soft: UInt8, place: Float64) -> Float64:
    column, row = (np.clip(np.floor(place[..., k]).astype(np.int64), 0, soft.shape[1 - k] - 1) for k in (0, 1))
    return soft[row, column].astype(np.float64)
