"""Parks, gardens, schools, fairs, markets, cafés."""

from __future__ import annotations

import math

import numpy as np

from training.fast import buildings as built
from training.fast import landmarks, nature, plants, posts, things, walls, ways
from training.fast.curves import arc, blob, curve, mix, ring
from training.fast.layers import backdrop, grow, horizon, joints, land, meadow_ground, near_frame, sea, spots
from training.fast.sheet import FREE, M, Sheet
from training.fast.space import front


def park(d: Sheet) -> None:
    y = horizon(d, 320, 560)
    backdrop(d, y, ("woods", "town", "trees", "trees", "hills"))
    ground = land(d, M.GRASS, M.GRASS, M.SOIL)
    meadow_ground(d, y, ground)
    way = d.r.choice(("trail", "trail", "path", "path", "strip", "none"))
    if way == "trail":
        ways.trail(d, y, *((M.ROAD, M.SOIL) if ground == M.GRASS else (M.ROAD, M.GRASS)))
    elif way == "strip":
        ways.strip(d, d.u(y + 80, 930), d.u(40, 200), d.r.choice((M.SOIL, M.ROAD)) if ground == M.GRASS else M.ROAD)
    elif way == "path":
        w = d.u(120, 500)
        nature.path(
            d,
            [(d.w * d.u(-0.1, 1.1), 1060), (d.w * d.u(0.2, 0.8), y + (1000 - y) * 0.4), (d.w * d.u(0.1, 0.9), y + 20)],
            (w, w * 0.12),
            d.r.choice((M.ROAD, M.SOIL) if ground == M.GRASS else (M.ROAD, M.GRASS)),
        )
    if d.p(0.3):
        pond(d, d.u(0.2, 0.8) * d.w, y + (1000 - y) * d.u(0.3, 0.7), d.u(150, 480))
    if d.p(0.25):
        p = spots(d, y, 1, far=0.3, near=0.7)[0]
        s = max(80, p[2] * 3)
        d.fill(ring(p[0], p[1], s, s * 0.25), M.ROCK, edge=FREE)
        d.fill(ring(p[0], p[1] - 4, s * 0.88, s * 0.2), M.WATER, edge=FREE)
        d.rod((p[0], p[1]), (p[0], p[1] - s * 0.6), s * 0.1, M.ROCK)
        d.fill(
            np.concatenate(
                [
                    arc(p[0] - s * 0.25, p[1] - s * 0.5, s * 0.25, s * 0.5, 1, 2, 7),
                    arc(p[0] + s * 0.25, p[1] - s * 0.5, s * 0.25, s * 0.5, 1, 2, 7),
                ]
            ),
            M.WATER,
            edge=FREE,
        )
    for x, row, s in spots(d, y, d.r.randint(4, 12), far=0.05, near=0.8):
        s = max(s, 12)
        what = d.r.choice(
            ("tree", "tree", "bench", "lamp", "play", "bush", "hedge", "sign", "flowers", "fence", "mast")
        )
        if what in ("tree", "bush"):
            grow(d, [(x, row, s)], (what,))
        elif what == "play":
            things.play(d, x, row, s * d.u(2, 3.5))
        elif what == "hedge":
            plants.hedge(d, (x, row), (x + s * d.u(3, 8), row + d.u(-10, 10)), s * 0.8)
        elif what == "flowers":
            d.fill(ring(x, row, s * 1.6, s * 0.4), M.FOLIAGE, edge=FREE)
            d.marks([ring(x + d.u(-1.3, 1.3) * s, row + d.u(-0.25, 0.25) * s, s * 0.1, s * 0.1, 6) for _ in range(7)])
        else:
            things.strew(d, [(x, row, s)], (what,))
    near_frame(d)


