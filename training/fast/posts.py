"""What stands on a post: poles and wires, lamps, lanterns, gates, fences, signs, banners."""

from __future__ import annotations

import itertools
import math

import numpy as np

from training.fast.curves import arc, curve, mix, ring
from training.fast.sheet import BARE, FREE, M, Sheet
from training.fast.space import Spot


def pole(d: Sheet, x: float, y: float, h: float) -> list[Spot]:
    """A power pole; returns where its wires hang."""
    way = d.manner("pole", ("line", "T", "T", "double", "plain", "side", "bars", "transformer", "lamp", "cans"))
    stuff = d.manner("pole stuff", (M.WOOD, M.WOOD, M.WOOD, M.METAL), 0.95)
    lean = d.u(-0.02, 0.02) * h
    top = (x + lean, y - h)
    if way == "line":  # one stroke
        d.fill([(x - d.px, y), (x + d.px, y), (top[0] + d.px, top[1]), (top[0] - d.px, top[1])], stuff, edge=BARE)
        d.edge((x, y), top, d.u(1, 1.8))
    else:
        thick = h * d.u(0.02, 0.05)
        d.rod((x, y), top, thick, stuff, end=thick if d.p(0.4) else h * 0.02)
        if thick > 4 * d.fine and d.p(0.3):
            d.marks([[(x - d.fine, y - h * k), (x + d.fine * 2, y - h * k)] for k in np.linspace(0.35, 0.75, 7)])
    arm = h * d.u(0.08, 0.16)
    spots: list[Spot] = []
    side = d.r.choice((0.0, 0.8, -0.8)) if way == "side" else 0.0
    for k in range({"plain": 0, "double": 2, "bars": 3, "cans": 2, "line": d.r.choice((0, 1, 2))}.get(way, 1)):
        b, m = y - h * (0.95 - d.u(0.06, 0.1) * k), x + lean + side * arm
        reach = arm * (1 - 0.2 * k if way == "bars" else 1)
        if way == "line":
            d.line([(m - reach, b), (m + reach, b)], 0.9)
        else:
            d.rod((m - reach, b), (m + reach, b + d.u(-0.01, 0.01) * h), h * 0.015, stuff)
        spots += [(m - reach * 0.85, b), (m + reach * 0.85, b)]
        if d.p(0.7):
            n, tall = d.r.choice((2, 4, 4, 6)), h * d.u(0.012, 0.03)
            knobs = d.p(0.3)
            d.marks(
                [
                    ring(m + s * reach, b - tall, tall * 0.6, tall, 6)
                    if knobs
                    else [(m + s * reach, b), (m + s * reach, b - tall)]
                    for s in np.linspace(-0.88, 0.88, n)
                ]
            )
        if d.p(0.2):
            d.marks([[(m - reach * 0.6, b), (x + lean, b + reach * 0.6), (m + reach * 0.6, b)]], keep=1.2)
    s = h * 0.03
    if way in ("transformer", "cans"):
        for k in (1,) if way == "transformer" else (-1, 1):
            a = x + lean + (0.01 * h if k > 0 else -0.01 * h - s * 1.4)
            d.box(a, y - h * 0.72, s * 1.4, s * 2.2, M.METAL)
    elif way == "lamp":
        lamp_head(d, x + lean + h * 0.09, y - h * 0.66, h * 0.03)
        d.rod((x + lean, y - h * 0.68), (x + lean + h * 0.09, y - h * 0.68), d.fine, M.METAL)
    return spots or [top]


def wires(d: Sheet, a: list[Spot], b: list[Spot], sag: float) -> None:
    """Wires between two poles."""
    for p, q in zip(a, b, strict=False):
        t = np.linspace(0, 1, 8)
        d.line(np.stack([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t + 4 * sag * t * (1 - t)], 1), 0.6, 0.8)


