"""Latents and text encodings on the disk: the VAE and the text encoders see everything once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genzu.core.codec import digest
from genzu.engines.diffusion.training.examples import Example
from genzu.engines.diffusion.training.tensors import read_tensors, write_tensors
from genzu.engines.diffusion.training.trainee import Trainee
from genzu.errors import BadInput


@dataclass(frozen=True, slots=True)
class Cache:
    """Files named by what they were made from; a broken one is made anew."""

    folder: Path
    networks: str
    """Digest of the VAE's and the text encoders' weights."""

    def latents(self, trainee: Trainee, example: Example) -> dict[str, Any]:
        """``mean`` and ``std`` of the latents, (C, h, w) float32, before the model's scaling."""
        return self._kept("latents", example.key, lambda: trainee.encode_picture(example.pixels()))

    def lines(self, example: Example) -> Any:
        """(H, W) uint8, 255 = full stroke."""
        made = self._kept("lines", example.key, lambda: {"lines": torch.from_numpy(np.array(example.lines()))})
        return made["lines"]

    def text(self, trainee: Trainee, caption: str) -> dict[str, Any]:
        """Encodings of one caption, without a batch axis."""
        return self._kept("text", digest({"caption": caption}), lambda: trainee.encode_text([caption])[0])

    def _kept(self, kind: str, key: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        path = self.folder / f"{kind}-{digest({'of': key, 'networks': self.networks})[:40]}.safetensors"
        if path.exists():
            try:
                return read_tensors(path)[0]
            except BadInput:
                path.unlink(missing_ok=True)
        made = {name: tensor.detach().to("cpu") for name, tensor in make().items()}
        write_tensors(path, made, {})
        return made
