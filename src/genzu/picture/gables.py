"""Gables: a triangle on a wall, beside the slope of a roof, is wall as well.

A house that is drawn from its corner shows one slope of its roof as a parallelogram, and beside it the end of the
house up to the ridge, which the eaves often part from the wall below. Seen alone, that triangle is a roof like any
other. A hipped roof has such a triangle too; its slope is a trapezoid, narrower at the ridge than at the eaves, and is
left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Float32, Int32
from genzu.picture.regions import frame_of

_SMALLEST, _LARGEST = 0.0006, 0.05
"""Triangles as shares of a frame."""
_TIP, _MIDDLE, _FILL = 0.32, (0.3, 0.88), (0.36, 0.72)
"""Width near the tip and half-way down as shares of the greatest, and the share of its box that it fills."""
_STANDS, _LEANS = 0.45, 0.3
"""Least share of its foot on the wall below, and of its outline on the slope beside."""
_RIDGE = 0.25
"""How far the slope's top may be from the tip, as a share of the height of the triangle."""
_TAPER = 0.72
"""Least width of a slope near the ridge as a share of that near the eaves: less, and the roof is hipped."""
_READ = 0.25
"""Least votes for roof in the slope, and for wall in what stands below."""
_MOVED = np.float32(0.9)
"""Share of the votes for roof that go to wall."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Form:
    """How wide a room is from top to foot."""

    top: int
    bottom: int
    widths: Floats

    def near(self, place: float) -> float:
        """Mean width about a place: 0 = top, 1 = foot."""
        count = self.widths.size
        start = min(int(max(0.0, place - 0.1) * count), count - 1)
        return float(self.widths[start : max(start + 1, int(min(1.0, place + 0.1) * count))].mean())


def with_gables(votes: Float32, looks: Float32, room: Int32) -> Float32:
    """(h, w, 17) votes in which gables that were read as roofs are walls.

    ``looks`` (n + 1, 17) are the mean votes of the rooms ``room`` (h, w).
    """
    gables = find_gables(looks, room)
    if not gables:
        return votes
    inside = np.isin(room, gables)
    moved = votes.copy()
    moved[inside, Material.WALL] += _MOVED * votes[inside, Material.ROOF]
    moved[inside, Material.ROOF] *= 1 - _MOVED
    return moved


def find_gables(looks: Float32, room: Int32) -> list[int]:
    """The numbers of rooms that are gables by their form, their neighbours, and what was read in those."""
    size = np.bincount(room.ravel()) / frame_of(room.shape)
    built = looks[:, Material.ROOF] + looks[:, Material.WALL]
    tried = np.flatnonzero((size > _SMALLEST) & (size < _LARGEST) & (built > 0.4) & (looks[:, Material.ROOF] > 0.1))
    return [int(number) for number in tried if number and _is_gable(int(number), looks, room)]


def _is_gable(number: int, looks: Float32, room: Int32) -> bool:
    rows, columns = np.nonzero(room == number)
    form = _form(rows)
    if form is None or not _is_triangle(form.widths):
        return False
    below = _across(room, rows, columns, number, down=True)
    beside = _across(room, rows, columns, number, down=False)
    if not below.size or not beside.size:
        return False
    wall = (looks[below, Material.WALL] > _READ) & (looks[below, Material.WALL] > looks[below, Material.ROOF])
    if wall.mean() < _STANDS:
        return False
    slopes, counts = np.unique(beside, return_counts=True)
    return any(
        share > _LEANS * form.widths.size and looks[slope, Material.ROOF] > _READ and _is_slope(int(slope), form, room)
        for slope, share in zip(slopes, counts, strict=True)
    )


def _is_triangle(widths: Floats) -> bool:
    widest, count = widths.max(), widths.size
    tip, middle = widths[: max(1, count // 8)].mean() / widest, widths[2 * count // 5 : 3 * count // 5].mean() / widest
    fill = widths.mean() / widest
    low = np.argmax(widths) > 0.5 * count
    return bool(low and tip < _TIP and _MIDDLE[0] < middle < _MIDDLE[1] and _FILL[0] < fill < _FILL[1])


def _form(rows: NDArray[np.intp]) -> _Form | None:
    top, bottom = int(rows.min()), int(rows.max()) + 1
    return _Form(top, bottom, np.bincount(rows - top).astype(float)) if bottom - top > 4 else None


def _is_slope(number: int, gable: _Form, room: Int32) -> bool:
    """Whether a room begins at the ridge and is as wide there as at the eaves."""
    form = _form(np.nonzero(room == number)[0])
    high = gable.bottom - gable.top
    if form is None or abs(form.top - gable.top) > _RIDGE * high or abs(form.bottom - gable.bottom) > 0.6 * high:
        return False
    return form.near(0.25) > _TAPER * form.near(0.75)


def _across(
    room: Int32, rows: NDArray[np.intp], columns: NDArray[np.intp], number: int, *, down: bool
) -> NDArray[np.intp]:
    """The rooms that lie beyond the last cells of a room downwards, or to both sides, one for each column or row."""
    found = []
    lines, places = (columns, rows) if down else (rows, columns)
    for step in (1,) if down else (1, -1):
        order = np.lexsort((places * step, lines))
        ends = order[np.append(np.flatnonzero(np.diff(lines[order])), order.size - 1)]
        y, x = rows[ends] + (step if down else 0), columns[ends] + (0 if down else step)
        inside = (y >= 0) & (y < room.shape[0]) & (x >= 0) & (x < room.shape[1])
        other = room[y[inside], x[inside]]
        found.append(other[other != number])
    return np.concatenate(found).astype(np.intp)
