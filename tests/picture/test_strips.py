"""Strips: a pole is found whole over crossing lines and gaps, and speaks with one voice."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.picture.strips import as_one, cut_out, find_strips

SIZE = (960, 600)
POLE = (400, 416, 60, 540)
"""Left and right side, top and foot, in px."""


def drawing(*, crossed: bool = True, broken: bool = False, lean: int = 0) -> NDArray[np.uint8]:
    """A pole of two lines with an open foot, wires before it and the edge of a road behind it."""
    image = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(image)
    left, right, top, foot = POLE
    for side in (left, right):
        pen.line((side + lean, top, side, foot), fill=255, width=2)
    pen.line((left + lean, top, right + lean, top), fill=255, width=2)
    if crossed:
        for row in (120, 135, 300):
            pen.line((0, row, 959, row + 20), fill=255, width=2)
    if broken:
        pen.rectangle((left - 3, 400, left + 3, 411), fill=0)
    return np.asarray(image, np.uint8)


def votes_of(*rows: tuple[slice, slice, Material]) -> NDArray[np.float32]:
    votes = np.full((300, 480, len(Material)), 0.02, np.float32)
    for y, x, material in rows:
        votes[y, x] = 0.02
        votes[y, x, material] = 0.68
    return votes


@pytest.mark.parametrize("kind", [{}, {"broken": True}, {"lean": 60}, {"crossed": False}])
def test_a_pole_is_one_strip_from_top_to_foot(kind: dict[str, bool]) -> None:
    strips = find_strips(drawing(**kind))  # type: ignore[arg-type]
    middle = [strips[row, 408 + round(kind.get("lean", 0) * (540 - row) / 480)] for row in range(70, 535)]
    assert len(set(middle) - {0}) == 1
    assert np.mean(np.array(middle) > 0) > 0.95
    assert strips[:, 450 + kind.get("lean", 0) :].max() == 0


def test_an_empty_sheet_and_a_single_line_have_none() -> None:
    assert find_strips(np.zeros((180, 320), np.uint8)).max() == 0
    line = np.zeros((180, 320), np.uint8)
    line[90:92, 40:200] = 255
    assert find_strips(line).max() == 0


def test_what_is_wide_or_round_is_no_strip() -> None:
    image = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(image)
    pen.rectangle((100, 100, 260, 500), outline=255, width=2)
    pen.ellipse((400, 200, 440, 250), outline=255, width=2)
    assert find_strips(np.asarray(image, np.uint8)).max() == 0


def test_a_strip_becomes_a_room_though_its_foot_is_open() -> None:
    strips = find_strips(drawing(crossed=False))
    rooms = cut_out(np.ones(strips.shape, np.int32), strips)
    assert rooms.max() == 2
    assert rooms[500, 408] != rooms[500, 500] == rooms[580, 408]


def test_a_pole_read_as_what_lies_behind_it_is_read_as_one_thing() -> None:
    whole = slice(None)
    votes = votes_of((slice(0, 150), whole, Material.SKY), (slice(150, 300), whole, Material.ROAD))
    pole = np.s_[30:270, 200:208]
    votes[pole][..., Material.METAL] += 0.25
    found = np.argmax(as_one(votes, find_strips(drawing())), axis=2)
    assert (found[35:265, 202:206] == Material.METAL).mean() > 0.98
    assert (found[35:265, 220:] != Material.METAL).all()


def test_a_gap_between_walls_stays_sky() -> None:
    whole = slice(None)
    votes = votes_of((whole, whole, Material.WALL), (whole, slice(200, 208), Material.SKY))
    found = np.argmax(as_one(votes, find_strips(drawing(crossed=False))), axis=2)
    assert (found[35:265, 202:206] == Material.SKY).all()


def test_votes_still_sum_to_one_and_the_given_ones_are_left_alone() -> None:
    votes = votes_of((slice(None), slice(None), Material.SKY))
    votes /= votes.sum(axis=2, keepdims=True)
    kept = votes.copy()
    found = as_one(votes, find_strips(drawing()))
    assert np.array_equal(votes, kept)
    assert np.allclose(found.sum(axis=2), 1, atol=1e-5)
