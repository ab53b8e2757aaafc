"""Walls, windows, doors and the covering of roofs, on any wall in space or in elevation."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import bumps, hatch, mix, ring
from training.fast.sheet import BARE, M, Sheet
from training.fast.space import Spot, Wall

WINDOWS = (
    "box", "box", "bar", "cross", "double", "slide", "frame", "pair", "shutter", "grid", "arch", "bars", "lattice",
    "curtain", "sill", "slit",
)  # fmt: skip


def window(d: Sheet, wall: Wall, s0: float, t0: float, s1: float, t1: float, way: str | None = None) -> None:
    """A window on a wall."""
    way = way or d.manner("window", WINDOWS, 0.9)
    q = wall.rect(s0, t0, s1, t1)
    wide = abs(q[1][0] - q[0][0])
    if wide < 1.2 * d.fine:
        d.fill(q, M.WINDOW, weight=0.8, skip=(0, 2))
        return
    small = wide < 4 * d.fine
    if way == "pair" and not small:  # two panes with wall between them
        gap = (s1 - s0) * d.u(0.06, 0.16) / 2
        m = (s0 + s1) / 2
        for a, b in ((s0, m - gap), (m + gap, s1)):
            d.fill(wall.rect(a, t0, b, t1), M.WINDOW, weight=0.9)
            if d.p(0.5):
                t = t0 + (t1 - t0) * d.u(0.4, 0.7)
                d.marks([[wall.at(a, t), wall.at(b, t)]], keep=1.3)
        return
    if way == "arch" and not small:
        m = mix(wall.at(s0, t1), wall.at(s1, t1), 0.5)
        a, b = q[3], q[2]
        lift = abs(q[0][1] - q[3][1]) * 0.25
        d.fill(
            [q[0], q[1], b, mix(b, (m[0], m[1] - lift), 0.6), (m[0], m[1] - lift), mix(a, (m[0], m[1] - lift), 0.6), a],
            M.WINDOW,
        )
        return
    if way == "frame" and not small:
        ds, dt = (s1 - s0) * 0.14, (t1 - t0) * 0.12
        d.fill(wall.rect(s0 - ds, t0 - dt, s1 + ds, t1 + dt), M.WALL if d.p(0.5) else M.WOOD)
    if way == "shutter" and not small:
        ds = (s1 - s0) * 0.5
        for a, b in ((s0 - ds, s0), (s1, s1 + ds)):
            d.fill(wall.rect(a, t0, b, t1), M.WOOD, weight=0.9)
            d.marks([[wall.at(a, t), wall.at(b, t)] for t in (t0 + (t1 - t0) * k for k in (0.25, 0.5, 0.75))])
    d.fill(q, M.WINDOW, weight=0.9)
    if small and way != "cross":
        return
    sm, tm = (s0 + s1) / 2, t0 + (t1 - t0) * d.u(0.4, 0.7)
    if way in ("cross", "grid", "double", "bars"):
        ss = (
            (sm,)
            if way in ("cross", "double")
            else tuple(s0 + (s1 - s0) * k for k in (0.33, 0.67))
            if way == "grid"
            else tuple(np.linspace(s0, s1, 6)[1:-1])
        )
        ts = (tm,) if way == "cross" else tuple(t0 + (t1 - t0) * k for k in (0.33, 0.67)) if way == "grid" else ()
        d.marks(
            [[wall.at(s, t0), wall.at(s, t1)] for s in ss] + [[wall.at(s0, t), wall.at(s1, t)] for t in ts], keep=1.2
        )
    elif way == "bar":
        d.marks([[wall.at(s0, tm), wall.at(s1, tm)]], keep=1.3)
    elif way == "slide":  # two sashes that overlap, one before the other
        k = (s1 - s0) * 0.05
        d.marks([[wall.at(sm - k, t0), wall.at(sm - k, t1)], [wall.at(sm + k, t0), wall.at(sm + k, t1)]], keep=1.3)
        if d.p(0.5):
            inner = wall.rect(s0 + k, t0 + (t1 - t0) * 0.1, s1 - k, t1 - (t1 - t0) * 0.1)
            d.marks([[*inner, inner[0]]])
    elif way == "lattice":
        n, m = d.r.randint(3, 6), d.r.randint(2, 5)
        d.marks(
            [[wall.at(s, t0), wall.at(s, t1)] for s in np.linspace(s0, s1, n + 1)[1:-1]]
            + [[wall.at(s0, t), wall.at(s1, t)] for t in np.linspace(t0, t1, m + 1)[1:-1]],
            keep=1.2,
        )
    elif way == "curtain":
        d.marks(
            [
                [wall.at(s0 + (s1 - s0) * 0.3, t0), wall.at(s0 + (s1 - s0) * 0.5, t1)],
                [wall.at(s1 - (s1 - s0) * 0.3, t0), wall.at(sm, t1)],
            ]
        )
    elif way == "sill":
        ds = (s1 - s0) * 0.12
        d.fill(wall.rect(s0 - ds, t0 - (t1 - t0) * 0.1, s1 + ds, t0), M.WALL)
    if d.hand.detail and d.p(0.25):
        d.marks(
            [
                [
                    wall.at(s0 + (s1 - s0) * k, t0 + (t1 - t0) * 0.2),
                    wall.at(s0 + (s1 - s0) * (k + 0.3), t0 + (t1 - t0) * 0.8),
                ]
                for k in (0.15, 0.4)
            ]
        )


def door(d: Sheet, wall: Wall, s0: float, s1: float, t1: float, material: int | None = None) -> None:
    """A door; of wood, or a glazed one."""
    material = int(material if material is not None else M.WOOD if d.p(0.8) else M.WINDOW)
    d.fill(wall.rect(s0, 0, s1, t1), material, skip=(0,))
    way = d.manner("door", ("plain", "knob", "panels", "slide", "lattice"))
    if abs(wall.at(s1, 0)[0] - wall.at(s0, 0)[0]) < 5 * d.fine or way == "plain":
        return
    m = (s0 + s1) / 2
    if way == "knob":
        k = wall.at(s0 + (s1 - s0) * 0.82, t1 * 0.45)
        d.marks([ring(*k, d.fine * 0.6, d.fine * 0.6, 6)])
    elif way == "panels":
        w = (s1 - s0) * 0.2
        d.marks(
            [
                [*wall.rect(s0 + w, a * t1, s1 - w, b * t1), wall.at(s0 + w, a * t1)]
                for a, b in ((0.1, 0.45), (0.55, 0.9))
            ]
        )
    else:
        lines = [[wall.at(m, 0), wall.at(m, t1)]]
        if way == "lattice":
            lines += [[wall.at(s0, t1 * k), wall.at(s1, t1 * k)] for k in (0.25, 0.5, 0.75)]
        d.marks(lines, keep=1.2)


def panes(
    d: Sheet, wall: Wall, columns: int, rows: int, *, t0: float = 0.1, t1: float = 0.95, open_: float = 0.0
) -> None:
    """A grid of windows, bands of windows or full glass."""
    if d.p(0.08):  # a blind wall
        return
    way = d.manner("panes", ("grid", "grid", "grid", "strips", "columns", "pairs", "ticks"))
    fill = d.u(0.4, 0.75)
    if way in ("strips", "columns"):
        n = rows if way == "strips" else columns
        for k in range(n):
            a = (k + 0.5 - fill / 2) / n
            b = (k + 0.5 + fill / 2) / n
            box = (0.06, t0 + (t1 - t0) * a, 0.94, t0 + (t1 - t0) * b) if way == "strips" else (a, t0, b, t1)
            d.fill(wall.rect(*box), M.WINDOW, weight=0.8)
            if way == "strips":
                d.marks(
                    [[wall.at(s, box[1]), wall.at(s, box[3])] for s in np.linspace(0.06, 0.94, columns + 1)[1:-1]], 0.6
                )
        return
    for i in range(rows):
        a = t0 + (t1 - t0) * (i + 0.5 - fill / 2) / rows
        b = t0 + (t1 - t0) * (i + 0.5 + fill / 2) / rows
        for j in range(columns):
            if open_ and d.p(open_):
                continue
            s = (j + 0.5) / columns
            half = fill * 0.5 / columns
            if way == "ticks" and wall.width / columns < 5 * d.fine:
                q = wall.rect(s - half, a, s + half, b)
                d.fill(q, M.WINDOW, edge=BARE)
                d.line([q[0], q[2]], 0.9)
            else:
                window(d, wall, s - half, a, s + half, b, "box" if columns * rows > 16 else None)
            if way == "pairs":
                d.marks([[wall.at(s, a), wall.at(s, b)]])


def skin(d: Sheet, wall: Wall) -> None:
    """What a wall is covered with: planks, bricks, stains, timber, nothing."""
    if not d.hand.detail or wall.width < 8 * d.fine:
        return
    way = d.manner("skin", ("none", "none", "planks", "boards", "bricks", "base", "cracks", "timber"), 0.6)
    n = int(np.clip(wall.height / (3 * d.fine), 2, 10))
    if way == "planks":
        d.marks([[wall.at(0, t), wall.at(1, t)] for t in np.linspace(0, 1, n)[1:-1]], 0.6)
    elif way == "boards":
        d.marks(
            [
                [wall.at(s, 0), wall.at(s, 1)]
                for s in np.linspace(0, 1, int(np.clip(wall.width / (3 * d.fine), 3, 12)))[1:-1]
            ],
            0.6,
        )
    elif way == "bricks":
        d.marks([[wall.at(s, t), wall.at(s + 0.08, t)] for s, t in ((d.u(0, 0.9), d.u(0, 1)) for _ in range(12))], 0.6)
    elif way == "base":
        t = d.u(0.1, 0.3)
        d.marks([[wall.at(0, t), wall.at(1, t)]], keep=1.3)
    elif way == "cracks":
        for _ in range(3):
            s, t = d.u(0.1, 0.9), d.u(0.3, 1)
            d.marks([[wall.at(s, t), wall.at(s + d.u(-0.05, 0.05), t - 0.1), wall.at(s + d.u(-0.1, 0.1), t - 0.22)]])
    elif way == "timber":
        for s in (0.02, d.u(0.3, 0.7), 0.98):
            d.rod(wall.at(s, 0), wall.at(s, 1), max(wall.width * 0.03, d.fine), M.WOOD)
    if d.p(d.hand.hatch * 0.6):
        hatch(d, [wall.a, wall.b, wall.c, wall.e] if d.p(0.5) else [wall.a, wall.e, wall.c, wall.b], 2.6 * d.fine)


TILES = ("none", "none", "ribs", "rows", "waves", "few", "hatch")


def tiles(d: Sheet, quad: list[Spot]) -> None:
    """The covering of a roof plane with corners: eave left, eave right, ridge right, ridge left."""
    a, b, c, e = quad
    way = d.manner("tiles", TILES, 0.9)
    wide = math.dist(a, b)
    if way == "none" or not d.hand.detail or wide < 6 * d.fine:
        return
    n = int(np.clip(wide / (2.6 * d.fine), 3, 18))
    if way in ("ribs", "few"):
        d.marks([[mix(a, b, t), mix(e, c, t)] for t in np.linspace(0, 1, n if way == "ribs" else 4)[1:-1]], 0.7)
    elif way == "rows":
        d.marks([[mix(a, e, t), mix(b, c, t)] for t in np.linspace(0, 1, d.r.randint(3, 7))[1:-1]], 0.7)
    elif way == "waves":
        d.marks([bumps(d, [mix(a, e, t), mix(b, c, t)], wide / n, 0.4) for t in (0.05, 0.35, 0.65)], 0.7)
    else:
        hatch(d, quad, 2.4 * d.fine)


def shutter(d: Sheet, q: list[Spot]) -> None:
    """A rolling shutter in a quadrilateral: low left, low right, high right, high left."""
    d.fill(q, M.METAL, skip=(0,))
    n = int(np.clip(abs(q[0][1] - q[3][1]) / (3 * d.fine), 2, 9))
    d.marks([[mix(q[0], q[3], t), mix(q[1], q[2], t)] for t in np.linspace(0, 1, n + 1)[1:-1]], 0.7, keep=1.3)


def few(d: Sheet, wall: Wall, floors: int = 1, *, entrance: bool = True) -> None:
    """Little on a wall: nothing, one small window, two, a wide sliding one, or a door of one rectangle."""
    way = d.r.choice(("nothing", "small", "small", "two", "slide", "row", "door"))
    if way == "nothing":
        return
    if entrance and (way == "door" or d.p(0.5)):
        s, k = d.u(0.1, 0.7), min(0.3, d.u(0.16, 0.3) * wall.height / max(wall.width, 1))
        d.fill(wall.rect(s, 0, min(0.95, s + k), d.u(0.5, 0.75) / floors), M.WOOD, skip=(0,) if d.p(0.5) else ())
    if way == "door":
        return
    floor = d.r.randrange(floors)
    t0, t1 = (floor + d.u(0.35, 0.5)) / floors, (floor + d.u(0.65, 0.85)) / floors
    if way in ("small", "two"):
        half = min(0.12, 0.5 * (t1 - t0) * wall.height / max(wall.width, 1))
        for s in (d.u(0.2, 0.8),) if way == "small" else (0.3, 0.7):
            window(d, wall, s - half, t0, s + half, t1, d.r.choice(("box", "bar", "cross", None)))
    elif way == "slide":
        s = d.u(0.08, 0.3)
        low = d.r.choice((t0, t0, (floor + 0.06) / floors))
        window(d, wall, s, low, s + d.u(0.4, 0.6), t1, "slide")
    else:
        n = d.r.randint(2, 4)
        for k in range(n):
            window(d, wall, (k + 0.22) / n, t0, (k + 0.78) / n, t1, "box")


def openings(d: Sheet, wall: Wall, floors: int = 1, *, entrance: bool = True) -> None:
    """Windows and a door on a house wall."""
    if d.manner("openings", ("few", "many", "few", "many", "many"), 0.75) == "few":
        few(d, wall, floors, entrance=entrance)
        return
    n = max(1, min(5, round(wall.width / max(wall.height / max(floors, 1) * d.u(0.7, 1.3), 1))))
    place = d.r.randrange(n) if entrance else -1
    for floor in range(floors):
        low, high = floor / floors, (floor + 1) / floors
        for k in range(n):
            if floor == 0 and k == place:
                door(d, wall, (k + 0.28) / n, (k + 0.72) / n, (high - low) * d.u(0.68, 0.8))
            elif d.p(0.85):
                half = d.u(0.18, 0.32) / n
                window(
                    d,
                    wall,
                    (k + 0.5) / n - half,
                    low + (high - low) * d.u(0.3, 0.42),
                    (k + 0.5) / n + half,
                    low + (high - low) * 0.8,
                )
