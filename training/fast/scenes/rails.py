"""Railways and roads."""

from __future__ import annotations

import numpy as np

from training.fast import buildings as built
from training.fast import nature, plants, posts, things, vehicles, walls, ways
from training.fast.curves import arc, mix, ring
from training.fast.layers import any_tree, backdrop, grow, horizon, land, meadow_ground, near_frame, spots
from training.fast.sheet import FREE, M, Sheet
from training.fast.space import Camera, camera, front, upright


def track(d: Sheet, cam: Camera, x: float, far: float = 60.0) -> None:
    """A railway line along z: bed, sleepers, two rails."""
    bed = d.u(1.3, 2.0)
    d.fill(
        cam.polygon([(x - bed, 0, 0.8), (x + bed, 0, 0.8), (x + bed, 0, far), (x - bed, 0, far)]), M.SOIL, skip=(0, 2)
    )
    way = d.manner("sleepers", ("bars", "bars", "lines", "few", "none"))
    z = 1.6
    while z < 26 and way != "none":
        if way == "lines":
            d.edge(cam.at((x - 1.05, 0, z)), cam.at((x + 1.05, 0, z)), 0.8)
        else:
            d.fill(
                cam.polygon(
                    [
                        (x - 1.1, 0, z),
                        (x + 1.1, 0, z),
                        (x + 1.1, 0, z + 0.26 * (1 + 0.05 * z)),
                        (x - 1.1, 0, z + 0.26 * (1 + 0.05 * z)),
                    ]
                ),
                M.WOOD,
                skip=() if z < 12 else (1, 3),
            )
        z += (0.75 if way != "few" else 1.5) * (1 + 0.09 * z)
    for s in (-0.6, 0.6):
        a, b = cam.at((x + s, 0.08, 1.0)), cam.at((x + s, 0.08, far))
        d.rod(a, b, cam.scale(1.0) * 0.08, M.METAL, end=1.0)


