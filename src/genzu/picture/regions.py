"""Regions at full resolution from pencil lines with gaps.

Where regions are is decided at a reduced size by trapped balls (Zhang, Chen, Zhang, Hu, Martin: "Vectorizing
Cartoon Animations", IEEE TVCG 2009): a large ball cannot leave through a small gap, smaller balls then find the
smaller rooms. Where their borders run is decided at full size by a watershed (Vincent & Soille, IEEE PAMI 1991)
that climbs the ink from both sides and so meets on the crest of the stroke.
"""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.geometry import Extent
from genzu.picture.arrays import Bool, Int32, LineArt, UInt8, extent_of

ANALYSIS_HEIGHT = 600
"""Rows of the picture on which balls are trapped; larger pictures are reduced to it."""
INK = 34
"""Stroke strength (of 255, at analysis size) from which a pixel is a wall."""

_RADII = (9.0, 6.0, 4.0, 2.6, 1.6)
"""Radii of the balls in analysis pixels, large to small."""
_SPECK = 7
"""Strokes with fewer analysis pixels than this are dirt and no wall."""
_SMALLEST = 14
"""Rooms with fewer analysis pixels than this join a neighbour."""
_OPEN = 1.3
"""Two rooms are one when their opening is at least this times the half-width of the narrower."""
_JOINING_ROUNDS = 4
_BAND = 2048
"""Rows or columns worked on at once, so that large sheets need little memory."""


def ink_of(lines: LineArt) -> UInt8:
    """(H, W) strength of everything that bounds a thing; shadow and highlight edges do not."""
    return lines.contour


def find_regions(ink: UInt8) -> Int32:
    """Divide a drawing into regions: (H, W) int32, every pixel 1…n.

    ``ink`` is (H, W), 0 = paper, 255 = full stroke. Between two regions the border runs along the middle of the
    line; where the line has a gap it runs across the gap.
    """
    coarse = trapped_balls(reduce_ink(ink, ANALYSIS_HEIGHT))
    return compact(refine(coarse, ink))


def frame_of(shape: tuple[int, ...]) -> float:
    """Cells of one frame (16 : 9) of a picture (h, w), the whole of a smaller one: a PAN sheet is many frames wide."""
    return min(shape[0] * shape[0] * 16 / 9, float(shape[0] * shape[1]))


def reduce_ink(ink: UInt8, to: int | tuple[int, ...]) -> UInt8:
    """The line picture at ``to`` rows (never enlarged) or at a shape; thin lines keep their strength."""
    full = extent_of(ink)
    if isinstance(to, int) and full.height <= to:
        return ink
    small = full.scaled(to / full.height) if isinstance(to, int) else Extent(to[1], to[0])
    factor = full.height / small.height
    image = Image.fromarray(ink).resize((small.width, small.height), Image.Resampling.BOX)
    gain = min(2.5, max(1.0, factor / 1.4))
    return np.asarray(image.point([min(255, round(value * gain)) for value in range(256)]), np.uint8)


def trapped_balls(ink: UInt8) -> Int32:
    """Regions (h, w) int32, 1…n, of a small line picture (about :data:`ANALYSIS_HEIGHT` rows)."""
    walls = walls_of(ink)
    room = mahotas.distance(~walls)
    seeds = np.zeros(ink.shape, np.int32)
    taken = walls.copy()
    count = 0
    for radius in _RADII:
        free = room if radius == _RADII[0] else mahotas.distance(~taken)
        core = free > radius * radius
        if not core.any():
            continue
        found, number = mahotas.label(core)
        seeds[core] = found[core] + count
        count += number
        taken |= mahotas.distance(~core) <= radius * radius
    seeds = drop_small(seeds, 2)
    if not seeds.any():
        return np.ones(ink.shape, np.int32)
    # Deep inside first: two rooms meet at the narrowest place between them, or on the line.
    depth = np.minimum(np.sqrt(room), 30)
    surface = np.where(walls, 128 + (ink >> 1), 120 - 4 * depth).astype(np.uint8)
    flood(seeds, surface)
    return join_open(merge_small(seeds, surface, _SMALLEST), np.sqrt(room), walls)


def walls_of(ink: UInt8) -> Bool:
    """Pixels that stop a ball: strokes without specks of dirt."""
    walls = ink > INK
    parts, number = mahotas.label(walls, np.ones((3, 3), bool))
    if number:
        sizes = np.bincount(parts.ravel(), minlength=number + 1)
        walls &= (sizes >= _SPECK)[parts]
    return walls


