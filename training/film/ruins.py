"""The ruins: inside the long hall, far off on their hill, and a wall with one arch that looks out over the land."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.camera import Camera, Face, Place
from training.drawing import BLUE, RED, Drawing
from training.plants import clump, crown, cumulus, ivy, rock, streak, trunk, tufts, woods
from training.scenes import ruins
from training.scenes.common import M, constructed, gulls, on_ground, puddle, slabs
from training.shapes import Rng, blob, closed_below, ellipse, ridge, smooth


def _of_stone(d: Drawing) -> Drawing:
    """All masonry is one stone: as walls, every part would be plastered or bricked for itself."""
    d.materials = [int(M.ROCK) if material == M.WALL else material for material in d.materials]
    return d


def hall(rng: Rng) -> Drawing:
    """Between two rows of arches; the roof is gone, trees look in, water stands on the floor."""
    d = Drawing()
    camera = Camera(eye=1.6, focal=1150, centre=960, horizon=650)
    y = camera.horizon
    cumulus(d, rng, 1010, y - 120, 700, 330, puffs=12)
    far = ridge(rng, 300, 1620, y + 2, 130, peaks=1.9, rough=0.42)
    d.fill(closed_below(far, y + 20), M.MOUNTAIN, weight=0.75, pressure=0.5)
    woods(d, rng, ridge(rng, 200, 1720, y + 6, 90, peaks=2.2, rough=0.4), y + 30, size=34, pressure=0.5)
    d.fill([(-100, y + 8), (2020, y + 8), (2020, 1200), (-100, 1200)], M.GRASS, outline=False)
    for x, z in ((-9, 44), (11, 40), (-16, 30), (17, 27)):
        p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
        crown(d, rng, p[0], p[1] - 5.2 * s, 4.2 * s, 3.4 * s, clumps=9, leaf=13, weight=0.75)
    floor = d.fill(
        camera.polygon([(-4.4, 0, 0.8), (4.4, 0, 0.8), (4.4, 0, 30), (-4.4, 0, 30)]), M.ROAD, weight=0.8, pressure=0.55
    )
    slabs(d, rng, camera, floor, x=(-4.2, 4.2), z=(1.8, 29), size=(1.2, 1.3), keep=0.8, pressure=0.42)
    for a, b, w, dp in ((0.5, 5.4, 2.6, 1.8), (-1.2, 9.4, 2.4, 1.8), (1.0, 14.5, 2.8, 2.4)):
        puddle(d, rng, camera, a, b, w, dp)
    for a, b in ((-3.6, 4.2), (3.5, 6.2), (-3.4, 10.5), (3.3, 15.0), (0.2, 21.0)):
        ring = blob(rng, 0, 0, rng.uniform(0.8, 1.4), rng.uniform(0.5, 1.0), rough=0.2)
        patch = camera.polygon([(a + u, 0, b + v) for u, v in ring])
        d.fill(patch, M.GRASS, weight=0.75, pressure=0.55)
        low = patch[patch[:, 1] > patch[:, 1].mean()]
        tufts(d, rng, low[np.argsort(low[:, 0])], 8, 220 / b + 8, spread=3)
    ruins._gate(d, rng, camera, 0.0, 33.0)
    for side in (-1, 1):
        _row(d, rng, camera, side)
    for x, z, w in ((-3.2, 12.0, 1.0), (3.0, 9.2, 1.1), (-2.9, 6.4, 0.8), (2.8, 4.6, 0.8)):
        p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
        rock(d, rng, p[0], p[1], w * s, 0.55 * w * s, weight=1.05)
        tufts(d, rng, [p + (-0.5 * w * s, 8), p + (0.5 * w * s, 8)], 6, 0.2 * s)
    d.stroke(
        camera.project([(-4.2, 0, 20.0), (-0.4, 0, 12.0), (-0.8, 0, 6.0), (-4.0, 0, 3.6)]),
        weight=0.9,
        pressure=0.75,
        pencil=BLUE,
    )
    gulls(d, rng, 960, 220, 4, 18)
    constructed(d, camera, [camera.centre], [(-10, 60), (1930, 60), (-10, 1060), (1930, 1060)])
    return _of_stone(d)


def _row(d: Drawing, rng: Rng, camera: Camera, side: int) -> None:
    """A wall of arches along one side of the hall, its crown eaten away."""
    x, z0, long = 4.6 * side, 3.0, 26.0
    place = Place(camera, x, 0, z0 + long, np.pi / 2)
    face = Face(place, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    inner = Face(place, (0, 0, 0.9 * side), (1, 0, 0), (0, 1, 0))
    openings = tuple((1.2 + 5.0 * k, 3.2) for k in range(5))
    s = np.linspace(0, long, 16)
    high = 6.6 + 1.3 * np.sin(s * 0.9 + side) + rng.uniform(-0.7, 0.7, 16)
    if side > 0:
        high[7:10] -= 2.0
    crest = [(float(a), float(b)) for a, b in zip(s, high, strict=True)]
    outline = [*crest, (long, 0.0)]
    for s0, wide in reversed(openings):
        outline += [(float(a), float(b)) for a, b in ruins._arch(s0, wide, 3.0)[::-1]]
    outline.append((0.0, 0.0))
    for s0, wide in openings:
        arch = ruins._arch(s0, wide, 3.0)
        d.fill(np.concatenate([face.polygon(arch), inner.polygon(arch)[::-1]]), M.WALL, weight=0.85)
    wall = d.fill(face.polygon(ruins._broken(rng, outline, len(crest))), M.WALL, ruled=True, weight=1.0)
    ruins._masonry(d, rng, face, wall, long, 8.0, 0.6, 1.7)
    for s0, wide in openings:
        c = s0 + wide / 2
        for r in (wide / 2, wide / 2 + 0.5):
            a = np.linspace(np.pi, 0, 20)
            d.stroke(
                face.polygon(np.stack([c + r * np.cos(a), 3.0 + r * np.sin(a)], 1)), weight=0.8, pressure=0.65, on=wall
            )
        for k in np.linspace(np.pi, 0, 12):
            r0, r1 = wide / 2, wide / 2 + 0.5
            d.stroke(
                face.line(c + r0 * np.cos(k), 3 + r0 * np.sin(k), c + r1 * np.cos(k), 3 + r1 * np.sin(k)),
                weight=0.7,
                pressure=0.55,
                ruled=True,
                on=wall,
            )
    for s0, w, reach in ((3.4, 1.8, 2.6), (8.6, 1.6, 3.6), (13.6, 1.8, 3.4), (18.4, 1.8, 4.0), (22.6, 2.2, 3.4)):
        if rng.random() < 0.8:
            k = np.linspace(s0, s0 + w, 8)
            over = np.interp(k, s, high)
            scale = camera.scale(z0 + long - s0 - w / 2)
            ivy(
                d,
                rng,
                face.polygon(np.stack([k, over], 1)),
                reach * scale * rng.uniform(0.8, 1.1),
                max(9.0, 0.12 * scale),
            )
    tufts(d, rng, face.line(0.2, 0, long - 1.0, 0), 34, 30, spread=4)


def far_hill(rng: Rng) -> Drawing:
    """The ruins on their hill, far over a meadow; the sky has most of the picture."""
    d = Drawing()
    camera = Camera(eye=1.8, focal=1700, centre=880, horizon=812)
    y = camera.horizon
    cumulus(d, rng, 1420, y - 190, 900, 420, puffs=14)
    cumulus(d, rng, 330, y - 120, 620, 220, puffs=10, pressure=0.42)
    streak(d, rng, 560, 180, 760, 50)
    streak(d, rng, 1180, 110, 420, 30)
    far = ridge(rng, -80, 2000, y + 2, 190, peaks=2.2, rough=0.45)
    d.fill(closed_below(far, y + 30), M.MOUNTAIN, weight=0.75, pressure=0.5)
    woods(d, rng, ridge(rng, -80, 2000, y + 8, 90, peaks=2.8, rough=0.4), y + 40, size=36, pressure=0.5)
    hill = smooth(
        [
            (-100, y + 30),
            (260, y - 20),
            (560, y - 120),
            (820, y - 186),
            (1080, y - 190),
            (1320, y - 120),
            (1600, y - 20),
            (2020, y + 30),
        ],
        pieces=8,
    )
    d.fill(closed_below(hill, 1200), M.GRASS, outline=False)
    d.stroke(hill, weight=0.9, pressure=0.6)
    level = camera.eye + 186 * 62 / camera.focal
    ruins._gate(d, rng, camera, level - 0.6, 62.0)
    for x, h, capital in (
        (-10.5, 6.4, True),
        (-7.6, 4.2, False),
        (6.4, 6.6, True),
        (9.4, 3.4, False),
        (12.4, 5.0, False),
    ):
        z = 60.0
        px = camera.project([(x, 0, z)])[0, 0]
        base = camera.eye + (camera.horizon - np.interp(px, hill[:, 0], hill[:, 1])) * z / camera.focal
        ruins.column(d, rng, camera, x, float(base) - 0.3, z, 0.55, h, broken=not capital, capital=capital)
    p = np.array([560.0, y - 96])
    trunk(d, rng, [p + (0, 20), p + (-6, -60), p + (10, -130)], [36, 24, 16], weight=0.9)
    crown(d, rng, p[0], p[1] - 180, 150, 110, clumps=10, leaf=13, weight=0.9)
    for x in (700, 830, 1090, 1230, 1330):
        yy = float(np.interp(x, hill[:, 0], hill[:, 1]))
        clump(d, rng, x, yy - 4, rng.uniform(30, 60), rng.uniform(14, 24), leaf=9, weight=0.8)
        rock(d, rng, x + 50, yy + 12, 46, 22, weight=0.8)
    path = smooth(
        [(860, y - 170), (800, y - 110), (900, y - 40), (780, y + 40), (1000, y + 130), (760, y + 300)], pieces=8
    )
    t = np.linspace(4, 110, len(path))
    d.fill(
        np.concatenate([path - np.stack([t, 0 * t], 1), (path + np.stack([t, 0 * t], 1))[::-1]]),
        M.SOIL,
        weight=0.8,
        pressure=0.5,
    )
    for x0, x1, yy, n, s in (
        (0, 640, 900, 26, 34),
        (1060, 1920, 890, 26, 34),
        (0, 620, 1060, 26, 90),
        (1100, 1930, 1060, 34, 90),
    ):
        tufts(d, rng, [(x0, yy), (x1, yy + 10)], n, s, spread=20, pressure=0.65)
    for _ in range(40):
        x, yy = rng.choice([rng.uniform(20, 660), rng.uniform(1080, 1900)]), rng.uniform(930, 1050)
        r = 3 + (yy - 900) / 22
        d.stroke([(x, yy + 5 * r), (x, yy)], weight=0.65, pressure=0.55, taper=0.6)
        d.stroke(ellipse(x, yy, r, 0.8 * r, n=12), weight=0.65, pressure=0.65)
    gulls(d, rng, 1180, 420, 5, 18)
    constructed(d, camera, [camera.centre], [(-10, 1060), (1930, 1060)])
    return _of_stone(d)


def arch(rng: Rng) -> Drawing:
    """From inside: a dark wall with one arch, and through it the land and the way home."""
    d = Drawing()
    camera = Camera(eye=1.6, focal=1100, centre=1000, horizon=690)
    y = camera.horizon
    cumulus(d, rng, 1090, y - 80, 640, 330, puffs=12)
    streak(d, rng, 880, 250, 380, 28)
    far = ridge(rng, 300, 1720, y + 2, 120, peaks=1.8, rough=0.42)
    d.fill(closed_below(far, y + 20), M.MOUNTAIN, weight=0.75, pressure=0.5)
    woods(d, rng, ridge(rng, 300, 1720, y + 6, 60, peaks=2.4, rough=0.4), y + 30, size=28, pressure=0.5)
    d.fill([(200, y + 8), (1800, y + 8), (1800, 1200), (200, 1200)], M.GRASS, outline=False)
    way = [(0.2, 4.0), (0.4, 8), (1.6, 14), (1.0, 24), (2.8, 44), (2.0, 80)]
    curve = [(float(a), float(b)) for a, b in smooth(way, pieces=8)]
    d.fill(on_ground(camera, curve, [1.7, 1.5, 1.5, 1.4]), M.SOIL, weight=0.8, pressure=0.55)
    p, s = camera.project([(-5.0, 0, 26)])[0], camera.scale(26)
    trunk(d, rng, [p, p - (0, 1.8 * s), p - (-0.2 * s, 3.6 * s)], [0.6 * s, 0.3 * s], weight=0.8)
    crown(d, rng, p[0], p[1] - 5 * s, 3.4 * s, 2.6 * s, clumps=10, leaf=12, weight=0.8)
    for x0, x1, z in ((-6, 0.0, 9.0), (1.6, 7.0, 10.0), (-6, 6, 16.0)):
        tufts(d, rng, camera.line((x0, 0, z), (x1, 0, z)), 16, 260 / z, spread=6)
    floor = d.fill(
        camera.polygon([(-9, 0, 0.8), (9, 0, 0.8), (9, 0, 5.0), (-9, 0, 5.0)]), M.ROAD, weight=0.8, pressure=0.55
    )
    slabs(d, rng, camera, floor, x=(-6, 6), z=(1.5, 5), size=(1.1, 1.0), keep=0.85)
    place = Place(camera, -9.0, 0, 5.0)
    face = Face(place, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    back = Face(place, (0, 0, 1.0), (1, 0, 0), (0, 1, 0))
    opening = ruins._arch(6.4, 4.8, 2.5, 23)
    d.fill(np.concatenate([face.polygon(opening), back.polygon(opening)[::-1]]), M.WALL, weight=0.95)
    wall = d.fill(
        face.polygon([(-2, 6.0), (20, 6.0), (20, 0.0), *[(float(a), float(b)) for a, b in opening[::-1]], (-2, 0.0)]),
        M.WALL,
        ruled=True,
        weight=1.1,
    )
    ruins._masonry(d, rng, face, wall, 18.0, 5.6, 0.62, 2.2)
    c, r0, r1 = 8.8, 2.4, 3.0
    for r in (r0, r1):
        a = np.linspace(np.pi, 0, 26)
        d.stroke(
            face.polygon(np.stack([c + r * np.cos(a), 2.5 + r * np.sin(a)], 1)), weight=0.95, pressure=0.7, on=wall
        )
    for k in np.linspace(np.pi, 0, 15):
        d.stroke(
            face.line(c + r0 * np.cos(k), 2.5 + r0 * np.sin(k), c + r1 * np.cos(k), 2.5 + r1 * np.sin(k)),
            weight=0.8,
            pressure=0.6,
            ruled=True,
            on=wall,
        )
    for s0 in (3.4, 12.6):
        slot = [(s0, 1.6), (s0 + 1.0, 1.6), (s0 + 1.0, 3.4), (s0 + 0.5, 3.9), (s0, 3.4)]
        d.fill(face.polygon(slot), M.SKY, ruled=True, weight=1.0)
        d.fill(np.concatenate([face.polygon(slot[:2]), back.polygon(slot[:2])[::-1]]), M.WALL, ruled=True, weight=0.8)
    for s0, s1, t, reach in (
        (5.6, 7.6, 5.2, 2.0),
        (10.4, 12.2, 5.3, 2.8),
        (1.4, 3.0, 5.4, 3.4),
        (14.2, 16.2, 5.4, 3.0),
    ):
        k = np.linspace(s0, s1, 8)
        ivy(d, rng, face.polygon(np.stack([k, 0 * k + t], 1)), reach * camera.scale(5.0), 19)
    for x, w in ((330, 230), (520, 120), (1610, 260), (1430, 110)):
        rock(d, rng, x, 1010 + rng.uniform(-10, 30), w, 0.46 * w, weight=1.15)
        tufts(d, rng, [(x - 0.6 * w, 1030), (x + 0.6 * w, 1034)], 7, 50, spread=5)
    d.stroke(camera.project([(-2.4, 0, 5.0), (-3.4, 0, 2.6)]), weight=0.95, pressure=0.75, pencil=BLUE)
    d.stroke(camera.project([(2.3, 0, 5.0), (2.6, 0, 2.6)]), weight=0.95, pressure=0.75, pencil=BLUE)
    d.stroke(face.line(6.3, 0.2, 6.3, 2.4), weight=0.9, pressure=0.75, pencil=RED, ruled=True)
    constructed(d, camera, [camera.centre], [(-10, 60), (1930, 60)])
    return _of_stone(d)
