"""How far one picture's palette is from another's, overall and in each of three value groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8

_SIDE = 128
_DIRECTIONS = 48
_RANKS = np.linspace(0.002, 0.998, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteDistance:
    """Sliced Wasserstein distances in OKLab: 0 = the same colours in the same shares; black to white is about 0.5."""

    overall: float
    dark: float
    """Of the darkest third of one picture to the darkest third of the other."""
    middle: float
    light: float


def palette_distance(picture: UInt8, other: UInt8) -> PaletteDistance:
    """Distance of two (h, w, 3) sRGB pictures of any sizes; where a colour stands does not count.

    Sliced Wasserstein-1 distance (Rabin et al., "Wasserstein barycenter and its application to texture mixing",
    2011): the mean, over fixed directions in OKLab, of the distance between the sorted projections.
    """
    one, two = _by_lightness(picture), _by_lightness(other)
    thirds = [_sliced(_third(one, k), _third(two, k)) for k in range(3)]
    return PaletteDistance(overall=_sliced(one, two), dark=thirds[0], middle=thirds[1], light=thirds[2])


def _by_lightness(picture: UInt8) -> Float32:
    small = Image.fromarray(picture).resize((_SIDE, _SIDE), Image.Resampling.BOX)
    colours = oklab_from_srgb8(np.asarray(small, np.uint8)).reshape(-1, 3)
    return colours[np.argsort(colours[:, 0], kind="stable")]


def _third(colours: Float32, k: int) -> Float32:
    return colours[len(colours) * k // 3 : len(colours) * (k + 1) // 3]


def _sliced(one: Float32, two: Float32) -> float:
    # Directions spread evenly over a half sphere (Fibonacci lattice).
    z = (np.arange(_DIRECTIONS) + 0.5) / _DIRECTIONS
    turn = np.pi * (1 + 5**0.5) * np.arange(_DIRECTIONS)
    flat = np.sqrt(1 - z * z)
    directions = np.stack([z, flat * np.cos(turn), flat * np.sin(turn)]).astype(np.float32)
    return float(np.abs(np.quantile(one @ directions, _RANKS, 0) - np.quantile(two @ directions, _RANKS, 0)).mean())
