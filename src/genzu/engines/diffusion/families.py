"""Families of models and the settings that they are usually run with, as their makers and other programs publish them.

Steps and guidance: model cards and diffusers' own examples. Pass sizes, refine strength and tile overlaps: the
defaults of krita-ai-diffusion and InvokeAI. Line-art weights and ranges: krita-ai-diffusion's middle presets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from genzu.core.samplers import Sampler, Schedule


class Family(StrEnum):
    """Kinds of models that share a way of being called."""

    SD15 = "sd15"
    SDXL = "sdxl"
    FLUX = "flux"
    QWEN_IMAGE = "qwen-image"
    AUTO = "auto"
    """Whatever diffusers' AutoPipeline makes of the folder."""

    @property
    def flow(self) -> bool:
        """True if it is trained by flow matching, which has schedulers of its own."""
        return self in (Family.FLUX, Family.QWEN_IMAGE)


class Precision(StrEnum):
    """Number format of the weights while they work."""

    AUTO = "auto"
    """fp32 on the CPU, else the family's half precision."""
    FP32 = "fp32"
    FP16 = "fp16"
    BF16 = "bf16"


class Offload(StrEnum):
    """What waits in the computer's memory while the GPU works."""

    NONE = "none"
    MODEL = "model"
    """Whole networks, one at a time on the GPU."""
    SEQUENTIAL = "sequential"
    """Layer by layer: least GPU memory, slowest."""


class ControlKind(StrEnum):
    """What a ControlNet is shown."""

    LINEART = "lineart"
    """The cleaned contour, white on black."""
    SEGMENTATION = "segmentation"
    """The material map in ADE20K's colours."""
    TILE = "tile"
    """The picture itself."""
    DEPTH = "depth"
    """The reading's depth, near is white."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSettings:
    """How one stage is painted."""

    steps: int
    """1–200, of the whole way; image-to-image runs the last ``strength`` of them."""
    guidance: float
    """Classifier-free guidance; for Flux the distilled guidance, for Qwen-Image the true one. 0–50."""
    strength: float
    """0–1: how far the initial picture is given up to noise."""
    size: int
    """Side in px of the square whose area the model sees at once when the picture is painted in one piece."""
    tile: int
    """Side in px of a tile."""
    overlap: int
    """px that neighbouring tiles share; less than half of ``tile``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSettings:
    """How strongly and how long a ControlNet holds."""

    weight: float
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyDefaults:
    """What holds where a profile says nothing."""

    rough: StageSettings
    painting: StageSettings
    sampler: Sampler | None
    """``None``: the scheduler that the model comes with."""
    half: Precision
    lineart: ControlSettings


def _defaults(
    side: int, steps: int, guidance: float, overlap: int, sampler: Sampler | None, half: Precision,
    lineart: ControlSettings,
) -> FamilyDefaults:  # fmt: skip
    def stage(strength: float) -> StageSettings:
        return StageSettings(
            steps=steps, guidance=guidance, strength=strength, size=side, tile=side, overlap=overlap
        )  # fmt: skip

    return FamilyDefaults(rough=stage(0.75), painting=stage(0.4), sampler=sampler, half=half, lineart=lineart)


_KARRAS = Sampler("dpmpp_2m", Schedule.KARRAS)
_WHOLE = ControlSettings(weight=1.0, start=0.0, end=1.0)
_XL = ControlSettings(weight=0.7, start=0.0, end=0.8)
DEFAULTS: Mapping[Family, FamilyDefaults] = {
    Family.SD15: _defaults(512, 20, 7.0, 96, _KARRAS, Precision.FP16, _WHOLE),
    Family.SDXL: _defaults(1024, 30, 5.0, 128, _KARRAS, Precision.FP16, _XL),
    Family.FLUX: _defaults(1024, 28, 3.5, 128, None, Precision.BF16, _XL),
    Family.QWEN_IMAGE: _defaults(1328, 50, 4.0, 128, None, Precision.BF16, _WHOLE),
    Family.AUTO: _defaults(1024, 30, 5.0, 128, None, Precision.FP16, _XL),
}
OTHER_CONTROLS: Mapping[ControlKind, ControlSettings] = {
    ControlKind.SEGMENTATION: ControlSettings(weight=0.5, start=0.0, end=0.6),
    ControlKind.TILE: ControlSettings(weight=0.6, start=0.0, end=0.85),
    ControlKind.DEPTH: ControlSettings(weight=0.5, start=0.0, end=0.6),
}
