"""Line fidelity: whether a painting keeps the lines of its layout, and whether it lies on them.

A contour pixel is kept when the painting has a colour edge within 2 px of it (at 1080 rows). Edges are measured in
OKLab, must stand out from the texture around them, and the share that a displaced drawing would reach by chance
is told beside the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.errors import WrongSize
from genzu.picture.arrays import Bool, Float32, LineArt, UInt8, extent_of
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.memory import give_back

ROWS = 1080
"""Pictures are brought to this height before they are measured: a stroke of one pixel has no two sides."""
LARGEST_GAIN = 2.0
"""Small pictures are enlarged by at most this."""
EDGE = 0.025
"""Smallest colour step (OKLab distance over 4 px) that counts as an edge."""
STANDS_OUT = 2.2
"""An edge must be this many times the typical colour step around it: noise passes this in 2 % of its pixels."""

_TILE = 2560
_STRIP = 128
_MARGIN = 40
_SEARCH = 20
_RIDGE = 0.06
_MET = 0.3
_DRAWN = 0.6
"""The lines are still in the picture if the ridges under the ink exceed those around it by this share of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """How well a picture keeps its layout."""

    line_fidelity: float
    """Share 0–1 of contour pixels with a colour edge within 2 px at 1080 rows."""
    chance: float
    """The same share for the drawing mirrored and displaced: what texture alone would reach."""
    shift_x: float
    shift_y: float
    """Mean shift of the picture's edges against the lines, in full-size pixels; right and down are positive."""

    @property
    def shift(self) -> float:
        """Length of the mean shift in px."""
        return float(np.hypot(self.shift_x, self.shift_y))

    def to_dict(self) -> dict[str, float]:
        """Plain rounded values for JSON."""
        return {
            "line_fidelity": round(self.line_fidelity, 4), "chance": round(self.chance, 4),
            "shift_x": round(self.shift_x, 3), "shift_y": round(self.shift_y, 3), "shift": round(self.shift, 3),
        }  # fmt: skip


@dataclass(slots=True)
class _Sums:
    """What tiles add up to."""

    contour: int = 0
    kept: int = 0
    by_chance: float = 0.0
    shifts: list[tuple[float, float, float]] | None = None


def measure(lines: LineArt, picture: UInt8, alpha: UInt8 | None = None) -> Fidelity:
    """Measure (H, W, 3) sRGB against its layout; where ``alpha`` (H, W) is below 128 nothing is measured.

    A drawing without contours gives a fidelity of 1 and no shift. Raises ``WrongSize``.
    """
    full = lines.extent
    if picture.shape[:2] != full.shape:
        raise WrongSize(f"the picture is {extent_of(picture)} px, its layout {full} px")
    small = full.scaled(min(LARGEST_GAIN, ROWS / full.height))
    factor = full.height / small.height
    sums = _Sums(shifts=[])
    count = max(1, -(-small.width // _TILE))
    cuts = [round(index * full.width / count) for index in range(count + 1)]
    for left, right in pairwise(cuts):
        margin = round(_MARGIN * factor)
        start, stop = max(0, left - margin), min(full.width, right + margin)
        across = slice(start, stop)
        tile = (
            _scaled(lines.contour[:, across], factor),
            _scaled(picture[:, across], factor),
            None if alpha is None else _scaled(alpha[:, across], factor),
        )
        inner = slice(round((left - start) / factor), max(1, round((right - start) / factor)))
        _measure_tile(sums, *tile, inner, max(1.0, 2 * small.height / ROWS))
    give_back(full)  # on a long sheet, before the picture is packed or the next stage's is unpacked beside it
    if not sums.contour:
        return Fidelity(line_fidelity=1.0, chance=0.0, shift_x=0.0, shift_y=0.0)
    shift_y, shift_x = _common_shift(sums.shifts or [])
    return Fidelity(
        line_fidelity=sums.kept / sums.contour, chance=float(sums.by_chance / sums.contour),
        shift_x=shift_x * factor, shift_y=shift_y * factor,
    )  # fmt: skip


def _measure_tile(sums: _Sums, ink: UInt8, picture: UInt8, alpha: UInt8 | None, inner: slice, radius: float) -> None:
    contour = contour_pixels(ink)
    if alpha is not None:
        contour &= alpha >= 128
    counted = np.zeros_like(contour)
    counted[:, inner] = contour[:, inner]
    total = int(np.count_nonzero(counted))
    if not total:
        return
    step = colour_step(picture)
    near = widened(edges_of(step), radius)
    sums.contour += total
    sums.kept += int(np.count_nonzero(near & counted))
    sums.by_chance += total * _chance(near, counted)
    shift = edge_shift(ink, picture, step, counted)
    if shift is not None and sums.shifts is not None:
        sums.shifts.append((*shift, float(total)))


def contour_pixels(ink: UInt8) -> Bool:
    """The middle of strong strokes: ridges of the slightly blurred ink."""
    crest = np.asarray(Image.fromarray(ink).filter(ImageFilter.GaussianBlur(1.0)), np.int16)
    ridge = np.zeros(ink.shape, bool)
    strong = crest > 60
    ridge[:, 1:-1] |= (crest[:, 1:-1] > crest[:, :-2]) & (crest[:, 1:-1] >= crest[:, 2:])
    ridge[1:-1] |= (crest[1:-1] > crest[:-2]) & (crest[1:-1] >= crest[2:])
    return ridge & strong


def colour_step(picture: UInt8) -> Float32:
    """(H, W) OKLab distance across 4 px, the larger of the two directions joined (Euclid)."""
    smooth = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(1.0)), np.uint8)
    lab = oklab_from_srgb8(smooth)
    square = np.zeros(picture.shape[:2], np.float32)
    for channel in range(3):
        plane = np.pad(lab[..., channel], 2, mode="edge")
        across = plane[2:-2, 4:] - plane[2:-2, :-4]
        down = plane[4:, 2:-2] - plane[:-4, 2:-2]
        square += across * across + down * down
    return np.sqrt(square)


