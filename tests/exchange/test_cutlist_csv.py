from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cutlists import cutlists

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.core.cutlist import CutList
from genzu.core.findings import errors_of
from genzu.core.timing import FILM, FrameRate
from genzu.core.transition import Dissolve
from genzu.errors import BadInput, NotFound
from genzu.exchange.cutlist_columns import HEADINGS
from genzu.exchange.cutlist_csv import read_cutlist_csv, write_cutlist_csv

JAPANESE = """\
カット,尺,場所,季節,時間,天候,兼用,備考
001,3+12,港町,秋,夕方,晴れ,,"二行の
備考"
００２,２＋００,港町,秋,夕方,晴れ,001と兼用,=1+1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv")


@given(cutlists(), st.booleans())
@settings(max_examples=50)
def test_a_list_comes_back_as_it_was(folder: Path, cutlist: CutList, japanese: bool) -> None:
    path = folder / "list.csv"
    write_cutlist_csv(path, cutlist, japanese=japanese)
    found = read_cutlist_csv(path, cutlist.fps)
    assert found.findings == ()
    start = cutlist.entries[0].record_in or 0
    assert found.cutlist == replace(cutlist, title="", record_start=start)


@given(cutlists(), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp932"]))
@settings(max_examples=50)
def test_every_encoding_and_separator_is_understood(
    folder: Path, cutlist: CutList, delimiter: str, encoding: str
) -> None:
    path = folder / "foreign.csv"
    write_cutlist_csv(path, cutlist, japanese=True)
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    try:
        path.write_bytes(out.getvalue().encode(encoding))
    except UnicodeEncodeError:
        return
    found = read_cutlist_csv(path, cutlist.fps)
    assert found.cutlist.entries == cutlist.entries


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_list_of_a_japanese_spreadsheet(tmp_path: Path, encoding: str, ends: str) -> None:
    path = tmp_path / "カット表.csv"
    path.write_bytes(JAPANESE.replace("\n", ends).encode(encoding))
    found = read_cutlist_csv(path, FILM)
    assert found.findings == ()
    first, second = found.cutlist.entries
    assert (first.number, first.frames, first.place, first.time, first.note) == (
        "001",
        84,
        "港町",
        "夕方",
        "二行の\n備考",
    )
    assert (second.number, second.frames, second.uses, second.note) == ("002", 48, "001", "=1+1")
    assert [entry.spot.row for entry in found.cutlist.entries] == [2, 3]
    assert first.held == {"frames", "place", "season", "time", "weather", "uses", "note"}


def test_what_excel_would_run_is_written_as_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(JAPANESE.encode())
    found = read_cutlist_csv(path, FILM)
    write_cutlist_csv(path, found.cutlist)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")]
    assert read_cutlist_csv(path, FILM).cutlist.entries == found.cutlist.entries


def test_every_heading_names_its_field(tmp_path: Path) -> None:
    for field, words in HEADINGS.items():
        for word in words:
            path = tmp_path / "one.csv"
            text = f"cut,{word}\n1,\n" if field != "number" else f"{word},place\n1,\n"
            path.write_text(text, encoding="utf-8")
            found = read_cutlist_csv(path, FILM)
            assert found.findings == (), word
            assert [entry.number for entry in found.cutlist.entries] == ["1"], word


def test_titles_above_blank_rows_and_strange_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "犬と少年 カット表,,\n\ncut ; x\nCut No.,Colour,SECONDS,コマ\n1,red,2,12\n\n2,blue,,6\n", encoding="utf-8"
    )
    found = read_cutlist_csv(path, FILM)
    assert [(one.number, one.frames, one.spot.row) for one in found.cutlist.entries] == [("1", 60, 5), ("2", 6, 7)]
    (unknown,) = found.findings
    assert (unknown.is_error, unknown.where) == (False, "row 4, column B Colour")


def test_what_cannot_be_read_is_named_with_row_and_column_and_reading_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [
        "cut,length,camera path,transition,record in,uses",
        "1,3+30,,,,",
        "合計,10+00,,,,",
        "2,72,,,,",
        ",1+00,,,,",
        "3,1+00,PAN,,,",
        "4,1+00,,WIPE,,",
        "5,1+00,,,00:99:00:00,",
        "6,1+00,,,,7と兼用,extra",
        "8,1+00,,,,八",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = read_cutlist_csv(path, FILM)
    where = [(finding.severity.value, finding.where) for finding in found.findings]
    assert where == [
        ("error", "row 2, column B length"), ("error", "row 3, column A cut"), ("error", "row 4, column B length"),
        ("error", "row 5, column A cut"), ("error", "row 6, column C camera path"),
        ("warning", "row 7, column D transition"), ("error", "row 8, column E record in"), ("error", "row 9"),
        ("error", "row 10, column F uses"),
    ]  # fmt: skip
    assert [entry.number for entry in found.cutlist.entries] == ["1", "2", "3", "4", "5", "6", "8"]
    assert found.cutlist.entries[3].note == "WIPE"
    assert found.cutlist.entries[5].uses == "7"


def test_lengths_that_contradict_each_other_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("cut,length,frames\n1,3+00,90\n", encoding="utf-8")
    assert errors_of(read_cutlist_csv(path, FILM).findings)
    assert read_cutlist_csv(path, FrameRate.parse("30")).findings == ()


def test_the_camera_column_holds_a_path_or_words(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('カット,カメラ,つなぎ\n1,"0,0 > 2,0 クッション",OL 0+12\n2,T.U,カット\n', encoding="utf-8")
    first, second = read_cutlist_csv(path, FILM).cutlist.entries
    assert first.camera == CameraPath(start=Framing(0, 0), end=Framing(2, 0), easing=Easing.EASE)
    assert first.dissolve == Dissolve(frames=12)
    assert (second.camera, second.camera_words, second.dissolve) == (None, "T.U", None)
    assert first.held == {"camera", "camera_words", "dissolve"}


def test_the_same_column_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("cut,場所,location\n1,a,b\n", encoding="utf-8")
    (finding,) = read_cutlist_csv(path, FILM).findings
    assert (finding.is_error, finding.where) == (True, "row 1, column C location")


def test_excels_own_first_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("sep=;\r\ncut;place\r\n1;a,b\r\n".encode("utf-8-sig"))
    found = read_cutlist_csv(path, FILM)
    assert [(one.number, one.place, one.spot.row) for one in found.cutlist.entries] == [("1", "a,b", 3)]


MIXED = "カット,場所\n1,港町\n".encode() + "2,夕方の駅\n".encode("cp932")
BAD = {
    "empty": b"", "blank": b" \r\n ", "binary": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "nul": b"cut,place\n1,\0\n",
    "long line": b"cut,note\n1," + b"x" * 10_000_000 + b"\n", "commas": b"cut" + b"," * 10_000_000,
    "no headings": b"1,2,3\n4,5,6\n", "other columns": "名前,年齢\n佐藤,20\n".encode(),
    "broken quotes": b'cut,note\n1,"a\n2,b\n',
    "mixed": MIXED, "latin": "cut,place\n1,caf\xe9 \x81\n".encode("latin-1"), "json": b'{"cut": 1}',
    "huge cell": b'cut,note\n1,"' + b"x\n" * 100_000 + b'"\n',
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_cut_list_is_one_clear_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(BAD[name])
    with pytest.raises(BadInput) as caught:
        read_cutlist_csv(path, FILM)
    assert len(caught.value.sentence) < 500
    assert str(path) in caught.value.sentence


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_cutlist_csv(tmp_path / "nowhere.csv", FILM)
    with pytest.raises(BadInput):
        read_cutlist_csv(tmp_path, FILM)


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@settings(max_examples=50)
def test_any_bytes_are_a_list_or_a_clear_error(folder: Path, content: bytes) -> None:
    path = folder / "any.csv"
    path.write_bytes(b"cut,length,note\n" + content)
    try:
        read_cutlist_csv(path, FILM)
    except BadInput as error:
        assert str(path) in error.sentence


def test_what_csv_does_not_hold_is_told(tmp_path: Path) -> None:
    film = CutList(fps=FrameRate.parse("25"), title="Umi", record_start=100)
    said = [finding.sentence for finding in write_cutlist_csv(tmp_path / "a.csv", film)]
    assert len(said) == 3
    assert "--fps 25" in said[0]
