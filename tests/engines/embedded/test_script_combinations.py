"""All 4 seasons × 6 times × 8 weathers: each is plausible, and each is another one than its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.engines.embedded import script_tables as tables
from genzu.engines.embedded.scene import GROUND, STANDING
from genzu.engines.embedded.script import ColourScript, script_for
from genzu.engines.embedded.shadow import Eye, cast_shadows
from genzu.picture.arrays import Float32
from genzu.picture.colour import oklab_from_linear

Key = tuple[Season, Time, Weather]
Scripts = dict[Key, ColourScript]
DAY = tuple(time for time in Time if time is not Time.NIGHT)
OPEN = (Weather.CLEAR, Weather.FAIR, Weather.AFTER_RAIN)
CLOSED = tuple(weather for weather in Weather if weather not in OPEN)
FLOOR = 0.010
"""Least distance (root mean square over ten OKLab colours) of any two of the 192: about half a just noticeable step
in every colour at once."""


def all_scripts(seed: int = 3) -> Scripts:
    return {
        (season, time, weather): script_for(Conditions(season=season, time=time, weather=weather).filled(), seed)
        for season, time, weather in product(Season, Time, Weather)
    }


def painted(script: ColourScript, albedo: Float32, *, lit: float) -> Float32:
    """OKLab of a matt paint under the script's light, as ``surface.relight`` does it."""
    light = script.light
    return oklab_from_linear(script.graded(albedo * (light.ambient + np.float32(lit) * light.key + 0.3 * light.bounce)))


WHITE = np.full(3, 0.82, np.float32)


def swatches(script: ColourScript) -> Float32:
    """(10, 3) OKLab: six colours of sky and air, white and leaves in the light and in the shade."""
    sky = np.stack(
        [script.zenith, script.middle, script.horizon, script.away, script.cloud_lit, script.haze]
    ).astype(np.float32)  # fmt: skip
    paints = [
        painted(script, paint, lit=lit) for paint in (WHITE, script.local(Material.FOLIAGE)) for lit in (0.85, 0.1)
    ]
    return np.concatenate([oklab_from_linear(sky), np.stack(paints)])


def alike(scripts: Scripts) -> list[str]:
    keys = list(scripts)
    table = np.stack([swatches(scripts[key]).ravel() for key in keys])
    away = np.sqrt(((table[:, None] - table[None]) ** 2).sum(-1) / 10)
    away[np.tril_indices(len(keys))] = 9
    return [f"{keys[i]} looks like {keys[j]}" for i, j in zip(*np.nonzero(away < FLOOR), strict=True)]


def wrong_colours(scripts: Scripts) -> list[str]:
    found = []
    for (season, time, weather), script in scripts.items():
        name, light = f"{season} {time} {weather}", script.light
        key, ambient = oklab_from_linear(light.key), oklab_from_linear(light.ambient)
        sky = oklab_from_linear(np.stack([script.zenith, script.middle, script.horizon]))
        lit, shade = painted(script, WHITE, lit=0.85), painted(script, WHITE, lit=0.1)
        least = {Time.DAWN: 0.08, Time.DUSK: 0.14, Time.AFTERNOON: 0.07, Time.MORNING: 0.05, Time.NOON: 0.04}
        if weather in OPEN and time in least and key[2] - ambient[2] < least[time]:
            found.append(f"{name}: the light is not warm against the shadow")
        if not (sky[0, 0] <= sky[1, 0] + 0.02 and sky[1, 0] <= sky[2, 0] + 0.02):
            found.append(f"{name}: the sky is lighter above than at the horizon")
        if max(float(np.max(c)) for c in (script.zenith, script.horizon, script.cloud_lit, script.haze)) > 1.002:
            found.append(f"{name}: a colour of the sky is clipped")
        if script.graded(WHITE * 1.08 * (light.ambient + light.key + 0.4 * light.bounce)).max() >= 1.0:
            found.append(f"{name}: white paper burns out")
        step = lit[0] - shade[0]
        if (weather in OPEN and step < 0.12) or (weather in CLOSED and step > 0.14):
            found.append(f"{name}: light and shadow stand {step:.2f} apart")
        if weather in CLOSED and light.sharpness > 0.02:
            found.append(f"{name}: a closed sky throws shadows")
    return found


