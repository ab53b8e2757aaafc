"""Outlines, made fast: all take the sheet for its chance and return (N, 2) points."""

from __future__ import annotations

import math

import numpy as np

from training.fast.sheet import Floats, Path, Sheet

_TURN = np.linspace(0, 2 * math.pi, 61)[:-1]


def ring(x: float, y: float, rx: float, ry: float, n: int = 20) -> Floats:
    """An ellipse."""
    t = _TURN[:: max(1, 60 // n)]
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1)


def arc(x: float, y: float, rx: float, ry: float, a: float, b: float, n: int = 9) -> Floats:
    """Part of an ellipse, from a to b in half turns (0 right, 0.5 below, 1 left, 1.5 above)."""
    t = np.linspace(a * math.pi, b * math.pi, n)
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1)


def blob(d: Sheet, x: float, y: float, rx: float, ry: float, rough: float = 0.12, n: int = 20) -> Floats:
    """An uneven ellipse."""
    t = _TURN[:: max(1, 60 // n)]
    radius = np.ones(len(t))
    for k in (2, 3, 5):
        radius += d.u(-rough, rough) * 2 / k * np.cos(k * t + d.u(0, 6.3))
    return np.stack([x + rx * radius * np.cos(t), y + ry * radius * np.sin(t)], 1)


def _profile(sort: str, pieces: int) -> Floats:
    t = np.arange(pieces) / pieces
    if sort == "tooth":
        return 1 - np.abs(2 * t - 1)
    if sort == "leaf":
        return np.where(t < 0.7, t / 0.7, (1 - t) / 0.3)
    return np.sin(math.pi * t) ** 0.7


def _uneven(d: Sheet, n: int, uneven: float) -> Floats:
    gaps = d.np.uniform(1 - uneven, 1 + uneven, n)
    return np.concatenate([[0.0], np.cumsum(gaps)]) / gaps.sum()


def puffs(
    d: Sheet, x: float, y: float, rx: float, ry: float, n: int, depth: float = 0.3, sort: str = "round",
    uneven: float = 0.4, rough: float = 0.08,
) -> Floats:  # fmt: skip
    """A ring of n bumps (``round``), teeth or leaf points; depth as a share of a bump's chord."""
    n = max(4, n)
    pieces = 5 if sort == "round" else 3 if sort == "leaf" else 2
    knots = _uneven(d, n, uneven) * 2 * math.pi + d.u(0, 6.3)
    t = np.arange(pieces) / pieces
    turn = (knots[:-1, None] + np.diff(knots)[:, None] * t).ravel()
    high = (np.diff(knots)[:, None] * depth * d.np.uniform(0.6, 1.3, (n, 1)) * _profile(sort, pieces)).ravel()
    radius = 1 + high - depth * math.pi / n
    for k in (2, 3):
        radius = radius + d.u(-rough, rough) * np.cos(k * turn + d.u(0, 6.3))
    return np.stack([x + rx * radius * np.cos(turn), y + ry * radius * np.sin(turn)], 1)


def bumps(
    d: Sheet, path: Path, size: float, depth: float = 0.4, sort: str = "round", uneven: float = 0.5
) -> Floats:  # fmt: skip
    """Bumps on the left-hand side (above, when it runs to the right) of an open polyline."""
    p = np.asarray(path, float)
    leg = np.hypot(*np.diff(p, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(leg)])
    n = min(120, max(2, round(way[-1] / max(size, 1.0))))
    at = _uneven(d, n, uneven) * way[-1]
    knots = np.stack([np.interp(at, way, p[:, 0]), np.interp(at, way, p[:, 1])], 1)
    pieces = 5 if sort == "round" else 3 if sort == "leaf" else 2
    chord = np.diff(knots, axis=0)
    t = np.arange(pieces)[None, :, None] / pieces
    normal = np.stack([chord[:, 1], -chord[:, 0]], 1)
    rise = _profile(sort, pieces)[None, :, None] * depth * d.np.uniform(0.5, 1.4, (n, 1, 1))
    flat = (knots[:-1, None] + chord[:, None] * t + normal[:, None] * rise).reshape(-1, 2)
    return np.concatenate([flat, knots[-1:]])


def ridge(d: Sheet, x0: float, x1: float, base: float, height: float, peaks: float, rough: float = 0.5) -> Floats:
    """A skyline from left to right, ``height`` above the base at most; rough 0 = soft hills, 0.6 = crags."""
    n = 14 if rough < 0.05 else 48
    t = np.linspace(0, 1, n)
    line = np.zeros(n)
    share = 1.0
    for octave in range(4 if rough >= 0.05 else 1):
        k = max(0.5, peaks * 2.0**octave)
        cells = d.np.uniform(-1, 1, int(k) + 3)
        s = t * k
        i = s.astype(int)
        f = s - i
        if rough < 0.3 or (octave == 0 and d.p(0.5)):
            f = f * f * (3 - 2 * f)
        line += (cells[i] * (1 - f) + cells[i + 1] * f) * share
        share *= rough
    line -= line.min()
    line /= max(line.max(), 1e-6)
    return np.stack([x0 + (x1 - x0) * t, base - height * (0.1 + 0.9 * line)], 1)


def curve(points: Path, n: int = 10) -> Floats:
    """A smooth line through a few points (Catmull–Rom in one sweep)."""
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.arange(n)[None, :, None] / n
    a, b, c, e = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    flat = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - e) * t**2 + (3 * b - a - 3 * c + e) * t**3)
    return np.concatenate([flat.reshape(-1, 2), p[-2:-1]])


def band(path: Path, w0: float, w1: float) -> Floats:
    """A band along a path, w0 wide at its start."""
    p = np.asarray(path, float)
    way = np.gradient(p, axis=0)
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-6)[:, None]
    half = np.linspace(w0, w1, len(p))[:, None] / 2
    side = np.stack([way[:, 1], -way[:, 0]], 1) * half
    return np.concatenate([p + side, (p - side)[::-1]])


def mix(a: tuple[float, float], b: tuple[float, float], t: float) -> tuple[float, float]:
    """The point between two others."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def hatch(d: Sheet, quad: Path, gap: float, keep: float = 1.0) -> None:
    """Parallel strokes over a quadrilateral, from its edge 0-1 to its edge 3-2."""
    q = [(float(a), float(b)) for a, b in quad]
    n = min(26, max(2, int(math.dist(q[0], q[1]) / max(gap, d.fine * 1.6))))
    for i in range(n):
        t = (i + d.u(0.3, 0.7)) / n
        if d.p(keep):
            d.line([mix(q[0], q[1], t), mix(q[3], q[2], t)], 0.6, 0.65)
