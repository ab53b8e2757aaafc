"""Things that grow, and the sky: crowns, conifers, trunks, grass, rocks, clouds."""

# ruff: noqa: RUF005 (points are arrays: "line + (0, 5)" moves them)
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from genzu.core.material import Material
from training.drawing import Drawing, Points
from training.shapes import Rng, along, blob, ellipse, jagged, length_of, resting, ribbon, ridge, scallop, smooth


def clump(
    d: Drawing,
    rng: Rng,
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    *,
    leaf: float = 16,
    weight: float = 0.9,
    pressure: float = 0.7,
    pointed: bool = False,
    material: Material = Material.FOLIAGE,
    marks: float = 1.0,
    rough: float = 0.12,
) -> int:
    """One mass of leaves: leafy outline, a few leaves picked out on its shadow side, the lit side left empty."""
    leaf = leaf / d.detail**0.6
    core = blob(rng, cx, cy, rx, ry, rough=rough)
    if pointed:
        outline = jagged(rng, scallop(rng, core, leaf * 3.4, 0.2), leaf * 0.62, 0.85)
    else:
        big = scallop(rng, core, leaf * 3.0, 0.22)
        outline = scallop(rng, big, leaf, 0.42, pieces=4)
    top = d.fill(outline, material, weight=weight, pressure=pressure)
    n = int(marks * (rx * ry) ** 0.5 / leaf * 1.6)
    for _ in range(n):
        angle = rng.uniform(-0.35, 1.25) * np.pi
        r = rng.uniform(0.35, 0.85)
        leaves(d, rng, cx + r * rx * np.cos(angle), cy + r * ry * np.sin(angle), leaf, on=top, pointed=pointed)
    return top


def leaves(
    d: Drawing, rng: Rng, x: float, y: float, leaf: float, *, on: int | None = None, pointed: bool = False
) -> None:
    """A few leaf arcs in a row, as a pencil notes them."""
    n = int(rng.integers(2, 5))
    turn = rng.uniform(-0.5, 0.5)
    path = np.array([(x + leaf * 0.9 * k * np.cos(turn), y + leaf * 0.9 * k * np.sin(turn)) for k in range(n)])
    path += rng.normal(0, leaf * 0.18, path.shape)
    if pointed:
        zig = np.repeat(path, 2, 0)
        zig[1::2] += rng.uniform(0.2, 0.7, (n, 1)) * leaf * np.array([0.3, 1.0])
        line: Points = zig
    else:
        line = scallop(rng, path, leaf * 0.9, -0.45, closed=False, pieces=5)
    d.stroke(line, weight=0.6, pressure=rng.uniform(0.35, 0.6), taper=0.6, inside=True, on=on)


def maple_leaf(d: Drawing, rng: Rng, x: float, y: float, size: float, *, flat: float = 1.0) -> None:
    """A single leaf with five points, in the air or (``flat`` < 1) on the ground."""
    lobe = np.array([0.22, 0.55, 0.36, 0.85, 0.36, 1.0, 0.36, 0.85, 0.36, 0.55, 0.22]) * size
    bearing = np.radians([-165, -112, -82, -52, -24, 0, 24, 52, 82, 112, 165]) + rng.normal(0, 0.06, 11)
    turn, squeeze = rng.uniform(0, 2 * np.pi), rng.uniform(0.45, 1.0)
    cos, sin = np.cos(turn), np.sin(turn)
    u, v = lobe * np.cos(bearing), lobe * np.sin(bearing) * squeeze
    star = np.stack([x + u * cos - v * sin, y + (u * sin + v * cos) * flat], 1)
    d.fill(star, Material.FOLIAGE, weight=0.7, pressure=0.7)
    stem = np.array(
        [(x - 0.2 * size * cos, y - 0.2 * size * sin * flat), (x - 0.8 * size * cos, y - 0.75 * size * sin * flat)]
    )
    d.stroke(stem, weight=0.65, pressure=0.6, taper=0.5)


