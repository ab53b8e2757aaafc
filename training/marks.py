"""Marks as a person would put them: strokes through what was read wrongly."""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

NO_MARK = 255
_CORE = 0.35
"""A stroke stays where the mistake is at least this deep, as a share of its deepest place."""
_DIRECTIONS = 16


def largest_mistake(guess: Bytes, answer: Bytes, marks: Bytes) -> Mask | None:
    """The largest connected area of one true material that was read as others and holds no mark; ``None``: none."""
    best, found = 0, None
    for kind in np.unique(answer):
        parts, number = mahotas.label((answer == kind) & (guess != kind))
        if not number:
            continue
        sizes = np.bincount(parts.ravel())
        sizes[0] = 0
        sizes[np.unique(parts[marks != NO_MARK])] = 0
        largest = int(np.argmax(sizes))
        if sizes[largest] > best:
            best, found = int(sizes[largest]), np.asarray(parts == largest)
    return found


def stroke(part: Mask, longest: float, width: float) -> Mask:
    """A straight stroke through the deepest place of ``part``, in the direction in which there is most room.

    At most ``longest`` px long and ``width`` px wide, and never outside of ``part``.
    """
    deep = np.sqrt(mahotas.distance(np.pad(part, 1))[1:-1, 1:-1])
    y, x = _middle(np.argwhere(deep >= 0.95 * deep.max()))
    core = deep >= _CORE * deep[y, x]
    steps = np.arange(1, max(2, round(longest / 2) + 1))
    ways = [_reach(core, y, x, lean, steps) for lean in np.arange(_DIRECTIONS) * np.pi / _DIRECTIONS]
    best = int(np.argmax([ahead + behind for ahead, behind in ways]))
    lean, (ahead, behind) = best * np.pi / _DIRECTIONS, ways[best]
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    along = (rows - y) * np.sin(lean) + (columns - x) * np.cos(lean)
    beside = (rows - y) * np.cos(lean) - (columns - x) * np.sin(lean)
    line = (along <= ahead) & (along >= -behind) & (np.abs(beside) <= width / 2)
    line[y, x] = True
    return np.asarray(line & part, bool)


def _middle(places: NDArray[np.intp]) -> tuple[int, int]:
    """The one of these places that lies closest to their mean."""
    away = ((places - places.mean(axis=0)) ** 2).sum(axis=1)
    row, column = places[int(np.argmin(away))]
    return int(row), int(column)


def _reach(core: Mask, y: int, x: int, lean: float, steps: NDArray[np.int64]) -> tuple[int, int]:
    """How many px there is room ahead of and behind a place."""
    found = []
    for sign in (1, -1):
        row = np.rint(y + sign * steps * np.sin(lean)).astype(np.intp)
        column = np.rint(x + sign * steps * np.cos(lean)).astype(np.intp)
        inside = (row >= 0) & (row < core.shape[0]) & (column >= 0) & (column < core.shape[1])
        free = np.zeros(steps.size, bool)
        free[inside] = core[row[inside], column[inside]]
        found.append(int(steps.size if free.all() else np.argmin(free)))
    return found[0], found[1]


def corrected(guess: Bytes, answer: Bytes, marks: Bytes, *, longest: float, width: float) -> bool:
    """Put one stroke into ``marks`` (in place) through the largest mistake; ``False`` if there is none."""
    part = largest_mistake(guess, answer, marks)
    if part is None:
        return False
    line = stroke(part, longest, width)
    marks[line] = answer[line]
    return True
