"""Cloth: awnings in stripes as they are drawn, sails and parasols: folds, and light that comes through."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.materials.built import SNOW, keep_form, smooth
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_PALE = hex_to_linear("#f3ead8")


def _awning(patch: Patch) -> Float32:
    """0 or 1 by region: which of two stripe colours."""
    return patch.scene.forms.parity.astype(np.float32)[patch.ids]


def _colour(patch: Patch) -> Float32:
    """The colour of the house's cloth: all stripes of one awning agree."""
    script, chance = patch.script, patch.scene.forms.chance[:, 2]
    kin = np.stack([script.local(Material.CLOTH, k) for k in range(script.local_count(Material.CLOTH))])
    kin = kin[np.linalg.norm(kin - _PALE, axis=1) > 0.25]
    return kin[np.minimum((chance * len(kin)).astype(np.int64), len(kin) - 1)][patch.ids]


def shade(patch: Patch, _mask: Bool) -> Surface:
    """A slanting face under the sky; its lower hem and the folds are darker, the sun glows through."""
    ids = patch.ids
    stripe = _awning(patch)
    colour = _colour(patch)
    albedo: Float32 = colour + (_PALE - colour) * stripe[..., None]
    _, v, _, tall = patch.box
    forms = patch.scene.forms
    hem = forms.foot.at[ids] + forms.foot.slope[ids] * (patch.x - forms.x[ids]) - patch.y
    folds = patch.noise(38, 481, stretch=0.28, octaves=2)
    high = np.sin(np.deg2rad(max(patch.light.elevation, 15)))
    facing = forms.facing[ids] * patch.light.towards[0]
    slant = 0.42 + 0.42 * high + 0.25 * facing - 0.22 * v + 0.10 * folds
    flap = smooth(-0.5, 0.5, 7 - hem) * (tall > 30) * forms.foot.good[ids]
    fallen = np.clip(slant * (1 - 0.42 * flap), 0.05, 1.05)
    dyed = albedo * (1 + 0.05 * patch.noise(60, 482)[..., None]) * (1 - 0.12 * v[..., None])
    albedo, light = _snow(patch, np.asarray(dyed, np.float32), np.asarray(fallen, np.float32), hem, tall)
    through = albedo * patch.light.key * np.float32(0.16) * (1 - flap[..., None] * 0.5)
    return Surface(
        albedo=albedo, light=light.astype(np.float32), bounce=0.55, shadowed=False,
        emission=np.asarray(through, np.float32),
    )  # fmt: skip


def _snow(patch: Patch, albedo: Float32, light: Float32, hem: Float32, tall: Float32) -> tuple[Float32, Float32]:
    """Snow on the slant of an awning, thick above, slid off towards the hem."""
    if patch.script.snow <= 0:
        return albedo, light
    bare = np.minimum(0.34 * tall, 26) + 7 * patch.noise(46, 483, octaves=2)
    cover = smooth(-0.8, 0.8, hem - bare) * (tall > 14) * patch.script.snow
    lip = np.exp(-np.maximum(hem - bare, 0) / 4)
    mixed = albedo + (SNOW * (1 - 0.2 * lip[..., None]) - albedo) * cover[..., None]
    return mixed.astype(np.float32), np.asarray(light + (0.85 - 0.4 * lip - light) * cover, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Strokes down the fall of the cloth."""
    forms, ids = patch.scene.forms, patch.ids
    fall = np.where(np.abs(forms.angle) > 0.5, forms.angle, np.pi / 2)[ids].astype(np.float32)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=58, width=12, spacing=11, salt=2701, turn=0.07, value=0.014, hue=0.006),
        angles=fall,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.BRISTLE, length=50, width=8, spacing=15, salt=2702, turn=0.06, opacity=0.45, value=0.025),
        angles=fall,
    )  # fmt: skip


def finish(_patch: Patch, base: Float32, canvas: Float32) -> None:
    """Folds and stripes stay cut."""
    keep_form(base, canvas, value=0.05)
