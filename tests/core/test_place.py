from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cutlists import LINE, TEXT

from genzu.core.cut import Cut, FileRef
from genzu.core.lexicon import read_prompt
from genzu.core.place import Board, Location, as_asked, place_key
from genzu.core.scene import Conditions, Place, Season, Side, Time, Weather
from genzu.errors import BadRecord


def ref(letter: str) -> FileRef:
    return FileRef(sha=letter * 64, name=f"{letter}.png")


DAY, NIGHT, ANY = Board(file=ref("a"), words="noon, clear"), Board(file=ref("b"), words="夜"), Board(file=ref("c"))
TOWN = Location(name="ハルの町", words="port town, autumn", boards=(ANY, DAY, NIGHT))
CUT = Cut(number="012", layout=ref("d"), prompt="a boat at the quay")


@given(
    st.builds(
        Location, name=LINE.filter(bool), words=TEXT, light=TEXT,
        boards=st.lists(st.builds(Board, file=st.just(ref("a")), words=TEXT), max_size=3).map(tuple),
        palette=st.lists(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), max_size=3).map(tuple),
        palette_board=st.sampled_from([None, ref("f")]),
    )
)  # fmt: skip
def test_a_place_comes_back_from_its_json(place: Location) -> None:
    assert Location.from_dict(json.loads(json.dumps(place.to_dict()))) == place
    assert None not in place.to_dict().values()


@pytest.mark.parametrize(
    ("change", "where"),
    [({"name": ""}, "name"), ({"name": "a\nb"}, "name"), ({"palette": ["red"]}, "palette"),
     ({"boards": [{}]}, "boards[0].file"), ({"palette": [1]}, "palette[0]"), ({"mood": "x"}, "mood")],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change: dict[str, object], where: str) -> None:
    with pytest.raises(BadRecord) as caught:
        Location.from_dict({**TOWN.to_dict(), **change}, "places[x]")
    assert caught.value.where == f"places[x].{where}"


def test_the_board_that_says_most_and_contradicts_nothing_is_taken() -> None:
    assert TOWN.board(Conditions(time=Time.NOON, weather=Weather.CLEAR)) == DAY.file
    assert TOWN.board(Conditions(time=Time.NIGHT)) == NIGHT.file
    assert TOWN.board(Conditions(time=Time.DUSK)) == ANY.file
    assert replace(TOWN, boards=(DAY, NIGHT)).board(Conditions(time=Time.DUSK)) is None
    assert Location(name="x").board(Conditions()) is None


def test_the_palette_is_the_board_where_no_painted_one_holds() -> None:
    coloured = replace(TOWN, boards=(DAY, NIGHT), palette_board=ref("f"))
    assert coloured.board(Conditions(time=Time.DUSK)) == ref("f")
    assert coloured.board(Conditions(time=Time.NIGHT)) == NIGHT.file


@pytest.mark.parametrize(
    ("light", "side"),
    [("left", Side.LEFT), ("右から", Side.RIGHT), ("From the Right", Side.RIGHT),
     ("sun from the left, warm", Side.LEFT),
     ("左からの光、夕方", Side.LEFT), ("from behind the church", None), ("", None), ("順光", None)],
)  # fmt: skip
def test_the_side_of_the_light_goes_into_the_prompt(light: str, side: Side | None) -> None:
    asked = as_asked(replace(CUT, place="ハルの町"), replace(TOWN, light=light))
    assert read_prompt(asked.prompt).conditions.light is side
    assert ("light from" in asked.prompt) is (side is not None)
    other = replace(CUT, place="ハルの町", prompt="light from the right")
    against = as_asked(other, replace(TOWN, light="left"))
    assert read_prompt(against.prompt).conditions.light is Side.RIGHT


def test_a_cut_without_place_and_conditions_is_as_it_was() -> None:
    assert as_asked(CUT, None) is CUT


def test_the_list_wins_over_the_cuts_words_and_those_over_the_places() -> None:
    cut = replace(CUT, place="ハルの町", season="winter", time="夜")
    asked = as_asked(cut, TOWN)
    said = read_prompt(asked.prompt).conditions
    assert (said.place, said.season, said.time) == (Place.PORT_TOWN, Season.WINTER, Time.NIGHT)
    assert asked.board == NIGHT.file
    assert asked == replace(cut, prompt=asked.prompt, board=NIGHT.file)
    plain = read_prompt(as_asked(replace(CUT, place="ハルの町"), TOWN).prompt).conditions
    assert plain.season is Season.AUTUMN


def test_a_cuts_own_board_stays() -> None:
    assert as_asked(replace(CUT, place="ハルの町", board=ref("e")), TOWN).board == ref("e")


def test_a_name_that_is_a_kind_of_place_speaks_only_where_nothing_else_does() -> None:
    plain = replace(CUT, prompt="")
    assert read_prompt(as_asked(replace(plain, place="station"), None).prompt).conditions.place is Place.STATION
    # ハル is also a spelling of spring: a place that somebody has described is not read by its name.
    named = as_asked(replace(plain, place="ハルの町"), TOWN)
    assert read_prompt(named.prompt).conditions.season is Season.AUTUMN


def test_names_that_people_take_for_the_same() -> None:
    assert place_key("Harbour 2") == place_key("ｈａｒｂｏｕｒ　２") == place_key("harbour2")
    assert place_key("港町") != place_key("港街")
