from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Side, Time, Weather
from genzu.engines.embedded.script import ColourScript, script_for
from genzu.picture.colour import oklab_from_linear


def script(season: Season, time: Time, weather: Weather, seed: int = 0) -> ColourScript:
    return script_for(Conditions(season=season, time=time, weather=weather).filled(), seed)


ALL = list(product(Season, Time, Weather))


@pytest.mark.parametrize(("season", "time", "weather"), ALL)
def test_every_script_is_in_range_and_has_one_light(season: Season, time: Time, weather: Weather) -> None:
    made = script(season, time, weather)
    for colour in (made.zenith, made.middle, made.horizon, made.cloud_lit, made.cloud_shade, made.haze):
        assert colour.shape == (3,) and np.isfinite(colour).all() and colour.min() >= 0 and colour.max() <= 1.25
    assert np.hypot(*made.light.towards) == pytest.approx(1, abs=1e-5)
    assert made.light.towards[1] < 0, "the light comes from above"
    assert 0 <= made.haze_density <= 1
    for material in Material:
        assert made.local_count(material) >= 1 and made.local(material, 3).min() >= 0


@pytest.mark.parametrize(("season", "time", "weather"), ALL)
def test_white_paint_neither_burns_nor_sinks(season: Season, time: Time, weather: Weather) -> None:
    made = script(season, time, weather)
    lit = made.graded(np.float32(0.9) * (made.light.ambient + 0.9 * made.light.key + 0.4 * made.light.bounce))
    dark = made.graded(np.float32(0.04) * made.light.ambient)
    assert lit.max() < 1.0 and oklab_from_linear(lit)[0] > 0.36
    assert oklab_from_linear(dark)[0] > 0.05, "black never blocks"


def test_light_is_warm_and_shadow_is_cool_by_day() -> None:
    for time in (Time.MORNING, Time.NOON, Time.AFTERNOON, Time.DUSK, Time.DAWN):
        light = script(Season.SUMMER, time, Weather.FAIR).light
        assert oklab_from_linear(light.key)[2] > oklab_from_linear(light.ambient)[2] + 0.02


def test_weather_and_hour_change_what_they_should() -> None:
    fair = script(Season.SUMMER, Time.NOON, Weather.FAIR)
    assert script(Season.SUMMER, Time.NOON, Weather.FOG).haze_density > fair.haze_density + 0.3
    assert script(Season.SUMMER, Time.NOON, Weather.OVERCAST).light.sharpness < 0.3
    assert script(Season.SUMMER, Time.NIGHT, Weather.FAIR).light.key.mean() < 0.4 * fair.light.key.mean()
    assert script(Season.SUMMER, Time.DUSK, Weather.FAIR).light.elevation < 15
    assert script(Season.WINTER, Time.NOON, Weather.SNOW).snow == 1 and fair.snow == 0


def test_greens_stay_natural() -> None:
    for season in Season:
        made = script(season, Time.NOON, Weather.CLEAR)
        for material in (Material.GRASS, Material.FOLIAGE):
            for kin in range(made.local_count(material)):
                lab = oklab_from_linear(made.local(material, kin))
                assert np.hypot(lab[1], lab[2]) < 0.17


def test_seeds_choose_the_side_of_the_light() -> None:
    sides = {np.sign(script(Season.SUMMER, Time.NOON, Weather.FAIR, seed).light.towards[0]) for seed in range(12)}
    assert sides == {-1.0, 1.0}


@pytest.mark.parametrize(("side", "sign"), [(Side.LEFT, -1), (Side.RIGHT, 1)])
def test_the_light_comes_from_where_the_prompt_says(side: Side, sign: int) -> None:
    for seed in range(6):
        own = script_for(Conditions(time=Time.DUSK).filled(), seed).light
        said = script_for(Conditions(time=Time.DUSK, light=side).filled(), seed).light
        assert np.sign(said.towards[0]) == sign
        assert (abs(said.towards[0]), said.towards[1], said.elevation) == (
            abs(own.towards[0]), own.towards[1], own.elevation,
        )  # fmt: skip


def test_foam_keeps_half_of_the_lights_colour_and_is_not_darker_for_it() -> None:
    for time in Time:
        script = script_for(Conditions(season=Season.SUMMER, time=time, weather=Weather.CLEAR).filled(), 1)
        lit = np.minimum(script.cloud_lit * 0.55 + (script.light.key + script.light.ambient) * 0.42, 0.93)
        foam, light = oklab_from_linear(np.stack([script.foam, lit]).astype(np.float32))
        assert np.hypot(*foam[1:]) == pytest.approx(np.hypot(*light[1:]) / 2, abs=2e-3)
        assert light[0] - 1e-3 <= foam[0] < 0.99
