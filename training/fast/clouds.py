"""Clouds, each in many ways of drawing; their foot is often open."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import arc, blob, bumps, curve, hatch, puffs
from training.fast.sheet import BARE, FREE, M, Sheet

CLOUDS = (
    "arcs", "row", "ring", "long", "arcs", "scallop", "bundle", "scallop", "cumulus", "open", "through", "curled",
    "spiral", "flat", "streaks", "tower", "bank",
)  # fmt: skip


def cloud(d: Sheet, x: float, y: float, w: float, way: str | None = None) -> None:
    """A cloud about (x, y)."""
    way = way or d.manner("cloud", CLOUDS, 0.7)
    h = w * d.u(0.25, 0.5)
    n = d.r.randint(3, 7)
    if way in ("row", "long", "through", "bundle"):
        _row(d, x, y, w, h, way)
    elif way == "curled":
        _curled(d, x, y, w, h, n)
    elif way in ("arcs", "open"):
        tops = np.sin(np.linspace(0.35, math.pi - 0.35, n + 1))
        path = np.stack(
            [np.linspace(x - w / 2, x + w / 2, n + 1), y - h * 0.55 * tops * d.np.uniform(0.5, 1.1, n + 1)], 1
        )
        path[0, 1] = path[-1, 1] = y
        line = bumps(d, path, w / n, d.u(0.4, 0.75), uneven=0.3)
        d.fill(line, M.CLOUD, edge=BARE)
        d.line(line)
        if way == "arcs":
            d.edge((x - w * 0.5, y), (x + w * 0.5, y))
        elif d.p(0.5):
            d.line([(x - w * 0.3, y), (x + w * 0.2, y)], 0.7, 0.7)
    elif way == "ring":
        d.fill(blob(d, x, y, w / 2, h / 2, 0.2), M.CLOUD, edge=FREE)
    elif way == "scallop":
        d.fill(puffs(d, x, y, w / 2, h / 2, d.r.randint(6, 14), d.u(0.3, 0.6)), M.CLOUD, edge=FREE)
    elif way == "flat":
        for k in range(d.r.randint(1, 3)):
            d.fill(
                blob(d, x + d.u(-0.2, 0.2) * w, y + k * h * 0.3, w * d.u(0.25, 0.55), h * 0.12, 0.1), M.CLOUD, edge=FREE
            )
    elif way == "streaks":
        for _ in range(d.r.randint(1, 4)):
            a, s, t = x + d.u(-0.4, 0.4) * w, w * d.u(0.3, 0.6), h * d.u(0.05, 0.16)
            b = y + d.u(-0.5, 0.5) * h
            top = curve([(a - s, b), (a, b - t), (a + s, b - t * d.u(-0.5, 1))], 5)
            d.fill(np.concatenate([top, top[::-1] + np.array([0.0, t])]), M.CLOUD, edge=FREE)
    elif way in ("cumulus", "tower"):
        if way == "tower":
            h = w * d.u(0.7, 1.3)
        spots = [
            (x + w * d.u(-0.38, 0.38), y - h * d.u(0.15, 0.6), w * d.u(0.13, 0.22)) for _ in range(d.r.randint(5, 10))
        ]
        for a, b, s in sorted(spots, key=lambda q: q[1]):
            low = y - b
            ringed = puffs(d, a, b, s, s * d.u(0.7, 1), d.r.randint(6, 10), 0.4)
            d.fill(
                np.concatenate([np.minimum(ringed, [1e9, y]), [(a, y)]]) if low > s else np.minimum(ringed, [1e9, y]),
                M.CLOUD,
                edge=BARE,
            )
            cut = max(2, int(len(ringed) * 0.6))
            k = int(ringed[:, 1].argmin())
            d.line(np.roll(ringed, cut // 2 - k, 0)[:cut])
        if d.p(0.7):
            d.edge((x - w * 0.4, y), (x + w * 0.4, y))
    elif way == "bank":
        line = bumps(
            d,
            [(x - w, y), (x - w * 0.4, y - h * d.u(0.2, 1)), (x + w * 0.3, y - h * d.u(0.2, 1)), (x + w, y)],
            w * d.u(0.1, 0.25),
            0.5,
        )
        d.fill(line, M.CLOUD, edge=BARE)
        d.line(line)
    else:
        d.fill(puffs(d, x, y, w / 2, h / 2, n + 4, 0.5), M.CLOUD, edge=FREE)
        t = np.linspace(0, 11, 30)
        d.marks([np.stack([x + w * 0.022 * t * np.cos(t), y + h * 0.022 * t * np.sin(t)], 1)])
    if d.hand.detail and way in ("arcs", "cumulus", "scallop", "bank", "tower", "long"):
        d.marks(
            [
                arc(x + d.u(-0.3, 0.3) * w, y - d.u(0, 0.35) * h, w * 0.1, h * 0.14, d.u(0.9, 1.2), d.u(1.7, 2), 6)
                for _ in range(d.r.randint(0, 4))
            ]
        )
        if d.p(d.hand.hatch * 0.5):
            hatch(
                d,
                [
                    (x - 0.3 * w, y - 0.12 * h),
                    (x + 0.3 * w, y - 0.12 * h),
                    (x + 0.26 * w, y - 4),
                    (x - 0.34 * w, y - 4),
                ],
                3 * d.fine,
            )


def _row(d: Sheet, x: float, y: float, w: float, h: float, way: str) -> None:
    """Arcs side by side on one row: open below, over one separate long line, see-through, or a small bundle."""
    n = d.r.randint(2, 4) if way == "bundle" else d.r.randint(3, 6)
    w = w * d.u(0.4, 0.6) if way == "bundle" else w
    lap = d.u(1.25, 1.7) if way == "through" else d.u(0.98, 1.12)
    at = np.linspace(x - w / 2, x + w / 2, n + 1)
    arcs = []
    for i in range(n):
        a, half = (at[i] + at[i + 1]) / 2, w / n / 2 * lap
        tall = h * (0.45 + 0.55 * math.sin(math.pi * (i + 0.5) / n)) * d.u(0.7, 1.1)
        tall = min(tall, half * d.u(0.8, 1.6))
        ends = d.u(-0.12, 0.04) if way != "long" else 0.0
        arcs.append(arc(a, y, half, tall, 1 + ends, 2 - ends, 10))
    for line in arcs:
        d.fill(np.minimum(line, [1e9, y]), M.CLOUD, edge=BARE)
    hidden = arcs if way == "through" else sorted(arcs, key=lambda q: float(q[:, 1].min()))
    for line in hidden:
        if way != "through":
            d.fill(np.minimum(line, [1e9, y]), M.CLOUD, edge=BARE)
        d.line(line)
    if way == "long" or (way == "through" and d.p(0.4)):
        over = w * d.u(-0.05, 0.25)
        d.edge((x - w / 2 - over, y), (x + w / 2 + over * d.u(0.3, 1), y), 0.9)


def _curled(d: Sheet, x: float, y: float, w: float, h: float, n: int) -> None:
    """Bumps whose two ends roll up, with a flat foot or none."""
    path = [(x - w / 2, y), (x - w * 0.25, y - h * 0.6), (x + w * 0.2, y - h * 0.65), (x + w / 2, y)]
    line = bumps(d, path, w / n, d.u(0.4, 0.65), uneven=0.3)
    d.fill(line, M.CLOUD, edge=BARE)
    t = np.linspace(0, d.u(5, 10), 14)
    for end, way in ((line[0], 1), (line[-1], -1)):
        r = w * d.u(0.05, 0.09) * (1 - t / 13)
        curl = np.stack([end[0] + way * r * np.sin(t), end[1] - w * 0.07 + r * np.cos(t)], 1)
        d.fill(curl[:8], M.CLOUD, edge=BARE)
        d.line(np.concatenate([[end], curl]) if way > 0 else np.concatenate([curl[::-1], [end]]))
    d.line(line)
    if d.p(0.6):
        d.edge((x - w * d.u(0.2, 0.5), y), (x + w * d.u(0.2, 0.5), y))


def towering(d: Sheet, horizon: float) -> None:
    """A heap of cloud so large that it leaves the frame at the top; it rises from behind what stands on the horizon."""
    x, half = d.u(0, 1) * d.w, d.u(0.12, 0.36) * d.w
    floats = d.p(0.3)
    low = horizon * (d.u(0.7, 0.95) if floats else d.u(1.0, 1.05))
    side = [
        (x - half * 1.5, low),
        (x - half, low * 0.72),
        (x - half * d.u(0.8, 1.2), low * 0.35),
        (x - half * 0.8, -80),
    ]
    other = [(2 * x - a + d.u(-0.2, 0.2) * half, b) for a, b in side]
    size, depth = half * d.u(0.2, 0.6), d.u(0.35, 0.55)
    left, right = bumps(d, side, size, depth), bumps(d, other[::-1], size, depth)
    d.fill(np.concatenate([left, right]), M.CLOUD, edge=BARE)
    d.line(left)
    d.line(right)
    d.marks(
        [arc(x + d.u(-0.6, 0.6) * half, low * d.u(0.1, 0.9), size * 0.6, size * 0.5, 0.9, 1.9, 7) for _ in range(5)]
    )
    if floats:
        d.edge((x - half * 1.5, low), (x + half * 1.5, low))
