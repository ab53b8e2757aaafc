"""Tiny models made from the libraries' own classes, saved in the usual formats. Nothing is downloaded or trained.

The weights are random where that does no harm. The VAE is set by hand so that it gives back what it was given, in
blocks of 8 px: a picture that goes through it can be recognised. Groups of channels hold ``+K, −K, s, −s``, so that
group normalisation is nearly a constant factor, and ``silu(s) − silu(−s) = s`` makes the end of each half linear.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
)

WORDS = re.findall(
    r"\w+",
    "a anime background painting port town autumn summer winter spring dusk night morning afternoon sky sea roof "
    "tree blurry lowres masterpiece port city rain snow",
)
_K = 6.0
_C = 16
"""Channels of the VAE: four groups of ``+K, −K, s, −s``."""


def clip_tokenizer() -> CLIPTokenizer:
    """Letters, and the words of :data:`WORDS` whole."""
    letters = [chr(code) for code in range(33, 127)]
    vocab: dict[str, int] = {}
    for piece in (*letters, *(letter + "</w>" for letter in letters)):
        vocab.setdefault(piece, len(vocab))
    merges: list[str] = []
    for word in WORDS:
        left = word[0] if len(word) > 1 else word + "</w>"
        for index in range(1, len(word)):
            right = word[index] + ("</w>" if index == len(word) - 1 else "")
            if f"{left} {right}" not in merges:
                merges.append(f"{left} {right}")
            left += right
            vocab.setdefault(left, len(vocab))
    for special in ("<|startoftext|>", "<|endoftext|>"):
        vocab[special] = len(vocab)
    return CLIPTokenizer(vocab=vocab, merges=[tuple(pair.split()) for pair in merges], model_max_length=77)


def text_encoder(tokenizer: CLIPTokenizer, *, projected: bool = False, seed: int = 3) -> Any:
    """A CLIP text encoder of width 32."""
    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=37, num_hidden_layers=3, num_attention_heads=4,
        max_position_embeddings=77, projection_dim=32, hidden_act="gelu" if projected else "quick_gelu",
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    model = CLIPTextModelWithProjection(config) if projected else CLIPTextModel(config)
    return model.eval()


def unet(*, xl: bool = False, seed: int = 5) -> UNet2DConditionModel:
    """Two levels, random, with a quiet output."""
    torch.manual_seed(seed)
    more: dict[str, Any] = {
        "cross_attention_dim": 64, "attention_head_dim": (2, 4), "use_linear_projection": True,
        "addition_embed_type": "text_time", "addition_time_embed_dim": 8, "projection_class_embeddings_input_dim": 80,
    } if xl else {"cross_attention_dim": 32, "attention_head_dim": 8}  # fmt: skip
    model = UNet2DConditionModel(
        sample_size=8, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(16, 32),
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **more,
    )  # fmt: skip
    with torch.no_grad():
        model.conv_out.weight *= 0.3
    return model.eval()


def vae(*, channels: int = 4, shift: float | None = None, k: float = _K) -> AutoencoderKL:
    """Gives back the mean of every 8 × 8 px block: latents 0–2 are red, green and blue."""
    model = AutoencoderKL(
        block_out_channels=[_C] * 4, down_block_types=["DownEncoderBlock2D"] * 4, layers_per_block=1,
        up_block_types=["UpDecoderBlock2D"] * 4, latent_channels=channels, norm_num_groups=4, sample_size=64,
        scaling_factor=1.0, shift_factor=shift, force_upcast=False,
    )  # fmt: skip
    with torch.no_grad():
        for name, weight in model.named_parameters():
            last = name.endswith(("conv2.weight", "conv2.bias")) or "to_out" in name
            if last or "conv_norm_out.bias" in name:
                weight.zero_()  # blocks become their skip
        for half in (model.encoder, model.decoder):
            _spread(half.conv_in, k)
            half.conv_norm_out.weight.fill_(k / 2**0.5)
            _gather(half.conv_out)
        for block in model.encoder.down_blocks:
            for downsampler in block.downsamplers or ():
                _each(downsampler.conv, torch.tensor([[0.25, 0.25, 0], [0.25, 0.25, 0], [0, 0, 0]]))
        for block in model.decoder.up_blocks:
            for upsampler in block.upsamplers or ():
                _each(upsampler.conv, torch.tensor([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]))
        _plain(model.quant_conv)
        model.quant_conv.bias[channels:] = -30  # no spread around the mean
        model.quant_conv.weight[channels:] = 0
        _plain(model.post_quant_conv)
    return model.eval()


def _spread(conv: Any, k: float) -> None:
    conv.weight.zero_()
    conv.bias.zero_()
    for group in range(4):
        conv.bias[4 * group], conv.bias[4 * group + 1] = k, -k
        if group < 3:
            conv.weight[4 * group + 2, group, 1, 1], conv.weight[4 * group + 3, group, 1, 1] = 1, -1


def _gather(conv: Any) -> None:
    conv.weight.zero_()
    conv.bias.zero_()
    for group in range(3):
        conv.weight[group, 4 * group + 2, 1, 1], conv.weight[group, 4 * group + 3, 1, 1] = 1, -1


def _each(conv: Any, kernel: torch.Tensor) -> None:
    conv.weight.zero_()
    conv.bias.zero_()
    for channel in range(conv.weight.shape[0]):
        conv.weight[channel, channel] = kernel


def _plain(conv: Any) -> None:
    conv.weight.zero_()
    conv.bias.zero_()
    for channel in range(conv.weight.shape[0]):
        conv.weight[channel, channel] = 1


def ddim() -> DDIMScheduler:
    """The noise levels of Stable Diffusion 1.5."""
    return DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
        steps_offset=1,
    )  # fmt: skip


def sd15(**parts: Any) -> StableDiffusionPipeline:
    """A Stable Diffusion 1.5 in small."""
    tokenizer = clip_tokenizer()
    return StableDiffusionPipeline(
        **{
            "vae": vae(), "text_encoder": text_encoder(tokenizer), "tokenizer": tokenizer, "unet": unet(),
            "scheduler": ddim(), "safety_checker": None, "feature_extractor": None, "requires_safety_checker": False,
        }
        | parts
    )  # fmt: skip


def sdxl() -> StableDiffusionXLPipeline:
    """An SDXL in small: two text encoders, pooled text and sizes as conditions."""
    tokenizer = clip_tokenizer()
    return StableDiffusionXLPipeline(
        vae=vae(), text_encoder=text_encoder(tokenizer), tokenizer=tokenizer,
        text_encoder_2=text_encoder(tokenizer, projected=True, seed=4), tokenizer_2=clip_tokenizer(),
        unet=unet(xl=True), scheduler=ddim(), add_watermarker=False,
    )  # fmt: skip


def flux() -> FluxPipeline:
    """A Flux in small: packed latents, a T5 beside CLIP, flow matching."""
    tokenizer = clip_tokenizer()
    torch.manual_seed(6)
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces += [("▁" + word, -3.0) for word in dict.fromkeys(WORDS)] + [(chr(code), -6.0) for code in range(33, 127)]
    t5 = T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=32)
    transformer = FluxTransformer2DModel(
        patch_size=1, in_channels=64, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=(4, 4, 8), guidance_embeds=True,
    )  # fmt: skip
    return FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
        vae=vae(channels=16, shift=0.1),
        text_encoder=text_encoder(tokenizer), tokenizer=tokenizer, tokenizer_2=t5, transformer=transformer.eval(),
        text_encoder_2=T5EncoderModel(
            T5Config(vocab_size=len(t5), d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4)
        ).eval(),
    )  # fmt: skip


def controlnet(base: UNet2DConditionModel, *, seed: int = 11) -> ControlNetModel:
    """A ControlNet for a UNet; its outputs are not zero, as if it had been trained."""
    torch.manual_seed(seed)
    model = ControlNetModel.from_unet(base, conditioning_embedding_out_channels=(8, 8, 8, 16))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.startswith(("controlnet_down", "controlnet_mid", "controlnet_cond_embedding.conv_out")):
                weight += 0.05 * torch.randn_like(weight)
    return model.eval()


def save(pipeline: Any, folder: Path) -> Path:
    """In diffusers' layout, as ``.safetensors``."""
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def profile_text(**tables: Any) -> str:
    """A profile as TOML; nested dictionaries become tables, lists of them arrays of tables."""
    lines: list[str] = []
    for key, value in tables.items():
        if not isinstance(value, (dict, list)):
            lines.append(f"{key} = {json.dumps(value)}")
    for key, value in tables.items():
        for table in value if isinstance(value, list) else [value] if isinstance(value, dict) else []:
            lines.append(f"\n[[{key}]]" if isinstance(value, list) else f"\n[{key}]")
            lines += [f"{name} = {json.dumps(entry)}" for name, entry in table.items()]
    return "\n".join(lines) + "\n"
