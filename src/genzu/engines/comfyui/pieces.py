"""Large canvases in overlapping pieces of one size, and one picture of the pieces again."""

from __future__ import annotations

from hashlib import sha256
from math import ceil

import numpy as np

from genzu.core.geometry import Bounds, Extent
from genzu.picture.arrays import UInt8

_SEEDS = 2**63


def cut(extent: Extent, tile: int | None, overlap: int, multiple: int) -> list[Bounds]:
    """Pieces of one size, row by row, each at most ``tile`` px a side, neighbours share at least ``overlap`` px.

    Sides and positions are multiples of ``multiple`` if the sides of ``extent`` are. Without ``tile``, or where the
    canvas is no larger, one piece.
    """
    columns = _starts(extent.width, tile, overlap, multiple)
    rows = _starts(extent.height, tile, overlap, multiple)
    width, height = extent.width - columns[-1], extent.height - rows[-1]
    return [Bounds(x, y, width, height) for y in rows for x in columns]


def _starts(length: int, tile: int | None, overlap: int, multiple: int) -> list[int]:
    if tile is None or length <= tile:
        return [0]
    most = max(multiple, tile // multiple * multiple)
    pieces = ceil((length - overlap) / max(1, most - overlap))
    # All pieces of one size: as small as the number of them allows, so that the overlaps are even.
    size = min(most, ceil((length + (pieces - 1) * overlap) / pieces / multiple) * multiple)
    last = length - size
    return [last * number // (pieces - 1) // multiple * multiple for number in range(pieces - 1)] + [last]


class Canvas:
    """Takes the pieces in the order of :func:`cut`: blends each into its row, and each row into the picture.

    Blended along one axis after the other, so that no corner shows; beside the picture there is one row in memory.
    """

    def __init__(self, extent: Extent, pieces: list[Bounds]) -> None:
        self._extent, self._pieces = extent, pieces
        self._scale = 0
        self._right, self._bottom = 0, 0
        self._row: UInt8 = np.empty((0, 0, 3), np.uint8)
        self.picture: UInt8 = self._row
        """(H, W, 3): the canvas, times the factor that the pieces were enlarged by."""

    def add(self, number: int, painted: UInt8) -> bool:
        """Lay piece ``number`` down; false if it is not enlarged by the whole factor of the others."""
        piece = self._pieces[number]
        if not self._scale:
            self._begin(painted.shape[1] // piece.width)
        scale = self._scale
        if not scale or painted.shape[:2] != (piece.height * scale, piece.width * scale):
            return False
        if piece.x == 0:
            self._right = 0
            self._row = np.empty((piece.height * scale, self.picture.shape[1], 3), np.uint8)
        shared = self._right - piece.x * scale
        _blend(self._row[:, piece.x * scale : piece.right * scale], painted, shared, axis=1)
        self._right = piece.right * scale
        if piece.right == self._extent.width:
            _blend(
                self.picture[piece.y * scale : piece.bottom * scale], self._row, self._bottom - piece.y * scale, axis=0
            )
            self._bottom = piece.bottom * scale
        return True

    def _begin(self, scale: int) -> None:
        self._scale = scale
        self.picture = np.empty((self._extent.height * scale, self._extent.width * scale, 3), np.uint8)


def _blend(there: UInt8, new: UInt8, shared: int, *, axis: int) -> None:
    """Write ``new`` over ``there``; its weight rises along ``axis`` over the first ``shared`` px, then it is 1."""
    shared = max(shared, 0)
    over = (slice(None),) * axis + (slice(0, shared),)
    beyond = (slice(None),) * axis + (slice(shared, None),)
    weight = (np.arange(shared, dtype=np.float32) + 0.5) / max(shared, 1)
    weight = weight.reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    there[over] = (there[over] * (1 - weight) + new[over] * weight + 0.5).astype(np.uint8)
    there[beyond] = new[beyond]


def seed_of(seed: int, number: int) -> int:
    """Another noise for every piece, else the same clumps would come back in each of them; the first keeps its seed."""
    if number == 0:
        return seed
    return int.from_bytes(sha256(f"{seed}/{number}".encode()).digest()[:8]) % _SEEDS
