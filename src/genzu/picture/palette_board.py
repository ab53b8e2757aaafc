"""A palette as a small board picture, for engines that take their colours from a board."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genzu.picture.arrays import UInt8
from genzu.picture.colour import hex_to_linear, oklab_from_linear, srgb8_from_oklab

WIDTH, HEIGHT = 240, 96
_PLAIN = 0.2
"""Share of a stripe that is the colour itself; the rest goes over into the next one. Hard steps would break a level
ground into spots of two colours."""
_COMMON = 0.35
"""How far each colour is mixed with what all have in common, in OKLab's a and b: a palette with no colour between its
own makes patches of what should be one light."""
_SWING = 0.05
"""OKLab lightness by which a stripe is lighter at its top and darker at its foot."""


def palette_board(colours: Sequence[str]) -> UInt8:
    """(96, 240, 3) sRGB: one upright stripe for each ``#rrggbb``, from dark to light, going over into one another.

    Every colour stands at every height and has the same share: a palette says which colours, not where they are.
    """
    lab = oklab_from_linear(np.stack([hex_to_linear(code) for code in colours]))
    lab = lab[np.argsort(lab[:, 0], kind="stable")]
    lab[:, 1:] += (lab[:, 1:].mean(0) - lab[:, 1:]) * np.float32(_COMMON)
    place = (np.arange(WIDTH) + 0.5) / WIDTH * len(lab) - 0.5
    lower = np.floor(place)
    step = np.clip((place - lower - 0.5) / (1 - _PLAIN) + 0.5, 0, 1)[:, None]
    first, second = (lab[np.clip(lower + k, 0, len(lab) - 1).astype(int)] for k in (0, 1))
    row = first + (second - first) * step
    picture = np.repeat(row[None], HEIGHT, axis=0).astype(np.float32)
    picture[..., 0] += np.linspace(_SWING, -_SWING, HEIGHT, dtype=np.float32)[:, None]
    return srgb8_from_oklab(picture)
