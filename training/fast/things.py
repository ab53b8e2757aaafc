"""Things that people put up, leave standing or ride in; each drawn large or small."""

from __future__ import annotations

import math

import numpy as np

from training.fast.buildings import eaves, window
from training.fast.curves import arc, bumps, curve, mix, ring
from training.fast.sheet import BARE, FREE, M, Sheet
from training.fast.space import Spot, front


def box(d: Sheet, x: float, y: float, w: float, h: float, material: int, *, skip: tuple[int, ...] = ()) -> None:
    """A plain rectangle that stands on y, x its left side."""
    d.fill([(x, y), (x + w, y), (x + w, y - h), (x, y - h)], material, skip=skip)


def crate(d: Sheet, x: float, y: float, s: float) -> None:
    """A crate, flat or in space, with boards, a cross or nothing."""
    way = d.manner("crate", ("flat", "flat", "solid", "cross", "barrel"))
    h = s * d.u(0.6, 1)
    if way == "barrel":
        d.fill(
            [
                (x - s * 0.3, y),
                (x - s * 0.4, y - h / 2),
                (x - s * 0.3, y - h),
                (x + s * 0.3, y - h),
                (x + s * 0.4, y - h / 2),
                (x + s * 0.3, y),
            ],
            M.WOOD,
        )
        d.marks([[(x - s * 0.36, y - h * t), (x + s * 0.36, y - h * t)] for t in (0.25, 0.75)])
        return
    box(d, x - s / 2, y, s, h, M.WOOD)
    if way == "solid":
        k = s * 0.3
        d.fill(
            [
                (x - s / 2, y - h),
                (x + s / 2, y - h),
                (x + s / 2 + k, y - h - k * 0.6),
                (x - s / 2 + k, y - h - k * 0.6),
            ],
            M.WOOD,
        )
        d.fill(
            [(x + s / 2, y), (x + s / 2 + k, y - k * 0.6), (x + s / 2 + k, y - h - k * 0.6), (x + s / 2, y - h)], M.WOOD
        )
    elif way == "cross":
        d.marks([[(x - s / 2, y), (x + s / 2, y - h)], [(x - s / 2, y - h), (x + s / 2, y)]], keep=1.3)
    d.marks([[(x - s / 2, y - h * t), (x + s / 2, y - h * t)] for t in (0.33, 0.67)])


def pole(d: Sheet, x: float, y: float, h: float) -> list[Spot]:
    """A power pole; returns where its wires hang."""
    way = d.manner("pole", ("T", "T", "double", "plain", "transformer", "lamp"))
    lean = d.u(-0.02, 0.02) * h
    top = (x + lean, y - h)
    d.rod((x, y), top, h * d.u(0.025, 0.05), M.WOOD, end=h * 0.022)
    arm = h * d.u(0.08, 0.16)
    spots: list[Spot] = []
    for k in range({"plain": 0, "double": 2}.get(way, 1)):
        b = y - h * (0.94 - 0.09 * k)
        d.rod((x + lean - arm, b), (x + lean + arm, b + d.u(-0.01, 0.01) * h), h * 0.015, M.WOOD)
        spots += [(x + lean - arm * 0.85, b), (x + lean + arm * 0.85, b)]
        d.marks([[(x + lean + s * arm, b), (x + lean + s * arm, b - 0.02 * h)] for s in (-0.85, -0.4, 0.4, 0.85)])
    if way == "transformer":
        s = h * 0.03
        box(d, x + lean + 0.01 * h, y - h * 0.72, s * 1.4, s * 2.2, M.METAL)
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
    way = d.manner("street lamp", ("straight", "crook", "double"))
    d.rod((x, y), (x, y - h), max(h * 0.03, d.fine), M.METAL)
    if way == "straight":
        lamp_head(d, x, y - h - 0.03 * h, h * 0.055)
    else:
        for s in (1,) if way == "crook" else (-1, 1):
            side = s if d.p(0.5) or way == "double" else -s
            d.line(arc(x + side * h * 0.1, y - h, h * 0.1, h * 0.07, 1 if side > 0 else 2, 2 if side > 0 else 1, 7))
            lamp_head(d, x + side * h * 0.2, y - h + h * 0.04, h * 0.045)


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


