"""Sky, mountains, stones, water and bare ground, each in several ways of drawing."""

from __future__ import annotations

import math

import numpy as np

from training.fast.clouds import cloud as cloud
from training.fast.clouds import towering
from training.fast.curves import arc, blob, bumps, curve, hatch, puffs, ridge, ring
from training.fast.sheet import BARE, FREE, Floats, M, Path, Sheet


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
    if room == 1 and horizon > 200 and d.p(0.05):
        towering(d, horizon)
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


MOUNTAINS = ("line", "humps", "line", "peaks", "hills", "crags", "cone", "humps", "teeth", "folds", "many")


def mountains(d: Sheet, base: float, height: float | None = None, below: float | None = None) -> None:
    """Far mountains or hills that stand on row ``base``."""
    height = height or d.u(40, 420)
    below = base + 40 if below is None else below
    way = d.manner("mountain", MOUNTAINS)
    if d.p(0.1):
        height = d.u(18, 60)
    elif d.p(0.08):
        height = d.u(0.5, 0.85) * max(base, 150)
    if way in ("humps", "peaks"):
        _each(d, base, height, below, way)
        return
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
        if (x0 > 0 or x1 < d.w) and d.p(0.75):  # a range that ends in the picture runs out
            out = np.linspace(0, 1, len(line)) if x0 > 0 else np.linspace(1, 0, len(line))
            line[:, 1] = base - (base - line[:, 1]) * np.minimum(out * d.u(1.5, 4), 1)
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


def _each(d: Sheet, base: float, height: float, below: float, way: str) -> None:
    """Single hills or peaks, one before the other; none of them has a line at its foot."""
    n = d.r.randint(2, 6)
    for i in range(n):
        h = height * d.u(0.35, 1.0) * (1 - 0.4 * i / n)
        half = h * d.u(0.9, 2.0) if way == "peaks" else max(h * d.u(1.2, 3.5), d.u(0.06, 0.2) * d.w)
        x = d.u(-0.05, 1.05) * d.w
        if way == "peaks":
            lean = d.u(-0.25, 0.25) * half
            bow = d.u(0.32, 0.55)
            line = np.concatenate(
                [
                    curve([(x - half, base), (x + lean - half * (1 - bow), base - h * bow), (x + lean, base - h)], 4),
                    curve([(x + lean, base - h), (x + lean + half * (1 - bow), base - h * bow), (x + half, base)], 4)[
                        1:
                    ],
                ]
            )
        else:
            line = arc(x, base, half, h, 1, 2, 15)
        d.shape(line, below, M.MOUNTAIN, weight=d.u(0.75, 1))
        if way == "peaks" and d.p(0.4):
            d.marks([bumps(d, [line[3], line[5]], half * 0.2, -0.6, "tooth")])
        elif d.hand.detail and d.p(0.3):
            for _ in range(3):
                a = x + d.u(-0.5, 0.5) * half
                d.marks([[(a, base - h * d.u(0.3, 0.6)), (a + d.u(-0.2, 0.2) * half, base - h * 0.15)]])


def headland(d: Sheet, side: int, y: float, reach: float, h: float, material: int = M.ROCK) -> None:
    """Land that comes in from the left (0) or right (1) and ends in the water on row y, without a line at its foot."""
    way = d.manner("headland", ("slope", "steps", "cliff", "stacks", "crags"))
    if way == "slope":
        p = curve(
            [(-60, y - h), (reach * 0.4, y - h * d.u(0.6, 0.9)), (reach * 0.75, y - h * d.u(0.2, 0.5)), (reach, y)], 5
        )
    elif way == "steps":
        p = np.array([(-60, y - h), (reach * 0.3, y - h), (reach * 0.36, y - h * 0.62), (reach * 0.7, y - h * 0.55),
                      (reach * 0.76, y - h * 0.25), (reach * 0.95, y - h * 0.2), (reach, y)])  # fmt: skip
    elif way == "cliff":
        p = np.array([(-60, y - h), (reach * 0.6, y - h * d.u(0.85, 1.1)), (reach * 0.85, y - h * d.u(0.7, 0.9)),
                      (reach * d.u(0.85, 0.95), y - h * 0.4), (reach, y)])  # fmt: skip
    else:
        p = ridge(d, -60, reach, y, h, d.u(1, 3), 0.5)
        p[:, 1] = y - (y - p[:, 1]) * np.linspace(1, 0.35, len(p))
        p[-1, 1] = y
    flip = np.array([-1.0, 1.0]) if side else np.array([1.0, 1.0])
    shift = np.array([d.w if side else 0.0, 0.0])
    line = p * flip + shift
    d.fill(np.concatenate([line, [(line[0, 0], y)]]), material, edge=BARE)
    d.line(line)
    if way == "stacks":
        for _ in range(d.r.randint(1, 3)):
            a, w, t = reach * d.u(1.05, 1.5), h * d.u(0.15, 0.5), h * d.u(0.15, 0.6)
            stack = np.array([(a, y), (a + w * 0.2, y - t * 0.8), (a + w * 0.5, y - t), (a + w, y)]) * flip + shift
            d.fill(stack, material, edge=BARE)
            d.line(stack)
    if d.p(0.75):  # a few strokes say that it is stone; how long they are is up to the hand
        long = d.u(0.2, 0.7)
        for _ in range(d.r.randint(2, 8)):
            k = d.r.randrange(len(line))
            a, b = float(line[k, 0]), float(line[k, 1])
            t = (y - b) * d.u(0.1, 0.4)
            s = (y - b) * long
            a += (1 if side else -1) * d.u(0, 0.05) * reach
            d.line([(a, b + t), (a + d.u(-0.25, 0.25) * s, b + t + s * 0.6)], 0.7, 0.8)


