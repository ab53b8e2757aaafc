"""Whether an edited picture still lies on the one that it was made from: not shifted, zoomed or turned.

Shifts are measured in a grid of blocks. A person repaints some of them; a similarity transform that most blocks
agree on tells a moved picture from a repainted one (random sample consensus, Fischler and Bolles 1981, here over
all pairs of blocks).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds, Extent
from genzu.picture.arrays import Float32, UInt8, extent_of
from genzu.picture.registration import SURE, correlate, shift_between

Float64 = NDArray[np.float64]

LARGEST_SHIFT = 0.5
"""Px at 1080 rows: beyond it lines no longer meet those of the cels (組線)."""
AGREED = 0.6
"""Share of the sure blocks that must tell the same movement."""
FEWEST = 3
"""Blocks that must be sure before anything is said."""
SEARCHED_SIDE = 256
"""Px of the longer side at which large zooms and turns are looked for."""
_BLOCK = (128, 384)
_MOST_COLUMNS, _MOST_ROWS = 10, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How a picture lies on its reference."""

    dx: float
    """Shift to the right at the middle of the picture, px."""
    dy: float
    """Shift downwards at the middle of the picture, px."""
    scale: float
    """1 = not zoomed."""
    degrees: float
    """Turn, clockwise."""
    worst: float
    """Largest shift of a block, px."""
    sure: bool
    """False if too much is repainted (or too little is drawn) to tell."""

    def within(self, limit: float) -> bool:
        """False only if it is sure that some place is shifted by more than ``limit`` px."""
        return not self.sure or self.worst <= limit

    def to_dict(self) -> dict[str, float | bool]:
        """Plain JSON values."""
        return {
            "dx": round(self.dx, 3), "dy": round(self.dy, 3), "scale": round(self.scale, 6),
            "degrees": round(self.degrees, 4), "worst": round(self.worst, 3), "sure": self.sure,
        }  # fmt: skip


def largest_shift(extent: Extent) -> float:
    """The limit in px of a picture; small pictures are not measured more finely than large ones."""
    return LARGEST_SHIFT * max(1.0, extent.height / 1080)


def alignment_of(reference: UInt8, moved: UInt8) -> Alignment:
    """Measure how ``moved`` lies on ``reference``, both (H, W, 3) uint8 of one size.

    Zooms of 3/4 to 4/3 and turns of up to 10° are found, as long as half of the picture is the same.
    """
    found = _by_blocks(reference, moved) or _searched(reference, moved) or _of_whole(reference, moved)
    return found or Alignment(dx=0, dy=0, scale=1, degrees=0, worst=0, sure=False)


def _by_blocks(reference: UInt8, moved: UInt8) -> Alignment | None:
    places, shifts = _measured(reference, moved)
    agreed = _agreement(places, shifts, largest_shift(extent_of(reference)))
    if agreed is None:
        return None
    return _alignment(_fit(places[agreed], shifts[agreed]), places[agreed])


def _of_whole(reference: UInt8, moved: UInt8) -> Alignment | None:
    """One shift and zoom for all of the picture: sees farther than a block."""
    found = shift_between(reference, moved)
    if found.confidence < 2 * SURE:
        return None
    return _alignment((found.dx, found.dy, found.zoom - 1, 0.0), _corners(extent_of(reference)))


def _searched(reference: UInt8, moved: UInt8) -> Alignment | None:
    """Undo zooms and turns one by one on small copies; what fits best must then agree at full size as well."""
    extent = extent_of(reference)
    factor = min(1.0, SEARCHED_SIDE / max(extent.width, extent.height))
    size = extent.scaled(factor)
    target = _grey(np.asarray(Image.fromarray(reference).resize((size.width, size.height), Image.Resampling.BOX)))
    small = Image.fromarray(moved).resize((size.width, size.height), Image.Resampling.BOX)
    tries = [(zoom, 0.0) for zoom in np.geomspace(0.75, 4 / 3, 39)] + [(1.0, turn) for turn in np.linspace(-10, 10, 27)]
    sure, zoom, turn = max((correlate(target, _grey(_undone(small, *one)))[2], *one) for one in tries)
    if sure < SURE:
        return None
    rest = _by_blocks(reference, _undone(Image.fromarray(moved), zoom, turn))
    if rest is None:
        return None
    angle = np.radians(turn)
    dx = zoom * (rest.dx * np.cos(angle) - rest.dy * np.sin(angle))
    dy = zoom * (rest.dx * np.sin(angle) + rest.dy * np.cos(angle))
    model = (float(dx), float(dy), float(zoom * rest.scale - 1), float(np.radians(turn + rest.degrees)))
    return _alignment(model, _corners(extent))


