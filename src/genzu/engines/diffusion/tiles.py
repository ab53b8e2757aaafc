"""Overlapping tiles over a canvas, and the weights with which they are joined.

MultiDiffusion (Bar-Tal, Yariv, Lipman, Dekel 2023, arXiv 2302.08113) averages what overlapping windows say at every
step; the weights here fall off smoothly towards a neighbour, so that nothing jumps where a tile ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from genzu.core.geometry import Bounds, Extent
from genzu.picture.arrays import Float32


@dataclass(frozen=True, slots=True)
class Span:
    """A tile along one axis."""

    start: int
    stop: int
    fall_in: int
    """Length of the overlap with the tile before; 0 for the first."""
    fall_out: int
    """Length of the overlap with the tile after; 0 for the last."""

    def weights(self) -> Float32:
        """(stop − start,) float32 in (0, 1]: 1 inside, falling over the overlaps; those of two neighbours add up to 1.

        The fall is a smooth step: the outermost cells, which a network pads with zeros, count for next to nothing.
        """
        rising = np.ones(self.stop - self.start, np.float32)
        rising[: self.fall_in] = _smooth_step(self.fall_in)
        falling = np.ones_like(rising)
        if self.fall_out:
            falling[-self.fall_out :] = _smooth_step(self.fall_out)[::-1]
        return np.minimum(rising, falling)


def _smooth_step(length: int) -> Float32:
    share = (np.arange(length) + 0.5) / max(1, length)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def spans(length: int, side: int, overlap: int) -> tuple[Span, ...]:
    """The fewest tiles of ``side`` that cover ``length`` and share at least ``overlap``, evenly spread."""
    if length <= side:
        return (Span(0, length, 0, 0),)
    count = -(-(length - overlap) // max(1, side - overlap))
    starts = [round(index * (length - side) / (count - 1)) for index in range(count)]
    shared = [0, *(first + side - second for first, second in pairwise(starts)), 0]
    return tuple(Span(start, start + side, shared[n], shared[n + 1]) for n, start in enumerate(starts))


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a plan."""

    across: Span
    down: Span

    @property
    def bounds(self) -> Bounds:
        """Where it lies."""
        return Bounds(
            self.across.start, self.down.start,
            self.across.stop - self.across.start, self.down.stop - self.down.start,
        )  # fmt: skip

    def weights(self) -> Float32:
        """(height, width) float32 in (0, 1]."""
        return np.outer(self.down.weights(), self.across.weights())


@dataclass(frozen=True, slots=True)
class Plan:
    """Tiles of at most ``side`` × ``side`` over ``extent``; neighbours share at least ``overlap``. Any one unit."""

    extent: Extent
    side: int
    overlap: int

    @property
    def rows(self) -> tuple[Span, ...]:
        """Along the height."""
        return spans(self.extent.height, self.side, min(self.overlap, self.side // 2))

    @property
    def columns(self) -> tuple[Span, ...]:
        """Along the width."""
        return spans(self.extent.width, self.side, min(self.overlap, self.side // 2))

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    def __iter__(self) -> Iterator[Tile]:
        """Row by row."""
        for down in self.rows:
            for across in self.columns:
                yield Tile(across, down)
