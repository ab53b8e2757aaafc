from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.model_facts import NOT_STATED, ModelFacts, training_sentence
from genzu.errors import BadRecord

TEXT = st.none() | st.text("abc 秋", min_size=1, max_size=8)
FACTS = st.builds(
    ModelFacts, kind=st.sampled_from(["model", "lora", "vae"]), title=st.text("abc", min_size=1, max_size=8),
    author=TEXT, licence=TEXT, origin=TEXT, training=TEXT, sha256=TEXT, weight=st.none() | st.floats(-4, 4),
)  # fmt: skip


@given(FACTS)
def test_facts_come_back_as_they_were(facts: ModelFacts) -> None:
    assert ModelFacts.from_dict(facts.to_dict()) == facts


@given(st.lists(FACTS, max_size=4))
def test_the_sentence_names_every_part_and_admits_what_is_not_said(models: list[ModelFacts]) -> None:
    said = training_sentence(models)
    for facts in models:
        assert facts.title in said
        assert all(word in said for word in (facts.author, facts.licence) if word)
    silent = any(facts.kind in ("model", "lora") and facts.training is None for facts in models)
    assert (NOT_STATED in said) == (silent or not models)


def test_what_nobody_stated_is_not_passed_over() -> None:
    assert ModelFacts(kind="lora", title="x").sentence == "lora x, author not stated, licence not stated"


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(BadRecord, match=r"model\.lisence.*did you mean licence"):
        ModelFacts.from_dict({"kind": "lora", "title": "x", "lisence": "MIT"})
