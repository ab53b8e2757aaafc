"""Plain paint for any material: local colour with slow variation, and one coat of flat strokes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32


def shader(material: Material) -> Callable[[Patch, Bool], Surface]:
    """Shade of a material without a form of its own."""

    def shade(patch: Patch, _mask: Bool) -> Surface:
        script = patch.script
        kin = np.stack([script.local(material, k) for k in range(script.local_count(material))])
        pick = (patch.scene.regions.chance * len(kin)).astype(np.int32) % len(kin)
        albedo = kin[pick][patch.regions]
        albedo = albedo * (1 + 0.10 * patch.noise(60, 11 + material)[..., None])
        if material is Material.SKY:
            height = np.clip(patch.y / max(patch.horizon, 200.0), 0, 1)[..., None]
            sky = np.where(
                height < 0.55,
                script.zenith + (script.middle - script.zenith) * (height / 0.55),
                script.middle + (script.horizon - script.middle) * ((height - 0.55) / 0.45),
            )
            sky = np.broadcast_to(sky, (*patch.shape, 3)).astype(np.float32)
            return Surface(albedo=np.zeros(3, np.float32), emission=sky, haze=0, shadowed=False)
        return Surface(albedo=albedo.astype(np.float32), light=0.65 + 0.1 * patch.noise(120, 31))

    return shade


def brushwork(material: Material) -> Callable[[Patch, Float32, Float32, Bool], None]:
    """Two coats of flat strokes."""

    def paint(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
        flat = 0.0
        brush_over(
            patch,
            base,
            canvas,
            mask,
            Layer(tip=Tip.FLAT, length=60, width=20, spacing=16, salt=101 + material, angle=flat),
        )
        brush_over(
            patch, base, canvas, mask,
            Layer(tip=Tip.BRISTLE, length=36, width=9, spacing=12, salt=151 + material, angle=flat, opacity=0.6),
        )  # fmt: skip

    return paint
