"""A base model that learns: its networks with LoRA layers in them, and the loss of its family.

Shapes: B pictures, C latent channels, h × w latents. Everything random comes in from outside.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

import numpy as np
import torch

from genzu.engines.diffusion.training.examples import stir
from genzu.engines.diffusion.training.settings import LoraSettings
from genzu.picture.arrays import UInt8

ADAPTER = "own_art"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Everything random of B pictures, drawn on the CPU."""

    posterior: Any
    """(B, C, h, w) normal: which latent of the VAE's distribution."""
    noise: Any
    """(B, C, h, w) normal."""
    offset: Any
    """(B, C, 1, 1) normal: for noise offset."""
    level: Any
    """(B,) uniform 0–1: how much noise."""

    def to(self, device: Any) -> Draws:
        """On another device."""
        return Draws(**{one.name: getattr(self, one.name).to(device) for one in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """B pictures of one bucket."""

    mean: Any
    """(B, C, h, w)."""
    std: Any
    texts: Mapping[str, Any]
    """Encodings with a batch axis."""
    sizes: Any
    """(B, 6) original height and width, crop top and left, target height and width in px."""
    draws: Draws
    control: Any = None
    """(B, 3, H, W) 0–1 lines for the ControlNet, or ``None``."""


class Trainee(ABC):
    """One family."""

    architecture: str
    """As the SAI model spec names it."""
    flow = False

    def __init__(self, pipeline: Any, settings: LoraSettings, *, device: Any, control: Any = None) -> None:
        """``pipeline`` is a loaded pipeline of diffusers, ``control`` a line-art ControlNet or ``None``."""
        self.pipeline, self.settings, self.device, self.control = pipeline, settings, device, control
        for module in (*self.frozen(), *self.networks().values()):
            module.requires_grad_(False)
            module.eval()
        pipeline.vae.to(device=device, dtype=torch.float32)  # SDXL's overflows in half precision
        self._attach()

    @abstractmethod
    def network(self) -> tuple[str, Any]:
        """The denoiser: its name in a LoRA file, and the module."""

    @abstractmethod
    def encode_text(self, captions: Sequence[str]) -> list[dict[str, Any]]:
        """Encodings of each caption, without a batch axis."""

    @abstractmethod
    def losses(self, batch: Batch) -> Any:
        """(B,) loss of each picture."""

    @abstractmethod
    def exported(self) -> dict[str, Any]:
        """The LoRA in the usual format, by key."""

    def text_networks(self) -> dict[str, Any]:
        """Text encoders by their names in a LoRA file."""
        return {}

    def frozen(self) -> list[Any]:
        """Networks that never learn."""
        return [one for one in (self.pipeline.vae, *self.text_networks().values(), self.control) if one is not None]

    def networks(self) -> dict[str, Any]:
        """Networks that learn, by name."""
        name, module = self.network()
        return {name: module, **(self.text_networks() if self.settings.trains_text else {})}

    def encode_picture(self, pixels: UInt8) -> dict[str, Any]:
        """``mean`` and ``std`` (C, h, w) of (H, W, 3) sRGB uint8."""
        vae = self.pipeline.vae
        values = torch.from_numpy(np.array(pixels)).permute(2, 0, 1)[None].to(vae.device, torch.float32)
        with torch.no_grad():
            spread = vae.encode(values / 127.5 - 1).latent_dist
        return {"mean": spread.mean[0], "std": spread.std[0]}

    def latents(self, batch: Batch) -> Any:
        """(B, C, h, w) as the denoiser knows them."""
        config = self.pipeline.vae.config
        drawn = batch.mean + batch.std * batch.draws.posterior
        return (drawn - (getattr(config, "shift_factor", None) or 0.0)) * config.scaling_factor

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """The LoRA's own weights, in one order."""
        for name, module in self.networks().items():
            for key, weight in module.named_parameters():
                if f".{ADAPTER}." in key:
                    yield f"{name}.{key.replace(f'.{ADAPTER}', '')}", weight

    def groups(self) -> list[dict[str, Any]]:
        """Parameter groups for the optimiser: the denoiser, then the text encoders."""
        main = f"{self.network()[0]}."
        mine = [weight for name, weight in self.named_parameters() if name.startswith(main)]
        texts = [weight for name, weight in self.named_parameters() if not name.startswith(main)]
        groups = [{"params": mine, "highest": self.settings.rate}]
        return groups + ([{"params": texts, "highest": self.settings.text_rate}] if texts else [])

    def save_memory(self) -> None:
        """Recompute instead of keep: gradient checkpointing."""
        module = self.network()[1]
        module.train()  # checkpointing works in this mode only; there is no dropout in these networks
        module.enable_gradient_checkpointing()

    def fingerprint(self) -> str:
        """Digest of the VAE's and the text encoders' weights, LoRA left out: what cached encodings depend on."""
        digest = sha256()
        for module in (self.pipeline.vae, *self.text_networks().values()):
            for key, weight in sorted(module.state_dict().items()):
                if f".{ADAPTER}." not in key:
                    digest.update(key.replace(".base_layer", "").encode())
                    digest.update(weight.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
        return digest.hexdigest()

    def _attach(self) -> None:
        """Put LoRA layers into the networks, float32, first values from the seed."""
        from peft import LoraConfig, inject_adapter_in_model

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(stir(self.settings.seed, "weights"))
            for name, module in self.networks().items():
                config = LoraConfig(
                    r=self.settings.rank, lora_alpha=self.settings.alpha, lora_dropout=0.0, bias="none",
                    target_modules=self.targets(name), init_lora_weights=True,
                )  # fmt: skip
                inject_adapter_in_model(config, module, adapter_name=ADAPTER)
        for _, weight in self.named_parameters():
            weight.data = weight.data.float()
            weight.requires_grad_(True)
        if self.settings.save_memory:
            self.save_memory()

    def targets(self, name: str) -> list[str]:
        """Layers that get LoRA."""
        if name in self.text_networks():
            return ["q_proj", "k_proj", "v_proj", "out_proj"]
        layers = ["to_q", "to_k", "to_v", "to_out.0"]
        return layers + (["ff.net.0.proj", "ff.net.2"] if self.settings.targets == "all" else [])


def lora_pairs(trainee: Trainee) -> Iterator[tuple[str, str, Any, Any]]:
    """Network, layer, down (rank, in) and up (out, rank) of every LoRA layer."""
    weights = dict(trainee.named_parameters())
    for key, down in weights.items():
        if key.endswith(".lora_A.weight"):
            network, _, layer = key.removesuffix(".lora_A.weight").partition(".")
            yield network, layer, down, weights[key.replace(".lora_A.", ".lora_B.")]
