"""Scenes of towns, stations, shrines and other places that people have built."""

from __future__ import annotations

import math

import numpy as np

from genzu.core.material import Material as M
from training.fast import buildings as B
from training.fast import nature as N
from training.fast import plants as P
from training.fast import things as T
from training.fast.curves import arc, curve, mix, ring
from training.fast.layers import (
    any_tree,
    backdrop,
    grow,
    horizon,
    island,
    joints,
    land,
    meadow_ground,
    near_frame,
    sea,
    spots,
)
from training.fast.scenes_wild import poles_along
from training.fast.sheet import BARE, FREE, Sheet
from training.fast.space import Camera, Wall, camera, upright


# --- streets in perspective -------------------------------------------------------------------------------------
def street_floor(d: Sheet, cam: Camera, half: float, *, kind: int = M.ROAD, pavements: bool = True) -> None:
    """The ground of a street along z, with kerbs or gutters and joints."""
    N.ground(
        d, cam.horizon, d.r.choice((M.ROAD, M.ROAD, M.SOIL, M.GRASS)) if kind == M.ROAD and not pavements else kind
    )
    far = 80.0
    if not pavements:
        q = cam.polygon([(-half, 0, 0.5), (half, 0, 0.5), (half, 0, far), (-half, 0, far)])
        d.fill(q, M.ROAD, edge=BARE)
    for x in (-half, half) if d.p(0.75) else ():
        d.edge(cam.at((x, 0, 1.0)), cam.at((x, 0, far)))
        if d.p(0.5):
            d.edge(cam.at((x * 1.06, 0, 1.0)), cam.at((x * 1.06, 0, far)), 0.7)
    way = d.manner("street marks", ("none", "none", "centre", "dashes", "crossing", "joints"))
    if way == "centre":
        d.marks([[cam.at((0, 0, 1.2)), cam.at((0, 0, far))]], keep=1.3)
    elif way == "dashes":
        for z in (3, 5, 8, 13, 21):
            d.marks([cam.polygon([(-0.08, 0, z), (0.08, 0, z), (0.08, 0, z * 1.25), (-0.08, 0, z * 1.25)])], keep=1.3)
    elif way == "crossing":
        z = d.u(3, 9)
        for k in range(6):
            a = -half + 2 * half * (k + 0.2) / 6
            d.fill(
                cam.polygon([(a, 0, z), (a + half * 0.2, 0, z), (a + half * 0.2, 0, z * 1.4), (a, 0, z * 1.4)]), M.ROAD
            )
    elif way == "joints":
        joints(d, cam.horizon, cam.centre, 8)


def shop_wall(d: Sheet, wall: Wall, cam: Camera, side: int, x: float, z0: float, z1: float, h: float) -> None:
    """A shop front along a street: door, glass, board above, awning that stands out, windows upstairs."""
    floors = max(1, round(h / 3))
    ground = min(1.0, 2.9 / h)
    glass = d.u(0.1, 0.5)
    B.door(d, wall, 0.06, glass * 0.9, ground * 0.72, None)
    if d.p(0.75):
        q = wall.rect(glass, ground * d.u(0.1, 0.3), 0.94, ground * 0.72)
        d.fill(q, M.WINDOW)
        d.marks([[mix(q[0], q[1], t), mix(q[3], q[2], t)] for t in (0.33, 0.67)])
    out = x - side * d.u(0.6, 1.8)
    y = 2.9 * d.u(0.8, 1.0)
    what = d.r.choice(("awning", "awning", "awning", "board", "noren", "eave", "none"))
    if what == "awning":
        low = y - d.u(0.3, 0.9)
        T.awning(d, [cam.at((x, y, z1)), cam.at((x, y, z0)), cam.at((out, low, z0)), cam.at((out, low, z1))])
        d.fill([cam.at((x, y, z0)), cam.at((out, low, z0)), cam.at((x, low, z0))], M.CLOTH) if d.p(0.5) else None
    elif what == "board":
        d.fill(wall.rect(0.04, ground * 0.8, 0.96, ground * 1.02), M.WOOD)
    elif what == "noren":
        d.fill(wall.rect(0.05, ground * 0.5, glass, ground * 0.75), M.CLOTH)
    elif what == "eave":
        d.fill([cam.at((x, y, z1)), cam.at((x, y, z0)), cam.at((out, y - 0.3, z0)), cam.at((out, y - 0.3, z1))], M.ROOF)
    if d.p(0.35):
        t = y + d.u(0.4, 1.2)
        q = [cam.at((x, t, z0)), cam.at((out, t, z0)), cam.at((out, t + d.u(0.6, 2.5), z0))]
        q.append((q[0][0], q[2][1]))
        d.fill(q, d.r.choice((M.WOOD, M.WOOD, M.METAL, M.CLOTH)))
    if floors > 1:
        n = max(1, min(4, int(wall.width / (8 * d.fine))))
        for f in range(1, min(floors, 5)):
            for k in range(n):
                s = (k + 0.5) / n
                B.window(d, wall, s - 0.28 / n, (f + 0.3) / floors, s + 0.28 / n, (f + 0.8) / floors)


def row_of_houses(
    d: Sheet, cam: Camera, side: int, half: float, *, shops: float, high: tuple[float, float], far: float = 45.0
) -> None:
    """Houses along one side of a street, the farthest first."""
    cuts = [d.u(-1, 1.5)]
    while cuts[-1] < far:
        cuts.append(cuts[-1] + d.u(3.5, 10))
    x = side * half
    for z0, z1 in reversed(list(zip(cuts[:-1], cuts[1:], strict=True))):
        if d.p(0.08):
            any_tree(d, *cam.at((x + side, 0, max(z0, 1.2))), cam.scale(max(z0, 1.2)) * d.u(3, 6))
            continue
        h = d.u(*high)
        wall = upright(cam, (x, 0, max(z0, 0.6)), (x, 0, z1), h)
        if wall is None or z1 < 0.8:
            continue
        a, b = max(z0, 0.6), z1
        if d.p(0.55) and h < 9:
            rise, over = d.u(0.6, 2.2), d.u(0.2, 0.8)
            way = d.manner("street roof", ("eaves", "gables"))
            if way == "eaves":
                q = [
                    cam.at((x - side * over, h - 0.2, a)),
                    cam.at((x - side * over, h - 0.2, b)),
                    cam.at((x + side * 3, h + rise, b)),
                    cam.at((x + side * 3, h + rise, a)),
                ]
                d.fill(q, M.ROOF)
                B.tiles(d, q)
                d.fill(
                    [
                        cam.at((x, 0, a)),
                        cam.at((x, h, a)),
                        cam.at((x + side * 3, h + rise, a)),
                        cam.at((x + side * 6, h, a)),
                        cam.at((x + side * 6, 0, a)),
                    ],
                    M.WALL,
                )
            else:
                m = (a + b) / 2
                d.fill([cam.at((x, h, a)), cam.at((x, h + rise, m)), cam.at((x, h, b))], M.WALL)
                d.fill(
                    [
                        cam.at((x, h, a)),
                        cam.at((x, h + rise, m)),
                        cam.at((x + side * 5, h + rise, m)),
                        cam.at((x + side * 5, h, a)),
                    ],
                    M.ROOF,
                )
                d.fill(
                    [cam.at((x, 0, a)), cam.at((x, h, a)), cam.at((x + side * 6, h, a)), cam.at((x + side * 6, 0, a))],
                    M.WALL,
                )
        else:
            d.fill(
                [cam.at((x, 0, a)), cam.at((x, h, a)), cam.at((x + side * 7, h, a)), cam.at((x + side * 7, 0, a))],
                M.WALL,
            )
            if d.p(0.3):
                q = [
                    cam.at((x - side * 0.2, h, a)),
                    cam.at((x - side * 0.2, h, b)),
                    cam.at((x - side * 0.2, h + 0.5, b)),
                    cam.at((x - side * 0.2, h + 0.5, a)),
                ]
                d.fill(q, M.ROOF)
        d.fill(wall.corners, M.WALL, skip=(0,) if d.p(0.4) else ())
        B.skin(d, wall)
        if wall.width < 3 * d.fine:
            continue
        if d.p(shops):
            shop_wall(d, wall, cam, side, x, a, b, h)
        else:
            floors = max(1, round(h / 3))
            if h > 8:
                B.panes(d, wall, max(1, min(5, int(wall.width / (5 * d.fine)))), min(7, floors))
            else:
                B.openings(d, wall, floors)


