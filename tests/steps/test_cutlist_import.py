from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from painted_shows import layout_picture

from genzu.core.cut import Cut
from genzu.core.cutlist import CutListEntry
from genzu.core.naming import Template
from genzu.core.timing import FrameRate
from genzu.errors import BadInput, NotFound, Refused
from genzu.exchange.xdts import write_xdts
from genzu.picture.files import write_png
from genzu.steps.cutlist import ListPlan, enter_list, plan_list
from genzu.store.show import Show

LIST = """\
カット,尺,場所,季節,時間,天候,原図,兼用,備考
001,3+12,港町,秋,夕方,晴れ,,,
002,2+00,港町,秋,夜,,c002 夜.png,,=メモ
003,4+00,駅,冬,朝,雪,,001,
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a list, two layouts, and a show without cuts."""
    (tmp_path / "lo").mkdir()
    picture = layout_picture()
    for name in ("c001.png", "c002 夜.png"):
        write_png(tmp_path / "lo" / name, picture)
        picture = picture.copy()
        picture[20:30, 40:90] = 30
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    Show.create(tmp_path / "show", "犬と少年").close()
    return tmp_path


def brought(home: Path, *, source: str = "list.csv", layouts: str | None = "lo", **named: object) -> ListPlan:
    with Show.open(home / "show") as show:
        plan = plan_list(show, home / source, layouts=home / layouts if layouts else None, **named)  # type: ignore[arg-type]
        if not plan.errors:
            enter_list(show, plan)
    return plan


def edited(home: Path, old: str, new: str) -> None:
    text = (home / "list.csv").read_text(encoding="utf-8")
    assert old in text
    (home / "list.csv").write_text(text.replace(old, new), encoding="utf-8")


def cuts(home: Path) -> dict[str, Cut]:
    with Show.open(home / "show") as show:
        return {cut.number: cut for cut in show.cuts()}


def test_a_list_with_its_layouts_becomes_the_shows_cuts(home: Path) -> None:
    plan = brought(home)
    assert plan.findings == ()
    assert [one.after.number for one in plan.added] == ["001", "002", "003"]
    there = cuts(home)
    assert (there["001"].frames, there["001"].place, there["001"].layout.name) == (84, "港町", "c001.png")
    assert (there["002"].note, there["002"].time, there["002"].layout.name) == ("=メモ", "夜", "c002 夜.png")
    assert (there["003"].uses, there["003"].layout) == ("001", there["001"].layout)
    with Show.open(home / "show") as show:
        assert show.setting("fps") == "24"
        assert show.verify() == ()


def test_the_same_again_changes_nothing_and_keeps_what_no_list_says(home: Path) -> None:
    brought(home)
    with Show.open(home / "show") as show:
        show.update_cut(replace(show.cut("001"), seed=7, engine="fake"))
        before = (show.cuts(), show.history())
        plan = plan_list(show, home / "list.csv", layouts=home / "lo")
        enter_list(show, plan)
        assert plan.unchanged == ("001", "002", "003")
        assert (show.cuts(), show.history()) == before


def test_only_what_differs_is_changed_and_told(home: Path) -> None:
    brought(home)
    edited(home, "002,2+00", "002,2+06")
    edited(home, "003,4+00,駅,冬,朝,雪,,001,\n", "004,1+00,駅,冬,朝,雪,,001,\n")
    plan = brought(home)
    (change,) = plan.changed
    assert (change.after.number, change.fields) == ("002", {"frames": ("48", "54")})
    assert [one.after.number for one in plan.added] == ["004"]
    assert plan.not_in_list == ("003",)
    assert set(cuts(home)) == {"001", "002", "003", "004"}
    with Show.open(home / "show") as show:
        assert [event.cut for event in show.history() if event.what == "cut changed"] == ["002"]


def test_a_new_drawing_in_the_folder_is_taken_only_if_the_folder_is_named(home: Path) -> None:
    brought(home)
    old = cuts(home)["001"].layout
    redrawn = layout_picture().copy()
    redrawn[100:120, 100:300] = 40
    write_png(home / "lo" / "c001.png", redrawn)
    assert brought(home, layouts=None).changed == ()
    (change,) = brought(home).changed[:1]
    assert set(change.fields) == {"layout"}
    assert cuts(home)["001"].layout.sha != old.sha


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("c002 夜.png", "c009.png", "row 3, column G 原図", "is not in"),
        ("c002 夜.png", "../list.csv", "row 3, column G 原図", "is not in"),
        ("c002 夜.png", "/etc/hostname", "row 3, column G 原図", "is not in"),
        ("雪,,001", "雪,,", "row 4, column G 原図", "no layout"),
        ("駅,冬", "えきき,冬", "row 4, column C 場所", "not known"),
        ("冬,朝", "寒,朝", "row 4, column D 季節", "not a season"),
        ("002,2+00", "001,2+00", "row 3, column A カット", "twice"),
        ("002,2+00", "002,0", "row 3, column B 尺", "seconds or frames"),
    ],
)
def test_an_error_anywhere_and_nothing_is_imported(home: Path, old: str, new: str, where: str, words: str) -> None:
    edited(home, old, new)
    plan = brought(home)
    assert [(one.where, words in one.sentence) for one in plan.errors] == [(where, True)]
    with Show.open(home / "show") as show:
        with pytest.raises(BadInput, match="nothing was imported"):
            enter_list(show, plan)
        assert show.cuts() == ()
        assert [event.what for event in show.history()] == ["show made"]


