from __future__ import annotations

from dataclasses import replace

import pytest

from genzu.core.geometry import Extent
from genzu.core.recipe import Recipe
from genzu.core.recipe_words import recipe_differences
from genzu.core.scene import Conditions, Season
from genzu.core.take import Stage

SHA, OTHER = "0" * 64, "1" * 64
RECIPE = Recipe(
    stage=Stage.PAINTING, engine="fake", engine_version="1", extent=Extent(12, 8), seed=0, prompt="港町",
    conditions=Conditions(), layout=SHA, reading="geometry/1", intake="1", rough=SHA,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ()),
        ({"prompt": "夜"}, ("prompt “港町” → “夜”",)),
        ({"conditions": Conditions(season=Season.WINTER)}, ("the prompt was understood otherwise",)),
        ({"seed": 4, "rough": OTHER}, ("seed 0 → 4",)),
        ({"engine": "embedded", "engine_version": "9"}, ("engine fake → embedded",)),
        ({"engine_version": "2"}, ("engine fake 1 → 2",)),
        ({"extent": Extent(24, 16)}, ("size 12×8 → 24×16",)),
        ({"layout": OTHER, "board": SHA}, ("another layout", "with a board")),
        ({"reading": "geometry/2", "intake": "2"}, ("reading geometry/1 → geometry/2", "intake 1 → 2")),
        ({"base": SHA, "mask": SHA}, ("only a part painted again",)),
        ({"read_under": Conditions(season=Season.WINTER)}, ("the lines were read under other words",)),
        ({"rough": OTHER}, ("another rough under it",)),
    ],
)
def test_what_differs_is_said_in_words(changes: dict[str, object], words: tuple[str, ...]) -> None:
    assert recipe_differences(RECIPE, replace(RECIPE, **changes)) == words  # type: ignore[arg-type]


def test_files_are_told_both_ways() -> None:
    with_board = replace(RECIPE, board=SHA, marks=SHA)
    assert recipe_differences(with_board, RECIPE) == ("without the marks", "without the board")
    assert recipe_differences(with_board, replace(with_board, board=OTHER)) == ("other board",)
