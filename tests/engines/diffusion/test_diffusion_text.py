from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

import torch

from genzu.core.words.weights import Chunk
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.text import KEPT, Encodings
from genzu.engines.diffusion.words import Spoken


def said(*chunks: tuple[str, float], negative: str = "blurry") -> Spoken:
    return Spoken(
        chunks=tuple(Chunk(text, weight) for text, weight in chunks), negative=(Chunk(negative, 1.0),), loras={}
    )


@pytest.fixture(scope="module", params=["sd15", "sdxl"])
def studio(request: pytest.FixtureRequest, models: Any) -> Studio:
    from tests.engines.diffusion import tiny

    from genzu.engines.diffusion.profile import ModelProfile

    path = models / "text.toml"
    path.write_text(tiny.profile_text(path=request.param, family=request.param), encoding="utf-8")
    return Studio(ModelProfile.load(path))


def test_without_weights_it_is_diffusers_own_encoding(studio: Studio) -> None:
    ours = Encodings(studio).of(said(("port town, autumn dusk", 1.0)), guided=True)
    with torch.inference_mode():
        theirs = studio.pipeline.encode_prompt(
            prompt="port town, autumn dusk", negative_prompt="blurry", device="cpu", num_images_per_prompt=1,
            do_classifier_free_guidance=True,
        )  # fmt: skip
    names = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    assert set(ours) == set(names[: len(theirs)])
    for name, tensor in zip(names, theirs, strict=False):
        assert torch.equal(ours[name], tensor), name


def test_no_unwanted_words_are_encoded_as_diffusers_does(studio: Studio) -> None:
    ours = Encodings(studio).of(said(("port town", 1.0), negative=""), guided=True)
    with torch.inference_mode():
        theirs = studio.pipeline.encode_prompt(
            prompt="port town", device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=True
        )
    assert torch.equal(ours["negative_prompt_embeds"], theirs[1])


def test_a_weight_moves_its_words_and_little_else(studio: Studio) -> None:
    encodings = Encodings(studio)

    def encoded(weight: float) -> Any:
        return encodings.of(said(("port town, ", 1.0), ("autumn", weight)), guided=False)["prompt_embeds"]

    plain, more, none = encoded(1.0), encoded(1.5), encoded(0.0)
    ids = studio.pipeline.tokenizer("port town, autumn").input_ids
    changed = ((plain - more).abs() > 1e-4).any(dim=-1)[0]
    assert changed[len(ids) - 2]
    assert changed.sum() == 1, "autumn is one token"
    empty = encodings.of(said(("", 1.0)), guided=False)["prompt_embeds"]
    assert torch.allclose(none[0, len(ids) - 2], empty[0, len(ids) - 2], atol=1e-6)
    assert torch.allclose(more - plain, 0.5 * (plain - none), atol=1e-5)


def test_long_prompts_are_laid_end_to_end(studio: Studio) -> None:
    encodings = Encodings(studio)
    long = encodings.of(said(("autumn " * 100, 1.0)), guided=True)
    assert long["prompt_embeds"].shape[1] == 2 * 77
    assert long["negative_prompt_embeds"].shape == long["prompt_embeds"].shape
    first = encodings.of(said(("autumn " * 75, 1.0)), guided=False)["prompt_embeds"]
    assert torch.allclose(long["prompt_embeds"][:, :77], first, atol=1e-5)


def test_what_was_encoded_is_kept_but_not_for_ever(studio: Studio) -> None:
    encodings = Encodings(studio)
    for _ in range(3):
        encodings.of(said(("port town", 1.0)), guided=True)
    assert encodings.made == 1
    encodings.of(said(("port town", 1.0)), guided=False)
    encodings.of(said(("port town", 1.2)), guided=True)
    assert encodings.made == 3
    for number in range(KEPT):
        encodings._known[number] = {}
    encodings.of(said(("sea", 1.0)), guided=True)
    assert len(encodings._known) == KEPT


def test_flux_reads_both_encoders(profile: Callable[..., Any]) -> None:
    studio = Studio(profile("flux"))
    found = Encodings(studio).of(said(("port town", 1.0)), guided=False)
    assert found["prompt_embeds"].shape == (1, 32, 32)
    assert found["pooled_prompt_embeds"].shape == (1, 32)
