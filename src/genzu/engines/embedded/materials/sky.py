"""Sky: one calm gradient, a glow on the sun's side, a breath of cirrus; broad wet brush passes."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Time, Weather
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.ground import Ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import linear_from_oklab, oklab_from_linear


def shade(patch: Patch, _mask: Bool) -> Surface:
    """The sky gives its own light; nothing falls on it."""
    return Surface(albedo=np.zeros(3, np.float32), emission=sky_light(patch), haze=0, shadowed=False)


def sun_x(patch: Patch) -> float:
    """Where the sun stands across the picture, in units."""
    return patch.width_units * (0.5 + 0.40 * float(np.sign(patch.light.towards[0])))


def horizon_of_sky(patch: Patch) -> float:
    """Row (units) that the sky's gradient ends at: the horizon, or the lowest sky if that is lower."""
    return max(patch.horizon, 260.0)


def sky_light(patch: Patch) -> Float32:
    """(h, w, 3) linear light of the open sky at any place of the patch."""
    script = patch.script
    end = horizon_of_sky(patch)
    # Passes of a wide brush: the gradient's bands wander a little.
    wander = 14 * patch.noise(170, 901, octaves=2, stretch=4.0)
    height = np.clip((patch.y + wander) / end, 0, 1)
    low = smoothstep(0.35, 1.0, height)[..., None]
    high = smoothstep(0.0, 0.62, height)[..., None]
    # Mixed in OKLab: blue into white or gold in linear light would turn to lavender on the way.
    names = script.zenith, script.middle, script.horizon, script.sun_glow, script.cloud_lit
    zenith, middle, horizon, sun, cloud = oklab_from_linear(np.stack(names).astype(np.float32))
    sky = zenith + (middle - zenith) * high
    sky = sky + (horizon - sky) * low
    sky = sky + (sun - sky) * _glow(patch, end)
    cover = _cover(patch)
    if cover > 0.5:
        sky = sky * (1 + 0.045 * cover * _deck(patch, end))[..., None]
    elif _open_sky(patch.scene) and patch.script.conditions.time is not Time.NIGHT:
        sky = sky + (cloud - sky) * _cirrus(patch, end)[..., None]
    return np.maximum(linear_from_oklab(np.asarray(sky, np.float32)), 0)


def _glow(patch: Patch, end: float) -> Float32:
    """(h, w, 1) 0–1 share of the light around the sun: wide and low when the sun is low."""
    low = 1 - min(patch.light.elevation, 60) / 60
    clear = min(patch.light.sharpness * 1.2, 1.0)
    if patch.light.night:
        low, clear = 0.0, 0.3 * clear
    away = (patch.x - sun_x(patch)) / (0.42 * patch.width_units)
    up = (patch.y - end * (0.95 * low + 0.05)) / (end * (0.42 + 0.2 * low))
    share = np.exp(-away * away - up * up) * (0.14 + 0.46 * low) * np.float32(clear)
    return np.asarray(share[..., None], np.float32)


def _cover(patch: Patch) -> float:
    return {
        Weather.OVERCAST: 0.9, Weather.RAIN: 1.0, Weather.SNOW: 0.8, Weather.STORM: 1.6, Weather.FOG: 0.3,
    }.get(patch.script.conditions.weather, 0.0)  # fmt: skip


def _deck(patch: Patch, end: float) -> Float32:
    """Stratus: soft rolls seen from below, closer together towards the horizon; −1…1."""
    above = np.maximum(end - patch.y, 24.0)
    plane = Ground(
        near=patch.y, below=above, across=((patch.x - patch.width_units / 2) / above).astype(np.float32),
        away=np.log(above).astype(np.float32), seed=patch.script.seed,
    )  # fmt: skip
    rolls = plane.noise(620, 190, 921) * 0.6 + plane.noise(300, 110, 922, octaves=2) * 0.55
    return np.asarray(rolls * np.clip(above / 160, 0.15, 1), np.float32)


def _cirrus(patch: Patch, end: float) -> Float32:
    """Faint combed streaks high up, 0–0.35."""
    comb = patch.noise(26, 911, octaves=3, stretch=9.0)
    field = patch.noise(150, 912, octaves=2, stretch=2.6)
    high = np.clip(1.15 - patch.y / end, 0, 1)
    return np.asarray(smoothstep(0.05, 0.75, field + 0.45 * comb) * high * 0.30, np.float32)


def _open_sky(scene: Scene) -> bool:
    """True if no cloud is drawn and the weather is fair: the painter may add cirrus."""
    drawn = kept(scene, "drawn cloud", lambda s: np.asarray((s.small_materials == Material.CLOUD).mean(), np.float32))
    return float(drawn) < 0.002 and scene.script.conditions.weather in (Weather.CLEAR, Weather.FAIR)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Wide, wet, nearly level passes; the sky rests."""
    # Not from the very edge: there a pass would drag what stands before the sky into it.
    mask = mask & (patch.inner > 7)
    tilt = 0.04 * float(np.sign(patch.light.towards[0]))
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SOFT, length=170, width=46, spacing=44, salt=101, angle=tilt, turn=0.10, value=0.007, hue=0.002,
              opacity=0.5, clip=False),
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.WASH, length=150, width=30, spacing=52, salt=102, angle=tilt, turn=0.12, value=0.006, hue=0.002,
              opacity=0.30, clip=False),
    )  # fmt: skip
