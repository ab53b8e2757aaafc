from __future__ import annotations

import numpy as np
import pytest

from genzu.errors import WrongSize
from genzu.picture.beside import LOUDEST, heat, panels_for, sheet_of, strips
from genzu.picture.compare import compare, distances
from genzu.picture.fonts import Fonts
from genzu.picture.rows import Cell, Row, sheet_of_rows


def plain(tone: int, height: int = 90, width: int = 160) -> np.ndarray:
    return np.full((height, width, 3), tone, np.uint8)


def test_distances_are_those_that_compare_counts() -> None:
    one, two = plain(100), plain(100)
    two[:30, :40] = (180, 90, 60)
    apart = distances(one, two)
    assert apart[50:].max() == 0
    assert apart[:30, :40].min() == pytest.approx(compare(one, two).max_delta, rel=1e-4)
    deep = (two.astype(np.uint16) << 8) | two
    assert distances(two, deep).max() < 1e-3
    with pytest.raises(WrongSize):
        distances(one, plain(1, 80))


def test_a_change_of_alpha_is_a_distance() -> None:
    seen = np.dstack([plain(255), np.full((90, 160), 255, np.uint8)])
    gone = seen.copy()
    gone[:10, :, 3] = 0
    assert distances(seen, gone)[:10].min() == 1
    assert distances(seen, gone)[10:].max() == 0


def test_louder_differences_are_lighter() -> None:
    tones = heat(np.linspace(0, LOUDEST * 2, 50, dtype=np.float32)[None]).astype(int).sum(axis=2)[0]
    assert (np.diff(tones) >= 0).all()
    assert tones[0] < 120
    assert tones[-1] > 500


def test_strips_show_both_in_turn() -> None:
    mixed = strips(plain(10), plain(200), 4)
    assert [int(mixed[0, x, 0]) for x in (5, 50, 90, 130)] == [10, 200, 10, 200]


def test_the_sheet_has_four_panels_and_the_words_below() -> None:
    one, two = plain(60, 180, 320), plain(200, 180, 320)
    panels = panels_for(one, two, distances(one, two), ("first", "second"))
    assert len(panels) == 4
    short = sheet_of(panels, ["a line"], Fonts())
    long = sheet_of(panels, ["a line", "word " * 200], Fonts())
    assert short.shape[1] == long.shape[1] > 640
    assert long.shape[0] > short.shape[0] + 60
    assert (long[-40:] > 150).any()


def test_rows_hold_every_picture_and_mark_the_chosen_one() -> None:
    cells = tuple(Cell(picture=plain(10 * k, 45, 80), words=str(k), marked=k == 2) for k in range(1, 6))
    page = sheet_of_rows(
        [Row(words="001 BG", cells=cells), Row(words="002 BG", cells=cells[:1])], Fonts(), cell=80, most=3
    )
    for k in range(1, 6):
        found = np.count_nonzero((page == 10 * k).all(axis=2))
        assert found >= (80 * 45) * (2 if k == 1 else 1) * 0.99
    assert np.count_nonzero((page == (255, 196, 60)).all(axis=2)) > 2 * 80
    assert sheet_of_rows([], Fonts(), cell=80).ndim == 3
