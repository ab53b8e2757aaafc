"""Contact sheets of many things with several pictures each: a line of words, and a row of pictures under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genzu.picture.arrays import UInt8
from genzu.picture.fonts import Fonts

_GAP = 10
_GROUND = 52
_MARK = (255, 196, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A small picture with words under it."""

    picture: UInt8
    """(h, w, 3)."""
    words: str
    marked: bool = False
    """True for a frame around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing."""

    words: str
    cells: tuple[Cell, ...]


def sheet_of_rows(rows: Sequence[Row], fonts: Fonts, *, cell: int, most: int = 6) -> UInt8:
    """(H, W, 3) sRGB: the rows one under the other; more than ``most`` pictures go on in the next line."""
    size = max(13, cell // 20)
    line = round(size * 1.6)
    columns = max(1, min(most, max((len(row.cells) for row in rows), default=1)))
    width = max(columns * (cell + _GAP) + _GAP, 2 * cell)
    bands = [_band(row, fonts, cell=cell, columns=columns, width=width, size=size, line=line) for row in rows]
    return np.concatenate(bands) if bands else np.full((line, width, 3), _GROUND, np.uint8)


def _band(row: Row, fonts: Fonts, *, cell: int, columns: int, width: int, size: int, line: int) -> UInt8:
    tall = max((one.picture.shape[0] for one in row.cells), default=0)
    lines = -(-len(row.cells) // columns)
    band = np.full((line + lines * (tall + line + _GAP) + _GAP, width, 3), _GROUND, np.uint8)
    _write(band, fonts.strip(row.words, size, tone=240)[:, : width - 2 * _GAP], 2, _GAP)
    for index, one in enumerate(row.cells):
        top, left = line + index // columns * (tall + line + _GAP) + 2, _GAP + index % columns * (cell + _GAP)
        high, wide = one.picture.shape[:2]
        if one.marked:
            band[max(0, top - 3) : top + high + 3, max(0, left - 3) : left + wide + 3] = _MARK
        band[top : top + high, left : left + wide] = one.picture
        _write(band, fonts.strip(one.words, size, tone=240)[:, :wide], top + high + 2, left)
    return band


def _write(band: UInt8, strip: UInt8, top: int, left: int) -> None:
    cell = band[top : top + strip.shape[0], left : left + strip.shape[1]]
    np.maximum(cell, strip[: cell.shape[0], : cell.shape[1], None], out=cell)
