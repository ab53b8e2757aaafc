"""Brush stamps and the kernel that lays strokes onto a canvas.

A stroke is one stamp: a small alpha picture of a loaded brush drawn across paper, with bristle streaks and ragged
ends, cut to length, width and angle. Stroke-based rendering follows Hertzmann, "Painterly Rendering with Curved
Brush Strokes of Multiple Sizes", SIGGRAPH 1998, with stamps in the place of spline discs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from PIL import Image

from genzu.picture.arrays import Float32, Int32, UInt8

_AFFINE, _BILINEAR = Image.Transform.AFFINE, Image.Resampling.BILINEAR
_ANGLES = 48
_SIZE_STEP = 1.24
_LOADED = 4096
"""Px of a stamp up to which it is kept, times the brush's load, while a layer is laid: small ones come often."""
_LARGE = 25
"""Step of length (about 200 px) from which masters are cut at the stamp's own size."""


class Tip(StrEnum):
    """Kinds of brush."""

    FLAT = "flat"
    """Flat brush, loaded: even body, slightly ragged ends."""
    BRISTLE = "bristle"
    """Dry bristle brush: streaks with gaps."""
    DAB = "dab"
    """Pointed round brush pressed once: a leaf or a petal."""
    LEAVES = "leaves"
    """A cluster of small leaf dabs."""
    BLADES = "blades"
    """A tuft of grass: blades that rise from the lower end."""
    SOFT = "soft"
    """Airbrush or wet blending: no edge."""
    SPATTER = "spatter"
    """Drops from a flicked brush."""
    WASH = "wash"
    """Wide wet brush: soft sides, faint streaks, no ends."""
    NEEDLES = "needles"
    """A spray of fine strokes that fan out from the near end: pine, dry grass."""
    STREAK = "streak"
    """One thin tapering line: a ripple, a blade, a crack."""
    FROND = "frond"
    """A bough of needles: twigs that stand forward from both sides of a spine, shorter towards the tip."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """A layer of strokes in painting order; all arrays have length n, positions in canvas px."""

    x: Float32
    y: Float32
    length: Float32
    width: Float32
    angle: Float32
    """Radians, 0 = along +x, growing clockwise (y points down)."""
    colour: Float32
    """(n, 3) in the canvas's colour space."""
    opacity: Float32
    tip: Tip
    variant: Int32
    """Which of the tip's stamps; any integer."""
    region: Int32 | None = None
    """Region that each stroke stays inside; ``None`` = free."""

    def __len__(self) -> int:
        return len(self.x)


def lay(canvas: Float32, strokes: Strokes, regions: Int32 | None = None) -> None:
    """Blend strokes onto ``canvas`` ((h, w, 3) float32) in order, in place; clip to regions if they are given.

    Fastest if the canvas lies in memory plane by plane.
    """
    height, width = canvas.shape[:2]
    planes = canvas.transpose(2, 0, 1)
    sizes = _quantise(strokes.length), _quantise(strokes.width)
    turns = np.mod(np.rint(strokes.angle * (_ANGLES / (2 * np.pi))), _ANGLES).astype(np.int64)
    tip = strokes.tip
    variants = np.mod(strokes.variant, 1 if tip in _WITHOUT_CHANCE else 4)
    if tip in (Tip.LEAVES, Tip.SPATTER):
        # A spray of leaves looks the same at any angle: fewer stamps to cut.
        turns, sizes = turns // 6 * 6, (sizes[0] // 2 * 2, sizes[1] // 2 * 2)
    lefts, tops = np.rint(strokes.x).astype(np.int64), np.rint(strokes.y).astype(np.int64)
    colours = np.ascontiguousarray(strokes.colour, np.float32).reshape(-1, 3, 1, 1)
    plan = zip(
        lefts.tolist(), tops.tolist(), sizes[0].tolist(), sizes[1].tolist(), turns.tolist(), variants.tolist(),
        (strokes.opacity.astype(np.float32) / np.float32(255)).tolist(), colours,
        (strokes.region if strokes.region is not None else tops).tolist(),
        strict=True,
    )  # fmt: skip
    clip = regions if strokes.region is not None else None
    loaded: dict[tuple[int, int, int, int, float], tuple[Float32, int, int]] = {}
    for cx, cy, length, breadth, turn, variant, opacity, colour, region in plan:
        mark = length, breadth, turn, variant, opacity
        found = loaded.get(mark)
        if found is None:
            alpha, middle_y, middle_x = stamp(tip, length, breadth, turn, variant)
            found = alpha * np.float32(opacity), middle_y, middle_x
            if alpha.size <= _LOADED:
                loaded[mark] = found
        part, middle_y, middle_x = found
        rows, columns = part.shape
        left, top = cx - middle_x, cy - middle_y
        x0, y0, x1, y1 = left, top, left + columns, top + rows
        if left < 0 or top < 0 or x1 > width or y1 > height:
            x0, y0, x1, y1 = max(left, 0), max(top, 0), min(x1, width), min(y1, height)
            if x0 >= x1 or y0 >= y1:
                continue
            part = part[y0 - top : y1 - top, x0 - left : x1 - left]
        if clip is not None:
            part = part * (clip[y0:y1, x0:x1] == region)
        view = planes[:, y0:y1, x0:x1]
        paint = colour - view
        paint *= part
        view += paint


