"""One way through a pipeline: from an initial picture to a picture, both on the model's pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
import torch
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.diffusion.controls import Shown
from genzu.engines.diffusion.denoise import Denoiser
from genzu.engines.diffusion.families import StageSettings
from genzu.engines.diffusion.grids import Grid, Planes, Tokens
from genzu.engines.diffusion.kinds import Kind
from genzu.engines.diffusion.latents import Codec
from genzu.engines.diffusion.memory import Room
from genzu.engines.diffusion.nets import Held
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.text import Encodings
from genzu.engines.diffusion.words import Spoken
from genzu.errors import EngineFailed
from genzu.picture.arrays import UInt8, extent_of

_ENCODING, _DECODING = 0.05, 0.1
"""Shares of the time that are reported for the VAE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What decides the pixels of one way through the pipeline."""

    stage: Stage
    start: UInt8
    """(h, w, 3) sRGB: the initial picture; both sides are multiples of what the model needs."""
    spoken: Spoken
    seed: int
    settings: StageSettings
    strength: float
    controls: tuple[Shown, ...]
    reference: UInt8 | None = None
    """(H, W, 3) sRGB for the reference network, of any size."""


class Runner:
    """Runs passes through a studio's pipeline."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._encodings = studio, Encodings(studio)
        self._references: dict[tuple[bytes, bool], Any] = {}

    @property
    def encodings(self) -> Encodings:
        """Text encodings, kept between pictures."""
        return self._encodings

    @property
    def multiple(self) -> int:
        """What the sides of a picture must be multiples of, in px."""
        kind = self._studio.kind
        # Of the models that only diffusers understands, most join 2 × 2 latents, and refuse what does not fit.
        return self._unit * (2 if kind.packed or not kind.tiled else 1)

    @property
    def _unit(self) -> int:
        """Pixels along the side of a latent."""
        return int(getattr(self._studio.pipeline, "vae_scale_factor", 8))

    def run(self, asked: Pass, room: Room, report: Callable[[float], None]) -> UInt8:
        """(h, w, 3) sRGB of the size of the initial picture. ``room.side`` is what fits at once, in px."""
        studio = self._studio
        studio.use_loras(asked.spoken.loras)
        studio.features.next_picture()
        if not studio.kind.tiled:
            return self._plain(asked, report)
        with torch.inference_mode(), _exact(studio.device):
            return self._tiled(asked, room, report)

    def _tiled(self, asked: Pass, room: Room, report: Callable[[float], None]) -> UInt8:
        studio, pipeline = self._studio, self._studio.pipeline
        overlap = asked.settings.overlap
        codec = Codec(pipeline.vae, self._unit, pipeline._execution_device, overlap)
        latents = codec.encode(asked.start, _own_room(room, asked))
        report(_ENCODING)

        def drawn(share: float) -> None:
            report(_ENCODING + (1 - _ENCODING - _DECODING) * share)

        denoiser = Denoiser(studio.denoiser, self._grid(), room, overlap, self._held(asked, codec), drawn)
        steps = _steps_taken(asked)
        with denoiser.installed(steps):
            said = pipeline(
                **self._call(asked, extent_of(asked.start), room.side),
                image=latents.to(studio.dtype), callback_on_step_end=denoiser.after_step, output_type="latent",
            ).images  # fmt: skip
        said = self._unpacked(said, extent_of(asked.start)).float().cpu()
        if not bool(torch.isfinite(said).all()):
            raise EngineFailed(
                "the model gave no numbers back", do="use fp32 or bf16 as precision, or another VAE or LoRA"
            )
        return codec.decode(said, _own_room(room, asked), lambda share: report(1 - _DECODING + _DECODING * share))

    def _grid(self) -> Grid:
        kind = self._studio.kind
        if kind.packed:
            return Tokens(self._unit * 2)
        return Planes(self._unit, "hidden_states" if kind is Kind.SD3 else "sample")

    def _held(self, asked: Pass, codec: Codec | None) -> tuple[Held, ...]:
        """The ControlNets of this pass; those of Flux see the latents of their picture."""
        kind = self._studio.kind
        if asked.controls and kind not in (Kind.SD, Kind.SDXL, Kind.FLUX):
            raise EngineFailed(f"ControlNets are not held for this kind of model ({kind.value})", do="take control out")

        def tokens(pixels: Any) -> Any:
            assert codec is not None
            latents = codec.encode_tile(pixels)
            return self._studio.pipeline._pack_latents(latents, *latents.shape)

        encode = tokens if kind is Kind.FLUX else None
        nets = [(self._studio.control(one.control), one) for one in asked.controls]
        guidance = asked.settings.guidance
        return tuple(Held(net, one, self._studio.features, encode, guidance) for net, one in nets)

    def _call(self, asked: Pass, size: Extent, side: int) -> dict[str, Any]:
        """Named arguments for the pipeline, of those that it takes."""
        pipeline, kind = self._studio.pipeline, self._studio.kind
        guidance = asked.settings.guidance
        guided = guidance > 1 and kind is not Kind.FLUX
        if kind is Kind.SDXL:  # the sizes that SDXL is conditioned on are those of what it sees at once
            shape = (min(side, size.height), min(side, size.width))
            sizes: dict[str, Any] = {"original_size": shape, "target_size": shape}
        else:
            sizes = {}
        call = {
            **self._encodings.of(asked.spoken, guided=guided),
            **self._reference(asked.reference, guided=guided), **sizes,
            "strength": _strength(asked), "height": size.height,
            "width": size.width, "num_inference_steps": asked.settings.steps, "generator": _generator(asked),
        }  # fmt: skip
        if kind is Kind.QWEN:
            call["true_cfg_scale"] = guidance
        else:
            call["guidance_scale"] = guidance
        if kind is Kind.FLUX:
            call["max_sequence_length"] = call["prompt_embeds"].shape[1]
        takes = signature(type(pipeline).__call__).parameters
        return {name: value for name, value in call.items() if name in takes}

    def _reference(self, picture: UInt8 | None, *, guided: bool) -> dict[str, Any]:
        """What the reference network makes of its picture, kept for the next candidate.

        Once loaded it wants a picture at every call; where there is none its weight is 0.
        """
        reference, pipeline = self._studio.profile.reference, self._studio.pipeline
        if reference is None:
            return {}
        pipeline.set_ip_adapter_scale(reference.weight if picture is not None else 0.0)
        picture = np.zeros((8, 8, 3), np.uint8) if picture is None else picture
        key = (_digest(picture), guided)
        if key not in self._references:
            image = Image.fromarray(picture)
            if self._studio.kind is Kind.FLUX:
                found = pipeline.prepare_ip_adapter_image_embeds([image], None, pipeline._execution_device, 1)
            else:
                found = pipeline.prepare_ip_adapter_image_embeds([image], None, pipeline._execution_device, 1, guided)
            self._references = {key: found}
        return {"ip_adapter_image_embeds": self._references[key]}

    def _unpacked(self, said: Any, size: Extent) -> Any:
        """(1, channels, h, w) of what the pipeline gives back as latents."""
        kind = self._studio.kind
        if not kind.packed:
            return said
        unpacked = self._studio.pipeline._unpack_latents(said, size.height, size.width, self._unit)
        return unpacked[:, :, 0] if unpacked.ndim == 5 else unpacked

    def _plain(self, asked: Pass, report: Callable[[float], None]) -> UInt8:
        """Through the pipeline as diffusers has it, in one piece, with what every pipeline understands."""
        self._held(asked, None)
        size = extent_of(asked.start)
        pipeline = self._studio.pipeline
        takes = signature(type(pipeline).__call__).parameters
        call = self._call(asked, size, max(size.shape))

        def after_step(_pipeline: Any, step: int, _time: Any, _tensors: dict[str, Any]) -> dict[str, Any]:
            report(min(1.0, (step + 1) / _steps_taken(asked)))
            return {}

        if "image" in takes:
            call["image"] = Image.fromarray(asked.start)
        if "callback_on_step_end" in takes:
            call["callback_on_step_end"] = after_step
        with torch.inference_mode(), _exact(self._studio.device):
            picture = pipeline(**call, output_type="pil").images[0]
        report(1.0)
        return np.asarray(picture.convert("RGB").resize((size.width, size.height), Image.Resampling.BICUBIC), np.uint8)


