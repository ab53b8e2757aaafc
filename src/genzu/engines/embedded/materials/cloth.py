"""Cloth: awnings in stripes as they are drawn, sails and parasols: folds, and light that comes through."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept, top_of_column
from genzu.engines.embedded.materials.built import SNOW, keep_form, smooth
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import box_of, gaussian, running
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_SCALLOP = 21.0
"""Units between two points of a valance."""
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


def _drop(patch: Patch) -> tuple[Float32, Float32, Float32]:
    """Place 0–1 from the upper edge of the whole awning to its hem, units above the hem, and the drop in units."""
    top = top_of_column(patch, Material.CLOTH)
    foot = patch.scene.sample(kept(patch.scene, "hems", _hems), patch.bounds)[..., 0]
    tall = np.maximum(foot - top, 4)
    return (
        np.asarray(np.clip((patch.y - top) / tall, 0, 1), np.float32),
        np.asarray(np.maximum(foot - patch.y, 0), np.float32),
        np.asarray(tall, np.float32),
    )  # fmt: skip


def _valance(patch: Patch, hem: Float32, tall: Float32) -> tuple[Float32, Float32, Float32]:
    """0–1 each: the strip that hangs down at the hem, the crease above it, the dark between its scallops."""
    scale = np.clip(tall / 70, 0.4, 1.8)
    forms = patch.scene.forms
    hung = (forms.house != np.arange(len(forms.house)))[patch.ids]  # parasols and sails have none
    shown = smooth(24, 34, tall) * hung
    # Its lower edge catches the light: without that, hem and shade below it would be one.
    flap = smooth(-0.6, 0.6, 10 * scale - hem) * smooth(0.0, 4.0, hem) * shown
    crease = smooth(2.0, 0.3, np.abs(hem - 10.8 * scale)) * shown
    scallop = 4.2 * scale * (1 - np.abs(np.sin(np.pi * patch.x / _SCALLOP)))
    # A hem that was drawn in waves has its scallops.
    wavy = patch.scene.sample(kept(patch.scene, "hems", _hems), patch.bounds)[..., 1]
    straight = smooth(1.7, 1.0, wavy) * smooth(44, 56, tall) * hung
    gap = smooth(0.7, -0.7, hem - scallop) * straight * (scallop > 0.5)
    return np.asarray(flap, np.float32), np.asarray(crease, np.float32), np.asarray(gap, np.float32)


def _hems(scene: Scene) -> Float32:
    """(h, w, 2) units: row at which the column run of cloth that holds the place ends below, and how it wavers."""
    cloth = scene.small_materials == Material.CLOTH
    rows = np.arange(cloth.shape[0], dtype=np.float32)[:, None]
    end = running(np.minimum, np.where(cloth, np.float32(cloth.shape[0]), rows)[::-1])[::-1]
    k = scene.shrink * scene.unit
    planes = np.zeros((2, *cloth.shape), np.float32)
    if cloth.any():
        box = box_of(cloth)
        end = np.ascontiguousarray(end[box], np.float32)
        fine, wide = (gaussian(end, size, axis=1, nearest=True) for size in (2.0, 14 * k))
        off = np.abs(np.where(cloth[box], fine - wide, 0)).astype(np.float32)
        planes[0][box] = fine / k
        planes[1][box] = gaussian(off, 20 * k, axis=1, nearest=True) / k
    return planes.transpose(1, 2, 0)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """A slanting face under the sky; its lower hem and the folds are darker, the sun glows through."""
    ids = patch.ids
    stripe = _awning(patch)
    colour = _colour(patch)
    albedo: Float32 = colour + (_PALE - colour) * stripe[..., None]
    forms = patch.scene.forms
    v, hem, tall = _drop(patch)
    folds = patch.noise(38, 481, stretch=0.28, octaves=2)
    high = np.sin(np.deg2rad(max(patch.light.elevation, 15)))
    facing = patch.of_region(forms.facing) * patch.light.towards[0]
    # Cloth hangs through between its frame's bars: the upper part lies flat to the sky, the lower part turns down.
    sag = smooth(30, 70, tall) * (0.10 * np.sin(np.pi * np.clip(v, 0, 1)) - 0.16 * smooth(0.55, 1.0, v))
    slant = 0.42 + 0.42 * high + 0.25 * facing - 0.16 * v + 0.17 * folds + sag
    flap, crease, gap = _valance(patch, hem, tall)
    fallen = np.clip(slant * (1 - 0.36 * flap - 0.30 * crease) * (1 - 0.6 * gap), 0.05, 1.05)
    dirt = smooth(0.30, 0.0, v) * np.clip(patch.noise(26, 484, octaves=2, stretch=0.5) + 0.2, 0, 1)
    dyed = albedo * (1 + 0.05 * patch.noise(60, 482)[..., None]) * (1 - 0.12 * v - 0.25 * dirt)[..., None]
    dyed = dyed * (1 - 0.6 * gap)[..., None]
    albedo, light = _snow(patch, np.asarray(dyed, np.float32), np.asarray(fallen, np.float32), hem, tall)
    # The sun comes through: most where the cloth turns its back to it, and along the hem, where it is single.
    lucid = (0.13 + 0.13 * np.clip(-facing, 0, 1) + 0.06 * v) * (1 - 0.4 * flap) * (1 - gap)
    # A parasol is all sky behind: it glows, more towards its hem, and each panel has its own share of the sun.
    open_air = (forms.house == np.arange(len(forms.house)))[ids]
    panel = forms.chance[ids][..., 1]
    lucid = lucid + open_air * (0.05 + 0.16 * v + 0.10 * (panel - 0.5)) * (1 - gap)
    through = albedo * patch.light.key * np.maximum(lucid, 0)[..., None]
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


def finish(patch: Patch, base: Float32, canvas: Float32) -> None:
    """Folds and stripes stay cut, and the valance is drawn again over strokes that ran across it."""
    keep_form(base, canvas, value=0.05)
    _place, hem, tall = _drop(patch)
    flap, crease, gap = _valance(patch, hem, tall)
    deeper = 1 - np.clip(0.09 * flap + 0.13 * crease + 0.22 * gap, 0, 0.4) * (1 - 0.8 * patch.script.snow)
    canvas *= deeper[..., None]