def edges_of(step: Float32) -> Bool:
    """Crests of the colour step that stand out from what is around them."""
    around = _mean_around(np.sqrt(step), 16) ** 2  # the root keeps single strong edges from counting much
    clear = (step > EDGE) & (step > STANDS_OUT * around)
    crest = np.zeros(step.shape, bool)
    crest[:, 1:-1] |= (step[:, 1:-1] >= step[:, :-2]) & (step[:, 1:-1] >= step[:, 2:])
    crest[1:-1] |= (step[1:-1] >= step[:-2]) & (step[1:-1] >= step[2:])
    return clear & crest


def widened(mask: Bool, radius: float) -> Bool:
    """Pixels within ``radius`` (Euclid, small) of ``mask``."""
    reach = int(radius)
    height, width = mask.shape
    framed = np.pad(mask, reach)
    wide = np.zeros_like(mask)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if dy * dy + dx * dx <= radius * radius:
                wide |= framed[reach + dy : reach + dy + height, reach + dx : reach + dx + width]
    return wide


def _chance(near: Bool, contour: Bool) -> float:
    """Mean share of kept pixels for the drawing mirrored and displaced far."""
    height, width = contour.shape
    strange = (
        contour[:, ::-1], contour[::-1], np.roll(contour, width // 3, axis=1), np.roll(contour, height // 3, axis=0),
    )  # fmt: skip
    hits = sum(int(np.count_nonzero(near & other)) for other in strange)
    return hits / len(strange) / int(np.count_nonzero(contour))


def dark_ridges(picture: UInt8) -> Float32:
    """(H, W) 0–0.06: how much darker a place is than *both* its sides, 4 px away, in OKLab lightness.

    A drawn line is such a ridge whatever lies beside it. A colour step is not: its strongest edge lies on the
    brighter side of the line, and a mean over a picture lit from one side would take that for a shift.
    """
    light = oklab_from_srgb8(picture)[..., 0]
    framed = np.pad(light, 4, mode="edge")
    height, width = light.shape
    ridge = np.zeros_like(light)
    for dy, dx in ((0, 4), (4, 0), (3, 3), (3, -3)):
        one = framed[4 + dy : 4 + dy + height, 4 + dx : 4 + dx + width]
        other = framed[4 - dy : 4 - dy + height, 4 - dx : 4 - dx + width]
        np.maximum(ridge, np.minimum(one, other) - light, out=ridge)
    return np.minimum(ridge, _RIDGE)


def edge_shift(ink: UInt8, picture: UInt8, step: Float32, counted: Bool) -> tuple[float, float] | None:
    """(dy, dx) by which the picture lies off the ink: the peak of their correlation, from coarse to fine.

    Two things tell it. A line that is still there is a dark ridge, and shade beside it draws that towards the shade; a
    colour step is strongest on the line's bright side, and is drawn towards the light. What has really moved moves
    both; so down and right, each apart, the least of the two and their mean is told. Where a painter left no lines, the
    steps tell.
    """
    weight = np.asarray(Image.fromarray(ink).filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    where = widened(counted, 3) & (weight > 12)
    y, x = np.nonzero(where)
    every = max(1, y.size // 60_000)
    points = _Points(y[::every] + _SEARCH + 8, x[::every] + _SEARCH + 8, weight[y[::every], x[::every]])
    drawn, stepped = points.peak(dark_ridges(picture)), points.peak(np.minimum(step, 0.12))
    if drawn is None or drawn.gain < _DRAWN or drawn.met < _MET:
        return stepped.shift if stepped is not None else None
    if stepped is None:
        return drawn.shift
    down, right = (
        min((one, (one + other) / 2, other), key=abs) for one, other in zip(drawn.shift, stepped.shift, strict=True)
    )
    return down, right


@dataclass(frozen=True, slots=True)
class _Peak:
    """Where points and a map agree best."""

    shift: tuple[float, float]
    """(dy, dx)."""
    gain: float
    """Mean of the map under the points there above its surroundings, over its mean everywhere."""
    met: float
    """Share of the ink that meets something of the map."""


@dataclass(frozen=True, slots=True)
class _Points:
    """Ink to be found again: rows and columns in the framed map, and their weight."""

    y: NDArray[np.int64]
    x: NDArray[np.int64]
    mass: Float32

    def peak(self, plane: Float32) -> _Peak | None:
        """The shift (within ±_SEARCH px) at which the points meet most of ``plane``."""
        flat = np.pad(plane - _mean_around(plane, 24), _SEARCH + 8)
        sparse = slice(None, None, max(1, self.y.size // 12_000))
        coarse_y, coarse_x, coarse_mass = self.y[sparse], self.x[sparse], self.mass[sparse]
        best, centre = -np.inf, (0, 0)
        for dy in range(-_SEARCH, _SEARCH + 1, 2):
            for dx in range(-_SEARCH, _SEARCH + 1, 2):
                value = float(coarse_mass @ flat[coarse_y + dy, coarse_x + dx])
                value *= 1 - 0.004 * np.hypot(dy, dx)  # of two equal peaks the nearer is the true one
                if value > best:
                    best, centre = value, (dy, dx)
        if best <= 0:
            return None
        for _ in range(3):
            near = range(-2, 3)
            grid = np.array([[self._score(flat, centre[0] + i, centre[1] + j) for j in near] for i in near])
            i, j = divmod(int(np.argmax(grid)), 5)
            if (i, j) == (2, 2):
                break
            centre = (
                int(np.clip(centre[0] + i - 2, -_SEARCH - 4, _SEARCH + 4)),
                int(np.clip(centre[1] + j - 2, -_SEARCH - 4, _SEARCH + 4)),
            )
        off_y, off_x = _summit(grid[1:4, 1:4])
        weight = float(self.mass.sum())
        there = np.pad(plane, _SEARCH + 8)[self.y + centre[0], self.x + centre[1]] > _RIDGE / 6
        return _Peak(
            shift=(centre[0] + off_y, centre[1] + off_x),
            gain=self._score(flat, *centre) / weight / max(float(plane.mean()), 1e-6),
            met=float(self.mass @ there) / weight,
        )

    def _score(self, flat: Float32, dy: int, dx: int) -> float:
        return float(self.mass @ flat[self.y + dy, self.x + dx])


def _summit(grid: NDArray[np.float64]) -> tuple[float, float]:
    """Top of the least-squares paraboloid through 3 × 3 samples, within ±1."""
    i, j = (axis.ravel() for axis in np.mgrid[-1:2, -1:2].astype(np.float64))
    model = np.stack([np.ones(9), i, j, i * i, j * j, i * j], axis=1)
    _, gi, gj, ii, jj, ij = np.linalg.lstsq(model, grid.ravel(), rcond=None)[0]
    bend = 4 * ii * jj - ij * ij
    if bend <= 0 or ii >= 0:
        return 0.0, 0.0
    return (
        float(np.clip((ij * gj - 2 * jj * gi) / bend, -1, 1)),
        float(np.clip((ij * gi - 2 * ii * gj) / bend, -1, 1)),
    )


def _common_shift(shifts: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Mean (dy, dx) weighted by contour length; a tile far from the median does not count."""
    if not shifts:
        return 0.0, 0.0
    table = np.array(shifts)
    middle = np.median(table[:, :2], axis=0)
    table = table[np.abs(table[:, :2] - middle).max(axis=1) < 4]
    mean = np.average(table[:, :2], axis=0, weights=table[:, 2]) if table.size else middle
    return float(mean[0]), float(mean[1])


def _mean_around(plane: Float32, reach: int) -> Float32:
    """Box mean of 2·reach + 1, the border repeated."""
    height, width = plane.shape
    columns = np.empty(plane.shape, np.float64)
    out = np.empty(plane.shape, np.float32)
    # In strips: the running sums of a whole tile at once would be a tenth of what a long sheet may take.
    for left in range(0, width, _STRIP):
        strip = slice(left, left + _STRIP)
        columns[:, strip] = _mean_along(plane[:, strip].T.astype(np.float64), reach).T
    for top in range(0, height, _STRIP):
        strip = slice(top, top + _STRIP)
        out[strip] = _mean_along(columns[strip], reach)
    return out


def _mean_along(rows: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Mean of 2·reach + 1 along the last axis, the ends repeated."""
    total = np.cumsum(np.pad(rows, ((0, 0), (reach, reach)), mode="edge"), axis=1)
    total = np.pad(total, ((0, 0), (1, 0)))
    size = 2 * reach + 1
    return np.asarray((total[:, size:] - total[:, :-size]) / size)


def _scaled(plane: UInt8, factor: float) -> UInt8:
    """``factor`` times smaller."""
    if factor == 1:
        return plane
    size = (max(1, round(plane.shape[1] / factor)), max(1, round(plane.shape[0] / factor)))
    how = Image.Resampling.BOX if factor > 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(plane).resize(size, how), np.uint8)
