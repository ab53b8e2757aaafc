"""Some places of a patch, at which fields are looked up: work for strokes only, and not for each pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32, UInt8

_V = TypeVar("_V", bound=np.generic)


class Spots:
    """Some places of a patch, in flat order; what is asked for them is (n,)."""

    def __init__(self, patch: Patch, there: NDArray[np.intp]) -> None:
        self.patch, self.there = patch, there
        self.rows, self.columns = np.divmod(there, patch.shape[1])

    def of(self, plane: NDArray[_V]) -> NDArray[_V]:
        """Values of a plane of the patch."""
        return plane[self.rows, self.columns]

    def rise(self, plane: UInt8, dx: int, dy: int) -> Float32:
        """The plane's value some px right and down of each place, less that as far on its other side."""
        height, width = plane.shape
        ahead = np.clip(self.rows + dy, 0, height - 1), np.clip(self.columns + dx, 0, width - 1)
        behind = np.clip(self.rows - dy, 0, height - 1), np.clip(self.columns - dx, 0, width - 1)
        return plane[ahead].astype(np.float32) - plane[behind]

    def of_scene(self, small: Float32) -> Float32:
        """Values of a reduced field of the scene, bilinear."""
        extent = self.patch.scene.extent
        k_x, k_y = small.shape[1] / extent.width, small.shape[0] / extent.height
        x = (self.columns + (self.patch.bounds.x + 0.5)) * k_x - 0.5
        y = (self.rows + (self.patch.bounds.y + 0.5)) * k_y - 0.5
        return between(small, x, y)

    def of_squares(self, small: Float32, first: Sequence[float], factor: int) -> Float32:
        """Values of a plane of every ``factor``-th row and column from the ``first`` ones on, bilinear."""
        return between(small, (self.columns - first[1]) / factor, (self.rows - first[0]) / factor)


def between(small: Float32, x: NDArray[np.floating], y: NDArray[np.floating]) -> Float32:
    """(n,) the field at these columns and rows, its border repeated."""
    height, width = small.shape
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    column, row = x.astype(np.intp), y.astype(np.intp)
    share_x, share_y = (x - column).astype(np.float32), (y - row).astype(np.float32)
    flat, first = small.ravel(), row * width + column
    right, below = (column < width - 1).astype(np.intp), (row < height - 1) * np.intp(width)
    upper = flat[first] * (1 - share_x) + flat[first + right] * share_x
    lower = flat[first + below] * (1 - share_x) + flat[first + below + right] * share_x
    return np.asarray(upper + (lower - upper) * share_y, np.float32)