_WITHOUT_CHANCE = (Tip.DAB, Tip.SOFT, Tip.STREAK)
"""Tips of which all stamps look the same."""


def _quantise(sizes: Float32) -> Int32:
    """Sizes in px to steps of a geometric scale, so that stamps can be reused."""
    steps = np.rint(np.log(np.maximum(sizes, 1.0)) / np.log(_SIZE_STEP))
    return np.asarray(steps, np.int32)


@lru_cache(maxsize=8192)
def stamp(tip: Tip, length_step: int, width_step: int, turn: int, variant: int) -> tuple[UInt8, int, int]:
    """Alpha picture (0–255) of a brush mark of quantised size, turned clockwise, and row and column of its middle.

    It is cut by one affine resampling from the master of the nearest even size, and trimmed to what is not empty.
    """
    length, width = _SIZE_STEP**length_step, _SIZE_STEP**width_step
    angle = turn * 2 * np.pi / _ANGLES
    cos, sin = math.cos(angle), math.sin(angle)
    columns = math.ceil((length * abs(cos) + width * abs(sin)) / 2) * 2 + 3
    rows = math.ceil((length * abs(sin) + width * abs(cos)) / 2) * 2 + 3
    even = length_step + (length_step & 1), width_step + (width_step & 1)
    master = _master(tip, *even, variant % 4)
    grain = _grain(even[0])
    along, across = _SIZE_STEP ** (even[0] - length_step) * grain, _SIZE_STEP ** (even[1] - width_step) * grain
    a, b, d, e = cos * along, sin * along, -sin * across, cos * across
    c, f = (master.width - a * columns - b * rows) / 2, (master.height - d * columns - e * rows) / 2
    cut = master.transform((columns, rows), _AFFINE, (a, b, c, d, e, f), resample=_BILINEAR)
    left, top, right, bottom = cut.getbbox() or (0, 0, 1, 1)
    alpha = np.frombuffer(cut.tobytes(), np.uint8).reshape(rows, columns)[top:bottom, left:right]
    return np.ascontiguousarray(alpha), rows // 2 - top, columns // 2 - left


def _grain(length_step: int) -> int:
    """Master px per px of the stamp: two, so that cutting keeps edges; one for marks so large that it costs."""
    return 2 if length_step <= _LARGE else 1


@lru_cache(maxsize=2048)
def _master(tip: Tip, length_step: int, width_step: int, variant: int) -> Image.Image:
    """Alpha picture of a level brush mark, with an empty frame of at least one px around it."""
    length, width = _SIZE_STEP**length_step, _SIZE_STEP**width_step
    grain = _grain(length_step)
    columns, rows = (2 * math.ceil(size / 2 * grain + 1.5 * grain) for size in (length, width))
    along = ((np.arange(columns, dtype=np.float32) + 0.5 - columns / 2) / np.float32(grain * length / 2))[None, :]
    across = ((np.arange(rows, dtype=np.float32) + 0.5 - rows / 2) / np.float32(grain * width / 2))[:, None]
    rng = np.random.default_rng((7919 * variant + 13) * 31 + list(Tip).index(tip))
    alpha = np.broadcast_to(_SHAPES[tip](along, across, rng, length, width), (rows, columns))
    return Image.fromarray((np.clip(alpha, 0, 1) * 255 + 0.5).astype(np.uint8))


