"""The village under snow: its street, and the far fields."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from training.buildings import pole, wire
from training.camera import Camera, Place
from training.drawing import BLUE, Drawing
from training.plants import conifer, streak, tufts
from training.scenes import Vary, snow_village
from training.scenes.common import M, constructed, on_ground
from training.shapes import Rng, along, closed_below, ellipse, resting, ridge, smooth


def street(rng: Rng) -> Drawing:
    """Down the street: thatched houses to both sides, a trodden path, lanterns."""
    d = Drawing()
    vary = Vary()
    camera = Camera(eye=1.9, focal=1300, centre=930, horizon=566)
    y = camera.horizon
    snow_village._distance(d, rng, camera)
    d.fill(closed_below(ridge(rng, -90, 2010, y + 26, 14, peaks=1.6, rough=0.25), 1200), M.GRASS, outline=False)
    for k in range(9):
        z = 92 - 3 * k
        p = camera.project([((-1) ** k * rng.uniform(9, 26), 0, z)])[0]
        conifer(d, rng, p[0], p[1], rng.uniform(8, 11) * camera.scale(z), weight=0.65, snow=True)
    curve = smooth([(-0.3, 1.6), (0.1, 5), (0.5, 11), (0.2, 18), (-0.8, 28), (-1.0, 40), (1.2, 60)], pieces=6)
    band = on_ground(camera, [(float(a), float(b)) for a, b in curve], [2.6, 2.5, 2.4, 2.0])
    top = d.fill(band, M.SOIL, weight=0.9, pressure=0.65)
    for k, (a, b) in enumerate(along(curve, np.arange(1.2, 30, 0.34))):
        p = camera.project([(a + (0.24 if k % 2 else -0.24) + rng.normal(0, 0.06), 0, b)])[0]
        r = 0.14 * camera.scale(b)
        if r > 2:
            d.stroke(
                ellipse(p[0], p[1], r, 0.45 * r, n=12, start=-0.3, end=4.6),
                weight=0.65,
                pressure=0.5,
                on=top,
                inside=True,
            )
    for x, z, yaw, w, dep, rise in (
        (4.4, 62, -0.2, 10, 8, 6.6),
        (-14.5, 52, 0.25, 11, 8, 7.2),
        (5.4, 41, -0.3, 11, 8.5, 7.4),
        (-15.6, 31, 0.3, 11, 9, 7.8),
    ):
        snow_village.thatched(d, rng, Place(camera, x, 0, z, yaw), w, dep, 2.8, rise, vary)
        for c in (0.2, 0.8):
            p = camera.project([(x + w * c, 0, z - 1.6)])[0]
            drift = ridge(rng, p[0] - 120, p[0] + 120, p[1] + 16, 26, peaks=1.1, rough=0.2)
            d.fill(closed_below(drift, p[1] + 30), M.GRASS, outline=False)
            d.stroke(drift, weight=0.75, pressure=0.5)
    tips = None
    for z in (58.0, 40.0, 27.0, 17.5):
        now = pole(d, Place(camera, 3.0, 0, z), 7.8)
        if tips is not None:
            for (a, b), (c, e) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 6)
                wire(d, b, e, 0.05 * abs(e[1] - b[1]) + 6)
        tips = now
    snow_village.thatched(d, rng, Place(camera, 5.6, 0, 19.0, -0.34), 12, 9, 3.0, 8.0, vary)
    snow_village._woodpile(d, rng, camera, 6.6, 17.2, 3, 7)
    for x, z in ((-2.6, 20.0), (-2.3, 11.0)):
        snow_village._lantern(d, camera, x, z)
    for x0, x1, yy, h in ((1280, 2060, 960, 70), (-120, 520, 930, 80)):
        line = ridge(rng, x0, x1, yy + h, h, peaks=1.2, rough=0.25)
        t = np.linspace(0, 1, len(line))
        line[:, 1] += 130 * (t if x0 < 0 else 1 - t) ** 2
        d.fill(closed_below(line, 1200), M.GRASS, outline=False)
        d.stroke(line, weight=1.0, pressure=0.65)
        for part in resting(line + (0, 26), rng, pieces=3):
            d.stroke(part, weight=0.7, pressure=0.5, taper=0.8, pencil=BLUE)
    tufts(d, rng, [(60, 1010), (330, 1040)], 7, 50, spread=8)
    tufts(d, rng, [(1560, 1010), (1900, 985)], 8, 48, spread=10)
    constructed(d, camera, [camera.centre], [(1930, 1000), (-10, 1000)])
    return d


def far_fields(rng: Rng) -> Drawing:
    """White fields and a line of poles under the mountains: a frame and a quarter wide."""
    d = Drawing(width=2400.0)
    w = d.width
    camera = Camera(eye=6.5, focal=1900, centre=1250, horizon=700)
    y = camera.horizon
    for fx, fy, fw in ((0.2, 0.16, 640), (0.56, 0.1, 760), (0.85, 0.26, 480)):
        streak(d, rng, fx * w, fy * y, fw, rng.uniform(34, 60), pressure=0.36)
    for height, peaks, press in ((520, 1.9, 0.5), (250, 3.1, 0.6)):
        line = ridge(rng, -90, w + 90, y + 8, height, peaks=peaks, rough=0.5)
        top = d.fill(closed_below(line, y + 40), M.MOUNTAIN, outline=False)
        d.stroke(line, weight=0.85, pressure=press)
        snow_village._snow_lines(d, rng, line, top, height)
    edge = snow_village._spiky(rng, ridge(rng, -90, w + 90, y + 14, 66, peaks=3.6, rough=0.4), 18)
    d.fill(closed_below(edge, y + 44), M.FOLIAGE, outline=False)
    d.stroke(edge, weight=0.8, pressure=0.6)
    for dy, rise, peaks in ((12, 16, 1.6), (70, 26, 2.2), (170, 44, 1.4)):
        line = ridge(rng, -90, w + 90, y + dy + rise, rise, peaks=peaks, rough=0.25)
        d.fill(closed_below(line, 1200), M.GRASS, outline=False)
        d.stroke(line, weight=0.75, pressure=0.5)
        for part in resting(line + (0, 22), rng, share=0.5, pieces=3):
            d.stroke(part, weight=0.7, pressure=0.45, taper=0.8, pencil=BLUE)
    vary = Vary()
    for x, z, yaw in ((-30, 150, 0.5), (-16, 142, -0.4), (-40, 128, 0.55), (22, 134, -0.5)):
        snow_village.thatched(d, rng, Place(camera, x, 0, z, yaw), 10, 8, 2.6, 6.6, vary)
    for x, z, tall in ((36, 120, 11), (40, 112, 13), (46, 118, 10), (-52, 120, 12), (-47, 112, 10), (52, 104, 13)):
        p = camera.project([(x, 0, z)])[0]
        conifer(d, rng, p[0], p[1], tall * camera.scale(z), weight=0.75, snow=True)
    tips = None
    for x, z in ((10, 150), (6, 112), (3, 84), (1, 62), (-1, 45)):
        now = pole(d, Place(camera, x, 0, z), 8.2)
        if tips is not None:
            for (a, b), (c, e) in zip(tips, now, strict=True):
                wire(d, a, c, 0.05 * abs(c[1] - a[1]) + 7)
                wire(d, b, e, 0.05 * abs(e[1] - b[1]) + 7)
        tips = now
    for k in range(16):
        p = camera.project([(-6 + 0.5 * k + rng.normal(0, 0.1), 0, 34 + 3.4 * k)])[0]
        r = 0.16 * camera.scale(34 + 3.4 * k)
        d.stroke(ellipse(p[0], p[1], r, 0.4 * r, n=12, start=-0.3, end=4.6), weight=0.65, pressure=0.5)
    tufts(d, rng, [(300, 1040), (820, 1060)], 9, 44, spread=10)
    tufts(d, rng, [(1700, 1050), (2200, 1030)], 9, 48, spread=10)
    constructed(d, camera, [camera.centre], [(-10, 1000), (2410, 1000)])
    return d
