"""From votes to a materials picture: a reader's votes, the rooms of the drawing, and a person's marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Float32, Int32, UInt8
from genzu.picture.evidence import LARGER, Evidence, Unmarked
from genzu.picture.gables import with_gables
from genzu.picture.hearing import weigh, weights
from genzu.picture.islands import without_islands
from genzu.picture.regions import borders, compact, distance_to, enlarge, flood, frame_of, reduce_ink
from genzu.picture.snap import connected
from genzu.picture.spread import NO_MARK, Ways, spread, ways_of

_ROOM_WEIGHT = 0.85
"""How much a room that votes with one voice outweighs the votes of its single pixels."""
_SMALL, _SMALL_WEIGHT = 0.05, 0.8
"""Rooms smaller than this share of a frame outweigh their pixels at least so much."""
_SPECK = 10
"""Areas of fewer cells than this join a neighbour, unless a person marked them."""
_LIKENESS = 0.45
"""Weight of a mark in an unmarked room that looks the same to the reader."""
_WON = 0.7
"""Share of its room that a mark must have won before other rooms follow."""
_RULES = np.float32(0.25)
"""Share of the hand-written rules in how far a mark spreads; the rest is learned."""
_CLOSED, _BESIDE = 0.97, 2
"""Share of a room's outline that must be within so many cells of ink, if it is closed."""
_SLIM, _OPEN_FOOT = 0.035, 0.85
"""Rooms with less area than this share of the square of their outline are poles and the like; their foot is open."""
_FILLED = 0.13
"""Closed rooms smaller than this share of the picture are filled by a mark."""


def decide(votes: Float32, rooms: Int32, ink: UInt8, marks: UInt8 | None, heard: Float32 | None = None) -> UInt8:
    """Materials (h, w) at the size of ``votes`` (h, w, 17).

    ``rooms`` regions of the drawing and ``ink`` stroke strength at any size; ``marks`` (H, W) with 255 = none;
    ``heard`` the votes of a reader that was shown the marks; without it rules alone say how far they spread.
    A room votes as one, the more so the less it is divided; marks win where they are and spread from there.
    """
    before = before_marks(votes, rooms, ink)
    if marks is None:
        return _settled(before.seen, votes, before.ink, np.full(votes.shape[:2], NO_MARK, np.uint8))
    cells = marks_at(marks, votes.shape[:2])
    ways = ways_of(cells, before.seen, before.room, before.ink)
    mixed = _by_rules(before, cells, ways)
    if heard is not None and not np.array_equal(heard, votes):  # what was learned needs a reader that listens
        rules = np.where(_to_fill(before, cells, ways), np.float32(1), _RULES)[before.room][..., None]
        mixed = rules * mixed + (1 - rules) * _as_learned(before, ways, heard)
    return _settled(mixed, votes if heard is None else heard, before.ink, cells)


def _settled(mixed: Float32, votes: Float32, ink: UInt8, cells: UInt8) -> UInt8:
    """What the votes come to: marks win where they are, and nothing is left over."""
    decided = np.argmax(mixed, axis=2).astype(np.uint8)
    marked = cells != NO_MARK
    decided[marked] = cells[marked]
    return _without_specks(without_islands(_without_specks(decided, marked), votes, ink, marked), marked)


def before_marks(votes: Float32, rooms: Int32, ink: UInt8) -> Unmarked:
    """What is known of a drawing before anybody marks anything; the arguments are as in :func:`decide`."""
    shape = votes.shape[:2]
    room = compact(enlarge(rooms, shape))
    looks = room_means(votes, room)
    gabled = with_gables(votes, looks, room)
    if gabled is not votes:
        votes, looks = gabled, room_means(gabled, room)
    return Unmarked(seen=_as_rooms(votes, looks, room), looks=looks, room=room, ink=reduce_ink(ink, shape))


def _to_fill(before: Unmarked, cells: UInt8, ways: Ways) -> Bool:
    """(n + 1,) rooms that a line closes all around (poles: all but the foot) and that are marked with one material.

    They are filled, as anybody expects, whatever was read in them.
    """
    room, count = before.room, before.size.size
    edge = borders(room)
    edge[[0, -1]] = edge[:, [0, -1]] = True
    length = np.bincount(room[edge], minlength=count)
    lined = np.bincount(room[edge & (before.open <= _BESIDE)], minlength=count)
    said, meant = np.zeros((count, len(Material)), bool), np.zeros(count, bool)
    marked = cells != NO_MARK
    said[room[marked], cells[marked]] = True
    for stroke, _ in ways:
        meant[stroke.meant(room)] = True
    small = before.size < _FILLED * room.size
    closed = np.where(before.size < _SLIM * length.astype(float) ** 2, _OPEN_FOOT, _CLOSED)
    return np.asarray((lined >= closed * length) & small & meant & (said.sum(axis=1) == 1))


def _by_rules(before: Unmarked, cells: UInt8, ways: Ways) -> Float32:
    """(h, w, 17) votes with the marks spread by hand-written rules."""
    mixed = before.seen.copy()
    spread(mixed, ways, before.seen, before.room)
    _follow(mixed, before.looks, before.room, cells)
    mixed /= mixed.sum(axis=2, keepdims=True)
    return mixed


def _as_learned(before: Unmarked, ways: Ways, heard: Float32) -> Float32:
    """(h, w, 17) votes with the marks weighed as the drawings of the training taught."""
    return weigh(before.seen, heard, Evidence(before, ways, heard), weights())


