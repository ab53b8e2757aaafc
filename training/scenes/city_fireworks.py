"""A city across a river at night: promenade and railing in front, bridge, towers, fireworks."""

from __future__ import annotations

import numpy as np

from training.buildings import box, railing, tower
from training.camera import Camera, Place
from training.drawing import RED, Drawing, Points
from training.plants import crown, streak, trunk, tufts
from training.scenes import Vary
from training.scenes.common import M, block_up, constructed, hanging_branch, near, ripples, slabs
from training.shapes import Rng, bar, ellipse, hatch, ribbon, smooth


def scene(rng: Rng, vary: Vary) -> Drawing:
    """Draw the scene."""
    d = Drawing(vary.width, vary.height, detail=vary.detail)
    camera = Camera(
        eye=near(rng, 9.5, 1.5, vary), focal=near(rng, 1350, 200, vary),
        centre=near(rng, 0.60, 0.07, vary) * vary.width, horizon=near(rng, 0.60, 0.03, vary) * vary.height,
    )  # fmt: skip
    _sky(d, rng, camera, vary)
    _skyline(d, rng, camera, vary)
    _river(d, rng, camera, vary)
    _bridge(d, camera)
    _pleasure_boats(d, rng, camera)
    _promenade(d, rng, camera)
    constructed(d, camera, [camera.centre], [(-10, 1000), (1930, 1010)])
    return d


