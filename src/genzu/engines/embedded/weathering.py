"""What season and weather lay on a surface: snow on what faces up, fallen leaves, wet."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Points, scatter
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, oklab_from_linear

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


def strewn(base: Float32, canvas: Float32, points: Points, codes: Float32, size: Float32) -> None:
    """Petals or fallen leaves: small dabs of the given linear colours (k, 3), ``size`` (n,) px.

    Each is a little lighter than the ground that it lies on, whatever the light there is.
    """
    if len(points) == 0:
        return
    rows, columns = points.index
    palette = oklab_from_linear(codes)
    colour = palette[(points.chance[:, 1] * len(codes)).astype(np.int32) % len(codes)].copy()
    ground_value = base[rows, columns, 0]
    colour[:, 0] = np.clip(colour[:, 0], ground_value - 0.04, ground_value + 0.26)
    colour[:, 1:] *= np.clip(ground_value / 0.6, 0.3, 1)[:, None]
    lay(
        canvas,
        Strokes(
            x=points.x, y=points.y, length=size, width=size * np.float32(0.65), angle=points.chance[:, 3] * 2.4 - 1.2,
            colour=colour.astype(np.float32), opacity=np.full(len(points), 0.9, np.float32), tip=Tip.DAB,
            variant=(points.chance[:, 0] * 4).astype(np.int32),
        ),
    )  # fmt: skip


def leaf_litter(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Fallen leaves on the ground, if the prompt asks for them: drifts, thick under the crowns."""
    if Extra.FALLEN_LEAVES not in patch.script.conditions.extras:
        return
    plane = ground(patch)
    near = plane.near * np.ones(patch.shape, np.float32)
    drift = plane.noise(240, 120, 772, octaves=2) + 0.5 * np.exp(-distance_to(patch, Material.FOLIAGE) / 90)
    points = scatter(patch, mask & (near > 0.05) & (drift > -0.05), 11, 773, squash=0.55)
    rows, columns = points.index
    points = points.where(points.chance[:, 0] < 0.2 + 0.8 * np.clip(drift[rows, columns], 0, 1))
    rows, columns = points.index
    kin = [patch.script.local(Material.FOLIAGE, k) for k in range(patch.script.local_count(Material.FOLIAGE))]
    size = (2.0 + 8.0 * near[rows, columns]) * patch.unit * (0.7 + 0.6 * points.chance[:, 2])
    strewn(base, canvas, points, np.stack(kin), size.astype(np.float32))
