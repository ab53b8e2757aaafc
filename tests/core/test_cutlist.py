from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from tests.cutlists import TEXT, cutlists, entries

from genzu.core.cutlist import MOST_ENTRIES, CutList, CutListEntry, tidy, tidy_names
from genzu.errors import BadInput, BadRecord


@given(entries())
def test_an_entry_comes_back_from_its_json(entry: CutListEntry) -> None:
    record = json.loads(json.dumps(entry.to_dict()))
    assert CutListEntry.from_dict(record) == entry
    assert all(value is not None and value != "" for value in record.values())


@given(cutlists())
@settings(max_examples=40)
def test_times_can_be_written_out_and_taken_away(cutlist: CutList) -> None:
    assert cutlist.with_times().without_times() == cutlist.without_times() == cutlist
    assert cutlist.with_times().starts() == cutlist.starts()
    starts = cutlist.starts()
    assert all(a <= b for a, b in pairwise(starts))
    assert cutlist.frames >= sum(entry.frames or 0 for entry in cutlist.entries)


@given(TEXT)
def test_tidy_text_stays(text: str) -> None:
    assert tidy(text) == text


def test_names_in_one_cell() -> None:
    assert tidy_names("BOOK1、BOOK2,BOOK1\nBOOK3") == ("BOOK1", "BOOK2", "BOOK3")
    assert tidy_names("2", prefix="BOOK") == ("BOOK1", "BOOK2")
    assert tidy_names("2,", prefix="BOOK") == ("2",)
    assert tidy_names(" , ") == ()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"number": "a b"}, "number"), ({"number": None}, "number"), ({"uses": "../x"}, "uses"),
        ({"frames": "84"}, "frames"), ({"frames": 10**12}, "frames"), ({"books": ["a,b"]}, "books"),
        ({"books": [1]}, "books[0]"), ({"note": "\u0007"}, "note"), ({"camera": {"start": 1}}, "camera.start"),
        ({"dissolve": {"frames": 0}}, "dissolve"), ({"place": "\ud800"}, "place"), ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change: dict[str, object], where: str) -> None:
    with pytest.raises(BadRecord) as caught:
        CutListEntry.from_dict({"number": "012", **change}, "clips[3]")
    assert caught.value.where == f"clips[3].{where}"


def test_a_list_without_end_is_none() -> None:
    with pytest.raises(BadInput, match="no cut list"):
        CutList(entries=(CutListEntry(number="1"),) * (MOST_ENTRIES + 1))
