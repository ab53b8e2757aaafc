"""Paper taken away from under a drawing: its tone, the scanner's shading, grain and dirt.

Ink is what a pixel lacks against the paper at its place: ``1 − pixel / paper`` per channel, 0 on bare paper, 1 in
black. The paper is a smooth surface fitted to the bright side of small blocks (asymmetric least squares, Eilers
2005), corrected a little where paper really is blotched; tinted areas stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Bool, Float32, UInt8

_BLOCK = 16
_MOST_BLOTCH = 0.05
"""Share of the tone by which paper may differ from its smooth surface; more is something drawn or laid on."""
_CLEAN = 0.0008
"""Below this noise the picture never saw a scanner."""


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """The bare sheet under the drawing."""

    tone: Float32
    """(h, w, 3) at block resolution, 1–255."""
    block: int
    """Side of a block in px."""
    noise: float
    """Standard deviation of the ink, averaged over 3 × 3 px, on bare paper; 0 for a digital drawing."""

    def under(self, first: int, last: int, width: int) -> Float32:
        """Tone under the rows ``first`` to ``last`` (exclusive): (rows, width, 3), linear between block centres."""
        height, count = self.tone.shape[:2]
        y, v = _between(np.arange(first, last), self.block, height)
        x, u = _between(np.arange(width), self.block, count)
        needed = slice(y[0], min(y[-1] + 2, height))
        part = self.tone[needed]
        wide = part[:, x] * (1 - u)[:, None] + part[:, np.minimum(x + 1, count - 1)] * u[:, None]
        low = y - y[0]
        out = np.empty((last - first, width, 3), np.float32)
        for row, (index, share) in enumerate(zip(low, v, strict=True)):
            upper = wide[min(index + 1, len(wide) - 1)]
            np.add(wide[index], (upper - wide[index]) * share, out=out[row])
        return out


def _between(place: NDArray[np.int_], block: int, count: int) -> tuple[NDArray[np.int_], Float32]:
    at = np.clip((place + 0.5) / block - 0.5, 0, count - 1)
    low = at.astype(int)
    return low, (at - low).astype(np.float32)


def estimate_paper(rgb: UInt8) -> Paper:
    """Estimate the paper of an (H, W, 3) sRGB drawing, at least 64 px a side."""
    block = max(_BLOCK, max(rgb.shape[:2]) // 640)
    bright = _bright_side(rgb, block)
    if np.ptp(bright.reshape(-1, 3), axis=0).max() <= 1:
        flat = np.maximum(bright.reshape(-1, 3).max(axis=0), 1)
        tone = np.broadcast_to(flat, bright.shape).astype(np.float32)
    else:
        tone = _blotched(bright, _surface(bright))
    paper = Paper(tone, block, 0.0)
    return Paper(tone, block, _noise(rgb, paper))


def _bright_side(rgb: UInt8, block: int) -> Float32:
    """(h, w, 3): the paper's tone in each block: the 70th percentile of its pixels, per channel."""
    step = max(1, block // 16)
    h, w = -(-rgb.shape[0] // block), -(-rgb.shape[1] // block)
    out = np.empty((h, w, 3), np.float32)
    for row in range(h):
        band = rgb[row * block : (row + 1) * block : step, ::step]
        side = block // step
        pad = (0, 0), (0, w * side - band.shape[1] if w * side > band.shape[1] else 0), (0, 0)
        cells = np.pad(band, pad, mode="edge")[:, : w * side].reshape(len(band), w, side, 3)
        flat = cells.transpose(1, 3, 0, 2).reshape(w, 3, -1)
        place = int(0.7 * (flat.shape[2] - 1))
        out[row] = np.partition(flat, place, axis=2)[..., place]
    return out


def _surface(bright: Float32) -> Float32:
    """A cubic surface through the bright majority; what lies below it (drawing, tints) has little say."""
    h, w = bright.shape[:2]
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    order = 3 if min(h, w) > 6 else 1
    terms = np.stack(
        [x**i * y**j for i in range(order + 1) for j in range(order + 1 - i)], axis=-1
    ).reshape(h * w, -1)  # fmt: skip
    values = bright.reshape(-1, 3).astype(np.float64)
    fitted = np.broadcast_to(np.percentile(values, 85, axis=0), values.shape)
    for _ in range(8):
        rest = (values - fitted).mean(axis=1)
        scale = max(1.0, 1.4826 * float(np.median(np.abs(rest[rest > -12])) if (rest > -12).any() else 1))
        weight = np.where(
            rest < 0, np.exp(-np.minimum(-rest / (2 * scale), 30)) + 1e-4, 1 / (1 + np.maximum(rest, 0) / (6 * scale))
        )
        weighted = terms * weight[:, None]
        ridge = 1e-3 * weight.sum() * np.eye(terms.shape[1])
        ridge[0, 0] = 0
        fitted = terms @ np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ values)
    return np.clip(fitted.reshape(h, w, 3), 1, 255).astype(np.float32)


def _blotched(bright: Float32, surface: Float32) -> Float32:
    """Follow the blocks where they differ from the surface a little and in tone only, not in hue."""
    ratio = bright / surface
    grey = ratio.mean(axis=2)
    paper = (np.abs(grey - 1) < _MOST_BLOTCH) & (np.ptp(ratio, axis=2) < 0.02)
    weight = _smooth(paper.astype(np.float32))
    local = _smooth(np.where(paper, grey - 1, 0).astype(np.float32)) / np.maximum(weight, 0.05)
    trust = np.clip(weight * 2 - 0.4, 0, 1)
    return np.clip(surface * (1 + local * trust)[..., None], 1, 255)


def _smooth(plane: Float32, radius: int = 2) -> Float32:
    """Mean over (2r+1)² blocks."""
    padded = np.pad(plane, radius, mode="edge").astype(np.float64)
    summed = np.pad(padded.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    n = 2 * radius + 1
    total = summed[n:, n:] - summed[:-n, n:] - summed[n:, :-n] + summed[:-n, :-n]
    return (total / n**2).astype(np.float32)


def _noise(rgb: UInt8, paper: Paper) -> float:
    """Noise of the smoothed ink over 96 patches, robust against strokes in them and against wholly drawn ones."""
    h, w = rgb.shape[:2]
    found = []
    for y in np.linspace(0, max(0, h - 48), 8).astype(int):
        under = paper.under(int(y), min(h, int(y) + 48), w)
        for x in np.linspace(0, max(0, w - 48), 12).astype(int):
            patch = rgb[y : y + 48, x : x + 48] / under[:, x : x + 48]
            smooth = mean3(1 - patch.mean(axis=2, dtype=np.float32))
            found.append(1.4826 * float(np.median(np.abs(smooth - np.median(smooth)))))
    quiet = float(np.percentile(found, 65))
    return quiet if quiet > _CLEAN else 0.0


def mean3(plane: Float32) -> Float32:
    """Mean over 3 × 3 px, edges repeated."""
    padded = np.pad(plane, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) * np.float32(1 / 9)


def widest(plane: NDArray[np.generic], radius: int) -> NDArray[Any]:
    """Largest value within a square of ``radius`` px: a dilation, one axis after the other."""
    out: NDArray[Any] = plane
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (radius, radius)
        padded = np.pad(out, pad, mode="edge")
        size = plane.shape[axis]
        windows = [padded[s : s + size] if axis == 0 else padded[:, s : s + size] for s in range(2 * radius + 1)]
        out = windows[0].copy()
        for window in windows[1:]:
            np.maximum(out, window, out=out)
    return out


def without_grain(ink: Float32, noise: float) -> Float32:
    """Ink (h, w) 0–1 of a stroke's plane with bare paper set to 0.

    A pixel stays if the ink around it (3 × 3 px) stands clear of the noise, or if it touches one that does.
    """
    threshold = max(0.006, 4.6 * noise)
    clear: Bool = mean3(ink) > threshold
    floor = np.float32(1.5 * noise)
    strokes: Float32 = np.clip((ink - floor) * np.float32(1 / (1 - floor)), 0, 1)
    strokes *= widest(clear, 1)
    return strokes


def without_dirt(plane: UInt8, noise: float, side: int = 2048) -> None:
    """Clear specks from a stroke's plane (H, W), in place; a digital drawing has none.

    ``side`` is that of the tiles, in px. A speck is a spot smaller than the shortest stroke (about 5 px at 1080
    rows), or a faint one up to three times
    as large.
    """
    if noise == 0:
        return
    short = max(4.0, 5.0 * min(plane.shape) / 1080)
    # Marks were widened by 2 px to each side when the grain was taken away.
    area = (short + 2) * 5
    faint = min(255.0, 255 * 14 * noise)
    for top in range(0, plane.shape[0], side):
        for left in range(0, plane.shape[1], side):
            tile = plane[top : top + side, left : left + side]
            goes_on = (top > 0, top + side < plane.shape[0], left > 0, left + side < plane.shape[1])
            _clear_specks(tile, area, faint, goes_on)


def _clear_specks(tile: UInt8, area: float, faint: float, goes_on: tuple[bool, bool, bool, bool]) -> None:
    """``goes_on`` says at which edges (top, bottom, left, right) the picture continues."""
    labels, count = mahotas.label(tile > 0, np.ones((3, 3), bool))
    if not count:
        return
    sizes = mahotas.labeled.labeled_size(labels)
    strongest = mahotas.labeled.labeled_max(tile, labels)
    speck = (sizes < area) | ((sizes < 3 * area) & (strongest < faint))
    # What touches the tile's edge may go on in the next tile.
    edges = labels[0], labels[-1], labels[:, 0], labels[:, -1]
    for edge, continues in zip(edges, goes_on, strict=True):
        if continues:
            speck[edge] = False
    speck[0] = False
    tile[speck[labels]] = 0


def full_strength(plane: UInt8) -> UInt8:
    """Stretch a stroke's plane so that its firm strokes reach about 230, by at most 5; faint strokes gain most."""
    counts = np.bincount(plane.ravel()[:: max(1, plane.size // 1_000_000)], minlength=256)
    counts[:4] = 0
    if counts.sum() < 40:
        return plane
    firm = int(np.searchsorted(np.cumsum(counts), 0.9 * counts.sum()))
    gain = min(5.0, max(1.0, 230 / max(firm, 1)))
    levels = np.clip(np.arange(256) * gain / 255, 0, 1) ** 0.8
    return (levels * 255 + 0.5).astype(np.uint8)[plane]
