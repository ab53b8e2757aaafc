"""The printed drawing frame on a scanned layout sheet: found with evidence, and the picture inside it set upright.

A rectangle that somebody drew (a window, a wall) is not a frame. What tells a frame: four straight even lines that
end at their corners, paper around it, and enough of: printing colour, a safe frame inside, peg holes, a quiet
margin, the shape of a film frame, the grain and the tilt that a scanner brings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import mahotas
import numpy as np
import pyvips
from numpy.typing import NDArray

from genzu.core.geometry import Extent
from genzu.picture.arrays import UInt8
from genzu.picture.framefit import Side, fit_side, meet
from genzu.picture.framesearch import Rectangle, SmallSheet, rectangles, small_sheet

_SHAPES = (4 / 3, 1.5, 1.66, 16 / 9, 1.85, 2.0, 2.35, 2.39)
_ENOUGH = 5.0
_ENOUGH_DIGITAL = 6.0
_GRAIN = 0.0025
"""Noise of the ink above which a scanner made the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where the picture lies on the sheet."""

    corners: tuple[tuple[float, float], ...]
    """Four (x, y) in px of the scan, clockwise from the top left: the middle of the printed line; pixel centres lie
    at whole numbers."""
    angle: float
    """Tilt of the sheet in degrees, clockwise."""
    line_width: float
    """Of the printed line, px."""
    line_ink: tuple[float, float, float]
    """Ink of the printed line in R, G, B, 0–1 of the paper."""
    evidence: float
    """Points; 5 are enough for a scan, 6 for a drawing without grain."""
    guides: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Corners of the frames printed inside this one, in px of the scan."""

    @property
    def extent(self) -> Extent:
        """Size of the upright picture at the scan's own resolution."""
        c = np.array(self.corners)
        width = (np.hypot(*(c[1] - c[0])) + np.hypot(*(c[2] - c[3]))) / 2
        height = (np.hypot(*(c[3] - c[0])) + np.hypot(*(c[2] - c[1]))) / 2
        return Extent(max(1, round(float(width))), max(1, round(float(height))))

    @property
    def coloured(self) -> bool:
        """True if the frame is printed in a colour, not in black or grey."""
        return max(self.line_ink) - min(self.line_ink) > 0.2 * max(self.line_ink)


def find_frame(rgb: UInt8) -> Frame | None:
    """Find the frame on an (H, W, 3) sRGB scan; ``None`` where the evidence does not suffice."""
    if min(rgb.shape[:2]) < 180:
        return None
    sheet = small_sheet(rgb)
    candidates = rectangles(sheet)
    pegs = _pegs(sheet) if candidates else np.zeros((0, 2))
    printed = []
    for candidate in candidates:
        sides = _fitted(rgb, candidate, sheet)
        if sides is not None:
            # From here on the rectangle is known to a fraction of a pixel.
            exact = (np.array(_corners(sides)) - (sheet.factor - 1) / 2) / sheet.factor
            printed.append((replace(candidate, corners=tuple(map(tuple, exact.tolist()))), sides))
    outlines = [one for one, _ in printed]
    scored = [(_evidence(one, sides, sheet, outlines, pegs), one, sides) for one, sides in printed]
    points, best, sides = max(scored, key=lambda entry: entry[0], default=(0.0, None, []))
    if best is None or points < (_ENOUGH if _is_scan(sheet, sides) else _ENOUGH_DIGITAL):
        return None
    inside = [_corners(other) for one, other in printed if _is_safe_frame(best, one)]
    return _frame(sides, points, tuple(inside))


def _is_scan(sheet: SmallSheet, sides: list[Side]) -> bool:
    """A scanner leaves grain, or, where JPEG took that away, a tilt."""
    return sheet.noise > _GRAIN or abs(_tilt(sides)) > 0.08


def _tilt(sides: list[Side]) -> float:
    """Degrees, clockwise, of the level sides."""
    level = sides[0].along - sides[2].along
    return float(np.rad2deg(np.arctan2(level[1], level[0])))