def shopping_street(d: Sheet) -> None:
    cam = camera(d, 1.3, 2.4, horizon=(0.4, 0.68))
    N.sky(d, cam.horizon, night=d.p(0.2))
    if d.p(0.4):
        backdrop(d, cam.horizon, ("mountains", "town", "hills", "woods"))
    half = d.u(2, 5)
    street_floor(d, cam, half)
    order = [-1, 1]
    d.r.shuffle(order)
    shops = d.u(0.5, 1)
    for side in order:
        if d.p(0.93):
            row_of_houses(d, cam, side, half * d.u(0.9, 1.2), shops=shops, high=(3, d.u(4, 9)))
    street_things(
        d, cam, half, ("crate", "banner", "sign", "vending", "lamp", "bench", "pole", "parasol"), d.r.randint(0, 9)
    )
    for _ in range(d.r.choice((0, 0, 1, 3))):
        z, y = d.u(3, 14), d.u(3, 4.5)
        T.lanterns(
            d, cam.at((-half, y, z)), cam.at((half, y, z)), d.r.randint(3, 8), cam.scale(z) * 0.22, cam.scale(z) * 0.4
        )
    if d.p(0.2):
        z = d.u(4, 12)
        a, b = cam.at((-half, 5, z)), cam.at((half, 4, z))
        for x in (-half, half):
            d.rod(cam.at((x, 0, z)), cam.at((x, 5, z)), cam.scale(z) * 0.15, M.METAL)
        d.fill([a, (b[0], a[1]), b, (a[0], b[1])], d.r.choice((M.METAL, M.WOOD, M.CLOTH)))
    near_frame(d, 0.12)


def street_things(d: Sheet, cam: Camera, half: float, choice: tuple[str, ...], n: int) -> None:
    """Things along both kerbs."""
    places = []
    for _ in range(n):
        z = 1.5 + 22 * d.r.random() ** 1.5
        p = cam.at((half * d.r.choice((-0.85, 0.85)), 0, z))
        places.append((p[0], p[1], cam.scale(z)))
    T.strew(d, places, choice)


def residential(d: Sheet) -> None:
    cam = camera(d, 1.3, 3.5, horizon=(0.35, 0.65))
    backdrop(d, cam.horizon, ("woods", "town", "hills", "mountains", "nothing"))
    half = d.u(1.8, 4)
    street_floor(d, cam, half, kind=M.ROAD if d.p(0.6) else M.SOIL, pavements=d.p(0.5))
    for z in sorted((d.u(3, 40) for _ in range(d.r.randint(5, 12))), reverse=True):
        side = d.r.choice((-1, 1))
        what = d.r.choice(("house", "house", "house", "fence", "hedge", "tree", "pole", "wall"))
        x = side * half * d.u(1.1, 1.5)
        z1 = z + d.u(4, 9)
        if what == "house":
            w = d.u(5, 9)
            B.house(d, cam, x if side > 0 else x - w, z, w, d.u(4, 9), d.u(2.6, 6.2))
        elif what in ("fence", "wall"):
            a, b = cam.at((x, 0, z)), cam.at((x, 0, z1))
            h = d.u(0.9, 1.9)
            T.fence(d, a, b, h * cam.scale(z), h * cam.scale(z1), "wall" if what == "wall" else None)
        elif what == "hedge":
            h = d.u(0.8, 2)
            P.hedge(d, cam.at((x, 0, z)), cam.at((x, 0, z1)), h * cam.scale(z), h * cam.scale(z1))
        elif what == "tree":
            any_tree(d, *cam.at((x, 0, z)), cam.scale(z) * d.u(3, 8))
        else:
            T.pole(d, *cam.at((side * half, 0, z)), cam.scale(z) * d.u(6, 9))
    if d.p(0.4):
        poles_along(d, cam.horizon, cam.centre)
    street_things(d, cam, half, ("sign", "lamp", "pole", "vending", "car", "crate", "banner"), d.r.randint(0, 4))
    near_frame(d)


def city_street(d: Sheet) -> None:
    cam = camera(d, 1.4, 7.0, horizon=(0.45, 0.75))
    N.sky(d, cam.horizon, night=d.p(0.3))
    if d.p(0.5):
        B.skyline(d, cam.horizon + 4, 60, 300, n=d.r.randint(8, 20))
    half = d.u(4, 10)
    street_floor(d, cam, half)
    order = [-1, 1]
    d.r.shuffle(order)
    for side in order:
        row_of_houses(d, cam, side, half * d.u(1.1, 1.5), shops=0.25, high=(9, d.u(14, 45)), far=70)
    street_things(d, cam, half, ("lamp", "sign", "car", "lamp", "car", "bench", "vending"), d.r.randint(0, 8))
    for z in sorted((d.u(4, 25) for _ in range(d.r.choice((0, 3, 6)))), reverse=True):
        any_tree(d, *cam.at((half * d.r.choice((-1.0, 1.0)), 0, z)), cam.scale(z) * d.u(4, 7))
    near_frame(d, 0.1)


def alley(d: Sheet) -> None:
    cam = camera(d, 1.2, 2.0, horizon=(0.4, 0.65))
    N.sky(d, cam.horizon, night=d.p(0.3), room=0.4)
    if d.p(0.5):
        B.hamlet(d, cam.horizon + 6, 3, 60, x0=cam.centre - 150, x1=cam.centre + 150)
    half = d.u(0.9, 2.0)
    street_floor(d, cam, half)
    for side in (-1, 1):
        row_of_houses(d, cam, side, half, shops=0.3, high=(3.5, d.u(5, 9)), far=30)
    for _ in range(d.r.randint(1, 6)):
        side, z, y = d.r.choice((-1, 1)), d.u(1.8, 9), d.u(0.2, 3.5)
        x, s = side * half, cam.scale(z)
        p = cam.at((x, y, z))
        what = d.r.choice(("pipe", "unit", "lamp", "ladder", "board"))
        if what == "pipe":
            d.rod(cam.at((x, 0, z)), cam.at((x, 5, z)), 0.09 * s, M.METAL)
        elif what == "unit":
            T.box(d, p[0] - (0.5 * s if side > 0 else 0), p[1], 0.5 * s, 0.45 * s, M.METAL)
            d.marks([ring(p[0] - side * 0.25 * s, p[1] - 0.22 * s, 0.14 * s, 0.14 * s, 12)])
        elif what == "lamp":
            T.lamp_head(d, p[0] - side * 0.2 * s, p[1], 0.16 * s)
        elif what == "ladder":
            for k in (0.0, 0.4):
                d.rod(cam.at((x, 0.5, z + k)), cam.at((x, 4.5, z + k)), d.fine, M.METAL)
        else:
            T.box(
                d,
                p[0] - (0.6 * s if side > 0 else 0),
                p[1],
                0.6 * s,
                d.u(0.4, 1.2) * s,
                d.r.choice((M.WOOD, M.WOOD, M.METAL)),
            )
    street_things(d, cam, half, ("crate", "crate", "vending", "banner", "sign"), d.r.randint(1, 6))
    for _ in range(d.r.choice((0, 1, 2))):
        z, y = d.u(2.5, 8), d.u(2.5, 4)
        (T.laundry(d, cam.at((-half, y, z)), cam.at((half, y + d.u(-0.5, 0.5), z)), cam.scale(z) * 0.7) if d.p(0.5)
         else T.lanterns(d, cam.at((-half, y, z)), cam.at((half, y, z)), 4, cam.scale(z) * 0.2, cam.scale(z) * 0.2))  # fmt: skip
    T.wires(d, [cam.at((-half, 5, 3)), cam.at((-half, 6, 4))], [cam.at((half, 4.5, 6)), cam.at((half, 5.5, 9))], 40)


