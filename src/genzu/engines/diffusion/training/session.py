"""A whole training, from a profile and examples to a LoRA file: the only way in from outside of this package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from genzu.core.geometry import Extent
from genzu.core.own_art import TrainingFile
from genzu.engines.diffusion.families import ControlKind, Offload, Precision
from genzu.engines.diffusion.kinds import Kind
from genzu.engines.diffusion.memory import free, out_of_memory
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.studio import Studio
from genzu.engines.diffusion.training.cache import Cache
from genzu.engines.diffusion.training.checkpoint import RunFolder
from genzu.engines.diffusion.training.examples import Example
from genzu.engines.diffusion.training.flux import FluxTrainee
from genzu.engines.diffusion.training.header import Card, header
from genzu.engines.diffusion.training.loop import Progress, Training
from genzu.engines.diffusion.training.settings import LoraSettings
from genzu.engines.diffusion.training.sheets import Sample, SheetMaker
from genzu.engines.diffusion.training.tensors import write_with_hash
from genzu.engines.diffusion.training.trainee import Trainee
from genzu.engines.diffusion.training.unet import SD15Trainee, SDXLTrainee
from genzu.errors import BadInput

_TRAINEES: dict[Kind, type[Trainee]] = {Kind.SD: SD15Trainee, Kind.SDXL: SDXLTrainee, Kind.FLUX: FluxTrainee}
_CACHED = 0.05
"""Share of the time that is told for latents and texts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoraOrder:
    """Everything that a training is made from."""

    profile: ModelProfile
    settings: LoraSettings
    examples: tuple[Example, ...]
    samples: tuple[Sample, ...]
    card: Card
    files: tuple[TrainingFile, ...]
    run: RunFolder
    out: Path
    sheet_steps: int = 20


def train(
    order: LoraOrder, progress: Progress, *, stop_after: int | None = None, note: Callable[[str], None] = lambda _: None
) -> bool:
    """Train until the last step, or until ``stop_after`` steps are done; True if the LoRA is finished and written.

    A training that was begun in ``order.run`` goes on. ``note`` hears sentences for the person. Raises ``BadInput``
    for a model that cannot be trained, ``EngineFailed`` when memory runs out for good or the loss is no number.
    """
    trainee = load(order.profile, order.settings)
    cache = Cache(order.run.cache, trainee.fingerprint())
    _fill(cache, trainee, order, progress)
    _set_aside(trainee)
    sheets = SheetMaker(
        trainee=trainee, profile=order.profile, samples=order.samples, folder=order.run.sheets,
        seed=order.settings.seed, steps=order.sheet_steps, control_weight=_control_weight(order.profile),
    )  # fmt: skip

    def saved(step: int) -> None:
        if step:
            export(order.run.lora(step), order, trainee, step)
        if order.samples:
            _sheet(sheets, step, note)

    training = Training(trainee, order.examples, cache, order.run, saved)
    done = training.train(lambda what, share: progress(what, _CACHED + (1 - _CACHED) * share), stop_after=stop_after)
    if done < order.settings.steps:
        return False
    export(order.out, order, trainee, done)
    return True


def load(profile: ModelProfile, settings: LoraSettings, *, precision: Precision | None = None) -> Trainee:
    """The base model of a profile without its LoRAs and references, LoRA layers put in, on its device.

    ``precision`` of the base model; without it float32 on a CPU, else bfloat16 where the device has it.
    """
    plain = replace(profile, loras=(), reference=None, sampler=None, offload=Offload.NONE)
    studio = Studio(plain)
    kind = _TRAINEES.get(studio.kind)
    if kind is None:
        raise BadInput(
            f"this kind of model ({studio.kind.value}) cannot be trained here", where=profile.path,
            do="take a profile for Stable Diffusion 1.5, SDXL or Flux",
        )  # fmt: skip
    studio = Studio(replace(plain, precision=precision or _precision(profile, studio.device)))
    line_art = next((one for one in plain.controls if one.kind is ControlKind.LINEART), None)
    if settings.control_share and line_art is None:
        raise BadInput(
            "the profile has no ControlNet for line art", where=profile.source, do="leave --control-share out"
        )
    usable = line_art is not None and line_art.mode is None and studio.kind in (Kind.SD, Kind.SDXL)
    control: Any = studio.control(line_art) if usable and line_art is not None else None
    return kind(studio.pipeline, settings, device=studio.device, control=control)


def _precision(profile: ModelProfile, device: Any) -> Precision:
    """float16 has no room for small gradients without loss scaling; bfloat16 has."""
    if device.type == "cpu" or profile.precision is Precision.FP32:
        return Precision.FP32
    if device.type == "cuda" and not torch.cuda.is_bf16_supported():
        return Precision.FP32
    return Precision.BF16


def export(path: Path, order: LoraOrder, trainee: Trainee, step: int) -> None:
    """Write the LoRA as it is now, float16, with its header; the same bytes for the same weights."""
    side = order.settings.resolution
    config = trainee.pipeline.scheduler.config
    texts = header(
        order.card, architecture=trainee.architecture, base=order.profile.title, resolution=Extent(side, side),
        prediction="flow" if trainee.flow else str(config.get("prediction_type", "epsilon")),
        rank=order.settings.rank, alpha=order.settings.alpha, steps=step, files=order.files,
    )  # fmt: skip
    write_with_hash(path, {key: weight.half() for key, weight in trainee.exported().items()}, texts)


def _fill(cache: Cache, trainee: Trainee, order: LoraOrder, progress: Progress) -> None:
    """Let the VAE and the text encoders see everything once."""
    count = len(order.examples)
    for place, one in enumerate(order.examples):
        progress(f"latents of {one.name}", _CACHED * place / count)
        cache.latents(trainee, one)
        if order.settings.control_share:
            cache.lines(one)
    if not order.settings.trains_text:
        with torch.no_grad():
            for caption in dict.fromkeys(("", *(one.caption for one in order.examples))):
                cache.text(trainee, caption)


def _set_aside(trainee: Trainee) -> None:
    """What the loop does not need leaves the GPU."""
    if trainee.device.type == "cpu":
        return
    trainee.pipeline.vae.to("cpu")
    if not trainee.settings.trains_text:
        for one in trainee.text_networks().values():
            one.to("cpu")
    free()


def _control_weight(profile: ModelProfile) -> float:
    return next((one.weight for one in profile.controls if one.kind is ControlKind.LINEART), 1.0)


def _sheet(sheets: SheetMaker, step: int, note: Callable[[str], None]) -> None:
    """A sheet that does not fit into memory is left out; the training goes on."""
    try:
        sheets.make(step)
    except Exception as error:
        if not out_of_memory(error):
            raise
        note(f"No memory for the sample sheet of step {step}; the training goes on.")
        free()
