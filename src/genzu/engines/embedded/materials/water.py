"""Water: the world turned over in it, deeper colour at the feet, ripples in perspective, glints, foam at the shore."""

from __future__ import annotations

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Place, Season, Weather
from genzu.engines.embedded import arches, bridge, reflection
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import distance_to, top_of_column
from genzu.engines.embedded.ground import Ground, ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.materials.sky import horizon_of_sky, sun_x
from genzu.engines.embedded.noise import hash_unit, mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over, eighths
from genzu.engines.embedded.surface import Surface, toned
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, oklab_from_linear

_ROUGH_WATER = {Weather.STORM: 2.2, Weather.RAIN: 1.3, Weather.SNOW: 0.8, Weather.FOG: 0.5}


def shade(patch: Patch, _mask: Bool) -> Surface:
    """All of water's light is mirrored or comes from within; nothing is shaded twice."""
    script, plane = patch.script, ground(patch)
    paddy = script.conditions.place is Place.RICE_FIELD
    swell = _swell(plane) * np.float32(_ROUGH_WATER.get(script.conditions.weather, 0.35 if paddy else 1.0))
    mirror = _mirrored(patch, swell)
    body = _body(patch, plane)
    # Fresnel's law in a painter's short form: the flatter one looks, the more the water mirrors.
    share = (0.80 if paddy else 0.66) - (0.20 if paddy else 0.34) * plane.near + 0.22 * swell
    if _sea(patch):
        # Over sand one looks into the water, and not at what it mirrors.
        clear = 0.26 * np.exp(-np.maximum(distance_to(patch, Material.SOIL), 0) / 50)
        share = share - 0.22 * min(patch.light.elevation / 40, 1.0) - clear
    light = body + (mirror - body) * np.clip(share, 0.05, 0.95)[..., None]
    light = light * (1 + 0.20 * swell)[..., None]
    light = light + toned(script.sun_glow * 0.6 + script.horizon * 0.4, _glints(patch, plane))
    light = light * (1 - _under_the_bank(patch))[..., None]
    light = arches.toned(patch, light)
    light = light + (patch.script.foam - light) * _foam(patch, plane)[..., None]
    if _sea(patch):
        # Where the sea ends the air has taken half of it: no hard edge of a cut sheet.
        under = np.maximum(patch.y - top_of_column(patch, Material.WATER), 0)
        veil = 0.42 * np.exp(-under / 5) * smoothstep(0.05, 0.0, plane.near)
        light = light + (script.horizon - light) * veil[..., None]
    if paddy:
        light = _rice_rows(patch, light, plane)
    light = bridge.walled(patch, light)
    return Surface(
        albedo=np.zeros(3, np.float32), emission=light.astype(np.float32), haze=0.35, shadowed=False, openness=1.0
    )


def _sea(patch: Patch) -> bool:
    return patch.script.conditions.place in (Place.SEA, Place.BEACH, Place.PORT_TOWN, Place.CLIFF)


def _swell(plane: Ground) -> Float32:
    """−1…1: ripples, long and thin far away, broad near."""
    broad = plane.noise(900, 60, 1031) * 0.5
    ripples = plane.noise(300, 17, 1032, octaves=2) * 0.6
    return np.asarray((broad + ripples) * (0.35 + 0.65 * plane.near**0.5), np.float32)


def _mirrored(patch: Patch, swell: Float32) -> Float32:
    """(h, w, 3) what the surface shows at each place, shaken by the ripples."""
    near = ground(patch).near
    shake = swell * (3 + 22 * near) * patch.unit
    # Ripples break an upright edge into level tongues, however calm the water is.
    tongues = patch.noise(3.2, 1046, octaves=1, stretch=11.0)
    x = np.asarray(patch.x * patch.unit + 0.6 * shake + tongues * (5 + 14 * near) * patch.unit, np.float32)
    image = reflection.mirrored_at(patch, x, np.asarray(patch.y * patch.unit + shake, np.float32))
    return _sky_only(patch) if image is None else image


def _sky_only(patch: Patch) -> Float32:
    script = patch.script
    height = np.clip((patch.y - top_of_column(patch, Material.WATER)) / horizon_of_sky(patch), 0, 1)[..., None]
    sky = script.horizon + (script.middle - script.horizon) * smoothstep(0, 0.5, height)
    return np.asarray(sky + (script.zenith - sky) * smoothstep(0.4, 1.0, height), np.float32)


def _body(patch: Patch, plane: Ground) -> Float32:
    """Light out of the water itself: deep, and over sand in the shallows turquoise."""
    script, light = patch.script, patch.light
    energy = light.ambient * 0.9 + light.key * 0.55
    deep = script.local(Material.WATER)
    if _sea(patch):
        deep = deep * np.array([0.72, 1.02, 1.30], np.float32)
    colour = toned(deep, (0.80 - 0.22 * plane.near) * np.ones(patch.shape, np.float32))
    if _sea(patch):
        gap = distance_to(patch, Material.SOIL) + 26 * plane.noise(700, 60, 1033)
        shallow = np.exp(-np.maximum(gap, 0) / 95)[..., None]
        colour = colour + (hex_to_linear("#74cdc4") - colour) * shallow * 0.85
        colour = colour + (hex_to_linear("#d8c79c") - colour) * np.exp(-np.maximum(gap, 0) / 16)[..., None] * 0.5
    return np.asarray(colour * energy, np.float32)


