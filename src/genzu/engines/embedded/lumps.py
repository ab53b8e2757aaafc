"""Heaps of lumps: clouds, crowns and boulders are rounded masses that overlap, those in front painted last.

Each lump is a small relief (normal and distance from its rim) stamped into buffers in painting order, as a painter
builds a crown from clumps of leaves. Lumps sit on jittered grids in the world's coordinates, so tiles agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from PIL import Image

from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import box_of, difference
from genzu.engines.embedded.strokes import Points
from genzu.picture.arrays import Bool, Float32

_STEP = 1.19
_VARIANTS = 8
_LARGE = 23
"""Step of size (about 58 px) above which there are half as many variants: large templates take memory."""


_SIZES = 2.0, 40.0
"""Least and greatest radius in units of shapes that are cut before the first picture."""


class Lump(StrEnum):
    """Shapes of lump."""

    PUFF = "puff"
    """Rounded and scalloped: cloud."""
    LEAFY = "leafy"
    """Ragged with leaves round the rim: a clump of foliage."""
    BOUGH = "bough"
    """Wide, drooping, with needles along the lower rim: a conifer's branch."""
    FACET = "facet"
    """A polygon with one plane: rock."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Lumps of one kind that share a heap; arrays of length n, px inside the patch."""

    x: Float32
    y: Float32
    radius: Float32
    chance: Float32
    """(n, 4) random values 0–1."""
    order: Float32
    """Painting order, small first."""


@dataclass(frozen=True, slots=True)
class Relief:
    """What a heap looks like; all (h, w)."""

    nx: Float32
    """Normal, x right: −1…1."""
    ny: Float32
    """Normal, y down: −1…1."""
    rim: Float32
    """0 at the rim of the topmost lump, 1 at its middle."""
    tone: Float32
    """−1…1, one value per lump."""
    cover: Float32
    """0–1: share covered by any lump."""

    def __getitem__(self, view: tuple[slice, slice]) -> Relief:
        """A rectangle of it."""
        return Relief(self.nx[view], self.ny[view], self.rim[view], self.tone[view], self.cover[view])

    def facing(self, towards: tuple[float, float], front: float = 0.3) -> Float32:
        """−1…1: how squarely it faces the light."""
        bulge = np.sqrt(np.clip(1 - self.nx * self.nx - self.ny * self.ny, 0, 1))
        return np.asarray(self.nx * towards[0] + self.ny * towards[1] + front * bulge, np.float32)


def batch(points: Points, radius: Float32, lean: float = 0.35) -> Batch:
    """Lumps at these places; nearer (lower) ones come later, with a jitter of ``lean`` radii."""
    order = points.y + (points.chance[:, 0] - 0.5) * radius * lean * 2
    return Batch(points.x, points.y, np.asarray(radius, np.float32), points.chance, np.asarray(order, np.float32))


def joined(batches: Sequence[Batch]) -> Batch:
    """One batch in painting order."""
    order = np.concatenate([part.order for part in batches])
    rank = np.argsort(order, kind="stable")
    x, y, radius, chance = (
        np.concatenate([getattr(part, name) for part in batches])[rank] for name in ("x", "y", "radius", "chance")
    )
    return Batch(x, y, radius, chance, order[rank])