def _sky(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    w, y = d.width, camera.horizon
    streak(d, rng, 0.14 * w, 0.56 * y, 420, 34, pressure=0.3)
    streak(d, rng, 0.87 * w, 0.42 * y, 380, 30, pressure=0.3)
    for fx, fy, r, rays in (
        (0.335, 0.37, 250, 44),
        (0.60, 0.24, 170, 34),
        (0.765, 0.50, 118, 26),
        (0.125, 0.27, 105, 24),
    ):
        x, cy = fx * w + rng.normal(0, 24), fy * y + rng.normal(0, 14)
        r *= rng.uniform(0.9, 1.08)
        _trail(d, rng, x, cy, y)
        burst(d, rng, x, cy, r, int(rays * (0.5 + 0.5 * vary.detail)))


def _trail(d: Drawing, rng: Rng, x: float, y0: float, y1: float) -> None:
    """The rising line of a shell."""
    t = np.linspace(0, 1, 10)
    path = np.stack([x + 26 * (1 - t) * t + rng.normal(0, 8) * (1 - t), y1 + (y0 - y1) * t], 1)
    d.fill(ribbon(path, np.linspace(3.2, 3.6, 10)), M.GLOW, outline=False)
    d.stroke(path, weight=0.75, pressure=0.5, taper=0.5)


def burst(d: Drawing, rng: Rng, x: float, y: float, r: float, rays: int) -> None:
    """A chrysanthemum shell: rings of rays that bend under their weight, each ending in a star."""
    d.construct(np.concatenate([ellipse(x, y, r, r, n=60), [(x + r, y)]]), pressure=0.1)
    for ring, (lo, hi, share) in enumerate(((0.12, 0.5, 0.6), (0.38, 1.0, 1.0))):
        n = max(8, int(rays * share))
        for k in range(n):
            a = 2 * np.pi * (k + 0.5 * ring + rng.uniform(-0.2, 0.2)) / n
            reach = hi * rng.uniform(0.86, 1.04)
            t = np.linspace(lo * rng.uniform(0.8, 1.15), reach, 9)
            path = np.stack([x + r * t * np.cos(a), y + r * (t * np.sin(a) + 0.13 * t**2.4)], 1)
            wide = np.linspace(3.0, 5.2 if r > 120 else 4.0, 9)
            d.fill(ribbon(path, wide), M.GLOW, outline=False)
            d.stroke(path[::-1], weight=1.15, pressure=0.75, taper=0.75)
            star = max(3.2, 0.024 * r) * rng.uniform(0.8, 1.2)
            tip = path[-1] + (path[-1] - path[-2]) * 0.6
            d.fill(ellipse(tip[0], tip[1], star, star, n=12), M.GLOW, weight=0.75, pressure=0.75)
    for _ in range(rays):
        a, t = rng.uniform(0, 2 * np.pi), rng.uniform(1.04, 1.2)
        p = np.array([x + r * t * np.cos(a), y + r * (t * np.sin(a) + 0.13 * t**2.4)])
        d.fill(ellipse(p[0], p[1], 2.8, 2.8, n=8), M.GLOW, weight=0.6, pressure=0.6)
    d.fill(ellipse(x, y, 0.05 * r, 0.05 * r, n=18), M.GLOW, weight=0.8, pressure=0.7)


def _skyline(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """Towers in three depths; low roofs and trees along the bank."""
    left = -camera.centre / camera.focal
    right = (d.width - camera.centre) / camera.focal
    for z, low, high, gap, weight in (
        (640.0, 60, 175, 0.8, 0.55),
        (470.0, 35, 120, 0.95, 0.65),
        (345.0, 12, 52, 1.1, 0.75),
    ):
        x = left * z - 30
        while x < right * z + 30:
            wide = rng.uniform(16, 34)
            u = (x + wide / 2) / z
            dip = 0.45 + 0.55 * min(1.0, abs(u - (left * 0.30)) / 0.30)
            tall = rng.uniform(low, high) * dip
            if rng.random() < 0.9 * min(1.0, vary.density):
                floor = max(3.6, 12.5 * z / camera.focal)
                tower(
                    d,
                    rng,
                    Place(camera, x, 4.0, z),
                    wide,
                    tall,
                    wide * 0.8,
                    floor=floor,
                    bay=max(3.0, 10 * z / camera.focal),
                    weight=weight,
                )
            x += wide * gap + rng.uniform(0, 6)
    _landmark(d, camera)


def _landmark(d: Drawing, camera: Camera) -> None:
    """A lattice mast with two decks."""
    z = 420.0
    x = (0.475 * d.width - camera.centre) * z / camera.focal
    base, top = camera.project([(x, 0, z), (x, 150, z)])
    h = base[1] - top[1]

    def half(t: float) -> float:
        return h * (0.13 * (1 - t) ** 2.2 + 0.008)

    t = np.linspace(0, 1, 16)
    left = np.stack([base[0] - [half(u) for u in t], base[1] - h * t], 1)
    right = np.stack([base[0] + [half(u) for u in t], base[1] - h * t], 1)
    d.fill(np.concatenate([left, right[::-1]]), M.METAL, weight=0.8)
    for i in range(13):
        d.stroke([left[i], right[i + 1]], weight=0.55, pressure=0.5)
        d.stroke([right[i], left[i + 1]], weight=0.55, pressure=0.5)
        d.stroke([left[i], right[i]], weight=0.55, pressure=0.5)
    for u, w in ((0.36, 1.5), (0.66, 2.0)):
        y, r = base[1] - h * u, half(u) * w + 5
        d.fill(
            [(base[0] - r, y), (base[0] + r, y), (base[0] + 0.85 * r, y - 13), (base[0] - 0.85 * r, y - 13)],
            M.WALL,
            ruled=True,
            weight=0.75,
        )
        d.fill(
            [
                (base[0] - 0.9 * r, y - 4),
                (base[0] + 0.9 * r, y - 4),
                (base[0] + 0.88 * r, y - 9),
                (base[0] - 0.88 * r, y - 9),
            ],
            M.WINDOW,
            ruled=True,
            weight=0.55,
            pressure=0.5,
        )
    d.fill(bar(top[0], top[1] + 4, top[0], top[1] - 46, 4, 3.2), M.METAL, weight=0.6)


def _river(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    far = 300.0
    edge = camera.project([(0, 4.0, far), (0, 0, far)])
    bank = camera.polygon([(-600, 0, far), (600, 0, far), (600, 4, far), (-600, 4, far)])
    x = -20.0
    while x < d.width + 20:
        r = rng.uniform(16, 36)
        if rng.random() < 0.8:
            crown(
                d,
                rng,
                x,
                edge[0, 1] - 0.4 * r,
                r * 1.2,
                r * 0.7,
                clumps=5,
                leaf=8,
                weight=0.65,
                pressure=0.55,
                marks=0.4,
            )
        x += r * rng.uniform(1.3, 2.6)
    d.fill(bank, M.ROCK, ruled=True, weight=0.75)
    for _ in range(int(70 * vary.detail)):
        x, y = rng.uniform(0, d.width), rng.uniform(edge[0, 1] + 2, edge[1, 1] - 2)
        d.stroke([(x, y), (x + rng.uniform(12, 46), y)], weight=0.5, pressure=0.3, ruled=True)
    w = d.width
    river = d.fill(
        [(-100, edge[1, 1]), (w + 100, edge[1, 1]), (w + 100, d.height + 100), (-100, d.height + 100)],
        M.WATER,
        outline=False,
    )
    d.stroke([(-20, edge[1, 1]), (w + 20, edge[1, 1])], weight=0.8, pressure=0.65, ruled=True)
    ripples(d, rng, camera, int(150 * vary.detail), x=(-40, w), y=(edge[1, 1] + 5, 0.92 * d.height), on=river)
    for fx in (0.335, 0.6, 0.765, 0.125):
        _reflection(d, rng, fx * w, edge[1, 1] + 6, 0.86 * d.height, river)


def _reflection(d: Drawing, rng: Rng, x: float, y0: float, y1: float, on: int) -> None:
    """A light's path on the water: level dashes that widen."""
    y = y0
    while y < y1:
        k = (y - y0) / (y1 - y0)
        half = (6 + 44 * k) * rng.uniform(0.4, 1.2)
        c = x + rng.normal(0, 7 + 16 * k)
        d.stroke(
            [(c - half, y), (c, y + rng.normal(0, 1.5)), (c + half, y)],
            weight=0.65,
            pressure=0.42,
            taper=0.85,
            inside=True,
            on=on,
        )
        y += 6 + 16 * k


def _bridge(d: Drawing, camera: Camera) -> None:
    """An arch bridge that crosses the river towards the far bank on the left."""
    place = Place(camera, 86.0, 0, 84.0, -2.32)
    length, wide, deck = 235.0, 12.0, 8.2

    def rise(s: float) -> float:
        k = (s - 40) % 78 / 78
        return 17.0 * 4 * k * (1 - k)

    for side in (wide, 0.0):
        for s in np.arange(40, length + 1, 78.0):
            if side == 0.0 and s <= length:
                box(d, place.moved(s - 3, -1, -1.5), 6, deck + 0.4, wide + 3, M.ROCK, weight=0.8)
        for start in np.arange(40, length - 70, 78.0):
            s = np.linspace(start, start + 78, 23)
            rib = np.array([place.line((u, deck + rise(u), side), (u, deck + rise(u) + 1.0, side)) for u in s])
            for u, foot in zip(s[2:-2:2], rib[2:-2:2], strict=True):
                low = place.line((u, deck, side), (u, deck + 0.1, side))[0]
                d.fill(bar(*low, *foot[0], 3.4), M.METAL, outline=False)
                d.stroke([low, foot[0]], weight=0.7, pressure=0.6, ruled=True)
            d.fill(np.concatenate([rib[:, 0], rib[::-1, 1]]) - (0, 0), M.METAL, weight=0.85 if side == 0.0 else 0.7)
        if side == wide:
            d.fill(
                place.polygon([(-40, deck, 0), (length + 40, deck, 0), (length + 40, deck, wide), (-40, deck, wide)]),
                M.ROAD,
                ruled=True,
                weight=0.7,
            )
        d.fill(
            place.polygon([(-40, deck - 2.0, 0), (length + 40, deck - 2.0, 0), (length + 40, deck, 0), (-40, deck, 0)]),
            M.METAL,
            ruled=True,
            weight=0.9,
        )
    for u in np.arange(-20, length + 20, 6.5):
        d.stroke(place.line((u, deck - 2, 0), (u, deck, 0)), weight=0.55, pressure=0.45, ruled=True)
    d.stroke(place.line((-40, deck - 0.8, 0), (length + 40, deck - 0.8, 0)), weight=0.6, pressure=0.5, ruled=True)
    for u in np.arange(10, length + 1, 39.0):
        foot, top_ = place.line((u, deck, 0), (u, deck + 5.5, 0))
        d.fill(bar(*foot, *top_, 3.4), M.METAL, weight=0.65, outline=True)
        r = max(4.5, 0.45 * place.camera.scale(float(place.solid([(u, 0, 0)])[0, 2])))
        d.fill(ellipse(top_[0], top_[1] - r * 0.6, r, r, n=16), M.GLOW, weight=0.7)


def _pleasure_boats(d: Drawing, rng: Rng, camera: Camera) -> None:
    """Roofed boats with a row of lanterns."""
    for x, z, flip in ((-62.0, 190.0, False), (-20.0, 132.0, True), (-37.0, 84.0, False)):
        x += rng.uniform(-3, 3)
        p = camera.project([(x, 0, z)])[0]
        s = 17.0 * camera.scale(z)
        way = -1 if flip else 1

        def at(points: list[tuple[float, float]], p: Points = p, s: float = s, way: int = way) -> Points:
            return np.array([(p[0] + way * a * s, p[1] + b * s) for a, b in points])

        weight = float(np.clip(0.5 + s / 500, 0.6, 1.0))
        d.fill(
            smooth(
                at(
                    [
                        (-0.55, -0.10),
                        (-0.2, -0.05),
                        (0.3, -0.05),
                        (0.62, -0.15),
                        (0.5, -0.02),
                        (0.42, 0.0),
                        (-0.45, 0.0),
                        (-0.52, -0.04),
                    ]
                ),
                closed=True,
                pieces=5,
            ),
            M.WOOD,
            weight=weight,
        )
        d.fill(
            at([(-0.42, -0.065), (0.32, -0.055), (0.32, -0.16), (-0.42, -0.16)]),
            M.WALL,
            ruled=True,
            weight=weight * 0.8,
        )
        for k in range(6):
            a = -0.38 + 0.117 * k
            d.fill(
                at([(a, -0.085), (a + 0.09, -0.085), (a + 0.09, -0.14), (a, -0.14)]),
                M.WINDOW,
                ruled=True,
                weight=0.6,
                pressure=0.6,
            )
        d.fill(
            smooth(at([(-0.5, -0.155), (-0.42, -0.20), (0.0, -0.215), (0.34, -0.20), (0.41, -0.155)]), pieces=5),
            M.ROOF,
            weight=weight,
        )
        for k in range(9):
            q = at([(-0.44 + 0.1 * k, -0.145)])[0]
            r = max(3.0, 0.021 * s)
            d.fill(ellipse(q[0], q[1], r, r * 1.2, n=12), M.GLOW, weight=0.65, pressure=0.7)


def _promenade(d: Drawing, rng: Rng, camera: Camera) -> None:
    """The terrace on which the viewer stands, higher than the river."""
    level = 7.4
    z0, _w = 9.2, d.width
    ground = block_up(
        d, camera, [(-40, level, 1.0), (40, level, 1.0), (40, level, z0), (-40, level, z0)], M.ROAD, skip=(0, 1, 3)
    )
    slabs(d, rng, camera, ground, x=(-14.0, 10.0), z=(2.2, z0), size=(1.0, 1.0), level=level, keep=0.8)
    edge = Place(camera, -16, level, z0 - 0.35)
    box(d, edge, 34, 0.22, 0.35, M.ROAD)
    railing(d, Place(camera, -16, level + 0.22, z0 - 0.2), 34, posts=1.9, bars=4, height=0.98)
    for x in (-6.5,):
        _lamp(d, camera, x, level, z0 - 0.9)
    bench = Place(camera, -3.5, level, 7.1, 0.0)
    for s in (0.15, 1.85):
        box(d, bench.moved(s, 0, 0), 0.14, 0.4, 0.42, M.METAL)
    box(d, bench.moved(0, 0.4, 0), 2.15, 0.08, 0.48, M.WOOD)
    d.stroke(bench.line((0.05, 0.44, 0), (2.1, 0.44, 0)), weight=0.6, pressure=0.5, ruled=True)
    planter = Place(camera, 0.6, level, 6.9, 0.0)
    box(d, planter, 2.9, 0.5, 0.8, M.ROCK)
    a, b = planter.line((0.05, 0.5, 0.3), (2.85, 0.5, 0.3))
    for k in np.linspace(0.04, 0.96, 7):
        p = a + (b - a) * k
        crown(d, rng, p[0], p[1] - 22, 66, 42, clumps=5, leaf=13, weight=0.95, marks=0.8)
    for line in hatch(rng, planter.polygon([(0, 0.03, 0), (0.8, 0.03, 0), (0.8, 0.45, 0), (0, 0.45, 0)]), gap=10):
        d.stroke(line, weight=0.5, pressure=0.28)
    tree = [(1806.0, 1130.0), (1800, 880), (1822, 640), (1790, 420), (1830, -60)]
    trunk(d, rng, tree, [86, 64, 56, 48, 36], weight=1.25)
    hanging_branch(
        d, rng, np.array([1806.0, 480]), np.array([1560.0, 285]), 30, leaf=17, clumps=3, pointed=False, size=72
    )
    for cx, cy, r in ((1850, 150, 170), (1690, 60, 140), (1900, 350, 110), (1500, -10, 110)):
        crown(d, rng, cx + rng.normal(0, 12), cy, r * 1.2, r * 0.75, clumps=8, leaf=17, weight=1.15)
    tufts(d, rng, [(1740, 1060), (1880, 1064)], 8, 34, spread=4)
    d.stroke([(1776, 860), (1784, 700), (1776, 560)], weight=0.9, pressure=0.75, pencil=RED)


def _lamp(d: Drawing, camera: Camera, x: float, level: float, z: float) -> None:
    s = camera.scale(z)
    foot, top = camera.line((x, level, z), (x, level + 3.5, z))
    d.fill(bar(foot[0], foot[1], foot[0], foot[1] - 0.5 * s, 0.24 * s, 0.18 * s), M.METAL, ruled=True, weight=1.05)
    d.fill(bar(foot[0], foot[1] - 0.5 * s, *top, 0.1 * s, 0.075 * s), M.METAL, ruled=True, weight=1.0)
    d.fill(bar(top[0] - 0.16 * s, top[1], top[0] + 0.16 * s, top[1], 0.07 * s), M.METAL, ruled=True, weight=0.9)
    d.fill(
        [
            (top[0] - 0.13 * s, top[1] - 0.04 * s),
            (top[0] + 0.13 * s, top[1] - 0.04 * s),
            (top[0] + 0.2 * s, top[1] - 0.48 * s),
            (top[0] - 0.2 * s, top[1] - 0.48 * s),
        ],
        M.GLOW,
        ruled=True,
    )
    d.stroke([(top[0], top[1] - 0.05 * s), (top[0], top[1] - 0.47 * s)], weight=0.6, pressure=0.5, ruled=True)
    d.fill(
        [
            (top[0] - 0.27 * s, top[1] - 0.47 * s),
            (top[0] + 0.27 * s, top[1] - 0.47 * s),
            (top[0] + 0.05 * s, top[1] - 0.68 * s),
            (top[0] - 0.05 * s, top[1] - 0.68 * s),
        ],
        M.METAL,
        ruled=True,
    )
    d.fill(ellipse(top[0], top[1] - 0.72 * s, 0.05 * s, 0.06 * s, n=14), M.METAL, weight=0.8)
