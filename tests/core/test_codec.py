from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.codec import Fields, canonical, digest, is_text, under, without_none
from genzu.core.scene import Season
from genzu.errors import BadInput, BadRecord, Refused

RECORD = st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5), max_size=5)


@given(RECORD)
def test_the_canonical_text_does_not_depend_on_the_order(record: dict[str, object]) -> None:
    turned = dict(reversed(record.items()))
    assert canonical(turned) == canonical(record)
    assert json.loads(canonical(record)) == record
    assert digest(turned) == digest(record)


@given(RECORD, RECORD)
def test_another_record_has_another_digest(first: dict[str, object], second: dict[str, object]) -> None:
    assert (digest(first) == digest(second)) == (canonical(first) == canonical(second))


def test_canonical_keeps_letters_and_drops_blanks() -> None:
    assert canonical({"b": "港", "a": 1}) == '{"a":1,"b":"港"}'


def test_without_none_keeps_what_is_empty() -> None:
    assert without_none({"a": None, "b": 0, "c": "", "d": []}) == {"b": 0, "c": "", "d": []}


@pytest.mark.parametrize("record", [None, 5, "text", [1], [("a", 1)]])
def test_what_is_not_a_record_is_refused(record: object) -> None:
    with pytest.raises(BadRecord, match=r"^show\.cuts: it is not a record"):
        Fields(record, "show.cuts")


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, int), (1, bool), (1.5, int), ("1", int), (1, str), (True, float), ("1.0", float), (10**400, float),
     (float("nan"), float), (float("inf"), float), ({}, list), ("\ud800", str)],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_with_its_path(value: object, kind: type) -> None:
    with pytest.raises(BadRecord) as caught:
        Fields({"seed": value}, "cuts[3].recipe").take("seed", kind)
    assert caught.value.where == "cuts[3].recipe.seed"
    assert len(caught.value.sentence) < 120


def test_whole_numbers_are_taken_for_fractions() -> None:
    found = Fields({"share": 1}).take("share", float)
    assert (found, type(found)) == (1.0, float)


def test_absent_and_null_are_the_same() -> None:
    for record in ({}, {"seed": None}):
        assert Fields(record).take("seed", int, None) is None
        assert Fields(record).take("seed", int, 4) == 4
        with pytest.raises(BadRecord, match="seed: this field is missing"):
            Fields(record).take("seed", int)


def test_words_come_from_their_vocabulary() -> None:
    assert Fields({"season": "autumn"}).word("season", Season) is Season.AUTUMN
    assert Fields({}).word("season", Season) is None
    with pytest.raises(BadRecord, match="'fall' is not known; use one of spring, summer, autumn, winter"):
        Fields({"season": "fall"}).word("season", Season)


def test_items_of_a_list_know_their_number() -> None:
    def number(item: object, path: str) -> int:
        return Fields(item, path).take("n", int)

    assert Fields({"takes": [{"n": 1}, {"n": 2}]}).each("takes", number) == (1, 2)
    assert Fields({}).each("takes", number) == ()
    with pytest.raises(BadRecord) as caught:
        Fields({"takes": [{"n": 1}, {"n": "x"}]}, "cut").each("takes", number)
    assert caught.value.where == "cut.takes[1].n"


def test_fields_that_nobody_asked_for_are_refused() -> None:
    fields = Fields({"seed": 1, "sede": 2}, "recipe")
    fields.take("seed", int)
    with pytest.raises(BadRecord, match=r"recipe\.sede: this field is not known"):
        fields.nothing_else()


def test_a_record_s_own_complaint_gains_the_path() -> None:
    with pytest.raises(BadRecord) as caught, under("takes[3].recipe", "recipe"):
        raise BadRecord("it is out of range", where="recipe.seed", do="less")
    assert (caught.value.where, caught.value.do) == ("takes[3].recipe.seed", "less")
    for error in (BadRecord("x", where="recipes.seed"), BadRecord("x", where="takes[3].recipe.seed"), BadRecord("x")):
        with pytest.raises(BadRecord) as caught, under("takes[3].recipe", "recipe"):
            raise error
        assert caught.value is error
    for other in (Refused("x"), BadInput("y")):
        with pytest.raises(type(other)), under("a", "b"):
            raise other


@given(st.text())
def test_text_is_what_can_be_written(text: str) -> None:
    assert is_text(text)
    assert not is_text(text + "\udce9")
