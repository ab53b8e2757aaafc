from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from genzu.core.geometry import Extent
from genzu.picture.arrays import UInt8
from genzu.picture.fonts import Fonts
from genzu.picture.roll import Name, RollText, Section, draw_roll

SMALL = Extent(640, 360)
TEXT = RollText(
    title="Sea",
    sections=(
        Section(role="Touch-up", names=(Name(text="Sato", note="2 cuts"), Name(text="Yamada", note="1 cut"))),
        Section(role="AI", names=(Name(text="embedded 1", note="3 cuts", below=("no trained weights",)),)),
    ),
    closing=("Sea", "Background Designer: AI"),
)


def test_it_rolls_by_whole_pixels_and_evenly() -> None:
    roll = draw_roll(TEXT, SMALL, 24.0, Fonts())
    pictures = [roll.frame(k) for k in range(roll.frames)]
    assert all(picture.shape == SMALL.shape for picture in pictures)
    moving = roll.frames - roll.hold
    for one, other in pairwise(pictures[: moving + 1]):
        assert np.array_equal(one[roll.speed :], other[: -roll.speed])
    assert pictures[0].max() == 0 and roll.hold == 72
    assert all(np.array_equal(picture, pictures[-1]) for picture in pictures[moving:])


def test_a_line_can_be_read_for_some_seconds() -> None:
    for extent, rate in ((SMALL, 24.0), (Extent(1920, 1080), 23.976), (Extent(1920, 1080), 60.0)):
        roll = draw_roll(TEXT, extent, rate, Fonts())
        assert 5 < extent.height / roll.speed / rate < 16


def test_the_last_card_stands_alone_in_the_middle() -> None:
    roll = draw_roll(TEXT, SMALL, 24.0, Fonts())
    rows = np.flatnonzero(roll.frame(roll.frames - 1).max(axis=1))
    assert abs((rows[0] + rows[-1]) / 2 - SMALL.height / 2) < SMALL.height * 0.06
    assert rows[-1] - rows[0] < SMALL.height * 0.35


def test_roles_end_and_names_begin_at_the_gutter() -> None:
    roll = draw_roll(TEXT, SMALL, 24.0, Fonts())
    columns = roll.picture[SMALL.height + 90 : -SMALL.height].max(axis=0) > 0
    gutter = round(SMALL.width * 0.44)
    assert columns[:gutter].any() and columns[gutter:].any()
    assert not columns[gutter - 3 : gutter + 3].any()


def test_every_text_is_drawn() -> None:
    whole = draw_roll(TEXT, SMALL, 24.0, Fonts()).picture
    assert TEXT.texts == (
        "Sea", "Touch-up", "Sato", "2 cuts", "Yamada", "1 cut", "AI", "embedded 1", "3 cuts", "no trained weights",
        "Sea", "Background Designer: AI",
    )  # fmt: skip
    sizes = [(size, tone) for size in (8, 13, 24) for tone in (255, 200, 150)]
    for text in TEXT.texts:
        assert any(stands_on(whole, Fonts().strip(text, size, tone=tone)) for size, tone in sizes), text
    assert not any(stands_on(whole, Fonts().strip("Human", size, tone=tone)) for size, tone in sizes)


def stands_on(page: UInt8, strip: UInt8) -> bool:
    """True if the picture of a text stands somewhere on the page, pixel by pixel."""
    rows, columns = np.flatnonzero(strip.max(axis=1)), np.flatnonzero(strip.max(axis=0))
    ink = strip[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    full = int(np.count_nonzero(ink, axis=1).argmax())
    for y, row in enumerate(page):
        x = row.tobytes().find(ink[full].tobytes())
        if x >= 0 and y >= full and np.array_equal(page[y - full :, x : x + ink.shape[1]][: ink.shape[0]], ink):
            return True
    return False


def test_a_very_long_name_stays_on_the_screen() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff " * 4
    text = RollText(title="T" * 200, sections=(Section(role="Art Director", names=(Name(text=name, note="1 cut"),)),))
    roll = draw_roll(text, SMALL, 24.0, Fonts())
    margin = roll.picture[SMALL.height + 100 :, -4:]
    assert margin.max() == 0


@pytest.mark.parametrize("extent", [Extent(64, 64), Extent(1080, 1920)])
def test_odd_sizes(extent: Extent) -> None:
    roll = draw_roll(TEXT, extent, 24.0, Fonts())
    assert roll.frame(roll.frames - 1).shape == extent.shape
