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
from safetensors.torch import save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
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


def unet(*, xl: bool = False, seed: int = 5, groups: int = 8, time_cond: int | None = None) -> UNet2DConditionModel:
    """Two levels, random, with a quiet output."""
    torch.manual_seed(seed)
    more: dict[str, Any] = {
        "cross_attention_dim": 64, "attention_head_dim": (2, 4), "use_linear_projection": True,
        "addition_embed_type": "text_time", "addition_time_embed_dim": 8, "projection_class_embeddings_input_dim": 80,
    } if xl else {"cross_attention_dim": 32, "attention_head_dim": 8}  # fmt: skip
    model = UNet2DConditionModel(
        sample_size=8, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(16, 32),
        norm_num_groups=groups,
        time_cond_proj_dim=time_cond,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **more,
    )  # fmt: skip
    with torch.no_grad():
        model.conv_out.weight *= 0.3
    return model.eval()


def calm_unet(*, gain: float = 1.2, k: float = _K) -> UNet2DConditionModel:
    """A UNet that takes noise away where a picture is flat: noise is what differs from its surroundings.

    All blocks are their skip and the last one passes the first convolution through: 3 × 3 of high pass. It pads with
    zeros, as all UNets do, so it is wrong at the edge of every tile.
    """
    model = unet(groups=4)
    with torch.no_grad():
        _spread(model.conv_in, k, channels=4)
        high = torch.full((3, 3), -1 / 9)
        high[1, 1] += 1
        for group in range(4):
            for sign, channel in ((1, 4 * group + 2), (-1, 4 * group + 3)):
                model.conv_in.weight[channel, group] = sign * high
        last = model.up_blocks[-1].resnets[-1]
        last.conv2.weight.zero_()
        last.conv2.bias.zero_()
        last.conv_shortcut.weight.zero_()
        last.conv_shortcut.bias.zero_()
        for channel in range(16):
            last.conv_shortcut.weight[channel, 16 + channel] = 1
        model.conv_norm_out.weight.fill_(k / 2**0.5)
        model.conv_norm_out.bias.zero_()
        _gather(model.conv_out, channels=4)
        model.conv_out.weight *= gain
    return model


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


def _spread(conv: Any, k: float, channels: int = 3) -> None:
    conv.weight.zero_()
    conv.bias.zero_()
    for group in range(4):
        conv.bias[4 * group], conv.bias[4 * group + 1] = k, -k
        if group < channels:
            conv.weight[4 * group + 2, group, 1, 1], conv.weight[4 * group + 3, group, 1, 1] = 1, -1


def _gather(conv: Any, channels: int = 3) -> None:
    conv.weight.zero_()
    conv.bias.zero_()
    for group in range(channels):
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


def lora(pipeline: Any, path: Path, *, rank: int = 2, seed: int = 13, size: float = 0.3) -> Path:
    """A LoRA for a UNet, made by peft and saved by diffusers, as if it had been trained."""
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(seed)
    network = pipeline.unet
    network.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=["to_q", "to_k", "to_v", "to_out.0"]))
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "lora_B" in name:
                weight += size * torch.randn_like(weight)
    pipeline.save_lora_weights(
        path.parent, unet_lora_layers=get_peft_model_state_dict(network), weight_name=path.name, safe_serialization=True
    )
    return path


def ip_adapter(folder: Path, *, seed: int = 17) -> Path:
    """``adapter.safetensors`` in IP-Adapter's own layout for the UNet of :func:`sd15`, and ``encoder``."""
    torch.manual_seed(seed)
    config = CLIPVisionConfig(
        hidden_size=32, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8,
        projection_dim=24,
    )  # fmt: skip
    CLIPVisionModelWithProjection(config).save_pretrained(folder / "encoder")
    state = {
        "image_proj.proj.weight": torch.randn(4 * 32, 24), "image_proj.proj.bias": torch.randn(4 * 32),
        "image_proj.norm.weight": torch.ones(32), "image_proj.norm.bias": torch.zeros(32),
    }  # fmt: skip
    for number, _name in enumerate(name for name in unet().attn_processors if "attn2" in name):
        for part in ("to_k_ip", "to_v_ip"):
            state[f"ip_adapter.{2 * number + 1}.{part}.weight"] = torch.randn(32, 32)
    save_file(state, folder / "adapter.safetensors")
    return folder


