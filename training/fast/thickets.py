"""Masses of leaves: bands along a ground, walls of trees, thickets that fill a side of the picture."""

from __future__ import annotations

import numpy as np

from training.fast.crowns import balls as balls
from training.fast.crowns import crown
from training.fast.curves import bumps, curve, puffs
from training.fast.plants import tuft
from training.fast.sheet import BARE, FREE, Floats, M, Path, Sheet


def foot_row(d: Sheet, line: Path, size: float) -> None:
    """Where leaves meet the ground: nothing, hanging strokes, a row of tufts, or a line; as this drawing has it."""
    p = np.asarray(line, float)
    way = d.manner("thicket foot", ("none", "line", "tufts", "strokes", "none", "low bumps"), 0.9)
    size = max(size, 2.0 * d.fine)
    if way == "line":
        d.line(p, 0.9)
    elif way == "low bumps":
        d.line(bumps(d, p, size * 1.5, -0.25), 0.8)
    elif way != "none":
        long = float(np.hypot(*np.diff(p, axis=0).T).sum())
        order = np.linspace(0, 1, len(p))
        for _ in range(int(np.clip(long / (size * d.u(1.2, 4)), 3, 40))):
            t = d.r.random()
            x, y = float(np.interp(t, order, p[:, 0])), float(np.interp(t, order, p[:, 1]))
            if way == "tufts":
                for stroke in tuft(d, x, y + 0.2 * size, size * d.u(0.5, 0.9)):
                    d.line(stroke, 0.8)
            else:
                d.line([(x, y - size * d.u(0.5, 1)), (x + d.u(-0.15, 0.15) * size, y + size * d.u(0, 0.3))], 0.8)


def strip(d: Sheet, line: Path, h: float, x0: float | None = None, x1: float | None = None) -> None:
    """A band of leaves that stands on a skyline: scallops above, its foot as the drawing has it."""
    p = np.asarray(line, float)
    a = float(p[0, 0]) if x0 is None else x0
    b = float(p[-1, 0]) if x1 is None else x1
    xs = np.linspace(a, b, 12)
    foot = np.stack([xs, np.interp(xs, p[:, 0], p[:, 1]) + max(d.fine, h * d.u(0.05, 0.4))], 1)
    high = foot.copy()
    high[:, 1] -= h * d.np.uniform(0.7, 1.0, len(xs))
    if x0 is not None:
        high[0, 1] = foot[0, 1]
    if x1 is not None:
        high[-1, 1] = foot[-1, 1]
    way = d.manner("strip", ("bumps", "bumps", "points", "big"))
    size = max(h * {"big": 1.6, "points": 0.5}.get(way, 0.8), 2.6 * d.fine)
    top = bumps(d, high, size, d.u(0.3, 0.6), "tooth" if way == "points" else "round")
    d.fill(np.concatenate([top, foot[::-1]]), M.FOLIAGE, edge=BARE)
    d.line(top, 0.9)
    foot_row(d, foot, 0.4 * h)


def flank(d: Sheet, side: int, y: float, reach: float, material: int = M.FOLIAGE, lean: float = 1.7) -> None:
    """A thicket that fills the left (0) or right (1) side from above the frame to the ground.

    Only its inner edge is drawn, with balls or scallops; the rest is empty paper. Its foot slants from the inner edge
    on row ``y`` towards the viewer. ``lean`` is how far it may hang inwards, as a share of ``reach``.
    """
    way = d.manner("flank", ("balls", "scallops", "balls", "crowns", "scallops", "balls", "line"), 0.85)
    near = y + d.u(0.15, 0.9) * (1040 - y)
    top = reach * d.u(0.7, lean)
    inner = curve([(top, -60), (reach * d.u(0.85, min(lean, 1.3)), y * d.u(0.3, 0.6)), (reach, y)], 6)
    foot = curve([(reach, y), (reach * d.u(0.35, 0.65), y + (near - y) * d.u(0.2, 0.65)), (-80, near)], 6)

    def here(q: Floats) -> Floats:
        return np.stack([d.w - q[:, 0], q[:, 1]], 1) if side else q

    size = max(d.u(45, 190), 5 * d.fine)
    edge = bumps(d, inner, size * 0.8, d.u(0.3, 0.6)) if way == "scallops" else inner
    d.fill(here(np.concatenate([edge, foot, [(-80, -60)]])), material, edge=BARE)
    if way in ("scallops", "line"):
        d.line(here(edge))
    else:
        row, half = -30.0, d.p(0.5)
        order = inner[:, 1]
        while row < y - 0.3 * size:
            s = size * d.u(0.7, 1.3)
            x = float(np.interp(row, order, inner[:, 0])) - 0.6 * s
            x = d.w - x if side else x
            if way == "crowns":
                crown(d, x, row, s, s * 0.8, "scallop" if d.p(0.7) else None)
            else:
                high = min(s * d.u(0.7, 0.95), y - row + 4)
                ball = puffs(d, x, row, s, high, d.r.randint(6, 11), d.u(0.3, 0.5))
                d.fill(ball, material, edge=BARE if half else FREE)
                if half:
                    ball = np.roll(ball, -int(ball[:, 0].argmax() if side else ball[:, 0].argmin()), 0)
                    cut = int(len(ball) * d.u(0.12, 0.25))
                    d.line(ball[cut:-cut])
            row += s * d.u(0.7, 1.4)
        for _ in range(d.r.choice((0, 0, 1, 3))):
            x, row = reach * d.u(0.05, 0.6), d.u(0.1, 0.8) * y
            d.line(bumps(d, here(np.array([(x, row), (x + size, row)]))[:: -1 if side else 1], size * 0.4, 0.5), 0.8)
    foot_row(d, here(foot), 0.35 * size)


def flanks(d: Sheet, y: float, least: float = 0.12, most: float = 0.38) -> None:
    """Thickets on both sides of a way or on one; they reach down to row y at their inner edge."""
    for side in (0, 1) if d.p(0.7) else (d.r.choice((0, 1)),):
        flank(d, side, y + d.u(-15, 60), d.u(least, most) * d.w)
