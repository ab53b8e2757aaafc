"""Ways and fields on a level ground: paths to the horizon, roads seen from the side, paddies between dikes."""

from __future__ import annotations

import math

import numpy as np

from training.fast import plants, posts
from training.fast.curves import mix
from training.fast.sheet import BARE, M, Sheet
from training.fast.space import Camera, Spot


def trail(d: Sheet, y: float, *materials: M) -> None:
    """A way between two plain lines, empty inside, from the lower or a side edge to a vanishing point on row y.

    Straight or winding, a footpath or a wide road, with or without verges, tufts, a pole before it.
    """
    material = d.r.choice(materials or (M.SOIL, M.SOIL, M.ROAD))
    vx = d.u(0.05, 0.95) * d.w if d.p(0.85) else d.u(-0.5, 1.5) * d.w
    half = d.r.choice((d.u(12, 60), d.u(50, 180), d.u(100, 320), d.u(250, 700)))
    low, x0 = 1060.0, d.u(-0.1, 1.1) * d.w
    if d.p(0.25):  # leaves through a side edge
        x0 = d.r.choice((d.u(-1.6, -0.4), d.u(1.4, 2.6))) * d.w
    winding = d.p(0.5)
    sway, turn, pace = (d.u(60, 420), d.u(0, 6.3), d.u(0.8, 2.0)) if winding else (0.0, 0.0, 1.0)
    first = d.r.choice((0.006, 0.006, 0.02, d.u(0.02, 0.25)))
    t = np.geomspace(first, 1.0, 22 if winding else 3)
    bend = sway * (np.sin(turn + pace * np.log(t)) - math.sin(turn))
    middle, rows = vx + (x0 - vx) * t + bend * t**0.8, y + 3 + (low - y) * t
    wide = half * t + 1.2
    left, right = np.stack([middle - wide, rows], 1), np.stack([middle + wide, rows], 1)
    verge = d.r.choice((0.0, 0.0, 0.0, d.u(0.06, 0.3)))
    if verge:
        out = wide * (1 + verge)
        sides = (np.stack([middle - out, rows], 1), np.stack([middle + out, rows], 1))
        if d.p(0.5):
            d.fill(np.concatenate([sides[0], sides[1][::-1]]), material, edge=BARE)
        for side in sides:
            d.line(side, 0.9)
    d.fill(np.concatenate([left, right[::-1]]), material, edge=BARE)
    for side in (left, right):
        if not d.p(d.hand.omit * 0.2):
            d.line(side)
    if first > 0.02 and d.p(0.5):  # it goes over a crest
        d.edge(left[0], right[0])
    if d.hand.detail and d.p(0.35):
        _tufts_beside(d, (left, -1), (right, 1))
    if d.p(0.2):
        k = d.u(0.15, 0.7)
        px = float(np.interp(k, t, middle + d.r.choice((-1, 0, 1, 1.3)) * wide))
        posts.pole(d, px, y + 3 + (low - y) * k, (low - y) * k * d.u(1.5, 3))


def _tufts_beside(d: Sheet, *sides: tuple[np.ndarray, int]) -> None:
    lines = []
    for side, way in sides:
        for _ in range(d.r.randint(3, 12)):
            at = d.r.random() ** 0.7 * (len(side) - 1)
            k = min(int(at), len(side) - 2)
            x, row = mix(tuple(side[k]), tuple(side[k + 1]), at - k)
            s = d.fine * (1 + 5 * max(0.0, (row - 400) / 600))
            lines += plants.tuft(d, x + way * d.u(0, 2) * s, row, s)
    d.marks(lines, keep=1.3)


def wavy(d: Sheet, row: float, sway: float, x0: float = -60.0, x1: float | None = None) -> np.ndarray:
    """A long line across the picture that strays a little from its row."""
    x1 = d.w + 60 if x1 is None else x1
    x = np.linspace(x0, x1, 16)
    return np.stack([x, row + sway * np.sin(x / d.u(250, 900) + d.u(0, 6.3)) + d.np.normal(0, sway * 0.2, 16)], 1)


def strip(d: Sheet, row: float, deep: float, material: int = M.ROAD) -> None:
    """A road seen from the side: two long lines across the picture, now and then with kerbs or a middle line."""
    sway, tilt = d.r.choice((0.0, d.u(0, 5), d.u(3, 14))), d.r.choice((0.0, 0.0, d.u(-30, 30)))
    far, near = wavy(d, row, sway), wavy(d, row + deep, sway)
    lift = np.stack([np.zeros(16), np.linspace(-tilt, tilt, 16)], 1)
    far, near = far + lift, near + lift * d.u(0.8, 1.3)
    d.fill(np.concatenate([far, near[::-1]]), material, edge=BARE)
    kerbs = d.r.choice(("none", "none", "far", "near", "both"))
    for line, name in ((far, "far"), (near, "near")):
        if not d.p(d.hand.omit * 0.25):
            d.line(line)
        if kerbs in (name, "both"):
            d.line(line + np.array([0.0, d.u(1.5, 4) * d.fine * (-1 if name == "far" else 1)]), 0.9)
    if d.p(0.2):
        middle = (far + near) / 2
        d.marks([middle] if d.p(0.4) else [middle[k : k + 2] for k in range(0, 15, 2)], keep=1.2)
    if d.hand.detail and d.p(0.5):
        for line, share in ((far, 0.5), (near, 0.8)):
            if d.p(share):
                lines = []
                for _ in range(d.r.randint(5, 22)):
                    x = d.u(0, d.w)
                    s = d.fine * d.u(1.2, 4)
                    lines += plants.tuft(d, x, float(np.interp(x, line[:, 0], line[:, 1])) + d.u(-2, 3), s)
                d.marks(lines, keep=1.2)


