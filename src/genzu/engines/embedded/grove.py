"""Which bare trees stand where: a crown on a stem is one, a wide mass a wood of two rows at uneven distances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Bool, Int32

Float64 = NDArray[np.float64]
Ints = NDArray[np.int64]
Inside = Callable[[Float64, Ints], Bool]
"""Tells for places (n, 2) in units and trees (n,) which lie in the crown of that tree."""
_LEAST = 26.0
"""Units: smallest crown that has boughs of its own."""
_WIDE, _LARGE = 1.35, 330.0
"""Width of a mass in its heights, and in units, from which it is a wood."""
_APART = 0.055
"""Depths that lie farther apart are those of two crowns, one before the other."""
_OF_STEM = 0.14
"""Depths by which a stem may stand nearer or farther than its crown."""
_CUT = 1.3
"""How much taller trees are than what of them is in the picture, if its upper edge cuts them."""
_OWN = 0.6
"""Heights to both sides of a drawn stem in which no other tree is sown."""
_MOST = 150
"""Most trees of as much of a picture as a screen shows: the farthest are left out."""
_PLACES = 420
"""How many places a tree reaches for at most."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees before they grow, the farthest first; lengths in units."""

    crown: Ints
    """Label of the mass that each grows in."""
    foot: Float64
    """(n, 2)."""
    tall: Float64
    wide: Float64
    trunk: Float64
    """Width of the trunk; 0 where none was drawn."""
    row: Ints
    """0 = the farther row of a wood, 1 = the nearer, 2 = a crown of its own."""
    depth: Float64

    def __len__(self) -> int:
        return len(self.tall)


def seeds_of(scene: Scene, trees: Trees) -> Ints:
    """(n,) a number for each tree that what it is like follows from."""
    x, y = np.floor(trees.foot / 4).astype(np.int64).T
    mixed = hash_unit(x, y, mix_seed(scene.request.seed, 0xB0)).astype(np.float64)
    return np.asarray(mixed * (1 << 24), np.int64) + 7 * trees.row


def crowns(scene: Scene, bare: Bool) -> tuple[Int32, Float64]:
    """(h, w) number of the crown at each place of the reduced picture, 0 where there is none; and their depths.

    Where one crown stands before another it is its depth that parts them.
    """
    leafless = (scene.small_materials == Material.FOLIAGE) & bare[scene.small_regions]
    labels = np.zeros(leafless.shape, np.int32)
    if not leafless.any():
        return labels, np.zeros(1)
    regions = scene.small_regions[leafless]
    total = np.bincount(regions, scene.small_depth[leafless], int(scene.small_regions.max()) + 1)
    size = np.bincount(regions, minlength=len(total))
    depth = total / np.maximum(size, 1)
    there = np.flatnonzero(size)
    there = there[np.argsort(depth[there], kind="stable")]
    plane = np.zeros(len(depth), np.int64)
    plane[there] = np.cumsum(np.diff(depth[there], prepend=depth[there[:1]]) > _APART) + 1
    of_place, count = np.where(leafless, plane[scene.small_regions], 0), 0
    for number in range(1, int(plane.max()) + 1):
        found, more = mahotas.label(of_place == number)
        labels[found > 0] = found[found > 0] + count
        count += more
    mean = np.bincount(labels.ravel(), scene.small_depth.ravel(), count + 1)
    return labels, np.asarray(mean / np.maximum(np.bincount(labels.ravel(), minlength=count + 1), 1))