def platform(d: Sheet) -> None:
    cam = camera(d, 1.6, 3.0, horizon=(0.35, 0.6))
    backdrop(d, cam.horizon, ("mountains", "woods", "town", "hills", "trees"))
    nature.ground(d, cam.horizon, land(d, M.GRASS, M.SOIL))
    m = d.r.choice((-1, 1))
    grow(
        d,
        [
            (cam.at((-m * d.u(3, 12), 0, z))[0], cam.row(z), cam.scale(z))
            for z in sorted((d.u(3, 25) for _ in range(d.r.randint(0, 7))), reverse=True)
        ],
        ("tree", "bush", "bush", "conifer", "house"),
    )
    for k in range(d.r.choice((1, 1, 2))):
        track(d, cam, -m * (0.3 + 3.2 * k))
    edge, h, far = m * d.u(1.2, 2.0), d.u(0.5, 1.2), 50.0
    wide = d.u(3, 9)
    d.fill(cam.polygon([(edge, 0, 0.7), (edge, h, 0.7), (edge, h, far), (edge, 0, far)]), M.ROAD)
    d.fill(
        cam.polygon([(edge, h, 0.7), (edge + m * wide, h, 0.7), (edge + m * wide, h, far), (edge, h, far)]),
        M.ROAD,
        skip=(0,),
    )
    d.marks([[cam.at((edge + m * k, h, 1.0)), cam.at((edge + m * k, h, far))] for k in (0.4, 0.6)], keep=1.3)
    back = edge + m * wide
    if d.p(0.6):
        posts.fence(
            d,
            cam.at((back, h, 1.2)),
            cam.at((back, h, far)),
            cam.scale(1.2) * d.u(1, 2),
            cam.scale(far) * 1.2,
            d.r.choice(("boards", "wall", "posts", "rail")),
        )
    if d.p(0.55):
        z0, z1, top = d.u(3, 7), d.u(10, 25), h + d.u(2.6, 3.6)
        if d.p(0.6):
            x0 = back - m * 1.2
            built.house(d, cam, min(x0, x0 + m * 4), z0 + 1, 4, z1 - z0 - 1, top - 0.4, y=h)
        for z in np.linspace(z1, z0, d.r.randint(2, 5)):
            d.rod(
                cam.at((edge + m * 1.2, h, z)),
                cam.at((edge + m * 1.2, top, z)),
                cam.scale(z) * 0.13,
                d.r.choice((M.WOOD, M.METAL)),
            )
        q = cam.polygon(
            [(edge + m * 0.6, top, z0), (back, top + 0.7, z0), (back, top + 0.7, z1), (edge + m * 0.6, top, z1)]
        )
        d.fill(q, M.ROOF)
        d.fill(
            cam.polygon(
                [
                    (edge + m * 0.6, top, z0),
                    (edge + m * 0.6, top - 0.3, z0),
                    (edge + m * 0.6, top - 0.3, z1),
                    (edge + m * 0.6, top, z1),
                ]
            ),
            d.r.choice((M.WOOD, M.ROOF)),
        )
    places = []
    for _ in range(d.r.randint(1, 6)):
        z = d.u(2.5, 18)
        p = cam.at((edge + m * d.u(0.9, wide * 0.8), h, z))
        places.append((*p, cam.scale(z)))
    things.strew(d, places, ("sign", "bench", "lamp", "vending", "sign", "banner", "crate", "pole"))
    if d.p(0.3):
        z0, n = d.u(4, 14), d.r.randint(1, 3)
        x = -m * 0.3
        d.fill(
            cam.polygon([(x + m, 0.6, z0), (x + m, 3.6, z0), (x + m, 3.6, z0 + 18 * n), (x + m, 0.6, z0 + 18 * n)]),
            M.METAL,
        )
        face = upright(cam, (x - 1.4, 0.4, z0), (x + 1.4, 0.4, z0), 3.3)
        if face is not None:
            d.fill(face.corners, M.METAL)
            walls.window(d, face, 0.12, 0.5, 0.45, 0.85, "box")
            walls.window(d, face, 0.55, 0.5, 0.88, 0.85, "box")
            for s in (0.2, 0.8):
                p = face.at(s, 0.25)
                d.fill(ring(*p, face.width * 0.06, face.width * 0.06, 8), M.GLOW, edge=FREE)
    if d.p(0.5):
        poles_along(d, cam.horizon, cam.centre)
    near_frame(d, 0.2)


def station(d: Sheet) -> None:
    y = horizon(d, 320, 560)
    backdrop(d, y, ("mountains", "woods", "hills", "woods", "town"))
    nature.ground(d, y, M.GRASS)
    foot = y + d.u(120, 300)
    grow(
        d,
        [(d.u(0, d.w), foot - d.u(30, 90), d.u(20, 60)) for _ in range(d.r.randint(0, 6))],
        ("tree", "conifer", "bush"),
    )
    x, w = d.u(0.1, 0.45) * d.w, d.u(0.25, 0.5) * d.w
    high = d.u(30, 80)
    d.box(-40, foot + high, d.w + 80, high, M.ROAD)
    built.cottage(d, x, foot, w, w * d.u(0.28, 0.5), roof=d.r.choice(("side", "gable", "hip", None)))
    if d.p(0.6):
        a, b = x - d.u(0.05, 0.3) * d.w, x + w + d.u(0.05, 0.3) * d.w
        top = foot - w * 0.3
        for t in np.linspace(0.03, 0.97, d.r.randint(3, 6)):
            px = a + (b - a) * t
            d.rod((px, foot + 10), (px, top), 10, d.r.choice((M.WOOD, M.METAL)))
        d.fill([(a, top), (b, top), (b - 30, top - d.u(25, 80)), (a + 30, top - d.u(25, 80))], M.ROOF)
    things.strew(
        d,
        [(d.u(0, d.w), foot + d.u(2, high * 0.3), d.u(60, 100)) for _ in range(d.r.randint(1, 6))],
        ("sign", "sign", "bench", "lamp", "vending", "banner", "pole", "crate"),
    )
    bed = foot + high
    d.box(-40, bed + d.u(120, 220), d.w + 80, d.u(120, 220), M.SOIL)
    for k in range(d.r.choice((1, 2))):
        row = bed + 50 + 80 * k
        for px in np.arange(-20, d.w, d.u(40, 90)):
            d.box(float(px), row + 16, 26, 12, M.WOOD)
        for s in (0, 22):
            d.rod((-20, row - 6 + s), (d.w + 20, row - 6 + s), d.fine, M.METAL)
    if d.p(0.35):
        vehicles.train(d, d.u(-0.3, 0.6) * d.w, bed + 60, d.u(0.5, 1.1) * d.w, d.u(150, 280), cars=d.r.randint(1, 3))
    low = bed + d.u(140, 260)
    meadow_ground(d, low, land(d, M.GRASS, M.SOIL), 16)
    grow(d, [(d.u(0, d.w), d.u(low, 1000), d.u(40, 110)) for _ in range(d.r.randint(0, 4))], ("bush", "rock", "reeds"))
    near_frame(d, 0.3)


