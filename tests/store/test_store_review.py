from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from store_samples import hand_take, machine_take, recipe, show_with_cut, tiny

from genzu.core.credit import Hand
from genzu.core.cut import FileRef
from genzu.core.recipe import Recipe
from genzu.core.review import ChoiceKind
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadInput, LedgerBroken, NotFound, Refused
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return show_with_cut(tmp_path / "show")


def painted(show: Show, made: Recipe, *, parents: tuple[int, ...] = (), answers: bool = True) -> Take:
    new = NewTake(
        cut="001", sheet="BG", stage=Stage.PAINTING, picture=show.keep_picture(tiny(made.seed)), hand=Hand.AI,
        recipe=made, parents=parents,
    )  # fmt: skip
    return show.record(new, answers=answers)


def test_a_retake_comes_back_as_it_was_told(show: Show) -> None:
    take = machine_take(show, Stage.PAINTING)
    asked = show.retake(take.id, reason=" 空が重い\r\n雲を減らす ", by=" 新井 ", note="電話で", source="kitsu:c1")
    assert (asked.cut, asked.sheet, asked.stage, asked.number) == ("001", "BG", Stage.PAINTING, 1)
    assert (asked.reason, asked.by, asked.note, asked.source) == ("空が重い\n雲を減らす", "新井", "電話で", "kitsu:c1")
    assert asked.is_open
    assert show.retakes() == show.retakes("001", "BG", open_only=True) == (asked,)
    assert show.retakes("001", "BOOK1") == ()
    (event,) = [one for one in show.history("001") if one.what == "retake asked"]
    assert (event.who, event.detail["take"], event.detail["reason"]) == ("新井", take.id, asked.reason)


def test_the_same_source_is_entered_once(show: Show) -> None:
    take = machine_take(show, Stage.PAINTING)
    first = show.retake(take.id, reason="a", by="A", source="kitsu:c1")
    order = replace(show.cut("001"), seed=9)
    assert show.retake(take.id, reason="b", by="B", source="kitsu:c1", order=order) == first
    assert show.cut("001").seed == 0
    assert len(show.retakes()) == 1
    show.retake(take.id, reason="without a source", by="A")
    show.retake(take.id, reason="without a source", by="A")
    assert len(show.retakes()) == 3


def test_what_cannot_be_sent_back_or_picked_is_refused(show: Show) -> None:
    rough, painting = machine_take(show), machine_take(show, Stage.PAINTING)
    before = len(show.history())
    with pytest.raises(BadInput, match=r"rough.*cannot be sent back"):
        show.retake(rough.id, reason="x", by="A")
    with pytest.raises(BadInput, match=r"rough.*cannot be picked"):
        show.pick(rough.id, "A")
    with pytest.raises(NotFound, match="no such take"):
        show.retake(99, reason="x", by="A")
    for words in ({"reason": " \n", "by": "A"}, {"reason": "x", "by": " "}, {"reason": "x" * 5000, "by": "A"},
                  {"reason": "x", "by": "A", "source": " "}):  # fmt: skip
        with pytest.raises(BadInput):
            show.retake(painting.id, **words)
    gone = replace(show.cut("001"), board=FileRef(sha="1" * 64, name="gone.png"))
    with pytest.raises(NotFound, match=r"gone\.png"):
        show.retake(painting.id, reason="x", by="A", order=gone)
    assert len(show.history()) == before
    assert show.retakes() == ()


def test_a_touch_up_answers_and_what_came_before_does_not(show: Show) -> None:
    painting = machine_take(show, Stage.PAINTING)
    asked = show.retake(painting.id, reason="x", by="A")
    machine_take(show)  # a rough
    assert show.retakes() == (asked,)
    edited = hand_take(show, parents=(painting.id,))
    (now,) = show.retakes()
    assert now.answer is not None
    assert (now.answer.take, now.answer.by) == (edited.id, "佐藤")
    again = show.retake(edited.id, reason="still", by="A")
    assert show.retakes(open_only=True) == (again,)


def test_only_a_painting_that_was_ordered_otherwise_answers(show: Show) -> None:
    first = recipe(Stage.PAINTING)
    painting = painted(show, first)
    show.retake(painting.id, reason="x", by="A")
    painted(show, replace(first, engine_version="2", reading="geometry/2", intake="9"))
    painted(show, replace(first, seed=1), answers=False)
    assert len(show.retakes(open_only=True)) == 1
    other = painted(show, replace(first, prompt="港町、夕方"))
    (asked,) = show.retakes()
    assert asked.answer is not None
    assert (asked.answer.take, asked.answer.by) == (other.id, "")


