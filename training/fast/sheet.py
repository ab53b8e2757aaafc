"""A scene that is being drawn, as a flat list of fills and strokes, and its rasterising in one sweep.

All points are kept in one list; perspective aside, everything costly (framing, bending, wobble, pressure, gaps)
is then done once for the whole drawing in numpy, and Pillow draws the pieces at twice the size. A fill rubs out
what lies behind it, so hidden lines vanish as they do on paper.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.core.material import Material
from training.fast.hands import Hand

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Path = Sequence[tuple[float, float]] | Floats
"""Points of a polyline in units of a frame with 1000 rows."""

M = Material
"""Short, because every shape names one."""
FREE, RULED, BARE = 0, 1, 2
"""Outlines: one pull around, edge by edge, none."""
_NOTHING = 255
SS = 2
"""Supersampling of ink and materials."""


class Sheet:
    """A drawing under way. ``d.w`` × ``d.h`` is the frame, y runs down; starts as empty sky."""

    def __init__(self, seed: int, hand: Hand, w: float = 1778.0, *, unit: float = 1.0) -> None:
        self.r = random.Random(seed)
        self.np = np.random.default_rng(seed)
        self.w, self.h, self.hand = w, 1000.0, hand
        self.px = 1000.0 * unit / 180.0
        """One pixel of the finished picture, in units."""
        self.fine = self.px * math.exp(self.r.uniform(-0.45, 0.4))
        """The smallest thing that is drawn: sets how close small marks lie."""
        self.xy: list[float] = []
        self.ops: list[tuple[int, int, float, float, bool]] = []
        # (points, material or −1 for a stroke, tone or weight, pressure, ruled)
        self._manner: dict[str, Any] = {}

    # --- chance -------------------------------------------------------------------------------------------------
    def u(self, a: float, b: float) -> float:
        """A number between."""
        return a + (b - a) * self.r.random()

    def p(self, share: float) -> bool:
        """True as often as the share says."""
        return self.r.random() < share

    def manner(self, what: str, ways: Sequence[Any], strict: float = 0.8) -> Any:
        """One of the ways to draw a thing; mostly the same way all over a drawing.

        Ways are given from schematic to elaborate; the hand leans to one end.
        """
        kept = self._manner.get(what)
        if kept is None or not self.p(strict):
            lean = self.r.random() ** (0.5 + 1.8 * self.hand.simple)
            at = lean if self.p(0.6) else self.r.random()
            kept = ways[min(len(ways) - 1, int(at * len(ways)))]
            self._manner.setdefault(what, kept)
        return kept

    # --- drawing ------------------------------------------------------------------------------------------------
    def _add(self, points: Path, closed: bool = False) -> int:
        flat = points.ravel().tolist() if isinstance(points, np.ndarray) else [c for q in points for c in q]
        n = len(flat) // 2
        if closed:
            flat += flat[:2]
            n += 1
        self.xy += flat
        return n

    def fill(
        self, points: Path, material: int, *, weight: float = 1.0, edge: int = RULED, skip: Iterable[int] = (),
        tone: bool = True,
    ) -> None:  # fmt: skip
        """Cover a polygon and draw its outline; ``skip`` leaves out edges of a ruled one (i: from i to i + 1)."""
        if len(points) < 3:
            return
        grey = self.hand.tones.get(int(material), 0) if tone else 0
        self.ops.append((self._add(points, closed=True), int(material), grey, 1.0, False))
        if edge == FREE:
            k = len(points) // 3
            whole = np.asarray(points)
            self.line(np.concatenate([whole[k:], whole[: k + 1]]), weight)
        elif edge == RULED:
            gone = tuple(skip)
            n = len(points)
            for i in range(n):
                if i not in gone:
                    self.edge(points[i], points[(i + 1) % n], weight)

    def box(self, x: float, y: float, w: float, h: float, material: int, *, skip: Iterable[int] = ()) -> None:
        """A plain upright rectangle that stands on row y, x its left side."""
        self.fill([(x, y), (x + w, y), (x + w, y - h), (x, y - h)], material, skip=skip)

    def shape(self, line: Path, below: float, material: int, *, weight: float = 1.0, drawn: bool = True) -> None:
        """Everything under an open skyline down to ``below``; only the skyline is drawn."""
        flat = np.asarray(line, float)
        self.fill(np.concatenate([flat, [(flat[-1, 0], below), (flat[0, 0], below)]]), material, edge=BARE)
        if drawn:
            self.line(flat, weight)

    def line(self, points: Path, weight: float = 1.0, pressure: float = 1.0) -> None:
        """A free stroke."""
        if len(points) >= 2:
            self.ops.append((self._add(points), -1, weight, pressure, False))

    def edge(self, a: Sequence[float], b: Sequence[float], weight: float = 1.0, pressure: float = 1.0) -> None:
        """A ruled stroke; runs past its ends as the hand does."""
        over = self.hand.overshoot
        ax, ay, bx, by = a[0], a[1], b[0], b[1]
        if over:
            dx, dy = bx - ax, by - ay
            n = math.hypot(dx, dy)
            if n > 1e-6:
                most = min(abs(over), 0.18 * n) * (1 if over > 0 else -1) / n
                s, t = most * self.r.random() ** 2, most * self.r.random() ** 2
                ax, ay, bx, by = ax - dx * s, ay - dy * s, bx + dx * t, by + dy * t
        self.xy += (ax, ay, bx, by)
        self.ops.append((2, -1, weight, pressure, True))

    def marks(self, lines: Iterable[Path], weight: float = 0.7, pressure: float = 0.75, keep: float = 1.0) -> None:
        """Small strokes inside a shape; a hand without patience leaves them out."""
        share = self.hand.detail * keep
        if share <= 0:
            return
        for line in lines:
            if self.r.random() < share:
                self.line(line, weight, pressure)

    def rod(self, a: Sequence[float], b: Sequence[float], width: float, material: int, *, end: float | None = None,
            weight: float = 0.9) -> None:  # fmt: skip
        """A straight bar of a material: two lines, or one if it is thin."""
        dx, dy = b[0] - a[0], b[1] - a[1]
        n = math.hypot(dx, dy)
        if n < 1e-6:
            return
        thin = width < 1.7 * self.fine or (self.p(0.3 * self.hand.simple) and width < 4 * self.fine)
        least = 1.15 * self.px
        s, t = max(width, least), max(width if end is None else end, least)
        px, py = -dy / n / 2, dx / n / 2
        box = [(a[0] + px * s, a[1] + py * s), (b[0] + px * t, b[1] + py * t), (b[0] - px * t, b[1] - py * t),
               (a[0] - px * s, a[1] - py * s)]  # fmt: skip
        self.fill(box, material, edge=BARE)
        if thin:
            self.edge(a, b, weight)
        else:
            self.edge(box[0], box[1], weight)
            self.edge(box[3], box[2], weight)
            if width > 3 * self.fine:
                self.edge(box[1], box[2], weight)

    def each(self, draw: Callable[..., None], places: Iterable[Sequence[float]], *more: Any) -> None:
        """Draw a thing at several places."""
        for place in places:
            draw(self, *place, *more)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How the frame is cut out of the scene: zoom about a point of it, tilt in radians, mirrored or not."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5
    tilt: float = 0.0
    mirror: bool = False


@dataclass(frozen=True, slots=True)
class Raster:
    """Ink and materials at the wanted size."""

    ink: NDArray[np.float32]
    """(H, W), 0–1; a stroke thinner than a pixel keeps much of its strength, as when a scan is made smaller."""
    materials: Bytes


def _smooth(noise: Floats, n: int) -> Floats:
    """Running mean over n points, with the spread of the noise kept."""
    total = np.cumsum(np.concatenate([np.zeros(n), noise]))
    return (total[n:] - total[:-n]) / math.sqrt(n)


def rasterise(d: Sheet, size: tuple[int, int], view: View) -> Raster:
    """Draw the sheet at (width, height) px."""
    hand, px = d.hand, size[1] * SS / 1080.0
    points, first, whose = _placed(d, size, view)
    ops = d.ops
    rng = d.np
    n = len(points)
    ruled = np.array([op[4] for op in ops])
    sway = np.where(ruled, hand.wobble / 3, hand.wobble)[whose] * px * 0.6
    stray = rng.normal(0, hand.astray * px * 0.6, (len(ops), 2)) if hand.astray else None
    force = np.array([op[3] for op in ops])[whose] * hand.strength
    force *= 1 - hand.play * np.clip(0.5 + 0.45 * _smooth(rng.normal(0, 1, n), 7), 0, 1)
    level = np.clip(force * 6 + 0.5, 1, 6).astype(np.int64)
    if hand.gap:
        level[_smooth(rng.random(n) - 0.5, 3) < -0.2887 * 1.9 * (1 - 2.2 * hand.gap)] = 0
    cut = np.zeros(n, bool)
    cut[first] = True
    cut[1:] |= level[1:] != level[:-1]
    if hand.sketch:
        cut |= rng.random(n) < 0.14
    run = np.cumsum(cut) - 1
    starts = np.flatnonzero(cut)
    lines = points.copy()
    for axis in (0, 1):
        lines[:, axis] += sway * _smooth(rng.normal(0, 1, n), 4)
        if stray is not None:
            lines[:, axis] += stray[whose, axis]
        if hand.sketch:
            lines[:, axis] += rng.normal(0, hand.sketch * px * 0.6, len(starts))[run]
    again = points + (lines - points) * -0.7 + rng.normal(0, 1.8 * px, (len(ops), 2))[whose] if hand.double else None
    twice = rng.random(len(ops)) < hand.double
    seen = _seen(points, first, size)
    plan = _Plan(points.ravel().tolist(), lines.ravel().tolist(), again.ravel().tolist() if again is not None else None,
                 [*first.tolist(), n], starts.tolist(), level[starts].tolist(), run[first].tolist(), seen.tolist(),
                 twice.tolist(), rng.random(len(ops)).tolist())  # fmt: skip
    return _draw(d, plan, size)


def _placed(d: Sheet, size: tuple[int, int], view: View) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """All points in supersampled px, dense enough to wobble; the first point of each op; the op of each point."""
    p = np.array(d.xy).reshape(-1, 2)
    counts = np.array([op[0] for op in d.ops])
    scale = size[1] * SS / d.h * view.zoom
    centre = np.array([d.w * (0.5 + (view.x - 0.5) * (1 - 1 / view.zoom)),
                       d.h * (0.5 + (view.y - 0.5) * (1 - 1 / view.zoom))])  # fmt: skip
    p = (p - centre) * scale
    if view.mirror:
        p[:, 0] = -p[:, 0]
    if view.tilt:
        c, s = math.cos(view.tilt), math.sin(view.tilt)
        p = p @ np.array([[c, s], [-s, c]])
    p += np.array(size) * SS / 2
    last = np.cumsum(counts) - 1
    way = np.empty_like(p)
    way[:-1] = p[1:] - p[:-1]
    way[last] = 0
    step = max(9.0, size[1] * SS / 40)
    length = np.minimum(np.hypot(way[:, 0], way[:, 1]), 12.0 * max(size) * SS)
    pieces = np.maximum(1, np.ceil(length / step)).astype(np.int64)
    begin = np.cumsum(pieces) - pieces
    index = np.repeat(np.arange(len(p)), pieces)
    t = (np.arange(len(index)) - begin[index]) / pieces[index]
    q = p[index] + way[index] * t[:, None]
    first = begin[last - counts + 1]
    whose = np.repeat(np.arange(len(counts)), np.diff(np.append(first, len(index))))
    return _bent(q, d, size), first, whose


def _bent(q: Floats, d: Sheet, size: tuple[int, int]) -> Floats:
    """The slow bending that shapes and strokes share."""
    amount = d.hand.warp * size[1] * SS / 1080
    if amount < 0.2:
        return q
    phase = d.np.uniform(0, 2 * math.pi, (2, 2, 2))
    for axis in (0, 1):
        for k, wave in enumerate((0.9, 0.37)):
            f = 2 * math.pi / (wave * size[1] * SS)
            turn = phase[axis, k, 1]
            along = q @ np.array([math.cos(turn), math.sin(turn)])
            q[:, axis] += amount * (0.7 - 0.35 * k) * np.sin(f * along + phase[axis, k, 0])
    return q


def _seen(q: Floats, first: NDArray[np.int64], size: tuple[int, int]) -> NDArray[np.bool_]:
    low, high = np.minimum.reduceat(q, first), np.maximum.reduceat(q, first)
    w, h = size[0] * SS, size[1] * SS
    seen: NDArray[np.bool_] = (high[:, 0] > -4) & (high[:, 1] > -4) & (low[:, 0] < w + 4) & (low[:, 1] < h + 4)
    return seen


@dataclass(frozen=True, slots=True)
class _Plan:
    shapes: list[float]
    lines: list[float]
    again: list[float] | None
    first: list[int]
    starts: list[int]
    levels: list[int]
    runs: list[int]
    seen: list[bool]
    twice: list[bool]
    dice: list[float]


def _draw(d: Sheet, plan: _Plan, size: tuple[int, int]) -> Raster:
    big = (size[0] * SS, size[1] * SS)
    ink, mat = Image.new("L", big, d.hand.tones.get(0, 0)), Image.new("L", big, int(M.SKY))
    under = Image.new("L", big, 0) if d.hand.ghost else None
    pen, brush = ImageDraw.Draw(ink), ImageDraw.Draw(mat)
    ghost = ImageDraw.Draw(under) if under is not None else None
    unit = d.hand.width * size[1] * SS / 1080
    first, runs, starts, levels = plan.first, plan.runs, plan.starts, plan.levels
    overlap = 2 if d.hand.sketch else 1
    for k, (_, material, weight, _, _) in enumerate(d.ops):
        if not plan.seen[k]:
            continue
        lo, hi = first[k], first[k + 1]
        if material >= 0:
            ring = plan.shapes[2 * lo : 2 * hi]
            if material != _NOTHING:
                brush.polygon(ring, fill=material)
            pen.polygon(ring, fill=int(weight))
            continue
        fat = unit * weight
        whole = max(1, int(fat + plan.dice[k]))
        thin = min(1.0, fat / 0.9) ** 0.5 * 42.5
        end = runs[k + 1] if k + 1 < len(runs) else len(starts)
        for run in range(runs[k], end):
            level = levels[run]
            if not level:
                continue
            a = max(lo, starts[run] - overlap + 1)
            b = min(hi, (starts[run + 1] if run + 1 < len(starts) else hi) + overlap)
            value = int(level * thin)
            piece = plan.lines[2 * a : 2 * b]
            pen.line(piece, fill=value, width=whole)
            if plan.again is not None and plan.twice[k]:
                pen.line(plan.again[2 * a : 2 * b], fill=value, width=whole)
            if ghost is not None:
                ghost.line(piece, fill=int(value * d.hand.ghost), width=whole)
    return Raster(_shrunk(ink, under), np.asarray(mat)[SS - 1 :: SS, SS - 1 :: SS].copy())


def _shrunk(ink: Image.Image, under: Image.Image | None) -> NDArray[np.float32]:
    full = np.asarray(ink)
    if under is not None:
        full = np.maximum(full, np.asarray(under))
    square = full.astype(np.float32)
    square *= square
    mean = square[0::2, 0::2] + square[1::2, 0::2] + square[0::2, 1::2] + square[1::2, 1::2]
    out: NDArray[np.float32] = np.minimum(np.sqrt(mean) * np.float32(1.15 / 510), 1)
    return out
