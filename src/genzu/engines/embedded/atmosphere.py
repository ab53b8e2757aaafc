"""What the light does in the air before everything: rims, sunlit haze, rain, falling snow, fog; and stars, moon.

The rough gets all of it. The painting is made from the rough, so it gets only what a brush would have smeared: the
sharp points and lines are set again, in the same places.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra, Time, Weather
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import air_of_tree, kept
from genzu.engines.embedded.heavens import sun_nearness
from genzu.engines.embedded.lumps import shifted, smoothstep
from genzu.engines.embedded.materials import foliage
from genzu.engines.embedded.materials.sky import horizon_of_sky, sun_x
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import STANDING, Scene
from genzu.engines.embedded.soft import one_of
from genzu.engines.embedded.sparks import burst_at_all, lit_up
from genzu.engines.embedded.strokes import Points, scatter
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import linear_from_oklab, oklab_from_linear

_FLAKE = 20.0
"""Units that a near flake reaches from its middle at most, and a little more."""


def over(patch: Patch, light: Float32) -> Float32:
    """The rough's (h, w, 3) linear light with the air in front of it."""
    light = _sunlit(patch, _rims(patch, light))
    light = _fog(patch, light)
    if not _has_marks(patch):
        return light
    canvas = oklab_from_linear(light)
    _marks(patch, canvas)
    return linear_from_oklab(canvas)


def fresh(patch: Patch, canvas: Float32) -> Float32:
    """The painting's (h, w, 3) OKLab with points and streaks set once more."""
    if _has_marks(patch):
        canvas = np.ascontiguousarray(canvas, np.float32)
        _marks(patch, canvas)
    return canvas


def reach(scene: Scene) -> float:
    """Units around a tile that the air needs to be right: a streak of rain is as light as what is behind its middle."""
    weather = scene.script.conditions.weather
    if weather is Weather.SNOW:
        return _FLAKE
    return 112.0 if weather in (Weather.RAIN, Weather.STORM) else 0.0


def _has_marks(patch: Patch) -> bool:
    return (
        patch.script.conditions.weather in (Weather.RAIN, Weather.STORM, Weather.SNOW)
        or _starry(patch)
        or burst_at_all(patch.scene)
    )


def _starry(patch: Patch) -> bool:
    conditions = patch.script.conditions
    return conditions.time is Time.NIGHT and conditions.weather in (Weather.CLEAR, Weather.FAIR, Weather.AFTER_RAIN)


def _marks(patch: Patch, canvas: Float32) -> None:
    weather = patch.script.conditions.weather
    if _starry(patch):
        _stars(patch, canvas)
        _moon(patch, canvas)
    if burst_at_all(patch.scene):
        lit_up(patch, canvas)
    if weather in (Weather.RAIN, Weather.STORM):
        _rain(patch, canvas, 1.7 if weather is Weather.STORM else 1.0)
    if weather is Weather.SNOW:
        _snowfall(patch, canvas)


def _whole(patch: Patch) -> Bool:
    return np.ones(patch.shape, bool)


def _set(
    patch: Patch, canvas: Float32, points: Points, tip: Tip, size: tuple[Float32, Float32], angle: float,
    colour: Float32, opacity: Float32,
) -> None:  # fmt: skip
    count = len(points)
    if count == 0:
        return
    lay(
        canvas,
        Strokes(
            x=points.x, y=points.y, length=size[0] * patch.unit, width=size[1] * patch.unit,
            angle=np.full(count, angle, np.float32), colour=np.broadcast_to(colour, (count, 3)), opacity=opacity,
            tip=tip, variant=(points.chance[:, 1] * 4).astype(np.int32),
        ),
    )  # fmt: skip


def _stars(patch: Patch, canvas: Float32) -> None:
    """Few bright, many faint, fewer towards the horizon's air."""
    sky = patch.mask(Material.SKY)
    end = horizon_of_sky(patch)
    dense = Extra.STARS in patch.script.conditions.extras
    for spacing, salt, size, strength in ((19, 1101, 1.5, 0.34), (46, 1102, 2.3, 0.6), (190, 1103, 3.6, 0.95)):
        points = scatter(patch, sky, spacing * (0.7 if dense else 1.0), salt)
        keep = points.chance[:, 0] < 0.85 - 0.75 * np.clip((points.y + patch.bounds.y) / patch.unit / end, 0, 1)
        points = points.where(keep)
        n = np.ones(len(points), np.float32)
        extent = n * size * (0.7 + 0.6 * points.chance[:, 2])
        colour = oklab_from_linear(np.array([0.78, 0.84, 1.0], np.float32))
        opacity = strength * (0.4 + 0.6 * points.chance[:, 3])
        _set(patch, canvas, points, Tip.SOFT, (extent * 1.6, extent * 1.6), 0, colour, opacity.astype(np.float32))


def _moon(patch: Patch, canvas: Float32) -> None:
    """A disc with its halo on the light's side, if the prompt asks for a moon."""
    if Extra.MOON not in patch.script.conditions.extras:
        return
    x, y, radius = sun_x(patch), 0.24 * horizon_of_sky(patch), 30.0
    away = np.hypot(patch.x - x, patch.y - y)
    open_sky = patch.mask(Material.SKY).astype(np.float32)
    halo = np.exp(-((away / (radius * 3.4)) ** 2)) * 0.30 * open_sky
    disc = np.clip((radius - away) * patch.unit + 0.5, 0, 1) * open_sky
    maria = 0.94 + 0.06 * patch.noise(17, 1104, octaves=2)
    moon = oklab_from_linear(np.array([0.93, 0.90, 0.78], np.float32))
    canvas += (moon - canvas) * halo[..., None]
    canvas += (moon * maria[..., None] - canvas) * disc[..., None]


