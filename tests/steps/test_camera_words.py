from __future__ import annotations

import pytest

from genzu.core.camera import CameraPath, Framing
from genzu.core.geometry import Extent
from genzu.steps.camera_words import pulls_in, spoken_move

FILM, WIDE, TALL = Extent(1920, 1080), Extent(5760, 1080), Extent(1920, 2160)


@pytest.mark.parametrize(
    ("words", "sheet", "start", "end"),
    [
        ("PAN", WIDE, (0, 0, 1), (2, 0, 1)), ("pan R→L", WIDE, (2, 0, 1), (0, 0, 1)),
        ("PAN 左", WIDE, (2, 0, 1), (0, 0, 1)),
        ("PAN UP", TALL, (0, 1, 1), (0, 0, 1)), ("ＰＡＮ ＤＯＷＮ", TALL, (0, 0, 1), (0, 1, 1)),
        ("T.U", FILM, (0, 0, 1), (0.1, 0.1, 0.8)), ("T.B", FILM, (0.1, 0.1, 0.8), (0, 0, 1)),
        ("トラックアップ", FILM, (0, 0, 1), (0.1, 0.1, 0.8)), ("フォロー", WIDE, (0, 0, 1), (2, 0, 1)),
    ],
)  # fmt: skip
def test_words_become_the_usual_move_and_that_is_said(
    words: str, sheet: Extent, start: tuple[float, ...], end: tuple[float, ...]
) -> None:
    spoken = spoken_move(words, sheet, FILM)
    assert spoken.path == CameraPath(start=Framing(*start), end=Framing(*end))
    assert words in spoken.remark


@pytest.mark.parametrize("words", ["", "FIX", "フィックス"])
def test_nothing_moves_and_nothing_is_said(words: str) -> None:
    spoken = spoken_move(words, FILM, FILM)
    assert spoken.path is None and not spoken.remark


def test_what_is_not_known_is_said() -> None:
    assert "no move that is known" in spoken_move("handheld", FILM, FILM).remark
    assert "needs a sheet larger" in spoken_move("PAN", FILM, FILM).remark
    assert "3.0 × 1.0 frames" in spoken_move("", WIDE, FILM).remark


def test_speeds_of_books() -> None:
    assert pulls_in("BOOK1 ×1.5; book 2 2倍\nplease hurry") == {"BOOK1": 1.5, "BOOK2": 2.0}
    assert pulls_in("ＢＯＯＫ１　ｘ０．５") == {"BOOK1": 0.5}
    own = pulls_in("BOOK1: 0,0 > 1.5,0 ease")["BOOK1"]
    assert own == CameraPath.parse("0,0 > 1.5,0 ease")
    assert pulls_in("BOOK1 is too dark > repaint; see page 3") == {}
    assert pulls_in("") == {}