def pond(d: Sheet, x: float, y: float, w: float) -> None:
    """A pond with or without a rim of stones."""
    edge = blob(d, x, y, w, w * d.u(0.18, 0.35), 0.16, 30)
    d.fill(edge, M.WATER, edge=FREE)
    nature.ripples(d, x - w * 0.6, x + w * 0.6, y - w * 0.1, y + w * 0.15, 6)
    if d.p(0.6):
        for px, py in edge[:: d.r.randint(2, 4)]:
            nature.rock(d, float(px), float(py) + 12, w * d.u(0.08, 0.25))
    for _ in range(d.r.choice((0, 0, 3, 6))):
        a = d.u(0, 6.28)
        d.fill(
            ring(x + w * 0.6 * math.cos(a), y + w * 0.12 * math.sin(a), w * 0.07, w * 0.025, 10), M.FOLIAGE, edge=FREE
        )


def garden(d: Sheet) -> None:
    y = horizon(d, 350, 540)
    nature.sky(d, y)
    plants.woods(d, nature.slope(d, y - d.u(20, 160), 40), y + 40, d.u(25, 80)) if d.p(0.7) else None
    if d.p(0.6):
        posts.fence(
            d, (-30, y + 30), (d.w + 30, y + 30), d.u(50, 160), sort=d.r.choice(("boards", "wall", "pickets", "wall"))
        )
    meadow_ground(d, y + 20, land(d, M.GRASS, M.SOIL))
    if d.p(0.5):
        w = d.u(250, 600)
        built.cottage(d, d.r.choice((-0.05, 0.6)) * d.w, y + d.u(40, 120), w, w * d.u(0.35, 0.55))
    if d.p(0.65):
        pond(d, d.u(0.3, 0.7) * d.w, y + (1000 - y) * d.u(0.4, 0.7), d.u(200, 520))
    if d.p(0.3):
        x = d.u(0.2, 0.6) * d.w
        landmarks.arch_bridge(
            d, x, y + (1000 - y) * 0.45, d.u(250, 500), d.u(60, 110), material=d.r.choice((M.WOOD, M.ROCK))
        )
    for x, row, s in spots(d, y, d.r.randint(5, 13), far=0.1, near=0.95):
        s = max(s, 25)
        what = d.r.choice(
            (
                "tree",
                "pine",
                "bush",
                "bush",
                "rock",
                "lantern",
                "rocks",
                "reeds",
                "stones",
                "bamboo",
                "pot",
                "hedge",
                "parasol",
            )
        )
        if what == "pine":
            plants.trunk(d, x, row, s * 0.25, s * 1.2, d.u(-0.4, 0.4) * s)
            plants.pads(d, x, row - s * 2, s * 1.4, s * 1.6)
        elif what == "lantern":
            posts.stone_lantern(d, x, row, s * d.u(1, 1.7))
        elif what == "stones":
            for k in range(4):
                d.fill(ring(x + k * s * 0.7, row + k * s * 0.15, s * 0.3, s * 0.1, 12), M.ROCK, edge=FREE)
        elif what == "bamboo":
            for k in range(4):
                plants.bamboo(d, x + k * s * 0.3, row, s * d.u(3, 6))
        elif what == "pot":
            d.box(x, row, s * 0.5, s * 0.4, M.WALL)
            plants.crown(d, x + s * 0.25, row - s * 0.65, s * 0.35, s * 0.35)
        elif what == "hedge":
            plants.hedge(d, (x, row), (x + s * 4, row), s)
        elif what == "parasol":
            things.strew(d, [(x, row, s)], ("parasol", "bench"))
        else:
            grow(d, [(x, row, s)], (what,))
    near_frame(d)


