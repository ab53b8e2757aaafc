"""Sample sheets along the way: the same prompts, lines and seeds at every checkpoint, beside the untrained model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genzu.core.geometry import Extent
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.training.trainee import Trainee
from genzu.picture.arrays import UInt8
from genzu.picture.contact import contact_sheet
from genzu.picture.files import read_rgb8, write_jpeg, write_png


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """One picture of the sheet."""

    prompt: str
    extent: Extent
    """px; a bucket."""
    lines: UInt8 | None = None
    """(H, W) uint8 of the extent's size: what holds it where the profile has a line-art ControlNet."""
    painting: UInt8 | None = None
    """(H, W, 3): the studio's own painting, for comparison."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetMaker:
    """Paints the samples with the model as it is now."""

    trainee: Trainee
    profile: ModelProfile
    samples: tuple[Sample, ...]
    folder: Path
    seed: int
    steps: int = 20
    control_weight: float = 1.0

    def make(self, step: int) -> Path:
        """Paint every sample and write ``step-NNNNNN.jpg``; raises what the libraries raise, lack of memory too."""
        with self._pipeline() as pipeline:
            now = [self._paint(pipeline, sample, number) for number, sample in enumerate(self.samples)]
        pictures: list[UInt8] = []
        labels: list[str] = []
        for number, (sample, picture) in enumerate(zip(self.samples, now, strict=True)):
            first = self.folder / "untrained" / f"{number}.png"
            if step == 0:
                write_png(first, picture)
            before = picture if step == 0 or not first.exists() else read_rgb8(first)
            row = (*_given(sample), (before, "untrained"), (picture, f"step {step}"))
            pictures += [one for one, _ in row]
            labels += [f"{text}: {sample.prompt}"[:90] for _, text in row]
        sheet = self.folder / f"step-{step:06}.jpg"
        columns = max(1, len(pictures) // max(1, len(self.samples)))
        write_jpeg(sheet, contact_sheet(pictures, labels, cell=420, columns=columns))
        return sheet

    def _paint(self, pipeline: Any, sample: Sample, number: int) -> UInt8:
        held = self.trainee.control is not None and sample.lines is not None
        more: dict[str, Any] = {}
        if held:
            shown = torch.from_numpy(np.array(sample.lines))[None, None].expand(-1, 3, -1, -1).float() / 255
            more = {"image": shown, "controlnet_conditioning_scale": self.control_weight}
        if not self.trainee.flow and self.profile.prompt.negative:
            more["negative_prompt"] = self.profile.prompt.negative
        made = pipeline(
            prompt=sample.prompt, width=sample.extent.width, height=sample.extent.height, output_type="np",
            num_inference_steps=self.steps, guidance_scale=self.profile.rough.guidance,
            generator=torch.Generator().manual_seed((self.seed + number) % 2**63), **more,
        ).images[0]  # fmt: skip
        return (np.clip(np.nan_to_num(made), 0, 1) * 255 + 0.5).astype(np.uint8)

    @contextmanager
    def _pipeline(self) -> Iterator[Any]:
        """Text-to-image with the networks that are being trained, all on one device for as long as it paints."""
        import diffusers

        trainee = self.trainee
        parts = {"controlnet": trainee.control} if trainee.control is not None else {}
        pipeline = diffusers.AutoPipelineForText2Image.from_pipe(trainee.pipeline, **parts)
        if self.profile.sampler is not None:
            name, options = self.profile.sampler.diffusers(flow=trainee.flow)
            pipeline.scheduler = getattr(diffusers, name).from_config(pipeline.scheduler.config, **options)
        pipeline.set_progress_bar_config(disable=True)
        vae, module = trainee.pipeline.vae, trainee.network()[1]
        aside = [one for one in (vae, *trainee.text_networks().values()) if one.device != module.device]
        try:
            vae.to(device=trainee.device, dtype=module.dtype)
            for one in trainee.text_networks().values():
                one.to(trainee.device)
            with torch.no_grad():
                yield pipeline
        finally:
            vae.to(torch.float32)
            for one in aside:
                one.to("cpu")


def _given(sample: Sample) -> list[tuple[UInt8, str]]:
    found = []
    if sample.lines is not None:
        found.append((255 - np.repeat(sample.lines[..., None], 3, axis=2), "lines"))
    if sample.painting is not None:
        found.append((sample.painting, "by hand"))
    return found
