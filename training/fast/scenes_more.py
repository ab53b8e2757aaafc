"""More scenes: a town on a slope, farms, terraces, castles, tunnels, fairs, markets, temples."""

from __future__ import annotations

import math

import numpy as np

from genzu.core.material import Material as M
from training.fast import buildings as B
from training.fast import nature as N
from training.fast import plants as P
from training.fast import things as T
from training.fast.curves import arc, bumps, curve, mix, ring
from training.fast.layers import any_tree, backdrop, grow, horizon, joints, land, meadow_ground, near_frame, sea, spots
from training.fast.scenes_wild import poles_along
from training.fast.sheet import BARE, FREE, Sheet
from training.fast.space import Camera, front


def hillside_town(d: Sheet) -> None:
    y = horizon(d, 450, 700)
    N.sky(d, y - 250)
    if d.p(0.4):
        N.mountains(d, y - d.u(0, 100), d.u(80, 300), y + 50)
    peak = d.u(120, 380)
    line = curve([(-60, y - d.u(0, 250)), (d.w * d.u(0.2, 0.5), y - peak), (d.w * d.u(0.6, 0.9), y - peak * d.u(0.3, 1)), (d.w + 60, y - d.u(-40, 200))], 7)  # fmt: skip
    ground = land(d, M.GRASS, M.FOLIAGE, M.GRASS)
    edge = line if ground == M.GRASS else bumps(d, line, d.u(20, 60), 0.5)
    d.shape(edge, 1500, ground)
    rows = d.r.randint(2, 6)
    for k in range(rows):
        t = (k + 0.5) / rows
        size = d.u(50, 90) * (0.8 + 1.3 * t)
        for _ in range(d.r.randint(2, 9)):
            x = d.u(-0.03, 1.0) * d.w
            row = float(np.interp(x, line[:, 0], line[:, 1])) * (1 - t) + (y + 60) * t + d.u(0, 20)
            if d.p(0.72):
                B.cottage(d, x, row, size * d.u(0.8, 1.4), size * d.u(0.4, 0.9))
            else:
                grow(d, [(x, row, size / 4)], ("tree", "bush", "conifer"))
        if d.p(0.3):
            a = d.u(0, 0.6) * d.w
            b = float(np.interp(a, line[:, 0], line[:, 1])) * (1 - t) + (y + 60) * t + 20
            T.box(d, a, b + size * 0.4, d.u(0.1, 0.4) * d.w, size * 0.4, d.r.choice((M.ROCK, M.WALL)))
    foot = y + d.u(40, 110)
    if d.p(0.65):
        T.box(d, -40, foot + 24, d.w + 80, d.u(20, 50), d.r.choice((M.ROAD, M.ROCK, M.WALL)))
        sea(d, foot + 10, 16)
        for s in sorted(d.u(0.1, 0.9) for _ in range(d.r.randint(0, 5))):
            T.boat(d, d.u(0, 1) * d.w, foot + (1000 - foot) * s, 70 + 260 * s)
    else:
        N.ground(d, foot, M.ROAD)
        T.strew(d, spots(d, foot - 120, 5, far=0.3), ("pole", "sign", "car", "lamp", "fence", "vending"))
    near_frame(d)


