"""Some places of a patch, at which fields are looked up: work for strokes only, and not for each pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32, UInt8

_V = TypeVar("_V", bound=np.generic)


class _Between(NamedTuple):
    """How places lie between the pixels of a smaller plane; all (n,)."""

    first: NDArray[np.intp]
    """Flat place of the pixel above and left of each."""
    right: NDArray[np.intp]
    """Step to the next one, 0 at the border."""
    below: NDArray[np.intp]
    share_x: Float32
    share_y: Float32

    def of(self, small: Float32) -> Float32:
        """The plane at these places, bilinear."""
        upper, lower = (self._across(small, self.first + step) for step in (0, self.below))
        lower -= upper
        lower *= self.share_y
        lower += upper
        return lower

    def _across(self, small: Float32, first: NDArray[np.intp]) -> Float32:
        left, right = small.take(first), small.take(first + self.right)
        right -= left
        right *= self.share_x
        right += left
        return np.asarray(right, np.float32)


class Spots:
    """Some places of a patch, in flat order; what is asked for them is (n,)."""

    def __init__(self, patch: Patch, there: NDArray[np.intp]) -> None:
        self.patch, self.there = patch, there
        self.rows, self.columns = np.divmod(there, patch.shape[1])
        self._grids: dict[tuple[float, ...], _Between] = {}

    def where(self, keep: NDArray[np.bool_]) -> Spots:
        """Those for which ``keep`` (n,) is true."""
        return Spots(self.patch, self.there[keep])

    def of(self, plane: NDArray[_V]) -> NDArray[_V]:
        """Values of a plane of the patch."""
        return plane.take(self.there)

    def paint(self, canvas: Float32) -> Float32:
        """(n, 3): the colours of a (h, w, 3) canvas; in memory plane by plane."""
        return np.stack([canvas[..., c].take(self.there) for c in range(3)]).T

    def lay(self, canvas: Float32, paint: Float32) -> None:
        """Set the colours of a (h, w, 3) canvas to ``paint`` (n, 3)."""
        for c in range(3):
            canvas[..., c].put(self.there, paint[:, c])

    def rise(self, plane: UInt8, dx: int, dy: int) -> Float32:
        """The plane's value some px right and down of each place, less that as far on its other side."""
        height, width = plane.shape
        ahead = np.clip(self.rows + dy, 0, height - 1) * width + np.clip(self.columns + dx, 0, width - 1)
        behind = np.clip(self.rows - dy, 0, height - 1) * width + np.clip(self.columns - dx, 0, width - 1)
        return plane.take(ahead).astype(np.float32) - plane.take(behind)

    def of_scene(self, small: Float32) -> Float32:
        """Values of a reduced field of the scene, bilinear."""
        extent = self.patch.scene.extent
        k_x, k_y = small.shape[1] / extent.width, small.shape[0] / extent.height
        left, top = (self.patch.bounds.x + 0.5) * k_x - 0.5, (self.patch.bounds.y + 0.5) * k_y - 0.5
        return self._grid(small.shape, (k_x, left), (k_y, top)).of(small)

    def of_squares(self, small: Float32, first: Sequence[float], factor: int) -> Float32:
        """Values of a plane of every ``factor``-th row and column from the ``first`` ones on, bilinear."""
        x, y = ((1 / factor, -first[axis] / factor) for axis in (1, 0))
        return self._grid(small.shape, x, y).of(small)

    def _grid(self, shape: tuple[int, ...], x: tuple[float, float], y: tuple[float, float]) -> _Between:
        """For planes of this shape, whose pixels are ``columns · x[0] + x[1]``, and the same for rows.

        Many fields are asked for at the same places: what they share is found once.
        """
        key = (*shape, *x, *y)
        if key not in self._grids:
            height, width = shape
            at_x = np.clip(self.columns * x[0] + x[1], 0, width - 1)
            at_y = np.clip(self.rows * y[0] + y[1], 0, height - 1)
            column, row = at_x.astype(np.intp), at_y.astype(np.intp)
            self._grids[key] = _Between(
                row * width + column, (column < width - 1).astype(np.intp), (row < height - 1) * np.intp(width),
                (at_x - column).astype(np.float32), (at_y - row).astype(np.float32),
            )  # fmt: skip
        return self._grids[key]