def crown(
    d: Drawing,
    rng: Rng,
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    *,
    clumps: int = 9,
    leaf: float = 16,
    weight: float = 0.9,
    pressure: float = 0.7,
    pointed: bool = False,
    marks: float = 1.0,
) -> None:
    """A tree's crown: masses around the rim make the silhouette, a few open arcs inside tell their volume."""
    angle = 2 * np.pi * (np.arange(clumps) + rng.uniform(-0.3, 0.3, clumps)) / clumps
    radius = rng.uniform(0.5, 0.74, clumps)
    spots = np.stack([cx + rx * radius * np.cos(angle), cy + ry * radius * np.sin(angle)], 1)
    for x, y in spots[np.argsort(spots[:, 1])]:
        s = rng.uniform(0.30, 0.5)
        clump(
            d, rng, x, y, rx * s * rng.uniform(0.9, 1.3), ry * s, leaf=leaf, weight=weight,
            pressure=pressure * rng.uniform(0.85, 1.1), pointed=pointed, marks=0, rough=0.16,
        )  # fmt: skip
    top = d.fill(blob(rng, cx, cy, rx * 0.68, ry * 0.66, rough=0.08), Material.FOLIAGE, outline=False)
    inner = max(2, round(clumps * 0.55))
    leaf = leaf / d.detail**0.6
    for k in range(inner):
        a = 2 * np.pi * (k + rng.uniform(0, 0.6)) / inner
        r, s = rng.uniform(0.15, 0.55), rng.uniform(0.24, 0.42)
        x, y = cx + rx * r * np.cos(a), cy + ry * r * np.sin(a)
        lo = rng.uniform(0.95, 1.2) * np.pi
        arc = ellipse(x, y, rx * s, ry * s, n=16, start=lo, end=lo + rng.uniform(0.55, 1.0) * np.pi)
        d.stroke(_leafy(rng, arc, leaf, pointed), weight=weight * 0.85, pressure=pressure * 0.75, taper=0.7)
        for _ in range(int(marks * rx * s / leaf * 0.9)):
            b = rng.uniform(-0.2, 1.1) * np.pi
            q = rng.uniform(0.2, 0.9)
            leaves(d, rng, x + q * rx * s * np.cos(b), y + q * ry * s * np.sin(b), leaf, on=top, pointed=pointed)


def _leafy(rng: Rng, arc: Points, leaf: float, pointed: bool) -> Points:
    """An open contour of leaves along an arc that runs clockwise."""
    big = scallop(rng, arc, leaf * 2.6, 0.2, closed=False)
    if not pointed:
        return scallop(rng, big, leaf, 0.42, closed=False, pieces=4)
    n = max(4, int(length_of(big) / (leaf * 0.6)))
    zig = along(big, np.linspace(0, length_of(big), n))
    zig[1::2] += rng.uniform(-0.5, 0.5, zig[1::2].shape) * leaf - (0, 0.35 * leaf)
    return zig


def trunk(
    d: Drawing,
    rng: Rng,
    path: ArrayLike,
    widths: ArrayLike,
    *,
    weight: float = 1.0,
    bark: float = 1.0,
    material: Material = Material.TRUNK,
    joined: bool = False,
) -> int:
    """A trunk or branch along a path from the ground up, with bark; a ``joined`` one has an open foot."""
    p = smooth(path, pieces=6)
    w = np.interp(np.linspace(0, 1, len(p)), np.linspace(0, 1, len(np.atleast_1d(widths))), np.atleast_1d(widths))
    w = w * (1 + 0.05 * rng.normal(0, 1, len(p)))
    ring = ribbon(p, w)
    top = d.fill(ring, material, weight=weight, outline=not joined)
    if joined:
        d.stroke(ring[3:-3], weight=weight, pressure=0.8, taper=0.3)
    length, thick = length_of(p), float(w.max())
    arc = np.linspace(0, 1, len(p))
    for _ in range(int(d.detail * bark * min(60, length * thick / 1500))):
        side = np.clip(abs(rng.normal(0.1, 0.5)), 0, 0.92) * rng.choice([-1.0, 1.0, 1.0])
        lo = rng.uniform(0, 0.95)
        hi = min(1.0, lo + rng.uniform(20, 110) / max(length, 1))
        t = np.linspace(lo, hi, 7)
        centre = np.stack([np.interp(t, arc, p[:, 0]), np.interp(t, arc, p[:, 1])], 1)
        direction = np.gradient(centre, axis=0)
        direction /= np.maximum(np.hypot(*direction.T), 1e-6)[:, None]
        normal = np.stack([-direction[:, 1], direction[:, 0]], 1)
        half = np.interp(t, arc, w)[:, None] / 2
        wave = 0.06 * np.sin(np.linspace(0, 5, 7) + rng.uniform(0, 6))[:, None]
        d.stroke(
            centre + normal * half * (side + wave), weight=0.6, pressure=rng.uniform(0.3, 0.6), taper=0.8,
            inside=True, on=top,
        )  # fmt: skip
    return top


