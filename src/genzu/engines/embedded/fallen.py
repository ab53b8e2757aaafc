"""Which leaves have fallen in winter: what has needles keeps them."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.conifers import conifers, tiers_of
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Bool

_NEAR_BOUGH = 0.5
"""Depth up to which a bough that is drawn by itself is seen to be one."""
_HANGS = 20.0
"""Units above the horizon at which a bough ends; a hedge does not."""
_UNPARTED = 0.45
"""Share of a pine's bough that its largest part is at least."""
_BARE: WeakKeyDictionary[Scene, Bool] = WeakKeyDictionary()


def bare_regions(scene: Scene) -> Bool:
    """By region id: which leaves have fallen. What has needles keeps them."""
    scene = scene.source
    if scene not in _BARE:
        needles = _pine_boughs(scene)
        for tree in conifers(scene):
            needles |= tiers_of(scene, tree)[: len(needles)]
        _BARE[scene] = ~needles
    return _BARE[scene]


def _pine_boughs(scene: Scene) -> Bool:
    """By region id: a bough that is drawn by itself, long and level above the horizon, is a pine's."""
    count, units = len(scene.forms.long), scene.shrink * scene.unit
    # A far wood that is seen below a bough is not of it.
    near = (scene.small_materials == Material.FOLIAGE) & (scene.small_depth < _NEAR_BOUGH)
    masses, number = mahotas.label(near, Bc=np.ones((3, 3), bool))
    y, x = np.nonzero(near)
    mass = masses[near]
    size = np.maximum(np.bincount(mass, minlength=number + 1), 1)

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(mass, values, number + 1) / size)

    middle_x, middle_y = mean(x * 1.0), mean(y * 1.0)
    dx, dy = x - middle_x[mass], y - middle_y[mass]
    xx, yy, xy = mean(dx * dx), mean(dy * dy), mean(dx * dy)
    spread = np.hypot((xx - yy) / 2, xy)
    long, thick = (np.sqrt(12 * np.maximum((xx + yy) / 2 + side * spread, 0.1)) / units for side in (1, -1))
    lowest = np.zeros(number + 1)
    np.maximum.at(lowest, mass, y + 1.0)
    bough = (long > 1.8 * thick) & (thick < 130) & (np.abs(0.5 * np.arctan2(2 * xy, xx - yy)) < 0.8)
    bough &= lowest / units < scene.reading.horizon / scene.unit - _HANGS
    of = scene.small_regions[near]
    # A crown's bough is parted into lumps.
    largest = np.zeros(number + 1)
    np.maximum.at(largest, mass, np.bincount(of)[of])
    bough &= largest > _UNPARTED * size
    share = np.bincount(of, bough[mass], count) / np.maximum(np.bincount(of, minlength=count), 1)
    return np.asarray(share > 0.5)
