from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.infotext import Infotext

# AUTOMATIC1111's own expression for the last line, as documented in its infotext_utils.py.
THEIRS = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
SETTINGS = (
    ("Steps", "20"), ("Sampler", "DPM++ 2M"), ("Schedule type", "Karras"), ("CFG scale", "7"), ("Seed", "5"),
    ("Size", "512x768"), ("Model hash", "abcdef0123"), ("Model", "studio"), ("Lora hashes", "ink: 0123, wash: 4567"),
    ("Version", "Genzu 0.1.0"),
)  # fmt: skip
LINE = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30
).map(str.strip).filter(lambda text: text and not text.startswith("Negative prompt:"))  # fmt: skip


def test_as_others_write_it() -> None:
    text = Infotext(prompt="(roof:1.3), 港町", negative="people", settings=SETTINGS).text
    assert text.split("\n") == [
        "(roof:1.3), 港町",
        "Negative prompt: people",
        "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 5, Size: 512x768, "
        'Model hash: abcdef0123, Model: studio, Lora hashes: "ink: 0123, wash: 4567", Version: Genzu 0.1.0',
    ]
    assert [key for key, _ in THEIRS.findall(text.split("\n")[-1])] == [key for key, _ in SETTINGS]


@given(st.lists(LINE, max_size=3), st.lists(LINE, max_size=2))
def test_comes_back(prompt: list[str], negative: list[str]) -> None:
    made = Infotext(prompt="\n".join(prompt), negative="\n".join(negative), settings=SETTINGS)
    assert Infotext.parse(made.text) == made


def test_without_a_prompt_or_settings() -> None:
    assert Infotext.parse(Infotext(prompt="", settings=SETTINGS).text).settings == SETTINGS
    assert Infotext.parse("a town, seed: 5") == Infotext(prompt="a town, seed: 5")
    assert Infotext.parse("") == Infotext(prompt="")


@pytest.mark.parametrize("value", ["a, b", "x: y", "one\ntwo", 'say "a, b"'])
def test_values_with_signs_of_their_own(value: str) -> None:
    made = Infotext(prompt="p", settings=(("Steps", "1"), ("Note", value), ("Seed", "2")))
    assert dict(Infotext.parse(made.text).settings)["Note"] == value