def conifer(
    d: Drawing, rng: Rng, x: float, base: float, height: float, *, tiers: int = 9, spread: float = 0.36,
    weight: float = 0.85, snow: bool = False,
) -> None:  # fmt: skip
    """A fir: drooping tiers from the bottom up; ``snow`` rounds the tips and leaves the tops empty."""
    d.fill(ribbon([(x, base), (x, base - 0.25 * height)], [0.05 * height, 0.03 * height]), Material.TRUNK)
    for k in range(tiers):
        t = k / tiers
        y = base - height * (0.10 + 0.72 * t)
        half = spread * height * (1 - t) ** 0.85 * rng.uniform(0.88, 1.1) * 0.62 + 0.02 * height
        up = y - height * (0.16 + 0.10 * (1 - t))
        tilt = rng.normal(0, 0.012 * height)
        left = [(x - half, y + 0.02 * height + tilt), (x - 0.55 * half, y - 0.045 * height), (x - 0.06 * half, up)]
        right = [(x + 0.06 * half, up), (x + 0.55 * half, y - 0.045 * height), (x + half, y + 0.02 * height - tilt)]
        hem = np.stack([np.linspace(x + half, x - half, 9), y + 0.02 * height * np.ones(9)], 1)
        hem[:, 1] += 0.035 * height * (1 - t) * np.sin(np.linspace(0, np.pi, 9))
        size = max(5.0, half * (0.30 if snow else 0.22))
        hem[1:-1] += rng.normal(0, 0.010 * height * (1.2 - t), (7, 2))
        edge = scallop(rng, hem, size, 0.3 if snow else -0.5, closed=False, pieces=5, uneven=0.85)
        top = d.fill(
            np.concatenate([smooth(left, pieces=5), smooth(right, pieces=5), edge]), Material.FOLIAGE,
            weight=weight, pressure=0.7,
        )  # fmt: skip
        for _ in range(int(2 + half / 22)):
            u = rng.uniform(-0.8, 0.8)
            a = (x + u * half * 0.9, y - rng.uniform(0.0, 0.02) * height)
            b = (x + u * half * 1.05, a[1] + rng.uniform(0.02, 0.05) * height * (1 - 0.5 * t))
            d.stroke([a, b], weight=0.55, pressure=0.42, taper=0.8, inside=True, on=top)


def tuft(d: Drawing, rng: Rng, x: float, y: float, size: float, *, blades: int = 6, pressure: float = 0.6) -> None:
    """A tuft of grass: blades that lift off at the tip."""
    lean = rng.normal(0, 0.25)
    for k in range(blades):
        a = lean + (k / max(blades - 1, 1) - 0.5) * 1.3 + rng.normal(0, 0.08)
        h = size * rng.uniform(0.6, 1.15)
        foot = np.array([x + (k - blades / 2) * size * 0.11, y])
        tip = foot + h * np.array([np.sin(a), -np.cos(a)])
        mid = (foot + tip) / 2 + h * 0.1 * np.array([-np.cos(a), -np.sin(a)]) * np.sign(a)
        d.stroke(smooth([foot, mid, tip], pieces=4), weight=0.65, pressure=pressure, taper=0.85)


