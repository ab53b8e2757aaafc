"""Metal: rails, railings, lamp posts: a cool narrow highlight on a dark round form, rust where water stands."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.materials.built import (
    along_across,
    keep_form,
    kin_colour,
    plane_light,
    round_light,
    smooth,
    snow_cap,
)
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Bars are round with a hard highlight; plates are planes with a sheen of the sky."""
    forms, ids, script = patch.scene.forms, patch.ids, patch.script
    bars = smooth(2.2, 3.5, forms.long / np.maximum(forms.thick, 0.5))[ids]
    _, across, half = along_across(patch)
    turn = (
        -np.sin(patch.of_region(forms.angle)) * patch.light.towards[0]
        + np.cos(patch.of_region(forms.angle)) * patch.light.towards[1]
    )
    side = across / half * np.sign(turn)
    glint = np.exp(-(((side - 0.45) / 0.16) ** 2)) * bars
    form = plane_light(patch, patch.of_region(forms.facing)) * (1 - bars) + round_light(patch) * bars
    albedo: Float32 = kin_colour(patch, Material.METAL) * (1 + 0.10 * patch.noise(24, 471)[..., None])
    _, v, _, tall = patch.box
    low = np.exp(-(1 - v) * tall / 22)
    rust = smooth(0.18, 0.5, patch.noise(18, 472, octaves=3) + 0.35 * low)[..., None] * 0.55
    albedo = albedo + (np.array([0.20, 0.085, 0.04], np.float32) - albedo) * rust
    albedo, light = snow_cap(patch, np.asarray(albedo, np.float32), np.asarray(form * 0.9, np.float32), 4)
    edge = np.exp(-(((side + 0.8) / 0.2) ** 2)) * bars
    sheen = script.middle * (0.20 * edge + 0.04)[..., None] + script.light.key * (0.30 * glint)[..., None]
    return Surface(
        albedo=albedo, light=light * (1 - 0.6 * patch.wall_shadow), openness=0.85, bounce=0.3, shadowed=False,
        emission=np.asarray(sheen, np.float32),
    )  # fmt: skip


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Long smooth strokes along the form."""
    forms = patch.scene.forms
    small = np.clip(patch.of_region(forms.thick) / 34, 0.2, 1.1).astype(np.float32)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=70, width=9, spacing=9, salt=2601, turn=0.03, opacity=0.55, value=0.016, hue=0.006),
        angles=patch.of_region(forms.angle), sizes=small,
    )  # fmt: skip


def finish(_patch: Patch, base: Float32, canvas: Float32) -> None:
    """The hard highlight stays hard."""
    keep_form(base, canvas)