def railway(d: Sheet) -> None:
    cam = camera(d, 1.3, 4.0, horizon=(0.3, 0.6))
    backdrop(d, cam.horizon, ("mountains", "woods", "hills", "town", "trees"))
    meadow_ground(d, cam.horizon, M.GRASS)
    offset = d.u(-2.5, 2.5)
    for k in range(d.r.choice((1, 1, 2))):
        track(d, cam, offset + 3.6 * k)
    for z in sorted((d.u(3, 30) for _ in range(d.r.randint(2, 12))), reverse=True):
        side = d.r.choice((-1, 1))
        p = cam.at((offset + side * d.u(3.5, 12), 0, z))
        s = cam.scale(z)
        if d.p(0.7):
            grow(d, [(*p, s)], ("tree", "bush", "bush", "rock", "house", "conifer", "reeds"))
        else:
            things.strew(d, [(*p, s)], ("pole", "sign", "pole", "lamp"))
    if d.p(0.15):
        ways.rail_before(d)
    if d.p(0.5):
        z = d.u(3, 8)
        plants.grass(d, 0, d.w, cam.row(z), 1000, 20)
    if d.p(0.5):
        poles_along(d, cam.horizon, cam.centre)
    near_frame(d)


def crossing(d: Sheet) -> None:
    cam = camera(d, 1.4, 2.5, horizon=(0.4, 0.6))
    backdrop(d, cam.horizon, ("mountains", "woods", "hills", "town"))
    nature.ground(d, cam.horizon, land(d, M.GRASS, M.SOIL))
    half = d.u(1.6, 3.2)
    for z in sorted((d.u(12, 40) for _ in range(d.r.randint(0, 7))), reverse=True):
        side = d.r.choice((-1, 1))
        if d.p(0.6):
            w = d.u(5, 8)
            built.house(d, cam, side * half * 1.3 - (w if side < 0 else 0), z, w, 6, d.u(2.8, 6))
        else:
            any_tree(d, *cam.at((side * half * d.u(1.3, 4), 0, z)), cam.scale(z) * d.u(4, 8))
    d.fill(cam.polygon([(-half, 0, 0.7), (half, 0, 0.7), (half, 0, 70), (-half, 0, 70)]), M.ROAD, skip=(0, 2))
    z0 = d.u(4, 9)
    x = 60.0
    d.fill(cam.polygon([(-x, 0, z0 - 1.4), (x, 0, z0 - 1.4), (x, 0, z0 + 2.8), (-x, 0, z0 + 2.8)]), M.SOIL, skip=(1, 3))
    d.fill(
        cam.polygon([(-half, 0, z0 - 1.4), (half, 0, z0 - 1.4), (half, 0, z0 + 2.8), (-half, 0, z0 + 2.8)]),
        M.ROAD,
        skip=(0, 2),
    )
    for side in (-1, 1):
        for k in range(14):
            a = side * (half + 0.3 + k * 0.75)
            d.fill(
                cam.polygon(
                    [(a, 0, z0 - 0.6), (a + 0.3 * side, 0, z0 - 0.6), (a + 0.3 * side, 0, z0 + 2), (a, 0, z0 + 2)]
                ),
                M.WOOD,
            )
    for s in (0.0, 1.3):
        d.rod(cam.at((-x, 0.05, z0 + s)), cam.at((x, 0.05, z0 + s)), cam.scale(z0) * 0.08, M.METAL)
    if d.p(0.25):
        p, q = cam.at((-12, 0, z0 + 0.5)), cam.at((14, 0, z0 + 0.5))
        vehicles.train(d, p[0], p[1], q[0] - p[0], cam.scale(z0) * 3.4, cars=2)
    for side in (-1, 1):
        p = cam.at((side * half * 1.12, 0, z0 - 1.7))
        s = cam.scale(z0 - 1.7)
        if d.p(0.9):
            posts.barrier(d, p[0], p[1], s * d.u(2.4, 3.4), -side * s * half * d.u(0.9, 1.9))
        if d.p(0.4):
            posts.fence(d, p, cam.at((side * half * 4, 0, z0 - 1.7)), s * 0.9)
    if d.p(0.6):
        poles_along(d, cam.horizon, cam.centre)
    grow(d, spots(d, cam.horizon, d.r.randint(0, 5), far=0.5, clear=0.6), ("bush", "reeds", "rock", "tree"))
    near_frame(d, 0.2)


