"""The colour script: season × time × weather → one light, one sky, one set of local colours.

All colours are linear sRGB (3,) float32. White paper in full light comes out near 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra, FilledConditions, Time, Weather
from genzu.engines.embedded import script_tables as tables
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.picture.arrays import Float32
from genzu.picture.colour import hex_to_linear


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The one light of the picture."""

    towards: tuple[float, float]
    """Unit vector in the picture plane (x right, y down) that points to the light."""
    elevation: float
    """Degrees above the horizon."""
    key: Float32
    """Direct light, colour × strength."""
    ambient: Float32
    """Light from the sky."""
    bounce: Float32
    """Light from the ground, on what faces down."""
    night: bool
    sharpness: float
    """0 = no cast shadows (overcast), 1 = sharp ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourScript:
    """Everything that decides a colour, apart from the drawing."""

    conditions: FilledConditions
    light: Light
    zenith: Float32
    middle: Float32
    horizon: Float32
    sun_glow: Float32
    cloud_lit: Float32
    cloud_shade: Float32
    haze: Float32
    haze_density: float
    """0 = none, 1 = what is at the horizon is nearly gone."""
    saturation: float
    lamp: Float32
    """Colour of lamps and lit windows."""
    lamps_on: float
    """0–1: share of windows that are lit, and strength of lamps."""
    wet: float
    """0–1: how much the ground mirrors."""
    snow: float
    """0–1: how thick snow lies on what faces up."""
    seed: int

    def graded(self, light: Float32) -> Float32:
        """The picture's tone: blacks rest on the air's colour, lights roll off before they burn. Any (…, 3)."""
        floor = self.haze * np.float32(0.012) + self.light.ambient * np.float32(0.008)
        lifted = np.maximum(light, 0) + floor
        knee = np.float32(0.62)
        over = np.maximum(lifted - knee, 0)
        return np.asarray(np.minimum(lifted, knee) + over / (1 + over / np.float32(0.42)), np.float32)

    def local(self, material: Material, variant: int = 0) -> Float32:
        """Local colour (albedo, linear) of a material in this season; ``variant`` picks among its kin."""
        kin = tables.local_colours(material, self.conditions)
        return self.toned(hex_to_linear(kin[variant % len(kin)]))

    def toned(self, colour: Float32) -> Float32:
        """A local colour (3,) as this weather and this hour leave it."""
        grey = np.full(3, colour @ np.array([0.2126, 0.7152, 0.0722], np.float32), np.float32)
        # At night the eye loses colour before it loses light (Purkinje).
        chroma = min(self.saturation, 1.0) * (0.62 if self.light.night else 1.0)
        return np.asarray(grey + (colour - grey) * np.float32(chroma), np.float32)

    def local_count(self, material: Material) -> int:
        """How many kin colours there are."""
        return len(tables.local_colours(material, self.conditions))


def script_for(conditions: FilledConditions, seed: int) -> ColourScript:
    """The colour script for these conditions; the seed decides the light's side and small leanings."""
    time = tables.TIMES[conditions.time]
    weather = tables.WEATHERS[conditions.weather]
    side = 1.0 if _chance(seed, 1) < 0.5 else -1.0
    slant = np.deg2rad(time.elevation * 0.75 + 12 + 10 * _chance(seed, 2))
    night = conditions.time is Time.NIGHT
    warm = 1 + 0.05 * (_chance(seed, 3) - 0.5)
    lean = np.array([warm, 1.0, 2 - warm], np.float32)

    sky = [hex_to_linear(code) for code in (time.zenith, time.middle, time.horizon)]
    tint = hex_to_linear(tables.SEASON_SKY[conditions.season])
    sky = [_towards(colour, colour * tint / tint.mean(), 0.5) for colour in sky]
    overcast = hex_to_linear(weather.sky) * np.float32(np.mean(sky[1]) / 0.45)
    # The deck keeps a part of the hour's colour: a wet dusk is lilac, a stormy night still blue.
    overcast = overcast * (sky[1] / np.mean(sky[1])) ** np.float32(0.7 if night else 0.22)
    sky = [_towards(colour, overcast * (0.85 + 0.2 * step), weather.cover) for step, colour in enumerate(sky)]

    key = hex_to_linear(time.key) * np.float32(time.key_strength * weather.key) * lean
    ambient = hex_to_linear(time.ambient) * np.float32(time.ambient_strength * weather.ambient)
    ambient = _towards(ambient, np.full(3, ambient.mean(), np.float32), weather.cover * (0.25 if night else 0.6))
    light = Light(
        towards=(float(side * np.cos(slant)), float(-np.sin(slant))),
        elevation=time.elevation,
        key=key,
        ambient=ambient,
        bounce=hex_to_linear("#b59a72") * np.float32((key.mean() + ambient.mean()) * 0.22),
        night=night,
        sharpness=weather.sharpness * (0.5 if night else 1.0),
    )
    lit = _towards(hex_to_linear(time.cloud_lit), overcast * 1.15, weather.cover)
    shade = _towards(hex_to_linear(time.cloud_shade), overcast * 0.7, weather.cover)
    haze = _towards(hex_to_linear(time.haze), overcast * 1.05, weather.cover)
    return ColourScript(
        conditions=conditions,
        light=light,
        zenith=sky[0],
        middle=sky[1],
        horizon=sky[2],
        sun_glow=hex_to_linear(time.sun_glow) * np.float32(1 - weather.cover),
        cloud_lit=lit,
        cloud_shade=shade,
        haze=haze,
        haze_density=min(1.0, time.haze_density + weather.haze),
        saturation=weather.saturation,
        lamp=hex_to_linear("#ffcf87"),
        lamps_on=max(time.lamps, 0.45 if weather.lamps and time.lamps < 0.45 else 0.0),
        wet=1.0 if conditions.weather in (Weather.RAIN, Weather.STORM) else weather.wet,
        snow=1.0 if conditions.snow_lies else 0.0,
        seed=seed,
    )


def fireworks(conditions: FilledConditions) -> bool:
    """True if fireworks light the picture."""
    return Extra.FIREWORKS in conditions.extras


def with_light_from(script: ColourScript, side: float) -> ColourScript:
    """The same script with the light from the left (−1) or right (+1)."""
    x, y = script.light.towards
    return replace(script, light=replace(script.light, towards=(abs(x) * side, y)))


def _towards(colour: Float32, goal: Float32, share: float) -> Float32:
    return np.asarray(colour + (goal - colour) * np.float32(share), np.float32)


def _chance(seed: int, index: int) -> float:
    zero = np.zeros((), np.int64)
    return float(hash_unit(zero, zero, mix_seed(seed, 0x5C817, index)))
