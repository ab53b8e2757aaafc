from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.steps.own_art.captions import caption_of


@pytest.mark.parametrize(
    ("stem", "folders", "caption"),
    [
        ("SHOW_c012_harbour_autumn_dusk", [], "harbour, autumn, dusk"),
        ("DAB_c101_old_stone_bridge_snow_v03", ["Port Town", "final"], "port town, old stone bridge, snow"),
        ("港町_秋_夕方_c012", [], "port town, autumn, dusk"),
        ("カット012_夕焼け", ["神社"], "shrine, sunset, dusk"),
        ("c003_花火", [], "fireworks, night"),
        ("rice-field_morning_BG_t02", [], "rice field, morning"),
        ("SEA_01", [], "sea"),
        ("pg57664_e14p01_house-in-snow", [], "house, snow"),
        ("e14p05_dusk-over-mist", [], "dusk, mist"),
        ("0012", [], ""),
    ],
)  # fmt: skip
def test_names_of_files_and_folders_become_english(stem: str, folders: list[str], caption: str) -> None:
    assert caption_of(stem, folders).text == caption


def test_a_word_without_english_is_told_and_not_guessed() -> None:
    caption = caption_of("廃墟の猫_朝")
    assert caption.text == "ruins, morning"
    assert caption.untranslated == ("猫",)


def test_a_sidecar_text_stands_instead_of_the_names() -> None:
    caption = caption_of("c1_station_night", ["town"], sidecar="静かな神社の裏 a lane behind the shrine, 雪")
    assert caption.text == "shrine, lane, snow"
    assert caption.untranslated == ("静かな", "裏")


def test_an_english_sidecar_stays_as_it_is_written() -> None:
    caption = caption_of("c1_station_night", sidecar="A quiet lane behind the shrine,\n fireworks above it.")
    assert caption.text == "A quiet lane behind the shrine, fireworks above it, night"


def test_words_of_the_ledger_are_added_and_nothing_stands_twice() -> None:
    assert caption_of("lake_dusk", tags="watercolour lake dusk mist").text == "lake, dusk, watercolour lake, mist"


def test_codes_are_told_and_words_can_be_dropped() -> None:
    caption = caption_of("SHOW_c012_tanaka_street", drop=["Tanaka"])
    assert caption.text == "street"
    assert caption.codes == ("SHOW", "c012", "tanaka")


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=2), st.text(max_size=40))
def test_any_name_gives_a_caption_of_plain_letters(stem: str, folders: list[str], sidecar: str) -> None:
    for text in (caption_of(stem, folders).text, caption_of(stem, folders, sidecar=sidecar).text):
        assert not any("\u3040" <= letter <= "\u9fff" for letter in text)
        assert text == text.strip()
