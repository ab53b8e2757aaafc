"""A part of a picture replaced by another picture: how strong it is where, and the mixture of the two.

The edge softens inwards only: where the mask is black the picture stays as it is, to the last bit.
"""

from __future__ import annotations

from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.errors import WrongSize
from genzu.picture.arrays import Bool, UInt8, extent_of

LARGEST_REACH = 512
"""Px; growing and feathering reach no farther."""
_INK = np.float32(1.5)
"""Pencil rarely reaches full strength; from two thirds of it on a line counts as wholly there."""
_BAND = 512
"""Rows that are looked at in one go, besides the reach on both sides."""


def grown(inside: Bool, reach: float) -> Bool:
    """The (H, W) area and all within ``reach`` px (Euclidean) of it."""
    if reach <= 0 or not inside.any():
        return inside
    near = np.empty_like(inside)
    for rows, part, own in _bands(inside, reach):
        near[rows] = (_distance(~part) <= reach)[own]
    return near


def weights(inside: Bool, feather: float) -> UInt8:
    """(H, W) 0–255: 0 outside, rising over ``feather`` px inwards (smoothstep), 255 deep inside.

    The frame's edge is no edge of the area. With ``feather`` 0 everything inside is 255.
    """
    feather = min(feather, LARGEST_REACH)
    found = np.where(inside, np.uint8(255), np.uint8(0))
    if feather <= 0 or inside.all():
        return found
    for rows, part, own in _bands(inside, feather + 1):
        depth = np.clip(_distance(part)[own] / (feather + 1), 0, 1)
        soft = np.rint(255 * depth * depth * (3 - 2 * depth)).astype(np.uint8)
        # The outermost pixel of the area is in it: never 0.
        found[rows] = np.where(part[own], np.maximum(soft, 1), 0)
    return found


def over_lines(inside: Bool, ink: UInt8, reach: float) -> UInt8:
    """(H, W) 0–255: all of the area, and outside it, up to ``reach`` px away, as much as the drawn line is there.

    A region's border runs in the middle of its line. The line belongs to what is new on one side and to what stays on
    the other: it is mixed by its own strength, so that neither a rim of the old colour is left inside it nor one of the
    new surroundings outside. ``ink`` (H, W): 255 = full strength of the stroke. Where no line is, the first pixel
    outside is half new.
    """
    found = np.where(inside, np.uint8(255), np.uint8(0))
    if inside.all() or not inside.any():
        return found
    for rows, part, own in _bands(inside, reach + 1):
        away = _distance(~part)[own]
        near = (away > 0) & (away <= reach)
        line = np.minimum(ink[rows] * _INK, 255) * np.clip(reach + 1 - away, 0, 1)
        soft = np.maximum(line, np.where(away <= 1, 128, 0))
        found[rows][near] = np.rint(soft[near]).astype(np.uint8)
    return found


def thickness(inside: Bool) -> float:
    """Largest distance (px) of a pixel inside to the area's edge, up to ``LARGEST_REACH``; 0 if nothing is inside."""
    deepest = 0.0
    for _rows, part, own in _bands(inside, LARGEST_REACH):
        deepest = max(deepest, float(np.minimum(_distance(part)[own], LARGEST_REACH).max()))
    return deepest


def mixed(base: NDArray[Any], new: UInt8, strength: UInt8) -> NDArray[Any]:
    """``base`` with ``new`` laid in: (H, W, 3) or (H, W, 4) of the base's depth; its alpha stays.

    Where ``strength`` is 0 the result is the base bit for bit, where it is 255 it is ``new``. Raises
    :class:`WrongSize` if the three do not fit.
    """
    if not base.shape[:2] == new.shape[:2] == strength.shape:
        raise WrongSize(f"the base has {extent_of(base)} px, the new picture {extent_of(new)} px")
    step = 257 if base.dtype == np.uint16 else 1
    result = base.copy()
    touched = np.flatnonzero(strength.any(axis=1))
    for top in range(int(touched[0]), int(touched[-1]) + 1, _BAND) if len(touched) else ():
        rows = slice(top, min(top + _BAND, int(touched[-1]) + 1))
        share = strength[rows, :, None].astype(np.uint32)
        old = base[rows, :, :3].astype(np.uint32)
        both = old * (255 - share) + new[rows, :, :3].astype(np.uint32) * step * share
        result[rows, :, :3] = (both + 127) // 255
    return result


def _bands(inside: Bool, reach: float) -> list[tuple[slice, Bool, slice]]:
    """(rows of the picture, those rows with their surroundings, where the rows are in it): exact up to ``reach``."""
    height, margin = inside.shape[0], int(np.ceil(min(reach, LARGEST_REACH))) + 1
    found = []
    for top in range(0, height, _BAND):
        bottom, above = min(top + _BAND, height), max(0, top - margin)
        found.append(
            (
                slice(top, bottom),
                inside[above : min(height, bottom + margin)],
                slice(top - above, bottom - above),
            )
        )
    return found


def _distance(inside: Bool) -> NDArray[np.floating[Any]]:
    """Distance (px) of every pixel inside to the nearest one outside; without such a pixel, endless."""
    if inside.all():
        return np.full(inside.shape, np.inf)
    if not inside.any():
        return np.zeros(inside.shape)
    found: NDArray[np.floating[Any]] = np.sqrt(mahotas.distance(inside))
    return found