def _streaks(across: Float32, rng: np.random.Generator, count: int) -> Float32:
    """Smooth random profile over the brush's width, 0–1."""
    profile = Image.fromarray(rng.random((1, max(count, 2)), np.float32)).resize((256, 1), Image.Resampling.BICUBIC)
    index = np.clip((across + 1) * 127.5, 0, 255).astype(np.int32)
    return np.asarray(profile, np.float32)[0][index]


def _flat(along: Float32, across: Float32, rng: np.random.Generator, length: float, width: float) -> Float32:
    ragged = _streaks(across, rng, max(3, int(width / 2.5)))
    end = 1 - 0.22 * ragged
    body = np.clip((end - np.abs(along)) * length / 2.5, 0, 1)
    side = np.clip((1 - np.abs(across)) * width / 2 / 1.2, 0, 1)
    return body * side * (0.78 + 0.22 * _streaks(across, rng, max(3, int(width / 1.6))))


def _bristle(along: Float32, across: Float32, rng: np.random.Generator, length: float, width: float) -> Float32:
    load = _streaks(across, rng, max(4, int(width / 1.5)))
    end = 1 - 0.5 * _streaks(across, rng, max(4, int(width / 2)))
    start = np.clip((1 - 0.2 * load + along) * length / 3, 0, 1)
    tail = np.clip((end - along) * length / 6, 0, 1)
    side = np.clip((1 - np.abs(across)) * width / 2 / 1.2, 0, 1)
    dry = np.clip((load - 0.28 - 0.25 * np.clip(along, 0, 1)) * 4, 0, 1)
    return start * tail * side * dry


def _dab(along: Float32, across: Float32, _rng: np.random.Generator, length: float, width: float) -> Float32:
    belly = np.sqrt(np.clip(1 - along**2, 0, 1)) * (0.72 + 0.28 * along)
    return np.clip((belly - np.abs(across)) * width / 2 + 0.3, 0, 1) * np.clip((1 - np.abs(along)) * length / 2, 0, 1)


def _leaves(along: Float32, across: Float32, rng: np.random.Generator, length: float, width: float) -> Float32:
    total = np.zeros(np.broadcast_shapes(along.shape, across.shape), np.float32)
    for _ in range(9):
        radius, turn = np.sqrt(rng.random()) * 0.72, rng.random() * 2 * np.pi
        cx, cy, lean = radius * np.cos(turn), radius * np.sin(turn), rng.normal(0, 0.7)
        u = (along - cx) * np.cos(lean) + (across - cy) * np.sin(lean)
        v = -(along - cx) * np.sin(lean) + (across - cy) * np.cos(lean)
        long, thin = 0.32 + 0.12 * rng.random(), 0.15 + 0.08 * rng.random()
        leaf = 1 - (u / long) ** 2 - (v / (thin * np.sqrt(np.clip(1.05 - np.abs(u) / long, 0.05, 1)))) ** 2
        total = np.maximum(total, np.clip(leaf * min(length, width) * 0.12, 0, 1))
    return total


def _blades(along: Float32, across: Float32, rng: np.random.Generator, _length: float, width: float) -> Float32:
    """Blades grow along +x of the stamp from its near end."""
    total = np.zeros(np.broadcast_shapes(along.shape, across.shape), np.float32)
    grown = (along + 1) / 2
    for _ in range(5):
        root, lean, tall = rng.uniform(-0.55, 0.55), rng.normal(0, 0.45), rng.uniform(0.55, 1.0)
        spine = root + lean * np.clip(grown, 0, 1) ** 1.7
        half = 0.16 * np.clip(1 - grown / tall, 0, 1) ** 0.7
        total = np.maximum(
            total,
            np.clip((half - np.abs(across - spine)) * width / 2 + 0.25, 0, 1) * (grown < tall) * (grown > 0),
        )
    return total


