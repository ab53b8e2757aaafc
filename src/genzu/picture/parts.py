"""The parts of a drawing as it was read: connected pieces of one room that got one material, measured and compared.

They are what :mod:`genzu.picture.consensus` reasons about: how a part looked to the reader, how large and of what
form it is, and how it lies to every other part: above or below it, parted by a line or by nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Float32, Int32, UInt8
from genzu.picture.snap import connected_labels
from genzu.picture.spread import NO_MARK

MOST = 320
"""Parts of a frame that are compared with each other, the largest first."""
_LEAST = np.float32(0.003)
"""Added to votes before their logarithm is taken."""
_LINED = 1
"""Cells so near to ink lie on a line."""
_KINDS = len(Material)

NUMBERS = 3 * _KINDS + 2 * _KINDS + 25
"""Length of the row of numbers of a part."""
RELATIONS = 18
"""Numbers that say how one part lies to another."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Read:
    """A drawing as it was read; all planes (h, w) at the size of the votes."""

    seen: Float32
    """(h, w, 17) votes without marks, rooms mixed in."""
    heard: Float32
    """(h, w, 17) votes of the reader that was shown the marks; the same as ``seen`` without any."""
    mixed: Float32
    """(h, w, 17) votes after the marks have spread."""
    decided: UInt8
    room: Int32
    open: UInt8
    """Cells to the nearest ink."""
    marks: UInt8
    """255 = none."""


@dataclass(frozen=True)
class Parts:
    """The parts of a frame, the largest first."""

    label: Int32
    """(h, w) number 1…n of the part, 0 = among the small ones that were left out."""
    numbers: Float32
    """(n, NUMBERS)."""
    relations: Float32
    """(n, n, RELATIONS) how the second part lies to the first."""
    mixed: Float32
    """(n, 17) logarithm of the mean votes after the marks."""
    size: Floats
    """(n,) share of the picture's cells."""


def parts_of(read: Read) -> Parts:
    """Find, measure and compare the parts of a frame."""
    found = connected_labels((read.room * _KINDS + read.decided).astype(np.int32))
    sizes = np.bincount(found.ravel())
    sizes[0] = 0
    largest = np.argsort(-sizes, kind="stable")[: min(MOST, np.count_nonzero(sizes))]
    number = np.zeros(sizes.size, np.int32)
    number[largest] = np.arange(1, largest.size + 1)
    label = number[found]
    table = _borders(label, read.open)
    numbers, looks, mixed, geometry = _measure(label, read, table)
    relations = _relations(label, read, table, looks, geometry)
    return Parts(label=label, numbers=numbers, relations=relations, mixed=mixed,
                 size=sizes[largest] / label.size)  # fmt: skip


@dataclass(frozen=True)
class _Geometry:
    area: Floats
    row: Floats
    column: Floats
    outline: Floats


