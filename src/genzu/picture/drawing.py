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


_BAND = 64
"""Rows that are mixed at once: a long sheet is never held in wider numbers."""


def as_picture(lines: LineArt) -> UInt8:
    """(H, W, 3) sRGB of the drawing on white paper."""
    drawn = np.empty((*lines.extent.shape, 3), np.uint8)
    used = [(getattr(lines, plane), colour) for plane, colour in _PENCILS if getattr(lines, plane).any()]
    for top in range(0, len(drawn), _BAND):
        picture: Float32 = np.full(drawn[top : top + _BAND].shape, 255, np.float32)
        for ink, colour in used:
            share = ink[top : top + _BAND].astype(np.float32) / 255
            picture += (np.array(colour, np.float32) - picture) * share[..., None]
        drawn[top : top + _BAND] = picture + 0.5
    return drawn
