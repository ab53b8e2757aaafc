"""Ruins in spring: broken arches and columns above a flight of steps, grass and ivy over everything, puddles."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import itertools

import numpy as np

from training.buildings import box, stairs
from training.camera import Camera, Face, Place
from training.drawing import BLUE, RED, Drawing, Points
from training.plants import clump, crown, cumulus, ivy, leaves, rock, streak, trunk, tufts, woods
from training.scenes import Vary
from training.scenes.common import M, constructed, gulls, near, puddle, ripples, slabs
from training.shapes import (
    Rng,
    blob,
    closed_below,
    ellipse,
    hatch,
    ridge,
    scallop,
    smooth,
)


def scene(rng: Rng, vary: Vary) -> Drawing:
    """Draw the scene."""
    d = Drawing(vary.width, vary.height, detail=vary.detail)
    camera = Camera(
        eye=near(rng, 2.1, 0.4, vary), focal=near(rng, 1250, 180, vary),
        centre=near(rng, 0.43, 0.06, vary) * vary.width, horizon=near(rng, 0.60, 0.04, vary) * vary.height,
    )  # fmt: skip
    _distance(d, rng, camera)
    _ground(d, rng, camera, vary)
    _upper(d, rng, camera, vary)
    _arcade(d, rng, camera, vary)
    _left(d, rng, camera, vary)
    _near(d, rng, vary)
    constructed(d, camera, [camera.centre], [(1930, 120), (1930, 1000), (-10, 1000)])
    return d


def _distance(d: Drawing, rng: Rng, camera: Camera) -> None:
    w, y = d.width, camera.horizon
    cumulus(d, rng, 0.34 * w + rng.normal(0, 60), y - 90, 900, 380, puffs=14)
    cumulus(d, rng, 0.70 * w, 0.34 * y, 380, 90, puffs=8, pressure=0.4)
    streak(d, rng, 0.16 * w, 0.14 * y, 520, 34)
    far = ridge(rng, -80, w + 80, y + 2, 150, peaks=2.2, rough=0.42)
    d.fill(closed_below(far, y + 40), M.MOUNTAIN, weight=0.75, pressure=0.5)
    mid = ridge(rng, -80, w + 80, y + 8, 84, peaks=2.7, rough=0.4)
    woods(d, rng, mid, y + 60, size=36, pressure=0.5)
    gulls(d, rng, 0.5 * w, 0.28 * y, 5, 16)


def _ground(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    y, w = camera.horizon, d.width
    line = ridge(rng, -90, w + 90, y + 20, 16, peaks=2, rough=0.3)
    d.fill(closed_below(line, d.height + 100), M.GRASS, outline=False)
    d.stroke(line, weight=0.7, pressure=0.5)
    pave = [(-5.4, 0.8), (6.8, 0.8), (6.4, 6.0), (6.7, 12.4), (-5.0, 12.4), (-5.2, 7.0)]
    top = d.fill(camera.polygon([(a, 0, b) for a, b in pave]), M.ROAD, weight=0.8, pressure=0.6)
    slabs(d, rng, camera, top, x=(-4.8, 6.3), z=(2.4, 12.3), size=(1.35, 1.2), keep=0.85, pressure=0.45)
    for a, b in ((-5.3, 4.6), (6.5, 5.4), (-5.1, 8.8), (6.5, 8.8), (-3.4, 6.3), (3.0, 9.3), (0.4, 11.0)):
        ring = blob(rng, 0, 0, rng.uniform(0.7, 1.5), rng.uniform(0.4, 0.9), rough=0.2)
        patch = camera.polygon([(a + u, 0, b + v) for u, v in ring])
        d.fill(patch, M.GRASS, weight=0.75, pressure=0.55)
        low = patch[patch[:, 1] > patch[:, 1].mean()]
        tufts(d, rng, low[np.argsort(low[:, 0])], int(8 * vary.detail), 2.2 * 100 / b + 6, spread=3)
    for a, b, wide, deep in ((0.9, 5.2, 2.9, 1.7), (-1.9, 8.2, 2.4, 1.4), (3.9, 7.4, 1.5, 1.0)):
        water = puddle(d, rng, camera, a, b, wide, deep)
        ripples(
            d,
            rng,
            camera,
            6,
            x=tuple(camera.project([(a - wide / 3, 0, b), (a + wide / 4, 0, b)])[:, 0]),
            y=tuple(camera.project([(a, 0, b + deep / 3), (a, 0, b - deep / 3)])[:, 1]),
            on=water,
        )  # type: ignore[arg-type]
        p = camera.project([(a - 0.15 * wide, 0, b), (a + 0.1 * wide, 0, b + 0.15 * deep)])
        for q in p:
            d.stroke(ellipse(q[0], q[1], 26, 8, n=20), weight=0.6, pressure=0.4, on=water, inside=True)


def column(
    d: Drawing, rng: Rng, camera: Camera, x: float, level: float, z: float, radius: float, height: float, *,
    broken: bool = True, capital: bool = False, vine: bool = False,
) -> None:  # fmt: skip
    """A fluted column on a square base; broken ones end in a jagged slope."""
    s = camera.scale(z)
    foot, top = camera.line((x, level, z), (x, level + height, z))
    r, tilt = radius * s, max(0.05, min(0.5, abs(camera.eye - level) / z))
    weight = float(np.clip(0.55 + 5 / z, 0.65, 1.2))
    for k, (a, b) in enumerate(((1.45, 0.28), (1.25, 0.24))):
        y0 = foot[1] - k * 0.28 * radius * 1.6 * s
        high = b * radius * 1.6 * s
        d.fill(
            [(foot[0] - a * r, y0), (foot[0] + a * r, y0), (foot[0] + a * r, y0 - high), (foot[0] - a * r, y0 - high)],
            M.WALL,
            ruled=True,
            weight=weight,
        )
    base = foot[1] - 0.8 * radius * s
    t = np.linspace(-1, 1, 11)
    narrow = 0.86
    if broken:
        crest = top[1] + s * radius * (
            rng.uniform(-0.9, 0.9) * t + np.interp(t, np.linspace(-1, 1, 5), rng.uniform(-0.4, 0.4, 5))
        )
    else:
        crest = np.full(11, top[1])
    head = np.stack([top[0] + t * r * narrow, crest], 1)
    low = np.stack([foot[0] + t[::-1] * r, base + tilt * r * np.sqrt(1 - t**2)], 1)
    shaft = d.fill(np.concatenate([head, low]), M.WALL, weight=weight)
    for u in np.sin(np.linspace(-1.25, 1.25, 8)):
        a = np.array([foot[0] + u * r, base + tilt * r * np.sqrt(1 - u * u) - 2])
        b = np.array([top[0] + u * r * narrow, np.interp(u, t, crest) + 3])
        parts = (0.0, rng.uniform(0.3, 0.6), rng.uniform(0.62, 0.75), 1.0)
        for lo, hi in ((parts[0], parts[1]), (parts[2], parts[3])):
            d.stroke([a + (b - a) * lo, a + (b - a) * hi], weight=0.6, pressure=0.5, ruled=True, inside=True, on=shaft)
    joints = np.arange(0.24, 0.95, 0.24 + 0.05 * rng.random())
    for u in joints:
        y = base + (top[1] - base) * u
        k = 1 - (1 - narrow) * u
        curve = np.stack(
            [foot[0] + t * r * k, y + tilt * r * np.sqrt(np.clip(1 - t**2, 0, 1)) * (1 if y > camera.horizon else -1)],
            1,
        )
        d.stroke(curve, weight=0.75, pressure=0.6, inside=True, on=shaft)
    shade = [
        (foot[0] + 0.45 * r, base),
        (foot[0] + 0.95 * r, base),
        (top[0] + 0.95 * r * narrow, top[1]),
        (top[0] + 0.45 * r * narrow, top[1]),
    ]
    for line in hatch(rng, [shade[0], shade[3], shade[2], shade[1]], gap=17, lean=0.01):
        d.stroke(line, weight=0.5, pressure=0.26, inside=True, on=shaft)
    d.stroke(
        [(foot[0] + 0.42 * r, base), (top[0] + 0.4 * r * narrow, top[1])],
        weight=0.85,
        pressure=0.7,
        pencil=BLUE,
        inside=True,
        on=shaft,
    )
    if capital:
        for k, a in enumerate((1.1, 1.35)):
            y = top[1] - k * 0.34 * r
            d.fill(
                [
                    (top[0] - a * r * 0.9, y),
                    (top[0] + a * r * 0.9, y),
                    (top[0] + a * r, y - 0.34 * r),
                    (top[0] - a * r, y - 0.34 * r),
                ],
                M.WALL,
                ruled=True,
                weight=weight,
            )
    if vine:
        side = np.stack(
            [top[0] + np.array([-1.0, -0.2, 0.5]) * r * narrow, np.interp([-1.0, -0.2, 0.5], t, crest) + 4], 1
        )
        ivy(d, rng, side, (foot[1] - top[1]) * rng.uniform(0.4, 0.7), max(8.0, 0.16 * r + 4))


def _masonry(d: Drawing, rng: Rng, face: Face, on: int, wide: float, high: float, course: float, keep: float) -> None:
    """Courses of stone, drawn in patches."""
    patches = rng.uniform((0, 0), (wide, high), (5, 2))
    for r in range(1, int(high / course)):
        y = r * course
        s = rng.uniform(0, 1.0)
        while s < wide:
            block = rng.uniform(0.7, 1.5)
            near_patch = np.min(np.hypot((patches[:, 0] - s) / 2.2, (patches[:, 1] - y) / 1.6)) < keep
            if near_patch:
                d.stroke(face.line(s, y, s + block, y), weight=0.6, pressure=0.42, ruled=True, on=on, inside=True)
                d.stroke(face.line(s, y, s, y + course), weight=0.6, pressure=0.42, ruled=True, on=on, inside=True)
            s += block


def _arch(s0: float, wide: float, spring: float, n: int = 15) -> Points:
    """Outline of an arch's opening from its left foot over the top to its right foot, in (s, t)."""
    a = np.linspace(np.pi, 0, n)
    r = wide / 2
    curve = np.stack([s0 + r + r * np.cos(a), spring + r * np.sin(a)], 1)
    return np.concatenate([[(s0, 0.0)], curve, [(s0 + wide, 0.0)]])


