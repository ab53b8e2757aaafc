"""``family = "auto"``: models that nobody here wrote a line for, through whatever AutoPipeline makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs genzu[diffusers]")
pytest.importorskip("diffusers", reason="needs genzu[diffusers]")

import diffusers
import torch
import transformers
from tests.engines.contract import request
from tests.engines.diffusion import tiny
from tokenizers.pre_tokenizers import ByteLevel

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.diffusion.engine import DiffusersEngine
from genzu.engines.diffusion.kinds import Kind
from genzu.engines.run import paint_with

ODD = Extent(150, 90)


def qwen3(kind: Any) -> tuple[Any, Any]:
    """A small Qwen 3 and a tokenizer that knows bytes."""
    torch.manual_seed(21)
    vocab = {letter: number for number, letter in enumerate(sorted(ByteLevel.alphabet()))}
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    vocab |= {word: len(vocab) + number for number, word in enumerate(special)}
    tokenizer = transformers.Qwen2Tokenizer(
        vocab=vocab, merges=[], additional_special_tokens=special[1:], pad_token=special[0]
    )
    turn = "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
    tokenizer.chat_template = "{% for m in messages %}" + turn + "{% endfor %}<|im_start|>assistant\n"
    config = transformers.Qwen3Config(
        hidden_size=16, intermediate_size=16, num_hidden_layers=30, num_attention_heads=2, num_key_value_heads=2,
        head_dim=8, vocab_size=len(vocab), max_position_embeddings=512,
    )  # fmt: skip
    return kind(config).eval(), tokenizer


def stable_diffusion_3() -> Any:
    """Two CLIPs and a T5."""
    tokenizer, t5 = tiny.clip_tokenizer(), tiny.flux()
    torch.manual_seed(22)
    return diffusers.StableDiffusion3Pipeline(
        transformer=diffusers.SD3Transformer2DModel(
            sample_size=32, patch_size=1, in_channels=4, num_layers=1, attention_head_dim=8, num_attention_heads=4,
            joint_attention_dim=32, caption_projection_dim=32, pooled_projection_dim=64, out_channels=4,
        ).eval(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(), vae=tiny.vae(shift=0.1),
        text_encoder=tiny.text_encoder(tokenizer, projected=True), tokenizer=tokenizer,
        text_encoder_2=tiny.text_encoder(tokenizer, projected=True, seed=4), tokenizer_2=tokenizer,
        text_encoder_3=t5.text_encoder_2, tokenizer_3=t5.tokenizer_2,
    )  # fmt: skip


def z_image() -> Any:
    """Z-Image: a Qwen 3 reads the prompt."""
    text, tokenizer = qwen3(transformers.Qwen3Model)
    torch.manual_seed(23)
    transformer = diffusers.ZImageTransformer2DModel(
        all_patch_size=(2,), all_f_patch_size=(1,), in_channels=16, dim=32, n_layers=1, n_refiner_layers=1, n_heads=2,
        n_kv_heads=2, cap_feat_dim=16, axes_dims=[8, 4, 4], axes_lens=[512, 64, 64],
    )  # fmt: skip
    with torch.no_grad():  # made empty by the library: whatever was in memory
        transformer.x_pad_token.fill_(1)
        transformer.cap_pad_token.fill_(1)
    return diffusers.ZImagePipeline(
        transformer=transformer.eval(), vae=tiny.vae(channels=16, shift=0.1), text_encoder=text, tokenizer=tokenizer,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
    )  # fmt: skip


def flux2_klein() -> Any:
    """FLUX.2 [klein] edits a picture that it is shown; it has no strength."""
    text, tokenizer = qwen3(transformers.Qwen3ForCausalLM)
    torch.manual_seed(24)
    return diffusers.Flux2KleinPipeline(
        transformer=diffusers.Flux2Transformer2DModel(
            patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16,
            num_attention_heads=2, joint_attention_dim=48, timestep_guidance_channels=256, axes_dims_rope=[4, 4, 4, 4],
            guidance_embeds=False,
        ).eval(),
        vae=diffusers.AutoencoderKLFlux2(
            sample_size=32, in_channels=3, out_channels=3, down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4, block_out_channels=(4, 4, 4, 4), layers_per_block=1,
            latent_channels=4, norm_num_groups=1, use_quant_conv=False, use_post_quant_conv=False,
        ).eval(),
        text_encoder=text, tokenizer=tokenizer, scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
    )  # fmt: skip


@pytest.mark.parametrize("make", [stable_diffusion_3, z_image, flux2_klein])
def test_models_without_a_family_of_their_own_paint_both_stages(
    make: Callable[[], Any], models: Path, profile: Callable[..., Any]
) -> None:
    name = make.__name__
    tiny.save(make(), models / name)
    stage = {"steps": 3, "guidance": 2.0, "size": 128, "tile": 128, "overlap": 16}
    made = profile(path=name, family="auto", stem=f"auto-{name}", rough=stage, painting=stage)
    engine = DiffusersEngine(made)
    assert engine.studio.kind is (Kind.SD3 if name == "stable_diffusion_3" else Kind.OTHER)
    assert engine.capabilities.stages == (Stage.ROUGH, Stage.PAINTING)
    rough = paint_with(engine, request(ODD))
    assert rough.shape == (90, 150, 3) and rough.std() > 2
    painting = paint_with(engine, request(ODD, rough=rough))
    assert painting.shape == (90, 150, 3) and np.array_equal(painting, paint_with(engine, request(ODD, rough=rough)))
    other = paint_with(engine, request(ODD, rough=255 - rough))
    assert not np.array_equal(other, painting), "the rough is not seen"
