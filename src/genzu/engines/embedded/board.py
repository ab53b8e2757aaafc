"""A board lends its palette: the rough's colours are moved so that their mean and spread become the board's.

The map is the linear Monge–Kantorovich transport between the two colour distributions taken as Gaussians in OKLab
(Pitié and Kokaram, "The linear Monge–Kantorovitch linear colour mapping for example-based colour transfer", 2007).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8, srgb8_from_oklab

STRENGTH = 0.8
_SAMPLE = 256


class Palette:
    """The colour map from a rough to a board; built once from small versions, applied tile by tile."""

    def __init__(self, rough: UInt8, board: UInt8) -> None:
        mine, theirs = _colours(rough), _colours(board)
        self._mean, self._goal = mine.mean(0), theirs.mean(0)
        spread, wanted = np.cov(mine.T) + 1e-5 * np.eye(3), np.cov(theirs.T) + 1e-5 * np.eye(3)
        root = _square_root(spread)
        inverse = np.linalg.inv(root)
        self._map = (inverse @ _square_root(root @ wanted @ root) @ inverse).astype(np.float32)

    def apply(self, picture: UInt8) -> UInt8:
        """Move the colours of (h, w, 3) sRGB towards the board."""
        lab = oklab_from_srgb8(picture)
        moved = (lab - self._mean.astype(np.float32)) @ self._map.T + self._goal.astype(np.float32)
        return srgb8_from_oklab((lab + (moved - lab) * np.float32(STRENGTH)).astype(np.float32))


def _colours(picture: UInt8) -> Float32:
    small = Image.fromarray(picture).resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
    return oklab_from_srgb8(np.asarray(small, np.uint8)).reshape(-1, 3)


def _square_root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T, np.float64)