def heap(patch: Patch, lumps: Batch, kind: Lump) -> Relief:
    """Stamp lumps in order."""
    height, width = patch.shape
    buffer = np.zeros((5, height, width), np.float32)
    steps = np.rint(np.log(np.maximum(lumps.radius, 1.5)) / np.log(_STEP)).astype(np.int64)
    columns, rows = np.rint(lumps.x).astype(np.int64), np.rint(lumps.y).astype(np.int64)
    variants = (lumps.chance[:, 1] * _VARIANTS).astype(np.int64) % _VARIANTS
    tones = list(lumps.chance[:, 2] * 2 - 1)
    for cx, cy, step, variant, tone in zip(
        columns.tolist(), rows.tolist(), steps.tolist(), variants.tolist(), tones, strict=True
    ):
        laid, bare, up, before = _template(kind, step, variant % 4 if step > _LARGE else variant)
        tall, wide = bare.shape
        left, top = cx - before, cy - up
        x0, y0, x1, y1 = left, top, left + wide, top + tall
        if left < 0 or top < 0 or x1 > width or y1 > height:
            x0, y0, x1, y1 = max(left, 0), max(top, 0), min(x1, width), min(y1, height)
            if x0 >= x1 or y0 >= y1:
                continue
            rows_of, columns_of = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
            laid, bare = laid[:, rows_of, columns_of], bare[rows_of, columns_of]
        view = buffer[:, y0:y1, x0:x1]
        under = view.copy()  # without gaps in memory: each step on it is one run
        under *= bare
        under[:4] += laid
        under[4] += laid[3] * tone
        view[...] = under
    return Relief(buffer[0], buffer[1], buffer[2], buffer[4], buffer[3])


@lru_cache(maxsize=2048)
def _template(kind: Lump, step: int, variant: int) -> tuple[Float32, Float32, int, int]:
    """((4, h, w) nx, ny, rim and 1, all times alpha), ((h, w) 1 − alpha), and the row and column of its middle.

    A lump's own place is that of its radius; what is kept of it is no more than what covers something.
    """
    radius = _STEP**step
    half = int(np.ceil(radius * 1.12)) + 1
    ys, xs = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    x, y = xs / np.float32(radius), ys / np.float32(radius)
    rng = np.random.default_rng(9176 * variant + 31 * list(Lump).index(kind) + 5)
    alpha, nx, ny, rim = _SHAPES[kind](x, y, rng, radius)
    alpha = np.clip(alpha, 0, 1).astype(np.float32)
    rows, columns = box = box_of(alpha > 0) if (alpha > 0).any() else (slice(0, 1), slice(0, 1))
    nx, ny, rim, alpha = nx[box], ny[box], np.clip(rim, 0, 1)[box], alpha[box]
    laid = np.stack([nx * alpha, ny * alpha, rim * alpha, alpha]).astype(np.float32)
    return laid, 1 - alpha, half - rows.start, half - columns.start


def prepare(unit: float) -> None:
    """Cut all shapes of the sizes that crowns, clouds and stones are made of, at ``unit`` px per unit."""
    steps = [round(math.log(max(radius * unit, 1.5)) / math.log(_STEP)) for radius in _SIZES]
    for kind in Lump:
        for step in range(steps[0], steps[1] + 1):
            for variant in range(4 if step > _LARGE else _VARIANTS):
                _template(kind, step, variant)


def forget() -> None:
    """Let go of the shapes that were cut: those of a long sheet are large, and its rough alone is made of them."""
    _template.cache_clear()


_Shape = tuple[Float32, Float32, Float32, Float32]


def _outline(x: Float32, y: Float32, rng: np.random.Generator, harmonics: Sequence[int], rough: float) -> Float32:
    """Distance from the middle in units of a wavy radius: < 1 inside."""
    turn = np.arctan2(y, x)
    wave = np.zeros_like(x)
    for k in harmonics:
        wave += rng.normal(0, rough / np.sqrt(k)) * np.cos(k * turn + rng.uniform(0, 6.28))
    return np.asarray(np.hypot(x, y) / (0.9 + wave), np.float32)


def _grain(shape: tuple[int, ...], cell: float, rng: np.random.Generator) -> Float32:
    """Small smooth random field −1…1."""
    small = rng.uniform(-1, 1, (max(3, int(shape[0] / cell)), max(3, int(shape[1] / cell)))).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize((shape[1], shape[0]), Image.Resampling.BICUBIC), np.float32)


def _puff(x: Float32, y: Float32, rng: np.random.Generator, radius: float) -> _Shape:
    gap = _outline(x, y, rng, (2, 3, 5, 8), 0.10)
    inside = np.clip(gap, 0, 1)
    alpha = np.clip((1 - gap) * radius / 2.2, 0, 1)
    # The lower half of a puff melts into the mass that it sits on: found edge above, lost edge below.
    alpha = alpha * np.clip(1.25 - np.clip(y + 0.1, 0, 1) * 1.5, 0, 1)
    return alpha, x * inside, y * inside, 1 - inside


