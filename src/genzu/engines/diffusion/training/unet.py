"""Stable Diffusion 1.5 and SDXL: a UNet that predicts noise (or velocity) under CLIP texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from genzu.engines.diffusion.training.trainee import Batch, Trainee, lora_pairs


class UNetTrainee(Trainee):
    """What the two have in common."""

    text_keys: tuple[str, ...] = ("lora_te",)
    text_parts: tuple[str, ...] = ("text_encoder",)

    def __init__(self, pipeline: Any, *given: Any, **named: Any) -> None:
        """Noise levels are those of the model's own schedule, whatever sampler it comes with."""
        from diffusers import DDPMScheduler

        self.schedule = DDPMScheduler.from_config(pipeline.scheduler.config)
        super().__init__(pipeline, *given, **named)
        self._remaining = self.schedule.alphas_cumprod.to(self.device, torch.float32)

    def network(self) -> tuple[str, Any]:
        """The UNet."""
        return "lora_unet", self.pipeline.unet

    def text_networks(self) -> dict[str, Any]:
        """CLIP, or SDXL's two."""
        return {
            key: getattr(self.pipeline, part) for key, part in zip(self.text_keys, self.text_parts, strict=True)
        }  # fmt: skip

    def losses(self, batch: Batch) -> Any:
        """Mean squared error of noise or velocity, with noise offset and min-SNR weights."""
        latents, draws = self.latents(batch), batch.draws
        noise, level = draws.noise, draws.level
        if self.settings.noise_offset:
            noise = noise + self.settings.noise_offset * draws.offset
        count = len(self._remaining)
        times = (level * count).long().clamp(0, count - 1)
        noisy = self.schedule.add_noise(latents, noise, times)
        given = self.condition(batch)
        more = self._held_by_lines(noisy, times, given, batch.control) if batch.control is not None else {}
        module = self.pipeline.unet
        said = module(noisy.to(module.dtype), times, return_dict=False, **given, **more)[0].float()
        errors = (said - self._target(latents, noise, times)).square().mean(dim=(1, 2, 3))
        return errors * self._weights(times)

    def condition(self, batch: Batch) -> dict[str, Any]:
        """What the UNet is given besides noisy latents and times."""
        return {"encoder_hidden_states": batch.texts["hidden"].to(self.pipeline.unet.dtype)}

    def _target(self, latents: Any, noise: Any, times: Any) -> Any:
        kind = self.schedule.config.prediction_type
        if kind == "v_prediction":
            return self.schedule.get_velocity(latents, noise, times)
        return noise if kind == "epsilon" else latents

    def _weights(self, times: Any) -> Any:
        """Min-SNR-gamma (Hang et al. 2023, arXiv 2303.09556): no noise level outweighs the others."""
        gamma = self.settings.min_snr
        if not gamma:
            return 1.0
        remaining = self._remaining[times]
        snr = remaining / (1 - remaining).clamp(min=1e-8)
        capped = snr.clamp(max=gamma)
        kind = self.schedule.config.prediction_type
        if kind == "v_prediction":
            return capped / (snr + 1)
        return capped / snr.clamp(min=1e-8) if kind == "epsilon" else capped

    def _held_by_lines(self, noisy: Any, times: Any, given: dict[str, Any], lines: Any) -> dict[str, Any]:
        """What the frozen ControlNet says of the lines; gradients pass only through the UNet."""
        kind = self.control.dtype
        with torch.no_grad():
            down, middle = self.control(
                noisy.to(kind), times, controlnet_cond=lines.to(kind), return_dict=False, **given
            )
        return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}

    def exported(self) -> dict[str, Any]:
        """The format of kohya's trainer, which A1111, ComfyUI, Krita's plug-in and diffusers read."""
        found: dict[str, Any] = {}
        for network, layer, down, up in lora_pairs(self):
            inner = layer if network == "lora_unet" or layer.startswith("text_model.") else f"text_model.{layer}"
            stem = f"{network}_{inner.replace('.', '_')}"
            found[f"{stem}.lora_down.weight"], found[f"{stem}.lora_up.weight"] = down, up
            found[f"{stem}.alpha"] = torch.tensor(float(self.settings.alpha))
        return found


class SD15Trainee(UNetTrainee):
    """Stable Diffusion 1.5."""

    architecture = "stable-diffusion-v1/lora"

    def encode_text(self, captions: Sequence[str]) -> list[dict[str, Any]]:
        """``hidden`` (77, D)."""
        hidden = self.pipeline.text_encoder(
            _ids(self.pipeline.tokenizer, captions).to(self.pipeline.text_encoder.device)
        )[0]
        return [{"hidden": one} for one in hidden]


class SDXLTrainee(UNetTrainee):
    """SDXL: two text encoders, a pooled text and the picture's sizes as conditions."""

    architecture = "stable-diffusion-xl-v1-base/lora"
    text_keys = ("lora_te1", "lora_te2")
    text_parts = ("text_encoder", "text_encoder_2")

    def encode_text(self, captions: Sequence[str]) -> list[dict[str, Any]]:
        """``hidden`` (77, D1 + D2) of the last layers but one, ``pooled`` (D2)."""
        pipe = self.pipeline
        first = pipe.text_encoder(
            _ids(pipe.tokenizer, captions).to(pipe.text_encoder.device), output_hidden_states=True
        )
        second = pipe.text_encoder_2(
            _ids(pipe.tokenizer_2, captions).to(pipe.text_encoder_2.device), output_hidden_states=True
        )
        hidden = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], dim=-1)
        return [{"hidden": one, "pooled": pooled} for one, pooled in zip(hidden, second[0], strict=True)]

    def condition(self, batch: Batch) -> dict[str, Any]:
        """Texts, and the sizes (SDXL's micro-conditioning, arXiv 2307.01952)."""
        kind = self.pipeline.unet.dtype
        added = {"text_embeds": batch.texts["pooled"].to(kind), "time_ids": batch.sizes.to(self.device, kind)}
        return {**super().condition(batch), "added_cond_kwargs": added}


def _ids(tokenizer: Any, captions: Sequence[str]) -> Any:
    """(B, 77) token numbers; what is longer is cut off."""
    return tokenizer(
        list(captions), padding="max_length", max_length=tokenizer.model_max_length, truncation=True,
        return_tensors="pt",
    ).input_ids  # fmt: skip