def _glints(patch: Patch, plane: Ground) -> Float32:
    """0–1: broken light in the sun's (or moon's) column."""
    if patch.light.sharpness < 0.2:
        return np.zeros(patch.shape, np.float32)
    low = 1 - min(patch.light.elevation, 60) / 75
    away = (patch.x - sun_x(patch)) / (patch.width_units * (0.20 + 0.16 * plane.near))
    column = np.exp(-away * away)
    broken = smoothstep(0.38, 0.62, plane.noise(130, 9, 1034) + 0.35 * plane.noise(420, 34, 1035))
    haze = 0.16 * np.clip(1 - plane.near * 2, 0, 1)
    strength = (0.30 + 0.55 * low) * (0.45 if patch.light.night else 1.0)
    return np.asarray((broken + haze) * column * strength, np.float32)


def _foam(patch: Patch, plane: Ground) -> Float32:
    """(h, w) 0–1: surf along a sandy shore, one line that breaks, one that draws back; a thin rim on still water."""
    gap = distance_to(patch, Material.SOIL)
    lace = plane.noise(60, 22, 1037, octaves=2)
    if _sea(patch):
        size = 0.5 + 1.4 * plane.near
        wave = gap / size + 7 * plane.noise(460, 200, 1036) + 6 * lace
        first = smoothstep(11, 7, np.abs(wave - 5)) * (0.75 + 0.4 * lace)
        second = smoothstep(4.5, 1.5, np.abs(wave - 34)) * smoothstep(-0.25, 0.3, plane.noise(300, 120, 1038))
        third = smoothstep(3.0, 1.0, np.abs(wave - 66)) * smoothstep(0.0, 0.5, plane.noise(360, 150, 1039))
        return np.asarray(np.clip(np.maximum(first, np.maximum(0.75 * second, 0.5 * third)), 0, 1), np.float32)
    edge = np.minimum(np.minimum(gap, distance_to(patch, Material.ROCK)), patch.inner)
    share = 0.38 * smoothstep(5, 1.5, np.abs(edge - 3 + 3 * lace)) * smoothstep(-0.1, 0.35, lace)
    return np.asarray(share * smoothstep(0.02, 0.16, plane.near), np.float32)  # far away it is thinner than a brush


def _under_the_bank(patch: Patch) -> Float32:
    """(h, w) 0–0.4: still water is dark along a grown bank, which hangs over it."""
    if _sea(patch):
        return np.zeros(patch.shape, np.float32)
    gap = np.minimum(distance_to(patch, Material.GRASS), distance_to(patch, Material.ROCK))
    reach = 5 + 9 * ground(patch).near
    return np.asarray(0.38 * np.exp(-np.maximum(gap + 3 * patch.noise(22, 1043, stretch=2.5), 0) / reach), np.float32)


def _growing(patch: Patch) -> bool:
    return patch.script.conditions.season in (Season.SPRING, Season.SUMMER)


