"""What scenes have in common: backdrops, things strewn over a ground by distance, near frames."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import nature, plants, posts, thickets
from training.fast.curves import ridge, ring
from training.fast.sheet import BARE, M, Path, Sheet

Place3 = tuple[float, float, float]


def horizon(d: Sheet, low: float = 300, high: float = 650) -> float:
    """A row for the horizon; now and then far up or down."""
    return d.u(low, high) if d.p(0.85) else d.u(low - 140, high + 140)


def backdrop(d: Sheet, y: float, ways: tuple[str, ...] = ("hills", "woods", "mountains", "town", "nothing"),
             *, night: bool = False) -> None:  # fmt: skip
    """Sky and what stands far away on row y."""
    nature.sky(d, y, night=night)
    for _ in range(d.r.choice((1, 1, 2))):
        way = d.r.choice(ways)
        if way in ("mountains", "hills"):
            nature.mountains(d, y, d.u(40, 200) if way == "hills" else d.u(110, 520))
        elif way == "woods":
            wall = d.p(0.2)
            line = nature.slope(d, y - (d.u(80, 300) if wall else d.u(5, 70)), d.u(5, 60))
            if wall and d.p(0.6):
                thickets.balls(d, line, y + 40, d.u(40, 130), d.r.choice((1, 2, 2, 3)))
            else:
                plants.woods(d, line, y + 40, d.u(12, 60))
        elif way == "town":
            if d.p(0.5):
                built.skyline(d, y + 2, d.u(10, 40), d.u(40, 260), n=d.r.randint(8, 22), solid=d.u(0, 1))
            else:
                built.hamlet(d, y + 3, d.r.randint(2, 9), d.u(20, 70))
        elif way == "trees":
            for _ in range(d.r.randint(2, 12)):
                any_tree(d, d.u(0, d.w), y + d.u(0, 12), d.u(40, 180))


def any_tree(d: Sheet, x: float, y: float, h: float) -> None:
    """A tree of the kind that this drawing has most of."""
    if d.p(0.25) and d.manner("tufts at trees", (False, True, False), 1.0):
        s = max(0.03 * h, 1.5 * d.fine)
        for k in range(d.r.randint(2, 4)):
            d.marks(plants.tuft(d, x + (k - 1.5) * 2.5 * s, y + d.u(0, 0.6) * s, s))
    sort = d.manner("tree", ("leafy", "leafy", "leafy", "leafy", "conifer", "conifer", "bare", "palm"), 0.7)
    {"leafy": plants.tree, "conifer": plants.conifer, "bare": plants.bare_tree, "palm": plants.palm}[sort](d, x, y, h)


def spots(d: Sheet, y: float, n: int, *, far: float = 0.02, near: float = 0.9, clear: float = 0.0) -> list[Place3]:
    """Places on a level ground under horizon row y: (x, row, units per metre); far ones first.

    ``clear`` keeps a share of the width in the middle free.
    """
    eye = d.manner("eye", (d.u(1.0, 2.2), d.u(1.2, 2.2), d.u(1.5, 5.0)), 1.0)
    bias = d.manner("near or far", (1.6, 1.1, 0.7), 1.0)
    out = []
    for _ in range(round(n * max(1.0, d.w / 1778))):
        row = y + (1000 - y) * (far + (near - far) * d.r.random() ** bias)
        x = d.u(-0.05, 1.05)
        if abs(x - 0.5) < clear / 2:
            x += 0.5 * clear if x > 0.5 else -0.5 * clear
        out.append((x * d.w, row, (row - y) / eye))
    return sorted(out, key=lambda q: q[1])


def grow(d: Sheet, places: list[Place3], choice: tuple[str, ...] = ("tree", "bush", "rock", "tree")) -> None:
    """Plants and stones at places, the farthest first."""
    for x, row, s in places:
        what = d.r.choice(choice)
        s = max(s, 6.0)
        if what == "tree":
            any_tree(d, x, row, s * d.u(3, 7.5))
        elif what == "conifer":
            plants.conifer(d, x, row, s * d.u(4, 9))
        elif what == "bush":
            plants.bush(d, x, row, s * d.u(0.8, 2.6))
        elif what == "rock":
            nature.rock(d, x, row, s * d.u(0.3, 1.6))
        elif what == "rocks":
            nature.rocks(d, x, row, s * d.u(1.5, 3.5), d.r.randint(2, 5))
        elif what == "reeds":
            plants.reeds(d, x, row, s * d.u(0.8, 2.5), s * d.u(0.5, 1.2))
        elif what == "stump":
            plants.stump(d, x, row, s * d.u(0.4, 0.8))
        elif what == "log":
            plants.logs(d, x, row, s * d.u(1.5, 3))
        elif what == "house":
            w = s * d.u(5, 9)
            built.cottage(d, x - w / 2, row, w, s * d.u(2.4, 5))


def near_frame(d: Sheet, share: float = 0.25) -> None:
    """Something close to the camera that frames the picture."""
    if not d.p(share):
        return
    way = d.r.choice(("bough", "bough", "growth", "trunk", "rock", "fence", "wall", "flank"))
    if way == "bough":
        plants.bough(d, d.r.choice((-1, 1)))
    elif way == "flank":
        thickets.flank(d, d.r.choice((0, 1)), d.u(700, 1000), d.u(0.06, 0.2) * d.w)
    elif way == "growth":
        plants.foreground(d)
    elif way == "trunk":
        x = d.u(0.0, 0.14) * d.w
        x = d.w - x if d.p(0.5) else x
        plants.trunk(d, x, 1100, d.u(60, 190), 1300, d.u(-80, 80))
        if d.p(0.5):
            plants.bough(d, -1 if x < d.w / 2 else 1)
    elif way == "rock":
        nature.rocks(d, d.r.choice((0.05, 0.95)) * d.w, 1010, d.u(200, 500), d.r.randint(2, 5))
    elif way == "fence":
        posts.fence(d, (-30, 1040 + d.u(-40, 60)), (d.w + 30, 1040 + d.u(-40, 60)), d.u(90, 260))
    else:
        d.box(-30, 1100, d.u(60, 200), 1200, M.WALL)


def land(d: Sheet, usual: M, *rarer: M) -> M:
    """What the ground is. Without marks on it nobody could tell, so a hand that draws none has the usual one."""
    return d.r.choice((usual, *rarer)) if d.p(0.12 + 0.9 * d.hand.detail) else usual


def meadow_ground(d: Sheet, y: float, material: int, n: int = 26) -> None:
    """A ground with a gentle skyline and its marks."""
    line = nature.slope(d, y, d.u(0, 60))
    nature.ground(d, y, material, line=line)
    if d.p(0.14):
        fringe(d, line)
    low = float(line[:, 1].max()) + 20
    if material == M.GRASS:
        plants.grass(d, 0, d.w, low, 1000, n)
    elif material == M.SOIL:
        nature.soil(d, 0, d.w, low, 1000, n)
    elif material == M.ROCK:
        stones(d, low)


def fringe(d: Sheet, line: Path) -> None:
    """A thin band of leaves along the far edge of a ground: over its whole width, or two pieces of it."""
    h = d.u(10, 70)
    if d.p(0.5):
        thickets.strip(d, line, h)
        return
    for _ in range(d.r.choice((1, 2))):
        x = d.u(-0.1, 0.8) * d.w
        thickets.strip(d, line, h * d.u(0.6, 1.3), x, x + d.u(0.1, 0.5) * d.w)


def stones(d: Sheet, y: float) -> None:
    """Marks on ground that is bare rock or shingle: cracks, slabs, pebbles."""
    way = d.manner("shingle", ("pebbles", "slabs", "cracks"))
    for _ in range(d.r.randint(14, 34)):
        t = d.r.random()
        x, row, s = d.u(0, d.w), y + (1000 - y) * t, d.fine * (1 + 6 * t)
        if way == "pebbles":
            d.line(ring(x, row, s, s * 0.6, 8), 0.7, 0.8)
        elif way == "slabs":
            d.line([(x - 3 * s, row), (x - s, row - s), (x + 2 * s, row - s * 0.7), (x + 3 * s, row + s * 0.5)], 0.8)
        else:
            d.line([(x, row), (x + d.u(-2, 2) * s, row + s), (x + d.u(-4, 4) * s, row + 2 * s)], 0.8)


def sea(d: Sheet, y: float, n: int = 22) -> None:
    """Water up to the horizon."""
    nature.ground(d, y, M.WATER)
    headlands(d, y)
    nature.ripples(d, 0, d.w, y + 8, 1000, n)


def headlands(d: Sheet, y: float, share: float = 0.2) -> None:
    """Now and then capes that run into the water under horizon row y; their foot is open."""
    if not d.p(share):
        return
    for _ in range(d.r.choice((1, 1, 2, 3))):
        deep = d.u(0, 0.12) * (1000 - y)
        material = d.manner("cape", (M.ROCK, M.ROCK, M.ROCK, M.MOUNTAIN), 0.8)
        h = d.u(25, 220)
        nature.headland(d, d.r.choice((0, 1)), y + deep, d.u(0.12, 0.5) * d.w, h, material)


def island(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A far island or headland in the water."""
    line = ridge(d, x - w / 2, x + w / 2, y, h, d.u(1, 3), d.u(0, 0.5))
    if d.p(0.7):
        t = np.linspace(0, 1, len(line))
        line[:, 1] = y - (y - line[:, 1]) * np.minimum(np.minimum(t, 1 - t) * d.u(2.2, 6), 1)
    line[0, 1] = line[-1, 1] = y
    d.fill(line, d.r.choice((M.MOUNTAIN, M.MOUNTAIN, M.ROCK)), edge=BARE)
    d.line(line)
    if d.p(0.3):
        plants.woods(d, line[len(line) // 4 : -len(line) // 4] * np.array([1, 1.0]), y - h * 0.2, w / 14)


def joints(d: Sheet, y: float, x: float, n: int) -> None:
    """Joints of a paving that runs to a vanishing point (x, y)."""
    if not d.hand.detail:
        return
    way = d.manner("paving", ("none", "none", "rays", "grid", "levels", "stones"))
    if way in ("rays", "grid"):
        d.marks(
            [
                [(x + (k - n / 2) * 0.08 * d.w, y + 0.12 * (1000 - y)), (x + (k - n / 2) * 0.6 * d.w, 1000)]
                for k in range(n + 1)
            ],
            0.7,
        )
    if way in ("levels", "grid"):
        d.marks(
            [[(0, y + (1000 - y) * t * t), (d.w, y + (1000 - y) * t * t)] for t in np.linspace(0.35, 1, n)[:-1]], 0.7
        )
    if way == "stones":
        d.marks(
            [
                [(a - s * 20, b), (a + s * 20, b), (a + s * 26, b + s * 9), (a - s * 22, b + s * 9), (a - s * 20, b)]
                for a, b, s in (
                    (d.u(0, d.w), y + (1000 - y) * q, 0.3 + 3 * q) for q in (d.u(0.1, 1) for _ in range(2 * n))
                )
            ]
        )
