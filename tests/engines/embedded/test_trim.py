"""Trim, wires, fences, shops and stones: what the pencil drew twice is one form, and each form has its lit side."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.engines.embedded.built import H, W, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded.cables import hung
from genzu.engines.embedded.fence import clear_of_wires, fence_in, painted
from genzu.engines.embedded.materials.rock import shade
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.shops import shop_light
from genzu.engines.embedded.soft import soft_bytes
from genzu.engines.embedded.trim import trims
from genzu.picture.arrays import Bool, UInt8

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.SHOPPING_STREET)
NIGHT = Conditions(season=Season.SUMMER, time=Time.NIGHT, weather=Weather.CLEAR, place=Place.SHOPPING_STREET)


def whole(materials: UInt8, ink: UInt8 | None = None, conditions: Conditions = NOON) -> Patch:
    asked = request(conditions, materials=materials, ink=ink)
    return Patch(Scene(asked), Bounds(0, 0, materials.shape[1], materials.shape[0]))


def test_two_strokes_close_together_are_one_line() -> None:
    ink = np.zeros((1080, 300), np.uint8)
    ink[200:900, 148:150] = ink[200:900, 152:154] = 190
    patch = whole(np.full((1080, 300), Material.WALL, np.uint8), ink)
    trim = trims(patch, soft_bytes(ink, 0.85))
    assert trim is not None
    # No light gap between them, and nothing beside them.
    assert trim.thin[550, 149:153].min() > 200
    assert max(trim.thin[550, :144].max(), trim.thin[550, 159:].max()) == 0
    assert trim.post[550, 149:153].min() > 127


def test_nothing_built_has_no_trim() -> None:
    ink = np.zeros((H, W), np.uint8)
    ink[100:102] = 200
    assert trims(whole(np.full((H, W), Material.GRASS, np.uint8), ink), ink) is None


def test_a_wavering_stroke_with_gaps_is_one_even_wire() -> None:
    x = np.arange(40, 900)
    course = 120 + 0.1 * x
    wavering = course + 1.5 * np.sin(x / 9)
    ink = np.zeros((540, 960), np.uint8)
    for k in (0, 1):
        ink[wavering.astype(int) + k, x] = 160
    ink[:, 300:308] = ink[:, 620:629] = 0
    wires = (soft_bytes(ink, 2.0) > 0).astype(np.float32)
    found = hung(ink, wires, np.zeros_like(wires), np.full(ink.shape, Material.SKY, np.uint8))
    assert len(found) == 1
    middle = found[0, 100:840]
    assert not np.isnan(middle).any()
    assert np.abs(middle - (course[60:800] + 0.5)).max() < 2
    assert np.abs(np.diff(middle, 2)).max() < 0.05


def _before_a_house(rows: NDArray[np.floating], drawn: Bool) -> int:
    """How many wires are found in one stroke that runs across a wall at ``rows`` (n,), where it is ``drawn`` (n,)."""
    ink = np.zeros((540, 960), np.uint8)
    x = np.arange(200, 200 + len(rows))[drawn]
    for k in (0, 1):
        ink[rows[drawn].astype(int) + k, x] = 90
    straight = (soft_bytes(ink, 2.0) > 0).astype(np.float32)
    return len(hung(ink, np.zeros_like(straight), straight, np.full(ink.shape, Material.WALL, np.uint8)))


def test_rows_of_windows_are_no_wires() -> None:
    x = np.arange(300)
    level, all_of_it = 200 + 0.05 * x, np.ones(300, bool)
    assert _before_a_house(level, all_of_it) == 1
    assert _before_a_house(level, x % 20 < 10) == 0, "sills, with wall between them"
    astray = 4 * np.clip(2 * np.sin(x / 12), -1, 1)
    assert _before_a_house(level + astray, all_of_it) == 0, "from tile to tile"


def _fenced(posts: int) -> Patch:
    ink = np.zeros((540, 960), np.uint8)
    ink[400:402, 20:940] = ink[420:422, 20:940] = 180
    for k in range(posts):
        ink[385:436, 100 + 80 * k : 102 + 80 * k] = 180
    return whole(np.full((540, 960), Material.GRASS, np.uint8), ink)


def test_posts_and_rails_are_a_fence() -> None:
    fence = fence_in(_fenced(8))
    assert fence is not None
    assert fence.post[405, 101] > 0.5
    assert fence.wire[396:406, 300].max() > 0.3
    assert fence.lit[405, 95:108].max() > 0 > fence.lit[405, 95:108].min()


@pytest.mark.parametrize(("ground", "paler"), [(0.30, True), (0.75, False)])
def test_a_post_is_pale_before_dark_grass_and_dark_before_snow(ground: float, paler: bool) -> None:
    fence = fence_in(_fenced(8))
    assert fence is not None
    canvas = np.full((*fence.post.shape, 3), (ground, 0.0, 0.0), np.float32)
    painted(canvas, fence)
    post = fence.post > 0.9
    assert bool(canvas[post, 0].mean() > ground) is paler
    assert canvas[fence.wire > 0.5, 0].mean() < ground


def test_places_close_to_a_wire_are_told() -> None:
    patch = _fenced(8)
    fence = fence_in(patch)
    assert fence is not None
    row = np.float32(fence.wire[:, 300].argmax() / patch.unit)
    x = np.full(3, 300 / patch.unit, np.float32)
    clear = clear_of_wires(patch.scene, x, np.array([row - 80, row + 4, row + 80], np.float32))
    assert clear.tolist() == [True, False, True]
    assert clear_of_wires(_fenced(2).scene, x, x).all()


def test_long_lines_without_posts_are_no_fence() -> None:
    assert fence_in(_fenced(2)) is None


def test_open_shops_light_the_ground_before_them_by_night_only() -> None:
    for conditions, lit in ((NIGHT, True), (NOON, False)):
        scene = Scene(request(conditions))
        light = shop_light(scene.small_regions, scene.regions.material, scene.forms, scene.script)
        assert (light is not None) == lit
        if light is not None:
            ground = scene.small_materials == Material.ROAD
            assert light[ground].max() > 0.1
            assert light[scene.small_materials == Material.SKY].max() < light[ground].max() / 4


def test_the_top_of_a_stone_is_lighter_than_its_foot() -> None:
    materials = np.full((1080, 1920), Material.GRASS, np.uint8)
    y, x = np.mgrid[0:1080, 0:1920]
    materials[((x - 900) / 75) ** 2 + ((y - 600) / 50) ** 2 < 1] = Material.ROCK
    patch = whole(materials, np.zeros((1080, 1920), np.uint8)).inside(Bounds(800, 520, 200, 160))
    surface = shade(patch, patch.mask(Material.ROCK))
    light = np.asarray(surface.light)
    assert light[38:46, 90:110].mean() > light[118:126, 90:110].mean() + 0.2
