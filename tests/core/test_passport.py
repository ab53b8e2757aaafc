from __future__ import annotations

import json
from dataclasses import replace

import pytest

from genzu.core.credit import Hand
from genzu.core.cut import FileRef
from genzu.core.geometry import Extent
from genzu.core.passport import Made, Passport
from genzu.core.recipe import Recipe
from genzu.core.scene import Conditions
from genzu.core.take import Stage
from genzu.errors import BadRecord

RECIPE = Recipe(
    stage=Stage.PAINTING, engine="fake", engine_version="1", extent=Extent(64, 48), seed=1, prompt="港町",
    conditions=Conditions(), layout="a" * 64, reading="geometry/1/4", intake="1", rough="b" * 64,
)  # fmt: skip
ONE = Passport(
    program="0.1.0", show="Umi", cut="012", sheet="BG",
    made=(
        Made(stage=Stage.RETOUCH, number=1, pixels="d" * 64, hand=Hand.AI_AND_HUMAN, by="山田"),
        Made(stage=Stage.PAINTING, number=1, pixels="c" * 64, hand=Hand.AI, recipe=RECIPE),
    ),
    files={"layout": FileRef(sha="e" * 64, name="012.png")}, people=(("鈴木", "layout"),), source="uri",
)  # fmt: skip


def test_comes_back_from_ascii() -> None:
    text = json.dumps(ONE.to_dict())
    assert text.isascii()
    assert Passport.from_dict(json.loads(text)) == ONE
    assert ONE.take.by == "山田" and ONE.painting is ONE.made[1] and ONE.of_pixels("c" * 64) is ONE.made[1]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"genzu_passport": 2}, "genzu_passport"), ({"made": []}, "made"), ({"made": [5]}, "made[0]"),
        ({"colour": 1}, "colour"), ({"people": [{"name": "x"}]}, "people[0].role"),
        ({"files": {"layout": {"sha": "../../x", "name": "y"}}}, "files.layout.sha"),
        ({"files": {"passwords": {"sha": "e" * 64, "name": "y"}}}, "files.passwords"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change: dict[str, object], where: str) -> None:
    with pytest.raises(BadRecord) as caught:
        Passport.from_dict({**ONE.to_dict(), **change})
    assert caught.value.where == f"genzu.{where}"


@pytest.mark.parametrize("key", ["layout", "materials", "marks", "board", "rough", "base", "mask"])
def test_a_hash_is_never_a_path(key: str) -> None:
    whole = replace(RECIPE, base="f" * 64, mask="f" * 64)
    made = Made(stage=Stage.PAINTING, number=1, pixels="c" * 64, hand=Hand.AI, recipe=replace(whole, **{key: "../x"}))
    with pytest.raises(BadRecord, match=f"made\\[0\\].recipe.{key}: it is not a SHA-256"):
        Passport.from_dict({**ONE.to_dict(), "made": [made.to_dict()]})