def refine(coarse: Int32, ink: UInt8) -> Int32:
    """Bring small labels (h, w) to the size of ``ink``, their borders onto the crest of the strokes."""
    labels = enlarge(coarse, ink.shape)
    factor = max(1.0, ink.shape[0] / coarse.shape[0])
    labels[near_borders(labels, 2 + round(1.5 * factor))] = 0
    restore_lost(labels, coarse)
    flood(labels, crest(ink))
    return labels


def enlarge(labels: Int32, shape: tuple[int, ...], left: int = 0, right: int | None = None) -> Int32:
    """Nearest-neighbour enlargement of (h, w) labels to ``shape``, columns ``left`` to ``right``; a fresh array."""
    rows = ((np.arange(shape[0]) + 0.5) * labels.shape[0] / shape[0]).astype(np.intp)
    columns = ((np.arange(left, right or shape[1]) + 0.5) * labels.shape[1] / shape[1]).astype(np.intp)
    rows, columns = np.minimum(rows, labels.shape[0] - 1), np.minimum(columns, labels.shape[1] - 1)
    return np.ascontiguousarray(labels[rows[:, None], columns[None, :]])


def restore_lost(labels: Int32, coarse: Int32) -> None:
    """Give each label of ``coarse`` that has no pixel left one pixel in the middle of its deepest place."""
    count = int(coarse.max()) + 1
    present = np.zeros(count, bool)
    present[labels] = True
    present[0] = True
    lost = np.flatnonzero(~present & (np.bincount(coarse.ravel(), minlength=count) > 0))
    if not lost.size:
        return
    rows, columns = np.nonzero(np.isin(coarse, lost))
    owner = coarse[rows, columns]
    order = np.argsort(owner, kind="stable")
    _, first, sizes = np.unique(owner[order], return_index=True, return_counts=True)
    middle = order[first + sizes // 2]
    y = ((rows[middle] + 0.5) * labels.shape[0] / coarse.shape[0]).astype(np.intp)
    x = ((columns[middle] + 0.5) * labels.shape[1] / coarse.shape[1]).astype(np.intp)
    labels[y, x] = owner[middle]


def crest(ink: UInt8) -> UInt8:
    """A surface that rises to the middle of each stroke: slightly blurred ink."""
    return np.asarray(Image.fromarray(ink).filter(ImageFilter.GaussianBlur(1.2)), np.uint8)


def borders(labels: NDArray[np.integer]) -> Bool:
    """(H, W) pixels that have a 4-neighbour with another label."""
    edge = np.zeros(labels.shape, bool)
    across = labels[:, 1:] != labels[:, :-1]
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    down = labels[1:] != labels[:-1]
    edge[1:] |= down
    edge[:-1] |= down
    return edge


def near_borders(labels: NDArray[np.integer], reach: int) -> Bool:
    """Pixels within ``reach`` pixels of another label."""
    return distance_to(borders(labels), reach) < reach


def distance_to(mask: Bool, limit: int) -> UInt8:
    """Euclidean distance to ``mask``, rounded, at most ``limit`` (≤ 255); in bands, the same as in one piece."""
    far = np.empty(mask.shape, np.uint8)
    for left in range(0, mask.shape[1], _BAND):
        right = min(mask.shape[1], left + _BAND)
        start, stop = max(0, left - limit - 1), min(mask.shape[1], right + limit + 1)
        part = mask[:, start:stop]
        if part.any():
            squared = mahotas.distance(~part)[:, left - start : right - start]
            far[:, left:right] = np.minimum(np.sqrt(squared) + 0.5, limit)
        else:
            far[:, left:right] = limit
    return far


def flood(labels: Int32, surface: UInt8) -> None:
    """Seeded watershed in place: pixels with label 0 take the label that reaches them over the lowest pass.

    ``labels`` (H, W) int32 ≥ 0 with at least one seed; ``surface`` (H, W) uint8. Work and memory grow with the
    number of empty pixels only. Pixels of one height are taken in rounds, so fronts meet half-way on a plain.
    """
    height, width = labels.shape
    # A frame of -1 around the picture saves all tests for its edges.
    framed = np.full((height + 2, width + 2), -1, np.int32)
    framed[1:-1, 1:-1] = labels
    heights = np.zeros((height + 2, width + 2), np.uint8)
    heights[1:-1, 1:-1] = surface >> 2
    field, level_of, stride = framed.ravel(), heights.ravel(), width + 2
    steps = (1, -1, stride, -stride)
    waiting: list[list[tuple[NDArray[np.intp], Int32]]] = [[] for _ in range(64)]

    def wait(places: NDArray[np.intp], owners: Int32, lowest: int) -> None:
        levels = np.maximum(level_of[places], lowest)
        for level in np.flatnonzero(np.bincount(levels, minlength=64)):
            chosen = levels == level
            waiting[level].append((places[chosen], owners[chosen]))

    empty = np.flatnonzero(field == 0)
    for step in steps:
        owners = field[empty + step]
        touched = owners > 0
        wait(empty[touched], owners[touched], 0)
    for level in range(64):
        while waiting[level]:
            batch, waiting[level] = waiting[level], []
            places = np.concatenate([part for part, _ in batch])
            owners = np.concatenate([part for _, part in batch])
            free = field[places] == 0
            places, owners = places[free], owners[free]
            ticket = -2 - np.arange(places.size, dtype=np.int32)
            field[places] = ticket
            won = field[places] == ticket
            places, owners = places[won], owners[won]
            field[places] = owners
            for step in steps:
                beside = places + step
                free = field[beside] == 0
                if free.any():
                    wait(beside[free], owners[free], level)
    labels[:] = framed[1:-1, 1:-1]


def drop_small(labels: Int32, smallest: int) -> Int32:
    """Set labels with fewer than ``smallest`` pixels to 0."""
    sizes = np.bincount(labels.ravel())
    keep = np.arange(sizes.size, dtype=np.int32)
    keep[sizes < smallest] = 0
    return keep[labels]


def merge_small(labels: Int32, surface: UInt8, smallest: int) -> Int32:
    """Let labels with fewer than ``smallest`` pixels be flooded by their neighbours."""
    kept = drop_small(labels, smallest)
    if not kept.any():
        return np.ones_like(labels)
    flood(kept, surface)
    return compact(kept)


def join_open(labels: Int32, room: NDArray[np.float64], walls: Bool) -> Int32:
    """Join rooms that no line parts: those whose common opening is about as wide as the narrower of the two.

    ``room`` is the distance to the nearest line. Strips of uneven width fall into beads under balls of graded
    radii; this threads them again. A gap in a wall is narrow against its rooms and stays shut.
    """
    for _ in range(_JOINING_ROUNDS):
        count = int(labels.max()) + 1
        widest = np.zeros(count)
        np.maximum.at(widest, labels.ravel(), room.ravel())
        small, large, opening = _openings(labels, walls, widest)
        fits = opening >= _OPEN * widest[small]
        small, large, opening = small[fits], large[fits], opening[fits]
        if not small.size:
            return labels
        order = np.lexsort((large, -opening, small))
        first = np.unique(small[order], return_index=True)[1]
        target = np.arange(count, dtype=np.int32)
        target[small[order][first]] = large[order][first]
        for _ in range(_JOINING_ROUNDS):  # chains end at a room that joins nobody: width only grows along them
            target = target[target]
        labels = compact(target[labels])
    return labels


def _openings(
    labels: Int32, walls: Bool, widest: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of neighbours (narrower, wider) and the length of their common border outside lines, in px."""
    count = widest.size
    keys = []
    for ahead, behind in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        one, other = labels[ahead], labels[behind]
        open_ = (one != other) & ~walls[ahead] & ~walls[behind]
        one, other = one[open_], other[open_]
        # Ties in width are broken by number, so that joining can never run in a circle.
        swap = (widest[one] > widest[other]) | ((widest[one] == widest[other]) & (one > other))
        keys.append(np.where(swap, other, one).astype(np.int64) * count + np.where(swap, one, other))
    pairs, lengths = np.unique(np.concatenate(keys), return_counts=True)
    return pairs // count, pairs % count, lengths


def compact(labels: Int32) -> Int32:
    """Renumber labels to 1…n in the order of their numbers, in place where possible."""
    present = np.zeros(int(labels.max()) + 1, bool)
    for top in range(0, labels.shape[0], _BAND):
        present[labels[top : top + _BAND]] = True
    number = np.cumsum(present, dtype=np.int32)
    for top in range(0, labels.shape[0], 256):
        labels[top : top + 256] = number[labels[top : top + 256]]
    return labels