def stone_lantern(d: Sheet, x: float, y: float, h: float) -> None:
    """A garden or shrine lantern."""
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
    box(d, x - 0.12 * h, y - 0.58 * h, 0.24 * h, 0.18 * h, M.ROCK)
    box(d, x - 0.06 * h, y - 0.61 * h, 0.12 * h, 0.12 * h, M.GLOW)
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
    k = w * d.u(0.06, 0.11)
    tilt = w * d.u(0, 0.05)
    for s in (-1, 1):
        d.rod((x + s * (w / 2 + tilt), y), (x + s * w / 2, y - h * 0.95), k, material)
    d.rod((x - w * 0.58, y - h * 0.74), (x + w * 0.58, y - h * 0.74), k * 0.8, material)
    b = y - h
    way = d.manner("torii top", ("straight", "curved", "double"))
    if way == "straight":
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


def fence(d: Sheet, a: Spot, b: Spot, h: float, h1: float | None = None, sort: str | None = None) -> None:
    """A fence or railing from a to b on the ground, its heights given at both ends; open between its members."""
    h1 = h if h1 is None else h1
    sort = sort or d.manner("fence", ("posts", "pickets", "boards", "rail", "guard", "wall", "net"), 0.7)
    material = M.METAL if sort in ("rail", "guard", "net") else M.WALL if sort == "wall" else M.WOOD
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


def bench(d: Sheet, x: float, y: float, w: float) -> None:
    """A bench."""
    h = w * 0.28
    legs = M.METAL if d.p(0.4) else M.WOOD
    for s in (0.1, 0.9):
        d.rod((x + s * w, y), (x + s * w, y - h), d.fine * 1.2, legs)
    box(d, x, y - h * 0.9, w, max(h * 0.25, d.fine), M.WOOD)
    if d.p(0.7):
        box(d, x, y - h * 1.5, w, h * 0.6, M.WOOD)
        d.marks([[(x, y - h * 1.8), (x + w, y - h * 1.8)]])


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
        box(d, cx - cw / 2, y - h * 0.9, cw, ch, M.WALL)
        window(d, front(cx - cw / 2, y - h * 0.9, cw, ch), 0.15, 0.45, 0.85, 0.8)
        if big:
            box(d, cx - cw * 0.15, y - h - ch, cw * 0.3, ch * 0.7, M.METAL)
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


def parasol(d: Sheet, x: float, y: float, s: float) -> None:
    """A beach or café parasol."""
    lean = d.u(-0.25, 0.25) * s
    d.rod((x, y), (x + lean, y - s), s * 0.03, M.WOOD if d.p(0.6) else M.METAL)
    c, way = x + lean, d.manner("parasol", ("half", "half", "segments", "scallop", "triangle"))
    r = s * d.u(0.5, 0.7)
    if way == "triangle":
        d.fill([(c - r, y - s * 0.78), (c, y - s * 1.15), (c + r, y - s * 0.78)], M.CLOTH)
    else:
        top = arc(c, y - s * 0.78, r, r * d.u(0.5, 0.85), 1, 2, 12)
        hem = bumps(d, [(c + r, y - s * 0.78), (c - r, y - s * 0.78)], r * 0.5, 0.25) if way == "scallop" else top[-1:]
        d.fill(np.concatenate([top, hem]), M.CLOTH, edge=FREE)
    peak = (c, y - s * 0.78 - r * 0.7)
    d.marks([[peak, (c + k * r, y - s * 0.78)] for k in (-0.5, 0.0, 0.5)], keep=1.2)


