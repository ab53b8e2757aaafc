"""Shapes and strokes → ink and materials, at any size.

Shapes are filled into one picture of shape indices; every stroke is then stamped as overlapping round dabs whose
coverage is exact to a fraction of a pixel, and kept where no later shape lies above it. All strokes of a drawing are
worked on at once.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.drawing import Drawing, Points, Stroke
from training.hand import Hand

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Inked:
    """What the pencil left, and what it means."""

    graphite: Plane
    """(H, W), 0–1."""
    red: Plane
    blue: Plane
    materials: NDArray[np.uint8]
    """(H, W), value = Material index; the same geometry as the lines."""


def render(drawing: Drawing, hand: Hand, *, size: tuple[int, int] = (1920, 1080)) -> Inked:
    """Draw a scene with a hand at (width, height) pixels."""
    width, height = size
    scale = np.array([width / drawing.width, height / drawing.height])
    index = _shape_index(drawing, hand, scale, size)
    planes = np.zeros((3 * _COATS, height, width), np.float32)
    _stamp(planes, index, _dabs(drawing, hand, scale))
    coats = 1.0 - np.prod(1.0 - planes.reshape(3, _COATS, height, width), axis=1)
    materials = np.asarray(drawing.materials, np.uint8)[index]
    return Inked(coats[0], coats[1], coats[2], materials)


_COATS = 2  # strokes within a coat do not darken each other, strokes of two coats do


def warp(points: Points, hand: Hand) -> Points:
    """Bend the drawing slowly, as a hand does; shapes and strokes are bent alike, so they still agree."""
    rng = np.random.default_rng(hand.seed)
    phase = rng.uniform(0, 2 * np.pi, (2, 3))
    wave = 2 * np.pi / np.array([930.0, 510.0, 290.0])
    turn = rng.uniform(0, 2 * np.pi, (2, 3))
    share = np.array([0.5, 0.33, 0.17]) * hand.warp
    moved = points.copy()
    for axis in (0, 1):
        along = points[:, :1] * np.cos(turn[axis]) + points[:, 1:] * np.sin(turn[axis])
        moved[:, axis] += (share * np.sin(wave * along + phase[axis])).sum(1)
    return moved


def _densify(lines: list[Points], step: float) -> tuple[Points, NDArray[np.int64], NDArray[np.float64]]:
    """Resample polylines: points, the line that each belongs to, and its distance from the line's start."""
    counts = np.array([len(line) for line in lines])
    points = np.concatenate(lines)
    owner = np.repeat(np.arange(len(lines)), counts)
    joined = owner[1:] == owner[:-1]
    a, b, who = points[:-1][joined], points[1:][joined], owner[:-1][joined]
    length = np.hypot(*(b - a).T)
    pieces = np.maximum(1, np.ceil(length / step)).astype(np.int64)
    segment = np.repeat(np.arange(len(a)), pieces)
    k = np.arange(len(segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    t = (k / pieces[segment])[:, None]
    start = np.cumsum(length) - length
    first = np.searchsorted(who, np.arange(len(lines)), side="left")
    arc = start[segment] + t[:, 0] * length[segment] - start[np.minimum(first, len(start) - 1)][who[segment]]
    return a[segment] * (1 - t) + b[segment] * t, who[segment], arc


def _shape_index(drawing: Drawing, hand: Hand, scale: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.int32]:
    """Which shape is seen at each pixel."""
    closed = [np.concatenate([s, s[:1]]) for s in drawing.shapes]
    points, owner, _ = _densify(closed, 60.0)
    points = warp(points, hand) * scale - 0.5
    ends = np.searchsorted(owner, np.arange(len(closed) + 1))
    picture = Image.new("I", size, 0)
    pen = ImageDraw.Draw(picture)
    for i, (lo, hi) in enumerate(itertools.pairwise(ends)):
        if hi - lo >= 3:
            pen.polygon(points[lo:hi].ravel().tolist(), fill=i)
    return np.asarray(picture, np.int32)


@dataclass(frozen=True, slots=True)
class _Dabs:
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    radius: NDArray[np.float64]
    ink: NDArray[np.float64]
    plane: NDArray[np.int64]
    order: NDArray[np.int64]
    inside: NDArray[np.bool_]
    ghost: NDArray[np.float64]


def _noise(line: NDArray[np.int64], arc: NDArray[np.float64], cell: float, salt: int) -> NDArray[np.float64]:
    """Smooth value noise along each line, −1…1."""
    u = arc / cell
    i = np.floor(u).astype(np.int64)
    f = u - i
    f = f * f * (3 - 2 * f)

    def value(k: NDArray[np.int64]) -> NDArray[np.float64]:
        h = (k * 374761393 + line * 668265263 + salt * 2147483647) & 0xFFFFFFFF
        h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
        return ((h ^ (h >> 16)) & 0xFFFF) / 32767.5 - 1.0

    return value(i) * (1 - f) + value(i + 1) * f


def _ends_run_over(strokes: list[Stroke], hand: Hand, rng: np.random.Generator) -> list[Points]:
    """Ruled strokes run past their ends (or stop a little short)."""
    run = rng.uniform(-0.2, 1.0, (len(strokes), 2)) ** 3 * hand.overshoot
    lines = []
    for stroke, (first, last) in zip(strokes, run, strict=True):
        p = stroke.points
        if stroke.ruled and hand.overshoot > 0:
            p = p.copy()
            head, tail = p[0] - p[1], p[-1] - p[-2]
            n, m = np.hypot(*head), np.hypot(*tail)
            p[0] += head / max(n, 1e-6) * min(first, 0.2 * n)
            p[-1] += tail / max(m, 1e-6) * min(last, 0.2 * m)
        lines.append(p)
    return lines


def _dabs(drawing: Drawing, hand: Hand, scale: NDArray[np.float64]) -> _Dabs:
    """All strokes as dabs in pixels."""
    rng = np.random.default_rng([hand.seed, 1])
    strokes = list(drawing.strokes)
    again = rng.random(len(strokes)) < hand.double
    strokes += [s for s, twice in zip(strokes, again, strict=True) if twice]
    second = np.arange(len(strokes)) >= len(again)
    lines = _ends_run_over(strokes, hand, rng)
    size = float(scale.mean())
    points, who, arc = _densify(lines, 0.8 / size)
    total = np.zeros(len(strokes))
    np.maximum.at(total, who, arc)

    def each(values: list[float]) -> NDArray[np.float64]:
        return np.asarray(values)[who]

    weight, pressure = each([s.weight for s in strokes]), each([s.pressure for s in strokes])
    ruled = np.array([s.ruled for s in strokes])[who]
    taper, length = each([s.taper for s in strokes]), total[who]
    sway = np.where(ruled, hand.ruled_wobble, hand.wobble) * np.minimum(1.0, 0.25 + length / 90.0)
    salt = hand.seed % 9973
    points = warp(points, hand)
    for axis in (0, 1):
        points[:, axis] += sway * (
            0.65 * _noise(who, arc, 46.0, salt + axis) + 0.35 * _noise(who, arc, 15.0, salt + axis + 7)
        )
        offset = np.where(second, rng.uniform(-1.7, 1.7, len(strokes)), 0.0)
        points[:, axis] += offset[who]

    play = hand.pressure_play
    force = pressure * (1 - play * (0.5 + 0.5 * _noise(who, arc, 130.0, salt + 3)))
    force *= 1 + 0.25 * play * _noise(who, arc, 9.0, salt + 4)
    lift = np.minimum(arc, length - arc) / np.maximum(np.minimum(0.5 * length, 16.0 + 40.0 * taper), 1e-3)
    force *= 1 - taper * (1 - np.clip(lift, 0, 1)) ** 1.3
    touch = 0.5 + 0.5 * _noise(who, arc, 70.0, salt + 5)
    force *= np.where(touch < hand.gap, 0.18, 1.0)
    force *= np.where(second[who], 0.6, 1.0)
    radius = 0.5 * hand.width * weight * (0.62 + 0.48 * np.clip(force, 0, 1)) * size
    thin = np.minimum(1.0, radius / 0.45)  # a line thinner than a pixel is a paler line
    coat = rng.integers(0, _COATS, len(strokes))
    return _Dabs(
        x=points[:, 0] * scale[0] - 0.5,
        y=points[:, 1] * scale[1] - 0.5,
        radius=np.maximum(radius, 0.45),
        ink=np.clip(force * hand.strength * thin * 1.15, 0, 1),
        plane=np.array([s.pencil * _COATS for s in strokes])[who] + coat[who],
        order=np.array([s.order for s in strokes])[who],
        inside=np.array([s.inside for s in strokes])[who],
        ghost=np.where(np.array([s.through for s in strokes])[who], 1.0, hand.ghost),
    )


def _stamp(planes: Plane, index: NDArray[np.int32], dabs: _Dabs, chunk: int = 150_000) -> None:
    """Stamp dabs into planes (P, H, W); within a plane the strongest ink wins."""
    flat = planes.reshape(-1)
    _, height, width = planes.shape
    reach = np.ceil(dabs.radius - 0.35).astype(np.int64)
    near = (dabs.x > -8) & (dabs.x < width + 8) & (dabs.y > -8) & (dabs.y < height + 8) & (dabs.ink > 0.01)
    for r in np.unique(reach[near]):
        chosen = np.flatnonzero(near & (reach == r))
        dy, dx = (g.ravel() for g in np.mgrid[-r : r + 1, -r : r + 1])
        for lo in range(0, len(chosen), chunk):
            k = chosen[lo : lo + chunk]
            x0, y0 = np.rint(dabs.x[k]).astype(np.int64), np.rint(dabs.y[k]).astype(np.int64)
            px, py = x0[:, None] + dx, y0[:, None] + dy
            ax, ay = (dabs.x[k] - x0)[:, None] - dx, (dabs.y[k] - y0)[:, None] - dy
            ink = np.clip(dabs.radius[k][:, None] + 0.5 - np.sqrt(ax * ax + ay * ay), 0, 1)
            seen = (px >= 0) & (px < width) & (py >= 0) & (py < height) & (ink > 0)
            row = np.broadcast_to(np.arange(len(k))[:, None], px.shape)[seen]
            px, py, ink, k = px[seen], py[seen], ink[seen], k[row]
            above = index[py, px]
            hidden = (above > dabs.order[k]) | (dabs.inside[k] & (above != dabs.order[k]))
            ink = ink * dabs.ink[k] * np.where(hidden, np.where(dabs.inside[k], 0, dabs.ghost[k]), 1.0)
            np.maximum.at(flat, (dabs.plane[k] * height + py) * width + px, ink.astype(np.float32))
