from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from judged_shows import judged_show, painted, touched_up

from genzu.core.credit import Role
from genzu.core.cut import Cut
from genzu.errors import BadInput, NotFound, Refused
from genzu.steps.chosen import approved_now, chosen_take
from genzu.steps.review import approve, candidate, candidates, open_retakes, owner_of, send_back, standing
from genzu.store.show import Show


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return judged_show(tmp_path)


def test_candidates_keep_their_numbers_whatever_is_painted_later(show: Show) -> None:
    assert [take.number for take in candidates(show, "001", "BG")] == [1, 2, 3]
    painted(show, "001", prompt="night, 港町")
    painted(show, "001", 7, upon=candidate(show, "001", "BG", 2))
    assert [take.number for take in candidates(show, "001", "BG")] == [1, 2, 3]
    show.update_cut(replace(show.cut("001"), prompt="夕方"))
    painted(show, "001", prompt="夕方")
    assert [take.number for take in candidates(show, "001", "BG")] == [6]
    assert candidate(show, "001", "BG", 2).number == 2
    with pytest.raises(NotFound, match=r"cut 001 BG: there is no candidate 9; offered are: 6"):
        candidate(show, "001", "BG", 9)


def test_the_picked_take_is_approved_and_its_art_director_named(show: Show) -> None:
    show.pick(candidate(show, "001", "BG", 3).id, "助手")
    take = approve(show, "001", "BG", by="監督")
    assert take.number == 3
    assert approved_now(show, "001", "BG") == take
    assert [(one.name, one.role) for one in show.contributions("001")] == [("監督", Role.ART_DIRECTOR)]


def test_what_was_sent_back_is_approved_only_when_something_answers(show: Show) -> None:
    asked = send_back(show, "001", "BG", reason="空が重い", by="監督").retake
    assert open_retakes(show) == (asked,)
    for take_id in (None, candidate(show, "001", "BG", 2).id):
        with pytest.raises(Refused, match="sent back by 監督 and nothing answers that yet"):
            approve(show, "001", "BG", by="監督", take_id=take_id)
    assert show.approved("001", "BG") is None
    assert show.contributions("001") == ()
    edited = touched_up(show, standing(show, "001", "BG"))
    assert open_retakes(show) == ()
    assert approve(show, "001", "BG", by="監督") == edited


def test_approved_anyway_closes_the_retake_with_that(show: Show) -> None:
    send_back(show, "001", "BG", reason="空が重い", by="監督")
    take = approve(show, "001", "BG", by="監督", anyway=True)
    (asked,) = show.retakes()
    assert asked.answer is not None
    assert (asked.answer.take, asked.answer.by, asked.answer.note) == (take.id, "監督", "approved anyway")
    assert approved_now(show, "001", "BG") == take


def test_a_variant_that_is_newer_than_the_retake_answers_by_being_approved(show: Show) -> None:
    send_back(show, "001", "BG", reason="夜に", by="監督")
    variant = painted(show, "001", prompt="night, 港町")
    assert len(open_retakes(show)) == 1
    approve(show, "001", "BG", by="監督", take_id=variant.id)
    assert open_retakes(show) == ()
    assert chosen_take(show, "001", "BG") == variant


def test_what_has_moved_is_not_approved_in_passing(show: Show) -> None:
    moved = painted(show, "001", 5, shift=3.0)
    edited = touched_up(show, moved)
    for take in (moved, edited):
        with pytest.raises(Refused, match=r"moved by 3\.00 px"):
            approve(show, "001", "BG", by="監督", take_id=take.id)
    assert approve(show, "001", "BG", by="監督", take_id=edited.id, anyway=True) == edited


def test_a_retake_with_an_order_changes_the_cut(show: Show) -> None:
    sent = send_back(show, "001", "BG", reason="夕方に", by="監督", prompt="港町、夕方", seed=4)
    assert sent.retake.again
    assert sent.notes == ()
    assert (show.cut("001").prompt, show.cut("001").seed) == ("港町、夕方", 4)
    with pytest.raises(BadInput, match="in this way already"):
        send_back(show, "001", "BG", reason="x", by="監督", seed=4)
    assert len(show.retakes()) == 1


def test_a_seed_that_is_painted_already_is_told(show: Show) -> None:
    sent = send_back(show, "001", "BG", reason="別の手で", by="監督", seed=2)
    assert "candidate 3" in sent.notes[0]
    assert "genzu pick 001" in sent.notes[0]


def test_a_shared_background_is_judged_where_it_comes_from(show: Show) -> None:
    show.add_cut(Cut(number="040", layout=show.cut("001").layout, uses="001"))
    assert owner_of(show, "040", "BG") == "001"
    assert owner_of(show, "001", "BOOK1") == "001"


def test_errors_name_the_cut_and_what_to_do(show: Show) -> None:
    show.add_cut(Cut(number="002", layout=show.cut("001").layout))
    with pytest.raises(NotFound, match=r"cut 002 BG: nothing is painted yet.*genzu paint"):
        approve(show, "002", "BG", by="監督")
    with pytest.raises(NotFound, match=r"cut 001 BOOK1: nothing is painted of this sheet.*BG"):
        send_back(show, "001", "BOOK1", reason="x", by="監督")
    with pytest.raises(BadInput, match="belongs to cut 001"):
        approve(show, "002", "BG", by="監督", take_id=1)
