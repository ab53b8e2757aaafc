"""Bare trees: boughs that fork from the trunk to the drawn outline, for crowns that have lost their leaves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import air_of_tree
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import eighths
from genzu.picture.arrays import Bool, Float32

_LEAST = 26.0
"""Units: smallest crown that has boughs of its own."""
_STOUT = 20.0
"""Units that a bough is thick at most: a bar through many crowns is none."""
_MOST, _COMPACT = 400, 1.35
_FORKS = (5, 3, 2, 2, 2)
_SHORTER, _THINNER = 0.78, 0.62
Float64 = NDArray[np.float64]
_GROWN: WeakKeyDictionary[Scene, Float32] = WeakKeyDictionary()


def grown(scene: Scene, bare: Bool) -> Float32:
    """(n, 5) boughs of all bare crowns, in units: x and y of both ends, and width; thick ones first.

    ``bare`` tells by region id which leaves have fallen.
    """
    if scene not in _GROWN:
        _GROWN[scene] = _grow(scene, bare)
    return _GROWN[scene]


def _grow(scene: Scene, bare: Bool) -> Float32:
    units = 1 / (scene.shrink * scene.unit)
    boughs: list[Float32] = []
    for crown, (top, left) in _crowns(scene, bare, units):
        tall, wide = crown.shape
        # A wood is many crowns side by side.
        cuts = np.linspace(0, wide, max(1, round(wide / tall)) + 1)
        ids = np.arange(len(cuts) - 2, dtype=np.int64)
        shift = hash_unit(ids, np.full(1, left, np.int64), mix_seed(scene.request.seed, 0xB1)) - 0.5
        cuts[1:-1] += 0.5 * shift * tall
        for first, last in pairwise(cuts.astype(int).tolist()):
            cell = crown[:, first:last]
            if cell.sum() * units * units < _LEAST * _LEAST:
                continue
            under = scene.small_materials[max(top + tall - 3, 0) : top + tall + 3, left + first : left + last]
            boughs.append(_tree(cell, (under == Material.TRUNK).any(0), (left + first, top), units, scene))
    if not boughs:
        return np.zeros((0, 5), np.float32)
    every = np.concatenate(boughs)
    return np.ascontiguousarray(every[np.argsort(-every[:, 4], kind="stable")])


def _crowns(scene: Scene, bare: Bool, units: float) -> Iterator[tuple[Bool, tuple[int, int]]]:
    """Masks of crowns at the reduced size, and row and column where they begin.

    A mass that is about as high as it is wide is one crown, however many lines part it; of others each region is one.
    """
    leafless = (scene.small_materials == Material.FOLIAGE) & bare[scene.small_regions]
    masses, _count = mahotas.label(leafless)
    regions = np.where(leafless, scene.small_regions, 0)
    boxes = np.asarray(mahotas.labeled.bbox(masses), np.int64).reshape(-1, 4)
    compact = (boxes[:, 3] - boxes[:, 2]) <= _COMPACT * (boxes[:, 1] - boxes[:, 0])
    compact[0] = True
    for labels, chosen in ((masses, compact), (np.where(compact[masses], 0, regions), None)):
        boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
        numbers = np.arange(len(boxes)) if chosen is None else np.flatnonzero(chosen)
        for number in numbers[numbers > 0][:_MOST].tolist():
            top, bottom, left, right = boxes[number].tolist()
            if min(bottom - top, right - left) * units >= _LEAST:
                yield labels[top:bottom, left:right] == number, (top, left)


def _tree(crown: Bool, trunk: Bool, corner: tuple[int, int], units: float, scene: Scene) -> Float32:
    """(n, 5) boughs inside one crown (h, w), which begins at ``corner`` (column, row) of the reduced picture."""
    tall, wide = crown.shape
    roots = np.flatnonzero(trunk if trunk.any() else crown[-max(2, tall // 8) :].any(0))
    x = float(roots.mean()) if len(roots) else wide / 2
    column = np.flatnonzero(crown[:, min(int(x), wide - 1)])
    foot = float(column[-1] + 1) if len(column) else float(tall)
    seed = mix_seed(scene.request.seed, 0xB0, int((corner[0] + x) * units), int(corner[1] * units))
    thick = min(0.045 * min(tall, wide), _STOUT / units)
    if trunk.any():
        thick = float(np.clip(0.7 * len(roots), thick, min(3 * thick, _STOUT / units)))
    ends = np.array([[x, foot + 0.04 * tall, -np.pi / 2, 0.26 * tall, thick]])
    found = []
    for level, forks in enumerate((1, *_FORKS)):
        if level:
            ends = _forked(ends, forks, seed, level)
        tips = ends[:, :2] + ends[:, 3:4] * np.stack([np.cos(ends[:, 2]), np.sin(ends[:, 2])], 1)
        column, row = np.rint(tips).astype(np.int64).T
        inside = (column >= 0) & (column < wide) & (row >= 0) & (row < tall)
        inside[inside] = crown[row[inside], column[inside]]
        inside |= level == 0
        ends, tips = ends[inside], tips[inside]
        if len(ends) == 0:
            break
        found.append(np.concatenate([ends[:, :2], tips, ends[:, 4:]], 1))
        ends = np.concatenate([tips, ends[:, 2:]], 1)
    whole = np.concatenate(found)
    whole[:, :4] += np.tile(corner, 2)
    return (whole * units).astype(np.float32)


def _forked(ends: Float64, forks: int, seed: int, level: int) -> Float64:
    """Each bough (x, y, angle, length, width) goes on in some: one nearly straight, others aside."""
    ids = np.arange(len(ends), dtype=np.int64)[:, None]
    sides = np.arange(forks, dtype=np.int64)[None, :]
    turn, reach = (hash_unit(ids, sides, mix_seed(seed, level, k)) for k in range(2))
    spread = (sides - (forks - 1) / 2) * {5: 0.44, 3: 0.55}.get(forks, 0.70) + 0.5 * (turn - 0.5)
    children = np.repeat(ends, forks, axis=0)
    children[:, 2] += spread.ravel()
    # What leans aside rises again: twigs look for the light.
    children[:, 2] -= 0.14 * np.cos(children[:, 2])
    children[:, 3] *= _SHORTER * (0.75 + 0.5 * reach.ravel())
    children[:, 4] *= _THINNER
    return children


def drawn(patch: Patch, base: Float32, canvas: Float32, boughs: Float32) -> None:
    """Paint boughs (n, 5) into the (h, w, 3) OKLab canvas: darker than the veil of twigs, snow on the level ones."""
    x, y = ((boughs[:, k] + boughs[:, k + 2]).astype(np.float64) / 2 * patch.unit for k in range(2))
    x, y = (eighths(at) - origin for at, origin in ((x, patch.bounds.x), (y, patch.bounds.y)))
    inside = (x >= 0) & (y >= 0) & (x < patch.bounds.width) & (y < patch.bounds.height)
    if not inside.any():
        return
    boughs, x, y = boughs[inside], x[inside].astype(np.float32), y[inside].astype(np.float32)
    rows, columns = y.astype(np.int32), x.astype(np.int32)
    across, down = boughs[:, 2] - boughs[:, 0], boughs[:, 3] - boughs[:, 1]
    long = np.hypot(across, down) * np.float32(1.2 * patch.unit)
    width = np.maximum(boughs[:, 4] * patch.unit, 1.3).astype(np.float32)
    depth = patch.depth[rows, columns] * np.sqrt(air_of_tree(patch)[rows, columns])
    calm = 1 - 0.75 * depth
    colour = base[rows, columns].copy()
    calm = calm * np.clip(1.6 * colour[:, 0], 0.4, 1)  # by night there is no black before the dark
    colour[:, 0] -= calm * (0.15 + 0.27 * np.minimum(width / np.float32(6 * patch.unit), 1))
    colour[:, 1:] += np.array([0.010, 0.022], np.float32) * calm[:, None]
    angle, thick = np.arctan2(down, across), width > 4.5 * patch.unit
    for tip, those in ((Tip.FLAT, thick), (Tip.STREAK, ~thick)):
        _strokes(canvas, x[those], y[those], long[those], width[those], angle[those], colour[those], tip)
    if patch.script.snow < 0.5:
        return
    level = (np.abs(across) > 0.75 * np.abs(down)) & (width > 1.6 * patch.unit)
    white = colour[level].copy()
    white[:, 0] = np.minimum(base[rows, columns, 0][level] + 0.14 * calm[level], 0.96)
    white[:, 1:] *= 0.5
    lies = np.minimum(width[level] * np.float32(0.55), np.float32(3 * patch.unit))
    _strokes(
        canvas, x[level], y[level] - (width[level] - lies) / 2, long[level] * np.float32(0.8), lies, angle[level],
        white,
        Tip.STREAK,
    )  # fmt: skip


def _strokes(
    canvas: Float32, x: Float32, y: Float32, long: Float32, width: Float32, angle: Float32, colour: Float32, tip: Tip
) -> None:
    lay(
        canvas,
        Strokes(
            x=x, y=y, length=long.astype(np.float32), width=width.astype(np.float32), angle=angle.astype(np.float32),
            colour=colour.astype(np.float32), opacity=np.full(len(x), 0.85, np.float32), tip=tip,
            variant=np.zeros(len(x), np.int32),
        ),
    )  # fmt: skip
