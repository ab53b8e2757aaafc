from __future__ import annotations

from pathlib import Path

import pytest

from genzu.errors import BadInput
from genzu.steps.own_art.licences import Entry, find_ledger, read_ledger, write_entries


def ledger(folder: Path, text: str, coding: str = "utf-8", name: str = "licences.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(coding))
    return path


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp932"])
def test_it_is_read_as_excel_saves_it_here_and_in_japan(tmp_path: Path, coding: str) -> None:
    path = ledger(tmp_path, "ファイル,権利者,ライセンス,出典\r\n港\\朝.png,背景スタジオ,自社作品,第3話\r\n", coding)
    assert read_ledger(path) == {
        "港/朝.png": Entry(file="港\\朝.png", owner="背景スタジオ", licence="自社作品", source="第3話")
    }


def test_the_form_with_author_and_spdx_is_taken(tmp_path: Path) -> None:
    head = "file,source,path_there,version_or_commit,author,licence_spdx,licence_evidence,kind,tags,note"
    path = ledger(
        tmp_path, f'{head}\na/b.jpg,G,p,1,"Revoy, David",CC-BY-4.0,e,painting,sea dusk,n\n', name="LEDGER.csv"
    )
    assert find_ledger(tmp_path) == path
    (entry,) = read_ledger(path).values()
    assert (entry.owner, entry.licence, entry.source, entry.words) == ("Revoy, David", "CC-BY-4.0", "G", "sea dusk")


@pytest.mark.parametrize(
    "line", ["a.png,,own,", "a.png,Studio,?,", "a.png,Studio,unknown,", "a.png,不明,own,", "a.png"]
)
def test_a_line_that_does_not_say_whose_or_how_is_no_entry(tmp_path: Path, line: str) -> None:
    assert read_ledger(ledger(tmp_path, f"file,owner,licence,source\n{line}\n")) == {}


def test_two_lines_that_differ_are_refused_and_equal_ones_are_not(tmp_path: Path) -> None:
    same = "file,owner,licence\na.png,A,own\na.png,A,own\n"
    assert len(read_ledger(ledger(tmp_path, same))) == 1
    with pytest.raises(BadInput, match=r"line 4.*twice"):
        read_ledger(ledger(tmp_path, same.replace("a.png,A,own\n", "a.png,A,own\n", 1) + "./a.png,B,own\n"))


def test_a_ledger_without_its_columns_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no column owner and no column licence; begin it with"):
        read_ledger(ledger(tmp_path, "file,name\na.png,x\n"))


@pytest.mark.parametrize(
    ("licence", "limited"),
    [("CC-BY-NC-4.0", True), ("cc by-nd", True), ("All rights reserved", True), ("CC-BY-4.0", False),
     ("own work", False),
     ("contract with Mandrake Ltd", False)],
)  # fmt: skip
def test_a_licence_that_names_a_limit_is_told(licence: str, limited: bool) -> None:
    assert Entry(file="a", owner="b", licence=licence).limited is limited


def test_new_entries_leave_older_lines_and_their_columns_as_they_are(tmp_path: Path) -> None:
    path = ledger(tmp_path, "licence,file,note,owner\r\nCC0,a.png,hello,A\r\n")
    write_entries(path, [("港.png", "f" * 64)], owner="背景, Inc.", licence="own", source="S")
    assert (
        path.read_bytes().decode("utf-8-sig")
        == 'licence,file,note,owner\r\nCC0,a.png,hello,A\r\nown,港.png,,"背景, Inc."\r\n'
    )
    fresh = tmp_path / "new.csv"
    write_entries(fresh, [("a.png", "f" * 64)], owner="A", licence="own", source="S")
    assert read_ledger(fresh)["a.png"] == Entry(file="a.png", owner="A", licence="own", source="S", sha="f" * 64)
    with pytest.raises(BadInput, match="owner and a licence"):
        write_entries(fresh, [("b.png", "f" * 64)], owner="A", licence="?", source="")