def lamp_head(d: Sheet, x: float, y: float, s: float) -> None:
    """The glowing part of a lamp, hanging from or standing on (x, y)."""
    way = d.manner("lamp", ("ball", "box", "cone", "long"))
    s = max(s, 1.4 * d.fine)
    if way == "ball":
        d.fill(ring(x, y, s, s, 12), M.GLOW, edge=FREE)
    elif way == "box":
        d.fill([(x - s * 0.7, y + s), (x - s, y - s), (x + s, y - s), (x + s * 0.7, y + s)], M.GLOW)
        d.fill([(x - s * 1.2, y - s), (x, y - s * 1.8), (x + s * 1.2, y - s)], M.METAL)
    elif way == "cone":
        d.fill([(x - s * 1.3, y), (x - s * 0.3, y - s), (x + s * 0.3, y - s), (x + s * 1.3, y)], M.METAL)
        d.fill(arc(x, y, s * 0.7, s * 0.6, 0, 1, 6), M.GLOW, edge=FREE)
    else:
        d.fill([(x - s * 1.5, y), (x - s * 1.5, y - s * 0.6), (x + s * 1.5, y - s * 0.6), (x + s * 1.5, y)], M.GLOW)


def street_lamp(d: Sheet, x: float, y: float, h: float) -> None:
    """A lamp on a post."""
    way = d.manner("street lamp", ("straight", "arm", "crook", "double", "bow", "lantern"))
    d.rod((x, y), (x, y - h), max(h * d.u(0.015, 0.035), d.fine), M.METAL)
    side = d.r.choice((-1, 1))
    if way == "straight":
        lamp_head(d, x, y - h - 0.03 * h, h * 0.055)
    elif way == "arm":
        tip = (x + side * h * d.u(0.12, 0.25), y - h * d.u(1.0, 1.06))
        d.rod((x, y - h), tip, d.fine, M.METAL)
        w = h * 0.06
        d.fill([tip, (tip[0] + side * w, tip[1]), (tip[0] + side * w, tip[1] + w * 0.4), (tip[0], tip[1] + w * 0.4)],
               M.GLOW)  # fmt: skip
    elif way == "bow":
        bend = arc(x + side * h * 0.16, y - h, h * 0.16, h * 0.14, 1 if side > 0 else 2, 1.6 if side > 0 else 1.4, 7)
        d.line(bend)
        lamp_head(d, float(bend[-1, 0]), float(bend[-1, 1]) + h * 0.03, h * 0.04)
    elif way == "lantern":
        s, b = h * 0.06, y - h
        d.fill([(x - s * 0.6, b), (x - s, b - 2 * s), (x + s, b - 2 * s), (x + s * 0.6, b)], M.GLOW)
        d.fill([(x - s * 1.3, b - 2 * s), (x, b - 3 * s), (x + s * 1.3, b - 2 * s)], M.METAL)
        d.box(x - 0.035 * h, y, 0.07 * h, 0.1 * h, M.METAL)
    else:
        for s in (side,) if way == "crook" else (-1, 1):
            d.line(arc(x + s * h * 0.1, y - h, h * 0.1, h * 0.07, 1 if s > 0 else 2, 2 if s > 0 else 1, 7))
            lamp_head(d, x + s * h * 0.2, y - h + h * 0.04, h * 0.045)


