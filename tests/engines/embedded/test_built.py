"""Properties of the painters of built things on a small street."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.engines.embedded.built import HORIZON, MIDDLE, H, W, inside, request, street

from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32
from genzu.picture.colour import oklab_from_srgb8

BUILT = (
    Material.WALL, Material.ROOF, Material.WINDOW, Material.ROAD, Material.WOOD, Material.METAL, Material.CLOTH,
    Material.GLOW,
)  # fmt: skip
NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.SHOPPING_STREET)
NIGHT = replace(NOON, time=Time.NIGHT)
Y, X = np.mgrid[0:H, 0:W]


@cache
def rough(conditions: Conditions, seed: int = 1) -> Float32:
    """OKLab of the rough."""
    return oklab_from_srgb8(EmbeddedEngine().paint(request(conditions, seed=seed)))


@cache
def painting(conditions: Conditions, seed: int = 1) -> Float32:
    asked = request(conditions, seed=seed)
    engine = EmbeddedEngine()
    first = engine.paint(asked)
    return oklab_from_srgb8(engine.paint(replace(asked, stage=Stage.PAINTING, rough=first)))


def test_walls_of_a_street_face_the_street() -> None:
    scene = Scene(request(NOON))
    walls = street() == Material.WALL
    facing = scene.forms.facing[scene.reading.regions]
    left, right = walls & (X < MIDDLE) & inside(walls), walls & (X > MIDDLE) & inside(walls)
    assert facing[left].mean() > 0.5
    assert facing[right].mean() < -0.5


def test_doors_and_windows_face_as_their_wall_does() -> None:
    materials = street()
    door = (materials == Material.WOOD) & (MIDDLE < X)
    foot = door & (HORIZON + 0.38 * np.abs(X - MIDDLE) < Y)  # a line cuts it off
    asked = request(NOON)
    regions = asked.reading.regions.copy()
    regions[foot] = regions.max() + 1
    forms = Scene(replace(asked, reading=replace(asked.reading, regions=regions))).forms
    for there in (door & ~foot, foot, (materials == Material.WINDOW) & (MIDDLE < X)):
        assert forms.facing[regions[there]].max() < -0.5
    assert forms.facing[regions[(materials == Material.WOOD) & (MIDDLE > X)]].min() > 0.5


def test_the_vanishing_point_is_found() -> None:
    x, y, recedes = Scene(request(NOON)).vanishing
    assert recedes
    unit = H / 1080
    assert abs(x * unit - MIDDLE) < 14
    assert abs(y * unit - HORIZON) < 14


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_walls_turned_to_the_light_are_lighter(seed: int) -> None:
    scene = Scene(request(NOON, seed=seed))
    walls = inside(street() == Material.WALL)
    lit_right = scene.script.light.towards[0] > 0
    # A wall on the left faces right: it is lit when the light comes from the right.
    lit = walls & ((X < MIDDLE) == lit_right)
    dark = walls & ((X < MIDDLE) != lit_right)
    lightness = rough(NOON, seed)[..., 0]
    assert np.median(lightness[lit]) > np.median(lightness[dark]) + 0.05


def test_under_an_awning_lies_its_shadow() -> None:
    scene = Scene(request(NOON))
    shadow = scene.sample(scene.wall_shadow, scene.whole(street()))
    cloth = street() == Material.CLOTH
    just_below = np.zeros_like(cloth)
    just_below[2:5] = cloth[:-5][:3]
    for step in (2, 3, 4):
        just_below[step:] |= cloth[:-step]
    just_below &= (street() == Material.WALL) & (Y > HORIZON)
    far_below = (street() == Material.WALL) & (HORIZON + 0.34 * np.abs(X - MIDDLE) < Y)
    assert shadow[just_below].mean() > 0.5
    assert shadow[far_below].mean() < 0.15


def test_lit_windows_shine_at_night_and_not_at_noon() -> None:
    seeds = range(1, 7)
    lit = [Scene(request(NIGHT, seed=seed)).lights.shine for seed in seeds]
    panes = [Scene(request(NIGHT, seed=seed)).regions.material == Material.WINDOW for seed in seeds]
    share = np.mean(np.concatenate([shine[pane] > 0 for shine, pane in zip(lit, panes, strict=True)]))
    assert 0.3 < share < 0.98
    noon = Scene(request(NOON))
    assert noon.lights.shine[noon.regions.material == Material.WINDOW].max(initial=0) == 0


def test_a_lamp_lights_what_is_near_it_warm() -> None:
    scene = Scene(request(NIGHT))
    fall = scene.lights.fall
    assert fall is not None
    light = scene.sample(fall, scene.whole(street()))
    near, far = light[90:110, 170:190].mean((0, 1)), light[240:260, 300:330].mean((0, 1))
    assert near.mean() > 2 * far.mean()
    assert near[0] > near[2]


def test_fireworks_tint_the_town() -> None:
    plain, lit = rough(NIGHT), rough(replace(NIGHT, extras=(Extra.FIREWORKS,)))
    walls = inside(street() == Material.WALL)
    assert np.abs(lit[walls] - plain[walls]).mean() > 0.01


def test_snow_lies_on_roofs_awnings_and_road() -> None:
    winter = replace(NOON, season=Season.WINTER)
    bare, snowy = rough(winter), rough(replace(winter, extras=(Extra.LYING_SNOW,)))
    for material in (Material.ROOF, Material.ROAD):
        where = inside(street() == material)
        assert np.median(snowy[where][:, 0]) > np.median(bare[where][:, 0]) + 0.05, material
    walls = inside(street() == Material.WALL, 6)
    assert abs(np.median(snowy[walls][:, 0]) - np.median(bare[walls][:, 0])) < 0.08


def test_wet_ground_mirrors_lamps() -> None:
    dry, wet = Scene(request(NIGHT)), Scene(request(replace(NIGHT, weather=Weather.RAIN)))
    assert dry.lights.streak is None
    assert wet.lights.streak is not None
    assert wet.lights.streak[200:, 170:190].mean() > wet.lights.streak[200:, 230:250].mean()


@pytest.mark.parametrize("material", BUILT)
def test_brushwork_keeps_the_value_of_the_rough(material: Material) -> None:
    where = inside(street() == material, 2 if material in (Material.METAL, Material.WINDOW) else 3)
    if not where.any():
        where = street() == material
    change = painting(NOON)[where] - rough(NOON)[where]
    assert abs(change[:, 0].mean()) < 0.045
    assert np.abs(change[:, 1:].mean(0)).max() < 0.02


@pytest.mark.parametrize("material", [Material.WALL, Material.ROOF, Material.ROAD, Material.CLOTH])
def test_the_brush_is_seen(material: Material) -> None:
    where = inside(street() == material, 4)
    change = painting(NOON)[where][:, 0] - rough(NOON)[where][:, 0]
    assert change.std() > 0.004


def test_stairs_have_light_treads_and_dark_risers() -> None:
    m = np.full((H, W), Material.GRASS, np.uint8)
    m[:60] = Material.SKY
    m[60:240, 100:380] = Material.ROAD
    ink = np.zeros_like(m)
    ink[60:240:18] = 220
    asked = request(replace(NOON, place=Place.STAIRS), materials=m, ink=ink)
    regions = asked.reading.regions.copy()
    paved = m == Material.ROAD
    regions[paved] = 100 + (Y[paved] - 60) // 18
    asked = replace(asked, reading=replace(asked.reading, regions=regions, confidence=np.ones(200, np.float32)))
    scene = Scene(asked)
    assert scene.forms.step[100:110].all()
    lightness = oklab_from_srgb8(EmbeddedEngine().paint(asked))[..., 0]
    upper = np.mean([lightness[60 + 18 * k + 3 : 60 + 18 * k + 7, 150:330].mean() for k in range(2, 9)])
    lower = np.mean([lightness[60 + 18 * k + 12 : 60 + 18 * k + 16, 150:330].mean() for k in range(2, 9)])
    assert lower > upper + 0.06


def test_pencils_of_light_and_shadow_are_obeyed() -> None:
    ring = (np.abs(np.hypot(X - 240, Y - 220) - 25) < 1.5).astype(np.uint8) * 220
    disc = np.hypot(X - 240, Y - 220) < 20
    plain = rough(NOON)[..., 0]
    engine = EmbeddedEngine()
    shaded = oklab_from_srgb8(engine.paint(request(NOON, shadow=ring)))[..., 0]
    lit = oklab_from_srgb8(engine.paint(request(NOON, highlight=ring)))[..., 0]
    assert shaded[disc].mean() < plain[disc].mean() - 0.05
    assert lit[disc].mean() > plain[disc].mean() + 0.01
    outside = np.hypot(X - 240, Y - 220) > 34
    assert np.abs(shaded[outside] - plain[outside]).max() < 0.02
