"""What the sheet's printer left inside the frame is taken out: the frame's own line, safe frames, the centre cross.

Found by place, not by colour, so that light-blue shadow pencil stays. Strokes that cross a guide are kept where
they are darker than the print, and bridged where they are not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.frame import Frame, homography

Points = NDArray[np.float64]
_DARKER = 0.12
"""Ink by which a pixel must exceed the print to be a stroke over it."""
_HALO = 10
"""Pixels over which JPEG spreads the colour of a line (one 16 px block, less the line)."""


def without_guides(rgb: UInt8, frame: Frame) -> UInt8:
    """The upright picture (H, W, 3) with the printed guides replaced by what lies beside them; a new array."""
    out = rgb.copy()
    height, width = rgb.shape[:2]
    rim = min(int(np.ceil(frame.line_width / 2 + 1.2)), height // 8, width // 8)
    for picture in (out, out.transpose(1, 0, 2)):
        picture[:rim] = picture[rim]
        picture[len(picture) - rim :] = picture[-rim - 1]
    if frame.coloured:
        for picture in (out, out.transpose(1, 0, 2)):
            _fade_colour(picture[: rim + _HALO], picture[rim + _HALO])
            _fade_colour(picture[len(picture) - rim - _HALO :], picture[-rim - _HALO - 1])
    back = np.linalg.inv(homography(frame.extent, np.array(frame.corners))).astype(np.float64)
    for guide in frame.guides:
        corners = _mapped(back, np.array(guide))
        for index in range(4):
            start, end = corners[index], corners[(index + 1) % 4]
            _erase(out, start, end, frame.line_width / 2 + 1.2)
    _erase_cross(out, frame)
    return out


def _fade_colour(band: UInt8, beside: UInt8) -> None:
    """Give the pale pixels of a band (rows, n, 3) the paper's hue, in place: JPEG smears the frame's colour inward."""
    paper = np.median(beside, axis=0)
    values = band.astype(np.float32)
    pale = values.mean(axis=2) > 0.85 * paper.mean()
    neutral = values.mean(axis=2, keepdims=True) * (paper / paper.mean())
    band[pale] = np.clip(neutral[pale] + 0.5, 0, 255).astype(np.uint8)


def _mapped(matrix: Points, points: Points) -> Points:
    whole = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    mapped: Points = whole[:, :2] / whole[:, 2:]
    return mapped


def _erase(rgb: UInt8, start: Points, end: Points, reach: float, level: float | None = None) -> None:
    """Bridge a thin line that is almost level or almost upright, in place; ``level`` as in ``_print_level``."""
    if abs(end[0] - start[0]) < abs(end[1] - start[1]):
        rgb, start, end = rgb.transpose(1, 0, 2), start[::-1], end[::-1]
    if start[0] > end[0]:
        start, end = end, start
    height, width = rgb.shape[:2]
    x = np.arange(max(0, int(start[0] - reach)), min(width, int(end[0] + reach) + 2))
    if not len(x):
        return
    y = start[1] + (x - start[0]) * (end[1] - start[1]) / max(end[0] - start[0], 1e-6)
    half = int(np.ceil(reach))
    rows = np.clip(np.rint(y)[None, :].astype(int) + np.arange(-half - 2, half + 3)[:, None], 0, height - 1)
    strip = rgb[rows, x].astype(np.float32)
    inner = strip[2:-2]
    # A stroke is on both sides of the guide, give or take a pixel; one that is on one side ends there.
    bridge = np.maximum(_darker_beside(strip[:2].mean(axis=0)), _darker_beside(strip[-2:].mean(axis=0)))
    dark = inner.max(axis=2) < (_print_level(inner) if level is None else level) - 255 * _DARKER
    filled = np.where(dark[..., None], inner, np.maximum(bridge[None], inner))
    rgb[rows[2:-2], x] = (filled + 0.5).astype(np.uint8)


def _darker_beside(row: Float32) -> Float32:
    """(n, 3): each pixel, or the clearly darker one beside it."""
    padded = np.pad(row, ((1, 1), (0, 0)), mode="edge")
    darkest = np.minimum(np.minimum(padded[:-2], padded[2:]), row)
    return np.where(row - darkest > 20, darkest, row)


def _print_level(inner: Float32) -> float:
    """Brightness, in its brightest channel, of the print where its sampling shows it darkest."""
    return float(np.percentile(inner.max(axis=2).min(axis=0), 20))


def _erase_cross(rgb: UInt8, frame: Frame) -> None:
    """Bridge the arms of a small even cross in the very middle, if there is one."""
    height, width = rgb.shape[:2]
    longest = int(0.03 * width)
    shortest = max(3, int(0.003 * width))
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    reach = longest + 8
    x0, y0 = np.rint(middle).astype(int) - reach
    patch = rgb[max(0, y0) : y0 + 2 * reach + 1, max(0, x0) : x0 + 2 * reach + 1]
    if patch.shape[:2] != (2 * reach + 1, 2 * reach + 1):
        return
    ink = 1 - patch.min(axis=2) / np.float32(max(1, np.percentile(patch.min(axis=2), 80)))
    level, upright = _ridge(ink), _ridge(np.ascontiguousarray(ink.T)).T
    found = _cross_at(level, upright, reach, shortest, longest)
    if found is None:
        return
    x, y, arm = found
    centre = np.array([x + x0, y + y0], dtype=np.float64)
    brightest = patch.max(axis=2)
    arms = brightest[y, x - arm : x + arm + 1], brightest[y - arm : y + arm + 1, x]
    print_level = max(float(np.percentile(one, 30)) for one in arms)
    for half in (np.array([arm + 1.0, 0.0]), np.array([0.0, arm + 1.0])):
        _erase(rgb, centre - half, centre + half, max(1.2, frame.line_width / 4 + 1), print_level)


def _ridge(ink: Float32) -> Bool:
    """Where a thin level line is: darker than what lies 3 px above and below."""
    padded = np.pad(ink, ((3, 3), (0, 0)), mode="edge")
    return (ink - np.maximum(padded[:-6], padded[6:])) > 0.04


def _cross_at(level: Bool, upright: Bool, reach: int, shortest: int, longest: int) -> tuple[int, int, int] | None:
    """(x, y, arm) of the cross nearest to the middle of the patch whose four arms are about as long."""
    best: tuple[float, int, int, int] | None = None
    for y in range(reach - 4, reach + 5):
        for x in range(reach - 4, reach + 5):
            arms = [_run(level[y, x::-1]), _run(level[y, x:]), _run(upright[y::-1, x]), _run(upright[y:, x])]
            two = sorted(arms)[:2]
            even = two[1] - two[0] <= max(2, 0.25 * two[1])
            if not (even and shortest <= two[0] <= longest) or sum(arm <= longest for arm in arms) < 2:
                continue
            score = sum(min(arm, two[1]) for arm in arms) - 2.0 * (abs(x - reach) + abs(y - reach))
            if best is None or score > best[0]:
                best = score, x, y, two[1]
    return None if best is None else best[1:]


def _run(inked: Bool) -> int:
    """How far ink goes from the start, over gaps of at most 2 px near the crossing."""
    away = np.flatnonzero(~inked[6:])
    return 6 + int(away[0]) if len(away) else len(inked)
