"""How bare trees branch: from a trunk and its leaders limbs grow towards places in the crown that no twig has reached.

Space colonisation (Runions, Lane and Prusinkiewicz, "Modeling Trees with a Space Colonization Algorithm", 2007); limbs
are as thick as what they carry asks for (da Vinci's rule). All trees of a picture grow side by side, step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.picture.arrays import Bool

Float64 = NDArray[np.float64]
Ints = NDArray[np.int64]
LEADERS = 5
"""Most leaders of a tree."""
_STEPS, _MOST_CHILDREN = 46, 3
_REACHED = 1.35
"""Steps from a limb at which a place counts as reached."""
_SEES = 11.0
"""Steps from which a limb grows towards a place."""
_WANDERS = 0.5
"""How much a limb wavers from step to step, radians to both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How each of n trees grows; lengths in units."""

    foot: Float64
    """(n, 2) x and y."""
    step: Float64
    """Length between two turns of a limb."""
    trunk: Ints
    """Steps up to the first fork."""
    lean: Float64
    """Radians by which the trunk leans to the right."""
    leaders: Float64
    """(n, LEADERS) direction of each, radians from upright; NaN where there is none."""
    length: Float64
    """(n, LEADERS) of each in steps: a broken one is short."""
    rising: Float64
    """How strongly what leans aside rises again; below 0 it droops."""
    wild: Float64
    """How much limbs waver."""
    seed: Ints


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Nodes of all trees, parents before their children."""

    place: Float64
    """(n, 2) x and y in units."""
    parent: Ints
    """-1 at a foot."""
    tree: Ints
    angle: Float64
    """Direction in which the limb came here, radians clockwise from +x."""
    load: Float64
    """How many ends the limb carries."""


