"""Bare trees: which trees stand in crowns that have lost their leaves, each of another habit, and all their limbs.

A crown on a trunk is one tree, whatever lines part it. A wide mass is a wood: trees of two rows stand in it at uneven
distances and before one another, the farther row paler. No two trees fork alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.arcs import twigs_along
from genzu.engines.embedded.branching import LEADERS, Habit, Skeleton, grown
from genzu.engines.embedded.fields import small_ink
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import widened
from genzu.picture.arrays import Bool, Float32, Int32

Float64 = NDArray[np.float64]
Ints = NDArray[np.int64]
_LEAST = 26.0
"""Units: smallest crown that has boughs of its own."""
_WIDE, _LARGE = 1.35, 330.0
"""Width of a mass in its heights, and in units, from which it is a wood."""
_APART = 0.055
"""Depths that lie farther apart are those of two crowns, one before the other."""
_FAR = 0.5
"""Depth from which a wood is far."""
_OF_STEM = 0.14
"""Depths by which a stem may stand nearer or farther than its crown."""
_OWN = 0.6
"""Heights to both sides of a drawn stem in which no other tree is sown."""
_MOST = 150
_RIM = 8.0
"""Units from the end of the leaves within which a line is their outline."""
_PLACES = 420
"""How many places a tree reaches for at most."""
_LAST = 4.5
"""Ends that a limb carries at most, if twigs come out of it."""
_TWIGS = 4
"""Most twigs at a turn of such a limb."""
_GROWN: WeakKeyDictionary[Scene, Boughs] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Boughs:
    """All limbs and twigs of a picture, those of the farthest tree first; lengths in units."""

    limbs: Float32
    """(n, 6) x and y of both ends, and width at both; of each tree the thickest last."""
    tree: Ints
    """(n,) tree of each limb."""
    bent: Bool
    """(n,) True for those that lie where a line is drawn."""
    twigs: Float32
    """(m, 7) x and y of its begin, bend and end, and width."""
    tree_of_twig: Ints
    wooded: Float32
    """(h, w) 0–1 at the reduced size: inside a wood, how far down; 0 elsewhere."""
    tone: Float32
    """(t,) −1…1: darker and cooler or lighter and warmer than the others."""
    pale: Float32
    """(t,) 0–1: how far a tree is lost behind others."""


@dataclass(frozen=True, slots=True)
class _Trees:
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


def grown_in(scene: Scene, bare: Bool) -> Boughs:
    """Boughs of all bare crowns; ``bare`` tells by region id which leaves have fallen."""
    scene = scene.source
    if scene not in _GROWN:
        _GROWN[scene] = _grow(scene, bare)
    return _GROWN[scene]


def _grow(scene: Scene, bare: Bool) -> Boughs:
    units = 1 / (scene.shrink * scene.unit)
    labels, depths = _crowns(scene, bare)
    trees = _sown(scene, labels, depths, units)
    if len(trees) == 0:
        none = np.zeros(0, np.float32)
        return Boughs(np.zeros((0, 6), np.float32), np.zeros(0, np.int64), np.zeros(0, bool), np.zeros((0, 7), np.float32),
                      np.zeros(0, np.int64), np.zeros(labels.shape, np.float32), none, none)  # fmt: skip
    seeds = _seeds(scene, trees)

    def chance(k: int) -> Float64:
        return hash_unit(seeds, np.full(len(seeds), k, np.int64), 0xB0).astype(np.float64)

    def inside(place: Float64, tree: Ints) -> Bool:
        column, row = np.floor(place / units).astype(np.int64).T
        height, width = labels.shape
        there = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        there[there] = labels[row[there], column[there]] == trees.crown[tree[there]]
        return there

    places, wanted, area = _places(trees, labels, units, seeds, inside)
    step = np.sqrt(area) / np.where(trees.row == 2, 25.0, np.clip(trees.tall / 12, 14, 26))
    habit = _habits(trees, step, seeds)
    skeleton = grown(habit, places, wanted, inside)
    tone, pale = 2 * chance(60) - 1, np.where(trees.row == 0, 0.45 + 0.25 * chance(61), 0.18 * chance(61))
    limbs, order, width = _limbs(trees, skeleton, step, chance)
    twigs, tree_of_twig = _twigs(trees, habit, skeleton, width, inside, chance)
    bent, tree_of_bent = _bent(scene, labels, trees, units)
    return Boughs(
        np.concatenate([limbs, bent]).astype(np.float32), np.concatenate([skeleton.tree[order], tree_of_bent]),
        np.arange(len(limbs) + len(bent)) >= len(limbs), twigs.astype(np.float32), tree_of_twig,
        _wooded(trees, labels), tone.astype(np.float32), pale.astype(np.float32),
    )  # fmt: skip


def _seeds(scene: Scene, trees: _Trees) -> Ints:
    x, y = np.floor(trees.foot / 4).astype(np.int64).T
    mixed = hash_unit(x, y, mix_seed(scene.request.seed, 0xB0)).astype(np.float64)
    return np.asarray(mixed * (1 << 24), np.int64) + 7 * trees.row


def _crowns(scene: Scene, bare: Bool) -> tuple[Int32, Float64]:
    """(h, w) number of the crown at each place of the reduced picture, 0 where there is none; and their depths.

    Where one crown stands before another it is its depth that parts them.
    """
    leafless = (scene.small_materials == Material.FOLIAGE) & bare[scene.small_regions]
    labels = np.zeros(leafless.shape, np.int32)
    if not leafless.any():
        return labels, np.zeros(1)
    regions = scene.small_regions[leafless]
    depth = np.bincount(regions, scene.small_depth[leafless], int(scene.small_regions.max()) + 1)
    size = np.bincount(regions, minlength=len(depth))
    depth = depth / np.maximum(size, 1)
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


def _sown(scene: Scene, labels: Int32, depths: Float64, units: float) -> _Trees:
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
        rows.append(np.concatenate([found, np.full((len(found), 1), crown), np.full((len(found), 1), depths[crown])], 1))
    table = np.concatenate(rows) if rows else np.zeros((0, 8))
    # The farthest first, and of a wood its farther row.
    table = table[np.lexsort((table[:, 1], table[:, 5], -table[:, 7]))][-_MOST:]
    return _Trees(
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
    there = mass.any(0)
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
        rise = np.maximum(high * (foot - upper[column]) * 1.08, 4)
        spread = near * rise * (0.34 + 0.46 * broad * broad + 0.12 * row)
        table = np.stack([(left + column) * units, (top + foot) * units, rise * units, spread * units,
                          np.zeros(count), np.full(count, row)], 1)  # fmt: skip
        found.append(table[keep])
    return np.concatenate(found)


def _places(
    trees: _Trees, labels: Int32, units: float, seeds: Ints, inside: object
) -> tuple[Float64, Bool, Float64]:
    """(n, k, 2) places that a tree may reach for, (n, k) if it does, and (n,) the area that it fills."""
    asked = np.where(trees.row == 2, _PLACES, np.clip(0.55 * trees.tall, 60, 210) * (0.75 + 0.25 * (trees.row == 1)))
    count, size = len(trees), int(asked.max(initial=1))
    number = np.arange(size, dtype=np.int64)[None, :]
    one, two, three = (
        hash_unit(seeds[:, None], number, mix_seed(0xB2, k)).astype(np.float64) for k in range(3)
    )
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
    wanted = inside(places.reshape(-1, 2), owner).reshape(count, size)  # type: ignore[operator]
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


def _habits(trees: _Trees, step: Float64, seeds: Ints) -> Habit:
    count = len(trees)
    table = np.stack([hash_unit(seeds, np.full(count, k, np.int64), 0xB0) for k in range(40)], 1).astype(np.float64)
    steps = trees.tall / step
    # From a vase of many leaders to one stem with side limbs.
    fork = np.where(trees.row == 2, 0.06 + 0.26 * table[:, 0] ** 1.3, 0.22 + 0.30 * table[:, 0])
    number = 1 + np.floor(table[:, 1] * 3.99).astype(np.int64)
    spread = 0.25 + 0.55 * table[:, 2] + 0.10 * (number > 2)
    places = (np.arange(LEADERS)[None, :] - (number[:, None] - 1) / 2) / np.maximum(number[:, None] - 1, 1)
    leaders = 2 * spread[:, None] * places + 0.45 * (table[:, 3 : 3 + LEADERS] - 0.5)
    lean = (table[:, 10] - 0.5) * np.where(trees.trunk > 0, 0.35, 0.5)
    leaders += lean[:, None]
    length = steps[:, None] * (0.30 + 0.40 * table[:, 11 : 11 + LEADERS]) * (1 - fork[:, None])
    # Outer ones are shorter, and now and then one is broken off.
    length *= 1 - 0.35 * np.abs(places)
    length[:, 1] *= np.where((table[:, 20] > 0.75) & (number > 2), 0.45, 1)
    leaders[np.arange(LEADERS)[None, :] >= number[:, None]] = np.nan
    length[np.isnan(leaders)] = 0
    return Habit(
        foot=trees.foot.copy(), step=step, trunk=np.maximum(1, np.rint(fork * steps)).astype(np.int64), lean=lean,
        leaders=leaders, length=length, rising=0.25 + 1.3 * table[:, 21] - 0.75 * (table[:, 22] > 0.72),
        wild=0.35 + 0.65 * table[:, 23], seed=seeds,
    )  # fmt: skip


def _limbs(
    trees: _Trees, skeleton: Skeleton, step: Float64, chance: object
) -> tuple[Float64, Ints, Float64]:
    """(n, 6) limbs in the order in which they are painted, the node of each, and (m,) the width at each node."""
    root = skeleton.parent < 0
    load = np.ones(len(trees))
    load[skeleton.tree[root]] = skeleton.load[root]
    tip = np.clip(0.085 * step, 0.7, 1.7)
    stout = (0.030 + 0.022 * chance(62)) * trees.tall * np.where(trees.row == 2, 1.15, 0.9)  # type: ignore[operator]
    stout = np.where(trees.trunk > 0, 1.0 * trees.trunk, np.maximum(stout, 2 * tip))
    power = np.log(np.maximum(stout / tip, 1.5)) / np.log(np.maximum(load, 3))
    power = np.clip(power, 0.3, 0.85)
    tree = skeleton.tree
    width = tip[tree] * np.exp(power[tree] * np.log(skeleton.load))
    nodes = np.flatnonzero(skeleton.parent >= 0)
    above = skeleton.parent[nodes]
    begin = np.minimum(width[above], 1.25 * width[nodes])
    # The stoutest goes on where a limb forks: there is no shoulder.
    most = np.zeros(len(width))
    np.maximum.at(most, above, skeleton.load[nodes])
    goes_on = skeleton.load[nodes] >= most[above]
    begin[goes_on] = np.minimum(width[above], 1.3 * width[nodes])[goes_on]
    of_trunk = skeleton.parent[above] < 0
    begin[of_trunk] = 1.15 * width[above][of_trunk]
    stoutest = np.zeros(len(width))
    np.maximum.at(stoutest, above, width[nodes])
    end = np.where(stoutest[nodes] > 0, np.minimum(width[nodes], 1.3 * stoutest[nodes]), 0.6 * width[nodes])
    limbs = np.concatenate([skeleton.place[above], skeleton.place[nodes], begin[:, None], end[:, None]], 1)
    order = np.lexsort((width[nodes], tree[nodes]))
    return limbs[order], nodes[order], width


def _twigs(
    trees: _Trees, habit: Habit, skeleton: Skeleton, width: Float64, inside: object, chance: object
) -> tuple[Float64, Ints]:
    """(n, 7) twigs, and the tree of each: they come out of the last limbs and end inside the crown."""
    last = np.flatnonzero((skeleton.load <= _LAST) & (skeleton.parent >= 0))
    number = np.arange(_TWIGS)[None, :]
    tree = skeleton.tree[last]
    one, two, three, four = (
        hash_unit(last[:, None] * 8 + number, habit.seed[tree][:, None], mix_seed(0xB3, k)).astype(np.float64)
        for k in range(4)
    )
    rich = (0.35 + 0.65 * chance(63))[tree][:, None]  # type: ignore[operator]
    many = np.where(trees.row[tree] == 2, 1.0, 0.55)[:, None]
    grows = (number < 1) | (four < rich * many)
    fan = np.where(one < 0.5, -1, 1) * (0.18 + (0.45 + 0.35 * habit.wild[tree])[:, None] * np.abs(2 * one - 1))
    angle = skeleton.angle[last][:, None] + fan
    step = habit.step[tree][:, None]
    long = step * (1.3 + 1.9 * two) * (1.0 + 0.35 * (skeleton.load[last] < 1.5))[:, None]
    way = np.stack([np.cos(skeleton.angle[last]), np.sin(skeleton.angle[last])], 1)[:, None]
    begin = skeleton.place[last][:, None] - (three * step)[..., None] * way
    bend = begin + 0.5 * long[..., None] * np.stack([np.cos(angle), np.sin(angle)], 2)
    # Twigs look for the light, or hang.
    on = angle - 0.30 * (habit.rising[tree])[:, None] * np.cos(angle) + 0.7 * (three - 0.5)
    end = bend + 0.55 * long[..., None] * np.stack([np.cos(on), np.sin(on)], 2)
    thin = np.broadcast_to(np.clip(0.8 * width[last], 0.55, 1.25)[:, None], grows.shape)
    owner = np.broadcast_to(tree[:, None], grows.shape)
    table = np.concatenate([begin, bend, end, thin[..., None]], 2)[grows]
    owner = owner[grows]
    kept = inside(table[:, 4:6], owner)  # type: ignore[operator]
    table, owner = table[kept], owner[kept]
    order = np.argsort(owner, kind="stable")
    return table[order], owner[order]


def _bent(scene: Scene, labels: Int32, trees: _Trees, units: float) -> tuple[Float64, Ints]:
    """(n, 6) twigs along the lines that are drawn in crowns, and the tree of each."""
    crown = np.full(int(labels.max()) + 1, -1)
    crown[trees.crown] = np.arange(len(trees))
    ends = widened((labels == 0).view(np.uint8), max(1, round(_RIM / units))) > 0
    there = (crown[labels] >= 0) & ~ends
    feet = np.zeros((len(crown), 2))
    feet[trees.crown] = trees.foot / units
    pieces, begin = twigs_along(
        small_ink(scene).astype(np.uint8), there, feet[labels], scene.small_depth > _FAR, mix_seed(scene.request.seed, 0xB4)
    )
    rows, columns = np.divmod(begin, labels.shape[1])
    owner = crown[labels[rows, columns]]
    # In a wood it is of the tree beside it.
    for mass in np.unique(trees.crown[trees.row == 1]).tolist():
        of_wood = np.flatnonzero((trees.crown == mass) & (trees.row == 1))
        here = np.flatnonzero(labels[rows, columns] == mass)
        away = np.abs(columns[here, None] * units - trees.foot[of_wood, 0])
        owner[here] = of_wood[away.argmin(1)]
    size = np.clip(trees.tall / 170, 1.1, 1.8)[owner]
    return np.concatenate([pieces[:, :4] * units, pieces[:, 4:] * size[:, None]], 1), owner


def _wooded(trees: _Trees, labels: Int32) -> Float32:
    wood = np.zeros(int(labels.max()) + 1, bool)
    wood[trees.crown[trees.row < 2]] = True
    there = wood[labels]
    down = np.cumsum(there, axis=0, dtype=np.float32)
    return np.where(there, down / np.maximum(down[-1:], 1), 0).astype(np.float32)
