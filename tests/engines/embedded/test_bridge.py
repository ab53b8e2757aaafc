"""Bridges over drawn arches, their picture in the water, what is seen behind a railing, and banks of rivers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import H, W, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded import arches, bank, bridge
from genzu.engines.embedded.materials import rock
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER)
FOOT = 162
"""Row at which the drawn legs end."""


def river(*, bridged: bool = True, railed: bool = False, conditions: Conditions = NOON) -> Patch:
    """A river between two banks; over it, if asked, a deck of stone with an arch drawn below it, and a railing."""
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:80] = Material.SKY
    materials[(np.abs(x - 240) < 110) & (y > 118)] = Material.WATER
    ink = np.zeros((H, W), np.uint8)
    if bridged:
        materials[(np.abs(x - 240) < 150) & (y > 108) & (y < 130)] = Material.ROCK
        away = np.hypot((x - 240) / 60, (y - FOOT) / 36)
        ink[(np.abs(away - 1) < 0.035) & (y > 130) & (y < FOOT)] = 220
    if railed:
        materials[(np.abs(x - 240) < 40) & (y > 96) & (y <= 108)] = Material.WATER
    return Patch(Scene(request(conditions, materials=materials, ink=ink)), Bounds(0, 0, W, H))


def flat(patch: Patch, value: float = 0.4) -> Float32:
    return np.full((*patch.shape, 3), value, np.float32)


def test_masonry_stands_between_arch_deck_and_bank_and_nowhere_else() -> None:
    patch = river()
    walled = np.abs(bridge.walled(patch, flat(patch, 9.0)) - 9.0).max(-1) > 0.5
    assert walled[135 : FOOT - 4, 140:165].mean() > 0.9
    assert not walled[145:155, 225:255].any(), "under the arch is water"
    assert not walled[FOOT + 4 :].any(), "and below the foot"
    plain = river(bridged=False)
    assert np.array_equal(bridge.walled(plain, flat(plain)), flat(plain))


def test_stones_are_laid_in_courses() -> None:
    patch = river()
    wall = bridge.walled(patch, flat(patch, 9.0))[130 : FOOT - 6, 140:162, 1]
    level = np.abs(np.diff(wall.mean(1)))
    assert level.max() > 2.5 * np.median(level), "a joint is darker than the course above it"
    assert np.ptp(wall) > 0.02


def test_masonry_lies_on_the_canvas_of_water_only() -> None:
    patch = river()
    canvas = flat(patch)
    bridge.standing(patch, canvas)
    changed = np.abs(canvas - 0.4).max(-1) > 0.01
    assert changed[140:155, 145:165].mean() > 0.8
    assert not changed[patch.materials != Material.WATER].any()


def test_a_deck_is_of_courses_below_a_coping_in_the_light() -> None:
    patch = river()
    found = bridge.faced(patch)
    assert found is not None
    assert bridge.decks(patch.scene).sum() >= 1
    surface = rock.shade(patch, patch.materials == Material.ROCK)
    light = np.asarray(surface.light)
    assert light[110, 150:330].mean() > 1.2 * light[118:121, 150:330].mean()
    assert bridge.faced(river(bridged=False)) is None


def test_the_picture_of_the_bridge_is_turned_over_at_its_foot() -> None:
    patch = river()
    toned = arches.toned(patch, flat(patch))[..., 0]
    below = FOOT + 8
    assert toned[below, 140:165].mean() < 0.34 < 0.4 < toned[below, 228:252].mean()
    assert np.all(toned[300:] == np.float32(0.4)), "and it is lost among the ripples"


def test_behind_a_railing_the_land_goes_on() -> None:
    patch = river(railed=True)
    canvas = flat(patch)
    canvas[80:97] = 0.7
    bridge.behind_railing(patch, canvas)
    assert canvas[99:106, 215:265, 0].mean() > 0.65
    assert np.all(canvas[130:, :, 0] == np.float32(0.4)), "the river is no panel"


def test_a_bank_has_a_lip_of_earth_under_the_grass_and_its_dark_picture() -> None:
    patch = river(bridged=False)
    y, _x = np.mgrid[0:H, 0:W]
    materials = patch.scene.reading.materials.copy()
    materials[y > 200] = Material.GRASS
    patch = Patch(Scene(request(NOON, materials=materials, ink=np.zeros((H, W), np.uint8))), Bounds(0, 0, W, H))
    canvas = flat(patch, 0.8)
    bank.lipped(patch, canvas)
    assert canvas[119:121, 200:280, 0].mean() < 0.6
    assert np.abs(canvas[158:168, 200:280, 0] - 0.8).max() < 0.02, "not in the middle"
    turf = canvas[..., 0][patch.materials == Material.GRASS]
    assert turf.min() > 0.799 and turf.max() > 0.82, "turf ends in the light, and nothing darkens it"


def test_a_stroke_along_a_bank_is_no_line() -> None:
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[120:] = Material.WATER
    patch = Patch(Scene(request(NOON, materials=materials, ink=np.zeros((H, W), np.uint8))), Bounds(0, 0, W, H))
    told = bank.told(patch)
    assert told is not None and told[119:121, 100:380].all() and not told[80:100].any() and not told[150:].any()
    assert bank.told(Patch(patch.scene, Bounds(0, 0, W, 60))) is None


def test_where_a_bank_ends_beside_open_water_its_picture_fades() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[y > 120] = Material.WATER
    materials[(x > 240) & (y > 100)] = Material.WATER  # from here on a wall ends the water, and no grass
    materials[(x > 240) & (y <= 100)] = Material.WALL
    patch = Patch(Scene(request(NOON, materials=materials, ink=np.zeros((H, W), np.uint8))), Bounds(0, 0, W, H))
    canvas = flat(patch, 0.8)
    bank.lipped(patch, canvas)
    picture = canvas[122:124, :, 0].mean(0)
    assert picture[80:160].mean() < 0.72, "there is one"
    assert np.all(picture[250:] == np.float32(0.8))
    assert np.abs(np.diff(picture[200:260])).max() < 0.10, "and no upright edge where it ends"


def test_thick_air_takes_the_picture_of_a_bridge_with_it() -> None:
    clear, fog = (
        arches.field_of(river(conditions=replace(NOON, weather=weather)).scene)[..., arches.PLAIN]
        for weather in (Weather.CLEAR, Weather.FOG)
    )
    assert 0 < fog.max() < 0.95 * clear.max()


def test_grass_hangs_over_the_far_bank_and_not_in_snow() -> None:
    for weather, hangs in ((Weather.CLEAR, True), (Weather.SNOW, False)):
        patch = river(bridged=False, conditions=replace(NOON, weather=weather))
        canvas = flat(patch, 0.8)
        canvas[patch.materials == Material.GRASS] = (0.5, -0.1, 0.1)
        without = canvas.copy()
        before = canvas.copy()
        bank.overhung(patch, canvas, without)
        changed = (np.abs(canvas - before).max(-1) > 0.02) & (patch.materials == Material.WATER)
        assert changed.any() == hangs
        assert not changed[200:, 200:280].any()
        assert np.all(without[changed] == canvas[changed]), "it is no line to be eased"


def test_bridges_and_banks_agree_between_patches() -> None:
    patch = river()
    part = Patch(patch.scene, Bounds(120, 90, 180, 120))
    results = []
    for where in (patch, part):
        canvas = flat(where)
        bank.lipped(where, canvas)
        bridge.standing(where, canvas)
        bank.overhung(where, canvas, canvas.copy())
        results.append(canvas)
    inner = slice(30, -30), slice(30, -30)
    assert np.abs(results[1][inner] - results[0][part.within(patch)][inner]).max() < 2e-3


def test_stones_are_unlike_each_other_and_wet_at_the_water() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:80] = Material.SKY
    materials[y > 215] = Material.WATER
    for k in range(5):
        materials[np.hypot((x - 60 - 90 * k) / 26, (y - 200) / 18) < 1] = Material.ROCK
    patch = Patch(Scene(request(NOON, materials=materials, ink=np.zeros((H, W), np.uint8))), Bounds(0, 0, W, H))
    surface = rock.shade(patch, patch.materials == Material.ROCK)
    albedo = np.asarray(surface.albedo)
    dry = [albedo[188:196, 55 + 90 * k : 75 + 90 * k].mean((0, 1)) for k in range(5)]
    assert np.ptp([colour.mean() for colour in dry]) > 0.15 * np.mean(dry)
    assert albedo[214:217, 55:65].mean() < 0.75 * albedo[188:196, 55:75].mean()
