"""What season and weather lay on a surface: snow on what faces up, fallen leaves, wet."""

from __future__ import annotations

import numpy as np

from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32
from genzu.picture.colour import hex_to_linear

_SNOW = hex_to_linear("#eef2f8")


def snowed(patch: Patch, albedo: Float32, up: Float32 | float) -> Float32:
    """Local colour under snow; ``up`` 0–1 says where it lies (ragged at its edges)."""
    if patch.script.snow <= 0:
        return albedo
    ragged = np.broadcast_to(np.asarray(up, np.float32), patch.shape) + 0.12 * patch.noise(26, 771, octaves=3)
    share = np.clip((ragged - 0.38) * 4.5, 0, 1)[..., None] * np.float32(patch.script.snow)
    albedo = np.broadcast_to(albedo, (*patch.shape, 3))
    return np.asarray(albedo + (_SNOW - albedo) * share, np.float32)


def tinted(albedo: Float32, red: float, green: float, blue: float, share: Float32) -> Float32:
    """Local colour multiplied by a tint to the given share (h, w)."""
    tint = np.array([red, green, blue], np.float32) - 1
    return np.asarray(albedo * (1 + tint * share[..., None]), np.float32)
