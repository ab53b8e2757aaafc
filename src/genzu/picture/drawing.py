"""A cleaned layout as a picture again: graphite, red, light blue and the cel tint on white."""

from __future__ import annotations

import numpy as np

from genzu.picture.arrays import Float32, LineArt, UInt8

_PENCILS: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("cel", (252, 226, 196)),
    ("shadow", (120, 180, 226)),
    ("highlight", (222, 74, 66)),
    ("contour", (52, 52, 56)),
)


def as_picture(lines: LineArt) -> UInt8:
    """(H, W, 3) sRGB of the drawing on white paper."""
    picture: Float32 = np.full((*lines.extent.shape, 3), 255, np.float32)
    for plane, colour in _PENCILS:
        ink = getattr(lines, plane)
        if ink.any():
            picture += (np.array(colour, np.float32) - picture) * (ink.astype(np.float32) / 255)[..., None]
    return (picture + 0.5).astype(np.uint8)