def _rice_rows(patch: Patch, light: Float32, plane: Ground) -> Float32:
    """A green breath over the water, denser where plants stand one behind the other; the near ones are the brush's."""
    if not _growing(patch):
        return light
    leaf = patch.script.local(Material.GRASS) * (patch.light.ambient * 0.8 + patch.light.key * 0.6)
    far = np.clip(1.25 - plane.below / 190, 0.25, 1)
    drift = 0.5 + 0.5 * plane.noise(340, 46, 1041, octaves=2) + 0.35 * plane.noise(700, 300, 1044)
    share = (far * np.clip(0.04 + 0.34 * drift, 0, 0.5))[..., None]
    return np.asarray(light + (leaf - light) * share, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Level wet strokes, thin ripples over them, a few sharp lights."""
    plane = ground(patch)
    near = plane.near * np.ones(patch.shape, np.float32)
    sizes = (0.28 + 1.0 * near).astype(np.float32)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.WASH, length=84, width=9, spacing=17, squash=0.5, salt=181, turn=0.02, value=0.008, hue=0.003,
              opacity=0.6, across=True),
        sizes=sizes,
    )  # fmt: skip
    for salt, lift, spacing in ((182, 0.030, 22), (183, -0.032, 20)):
        brush_over(
            patch, base, canvas, mask,
            Layer(tip=Tip.STREAK, length=46, width=3.0, spacing=spacing, squash=0.5, salt=salt, turn=0.03, value=0.018,
                  hue=0.004, opacity=0.55, across=True),
            sizes=sizes, lift=np.full(patch.shape, lift, np.float32),
        )  # fmt: skip
    _surf_again(patch, canvas, mask)
    # Level strokes have run over the edge of what is mirrored.
    canvas[...] = arches.toned(patch, canvas, 0.20, 0.06)
    if patch.script.conditions.place is Place.RICE_FIELD and _growing(patch):
        _plants(patch, base, canvas, mask)


def _surf_again(patch: Patch, canvas: Float32, mask: Bool) -> None:
    """Level strokes end in the middle of the surf: it is laid over them once more, along the shore."""
    if not _sea(patch):
        return
    colour = oklab_from_linear(patch.script.foam[None])[0]
    near = mask * smoothstep(_SURF, _SURF - 10, distance_to(patch, Material.SOIL))
    for piece in patch.pieces(near > 0):
        view = piece.within(patch)
        plain, share = canvas[view], np.float32(0.7) * near[view] * _foam(piece, ground(piece))
        for c in range(3):
            plain[..., c] += (colour[c] - plain[..., c]) * share


_SURF = 60.0
"""Units from the shore to which the surf is that is laid twice."""
_RANK, _ASIDE, _TUFT = 700.0, 9.0, 0.17
"""Perspective of a paddy: units below the horizon of the first rank of plants, how many stand on as many units across
as their rank lies below the horizon, and their height as a share of that."""
_LEAST = 3.2
"""Px of height from which a plant is one."""


def _plants(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Young rice in ranks, from back to front: no hand plants by a ruler, some come up poorly, each is mirrored."""
    horizon, middle = min(patch.horizon, 900.0), patch.width_units / 2
    bounds: Bounds = patch.bounds
    top, bottom = bounds.y / patch.unit, bounds.bottom / patch.unit
    first, last = _RANK / max(bottom - horizon, 14.0), _RANK / max(top - horizon, 14.0)
    farthest = min(int(last) + 2, int(1.3 * _RANK * _TUFT * patch.unit / _LEAST) + 1)
    places = np.arange(max(int(first) - 1, 1), farthest, dtype=np.int64)[::-1, None]
    if len(places) == 0:
        return
    reach = max(abs(bounds.x / patch.unit - middle), abs(bounds.right / patch.unit - middle))
    across = int(reach / _RANK * farthest * _ASIDE) + 2
    rows = np.arange(-across, across + 1, dtype=np.int64)[None, :]
    near = np.abs(rows) <= reach / _RANK * (places + 1) * _ASIDE + 2
    ranks, rows = (plane[near] for plane in np.broadcast_arrays(places, rows))
    chances = [hash_unit(rows, ranks, mix_seed(patch.script.seed, 1042 + 10 * k)) for k in range(4)]
    below = _RANK / (ranks + np.float32(0.34) * (chances[0] - 0.5))
    x = (middle + (rows + 0.55 * (chances[1] - 0.5)) / _ASIDE * below) * patch.unit
    x, y = (
        eighths(x.astype(np.float64)) - bounds.x,
        eighths((horizon + below).astype(np.float64) * patch.unit) - bounds.y,
    )
    size = below * np.float32(_TUFT * patch.unit) * (0.55 + 0.75 * chances[2])
    inside = (x >= 0) & (y >= 0) & (x < bounds.width) & (y < bounds.height) & (size > _LEAST)
    poor = 0.06 + 0.34 * (noise_at(rows / 6.0, ranks / 2.5, mix_seed(patch.script.seed, 1045)) > 0.2)
    inside &= chances[3] > poor
    inside[inside] = mask[y[inside].astype(np.int32), x[inside].astype(np.int32)]
    if not inside.any():
        return
    order = np.argsort(y[inside], kind="stable")
    px, py, size = (plane[inside][order].astype(np.float32) for plane in (x, y, size))
    chance, other = (plane[inside][order] for plane in (chances[2], chances[1]))
    colour = base[py.astype(np.int32), px.astype(np.int32)].copy()
    lush = np.array([-0.075, -0.050, 0.070], np.float32) * (0.6 + 0.7 * other[:, None])
    mirrored = colour + lush * np.array([1.2, 0.45, 0.35], np.float32)
    colour += lush
    colour[:, 0] += 0.07 * (chance - 0.5)
    for mark, way, tone, width, opacity in (
        (Tip.SOFT, 0.38, mirrored, 0.55, 0.55), (Tip.BLADES, -0.40, colour, 0.85, 0.85),
    ):  # fmt: skip
        lay(
            canvas,
            Strokes(
                x=px, y=py + size * np.float32(way), length=size, width=size * np.float32(width),
                angle=(-np.pi / 2 + 0.5 * (other - 0.5)).astype(np.float32), colour=tone.astype(np.float32),
                opacity=np.full(len(px), opacity, np.float32), tip=mark, variant=(chance * 97).astype(np.int32),
            ),
        )  # fmt: skip
