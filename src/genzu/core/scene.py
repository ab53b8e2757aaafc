"""The conditions of a picture: where, which season, what time, what weather, and what else is in the air."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Season(StrEnum):
    """四季."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Time(StrEnum):
    """Time of day."""

    DAWN = "dawn"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """Weather, from a clear sky to the hour after rain."""

    CLEAR = "clear"
    FAIR = "fair"
    OVERCAST = "overcast"
    RAIN = "rain"
    FOG = "fog"
    SNOW = "snow"
    STORM = "storm"
    AFTER_RAIN = "after rain"


class Place(StrEnum):
    """Kinds of place that the lexicon knows; a hint for reading and colour, never a template."""

    PORT_TOWN = "port town"
    BEACH = "beach"
    SEA = "sea"
    STATION = "station"
    RAILWAY = "railway"
    VILLAGE = "village"
    TOWN = "town"
    CITY = "city"
    SHOPPING_STREET = "shopping street"
    ALLEY = "back alley"
    ROAD = "road"
    ROOFTOP = "rooftop"
    SHRINE = "shrine"
    STAIRS = "stairs"
    BRIDGE = "bridge"
    RIVER = "river"
    LAKE = "lake"
    WATERFALL = "waterfall"
    RICE_FIELD = "rice field"
    MEADOW = "meadow"
    FOREST = "forest"
    MOUNTAIN = "mountain"
    CLIFF = "cliff"
    RUINS = "ruins"
    PARK = "park"
    GARDEN = "garden"
    SCHOOL = "school"


class Side(StrEnum):
    """Where the key light comes from, as one sees the picture."""

    LEFT = "light from the left"
    RIGHT = "light from the right"


class Extra(StrEnum):
    """What else is in the picture's air or light."""

    FIREWORKS = "fireworks"
    STARS = "stars"
    MOON = "moon"
    LANTERNS = "lanterns"
    BLOSSOM = "blossom"
    FALLEN_LEAVES = "fallen leaves"
    LYING_SNOW = "lying snow"
    SUNSET = "sunset"
    RAINBOW = "rainbow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the prompt asks for; ``None`` means that it does not say."""

    place: Place | None = None
    season: Season | None = None
    time: Time | None = None
    weather: Weather | None = None
    light: Side | None = None
    extras: tuple[Extra, ...] = ()

    def filled(self) -> FilledConditions:
        """Fill what is not said with what a background department would assume."""
        extras = self.extras
        weather = self.weather
        season = self.season or (
            Season.SPRING if Extra.BLOSSOM in extras
            else Season.AUTUMN if Extra.FALLEN_LEAVES in extras
            else Season.WINTER if weather is Weather.SNOW or Extra.LYING_SNOW in extras
            else Season.SUMMER
        )  # fmt: skip
        night = {Extra.FIREWORKS, Extra.STARS, Extra.MOON, Extra.LANTERNS}
        time = self.time or (
            Time.NIGHT if night & set(extras) else Time.DUSK if Extra.SUNSET in extras else Time.AFTERNOON
        )
        return FilledConditions(
            place=self.place,
            season=season,
            time=time,
            weather=weather or Weather.FAIR,
            extras=extras,
            light=self.light,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledConditions:
    """Conditions with season, time and weather decided."""

    place: Place | None
    season: Season
    time: Time
    weather: Weather
    extras: tuple[Extra, ...] = ()
    light: Side | None = None
    """``None``: the painter's own choice, by the seed."""

    @property
    def snow_lies(self) -> bool:
        """Snow lies on what faces up: in winter snowfall, or when the prompt says so."""
        return Extra.LYING_SNOW in self.extras or self.weather is Weather.SNOW