def farm(d: Sheet) -> None:
    y = horizon(d, 280, 520)
    backdrop(d, y, ("mountains", "woods", "hills", "nothing"))
    meadow_ground(d, y, M.GRASS)
    grow(d, spots(d, y, d.r.randint(0, 6), near=0.2), ("tree", "conifer", "bush", "tree"))
    x, w, foot = d.u(0, 0.6) * d.w, d.u(200, 480), y + d.u(40, 160)
    h = w * d.u(0.35, 0.6)
    wall = front(x, foot, w, h)
    side = M.WOOD if d.p(0.5) else M.WALL
    d.fill([wall.a, wall.b, wall.c, (x + w * 0.8, foot - h * 1.5), (x + w / 2, foot - h * 1.75), (x + w * 0.2, foot - h * 1.5), wall.e], side)  # fmt: skip
    if side == M.WOOD:
        d.marks([[wall.at(s, 0), wall.at(s, 1.2)] for s in np.linspace(0.08, 0.92, 9)])
    k = h * 0.12
    for s in (-1, 1):
        m = x + w / 2
        d.fill([(m, foot - h * 1.75 - k), (m + s * w * 0.32, foot - h * 1.5 - k), (m + s * w * 0.55, foot - h), (m + s * w * 0.5, foot - h), (m + s * w * 0.29, foot - h * 1.5 + k * 0.4), (m, foot - h * 1.75 + k * 0.4)], M.ROOF)  # fmt: skip
    B.door(d, wall, 0.33, 0.67, 0.7, M.WOOD)
    if d.p(0.7):
        B.window(d, wall, 0.42, 1.1, 0.58, 1.35)
    if d.p(0.6):
        B.tower(d, x + w * d.r.choice((-0.2, 1.2)), foot, w * 0.2, h * d.u(1.5, 2.4), "silo")
    if d.p(0.6):
        B.cottage(d, d.r.choice((0.02, 0.7)) * d.w, foot + d.u(20, 90), d.u(160, 320), d.u(70, 140))
    field = foot + d.u(60, 140)
    vx = d.u(0, 1) * d.w
    if d.p(0.7):
        q = [
            (d.u(0, 0.4) * d.w, field),
            (d.u(0.6, 1) * d.w, field),
            (d.u(1, 1.4) * d.w, 1060),
            (d.u(-0.4, 0.1) * d.w, 1060),
        ]
        d.fill(q, M.SOIL, skip=(2,))
        way = d.r.choice(("furrows", "plants", "rows"))
        n = d.r.randint(5, 12)
        for i in range(n):
            a, b = mix(q[0], q[1], (i + 0.5) / n), mix(q[3], q[2], (i + 0.5) / n)
            if way == "furrows":
                d.line([a, b], 0.8)
            elif way == "rows":
                d.rod(a, b, 8, M.GRASS, end=d.u(30, 60))
            else:
                for t in np.linspace(0.03, 1, 9) ** 1.5:
                    p = mix(a, b, float(t))
                    P.crown(d, p[0], p[1], 8 + 34 * t, 6 + 24 * t)
    if d.p(0.6):
        ww = d.u(80, 300)
        N.path(d, [(d.w * d.u(0, 1), 1060), (mix((vx, 0), (x + w / 2, 0), 0.5)[0], field + 60), (x + w / 2, foot + 4)], (ww, w * 0.2), M.SOIL)  # fmt: skip
    if d.p(0.6):
        T.fence(d, (-20, d.u(field, 960)), (d.w * d.u(0.3, 1.05), d.u(field, 960)), d.u(40, 130), d.u(40, 130))
    T.strew(d, spots(d, y, d.r.randint(0, 4), far=0.35), ("crate", "sign", "car", "laundry", "pole"))
    grow(d, spots(d, y, d.r.randint(0, 5), far=0.5), ("bush", "tree", "rock", "stump"))
    near_frame(d)


def terraces(d: Sheet) -> None:
    y = horizon(d, 200, 420)
    backdrop(d, y, ("mountains", "mountains", "woods", "hills"))
    flooded = d.p(0.3)
    crop = M.WATER if flooded else M.GRASS
    N.ground(d, y, M.GRASS, line=N.slope(d, y, 60))
    bank = d.r.choice((M.SOIL, M.GRASS, M.ROCK)) if flooded else d.r.choice((M.SOIL, M.SOIL, M.ROCK))
    n = d.r.randint(4, 11)
    slant = d.u(-160, 160)
    bow = d.u(-90, 90)
    for k in range(n):
        t = ((k + 0.5) / n) ** 1.35
        row = y + 20 + (1000 - y) * t
        s = 0.4 + 1.2 * t
        line = curve([(-60, row + slant * s + d.u(-14, 14)), (d.w * d.u(0.2, 0.45), row + bow * s), (d.w * d.u(0.55, 0.8), row - bow * s * 0.6), (d.w + 60, row - slant * s)], 6)  # fmt: skip
        d.shape(line, 1500, crop)
        thick = d.u(6, 16) + 26 * t
        d.fill(np.concatenate([line, line[::-1] + np.array([0.0, thick])]), bank, edge=BARE)
        d.line(line + np.array([0.0, thick]))
        d.line(line)
        if flooded:
            N.ripples(d, 0, d.w, row + thick, row + thick + 30 * s, 4)
        else:
            P.grass(d, 0, d.w, row + thick + 10, row + thick + 50 * s, 8)
        for _ in range(d.r.choice((0, 0, 1, 2))):
            x = d.u(0, d.w)
            at = float(np.interp(x, line[:, 0], line[:, 1]))
            if d.p(0.25):
                B.cottage(d, x, at + 4, 60 + 120 * t, 30 + 60 * t)
            else:
                grow(d, [(x, at + 4, 14 + 40 * t)], ("tree", "bush", "rock", "bush"))
    if d.p(0.4):
        w = d.u(60, 200)
        N.path(d, [(d.w * d.u(0.1, 0.9), 1060), (d.w * d.u(0.2, 0.8), y + (1000 - y) * 0.5), (d.w * d.u(0.2, 0.8), y + 30)], (w, 8), d.r.choice((M.SOIL, M.ROAD)))  # fmt: skip
    near_frame(d)


