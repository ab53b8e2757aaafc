from __future__ import annotations

import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core import lexicon
from genzu.core.lexicon import PromptReading, read_prompt, vocabulary
from genzu.core.scene import Conditions, Extra, Place, Season, Side, Time, Weather
from genzu.core.words.index import Entry, entries, fold
from genzu.core.words.lexer import tokens
from genzu.core.words.weights import parse
from genzu.errors import UnknownWord

CONDITIONS = [entry for entry in entries() if entry.sense == "condition"]
ANYTHING = st.text(max_size=60) | st.lists(
    st.sampled_from([entry.spelling for entry in entries()])
    | st.sampled_from([", ", "、", " ", "の", "no ", "のない", "・", "\n", "x", "謎", "🌸", "\0", "ｱﾞ"]),
    max_size=12,
).map("".join)


def said(reading: PromptReading) -> set[object]:
    c = reading.conditions
    return {part for part in (c.place, c.season, c.time, c.weather, c.light, *c.extras) if part is not None}


def test_every_word_alone_says_exactly_its_own() -> None:
    wrong = []
    for entry in entries():
        reading = read_prompt(entry.spelling)
        if (
            said(reading) != set(entry.meanings)
            or bool(reading.unknown) != (entry.sense == "unpainted")
            or bool(reading.understood) != (entry.sense in ("condition", "drawn"))
            or reading.overruled
        ):
            wrong.append(entry.spelling)
    assert not wrong


def test_no_word_stands_for_two_things() -> None:
    meanings: dict[str, Entry] = {}
    for entry in entries():
        before = meanings.setdefault(fold(entry.spelling), entry)
        assert (before.sense, before.meanings) == (entry.sense, entry.meanings), entry.spelling


@pytest.mark.parametrize("kind", [Place, Season, Time, Weather, Side, Extra])
def test_every_condition_has_several_words_in_both_languages(kind: type) -> None:
    for meaning in kind:
        words = [entry for entry in CONDITIONS if meaning in entry.said]
        assert sum(entry.japanese for entry in words) >= 3, meaning
        assert sum(not entry.japanese for entry in words) >= 2, meaning
        assert said(read_prompt(meaning.value)) >= {meaning}


@given(ANYTHING)
def test_nothing_raises_and_nothing_is_dropped(text: str) -> None:
    reading = read_prompt(text)
    spelled = (
        {u.text for u in reading.understood} | set(reading.unknown) | set(reading.ignored)
        | {o.text for o in reading.overruled}
    )  # fmt: skip
    reached = 0
    plain = parse(text).plain
    assert len(plain) == len(text)
    for token in tokens(plain):
        assert token.end > token.start >= 0
        assert text[token.start : token.end] in spelled
        assert not any(letter.isalnum() for letter in plain[reached : token.start]), "a word is lost"
        reached = max(reached, token.end)
    assert not any(letter.isalnum() for letter in plain[reached:]), "a word is lost"


@given(ANYTHING)
def test_what_is_in_the_conditions_stands_behind_a_word(text: str) -> None:
    reading = read_prompt(text)
    assert said(reading) == {meaning for word in reading.understood for meaning in word.meanings}
    assert set(reading.negated) <= set(reading.unknown)


