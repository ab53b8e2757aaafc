"""Outlines as pure functions of points and a random generator; picture units throughout."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from training.drawing import Points

Rng = np.random.Generator


def smooth(points: ArrayLike, *, closed: bool = False, pieces: int = 8) -> Points:
    """Catmull–Rom curve through points."""
    p = np.asarray(points, float)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, pieces, endpoint=False)[None, :, None]
    a, b, c, d = (p[i : len(p) - 3 + i][:, None] for i in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = curve.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, p[-2:-1]])


def ellipse(
    cx: float, cy: float, rx: float, ry: float, *, n: int = 40, start: float = 0, end: float = 2 * np.pi
) -> Points:
    """Points of an ellipse, clockwise on the page from ``start`` to ``end`` radians (0 = right, π/2 = below)."""
    whole = end - start >= 2 * np.pi - 1e-9
    t = np.linspace(start, end, n, endpoint=not whole)
    return np.stack([cx + rx * np.cos(t), cy + ry * np.sin(t)], 1)


def blob(rng: Rng, cx: float, cy: float, rx: float, ry: float, *, rough: float = 0.12, n: int = 36) -> Points:
    """An uneven ellipse: a clump, a bush, a puddle, a stone."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = np.ones(n)
    for k in range(2, 6):
        radius += rough / (k - 1) * rng.normal() * np.cos(k * t + rng.uniform(0, 2 * np.pi))
    return np.stack([cx + rx * radius * np.cos(t), cy + ry * radius * np.sin(t)], 1)


def length_of(points: Points) -> float:
    """Length of a polyline."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def along(points: Points, places: ArrayLike) -> Points:
    """Points of a polyline at given distances from its start."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    s = np.asarray(places, float)
    return np.stack([np.interp(s, arc, points[:, 0]), np.interp(s, arc, points[:, 1])], 1)


def _steps(rng: Rng, total: float, size: float, uneven: float) -> Points:
    n = max(2, round(total / max(size, 1e-3)))
    gaps = rng.uniform(1 - uneven, 1 + uneven, n)
    return np.concatenate([[0.0], np.cumsum(gaps)]) * (total / gaps.sum())


def scallop(
    rng: Rng,
    path: ArrayLike,
    size: float,
    depth: float = 0.35,
    *,
    uneven: float = 0.5,
    skew: float = 0.0,
    closed: bool = True,
    pieces: int = 6,
) -> Points:
    """Bumps along a path, outwards from a clockwise one: crowns, bushes, clouds, snow.

    ``size`` is the chord of a bump and ``depth`` its height as a share of the chord; ``skew`` leans the bumps.
    """
    p = np.asarray(path, float)
    if closed:
        p = np.concatenate([p, p[:1]])
    knots = along(p, _steps(rng, length_of(p), size, uneven))
    a, b = knots[:-1], knots[1:]
    chord = b - a
    normal = np.stack([chord[:, 1], -chord[:, 0]], 1)
    if closed and _area(p) < 0:
        normal = -normal
    t = np.linspace(0, 1, pieces, endpoint=False)
    height = depth * rng.uniform(0.55, 1.35, len(a))[:, None]
    lean = np.clip(1.0 + skew + rng.uniform(-0.25, 0.25, len(a)), 0.4, 2.2)[:, None]
    rise = np.sin(np.pi * t[None, :] ** lean) ** 0.75 * height
    points = a[:, None] + chord[:, None] * t[None, :, None] + normal[:, None] * rise[..., None]
    flat = points.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, b[-1:]])


