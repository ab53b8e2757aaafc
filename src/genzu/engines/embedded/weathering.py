"""What season and weather lay on a surface: snow on what faces up, fallen leaves, wet."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import distance_to, kept
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.shadow import below
from genzu.engines.embedded.strokes import Points, scatter
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, oklab_from_linear

_WITH_SILL = 22.0
"""Units: smaller panes are set flush."""
SNOW = hex_to_linear("#eef2f8")
"""Local colour of snow, linear."""


def snowed(patch: Patch, albedo: Float32, up: Float32 | float) -> Float32:
    """Local colour under snow; ``up`` 0–1 says where it lies (ragged at its edges)."""
    if patch.script.snow <= 0:
        return albedo
    ragged = np.broadcast_to(np.asarray(up, np.float32), patch.shape) + 0.12 * patch.noise(26, 771, octaves=3)
    share = np.clip((ragged - 0.38) * 4.5, 0, 1)[..., None] * np.float32(patch.script.snow)
    albedo = np.broadcast_to(albedo, (*patch.shape, 3))
    return np.asarray(albedo + (SNOW - albedo) * share, np.float32)


def sills(patch: Patch) -> tuple[Float32 | None, Float32]:
    """0–1 (h, w) each: the sill right under a window that is large enough for one, and the shade that it throws.

    The first is ``None`` if there are no such windows.
    """
    field = kept(patch.scene, "sills", _under_windows)
    if field.size == 0:
        return None, np.zeros(patch.shape, np.float32)
    gap = patch.scene.sample(field, patch.bounds)
    sill = np.clip((3.4 - gap) * 0.9, 0, 1) * np.clip(gap * 1.5, 0, 1)
    shade = np.clip((gap - 3.0) * 0.8, 0, 1) * np.clip((13 - gap) / 8, 0, 1)
    return np.asarray(sill, np.float32), np.asarray(shade, np.float32)


def _under_windows(scene: Scene) -> Float32:
    """(h, w) units below a large window, 20 where there is none; empty if there is none at all."""
    forms, material = scene.forms, scene.regions.material
    wide = np.maximum(scene.regions.right - scene.regions.left, 1) / scene.unit
    tall = np.maximum(scene.regions.bottom - scene.regions.top, 1) / scene.unit
    large = np.zeros(len(material), bool)
    np.logical_or.at(large, forms.body, (np.minimum(wide, tall) > _WITH_SILL) & (material == Material.WINDOW))
    panes = large[forms.body][scene.small_regions] & (scene.small_materials == Material.WINDOW)
    if not panes.any():
        return np.zeros((0, 0), np.float32)
    k = scene.shrink * scene.unit
    wall = scene.small_materials == Material.WALL
    gap = (below(wall, 20 * k, cause=panes) + np.float32(0.5)) / np.float32(k)
    return np.where(wall, np.minimum(gap, 20), 20).astype(np.float32)


def under_eaves(patch: Patch) -> Float32:
    """0–1 (h, w): most a little under a roof or an awning, where no light comes off its edge, fading down the wall."""
    return patch.scene.sample(kept(patch.scene, "under eaves", _under_eaves), patch.bounds)


def _under_eaves(scene: Scene) -> Float32:
    juts = np.isin(scene.small_materials, (Material.ROOF, Material.CLOTH))
    wall = scene.small_materials == Material.WALL
    k = scene.shrink * scene.unit
    if not juts.any():
        return np.zeros(wall.shape, np.float32)
    gap = below(wall, 60 * k, cause=juts) / np.float32(k)
    return (wall * np.exp(-gap / np.float32(15)) * np.minimum(0.35 + gap / np.float32(7), 1)).astype(np.float32)


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
