"""Two pictures for the eye: side by side, their difference in colours, and strips of both in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genzu.picture.arrays import Float32, UInt8
from genzu.picture.contact import thumbnail
from genzu.picture.fonts import Fonts

LOUDEST = 0.25
"""OKLab distance from which the difference is drawn in its strongest colour."""
STRIPS = 8
_GAP = 12
_GROUND = 52
_LEAST, _MOST = 320, 960
"""Px: narrowest and widest picture on the sheet."""
_RAMP = np.array([(28, 28, 34), (64, 48, 130), (170, 50, 110), (240, 120, 40), (255, 240, 150)], np.float32)
"""From no difference to the loudest: dark, violet, magenta, orange, light yellow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture of the sheet with the words under it."""

    picture: UInt8
    """(h, w, 3), all of one size."""
    words: str


def heat(distance: Float32) -> UInt8:
    """(H, W, 3): OKLab distances as colours, nothing dark and :data:`LOUDEST` light."""
    place = np.clip(distance / LOUDEST, 0, 1) * (len(_RAMP) - 1)
    lower = np.minimum(place.astype(np.intp), len(_RAMP) - 2)
    share = (place - lower)[..., None]
    return np.asarray(_RAMP[lower] * (1 - share) + _RAMP[lower + 1] * share + 0.5, np.uint8)


def strips(one: UInt8, other: UInt8, count: int = STRIPS) -> UInt8:
    """(H, W, 3): upright strips of the two pictures in turn, the first picture's first, a thin line between them."""
    mixed = one.copy()
    edges = np.linspace(0, one.shape[1], count + 1).astype(int)
    for index in range(1, count, 2):
        mixed[:, edges[index] : edges[index + 1]] = other[:, edges[index] : edges[index + 1]]
    for edge in edges[1:-1]:
        mixed[:, edge : edge + 1] = 255
    return mixed


def panels_for(one: UInt8, other: UInt8, distance: Float32, words: tuple[str, str]) -> tuple[Panel, ...]:
    """The four panels of a comparison, reduced for the sheet: both pictures, their difference, strips of both."""
    wide = int(np.clip(one.shape[1], _LEAST, _MOST))
    first, second, apart = (thumbnail(picture, wide) for picture in (one, other, heat(distance)))
    return (
        Panel(picture=first, words=f"A  {words[0]}"),
        Panel(picture=second, words=f"B  {words[1]}"),
        Panel(picture=apart, words="difference: dark = none, light = strong"),
        Panel(picture=strips(first, second), words="strips in turn: A, B, A, B …"),
    )


def sheet_of(panels: Sequence[Panel], lines: Sequence[str], fonts: Fonts, *, columns: int = 2) -> UInt8:
    """(H, W, 3): panels in rows with their words under them, and lines of text below all."""
    height, width = panels[0].picture.shape[:2]
    size = max(12, width // 48)
    caption = round(size * 1.7)
    rows = -(-len(panels) // columns)
    whole = columns * (width + _GAP) + _GAP
    folded = [piece for line in lines for piece in _folded(line, fonts, size, whole - 2 * _GAP)]
    tall = rows * (height + caption + _GAP) + _GAP + len(folded) * caption
    page = np.full((tall, whole, 3), _GROUND, np.uint8)
    for index, panel in enumerate(panels):
        top, left = _GAP + index // columns * (height + caption + _GAP), _GAP + index % columns * (width + _GAP)
        page[top : top + height, left : left + width] = panel.picture
        _write(page, fonts.strip(panel.words, size, tone=235)[:, :width], top + height, left)
    top = rows * (height + caption + _GAP) + _GAP
    for number, line in enumerate(folded):
        _write(page, fonts.strip(line, size, tone=220), top + number * caption, _GAP)
    return page


def _folded(line: str, fonts: Fonts, size: int, width: int) -> list[str]:
    """A line in pieces that fit, broken at blanks where there are some."""
    pieces: list[str] = []
    while line and fonts.width(line, size) > width:
        end = len(line)
        while end > 1 and fonts.width(line[:end], size) > width:
            end = max(1, end - max(1, end // 12))
        blank = line.rfind(" ", 0, end)
        end = blank if blank > end // 2 else end
        pieces.append(line[:end].rstrip())
        line = line[end:].lstrip()
    return [*pieces, line] if line else pieces


def _write(page: UInt8, strip: UInt8, top: int, left: int) -> None:
    cell = page[top : top + strip.shape[0], left : left + strip.shape[1]]
    np.maximum(cell, strip[: cell.shape[0], : cell.shape[1], None], out=cell)
