"""What is learned about marks: the evidence is measured per stroke, laid out band by band, and weighed."""

from __future__ import annotations

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.evidence import NAMES, Evidence, Unmarked
from genzu.picture.hearing import Weights, weigh, weights
from genzu.picture.spread import NO_MARK, ways_of

SHAPE = (60, 90)
HALF = 30


def _before(certainty: float = 0.6) -> Unmarked:
    """Grass above, soil below, each a room of its own, with a line between them."""
    read_as = np.full(SHAPE, Material.GRASS, np.uint8)
    read_as[HALF:] = Material.SOIL
    seen = ((1 - certainty) / 17 + certainty * np.eye(17, dtype=np.float32)[read_as]).astype(np.float32)
    room = np.ones(SHAPE, np.int32)
    room[HALF:] = 2
    ink = np.zeros(SHAPE, np.uint8)
    ink[HALF] = 230
    looks = np.stack([seen[0, 0], seen[0, 0], seen[-1, 0]])
    return Unmarked(seen=seen, looks=looks, room=room, ink=ink)


def _marks(*strokes: tuple[slice, slice, Material]) -> UInt8:
    marks = np.full(SHAPE, NO_MARK, np.uint8)
    for rows, columns, kind in strokes:
        marks[rows, columns] = kind
    return marks


def _evidence(before: Unmarked, marks: UInt8) -> Evidence:
    ways = ways_of(marks, before.seen, before.room, before.ink)
    return Evidence(before, ways, before.seen)


def _plane(found: Float32, name: str) -> Float32:
    return found[..., NAMES.index(name)]


ABOVE = (slice(14, 16), slice(20, 70), Material.WATER)
BELOW = (slice(44, 46), slice(30, 60), Material.WATER)
SKY = (slice(2, 4), slice(5, 25), Material.SKY)


def test_evidence_is_strong_at_the_stroke_and_weak_behind_a_line() -> None:
    found = _evidence(_before(), _marks(ABOVE)).rows(slice(0, 60), Material.WATER)
    assert (_plane(found, "away")[14:16, 20:70] == 1).all()
    assert _plane(found, "away")[25, 45] > 0.5 > _plane(found, "away")[50, 45]
    assert (_plane(found, "in_room")[:HALF] == 1).all()
    assert not _plane(found, "in_room")[HALF:].any()
    assert _plane(found, "likest")[25, 45] > _plane(found, "likest")[50, 45]
    assert _plane(found, "same")[:HALF].all()


def test_bands_of_rows_are_what_the_whole_is() -> None:
    evidence = _evidence(_before(), _marks(ABOVE, BELOW, SKY))
    assert evidence.kinds == (Material.SKY, Material.WATER)
    whole = evidence.rows(slice(0, 60), Material.WATER)
    parts = [evidence.rows(slice(top, top + 7), Material.WATER) for top in range(0, 60, 7)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_two_strokes_of_one_material_are_each_nearest_where_they_are() -> None:
    both = _evidence(_before(), _marks(ABOVE, BELOW)).rows(slice(0, 60), Material.WATER)
    alone = [_evidence(_before(), _marks(stroke)).rows(slice(0, 60), Material.WATER) for stroke in (ABOVE, BELOW)]
    for name in ("away", "euclid", "likest", "lines"):
        one, other, joined = (_plane(found, name) for found in (*alone, both))
        nearest = np.minimum(one, other) if name == "euclid" else np.maximum(one, other)
        assert np.allclose(joined, nearest), name


def test_a_stroke_of_another_material_is_known_as_a_rival() -> None:
    found = _evidence(_before(), _marks(ABOVE, SKY)).rows(slice(0, 60), Material.WATER)
    assert _plane(found, "other")[3, 15] == pytest.approx(1)
    assert _plane(found, "nearer")[3, 15] < 0 < _plane(found, "nearer")[15, 45]


def _by(first: Float32) -> Weights:
    return Weights(
        first=first, first_bias=np.zeros(1, np.float32), second=np.ones((1, 1), np.float32),
        second_bias=np.zeros(1, np.float32), last=np.full((1, 1), 8, np.float32), last_bias=np.zeros(1, np.float32),
        votes=1.0, heard=0.0,
    )  # fmt: skip


def test_weights_on_nothing_leave_what_was_read() -> None:
    before = _before()
    mixed = weigh(
        before.seen, before.seen, _evidence(before, _marks(ABOVE)), _by(np.zeros((1, len(NAMES)), np.float32))
    )
    assert np.allclose(mixed.sum(axis=2), 1, atol=1e-4)
    assert (np.argmax(mixed, axis=2) == np.argmax(before.seen, axis=2)).all()


def test_evidence_that_weighs_much_turns_the_reading() -> None:
    before, first = _before(), np.zeros((1, len(NAMES)), np.float32)
    first[0, NAMES.index("in_room")] = 1
    decided = np.argmax(weigh(before.seen, before.seen, _evidence(before, _marks(ABOVE)), _by(first)), axis=2)
    assert (decided[:HALF] == Material.WATER).all()
    assert (decided[HALF:] == Material.SOIL).all()


def test_the_shipped_weights_hear_a_mark_and_leave_what_lies_behind_a_line() -> None:
    before, marked = _before(), _marks(ABOVE)
    heard = before.seen.copy()
    heard[8:22, 10:80] = 0.8 * np.eye(17, dtype=np.float32)[Material.WATER] + 0.2 / 17
    ways = ways_of(marked, before.seen, before.room, before.ink)
    decided = np.argmax(weigh(before.seen, heard, Evidence(before, ways, heard), weights()), axis=2)
    assert weights().first.shape[1] == len(NAMES)
    assert (decided[marked != NO_MARK] == Material.WATER).all()
    assert (decided[HALF + 8 :] == Material.SOIL).all()
