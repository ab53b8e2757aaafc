"""What the painters of built things share: planes under the light, snow on tops, marks per region."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.heavens import small_noise
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import spread_out
from genzu.engines.embedded.surface import toned
from genzu.picture.arrays import Float32
from genzu.picture.colour import hex_to_linear

SNOW = hex_to_linear("#f2f5fb")


def plane_light(patch: Patch, facing: Float32, *, front: float = 0.64) -> Float32:
    """0–1.1: how squarely an upright plane that turns left (−1) … right (1) faces the light."""
    # Even a high sun has a side: without one, walls would have no planes.
    across = float(np.copysign(max(abs(patch.light.towards[0]), 0.62), patch.light.towards[0]))
    toward = np.sqrt(np.clip(1 - facing**2, 0, 1)) * front
    return np.asarray(np.clip(toward + 1.05 * facing * across, 0.03, 1.05), np.float32)


_CROWD = 24
"""Small walls from which they are a crowd."""
_SMALL = 150.0
"""Units: houses of a crowd are lower."""


def rest(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: where a crowd of small houses lies in the shadow of a cloud, as one quiet mass; ``None`` = nowhere.

    A hill of houses is as busy as the drawing made it; light on one part of it only gives it two groups of value
    and a place for the eye to rest.
    """
    tall = kept(patch.scene, "tall houses", _tall)
    if patch.light.night or tall.size == 0:
        return None
    small = smooth(_SMALL + 20, _SMALL - 20, tall[patch.regions])
    if not small.any():
        return None
    clouds = patch.scene.sample(kept(patch.scene, "shadows of clouds", _clouds_over), patch.bounds)
    return np.asarray(small * clouds, np.float32)


def _tall(scene: Scene) -> Float32:
    """(n,) height of the body of each region in units; empty if there is no crowd of small ones."""
    table, body = scene.regions, scene.forms.body
    top, bottom = table.top.copy(), table.bottom.copy()
    np.minimum.at(top, body, table.top)
    np.maximum.at(bottom, body, table.bottom)
    tall = np.asarray((bottom - top)[body] / scene.unit, np.float32)
    walls = table.material == Material.WALL
    return tall if int((walls & (tall < _SMALL)).sum()) >= _CROWD else np.zeros(0, np.float32)


def _clouds_over(scene: Scene) -> Float32:
    """(h, w) 0–1 of the reduced size: a wide torn shadow over the lower half of the crowd, off the light."""
    rows, columns = _houses(scene)
    size = scene.small_materials.shape
    dots = np.zeros(size, np.float32)
    np.add.at(dots, (rows, columns), 1)
    near = spread_out(dots, size[0] / 14)
    near = near / max(float(near.max()), 1e-6)
    dense = near[rows, columns] > 0.4
    rows, columns = rows[dense], columns[dense]
    reach = np.float32(max(int(np.ptp(np.percentile(columns, (10, 90)))), 40))
    x, y = np.arange(size[1], dtype=np.float32)[None, :], np.arange(size[0], dtype=np.float32)[:, None]
    away = -np.float32(np.sign(scene.script.light.towards[0])) * (x - np.median(columns)) / reach
    down = 1.1 * (y - np.median(rows)) / reach
    field = away + down + 0.26 * small_noise(scene, 110, 781, octaves=2, stretch=1.7)
    sharp = min(1.0, scene.script.light.sharpness * 1.2)
    return np.asarray(smooth(-0.07, 0.07, field) * smooth(0.20, 0.45, near) * np.float32(sharp), np.float32)


def _houses(scene: Scene) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column, in the reduced picture, of the middle of each small house's walls."""
    forms, walls = scene.forms, scene.regions.material == Material.WALL
    chosen = walls & (_tall(scene) < _SMALL) & (scene.regions.area > 0)
    _bodies, first = np.unique(forms.body[chosen], return_index=True)
    k = scene.shrink * scene.unit
    rows = np.clip((forms.y[chosen][first] * k).astype(np.int64), 0, scene.small.height - 1)
    columns = np.clip((forms.x[chosen][first] * k).astype(np.int64), 0, scene.small.width - 1)
    return rows, columns


def kin_colour(patch: Patch, material: Material) -> Float32:
    """(h, w, 3) local colour: one of the material's kin for each body."""
    script = patch.script
    kin = np.stack([script.local(material, k) for k in range(script.local_count(material))])
    # A place has its own colour: one kin is common, the others are accents.
    chance = patch.scene.forms.chance[:, 0]
    main = int(script.seed * 7 + material) % len(kin)
    other = np.minimum(((chance - 0.5) * 2 * len(kin)).astype(np.int64), len(kin) - 1)
    return patch.of_region(kin[np.where(chance < 0.5, main, np.maximum(other, 0))])


