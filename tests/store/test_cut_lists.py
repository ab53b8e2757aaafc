"""A cut list is entered as a whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import SHA, layout, show_with_cut

from genzu.core.cut import Cut, FileRef
from genzu.core.place import Board, Location
from genzu.errors import NotFound, Refused
from genzu.store.cuts import ListChanges

pytestmark = pytest.mark.usefixtures("both_ledgers")


def test_a_list_is_entered_with_its_places_and_settings(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        old = show.cut("001")
        changed, new = replace(old, frames=84), Cut(number="002", layout=old.layout, place="港町")
        told = {"file": "list.csv"}
        show.enter_list(
            ListChanges(
                cuts=((old, changed), (None, new)), places=(Location(name="港町"),), settings={"fps": "24"}, told=told
            )
        )
        assert show.cuts() == (changed, new)
        assert show.places() == (Location(name="港町"),)
        assert (show.setting("fps"), show.setting("other")) == ("24", None)
        assert [event.what for event in show.history()][2:] == [
            "place added", "setting changed", "cut changed", "cut added", "list imported"
        ]  # fmt: skip
        assert show.history()[-1].detail == told


def test_nothing_is_entered_if_one_cut_is_wrong(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        old = show.cut("001")
        before = (show.cuts(), show.history(), show.places())
        good, place = (None, Cut(number="002", layout=old.layout)), Location(name="港町")
        wrong = [
            ((None, replace(old, frames=3)), Refused),
            ((replace(old, frames=1), replace(old, frames=2)), Refused),
            ((replace(old, number="9"), replace(old, number="9")), NotFound),
            ((None, Cut(number="003", layout=FileRef(sha=SHA, name="lost.png"))), NotFound),
        ]
        for change, kind in wrong:
            with pytest.raises(kind):
                show.enter_list(ListChanges(cuts=(good, change), places=(place,), settings={"fps": "25"}))
            assert (show.cuts(), show.history(), show.places()) == before
            assert show.setting("fps") is None


def test_an_empty_change_leaves_no_event(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        before = show.history()
        show.enter_list(ListChanges(told={"file": "x"}))
        assert show.history() == before


def test_the_order_of_a_list_is_the_order_of_the_film(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show", "10") as show:
        ref = show.cut("10").layout
        for number, order in (("3", 2), ("7", 1), ("2", None)):
            show.add_cut(Cut(number=number, layout=ref, order=order))
        assert [cut.number for cut in show.cuts()] == ["7", "3", "2", "10"]


def test_places_are_added_changed_and_found_whatever_the_width_of_the_letters(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        place = Location(name="Harbour 2", words="port town")
        show.put_place(place)
        show.put_place(place)
        show.put_place(replace(place, words="港町", boards=(Board(file=layout(show)),)))
        assert show.place("ｈａｒｂｏｕｒ２").words == "港町"
        assert [event.what for event in show.history()][2:] == ["place added", "place changed"]
        with pytest.raises(NotFound, match="Harbour 2"):
            show.place("harbor 2")
        with pytest.raises(NotFound, match=r"lost\.png"):
            show.put_place(Location(name="x", boards=(Board(file=FileRef(sha=SHA, name="lost.png")),)))


def test_a_lost_board_is_found_by_verify(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        board = layout(show, "a board")
        show.put_place(Location(name="港町", boards=(Board(file=board),)))
        assert show.verify() == ()
        show.file(board).unlink()
        (fault,) = show.verify()
        assert fault.used_by == ("place 港町",)
