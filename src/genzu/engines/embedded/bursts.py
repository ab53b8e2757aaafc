"""Which drawn sparks are one firework: rays are lines that meet in its heart, whatever bursts touch each other."""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.forms import Forms
from genzu.picture.arrays import Float32, Int32

_CELL = 14.0
"""Units: rays that a hand draws miss their heart by about so much."""
_FARTHEST = 420.0
"""Units from its heart that a ray still points to it."""
_RAYS, _SHARE = 7.0, 0.30
"""Least number of rays that meet in a heart, and least share of those that meet in the fullest one."""
_MOST = 24
_NEAR = 22.0
"""Units between sparks of one burst, where no rays tell."""


def join_sparks(labels: Int32, sparks: NDArray[np.bool_], forms: Forms, unit: float) -> tuple[Float32, Int32]:
    """(n, 3) x, y and radius in units of the burst of each spark (radius 0 for all else), and the burst's number.

    ``sparks`` (n,) says which regions of ``labels`` (h, w) are sparks; ``unit`` = label px per unit.
    """
    heart, number = np.zeros((len(sparks), 3), np.float32), np.zeros(len(sparks), np.int32)
    shown = sparks[labels]
    if not shown.any():
        return heart, number
    ys, xs = np.nonzero(shown)
    owner, x, y = labels[ys, xs], (xs + 0.5) / unit, (ys + 0.5) / unit
    hearts = _hearts(sparks, forms, (labels.shape[1] / unit, labels.shape[0] / unit))
    if len(hearts):
        of_region = _nearest(np.flatnonzero(sparks), hearts, forms)
    else:
        groups, _count = mahotas.label(mahotas.distance(~shown) <= (_NEAR * unit) ** 2)
        of_region = np.zeros(len(sparks), np.int64)
        of_region[owner] = groups[ys, xs] - 1
        size = np.maximum(np.bincount(groups[ys, xs] - 1), 1)
        hearts = np.stack([np.bincount(groups[ys, xs] - 1, at) / size for at in (x, y)], 1)
    of_pixel = of_region[owner]
    far = np.hypot(x - hearts[of_pixel, 0], y - hearts[of_pixel, 1])
    for burst, (at_x, at_y) in enumerate(hearts):
        mine = far[of_pixel == burst]
        # The trail of the rocket goes on below: it says nothing about the size of the burst.
        radius = float(np.quantile(mine, 0.88)) * 1.04 if mine.size else 0.0
        own = sparks & (of_region == burst)
        heart[own] = (at_x, at_y, max(radius, 4.0))
        number[own] = burst + 1
    return heart, number


def _hearts(sparks: NDArray[np.bool_], forms: Forms, size: tuple[float, float]) -> NDArray[np.float64]:
    """(k, 2) x and y in units of the places where many rays meet; from left to right."""
    rays = np.flatnonzero(sparks & (forms.long > 3.2 * forms.thick) & (forms.long > 14))
    if len(rays) < _RAYS:
        return np.zeros((0, 2))
    columns, rows = int(size[0] / _CELL) + 1, int(size[1] / _CELL) + 1
    votes = np.zeros((rows, columns))
    step = np.arange(-_FARTHEST, _FARTHEST + 1, _CELL / 2)
    along_x, along_y = np.cos(forms.angle[rays]), np.sin(forms.angle[rays])
    x = ((forms.x[rays, None] + along_x[:, None] * step) / _CELL).astype(np.int64)
    y = ((forms.y[rays, None] + along_y[:, None] * step) / _CELL).astype(np.int64)
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    # Each ray has one vote in a cell, and a weaker one far from itself.
    weight = np.broadcast_to(1 / (1 + (step / 260) ** 2), x.shape)
    cell = (np.arange(len(rays))[:, None] * rows + y) * columns + x
    _once, first = np.unique(cell[inside], return_index=True)
    np.add.at(votes, (y[inside][first], x[inside][first]), weight[inside][first])
    votes = mahotas.gaussian_filter(votes, 0.8)
    found: list[tuple[float, float]] = []
    best = float(votes.max())
    least = max(_SHARE * best, _RAYS * 0.3)
    rows_of, columns_of = np.mgrid[0:rows, 0:columns]
    while len(found) < _MOST and votes.max() > least:
        row, column = (int(at) for at in np.unravel_index(int(votes.argmax()), votes.shape))
        near = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
        share = votes[near] / votes[near].sum()
        at_x, at_y = (float((cells[near] * share).sum() + 0.5) * _CELL for cells in (columns_of, rows_of))
        found.append((at_x, at_y))
        votes[np.hypot(rows_of - row, columns_of - column) < 90 / _CELL] = 0
    return np.array(sorted(found), np.float64).reshape(-1, 2)


def _nearest(sparks: NDArray[np.int64], hearts: NDArray[np.float64], forms: Forms) -> NDArray[np.int64]:
    """(n,) index of the heart that each spark belongs to: a ray to the one that it points to, a dot to the nearest.

    A large burst reaches farther: once its rays tell how far, distances count as shares of that.
    """
    x, y = forms.x[sparks, None] - hearts[:, 0], forms.y[sparks, None] - hearts[:, 1]
    far = np.hypot(x, y)
    miss = np.abs(x * np.sin(forms.angle[sparks])[:, None] - y * np.cos(forms.angle[sparks])[:, None])
    ray = (forms.long > 3.2 * forms.thick)[sparks]
    first = np.argmin(far + 5 * np.minimum(miss, 90) * ray[:, None], axis=1)
    reach = np.full(len(hearts), 40.0)
    for burst in range(len(hearts)):
        own = far[ray & (first == burst), burst]
        if own.size:
            reach[burst] = max(40.0, float(np.quantile(own, 0.8)))
    of_region = np.zeros(len(forms.x), np.int64)
    of_region[sparks] = np.argmin((far + 4 * np.minimum(miss, reach) * ray[:, None]) / reach, axis=1)
    return of_region
