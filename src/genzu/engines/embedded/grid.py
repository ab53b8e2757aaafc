"""A patch at a fraction of its size, on a grid that all tiles share, and back."""

from __future__ import annotations

import numpy as np
from PIL import Image

from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32


def coarse(plane: Float32, patch: Patch, factor: int) -> Float32:
    """Means over squares of ``factor`` px whose corners are whole multiples of it in the picture."""
    left, top = patch.bounds.x % factor, patch.bounds.y % factor
    right, bottom = -(patch.bounds.x + plane.shape[1]) % factor, -(patch.bounds.y + plane.shape[0]) % factor
    framed = np.pad(plane, ((top, bottom), (left, right)), mode="edge") if top or left or right or bottom else plane
    return np.asarray(Image.fromarray(framed).reduce(factor), np.float32)


def fine(small: Float32, patch: Patch, factor: int) -> Float32:
    """The reverse of :func:`coarse`, bilinear."""
    left, top = (patch.bounds.x % factor) / factor, (patch.bounds.y % factor) / factor
    box = (left, top, left + patch.bounds.width / factor, top + patch.bounds.height / factor)
    size = patch.bounds.width, patch.bounds.height
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BILINEAR, box=box), np.float32)
