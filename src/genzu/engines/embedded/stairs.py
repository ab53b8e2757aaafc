"""Which paved regions are the steps of a stair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Bool, UInt8

Ints = NDArray[np.int64]

_STAIR = 0.5
"""Share of all paving from which bands over each other are a stair, whatever lies beside them."""
_BESIDE = 0.5
"""Share of its height on which a step of a smaller stair touches no other paving sideways."""


def steps(pairs: tuple[Ints, Ints], material: UInt8, area: Ints, box: Ints) -> Bool:
    """Thin paved bands with thin paved bands above or below them; with others beside them they are slabs of a floor."""
    height, width = box[:, 1] - box[:, 0], box[:, 3] - box[:, 2]
    shown = np.array([box[:, 1].max()]) if len(box) else np.zeros(1)
    paved = material == Material.ROAD
    thin = paved & (width > 1.2 * height) & (height < 0.12 * shown)
    found = _stacked(pairs, thin, width)
    if area[found].sum() >= _STAIR * area[paved].sum():
        return found
    over: dict[tuple[int, int], int] = {}
    sideways, stacked = (table[paved[table[:, :2]].all(1)] for table in pairs)
    for a, b, contact in stacked.tolist():
        over[min(a, b), max(a, b)] = over.get((min(a, b), max(a, b)), 0) + contact
    for a, b, contact in sideways.tolist():
        # Edges drawn by hand waver: a wide step touches the next one sideways, too, but most of all from above.
        if contact > max(_BESIDE * min(height[a], height[b]), over.get((min(a, b), max(a, b)), 0)):
            thin[a] = thin[b] = False
    return _stacked(pairs, thin, width)


def _stacked(pairs: tuple[Ints, Ints], thin: Bool, width: Ints) -> Bool:
    """Those of the ``thin`` bands that lie over each other, if there are enough of them."""
    stacked = np.zeros(len(thin), np.int64)
    above, below, contact = pairs[1].T
    wide = contact > 0.4 * np.minimum(width[above], width[below])
    for ends in pairs[1][thin[above] & thin[below] & wide, :2].T:
        np.add.at(stacked, ends, 1)
    return np.asarray(thin & (stacked > 0) & (int((stacked > 0).sum()) >= 4))
