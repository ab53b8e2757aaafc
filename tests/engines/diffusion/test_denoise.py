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

from genzu.core.geometry import Bounds
from genzu.core.take import Stage
from genzu.core.words.weights import Chunk
from genzu.engines.diffusion.controls import Shown
from genzu.engines.diffusion.families import ControlKind
from genzu.engines.diffusion.grids import Planes, Tokens
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.passes import Pass, Runner
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.words import Spoken
from genzu.picture.arrays import UInt8

HEIGHT, WIDTH = 64, 96


def waves(height: int = HEIGHT, width: int = WIDTH) -> UInt8:
    """A smooth picture in colour."""
    y, x = np.mgrid[0:height, 0:width] / 32
    return np.clip(127 + 90 * np.stack([np.sin(x), np.cos(y), np.sin(x + y)], axis=-1), 0, 255).astype(np.uint8)


def a_pass(profile: Any, **how: Any) -> Pass:
    settings = profile.painting
    controls = tuple(
        Shown(control=one, weight=one.weight, end=one.end, cut=lambda bounds: waves(256, 256)[bounds.slices])
        for one in profile.controls
    )
    said = Spoken(chunks=(Chunk("port town, autumn", 1.0),), negative=(Chunk("blurry", 1.0),), loras={})
    made = Pass(
        stage=Stage.ROUGH, start=waves(), spoken=said, seed=7, settings=settings, strength=0.8, controls=controls
    )
    return replace(made, **how)


def stock(studio: Studio, asked: Pass, pipeline: Any, **more: Any) -> UInt8:
    """The same call of diffusers' own pipeline, VAE and all."""
    start = torch.from_numpy(np.ascontiguousarray(asked.start.transpose(2, 0, 1)))[None].float() / 127.5 - 1
    with torch.inference_mode():
        vae = studio.pipeline.vae
        latents = vae.encode(start).latent_dist.mode()
        latents = (latents - (vae.config.shift_factor or 0)) * vae.config.scaling_factor
        said = pipeline(
            prompt=asked.spoken.text, image=latents, strength=asked.strength,
            num_inference_steps=asked.settings.steps, guidance_scale=asked.settings.guidance,
            generator=torch.Generator().manual_seed(asked.seed), output_type="np", **more,
        ).images[0]  # fmt: skip
    return np.clip(said * 255 + 0.5, 0, 255).astype(np.uint8)


def far(one: UInt8, other: UInt8) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())


@pytest.mark.parametrize("name", ["sd15", "sdxl"])
def test_with_one_tile_it_is_the_stock_controlnet_pipeline(
    name: str, models: Path, profile: Callable[..., Any]
) -> None:
    control = {"kind": "lineart", "path": f"{name}-control", "weight": 0.8, "start": 0.0, "end": 0.7}
    made = profile(name, painting={"steps": 6, "guidance": 5.0}, control=[control, {**control, "weight": 0.4}])
    studio = Studio(made)
    asked = a_pass(made)
    ours = Runner(studio).run(asked, Room(96, 96), lambda _share: None)

    nets = [studio.control(one) for one in made.controls]
    kind = {"sd15": "StableDiffusion", "sdxl": "StableDiffusionXL"}[name]
    pipeline = getattr(diffusers, f"{kind}ControlNetImg2ImgPipeline").from_pipe(studio.pipeline, controlnet=nets)
    pipeline.set_progress_bar_config(disable=True)
    shown = torch.from_numpy(waves(256, 256)[:HEIGHT, :WIDTH].transpose(2, 0, 1).copy())[None].float() / 255
    theirs = stock(
        studio, asked, pipeline, control_image=[shown, shown], negative_prompt="blurry",
        controlnet_conditioning_scale=[0.8, 0.4], control_guidance_end=[0.7, 0.7],
    )  # fmt: skip
    assert far(ours, theirs) <= 1
    without = Runner(studio).run(replace(asked, controls=()), Room(96, 96), lambda _share: None)
    assert far(ours, without) > 4, "the ControlNets change nothing: the test shows nothing"


def test_a_union_controlnet_is_told_its_mode(models: Path, profile: Callable[..., Any]) -> None:
    torch.manual_seed(23)
    union = diffusers.ControlNetUnionModel(
        block_out_channels=(16, 32), down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), layers_per_block=1,
        norm_num_groups=8, cross_attention_dim=64, attention_head_dim=(2, 4), use_linear_projection=True,
        addition_embed_type="text_time", addition_time_embed_dim=8, projection_class_embeddings_input_dim=80,
        conditioning_embedding_out_channels=(8, 8, 8, 16), num_control_type=6, num_trans_channel=16, num_trans_head=2,
        num_proj_channel=16,
    )  # fmt: skip
    with torch.no_grad():
        for name, weight in union.named_parameters():
            if name.startswith(("controlnet_down", "controlnet_mid")):
                weight += 0.05 * torch.randn_like(weight)
    union.save_pretrained(models / "union")
    control = {"kind": "lineart", "path": "union", "weight": 0.8, "start": 0.0, "end": 1.0, "mode": 3}
    made = profile("sdxl", stem="union", painting={"steps": 3, "guidance": 5.0}, control=[control])
    studio, asked = Studio(made), a_pass(made)
    ours = Runner(studio).run(asked, Room(96, 96), lambda _share: None)
    net = studio.control(made.controls[0])
    pipeline = diffusers.StableDiffusionXLControlNetUnionImg2ImgPipeline.from_pipe(studio.pipeline, controlnet=net)
    pipeline.set_progress_bar_config(disable=True)
    shown = torch.from_numpy(waves(256, 256)[:HEIGHT, :WIDTH].transpose(2, 0, 1).copy())[None].float() / 255
    theirs = stock(
        studio, asked, pipeline, control_image=[shown], control_mode=[3], negative_prompt="blurry",
        controlnet_conditioning_scale=0.8,
    )  # fmt: skip
    assert far(ours, theirs) <= 1
    other = replace(asked, controls=tuple(replace(one, control=replace(one.control, mode=1)) for one in asked.controls))
    net_of = studio._controls[made.controls[0]]
    studio._controls[other.controls[0].control] = net_of
    assert far(Runner(studio).run(other, Room(96, 96), lambda _share: None), ours) > 0


