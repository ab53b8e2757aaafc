"""What is on a layout and is no part of the scene: construction, frames, notes, figures, crosses."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import arc, ring
from training.fast.sheet import Sheet


def scribble(d: Sheet) -> None:
    """Put some of it over the drawing; materials stay what they are."""
    share, r = d.hand.notes, d.r
    if d.p(share * 0.7):
        _construction(d)
    if d.p(share * 0.4):
        x, y = d.u(0.01, 0.08) * d.w, d.u(0.01, 0.08) * d.h
        box = [(x, y), (d.w - x, y), (d.w - x, d.h - y), (x, d.h - y)]
        for k in range(4):
            d.edge(box[k], box[(k + 1) % 4], 0.7, d.u(0.3, 1))
    if d.p(share * 0.3):
        d.line([(d.w / 2 - 20, d.h / 2), (d.w / 2 + 20, d.h / 2)], 0.7)
        d.line([(d.w / 2, d.h / 2 - 20), (d.w / 2, d.h / 2 + 20)], 0.7)
    for _ in range(r.randint(1, 4) if d.p(share * 0.7) else 0):
        _words(d, d.u(0, 0.95) * d.w, d.u(0, 1) * d.h, d.u(8, 30), r.randint(2, 9))
    if d.p(share * 0.4):
        x, y, a, n = d.u(0, d.w), d.u(0, d.h), d.u(0, 6.28), d.u(40, 300)
        tip = (x + n * math.cos(a), y + n * math.sin(a))
        d.line([(x, y), tip])
        for s in (-0.4, 0.4):
            d.line([tip, (tip[0] - 30 * math.cos(a + s), tip[1] - 30 * math.sin(a + s))])
    if d.p(share * 0.35):
        _figure(d, d.u(0.1, 0.9) * d.w, d.u(0.5, 1.05) * d.h, d.u(60, 420))
    for _ in range(r.randint(1, 6) if d.p(share * 0.3) else 0):
        p = d.np.uniform((0, 0), (d.w, d.h), 2)
        d.line(p + np.cumsum(d.np.normal(0, 30, (6, 2)), 0), 0.7, 0.6)


def _construction(d: Sheet) -> None:
    """Rays to a vanishing point, the horizon, thirds or diagonals; faint."""
    p = d.u(0.15, 0.6)
    way = d.r.choice(("rays", "rays", "horizon", "grid", "diagonals"))
    y = d.u(0.25, 0.7) * d.h
    if way == "rays":
        x = d.u(-0.2, 1.2) * d.w
        for a in np.linspace(0, 6.28, d.r.randint(5, 16)):
            n = d.u(0.3, 1.2) * d.w
            d.edge((x, y), (x + n * math.cos(a), y + n * math.sin(a)), 0.6, p)
    if way in ("rays", "horizon"):
        d.edge((-10, y), (d.w + 10, y), 0.6, p)
    elif way == "grid":
        for k in (1 / 3, 2 / 3):
            d.edge((0, k * d.h), (d.w, k * d.h), 0.6, p)
            d.edge((k * d.w, 0), (k * d.w, d.h), 0.6, p)
    else:
        d.edge((0, 0), (d.w, d.h), 0.6, p)
        d.edge((0, d.h), (d.w, 0), 0.6, p)


def _words(d: Sheet, x: float, y: float, s: float, n: int) -> None:
    for k in range(n):
        q = np.array([x + k * s * 1.1, y])
        for _ in range(d.r.randint(1, 4)):
            d.line(q + d.np.uniform(0, s, (d.r.randint(2, 4), 2)), 0.7, 0.9)


def _figure(d: Sheet, x: float, y: float, h: float) -> None:
    """A person as a place for one is kept: head, trunk, legs; see-through."""
    d.line(np.concatenate([ring(x, y - h * 0.9, h * 0.07, h * 0.09, 14)] * 2)[:16], 0.9)
    for s in (-1, 1):
        d.line(
            [(x + s * h * 0.03, y - h * 0.8), (x + s * h * 0.12, y - h * 0.75), (x + s * h * 0.14, y - h * 0.45)], 0.9
        )
        d.line([(x + s * h * 0.08, y - h * 0.5), (x + s * h * 0.07, y)], 0.9)
    d.line(arc(x, y - h * 0.5, h * 0.08, h * 0.03, 0, 1, 5), 0.8)
