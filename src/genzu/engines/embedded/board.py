"""A board lends its palette and its values: optimal transport, per material and per value group.

First the rough's colours are matched to the board's as a whole, each colour together with the height at which it
stands, so that a sky takes its colours from the board's upper part and the ground from the lower one; the matching
is a sliced optimal transport (Pitié, Kokaram and Dahyot, "Automated colour grading using colour distribution
transfer", 2007). Then each material gets a smooth map of its own towards what it was matched with: lightness by rank
(slopes held between bounds, so that flat areas do not break into noise), and a and b, in each of three value groups,
by the linear Monge–Kantorovich transport between Gaussians (Pitié and Kokaram, 2007) with its gain bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8, srgb8_from_oklab

STRENGTH = 0.90
_SAMPLE = 96
_LEVELS = np.linspace(0.01, 0.99, 25)
_GROUPS = 3
_GAIN = 1.8
"""Most that a transport may stretch colours: a grey rough must not explode into the board's hues."""
_SLOPE = (0.47, 1.8)
_FARTHEST = 0.24
"""Largest chroma (OKLab) that a moved colour may have, unless it had more before."""
_HEIGHT = 0.35
"""What the whole height of the picture counts beside OKLab's lightness."""
_ROUNDS = 40
_MADE_UP = 0.75
"""How much of what the materials' own maps leave open is made up for by one map of the whole picture."""
_LEAST = 0.012
"""Share of the picture from which a material has a map of its own."""

_F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Map:
    """Where the colours of one material go."""

    before: _F64
    """(25,) lightness at each level of rank, rising."""
    after: _F64
    chroma: tuple[tuple[Float32, Float32, Float32], ...]
    """By value group: mean of a and b before, after, and the (2, 2) map between their spreads."""

    def moved(self, lab: Float32) -> Float32:
        """(n, 3) OKLab moved all the way."""
        rank = np.interp(lab[:, 0], self.before, _LEVELS).astype(np.float32)
        total: Float32 = np.zeros((len(lab), 2), np.float32)
        for share, (mean, goal, matrix) in zip(_shares(rank), self.chroma, strict=True):
            total = total + share[:, None] * ((lab[:, 1:] - mean) @ matrix.T + goal)
        lightness = _extended(lab[:, 0], self.before, self.after)
        return np.concatenate([lightness[:, None], _bounded(total, lab[:, 1:])], 1)


class Palette:
    """The colour map from a rough to a board; built once from small versions, applied tile by tile."""

    def __init__(self, rough: UInt8, board: UInt8, materials: UInt8 | None = None) -> None:
        """``rough`` (H, W, 3) and ``board`` of any size are sRGB; ``materials`` (H, W) may be left out."""
        mine, of = _sampled(rough, materials)
        theirs = _sampled(board, None)[0]
        matched = _matched(mine, theirs)
        self._whole = _map(mine[:, :3], matched)
        self._maps: dict[int, _Map] = {}
        for index in np.unique(of) if materials is not None else ():
            part = of == index
            if part.mean() >= _LEAST:
                self._maps[int(index)] = _map(mine[part, :3], matched[part])
        # Flat materials cannot be stretched far; what is still missing then is made up for by all together.
        self._rest = _map(self._moved(mine[:, :3].astype(np.float32), of).astype(np.float64), theirs[:, :3])

    def apply(self, picture: UInt8, materials: UInt8 | None = None) -> UInt8:
        """Move the colours of (h, w, 3) sRGB towards the board; ``materials`` (h, w) as it was built with."""
        lab = oklab_from_srgb8(picture).reshape(-1, 3)
        moved = self._moved(lab, np.zeros(len(lab), np.uint8) if materials is None else materials.ravel())
        moved = moved + (self._rest.moved(moved) - moved) * np.float32(_MADE_UP)
        lent = lab + (moved - lab) * np.float32(STRENGTH)
        return srgb8_from_oklab(lent.astype(np.float32).reshape(picture.shape))

    def _moved(self, lab: Float32, of: UInt8) -> Float32:
        """(n, 3) OKLab of materials ``of`` (n,), each moved by its own map."""
        if not self._maps:
            return self._whole.moved(lab)
        moved = np.empty_like(lab)
        for index in np.unique(of).tolist():
            part = of == index
            moved[part] = self._maps.get(index, self._whole).moved(lab[part])
        return moved


