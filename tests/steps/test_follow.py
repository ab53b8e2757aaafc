"""Layouts that change on the disk come into the show by themselves: when they are whole, and only where they belong."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from build_shows import draw, small_show
from PIL import Image

from genzu.steps.follow import Arrival, Follower
from genzu.store.show import Show


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_show(tmp_path, 2)


def looks(follower: Follower, show: Show, times: int = 2) -> list[Arrival]:
    """A file is seen to change at one look, and at rest at the next."""
    return [arrival for _ in range(times) for arrival in follower.look(show)]


def follower(*folders: Path) -> Follower:
    return Follower(folders, settled_after=0.0)


def test_a_layout_that_is_drawn_on_comes_in(folder: Path, tmp_path: Path) -> None:
    layout = tmp_path / "layouts" / "c001.png"
    with Show.open(folder) as show:
        following = follower()
        assert looks(following, show) == [] and following.files == 3, "two layouts, and the materials of both"
        before = show.cut("001").layout
        draw(layout, 30)
        assert following.look(show) == [], "it may still be being written"
        (arrival,) = following.look(show)
        assert (arrival.cuts, arrival.kind, arrival.error) == (("001",), "layout", None)
        after = show.cut("001").layout
        assert after != before and show.file(after).read_bytes() == layout.read_bytes()
        assert looks(following, show) == []


def test_a_file_that_is_still_being_written_is_waited_for(folder: Path, tmp_path: Path) -> None:
    layout = tmp_path / "layouts" / "c001.png"
    whole = draw(tmp_path / "new.png", 30).read_bytes()
    with Show.open(folder) as show:
        following = Follower(settled_after=0.0)
        following.look(show)
        layout.write_bytes(b"")
        assert looks(following, show, 4) == [], "an empty file is one that has just been made"
        for share in (0.3, 0.6, 1.0):
            layout.write_bytes(whole[: int(share * len(whole))])
            assert following.look(show) == []
        assert [arrival.error for arrival in following.look(show)] == [None]


def test_a_bad_file_changes_nothing_and_is_taken_when_it_is_mended(folder: Path, tmp_path: Path) -> None:
    layout = tmp_path / "layouts" / "c001.png"
    with Show.open(folder) as show:
        following = follower()
        before = show.cut("001")
        layout.write_bytes(b"no picture at all")
        (arrival,) = looks(following, show, 4)
        assert arrival.error is not None and "c001.png is not taken yet" in arrival.sentence
        assert show.cut("001") == before
        assert [one.cuts for one in looks(follower(), show)] == [("001",)], "a new process tells it again"
        draw(layout, 31)
        assert [one.error for one in looks(following, show)] == [None]
        assert show.cut("001") != before


def test_what_changed_while_nobody_watched_is_found(folder: Path, tmp_path: Path) -> None:
    draw(tmp_path / "layouts" / "c002.png", 32)
    with Show.open(folder) as show:
        assert [one.cuts for one in looks(follower(), show)] == [("002",)]


def test_a_file_that_was_only_touched_is_not_taken(folder: Path, tmp_path: Path) -> None:
    os.utime(tmp_path / "layouts" / "c001.png", ns=(1, 1))
    with Show.open(folder) as show:
        before = show.build.last_event()
        assert looks(follower(), show, 4) == [] and show.build.last_event() == before


def test_marks_and_boards_are_followed_too(folder: Path, tmp_path: Path) -> None:
    for name in ("marks", "board"):
        Image.new("L" if name == "marks" else "RGB", (320, 180), 255 if name == "marks" else "red").save(
            tmp_path / f"{name}.png"
        )
    with Show.open(folder) as show:
        show.update_cut(replace(show.cut("001"), marks=show.keep_file(tmp_path / "marks.png")))
        show.update_cut(replace(show.cut("002"), board=show.keep_file(tmp_path / "board.png")))
        following = follower()
        following.look(show)
        Image.new("RGB", (320, 180), "blue").save(tmp_path / "board.png")
        Image.new("L", (640, 360), 255).save(tmp_path / "marks.png")
        found = {one.kind: one for one in looks(following, show)}
        assert found["board"].cuts == ("002",) and found["board"].error is None
        assert found["marks"].error is not None, "marks of another size than the layout"


def test_a_new_file_that_is_named_like_a_cut_is_its_layout(folder: Path, tmp_path: Path) -> None:
    layouts = tmp_path / "layouts"
    draw(layouts / "c002_v0.png", 50)  # was there before anybody watched
    with Show.open(folder) as show:
        following = follower()
        following.look(show)
        draw(layouts / "Umi_c001_LO_t02.png", 51)
        draw(layouts / "c002_memo.png", 52)
        draw(layouts / "c009.png", 53)
        (arrival,) = looks(following, show)
        assert (arrival.path.name, arrival.cuts) == ("Umi_c001_LO_t02.png", ("001",))
        draw(layouts / "Umi_c001_LO_t02.png", 54)
        assert [one.cuts for one in looks(following, show)] == [("001",)], "it is followed from now on"
        draw(layouts / "c001.png", 55)
        assert looks(following, show) == [], "its place is taken"


def test_new_layouts_may_come_in_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    with Show.open(folder) as show:
        following = follower(drop)
        following.look(show)
        draw(drop / "002.png", 60)
        assert [one.cuts for one in looks(following, show)] == [("002",)]


def test_pictures_that_genzu_wrote_are_no_layouts(folder: Path) -> None:
    with Show.open(folder) as show:
        out = show.folder / "pictures"
        out.mkdir()
        following = follower(out)
        following.look(show)
        show.export(out / "001.png", lambda path: draw(path, 3) and None)
        assert looks(following, show, 4) == []
