from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from genzu.core.words.weights import Chunk, LoraCall, parse, resolved

SIGNS = st.sampled_from([*"()[]{}|#<>:\\", "\n", " ", ", ", ":1.3)", "<lora:a:0.5>", "{a|b}", "秋", "roof", "1.2"])
ANYTHING = st.lists(SIGNS | st.text(max_size=3), max_size=25).map("".join)
WORDS = st.text(st.sampled_from("abc 秋,.-'"), min_size=1, max_size=12)


def weights(prompt: str) -> dict[str, float]:
    return {chunk.text.strip(" ,"): round(chunk.weight, 4) for chunk in parse(prompt).chunks if chunk.text.strip(" ,")}


def test_weights_are_those_of_the_usual_programs() -> None:
    said = weights("(dawn), (roof:1.3), ((sea)), [people], plain, (a (b:1.5):0.5), (c:.8)")
    assert said == {
        "dawn": 1.1, "roof": 1.3, "sea": 1.21, "people": 0.9091, "plain": 1.0, "a": 0.5, "b": 0.75, "c": 0.8,
    }  # fmt: skip


@given(ANYTHING, st.integers(0, 5))
def test_nothing_raises_and_every_letter_has_its_place(text: str, seed: int) -> None:
    found = parse(text, seed)
    assert len(found.plain) == len(text)
    assert all(a == b or a in " ," for a, b in zip(found.plain, text, strict=True))
    assert all(0 <= chunk.weight <= 10 and chunk.text for chunk in (*found.chunks, *found.negative))
    assert found == parse(text, seed)
    assert len({call.stem for call in found.loras}) == len(found.loras)


@given(WORDS, st.floats(0, 9.9).map(lambda w: round(w, 2)))
def test_a_weight_that_is_written_is_read(word: str, weight: float) -> None:
    assert parse(f"({word}:{weight})").chunks == (Chunk(word, weight),)


@given(WORDS, st.integers(0, 12), st.integers(0, 12))
def test_brackets_nest(word: str, more: int, less: int) -> None:
    (chunk,) = parse("(" * more + "[" * less + word + "]" * less + ")" * more).chunks
    assert chunk.text == word
    assert chunk.weight == pytest.approx(1.1 ** (more - less))


@given(ANYTHING)
def test_what_is_escaped_is_text(text: str) -> None:
    escaped = "".join(f"\\{letter}" if letter in "()[]{}|#<>:\\" else letter for letter in text)
    if "egative" not in text:
        found = parse(escaped)
        assert found.text == text
        assert not (found.weighted or found.loras or found.signs or found.faults)


@given(ANYTHING, st.integers(0, 5))
@example("#\\(", 0)
def test_a_resolved_prompt_says_the_same_under_every_seed(text: str, seed: int) -> None:
    def squeezed(prompt: str, seed: int) -> tuple[object, ...]:
        found = parse(prompt, seed)
        return "".join(found.text.split()), "".join(found.negative_text.split()), set(found.loras)

    chosen = resolved(text, seed)
    assert squeezed(chosen, 99) == squeezed(text, seed)


def test_alternatives_are_chosen_evenly_and_nest() -> None:
    drawn = [parse("{a|b|c}", seed).text for seed in range(300)]
    assert all(60 < drawn.count(letter) < 140 for letter in "abc")
    assert {parse("{a|{b|c}d}", seed).text for seed in range(60)} == {"a", "bd", "cd"}
    # Two groups in one prompt do not move together.
    assert {parse("{a|b}{a|b}", seed).text for seed in range(60)} == {"aa", "ab", "ba", "bb"}
    assert parse("{a}").text == "{a}"


def test_calls() -> None:
    assert parse("x <lora:town:0.5>, <lora:sea>").loras == (LoraCall("town", 0.5), LoraCall("sea", 1.0))
    assert parse("<lora:town:0.5><lora:sea:1><lora:town:-.25>").loras == (LoraCall("sea", 1), LoraCall("town", -0.25))
    assert parse("<lora:{a|a}:0.5>").loras == (LoraCall("a", 0.5),)
    assert not parse("\\<lora:town:0.5>").loras


def test_what_other_programs_understand_and_this_does_not_is_told() -> None:
    for text in ("<lora:town:0.5:0.7>", "<hypernet:x:1>", "[spring:autumn:0.5]", "[cow|horse]"):
        assert any(text in fault for fault in parse(text).faults), text
    assert not parse("[people], (a|b), a:b").faults


def test_a_time_is_no_weight() -> None:
    assert weights("(at 12:30)") == {"at 12:30": 1.1}


def test_a_hashtag_is_no_comment() -> None:
    assert parse("#autumn #dusk").text == "#autumn #dusk"


def test_comments_end_with_their_line() -> None:
    found = parse("# made for cut 12\nport town # (night:1.4)\ndusk, C#, no#1")
    assert found.text.split() == ["port", "town", "dusk,", "C#,", "no#1"]
    assert not found.weighted


def test_the_negative_prompt_has_weights_of_its_own() -> None:
    found = parse("forest\nNegative prompt: (fog:1.4), people")
    assert found.text.strip() == "forest"
    assert found.negative[1] == Chunk("fog", 1.4)
    assert found.negative_text.strip() == "fog, people"
    assert not found.plain.removeprefix("forest").strip()


@pytest.mark.parametrize("text", ["(", "(a", "{a|", "[", "# ", "<lora:", "a:1)", "\\"])
def test_long_prompts_of_signs_take_no_square_of_time(text: str) -> None:
    parse(text * 5000)
    parse(text * 5000 + ")" * 5000 + "]}" * 2000)