@given(st.sampled_from(CONDITIONS), st.sampled_from(CONDITIONS))
def test_words_between_commas_keep_their_own_meaning(first: Entry, second: Entry) -> None:
    reading = read_prompt(f"{first.spelling}, {second.spelling}")
    allowed = {*first.meanings, *second.meanings}
    assert said(reading) <= allowed
    assert set(first.said) <= said(reading), "the first word holds"
    for meaning in second.said:
        assert meaning in said(reading) or meaning in {lost.meaning for lost in reading.overruled}


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("port town, autumn, dusk", "港町、秋、夕方"),
        ("rice field in early summer, clear sky, noon", "初夏の田んぼ、快晴、真昼"),
        ("shrine in the forest, fog, early morning", "森の神社、霧、早朝"),
        ("city with fireworks, summer night", "花火の都会、夏の夜"),
        ("snow village at dusk", "雪の村、夕暮れ"),
        ("shopping street after the rain, evening", "雨上がりの商店街、夕方"),
        ("back alley, rain, late at night", "路地裏・雨・深夜"),
        ("ruins under a starry sky", "星空の下の廃墟"),
        ("cherry blossoms at the school, morning", "桜の咲く学校、朝"),
        ("river, typhoon, october", "川，台風，１０月"),
        ("beach at sunrise in august", "8月の浜辺、日の出"),
        ("mountain station, fallen leaves, overcast", "山の駅、落ち葉、曇り空"),
    ],
)
def test_both_languages_agree(english: str, japanese: str) -> None:
    assert read_prompt(english).conditions == read_prompt(japanese).conditions
    assert said(read_prompt(english))


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("Port-Town; AUTUMN (dusk)", Conditions(place=Place.PORT_TOWN, season=Season.AUTUMN, time=Time.DUSK)),
        ("港町秋夕方", Conditions(place=Place.PORT_TOWN, season=Season.AUTUMN, time=Time.DUSK)),
        ("港町 autumn 夕方", Conditions(place=Place.PORT_TOWN, season=Season.AUTUMN, time=Time.DUSK)),
        ("ﾓﾘ", Conditions(place=Place.FOREST)),
        ("もりの中、はる", Conditions(place=Place.FOREST, season=Season.SPRING)),
        ("snow falls on the stations", Conditions(place=Place.STATION, weather=Weather.SNOW)),
        ("ricefields", Conditions(place=Place.RICE_FIELD)),
        ("A small station in a village", Conditions(place=Place.STATION)),
        ("森にある神社", Conditions(place=Place.SHRINE)),
        ("神社のある森", Conditions(place=Place.FOREST)),
        ("forest, shrine", Conditions(place=Place.FOREST)),
        ("雪国の駅", Conditions(place=Place.STATION, season=Season.WINTER, extras=(Extra.LYING_SNOW,))),
        ("fireworks at dusk", Conditions(time=Time.DUSK, extras=(Extra.FIREWORKS,))),
        ("stars, moon, stars", Conditions(time=Time.NIGHT, extras=(Extra.STARS, Extra.MOON))),
        ("東京駅", Conditions(place=Place.STATION)),
        ("hot spring, spring water", Conditions()),
    ],
)
def test_phrases(text: str, conditions: Conditions) -> None:
    assert read_prompt(text).conditions == conditions


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("lonely port town, xyzzy", ("lonely", "xyzzy")),
        ("懐かしい港町", ("懐かしい",)),
        ("どこか懐かしい雰囲気の港町", ("どこか", "懐かしい", "雰囲気")),
        ("ノスタルジックな街", ("ノスタルジックな",)),
        ("北海道", ("北海道",)),
        ("海底都市計画", ("海底", "計画")),
        ("雨宿り", ("雨宿り",)),
        ("かわいい、あきた、うみつばめ", ("かわいい", "あきた", "うみつばめ")),
        ("Ünïcode Tôwn", ("Ünïcode", "Tôwn")),
        ("🌸 spring 👨‍👩‍👧", ("🌸", "👨‍👩‍👧")),
        ("(dawn:1.2)", ()),
        ("dawn 1.2", ("1.2",)),
        ("ประเทศไทย", ("ประเทศไทย",)),
        ("Roof, trees, 傘, anime background of the sky", ()),
    ],
)
def test_what_is_not_understood_is_reported_as_it_was_spelled(text: str, unknown: tuple[str, ...]) -> None:
    assert read_prompt(text).unknown == unknown


@pytest.mark.parametrize(
    ("text", "denied", "left"),
    [
        ("no clouds, forest", "no clouds", {Place.FOREST}),
        ("forest without snow", "without snow", {Place.FOREST}),
        ("without any rain or snow in the village", "without any rain or snow", {Place.VILLAGE}),
        ("snow-free street", "snow-free", {Place.ROAD}),
        ("town free of fog", "free of fog", {Place.TOWN}),
        ("it isn't raining", "isn't raining", set()),
        ("人のいない森", "人のいない", {Place.FOREST}),
        ("雪のない村", "雪のない", {Place.VILLAGE}),
        ("雪なし、村", "雪なし", {Place.VILLAGE}),
        ("雪が積もっていない村", "雪が積もっていない", {Place.VILLAGE}),
        ("雨や雪のない町", "雨や雪のない", {Place.TOWN}),
    ],
)
def test_a_denied_thing_is_not_understood_as_the_thing(text: str, denied: str, left: set[object]) -> None:
    reading = read_prompt(text)
    assert reading.negated == (denied,)
    assert denied in reading.unknown
    assert said(reading) == left


@pytest.mark.parametrize("text", ["秋の切ない港町", "少ない秋", "雲ひとつない秋"])
def test_words_that_only_look_like_denials(text: str) -> None:
    reading = read_prompt(text)
    assert reading.conditions.season is Season.AUTUMN
    assert not reading.negated


