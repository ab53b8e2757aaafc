"""Noise that belongs to the world, not to the tile: the same point gives the same value in every tile.

Values come from an integer hash of lattice coordinates (SplitMix64 finaliser, Steele et al. 2014), so that no
state is carried and every seed is another hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds
from genzu.picture.arrays import Float32, Int32

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def mix_seed(*parts: int) -> int:
    """One 64-bit seed of several integers; order matters."""
    state = 0
    for part in parts:
        state = (state ^ (part & _MASK)) * 0xBF58476D1CE4E5B9 + _GOLDEN & _MASK
        state ^= state >> 29
    return state


def hash_unit(ix: NDArray[np.int64], iy: NDArray[np.int64], seed: int) -> Float32:
    """Hash of lattice points to 0–1 (float32); ``ix`` and ``iy`` broadcast against each other."""
    with np.errstate(over="ignore"):
        state = np.asarray(ix.astype(np.uint64) * np.uint64(0x8DA6B343D8163841) ^ np.uint64(seed & _MASK))
        state = np.asarray(state ^ (iy.astype(np.uint64) * np.uint64(0xD8163841CB1AB31F)))
        moved = state >> np.uint64(30)
        for factor, shift in ((0xBF58476D1CE4E5B9, 27), (0x94D049BB133111EB, 31)):
            state ^= moved
            state *= np.uint64(factor)
            moved = np.right_shift(state, np.uint64(shift))
        state ^= moved
        state >>= np.uint64(40)
    return np.multiply(state, np.float32(1 / (1 << 24)), dtype=np.float32, casting="unsafe")


def value_noise(bounds: Bounds, cell: tuple[float, float], seed: int) -> Float32:
    """Smooth noise, −1…1, (height, width) of ``bounds``; ``cell`` is the lattice step in px (x, y)."""
    return _summed(bounds, [(cell, seed, 1.0)])


def fractal_noise(
    bounds: Bounds, cell: tuple[float, float], seed: int, *, octaves: int = 4, gain: float = 0.5
) -> Float32:
    """Sum of octaves of :func:`value_noise`, scaled to about −1…1."""
    norm = 0.75 * sum(gain**k for k in range(octaves))
    sizes = [(cell[0] * 0.5**k, cell[1] * 0.5**k) for k in range(octaves)]
    return _summed(bounds, [(size, mix_seed(seed, k), gain**k / norm) for k, size in enumerate(sizes)])


_BLOCK = 384, 48
"""Columns and rows of the blocks that octaves are summed in: few points of a lattice reach into one."""
_ALONE = 1 << 18
"""Multiplications up to which the linear algebra library keeps a product of matrices on the calling thread."""


def _summed(bounds: Bounds, octaves: Sequence[tuple[tuple[float, float], int, float]]) -> Float32:
    """Sum of lattices, each given by its step, its seed and its weight."""
    out = np.empty((bounds.height, bounds.width), np.float32)
    drawn = [_Octave(bounds, *octave) for octave in octaves]
    bands = [
        (top, [octave.band(top, min(top + _BLOCK[1], bounds.height)) for octave in drawn])
        for top in range(0, bounds.height, _BLOCK[1])
    ]
    downs = [_joined([down for down, _rows in band], axis=1) for _top, band in bands]
    for left in range(0, bounds.width, _BLOCK[0]):
        width = min(_BLOCK[0], bounds.width - left)
        across = [octave.across(bounds.x + left, width) for octave in drawn]
        for (top, band), down in zip(bands, downs, strict=True):
            rows = _joined([plane[of] for plane, (_down, of) in zip(across, band, strict=True)], axis=0)
            _product(down, rows, out[top : top + len(down), left : left + width])
    return out


def _joined(parts: list[Float32], axis: int) -> Float32:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis)


class _Octave:
    """One lattice; along y it waits for the other octaves.

    Drawing out is interpolation by Keys' cubic (a = −0.5), written as a product of matrices: that is several times
    faster than a filter that visits each pixel, and the sum over octaves comes with the same product.
    """

    def __init__(self, bounds: Bounds, cell: tuple[float, float], seed: int, weight: float) -> None:
        self.cell, self.seed = cell[0], seed
        self.top, down, first, count = _cubic(bounds.y, bounds.height, cell[1])
        self.down = down * np.float32(weight)
        self.lines = np.arange(first, first + count, dtype=np.int64)[:, None]

    def across(self, start: int, width: int) -> Float32:
        """(lattice rows, width): the lattice drawn out along x only."""
        left, across, first, count = _cubic(start, width, self.cell)
        columns = np.arange(first, first + count, dtype=np.int64)[None, :]
        lattice = hash_unit(columns, self.lines, self.seed) * 2 - 1
        return _product(lattice, _spread(left, across, count).T, np.empty((len(lattice), width), np.float32))

    def band(self, begin: int, end: int) -> tuple[Float32, slice]:
        """(end − begin, k) and the k lattice rows: their product is this octave in a band of rows."""
        first, last = int(self.top[begin]), int(self.top[end - 1]) + 4
        return _spread(self.top[begin:end] - first, self.down[begin:end], last - first), slice(first, last)


_KEYS = np.array([[0, 1, 0, 0], [-0.5, 0, 0.5, 0], [1, -2.5, 2, -0.5], [-0.5, 1.5, -1.5, 0.5]])
"""Coefficients of 1, t, t², t³ in the weights of four neighbours."""


@lru_cache(maxsize=512)
def _cubic(start: int, length: int, cell: float) -> tuple[NDArray[np.int64], Float32, int, int]:
    """First of four lattice points for each px, their (length, 4) weights, the lattice's first point and its size."""
    step = max(cell, 1.0)
    first = int(start // step) - 3
    place = (np.arange(length, dtype=np.float64) + (start + 0.5)) / step - (first + 1.5)
    near = place.astype(np.int64)
    part = place - near
    powers = np.ones((length, 4))
    powers[:, 1] = part
    powers[:, 2] = square = part * part
    powers[:, 3] = square * part
    return near, (powers @ _KEYS).astype(np.float32), first, int(near[-1]) + 4


_FOUR = np.arange(4)


def _spread(first: NDArray[np.int64], weights: Float32, count: int) -> Float32:
    """(n, count) matrix with the (n, 4) weights of each row in columns from ``first`` on."""
    matrix = np.zeros((len(first), count), np.float32)
    matrix.ravel()[(np.arange(len(first)) * count + first)[:, None] + _FOUR] = weights
    return matrix


def _product(left: Float32, right: Float32, out: Float32) -> Float32:
    """``left @ right`` in slices of rows so small that no other thread is called in: tiles have their own."""
    rows = max(1, _ALONE // max(1, right.size))
    for top in range(0, len(left), rows):
        np.matmul(left[top : top + rows], right, out=out[top : top + rows])
    return out


_LATTICE, _FINE = 128, 8
_SIDE = _LATTICE * _FINE
_AT_ONCE = 1 << 15
"""Places that :func:`noise_at` reads at once: what is needed in between fits the processor's cache."""


@cache
def _sheet() -> NDArray[np.complex64]:
    """One periodic sheet of smooth noise, 8 samples per lattice cell, that :func:`noise_at` reads anywhere.

    Each sample (the real part) stands beside what the next one to its right has more: one look-up finds both.
    """
    grid = np.arange(-4, _LATTICE + 4, dtype=np.int64) % _LATTICE
    lattice = hash_unit(grid[None, :], grid[:, None], 0x5EE7) * 2 - 1
    box = (4.0, 4.0, _LATTICE + 4.0, _LATTICE + 4.0)
    grown = Image.fromarray(lattice).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC, box=box)
    sheet = np.empty((_SIDE, _SIDE), np.complex64)
    sheet.real = np.asarray(grown, np.float32)
    np.subtract(np.roll(sheet.real, -1, axis=1), sheet.real, out=sheet.imag)
    return sheet.ravel()


def noise_at(u: Float32, v: Float32, seed: int) -> Float32:
    """Smooth noise −1…1 at any places ``u``, ``v`` (lattice cells, broadcast): for sheared and perspective planes."""
    offset = mix_seed(seed, 0xF1E1D)
    first = np.float32(offset % 1021), np.float32(offset // 1021 % 1019)
    u, v = np.asarray(u, np.float32), np.asarray(v, np.float32)
    shape = np.broadcast_shapes(u.shape, v.shape)
    if len(shape) < 2 or len(shape) != u.ndim or len(shape) != v.ndim:
        return _read(u * _FINE + first[0], v * _FINE + first[1])
    out = np.empty(shape, np.float32)
    step = max(1, _AT_ONCE // max(1, out[0].size))
    for top in range(0, shape[0], step):
        x, y = (place if len(place) == 1 else place[top : top + step] for place in (u, v))
        out[top : top + step] = _read(x * _FINE + first[0], y * _FINE + first[1])
    return out


def _read(x: Float32, y: Float32) -> Float32:
    """The sheet at these places in samples, bilinear; ``x`` and ``y`` are used up."""
    left, top = np.floor(x), np.floor(y)
    x -= left
    y -= top
    column, row = left.astype(np.int32), top.astype(np.int32)
    column &= _SIDE - 1
    row &= _SIDE - 1
    below = ((row + 1) & (_SIDE - 1)) * _SIDE
    row *= _SIDE
    upper, lower = (_between(column + line, x) for line in (row, below))
    lower -= upper
    lower *= y
    lower += upper
    return np.asarray(lower, np.float32)


def _between(places: Int32, part: Float32) -> Float32:
    """The sheet at these samples, and a part of the way to the next one on the right."""
    pairs = _sheet().take(places, mode="clip")
    value: Float32 = pairs.imag * part
    value += pairs.real
    return value
