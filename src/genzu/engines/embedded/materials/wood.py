"""Wood: bars and poles that are round to the light, doors of boards, hulls that curve away below."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import distance_to, top_of_column
from genzu.engines.embedded.materials.built import (
    course_chance,
    groove,
    keep_form,
    kin_colour,
    plane_light,
    round_light,
    smooth,
    snow_cap,
)
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, toned
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_ROOM, _HALL = np.array([0.030, 0.030, 0.034], np.float32), hex_to_linear("#ffc27a")
_GLAZED = 0.5
"""Share of doors with glass in them."""
_GLAZED_PLACES = (Place.SHOPPING_STREET, Place.CITY, Place.ALLEY, Place.PORT_TOWN, None)


def _bars(patch: Patch) -> Float32:
    """1 where a region is long and thin, 0 where it is a face of boards."""
    forms = patch.scene.forms
    return np.asarray(smooth(2.9, 3.9, forms.long / np.maximum(forms.thick, 0.5))[patch.ids], np.float32)


def _hulls(patch: Patch) -> Float32:
    """1 for wide low regions at the waterside."""
    forms = patch.scene.forms
    wet = (Place.PORT_TOWN, Place.SEA, Place.BEACH, Place.RIVER, Place.LAKE)
    if patch.script.conditions.place not in wet:
        return np.zeros(patch.shape, np.float32)
    wide = (np.abs(forms.angle) < 0.5) & (forms.long > 1.6 * forms.thick) & (forms.long < 6 * forms.thick)
    return wide.astype(np.float32)[patch.ids]


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Light by form: bars are round, faces are planes, hulls turn under."""
    forms, ids = patch.scene.forms, patch.ids
    bars, hull = _bars(patch), _hulls(patch)
    _, v, _, tall = patch.box
    face = plane_light(patch, patch.of_region(forms.facing)) * (1 - 0.9 * patch.wall_shadow) * (0.86 + 0.1 * v)
    curve = np.clip(0.85 - 0.75 * v, 0.08, 1)
    light = face + (round_light(patch) * (1 - 0.55 * patch.wall_shadow) - face) * bars
    light = light + (curve - light) * hull
    albedo = kin_colour(patch, Material.WOOD)
    albedo = albedo * (1 + 0.12 * patch.noise(30, 461)[..., None]) * (1 + 0.18 * (forms.chance[ids][..., 1:2] - 0.5))
    if patch.script.conditions.place in (Place.STATION, Place.RAILWAY):
        albedo = _tarred(patch, np.asarray(albedo, np.float32))
    if patch.script.conditions.place is Place.SHRINE:
        albedo = _lacquer(patch, np.asarray(albedo, np.float32))
    foot = np.exp(-(1 - v) * tall / 10)
    albedo = albedo * (1 - 0.25 * foot * (1 - hull))[..., None]
    pane, lamp = _pane(patch)
    emission = None
    if pane is not None:
        albedo = albedo + (_ROOM - albedo) * pane[..., None]
        light = light * (1 - 0.7 * pane)
        emission = _behind(patch, pane, lamp)
    albedo, light = snow_cap(patch, np.asarray(albedo, np.float32), np.asarray(light, np.float32), 6)
    return Surface(
        albedo=albedo, light=light, openness=np.asarray(0.86 - 0.2 * hull * v, np.float32),
        bounce=np.asarray(0.35 + 0.3 * v, np.float32), shadowed=False, emission=emission,
    )  # fmt: skip


def _pane(patch: Patch) -> tuple[Float32 | None, Float32]:
    """0–1 where a door is glazed, in its upper part or by a strip over the leaf, and how brightly a lamp burns behind.

    The first is ``None`` (and the second empty) if no door here is; most are of boards from top to foot.
    """
    forms, script = patch.scene.forms, patch.script
    upright = (np.abs(forms.angle) > 1.0) & (forms.long > 1.35 * forms.thick) & (forms.long < 3.9 * forms.thick)
    door = upright & (forms.thick > 15) & (forms.long < 330)
    # A door's own chance: that of its house would be alike for the windows above it.
    place = (forms.x * 3).astype(np.int64), (forms.y * 3).astype(np.int64)
    chance = [hash_unit(*place, mix_seed(script.seed, 463, k)) for k in range(3)]
    glazed = door & (chance[0] < _GLAZED) & (script.conditions.place in _GLAZED_PLACES)
    here = glazed[patch.ids] if glazed.any() else glazed
    if not here.any():
        return None, np.zeros(0, np.float32)
    lamp = np.where(chance[1] < script.lamps_on * 0.9, 0.55 + 0.6 * chance[2], 0).astype(np.float32)[patch.ids]
    u, v, wide, tall = patch.box
    over = (chance[2] < 0.4)[patch.ids]
    top, low = np.where(over, 0.05, 0.12), np.where(over, 0.17, 0.46)
    side = np.where(over, 0.12, 0.22)
    inside = np.minimum(np.minimum(u - side, 1 - side - u) * wide, np.minimum(v - top, low - v) * tall)
    bar = smooth(0.5, 1.1, np.abs(u - 0.5) * wide - np.where(over, 0, 0.6))
    return np.asarray(here * smooth(-0.6, 0.6, inside) * bar, np.float32), lamp


