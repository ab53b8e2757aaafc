"""ControlNets as the denoiser calls them, a tile at a time, with what they see of their picture kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any

import numpy as np
import torch

from genzu.core.geometry import Bounds
from genzu.engines.diffusion.controls import Shown

KEPT = 256 << 20
"""Bytes of features that are kept at most."""


class Features:
    """What ControlNets saw, kept between steps, candidates and cuts, within a fixed number of bytes.

    What was last used for an earlier picture gives way; nothing of the picture at work does, because every step asks
    for all of it in the same order.
    """

    def __init__(self, limit: int = KEPT) -> None:
        self._limit, self._size, self._picture = limit, 0, 0
        self._known: OrderedDict[object, tuple[Any, int]] = OrderedDict()
        self.made = 0
        """How many were computed."""

    def next_picture(self) -> None:
        """What was kept until now may give way."""
        self._picture += 1

    def get(self, key: object, make: Callable[[], Any]) -> Any:
        """The tensor of ``key``, made if it is not known."""
        found = self._known.get(key)
        if found is not None:
            self._known[key] = (found[0], self._picture)
            self._known.move_to_end(key)
            return found[0]
        made = make()
        self.made += 1
        self._keep(key, made)
        return made

    def _keep(self, key: object, tensor: Any) -> None:
        size = _bytes(tensor)
        while self._known and self._size + size > self._limit:
            oldest = next(iter(self._known))
            if self._known[oldest][1] == self._picture:
                return
            self._size -= _bytes(self._known.pop(oldest)[0])
        if size <= self._limit:
            self._known[key] = (tensor, self._picture)
            self._size += size

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()
        self._size = 0


def _bytes(tensor: Any) -> int:
    return int(tensor.numel() * tensor.element_size())


class Held:
    """One ControlNet with what it is shown of one picture."""

    def __init__(
        self, module: Any, shown: Shown, features: Features, encode: Callable[[Any], Any] | None, guidance: float = 0.0
    ) -> None:
        """``encode``: pixels (1, 3, h, w) in −1 … 1 to tokens, for ControlNets of Flux, which know the guidance too."""
        self.module, self.shown, self._guidance = module, shown, guidance
        self._features, self._encode = features, encode
        self._keys: dict[Bounds, bytes] = {}

    def residuals(self, named: Mapping[str, Any], pixels: Bounds) -> dict[str, Any]:
        """What is added inside the denoiser for a tile: named arguments for its ``forward``."""
        with torch.inference_mode():
            if self._encode is not None:
                return self._of_tokens(named, pixels)
            return self._of_planes(named, pixels)

    def _of_planes(self, named: Mapping[str, Any], pixels: Bounds) -> dict[str, Any]:
        """ControlNets of UNets. What they make of the picture alone is the same at every step."""
        sample = named["sample"]
        picture = self._picture(pixels).to(sample.device, sample.dtype)
        arguments: dict[str, Any] = {
            "sample": sample, "timestep": named["timestep"], "encoder_hidden_states": named["encoder_hidden_states"],
            "controlnet_cond": picture, "conditioning_scale": self.shown.weight, "return_dict": False,
            "added_cond_kwargs": named.get("added_cond_kwargs"),
        }  # fmt: skip
        if hasattr(self.module, "control_type_proj"):
            arguments |= _union(self.module, self.shown.control.mode or 0, picture, sample.shape[0])
            down, middle = self.module(**arguments)
        else:
            sees = self.module.controlnet_cond_embedding
            seen = self._features.get((id(self.module), self._key(pixels)), lambda: sees(picture))
            with _answering(sees, seen):
                down, middle = self.module(**arguments)
        return {"down_block_additional_residuals": list(down), "mid_block_additional_residual": middle}

    def _of_tokens(self, named: Mapping[str, Any], pixels: Bounds) -> dict[str, Any]:
        """ControlNets of Flux and its like, which look at the latents of their picture."""
        tokens = named["hidden_states"]
        encode = self._encode
        assert encode is not None
        own_eyes = self.module.input_hint_block is not None  # it looks at pixels
        picture = self._picture(pixels) * 2 - 1
        seen = picture if own_eyes else self._features.get(("latents", self._key(pixels)), lambda: encode(picture))
        passed = ("timestep", "pooled_projections", "encoder_hidden_states", "txt_ids", "img_ids")
        mode = self.shown.control.mode
        guided = self.module.config.guidance_embeds
        blocks, singles = self.module(
            hidden_states=tokens,
            controlnet_cond=seen.to(tokens.device, tokens.dtype).expand(tokens.shape[0], *seen.shape[1:]),
            guidance=torch.full((tokens.shape[0],), self._guidance, device=tokens.device) if guided else None,
            controlnet_mode=None if mode is None else torch.tensor([[mode]], device=tokens.device),
            conditioning_scale=self.shown.weight,
            return_dict=False,
            **{name: named[name] for name in passed if name in named},
        )
        found = {"controlnet_block_samples": blocks, "controlnet_single_block_samples": singles}
        added: dict[str, Any] = {name: list(samples) for name, samples in found.items() if samples}
        return added | ({"controlnet_blocks_repeat": True} if own_eyes else {})

    def _picture(self, pixels: Bounds) -> Any:
        """(1, 3, h, w) float32 0–1."""
        return torch.from_numpy(np.ascontiguousarray(self.shown.tile(pixels)))[None]

    def _key(self, pixels: Bounds) -> bytes:
        if pixels not in self._keys:
            picture = np.ascontiguousarray(self.shown.cut(pixels))
            shape = str(picture.shape).encode()
            self._keys[pixels] = blake2b(shape + picture.tobytes(), digest_size=16).digest()
        return self._keys[pixels]


def _union(module: Any, mode: int, picture: Any, batch: int) -> dict[str, Any]:
    """A union ControlNet is told which of its kinds a picture is."""
    kinds = torch.zeros(batch, module.config.num_control_type, device=picture.device, dtype=picture.dtype)
    kinds[:, mode] = 1
    return {"controlnet_cond": [picture.expand(batch, -1, -1, -1)], "control_type": kinds, "control_type_idx": [mode]}


@contextmanager
def _answering(module: Any, answer: Any) -> Iterator[None]:
    """The module gives ``answer``, whatever it is asked."""
    module.forward = lambda *_given, **_named: answer
    try:
        yield
    finally:
        del module.forward
