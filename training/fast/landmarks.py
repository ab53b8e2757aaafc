"""Towers, temple roofs and halls, steps, bridges and ruins."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import arc, curve, mix, ring
from training.fast.sheet import FREE, M, Sheet
from training.fast.space import Spot, front
from training.fast.walls import door, openings, skin, tiles, window


def tower(d: Sheet, x: float, y: float, w: float, h: float, sort: str | None = None) -> None:
    """A lighthouse, a church tower, a clock tower, a windmill, a pagoda, a water tower, a steel mast."""
    sort = sort or d.r.choice(("lighthouse", "church", "clock", "windmill", "pagoda", "mast", "silo"))
    if sort == "lighthouse":
        d.fill([(x - w / 2, y), (x - w * 0.32, y - h), (x + w * 0.32, y - h), (x + w / 2, y)], M.WALL)
        d.marks([[(x - w * (0.5 - 0.18 * t), y - h * t), (x + w * (0.5 - 0.18 * t), y - h * t)] for t in (0.3, 0.6)])
        d.fill(
            [
                (x - w * 0.45, y - h),
                (x - w * 0.45, y - h - w * 0.12),
                (x + w * 0.45, y - h - w * 0.12),
                (x + w * 0.45, y - h),
            ],
            M.METAL,
        )
        d.fill(
            [
                (x - w * 0.25, y - h - w * 0.12),
                (x - w * 0.25, y - h - w * 0.6),
                (x + w * 0.25, y - h - w * 0.6),
                (x + w * 0.25, y - h - w * 0.12),
            ],
            M.GLOW,
        )
        d.fill([(x - w * 0.35, y - h - w * 0.6), (x, y - h - w), (x + w * 0.35, y - h - w * 0.6)], M.ROOF)
        window(d, front(x - w * 0.3, y, w * 0.6, h), 0.35, 0.5, 0.65, 0.58)
    elif sort in ("church", "clock"):
        wall = front(x - w / 2, y, w, h)
        d.fill(wall.corners, M.WALL)
        skin(d, wall)
        s = d.u(0.8, 1.8) * w
        d.fill([(x - w * 0.6, y - h), (x, y - h - s), (x + w * 0.6, y - h)], M.ROOF)
        if sort == "clock":
            d.fill(ring(x, y - h * 0.82, w * 0.32, w * 0.32), M.WALL, edge=FREE)
            d.marks(
                [[(x, y - h * 0.82), (x, y - h * 0.82 - w * 0.22)], [(x, y - h * 0.82), (x + w * 0.15, y - h * 0.82)]],
                keep=1.4,
            )
        for t in (0.3, 0.6):
            window(d, wall, 0.35, t, 0.65, t + 0.12, "arch")
    elif sort == "windmill":
        d.fill([(x - w / 2, y), (x - w * 0.34, y - h), (x + w * 0.34, y - h), (x + w / 2, y)], M.WALL)
        d.fill(
            arc(x, y - h, w * 0.42, w * d.u(0.3, 0.6), 1, 2, 8)
            if d.p(0.5)
            else [(x - w * 0.42, y - h), (x, y - h - w * 0.6), (x + w * 0.42, y - h)],
            M.ROOF,
        )
        openings(d, front(x - w * 0.35, y, w * 0.7, h * 0.8), 2)
        a0, r = d.u(0, 1.5), h * d.u(0.5, 0.8)
        cloth = d.p(0.5)
        for k in range(4):
            a = a0 + k * math.pi / 2
            c, s = math.cos(a), math.sin(a)
            hub = (x, y - h)
            tip = (x + r * c, y - h + r * s)
            b = r * 0.16
            q = [
                (x + 0.2 * r * c, y - h + 0.2 * r * s),
                tip,
                (tip[0] - b * s, tip[1] + b * c),
                (x + 0.2 * r * c - b * s, y - h + 0.2 * r * s + b * c),
            ]
            d.fill(q, M.CLOTH if cloth else M.WOOD)
            d.marks([[mix(q[0], q[1], t), mix(q[3], q[2], t)] for t in (0.25, 0.5, 0.75)])
            d.rod(hub, tip, w * 0.05, M.WOOD)
    elif sort == "pagoda":
        n = d.r.randint(3, 5)
        for k in range(n):
            s, b = w * (1 - 0.12 * k), y - h * k / n
            wall = front(x - s * 0.32, b, s * 0.64, h / n)
            d.fill(wall.corners, M.WALL if d.p(0.3) else M.WOOD)
            window(d, wall, 0.35, 0.1, 0.65, 0.6)
            eaves(d, x, b - h / n * 0.62, s * 0.62, h / n * 0.42)
        d.rod((x, y - h), (x, y - h * 1.25), d.fine, M.METAL)
    elif sort == "silo":
        d.fill([(x - w / 2, y), (x - w / 2, y - h), (x + w / 2, y - h), (x + w / 2, y)], M.METAL)
        d.fill(arc(x, y - h, w / 2, w * 0.35, 1, 2, 8), M.METAL, edge=FREE)
    else:
        for s in (-1, 1):
            d.rod((x + s * w / 2, y), (x + s * w * 0.08, y - h), d.fine * 1.2, M.METAL)
        for k in range(d.r.randint(3, 7)):
            t, v = k / 7, (k + 1) / 7
            d.rod((x - w / 2 * (1 - 0.84 * t), y - h * t), (x + w / 2 * (1 - 0.84 * v), y - h * v), d.fine, M.METAL)


def eaves(d: Sheet, x: float, y: float, half: float, h: float, way: str | None = None) -> None:
    """A curved or straight temple roof whose eaves lie on row y."""
    way = way or d.manner("eaves", ("straight", "curved", "curved", "lifted"))
    top = half * d.u(0.45, 0.75)
    if way == "straight":
        q: list[Spot] | np.ndarray = [(x - half, y), (x + half, y), (x + top, y - h), (x - top, y - h)]
        d.fill(q, M.ROOF)
    else:
        lift = h * (0.12 if way == "curved" else 0.3)
        left = curve([(x - half, y - lift), (x - half * 0.85, y - h * 0.35), (x - top, y - h)], 4)
        right = left[::-1].copy()
        right[:, 0] = 2 * x - right[:, 0]
        low = curve([(x + half, y - lift), (x, y + lift * 0.3), (x - half, y - lift)], 5)
        d.fill(np.concatenate([left, right, low]), M.ROOF, edge=FREE)
    tiles(d, [(x - half, y), (x + half, y), (x + top, y - h), (x - top, y - h)])
    if d.p(0.5):
        d.fill(
            [
                (x - top * 1.03, y - h),
                (x - top * 1.03, y - h * 1.15),
                (x + top * 1.03, y - h * 1.15),
                (x + top * 1.03, y - h),
            ],
            M.ROOF,
        )


def shrine_hall(d: Sheet, x: float, y: float, w: float) -> None:
    """A hall of a shrine or temple: base, wooden front, wide roof."""
    h, base = w * d.u(0.28, 0.42), w * d.u(0.03, 0.1)
    d.fill(
        [(x - w * 0.55, y), (x - w * 0.55, y - base), (x + w * 0.55, y - base), (x + w * 0.55, y)],
        M.ROCK if d.p(0.7) else M.WOOD,
    )
    wall = front(x - w / 2, y - base, w, h)
    d.fill(wall.corners, M.WALL if d.p(0.5) else M.WOOD)
    n = d.r.randint(3, 5)
    for k in range(n):
        s = (k + 0.5) / n
        if k == n // 2:
            door(d, wall, s - 0.4 / n, s + 0.4 / n, 0.75)
        elif d.p(0.6):
            window(d, wall, s - 0.3 / n, 0.3, s + 0.3 / n, 0.75)
    for s in np.linspace(0.0, 1, n + 1):
        d.rod(wall.at(s, 0), wall.at(s, 1), w * 0.025, M.WOOD)
    eaves(d, x, y - base - h * 0.92, w * d.u(0.62, 0.78), w * d.u(0.2, 0.36))
    if d.p(0.4):
        d.fill(
            [(x - w * 0.2, y - base - h * 0.9), (x, y - base - h * 0.9 - w * 0.14), (x + w * 0.2, y - base - h * 0.9)],
            M.ROOF,
        )
    if d.p(0.6):
        steps(d, x, y, w * 0.3, base, 3)


def steps(d: Sheet, x: float, y: float, w: float, h: float, n: int, *, narrow: float = 1.0, shift: float = 0.0) -> None:
    """Steps that go up from (x, y) as a ladder of levels; ``narrow`` is their width at the top as a share."""
    q = [(x - w / 2, y), (x + w / 2, y), (x + shift + w / 2 * narrow, y - h), (x + shift - w / 2 * narrow, y - h)]
    d.fill(q, M.ROAD)
    pace = 0.55 + 0.45 * narrow
    at = np.cumsum(np.linspace(1, pace * narrow, n))
    for t in at[:-1] / at[-1]:
        d.edge(mix(q[0], q[3], t), mix(q[1], q[2], t), 0.8)


def arch_bridge(d: Sheet, x: float, y: float, w: float, h: float, *, arches: int = 1, material: int = M.ROCK) -> None:
    """A bridge in elevation, deck from (x, y) to (x + w, y); its arches are open to what was drawn before."""
    bow = h * d.u(0, 0.35)
    deck = curve([(x, y), (x + w / 2, y - bow), (x + w, y)], 6)
    thick = h * d.u(0.12, 0.25)
    span = w / arches
    low: list[Spot] = [(x + w, y + h)]
    for k in range(arches - 1, -1, -1):
        a, b = x + k * span, x + (k + 1) * span
        r = span * d.u(0.36, 0.46)
        m = (a + b) / 2
        high = min(h - thick, r * 1.2)
        low += (
            [(m + r, y + h)]
            + [(m + r * math.cos(t), y + h - high * math.sin(t)) for t in np.linspace(0, math.pi, 9)]
            + [(m - r, y + h)]
        )
    low.append((x, y + h))
    d.fill(np.concatenate([deck, low]), material)
    if d.p(0.7):
        rail = deck - np.array([0.0, h * 0.16])
        d.line(rail, 0.9)
        for k in range(0, len(deck), 2):
            d.rod(tuple(deck[k]), tuple(rail[k]), d.fine, material if d.p(0.5) else M.METAL)


def ruin(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A broken wall, an arch, a gable or a column that still stands."""
    way = d.r.choice(("wall", "wall", "arch", "column", "column", "stump", "gable", "frame"))
    crack = [(x + w * t, y - h * d.u(0.55, 1)) for t in np.linspace(0, 1, d.r.randint(4, 9))]
    if way in ("wall", "frame"):
        wall = front(x, y, w, h)
        d.fill([(x, y), *crack, (x + w, y)], M.WALL)
        for _ in range(d.r.randint(0, 3)):
            s, t = d.u(0.1, 0.7), d.u(0.15, 0.4)
            window(d, wall, s, t, s + 0.16, t + 0.22)
        skin(d, wall)
        if way == "frame":
            for s in (0.2, 0.5, 0.8):
                d.rod((x + s * w, y - h * 0.5), (x + s * w + d.u(-10, 10), y - h * d.u(0.9, 1.2)), d.fine, M.METAL)
    elif way == "arch":
        r = w * 0.3
        m = x + w / 2
        inner = (
            [(m - r, y)]
            + [(m - r * math.cos(t), y - h * 0.45 - r * math.sin(t)) for t in np.linspace(0, math.pi, 9)]
            + [(m + r, y)]
        )
        d.fill([(x + w, y), *crack[::-1], (x, y), *inner], M.WALL)
        d.marks(
            [
                [
                    (m - r * 1.0 * math.cos(t), y - h * 0.45 - r * math.sin(t)),
                    (m - r * 1.3 * math.cos(t), y - h * 0.45 - r * 1.3 * math.sin(t)),
                ]
                for t in np.linspace(0, math.pi, 8)
            ]
        )
    elif way == "column":
        for k in range(d.r.randint(1, 4)):
            cx, s, top = x + k * w * 0.35, w * 0.13, h * d.u(0.3, 1)
            d.fill(
                [
                    (cx - s / 2, y),
                    (cx - s * 0.43, y - top),
                    (cx + s * 0.2, y - top - s * d.u(-0.3, 0.4)),
                    (cx + s * 0.43, y - top + s * 0.2),
                    (cx + s / 2, y),
                ],
                M.WALL,
            )
            d.fill(
                [(cx - s * 0.7, y), (cx - s * 0.7, y - s * 0.3), (cx + s * 0.7, y - s * 0.3), (cx + s * 0.7, y)], M.WALL
            )
            d.marks([[(cx + q * s, y - s * 0.4), (cx + q * s * 0.9, y - top * 0.9)] for q in (-0.2, 0, 0.2)])
    elif way == "gable":
        d.fill(
            [
                (x, y),
                (x, y - h * 0.5),
                (x + w * 0.5, y - h),
                (x + w * 0.7, y - h * 0.72),
                (x + w * 0.66, y - h * 0.5),
                (x + w, y - h * 0.4),
                (x + w, y),
            ],
            M.WALL,
        )
        window(d, front(x, y, w, h), 0.35, 0.3, 0.55, 0.55)
    else:
        d.fill(
            [(x, y), (x + w * 0.05, y - h * 0.3), (x + w * 0.5, y - h * 0.24), (x + w * 0.9, y - h * 0.35), (x + w, y)],
            M.WALL,
        )
    if d.p(0.4):
        for _ in range(d.r.randint(1, 4)):
            q = x + d.u(-0.1, 1.1) * w
            s = w * d.u(0.06, 0.16)
            d.fill(
                [(q - s, y + s * 0.4), (q - s * 0.6, y - s * 0.7), (q + s * 0.5, y - s * 0.8), (q + s, y + s * 0.3)],
                M.ROCK,
            )
