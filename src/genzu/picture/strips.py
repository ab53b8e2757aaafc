"""Posts, poles and trunks: what two upright lines close together bound, whatever crosses it and wherever it is open.

A pole is drawn as two lines. Wires and the edge of the road cross it, its foot is open, and a net that sees the drawing
small reads it piece by piece as what lies behind. Here a strip is followed down the sheet from row to row, over
crossing lines and gaps, and it votes as one; what was read in it *and* on both sides of it is most likely what
lies behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Float32, Int32, UInt8
from genzu.picture.regions import compact, walls_of

_NARROWEST, _WIDEST = 0.005, 0.085
"""Widths of strips as shares of the picture's height."""
_BRIDGE = 0.024
"""Share of the height over which a strip goes on without being bounded on both sides."""
_SHORTEST, _SLIM = 0.035, 1.7
"""Least length as a share of the height, and as a multiple of the width."""
_BOUNDED = 0.6
"""Share of its rows in which a strip is bounded on both sides."""
_OVERLAP, _CHANGE = 0.6, 0.3
"""How much of it the next row must cover, and by what share its width may change there."""
_WAVER, _WAVER_BY_WIDTH = 1.8, 0.12
"""How far its sides may stray from straight lines, in px at analysis size or as a share of its width."""
_TAPER, _LEAN = 0.1, 0.5
"""How far apart the slopes of its sides may be, and how far it may lean (columns per row)."""
_BESIDE = 2.0
"""Cells beside a strip where it is looked up what lies there."""
_SURE = 0.35
"""Share of the votes that the first material of a strip must have, so that it speaks for all of it."""
_POOLED = np.float32(0.9)
"""Weight of the one voice of such a strip."""
_BEHIND = (
    Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.FOLIAGE, Material.GRASS, Material.SOIL, Material.WATER,
    Material.ROAD,
)  # fmt: skip
"""What may lie behind a post."""
_BUILT_BEHIND = (Material.WALL, Material.ROCK)
"""What may also lie behind it, but as well be it."""
_BEHIND_SHARE, _BUILT_SHARE = 0.7, 0.35
"""What is read on both sides as much as in a strip counts for so much less."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Stretches of paper between two lines of a row, in the order of the rows."""

    row: NDArray[np.intp]
    left: Floats
    right: Floats


def find_strips(ink: UInt8) -> Int32:
    """Strips (h, w) int32, 1…n, 0 = none, of a small line picture (about 600 rows)."""
    height = ink.shape[0]
    runs = _runs_of(ink)
    found = np.zeros(ink.shape, np.int32)
    count = 0
    for strip in _chains(runs, height):
        row, left, right = runs.row[strip], runs.left[strip], runs.right[strip]
        if not _is_strip(row, left, right, height):
            continue
        count += 1
        rows = np.arange(row[0], row[-1] + 1)
        start, stop = (np.rint(np.interp(rows, row, side))[:, None] for side in (left, right))
        first, last = int(start.min()), int(stop.max())  # a strip is slim, a sheet may be long
        columns = np.arange(first, last)
        part = np.s_[row[0] : row[-1] + 1, first:last]
        found[part][(columns >= start) & (columns < stop)] = count
    return found


def cut_out(rooms: Int32, strips: Int32) -> Int32:
    """Rooms (h, w) 1…n in which every strip is a room of its own."""
    return compact(np.where(strips > 0, strips + rooms.max(), rooms).astype(np.int32))


def as_one(votes: Float32, strips: Int32) -> Float32:
    """(h, w, 17) votes in which every strip (H, W) that is surely something speaks with one voice."""
    height, width = votes.shape[:2]
    count = int(strips.max())
    if not count:
        return votes
    rows, columns = np.nonzero(strips)
    number = strips[rows, columns] - 1
    down, across = height / strips.shape[0], width / strips.shape[1]
    y = np.minimum((rows + 0.5) * down, height - 1).astype(np.intp)
    x = np.minimum((columns + 0.5) * across, width - 1).astype(np.intp)
    size = np.bincount(number, minlength=count)

    def mean_at(at: NDArray[np.intp]) -> Floats:
        seen = votes[y, at]
        return np.stack([np.bincount(number, seen[:, kind], count) for kind in range(len(Material))], 1) / size[:, None]

    # The side lines of each strip in each of its rows, from the first and last of its pixels there.
    key = rows * (count + 1) + number
    order = np.lexsort((columns, key))
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    ends = np.append(begins[1:], order.size) - 1
    lengths = ends - begins + 1
    first, last = np.empty(order.size, np.intp), np.empty(order.size, np.intp)
    first[order] = np.repeat(columns[order][begins], lengths)
    last[order] = np.repeat(columns[order][ends], lengths)
    before = np.clip(first * across - _BESIDE, 0, width - 1).astype(np.intp)
    after = np.clip((last + 1) * across + _BESIDE, 0, width - 1).astype(np.intp)
    within = mean_at(x)
    around = np.minimum(mean_at(before), mean_at(after))
    share = np.zeros(len(Material))
    share[list(_BEHIND)], share[list(_BUILT_BEHIND)] = _BEHIND_SHARE, _BUILT_SHARE
    said = within * (1 - share * np.minimum(1, around / np.maximum(within, 1e-6)))
    said /= said.sum(axis=1, keepdims=True)
    sure = said.max(axis=1) >= _SURE
    mixed = votes.copy()
    own = sure[number]
    y, x, number = y[own], x[own], number[own]
    mixed[y, x] = (1 - _POOLED) * votes[y, x] + _POOLED * said[number].astype(np.float32)
    return mixed