def mast(d: Sheet, x: float, y: float, h: float) -> None:
    """A flag pole, an aerial or a loudspeaker's mast: long and thin."""
    way = d.r.choice(("flag", "bare", "aerial", "horns", "streamers"))
    d.rod((x, y), (x, y - h), max(d.fine * d.u(0.8, 1.6), h * 0.012), M.METAL if d.p(0.7) else M.WOOD)
    b = y - h
    if way == "flag":
        w, drop, s = h * d.u(0.15, 0.3), h * d.u(0.1, 0.2), d.r.choice((-1, 1))
        if d.p(0.3):  # no wind
            d.fill([(x, b), (x + s * w * 0.4, b + drop), (x + s * w * 0.3, b + drop * 1.6), (x, b + drop)], M.CLOTH)
        else:
            d.fill([(x, b), (x + s * w, b + drop * 0.1), (x + s * w, b + drop), (x, b + drop * 0.95)], M.CLOTH)
        d.fill(ring(x, b, d.fine, d.fine, 8), M.METAL, edge=FREE)
    elif way == "aerial":
        for k in (0.0, 0.08, 0.16):
            d.line([(x - h * 0.1, b + h * k), (x + h * 0.1, b + h * k)], 0.8)
    elif way == "horns":
        for s in (-1, 1):
            c = x + s * h * 0.07
            d.fill([(x, b + h * 0.05), (c, b), (c, b + h * 0.1)], M.METAL)
    elif way == "streamers":
        for k in range(d.r.randint(2, 4)):
            t, w = b + h * (0.03 + 0.13 * k), h * (0.4 - 0.07 * k)
            d.fill(
                [(x, t), (x + w * 0.8, t), (x + w, t - h * 0.03), (x + w * 0.93, t + h * 0.04),
                 (x + w, t + h * 0.1), (x + w * 0.8, t + h * 0.08), (x, t + h * 0.07)], M.CLOTH,
            )  # fmt: skip


def lanterns(d: Sheet, a: Spot, b: Spot, n: int, s: float, sag: float) -> None:
    """Paper lanterns on a cord."""
    t = np.linspace(0, 1, 9)
    d.line(np.stack([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + 4 * sag * t * (1 - t)], 1), 0.6)
    for k in (np.arange(n) + 0.5) / n:
        lantern(d, a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k + 4 * sag * k * (1 - k), s)


def lantern(d: Sheet, x: float, y: float, s: float) -> None:
    """A paper lantern that hangs from (x, y)."""
    s = max(s, 1.6 * d.fine)
    if d.manner("lantern", ("round", "long")) == "round":
        d.fill(ring(x, y + s, s * 0.85, s, 14), M.GLOW, edge=FREE)
    else:
        d.fill(
            [
                (x - s * 0.6, y + s * 0.2),
                (x + s * 0.6, y + s * 0.2),
                (x + s * 0.6, y + s * 2.2),
                (x - s * 0.6, y + s * 2.2),
            ],
            M.GLOW,
        )
    d.marks([[(x - s * 0.7, y + s * k), (x + s * 0.7, y + s * k)] for k in (0.6, 1.0, 1.4)])


def _plain_lantern(d: Sheet, x: float, y: float, h: float, way: str) -> None:
    """A stone lantern of a few boxes: post, chamber with a light, cap."""
    foot = h * 0.12 if way != "low" else 0.0
    if foot:
        d.box(x - 0.2 * h, y, 0.4 * h, foot, M.ROCK)
    if way == "low":
        for s in (-1, 1):
            d.rod((x + s * 0.3 * h, y), (x + s * 0.14 * h, y - 0.5 * h), 0.1 * h, M.ROCK)
    else:
        d.box(x - 0.08 * h, y - foot, 0.16 * h, 0.46 * h - foot, M.ROCK)
    d.box(x - 0.22 * h, y - 0.46 * h, 0.44 * h, 0.08 * h, M.ROCK)
    d.box(x - 0.17 * h, y - 0.54 * h, 0.34 * h, 0.22 * h, M.ROCK)
    s = d.u(0.06, 0.11) * h
    if d.p(0.3):
        d.fill(ring(x, y - 0.65 * h, s, s, 10), M.GLOW, edge=FREE)
    else:
        d.box(x - s, y - 0.65 * h + s, 2 * s, 2 * s, M.GLOW)
        d.marks([[(x, y - 0.65 * h - s), (x, y - 0.65 * h + s)]])
    r, b = (0.45 if way == "low" else 0.33) * h, y - 0.76 * h
    if d.p(0.5):
        d.fill([(x - r, b), (x, b - 0.2 * h), (x + r, b)], M.ROCK)
    else:
        d.fill(curve([(x - r, b - 0.04 * h), (x - r * 0.4, b - 0.1 * h), (x, b - 0.2 * h), (x + r * 0.4, b - 0.1 * h),
                      (x + r, b - 0.04 * h), (x, b)], 3), M.ROCK, edge=FREE)  # fmt: skip


