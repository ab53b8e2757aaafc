from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="torch belongs to the extra genzu[diffusers]")
for library in ("diffusers", "transformers"):
    pytest.importorskip(library, reason=f"{library} belongs to the extra genzu[diffusers]")

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from lora_samples import example

from genzu.core.geometry import Extent
from genzu.engines.diffusion.training.examples import plan, stir
from genzu.engines.diffusion.training.loop import schedule
from genzu.engines.diffusion.training.tensors import read_tensors, write_tensors
from genzu.errors import BadInput


def test_every_example_is_seen_once_an_epoch_and_batches_hold_one_size() -> None:
    many = tuple(example(n, Extent(64, 64) if n % 3 else Extent(80, 48)) for n in range(20))
    plans = [plan(many, 4, 7, epoch) for epoch in range(3)]
    for batches in plans:
        assert sorted(place for batch in batches for place in batch) == list(range(20))
        assert all(len({str(many[place].bucket) for place in batch}) == 1 for batch in batches)
        assert len(batches) == len(plans[0])
    assert plans[0] != plans[1] and plans[0] == plan(many, 4, 7, 0) != plan(many, 4, 8, 0)


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    rates = [schedule(step, 100, 10) for step in range(1, 101)]
    assert rates.index(max(rates)) == 10 and max(rates) == pytest.approx(1.0)
    assert all(a < b for a, b in itertools.pairwise(rates[:11]))
    assert all(a > b for a, b in itertools.pairwise(rates[10:]))
    assert rates[-1] == pytest.approx(0.01)
    assert schedule(1, 1, 50) == pytest.approx(1.0)


def test_seeds_differ_by_purpose_and_place() -> None:
    seeds = [stir(0, "step", step, number, place) for step in range(20) for number in range(4) for place in range(4)]
    assert max(Counter(seeds).values()) == 1
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_files_have_the_same_bytes_and_are_read_by_the_library(tmp_path: Path) -> None:
    tensors = {"b": torch.arange(6.0).reshape(2, 3), "a": torch.ones(3, dtype=torch.float16), "c": torch.tensor(7.0)}
    texts = {"genzu.training": "背景室", "z": "1", "a": "2"}
    write_tensors(tmp_path / "1.safetensors", tensors, texts)
    write_tensors(tmp_path / "2.safetensors", dict(reversed(tensors.items())), dict(reversed(texts.items())))
    assert (tmp_path / "1.safetensors").read_bytes() == (tmp_path / "2.safetensors").read_bytes()
    found, said = read_tensors(tmp_path / "1.safetensors")
    assert dict(said) == texts
    for name, tensor in tensors.items():
        assert torch.equal(found[name], tensor)
    (tmp_path / "1.safetensors").write_bytes((tmp_path / "1.safetensors").read_bytes()[:-2])
    with pytest.raises(BadInput):
        read_tensors(tmp_path / "1.safetensors")


SD15: dict[str, Any] = {"cross_attention_dim": 768, "attention_head_dim": 8}
SDXL: dict[str, Any] = {
    "cross_attention_dim": 2048, "attention_head_dim": [5, 10, 20], "block_out_channels": [320, 640, 1280],
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], "use_linear_projection": True,
    "transformer_layers_per_block": [1, 2, 10], "addition_embed_type": "text_time", "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}  # fmt: skip


@pytest.mark.parametrize(("config", "layers"), [(SD15, 16 * 10), (SDXL, 70 * 10)], ids=["sd15", "sdxl"])
def test_in_the_true_models_every_layer_is_found_again_by_its_name(config: dict[str, Any], layers: int) -> None:
    """Networks of the true shape without weights: diffusers must give each of our keys its layer back."""
    from diffusers import UNet2DConditionModel
    from diffusers.loaders.lora_conversion_utils import (
        _convert_non_diffusers_lora_to_diffusers,
        _maybe_map_sgm_blocks_to_diffusers,
    )
    from diffusers.utils.state_dict_utils import convert_unet_state_dict_to_peft

    with torch.device("meta"):
        unet = UNet2DConditionModel(**config)
    wanted = ("to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "ff.net.2")
    names = [name for name, _ in unet.named_modules() if name.endswith(wanted)]
    assert len(names) == layers
    keys = {name: f"lora_unet_{name.replace('.', '_')}" for name in names}
    state = {
        f"{key}.{part}": torch.zeros(1, 1) for key in keys.values() for part in ("lora_down.weight", "lora_up.weight")
    }
    state |= {f"{key}.alpha": torch.tensor(4.0) for key in keys.values()}
    state = _maybe_map_sgm_blocks_to_diffusers(state, unet.config)
    found, alphas = _convert_non_diffusers_lora_to_diffusers(state)
    inner = convert_unet_state_dict_to_peft({key.removeprefix("unet."): value for key, value in found.items()})
    assert {key.split(".lora_")[0] for key in inner} == set(names)
    assert len(alphas) == layers
