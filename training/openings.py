"""Borders that nobody drew: where two growing or flowing things meet, hands often leave the line out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.material import Material

Bytes = NDArray[np.uint8]

_SOFT = (
    Material.SKY,
    Material.CLOUD,
    Material.MOUNTAIN,
    Material.FOLIAGE,
    Material.GRASS,
    Material.SOIL,
    Material.ROAD,
    Material.ROCK,
    Material.WATER,
)
"""Materials whose common border may be left to the viewer; built things are outlined."""
_SHARE = 0.3
"""Share of the drawings that have such a place."""
_LEAST = 12
"""A border shorter than this many pixels is not worth opening."""


def opened(lines: Bytes, materials: Bytes, rng: np.random.Generator) -> Bytes:
    """Now and then rub out the line between two soft materials: all of it, or in stretches.

    ``lines`` and ``materials`` are (H, W) of one size. The drawing comes back as it is if no such border is found.
    """
    if rng.random() >= _SHARE:
        return lines
    for _ in range(1 + (rng.random() < 0.3)):
        border = _border(materials, rng)
        if border is None:
            break
        gone = _widened(border, int(rng.choice((3, 5, 5, 7))))
        if rng.random() < 0.5:
            gone &= _stretches(lines.shape, float(rng.uniform(0.02, 0.15)), float(rng.uniform(0.35, 0.75)), rng)
        lines = np.where(gone, (lines * float(rng.choice((0.0, 0.0, 0.25)))).astype(np.uint8), lines)
    return lines


def _border(materials: Bytes, rng: np.random.Generator) -> NDArray[np.bool_] | None:
    """Pixels on both sides of the border of one pair of soft materials, the longer borders more often."""
    codes = np.full(256, 255, np.uint8)
    codes[list(_SOFT)] = _SOFT
    soft = codes[materials]
    found, pairs = [], []
    for a, b in ((soft[:, 1:], soft[:, :-1]), (soft[1:], soft[:-1])):
        places = np.nonzero(a != b)  # few: the rest of the work is on these alone
        low, high = np.minimum(a[places], b[places]), np.maximum(a[places], b[places])
        found.append(places)
        pairs.append(np.where(high != 255, low.astype(np.int64) * 32 + high, 0))
    counts = np.bincount(np.concatenate(pairs), minlength=1024)
    counts[0] = 0
    counts[counts < _LEAST] = 0
    if not counts.any():
        return None
    weight = np.sqrt(counts)
    chosen = int(rng.choice(len(counts), p=weight / weight.sum()))
    border = np.zeros(materials.shape, bool)
    for (rows, columns), pair, (down, right) in zip(found, pairs, ((0, 1), (1, 0)), strict=True):
        here = pair == chosen
        border[rows[here], columns[here]] = True
        border[rows[here] + down, columns[here] + right] = True
    return border


def _widened(border: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    return np.asarray(Image.fromarray(border).convert("L").filter(ImageFilter.MaxFilter(size))) > 0


def _stretches(shape: tuple[int, ...], grain: float, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Soft blots over about this share of the picture, ``grain`` picture heights large."""
    height, width = shape
    cells = max(2, round(1 / grain)), max(2, round(width / height / grain))
    noise = Image.fromarray((rng.random(cells) * 255).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    values = np.asarray(noise)
    return values < np.quantile(values[::4, ::4], share)
