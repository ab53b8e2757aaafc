"""Firs, cedars and cypresses: triangles, tiers of skirts, zigzags, fishbones."""

from __future__ import annotations

import numpy as np

from training.fast.curves import bumps, curve, puffs
from training.fast.sheet import BARE, FREE, Floats, M, Sheet

CONIFERS = (
    "triangle", "cone", "skirts", "triangle", "swing", "skirts", "tiers", "skirts", "zigzag", "saw", "fishbone",
    "skirts", "spike", "branches", "droop", "column",
)  # fmt: skip


def conifer(d: Sheet, x: float, y: float, h: float) -> None:
    """A fir, a cedar or a cypress with its foot at (x, y)."""
    way = d.manner("conifer", CONIFERS)
    half = h * d.u(0.14, 0.28) * (0.55 if way in ("spike", "column") else 1)
    foot = _stem(d, x, y, h)
    k = d.r.randint(3, 6)
    if way == "skirts":
        _skirts(d, x, foot, foot - y + h, half * 1.15)
        return
    if way in ("cone", "swing", "fishbone"):
        _sign(d, x, foot, foot - y + h, half, way)
        return
    if way == "triangle":
        d.fill([(x - half, foot), (x, y - h), (x + half, foot)], M.FOLIAGE)
        d.marks(
            [
                [
                    (x - half * t * 0.7, foot - (1 - t) * (h - (y - foot))),
                    (x + half * t * 0.5, foot - (1 - t) * (h - (y - foot)) + d.u(0, 4)),
                ]
                for t in np.linspace(0.3, 0.9, 4)
            ],
            keep=0.5,
        )
    elif way in ("spike", "column"):
        d.fill(
            puffs(
                d,
                x,
                (y - h + foot) / 2,
                half,
                (foot - y + h) / 2,
                d.r.randint(8, 16),
                0.4,
                "tooth" if way == "spike" else "round",
            ),
            M.FOLIAGE,
            edge=FREE,
        )
    elif way in ("tiers", "droop"):
        for i in range(k):
            t = i / k
            b = foot - (foot - y + h) * t * 0.8
            s, up = half * (1 - t * 0.75), (foot - y + h) * (0.42 - 0.12 * t)
            if way == "tiers":
                d.fill([(x - s, b), (x, b - up), (x + s, b)], M.FOLIAGE)
            else:
                hem = bumps(d, [(x + s, b), (x - s, b)], s * 0.4, -0.35)
                d.fill(
                    np.concatenate([[(x - s * 0.35, b - up * 0.4), (x, b - up), (x + s * 0.35, b - up * 0.4)], hem]),
                    M.FOLIAGE,
                    edge=FREE,
                )
    else:
        n = k * 2 + 3
        t = np.arange(n) / (n - 1)
        out = half * t * np.where(np.arange(n) % 2, 0.55 if way != "saw" else 0.8, 1.05)
        level = y - h + (foot - y + h) * t
        level[::2] += 0.02 * h
        right = np.stack([x + out, level], 1)
        left = np.stack([x - out * d.u(0.85, 1.1), level], 1)
        d.fill(np.concatenate([right, left[::-1]]), M.FOLIAGE, edge=FREE)
        if way == "branches":
            d.marks(
                [
                    [(x, b), (x + s * half * q, b + 0.06 * h)]
                    for s in (-1, 1)
                    for q, b in zip(t[2::2] * 0.7, level[1::2], strict=False)
                ]
            )


def _stem(d: Sheet, x: float, y: float, h: float) -> float:
    """The trunk of a conifer, or none; gives back the row of its lowest branches."""
    way = d.manner("fir stem", ("rod", "none", "two", "rod", "rod"), 0.9)
    if way == "none":
        return y
    foot = y - h * d.u(0.02, 0.18)
    w = h * d.u(0.03, 0.07)
    if way == "rod" or w < 2 * d.fine:
        d.rod((x, y), (x, foot - 0.1 * h), w, M.TRUNK)
        return foot
    w *= 1.3
    d.fill(
        [(x - w / 2, y), (x - w / 2, foot - 0.1 * h), (x + w / 2, foot - 0.1 * h), (x + w / 2, y)], M.TRUNK, edge=BARE
    )
    for s in (-0.5, 0.5):
        d.line([(x + s * w * d.u(0.9, 1.4), y + d.u(-0.02, 0.02) * h), (x + s * w, foot - 0.08 * h)])
    return foot


