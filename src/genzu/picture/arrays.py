"""The array types that pass between the steps. All pictures are numpy arrays, row-major, top row first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Extent

UInt8: TypeAlias = NDArray[np.uint8]
UInt16: TypeAlias = NDArray[np.uint16]
Int32: TypeAlias = NDArray[np.int32]
Float32: TypeAlias = NDArray[np.floating[Any]]
# float32 at run time; the static type is wider because numpy's stubs widen float32 with a Python number.
Bool: TypeAlias = NDArray[np.bool_]


def extent_of(array: NDArray[np.generic]) -> Extent:
    """Width and height of an (H, W) or (H, W, C) array."""
    return Extent(array.shape[1], array.shape[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class LineArt:
    """A cleaned layout, split by the meaning of its line colours.

    Every plane is (H, W) uint8, 0 = nothing, 255 = full strength of the stroke.
    """

    contour: UInt8
    """Graphite: contours of things."""
    highlight: UInt8
    """Red pencil: edge of a highlight."""
    shadow: UInt8
    """Light-blue pencil: edge of a shadow."""
    cel: UInt8
    """Warm tint: area that cels will cover."""

    @property
    def extent(self) -> Extent:
        """Size of the picture."""
        return extent_of(self.contour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is drawn: a region for every pixel, a material for every region, and the space they stand in."""

    materials: UInt8
    """(H, W), value = ``Material`` index."""
    regions: Int32
    """(H, W), 1…n; every pixel belongs to a region, line pixels to the nearest one."""
    confidence: Float32
    """(n + 1,), 0–1 per region; entry 0 is unused."""
    depth: UInt8
    """(h, w) at reduced size: 0 = at the camera, 255 = without end (sky)."""
    horizon: float
    """Row of the horizon in full-size pixels; may lie outside the picture."""
    alpha: UInt8 | None = None
    """(H, W), 255 = painted, 0 = see-through; only BOOK sheets have it."""

    @property
    def extent(self) -> Extent:
        """Size of the picture."""
        return extent_of(self.materials)