def test_a_take_that_was_there_before_does_not_answer_when_it_is_found_again(show: Show) -> None:
    first = recipe(Stage.PAINTING)
    painting, other = painted(show, first), painted(show, replace(first, seed=1))
    show.retake(painting.id, reason="x", by="A")
    assert painted(show, replace(first, seed=1)) == other
    assert len(show.retakes(open_only=True)) == 1


def test_a_sent_back_repaint_is_held_against_the_whole_painting_under_it(show: Show) -> None:
    first = recipe(Stage.PAINTING)
    painting = painted(show, first)
    part = replace(first, prompt="other", base=painting.picture, mask="1" * 64)
    repainted = painted(show, part, parents=(painting.id,))
    show.retake(repainted.id, reason="x", by="A")
    painted(show, replace(first, engine_version="2"))
    assert len(show.retakes(open_only=True)) == 1
    painted(show, replace(part, seed=4), parents=(painting.id,))
    assert show.retakes(open_only=True) == ()


def test_a_persons_sent_back_picture_waits_for_a_person_unless_a_machine_is_asked(show: Show) -> None:
    first = recipe(Stage.PAINTING)
    painting = painted(show, first)
    edited = hand_take(show, parents=(painting.id,))
    by_hand = show.retake(edited.id, reason="x", by="A")
    painted(show, replace(first, prompt="港町、夕方"))
    assert show.retakes(open_only=True) == (by_hand,)
    by_machine = show.retake(edited.id, reason="anew", by="A", order=replace(show.cut("001"), seed=5))
    assert by_machine.again
    assert show.cut("001").seed == 5
    painted(show, replace(first, seed=5))
    assert show.retakes(open_only=True) == (by_hand,)


def test_a_retake_is_closed_by_word_once(show: Show) -> None:
    take = machine_take(show, Stage.PAINTING)
    asked = show.retake(take.id, reason="x", by="A")
    closed = show.answer_retake(asked.id, by="新井", note="withdrawn")
    assert closed.answer is not None
    assert (closed.answer.take, closed.answer.by, closed.answer.note) == (None, "新井", "withdrawn")
    with pytest.raises(Refused, match="answered already"):
        show.answer_retake(asked.id, by="B")
    with pytest.raises(NotFound, match="no such retake"):
        show.answer_retake(77, by="B")
    assert show.choices() == {}


def test_the_newest_pick_counts_and_answers_what_others_were_sent_back_for(show: Show) -> None:
    one, two, three = (machine_take(show, Stage.PAINTING, seed=seed) for seed in range(3))
    assert show.picked("001", "BG") is None
    show.pick(one.id, "監督")
    same, other = show.retake(one.id, reason="x", by="A"), show.retake(two.id, reason="y", by="A")
    show.pick(one.id, "監督")
    assert show.retakes(open_only=True) == (same, other)  # the very same word again says nothing
    show.pick(two.id, "監督")
    assert [retake.id for retake in show.retakes(open_only=True)] == [other.id]
    assert show.picked("001", "BG") == two
    with pytest.raises(NotFound):
        show.pick_all([(three.id, "B"), (99, "B")])
    assert show.picked("001", "BG") == two


def test_the_newest_word_of_pick_approval_and_answer_is_the_choice(show: Show) -> None:
    one, two = (machine_take(show, Stage.PAINTING, seed=seed) for seed in range(2))

    def word() -> tuple[ChoiceKind, int]:
        choice = show.choices("001")["001", "BG"]
        return choice.kind, choice.take

    show.approve(one.id, "監督")
    assert word() == (ChoiceKind.APPROVAL, one.id)
    show.pick(two.id, "監督")
    assert word() == (ChoiceKind.PICK, two.id)
    show.approve(one.id, "監督")  # the same approval as before, but no longer the last word
    assert word() == (ChoiceKind.APPROVAL, one.id)
    show.retake(one.id, reason="x", by="A")
    assert word() == (ChoiceKind.APPROVAL, one.id)
    edited = hand_take(show, parents=(one.id,))
    assert word() == (ChoiceKind.ANSWER, edited.id)
    assert show.choices() == show.choices("001")
    assert show.choices("002") == {}


@pytest.mark.parametrize("table", ["picks", "retakes", "retake_answers"])
@pytest.mark.parametrize("action", ["UPDATE {0} SET take = take", "DELETE FROM {0}"])
def test_what_was_said_cannot_be_changed(show: Show, table: str, action: str) -> None:
    one, two = (machine_take(show, Stage.PAINTING, seed=seed) for seed in range(2))
    show.retake(one.id, reason="x", by="A")
    show.pick(two.id, "A")
    with pytest.raises(LedgerBroken, match="immutable"), show._ledger.writing() as connection:
        connection.execute(text(action.format(table)))
