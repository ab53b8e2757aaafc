"""Pictures laid over each other, and one that fades into another."""

from __future__ import annotations

import numpy as np
from PIL import Image

from genzu.picture.arrays import UInt8
from genzu.picture.colour import linear_from_srgb8, srgb8_from_linear


def over(under: UInt8, sheet: UInt8) -> UInt8:
    """An (H, W, 4) sheet laid over an (H, W, 3) picture, as painting programs do it: in sRGB values."""
    if not sheet[..., 3].any():
        return under
    picture = Image.fromarray(under)
    picture.paste(Image.fromarray(np.ascontiguousarray(sheet[..., :3])), mask=Image.fromarray(sheet[..., 3].copy()))
    return np.asarray(picture)


def dissolved(before: UInt8, after: UInt8, share: float) -> UInt8:
    """One picture fading into another: the light (not the sRGB values) of ``after`` counts by ``share``, 0 to 1.

    In 8 bit there are 256 × 256 pairs of values only: they are mixed once, then looked up.
    """
    if share <= 0 or share >= 1:
        return after if share >= 1 else before
    light = linear_from_srgb8(np.arange(256, dtype=np.uint8))
    table = srgb8_from_linear(light[:, None] * np.float32(1 - share) + light[None, :] * np.float32(share)).ravel()
    pairs = (before.astype(np.uint16) << 8) | after
    return table[pairs]


def drawing_over(drawing: UInt8) -> UInt8:
    """(H, W, 3) drawing on white paper → (H, W, 4): the paper is see-through, strokes are not."""
    alpha = 255 - drawing.min(axis=2)
    paper = 255.0 - alpha[..., None]
    colour = np.where(alpha[..., None] > 0, (drawing - paper) * (255.0 / np.maximum(alpha[..., None], 1)), 0)
    return np.dstack([np.clip(colour + 0.5, 0, 255).astype(np.uint8), alpha.astype(np.uint8)])