def test_with_one_tile_flux_is_the_stock_pipeline(profile: Callable[..., Any]) -> None:
    made = profile("flux", painting={"steps": 6})
    studio = Studio(made)
    asked = a_pass(made)
    ours = Runner(studio).run(asked, Room(96, 96), lambda _share: None)
    theirs = stock(studio, asked, studio.pipeline, height=HEIGHT, width=WIDTH, max_sequence_length=32)
    assert far(ours, theirs) <= 1


@pytest.mark.parametrize("name", ["sd15", "sdxl", "flux"])
def test_tiles_change_little_and_come_back_in_place(name: str, profile: Callable[..., Any]) -> None:
    made = profile(name, painting={"steps": 4, "guidance": 1.5})
    runner = Runner(Studio(made))
    asked = a_pass(made, start=waves(128, 160), strength=0.5)
    whole = runner.run(asked, Room(160, 64), lambda _share: None)
    tiled = runner.run(asked, Room(64, 64), lambda _share: None)
    assert far(whole, tiled) > 0, "it was not tiled"
    # The noise is that of the canvas, so the same things stand at the same places.
    apart = np.abs(whole.astype(int) - tiled.astype(int)).mean()
    assert apart < 0.25 * np.abs(whole.astype(int) - waves(128, 160).astype(int)).mean()


def test_the_network_is_left_as_it_was(profile: Callable[..., Any]) -> None:
    made = profile()
    studio = Studio(made)
    before = studio.denoiser.forward
    Runner(studio).run(a_pass(made), Room(64, 64), lambda _share: None)
    assert studio.denoiser.forward == before

    def stop(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Runner(studio).run(a_pass(made), Room(64, 64), stop)
    assert studio.denoiser.forward == before


def test_what_a_control_sees_is_computed_once(profile: Callable[..., Any]) -> None:
    made = profile(painting={"steps": 5}, control=[{"kind": "lineart", "path": "sd15-control", "end": 1.0}])
    studio = Studio(made)
    runner = Runner(studio)
    asked = a_pass(made, start=waves(64, 160), strength=1.0)
    first = runner.run(asked, Room(64, 64), lambda _share: None)
    tiles = studio.features.made
    assert tiles == 3, "once a tile, however many steps"
    again = runner.run(asked, Room(64, 64), lambda _share: None)
    assert studio.features.made == tiles
    assert runner.encodings.made == 1
    assert far(first, again) == 0


def test_features_stay_within_their_bytes() -> None:
    from genzu.engines.diffusion.nets import Features

    features = Features(limit=4 * 40)
    features.next_picture()
    for number in range(8):
        features.get(number, lambda: torch.zeros(10))
    assert features.made == 8
    for number in range(4):  # what came first stays while its picture is made, or nothing would ever be found again
        features.get(number, lambda: torch.zeros(10))
    assert features.made == 8
    features.next_picture()
    features.get(9, lambda: torch.zeros(10))
    features.get(9, lambda: torch.zeros(10))
    assert features.made == 9


def test_planes_and_tokens_cut_the_same_rectangle() -> None:
    latents = torch.arange(2 * 3 * 8 * 12.0).reshape(2, 3, 8, 12)
    bounds = Bounds(4, 2, 6, 5)
    planes = Planes(8)
    call = planes.read((latents, 5), {"encoder_hidden_states": None})
    assert call.named["timestep"] == 5
    assert torch.equal(planes.tile(call, bounds).picture, latents[..., 2:7, 4:10])

    tokens = Tokens(16)
    places = torch.stack(torch.meshgrid(torch.arange(8), torch.arange(12), indexing="ij"), -1).reshape(-1, 2)
    places = torch.cat([torch.zeros(96, 1), places], dim=1)
    call = tokens.read((), {"hidden_states": latents.movedim(1, -1).flatten(1, 2), "img_ids": places})
    tile = tokens.tile(call, bounds)
    assert torch.equal(tile.picture, latents[..., 2:7, 4:10])
    assert tile.named["img_ids"][-1].tolist() == [0, 4, 5], "places begin anew in each tile"
    assert torch.equal(tokens.spread(tile.named["hidden_states"], tile), tile.picture)
    shaped = tokens.read((), {"hidden_states": latents.movedim(1, -1).flatten(1, 2), "img_shapes": [[(1, 8, 12)]] * 2})
    assert tokens.tile(shaped, bounds).named["img_shapes"] == [[(1, 5, 6)]] * 2


def test_a_control_holds_by_the_rule_of_diffusers(profile: Callable[..., Any]) -> None:
    made = profile(control=[{"kind": "lineart", "path": "sd15-control", "start": 0.2, "end": 0.6}])
    shown = a_pass(made).controls[0]
    assert shown.control.kind is ControlKind.LINEART
    assert [step for step in range(10) if shown.holds(step, 10)] == [2, 3, 4, 5]
