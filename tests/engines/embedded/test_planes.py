"""What gives a painting its groups: cut planes, cool shade, quiet crowds, framed foregrounds, drawn shadows."""

from __future__ import annotations

from dataclasses import replace

import mahotas
import numpy as np
import pytest
from tests.engines.embedded.built import request
from tests.engines.embedded.built import street as built_street

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.engines.embedded.ground import ground, lying_shadow, overhung
from genzu.engines.embedded.lights import Kind
from genzu.engines.embedded.materials.built import rest
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.planes import cleaved
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.surface import Surface, relight
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_linear

W, H = 480, 270
WHOLE, PART = Bounds(0, 0, W, H), Bounds(60, 40, 260, 190)
INSIDE = np.s_[40:230, 60:320]
NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RUINS)
DUSK = replace(NOON, time=Time.DUSK)
OVERCAST = replace(NOON, weather=Weather.OVERCAST)
NIGHT = replace(NOON, time=Time.NIGHT)
SNOW = replace(NOON, season=Season.WINTER, extras=(Extra.LYING_SNOW,))


def boulder() -> UInt8:
    y, x = np.mgrid[0:H, 0:W]
    m = np.full((H, W), Material.SKY, np.uint8)
    m[y > 110] = Material.SOIL
    m[((x - 240) / 170.0) ** 2 + ((y - 150) / 90.0) ** 2 < 1] = Material.ROCK
    return m


