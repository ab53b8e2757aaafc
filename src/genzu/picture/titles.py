"""What is written into the pictures of a film: the slate under each one, and a card where a picture is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.core.geometry import Extent
from genzu.picture.arrays import UInt8
from genzu.picture.fonts import Fonts

_SHADE = 90
"""Of 256: how much of the picture is left behind the slate."""
_CARD = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Slate:
    """The words of one frame's slate."""

    left: str
    """``CUT 012   BG painting 3   port``: the same for a whole cut."""
    right: str
    """``34/96   00:01:12:08``: new with each frame."""


def with_slate(picture: UInt8, slate: Slate, fonts: Fonts) -> UInt8:
    """A copy of an (H, W, 3) picture with a band along its lower edge; what stands left gives way where both meet."""
    height, width = picture.shape[:2]
    size = max(8, round(height / 45))
    band = round(size * 1.8)
    result = picture.copy()
    below = result[height - band :]
    below[:] = (below.astype(np.uint16) * _SHADE >> 8).astype(np.uint8)
    margin = size
    right = fonts.strip(slate.right, size)
    left = fonts.strip(slate.left, size)[:, : max(0, width - 3 * margin - right.shape[1])]
    _write(below, left, margin, band)
    _write(below, right, width - margin - right.shape[1], band)
    return result


def card(extent: Extent, lines: tuple[str, ...], fonts: Fonts) -> UInt8:
    """(h, w, 3): a plain card that says which cut is missing and why; its first line is large."""
    picture = np.full((*extent.shape, 3), _CARD, np.uint8)
    size = max(10, extent.height // 9)
    y = extent.height // 2 - size
    for line in lines:
        fitting = size
        while fitting > 8 and fonts.width(line, fitting) > extent.width * 0.9:
            fitting -= 1
        strip = fonts.strip(line, fitting, tone=230)[:, : extent.width]
        part = picture[y : y + strip.shape[0]]
        left = (extent.width - strip.shape[1]) // 2
        cell = part[:, left : left + strip.shape[1]]
        np.maximum(cell, strip[: part.shape[0], :, None], out=cell)
        y += strip.shape[0]
        size = max(8, extent.height // 26)
    return picture


def _write(band: UInt8, strip: UInt8, left: int, height: int) -> None:
    rows = strip[: band.shape[0]]
    top = max(0, (height - rows.shape[0]) // 2)
    cell = band[top : top + rows.shape[0], max(0, left) : max(0, left) + rows.shape[1]]
    np.maximum(cell, rows[: cell.shape[0], : cell.shape[1], None], out=cell)