def _measure(label: Int32, read: Read, table: Floats) -> tuple[Float32, Float32, Float32, _Geometry]:
    height, width = label.shape
    flat, count = label.ravel(), int(label.max())
    area = np.maximum(np.bincount(flat, minlength=count + 1)[1:], 1).astype(np.float64)

    def total(weights: NDArray[np.generic] | None) -> Floats:
        return np.bincount(flat, weights, count + 1)[1:]

    def mean(votes: Float32) -> Float32:
        sums = np.stack([total(votes[..., kind].ravel()) for kind in range(_KINDS)], axis=1)
        return np.log((sums / area[:, None]).astype(np.float32) + _LEAST)

    seen, heard, mixed = mean(read.seen), mean(read.heard), mean(read.mixed)
    first = np.zeros(count + 1, np.intp)
    first[flat[::-1]] = np.arange(flat.size)[::-1]
    kind = read.decided.ravel()[first[1:]]
    decided = np.eye(_KINDS, dtype=np.float32)[kind]
    marked = read.marks != NO_MARK
    said = np.bincount(
        label[marked].astype(np.int64) * _KINDS + read.marks[marked], minlength=(count + 1) * _KINDS
    ).reshape(-1, _KINDS)[1:]
    rows, columns = np.divmod(np.arange(flat.size), width)
    top, bottom, left, right = _boxes(label, count)
    high, wide = (bottom - top).astype(float), (right - left).astype(float)
    row, column = total(rows) / area, total(columns) / area
    deep = np.zeros(count + 1)
    np.maximum.at(deep, flat, read.open.ravel())
    outline = table.sum(axis=(0, 2))[1:] + 1e-6
    lined = table[1::2].sum(axis=(0, 2))[1:]
    rooms = read.room.ravel()[first[1:]]
    room_size = np.bincount(read.room.ravel())[rooms]
    # Which of nine fields of its box a part fills: a triangle, a bow, a slope to the left or right.
    third_y = np.minimum(3 * (rows - np.append(0, top)[flat]) // np.maximum(np.append(1, high)[flat], 1), 2)
    third_x = np.minimum(3 * (columns - np.append(0, left)[flat]) // np.maximum(np.append(1, wide)[flat], 1), 2)
    field = (third_y * 3 + third_x).astype(np.int64)
    fields = np.bincount(flat.astype(np.int64) * 9 + field, minlength=(count + 1) * 9).reshape(-1, 9)[1:]
    fields = np.minimum(fields / np.maximum(high * wide / 9, 1)[:, None], 1.2)
    form = np.stack([
        np.log(area / label.size) / 4, np.sqrt(area) / height, high / height, np.minimum(wide / height, 2),
        top / height, bottom / height, row / height, np.log((high + 1) / (wide + 1)) / 2, area / (high * wide),
        np.minimum(outline / np.sqrt(area) / 8, 3), lined / outline, np.minimum(deep[1:] / height * 4, 2),
        top == 0, bottom == height, (left == 0) | (right == width), area / room_size,
    ], axis=1)  # fmt: skip
    numbers = np.concatenate(
        [seen / 3, heard / 3, mixed / 3, decided, said > 0, form, fields], axis=1, dtype=np.float32
    )
    return numbers, np.exp(seen), mixed, _Geometry(area, row, column, outline)


def _boxes(
    label: Int32, count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    height, width = label.shape
    top, bottom = np.full(count + 1, height), np.zeros(count + 1, np.intp)
    left, right = np.full(count + 1, width), np.zeros(count + 1, np.intp)
    for row in range(height):
        bottom[label[row]] = row + 1
    for row in range(height - 1, -1, -1):
        top[label[row]] = row
    for column in range(width):
        right[label[:, column]] = column + 1
    for column in range(width - 1, -1, -1):
        left[label[:, column]] = column
    return top[1:], bottom[1:], left[1:], right[1:]


def _borders(label: Int32, open_: UInt8) -> Floats:
    """(6, n + 1, n + 1) length of the border of two parts: the second below, above or beside, open and lined."""
    count = int(label.max()) + 1
    table = np.zeros((6, count, count))
    lined = open_ <= _LINED
    for axis in (0, 1):
        ahead, behind = ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1]))[axis]
        one, other, line = label[behind], label[ahead], lined[behind] | lined[ahead]
        differ = one != other
        key = one[differ].astype(np.int64) * count + other[differ]
        for on in (0, 1):
            chosen = key[line[differ] == bool(on)]
            lengths = np.bincount(chosen, minlength=count * count).reshape(count, count)
            if axis == 0:
                table[on] += lengths
                table[2 + on] += lengths.T
            else:
                table[4 + on] += lengths + lengths.T
    return table


def _relations(label: Int32, read: Read, table: Floats, looks: Float32, geometry: _Geometry) -> Float32:
    height, count = label.shape[0], geometry.area.size
    own = (table[:, 1:, 1:] / geometry.outline[None, :, None]).transpose(1, 2, 0)
    # The same lengths as shares of the other's outline; above and below change places.
    theirs = own.transpose(1, 0, 2)[..., [2, 3, 0, 1, 4, 5]]
    down = (geometry.row[None] - geometry.row[:, None]) / height
    across = (geometry.column[None] - geometry.column[:, None]) / height
    larger = np.log(geometry.area[None] / geometry.area[:, None]) / 4
    unit = looks / np.maximum(np.linalg.norm(looks, axis=1, keepdims=True), 1e-6)
    flat = label.ravel()
    first = np.zeros(count + 1, np.intp)
    first[flat[::-1]] = np.arange(flat.size)[::-1]
    rooms = read.room.ravel()[first[1:]]
    rest = np.stack([
        np.clip(down, -1, 1), np.minimum(np.abs(across), 2), np.clip(larger, -2, 2), unit @ unit.T,
        rooms[None] == rooms[:, None], np.eye(count),
    ], axis=2)  # fmt: skip
    return np.concatenate([own, theirs, rest], axis=2, dtype=np.float32)
