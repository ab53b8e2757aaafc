"""Sky: a gradient with the sun's place in it, a cloud deck or a breath of cirrus; broad wet brush passes.

All of it is soft, so it is computed once per picture at the reduced size; free cumulus are in ``cumulus.py``.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Time, Weather
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.ground import Ground
from genzu.engines.embedded.heavens import (
    VEILED,
    drawn_clouds,
    end_of_sky,
    places,
    side_ends,
    small_noise,
    sun,
    sun_nearness,
)
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.materials import cumulus
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import running
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, toned
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import linear_from_oklab, oklab_from_linear

_WISPS = 26.0
"""Units below a cloud's foot to which its wisps reach."""


def shade(patch: Patch, _mask: Bool) -> Surface:
    """The sky gives its own light; nothing falls on it."""
    light = sky_light(patch)
    if cumulus.has_cumulus(patch.scene):
        light = cumulus.over(patch, light)
    return Surface(albedo=np.zeros(3, np.float32), emission=light, haze=0, shadowed=False)


def sky_light(patch: Patch) -> Float32:
    """(h, w, 3) linear light of the open sky at any place of the patch."""
    return patch.scene.sample(kept(patch.scene, "sky", sky_of), patch.bounds)


def sun_x(patch: Patch) -> float:
    """Where the sun stands across the picture, in units."""
    return sun(patch.scene)[0]


def horizon_of_sky(patch: Patch) -> float:
    """Row (units) that the sky's gradient ends at: between the lowest sky that is seen and the horizon."""
    return end_of_sky(patch.scene)


def sky_of(scene: Scene) -> Float32:
    """(h, w, 3) linear. Mixed in OKLab: blue into white or gold in linear light would turn grey on the way."""
    script, end = scene.script, end_of_sky(scene)
    x, y = places(scene)
    # Passes of a wide brush: the gradient's bands wander a little.
    height = np.clip((y + 16 * small_noise(scene, 170, 901, stretch=4.0)) / end, 0, 1)
    names = script.zenith, script.middle, script.horizon, script.away, script.sun_glow, script.cloud_lit
    zenith, middle, horizon, away, glow, cloud = oklab_from_linear(np.stack(names).astype(np.float32))
    side = smoothstep(-0.15, 1.0, np.abs(x - sun(scene)[0]) / (scene.extent.width / scene.unit))
    level = horizon + toned(away - horizon, side)
    sky = zenith + toned(middle - zenith, smoothstep(0.0, 0.70, height))
    deck = _DECKS.get(script.conditions.weather, 0.0)
    torn = 1 - _SLITS.get(script.conditions.weather, 0.0)  # under a torn deck the horizon shows in the slit only
    sky = sky + (level - sky) * (torn * smoothstep(0.32, 1.0, height))[..., None]
    sky = _lit_by_sun(scene, sky, horizon, glow)
    if deck > 0:
        rolls = _deck(scene, x, y, end)
        sky = sky * (1 + toned(np.array([1, 0.6, 0.6], np.float32), 0.055 * deck * rolls))
        sky = sky + (level - sky) * (_slit(scene, y, end) * (0.75 + 0.25 * rolls))[..., None]
    elif (
        script.conditions.time is not Time.NIGHT
        and script.conditions.weather is Weather.CLEAR
        and not drawn_clouds(scene)
    ):
        sky = sky + (cloud - sky) * _cirrus(scene, y, end)[..., None]
    light = np.maximum(linear_from_oklab(np.asarray(sky, np.float32)), 0)
    # It is looked up channel by channel, many times.
    return np.ascontiguousarray(_with_wisps(scene, light).transpose(2, 0, 1)).transpose(1, 2, 0)


def _with_wisps(scene: Scene, light: Float32) -> Float32:
    """Level wisps of vapour under the feet of drawn clouds, or a foot would be cut with a ruler; (h, w, 3) linear."""
    cloud = scene.small_materials == Material.CLOUD
    if not drawn_clouds(scene):
        return light
    rows = np.arange(cloud.shape[0], dtype=np.float32)[:, None]
    under = rows - running(np.maximum, np.where(cloud, rows, np.float32(-1e4)))
    under /= np.float32(scene.shrink * scene.unit)
    there = (under > 0) & (under < _WISPS) & (scene.small_materials == Material.SKY)
    torn = small_noise(scene, 4.5, 936, octaves=2, stretch=14.0) + 0.6 * small_noise(scene, 50, 937, stretch=1.6)
    far = under[there] / np.float32(_WISPS)
    share = np.float32(0.42) * smoothstep(0.05, 0.8, torn[there] + np.float32(0.15) - 0.5 * far) * (1 - far)
    share *= smoothstep(10, 70, side_ends(scene)[there]) * np.float32(VEILED.get(scene.script.conditions.weather, 1.0))
    light[there] += (scene.script.cloud_shade * 0.7 + scene.script.cloud_lit * 0.3 - light[there]) * share[:, None]
    return light