def awning(d: Sheet, quad: list[Spot]) -> None:
    """An awning: corners upper left, upper right, lower right, lower left; striped, scalloped or plain."""
    a, b, c, e = quad
    d.fill(quad, M.CLOTH)
    n = int(np.clip(math.dist(e, c) / (3.5 * d.fine), 2, 10))
    if d.manner("awning", ("plain", "stripes", "scallop", "both")) in ("stripes", "both"):
        d.marks([[mix(a, b, t), mix(e, c, t)] for t in np.linspace(0, 1, n + 1)[1:-1]], keep=1.2)
    if d.manner("awning", ("plain",)) in ("scallop", "both"):
        hem = bumps(d, [c, e] if c[0] > e[0] else [e, c], math.dist(e, c) / n, -0.4 if c[0] < e[0] else 0.4, uneven=0.1)
        d.fill(np.concatenate([hem, hem[:1]]), M.CLOTH, edge=BARE)
        d.line(hem)


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


def car(d: Sheet, x: float, y: float, s: float) -> None:
    """A car, a van or a bus from the side or the front."""
    m, way = d.r.choice((-1, 1)), d.manner("car", ("side", "side", "van", "front"), 0.4)
    if way == "front":
        box(d, x - s * 0.25, y, s * 0.5, s * 0.25, M.METAL)
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
        box(d, x + a * s, y - h * 0.66, (b - a) * s, h * 0.34, M.WINDOW)
    for k in (-0.3, 0.3):
        d.fill(ring(x + k * s, y - s * 0.05, s * 0.085, s * 0.085, 12), M.METAL, edge=FREE)


def train(d: Sheet, x: float, y: float, w: float, h: float, *, cars: int = 1) -> None:
    """Railway cars seen from the side, their wheels on y."""
    for k in range(cars):
        a, s = x + k * w / cars, w / cars * 0.97
        for t in (0.15, 0.3, 0.7, 0.85):
            d.fill(ring(a + t * s, y - h * 0.06, h * 0.07, h * 0.07, 10), M.METAL, edge=FREE)
        box(d, a, y - h * 0.1, s, h * 0.85, M.METAL)
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


def vending(d: Sheet, x: float, y: float, h: float) -> None:
    """A vending machine."""
    w = h * 0.55
    box(d, x, y, w, h, M.METAL)
    box(d, x + w * 0.1, y - h * 0.5, w * 0.8, h * 0.42, M.WINDOW)
    d.marks(
        [[(x + w * 0.1, y - h * t), (x + w * 0.9, y - h * t)] for t in (0.64, 0.78)]
        + [[(x + w * 0.2, y - h * 0.2), (x + w * 0.8, y - h * 0.2)]]
    )


def laundry(d: Sheet, a: Spot, b: Spot, s: float) -> None:
    """Washing on a line or a pole."""
    d.line([a, mix(a, b, 0.5), b], 0.7)
    for _ in range(n := d.r.randint(2, 5)):
        q = mix(a, b, d.u(0.05, 0.85))
        w, h = s * d.u(0.4, 0.9), s * d.u(0.5, 1.2)
        if d.p(0.3):
            d.fill(
                [
                    (q[0], q[1]),
                    (q[0] + w, q[1]),
                    (q[0] + w * 1.2, q[1] + h * 0.35),
                    (q[0] + w * 0.9, q[1] + h * 0.35),
                    (q[0] + w * 0.9, q[1] + h),
                    (q[0] + w * 0.1, q[1] + h),
                    (q[0] + w * 0.1, q[1] + h * 0.35),
                    (q[0] - w * 0.2, q[1] + h * 0.35),
                ],
                M.CLOTH,
            )
        else:
            d.fill(
                [
                    (q[0], q[1]),
                    (q[0] + w, q[1]),
                    (q[0] + w * d.u(0.85, 1.1), q[1] + h),
                    (q[0] + w * d.u(-0.1, 0.15), q[1] + h),
                ],
                M.CLOTH,
            )
    del n