RAILS = ("guard", "cables", "pipes", "one rail", "rail", "posts", "hoops", "pickets")


def rail_before(d: Sheet, row: float | None = None) -> None:
    """A fence or a guard rail that runs across the lower part of the picture, open to what lies behind."""
    row = d.u(940, 1120) if row is None else row
    sort = d.r.choice(RAILS)
    h, drop = d.u(60, 110 if sort == "guard" else 260), d.r.choice((0.0, 0.0, d.u(-90, 90)))
    a, b = -40.0, d.w + 40
    if d.p(0.3):
        a, b = d.r.choice(((-40.0, d.u(0.3, 0.8) * d.w), (d.u(0.2, 0.7) * d.w, d.w + 40)))
    posts.fence(d, (a, row - drop), (b, row + drop), h, h * d.u(0.8, 1.25), sort)


def paddies(d: Sheet, y: float, *, crop: int = M.WATER, mixed: float = 0.0) -> None:
    """Fields cut into quadrilaterals by dikes, in perspective; empty ones, or with seedlings in rows.

    The ground between them must have been drawn. ``mixed`` of the fields are green, if the hand marks them.
    """
    cam = Camera(d.u(1.6, 6.0), d.u(700, 1700), d.u(-0.1, 1.1) * d.w, y, 0.7)
    way = d.r.choice(("one", "two", "grid", "grid", "grid", "strips"))
    yaw = d.r.choice((0.0, d.u(-0.15, 0.15), d.u(-0.7, 0.7)))
    wide, deep = cam.eye * d.u(2.0, 7), cam.eye * d.u(2.0, 6)
    if way == "strips":
        wide = cam.eye * 60
    elif way != "grid":
        wide, deep = cam.eye * d.u(4, 14), cam.eye * d.u(4, 20)
    dike = cam.eye * d.r.choice((d.u(0.05, 0.15), d.u(0.12, 0.4), d.u(0.3, 0.9)))
    double = d.r.choice((0.0, 0.0, dike * d.u(0.25, 0.7)))
    c, s = math.cos(yaw), math.sin(yaw)
    rows = {"one": 1, "two": d.r.choice((1, 2))}.get(way, 8)
    columns = {"one": 1, "two": 2, "strips": 1}.get(way, 11)
    z0 = cam.eye * d.u(0.6, 1.6)
    x0 = -wide * columns / 2 + d.u(-0.5, 0.5) * wide
    marks = d.manner("seedlings", ("none", "none", "none", "dots", "strokes", "vees", "ripples"), 1.0)
    budget = 260
    for j in range(rows - 1, -1, -1):
        a, b = z0 + j * deep, z0 + (j + 1) * deep - dike
        shift = d.u(-0.3, 0.3) * wide if d.p(0.4) and columns > 2 else 0.0
        for i in range(columns):
            e, f = x0 + shift + i * wide, x0 + shift + (i + 1) * wide - dike
            place = [(e, a), (f, a), (f, b), (e, b)]
            q = cam.polygon([(px * c + (pz - z0) * s, 0.0, z0 + (pz - z0) * c - px * s) for px, pz in place])
            if len(q) < 3 or max(p[0] for p in q) < 0 or min(p[0] for p in q) > d.w or min(p[1] for p in q) > 1010:
                continue
            if max(p[1] for p in q) - min(p[1] for p in q) < 1.6 * d.fine:
                continue
            green = mixed > 0 and len(q) == 4 and budget > 0 and d.hand.detail > 0.4 and d.p(mixed)
            d.fill(q, M.GRASS if green else crop)
            if double:
                k = double
                inner = [(e - k, a - k), (f + k, a - k), (f + k, b + k), (e - k, b + k)]
                rim = cam.polygon([(px * c + (pz - z0) * s, 0.0, z0 + (pz - z0) * c - px * s) for px, pz in inner])
                d.line([*rim, rim[0]] if rim else [], 0.8)
            if len(q) == 4 and budget > 0 and (marks != "none" or green):
                budget -= _seedlings(d, q, "strokes" if green else marks, green)


def _seedlings(d: Sheet, q: list[Spot], way: str, thick: bool) -> int:
    """Rows of young plants, or a few ripples, in a field; returns how many."""
    if not d.hand.detail:
        return 0
    across = max(math.dist(q[0], q[1]), math.dist(q[3], q[2]))
    tall = max(p[1] for p in q) - min(p[1] for p in q)
    if way == "ripples":
        for _ in range(4):
            p = mix(mix(q[0], q[1], d.u(0.1, 0.7)), mix(q[3], q[2], d.u(0.1, 0.7)), d.u(0.1, 0.9))
            d.marks([[p, (p[0] + across * d.u(0.05, 0.2), p[1])]])
        return 4
    n = int(np.clip(across / (7 * d.fine), 2, 9))
    m = int(np.clip(tall / (5 * d.fine), 1, 7))
    lines = []
    for j in range(m):
        t = 1 - ((m - j - 0.5) / m) ** 0.6
        for i in range(n):
            if not thick and d.p(0.15):
                continue
            k = (i + 0.5) / n
            x, row = mix(mix(q[0], q[1], k), mix(q[3], q[2], k), t)
            s = d.fine * (0.5 + 1.4 * (1 - t))
            if way == "dots":
                lines.append([(x, row), (x + 0.6 * s, row)])
            elif way == "vees":
                lines.append([(x - s * 0.5, row - s), (x, row), (x + s * 0.5, row - s)])
            else:
                lines.append([(x, row), (x + d.u(-0.3, 0.3) * s, row - s * 1.4)])
    d.marks(lines, keep=1.3)
    return n * m
