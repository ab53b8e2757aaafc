"""Where one paint ends at another: it is carried on to its border and a little over it, and the border is drawn smooth.

A frisket is cut along the middle of a line. So under a line there is the paint of each side up to its middle, and not
a mixture of both.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Bool, Int32, UInt8

_P = TypeVar("_P", np.uint8, np.float32)

_AROUND = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
_ROWS = 128
"""Rows of a band: what is needed in between fits the processor's cache."""
REACH = 3
"""Px that a smooth edge reaches to both sides."""
_SHARES = (9, 28, 55, 71)
"""Weights of a Gaussian of 1.5 px, from the farthest of three neighbours to the middle; they sum to 255."""
_STEEP = 2.5
"""How much steeper than that Gaussian an edge is."""


def carried_on(paint: NDArray[_P], known: Bool, wanted: Bool, steps: int, things: Int32 | None = None) -> Bool:
    """Fill ``wanted`` places of ``paint`` (h, w, 3) from ``known`` ones, px by px, at most ``steps`` px far.

    With ``things`` (h, w), numbers from 0, only from places of the same number. ``paint`` is changed in place; gives
    the mask (h, w) of what is known then. Each step takes the mean of the neighbours that are known: no direction
    shows.
    """
    height, width = known.shape
    label = np.full((height + 2, width + 2), -1, np.int32)  # of what is known; framed, so that no neighbour is missing
    label[1:-1, 1:-1] = np.where(known, 0 if things is None else things, np.int32(-1))
    flat, planes = label.reshape(-1), _flat_planes(paint)
    left = np.flatnonzero(wanted & ~known)
    rows, columns = np.divmod(left, width)
    at = (rows + 1) * (width + 2) + columns + 1
    own = np.zeros(left.size, np.int32) if things is None else things[rows, columns]
    del rows, columns
    for _ in range(steps):
        if left.size == 0:
            break
        use = np.empty((len(_AROUND), left.size), bool)
        for beside, (down, across) in zip(use, _AROUND, strict=True):
            np.equal(flat.take(at + (down * (width + 2) + across)), own, out=beside)
        count = use.sum(0, dtype=np.uint8)
        now = np.flatnonzero(count)
        place = left[now]
        share = np.float32(1) / count[now]
        mean = np.zeros((3, now.size), np.float32)
        for beside, (down, across) in zip(use, _AROUND, strict=True):
            there = np.flatnonzero(beside[now])
            source = place[there] + (down * width + across)
            for total, plane in zip(mean, planes, strict=True):
                total[there] += plane[source]
        mean *= share
        if paint.dtype == np.uint8:
            mean += np.float32(0.5)
        for total, plane in zip(mean, planes, strict=True):
            plane[place] = total
        flat[at[now]] = own[now]
        later = count == 0
        left, at, own = left[later], at[later], own[later]
    return np.asarray(label[1:-1, 1:-1] >= 0)


def _flat_planes(paint: NDArray[_P]) -> list[NDArray[_P]]:
    """The channels of (h, w, 3) paint as (h · w,) views: it lies in memory without gaps, by planes or by pixels."""
    by_planes = paint.transpose(2, 0, 1)
    if by_planes.flags.c_contiguous:
        return list(by_planes.reshape(3, -1))
    if not paint.flags.c_contiguous:
        raise ValueError("paint with gaps in memory cannot be changed in place")
    return list(paint.reshape(-1, 3).T)


def smooth_edged(mask: Bool) -> UInt8:
    """0–255: the mask, its edges drawn smooth and as soft as an anti-aliased cut.

    The mask is blurred wider than its edge is to be, and made steep again around one half: there it is the mean of the
    border's steps. The weights of two materials that meet add up to 255.
    """
    framed = np.pad(mask.view(np.uint8), REACH, mode="edge")
    soft = np.empty(mask.shape, np.uint8)
    for top in range(0, mask.shape[0], _ROWS):
        band = framed[top : top + _ROWS + 2 * REACH]
        # Sums that stay below 256 for bytes along x, and below 65536 along y.
        rows = _weighted(band.T, _SHARES).T.astype(np.uint16)
        columns = _weighted(rows, _SHARES)
        columns += np.uint16(127)
        soft[top : top + _ROWS] = _TABLE[columns // np.uint16(255)]
    return soft


def _steep() -> UInt8:
    """(256,) bytes made steeper around the middle, from 0 to 255."""
    share = np.arange(256) / 255
    there, other = share**_STEEP, (1 - share) ** _STEEP
    return np.asarray(np.rint(255 * there / (there + other)), np.uint8)


_TABLE = _steep()


def _weighted(plane: NDArray[np.uint8] | NDArray[np.uint16], shares: tuple[int, ...]) -> NDArray[np.uint16]:
    count = len(plane) - 2 * REACH
    total = np.multiply(plane[REACH : REACH + count], shares[-1])
    for away, share in zip(range(REACH, 0, -1), shares, strict=False):
        pair = np.add(plane[REACH - away : REACH - away + count], plane[REACH + away : REACH + away + count])
        np.multiply(pair, share, out=pair)
        np.add(total, pair, out=total)
    return total
