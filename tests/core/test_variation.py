from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.lexicon import read_prompt
from genzu.core.scene import Season, Time, Weather
from genzu.core.variation import Variant, Variation
from genzu.errors import BadInput, UnknownWord

VARIATIONS = st.builds(
    Variation,
    seasons=st.lists(st.sampled_from(Season), unique=True).map(tuple),
    times=st.lists(st.sampled_from(Time), unique=True).map(tuple),
    weathers=st.lists(st.sampled_from(Weather), unique=True).map(tuple),
)


@pytest.mark.parametrize(
    "word", ["all", "ALL", " すべて ", "全て", "spring,summer,autumn,winter", "春、夏、秋、冬", "春,夏,fall；冬"]
)
def test_all_and_lists_in_both_languages(word: str) -> None:
    assert Variation.parse(seasons=word).seasons == tuple(Season)


def test_the_order_is_the_asked_one_and_nothing_comes_twice() -> None:
    assert Variation.parse(times="夜,dusk,night,夕方").times == (Time.NIGHT, Time.DUSK)
    assert Variation.parse(weathers="rain, all").weathers[0] is Weather.RAIN
    assert set(Variation.parse(weathers="rain, all").weathers) == set(Weather)


@pytest.mark.parametrize("text", ["monsoon", "spring,someday", "dusk", "春、梅雨どき", "no"])
def test_a_word_that_is_no_season(text: str) -> None:
    with pytest.raises(UnknownWord) as told:
        Variation.parse(seasons=text)
    assert "is not a season" in told.value.sentence and "autumn" in told.value.sentence


@pytest.mark.parametrize("text", ["", " ", ",", "、;"])
def test_a_list_without_words(text: str) -> None:
    with pytest.raises(BadInput, match="no weather is named"):
        Variation.parse(weathers=text)


@given(VARIATIONS, st.sampled_from(["river, bridge", "港町、秋、夕方、雪", "night, fog", "", "fireworks, summer"]))
def test_every_combination_once_and_its_prompt_says_it(variation: Variation, prompt: str) -> None:
    variants = variation.variants
    count = max(1, len(variation.seasons)) * max(1, len(variation.times)) * max(1, len(variation.weathers))
    assert len(set(variants)) == len(variants) == count
    own = read_prompt(prompt).conditions
    names = set()
    for variant in variants:
        conditions = read_prompt(variant.prompt(prompt)).conditions
        assert conditions.season is (variant.season or own.season)
        assert conditions.time is (variant.time or own.time)
        assert conditions.weather is (variant.weather or own.weather)
        assert (conditions.place, conditions.extras) == (own.place, own.extras)
        name = variant.name(conditions.filled())
        assert " " not in name
        names.add(name)
    assert len(names) == count


@given(VARIATIONS)
def test_rows_of_the_sheet_are_whole(variation: Variation) -> None:
    assert variation.columns == 0 or len(variation.variants) % variation.columns == 0
    assert variation.columns <= 8


def test_names() -> None:
    filled = read_prompt("winter, night").conditions.filled()
    assert Variant().name(filled) == "winter_night"
    assert Variant(weather=Weather.AFTER_RAIN).name(filled) == "winter_night_after-rain"
    assert Variant(weather=Weather.AFTER_RAIN).label(filled) == "winter, night, after rain"