def _sampled(picture: UInt8, materials: UInt8 | None) -> tuple[_F64, UInt8]:
    """(n, 4) OKLab and height of a grid of places, and their materials."""
    small = Image.fromarray(picture).resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    lab = oklab_from_srgb8(np.asarray(small, np.uint8)).astype(np.float64)
    rows = (np.arange(_SAMPLE) + 0.5) / _SAMPLE
    height = np.broadcast_to(rows[:, None, None] * _HEIGHT, (_SAMPLE, _SAMPLE, 1))
    of = np.zeros((_SAMPLE, _SAMPLE), np.uint8)
    if materials is not None:
        y, x = (rows * materials.shape[0]).astype(np.intp), (rows * materials.shape[1]).astype(np.intp)
        of = materials[y][:, x]
    return np.concatenate([lab, height], -1).reshape(-1, 4), of.ravel()


def _matched(mine: _F64, theirs: _F64) -> _F64:
    """(n, 3) OKLab: what each of my colours becomes when all of them together take the board's place by place."""
    rng = np.random.default_rng(20070)
    moved = mine.copy()
    for _ in range(_ROUNDS):
        turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
        here, there = moved @ turn, np.sort(theirs @ turn, 0)
        order = np.argsort(here, 0, kind="stable")
        step = np.empty_like(here)
        np.put_along_axis(step, order, there - np.take_along_axis(here, order, 0), 0)
        moved += step @ turn.T
    return moved[:, :3]


def _map(mine: _F64, matched: _F64) -> _Map:
    before = np.quantile(mine[:, 0], _LEVELS)
    after = _tame(before, np.quantile(matched[:, 0], _LEVELS))
    order = np.argsort(mine[:, 0], kind="stable")
    groups = [_group(order, k) for k in range(_GROUPS)]
    # What lies at one rank of lightness before is at the same rank after.
    ranked = np.argsort(matched[:, 0], kind="stable")
    theirs = [_group(ranked, k) for k in range(_GROUPS)]
    chroma = tuple(
        _transport(mine[one, 1:], matched[two, 1:], mine[:, 1:], matched[:, 1:])
        for one, two in zip(groups, theirs, strict=True)
    )
    return _Map(before, after, chroma)


def _group(order: NDArray[np.intp], k: int) -> NDArray[np.intp]:
    """The k-th part by lightness; the parts overlap a little."""
    count = len(order)
    low, high = max(0.0, k / _GROUPS - 0.06), min(1.0, (k + 1) / _GROUPS + 0.06)
    return order[int(low * count) : max(int(np.ceil(high * count)), int(low * count) + 1)]


def _tame(source: _F64, goal: _F64) -> _F64:
    """The goal's quantiles with the slope of the map held between bounds, around the same median."""
    steps = np.maximum(np.diff(source), 1e-4)
    slopes = np.clip(np.diff(goal) / steps, *_SLOPE)
    curve = np.concatenate([[0.0], np.cumsum(slopes * steps)])
    middle = len(curve) // 2
    tamed = np.clip(curve - curve[middle] + goal[middle], 0.0, 1.0)
    return np.maximum.accumulate(tamed)


def _extended(value: Float32, source: _F64, goal: _F64) -> Float32:
    """Piecewise linear map, carried on beyond its ends so that highlights and depths keep their steps."""
    inner = np.interp(value, source, goal)
    above, below = np.maximum(value - source[-1], 0), np.maximum(source[0] - value, 0)
    return np.asarray(np.clip(inner + 0.8 * above - 0.8 * below, 0, 1), np.float32)


def _transport(mine: _F64, theirs: _F64, all_mine: _F64, all_theirs: _F64) -> tuple[Float32, Float32, Float32]:
    """Mean of the rough, mean of the board, and the (2, 2) map between their spreads."""
    spread = 0.7 * _spread(mine) + 0.3 * _spread(all_mine) + 2e-4 * np.eye(2)
    wanted = 0.7 * _spread(theirs) + 0.3 * _spread(all_theirs) + 2e-4 * np.eye(2)
    root = _square_root(spread)
    inverse = np.linalg.inv(root)
    matrix = inverse @ _square_root(root @ wanted @ root) @ inverse
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    matrix = (vectors * np.clip(values, 0.3, _GAIN)) @ vectors.T
    parts = mine.mean(0), theirs.mean(0), matrix
    return tuple(np.asarray(part, np.float32) for part in parts)  # type: ignore[return-value]


def _spread(colours: _F64) -> _F64:
    """(2, 2) covariance of a and b."""
    off = colours - colours.mean(0)
    return np.asarray(off.T @ off / len(colours), np.float64)


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


def _square_root(matrix: _F64) -> _F64:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T, np.float64)
