"""How two pictures of the same size differ, as an eye would see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds
from genzu.errors import WrongSize
from genzu.picture.arrays import Bool, Float32, extent_of
from genzu.picture.colour import oklab_from_linear

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

JUST_VISIBLE = 0.02
"""Euclidean distance in OKLab below which two colours look the same; the value that CSS Color 4 uses for
its gamut mapping ("just noticeable difference")."""
SMALLEST_STEP = 2.5 / 255
"""A channel must differ by more than two 8-bit steps as well: in OKLab the first steps above black are
large, and a re-encode or a colour-profile rounding moves values by one or two steps."""
BAND = 1 << 20
"""Pixels that are looked at in one go; bounds the memory."""
STILL_THERE = 0.5
"""Correlation of fine structure from which a cell counts as the same brushwork."""
LEAST_TEXTURE = 0.003
"""Mean fine structure (share of full lightness) below which a cell is flat and says nothing."""
CELL = 32
"""Side in px of the cells whose changed neighbours are joined into one bounding box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed between two pictures."""

    changed_share: float
    """Share (0–1) of the painted pixels (alpha above 0 in either picture) that changed visibly."""
    mean_delta: float
    """Mean OKLab distance of the changed pixels; 0 if there are none."""
    max_delta: float
    """Largest OKLab distance of the changed pixels; 0 if there are none."""
    boxes: tuple[Bounds, ...]
    """Bounding boxes of the changed places, the one with the most changed pixels first; at most 32."""
    mask: Bool
    """(H, W), True where the picture changed visibly."""

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain JSON values (no mask)."""
        return {
            "changed_share": round(self.changed_share, 6),
            "mean_delta": round(self.mean_delta, 5),
            "max_delta": round(self.max_delta, 5),
            "boxes": [[box.x, box.y, box.width, box.height] for box in self.boxes],
        }


