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