def _undone(picture: Image.Image, zoom: float, turn: float) -> UInt8:
    """Turn the picture back by ``turn`` degrees and shrink it by ``zoom``, about its middle."""
    cos, sin = zoom * np.cos(np.radians(turn)), zoom * np.sin(np.radians(turn))
    x, y = picture.width / 2, picture.height / 2
    matrix = (cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)
    return np.asarray(picture.transform(picture.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _corners(extent: Extent) -> Float64:
    """Places three quarters of the way from the middle to the corners, where the blocks of a grid would lie."""
    x, y = 0.375 * extent.width, 0.375 * extent.height
    return np.array([(-x, -y), (x, -y), (-x, y), (x, y)])


def _alignment(model: tuple[float, float, float, float], places: Float64) -> Alignment:
    dx, dy, zoom, turn = model
    worst = float(np.hypot(*_moved(model, places).T).max())
    return Alignment(dx=dx, dy=dy, scale=1 + zoom, degrees=float(np.degrees(turn)), worst=worst, sure=True)


def _agreement(places: Float64, shifts: Float64, tolerance: float) -> NDArray[np.bool_] | None:
    """The blocks that tell one movement; ``None`` if too few do. Not to have moved needs one block less."""
    if len(places) < FEWEST:
        return None
    best = _inside((0.0, 0.0, 0.0, 0.0), places, shifts, tolerance)
    score = best.sum() + 1
    for model in _models(places, shifts):
        inside = _inside(model, places, shifts, tolerance)
        if inside.sum() > score:
            best, score = inside, inside.sum()
    return best if best.sum() >= max(FEWEST, AGREED * len(places)) else None


def _inside(
    model: tuple[float, float, float, float], places: Float64, shifts: Float64, tolerance: float
) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.hypot(*(_moved(model, places) - shifts).T) <= tolerance
    return inside


def _measured(reference: UInt8, moved: UInt8) -> tuple[Float64, Float64]:
    """(n, 2) places, from the middle of the picture, and (n, 2) shifts of the blocks that are sure."""
    places, shifts = [], []
    x, y = reference.shape[1] / 2, reference.shape[0] / 2
    for block in _blocks(extent_of(reference)):
        dy, dx, confidence = correlate(_grey(reference[block.slices]), _grey(moved[block.slices]))
        # Beyond a third of the block its edges come round from the other side and tell a false shift.
        if confidence >= SURE and np.hypot(dx, dy) <= min(block.width, block.height) / 3:
            places.append((block.x + block.width / 2 - x, block.y + block.height / 2 - y))
            shifts.append((dx, dy))
    return np.array(places, np.float64).reshape(-1, 2), np.array(shifts, np.float64).reshape(-1, 2)


def _grey(block: UInt8) -> Float32:
    return block.mean(axis=2, dtype=np.float32)


def _blocks(extent: Extent) -> list[Bounds]:
    """A grid of overlapping blocks, spread evenly over the picture."""
    side = min(_BLOCK[1], max(_BLOCK[0], extent.height // 2))
    width, height = min(side, extent.width), min(side, extent.height)
    xs, ys = _spread(extent.width, width, _MOST_COLUMNS), _spread(extent.height, height, _MOST_ROWS)
    return [Bounds(x, y, width, height) for y in ys for x in xs]


def _spread(whole: int, part: int, most: int) -> list[int]:
    count = min(most, max(1, round(1.6 * whole / part) - 1))
    return [int(start) for start in np.linspace(0, whole - part, count)]


def _models(places: Float64, shifts: Float64) -> list[tuple[float, float, float, float]]:
    """What every block and every pair of blocks would mean: (dx, dy, zoom, turn)."""
    models = [(float(dx), float(dy), 0.0, 0.0) for dx, dy in shifts]
    for one, two in combinations(range(len(places)), 2):
        models.append(_fit(places[[one, two]], shifts[[one, two]]))
    return models


def _fit(places: Float64, shifts: Float64) -> tuple[float, float, float, float]:
    """Least squares of a small similarity: shift = (dx, dy) + zoom · place + turn · place turned by 90°."""
    x, y = places.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate([np.stack([one, none, x, -y], 1), np.stack([none, one, y, x], 1)])
    solved, *_ = np.linalg.lstsq(rows, np.concatenate([shifts[:, 0], shifts[:, 1]]), rcond=None)
    dx, dy, zoom, turn = (float(value) for value in solved)
    return dx, dy, zoom, turn


def _moved(model: tuple[float, float, float, float], places: Float64) -> Float64:
    dx, dy, zoom, turn = model
    x, y = places.T
    return np.stack([dx + zoom * x - turn * y, dy + zoom * y + turn * x], 1)
