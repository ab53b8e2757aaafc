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
_ALONG = 0.15
"""Cost of one picture height within a region."""
_INK = 1.6
"""Cost of a full line."""
_ROOM = 0.5
"""Cost of entering another room of the drawing."""
_OTHER = 0.35
"""Cost of entering what was surely read as another material."""
_OPEN = 1.0
"""Cost of leaving something narrow for something wide."""
_REACH = 0.45
"""Cost at which a mark has lost its say."""
_SURE = 0.5
"""A reader that saw the marks and is more certain than this of something else weakens them there."""
_NEAR = 0.01
"""So near to a stroke it does not matter what the place looked like."""
_SMALL, _ONE = 0.13, 0.85
"""Share of the picture, and share of one material: such rooms are filled whatever the reader says."""
_WIDER = 2
"""What is so many times as far from ink as the stroke is something wider than what was meant."""
_BROAD, _SLOWEST = 0.08, 5.0
"""Distance to ink (share of the height) from which a stroke reaches its full way; how much shorter the shortest is."""
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
    read_as = np.argmax(seen, axis=2)
    plain = [_cost(axis, ink, room, seen) for axis in (0, 1)]
    height = cells.shape[0]
    whole = _undivided(room, read_as)
    firmest = np.zeros(cells.shape, np.float32)
    said = np.zeros(cells.shape, np.intp)
    for stroke, kind in _strokes(cells):
        clear = max(1, int(open_[stroke].max()))
        wide = open_ > _WIDER * clear + 1
        slow = _ALONG / height * (min(max(1.0, _BROAD * height / clear), _SLOWEST) - 1)
        costs = [cost + slow + _OPEN * np.diff(wide, axis=axis) for axis, cost in enumerate(plain)]
        away = _geodesic(stroke, costs[0], costs[1])
        like = np.minimum(seen, seen[stroke].mean(axis=0)).sum(axis=2)
        others = np.delete(mixed, kind, axis=2).max(axis=2)
        like *= 1 - np.maximum(others - _SURE, 0) / (1 - _SURE)
        like[(away < _NEAR) | whole[room] & np.isin(room, np.unique(room[stroke]))] = 1
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


def _undivided(room: Int32, read_as: NDArray[np.intp]) -> Bool:
    """(n + 1,) rooms that a stroke fills whatever the reader says: small ones, and ones read as one material."""
    count = int(room.max()) + 1
    size = np.maximum(np.bincount(room.ravel(), minlength=count), 1)
    table = np.bincount(room.ravel() * len(Material) + read_as.ravel(), minlength=count * len(Material))
    largest = table.reshape(count, len(Material)).max(axis=1)
    return np.asarray((size < _SMALL * room.size) | (largest > _ONE * size), bool)


def _cost(axis: int, ink: UInt8, room: Int32, seen: Float32) -> Field:
    """Cost of each step from a cell to the next along an axis."""
    inked = np.swapaxes(ink.astype(np.float64) / 255, 0, axis)
    crossed = np.swapaxes((inked[1:] + inked[:-1]) / 2, 0, axis)
    cost = _ALONG / ink.shape[0] + _INK * crossed
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
