from __future__ import annotations

from pathlib import Path

import pytest

from genzu.core.scene import Conditions, Extra, Place, Season, Time
from genzu.core.words.index import JAPANESE, entries
from genzu.core.words.weights import Chunk
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.words import spoken
from genzu.engines.english import ENGLISH, translated
from genzu.errors import NotFound

NONE = Conditions()


def a_profile(folder: Path, **more: object) -> ModelProfile:
    return ModelProfile.from_dict({"path": "model", "family": "sd15", **more}, source=folder / "studio.toml")


def test_the_profile_stands_around_the_prompt(tmp_path: Path) -> None:
    around = {"prefix": "anime background", "suffix": "highly detailed", "negative": "people"}
    said = spoken(a_profile(tmp_path, prompt=around), "port town, (roof:1.3)", NONE, 1)
    assert said.text == "anime background, port town, roof, highly detailed"
    assert Chunk("roof", 1.3) in said.chunks
    assert all(chunk.weight == 1 for chunk in said.chunks if chunk.text != "roof")
    assert said.negative_text == "people"
    assert said.weighted
    said = spoken(a_profile(tmp_path, prompt=around), "sea\nNegative prompt: (boats:1.2)", NONE, 1)
    assert said.negative_text == "boats, people"
    assert spoken(a_profile(tmp_path), "", NONE, 1).text == ""


def test_conditions_that_the_prompt_does_not_spell_are_said(tmp_path: Path) -> None:
    conditions = Conditions(place=Place.PORT_TOWN, season=Season.AUTUMN, time=Time.DUSK, extras=(Extra.LANTERNS,))
    said = spoken(a_profile(tmp_path), "a port town at sundown", conditions, 1)
    assert said.text == "a port town at sundown, autumn, dusk, lanterns"


@pytest.mark.parametrize(
    ("japanese", "english"),
    [
        ("港町、秋、夕方", "port town, autumn, dusk"),
        ("森の神社、朝", "forest, shrine, morning"),
        ("雪の駅, (屋根:1)", "snow, station, (roof:1)"),
        ("懐かしい夏の夜、花火", "nostalgic, summer, night, fireworks"),
        ("old 灯台 by the 海", "old lighthouse by the sea"),
    ],
)
def test_japanese_becomes_english(japanese: str, english: str) -> None:
    text, unknown = translated(japanese)
    assert not unknown
    assert text == english


def test_what_the_lexicon_does_not_know_stays_and_is_named(tmp_path: Path) -> None:
    said = spoken(a_profile(tmp_path), "港町、蒸気機関", NONE, 1)
    assert said.text.startswith("port town, ")
    assert "蒸気機関" in said.text.replace(" ", "").replace(",", "")
    assert any("Not translated" in note for note in said.notes)


def test_the_table_translates_words_that_the_lexicon_knows() -> None:
    known = {entry.spelling for entry in entries()}
    assert set(ENGLISH) <= known, sorted(set(ENGLISH) - known)
    assert all(english.isascii() and english.strip() for english in ENGLISH.values())
    drawn = {entry.spelling for entry in entries() if entry.sense == "drawn" and entry.japanese}
    assert len(drawn & set(ENGLISH)) > 0.8 * len(drawn)
    assert JAPANESE


def test_loras_of_the_profile_and_of_the_prompt(tmp_path: Path) -> None:
    (tmp_path / "loras").mkdir()
    for name in ("harbour", "sky"):
        (tmp_path / "loras" / f"{name}.safetensors").touch()
    profile = a_profile(tmp_path, lora_folder="loras", lora=[{"path": "always.safetensors", "weight": 0.6}])
    said = spoken(profile, "sea <lora:harbour:0.8>", NONE, 1)
    assert {path.stem: weight for path, weight in said.loras.items()} == {"always": 0.6, "harbour": 0.8}
    said = spoken(profile, "sea <lora:always:0.2>", NONE, 1)
    assert {path.stem: weight for path, weight in said.loras.items()} == {"always": 0.2}
    for stem in ("../always", "..", "/etc/passwd", ".hidden"):
        with pytest.raises(NotFound, match="there is no LoRA"):
            spoken(profile, f"sea <lora:{stem}:1>", NONE, 1)
    with pytest.raises(NotFound, match="did you mean harbour"):
        spoken(profile, "sea <lora:harbou:1>", NONE, 1)
