"""Strokes told apart by the pencil that drew them: graphite, red, light blue; and the warm tint under cels.

Colours are compared as ink relative to the paper, so that a yellowed sheet or a lamp's cast does not matter, and
as shares of the stroke's whole ink around a pixel, so that the pale edge of a black line stays black.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import Bool, Float32, LineArt, UInt8
from genzu.picture.paper import Paper, estimate_paper, full_strength, mean3, widest, without_dirt, without_grain

_BAND_PIXELS = 2_000_000
_OVERLAP = 8
_QUARTER = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Tint:
    """The cel area at a quarter of the size."""

    area: UInt8
    """(h, w) 0 or 255."""
    ink: Float32
    """(h, w, 3) ink of the tint, 0 well outside the area."""


def split_pencils(rgb: UInt8) -> LineArt:
    """Clean an (H, W, 3) uint8 sRGB drawing and split it into planes; works in bands, at a few bytes a pixel."""
    paper = estimate_paper(rgb)
    tint = _find_tint(rgb, paper)
    height, width = rgb.shape[:2]
    planes = [np.zeros((height, width), np.uint8) for _ in range(3)]
    rows = max(64, _BAND_PIXELS // width // _QUARTER * _QUARTER)
    for first in range(0, height, rows):
        last = min(height, first + rows)
        top, end = max(0, first - _OVERLAP), min(height, last + _OVERLAP)
        ink = _ink(rgb[top:end], paper, top, end)
        if tint is not None:
            _take_tint_away(ink, tint, top)
        for plane, strokes in zip(planes, _strokes(ink), strict=True):
            if strokes is not None:
                clean = without_grain(strokes, paper.noise)[first - top : last - top]
                plane[first:last] = (clean * 255 + 0.5).astype(np.uint8)
    for plane in planes:
        without_dirt(plane, paper.noise)
    contour, highlight, shadow = (full_strength(plane) for plane in planes)
    cel = np.zeros((height, width), np.uint8)
    if tint is not None:
        cel = _enlarged(tint.area, 0, height, width)
    return LineArt(contour=contour, highlight=highlight, shadow=shadow, cel=cel)


def _ink(rgb: UInt8, paper: Paper, first: int, last: int) -> Float32:
    """(rows, W, 3) ink; brighter than paper counts as bare."""
    ink: Float32 = 1 - rgb / paper.under(first, last, rgb.shape[1])
    return np.clip(ink, 0, 1, out=ink)


def _strokes(ink: Float32) -> tuple[Float32, Float32 | None, Float32 | None]:
    """Graphite, red and light-blue strength (0–1) of a band of ink; ``None`` for a colour that is not there."""
    red, blue = _colour_shares(ink)
    graphite: Float32 = (ink[..., 0] + ink[..., 1] + ink[..., 2]) * np.float32(1 / 3)
    if red is None and blue is None:
        return graphite, None, None
    for share in (red, blue):
        if share is not None:
            graphite *= 1 - share
    reds = None if red is None else np.maximum(ink[..., 1], ink[..., 2]) * red
    return graphite, reds, None if blue is None else ink[..., 0] * blue


def _colour_shares(ink: Float32) -> tuple[Float32 | None, Float32 | None]:
    """How much of the stroke at each pixel is red, and how much light blue: 0–1, together at most 1.

    Judged on sums over about 6 × 6 px at half size: there JPEG keeps its colours, and edges mix with their core.
    """
    h, w = ink.shape[0] // 2 * 2, ink.shape[1] // 2 * 2
    half = 0.25 * (ink[0:h:2, 0:w:2] + ink[1:h:2, 0:w:2] + ink[0:h:2, 1:w:2] + ink[1:h:2, 1:w:2])
    around = np.stack([mean3(half[..., channel]) for channel in range(3)], axis=2)
    # The scanner's colour grain is left on bare paper; it must not decide where there is little ink.
    whole = around.max(axis=2) + 0.012
    red = _step((np.minimum(around[..., 1], around[..., 2]) - around[..., 0]) / whole)
    blue = _step((around[..., 0] - around[..., 2]) / whole)
    size = ink.shape[1], ink.shape[0]
    big = [
        np.asarray(Image.fromarray(part).resize(size, Image.Resampling.BILINEAR)) if part.any() else None
        for part in (red, blue)
    ]
    return big[0], big[1]


def _step(share: Float32) -> Float32:
    """0 below 0.28, 1 above 0.44, smooth between: JPEG halves the colour of a thin line; graphite stays below 0.15."""
    t = np.clip((share - 0.28) * 6.25, 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def _find_tint(rgb: UInt8, paper: Paper) -> _Tint | None:
    """Large pale warm areas (orange, pink, yellow): ink that survives an opening wider than any stroke."""
    small = np.asarray(Image.fromarray(rgb).reduce(_QUARTER), dtype=np.float32)
    h, w = small.shape[:2]
    rows = np.clip(((np.arange(h) + 0.5) * _QUARTER / paper.block).astype(int), 0, len(paper.tone) - 1)
    columns = np.clip(((np.arange(w) + 0.5) * _QUARTER / paper.block).astype(int), 0, paper.tone.shape[1] - 1)
    ink = np.clip(1 - small / paper.tone[rows][:, columns], 0, 1)
    opened = np.stack([_opened(ink[..., channel]) for channel in range(3)], axis=2)
    warmth = np.maximum(opened[..., 1], opened[..., 2]) - opened[..., 0]
    area: Bool = (warmth > 0.025 + paper.noise) & (opened[..., 0] < 0.25) & (warmth > 0.4 * opened.max(axis=2))
    labels, count = mahotas.label(area)
    if not count:
        return None
    large = mahotas.labeled.labeled_size(labels) >= max(60.0, 0.0015 * area.size)
    large[0] = False
    area = large[labels]
    if not area.any():
        return None
    # Lines drawn through the tint are holes in it.
    closed = ~widest(~widest(area, 2), 2)
    return _Tint(closed.view(np.uint8) * np.uint8(255), _spread(opened, area))


def _opened(ink: Float32) -> Float32:
    """Grey opening over 5 × 5 px (20 px of the drawing)."""
    opened: Float32 = widest(-widest(-ink, 2), 2)
    return opened


def _spread(opened: Float32, area: Bool) -> Float32:
    """Tint inside its area, and as far outside as a soft edge reaches."""
    weight = _box(area.astype(np.float32))
    spread = np.stack([_box(opened[..., channel] * area) / np.maximum(weight, 1e-3) for channel in range(3)], axis=2)
    return np.where((weight > 0.02)[..., None], spread, 0).astype(np.float32)


def _box(plane: Float32) -> Float32:
    """Mean over 5 × 5 px."""
    return mean3(mean3(plane))


def _take_tint_away(ink: Float32, tint: _Tint, first: int) -> None:
    """Divide the tint out of each pixel, in place, as far as the pixel can hold it: at a soft edge that is a part."""
    rows, width = ink.shape[:2]
    shades = [_enlarged(tint.ink[..., c], first, first + rows, width) for c in range(3)]
    shade = np.stack(shades, axis=2)
    tinted = shade.max(axis=2) > 0.02
    held = np.where(shade > 0.02, ink / np.maximum(shade, 0.02), 9).min(axis=2)
    under = 1 - shade * (np.minimum(held, 1.15) * tinted)[..., None]
    ink[:] = np.clip(1 - (1 - ink) / np.maximum(under, 0.1), 0, 1)


def _enlarged(plane: NDArray[Any], first: int, last: int, width: int) -> NDArray[Any]:
    """Rows ``first`` to ``last`` of a quarter-size plane brought to full size."""
    box = (0.0, first / _QUARTER, width / _QUARTER, last / _QUARTER)
    box = (0.0, min(box[1], plane.shape[0]), min(box[2], plane.shape[1]), min(box[3], plane.shape[0]))
    return np.asarray(Image.fromarray(plane).resize((width, last - first), Image.Resampling.BILINEAR, box=box))
