"""How far a person's marks reach: they win where they are, fill their region, and stop at lines.

Each stroke sends out a distance that grows slowly inside the region that it stands in, and steeply across ink, from
room to room, and into what was read as something else. It has the less say the farther it is, and the less a place
looked, before anything was marked, like the place under the stroke. A stroke in the middle of something wide fills
it; a stroke on something narrow stays on narrow things.
"""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Float32, Int32, UInt8
from genzu.picture.regions import distance_to

NO_MARK = 255
_BASE, _BY_LENGTH, _BY_CLEARANCE = 0.06, 0.7, 2.0
"""How far a stroke reaches on open paper: picture heights, and times its own length and its distance to ink."""
_NARROW, _ALONG_NARROW = 0.012, 0.5
"""On what is so narrow (picture heights to the ink) it reaches so many picture heights more, along poles and rails."""
_INK = 1.6
"""Cost of a full line."""
_ROOM = 0.5
"""Cost of entering another room of the drawing."""
_OTHER = 0.35
"""Cost of entering what was surely read as another material."""
_OPEN = 1.0
"""Cost of leaving something narrow for something wide."""
_GAP, _BALL = 0.5, 0.4
"""Cost of leaving through a gap that a ball cannot pass which is so large, as a share of the stroke's clearance."""
_SMALLEST_BALL = 2.0
"""In cells: smaller balls pass everywhere."""
_REACH = 0.45
"""Cost at which a mark has lost its say."""
_SURE = 0.5
"""A reader that saw the marks and is more certain than this of something else weakens them there."""
_NEAR = 0.01
"""So near to a stroke it does not matter what the place looked like."""
_SMALL, _LIKE_IT = 0.13, 0.5
"""Share of the picture, and share of its size (root of its area) that a stroke is long: such rooms are filled."""
_WIDER = 2
"""What is so many times as far from ink as the stroke is something wider than what was meant."""
_FIRM = 0.97
_INKED = 50
_ROUNDS = 24

Field = NDArray[np.float64]


def spread(mixed: Float32, cells: UInt8, seen: Float32, room: Int32, ink: UInt8) -> None:
    """Pull the votes ``mixed`` (h, w, 17) to the marks ``cells`` (h, w; 255 = none), in place.

    ``seen`` (h, w, 17) are the votes without the marks, ``room`` (h, w) the rooms of the drawing, ``ink`` (h, w) 0-255
    the strength of its strokes.
    """
    open_ = distance_to(ink > _INKED, 64)
    plain = [_cost(axis, ink, room, seen) for axis in (0, 1)]
    height = cells.shape[0]
    size = np.bincount(room.ravel())
    firmest = np.zeros(cells.shape, np.float32)
    said = np.zeros(cells.shape, np.intp)
    for stroke, kind in _strokes(cells):
        clear, length = max(1, int(open_[stroke].max())), _length(stroke)
        along = _REACH / _way(clear, length, height)
        wide = open_ > _WIDER * clear + 1
        around = _within(stroke, open_, _BALL * clear)
        costs = [
            cost + along + _OPEN * np.diff(wide, axis=axis) + _GAP * np.diff(around, axis=axis)
            for axis, cost in enumerate(plain)
        ]
        away = _geodesic(stroke, costs[0], costs[1])
        like = np.minimum(seen, seen[stroke].mean(axis=0)).sum(axis=2)
        others = np.delete(mixed, kind, axis=2).max(axis=2)
        like *= 1 - np.maximum(others - _SURE, 0) / (1 - _SURE)
        like[away < _NEAR] = 1
        filled = np.unique(room[stroke])
        filled = filled[(size[filled] < _SMALL * room.size) | (length > _LIKE_IT * np.sqrt(size[filled]))]
        like[np.isin(room, filled)] = 1
        firm = (_FIRM * like * np.exp(-((away / _REACH) ** 2))).astype(np.float32)
        firmer = firm > firmest
        firmest[firmer], said[firmer] = firm[firmer], kind
    mixed *= 1 - firmest[..., None]
    mixed += firmest[..., None] * np.eye(len(Material), dtype=np.float32)[said]


def _strokes(cells: UInt8) -> list[tuple[Bool, int]]:
    """Each stroke as a mask, with its material; very many of one material count as one."""
    found: list[tuple[Bool, int]] = []
    for kind in np.unique(cells[cells != NO_MARK]):
        parts, number = mahotas.label(cells == kind, np.ones((3, 3), bool))
        one_by_one = [parts == k for k in range(1, number + 1)] if number <= 8 else [parts > 0]
        found += [(mask, int(kind)) for mask in one_by_one]
    return found


def _within(stroke: Bool, open_: UInt8, radius: float) -> Bool:
    """Where a ball of this radius (cells) gets from the stroke, and its rim: what small gaps in the lines keep in."""
    if radius < _SMALLEST_BALL:
        return np.ones(stroke.shape, bool)
    places, _ = mahotas.label(open_ >= radius)
    reached = np.unique(places[stroke])
    inside = np.isin(places, reached[reached > 0])
    return np.asarray(mahotas.distance(~inside) <= (radius + 1) ** 2)


def _way(clear: int, length: float, height: int) -> float:
    """How far a stroke reaches, in cells: a long one, or one on open paper, means more than a short one."""
    narrow = min(1.0, max(0.0, 2 - clear / (_NARROW * height)))
    return (_BASE + _ALONG_NARROW * narrow) * height + _BY_LENGTH * length + _BY_CLEARANCE * clear


def _length(stroke: Bool) -> float:
    """From one end to the other, in cells."""
    rows, columns = np.nonzero(stroke)
    return float(np.hypot(np.ptp(rows), np.ptp(columns)))


def _cost(axis: int, ink: UInt8, room: Int32, seen: Float32) -> Field:
    """Cost of each step from a cell to the next along an axis."""
    inked = np.swapaxes(ink.astype(np.float64) / 255, 0, axis)
    crossed = np.swapaxes((inked[1:] + inked[:-1]) / 2, 0, axis)
    cost = _INK * crossed
    cost += _ROOM * (np.diff(room, axis=axis) != 0)
    cost += _OTHER * np.abs(np.diff(seen, axis=axis)).sum(axis=2) / 2
    return np.asarray(cost, np.float64)


def _geodesic(start: Bool, down: Field, across: Field) -> Field:
    """Cheapest way along rows and columns from the start, by sweeps in four directions (after Toivanen 1996)."""
    ways = []
    for axis, cost in ((1, across), (0, down)):
        ways.append((axis, np.cumsum(np.insert(cost, 0, 0.0, axis=axis), axis=axis)))
    away = np.where(start, 0.0, 1e6)
    for _ in range(_ROUNDS):
        before = away
        for axis, way in ways:
            away = np.minimum(away, way + np.minimum.accumulate(away - way, axis=axis))
            back = np.minimum.accumulate(np.flip(away + way, axis), axis=axis)
            away = np.minimum(away, np.flip(back, axis) - way)
        if np.abs(before - away).max() < 1e-3:
            break
    return away
