"""Boughs of conifers: fans of needles with light and shade, tips over the edge of a tier, snow on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import H, W, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded import fronds, hems, reflection
from genzu.engines.embedded.conifers import (
    _levels,
    behind_tiers,
    conifers,
    crown_of,
    gaps_of,
    outwards,
    rim_of,
    under_hems,
)
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32, UInt8

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER)


def spruce() -> tuple[UInt8, UInt8]:
    """A conifer in a meadow, with the lower edge of a tier drawn across it."""
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:90] = Material.SKY
    materials[(np.abs(x - 240) < (y - 40) * 0.34) & (y > 42) & (y < 200)] = Material.FOLIAGE
    ink = np.zeros((H, W), np.uint8)
    ink[130:132, 210:271] = 220
    return materials, ink


def whole(conditions: Conditions = NOON) -> Patch:
    materials, ink = spruce()
    return Patch(Scene(request(conditions, materials=materials, ink=ink)), Bounds(0, 0, W, H))


def with_gap(conditions: Conditions) -> Patch:
    """The same with the top of the tier below drawn through the one above: a gap at the stem."""
    materials, ink = spruce()
    y, x = np.mgrid[0:H, 0:W]
    side = np.abs(np.abs(x - 240) - (y - 116)) < 1.5
    ink[side & (y < 130)] = 220
    asked = request(conditions, materials=materials, ink=ink)
    regions = asked.reading.regions.copy()
    regions[(np.abs(x - 240) < y - 116) & (y < 130)] = regions.max() + 1
    return Patch(Scene(replace(asked, reading=replace(asked.reading, regions=regions))), Bounds(0, 0, W, H))


def even(patch: Patch) -> Float32:
    canvas = np.full((*patch.shape, 3), (0.8, 0.0, 0.0), np.float32)
    canvas[patch.materials == Material.FOLIAGE] = (0.45, -0.06, 0.06)
    return canvas


def test_a_crown_is_boughs_with_light_and_shade_and_only_single_ones_reach_out_of_it() -> None:
    patch = whole()
    canvas = even(patch)
    fronds.covered(patch, canvas)
    leaves = patch.materials == Material.FOLIAGE
    out = (np.abs(canvas - even(patch)).max(-1) > 0.02) & ~leaves
    assert out.any(), "nobody drew the outline: it is no cut edge"
    assert out.sum() < 0.25 * leaves.sum()
    assert not (out & (patch.inner > 60)).any()
    light = canvas[leaves][:, 0]
    assert np.percentile(light, 5) < 0.36
    assert np.percentile(light, 97) > 0.45


def test_tips_hang_over_the_outline_but_not_far() -> None:
    patch = whole()
    canvas = even(patch)
    without = canvas.copy()
    hems.hung(patch, canvas, without)
    leaves = patch.materials == Material.FOLIAGE
    changed = np.abs(canvas - even(patch)).max(-1) > 0.02
    assert (changed & ~leaves).any()
    far = patch.inner * patch.unit > 34 * patch.unit
    assert not (changed & ~leaves & far).any()
    assert np.all(without[changed & ~leaves] == canvas[changed & ~leaves]), "what hangs over it is no line to be eased"


def test_under_the_edge_of_a_tier_it_is_deep() -> None:
    patch = whole()
    canvas = even(patch)
    fronds.covered(patch, canvas)
    hems.hung(patch, canvas, canvas.copy())
    above, below = canvas[118:128, 215:265, 0].mean(), canvas[136:144, 215:265, 0].mean()
    assert above > below + 0.02


def test_a_tier_ends_in_light_tips_over_deep_shade_and_in_no_line() -> None:
    patch = whole()
    canvas = even(patch)
    fronds.covered(patch, canvas)
    canvas[patch.contour > 60] = (0.1, 0, 0)  # the line that was traced there
    hems.hung(patch, canvas, canvas.copy())
    rows = canvas[:, 215:265, 0]
    line = rows[130:132].ravel()
    assert np.mean(line < 0.15) < 0.5, "the line is painted over"
    assert rows[124:130].mean() > rows[133:140].mean() + 0.05
    assert rows[133:137].max(0).std() > 0.02, "single tips hang beyond it"


def test_it_is_deep_under_a_hem_and_light_above_it() -> None:
    patch = whole()
    shade = under_hems(patch)
    assert shade[134:137, 225:255].min() > 0.6
    assert shade[122:128, 225:255].max() < 0.3
    assert shade[:60].max() == 0


def test_where_a_top_is_drawn_through_the_tier_above_that_goes_on_and_is_no_hole() -> None:
    for conditions in (NOON, replace(NOON, time=Time.NIGHT)):
        patch = with_gap(conditions)
        (tree,) = conifers(patch.scene)
        gap = gaps_of(patch.scene, tree)[patch.regions]
        assert gap[126, 240]
        assert not gap[126, 215] and not gap[150, 240]
        canvas = even(patch)
        fronds.covered(patch, canvas)
        hems.hung(patch, canvas, canvas.copy())
        inside, around = canvas[gap], canvas[118:128, 216:226]
        assert inside[:, 0].min() > 0.2, "no black, not even right under the drawn top"
        assert around[..., 0].mean() - 0.13 < inside[:, 0].mean() < around[..., 0].mean() + 0.02, "a soft fold"
        assert np.median(inside[:, 1]) < -0.01


def test_the_shade_under_a_hem_is_deep_at_the_stem_too() -> None:
    patch = with_gap(NOON)
    shade = under_hems(patch)
    assert shade[136, 240] > 0.6
    assert not rim_of(patch, patch.materials == Material.FOLIAGE)[131, 240], "the hem is a hem there, too"


def test_boughs_turn_outwards_in_each_tier() -> None:
    patch = whole()
    (tree,) = conifers(patch.scene)
    regions = np.full(3, patch.regions[100, 240])
    x, y = np.array([240.0, 262.0, 218.0], np.float32) * 4, np.full(3, 140.0 * 4, np.float32)
    side = outwards(patch, tree, x, y, regions)
    assert abs(side[0]) < 0.1
    assert side[1] > 0.3 and side[2] < -0.3


def test_a_tree_has_a_side_in_the_light() -> None:
    patch = whole()
    canvas = even(patch)
    fronds.covered(patch, canvas)
    left, right = canvas[120:190, 200:225], canvas[120:190, 255:280]
    lit, dim = (right, left) if patch.light.towards[0] > 0 else (left, right)
    assert lit[..., 0].mean() > dim[..., 0].mean() + 0.01
    assert lit[..., 2].mean() > dim[..., 2].mean(), "warm, and cool"


def test_groups_of_tips_hang_unevenly_far_over_a_hem() -> None:
    materials, ink = (plane.repeat(3, 0).repeat(3, 1) for plane in spruce())
    asked = request(NOON, materials=materials, ink=ink)
    regions = asked.reading.regions.copy()
    regions[392:][materials[392:] == Material.FOLIAGE] = regions.max() + 1
    scene = Scene(replace(asked, reading=replace(asked.reading, regions=regions)))
    patch = Patch(scene, Bounds(0, 0, 3 * W, 3 * H))
    canvas = even(patch)
    hems.hung(patch, canvas, canvas.copy())
    over = canvas[396:430, 640:800, 0] > 0.5  # lit needles below the line
    reach = np.where(over.any(0), over.shape[0] - over[::-1].argmax(0), 0)
    assert reach.max() > 8
    assert np.percentile(reach, 25) <= 2, "between them one sees the line and its shade"


def test_the_stem_comes_out_of_the_dark_under_the_lowest_tier() -> None:
    materials, ink = spruce()
    materials[200:, 232:248] = Material.TRUNK
    patch = Patch(Scene(request(NOON, materials=materials, ink=ink)), Bounds(0, 0, W, H))
    canvas = even(patch)
    fronds.covered(patch, canvas)
    assert canvas[200:203, 236:244, 0].mean() < 0.75 * 0.8
    assert np.all(canvas[225:, 236:244, 0] == np.float32(0.8))


def test_snow_lies_on_the_boughs() -> None:
    values = []
    for weather, season in ((Weather.CLEAR, Season.SUMMER), (Weather.SNOW, Season.WINTER)):
        patch = whole(replace(NOON, weather=weather, season=season))
        canvas = even(patch)
        fronds.covered(patch, canvas)
        values.append(float((canvas[patch.materials == Material.FOLIAGE][:, 0] > 0.56).mean()))
    assert values[0] < 0.01
    assert 0.03 < values[1] < 0.8


def test_boughs_agree_between_patches() -> None:
    patch = whole()
    canvas = even(patch)
    fronds.covered(patch, canvas)
    hems.hung(patch, canvas, canvas.copy())
    part = Patch(patch.scene, Bounds(170, 60, 160, 130))
    cut = even(part)
    fronds.covered(part, cut)
    hems.hung(part, cut, cut.copy())
    inner = slice(40, -40), slice(40, -40)
    assert np.abs(cut[inner] - canvas[part.within(patch)][inner]).max() < 2e-3


def test_a_wood_behind_the_tree_is_none_of_it() -> None:
    materials, ink = spruce()
    y, x = np.mgrid[0:H, 0:W]
    materials[(y > 70) & (y < 130) & (materials != Material.FOLIAGE)] = Material.FOLIAGE
    side = np.abs(np.abs(x - 240) - (y - 40) * 0.24) < 1.5
    ink[side & (y > 42) & (y < 200)] = 220
    patch = Patch(Scene(request(NOON, materials=materials, ink=ink)), Bounds(0, 0, W, H))
    for tree in conifers(patch.scene):
        assert not crown_of(patch, tree, patch.materials == Material.FOLIAGE)[100, 100]
        assert not behind_tiers(patch.scene, tree)[patch.regions[110, 240]]


def test_a_thumbnail_that_asks_first_changes_nothing() -> None:
    """How level the pencil lies in a tree is read off the picture itself, whichever of the two asks for it first."""
    materials, ink = (plane.repeat(3, 0).repeat(3, 1) for plane in spruce())
    levels = []
    for small_first in (False, True):
        scene = Scene(request(NOON, materials=materials, ink=ink))
        if small_first:
            small = reflection._small_scene(scene)
            assert small.extent.height < scene.extent.height
            _levels(small)
        levels.append(_levels(scene))
    assert levels[0].any()
    assert np.array_equal(*levels)
