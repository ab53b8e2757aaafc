"""Long straight lines on a scanned sheet, and the rectangles that they form, at reduced size.

Method: ridges of the ink are counted along slanted paths (a discrete Radon transform over a few degrees, Brady
1998, on strips); a line is a path that ink follows most of the way, however faint the ink is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import Bool, Float32, UInt8

SHORT_SIDE = 640
_STRIP = 8
_MOST_TILT = 5.2
"""Degrees; a sheet lies straighter than this in a scanner."""
_REACH = 3
"""A printed line at reduced size is thinner than this many pixels to each side."""


@dataclass(frozen=True, slots=True, eq=False)
class SmallSheet:
    """The sheet at reduced size: ink relative to the paper around it."""

    ink: Float32
    """(h, w) 0–1: of the channel in which the stroke is darkest."""
    factor: int
    """Full size = reduced size × factor."""
    noise: float
    """Standard deviation of the ink on bare paper."""
    pure_white: bool
    """True if the paper is white as only a program makes it, without shading."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """``across = at + slope · along`` (px, reduced), and where along it there is ink."""

    at: float
    slope: float
    inked: list[float]
    """n + 1 values: running sum over strips of the inked share."""

    def share(self, start: float, end: float) -> float:
        """Inked share (0–1) between two positions along the line."""
        last = len(self.inked) - 1
        a, b = min(max(round(start / _STRIP), 0), last), min(max(round(end / _STRIP), 0), last)
        return (self.inked[b] - self.inked[a]) / max(1, b - a)

    def beyond(self, start: float, end: float) -> float:
        """Mean inked share just before ``start`` and just after ``end``: printed sides stop at their corners."""
        return (self.share(start - 5 * _STRIP, start - _STRIP) + self.share(end + _STRIP, end + 5 * _STRIP)) / 2


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Four corners (x, y) in reduced px, clockwise from the top left."""

    corners: tuple[tuple[float, float], ...]
    weakest: float
    """Inked share of the weakest side."""
    beyond: float
    """Inked share of the sides' continuations beyond the corners."""

    @property
    def array(self) -> NDArray[np.float64]:
        """(4, 2)."""
        return np.array(self.corners)

    @property
    def width(self) -> float:
        """Mean of top and bottom side."""
        c = self.array
        return float(np.hypot(*(c[1] - c[0])) + np.hypot(*(c[2] - c[3]))) / 2

    @property
    def height(self) -> float:
        """Mean of left and right side."""
        c = self.array
        return float(np.hypot(*(c[3] - c[0])) + np.hypot(*(c[2] - c[1]))) / 2

    @property
    def middle(self) -> NDArray[np.float64]:
        """(2,)."""
        middle: NDArray[np.float64] = self.array.mean(axis=0)
        return middle


def small_sheet(rgb: UInt8) -> SmallSheet:
    """Reduce an (H, W, 3) scan by a whole number and divide the paper out."""
    factor = max(1, round(min(rgb.shape[:2]) / SHORT_SIDE))
    image = Image.fromarray(rgb)
    if factor > 1:
        image = image.reduce(factor)
    small = np.asarray(image, dtype=np.float32)
    paper = _local_paper(small)
    ink = np.clip(1 - small / paper, 0, 1).max(axis=2)
    flat = np.abs(ink[1:-1, 1:-1] - 0.25 * (ink[:-2, 1:-1] + ink[2:, 1:-1] + ink[1:-1, :-2] + ink[1:-1, 2:]))
    return SmallSheet(ink, factor, float(np.median(flat)) * 1.3, bool(np.percentile(paper[::8, ::8], 20) > 252))