def tufts(
    d: Drawing, rng: Rng, path: ArrayLike, n: int, size: float, *, spread: float = 6, pressure: float = 0.55
) -> None:
    """Tufts along a path, in groups with rests between."""
    p = np.asarray(path, float)
    n = max(1, round(n * d.detail**0.5))
    groups = rng.uniform(0, 1, max(1, n // 4 + 1))
    s = np.clip(rng.choice(groups, n) + rng.normal(0, 0.035, n), 0, 1) * length_of(p)
    for x, y in along(p, np.sort(s)):
        tuft(
            d, rng, x, y + rng.normal(0, spread), size * rng.uniform(0.5, 1.2), blades=int(rng.integers(3, 7)),
            pressure=pressure * rng.uniform(0.7, 1.1),
        )  # fmt: skip


def rock(
    d: Drawing, rng: Rng, x: float, base: float, w: float, h: float, *, weight: float = 0.95, flat: float = 0.25
) -> int:
    """A stone that stands on ``base``: a broken outline, planes, and a hatched dark side."""
    n = int(rng.integers(6, 10))
    t = np.linspace(np.pi, 2 * np.pi, n) + rng.uniform(-0.12, 0.12, n)
    r = rng.uniform(0.78, 1.1, n)
    pts = np.stack([x + w / 2 * r * np.cos(t), base + h * r * np.sin(t) * (1 - 0.1 * rng.random(n))], 1)
    foot = [(x + w * 0.5, base + h * flat * 0.5), (x + 0.1 * w, base + h * flat), (x - 0.42 * w, base + h * flat * 0.6)]
    outline = np.concatenate([pts, foot])
    top = d.fill(outline, Material.ROCK, ruled=True, weight=weight)
    crest = pts[int(n * 0.45)]
    inner = np.array([x + w * rng.uniform(-0.05, 0.18), base - h * rng.uniform(0.3, 0.5)])
    low = np.array([x + w * rng.uniform(0.0, 0.2), base + h * flat * 0.7])
    right = pts[-2]
    d.stroke([crest, inner, low], weight=0.7, pressure=0.5, inside=True, on=top)
    d.stroke([inner, right], weight=0.6, pressure=0.4, inside=True, on=top)
    for k in range(int(np.clip(w / 16, 2, 7))):
        s = (k + 0.7) / 8
        a = inner + (right - inner) * s * 1.2
        d.stroke([a, a + np.array([-0.05 * w, 0.34 * h])], weight=0.55, pressure=0.33, taper=0.6, inside=True, on=top)
    return top


def cumulus(
    d: Drawing, rng: Rng, cx: float, base: float, w: float, h: float, *, puffs: int = 13, pressure: float = 0.5
) -> None:
    """A heaped cloud: puffs from the top down on a flat base, round against the sky, open inside."""
    k = np.arange(puffs)
    u = (k + 0.5) / puffs * 2 - 1 + rng.uniform(-0.08, 0.08, puffs)
    tower = np.exp(-((u - rng.uniform(-0.35, 0.35)) ** 2) / rng.uniform(0.10, 0.22))
    tops = h * (0.22 + 0.78 * tower) * rng.uniform(0.8, 1.0, puffs)
    rows = []
    for x, top in zip(u, tops, strict=True):
        levels = max(1, round(top / h * 3.2))
        for j in range(levels):
            r = w / puffs * rng.uniform(0.85, 1.5) * (0.8 + 0.35 * j / 3)
            y = base - top * (1 - 0.28 * (levels - 1 - j) * 3.2 / 3) + r * 0.7
            rows.append((cx + 0.5 * w * x * (0.86 + 0.06 * j) + rng.normal(0, r * 0.2), min(y, base - 0.25 * r), r))
    rows.sort(key=lambda puff: puff[1])
    floor = base + rng.normal(0, 1.0)
    for x, y, r in rows:
        ring = scallop(rng, blob(rng, x, y, r, r * 0.82, rough=0.08), r * 0.5, 0.3, uneven=0.8)
        ring[:, 1] = np.minimum(ring[:, 1], floor)
        d.fill(ring, Material.CLOUD, outline=False)
        upper = ring[(ring[:, 1] < y + 0.15 * r)]
        order = np.argsort(np.arctan2(upper[:, 1] - y - 0.3 * r, upper[:, 0] - x))
        d.stroke(upper[order], weight=0.75, pressure=pressure * rng.uniform(0.75, 1.1), taper=0.55)
    x0, x1 = min(r[0] - 0.9 * r[2] for r in rows), max(r[0] + 0.9 * r[2] for r in rows)
    foot = np.stack([np.linspace(x0, x1, 30), np.full(30, floor)], 1)
    d.stroke(foot, weight=0.6, pressure=pressure * 0.75, taper=0.8)


def streak(d: Drawing, rng: Rng, cx: float, cy: float, w: float, h: float, *, pressure: float = 0.42) -> None:
    """A thin cloud drawn out by the wind."""
    t = np.linspace(0, 1, 22)
    body = np.sin(np.pi * t) ** 0.7
    top = np.stack([cx + w * (t - 0.5), cy - h * 0.6 * body], 1)
    low = np.stack([cx + w * (t - 0.5) * 0.96, cy + h * 0.4 * body], 1)[::-1]
    upper = scallop(rng, top, max(18.0, w / 14), 0.13, closed=False, uneven=0.7)
    d.fill(np.concatenate([upper, low]), Material.CLOUD, weight=0.7, pressure=pressure)
    for line in resting(along(low, np.linspace(0, length_of(low), 30)) - (0, h * 0.25), rng, share=0.5, pieces=2):
        d.stroke(line, weight=0.5, pressure=pressure * 0.6, taper=0.9)


def ivy(d: Drawing, rng: Rng, top: Points, drop: float, leaf: float) -> None:
    """A curtain of ivy from an edge: tails of many lengths, leaves at the rim, a few inside."""
    n = 22
    edge = along(top, np.linspace(0, length_of(top), n))
    noise = ridge(rng, 0, 1, 0, 1.0, peaks=2.6, rough=0.6)[:, 1]
    tails = -np.interp(np.linspace(0, 1, n), np.linspace(0, 1, len(noise)), noise)
    tails = drop * tails * np.sin(np.linspace(0.12, np.pi - 0.12, n)) ** 0.5
    lift = rng.uniform(0.2, 1.1, n) * leaf
    rim = edge - np.stack([0 * lift, lift], 1)
    low = edge + np.stack([rng.normal(0, 0.25 * leaf, n), tails], 1)
    ring = np.concatenate([rim, low[::-1]])
    if edge[-1, 0] < edge[0, 0]:
        ring = ring[::-1]
    outline = jagged(rng, scallop(rng, ring, 2.4 * leaf, 0.25), 0.6 * leaf, 0.75)
    on = d.fill(outline, Material.FOLIAGE, weight=0.85, pressure=0.75)
    for _ in range(int(length_of(top) * drop / (leaf * leaf * 7)) + 3):
        k = int(rng.integers(1, n - 1))
        leaves(d, rng, edge[k, 0], edge[k, 1] + rng.uniform(0.05, 0.85) * tails[k], 0.75 * leaf, on=on, pointed=True)


def woods(
    d: Drawing, rng: Rng, line: Points, below: float, *, size: float = 60, pressure: float = 0.5,
    material: Material = Material.FOLIAGE, rows: int = 2,
) -> None:  # fmt: skip
    """A distant wood: scalloped skylines over a slope, with crowns hinted inside."""
    fine = size / 3.2 / d.detail**0.5
    edge = scallop(rng, scallop(rng, line, size, 0.45, closed=False), fine, 0.3, closed=False, pieces=4)
    top = d.fill(np.concatenate([edge, [(edge[-1, 0], below), (edge[0, 0], below)]]), material, outline=False)
    d.stroke(edge, weight=0.8, pressure=pressure)
    for k in range(rows):
        inner = edge + (0, (k + 1) * size * 0.8)
        for part in resting(inner, rng, share=0.45, pieces=4):
            d.stroke(part, weight=0.6, pressure=pressure * 0.6, taper=0.8, inside=True, on=top)


def pebbles(d: Drawing, rng: Rng, points: ArrayLike, size: float) -> None:
    """Small stones noted as arcs."""
    for x, y in np.asarray(points, float):
        r = size * rng.uniform(0.5, 1.3)
        d.stroke(ellipse(x, y, r, r * 0.5, n=9, start=np.pi, end=2.1 * np.pi), weight=0.55, pressure=0.4, taper=0.6)
