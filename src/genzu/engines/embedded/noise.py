"""Noise that belongs to the world, not to the tile: the same point gives the same value in every tile.

Values come from an integer hash of lattice coordinates (SplitMix64 finaliser, Steele et al. 2014), so that no
state is carried and every seed is another hand.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds
from genzu.picture.arrays import Float32

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
        state = ix.astype(np.uint64) * np.uint64(0x8DA6B343D8163841)
        state = state ^ (iy.astype(np.uint64) * np.uint64(0xD8163841CB1AB31F)) ^ np.uint64(seed & _MASK)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(40)).astype(np.float32) / np.float32(1 << 24)


def value_noise(bounds: Bounds, cell: tuple[float, float], seed: int) -> Float32:
    """Smooth noise, −1…1, (height, width) of ``bounds``; ``cell`` is the lattice step in px (x, y)."""
    step_x, step_y = max(cell[0], 1.0), max(cell[1], 1.0)
    first_x, first_y = int(bounds.x // step_x) - 3, int(bounds.y // step_y) - 3
    ix = np.arange(first_x, int(bounds.right // step_x) + 5, dtype=np.int64)
    iy = np.arange(first_y, int(bounds.bottom // step_y) + 5, dtype=np.int64)
    lattice = hash_unit(ix[None, :], iy[:, None], seed) * 2 - 1
    box = (
        bounds.x / step_x - first_x,
        bounds.y / step_y - first_y,
        bounds.right / step_x - first_x,
        bounds.bottom / step_y - first_y,
    )
    grown = Image.fromarray(lattice).resize((bounds.width, bounds.height), Image.Resampling.BICUBIC, box=box)
    return np.asarray(grown, np.float32)


def fractal_noise(
    bounds: Bounds, cell: tuple[float, float], seed: int, *, octaves: int = 4, gain: float = 0.5
) -> Float32:
    """Sum of octaves of :func:`value_noise`, scaled to about −1…1."""
    total = np.zeros((bounds.height, bounds.width), np.float32)
    weight, sum_of_weights = 1.0, 0.0
    for octave in range(octaves):
        scale = 0.5**octave
        total += weight * value_noise(bounds, (cell[0] * scale, cell[1] * scale), mix_seed(seed, octave))
        sum_of_weights += weight
        weight *= gain
    return total / np.float32(sum_of_weights * 0.75)


_LATTICE, _FINE = 128, 8
_SIDE = _LATTICE * _FINE


@cache
def _sheet() -> Float32:
    """One periodic sheet of smooth noise, 8 samples per lattice cell, that :func:`noise_at` reads anywhere."""
    grid = np.arange(-4, _LATTICE + 4, dtype=np.int64) % _LATTICE
    lattice = hash_unit(grid[None, :], grid[:, None], 0x5EE7) * 2 - 1
    box = (4.0, 4.0, _LATTICE + 4.0, _LATTICE + 4.0)
    grown = Image.fromarray(lattice).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC, box=box)
    return np.ascontiguousarray(np.asarray(grown, np.float32).ravel())


def noise_at(u: Float32, v: Float32, seed: int) -> Float32:
    """Smooth noise −1…1 at any places ``u``, ``v`` (lattice cells, broadcast): for sheared and perspective planes."""
    offset = mix_seed(seed, 0xF1E1D)
    x = np.asarray(u, np.float32) * _FINE + np.float32(offset % 1021)
    y = np.asarray(v, np.float32) * _FINE + np.float32(offset // 1021 % 1019)
    left, top = np.floor(x), np.floor(y)
    part_x, part_y = x - left, y - top
    column, row = left.astype(np.int32) & (_SIDE - 1), top.astype(np.int32) & (_SIDE - 1)
    right, below = (column + 1) & (_SIDE - 1), ((row + 1) & (_SIDE - 1)) * _SIDE
    row = row * _SIDE
    sheet = _sheet()
    upper, lower = sheet.take(row + column), sheet.take(below + column)
    upper = upper + (sheet.take(row + right) - upper) * part_x
    lower = lower + (sheet.take(below + right) - lower) * part_x
    return np.asarray(upper + (lower - upper) * part_y, np.float32)
