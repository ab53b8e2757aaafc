"""Crowns of broad-leaved trees, from one ring to masses of scallops."""

from __future__ import annotations

import math

import numpy as np

from training.fast.curves import arc, blob, bumps, curve, hatch, puffs, ring
from training.fast.sheet import BARE, FREE, M, Path, Sheet

CROWNS = (
    "ring", "loose", "scallop", "upper", "rings", "scallop", "blob", "few", "through", "double", "hooked", "teeth",
    "clumps", "scallop", "cloudlets", "leafy", "scribble", "layers",
)  # fmt: skip


def crown(d: Sheet, x: float, y: float, rx: float, ry: float, way: str | None = None) -> None:
    """A tree's crown about (x, y)."""
    way = way or d.manner("crown", CROWNS)
    n = int(np.clip(3.2 * (rx + ry) / max(d.u(9, 16) * d.fine * 0.45, 0.16 * (rx + ry)), 6, 34))
    if way == "ring":
        d.fill(ring(x, y, rx, ry, 20 if rx > 40 else 12), M.FOLIAGE, edge=FREE)
    elif way == "blob":
        d.fill(blob(d, x, y, rx, ry, 0.16), M.FOLIAGE, edge=FREE)
    elif way in ("scallop", "few"):
        n = d.r.randint(5, 8) if way == "few" else n
        d.fill(puffs(d, x, y, rx, ry, n, d.u(0.3, 0.6)), M.FOLIAGE, edge=FREE)
    elif way == "teeth":
        d.fill(puffs(d, x, y, rx, ry, n, d.u(0.5, 1.2), "tooth"), M.FOLIAGE, edge=FREE)
    elif way == "leafy":
        d.fill(puffs(d, x, y, rx, ry, n + 6, d.u(0.5, 1.0), "leaf"), M.FOLIAGE, edge=FREE)
    elif way in ("clumps", "cloudlets", "layers"):
        _clumps(d, x, y, rx, ry, way)
        return
    elif way in ("through", "rings", "double"):
        _balls(d, x, y, rx, ry, way)
    elif way in ("upper", "loose", "hooked"):
        _arcs(d, x, y, rx, ry, way)
    else:
        d.fill(blob(d, x, y, rx, ry, 0.1), M.FOLIAGE, edge=BARE)
        t = np.linspace(0, d.u(30, 60), 60)
        r = 0.5 + 0.45 * np.sin(t * d.u(0.31, 0.43))
        d.line(np.stack([x + rx * r * np.cos(t), y + ry * r * np.sin(t)], 1), 0.8, 0.8)
        d.line(puffs(d, x, y, rx, ry, n, 0.4), 0.9)
    if d.p(0.8):
        inside(d, x, y, rx, ry)


def _clumps(d: Sheet, x: float, y: float, rx: float, ry: float, way: str) -> None:
    """A crown of several masses, those in front over those behind."""
    k = d.r.randint(3, 7)
    spots = []
    for i in range(k):
        if way == "layers":
            t = i / max(1, k - 1)
            spots.append((x + d.u(-0.25, 0.25) * rx, y - ry * (0.75 - 1.5 * t), rx * d.u(0.6, 1.0), ry * 0.36))
        else:
            a = 6.283 * (i + d.u(-0.3, 0.3)) / k
            spots.append(
                (x + 0.55 * rx * math.cos(a), y + 0.55 * ry * math.sin(a), rx * d.u(0.38, 0.6), ry * d.u(0.38, 0.6))
            )
    spots.append((x, y, rx * 0.5, ry * 0.5))
    if way == "clumps":
        d.fill(ring(x, y, rx * 0.7, ry * 0.7), M.FOLIAGE, edge=BARE)
    for a, b, ra, rb in spots:
        if ra > 3 * d.fine and not d.p(0.2):
            n = int(np.clip(ra / (2.2 * d.fine), 5, 12))
            d.fill(puffs(d, a, b, ra, rb, n, 0.45), M.FOLIAGE, edge=FREE)
        else:
            d.fill(blob(d, a, b, ra, rb, 0.1), M.FOLIAGE, edge=FREE)


def inside(d: Sheet, x: float, y: float, rx: float, ry: float) -> None:
    """Leaves hinted inside a crown or a bush."""
    if rx < 4 * d.fine or not d.hand.detail:
        return
    way = d.manner("leaves", ("arcs", "threes", "ticks", "hatch", "curls"))
    lines: list[Path] = []
    for _ in range(int(np.clip(rx * ry / (90 * d.fine * d.fine), 2, 14))):
        a, r = d.u(0, 6.283), d.u(0.1, 0.75)
        px, py, s = x + rx * r * math.cos(a), y + ry * r * math.sin(a), d.fine * d.u(1.5, 5)
        if way == "arcs":
            lines.append(arc(px, py, s, s * 0.8, d.u(0.9, 1.2), d.u(1.6, 2.1), 5))
        elif way == "threes":
            lines.append(bumps(d, [(px - s, py), (px + s, py)], s * 0.8, -0.6))
        elif way == "ticks":
            lines.append([(px, py), (px + d.u(-0.5, 0.5) * s, py + s * 0.6)])
        elif way == "curls":
            lines.append(arc(px, py, s * 0.6, s * 0.5, 0, 1.7, 7))
        else:
            lines.append([(px, py), (px + s, py - s * 0.8)])
    d.marks(lines)
    if d.p(d.hand.hatch):
        hatch(
            d,
            [
                (x - 0.6 * rx, y + 0.2 * ry),
                (x + 0.6 * rx, y + 0.1 * ry),
                (x + 0.3 * rx, y + 0.8 * ry),
                (x - 0.5 * rx, y + 0.8 * ry),
            ],
            2.4 * d.fine,
        )