def school(d: Sheet) -> None:
    y = horizon(d, 380, 560)
    backdrop(d, y, ("hills", "woods", "town", "nothing", "trees"))
    nature.ground(d, y, land(d, M.SOIL, M.SOIL, M.GRASS))
    foot = y + d.u(20, 130)
    x, w, h = d.u(-0.1, 0.35) * d.w, d.u(0.5, 1.0) * d.w, d.u(170, 420)
    floors = d.r.randint(2, 4)
    for a, b, tall in ((x, w, h), (x + w * d.u(0.3, 0.6), w * 0.2, h * d.u(1.1, 1.4))) if d.p(0.5) else ((x, w, h),):
        wall = built.front(a, foot, b, tall)
        d.fill(wall.corners, M.WALL)
        d.fill([wall.e, wall.c, (wall.c[0], wall.c[1] - 14), (wall.e[0], wall.e[1] - 14)], M.ROOF)
        walls.panes(d, wall, max(2, min(14, int(b / d.u(60, 120)))), floors)
    if d.p(0.6):
        m = x + w * 0.5
        walls.door(d, built.front(m - 60, foot, 120, 130), 0, 1, 1, d.r.choice((M.WINDOW, M.WOOD)))
        d.box(m - 90, foot - 130, 180, 18, M.ROOF)
    if d.p(0.5):
        s = h * 0.1
        d.fill(ring(x + w * 0.5, foot - h * d.u(1.05, 1.25), s, s, 20), M.WALL, edge=FREE)
        d.marks([[(x + w * 0.5, foot - h * 1.15), (x + w * 0.5, foot - h * 1.15 - s * 0.6)]], keep=1.4)
    for a, row, s in spots(d, y, d.r.randint(2, 9), far=(foot - y) / (1000 - y), near=0.85):
        s = max(s, 20)
        if d.p(0.5):
            grow(d, [(a, row, s)], ("tree", "bush", "tree"))
        elif d.p(0.4):
            things.play(d, a, row, s * 2.4)
        else:
            things.strew(d, [(a, row, s)], ("bench", "banner", "lamp", "sign", "fence", "mast"))
    if d.p(0.3):
        d.marks([ring(d.w / 2, y + (1000 - y) * 0.6, d.w * k, (1000 - y) * k * 0.5, 40) for k in (0.3, 0.38)], keep=1.2)
    if d.p(0.3):
        row = d.u(900, 1000)
        for side in (-1, 1):
            d.box(d.w / 2 + side * d.u(250, 420) - 40, row, 80, d.u(180, 300), d.r.choice((M.WALL, M.ROCK)))
            posts.fence(
                d,
                (d.w / 2 + side * 400, row),
                (d.w / 2 + side * d.w * 0.55, row),
                130,
                sort=d.r.choice(("wall", "rail", "net")),
            )
    near_frame(d)


