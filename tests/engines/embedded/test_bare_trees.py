"""Trees in winter: each of another habit, fed by its own trunk, woods of two uneven rows, twigs along drawn lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import outlines, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Side, Time, Weather
from genzu.engines.embedded import limbs, relief, rough, twigs
from genzu.engines.embedded.arcs import twigs_along
from genzu.engines.embedded.boughs import Boughs, grown_in
from genzu.engines.embedded.fallen import bare_regions
from genzu.engines.embedded.linework import lost_and_found
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8

H, W = 540, 1000
WINTER = Conditions(season=Season.WINTER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER, light=Side.LEFT)
SNOW = replace(WINTER, weather=Weather.SNOW)
STEMS = (100, 300, 500, 700, 900)


def meadow() -> UInt8:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[330:] = Material.GRASS
    return materials


def row_of_trees() -> UInt8:
    """Five crowns that are drawn alike, each on its own stem."""
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    for stem in STEMS:
        materials[(np.abs(x - stem) < 9) & (y > 200) & (y < 420)] = Material.TRUNK
        materials[(x - stem) ** 2 + (y - 180) ** 2 < 80**2] = Material.FOLIAGE
    return materials


def far_wood() -> UInt8:
    """A long mass without a stem at the end of the field."""
    materials = meadow()
    materials[250:340] = Material.FOLIAGE
    return materials


def whole(conditions: Conditions, materials: UInt8, ink: UInt8 | None = None) -> Patch:
    drawn = np.zeros(materials.shape, np.uint8) if ink is None else ink
    scene = Scene(request(conditions, materials=materials, ink=drawn))
    return Patch(scene, Bounds(0, 0, materials.shape[1], materials.shape[0]))


def boughs_of(patch: Patch) -> Boughs:
    return grown_in(patch.scene, bare_regions(patch.scene))


def light_grey(patch: Patch) -> Float32:
    return np.full((*patch.shape, 3), (0.8, 0.0, 0.0), np.float32)


def painted(patch: Patch) -> Float32:
    canvas = light_grey(patch)
    limbs.painted(patch, canvas, boughs_of(patch), np.ones(patch.shape, np.float32))
    return canvas


def test_crowns_that_are_drawn_alike_are_trees_of_their_own() -> None:
    patch = whole(WINTER, row_of_trees())
    found = boughs_of(patch)
    assert len(found.tone) == len(STEMS)
    shapes = []
    for tree in range(len(STEMS)):
        own = found.limbs[(found.tree == tree) & ~found.bent]
        assert len(own) > 60, "each has its limbs"
        middle = own[own[:, 4].argmax(), 0]
        main = own[(own[:, 4] > 3.5) & (own[:, 3] < 430)]
        grid = np.histogram2d(main[:, 3], main[:, 2] - middle, bins=9, range=((200, 520), (-170, 170)))[0]
        shapes.append(grid / np.linalg.norm(grid))
    alike = np.tensordot(shapes, shapes, ((1, 2), (1, 2)))
    assert alike[~np.eye(len(STEMS), dtype=bool)].max() < 0.9, "and no two have them at the same places"
    forks = [float(found.limbs[found.tree == tree][:, 4].sum()) for tree in range(len(STEMS))]
    assert np.std(forks) > 0.08 * np.mean(forks), "some are rich, some poor"
    assert np.ptp(found.tone) > 0.3


def test_a_tree_grows_out_of_its_own_trunk_and_thins_towards_its_ends() -> None:
    patch = whole(WINTER, row_of_trees())
    found = boughs_of(patch)
    for tree in range(len(STEMS)):
        own = found.limbs[(found.tree == tree) & ~found.bent]
        stout = own[own[:, 4].argmax()]
        assert np.abs(stout[0] / 2 - np.array(STEMS)).min() < 6 and stout[1] > 480, "at the top of a drawn stem"
        assert 24 < stout[4] < 46, "as wide as that"
        assert (own[:, 5] <= own[:, 4] + 1e-4).all(), "no limb grows thicker"
        assert np.median(own[:, 5]) < 4
        end = own[:, 2:4] / 2
        inside = patch.materials[end[:, 1].astype(int).clip(0, H - 1), end[:, 0].astype(int).clip(0, W - 1)]
        assert (inside == Material.FOLIAGE).mean() > 0.97


def test_a_wood_is_two_uneven_rows_of_trees_and_the_farther_is_paler() -> None:
    found = boughs_of(whole(WINTER, far_wood()))
    count = len(found.tone)
    assert 20 < count < 80
    trees = [found.limbs[found.tree == k] for k in range(count)]
    feet = np.array([own[own[:, 1].argmax(), :2] for own in trees])
    near = found.pale < 0.3
    assert 8 < near.sum() < count - 8
    assert feet[near, 1].mean() > feet[~near, 1].mean() + 5, "what stands before has its foot lower"
    gaps = np.diff(np.sort(feet[near, 0]))
    assert gaps.std() > 0.3 * gaps.mean(), "no fence"
    tall = np.array([np.ptp(own[:, [1, 3]]) for own in trees])
    assert tall.std() > 0.05 * tall.mean()
    assert found.wooded[320, 500] > found.wooded[260, 500] > 0 and found.wooded[200, 500] == 0


def test_limbs_are_the_same_from_every_tile() -> None:
    patch = whole(SNOW, row_of_trees())
    canvas = painted(patch)
    part = Patch(patch.scene, Bounds(37, 61, 460, 300))
    cut = painted(part)
    assert np.abs(cut - canvas[part.bounds.slices]).max() < 1e-4
    assert (canvas[..., 0] < 0.6).mean() > 0.005


def test_snow_lies_on_level_limbs_and_not_on_upright_ones() -> None:
    bare, snowy = (painted(whole(conditions, row_of_trees())) for conditions in (WINTER, SNOW))
    assert (bare[..., 0] > 0.82).sum() == 0
    patch = whole(SNOW, row_of_trees())
    found = boughs_of(patch)
    long = found.limbs[(found.limbs[:, 4] > 3)]
    level = np.abs(long[:, 2] - long[:, 0]) > 2 * np.abs(long[:, 3] - long[:, 1])
    upright = np.abs(long[:, 2] - long[:, 0]) < 0.25 * np.abs(long[:, 3] - long[:, 1])
    values = []
    for those in (level, upright):
        middle = ((long[those, :2] + long[those, 2:4]) / 4).astype(int)
        above = [snowy[y - 3 : y + 1, x, 0].max() for x, y in middle.tolist()]
        values.append(np.mean(above))
    assert values[0] > values[1] + 0.05


def test_twigs_run_along_a_drawn_line_thinner_and_thinner_and_are_no_even_stroke() -> None:
    ink = np.zeros((200, 300), np.uint8)
    x = np.arange(30, 270)
    y = (100 + 18 * np.sin(x / 22)).astype(int)
    for step in range(-1, 2):
        ink[y + step, x] = 200
    away = np.zeros((200, 300, 2))
    away[..., 1] = 190
    away[..., 0] = 150
    found, begin = twigs_along(ink, ink > 0, away, np.zeros(ink.shape, bool), 5)
    assert len(found) == len(begin) > 20
    assert (found[:, 5] <= found[:, 4]).all()
    middle = (found[:, :2] + found[:, 2:4]) / 2
    off = np.abs(middle[:, 1] - np.interp(middle[:, 0], x, y))
    assert np.median(off) < 2.5
    covered = np.zeros(300, bool)
    for x0, x1 in found[:, [0, 2]].astype(int):
        covered[min(x0, x1) : max(x0, x1)] = True
    assert covered[30:270].mean() > 0.5, "most of the line is found again"
    assert np.std(found[:, 4]) > 0.1, "but it is not of one width"


def test_a_line_is_no_wire_in_plain_sight_and_stays_where_twigs_are_lost() -> None:
    materials = row_of_trees()
    ink = outlines(materials)
    ink[178:181, 60:140] = 220
    shares = []
    for time in (Time.NOON, Time.NIGHT):
        patch = whole(replace(WINTER, time=time), materials, ink)
        shares.append(lost_and_found(patch, ink > 0)[179, 70:130].mean())
    # In a small picture lines hold their place: what counts is the difference.
    assert shares[0] < shares[1] - 0.1
    lit, shade, line = relief._TWIGGY
    assert line < 0.1 and shade < 0.3 and lit > shade, "an edge in twigs is found by light"


def test_the_outline_is_lost_where_a_trunk_goes_on_in_its_crown() -> None:
    materials = row_of_trees()
    ink = outlines(materials)
    patch = whole(WINTER, materials, ink)
    found = lost_and_found(patch, ink > 0)
    assert found[258:262, 298:303].mean() < 0.75 * found[100:104, 298:303].mean()


def test_what_stands_beside_a_bare_crown_is_seen_in_it() -> None:
    materials = meadow()
    y, x = np.mgrid[0:H, 0:W]
    crown = (x - 500) ** 2 + (y - 330) ** 2 < 70**2
    materials[crown] = Material.FOLIAGE
    tile = Bounds(0, 0, W, H)
    picture = rough.rough_tile(Scene(request(WINTER, materials=materials, ink=np.zeros((H, W), np.uint8))), tile, 64)
    ring = crown & ((x - 500) ** 2 + (y - 330) ** 2 > 55**2)
    upper, lower = picture[ring & (y < 310)].mean(0), picture[ring & (y > 350)].mean(0)
    assert upper[2] - upper[0] > lower[2] - lower[0] + 20, "sky above and dry grass below"


def test_the_paint_beside_a_bare_crown_goes_on_behind_it() -> None:
    patch = whole(WINTER, row_of_trees())
    for above, below in (((60, 90, 200), (150, 130, 60)), ((230, 160, 120), (70, 60, 90))):
        painting = np.empty((H, W, 3), np.uint8)
        painting[:180], painting[180:] = above, below  # a horizon half-way down the crowns
        painting[patch.materials == Material.FOLIAGE] = (128, 128, 128)
        base = np.full((H, W, 3), (0.5, 0.0, 0.0), np.float32)
        twigs.seen_through(patch, base, painting)
        seen = base - (0.5, 0.0, 0.0)
        for rows, colour in ((slice(130, 165), above), (slice(195, 230), below)):
            behind = oklab_from_srgb8(np.array([[colour]], np.uint8))[0, 0]
            crown = np.zeros((H, W), bool)
            crown[rows, 270:330] = True
            crown &= patch.materials == Material.FOLIAGE
            share = seen[crown] @ (behind - (0.5, 0, 0)) / ((behind - (0.5, 0, 0)) ** 2).sum()
            assert share.mean() > 0.6, "the paint of the same row, though another rough was painted before"
        assert not seen[patch.materials != Material.FOLIAGE].any()
    summer = whole(replace(WINTER, season=Season.SUMMER), row_of_trees())
    base = light_grey(summer)
    twigs.seen_through(summer, base, painting)
    assert (base == light_grey(summer)).all()


def test_in_a_wood_other_trees_are_seen_between_the_trees() -> None:
    materials = far_wood()
    materials[250:330, :200] = materials[250:330, 800:] = Material.SKY
    patch = whole(WINTER, materials)
    base = light_grey(patch)
    twigs.seen_through(patch, base, np.full((H, W, 3), (60, 90, 200), np.uint8))
    assert (base == light_grey(patch)).all()
