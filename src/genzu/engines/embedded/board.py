"""A board lends its palette: lightness by rank, colour by transport per value group.

Lightness: the rough's values keep their order and take the board's distribution (histogram matching with slopes held
between bounds, so that flat areas do not break into noise). Colour: in each of three value groups a and b are moved
by the linear Monge–Kantorovich transport between Gaussians (Pitié and Kokaram, "The linear Monge–Kantorovitch linear
colour mapping for example-based colour transfer", 2007) with its gain bounded; the groups blend into each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8, srgb8_from_oklab

STRENGTH = 0.85
_SAMPLE = 192
_LEVELS = np.linspace(0.01, 0.99, 25)
_GROUPS = 3
_GAIN = 1.7
"""Most that a transport may stretch colours: a grey rough must not explode into the board's hues."""
_SLOPE = (0.45, 1.8)
_FARTHEST = 0.24
"""Largest chroma (OKLab) that a moved colour may have, unless it had more before."""


class Palette:
    """The colour map from a rough to a board; built once from small versions, applied tile by tile."""

    def __init__(self, rough: UInt8, board: UInt8) -> None:
        mine, theirs = _colours(rough), _colours(board)
        self._from = np.quantile(mine[:, 0], _LEVELS).astype(np.float64)
        self._to = _tame(self._from, np.quantile(theirs[:, 0], _LEVELS))
        self._maps = [
            _transport(_group(mine, k), _group(theirs, k), mine[:, 1:], theirs[:, 1:]) for k in range(_GROUPS)
        ]

    def apply(self, picture: UInt8) -> UInt8:
        """Move the colours of (h, w, 3) sRGB towards the board."""
        lab = oklab_from_srgb8(picture)
        rank = np.interp(lab[..., 0], self._from, _LEVELS).astype(np.float32)
        moved = np.empty_like(lab)
        moved[..., 0] = _extended(lab[..., 0], self._from, self._to)
        total: Float32 = np.zeros((*lab.shape[:2], 2), np.float32)
        shares = _shares(rank)
        for share, (mean, goal, matrix) in zip(shares, self._maps, strict=True):
            total = total + share[..., None] * ((lab[..., 1:] - mean) @ matrix.T + goal)
        moved[..., 1:] = _bounded(total, lab[..., 1:])
        return srgb8_from_oklab((lab + (moved - lab) * np.float32(STRENGTH)).astype(np.float32))


def _colours(picture: UInt8) -> Float32:
    small = Image.fromarray(picture).resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    return oklab_from_srgb8(np.asarray(small, np.uint8)).reshape(-1, 3)


def _group(colours: Float32, k: int) -> Float32:
    """a and b of the k-th part by lightness; the parts overlap a little."""
    order = np.argsort(colours[:, 0], kind="stable")
    count = len(order)
    low, high = max(0.0, k / _GROUPS - 0.06), min(1.0, (k + 1) / _GROUPS + 0.06)
    return colours[order[int(low * count) : int(np.ceil(high * count))], 1:]


def _tame(source: NDArray[np.float64], goal: NDArray[np.float64]) -> NDArray[np.float64]:
    """The goal's quantiles with the slope of the map held between bounds, around the same median."""
    steps = np.maximum(np.diff(source), 1e-4)
    slopes = np.clip(np.diff(goal) / steps, *_SLOPE)
    curve = np.concatenate([[0.0], np.cumsum(slopes * steps)])
    middle = len(curve) // 2
    tamed = np.clip(curve - curve[middle] + goal[middle], 0.0, 1.0)
    return np.maximum.accumulate(tamed)


def _extended(value: Float32, source: NDArray[np.float64], goal: NDArray[np.float64]) -> Float32:
    """Piecewise linear map, carried on beyond its ends so that highlights and depths keep their steps."""
    inner = np.interp(value, source, goal)
    above, below = np.maximum(value - source[-1], 0), np.maximum(source[0] - value, 0)
    return np.asarray(np.clip(inner + 0.8 * above - 0.8 * below, 0, 1), np.float32)


def _transport(
    mine: Float32, theirs: Float32, all_mine: Float32, all_theirs: Float32
) -> tuple[Float32, Float32, Float32]:
    """Mean of the rough, mean of the board, and the (2, 2) map between their spreads."""
    spread = 0.7 * np.cov(mine.T) + 0.3 * np.cov(all_mine.T) + 2e-4 * np.eye(2)
    wanted = 0.7 * np.cov(theirs.T) + 0.3 * np.cov(all_theirs.T) + 2e-4 * np.eye(2)
    root = _square_root(spread)
    inverse = np.linalg.inv(root)
    matrix = inverse @ _square_root(root @ wanted @ root) @ inverse
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    matrix = (vectors * np.clip(values, 0.3, _GAIN)) @ vectors.T
    parts = mine.mean(0), theirs.mean(0), matrix
    return tuple(np.asarray(part, np.float32) for part in parts)  # type: ignore[return-value]


def _shares(rank: Float32) -> list[Float32]:
    """How much each value group has its say at a rank 0–1; they sum to 1."""
    place = rank * _GROUPS - 0.5
    weights = [np.clip(1 - np.abs(place - k), 0, 1) for k in range(_GROUPS)]
    weights[0] = np.where(place < 0, 1, weights[0])
    weights[-1] = np.where(place > _GROUPS - 1, 1, weights[-1])
    return [np.asarray(weight, np.float32) for weight in weights]


def _bounded(moved: Float32, before: Float32) -> Float32:
    """Hold the chroma: neither beyond the bound nor beyond what it was."""
    chroma = np.hypot(moved[..., 0], moved[..., 1])
    limit = np.maximum(_FARTHEST, np.hypot(before[..., 0], before[..., 1]))
    return np.asarray(moved * np.minimum(1, limit / np.maximum(chroma, 1e-6))[..., None], np.float32)


def _square_root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T, np.float64)
