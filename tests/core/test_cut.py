from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cutlists import CAMERAS, DISSOLVES, LINE, NUMBERS, TEXT

from genzu.core.cut import Cut, FileRef
from genzu.core.geometry import Extent
from genzu.errors import BadRecord

REF = st.builds(
    FileRef, sha=st.text("0123456789abcdef", min_size=64, max_size=64), name=st.text(min_size=1, max_size=9)
)
CUTS = st.builds(
    Cut,
    number=st.from_regex(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}", fullmatch=True),
    layout=REF,
    prompt=st.text(max_size=20),
    seed=st.integers(0, 2**63 - 1),
    engine=st.sampled_from(["embedded", "fake"]),
    size=st.none() | st.builds(Extent, st.integers(1, 30_000), st.integers(1, 30_000)),
    materials=st.none() | REF,
    marks=st.none() | REF,
    board=st.none() | REF,
    frames=st.none() | st.integers(1, 10_000),
    place=TEXT,
    season=TEXT,
    time=TEXT,
    weather=TEXT,
    uses=st.just("") | NUMBERS,
    books=st.lists(LINE.filter(bool), max_size=2).map(tuple),
    cels=st.lists(LINE.filter(bool), max_size=2).map(tuple),
    camera=st.none() | CAMERAS,
    camera_words=TEXT,
    dissolve=st.none() | DISSOLVES,
    note=TEXT,
    order=st.none() | st.integers(1, 500),
    record_in=st.none() | st.integers(0, 10**6),
)
LAYOUT = FileRef(sha="a" * 64, name="c012.png")
ONE = Cut(number="012", layout=LAYOUT)


@given(CUTS)
def test_a_cut_comes_back_from_its_json(cut: Cut) -> None:
    assert Cut.from_dict(json.loads(json.dumps(cut.to_dict()))) == cut
    assert None not in cut.to_dict().values()


@pytest.mark.parametrize("number", ["", "-1", ".", "..", "a/b", "a\\b", "a b", "カット", "12\n", "x" * 33, "12_a"])
def test_numbers_that_would_break_a_file_name_are_refused(number: str) -> None:
    with pytest.raises(BadRecord, match=r"cut\.number"):
        replace(ONE, number=number)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_does_not_fit_is_refused_with_the_cut(seed: int) -> None:
    with pytest.raises(BadRecord, match=r"cut\.seed"):
        replace(ONE, seed=seed)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"number": "a b"}, "number"),
        ({"number": None}, "number"),
        ({"layout": None}, "layout"),
        ({"layout": {"sha": "x"}}, "layout.name"),
        ({"layout": {"sha": "x", "name": "y", "size": 3}}, "layout.size"),
        ({"board": {"name": "y"}}, "board.sha"),
        ({"seed": "7"}, "seed"),
        ({"seed": -7}, "seed"),
        ({"width": 100}, "height"),
        ({"height": 100}, "width"),
        ({"width": 0, "height": 0}, "width"),
        ({"prompt": "\udce9"}, "prompt"),
        ({"fps": 24}, "fps"),
        ({"frames": 0}, "frames"),
        ({"order": 0}, "order"),
        ({"record_in": -1}, "record_in"),
        ({"uses": "a/b"}, "uses"),
        ({"note": " x"}, "note"),
        ({"place": "\u0007"}, "place"),
        ({"books": [""]}, "books[0]"),
        ({"camera": {"start": {"x": 0, "y": 0}}}, "camera.end"),
        ({"dissolve": {"frames": 0}}, "dissolve"),
    ],
)
@pytest.mark.parametrize("path", ["cut", "show.cuts[12]"])
def test_what_is_wrong_is_named_by_its_path(change: dict[str, object], where: str, path: str) -> None:
    with pytest.raises(BadRecord) as caught:
        Cut.from_dict({**ONE.to_dict(), **change}, path)
    assert caught.value.where == f"{path}.{where}"


def test_what_is_absent_is_what_a_new_cut_has() -> None:
    assert Cut.from_dict({"number": "012", "layout": LAYOUT.to_dict()}) == ONE


def test_a_ledger_from_before_there_were_lists_stays_byte_for_byte() -> None:
    record = {"number": "012", "layout": LAYOUT.to_dict(), "prompt": "港町", "seed": 7, "engine": "embedded"}
    assert Cut.from_dict(record).to_dict() == record
