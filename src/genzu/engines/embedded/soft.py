"""Blurs and a widening that need no more precision than what is seen of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.picture.arrays import Bool, Float32, UInt8

_V = TypeVar("_V", bound=np.generic)
_Number = TypeVar("_Number", np.uint8, np.uint16, np.float32)


def widened(plane: NDArray[_V], reach: int) -> NDArray[_V]:
    """Maximum over a square of ``2 · reach + 1`` px; separable, several times faster than a rank filter."""
    for axis in (0, 1):
        grown = plane.copy()
        for step in range(1, reach + 1):
            ahead, back = [slice(None)] * 2, [slice(None)] * 2
            ahead[axis], back[axis] = slice(step, None), slice(None, -step)
            there, here = tuple(ahead), tuple(back)
            np.maximum(grown[here], plane[there], out=grown[here])
            np.maximum(grown[there], plane[here], out=grown[there])
        plane = grown
    return plane


def one_of(materials: UInt8, kinds: Sequence[int]) -> Bool:
    """Where the material is one of these; several times faster than ``numpy.isin`` for the few kinds that there are."""
    found = np.asarray(materials == kinds[0])
    for kind in kinds[1:]:
        found |= materials == kind
    return found


def box_of(mask: Bool) -> tuple[slice, slice]:
    """The smallest rectangle that holds the mask, which is not empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def framed_box(mask: Bool, frame: int) -> tuple[slice, slice]:
    """:func:`box_of` with ``frame`` px more on each side, as far as the plane goes."""
    rows, columns = (slice(max(side.start - frame, 0), side.stop + frame) for side in box_of(mask))
    return rows, columns


def within(mask: Bool, reach: float) -> Bool:
    """Places not farther than ``reach`` px from the ``mask``: exactly what a Euclidean distance up to it would say.

    A disc is laid row by row: many times faster than a transform of the whole plane for the small reaches it is for.
    """
    near = np.zeros(mask.shape, bool)
    if not mask.any():
        return near
    far = math.floor(reach)
    box = framed_box(mask, far)
    tall = mask[box].copy()  # what lies up to ``up`` px above or below
    found, seeds = tall.copy(), mask[box]
    for up in range(far + 1):
        if up:
            tall[up:] |= seeds[:-up]
            tall[:-up] |= seeds[up:]
        widest = math.isqrt(math.floor(reach * reach) - up * up)
        # Of all columns that see so far up and no farther.
        narrowest = math.isqrt(math.floor(reach * reach) - (up + 1) ** 2) if up < far else -1
        for aside in range(narrowest + 1, widest + 1):
            if aside == 0:
                found |= tall
                continue
            found[:, aside:] |= tall[:, :-aside]
            found[:, :-aside] |= tall[:, aside:]
    near[box] = found
    return near


def boxes_of(mask: Bool, side: int) -> Iterator[tuple[slice, slice]]:
    """Rectangles of at most ``side`` px that hold the whole mask and do not overlap, each as small as it can be."""
    for top in range(0, mask.shape[0], side):
        band = mask[top : top + side]
        there = np.asarray(band.any(0))
        for left in range(0, mask.shape[1], side):
            if there[left : left + side].any():
                rows, columns = box_of(band[:, left : left + side])
                yield (
                    slice(top + rows.start, top + rows.stop),
                    slice(left + columns.start, left + columns.stop),
                )


def blur(field: Float32 | Bool, radius: float) -> Float32:
    """Gaussian blur of one plane of values 0–1, with 8-bit precision (masks)."""
    return np.multiply(soft_bytes(in_bytes(field), radius), np.float32(1 / 255), dtype=np.float32)


def in_bytes(field: Float32 | Bool) -> UInt8:
    """Values 0–1 as bytes 0–255."""
    if field.dtype == np.bool_:
        return np.asarray(field.view(np.uint8) * np.uint8(255))
    coded = np.clip(field, 0, 1, dtype=np.float32)
    coded *= np.float32(255)
    coded += np.float32(0.5)
    return coded.astype(np.uint8)


def reach_of(radius: float) -> int:
    """Px beyond which a Gaussian blur of this radius looks at nothing: Pillow draws three boxes in its place."""
    return 3 * math.ceil((math.sqrt(4 * radius * radius + 1) - 1) / 2)


def soft_bytes(plane: UInt8, radius: float) -> UInt8:
    """Gaussian blur of one plane of bytes; it takes time only for the part that holds anything."""
    if not plane.any():
        return np.zeros_like(plane)
    reach, box = reach_of(radius), box_of(plane != 0)
    rows, columns = (slice(max(side.start - reach, 0), side.stop + reach) for side in box)
    part = np.ascontiguousarray(plane[rows, columns])
    soft = np.asarray(Image.fromarray(part).filter(ImageFilter.GaussianBlur(radius)))
    if part.shape == plane.shape:
        return soft
    whole = np.zeros_like(plane)
    whole[rows, columns] = soft
    return whole


