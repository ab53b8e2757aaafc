"""Parasols: a canopy of cloth in the air stands where its pole stands, which is often drawn as no more than a line."""

from __future__ import annotations

from collections.abc import Sequence

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.soft import one_of
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

_INK = 40
"""Byte of ink of a pole."""
_SHORTEST = 0.06
"""Share of the picture's height that a pole is long at least."""
_HANGS = 0.015
"""Share of the picture's height by which a pole may end below its cloth."""


def poles_of_cloth(materials: UInt8, ink: UInt8, ground: Sequence[Material]) -> Float32:
    """(n, 4) px: x and y of the top and of the foot of long upright strokes on open ground that begin under cloth."""
    height = len(materials)
    cloth = materials == Material.CLOTH
    if not cloth.any():
        return np.zeros((0, 4), np.float32)
    strokes = (ink > _INK) & one_of(materials, ground)
    tall = max(5, round(_SHORTEST * height))
    upright = mahotas.open(mahotas.dilate(strokes, np.ones((1, 3), bool)), np.ones((tall // 3, 1), bool))
    things, count = mahotas.label(mahotas.dilate(upright, np.ones((5, 3), bool)), np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(things), np.int64).reshape(-1, 4)
    found = []
    for index in range(1, count + 1):
        top, bottom, left, right = boxes[index].tolist()
        slim = right - left < max(8, 0.03 * height) and bottom - top > max(tall, 4 * (right - left))
        if slim and cloth[_over(top, left, right, height)].any():
            rows, columns = np.nonzero(things[top:bottom, left:right] == index)
            lean = np.polyfit(rows, columns, 1)
            first, last = float(rows.min()), float(rows.max())
            found.append((left + lean[1] + lean[0] * first + 0.5, top + first,
                          left + lean[1] + lean[0] * last + 0.5, top + last))  # fmt: skip
    return np.array(found, np.float32).reshape(-1, 4)


def drawn(poles: Float32, shape: tuple[int, int]) -> Bool:
    """(h, w): the poles, one px wide."""
    there = np.zeros(shape, bool)
    for x_top, top, x_foot, foot in poles.tolist():
        rows = np.arange(max(round(top), 0), min(round(foot) + 1, shape[0]))
        columns = x_top + (x_foot - x_top) * (rows - top) / max(foot - top, 1)
        there[rows, np.clip(columns, 0, shape[1] - 1).astype(np.intp)] = True
    return there


def feet_of_canopies(materials: UInt8, poles: Float32) -> Int32:
    """(h, w) row of the foot of the pole that carries the cloth here, −1 where none does."""
    feet = np.full(materials.shape, -1, np.int32)
    if len(poles) == 0:
        return feet
    pieces, _count = mahotas.label(materials == Material.CLOTH, np.ones((3, 3), bool))
    for x_top, top, _x_foot, foot in poles.tolist():
        carried = np.unique(pieces[_over(round(top), round(x_top) - 2, round(x_top) + 3, len(materials))])
        feet[np.isin(pieces, carried[carried > 0])] = round(foot)
    return feet


def _over(top: int, left: int, right: int, height: int) -> tuple[slice, slice]:
    """Where the cloth over a pole is looked for."""
    return slice(max(top - round(_HANGS * height), 0), top + 2), slice(max(left - 1, 0), right + 1)
