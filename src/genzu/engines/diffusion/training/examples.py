"""What the training sees of the outside: examples, which load their pixels when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from genzu.core.codec import digest
from genzu.core.geometry import Extent
from genzu.picture.arrays import UInt8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """One view of one painting."""

    name: str
    """For messages: the file, and the number of the view."""
    key: str
    """Digest of everything that decides the pixels and the lines: names the cached latents."""
    caption: str
    """With the trigger word."""
    bucket: Extent
    """Size in px at which it is learned."""
    original: Extent
    """Size of the painting (SDXL is told)."""
    crop: tuple[int, int]
    """px cut off at the left and at the top, at the bucket's scale (SDXL is told)."""
    pixels: Callable[[], UInt8]
    """(H, W, 3) sRGB uint8 of the bucket's size."""
    lines: Callable[[], UInt8]
    """(H, W) uint8 of the bucket's size, 255 = full stroke."""


def identity(examples: tuple[Example, ...]) -> str:
    """Digest of the whole set as the training sees it."""
    return digest({"examples": [[one.key, one.caption] for one in examples]})


def plan(examples: tuple[Example, ...], batch: int, seed: int, epoch: int) -> tuple[tuple[int, ...], ...]:
    """The batches of one epoch: places of examples, each once, one bucket per batch, in an order of its own."""
    import torch  # one generator for everything random

    generator = torch.Generator().manual_seed(stir(seed, "order", epoch))
    groups: dict[tuple[int, int], list[int]] = {}
    for place, one in enumerate(examples):
        groups.setdefault((one.bucket.width, one.bucket.height), []).append(place)
    batches = []
    for _, places in sorted(groups.items()):
        order = torch.randperm(len(places), generator=generator).tolist()
        shuffled = [places[index] for index in order]
        batches += [tuple(shuffled[start : start + batch]) for start in range(0, len(shuffled), batch)]
    return tuple(batches[index] for index in torch.randperm(len(batches), generator=generator).tolist())


def stir(seed: int, *parts: int | str) -> int:
    """A seed of 63 bits for one purpose: everything random follows from the settings' seed and the place in the run."""
    return int(digest({"seed": seed, "parts": list(parts)})[:16], 16) >> 1
