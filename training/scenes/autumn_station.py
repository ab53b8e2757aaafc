"""A small wooden station: rails to the vanishing point, platform on the right, maples around."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import math

import numpy as np

from training.buildings import House, box, door, gable_roof, pole, walls, window, wire
from training.camera import Camera, Face, Place
from training.drawing import BLUE, RED, Drawing
from training.plants import clump, crown, maple_leaf, pebbles, streak, trunk, tufts, woods
from training.scenes import Vary
from training.scenes.common import (
    M,
    block_up,
    constructed,
    gulls,
    hanging_branch,
    near,
    scattered_leaves,
    slabs,
)
from training.shapes import Rng, bar, closed_below, ellipse, hatch, resting, ridge

_GAUGE = 1.25


def scene(rng: Rng, vary: Vary) -> Drawing:
    """Draw the scene."""
    d = Drawing(vary.width, vary.height, detail=vary.detail)
    camera = Camera(
        eye=near(rng, 2.75, 0.6, vary), focal=near(rng, 1300, 200, vary),
        centre=near(rng, 0.40, 0.07, vary) * vary.width, horizon=near(rng, 0.47, 0.05, vary) * vary.height, near=0.8,
    )  # fmt: skip
    _distance(d, rng, camera)
    _ground(d, rng, camera, vary)
    _tracks(d, rng, camera, vary)
    _left_side(d, rng, camera, vary)
    _platform(d, rng, camera, vary)
    _station(d, rng, camera, vary)
    _things(d, rng, camera)
    _near_maple(d, rng, camera)
    constructed(d, camera, [camera.centre], [(1930, 60), (1930, 700), (-10, 900), (620, 1090)])
    return d


def _distance(d: Drawing, rng: Rng, camera: Camera) -> None:
    y, w = camera.horizon, d.width
    for fx, fy, fw in ((0.36, 0.30, 620), (0.62, 0.16, 460), (0.47, 0.43, 330), (0.24, 0.52, 300)):
        streak(d, rng, fx * w + rng.normal(0, 50), fy * y + rng.normal(0, 10), fw, rng.uniform(24, 46))
    far = ridge(rng, -80, w + 80, y + 4, 190, peaks=2.3, rough=0.42)
    top = d.fill(closed_below(far, y + 30), M.MOUNTAIN, outline=False)
    d.stroke(far, weight=0.75, pressure=0.5)
    for _k in range(16):
        p = far[rng.integers(8, 120)]
        run = rng.uniform(25, 80)
        d.stroke(
            [p + (2, 6), p + (0.35 * run * rng.choice([-1, 1]), run)],
            weight=0.5,
            pressure=0.25,
            taper=0.9,
            inside=True,
            on=top,
        )
    mid = ridge(rng, -80, w + 80, y + 10, 96, peaks=3.0, rough=0.4)
    woods(d, rng, mid, y + 40, size=34, pressure=0.5, rows=2)


def _ground(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    y, w = camera.horizon, d.width
    d.fill([(-100, y + 6), (w + 100, y + 6), (w + 100, d.height + 100), (-100, d.height + 100)], M.GRASS, outline=False)
    d.stroke([(-10, y + 6), (w + 10, y + 6)], weight=0.6, pressure=0.4)
    for _ in range(int(60 * vary.detail)):
        p = camera.project([(rng.uniform(-30, -9), 0, rng.uniform(9, 70))])[0]
        tufts(d, rng, [p, p + (30, 0)], 2, 0.3 * (p[1] - y) * 0.5 + 4)


def _tracks(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """Ballast, sleepers and rails of two tracks."""
    far = 140.0
    bed = block_up(d, camera, [(-3.7, 0, 0.8), (0.95, 0, 0.8), (0.95, 0, far), (-3.7, 0, far)], M.SOIL, skip=(0, 1, 2))
    for _ in range(int(330 * vary.detail)):
        z = 3.6 + 30 * rng.random() ** 2.2
        p = camera.project([(rng.uniform(-3.5, 0.6), 0, z)])
        pebbles(d, rng, p, 62 / z)
    for centre in (-1.45,):
        z = 2.6
        while z < 75:
            step = max(0.62, 5.0 * z * z / (camera.focal * camera.eye))
            q = camera.polygon(
                [
                    (centre - 1.15, 0, z),
                    (centre + 1.15, 0, z),
                    (centre + 1.15, 0, z + 0.24),
                    (centre - 1.15, 0, z + 0.24),
                ]
            )
            if len(q) >= 3 and step < 1.1:
                s = camera.scale(z)
                d.fill(q, M.WOOD, ruled=True, weight=float(np.clip(s / 130, 0.6, 1.0)), pressure=0.65)
                if z < 16:
                    a = q[0] + (q[1] - q[0]) * rng.uniform(0.1, 0.4) + (q[3] - q[0]) * 0.5
                    d.stroke([a, a + (q[1] - q[0]) * 0.3], weight=0.5, pressure=0.35)
            elif len(q) >= 3:
                d.stroke(q[[0, 1]], weight=0.5, pressure=0.35, on=bed)
            z += step
        for side in (-_GAUGE / 2, _GAUGE / 2):
            _rail(d, camera, centre + side, far)


def _rail(d: Drawing, camera: Camera, x: float, far: float) -> None:
    half = 0.05
    for a, b in ((1.2, 12.0), (12.0, far)):
        if b < far:
            camera.polygon([(x - 0.09, 0, a), (x + 0.09, 0, a), (x + 0.09, 0.13, b), (x - 0.09, 0.13, b)])
            d.fill(
                camera.polygon([(x - half, 0, a), (x - half, 0.14, a), (x - half, 0.14, b), (x - half, 0, b)]),
                M.METAL,
                outline=False,
            )
            d.stroke(camera.line((x + half, 0, a), (x + half, 0, b)), weight=0.7, pressure=0.6, ruled=True)
        p, q = camera.line((x, 0.14, a), (x, 0.14, b))
        d.fill(
            bar(*p, *q, max(2 * half * camera.scale(a), 3.4), max(2 * half * camera.scale(b), 3.2)),
            M.METAL,
            ruled=True,
            weight=0.85,
            skip=(1, 3) if b < far else (),
        )


def _left_side(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """Bank with trees, fence and power poles along the left of the line."""
    for z in (84.0, 66.0, 53.0, 43.0, 34.0, 27.0):
        x = rng.uniform(-15, -8.5)
        p = camera.project([(x, 0, z)])[0]
        s = camera.scale(z)
        trunk(d, rng, [p, p - (0.1 * s, 1.8 * s), p - (0, 3.6 * s)], [0.5 * s, 0.25 * s], weight=0.7, bark=0.3)
        crown(
            d,
            rng,
            p[0],
            p[1] - 4.6 * s,
            3.6 * s,
            2.7 * s,
            clumps=6,
            leaf=10,
            weight=0.7,
            pressure=0.6,
            pointed=True,
            marks=0.6,
        )
    block_up(
        d,
        camera,
        [(-4.1, 0, 1.0), (-4.1, 0, 120), (-8.5, 1.7, 120), (-8.5, 1.7, 1.0)],
        M.GRASS,
        skip=(1, 2, 3),
        weight=0.7,
    )
    for z in np.geomspace(5.5, 60, int(26 * vary.detail) + 2):
        p = camera.project([(rng.uniform(-4.6, -4.0), rng.uniform(0, 0.1), z)])[0]
        tufts(d, rng, [p, p + (60 / z * 4, 2)], 3, min(60, 240 / z + 7))
    tips = None
    for z in (90.0, 60.0, 41.0, 28.0, 18.0):
        now = pole(d, Place(camera, -4.7, 0.2, z), 7.4)
        if tips is not None:
            for (a, b), (c, e) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 5)
                wire(d, b, e, 0.05 * abs(e[1] - b[1]) + 5)
        tips = now
    z = 34.0
    while z > 6:
        foot, top = camera.line((-6.1, 0.6, z), (-6.1, 1.75, z))
        s = camera.scale(z)
        d.fill(bar(*foot, *top, max(0.13 * s, 3.4)), M.WOOD, ruled=True, weight=0.8)
        z -= max(1.7, 0.09 * z)
    for y in (0.62, 1.08):
        a, b = camera.line((-6.1, y + 0.4, 5.0), (-6.1, y + 0.4, 34))
        d.fill(bar(*a, *b, 0.1 * camera.scale(5.0), 3.2), M.WOOD, ruled=True, weight=0.8)


def _platform(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    edge, far, h = 0.75, 62.0, 1.05
    side = block_up(d, camera, [(edge, 0, 1.0), (edge, 0, far), (edge, h, far), (edge, h, 1.0)], M.ROAD, skip=(3,))
    for z in np.geomspace(3.2, far, 22):
        d.stroke(
            camera.line((edge, 0, z), (edge, h * 0.86, z)), weight=0.6, pressure=0.42, ruled=True, on=side, inside=True
        )
    d.stroke(camera.line((edge, h * 0.5, 2), (edge, h * 0.5, far)), weight=0.55, pressure=0.4, ruled=True, on=side)
    for z in np.geomspace(3.4, 15, 9):
        q = camera.polygon([(edge, 0.1, z), (edge, 0.1, z + 0.5), (edge, h * 0.45, z + 0.5), (edge, h * 0.45, z)])
        if rng.random() < 0.6:
            for line in hatch(rng, q, gap=9):
                d.stroke(line, weight=0.5, pressure=0.28, on=side, inside=True)
    d.fill(camera.polygon([(edge, h, far), (16, h, far), (16, 0, far), (edge, 0, far)]), M.ROAD, ruled=True, weight=0.7)
    top = block_up(
        d, camera, [(edge - 0.12, h, 1.0), (30, h, 1.0), (30, h, far), (edge - 0.12, h, far)], M.ROAD, skip=(0, 1)
    )
    lip = camera.polygon(
        [(edge - 0.12, h - 0.13, 1.0), (edge - 0.12, h - 0.13, far), (edge - 0.12, h, far), (edge - 0.12, h, 1.0)]
    )
    d.fill(lip, M.ROAD, ruled=True, weight=0.9, skip=(1, 3))
    for x in (edge + 0.75, edge + 1.05):
        d.stroke(camera.line((x, h, 1.0), (x, h, far)), weight=0.65, pressure=0.55, ruled=True, on=top)
    slabs(d, rng, camera, top, x=(edge + 1.05, 8.2), z=(2.4, far), size=(1.3, 1.5), level=h, keep=0.8)
    spots = camera.project(np.stack([rng.uniform(1.9, 5.6, 46), np.full(46, h), 2.7 + 13 * rng.random(46) ** 1.7], 1))
    for k, p in enumerate(spots[: int(46 * vary.detail)]):
        if k % 3:
            scattered_leaves(d, rng, p[None], 9 + 5 * rng.random(), on=top)
        else:
            maple_leaf(d, rng, p[0], p[1], rng.uniform(0.5, 1.1) * (p[1] - camera.horizon) / 26, flat=0.5)
    d.stroke(camera.line((2.7, h, 8.2), (4.4, h, 6.9)), weight=0.9, pressure=0.75, pencil=BLUE, on=top)
    d.stroke(camera.line((2.7, h, 8.2), (3.0, h, 24.0)), weight=0.9, pressure=0.75, pencil=BLUE, on=top)


def _station(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """The wooden house beside the platform, with its canopy on posts."""
    h, x = 1.05, 5.6
    for cx, cz, r in ((11.0, 34.0, 4.6), (8.2, 40.0, 3.6), (15.5, 30.0, 5.2)):
        p = camera.project([(cx, h + 5.2, cz)])[0]
        s = camera.scale(cz)
        crown(d, rng, p[0], p[1], r * s * 0.9, r * s * 0.72, clumps=8, leaf=15, weight=0.8, pointed=True, marks=0.7)
    place = Place(camera, x, h, 33.0, math.pi / 2)
    measures = House(
        width=14.0,
        depth=6.4,
        height=3.5,
        rise=2.3,
        eave=0.9,
        floors=1,
        thick=0.24,
        planks=0.36,
        tiles=vary.detail,
        wall=M.WALL,
    )
    for name, face, wide in walls(d, rng, place, measures):
        if name == "right":
            window(d, rng, face, wide * 0.2, 1.25, 1.5, 1.15, panes=(3, 2))
            window(d, rng, face, wide * 0.62, 1.25, 1.5, 1.15, panes=(3, 2))
            window(d, rng, face, wide / 2 - 0.5, 4.1, 1.0, 0.7, panes=(2, 1), sill=False)
        if name == "front":
            for s in (1.0, 3.6, 9.2, 11.5):
                window(d, rng, face, s, 1.2, 1.7, 1.3, panes=(4, 2))
            door(d, face, 6.2, 1.1, 2.35)
            door(d, face, 7.4, 1.1, 2.35)
    gable_roof(d, rng, place, measures)
    for k in range(4):
        p = camera.project([(x + 0.9 + 1.55 * k + rng.normal(0, 0.2), h, 18.7)])[0]
        r = rng.uniform(30, 50)
        if k != 1:
            crown(d, rng, p[0], p[1] - 0.6 * r, 1.2 * r, 0.8 * r, clumps=6, leaf=10, weight=0.85, marks=0.8)
    eaves = Face(place, (0, 0, -0.9), (1, 0, 0), (0, 1, 0))
    d.stroke(eaves.line(0, 3.05, 14.5, 3.05), weight=0.9, pressure=0.8, pencil=RED, ruled=True)
    _canopy(d, place, vary)


def _canopy(d: Drawing, place: Place, vary: Vary) -> None:
    out, y0, y1 = -2.35, 2.55, 2.98
    for s in np.linspace(0.4, 13.6, 5):
        foot, top = place.line((s, 0, out + 0.2), (s, y0, out + 0.2))
        w = max(0.17 * place.camera.scale(33 - s), 5)
        d.fill(bar(*foot, *top, w), M.WOOD, ruled=True, weight=0.95)
        for u in (-0.7, 0.7):
            a, b = place.line((s, y0 - 0.75, out + 0.2), (s + u, y0, out + 0.2))
            d.fill(bar(*a, *b, max(0.5 * w, 3.4)), M.WOOD, ruled=True, weight=0.75)
    slope = place.polygon([(-0.5, y0, out), (14.5, y0, out), (14.5, y1, -0.9), (-0.5, y1, -0.9)])
    top = d.fill(slope, M.ROOF, ruled=True, weight=0.95)
    for s in np.linspace(0, 14, int(26 * vary.detail) + 2):
        d.stroke(place.line((s, y0, out), (s, y1, -0.9)), weight=0.55, pressure=0.45, ruled=True, on=top, inside=True)
    d.fill(
        place.polygon([(-0.5, y0 - 0.28, out), (14.5, y0 - 0.28, out), (14.5, y0, out), (-0.5, y0, out)]),
        M.WOOD,
        ruled=True,
        weight=0.95,
    )
    end = place.polygon([(14.5, y0 - 0.28, out), (14.5, y0, out), (14.5, y1, -0.9), (14.5, y1 - 0.3, -0.9)])
    d.fill(end, M.WOOD, ruled=True, weight=0.9)


def _things(d: Drawing, rng: Rng, camera: Camera) -> None:
    h = 1.05
    bench = Place(camera, 6.1, h, 17.6, 0.0)
    for s in (0.2, 2.3):
        box(d, bench.moved(s, 0, 0), 0.16, 0.42, 0.5, M.WOOD)
    box(d, bench.moved(0, 0.42, 0), 2.7, 0.09, 0.55, M.WOOD)
    d.fill(bench.polygon([(0, 0.62, 0.55), (2.7, 0.62, 0.55), (2.7, 1.0, 0.62), (0, 1.0, 0.62)]), M.WOOD, ruled=True)
    sign = Place(camera, 5.55, h, 9.4, 0.1)
    for s in (0.1, 1.75):
        foot, top = sign.line((s, 0, 0), (s, 2.0, 0))
        d.fill(bar(*foot, *top, 0.11 * camera.scale(9.4)), M.WOOD, ruled=True)
    face = Face(sign, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    d.fill(face.rect(-0.12, 0.98, 1.97, 1.86), M.WOOD, ruled=True, weight=1.05)
    board = d.fill(face.rect(0.0, 1.07, 1.85, 1.77), M.WALL, ruled=True, weight=0.85)
    for k, wide in enumerate((0.9, 0.55)):
        y = 1.5 - 0.22 * k
        s = 0.92 - wide / 2
        pts = np.concatenate(
            [
                face.line(s + wide * u, y + (0.05 if i % 2 else -0.05), s + wide * (u + 0.08), y)
                for i, u in enumerate(np.linspace(0, 0.9, 9))
            ]
        )
        d.stroke(pts, weight=0.8, pressure=0.6, on=board, inside=True)
    d.stroke(face.line(0.0, 1.17, 1.85, 1.17), weight=0.6, pressure=0.5, ruled=True, on=board)
    lamp = Place(camera, 1.85, h, 17.0)
    foot, top = lamp.line((0, 0, 0), (0, 4.3, 0))
    s = camera.scale(17)
    d.fill(bar(*foot, *top, 0.13 * s, 0.09 * s), M.METAL, ruled=True)
    d.fill(bar(*top, top[0] - 0.75 * s, top[1] - 0.12 * s, 4.6), M.METAL, ruled=True, weight=0.8)
    p = top + (-0.75 * s, -0.02 * s)
    d.fill(ellipse(p[0], p[1] + 0.16 * s, 0.2 * s, 0.2 * s, n=22), M.GLOW, weight=0.8)
    d.fill(
        [p + (-0.34 * s, 0.12 * s), p + (-0.1 * s, -0.1 * s), p + (0.1 * s, -0.1 * s), p + (0.34 * s, 0.12 * s)],
        M.METAL,
        ruled=True,
        weight=0.85,
    )
    gulls(d, rng, 0.42 * d.width, 0.24 * d.height, 4, 14)


def _near_maple(d: Drawing, rng: Rng, camera: Camera) -> None:
    """The tree that frames the picture on the left, and a branch from above on the right."""
    base = camera.project([(-5.4, 0.4, 9.6)])[0]
    x, y = max(70.0, min(base[0], 130.0)), base[1] - 30
    for _k in range(5):
        clump(
            d,
            rng,
            x - 60 + rng.uniform(-40, 240) * 0.5,
            y - 20 + rng.uniform(-10, 30),
            90,
            40,
            leaf=17,
            weight=1.0,
            pointed=True,
        )
    path = [(x, y + 60), (x + 14, y - 160), (x - 22, y - 380), (x + 34, y - 620), (x + 20, -80)]
    trunk(d, rng, path, [150, 88, 74, 62, 40], weight=1.25, bark=1.3)
    t = np.linspace(0, 1, 14)
    mound = np.stack([x - 230 + 320 * t, y + 62 - 26 * np.sin(np.pi * t) + 4 * np.sin(17 * t)], 1)
    d.fill(np.concatenate([mound, mound[::-1] + np.array([0, 26])]), M.GRASS, outline=False)
    d.stroke(mound, weight=0.8, pressure=0.5)
    tufts(d, rng, mound[3:-2], 16, 36, spread=4)
    for end, width in (((430.0, 250.0), 40), ((560.0, 90.0), 34), ((-60.0, 320.0), 36)):
        start = np.array([x + 20.0, y - 430 - rng.uniform(0, 120)])
        hanging_branch(d, rng, start, np.array(end), width, leaf=15, clumps=5, pointed=True, size=84)
    for cx, cy, r in ((60, 40, 150), (250, 10, 160), (450, -30, 140), (20, 200, 120)):
        crown(
            d,
            rng,
            cx + rng.normal(0, 14),
            cy + rng.normal(0, 10),
            r * 1.3,
            r * 0.75,
            clumps=8,
            leaf=16,
            weight=1.15,
            pointed=True,
        )
    for _k in range(11):
        px, py = rng.uniform(150, 900), rng.uniform(170, 760)
        maple_leaf(d, rng, px, py, rng.uniform(9, 15))
    hanging_branch(
        d, rng, np.array([1990.0, 60.0]), np.array([1560.0, 110.0]), 26, leaf=15, clumps=5, pointed=True, size=70
    )
    for part in resting(np.array([(x - 24, y - 30), (x - 18, y - 160), (x - 40, y - 330)]), rng, pieces=2):
        d.stroke(part, weight=0.9, pressure=0.75, pencil=RED)