def compare(before: Pixels, after: Pixels) -> Difference:
    """Compare two pictures: (H, W), (H, W, 3) or (H, W, 4), uint8 or uint16 sRGB, in any mixture.

    Colours under alpha are compared as they look over white; a change of alpha counts as a change.
    Raises :class:`WrongSize` when the sizes differ.
    """
    if before.shape[:2] != after.shape[:2]:
        raise WrongSize(
            f"the pictures differ in size: {extent_of(before)} and {extent_of(after)} px",
            do="give both at the same size",
        )
    height, width = before.shape[:2]
    mask = np.zeros((height, width), bool)
    painted, total, largest = 0, 0.0, 0.0
    rows = max(1, BAND // width)
    for top in range(0, height, rows):
        band = slice(top, top + rows)
        seen, changed, delta = _compare_band(before[band], after[band])
        mask[band] = changed
        painted += seen
        total += float(delta.sum(dtype=np.float64))
        largest = max(largest, float(delta.max(initial=0)))
    count = int(np.count_nonzero(mask))
    return Difference(
        changed_share=count / painted if painted else 0.0,
        mean_delta=total / count if count else 0.0,
        max_delta=largest,
        boxes=boxes_of(mask),
        mask=mask,
    )


def brushwork_kept(before: Pixels, after: Pixels) -> float:
    """Share (0–1) of the textured 32 px cells in which the fine structure of ``before`` is still there in ``after``.

    The structure is lightness minus its local mean; a cell is kept when the correlation of the two is above
    ``STILL_THERE``. A colour grade, a glaze or a filter keeps nearly all cells, a repaint keeps those in which the
    layout's own contours run.
    """
    one, two = _fine_structure(before), _fine_structure(after)
    product, energy_one, energy_two = (_cell_sums(x) for x in (one * two, one * one, two * two))
    textured = energy_one > (CELL * LEAST_TEXTURE) ** 2
    if not textured.any():
        return 0.0
    likeness = product[textured] / np.sqrt(np.maximum(energy_one * energy_two, 1e-12))[textured]
    return float(np.mean(likeness > STILL_THERE))


def _fine_structure(picture: Pixels) -> Float32:
    """(H, W) lightness (0–1, encoded luma) minus its local mean."""
    encoded = _over_white(picture)[0]
    luma = Image.fromarray(np.ascontiguousarray(encoded @ np.array([0.2126, 0.7152, 0.0722], np.float32)))
    height, width = encoded.shape[:2]
    coarse = luma.resize((max(1, width // 4), max(1, height // 4)), Image.Resampling.BOX)
    smooth = coarse.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(luma, np.float32) - np.asarray(smooth, np.float32)


def _cell_sums(plane: Float32) -> Float32:
    rows = np.add.reduceat(plane, np.arange(0, plane.shape[0], CELL), axis=0)
    return np.add.reduceat(rows, np.arange(0, plane.shape[1], CELL), axis=1)


def _compare_band(before: Pixels, after: Pixels) -> tuple[int, Bool, Float32]:
    """Painted pixels, mask of the changed ones, and their distances (in the order of the mask)."""
    if before.dtype == after.dtype and before.shape == after.shape and np.array_equal(before, after):
        return _painted(before, after), np.zeros(before.shape[:2], bool), np.zeros(0, np.float32)
    one, one_alpha = _over_white(before)
    two, two_alpha = _over_white(after)
    alpha_step = np.abs(one_alpha - two_alpha)
    candidate = (np.abs(one - two).max(axis=2) > SMALLEST_STEP) | (alpha_step > SMALLEST_STEP)
    distance = oklab_from_linear(_linear(one[candidate])) - oklab_from_linear(_linear(two[candidate]))
    delta = np.maximum(np.sqrt((distance * distance).sum(axis=1)), alpha_step[candidate])
    visible = delta > JUST_VISIBLE
    changed = np.zeros(candidate.shape, bool)
    changed[candidate] = visible
    return _painted(before, after), changed, np.asarray(delta[visible], np.float32)


def _painted(before: Pixels, after: Pixels) -> int:
    alphas = [picture[..., 3] > 0 for picture in (before, after) if picture.ndim == 3 and picture.shape[2] == 4]
    if len(alphas) < 2:
        return int(before.shape[0] * before.shape[1])
    return int(np.count_nonzero(alphas[0] | alphas[1]))


def _over_white(picture: Pixels) -> tuple[Float32, Float32]:
    """Encoded sRGB 0–1 (h, w, 3) over white, and alpha 0–1 (h, w)."""
    full = np.float32(np.iinfo(picture.dtype).max)
    values = picture.astype(np.float32) / full
    if values.ndim == 2:
        values = np.repeat(values[..., None], 3, axis=2)
    alpha = np.ones(values.shape[:2], np.float32)
    if values.shape[2] == 4:
        alpha = values[..., 3]
        values = values[..., :3] * alpha[..., None] + (1 - alpha[..., None])
    return np.ascontiguousarray(values[..., :3]), alpha


def _linear(encoded: Float32) -> Float32:
    """Linear light of sRGB values 0–1 of any precision (IEC 61966-2-1)."""
    high = ((np.maximum(encoded, 0) + 0.055) / 1.055) ** np.float32(2.4)
    return np.where(encoded <= 0.04045, encoded / 12.92, high).astype(np.float32)


def boxes_of(mask: Bool, *, most: int = 32) -> tuple[Bounds, ...]:
    """Bounding boxes of the True pixels of an (H, W) mask; places nearer than ``CELL`` px share one box."""
    height, width = mask.shape
    rows = np.add.reduceat(mask, np.arange(0, height, CELL), axis=0, dtype=np.int64)
    cells = np.add.reduceat(rows, np.arange(0, width, CELL), axis=1)
    labels, _ = mahotas.label(cells > 0, np.ones((3, 3), bool))
    counts = np.bincount(labels.ravel(), weights=cells.ravel())
    corners = mahotas.labeled.bbox(labels)
    order = sorted(range(1, len(counts)), key=lambda label: -counts[label])[:most]
    return tuple(_tight(mask, *(int(edge) * CELL for edge in corners[label])) for label in order)


def _tight(mask: Bool, top: int, bottom: int, left: int, right: int) -> Bounds:
    part = mask[top:bottom, left:right]
    ys, xs = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    return Bounds(left + int(xs[0]), top + int(ys[0]), int(xs[-1] - xs[0]) + 1, int(ys[-1] - ys[0]) + 1)


def distances(before: Pixels, after: Pixels) -> Float32:
    """(H, W) OKLab distance of every pixel, colours under alpha as they look over white. Raises :class:`WrongSize`."""
    if before.shape[:2] != after.shape[:2]:
        raise WrongSize(
            f"the pictures differ in size: {extent_of(before)} and {extent_of(after)} px",
            do="give both at the same size",
        )
    found = np.empty(before.shape[:2], np.float32)
    rows = max(1, BAND // before.shape[1])
    for top in range(0, before.shape[0], rows):
        one, two = (_over_white(picture[top : top + rows]) for picture in (before, after))
        step = oklab_from_linear(_linear(one[0])) - oklab_from_linear(_linear(two[0]))
        found[top : top + rows] = np.maximum(np.sqrt((step * step).sum(axis=2)), np.abs(one[1] - two[1]))
    return found
