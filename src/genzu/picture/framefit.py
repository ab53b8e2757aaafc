"""The sides of a printed frame to a fraction of a pixel, and what its line looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import UInt8

Points = NDArray[np.float64]
_STEP = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One fitted side."""

    point: Points
    """(2,) on the line, in px of the scan (pixel centres at whole numbers)."""
    along: Points
    """(2,) unit vector."""
    found: float
    """Share (0–1) of places along the side at which the line was seen where it should be."""
    wobble: float
    """Root mean square distance of those places from the straight line, px."""
    width: float
    """Of the stroke at half its strength, px."""
    ink: Points
    """(3,) ink of the stroke's middle in R, G, B, relative to the paper beside it, 0–1."""
    spread: float
    """How much the ink varies along the side, relative to its mean."""

    @property
    def colour(self) -> float:
        """0 = neutral grey … 1 = pure colour."""
        return float((self.ink.max() - self.ink.min()) / max(self.ink.max(), 1e-6))


def fit_side(rgb: UInt8, start: Points, end: Points, reach: float) -> Side | None:
    """Fit the line that runs from about ``start`` to about ``end``, within ``reach`` px; ``None`` if there is none.

    Profiles across the side are taken all along it; the straight line that most of their ridges agree on (RANSAC,
    Fischler & Bolles 1981) is refined by the centroids of the ink near it, with Tukey's weights.
    """
    length = float(np.hypot(*(end - start)))
    if length < 40:
        return None
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    at = np.linspace(0.015, 0.985, int(min(300, max(60, length / 4)))) * length
    offsets = np.arange(-reach - 6, reach + 6 + _STEP, _STEP)
    ink = _profiles(rgb, start, along, across, at, offsets)
    strength = ink.max(axis=2)
    fitted = _agreed(at, offsets, strength, reach)
    if fitted is None:
        return None
    shift, slope = fitted
    shift, slope, wobble, found = _refined(at, offsets, strength, shift, slope, 3.0)
    radius = 1.2 + 0.6 * _width(strength, _places(at, offsets, shift, slope))
    for _ in range(2):
        shift, slope, wobble, found = _refined(at, offsets, strength, shift, slope, radius)
    middle = _places(at, offsets, shift, slope)
    colours = ink[np.arange(len(at)), middle]
    direction = along + slope * across
    level = np.median(colours.max(axis=1))
    return Side(
        point=start + shift * across, along=direction / np.hypot(*direction), found=found, wobble=wobble,
        width=_width(strength, middle), ink=np.median(colours, axis=0),
        spread=float(np.median(np.abs(colours.max(axis=1) - level)) / max(level, 1e-6)),
    )  # fmt: skip


def _places(at: Points, offsets: Points, shift: float, slope: float) -> NDArray[np.intp]:
    """Index into the profiles at which the line crosses each of them."""
    return np.clip(np.rint((shift + slope * at - offsets[0]) / _STEP), 0, len(offsets) - 1).astype(np.intp)


def meet(one: Side, other: Side) -> Points:
    """Where two sides cross."""
    matrix = np.stack([one.along, -other.along], axis=1)
    t = np.linalg.solve(matrix, other.point - one.point)[0]
    crossing: Points = one.point + t * one.along
    return crossing


def _profiles(
    rgb: UInt8, start: Points, along: Points, across: Points, at: Points, offsets: Points
) -> NDArray[np.float32]:
    """(places, offsets, 3) ink across the side, relative to the brightest paper in each profile."""
    places = start + at[:, None, None] * along + offsets[None, :, None] * across
    x = np.clip(places[..., 0], 0, rgb.shape[1] - 1.001)
    y = np.clip(places[..., 1], 0, rgb.shape[0] - 1.001)
    column, row = x.astype(np.int32), y.astype(np.int32)
    u, v = (x - column).astype(np.float32)[..., None], (y - row).astype(np.float32)[..., None]
    upper = rgb[row, column] * (1 - u) + rgb[row, column + 1] * u
    lower = rgb[row + 1, column] * (1 - u) + rgb[row + 1, column + 1] * u
    values = upper * (1 - v) + lower * v
    place = int(0.8 * values.shape[1])
    paper = np.partition(values, place, axis=1)[:, place : place + 1]
    return np.clip(1 - values / np.maximum(paper, 1), 0, 1).astype(np.float32)


