"""Gaps between the areas of a materials picture: of what lies behind, nothing is seen under the foot of a hill."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import UInt8

_TALLEST = 0.02
"""Share of the picture's height that a gap has at most; more of it is mist, and meant."""
_HILLS = (Material.MOUNTAIN,)
_BEHIND = (Material.SKY, Material.CLOUD)


def closed_under_hills(materials: UInt8) -> UInt8:
    """Materials (H, W) with each thin run of sky between a hill and what stands before it given to the hill.

    A hill whose lower edge was cut straight is the commonest slip in a materials picture, and the painter would
    show daylight under it. The picture itself comes back if there is no such run.
    """
    if not np.isin(materials, _HILLS).any():
        return materials
    behind = np.isin(materials, _BEHIND)
    height = len(materials)
    rows = np.arange(height, dtype=np.int32)[:, None]
    above = np.maximum.accumulate(np.where(behind, -1, rows), axis=0)
    below = np.minimum.accumulate(np.where(behind, height, rows)[::-1], axis=0)[::-1]
    thin = behind & (above >= 0) & (below < height) & (below - above - 1 <= round(_TALLEST * height))
    if not thin.any():
        return materials
    y, x = np.nonzero(thin)
    over, under = materials[above[y, x], x], materials[below[y, x], x]
    under_hill = np.isin(over, _HILLS) & ~np.isin(under, _HILLS)
    if not under_hill.any():
        return materials
    closed = materials.copy()
    closed[y[under_hill], x[under_hill]] = over[under_hill]
    return closed