def upright(rgb: UInt8, frame: Frame) -> UInt8:
    """The picture inside the frame, bicubically resampled to a rectangle of ``frame.extent``."""
    size = frame.extent
    h = homography(size, np.array(frame.corners))
    # The middle of the first pixel lies on the middle of the printed line, as the corners are given.
    index = pyvips.Image.xyz(size.width, size.height).cast("float")
    x, y = index[0], index[1]
    down = x * h[2, 0] + y * h[2, 1] + h[2, 2]
    where = ((x * h[0, 0] + y * h[0, 1] + h[0, 2]) / down).bandjoin((x * h[1, 0] + y * h[1, 1] + h[1, 2]) / down)
    source = pyvips.Image.new_from_array(np.ascontiguousarray(rgb))
    out: UInt8 = source.mapim(where, interpolate=pyvips.Interpolate.new("bicubic"), extend="copy").numpy()
    return out


def homography(size: Extent, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """3×3 matrix from the upright rectangle to the four corners on the scan."""
    w, h = size.width, size.height
    rows, right = [], []
    for (x, y), (u, v) in zip(((0, 0), (w, 0), (w, h), (0, h)), corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=float), np.array(right, dtype=float))
    return np.append(solved, 1.0).reshape(3, 3)


def _fitted(rgb: UInt8, candidate: Rectangle, sheet: SmallSheet) -> list[Side] | None:
    """The four sides at full resolution (top, right, bottom, left), or ``None`` if one is not a printed line."""
    corners = candidate.array * sheet.factor + (sheet.factor - 1) / 2
    sides = []
    for index in range(4):
        side = fit_side(rgb, corners[index], corners[(index + 1) % 4], reach=2.5 * sheet.factor + 2.5)
        if side is None or side.found < 0.5 or side.wobble > 0.8 or side.ink.max() < 0.04:
            return None
        sides.append(side)
    return sides


def _corners(sides: list[Side]) -> tuple[tuple[float, float], ...]:
    """Where top, right, bottom and left meet, clockwise from the top left."""
    crossings = [meet(sides[index - 1], sides[index]) for index in range(4)]
    return tuple((float(x), float(y)) for x, y in crossings)


def _frame(sides: list[Side], points: float, guides: tuple[tuple[tuple[float, float], ...], ...]) -> Frame:
    ink = np.median([side.ink for side in sides], axis=0)
    return Frame(
        corners=_corners(sides), angle=_tilt(sides), line_width=float(np.median([side.width for side in sides])),
        line_ink=(float(ink[0]), float(ink[1]), float(ink[2])), evidence=points,
        guides=guides,
    )  # fmt: skip


def _evidence(
    candidate: Rectangle, sides: list[Side], sheet: SmallSheet, others: list[Rectangle], pegs: NDArray[np.float64]
) -> float:
    """Points for and against; the weights were chosen so that a drawn rectangle alone can never reach five."""
    height, width = sheet.ink.shape
    corners = candidate.array
    margin = min(corners[:, 0].min(), corners[:, 1].min(), width - corners[:, 0].max(), height - corners[:, 1].max())
    if margin < 0.006 * width:
        return 0.0
    points = 0.0
    colour = float(np.median([side.colour for side in sides]))
    points += 2.0 if colour > 0.22 and min(side.colour for side in sides) > 0.12 else 0.0
    has_safe = any(_is_safe_frame(candidate, other) for other in others)
    points += 2.0 if has_safe else 0.0
    points -= 3.0 if any(_is_safe_frame(other, candidate) for other in others) else 0.0
    has_pegs = _has_pegs(candidate, pegs)
    points += 2.0 if has_pegs else 0.0
    # Nobody lays a sheet down that straight; a program draws so, most of all on pure white.
    if abs(_tilt(sides)) < 0.015 and not (has_pegs or has_safe):
        points -= 3.0 if sheet.pure_white else 0.5
    points += _quiet_margin(candidate, sheet)
    shape = candidate.width / candidate.height
    points += 1.0 if _film_shape(shape) else -1.0 if shape < 1.2 else 0.0
    even = max(side.wobble for side in sides) < 0.4 and max(side.spread for side in sides) < 0.3
    points += 1.0 if even else -1.0
    points += 1.0 if candidate.width * candidate.height > 0.3 * width * height else 0.0
    points += 0.5 if abs(candidate.middle[0] - width / 2) < 0.06 * width else 0.0
    points += 1.0 if _is_scan(sheet, sides) else 0.0
    return points


