from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

import torch
from tests.engines.diffusion import tiny
from tests.engines.diffusion.test_denoise import a_pass, far, waves

from genzu.engines.diffusion.kinds import Kind, kind_of
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.passes import Runner
from genzu.engines.diffusion.studio import Studio
from genzu.errors import BadInput, EngineFailed, NotFound
from genzu.picture.arrays import UInt8


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kinds: object) -> NoReturn:
        raise AssertionError("nothing is fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def painted(studio: Studio, **how: Any) -> UInt8:
    return Runner(studio).run(a_pass(studio.profile, **how), Room(96, 96), lambda _share: None)


def test_a_single_file_is_the_same_model(models: Path, profile: Callable[..., Any]) -> None:
    folder = models / "configurations"
    for file in sorted((models / "sd15").rglob("*")):
        if file.suffix in (".json", ".txt"):
            (folder / file.relative_to(models / "sd15")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder / file.relative_to(models / "sd15"))
    tiny.single_file(tiny.sd15(), models / "one.safetensors")
    one = Studio(profile(path="one.safetensors", family="sd15", config="configurations", stem="one"))
    assert far(painted(one), painted(Studio(profile()))) <= 1


def test_an_own_vae_and_half_precision(models: Path, profile: Callable[..., Any]) -> None:
    tiny.vae(k=3.0).save_pretrained(models / "own-vae")
    studio = Studio(profile(vae="own-vae", precision="bf16"))
    assert studio.pipeline.vae.encoder.conv_in.bias.max() == 3.0
    assert studio.pipeline.unet.dtype == torch.bfloat16
    assert far(painted(studio, strength=0.4), waves()) < 255
    assert painted(studio).std() > 1


@pytest.mark.parametrize(
    ("name", "made"),
    [("Euler a", "EulerAncestralDiscreteScheduler"), ("DPM++ 2M Karras", "DPMSolverMultistepScheduler"),
     ("DDIM", "DDIMScheduler"), ("UniPC", "UniPCMultistepScheduler")],
)  # fmt: skip
def test_schedulers_by_their_usual_names(name: str, made: str, profile: Callable[..., Any]) -> None:
    studio = Studio(profile(scheduler=name))
    assert type(studio.pipeline.scheduler).__name__ == made
    assert studio.pipeline.scheduler.config.beta_start == 0.00085, "the noise levels stay the model's own"
    assert np.array_equal(painted(studio), painted(studio))


def test_loras_come_and_go(models: Path, profile: Callable[..., Any]) -> None:
    tiny.lora(tiny.sd15(), models / "roofs.v1.safetensors")
    tiny.lora(tiny.sd15(), models / "sky.safetensors", seed=14)
    studio = Studio(profile())
    said = a_pass(studio.profile).spoken

    def with_loras(**weights: float) -> UInt8:
        files = {"roofs": models / "roofs.v1.safetensors", "sky": models / "sky.safetensors"}
        loras = {files[name]: weight for name, weight in weights.items()}
        return painted(studio, spoken=replace(said, loras=loras))

    plain = with_loras()
    full, half, both = with_loras(roofs=1.0), with_loras(roofs=0.5), with_loras(roofs=1.0, sky=-0.5)
    pictures = [plain, full, half, both]
    assert all(far(a, b) > 0 for i, a in enumerate(pictures) for b in pictures[:i])
    assert far(with_loras(roofs=0.0), plain) == 0
    assert far(with_loras(), plain) == 0
    assert far(with_loras(roofs=1.0), full) == 0


def test_a_reference_steers(models: Path, profile: Callable[..., Any]) -> None:
    tiny.ip_adapter(models / "reference")
    table = {"path": "reference/adapter.safetensors", "encoder": "reference/encoder", "weight": 1.0}
    studio = Studio(profile(reference=table, stem="referred"))
    red = np.broadcast_to(np.array([200, 30, 30], np.uint8), (40, 60, 3)).copy()
    first, second = painted(studio, reference=red), painted(studio, reference=red[..., ::-1].copy())
    assert far(first, second) > 0
    assert far(painted(studio, reference=red), first) == 0
    assert far(painted(studio), painted(Studio(profile()))) == 0, "without a picture it has no say"


def test_pickles_are_not_opened(models: Path, profile: Callable[..., Any]) -> None:
    folder = models / "pickled"
    shutil.copytree(models / "sd15", folder)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(BadInput, match="safetensors"):
        _ = Studio(profile(path="pickled", family="sd15")).pipeline


def test_what_is_wrong_with_a_model_is_said_in_one_sentence(models: Path, profile: Callable[..., Any]) -> None:
    with pytest.raises(BadInput, match="the profile says sdxl"):
        _ = Studio(profile(path="sd15", family="sdxl")).pipeline
    with pytest.raises(NotFound, match=r"model_index\.json"):
        _ = Studio(profile(path="nowhere", family="sd15")).kind
    torn = models / "torn"
    shutil.copytree(models / "sd15", torn)
    weights = torn / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(BadInput, match="cannot be loaded") as caught:
        _ = Studio(profile(path="torn", family="sd15")).pipeline
    assert "\n" not in str(caught.value)
    assert str(torn) in str(caught.value)
    (torn / "model_index.json").write_text("{")
    with pytest.raises(BadInput, match="not JSON"):
        _ = Studio(profile(path="torn", family="sd15")).kind
    control = [{"kind": "lineart", "path": "sd15/unet"}]
    studio = Studio(profile(control=control, stem="not-control"))
    with pytest.raises(BadInput, match="not a ControlNet"):
        studio.control(studio.profile.controls[0])


def test_numbers_that_are_none_are_said_to_be_so(profile: Callable[..., Any]) -> None:
    studio = Studio(profile())
    with torch.no_grad():
        studio.denoiser.conv_out.bias.fill_(float("nan"))
    with pytest.raises(EngineFailed, match="no numbers"):
        painted(studio)


def test_kinds_of_all_that_diffusers_pairs() -> None:
    assert kind_of("StableDiffusionXLPipeline") is Kind.SDXL
    assert kind_of("QwenImagePipeline") is Kind.QWEN
    assert kind_of("ZImagePipeline") is Kind.OTHER
    assert kind_of("SanaPipeline") is Kind.WORDS


def test_the_index_decides_before_anything_is_loaded(models: Path, profile: Callable[..., Any]) -> None:
    studio = Studio(profile(family="auto", path="sdxl"))
    assert studio.kind is Kind.SDXL
    assert "pipeline" not in vars(studio)
    assert json.loads((models / "sdxl" / "model_index.json").read_text())["_class_name"].startswith("StableDiffusionXL")