def stone_lantern(d: Sheet, x: float, y: float, h: float) -> None:
    """A garden or shrine lantern, its window lit."""
    way = d.manner("stone lantern", ("signs", "slab", "full", "full", "low"), 0.9)
    if way in ("signs", "slab", "low"):
        _plain_lantern(d, x, y, h * (0.65 if way == "low" else 1.0), way)
        return
    for a, b, s, t in ((0, 0.12, 0.34, 0.3), (0.12, 0.5, 0.13, 0.12), (0.5, 0.58, 0.3, 0.34)):
        d.fill(
            [
                (x - s * h / 2, y - a * h),
                (x + s * h / 2, y - a * h),
                (x + t * h / 2, y - b * h),
                (x - t * h / 2, y - b * h),
            ],
            M.ROCK,
        )
    d.box(x - 0.12 * h, y - 0.58 * h, 0.24 * h, 0.18 * h, M.ROCK)
    d.box(x - 0.06 * h, y - 0.61 * h, 0.12 * h, 0.12 * h, M.GLOW)
    d.fill(
        [
            (x - 0.3 * h, y - 0.76 * h),
            (x - 0.06 * h, y - 0.92 * h),
            (x + 0.06 * h, y - 0.92 * h),
            (x + 0.3 * h, y - 0.76 * h),
        ],
        M.ROCK,
    )
    d.fill(ring(x, y - 0.95 * h, 0.05 * h, 0.05 * h, 8), M.ROCK, edge=FREE)


def torii(d: Sheet, x: float, y: float, w: float, h: float, material: int | None = None) -> None:
    """A shrine gate; what lies behind must be drawn before."""
    material = int(material if material is not None else d.manner("torii", (M.WOOD, M.WOOD, M.WOOD, M.ROCK), 1.0))
    k = w * d.u(0.04, 0.11)
    tilt, socket = w * d.u(0, 0.05), d.p(0.25)
    for s in (-1, 1):
        d.rod((x + s * (w / 2 + tilt), y), (x + s * w / 2, y - h * 0.95), k, material)
        if socket:
            d.box(x + s * (w / 2 + tilt) - k * 0.75, y + 2, k * 1.5, h * 0.09, M.ROCK)
    tie, out = d.u(0.7, 0.82), d.r.choice((0.58, 0.58, 0.5))
    d.rod((x - w * out, y - h * tie), (x + w * out, y - h * tie), k * 0.8, material)
    b = y - h
    way = d.manner("torii top", ("straight", "beam", "curved", "double"))
    if way == "beam":  # one square beam
        j = k * d.u(0.8, 1.5)
        d.fill([(x - w * 0.66, b + j * 0.5), (x + w * 0.66, b + j * 0.5), (x + w * 0.7, b - j * 0.6),
                (x - w * 0.7, b - j * 0.6)], material)  # fmt: skip
    elif way == "straight":
        d.rod((x - w * 0.7, b), (x + w * 0.7, b), k * 1.2, material)
    else:
        top = curve([(x - w * 0.72, b - k * 1.6), (x, b - k), (x + w * 0.72, b - k * 1.6)], 5)
        d.fill(
            np.concatenate([top, [(x + w * 0.69, b + k * 0.1), (x, b + k * 0.5), (x - w * 0.69, b + k * 0.1)]]),
            material,
            edge=FREE,
        )
        if way == "double":
            d.line(top + np.array([0.0, k * 0.8]), 0.8)
    if d.p(0.5):
        d.fill([(x - k * 0.8, y - h * 0.74), (x - k * 0.8, b), (x + k * 0.8, b), (x + k * 0.8, y - h * 0.74)], material)
    if d.p(0.3):
        t = np.linspace(0, 1, 8)
        rope = np.stack([x - w / 2 + w * t, y - h * 0.7 + w * 0.24 * t * (1 - t)], 1)
        d.line(rope, 2.0)