def castle(d: Sheet) -> None:
    y = horizon(d, 450, 640)
    backdrop(d, y, ("woods", "hills", "nothing", "town", "mountains"))
    N.ground(d, y, land(d, M.GRASS, M.SOIL, M.ROAD))
    x, foot = d.u(0.3, 0.7) * d.w, y + d.u(10, 80)
    if d.p(0.55):
        w, h = d.u(220, 480), d.u(70, 200)
        base = [(x - w * 0.75, foot), (x + w * 0.75, foot), (x + w * 0.55, foot - h), (x - w * 0.55, foot - h)]
        d.fill(base, M.ROCK, skip=(0,))
        d.marks([[(a - 12, b), (a + 12, b), (a + 14, b + 9), (a - 10, b + 10)] for a, b in ((x + d.u(-0.5, 0.5) * w, foot - d.u(0.1, 0.9) * h) for _ in range(14))])  # fmt: skip
        top = foot - h
        n = d.r.randint(2, 4)
        for k in range(n):
            s, hh = w * (1 - 0.2 * k), w * 0.2
            wall = front(x - s * 0.42, top, s * 0.84, hh)
            d.fill(wall.corners, M.WALL)
            m = d.r.randint(3, 6)
            for i in range(m):
                B.window(d, wall, (i + 0.3) / m, 0.35, (i + 0.7) / m, 0.7, "box")
            B.eaves(d, x, top - hh * 0.9, s * 0.56, hh * 0.5)
            if d.p(0.5):
                d.fill([(x - s * 0.16, top - hh), (x, top - hh * 1.5), (x + s * 0.16, top - hh)], M.ROOF)
            top -= hh * 1.3
    else:
        for k, (a, s) in enumerate(((0.0, 1.0), (-0.8, 0.6), (0.8, 0.6), (0.35, 0.75))[: d.r.randint(2, 4)]):
            w, h = d.u(120, 240) * s, d.u(200, 420) * s
            cx = x + a * 260
            wall = front(cx - w / 2, foot, w, h)
            d.fill(wall.corners, M.WALL)
            B.skin(d, wall)
            B.openings(d, wall, 3, entrance=k == 0)
            if d.p(0.6):
                d.fill([(cx - w * 0.6, foot - h), (cx, foot - h - w * d.u(0.7, 1.4)), (cx + w * 0.6, foot - h)], M.ROOF)
                T.banner(d, cx, foot - h - w * 0.7, w * 0.6)
            else:
                for i in range(5):
                    T.box(d, cx - w * 0.55 + i * w * 0.24, foot - h + 2, w * 0.14, w * 0.14, M.WALL)
        T.box(d, x - 420, foot, 840, d.u(70, 140), M.WALL)
        B.door(d, front(x - 45, foot, 90, 110), 0, 1, 1, M.WOOD)
    if d.p(0.5):
        row = foot + d.u(40, 120)
        N.ground(d, row, M.WATER)
        N.ripples(d, 0, d.w, row + 10, 1000, 14)
        if d.p(0.6):
            B.arch_bridge(d, x - 150, row + 40, 300, d.u(60, 120), arches=d.r.randint(1, 3), material=d.r.choice((M.WOOD, M.ROCK)))  # fmt: skip
    elif d.p(0.6):
        N.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), foot + 140), (x, foot + 3)],
            (d.u(150, 500), 70),
            M.ROAD,
        )
    grow(d, spots(d, y, d.r.randint(2, 9), far=0.1), ("tree", "bush", "conifer", "tree"))
    near_frame(d)


