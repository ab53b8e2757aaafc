"""Villages, towns and cities seen from near and far."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import landmarks, nature, plants, posts, things, vehicles, walls, ways
from training.fast.curves import arc, bumps, curve, mix, ring
from training.fast.layers import backdrop, grow, horizon, joints, land, meadow_ground, near_frame, sea, spots
from training.fast.scenes.rails import poles_along
from training.fast.sheet import FREE, M, Sheet
from training.fast.space import Camera, camera, front


def village(d: Sheet) -> None:
    cam = camera(d, 1.5, 12.0, horizon=(0.2, 0.55))
    backdrop(d, cam.horizon, ("mountains", "woods", "hills", "woods"))
    meadow_ground(d, cam.horizon, land(d, M.GRASS, M.GRASS, M.SOIL))
    w = d.u(100, 520)
    way = land(d, M.SOIL, M.SOIL, M.ROAD, M.ROAD, M.WATER)
    how = d.r.choice(("trail", "trail", "path", "path", "strip", "none"))
    if how == "trail":
        ways.trail(d, cam.horizon, way)
    elif how == "strip":
        ways.strip(d, d.u(cam.horizon + 120, 920), d.u(40, 200), way if way != M.WATER else M.ROAD)
    elif how == "path":
        nature.path(
            d,
            [
                (d.w * d.u(0.1, 0.9), 1060),
                (d.w * d.u(0.2, 0.8), cam.horizon + (1000 - cam.horizon) * 0.45),
                (d.w * d.u(0.2, 0.8), cam.horizon + 15),
            ],
            (w, w * 0.08),
            way,
        )
    deep = cam.eye * 7
    for z in sorted((cam.eye * 1.6 + deep * d.r.random() ** 1.3 + 3 for _ in range(d.r.randint(4, 13))), reverse=True):
        x = d.u(-0.75, 0.75) * d.w * z / cam.focal
        if d.p(0.6):
            built.house(d, cam, x, z, d.u(4, 9), d.u(4, 8), d.u(2, 4.5))
        else:
            p = cam.at((x, 0, z))
            s = cam.scale(z)
            grow(d, [(p[0], p[1], s)], ("tree", "bush", "tree", "conifer"))
            if d.p(0.2):
                posts.fence(d, (p[0], p[1]), (p[0] + 5 * s, p[1]), 0.8 * s)
    things.strew(
        d,
        spots(d, cam.horizon, d.r.randint(0, 5), far=0.3),
        ("pole", "crate", "sign", "laundry", "fence", "stone lantern"),
    )
    if d.p(0.15):
        p = spots(d, cam.horizon, 1, far=0.3, near=0.6)[0]
        things.well(d, p[0], p[1], max(50, p[2] * 1.4))
    if d.p(0.15):
        ways.rail_before(d)
    if d.p(0.3):
        poles_along(d, cam.horizon, cam.centre)
    near_frame(d)


def snow_village(d: Sheet) -> None:
    y = horizon(d, 260, 500)
    nature.sky(d, y, night=d.p(0.3))
    nature.mountains(d, y, d.u(60, 330)) if d.p(0.7) else None
    plants.woods(d, nature.slope(d, y - 30, 40), y + 50, d.u(15, 50)) if d.p(0.6) else None
    d._manner["tree"] = d.r.choice(("conifer", "conifer", "bare"))
    for k in range(d.r.randint(1, 3)):
        row = y + 30 + k * (1000 - y) * 0.27
        meadow_ground(d, row, M.GRASS, 6)
        for _ in range(d.r.randint(1, 4)):
            w = d.u(90, 220) * (1 + k * 0.7)
            x, foot = d.u(-0.05, 0.95) * d.w, row + d.u(30, 110)
            built.cottage(d, x, foot, w, w * d.u(0.3, 0.6))
            if d.p(0.5):
                s = w * 0.5
                d.fill(
                    curve([(x - s * 0.4, foot + 10), (x + s * 0.3, foot - s * 0.25), (x + s, foot + 14)], 5),
                    M.GRASS,
                    edge=FREE,
                )
        grow(
            d,
            [(x, foot, max(s, 12)) for x, foot, s in spots(d, row, d.r.randint(1, 5), near=0.4)],
            ("conifer", "tree", "bush"),
        )
    if d.p(0.3):
        ways.trail(d, y + d.u(30, 80), M.SOIL, M.ROAD)
    elif d.p(0.4):
        w = d.u(80, 300)
        nature.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), y + (1000 - y) * 0.5), (d.w * d.u(0.3, 0.7), y + 60)],
            (w, 12),
            d.r.choice((M.SOIL, M.ROAD)),
        )
    things.strew(
        d, spots(d, y, d.r.randint(0, 4), far=0.3), ("pole", "lamp", "fence", "stone lantern", "sign", "crate")
    )
    near_frame(d)


def skyline(d: Sheet) -> None:
    y = d.u(450, 950)
    nature.sky(d, y, night=d.p(0.4))
    if d.p(0.3):
        nature.mountains(d, y, d.u(60, 240), y + 200)
    for k in range(d.r.randint(1, 3)):
        built.skyline(
            d,
            y + 60 * k * k,
            d.u(30, 140),
            d.u(150, 560) * (1 - 0.15 * k),
            n=d.r.randint(5, 22 - 5 * k),
            solid=d.u(0, 0.5) if k else d.u(0, 0.9),
        )
    front = d.r.choice(("water", "roofs", "road", "park", "none", "water"))
    y = y + d.u(0, 100)
    if front == "water":
        sea(d, y)
        if d.p(0.5):
            landmarks.arch_bridge(
                d,
                -20,
                y + d.u(0, 40),
                d.w * d.u(0.4, 1.1),
                d.u(50, 130),
                arches=d.r.randint(2, 6),
                material=d.r.choice((M.METAL, M.ROCK, M.WALL)),
            )
    elif front == "roofs":
        for _ in range(2):
            built.hamlet(d, y + 60, d.r.randint(5, 14), d.u(80, 200), drop=160)
    elif front == "road":
        nature.ground(d, y, M.ROAD)
        joints(d, y, d.w / 2, 7)
        things.strew(d, spots(d, y, 4), ("lamp", "car", "sign", "bench"))
    elif front == "park":
        meadow_ground(d, y, M.GRASS)
        grow(d, spots(d, y, 8), ("tree", "bush", "tree"))
        things.strew(d, spots(d, y, 3), ("bench", "lamp"))
    else:
        built.skyline(d, 1040, 60, 200, n=d.r.randint(3, 9))
    if d.p(0.15):
        landmarks.tower(d, d.u(0.1, 0.9) * d.w, y, d.u(60, 150), d.u(300, 600), d.r.choice(("mast", "clock")))
    near_frame(d, 0.15)


def fireworks(d: Sheet) -> None:
    y = d.u(500, 800)
    for _ in range(d.r.randint(1, 6)):
        nature.firework(d, d.u(0.05, 0.95) * d.w, d.u(0.06, 0.8) * y, d.u(50, 260))
    nature.sky(d, y, night=True, room=0.15) if d.p(0.3) else None
    if d.p(0.35):
        nature.mountains(d, y, d.u(30, 140))
    way = d.r.choice(("city", "river", "village", "sea", "crowns"))
    if way in ("city", "river"):
        built.skyline(d, y + 20, d.u(30, 80), d.u(90, 300), n=d.r.randint(8, 22))
    elif way == "village":
        built.hamlet(d, y + 10, d.r.randint(4, 12), d.u(50, 140), drop=60)
    elif way == "crowns":
        plants.woods(d, nature.slope(d, y - 20, 40), y + 60, d.u(20, 80))
    (sea(d, y + 20) if way in ("river", "sea") else meadow_ground(d, y + 30, d.r.choice((M.GRASS, M.ROAD, M.SOIL))))
    things.strew(
        d,
        spots(d, y, d.r.randint(0, 5), far=0.3),
        ("lamp", "banner", "fence", "bench", "boat") if way not in ("river", "sea") else ("boat",),
    )
    if d.p(0.3):
        posts.lanterns(d, (-20, d.u(50, 300)), (d.w + 20, d.u(50, 300)), d.r.randint(5, 14), d.u(15, 40), d.u(20, 90))
    near_frame(d)


def rooftop(d: Sheet) -> None:
    y = horizon(d, 350, 600)
    nature.sky(d, y, night=d.p(0.2))
    if d.p(0.85):
        for k in range(d.r.randint(1, 2)):
            built.skyline(d, y + 60 + 60 * k, 30, d.u(100, 330), n=d.r.randint(6, 18))
    if d.p(0.25):
        nature.mountains(d, y, d.u(50, 150))
    floor = y + d.u(60, 220)
    nature.ground(d, floor, M.ROAD)
    joints(d, y, d.u(0.1, 0.9) * d.w, 6)
    if d.p(0.85):
        posts.fence(
            d,
            (-30, floor),
            (d.w + 30, floor + d.u(-20, 20)),
            d.u(50, 200),
            sort=d.r.choice(("net", "rail", "wall", "rail")),
        )
    if d.p(0.6):
        x, w = d.r.choice((-0.05, 0.65)) * d.w, d.u(0.2, 0.4) * d.w
        foot, h = floor + d.u(20, 140), d.u(200, 420)
        d.box(x, foot, w, h, M.WALL)
        wall = built.front(x, foot, w, h)
        walls.door(d, wall, 0.3, 0.3 + d.u(0.15, 0.25), 0.75, d.r.choice((M.METAL, M.WOOD)))
        if d.p(0.5):
            walls.window(d, wall, 0.65, 0.5, 0.85, 0.75)
        d.fill(
            [(x - 15, foot - h), (x + w + 15, foot - h), (x + w + 15, foot - h - 25), (x - 15, foot - h - 25)], M.ROOF
        )
        if d.p(0.5):
            built.crest(d, x + w * 0.5, foot - h - 25, w * 0.3)
    for x, row, s in spots(d, y, d.r.randint(1, 7), far=(floor - y) / (1000 - y) + 0.05):
        what = d.r.choice(("tank", "unit", "pots", "bench", "laundry", "pipe", "unit", "aerial", "crate"))
        s = max(s, 25)
        if what == "tank":
            for k in (-0.4, 0.4):
                d.rod((x + k * s, row), (x + k * s, row - s * 0.6), s * 0.06, M.METAL)
            if d.p(0.5):
                d.fill(ring(x, row - s * 1.1, s * 0.55, s * 0.55, 16), M.METAL, edge=FREE)
            else:
                d.box(x - s * 0.5, row - s * 0.5, s, s * 0.9, M.METAL)
                d.fill(arc(x, row - s * 1.4, s * 0.5, s * 0.2, 1, 2, 7), M.METAL, edge=FREE)
        elif what == "unit":
            d.box(x, row, s * 0.9, s * 0.7, M.METAL)
            d.marks([ring(x + s * 0.35, row - s * 0.35, s * 0.22, s * 0.22, 12)], keep=1.3)
        elif what == "pots":
            for k in range(3):
                d.box(x + k * s * 0.4, row, s * 0.28, s * 0.25, M.WALL)
                plants.crown(d, x + (k + 0.35) * s * 0.4, row - s * 0.42, s * 0.2, s * 0.22)
        elif what == "pipe":
            d.rod((x, row), (x + s * 2, row), s * 0.1, M.METAL)
        elif what == "aerial":
            built.crest(d, x, row, s)
        else:
            things.strew(d, [(x, row, s)], (what,))
    near_frame(d, 0.1)


def courtyard(d: Sheet) -> None:
    """A house front close by, with its yard."""
    foot = d.u(560, 800)
    nature.sky(d, foot - 200)
    if d.p(0.6):
        plants.woods(d, nature.slope(d, d.u(200, 450), 80), foot, d.u(30, 100))
    nature.ground(d, foot - d.u(0, 60), d.r.choice((M.SOIL, M.GRASS, M.ROAD)))
    x, w = d.u(-0.1, 0.4) * d.w, d.u(0.45, 0.9) * d.w
    built.cottage(d, x, foot, w, d.u(220, 460), floors=d.r.choice((1, 1, 2)))
    if d.p(0.4):
        q = [(x, foot), (x + w * d.u(0.5, 1), foot), (x + w, foot + 35), (x, foot + 35)]
        d.fill(q, M.WOOD)
        d.marks([[mix(q[0], q[1], t), mix(q[3], q[2], t)] for t in np.linspace(0.05, 0.95, 10)])
    if d.p(0.3):
        for k in (0.1, 0.5, 0.9):
            d.rod((x + k * w, foot), (x + k * w, foot - 240), 16, M.WOOD)
        d.fill([(x - 20, foot - 225), (x + w + 20, foot - 225), (x + w - 20, foot - 300), (x + 20, foot - 300)], M.ROOF)
    plants.grass(d, 0, d.w, foot + 20, 1000, 14)
    nature.soil(d, 0, d.w, foot + 20, 1000, 10)
    grow(d, spots(d, foot - 250, d.r.randint(1, 6), far=0.5), ("tree", "bush", "rock", "bush"))
    things.strew(
        d,
        spots(d, foot - 250, d.r.randint(0, 6), far=0.45),
        ("crate", "laundry", "bench", "banner", "fence", "pole", "stone lantern", "sign"),
    )
    if d.p(0.4):
        n = d.r.randint(3, 7)
        for k in range(n):
            t = (k + 0.5) / n
            px, row = mix((x + w / 2, foot + 30), (d.w * 0.5, 1000), t)
            d.fill(ring(px + d.u(-20, 20), row, 30 + 60 * t, 9 + 18 * t, 12), M.ROCK, edge=FREE)
    near_frame(d, 0.3)


def hillside_town(d: Sheet) -> None:
    y = horizon(d, 450, 700)
    nature.sky(d, y - 250)
    if d.p(0.4):
        nature.mountains(d, y - d.u(0, 100), d.u(80, 300), y + 50)
    peak = d.u(120, 380)
    line = curve(
        [
            (-60, y - d.u(0, 250)),
            (d.w * d.u(0.2, 0.5), y - peak),
            (d.w * d.u(0.6, 0.9), y - peak * d.u(0.3, 1)),
            (d.w + 60, y - d.u(-40, 200)),
        ],
        7,
    )
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
                built.cottage(d, x, row, size * d.u(0.8, 1.4), size * d.u(0.4, 0.9))
            else:
                grow(d, [(x, row, size / 4)], ("tree", "bush", "conifer"))
        if d.p(0.3):
            a = d.u(0, 0.6) * d.w
            b = float(np.interp(a, line[:, 0], line[:, 1])) * (1 - t) + (y + 60) * t + 20
            d.box(a, b + size * 0.4, d.u(0.1, 0.4) * d.w, size * 0.4, d.r.choice((M.ROCK, M.WALL)))
    foot = y + d.u(40, 110)
    if d.p(0.65):
        d.box(-40, foot + 24, d.w + 80, d.u(20, 50), d.r.choice((M.ROAD, M.ROCK, M.WALL)))
        sea(d, foot + 10, 16)
        for s in sorted(d.u(0.1, 0.9) for _ in range(d.r.randint(0, 5))):
            vehicles.boat(d, d.u(0, 1) * d.w, foot + (1000 - foot) * s, 70 + 260 * s)
    else:
        nature.ground(d, foot, M.ROAD)
        things.strew(d, spots(d, foot - 120, 5, far=0.3), ("pole", "sign", "car", "lamp", "fence", "vending"))
    near_frame(d)


def roofs(d: Sheet) -> None:
    """Over the roofs of a town, from a hill or a tower."""
    eye = d.u(9, 30)
    cam = Camera(eye, d.u(900, 2200), d.w * d.u(0.25, 0.75), d.h * d.u(0.12, 0.45))
    backdrop(d, cam.horizon, ("mountains", "hills", "woods", "town", "nothing"))
    nature.ground(d, cam.horizon, land(d, M.GRASS, M.ROAD, M.SOIL, M.GRASS))
    if d.p(0.35):
        far = cam.horizon + d.u(20, 90)
        d.box(-40, far, d.w + 80, far - cam.horizon, M.WATER)
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
            built.house(d, cam, x - 4, z, d.u(6, 12), d.u(6, 12), d.u(2.6, 7))
        else:
            p = cam.at((x, 0, z))
            grow(d, [(p[0], p[1], s)], ("tree", "tree", "conifer", "bush"))
            if d.p(0.3):
                posts.pole(d, p[0], p[1], s * 9)
    near_frame(d)


def works(d: Sheet) -> None:
    """Factories, tanks and pipes."""
    y = horizon(d, 350, 600)
    backdrop(d, y, ("town", "hills", "nothing"))
    nature.ground(d, y, land(d, M.ROAD, M.SOIL))
    for x, row, s in spots(d, y, d.r.randint(4, 10), far=0.03, near=0.5):
        s = max(s, 25)
        what = d.r.choice(("hall", "hall", "stack", "tank", "crane", "mast", "box"))
        if what == "hall":
            w, h, n = s * d.u(5, 9), s * d.u(2, 4), d.r.randint(2, 5)
            teeth = [p for k in range(n) for p in ((x + w * k / n, row - h - s), (x + w * (k + 1) / n, row - h))]
            d.fill([(x, row), *teeth, (x + w, row)], M.WALL)
            for k in range(n):
                d.fill([(x + w * k / n, row - h - s), (x + w * (k + 1) / n, row - h), (x + w * k / n, row - h)], M.ROOF)
            walls.openings(d, built.front(x, row, w, h), 1)
        elif what == "stack":
            d.fill(
                [(x - s * 0.5, row), (x - s * 0.3, row - s * 8), (x + s * 0.3, row - s * 8), (x + s * 0.5, row)],
                d.r.choice((M.WALL, M.METAL)),
            )
            if d.p(0.5):
                nature.cloud(d, x + s * 2, row - s * 9, s * 4, "scallop")
        elif what == "tank":
            d.fill(
                [(x - s * 1.5, row), (x - s * 1.5, row - s * 2), (x + s * 1.5, row - s * 2), (x + s * 1.5, row)],
                M.METAL,
            )
            d.fill(ring(x, row - s * 2, s * 1.5, s * 0.3, 20), M.METAL, edge=FREE)
        elif what == "crane":
            vehicles.crane(d, x, row, s * d.u(6, 12))
        elif what == "mast":
            landmarks.tower(d, x, row, s * 2, s * 9, "mast")
        else:
            d.box(x, row, s * d.u(2, 4), s * d.u(1, 2), M.METAL)
    things.strew(d, spots(d, y, d.r.randint(0, 6), far=0.4), ("crate", "fence", "car", "pole", "sign", "lamp"))
    near_frame(d, 0.1)


def castle(d: Sheet) -> None:
    y = horizon(d, 450, 640)
    backdrop(d, y, ("woods", "hills", "nothing", "town", "mountains"))
    nature.ground(d, y, land(d, M.GRASS, M.SOIL, M.ROAD))
    x, foot = d.u(0.3, 0.7) * d.w, y + d.u(10, 80)
    if d.p(0.55):
        w, h = d.u(220, 480), d.u(70, 200)
        base = [(x - w * 0.75, foot), (x + w * 0.75, foot), (x + w * 0.55, foot - h), (x - w * 0.55, foot - h)]
        d.fill(base, M.ROCK, skip=(0,))
        d.marks(
            [
                [(a - 12, b), (a + 12, b), (a + 14, b + 9), (a - 10, b + 10)]
                for a, b in ((x + d.u(-0.5, 0.5) * w, foot - d.u(0.1, 0.9) * h) for _ in range(14))
            ]
        )
        top = foot - h
        n = d.r.randint(2, 4)
        for k in range(n):
            s, hh = w * (1 - 0.2 * k), w * 0.2
            wall = front(x - s * 0.42, top, s * 0.84, hh)
            d.fill(wall.corners, M.WALL)
            m = d.r.randint(3, 6)
            for i in range(m):
                walls.window(d, wall, (i + 0.3) / m, 0.35, (i + 0.7) / m, 0.7, "box")
            landmarks.eaves(d, x, top - hh * 0.9, s * 0.56, hh * 0.5)
            if d.p(0.5):
                d.fill([(x - s * 0.16, top - hh), (x, top - hh * 1.5), (x + s * 0.16, top - hh)], M.ROOF)
            top -= hh * 1.3
    else:
        for k, (a, s) in enumerate(((0.0, 1.0), (-0.8, 0.6), (0.8, 0.6), (0.35, 0.75))[: d.r.randint(2, 4)]):
            w, h = d.u(120, 240) * s, d.u(200, 420) * s
            cx = x + a * 260
            wall = front(cx - w / 2, foot, w, h)
            d.fill(wall.corners, M.WALL)
            walls.skin(d, wall)
            walls.openings(d, wall, 3, entrance=k == 0)
            if d.p(0.6):
                d.fill([(cx - w * 0.6, foot - h), (cx, foot - h - w * d.u(0.7, 1.4)), (cx + w * 0.6, foot - h)], M.ROOF)
                posts.banner(d, cx, foot - h - w * 0.7, w * 0.6)
            else:
                for i in range(5):
                    d.box(cx - w * 0.55 + i * w * 0.24, foot - h + 2, w * 0.14, w * 0.14, M.WALL)
        d.box(x - 420, foot, 840, d.u(70, 140), M.WALL)
        walls.door(d, front(x - 45, foot, 90, 110), 0, 1, 1, M.WOOD)
    if d.p(0.5):
        row = foot + d.u(40, 120)
        nature.ground(d, row, M.WATER)
        nature.ripples(d, 0, d.w, row + 10, 1000, 14)
        if d.p(0.6):
            landmarks.arch_bridge(
                d, x - 150, row + 40, 300, d.u(60, 120), arches=d.r.randint(1, 3), material=d.r.choice((M.WOOD, M.ROCK))
            )
    elif d.p(0.6):
        nature.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), foot + 140), (x, foot + 3)],
            (d.u(150, 500), 70),
            M.ROAD,
        )
    grow(d, spots(d, y, d.r.randint(2, 9), far=0.1), ("tree", "bush", "conifer", "tree"))
    near_frame(d)