def _balls(d: Sheet, x: float, y: float, rx: float, ry: float, way: str) -> None:
    """Balls that overlap: their outlines are all there (see-through), or one ball stands before another."""
    if way == "double":
        spots = [(x + d.u(-0.15, 0.15) * rx, y - ry * 0.42, rx * d.u(0.6, 0.8), ry * 0.58),
                 (x + d.u(-0.1, 0.1) * rx, y + ry * 0.4, rx * d.u(0.85, 1.0), ry * 0.6)]  # fmt: skip
        spots = spots[::-1] if d.p(0.4) else spots
    else:
        k = d.r.randint(3, 6)
        turn = d.u(0, 6.3)
        spots = [(x + 0.5 * rx * math.cos(a), y + 0.5 * ry * math.sin(a), rx * d.u(0.45, 0.65), ry * d.u(0.45, 0.65))
                 for a in (turn + 6.283 * (i + d.u(-0.25, 0.25)) / k for i in range(k))]  # fmt: skip
    plain = way == "rings" or rx < 7 * d.fine
    rounds = [ring(a, b, p, q, 15) if plain else puffs(d, a, b, p, q, d.r.randint(6, 12), d.u(0.35, 0.55))
              for a, b, p, q in spots]  # fmt: skip
    if way == "double":
        for outline in rounds:
            d.fill(outline, M.FOLIAGE, edge=FREE)
        return
    d.fill(ring(x, y, rx * 0.55, ry * 0.55, 12), M.FOLIAGE, edge=BARE)
    for outline in rounds:
        d.fill(outline, M.FOLIAGE, edge=BARE)
    for outline in rounds:
        start = d.r.randrange(len(outline))
        d.line(np.concatenate([outline[start:], outline[: start + 1]]))


def _arcs(d: Sheet, x: float, y: float, rx: float, ry: float, way: str) -> None:
    """A cloud of arcs: only above (open bottom), with gaps between, or with ends that turn into the crown."""
    n = d.r.randint(6, 12)
    outline = puffs(d, x, y, rx, ry, n, d.u(0.35, 0.6))
    d.fill(outline, M.FOLIAGE, edge=BARE)
    if way == "upper":
        low = int(outline[:, 1].argmax())
        turned = np.roll(outline, -low, 0)
        cut = int(len(turned) * d.u(0.1, 0.24))
        d.line(turned[cut:-cut])
        return
    for i in range(n):
        piece = np.concatenate([outline, outline[:1]])[5 * i : 5 * i + 6]
        if way == "loose":
            if d.p(0.93):
                d.line(piece)
            continue
        end = piece[-1]
        deep = d.u(0.12, 0.3)
        hook = end + (np.array([x, y]) - end) * deep + (piece[-2] - piece[-1]) * 0.6
        d.line(curve(np.concatenate([piece[::2], [end, hook]]), 2) if deep > 0.2 else np.concatenate([piece, [hook]]))


def balls(d: Sheet, line: Path, y0: float, size: float, rows: int = 2) -> None:
    """A wall of trees over row y0: balls side by side, those below in front; the foot is open."""
    p = np.asarray(line, float)
    d.fill(np.concatenate([p, [(p[-1, 0], y0), (p[0, 0], y0)]]), M.FOLIAGE, edge=BARE)
    n = int(np.clip((d.w + 120) / (1.5 * size), 3, 16))
    for k in range(rows):
        for x in (np.linspace(-40, d.w + 40, n) + d.np.uniform(-0.3, 0.3, n) * size).tolist():
            top = float(np.interp(x, p[:, 0], p[:, 1]))
            y = top + (y0 - top) * (0.75 * k / rows) + d.u(-0.1, 0.1) * size
            s = size * d.u(0.75, 1.15)
            outline = puffs(d, x, y, s, min(s * d.u(0.7, 1.0), max(y0 - y, 4.0)), d.r.randint(6, 11), d.u(0.3, 0.5))
            outline[:, 1] = np.minimum(outline[:, 1], y0)
            d.fill(outline, M.FOLIAGE, edge=BARE)
            low = int(outline[:, 1].argmax())
            turned = np.roll(outline, -low, 0)
            cut = int(len(turned) * d.u(0.12, 0.25))
            d.line(turned[cut:-cut])
