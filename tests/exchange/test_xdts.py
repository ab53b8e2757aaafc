from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cutlists import CAMERAS, LINE, NUMBERS

from genzu.core.camera import CameraPath
from genzu.core.cutlist import CutList, CutListEntry
from genzu.core.timing import FILM, FrameRate
from genzu.errors import BadInput
from genzu.exchange.xdts import (
    EMPTY,
    FIRST_LINE,
    SheetField,
    SheetTrack,
    TimeSheet,
    losses_of,
    read_time_sheet,
    read_xdts,
    write_time_sheet,
    write_xdts,
)

VALUES = st.sampled_from(["1", "2a", EMPTY, "SYMBOL_HYPHEN", "SYMBOL_TICK_1"]) | LINE.filter(bool)
TRACKS = st.builds(
    SheetTrack,
    field=st.sampled_from(SheetField),
    name=LINE.filter(bool),
    changes=st.lists(st.tuples(st.integers(0, 500), VALUES), max_size=4).map(tuple),
)
SHEETS = st.builds(
    TimeSheet, frames=st.integers(1, 10_000), name=LINE, cut=st.from_regex(r"[0-9]{1,4}", fullmatch=True),
    scene=st.just("1"),
    tracks=st.lists(TRACKS, max_size=5).map(lambda found: tuple(sorted(found, key=lambda one: one.field))),
)  # fmt: skip

