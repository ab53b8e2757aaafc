"""Bare ground: sand that lies in ripples and is warm in the light, wet where waves run up, and pebbles with a shade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import H, W, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.materials import soil
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import UInt8
from genzu.picture.colour import oklab_from_linear

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.BEACH)
SHORE = 150


def beach() -> UInt8:
    materials = np.full((H, W), Material.SOIL, np.uint8)
    materials[:SHORE] = Material.WATER
    materials[:90] = Material.SKY
    return materials


def patch_of(conditions: Conditions, times: int = 1) -> Patch:
    materials = beach().repeat(times, 0).repeat(times, 1)
    asked = request(conditions, materials=materials, ink=np.zeros(materials.shape, np.uint8))
    return Patch(Scene(asked), Bounds(0, 0, times * W, times * H))


def test_sand_is_warm_in_the_light_and_nowhere_grey() -> None:
    patch = patch_of(NOON)
    surface = soil.shade(patch, patch.mask(Material.SOIL))
    dry = slice(SHORE + 50, H), slice(0, W)
    lab, light = oklab_from_linear(surface.albedo)[dry], surface.light[dry]
    assert np.percentile(lab[..., 2], 1) > 0.8 * np.median(lab[..., 2]), "no patch has lost its hue"
    lit, shade = light > np.percentile(light, 85), light < np.percentile(light, 15)
    assert lab[lit][:, 2].mean() > lab[shade][:, 2].mean() + 0.004
    assert 0.03 < light.std() < 0.12, "there are forms, and no blotches"


def test_swells_and_ripples_draw_together_towards_the_horizon() -> None:
    patch = patch_of(NOON)
    slopes = soil._dunes(patch, ground(patch))
    turns = np.abs(np.diff(np.sign(np.diff(slopes, axis=0)), axis=0)) > 0
    far, near = turns[135:185].sum(), turns[215:265].sum()
    assert far > 1.3 * near > 0
    assert np.abs(slopes[:118]).max() < 0.02, "at the horizon sand is even"


def test_waves_leave_an_edge_of_wet_sand_in_tongues() -> None:
    patch = patch_of(NOON)
    wet = soil._wetness(patch, ground(patch))
    assert wet[SHORE + 1].min() > 0.5 and wet[SHORE + 40 :].max() < 0.02
    reach = (wet[SHORE:] > 0.3).sum(0)
    assert reach.std() > 0.5, "not a stripe along the water"


def test_a_pebble_is_lighter_than_the_ground_and_its_shade_lies_on_one_side() -> None:
    patch = patch_of(replace(NOON, place=Place.SHRINE), 4)
    base = np.full((*patch.shape, 3), (0.6, 0.01, 0.05), np.float32)
    canvas = base.copy()
    near = np.asarray(ground(patch).near * np.ones(patch.shape, np.float32))
    soil._pebbles(patch, base, canvas, near > 0.35, near)
    change = canvas[..., 0] - 0.6
    lit, dark = np.nonzero(change > 0.02), np.nonzero(change < -0.03)
    assert len(lit[1]) > 20 and len(dark[1]) > 20
    away = -np.sign(patch.light.towards[0])
    gaps = dark[1][:, None] - lit[1][None, ::7]
    close = (np.abs(gaps) < 10) & (np.abs(dark[0][:, None] - lit[0][None, ::7]) < 8)
    assert away * gaps[close].mean() > 1
