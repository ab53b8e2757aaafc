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
        elevation=10, key="#ffc49a", key_strength=0.80, ambient="#9aa4d8", ambient_strength=0.62,
        zenith="#5a7fc0", middle="#a8b8e0", horizon="#ffdcc0", sun_glow="#ffb890",
        cloud_lit="#ffdccb", cloud_shade="#9a9fc6", haze="#e6d3da", haze_density=0.50, lamps=0.20,
    ),
    Time.MORNING: TimeOfDay(
        elevation=35, key="#fff0d2", key_strength=1.05, ambient="#a9c8f4", ambient_strength=0.55,
        zenith="#2f7fd6", middle="#74b6f0", horizon="#dcf0fb", sun_glow="#fff4d8",
        cloud_lit="#fffdf6", cloud_shade="#a9c0e2", haze="#c6def4", haze_density=0.36, lamps=0.0,
    ),
    Time.NOON: TimeOfDay(
        elevation=68, key="#fffaf0", key_strength=1.12, ambient="#9ec4f4", ambient_strength=0.52,
        zenith="#1f6ccc", middle="#5aa6ec", horizon="#c8e6f8", sun_glow="#ffffff",
        cloud_lit="#ffffff", cloud_shade="#9db9e0", haze="#b6d6f2", haze_density=0.30, lamps=0.0,
    ),
    Time.AFTERNOON: TimeOfDay(
        elevation=42, key="#ffe9bd", key_strength=1.08, ambient="#a4bfec", ambient_strength=0.54,
        zenith="#3a7ecb", middle="#83b9ea", horizon="#f0eedd", sun_glow="#fff0cc",
        cloud_lit="#fff8ea", cloud_shade="#a6b4d8", haze="#d4dfea", haze_density=0.36, lamps=0.0,
    ),
    Time.DUSK: TimeOfDay(
        elevation=8, key="#ff9c50", key_strength=0.92, ambient="#8a7fc0", ambient_strength=0.52,
        zenith="#44508f", middle="#c27a94", horizon="#ffc27a", sun_glow="#ffd08a",
        cloud_lit="#ffb487", cloud_shade="#7d6b9c", haze="#e3a184", haze_density=0.46, lamps=0.55,
    ),
    Time.NIGHT: TimeOfDay(
        elevation=45, key="#9db8ff", key_strength=0.13, ambient="#4a66b8", ambient_strength=0.30,
        zenith="#0a1230", middle="#14265a", horizon="#31497f", sun_glow="#c8d8ff",
        cloud_lit="#5a70a8", cloud_shade="#1f2f60", haze="#22386c", haze_density=0.40, lamps=0.80,
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
        sky="#6d7784",
        key=0.12,
        ambient=1.00,
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
    Season.SPRING: ("#86ad48", "#9cbb58", "#749e48", "#a9c468"),
    Season.SUMMER: ("#4c8a34", "#5d983c", "#3d7a36", "#6fa044"),
    Season.AUTUMN: ("#c9662c", "#d98f33", "#b2462e", "#cfa63f", "#a3702f"),
    Season.WINTER: ("#6d6f50", "#5c6b4c", "#7d7259"),
}
_BLOSSOM = ("#f3bfcf", "#f7d3dc", "#eeb0c4", "#f3c6d2")
_GRASS = {
    Season.SPRING: ("#93b850", "#a4c35e"),
    Season.SUMMER: ("#6ca43c", "#7bad46"),
    Season.AUTUMN: ("#b7a252", "#a89a4e"),
    Season.WINTER: ("#a89a6a", "#9a9068"),
}
_MOUNTAIN = {
    Season.SPRING: ("#6d8f62",),
    Season.SUMMER: ("#4f7f5a",),
    Season.AUTUMN: ("#9a7450",),
    Season.WINTER: ("#7d8088",),
}
_CONSTANT = {
    Material.SKY: ("#7fb2e5",),
    Material.CLOUD: ("#f6f6f6",),
    Material.TRUNK: ("#6b4f3a", "#5d4634", "#775a42"),
    Material.SOIL: ("#b08a5e", "#a67f55"),
    Material.ROAD: ("#a7a29a", "#9c988f", "#b0aaa0"),
    Material.ROCK: ("#8c877f", "#7d7a74", "#979087"),
    Material.WATER: ("#2f6f8f",),
    Material.WALL: ("#e8dcc4", "#dccdb2", "#efe7d8", "#cfbfa8", "#d9c7b8", "#c9ccc6"),
    Material.ROOF: ("#5b6675", "#9a4f3c", "#6b5a50", "#4d5a6a", "#a6603f", "#707a78"),
    Material.WINDOW: ("#52667a",),
    Material.WOOD: ("#8a6242", "#7a5638", "#966e4c"),
    Material.METAL: ("#6d747a", "#5f686c"),
    Material.CLOTH: ("#d96a58", "#e9e0cc", "#5f86b0", "#d9a94c", "#7da387"),
    Material.GLOW: ("#fff0c0",),
}
_SAND = ("#dcc59a", "#d3bb8e")
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
