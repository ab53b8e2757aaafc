from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from painted_shows import paint, painted_show, recipe, town

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.take import NewTake, Stage
from genzu.core.transition import Dissolve
from genzu.errors import BadInput, NotFound
from genzu.steps.film_plan import Shot, plan_shots
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    with painted_show(tmp_path, cuts=("001", "002", "010")) as opened:
        yield opened


def change(show: Show, number: str, **fields: Any) -> None:
    show.update_cut(replace(show.cut(number), **fields))


def add(show: Show, number: str, **fields: Any) -> None:
    show.add_cut(Cut(number=number, layout=show.cut("001").layout, prompt="town, autumn", **fields))


def shots(show: Show, cuts: str = "") -> dict[str, Shot]:
    return {shot.number: shot for shot in plan_shots(show, cuts=cuts, usual=72)}


def test_cuts_follow_in_order_with_their_lengths(show: Show) -> None:
    change(show, "001", frames=30)
    change(show, "010", frames=12)
    found = plan_shots(show, usual=72)
    assert [(one.number, one.start, one.frames, one.length_known) for one in found] == [
        ("001", 0, 30, True), ("002", 30, 72, False), ("010", 102, 12, True)]  # fmt: skip


def test_the_list_orders_the_film(show: Show) -> None:
    for order, number in enumerate(("010", "001", "002"), 1):
        change(show, number, order=order)
    assert list(shots(show)) == ["010", "001", "002"]


def test_what_is_shown_goes_from_approved_down_to_the_layout(show: Show) -> None:
    add(show, "003")
    assert shots(show)["003"].stand_in == "layout" and shots(show)["003"].sheets[0].take is None
    rough = show.record(
        NewTake(cut="003", sheet="BG", stage=Stage.ROUGH, hand=Hand.AI, picture=show.keep_picture(town(9)),
                recipe=recipe(Stage.ROUGH, seed=9, sheet="BG"))
    )  # fmt: skip
    assert shots(show)["003"].sheets[0].take == rough and shots(show)["003"].stand_in == "rough"
    painting = paint(show, "003", seed=1)
    assert shots(show)["003"].sheets[0].take == painting and shots(show)["003"].stand_in == ""
    retouch = show.record(
        NewTake(cut="003", sheet="BG", stage=Stage.RETOUCH, hand=Hand.AI_AND_HUMAN, by="Sato",
                picture=show.keep_picture(np.roll(town(), 7, axis=0)), parents=(painting.id,))
    )  # fmt: skip
    assert shots(show)["003"].sheets[0].take == retouch and shots(show)["003"].shown == "BG retouch 1"
    show.approve(painting.id, "Director")
    assert shots(show)["003"].sheets[0].take == painting and shots(show)["003"].shown == "BG painting 1, approved"
    show.retake(painting.id, reason="空が重い", by="監督")
    assert shots(show)["003"].shown == "BG painting 1, sent back"


def test_books_lie_over_the_background_in_the_order_of_their_numbers(show: Show) -> None:
    for name in ("BOOK10", "BOOK2", "BOOK1"):
        paint(show, "001", sheet=name, seed=3)
    assert [sheet.name for sheet in shots(show)["001"].sheets] == ["BG", "BOOK1", "BOOK2", "BOOK10"]


def test_a_shared_background_is_that_of_the_other_cut(show: Show) -> None:
    add(show, "011", uses="012")
    add(show, "012", uses="001")
    paint(show, "001", sheet="BOOK1", seed=3)
    for name in ("BG", "BOOK1"):
        paint(show, "011", sheet=name, seed=4)  # the same, painted here too: a touch-up would be in the other cut
    own = paint(show, "011", sheet="BOOK2", seed=5)
    shot = shots(show)["011"]
    theirs = [show.latest("001", name, Stage.PAINTING) for name in ("BG", "BOOK1")]
    assert shot.source == "001" and [sheet.take for sheet in shot.sheets] == [*theirs, own]


def test_shared_in_a_circle_ends(show: Show) -> None:
    add(show, "021", uses="022")
    add(show, "022", uses="021")
    assert shots(show)["021"].stand_in == "layout"


def test_a_dissolve_takes_nothing_from_the_lengths(show: Show) -> None:
    change(show, "002", frames=48, dissolve=Dissolve(frames=13, before=6))
    found = shots(show)
    one, two = found["001"], found["002"]
    assert (one.start, one.frames, one.after, two.start, two.before, two.fade) == (0, 72, 7, 72, 6, 13)
    assert (one.seen, two.first, two.seen) == (79, 66, 54)
    shares = [two.fade_share(frame) for frame in range(64, 82)]
    assert shares[:2] == [0, 0] and shares[-3:] == [1, 1, 1] and shares[8] == 0.5
    assert np.allclose(np.diff(shares[2:15]), 1 / 14)


def test_a_dissolve_without_room_is_shorter_and_said(show: Show) -> None:
    change(show, "001", frames=10)
    change(show, "002", frames=8, dissolve=Dissolve(frames=50, before=25))
    shot = shots(show)["002"]
    assert (shot.before, shot.fade) == (10, 18) and "no room" in shot.remarks[0]


def test_dissolves_do_not_run_into_each_other(show: Show) -> None:
    change(show, "002", frames=10, dissolve=Dissolve(frames=8))
    change(show, "010", frames=10, dissolve=Dissolve(frames=8, before=8))
    found = shots(show)
    assert found["010"].first >= found["002"].first + found["002"].fade


def test_times_of_the_list_leave_black_between(show: Show) -> None:
    change(show, "002", record_in=100)
    assert [shot.start for shot in plan_shots(show, usual=72)] == [0, 100, 172]
    change(show, "002", record_in=20)
    shot = shots(show)["002"]
    assert shot.start == 72 and "52 frames before" in shot.remarks[0]
    change(show, "002", record_in=86_400)
    assert shots(show)["002"].start == 72


@pytest.mark.parametrize(
    ("cuts", "numbers"),
    [
        ("001-002", ["001", "002"]), ("2-10", ["002", "010"]), ("010, 001", ["001", "010"]), ("c10", ["010"]),
        ("010-001", ["001", "002", "010"]), ("２、10", ["002", "010"]),
    ],
)  # fmt: skip
def test_some_cuts(show: Show, cuts: str, numbers: list[str]) -> None:
    assert list(shots(show, cuts)) == numbers


def test_a_dissolve_needs_its_neighbour(show: Show) -> None:
    change(show, "010", dissolve=Dissolve(frames=6))
    assert shots(show, "002-010")["010"].fade == 6
    assert shots(show, "001,010")["010"].fade == 0


def test_cuts_that_are_not_there(show: Show, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="'099'"):
        plan_shots(show, cuts="001,099", usual=72)
    with Show.create(tmp_path / "empty", "Empty") as empty, pytest.raises(BadInput, match="no cuts"):
        plan_shots(empty, usual=72)