def tunnel(d: Sheet) -> None:
    y = horizon(d, 430, 600)
    N.sky(d, d.u(100, 250))
    line = N.slope(d, d.u(120, 330), 120)
    cover = land(d, M.FOLIAGE, M.GRASS, M.ROCK, M.FOLIAGE)
    (P.woods(d, line, 1500, d.u(25, 90)) if cover == M.FOLIAGE else d.shape(line, 1500, cover))
    rail = d.p(0.5)
    N.ground(d, y + d.u(0, 60), land(d, M.GRASS, M.SOIL))
    x, r = d.u(0.35, 0.65) * d.w, d.u(90, 210)
    foot = y + d.u(40, 90)
    w = r * d.u(1.5, 2.4)
    d.fill(
        [(x - w, foot), (x - w, foot - r * 2.1), (x + w, foot - r * 2.1), (x + w, foot)], d.r.choice((M.WALL, M.ROCK))
    )
    d.marks([[(a, b), (a + 30, b)] for a, b in ((x + d.u(-1, 0.8) * w, foot - d.u(0.1, 2) * r) for _ in range(14))])
    hole = np.concatenate([[(x + r, foot)], arc(x, foot - r * 0.8, r, r * 0.9, 2, 1, 12), [(x - r, foot)]])
    d.fill(hole, M.ROAD, edge=FREE)
    q = [(x - r * 0.8, foot), (x + r * 0.8, foot), (x + d.u(400, 800), 1060), (x - d.u(400, 800), 1060)]
    d.fill(q, M.SOIL if rail else M.ROAD, skip=(0, 2))
    if rail:
        for t in np.linspace(0.05, 1, 11) ** 1.7:
            a, b = mix(mix(q[0], q[3], t), mix(q[1], q[2], t), 0.2), mix(mix(q[0], q[3], t), mix(q[1], q[2], t), 0.8)
            d.rod(a, b, 4 + 26 * t, M.WOOD)
        for s in (0.33, 0.67):
            d.rod(mix(q[0], q[1], s), mix(q[3], q[2], s), 4, M.METAL, end=20)
    else:
        d.marks([[mix(mix(q[0], q[1], 0.5), mix(q[3], q[2], 0.5), t) for t in (0.0, 1.0)]], keep=1.3)
        for a, b in ((q[0], q[3]), (q[1], q[2])):
            if d.p(0.6):
                T.fence(d, a, b, 20, 130, d.r.choice(("guard", "rail", "wall")))
    grow(d, spots(d, y, d.r.randint(1, 7), far=0.15, clear=0.5), ("bush", "tree", "rock", "reeds", "conifer"))
    T.strew(d, spots(d, y, d.r.randint(0, 3), far=0.2, clear=0.5), ("sign", "pole", "lamp"))
    near_frame(d)


def bus_stop(d: Sheet) -> None:
    y = horizon(d, 330, 560)
    backdrop(d, y, ("mountains", "woods", "hills", "woods", "town"))
    meadow_ground(d, y, land(d, M.GRASS, M.GRASS, M.SOIL))
    foot = y + d.u(100, 260)
    grow(
        d,
        [(d.u(0, d.w), foot - d.u(20, 60), d.u(25, 60)) for _ in range(d.r.randint(0, 5))],
        ("tree", "bush", "conifer"),
    )
    x, w, h = d.u(0.15, 0.55) * d.w, d.u(220, 460), d.u(180, 300)
    material = d.r.choice((M.WOOD, M.WOOD, M.WALL))
    T.box(d, x, foot, w, h, material)
    if material == M.WOOD:
        d.marks([[(x + w * s, foot), (x + w * s, foot - h)] for s in np.linspace(0.1, 0.9, 8)])
    if d.p(0.5):
        B.window(d, front(x, foot, w, h), 0.55, 0.5, 0.85, 0.8)
    T.bench(d, x + w * 0.15, foot + 8, w * 0.6)
    for s in (0.02, 0.98):
        d.rod((x + s * w, foot + 16), (x + s * w, foot - h), 12, d.r.choice((M.WOOD, M.METAL)))
    d.fill([(x - 30, foot - h + 10), (x + w + 30, foot - h + 10), (x + w + 10, foot - h - d.u(20, 70)), (x - 10, foot - h - d.u(20, 70))], M.ROOF)  # fmt: skip
    T.sign(d, x + w * d.r.choice((-0.2, 1.2)), foot + 20, d.u(160, 240))
    row = foot + d.u(20, 70)
    deep = d.u(150, 320)
    T.box(d, -40, row + deep, d.w + 80, deep, M.ROAD)
    d.marks([[(-20, row + deep * 0.5), (d.w + 20, row + deep * 0.5)]] if d.p(0.5) else [[(a, row + deep * 0.5), (a + 90, row + deep * 0.5)] for a in np.arange(0, d.w, 180)], keep=1.3)  # fmt: skip
    if d.p(0.3):
        T.car(d, d.u(0.1, 0.9) * d.w, row + deep * d.u(0.4, 0.9), d.u(260, 560))
    T.strew(
        d,
        [(d.u(0, d.w), foot + d.u(0, 30), d.u(60, 90)) for _ in range(d.r.randint(0, 4))],
        ("pole", "vending", "lamp", "fence", "crate"),
    )
    low = row + deep
    if low < 990:
        P.grass(d, 0, d.w, low + 10, 1000, 12)
        grow(
            d,
            [(d.u(0, d.w), d.u(low, 1000), d.u(40, 100)) for _ in range(d.r.randint(0, 3))],
            ("bush", "rock", "reeds"),
        )
    near_frame(d, 0.3)


