"""Masses of leaves are parted by leaves: lit ones before the shade of those behind, on the drawn line, without ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Side, Time, Weather
from genzu.engines.embedded import atmosphere, folds, growth, masses, relief
from genzu.engines.embedded.backdrop import between_twigs
from genzu.engines.embedded.leaf_colours import mass_chance
from genzu.engines.embedded.lines import traced
from genzu.engines.embedded.materials import foliage
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import widened
from genzu.picture.arrays import Float32, UInt8

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER, light=Side.LEFT)
WINTER = Conditions(season=Season.WINTER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER, light=Side.LEFT)
H, W = 1080, 960
LINE = 400
"""Row of the line in the crown."""


def crown(conditions: Conditions) -> Patch:
    """A large crown on a trunk with one level line through it."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[740:] = Material.GRASS
    materials[80:640, 60 : W - 60] = Material.FOLIAGE
    materials[640:800, W // 2 - 40 : W // 2 + 40] = Material.TRUNK
    ink = np.zeros((H, W), np.uint8)
    ink[LINE - 1 : LINE + 1, 100 : W - 100] = 230
    return whole(conditions, materials, ink)


def whole(conditions: Conditions, materials: UInt8, ink: UInt8) -> Patch:
    scene = Scene(request(conditions, materials=materials, ink=ink))
    return Patch(scene, Bounds(0, 0, materials.shape[1], materials.shape[0]))


def leafy(patch: Patch) -> Float32:
    canvas = np.full((*patch.shape, 3), (0.8, 0.0, 0.0), np.float32)
    canvas[patch.materials == Material.FOLIAGE] = (0.55, -0.07, 0.07)
    return canvas


def bands(canvas: Float32, reach: int = 5) -> tuple[float, float]:
    """Mean lightness just above and just below the line, in its middle part."""
    across = slice(160, W - 160)
    above = canvas[LINE - 1 - reach : LINE - 1, across, 0].mean()
    return float(above), float(canvas[LINE + 1 : LINE + 1 + reach, across, 0].mean())


def test_the_mass_below_a_line_is_lit_and_the_one_behind_it_in_shade() -> None:
    patch = crown(NOON)
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    above, below = bands(canvas)
    assert below > 0.56 > 0.53 > above
    untouched = canvas[160:345, 160 : W - 160]
    assert np.abs(untouched[..., 0] - 0.55).max() < 1e-6, "far from a line nothing is changed"


def test_an_edge_is_lost_and_found_and_its_shade_falls_off_in_tones() -> None:
    patch = crown(NOON)
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    above = canvas[LINE - 8 : LINE - 1, 160 : W - 160, 0].mean(0)
    parts = np.array([part.mean() for part in np.array_split(above, 16)])
    assert parts.max() - parts.min() > 0.04, "deep in places, and nearly gone in others"
    rows = [canvas[LINE - far - 8 : LINE - far, 160 : W - 160, 0].mean() for far in (2, 16, 60)]
    assert rows[0] < rows[1] < rows[2] <= 0.551


def test_no_shade_lies_on_a_wood_behind_another_tree() -> None:
    patch = crown(NOON)
    patch.depth = patch.depth.copy()
    patch.depth[:LINE] = patch.depth[LINE + 40, W // 2] + np.float32(0.2)
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    above, below = bands(canvas, 12)
    assert above > 0.50 and below > 0.555, "only the plane that a wood in the air turns by"


def test_shade_of_leaves_is_greyer_and_cooler_than_they_are() -> None:
    patch = crown(NOON)
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    deep = canvas[(canvas[..., 0] < 0.45) & (patch.materials == Material.FOLIAGE)]
    assert len(deep) > 200
    assert deep[:, 2].mean() < 0.05


def test_no_ink_is_left_where_masses_are_parted() -> None:
    patch = crown(NOON)
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    across = slice(160, W - 160)
    before = canvas[LINE - 6 : LINE - 1, across, 0].mean()
    painted = traced(patch, canvas.copy())
    assert painted[LINE - 1 : LINE + 1, across, 0].mean() > before - 0.12, "the line is no darker than the shade"


def test_planes_hold_a_part_of_a_near_fold_that_leaves_tell() -> None:
    patch = crown(NOON)
    told = np.full(patch.shape, 0.3, np.float32)
    left = masses.untold(patch, told)
    assert isinstance(left, np.ndarray)
    fold = left[LINE - 40 : LINE + 40, 160 : W - 160]
    assert fold.min() > 0.5 and fold.max() < 1, "shallow planes: with all of them a near crown looks carved"
    assert np.all(left[patch.materials == Material.TRUNK][:10] <= 1) and np.all(left[760:] == 1), "elsewhere all stays"
    weak = masses.untold(patch, told * 0)
    assert isinstance(weak, np.ndarray)
    assert weak[LINE, 160 : W - 160].mean() > fold.mean() + 0.1, "what they do not tell is found by an edge"


def test_in_a_wood_in_the_air_a_fold_is_two_tones() -> None:
    patch = crown(NOON)
    near, far = leafy(patch), leafy(patch)
    folds.painted(patch, near, foliage.crown_scale(patch))
    away = crown(NOON)
    away.depth = np.where(away.materials == Material.FOLIAGE, np.float32(0.8), away.depth)
    away.scene.small_depth = np.full_like(away.scene.small_depth, 0.8)
    folds.painted(away, far, foliage.crown_scale(patch))
    lit = slice(LINE + 1, LINE + 6), slice(160, W - 160)
    assert near[lit][..., 0].mean() > 0.56
    assert 0.01 < far[lit][..., 0].mean() - 0.55 < 0.06, "the nearer crown turns into the light"
    above = far[LINE - 12 : LINE - 1, 160 : W - 160, 0].mean()
    assert 0.45 < above < 0.54, "but behind the line lies a shade"
    edge = masses.untold(away, np.zeros(away.shape, np.float32))
    assert isinstance(edge, np.ndarray)
    assert edge[LINE, 160 : W - 160].min() > 1


def test_a_line_in_twigs_is_lifted_by_light_and_hardly_by_shade() -> None:
    patch = crown(WINTER)
    left = masses.untold(patch, np.zeros(patch.shape, np.float32))
    assert isinstance(left, np.ndarray)
    assert left[LINE, W // 2 - 200] < 0.96 and left[20, 20] == 1
    even = np.zeros(patch.shape, np.float32)
    even[LINE - 2 : LINE + 3, 100 : W - 100] = 0.8
    canvas = leafy(patch)
    relief.lifted(patch, canvas, even)
    around = canvas[LINE - 8 : LINE + 9, 160 : W - 160, 0] - np.float32(0.55)
    assert around.max() > 0.02 and around.min() > -0.03


def test_a_shade_is_cut_at_a_line_that_closes_a_mass() -> None:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[80:740, 60 : W - 60] = Material.FOLIAGE
    ink = np.zeros((H, W), np.uint8)
    ink[LINE - 1 : LINE + 1, 60 : W - 60] = 230
    asked = request(NOON, materials=materials, ink=ink)
    regions = asked.reading.regions.copy()
    regions[LINE:][materials[LINE:] == Material.FOLIAGE] = regions.max() + 1
    scene = Scene(replace(asked, reading=replace(asked.reading, regions=regions)))
    patch = Patch(scene, Bounds(0, 0, W, H))
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    above, below = bands(canvas, 3)
    assert below - above > 0.06, "the step lies on the line"
    hanging = canvas[LINE - 6 : LINE - 2, 160 : W - 160, 0] > 0.56
    assert 0.003 < hanging.mean() < 0.2, "and a few lit leaves hang over it"


def test_no_light_lies_on_the_air_behind_torn_leaves() -> None:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[:, W // 2 :] = Material.FOLIAGE
    patch = whole(replace(NOON, time=Time.DUSK), materials, np.zeros((H, W), np.uint8))
    air = foliage.air_shown(patch)
    assert air is not None
    torn = (air > 0.9) & (materials == Material.FOLIAGE)
    assert torn.sum() > 500, "nobody drew this edge"
    share = np.ones(patch.shape, np.float32)
    atmosphere._not_on_air(patch, share)
    assert share[torn].max() < 0.11 and share[:, W // 2 + 60 :].min() == 1


def test_leaves_at_the_edge_of_a_mass_have_its_colour() -> None:
    patch = crown(NOON)
    chance = mass_chance(patch.scene)
    there = patch.scene.small_materials == Material.FOLIAGE
    own = chance[there]
    assert own.min() == own.max() > 0
    beside = widened(there.view(np.uint8), 2) > 0
    assert np.all(chance[beside] == own[0]), "a place between two px takes no other one's"


def test_folds_agree_between_patches() -> None:
    patch = crown(NOON)
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    part = Patch(patch.scene, Bounds(90, 280, 460, 240))
    cut = leafy(part)
    folds.painted(part, cut, foliage.crown_scale(part))
    inner = slice(60, 180), slice(60, 400)
    assert np.abs(cut[inner] - canvas[part.bounds.slices][inner]).max() < 1e-4


def test_a_tile_without_folds_has_the_tones_of_a_wood_in_the_air() -> None:
    """Whether a line parts leaves somewhere else in the picture is nothing that a tile may see."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[380:520] = Material.FOLIAGE
    materials[520:] = Material.GRASS
    ink = np.zeros((H, W), np.uint8)
    ink[400:500, 850:852] = 230
    ink[379:381] = 230
    scene = whole(NOON, materials, ink).scene
    scene.small_depth = np.full_like(scene.small_depth, 0.8)
    patch, part = Patch(scene, Bounds(0, 0, W, H)), Patch(scene, Bounds(100, 300, 400, 300))
    pictures = [leafy(one) for one in (patch, part)]
    for one, canvas in zip((patch, part), pictures, strict=True):
        folds.painted(one, canvas, foliage.crown_scale(one))
    inside = part.within(patch)
    assert np.abs(pictures[1] - leafy(part)).max() > 0.01, "its tops are parted from the sky"
    np.testing.assert_allclose(pictures[0][inside][40:-40, 40:-40], pictures[1][40:-40, 40:-40], atol=2e-3)


def test_neither_twigs_nor_a_crown_without_lines_has_folds() -> None:
    bare = crown(WINTER)
    assert not masses.massed(bare).any()
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[40:, 60 : W - 60] = Material.FOLIAGE
    patch = whole(NOON, materials, np.zeros((H, W), np.uint8))
    canvas = leafy(patch)
    folds.painted(patch, canvas, foliage.crown_scale(patch))
    assert np.array_equal(canvas, leafy(patch))


def test_twigs_end_over_the_outline_of_a_bare_crown() -> None:
    patch = crown(WINTER)
    canvas = leafy(patch)
    growth.over_edges(patch, canvas)
    sky = patch.materials == Material.SKY
    above = np.zeros_like(sky)
    above[72:80, 80 : W - 80] = True
    changed = np.abs(canvas[..., 0] - 0.8) > 0.05
    assert 0.01 < changed[above & sky].mean() < 0.6, "single twigs, and no band"
    assert not changed[:50].any()


def test_between_twigs_is_what_stands_beside_the_crown() -> None:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[540:] = Material.GRASS
    materials[300:780, 400:560] = Material.FOLIAGE
    patch = whole(WINTER, materials, np.zeros((H, W), np.uint8))
    seen = between_twigs(patch)
    assert seen.shape == (H, W, 3) and np.isfinite(seen).all()
    sky, field = seen[360, 415], seen[735, 415]
    assert sky[2] > sky[0], "blue above the horizon"
    assert field[0] > field[2], "and dry grass below it"
    assert np.abs(sky - seen[360, 200]).max() < 0.15
