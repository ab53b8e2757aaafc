from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.diffusion.safe_files import LORA, write, write_profile

from genzu.engines.diffusion.calls import loras_for, models_in
from genzu.engines.diffusion.profile import ModelProfile
from genzu.errors import BadInput, NotFound


@pytest.fixture
def profile(tmp_path: Path) -> ModelProfile:
    write(tmp_path / "always.safetensors", LORA)
    write(tmp_path / "loras" / "town.safetensors", LORA, {"modelspec.author": "Aya"})
    write(tmp_path / "loras" / "sub" / "sea.safetensors", LORA)
    write(tmp_path / "loras" / "one" / "twice.safetensors", LORA)
    write(tmp_path / "loras" / "two" / "twice.safetensors", LORA)
    (tmp_path / "loras" / "old.pt").write_bytes(b"x")
    text = 'path = "m"\nlora_folder = "loras"\n[[lora]]\npath = "always.safetensors"\nweight = 0.8'
    return ModelProfile.load(write_profile(tmp_path, "studio", text))


def called(profile: ModelProfile, prompt: str, seed: int = 0) -> list[tuple[str, float]]:
    return [(lora.stem, lora.weight) for lora in loras_for(profile, prompt, seed)]


def test_the_profiles_own_come_first_and_a_call_gives_them_another_weight(profile: ModelProfile) -> None:
    assert called(profile, "town") == [("always", 0.8)]
    assert called(profile, "<lora:sea:0.4> <lora:town>") == [("always", 0.8), ("sea", 0.4), ("town", 1.0)]
    assert called(profile, "<lora:always:0.1>") == [("always", 0.1)]


def test_the_seed_chooses_a_lora_as_it_chooses_words(profile: ModelProfile) -> None:
    drawn = {called(profile, "<lora:{town|sea}:1>", seed)[1][0] for seed in range(20)}
    assert drawn == {"town", "sea"}


def test_what_a_prompt_calls_is_named_for_the_ledger(profile: ModelProfile) -> None:
    (facts,) = models_in(profile, "<lora:town:0.5> <lora:always:1>", 0)
    assert (facts.kind, facts.author, facts.weight) == ("lora", "Aya", 0.5)
    assert facts.sha256


@pytest.mark.parametrize(
    ("stem", "said"),
    [("twon", "did you mean town"), ("old", "convert"), ("twice", "same name"), ("../always", "there is no LoRA")],
)
def test_what_cannot_be_called(profile: ModelProfile, stem: str, said: str) -> None:
    with pytest.raises((NotFound, BadInput), match=said):
        loras_for(profile, f"<lora:{stem}:1>", 0)