def tent(d: Sheet, x: float, y: float, s: float) -> None:
    """A tent: ridge, dome or cone."""
    way = d.manner("tent", ("ridge", "ridge", "dome", "tipi"))
    if way == "ridge":
        k = s * d.u(0.4, 0.9) * d.r.choice((-1, 1))
        d.fill(
            [
                (x, y - s * 0.7),
                (x + k, y - s * 0.8),
                (x + k + math.copysign(s * 0.4, k), y - s * 0.15),
                (x + math.copysign(s * 0.45, k), y),
            ],
            M.CLOTH,
        )
        d.fill([(x - s * 0.45, y), (x, y - s * 0.7), (x + s * 0.45, y)], M.CLOTH)
        d.marks([[(x, y - s * 0.7), (x - s * 0.05, y)], [(x, y - s * 0.7), (x + s * 0.12, y)]], keep=1.4)
    elif way == "dome":
        d.fill(arc(x, y, s * 0.6, s * 0.6, 1, 2, 12), M.CLOTH, edge=FREE)
        d.marks([arc(x, y, s * 0.2, s * 0.6, 1, 2, 8)], keep=1.4)
    else:
        d.fill([(x - s * 0.4, y), (x, y - s), (x + s * 0.4, y)], M.CLOTH)
        for k in (-0.08, 0.08):
            d.rod((x, y - s), (x + k * s, y - s * 1.12), d.fine, M.WOOD)
        d.marks([[(x, y - s * 0.5), (x - s * 0.1, y)], [(x, y - s * 0.5), (x + s * 0.1, y)]], keep=1.4)


def campfire(d: Sheet, x: float, y: float, s: float) -> None:
    """A fire on logs."""
    d.fill(
        np.concatenate(
            [
                curve(
                    [
                        (x - s * 0.3, y),
                        (x - s * 0.25, y - s * 0.5),
                        (x, y - s),
                        (x + s * 0.15, y - s * 0.5),
                        (x + s * 0.3, y),
                    ],
                    3,
                )
            ]
        ),
        M.GLOW,
        edge=FREE,
    )
    for k in (-1, 1):
        d.rod((x - k * s * 0.5, y + s * 0.05), (x + k * s * 0.4, y - s * 0.12), s * 0.13, M.WOOD)


def play(d: Sheet, x: float, y: float, s: float) -> None:
    """Something to play on: a swing, a slide, bars."""
    way = d.r.choice(("swing", "slide", "bars", "globe"))
    t = max(d.fine * 1.1, s * 0.025)
    if way == "swing":
        for a in (0, 1):
            for k in (-0.12, 0.12):
                d.rod((x + (a + k) * s, y), (x + a * s, y - s * 0.8), t, M.METAL)
        d.rod((x, y - s * 0.8), (x + s, y - s * 0.8), t, M.METAL)
        for a in (0.3, 0.7):
            for k in (-0.06, 0.06):
                d.line([(x + (a + k) * s, y - s * 0.8), (x + (a + k) * s, y - s * 0.2)], 0.6)
            d.rod((x + (a - 0.09) * s, y - s * 0.2), (x + (a + 0.09) * s, y - s * 0.2), t * 1.2, M.WOOD)
    elif way == "slide":
        d.fill(
            [
                (x, y - s * 0.7),
                (x + s * 0.15, y - s * 0.7),
                (x + s * 0.9, y - s * 0.06),
                (x + s, y - s * 0.06),
                (x + s, y),
                (x + s * 0.85, y),
            ],
            M.METAL,
        )
        for k in (0.0, 0.13):
            d.rod((x + k * s, y), (x + k * s, y - s * 0.9), t, M.METAL)
        d.marks([[(x, y - s * a), (x + s * 0.13, y - s * a)] for a in (0.2, 0.4, 0.6)])
    elif way == "bars":
        for k in range(3):
            h = s * (0.4 + 0.2 * k)
            d.rod((x + k * s * 0.4, y), (x + k * s * 0.4, y - h), t, M.METAL)
            d.rod((x + k * s * 0.4, y - h * 0.95), (x + (k + 1) * s * 0.4, y - h * 0.95), t, M.METAL)
    else:
        for rx in (0.4, 0.2, 0.02):
            d.line(ring(x, y - s * 0.4, rx * s, s * 0.4, 20))
        for k in (0.2, 0.4, 0.6):
            d.line([(x - s * 0.35, y - s * k), (x + s * 0.35, y - s * k)])