def fair(d: Sheet) -> None:
    y = horizon(d, 480, 680)
    N.sky(d, y, night=d.p(0.3))
    if d.p(0.6):
        P.woods(d, N.slope(d, y - 20, 40), y + 60, d.u(20, 70))
    N.ground(d, y + d.u(0, 40), land(d, M.ROAD, M.GRASS, M.SOIL))
    if d.p(0.75):
        x, r = d.u(0.2, 0.8) * d.w, d.u(140, 330)
        hub = (x, y - r * 1.05)
        for s in (-1, 1):
            d.rod((x + s * r * 0.5, y + 40), hub, r * 0.05, M.METAL)
        for k in (1.0, 0.9):
            d.line(ring(*hub, r * k, r * k, 60))
        n = d.r.randint(6, 14)
        for i in range(n):
            a = 6.283 * i / n
            p = (hub[0] + r * math.cos(a), hub[1] + r * math.sin(a))
            d.rod(hub, p, d.fine, M.METAL)
            s = r * 0.09
            d.fill(
                [
                    (p[0] - s, p[1] + s * 1.6),
                    (p[0] - s, p[1]),
                    (p[0], p[1] - s * 0.6),
                    (p[0] + s, p[1]),
                    (p[0] + s, p[1] + s * 1.6),
                ],
                M.METAL,
            )
            T.box(d, p[0] - s * 0.6, p[1] + s, s * 1.2, s * 0.8, M.WINDOW)
    if d.p(0.4):
        t = np.linspace(0, 1, 40)
        top = y - 60 - 160 * np.abs(np.sin(t * d.u(5, 9) + d.u(0, 3)))
        line = np.stack([d.w * t, top], 1)
        for p in line[::3]:
            d.rod((p[0], y + 20), (p[0], p[1]), d.fine, M.METAL)
        d.line(line)
        d.line(line + np.array([0.0, 10.0]))
    for x, row, s in spots(d, y, d.r.randint(2, 7), far=0.08, near=0.7):
        w = max(80, s * d.u(3, 5))
        way = d.r.choice(("tent", "booth", "carousel", "flag"))
        if way == "flag":
            T.banner(d, x, row, w)
        elif way == "booth":
            T.box(d, x, row, w, w * 0.6, M.WOOD if d.p(0.5) else M.WALL)
            T.box(d, x + w * 0.1, row - w * 0.25, w * 0.8, w * 0.3, M.WINDOW)
            T.awning(
                d,
                [
                    (x, row - w * 0.8),
                    (x + w, row - w * 0.8),
                    (x + w * 1.08, row - w * 0.55),
                    (x - w * 0.08, row - w * 0.55),
                ],
            )
        else:
            m = x + w / 2
            d.fill(
                [(x, row), (x, row - w * 0.5), (x + w, row - w * 0.5), (x + w, row)],
                M.CLOTH if way == "tent" else M.WOOD,
            )
            d.marks([[(x + w * k, row), (x + w * k, row - w * 0.5)] for k in (0.2, 0.4, 0.6, 0.8)])
            d.fill([(x - w * 0.08, row - w * 0.5), (m, row - w), (x + w * 1.08, row - w * 0.5)], M.CLOTH)
            d.marks([[(m, row - w), (x + w * k, row - w * 0.5)] for k in (0.2, 0.4, 0.6, 0.8)])
            T.banner(d, m, row - w, w * 0.3)
    grow(d, spots(d, y, d.r.randint(0, 6), far=0.2), ("tree", "bush", "tree"))
    T.strew(d, spots(d, y, d.r.randint(0, 6), far=0.3), ("bench", "lamp", "sign", "parasol", "fence", "lamp"))
    if d.p(0.4):
        T.lanterns(d, (-20, d.u(200, 500)), (d.w + 20, d.u(200, 500)), d.r.randint(5, 12), d.u(12, 30), d.u(20, 90))
    near_frame(d)


