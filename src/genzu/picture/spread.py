"""How far a person's marks reach: they win where they are, fill their region, and stop at lines.

Each stroke sends out a distance that grows slowly inside the region that it stands in, and steeply across ink, from
room to room, and into what was read as something else. It has the less say the farther it is, and the less a place
looked, before anything was marked, like the place under the stroke. A stroke in the middle of something wide fills
it; a stroke on something narrow stays on narrow things.
"""

from __future__ import annotations

from dataclasses import dataclass

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
_TIP = 0.25
"""A room that holds no more than this share of a stroke was not meant by it."""
_WIDER = 2
"""What is so many times as far from ink as the stroke is something wider than what was meant."""
_FIRM = 0.97
INKED = 50
"""Ink from which a cell is a line, of 255."""
_ROUNDS = 24

Field = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A connected mark; lengths in cells."""

    mask: Bool
    kind: int
    length: float
    """From one end to the other."""
    clear: int
    """From its deepest place to the nearest ink, at least 1."""
    top: float
    bottom: float
    row: float
    """Mean row."""

    def rooms(self, room: Int32) -> NDArray[np.int32]:
        """The rooms that it stands in."""
        return np.unique(room[self.mask])

    def meant(self, room: Int32) -> NDArray[np.intp]:
        """The rooms that it stands in with more than its tip."""
        inside = np.bincount(room[self.mask])
        return np.flatnonzero(inside > _TIP * inside.sum())


Ways = list[tuple[Stroke, Float32]]
"""Each stroke, and how far every cell (h, w) is from it: 1 = where it has lost its say."""


def ways_of(cells: UInt8, seen: Float32, room: Int32, ink: UInt8) -> Ways:
    """Measure the strokes of the marks ``cells`` (h, w; 255 = none).

    ``seen`` (h, w, 17) are the votes without the marks, ``room`` (h, w) the rooms of the drawing, ``ink`` (h, w) 0-255
    the strength of its strokes.
    """
    open_ = distance_to(ink > INKED, 64)
    plain = _cost(0, ink, room, seen), _cost(1, ink, room, seen)
    return [(stroke, _way_of(stroke, plain, open_)) for stroke in strokes_of(cells, open_)]


def spread(mixed: Float32, ways: Ways, seen: Float32, room: Int32) -> None:
    """Pull the votes ``mixed`` (h, w, 17) to the marks that were measured with ``seen`` and ``room``, in place."""
    size = np.bincount(room.ravel())
    firmest = np.zeros(room.shape, np.float32)
    said = np.zeros(room.shape, np.intp)
    for stroke, away in ways:
        like = np.minimum(seen, seen[stroke.mask].mean(axis=0)).sum(axis=2)
        others = np.delete(mixed, stroke.kind, axis=2).max(axis=2)
        like *= 1 - np.maximum(others - _SURE, 0) / (1 - _SURE)
        like[away < _NEAR / _REACH] = 1
        filled = stroke.meant(room)
        filled = filled[(size[filled] < _SMALL * room.size) | (stroke.length > _LIKE_IT * np.sqrt(size[filled]))]
        like[np.isin(room, filled)] = 1
        firm = (_FIRM * like * np.exp(-(away**2))).astype(np.float32)
        firmer = firm > firmest
        firmest[firmer], said[firmer] = firm[firmer], stroke.kind
    mixed *= 1 - firmest[..., None]
    mixed += firmest[..., None] * np.eye(len(Material), dtype=np.float32)[said]


def strokes_of(cells: UInt8, open_: UInt8) -> list[Stroke]:
    """Each stroke of the marks (h, w; 255 = none); very many of one material count as one.

    ``open_`` (h, w) is the distance to the nearest ink.
    """
    found = []
    for kind in np.unique(cells[cells != NO_MARK]):
        parts, number = mahotas.label(cells == kind, np.ones((3, 3), bool))
        for mask in [parts == k for k in range(1, number + 1)] if number <= 8 else [parts > 0]:
            rows, columns = np.nonzero(mask)
            found.append(Stroke(
                mask=mask, kind=int(kind), length=float(np.hypot(np.ptp(rows), np.ptp(columns))),
                clear=max(1, int(open_[mask].max())),
                top=float(rows.min()), bottom=float(rows.max()), row=float(rows.mean()),
            ))  # fmt: skip
    return found


def _way_of(stroke: Stroke, plain: tuple[Field, Field], open_: UInt8) -> Float32:
    along = _REACH / _way(stroke.clear, stroke.length, open_.shape[0])
    wide = open_ > _WIDER * stroke.clear + 1
    around = _within(stroke.mask, open_, _BALL * stroke.clear)
    down, across = (
        cost + along + _OPEN * np.diff(wide, axis=axis) + _GAP * np.diff(around, axis=axis)
        for axis, cost in enumerate(plain)
    )
    return (geodesic(stroke.mask, down, across) / _REACH).astype(np.float32)


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


def cost_of_lines(ink: UInt8, paper: float) -> tuple[Field, Field]:
    """Cost of each step down and across, where only ink hinders, and paper costs so much."""
    return _crossed(ink, 0) + paper, _crossed(ink, 1) + paper


def _crossed(ink: UInt8, axis: int) -> Field:
    inked = np.swapaxes(ink.astype(np.float64) / 255, 0, axis)
    return np.asarray(_INK * np.swapaxes((inked[1:] + inked[:-1]) / 2, 0, axis), np.float64)


def _cost(axis: int, ink: UInt8, room: Int32, seen: Float32) -> Field:
    """Cost of each step from a cell to the next along an axis."""
    cost = _crossed(ink, axis)
    cost += _ROOM * (np.diff(room, axis=axis) != 0)
    cost += _OTHER * np.abs(np.diff(seen, axis=axis)).sum(axis=2) / 2
    return np.asarray(cost, np.float64)


def geodesic(start: Bool, down: Field, across: Field) -> Field:
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