_ROWS = 128
"""Rows of a band: what is needed in between fits the processor's cache."""


def soft_edged(mask: Bool) -> UInt8:
    """0–255: the mask, its edges as soft as an anti-aliased cut (a Gaussian of 0.6 px, in whole numbers)."""
    framed = np.pad(mask.view(np.uint8), 2, mode="edge")
    soft = np.empty(mask.shape, np.uint8)
    for top in range(0, mask.shape[0], _ROWS):
        band = framed[top : top + _ROWS + 4]
        # Weights that sum to 255 for bytes along x, to 256 for pairs of bytes along y: nothing overflows.
        rows = _five(band.T, 3, 35, 179).T.astype(np.uint16)
        columns = _five(rows, 3, 35, 180)
        columns += np.uint16(128)
        columns >>= np.uint16(8)
        soft[top : top + _ROWS] = columns
    return soft


def _five(plane: NDArray[_Number], far: int, near: int, middle: int) -> NDArray[_Number]:
    """Weighted sums of five neighbours along the first axis; the result is four shorter."""
    total, other = np.add(plane[1:-3], plane[3:-1]), np.add(plane[:-4], plane[4:])
    np.multiply(total, near, out=total)
    np.multiply(other, far, out=other)
    np.add(total, other, out=total)
    np.multiply(plane[2:-2], middle, out=other)
    return np.add(total, other, out=total)


_NARROW = 5.0
"""Sigma in px from which three box means cost less than the Gaussian's own weights."""


def softened(plane: Float32) -> Float32:
    """Gaussian blur of one px (binomial weights), of any values and not rounded; the border is repeated."""
    framed = np.pad(plane, 2, mode="edge")
    soft = _five(_five(framed, 1, 4, 6).T, 1, 4, 6).T
    return np.asarray(soft * np.float32(1 / 256))


def mean_around(plane: Float32, reach: int) -> Float32:
    """Mean over the square of ``2 · reach + 1`` px around each, of any values; the border is repeated."""
    means = _box(_box(np.pad(plane, reach, mode="edge"), 2 * reach + 1, 0), 2 * reach + 1, 1)
    return np.asarray(means, np.float32, order="C")


def doubled(small: Float32, top: int, left: int, shape: tuple[int, int]) -> Float32:
    """Rectangle of ``shape`` at ``top``, ``left`` of the plane drawn out to twice its size, bilinear."""
    height, width = shape
    first_y, first_x = top // 2, left // 2
    tall, wide = (top + height + 1) // 2 - first_y, (left + width + 1) // 2 - first_x
    # One more on each side, the border repeated.
    part = small[max(first_y - 1, 0) : first_y + tall + 1, max(first_x - 1, 0) : first_x + wide + 1]
    part = np.asarray(part, np.float32)
    if part.shape != (tall + 2, wide + 2):
        ends = first_y + tall == small.shape[0], first_x + wide == small.shape[1]
        frame = (int(first_y == 0), int(ends[0])), (int(first_x == 0), int(ends[1]))
        part = np.pad(part, frame, mode="edge")
    large = np.empty((tall, 2, 2 * wide), np.float32)
    for begin in range(0, tall, _ROWS):
        band = part[begin : begin + _ROWS + 2]
        quarter, most = band * np.float32(0.25), band * np.float32(0.75)
        pairs = np.empty((len(band), wide, 2), np.float32)
        np.add(most[:, 1:-1], quarter[:, :-2], out=pairs[..., 0])
        np.add(most[:, 1:-1], quarter[:, 2:], out=pairs[..., 1])
        drawn = pairs.reshape(len(band), 2 * wide)
        quarter, most = drawn * np.float32(0.25), drawn[1:-1]
        most *= np.float32(0.75)
        goal = large[begin : begin + _ROWS]
        np.add(most, quarter[:-2], out=goal[:, 0])
        np.add(most, quarter[2:], out=goal[:, 1])
    return large.reshape(2 * tall, 2 * wide)[top % 2 : top % 2 + height, left % 2 : left % 2 + width]


