from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from genzu.core.credit import Hand
from genzu.core.take import NewTake, Stage, Take


def test_stages_stand_in_the_order_of_the_work() -> None:
    assert [stage.value for stage in Stage] == ["layout", "rough", "painting", "retouch", "final"]


def test_engines_make_rough_and_painting_and_nothing_else() -> None:
    assert [stage for stage in Stage if stage.by_machine] == [Stage.ROUGH, Stage.PAINTING]


def test_a_take_is_never_changed() -> None:
    take = Take(
        id=1,
        number=1,
        created="2026-01-01T00:00:00Z",
        cut="1",
        sheet="BG",
        stage=Stage.ROUGH,
        picture="a",
        hand=Hand.AI,
    )
    assert isinstance(take, NewTake)
    with pytest.raises(FrozenInstanceError):
        take.number = 2  # type: ignore[misc]


def test_takes_do_not_share_their_measures() -> None:
    first, second = (NewTake(cut="1", sheet="BG", stage=Stage.ROUGH, picture="a", hand=Hand.AI) for _ in range(2))
    assert first.measures == second.measures == {}
    assert first.measures is not second.measures
