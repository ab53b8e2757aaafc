"""Near duplicates: the same picture saved twice, resized, recompressed or cropped by a few pixels.

A perceptual hash (the signs of the lowest cosine frequencies of the lightness, as pHash: Zauner 2010) finds
candidates; small colour pictures decide, because one layout painted at noon and at dusk is not a duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8

_BITS_APART = 10
"""Of 64: at most so many signs differ between near duplicates."""
_COLOURS_APART = 0.03
"""Mean OKLab distance of the small pictures, at most."""
_HASH, _SMALL = 32, 16


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What is compared of a picture."""

    bits: int
    """64 signs."""
    small: Float32
    """(16, 16, 3) OKLab."""
    aspect: float
    """Width over height."""


def fingerprint(picture: UInt8) -> Fingerprint:
    """The fingerprint of an (H, W, 3) sRGB uint8 picture."""
    image = Image.fromarray(picture)
    grid = oklab_from_srgb8(np.asarray(image.resize((_HASH, _HASH), Image.Resampling.BOX), np.uint8))[..., 0]
    waves = (_cosines() @ grid @ _cosines().T)[:8, :8].ravel()
    waves[0] = 0.0  # the mean lightness says nothing of what is drawn
    signs = waves > np.median(waves[1:])
    bits = int.from_bytes(np.packbits(signs).tobytes(), "big")
    small = oklab_from_srgb8(np.asarray(image.resize((_SMALL, _SMALL), Image.Resampling.BOX), np.uint8))
    return Fingerprint(bits, small, picture.shape[1] / picture.shape[0])


def near_duplicates(prints: Sequence[Fingerprint]) -> tuple[tuple[int, int], ...]:
    """Pairs (earlier, later) of places whose pictures are nearly the same; each later one is told once."""
    hashes = np.array([one.bits for one in prints], np.uint64)
    found = []
    for later in range(1, len(prints)):
        apart = np.bitwise_count(hashes[:later] ^ hashes[later])
        for earlier in np.flatnonzero(apart <= _BITS_APART):
            if _same_colours(prints[int(earlier)], prints[later]):
                found.append((int(earlier), later))
                break
    return tuple(found)


def _same_colours(one: Fingerprint, other: Fingerprint) -> bool:
    if abs(np.log(one.aspect / other.aspect)) > 0.1:
        return False
    return float(np.linalg.norm(one.small - other.small, axis=-1).mean()) <= _COLOURS_APART


@cache
def _cosines() -> NDArray[np.float64]:
    """(32, 32) matrix of the cosine transform (DCT-II)."""
    places = np.arange(_HASH)
    return np.cos(np.pi * np.outer(places, 2 * places + 1) / (2 * _HASH))
