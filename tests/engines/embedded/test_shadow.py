"""Cast shadows lie on the ground, on the far side from the light, and follow the sun's height."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.engines.embedded.scene import GROUND, STANDING
from genzu.engines.embedded.script import Light, script_for
from genzu.engines.embedded.shadow import Eye, below, cast_shadows, contact_shade, wall_shadows
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

H, W = 200, 400


def light(side: float, elevation: float = 40.0, sharpness: float = 1.0) -> Light:
    base = script_for(Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR).filled(), 1).light
    return replace(base, towards=(side * 0.7, -0.7), elevation=elevation, sharpness=sharpness)


def cast(
    materials: UInt8, sun: Light, thin: Bool | None = None, trees: Int32 | None = None, middle: float | None = None
) -> Float32:
    """All shadow in a picture whose horizon is half-way down."""
    solid, leafy = cast_shadows(materials, sun, STANDING, GROUND, Eye(len(materials) / 2, middle), thin, trees)
    return np.maximum(solid, leafy)


def post(material: Material = Material.WALL) -> UInt8:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[100:] = Material.SOIL
    m[80:150, 195:205] = material
    return m


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_it_falls_away_from_the_light(side: float) -> None:
    shadow = cast(post(), light(side))
    left, right = shadow[:, :190].sum(), shadow[:, 210:].sum()
    assert (right > 20 * (left + 1)) if side < 0 else (left > 20 * (right + 1))


def test_it_lies_on_the_ground_only() -> None:
    m = post()
    shadow = cast(m, light(-1))
    assert shadow[m == Material.SKY].max() == 0
    assert shadow[m == Material.WALL].max() == 0
    assert shadow[m == Material.SOIL].max() > 0.9


def test_a_low_sun_throws_it_farther() -> None:
    reach = []
    for elevation in (25.0, 45.0, 70.0):
        shadow = cast(post(), light(-1, elevation))
        reach.append(np.flatnonzero((shadow > 0.5).any(0)).max())
    assert reach[0] > reach[1] > reach[2]


def test_it_begins_at_the_foot() -> None:
    shadow = cast(post(), light(-1))
    assert shadow[150:154, 195:215].max() > 0.5
    assert shadow[104:146, 210:].max() < 0.05


def test_an_overcast_sky_throws_none() -> None:
    assert cast(post(), light(-1, sharpness=0.0)).max() == 0


def test_what_floats_throws_none() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[120:] = Material.SOIL
    m[30:60, 100:140] = Material.CLOTH
    assert cast(m, light(-1)).max() == 0


def test_shade_of_leaves_is_told_from_that_of_walls_and_has_a_softer_edge() -> None:
    eye = Eye(H / 2)
    house, crown = (np.repeat(post(kind), 4, axis=1) for kind in (Material.WALL, Material.FOLIAGE))
    wall, none = cast_shadows(house, light(-1), STANDING, GROUND, eye)
    nothing, leaves = cast_shadows(crown, light(-1), STANDING, GROUND, eye)
    assert not none.any() and not nothing.any()
    assert leaves.sum() == pytest.approx(wall.sum(), rel=0.25)
    assert np.abs(np.diff(leaves, axis=0)).max() < 0.6 * np.abs(np.diff(wall, axis=0)).max()


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.6])
def test_the_shadow_of_a_row_of_houses_ends_on_a_line_through_the_vanishing_point(factor: float) -> None:
    height, width, middle = 300, 600, 300
    m = np.full((height, width), Material.SKY, np.uint8)
    m[height // 2 :] = Material.ROAD
    for x in range(middle + 20, width):  # a wall that recedes, as tall above the eye as the eye is above the road
        below = round(0.45 * (x - middle))
        m[max(height // 2 - round(factor * below), 0) : height // 2 + below, x] = Material.WALL
    shadow = cast(m, light(1, 40), middle=middle) > 0.5
    rows = np.arange(200, 280, 8)
    ends = np.array([np.flatnonzero(shadow[row])[0] for row in rows])
    slope = (ends - middle) / (rows - height / 2)
    assert np.ptp(slope) < 0.25, "equally tall houses throw equally far, whatever their distance"
    assert slope.mean() < 1 / 0.45 - 0.4 * factor, "and the taller ones farther"


def test_what_stands_behind_a_house_makes_its_shadow_no_longer() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[100:] = Material.SOIL
    m[110:140, 100:200], m[90:110, 100:200] = Material.WALL, Material.ROOF
    alone = cast(m, light(-1))
    for above in (Material.WALL, Material.FOLIAGE):
        behind = m.copy()
        behind[20:90, 100:200] = above
        assert np.array_equal(cast(behind, light(-1)), alone)


def test_a_house_goes_on_beyond_the_side_of_the_picture_that_the_light_comes_from() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[100:] = Material.ROAD
    m[40:150, : W // 4] = Material.WALL
    assert cast(m, light(-1))[152:160, : W // 4].min() > 0.9, "no light from outside at the picture's left side"
    assert not cast(m, light(1))[152:160, W // 2 :].any()


def test_a_pole_does_not_cut_the_shadow_of_the_house_behind_it() -> None:
    m = np.full((H, W), Material.SKY, np.uint8)
    m[100:] = Material.SOIL
    m[60:120, 100:200] = Material.WALL
    house = cast(m, light(-1))
    thin = np.zeros(m.shape, bool)
    thin[40:170, 150:156] = True
    m[thin] = Material.METAL
    both = cast(m, light(-1), thin)
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
    shadow = cast(materials, light(-1), thin)
    assert shadow[402:430].max() > 0.3
    assert shadow[200:396].max() < 0.3
