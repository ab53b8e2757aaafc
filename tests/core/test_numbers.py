from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cutlists import NUMBERS

from genzu.core.numbers import CUT_NUMBER, cut_number, in_order, number_in, same_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("012", "012"), ("c012", "c012"), ("０１２", "012"), ("カット12", "12"), ("カット １２Ａ", "12A"),
     ("cut_012A", "012A"), ("#7", "7"), ("Umi_c012_BG_t01", "012"), ("Umi_12", "Umi-12"), ("OP-3", "OP-3")],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert number_in(text) == number


@given(st.text(max_size=60))
def test_every_name_gives_a_number(text: str) -> None:
    assert CUT_NUMBER.fullmatch(number_in(text))
    assert CUT_NUMBER.fullmatch(cut_number(text))


@given(NUMBERS)
def test_a_number_stays_and_has_one_form(number: str) -> None:
    assert number_in(number) == number
    assert same_number(number) == same_number(number.upper()) == same_number(same_number(number))


def test_what_a_spreadsheet_takes_for_the_same_is_the_same() -> None:
    assert same_number("007") == same_number("7") == same_number("c007") == same_number("カット７")
    assert same_number("OP-03") == same_number("op-3")
    assert len({same_number(one) for one in ("7", "70", "7A", "OP-7", "107", "0", "7.1")}) == 7


def test_the_order_is_that_of_the_film() -> None:
    numbers = ["OP-3", "10", "2A", "2", "1"]
    assert sorted(numbers, key=in_order) == ["1", "2", "2A", "10", "OP-3"]
