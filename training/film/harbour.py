"""The port town, from other places than the quay: the sea wall, above the roofs, a lane, close by the water."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.buildings import House, boat, box, house, pole, railing, wire
from training.camera import Camera, Place
from training.drawing import BLUE, RED, Drawing
from training.plants import clump, crown, cumulus, rock, streak, trunk, tufts, woods
from training.scenes import Vary, port_town
from training.scenes.common import M, block_up, constructed, gulls, ripples, slabs
from training.shapes import Rng, bar, closed_below, ellipse, ridge, smooth


def lighthouse(d: Drawing, camera: Camera, x: float, z: float, high: float = 9.0) -> None:
    """A white tower with a gallery and a lamp."""
    s = camera.scale(z)
    foot, top = camera.line((x, 0.6, z), (x, 0.6 + high, z))
    d.fill(bar(*foot, *top, 2.3 * s, 1.35 * s), M.WALL, ruled=True)
    for t in (0.22, 0.45, 0.68):
        p = foot + (top - foot) * t
        r = (1.15 - 0.47 * t) * s
        d.stroke(ellipse(p[0], p[1], r, 0.12 * s, n=14, start=0.05, end=np.pi - 0.05), weight=0.65, pressure=0.5)
    for t in (0.12, 0.55):
        p = foot + (top - foot) * t
        d.fill(bar(p[0], p[1], p[0], p[1] - 0.9 * s, 0.42 * s), M.WINDOW, ruled=True, weight=0.8)
    d.fill(bar(top[0] - 1.05 * s, top[1], top[0] + 1.05 * s, top[1], 0.24 * s), M.METAL, ruled=True)
    for k in np.linspace(-0.95, 0.95, 7):
        d.stroke([(top[0] + k * s, top[1]), (top[0] + k * s, top[1] - 0.62 * s)], weight=0.7, pressure=0.6)
    d.fill(bar(top[0], top[1] - 0.12 * s, top[0], top[1] - 1.5 * s, 1.0 * s), M.GLOW, ruled=True)
    for k in (-0.25, 0.0, 0.25):
        d.stroke([(top[0] + k * s, top[1] - 0.14 * s), (top[0] + k * s, top[1] - 1.48 * s)], weight=0.6, pressure=0.5)
    rail = np.array([(top[0] - 1.0 * s, top[1] - 0.62 * s), (top[0] + 1.0 * s, top[1] - 0.62 * s)])
    d.stroke(rail, weight=0.8, pressure=0.7, ruled=True)
    dome = [(-0.68, 1.48), (0.68, 1.48), (0.42, 2.02), (0.0, 2.3), (-0.42, 2.02)]
    d.fill([(top[0] + a * s, top[1] - b * s) for a, b in dome], M.ROOF, ruled=True)


def sea_wall(rng: Rng) -> Drawing:
    """Much sky: the mole with its light, boats coming in, blocks of stone in front."""
    d = Drawing()
    camera = Camera(eye=3.4, focal=2000, centre=640, horizon=716)
    y = camera.horizon
    cumulus(d, rng, 560, y - 20, 980, 470, puffs=14)
    cumulus(d, rng, 1610, y - 12, 520, 190, puffs=9, pressure=0.42)
    streak(d, rng, 1500, 150, 620, 44)
    streak(d, rng, 1130, 268, 380, 26)
    sea = port_town._sea(d, rng, camera, Vary(detail=0.4))
    ripples(d, rng, camera, 110, x=(-40, 1960), y=(y + 10, 1000), on=sea)
    for x, z, size, flip, sail in ((-30, 210, 10, False, True), (9, 150, 9, True, False), (-9, 96, 8.5, False, True)):
        p = camera.project([(x, 0, z)])[0]
        boat(d, rng, p[0], p[1], size * camera.scale(z), flip=flip, sail=sail, cabin=not sail)
    box(d, Place(camera, 14.5, 0, 62), 60, 1.6, 5, M.ROAD, weight=0.9)
    for k in range(10):
        place = Place(camera, 14.5, 0, 62)
        d.stroke(place.line((2.9 * k + 1, 0.1, 0), (2.9 * k + 1, 1.5, 0)), weight=0.55, pressure=0.4, ruled=True)
    lighthouse(d, camera, 17.6, 63.5)
    p = camera.project([(-4.5, 0, 44)])[0]
    boat(d, rng, p[0], p[1], 9 * camera.scale(44), sail=False)
    for k in range(15):
        x = -40 + 146 * k + rng.normal(0, 22)
        rock(d, rng, x, 1000 - 18 * np.cos(k * 0.9), rng.uniform(170, 240), rng.uniform(80, 130), weight=1.05)
    for k in range(13):
        rock(d, rng, 40 + 170 * k + rng.normal(0, 26), 1092, rng.uniform(210, 300), rng.uniform(96, 140), weight=1.2)
    gulls(d, rng, 760, 240, 6, 26)
    constructed(d, camera, [camera.centre], [(1940, 640), (1940, 900)])
    return d


def over_roofs(rng: Rng) -> Drawing:
    """From the top of the town over its roofs to the sea."""
    d = Drawing()
    camera = Camera(eye=27, focal=1280, centre=840, horizon=262)
    y = camera.horizon
    cumulus(d, rng, 1330, y - 6, 760, 220, puffs=12)
    streak(d, rng, 420, 96, 620, 34)
    far = ridge(rng, -80, 760, y + 1, 56, peaks=1.8, rough=0.42)
    d.fill(closed_below(far, y + 4), M.MOUNTAIN, weight=0.7, pressure=0.45)
    sea = d.fill([(-100, y), (2020, y), (2020, 1180), (-100, 1180)], M.WATER, outline=False)
    d.stroke([(-20, y), (1940, y)], weight=0.75, pressure=0.65, ruled=True)
    ripples(d, rng, camera, 120, x=(-40, 1400), y=(y + 6, 620), on=sea)
    cape = smooth([(1180, y + 30), (1330, y - 20), (1520, y - 92), (1740, y - 120), (2030, y - 170)])
    woods(d, rng, cape, y + 150, size=40, pressure=0.55)
    box(d, Place(camera, -52, 0, 150), 74, 1.6, 6, M.ROAD, weight=0.7)
    lighthouse(d, camera, 19.5, 152, 10.0)
    for x, z, s, flip in ((-26, 128, 9, False), (-8, 118, 8, True), (-40, 230, 11, False), (12, 190, 9, True)):
        p = camera.project([(x, 0, z)])[0]
        boat(d, rng, p[0], p[1], s * camera.scale(z), flip=flip, sail=z > 180, cabin=z < 180)
    quay = block_up(d, camera, [(-80, 0, 84), (90, 0, 84), (90, 0, 100), (-80, 0, 100)], M.ROAD, weight=0.8)
    slabs(d, rng, camera, quay, x=(-60, 60), z=(85, 99), size=(6, 5), keep=0.6)
    for x in (-38, -31, 8, 26):
        p = camera.project([(x, 0, 101)])[0]
        boat(d, rng, p[0], p[1] + 4, 8 * camera.scale(101), flip=x > 0)
    d.fill(camera.polygon([(-90, 0, 84), (110, 0, 84), (80, 7.4, 10), (-60, 7.4, 10)]), M.GRASS, outline=False)
    for row, z in enumerate((78.0, 66.0, 55.0, 45.0, 36.0, 28.0, 21.5)):
        level = (84 - z) * 0.1
        x = -0.80 * z + rng.uniform(-4, 0)
        while x < 0.92 * z:
            wide, deep = rng.uniform(6.0, 8.6), rng.uniform(5.6, 7.0)
            if rng.random() < 0.82:
                measures = House(
                    width=wide,
                    depth=deep,
                    height=float(rng.choice([3.2, 5.2, 5.6])),
                    rise=rng.uniform(1.7, 2.5),
                    floors=2,
                    thick=0.3,
                    tiles=0.55,
                    eave=0.45,
                )
                house(d, rng, Place(camera, x, level, z, rng.uniform(-0.35, 0.35)), measures, shutters=0.15)
            else:
                p, s = camera.project([(x + 3, level + 2.4, z)])[0], camera.scale(z)
                crown(d, rng, p[0], p[1], 3.2 * s, 2.6 * s, clumps=6, leaf=11, weight=0.8, marks=0.6)
            x += wide + rng.uniform(0.6, 3.4)
        for _ in range(7):
            p = camera.project([(rng.uniform(-0.8, 0.9) * z, level, z - 2.5)])[0]
            clump(d, rng, p[0], p[1], rng.uniform(24, 60), rng.uniform(14, 30), leaf=9, weight=0.75, marks=0.5)
        if row in (1, 3, 5):
            pole(d, Place(camera, rng.uniform(-0.5, 0.5) * z, level, z - 3), 8.5)
    for cx, cy, r in ((60, 1040, 190), (300, 1110, 170), (1880, 1020, 210), (1640, 1110, 180)):
        crown(d, rng, cx, cy, 1.3 * r, 0.72 * r, clumps=9, leaf=17, weight=1.15)
    gulls(d, rng, 640, 190, 4, 16)
    constructed(d, camera, [camera.centre], [(-10, 980), (1930, 980)])
    return d


def lane(rng: Rng) -> Drawing:
    """A lane between houses; the sea stands at its end."""
    d = Drawing()
    camera = Camera(eye=2.3, focal=1200, centre=905, horizon=520)
    y = camera.horizon
    cumulus(d, rng, 1010, y - 4, 560, 300, puffs=11)
    sea = d.fill([(-100, y), (2020, y), (2020, 1180), (-100, 1180)], M.WATER, outline=False)
    d.stroke([(400, y), (1500, y)], weight=0.75, pressure=0.65, ruled=True)
    ripples(d, rng, camera, 30, x=(700, 1150), y=(y + 5, y + 44), on=sea)
    p = camera.project([(1.2, 0, 110)])[0]
    boat(d, rng, p[0], p[1], 10 * camera.scale(110), sail=True, cabin=False)
    ground = block_up(d, camera, [(-4, 0, 1.0), (4, 0, 1.0), (4, 0, 56), (-4, 0, 56)], M.ROAD, skip=(0, 1, 3))
    slabs(d, rng, camera, ground, x=(-2.5, 2.5), z=(2.2, 50), size=(0.84, 1.1), keep=0.66)
    for side in (-1, 1):
        z = 50.0
        while z > 5.5:
            deep = min(rng.uniform(6.0, 9.0), z - 2.6)
            z -= deep
            high = float(rng.choice([3.4, 5.6, 6.2]))
            wide = rng.uniform(6.5, 8.0)
            inner = 2.6 + rng.uniform(-0.15, 0.35)
            x = -inner - wide if side < 0 else inner
            measures = House(
                width=wide,
                depth=deep - 0.5,
                height=high,
                rise=rng.uniform(1.8, 2.5),
                floors=2 if high > 4 else 1,
                thick=0.3,
                eave=0.5,
                planks=float(rng.choice([0.0, 0.4])),
                tiles=0.8,
                shade=side > 0,
            )
            house(d, rng, Place(camera, x, 0, z), measures, door_on="right" if side < 0 else "left", shutters=0.35)
            if rng.random() < 0.8:
                q, s = camera.project([(side * (inner - 0.35), 0.4, z + 0.8)])[0], camera.scale(z + 0.8)
                box(d, Place(camera, side * (inner - 0.4) - 0.3, 0, z + 0.4), 0.6, 0.34, 0.5, M.WOOD)
                clump(d, rng, q[0], q[1] - 0.3 * s, 0.5 * s, 0.4 * s, leaf=max(7, 0.1 * s), weight=0.9)
    tips = None
    for z in (44.0, 30.0, 19.5, 11.5):
        now = pole(d, Place(camera, -2.0, 0, z), 7.2)
        if tips is not None:
            for (a, b), (c, e) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 6)
                wire(d, b, e, 0.05 * abs(e[1] - b[1]) + 6)
        tips = now
    for z, high in ((24.0, 4.6), (14.5, 4.3)):
        a, b = camera.project([(-2.6, high, z), (2.6, high - 0.3, z)])
        wire(d, a, b, 16)
        for t in (0.2, 0.38, 0.56, 0.74):
            q, s = a + (b - a) * t + (0, 12), camera.scale(z)
            cloth = [(0, 0), (0.62, 0.02), (0.58, 0.8), (0.3, 0.74), (0.04, 0.84)]
            d.fill([(q[0] + u * s, q[1] + v * s) for u, v in cloth], M.CLOTH, weight=0.85)
    box(d, Place(camera, 1.5, 0, 5.6, 0.15), 0.8, 0.5, 0.6, M.WOOD)
    box(d, Place(camera, 1.9, 0.5, 5.8, -0.2), 0.6, 0.4, 0.5, M.WOOD)
    edge = camera.project([(-0.9, 0, 40.0), (-0.8, 0, 18.0), (-0.6, 0, 9.0), (-1.2, 0, 4.2)])
    d.stroke(edge, weight=0.9, pressure=0.75, pencil=BLUE)
    gulls(d, rng, 960, 210, 3, 18)
    constructed(d, camera, [camera.centre], [(-10, 60), (1930, 40), (-10, 1000), (1930, 1000)])
    return d


def by_the_water(rng: Rng) -> Drawing:
    """Low on the edge of the quay: bollard, rope, boxes, a boat at its moorings."""
    d = Drawing()
    camera = Camera(eye=1.15, focal=1500, centre=1180, horizon=468)
    y = camera.horizon
    cumulus(d, rng, 470, y - 6, 900, 330, puffs=13)
    cumulus(d, rng, 1620, y - 6, 560, 150, puffs=9, pressure=0.42)
    line = smooth([(980, y + 4), (1180, y - 50), (1420, y - 120), (1680, y - 150), (2020, y - 190)])
    woods(d, rng, line, y + 30, size=36, pressure=0.5)
    for x, z in ((14, 96), (22, 92), (31, 100), (40, 90), (47, 95)):
        measures = House(width=7, depth=6, height=4.6, rise=2.0, floors=2, tiles=0.5, eave=0.4)
        house(d, rng, Place(camera, x, 1.5, z, rng.uniform(-0.3, 0.3)), measures, shutters=0.1)
    sea = d.fill([(-100, y), (2020, y), (2020, 1180), (-100, 1180)], M.WATER, outline=False)
    d.stroke([(-20, y), (1940, y)], weight=0.75, pressure=0.65, ruled=True)
    ripples(d, rng, camera, 120, x=(-40, 1940), y=(y + 6, 900), on=sea)
    for x, z, s, sail in ((-24, 90, 9, True), (-9, 60, 8, False)):
        p = camera.project([(x, -0.4, z)])[0]
        boat(d, rng, p[0], p[1], s * camera.scale(z), sail=sail, cabin=not sail, flip=not sail)
    boat(d, rng, 620, 742, 860, sail=False)
    top = block_up(
        d, camera, [(-8, 0, 0.8), (9, 0, 0.8), (9, 0, 5.4), (-8, 0, 4.6)], M.ROAD, skip=(0, 1, 3), weight=1.1
    )
    slabs(d, rng, camera, top, x=(-4.5, 4.5), z=(1.2, 4.6), size=(1.1, 0.9), keep=0.85)
    d.fill(camera.polygon([(-8, 0, 4.6), (9, 0, 5.4), (9, -0.25, 5.45), (-8, -0.25, 4.65)]), M.ROAD, ruled=True)
    port_town._bollard(d, camera, -0.95, 3.6)
    rope = camera.project([(-0.95, 0.36, 3.6)])[0]
    t = np.linspace(0, 1, 24)[:, None]
    bow = np.array([1056.0, 560.0])
    line = rope * (1 - t) + bow * t + np.concatenate([0 * t, 120 * t * (1 - t)], 1)
    d.fill(np.concatenate([line - (0, 4), (line + (0, 4))[::-1]]), M.CLOTH, weight=0.9)
    p = camera.project([(-1.55, 0, 2.9)])[0]
    for k in range(4):
        r = 120 - 17 * k
        d.fill(ellipse(p[0], p[1] - 15 * k, r, r * 0.34), M.CLOTH, weight=0.95)
    for x, z, s, lift in ((1.05, 3.5, 0.62, 0.0), (1.75, 3.7, 0.6, 0.0), (1.35, 3.6, 0.55, 0.6)):
        place = Place(camera, x, lift, z, rng.uniform(-0.3, 0.3))
        box(d, place, s * 1.25, s * 0.85, s, M.WOOD)
        for v in (0.28, 0.56):
            d.stroke(place.line((0, s * v, 0), (s * 1.25, s * v, 0)), weight=0.65, pressure=0.55, ruled=True)
    for x, r in ((1700, 78), (1838, 64)):
        d.fill(ellipse(x, 905, r, r, n=30), M.CLOTH, weight=1.0)
        d.stroke(ellipse(x, 905, 0.62 * r, r, n=20, start=-1.2, end=1.2), weight=0.7, pressure=0.55)
    tufts(d, rng, [(-10, 1074), (330, 1086)], 8, 60, spread=8)
    d.stroke([(1254, 640), (1252, 700), (1262, 770)], weight=0.9, pressure=0.75, pencil=RED)
    gulls(d, rng, 380, 150, 4, 28)
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d


def pan(rng: Rng) -> Drawing:
    """The bay from the sea to the town: a frame and a third wide."""
    return port_town.scene(rng, Vary(width=2640.0, depart=0.2))


def landing(rng: Rng) -> Drawing:
    """A terrace over the bay: a railing, a bench, a tree, and nothing but sea behind."""
    d = Drawing()
    camera = Camera(eye=1.7, focal=1350, centre=900, horizon=560)
    y = camera.horizon
    cumulus(d, rng, 1270, y - 8, 820, 360, puffs=13)
    streak(d, rng, 430, 190, 620, 42)
    far = ridge(rng, 1240, 2010, y + 1, 60, peaks=1.6, rough=0.42)
    d.fill(closed_below(far, y + 4), M.MOUNTAIN, weight=0.7, pressure=0.45)
    sea = d.fill([(-100, y), (2020, y), (2020, 1180), (-100, 1180)], M.WATER, outline=False)
    d.stroke([(-20, y), (1940, y)], weight=0.75, pressure=0.65, ruled=True)
    ripples(d, rng, camera, 80, x=(-40, 1940), y=(y + 6, 800), on=sea)
    p = camera.project([(-26, -6, 190)])[0]
    boat(d, rng, p[0], p[1] - 30, 70, sail=True, cabin=False)
    ground = block_up(d, camera, [(-30, 0, 0.8), (30, 0, 0.8), (30, 0, 9), (-30, 0, 9)], M.ROAD, skip=(0, 1, 3))
    slabs(d, rng, camera, ground, x=(-10, 10), z=(1.6, 9), size=(1.2, 1.2), keep=0.75)
    box(d, Place(camera, -20, 0, 8.8), 40, 0.25, 0.3, M.ROAD)
    railing(d, Place(camera, -20, 0.25, 8.9), 40, posts=1.8, bars=4, height=0.95)
    bench = Place(camera, 0.7, 0, 6.0, 0.0)
    for s in (0.15, 1.95):
        box(d, bench.moved(s, 0, 0), 0.14, 0.42, 0.46, M.METAL)
    box(d, bench.moved(0, 0.42, 0), 2.2, 0.08, 0.5, M.WOOD)
    box(d, bench.moved(0, 0.62, 0.46), 2.2, 0.42, 0.07, M.WOOD)
    tree = [(330.0, 1000.0), (350, 790), (318, 560), (366, 300), (330, -60)]
    trunk(d, rng, tree, [104, 78, 66, 56, 42], weight=1.25)
    for cx, cy, r in ((330, 60, 210), (80, 130, 180), (560, 10, 190), (150, 330, 120), (720, -60, 150)):
        crown(d, rng, cx, cy, 1.25 * r, 0.72 * r, clumps=9, leaf=17, weight=1.15)
    tufts(d, rng, [(220, 1004), (460, 1008)], 9, 40, spread=4)
    gulls(d, rng, 1240, 250, 4, 20)
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d