def _as_rooms(votes: Float32, means: Float32, room: Int32) -> Float32:
    size = np.bincount(room.ravel(), minlength=len(means)) / frame_of(room.shape)
    weight = _ROOM_WEIGHT * means.max(axis=1) ** 2
    weight = np.where(size < _SMALL, np.maximum(weight, _SMALL_WEIGHT), weight)[room][..., None]
    return np.asarray((1 - weight) * votes + weight * means[room], np.float32)


def room_means(votes: Float32, room: Int32) -> Float32:
    """(n + 1, 17) mean votes per room; cells deep inside count more than cells on the border."""
    depth = distance_to(np.asarray(np.pad(np.diff(room, axis=1) != 0, ((0, 0), (0, 1)))), 4).astype(np.float32)
    weight = (0.15 + depth).ravel()
    count = int(room.max()) + 1
    total = np.maximum(np.bincount(room.ravel(), weights=weight, minlength=count), 1e-6)
    sums = [
        np.bincount(room.ravel(), weights=weight * votes[..., kind].ravel(), minlength=count)
        for kind in range(votes.shape[2])
    ]
    return (np.stack(sums, axis=1) / total[:, None]).astype(np.float32)


def marks_at(marks: UInt8, shape: tuple[int, ...]) -> UInt8:
    """Marks at another size; a stroke of one pixel's width survives."""
    cells = np.full(shape, NO_MARK, np.uint8)
    y, x = np.nonzero(marks != NO_MARK)
    cells[y * shape[0] // marks.shape[0], x * shape[1] // marks.shape[1]] = marks[y, x]
    return cells


def _follow(mixed: Float32, looks: Float32, room: Int32, cells: UInt8) -> None:
    """Rooms that looked like one that a mark has won follow it, nearer ones more; in place.

    ``looks`` (n + 1, 17) are the mean votes per room without the marks.
    """
    marked = cells != NO_MARK
    count, (height, width) = looks.shape[0], room.shape
    size = np.maximum(np.bincount(room.ravel(), minlength=count), 1)
    rows, columns = np.divmod(np.arange(room.size), width)
    centre = np.stack(
        [np.bincount(room.ravel(), weights=axis, minlength=count) / size for axis in (rows, columns)], axis=1
    )
    unit = looks / np.maximum(np.linalg.norm(looks, axis=1, keepdims=True), 1e-6)
    pull = np.zeros_like(looks)
    own = np.unique(room[marked])
    for number in own:
        inside = room == number
        kind = int(np.argmax(np.bincount(cells[marked & inside], minlength=len(Material))[: len(Material)]))
        if (np.argmax(mixed[inside], axis=1) == kind).mean() < _WON:
            continue
        away = np.linalg.norm(centre - centre[number], axis=1) / (0.5 * height)
        likeness = _LIKENESS * np.maximum(unit @ unit[number], 0) ** 8 * np.exp(-away)
        likeness *= np.minimum(1, LARGER * size[number] / size)
        pull[:, kind] = np.maximum(pull[:, kind], likeness)
    pull[own] = 0
    mixed *= 1 - np.minimum(pull.sum(axis=1), 1)[room][..., None]
    mixed += pull[room]


def _without_specks(materials: UInt8, marked: Bool) -> UInt8:
    """Let areas of a few cells join their neighbours."""
    areas = connected(materials)
    kept = np.bincount(areas.ravel()) >= _SPECK
    kept[areas[marked]] = True
    labels = np.where(kept[areas], materials.astype(np.int32) + 1, 0).astype(np.int32)
    if (labels > 0).any():
        flood(labels, np.zeros_like(materials))
        return (labels - 1).astype(np.uint8)
    return materials


def enlarge_smooth(materials: UInt8, shape: tuple[int, int]) -> UInt8:
    """Enlarge a materials picture so that its borders are smooth, not stairs."""
    if materials.shape == shape:
        return materials
    best = np.zeros(shape, np.uint8)
    chosen = np.full(shape, materials.flat[0], np.uint8)
    for kind in np.unique(materials):
        image = Image.fromarray(np.where(materials == kind, np.uint8(255), np.uint8(0)))
        plane = np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.BILINEAR), np.uint8)
        better = plane > best
        chosen[better] = kind
        np.maximum(best, plane, out=best)
    return chosen


def region_confidence(votes: Float32, materials: UInt8, regions: Int32) -> Float32:
    """(n + 1,) mean vote 0–1 for the material that each region got; entry 0 is 0."""
    height, width = votes.shape[:2]
    count = int(regions.max()) + 1
    rows = ((np.arange(height) + 0.5) * regions.shape[0] / height).astype(np.intp)
    columns = ((np.arange(width) + 0.5) * regions.shape[1] / width).astype(np.intp)
    region, kind = regions[rows[:, None], columns], materials[rows[:, None], columns]
    vote = np.take_along_axis(votes, kind[..., None].astype(np.intp), axis=2)[..., 0]
    hits = np.bincount(region.ravel(), minlength=count)
    confidence = np.bincount(region.ravel(), weights=vote.ravel(), minlength=count) / np.maximum(hits, 1)
    missed = np.flatnonzero(hits[1:] == 0) + 1
    if missed.size:
        y, x = _a_place_of_each(regions, missed)
        cell = votes[y * height // regions.shape[0], x * width // regions.shape[1]]
        confidence[missed] = cell[np.arange(missed.size), materials[y, x]]
    return np.clip(confidence, 0, 1).astype(np.float32)


def _a_place_of_each(regions: Int32, wanted: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of one pixel of each wanted region."""
    row_of = np.zeros(int(regions.max()) + 1, np.intp)
    column_of = np.zeros_like(row_of)
    columns = np.arange(regions.shape[1])
    for row in range(regions.shape[0]):
        row_of[regions[row]] = row
        column_of[regions[row]] = columns
    return row_of[wanted], column_of[wanted]
