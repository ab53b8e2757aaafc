"""What speaks for a mark's material in every cell: how near its strokes are, what was read there, what is alike.

Each stroke is measured once over the whole picture; what the measures of all strokes of one material come to is laid
out as a few numbers per cell, from which :mod:`genzu.picture.hearing` weighs the mark. The training
(``training/hearing.py``) measures with the same functions, so that both always agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.picture.arrays import Float32, Int32, UInt8
from genzu.picture.regions import distance_to
from genzu.picture.spread import INKED, Field, Stroke, Ways, cost_of_lines, geodesic

NAMES = (
    "away", "far", "lines", "many_lines", "euclid", "by_length", "above", "below", "like", "likest", "like_in_row",
    "in_room", "fills", "length", "clear", "vote", "margin", "heard_margin", "heard", "misread", "same", "other",
    "nearer", "open", "room",
)  # fmt: skip
"""What each of the numbers per cell is, in their order."""

LARGER = 2.0
"""Rooms more than so many times as large as the marked one follow it the less."""
_LEAST = np.float32(0.003)
"""Added to votes before their logarithm is taken."""


@dataclass(frozen=True)
class Unmarked:
    """A picture as it was read before anybody marked anything; all planes (h, w) at the size of the votes."""

    seen: Float32
    """(h, w, 17) votes, rooms mixed in."""
    looks: Float32
    """(n + 1, 17) mean votes per room."""
    room: Int32
    ink: UInt8

    @property
    def height(self) -> int:
        """Rows; lengths are measured in them."""
        return self.room.shape[0]

    @cached_property
    def open(self) -> UInt8:
        """Cells to the nearest ink, at most 64."""
        return distance_to(self.ink > INKED, 64)

    @cached_property
    def size(self) -> NDArray[np.intp]:
        """(n + 1,) cells per room."""
        return np.bincount(self.room.ravel())


@dataclass
class _Gathered:
    """The strokes of one material, measured together."""

    away: Float32
    """Geodesic distance to the nearest stroke, 1 = as far as the rules let it reach."""
    best: UInt8
    """Which stroke that is."""
    lines: Float32
    euclid: Float32
    own_euclid: Float32
    """Distance to the stroke ``best``."""
    like: Float32
    likest: Float32
    like_in_row: Float32
    fills: Float32
    strokes: list[Stroke] = field(default_factory=list)
    read: list[Float32] = field(default_factory=list)
    """(17,) mean votes under each stroke."""


class Evidence:
    """The numbers per cell for every marked material."""

    def __init__(self, before: Unmarked, ways: Ways, heard: Float32) -> None:
        """``ways`` the strokes, measured; ``heard`` (h, w, 17) the votes of the reader that was shown them."""
        self._before, self._heard = before, heard
        self._gathered: dict[int, _Gathered] = {}
        lines = cost_of_lines(before.ink, 0.3 / before.height)
        for stroke, away in ways:
            self._gather(stroke, away, lines)

    @property
    def kinds(self) -> tuple[int, ...]:
        """The materials that are marked, in rising order."""
        return tuple(sorted(self._gathered))

    @property
    def room(self) -> Int32:
        """(h, w) the rooms of the drawing."""
        return self._before.room

    def _gather(self, stroke: Stroke, away: Float32, lines: tuple[Field, Field]) -> None:
        before, mask = self._before, stroke.mask
        crossed = geodesic(mask, *lines).astype(np.float32)
        euclid = (np.sqrt(mahotas.distance(~mask)) / before.height).astype(np.float32)
        read = before.seen[mask].mean(axis=0)
        like = np.minimum(before.seen, read).sum(axis=2)
        rows = np.arange(before.height, dtype=np.float32)[:, None]
        beyond = (np.maximum(stroke.top - rows, 0) + np.maximum(rows - stroke.bottom, 0)) / before.height
        inside = np.isin(before.room, stroke.rooms(before.room))
        fills = np.where(inside, np.minimum(stroke.length / np.sqrt(before.size)[before.room], 1.5), 0)
        new = _Gathered(
            away=away.copy(), best=np.zeros(mask.shape, np.uint8), lines=crossed, euclid=euclid,
            own_euclid=euclid.copy(), like=like.copy(), likest=like,
            like_in_row=like * np.exp(-beyond / np.float32(0.1)), fills=fills.astype(np.float32),
            strokes=[stroke], read=[read],
        )  # fmt: skip
        known = self._gathered.setdefault(stroke.kind, new)
        if known is not new:
            _join(known, new)

    def leeway(self, kind: int) -> Float32:
        """(n + 1,) how far a room may follow a mark, 0–1: a paddy does not drown the meadow around it.

        Who marks the smaller of two rooms has seen the larger one and left it as it was read.
        """
        room, size = self._before.room, np.maximum(self._before.size, 1)
        own = np.unique(np.concatenate([stroke.rooms(room) for stroke in self._gathered[kind].strokes]))
        leeway = (np.minimum(1, LARGER * size[own].max() / size) ** 2).astype(np.float32)
        leeway[own] = 1
        return leeway

    def rows(self, part: slice, kind: int) -> Float32:
        """(rows, w, len(NAMES)) float32: the numbers for a marked material in some rows of the picture."""
        before, own = self._before, self._gathered[kind]
        best, height = own.best[part], before.height
        room = before.room[part]
        shape = room.shape

        def of_best(values: list[float]) -> Float32:
            return np.array(values, np.float32)[best]

        seen, heard = (np.log(votes[part] + _LEAST) for votes in (before.seen, self._heard))
        misread = np.array([int(np.argmax(np.where(np.arange(read.size) == kind, 0, read))) for read in own.read])
        read_as = np.array([int(np.argmax(read)) for read in own.read])
        away = own.away[part]
        others = [g.away[part] for k, g in self._gathered.items() if k != kind]
        other = np.min(others, axis=0) if others else np.full(shape, 9, np.float32)
        rows = np.arange(height, dtype=np.float32)[part][:, None]
        top, bottom = of_best([s.top for s in own.strokes]), of_best([s.bottom for s in own.strokes])
        length = of_best([s.length / height for s in own.strokes])
        in_room = np.zeros(shape, np.float32)
        for number, stroke in enumerate(own.strokes):
            in_room[(best == number) & np.isin(room, stroke.rooms(before.room))] = 1
        named = {
            "away": _near(away), "far": np.minimum(away, 4) / 4,
            "lines": np.exp(-own.lines[part] / np.float32(0.3)), "many_lines": np.minimum(own.lines[part], 3) / 3,
            "euclid": np.minimum(own.euclid[part], 1.5),
            "by_length": np.exp(-own.own_euclid[part] / (length + np.float32(0.02))),
            "above": np.maximum(top - rows, 0) / height, "below": np.maximum(rows - bottom, 0) / height,
            "like": own.like[part], "likest": own.likest[part], "like_in_row": own.like_in_row[part],
            "in_room": in_room, "fills": own.fills[part], "length": length,
            "clear": of_best([s.clear / height for s in own.strokes]),
            "vote": seen[..., kind] / 3, "margin": _margin(seen, kind), "heard_margin": _margin(heard, kind),
            "heard": (heard[..., kind] - seen[..., kind]) / 3,
            "misread": np.take_along_axis(seen, misread[best][..., None], axis=2)[..., 0] / 3,
            "same": np.argmax(before.seen[part], axis=2) == read_as[best],
            "other": _near(other), "nearer": np.clip(other - away, -3, 3) / 3,
            "open": before.open[part] / height, "room": np.sqrt(before.size / before.room.size)[room],
        }  # fmt: skip
        return np.stack([np.asarray(named[name], np.float32) for name in NAMES], axis=-1)


def _join(known: _Gathered, new: _Gathered) -> None:
    """Measure another stroke of the same material with those that are known, in place."""
    nearer = new.away < known.away
    known.best[nearer] = len(known.strokes)
    known.strokes += new.strokes
    known.read += new.read
    for name in ("away", "own_euclid", "like"):
        getattr(known, name)[nearer] = getattr(new, name)[nearer]
    for name in ("lines", "euclid"):
        setattr(known, name, np.minimum(getattr(known, name), getattr(new, name)))
    for name in ("likest", "like_in_row", "fills"):
        setattr(known, name, np.maximum(getattr(known, name), getattr(new, name)))


def _near(away: Float32) -> Float32:
    return np.asarray(np.exp(-(np.minimum(away, 4) ** 2)), np.float32)


def _margin(logs: Float32, kind: int) -> Float32:
    """How far a material's vote is above that of every other."""
    return np.asarray((logs[..., kind] - np.delete(logs, kind, axis=2).max(axis=2)) / 3, np.float32)
