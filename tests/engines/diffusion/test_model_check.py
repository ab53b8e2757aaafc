from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engines.diffusion.safe_files import (
    LORA,
    NET,
    packed,
    write,
    write_json,
    write_model,
    write_network,
    write_profile,
)

from genzu.engines.diffusion.check import check, whole
from genzu.engines.diffusion.profile import ModelProfile

TEXT = """
family = "sd15"
path = "base"
vae = "vae"
[[lora]]
path = "town.safetensors"
[[control]]
kind = "lineart"
path = "lines"
[reference]
path = "ip.safetensors"
encoder = "encoder"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_model(tmp_path / "base")
    for name, kind in (("vae", "AutoencoderKL"), ("lines", "ControlNetModel"), ("encoder", "CLIPVisionModel")):
        write_network(tmp_path / name, kind)
    write(tmp_path / "town.safetensors", LORA, {"modelspec.architecture": "stable-diffusion-v1/lora"})
    write(tmp_path / "ip.safetensors")
    write_profile(tmp_path, "studio", TEXT)
    return tmp_path


def faults(folder: Path, **changes: str) -> list[str]:
    text = (folder / "studio.toml").read_text()
    for old, new in changes.items():
        text = text.replace(old, new)
    write_profile(folder, "changed", text)
    profile = ModelProfile.load(folder / "changed.toml")
    return [fault for part in check(profile) for fault in part.faults] + list(whole(profile))


def test_a_whole_profile_has_no_fault_and_every_part_is_told(folder: Path) -> None:
    profile = ModelProfile.load(folder / "studio.toml")
    parts = check(profile)
    assert [part.part.kind for part in parts] == [
        "model", "vae", "lora", "control lineart", "reference", "image encoder",
    ]  # fmt: skip
    assert not faults(folder)
    for part in parts:
        record = part.to_dict()
        json.dumps(record)
        assert len(record["sha256"]) == 64
        assert record["bytes"] > 0 and record["files"] >= 1
    assert parts[0].bytes == 3 * len(packed(NET))


def spoil_index(folder: Path, **changes: object) -> None:
    path = folder / "base" / "model_index.json"
    write_json(path, {**json.loads(path.read_text()), **changes})


def rename(folder: Path, old: str, new: str) -> None:
    (folder / old).rename(folder / new)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "town.safetensors").unlink(), "town.safetensors is not there"),
        (lambda f: (f / "town.safetensors").write_bytes(packed(LORA)[:-3]), "not copied whole"),
        (lambda f: write(f / "town.safetensors", NET), "holds no LoRA: its first tensor is 'conv.weight'"),
        (
            lambda f: write(f / "town.safetensors", LORA, {"modelspec.architecture": "stable-diffusion-xl-v1/lora"}),
            "the profile says family = 'sd15'",
        ),
        (lambda f: (f / "base/unet/diffusion_pytorch_model.safetensors").write_bytes(b"x"), "not a safetensors file"),
        (lambda f: rename(f, "base/vae", "base/elsewhere"), "the folder of vae is missing"),
        (lambda f: (f / "base/model_index.json").unlink(), "model_index.json is not there"),
        (lambda f: (f / "base/model_index.json").write_text("{"), "is not JSON"),
        (lambda f: spoil_index(f, _class_name="StableDiffusionXLPipeline"), "it is a StableDiffusionXLPipeline"),
        (lambda f: spoil_index(f, _class_name=["own", "OwnPipeline"]), "code of its own"),
        (lambda f: spoil_index(f, unet=["my_unet", "MyUNet"]), "unet comes with code of its own (my_unet)"),
        (lambda f: spoil_index(f, unet=["diffusers"]), "unet is not [library, class]"),
        (lambda f: spoil_index(f, **{"../x": ["diffusers", "UNet2DConditionModel"]}), "folder of ../x is missing"),
        (lambda f: (f / "base/unet/diffusers.py").write_text("import os"), "unet comes with code of its own"),
        (lambda f: write_json(f / "base/text_encoder/config.json", {"auto_map": {"AutoModel": "x.Y"}}), "auto_map"),
        (lambda f: rename(f, "lines/diffusion_pytorch_model.safetensors", "lines/model.bin"), "model.bin can run code"),
        (lambda f: (f / "lines/config.json").unlink(), "config.json is not there"),
        (
            lambda f: write_json(f / "base/unet/m.safetensors.index.json", {"weight_map": {"a": "gone.safetensors"}}),
            "gone.safetensors is missing",
        ),
        (
            lambda f: write_json(f / "base/unet/m.safetensors.index.json", {"weight_map": {"a": "../x.safetensors"}}),
            "outside of its folder",
        ),
    ],
)  # fmt: skip
def test_every_fault_is_found(folder: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(folder)
    found = faults(folder)
    assert any(said in fault for fault in found), found


def test_one_fault_does_not_hide_another(folder: Path) -> None:
    (folder / "town.safetensors").unlink()
    (folder / "ip.safetensors").write_bytes(b"x")
    assert len(faults(folder)) == 2


def test_scripts_that_only_lie_there_are_left_alone(folder: Path) -> None:
    (folder / "lines" / "example.py").write_text("raise SystemExit")
    (folder / "base" / "convert.py").write_text("raise SystemExit")
    assert not faults(folder)


def test_a_safety_checker_that_is_left_out_is_no_fault(folder: Path) -> None:
    spoil_index(folder, safety_checker=["stable_diffusion", "StableDiffusionSafetyChecker"])
    assert not faults(folder)


def test_a_single_file_is_checked_with_its_configurations(folder: Path) -> None:
    write(folder / "one.safetensors")
    single = {'path = "base"': 'path = "one.safetensors"\nconfig = "base"'}
    assert not faults(folder, **single)
    (folder / "base" / "model_index.json").unlink()
    assert any("config: " in fault for fault in faults(folder, **single))


def test_folders_that_a_profile_names_must_be_there(folder: Path) -> None:
    found = faults(folder, **{'path = "base"': 'path = "base"\nlora_folder = "nowhere"'})
    assert any("lora_folder" in fault for fault in found)