def doubled_bytes(small: UInt8, top: int, left: int, shape: tuple[int, int]) -> UInt8:
    """:func:`doubled` of bytes, in whole numbers: the same from wherever it is asked for."""
    height, width = shape
    framed = np.pad(small, 1, mode="edge").astype(np.uint16)
    most = framed[:, 1:-1] * np.uint16(3)
    pairs = np.empty((len(framed), small.shape[1], 2), np.uint16)
    np.add(most, framed[:, :-2], out=pairs[..., 0])
    np.add(most, framed[:, 2:], out=pairs[..., 1])
    drawn = pairs.reshape(len(framed), -1)
    most = drawn[1:-1] * np.uint16(3)
    most += np.uint16(8)
    large = np.empty((len(small), 2, drawn.shape[1]), np.uint8)
    for side, other in ((0, drawn[:-2]), (1, drawn[2:])):
        total = most + other
        total >>= np.uint16(4)
        large[:, side] = total
    return large.reshape(-1, drawn.shape[1])[top : top + height, left : left + width]


def difference(plane: UInt8, dx: int, dy: int) -> NDArray[np.int16]:
    """(h, w) −255…255: the value ``dx`` px right and ``dy`` px down of a place less that as far on its other side.

    Beyond the border the plane goes on as it ends.
    """
    height, width = plane.shape
    far_x, far_y = abs(dx), abs(dy)
    framed = np.pad(plane, ((far_y, far_y), (far_x, far_x)), mode="edge")
    there = framed[far_y + dy : far_y + dy + height, far_x + dx : far_x + dx + width]
    back = framed[far_y - dy : far_y - dy + height, far_x - dx : far_x - dx + width]
    return np.subtract(there, back, dtype=np.int16)


def spread_out(plane: Float32, sigma: float) -> Float32:
    """Gaussian blur of one plane of any values; the border is mirrored. Costs the same for any large ``sigma``.

    Then it is made of three box means for each axis: the odd widths whose variances add up to that of the Gaussian as
    nearly as they can (Kovesi, "Fast almost-Gaussian filtering", 2010).
    """
    if sigma < _NARROW:
        return gaussian(plane, sigma)
    narrow = int(np.sqrt(4 * sigma * sigma + 1))
    narrow -= 1 - narrow % 2
    count = round((12 * sigma * sigma - 3 * narrow * narrow - 12 * narrow - 9) / (-4 * narrow - 4))
    widths = [narrow] * count + [narrow + 2] * (3 - count)
    reach = sum(width // 2 for width in widths)
    boxed: NDArray[np.floating] = plane
    for axis in (0, 1):
        frame = [(0, 0), (0, 0)]
        frame[axis] = (reach, reach)
        boxed = np.pad(boxed, frame, mode="symmetric")
        for width in widths:
            boxed = _box(boxed, width, axis)
    return np.asarray(boxed, np.float32, order="C")


def gaussian(plane: Float32, sigma: float, axis: int | None = None, *, nearest: bool = False) -> Float32:
    """Gaussian blur of one plane of any values along ``axis``, or both; weights reach four ``sigma`` px.

    Beyond the border the plane is mirrored, or goes on as it ends if ``nearest``. Opposite neighbours have one weight,
    so that they are added up first: two to three times as fast as a convolution.
    """
    reach = int(4 * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(reach + 1) / max(sigma, 1e-3)) ** 2)
    weights /= 2 * weights.sum() - weights[0]
    soft = np.asarray(plane, np.float32)
    for along in (0, 1) if axis is None else (axis,):
        frame = [(0, 0), (0, 0)]
        frame[along] = (reach, reach)
        framed = np.pad(soft, frame, mode="edge" if nearest else "symmetric")
        soft = np.empty(plane.shape, np.float32)
        for top in range(0, len(soft), _ROWS // 2):
            goal, band = soft[top : top + _ROWS // 2], framed[top : top + _ROWS // 2 + (0 if along else 2 * reach)]
            if along == 1:
                goal, band = goal.T, band.T
            np.multiply(band[reach : reach + len(goal)], np.float32(weights[0]), out=goal)
            both = np.empty_like(goal)
            for step in range(1, reach + 1):
                before, after = band[reach - step :][: len(goal)], band[reach + step :][: len(goal)]
                np.add(before, after, out=both)
                both *= np.float32(weights[step])
                goal += both
    return soft


def running(choose: np.ufunc, plane: NDArray[_V]) -> NDArray[_V]:
    """Replace each row, in place, by ``choose`` of it and all rows above it; ``plane`` is nobody else's.

    Row by row: whole rows are taken several numbers at a time, which ``accumulate`` does not do along this axis.
    """
    for above, row in pairwise(plane):
        choose(above, row, out=row)
    return plane


def _box(plane: NDArray[np.floating], width: int, axis: int) -> NDArray[np.float64]:
    """Means of ``width`` neighbours; the result is shorter by ``width`` − 1."""
    if axis == 1:
        return _box(plane.T, width, 0).T
    total = running(np.add, np.array(plane, np.float64, order="C"))
    means = np.empty((len(total) - width + 1, total.shape[1]))
    means[0] = total[width - 1]
    np.subtract(total[width:], total[:-width], out=means[1:])
    means /= width
    return means