def _local_paper(small: Float32) -> Float32:
    """Paper tone around each pixel: high percentile of blocks, spread by a maximum, smoothed."""
    side = 8
    h, w = small.shape[0] // side, small.shape[1] // side
    blocks = small[: h * side, : w * side].reshape(h, side, w, side, 3).transpose(0, 2, 4, 1, 3)
    tone = np.partition(blocks.reshape(h, w, 3, -1), int(0.7 * side * side), axis=3)[..., int(0.7 * side * side)]
    padded = np.pad(tone, ((2, 2), (2, 2), (0, 0)), mode="edge")
    spread = np.max([padded[2 + dy : 2 + dy + h, 2 + dx : 2 + dx + w] for dy, dx in _AROUND], axis=0)
    size = small.shape[1], small.shape[0]
    planes = [np.asarray(Image.fromarray(spread[..., c]).resize(size, Image.Resampling.BILINEAR)) for c in range(3)]
    return np.maximum(np.stack(planes, axis=2), 1.0)


_AROUND = [(0, 0), (-2, 0), (2, 0), (0, -2), (0, 2), (-1, -1), (-1, 1), (1, -1), (1, 1)]


def rectangles(sheet: SmallSheet) -> list[Rectangle]:
    """Upright rectangles of long lines that end at their corners, all tilted alike; the clearest first, at most 12."""
    threshold = max(0.02, 2.5 * sheet.noise)
    level, upright = _strips(sheet.ink, threshold), _strips(np.ascontiguousarray(sheet.ink.T), threshold)
    angles = np.tan(np.deg2rad(np.linspace(-_MOST_TILT, _MOST_TILT, 105)))
    rows, columns = _along(level, angles), _along(upright, -angles)
    found: list[Rectangle] = []
    for best in _likely_tilts(rows, columns):
        near = slice(max(0, best - 4), best + 5)
        across = _peaks(rows[near], level, angles[near])
        down = _peaks(columns[near], upright, -angles[near])
        found += _combine(across, down, sheet.ink.shape)
    return _distinct(sorted(found, key=lambda r: r.beyond - r.weakest))


def _distinct(found: list[Rectangle]) -> list[Rectangle]:
    """One of each, at most 12: different tilts find the same rectangle again."""
    kept: list[Rectangle] = []
    for candidate in found:
        if len(kept) == 12:
            break
        if all(np.abs(candidate.array - other.array).max() > 5 for other in kept):
            kept.append(candidate)
    return kept


def _strips(ink: Float32, threshold: float) -> Float32:
    """(h, w // 8): share of each short level strip on which there is a ridge at this row (or a pixel beside)."""
    padded = np.pad(ink, ((_REACH, _REACH), (0, 0)), mode="edge")
    beside = np.maximum(padded[: -2 * _REACH], padded[2 * _REACH :])
    ridge: Bool = (ink - beside) > threshold
    wide = ridge.copy()
    wide[1:] |= ridge[:-1]
    wide[:-1] |= ridge[1:]
    count = ink.shape[1] // _STRIP
    return wide[:, : count * _STRIP].reshape(len(ink), count, _STRIP).mean(axis=2, dtype=np.float32)


def _along(strips: Float32, slopes: NDArray[np.float64]) -> Float32:
    """(angles, h): inked share of the whole path that crosses the middle at row y with each slope."""
    height, count = strips.shape
    pad = int(np.ceil(np.abs(slopes).max() * count * _STRIP / 2)) + 1
    tall = np.pad(strips, ((pad, pad), (0, 0)))
    total = np.zeros((len(slopes), height), np.float32)
    middle = (count - 1) / 2
    for column in range(count):
        shifts = np.rint(slopes * (column - middle) * _STRIP).astype(int) + pad
        windows = np.lib.stride_tricks.sliding_window_view(tall[:, column], height)
        total += windows[shifts]
    return total / count


def _likely_tilts(rows: Float32, columns: Float32) -> list[int]:
    """Indices of up to three tilts under which long lines stand out in both directions."""
    energy = [(np.clip(part - 0.25, 0, None) ** 2).sum(axis=1) for part in (rows, columns)]
    together = np.minimum(energy[0], 3 * energy[1]) + np.minimum(energy[1], 3 * energy[0])
    chosen: list[int] = []
    for index in np.argsort(-together, kind="stable"):
        if len(chosen) == 3 or together[index] <= 0:
            break
        if all(abs(int(index) - other) > 6 for other in chosen):
            chosen.append(int(index))
    return chosen


