"""The tables of the colour script: six times of day, four seasons, eight weathers, local colours.

Colours are sRGB hex codes mixed by eye for this project; ``script.py`` mixes them with each other in OKLab.
"""

from __future__ import annotations

from dataclasses import dataclass

from genzu.core.material import Material
from genzu.core.scene import Extra, FilledConditions, Place, Season, Time, Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay:
    """One time of day under a clear sky."""

    elevation: float
    """Degrees of the light above the horizon."""
    key: str
    key_strength: float
    ambient: str
    ambient_strength: float
    zenith: str
    middle: str
    horizon: str
    """Towards the sun."""
    away: str
    """The horizon on the side away from the sun."""
    sun_glow: str
    cloud_lit: str
    cloud_shade: str
    haze: str
    haze_density: float
    """0–1: share of the air's colour on what stands at about two thirds of the way to the horizon."""
    lamps: float
    deck: float
    """Lightness (OKLab) of a closed cloud deck, as a share of its lightness at noon."""
    deck_tint: float
    """0–1: how much of the hour's colour a closed deck keeps."""


TIMES = {
    Time.DAWN: TimeOfDay(
        elevation=9, key="#ffcba8", key_strength=0.95, ambient="#8b9fdc", ambient_strength=0.60,
        zenith="#5b7fc4", middle="#a9a9da", horizon="#ffc9b4", away="#cfb4d2", sun_glow="#fff0c4",
        cloud_lit="#ffd0be", cloud_shade="#8287bb", haze="#cdb9d2", haze_density=0.46, lamps=0.20, deck=0.90,
        deck_tint=0.34,
    ),
    Time.MORNING: TimeOfDay(
        elevation=34, key="#fff0d0", key_strength=1.08, ambient="#a6caf4", ambient_strength=0.55,
        zenith="#458fd6", middle="#86c1ee", horizon="#e2f2f2", away="#c9e4f2", sun_glow="#fff6d6",
        cloud_lit="#fffdf4", cloud_shade="#aec7e8", haze="#b4d6ec", haze_density=0.34, lamps=0.0, deck=1.0,
        deck_tint=0.12,
    ),
    Time.NOON: TimeOfDay(
        elevation=66, key="#fffaec", key_strength=1.18, ambient="#93bcf2", ambient_strength=0.49,
        zenith="#2b74c8", middle="#62abe8", horizon="#c2e4f4", away="#b4dcf2", sun_glow="#fffdf0",
        cloud_lit="#ffffff", cloud_shade="#a6c2e6", haze="#98c4ea", haze_density=0.28, lamps=0.0, deck=1.02,
        deck_tint=0.12,
    ),
    Time.AFTERNOON: TimeOfDay(
        elevation=36, key="#ffe2ac", key_strength=1.14, ambient="#97b2ea", ambient_strength=0.52,
        zenith="#3f80c6", middle="#82b6de", horizon="#f2ead0", away="#cbdde8", sun_glow="#fff0c8",
        cloud_lit="#fff5e0", cloud_shade="#aab8dc", haze="#b9cbdd", haze_density=0.35, lamps=0.0, deck=0.97,
        deck_tint=0.12,
    ),
    Time.DUSK: TimeOfDay(
        elevation=8, key="#ffbd8a", key_strength=1.20, ambient="#6b84d8", ambient_strength=0.62,
        zenith="#3d4f9c", middle="#b0789e", horizon="#ffa45c", away="#c48aa2", sun_glow="#ffe4aa",
        cloud_lit="#ff9f68", cloud_shade="#64568e", haze="#a9799c", haze_density=0.40, lamps=0.62, deck=0.80,
        deck_tint=0.20,
    ),
    Time.NIGHT: TimeOfDay(
        elevation=42, key="#a6c6ff", key_strength=0.54, ambient="#465fb4", ambient_strength=0.32,
        zenith="#0b173e", middle="#234680", horizon="#6a9cc0", away="#47709f", sun_glow="#b8d2f4",
        cloud_lit="#7f9cc4", cloud_shade="#22366a", haze="#2c4f82", haze_density=0.36, lamps=0.85, deck=0.46,
        deck_tint=0.8,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonLight:
    """What a season does to the light of every hour."""

    sky_light: float
    """Added to the sky's OKLab lightness."""
    sky_chroma: float
    """Factor on the sky's OKLab chroma."""
    sky_hue: float
    """Degrees by which the sky's hue turns (positive: blue towards violet)."""
    key: str
    """Tint of the sun."""
    key_strength: float
    ambient: float
    """Factor on the sky's light: low = hard contrast."""
    elevation: float
    """Factor on the light's height."""
    haze: float
    saturation: float
    deck: tuple[float, float, float]
    """Added to a closed sky's OKLab: milky in spring, heavy in summer, brownish in autumn, blue in winter."""


SEASONS = {
    # Airy: a milky sky, soft shadows.
    Season.SPRING: SeasonLight(
        sky_light=0.035, sky_chroma=0.80, sky_hue=3, key="#fff6ee", key_strength=1.0, ambient=1.10, elevation=0.92,
        haze=0.06, saturation=0.98, deck=(0.030, 0.007, 0.003),
    ),
    # Deep: saturated blue, hard light.
    Season.SUMMER: SeasonLight(
        sky_light=-0.015, sky_chroma=1.10, sky_hue=0, key="#ffffff", key_strength=1.07, ambient=0.94, elevation=1.0,
        haze=-0.02, saturation=1.05, deck=(-0.020, -0.006, -0.007),
    ),
    # High and clear: a cleaner blue, a golden sun.
    Season.AUTUMN: SeasonLight(
        sky_light=0.0, sky_chroma=0.98, sky_hue=-5, key="#fff0d6", key_strength=1.04, ambient=0.97, elevation=0.76,
        haze=0.0, saturation=1.0, deck=(-0.002, 0.004, 0.012),
    ),
    # Low and pale gold, with blue shadows.
    Season.WINTER: SeasonLight(
        sky_light=0.025, sky_chroma=0.68, sky_hue=-3, key="#ffecc8", key_strength=0.94, ambient=1.02, elevation=0.55,
        haze=0.04, saturation=0.90, deck=(0.022, 0.001, -0.016),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """What a weather does to the clear sky of a time of day."""

    cover: float
    """0–1: how far the sky goes to the cloud deck."""
    deck: str
    """The deck overhead, at noon."""
    slit: str
    """What lies under the deck at the horizon, at noon."""
    key: float
    ambient: float
    haze: float
    saturation: float
    sharpness: float
    wet: float = 0.0
    lamps: bool = False


WEATHERS = {
    Weather.CLEAR: Sky(
        cover=0, deck="#b4bec9", slit="#dfe6ea", key=1.06, ambient=0.97, haze=-0.08, saturation=1.05, sharpness=1,
    ),
    Weather.FAIR: Sky(
        cover=0.15, deck="#cfd6de", slit="#eef2f4", key=0.98, ambient=1.07, haze=0, saturation=1.0, sharpness=0.95,
    ),
    Weather.OVERCAST: Sky(
        cover=0.86, deck="#aeb9c5", slit="#dbe0e2", key=0.27, ambient=1.46, haze=0.14, saturation=0.92, sharpness=0.0,
    ),
    Weather.RAIN: Sky(
        cover=0.93, deck="#84909e", slit="#b6c0c7", key=0.22, ambient=1.22, haze=0.31, saturation=0.86, sharpness=0.0,
        wet=1.0, lamps=True,
    ),
    Weather.FOG: Sky(
        cover=0.92, deck="#c6cdd1", slit="#d9dddd", key=0.22, ambient=1.50, haze=0.50, saturation=0.74, sharpness=0.0,
        wet=0.25, lamps=True,
    ),
    Weather.SNOW: Sky(
        cover=0.88, deck="#b9c4d4", slit="#dbe2ec", key=0.30, ambient=1.54, haze=0.30, saturation=0.80, sharpness=0.0,
        lamps=True,
    ),
    Weather.STORM: Sky(
        cover=0.96, deck="#3d4854", slit="#d3d2c2", key=0.22, ambient=0.88, haze=0.24, saturation=0.84, sharpness=0.0,
        wet=1.0, lamps=True,
    ),
    Weather.AFTER_RAIN: Sky(
        cover=0.24, deck="#8fa4bb", slit="#f6edd2", key=1.02, ambient=1.02, haze=-0.04, saturation=1.10, sharpness=0.9,
        wet=0.8,
    ),
}  # fmt: skip

_FOLIAGE = {
    Season.SPRING: ("#7cab5c", "#96bb6e", "#64985f", "#78a674", "#a9c57e"),
    Season.SUMMER: ("#5d8540", "#74934a", "#3f7048", "#4f8058", "#86a052"),
    Season.AUTUMN: ("#c2a35e", "#c6924c", "#bb6d40", "#a65442", "#9a6e42", "#8b854c"),
    Season.WINTER: ("#7d6d64", "#6d625c", "#8a7869"),
}
_BLOSSOM = ("#efc0cd", "#f4d2da", "#e8b2c3", "#f1c6d0")
_GRASS = {
    Season.SPRING: ("#86ad60", "#9ab870"),
    Season.SUMMER: ("#6c9648", "#84a957"),
    Season.AUTUMN: ("#b3a25e", "#a19858"),
    Season.WINTER: ("#a99e7a", "#9a9272"),
}
_MOUNTAIN = {
    Season.SPRING: ("#6c8a66",),
    Season.SUMMER: ("#517a5a",),
    Season.AUTUMN: ("#957456",),
    Season.WINTER: ("#66707e",),
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
LEANING = {
    Material.FOLIAGE: 11.0, Material.GRASS: 12.0, Material.MOUNTAIN: 24.0, Material.ROOF: 24.0, Material.WALL: 16.0,
    Material.CLOTH: 24.0, Material.SOIL: 6.0, Material.WATER: 8.0, Material.WOOD: 6.0,
}  # fmt: skip
"""Degrees of OKLab hue by which a painter's palette may lean from another's."""
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
