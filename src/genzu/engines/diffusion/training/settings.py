"""Settings of a LoRA training: plain values, checked on entry; nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from genzu.core.codec import Plain
from genzu.engines.diffusion.families import Family
from genzu.errors import BadInput

RESOLUTION: Mapping[Family, int] = {Family.SD15: 512, Family.SDXL: 1024, Family.FLUX: 1024}
"""Families that are trained, and the side in px of the square whose area their pictures have."""
BUCKET_STEP: Mapping[Family, int] = {Family.SD15: 64, Family.SDXL: 64, Family.FLUX: 64}
TARGETS = ("attention", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoraSettings:
    """Everything that decides the weights, besides the pictures, the captions and the base model."""

    resolution: int
    """px; the area of a bucket is about its square."""
    bucket_step: int = 64
    """px; sides of buckets are multiples of this."""
    steps: int = 1500
    """Optimiser steps in all."""
    batch: int = 1
    """Pictures that the network sees at once."""
    accumulate: int = 4
    """Batches that one optimiser step adds up."""
    rank: int = 16
    alpha: float = 16.0
    """The LoRA works with strength alpha/rank."""
    targets: str = "attention"
    """``attention``: query, key, value and output; ``all``: the feed-forward layers too."""
    rate: float = 1e-4
    """Highest learning rate; it rises over ``warmup`` steps and falls along a cosine to a hundredth."""
    warmup: int = 50
    text_rate: float = 0.0
    """Learning rate of the text encoders' LoRA; 0 leaves the text encoders alone."""
    weight_decay: float = 0.01
    caption_dropout: float = 0.1
    """Share of the pictures that are shown without caption, so that guidance goes on working."""
    noise_offset: float = 0.0
    """Strength of noise that is the same all over a channel (about 0.05 teaches darker nights); 0 is off."""
    min_snr: float = 5.0
    """Gamma of min-SNR weighting (arXiv 2303.09556); 0 is off. Flow models are not weighted."""
    control_share: float = 0.0
    """Share of the pictures that are learned under the profile's line-art ControlNet, held by their lines."""
    save_memory: bool = False
    """Gradient checkpointing: about a third slower, much less memory."""
    seed: int = 0
    save_every: int = 250
    """Steps from checkpoint to checkpoint, evaluation to evaluation, sheet to sheet."""
    evaluations: int = 16
    """Fixed pairs of noise and level on which the loss is told."""

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadInput(f"{name} is {value}", where="training", do=f"choose {low} to {high}")
        if self.targets not in TARGETS:
            raise BadInput(f"targets are {self.targets!r}", where="training", do="use one of " + ", ".join(TARGETS))
        if self.resolution % self.bucket_step:
            raise BadInput(
                f"a resolution of {self.resolution} is no multiple of {self.bucket_step}", where="training",
                do="choose another",
            )  # fmt: skip

    @property
    def trains_text(self) -> bool:
        """True if the text encoders learn too."""
        return self.text_rate > 0

    def to_dict(self) -> Plain:
        """Plain values for JSON and the ledger."""
        return asdict(self)


_LIMITS: tuple[tuple[str, float, float], ...] = (
    ("resolution", 64, 2048), ("bucket_step", 8, 256), ("steps", 1, 1_000_000), ("batch", 1, 256),
    ("accumulate", 1, 1024), ("rank", 1, 512), ("alpha", 0.01, 1024), ("rate", 1e-8, 0.1), ("warmup", 0, 100_000),
    ("text_rate", 0, 0.1), ("weight_decay", 0, 1), ("caption_dropout", 0, 0.9), ("noise_offset", 0, 1),
    ("min_snr", 0, 100), ("control_share", 0, 1), ("seed", 0, 2**63 - 1), ("save_every", 1, 1_000_000),
    ("evaluations", 1, 256),
)  # fmt: skip
