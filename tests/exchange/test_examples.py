"""The example lists of the documentation are read without a finding, and say the same in both languages."""

from __future__ import annotations

from pathlib import Path

from genzu.core.cutlist_check import check
from genzu.core.timing import FILM
from genzu.exchange.cutlist_columns import HEADINGS
from genzu.exchange.cutlist_csv import read_cutlist_csv

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_examples_are_sound_and_say_the_same() -> None:
    found = [read_cutlist_csv(DOCS / "examples" / name, FILM) for name in ("cut-list.csv", "cut-list.ja.csv")]
    for one in found:
        assert one.findings == ()
        assert check(one.cutlist) == ()
    english, japanese = (one.cutlist.entries for one in found)
    for name in ("number", "frames", "layout", "uses", "books", "camera", "camera_words", "dissolve"):
        assert [getattr(one, name) for one in english] == [getattr(one, name) for one in japanese]


def test_the_page_names_every_heading() -> None:
    page = (DOCS / "cut-lists.md").read_text(encoding="utf-8").casefold()
    for words in HEADINGS.values():
        for word in words:
            assert word.casefold() in page, word