def town(houses: int) -> UInt8:
    """So many small houses in rows on a hill."""
    m = np.full((H, W), Material.GRASS, np.uint8)
    m[:60] = Material.SKY
    for k in range(houses):
        top, left = 70 + 44 * (k // 10), 4 + 46 * (k % 10) + 9 * (k // 10)
        m[top : top + 8, left - 2 : left + 26] = Material.ROOF
        m[top + 8 : top + 24, left : left + 24] = Material.WALL
    return m


def scene_of(conditions: Conditions, materials: UInt8) -> Scene:
    return Scene(request(conditions, materials=materials))


def test_facets_of_rock_are_flat_and_the_same_from_every_tile() -> None:
    scene = scene_of(NOON, boulder())
    whole, part = (cleaved(Patch(scene, bounds), Material.ROCK, 92.0, 5) for bounds in (WHOLE, PART))
    for plane in ("nx", "ny", "tone"):
        assert (getattr(whole, plane)[INSIDE] != getattr(part, plane)).mean() < 0.002, plane
    steps = np.abs(np.diff(whole.nx, axis=1)) + np.abs(np.diff(whole.ny, axis=1))
    assert (steps == 0).mean() > 0.9, "a facet bends"
    assert 100 < len(np.unique(whole.tone)) < 600, "about one facet for 23 × 18 px"
    assert whole.seam[:, :-1][steps > 0.1].max() < 0.25 * whole.seam.max(), "facets meet at their seams"


def test_facets_follow_the_swelling_of_the_mass() -> None:
    found = cleaved(Patch(scene_of(NOON, boulder()), WHOLE), Material.ROCK, 40.0, 5)
    rock = boulder() == Material.ROCK
    x = np.mgrid[0:H, 0:W][1]
    left, right = rock & (x < 110), rock & (x > 370)
    assert found.nx[right].mean() > found.nx[left].mean() + 0.2


RED = np.array([0.45, 0.11, 0.05], np.float32)


def leaves(scene: Scene, lit: float) -> Float32:
    """(3,) OKLab of red leaves."""
    patch = Patch(scene, Bounds(100, 200, 20, 20))
    surface = Surface(albedo=RED, light=lit, bounce=0.0, shadowed=False, haze=0)
    return oklab_from_linear(relight(surface, patch)[5:6, 5])[0]


def kept_hue(conditions: Conditions) -> float:
    """How red leaves in the shade are, as a share of what the sky's light alone would make of them."""
    scene = scene_of(conditions, np.full((H, W), Material.SOIL, np.uint8))
    mine, plain = leaves(scene, 0.0), oklab_from_linear((RED * scene.script.light.ambient)[None])[0]
    return float(mine[1] / mine[0] / (plain[1] / plain[0]))


def test_at_a_low_sun_shade_gives_up_its_hue() -> None:
    assert kept_hue(DUSK) < 0.88
    assert kept_hue(NOON) > kept_hue(DUSK) + 0.05, "a high sun leaves the shade its colour"
    assert kept_hue(OVERCAST) == pytest.approx(1, abs=0.01), "without sun there is no shade"
    scene = scene_of(DUSK, np.full((H, W), Material.SOIL, np.uint8))
    assert leaves(scene, 0.9)[2] - leaves(scene, 0.0)[2] > 0.07, "warm light, cool shade"


def test_shade_on_snow_is_bluer_than_other_shade() -> None:
    bare, snowy = (scene_of(c, boulder()).script.light.ambient for c in (replace(NOON, season=Season.WINTER), SNOW))
    assert snowy[2] / snowy[0] > 1.2 * bare[2] / bare[0]


def test_a_crowd_of_houses_rests_on_the_side_away_from_the_light() -> None:
    scene = scene_of(NOON, town(40))
    quiet = rest(Patch(scene, WHOLE))
    assert quiet is not None
    walls = town(40) == Material.WALL
    assert 0.2 < quiet[walls].mean() < 0.8
    away = scene.script.light.towards[0] < 0
    x = np.mgrid[0:H, 0:W][1]
    assert quiet[walls & ((x > 300) == away)].mean() > quiet[walls & ((x > 300) != away)].mean() + 0.2


@pytest.mark.parametrize(("conditions", "houses"), [(NOON, 6), (NIGHT, 40), (OVERCAST, 40)])
def test_few_houses_or_no_sun_and_nothing_rests(conditions: Conditions, houses: int) -> None:
    quiet = rest(Patch(scene_of(conditions, town(houses)), WHOLE))
    assert quiet is None or quiet.max() < 0.05


def test_leaves_shade_the_foreground_only_and_only_in_sun() -> None:
    ground_only = np.full((H, W), Material.SOIL, np.uint8)
    ground_only[:110] = Material.SKY
    patch = Patch(scene_of(NOON, ground_only), WHOLE)
    shade = overhung(patch, ground(patch))
    assert 0.04 < shade[240:].mean() < 0.6
    assert shade[:170].max() < 0.01
    part = Patch(patch.scene, Bounds(60, 200, 200, 70))
    assert np.abs(shade[200:270, 60:260] - overhung(part, ground(part))).max() < 1e-4
    for conditions in (OVERCAST, SNOW):
        other = Patch(scene_of(conditions, ground_only), WHOLE)
        assert not overhung(other, ground(other)).any()


def test_a_cast_shadow_has_one_drawn_edge() -> None:
    m = np.full((H, W), Material.ROAD, np.uint8)
    m[:110] = Material.SKY
    for k in range(12):  # a wall whose foot climbs in steps, as perspective makes it
        m[60 : 150 + 5 * (k % 2), 120 + 12 * k : 132 + 12 * k] = Material.WALL
    patch = Patch(scene_of(replace(NOON, time=Time.AFTERNOON), m), WHOLE)
    drawn, thrown = lying_shadow(patch), patch.shadow
    assert np.corrcoef((drawn > 0.5).ravel(), (thrown > 0.5).ravel())[0, 1] > 0.75
    shaded = drawn[(thrown > 0.5) & (patch.materials == Material.ROAD)]
    assert shaded.std() > 0.01, "not one flat tone"
    none = Patch(scene_of(OVERCAST, m), WHOLE)
    assert not lying_shadow(none).any()


def test_a_burst_behind_a_tower_is_no_lamp() -> None:
    m = built_street()
    y, x = np.mgrid[0:H, 0:W]
    tower = (x > 205) & (x < 250) & (y > 60) & (y <= 110)
    m[tower] = Material.WALL
    turn, far = np.arctan2(y - 40, x - 226), np.hypot(y - 40, x - 226)
    rays = (far < 36) & (np.cos(turn * 9) > 0.55) & ~tower
    m[rays] = Material.GLOW
    scene = scene_of(replace(NIGHT, place=Place.CITY, extras=(Extra.FIREWORKS,)), m)
    kind = scene.lights.kind[scene.reading.regions]
    assert (kind[rays] == Kind.FIREWORK).mean() > 0.9
    lamp = (np.abs(x - 180) < 6) & (np.abs(y - 64) < 6) & ~rays
    assert (kind[lamp] == Kind.LAMP).all()


def test_shade_of_leaves_has_flecks_of_light_and_that_of_a_wall_has_none() -> None:
    lit = {}
    for kind in (Material.FOLIAGE, Material.WALL):
        m = np.full((540, 960), Material.ROAD, np.uint8)
        m[:200] = Material.SKY
        m[150:300, 300:700] = kind
        patch = Patch(scene_of(replace(NOON, time=Time.AFTERNOON), m), Bounds(0, 0, 960, 540))
        inside = mahotas.erode(patch.shadow > 0.8, np.ones((5, 5), bool)) & (m == Material.ROAD)
        inside[:, :40] = inside[:, -40:] = False
        assert inside.sum() > 1000
        lit[kind] = float((lying_shadow(patch)[inside] < 0.5).mean())
    assert lit[Material.WALL] == 0
    assert 0.005 < lit[Material.FOLIAGE] < 0.3
