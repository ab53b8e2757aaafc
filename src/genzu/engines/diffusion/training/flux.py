"""Flux: a transformer of flow matching (rectified flow, arXiv 2403.03206) under CLIP and T5 texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from genzu.engines.diffusion.training.trainee import Batch, Trainee, lora_pairs
from genzu.errors import BadInput

_GUIDANCE = 1.0
"""What a guidance-distilled model is told while it learns."""


class FluxTrainee(Trainee):
    """Flux.1: only the transformer learns."""

    architecture = "flux-1-dev/lora"
    flow = True

    def __init__(self, pipeline: Any, settings: Any, **named: Any) -> None:
        """Refuses what this family cannot learn."""
        if settings.trains_text or settings.control_share:
            raise BadInput(
                "Flux is trained without its text encoders and without ControlNet", where="training",
                do="leave --text-rate and --control-share out",
            )  # fmt: skip
        super().__init__(pipeline, settings, **named)

    def network(self) -> tuple[str, Any]:
        """The transformer."""
        return "transformer", self.pipeline.transformer

    def text_networks(self) -> dict[str, Any]:
        """CLIP and T5; they never learn."""
        return {"text_encoder": self.pipeline.text_encoder, "text_encoder_2": self.pipeline.text_encoder_2}

    def encode_text(self, captions: Sequence[str]) -> list[dict[str, Any]]:
        """``hidden`` (L, D) of T5, ``pooled`` (D2) of CLIP."""
        longest = min(512, self.pipeline.tokenizer_2.model_max_length)
        with torch.no_grad():
            hidden, pooled, _ = self.pipeline.encode_prompt(
                prompt=list(captions),
                prompt_2=None,
                device=self.pipeline.text_encoder.device,
                max_sequence_length=longest,
            )
        return [{"hidden": one, "pooled": other} for one, other in zip(hidden, pooled, strict=True)]

    def losses(self, batch: Batch) -> Any:
        """Mean squared error of the flow; levels are logit-normal."""
        latents, draws = self.latents(batch), batch.draws
        level = torch.sigmoid(torch.special.ndtri(draws.level.cpu().clamp(1e-4, 1 - 1e-4))).to(self.device)
        share = level[:, None, None, None]
        noisy = (1 - share) * latents + share * draws.noise
        pipe, module = self.pipeline, self.pipeline.transformer
        count, channels, height, width = latents.shape
        kind = module.dtype
        guidance = torch.full((count,), _GUIDANCE, device=self.device) if module.config.guidance_embeds else None
        hidden = batch.texts["hidden"].to(kind)
        said = module(
            hidden_states=pipe._pack_latents(noisy, count, channels, height, width).to(kind),
            timestep=level.to(kind),
            guidance=guidance,
            pooled_projections=batch.texts["pooled"].to(kind),
            encoder_hidden_states=hidden,
            txt_ids=torch.zeros(hidden.shape[1], 3, device=self.device, dtype=kind),
            img_ids=pipe._prepare_latent_image_ids(count, height // 2, width // 2, self.device, kind),
            return_dict=False,
        )[0].float()
        factor = pipe.vae_scale_factor
        flow = pipe._unpack_latents(said, height * factor, width * factor, factor)
        return (flow - (draws.noise - latents)).square().mean(dim=(1, 2, 3))

    def exported(self) -> dict[str, Any]:
        """The format of diffusers and peft, which ComfyUI reads too; the strength is worked into the weights."""
        scale = self.settings.alpha / self.settings.rank
        found: dict[str, Any] = {}
        for network, layer, down, up in lora_pairs(self):
            found[f"{network}.{layer}.lora_A.weight"] = down
            found[f"{network}.{layer}.lora_B.weight"] = up * scale
        return found
