from __future__ import annotations

from pathlib import Path

import pytest
from store_samples import SHA, hand_take, layout, machine_take, show_with_cut, tiny

from genzu.core.credit import Contribution, Role
from genzu.core.cut import Cut, FileRef
from genzu.core.geometry import Extent
from genzu.errors import BadInput, BadRecord, CannotWrite, NotFound, Refused
from genzu.store.show import Show

pytestmark = pytest.mark.usefixtures("both_ledgers")


def test_a_show_is_found_again_with_its_title(tmp_path: Path) -> None:
    with Show.create(tmp_path / "a" / "show", "  犬と少年 \n") as made:
        assert made.title == "犬と少年"
        assert made.folder == tmp_path / "a" / "show"
    with Show.open(tmp_path / "a" / "show") as opened:
        assert opened.title == "犬と少年"
    note = (tmp_path / "a" / "show" / ".genzu" / "README.txt").read_text(encoding="utf-8")
    assert "do not delete" in note
    assert "削除" in note


def test_making_a_show_leaves_other_files_alone_and_never_makes_it_twice(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    Show.create(tmp_path, "one").close()
    with pytest.raises(Refused, match="a show already"):
        Show.create(tmp_path, "two")
    with Show.open_or_create(tmp_path, "three") as show:
        assert show.title == "one"
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert list((tmp_path / ".genzu" / "scratch").glob("*")) == []


@pytest.mark.parametrize("folder", ["none", "empty", "file.txt"])
def test_a_folder_that_is_no_show_says_what_to_do(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(NotFound, match=r"no show.*genzu init"):
        Show.open(tmp_path / folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "file.txt"]


def test_a_file_in_the_way_of_a_show_is_told(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(CannotWrite):
        Show.create(tmp_path / "file.txt", "a")


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "x" * 201])
def test_a_title_is_one_line(tmp_path: Path, title: str) -> None:
    with pytest.raises(BadInput):
        Show.create(tmp_path / "show", title)
    assert not (tmp_path / "show").exists()


def test_a_show_stays_itself_when_the_working_folder_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Show.create(Path("show"), "a") as show:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert show.picture(show.keep_picture(tiny())).shape == tiny().shape
        assert show.folder == tmp_path / "show"


def test_cuts_come_back_as_they_were_in_the_order_of_the_film(tmp_path: Path) -> None:
    with Show.create(tmp_path / "show", "a") as show:
        ref = layout(show)
        cuts = [
            Cut(number=number, layout=ref, prompt="雪", seed=7, size=Extent(640, 360), materials=ref, board=ref)
            for number in ("10", "2", "2A", "1", "OP-3")
        ]
        for cut in cuts:
            show.add_cut(cut)
        assert [cut.number for cut in show.cuts()] == ["1", "2", "2A", "10", "OP-3"]
        assert all(show.cut(cut.number) == cut for cut in cuts)
        with pytest.raises(NotFound, match="cut 99"):
            show.cut("99")


def test_a_cut_is_added_once_whatever_the_case_of_its_letters(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show", "12a") as show:
        for number in ("12a", "12A"):
            with pytest.raises(Refused, match="12a"):
                show.add_cut(Cut(number=number, layout=layout(show, "other")))
        assert len(show.cuts()) == 1
        assert [event.what for event in show.history()] == ["show made", "cut added"]


def test_changing_a_cut_keeps_what_it_was(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        old = show.cut("001")
        new = Cut(number="001", layout=old.layout, prompt="夜", seed=3)
        show.update_cut(new)
        show.update_cut(new)
        assert show.cut("001") == new
        (changed,) = [event for event in show.history("001") if event.what == "cut changed"]
        assert changed.detail == {"before": old.to_dict(), "after": new.to_dict()}
        with pytest.raises(NotFound):
            show.update_cut(Cut(number="9", layout=old.layout))


def test_a_cut_needs_its_files_in_the_show(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        stranger = FileRef(sha=SHA, name="lost.png")
        for cut in (
            Cut(number="2", layout=stranger),
            Cut(number="2", layout=show.cut("001").layout, marks=stranger),
        ):
            with pytest.raises(NotFound, match=r"lost.png"):
                show.add_cut(cut)
        with pytest.raises(BadRecord):
            show.file(FileRef(sha="../" * 21 + "x", name="a.png"))
        assert show.file(show.cut("001").layout).read_text() == "a layout"


def test_credits_are_named_once_and_come_with_the_shows_own(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        show.add_cut(Cut(number="002", layout=layout(show)))
        director = Contribution(name="監督", role=Role.ART_DIRECTOR)
        drew = Contribution(name="か\u3099くと", role=Role.LAYOUT, cut="001")
        for who in (director, drew, drew, Contribution(name=" がくと ", role=Role.LAYOUT, cut="001")):
            show.credit(who)
        composed = Contribution(name="がくと", role=Role.LAYOUT, cut="001")
        assert show.contributions() == show.contributions("001") == (director, composed)
        assert show.contributions("002") == (director,)
        with pytest.raises(NotFound):
            show.credit(Contribution(name="x", role=Role.LAYOUT, cut="404"))
        with pytest.raises(BadInput, match="not a name"):
            show.credit(Contribution(name="\t", role=Role.LAYOUT))


def test_history_names_who_what_and_which_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "assistant")
    with show_with_cut(tmp_path / "show") as show:
        take = hand_take(show)
        machine_take(show)
        show.approve(take.id, "監督")
        told = [(event.who, event.what, event.cut) for event in show.history()]
        assert told == [
            ("assistant", "show made", ""),
            ("assistant", "cut added", "001"),
            ("佐藤", "take recorded", "001"),
            ("assistant", "take recorded", "001"),
            ("監督", "take approved", "001"),
        ]
        assert [event.what for event in show.history("001")] == [what for _, what, cut in told if cut]
        assert all(event.created.endswith("Z") and len(event.created) == 20 for event in show.history())
