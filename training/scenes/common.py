"""What many scenes share: the ground, water, small things, construction lines."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from training.camera import Camera, Face, Place
from training.drawing import Drawing, Points
from training.plants import crown, leaves, trunk
from training.scenes import Vary
from training.shapes import Rng, blob, ribbon

M = Material
"""Short, because every shape of a scene names one."""


def near(rng: Rng, value: float, play: float, vary: Vary) -> float:
    """A measure that may stray: a little in a composed scene, fully at ``depart`` = 1."""
    return value + play * rng.uniform(-1, 1) * (0.25 + 0.75 * vary.depart)


def band(d: Drawing, y0: float, y1: float, material: Material, *, outline: bool = True) -> int:
    """A level band across the picture; only its top edge is drawn."""
    w, m = d.width, 120.0
    top = d.fill([(-m, y0), (w + m, y0), (w + m, y1), (-m, y1)], material, outline=False)
    if outline:
        d.stroke([(-20, y0), (0.52 * w, y0)], weight=0.7, pressure=0.6, ruled=True)
        d.stroke([(0.47 * w, y0), (w + 20, y0)], weight=0.7, pressure=0.6, ruled=True)
    return top


def ripples(
    d: Drawing, rng: Rng, camera: Camera, n: int, *, x: tuple[float, float], y: tuple[float, float],
    on: int, pressure: float = 0.4,
) -> None:  # fmt: skip
    """Ripples on water: short level waves, in groups, longer and wider apart towards the viewer."""
    centres = rng.uniform((x[0], 0.0), (x[1], 1.0), (max(3, n // 9), 2))
    for _ in range(n):
        c = centres[int(rng.integers(len(centres)))]
        depth = np.clip(c[1] ** 1.8 + rng.normal(0, 0.05), 0.01, 1)
        yy = y[0] + (y[1] - y[0]) * depth
        near_by = (yy - camera.horizon) / max(y[1] - camera.horizon, 1)
        w = (14 + 120 * near_by) * rng.uniform(0.5, 1.3)
        xx = c[0] + rng.normal(0, 40 + 170 * near_by)
        t = np.linspace(0, 1, 9)
        wave = np.sin(t * np.pi * rng.uniform(1.0, 2.6)) * (1.0 + 5.0 * near_by)
        d.stroke(
            np.stack([xx + w * t, yy + wave], 1), weight=0.65, pressure=pressure * rng.uniform(0.6, 1.15), taper=0.85,
            on=on, inside=True,
        )  # fmt: skip


def gulls(d: Drawing, rng: Rng, cx: float, cy: float, n: int, size: float) -> None:
    """Birds far away."""
    for _ in range(n):
        x, y = cx + rng.normal(0, 90), cy + rng.normal(0, 40)
        s = size * rng.uniform(0.5, 1.1)
        tilt = rng.uniform(-0.3, 0.3)
        pts = np.array([(-1, -0.25 + tilt), (-0.45, -0.42), (0, 0), (0.45, -0.42), (1, -0.25 - tilt)]) * s
        d.stroke(pts + (x, y), weight=0.8, pressure=0.65, taper=0.7)


def slabs(
    d: Drawing, rng: Rng, camera: Camera, on: int, *, x: tuple[float, float], z: tuple[float, float],
    size: tuple[float, float], level: float = 0.0, pressure: float = 0.36, keep: float = 0.8,
) -> None:  # fmt: skip
    """Joints of paving in perspective; a share of them is left out."""
    nx = int((x[1] - x[0]) / size[0])
    for k in range(nx + 1):
        xx = x[0] + k * size[0]
        parts = np.sort(rng.uniform(0, 1, 4)) ** 2
        for lo, hi in ((0.0, parts[1]), (parts[2], 1.0)):
            if rng.random() < keep:
                a, b = z[0] + (z[1] - z[0]) * lo, z[0] + (z[1] - z[0]) * hi
                d.stroke(
                    camera.line((xx, level, a), (xx, level, b)),
                    weight=0.55,
                    pressure=pressure,
                    ruled=True,
                    on=on,
                    inside=True,
                )
    zz = z[0]
    while zz < z[1]:
        zz += max(size[1], camera_gap(camera, zz, level, 13))
        for k in range(nx):
            if rng.random() < keep * 0.62:
                lo = x[0] + k * size[0]
                d.stroke(
                    camera.line((lo, level, zz), (lo + size[0], level, zz)),
                    weight=0.55,
                    pressure=pressure,
                    ruled=True,
                    on=on,
                    inside=True,
                )


def camera_gap(camera: Camera, z: float, level: float, pixels: float) -> float:
    """How many metres of depth make a gap of ``pixels`` on the ground at z."""
    return pixels * z * z / (camera.focal * max(abs(camera.eye - level), 0.2))


def constructed(d: Drawing, camera: Camera, columns: list[float], rays: list[tuple[float, float]]) -> None:
    """Faint construction: the horizon, and rays from points towards vanishing points."""
    d.horizon = camera.horizon
    d.construct([(-10, camera.horizon), (d.width + 10, camera.horizon)], pressure=0.14)
    for column in columns:
        for x, y in rays:
            end = np.array([column, camera.horizon])
            start = np.array([x, y])
            d.construct([start, start + (end - start) * 0.93], pressure=0.10)
        d.construct([(column - 14, camera.horizon), (column + 14, camera.horizon)], pressure=0.3)
        d.construct([(column, camera.horizon - 14), (column, camera.horizon + 14)], pressure=0.3)


def block_up(
    d: Drawing, camera: Camera, quad: list[tuple[float, float, float]], material: Material, *, weight: float = 0.9,
    skip: tuple[int, ...] = (), outline: bool = True,
) -> int:  # fmt: skip
    """Any flat polygon of the scene."""
    return d.fill(camera.polygon(quad), material, ruled=True, weight=weight, skip=skip, outline=outline)


def hanging_branch(
    d: Drawing, rng: Rng, start: Points, tip: Points, width: float, *, leaf: float, clumps: int, pointed: bool,
    size: float = 80,
) -> None:  # fmt: skip
    """A branch that comes into the frame, with its leaves."""
    path = np.linspace(start, tip, 5)
    path[1:4] += rng.normal(0, 0.04 * float(np.hypot(*(tip - start))), (3, 2))
    trunk(d, rng, path, [width, 0.3 * width], weight=1.1, bark=0.5, joined=True)
    for k in range(clumps):
        t = 0.15 + 0.9 * (k + rng.uniform(0, 0.5)) / clumps
        c = start + (tip - start) * t + rng.normal(0, size * 0.5, 2) + (0, size * 0.2)
        s = size * rng.uniform(0.65, 1.15)
        crown(d, rng, float(c[0]), float(c[1]), s * 1.35, s * 0.72, clumps=6, leaf=leaf, weight=1.1, pointed=pointed)


def scattered_leaves(d: Drawing, rng: Rng, points: Points, size: float, *, on: int) -> None:
    """Fallen leaves."""
    for x, y in points:
        leaves(d, rng, float(x), float(y), size, on=on, pointed=True)


def face_right(camera: Camera, x: float, z0: float, y: float = 0.0) -> Face:
    """An upright plane at x = const that is drawn on along +z."""
    return Face(Place(camera, x, y, z0), (0, 0, 0), (0, 0, 1), (0, 1, 0))


def puddle(d: Drawing, rng: Rng, camera: Camera, x: float, z: float, w: float, depth: float, level: float = 0.0) -> int:
    """Standing water on the ground."""
    ring = blob(rng, 0, 0, w / 2, depth / 2, rough=0.16)
    return d.fill(camera.polygon([(x + a, level, z + b) for a, b in ring]), Material.WATER, weight=0.8, pressure=0.65)


def on_ground(camera: Camera, path: list[tuple[float, float]], widths: list[float], level: float = 0.0) -> Points:
    """A band on the ground along (x, z) points: path, stream, tracks."""
    p = np.array(path, float)
    flat = ribbon(p, np.interp(np.linspace(0, 1, len(p)), np.linspace(0, 1, len(widths)), widths))
    return camera.polygon([(a, level, b) for a, b in flat])
