from __future__ import annotations

import numpy as np

from genzu.core.geometry import Extent
from genzu.picture.fonts import Fonts
from genzu.picture.titles import Slate, card, with_slate


def test_a_slate_darkens_only_a_band_and_writes_into_it() -> None:
    picture = np.full((360, 640, 3), 240, np.uint8)
    result = with_slate(picture, Slate(left="CUT 012  BG painting 2", right="34/96  00:00:01:10"), Fonts())
    changed = np.flatnonzero((result != picture).any(axis=(1, 2)))
    assert changed[0] > 330 and changed[-1] == 359
    assert result[345:, :320].max() > 200 and result[345:, 320:].max() > 200 and result[359, 0].max() < 100
    assert (picture == 240).all()


def test_a_long_slate_leaves_the_time_readable() -> None:
    fonts, picture = Fonts(), np.zeros((360, 640, 3), np.uint8)
    short = with_slate(picture, Slate(left="", right="34/96  00:00:01:10"), fonts)
    long = with_slate(picture, Slate(left="X" * 400, right="34/96  00:00:01:10"), fonts)
    right = 8 + fonts.width("34/96  00:00:01:10", 8)
    assert right > 60 and np.array_equal(short[:, -right:], long[:, -right:])
    assert not np.array_equal(short, long)


def test_a_card() -> None:
    for extent in (Extent(640, 360), Extent(32, 32)):
        picture = card(extent, ("CUT 012", "no picture", "w" * 200), Fonts())
        assert picture.shape == (*extent.shape, 3)
    assert card(Extent(640, 360), ("CUT 012",), Fonts()).max() > 200
