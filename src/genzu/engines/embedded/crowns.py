"""Which leaves are the crown of which stem: a crown hangs in the air, and its foot is the stem's."""

from __future__ import annotations

from collections.abc import Sequence

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.soft import one_of, widened
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

_SPREAD = 5.0
"""A crown reaches to each side of its stem's middle by at most so many times the stem's width."""
_SAME_DEPTH = 0.30
"""Share of a stem's depth by which that of its leaves may differ; a wood behind it is farther."""
_LEAST = 0.012
"""Share of the picture's height that a stem is tall at least."""
_ON_GROUND = 0.5
"""Least share of a stem's last row that stands on the ground: another's foot is hidden, nobody knows how far down."""


def feet_of_trees(materials: UInt8, depth: Float32, ground: Sequence[Material]) -> Int32:
    """(h, w) row of the foot of the tree that leaves or bark belong to, −1 where none is known.

    ``depth`` (h, w) 0–1 is the same for a stem and its leaves; ``ground`` says what a stem stands on. Where crowns
    overlap leaves belong to the nearer stem.
    """
    feet = np.full(materials.shape, -1, np.int32)
    bark, leaves = materials == Material.TRUNK, materials == Material.FOLIAGE
    if not (bark.any() and leaves.any()):
        return feet
    lies = one_of(materials, ground)
    stems, count = mahotas.label(bark, np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(stems), np.int64).reshape(-1, 4)
    # From far to near: the nearer tree's leaves are before the other's.
    for number in sorted(range(1, count + 1), key=lambda number: int(boxes[number][1])):
        top, bottom, left, right = boxes[number].tolist()
        if bottom - top < _LEAST * len(bark) or bottom >= len(bark):
            continue
        last = np.flatnonzero(stems[bottom - 1, left:right] == number) + left
        if lies[bottom, last].mean() < _ON_GROUND:
            continue
        wide = float((stems[top:bottom, left:right] == number).sum(1).mean())
        middle, reach = float(last.mean()), _SPREAD * max(wide, 1.0)
        view = slice(0, bottom), slice(max(0, round(middle - reach)), round(middle + reach) + 1)
        own = float(np.median(depth[view][stems[view] == number]))
        crown = _grown_on(
            leaves[view] & (np.abs(depth[view] - own) < _SAME_DEPTH * max(own, 0.02)), stems[view] == number
        )
        feet[view][crown | (stems[view] == number)] = bottom - 1
    return feet


def _grown_on(leaves: Bool, stem: Bool) -> Bool:
    """What of the leaves hangs together with the stem, if it rises above it: else they only stand behind it."""
    things, _count = mahotas.label(leaves, np.ones((3, 3), bool))
    touching = np.unique(things[widened(stem, 2) & leaves])
    crown = np.isin(things, touching[touching > 0])
    top = np.flatnonzero(stem.any(1))[0]
    return crown if crown[:top].any() else np.zeros_like(crown)
