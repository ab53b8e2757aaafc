"""The forest: its stream, the crowns overhead, and the stone steps to a gate."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.buildings import box, stairs
from training.camera import Camera, Place
from training.drawing import BLUE, Drawing, Points
from training.plants import clump, crown, pebbles, rock, streak, trunk, tufts, woods
from training.scenes import forest
from training.scenes.common import M, constructed, on_ground
from training.shapes import Rng, bar, ellipse, ridge, smooth


def stream(rng: Rng) -> Drawing:
    """Up the middle of a stream between stones; a fallen trunk lies across."""
    d = Drawing()
    camera = Camera(eye=1.25, focal=1200, centre=1010, horizon=452)
    y = camera.horizon
    forest._depths(d, rng, camera, 1020)
    line = ridge(rng, -90, 2010, y + 34, 22, peaks=2, rough=0.3)
    d.fill(np.concatenate([line, [(2010, 1180), (-90, 1180)]]), M.GRASS, outline=False)
    d.stroke(line, weight=0.7, pressure=0.5)
    run = smooth(
        [(-0.3, 1.4), (0.0, 2.6), (0.7, 4.4), (0.9, 7), (-0.4, 11), (-0.9, 16), (0.6, 24), (0.4, 34)], pieces=7
    )
    band = on_ground(camera, [(float(a), float(b)) for a, b in run], [2.7, 2.5, 2.4, 2.2, 2.0], -0.1)
    top = d.fill(band, M.WATER, weight=0.95, pressure=0.65)
    for _ in range(90):
        a, b = run[rng.integers(0, len(run) - 4)]
        p, s = camera.project([(a + rng.uniform(-1.1, 1.0), -0.1, b)])[0], camera.scale(b)
        t = np.linspace(0, 1, 8)
        d.stroke(
            np.stack([p[0] + t * 0.6 * s * rng.uniform(0.4, 1), p[1] + 0.02 * s * np.sin(t * 5)], 1),
            weight=0.6,
            pressure=0.42,
            taper=0.9,
            inside=True,
            on=top,
        )
    for k in range(10):
        z = 30 - 2.2 * k + rng.uniform(-0.5, 0.5)
        x = (1 if k % 2 else -1) * rng.uniform(0.19, 0.5) * z
        p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
        forest._rooted(
            d,
            rng,
            p[0],
            p[1],
            rng.uniform(0.55, 0.9) * s,
            -80,
            rng.normal(0, 24),
            weight=float(np.clip(0.5 + 6 / z, 0.7, 1.0)),
            roots=4,
        )
        tufts(d, rng, [(p[0] - 0.9 * s, p[1] + 8), (p[0] + 0.9 * s, p[1] + 8)], 8, 0.34 * s)
        forest._fern(d, rng, p[0] + rng.uniform(-1, 1) * s, p[1] + 0.12 * s, 0.9 * s)
    a, b = camera.project([(-3.6, 0.5, 7.4), (3.4, 0.75, 6.2)])
    wa, wb = 0.42 * camera.scale(7.4), 0.62 * camera.scale(6.2)
    trunk(d, rng, [a, (a + b) / 2 + (0, -10), b], [wa, (wa + wb) / 2, wb], weight=1.05, bark=1.4)
    d.fill(ellipse(b[0], b[1], 0.28 * wb, 0.5 * wb, n=28), M.WOOD, weight=0.95)
    d.stroke(ellipse(b[0], b[1], 0.16 * wb, 0.3 * wb, n=20, start=0.3, end=5.6), weight=0.6, pressure=0.45)
    for t in (0.16, 0.34, 0.7):
        q = a + (b - a) * t - (0, 0.42 * wa)
        clump(d, rng, q[0], q[1], 60, 20, leaf=10, weight=0.8, marks=0.6)
    stones = []
    for t in np.linspace(0.02, 0.95, 34):
        i = int(t * (len(run) - 1))
        side = rng.choice([-1.0, 1.0])
        stones.append((run[i, 0] + side * rng.uniform(1.0, 1.5), run[i, 1]))
    stones += [(0.5, 3.4), (-0.5, 4.6), (1.0, 5.6), (0.2, 8.6)]
    for x, z in sorted(stones, key=lambda s: -s[1]):
        p, s = camera.project([(x, -0.08, z)])[0], camera.scale(z)
        wide = rng.uniform(0.35, 0.8) * s
        rock(d, rng, p[0], p[1], wide, wide * rng.uniform(0.4, 0.6), weight=float(np.clip(0.6 + s / 600, 0.6, 1.15)))
        if rng.random() < 0.5:
            tufts(d, rng, [(p[0] - 0.6 * wide, p[1] + 4), (p[0] + 0.5 * wide, p[1] + 6)], 4, 0.16 * s)
    for x, yy, s in (
        (120, 960, 210),
        (330, 1060, 170),
        (1760, 980, 210),
        (1600, 1075, 160),
        (420, 800, 120),
        (1540, 800, 120),
    ):
        forest._fern(d, rng, x, yy, s)
    forest._rooted(d, rng, 1846, 870, 250, -120, rng.uniform(-60, 20), weight=1.3, roots=6)
    for k in range(7):
        if k not in (3, 4):
            crown(d, rng, k * 320, rng.uniform(-50, 0), 190, 92, clumps=8, leaf=19, weight=1.1)
    constructed(d, camera, [camera.centre], [(700, 1090), (1240, 1090)])
    return d


def canopy(rng: Rng) -> Drawing:
    """Looking straight up: trunks run together towards the sky that is left between the crowns."""
    d = Drawing()
    centre = np.array([1010.0, 470.0])
    streak(d, rng, 900, 420, 420, 40)
    streak(d, rng, 1180, 560, 360, 30)
    for reach, size, n, leaf in ((560, 170, 12, 13), (740, 190, 13, 15)):
        _ring(d, rng, centre, reach, size, n, leaf)
    for a, width, stop in (
        (0.35, 210, 0.16),
        (1.25, 150, 0.3),
        (2.1, 240, 0.2),
        (2.9, 140, 0.26),
        (3.7, 190, 0.2),
        (4.5, 130, 0.3),
        (5.3, 220, 0.22),
        (5.95, 140, 0.26),
    ):
        direction = np.array([np.cos(a), np.sin(a)]) * np.array([1500.0, 1200.0])
        far, tip = centre + direction, centre + direction * stop
        path = np.linspace(far, tip, 6)
        path[1:5] += rng.normal(0, 9, (4, 2))
        trunk(d, rng, path, [width * 1.2, width * 0.72, width * 0.4, width * 0.06], weight=1.15, bark=1.4)
        crown(d, rng, tip[0], tip[1], 104, 74, clumps=7, leaf=12, weight=0.9, marks=0.8)
        for t in (0.62, 0.78, 0.9):
            q = far + (tip - far) * t
            side = np.array([-direction[1], direction[0]]) / np.hypot(*direction) * rng.choice([-1, 1])
            end = q + side * rng.uniform(90, 190) * (1.3 - t) * 2 - direction * 0.05
            trunk(
                d,
                rng,
                [q, (q + end) / 2 + rng.normal(0, 6, 2), end],
                [width * 0.14, 5],
                weight=0.9,
                bark=0.3,
                joined=True,
            )
            crown(d, rng, end[0], end[1], 150 * (1.35 - t), 104 * (1.35 - t), clumps=7, leaf=12, weight=0.9, marks=0.8)
    _ring(d, rng, centre, 1010, 250, 13, 18)
    d.horizon = 2400.0
    return d


def _ring(d: Drawing, rng: Rng, centre: Points, reach: float, size: float, n: int, leaf: float) -> None:
    """Crowns around the open sky."""
    for k in range(n):
        a = 2 * np.pi * (k + rng.uniform(-0.3, 0.3)) / n
        c = centre + reach * rng.uniform(0.92, 1.1) * np.array([1.25 * np.cos(a), 0.78 * np.sin(a)])
        if -260 < c[0] < 2180 and -260 < c[1] < 1340:
            crown(d, rng, c[0], c[1], size * 1.2, size * 0.86, clumps=8, leaf=leaf, weight=0.6 + 0.03 * leaf, marks=0.7)


def steps(rng: Rng) -> Drawing:
    """Old stone steps between cedars, up to a gate; a lantern stands beside them."""
    d = Drawing()
    camera = Camera(eye=1.6, focal=1250, centre=930, horizon=700)
    y = camera.horizon
    line = smooth([(-100, -60), (380, 40), (720, 190), (940, 300), (1150, 210), (1480, 40), (2020, -60)], pieces=6)
    woods(d, rng, line, y + 60, size=62, pressure=0.42, rows=3)
    for _ in range(14):
        x = 930 + rng.choice([-1, 1]) * rng.uniform(200, 900)
        width = rng.uniform(12, 26)
        trunk(
            d,
            rng,
            [(x, y - 60), (x + rng.normal(0, 5), 300), (x + rng.normal(0, 10), -60)],
            [width * 1.3, width, width * 0.8],
            weight=0.65,
            bark=0.5,
        )
    slope = smooth([(-100, 560), (300, 500), (620, 470), (930, 452), (1260, 474), (1600, 500), (2020, 570)], pieces=6)
    d.fill(np.concatenate([slope, [(2020, 1180), (-100, 1180)]]), M.GRASS, outline=False)
    d.stroke(slope, weight=0.8, pressure=0.5)
    for k in range(14):
        x = 60 + 140 * k + rng.normal(0, 30)
        if abs(x - 930) > 190:
            clump(
                d,
                rng,
                x,
                np.interp(x, slope[:, 0], slope[:, 1]) - 8,
                rng.uniform(60, 110),
                rng.uniform(26, 44),
                leaf=11,
                weight=0.7,
            )
    n, rise, tread, z0 = 30, 0.19, 0.36, 5.4
    gate_z, level = z0 + n * tread, n * rise
    _torii(d, camera, -0.05, level, gate_z + 1.2)
    stairs(d, Place(camera, -1.7, 0, z0), 3.4, n, rise, tread, material=M.ROAD)
    for side in (-1.7 - 0.5, 1.7):
        for k in range(n - 1, -1, -3):
            box(d, Place(camera, side, k * rise - 0.3, z0 + k * tread), 0.5, 0.62, 3 * tread, M.ROCK, weight=0.85)
    for k, (x, z, lift) in enumerate(
        ((-5.4, 15, 3.6), (4.6, 14.2, 3.4), (-6.4, 10.5, 1.9), (5.9, 10, 1.8), (-4.9, 7.4, 0.7), (5.2, 6.6, 0.5))
    ):
        p, s = camera.project([(x, lift, z)])[0], camera.scale(z)
        forest._rooted(
            d, rng, p[0], p[1], rng.uniform(0.85, 1.1) * s, -100, rng.normal(0, 18), weight=0.8 + 0.07 * k, roots=5
        )
        tufts(d, rng, [(p[0] - s, p[1] + 8), (p[0] + s, p[1] + 8)], 8, 0.32 * s)
        forest._fern(d, rng, p[0] + rng.choice([-1, 1]) * 0.9 * s, p[1] + 0.14 * s, 0.9 * s)
    ground = d.fill(
        camera.polygon([(-9, 0, 0.8), (9, 0, 0.8), (9, 0, z0), (-9, 0, z0)]), M.SOIL, weight=0.75, pressure=0.5
    )
    pebbles(d, rng, camera.project(np.stack([rng.uniform(-3, 3, 60), np.zeros(60), rng.uniform(2.4, z0, 60)], 1)), 10)
    d.stroke(
        camera.project([(-3, 0, 4.8), (-0.6, 0, 4.2), (0.8, 0, 3.4), (3, 0, 3.3)]),
        weight=0.95,
        pressure=0.75,
        pencil=BLUE,
        on=ground,
    )
    for x, z in ((-2.75, 5.1), (2.75, 5.1)):
        _lantern(d, camera, x, z)
    for x, yy, s in ((90, 1010, 220), (1850, 1000, 230), (330, 1080, 150), (1620, 1085, 150)):
        forest._fern(d, rng, x, yy, s)
    for x, yy, r in ((60, -10, 210), (380, -60, 190), (1560, -60, 190), (1880, -10, 220)):
        crown(d, rng, x, yy, 1.2 * r, 0.6 * r, clumps=8, leaf=18, weight=1.1)
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d


def _torii(d: Drawing, camera: Camera, x: float, level: float, z: float) -> None:
    """Two posts, a tie beam, and a lintel that curves up at its ends."""
    s = camera.scale(z)
    for side in (-1.5, 1.5):
        foot, top = camera.line((x + side, level - 0.4, z), (x + side * 0.94, level + 4.1, z))
        d.fill(bar(*foot, *top, 0.34 * s, 0.28 * s), M.WOOD, ruled=True)
    a, b = camera.project([(x - 2.0, level + 3.1, z), (x + 2.0, level + 3.1, z)])
    d.fill(bar(*a, *b, 0.24 * s), M.WOOD, ruled=True)
    c = camera.project([(x, level + 4.2, z)])[0]
    upper = smooth(
        [
            (c[0] - 2.6 * s, c[1] - 0.42 * s),
            (c[0] - 1.3 * s, c[1] - 0.2 * s),
            (c[0], c[1] - 0.14 * s),
            (c[0] + 1.3 * s, c[1] - 0.2 * s),
            (c[0] + 2.6 * s, c[1] - 0.42 * s),
        ],
        pieces=6,
    )
    d.fill(np.concatenate([upper, (upper + (0, 0.36 * s))[::-1] * (1, 1)]), M.WOOD, weight=1.0)
    d.fill(np.concatenate([upper - (0, 0.16 * s), upper[::-1]]), M.ROOF, weight=0.9)
    d.fill(bar(c[0], c[1] + 0.3 * s, c[0], c[1] + 0.95 * s, 0.36 * s), M.WOOD, ruled=True, weight=0.9)


def _lantern(d: Drawing, camera: Camera, x: float, z: float) -> None:
    """A stone lantern."""
    p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
    for lo, hi, y0, y1, material in (
        (0.42, 0.36, -0.05, 0.2, M.ROCK),
        (0.15, 0.13, 0.2, 1.0, M.ROCK),
        (0.22, 0.36, 1.0, 1.14, M.ROCK),
        (0.25, 0.25, 1.14, 1.54, M.ROCK),
        (0.12, 0.12, 1.22, 1.48, M.GLOW),
        (0.52, 0.2, 1.54, 1.84, M.ROCK),
        (0.08, 0.04, 1.84, 2.02, M.ROCK),
    ):
        d.fill(
            [
                (p[0] - lo * s, p[1] - y0 * s),
                (p[0] + lo * s, p[1] - y0 * s),
                (p[0] + hi * s, p[1] - y1 * s),
                (p[0] - hi * s, p[1] - y1 * s),
            ],
            material,
            ruled=True,
        )