FENCES = ("posts", "pickets", "boards", "one rail", "rail", "guard", "wall", "cables", "pipes", "hoops", "net")


def _thin_fence(d: Sheet, stakes: list[tuple[Spot, Spot]], sort: str, material: int) -> None:
    """Stakes (foot, top) with cords, pipes or a hand rail between them, or a row of hoops."""
    foot, top = stakes[0]
    last, end = stakes[-1]
    thick = max(d.fine, 0.04 * max(foot[1] - top[1], last[1] - end[1]))
    if sort == "hoops":
        for (p, q), (p1, q1) in itertools.pairwise(stakes):
            k = d.u(0.6, 0.85)
            u, v = mix(p, p1, k), mix(q, q1, k)
            for s, t in ((p, q), (q, v), (v, u)):
                d.rod(s, t, thick, material)
        return
    for k in {"cables": (0.9, 0.55, 0.25), "pipes": (0.95, 0.5), "one rail": (1.0,)}[sort]:
        s, t = mix(foot, top, k), mix(last, end, k)
        d.line([s, t], 0.7) if sort == "cables" else d.rod(s, t, thick * 1.2, material)
    for p, q in stakes:
        d.rod(p, (q[0], q[1] - thick * (1.5 if sort == "cables" else 0)), thick * 1.4, material)


def fence(d: Sheet, a: Spot, b: Spot, h: float, h1: float | None = None, sort: str | None = None) -> None:
    """A fence or railing from a to b on the ground, its heights given at both ends; open between its members."""
    h1 = h if h1 is None else h1
    sort = sort or d.manner("fence", FENCES, 0.7)
    material = M.WALL if sort == "wall" else M.WOOD if sort in ("posts", "pickets", "boards", "cables") else M.METAL
    up = lambda t, k: (lambda q: (q[0], q[1] - (h + (h1 - h) * t) * k))(mix(a, b, t))  # noqa: E731
    n = int(np.clip(math.dist(a, b) / max(0.5 * (h + h1) * d.u(0.5, 1.6), 4 * d.fine), 2, 16))
    thick = max(d.fine * 1.1, 0.07 * h)
    if sort in ("boards", "wall"):
        d.fill([a, b, up(1, 1), up(0, 1)], material)
        d.marks(
            [[mix(a, b, t), up(t, 1)] for t in np.linspace(0, 1, n * 2)[1:-1]]
            if sort == "boards"
            else [[up(0, 0.85), up(1, 0.85)]]
        )
        return
    if sort == "guard":
        d.fill([up(0, 0.5), up(1, 0.5), up(1, 1), up(0, 1)], material)
        d.marks([[up(0, 0.75), up(1, 0.75)]], keep=1.2)
        for t in np.linspace(0, 1, n):
            d.rod(mix(a, b, t), up(t, 0.5), thick, material)
        return
    if sort in ("cables", "pipes", "one rail", "hoops"):
        _thin_fence(d, [(mix(a, b, float(t)), up(float(t), 1)) for t in np.linspace(0, 1, n)], sort, material)
        return
    for k in (0.95, 0.5) if sort != "net" else (1.0, 0.0):
        d.rod(up(0, k), up(1, k), thick, material)
    for t in np.linspace(0, 1, n * (2 if sort in ("pickets", "rail") else 1)):
        d.rod(mix(a, b, t), up(t, 1.05), thick, material)
    if sort == "net":
        d.marks(
            [[mix(a, b, t), up(min(1, t + 0.3), 1)] for t in np.linspace(0, 0.9, n * 2)]
            + [[mix(a, b, t), up(max(0, t - 0.3), 1)] for t in np.linspace(0.1, 1, n * 2)],
            0.6,
        )