def sown(scene: Scene, labels: Int32, depths: Float64, units: float) -> Trees:
    """The trees of all ``crowns``; ``units`` is the length of a px of the reduced size."""
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    rows: list[Float64] = []
    for crown in range(1, len(boxes)):
        top, bottom, left, right = boxes[crown].tolist()
        if min(bottom - top, right - left) * units < _LEAST:
            continue
        mass = labels[top:bottom, left:right] == crown
        stems = _stems(scene, mass, (top, left), float(depths[crown]), units)
        tall, wide = (bottom - top) * units, (right - left) * units
        found = np.concatenate([stems, np.tile([tall, wide / max(len(stems), 1), 2.0], (len(stems), 1))], 1)
        found = found[:, [0, 1, 3, 4, 2, 5]]
        if wide > _WIDE * tall or (len(stems) == 0 and wide > _LARGE):
            wood = _wood(mass, (top, left), units, mix_seed(scene.request.seed, 0xB1))
            away = np.abs(wood[:, :1] - stems[None, :, 0]).min(1, initial=np.inf)
            found = np.concatenate([found, wood[away > _OWN * tall]])
        elif len(stems) == 0:
            columns = np.flatnonzero(mass[-max(2, len(mass) // 8) :].any(0))
            foot = (left + columns.mean()) * units, bottom * units
            found = np.array([[*foot, tall, wide, 0.0, 2.0]])
        rows.append(
            np.concatenate([found, np.full((len(found), 1), crown), np.full((len(found), 1), depths[crown])], 1)
        )
    table = np.concatenate(rows) if rows else np.zeros((0, 8))
    # The farthest first, and of a wood its farther row.
    table = table[np.lexsort((table[:, 1], table[:, 5], -table[:, 7]))][
        -_MOST * max(1, labels.shape[1] // labels.shape[0]) :
    ]
    return Trees(
        table[:, 6].astype(np.int64), table[:, :2], table[:, 2], table[:, 3], table[:, 4], table[:, 5].astype(np.int64),
        table[:, 7],
    )  # fmt: skip


def _stems(scene: Scene, mass: Bool, corner: tuple[int, int], depth: float, units: float) -> Float64:
    """(n, 3) x and y in units at which drawn stems come into a mass (h, w), and their width."""
    top, left = corner
    height, width = mass.shape
    below = np.zeros_like(mass)
    bark = (scene.small_materials == Material.TRUNK) & (np.abs(scene.small_depth - depth) < _OF_STEM)
    for step in (1, 2):
        under = bark[top + step : top + step + height, left : left + width]
        below[: len(under)] |= mass[: len(under)] & under
    columns = np.flatnonzero(below.any(0))
    found = []
    for run in np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1):
        if len(run) > 2:
            row = np.flatnonzero(below[:, run].any(1))[-1]
            found.append([(left + run.mean() + 0.5) * units, (top + row + 1) * units, len(run) * units])
    return np.array(found).reshape(-1, 3)


def _wood(mass: Bool, corner: tuple[int, int], units: float, seed: int) -> Float64:
    """(n, 6) trees of a wide mass: x and y of the foot, height, width, 0, row."""
    (top, left), (height, width) = corner, mass.shape
    there: Bool = np.asarray(mass.any(0), bool)
    upper, lower = mass.argmax(0), height - mass[::-1].argmax(0)
    tall = float(np.median((lower - upper)[there]))
    found = []
    # Of tall trees one sees the stems, of low ones the crowns.
    near = 1 - 0.45 * float(np.clip((tall * units - 200) / 300, 0, 1))
    for row, (apart, share) in enumerate(((0.36, 0.84), (0.50, 0.82))):
        count = max(2, round(width / (apart * tall * near)))
        ids, own = np.arange(count), np.full(count, left, np.int64)
        moved, high, broad, back, alone = (hash_unit(ids, own, mix_seed(seed, row, k)) for k in range(5))
        column = np.clip((ids + 0.5 + 1.3 * (moved - 0.5)) * width / count, 0, width - 1).astype(np.int64)
        high = share + (1.06 - share) * high
        keep = there[column] & ((alone > 0.16) | (row == 0))
        here = (lower - upper)[column]
        foot = lower[column] - (0.10 * here * back if row else here * (0.10 + 0.10 * back))
        # What is cut by the edge of the picture goes on beyond it.
        high = np.where(upper[column] + top == 0, _CUT * high, high)
        rise = np.maximum(high * (foot - upper[column]) * 1.08, 4)
        spread = near * rise * (0.34 + 0.46 * broad * broad + 0.12 * row)
        table = np.stack([(left + column) * units, (top + foot) * units, rise * units, spread * units,
                          np.zeros(count), np.full(count, row)], 1)  # fmt: skip
        found.append(table[keep])
    return np.concatenate(found)


def places_of(trees: Trees, labels: Int32, units: float, seeds: Ints, inside: Inside) -> tuple[Float64, Bool, Float64]:
    """(n, k, 2) places that a tree may reach for, (n, k) if it does, and (n,) the area that it fills."""
    asked = np.where(trees.row == 2, _PLACES, np.clip(0.55 * trees.tall, 60, 210) * (0.75 + 0.25 * (trees.row == 1)))
    count, size = len(trees), int(asked.max(initial=1))
    number = np.arange(size, dtype=np.int64)[None, :]
    one, two, three = (hash_unit(seeds[:, None], number, mix_seed(0xB2, k)).astype(np.float64) for k in range(3))
    # In an egg: a wood's trees have no outline of their own.
    low = 0.22 * trees.tall
    radius, turn = np.sqrt(one), 2 * np.pi * two
    across, up = radius * np.cos(turn), radius * np.sin(turn)
    x = trees.foot[:, :1] + (trees.wide / 2)[:, None] * across * (1 + 0.15 * up)
    y = trees.foot[:, 1:] - (low + (trees.tall - low) / 2)[:, None] - ((trees.tall - low) / 2)[:, None] * up
    places = np.stack([x, y], 2)
    area = np.pi / 4 * trees.wide * (trees.tall - low)
    for tree in np.flatnonzero(trees.row == 2).tolist():
        rows, columns = np.nonzero(labels == trees.crown[tree])
        others = trees.foot[(trees.crown == trees.crown[tree]) & (trees.row == 2), 0]
        # What lies nearer to another stem is of that tree.
        own = np.abs(columns * units - trees.foot[tree, 0]) <= np.abs(columns[:, None] * units - others).min(1) + 12
        own &= np.abs(columns * units - trees.foot[tree, 0]) < 0.8 * trees.tall[tree] + 20
        rows, columns = (rows[own], columns[own]) if own.any() else (rows, columns)
        pick = (one[tree] * len(rows)).astype(np.int64)
        places[tree] = np.stack([columns[pick] + two[tree], rows[pick] + three[tree]], 1) * units
        area[tree] = len(rows) * units * units
    owner = np.repeat(np.arange(count), size)
    wanted = inside(places.reshape(-1, 2), owner).reshape(count, size)
    density = hash_unit(seeds, np.full(count, 40, np.int64), 0xB0)[:, None]
    share = (asked / size)[:, None] * (0.65 + 0.35 * density)
    wanted &= number / size < share
    # To one side a storm has thinned it out.
    thin = 2 * np.pi * hash_unit(seeds, np.full(count, 41, np.int64), 0xB0)[:, None]
    middle = np.stack([trees.foot[:, 0], trees.foot[:, 1] - 0.55 * trees.tall], 1)
    to = places - middle[:, None]
    off = np.abs(np.mod(np.arctan2(to[..., 1], to[..., 0]) - thin + np.pi, 2 * np.pi) - np.pi)
    wanted &= (off > 0.45) | (three < 0.4)
    return places, wanted, np.maximum(area, 100.0)