def test_the_first_word_holds_and_the_other_is_reported() -> None:
    reading = read_prompt("summer, winter")
    assert reading.conditions.season is Season.SUMMER
    assert [(lost.text, lost.meaning, lost.by) for lost in reading.overruled] == [
        ("winter", Season.WINTER, Season.SUMMER)
    ]
    assert reading.notes == ("“winter” gives way: the season is summer.",)


def test_notes_tell_what_was_not_used() -> None:
    notes = read_prompt("lonely town, no people").notes
    assert notes == ("Not understood: lonely.", "Denials are not understood, leave the word out: no people.")
    assert read_prompt("港町、秋").notes == ()


@pytest.mark.parametrize("text", ["", " ", "\0\x01\x1b", "、。・", "\ud800", "\u200d", "ー", "の", "-"])
def test_empty_and_odd_texts(text: str) -> None:
    assert read_prompt(text).conditions == Conditions()


@pytest.mark.parametrize(
    "piece", ["雨や", "の", "port town of the ", "no ", "森雨x", "ﷺ", "é\u0301", "🌸", "港町、秋、"]
)
def test_long_texts_are_read_in_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = clock.process_time()
        read_prompt(text)
        return clock.process_time() - started

    read_prompt(piece)
    short, long = min(seconds(1000) for _ in range(3)), min(seconds(10_000) for _ in range(3))
    assert long < 30 * max(short, 0.001), "ten times the text takes about ten times as long, on any machine"


def test_look_ups() -> None:
    assert lexicon.season("紅葉") is Season.AUTUMN
    assert lexicon.time("Golden Hour") is Time.DUSK
    assert lexicon.weather("snowy") is Weather.SNOW
    assert lexicon.place("harbour") is Place.PORT_TOWN
    assert lexicon.extra("花火") is Extra.FIREWORKS


@pytest.mark.parametrize(("word", "near"), [("automn", "autumn"), ("", "spring"), ("x" * 5000, "winter")])
def test_a_look_up_that_fails_says_what_there_is(word: str, near: str) -> None:
    with pytest.raises(UnknownWord, match=near) as caught:
        lexicon.season(word)
    assert len(str(caught.value)) < 300


def test_a_word_of_another_kind_is_refused() -> None:
    with pytest.raises(UnknownWord, match="not a season"):
        lexicon.season("night")


def test_vocabulary_lists_every_word_once_under_its_kind() -> None:
    lines = vocabulary()
    assert sum(len(line.english) + len(line.japanese) for line in lines) == len(entries())
    kinds = {line.kind for line in lines}
    assert {"place", "season", "time", "weather", "extra", "drawn", "ignored", "unpainted"} <= kinds
    for kind, values in (("place", Place), ("season", Season), ("time", Time), ("weather", Weather)):
        assert {line.meanings[0] for line in lines if line.kind == kind} >= set(values)


@pytest.mark.parametrize(
    "text", ["(autumn:1.3)", "[autumn]", "((秋))", "{autumn|秋}", "<lora:spring:0.5> autumn", "autumn # spring, night"]
)
def test_signs_around_a_word_change_nothing_of_what_it_says(text: str) -> None:
    reading = read_prompt(text)
    assert reading.conditions == Conditions(season=Season.AUTUMN)
    assert not reading.unknown


def test_a_phrase_goes_on_across_brackets_and_not_across_a_call() -> None:
    assert read_prompt("forest (shrine:1.2)").conditions.place is Place.SHRINE
    assert read_prompt("forest <lora:x:1> shrine").conditions.place is Place.FOREST


def test_the_negative_prompt_asks_for_nothing_and_is_told() -> None:
    reading = read_prompt("forest, dusk\nNegative prompt: snow, night, people")
    assert reading.conditions == Conditions(place=Place.FOREST, time=Time.DUSK)
    assert "Negative prompt: snow, night, people" in reading.signs
    assert any("Negative prompt: snow" in note for note in reading.notes)


def test_weights_and_calls_are_told_where_nothing_can_use_them() -> None:
    reading = read_prompt("(roof:1.3), <lora:town:0.5>, xyzzy")
    assert reading.signs == ("<lora:town:0.5>", "(roof:1.3)")
    assert any("(roof:1.3)" in note and "<lora:town:0.5>" in note for note in reading.notes)
    assert not reading.notes_for_text_models, "an engine with a text model uses them, and reads xyzzy itself"


def test_the_seed_chooses_the_condition() -> None:
    seasons = {read_prompt("{spring|summer|autumn|winter} town", seed).conditions.season for seed in range(40)}
    assert seasons == set(Season)
    assert all(read_prompt("{spring|winter}", n) == read_prompt("{spring|winter}", n) for n in range(5))