def wrong_order(scripts: Scripts) -> list[str]:
    """Hours and weathers against each other."""
    found = []

    def value(season: Season, time: Time, weather: Weather) -> float:
        colours = swatches(scripts[season, time, weather])
        return float(colours[:, 0].mean())

    for season, weather in product(Season, Weather):
        night, dusk, noon = (value(season, time, weather) for time in (Time.NIGHT, Time.DUSK, Time.NOON))
        if not night + 0.12 < dusk < noon - 0.03:
            found.append(f"{season} {weather}: night {night:.2f}, dusk {dusk:.2f}, noon {noon:.2f}")
    for season, time in product(Season, Time):
        if value(season, time, Weather.STORM) > min(value(season, time, w) for w in Weather if w is not Weather.STORM):
            found.append(f"{season} {time}: the storm is not the darkest")
        thick = [
            scripts[season, time, w].haze_density for w in (Weather.CLEAR, Weather.FAIR, Weather.RAIN, Weather.FOG)
        ]
        if sorted(thick) != thick or thick[-1] - thick[0] < 0.4:
            found.append(f"{season} {time}: air {thick}")
    for time, weather in product(DAY, OPEN):
        spring, summer, autumn, winter = (scripts[season, time, weather] for season in Season)
        if not oklab_from_linear(spring.zenith)[0] > oklab_from_linear(summer.zenith)[0]:
            found.append(f"{time} {weather}: spring is not airier than summer")
        if not winter.light.elevation <= autumn.light.elevation <= summer.light.elevation:
            found.append(f"{time} {weather}: the sun of winter is not the lowest")
    return found


CHECKS: tuple[Callable[[Scripts], list[str]], ...] = (alike, wrong_colours, wrong_order)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_all_192_are_right(check: Callable[[Scripts], list[str]], seed: int) -> None:
    assert check(all_scripts(seed)) == []


BROKEN = {
    "dusk is noon": ("TIMES", Time.DUSK, tables.TIMES[Time.NOON]),
    "dawn is dusk": ("TIMES", Time.DAWN, tables.TIMES[Time.DUSK]),
    "a cold sunset": ("TIMES", Time.DUSK, replace(tables.TIMES[Time.DUSK], key="#a0b8ff")),
    "a white night": ("TIMES", Time.NIGHT, replace(tables.TIMES[Time.NIGHT], ambient_strength=1.8)),
    "a sky upside down": (
        "TIMES", Time.MORNING, replace(tables.TIMES[Time.MORNING], zenith="#e2f2f2", horizon="#458fd6"),
    ),
    "a burning noon": ("TIMES", Time.NOON, replace(tables.TIMES[Time.NOON], key_strength=60.0)),
    "shadows under clouds": (
        "WEATHERS", Weather.OVERCAST, replace(tables.WEATHERS[Weather.OVERCAST], key=1.0, sharpness=1.0),
    ),
    "thin fog": ("WEATHERS", Weather.FOG, replace(tables.WEATHERS[Weather.FOG], haze=0.1)),
    "a bright storm": ("WEATHERS", Weather.STORM, replace(tables.WEATHERS[Weather.STORM], deck="#d0d8e0", ambient=1.5)),
    "snow is overcast": ("WEATHERS", Weather.SNOW, tables.WEATHERS[Weather.OVERCAST]),
    "one season": ("SEASONS", Season.WINTER, tables.SEASONS[Season.SUMMER]),
    "a high winter sun": ("SEASONS", Season.WINTER, replace(tables.SEASONS[Season.WINTER], elevation=1.2)),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_tables_are_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table, key, entry = BROKEN[name]
    monkeypatch.setitem(getattr(tables, table), key, entry)
    scripts = all_scripts()
    assert [fault for check in CHECKS for fault in check(scripts)], "nobody noticed"


@pytest.mark.parametrize("weather", Weather)
def test_only_an_open_sky_casts_shadows(weather: Weather) -> None:
    materials = np.full((60, 90), Material.ROAD, np.uint8)
    materials[:20], materials[10:30, 40:50] = Material.SKY, Material.WALL
    light = script_for(Conditions(season=Season.SUMMER, time=Time.AFTERNOON, weather=weather).filled(), 1).light
    solid, _leafy = cast_shadows(materials, light, STANDING, GROUND, Eye(15))
    assert solid.any() == (weather in OPEN)
