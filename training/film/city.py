"""The city across the river: from a roof, in a street, on the bank, and only its sky."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.buildings import box, railing, tower
from training.camera import Camera, Place
from training.drawing import BLUE, Drawing
from training.plants import clump, crown, cumulus, streak, trunk, tufts
from training.scenes import Vary, city_fireworks
from training.scenes.common import M, block_up, constructed, slabs
from training.shapes import Rng, bar, ellipse, smooth


def rooftop(rng: Rng) -> Drawing:
    """On a roof above the city: railing, a water tank, machines, and a great sky."""
    d = Drawing()
    camera = Camera(eye=34, focal=1300, centre=1060, horizon=640)
    y = camera.horizon
    cumulus(d, rng, 760, y - 70, 980, 440, puffs=14)
    streak(d, rng, 1560, 180, 620, 44)
    streak(d, rng, 1320, 320, 380, 28)
    _blocks(
        d,
        rng,
        camera,
        (
            (640.0, 20, 120, 0.85, 0.55),
            (420.0, 12, 70, 0.95, 0.65),
            (260.0, 8, 40, 1.05, 0.75),
            (150.0, 6, 26, 1.15, 0.85),
        ),
    )
    level = 32.2
    floor = block_up(
        d, camera, [(-20, level, 1), (20, level, 1), (20, level, 10), (-20, level, 10)], M.ROAD, skip=(0, 1, 3)
    )
    slabs(d, rng, camera, floor, x=(-10, 10), z=(1.8, 10), size=(1.6, 1.6), level=level, keep=0.75)
    box(d, Place(camera, -20, level, 9.8), 40, 0.5, 0.4, M.WALL)
    railing(d, Place(camera, -20, level + 0.5, 10.0), 40, posts=1.5, bars=4, height=1.1)
    house = Place(camera, -8.6, level, 7.4, 0.0)
    box(d, house, 3.8, 3.0, 3.0, M.WALL, weight=1.1)
    right = house.moved(3.8, 0, 0.6, -np.pi / 2)
    d.fill(right.polygon([(0, 0, 0), (-1.1, 0, 0), (-1.1, 2.2, 0), (0, 2.2, 0)]), M.METAL, ruled=True)
    d.fill(house.polygon([(0.9, 0.0, 0), (1.9, 0.0, 0), (1.9, 2.1, 0), (0.9, 2.1, 0)]), M.METAL, ruled=True)
    d.fill(house.polygon([(2.4, 1.2, 0), (3.4, 1.2, 0), (3.4, 2.0, 0), (2.4, 2.0, 0)]), M.WINDOW, ruled=True)
    _tank(d, camera, -6.9, level + 3.0, 8.6)
    for x, z in ((4.4, 7.6), (5.7, 7.7), (5.0, 6.2)):
        unit = Place(camera, x, level, z, rng.uniform(-0.08, 0.08))
        box(d, unit, 1.05, 0.9, 0.6, M.METAL)
        p = unit.polygon([(0.5, 0.45, 0)] * 4)[0]
        r = 0.34 * camera.scale(z)
        d.stroke(ellipse(p[0], p[1], r, r, n=30), weight=0.85, pressure=0.65)
        for k in (0.3, 0.65):
            d.stroke(ellipse(p[0], p[1], r * k, r * k, n=20), weight=0.6, pressure=0.5)
    for k in (0.0, 0.18, 0.36):
        a, b = camera.line((3.2, level + 0.12, 8.9 + k), (20, level + 0.12, 8.9 + k))
        d.fill(bar(*a, *b, 9), M.METAL, ruled=True, weight=0.8)
    foot, top = camera.line((8.4, level, 8.0), (8.4, level + 5.2, 8.0))
    d.fill(bar(*foot, *top, 11, 7), M.METAL, ruled=True)
    for k in (0.2, 0.7, 1.2):
        s = camera.scale(8.0)
        d.fill(
            bar(top[0] - 0.7 * s, top[1] + k * s, top[0] + 0.7 * s, top[1] + (k - 0.08) * s, 4),
            M.METAL,
            ruled=True,
            weight=0.75,
        )
    box(d, Place(camera, 0.4, level, 4.6, 0.25), 1.0, 0.32, 0.5, M.WOOD)
    d.stroke(
        camera.project([(-4.8, level, 7.4), (-3.2, level, 6.0), (-3.0, level, 3.6)]),
        weight=0.9,
        pressure=0.75,
        pencil=BLUE,
    )
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d


def _tank(d: Drawing, camera: Camera, x: float, y: float, z: float) -> None:
    s = camera.scale(z)
    p = camera.project([(x, y, z)])[0]
    for a in (-0.8, -0.1, 0.75):
        d.fill(bar(p[0] + a * s, p[1], p[0] + a * s, p[1] - 0.7 * s, 0.12 * s), M.METAL, ruled=True)
    top = p[1] - 0.7 * s
    ring = np.concatenate(
        [
            ellipse(p[0], top - 1.7 * s, s, 0.22 * s, n=20, start=np.pi, end=2 * np.pi),
            ellipse(p[0], top, s, 0.22 * s, n=20, start=0, end=np.pi),
        ]
    )
    d.fill(ring, M.METAL, weight=1.1)
    for k in (0.35, 0.85, 1.35):
        d.stroke(ellipse(p[0], top - k * s, s, 0.22 * s, n=20, start=0.1, end=np.pi - 0.1), weight=0.7, pressure=0.55)
    cap = smooth(
        [
            (p[0] - 1.05 * s, top - 1.68 * s),
            (p[0] - 0.5 * s, top - 2.05 * s),
            (p[0], top - 2.16 * s),
            (p[0] + 0.5 * s, top - 2.05 * s),
            (p[0] + 1.05 * s, top - 1.68 * s),
        ]
    )
    d.fill(cap, M.ROOF, weight=1.05)


def _blocks(d: Drawing, rng: Rng, camera: Camera, rows: tuple[tuple[float, float, float, float, float], ...]) -> None:
    """Rows of buildings, each (distance, least and greatest height, step, weight of the line), from far to near."""
    for z, low, high, gap, weight in rows:
        x = -camera.centre / camera.focal * z - 30
        while x < (1920 - camera.centre) / camera.focal * z + 30:
            wide = rng.uniform(16, 32)
            if rng.random() < 0.9:
                tower(
                    d,
                    rng,
                    Place(camera, x, 0.0, z),
                    wide,
                    rng.uniform(low, high),
                    wide * 0.8,
                    floor=max(3.6, 13 * z / camera.focal),
                    bay=max(3.0, 11 * z / camera.focal),
                    weight=weight,
                )
            x += wide * gap + rng.uniform(0, 8)


def street(rng: Rng) -> Drawing:
    """A street between high houses, with its crossing, lamps and signs."""
    d = Drawing()
    camera = Camera(eye=1.7, focal=1050, centre=1000, horizon=690)
    y = camera.horizon
    cumulus(d, rng, 1010, y - 90, 420, 260, puffs=10)
    for x, w, h in ((-60, 30, 90), (-16, 22, 120), (16, 26, 84), (50, 30, 110)):
        tower(d, rng, Place(camera, x, 0, 330), w, h, 20, floor=7, bay=6, weight=0.55)
    road = block_up(d, camera, [(-8, 0, 0.8), (8, 0, 0.8), (8, 0, 260), (-8, 0, 260)], M.ROAD, skip=(0, 1, 2, 3))
    for side in (-1, 1):
        z = 150.0
        while z > 6:
            deep = rng.uniform(13, 22)
            z -= deep
            wide, high = rng.uniform(14, 20), rng.uniform(15, 34)
            x = side * 9.5 - (wide if side < 0 else 0)
            tower(
                d,
                rng,
                Place(camera, x, 0, max(z, 3.2)),
                wide,
                high,
                deep - 1.0,
                floor=3.5,
                bay=2.8,
                weight=float(np.clip(0.5 + 7 / z, 0.6, 1.05)) if z > 0 else 1.05,
            )
            if z > 8:
                _sign(d, rng, camera, side, z + 2)
                _shop(d, rng, camera, side, z, deep - 1)
    for side in (-1, 1):
        a = [(side * 6.2, 0.16, 0.9), (side * 9.5, 0.16, 0.9), (side * 9.5, 0.16, 150), (side * 6.2, 0.16, 150)]
        walk = block_up(d, camera, a, M.ROAD, skip=(0, 1, 2))
        slabs(
            d,
            rng,
            camera,
            walk,
            x=(min(side * 6.4, side * 9.3), max(side * 6.4, side * 9.3)),
            z=(2.4, 40),
            size=(1.1, 1.4),
            level=0.16,
            keep=0.6,
        )
        d.fill(
            camera.polygon(
                [(side * 6.2, 0, 0.9), (side * 6.2, 0.16, 0.9), (side * 6.2, 0.16, 150), (side * 6.2, 0, 150)]
            ),
            M.ROCK,
            weight=0.9,
        )
    for k in range(9):
        x = -5.6 + 1.28 * k
        d.stroke(camera.line((x, 0, 6.0), (x, 0, 9.2)), weight=0.8, pressure=0.6, ruled=True, on=road)
        d.stroke(camera.line((x + 0.62, 0, 6.0), (x + 0.62, 0, 9.2)), weight=0.8, pressure=0.6, ruled=True, on=road)
        for zz in (6.0, 9.2):
            d.stroke(camera.line((x, 0, zz), (x + 0.62, 0, zz)), weight=0.8, pressure=0.6, ruled=True, on=road)
    z = 11.0
    while z < 100:
        for x in (-0.1, 0.1):
            d.stroke(camera.line((x, 0, z), (x, 0, z * 1.18)), weight=0.65, pressure=0.5, ruled=True, on=road)
        z *= 1.36
    for side in (-1, 1):
        for z in (64.0, 42.0, 28.0, 18.0, 10.5):
            if (z > 12) or side > 0:
                _street_lamp(d, camera, side * 6.7, z, side)
    for side, zs in ((-1, (50.0, 33.0, 22.0, 14.0)), (1, (48.0, 35.0, 23.0, 14.5))):
        for z in zs:
            p, s = camera.project([(side * 7.7, 0.16, z)])[0], camera.scale(z)
            trunk(d, rng, [p, p - (0, 1.6 * s), p - (0.05 * s, 2.8 * s)], [0.24 * s, 0.14 * s], weight=0.8)
            crown(d, rng, p[0], p[1] - 3.7 * s, 1.7 * s, 1.5 * s, clumps=7, leaf=max(9, 0.16 * s), weight=0.85)
    _signal(d, camera, -6.6, 9.6)
    d.stroke(
        camera.project([(-6, 0, 40.0), (-1.4, 0, 30.0), (-1.4, 0, 14.0), (-6, 0, 9.0)]),
        weight=0.9,
        pressure=0.75,
        pencil=BLUE,
    )
    constructed(d, camera, [camera.centre], [(-10, 60), (1930, 60), (-10, 1060), (1930, 1060)])
    return d


def _sign(d: Drawing, rng: Rng, camera: Camera, side: int, z: float) -> None:
    y0 = rng.uniform(4.5, 7.5)
    a, b = (side * 9.5, side * 8.3)
    d.fill(camera.polygon([(a, y0, z), (b, y0, z), (b, y0 + 3.6, z), (a, y0 + 3.6, z)]), M.WALL, ruled=True, weight=0.9)
    inner = camera.polygon(
        [
            (a - side * 0.15, y0 + 0.2, z),
            (b + side * 0.15, y0 + 0.2, z),
            (b + side * 0.15, y0 + 3.4, z),
            (a - side * 0.15, y0 + 3.4, z),
        ]
    )
    d.fill(inner, M.GLOW, ruled=True, weight=0.7)


def _shop(d: Drawing, rng: Rng, camera: Camera, side: int, z: float, deep: float) -> None:
    """A shop front on the ground floor, with its awning."""
    x = side * 9.49
    z = max(z, 3.3)
    d.fill(
        camera.polygon([(x, 0.4, z + 1), (x, 0.4, z + deep - 1), (x, 2.9, z + deep - 1), (x, 2.9, z + 1)]),
        M.WINDOW,
        ruled=True,
    )
    for t in (0.33, 0.66):
        zz = z + 1 + (deep - 2) * t
        d.stroke(camera.line((x, 0.4, zz), (x, 2.9, zz)), weight=0.7, pressure=0.6, ruled=True)
    if rng.random() < 0.7:
        out = side * 8.2
        top = [(x, 3.7, z + 1), (x, 3.7, z + deep - 1), (out, 3.1, z + deep - 1), (out, 3.1, z + 1)]
        d.fill(camera.polygon(top), M.CLOTH, ruled=True, weight=0.9)
        d.fill(
            camera.polygon([(out, 3.1, z + 1), (out, 3.1, z + deep - 1), (out, 2.8, z + deep - 1), (out, 2.8, z + 1)]),
            M.CLOTH,
            ruled=True,
            weight=0.9,
        )


def _street_lamp(d: Drawing, camera: Camera, x: float, z: float, side: int) -> None:
    s = camera.scale(z)
    foot, top = camera.line((x, 0.16, z), (x, 6.4, z))
    d.fill(bar(*foot, *top, max(0.15 * s, 3.6), max(0.1 * s, 3.2)), M.METAL, ruled=True, weight=0.9)
    tip = top + np.array([-side * 1.5 * s, -0.18 * s])
    d.fill(bar(*top, *tip, max(0.08 * s, 3.2)), M.METAL, ruled=True, weight=0.8)
    d.fill(ellipse(tip[0], tip[1] + 0.1 * s, 0.34 * s, 0.13 * s, n=18), M.GLOW, weight=0.8)


def _signal(d: Drawing, camera: Camera, x: float, z: float) -> None:
    s = camera.scale(z)
    foot, top = camera.line((x, 0.16, z), (x, 4.3, z))
    d.fill(bar(*foot, *top, 0.16 * s, 0.12 * s), M.METAL, ruled=True)
    a = top + (0.5 * s, 0.1 * s)
    d.fill(bar(top[0], a[1], a[0] + 1.2 * s, a[1], 0.1 * s), M.METAL, ruled=True)
    d.fill(bar(a[0], a[1], a[0] + 1.5 * s, a[1], 0.52 * s), M.METAL, ruled=True, weight=1.05)
    for k in (0.28, 0.75, 1.22):
        d.fill(ellipse(a[0] + k * s, a[1], 0.17 * s, 0.17 * s, n=20), M.GLOW, weight=0.8)


def bank(rng: Rng) -> Drawing:
    """Low on the grassy bank: the river, the bridge, and the towers behind it."""
    d = Drawing()
    vary = Vary()
    camera = Camera(eye=5.2, focal=1500, centre=1240, horizon=610)
    streak(d, rng, 420, 200, 700, 46)
    streak(d, rng, 1330, 120, 560, 36)
    cumulus(d, rng, 620, 470, 620, 220, puffs=11, pressure=0.42)
    city_fireworks._skyline(d, rng, camera, vary)
    city_fireworks._river(d, rng, camera, vary)
    city_fireworks._bridge(d, camera)
    city_fireworks._pleasure_boats(d, rng, camera)
    shore = smooth([(-100, 846), (260, 862), (620, 900), (980, 950), (1320, 990), (1640, 1006), (2020, 1000)], pieces=6)
    d.fill(np.concatenate([shore, [(2020, 1200), (-100, 1200)]]), M.GRASS, outline=False)
    d.stroke(shore, weight=1.0, pressure=0.65)
    path = smooth([(-60, 1010), (300, 1000), (700, 1030), (1000, 1100)], pieces=6)
    d.fill(np.concatenate([path, (path + (-40, 70))[::-1]]), M.SOIL, weight=0.85, pressure=0.55)
    for x0, x1, n, s in ((-10, 420, 18, 60), (500, 1200, 26, 70), (1240, 1940, 34, 90)):
        ys = np.interp([x0, x1], shore[:, 0], shore[:, 1])
        tufts(d, rng, [(x0, ys[0] + 26), (x1, ys[1] + 34)], n, s, spread=18, pressure=0.7)
    for x in np.linspace(1400, 1920, 22):
        a = rng.normal(0, 0.12)
        h = rng.uniform(190, 330)
        foot = np.array([x + rng.normal(0, 10), 1090.0])
        tip = foot + h * np.array([np.sin(a + 0.12), -np.cos(a)])
        d.stroke(smooth([foot, (foot + tip) / 2 + (-8, 0), tip], pieces=5), weight=0.9, pressure=0.75, taper=0.5)
        plume = smooth(
            [tip + (0, 10), tip + (14, -20), tip + (30, -50), tip + (20, -64), tip + (4, -30)], closed=True, pieces=3
        )
        d.fill(plume, M.GRASS, weight=0.75, pressure=0.65)
    for x, yy, r in ((120, 880, 70), (270, 894, 46), (30, 900, 60)):
        clump(d, rng, x, yy, 1.4 * r, 0.8 * r, leaf=13, weight=1.0)
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1000)])
    return d


def sky(rng: Rng) -> Drawing:
    """Nothing but the sky: shells opening above the edges of roofs."""
    d = Drawing()
    camera = Camera(eye=14, focal=1300, centre=960, horizon=1190)
    streak(d, rng, 330, 640, 520, 40, pressure=0.3)
    streak(d, rng, 1560, 560, 460, 36, pressure=0.3)
    for x, y, r, rays in (
        (770, 400, 330, 52),
        (1370, 260, 210, 38),
        (300, 290, 150, 30),
        (1640, 600, 150, 30),
        (1090, 690, 110, 24),
    ):
        city_fireworks._trail(d, rng, x, y, 1100)
        city_fireworks.burst(d, rng, x, y, r, rays)
    for x, w, h, z in ((-70, 30, 46, 110), (-34, 24, 30, 116), (-8, 30, 26, 120), (24, 26, 34, 118), (48, 34, 52, 112)):
        tower(d, rng, Place(camera, x, 0, z), w, h, 20, floor=3.6, bay=3.0, weight=0.85)
    d.horizon = 1080.0
    return d


def pan(rng: Rng) -> Drawing:
    """The whole bank of the city, a frame and a third wide."""
    return city_fireworks.scene(rng, Vary(width=2640.0, depart=0.2))