def _soft(along: Float32, across: Float32, _rng: np.random.Generator, _length: float, _width: float) -> Float32:
    fall = np.clip(1 - along**2 - across**2, 0, 1)
    return fall * fall * (3 - 2 * fall)


def _spatter(along: Float32, across: Float32, rng: np.random.Generator, length: float, width: float) -> Float32:
    total = np.zeros(np.broadcast_shapes(along.shape, across.shape), np.float32)
    for _ in range(12):
        radius, turn, size = np.sqrt(rng.random()) * 0.85, rng.random() * 2 * np.pi, rng.uniform(0.04, 0.12)
        gap = np.hypot(along - radius * np.cos(turn), across - radius * np.sin(turn))
        total = np.maximum(total, np.clip((size - gap) * min(length, width) / 2 + 0.2, 0, 1))
    return total


def _wash(along: Float32, across: Float32, rng: np.random.Generator, _length: float, width: float) -> Float32:
    ends = np.clip(1 - np.abs(along), 0, 1)
    side = np.clip(1 - across * across, 0, 1)
    return np.clip(ends * 2.2, 0, 1) ** 1.5 * side * (0.55 + 0.45 * _streaks(across, rng, max(3, int(width / 5))))


def _needles(along: Float32, across: Float32, rng: np.random.Generator, _length: float, width: float) -> Float32:
    total = np.zeros(np.broadcast_shapes(along.shape, across.shape), np.float32)
    grown = (along + 1) / 2
    for lean in np.linspace(-0.95, 0.95, 9):
        tall = rng.uniform(0.6, 1.0)
        spine = (lean + rng.normal(0, 0.08)) * grown
        half = 0.06 * np.clip(1.1 - grown / tall, 0, 1) + 0.015
        inside = (grown < tall) & (grown > 0.02)
        total = np.maximum(total, np.clip((half - np.abs(across - spine)) * width / 2 + 0.35, 0, 1) * inside)
    return total


def _streak(along: Float32, across: Float32, _rng: np.random.Generator, length: float, width: float) -> Float32:
    belly = np.clip(1 - along**2, 0, 1) ** 0.8
    return np.clip((belly - np.abs(across)) * width / 2 + 0.2, 0, 1) * np.clip((1 - np.abs(along)) * length / 3, 0, 1)


def _frond(along: Float32, across: Float32, rng: np.random.Generator, length: float, width: float) -> Float32:
    """The spine runs along +x of the stamp from its near end, and bends a little."""
    grown = (along + 1) / 2
    bend, lean = rng.uniform(-0.16, 0.16), rng.uniform(1.4, 1.9)
    off = across - bend * np.sin(np.pi * np.clip(grown, 0, 1)) * 1.2
    away = np.abs(off)
    # Each twig begins where its own line meets the spine; between two of them is air, the more the farther out.
    begin = grown - away * np.float32(0.5 * lean * width / length)
    twigs = float(np.clip(length / 3.6, 4, 14))
    number = np.clip(np.floor(begin * twigs), 0, 31).astype(np.int32) + np.where(off > 0, 0, 32)
    reach = rng.uniform(0.38, 1.0, 64).astype(np.float32)[number]
    spread = np.clip(np.sin(np.pi * np.clip(begin * 0.84 + 0.10, 0, 1)), 0, 1) ** 0.8
    gap = np.abs(np.mod(begin * twigs, 1) - 0.5) * 2
    out = away / np.maximum(spread * reach, 1e-3)
    inside = np.clip((1 - out) * spread * reach * width / 2 / 1.3 + 0.3, 0, 1) * (begin > 0) * (begin < 0.93)
    full = np.clip(1.25 - gap * np.clip(out * 1.5, 0, 1) * 1.1, 0, 1)
    return inside * full


_SHAPES = {
    Tip.FLAT: _flat, Tip.BRISTLE: _bristle, Tip.DAB: _dab, Tip.LEAVES: _leaves, Tip.BLADES: _blades,
    Tip.SOFT: _soft, Tip.SPATTER: _spatter, Tip.WASH: _wash, Tip.NEEDLES: _needles, Tip.STREAK: _streak,
    Tip.FROND: _frond,
}  # fmt: skip
