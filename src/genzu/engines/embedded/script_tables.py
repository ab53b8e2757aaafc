"""The tables of the colour script: six times of day, eight weathers, local colours in four seasons.

Colours are sRGB hex codes mixed by eye for this project.
"""

from __future__ import annotations

from dataclasses import dataclass

from genzu.core.material import Material
from genzu.core.scene import Extra, FilledConditions, Place, Season, Time, Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay:
    """One time of day under a clear sky."""

    elevation: float
    key: str
    key_strength: float
    ambient: str
    ambient_strength: float
    zenith: str
    middle: str
    horizon: str
    sun_glow: str
    cloud_lit: str
    cloud_shade: str
    haze: str
    haze_density: float
    lamps: float


TIMES = {
    Time.DAWN: TimeOfDay(
        elevation=10, key="#ffd2aa", key_strength=0.78, ambient="#a4b2d8", ambient_strength=0.58,
        zenith="#6d93c8", middle="#b2c3de", horizon="#f7dfc8", sun_glow="#ffcf9f",
        cloud_lit="#ffe7d6", cloud_shade="#98a3c4", haze="#cfd2e0", haze_density=0.46, lamps=0.20,
    ),
    Time.MORNING: TimeOfDay(
        elevation=35, key="#fff2d8", key_strength=1.04, ambient="#a8c8f0", ambient_strength=0.54,
        zenith="#4a93d6", middle="#8cc3ec", horizon="#def0f5", sun_glow="#fff4d8",
        cloud_lit="#fffdf6", cloud_shade="#a3bad8", haze="#b4d2ea", haze_density=0.35, lamps=0.0,
    ),
    Time.NOON: TimeOfDay(
        elevation=68, key="#fffaee", key_strength=1.10, ambient="#98c0f0", ambient_strength=0.50,
        zenith="#3780cc", middle="#73b4e8", horizon="#cbe7f3", sun_glow="#fffdf2",
        cloud_lit="#ffffff", cloud_shade="#93afd4", haze="#9cc4e8", haze_density=0.30, lamps=0.0,
    ),
    Time.AFTERNOON: TimeOfDay(
        elevation=42, key="#ffebc6", key_strength=1.06, ambient="#a0bce8", ambient_strength=0.53,
        zenith="#4688ca", middle="#86bae4", horizon="#e4ecdf", sun_glow="#fff2d2",
        cloud_lit="#fff9ec", cloud_shade="#9fb0d0", haze="#b0c9e2", haze_density=0.35, lamps=0.0,
    ),
    Time.DUSK: TimeOfDay(
        elevation=9, key="#ffc48c", key_strength=1.02, ambient="#96a6d2", ambient_strength=0.66,
        zenith="#4d7ab2", middle="#a9b2c0", horizon="#ffc588", sun_glow="#ffd493",
        cloud_lit="#ffcfa2", cloud_shade="#8487a8", haze="#c4abac", haze_density=0.38, lamps=0.55,
    ),
    Time.NIGHT: TimeOfDay(
        elevation=45, key="#b4caf6", key_strength=0.27, ambient="#5f7fc4", ambient_strength=0.42,
        zenith="#10204a", middle="#213b72", horizon="#5273a4", sun_glow="#c8d8ff",
        cloud_lit="#6d84ac", cloud_shade="#2a3f6e", haze="#355384", haze_density=0.38, lamps=0.80,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Overcast:
    """What a weather does to the clear sky of a time of day."""

    cover: float
    """0–1: how far the sky goes to the cloud deck's grey."""
    sky: str
    key: float
    ambient: float
    haze: float
    saturation: float
    sharpness: float
    wet: float = 0.0
    lamps: bool = False


WEATHERS = {
    Weather.CLEAR: Overcast(cover=0, sky="#b9c6d2", key=1.05, ambient=1, haze=-0.06, saturation=1.06, sharpness=1),
    Weather.FAIR: Overcast(cover=0, sky="#b9c6d2", key=1, ambient=1, haze=0, saturation=1.0, sharpness=1),
    Weather.OVERCAST: Overcast(
        cover=0.82, sky="#b7bfc8", key=0.30, ambient=1.45, haze=0.12, saturation=0.82, sharpness=0.12
    ),
    Weather.RAIN: Overcast(
        cover=0.92,
        sky="#98a3ae",
        key=0.16,
        ambient=1.30,
        haze=0.30,
        saturation=0.74,
        sharpness=0.05,
        lamps=True,
    ),
    Weather.FOG: Overcast(
        cover=0.90,
        sky="#c9ced0",
        key=0.20,
        ambient=1.50,
        haze=0.75,
        saturation=0.66,
        sharpness=0.0,
        lamps=True,
    ),
    Weather.SNOW: Overcast(
        cover=0.86, sky="#c2c9d4", key=0.26, ambient=1.50, haze=0.34, saturation=0.78, sharpness=0.08
    ),
    Weather.STORM: Overcast(
        cover=0.95,
        sky="#7a8590",
        key=0.20,
        ambient=1.30,
        haze=0.32,
        saturation=0.70,
        sharpness=0.0,
        lamps=True,
    ),
    Weather.AFTER_RAIN: Overcast(
        cover=0.22, sky="#b4bfca", key=0.95, ambient=1.08, haze=0.10, saturation=1.05, sharpness=0.8, wet=0.75
    ),
}

# A slight leaning of the sky: hazy spring, deep summer, high autumn, pale winter.
SEASON_SKY = {
    Season.SPRING: "#f4eef0",
    Season.SUMMER: "#e6f0ff",
    Season.AUTUMN: "#f0f2f6",
    Season.WINTER: "#eef2fa",
}

_FOLIAGE = {
    Season.SPRING: ("#8caa55", "#a0b666", "#7a9b52", "#aec178"),
    Season.SUMMER: ("#5d8540", "#708f48", "#4a7842", "#7f9a50"),
    Season.AUTUMN: ("#c2a35e", "#c6924c", "#bb6d40", "#a65442", "#9a6e42", "#8b854c"),
    Season.WINTER: ("#6e6f55", "#616d4e", "#7b735e"),
}
_BLOSSOM = ("#efc0cd", "#f4d2da", "#e8b2c3", "#f1c6d0")
_GRASS = {
    Season.SPRING: ("#95ac5c", "#a6b86e"),
    Season.SUMMER: ("#7e964c", "#92a55c"),
    Season.AUTUMN: ("#b3a25e", "#a19858"),
    Season.WINTER: ("#a99e7a", "#9a9272"),
}
_MOUNTAIN = {
    Season.SPRING: ("#6c8a66",),
    Season.SUMMER: ("#517a5a",),
    Season.AUTUMN: ("#957456",),
    Season.WINTER: ("#7c8188",),
}
_CONSTANT = {
    Material.SKY: ("#7fb2e5",),
    Material.CLOUD: ("#f6f6f6",),
    Material.TRUNK: ("#6b4f3a", "#5d4634", "#775a42"),
    Material.SOIL: ("#b09066", "#a2825c"),
    Material.ROAD: ("#a7a29a", "#9c988f", "#b0aaa0"),
    Material.ROCK: ("#8c877f", "#7d7a74", "#979087"),
    Material.WATER: ("#2c6880",),
    Material.WALL: ("#e8dcc4", "#dccdb2", "#efe7d8", "#cfbfa8", "#d9c7b8", "#c9ccc6"),
    Material.ROOF: ("#5b6675", "#9a4f3c", "#6b5a50", "#4d5a6a", "#a6603f", "#707a78"),
    Material.WINDOW: ("#52667a",),
    Material.WOOD: ("#8a6242", "#7a5638", "#966e4c"),
    Material.METAL: ("#6d747a", "#5f686c"),
    Material.CLOTH: ("#d96a58", "#e9e0cc", "#5f86b0", "#d9a94c", "#7da387"),
    Material.GLOW: ("#fff0c0",),
}
_SAND = ("#d4c19a", "#c5af88")
_LACQUER = ("#c4452b", "#bd3f28", "#cb4e30")


def local_colours(material: Material, conditions: FilledConditions) -> tuple[str, ...]:
    """Kin colours of a material under these conditions, the commonest first."""
    season = conditions.season
    if material is Material.FOLIAGE:
        return _BLOSSOM if Extra.BLOSSOM in conditions.extras else _FOLIAGE[season]
    if material is Material.GRASS:
        return _GRASS[season]
    if material is Material.MOUNTAIN:
        return _MOUNTAIN[season]
    if material is Material.SOIL and conditions.place is not None and conditions.place.value in ("beach", "sea"):
        return _SAND
    if material is Material.WOOD and conditions.place is Place.SHRINE:
        return _LACQUER
    return _CONSTANT[material]
