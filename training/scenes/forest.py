"""Deep in a forest: trunks and roots in front, a path and a stream, light in a clearing."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.camera import Camera
from training.drawing import BLUE, RED, Drawing, Points
from training.plants import clump, crown, ivy, pebbles, rock, trunk, tufts, woods
from training.scenes import Vary
from training.scenes.common import M, constructed, hanging_branch, near, on_ground
from training.shapes import Rng, ellipse, jagged, ribbon, ridge, smooth


def scene(rng: Rng, vary: Vary) -> Drawing:
    """Draw the scene."""
    d = Drawing(vary.width, vary.height, detail=vary.detail)
    camera = Camera(
        eye=near(rng, 1.9, 0.4, vary), focal=near(rng, 1250, 150, vary),
        centre=near(rng, 0.50, 0.06, vary) * vary.width, horizon=near(rng, 0.46, 0.04, vary) * vary.height,
    )  # fmt: skip
    light = camera.centre + rng.uniform(-60, 60)
    _depths(d, rng, camera, light)
    _floor(d, rng, camera, vary)
    _middle(d, rng, camera, vary)
    _front(d, rng, vary)
    d.horizon = camera.horizon
    constructed(d, camera, [camera.centre], [(700, 1090), (1240, 1090)])
    return d


def _depths(d: Drawing, rng: Rng, camera: Camera, light: float) -> None:
    """Far woods around the clearing: pale masses, then thin trunks, then canopy."""
    y, w = camera.horizon, d.width
    line = np.array(
        [
            (-100, -60),
            (0.2 * w, -50),
            (light - 190, 150),
            (light - 120, 300),
            (light, 350),
            (light + 130, 290),
            (light + 200, 130),
            (0.8 * w, -50),
            (w + 100, -60),
        ]
    )
    woods(d, rng, smooth(line, pieces=5), y + 60, size=62, pressure=0.4, rows=3)
    for _ in range(16):
        x = light + rng.choice([-1, 1]) * rng.uniform(60, 780)
        width = rng.uniform(9, 20)
        trunk(
            d,
            rng,
            [(x, y + 24), (x + rng.normal(0, 6), y - 160), (x + rng.normal(0, 16), -60)],
            [width * 1.3, width, width * 0.8],
            weight=0.65,
            bark=0.5,
        )
    for k in range(13):
        x = (k + rng.uniform(-0.2, 0.2)) * w / 12
        away = abs(x - light) / w
        if away < 0.09:
            continue
        crown(
            d,
            rng,
            x,
            40 + 70 * rng.random() + 120 * max(0, away - 0.15),
            150,
            110,
            clumps=5,
            leaf=14,
            weight=0.7,
            pressure=0.5,
            marks=0.6,
        )
    for k in range(15):
        x = (k + rng.uniform(-0.3, 0.3)) * w / 14
        clump(
            d,
            rng,
            x,
            y + 8 + rng.normal(0, 8),
            rng.uniform(60, 120),
            rng.uniform(26, 52),
            leaf=12,
            weight=0.65,
            pressure=0.5,
            marks=0.7,
        )


def _floor(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    y, w = camera.horizon, d.width
    line = ridge(rng, -90, w + 90, y + 34, 22, peaks=2, rough=0.3)
    d.fill(np.concatenate([line, [(w + 90, d.height + 100), (-90, d.height + 100)]]), M.GRASS, outline=False)
    d.stroke(line, weight=0.7, pressure=0.5)
    tufts(d, rng, line + (0, 6), int(40 * vary.detail), 16, spread=5)
    for k in range(26):
        x = (k + rng.uniform(-0.4, 0.4)) * w / 25
        if rng.random() < 0.72:
            r = rng.uniform(16, 44)
            clump(d, rng, x, y + 34 - 0.3 * r, 1.5 * r, 0.7 * r, leaf=10, weight=0.7, pressure=0.55, rough=0.2)
    path = smooth([(-0.6, 2.0), (-0.5, 4.2), (0.6, 7.2), (0.8, 11), (-0.7, 17), (-0.9, 26), (0.2, 42)], pieces=6)
    band = on_ground(camera, [(float(a), float(b)) for a, b in path], [2.1, 1.9, 1.9, 1.7])
    top = d.fill(band, M.SOIL, weight=0.85, pressure=0.55)
    half = len(path)
    tufts(d, rng, band[:half], int(46 * vary.detail), 27, spread=5)
    tufts(d, rng, band[half:], int(46 * vary.detail), 27, spread=5)
    spots = camera.project(np.stack([rng.uniform(-1.2, 1.4, 60), np.zeros(60), 3.2 + 14 * rng.random(60) ** 1.6], 1))
    pebbles(d, rng, spots, 9)
    for a, b in ((4.6, 5.6), (7.5, 9.4), (12.0, 16.0)):
        edge = camera.project([(-1.6, 0, a), (-0.6, 0, a + 0.25), (0.3, 0, b - 0.3), (1.7, 0, b)])
        d.stroke(smooth(edge, pieces=5), weight=0.95, pressure=0.75, pencil=BLUE, inside=True, on=top)
    end = camera.project([(0.2, 0, 42.0)])[0]
    for dx, r in ((-46, 30), (52, 34), (4, 26)):
        clump(d, rng, end[0] + dx, end[1] - 0.3 * r, 1.4 * r, 0.8 * r, leaf=9, weight=0.7, pressure=0.6, rough=0.2)
    _stream(d, rng, camera, vary)


def _stream(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    run = smooth([(1.75, 2.4), (1.9, 3.2), (2.3, 4.4), (3.0, 6.5), (3.8, 9), (3.9, 13), (5.2, 18), (8, 26)], pieces=6)
    band = on_ground(camera, [(float(a), float(b)) for a, b in run], [1.3, 1.5, 1.6, 1.7], -0.12)
    top = d.fill(band, M.WATER, weight=0.9, pressure=0.65)
    for _ in range(int(46 * vary.detail)):
        a, b = run[rng.integers(2, len(run) - 2)]
        p = camera.project([(a + rng.uniform(-0.9, 0.9), -0.12, b)])[0]
        s = camera.scale(b)
        t = np.linspace(0, 1, 8)
        d.stroke(
            np.stack([p[0] + t * 0.5 * s * rng.uniform(0.4, 1), p[1] + 0.025 * s * np.sin(t * 5)], 1),
            weight=0.6,
            pressure=0.4,
            taper=0.9,
            inside=True,
            on=top,
        )
    stones = []
    for t in np.linspace(0, 0.9, 15):
        i = int(t * (len(run) - 1))
        side = rng.choice([-1.0, 1.0])
        stones.append((run[i, 0] + side * rng.uniform(0.65, 1.0), run[i, 1]))
    stones += [(2.95, 6.2), (3.75, 8.2)]
    for a, b in sorted(stones, key=lambda s: -s[1]):
        p = camera.project([(a, -0.1, b)])[0]
        s = camera.scale(b)
        wide = rng.uniform(0.3, 0.7) * s
        rock(d, rng, p[0], p[1], wide, wide * rng.uniform(0.4, 0.62), weight=float(np.clip(0.6 + s / 600, 0.6, 1.1)))
        if rng.random() < 0.5:
            tufts(d, rng, [(p[0] - 0.6 * wide, p[1] + 4), (p[0] + 0.5 * wide, p[1] + 6)], 4, 0.16 * s)


def _rooted(
    d: Drawing, rng: Rng, x: float, base: float, width: float, top: float, lean: float, *, weight: float, roots: int = 5
) -> Points:
    """A great trunk whose flare runs out into roots; returns its centre line."""
    t = np.linspace(0, 1, 9)
    path = np.stack([x + lean * t + 0.06 * width * np.sin(t * 5 + rng.uniform(0, 6)), base + (top - base) * t], 1)
    flare = np.array([1.24, 1.03, 0.95, 0.92, 0.9, 0.88, 0.86, 0.85, 0.85]) * width
    body = d.fill(_tube(path, flare), M.TRUNK, outline=False)
    edge = _tube(path, flare)
    n = len(path)
    d.stroke(edge[:n], weight=weight * 1.1, pressure=0.85, taper=0.4)
    d.stroke(edge[n:][::-1], weight=weight * 1.1, pressure=0.85, taper=0.4)
    _bark(d, rng, path, flare, body, weight, coloured=width > 140)
    t = np.linspace(-0.6, 0.6, 13)
    foot = np.stack([x + t * width, base + 0.03 * width * np.sin(9 * t)], 1)
    d.stroke(foot, weight=weight, pressure=0.6)
    spread = np.linspace(-1.0, 1.0, roots) + rng.uniform(-0.12, 0.12, roots)
    for u in spread[np.argsort(-np.abs(spread))]:
        _root(d, rng, x, base, width, float(u), weight)
    return path


def _root(d: Drawing, rng: Rng, x: float, base: float, width: float, u: float, weight: float) -> None:
    """A root that leaves the flare without a seam: only its free part has an outline."""
    out = np.sign(u) if abs(u) > 0.15 else rng.choice([-1.0, 1.0])
    reach = width * (0.35 + 0.75 * abs(u)) * rng.uniform(0.8, 1.25)
    drop = width * (0.30 - 0.24 * abs(u)) * rng.uniform(0.8, 1.2)
    start = np.array([x + 0.42 * u * width, base - 0.44 * width])
    knee = np.array([x + 0.56 * u * width, base - 0.10 * width])
    tip = np.array([x + 0.56 * u * width + out * reach, base + drop])
    bend = knee + (tip - knee) * 0.5 - (0, 0.10 * width * rng.uniform(0.1, 1.0))
    path = smooth([start, knee, bend, tip], pieces=8)
    wide = np.interp(np.linspace(0, 1, len(path)), [0, 0.35, 0.7, 1], [0.26, 0.25, 0.13, 0.02]) * width
    ring = ribbon(path, wide)
    n, k = len(path), len(path) // 4
    on = d.fill(ring, M.TRUNK, outline=False)
    d.stroke(ring[k : n + 1], weight=weight, pressure=0.8, taper=0.5)
    d.stroke(ring[n : 2 * n - k][::-1], weight=weight, pressure=0.8, taper=0.5)
    for v in (-0.2, 0.15):
        d.stroke(path[k - 3 : n - 5] + (0, v * 0.2 * width), weight=0.65, pressure=0.45, taper=0.8, inside=True, on=on)


def _tube(path: Points, widths: Points) -> Points:
    return np.concatenate(
        [path - np.stack([widths / 2, 0 * widths], 1), (path + np.stack([widths / 2, 0 * widths], 1))[::-1]]
    )


def _bark(d: Drawing, rng: Rng, path: Points, widths: Points, on: int, weight: float, *, coloured: bool) -> None:
    """Long furrows that follow the trunk, denser towards its dark right side; a knot; moss at the foot."""
    t = np.linspace(0, 1, len(path))
    for _ in range(int(70 * weight * d.detail)):
        side = 0.96 * (1 - rng.random() ** 1.8 * 1.9)
        lo = rng.uniform(0, 0.92)
        u = np.linspace(lo, min(1, lo + rng.uniform(0.04, 0.22)), 10)
        half = np.interp(u, t, widths) / 2
        x = np.interp(u, t, path[:, 0]) + half * (side + 0.05 * np.sin(u * 40 + rng.uniform(0, 6)))
        d.stroke(
            np.stack([x, np.interp(u, t, path[:, 1])], 1),
            weight=0.7,
            pressure=rng.uniform(0.35, 0.65),
            taper=0.75,
            inside=True,
            on=on,
        )
    k = rng.uniform(0.4, 0.65)
    x, y, w = np.interp(k, t, path[:, 0]), np.interp(k, t, path[:, 1]), np.interp(k, t, widths)
    for r in (0.11, 0.07):
        d.stroke(ellipse(x - 0.1 * w, y, r * w * 0.8, r * w * 1.3, n=22), weight=0.75, pressure=0.6, inside=True, on=on)
    if not coloured:
        return
    red = np.stack([path[2:7, 0] - 0.30 * widths[2:7], path[2:7, 1]], 1)
    d.stroke(smooth(red, pieces=4), weight=0.9, pressure=0.75, pencil=RED, inside=True, on=on)
    blue = np.stack([path[1:8, 0] + 0.14 * widths[1:8] + rng.normal(0, 4, 7), path[1:8, 1]], 1)
    d.stroke(smooth(blue, pieces=4), weight=0.9, pressure=0.7, pencil=BLUE, inside=True, on=on)


def _middle(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    spots = []
    for k in range(12):
        z = 9.5 + 2.1 * k + rng.uniform(-0.8, 0.8)
        x = (1 if k % 2 else -1) * rng.uniform(0.17, 0.52) * z + 0.7
        spots.append((x, z))
    for x, z in sorted(spots, key=lambda s: -s[1]):
        p = camera.project([(x, 0, z)])[0]
        s = camera.scale(z)
        weight = float(np.clip(0.5 + 6 / z, 0.7, 1.0))
        _rooted(d, rng, p[0], p[1], rng.uniform(0.55, 0.95) * s, -80, rng.normal(0, 24), weight=weight, roots=4)
        tufts(d, rng, [(p[0] - 0.9 * s, p[1] + 8), (p[0] + 0.9 * s, p[1] + 8)], int(9 * vary.detail), 0.34 * s)
        _fern(d, rng, p[0] + rng.uniform(-1, 1) * s, p[1] + 0.12 * s, 0.9 * s)
        p = camera.project([(x + rng.choice([-1, 1]) * rng.uniform(1.2, 2.6), 0, z - 0.8)])[0]
        tufts(d, rng, [p - (40, 0), p + (40, 0)], 4, 0.22 * s)
    _log(d, rng, camera)


def _log(d: Drawing, rng: Rng, camera: Camera) -> None:
    """A fallen trunk beside the path."""
    a, b = camera.project([(-5.2, 0.28, 10.2), (-2.0, 0.28, 7.6)])
    wa, wb = 0.5 * camera.scale(10.2), 0.62 * camera.scale(7.6)
    trunk(d, rng, [a, (a + b) / 2 + (0, -6), b], [wa, wb], weight=1.0, bark=1.4)
    end = d.fill(ellipse(b[0], b[1], 0.3 * wb, 0.5 * wb, n=30), M.WOOD, weight=0.95)
    for r in (0.7, 0.45, 0.2):
        d.stroke(
            ellipse(b[0], b[1], 0.3 * wb * r, 0.5 * wb * r, n=20, start=0.3, end=5.6), weight=0.6, pressure=0.45, on=end
        )
    tufts(d, rng, [a + (0, 0.5 * wa), b + (-10, 0.55 * wb)], 14, 44, spread=4)


def _fern(d: Drawing, rng: Rng, x: float, y: float, size: float) -> None:
    """Fronds that arch out of one point, each a pointed band with its rib."""
    order = rng.permutation(7)
    for k in order:
        a = -np.pi / 2 + (k - 3) * 0.42 + rng.normal(0, 0.06)
        t = np.linspace(0, 1, 9)
        reach = size * rng.uniform(0.75, 1.1)
        rib = np.stack([x + reach * t * np.cos(a), y + reach * (t * np.sin(a) + 0.5 * abs(np.cos(a)) * t**2.2)], 1)
        half = size * 0.14 * np.sin(np.pi * np.clip(t * 0.92 + 0.08, 0, 1)) ** 0.8
        direction = np.gradient(rib, axis=0)
        direction /= np.hypot(*direction.T)[:, None]
        normal = np.stack([direction[:, 1], -direction[:, 0]], 1)
        ring = np.concatenate([rib + normal * half[:, None], (rib - normal * half[:, None])[::-1]])
        d.fill(jagged(rng, ring, max(size * 0.055, 6), 0.7, uneven=0.25), M.FOLIAGE, weight=0.8, pressure=0.7)
        d.stroke(rib, weight=0.6, pressure=0.5, inside=True)


def _front(d: Drawing, rng: Rng, vary: Vary) -> None:
    w, h = d.width, d.height
    for x, y, size in (
        (0.30 * w, 0.82 * h, 140),
        (0.835 * w, 0.78 * h, 120),
        (0.405 * w, 0.70 * h, 84),
        (0.655 * w, 0.76 * h, 90),
    ):
        _fern(d, rng, x, y, size)
    left = _rooted(d, rng, 0.115 * w, 0.86 * h, 265, -120, rng.uniform(-40, 60), weight=1.3, roots=7)
    right = _rooted(d, rng, 0.945 * w, 0.80 * h, 200, -120, rng.uniform(-80, 10), weight=1.2, roots=6)
    _vines(d, rng, left, 225)
    _vines(d, rng, right, 170)
    hanging_branch(
        d,
        rng,
        np.array([0.16 * w, 0.26 * h]),
        np.array([0.40 * w, 0.05 * h]),
        46,
        leaf=17,
        clumps=5,
        pointed=False,
        size=95,
    )
    hanging_branch(
        d,
        rng,
        np.array([0.92 * w, 0.22 * h]),
        np.array([0.72 * w, 0.02 * h]),
        36,
        leaf=17,
        clumps=4,
        pointed=False,
        size=85,
    )
    for k in range(9):
        x = (k + rng.uniform(-0.2, 0.2)) * w / 8
        if abs(x / w - 0.5) < 0.12:
            continue
        crown(d, rng, x, rng.uniform(-40, 10), 190, 92, clumps=8, leaf=19, weight=1.1)
    for x, s in ((0.02, 150), (0.21, 120), (0.99, 170), (0.72, 84), (0.83, 120)):
        _fern(d, rng, x * w, (1.0 if s > 100 else 1.02) * h, s * 1.25)
    for x0, x1, n in ((0.25, 0.42, 14), (0.60, 0.70, 8), (0.05, 0.2, 10)):
        tufts(d, rng, [(x0 * w, 1.0 * h), (x1 * w, 1.01 * h)], int(n * vary.detail), 84, spread=12, pressure=0.75)
    rock(d, rng, 0.285 * w, 0.965 * h, 190, 92, weight=1.15)


def _vines(d: Drawing, rng: Rng, path: Points, width: float) -> None:
    """Ivy that hangs on one side of a trunk, in curtains one below the other."""
    side = float(rng.choice([-1.0, 1.0]))
    line = smooth(path[:6], pieces=5)
    for t in (0.85, 0.62, 0.36):
        x, y = line[int(t * (len(line) - 1))]
        half = width * rng.uniform(0.16, 0.24)
        centre = x + side * (0.47 * width - half)
        top = np.array(
            [(centre - half, y + rng.normal(0, 12)), (centre, y - 18), (centre + half, y + rng.normal(0, 12))]
        )
        ivy(d, rng, top, rng.uniform(150, 250), 14)
