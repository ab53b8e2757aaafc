"""Examples, profiles and orders for the training of tiny models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from tests.engines.diffusion import tiny

from genzu.core.geometry import Extent
from genzu.core.own_art import TrainingFile
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.diffusion.training.checkpoint import RunFolder
from genzu.engines.diffusion.training.examples import Example
from genzu.engines.diffusion.training.header import Card
from genzu.engines.diffusion.training.session import LoraOrder, train
from genzu.engines.diffusion.training.settings import LoraSettings
from genzu.engines.diffusion.training.sheets import Sample

SIDE = 64


def settings(**given: Any) -> LoraSettings:
    return LoraSettings(
        **{"resolution": SIDE, "bucket_step": 16, "steps": 8, "accumulate": 2, "rank": 4, "alpha": 4.0, "rate": 5e-3,
           "warmup": 1, "save_every": 4, "evaluations": 8, "caption_dropout": 0.25}
        | given
    )  # fmt: skip


def profile(folder: Path, pipeline: Any, **tables: Any) -> ModelProfile:
    tiny.save(pipeline, folder / "model")
    path = folder / "tiny.toml"
    path.write_text(tiny.profile_text(path="model", title="Tiny", **tables), encoding="utf-8")
    return ModelProfile.load(path)


def example(number: int, bucket: Extent) -> Example:
    rng = np.random.default_rng(number)
    blocks = rng.integers(0, 256, (bucket.height // 8, bucket.width // 8, 3), dtype=np.uint8)
    pixels = blocks.repeat(8, 0).repeat(8, 1)
    lines = np.zeros(bucket.shape, np.uint8)
    lines[number % bucket.height] = 255
    return Example(
        name=f"{number}.png", key=f"key {number} {bucket}", caption=("port town", "autumn dusk")[number % 2],
        bucket=bucket,
        original=Extent(bucket.width * 2, bucket.height * 2), crop=(0, 4), pixels=lambda: pixels, lines=lambda: lines,
    )  # fmt: skip


def files(count: int = 3) -> tuple[TrainingFile, ...]:
    return tuple(
        TrainingFile(file=f"{n}.png", sha=f"{n:064x}", width=128, height=128, owner="背景室", licence="own work")
        for n in range(count)
    )


def order(
    folder: Path, chosen: ModelProfile, *, examples: int = 3, samples: tuple[Sample, ...] = (), **given: Any
) -> LoraOrder:
    return LoraOrder(
        profile=chosen, settings=settings(**given), samples=samples, sheet_steps=2,
        examples=tuple(example(n, Extent(SIDE, SIDE) if n % 3 else Extent(80, 48)) for n in range(examples)),
        card=Card(title="港町", author="Mori", licence="studio use", trigger="hrbr", usage="begin with hrbr",
                  created="2026-11-28T10:00:00Z"),
        files=files(examples), run=RunFolder(folder / "style.run"), out=folder / "style.safetensors",
    )  # fmt: skip


def run(one: LoraOrder, stop_after: int | None = None) -> bool:
    torch.set_num_threads(1)
    return train(one, lambda _what, _share: None, stop_after=stop_after)