def _arcade(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """A wall with arches along the right side, higher near the viewer, its crown eaten away."""
    x, z0, length = 7.4, 5.2, 15.0
    place = Place(camera, x, 0, z0 + length, np.pi / 2)
    face = Face(place, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    inner = Face(place, (0, 0, 1.1), (1, 0, 0), (0, 1, 0))
    openings = ((1.2, 3.0), (5.9, 3.0), (10.6, 3.0))
    crest = [
        (0.0, 3.2),
        (0.9, 4.1),
        (2.1, 4.6),
        (3.0, 5.9),
        (4.4, 5.7),
        (5.2, 6.3),
        (7.4, 6.5),
        (8.3, 5.6),
        (9.4, 6.9),
        (11.5, 7.2),
        (12.6, 6.6),
        (13.6, 7.8),
        (15.0, 8.1),
    ]
    crest = [(s, t + rng.uniform(-0.3, 0.3)) for s, t in crest]
    outline: list[tuple[float, float]] = [*crest, (length, 0.0)]
    for s0, wide in reversed(openings):
        arch = _arch(s0, wide, 2.5)
        outline += [(float(s), float(t)) for s, t in arch[::-1]]
    outline.append((0.0, 0.0))
    for s0, wide in openings:
        arch = _arch(s0, wide, 2.5)
        back = _arch(s0, wide, 2.5)
        q = np.concatenate([face.polygon(arch), inner.polygon(back)[::-1]])
        d.fill(q, M.WALL, weight=0.85)
    wall = d.fill(face.polygon(_broken(rng, outline, len(crest))), M.WALL, ruled=True, weight=1.0)
    _masonry(d, rng, face, wall, length, 7.5, 0.55, 1.5)
    for s0, wide in openings:
        a = np.linspace(np.pi, 0, 12)
        for u, v in itertools.pairwise(a):
            r0, r1 = wide / 2, wide / 2 + 0.55
            c = s0 + wide / 2
            stone = [(c + r * np.cos(k), 2.5 + r * np.sin(k)) for r, k in ((r0, u), (r1, u), (r1, v), (r0, v))]
            d.fill(face.polygon(stone), M.WALL, ruled=True, weight=0.8, pressure=0.7)
    for s, wide_, reach in ((0.4, 1.5, 2.4), (4.1, 1.5, 3.9), (8.7, 1.5, 4.8), (12.4, 2.5, 4.4)):
        k = np.linspace(s, s + wide_, 8)
        over = np.interp(k, [c[0] for c in crest], [c[1] for c in crest])
        edge = face.polygon(np.stack([k, over], 1))
        scale = camera.scale(z0 + length - s - wide_ / 2)
        ivy(d, rng, edge, reach * scale * rng.uniform(0.8, 1.1), max(9.0, 0.14 * scale))
    foot = face.line(0.2, 0, 13.5, 0)
    tufts(d, rng, foot, int(40 * vary.detail), 34, spread=4)


def _broken(rng: Rng, outline: list[tuple[float, float]], crest: int) -> list[tuple[float, float]]:
    """Turn the crest of a wall into steps of missing stones."""
    steps: list[tuple[float, float]] = []
    for (s0, t0), (s1, t1) in itertools.pairwise(outline[:crest]):
        steps.append((s0, t0))
        steps.append((s0 + (s1 - s0) * rng.uniform(0.3, 0.6), t0 + rng.uniform(-0.1, 0.1)))
        steps.append((steps[-1][0] + 0.08, t1))
    return steps + outline[crest - 1 :]


def _upper(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    """The terrace at the head of the stairs: its wall, the gate, columns."""
    z, level, left, wide = 12.4, 2.1, -3.4, 7.2
    back = z + 10 * 0.42
    for x0, x1 in ((-30.0, left), (left + wide, 16.0)):
        front = d.fill(
            camera.polygon([(x0, 0, z + 2.0), (x1, 0, z + 2.0), (x1, level, z + 2.0), (x0, level, z + 2.0)]),
            M.WALL,
            ruled=True,
            weight=0.85,
        )
        face = Face(Place(camera, x0, 0, z + 2.0), (0, 0, 0), (1, 0, 0), (0, 1, 0))
        _masonry(d, rng, face, front, x1 - x0, level, 0.42, 1.4)
        line = camera.line((x0, level, z + 2), (x1, level, z + 2))
        tufts(d, rng, line, int(16 * vary.detail), 22, spread=2)
    _gate(d, rng, camera, level, back + 9)
    for x, zz, h, capital in (
        (-7.8, 27.0, 6.6, True),
        (6.9, 27.0, 3.4, False),
        (-10.5, 22.0, 4.6, False),
        (-5.6, 19.0, 6.8, True),
        (5.6, 19.0, 5.0, False),
    ):
        column(
            d,
            rng,
            camera,
            x + rng.uniform(-0.2, 0.2),
            level,
            zz,
            0.55,
            h,
            broken=not capital,
            capital=capital,
            vine=not capital,
        )
    crown_at = camera.project([(-13.5, level + 4.5, 23.0)])[0]
    s = camera.scale(23)
    trunk(d, rng, [crown_at + (20, 4.5 * s), crown_at + (-6, 2 * s), crown_at + (10, 0)], [0.7 * s, 0.5 * s, 0.3 * s])
    crown(d, rng, crown_at[0], crown_at[1], 4.2 * s, 3.0 * s, clumps=10, leaf=15, weight=0.85)
    for x0, x1 in ((-30.0, left), (left + wide, 16.0)):
        line = camera.line((x0, level, z + 2), (x1, level, z + 2))
        for _ in range(6):
            p = line[0] + (line[1] - line[0]) * rng.uniform(0.02, 0.98)
            clump(d, rng, p[0], p[1] - 6, rng.uniform(28, 56), rng.uniform(14, 26), leaf=9, weight=0.75, marks=0.6)
    place = Place(camera, left, 0, z)
    stairs(d, place, wide, 10, level / 10, 0.42)
    for side in (-0.75, wide):
        block = Place(camera, left + side, 0, z - 0.2)
        for k in range(3):
            b = block.moved(0, 0, 1.4 * k)
            high = 0.55 + level * (k + 0.6) / 3
            box(d, b, 0.75, high, 1.4, M.WALL)
    for k in range(9):
        p = place.line((rng.uniform(0.1, wide), 0.21 * k, 0.42 * k), (wide, 0.21 * k, 0.42 * k))[0]
        tufts(d, rng, [p, p + (40, 0)], 3, 17, spread=1)


def _gate(d: Drawing, rng: Rng, camera: Camera, level: float, z: float) -> None:
    """The great arch on the axis, half of its pediment fallen."""
    place = Place(camera, -4.6, level, z)
    face = Face(place, (0, 0, 0), (1, 0, 0), (0, 1, 0))
    wide = 9.4
    crest = [
        (0.0, 6.4),
        (0.5, 7.6),
        (2.2, 8.0),
        (3.6, 8.9),
        (5.1, 8.7),
        (6.0, 7.9),
        (7.1, 7.7),
        (7.9, 6.3),
        (8.8, 5.9),
        (wide, 4.9),
    ]
    arch = _arch(2.4, 4.6, 3.6)
    back = Face(place, (0, 0, 1.6), (1, 0, 0), (0, 1, 0))
    d.fill(np.concatenate([face.polygon(arch), back.polygon(arch)[::-1]]), M.WALL, weight=0.75)
    outline = [*crest, (wide, 0.0), *[(float(s), float(t)) for s, t in arch[::-1]], (0.0, 0.0)]
    wall = d.fill(face.polygon(_broken(rng, outline, len(crest))), M.WALL, ruled=True, weight=0.9)
    _masonry(d, rng, face, wall, wide, 8, 0.6, 1.1)
    for k in np.linspace(np.pi, 0, 12):
        r0, r1, c = 2.3, 2.95, 4.7
        d.stroke(
            face.line(c + r0 * np.cos(k), 3.6 + r0 * np.sin(k), c + r1 * np.cos(k), 3.6 + r1 * np.sin(k)),
            weight=0.7,
            pressure=0.55,
            ruled=True,
        )
    ring = np.linspace(np.pi, 0, 24)
    d.stroke(
        face.polygon(np.stack([4.7 + 2.95 * np.cos(ring), 3.6 + 2.95 * np.sin(ring)], 1)), weight=0.7, pressure=0.55
    )
    d.stroke(face.line(0.1, 3.5, 2.35, 3.5), weight=0.8, pressure=0.6, ruled=True)
    d.stroke(face.line(7.05, 3.5, wide - 0.1, 3.5), weight=0.8, pressure=0.6, ruled=True)
    d.stroke(face.line(0.2, 0.3, 0.2, 6.3), weight=0.85, pressure=0.7, pencil=RED, ruled=True, on=wall)
    scale = camera.scale(z)
    for s0, s1, reach in ((0.6, 2.6, 3.0), (7.3, 9.3, 4.6)):
        k = np.linspace(s0, s1, 8)
        over = np.interp(k, [c[0] for c in crest], [c[1] for c in crest])
        ivy(d, rng, face.polygon(np.stack([k, over], 1)), reach * scale, 11)


def _left(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    for x, z, h in ((-6.4, 11.0, 3.1), (-6.6, 7.6, 5.2)):
        column(d, rng, camera, x, 0, z, 0.62, h, vine=z < 9)
        p = camera.project([(x, 0, z)])[0]
        s = camera.scale(z)
        tufts(d, rng, [p + (-1.2 * s, 4), p + (1.2 * s, 6)], int(14 * vary.detail), 0.36 * s, spread=4)
    for x, z, w in ((-4.3, 9.6, 1.2), (5.6, 10.9, 1.3), (6.3, 7.0, 0.8), (-4.6, 6.6, 0.9)):
        p = camera.project([(x, 0, z)])[0]
        s = camera.scale(z)
        rock(d, rng, p[0], p[1], w * s, 0.55 * w * s)
        tufts(d, rng, [p + (-0.5 * w * s, 8), p + (0.5 * w * s, 8)], int(6 * vary.detail), 0.2 * s)


def _near(d: Drawing, rng: Rng, vary: Vary) -> None:
    """A fallen drum in the left corner, grass and flowers in front, a bough above."""
    w, h = d.width, d.height
    _drum(d, rng, 300, 925, 150, 330)
    rock(d, rng, 560, 1046, 170, 74, weight=1.15)
    rock(d, rng, 1590, 1030, 230, 96, weight=1.15)
    rock(d, rng, 1740, 1046, 130, 62, weight=1.1)
    for x0, x1, n in ((0.0, 0.42, 26), (0.70, 1.0, 22)):
        tufts(d, rng, [(x0 * w, h + 4), (x1 * w, h + 8)], int(n * vary.detail), 84, spread=16, pressure=0.62)
    for _ in range(int(24 * vary.detail)):
        x = rng.choice([rng.uniform(0.02, 0.4), rng.uniform(0.74, 0.99)]) * w
        y = rng.uniform(0.90, 0.985) * h
        d.stroke([(x + rng.normal(0, 6), y + 60), (x, y)], weight=0.7, pressure=0.6, taper=0.6)
        d.stroke(scallop(rng, ellipse(x, y, 8, 6, n=20), 8, 0.5), weight=0.65, pressure=0.65)
        d.stroke(ellipse(x, y, 2.2, 1.8, n=8), weight=0.6, pressure=0.6)
    for cx, cy, r in ((60, 30, 150), (230, -10, 130), (20, 170, 96)):
        crown(d, rng, cx, cy, r * 1.2, r * 0.75, clumps=8, leaf=17, weight=1.15)


def _drum(d: Drawing, rng: Rng, x: float, y: float, r: float, length: float) -> None:
    """A piece of a column that lies on its side, its end towards us."""
    far = np.array([x - length, y - 60.0])
    ring = ellipse(x, y, 0.72 * r, r, n=30)
    back = ellipse(far[0], far[1], 0.6 * r, 0.86 * r, n=36)
    top, low = ring[ring[:, 1].argmin()], ring[ring[:, 1].argmax()]
    btop, blow = back[back[:, 1].argmin()], back[back[:, 1].argmax()]
    body = d.fill(np.array([top, low, blow, btop]), M.ROCK, ruled=True, weight=1.15, skip=(0,))
    for u in np.linspace(0.1, 0.92, 9):
        a = top + (low - top) * (0.5 - 0.5 * np.cos(np.pi * u)) - (0.72 * r * np.sin(np.pi * u), 0)
        d.stroke([a, a + (btop - top)], weight=0.75, pressure=0.5, ruled=True, on=body, inside=True)
    end = d.fill(smooth(ring + rng.normal(0, 1.6, ring.shape), closed=True, pieces=3), M.ROCK, weight=1.2)
    for k in (0.62, 0.16):
        d.stroke(ellipse(x + 4, y, 0.72 * r * k, r * k, n=26), weight=0.7, pressure=0.5, on=end, inside=True)
    crack = np.array([(x - 20, y - 0.8 * r), (x + 5, y - 0.45 * r), (x - 12, y - 0.2 * r), (x + 14, y + 0.1 * r)])
    d.stroke(crack, weight=0.8, pressure=0.65, on=end, inside=True)
    for line in hatch(
        rng,
        [
            (x + 0.2 * r, y + 0.2 * r),
            (x + 0.2 * r, y + 0.85 * r),
            (x + 0.6 * r, y + 0.5 * r),
            (x + 0.6 * r, y - 0.1 * r),
        ],
        gap=11,
    ):
        d.stroke(line, weight=0.55, pressure=0.32, on=end, inside=True)
    leaves(d, rng, x - 60, y - 0.6 * r, 14, on=body)
    ivy(d, rng, np.array([(x - 260, y - 190.0), (x - 200, y - 182), (x - 130, y - 170)]), 190, 17)