def _runs_of(ink: UInt8) -> _Runs:
    walls = walls_of(ink)
    height, width = walls.shape
    walls |= mahotas.close(walls, np.ones((5, 1), bool))  # a stroke that breaks off for some pixels
    paper = np.zeros((height, width + 2), np.int8)
    paper[:, 1:-1] = ~walls
    steps = np.diff(paper, axis=1)
    row, left = np.nonzero(steps == 1)
    right = np.nonzero(steps == -1)[1]
    slim = (right - left >= max(2, _NARROWEST * height)) & (right - left <= _WIDEST * height)
    slim &= (left > 0) & (right < width)
    return _Runs(row[slim], left[slim].astype(float), right[slim].astype(float))


def _chains(runs: _Runs, height: int) -> list[NDArray[np.intp]]:
    """Runs that follow each other down the sheet, as lists of their numbers."""
    bridge = max(4, round(_BRIDGE * height))
    first = np.searchsorted(runs.row, np.arange(height + 1))
    chain_of = np.full(runs.row.size, -1)
    tip = np.zeros(0, np.intp)  # the last run of each open chain
    mean = np.zeros(0)  # its width, forgetting
    name = np.zeros(0, np.intp)
    count = 0
    for row in range(height):
        near = row - runs.row[tip] <= bridge
        tip, mean, name = tip[near], mean[near], name[near]
        here = np.arange(first[row], first[row + 1])
        if not here.size:
            continue
        if tip.size:
            chains, chosen = _matches(runs, tip, mean, here)
            tip[chains] = chosen
            mean[chains] += 0.1 * (runs.right[chosen] - runs.left[chosen] - mean[chains])
            chain_of[chosen] = name[chains]
        new = here[chain_of[here] < 0]
        chain_of[new] = count + np.arange(new.size)
        tip = np.concatenate([tip, new])
        mean = np.concatenate([mean, runs.right[new] - runs.left[new]])
        name = np.concatenate([name, chain_of[new]])
        count += new.size
    if not count:  # a drawing without a stroke, or with none near another
        return []
    order = np.argsort(chain_of, kind="stable")
    return np.split(order, np.searchsorted(chain_of[order], np.arange(1, count)))


def _matches(
    runs: _Runs, tip: NDArray[np.intp], mean: Floats, here: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which open chains go on in which of the runs of this row; each run goes to the chain that it fits best."""
    left, right = runs.left[here], runs.right[here]
    wide = (right - left)[None]
    over = np.minimum(runs.right[tip][:, None], right) - np.maximum(runs.left[tip][:, None], left)
    off = np.abs(wide - mean[:, None])
    fits = (over >= _OVERLAP * np.maximum(mean[:, None], wide) - 1) & (off <= np.maximum(2, _CHANGE * mean[:, None]))
    worth = np.where(fits, over - 0.5 * off, -1.0)
    best = np.argmax(worth, axis=1)
    value = worth[np.arange(tip.size), best]
    order = np.argsort(-value, kind="stable")
    order = order[value[order] > 0]
    first = np.unique(best[order], return_index=True)[1]
    chains = order[first]
    return chains, here[best[chains]]


def _is_strip(row: NDArray[np.intp], left: Floats, right: Floats, height: int) -> bool:
    """Whether a chain is long, slim, straight and about as wide everywhere."""
    tall, wide = int(row[-1] - row[0]) + 1, float(np.median(right - left))
    if tall < max(_SHORTEST * height, _SLIM * wide) or row.size < _BOUNDED * tall:
        return False
    slopes = []
    for side in (left, right):
        slope, start = np.polyfit(row, side, 1)
        if np.sqrt(np.mean((slope * row + start - side) ** 2)) > max(_WAVER, _WAVER_BY_WIDTH * wide):
            return False
        slopes.append(slope)
    return abs(slopes[0] - slopes[1]) <= min(_TAPER, 0.6 * wide / tall) and abs(slopes[0]) <= _LEAN
