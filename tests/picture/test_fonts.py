from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genzu.errors import BadInput
from genzu.picture import fonts as module
from genzu.picture.fonts import STAND_IN, Fonts, missing_in, wrapped


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fonts:
    """A system without any font: only Pillow's own is left."""
    monkeypatch.setattr(module, "font_folders", lambda: (tmp_path,))
    return Fonts.on_system()


def test_pillows_own_font_has_latin_and_says_what_it_lacks(bare: Fonts) -> None:
    assert bare.files == ()
    assert bare.missing("Background Designer: AI (+ Human) 0123") == ""
    assert bare.missing("Sato 山田 and 山本") == "山田本"
    assert missing_in(bare, ["Sato", "山田", "Sato"]) == {"山田": "山田"}


def test_a_missing_letter_is_a_question_mark_never_a_box(bare: Fonts) -> None:
    assert np.array_equal(bare.strip("A山B", 30), bare.strip(f"A{STAND_IN}B", 30))
    box = bare.at(30)[0].getmask("山")
    assert any(box), "this font draws a box: the test would prove nothing otherwise"


def test_no_letter_is_taken_for_a_missing_one(bare: Fonts) -> None:
    assert bare.missing(" \u3000\n\u200b") == ""
    assert bare.missing("\U000e0fff") == "\U000e0fff"


def test_an_accent_may_come_as_two_signs() -> None:
    two, one = Fonts(), Fonts()
    assert two.missing("e\u0301") == one.missing("\u00e9")


def test_the_font_that_was_asked_for_comes_first(tmp_path: Path) -> None:
    (tmp_path / "no.ttf").write_bytes(b"no font")
    with pytest.raises(BadInput, match=r"no font"):
        Fonts.on_system(tmp_path / "no.ttf")
    with pytest.raises(BadInput):
        Fonts.on_system(tmp_path / "absent.ttf")


def test_a_japanese_font_of_the_system_is_found() -> None:
    found = Fonts.on_system()
    if found.missing(module.JAPANESE):
        pytest.skip("this system has no Japanese font in its usual folders")
    assert found.missing("鈴木 一郎 髙橋 Zoë Łukasiewicz 加筆") == ""
    assert found.strip("山田", 40).max() > 200
    assert not np.array_equal(found.strip("山田", 40), found.strip("??", 40))


def test_lines_are_as_wide_as_they_may_be() -> None:
    fonts = Fonts()
    lines = wrapped(fonts, "trained on drawings that this project generates itself, and on nothing else", 24, 300)
    assert " ".join(lines) == "trained on drawings that this project generates itself, and on nothing else"
    assert len(lines) > 2 and all(fonts.width(line, 24) <= 300 for line in lines)
    assert wrapped(fonts, "", 24, 300) == ("",)
    assert wrapped(fonts, "a" * 100, 24, 50) == ("a" * 100,)  # a word is not torn apart