def market(d: Sheet) -> None:
    """Stalls before house fronts."""
    foot = d.u(480, 680)
    N.sky(d, foot - 250)
    x = -30.0
    while x < d.w:
        w, h = d.u(150, 340), d.u(180, 430)
        B.cottage(d, x, foot, w, h, floors=2 if h > 280 else 1, roof=d.r.choice(("side", "gable", "flat", "hip")))
        x += w * d.u(0.97, 1.1)
    N.ground(d, foot, M.ROAD)
    joints(d, foot - 150, d.w / 2, 7)
    for x, row, s in spots(d, foot - 150, d.r.randint(2, 8), far=0.25, near=0.9):
        s = max(s, 60)
        way = d.r.choice(("stall", "stall", "parasol", "table", "cart"))
        if way == "stall":
            w, h = s * d.u(1.6, 2.8), s * d.u(1.3, 1.8)
            for k in (0.03, 0.97):
                d.rod((x + k * w, row), (x + k * w, row - h), s * 0.05, M.WOOD)
            T.box(d, x, row, w, h * 0.4, M.WOOD)
            for k in range(d.r.randint(2, 6)):
                d.fill(
                    arc(x + w * (k + 0.5) / 6, row - h * 0.4, s * 0.14, s * 0.12, 1, 2, 6),
                    d.r.choice((M.FOLIAGE, M.CLOTH, M.WOOD)),
                    edge=FREE,
                )
            T.awning(
                d, [(x, row - h), (x + w, row - h), (x + w * 1.05, row - h * 0.75), (x - w * 0.05, row - h * 0.75)]
            )
        elif way == "table":
            T.box(d, x, row - s * 0.4, s, s * 0.1, M.WOOD)
            for k in (0.1, 0.9):
                d.rod((x + k * s, row), (x + k * s, row - s * 0.4), s * 0.05, M.WOOD)
        elif way == "cart":
            T.box(d, x, row - s * 0.25, s * 1.2, s * 0.35, M.WOOD)
            for k in (0.25, 0.95):
                d.fill(ring(x + k * s, row - s * 0.2, s * 0.2, s * 0.2, 14), M.WOOD, edge=FREE)
        else:
            T.parasol(d, x, row, s * d.u(1.2, 1.8))
    T.strew(d, spots(d, foot - 150, d.r.randint(0, 6), far=0.3), ("crate", "crate", "lamp", "sign", "banner", "bench"))
    if d.p(0.3):
        T.lanterns(d, (-20, d.u(150, 350)), (d.w + 20, d.u(150, 350)), d.r.randint(6, 14), d.u(14, 30), 50)
    near_frame(d, 0.15)


def temple(d: Sheet) -> None:
    y = d.u(450, 680)
    N.sky(d, y - 150)
    if d.p(0.6):
        N.mountains(d, y, d.u(80, 280))
    P.woods(d, N.slope(d, y - d.u(40, 200), 60), y + 40, d.u(25, 90)) if d.p(0.8) else None
    N.ground(d, y, land(d, M.SOIL, M.GRASS, M.ROAD))
    if d.p(0.7):
        B.tower(d, d.u(0.1, 0.9) * d.w, y + d.u(0, 30), d.u(160, 300), d.u(300, 560), "pagoda")
    if d.p(0.8):
        B.shrine_hall(d, d.u(0.2, 0.8) * d.w, y + d.u(10, 80), d.u(250, 700))
    if d.p(0.5):
        T.fence(d, (-30, y + d.u(60, 120)), (d.w * d.u(0.3, 1), y + d.u(60, 120)), d.u(60, 120), sort=d.r.choice(("wall", "posts", "boards")))  # fmt: skip
    if d.p(0.4):
        x, w = d.u(0.3, 0.7) * d.w, d.u(240, 420)
        foot = y + d.u(100, 260)
        for s in (-1, 1):
            d.rod((x + s * w * 0.4, foot), (x + s * w * 0.4, foot - w * 0.6), w * 0.06, M.WOOD)
        B.eaves(d, x, foot - w * 0.58, w * 0.65, w * 0.25)
    w = d.u(150, 600)
    N.path(d, [(d.w * d.u(0.3, 0.7), 1060), (d.w * d.u(0.35, 0.65), y + (1000 - y) * 0.4), (d.w * d.u(0.4, 0.6), y + 60)], (w, w * 0.2), M.ROAD)  # fmt: skip
    if d.p(0.3):
        poles_along(d, y, d.w * 0.5)
    for x, row, s in spots(d, y, d.r.randint(3, 9), far=0.1, clear=0.3):
        s = max(s, 25)
        if d.p(0.35):
            T.stone_lantern(d, x, row, s * d.u(1, 1.8))
        elif d.p(0.2):
            T.banner(d, x, row, s * 2)
        elif d.p(0.2):
            any_tree(d, x, row, s * d.u(4, 7))
        else:
            grow(d, [(x, row, s)], ("tree", "bush", "rock", "conifer"))
    near_frame(d, 0.3)


def roofs(d: Sheet) -> None:
    """Over the roofs of a town, from a hill or a tower."""
    eye = d.u(9, 30)
    cam = Camera(eye, d.u(900, 2200), d.w * d.u(0.25, 0.75), d.h * d.u(0.12, 0.45))
    backdrop(d, cam.horizon, ("mountains", "hills", "woods", "town", "nothing"))
    N.ground(d, cam.horizon, land(d, M.GRASS, M.ROAD, M.SOIL, M.GRASS))
    if d.p(0.35):
        far = cam.horizon + d.u(20, 90)
        T.box(d, -40, far, d.w + 80, far - cam.horizon, M.WATER)
    near, deep = eye * d.u(1.1, 1.8), eye * d.u(4, 10)
    if d.p(0.5):
        x, half = d.u(-6, 6), d.u(1.5, 4)
        d.fill(
            cam.polygon([(x - half, 0, 1), (x + half, 0, 1), (x + half, 0, 200), (x - half, 0, 200)]),
            M.ROAD,
            skip=(0, 2),
        )
    for z in sorted((near + deep * d.r.random() ** 1.5 for _ in range(d.r.randint(6, 26))), reverse=True):
        x = d.u(-0.6, 0.6) * d.w * z / cam.focal
        s = cam.scale(z)
        if d.p(0.8):
            B.house(d, cam, x - 4, z, d.u(6, 12), d.u(6, 12), d.u(2.6, 7))
        else:
            p = cam.at((x, 0, z))
            grow(d, [(p[0], p[1], s)], ("tree", "tree", "conifer", "bush"))
            if d.p(0.3):
                T.pole(d, p[0], p[1], s * 9)
    near_frame(d)


