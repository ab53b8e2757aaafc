from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core import json_text
from genzu.core.json_text import DEEPEST, parse_json
from genzu.errors import BadRecord

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_comes_back(value: object) -> None:
    assert parse_json(json.dumps(value), "x") == value
    assert parse_json(json.dumps(value, ensure_ascii=False), "x") == value


def test_brackets_in_strings_are_no_depth() -> None:
    assert parse_json(json.dumps({"a": "[" * 500 + '"' + "{" * 500}), "x") == {"a": "[" * 500 + '"' + "{" * 500}
    assert parse_json("[" * DEEPEST + "]" * DEEPEST, "x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * (DEEPEST + 1), "deep"), ("[" * 10_000_000, "deep"), ('{"a":' * 100_000, "deep"), ("{", "not JSON"),
        ("", "not JSON"), ('"open', "not JSON"), ("9" * 10_000, "not JSON"),
    ],
)  # fmt: skip
def test_what_is_too_deep_or_none_is_one_sentence(text: str, says: str) -> None:
    with pytest.raises(BadRecord, match=says):
        parse_json(text, "file")


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "LARGEST", 10)
    with pytest.raises(BadRecord, match="longer"):
        parse_json("[1,2,3,4,5,6]", "file")
