"""Large canvases in overlapping pieces of one size, and one picture of the pieces again."""

from __future__ import annotations

from hashlib import sha256
from math import ceil

import numpy as np

from genzu.core.geometry import Bounds, Extent
from genzu.picture.arrays import Float32, UInt8

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
    """Takes the pieces in the order of :func:`cut` and blends each over what is there, in the memory of the picture."""

    def __init__(self, extent: Extent, pieces: list[Bounds]) -> None:
        self._extent, self._pieces = extent, pieces
        self._picture: UInt8 | None = None
        self._scale = 1

    def add(self, number: int, painted: UInt8) -> bool:
        """Lay piece ``number`` down; false if it is not enlarged by the whole factor of the others."""
        bounds = self._pieces[number]
        scale = painted.shape[1] // bounds.width
        if self._picture is None:
            self._scale = scale
            self._picture = np.empty((self._extent.height * scale, self._extent.width * scale, 3), np.uint8)
        if scale != self._scale or painted.shape[:2] != (bounds.height * scale, bounds.width * scale):
            return False
        here = self._picture[
            bounds.y * scale : bounds.bottom * scale, bounds.x * scale : bounds.right * scale
        ]  # a view  # fmt: skip
        across = self._ramp(number, vertical=False)
        down = self._ramp(number, vertical=True)
        for band in range(0, here.shape[0], 256):
            rows = slice(band, band + 256)
            weight = (down[rows, None] * across[None])[..., None]
            # Where the weight is 1 nothing lies below yet: uninitialised bytes times 0 are 0.
            mixed = here[rows] * (1 - weight) + painted[rows] * weight
            here[rows] = (mixed + 0.5).astype(np.uint8)
        return True

    @property
    def picture(self) -> UInt8:
        """(H, W, 3): the canvas, times the factor that the pieces were enlarged by."""
        assert self._picture is not None
        return self._picture

    def _ramp(self, number: int, *, vertical: bool) -> Float32:
        """Weight of the new piece along one axis: rises over what it shares with the piece before, then 1."""
        here = self._pieces[number]
        start, length = (here.y, here.height) if vertical else (here.x, here.width)
        before = [
            one.bottom if vertical else one.right
            for one in self._pieces[:number]
            if (one.y if vertical else one.x) < start and (one.x == here.x if vertical else one.y == here.y)
        ]
        ramp = np.ones(length * self._scale, np.float32)
        shared = (max(before, default=start) - start) * self._scale
        ramp[:shared] = (np.arange(shared, dtype=np.float32) + 0.5) / max(shared, 1)
        return ramp


def seed_of(seed: int, number: int) -> int:
    """Another noise for every piece, else the same clumps would come back in each of them; the first keeps its seed."""
    if number == 0:
        return seed
    return int.from_bytes(sha256(f"{seed}/{number}".encode()).digest()[:8]) % _SEEDS