def _peaks(paths: Float32, strips: Float32, slopes: NDArray[np.float64]) -> list[_Line]:
    """The lines: local maxima over rows of the best path near the tilt; at most 24, strongest first."""
    best = paths.max(axis=0)
    middle = strips.shape[1] * _STRIP / 2
    lines: list[_Line] = []
    for row in np.argsort(-best, kind="stable"):
        if best[row] < 0.25 or len(lines) == 24:
            break
        slope = float(slopes[paths[:, row].argmax()])
        at = float(row) - slope * middle
        if all(abs(other.at + other.slope * middle - row) > 3 for other in lines):
            lines.append(_Line(at, slope, _inked(strips, at, slope)))
    return lines


def _inked(strips: Float32, at: float, slope: float) -> list[float]:
    """Running sum of ink along a line, allowing one pixel to each side."""
    columns = np.arange(strips.shape[1])
    path = np.rint(at + slope * (columns + 0.5) * _STRIP).astype(int)
    beside = [strips[np.clip(path + d, 0, len(strips) - 1), columns] for d in (-1, 0, 1)]
    share = np.where((path >= 0) & (path < len(strips)), np.max(beside, axis=0), 0)
    sums: list[float] = np.concatenate([[0], np.cumsum(np.clip(share * 1.15, 0, 1))]).tolist()
    return sums


def _combine(across: list[_Line], down: list[_Line], shape: tuple[int, ...]) -> list[Rectangle]:
    """Every pair of level lines with every pair of upright ones whose four sides are inked."""
    height, width = shape
    across, down = sorted(across, key=lambda n: n.at), sorted(down, key=lambda n: n.at)
    if len(across) < 2 or len(down) < 2:
        return []
    meet = np.array([[_meet(level, upright) for upright in down] for level in across])
    level = np.stack([_shares(line, meet[i, :, 0]) for i, line in enumerate(across)])
    upright = np.stack([_shares(line, meet[:, j, 1]) for j, line in enumerate(down)])
    rows, columns = np.array([n.at for n in across]), np.array([n.at for n in down])
    first = np.stack([_shares(line, columns) for line in across])
    # All that follows is indexed by top, bottom, left, right.
    tall = (rows[None, :] - rows[:, None] >= 0.22 * height)[:, :, None, None]
    wide = (columns[None, :] - columns[:, None] >= 0.3 * width)[None, None]
    weakest = np.minimum(
        np.minimum(level[:, None], level[None, :]),
        np.minimum(upright[:, None], upright[None, :]).transpose(2, 3, 0, 1),
    )
    found = []
    for a, b, c, d in np.argwhere(tall & wide & (first >= 0.5)[:, None] & (weakest > 0.55)):
        corners = tuple((float(x), float(y)) for x, y in (meet[a, c], meet[a, d], meet[b, d], meet[b, c]))
        beyond = _beyond(across[a], down[d], across[b], down[c], corners)
        if beyond < 0.3:
            found.append(Rectangle(corners, float(weakest[a, b, c, d]), beyond))
    return found


def _shares(line: _Line, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n) inked share of the line from each of n places to each other one: :meth:`_Line.share` for all pairs."""
    sums = np.array(line.inked)
    strips = np.clip(np.rint(places / _STRIP), 0, len(sums) - 1).astype(np.intp)
    return np.asarray(
        (sums[strips][None, :] - sums[strips][:, None]) / np.maximum(1, strips[None, :] - strips[:, None])
    )


def _beyond(top: _Line, right: _Line, bottom: _Line, left: _Line, corners: tuple[tuple[float, float], ...]) -> float:
    a, b, c, d = corners
    return (top.beyond(a[0], b[0]) + bottom.beyond(d[0], c[0]) + left.beyond(a[1], d[1]) + right.beyond(b[1], c[1])) / 4


def _meet(level: _Line, upright: _Line) -> tuple[float, float]:
    """Where ``y = a + s·x`` and ``x = b + t·y`` cross."""
    x = (upright.at + upright.slope * level.at) / (1 - upright.slope * level.slope)
    return x, level.at + level.slope * x
