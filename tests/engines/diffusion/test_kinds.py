"""Models beyond Stable Diffusion: Flux with a ControlNet, and those that only diffusers itself understands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

import diffusers
import torch
from tests.engines.contract import request
from tests.engines.diffusion import tiny
from tests.engines.diffusion.test_denoise import a_pass, far, waves

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.diffusion import passes
from genzu.engines.diffusion.engine import DiffusersEngine
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.passes import Runner
from genzu.engines.diffusion.studio import Studio
from genzu.engines.run import paint_with
from genzu.errors import EngineFailed


def advanced(_asked: object = None) -> torch.Generator:
    generator = torch.Generator().manual_seed(7)
    torch.randn((1, 16, 8, 12), generator=generator)
    return generator


@pytest.fixture(scope="module")
def flux_control(models: Path) -> Path:
    torch.manual_seed(19)
    transformer = diffusers.FluxTransformer2DModel.from_pretrained(models / "flux" / "transformer")
    control = diffusers.FluxControlNetModel.from_transformer(
        transformer, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2
    )
    with torch.no_grad():
        for name, weight in control.named_parameters():
            if name.startswith(("controlnet_blocks", "controlnet_single", "controlnet_x_embedder")):
                weight += 0.2 * torch.randn_like(weight)
    control.save_pretrained(models / "flux-control")
    return models / "flux-control"


def test_flux_is_held_by_a_controlnet_as_in_its_own_pipeline(
    flux_control: Path, profile: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = [{"kind": "lineart", "path": flux_control.name, "weight": 0.7, "start": 0.0, "end": 0.8}]
    made = profile("flux", painting={"steps": 5}, control=table, stem="flux-held")
    studio = Studio(made)
    asked = a_pass(made)
    # Their pipeline draws from the narrow spread of the control's latents before it draws the noise.
    monkeypatch.setattr(passes, "_generator", advanced)
    ours = Runner(studio).run(asked, Room(96, 96), lambda _share: None)
    net = studio.control(made.controls[0])
    pipeline = diffusers.FluxControlNetImg2ImgPipeline.from_pipe(studio.pipeline, controlnet=net)
    pipeline.set_progress_bar_config(disable=True)
    vae = studio.pipeline.vae
    pipeline._encode_vae_image = lambda image, generator: (  # the mean, so that the noise is drawn first as with us
        vae.encode(image).latent_dist.mode() - vae.config.shift_factor
    )
    shown = torch.from_numpy(waves(256, 256)[:64, :96].transpose(2, 0, 1).copy())[None].float() / 255
    start = torch.from_numpy(np.ascontiguousarray(waves().transpose(2, 0, 1)))[None].float() / 255
    with torch.inference_mode():
        theirs = pipeline(
            prompt=asked.spoken.text, image=start, control_image=shown * 2 - 1, strength=asked.strength, num_inference_steps=5,
            guidance_scale=made.painting.guidance, generator=torch.Generator().manual_seed(7), height=64, width=96,
            controlnet_conditioning_scale=0.7, control_guidance_end=0.8, max_sequence_length=32, output_type="np",
        ).images[0]  # fmt: skip
    without = Runner(studio).run(replace(asked, controls=()), Room(96, 96), lambda _share: None)
    assert far(ours, without) > 4, "the ControlNet changes nothing: the test shows nothing"
    assert far(ours, np.clip(theirs * 255 + 0.5, 0, 255).astype(np.uint8)) <= 1
    tiled = Runner(studio).run(replace(asked, start=waves(128, 160)), Room(64, 64), lambda _share: None)
    assert tiled.shape == (128, 160, 3)


def test_flux_paints_both_stages_of_any_size(profile: Callable[..., Any]) -> None:
    engine = DiffusersEngine(profile("flux", stem="flux-any"))
    rough = paint_with(engine, request(Extent(150, 90)))
    asked = replace(request(Extent(150, 90), rough=rough), prompt="(roof:1.4), sea")
    assert paint_with(engine, asked).shape == (90, 150, 3)
    assert any("does not weigh" in note for note in engine.report()["notes"])


@pytest.fixture(scope="module")
def consistency(models: Path) -> Path:
    """Latent consistency is a pipeline of its own, from pictures; Genzu knows nothing of it."""
    tokenizer = tiny.clip_tokenizer()
    network = tiny.unet(time_cond=8)
    pipeline = diffusers.LatentConsistencyModelPipeline(
        vae=tiny.vae(), text_encoder=tiny.text_encoder(tokenizer), tokenizer=tokenizer, unet=network,
        scheduler=diffusers.LCMScheduler(), safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    return tiny.save(pipeline, models / "lcm")


def test_a_model_that_only_diffusers_understands_paints_in_one_piece(
    consistency: Path, profile: Callable[..., Any]
) -> None:
    engine = DiffusersEngine(profile(path="lcm", family="auto", stem="lcm", rough={"strength": 0.9, "steps": 4}))
    assert engine.capabilities.stages == (Stage.ROUGH, Stage.PAINTING)
    rough = paint_with(engine, request(Extent(150, 90)))
    assert rough.shape == (90, 150, 3)
    assert far(rough, paint_with(engine, request(Extent(150, 90)))) == 0
    assert paint_with(engine, request(Extent(150, 90), rough=rough)).shape == (90, 150, 3)


def test_a_control_that_is_not_held_is_refused(consistency: Path, profile: Callable[..., Any]) -> None:
    table = [{"kind": "lineart", "path": "sd15-control"}]
    engine = DiffusersEngine(profile(path="lcm", family="auto", stem="lcm-held", control=table))
    with pytest.raises(EngineFailed, match="take control out"):
        paint_with(engine, request())
