from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from painted_shows import paint, painted_show, town

from genzu.core.credit import Contribution, Hand, Role
from genzu.core.cut import Cut
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import NotFound
from genzu.steps.engine_facts import Training
from genzu.steps.staff_roll import Machine, staff_roll, together
from genzu.store.show import Show

NOT_TRAINED = {"embedded": Training(sentence="no trained weights", learned=False)}


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    with painted_show(tmp_path, cuts=("2", "10", "11")) as opened:
        yield opened


def retouch(show: Show, cut: str, *, by: str, hand: Hand = Hand.AI_AND_HUMAN, on: Take | None = None) -> Take:
    parent = on or show.latest(cut, "BG", Stage.PAINTING)
    assert parent is not None
    picture = show.keep_picture(np.roll(town(), 7, axis=0))
    take = show.record(
        NewTake(cut=cut, sheet="BG", stage=Stage.RETOUCH, picture=picture, hand=hand, parents=(parent.id,), by=by)
    )
    show.credit(Contribution(name=by, role=Role.TOUCH_UP, cut=cut))
    return take


def designer(show: Show, cut: str | None = None) -> str:
    return next(line for line in staff_roll(show, cut=cut).text.splitlines() if line.startswith("Background Designer"))


def test_a_machine_alone(show: Show) -> None:
    roll = staff_roll(show, training=NOT_TRAINED)
    assert roll.hand is Hand.AI and roll.machines == {Machine("embedded", "1"): 3} and not roll.learned
    assert "Background Designer: AI\n  AI: embedded 1 (3 cuts); no trained weights\n" in roll.text
    assert "Human" not in roll.text
    assert (
        "Layout (レイアウト): 鈴木 (3 cuts)" in roll.text and "Art Director (美術監督): Director (3 cuts)" in roll.text
    )


def test_nothing_is_claimed_about_an_engine_that_nobody_described(show: Show) -> None:
    roll = staff_roll(show)
    assert roll.learned and "what it was trained on is not stated" in roll.text


def test_one_retouched_cut_is_credited_to_both_and_named(show: Show) -> None:
    retouch(show, "10", by="山田")
    roll = staff_roll(show)
    assert roll.hand is Hand.AI_AND_HUMAN
    assert "Background Designer: AI (+ Human)\n" in roll.text and "  Human: 山田 (1 cut)\n" in roll.text
    assert "Touch-up (加筆): 山田 (1 cut)" in roll.text
    assert designer(show, "2") == "Background Designer: AI"
    assert designer(show, "10") == "Background Designer: AI (+ Human)"
    assert roll.text.splitlines()[-3:] == ["2: BG AI", "10: BG AI (+ Human)", "11: BG AI"]


def test_a_painting_of_nobody_else_is_human_and_names_no_machine(show: Show) -> None:
    for cut in ("2", "10", "11"):
        retouch(show, cut, by="Sato", hand=Hand.HUMAN)
    roll = staff_roll(show)
    assert roll.hand is Hand.HUMAN and roll.machines == {} and not roll.learned
    assert "AI" not in roll.text and "Human: Sato (3 cuts)" in roll.text


def test_a_retouch_that_was_not_chosen_gives_no_credit(show: Show) -> None:
    retouch(show, "2", by="Sato")
    painting = show.latest("2", "BG", Stage.PAINTING)
    assert painting is not None
    show.approve(painting.id, "Director")
    roll = staff_roll(show)
    assert roll.hand is Hand.AI and "Sato" not in roll.text


def test_a_few_stray_pixels_are_no_touch_up(show: Show) -> None:
    retouch(show, "2", by="Sato", hand=Hand.AI)
    assert "Sato" not in staff_roll(show).text


def test_everyone_in_the_line_of_the_picture_is_named(show: Show) -> None:
    first = retouch(show, "2", by="Sato")
    retouch(show, "2", by="Yamada", on=first)
    assert staff_roll(show, cut="2").people(Role.TOUCH_UP) == {"Sato": 1, "Yamada": 1}


def test_sheets_of_a_cut_count_together(show: Show) -> None:
    paint(show, "2", sheet="BOOK1", seed=4)
    retouch(show, "2", by="Sato", hand=Hand.HUMAN)
    (cut,) = staff_roll(show, cut="2").cuts
    assert [(sheet.sheet, sheet.hand) for sheet in cut.sheets] == [("BG", Hand.HUMAN), ("BOOK1", Hand.AI)]
    assert cut.hand is Hand.AI_AND_HUMAN and staff_roll(show).machines == {Machine("embedded", "1"): 3}


def test_a_cut_without_a_picture(show: Show) -> None:
    show.add_cut(Cut(number="12", layout=show.cut("2").layout))
    roll = staff_roll(show)
    assert roll.hand is Hand.AI and roll.text.endswith("12: not painted yet\n")
    assert designer(show, "12") == "Background Designer: nothing is painted yet"


def test_as_plain_values(show: Show) -> None:
    retouch(show, "10", by="山田")
    record = staff_roll(show, training=NOT_TRAINED).to_dict()
    assert json.loads(json.dumps(record)) == record
    assert record["background_designer"] == "AI (+ Human)"
    assert record["engines"] == [
        {"name": "embedded", "version": "1", "cuts": 3, "training": "no trained weights", "trained": False}
    ]
    assert {"role": "touch-up", "japanese": "加筆", "name": "山田", "cuts": 1} in record["people"]
    assert [cut["credit"] for cut in record["cuts"]] == ["AI", "AI (+ Human)", "AI"]


def test_a_cut_that_is_not_there(show: Show) -> None:
    with pytest.raises(NotFound):
        staff_roll(show, cut="99")


def test_hands_together() -> None:
    assert together([]) is None
    assert together([Hand.AI, Hand.AI]) is Hand.AI
    assert together([Hand.AI, Hand.HUMAN]) is Hand.AI_AND_HUMAN
