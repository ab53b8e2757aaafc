"""Bridges seen from the side with a river that goes on below, and flights of stairs."""

from __future__ import annotations

import math

import numpy as np

from training.fast import landmarks, nature, plants, posts
from training.fast.curves import curve, mix
from training.fast.sheet import BARE, M, Sheet
from training.fast.space import Spot


def river_below(d: Sheet, y: float, x: float, wide: float, bank: int = M.GRASS) -> None:
    """A river that comes from the distance on row y down to the lower edge, with or without steep banks."""
    vx = x + d.u(-0.25, 0.25) * d.w
    t = np.geomspace(0.03, 1, 12)
    sway = d.u(-160, 160)
    middle = vx + (x - vx) * t + sway * np.sin(3.1 * t)
    half, rows = wide / 2 * (t**0.8), y + 2 + (1070 - y) * t
    left, right = np.stack([middle - half, rows], 1), np.stack([middle + half, rows], 1)
    d.fill(np.concatenate([left, right[::-1]]), M.WATER, edge=BARE)
    steep = d.r.choice((0.0, 0.0, d.u(0.1, 0.4)))
    for side, way in ((left, -1), (right, 1)):
        d.line(side)
        if steep:
            top = np.stack([side[:, 0] + way * half * steep, rows - half * steep * 0.6], 1)
            d.fill(np.concatenate([side, top[::-1]]), bank if d.p(0.6) else M.ROCK, edge=BARE)
            d.line(top)
            d.line(side)
    if d.p(0.6):
        nature.ripples(d, x - wide * 0.3, x + wide * 0.3, y + (1000 - y) * 0.4, 1000, 10)


def side_bridge(d: Sheet, x: float, y: float, w: float, h: float, *, material: int = M.ROCK) -> None:
    """A bridge in elevation: deck from (x, y) to (x + w, y), h above the water; open below and in its railing.

    Arched or flat, on piers or on arches, with a railing of posts, of bars, or a solid one.
    """
    way = d.manner("side bridge", ("flat", "bow", "arch", "bow", "arches", "girder"), 0.6)
    bow = {"flat": 0.0, "girder": 0.0}.get(way, h * d.u(0.15, 0.7))
    thick = max(h * d.u(0.1, 0.25), 2.5 * d.fine)
    t = np.linspace(0, 1, 15)
    deck = np.stack([x + w * t, y - 4 * bow * t * (1 - t)], 1)
    if way in ("arch", "arches"):
        n = 1 if way == "arch" else d.r.randint(2, 4)
        low: list[Spot] = [(x + w, y + h)]
        for k in range(n - 1, -1, -1):
            m, r = x + w * (k + 0.5) / n, w / n * d.u(0.36, 0.45)
            crown = y - bow * (1 - (2 * (k + 0.5) / n - 1) ** 2) + thick
            high = min(y + h - crown, r * 1.1)
            low += [(m + r * math.cos(a), y + h - high * math.sin(a)) for a in np.linspace(0, math.pi, 11)]
        low.append((x, y + h))
        d.fill(np.concatenate([deck, low]), material, edge=BARE)
        d.line(deck)
        d.line(low)
        if material == M.ROCK and d.p(0.5):
            d.marks([[(a, b), (a + 3 * d.fine, b)] for a, b in ((d.u(x, x + w), y + d.u(0, h)) for _ in range(6))])
    else:
        for k in np.linspace(0, 1, d.r.randint(2, 5) + 2)[1:-1] if w > 2.2 * h or way == "girder" else ():
            px = x + w * float(k)
            top = y - 4 * bow * k * (1 - k) + thick * 0.5
            for s in (-1, 1) if material == M.WOOD and d.p(0.6) else (0,):
                side = s * thick * 0.8
                d.rod((px + side * 1.5, y + h), (px + side, top), max(thick * 0.5, w * 0.015), material)
            if material == M.WOOD and d.p(0.5):
                b = y + h * 0.45
                d.rod((px - thick * 1.4, b), (px + thick * 1.4, b), thick * 0.3, material)
        d.fill(np.concatenate([deck, deck[::-1] + np.array([0.0, thick])]), material, edge=BARE)
        d.line(deck)
        d.line(deck + np.array([0.0, thick]))
        if d.p(0.4):
            d.line(deck + np.array([0.0, thick * 0.45]), 0.8)
    for s, px in ((-1, x), (1, x + w)):
        if d.p(0.4):  # abutments
            d.fill(
                [(px, y + h), (px, y), (px + s * h * 0.6, y), (px + s * h * 0.9, y + h)],
                M.ROCK if d.p(0.7) else M.WALL,
                skip=(0, 1),
            )
    parapet(d, deck, max(h * d.u(0.14, 0.3), 4 * d.fine), material)


