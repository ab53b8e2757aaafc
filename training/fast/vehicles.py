"""Boats, cars, trains, cranes."""

from __future__ import annotations

import numpy as np

from training.fast.curves import mix, ring
from training.fast.sheet import FREE, M, Sheet
from training.fast.space import front
from training.fast.walls import window


def boat(d: Sheet, x: float, y: float, s: float) -> None:
    """A boat in the water, its waterline on y: rowing boat, fishing boat, sailing boat, ship."""
    way = d.manner("boat", ("hull", "hull", "sail", "sail", "fishing", "ship", "moored"), 0.4)
    m = d.r.choice((-1, 1))
    h = s * d.u(0.14, 0.26)
    hull = [
        (x - m * s * 0.42, y),
        (x - m * s * 0.5, y - h),
        (x + m * s * 0.35, y - h * 0.9),
        (x + m * s * 0.58, y - h * 1.35),
        (x + m * s * 0.42, y),
    ]
    big = way == "ship"
    if way == "sail":
        top = (x - m * 0.02 * s, y - h - s * d.u(0.8, 1.3))
        d.rod((top[0], y - h), top, s * 0.025, M.WOOD)
        d.fill(
            [
                (top[0] - m * s * 0.02, top[1] + 0.04 * s),
                (top[0] - m * s * 0.42, y - h * 1.6),
                (top[0] - m * s * 0.02, y - h * 1.4),
            ],
            M.CLOTH,
        )
        if d.p(0.6):
            d.fill(
                [
                    (top[0] + m * s * 0.03, top[1] + 0.1 * s),
                    (top[0] + m * s * 0.4, y - h * 1.5),
                    (top[0] + m * s * 0.03, y - h * 1.4),
                ],
                M.CLOTH,
            )
    elif way in ("fishing", "ship"):
        cx, cw, ch = x - m * s * d.u(0, 0.2), s * 0.3, s * (0.28 if not big else 0.2)
        d.box(cx - cw / 2, y - h * 0.9, cw, ch, M.WALL)
        window(d, front(cx - cw / 2, y - h * 0.9, cw, ch), 0.15, 0.45, 0.85, 0.8)
        if big:
            d.box(cx - cw * 0.15, y - h - ch, cw * 0.3, ch * 0.7, M.METAL)
        d.rod(
            (x + m * s * 0.2, y - h),
            (x + m * s * 0.2, y - h - s * d.u(0.35, 0.7)),
            s * 0.02,
            M.METAL if big else M.WOOD,
        )
        d.marks([[(x + m * s * 0.2, y - h - s * 0.35), (x + m * s * 0.5, y - h * 1.3)]])
    d.fill(hull, M.METAL if big else M.WOOD, edge=FREE if d.p(0.3) else 1)
    if way in ("hull", "moored"):
        d.fill([hull[1], hull[2], hull[3], (x, y - h * 0.72)], M.WOOD)
        d.marks([[(x - m * s * 0.2, y - h), (x - m * s * 0.2, y - h * 0.75)]])
    d.marks([[mix(hull[0], hull[1], 0.6), mix(hull[4], hull[3], 0.5)]])
    if d.hand.detail:
        d.marks(
            [
                [(x - s * 0.5, y + h * 0.25), (x + s * 0.3, y + h * 0.25)],
                [(x - s * 0.2, y + h * 0.5), (x + s * 0.5, y + h * 0.5)],
            ]
        )


