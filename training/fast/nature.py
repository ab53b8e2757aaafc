"""Sky, mountains, stones, water and bare ground, each in several ways of drawing."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import arc, blob, bumps, curve, hatch, puffs, ridge, ring
from training.fast.sheet import BARE, FREE, M, Path, Sheet

CLOUDS = ("arcs", "arcs", "ring", "scallop", "cumulus", "open", "spiral", "flat", "streaks", "tower", "bank")


def cloud(d: Sheet, x: float, y: float, w: float, way: str | None = None) -> None:
    """A cloud about (x, y)."""
    way = way or d.manner("cloud", CLOUDS, 0.7)
    h = w * d.u(0.25, 0.5)
    n = d.r.randint(3, 7)
    if way in ("arcs", "open"):
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
    if d.hand.detail and way in ("arcs", "cumulus", "scallop", "bank", "tower"):
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


def sky(d: Sheet, horizon: float, *, night: bool = False, room: float = 1.0) -> None:
    """What hangs in the sky: clouds, sun or moon, stars, fireworks, birds; or nothing."""
    horizon = max(horizon, 60.0)
    if d.p(0.22 if not night else 0.6):
        r = d.u(18, 75)
        x, y = d.u(0.05, 0.95) * d.w, d.u(0.05, 0.85) * horizon
        moon = night and d.p(0.4)
        if moon and d.p(0.6):
            out, back = arc(x, y, r, r, 0.5, 1.5, 14), arc(x, y, r * d.u(0.2, 0.6), r, 1.5, 0.5, 14)
            d.fill(np.concatenate([out, back]), M.GLOW, edge=FREE)
        else:
            d.fill(ring(x, y, r, r, 30), M.GLOW, edge=FREE)
            if not night and d.p(0.4):
                d.marks(
                    [
                        [(x + r * k * math.cos(a), y + r * k * math.sin(a)) for k in (1.2, d.u(1.5, 2))]
                        for a in np.linspace(0, 5.8, 10)
                    ]
                )
    if night and d.p(0.5):
        for _ in range(d.r.randint(4, 40)):
            x, y, s = d.u(0, d.w), d.u(0, horizon * 0.9), d.fine * d.u(0.3, 1.0)
            d.line([(x - s, y), (x + s, y)], 0.8)
            d.line([(x, y - s), (x, y + s)], 0.8)
    n = int(room * d.r.choice((0, 1, 1, 2, 3, 4, 6)))
    for _ in range(n):
        t = d.r.random()
        w = max(1200.0, 0.5 * (d.w + 1778)) * d.u(0.07, 0.46) * (1.15 - 0.75 * t)
        cloud(d, d.u(-0.05, 1.05) * d.w, horizon * (0.08 + 0.86 * t), w)
    if d.p(0.18):
        d.marks(
            [
                [(x - s, y - s * 0.5), (x, y), (x + s, y - s * 0.5)]
                for x, y, s in ((d.u(0, d.w), d.u(0, horizon), d.fine * d.u(1, 4)) for _ in range(6))
            ]
        )
    if d.p(0.04 * (1 + 3 * d.hand.hatch)):
        y = d.u(0, horizon * 0.5)
        hatch(d, [(0, y), (0, y + 150), (d.w, y + 150 + d.u(-60, 60)), (d.w, y)], 6 * d.fine, 0.8)


def firework(d: Sheet, x: float, y: float, r: float) -> None:
    """A burst: rays, dots or petals."""
    way = d.manner("firework", ("rays", "rays", "dots", "petals", "ring"))
    k = d.r.randint(8, 18)
    for i in range(k):
        a = 6.283 * i / k + d.u(-0.05, 0.05)
        c, s = math.cos(a), math.sin(a)
        if way == "rays":
            d.rod((x + 0.2 * r * c, y + 0.2 * r * s), (x + r * c, y + r * s), 1.4 * d.fine, M.GLOW)
        elif way == "petals":
            q = [
                (x + 0.15 * r * c, y + 0.15 * r * s),
                (x + r * (0.6 * c - 0.06 * s), y + r * (0.6 * s + 0.06 * c)),
                (x + r * c, y + r * s),
                (x + r * (0.6 * c + 0.06 * s), y + r * (0.6 * s - 0.06 * c)),
            ]
            d.fill(q, M.GLOW, edge=FREE)
        else:
            for share in (0.4, 0.7, 1.0) if way == "dots" else (1.0,):
                d.fill(ring(x + r * share * c, y + r * share * s, r * 0.05, r * 0.05, 6), M.GLOW, edge=FREE)
    d.fill(ring(x, y, r * 0.1, r * 0.1, 8), M.GLOW, edge=FREE)


MOUNTAINS = ("line", "line", "hills", "crags", "cone", "teeth", "folds", "many")


def mountains(d: Sheet, base: float, height: float | None = None, below: float | None = None) -> None:
    """Far mountains or hills that stand on row ``base``."""
    height = height or d.u(40, 420)
    below = base + 40 if below is None else below
    way = d.manner("mountain", MOUNTAINS)
    x0, x1 = -40.0, d.w + 40.0
    if d.p(0.35):
        x0, x1 = (x0, d.u(0.3, 0.8) * d.w) if d.p(0.5) else (d.u(0.2, 0.7) * d.w, x1)
    if way == "cone":
        x, s, t = d.u(0.15, 0.85) * d.w, height * d.u(1.2, 2.4), height * d.u(0.08, 0.25)
        line = curve(
            [
                (x - s, base),
                (x - s * 0.5, base - height * 0.4),
                (x - t, base - height),
                (x + t, base - height),
                (x + s * 0.5, base - height * 0.4),
                (x + s, base),
            ],
            4,
        )
        d.shape(line, below, M.MOUNTAIN)
        d.marks(
            [bumps(d, [(x - t * 2.2, base - height * 0.72), (x + t * 2.2, base - height * 0.72)], t, -0.7, "tooth")]
        )
        return
    for k in range(d.r.randint(2, 4) if way == "many" else d.r.choice((1, 1, 2))):
        t = k / 3
        line = ridge(
            d,
            x0,
            x1,
            base,
            height * (1 - t) * d.u(0.6, 1),
            d.u(1, 5),
            {"line": d.u(0, 0.4), "hills": 0.0, "crags": 0.6, "teeth": 0.3, "folds": 0.35, "many": d.u(0, 0.5)}[way],
        )
        if way == "teeth":
            n = d.r.randint(4, 9)
            line = np.stack(
                [
                    np.linspace(x0, x1, n),
                    base - height * np.where(np.arange(n) % 2, d.np.uniform(0.5, 1, n), d.np.uniform(0, 0.4, n)),
                ],
                1,
            )
        if x0 > 0:
            line[0, 1] = base
        if x1 < d.w:
            line[-1, 1] = base
        d.shape(line, below, M.MOUNTAIN, weight=d.u(0.7, 1))
        if way in ("folds", "crags", "teeth") and d.hand.detail:
            tops = line[1:-1][(line[1:-1, 1] < line[:-2, 1]) & (line[1:-1, 1] <= line[2:, 1])]
            d.marks(
                [
                    curve(
                        [
                            (x, y),
                            (x + d.u(-20, 40), y + (base - y) * 0.3),
                            (x + d.u(-60, 60), y + (base - y) * d.u(0.4, 0.8)),
                        ],
                        3,
                    )
                    for x, y in tops[:9]
                ]
            )
            if d.p(d.hand.hatch):
                for x, y in tops[:5]:
                    s = (base - y) * 0.6
                    hatch(
                        d,
                        [(x + 4, y + 8), (x + 0.6 * s, y + s), (x + 0.3 * s, y + s), (x + 2, y + 0.5 * s)],
                        2.5 * d.fine,
                    )


ROCKS = ("ring", "angular", "angular", "planes", "lump", "box", "cracked", "dome")


def rock(d: Sheet, x: float, y: float, w: float, h: float | None = None) -> None:
    """A stone whose foot is on row y."""
    h = h or w * d.u(0.4, 0.9)
    way = d.manner("rock", ROCKS, 0.6)
    if way in ("ring", "lump"):
        d.fill(blob(d, x, y - h / 2, w / 2, h / 2, 0.06 if way == "ring" else 0.2, 15), M.ROCK, edge=FREE)
    elif way == "dome":
        d.fill(arc(x, y, w / 2, h, 1, 2), M.ROCK, edge=FREE)
    elif way == "box":
        s = d.u(0.15, 0.35) * h
        d.fill(
            [(x - w / 2, y), (x - w / 2, y - h + s), (x + w * 0.1, y - h + s * 1.4), (x + w * 0.1, y + s * 0.3)], M.ROCK
        )
        d.fill(
            [
                (x + w * 0.1, y - h + s * 1.4),
                (x + w / 2, y - h + s * 0.7),
                (x + w / 2, y - s * 0.4),
                (x + w * 0.1, y + s * 0.3),
            ],
            M.ROCK,
        )
        d.fill(
            [
                (x - w / 2, y - h + s),
                (x - w * 0.05, y - h),
                (x + w / 2, y - h + s * 0.7),
                (x + w * 0.1, y - h + s * 1.4),
            ],
            M.ROCK,
        )
        return
    else:
        n = d.r.randint(4, 8)
        t = np.linspace(math.pi, 2 * math.pi, n) + d.np.uniform(-0.15, 0.15, n)
        q = np.stack(
            [x + w / 2 * d.np.uniform(0.75, 1.1, n) * np.cos(t), y + h * d.np.uniform(0.75, 1.1, n) * np.sin(t)], 1
        )
        q = np.concatenate([q, [(x + d.u(0, 0.3) * w, y + d.u(0, 0.12) * h)]])
        d.fill(q, M.ROCK, skip=(n - 1, n) if d.p(0.2) else ())
        if way == "planes" and w > 5 * d.fine:
            c = (x + d.u(-0.1, 0.2) * w, y - h * d.u(0.3, 0.6))
            for i in (1, n // 2, n - 1):
                d.marks([[c, (q[i, 0], q[i, 1])]])
        if d.p(d.hand.hatch):
            hatch(
                d,
                [(x, y - h * 0.6), (x + w * 0.42, y - h * 0.5), (x + w * 0.4, y - h * 0.05), (x + w * 0.05, y)],
                2 * d.fine,
            )
    if way == "cracked" or d.p(0.3):
        a = x + d.u(-0.2, 0.2) * w
        d.marks([[(a, y - h * 0.8), (a + d.u(-0.1, 0.1) * w, y - h * 0.5), (a + d.u(-0.15, 0.15) * w, y - h * 0.25)]])


def rocks(d: Sheet, x: float, y: float, w: float, n: int) -> None:
    """A group of stones, those in front last."""
    for k in range(n):
        t = k / max(1, n - 1)
        rock(d, x + d.u(-0.5, 0.5) * w, y + 0.14 * w * t, w * d.u(0.15, 0.55))


RIPPLES = ("level", "level", "waves", "arcs", "zigzag", "loops", "dashes")


def ripples(d: Sheet, x0: float, x1: float, y0: float, y1: float, n: int) -> None:
    """Marks on a water that lies from row y0 (far) to y1 (near)."""
    if not d.hand.detail:
        return
    way = d.manner("ripple", RIPPLES)
    lines: list[Path] = []
    for _ in range(n):
        t = d.r.random() ** 1.2
        x, y = d.u(x0, x1), y0 + (y1 - y0) * t
        s = (d.fine * 3 + d.u(20, 110) * t) * d.u(0.5, 1.4)
        h = d.fine * (0.5 + 1.8 * t)
        if way in ("level", "dashes"):
            lines.append([(x - s, y), (x + s, y)] if way == "level" else [(x - s * 0.3, y), (x + s * 0.3, y)])
        elif way == "waves":
            lines.append(bumps(d, [(x - s, y), (x + s, y)], s * 0.6, 0.3))
        elif way == "arcs":
            lines.append(arc(x, y, s * 0.6, h, d.r.choice((0.0, 1.0)), d.r.choice((1.0, 2.0)), 6))
        elif way == "zigzag":
            lines.append([(x - s, y), (x - s * 0.3, y - h), (x, y + h * 0.6), (x + s * 0.4, y - h * 0.6), (x + s, y)])
        else:
            lines.append(ring(x, y, s * 0.5, h, 12))
    d.marks(lines)


def waterfall(d: Sheet, x: float, top: float, foot: float, w: float) -> None:
    """Falling water: an area between two lines, with streams marked or not."""
    s = w * d.u(1, 1.5)
    left = curve([(x - w / 2, top), (x - w / 2 + d.u(-10, 10), (top + foot) / 2), (x - s / 2, foot)], 5)
    right = curve([(x + w / 2, top), (x + w / 2 + d.u(-10, 10), (top + foot) / 2), (x + s / 2, foot)], 5)
    d.fill(np.concatenate([left, right[::-1]]), M.WATER, edge=BARE)
    d.line(left)
    d.line(right)
    d.marks(
        [
            [(a, top + d.u(0, 0.4) * (foot - top)), (a + d.u(-8, 8), top + d.u(0.5, 1) * (foot - top))]
            for a in np.linspace(x - w * 0.4, x + w * 0.4, d.r.randint(3, 9))
        ]
    )
    if d.p(0.6):
        d.fill(puffs(d, x, foot, s * 0.65, d.u(12, 40), 10, 0.5), M.WATER, edge=FREE)


def soil(d: Sheet, x0: float, x1: float, y0: float, y1: float, n: int) -> None:
    """Marks on earth or sand: dots, pebbles, ruts."""
    way = d.manner("soil", ("dots", "pebbles", "dashes", "hollows", "nothing"))
    lines: list[Path] = []
    for _ in range(0 if way == "nothing" else n):
        t = d.r.random()
        x, y, s = d.u(x0, x1), y0 + (y1 - y0) * t, d.fine * (0.5 + 1.5 * t)
        lines.append(
            [(x, y), (x + 1, y)]
            if way == "dots"
            else ring(x, y, s, s * 0.6, 6)
            if way == "pebbles"
            else [(x - 2 * s, y), (x + 2 * s, y + d.u(-s, s) * 0.3)]
            if way == "dashes"
            else arc(x, y, 4 * s, s, 0, 1, 5)
        )
    d.marks(lines)


def ground(d: Sheet, y: float, material: int, *, line: Path | None = None) -> None:
    """All below a level or given skyline; the border is left undrawn now and then, as people do."""
    top = line if line is not None else [(-60.0, y), (d.w + 60, y)]
    d.shape(top, 1500, material, drawn=not d.p(d.hand.omit))


def path(d: Sheet, points: Path, widths: tuple[float, float], material: int) -> None:
    """A way or a stream over the ground: points from the viewer to the distance, its width at both ends."""
    p = curve(points, 7)
    t = np.linspace(0, 1, len(p)) ** 0.7
    half = (widths[0] + (widths[1] - widths[0]) * t) / 2
    left, right = p.copy(), p.copy()
    left[:, 0] -= half
    right[:, 0] += half
    d.fill(np.concatenate([left, right[::-1]]), material, edge=BARE)
    if material == M.WATER:
        lines: list[Path] = []
        for k in d.np.integers(0, len(p), 9):
            a, b = left[k, 0] + (right[k, 0] - left[k, 0]) * d.u(0.1, 0.5), d.u(0.15, 0.35) * (right[k, 0] - left[k, 0])
            lines.append(bumps(d, [(a, p[k, 1]), (a + b, p[k, 1])], max(b / 2, d.fine * 3), d.u(0, 0.3)))
        d.marks(lines)
    way = d.manner("path edge", ("line", "line", "ragged", "tufts"))
    for side in (left, right):
        if d.p(d.hand.omit * 0.5):
            continue
        if way == "ragged":
            d.line(bumps(d, side, 6 * d.fine, 0.25))
        else:
            d.line(side)
            if way == "tufts":
                d.marks(
                    [[(x - 2 * d.fine, y - 3 * d.fine), (x, y), (x + 2 * d.fine, y - 3 * d.fine)] for x, y in side[::2]]
                )


def slope(d: Sheet, horizon: float, height: float) -> np.ndarray:
    """A gentle skyline for ground: level, tilted, bowed or rolling."""
    way = d.r.choice(("level", "tilt", "bow", "roll"))
    if way == "level":
        return np.array([(-60.0, horizon), (d.w + 60, horizon)])
    if way == "tilt":
        s = d.u(-height, height)
        return np.array([(-60.0, horizon + s), (d.w + 60, horizon - s)])
    if way == "bow":
        x = d.u(0.2, 0.8) * d.w
        return curve(
            [(-60, horizon + d.u(0, height)), (x, horizon - height * 0.6), (d.w + 60, horizon + d.u(0, height))], 8
        )
    return ridge(d, -60, d.w + 60, horizon + height * 0.5, height, d.u(0.7, 3), d.u(0, 0.25))
