from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather

CONDITIONS = st.builds(
    Conditions,
    place=st.none() | st.sampled_from(Place),
    season=st.none() | st.sampled_from(Season),
    time=st.none() | st.sampled_from(Time),
    weather=st.none() | st.sampled_from(Weather),
    extras=st.lists(st.sampled_from(Extra), unique=True).map(tuple),
)


@given(CONDITIONS)
def test_filling_keeps_what_was_said_and_leaves_nothing_open(said: Conditions) -> None:
    filled = said.filled()
    assert (filled.place, filled.extras) == (said.place, said.extras)
    for name in ("season", "time", "weather"):
        assert getattr(filled, name) is not None
        if getattr(said, name) is not None:
            assert getattr(filled, name) is getattr(said, name)


@pytest.mark.parametrize(
    ("said", "season", "time"),
    [
        (Conditions(), Season.SUMMER, Time.AFTERNOON),
        (Conditions(extras=(Extra.BLOSSOM,)), Season.SPRING, Time.AFTERNOON),
        (Conditions(extras=(Extra.FALLEN_LEAVES,)), Season.AUTUMN, Time.AFTERNOON),
        (Conditions(extras=(Extra.LYING_SNOW,)), Season.WINTER, Time.AFTERNOON),
        (Conditions(weather=Weather.SNOW), Season.WINTER, Time.AFTERNOON),
        (Conditions(extras=(Extra.FIREWORKS,)), Season.SUMMER, Time.NIGHT),
        (Conditions(extras=(Extra.SUNSET,)), Season.SUMMER, Time.DUSK),
        (Conditions(extras=(Extra.SUNSET, Extra.MOON)), Season.SUMMER, Time.NIGHT),
    ],
)
def test_what_a_background_department_assumes(said: Conditions, season: Season, time: Time) -> None:
    assert (said.filled().season, said.filled().time) == (season, time)


@given(CONDITIONS)
def test_snow_lies_where_it_falls_or_is_asked_for(said: Conditions) -> None:
    assert said.filled().snow_lies == (Extra.LYING_SNOW in said.extras or said.weather is Weather.SNOW)


def test_no_word_means_two_kinds_of_thing() -> None:
    words = [word.value for kind in (Place, Season, Time, Weather, Extra) for word in kind]
    assert len(words) == len(set(words))
