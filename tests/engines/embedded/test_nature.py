"""Properties of the nature painters on a small drawing of everything that grows, flows and floats."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import mahotas
import numpy as np
import pytest

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.base import PaintRequest
from genzu.engines.embedded.conifers import conifers
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.lumps import Lump, batch, heap
from genzu.engines.embedded.materials import foliage, water
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import scatter
from genzu.picture.arrays import LineArt, Reading, UInt8
from genzu.picture.colour import oklab_from_srgb8

W, H = 480, 270
HORIZON = 120


def labels() -> UInt8:
    y, x = np.mgrid[0:H, 0:W]
    m = np.full((H, W), Material.SKY, np.uint8)
    m[(np.abs(x - 150) / 90.0) ** 2 + ((y - 62) / 42.0) ** 2 < 1] = Material.CLOUD
    m[y > 62] = np.where(m[y > 62] == Material.CLOUD, Material.SKY, m[y > 62])
    m[(y > 100 - 30 * np.exp(-(((x - 260) / 90.0) ** 2))) & (y <= HORIZON)] = Material.MOUNTAIN
    m[y > HORIZON] = Material.GRASS
    m[(y > 135) & (y < 200) & (x > 170) & (x < 330)] = Material.WATER
    m[(y > 200) & (x > 150) & (x < 350)] = Material.SOIL
    m[(y > 120) & (y < 190) & (np.abs(x - 400) < 9)] = Material.TRUNK
    m[(x - 400) ** 2 + (y - 90) ** 2 < 55**2] = Material.FOLIAGE
    m[(np.abs(x - 60) < (y - 60) * 0.34) & (y > 60) & (y < 180)] = Material.FOLIAGE
    m[((x - 120) / 32.0) ** 2 + ((y - 225) / 22.0) ** 2 < 1] = Material.ROCK
    return m


@cache
def request(
    season: Season, time: Time, weather: Weather, *extras: Extra, place: Place | None = None, seed: int = 1
) -> PaintRequest:
    m = labels()
    regions, count = np.zeros((H, W), np.int32), 0
    for material in np.unique(m):
        parts, n = mahotas.label(m == material)
        regions = np.where(parts > 0, parts + count, regions).astype(np.int32)
        count += n
    ink = np.zeros((H, W), np.uint8)
    ink[:, 1:][m[:, 1:] != m[:, :-1]] = 200
    none = np.zeros_like(ink)
    rows = np.arange(H, dtype=np.float32)[:, None] * np.ones((1, W), np.float32)
    depth = np.where(rows > HORIZON, 220 / (1 + np.maximum(rows - HORIZON, 0) / 15), 230)
    depth[m <= Material.CLOUD] = 255
    depth[(m == Material.FOLIAGE) | (m == Material.TRUNK)] = 60
    reading = Reading(
        materials=m, regions=regions, confidence=np.ones(count + 1, np.float32),
        depth=depth.astype(np.uint8)[::2, ::2], horizon=float(HORIZON),
    )  # fmt: skip
    conditions = Conditions(season=season, time=time, weather=weather, extras=extras, place=place)
    lines = LineArt(contour=ink, highlight=none, shadow=none, cel=none)
    return PaintRequest(stage=Stage.ROUGH, lines=lines, reading=reading, conditions=conditions, prompt="", seed=seed)


@cache
def rough(season: Season, time: Time, weather: Weather, *extras: Extra, seed: int = 1) -> UInt8:
    return EmbeddedEngine().paint(request(season, time, weather, *extras, seed=seed))


@cache
def noon() -> UInt8:
    return rough(Season.SUMMER, Time.NOON, Weather.FAIR)


def lightness(picture: UInt8, material: Material, *, deep: int = 0) -> np.ndarray:
    mask = labels() == material
    if deep:
        mask = mahotas.distance(mask) > deep * deep
    return np.asarray(oklab_from_srgb8(picture)[mask][:, 0])


def test_the_rough_repeats_and_every_seed_is_another_hand() -> None:
    again = EmbeddedEngine().paint(request(Season.SUMMER, Time.NOON, Weather.FAIR))
    assert np.array_equal(noon(), again)
    assert not np.array_equal(noon(), rough(Season.SUMMER, Time.NOON, Weather.FAIR, seed=2))


@pytest.mark.parametrize("weather", [Weather.FAIR, Weather.SNOW])
def test_tiles_agree(weather: Weather) -> None:
    asked = request(Season.WINTER, Time.AFTERNOON, weather)
    whole, tiled = EmbeddedEngine().paint(asked), EmbeddedEngine(tile=200).paint(asked)
    off = np.abs(whole.astype(int) - tiled.astype(int)).max(-1)
    assert np.percentile(off, 99.5) <= 2


def test_the_sky_rests() -> None:
    sky = np.where((labels() == Material.SKY)[..., None], oklab_from_srgb8(noon()), np.nan)
    rows = np.nanstd(sky[:70, :, 0], axis=1)
    assert np.nanmedian(rows) < 0.03
    assert np.nanmean(sky[:10, :, 0]) < np.nanmean(sky[62:76, :, 0]), "paler at the horizon"


def test_crowns_have_three_value_groups() -> None:
    values = lightness(noon(), Material.FOLIAGE, deep=4)
    low, middle, high = np.percentile(values, [8, 50, 92])
    assert middle - low > 0.06 and high - middle > 0.05


def test_a_cloud_is_light_above_and_shaded_below() -> None:
    lab = oklab_from_srgb8(noon())[..., 0]
    assert lab[26:38, 120:180].mean() > lab[46:54, 120:180].mean() + 0.05


def test_a_pointed_crown_is_found_and_a_round_one_is_not() -> None:
    found = conifers(Scene(request(Season.SUMMER, Time.NOON, Weather.FAIR)))
    assert len(found) == 1
    assert found[0].x == pytest.approx(60 * 4, abs=24) and 0.2 < found[0].slope < 0.5


def test_snow_lies_on_what_faces_up() -> None:
    snowy = rough(Season.WINTER, Time.NOON, Weather.OVERCAST, Extra.LYING_SNOW)
    bare = rough(Season.WINTER, Time.NOON, Weather.OVERCAST)
    for material in (Material.GRASS, Material.SOIL, Material.FOLIAGE, Material.ROCK):
        assert lightness(snowy, material).mean() > lightness(bare, material).mean() + 0.03


def test_autumn_crowns_are_red_and_summer_ones_green() -> None:
    mask = labels() == Material.FOLIAGE
    mask[:, :200] = False
    autumn = oklab_from_srgb8(rough(Season.AUTUMN, Time.NOON, Weather.FAIR))[mask][:, 1].mean()
    assert autumn > oklab_from_srgb8(noon())[mask][:, 1].mean() + 0.05


def test_water_mirrors_what_stands_behind_it() -> None:
    asked = request(Season.SPRING, Time.NOON, Weather.FAIR, Extra.BLOSSOM)
    warm = asked.reading.materials.copy()
    warm[126:135, 180:250] = Material.FOLIAGE
    picture = oklab_from_srgb8(EmbeddedEngine().paint(asked))
    changed = oklab_from_srgb8(EmbeddedEngine().paint(replace(asked, reading=replace(asked.reading, materials=warm))))
    assert np.abs(changed[137:150, 190:240] - picture[137:150, 190:240]).mean() > 0.01


def test_strokes_on_water_end_at_its_edge_and_not_where_two_regions_meet() -> None:
    asked = request(Season.SUMMER, Time.NOON, Weather.FAIR)
    regions, wet = asked.reading.regions.copy(), asked.reading.materials == Material.WATER
    right = wet & (np.arange(W)[None, :] >= 250)
    regions[right] = int(regions.max()) + 1
    reading = replace(asked.reading, regions=regions, confidence=np.ones(int(regions.max()) + 1, np.float32))
    patch = Patch(Scene(replace(asked, reading=reading)), Bounds(0, 0, W, H))
    base = np.full((H, W, 3), (0.5, 0.0, 0.0), np.float32)
    base[:, 250:, 0] = 0.8
    canvas = base.copy()
    water.brushwork(patch, base, canvas, patch.mask(Material.WATER))
    moved = np.abs(canvas - base)[..., 0]
    assert moved[140:195, 250:254].mean() > 0.03, "a stroke from the left goes on"
    assert moved[~wet].max() < 1e-6


def test_fog_takes_the_far_and_leaves_the_near() -> None:
    foggy = rough(Season.SUMMER, Time.NOON, Weather.FOG)
    assert lightness(foggy, Material.MOUNTAIN).std() < 0.6 * lightness(noon(), Material.MOUNTAIN).std()
    assert lightness(foggy, Material.ROCK).std() > 0.02


@pytest.mark.parametrize("time", [Time.DUSK, Time.NIGHT])
@pytest.mark.parametrize("weather", [Weather.CLEAR, Weather.RAIN, Weather.SNOW, Weather.STORM])
def test_the_painting_keeps_the_roughs_large_colour(time: Time, weather: Weather) -> None:
    asked = request(Season.SUMMER, time, weather, Extra.MOON, place=Place.RICE_FIELD)
    base = EmbeddedEngine().paint(asked)
    painted = EmbeddedEngine().paint(replace(asked, stage=Stage.PAINTING, rough=base))
    means = [
        p[: H // 30 * 30, : W // 30 * 30].reshape(H // 30, 30, W // 30, 30, 3).mean((1, 3)) for p in (base, painted)
    ]
    assert np.abs(means[0] - means[1]).mean() < 5
    assert np.abs(base.astype(int) - painted).max() > 8, "and yet it is painted"


def test_lumps_agree_between_patches() -> None:
    scene = Scene(request(Season.SUMMER, Time.NOON, Weather.FAIR))
    reliefs = []
    for bounds in (Bounds(0, 0, W, H), Bounds(40, 30, 300, 200)):
        patch = Patch(scene, bounds)
        points = scatter(patch, np.ones(patch.shape, bool), 40, 3)
        reliefs.append(heap(patch, batch(points, np.full(len(points), 9.0, np.float32)), Lump.LEAFY))
    inside = reliefs[1].nx[20:-20, 20:-20]
    assert np.abs(reliefs[0].nx[50:210, 60:320] - inside).mean() < 1e-3
    assert 0.5 < reliefs[0].cover.mean() <= 1


def test_a_crown_has_no_holes_to_the_sky() -> None:
    patch = Patch(Scene(request(Season.SUMMER, Time.NOON, Weather.FAIR)), Bounds(0, 0, W, H))
    leaves = patch.mask(Material.FOLIAGE)
    cover = foliage.shade(patch, leaves).cover
    assert cover is not None
    deep = leaves & (patch.inner > 24)  # nearer to an edge that nobody drew, leaves are torn
    assert deep.sum() > 1000 and cover[deep].min() > 0.98


def test_leaves_beside_a_dark_trunk_catch_no_more_light() -> None:
    """The mean that leaves are compared with is one of leaves: beside a trunk all of them would count as lit."""
    leaves = np.ones((200, 300), bool)
    leaves[:, 140:160] = False
    value = np.where(leaves, np.float32(0.6), np.float32(0.1))
    patch = Patch(Scene(request(Season.SUMMER, Time.NOON, Weather.FAIR)), Bounds(0, 0, 300, 200))
    mean = foliage._around(patch, value, leaves, 34.0)
    assert np.abs(mean - value)[leaves].max() < 0.02
    few = np.zeros_like(leaves)
    few[100, 100] = True
    assert np.isfinite(foliage._around(patch, value, few, 34.0)).all()