def _agreed(at: Points, offsets: Points, strength: NDArray[np.float32], reach: float) -> tuple[float, float] | None:
    """Offset and slope of the straight line that most profiles' ridges lie on."""
    inner = np.abs(offsets) <= reach
    ridge = strength[:, inner]
    positions = offsets[inner]
    seen = ridge > np.maximum(0.02, 0.4 * np.median(ridge.max(axis=1)))
    tries = np.random.default_rng(7).integers(0, len(at), (160, 2))
    peak = positions[ridge.argmax(axis=1)]
    a, b = tries[:, 0], tries[:, 1]
    apart = np.abs(at[a] - at[b]) > 0.25 * at[-1]
    a, b = a[apart], b[apart]
    slopes = (peak[b] - peak[a]) / (at[b] - at[a])
    shifts = peak[a] - slopes * at[a]
    paths = np.rint((shifts[:, None] + slopes[:, None] * at - positions[0]) / _STEP).astype(int)
    inside = (paths >= 0) & (paths < len(positions))
    hits = seen[np.arange(len(at)), np.clip(paths, 0, len(positions) - 1)] & inside
    weight = np.minimum(ridge, 0.25)[np.arange(len(at)), np.clip(paths, 0, len(positions) - 1)] * hits
    if not len(slopes) or hits.mean(axis=1).max() < 0.4:
        return None
    best = int((hits.mean(axis=1) + weight.mean(axis=1)).argmax())
    return float(shifts[best]), float(slopes[best])


def _refined(
    at: Points, offsets: Points, strength: NDArray[np.float32], shift: float, slope: float, radius: float
) -> tuple[float, float, float, float]:
    """One round of centroids near the line, and a weighted straight line through them."""
    distance = offsets[None, :] - (shift + slope * at)[:, None]
    near = np.abs(distance) <= radius
    outer = np.where((np.abs(distance) > radius) & (np.abs(distance) <= radius + 2), strength, np.nan)
    base = np.nan_to_num(np.nanmin(np.concatenate([outer, np.full((len(at), 1), 1.0)], axis=1), axis=1))
    ink = np.where(near, np.clip(strength - base[:, None], 0, None), 0)
    mass = ink.sum(axis=1)
    seen = mass > 0.35 * np.median(mass)
    offset = (ink * distance).sum(axis=1) / np.maximum(mass, 1e-6)
    # A drawn stroke that crosses or touches makes the ridge heavier and pulls its centroid away.
    seen &= mass < 1.8 * np.median(mass)
    if seen.sum() < 10:
        return shift, slope, 9.0, 0.0
    x, y = at[seen], offset[seen]
    weights = np.ones_like(x)
    for _ in range(5):
        gradient, constant = np.polyfit(x, y, 1, w=np.sqrt(weights))
        rest = y - (constant + gradient * x)
        scale = max(0.08, 1.4826 * float(np.median(np.abs(rest))))
        weights = np.clip(1 - (rest / (4.7 * scale)) ** 2, 1e-4, None) ** 2
    close = np.abs(rest) < 4.7 * scale
    wobble = float(np.sqrt(np.mean(rest[close] ** 2)))
    return shift + constant, slope + gradient, wobble, float(close.sum() / len(at))


def _width(strength: NDArray[np.float32], middle: NDArray[np.intp]) -> float:
    """Width at half strength of the median profile along the side."""
    span = 20
    padded = np.pad(strength, ((0, 0), (span, span)), mode="edge")
    rows = np.arange(len(strength))[:, None]
    profile = np.median(padded[rows, middle[:, None] + np.arange(2 * span + 1)], axis=0)
    half = 0.5 * (profile[span] + np.percentile(profile, 20))
    left, right = span, span
    while left > 0 and profile[left] > half:
        left -= 1
    while right < 2 * span and profile[right] > half:
        right += 1
    return (right - left - 1) * _STEP
