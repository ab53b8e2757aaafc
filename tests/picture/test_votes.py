"""Votes, rooms and marks become materials: what looks like a marked room follows it, but nothing much larger does."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import UInt8
from genzu.picture.spread import NO_MARK
from genzu.picture.votes import decide

SHAPE = (120, 200)
MARKED, ALIKE, MEADOW = np.s_[20:40, 20:60], np.s_[20:40, 80:120], np.s_[60:120, :]


def _decided() -> UInt8:
    """Two paddies and a meadow that a reader takes for grass, nearly water; one paddy is marked as water."""
    room = np.ones(SHAPE, np.int32)
    votes = np.full((*SHAPE, 17), 0.004, np.float32)
    votes[..., Material.SOIL] = 0.94
    ink = np.zeros(SHAPE, np.uint8)
    for number, part in enumerate((MARKED, ALIKE, MEADOW), 2):
        room[part] = number
        votes[part] = 0.006
        votes[part][..., Material.GRASS], votes[part][..., Material.WATER] = 0.5, 0.41
    edge = (np.diff(room, axis=0, prepend=room[:1]) != 0) | (np.diff(room, axis=1, prepend=room[:, :1]) != 0)
    ink[edge] = 230
    marks = np.full(SHAPE, NO_MARK, np.uint8)
    marks[29:31, 24:56] = Material.WATER
    return decide(votes, room, ink, marks)


def test_a_room_like_the_marked_one_follows_it() -> None:
    found = _decided()
    assert (found[MARKED][2:-2, 2:-2] == Material.WATER).all()
    assert (found[ALIKE][2:-2, 2:-2] == Material.WATER).all()


def test_a_paddy_does_not_drown_the_meadow() -> None:
    assert (_decided()[MEADOW][4:] == Material.GRASS).all()


def test_a_room_closed_by_a_line_is_filled_by_one_short_stroke_whatever_was_read_in_it() -> None:
    ink, room = np.zeros(SHAPE, np.uint8), np.ones(SHAPE, np.int32)
    inside = np.s_[30:70, 60:120]
    room[inside] = 2
    ink[29:31, 60:120], ink[69:71, 60:120], ink[30:70, 59:61], ink[30:70, 119:121] = 230, 230, 230, 230
    votes = np.full((*SHAPE, 17), 0.004, np.float32)
    votes[:55, :, Material.SKY], votes[55:, :, Material.GRASS] = 0.936, 0.936
    marks = np.full(SHAPE, NO_MARK, np.uint8)
    marks[50:52, 80:100] = Material.WALL
    heard = votes.copy()
    heard[50:52, 80:100] = 0.9 * np.eye(17, dtype=np.float32)[Material.WALL] + 0.1 / 17
    found = decide(votes, room, ink, marks, heard)
    assert (found[34:66, 64:116] == Material.WALL).mean() > 0.95
    assert (found[:26] == Material.SKY).all()
    assert (found[86:] == Material.GRASS).all()


def test_a_reader_that_does_not_listen_is_as_good_as_none() -> None:
    votes = np.full((*SHAPE, 17), 0.02, np.float32)
    votes[..., Material.GRASS] = 0.68
    room, ink = np.ones(SHAPE, np.int32), np.zeros(SHAPE, np.uint8)
    marks = np.full(SHAPE, NO_MARK, np.uint8)
    marks[60:62, 20:120] = Material.SOIL
    alone = decide(votes, room, ink, marks)
    assert np.array_equal(decide(votes, room, ink, marks, votes.copy()), alone)
    assert (alone == Material.SOIL).mean() > 0.9


def test_a_room_that_only_the_tip_of_a_stroke_enters_is_not_filled() -> None:
    ink, room = np.zeros(SHAPE, np.uint8), np.ones(SHAPE, np.int32)
    crown, trunk = np.s_[20:60, 60:120], np.s_[60:110, 84:96]
    room[crown], room[trunk] = 2, 3
    for part in (crown, trunk):
        y, x = part
        ink[y, x.start - 1 : x.start + 1], ink[y, x.stop - 1 : x.stop + 1] = 230, 230
        ink[y.start - 1 : y.start + 1, x], ink[y.stop - 1 : y.stop + 1, x] = 230, 230
    votes = np.full((*SHAPE, 17), 0.004, np.float32)
    votes[..., Material.SKY] = 0.936
    votes[crown] = 0.004
    votes[crown][..., Material.FOLIAGE], votes[trunk][..., Material.SKY] = 0.9, 0.5
    marks = np.full(SHAPE, NO_MARK, np.uint8)
    marks[55:105, 89:91] = Material.TRUNK
    heard = votes.copy()
    heard[trunk] = 0.9 * np.eye(17, dtype=np.float32)[Material.TRUNK] + 0.1 / 17
    found = decide(votes, room, ink, marks, heard)
    assert (found[64:106, 87:93] == Material.TRUNK).mean() > 0.95
    assert (found[24:50, 64:116] == Material.FOLIAGE).mean() > 0.95