def alps(d: Sheet) -> None:
    """Mountains fill the picture."""
    y = d.u(560, 900)
    N.sky(d, d.u(150, 420))
    for k in range(d.r.randint(1, 4)):
        N.mountains(d, y + 40 * k, d.u(250, 760) * (1 - 0.16 * k), 1500)
    if d.p(0.6):
        P.woods(d, N.slope(d, y + d.u(-60, 60), 90), 1500, d.u(15, 60))
    for _ in range(d.r.choice((0, 0, 1, 2))):
        N.cloud(d, d.u(0, 1) * d.w, y - d.u(40, 300), d.u(200, 900), "flat" if d.p(0.5) else None)
    front_ = d.r.choice(("meadow", "lake", "snow", "rocks", "valley"))
    low = y + d.u(40, 140)
    if front_ == "lake":
        sea(d, low)
    elif front_ == "rocks":
        N.ground(d, 0, M.GRASS, line=N.slope(d, low, 60))
        grow(d, spots(d, low - 60, d.r.randint(4, 12), far=0.1), ("rock", "rocks", "rocks", "bush"))
    else:
        meadow_ground(d, low, M.GRASS, 14)
        grow(d, spots(d, low - 60, d.r.randint(0, 8), far=0.1), ("conifer", "conifer", "house", "rock", "tree"))
    near_frame(d)


def cafe(d: Sheet) -> None:
    """A shop front seen straight on, with awning, tables and parasols."""
    foot = d.u(640, 840)
    N.sky(d, 200)
    x, w, h = d.u(-0.1, 0.3) * d.w, d.u(0.5, 1.1) * d.w, d.u(360, 720)
    for side in (-1, 1):
        if d.p(0.6):
            B.cottage(d, x + (w + 10 if side > 0 else -330), foot, 320, d.u(250, 500))
    wall = front(x, foot, w, h)
    d.fill(wall.corners, M.WALL, skip=(0,))
    B.skin(d, wall)
    ground = min(0.9, 300 / h)
    n = d.r.randint(2, 5)
    at = d.r.randrange(n)
    for k in range(n):
        if k == at:
            B.door(d, wall, (k + 0.25) / n, (k + 0.75) / n, ground * 0.8)
        else:
            B.window(d, wall, (k + 0.08) / n, ground * 0.18, (k + 0.92) / n, ground * 0.75)
    for k in range(n):
        if ground < 0.7:
            B.window(d, wall, (k + 0.25) / n, ground + 0.1, (k + 0.75) / n, min(0.95, ground + 0.4))
    a, b = wall.at(0.02, ground), wall.at(0.98, ground)
    drop = d.u(40, 120)
    if d.p(0.8):
        m = d.r.choice((1, 1, n))
        for k in range(m):
            q0, q1 = mix(a, b, k / m), mix(a, b, (k + 0.94) / m)
            T.awning(d, [q0, q1, (q1[0] + 12, q1[1] + drop), (q0[0] - 12, q0[1] + drop)])
    if d.p(0.6):
        s = [
            (a[0] + w * 0.2, a[1] - 10),
            (b[0] - w * 0.2, a[1] - 10),
            (b[0] - w * 0.2, a[1] - 70),
            (a[0] + w * 0.2, a[1] - 70),
        ]
        d.fill(s, d.r.choice((M.WOOD, M.METAL, M.CLOTH)))
        T.scrawl(d, (s[0][0] + s[1][0]) / 2, s[2][1] + 10, 200, 40)
    d.fill([(x - 20, foot - h), (x + w + 20, foot - h), (x + w - 30, foot - h - 120), (x + 30, foot - h - 120)], M.ROOF)
    N.ground(d, foot, M.ROAD)
    joints(d, foot - 200, d.w / 2, 6)
    for px, row, s in spots(d, foot - 320, d.r.randint(1, 7), far=0.5, near=0.95):
        s = min(max(s, 70), 180)
        way = d.r.choice(("table", "parasol", "pot", "sign", "bench", "crate", "bicycle"))
        if way in ("table", "parasol"):
            if way == "parasol":
                T.parasol(d, px, row, s * 1.7)
            d.rod((px, row), (px, row - s * 0.6), s * 0.06, M.METAL)
            d.fill(ring(px, row - s * 0.6, s * 0.5, s * 0.12, 16), M.WOOD, edge=FREE)
        elif way == "pot":
            d.fill(
                [
                    (px - s * 0.2, row),
                    (px - s * 0.28, row - s * 0.4),
                    (px + s * 0.28, row - s * 0.4),
                    (px + s * 0.2, row),
                ],
                M.WALL,
            )
            P.crown(d, px, row - s * 0.75, s * 0.4, s * 0.42)
        elif way == "bicycle":
            for k in (-0.5, 0.5):
                d.line(ring(px + k * s, row - s * 0.3, s * 0.3, s * 0.3, 20))
            for p, q in (
                ((-0.5, 0.3), (-0.1, 0.7)),
                ((-0.1, 0.7), (0.4, 0.7)),
                ((0.4, 0.7), (0.5, 0.3)),
                ((-0.1, 0.3), (0.4, 0.65)),
            ):
                d.rod((px + p[0] * s, row - p[1] * s), (px + q[0] * s, row - q[1] * s), d.fine, M.METAL)
        else:
            T.strew(d, [(px, row, s)], (way,))
    if d.p(0.3):
        T.lanterns(d, (x, foot - h * 0.7), (x + w, foot - h * 0.7), d.r.randint(4, 9), d.u(16, 34), 40)
    near_frame(d, 0.2)


