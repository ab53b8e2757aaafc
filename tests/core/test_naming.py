from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.naming import FIELDS, LONGEST_NAME, Template, check_name, path_in, plain_word
from genzu.errors import BadInput, UnknownWord

VALUES: dict[str, str | int] = {"show": "Umi", "cut": "012", "sheet": "BG", "take": 3, "season": "autumn"}


def test_the_default_template() -> None:
    assert Template().render(VALUES) == "Umi_012_BG_t03"


def test_fields_in_order_and_braces() -> None:
    template = Template("{{{season}}}-{cut}")
    assert template.fields == ("season", "cut")
    assert template.render(VALUES) == "{autumn}-012"


@pytest.mark.parametrize(("cut", "name"), [("7", "c007"), ("7A", "c007A"), ("A7", "cA7"), ("1234", "c1234")])
def test_a_width_pads_the_number_at_the_head(cut: str, name: str) -> None:
    assert Template("c{cut:03}").render({"cut": cut}) == name


def test_an_unknown_field_names_the_known_ones() -> None:
    with pytest.raises(UnknownWord) as caught:
        Template("{show}_{scene}")
    assert "{scene}" in caught.value.sentence
    assert all(f"{{{field}}}" in caught.value.sentence for field in FIELDS)


@pytest.mark.parametrize(
    "text",
    ["{show", "}", "{}", "{0}", "{cut!r}", "{cut.real}", "{cut[0]}", "{take:x}", "{take:999}", "{take:{cut}}",
     "a/{cut}", "a\\{cut}", "C:{cut}", "../{cut}", "\0{cut}", "{cut}\n", "{cut}\u202e", "{cut}?"],
)  # fmt: skip
def test_bad_templates(text: str) -> None:
    with pytest.raises(BadInput):
        Template(text)


@pytest.mark.parametrize(
    "cut",
    ["..", ".", "", "  ", "a/b", "a\\b", "C:", "con", "NUL.png", "com1", "a.", " a", "x" * 201, "港" * 67],
)
def test_bad_results(cut: str) -> None:
    with pytest.raises(BadInput):
        Template("{cut}").render({"cut": cut})


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(BadInput, match="season"):
        Template("{cut}_{season}").render({"cut": "1"})


def test_names_are_composed() -> None:
    apart = unicodedata.normalize("NFD", "ガ")
    assert Template("{show}").render({"show": apart}) == "ガ"
    assert Template(apart + "{cut}").render({"cut": "1"}) == "ガ1"


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_rendered_name_stays_in_its_folder(literal: str, value: str) -> None:
    folder = Path("out")
    try:
        name = Template(literal + "{show}").render({"show": value})
    except BadInput:
        return
    path = path_in(folder, name, ".psd")
    assert path.parent == folder and path.name == name + ".psd"
    assert len(name.encode()) <= LONGEST_NAME and unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('/\\:*?"<>|\0') and name not in (".", "..")


@given(st.text(max_size=300))
def test_any_title_becomes_a_plain_word(title: str) -> None:
    word = plain_word(title)
    assert word == plain_word(word)
    if word.lower() not in ("con", "prn", "aux", "nul"):
        assert check_name("x" + word) == "x" + word


def test_a_suffix_cannot_leave_the_folder() -> None:
    with pytest.raises(BadInput):
        path_in(Path("out"), "a", "/../../b")


@pytest.mark.parametrize(
    ("text", "stem", "said"),
    [
        ("{show}_c{cut:03}_{sheet}_t{take:02}", "Umi_no_c012A_BG_t01",
         {"show": "Umi_no", "cut": "012A", "sheet": "BG", "take": "01"}),
        ("c{cut}", "C7", {"cut": "7"}),
        ("{cut}_{cut}", "7_7", {"cut": "7"}),
        ("{cut}_{cut}", "7_8", None),
        ("{place}_{cut}", "港町_12", {"place": "港町", "cut": "12"}),
        ("c{cut:03}", "chat", None),
        ("{show}.{cut}", "Umi_12", None),
    ],
)  # fmt: skip
def test_names_are_read_back(text: str, stem: str, said: dict[str, str] | None) -> None:
    assert Template(text).read(stem) == said


@given(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), st.integers(0, 9999), st.integers(0, 99))
def test_what_was_rendered_is_read_back(show: str, cut: int, take: int) -> None:
    template = Template("{show}_c{cut:03}_{sheet}_t{take:02}")
    name = template.render({"show": show, "cut": str(cut), "sheet": "BOOK1", "take": take})
    said = template.read(name)
    assert said is not None
    assert (said["show"], int(said["cut"]), said["sheet"], int(said["take"])) == (show, cut, "BOOK1", take)
