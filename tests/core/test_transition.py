from __future__ import annotations

import json

import pytest
from hypothesis import given
from tests.cutlists import DISSOLVES

from genzu.core.timing import FILM
from genzu.core.transition import Dissolve
from genzu.errors import BadInput, BadRecord


@given(DISSOLVES)
def test_a_dissolve_comes_back_from_its_text_and_its_json(dissolve: Dissolve) -> None:
    assert Dissolve.parse(str(dissolve), FILM) == dissolve
    assert Dissolve.from_dict(json.loads(json.dumps(dissolve.to_dict()))) == dissolve


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("O.L 12", 12),
        ("OL12", 12),
        ("Ｏ．Ｌ（１２）", 12),
        ("オーバーラップ 1+00", 24),
        ("DIS 12コマ", 12),
        ("dissolve: 12", 12),
    ],
)
def test_dissolves_as_people_write_them(text: str, frames: int) -> None:
    assert Dissolve.parse(text, FILM) == Dissolve(frames=frames)


@pytest.mark.parametrize("text", ["", "cut", "カット", "C", "-"])
def test_hard_cuts(text: str) -> None:
    assert Dissolve.parse(text, FILM) is None


@pytest.mark.parametrize(
    "text", ["WIPE", "F.I 12", "dissolve", "dissolve 0", "O.L soon", "dissolve 12, 13 before", "x" * 5000]
)
def test_what_is_no_dissolve_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        Dissolve.parse(text, FILM)


def test_records_are_checked() -> None:
    for record in ({"frames": 0}, {"frames": 5, "before": 6}, {"frames": "5"}, {"frames": 5, "x": 1}, {}):
        with pytest.raises(BadRecord, match=r"cut\.dissolve"):
            Dissolve.from_dict(record, "cut.dissolve")