def fair(d: Sheet) -> None:
    y = horizon(d, 480, 680)
    nature.sky(d, y, night=d.p(0.3))
    if d.p(0.6):
        plants.woods(d, nature.slope(d, y - 20, 40), y + 60, d.u(20, 70))
    nature.ground(d, y + d.u(0, 40), land(d, M.ROAD, M.GRASS, M.SOIL))
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
            d.box(p[0] - s * 0.6, p[1] + s, s * 1.2, s * 0.8, M.WINDOW)
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
            posts.banner(d, x, row, w)
        elif way == "booth":
            d.box(x, row, w, w * 0.6, M.WOOD if d.p(0.5) else M.WALL)
            d.box(x + w * 0.1, row - w * 0.25, w * 0.8, w * 0.3, M.WINDOW)
            things.awning(
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
            posts.banner(d, m, row - w, w * 0.3)
    grow(d, spots(d, y, d.r.randint(0, 6), far=0.2), ("tree", "bush", "tree"))
    things.strew(d, spots(d, y, d.r.randint(0, 6), far=0.3), ("bench", "lamp", "sign", "parasol", "fence", "stall"))
    if d.p(0.4):
        posts.lanterns(d, (-20, d.u(200, 500)), (d.w + 20, d.u(200, 500)), d.r.randint(5, 12), d.u(12, 30), d.u(20, 90))
    near_frame(d)


def market(d: Sheet) -> None:
    """Stalls before house fronts."""
    foot = d.u(480, 680)
    nature.sky(d, foot - 250)
    x = -30.0
    while x < d.w:
        w, h = d.u(150, 340), d.u(180, 430)
        built.cottage(d, x, foot, w, h, floors=2 if h > 280 else 1, roof=d.r.choice(("side", "gable", "flat", "hip")))
        x += w * d.u(0.97, 1.1)
    nature.ground(d, foot, M.ROAD)
    joints(d, foot - 150, d.w / 2, 7)
    for x, row, s in spots(d, foot - 150, d.r.randint(2, 8), far=0.25, near=0.9):
        s = max(s, 60)
        way = d.r.choice(("stall", "stall", "tent", "tent", "parasol", "table", "cart"))
        if way == "tent":
            things.stall(d, x, row, s * d.u(1.4, 3))
        elif way == "stall":
            w, h = s * d.u(1.6, 2.8), s * d.u(1.3, 1.8)
            for k in (0.03, 0.97):
                d.rod((x + k * w, row), (x + k * w, row - h), s * 0.05, M.WOOD)
            d.box(x, row, w, h * 0.4, M.WOOD)
            for k in range(d.r.randint(2, 6)):
                d.fill(
                    arc(x + w * (k + 0.5) / 6, row - h * 0.4, s * 0.14, s * 0.12, 1, 2, 6),
                    d.r.choice((M.FOLIAGE, M.CLOTH, M.WOOD)),
                    edge=FREE,
                )
            things.awning(
                d, [(x, row - h), (x + w, row - h), (x + w * 1.05, row - h * 0.75), (x - w * 0.05, row - h * 0.75)]
            )
        elif way == "table":
            d.box(x, row - s * 0.4, s, s * 0.1, M.WOOD)
            for k in (0.1, 0.9):
                d.rod((x + k * s, row), (x + k * s, row - s * 0.4), s * 0.05, M.WOOD)
        elif way == "cart":
            d.box(x, row - s * 0.25, s * 1.2, s * 0.35, M.WOOD)
            for k in (0.25, 0.95):
                d.fill(ring(x + k * s, row - s * 0.2, s * 0.2, s * 0.2, 14), M.WOOD, edge=FREE)
        else:
            things.parasol(d, x, row, s * d.u(1.2, 1.8))
    things.strew(
        d, spots(d, foot - 150, d.r.randint(0, 6), far=0.3), ("crate", "crate", "lamp", "sign", "banner", "bench")
    )
    if d.p(0.3):
        posts.lanterns(d, (-20, d.u(150, 350)), (d.w + 20, d.u(150, 350)), d.r.randint(6, 14), d.u(14, 30), 50)
    near_frame(d, 0.15)


def cafe(d: Sheet) -> None:
    """A shop front seen straight on, with awning, tables and parasols."""
    foot = d.u(640, 840)
    nature.sky(d, 200)
    x, w, h = d.u(-0.1, 0.3) * d.w, d.u(0.5, 1.1) * d.w, d.u(360, 720)
    for side in (-1, 1):
        if d.p(0.6):
            built.cottage(d, x + (w + 10 if side > 0 else -330), foot, 320, d.u(250, 500))
    wall = front(x, foot, w, h)
    d.fill(wall.corners, M.WALL, skip=(0,))
    walls.skin(d, wall)
    ground = min(0.9, 300 / h)
    n = d.r.randint(2, 5)
    at = d.r.randrange(n)
    for k in range(n):
        if k == at:
            walls.door(d, wall, (k + 0.25) / n, (k + 0.75) / n, ground * 0.8)
        else:
            walls.window(d, wall, (k + 0.08) / n, ground * 0.18, (k + 0.92) / n, ground * 0.75)
    for k in range(n):
        if ground < 0.7:
            walls.window(d, wall, (k + 0.25) / n, ground + 0.1, (k + 0.75) / n, min(0.95, ground + 0.4))
    a, b = wall.at(0.02, ground), wall.at(0.98, ground)
    drop = d.u(40, 120)
    if d.p(0.8):
        m = d.r.choice((1, 1, n))
        for k in range(m):
            q0, q1 = mix(a, b, k / m), mix(a, b, (k + 0.94) / m)
            things.awning(d, [q0, q1, (q1[0] + 12, q1[1] + drop), (q0[0] - 12, q0[1] + drop)])
    if d.p(0.6):
        s = [
            (a[0] + w * 0.2, a[1] - 10),
            (b[0] - w * 0.2, a[1] - 10),
            (b[0] - w * 0.2, a[1] - 70),
            (a[0] + w * 0.2, a[1] - 70),
        ]
        d.fill(s, d.r.choice((M.WOOD, M.METAL, M.CLOTH)))
        posts.scrawl(d, (s[0][0] + s[1][0]) / 2, s[2][1] + 10, 200, 40)
    d.fill([(x - 20, foot - h), (x + w + 20, foot - h), (x + w - 30, foot - h - 120), (x + 30, foot - h - 120)], M.ROOF)
    nature.ground(d, foot, M.ROAD)
    joints(d, foot - 200, d.w / 2, 6)
    for px, row, s in spots(d, foot - 320, d.r.randint(1, 7), far=0.5, near=0.95):
        s = min(max(s, 70), 180)
        way = d.r.choice(("table", "parasol", "pot", "sign", "bench", "crate", "bicycle"))
        if way in ("table", "parasol"):
            if way == "parasol":
                things.parasol(d, px, row, s * 1.7)
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
            plants.crown(d, px, row - s * 0.75, s * 0.4, s * 0.42)
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
            things.strew(d, [(px, row, s)], (way,))
    if d.p(0.3):
        posts.lanterns(d, (x, foot - h * 0.7), (x + w, foot - h * 0.7), d.r.randint(4, 9), d.u(16, 34), 40)
    near_frame(d, 0.2)


def balcony(d: Sheet) -> None:
    """Washing and a railing before a view of roofs, sea or hills."""
    y = horizon(d, 350, 600)
    backdrop(d, y, ("mountains", "town", "woods", "hills"))
    way = d.r.choice(("roofs", "sea", "fields", "city"))
    if way == "roofs":
        built.hamlet(d, y + 60, d.r.randint(5, 14), d.u(120, 260), drop=260)
    elif way == "sea":
        sea(d, y)
    elif way == "city":
        built.skyline(d, y + 200, 60, 330, n=d.r.randint(6, 14))
        built.skyline(d, y + 420, 60, 260, n=d.r.randint(4, 9))
    else:
        meadow_ground(d, y, M.GRASS)
        grow(d, spots(d, y, 7, near=0.5), ("tree", "house", "bush", "house"))
    floor = d.u(820, 960)
    nature.ground(d, floor, d.r.choice((M.WOOD, M.ROAD, M.ROAD)))
    joints(d, y, d.w / 2, 7)
    posts.fence(
        d,
        (-30, floor),
        (d.w + 30, floor),
        d.u(180, 330),
        sort=d.r.choice(("rail", "pickets", "posts", "boards", "wall")),
    )
    for side in d.r.sample((-1, 1), d.r.choice((0, 1, 1, 2))):
        w = d.u(80, 320)
        d.box(-30 if side < 0 else d.w + 30 - w, 1100, w, 1200, M.WALL)
        if d.p(0.5) and w > 160:
            d.box(10 if side < 0 else d.w - w + 60, floor - 20, w * 0.5, 560, M.WINDOW)
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
        d.box(x, floor + d.u(10, 60), s, s * 0.7, M.WALL)
        plants.crown(d, x + s / 2, floor - s * 0.9, s * 0.6, s * 0.7)
    near_frame(d, 0.15)
