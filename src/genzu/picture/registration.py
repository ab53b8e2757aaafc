"""How far one picture lies shifted, or zoomed, against another.

Phase correlation (Kuglin & Hines 1975) with the peak refined on an upsampled grid by a small matrix Fourier
transform (Guizar-Sicairos, Thurman, Fienup, Optics Letters 33, 2008). A zoom shows as shifts of blocks that grow
with their distance from the middle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.errors import WrongSize
from genzu.picture.arrays import Float32, UInt8, extent_of

SURE = 0.1
"""Confidence from which a shift may be relied on; unrelated pictures stay below it."""

_AREA = 2_100_000
"""Larger pictures are reduced by box averaging to this many pixels."""
_BLOCK = 384
"""Blocks that vote on the shift have about this side."""
_CLEAR = 0.05
"""Smallest correlation peak with which a block votes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """``moved(x, y) = reference(x − dx, y − dy)``: positive dx means moved to the right, dy downwards."""

    dx: float
    dy: float
    """In full-size pixels."""
    confidence: float
    """0 = nothing in common or nothing drawn, 1 = the same picture; see :data:`SURE`."""
    zoom: float = 1.0
    """Scale of ``moved`` against ``reference`` about the middle; 1 when it cannot be told."""

    @property
    def length(self) -> float:
        """Pixels."""
        return float(np.hypot(self.dx, self.dy))


def shift_between(reference: UInt8, moved: UInt8) -> Shift:
    """Shift of ``moved`` against ``reference``: two (H, W) or (H, W, 3) uint8 pictures of one size.

    Exact to about 0.05 px where a good part of the picture is the same. Raises ``WrongSize``.
    """
    if reference.shape[:2] != moved.shape[:2]:
        raise WrongSize(f"{extent_of(moved)} px cannot be laid over {extent_of(reference)} px")
    one, factor = _grey(reference)
    other, _ = _grey(moved)
    if min(one.shape) < 8 or one.std() < 0.5 or other.std() < 0.5:
        return Shift(dx=0.0, dy=0.0, confidence=0.0)
    scale_y, scale_x = factor
    # A first guess from the whole at half the size, then blocks, so that a repainted part is outvoted.
    halving = 2 if one.size > 400_000 else 1
    dy, dx, confidence = correlate(_halved(one, halving), _halved(other, halving))
    dy, dx = dy * halving, dx * halving
    zoom = 1.0
    votes = _block_shifts(one, other, round(dy), round(dx))
    if votes is not None:
        zoom, dy, dx, agreement = _fit(*votes, max(one.shape) / 2)
        confidence = max(confidence, float(np.median(votes[3]))) * agreement
    return Shift(dx=dx * scale_x, dy=dy * scale_y, confidence=confidence, zoom=zoom)


