"""Roofs: rows of tiles along the eave, columns down the rake, a light and a shadow plane, snow blankets."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.materials.built import SNOW, course_chance, groove, keep_form, kin_colour, rest, smooth
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, toned
from genzu.picture.arrays import Bool, Float32

_METAL_SHARE = {Place.STATION: 0.6, Place.RAILWAY: 0.6, Place.CITY: 0.7, Place.ALLEY: 0.5, Place.PORT_TOWN: 0.15}


def _grid(patch: Patch) -> tuple[Float32, Float32, Float32]:
    """Tile column and row under each pixel, and tiles per unit."""
    forms, ids = patch.scene.forms, patch.ids
    eave, rake = forms.eave[ids], patch.of_region(forms.rake)
    dx, dy = patch.x - patch.of_region(forms.x), patch.y - patch.of_region(forms.y)
    turn = np.cos(eave) * np.sin(rake) - np.sin(eave) * np.cos(rake)
    turn = np.where(np.abs(turn) < 0.2, 0.2, turn)
    along = (dx * np.sin(rake) - dy * np.cos(rake)) / turn
    down = (dy * np.cos(eave) - dx * np.sin(eave)) / turn
    size = np.clip(patch.box[3] / 15, 5.5, 13)
    return np.asarray(along / size, np.float32), np.asarray(down / size, np.float32), np.asarray(1 / size, np.float32)


def _metal(patch: Patch) -> Bool:
    place = patch.script.conditions.place
    share = 0.2 if place is None else _METAL_SHARE.get(place, 0.12)
    return np.asarray((patch.scene.forms.chance[:, 1] < share)[patch.ids])


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Planes of roofs: the steeper the light, the more the tops take; ridge, eave, snow."""
    forms = patch.scene.forms
    rake = patch.of_region(forms.rake)
    facing = np.cos(rake) * np.clip(np.abs(np.cos(rake)) * 3 - 0.5, 0, 1)
    high = np.sin(np.deg2rad(max(patch.light.elevation, 12)))
    light = np.clip(0.40 + 0.48 * high + 0.62 * patch.light.towards[0] * facing, 0.06, 1.1)
    v = patch.box[1]
    light = light * (1.04 - 0.14 * v) * (1 + 0.06 * patch.noise(90, 421, octaves=2))
    albedo = kin_colour(patch, Material.ROOF) * (1 + 0.10 * patch.noise(46, 422)[..., None])
    moss = np.clip(patch.noise(34, 423) - 0.15 + 0.25 * v, 0, 1) * 0.25
    albedo = albedo * (1 - toned(np.array([0.5, 0.25, 0.6], np.float32), moss))
    quiet = rest(patch)
    if quiet is not None:
        tone = albedo.mean(axis=-1, keepdims=True) * np.array([0.98, 1.0, 1.06], np.float32)
        albedo = albedo + (tone - albedo) * (0.75 * quiet[..., None])
        light = light * (1 - 0.55 * quiet)
    ridge, eave, lip = _edges(patch)
    found = np.clip(0.7 + 1.1 * patch.noise(50, 428, octaves=1, stretch=1.6), 0.15, 1.4)
    light = light + 0.26 * ridge * found * (light > 0.25) - 0.34 * light * eave + 0.16 * lip * found
    if patch.script.snow > 0:
        albedo, light = _under_snow(patch, np.asarray(albedo, np.float32), np.asarray(light, np.float32))
    elif patch.script.wet > 0:
        albedo = albedo * (1 - 0.25 * patch.script.wet)
    return Surface(albedo=albedo.astype(np.float32), light=light.astype(np.float32), bounce=0.1, shadowed=False)


def _edges(patch: Patch) -> tuple[Float32, Float32, Float32]:
    """Ridge, eave and the lit ends of the lowest tiles as thin bands along the fitted edges, 0–1."""
    forms = patch.scene.forms
    along = patch.x - patch.of_region(forms.x)
    ridge = patch.y - (patch.of_region(forms.top.at) + patch.of_region(forms.top.slope) * along)
    eave = patch.of_region(forms.foot.at) + patch.of_region(forms.foot.slope) * along - patch.y
    return (
        np.asarray(np.clip(1 - np.abs(ridge - 2) / 3.5, 0, 1) * patch.of_region(forms.top.good), np.float32),
        np.asarray(np.clip(1 - np.abs(eave - 1.5) / 3.0, 0, 1) * patch.of_region(forms.foot.good), np.float32),
        np.asarray(
            np.clip(1 - np.abs(eave - 6.5) / 2.2, 0, 1) * patch.of_region(forms.foot.good) * (patch.box[3] > 40),
            np.float32,
        ),
    )


