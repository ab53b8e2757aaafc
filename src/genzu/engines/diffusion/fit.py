"""Between the canvas and the pixels that the model works on.

A picture is either continued at its right and lower edge, or scaled so that both cover the same rectangle: then the
middle of pixel ``i`` of ``n`` lies at (i + ½)/n in both, and nothing shifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Extent
from genzu.picture.arrays import Float32, UInt8, extent_of

_S = TypeVar("_S", bound=np.generic)
SHORTEST = 0.6
"""Shortest side of what a model sees, as a share of the side of its square: wider canvases are tiled instead."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a canvas is laid onto the model's pixels."""

    canvas: Extent
    model: Extent
    """What the model works on; both sides are multiples of what it needs."""
    scaled: bool
    """True if the canvas is scaled onto it, False if it is continued."""

    @classmethod
    def whole(cls, canvas: Extent, side: int, multiple: int) -> Fit:
        """Scaled to about the area of a square of ``side`` px, but no thinner than the model copes with."""
        factor = max(side / sqrt(canvas.pixels), SHORTEST * side / min(canvas.shape))
        wanted = (max(multiple, round(length * factor / multiple) * multiple) for length in canvas.shape)
        height, width = wanted
        return cls(canvas, Extent(width, height), scaled=True)

    @classmethod
    def full(cls, canvas: Extent, side: int, multiple: int) -> Fit:
        """Pixel by pixel; a canvas of less than a quarter of what the model sees is scaled up instead."""
        if canvas.pixels < side * side / 4 or min(canvas.shape) < SHORTEST * side / 4:
            return cls.whole(canvas, side, multiple)
        width, height = (-(-length // multiple) * multiple for length in (canvas.width, canvas.height))
        return cls(canvas, Extent(width, height), scaled=False)

    def to_model(self, picture: UInt8) -> UInt8:
        """An (H, W, 3) picture of the canvas on the model's pixels."""
        return resized(picture, self.model) if self.scaled else self._continued(picture)

    def to_canvas(self, picture: UInt8) -> UInt8:
        """An (h, w, 3) picture of the model on the canvas."""
        if self.scaled:
            return resized(picture, self.canvas)
        return np.ascontiguousarray(picture[: self.canvas.height, : self.canvas.width])

    def strokes(self, plane: UInt8) -> UInt8:
        """An (H, W) plane of strokes on the model's pixels: where it shrinks, each pixel keeps the strongest."""
        if not self.scaled:
            return self._continued(plane)
        height, width = (min(a, b) for a, b in zip(self.model.shape, self.canvas.shape, strict=True))
        return resized(strongest(plane, Extent(width, height)), self.model)

    def labels(self, plane: NDArray[_S]) -> NDArray[_S]:
        """An (H, W) plane of labels on the model's pixels, by the nearest."""
        if not self.scaled:
            return self._continued(plane)
        rows, columns = (
            ((np.arange(new) + 0.5) * old / new).astype(np.intp)
            for new, old in zip(self.model.shape, self.canvas.shape, strict=True)
        )
        return plane[rows[:, None], columns[None, :]]

    def depth(self, plane: UInt8) -> UInt8:
        """An (h, w) map of any size that covers the canvas."""
        if self.scaled:
            return resized(plane, self.model)
        across, down = plane.shape[1] / self.canvas.width, plane.shape[0] / self.canvas.height
        # What is continued beyond the canvas repeats its last row and column.
        whole = resized(plane, self.canvas) if (across, down) != (1, 1) else plane
        return self._continued(whole)

    def _continued(self, array: NDArray[_S]) -> NDArray[_S]:
        right, bottom = self.model.width - array.shape[1], self.model.height - array.shape[0]
        if not right and not bottom:
            return array
        return np.pad(array, ((0, bottom), (0, right)) + ((0, 0),) * (array.ndim - 2), mode="edge")


def resized(picture: UInt8, size: Extent) -> UInt8:
    """(H, W) or (H, W, 3) at ``size``: the filter widens where it shrinks, bicubic where it grows."""
    if extent_of(picture) == size:
        return picture
    return np.asarray(Image.fromarray(picture).resize((size.width, size.height), Image.Resampling.BICUBIC))


def strongest(plane: UInt8, size: Extent) -> UInt8:
    """An (H, W) plane at a smaller ``size``: the maximum of the pixels whose middle falls into each new one.

    Every pixel counts exactly once, so a line of one pixel keeps its strength and is never lost, and none grows
    wider than one new pixel more.
    """
    for axis, new in enumerate(size.shape):
        old = plane.shape[axis]
        if new < old:
            starts = np.ceil(np.arange(new) * (old / new) - 0.5).astype(np.intp)
            plane = np.maximum.reduceat(plane, starts, axis=axis)
    return plane


def unit(picture: UInt8) -> Float32:
    """float32 −1 … 1 of uint8."""
    return np.asarray(picture, np.float32) / 127.5 - 1
