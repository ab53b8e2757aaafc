from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.geometry import Extent
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import NewTake, Stage, Take
from genzu.steps.chosen import approved_now, chosen_take, latest_work
from genzu.store.show import Show

SHA = "0123456789abcdef" * 4


@pytest.fixture
def show(tmp_path: Path) -> Show:
    made = Show.create(tmp_path / "show", "海")
    (tmp_path / "layout.png").write_bytes(b"a layout")
    made.add_cut(Cut(number="001", layout=made.keep_file(tmp_path / "layout.png"), prompt="港町", engine="fake"))
    return made


def painting(show: Show, seed: int = 0, *, prompt: str = "港町", upon: Take | None = None) -> Take:
    recipe = Recipe(
        stage=Stage.PAINTING, engine="fake", engine_version="1", extent=Extent(12, 8), seed=seed, prompt=prompt,
        conditions=Conditions(), layout=SHA, reading="geometry/1", intake="1",
    )  # fmt: skip
    if upon is not None:
        recipe = replace(recipe, base=upon.picture, mask=SHA)
    picture = show.keep_picture(np.random.default_rng(seed).integers(0, 256, (8, 12, 3), dtype=np.uint8))
    return show.record(
        NewTake(
            cut="001", sheet="BG", stage=Stage.PAINTING, picture=picture, hand=Hand.AI, recipe=recipe,
            parents=(upon.id,) if upon else (),
        ),
        answers=upon is not None or (seed == show.cut("001").seed and prompt == show.cut("001").prompt),
    )  # fmt: skip


def touched_up(show: Show, upon: Take) -> Take:
    picture = show.keep_picture(np.full((8, 12, 3), upon.id, np.uint8))
    return show.record(
        NewTake(
            cut="001", sheet="BG", stage=Stage.RETOUCH, picture=picture, hand=Hand.AI_AND_HUMAN, by="佐藤",
            parents=(upon.id,),
        )
    )  # fmt: skip


def stands(show: Show) -> Take | None:
    return chosen_take(show, "001", "BG")


def test_the_cuts_own_candidate_stands_until_somebody_picks(show: Show) -> None:
    assert stands(show) is None
    own, second, third = (painting(show, seed) for seed in range(3))
    assert stands(show) == own
    show.pick(third.id, "監督")
    assert stands(show) == third
    show.pick(second.id, "監督")
    assert stands(show) == second


def test_a_pick_holds_against_what_is_painted_later(show: Show) -> None:
    _, second = (painting(show, seed) for seed in range(2))
    show.pick(second.id, "監督")
    show.update_cut(replace(show.cut("001"), prompt="港町、夕方"))
    painting(show, prompt="港町、夕方")
    assert stands(show) == second


def test_work_on_the_picked_take_follows_and_work_on_another_does_not(show: Show) -> None:
    first, second = (painting(show, seed) for seed in range(2))
    show.pick(second.id, "監督")
    touched_up(show, first)
    assert stands(show) == second
    repaint = painting(show, 7, upon=second)
    assert stands(show) == repaint
    edited = touched_up(show, repaint)
    assert stands(show) == edited
    again = painting(show, 8, upon=edited)
    assert stands(show) == again


def test_the_answer_to_a_retake_takes_the_place_of_what_was_picked(show: Show) -> None:
    first, second = (painting(show, seed) for seed in range(2))
    show.pick(second.id, "監督")
    show.retake(second.id, reason="空が重い", by="監督", order=replace(show.cut("001"), prompt="港町、晴れ"))
    assert stands(show) == second
    third = painting(show, prompt="港町、晴れ")
    assert stands(show) == third
    edited = touched_up(show, third)
    assert stands(show) == edited
    show.pick(first.id, "監督")
    assert stands(show) == first


def test_an_approval_holds_exactly_that_take_until_a_newer_word(show: Show) -> None:
    first, second = (painting(show, seed) for seed in range(2))
    show.approve(second.id, "監督")
    edited = touched_up(show, second)
    assert stands(show) == approved_now(show, "001", "BG") == second
    assert latest_work(show, "001", "BG") == edited
    show.pick(first.id, "監督")
    assert stands(show) == first
    assert approved_now(show, "001", "BG") is None


def test_what_was_sent_back_is_shown_but_not_approved_any_more(show: Show) -> None:
    first = painting(show)
    show.approve(first.id, "監督")
    show.retake(first.id, reason="空が重い", by="監督")
    assert stands(show) == first
    assert approved_now(show, "001", "BG") is None
    edited = touched_up(show, first)
    assert stands(show) == edited
    assert approved_now(show, "001", "BG") is None
    show.approve(edited.id, "監督")
    assert approved_now(show, "001", "BG") == edited


def test_after_an_approval_newer_work_is_what_is_offered_next(show: Show) -> None:
    first = painting(show)
    show.approve(first.id, "監督")
    assert latest_work(show, "001", "BG") == first
    show.update_cut(replace(show.cut("001"), prompt="港町、夕方"))
    newer = painting(show, prompt="港町、夕方")
    assert latest_work(show, "001", "BG") == newer
    assert stands(show) == first
