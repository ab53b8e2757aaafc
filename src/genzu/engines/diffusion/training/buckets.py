"""Aspect-ratio buckets: paintings of any shape, seen at sizes of one area, so that wide ones are not squeezed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.engines.diffusion.fit import resized, strongest
from genzu.picture.arrays import UInt8

WIDEST = 2.2
"""Pictures beyond this aspect (PAN sheets) are seen through several windows."""
_WINDOW = 16 / 9


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rectangle of a painting, and the size at which it is learned."""

    left: float
    top: float
    width: float
    height: float
    """The rectangle in px of the painting."""
    bucket: Extent
    scale: float
    """px of the bucket per px of the painting."""


@cache
def buckets(resolution: int, step: int) -> tuple[Extent, ...]:
    """Sizes with sides that are multiples of ``step`` px, areas up to ``resolution``² and aspects up to 1:2.4."""
    found: dict[tuple[int, int], None] = {}
    for width in range(step, 2 * resolution + 1, step):
        height = resolution * resolution // width // step * step
        if height and max(width / height, height / width) <= 2.4:
            found[(width, height)] = None
            found[(height, width)] = None
    return tuple(Extent(width, height) for width, height in sorted(found))


def bucket_for(aspect: float, resolution: int, step: int) -> Extent:
    """The bucket that cuts least off a picture of this aspect (width over height)."""
    return min(buckets(resolution, step), key=lambda one: (abs(math.log(one.width / one.height / aspect)), -one.width))


def views_of(extent: Extent, resolution: int, step: int) -> tuple[View, ...]:
    """How a painting is seen: whole but for a trimmed edge, or through windows side by side if it is very wide or high.

    Windows overlap rather than leave anything out.
    """
    aspect = extent.width / extent.height
    if 1 / WIDEST <= aspect <= WIDEST:
        return (_view(0.0, 0.0, float(extent.width), float(extent.height), resolution, step),)
    wide = aspect > 1
    long, short = (extent.width, extent.height) if wide else (extent.height, extent.width)
    span = short * _WINDOW
    count = math.ceil(long / span)
    found = []
    for place in range(count):
        start = (long - span) * place / max(1, count - 1)
        box = (start, 0.0, span, float(short)) if wide else (0.0, start, float(short), span)
        found.append(_view(*box, resolution, step))
    return tuple(found)


def _view(left: float, top: float, width: float, height: float, resolution: int, step: int) -> View:
    """Trim the rectangle, evenly on both sides, to the aspect of its bucket."""
    bucket = bucket_for(width / height, resolution, step)
    scale = max(bucket.width / width, bucket.height / height)
    kept_width, kept_height = bucket.width / scale, bucket.height / scale
    return View(
        left=left + (width - kept_width) / 2, top=top + (height - kept_height) / 2, width=kept_width,
        height=kept_height, bucket=bucket, scale=scale,
    )  # fmt: skip


def cut(picture: UInt8, view: View) -> UInt8:
    """The view of an (H, W, 3) uint8 picture at the size of its bucket (Lanczos)."""
    height, width = picture.shape[:2]
    box = (
        max(0.0, view.left), max(0.0, view.top), min(float(width), view.left + view.width),
        min(float(height), view.top + view.height),
    )  # fmt: skip
    size = (view.bucket.width, view.bucket.height)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS, box=box), np.uint8)


def cut_strokes(plane: UInt8, view: View) -> UInt8:
    """The view of an (H, W) uint8 plane of strokes, resampled as the engine shows lines: none is lost or thinned."""
    left, top = round(view.left), round(view.top)
    part = plane[top : top + max(1, round(view.height)), left : left + max(1, round(view.width))]
    return resized(strongest(np.ascontiguousarray(part), view.bucket), view.bucket)