def _is_safe_frame(frame: Rectangle, inner: Rectangle) -> bool:
    """True if ``inner`` lies in ``frame`` around the same middle, smaller alike in both directions."""
    a, b = inner.width / frame.width, inner.height / frame.height
    apart = float(np.abs(inner.middle - frame.middle).max())
    return min(a, b) > 0.7 and max(a, b) < 0.97 and apart < 0.012 * frame.width and abs(a - b) < 0.025


def _film_shape(shape: float) -> bool:
    """A film frame, or a PAN sheet of one and a half to five 16:9 or 4:3 frames."""
    pans = [base * count / 2 for base in (16 / 9, 4 / 3) for count in range(3, 11)]
    return any(abs(shape / known - 1) < 0.015 for known in (*_SHAPES, *pans))


def _pegs(sheet: SmallSheet) -> NDArray[np.float64]:
    """(n, 2) middles of solid dark spots: what is left of the dark when strokes are worn away."""
    dark = sheet.ink > 0.55
    core = mahotas.erode(dark, np.ones((7, 7), bool))
    labels, count = mahotas.label(core)
    if not 0 < count < 60:
        return np.zeros((0, 2))
    middles = mahotas.center_of_mass(core, labels)[1:, ::-1]
    sizes = mahotas.labeled.labeled_size(labels)[1:]
    return np.asarray(middles[sizes < 0.002 * sheet.ink.size], dtype=np.float64)


def _has_pegs(candidate: Rectangle, pegs: NDArray[np.float64]) -> bool:
    """Two or more spots beyond the top or the bottom side, in one line with it, and apart."""
    a, b, c, d = candidate.array
    for start, end, sign in ((a, b, -1.0), (d, c, 1.0)):
        along = (end - start) / np.hypot(*(end - start))
        outside = sign * ((pegs - start) @ np.array([-along[1], along[0]]))
        place = (pegs - start) @ along
        for distance in outside[outside > 4]:
            row = np.abs(outside - distance) < 6
            if row.sum() >= 2 and np.ptp(place[row]) > 0.15 * candidate.width:
                return True
    return False


def _quiet_margin(candidate: Rectangle, sheet: SmallSheet) -> float:
    """1 if the drawing stops at the frame; −2 if it goes on outside as it does inside."""
    ink = sheet.ink > max(0.1, 6 * sheet.noise)
    density = []
    for shift in (-7.0, 7.0):
        ring = _ring(candidate.array, shift)
        x = np.clip(ring[:, 0], 0, ink.shape[1] - 1).astype(int)
        y = np.clip(ring[:, 1], 0, ink.shape[0] - 1).astype(int)
        density.append(float(ink[y, x].mean()))
    inside, outside = density
    if outside < 0.004 or outside < 0.3 * inside:
        return 1.0
    return -2.0 if outside > 0.7 * inside else 0.0


def _ring(corners: NDArray[np.float64], outward: float) -> NDArray[np.float64]:
    """Points every half pixel on a rectangle moved outward by so many pixels."""
    middle = corners.mean(axis=0)
    moved = corners + np.sign(corners - middle) * outward
    sides = []
    for index in range(4):
        start, end = moved[index], moved[(index + 1) % 4]
        t = np.linspace(0, 1, int(2 * np.hypot(*(end - start))))[:, None]
        sides.append(start + t * (end - start))
    return np.concatenate(sides)
