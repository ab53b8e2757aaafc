"""Gaps between the areas of a materials picture: of what lies behind, nothing is seen under the foot of a hill."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import UInt8

_TALLEST = 0.02
"""Share of the picture's height that a gap has at most; more of it is mist, and meant."""
_COLUMNS = 512
"""Columns that are looked at at once: nothing of a long sheet is held several times."""
_HILLS = (Material.MOUNTAIN,)
_BEHIND = (Material.SKY, Material.CLOUD)


def closed_under_hills(materials: UInt8) -> UInt8:
    """Materials (H, W) with each thin run of sky between a hill and what stands before it given to the hill.

    A hill whose lower edge was cut straight is the commonest slip in a materials picture, and the painter would
    show daylight under it. The picture itself comes back if there is no such run.
    """
    closed = materials
    for left in range(0, materials.shape[1], _COLUMNS):
        strip = materials[:, left : left + _COLUMNS]
        if not np.isin(strip, _HILLS).any():
            continue
        y, x, hill = _under_hills(strip)
        if len(y):
            if closed is materials:
                closed = materials.copy()
            closed[y, x + left] = hill
    return closed


def _under_hills(materials: UInt8) -> tuple[NDArray[np.intp], NDArray[np.intp], UInt8]:
    """(n,) rows and columns of such runs in a strip (H, w), and the hill that each belongs to."""
    behind = np.isin(materials, _BEHIND)
    height = len(materials)
    rows = np.arange(height, dtype=np.int32)[:, None]
    above = np.maximum.accumulate(np.where(behind, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(behind, height, rows)[::-1], axis=0)[::-1]
    thin = behind & (above >= 0) & (below < height) & (below - above - 1 <= round(_TALLEST * height))
    y, x = np.nonzero(thin)
    over, under = materials[above[y, x], x], materials[below[y, x], x]
    hill = np.isin(over, _HILLS) & ~np.isin(under, _HILLS)
    return y[hill], x[hill], over[hill]
