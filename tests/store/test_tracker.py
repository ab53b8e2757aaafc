from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import hand_take, machine_take, show_with_cut

from genzu.core.review import ChoiceKind
from genzu.core.take import Stage
from genzu.errors import GenzuError, NotFound, Refused
from genzu.store.cuts import ListChanges
from genzu.store.show import Show
from genzu.store.tracker import TrackerNews, Word


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return show_with_cut(tmp_path / "show")


def test_the_same_word_is_entered_once(show: Show) -> None:
    take = machine_take(show, Stage.PAINTING)
    back = Word(take=take.id, by="新井", source="kitsu:1", reason="暗い", note="Kitsu, revision 1")
    good = Word(take=take.id, by="監督", source="kitsu:2")
    for _ in range(2):  # two pulls that were planned before either was entered
        show.enter_news(TrackerNews(words=(back, good)))
    (asked,) = show.retakes()
    assert (asked.reason, asked.by, asked.note, asked.source) == ("暗い", "新井", "Kitsu, revision 1", "kitsu:1")
    assert asked.answer is not None and asked.answer.by == "監督"
    assert [one.who for one in show.history("001") if one.what == "take approved"] == ["監督"]
    assert show.followed() == {"kitsu:1", "kitsu:2"}
    assert show.choices()["001", "BG"].kind is ChoiceKind.APPROVAL, "the approval is not the newest word"


def test_an_approval_does_not_come_back_over_a_later_one(show: Show) -> None:
    painting = machine_take(show, Stage.PAINTING)
    good = TrackerNews(words=(Word(take=painting.id, by="監督", source="kitsu:1"),))
    show.enter_news(good)
    touched = hand_take(show, parents=(painting.id,))
    show.approve(touched.id, "監督")
    show.enter_news(good)
    assert show.approved("001", "BG") == touched


@pytest.mark.parametrize("fault", ["take", "cut", "name"])
def test_news_come_in_as_a_whole_or_not_at_all(show: Show, fault: str) -> None:
    take, cut = machine_take(show, Stage.PAINTING), show.cut("001")
    before = replace(cut, frames=10) if fault == "cut" else cut
    last = Word(take=999 if fault == "take" else take.id, by="\n" if fault == "name" else "監督", source="kitsu:2")
    news = TrackerNews(
        changes=ListChanges(cuts=((before, replace(cut, frames=48)),)),
        words=(Word(take=take.id, by="新井", source="kitsu:1", reason="暗い"), last), settings={"kitsu": "{}"},
    )  # fmt: skip
    events = len(show.history())
    with pytest.raises(GenzuError) as refused:
        show.enter_news(news)
    assert isinstance(refused.value, {"take": NotFound, "cut": Refused}.get(fault, GenzuError))
    assert show.cut("001") == cut and show.retakes() == () and show.setting("kitsu") is None
    assert len(show.history()) == events and show.followed() == frozenset()
