"""Paved ground: asphalt, slabs and stairs in perspective; wet it mirrors, in winter it carries tracks."""

from __future__ import annotations

import numpy as np

from genzu.engines.embedded import reflection
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.ground import grazing
from genzu.engines.embedded.ground import ground as plane
from genzu.engines.embedded.materials.built import SNOW, coloured, course_chance, groove, keep_form, of_codes, smooth
from genzu.engines.embedded.materials.paving import Paving, Slabs, kerb_light, pavings, slabs_under
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, toned
from genzu.picture.arrays import Bool, Float32

_COLOURS = {
    Paving.ASPHALT: ("#98948f", "#a09b94", "#928f8f"),
    Paving.SLABS: ("#c9bca6", "#bfb39f", "#d2c5ad"),
    Paving.STONE: ("#a9a296", "#9d988e", "#b0a797"),
    Paving.PAINT: ("#dcd8cb",),
}


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Local colour with worn lanes and patches, then stairs, wet and snow."""
    paving, ids = pavings(patch), patch.ids
    chance = patch.scene.forms.chance[:, 0]
    colour = np.zeros((len(paving), 3), np.float32)
    for kind in np.unique(paving):
        codes = _COLOURS[Paving(kind)]
        pick = np.minimum((chance * len(codes)).astype(np.int64), len(codes) - 1)
        colour[paving == kind] = of_codes(patch, codes, pick)[paving == kind]
    albedo: Float32 = patch.of_region(colour)
    slabs = slabs_under(patch, paving)
    wear = _wear(patch)
    marked = (paving == Paving.PAINT)[ids]
    if marked.any():
        # Wheels have taken the paint off where they pass.
        off = smooth(0.05, 0.45, patch.noise(20, 459, octaves=3, stretch=1.6)) * marked
        road = coloured(patch, _COLOURS[Paving.ASPHALT][:1], np.zeros(len(paving), np.int64))
        albedo = albedo + (road - albedo) * (0.7 * off)[..., None]
    if slabs is not None:
        # No two slabs came from one block: each has its value and its hue, and far away they are one tone.
        tone, hue = _tones(patch, slabs)
        wear = wear + tone
        albedo = albedo * (1 + toned(np.array([0.5, 0.06, -0.6], np.float32), hue))
    albedo = albedo * (1 + wear)[..., None]
    light = np.full(patch.shape, 0.42 + 0.42 * np.sin(np.deg2rad(max(patch.light.elevation, 20))), np.float32)
    light = light + 0.05 * patch.noise(150, 441, stretch=2.5, octaves=2)
    dim: Float32 | float = 1.0
    if patch.light.night:
        # Trodden ground is no snow: it is darker than the walls, most at the eye's feet, and lamps own its light.
        dim = np.asarray(0.62 - 0.20 * smooth(0.35, 1.0, plane(patch).near), np.float32)
    # A low sun lies on level ground in long streaks only; between them it is the sky's.
    low = patch.light.low * patch.light.sharpness
    if low > 0:
        streaks = smooth(-0.15, 0.35, plane(patch).noise(900, 70, 453, octaves=2))
        light = light * (grazing(patch) + low * (0.62 * streaks - 0.12))
    albedo, light, seen = _stairs(patch, albedo, light)
    kerb = kerb_light(patch)
    if kerb is not None:
        light = np.asarray(light * (1 + kerb), np.float32)
    emission = None
    if patch.script.snow > 0:
        albedo, light = _under_snow(patch, albedo, light)
    elif patch.script.wet > 0.05:
        mirror = _mirror(patch)
        emission = _mirrored(patch, mirror)
        albedo = albedo * (1 - 0.45 * patch.script.wet * (0.6 + 0.4 * mirror[..., None]))
    return Surface(
        albedo=np.asarray(albedo, np.float32), light=np.asarray(light * dim, np.float32), bounce=0.0,
        openness=np.asarray((0.45 + 0.55 * dim) * seen, np.float32), emission=emission,
    )  # fmt: skip


def _wear(patch: Patch) -> Float32:
    """±: broad patches lying flat, pale worn lanes down the middle, dirt along the edges."""
    recedes = patch.scene.vanishing[2]
    across = patch.ground[0]
    broad = 0.11 * patch.noise(110, 442, stretch=4, octaves=2) + 0.04 * patch.noise(16, 443, stretch=3, octaves=1)
    ragged = 1 + 0.5 * patch.noise(24, 444, octaves=1)
    edge = 0.20 * np.exp(-patch.inner / (9 * ragged))
    total = broad - edge
    if recedes:
        asphalt = (pavings(patch) == Paving.ASPHALT)[patch.ids]
        # Wheels polish two lanes, and what drips from engines darkens the way between them.
        total += 0.10 * np.exp(-((np.abs(across) - 0.55) ** 2) / 0.05) - 0.12 * np.exp(-(across**2) / 0.03) * asphalt
    return np.asarray(total, np.float32)


_STRETCH = 0.42
"""Steps in the logarithm of the distance in each of which there is at most one mended place."""


def _mended(patch: Patch) -> Float32:
    """±: trenches that were dug and filled again, squares on the ground plane with a seam of tar around them."""
    across, away = patch.ground
    place = np.log(away[:, :1]) / np.float32(_STRETCH)
    row = np.floor(place).astype(np.int64)
    chance = [hash_unit(np.full_like(row, 17 + k), 31 * row, mix_seed(patch.script.seed, 454, k)) for k in range(5)]
    middle, wide, deep = 2.0 * chance[0] - 1.0, 0.14 + 0.34 * chance[1] ** 2, 0.08 + 0.24 * chance[2]
    ragged = 0.035 * patch.noise(26, 456, octaves=2, stretch=2.5)
    across_step = away / np.float32(300 * patch.unit)
    away_step = away / np.float32(300 * _STRETCH * patch.unit)
    aside = (wide + ragged - np.abs(across - middle)) / np.maximum(across_step, 1e-5)
    along = (deep + ragged - np.abs(place - row - 0.5)) / np.maximum(away_step, 1e-5)
    within = np.minimum(aside, along)
    # Far away they are a tone, then nothing; by night and in the wet they are hardly seen.
    calm = (1 - 0.5 * patch.light.night) * (1 - 0.5 * patch.script.wet)
    dug = (chance[3] < 0.40) * np.clip(1.6 - away / 6, 0, 1) * np.float32(calm)
    # Tar is pressed out along a part of the seam only; wheels have worn the rest into the road around it.
    seam = np.clip(1.4 * patch.unit + 0.5 - np.abs(within), 0, 1) * smooth(-0.2, 0.4, ragged / 0.035)
    soft = np.clip(within / (3.5 * patch.unit) + 0.5, 0, 1)
    return np.asarray(dug * ((0.036 * chance[4] - 0.024) * soft - 0.034 * seam), np.float32)


def _tread(patch: Patch) -> Float32:
    """0–1: the level part of a step, below its riser."""
    _, v, _, tall = patch.box
    return smooth(-0.9, 0.9, (v - 0.47) * tall + 1.2 * patch.noise(50, 445, stretch=3, octaves=2))


def _stairs(patch: Patch, albedo: Float32, light: Float32) -> tuple[Float32, Float32, Float32 | float]:
    """Between two drawn edges lie a tread (below, in the light) and the next riser (above, turned to the viewer).

    The last is the share of the sky that they see: in whatever light, a riser is darker than its tread.
    """
    step = patch.scene.forms.step[patch.ids]
    if not step.any():
        return albedo, light, 1.0
    _, v, _, tall = patch.box
    tread = _tread(patch)
    nosing = smooth(2.6, 0.6, (1 - v) * tall)
    riser = 0.27 + 0.20 * v
    # Feet have rounded the edge: it catches the light here, and there it is gone.
    trodden = np.clip(0.75 + 0.8 * patch.noise(70, 455, octaves=2, stretch=2.0), 0.1, 1.5)
    shaped = riser + (light * 1.04 - riser) * tread + 0.14 * nosing * trodden
    worn = 1 + step * (0.05 * course_chance(patch, np.zeros(patch.shape), np.zeros(patch.shape), 446))
    seen = np.where(step, (0.58 + 0.30 * v) * (1 - tread) + tread, 1).astype(np.float32)
    shaped = np.asarray(np.where(step, shaped, light), np.float32)
    return np.asarray(albedo * worn[..., None], np.float32), shaped, seen


def _mirror(patch: Patch) -> Float32:
    """0–1: how much the wet ground mirrors; puddles lie in hollows and look flat."""
    hollow = plane(patch).noise(520, 170, 447, octaves=3)
    puddle = smooth(0.10, 0.20, hollow)
    # By night the film of water is all that is seen of the ground.
    film: Float32 | float = 0.58 if patch.light.night else 0.34
    step = patch.scene.forms.step[patch.ids]
    if step.any():
        # Water runs off stairs: only treads are wet enough to mirror, and none holds a puddle.
        puddle = np.where(step, np.float32(0), puddle)
        film = np.where(step, 0.7 * film * _tread(patch), film).astype(np.float32)
    return np.asarray(patch.script.wet * (film + (0.94 - film) * puddle), np.float32)


def _mirrored(patch: Patch, mirror: Float32) -> Float32:
    """Sky and lights in the wet ground, broken sideways by ripples."""
    script = patch.script
    open_sky = np.clip(patch.openness * 1.2 - 0.25, 0.15, 1)
    sky = reflection.wet_ground(patch, mirror)
    if sky is None:
        sky = (0.62 * script.horizon + 0.18 * script.zenith) * (mirror * open_sky * (1 - 0.5 * patch.shadow))[..., None]
    if patch.light.night:
        sky = sky * 1.5
    streak = patch.scene.lights.streak
    if streak is None:
        return np.asarray(sky * 0.8, np.float32)
    broken = np.clip(0.55 + 0.8 * patch.noise(9, 448, stretch=5, octaves=2), 0, 1.3) * mirror
    return np.asarray(
        sky * 0.8 + (3.6 if patch.light.night else 2.2) * patch.scene.sample(streak, patch.bounds) * broken[..., None],
        np.float32,
    )


def _under_snow(patch: Patch, albedo: Float32, light: Float32) -> tuple[Float32, Float32]:
    """Snow with the tracks of wheels and feet; steps keep it on their treads."""
    step = patch.scene.forms.step[patch.ids]
    across, _ = patch.ground
    ragged = 0.10 * patch.noise(26, 449, octaves=2)
    track = np.exp(-((np.abs(across + ragged * 0.6) - 0.5) ** 2) / 0.018) if patch.scene.vanishing[2] else 0.0
    worn = np.clip(track * 0.75 + 0.4 * np.clip(patch.noise(60, 450, stretch=4) - 0.3, 0, 1), 0, 0.85) * ~step
    v, tall = patch.box[1], patch.box[3]
    riser = step * smooth(0.6, -0.6, (v - 0.50) * tall)
    cover = patch.script.snow * (1 - worn) * (1 - 0.75 * riser)
    white = toned(SNOW, 1 + 0.03 * patch.noise(40, 451, stretch=3))
    mixed = albedo + (white - albedo) * cover[..., None]
    bank = light + 0.12 * patch.noise(30, 452, stretch=3, octaves=2) * cover
    return mixed.astype(np.float32), np.asarray(bank, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Strokes that lie flat or run to the vanishing point."""
    vx, vy, recedes = patch.scene.vanishing
    step = patch.scene.forms.step[patch.ids]
    run = np.arctan2(patch.y - vy, patch.x - vx).astype(np.float32)
    flat = np.zeros(patch.shape, np.float32)
    angles = np.where(step, flat, run) if recedes else flat
    near = np.clip(0.25 + (patch.y - vy) / 420, 0.25, 1.5) * np.ones(patch.shape, np.float32)
    near = np.where(step, 0.55, near)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=84, width=22, spacing=20, squash=0.8, salt=2401, turn=0.10, value=0.009, hue=0.004,
              opacity=0.7),
        angles=flat, sizes=near,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(
            tip=Tip.BRISTLE, length=72, width=12, spacing=28, salt=2402, turn=0.08, opacity=0.4, value=0.015, hue=0.005,
        ),
        angles=angles, sizes=near,
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SPATTER, length=30, width=14, spacing=46, salt=2403, opacity=0.4, value=0.045),
        angles=flat, sizes=near,
    )  # fmt: skip