def coloured(patch: Patch, codes: Sequence[str], pick: NDArray[np.int64]) -> Float32:
    """(h, w, 3) colour of ``codes[pick]`` by region id."""
    return patch.of_region(of_codes(patch, codes, pick))


def of_codes(patch: Patch, codes: Sequence[str], pick: NDArray[np.int64]) -> Float32:
    """(n, 3) colour of ``codes[pick]``."""
    return np.stack([patch.script.painted(hex_to_linear(code)) for code in codes])[pick]


def along_across(patch: Patch) -> tuple[Float32, Float32, Float32]:
    """Units along and across each region's long axis from its centre, and the half-width across."""
    forms, ids = patch.scene.forms, patch.ids
    cos, sin = np.cos(forms.angle)[ids], np.sin(forms.angle)[ids]
    dx, dy = patch.x - patch.of_region(forms.x), patch.y - patch.of_region(forms.y)
    half = np.maximum(patch.of_region(forms.thick) / 2, 0.5)
    return (
        np.asarray(dx * cos + dy * sin, np.float32),
        np.asarray(dy * cos - dx * sin, np.float32),
        np.asarray(half, np.float32),
    )


def round_light(patch: Patch) -> Float32:
    """0–1.1: light on bars, poles and trunks: a cylinder along each region's long axis."""
    _, across, half = along_across(patch)
    angle = patch.of_region(patch.scene.forms.angle)
    side = np.clip(across / half, -1, 1)
    # The outward normal across the bar, and how far it turns to the light.
    turned = (-np.sin(angle) * patch.light.towards[0] + np.cos(angle) * patch.light.towards[1]) * side
    return np.asarray(np.clip(0.52 + 0.62 * turned - 0.12 * side**2, 0.03, 1.1), np.float32)


def snow_cap(patch: Patch, albedo: Float32, light: Float32, thick: float) -> tuple[Float32, Float32]:
    """Lay snow on the upper edges: a soft cap ``thick`` units high with a shaded lower lip."""
    if patch.script.snow <= 0:
        return albedo, light
    depth = thick * patch.script.snow * (1 + 0.45 * patch.noise(26, 771, octaves=2))
    cover = np.clip((depth - patch.snow_cap) / 1.4 + 0.5, 0, 1)
    lip = np.clip(1 - np.abs(patch.snow_cap - depth * 0.8) / 3, 0, 1)
    white = toned(SNOW, 1 - 0.22 * lip)
    mixed = albedo + (white - albedo) * cover[..., None]
    return mixed.astype(np.float32), (light + (0.85 - 0.4 * lip - light) * cover).astype(np.float32)


def course_chance(patch: Patch, row: Float32, column: Float32, salt: int) -> Float32:
    """−1…1: another value for every course (or tile, plank, stone) of every region."""
    region = patch.ids * 7919
    value = hash_unit(row.astype(np.int64) + region, column.astype(np.int64), mix_seed(patch.script.seed, salt))
    return value * 2 - 1


def keep_form(base: Float32, canvas: Float32, *, value: float = 0.04, hue: float = 0.018) -> None:
    """Hold strokes to the form beneath, in place: edges of shadows and boards stay cut, brush marks stay visible.

    ``base`` and ``canvas`` are (h, w, 3) OKLab; a stroke may leave the rough by about ``value`` in lightness and
    ``hue`` in a and b, beyond that it gives way.
    """
    for channel, limit in ((0, value), (1, hue), (2, hue)):
        away = (canvas[..., channel] - base[..., channel]) / np.float32(limit)
        canvas[..., channel] = base[..., channel] + np.float32(limit) * np.tanh(away)


def stroke_sizes(patch: Patch, usual: float) -> Float32:
    """Multiplier of stroke sizes: small things get a small brush; ``usual`` = height in units of a size of 1."""
    return np.asarray(np.clip(np.minimum(*patch.box[2:]) / usual, 0.3, 1.1), np.float32)


def groove(phase: Float32, per_unit: Float32 | float, width: float, unit: float) -> Float32:
    """0–1 line at every whole number of ``phase``; ``per_unit`` = phase per unit, ``width`` in units.

    Lines closer than about three px fade out, so that far courses become a tone and never moiré.
    """
    step = np.maximum(np.abs(per_unit), 1e-5)
    gap = np.abs(phase - np.rint(phase)) / step
    crisp = np.clip((width / 2 - gap) * unit + 0.5, 0, 1)
    return np.asarray(crisp * np.clip((unit / step - 3) / 4, 0, 1), np.float32)


def smooth(low: float, high: float, value: Float32) -> Float32:
    """Smooth step from 0 at ``low`` to 1 at ``high``."""
    return smoothstep(low, high, value)
