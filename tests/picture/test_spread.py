from __future__ import annotations

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.spread import NO_MARK, spread, ways_of

SHAPE = (120, 200)


def votes(read_as: UInt8, certainty: float = 0.8) -> Float32:
    flat = np.full((*SHAPE, 17), (1 - certainty) / 17, np.float32)
    return flat + certainty * np.eye(17, dtype=np.float32)[read_as]


def after(marks: UInt8, *, seen: Float32, room: np.ndarray | None = None, ink: UInt8 | None = None) -> UInt8:
    mixed = seen.copy()
    one = np.ones(SHAPE, np.int32) if room is None else room.astype(np.int32)
    ways = ways_of(marks, seen, one, np.zeros(SHAPE, np.uint8) if ink is None else ink)
    spread(mixed, ways, seen, one)
    assert np.allclose(mixed.sum(axis=2), 1, atol=1e-3)
    return np.argmax(mixed, axis=2).astype(np.uint8)


def marked(rows: slice, columns: slice, kind: Material) -> UInt8:
    marks = np.full(SHAPE, NO_MARK, np.uint8)
    marks[rows, columns] = kind
    return marks


def test_a_long_stroke_fills_its_room() -> None:
    seen = votes(np.full(SHAPE, Material.GRASS, np.uint8))
    assert (after(marked(slice(50, 54), slice(60, 150), Material.SOIL), seen=seen) == Material.SOIL).all()


def test_a_short_stroke_in_a_wide_room_says_less_than_a_long_one() -> None:
    ink = np.zeros(SHAPE, np.uint8)
    ink[::20, ::20] = 255  # tufts: nothing is far from ink
    seen = votes(np.full(SHAPE, Material.WATER, np.uint8), 0.55)
    won = [
        (after(marked(slice(50, 53), slice(90, 90 + long), Material.ROCK), seen=seen, ink=ink) == Material.ROCK).mean()
        for long in (4, 20, 40)
    ]
    assert 0.005 < won[0] < won[1] < won[2] < 0.7, won


def test_a_stroke_stops_at_a_line() -> None:
    ink = np.zeros(SHAPE, np.uint8)
    ink[:, 100:102] = 220
    room = np.where(np.arange(200) < 101, 1, 2)[None].repeat(120, 0)
    seen = votes(np.full(SHAPE, Material.GRASS, np.uint8))
    found = after(marked(slice(50, 54), slice(20, 80), Material.SOIL), seen=seen, room=room, ink=ink)
    assert (found[:, :99] == Material.SOIL).all()
    assert (found[:, 103:] == Material.GRASS).all()


def test_where_two_things_leak_into_one_room_the_sure_one_stays() -> None:
    read_as = np.full(SHAPE, Material.WATER, np.uint8)
    read_as[:60] = Material.FOLIAGE
    found = after(marked(slice(10, 14), slice(60, 90), Material.ROCK), seen=votes(read_as))
    assert (found[10:14, 60:90] == Material.ROCK).all()
    assert (found[70:] == Material.WATER).all()


def test_a_stroke_on_a_pole_does_not_flood_the_ground() -> None:
    ink = np.zeros(SHAPE, np.uint8)
    ink[10:110, 100], ink[10:110, 104] = 150, 150
    seen = votes(np.full(SHAPE, Material.ROAD, np.uint8), 0.7)
    found = after(marked(slice(50, 60), slice(101, 104), Material.METAL), seen=seen, ink=ink)
    assert (found[35:80, 102] == Material.METAL).all()
    assert (found[:, :90] == Material.ROAD).all()
    assert (found[:, 115:] == Material.ROAD).all()


@pytest.mark.parametrize("certainty", [0.2, 0.9])
def test_two_strokes_share_a_room(certainty: float) -> None:
    marks = marked(slice(10, 14), slice(20, 180), Material.SKY)
    marks[106:110, 20:180] = Material.SOIL
    found = after(marks, seen=votes(np.full(SHAPE, Material.WALL, np.uint8), certainty))
    assert (found[:50] == Material.SKY).all()
    assert (found[70:] == Material.SOIL).all()


def test_a_stroke_does_not_leave_a_room_through_a_gap_in_its_outline() -> None:
    ink = np.zeros(SHAPE, np.uint8)
    ink[[20, 80], 40:160], ink[20:81, [40, 159]] = 230, 230
    ink[80, 96:104] = 0
    seen = votes(np.full(SHAPE, Material.GRASS, np.uint8), 0.6)
    found = after(marked(slice(48, 52), slice(60, 140), Material.WATER), seen=seen, ink=ink)
    assert (found[24:77, 44:156] == Material.WATER).all()
    assert (found[86:] == Material.GRASS).all()