def _steps_taken(asked: Pass) -> int:
    """Image-to-image runs the last ``strength`` of the steps."""
    return max(1, min(asked.settings.steps, int(asked.settings.steps * _strength(asked))))


def _strength(asked: Pass) -> float:
    """No less than one step."""
    return min(1.0, max(asked.strength, 1 / asked.settings.steps + 1e-6))


def _own_room(room: Room, asked: Pass) -> Room:
    """The VAE has its own limits: it may need smaller tiles than the denoiser, or larger ones may do."""
    return Room(min(room.side, max(asked.settings.tile, asked.settings.size)), asked.settings.tile)


def _generator(asked: Pass) -> Any:
    """Noise is drawn on the CPU, for the whole canvas at once: a seed means the same on every device and tiling.

    torch's generator on the CPU looks at 32 bits; the upper half of a long seed is folded in. A painting draws other
    noise than its rough.
    """
    seed = (asked.seed ^ (asked.seed >> 32)) & 0xFFFFFFFF
    return torch.Generator("cpu").manual_seed((seed + (asked.stage is Stage.PAINTING)) & 0xFFFFFFFF)


def _digest(picture: UInt8) -> bytes:
    from hashlib import blake2b

    return blake2b(str(picture.shape).encode() + np.ascontiguousarray(picture).tobytes(), digest_size=16).digest()


def _exact(_device: Any) -> Any:
    """cuDNN measures which algorithm is quickest, and may choose another next time: not while a picture is made."""
    return torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True)
