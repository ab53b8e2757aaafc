"""The colour script: season × time × weather → one light, one sky, one set of local colours.

Colours are kept as linear sRGB (3,) float32; they are mixed, lightened and turned in OKLab, where half-way between
orange and blue is a violet and not a grey. White paper in full light comes out near 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Extra, FilledConditions, Side, Time
from genzu.engines.embedded import script_tables as tables
from genzu.engines.embedded.hand import Hand, hand_of
from genzu.picture.arrays import Float32
from genzu.picture.colour import hex_to_linear, linear_from_oklab, oklab_from_linear


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

    @property
    def low(self) -> float:
        """0–1: how much of a low sun (or moon behind thin air) it is: 1 at the horizon, 0 from 24° up."""
        return 0.0 if self.night else float(np.clip(1.25 - self.elevation / 19, 0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourScript:
    """Everything that decides a colour, apart from the drawing."""

    conditions: FilledConditions
    light: Light
    zenith: Float32
    middle: Float32
    horizon: Float32
    """Towards the light."""
    away: Float32
    """The horizon on the other side."""
    sun_glow: Float32
    cloud_lit: Float32
    cloud_shade: Float32
    haze: Float32
    haze_density: float
    """0 = none, 0.97 = what is at the horizon is gone."""
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
    hand: Hand

    @property
    def shade_loss(self) -> float:
        """0–0.6: share of its own hue that a thing loses in the light of the sky alone.

        Where a low sun reddens all that it touches, painters keep the shade to the sky's colour, or leaves, ground
        and walls would all be of the one hue.
        """
        return self.light.sharpness * (0.10 + 0.34 * self.light.low)

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
        return self.painted(hex_to_linear(kin[variant % len(kin)]), tables.LEANING.get(material, 0.0))

    def painted(self, colour: Float32, leaning: float = 12.0) -> Float32:
        """A local colour (3,) as this painter mixes it, at this hour; ``leaning`` degrees of hue at most."""
        return self.toned(_turned(colour, leaning * self.hand.hue, self.hand.chroma))

    def toned(self, colour: Float32) -> Float32:
        """A local colour (3,) as this weather and this hour leave it."""
        grey = np.full(3, colour @ np.array([0.2126, 0.7152, 0.0722], np.float32), np.float32)
        # At night the eye loses colour before it loses light (Purkinje), red first.
        chroma = self.saturation * (0.48 if self.light.night else 1.0)
        return np.maximum(grey + (colour - grey) * np.float32(chroma), 0.004).astype(np.float32)

    @property
    def foam(self) -> Float32:
        """(3,) light of foam, linear: white by itself, it has half the colour of its light, and looks as bright."""
        light = np.minimum(self.cloud_lit * 0.55 + (self.light.key + self.light.ambient) * 0.42, 0.93)
        lightness, *colour = oklab_from_linear(light.astype(np.float32))
        strong = float(np.hypot(*colour))
        lab = np.array([min(lightness + 0.5 * strong, 0.98), colour[0] * 0.5, colour[1] * 0.5], np.float32)
        return np.maximum(linear_from_oklab(lab), 0)

    def local_count(self, material: Material) -> int:
        """How many kin colours there are."""
        return len(tables.local_colours(material, self.conditions))


def script_for(conditions: FilledConditions, seed: int) -> ColourScript:
    """The colour script for these conditions; the seed decides the light's side and the painter's leanings."""
    time = tables.TIMES[conditions.time]
    season = tables.SEASONS[conditions.season]
    weather = tables.WEATHERS[conditions.weather]
    hand = hand_of(seed)

    deck, slit = _deck(time, season, weather)
    # One painter's skies are deeper than another's.
    season_sky = replace(
        season,
        sky_chroma=season.sky_chroma * (0.4 + 0.6 * hand.chroma),
        sky_light=season.sky_light + 0.036 * hand.hue,
        sky_hue=season.sky_hue - 8 * hand.warmth,
    )
    clear = [
        _of_season(hex_to_linear(code), season_sky) for code in (time.zenith, time.middle, time.horizon, time.away)
    ]
    under = [deck, mixed(deck, slit, 0.12), slit, mixed(slit, deck, 0.3)]
    zenith, middle, horizon, away = (
        mixed(colour, closed, weather.cover) for colour, closed in zip(clear, under, strict=True)
    )
    glow = mixed(hex_to_linear(time.sun_glow), slit, weather.cover)
    return ColourScript(
        conditions=conditions,
        light=_light(conditions, hand),
        zenith=zenith,
        middle=middle,
        horizon=horizon,
        away=away,
        sun_glow=glow,
        cloud_lit=mixed(hex_to_linear(time.cloud_lit), mixed(deck, slit, 0.36), weather.cover),
        cloud_shade=mixed(hex_to_linear(time.cloud_shade), lighter(deck, -0.06), weather.cover),
        haze=mixed(_of_season(hex_to_linear(time.haze), season), mixed(deck, slit, 0.45), weather.cover),
        haze_density=float(np.clip(time.haze_density + season.haze + weather.haze, 0.1, 0.97)),
        saturation=weather.saturation * season.saturation,
        lamp=hex_to_linear("#ffcf87"),
        lamps_on=max(time.lamps, 0.45 if weather.lamps else 0.0),
        wet=0.0 if conditions.snow_lies else weather.wet,
        snow=1.0 if conditions.snow_lies else 0.0,
        seed=seed,
        hand=hand,
    )


def _light(conditions: FilledConditions, hand: Hand) -> Light:
    time = tables.TIMES[conditions.time]
    season = tables.SEASONS[conditions.season]
    weather = tables.WEATHERS[conditions.weather]
    night = conditions.time is Time.NIGHT
    elevation = time.elevation * hand.height
    if not night and time.elevation > 15:
        elevation = elevation * season.elevation
    slant = np.deg2rad(np.clip(elevation * 0.75 + 14, 16, 68))
    lean = np.array([1 + 0.09 * hand.warmth, 1.0, 1 - 0.13 * hand.warmth], np.float32)
    tint = np.ones(3, np.float32) if night else hex_to_linear(season.key)
    key = hex_to_linear(time.key) * tint * lean * np.float32(time.key_strength * season.key_strength * weather.key)
    ambient = hex_to_linear(time.ambient) * np.float32(time.ambient_strength * season.ambient * weather.ambient)
    # Painters differ most in what they see in the shade: one mixes violet, another green into its blue.
    leaning = np.array([1 + 0.11 * hand.shade, 1 - 0.06 * hand.shade, 1 + 0.05 * hand.shade], np.float32)
    ambient = ambient * leaning * np.float32(1 - 0.08 * abs(hand.shade))
    # A closed deck spreads grey light; it keeps a part of the hour's colour.
    ambient = mixed(ambient, _greyed(ambient), weather.cover * (0.30 if night else 0.62))
    if conditions.snow_lies:
        # Snow sends the sky's light back and forth: its shade is bluer than any other.
        ambient = ambient * (1 + np.float32(weather.sharpness) * np.array([-0.14, -0.02, 0.12], np.float32))
    warm_ground = hex_to_linear("#b59a72") if not conditions.snow_lies else hex_to_linear("#c4ccdc")
    return Light(
        towards=(float(_side(conditions, hand) * np.cos(slant)), float(-np.sin(slant))),
        elevation=float(elevation),
        key=key,
        ambient=ambient,
        bounce=warm_ground * np.float32((key.mean() + ambient.mean()) * 0.24),
        night=night,
        sharpness=weather.sharpness * (0.6 if night else 1.0),
    )


def _side(conditions: FilledConditions, hand: Hand) -> float:
    """−1: the light comes from the left, 1: from the right; the painter's own where nobody has said it."""
    return hand.side if conditions.light is None else -1.0 if conditions.light is Side.LEFT else 1.0