FOREIGN: dict[str, Any] = {
    "header": {"cut": "12", "scene": "3"},
    "timeTables": [
        {
            "duration": 72,
            "name": "タイムライン1",
            "frameRate": 30,
            "timeTableHeaders": [
                {"fieldId": 0, "names": ["BG", "A", "B", "BOOK1"]}, {"fieldId": 3, "names": ["ハル"]},
                {"fieldId": 5, "names": ["CAM1"]},
            ],
            "fields": [
                {"fieldId": 0, "tracks": [
                    {"trackNo": 0, "frames": [{"frame": 0, "data": [{"id": 0, "values": ["1"]}]}]},
                    {"trackNo": 1, "frames": [
                        {"frame": -3, "data": [{"id": 0, "values": ["2"]}]},
                        {"frame": 24, "data": [{"id": 0, "values": [EMPTY]}]},
                    ]},
                    {"trackNo": 2, "frames": [{"frame": 0, "data": [{"id": 0, "values": [EMPTY]}]}]},
                    {"trackNo": 3, "frames": [{"frame": 12, "data": [{"id": 0, "values": ["1"], "options": ["X"]}]}]},
                ]},
                {"fieldId": 3, "tracks": [{"trackNo": 0, "frames": [
                    {"frame": 6, "data": [{"id": 0, "values": ["おーい"]}]},
                    {"frame": 20, "data": [{"id": 0, "values": [EMPTY]}]},
                ]}]},
                {"fieldId": 5, "tracks": [{"trackNo": 0, "frames": [
                    {"frame": -2, "data": [{"id": 0, "values": ["FIX"]}]},
                    {"frame": 24, "data": [{"id": 0, "values": ["PAN"]}]},
                    {"frame": 30, "data": [{"id": 0, "values": ["SYMBOL_HYPHEN"]}]},
                ]}]},
            ],
        }
    ],
    "version": 5,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("xdts")


def saved(folder: Path, record: object, first: str = FIRST_LINE) -> Path:
    path = folder / "c012.xdts"
    path.write_text(f"{first}\n{record if isinstance(record, str) else json.dumps(record)}", encoding="utf-8")
    return path


@given(SHEETS)
@settings(max_examples=60)
def test_a_sheet_comes_back_as_it_was(folder: Path, sheet: TimeSheet) -> None:
    path = folder / "sheet.xdts"
    write_time_sheet(path, sheet)
    assert path.read_text(encoding="utf-8").splitlines()[0] == FIRST_LINE
    assert read_time_sheet(path) == (sheet, ())


@given(NUMBERS, st.integers(1, 5000), st.integers(0, 3), st.none() | CAMERAS, LINE)
@settings(max_examples=60)
def test_what_a_sheet_holds_of_a_cut_comes_back(
    folder: Path, number: str, frames: int, books: int, camera: CameraPath | None, words: str
) -> None:
    names = tuple(f"BOOK{n + 1}" for n in range(books))
    entry = CutListEntry(number=number, frames=frames, books=names, camera=camera, camera_words=words)
    path = folder / "cut.xdts"
    write_xdts(path, entry)
    found = read_xdts(path, FILM)
    assert found.cutlist.entries == (entry,)
    assert found.findings == ()


def test_a_sheet_of_another_program(folder: Path) -> None:
    found = read_xdts(saved(folder, FOREIGN), FILM)
    (entry,) = found.cutlist.entries
    assert (entry.number, entry.frames, entry.books, entry.cels) == ("12", 72, ("BOOK1",), ("A",))
    assert entry.camera_words == "FIX (1–24)\nPAN (25–72)"
    assert entry.held == {"frames", "books", "cels", "camera", "camera_words"}
    said = " ".join(finding.sentence for finding in found.findings)
    assert "1 lines of dialogue" in said
    assert "30 frames a second" in said
    assert all(not finding.is_error for finding in found.findings)


def test_a_sheet_without_a_number_is_named_by_its_file(folder: Path) -> None:
    record = {**FOREIGN, "header": {}}
    found = read_xdts(saved(folder, record), FILM)
    assert found.cutlist.entries[0].number == "c012"
    assert any("by the file's name" in finding.sentence for finding in found.findings)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "five"), (("timeTables",), []), (("timeTables",), {}), (("timeTables", 0, "duration"), 0),
        (("timeTables", 0, "duration"), 10**30), (("timeTables", 0, "duration"), None),
        (("timeTables", 0, "fields", 0, "tracks", 0, "trackNo"), -1),
        (("timeTables", 0, "fields", 0, "tracks", 0, "trackNo"), 10**9),
        (("timeTables", 0, "fields", 0, "tracks", 1, "frames", 0, "frame"), 1.5),
        (("timeTables", 0, "fields", 0, "tracks", 1, "frames", 0, "frame"), 10**30),
        (("timeTables", 0, "fields", 0, "tracks", 1, "frames", 1, "data", 0, "values"), [7]),
        (("timeTables", 0, "timeTableHeaders", 0, "names"), "ABC"), (("header",), []),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(folder: Path, path: tuple[Any, ...], value: object) -> None:
    record = json.loads(json.dumps(FOREIGN))
    at = record
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(BadInput) as caught:
        read_xdts(saved(folder, record), FILM)
    assert "c012.xdts" in caught.value.sentence
    assert str(path[0]) in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", FIRST_LINE), ("{}", FIRST_LINE), ("[" * 100_000, FIRST_LINE), ('{"a":' * 3000, FIRST_LINE),
        ("[]", FIRST_LINE),
        ('{"version": NaN}', FIRST_LINE), ('{"version": ' + "9" * 6000 + "}", FIRST_LINE), ("{}", "something else"),
        ("{}", "toeiDigitalTimeSheet Save Data"), ('{"version": 1e999}', FIRST_LINE), ("\0", FIRST_LINE),
        (json.dumps({"version": 5, "timeTables": "x" * 100_000}), FIRST_LINE),
    ],
)  # fmt: skip
def test_hostile_files_are_one_clear_sentence(folder: Path, text: str, first: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_xdts(saved(folder, text, first), FILM)
    assert len(caught.value.sentence) < 400


@given(
    st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)), st.data()
)
@settings(max_examples=60)
def test_any_damage_is_a_clear_error(folder: Path, value: object, data: st.DataObject) -> None:
    record = json.loads(json.dumps(FOREIGN))
    at: Any = record
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[key], (dict, list)) or not at[key] or data.draw(st.integers(0, 3)) == 0:
            at[key] = value
            break
        at = at[key]
    try:
        read_xdts(saved(folder, record), FILM)
    except BadInput as error:
        assert "c012.xdts" in error.sentence


def test_what_sheets_do_not_hold_is_told() -> None:
    whole = CutListEntry(number="1", frames=24, place="港町", note="x", cels=("A",), books=("雲",))
    film = CutList(entries=(whole, replace(whole, number="2", frames=None)), fps=FrameRate.parse("25"), title="Umi")
    found = {finding.column: finding.sentence for finding in losses_of(film)}
    assert set(found) == {"place", "note", "cels", "books", "frames", ""}
    assert "(1, 2)" in found["place"]
    with pytest.raises(BadInput, match="no length"):
        write_xdts(Path("nowhere.xdts"), film.entries[1])