def balcony(d: Sheet) -> None:
    """Washing and a railing before a view of roofs, sea or hills."""
    y = horizon(d, 350, 600)
    backdrop(d, y, ("mountains", "town", "woods", "hills"))
    way = d.r.choice(("roofs", "sea", "fields", "city"))
    if way == "roofs":
        B.hamlet(d, y + 60, d.r.randint(5, 14), d.u(120, 260), drop=260)
    elif way == "sea":
        sea(d, y)
    elif way == "city":
        B.skyline(d, y + 200, 60, 330, n=d.r.randint(6, 14))
        B.skyline(d, y + 420, 60, 260, n=d.r.randint(4, 9))
    else:
        meadow_ground(d, y, M.GRASS)
        grow(d, spots(d, y, 7, near=0.5), ("tree", "house", "bush", "house"))
    floor = d.u(820, 960)
    N.ground(d, floor, d.r.choice((M.WOOD, M.ROAD, M.ROAD)))
    joints(d, y, d.w / 2, 7)
    T.fence(
        d,
        (-30, floor),
        (d.w + 30, floor),
        d.u(180, 330),
        sort=d.r.choice(("rail", "pickets", "posts", "boards", "wall")),
    )
    for side in d.r.sample((-1, 1), d.r.choice((0, 1, 1, 2))):
        w = d.u(80, 320)
        T.box(d, -30 if side < 0 else d.w + 30 - w, 1100, w, 1200, M.WALL)
        if d.p(0.5) and w > 160:
            T.box(d, 10 if side < 0 else d.w - w + 60, floor - 20, w * 0.5, 560, M.WINDOW)
    if d.p(0.4):
        d.fill(
            [(-30, -30), (d.w + 30, -30), (d.w + 30, d.u(40, 140)), (-30, d.u(40, 140))],
            d.r.choice((M.ROOF, M.CLOTH, M.WOOD)),
        )
    if d.p(0.75):
        row = d.u(180, 420)
        d.rod((-30, row), (d.w + 30, row + d.u(-40, 40)), 10, d.r.choice((M.METAL, M.WOOD)))
        for _ in range(d.r.randint(2, 7)):
            x, w, h = d.u(0.02, 0.9) * d.w, d.u(80, 260), d.u(120, 380)
            hem = curve([(x + w, row + h), (x + w / 2, row + h + d.u(-20, 20)), (x, row + h + d.u(-10, 20))], 4)
            d.fill(np.concatenate([[(x, row), (x + w, row)], hem]), M.CLOTH, edge=FREE)
            d.marks(
                [
                    [(x + w * k, row + 10), (x + w * (k + d.u(-0.1, 0.1)), row + h * d.u(0.4, 0.9))]
                    for k in (0.2, 0.5, 0.8)
                ]
            )
    for _ in range(d.r.randint(0, 4)):
        x, s = d.u(0, d.w), d.u(70, 140)
        T.box(d, x, floor + d.u(10, 60), s, s * 0.7, M.WALL)
        P.crown(d, x + s / 2, floor - s * 0.9, s * 0.6, s * 0.7)
    near_frame(d, 0.15)