def _deck(time: tables.TimeOfDay, season: tables.SeasonLight, weather: tables.Sky) -> tuple[Float32, Float32]:
    """The cloud deck overhead and the slit under it: the weather's, at the hour's lightness and with its colour."""
    tints = oklab_from_linear(np.stack([hex_to_linear(time.middle), hex_to_linear(time.horizon)]))
    colours = oklab_from_linear(np.stack([hex_to_linear(weather.deck), hex_to_linear(weather.slit)]))
    colours += np.array(season.deck, np.float32)
    colours[:, 0] *= np.float32(time.deck)
    colours[:, 1:] += np.float32(time.deck_tint) * tints[:, 1:]
    closed = np.clip(linear_from_oklab(colours), 0, 1)
    return closed[0], closed[1]


def fireworks(conditions: FilledConditions) -> bool:
    """True if fireworks light the picture."""
    return Extra.FIREWORKS in conditions.extras


def with_light_from(script: ColourScript, side: float) -> ColourScript:
    """The same script with the light from the left (−1) or right (+1)."""
    x, y = script.light.towards
    return replace(script, light=replace(script.light, towards=(abs(x) * side, y)))


def mixed(first: Float32, second: Float32, share: float) -> Float32:
    """A linear colour between two others, mixed in OKLab; ``share`` 0–1 of the second."""
    one, two = oklab_from_linear(np.stack([first, second]).astype(np.float32))
    return np.maximum(linear_from_oklab(np.asarray(one + (two - one) * np.float32(share), np.float32)), 0)


def lighter(colour: Float32, step: float) -> Float32:
    """A linear colour with ``step`` added to its OKLab lightness."""
    lab = oklab_from_linear(colour)
    lab[0] = np.clip(lab[0] + step, 0, 1)
    return np.maximum(linear_from_oklab(lab), 0)


def _greyed(colour: Float32) -> Float32:
    lab = oklab_from_linear(colour) * np.array([1, 0, 0], np.float32)
    return np.maximum(linear_from_oklab(lab.astype(np.float32)), 0)


def _turned(colour: Float32, degrees: float, chroma: float) -> Float32:
    """A linear colour with its OKLab hue turned and its chroma multiplied."""
    lightness, a, b = oklab_from_linear(colour).tolist()
    cos, sin = np.cos(np.deg2rad(degrees)) * chroma, np.sin(np.deg2rad(degrees)) * chroma
    lab = np.array([lightness, a * cos - b * sin, a * sin + b * cos], np.float32)
    return np.maximum(linear_from_oklab(lab), 0)


def _of_season(colour: Float32, season: tables.SeasonLight) -> Float32:
    return np.minimum(lighter(_turned(colour, season.sky_hue, season.sky_chroma), season.sky_light), 1)