def single_file(pipeline: Any, path: Path) -> Path:
    """Stable Diffusion in one file, in the layout that its makers published: the names are theirs."""
    state: dict[str, torch.Tensor] = {}
    for name, value in pipeline.unet.state_dict().items():
        state["model.diffusion_model." + _unet_name(name)] = value
    for name, value in pipeline.vae.state_dict().items():
        as_conv = re.search(r"attentions.*(to_[qkv]|to_out\.0)\.weight", name)
        state["first_stage_model." + _vae_name(name)] = value[:, :, None, None] if as_conv else value
    for name, value in pipeline.text_encoder.state_dict().items():
        prefix = "" if name.startswith("text_model.") else "text_model."
        state["cond_stage_model.transformer." + prefix + name] = value
    save_file({name: value.contiguous() for name, value in state.items()}, path)
    return path


_RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0",
    "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}  # fmt: skip


def _unet_name(name: str) -> str:
    """For two levels with one block each."""
    for ours, theirs in (
        ("time_embedding.linear_1", "time_embed.0"), ("time_embedding.linear_2", "time_embed.2"),
        ("conv_in", "input_blocks.0.0"), ("conv_norm_out", "out.0"), ("conv_out", "out.2"),
    ):  # fmt: skip
        if name.startswith(ours):
            return name.replace(ours, theirs)
    name = re.sub("|".join(_RESNET), lambda found: _RESNET[found[0]], name) if ".resnets." in name else name
    for pattern, theirs in (
        (r"down_blocks\.0\.resnets\.0", "input_blocks.1.0"),
        (r"down_blocks\.0\.downsamplers\.0\.conv", "input_blocks.2.0.op"),
        (r"down_blocks\.1\.resnets\.0", "input_blocks.3.0"), (r"down_blocks\.1\.attentions\.0", "input_blocks.3.1"),
        (r"mid_block\.resnets\.0", "middle_block.0"), (r"mid_block\.attentions\.0", "middle_block.1"),
        (r"mid_block\.resnets\.1", "middle_block.2"), (r"up_blocks\.0\.upsamplers\.0", "output_blocks.1.2"),
        (r"up_blocks\.0\.resnets\.(\d)", r"output_blocks.\1.0"),
        (r"up_blocks\.0\.attentions\.(\d)", r"output_blocks.\1.1"),
        (r"up_blocks\.1\.resnets\.0", "output_blocks.2.0"), (r"up_blocks\.1\.resnets\.1", "output_blocks.3.0"),
    ):  # fmt: skip
        name = re.sub(pattern, theirs, name)
    return name


def _vae_name(name: str) -> str:
    for pattern, theirs in (
        (r"mid_block\.resnets\.0", "mid.block_1"), (r"mid_block\.resnets\.1", "mid.block_2"),
        (r"mid_block\.attentions\.0", "mid.attn_1"), (r"conv_norm_out", "norm_out"), (r"group_norm", "norm"),
        (r"to_([qkv])", r"\1"), (r"to_out\.0", "proj_out"), (r"conv_shortcut", "nin_shortcut"),
        (r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2"),
        (r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample"),
    ):  # fmt: skip
        name = re.sub(pattern, theirs, name)
    # The decoder of the original counts its levels from the other end.
    name = re.sub(r"up_blocks\.(\d)\.resnets\.(\d)", lambda m: f"up.{3 - int(m[1])}.block.{m[2]}", name)
    return re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up.{3 - int(m[1])}.upsample", name)