def road(d: Sheet) -> None:
    y = horizon(d, 320, 600)
    backdrop(d, y, ("mountains", "woods", "hills", "nothing", "town"))
    meadow_ground(d, y, land(d, M.GRASS, M.GRASS, M.SOIL))
    vx, w = d.u(0.15, 0.85) * d.w, d.u(350, 1300)
    pts = [
        (d.w * d.u(0.2, 0.8), 1060),
        (mix((vx, 0), (d.w / 2, 0), 0.4)[0] + d.u(-150, 150), y + (1000 - y) * 0.35),
        (vx, y + 3),
    ]
    straight = d.p(0.55)
    if straight:
        pts[1] = mix(pts[0], pts[2], 0.5)
    nature.path(d, pts, (w * 1.3, 14), d.r.choice((M.GRASS, M.SOIL, M.ROAD))) if d.p(0.4) else None
    if straight:
        a, b = pts[0], pts[2]
        d.fill([(a[0] - w / 2, 1060), (b[0] - 4, b[1]), (b[0] + 4, b[1]), (a[0] + w / 2, 1060)], M.ROAD, skip=(1, 3))
        if d.p(0.6):
            d.marks(
                [[mix(a, b, t), mix(a, b, t + 0.07)] for t in (0.1, 0.3, 0.48, 0.63, 0.75, 0.84)]
                if d.p(0.6)
                else [[a, b]],
                keep=1.3,
            )
    else:
        nature.path(d, pts, (w, 6), M.ROAD)
    if d.p(0.15):
        ways.strip(d, d.u(y + 60, 900), d.u(30, 160))
    poles_along(d, y, vx) if d.p(0.75) else None
    grow(d, spots(d, y, d.r.randint(1, 9), clear=0.4), ("tree", "bush", "house", "rock", "reeds", "conifer"))
    things.strew(d, spots(d, y, d.r.randint(0, 4), far=0.1, clear=0.35), ("sign", "fence", "pole", "lamp", "vending"))
    for x, row, s in spots(d, y, d.r.choice((0, 0, 1, 2)), far=0.05, near=0.6):
        del x
        vehicles.car(
            d,
            mix(pts[2], pts[0], (row - y) / (1000 - y))[0] + d.u(-0.2, 0.2) * w * (row - y) / (1000 - y),
            row,
            max(20, s * 3),
        )
    if d.p(0.3):
        m = d.r.choice((-1, 1))
        posts.fence(d, (pts[0][0] + m * w * 0.55, 1040), (vx + m * 8, y + 6), d.u(100, 190), 3, "guard")
    near_frame(d)