def _sign(d: Sheet, x: float, foot: float, h: float, half: float, way: str) -> None:
    """A conifer as a sign: a cone with a round hem, one line that swings to and fro, a stem with slanted strokes."""
    top = foot - h
    if way == "cone":
        hem = curve([(x + half, foot), (x, foot + h * d.u(-0.04, 0.1)), (x - half, foot)], 4)
        body = np.concatenate([[(x, top)], hem])
        d.fill(body, M.FOLIAGE, edge=BARE)
        d.edge((x - half, foot), (x, top))
        d.edge((x, top), (x + half, foot))
        if d.p(0.8):
            d.line(hem)
        return
    d.fill([(x - half, foot), (x, top), (x + half, foot)], M.FOLIAGE, edge=BARE)
    n = int(np.clip(h / (5 * d.fine), 5, 12))
    t = np.linspace(0.06, 1, n)
    rows = top + h * t
    if way == "swing":
        side = np.where(np.arange(n) % 2, 1.0, -1.0)
        d.line(np.concatenate([[(x, top)], np.stack([x + side * half * t * d.np.uniform(0.85, 1.1, n), rows], 1)]))
        return
    d.line([(x, top), (x, foot)])
    drop = h / n * d.u(0.3, 1.1)
    for a, b in zip(t.tolist(), rows.tolist(), strict=True):
        for s in (-1, 1):
            d.line([(x, b - drop), (x + s * half * a * d.u(0.85, 1.1), b)], 0.9)


def _skirts(d: Sheet, x: float, foot: float, h: float, half: float) -> None:
    """Three to six open skirts, one above the other, with hems, gaps and overlaps as this drawing has them."""
    k = d.r.randint(3, 6) if h > 14 * d.fine else 3
    join = d.manner("skirt join", ("over", "open", "gap", "over", "through", "hooked"))
    side = d.manner("skirt side", (0.5, 0.38, 0.5, 0.64))
    slim, droop = d.u(0.55, 0.88), d.manner("skirt droop", (0.0, 0.12, 0.0, -0.1, 0.2), 0.95)
    step = h / k
    sides, hems = [], []
    for i in range(k):
        low, s = foot - step * i, half * (1 - slim * i / k) * d.u(0.93, 1.07)
        up = min(step * (d.u(0.8, 0.95) if join == "gap" else d.u(1.4, 1.9)), low - foot + h)
        neck = s * d.u(0.3, 0.5) if join in ("gap", "hooked") and i < k - 1 else 0.0
        tip, waist = low + droop * step, neck + (s - neck) * side
        right = curve([(x + neck, low - up), (x + waist, low - up / 2), (x + s, tip)], 3)
        left = right * np.array([-1.0, 1.0]) + np.array([2 * x, 0.0])
        sides.append((left[::-1], right))
        hems.append(_hem(d, (x + s, tip), (x - s, tip), step))
    core = half * 0.4
    under = foot - 0.35 * step
    d.fill([(x - core, under), (x, foot - h), (x + core, under)], M.FOLIAGE, edge=BARE)
    bodies = [np.concatenate([left, right, hem]) for (left, right), hem in zip(sides, hems, strict=True)]
    if join in ("through", "gap"):
        for body in bodies:
            d.fill(body, M.FOLIAGE, edge=BARE)
    last = d.p(0.8)
    for i, ((left, right), hem) in enumerate(zip(sides, hems, strict=True)):
        if join not in ("through", "gap"):
            d.fill(bodies[i], M.FOLIAGE, edge=BARE)
        if len(left) and abs(left[-1, 0] - right[0, 0]) < 1:
            d.line(np.concatenate([left, right[1:]]))
        else:
            d.line(left)
            d.line(right)
        if join == "hooked":  # only the ends of the hem: the sides turn inwards
            q = max(2, len(hem) // 3)
            d.line(hem[:q])
            d.line(hem[-q:])
        elif join != "open" or (i == 0 and last):
            d.line(hem)


def _hem(d: Sheet, a: tuple[float, float], b: tuple[float, float], step: float) -> Floats:
    """The lower edge of a skirt, from its right tip to its left one."""
    way = d.manner("hem", ("straight", "sag", "arch", "wave", "points", "sag"), 0.95)
    x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    if way == "straight":
        return np.array([a, (x, y), b])
    if way in ("sag", "arch"):
        return curve([a, (x, y + step * (d.u(0.12, 0.3) if way == "sag" else -d.u(0.12, 0.3))), b], 4)
    return bumps(d, [a, b], (a[0] - b[0]) / d.r.randint(3, 5), 0.35, "round" if way == "wave" else "tooth", 0.3)