def _lit_by_sun(scene: Scene, sky: Float32, horizon: Float32, glow: Float32) -> Float32:
    """The glow around the sun: a wide one of the horizon's colour, and for a low sun a bright heart near it."""
    light, near = scene.script.light, sun_nearness(scene)
    clear = min(light.sharpness * 1.2, 1.0)
    wide = near * np.float32((0.20 + 0.40 * light.low) * clear * (0.55 if light.night else 1.0))
    sky = sky + (0.6 * horizon + 0.4 * glow - sky) * wide[..., None]
    heart = near**6 * np.float32((0.15 + 0.72 * light.low) * clear * (0.5 if light.night else 1.0))
    return np.asarray(sky + (glow - sky) * heart[..., None], np.float32)


_DECKS = {
    Weather.OVERCAST: 1.1, Weather.RAIN: 1.2, Weather.SNOW: 0.7, Weather.STORM: 2.6, Weather.FOG: 0.2,
}  # fmt: skip
"""How strongly the rolls of a closed deck show."""
_SLITS = {Weather.OVERCAST: 0.35, Weather.RAIN: 0.25, Weather.STORM: 0.9}
"""How bright the gap is that a deck leaves over the horizon."""


def _deck(scene: Scene, x: Float32, y: Float32, end: float) -> Float32:
    """Stratus: soft rolls seen from below, closer together towards the horizon; −1…1."""
    above = np.maximum(end * 1.04 - y, 24.0)
    middle = scene.extent.width / scene.unit / 2
    plane = Ground(
        near=y, below=above, across=((x - middle) / above).astype(np.float32), away=np.log(above).astype(np.float32),
        seed=scene.script.seed,
    )  # fmt: skip
    rolls = plane.noise(620, 190, 921) * 0.6 + plane.noise(300, 110, 922, octaves=2) * 0.55
    return np.asarray(rolls * np.clip(above / 160, 0.15, 1), np.float32)


def _slit(scene: Scene, y: Float32, end: float) -> Float32:
    """0–1: a bright gap low over the horizon, its upper edge torn by the deck's underside."""
    strength = _SLITS.get(scene.script.conditions.weather, 0.0)
    torn = y / end + 0.07 * small_noise(scene, 60, 923, octaves=3, stretch=5.0)
    return np.asarray(strength * smoothstep(0.66, 0.92, torn), np.float32)


def _combed(scene: Scene) -> bool:
    """A clear sky by day gets cirrus, unless the drawing has clouds."""
    conditions = scene.script.conditions
    return conditions.weather is Weather.CLEAR and conditions.time is not Time.NIGHT and not drawn_clouds(scene)


def _cirrus(scene: Scene, y: Float32, end: float) -> Float32:
    """Faint combed streaks high up, 0–0.35."""
    comb = small_noise(scene, 26, 911, octaves=3, stretch=9.0)
    field = small_noise(scene, 150, 912, octaves=2, stretch=2.6)
    high = np.clip(1.15 - y / end, 0, 1)
    more = 0.5 * (scene.script.hand.clouds - 0.5)
    return np.asarray(smoothstep(0.05 - more, 0.75 - more, field + 0.45 * comb) * high * 0.32, np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Wide, wet, nearly level passes; the sky rests."""
    # Not from the very edge: there a pass would drag what stands before the sky into it.
    mask = mask & (patch.inner > 7)
    cover = cumulus.cover_of(patch) if cumulus.has_cumulus(patch.scene) else None
    free = mask if cover is None else mask & (cover == 0)
    tilt = 0.04 * float(np.sign(patch.light.towards[0]))
    brush_over(
        patch, base, canvas, free,
        Layer(tip=Tip.SOFT, length=170, width=46, spacing=44, salt=101, angle=tilt, turn=0.10, value=0.007, hue=0.002,
              opacity=0.5, clip=False),
    )  # fmt: skip
    brush_over(
        patch, base, canvas, free,
        Layer(tip=Tip.WASH, length=150, width=30, spacing=52, salt=102, angle=tilt, turn=0.12, value=0.006, hue=0.002,
              opacity=0.30, clip=False),
    )  # fmt: skip
    if cover is not None and cover.any():
        # The passes are long and go over the clouds; these have dabs of their own, which end where they do.
        clouds = base.copy(order="K")
        brush_over(
            patch, base, clouds, mask & (cover > 0.2),
            Layer(tip=Tip.SOFT, length=22, width=15, spacing=13, salt=103, turn=1.2, value=0.010, hue=0.003,
                  opacity=0.45, clip=False),
        )  # fmt: skip
        for c in range(3):
            canvas[..., c] += (clouds[..., c] - canvas[..., c]) * cover
