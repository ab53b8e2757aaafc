"""Pointed crowns: conifers, found by their spike above the mass of foliage.

Lengths are in *units*: 1 unit = 1 px of a 1080-row picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Bool, Float32


@dataclass(frozen=True, slots=True)
class Conifer:
    """One pointed crown, in units."""

    x: float
    top: float
    bottom: float
    slope: float
    """Half the width gained per unit of height."""

    def near(self, x: Float32, y: Float32) -> Bool:
        """Where the longest of its tiers may reach, tips and all; ``x`` and ``y`` in units."""
        down = y - self.top
        half = down * self.slope * 1.9 + 24
        return np.asarray((down < self.bottom - self.top + 14) & (np.abs(x - self.x) < half))


def find_conifers(there: Bool, units: float) -> list[Conifer]:
    """Columns of foliage (h, w) whose first leaves stand out as a spike: both shoulders lie well below it.

    ``units`` are those of one px.
    """
    height, width = there.shape
    there = np.asarray(mahotas.gaussian_filter(there.astype(np.float32), 2.0) > 0.5)
    first = np.where(there.any(0), there.argmax(0), height).astype(np.int32)
    near, far = max(3, round(16 / units)), max(6, round(36 / units))
    found: list[Conifer] = []
    for x in range(far, width - far):
        y = int(first[x])
        if y < 2 or y >= height - 8 or y != first[max(0, x - near) : x + near + 1].min():
            continue
        # A round top falls by about near²/2r at its shoulders; a spike by more than its own width.
        drops = [int(first[x + step]) - y for step in (-far, -near, near, far)]
        if min(drops[1:3]) < 0.4 * near or sum(drops[1:3]) < 1.7 * near or min(drops[0], drops[3]) < 1.0 * far:
            continue
        if found and x * units - found[-1].x < 2 * far * units:
            continue
        tree = _measure(there, x, y, units)
        if tree is not None:
            found.append(tree)
    return found


def _measure(there: Bool, x: int, y: int, units: float) -> Conifer | None:
    column = there[y:, x]
    gaps = np.flatnonzero(~column)
    tall = int(gaps[0]) if len(gaps) else len(column)
    if tall * units < 70:
        return None
    sides = _half_widths(there[y : y + tall], x)
    # It ends with its widest tier: what hangs on below is narrower, and another tree that stands before it.
    tall = int(np.flatnonzero(sides >= 0.8 * np.maximum.accumulate(sides))[-1]) + 1
    if tall * units < 70:
        return None
    rows = np.arange(int(tall * 0.25), max(int(tall * 0.9), int(tall * 0.25) + 1))
    reach = sides[rows] / np.maximum(rows, 1)
    slope = float(np.clip(np.percentile(reach, 40), 0.18, 0.62))
    return Conifer(x * units, y * units, (y + tall) * units, slope)


def _half_widths(there: Bool, x: int) -> NDArray[np.float64]:
    """(rows,) px from column ``x`` to the nearer side of the run that holds it."""
    columns = np.arange(there.shape[1])
    left = np.where(~there & (columns < x), columns, -1).max(1)
    right = np.where(~there & (columns >= x), columns, there.shape[1]).min(1)
    return np.minimum(x - 1 - left, right - x).astype(np.float64)