def test_a_broken_layout_is_an_error_of_its_row(home: Path) -> None:
    (home / "lo" / "c001.png").write_bytes(b"no picture at all")
    plan = brought(home)
    assert {one.where for one in plan.errors} == {"row 2, column G 原図", "row 4, column G 原図"} or {
        one.where for one in plan.errors
    } == {"row 2, column G 原図"}
    assert cuts(home) == {}


def test_two_drawings_for_one_cut_must_be_told_apart(home: Path) -> None:
    write_png(home / "lo" / "001.png", layout_picture())
    assert any("could all be the layout of cut 001" in one.sentence for one in brought(home).errors)


def test_a_spreadsheet_that_dropped_the_zeros_is_understood(home: Path) -> None:
    brought(home)
    text = (home / "list.csv").read_text(encoding="utf-8").replace("\n00", "\n").replace(",001,", ",1,")
    (home / "list.csv").write_text(text, encoding="utf-8")
    plan = brought(home)
    assert (plan.added, plan.changed, plan.unchanged) == ((), (), ("001", "002", "003"))
    (note,) = plan.findings
    assert "1 is cut 001" in note.sentence


def test_a_show_has_one_frame_rate(home: Path) -> None:
    brought(home)
    plan = brought(home, fps=FrameRate.parse("30"))
    assert any("the show at 24" in one.sentence for one in plan.errors)


def test_places_are_added_only_when_asked(home: Path) -> None:
    edited(home, "駅,冬", "第三埠頭の店,冬")
    assert brought(home).errors
    plan = brought(home, new_places=True)
    assert [one.name for one in plan.places] == ["港町", "第三埠頭の店"]
    with Show.open(home / "show") as show:
        assert {one.name for one in show.places()} == {"港町", "第三埠頭の店"}


def test_what_changed_between_plan_and_entry_is_not_overwritten(home: Path) -> None:
    brought(home)
    edited(home, "002,2+00", "002,2+06")
    with Show.open(home / "show") as show:
        plan = plan_list(show, home / "list.csv", layouts=home / "lo")
        show.update_cut(replace(show.cut("002"), note="by hand"))
        with pytest.raises(Refused, match="somebody changed"):
            enter_list(show, plan)
        assert show.cut("002").note == "by hand"


def test_a_list_in_another_order_than_the_numbers_orders_the_film(home: Path) -> None:
    lines = LIST.splitlines()
    (home / "list.csv").write_text("\n".join([lines[0], lines[2], lines[3], lines[1]]), encoding="utf-8")
    brought(home)
    assert list(cuts(home)) == ["002", "003", "001"]
    (home / "list.csv").write_text(LIST, encoding="utf-8")
    plan = brought(home)
    assert {name for one in plan.changed for name in one.fields} == {"order"}
    assert list(cuts(home)) == ["001", "002", "003"]


def test_a_folder_of_layouts_and_time_sheets_is_a_list(home: Path) -> None:
    folder = home / "film"
    folder.mkdir()
    for name in (
        "Umi_c001_BG_t01.png",
        "Umi_c001_BG_t02.png",
        "Umi_c002_BG_t01.png",
        "Umi_c002_BOOK1_t01.png",
        "x.png",
    ):
        write_png(folder / name, layout_picture())
    (folder / "readme.txt").write_text("hello")
    (folder / "Thumbs.db").write_bytes(b"x")
    write_xdts(folder / "c002.xdts", CutListEntry(number="002", frames=72, camera_words="PAN"))
    plan = brought(home, source="film", layouts=None, template=Template("{show}_c{cut:03}_{sheet}_t{take:02}"))
    assert plan.errors == ()
    there = cuts(home)
    assert [(one.number, one.frames, one.layout.name) for one in there.values()] == [
        ("001", None, "Umi_c001_BG_t02.png"), ("002", 72, "Umi_c002_BG_t01.png")
    ]  # fmt: skip
    assert there["002"].camera_words == "PAN"
    told = {one.spot.file for one in plan.findings}
    assert {"Umi_c002_BOOK1_t01.png", "x.png", "readme.txt"} <= told
    assert "Thumbs.db" not in told


def test_two_layouts_of_the_same_take_are_an_error(home: Path) -> None:
    folder = home / "film"
    folder.mkdir()
    for name in ("c001.png", "c1.png"):
        write_png(folder / name, layout_picture())
    assert any("both the layout of cut" in one.sentence for one in brought(home, source="film", layouts=None).errors)


def test_what_is_no_list_is_refused(home: Path) -> None:
    (home / "list.xlsx").write_bytes(b"PK")
    with pytest.raises(BadInput, match="CSV"):
        brought(home, source="list.xlsx")
    with pytest.raises(NotFound):
        brought(home, source="nowhere.pdf")
    with pytest.raises(BadInput, match="no folder of layouts"):
        brought(home, layouts="nowhere")


@pytest.mark.parametrize("absent", ["opentimelineio", "otio_cmx3600_adapter"])
def test_without_the_library_csv_works_and_timelines_say_what_they_need(
    home: Path, absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    assert len(brought(home).added) == 3
    name = "film.edl" if absent.startswith("otio_") else "film.otio"
    (home / name).write_text("TITLE: x\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"genzu\[timeline\]"):
        brought(home, source=name)
