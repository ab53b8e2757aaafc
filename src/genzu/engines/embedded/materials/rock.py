"""Rock: planes that turn to the light or away from it, cracks along the drawn lines, moss on what faces up."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import outward, thickness
from genzu.engines.embedded.lumps import Batch, Lump, Relief, batch, heap, joined, line_relief, smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface
from genzu.engines.embedded.weathering import snowed, tinted
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear


def _shapes(patch: Patch, mask: Bool) -> tuple[Relief, Relief, Float32]:
    """Facets, the small ones alone, and the turns of form at drawn lines."""
    relief = heap(patch, joined([_facets(patch, mask, k) for k in range(3)]), Lump.FACET)
    return relief, heap(patch, _facets(patch, mask, 3), Lump.FACET), line_relief(patch, 6)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Facets at three sizes on the rounded whole; the top planes are light, the undercut ones dark."""
    towards = patch.light.towards
    form_x, form_y = outward(patch)
    relief, small, turns = patch.formed(_shapes)
    large = np.clip(thickness(patch) / 40, 0.3, 1.0)
    planes = 0.95 * relief.facing(towards, 0.2) + 0.20 * small.facing(towards, 0)
    lit = planes * (0.55 + 0.45 * large) + 0.75 * (form_x * towards[0] + form_y * towards[1])
    lit = lit + 0.35 * turns + 0.07 * patch.noise(16, 1011, octaves=3)
    crack = smoothstep(0.07, 0.0, np.abs(patch.noise(70, 1012, octaves=2, stretch=0.7))) * large
    light = 0.06 + 0.44 * smoothstep(-0.40, 0.05, lit) + 0.46 * smoothstep(0.15, 0.62, lit)
    kin = [patch.script.local(Material.ROCK, k) for k in range(patch.script.local_count(Material.ROCK))]
    share = np.clip(0.5 + 0.5 * relief.tone + 0.4 * patch.noise(70, 1013), 0, 1)[..., None]
    albedo = (kin[0] + (kin[-1] - kin[0]) * share) * (1 + 0.14 * patch.noise(9, 1014, octaves=2))[..., None]
    up = np.clip(-0.8 * form_y - 0.5 * relief.ny, 0, 1)
    albedo = _mossy(patch, albedo.astype(np.float32), up)
    albedo = tinted(albedo, 1.10, 1.03, 0.88, smoothstep(0.2, 0.6, lit))
    return Surface(
        albedo=snowed(patch, albedo, 0.20 + 0.9 * up),
        light=(light * (1 - 0.6 * crack)).astype(np.float32),
        openness=(0.95 - 0.35 * crack - 0.25 * smoothstep(0.1, -0.5, lit)).astype(np.float32),
        bounce=(0.25 + 0.35 * np.clip(form_y, 0, 1)).astype(np.float32),
    )


def _facets(patch: Patch, mask: Bool, size: int) -> Batch:
    spacing, radius = ((64.0, 78.0), (36.0, 42.0), (21.0, 21.0), (9.0, 10.0))[size]
    points = scatter(patch, mask, spacing, 1021 + size, squash=0.8)
    rows, columns = points.index
    fits = patch.inner[rows, columns] > (radius * 0.45 if size < 2 else 0.0)
    keep = fits & (points.chance[:, 0] < (0.75 if size else 1.0))
    r = np.full(int(keep.sum()), radius, np.float32) * (0.7 + 0.5 * points.chance[keep, 3]) * patch.unit
    return batch(points.where(keep), r.astype(np.float32))


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
