"""What people leave standing about: crates, benches, parasols, tents, toys."""

from __future__ import annotations

import itertools
import math

import numpy as np

from training.fast.curves import arc, bumps, curve, mix, ring
from training.fast.landmarks import eaves
from training.fast.posts import banner, fence, mast, pole, sign, stone_lantern, street_lamp
from training.fast.sheet import BARE, FREE, M, Sheet
from training.fast.space import Spot
from training.fast.vehicles import boat, car


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
    d.box(x - s / 2, y, s, h, M.WOOD)
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


def bench(d: Sheet, x: float, y: float, w: float) -> None:
    """A bench."""
    h = w * 0.28
    legs = M.METAL if d.p(0.4) else M.WOOD
    for s in (0.1, 0.9):
        d.rod((x + s * w, y), (x + s * w, y - h), d.fine * 1.2, legs)
    d.box(x, y - h * 0.9, w, max(h * 0.25, d.fine), M.WOOD)
    if d.p(0.7):
        d.box(x, y - h * 1.5, w, h * 0.6, M.WOOD)
        d.marks([[(x, y - h * 1.8), (x + w, y - h * 1.8)]])


def parasol(d: Sheet, x: float, y: float, s: float) -> None:
    """A beach or café parasol, or an umbrella: a cloth roof on a pole of one or two lines."""
    lean = d.u(-0.25, 0.25) * s
    way = d.manner("parasol", ("half", "half", "triangle", "flat", "segments", "scallop", "tilted", "square"))
    if way == "tilted" and abs(lean) < 0.1 * s:
        lean = d.r.choice((-1, 1)) * d.u(0.15, 0.35) * s
    stuff, c, r = M.WOOD if d.p(0.6) else M.METAL, x + lean, s * d.u(0.5, 0.8)
    if d.p(0.4):  # one stroke
        d.fill([(x - d.px * 0.7, y), (x + d.px * 0.7, y), (c + d.px * 0.7, y - s), (c - d.px * 0.7, y - s)], stuff,
               edge=BARE)  # fmt: skip
        d.edge((x, y), (c, y - s), 1.1)
    else:
        d.rod((x, y), (c, y - s), s * 0.035, stuff)
    b, high = y - s * 0.78, r * d.u(0.35, 0.85)
    if way in ("triangle", "flat"):
        high = s * (d.u(0.3, 0.4) if way == "triangle" else d.u(0.12, 0.22))
        d.fill([(c - r, b), (c, b - high), (c + r, b)], M.CLOTH)
    elif way == "square":
        k = r * d.u(0.3, 0.5)
        d.fill([(c - r, b), (c + r * 0.5, b + k * 0.3), (c, b - high * 0.7)], M.CLOTH)
        d.fill([(c + r * 0.5, b + k * 0.3), (c + r * 1.1, b - k * 0.3), (c, b - high * 0.7)], M.CLOTH)
        return
    elif way == "tilted":
        turn, dome = math.atan2(lean, s), arc(0, 0, r, high, 1, 2, 12)
        n = d.r.randint(3, 5)
        hem = bumps(d, [(r, 0), (-r, 0)], 2 * r / n, 0.2, uneven=0.1) if d.p(0.5) else dome[-1:]
        hub = np.array([c, b])
        spin = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
        d.fill(np.concatenate([dome, hem]) @ spin + hub, M.CLOTH, edge=FREE)
        tips = np.stack([np.linspace(-r, r, n + 1)[1:-1], np.zeros(n - 1)], 1) @ spin + hub
        peak = np.array([0.0, -high]) @ spin + hub
        d.marks([[peak, tip] for tip in tips], keep=1.3)
        return
    else:
        top = arc(c, b, r, high, 1, 2, 12)
        hem = bumps(d, [(c + r, b), (c - r, b)], r * 0.5, 0.25) if way == "scallop" else top[-1:]
        d.fill(np.concatenate([top, hem]), M.CLOTH, edge=FREE)
    ribs = d.r.choice(((-0.5, 0.0, 0.5), (-0.3, 0.3), (-0.6, -0.2, 0.2, 0.6)))
    peak = (c, b - high)
    d.marks([[peak, mix(peak, (c + k * r, b), 0.55), (c + k * r * 1.06, b)] for k in ribs], keep=1.2)
    if d.p(0.3):
        d.line([peak, (c, peak[1] - s * 0.07)], 0.9)