def parapet(d: Sheet, deck: np.ndarray, h: float, material: int) -> None:
    """The railing along a deck."""
    way = d.manner("parapet", ("posts", "posts", "bars", "solid", "caps", "none"), 0.6)
    up = np.array([0.0, h])
    stuff = material if material in (M.WOOD, M.METAL) or d.p(0.6) else M.METAL
    if way == "solid":
        d.fill(np.concatenate([deck, (deck - up)[::-1]]), material, edge=BARE)
        d.line(deck - up)
        d.line(deck)
        return
    if way == "none":
        return
    n = 30 if way == "bars" else d.r.choice((6, 8, 10, 15))
    for q in np.linspace(0, 1, n):
        px = float(np.interp(q, np.linspace(0, 1, len(deck)), deck[:, 0]))
        py = float(np.interp(q, np.linspace(0, 1, len(deck)), deck[:, 1]))
        high = h * (1.3 if way == "caps" else 1.05)
        d.rod((px, py), (px, py - high), d.fine * (0.8 if way == "bars" else 1.6), stuff)
    for k in (1.0,) if way == "bars" else (1.0, 0.55):
        band = deck - up * k
        d.fill(np.concatenate([band, band[::-1] + np.array([0.0, max(0.1 * h, 1.2 * d.px)])]), stuff, edge=BARE)
        d.line(band, 0.9)


def flight(d: Sheet, foot: tuple[Spot, Spot], top: tuple[Spot, Spot], n: int) -> None:
    """A flight of stairs between a lower and an upper edge (left and right end of each), a ladder of levels."""
    a, b, c, e = foot[0], foot[1], top[1], top[0]
    d.fill([a, b, c, e], M.ROAD, skip=(0,))
    far = math.dist(e, c) / max(math.dist(a, b), 1)
    at = np.cumsum(np.linspace(1, max(0.15, far), n))
    risers = d.p(0.3)
    for t in at / at[-1]:
        d.edge(mix(a, e, t), mix(b, c, t), 0.85)
        if risers and d.p(0.9):
            k = t - 0.35 / n
            d.edge(mix(a, e, k), mix(b, c, k), 0.6)


def stairway(d: Sheet, top: float) -> None:
    """Stairs up to row ``top`` between walls, hedges or slopes; mostly they run out of the lower edge."""
    x, vx = d.u(0.25, 0.75) * d.w, d.u(0.3, 0.7) * d.w
    low, high = d.u(160, 800), d.u(40, 200)
    high = min(high, low * 0.8)
    foot = 1080.0 if d.p(0.75) else d.u(820, 980)
    ends = ((x - low, foot), (x + low, foot)), ((vx - high, top), (vx + high, top))
    bank = d.r.choice((M.WALL, M.ROCK, M.GRASS, M.GRASS, M.FOLIAGE))
    for side in (0, 1):
        s = 1 if side else -1
        a, b = ends[0][side], ends[1][side]
        lift, off = d.u(0.25, 0.9), d.w * s
        if bank in (M.WALL, M.ROCK):
            h0, h1 = low * lift, high * lift * 1.2
            back = [a, b, (b[0], b[1] - h1), (a[0], a[1] - h0)]
            d.fill([(b[0], b[1] - h1), (b[0] + off, b[1] - h1 - d.u(0, 120)), (a[0] + off, 1300),
                    (a[0], 1300), (a[0], a[1] - h0)], d.r.choice((M.GRASS, M.FOLIAGE, bank)),
                   skip=(1, 2, 3))  # fmt: skip
            d.fill(back, bank)
            if d.p(0.5):
                k = d.u(0.06, 0.16)
                d.line([mix(back[3], a, k), mix(back[2], b, k)], 0.9)
            if bank == M.ROCK:
                d.marks([[p, (p[0] + 30, p[1]), (p[0] + 34, p[1] + 18)] for p in (
                    mix(mix(a, b, d.u(0, 0.9)), mix(back[3], back[2], d.u(0, 0.9)), d.u(0.1, 0.9)) for _ in range(7)
                )])  # fmt: skip
        else:
            q = [a, b, (b[0] + s * d.u(0, 200), b[1] - d.u(0, 90)), (b[0] + off, b[1] - d.u(-50, 200)),
                 (a[0] + off, 1100), (a[0], 1100)]  # fmt: skip
            if bank == M.FOLIAGE:
                plants.woods(d, curve([q[1], q[2], q[3]] if s > 0 else [q[3], q[2], q[1]], 5), 1100, d.u(30, 80))
            d.fill(q, bank, skip=(3, 4, 5))
            x0, x1 = sorted((a[0], a[0] + off * 0.6))
            plants.grass(d, x0, x1, top + 120, 1000, 9) if bank == M.GRASS else plants.inside(
                d, (x0 + x1) / 2, (top + foot) / 2, (x1 - x0) * 0.4, 250
            )
    if foot < 1000:
        nature.ground(d, foot, d.r.choice((M.ROAD, M.SOIL)))
    flight(d, ends[0], ends[1], d.r.randint(6, 24))
    rail = d.r.choice(("none", "none", "sides", "middle"))
    lines = [(ends[0][0], ends[1][0]), (ends[0][1], ends[1][1])]
    if rail == "middle":
        lines = [(mix(*ends[0], 0.5), mix(*ends[1], 0.5))]
    for a, b in lines if rail != "none" else ():
        posts.fence(d, a, b, low * 0.35, high * 0.35, d.r.choice(("one rail", "pipes", "rail")))
    if d.p(0.3):
        s = d.r.choice((-1, 1))
        landmarks.steps(d, vx + s * high * 0.2, top + 2, high, high * 0.5, 4, narrow=0.8)