def correlate(reference: Float32, moved: Float32) -> tuple[float, float, float]:
    """(dy, dx, confidence) by phase correlation of two (h, w) planes; dy, dx in pixels."""
    window = _window(reference.shape)
    one = np.fft.rfft2((reference - reference.mean()) * window)
    other = np.fft.rfft2((moved - moved.mean()) * window)
    cross = other * np.conj(one)
    size = np.abs(cross)
    low = _low_pass(reference.shape)
    floor = 1e-3 * float(size.max()) + 1e-6
    spectrum = cross / (size + floor) * low
    plane = np.fft.irfft2(spectrum, s=reference.shape)
    y, x = divmod(int(np.argmax(plane)), plane.shape[1])
    height, width = plane.shape
    dy, dx = float(y if y <= height // 2 else y - height), float(x if x <= width // 2 else x - width)
    peak = float(plane[y, x])
    weight = float(np.fft.irfft2((size / (size + floor)) * low, s=reference.shape)[0, 0])
    dy, dx, peak = _refine(spectrum, reference.shape, dy, dx, peak)
    return dy, dx, float(np.clip(peak / max(weight, 1e-9), 0, 1))


def _refine(
    spectrum: NDArray[np.complexfloating], shape: tuple[int, ...], dy: float, dx: float, peak: float
) -> tuple[float, float, float]:
    """Peak of the correlation on finer and finer grids around (dy, dx)."""
    height, width = shape
    fy = np.fft.fftfreq(height)
    fx = np.fft.rfftfreq(width)
    double = np.full(fx.size, 2.0)
    double[0] = 1.0
    if width % 2 == 0:
        double[-1] = 1.0
    for step in (0.2, 0.04, 0.01):
        offsets = np.arange(-4, 5) * step
        rows = np.exp(2j * np.pi * np.outer(dy + offsets, fy))
        columns = np.exp(2j * np.pi * np.outer(fx, dx + offsets)) * double[:, None]
        grid = ((rows @ spectrum) @ columns).real / (height * width)
        best_y, best_x = divmod(int(np.argmax(grid)), offsets.size)
        dy, dx, peak = dy + offsets[best_y], dx + offsets[best_x], float(grid[best_y, best_x])
    return float(dy), float(dx), peak


_Votes = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _block_shifts(reference: Float32, moved: Float32, dy: int, dx: int) -> _Votes | None:
    """Rows and columns of blocks from the middle, their shifts (n, 2) and weights; ``None`` for too few blocks."""
    height, width = reference.shape
    if min(height, width) < 96 or abs(dy) > 0.3 * height or abs(dx) > 0.3 * width:
        return None
    down, across = (max(3, min(12, round(side / _BLOCK))) for side in (height, width))
    high, wide = height // down, width // across
    found = []
    for top in np.linspace(0, height - high, down).astype(int):
        for left in np.linspace(0, width - wide, across).astype(int):
            # The pair of windows is centred on the guess, and pushed back inside together.
            up, back = _inside(top, dy, high, height), _inside(left, dx, wide, width)
            one = reference[up : up + high, back : back + wide]
            other = moved[up + dy : up + dy + high, back + dx : back + dx + wide]
            if one.std() < 1.5 or other.std() < 1.5:
                continue
            by, bx, sure = correlate(one, other)
            if sure > _CLEAR:
                middle = (up + high / 2 - height / 2, back + wide / 2 - width / 2)
                found.append((*middle, by + dy, bx + dx, sure))
    if len(found) < 4:
        return None
    table = np.array(found)
    return table[:, 0], table[:, 1], table[:, 2:4], table[:, 4]


def _inside(start: int, shift: int, size: int, whole: int) -> int:
    return int(min(max(start, -shift, 0), whole - size, whole - size - shift))


def _fit(
    rows: NDArray[np.float64],
    columns: NDArray[np.float64],
    shifts: NDArray[np.float64],
    weights: NDArray[np.float64],
    half: float,
) -> tuple[float, float, float, float]:
    """(zoom, dy, dx at the middle, share of agreeing blocks): shift = offset + (zoom − 1) · place.

    Least absolute deviations by iterated weights; the zoom counts only if it moves the far edge by 0.3 px.
    """
    zero, one = np.zeros(rows.size), np.ones(rows.size)
    place = np.concatenate([rows, columns])
    model = np.stack([np.concatenate([one, zero]), np.concatenate([zero, one]), place], axis=1)
    seen, weight = np.concatenate([shifts[:, 0], shifts[:, 1]]), np.concatenate([weights, weights])
    full = _least_deviations(model, seen, weight)
    still = np.append(_least_deviations(model[:, :2], seen, weight), 0.0)
    solution = full if abs(full[2]) * half > 0.3 else still
    near = (np.abs(seen - model @ solution) < 1.0).reshape(2, -1).all(axis=0)
    if not near.mean() > 0.4:
        solution[2] = 0.0
    return float(1 + solution[2]), float(solution[0]), float(solution[1]), float(near.mean())


def _least_deviations(
    model: NDArray[np.float64], seen: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    # Start from the medians: least squares would start amid the outliers.
    solution: NDArray[np.float64] = np.zeros(model.shape[1])
    half = seen.size // 2
    solution[0], solution[1] = np.median(seen[:half]), np.median(seen[half:])
    for _ in range(25):
        trust = np.sqrt(weight / (0.02 + np.abs(seen - model @ solution)))
        fitted = np.linalg.lstsq(model * trust[:, None], seen * trust, rcond=None)[0]
        solution = np.asarray(fitted, np.float64)
    return solution


def _grey(picture: UInt8) -> tuple[Float32, tuple[float, float]]:
    """Luma as float32, reduced; and full-size pixels per reduced pixel (down, across)."""
    image = Image.fromarray(picture).convert("L")
    factor = max(1.0, float(np.sqrt(image.width * image.height / _AREA)))
    if factor > 1:
        size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
        image = image.convert("F").resize(size, Image.Resampling.BOX)
    plane = np.asarray(image, np.float32)
    return plane, (picture.shape[0] / plane.shape[0], picture.shape[1] / plane.shape[1])


def _halved(plane: Float32, factor: int) -> Float32:
    """Box average of ``factor`` × ``factor`` pixels; what does not fill a box is cut off."""
    height, width = (side // factor for side in plane.shape)
    cut = plane[: height * factor, : width * factor]
    return np.asarray(cut.reshape(height, factor, width, factor).mean(axis=(1, 3)), np.float32)


def _window(shape: tuple[int, ...]) -> Float32:
    """Tukey window, a quarter of each side tapered."""
    sides = []
    for size in shape:
        edge = max(2, size // 4)
        taper = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
        sides.append(np.concatenate([taper, np.ones(size - 2 * edge), taper[::-1]]))
    return np.outer(sides[0], sides[1]).astype(np.float32)


def _low_pass(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Gaussian in frequency that damps what resampling and noise change, and the slope of shading."""
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :]
    square = fy * fy + fx * fx
    return np.asarray(np.exp(-square / (2 * 0.14**2)) * (1 - np.exp(-square / (2 * 0.008**2))))
