"""What a push and a pull plan, without a server: the records are made by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from painted_shows import paint, painted_show, town

from genzu.core.credit import Hand
from genzu.core.cut import Cut, FileRef
from genzu.core.naming import Template
from genzu.core.review import LONGEST_REASON
from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadInput, UnknownWord
from genzu.exchange.kitsu.records import Comment, Meaning, Preview, Production, Project, Sequence, Shot, Status, Task
from genzu.steps.chosen import approved_now
from genzu.steps.kitsu_link import CUT_KEY, SHOW_KEY, Naming, Newer, agreed, base_of, differences, link
from genzu.steps.kitsu_marks import Mark, harmless, is_ours, key_of, marks_in, published, said_line
from genzu.steps.kitsu_pull import PullOrder, enter_pull, plan_pull
from genzu.steps.kitsu_push import PushOrder, plan_push
from genzu.steps.kitsu_send import smaller
from genzu.steps.kitsu_statuses import Standing, read_statuses
from genzu.steps.kitsu_words import NO_REASON, hear
from genzu.store.show import Show
from genzu.store.tracker import TrackerNews

WFA = Status(id="s1", name="Waiting For Approval", short="wfa", meaning=Meaning.FEEDBACK)
RETAKE = Status(id="s2", name="Retake", short="retake", meaning=Meaning.RETAKE)
DONE = Status(id="s3", name="Done", short="done", meaning=Meaning.DONE)
WIP = Status(id="s4", name="Work In Progress", short="wip", meaning=Meaning.WORKING)
APPROVED = Status(id="s5", name="Approved", short="approved")
STATUSES = (WFA, RETAKE, DONE, WIP, APPROVED)
LAYOUT = FileRef(sha="0" * 64, name="a.png")


def shot(name: str, *, comments: tuple[Comment, ...] = (), **said: Any) -> Shot:
    task = Task(id=f"t-{name}", status=comments[-1].status if comments else WIP, comments=comments)
    return Shot(id=f"id-{name}", name=name, sequence=said.pop("sequence", "SQ01"), task=task, **said)


def own(cut: str) -> dict[str, str]:
    """What Genzu leaves in a shot."""
    return {CUT_KEY: cut, SHOW_KEY: "Umi"}


def production(*shots: Shot, fps: str = "24", **project: Any) -> Production:
    return Production(
        project=Project(id="p", name="Umi", fps=fps, **project), statuses=STATUSES, task_type="k", shots=shots,
        sequences=(Sequence(id="q", name="SQ01"),),
    )  # fmt: skip


def revision(take: Take, number: int = 1, *, arrived: bool = True, status: Status = WFA) -> Comment:
    name = f"001_BG_painting01_{take.picture[:16]}" if arrived else ""
    preview = Preview(id=f"v{number}", name=name, revision=number)
    return Comment(
        id=f"r{number}", text=f"words\n\n{Mark.of(take)}", status=status, author="Genzu",
        created="2026-01-01T00:00:00Z", previews=(preview,),
    )  # fmt: skip


def said(status: Status, text: str = "", *, by: str = "新井", id: str = "c1", **more: Any) -> Comment:
    return Comment(id=id, text=text, status=status, author=by, created="2026-01-02T00:00:00Z", **more)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    painted_show(folder, cuts=("001", "002")).close()
    return folder / "show"


@pytest.fixture
def show(model: Path, tmp_path: Path) -> Iterator[Show]:
    """A copy: painting it anew for each test takes longer than the test."""
    shutil.copytree(model, tmp_path / "show")
    with Show.open(tmp_path / "show") as opened:
        yield opened


def painting(show: Show, cut: str = "001") -> Take:
    found = show.latest(cut, "BG", Stage.PAINTING)
    assert found is not None
    return found


# Which shot is which cut


@pytest.mark.parametrize(
    ("name", "template"),
    [("001", "{cut}"), ("1", "{cut}"), ("c001", "{cut}"), ("Umi_c001_bg", "{show}_c{cut:03}_bg"), ("C 1", "{cut}")],
)
def test_shots_are_linked_by_name(name: str, template: str) -> None:
    cuts = (Cut(number="001", layout=LAYOUT), Cut(number="002", layout=LAYOUT))
    links = link(cuts, production(shot(name), shot("010")), Naming(shots=Template(template)), "Umi")
    assert {number: one.name for number, one in links.shots.items()} == {"001": name}
    assert [number for number, _ in links.others] == ["010"]


def test_the_mark_in_a_shot_is_surer_than_its_name() -> None:
    cuts = (Cut(number="001", layout=LAYOUT),)
    there = production(shot("SH0990", data=own("001")), shot("001"))
    links = link(cuts, there, Naming(), "Umi")
    assert links.shots["001"].name == "SH0990" and not links.findings


def test_two_shots_for_one_cut_are_an_error_unless_a_sequence_is_named() -> None:
    cuts = (Cut(number="001", layout=LAYOUT),)
    there = production(shot("001"), shot("001", sequence="SQ02"))
    links = link(cuts, there, Naming(), "Umi")
    assert not links.shots and links.findings[0].is_error and "SQ02 / 001" in links.findings[0].sentence
    assert link(cuts, there, Naming(sequence="SQ02"), "Umi").shots["001"].sequence == "SQ02"


def test_shots_of_another_show_or_episode_are_not_taken_over() -> None:
    cuts = (Cut(number="001", layout=LAYOUT),)
    theirs = shot("001", data={CUT_KEY: "001", SHOW_KEY: "Yama"})
    links = link(cuts, production(theirs), Naming(), "Umi")
    assert not links.shots and links.findings[0].is_error and "'Yama'" in links.findings[0].sentence
    both = production(theirs, shot("001", sequence="SQ02"))
    assert link(cuts, both, Naming(sequence="SQ02"), "Umi").shots["001"].sequence == "SQ02"
    series = production(shot("001", episode="EP01", data=own("001")), shot("001", episode="EP02"))
    assert link(cuts, series, Naming(episode="EP02"), "Umi").shots["001"].episode == "EP02"


def test_a_canceled_shot_is_left_alone(show: Show) -> None:
    plan = plan_push(show, production(shot("001", data=own("001"), canceled=True)), PushOrder())
    assert [one.cut.number for one in plan.cuts] == ["002"]
    assert "canceled" in plan.findings[0].sentence
    both = plan_push(show, production(shot("001", canceled=True), shot("001")), PushOrder(cuts="001"))
    assert both.cuts[0].shot is not None and not both.cuts[0].shot.canceled and not both.findings
    assert [one.cut.number for one in plan_push(show, production(shot("001", canceled=True)), PushOrder()).cuts] == [
        "002"
    ]


@pytest.mark.parametrize(
    ("here", "there", "base", "newer"),
    [
        (72, 84, None, Newer.UNKNOWN), (72, None, None, Newer.HERE), (None, 84, None, Newer.THERE),
        (72, 84, 72, Newer.THERE), (72, 84, 84, Newer.HERE), (72, 84, 60, Newer.BOTH), (72, None, 72, Newer.HERE),
    ],
)  # fmt: skip
def test_who_changed_a_length(here: int | None, there: int | None, base: int | None, newer: Newer) -> None:
    cut = Cut(number="001", layout=LAYOUT, frames=here)
    agreed_on = None
    if base is not None:
        agreed_on = base_of(agreed(replace(cut, frames=base), shot("001", frames=base), None))
    (found,) = differences(cut, shot("001", frames=there), agreed_on)
    assert (found.name, found.newer) == ("frames", newer)


def test_what_still_differs_keeps_what_was_agreed_on() -> None:
    cut = Cut(number="001", layout=LAYOUT, frames=72, note="a")
    first = base_of(agreed(cut, shot("001", frames=72, description="a"), None))
    changed = replace(cut, frames=80, note="b")
    second = base_of(agreed(changed, shot("001", frames=90, description="b"), first))
    assert first is not None and second is not None
    assert second["frames"] == first["frames"] and second["note"] != first["note"]


def test_a_damaged_memory_is_no_memory() -> None:
    assert base_of("{") is base_of("[1]") is base_of(None) is None


# Marks


def test_marks_survive_the_way_through_a_comment(show: Show) -> None:
    take = painting(show)
    comment = revision(take)
    assert marks_in(comment) == (Mark.of(take),) and is_ours(comment)
    assert not is_ours(said(RETAKE, f"about {Mark.of(take)} I think"))
    assert not is_ours(said(RETAKE, f"{Mark.of(take)}\nthis one"))
    assert is_ours(said(WIP, "words\n\n" + said_line("x"))) and marks_in(said(WIP, said_line("x"))) == ()


def test_a_final_of_the_same_picture_is_the_same(show: Show) -> None:
    mark = Mark.of(painting(show))
    assert key_of([mark]) == key_of([replace(mark, stage="final", number=3)])
    assert key_of([mark]) != key_of([replace(mark, sheet="BOOK1")])


def test_nothing_that_genzu_writes_calls_people_or_other_tasks() -> None:
    assert not set(harmless("#all @佐藤 #comp")) & {"#", "@"}


# What is pushed


def test_what_was_published_is_not_planned_again(show: Show) -> None:
    there = production(
        shot("001", comments=(revision(painting(show)),), data=own("001")),
        shot("002", comments=(revision(painting(show, "002")),), data=own("002")),
    )
    plan = plan_push(show, there, PushOrder())
    assert plan.cuts == () and plan.unchanged == 2


def test_a_revision_that_was_begun_is_finished_and_not_made_anew(show: Show) -> None:
    begun = revision(painting(show), arrived=False)
    (first, _) = plan_push(show, production(shot("001", comments=(begun,))), PushOrder()).cuts
    assert first.publication is not None and first.publication.begun is not None
    assert first.publication.begun.comment == begun
    assert first.publication.missing == (painting(show),)
    assert first.publication.begun.empty == begun.previews[0]


def test_a_broken_preview_is_sent_again(show: Show) -> None:
    whole = revision(painting(show))
    broken = replace(whole, previews=(replace(whole.previews[0], ready=False),))
    (found,) = published(Task(id="t", status=WFA, comments=(broken,)))
    assert found.missing == found.marks and found.empty is None


@pytest.mark.parametrize(
    ("decide", "why", "standing"),
    [
        (lambda show: None, "", Standing.PAINTED),
        (lambda show: None, "other words", Standing.STALE),
        (lambda show: show.approve(painting(show).id, "監督"), "other words", Standing.APPROVED),
        (lambda show: show.retake(painting(show).id, reason="x", by="監督"), "", Standing.RETAKE),
    ],
)
def test_the_standing_decides_the_status(show: Show, decide: Any, why: str, standing: Standing) -> None:
    decide(show)
    plan = plan_push(show, production(), PushOrder(cuts="001"), lambda _: why)
    (only,) = plan.cuts
    assert only.publication is not None and only.publication.standing is standing
    assert plan.statuses[standing] in STATUSES
    assert ("by now: other words" in only.publication.text) == (standing is Standing.STALE)


def test_statuses_are_found_by_name_then_by_meaning_and_a_wrong_one_is_told(show: Show) -> None:
    own = tuple(replace(one, short=f"x{one.short}") for one in STATUSES)
    plan = plan_push(show, replace(production(), statuses=own), PushOrder())
    assert plan.statuses[Standing.PAINTED].short == "xwfa" and not plan.errors
    asked = PushOrder(statuses={Standing.APPROVED: "approved"})
    assert plan_push(show, production(), asked).statuses[Standing.APPROVED] == APPROVED
    wrong = plan_push(show, production(), PushOrder(statuses={Standing.APPROVED: "nope"}))
    assert "'nope'" in wrong.errors[0].sentence
    assert read_statuses(["painted=wfa"]) == {Standing.PAINTED: "wfa"}
    for text in ("painted", "finished=done", "painted="):
        with pytest.raises(UnknownWord):
            read_statuses([text])


def test_a_status_that_people_set_is_not_fought(show: Show) -> None:
    comments = (revision(painting(show)), said(WIP, "I am looking at it"))
    there = production(shot("001", comments=comments, data=own("001")))
    assert plan_push(show, there, PushOrder(cuts="001")).cuts == ()


def test_what_is_stale_is_said_once_and_so_is_that_it_is_not_any_more(show: Show) -> None:
    def said_after(*comments: Comment, why: str) -> list[tuple[Standing, str]]:
        there = production(shot("001", comments=comments, data=own("001")))
        plan = plan_push(show, there, PushOrder(cuts="001"), lambda _: why)
        return [(remark.standing, remark.text) for one in plan.cuts for remark in one.remarks]

    fresh, old = revision(painting(show)), revision(painting(show), status=WIP)
    ((standing, text),) = said_after(fresh, why="other words")
    assert standing is Standing.STALE and "other words" in text
    anew = said(WIP, text)
    assert said_after(fresh, anew, why="other words") == said_after(old, why="other words") == []
    for comments in ((fresh, anew), (old,)):
        ((standing, text),) = said_after(*comments, why="")
        assert standing is Standing.PAINTED
        assert said_after(*comments, said(WFA, text, id="c9"), why="") == []


def test_an_older_picture_that_stands_again_is_said_and_not_sent(show: Show) -> None:
    first = painting(show)
    second = paint(show, "001", seed=5)
    show.approve(first.id, "監督")
    there = production(shot("001", comments=(revision(first), revision(second, 2)), data=own("001")))
    (only,) = plan_push(show, there, PushOrder(cuts="001")).cuts
    assert only.publication is None
    assert [one.line for one in only.remarks] == ["Revision 1 stands again by 監督"]


def test_work_that_came_after_an_approval_is_shown_for_its_own(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    first = painting(show)
    show.approve(first.id, "監督")
    monkeypatch.setattr("genzu.store.takes.now", lambda: "2999-01-01T00:00:00Z")
    touched = show.record(
        NewTake(
            cut="001", sheet="BG", stage=Stage.RETOUCH, picture=show.keep_picture(town(7)), hand=Hand.AI_AND_HUMAN,
            by="佐藤", parents=(first.id,),
        )
    )  # fmt: skip
    comments = (revision(first, status=DONE),)
    (only,) = plan_push(show, production(shot("001", comments=comments)), PushOrder(cuts="001")).cuts
    assert only.publication is not None and only.publication.takes == (touched,)
    assert only.publication.standing is Standing.PAINTED


def test_one_picture_where_a_production_takes_but_one(show: Show) -> None:
    paint(show, "001", sheet="BOOK1", seed=2)
    both, one = production(), production(one_picture=True)
    for there, count in ((both, 2), (one, 1)):
        (only,) = plan_push(show, there, PushOrder(cuts="001")).cuts
        assert only.publication is not None and len(only.publication.takes) == count
        assert only.publication.takes[0].sheet == "BG"


def test_lengths_at_another_rate_are_left_alone(show: Show) -> None:
    show.update_cut(replace(show.cut("001"), frames=72))
    show.enter_news(TrackerNews(settings={"fps": "24"}))
    there = production(shot("001", frames=75, data=own("001")), fps="25")
    push, pull = plan_push(show, there, PushOrder(cuts="001")), plan_pull(show, there, PullOrder(cuts="001"))
    assert not push.cuts[0].changes and pull.cutlist is None
    assert all("25 frames a second" in plan.findings[0].sentence for plan in (push, pull))


def test_pictures_for_looking_at_are_small_enough_and_keep_their_alpha() -> None:
    wide = np.zeros((200, 3000, 4), np.uint8)
    wide[:, 1500:] = (200, 60, 40, 255)
    small = smaller(wide)
    assert small.shape == (128, 1920, 4)
    assert tuple(small[64, 1800]) == (200, 60, 40, 255) and small[64, 100, 3] == 0
    seen = small[..., 3] > 128
    assert np.abs(small[seen][:, :3].astype(int) - (200, 60, 40)).max() <= 5, "black bleeds from under the alpha"
    assert smaller(wide[:, :1920]).shape == (200, 1920, 4)


# What is heard


def heard(show: Show, *comments: Comment, statuses: Mapping[Standing, str] | None = None) -> Any:
    takes = {Mark.of(take): take for take in show.takes("001")}
    return hear(
        "001", shot("001", comments=comments), takes.get, followed=show.followed(), choices=show.choices(),
        chosen=statuses,
    )  # fmt: skip


def test_a_retake_is_about_the_revision_before_it(show: Show) -> None:
    first, second = painting(show), paint(show, "001", seed=5)
    found = heard(show, revision(first), said(RETAKE, "暗い"), revision(second, 2), said(RETAKE, "まだ", id="c2"))
    assert [(one.take, one.by, one.reason) for one in found.words] == [
        (first.id, "新井", "暗い"), (second.id, "新井", "まだ"),
    ]  # fmt: skip


def test_nobody_judges_a_picture_that_did_not_arrive(show: Show) -> None:
    first, second = painting(show), paint(show, "001", seed=5)
    begun = revision(second, 2, arrived=False)
    assert [one.take for one in heard(show, revision(first), begun, said(DONE)).words] == [first.id]
    assert not heard(show, begun, said(DONE)).words


def test_what_only_repeats_a_status_is_no_new_verdict(show: Show) -> None:
    take = painting(show)
    artist = said(DONE, "thanks!", by="伊藤", id="c2", leads=False)
    assert [one.by for one in heard(show, revision(take), said(DONE), artist).words] == ["新井"]
    answer = said(RETAKE, "OK, I am on it", by="伊藤", id="c2", leads=False)
    more = said(RETAKE, "and the roof", by="監督", id="c3")
    assert [one.by for one in heard(show, revision(take), said(RETAKE, "暗い"), answer, more).words] == ["新井", "監督"]


def test_bots_and_genzu_itself_are_not_people(show: Show) -> None:
    take = painting(show)
    own = said(DONE, "Approved\n\n" + said_line("x"))
    assert not heard(show, revision(take, status=DONE), own, said(RETAKE, by="bot", by_bot=True)).words


def test_a_picture_that_genzu_has_not_cannot_be_approved(show: Show) -> None:
    take = painting(show)
    theirs = Preview(id="x", name="over_paint", revision=2)
    upload = said(WFA, "my version", by="伊藤", previews=(theirs,))
    found = heard(show, revision(take), upload, said(DONE, id="c2"))
    assert not found.words and "a picture by 伊藤" in found.findings[0].sentence
    back = heard(show, revision(take), upload, said(RETAKE, id="c2"))
    assert back.words[0].take == take.id and "伊藤" in back.words[0].note and back.words[0].reason == NO_REASON
    assert "nothing that Genzu published" in heard(show, said(DONE)).findings[0].sentence
    assert "does not have" in heard(show, revision(replace(take, picture="f" * 64)), said(DONE)).findings[0].sentence


def test_a_sketch_in_a_retake_is_no_new_revision(show: Show) -> None:
    take = painting(show)
    sketch = said(RETAKE, "like this", previews=(Preview(id="x", name="sketch", revision=2),))
    found = heard(show, revision(take), sketch)
    assert found.words[0].take == take.id and "attached" in found.words[0].note


def test_a_choice_that_was_made_here_later_stays(show: Show) -> None:
    first, second = painting(show), paint(show, "001", seed=5)
    show.approve(second.id, "監督")
    found = heard(show, revision(first), said(DONE))
    assert not found.words and "stays" in found.findings[0].sentence


def test_the_studio_names_its_own_statuses(show: Show) -> None:
    fix = Status(id="s9", name="To Fix", short="fix")
    assert not heard(show, revision(painting(show)), said(fix, "暗い")).words
    named = heard(show, revision(painting(show)), said(fix, "暗い"), statuses={Standing.RETAKE: "FIX"})
    assert named.words[0].reason == "暗い"


def test_a_reason_longer_than_a_retake_holds_is_cut_off(show: Show) -> None:
    (word,) = heard(show, revision(painting(show)), said(RETAKE, "あ" * 9000)).words
    assert word.reason is not None and len(word.reason) == LONGEST_REASON and word.reason.endswith("…")


# A pull is all or nothing


def test_one_wrong_shot_and_nothing_is_pulled(show: Show) -> None:
    there = production(
        shot("001", frames=48, comments=(revision(painting(show)), said(RETAKE, "暗い"))),
        shot("002", frames=-3, data={"place": "Narnia", "season": "fifth"}),
    )
    plan = plan_pull(show, there, PullOrder())
    assert any("fifth" in one.sentence for one in plan.errors)
    with pytest.raises(BadInput, match="nothing was pulled"):
        enter_pull(show, plan)
    assert show.retakes() == () and show.cut("001").frames is None and show.setting("kitsu base 001") is None


def test_an_approval_answers_what_was_asked_before(show: Show) -> None:
    take = painting(show)
    comments = (revision(take), said(RETAKE, "暗い"), said(DONE, "これでよい", id="c2"))
    enter_pull(show, plan_pull(show, production(shot("001", comments=comments)), PullOrder()))
    (asked,) = show.retakes()
    assert asked.answer is not None and asked.answer.by == "新井" and approved_now(show, "001", "BG") == take
    again = plan_pull(show, production(shot("001", comments=comments)), PullOrder())
    assert not again.heard


def test_the_order_of_the_film_stays(show: Show) -> None:
    show.update_cut(replace(show.cut("002"), order=1))
    show.update_cut(replace(show.cut("001"), order=2))
    enter_pull(show, plan_pull(show, production(shot("001"), shot("002", frames=24)), PullOrder()))
    assert [(cut.number, cut.frames) for cut in show.cuts()] == [("002", 24), ("001", None)]


def test_a_cast_environment_is_the_place_unless_the_shot_names_one(show: Show) -> None:
    there = production(shot("001", place="港"), shot("002", place="港", data={"place": "駅"}))
    enter_pull(show, plan_pull(show, there, PullOrder(new_places=True)))
    assert [cut.place for cut in show.cuts()] == ["港", "駅"]
