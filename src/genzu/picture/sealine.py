"""The line where the sea ends before the sky is level: what a hand drew wavering a painter rules almost straight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Int32, UInt8

_WIDE = 0.25
"""Least share of the picture's width along which sky and water meet in one line."""
_OFF = 0.006
"""Share of the picture's height that the pencil may lie off that line."""
_LEFT = 0.3
"""Share of its wavering that is left: a drawn line is not a printed one, and the pencil stays near."""
_COLUMNS = 2048
"""Columns that are looked at at once."""


def levelled(materials: UInt8, regions: Int32) -> None:
    """Rule the border of water before the sky, in place, if it is one long line; ``regions`` (H, W) follow."""
    height, width = materials.shape
    top = np.concatenate([_top_of_water(materials[:, left : left + _COLUMNS]) for left in range(0, width, _COLUMNS)])
    columns = np.flatnonzero(top > 0)
    columns = columns[materials[top[columns] - 1, columns] == Material.SKY]
    if len(columns) < _WIDE * width:
        return
    line = _line(columns, top[columns], _OFF * height)
    if line is None:
        return
    ruled = np.polyval(line, columns)
    off = top[columns] - ruled
    near = np.abs(off) <= _OFF * height
    if np.count_nonzero(near) < _WIDE * width:
        return
    goal = np.rint(ruled + _LEFT * off).astype(np.int64)
    for column, old, new in zip(columns[near].tolist(), top[columns][near].tolist(), goal[near].tolist(), strict=True):
        # Nothing but sky and water is moved: a sail before the line stays.
        between, takes = (slice(new, old), old) if new < old else (slice(old, new), old - 1)
        kind = Material.SKY if new < old else Material.WATER
        place = materials[between, column] == kind
        materials[between, column][place] = materials[takes, column]
        regions[between, column][place] = regions[takes, column]


def _top_of_water(materials: UInt8) -> NDArray[np.int64]:
    """(w,) first row of water, 0 where there is none."""
    return np.asarray((materials == Material.WATER).argmax(axis=0), np.int64)


def _line(columns: NDArray[np.intp], rows: NDArray[np.int64], off: float) -> NDArray[np.float64] | None:
    """Slope and row of the line through most of the places; ``None`` if it is no level one."""
    kept = np.abs(rows - np.median(rows)) <= 4 * off
    for _ in range(3):
        if np.count_nonzero(kept) < 8:
            return None
        line = np.polyfit(columns[kept], rows[kept], 1)
        kept = np.abs(rows - np.polyval(line, columns)) <= off
    return np.asarray(line, np.float64) if abs(line[0]) < 0.2 else None
