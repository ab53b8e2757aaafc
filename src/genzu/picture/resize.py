"""Line planes at another size, without losing a line."""

from __future__ import annotations

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.picture.arrays import UInt8, extent_of


def resize_plane(plane: UInt8, size: Extent) -> UInt8:
    """An (H, W) plane at ``size``: the mean of the area when it shrinks, bicubic when it grows."""
    if extent_of(plane) == size:
        return plane
    shrinks = size.width < plane.shape[1] or size.height < plane.shape[0]
    how = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(plane).resize((size.width, size.height), how))


def resize_strokes(plane: UInt8, size: Extent) -> UInt8:
    """An (H, W) plane of strokes at ``size``; a stroke keeps its strength when it shrinks.

    The mean of the area thins a 1 px line to 1/n of its strength. The root of the mean of squares is taken instead
    of the mean, and the result is raised by the fourth root of the reduction, so that a line that was full stays
    well visible while it cannot grow wider.
    """
    across = plane.shape[1] / size.width
    down = plane.shape[0] / size.height
    if max(across, down) <= 1:
        return resize_plane(plane, size)
    squares = np.square(plane.astype(np.float32))
    target = size.width, size.height
    mean = np.asarray(Image.fromarray(squares).resize(target, Image.Resampling.BOX))
    gain = np.float32(max(across, down, 1.0) ** 0.25)
    return np.clip(np.sqrt(mean) * gain + 0.5, 0, 255).astype(np.uint8)