def _under_snow(patch: Patch, albedo: Float32, light: Float32) -> tuple[Float32, Float32]:
    """A blanket with a thick soft lower edge; tiles show through near the eave, where it has slid."""
    v, tall = patch.box[1], patch.box[3]
    bare = 4 + 3.5 * patch.noise(30, 424, octaves=2)
    left = (1 - v) * tall - bare
    near_eave = 1 - smooth(8, 40, left)
    slid = np.clip(patch.noise(60, 425, stretch=1.5) - 0.52, 0, 1) * 3 * near_eave
    cover = patch.script.snow * smooth(-0.7, 0.7, left) * (1 - smooth(0.2, 0.6, slid))
    lip = np.exp(-np.maximum(left, 0) / 5)
    # Wind lays it in long soft swells; what turns away from the light is the sky's blue.
    swell = patch.noise(190, 426, stretch=1.7, octaves=2) + 0.35 * patch.noise(60, 427, stretch=1.6)
    hollow = np.clip(smooth(-0.05, 0.40, swell) * 0.85 + 0.22 * v, 0, 1)
    white = SNOW * (1 - toned(np.array([1.0, 0.8, 0.5], np.float32), 0.30 * lip))
    white = white * (1 - toned(np.array([0.20, 0.12, 0.02], np.float32), hollow))
    soft = np.maximum(light, 0.20) * (1 - 0.45 * lip) * (1.02 - 0.62 * hollow)
    mixed = albedo + (white - albedo) * cover[..., None]
    return mixed.astype(np.float32), np.asarray(light + (soft - light) * cover, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Strokes down the rake, dry ones along the eave."""
    forms, ids = patch.scene.forms, patch.ids
    rake, eave = patch.of_region(forms.rake), forms.eave[ids]
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=52, width=16, spacing=14, salt=2201, turn=0.08, value=0.018, hue=0.006),
        angles=rake,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.BRISTLE, length=40, width=9, spacing=15, salt=2202, turn=0.06, opacity=0.5, value=0.03),
        angles=eave,
    )  # fmt: skip


def finish(patch: Patch, base: Float32, canvas: Float32) -> None:
    """Single tiles touched in, and their rows."""
    keep_form(base, canvas)
    change = _tiles(patch)
    if patch.script.snow > 0:
        # Blue shade on snow is darker than snow in the light, and still no tile.
        low, high = (0.26, 0.40) if patch.light.night else (0.44, 0.58)
        pale = smooth(low, high, base[..., 0])
        change = change * (1 - 0.9 * pale * patch.script.snow)
    canvas[..., 0] += change * np.clip(canvas[..., 0] * 1.7, 0.25, 1)


def _tiles(patch: Patch) -> Float32:
    column, row, per_unit = _grid(patch)
    metal = _metal(patch)
    fade = np.clip((patch.unit / per_unit - 3) / 4, 0, 1)
    # Rows are told here and there; between, the roof is one mass in the light.
    found = np.clip(0.7 + 1.25 * patch.noise(64, 2213, octaves=2, stretch=1.5), 0.08, 1.35)
    lap = groove(row, per_unit, 2.0, patch.unit) * found
    catch = groove(row + 0.22, per_unit, 1.6, patch.unit) * found
    roll = np.cos((column - np.floor(column)) * 2 * np.pi) * 0.026 * fade * found
    own = course_chance(patch, np.floor(row), np.floor(column), 2211)
    # A few tiles were laid anew, or have slipped.
    near = np.clip((1 / per_unit - 7) / 4, 0, 1)
    tone = (0.022 * own + 0.045 * np.sign(own) * (np.abs(own) > 0.90) * near) * fade
    tiled = tone + roll - 0.095 * lap + 0.040 * catch
    seam = column / 2.2
    ribs = groove(seam, per_unit / 2.2, 1.5, patch.unit)
    shine = groove(seam + 0.07, per_unit / 2.2, 1.2, patch.unit)
    sheets = 0.015 * course_chance(patch, np.zeros_like(row), np.floor(seam), 2212) - 0.07 * ribs + 0.045 * shine
    return np.asarray(np.where(metal, sheets, tiled), np.float32)
