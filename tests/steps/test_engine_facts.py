from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.steps.painted_shows import painted_show, recipe

from genzu.core.credit import Hand
from genzu.core.model_facts import ModelFacts
from genzu.core.take import NewTake, Stage, Take
from genzu.engines.fake import FakeEngine
from genzu.steps.engine_facts import UNSTATED, notes_of, recorded, stated, version_for
from genzu.steps.staff_roll import Machine, staff_roll

LORA = ModelFacts(kind="lora", title="Harbour", author="Aya", licence="CC0-1.0", sha256="a" * 64)


class Painter(FakeEngine):
    """Weights of its own are called by a word of the prompt."""

    capabilities = replace(FakeEngine.capabilities, models=(ModelFacts(kind="model", title="Base"),), training="T")

    def models_in(self, prompt: str) -> tuple[ModelFacts, ...]:
        return (LORA,) if "harbour" in prompt else ()

    def report(self) -> dict[str, Any]:
        return {"tries": 2, "notes": ["look closely"]}


def take_with(measures: dict[str, Any]) -> Take:
    return Take(
        id=1, number=1, created="", cut="1", sheet="BG", stage=Stage.PAINTING, picture="0", hand=Hand.AI,
        measures=measures,
    )  # fmt: skip


def test_an_engine_without_weights_of_others_leaves_no_trace() -> None:
    assert recorded(FakeEngine(), "town", 0) == {}
    assert version_for(FakeEngine(), "<lora:x:1>", 0) == FakeEngine.version


def test_what_is_recorded_comes_back() -> None:
    take = take_with(recorded(Painter(), "{harbour|harbour} town", 0))
    facts = stated(take)
    assert facts is not None and facts.learned
    assert [model.title for model in facts.models] == ["Base", "Harbour"]
    assert facts.sentence.startswith("T; lora Harbour by Aya, licence CC0-1.0")
    assert notes_of(take, take) == ("look closely",)


def test_weights_that_a_prompt_calls_are_part_of_the_version() -> None:
    assert version_for(Painter(), "town", 0) == "1"
    assert version_for(Painter(), "harbour", 0).startswith("1+")
    # The seed chooses what is called.
    versions = {version_for(Painter(), "{harbour|forest}", seed) for seed in range(20)}
    assert versions == {"1", version_for(Painter(), "harbour", 0)}


@pytest.mark.parametrize(
    "record", [None, 3, {}, {"models": 3}, {"models": [{"kind": "lora"}]}, {"models": ["x"]}, {"models": {"a": 1}}]
)
def test_a_record_of_another_make_is_not_believed_and_does_no_harm(record: object) -> None:
    facts = stated(take_with({"engine": record, "run": {"notes": None}}))
    assert facts is None or (facts.learned and facts.sentence == UNSTATED.sentence)
    assert notes_of(take_with({"run": 3})) == ()


def test_two_versions_of_one_engine_each_say_their_own(tmp_path: Path) -> None:
    with painted_show(tmp_path, cuts=("012", "013")) as show:
        for cut, title in (("012", "Old"), ("013", "New")):
            engine = {"training": f"from {title}", "learned": True, "models": [{"kind": "model", "title": title}]}
            other = show.record(
                NewTake(
                    cut=cut, sheet="BG", stage=Stage.PAINTING, hand=Hand.AI, picture=show.takes(cut)[-1].picture,
                    recipe=replace(
                        recipe(Stage.PAINTING, seed=5, sheet="BG"), engine="diffusers:x", engine_version=title
                    ),
                    measures={"engine": engine},
                )
            )  # fmt: skip
            show.pick(other.id, "Director")  # neither the engine nor the seed that the cut asks for
        roll = staff_roll(show)
    assert roll.trained(Machine("diffusers:x", "Old")).sentence == "from Old"
    assert "diffusers:x New (1 cut); from New" in roll.text
    assert {facts.title for facts in roll.models} == {"Old", "New"}
    assert roll.trained(Machine("diffusers:x", "other")) == UNSTATED
