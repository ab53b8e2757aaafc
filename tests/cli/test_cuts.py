"""``genzu cuts`` and ``genzu place`` as a production assistant types them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Genzu, draw_layout

LIST = """\
カット,尺,場所,季節,時間,原図,兼用,備考
001,3+12,港町,秋,夕方,,,
002,2+00,ハルの家,秋,夜,,,=1+1
003,4+00,港町,秋,夕方,,001,
"""


@pytest.fixture
def home(tmp_path: Path, genzu: Genzu) -> Path:
    (tmp_path / "lo").mkdir()
    for number in ("001", "002"):
        draw_layout().save(tmp_path / "lo" / f"{number}.png")
    draw_layout().save(tmp_path / "board.png")
    (tmp_path / "list.csv").write_bytes(LIST.encode("cp932"))
    assert genzu("init", tmp_path / "show").code == 0
    return tmp_path


def test_a_list_comes_in_and_goes_out(genzu: Genzu, home: Path) -> None:
    words = ("cuts", "import", home / "list.csv", "--layouts", home / "lo", "--show", home / "show")
    dry = genzu(*words, "--new-places", "--dry-run")
    assert dry.code == 0
    assert "3 would be added" in dry.out
    assert json.loads(genzu("cuts", "list", "-s", home / "show", "--json").out)["cuts"] == []
    done = genzu(*words, "--new-places")
    assert done.code == 0, done.err
    assert "3 cuts; 3 added, 0 changed, 0 as they are" in done.out
    assert "New places: 港町, ハルの家" in done.out
    listed = genzu("cuts", "list", "-s", home / "show")
    assert "3 cuts, 9+12 at 24 frames a second" in listed.out
    assert "00:00:05:12" in listed.out
    out = genzu("cuts", "export", home / "out.csv", "--headings", "ja", "-s", home / "show")
    assert out.code == 0
    assert "warning" in out.out
    again = genzu("cuts", "import", home / "out.csv", "-s", home / "show", "--json")
    found = json.loads(again.out)
    assert (found["added"], found["changed"], found["unchanged"]) == ([], [], ["001", "002", "003"])


def test_findings_are_a_table_with_row_and_column_and_nothing_is_imported(genzu: Genzu, home: Path) -> None:
    words = ("cuts", "import", home / "list.csv", "--layouts", home / "lo", "--show", home / "show")
    ran = genzu(*words)
    assert ran.code == 2
    assert "row 3, column C 場所" in ran.out
    assert "--new-places" in ran.out
    assert "1 error in this list, so nothing was imported" in ran.err
    assert ran.err.count("\n") == 1
    told = json.loads(genzu(*words, "--json").out)
    assert told["entered"] is False
    assert told["findings"] == [
        {
            "severity": "error", "row": 3, "column": "C 場所",
            "sentence": "the place 'ハルの家' is not known; add it with 'genzu place add', or import with "
            "--new-places.",
        }
    ]  # fmt: skip
    assert json.loads(genzu("cuts", "list", "-s", home / "show", "--json").out)["cuts"] == []


def test_what_the_second_import_changes_is_said(genzu: Genzu, home: Path) -> None:
    words = ("cuts", "import", home / "list.csv", "--layouts", home / "lo", "--show", home / "show", "--new-places")
    assert genzu(*words).code == 0
    changed = LIST.replace("002,2+00", "002,3+00").replace("003,4+00,港町,秋,夕方,,001,\n", "")
    (home / "list.csv").write_text(changed, encoding="utf-8")
    ran = genzu(*words)
    assert ran.code == 0
    assert "cut 002: frames 48 → 72" in ran.out
    assert "0 added, 1 changed, 1 as they are" in ran.out
    assert "nothing is deleted): 003" in ran.out


def test_a_new_order_for_a_cut_keeps_what_the_list_said(genzu: Genzu, home: Path) -> None:
    show = home / "show"
    words = ("cuts", "import", home / "list.csv", "--layouts", home / "lo", "--show", show, "--new-places")
    assert genzu(*words).code == 0
    assert genzu("add", home / "lo" / "002.png", "-c", "001", "-p", "snow", "--replace", "-s", show).code == 0
    first = json.loads(genzu("cuts", "list", "-s", show, "--json").out)["cuts"][0]
    assert (first["prompt"], first["layout"]) == ("snow", "002.png")
    assert (first["frames"], first["place"], first["time"]) == (84, "港町", "夕方")


def test_places_are_added_changed_and_listed(genzu: Genzu, home: Path) -> None:
    show = home / "show"
    board = home / "board.png"
    added = genzu(
        "place", "add", "ハルの家", "--board", board, "--words", "village, autumn", "-s", show, "--board-by", "田中"
    )
    assert (added.code, added.out) == (0, "ハルの家: added; 0 cuts name it\n")
    changed = genzu(
        "place", "add", "ハルの家", "--light", "from the left", "--palette", "#F4E2C0、#8090a0", "--board", board,
        "--board", f"夜={board}", "-s", show,
    )  # fmt: skip
    assert changed.code == 0
    (place,) = json.loads(genzu("place", "list", "-s", show, "--json").out)["places"]
    assert (place["words"], place["light"]) == ("village, autumn", "from the left")
    assert place["palette"] == ["#f4e2c0", "#8090a0"]
    assert [one.get("words") for one in place["boards"]] == [None, "夜"]
    assert genzu("cuts", "import", home / "list.csv", "--layouts", home / "lo", "-s", show).code == 0
    assert (
        "ハルの家: 1 cuts; words village, autumn; board board.png, 夜: board.png"
        in genzu("place", "list", "-s", show).out
    )
    assert "田中" in genzu("credits", "-s", show).out


@pytest.mark.parametrize(
    "words",
    [
        "cuts import nowhere.csv", "cuts import list.csv --fps 0", "cuts import empty.csv",
        "cuts import list.csv --template {colour}", "cuts import list.csv --layouts nowhere", "cuts import board.png",
        "cuts export list.pdf", "cuts export out.csv --headings fr", "place add x --board list.csv",
        "place add x --palette red", "place add ''", "cuts import nul.csv", "cuts import binary.otio",
        "cuts import binary.edl", "cuts import binary.xdts", "cuts import hollow",
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_leaves_the_show_as_it_was(
    genzu: Genzu, home: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    Path("empty.csv").write_bytes(b"")
    Path("nul.csv").write_bytes(b"cut,place\n1,\0\n")
    Path("hollow").mkdir()
    for kind in ("otio", "edl", "xdts"):
        Path(f"binary.{kind}").write_bytes(bytes(range(256)) * 9)
    ran = genzu(*shlex.split(words), "-s", home / "show")
    assert ran.code == 2, ran.out
    assert ran.err.startswith("genzu: ")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
    assert json.loads(genzu("cuts", "list", "-s", home / "show", "--json").out)["cuts"] == []
