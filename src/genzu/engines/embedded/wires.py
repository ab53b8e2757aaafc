"""Which lines in the sky are wires: long strokes that run straight for a while, unlike the scallops of a cloud.

Straightness is the coherence of the structure tensor (Bigün and Granlund 1987) over a window of about 16 units.
"""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import Float32, UInt8

_INK = 45
_COHERENT = 0.80
_LONG = 0.085
"""Shortest wire as a share of the picture's height."""


def find_wires(ink: UInt8, materials: UInt8) -> Float32 | None:
    """(h, w) 0–1 where a stroke in the air is a wire, at reduced size; ``None`` if there is none."""
    air = np.isin(materials, (Material.SKY, Material.CLOUD))
    strokes = (ink > _INK) & air
    if not strokes.any():
        return None
    strokes &= _far_from_cloud_edges(materials)
    plane = strokes.astype(np.float32)
    dy, dx = np.gradient(mahotas.gaussian_filter(plane, 1.0))
    xx, yy, xy = (mahotas.gaussian_filter(p, 7.0) for p in (dx * dx, dy * dy, dx * dy))
    spread = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    straight = strokes & (spread > _COHERENT * (xx + yy))
    parts, count = mahotas.label(mahotas.dilate(straight, np.ones((3, 3), bool)), np.ones((3, 3), bool))
    if count == 0:
        return None
    boxes = np.asarray(mahotas.labeled.bbox(parts), np.int64).reshape(-1, 4)
    size = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2])
    long = size >= _LONG * materials.shape[0]
    long[0] = False
    if not long.any():
        return None
    return np.asarray(mahotas.gaussian_filter(mahotas.dilate(long[parts]).astype(np.float32), 0.8), np.float32)


def _far_from_cloud_edges(materials: UInt8) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    cloud = materials == Material.CLOUD
    if not cloud.any() or cloud.all():
        return np.ones(materials.shape, bool)
    reach = 0.012 * materials.shape[0]
    outside, inside = mahotas.distance(~cloud), mahotas.distance(cloud)
    return np.asarray((outside + inside) > reach * reach, bool)