# --- towns and houses -------------------------------------------------------------------------------------------
def village(d: Sheet) -> None:
    cam = camera(d, 1.5, 12.0, horizon=(0.2, 0.55))
    backdrop(d, cam.horizon, ("mountains", "woods", "hills", "woods"))
    meadow_ground(d, cam.horizon, land(d, M.GRASS, M.GRASS, M.SOIL))
    w = d.u(100, 520)
    way = d.r.choice((M.SOIL, M.SOIL, M.ROAD, M.WATER))
    if d.p(0.8):
        N.path(
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
            B.house(d, cam, x, z, d.u(4, 9), d.u(4, 8), d.u(2, 4.5))
        else:
            p = cam.at((x, 0, z))
            s = cam.scale(z)
            grow(d, [(p[0], p[1], s)], ("tree", "bush", "tree", "conifer"))
            if d.p(0.2):
                T.fence(d, (p[0], p[1]), (p[0] + 5 * s, p[1]), 0.8 * s)
    T.strew(
        d,
        spots(d, cam.horizon, d.r.randint(0, 5), far=0.3),
        ("pole", "crate", "sign", "laundry", "fence", "stone lantern"),
    )
    if d.p(0.15):
        p = spots(d, cam.horizon, 1, far=0.3, near=0.6)[0]
        T.well(d, p[0], p[1], max(50, p[2] * 1.4))
    if d.p(0.3):
        poles_along(d, cam.horizon, cam.centre)
    near_frame(d)


def snow_village(d: Sheet) -> None:
    y = horizon(d, 260, 500)
    N.sky(d, y, night=d.p(0.3))
    N.mountains(d, y, d.u(60, 330)) if d.p(0.7) else None
    P.woods(d, N.slope(d, y - 30, 40), y + 50, d.u(15, 50)) if d.p(0.6) else None
    d._manner["tree"] = d.r.choice(("conifer", "conifer", "bare"))
    for k in range(d.r.randint(1, 3)):
        row = y + 30 + k * (1000 - y) * 0.27
        meadow_ground(d, row, M.GRASS, 6)
        for _ in range(d.r.randint(1, 4)):
            w = d.u(90, 220) * (1 + k * 0.7)
            x, foot = d.u(-0.05, 0.95) * d.w, row + d.u(30, 110)
            B.cottage(d, x, foot, w, w * d.u(0.3, 0.6))
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
    if d.p(0.6):
        w = d.u(80, 300)
        N.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), y + (1000 - y) * 0.5), (d.w * d.u(0.3, 0.7), y + 60)],
            (w, 12),
            d.r.choice((M.SOIL, M.ROAD)),
        )
    T.strew(d, spots(d, y, d.r.randint(0, 4), far=0.3), ("pole", "lamp", "fence", "stone lantern", "sign", "crate"))
    near_frame(d)


