"""Bare trees: the habit of each tree whose leaves have fallen, and all its limbs and twigs.

No two trees fork alike: a vase of leaders or one stem, leaning or upright, wild or calm, rising or drooping, rich in
twigs or poor, and now and then with a broken leader or a side that a storm has thinned out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.arcs import twigs_along
from genzu.engines.embedded.branching import LEADERS, Habit, Skeleton, grown
from genzu.engines.embedded.fields import small_ink
from genzu.engines.embedded.grove import Inside, Trees, crowns, places_of, seeds_of, sown
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import widened
from genzu.picture.arrays import Bool, Float32, Int32

Float64 = NDArray[np.float64]
Ints = NDArray[np.int64]
Chance = Callable[[int], Float64]
"""(t,) 0–1 by tree, another for each number."""
_FAR = 0.5
"""Depth from which a wood is far."""
_RIM = 8.0
"""Units from the end of the leaves within which a line is their outline."""
_LAST = 4.5
"""Ends that a limb carries at most, if twigs come out of it."""
_TWIGS = 4
"""Most twigs at a turn of such a limb."""
_GROWING = RLock()
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


def grown_in(scene: Scene, bare: Bool) -> Boughs:
    """Boughs of all bare crowns; ``bare`` tells by region id which leaves have fallen."""
    scene = scene.source
    with _GROWING:  # a tile waits for what another one is making
        if scene not in _GROWN:
            _GROWN[scene] = _grow(scene, bare)
        return _GROWN[scene]


def _none(shape: tuple[int, ...]) -> Boughs:
    values, numbers = np.zeros(0, np.float32), np.zeros(0, np.int64)
    return Boughs(
        limbs=values.reshape(0, 6), tree=numbers, bent=np.zeros(0, bool), twigs=values.reshape(0, 7),
        tree_of_twig=numbers, wooded=np.zeros(shape, np.float32), tone=values, pale=values,
    )  # fmt: skip


def _grow(scene: Scene, bare: Bool) -> Boughs:
    units = 1 / (scene.shrink * scene.unit)
    labels, depths = crowns(scene, bare)
    trees = sown(scene, labels, depths, units)
    if len(trees) == 0:
        return _none(labels.shape)
    seeds = seeds_of(scene, trees)

    def chance(k: int) -> Float64:
        return hash_unit(seeds, np.full(len(seeds), k, np.int64), 0xB0).astype(np.float64)

    def inside(place: Float64, tree: Ints) -> Bool:
        column, row = np.floor(place / units).astype(np.int64).T
        height, width = labels.shape
        there = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        there[there] = labels[row[there], column[there]] == trees.crown[tree[there]]
        return there

    places, wanted, area = places_of(trees, labels, units, seeds, inside)
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


def _habits(trees: Trees, step: Float64, seeds: Ints) -> Habit:
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


def _limbs(trees: Trees, skeleton: Skeleton, step: Float64, chance: Chance) -> tuple[Float64, Ints, Float64]:
    """(n, 6) limbs in the order in which they are painted, the node of each, and (m,) the width at each node."""
    root = skeleton.parent < 0
    load = np.ones(len(trees))
    load[skeleton.tree[root]] = skeleton.load[root]
    tip = np.clip(0.085 * step, 0.7, 1.7)
    stout = (0.030 + 0.022 * chance(62)) * trees.tall * np.where(trees.row == 2, 1.15, 0.9)
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
    trees: Trees, habit: Habit, skeleton: Skeleton, width: Float64, inside: Inside, chance: Chance
) -> tuple[Float64, Ints]:
    """(n, 7) twigs, and the tree of each: they come out of the last limbs and end inside the crown."""
    last = np.flatnonzero((skeleton.load <= _LAST) & (skeleton.parent >= 0))
    number = np.arange(_TWIGS)[None, :]
    tree = skeleton.tree[last]
    one, two, three, four = (
        hash_unit(last[:, None] * 8 + number, habit.seed[tree][:, None], mix_seed(0xB3, k)).astype(np.float64)
        for k in range(4)
    )
    rich = (0.35 + 0.65 * chance(63))[tree][:, None]
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
    kept = inside(table[:, 4:6], owner)
    table, owner = table[kept], owner[kept]
    order = np.argsort(owner, kind="stable")
    return table[order], owner[order]


def _bent(scene: Scene, labels: Int32, trees: Trees, units: float) -> tuple[Float64, Ints]:
    """(n, 6) twigs along the lines that are drawn in crowns, and the tree of each."""
    crown = np.full(int(labels.max()) + 1, -1)
    crown[trees.crown] = np.arange(len(trees))
    ends = widened((labels == 0).view(np.uint8), max(1, round(_RIM / units))) > 0
    there = (crown[labels] >= 0) & ~ends
    feet = np.zeros((len(crown), 2))
    feet[trees.crown] = trees.foot / units
    pieces, begin = twigs_along(
        small_ink(scene).astype(np.uint8),
        there,
        feet[labels],
        scene.small_depth > _FAR,
        mix_seed(scene.request.seed, 0xB4),
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


def _wooded(trees: Trees, labels: Int32) -> Float32:
    wood = np.zeros(int(labels.max()) + 1, bool)
    wood[trees.crown[trees.row < 2]] = True
    there = wood[labels]
    down = np.cumsum(there, axis=0, dtype=np.float32)
    return np.where(there, down / np.maximum(down[-1:], 1), 0).astype(np.float32)