def grown(habit: Habit, places: Float64, wanted: Bool, inside: Callable[[Float64, Ints], Bool]) -> Skeleton:
    """Trees that reach for ``places`` (n, k, 2), of which those that are ``wanted`` (n, k) count.

    ``inside`` tells for nodes (m, 2) and their trees (m,) which lie in their crown.
    """
    count = len(habit.step)
    grove = _Grove(habit)
    ids = np.arange(count)
    heads = grove.add(habit.foot, np.full(count, -1), ids, np.full(count, -np.pi / 2))
    bent = np.zeros(count)
    for step in range(int(habit.trunk.max(initial=0))):
        going = habit.trunk > step
        # It leans from its middle on: out of the ground it comes upright.
        bent = 0.7 * bent + 0.28 * habit.wild * grove.waver(ids, step)
        angles = -np.pi / 2 + habit.lean * min(1.0, (step + 1) / 4) + bent
        heads[going] = grove.forward(heads[going], ids[going], angles[going])
    tree, which = np.nonzero(np.isfinite(habit.leaders))
    heads, angles = heads[tree], habit.leaders[tree, which] - np.pi / 2
    left = habit.length[tree, which]
    for step in range(int(np.nanmax(habit.length, initial=0))):
        angles = angles - 0.10 * habit.rising[tree] * np.cos(angles)
        angles = angles + 0.7 * habit.wild[tree] * grove.waver(7 * tree + which, step + 50)
        tip = grove.place[heads] + habit.step[tree, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
        going = (left > step) & inside(tip, tree)
        tree, which, heads = tree[going], which[going], heads[going]
        angles, left = angles[going], left[going]
        if len(tree) == 0:
            break
        heads = grove.forward(heads, tree, angles)
    grove.reach(places, wanted)
    return grove.done()


class _Grove:
    """Trees while they grow."""

    def __init__(self, habit: Habit) -> None:
        self.habit = habit
        self.place, self.angle = np.zeros((0, 2)), np.zeros(0)
        self.parent, self.tree, self.children = (np.zeros(0, np.int64) for _ in range(3))
        self.blocks = [0]

    def add(self, place: Float64, parent: Ints, tree: Ints, angle: Float64) -> Ints:
        """Numbers of the new nodes."""
        first = len(self.parent)
        self.place, self.angle = np.concatenate([self.place, place]), np.concatenate([self.angle, angle])
        self.parent, self.tree = np.concatenate([self.parent, parent]), np.concatenate([self.tree, tree])
        self.children = np.concatenate([self.children, np.zeros(len(parent), np.int64)])
        np.add.at(self.children, parent[parent >= 0], 1)
        self.blocks.append(len(self.parent))
        return np.arange(first, len(self.parent))

    def forward(self, nodes: Ints, tree: Ints, angle: Float64) -> Ints:
        """Numbers of nodes that lie one step farther."""
        way = np.stack([np.cos(angle), np.sin(angle)], 1)
        return self.add(self.place[nodes] + self.habit.step[tree, None] * way, nodes, tree, angle)

    def waver(self, ids: Ints, step: int) -> Float64:
        """(n,) −1…1."""
        drawn = hash_unit(ids.astype(np.int64), np.full(len(ids), step, np.int64), mix_seed(0xB7, step))
        return 2 * drawn.astype(np.float64) - 1

    def reach(self, places: Float64, wanted: Bool) -> None:
        """Grow from all nodes but those at the feet to the places that are nearest to each."""
        habit, wanted = self.habit, wanted.copy()
        count, size = wanted.shape
        nearest, gap = np.zeros((count, size), np.int64), np.full((count, size), np.inf)
        new = np.flatnonzero(self._may_fork())
        for step in range(_STEPS):
            self._look(new, places, nearest, gap)
            wanted &= gap > (_REACHED * habit.step[:, None]) ** 2
            seen = wanted & (gap < (_SEES * habit.step[:, None] * (1 + (step == 0))) ** 2)
            if not seen.any():
                return
            of = nearest[seen]
            to = places[seen] - self.place[of]
            to /= np.maximum(np.hypot(to[:, 0], to[:, 1]), 1e-6)[:, None]
            nodes = np.unique(of)
            nodes = nodes[self.children[nodes] < _MOST_CHILDREN]
            if len(nodes) == 0:
                return
            sums = [np.bincount(of, to[:, k], len(self.parent))[nodes].astype(np.float64) for k in (0, 1)]
            pull: Float64 = np.stack(sums, 1)
            pull /= np.maximum(np.hypot(pull[:, 0], pull[:, 1]), 1e-6)[:, None]
            tree = self.tree[nodes]
            pull += 0.55 * np.stack([np.cos(self.angle[nodes]), np.sin(self.angle[nodes])], 1)
            pull[:, 1] -= 0.28 * habit.rising[tree]
            angle = np.arctan2(pull[:, 1], pull[:, 0])
            angle += 2 * _WANDERS * habit.wild[tree] * self.waver(nodes * 31 + habit.seed[tree], step)
            new = self.forward(nodes, tree, angle)

    def _may_fork(self) -> Bool:
        """Not at the foot, and not along the trunk below the first leaders."""
        trunk = 1 + self.habit.trunk
        rank = np.zeros(len(self.parent), np.int64)
        for first, last in zip(self.blocks[:-1], self.blocks[1:], strict=True):
            above = self.parent[first:last]
            rank[first:last] = np.where(above >= 0, rank[above] + 1, 0)
        return np.asarray(rank >= trunk[self.tree] - 1)

    def _look(self, new: Ints, places: Float64, nearest: Ints, gap: Float64) -> None:
        """Which of the ``new`` nodes are nearer to a place than any before."""
        order = np.argsort(self.tree[new], kind="stable")
        new, tree = new[order], self.tree[new][order]
        begin = np.searchsorted(tree, np.arange(len(places)))
        slot = np.arange(len(new)) - begin[tree]
        table = np.full((len(places), int(slot.max(initial=-1)) + 1), -1)
        table[tree, slot] = new
        for column in table.T:
            there = np.flatnonzero(column >= 0)
            to = places[there] - self.place[column[there], None]
            away = to[..., 0] ** 2 + to[..., 1] ** 2
            closer = away < gap[there]
            gap[there] = np.where(closer, away, gap[there])
            nearest[there] = np.where(closer, column[there, None], nearest[there])

    def done(self) -> Skeleton:
        """All nodes, and what they carry."""
        load = (self.children == 0).astype(np.float64)
        for first, last in zip(self.blocks[-2::-1], self.blocks[:0:-1], strict=True):
            above = self.parent[first:last]
            np.add.at(load, above[above >= 0], load[first:last][above >= 0])
        return Skeleton(self.place, self.parent, self.tree, self.angle, load)
