"""What is seen of built things from near: frames and glass, sills, slabs, kerbs, hems, bursts of fireworks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.engines.embedded.built import outlines, regions_of, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.engines.embedded.bursts import join_sparks
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.forms import measure
from genzu.engines.embedded.materials.paving import Paving, by_region
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.weathering import sills, under_eaves
from genzu.engines.embedded.wires import straight_on_walls
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.TOWN)
H, W = 540, 960
Y, X = np.mgrid[0:H, 0:W]


def _front() -> UInt8:
    """A house seen from the front: roof, wall, one large window, an awning; grass before it."""
    m = np.full((H, W), Material.SKY, np.uint8)
    m[440:] = Material.GRASS
    m[60:140, 100:860] = Material.ROOF
    m[140:440, 140:820] = Material.WALL
    m[200:330, 220:420] = Material.WINDOW
    m[200:250, 520:760] = Material.CLOTH
    return m


@cache
def _painted(conditions: Conditions) -> Float32:
    """OKLab of the rough, without lines in it."""
    m = _front()
    asked = request(conditions, materials=m, ink=np.zeros_like(m))
    return oklab_from_srgb8(EmbeddedEngine().paint(asked))


def _patch(conditions: Conditions, materials: UInt8) -> Patch:
    scene = Scene(request(conditions, materials=materials))
    return Patch(scene, Bounds(0, 0, materials.shape[1], materials.shape[0]))


def _box(top: int, bottom: int, left: int, right: int) -> tuple[slice, slice]:
    return slice(top, bottom), slice(left, right)


def test_glass_is_darker_than_the_lit_wall_and_its_frame() -> None:
    light = _painted(NOON)[..., 0]
    glass, wall = light[_box(280, 320, 235, 405)], light[_box(260, 320, 160, 210)]
    frame = light[_box(230, 300, 221, 224)]
    assert np.median(glass) < np.median(wall) - 0.08
    assert np.median(frame) > np.median(glass) + 0.08


def test_glass_mirrors_the_sky_above_and_less_below() -> None:
    light = _painted(NOON)[..., 0]
    assert light[_box(222, 235, 240, 300)].mean() > light[_box(300, 320, 240, 300)].mean() + 0.03


def test_a_large_window_has_a_sill_that_throws_shade() -> None:
    patch = _patch(NOON, _front())
    sill, shade = sills(patch)
    assert sill is not None
    assert sill[330, 260:380].mean() > 0.3
    assert shade[332:334, 260:380].mean() > 0.3
    assert shade[350:, 260:380].max() < 0.05
    assert shade[:, 600:].max() < 0.05
    small = np.full((H, W), Material.WALL, np.uint8)
    small[200:208, 300:308] = Material.WINDOW
    assert sills(_patch(NOON, small))[0] is None


def test_less_of_the_sky_is_seen_under_eaves_in_any_weather() -> None:
    overcast = replace(NOON, weather=Weather.OVERCAST)
    near = under_eaves(_patch(overcast, _front()))
    assert near[142:146, 200:480].mean() > 0.6
    assert near[400:, 160:210].max(initial=0) < 0.05
    light = _painted(overcast)[..., 0]
    assert light[_box(142, 148, 440, 500)].mean() < light[_box(170, 190, 440, 500)].mean() - 0.02


def test_an_awning_hangs_down_at_its_hem() -> None:
    light = _painted(NOON)[..., 0]
    assert light[_box(245, 249, 540, 740)].mean() < light[_box(212, 232, 540, 740)].mean() - 0.03


def _floor() -> tuple[UInt8, np.ndarray]:
    """A floor of drawn slabs (four to a row), and their regions."""
    m = np.full((H, W), Material.ROAD, np.uint8)
    m[:200] = Material.SKY
    regions = np.where(m == Material.SKY, 1, 2 + (Y - 200) // 40 * 4 + X // 240).astype(np.int32)
    return m, regions


@pytest.mark.parametrize(("across", "stair"), [(4, False), (1, True)])
def test_bands_over_each_other_are_a_stair_and_slabs_beside_each_other_are_not(across: int, stair: bool) -> None:
    m, regions = _floor()
    if across == 1:
        regions = np.where(m == Material.SKY, 1, 2 + (Y - 200) // 40).astype(np.int32)
    else:
        m[:, :480] = np.where(m[:, :480] == Material.ROAD, Material.GRASS, m[:, :480])
        m[400:] = Material.ROAD  # a wide forecourt, of which the slabs are a small part
        regions[m == Material.GRASS] = 900
        regions[400:] = 901
    asked = request(NOON, materials=m)
    reading = replace(asked.reading, regions=regions, confidence=np.ones(int(regions.max()) + 1, np.float32))
    forms = Scene(replace(asked, reading=reading)).forms
    paved = np.unique(regions[(m == Material.ROAD) & (regions < 900)])
    assert bool(forms.step[paved].any()) is stair


def test_slabs_differ_from_each_other() -> None:
    m = np.full((H, W), Material.ROAD, np.uint8)
    m[:200] = Material.SKY
    conditions = replace(NOON, place=Place.SHRINE)
    light = oklab_from_srgb8(EmbeddedEngine().paint(request(conditions, materials=m, ink=np.zeros_like(m))))
    coarse = light[300:540].reshape(8, 30, 16, 60, 3).mean((1, 3))
    assert coarse[..., 0].std() > 0.008
    assert coarse[..., 2].std() > 0.002


def test_the_walk_has_a_lit_kerb_and_the_road_a_gutter() -> None:
    m = np.full((H, W), Material.ROAD, np.uint8)
    m[:200] = Material.SKY
    regions = np.where(m == Material.SKY, 1, np.where(np.abs(X - W / 2) < 1.35 * (Y - 195), 2, 3)).astype(np.int32)
    regions[(regions == 3) & (X > W / 2)] = 4
    asked = request(replace(NOON, place=Place.TOWN), materials=m, ink=np.zeros_like(m))
    reading = replace(asked.reading, regions=regions, confidence=np.ones(5, np.float32))
    asked = replace(asked, reading=reading)
    kinds = by_region(Scene(asked))
    assert kinds[2] == Paving.ASPHALT
    assert kinds[3] == Paving.SLABS
    light = oklab_from_srgb8(EmbeddedEngine().paint(asked))[..., 0]
    kerb, walk, gutter, road = [], [], [], []
    for row in range(416, 425):
        edge = round(W / 2 + 1.35 * (row - 195))
        kerb.append(light[row, edge + 1 : edge + 4].mean())
        walk.append(light[row, edge + 25 : edge + 60].mean())
        gutter.append(light[row, edge - 5 : edge - 1].mean())
        road.append(light[row, edge - 60 : edge - 30].mean())
    assert np.mean(kerb) > np.mean(walk) + 0.01
    assert np.mean(gutter) < np.mean(road) - 0.01


def _star(x: float, y: float, radius: float, rays: int) -> Bool:
    """Rays that meet at a heart, apart from each other."""
    turn = np.arctan2(Y - y, X - x) / (2 * np.pi) * rays
    far = np.hypot(X - x, Y - y)
    off = np.abs(turn - np.rint(turn)) / rays * 2 * np.pi * far
    return np.asarray((off < 1.6) & (far > 0.25 * radius) & (far < radius))


def test_each_burst_has_its_own_heart_though_they_touch() -> None:
    one, other = _star(300, 250, 150, 24), _star(540, 270, 110, 20)
    m = np.full((H, W), Material.SKY, np.uint8)
    m[one | other] = Material.GLOW
    regions = regions_of(m)
    material = np.zeros(int(regions.max()) + 1, np.uint8)
    material[regions] = m
    forms = measure(regions, material, 0.5, 1)
    heart, number = join_sparks(regions, material == Material.GLOW, forms, 0.5)
    for star, x, y in ((one & ~other, 600, 500), (other & ~one, 1080, 540)):
        ids = np.unique(regions[star])
        right = np.hypot(heart[ids, 0] - x, heart[ids, 1] - y) < 40
        assert right.mean() > 0.8
    assert len(np.unique(number[number > 0])) == 2
    assert not heart[material != Material.GLOW].any()


def test_rays_are_thin_at_the_heart_and_hot_at_the_tip() -> None:
    star = _star(480, 250, 160, 24)
    m = np.full((H, W), Material.SKY, np.uint8)
    m[star] = Material.GLOW
    ink = np.where(star, 200, 0).astype(np.uint8)
    night = replace(NOON, time=Time.NIGHT, extras=(Extra.FIREWORKS,), place=Place.CITY)
    light = oklab_from_srgb8(EmbeddedEngine().paint(request(night, materials=m, ink=ink)))[..., 0]
    far = np.hypot(X - 480, Y - 250)
    heart, tip = light[star & (far > 45) & (far < 70)], light[star & (far > 120) & (far < 150)]
    assert tip.mean() > heart.mean() + 0.05
    assert np.quantile(tip, 0.9) > 0.7


def test_a_thin_stroke_that_runs_before_a_house_is_a_wire() -> None:
    m = np.full((H, W), Material.WALL, np.uint8)
    ink = np.zeros_like(m)
    ink[200, 100:800] = 40
    ink[300:303, 300:304] = 40
    found = straight_on_walls(ink, m)
    assert found[200, 200:700].min() > 0.3
    assert found[300:303, 300:304].max() == 0
    assert not straight_on_walls(ink, np.full_like(m, Material.GRASS)).any()


def test_windows_are_lit_alike_whatever_the_tile() -> None:
    m = _front()
    asked = request(replace(NOON, time=Time.DUSK), materials=m, ink=outlines(m))
    whole, cut = EmbeddedEngine(2048).paint(asked), EmbeddedEngine(200).paint(asked)
    assert np.abs(whole.astype(int) - cut.astype(int)).max() <= 1


def test_what_is_drawn_on_the_carriageway_is_paint() -> None:
    m = np.full((H, W), Material.ROAD, np.uint8)
    m[:200] = Material.SKY
    regions = np.where(m == Material.SKY, 1, 2).astype(np.int32)
    regions[420:470, 300:360] = 3
    asked = request(NOON, materials=m, ink=np.zeros_like(m))
    reading = replace(asked.reading, regions=regions, confidence=np.ones(5, np.float32))
    asked = replace(asked, reading=reading)
    kinds = by_region(Scene(asked))
    assert kinds[2] == Paving.ASPHALT
    assert kinds[3] == Paving.PAINT
    light = oklab_from_srgb8(EmbeddedEngine().paint(asked))[..., 0]
    assert light[430:460, 310:350].mean() > light[430:460, 380:460].mean() + 0.06
