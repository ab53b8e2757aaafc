"""Measures of the rooms and strokes of a drawing, for readers that judge by shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Bool, Int32, UInt8
from genzu.picture.regions import distance_to, walls_of
from genzu.picture.space import vanishing_row

_WOBBLE = 4
"""Analysis pixels that a hand may waver on a straight line."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """One row per room number 0…n (entry 0 is unused). Lengths are shares of the picture's height."""

    area: Floats
    """Share of the picture."""
    top: Floats
    bottom: Floats
    left: Floats
    right: Floats
    row: Floats
    """Mean row."""
    fill: Floats
    """Share of its bounding box: 1 rectangle, 0.79 disc, 0.5 triangle."""
    winding: Floats
    """Its outline along pixel edges over that of its box: 1 for anything without bays, more for scallops."""
    half_width: Floats
    """Distance of its deepest point from a line."""
    touches_top: Flags
    touches_bottom: Flags
    touches_side: Flags
    ripples: Floats
    """Short level strokes in it."""
    tufts: Floats
    """Short upright strokes in it."""

    @property
    def width(self) -> Floats:
        """Of the bounding box."""
        return self.right - self.left

    @property
    def height(self) -> Floats:
        """Of the bounding box."""
        return self.bottom - self.top


def measure_rooms(rooms: Int32, ink: UInt8) -> Rooms:
    """Measure every room of (h, w) labels 1…n; ``ink`` (h, w) are the strokes."""
    rows, columns = rooms.shape
    count = int(rooms.max()) + 1
    size = np.bincount(rooms.ravel(), minlength=count).astype(np.float64)
    y = np.repeat(np.arange(rows), columns)
    top, bottom = np.full(count, rows), np.zeros(count, int)
    left, right = np.full(count, columns), np.zeros(count, int)
    for index in range(rows):
        bottom[rooms[index]] = index + 1
    for index in range(rows - 1, -1, -1):
        top[rooms[index]] = index
    for index in range(columns):
        right[rooms[:, index]] = index + 1
    for index in range(columns - 1, -1, -1):
        left[rooms[:, index]] = index
    box = np.maximum((bottom - top) * (right - left), 1)
    deep = np.zeros(count)
    np.maximum.at(deep, rooms.ravel(), distance_to(ink > 34, 200).ravel())
    ripples, tufts = short_strokes(ink)
    return Rooms(
        area=size / rooms.size, top=top / rows, bottom=bottom / rows, left=left / rows, right=right / rows,
        row=np.bincount(rooms.ravel(), weights=y, minlength=count) / np.maximum(size, 1) / rows,
        fill=size / box,
        winding=_winding(rooms, count),
        half_width=deep / rows,
        touches_top=_present(rooms[:2], count), touches_bottom=_present(rooms[-2:], count),
        touches_side=_present(rooms[:, :2], count) | _present(rooms[:, -2:], count),
        ripples=_count_at(ripples, rooms, count), tufts=_count_at(tufts, rooms, count),
    )  # fmt: skip


def short_strokes(ink: UInt8) -> tuple[Bool, Bool]:
    """Middles of single short strokes: level ones (ripples) and upright ones (tufts)."""
    rows = ink.shape[0]
    parts, number = mahotas.label(walls_of(ink), np.ones((3, 3), bool))
    ripples, tufts = np.zeros(ink.shape, bool), np.zeros(ink.shape, bool)
    if number:
        boxes = np.asarray(mahotas.labeled.bbox(parts))[1:]
        high, wide = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
        middle = (boxes[:, 0] + boxes[:, 1]) // 2, (boxes[:, 2] + boxes[:, 3]) // 2
        level = (wide > 3.5 * high) & (wide > 0.015 * rows) & (wide < 0.16 * rows)
        upright = (high > 1.3 * wide) & (high > 0.008 * rows) & (high < 0.05 * rows)
        ripples[middle[0][level], middle[1][level]] = True
        tufts[middle[0][upright], middle[1][upright]] = True
    return ripples, tufts


def neighbours(rooms: Int32) -> NDArray[np.int64]:
    """(n + 1, n + 1) length of the common border of each two rooms, in pixels."""
    count = int(rooms.max()) + 1
    table = np.zeros((count, count), np.int64)
    for ahead, behind in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        one, other = rooms[ahead].ravel(), rooms[behind].ravel()
        differ = one != other
        np.add.at(table, (one[differ], other[differ]), 1)
    return table + table.T


def horizon_guess(ink: UInt8, *, built: bool) -> float | None:
    """Row (share of the height) of the horizon as far as lines alone tell: a long level line, or vanishing lines."""
    rows = ink.shape[0]
    row = vanishing_row(ink) if built else None
    if row is not None and 0.1 * rows < row < 0.9 * rows:
        return row / rows
    lines = ink > 50
    reach = max(1, rows // 120)
    level = np.zeros(rows)
    covered = _windowed_any(lines & _level(lines), reach)
    level[:] = covered.mean(axis=1)
    level[: round(0.2 * rows)] = 0
    level[round(0.75 * rows) :] = 0
    best = int(np.argmax(level))
    return None if level[best] < 0.38 else best / rows


def _level(lines: Bool) -> Bool:
    """Ink that has ink left and right of it for some pixels, within a row: level strokes."""
    run = 6
    near = _windowed_any(lines, 1)
    found = np.ones_like(lines)
    for step in (-run, -run // 2, run // 2, run):
        found &= np.roll(near, step, axis=1)
    return found


def _windowed_any(mask: Bool, reach: int) -> Bool:
    wide = mask.copy()
    for step in range(1, reach + 1):
        wide[step:] |= mask[:-step]
        wide[:-step] |= mask[step:]
    return wide


def _outline(rooms: Int32, count: int) -> Floats:
    framed = np.pad(rooms, 1)
    length = np.zeros(count)
    for axis in (0, 1):
        ahead: Any = np.s_[1:] if axis == 0 else np.s_[:, 1:]
        behind: Any = np.s_[:-1] if axis == 0 else np.s_[:, :-1]
        one, other = framed[ahead], framed[behind]
        differ = one != other
        length += np.bincount(one[differ], minlength=count) + np.bincount(other[differ], minlength=count)
    return length


def _winding(rooms: Int32, count: int) -> Floats:
    """Outline over that of the bounding box, on a grid too coarse for the wobble of a pencil.

    Holes that enclosed rooms (windows in a wall) cut do not count.
    """
    coarse = np.ascontiguousarray(rooms[::_WOBBLE, ::_WOBBLE])
    table = np.zeros((count, count), np.int64)
    found = neighbours(coarse)
    table[: found.shape[0], : found.shape[1]] = found
    outline = _outline(coarse, count)
    enclosed = table > 0.7 * np.maximum(outline, 1)[:, None]  # row = inner room, column = the room around it
    outer = outline - (table * enclosed).sum(axis=0)
    box = np.zeros(count)
    for axis in (0, 1):
        low, high = np.full(count, coarse.shape[axis]), np.zeros(count, int)
        for index in range(coarse.shape[axis]):
            part = np.take(coarse, index, axis=axis)
            high[part] = index + 1
            low[part] = np.minimum(low[part], index)
        box += 2 * np.maximum(high - low, 0)
    return np.asarray(outer / np.maximum(box, 1), np.float64)


def _present(part: Int32, count: int) -> Flags:
    present = np.zeros(count, bool)
    present[part] = True
    return present


def _count_at(places: Bool, rooms: Int32, count: int) -> Floats:
    return np.bincount(rooms[places], minlength=count).astype(np.float64)