def skyline(d: Sheet) -> None:
    y = d.u(450, 950)
    N.sky(d, y, night=d.p(0.4))
    if d.p(0.3):
        N.mountains(d, y, d.u(60, 240), y + 200)
    for k in range(d.r.randint(1, 3)):
        B.skyline(
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
            B.arch_bridge(
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
            B.hamlet(d, y + 60, d.r.randint(5, 14), d.u(80, 200), drop=160)
    elif front == "road":
        N.ground(d, y, M.ROAD)
        joints(d, y, d.w / 2, 7)
        T.strew(d, spots(d, y, 4), ("lamp", "car", "sign", "bench"))
    elif front == "park":
        meadow_ground(d, y, M.GRASS)
        grow(d, spots(d, y, 8), ("tree", "bush", "tree"))
        T.strew(d, spots(d, y, 3), ("bench", "lamp"))
    else:
        B.skyline(d, 1040, 60, 200, n=d.r.randint(3, 9))
    if d.p(0.15):
        B.tower(d, d.u(0.1, 0.9) * d.w, y, d.u(60, 150), d.u(300, 600), d.r.choice(("mast", "clock")))
    near_frame(d, 0.15)


def fireworks(d: Sheet) -> None:
    y = d.u(500, 800)
    for _ in range(d.r.randint(1, 6)):
        N.firework(d, d.u(0.05, 0.95) * d.w, d.u(0.06, 0.8) * y, d.u(50, 260))
    N.sky(d, y, night=True, room=0.15) if d.p(0.3) else None
    if d.p(0.35):
        N.mountains(d, y, d.u(30, 140))
    way = d.r.choice(("city", "river", "village", "sea", "crowns"))
    if way in ("city", "river"):
        B.skyline(d, y + 20, d.u(30, 80), d.u(90, 300), n=d.r.randint(8, 22))
    elif way == "village":
        B.hamlet(d, y + 10, d.r.randint(4, 12), d.u(50, 140), drop=60)
    elif way == "crowns":
        P.woods(d, N.slope(d, y - 20, 40), y + 60, d.u(20, 80))
    (sea(d, y + 20) if way in ("river", "sea") else meadow_ground(d, y + 30, d.r.choice((M.GRASS, M.ROAD, M.SOIL))))
    T.strew(
        d,
        spots(d, y, d.r.randint(0, 5), far=0.3),
        ("lamp", "banner", "fence", "bench", "boat") if way not in ("river", "sea") else ("boat",),
    )
    if d.p(0.3):
        T.lanterns(d, (-20, d.u(50, 300)), (d.w + 20, d.u(50, 300)), d.r.randint(5, 14), d.u(15, 40), d.u(20, 90))
    near_frame(d)


def rooftop(d: Sheet) -> None:
    y = horizon(d, 350, 600)
    N.sky(d, y, night=d.p(0.2))
    if d.p(0.85):
        for k in range(d.r.randint(1, 2)):
            B.skyline(d, y + 60 + 60 * k, 30, d.u(100, 330), n=d.r.randint(6, 18))
    if d.p(0.25):
        N.mountains(d, y, d.u(50, 150))
    floor = y + d.u(60, 220)
    N.ground(d, floor, M.ROAD)
    joints(d, y, d.u(0.1, 0.9) * d.w, 6)
    if d.p(0.85):
        T.fence(
            d,
            (-30, floor),
            (d.w + 30, floor + d.u(-20, 20)),
            d.u(50, 200),
            sort=d.r.choice(("net", "rail", "wall", "rail")),
        )
    if d.p(0.6):
        x, w = d.r.choice((-0.05, 0.65)) * d.w, d.u(0.2, 0.4) * d.w
        foot, h = floor + d.u(20, 140), d.u(200, 420)
        T.box(d, x, foot, w, h, M.WALL)
        wall = B.front(x, foot, w, h)
        B.door(d, wall, 0.3, 0.3 + d.u(0.15, 0.25), 0.75, d.r.choice((M.METAL, M.WOOD)))
        if d.p(0.5):
            B.window(d, wall, 0.65, 0.5, 0.85, 0.75)
        d.fill(
            [(x - 15, foot - h), (x + w + 15, foot - h), (x + w + 15, foot - h - 25), (x - 15, foot - h - 25)], M.ROOF
        )
        if d.p(0.5):
            B.crest(d, x + w * 0.5, foot - h - 25, w * 0.3)
    for x, row, s in spots(d, y, d.r.randint(1, 7), far=(floor - y) / (1000 - y) + 0.05):
        what = d.r.choice(("tank", "unit", "pots", "bench", "laundry", "pipe", "unit", "aerial", "crate"))
        s = max(s, 25)
        if what == "tank":
            for k in (-0.4, 0.4):
                d.rod((x + k * s, row), (x + k * s, row - s * 0.6), s * 0.06, M.METAL)
            if d.p(0.5):
                d.fill(ring(x, row - s * 1.1, s * 0.55, s * 0.55, 16), M.METAL, edge=FREE)
            else:
                T.box(d, x - s * 0.5, row - s * 0.5, s, s * 0.9, M.METAL)
                d.fill(arc(x, row - s * 1.4, s * 0.5, s * 0.2, 1, 2, 7), M.METAL, edge=FREE)
        elif what == "unit":
            T.box(d, x, row, s * 0.9, s * 0.7, M.METAL)
            d.marks([ring(x + s * 0.35, row - s * 0.35, s * 0.22, s * 0.22, 12)], keep=1.3)
        elif what == "pots":
            for k in range(3):
                T.box(d, x + k * s * 0.4, row, s * 0.28, s * 0.25, M.WALL)
                P.crown(d, x + (k + 0.35) * s * 0.4, row - s * 0.42, s * 0.2, s * 0.22)
        elif what == "pipe":
            d.rod((x, row), (x + s * 2, row), s * 0.1, M.METAL)
        elif what == "aerial":
            B.crest(d, x, row, s)
        else:
            T.strew(d, [(x, row, s)], (what,))
    near_frame(d, 0.1)


def courtyard(d: Sheet) -> None:
    """A house front close by, with its yard."""
    foot = d.u(560, 800)
    N.sky(d, foot - 200)
    if d.p(0.6):
        P.woods(d, N.slope(d, d.u(200, 450), 80), foot, d.u(30, 100))
    N.ground(d, foot - d.u(0, 60), d.r.choice((M.SOIL, M.GRASS, M.ROAD)))
    x, w = d.u(-0.1, 0.4) * d.w, d.u(0.45, 0.9) * d.w
    B.cottage(d, x, foot, w, d.u(220, 460), floors=d.r.choice((1, 1, 2)))
    if d.p(0.4):
        q = [(x, foot), (x + w * d.u(0.5, 1), foot), (x + w, foot + 35), (x, foot + 35)]
        d.fill(q, M.WOOD)
        d.marks([[mix(q[0], q[1], t), mix(q[3], q[2], t)] for t in np.linspace(0.05, 0.95, 10)])
    if d.p(0.3):
        for k in (0.1, 0.5, 0.9):
            d.rod((x + k * w, foot), (x + k * w, foot - 240), 16, M.WOOD)
        d.fill([(x - 20, foot - 225), (x + w + 20, foot - 225), (x + w - 20, foot - 300), (x + 20, foot - 300)], M.ROOF)
    P.grass(d, 0, d.w, foot + 20, 1000, 14)
    N.soil(d, 0, d.w, foot + 20, 1000, 10)
    grow(d, spots(d, foot - 250, d.r.randint(1, 6), far=0.5), ("tree", "bush", "rock", "bush"))
    T.strew(
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


# --- water fronts -----------------------------------------------------------------------------------------------
def harbour(d: Sheet) -> None:
    y = horizon(d, 240, 520)
    backdrop(d, y, ("hills", "mountains", "nothing", "woods"))
    if d.p(0.5):
        line = N.slope(d, y - d.u(20, 80), 40)
        x0, x1 = (0.0, d.u(0.3, 0.7) * d.w) if d.p(0.5) else (d.u(0.3, 0.7) * d.w, d.w)
        P.woods(d, line, y + 10, d.u(14, 40)) if d.p(0.4) else N.ground(d, 0, M.GRASS, line=line)
        B.hamlet(d, y + 2, d.r.randint(3, 12), d.u(30, 90), x0=x0, x1=x1)
    if d.p(0.25):
        island(d, d.u(0, d.w), y, d.u(150, 500), d.u(20, 120))
    sea(d, y, 30)
    if d.p(0.45):
        a, w, row = d.u(0, 0.7) * d.w, d.u(0.2, 0.6) * d.w, y + d.u(10, 70)
        T.box(d, a, row + 22, w, 22, d.r.choice((M.ROAD, M.ROCK, M.WALL)))
        if d.p(0.6):
            B.tower(d, a + w * d.r.choice((0.1, 0.9)), row, d.u(20, 50), d.u(70, 170), "lighthouse")
    for s in sorted(d.u(0.05, 0.8) for _ in range(d.r.randint(1, 7))):
        T.boat(d, d.u(0, 1) * d.w, y + (1000 - y) * s * 0.8 + 10, 50 + 430 * s * d.u(0.6, 1.1))
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
            B.cottage(d, x if m > 0 else x - w, row, w, max(30, s * d.u(2.4, 5)))
        places = []
        for _ in range(d.r.randint(1, 7)):
            t = d.u(0.05, 0.9)
            a = mix(q[0], q[1], t)
            places.append((a[0] + m * abs(side - a[0]) * d.u(0.08, 0.5), a[1], max(20, (a[1] - y) / 4)))
    for x, row, s in sorted(places, key=lambda p: p[1]):
        what = d.r.choice(stuff)
        if what == "bollard":
            T.box(d, x, row, s * 0.25, s * 0.35, M.METAL)
            d.fill(ring(x + s * 0.125, row - s * 0.38, s * 0.2, s * 0.09, 10), M.METAL, edge=FREE)
        else:
            T.strew(d, [(x, row, s)], (what,))
    if d.p(0.15):
        T.crane(d, d.u(0, d.w), y + d.u(10, 200), d.u(200, 500))
    near_frame(d, 0.2)


def canal(d: Sheet) -> None:
    cam = camera(d, 2.0, 5.0, horizon=(0.3, 0.55))
    N.sky(d, cam.horizon)
    backdrop(d, cam.horizon, ("town", "woods", "hills")) if d.p(0.5) else None
    N.ground(d, cam.horizon, M.ROAD)
    half = d.u(2, 5)
    for side in (-1, 1):
        row_of_houses(d, cam, side, half + d.u(1.5, 4), shops=0.3, high=(3, d.u(4, 9)))
    low = -d.u(0.8, 2)
    d.fill(cam.polygon([(-half, 0, 0.6), (half, 0, 0.6), (half, 0, 70), (-half, 0, 70)]), M.WATER, edge=BARE)
    for x in (-half, half):
        d.fill(
            cam.polygon([(x, 0, 0.6), (x, 0, 70), (x * 0.995, low, 70), (x * 0.995, low, 0.6)]),
            d.r.choice((M.ROCK, M.ROCK, M.WALL)),
        )
    N.ripples(d, cam.centre - 300, cam.centre + 300, cam.row(20, low), 1000, 16)
    for z in sorted((d.u(3, 16) for _ in range(d.r.randint(0, 4))), reverse=True):
        p = cam.at((d.u(-0.7, 0.7) * half, low, z))
        T.boat(d, p[0], p[1], cam.scale(z) * d.u(2, 4))
    if d.p(0.6):
        z = d.u(5, 16)
        a, b = cam.at((-half * 1.1, 0.1, z)), cam.at((half * 1.1, 0.1, z))
        B.arch_bridge(
            d,
            a[0],
            a[1],
            b[0] - a[0],
            cam.scale(z) * (0.1 - low),
            arches=1,
            material=d.r.choice((M.ROCK, M.WOOD, M.WALL)),
        )
    if d.p(0.6):
        for side in (-1, 1):
            T.fence(
                d,
                cam.at((side * half, 0, 1.5)),
                cam.at((side * half, 0, 30)),
                cam.scale(1.5) * 0.9,
                cam.scale(30) * 0.9,
            )
    street_things(d, cam, half + 1.2, ("lamp", "crate", "sign", "bench", "banner"), d.r.randint(0, 5))
    for z in sorted((d.u(3, 20) for _ in range(d.r.randint(0, 4))), reverse=True):
        any_tree(d, *cam.at((d.r.choice((-1, 1)) * (half + 0.8), 0, z)), cam.scale(z) * d.u(3, 6))
    near_frame(d, 0.15)


def bridge(d: Sheet) -> None:
    y = horizon(d, 280, 520)
    backdrop(d, y, ("mountains", "woods", "town", "hills"))
    water = y + d.u(60, 300)
    N.ground(d, y, land(d, M.GRASS, M.SOIL), line=N.slope(d, y + 10, 30))
    grow(d, spots(d, y, d.r.randint(0, 6), near=0.2), ("tree", "bush", "house"))
    N.ground(d, water, M.WATER)
    N.ripples(d, 0, d.w, water + 20, 1000, 24)
    way = d.r.choice(("side", "side", "truss", "walk", "hanging"))
    deck = d.u(y - 60, water - 20)
    if way == "side":
        w = d.u(0.5, 1.2) * d.w
        B.arch_bridge(
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
        T.box(d, -30, deck + thick, d.w + 60, thick * 1.6, d.r.choice((M.METAL, M.ROAD)))
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
            T.train(d, d.u(0, 0.5) * d.w, deck, d.u(0.3, 0.7) * d.w, d.u(60, 110), cars=d.r.randint(1, 3))
    elif way == "hanging":
        for x in (0.2, 0.8):
            T.box(d, x * d.w - 12, water + 40, 24, water - deck + 340, d.r.choice((M.METAL, M.WOOD)))
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
            T.fence(d, a, b, 22, 330, d.r.choice(("posts", "rail", "posts", "wall")))
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
        N.rock(d, d.u(0, d.w), d.u(water + 60, 980), d.u(30, 160))
    if d.p(0.3):
        T.boat(d, d.u(0.2, 0.8) * d.w, d.u(water + 40, 900), d.u(100, 300))
    near_frame(d)


# --- railway ----------------------------------------------------------------------------------------------------
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
    N.ground(d, cam.horizon, land(d, M.GRASS, M.SOIL))
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
        T.fence(
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
            B.house(d, cam, min(x0, x0 + m * 4), z0 + 1, 4, z1 - z0 - 1, top - 0.4, y=h)
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
    T.strew(d, places, ("sign", "bench", "lamp", "vending", "sign", "banner", "crate", "pole"))
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
            B.window(d, face, 0.12, 0.5, 0.45, 0.85, "box")
            B.window(d, face, 0.55, 0.5, 0.88, 0.85, "box")
            for s in (0.2, 0.8):
                p = face.at(s, 0.25)
                d.fill(ring(*p, face.width * 0.06, face.width * 0.06, 8), M.GLOW, edge=FREE)
    if d.p(0.5):
        poles_along(d, cam.horizon, cam.centre)
    near_frame(d, 0.2)


def station(d: Sheet) -> None:
    y = horizon(d, 320, 560)
    backdrop(d, y, ("mountains", "woods", "hills", "woods", "town"))
    N.ground(d, y, M.GRASS)
    foot = y + d.u(120, 300)
    grow(
        d,
        [(d.u(0, d.w), foot - d.u(30, 90), d.u(20, 60)) for _ in range(d.r.randint(0, 6))],
        ("tree", "conifer", "bush"),
    )
    x, w = d.u(0.1, 0.45) * d.w, d.u(0.25, 0.5) * d.w
    high = d.u(30, 80)
    T.box(d, -40, foot + high, d.w + 80, high, M.ROAD)
    B.cottage(d, x, foot, w, w * d.u(0.28, 0.5), roof=d.r.choice(("side", "gable", "hip", None)))
    if d.p(0.6):
        a, b = x - d.u(0.05, 0.3) * d.w, x + w + d.u(0.05, 0.3) * d.w
        top = foot - w * 0.3
        for t in np.linspace(0.03, 0.97, d.r.randint(3, 6)):
            px = a + (b - a) * t
            d.rod((px, foot + 10), (px, top), 10, d.r.choice((M.WOOD, M.METAL)))
        d.fill([(a, top), (b, top), (b - 30, top - d.u(25, 80)), (a + 30, top - d.u(25, 80))], M.ROOF)
    T.strew(
        d,
        [(d.u(0, d.w), foot + d.u(2, high * 0.3), d.u(60, 100)) for _ in range(d.r.randint(1, 6))],
        ("sign", "sign", "bench", "lamp", "vending", "banner", "pole", "crate"),
    )
    bed = foot + high
    T.box(d, -40, bed + d.u(120, 220), d.w + 80, d.u(120, 220), M.SOIL)
    for k in range(d.r.choice((1, 2))):
        row = bed + 50 + 80 * k
        for px in np.arange(-20, d.w, d.u(40, 90)):
            T.box(d, float(px), row + 16, 26, 12, M.WOOD)
        for s in (0, 22):
            d.rod((-20, row - 6 + s), (d.w + 20, row - 6 + s), d.fine, M.METAL)
    if d.p(0.35):
        T.train(d, d.u(-0.3, 0.6) * d.w, bed + 60, d.u(0.5, 1.1) * d.w, d.u(150, 280), cars=d.r.randint(1, 3))
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
            T.strew(d, [(*p, s)], ("pole", "sign", "pole", "lamp"))
    if d.p(0.5):
        z = d.u(3, 8)
        P.grass(d, 0, d.w, cam.row(z), 1000, 20)
    if d.p(0.5):
        poles_along(d, cam.horizon, cam.centre)
    near_frame(d)


def crossing(d: Sheet) -> None:
    cam = camera(d, 1.4, 2.5, horizon=(0.4, 0.6))
    backdrop(d, cam.horizon, ("mountains", "woods", "hills", "town"))
    N.ground(d, cam.horizon, land(d, M.GRASS, M.SOIL))
    half = d.u(1.6, 3.2)
    for z in sorted((d.u(12, 40) for _ in range(d.r.randint(0, 7))), reverse=True):
        side = d.r.choice((-1, 1))
        if d.p(0.6):
            w = d.u(5, 8)
            B.house(d, cam, side * half * 1.3 - (w if side < 0 else 0), z, w, 6, d.u(2.8, 6))
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
        T.train(d, p[0], p[1], q[0] - p[0], cam.scale(z0) * 3.4, cars=2)
    for side in (-1, 1):
        p = cam.at((side * half * 1.12, 0, z0 - 1.7))
        s = cam.scale(z0 - 1.7)
        if d.p(0.9):
            T.barrier(d, p[0], p[1], s * d.u(2.4, 3.4), -side * s * half * d.u(0.9, 1.9))
        if d.p(0.4):
            T.fence(d, p, cam.at((side * half * 4, 0, z0 - 1.7)), s * 0.9)
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
    N.path(d, pts, (w * 1.3, 14), d.r.choice((M.GRASS, M.SOIL, M.ROAD))) if d.p(0.4) else None
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
        N.path(d, pts, (w, 6), M.ROAD)
    poles_along(d, y, vx) if d.p(0.75) else None
    grow(d, spots(d, y, d.r.randint(1, 9), clear=0.4), ("tree", "bush", "house", "rock", "reeds", "conifer"))
    T.strew(d, spots(d, y, d.r.randint(0, 4), far=0.1, clear=0.35), ("sign", "fence", "pole", "lamp", "vending"))
    for x, row, s in spots(d, y, d.r.choice((0, 0, 1, 2)), far=0.05, near=0.6):
        del x
        T.car(
            d,
            mix(pts[2], pts[0], (row - y) / (1000 - y))[0] + d.u(-0.2, 0.2) * w * (row - y) / (1000 - y),
            row,
            max(20, s * 3),
        )
    if d.p(0.3):
        m = d.r.choice((-1, 1))
        T.fence(d, (pts[0][0] + m * w * 0.55, 1040), (vx + m * 8, y + 6), d.u(100, 190), 3, "guard")
    near_frame(d)


# --- shrines, stairs, parks -------------------------------------------------------------------------------------
def stairs(d: Sheet) -> None:
    foot, top = d.u(800, 1000), d.u(180, 480)
    N.sky(d, top)
    x, w, narrow = d.u(0.3, 0.7) * d.w, d.u(250, 900), d.u(0.25, 0.95)
    shift = d.u(-0.15, 0.15) * d.w
    what = d.r.choice(("shrine", "torii", "sky", "house", "trees", "sea"))
    bank = land(d, M.GRASS, M.GRASS, M.ROCK, M.ROCK, M.WALL, M.FOLIAGE, M.SOIL)
    P.woods(d, N.slope(d, top - d.u(-20, 130), 60), 1500, d.u(25, 110)) if d.p(0.7) else None
    if what == "shrine":
        B.shrine_hall(d, x + shift, top + 8, d.u(200, 520))
    elif what == "house":
        B.cottage(d, x + shift - 150, top + 8, d.u(200, 400), d.u(100, 200))
    elif what == "trees":
        for _ in range(4):
            any_tree(d, x + shift + d.u(-300, 300), top + 10, d.u(120, 300))
    elif what == "sea":
        N.ground(d, top - d.u(20, 100), M.WATER)
    left = [
        (x - w / 2 - 10, foot),
        (x + shift - w / 2 * narrow, top),
        (x + shift - w / 2 * narrow - d.u(0, 300), top - d.u(0, 60)),
        (-60, d.u(top - 100, foot - 200)),
        (-60, 1100),
        (x - w / 2 - 10, 1100),
    ]
    right = [
        (x + w / 2 + 10, foot),
        (x + shift + w / 2 * narrow, top),
        (x + shift + w / 2 * narrow + d.u(0, 300), top - d.u(0, 60)),
        (d.w + 60, d.u(top - 100, foot - 200)),
        (d.w + 60, 1100),
        (x + w / 2 + 10, 1100),
    ]
    for side in (left, right):
        d.fill(side, bank, skip=(3, 4, 5))
        if bank == M.ROCK:
            d.marks([blob_at(d, mix(side[0], side[3], d.u(0.1, 0.8)), d.u(20, 70)) for _ in range(9)])
        elif bank == M.GRASS:
            P.grass(d, min(p[0] for p in side), max(p[0] for p in side), top + 80, 1000, 14)
    N.ground(d, foot, d.r.choice((M.ROAD, M.SOIL, M.GRASS))) if foot < 980 else None
    B.steps(d, x, foot, w, foot - top, d.r.randint(6, 26), narrow=narrow, shift=shift)
    rail = d.p(0.5)
    for side in (-1, 1):
        a, b = (x + side * w / 2, foot), (x + shift + side * w / 2 * narrow, top)
        if rail:
            T.fence(d, a, b, 0.16 * w, 0.16 * w * narrow, d.r.choice(("rail", "posts", "wall")))
        for _ in range(d.r.randint(0, 4)):
            p = mix(a, b, t := d.r.random())
            s = 90 * (1 - t * (1 - narrow))
            if d.p(0.35):
                T.stone_lantern(d, p[0] + side * d.u(20, 60), p[1], s * 1.5)
            else:
                grow(d, [(p[0] + side * d.u(40, 260), p[1], s)], ("tree", "bush", "conifer", "rock"))
    if what == "torii" or d.p(0.25):
        t = d.r.choice((0.0, 0.5, 1.0))
        p = mix((x, foot), (x + shift, top), t)
        ww = w * (1 - t * (1 - narrow)) * d.u(0.9, 1.25)
        T.torii(d, p[0], p[1], ww, ww * d.u(0.8, 1.2))
    grow(
        d,
        [(d.u(0, d.w), foot + d.u(0, 60), d.u(50, 120)) for _ in range(d.r.choice((0, 1, 2)))],
        ("bush", "rock", "reeds"),
    ) if foot < 940 else None
    near_frame(d, 0.35)


def blob_at(d: Sheet, p: tuple[float, float], s: float) -> np.ndarray:
    """A stone's outline as a mark."""
    from training.fast.curves import blob

    return blob(d, p[0], p[1], s, s * 0.6, 0.15, 12)


def shrine(d: Sheet) -> None:
    y = d.u(420, 700)
    N.sky(d, y - 150)
    for _ in range(d.r.choice((0, 1, 1))):
        P.woods(d, N.slope(d, y - d.u(60, 320), 70), y + 40, d.u(25, 110))
    for _ in range(d.r.randint(0, 6)):
        any_tree(d, d.u(0, d.w), y + d.u(-10, 20), d.u(200, 620))
    meadow_ground(d, y, land(d, M.SOIL, M.SOIL, M.GRASS))
    x = d.u(0.3, 0.7) * d.w
    hall = y + d.u(5, 80)
    if d.p(0.8):
        w = d.u(300, 900)
        B.shrine_hall(d, x, hall, w)
        B.steps(d, x, hall + d.u(10, 40), w * 0.3, 20, 3) if d.p(0.3) else None
    if d.p(0.75):
        N.path(
            d,
            [(x + d.u(-120, 120), 1060), (x + d.u(-40, 40), (hall + 1000) / 2), (x, hall + 8)],
            (d.u(250, 700), d.u(60, 130)),
            d.r.choice((M.ROAD, M.ROAD, M.SOIL)),
        )
        joints(d, y, x, 8)
    row = hall + 40
    while row < 1000 and d.p(0.8):
        s = (row - y + 120) * 0.5
        for side in (-1, 1):
            px = x + side * s * d.u(1.0, 1.3)
            what = d.r.choice(("lantern", "lantern", "tree", "banner", "fence", "rock", "bush", "none"))
            if what == "lantern":
                T.stone_lantern(d, px, row, s * d.u(0.5, 0.9))
            elif what == "banner":
                T.banner(d, px, row, s * d.u(0.8, 1.3))
            elif what == "fence":
                T.fence(d, (px, row), (px + side * s * 2, row), s * 0.3)
            elif what != "none":
                grow(d, [(px + side * 60, row, s * 0.3)], (what,))
        row += d.u(60, 180)
    for _ in range(d.r.choice((0, 1, 1, 1, 3))):
        row = d.u(hall + 60, 1010)
        w = (row - y + 90) * d.u(0.9, 1.6)
        T.torii(d, x + d.u(-30, 30), row, w, w * d.u(0.8, 1.15))
    if d.p(0.25):
        T.lanterns(
            d,
            (d.u(0, 0.3) * d.w, d.u(200, 450)),
            (d.u(0.7, 1) * d.w, d.u(200, 450)),
            d.r.randint(4, 10),
            d.u(15, 35),
            d.u(10, 80),
        )
    near_frame(d, 0.35)


def festival(d: Sheet) -> None:
    y = horizon(d, 380, 560)
    N.sky(d, y, night=True)
    P.woods(d, N.slope(d, y - d.u(20, 200), 60), y + 40, d.u(20, 90)) if d.p(0.8) else None
    N.ground(d, y, d.r.choice((M.SOIL, M.ROAD, M.GRASS)))
    N.soil(d, 0, d.w, y + 20, 1000, 12)
    if d.p(0.4):
        B.shrine_hall(d, d.u(0.35, 0.65) * d.w, y + 20, d.u(150, 400))
    elif d.p(0.5):
        w = d.u(200, 450)
        T.torii(d, d.w * d.u(0.4, 0.6), y + 50, w, w)
    for x, row, s in spots(d, y, d.r.randint(2, 8), far=0.1, near=0.75, clear=0.3):
        w, h = max(60, s * d.u(2.4, 4)), max(60, s * d.u(2.2, 3))
        m = x - w / 2
        for k in (0.04, 0.96):
            d.rod((m + k * w, row), (m + k * w, row - h * 0.8), w * 0.03, d.r.choice((M.WOOD, M.METAL)))
        T.box(d, m, row, w, h * 0.35, d.r.choice((M.WOOD, M.CLOTH)))
        T.awning(d, [(m, row - h), (m + w, row - h), (m + w * 1.05, row - h * 0.72), (m - w * 0.05, row - h * 0.72)])
        if d.p(0.4):
            for k in (0.2, 0.5, 0.8):
                T.lantern(d, m + k * w, row - h * 0.7, w * 0.06)
        if d.p(0.3):
            d.fill([(m, row - h), (m + w / 2, row - h * 1.25), (m + w, row - h)], M.CLOTH)
    for _ in range(d.r.randint(1, 4)):
        T.lanterns(
            d,
            (d.u(-0.1, 0.3) * d.w, d.u(60, 420)),
            (d.u(0.7, 1.1) * d.w, d.u(60, 420)),
            d.r.randint(4, 14),
            d.u(14, 45),
            d.u(10, 100),
        )
    T.strew(d, spots(d, y, d.r.randint(0, 5), clear=0.4), ("banner", "stone lantern", "lamp", "crate"))
    grow(d, spots(d, y, d.r.randint(0, 4), clear=0.6), ("tree", "bush", "conifer"))
    near_frame(d)


def park(d: Sheet) -> None:
    y = horizon(d, 320, 560)
    backdrop(d, y, ("woods", "town", "trees", "trees", "hills"))
    ground = land(d, M.GRASS, M.GRASS, M.SOIL)
    meadow_ground(d, y, ground)
    if d.p(0.7):
        w = d.u(120, 500)
        N.path(
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
        what = d.r.choice(("tree", "tree", "bench", "lamp", "play", "bush", "hedge", "sign", "flowers", "fence"))
        if what in ("tree", "bush"):
            grow(d, [(x, row, s)], (what,))
        elif what == "play":
            T.play(d, x, row, s * d.u(2, 3.5))
        elif what == "hedge":
            P.hedge(d, (x, row), (x + s * d.u(3, 8), row + d.u(-10, 10)), s * 0.8)
        elif what == "flowers":
            d.fill(ring(x, row, s * 1.6, s * 0.4), M.FOLIAGE, edge=FREE)
            d.marks([ring(x + d.u(-1.3, 1.3) * s, row + d.u(-0.25, 0.25) * s, s * 0.1, s * 0.1, 6) for _ in range(7)])
        else:
            T.strew(d, [(x, row, s)], (what,))
    near_frame(d)


def pond(d: Sheet, x: float, y: float, w: float) -> None:
    """A pond with or without a rim of stones."""
    from training.fast.curves import blob

    edge = blob(d, x, y, w, w * d.u(0.18, 0.35), 0.16, 30)
    d.fill(edge, M.WATER, edge=FREE)
    N.ripples(d, x - w * 0.6, x + w * 0.6, y - w * 0.1, y + w * 0.15, 6)
    if d.p(0.6):
        for px, py in edge[:: d.r.randint(2, 4)]:
            N.rock(d, float(px), float(py) + 12, w * d.u(0.08, 0.25))
    for _ in range(d.r.choice((0, 0, 3, 6))):
        a = d.u(0, 6.28)
        d.fill(
            ring(x + w * 0.6 * math.cos(a), y + w * 0.12 * math.sin(a), w * 0.07, w * 0.025, 10), M.FOLIAGE, edge=FREE
        )


def garden(d: Sheet) -> None:
    y = horizon(d, 350, 540)
    N.sky(d, y)
    P.woods(d, N.slope(d, y - d.u(20, 160), 40), y + 40, d.u(25, 80)) if d.p(0.7) else None
    if d.p(0.6):
        T.fence(
            d, (-30, y + 30), (d.w + 30, y + 30), d.u(50, 160), sort=d.r.choice(("boards", "wall", "pickets", "wall"))
        )
    meadow_ground(d, y + 20, land(d, M.GRASS, M.SOIL))
    if d.p(0.5):
        w = d.u(250, 600)
        B.cottage(d, d.r.choice((-0.05, 0.6)) * d.w, y + d.u(40, 120), w, w * d.u(0.35, 0.55))
    if d.p(0.65):
        pond(d, d.u(0.3, 0.7) * d.w, y + (1000 - y) * d.u(0.4, 0.7), d.u(200, 520))
    if d.p(0.3):
        x = d.u(0.2, 0.6) * d.w
        B.arch_bridge(d, x, y + (1000 - y) * 0.45, d.u(250, 500), d.u(60, 110), material=d.r.choice((M.WOOD, M.ROCK)))
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
            P.trunk(d, x, row, s * 0.25, s * 1.2, d.u(-0.4, 0.4) * s)
            P.pads(d, x, row - s * 2, s * 1.4, s * 1.6)
        elif what == "lantern":
            T.stone_lantern(d, x, row, s * d.u(1, 1.7))
        elif what == "stones":
            for k in range(4):
                d.fill(ring(x + k * s * 0.7, row + k * s * 0.15, s * 0.3, s * 0.1, 12), M.ROCK, edge=FREE)
        elif what == "bamboo":
            for k in range(4):
                P.bamboo(d, x + k * s * 0.3, row, s * d.u(3, 6))
        elif what == "pot":
            T.box(d, x, row, s * 0.5, s * 0.4, M.WALL)
            P.crown(d, x + s * 0.25, row - s * 0.65, s * 0.35, s * 0.35)
        elif what == "hedge":
            P.hedge(d, (x, row), (x + s * 4, row), s)
        elif what == "parasol":
            T.strew(d, [(x, row, s)], ("parasol", "bench"))
        else:
            grow(d, [(x, row, s)], (what,))
    near_frame(d)


def school(d: Sheet) -> None:
    y = horizon(d, 380, 560)
    backdrop(d, y, ("hills", "woods", "town", "nothing", "trees"))
    N.ground(d, y, land(d, M.SOIL, M.SOIL, M.GRASS))
    foot = y + d.u(20, 130)
    x, w, h = d.u(-0.1, 0.35) * d.w, d.u(0.5, 1.0) * d.w, d.u(170, 420)
    floors = d.r.randint(2, 4)
    for a, b, tall in ((x, w, h), (x + w * d.u(0.3, 0.6), w * 0.2, h * d.u(1.1, 1.4))) if d.p(0.5) else ((x, w, h),):
        wall = B.front(a, foot, b, tall)
        d.fill(wall.corners, M.WALL)
        d.fill([wall.e, wall.c, (wall.c[0], wall.c[1] - 14), (wall.e[0], wall.e[1] - 14)], M.ROOF)
        B.panes(d, wall, max(2, min(14, int(b / d.u(60, 120)))), floors)
    if d.p(0.6):
        m = x + w * 0.5
        B.door(d, B.front(m - 60, foot, 120, 130), 0, 1, 1, d.r.choice((M.WINDOW, M.WOOD)))
        T.box(d, m - 90, foot - 130, 180, 18, M.ROOF)
    if d.p(0.5):
        s = h * 0.1
        d.fill(ring(x + w * 0.5, foot - h * d.u(1.05, 1.25), s, s, 20), M.WALL, edge=FREE)
        d.marks([[(x + w * 0.5, foot - h * 1.15), (x + w * 0.5, foot - h * 1.15 - s * 0.6)]], keep=1.4)
    for a, row, s in spots(d, y, d.r.randint(2, 9), far=(foot - y) / (1000 - y), near=0.85):
        s = max(s, 20)
        if d.p(0.5):
            grow(d, [(a, row, s)], ("tree", "bush", "tree"))
        elif d.p(0.4):
            T.play(d, a, row, s * 2.4)
        else:
            T.strew(d, [(a, row, s)], ("bench", "banner", "lamp", "sign", "fence", "banner"))
    if d.p(0.3):
        d.marks([ring(d.w / 2, y + (1000 - y) * 0.6, d.w * k, (1000 - y) * k * 0.5, 40) for k in (0.3, 0.38)], keep=1.2)
    if d.p(0.3):
        row = d.u(900, 1000)
        for side in (-1, 1):
            T.box(d, d.w / 2 + side * d.u(250, 420) - 40, row, 80, d.u(180, 300), d.r.choice((M.WALL, M.ROCK)))
            T.fence(
                d,
                (d.w / 2 + side * 400, row),
                (d.w / 2 + side * d.w * 0.55, row),
                130,
                sort=d.r.choice(("wall", "rail", "net")),
            )
    near_frame(d)


def ruins(d: Sheet) -> None:
    y = horizon(d, 300, 580)
    backdrop(d, y, ("mountains", "woods", "hills", "nothing", "town"))
    meadow_ground(d, y, land(d, M.GRASS, M.SOIL, M.GRASS))
    if d.p(0.5):
        w = d.u(150, 700)
        N.path(
            d,
            [(d.w * d.u(0.2, 0.8), 1060), (d.w * d.u(0.3, 0.7), y + (1000 - y) * 0.4), (d.w * d.u(0.3, 0.7), y + 15)],
            (w, w * 0.1),
            d.r.choice((M.ROAD, M.ROAD, M.WATER, M.SOIL)),
        )
    for x, row, s in spots(d, y, d.r.randint(3, 9), far=0.02, near=0.7):
        s = max(s, 18)
        what = d.r.choice(("ruin", "ruin", "ruin", "tree", "rocks", "block"))
        if what == "ruin":
            w = s * d.u(2.5, 7)
            B.ruin(d, x - w / 2, row, w, s * d.u(2, 6))
            if d.p(0.5):
                P.ivy(d, x + d.u(-0.4, 0.4) * w, row - s * d.u(1, 3), w * d.u(0.15, 0.4), s * d.u(0.8, 2))
        elif what == "block":
            T.box(d, x, row, s * d.u(0.5, 2), s * d.u(0.3, 1), d.r.choice((M.ROCK, M.WALL)))
        else:
            grow(d, [(x, row, s)], (what,))
    grow(d, spots(d, y, d.r.randint(3, 12), far=0.3), ("rock", "rocks", "bush", "rock", "reeds", "log"))
    P.grass(d, 0, d.w, y + 60, 1000, 24)
    near_frame(d, 0.35)


def works(d: Sheet) -> None:
    """Factories, tanks and pipes."""
    y = horizon(d, 350, 600)
    backdrop(d, y, ("town", "hills", "nothing"))
    N.ground(d, y, land(d, M.ROAD, M.SOIL))
    for x, row, s in spots(d, y, d.r.randint(4, 10), far=0.03, near=0.5):
        s = max(s, 25)
        what = d.r.choice(("hall", "hall", "stack", "tank", "crane", "mast", "box"))
        if what == "hall":
            w, h, n = s * d.u(5, 9), s * d.u(2, 4), d.r.randint(2, 5)
            teeth = [p for k in range(n) for p in ((x + w * k / n, row - h - s), (x + w * (k + 1) / n, row - h))]
            d.fill([(x, row), *teeth, (x + w, row)], M.WALL)
            for k in range(n):
                d.fill([(x + w * k / n, row - h - s), (x + w * (k + 1) / n, row - h), (x + w * k / n, row - h)], M.ROOF)
            B.openings(d, B.front(x, row, w, h), 1)
        elif what == "stack":
            d.fill(
                [(x - s * 0.5, row), (x - s * 0.3, row - s * 8), (x + s * 0.3, row - s * 8), (x + s * 0.5, row)],
                d.r.choice((M.WALL, M.METAL)),
            )
            if d.p(0.5):
                N.cloud(d, x + s * 2, row - s * 9, s * 4, "scallop")
        elif what == "tank":
            d.fill(
                [(x - s * 1.5, row), (x - s * 1.5, row - s * 2), (x + s * 1.5, row - s * 2), (x + s * 1.5, row)],
                M.METAL,
            )
            d.fill(ring(x, row - s * 2, s * 1.5, s * 0.3, 20), M.METAL, edge=FREE)
        elif what == "crane":
            T.crane(d, x, row, s * d.u(6, 12))
        elif what == "mast":
            B.tower(d, x, row, s * 2, s * 9, "mast")
        else:
            T.box(d, x, row, s * d.u(2, 4), s * d.u(1, 2), M.METAL)
    T.strew(d, spots(d, y, d.r.randint(0, 6), far=0.4), ("crate", "fence", "car", "pole", "sign", "lamp"))
    near_frame(d, 0.1)