def _rain(patch: Patch, canvas: Float32, strength: float) -> None:
    """Streaks at two distances, a little lighter than what is behind them."""
    lean = -0.16 * float(np.sign(patch.light.towards[0])) * strength
    angle = np.pi / 2 + lean
    for spacing, salt, length, width, opacity in ((30, 1111, 26, 1.3, 0.16), (62, 1112, 62, 1.9, 0.20)):
        points = scatter(patch, _whole(patch), spacing / strength**0.5, salt)
        rows, columns = points.index
        n = np.ones(len(points), np.float32)
        colour = canvas[rows, columns].copy()
        colour[:, 0] = np.clip(colour[:, 0] + 0.16, 0, 0.93)
        size = (n * length * (0.6 + 0.8 * points.chance[:, 2])).astype(np.float32), n * width
        _set(patch, canvas, points, Tip.STREAK, size, angle, colour, (n * opacity * strength).astype(np.float32))


def _snowfall(patch: Patch, canvas: Float32) -> None:
    """Flakes at three distances; the near ones are large, soft and few."""
    night = 0.72 if patch.light.night else 1.0
    colour = oklab_from_linear(np.array([0.93, 0.95, 1.0], np.float32) * np.float32(night))
    for spacing, salt, size, opacity in ((22, 1121, 2.8, 0.55), (50, 1122, 5.2, 0.7), (170, 1123, 13.0, 0.5)):
        points = scatter(patch, _whole(patch), spacing, salt)
        points = points.where(points.chance[:, 0] < 0.6)
        extent = (size * (0.6 + 0.8 * points.chance[:, 2])).astype(np.float32)
        strength = np.full(len(points), opacity, np.float32)
        _set(patch, canvas, points, Tip.SOFT, (extent * 1.4, extent * 1.2), 1.2, colour, strength)


def _rims(patch: Patch, light: Float32) -> Float32:
    """Where a thing's edge turns to the light and only what is far lies behind it, the light wraps round the edge."""
    script = patch.script
    strength = script.light.sharpness * (0.22 + 0.95 * script.light.low + (0.45 if script.light.night else 0))
    if strength < 0.05:
        return light
    rim = patch.scene.sample(kept(patch.scene, "rim", _rim), patch.bounds) * np.float32(strength)
    rim *= rim > 0.01
    _not_on_air(patch, rim)
    key = script.light.key
    tint = 0.25 + 0.75 * (key / np.float32(max(float(key.max()), 1e-3)))
    lit = np.empty((3, *patch.shape), np.float32)
    for c, plane in enumerate(lit):
        plane[...] = light[..., c] * (1 + rim * tint[c]) + rim * key[c] * np.float32(0.07)
    return lit.transpose(1, 2, 0)


def _not_on_air(patch: Patch, share: Float32) -> None:
    """Take from ``share`` (h, w), in place, what would light the sky that is seen where leaves are torn.

    A crown's rim and haze there would be a ghost of the outline that the leaves have left.
    """
    for piece in patch.pieces((share > 0) & (patch.inner < foliage.TORN)):
        air = foliage.air_shown(piece)
        if air is not None:
            share[piece.within(patch)] *= 1 - air


def _rim(scene: Scene) -> Float32:
    """(h, w) 0–1 of the reduced size: how much farther away the next thing towards the light is."""
    depth, towards = scene.small_depth, scene.script.light.towards
    stands = one_of(scene.small_materials, STANDING).astype(np.float32)
    total = np.zeros_like(depth)
    unit = scene.shrink * scene.unit
    for reach in (3.0, 7.0):
        dx, dy = round(towards[0] * reach * unit), round(towards[1] * reach * unit)
        if (dx, dy) == (0, 0):
            dx = int(np.sign(towards[0]))
        total += smoothstep(0.06, 0.30, shifted(depth, -dx, -dy) - depth)
    return np.asarray(0.5 * total * stands * (1 - 0.6 * depth), np.float32)


def _sunlit(patch: Patch, light: Float32) -> Float32:
    """A low sun lights the air itself: what is far and near the sun drowns in its colour."""
    low = patch.light.low * min(1.0, patch.light.sharpness * 1.2)
    if low < 0.05:
        return light
    near = patch.scene.sample(sun_nearness(patch.scene), patch.bounds)
    depth = patch.depth * np.sqrt(air_of_tree(patch))  # all of a tree stands in the air of its foot
    share = np.float32(0.52 * low) * near * smoothstep(0.06, 0.8, depth)
    share *= (near > 0.02) & (patch.depth > 0.06) & (patch.depth < 0.985)
    _not_on_air(patch, share)
    air = 0.45 * patch.script.horizon + 0.55 * patch.script.sun_glow
    lit = np.empty((3, *patch.shape), np.float32)
    for c, plane in enumerate(lit):
        plane[...] = light[..., c] + (air[c] - light[..., c]) * share
    return lit.transpose(1, 2, 0)


def _fog(patch: Patch, light: Float32) -> Float32:
    """Banks that lie low: thicker with distance, drifting in level sheets."""
    if patch.script.conditions.weather is not Weather.FOG:
        return light
    sheets = patch.noise(90, 1131, octaves=3, stretch=5.0)
    low = smoothstep(-0.5, 0.15, (patch.y - patch.horizon) / 1080) * (
        1 - 0.8 * smoothstep(0.0, 0.6, (patch.y - patch.horizon) / 1080)
    )
    depth = patch.depth * np.sqrt(air_of_tree(patch))  # a bank before a near trunk would cut it through
    share = np.clip((0.10 + 0.55 * low) * (0.75 + 0.5 * sheets) * smoothstep(0.05, 0.6, depth), 0, 0.85)
    return np.asarray(light + (patch.script.haze - light) * share[..., None], np.float32)