def stall(d: Sheet, x: float, y: float, w: float) -> None:
    """A market tent: a cloth roof on poles, open or closed, with or without a counter."""
    h, way = w * d.u(0.5, 0.9), d.manner("stall", ("peak", "slope", "peak", "flat", "swag"), 0.6)
    stuff, rise = d.r.choice((M.METAL, M.WOOD)), w * d.u(0.18, 0.4)
    if d.p(0.3):
        d.box(x + w * 0.03, y, w * 0.94, h, M.CLOTH)
    for k in (0.03, 0.97) if d.p(0.6) else (0.03, 0.3, 0.7, 0.97):
        d.rod((x + k * w, y), (x + k * w, y - h), w * 0.02, stuff)
    if d.p(0.6):
        d.box(x, y, w, h * d.u(0.3, 0.45), M.CLOTH if d.p(0.4) else M.WOOD)
    over, b = w * d.u(0.02, 0.1), y - h
    q = {
        "peak": [(x - over, b), (x + w + over, b), (x + w * 0.5, b - rise)],
        "slope": [(x - over, b), (x + w + over, b), (x + w * 0.88, b - rise), (x + w * 0.12, b - rise)],
        "flat": [(x - over, b), (x + w + over, b), (x + w, b - rise * 0.4), (x, b - rise * 0.4)],
    }.get(way, [(x - over, b), (x + w + over, b), (x + w * 0.6, b - rise * 0.7), (x + w * 0.4, b - rise)])
    d.fill(q, M.CLOTH)
    if d.p(0.6):
        hem = h * d.u(0.08, 0.2)
        d.fill([(x - over, b), (x + w + over, b), (x + w + over, b + hem), (x - over, b + hem)], M.CLOTH)
    n = d.r.randint(3, 8)
    d.marks([[mix(q[0], q[1], t), mix(q[-1], q[2], t)] for t in np.linspace(0, 1, n)[1:-1]], keep=d.u(0.3, 1.2))


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


def vending(d: Sheet, x: float, y: float, h: float) -> None:
    """A vending machine."""
    w = h * 0.55
    d.box(x, y, w, h, M.METAL)
    d.box(x + w * 0.1, y - h * 0.5, w * 0.8, h * 0.42, M.WINDOW)
    d.marks(
        [[(x + w * 0.1, y - h * t), (x + w * 0.9, y - h * t)] for t in (0.64, 0.78)]
        + [[(x + w * 0.2, y - h * 0.2), (x + w * 0.8, y - h * 0.2)]]
    )


def laundry(d: Sheet, a: Spot, b: Spot, s: float) -> None:
    """Washing on a line or a pole."""
    d.line([a, mix(a, b, 0.5), b], 0.7)
    if d.p(0.3):  # sheets side by side
        edges = np.linspace(d.u(0, 0.1), d.u(0.8, 1.0), d.r.randint(3, 7))
        drop = s * d.u(0.6, 1.6)
        for k, m in itertools.pairwise(edges):
            p, q, low = mix(a, b, float(k)), mix(a, b, float(m) - d.u(0, 0.03)), drop * d.u(0.85, 1.1)
            d.fill([p, q, (q[0] + d.u(-0.1, 0.1) * s, q[1] + low), (p[0] + d.u(-0.1, 0.1) * s, p[1] + low)], M.CLOTH)
        return
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


def well(d: Sheet, x: float, y: float, s: float) -> None:
    """A well with a little roof, or a hand pump's trough."""
    d.box(x - s / 2, y, s, s * 0.5, M.ROCK)
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
        elif what == "stall":
            stall(d, x - s, y, s * d.u(1.6, 3))
        elif what == "mast":
            mast(d, x, y, s * d.u(3, 6))
        elif what == "boat":
            boat(d, x, y, s * d.u(2, 4))
        elif what == "laundry":
            for k in (-1, 1):
                d.rod((x + k * s, y), (x + k * s, y - s * 1.1), s * 0.05, M.WOOD if d.p(0.5) else M.METAL)
            laundry(d, (x - s, y - s * 1.05), (x + s, y - s * 1.05), s * 0.5)