def car(d: Sheet, x: float, y: float, s: float) -> None:
    """A car, a van or a bus from the side or the front."""
    m, way = d.r.choice((-1, 1)), d.manner("car", ("side", "side", "van", "front"), 0.4)
    if way == "front":
        d.box(x - s * 0.25, y, s * 0.5, s * 0.25, M.METAL)
        d.fill(
            [
                (x - s * 0.22, y - s * 0.25),
                (x - s * 0.17, y - s * 0.45),
                (x + s * 0.17, y - s * 0.45),
                (x + s * 0.22, y - s * 0.25),
            ],
            M.METAL,
        )
        d.fill(
            [
                (x - s * 0.18, y - s * 0.27),
                (x - s * 0.14, y - s * 0.42),
                (x + s * 0.14, y - s * 0.42),
                (x + s * 0.18, y - s * 0.27),
            ],
            M.WINDOW,
        )
        for k in (-0.17, 0.17):
            d.fill(ring(x + k * s, y - s * 0.16, s * 0.04, s * 0.04, 8), M.GLOW, edge=FREE)
        return
    h = s * (0.3 if way == "side" else 0.5)
    if way == "van":
        q = [(x - s / 2, y - s * 0.06), (x + s / 2, y - s * 0.06), (x + s / 2, y - h), (x - s / 2, y - h)]
        panes = [(-0.4, -0.12), (-0.06, 0.18), (0.24, 0.44)]
    else:
        q = [
            (x - s / 2, y - s * 0.06),
            (x + s / 2, y - s * 0.06),
            (x + s * 0.5, y - h * 0.6),
            (x + m * 0 + s * 0.26, y - h * 0.65),
            (x + s * 0.14, y - h * 1.1),
            (x - s * 0.2, y - h * 1.1),
            (x - s * 0.34, y - h * 0.65),
            (x - s * 0.5, y - h * 0.6),
        ]
        panes = [(-0.26, -0.04), (0.0, 0.19)]
    if m < 0:
        q = [(2 * x - a, b) for a, b in q]
    d.fill(q, M.METAL)
    for a, b in panes:
        a, b = (a, b) if m > 0 else (-b, -a)
        d.box(x + a * s, y - h * 0.66, (b - a) * s, h * 0.34, M.WINDOW)
    for k in (-0.3, 0.3):
        d.fill(ring(x + k * s, y - s * 0.05, s * 0.085, s * 0.085, 12), M.METAL, edge=FREE)


def train(d: Sheet, x: float, y: float, w: float, h: float, *, cars: int = 1) -> None:
    """Railway cars seen from the side, their wheels on y."""
    for k in range(cars):
        a, s = x + k * w / cars, w / cars * 0.97
        for t in (0.15, 0.3, 0.7, 0.85):
            d.fill(ring(a + t * s, y - h * 0.06, h * 0.07, h * 0.07, 10), M.METAL, edge=FREE)
        d.box(a, y - h * 0.1, s, h * 0.85, M.METAL)
        wall = front(a, y - h * 0.1, s, h * 0.85)
        n = d.r.randint(3, 7)
        for i in range(n):
            if i in (1, n - 2) and d.p(0.7):
                d.marks([[*wall.rect((i + 0.2) / n, 0.02, (i + 0.8) / n, 0.9), wall.at((i + 0.2) / n, 0.02)]])
                window(d, wall, (i + 0.3) / n, 0.5, (i + 0.7) / n, 0.82, "box")
            else:
                window(d, wall, (i + 0.12) / n, 0.48, (i + 0.88) / n, 0.84, "box")
        d.marks([[wall.at(0, 0.36), wall.at(1, 0.36)]])
    if d.p(0.5):
        d.rod((x + w * 0.3, y - h), (x + w * 0.36, y - h * 1.2), d.fine, M.METAL)


def crane(d: Sheet, x: float, y: float, h: float) -> None:
    """A harbour or building crane."""
    m = d.r.choice((-1, 1))
    t = max(d.fine * 1.2, h * 0.02)
    d.rod((x, y), (x, y - h), t * 2, M.METAL)
    d.rod((x - m * h * 0.25, y - h * 0.85), (x + m * h * 0.7, y - h * d.u(0.85, 1.2)), t, M.METAL)
    d.line([(x + m * h * 0.6, y - h * 0.92), (x + m * h * 0.6, y - h * 0.5)], 0.6)
    d.marks([[(x - t, y - h * k), (x + t, y - h * (k + 0.08))] for k in np.linspace(0.1, 0.8, 7)])