def finish(patch: Patch, base: Float32, canvas: Float32) -> None:
    """Joints and mended places on the ground plane; a stroke does not carry a shadow over its edge."""
    keep_form(base, canvas, value=0.016, hue=0.008)
    canvas[..., 0] += _joints(patch) * np.clip(canvas[..., 0] * 1.5, 0.3, 1)


def _tones(patch: Patch, slabs: Slabs) -> tuple[Float32, Float32]:
    """± change of value and of warmth by the slab; a stain does not stop at a joint."""
    row, column = np.floor(slabs.row), np.floor(slabs.column)
    value, warm = (course_chance(patch, row, column, salt) for salt in (2412, 2413))
    # Most are alike, a few were changed or have sunk.
    own = 0.13 * value + 0.20 * np.sign(value) * smooth(0.68, 0.86, np.abs(value))
    stain = smooth(0.12, 0.42, patch.noise(85, 2414, octaves=3, stretch=2.6))
    calm = 1 - 0.6 * patch.script.snow
    tone = (own * slabs.laid - 0.13 * stain * (slabs.laid > 0)) * calm
    return np.asarray(tone, np.float32), np.asarray(0.15 * warm * slabs.laid * calm, np.float32)


def _joints(patch: Patch) -> Float32:
    """Change of lightness by joints between slabs or stones and by mended places in asphalt."""
    paving, ids = pavings(patch), patch.ids
    kind, step = paving[ids], patch.scene.forms.step[ids]
    # A joint is filled with dust here and open there: in full light it is lost for a while.
    found = np.clip(0.85 + 1.2 * patch.noise(60, 2415, octaves=2, stretch=2.0), 0.1, 1.4)
    change: Float32 = np.zeros(patch.shape, np.float32)
    slabs = slabs_under(patch, paving)
    if slabs is not None:
        beds = groove(slabs.row, slabs.row_step, 1.6, patch.unit)
        sides = groove(slabs.column, slabs.column_step, 1.6, patch.unit)
        # The edge behind a joint is rounded and takes the light.
        behind = groove(slabs.row + 2.2 * slabs.row_step, slabs.row_step, 1.8, patch.unit)
        worn = (slabs.laid > 0) * (0.026 * behind - 0.07 * np.maximum(beds, sides)) * found
        change = np.asarray(worn, np.float32)
    if step.any():
        slab = groove(patch.box[0] * 6 + 0.5 * np.mod(ids, 2), 6 / patch.box[2], 1.3, patch.unit)
        change = change - 0.038 * slab * step * found
    asphalt = kind == Paving.ASPHALT
    if patch.scene.vanishing[2] and asphalt.any():
        change = change + asphalt * _mended(patch)
    return np.asarray(change * (1 - 0.85 * patch.script.snow), np.float32)
