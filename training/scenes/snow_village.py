"""A village under thick snow: steep thatched houses, firs, a trodden path, mountains."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.buildings import House, door, pole, walls, window, wire
from training.camera import Camera, Place
from training.drawing import BLUE, Drawing, Points
from training.plants import conifer, streak, trunk, tufts
from training.scenes import Vary
from training.scenes.common import M, constructed, near, on_ground
from training.shapes import Rng, along, bar, closed_below, ellipse, length_of, resting, ridge, scallop, smooth


def scene(rng: Rng, vary: Vary) -> Drawing:
    """Draw the scene."""
    d = Drawing(vary.width, vary.height, detail=vary.detail)
    camera = Camera(
        eye=near(rng, 3.6, 0.8, vary), focal=near(rng, 1450, 200, vary),
        centre=near(rng, 0.42, 0.06, vary) * vary.width, horizon=near(rng, 0.50, 0.04, vary) * vary.height,
    )  # fmt: skip
    _distance(d, rng, camera)
    _field(d, rng, camera)
    _firs(d, rng, camera, -19, 105, 7)
    _far_houses(d, rng, camera, vary)
    _middle(d, rng, camera, vary)
    _near(d, rng, camera)
    constructed(d, camera, [camera.centre], [(1930, 1000), (-10, 980)])
    return d


def _distance(d: Drawing, rng: Rng, camera: Camera) -> None:
    y, w = camera.horizon, d.width
    for fx, fy, fw in ((0.2, 0.2, 520), (0.6, 0.12, 640), (0.85, 0.33, 380)):
        streak(d, rng, fx * w, fy * y, fw, rng.uniform(30, 60), pressure=0.36)
    for height, peaks, press in ((440, 1.8, 0.5), (250, 2.7, 0.6)):
        line = ridge(rng, -90, w + 90, y + 8, height, peaks=peaks, rough=0.5)
        top = d.fill(closed_below(line, y + 40), M.MOUNTAIN, outline=False)
        d.stroke(line, weight=0.8, pressure=press)
        _snow_lines(d, rng, line, top, height)
    line = ridge(rng, -90, w + 90, y + 14, 74, peaks=3.2, rough=0.4)
    edge = _spiky(rng, line, 17)
    top = d.fill(closed_below(edge, y + 44), M.FOLIAGE, outline=False)
    d.stroke(edge, weight=0.75, pressure=0.55)
    for k in range(3):
        for part in resting(edge + (rng.normal(0, 9), 20 + 19 * k), rng, share=0.5, pieces=4):
            d.stroke(part, weight=0.6, pressure=0.36, taper=0.8, inside=True, on=top)


def _snow_lines(d: Drawing, rng: Rng, line: Points, top: int, height: float) -> None:
    """Ridges that run down from the peaks, forking, with a shadow edge on the main ones."""
    peaks = [i for i in range(6, len(line) - 6) if line[i, 1] == line[i - 5 : i + 6, 1].min()]
    for i in peaks:
        run = rng.uniform(0.4, 0.75) * height
        sway = rng.choice([-1, 1])
        t = np.linspace(0, 1, 9)
        spine = line[i] + np.stack([sway * run * (0.3 * t + 0.12 * np.sin(7 * t)), run * t], 1)
        spine[1:] += rng.normal(0, 3, (8, 2))
        spine = smooth(spine, pieces=3)
        d.stroke(spine, weight=0.7, pressure=0.5, taper=0.7, inside=True, on=top)
        d.stroke(spine[2:18] + (6 * sway, 2), weight=0.8, pressure=0.6, taper=0.5, inside=True, on=top, pencil=BLUE)
        for k in range(4, 22, 4):
            side = spine[k] + np.stack([-sway * np.array([0, 0.10, 0.2]) * run, np.array([0, 0.1, 0.3]) * run], 1)
            d.stroke(side, weight=0.55, pressure=0.32, taper=0.8, inside=True, on=top)


def _spiky(rng: Rng, line: Points, size: float) -> Points:
    """A skyline of firs."""
    n = max(8, int(length_of(line) / size))
    p = along(line, np.linspace(0, length_of(line), 2 * n + 1))
    p[1::2, 1] -= rng.uniform(0.9, 2.2, n) * size
    p[:, 0] += rng.uniform(-0.2, 0.2, len(p)) * size
    return p


def _field(d: Drawing, rng: Rng, camera: Camera) -> None:
    y, w = camera.horizon, d.width
    for k, (dy, rise) in enumerate(((14, 16), (56, 30))):
        line = ridge(rng, -90, w + 90, y + dy + rise, rise, peaks=1.4 + k, rough=0.25)
        d.fill(closed_below(line, d.height + 120), M.GRASS, outline=False)
        d.stroke(line, weight=0.7, pressure=0.5)
    path = [(-1.2, 2.5), (-0.2, 6.5), (1.4, 11), (2.0, 17), (0.2, 26), (-3.2, 37), (-4.6, 52), (-2.6, 72)]
    curve = smooth(path, pieces=6)
    band = on_ground(camera, [(float(a), float(b)) for a, b in curve], [2.6, 2.5, 2.4, 2.2])
    top = d.fill(band, M.SOIL, weight=0.9, pressure=0.65)
    half = len(curve)
    for side, shift in ((band[:half], (0, -5)), (band[half:], (0, -5))):
        for part in resting(side + shift, rng, pieces=4):
            d.stroke(part, weight=0.65, pressure=0.45, taper=0.7)
    for k, (a, b) in enumerate(along(curve, np.arange(2.0, 40, 0.36))):
        p = camera.project([(a + (0.22 if k % 2 else -0.22) + rng.normal(0, 0.05), 0, b)])[0]
        r = 0.13 * camera.scale(b)
        if r > 2:
            d.stroke(
                ellipse(p[0], p[1], r, 0.45 * r, n=12, start=-0.3, end=4.6),
                weight=0.65,
                pressure=0.5,
                on=top,
                inside=True,
            )
    for shift in (-0.62, 0.66):
        rut = camera.project(np.stack([curve[:, 0] + shift, 0 * curve[:, 0], curve[:, 1]], 1))
        for part in resting(rut, rng, share=0.9, pieces=3):
            d.stroke(part, weight=0.6, pressure=0.4, on=top, inside=True)


def _firs(d: Drawing, rng: Rng, camera: Camera, x0: float, z0: float, n: int) -> None:
    for k in range(n):
        z = z0 - 4 * k + rng.uniform(-3, 3)
        p = camera.project([(x0 + rng.uniform(-9, 9) - 0.8 * k, 0, z)])[0]
        conifer(d, rng, p[0], p[1], rng.uniform(7, 11) * camera.scale(z), weight=0.65, snow=True)


def _far_houses(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    for x, z, yaw, s in (
        (-22, 92, 0.5, 1.0),
        (-10.5, 84, -0.5, 1.0),
        (-3, 98, 0.45, 1.0),
        (-26, 64, 0.6, 1.0),
        (29, 70, -0.55, 1.1),
    ):
        thatched(
            d,
            rng,
            Place(camera, x + rng.uniform(-2, 2), 0, z, yaw + rng.uniform(-0.1, 0.1)),
            9 * s,
            7.5 * s,
            2.6,
            6.4 * s,
            vary,
        )
    for _k in range(4):
        z = rng.uniform(56, 78)
        p = camera.project([(rng.uniform(-34, 34), 0, z)])[0]
        conifer(d, rng, p[0], p[1], rng.uniform(6, 9) * camera.scale(z), weight=0.7, snow=True)


def thatched(d: Drawing, rng: Rng, place: Place, w: float, dep: float, h: float, rise: float, vary: Vary) -> None:
    """A house whose steep thatch reaches low and carries a thick bed of snow; its gable shows windows in rows."""
    measures = House(width=w, depth=dep, height=h, rise=rise, planks=0.9, wall=M.WALL)
    _underside(d, place, measures)
    s = place.camera.scale(place.z)
    weight = float(np.clip(0.5 + s / 130, 0.65, 1.25))
    for name, face, wide in walls(d, rng, place, measures):
        if name in ("left", "right"):
            for level, n in ((h + 0.25, 3), (h + 0.25 + rise * 0.33, 1)):
                for k in range(n):
                    u = wide / 2 + (k - (n - 1) / 2) * wide * 0.2
                    window(d, rng, face, u - 0.5, level, 1.0, rise * 0.17, panes=(3, 2), sill=False)
                d.stroke(
                    face.line(
                        wide * 0.14 if n > 1 else wide * 0.3, level - 0.3, wide * (0.86 if n > 1 else 0.7), level - 0.3
                    ),
                    weight=0.7,
                    pressure=0.55,
                    ruled=True,
                )
            window(d, rng, face, wide * 0.12, 0.9, wide * 0.26, 1.1, panes=(4, 2))
            door(d, face, wide * 0.52, wide * 0.3, 2.0)
        else:
            for u in (0.12, 0.42, 0.72):
                window(d, rng, face, wide * u, 0.8, wide * 0.17, 1.0, panes=(3, 2))
    _thatch(d, rng, place, measures, weight, vary)


def _underside(d: Drawing, place: Place, m: House) -> None:
    """The thatch seen from below, beyond the gable."""
    left = place.viewer()[0] < 0
    x, wall = (-1.1, 0.0) if left else (m.width + 1.1, m.width)
    for c in (-0.55, m.depth + 0.55):
        half = m.depth / 2
        q = [
            (x, m.height - 0.55, c),
            (x, m.height + m.rise, half),
            (wall, m.height + m.rise, half),
            (wall, m.height - 0.55, c),
        ]
        d.fill(place.polygon(q), M.ROOF, ruled=True, weight=0.7)


def _thatch(d: Drawing, rng: Rng, place: Place, m: House, weight: float, vary: Vary) -> None:
    w, h, dep, rise = m.width, m.height, m.depth, m.rise
    e, t, low = 1.1, 0.75, 0.55
    v = place.viewer()
    s = place.camera.scale(place.z)
    half = dep / 2
    cf, cb, y0 = -0.55, dep + 0.55, h - low
    for name, x in (("left", -e), ("right", w + e)):
        if (name == "left") == (v[0] < 0):
            for c0 in (cb, cf):
                inner = half + (c0 - half) * 0.80
                q = place.polygon(
                    [(x, y0, c0), (x, h + rise + 0.2, half), (x, h + rise - t * 1.5, half), (x, y0, inner)]
                )
                top = d.fill(q, M.ROOF, ruled=True, weight=weight)
                for u in np.linspace(0.04, 0.96, int(24 * vary.detail) + 2):
                    a, b = q[0] + (q[1] - q[0]) * u, q[3] + (q[2] - q[3]) * u
                    d.stroke([a, a + (b - a) * rng.uniform(0.5, 0.95)], weight=0.5, pressure=0.4, on=top, inside=True)
    front = v[2] < cf
    c = cf if front else cb
    eave = place.line((-e, y0, c), (w + e, y0, c))
    top_line = place.line((-e, h + rise + 0.2, half), (w + e, h + rise + 0.2, half))
    if len(eave) < 2 or len(top_line) < 2:
        return
    under = place.line((-e, y0 - t, c + 0.1), (w + e, y0 - t, c + 0.1))
    cut = d.fill([eave[0], eave[1], under[1], under[0]], M.ROOF, ruled=True, weight=weight)
    n = int(34 * vary.detail) + 3
    for u in np.linspace(0.02, 0.98, n):
        a, b = eave[0] + (eave[1] - eave[0]) * u, under[0] + (under[1] - under[0]) * u
        d.stroke([a, b], weight=0.5, pressure=0.4, on=cut, inside=True)
    lift = 0.62 * s
    bend = scallop(rng, np.linspace(eave[1], eave[0], 12), max(1.9 * s, 22), 0.11, closed=False, uneven=0.8) + (
        0,
        0.05 * s,
    )
    side_up = np.linspace(eave[0], top_line[0], 7) + np.linspace([0, 0], [0, -lift], 7)
    side_up[1:-1] += rng.normal(0, 0.03 * s, (5, 2))
    crest = np.linspace(top_line[0], top_line[1], 9) - (0, lift)
    crest[:, 1] -= 0.1 * s * np.sin(np.linspace(0, 3 * np.pi, 9)) ** 2
    crest[[0, -1]] += (0, 0.3 * lift)
    side_down = np.linspace(top_line[1], eave[1], 7) + np.linspace([0, -lift], [0, 0], 7)
    snow = np.concatenate([smooth(side_up, pieces=4), smooth(crest, pieces=4), smooth(side_down, pieces=4), bend])
    top = d.fill(snow, M.ROOF, weight=weight)
    crest_in = smooth(crest, pieces=4) + (0, 0.24 * s)
    d.stroke(crest_in[3:-6], weight=0.7, pressure=0.45, taper=0.8, inside=True, on=top)
    rim = bend + (0, -0.30 * s)
    for part in resting(rim, rng, share=0.8, pieces=3):
        d.stroke(part, weight=0.65, pressure=0.45, taper=0.7, inside=True, on=top)
    for _ in range(5):
        u, r = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.6)
        a = eave[0] + (eave[1] - eave[0]) * u
        b = top_line[0] + (top_line[1] - top_line[0]) * u
        p = a + (b - a) * r
        q = p + (b - a) * rng.uniform(0.1, 0.25)
        d.stroke(
            smooth([p, (p + q) / 2 + (0.1 * s, 0), q], pieces=5),
            weight=0.55,
            pressure=0.32,
            taper=0.9,
            inside=True,
            on=top,
        )
    low_edge = np.linspace(eave[0], eave[1], 14) + (top_line[0] - eave[0]) * 0.07
    for part in resting(scallop(rng, low_edge, max(1.3 * s, 20), -0.1, closed=False), rng, pieces=3):
        d.stroke(part, weight=0.75, pressure=0.6, inside=True, on=top, pencil=BLUE)


def _middle(d: Drawing, rng: Rng, camera: Camera, vary: Vary) -> None:
    thatched(d, rng, Place(camera, -21.5, 0, 57, 0.62), 11, 8.5, 2.8, 7.4, vary)
    tips = None
    for x, z in ((3.2, 88), (1.4, 66), (-0.3, 49), (-1.6, 37)):
        now = pole(d, Place(camera, x, 0, z), 8.0)
        if tips is not None:
            for (a, b), (c, f) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 7)
                wire(d, b, f, 0.05 * abs(f[1] - b[1]) + 7)
        tips = now
    for x, z, tall in ((9.5, 52, 12), (13, 55, 10), (17.5, 50, 13), (21, 46, 11)):
        p = camera.project([(x, 0, z)])[0]
        conifer(d, rng, p[0], p[1], tall * camera.scale(z), weight=0.75, snow=True)
    for x, z, tall in ((20.5, 43, 12), (17.2, 41, 10), (22.8, 39, 13), (24.5, 36, 11)):
        p = camera.project([(x + rng.uniform(-0.5, 0.5), 0, z)])[0]
        conifer(d, rng, p[0], p[1], tall * rng.uniform(0.85, 1.1) * camera.scale(z), weight=0.85, snow=True)
    _shadow(d, camera, [(4.6, 26.6), (5.4, 24.4), (9.0, 23.2), (14.0, 25.0)])
    _shadow(d, camera, [(-13.0, 45.0), (-9.0, 42.0), (-8.0, 44.5), (-6.0, 46.0)])
    thatched(d, rng, Place(camera, 6.4, 0, 30.5, -0.5), 12.5, 9.5, 3.0, 8.0, vary)


def _woodpile(d: Drawing, rng: Rng, camera: Camera, x: float, z: float, rows: int, columns: int) -> None:
    """Split logs stacked against a wall, under their own snow."""
    p, s = camera.project([(x, 0, z)])[0], camera.scale(z)
    r = 0.16 * s
    for row in range(rows):
        for k in range(columns - row % 2):
            c = p + np.array([(k + 0.5 * (row % 2)) * 2 * r, -r - row * 1.75 * r])
            size = r * rng.uniform(0.85, 1.05)
            d.fill(ellipse(c[0], c[1], size, size, n=14), M.WOOD, weight=0.75)
            d.stroke(ellipse(c[0], c[1], 0.5 * size, 0.5 * size, n=9, start=0.5, end=5.2), weight=0.5, pressure=0.4)
    top = p[1] - rows * 1.75 * r - 0.2 * r
    t = np.linspace(0, 1, 9)
    line = np.stack([p[0] - 1.4 * r + t * 2 * r * (columns + 0.2), top - 0.9 * r * np.sin(np.pi * t) ** 0.5], 1)
    hem = scallop(rng, line[::-1] * (1, 0) + np.array([0, top + 0.5 * r]), 2.4 * r, 0.15, closed=False)
    d.fill(np.concatenate([line, hem]), M.GRASS, weight=0.9)


def _lantern(d: Drawing, camera: Camera, x: float, z: float) -> None:
    """A stone lantern in its hat of snow."""
    p, s = camera.project([(x, 0, z)])[0], camera.scale(z)

    def at(points: list[tuple[float, float]]) -> Points:
        return p + np.array(points) * (s, -s)

    d.fill(at([(-0.42, -0.1), (0.42, -0.1), (0.34, 0.2), (-0.34, 0.2)]), M.ROCK, ruled=True)
    d.fill(at([(-0.15, 0.2), (0.15, 0.2), (0.13, 1.0), (-0.13, 1.0)]), M.ROCK, ruled=True)
    d.fill(at([(-0.2, 1.0), (0.2, 1.0), (0.36, 1.16), (-0.36, 1.16)]), M.ROCK, ruled=True)
    d.fill(at([(-0.25, 1.16), (0.25, 1.16), (0.25, 1.56), (-0.25, 1.56)]), M.ROCK, ruled=True)
    d.fill(at([(-0.12, 1.22), (0.12, 1.22), (0.12, 1.5), (-0.12, 1.5)]), M.GLOW, ruled=True, weight=0.8)
    d.fill(at([(-0.5, 1.54), (0.5, 1.54), (0.22, 1.8), (-0.22, 1.8)]), M.ROCK, ruled=True)
    hat = smooth(
        at(
            [
                (-0.52, 1.58),
                (-0.46, 1.78),
                (-0.2, 2.0),
                (0.05, 2.05),
                (0.3, 1.95),
                (0.5, 1.74),
                (0.52, 1.58),
                (0.2, 1.66),
                (-0.15, 1.64),
            ]
        ),
        closed=True,
        pieces=5,
    )
    d.fill(hat, M.GRASS)
    foot = at([(-0.9, -0.12), (-0.3, 0.08), (0.35, 0.04), (0.9, -0.14)])
    d.fill(np.concatenate([smooth(foot), at([(0.9, -0.3), (-0.9, -0.3)])]), M.GRASS, outline=False)
    d.stroke(smooth(foot), weight=0.85, pressure=0.6)


def _shadow(d: Drawing, camera: Camera, outline: list[tuple[float, float]]) -> None:
    """Edge of a cast shadow on the snow."""
    d.stroke(camera.project([(a, 0, b) for a, b in outline]), weight=0.9, pressure=0.7, pencil=BLUE, taper=0.3)


def _near(d: Drawing, rng: Rng, camera: Camera) -> None:
    for x0, x1, y, h in ((1180, 2050, 930, 60), (-120, 560, 900, 60)):
        line = ridge(rng, x0, x1, y + h, h, peaks=1.2, rough=0.25)
        t = np.linspace(0, 1, len(line))
        line[:, 1] += 120 * (t if x0 < 0 else 1 - t) ** 2
        d.fill(closed_below(line, d.height + 120), M.GRASS, outline=False)
        d.stroke(line, weight=0.95, pressure=0.65)
        for part in resting(line + (0, 26), rng, pieces=3):
            d.stroke(part, weight=0.7, pressure=0.5, taper=0.8, pencil=BLUE)
    _fence(d, rng)
    tree = np.array([(150.0, 1010.0), (160, 800), (140, 520), (165, 250), (150, -90)])
    trunk(d, rng, tree, [96, 74, 66, 58, 44], weight=1.25)
    for _k, (y, reach) in enumerate(((30, 380), (150, 370), (275, 290), (390, 215))):
        _bough(d, rng, 150, y, reach * rng.uniform(0.9, 1.1), 1)
        _bough(d, rng, 150, y + 40, 240, -1)
    drift = scallop(
        rng, np.array([(-60.0, 1010), (60, 968), (150, 962), (270, 990), (420, 1060)]), 150, 0.1, closed=False
    )
    d.fill(np.concatenate([drift, [(420, 1200), (-60, 1200)]]), M.GRASS, outline=False)
    d.stroke(drift, weight=1.0, pressure=0.7)
    tufts(d, rng, [(60, 975), (250, 990)], 5, 44, spread=5)
    _woodpile(d, rng, camera, 11.6, 29.0, 3, 7)
    _lantern(d, camera, 3.6, 15.2)
    tufts(d, rng, [(480, 1000), (700, 1040)], 7, 40, spread=8)
    tufts(d, rng, [(1500, 960), (1900, 930)], 9, 44, spread=12)


def _bough(d: Drawing, rng: Rng, x: float, y: float, reach: float, way: int) -> None:
    """A fir's bough under its load: a round bed above, needles hanging below."""
    t = np.linspace(0, 1, 9)
    spine = np.stack([x + way * reach * t, y + 0.42 * reach * t**1.6], 1)
    up = scallop(rng, spine - np.stack([0 * t, 40 * np.sin(np.pi * t**0.8)], 1), 62, 0.24 * way, closed=False)
    low = spine[::-1] + np.stack([0 * t, 26 * np.sin(np.pi * t)], 1)
    need = scallop(rng, low, 26, -0.7 * way, closed=False, pieces=5)
    top = d.fill(np.concatenate([up, need]), M.FOLIAGE, weight=1.15)
    for _ in range(15):
        u = rng.uniform(0.05, 0.95)
        p = np.array([np.interp(u, t, spine[:, 0]), np.interp(u, t, spine[:, 1]) + 8])
        d.stroke(
            [p, p + (way * rng.uniform(4, 16), rng.uniform(16, 34))],
            weight=0.6,
            pressure=0.5,
            taper=0.8,
            inside=True,
            on=top,
        )


def _fence(d: Drawing, rng: Rng) -> None:
    """A fence at the path's right, each post with its cap of snow."""
    xs = np.array([1235.0, 1345, 1475, 1625, 1800, 2010])
    ys = np.interp(xs, [1200, 2010], [952, 905])
    for lift in (46, 96):
        for x0, x1, y0, y1 in zip(xs[:-1], xs[1:], ys[:-1], ys[1:], strict=True):
            k = (x0 - 900) / 560
            d.fill(bar(x0, y0 - lift * k, x1, y1 - lift * (x1 - 900) / 560, 13 * k), M.WOOD, ruled=True, weight=0.95)
    for x, y in zip(xs, ys, strict=True):
        k = (x - 900) / 560
        d.fill(bar(x, y + 30, x + rng.normal(0, 3), y - 132 * k, 25 * k, 22 * k), M.WOOD, ruled=True, weight=1.1)
        hat = [
            (x - 12 * k, y - 128 * k),
            (x - 13 * k, y - 137 * k),
            (x - 3 * k, y - 145 * k),
            (x + 11 * k, y - 139 * k),
            (x + 13 * k, y - 128 * k),
        ]
        d.fill(smooth(hat, closed=True, pieces=5), M.GRASS, weight=0.9)