def banner(d: Sheet, x: float, y: float, h: float) -> None:
    """An upright banner on a pole, or a flag."""
    d.rod((x, y), (x, y - h), d.fine, M.WOOD if d.p(0.5) else M.METAL)
    w = h * d.u(0.15, 0.28)
    if d.manner("banner", ("nobori", "flag")) == "nobori":
        d.fill([(x, y - h), (x + w, y - h), (x + w * d.u(0.9, 1.1), y - h * 0.3), (x, y - h * 0.3)], M.CLOTH)
        scrawl(d, x + w * 0.5, y - h * 0.85, w * 0.3, h * 0.4)
    else:
        d.fill(
            np.concatenate(
                [
                    curve([(x, y - h), (x + w, y - h * 1.02), (x + 2 * w, y - h * 0.97)], 4),
                    curve([(x + 2 * w, y - h * 0.75), (x + w, y - h * 0.8), (x, y - h * 0.78)], 4),
                ]
            ),
            M.CLOTH,
            edge=FREE,
        )


def scrawl(d: Sheet, x: float, y: float, w: float, h: float) -> None:
    """Writing on a sign."""
    n = max(1, int(h / max(w, 1)))
    d.marks(
        [
            [
                (x + d.u(-w, w) / 2, y + h * (k + d.u(0, 1)) / n),
                (x + d.u(-w, w) / 2, y + h * (k + d.u(0, 1)) / n),
                (x + d.u(-w, w) / 2, y + h * (k + d.u(0, 1)) / n),
            ]
            for k in range(min(n * 2, 10))
        ]
    )


def sign(d: Sheet, x: float, y: float, h: float) -> None:
    """A board on a post or two: road sign, notice, station name."""
    way = d.manner("sign", ("board", "board", "round", "triangle", "arrow", "name"), 0.4)
    post = M.METAL if d.p(0.5) else M.WOOD
    board = d.r.choice((M.WOOD, M.METAL, M.WOOD))
    w = h * d.u(0.3, 0.6)
    if way == "name":
        w = h * d.u(0.9, 1.6)
        for s in (-0.4, 0.4):
            d.rod((x + s * w, y), (x + s * w, y - h), d.fine * 1.1, post)
    else:
        d.rod((x, y), (x, y - h), d.fine * 1.1, post)
    if way in ("round", "triangle"):
        r = h * 0.16
        d.fill(
            ring(x, y - h, r, r, 14) if way == "round" else [(x - r, y - h + r), (x, y - h - r), (x + r, y - h + r)],
            M.METAL,
        )
        return
    b = y - h
    q = [(x - w / 2, b + h * 0.18), (x + w / 2, b + h * 0.18), (x + w / 2, b - h * 0.14), (x - w / 2, b - h * 0.14)]
    if way == "arrow":
        q.insert(2, (x + w * 0.65, b + h * 0.02))
    d.fill(q, board)
    scrawl(d, x, b - h * 0.1, w * 0.6, h * 0.22)


def barrier(d: Sheet, x: float, y: float, h: float, reach: float) -> None:
    """A level-crossing gate with its signal."""
    d.rod((x, y), (x, y - h), h * 0.04, M.METAL)
    for k in (-1, 1):
        d.rod((x - h * 0.13, y - h * (0.92 - 0.07 * k)), (x + h * 0.13, y - h * (0.92 + 0.07 * k)), h * 0.035, M.METAL)
    d.box(x - h * 0.14, y - h * 0.68, h * 0.28, h * 0.1, M.METAL)
    for k in (-0.08, 0.08):
        d.fill(ring(x + k * h, y - h * 0.73, h * 0.045, h * 0.045, 10), M.GLOW, edge=FREE)
    up = d.u(0, 0.25) if d.p(0.6) else d.u(0.6, 1.2)
    d.rod(
        (x, y - h * 0.35),
        (x + reach * math.cos(up), y - h * 0.35 - abs(reach) * math.sin(up)),
        h * 0.03,
        M.WOOD if d.p(0.3) else M.METAL,
    )
