from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_samples import SHA, hand_take, layout, machine_take, recipe, show_with_cut, tiny

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.take import NewTake, Stage
from genzu.errors import BadInput, BadRecord, LedgerBroken, NotFound
from genzu.store.show import Show

pytestmark = pytest.mark.usefixtures("both_ledgers")


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return show_with_cut(tmp_path / "show")


def new_take(show: Show, **changes: object) -> NewTake:
    take = NewTake(cut="001", sheet="BG", stage=Stage.ROUGH, picture=show.keep_picture(tiny()), hand=Hand.HUMAN, by="a")
    return replace(take, **changes)  # type: ignore[arg-type]


def test_a_take_comes_back_as_it_was_told(show: Show, tmp_path: Path) -> None:
    first = machine_take(show)
    edited = tmp_path / "edited.psd"
    edited.write_bytes(b"8BPS")
    told = NewTake(
        cut="001", sheet="BOOK1", stage=Stage.PAINTING, picture=show.keep_picture(tiny()), hand=Hand.AI,
        recipe=recipe(Stage.PAINTING, sheet="BOOK1", rough=first.picture), parents=(first.id,), by="佐藤",
        original=show.keep_file(edited).sha, measures={"shift": [0.1, -0.2], "who": {"最": None}},
        note="一行目\n二行目",
    )  # fmt: skip
    take = show.record(told)
    assert show.take(take.id) == take
    assert all(getattr(take, name) == getattr(told, name) for name in NewTake.__dataclass_fields__)


def test_numbers_count_within_cut_sheet_and_stage(show: Show) -> None:
    show.add_cut(Cut(number="002", layout=layout(show)))
    told = [
        show.record(new_take(show, cut=cut, sheet=sheet, stage=stage)).number
        for cut in ("001", "002")
        for sheet in ("BG", "BOOK1")
        for stage in (Stage.ROUGH, Stage.RETOUCH)
        for _ in range(3)
    ]
    assert told == [1, 2, 3] * 8
    assert len(show.takes("001")) == 12
    assert len(show.takes("001", "BG")) == 6
    assert len(show.takes(stage=Stage.RETOUCH)) == 12
    assert [take.id for take in show.takes()] == list(range(1, 25))
    newest = show.latest("001", "BOOK1", Stage.RETOUCH)
    assert newest is not None
    assert newest.number == 3
    assert show.latest("001", "BOOK2", Stage.RETOUCH) is None


def test_a_machines_take_is_recorded_once_and_a_persons_each_time(show: Show) -> None:
    first, again, other = machine_take(show), machine_take(show), machine_take(show, seed=1)
    assert first == again
    assert (first.number, other.number) == (1, 2)
    assert first.recipe is not None
    assert show.take_by_recipe("001", "BG", Stage.ROUGH, first.recipe.digest) == first
    assert show.take_by_recipe("001", "BG", Stage.PAINTING, first.recipe.digest) is None
    assert [hand_take(show).number, hand_take(show).number] == [1, 2]
    assert [event.what for event in show.history()].count("take recorded") == 4


def test_the_first_picture_of_a_recipe_stands(show: Show) -> None:
    first = machine_take(show)
    again = show.record(replace(new_take(show), picture=show.keep_picture(tiny(9)), recipe=first.recipe))
    assert again == first


def test_parents_keep_their_order_and_must_exist(show: Show) -> None:
    one, two = machine_take(show), machine_take(show, seed=1)
    child = hand_take(show, parents=(two.id, one.id))
    assert show.take(child.id).parents == show.takes(stage=Stage.RETOUCH)[0].parents == (two.id, one.id)
    before = len(show.history())
    with pytest.raises(NotFound, match="take 77"):
        hand_take(show, parents=(one.id, 77))
    assert len(show.takes()) == 3
    assert len(show.history()) == before


@pytest.mark.parametrize("take_id", [0, -1, 99, 2**63, 10**40])
def test_a_take_that_is_not_there(show: Show, take_id: int) -> None:
    with pytest.raises(NotFound, match="no such take"):
        show.take(take_id)
    with pytest.raises(NotFound, match="no such take"):
        show.approve(take_id, "監督")


def test_a_take_without_its_picture_file_or_cut_is_not_recorded(show: Show) -> None:
    cases: list[tuple[dict[str, object], type[Exception], str]] = [
        ({"picture": SHA}, NotFound, "keep the picture first"),
        ({"picture": "../../x"}, BadRecord, "SHA-256"),
        ({"original": SHA}, NotFound, "keep the file first"),
        ({"cut": "404"}, NotFound, "cut 404"),
        ({"sheet": ""}, BadRecord, "sheet"),
        ({"sheet": "../BG"}, BadRecord, "sheet"),
        ({"recipe": recipe(Stage.PAINTING)}, BadRecord, "recipe"),
        ({"recipe": recipe(sheet="BOOK1")}, BadRecord, "recipe"),
        ({"measures": {"x": float("nan")}}, BadRecord, "plain"),
        ({"measures": {"x": np.float32(1)}}, BadRecord, "plain"),
        ({"by": "a\nb"}, BadInput, "name"),
        ({"note": "\udcff"}, BadInput, "cannot be stored"),
    ]
    for changes, kind, words in cases:
        with pytest.raises(kind, match=words):
            show.record(new_take(show, **changes))
    assert show.takes() == ()
    assert [event.what for event in show.history()] == ["show made", "cut added"]


def test_the_newest_approval_of_a_sheet_counts(show: Show) -> None:
    one, two = hand_take(show), hand_take(show)
    assert show.approved("001", "BG") is None
    for take_id in (one.id, two.id, two.id, one.id):
        show.approve(take_id, "監督")
    assert show.approved("001", "BG") == one
    assert show.approved("001", "BOOK1") is None
    assert [e.detail["take"] for e in show.history() if e.what == "take approved"] == [one.id, two.id, one.id]
    with pytest.raises(BadInput, match="name"):
        show.approve(one.id, " ")


def test_a_record_that_was_tampered_with_names_its_field(show: Show, both_ledgers: str) -> None:
    take = machine_take(show)
    with show._ledger.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER takes_no_update" + " ON takes" * (both_ledgers == "postgresql"))
        connection.exec_driver_sql('UPDATE takes SET recipe = replace(recipe, \'"seed":0\', \'"seed":"x"\')')
    with pytest.raises(BadRecord, match=rf"takes\[{take.id}\]\.recipe\.seed"):
        show.takes()
    with show._ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE takes SET recipe = '{'")
    with pytest.raises(LedgerBroken, match=rf"takes\[{take.id}\]\.recipe"):
        show.take(take.id)
