"""The small station and its line: the bench under the canopy, the crossing, the straight track, leaves overhead."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.buildings import box, door, pole, window, wire
from training.camera import Camera, Face, Place
from training.drawing import BLUE, RED, Drawing
from training.plants import crown, cumulus, maple_leaf, pebbles, streak, trunk, tufts, woods
from training.scenes import Vary, autumn_station
from training.scenes.common import M, block_up, constructed, gulls, hanging_branch, on_ground, scattered_leaves, slabs
from training.shapes import Rng, bar, closed_below, ellipse, ridge, smooth


def bench(rng: Rng) -> Drawing:
    """The bench before the waiting room, seen along the wall; the line runs off on the right."""
    d = Drawing()
    camera = Camera(eye=1.45, focal=1180, centre=1370, horizon=548)
    y = camera.horizon
    streak(d, rng, 1560, 150, 620, 44)
    far = ridge(rng, 900, 2010, y + 4, 170, peaks=1.8, rough=0.42)
    d.fill(closed_below(far, y + 20), M.MOUNTAIN, weight=0.75, pressure=0.5)
    woods(d, rng, ridge(rng, 900, 2010, y + 8, 70, peaks=2.4, rough=0.4), y + 40, size=34, pressure=0.5)
    d.fill([(900, y + 6), (2020, y + 6), (2020, 1180), (900, 1180)], M.GRASS, outline=False)
    for x, z in ((9.5, 34.0), (7.8, 24.0), (10.5, 17.0)):
        p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
        trunk(d, rng, [p, p - (0.1 * s, 1.6 * s), p - (0, 3.2 * s)], [0.5 * s, 0.3 * s], weight=0.8)
        crown(d, rng, p[0], p[1] - 4.2 * s, 3.2 * s, 2.5 * s, clumps=8, leaf=13, weight=0.85, pointed=True)
    block_up(d, camera, [(2.6, -0.9, 1), (5.4, -0.9, 1), (5.4, -0.9, 80), (2.6, -0.9, 80)], M.SOIL, skip=(0, 1, 2))
    for x in (3.3, 4.6):
        a, b = camera.line((x, -0.8, 2), (x, -0.8, 80))
        d.fill(bar(*a, *b, 0.1 * camera.scale(2), 3.2), M.METAL, ruled=True)
    z = 2.6
    while z < 40:
        d.stroke(camera.line((2.9, -0.9, z), (5.0, -0.9, z)), weight=0.7, pressure=0.5, ruled=True)
        z *= 1.13
    floor = block_up(d, camera, [(-9, 0, 0.8), (2.2, 0, 0.8), (2.2, 0, 60), (-9, 0, 60)], M.ROAD, skip=(0, 2, 3))
    slabs(d, rng, camera, floor, x=(-6.5, 1.6), z=(1.4, 30), size=(1.2, 1.3), keep=0.75)
    for x in (1.5, 1.75):
        d.stroke(camera.line((x, 0, 1.2), (x, 0, 60)), weight=0.7, pressure=0.6, ruled=True, on=floor)
    wall = Place(camera, -2.5, 0, 22.0, np.pi / 2)
    face = Face(wall, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    long = 21.2
    top = d.fill(face.rect(0, 0, long, 3.3), M.WALL, ruled=True, weight=1.1)
    for s in np.arange(0.3, long, 0.32):
        d.stroke(face.line(s, 0.05, s, 1.05), weight=0.5, pressure=0.4, ruled=True, on=top, inside=True)
    d.fill(face.rect(0, 1.05, long, 1.17), M.WOOD, ruled=True)
    for s in (2.0, 5.2, 8.6, 15.4, 17.9):
        window(d, rng, face, s, 1.35, 1.7, 1.25, panes=(4, 2), weight=1.0)
    for s in (12.0, 13.2):
        door(d, face, s, 1.15, 2.4, weight=1.0, panels=3)
    for s in np.linspace(0.2, 20.0, 7):
        foot, head = wall.line((s, 0, -1.6), (s, 3.0, -1.6))
        w = 0.17 * camera.scale(float(wall.solid([(s, 0, -1.6)])[0, 2]))
        d.fill(bar(*foot, *head, max(w, 5)), M.WOOD, ruled=True, weight=1.0)
    d.fill(wall.polygon([(-0.5, 3.0, -2.3), (long, 3.0, -2.3), (long, 3.3, 0), (-0.5, 3.3, 0)]), M.WOOD, ruled=True)
    d.fill(
        wall.polygon([(-0.5, 2.8, -2.3), (long, 2.8, -2.3), (long, 3.1, -2.3), (-0.5, 3.1, -2.3)]), M.WOOD, ruled=True
    )
    for s in np.arange(1.0, long, 1.4):
        d.stroke(wall.line((s, 3.0, -2.3), (s, 3.3, 0)), weight=0.7, pressure=0.55, ruled=True)
    for z in (9.6, 4.3):
        seat = Place(camera, -2.42, 0, z, 0.0)
        for c in (0.1, 1.75):
            box(d, seat.moved(0.05, 0, c), 0.42, 0.42, 0.12, M.WOOD)
        box(d, seat.moved(0, 0.42, 0), 0.52, 0.08, 2.0, M.WOOD)
    lamp = camera.project([(-1.3, 2.5, 6.2)])[0]
    s = camera.scale(6.2)
    d.fill(bar(lamp[0], lamp[1] - 0.42 * s, lamp[0], lamp[1] - 0.1 * s, 4), M.METAL, outline=True)
    d.fill(ellipse(lamp[0], lamp[1] + 0.06 * s, 0.15 * s, 0.15 * s), M.GLOW)
    shade = [(-0.26, 0.04), (-0.08, -0.14), (0.08, -0.14), (0.26, 0.04)]
    d.fill([(lamp[0] + a * s, lamp[1] + b * s) for a, b in shade], M.METAL, ruled=True)
    for k in range(26):
        p = camera.project([(rng.uniform(-0.4, 2.0), 0, 2.2 + 9 * rng.random() ** 1.6)])[0]
        maple_leaf(d, rng, p[0], p[1], rng.uniform(0.5, 1.1) * (p[1] - y) / 24, flat=0.5)
        if k % 3 == 0:
            scattered_leaves(d, rng, p[None] + (20, 4), 11, on=floor)
    for end, width in (((1560.0, 120.0), 34), ((1420.0, 40.0), 28)):
        hanging_branch(
            d, rng, np.array([2000.0, 170.0]), np.array(end), width, leaf=16, clumps=5, pointed=True, size=88
        )
    d.stroke(camera.project([(0.3, 0, 20.0), (0.5, 0, 9.0), (0.9, 0, 3.0)]), weight=0.9, pressure=0.75, pencil=BLUE)
    constructed(d, camera, [camera.centre], [(-10, 40), (-10, 1000), (700, 1090)])
    return d


def crossing(rng: Rng) -> Drawing:
    """A country crossing: the road goes over the line and on to the hills."""
    d = Drawing()
    camera = Camera(eye=1.7, focal=1350, centre=1010, horizon=600)
    y = camera.horizon
    cumulus(d, rng, 480, y - 40, 900, 400, puffs=13)
    streak(d, rng, 1500, 190, 540, 40)
    far = ridge(rng, -80, 2000, y + 4, 210, peaks=2.1, rough=0.45)
    d.fill(closed_below(far, y + 30), M.MOUNTAIN, weight=0.75, pressure=0.5)
    woods(d, rng, ridge(rng, -80, 2000, y + 8, 84, peaks=2.6, rough=0.4), y + 44, size=36, pressure=0.5)
    d.fill([(-100, y + 6), (2020, y + 6), (2020, 1180), (-100, 1180)], M.GRASS, outline=False)
    path = [(0.0, 1.0), (0.0, 12), (0.4, 24), (2.6, 42), (1.2, 70), (3.4, 120)]
    curve = [(float(a), float(b)) for a, b in smooth(path, pieces=8)]
    road = d.fill(on_ground(camera, curve, [4.4, 4.4, 4.4, 4.0, 3.6, 3.4]), M.ROAD, weight=0.9)
    tips = None
    for z in (84.0, 56.0, 38.0, 26.0, 17.0):
        now = pole(d, Place(camera, 5.0, 0, z), 7.6)
        if tips is not None:
            for (a, b), (c, e) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 6)
                wire(d, b, e, 0.05 * abs(e[1] - b[1]) + 6)
        tips = now
    for x, z in ((-14, 46), (-20, 34), (15, 40)):
        p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
        trunk(d, rng, [p, p - (0, 1.6 * s), p - (0.1 * s, 3.0 * s)], [0.5 * s, 0.3 * s], weight=0.8)
        crown(d, rng, p[0], p[1] - 4.4 * s, 3.4 * s, 2.7 * s, clumps=8, leaf=12, weight=0.8)
    z0, z1 = 9.4, 12.2
    block_up(d, camera, [(-30, 0, z0), (30, 0, z0), (30, 0, z1), (-30, 0, z1)], M.SOIL, weight=0.75)
    for x in np.arange(-22, 22, 0.75):
        d.fill(
            camera.polygon([(x, 0, z0 + 0.3), (x + 0.24, 0, z0 + 0.3), (x + 0.24, 0, z1 - 0.3), (x, 0, z1 - 0.3)]),
            M.WOOD,
            ruled=True,
            weight=0.7,
        )
    pebbles(d, rng, camera.project(np.stack([rng.uniform(-9, 9, 120), np.zeros(120), rng.uniform(z0, z1, 120)], 1)), 6)
    deck = block_up(
        d,
        camera,
        [(-2.2, 0.06, z0 - 0.2), (2.2, 0.06, z0 - 0.2), (2.2, 0.06, z1 + 0.2), (-2.2, 0.06, z1 + 0.2)],
        M.ROAD,
        weight=0.9,
    )
    for z in np.linspace(z0, z1, 8):
        d.stroke(camera.line((-2.2, 0.06, z), (2.2, 0.06, z)), weight=0.55, pressure=0.4, ruled=True, on=deck)
    for z in (10.2, 11.4):
        a, b = camera.line((-30, 0.14, z), (30, 0.14, z))
        d.fill(bar(*a, *b, 7.5), M.METAL, ruled=True, weight=0.9)
    for side in (-1, 1):
        _gate(d, camera, side * 3.0, 8.7, side)
    for x0, x1 in ((-8.5, -3.2), (3.4, 8.5)):
        tufts(d, rng, camera.line((x0, 0, 8.0), (x1, 0, 8.0)), 16, 44, spread=8)
    for x0, x1 in ((-20, -2.6), (2.6, 20)):
        tufts(d, rng, camera.line((x0, 0, 14.5), (x1, 0, 14.5)), 18, 24, spread=6)
    for side in (-1, 1):
        edge = camera.line((side * 2.3, 0, 1.6), (side * 2.3, 0, 8.4))
        tufts(d, rng, edge, 22, 54, spread=6)
        d.stroke(
            camera.line((side * 1.9, 0, 1.4), (side * 1.9, 0, 8.6)), weight=0.7, pressure=0.55, ruled=True, on=road
        )
    tufts(d, rng, [(-10, 1076), (560, 1086)], 18, 90, spread=14, pressure=0.7)
    tufts(d, rng, [(1480, 1080), (1940, 1084)], 16, 90, spread=14, pressure=0.7)
    gulls(d, rng, 1360, 260, 4, 16)
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d


def _gate(d: Drawing, camera: Camera, x: float, z: float, side: int) -> None:
    """Crossed boards, two lamps, and a striped arm that stands up."""
    s = camera.scale(z)
    foot, top = camera.line((x, 0, z), (x, 3.3, z))
    d.fill(bar(*foot, *top, 0.14 * s), M.METAL, ruled=True, weight=1.1)
    for lean in (-1, 1):
        d.fill(
            bar(top[0] - 0.62 * s, top[1] + lean * 0.36 * s, top[0] + 0.62 * s, top[1] - lean * 0.36 * s, 0.2 * s),
            M.WALL,
            ruled=True,
        )
    box_y = top[1] + 0.95 * s
    d.fill(bar(top[0] - 0.56 * s, box_y, top[0] + 0.56 * s, box_y, 0.16 * s), M.METAL, ruled=True)
    for k in (-0.4, 0.4):
        d.fill(ellipse(top[0] + k * s, box_y, 0.2 * s, 0.2 * s, n=24), M.METAL)
        d.fill(ellipse(top[0] + k * s, box_y, 0.12 * s, 0.12 * s, n=20), M.GLOW, weight=0.8)
    hub = foot + (top - foot) * 0.3
    d.fill(
        bar(hub[0] - side * 0.1 * s, hub[1] - 0.25 * s, hub[0] - side * 0.1 * s, hub[1] + 0.3 * s, 0.34 * s),
        M.METAL,
        ruled=True,
    )
    tip = (hub[0] + side * 0.55 * s, hub[1] - 3.9 * s)
    arm = d.fill(bar(hub[0], hub[1], tip[0], tip[1], 0.13 * s, 0.08 * s), M.WOOD, ruled=True)
    for t in np.linspace(0.12, 0.94, 9):
        px, py = hub[0] + (tip[0] - hub[0]) * t, hub[1] + (tip[1] - hub[1]) * t
        d.stroke([(px - 0.06 * s, py), (px + 0.06 * s, py - 0.04 * s)], weight=0.8, pressure=0.7, on=arm, inside=True)


def line(rng: Rng) -> Drawing:
    """The straight line from between the rails, out of the station towards the hills."""
    d = Drawing()
    vary = Vary()
    camera = Camera(eye=1.25, focal=1500, centre=1190, horizon=610, near=0.8)
    cumulus(d, rng, 620, 560, 900, 360, puffs=13)
    autumn_station._distance(d, rng, camera)
    autumn_station._ground(d, rng, camera, vary)
    for x, z in ((9.5, 60), (13, 46), (8.6, 38), (12, 27), (9.4, 20)):
        p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
        trunk(d, rng, [p, p - (0, 1.6 * s), p - (0.1 * s, 3.0 * s)], [0.5 * s, 0.3 * s], weight=0.8)
        crown(d, rng, p[0], p[1] - 4.0 * s, 3.0 * s, 2.3 * s, clumps=8, leaf=13, weight=0.85, pointed=True)
    autumn_station._tracks(d, rng, camera, vary)
    autumn_station._left_side(d, rng, camera, vary)
    s = camera.scale(14)
    foot, top = camera.line((2.2, 0, 14), (2.2, 5.2, 14))
    d.fill(bar(*foot, *top, 0.16 * s), M.METAL, ruled=True, weight=1.0)
    for k in (0.15, 0.62):
        d.fill(ellipse(top[0], top[1] + k * s, 0.2 * s, 0.2 * s, n=22), M.METAL)
        d.fill(ellipse(top[0], top[1] + k * s, 0.11 * s, 0.11 * s, n=18), M.GLOW, weight=0.8)
    for z in np.geomspace(3.4, 40, 22):
        p = camera.project([(1.4 + rng.uniform(0, 0.6), 0, z)])[0]
        tufts(d, rng, [p, p + (70, 2)], 3, min(80, 280 / z + 8))
    tufts(d, rng, [(1500, 1060), (1940, 1040)], 22, 96, spread=18, pressure=0.7)
    for _ in range(9):
        p = rng.uniform((200, 300), (1700, 800))
        maple_leaf(d, rng, p[0], p[1], rng.uniform(9, 15))
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d


def leaves_above(rng: Rng) -> Drawing:
    """Looking up: boughs from all sides, wires, and the sky between."""
    d = Drawing()
    for x, y, w, h in ((1180, 620, 760, 56), (800, 320, 520, 40), (1320, 250, 420, 30), (760, 780, 460, 36)):
        streak(d, rng, x, y, w, h)
    for k in range(3):
        wire(d, np.array([-30.0, 760 + 34 * k]), np.array([1960.0, 250 + 26 * k]), 30, width=4)
    branches = (
        ((-60.0, 420.0), (640.0, 260.0), 62),
        ((-60.0, 900.0), (520.0, 760.0), 54),
        ((420.0, -60.0), (760.0, 330.0), 46),
        ((1980.0, 120.0), (1330.0, 300.0), 58),
        ((1980.0, 860.0), (1480.0, 700.0), 60),
        ((1500.0, -60.0), (1240.0, 190.0), 38),
    )
    for start, end, width in branches:
        hanging_branch(d, rng, np.array(start), np.array(end), width, leaf=18, clumps=7, pointed=True, size=128)
    for cx, cy, r in (
        (40, 120, 220),
        (330, 30, 180),
        (1850, 60, 230),
        (1620, 10, 160),
        (60, 700, 160),
        (150, 1060, 260),
        (560, 1110, 200),
        (1880, 1040, 260),
        (1540, 1120, 210),
        (1890, 480, 150),
    ):
        crown(d, rng, cx, cy, 1.25 * r, 0.78 * r, clumps=9, leaf=18, weight=1.15, pointed=True)
    for _ in range(12):
        p = rng.uniform((560, 340), (1480, 960))
        maple_leaf(d, rng, p[0], p[1], rng.uniform(12, 24))
    gulls(d, rng, 1060, 470, 3, 18)
    d.stroke([(-20, 450), (200, 400), (420, 330)], weight=0.9, pressure=0.7, pencil=RED)
    d.horizon = 1500.0
    return d