def bank(d: Sheet, line: Path, far: float, near: float) -> None:
    """A row of stones along a shore that runs from far to near; each hides a part of the one behind it."""
    p = np.asarray(line, float)
    p = p[np.argsort(p[:, 1])]
    low, high = max(float(p[0, 1]), 0.0), min(float(p[-1, 1]), 1040.0)
    y, way = low, d.manner("bank", ("polygons", "polygons", "domes", "rings"))
    while y < high:
        s = far + (near - far) * (y - low) / max(high - low, 1.0)
        x = float(np.interp(y, p[:, 1], p[:, 0])) + d.u(-0.3, 0.3) * s
        w, h = s * d.u(0.7, 1.4), s * d.u(0.4, 0.8)
        if way == "domes":
            d.fill(arc(x, y, w / 2, h, 1, 2, 8), M.ROCK, edge=FREE)
        elif way == "rings":
            d.fill(blob(d, x, y - h / 2, w / 2, h / 2, 0.08, 12), M.ROCK, edge=FREE)
        else:
            n = d.r.randint(4, 7)
            t = np.linspace(0, 6.283, n + 1)[:-1] + d.np.uniform(-0.3, 0.3, n)
            d.fill(np.stack([x + w / 2 * np.cos(t), y - h / 2 + h / 2 * np.sin(t)], 1), M.ROCK)
        y += max(h * d.u(0.5, 1.0), d.fine)


def stepping(d: Sheet, points: Path, far: float, near: float) -> None:
    """Stepping stones from the viewer (first point) to the distance."""
    p = curve(points, 8)[::-1]
    low, high = float(p[0, 1]), min(float(p[-1, 1]), 1040.0)
    way, y = d.manner("stepping", ("ovals", "slabs", "angular")), low + far
    while y < high:
        s = far + (near - far) * (y - low) / max(high - low, 1.0)
        x = float(np.interp(y, p[:, 1], p[:, 0])) + d.u(-0.35, 0.35) * s
        w, h = s * d.u(0.8, 1.2), s * d.u(0.28, 0.42)
        if way == "slabs":
            d.fill([(x - w / 2, y), (x - w * 0.42, y - h), (x + w * 0.42, y - h), (x + w / 2, y)], M.ROCK)
        elif way == "ovals":
            d.fill(ring(x, y - h / 2, w / 2, h / 2, 15), M.ROCK, edge=FREE)
        else:
            d.fill(blob(d, x, y - h / 2, w / 2, h / 2, 0.15, 6), M.ROCK)
        if d.p(0.3):
            d.marks([[(x - w / 2, y - h * 0.3), (x - w * 0.46, y + h * 0.2), (x + w * 0.4, y + h * 0.25)]])
        y += h * d.u(1.2, 2.0) + d.fine


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
    way = d.manner("soil", ("dots", "few", "pebbles", "dashes", "hollows", "nothing"))
    lines: list[Path] = []
    for _ in range(0 if way == "nothing" else n // 4 if way == "few" else n):
        t = d.r.random()
        x, y, s = d.u(x0, x1), y0 + (y1 - y0) * t, d.fine * (0.5 + 1.5 * t)
        lines.append(
            [(x, y), (x + 1, y)]
            if way in ("dots", "few")
            else ring(x, y, s, s * 0.6, 6)
            if way == "pebbles"
            else [(x - 2 * s, y), (x + 2 * s, y + d.u(-s, s) * 0.3)]
            if way == "dashes"
            else arc(x, y, 4 * s, s, 0, 1, 5)
        )
    d.marks(lines)


_TALL = (M.MOUNTAIN, M.FOLIAGE)


def ground(d: Sheet, y: float, material: int, *, line: Path | None = None) -> None:
    """All below a level or given skyline; the border is left undrawn now and then, as people do."""
    top = line if line is not None else [(-60.0, y), (d.w + 60, y)]
    drawn = not d.p(d.hand.omit)
    if drawn and any(op[1] in _TALL for op in d.ops[-40:]):  # mountains and woods often meet the plain without a line
        drawn = not d.manner("open foot", (False, True, False, False), 0.9)
    d.shape(top, 1500, material, drawn=drawn)


def path(d: Sheet, points: Path, widths: tuple[float, float], material: int) -> tuple[Floats, Floats]:
    """A way or a stream over the ground: points from the viewer to the distance, its width at both ends.

    Gives back its left and its right border.
    """
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
    return left, right


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
