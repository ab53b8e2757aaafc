"""Rock: flat faces that turn to the light or away from it, cracks where they part, moss on what faces up."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import outward, thickness
from genzu.engines.embedded.lumps import Batch, Lump, Relief, batch, heap, line_relief, smoothstep
from genzu.engines.embedded.materials.built import keep_form
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.planes import Planes, cleaved
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface
from genzu.engines.embedded.weathering import snowed, tinted
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_SIZES = (26.0, 48.0, 92.0)
"""Units: sizes of facets, for stones, boulders and cliffs."""


def _shapes(patch: Patch, mask: Bool) -> tuple[Relief, Float32]:
    """Chips on the facets, and the turns of form at drawn lines."""
    return heap(patch, _chips(patch, mask), Lump.FACET), line_relief(patch, 6)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Flat faces in three values, cut against each other; the top ones are light, the undercut ones dark."""
    towards = patch.light.towards
    form_x, form_y = outward(patch)
    small, turns = patch.formed(_shapes)
    size = thickness(patch)
    faces = _faces(patch, size)
    large = np.clip(size / 40, 0.3, 1.0)
    lit = 0.95 * faces.facing(towards, 0.2) * (0.6 + 0.4 * large) + 0.12 * small.facing(towards, 0)
    lit = lit + 0.40 * (form_x * towards[0] + form_y * towards[1])
    # A face that was drawn by itself has a light of its own.
    drawn = patch.of_region(patch.scene.regions.chance) - np.float32(0.5)
    lit = (
        lit
        + 0.45 * turns
        + 0.34 * drawn * (1 - 0.7 * smoothstep(60, 120, size))
        + 0.04 * patch.noise(16, 1011, octaves=3)
    )
    # Only some faces part in a crack; the others meet in an edge without a line.
    crack = smoothstep(1.7, 0.5, faces.seam) * smoothstep(0.1, 0.5, faces.tone) * large
    light = 0.08 + 0.42 * smoothstep(-0.20, 0.0, lit) + 0.46 * smoothstep(0.30, 0.46, lit)
    kin = [patch.script.local(Material.ROCK, k) for k in range(patch.script.local_count(Material.ROCK))]
    share = np.clip(0.5 + 0.6 * faces.tone + 0.25 * patch.noise(70, 1013), 0, 1)[..., None]
    albedo = (kin[0] + (kin[-1] - kin[0]) * share) * (1 + 0.07 * patch.noise(9, 1014, octaves=2))[..., None]
    up = np.clip(-0.8 * form_y - 0.5 * faces.ny, 0, 1)
    albedo = _mossy(patch, albedo.astype(np.float32), up)
    albedo = tinted(albedo, 1.10, 1.03, 0.88, smoothstep(0.2, 0.6, lit))
    return Surface(
        albedo=snowed(patch, albedo, 0.20 + 0.9 * up),
        light=(light * (1 - 0.6 * crack)).astype(np.float32),
        openness=(0.95 - 0.35 * crack - 0.25 * smoothstep(0.1, -0.4, lit)).astype(np.float32),
        bounce=(0.25 + 0.35 * np.clip(form_y, 0, 1)).astype(np.float32),
    )


def _faces(patch: Patch, size: Float32) -> Planes:
    """Facets as large as what they are on: ``size`` (h, w) is half its width in units."""
    level = np.where(size < 24, 0, np.where(size < 60, 1, 2))
    faces: Planes | None = None
    for k in np.unique(level).tolist():
        these = cleaved(patch, Material.ROCK, _SIZES[k], 1021 + 10 * k)
        faces = these if faces is None else these.where(level == k, faces)
    assert faces is not None
    return faces


def _chips(patch: Patch, mask: Bool) -> Batch:
    points = scatter(patch, mask, 16.0, 1024, squash=0.8)
    points = points.where(points.chance[:, 0] < 0.6)
    return batch(points, (10.0 * (0.7 + 0.5 * points.chance[:, 3]) * patch.unit).astype(np.float32))


def _mossy(patch: Patch, albedo: Float32, up: Float32) -> Float32:
    if patch.script.conditions.season is Season.WINTER:
        return albedo
    share = smoothstep(0.30, 0.75, up + 0.45 * patch.noise(34, 1015, octaves=3)) * 0.55
    moss = hex_to_linear("#75803f")
    return np.asarray(albedo + (moss - albedo) * share[..., None], np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Short flat strokes across each plane, dry brush on the light ones, a little spatter."""
    size = np.clip(thickness(patch) / 60, 0.35, 1.15).astype(np.float32)
    angles = np.where(size > 0.8, 1.45, -0.9 * np.sign(patch.light.towards[0])) + 0.3 * patch.noise(60, 174)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=18, width=7, spacing=8, salt=171, turn=0.22, value=0.014, hue=0.005, opacity=0.38),
        sizes=size, angles=angles.astype(np.float32),
    )  # fmt: skip
    light = np.asarray(base[..., 0] > 0.5)
    brush_over(
        patch, base, canvas, mask & light,
        Layer(tip=Tip.BRISTLE, length=20, width=6, spacing=17, salt=172, angle=0.2, turn=0.4, value=0.03, hue=0.004,
              opacity=0.42),
        sizes=size, lift=np.full(patch.shape, 0.02, np.float32),
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SPATTER, length=26, width=26, spacing=30, salt=173, turn=3, value=0.06, hue=0.003, opacity=0.35),
        sizes=size,
    )  # fmt: skip


def finish(_patch: Patch, base: Float32, canvas: Float32) -> None:
    """The edges between the faces stay cut."""
    keep_form(base, canvas, value=0.05)
