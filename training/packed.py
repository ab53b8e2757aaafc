"""Layouts as they are packed into the wheel: clean pencil of few tones, as lossless WebP.

A wheel has little room. A drawing of seven colours without the paper's tooth takes a quarter of a scan's bytes, and
Genzu reads it the same. What is unpacked is an ordinary layout: 8-bit RGB PNG, graphite, red and blue on paper.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.render import Inked

PAPER = (250, 247, 239)
GRAPHITE = ((196, 193, 188), (125, 122, 122), (54, 52, 56))
"""Light, middle and full pressure."""
RED, BLUE = (222, 96, 86), (112, 172, 214)
OPEN = (255, 0, 255)
"""Stands for what is not covered on a BOOK; becomes alpha."""
_STEPS = len(GRAPHITE)
_COLOURED = 0.3


def sheet(inked: Inked) -> NDArray[np.uint8]:
    """The drawing in the few tones: (H, W, 3) uint8."""
    tones = np.array([PAPER, *GRAPHITE], np.uint8)
    level = np.clip(np.rint(inked.graphite**0.8 * _STEPS), 0, _STEPS).astype(np.uint8)
    drawn = tones[level]
    for colour, plane in ((RED, inked.red), (BLUE, inked.blue)):
        drawn[(plane > _COLOURED) & (level < 2)] = colour
    return drawn


def pack(pixels: NDArray[np.uint8], path: Path) -> int:
    """Write (H, W, 3) or (H, W) pixels without loss; returns the bytes."""
    buffer = BytesIO()
    picture = Image.fromarray(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, 2))
    picture.save(buffer, "WEBP", lossless=True, quality=100, method=6, exact=True)
    path.write_bytes(buffer.getvalue())
    return len(buffer.getvalue())


def unpack(path: Path) -> NDArray[np.uint8]:
    """What :func:`pack` was given as colours, (H, W, 3)."""
    return np.asarray(Image.open(path).convert("RGB"))