def _leafy(x: Float32, y: Float32, rng: np.random.Generator, radius: float) -> _Shape:
    gap = _outline(x, y, rng, (3, 5, 7, 11), 0.13) / 0.86
    alpha = np.clip((1 - gap) * radius / 1.4, 0, 1)
    nx, ny = x * 0.95, y * 0.95
    _sprinkle(np.stack([alpha, nx, ny]), x, rng, radius, out=(alpha, nx, ny))
    bumps = 0.22
    nx = nx + bumps * _grain(x.shape, 4.5, rng)
    ny = ny + bumps * _grain(x.shape, 4.5, rng)
    return alpha, np.clip(nx, -1, 1), np.clip(ny, -1, 1), 1 - np.clip(gap, 0, 1)


_LEAST_OF_LEAF = np.array([0, 0.62, 0.08, 0, 0, 0])
_SPAN_OF_LEAF = np.array([6.28, 0.95 - 0.62, 0.17 - 0.08, 3.14, 0.25, 0.25])
"""Direction and distance from the middle, size, lean and two shifts of the normal; what chance adds to the least."""


def _sprinkle(
    planes: Float32, x: Float32, rng: np.random.Generator, radius: float, out: tuple[Float32, Float32, Float32]
) -> None:
    """Set leaves round the rim: ``planes`` are alpha and the normal's x and y, ``x`` their columns in radii."""
    count = int(np.clip(radius * 0.9, 8, 30))
    draws = np.array([(*rng.random(4), *rng.standard_normal(2)) for _ in range(count)], np.float64)
    turn, far, size, lean, *shift = (_LEAST_OF_LEAF + _SPAN_OF_LEAF * draws).T
    size = size * np.clip(22 / radius, 0.75, 1.6)
    cx, cy = far * np.cos(turn), far * np.sin(turn)
    step, middle = float(x[0, 1] - x[0, 0]), x.shape[1] // 2
    reach = math.ceil(1.5 * float(size.max()) / step) + 1
    columns, rows = np.rint(cx / step).astype(np.int64), np.rint(cy / step).astype(np.int64)
    # All leaves at once, each in a window of its own around its place.
    window = np.arange(-reach, reach + 1)
    dx = ((columns[:, None] + window) * step - cx[:, None]).astype(np.float32)[:, None, :]
    dy = ((rows[:, None] + window) * step - cy[:, None]).astype(np.float32)[:, :, None]
    cos, sin, size = (np.asarray(v, np.float32)[:, None, None] for v in (np.cos(lean), np.sin(lean), size))
    u, v = (dx * cos + dy * sin) / (size * np.float32(1.5)), (dy * cos - dx * sin) / (size * np.float32(0.75))
    leaves = np.clip((1 - np.sqrt(u * u + v * v)) * size * np.float32(0.8 * radius), 0, 1)
    shifts = np.stack(shift, 1).astype(np.float32)[:, :, None, None] * leaves[:, None]
    framed = np.pad(planes, ((0, 0), (reach, reach), (reach, reach)))
    for leaf, moved, top, left in zip(
        leaves, shifts, (rows + middle).tolist(), (columns + middle).tolist(), strict=True
    ):
        view = framed[:, top : top + len(window), left : left + len(window)]
        np.maximum(view[0], leaf, out=view[0])
        view[1:] += moved
    for plane, done in zip(out, framed[:, reach:-reach, reach:-reach], strict=True):
        plane[...] = done


