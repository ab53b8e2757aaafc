"""The red and the blue pencil: red edges enclose a highlight, light-blue edges a shadow (the trade's convention)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import mahotas
import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.engines.embedded.soft import box_of, soft_bytes, widened
from genzu.picture.arrays import Bool, Float32, Int32, LineArt, UInt8

_INK = 60
_LEAST = 40
"""Strokes of fewer px than this (at reduced size) are dirt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Areas at reduced size, 0–1; ``None`` where the pencil was not used."""

    highlight: Float32 | None
    shadow: Float32 | None


def read_marks(lines: LineArt, contour: Callable[[], UInt8], extent: Extent) -> Marks:
    """Fill what the coloured strokes enclose, alone or together with the contours.

    ``contour`` gives these at the reduced size ``extent``.
    """

    @cache
    def rooms() -> Int32:
        numbers: Int32 = mahotas.label(~mahotas.dilate(contour() > _INK))[0]
        return numbers

    return Marks(highlight=_enclosed(lines.highlight, rooms, extent), shadow=_enclosed(lines.shadow, rooms, extent))


def _enclosed(stroke: UInt8, rooms: Callable[[], Int32], extent: Extent) -> Float32 | None:
    """``rooms`` gives the numbers of the rooms between the contours at reduced size, 0 on contours."""
    if not (stroke > _INK).any():
        return None
    ink = reduced(stroke, extent) > _INK
    if ink.sum() < _LEAST:
        return None
    closed = np.asarray(mahotas.close(ink, np.ones((5, 5), bool)), bool)
    area = _holes(closed) | closed
    if area.sum() < 1.6 * closed.sum():
        # An open edge: it shuts off a part of a form together with the graphite. Take the smaller rooms beside it.
        area = _rooms_beside(closed, rooms()) | closed
    return soft_bytes(area.view(np.uint8) * np.uint8(255), 0.7) * np.float32(1 / 255)


def _holes(walls: Bool) -> Bool:
    """Everything that cannot be reached from outside the picture."""
    holes, box = np.zeros_like(walls), box_of(walls)
    # Around the box of the walls all is one.
    rooms, _ = mahotas.label(np.pad(~walls[box], 1, constant_values=True))
    holes[box] = (rooms != rooms[0, 0])[1:-1, 1:-1]
    return holes


def _rooms_beside(stroke: Bool, before: Int32) -> Bool:
    """Rooms that the stroke closes off and that would be part of a larger room without it."""
    beside = np.asarray(mahotas.dilate(stroke, np.ones((5, 5), bool)), bool)
    old = np.bincount(before.ravel())
    touched = np.zeros(len(old), bool)
    touched[before[beside]] = True
    touched[0] = False
    found = np.zeros_like(stroke)
    if not touched.any():
        return found
    # Rooms that the stroke does not touch stay as they are.
    box = box_of(touched[before])
    before = np.where(touched[before[box]], before[box], 0)
    after, count = mahotas.label((before > 0) & ~stroke[box])
    new, home = np.bincount(after.ravel(), minlength=count + 1), np.zeros(count + 1, np.int64)
    home[after.ravel()] = before.ravel()
    cut = (new < 0.5 * old[home]) & (home > 0)
    cut[0] = False
    near = np.zeros(count + 1, bool)
    near[np.unique(after[beside[box]])] = True
    found[box] = (cut & near)[after]
    return found


def reduced(plane: UInt8, extent: Extent) -> UInt8:
    """A stroke plane at reduced size; thin strokes keep their strength."""
    reach = max(1, plane.shape[0] // extent.height)
    wide = widened(plane, reach // 2) if reach > 1 else plane
    return np.asarray(Image.fromarray(wide).resize((extent.width, extent.height), Image.Resampling.BILINEAR), np.uint8)
