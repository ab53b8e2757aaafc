"""Scenes of water, fields, woods and mountains."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material as M
from training.fast import buildings as B
from training.fast import nature as N
from training.fast import plants as P
from training.fast import things as T
from training.fast.curves import blob, bumps, curve, mix, ridge
from training.fast.layers import (
    any_tree,
    backdrop,
    grow,
    horizon,
    island,
    land,
    meadow_ground,
    near_frame,
    sea,
    spots,
    stones,
)
from training.fast.sheet import BARE, FREE, Sheet


def beach(d: Sheet) -> None:
    y = horizon(d, 200, 520)
    backdrop(d, y, ("nothing", "nothing", "hills"))
    if d.p(0.4):
        island(d, d.u(0, d.w), y, d.u(200, 900), d.u(20, 140))
    sea(d, y)
    for _ in range(d.r.choice((0, 0, 1, 2))):
        T.boat(d, d.u(0, d.w), y + d.u(4, 60), d.u(40, 150))
    shore = d.u(0.25, 0.75)
    a, b = y + (1000 - y) * shore * d.u(0.4, 1.4), y + (1000 - y) * shore * d.u(0.4, 1.4)
    line = curve(
        [
            (-50, a),
            (d.w * d.u(0.2, 0.5), (a + b) / 2 + d.u(-60, 90)),
            (d.w * d.u(0.55, 0.8), (a + b) / 2 + d.u(-60, 90)),
            (d.w + 50, b),
        ],
        8,
    )
    if d.p(0.5):
        line = bumps(d, line, d.u(60, 200), d.u(-0.25, 0.2))
    N.ground(d, a, M.SOIL, line=line)
    for k in range(d.r.choice((0, 1, 2))):
        d.marks([line - np.array([0.0, 22.0 * (k + 1)])], keep=1.2)
    low = float(line[:, 1].max())
    N.soil(d, 0, d.w, low, 1000, 20)
    places = spots(d, y, d.r.randint(0, 9), far=min(0.85, shore + 0.1))
    places = [q for q in places if q[1] > np.interp(q[0], line[:, 0], line[:, 1])]
    T.strew(d, places, ("parasol", "parasol", "parasol", "crate", "boat", "tent", "sign", "banner"))
    if d.p(0.4):
        grow(
            d,
            [q for q in spots(d, y, 5, far=0.6) if q[1] > np.interp(q[0], line[:, 0], line[:, 1]) + 10],
            ("rock", "rocks", "bush", "log"),
        )
    if d.p(0.3):
        P.palm(d, d.r.choice((0.1, 0.9)) * d.w, 980, d.u(500, 900))
    if d.p(0.25):
        x = d.r.choice((0.0, 0.7)) * d.w
        B.cottage(d, x + d.u(0, 0.1) * d.w, max(a, b) + d.u(30, 120), d.u(160, 380), d.u(90, 170))
    near_frame(d)


def open_sea(d: Sheet) -> None:
    y = horizon(d, 350, 700)
    backdrop(d, y, ("nothing", "nothing", "hills"))
    for _ in range(d.r.choice((0, 1, 2))):
        island(d, d.u(0, d.w), y, d.u(150, 800), d.u(20, 200))
    sea(d, y, 40)
    for s in sorted(d.u(0.02, 1) for _ in range(d.r.randint(0, 4))):
        T.boat(d, d.u(0, d.w), y + (1000 - y) * s * 0.75 + 8, 40 + 420 * s)
    if d.p(0.4):
        N.rocks(d, d.u(0, d.w), y + d.u(0.2, 0.8) * (1000 - y), d.u(100, 500), d.r.randint(1, 5))
    if d.p(0.35):
        x, h = d.r.choice((0.15, 0.85)) * d.w, d.u(60, 200)
        base = y + d.u(0.05, 0.4) * (1000 - y)
        d.fill(blob(d, x, base, d.u(120, 320), h * 0.5, 0.2), M.ROCK, edge=FREE)
        B.tower(d, x, base - h * 0.35, h * d.u(0.3, 0.5), h * d.u(1.2, 2.2), "lighthouse")
    near_frame(d, 0.15)


def river(d: Sheet) -> None:
    y = horizon(d, 200, 520)
    backdrop(d, y, ("mountains", "woods", "woods", "hills", "trees"))
    meadow_ground(d, y, land(d, M.GRASS, M.GRASS, M.SOIL, M.ROCK))
    grow(d, spots(d, y, d.r.randint(0, 8), near=0.35), ("tree", "bush", "conifer", "house"))
    x, wide = d.u(0.3, 0.7) * d.w, d.u(250, 1300)
    pts = [
        (d.w * d.u(0.2, 0.8), 1060),
        (x + d.u(-300, 300), y + (1000 - y) * 0.5),
        (x + d.u(-400, 400), y + (1000 - y) * 0.2),
        (x + d.u(-300, 300), y + 4),
    ]
    banks = d.p(0.5)
    if banks:
        N.path(d, pts, (wide * d.u(1.15, 1.6), 40), d.r.choice((M.SOIL, M.ROCK, M.GRASS)))
    N.path(d, pts, (wide, d.u(8, 40)), M.WATER)
    for _ in range(14):
        t = d.r.random() ** 0.6
        px = mix(pts[2], pts[0], t)[0]
        N.ripples(
            d, px - wide * t * 0.3, px + wide * t * 0.3, y + (1000 - y) * max(0.05, t - 0.1), y + (1000 - y) * t, 1
        )
    for _ in range(d.r.randint(0, 12)):
        t = d.u(0.15, 0.95)
        px, row = mix(pts[2], pts[0], t)[0] + d.u(-0.7, 0.7) * wide * t, y + (1000 - y) * t
        N.rock(d, px, row, d.u(20, 170) * t)
    grow(d, spots(d, y, d.r.randint(0, 6), far=0.3, clear=0.55), ("bush", "reeds", "rock", "tree", "rocks"))
    if d.p(0.2):
        x0 = d.u(0.1, 0.4) * d.w
        B.arch_bridge(
            d,
            x0,
            y + d.u(10, 60),
            d.w * d.u(0.25, 0.5),
            d.u(40, 90),
            arches=d.r.randint(1, 4),
            material=d.r.choice((M.ROCK, M.WOOD, M.WALL)),
        )
    near_frame(d)


def lake(d: Sheet) -> None:
    y = horizon(d, 300, 560)
    backdrop(d, y, ("mountains", "mountains", "woods", "hills"))
    far = y + d.u(0, 30)
    P.woods(d, N.slope(d, y - d.u(0, 30), 20), far + 10, d.u(10, 40)) if d.p(0.6) else None
    N.ground(d, far, M.WATER)
    N.ripples(d, 0, d.w, far + 8, 950, 26)
    if d.p(0.3):
        island(d, d.u(0.2, 0.8) * d.w, far + d.u(20, 120), d.u(100, 500), d.u(10, 80))
    for _ in range(d.r.choice((0, 1, 2))):
        T.boat(d, d.u(0.1, 0.9) * d.w, far + d.u(20, 250), d.u(60, 260))
    if d.p(0.75):
        shore = d.u(0.55, 0.92)
        line = curve(
            [
                (-50, y + (1000 - y) * shore * d.u(0.8, 1.3)),
                (d.w * d.u(0.3, 0.7), y + (1000 - y) * shore),
                (d.w + 50, y + (1000 - y) * shore * d.u(0.8, 1.3)),
            ],
            8,
        )
        ground = land(d, M.GRASS, M.GRASS, M.SOIL, M.ROCK)
        N.ground(d, 0, ground, line=line)
        P.grass(d, 0, d.w, y + (1000 - y) * shore, 1000, 14)
        grow(d, spots(d, y, d.r.randint(0, 7), far=shore), ("tree", "reeds", "rock", "bush", "conifer", "log"))
    if d.p(0.35):
        x = d.u(0.2, 0.8) * d.w
        row = far + d.u(60, 200)
        q = [(x - 40, row), (x + 30, row), (x + d.u(100, 300), 1040), (x - d.u(100, 300), 1040)]
        d.fill(q, M.WOOD)
        d.marks([[mix(q[0], q[3], t), mix(q[1], q[2], t)] for t in np.linspace(0.05, 0.95, 12) ** 1.4], keep=1.3)
        for t in (0.1, 0.4, 0.8):
            for a, b in ((q[0], q[3]), (q[1], q[2])):
                s = mix(a, b, t)
                d.rod((s[0], s[1] + 20 + 60 * t), (s[0], s[1] - 20 - 60 * t), 8 + 20 * t, M.WOOD)
    near_frame(d)


def waterfall(d: Sheet) -> None:
    top, foot = d.u(60, 330), d.u(560, 820)
    N.sky(d, top)
    if d.p(0.5):
        P.woods(d, N.slope(d, top - 20, 60), 400, d.u(25, 80))
    line = ridge(d, -50, d.w + 50, top + 120, d.u(60, 220), d.u(1, 4), d.u(0.2, 0.6))
    d.shape(line, 1500, M.ROCK)
    _cracks(d, top + 60, foot)
    for _ in range(d.r.randint(0, 4)):
        x = d.u(0, d.w)
        P.crown(d, x, float(np.interp(x, line[:, 0], line[:, 1])), d.u(60, 240), d.u(40, 130))
    x, w = d.u(0.25, 0.75) * d.w, d.u(50, 380)
    start = float(np.interp(x, line[:, 0], line[:, 1]))
    for _ in range(d.r.choice((1, 1, 2, 3))):
        N.waterfall(d, x, start + d.u(-4, 10), foot + d.u(0, 30), w)
        x, w = x + d.u(-0.3, 0.3) * d.w, w * d.u(0.3, 0.7)
        start = float(np.interp(x, line[:, 0], line[:, 1]))
    pool = N.slope(d, foot, 20)
    N.ground(d, foot, M.WATER, line=pool)
    N.ripples(d, 0, d.w, foot + 25, 1000, 20)
    for _ in range(d.r.randint(2, 14)):
        t = d.r.random()
        N.rock(d, d.u(0, d.w), foot + 20 + (960 - foot) * t, d.u(40, 130) * (0.5 + 2 * t))
    for s in (0, 1):
        if d.p(0.5):
            h = d.u(0.15, 0.35) * d.w
            d.fill(
                curve(
                    [
                        (s * d.w, d.u(200, 600)),
                        (abs(s * d.w - h), d.u(700, 850)),
                        (abs(s * d.w - h * 0.8), 1040),
                        (s * d.w, 1040),
                    ],
                    5,
                ),
                d.r.choice((M.ROCK, M.GRASS, M.FOLIAGE)),
                edge=FREE,
            )
    near_frame(d, 0.5)


def _cracks(d: Sheet, y0: float, y1: float, n: int = 22) -> None:
    """Folds of a rock face."""
    way = d.manner("cliff marks", ("vertical", "broken", "none", "strata"))
    lines = []
    for _ in range(0 if way == "none" else n):
        x, y, s = d.u(0, d.w), d.u(y0, y1), d.u(30, 130)
        lines.append(
            [(x, y), (x + d.u(-12, 12), y + s)]
            if way == "vertical"
            else [(x, y), (x + s * 0.4, y + s * 0.3), (x + s * 0.3, y + s)]
            if way == "broken"
            else [(x, y), (x + s, y + d.u(-12, 12))]
        )
    d.marks(lines)


def rice_field(d: Sheet) -> None:
    y = horizon(d, 200, 480)
    backdrop(d, y, ("mountains", "woods", "hills", "woods", "trees"))
    flooded = d.p(0.25)
    crop = M.WATER if flooded else M.GRASS
    N.ground(d, y, crop)
    vx = d.u(-0.2, 1.2) * d.w
    rows, banks = (
        d.r.randint(2, 6),
        d.r.choice((M.SOIL, M.SOIL, M.GRASS)) if not flooded else d.r.choice((M.SOIL, M.GRASS)),
    )
    at = np.sort(d.np.uniform(0.0, 1, rows)) ** 1.5
    if d.p(0.45):
        B.hamlet(d, y + 8, d.r.randint(1, 5), d.u(30, 110), drop=20)
    marks = d.manner("crop", ("ticks", "rows", "rows", "vees", "none"))
    if marks in ("ticks", "vees"):
        P.grass(d, 0, d.w, y + 20, 1000, 50)
    elif marks == "rows":
        n = d.r.randint(8, 24)
        d.marks(
            [[(vx + (k - n / 2) * 14, y + 14), (vx + (k - n / 2) * d.w * 0.16, 1000)] for k in range(n + 1)], keep=1.2
        )
    if flooded:
        N.ripples(d, 0, d.w, y + 20, 1000, 12)
    thick = d.u(0.006, 0.03)
    for t in at:
        row = y + 6 + (1000 - y) * t
        w = max(thick * (row - y) * 2, d.fine * 1.2)
        tilt = d.u(-0.04, 0.04) * d.w * t
        d.rod((-40, row - tilt), (d.w + 40, row + tilt), w, banks)
    for _ in range(d.r.randint(1, 5)):
        x = d.u(-0.6, 1.6) * d.w
        w = d.u(15, 120)
        d.fill(
            [(vx + (x - vx) * 0.02, y + 6), (x - w, 1040), (x + w, 1040), (vx + (x - vx) * 0.02 + 2, y + 6)],
            banks,
            skip=(1, 3),
        )
    if d.p(0.4):
        wide = d.u(120, 420)
        N.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1050), (mix((vx, 0), (d.w / 2, 0), 0.5)[0], y + (1000 - y) * 0.4), (vx, y + 4)],
            (wide, 6),
            d.r.choice((M.ROAD, M.SOIL)),
        )
    places = spots(d, y, d.r.randint(0, 6), near=0.6)
    for px, row, s in places:
        what = d.r.choice(("pole", "hut", "tree", "scarecrow", "bush", "jizo"))
        if what == "pole":
            T.pole(d, px, row, max(60, s * 5))
        elif what == "hut":
            B.cottage(d, px, row, max(40, s * 3.5), max(24, s * 2))
        elif what == "tree":
            any_tree(d, px, row, max(50, s * 4))
        elif what == "bush":
            P.bush(d, px, row, max(20, s))
        elif what == "scarecrow":
            d.rod((px, row), (px, row - s * 1.5), d.fine, M.WOOD)
            d.rod((px - s * 0.6, row - s * 1.1), (px + s * 0.6, row - s * 1.1), d.fine, M.WOOD)
            d.fill(
                [
                    (px - s * 0.4, row - s * 1.15),
                    (px + s * 0.4, row - s * 1.15),
                    (px + s * 0.3, row - s * 0.5),
                    (px - s * 0.3, row - s * 0.5),
                ],
                M.CLOTH,
            )
        else:
            T.stone_lantern(d, px, row, max(24, s))
    if d.p(0.3):
        poles_along(d, y, vx)
    near_frame(d)


def poles_along(d: Sheet, y: float, vx: float) -> None:
    """Power poles with wires that go off to a vanishing point."""
    x, h0 = d.r.choice((d.u(-0.1, 0.3), d.u(0.7, 1.1))) * d.w, d.u(450, 1100)
    before: list[tuple[float, float]] | None = None
    for k in range(d.r.randint(2, 6), -1, -1):
        t = 1 / (1 + 0.8 * k)
        px, row = vx + (x - vx) * t, y + (d.u(880, 1060) - y) * t
        now = T.pole(d, px, row, h0 * t)
        if before is not None:
            T.wires(d, before, now, 40 * t)
        before = now
    if before is not None:
        T.wires(d, before, [(2 * px - vx + d.u(-100, 100), py - h0 * 0.5) for px, py in before], 60)


def meadow(d: Sheet) -> None:
    y = horizon(d, 350, 720)
    backdrop(d, y, ("mountains", "hills", "woods", "nothing", "trees"))
    for k in range(d.r.choice((1, 2, 3))):
        row = y + (1000 - y) * (0.3 * k)
        meadow_ground(d, row, M.GRASS, 22)
        grow(
            d,
            [(x, r, max(s, 8)) for x, r, s in spots(d, row - 20, d.r.randint(0, 4), near=0.3)],
            ("tree", "bush", "rock", "bush", "house"),
        )
    if d.p(0.5):
        w = d.u(60, 380)
        N.path(
            d,
            [
                (d.w * d.u(0.2, 0.8), 1060),
                (d.w * d.u(0.2, 0.8), y + (1000 - y) * 0.45),
                (d.w * d.u(0.3, 0.7), y + (1000 - y) * d.u(0.02, 0.2)),
            ],
            (w, w * 0.1),
            d.r.choice((M.SOIL, M.SOIL, M.ROAD)),
        )
    if d.p(0.4):
        T.fence(
            d, (d.u(-50, 300), y + d.u(60, 200)), (d.u(0.5, 1.05) * d.w, y + d.u(40, 260)), d.u(20, 90), d.u(20, 90)
        )
    if d.p(0.25):
        x, row, s = spots(d, y, 1, far=0.2, near=0.5)[0]
        any_tree(d, x, row, d.u(300, 650))
    near_frame(d)


def windmill_hills(d: Sheet) -> None:
    y = horizon(d, 400, 650)
    backdrop(d, y, ("hills", "nothing", "mountains", "woods"))
    for k in range(d.r.randint(2, 4)):
        line = ridge(d, -50, d.w + 50, y + 60 + 110 * k, d.u(50, 200), d.u(0.7, 2), 0.0)
        N.ground(d, 0, M.GRASS, line=line)
        for _ in range(d.r.choice((0, 1, 1, 2))):
            x = d.u(0.05, 0.95) * d.w
            h = d.u(70, 160) * (1 + k * 0.6)
            row = float(np.interp(x, line[:, 0], line[:, 1])) + 6
            what = d.r.choice(("windmill", "windmill", "tree", "house", "turbine", "silo"))
            if what == "tree":
                any_tree(d, x, row, h)
            elif what == "house":
                B.cottage(d, x, row, h * 0.8, h * 0.4)
            elif what == "turbine":
                d.rod((x, row), (x, row - h * 1.5), h * 0.06, M.METAL, end=h * 0.03)
                a0 = d.u(0, 2)
                for i in range(3):
                    a = a0 + i * 2.094
                    d.rod(
                        (x, row - h * 1.5),
                        (x + h * 0.7 * np.cos(a), row - h * 1.5 + h * 0.7 * np.sin(a)),
                        h * 0.05,
                        M.METAL,
                        end=2,
                    )
            else:
                B.tower(d, x, row, h * 0.4, h, what)
        P.grass(d, 0, d.w, float(line[:, 1].max()), min(1000, y + 220 + 110 * k), 10)
    if d.p(0.5):
        N.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), 800), (d.w * d.u(0.3, 0.7), y + 160)],
            (d.u(80, 300), 14),
            M.SOIL,
        )
    if d.p(0.5):
        P.grass(d, 0, d.w, 850, 1000, 40)
    near_frame(d)


def forest_path(d: Sheet) -> None:
    y = horizon(d, 380, 600)
    N.sky(d, y, room=0.3)
    if d.p(0.85):
        P.woods(d, N.slope(d, y - d.u(60, 400), 60), y + 60, d.u(30, 120))
    N.ground(d, y, land(d, M.GRASS, M.GRASS, M.SOIL), line=N.slope(d, y, 30))
    P.grass(d, 0, d.w, y + 20, 1000, 20)
    w, way = d.u(250, 900), d.r.choice((M.SOIL, M.SOIL, M.SOIL, M.ROAD, M.WATER))
    N.path(
        d,
        [(d.w * d.u(0.3, 0.7), 1060), (d.w * d.u(0.35, 0.65), y + (1000 - y) * 0.4), (d.w * d.u(0.4, 0.6), y + 6)],
        (w, d.u(15, 80)),
        way,
    )
    for x, row, s in spots(d, y, d.r.randint(5, 16), near=1.0, clear=d.u(0.1, 0.45)):
        s = max(s, 14)
        if d.p(0.72):
            big = s > 60
            if big and d.p(0.75):
                P.trunk(d, x, row, s * d.u(0.3, 0.8), row + 60, d.u(-0.3, 0.3) * s)
                if d.p(0.5):
                    P.tuft(d, x, row, 20)
            else:
                any_tree(d, x, row, s * d.u(4, 9))
        else:
            grow(d, [(x, row, s)], ("bush", "rock", "bush", "stump", "log", "rocks"))
    for _ in range(d.r.choice((0, 2, 5, 8))):
        x = d.u(-0.05, 1.05) * d.w
        P.crown(d, x, d.u(-80, 120 + 200 * abs(x / d.w - 0.5)), d.u(120, 320), d.u(60, 170))
    near_frame(d, 0.4)


def deep_forest(d: Sheet) -> None:
    y = d.u(420, 800)
    fill = d.p(0.75)
    if fill:
        d.fill([(-60, -60), (d.w + 60, -60), (d.w + 60, y + 40), (-60, y + 40)], M.FOLIAGE, edge=BARE)
        d.marks(
            [
                bumps(d, [(d.u(0, d.w), b := d.u(0, y)), (d.u(0, d.w), b + d.u(-60, 60))], d.u(20, 60), 0.4)
                for _ in range(5)
            ]
        )
    else:
        N.sky(d, y, room=0.3)
    for k in range(3):
        h = y - 40 + 25 * k
        for _ in range(d.r.randint(1, 7)):
            s = d.u(8, 22) * (1 + 2.2 * k)
            x = d.u(0, d.w)
            sort = d.manner("deep", ("trunk", "trunk", "trunk", "bamboo", "conifer"), 0.9)
            if sort == "trunk":
                P.trunk(d, x, h + 40 + 40 * k, s, 1200, d.u(-0.5, 0.5) * s)
            elif sort == "bamboo":
                P.bamboo(d, x, h + 30 + 40 * k, 900)
            else:
                P.conifer(d, x, h + 40 + 30 * k, d.u(300, 900))
        if k == 0:
            N.ground(
                d,
                y,
                land(d, M.GRASS, M.SOIL, M.GRASS),
                line=ridge(d, -50, d.w + 50, y + 30, d.u(10, 90), d.u(1, 4), 0.4),
            )
            P.grass(d, 0, d.w, y + 30, 1000, 24)
            if d.p(0.3):
                N.path(
                    d,
                    [(d.w * d.u(0, 1), 1060), (d.w * d.u(0.3, 0.7), y + 200), (d.w * d.u(0.2, 0.8), y + 60)],
                    (d.u(100, 500), 30),
                    d.r.choice((M.WATER, M.SOIL)),
                )
    grow(
        d,
        [(x, row, 20 + s) for x, row, s in spots(d, y, d.r.randint(2, 12), far=0.15)],
        ("bush", "rock", "log", "stump", "bush", "rocks", "reeds"),
    )
    for _ in range(d.r.choice((0, 0, 3, 6))):
        P.crown(d, d.u(0, d.w), d.u(-60, 100), d.u(120, 360), d.u(60, 190))
    if d.p(0.12):
        T.torii(d, d.u(0.3, 0.7) * d.w, y + 120, d.u(120, 300), d.u(150, 330))
    near_frame(d, 0.5)


def mountain_pass(d: Sheet) -> None:
    y = horizon(d, 350, 620)
    N.sky(d, y)
    for _ in range(d.r.choice((1, 2, 3))):
        N.mountains(d, y + d.u(0, 60), d.u(150, 620), y + 200)
    for side in d.r.sample((0, 1), d.r.choice((1, 2))):
        x1 = d.u(0.25, 0.6) * d.w
        line = curve(
            [
                (side * d.w + (60 if side else -60), y - d.u(50, 350)),
                (abs(side * d.w - x1 * 0.5), y - d.u(-40, 120)),
                (abs(side * d.w - x1), y + d.u(40, 160)),
            ],
            7,
        )
        material = d.r.choice((M.GRASS, M.ROCK, M.FOLIAGE, M.MOUNTAIN))
        flank = (
            line
            if material in (M.GRASS, M.ROCK)
            else bumps(d, line if not side else line[::-1], d.u(20, 60), 0.5, d.r.choice(("round", "tooth")))
        )
        d.fill(np.concatenate([flank, [(flank[-1, 0], 1500), (flank[0, 0], 1500)]]), material, edge=BARE)
        d.line(flank)
        grow(
            d,
            [(float(a), float(b) + d.u(5, 60), d.u(8, 26)) for a, b in line[2:-2:4]],
            ("conifer", "rock", "bush", "conifer"),
        )
    line = N.slope(d, y + d.u(60, 200), 60)
    what = land(d, M.GRASS, M.ROCK, M.SOIL, M.GRASS)
    N.ground(d, 0, what, line=line)
    low = float(line[:, 1].mean())
    if what == M.GRASS:
        P.grass(d, 0, d.w, low + 30, 1000, 14)
    elif what == M.ROCK:
        stones(d, low + 20)
    w = d.u(80, 460)
    N.path(
        d,
        [(d.w * d.u(0.1, 0.9), 1060), (d.w * d.u(0.2, 0.8), low + (1000 - low) * 0.5), (d.w * d.u(0.3, 0.7), low + 15)],
        (w, w * 0.12),
        d.r.choice((M.SOIL, M.ROAD, M.SOIL)),
    )
    grow(d, spots(d, low - 80, d.r.randint(2, 12), far=0.15), ("rock", "rocks", "conifer", "bush", "rock", "tree"))
    if d.p(0.25):
        x, row, s = spots(d, low - 60, 1, far=0.2, near=0.4)[0]
        B.cottage(d, x, row, d.u(90, 260), d.u(50, 120))
    if d.p(0.3):
        T.fence(
            d,
            (d.u(0, 0.4) * d.w, 900),
            (d.u(0.5, 1) * d.w, low + 60),
            d.u(60, 130),
            d.u(15, 40),
            d.r.choice(("guard", "posts", "rail")),
        )
    near_frame(d)


def cliffs(d: Sheet) -> None:
    y = horizon(d, 300, 600)
    backdrop(d, y, ("nothing", "nothing", "hills"))
    sea(d, y, 26)
    side = d.r.choice((0, 1))
    for k in range(d.r.choice((1, 2, 3))):
        reach = d.w * d.u(0.25, 0.5) * (1 + 0.3 * k)
        top, foot = y - d.u(80, 330) + 90 * k, y + (1000 - y) * (0.12 + 0.32 * k)
        face = [
            (0, top),
            (reach * 0.7, top + d.u(-20, 40)),
            (reach * d.u(0.85, 1), top + d.u(20, 90)),
            (reach * d.u(0.85, 1), (top + foot) / 2),
            (reach * d.u(0.9, 1.2), foot),
            (reach * 0.4, foot + d.u(0, 40)),
            (-60, foot + 60),
        ]
        pts = [(d.w - a, b) if side else (a, b) for a, b in face]
        d.fill(pts, M.ROCK, skip=(5, 6))
        lines = []
        for _ in range(12):
            a, b = d.u(0, reach * 0.85), d.u(top + 70, foot - 40)
            s = d.u(20, 120)
            a = d.w - a if side else a
            lines.append([(a, b), (a + d.u(-14, 14), b + s * 0.5), (a + d.u(-20, 20), b + s)])
        d.marks(lines)
        cap = M.GRASS if d.p(0.75) else M.FOLIAGE
        turf = [
            (0, top - 30),
            (reach * 0.4, top - d.u(20, 60)),
            (reach * 0.72, top + d.u(-15, 30)),
            (reach * 0.8, top + d.u(30, 70)),
            (reach * 0.4, top + d.u(20, 70)),
            (-60, top + 60),
        ]
        tp = curve([(d.w - a, b) if side else (a, b) for a, b in turf], 4)
        d.fill(tp, cap, edge=FREE)
        x = d.u(0.1, 0.6) * reach
        row = top - 10
        x = d.w - x if side else x
        what = d.r.choice(("lighthouse", "tree", "house", "none", "trees", "church"))
        if what in ("lighthouse", "church"):
            B.tower(d, x, row, d.u(30, 80), d.u(100, 260), what)
        elif what == "house":
            B.cottage(d, x, row, d.u(60, 170), d.u(40, 80))
        elif what != "none":
            for _ in range(1 if what == "tree" else 4):
                any_tree(d, x + d.u(-90, 90), row, d.u(80, 200))
    for _ in range(d.r.randint(0, 7)):
        t = d.r.random()
        N.rock(d, d.u(0, d.w), y + (1000 - y) * (0.25 + 0.7 * t), d.u(30, 110) * (0.6 + 2 * t))
    if d.p(0.3):
        T.boat(d, d.u(0.2, 0.8) * d.w, y + d.u(15, 120), d.u(40, 160))
    near_frame(d)


def campsite(d: Sheet) -> None:
    y = horizon(d, 350, 550)
    backdrop(d, y, ("mountains", "woods", "woods", "trees"), night=d.p(0.3))
    meadow_ground(d, y, land(d, M.GRASS, M.SOIL))
    if d.p(0.35):
        N.path(
            d,
            [(d.w * d.u(-0.2, 1.2), 900), (d.w * d.u(0.2, 0.8), y + 120), (d.w * d.u(0, 1), y + 20)],
            (d.u(200, 500), 40),
            M.WATER,
        )
    grow(d, spots(d, y, d.r.randint(2, 9), near=0.35), ("conifer", "tree", "bush", "tree"))
    T.strew(
        d,
        spots(d, y, d.r.randint(2, 6), far=0.2, near=0.8),
        ("tent", "tent", "tent", "crate", "bench", "sign", "parasol", "laundry", "lamp"),
    )
    if d.p(0.6):
        x, row, s = spots(d, y, 1, far=0.35, near=0.8)[0]
        T.campfire(d, x, row, s * d.u(0.4, 0.9))
    grow(d, spots(d, y, d.r.randint(0, 5), far=0.5, near=1), ("rock", "log", "stump", "bush", "rocks"))
    near_frame(d, 0.35)


def heavens(d: Sheet) -> None:
    """Mostly sky, as for a shot that looks up."""
    y = d.u(720, 1150)
    for _ in range(d.r.randint(1, 7)):
        N.cloud(d, d.u(0, d.w), d.u(0.05, 0.9) * y, d.u(150, 1100))
    N.sky(d, y, night=d.p(0.3), room=0.5)
    way = d.r.choice(("hills", "trees", "town", "sea", "meadow", "wires", "none"))
    if way == "hills":
        N.mountains(d, y, d.u(50, 200), 1500)
    elif way == "trees":
        P.woods(d, N.slope(d, y, 60), 1500, d.u(20, 120))
    elif way == "town":
        B.skyline(d, y + 150, 100, 350, n=d.r.randint(4, 14))
    elif way == "sea":
        sea(d, y)
    elif way == "meadow":
        meadow_ground(d, y, M.GRASS)
        grow(d, spots(d, y, 3), ("tree", "bush"))
    elif way == "wires":
        a, b = T.pole(d, d.u(0, 0.4) * d.w, 1050, d.u(500, 950)), T.pole(d, d.u(0.6, 1) * d.w, 1050, d.u(400, 950))
        T.wires(d, a, b, 60)
    near_frame(d)
