"""What grows over edges: drawn tufts that become blades, leaves over outlines, grass at the foot, bare boughs, tips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.embedded.built import H, W, outlines, request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded import apex, boughs, growth, sown, stones, tufts, twigs
from genzu.engines.embedded.conifers import conifers
from genzu.engines.embedded.fallen import bare_regions
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.ground import ground, hued
from genzu.engines.embedded.lines import traced
from genzu.engines.embedded.materials import foliage, grass
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_linear

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER)


def whole(conditions: Conditions, materials: UInt8, ink: UInt8 | None = None) -> Patch:
    drawn = np.zeros(materials.shape, np.uint8) if ink is None else ink
    scene = Scene(request(conditions, materials=materials, ink=drawn))
    return Patch(scene, Bounds(0, 0, materials.shape[1], materials.shape[0]))


def even(patch: Patch, *, leaf: float = 0.45) -> Float32:
    """A canvas of flat colours: grass green, leaves of lightness ``leaf``, all else light grey."""
    canvas = np.full((*patch.shape, 3), (0.8, 0.0, 0.0), np.float32)
    canvas[patch.materials == Material.GRASS] = (0.6, -0.06, 0.09)
    canvas[patch.materials == Material.FOLIAGE] = (leaf, -0.07, 0.07)
    return canvas


def meadow() -> UInt8:
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:90] = Material.SKY
    return materials


def strokes() -> tuple[UInt8, Bool]:
    """A row of ticks, a level stroke and a long upright one; and where the ticks are."""
    ink, ticks = np.zeros((H, W), np.uint8), np.zeros((H, W), bool)
    for x in range(60, 200, 14):
        ticks[200:212, x : x + 2] = True
    ink[ticks] = 200
    ink[230:232, 60:120] = 200
    ink[120:240, 300:302] = 200
    return ink, ticks


def test_short_steep_strokes_are_blades_and_others_are_not() -> None:
    ink, ticks = strokes()
    patch = whole(NOON, meadow(), ink)
    found = tufts.blades(patch)
    assert found is not None
    assert found[ticks].mean() > 0.95
    assert not found[226:236, 60:120].any() and not found[:, 290:312].any()
    assert tufts.blades(whole(NOON, meadow())) is None


def test_a_blade_stands_out_from_the_ground_between_the_feet_and_no_ink_is_left() -> None:
    ink, ticks = strokes()
    patch = whole(NOON, meadow(), ink)
    canvas = even(patch)
    tufts.grown(patch, canvas)
    painted = traced(patch, canvas.copy())
    between = ~ticks
    between[:, :58] = between[:, 200:] = between[:202] = between[210:] = False
    tips = ticks.copy()
    tips[206:] = False
    ground = painted[between][:, 0].mean()
    assert np.abs(painted[tips][:, 0] - ground).mean() > 0.045, "lighter or darker"
    assert painted[ticks][:, 0].min() > 0.3, "no stroke of ink"
    assert painted[ticks][:, 1].mean() < -0.02, "and it is green"


def test_drawn_blades_have_values_of_the_meadow_and_are_some_of_many() -> None:
    ink, ticks = strokes()
    patch = whole(NOON, meadow(), ink)
    canvas = even(patch)
    before = canvas.copy()
    tufts.grown(patch, canvas)
    change = canvas[..., 0] - before[..., 0]
    assert np.abs(change[ticks]).max() < 0.24, "neither acid nor black"
    grown = np.abs(change) > 0.03
    close, far = grown[186:198, 50:210].mean(), grown[172:182, 50:210].mean()
    assert close > 0.06, "others stand behind the row"
    assert grown[214:226, 50:210].mean() > 0.06, "and before it"
    assert far < 0.6 * close, "the farther the fewer"
    assert not grown[:, 320:].any()


def test_siblings_of_blades_keep_to_the_grass_and_to_places_where_none_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sown, "_RISEN", 0)  # those stand behind the drawn ones, in the same place
    ink, ticks = strokes()
    materials = meadow()
    materials[216:] = Material.WATER
    patch = whole(NOON, materials, ink)
    canvas = even(patch)
    before = canvas.copy()
    tufts.grown(patch, canvas)
    assert np.abs(canvas - before)[232:].max() < 1e-3
    table = kept(patch.scene, "stems", sown.blades)
    strewn = table[table[:, sown.DRAWN] == 0]
    assert len(strewn) > 20
    x, y = (((strewn[:, k] + strewn[:, k + 3]) / 2 * patch.unit).astype(int) for k in (sown.X, sown.Y))
    assert not ticks[np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)].any()


def test_a_stroke_is_the_edge_between_a_blade_and_its_shade() -> None:
    drawn = np.zeros((4, 14), np.float32)
    for k in (sown.X, sown.MIDDLE, sown.TIP_X):
        drawn[:, k] = (10, 16, 21, 24)
    drawn[:, sown.Y], drawn[:, sown.TIP_Y], drawn[:, sown.VALUE] = 130, 110, 1
    drawn[3, [sown.Y, sown.TIP_Y]] = 430, 410
    drawn[:, sown.SIDE] = sown._sided(drawn, 1)
    side = drawn[:, sown.SIDE]
    assert side[0] == -side[1] == side[2], "of neighbours one is the left edge of a blade, the next its right one"
    behind = sown._backed(drawn)
    assert np.array_equal(behind[:, sown.SIDE], -side) and np.all(behind[:, sown.VALUE] < 0)


def test_a_row_on_bare_ground_ends_with_smaller_tufts() -> None:
    ink, _ticks = strokes()
    patch = whole(NOON, np.where(meadow() == Material.GRASS, Material.SOIL, Material.SKY).astype(np.uint8), ink)
    table = kept(patch.scene, "stems", sown.blades)
    drawn, stray = table[table[:, sown.DRAWN] == 1], table[table[:, sown.DRAWN] == -2]
    assert len(stray) >= 6
    assert ((stray[:, sown.X] < drawn[:, sown.X].min()) | (stray[:, sown.X] > drawn[:, sown.X].max())).all()
    tall = table[:, sown.Y] - table[:, sown.TIP_Y]
    assert tall[table[:, sown.DRAWN] == -2].mean() < tall[table[:, sown.DRAWN] == -1].mean()


def test_a_tick_that_touches_the_outline_of_a_trunk_is_a_blade() -> None:
    materials = np.full((4 * H, 800), Material.SOIL, np.uint8)
    materials[:360] = Material.SKY
    materials[320:824, 300:520] = Material.TRUNK
    ink = np.zeros(materials.shape, np.uint8)
    ink[400:826, 518:521] = 200
    for step in range(36):  # from the outline it leans away
        ink[826 - step, 522 + step // 2 : 525 + step // 2] = 200
    found = tufts.blades(whole(NOON, materials, ink))
    assert found is not None and found[796:812, 530:538].any(1).all()
    assert not found[400:760, 500:560].any(), "but higher up it is an outline"


def test_a_tuft_on_bare_ground_spreads_from_a_foot_in_its_own_shade() -> None:
    ink, _ticks = strokes()
    patch = whole(NOON, np.where(meadow() == Material.GRASS, Material.SOIL, Material.SKY).astype(np.uint8), ink)
    table = kept(patch.scene, "stems", sown.blades)
    fan = table[table[:, sown.DRAWN] < 0]
    assert len(fan) > 60
    foot, tip = fan[:, sown.X], fan[:, sown.TIP_X]
    outer = np.sort(tip)[[0, -1]] - np.sort(foot)[[0, -1]]
    assert outer[0] < 0 < outer[1], "it is wider above than below"
    canvas = even(patch)
    tufts.grown(patch, canvas)
    beneath, beside = canvas[213:215, 70:190, 0].mean(), canvas[213:215, 300:400, 0].mean()
    assert beneath < beside - 0.01
    cut = np.abs(np.diff(canvas[205:222, 70:190, 0], axis=0)).max(0)
    assert np.median(cut) < 0.15, "and is lost in the ground, not cut off"


def test_blades_before_the_foot_of_a_trunk_are_blades_and_its_sides_are_not() -> None:
    materials = np.full((4 * H, 800), Material.SOIL, np.uint8)
    materials[:360] = Material.SKY
    materials[320:824, 300:520] = Material.TRUNK
    ink, feet = np.zeros(materials.shape, np.uint8), (360, 392, 428, 460)
    for x in feet:  # they begin on the bark and end on the ground
        ink[804:836, x : x + 3] = 200
    for top in (640, 700, 780):  # an outline in pieces
        ink[top : top + 40, 299:302] = ink[top : top + 40, 519:522] = 200
    patch = whole(NOON, materials, ink)
    found = tufts.blades(patch)
    assert found is not None
    assert found[808:832, feet].all()
    assert not found[600:820, [300, 520]].any()
    table = kept(patch.scene, "stems", sown.blades)
    assert len(table) > 8
    row = (table[:, sown.AT_Y] * patch.unit).astype(int)
    column = (table[:, sown.AT_X] * patch.unit).astype(int)
    assert np.all(materials[row, column] != Material.TRUNK), "they have the colour and the light of the ground"


def test_the_clump_on_bare_ground_is_dark_behind_and_few_of_its_blades_are_lit() -> None:
    ink, _ticks = strokes()
    patch = whole(NOON, np.where(meadow() == Material.GRASS, Material.SOIL, Material.SKY).astype(np.uint8), ink)
    table = kept(patch.scene, "stems", sown.blades)
    value = table[table[:, sown.DRAWN] == -1, sown.VALUE]
    assert (value < -0.3).mean() > 0.4 and 0.02 < (value > 0.2).mean() < 0.25


def test_few_stalks_are_seen_through_snow() -> None:
    ink, _ticks = strokes()
    changed = []
    for season, weather in ((Season.SUMMER, Weather.CLEAR), (Season.WINTER, Weather.SNOW)):
        patch = whole(replace(NOON, season=season, weather=weather), meadow(), ink)
        canvas = np.full((H, W, 3), (0.7, 0.0, 0.0), np.float32)
        tufts.grown(patch, canvas)
        changed.append((np.abs(canvas[..., 0] - 0.7) > 0.03)[170:196].sum())
    assert 0 < changed[1] < 0.6 * changed[0]


def test_blades_agree_between_patches() -> None:
    ink, _ticks = strokes()
    patch = whole(NOON, meadow(), ink)
    canvas = even(patch)
    growth.over_edges(patch, canvas)
    part = Patch(patch.scene, Bounds(30, 140, 230, 120))
    cut = even(part)
    growth.over_edges(part, cut)
    inner = slice(40, -20), slice(40, -40)
    assert np.abs(cut[inner] - canvas[part.within(patch)][inner]).max() < 2e-3


def test_dead_stalks_stand_darker_than_snow() -> None:
    ink, ticks = strokes()
    patch = whole(replace(NOON, season=Season.WINTER, weather=Weather.SNOW), meadow(), ink)
    canvas = np.full((H, W, 3), (0.9, 0.0, -0.01), np.float32)
    tufts.grown(patch, canvas)
    assert canvas[ticks][:, 0].mean() < 0.8


def lone_tree() -> UInt8:
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    materials[(np.abs(x - 240) < 6) & (y > 110) & (y < 200)] = Material.TRUNK
    materials[(x - 240) ** 2 + (y - 90) ** 2 < 50**2] = Material.FOLIAGE
    return materials


def test_leaves_hang_over_the_outline_of_a_crown_but_not_over_what_stands_before_it() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = lone_tree()
    materials[(np.abs(x - 262) < 5) & (y > 30)] = Material.METAL
    asked = request(NOON, materials=materials, ink=np.zeros((H, W), np.uint8))
    depth = np.where(materials == Material.FOLIAGE, 90, 255).astype(np.uint8)
    depth[materials == Material.METAL] = 10
    scene = Scene(replace(asked, reading=replace(asked.reading, depth=depth)))
    patch = Patch(scene, Bounds(0, 0, W, H))
    canvas = even(patch)
    before = canvas.copy()
    growth._sprays(patch, canvas)
    changed = np.abs(canvas - before).max(-1) > 0.02
    away = np.hypot(x - 240, y - 90)
    over = (away > 50.5) & (materials == Material.SKY)
    assert changed[over & (away < 54)].mean() > 0.05
    assert not changed[over & (away > 62)].any()
    assert changed[np.abs(x - 262) < 2].mean() < 0.01


def test_grass_lies_over_the_foot_of_a_stone_and_not_over_its_top() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    materials[((x - 240) / 40.0) ** 2 + ((y - 215) / 24.0) ** 2 < 1] = Material.ROCK
    for season, weather in ((Season.SUMMER, Weather.CLEAR), (Season.WINTER, Weather.SNOW)):
        patch = whole(replace(NOON, season=season, weather=weather), materials)
        canvas = even(patch)
        growth._at_the_foot(patch, canvas)
        changed = (np.abs(canvas - even(patch)).max(-1) > 0.03) & (materials == Material.ROCK)
        assert changed[230:].sum() > 8, season
        assert changed[:205].sum() == 0, season


def stone() -> UInt8:
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    materials[(np.abs(x - 240) < 24) & (np.abs(y - 190) < 12)] = Material.ROCK
    return materials


def test_a_stone_stands_in_its_own_shade_and_is_not_dark_around() -> None:
    patch = whole(NOON, stone())
    canvas = even(patch)
    growth._contact(patch, canvas)
    lost = even(patch)[..., 0] - canvas[..., 0]
    assert lost[202, 225:255].min() > 0.05, "dark where it touches"
    assert lost[205, 225:255].max() < lost[202, 225:255].min(), "and less and less below"
    assert lost[:176].max() < 0.01 and lost[212:].max() < 0.01
    assert lost[patch.materials == Material.ROCK].max() < 0.12, "the stone itself is not in it"
    assert stones.around_stones(whole(NOON, meadow())) is None
    assert stones.around_stones(whole(replace(NOON, place=Place.RUINS), stone())) is None, "a wall is no stone"


def test_grass_before_a_stone_takes_the_place_of_its_line() -> None:
    materials = stone()
    patch = whole(NOON, materials, outlines(materials))
    rooted = stones.rooted(patch)
    assert rooted is not None
    foot = rooted[200:203, 218:262].any(0)
    assert 0.1 < foot.mean() < 0.9, "in groups"
    assert not rooted[:196].any()
    found = tufts.blades(patch)
    assert found is not None and np.array_equal(found, rooted), "no line is traced there"
    winter = whole(replace(NOON, season=Season.WINTER, weather=Weather.SNOW), materials)
    assert stones.rooted(winter) is None


def test_crowns_are_boughs_in_winter_only_and_all_of_them_stay_inside() -> None:
    materials = lone_tree()
    winter = whole(replace(NOON, season=Season.WINTER), materials)
    bare = twigs.bare(winter)
    assert bare is not None and bare[materials == Material.FOLIAGE].all()
    assert twigs.bare(whole(NOON, materials)) is None
    found = boughs.grown_in(winter.scene, bare_regions(winter.scene)).limbs * winter.unit
    assert len(found) > 60
    away = np.hypot(found[:, 2] - 240, found[:, 3] - 90)
    assert away.max() < 53, "ends lie in the crown"
    assert (away > 36).sum() > 12, "and reach its outline"
    stout = found[found[:, 4].argmax()]
    assert abs(stout[0] - 240) < 8 and stout[1] > 130, "the thickest comes out of the trunk"
    assert stout[4] > 2.5 * np.median(found[:, 4])


def test_one_sees_through_a_bare_crown() -> None:
    materials = lone_tree()
    values = []
    for season in (Season.SUMMER, Season.WINTER):
        patch = whole(replace(NOON, season=season), materials)
        surface = foliage.shade(patch, patch.mask(Material.FOLIAGE))
        values.append(surface.emission)
    assert values[0] is None and values[1] is not None
    assert values[1][80:100, 225:255].mean() > 0.06


def spruce(tier_below: bool) -> tuple[UInt8, UInt8]:
    """A conifer whose drawn tip is higher than its material; below it, if asked, a smaller round tree before it."""
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    materials[(np.abs(x - 240) < (y - 40) * 0.34) & (y > 45) & (y < 170)] = Material.FOLIAGE
    if tier_below:
        materials[(x - 240) ** 2 + (y - 188) ** 2 < 20**2] = Material.FOLIAGE
    ink = np.zeros((H, W), np.uint8)
    for side in (-1, 1):
        down = np.arange(31, 49)
        for step in range(2):
            ink[down, (240 + side * (down - 31) * 0.2 + step).astype(int)] = 210
    return materials, ink


def test_a_conifer_ends_with_its_widest_tier() -> None:
    for below in (False, True):
        materials, ink = spruce(below)
        (tree,) = conifers(whole(NOON, materials, ink).scene)
        assert tree.bottom * H / 1080 == pytest.approx(170, abs=4), below


def test_the_tip_that_only_the_pencil_has_is_painted() -> None:
    materials, ink = spruce(tier_below=False)
    patch = whole(NOON, materials, ink)
    canvas = even(patch)
    apex.raised(patch, canvas)
    tip = canvas[35:44, 239:243, 0]
    assert (tip < 0.7).mean() > 0.4
    assert np.all(canvas[:25, :, 0] > 0.79), "and nothing above it"
    plain = whole(NOON, materials)
    assert len(kept(plain.scene, "tips of conifers", apex._tips)) == 0


def test_ground_is_warm_and_cool_in_patches() -> None:
    patch = whole(NOON, meadow())
    flat = np.full((H, W, 3), 0.3, np.float32)
    lab = oklab_from_linear(hued(patch, ground(patch), flat, 3))[120:]
    assert np.percentile(lab[..., 2], 90) - np.percentile(lab[..., 2], 10) > 0.02
    assert lab[..., 0].std() < 0.02, "its values are one plane"


def test_grass_is_wet_earth_at_the_water() -> None:
    materials = meadow()
    materials[:, 300:] = Material.WATER
    bank = grass._bank(whole(NOON, materials))
    assert bank[150:250, 299].max() > 0.3 and bank[150:250, :280].max() < 0.05


def test_woods_in_fog_are_lost_at_their_foot_and_seen_at_their_top() -> None:
    materials = meadow()
    materials[60:100] = Material.FOLIAGE
    far = np.full((H, W), 200, np.uint8)
    hazes = []
    for weather in (Weather.FOG, Weather.CLEAR):
        asked = request(replace(NOON, weather=weather), materials=materials, ink=np.zeros((H, W), np.uint8))
        patch = Patch(Scene(replace(asked, reading=replace(asked.reading, depth=far))), Bounds(0, 0, W, H))
        hazes.append(foliage._layered(patch))
    fog = np.asarray(hazes[0])
    assert fog[62:66].mean() < 0.75 and fog[94:99].mean() > 1.2
    clear = np.asarray(hazes[1])
    assert 0.75 < clear[62:66].mean() < 0.99 and 1.01 < clear[94:99].mean() < 1.2, "in clear air a little"