def tunnel(d: Sheet) -> None:
    y = horizon(d, 430, 600)
    nature.sky(d, d.u(100, 250))
    line = nature.slope(d, d.u(120, 330), 120)
    cover = land(d, M.FOLIAGE, M.GRASS, M.ROCK, M.FOLIAGE)
    (plants.woods(d, line, 1500, d.u(25, 90)) if cover == M.FOLIAGE else d.shape(line, 1500, cover))
    rail = d.p(0.5)
    nature.ground(d, y + d.u(0, 60), land(d, M.GRASS, M.SOIL))
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
                posts.fence(d, a, b, 20, 130, d.r.choice(("guard", "rail", "wall")))
    grow(d, spots(d, y, d.r.randint(1, 7), far=0.15, clear=0.5), ("bush", "tree", "rock", "reeds", "conifer"))
    things.strew(d, spots(d, y, d.r.randint(0, 3), far=0.2, clear=0.5), ("sign", "pole", "lamp"))
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
    d.box(x, foot, w, h, material)
    if material == M.WOOD:
        d.marks([[(x + w * s, foot), (x + w * s, foot - h)] for s in np.linspace(0.1, 0.9, 8)])
    if d.p(0.5):
        walls.window(d, front(x, foot, w, h), 0.55, 0.5, 0.85, 0.8)
    things.bench(d, x + w * 0.15, foot + 8, w * 0.6)
    for s in (0.02, 0.98):
        d.rod((x + s * w, foot + 16), (x + s * w, foot - h), 12, d.r.choice((M.WOOD, M.METAL)))
    d.fill(
        [
            (x - 30, foot - h + 10),
            (x + w + 30, foot - h + 10),
            (x + w + 10, foot - h - d.u(20, 70)),
            (x - 10, foot - h - d.u(20, 70)),
        ],
        M.ROOF,
    )
    posts.sign(d, x + w * d.r.choice((-0.2, 1.2)), foot + 20, d.u(160, 240))
    row = foot + d.u(20, 70)
    deep = d.u(150, 320)
    plain = d.p(0.5)
    ways.strip(d, row, deep) if plain else d.box(-40, row + deep, d.w + 80, deep, M.ROAD)
    d.marks(
        []
        if plain
        else [[(-20, row + deep * 0.5), (d.w + 20, row + deep * 0.5)]]
        if d.p(0.5)
        else [[(a, row + deep * 0.5), (a + 90, row + deep * 0.5)] for a in np.arange(0, d.w, 180)],
        keep=1.3,
    )
    if d.p(0.3):
        vehicles.car(d, d.u(0.1, 0.9) * d.w, row + deep * d.u(0.4, 0.9), d.u(260, 560))
    things.strew(
        d,
        [(d.u(0, d.w), foot + d.u(0, 30), d.u(60, 90)) for _ in range(d.r.randint(0, 4))],
        ("pole", "vending", "lamp", "fence", "crate"),
    )
    low = row + deep
    if low < 990:
        plants.grass(d, 0, d.w, low + 10, 1000, 12)
        grow(
            d,
            [(d.u(0, d.w), d.u(low, 1000), d.u(40, 100)) for _ in range(d.r.randint(0, 3))],
            ("bush", "rock", "reeds"),
        )
    if d.p(0.25):
        ways.rail_before(d)
    near_frame(d, 0.3)


def poles_along(d: Sheet, y: float, vx: float) -> None:
    """Power poles with wires that go off to a vanishing point."""
    x, h0 = d.r.choice((d.u(-0.1, 0.3), d.u(0.7, 1.1))) * d.w, d.u(450, 1100)
    before: list[tuple[float, float]] | None = None
    for k in range(d.r.randint(2, 6), -1, -1):
        t = 1 / (1 + 0.8 * k)
        px, row = vx + (x - vx) * t, y + (d.u(880, 1060) - y) * t
        now = posts.pole(d, px, row, h0 * t)
        if before is not None:
            posts.wires(d, before, now, 40 * t)
        before = now
    if before is not None:
        posts.wires(d, before, [(2 * px - vx + d.u(-100, 100), py - h0 * 0.5) for px, py in before], 60)