def _bough(x: Float32, y: Float32, rng: np.random.Generator, radius: float) -> _Shape:
    droop = y - 0.30 * x * x
    comb = _grain((1, x.shape[1]), max(2.0, radius * 0.09), rng) * np.ones_like(x)
    top = np.clip((droop + 0.62 - 0.62 * np.abs(x)) * radius / 1.5, 0, 1)
    low = np.clip((0.48 + 0.20 * comb - 0.30 * np.abs(x) - droop) * radius / 1.5, 0, 1)
    side = np.clip((1 - np.abs(x)) * radius / 2, 0, 1)
    nx = x * 0.6 + 0.22 * comb + 0.15 * _grain(x.shape, 3.5, rng)
    ny = np.clip(droop * 2.4 - 0.10, -1, 1) + 0.2 * _grain(x.shape, 3.5, rng)
    return top * low * side, np.clip(nx, -1, 1), np.clip(ny, -1, 1), 1 - np.clip(droop + 0.5, 0, 1)


def _facet(x: Float32, y: Float32, rng: np.random.Generator, radius: float) -> _Shape:
    corners = int(rng.integers(4, 7))
    start, gap = rng.uniform(0, 6.28), np.full_like(x, -9.0)
    for k in range(corners):
        turn = start + 6.283 * (k + rng.uniform(-0.25, 0.25)) / corners
        gap = np.maximum(gap, (x * np.cos(turn) + y * np.sin(turn)) / rng.uniform(0.68, 0.95))
    alpha = np.clip((1 - gap) * radius / 1.2, 0, 1)
    tilt, lean = rng.uniform(0, 6.28), rng.uniform(0.25, 0.9)
    grain = 0.10 * _grain(x.shape, max(3.0, radius * 0.2), rng)
    return alpha, lean * np.cos(tilt) + grain + 0 * x, lean * np.sin(tilt) + grain + 0 * x, 1 - np.clip(gap, 0, 1)


_SHAPES = {Lump.PUFF: _puff, Lump.LEAFY: _leafy, Lump.BOUGH: _bough, Lump.FACET: _facet}


def laid_over(under: Relief, over: Relief, where: Bool) -> Relief:
    """One heap laid, in place, in front of another where ``where`` (h, w) is true: only the front one counts there."""
    for name in ("nx", "ny", "rim", "tone", "cover"):
        np.copyto(getattr(under, name), getattr(over, name), where=where)
    return under


def line_relief(patch: Patch, reach: float) -> Float32:
    """(h, w) about −1…1: dark on the light's side of a drawn line and bright behind it.

    Going away from the light across the outline of a mass one leaves the shade of what lies behind and enters the
    lit side; so a drawn arc in a cloud or a crown becomes the edge of a lump. ``reach`` in units.
    """
    # A part of a patch ends close around its material: ink is looked at as far out as it counts.
    near = grown(patch, 3.4 * reach)
    view = patch.within(near)
    total = np.zeros(patch.shape, np.float32)
    ink = np.minimum(np.multiply(near.contour, np.float32(1.6)) + np.float32(0.5), 255).astype(np.uint8)
    for scale in (0.5, 1.0):
        size = max(reach * scale * patch.unit, 1.0)
        dx, dy = round(patch.light.towards[0] * size * 0.9), round(patch.light.towards[1] * size * 0.9)
        total += difference(near.softened(ink, size), dx, dy)[view] * np.float32(1.2 * size**0.5 / 255)
    return np.clip(total, -1, 1, out=total)


def grown(patch: Patch, reach: float) -> Patch:
    """The patch and what is ``reach`` units around it in the picture."""
    return Patch(patch.scene, patch.bounds.grown(round(reach * patch.unit)).clipped(patch.scene.extent))


def shifted(field: Float32, dx: int, dy: int) -> Float32:
    """The field moved by whole pixels; what comes in from outside repeats the border."""
    rows = np.clip(np.arange(field.shape[0]) - dy, 0, field.shape[0] - 1)
    columns = np.clip(np.arange(field.shape[1]) - dx, 0, field.shape[1] - 1)
    return field[rows][:, columns]


def smoothstep(low: float, high: float, value: Float32) -> Float32:
    """0 below ``low``, 1 above ``high``, smooth between."""
    share = np.asarray((value - low) / (high - low))
    np.clip(share, 0, 1, out=share)
    slope = np.asarray(2 * share)
    np.subtract(3, slope, out=slope)
    share *= share
    share *= slope
    return np.asarray(share, np.float32)
