"""Borders drawn smooth: a cut along a pencil line follows its course and not its grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Int32, UInt8
from genzu.picture.regions import borders
from genzu.picture.snap import bands

_REACH = 3
"""Px around a border pixel that vote; a part of less than twice that width is as it is on purpose."""
_DISC = tuple(
    (down, across)
    for down in range(-_REACH, _REACH + 1)
    for across in range(-_REACH, _REACH + 1)
    if down * down + across * across <= (_REACH + 0.3) ** 2
)
_RING = ((0, 1), (0, -1), (1, 0), (-1, 0), (0, 2), (0, -2), (2, 0), (-2, 0))
_ROUNDS = 2
_SOFT = (Material.CLOUD, Material.FOLIAGE)
"""Their edges are drawn lobe by lobe."""


def smooth_borders(materials: UInt8, regions: Int32) -> None:
    """Let the majority of a small disc decide of each pixel at a border (a median of the border); both in place.

    ``regions`` (H, W) 1…n of one material each, ``materials`` (H, W). Slim regions neither lose nor gain.
    """
    count = int(regions.max()) + 1
    for _ in range(_ROUNDS):
        inside = np.zeros(count, np.int64)
        for band in bands(regions.shape[0]):
            top = max(0, band.start - _REACH)
            rows = regions[top : band.stop + _REACH]
            deep = ~_near(borders(rows), _REACH)[band.start - top :][: band.stop - band.start]
            inside += np.bincount(regions[band][deep], minlength=count)
        firm = ~np.isin(_material_of(materials, regions, count), _SOFT)
        broad, changes = (inside > 0) & firm, []
        for band in bands(regions.shape[0]):
            top = max(0, band.start - _REACH)
            at, new = _outvoted(regions[top : band.stop + _REACH], broad)
            rows = at[0] + top
            own = (rows >= band.start) & (rows < band.stop)
            changes.append((rows[own], at[1][own], new[own]))
        material_of = _material_of(materials, regions, count)
        for down, across, new in changes:
            regions[down, across] = new
            materials[down, across] = material_of[new]


def _outvoted(labels: Int32, broad: Bool) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], Int32]:
    """Places (rows, columns) whose neighbour has the majority around them, and that neighbour's label."""
    height, width = labels.shape
    rows, columns = np.nonzero(_near(borders(labels), 1))
    own = labels[rows, columns]
    other = own.copy()
    for down, across in _RING:
        beside = labels[np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)]
        np.copyto(other, beside, where=(other == own) & (beside != own))
    asked = (other != own) & broad[own] & broad[other]
    rows, columns, own, other = rows[asked], columns[asked], own[asked], other[asked]
    votes = np.zeros(len(own), np.int16)
    for down, across in _DISC:
        beside = labels[np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)]
        votes += beside == other
        votes -= beside == own
    lost = votes > 0
    return (rows[lost], columns[lost]), other[lost]


def _near(mask: Bool, reach: int) -> Bool:
    """Pixels within ``reach`` px (a square) of the mask."""
    for _ in range(reach):
        for axis in (0, 1):
            grown = mask.copy()
            ahead, back = np.moveaxis(grown, axis, 0)[1:], np.moveaxis(grown, axis, 0)[:-1]
            ahead |= np.moveaxis(mask, axis, 0)[:-1]
            back |= np.moveaxis(mask, axis, 0)[1:]
            mask = grown
    return mask


def _material_of(materials: UInt8, regions: Int32, count: int) -> UInt8:
    table = np.zeros(count, np.uint8)
    for band in bands(regions.shape[0]):
        table[regions[band]] = materials[band]
    return table