def _area(p: Points) -> float:
    x, y = p[:, 0], p[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def jagged(rng: Rng, path: ArrayLike, size: float, depth: float, *, uneven: float = 0.5) -> Points:
    """Leaf points along a closed clockwise path: maples, ivy, undergrowth."""
    p = np.asarray(path, float)
    p = np.concatenate([p, p[:1]])
    knots = along(p, _steps(rng, length_of(p), size, uneven)[:-1])
    after, before = np.roll(knots, -1, 0), np.roll(knots, 1, 0)
    chord = after - before
    normal = np.stack([chord[:, 1], -chord[:, 0]], 1) / np.maximum(np.hypot(*chord.T), 1e-6)[:, None]
    if _area(p) < 0:
        normal = -normal
    push = rng.uniform(0.25, 1.3, len(knots)) * size * depth * np.where(np.arange(len(knots)) % 2, 1, -0.35)
    drift = rng.uniform(-0.25, 0.25, (len(knots), 1)) * chord
    return knots + normal * push[:, None] + drift


def ribbon(path: ArrayLike, widths: ArrayLike) -> Points:
    """A band along a path: trunks, branches, poles, rays. Goes up the left side and back on the right."""
    p = np.asarray(path, float)
    w = np.broadcast_to(np.asarray(widths, float), len(p))[:, None] / 2
    direction = np.gradient(p, axis=0)
    direction /= np.maximum(np.hypot(*direction.T), 1e-6)[:, None]
    normal = np.stack([direction[:, 1], -direction[:, 0]], 1)
    return np.concatenate([p + normal * w, (p - normal * w)[::-1]])


def bar(x0: float, y0: float, x1: float, y1: float, width: float, width1: float | None = None) -> Points:
    """A straight band between two points."""
    end = width if width1 is None else width1
    return ribbon([(x0, y0), (x1, y1)], [width, end])


def ridge(
    rng: Rng, x0: float, x1: float, base: float, height: float, *, peaks: float = 3, rough: float = 0.5
) -> Points:
    """Skyline of hills or mountains from left to right: open line, by midpoint displacement."""
    n = 129
    t = np.linspace(0, 1, n)
    line = np.zeros(n)
    for octave in range(6):
        k = peaks * 2**octave
        cells = rng.uniform(-1, 1, int(np.ceil(k)) + 3)
        u = t * k
        i = np.floor(u).astype(int)
        f = u - i
        if octave < 2:
            f = f * f * (3 - 2 * f)
        line += (cells[i] * (1 - f) + cells[i + 1] * f) * rough**octave
    line = (line - line.min()) / max(np.ptp(line), 1e-6)
    return np.stack([x0 + (x1 - x0) * t, base - height * (0.15 + 0.85 * line)], 1)


def closed_below(line: Points, y: float) -> Points:
    """Close an open skyline with a level edge at y."""
    return np.concatenate([line, [(line[-1, 0], y), (line[0, 0], y)]])


def resting(line: Points, rng: Rng, *, share: float = 0.7, pieces: int = 3) -> list[Points]:
    """Parts of a line, with rests between: a contour that is only hinted at."""
    total = length_of(line)
    edges = np.sort(rng.uniform(0, total, 2 * pieces))
    lines = []
    for lo, hi in zip(edges[::2], edges[1::2], strict=True):
        hi = min(total, lo + (hi - lo) * share + 0.1 * total)
        n = max(3, int((hi - lo) / 6))
        lines.append(along(line, np.linspace(lo, hi, n)))
    return lines


def hatch(rng: Rng, quad: ArrayLike, *, gap: float = 9.0, lean: float = 0.0) -> list[Points]:
    """Parallel strokes across a quadrilateral (corners in order; strokes run from edge 0-1 to edge 3-2)."""
    q = np.asarray(quad, float)
    span = max(float(np.hypot(*(q[1] - q[0]))), float(np.hypot(*(q[2] - q[3]))))
    n = max(2, int(span / gap))
    t = (np.arange(n) + 0.5 + rng.uniform(-0.18, 0.18, n)) / n
    u = np.clip(t + lean, 0, 1)
    start = q[0] + (q[1] - q[0]) * t[:, None]
    end = q[3] + (q[2] - q[3]) * u[:, None]
    cut = rng.uniform(0.0, 0.12, (n, 1))
    return [np.stack([a + (b - a) * c, b + (a - b) * c]) for a, b, c in zip(start, end, cut, strict=True)]
