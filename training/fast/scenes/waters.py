"""Scenes at the water."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import landmarks, nature, plants, posts, things, vehicles
from training.fast.curves import blob, bumps, curve, mix, ridge, ring
from training.fast.layers import (
    any_tree,
    backdrop,
    grow,
    headlands,
    horizon,
    island,
    land,
    meadow_ground,
    near_frame,
    sea,
    spots,
)
from training.fast.sheet import FREE, M, Sheet


def beach(d: Sheet) -> None:
    y = horizon(d, 200, 520)
    backdrop(d, y, ("nothing", "nothing", "hills"))
    if d.p(0.4):
        island(d, d.u(0, d.w), y, d.u(200, 900), d.u(20, 140))
    sea(d, y)
    for _ in range(d.r.choice((0, 0, 1, 2))):
        vehicles.boat(d, d.u(0, d.w), y + d.u(4, 60), d.u(40, 150))
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
    nature.ground(d, a, M.SOIL, line=line)
    for k in range(d.r.choice((0, 1, 2))):
        d.marks([line - np.array([0.0, 22.0 * (k + 1)])], keep=1.2)
    low = float(line[:, 1].max())
    nature.soil(d, 0, d.w, low, 1000, 20)
    places = spots(d, y, d.r.randint(0, 9), far=min(0.85, shore + 0.1))
    places = [q for q in places if q[1] > np.interp(q[0], line[:, 0], line[:, 1])]
    things.strew(d, places, ("parasol", "parasol", "parasol", "crate", "boat", "tent", "sign", "banner"))
    if d.p(0.4):
        grow(
            d,
            [q for q in spots(d, y, 5, far=0.6) if q[1] > np.interp(q[0], line[:, 0], line[:, 1]) + 10],
            ("rock", "rocks", "bush", "log"),
        )
    if d.p(0.3):
        plants.palm(d, d.r.choice((0.1, 0.9)) * d.w, 980, d.u(500, 900))
    if d.p(0.25):
        x = d.r.choice((0.0, 0.7)) * d.w
        built.cottage(d, x + d.u(0, 0.1) * d.w, max(a, b) + d.u(30, 120), d.u(160, 380), d.u(90, 170))
    near_frame(d)


def open_sea(d: Sheet) -> None:
    y = horizon(d, 350, 700)
    backdrop(d, y, ("nothing", "nothing", "hills"))
    for _ in range(d.r.choice((0, 1, 2))):
        island(d, d.u(0, d.w), y, d.u(150, 800), d.u(20, 200))
    sea(d, y, 40)
    headlands(d, y, 0.3)
    for s in sorted(d.u(0.02, 1) for _ in range(d.r.randint(0, 4))):
        vehicles.boat(d, d.u(0, d.w), y + (1000 - y) * s * 0.75 + 8, 40 + 420 * s)
    if d.p(0.4):
        nature.rocks(d, d.u(0, d.w), y + d.u(0.2, 0.8) * (1000 - y), d.u(100, 500), d.r.randint(1, 5))
    if d.p(0.35):
        x, h = d.r.choice((0.15, 0.85)) * d.w, d.u(60, 200)
        base = y + d.u(0.05, 0.4) * (1000 - y)
        d.fill(blob(d, x, base, d.u(120, 320), h * 0.5, 0.2), M.ROCK, edge=FREE)
        landmarks.tower(d, x, base - h * 0.35, h * d.u(0.3, 0.5), h * d.u(1.2, 2.2), "lighthouse")
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
        nature.path(d, pts, (wide * d.u(1.15, 1.6), 40), d.r.choice((M.SOIL, M.ROCK, M.GRASS)))
    shores = nature.path(d, pts, (wide, d.u(8, 40)), M.WATER)
    stony = d.p(0.25)
    if stony:
        for shore in shores:
            nature.bank(d, shore, d.u(6, 20), d.u(50, 150))
    for _ in range(14):
        t = d.r.random() ** 0.6
        px = mix(pts[2], pts[0], t)[0]
        nature.ripples(
            d, px - wide * t * 0.3, px + wide * t * 0.3, y + (1000 - y) * max(0.05, t - 0.1), y + (1000 - y) * t, 1
        )
    for _ in range(d.r.randint(0, 12)):
        t = d.u(0.15, 0.95)
        px, row = mix(pts[2], pts[0], t)[0] + d.u(-0.7, 0.7) * wide * t, y + (1000 - y) * t
        nature.rock(d, px, row, d.u(20, 170) * t)
    if d.p(0.15):
        across = d.u(0.3, 0.8)
        at = mix(pts[2], pts[0], across)[0]
        line = [(at - wide * 0.5, 1000), (at + d.u(-80, 80), y + (1000 - y) * across), (at + wide * 0.4, y + 60)]
        nature.stepping(d, line, d.u(15, 40), d.u(80, 180))
    grow(d, spots(d, y, d.r.randint(0, 6), far=0.3, clear=0.55), ("bush", "reeds", "rock", "tree", "rocks"))
    if d.p(0.2):
        x0 = d.u(0.1, 0.4) * d.w
        landmarks.arch_bridge(
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
    plants.woods(d, nature.slope(d, y - d.u(0, 30), 20), far + 10, d.u(10, 40)) if d.p(0.6) else None
    nature.ground(d, far, M.WATER)
    headlands(d, far, 0.3)
    nature.ripples(d, 0, d.w, far + 8, 950, 26)
    if d.p(0.3):
        island(d, d.u(0.2, 0.8) * d.w, far + d.u(20, 120), d.u(100, 500), d.u(10, 80))
    for _ in range(d.r.choice((0, 1, 2))):
        vehicles.boat(d, d.u(0.1, 0.9) * d.w, far + d.u(20, 250), d.u(60, 260))
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
        nature.ground(d, 0, ground, line=line)
        plants.grass(d, 0, d.w, y + (1000 - y) * shore, 1000, 14)
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
    nature.sky(d, top)
    if d.p(0.5):
        plants.woods(d, nature.slope(d, top - 20, 60), 400, d.u(25, 80))
    line = ridge(d, -50, d.w + 50, top + 120, d.u(60, 220), d.u(1, 4), d.u(0.2, 0.6))
    d.shape(line, 1500, M.ROCK)
    _cracks(d, top + 60, foot)
    for _ in range(d.r.randint(0, 4)):
        x = d.u(0, d.w)
        plants.crown(d, x, float(np.interp(x, line[:, 0], line[:, 1])), d.u(60, 240), d.u(40, 130))
    x, w = d.u(0.25, 0.75) * d.w, d.u(50, 380)
    start = float(np.interp(x, line[:, 0], line[:, 1]))
    for _ in range(d.r.choice((1, 1, 2, 3))):
        nature.waterfall(d, x, start + d.u(-4, 10), foot + d.u(0, 30), w)
        x, w = x + d.u(-0.3, 0.3) * d.w, w * d.u(0.3, 0.7)
        start = float(np.interp(x, line[:, 0], line[:, 1]))
    pool = nature.slope(d, foot, 20)
    nature.ground(d, foot, M.WATER, line=pool)
    nature.ripples(d, 0, d.w, foot + 25, 1000, 20)
    for _ in range(d.r.randint(2, 14)):
        t = d.r.random()
        nature.rock(d, d.u(0, d.w), foot + 20 + (960 - foot) * t, d.u(40, 130) * (0.5 + 2 * t))
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


def harbour(d: Sheet) -> None:
    y = horizon(d, 240, 520)
    backdrop(d, y, ("hills", "mountains", "nothing", "woods"))
    if d.p(0.5):
        line = nature.slope(d, y - d.u(20, 80), 40)
        x0, x1 = (0.0, d.u(0.3, 0.7) * d.w) if d.p(0.5) else (d.u(0.3, 0.7) * d.w, d.w)
        plants.woods(d, line, y + 10, d.u(14, 40)) if d.p(0.4) else nature.ground(d, 0, M.GRASS, line=line)
        built.hamlet(d, y + 2, d.r.randint(3, 12), d.u(30, 90), x0=x0, x1=x1)
    if d.p(0.25):
        island(d, d.u(0, d.w), y, d.u(150, 500), d.u(20, 120))
    sea(d, y, 30)
    if d.p(0.45):
        a, w, row = d.u(0, 0.7) * d.w, d.u(0.2, 0.6) * d.w, y + d.u(10, 70)
        d.box(a, row + 22, w, 22, d.r.choice((M.ROAD, M.ROCK, M.WALL)))
        if d.p(0.6):
            landmarks.tower(d, a + w * d.r.choice((0.1, 0.9)), row, d.u(20, 50), d.u(70, 170), "lighthouse")
    for s in sorted(d.u(0.05, 0.8) for _ in range(d.r.randint(1, 7))):
        vehicles.boat(d, d.u(0, 1) * d.w, y + (1000 - y) * s * 0.8 + 10, 50 + 430 * s * d.u(0.6, 1.1))
    way = d.r.choice(("left", "right", "front", "diagonal", "front"))
    stuff: tuple[str, ...] = ("crate", "crate", "lamp", "fence", "bollard", "sign", "pole", "banner", "parasol")
    if way == "front":
        row = d.u(680, 900)
        tilt = d.u(-60, 60)
        q = [(-50, row + tilt), (d.w + 50, row - tilt), (d.w + 50, 1080), (-50, 1080)]
        d.fill(q, d.r.choice((M.ROAD, M.ROAD, M.WOOD)), skip=(1, 2, 3))
        d.fill([q[0], q[1], (q[1][0], q[1][1] + d.u(14, 40)), (q[0][0], q[0][1] + d.u(14, 40))], M.ROAD, skip=(1, 3))
        places = [(d.u(0, d.w), d.u(row + 20, 980), d.u(60, 130)) for _ in range(d.r.randint(1, 7))]
    else:
        m = -1 if way == "left" else 1
        edge0, edge1, far = (
            d.w * (0.5 + m * d.u(-0.2, 0.25)),
            d.w * (0.5 + m * d.u(0.1, 0.5)),
            y + (1000 - y) * d.u(0.05, 0.3),
        )
        side = d.w * (0.5 + 0.55 * m)
        q = [(edge0, 1060), (edge1, far), (side, far), (side, 1060)]
        deep = d.u(30, 110)
        d.fill([(edge0, 1060), (edge1, far), (edge1, far + deep * 0.25), (edge0 - m * 0.0, 1060 + deep)], M.ROAD)
        d.fill(q, M.ROAD, skip=(2, 3))
        inner = mix(q[0], q[3], 0.05), mix(q[1], q[2], 0.05)
        d.edge(*inner, 0.8)
        n = d.r.randint(0, 5)
        for k in range(n):
            t = 1 - (k + 0.5) / n
            row = 1000 + (far - 1000) * t
            s = (row - y) / 4
            w = max(40, s * d.u(3, 6))
            x = mix(q[0], q[1], t)[0] + m * max(90, 0.33 * abs(side - mix(q[0], q[1], t)[0]))
            built.cottage(d, x if m > 0 else x - w, row, w, max(30, s * d.u(2.4, 5)))
        places = []
        for _ in range(d.r.randint(1, 7)):
            t = d.u(0.05, 0.9)
            a = mix(q[0], q[1], t)
            places.append((a[0] + m * abs(side - a[0]) * d.u(0.08, 0.5), a[1], max(20, (a[1] - y) / 4)))
    for x, row, s in sorted(places, key=lambda p: p[1]):
        what = d.r.choice(stuff)
        if what == "bollard":
            d.box(x, row, s * 0.25, s * 0.35, M.METAL)
            d.fill(ring(x + s * 0.125, row - s * 0.38, s * 0.2, s * 0.09, 10), M.METAL, edge=FREE)
        else:
            things.strew(d, [(x, row, s)], (what,))
    if d.p(0.15):
        vehicles.crane(d, d.u(0, d.w), y + d.u(10, 200), d.u(200, 500))
    near_frame(d, 0.2)


def bridge(d: Sheet) -> None:
    y = horizon(d, 280, 520)
    backdrop(d, y, ("mountains", "woods", "town", "hills"))
    water = y + d.u(60, 300)
    nature.ground(d, y, land(d, M.GRASS, M.SOIL), line=nature.slope(d, y + 10, 30))
    grow(d, spots(d, y, d.r.randint(0, 6), near=0.2), ("tree", "bush", "house"))
    nature.ground(d, water, M.WATER)
    nature.ripples(d, 0, d.w, water + 20, 1000, 24)
    way = d.r.choice(("side", "side", "truss", "walk", "hanging"))
    deck = d.u(y - 60, water - 20)
    if way == "side":
        w = d.u(0.5, 1.2) * d.w
        landmarks.arch_bridge(
            d,
            d.u(-0.2, 0.5) * d.w,
            deck,
            w,
            water - deck + d.u(20, 140),
            arches=d.r.randint(1, 5),
            material=d.r.choice((M.ROCK, M.ROCK, M.WALL, M.WOOD, M.METAL)),
        )
    elif way == "truss":
        h, n, thick = d.u(70, 200), d.r.randint(5, 12), d.u(8, 20)
        top = d.p(0.6)
        for k in range(0, n + 1, max(2, n // 3)):
            x = d.w * k / n
            d.fill(
                [(x - 30, deck), (x + 30, deck), (x + 36, water + 60), (x - 36, water + 60)],
                d.r.choice((M.ROCK, M.WALL)),
            )
        d.box(-30, deck + thick, d.w + 60, thick * 1.6, d.r.choice((M.METAL, M.ROAD)))
        for k in range(n):
            a, b = d.w * k / n, d.w * (k + 1) / n
            lo, hi = (deck, deck - h) if top else (deck + thick, deck + thick + h * 0.5)
            d.rod((a, lo if k % 2 else hi), (b, hi if k % 2 else lo), thick * 0.6, M.METAL)
            d.rod((a, lo), (a, hi), thick * 0.5, M.METAL)
        d.rod(
            (-30, deck - h if top else deck + thick + h * 0.5),
            (d.w + 30, deck - h if top else deck + thick + h * 0.5),
            thick * 0.7,
            M.METAL,
        )
        if d.p(0.4):
            vehicles.train(d, d.u(0, 0.5) * d.w, deck, d.u(0.3, 0.7) * d.w, d.u(60, 110), cars=d.r.randint(1, 3))
    elif way == "hanging":
        for x in (0.2, 0.8):
            d.box(x * d.w - 12, water + 40, 24, water - deck + 340, d.r.choice((M.METAL, M.WOOD)))
        t = np.linspace(0, 1, 14)
        cable = np.stack([d.w * (0.2 + 0.6 * t), deck - 290 + 1000 * t * (1 - t)], 1)
        d.line(cable)
        d.rod((-20, deck), (d.w + 20, deck), 26, d.r.choice((M.ROAD, M.METAL, M.WOOD)))
        for q in cable[1:-1]:
            d.rod((q[0], q[1]), (q[0], deck), d.fine, M.METAL)
    else:
        vx = d.u(0.3, 0.7) * d.w
        far, half = max(water - 30, y + 20), d.u(280, 620)
        stuff = d.r.choice((M.WOOD, M.ROAD, M.WOOD, M.ROCK))
        q = [(vx - 40, far), (vx + 40, far), (d.w / 2 + half, 1060), (d.w / 2 - half, 1060)]
        d.fill(q, stuff, skip=(0, 2))
        if stuff == M.WOOD:
            d.marks([[mix(q[0], q[3], t), mix(q[1], q[2], t)] for t in np.linspace(0.05, 1, 14) ** 1.6], keep=1.3)
        for a, b in ((q[0], q[3]), (q[1], q[2])):
            posts.fence(d, a, b, 22, 330, d.r.choice(("posts", "rail", "posts", "wall")))
    for s in (-1, 1):
        if d.p(0.5) and way != "walk":
            reach = d.u(0.15, 0.4) * d.w
            x = d.w / 2 + s * d.w / 2
            d.fill(
                curve(
                    [
                        (x + s * 60, deck + d.u(-20, 60)),
                        (x - s * reach * 0.7, water - 20),
                        (x - s * reach, 1060),
                        (x + s * 60, 1060),
                    ],
                    5,
                ),
                d.r.choice((M.GRASS, M.ROCK, M.SOIL)),
                edge=FREE,
            )
            grow(
                d,
                [(x - s * d.u(0, 0.6) * reach, d.u(water, 950), d.u(30, 90)) for _ in range(3)],
                ("bush", "rock", "reeds", "tree"),
            )
    for _ in range(d.r.choice((0, 2, 5))):
        nature.rock(d, d.u(0, d.w), d.u(water + 60, 980), d.u(30, 160))
    if d.p(0.3):
        vehicles.boat(d, d.u(0.2, 0.8) * d.w, d.u(water + 40, 900), d.u(100, 300))
    near_frame(d)


def cliffs(d: Sheet) -> None:
    y = horizon(d, 300, 600)
    backdrop(d, y, ("nothing", "nothing", "hills"))
    sea(d, y, 26)
    side, foot_open = d.r.choice((0, 1)), d.p(0.4)
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
        d.fill(pts, M.ROCK, skip=(4, 5, 6) if foot_open else (5, 6))
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
            landmarks.tower(d, x, row, d.u(30, 80), d.u(100, 260), what)
        elif what == "house":
            built.cottage(d, x, row, d.u(60, 170), d.u(40, 80))
        elif what != "none":
            for _ in range(1 if what == "tree" else 4):
                any_tree(d, x + d.u(-90, 90), row, d.u(80, 200))
    for _ in range(d.r.randint(0, 7)):
        t = d.r.random()
        nature.rock(d, d.u(0, d.w), y + (1000 - y) * (0.25 + 0.7 * t), d.u(30, 110) * (0.6 + 2 * t))
    if d.p(0.3):
        vehicles.boat(d, d.u(0.2, 0.8) * d.w, y + d.u(15, 120), d.u(40, 160))
    near_frame(d)
