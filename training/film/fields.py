"""Between the places: a path over a hill with one tree, and what hangs into the picture before it."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.camera import Camera
from training.drawing import BLUE, Drawing
from training.plants import clump, crown, cumulus, rock, streak, trunk, tufts, woods
from training.scenes.common import M, constructed, gulls, hanging_branch, on_ground
from training.shapes import Rng, bar, closed_below, ridge, smooth

WIDE = 2400.0


def hill_path(rng: Rng) -> Drawing:
    """A meadow, a path, a fence, a lone tree under a great cloud; a frame and a quarter wide."""
    d, camera = _hill(rng)
    _path(d, rng, camera)
    _fence(d, rng)
    rock(d, rng, 2010, 950, 170, 84, weight=1.1)
    rock(d, rng, 2120, 968, 96, 50, weight=1.05)
    _grass(d, rng)
    return d


def hill(rng: Rng) -> Drawing:
    """The same hill from farther off: grass, the tree, the cloud; what a BOOK is laid before."""
    d, _ = _hill(rng)
    _grass(d, rng)
    return d


def _hill(rng: Rng) -> tuple[Drawing, Camera]:
    d = Drawing(width=WIDE)
    w = d.width
    camera = Camera(eye=2.4, focal=1300, centre=1180, horizon=640)
    y = camera.horizon
    cumulus(d, rng, 760, y - 30, 1150, 520, puffs=15)
    cumulus(d, rng, 1960, y - 24, 620, 220, puffs=10, pressure=0.42)
    streak(d, rng, 1480, 150, 700, 44)
    far = ridge(rng, -80, w + 80, y + 2, 150, peaks=2.4, rough=0.45)
    d.fill(closed_below(far, y + 30), M.MOUNTAIN, weight=0.75, pressure=0.5)
    woods(d, rng, ridge(rng, -80, w + 80, y + 8, 70, peaks=3.0, rough=0.4), y + 40, size=34, pressure=0.5)
    d.fill([(-100, y + 10), (w + 100, y + 10), (w + 100, 1180), (-100, 1180)], M.GRASS, outline=False)
    d.stroke([(-20, y + 10), (w + 20, y + 12)], weight=0.6, pressure=0.4)
    hill = smooth([(1180, y + 70), (1400, y + 6), (1640, y - 66), (1880, y - 84), (2140, y - 46), (2500, y + 30)])
    d.fill(closed_below(hill, 1180), M.GRASS, outline=False)
    d.stroke(hill, weight=0.9, pressure=0.65)
    p = np.array([1820.0, y - 76])
    trunk(d, rng, [p + (0, 24), p + (-8, -90), p + (14, -210)], [62, 40, 28], weight=1.0)
    crown(d, rng, p[0] + 6, p[1] - 290, 250, 180, clumps=12, leaf=15, weight=1.0)
    tufts(d, rng, [p + (-70, 26), p + (80, 28)], 10, 26, spread=4)
    for x, yy, r in ((1000, y + 30, 40), (1090, y + 26, 28), (420, y + 34, 44), (2290, y + 60, 60)):
        clump(d, rng, x, yy, 1.5 * r, 0.7 * r, leaf=11, weight=0.8)
    d.stroke(hill[8:24] + (0, 60), weight=0.9, pressure=0.7, pencil=BLUE, taper=0.6)
    gulls(d, rng, 1420, 280, 4, 18)
    constructed(d, camera, [camera.centre], [(-10, 1000), (2410, 1000)])
    return d, camera


def _path(d: Drawing, rng: Rng, camera: Camera) -> None:
    y = camera.horizon
    path = smooth([(-2.4, 1.6), (-1.6, 4), (0.6, 7), (2.6, 11), (2.2, 16), (4.0, 24)], pieces=6)
    band = on_ground(camera, [(float(a), float(b)) for a, b in path], [2.2, 2.0, 1.8, 1.5])
    top = d.fill(band, M.SOIL, weight=0.9, pressure=0.6)
    half = len(path)
    tufts(d, rng, band[:half], 44, 34, spread=5)
    tufts(d, rng, band[half:], 44, 34, spread=5)
    for shift in (-0.5, 0.5):
        rut = camera.project(np.stack([path[:, 0] + shift, 0 * path[:, 0], path[:, 1]], 1))
        d.stroke(rut, weight=0.6, pressure=0.4, on=top, inside=True)
    upper = smooth([(1470, y + 84), (1560, y + 40), (1640, y - 4), (1700, y - 40), (1752, y - 66)])
    d.fill(np.concatenate([upper - (13, 0), (upper + (16, 6))[::-1]]), M.SOIL, weight=0.75, pressure=0.55)


def _fence(d: Drawing, rng: Rng) -> None:
    xs = np.array([60.0, 210, 380, 575, 800])
    ys = np.array([850.0, 822, 796, 772, 752])
    for lift in (40, 84):
        for a, b, c, e in zip(xs[:-1], xs[1:], ys[:-1], ys[1:], strict=True):
            d.fill(
                bar(a, c - lift * (1.25 - a / 1200), b, e - lift * (1.25 - b / 1200), 12),
                M.WOOD,
                ruled=True,
                weight=0.9,
            )
    for x, yy in zip(xs, ys, strict=True):
        k = 1.25 - x / 1200
        d.fill(bar(x, yy + 18, x + 3, yy - 118 * k, 23 * k, 20 * k), M.WOOD, ruled=True, weight=1.0)
        tufts(d, rng, [(x - 40, yy + 22), (x + 40, yy + 22)], 4, 34, spread=4)


def _grass(d: Drawing, rng: Rng) -> None:
    for x0, x1, yy, size in ((0, 520, 960, 46), (1350, 2400, 820, 34), (0, 700, 1076, 84), (1300, 2400, 1070, 80)):
        tufts(d, rng, [(x0, yy), (x1, yy + 12)], 26, size, spread=14, pressure=0.65)


def branch_book(rng: Rng) -> Drawing:
    """BOOK before the hill: a bough from above. What is not drawn is open."""
    d = Drawing(width=WIDE)
    for start, end, width in (((2460.0, 60.0), (1860.0, 210.0), 54), ((2460.0, 330.0), (2120.0, 360.0), 44)):
        hanging_branch(d, rng, np.array(start), np.array(end), width, leaf=20, clumps=6, pointed=False, size=130)
    for cx, cy, r in ((2330, 10, 210), (2030, -50, 200), (1730, -80, 150), (2390, 250, 130)):
        crown(d, rng, cx, cy, 1.3 * r, 0.72 * r, clumps=9, leaf=20, weight=1.2)
    d.horizon = 640
    return d.framed(mirror=True)