def _behind(patch: Patch, pane: Float32, lamp: Float32) -> Float32:
    """(h, w, 3) light through a door's glass: the lamp in the hall, or the sky that is mirrored in it."""
    v = patch.box[1]
    warm = toned(_HALL, lamp * (1.25 - 0.9 * v))
    # By day it mirrors the sky, and farther down the dark of the house opposite.
    sky = toned(patch.script.middle, np.clip(0.26 - 0.5 * v, 0.05, 1) * (lamp <= 0))
    return np.asarray((warm + sky) * pane[..., None], np.float32)


def _tarred(patch: Patch, albedo: Float32) -> Float32:
    """Sleepers, among the rails: grey of tar, dust and weather, and in the distance one tone with their bed."""
    gap = distance_to(patch, Material.METAL)
    lying = smooth(0.6, 0.9, patch.box[2] / patch.box[3])
    share = (smooth(120, 60, gap) * lying * smooth(-20, 40, patch.y - patch.horizon))[..., None]
    tar = patch.script.toned(hex_to_linear("#6f675f"))
    return np.asarray(albedo + (tar - albedo) * 0.85 * share, np.float32)


def _lacquer(patch: Patch, albedo: Float32) -> Float32:
    """Shrine gates: black feet of the pillars, black cap on the top beam."""
    forms = patch.scene.forms
    upright = (np.abs(forms.angle) > 1.2) & (forms.long > 5 * forms.thick) & (forms.long > 120)
    beam = (np.abs(forms.angle) < 0.3) & (forms.long > 5 * forms.thick)
    level = np.min(np.where(beam & (patch.scene.regions.material == Material.WOOD), forms.y, 1e6), initial=1e6)
    highest = beam & (forms.y < level + 40)
    _, v, _, tall = patch.box
    feet = upright[patch.ids] * smooth(-0.8, 0.8, 26 - (1 - v) * tall)
    cap = highest[patch.ids] * smooth(0.8, -0.8, patch.y - top_of_column(patch, Material.WOOD) - 12)
    black = np.clip(np.maximum(feet, cap), 0, 1)[..., None]
    return np.asarray(albedo + (np.array([0.022, 0.021, 0.024], np.float32) - albedo) * black, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Strokes along the grain, a dry brush for the fibres."""
    forms = patch.scene.forms
    bars = _bars(patch)
    grain = np.where(bars > 0.5, patch.of_region(forms.angle), np.pi / 2 * (1 - _hulls(patch))).astype(np.float32)
    small = np.clip(patch.of_region(forms.thick) / 40, 0.25, 1.1).astype(np.float32)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=60, width=14, spacing=11, salt=2501, turn=0.05, value=0.014, hue=0.006),
        angles=grain, sizes=small,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.BRISTLE, length=70, width=9, spacing=12, salt=2502, turn=0.04, opacity=0.5, value=0.03),
        angles=grain, sizes=small,
    )  # fmt: skip


def finish(patch: Patch, base: Float32, canvas: Float32) -> None:
    """Joints between boards; none on a door's glass."""
    keep_form(base, canvas)
    boards, (pane, _) = _boards(patch, _bars(patch)), _pane(patch)
    if pane is not None:
        boards = boards * (1 - pane)
        canvas += (base - canvas) * pane[..., None]
    canvas[..., 0] += boards * np.clip(canvas[..., 0] * 1.7, 0.3, 1)


def _boards(patch: Patch, bars: Float32) -> Float32:
    """Change of lightness: board joints on faces, fibres along bars."""
    u, v, wide, tall = patch.box
    hull = _hulls(patch)
    number = np.clip(np.rint(wide / 12), 2, 7)
    upright = u * number
    strakes = v * np.clip(np.rint(tall / 12), 2, 6)
    joint = groove(upright, number / wide, 1.3, patch.unit) * (1 - hull)
    joint = joint + groove(strakes, np.clip(np.rint(tall / 12), 2, 6) / tall, 1.3, patch.unit) * hull
    tone = 0.02 * course_chance(patch, np.zeros(patch.shape), np.floor(upright), 2511) * (1 - hull)
    return np.asarray((tone - 0.07 * joint) * (1 - bars), np.float32)