def barrier(d: Sheet, x: float, y: float, h: float, reach: float) -> None:
    """A level-crossing gate with its signal."""
    d.rod((x, y), (x, y - h), h * 0.04, M.METAL)
    for k in (-1, 1):
        d.rod((x - h * 0.13, y - h * (0.92 - 0.07 * k)), (x + h * 0.13, y - h * (0.92 + 0.07 * k)), h * 0.035, M.METAL)
    box(d, x - h * 0.14, y - h * 0.68, h * 0.28, h * 0.1, M.METAL)
    for k in (-0.08, 0.08):
        d.fill(ring(x + k * h, y - h * 0.73, h * 0.045, h * 0.045, 10), M.GLOW, edge=FREE)
    up = d.u(0, 0.25) if d.p(0.6) else d.u(0.6, 1.2)
    d.rod(
        (x, y - h * 0.35),
        (x + reach * math.cos(up), y - h * 0.35 - abs(reach) * math.sin(up)),
        h * 0.03,
        M.WOOD if d.p(0.3) else M.METAL,
    )


def crane(d: Sheet, x: float, y: float, h: float) -> None:
    """A harbour or building crane."""
    m = d.r.choice((-1, 1))
    t = max(d.fine * 1.2, h * 0.02)
    d.rod((x, y), (x, y - h), t * 2, M.METAL)
    d.rod((x - m * h * 0.25, y - h * 0.85), (x + m * h * 0.7, y - h * d.u(0.85, 1.2)), t, M.METAL)
    d.line([(x + m * h * 0.6, y - h * 0.92), (x + m * h * 0.6, y - h * 0.5)], 0.6)
    d.marks([[(x - t, y - h * k), (x + t, y - h * (k + 0.08))] for k in np.linspace(0.1, 0.8, 7)])


def well(d: Sheet, x: float, y: float, s: float) -> None:
    """A well with a little roof, or a hand pump's trough."""
    box(d, x - s / 2, y, s, s * 0.5, M.ROCK)
    for k in (-0.4, 0.4):
        d.rod((x + k * s, y - s * 0.5), (x + k * s, y - s * 1.2), s * 0.06, M.WOOD)
    eaves(d, x, y - s * 1.15, s * 0.65, s * 0.35)


def strew(d: Sheet, spots: list[tuple[float, float, float]], choice: tuple[str, ...]) -> None:
    """Put things of a choice at places (x, y, height of a person there), the farthest first."""
    for x, y, s in sorted(spots, key=lambda q: q[1]):
        what = d.r.choice(choice)
        if what == "crate":
            crate(d, x, y, s * d.u(0.4, 0.9))
        elif what == "pole":
            pole(d, x, y, s * d.u(3.5, 5.5))
        elif what == "lamp":
            street_lamp(d, x, y, s * d.u(1.8, 3))
        elif what == "sign":
            sign(d, x, y, s * d.u(0.9, 1.6))
        elif what == "bench":
            bench(d, x, y, s * d.u(0.9, 1.4))
        elif what == "banner":
            banner(d, x, y, s * d.u(1.2, 2))
        elif what == "vending":
            vending(d, x, y, s * d.u(1, 1.2))
        elif what == "car":
            car(d, x, y, s * d.u(2, 2.7))
        elif what == "parasol":
            parasol(d, x, y, s * d.u(1, 1.5))
        elif what == "fence":
            fence(d, (x - s * 2, y), (x + s * 2, y), s * d.u(0.4, 0.7))
        elif what == "stone lantern":
            stone_lantern(d, x, y, s * d.u(0.9, 1.6))
        elif what == "tent":
            tent(d, x, y, s * d.u(1, 2))
        elif what == "boat":
            boat(d, x, y, s * d.u(2, 4))
        elif what == "laundry":
            for k in (-1, 1):
                d.rod((x + k * s, y), (x + k * s, y - s * 1.1), s * 0.05, M.WOOD if d.p(0.5) else M.METAL)
            laundry(d, (x - s, y - s * 1.05), (x + s, y - s * 1.05), s * 0.5)
