"""Cast shadows lie on the ground, on the far side from the light, and follow the sun's height."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.engines.embedded.scene import GROUND, STANDING
from genzu.engines.embedded.script import Light, script_for
from genzu.engines.embedded.shadow import below, cast_shadows, contact_shade, wall_shadows
from genzu.picture.arrays import UInt8

H, W = 200, 400


def light(side: float, elevation: float = 40.0, sharpness: float = 1.0) -> Light:
    base = script_for(Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR).filled(), 1).light
    return replace(base, towards=(side * 0.7, -0.7), elevation=elevation, sharpness=sharpness)


def post(material: Material = Material.WALL) -> UInt8:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[100:] = Material.SOIL
    m[80:150, 195:205] = material
    return m


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_it_falls_away_from_the_light(side: float) -> None:
    shadow = cast_shadows(post(), light(side), STANDING, GROUND)
    left, right = shadow[:, :190].sum(), shadow[:, 210:].sum()
    assert (right > 20 * (left + 1)) if side < 0 else (left > 20 * (right + 1))


def test_it_lies_on_the_ground_only() -> None:
    m = post()
    shadow = cast_shadows(m, light(-1), STANDING, GROUND)
    assert shadow[m == Material.SKY].max() == 0
    assert shadow[m == Material.WALL].max() == 0
    assert shadow[m == Material.SOIL].max() > 0.9


def test_a_low_sun_throws_it_farther() -> None:
    reach = []
    for elevation in (25.0, 45.0, 70.0):
        shadow = cast_shadows(post(), light(-1, elevation), STANDING, GROUND)
        reach.append(np.flatnonzero((shadow > 0.5).any(0)).max())
    assert reach[0] > reach[1] > reach[2]


def test_it_begins_at_the_foot() -> None:
    shadow = cast_shadows(post(), light(-1), STANDING, GROUND)
    assert shadow[150:154, 195:215].max() > 0.5
    assert shadow[104:146, 210:].max() < 0.05


def test_an_overcast_sky_throws_none() -> None:
    assert cast_shadows(post(), light(-1, sharpness=0.0), STANDING, GROUND).max() == 0


def test_what_floats_throws_none() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[120:] = Material.SOIL
    m[30:60, 100:140] = Material.CLOTH
    assert cast_shadows(m, light(-1), STANDING, GROUND).max() == 0


def test_crowns_let_flecks_of_light_through() -> None:
    solid = cast_shadows(post(Material.WALL), light(-1), STANDING, GROUND, 3)
    m = post(Material.FOLIAGE)
    leafy = cast_shadows(m, light(-1), STANDING, GROUND, 3)
    covered = solid > 0.95
    assert solid[covered].std() < 0.05
    assert leafy[covered].std() > 0.15


def test_a_pole_does_not_cut_the_shadow_of_the_house_behind_it() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[100:] = Material.SOIL
    m[60:120, 100:200] = Material.WALL
    house = cast_shadows(m, light(-1), STANDING, GROUND)
    thin = np.zeros(m.shape, bool)
    thin[40:170, 150:156] = True
    m[thin] = Material.METAL
    both = cast_shadows(m, light(-1), STANDING, GROUND, 0, thin)
    lost = (house > 0.9) & (both < 0.5) & ~thin
    assert lost.sum() < 0.02 * (house > 0.9).sum()


def test_feet_are_shaded() -> None:
    shade = contact_shade(post(), STANDING, GROUND)
    assert shade[150:153, 196:204].mean() < shade[190, 350] - 0.2
    assert shade[190, 350] == pytest.approx(1, abs=0.01)


def test_walls_are_shaded_below_what_juts_out() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[60:80, 90:310] = Material.ROOF
    m[80:180, 100:300] = Material.WALL
    shadow = wall_shadows(m, light(-1))
    assert shadow[82, 150:250].mean() > 0.8
    assert shadow[120:, 150:250].max() < 0.05
    assert shadow[m != Material.WALL].max() < 0.6


@pytest.mark.parametrize("cause", [False, True])
def test_below_counts_rows(cause: bool) -> None:
    mask = np.zeros((10, 3), bool)
    mask[3:9] = True
    start = np.zeros_like(mask)
    start[2] = True
    rows = below(mask, 4, cause=start if cause else None)
    assert rows[3:9, 0].tolist() == [0, 1, 2, 3, 4, 4]
    assert rows[:3].max() == 0


def test_a_pole_with_wavering_sides_stands_on_one_foot() -> None:
    materials = np.full((540, 960), Material.ROAD, np.uint8)
    materials[:200] = Material.SKY
    materials[120:400, 480:488] = Material.METAL
    materials[330:400, 478:480] = Material.METAL
    materials[390:400, 484:488] = Material.ROAD
    thin = materials == Material.METAL
    shadow = cast_shadows(materials, light(-1), STANDING, GROUND, 1, thin)
    assert shadow[402:430].max() > 0.3
    assert shadow[200:396].max() < 0.3
