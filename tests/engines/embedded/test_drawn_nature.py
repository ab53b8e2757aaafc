"""Strokes that stand for nature's forms: blades of a tuft, tiers of a conifer, heads of a cloud, an arch on water."""

from __future__ import annotations

import numpy as np
from tests.engines.embedded.built import H, W, request
from tests.engines.embedded.test_growth import NOON, even, meadow, spruce, whole

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded import arches, billows, conifers, lines, ripples
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.stems import Blades, followed, lay_blades
from genzu.picture.arrays import Float32, UInt8


def test_a_pencils_v_is_followed_as_two_blades() -> None:
    stroke = np.zeros((40, 60), bool)
    for row in range(40):
        for x in (10 + row // 2, 50 - row // 2):
            stroke[row, x : x + 3] = True
    left, right = sorted(followed(stroke), key=lambda line: float(line[3]))
    assert abs(left[3] - 11.5) < 1.5 and abs(right[3] - 51.5) < 1.5, "tips"
    assert abs(left[0] - right[0]) < 6, "feet"
    assert left[4] < 2 and right[4] < 2 and left[1] > 38 and right[1] > 38


def test_a_level_stroke_has_no_stem_and_a_gap_begins_another() -> None:
    assert followed(np.ones((2, 40), bool)) == []
    stroke = np.zeros((40, 9), bool)
    stroke[:15, 3:6] = stroke[25:, 3:6] = True
    assert len(followed(stroke)) == 2


def test_a_blade_tapers_and_is_lost_at_its_root() -> None:
    canvas = np.zeros((60, 40, 3), np.float32)
    one = np.ones(1, np.float32)
    lay_blades(
        canvas,
        Blades(
            foot=np.array([[20, 45]], np.float32), middle=20 * one, tip=np.array([[20, 15]], np.float32),
            root=-0.3 * one, end=1.3 * one,
            half=np.full((1, 2), 2.5, np.float32), soft=np.full((1, 2), 0.35, np.float32),
            low=np.ones((1, 3), np.float32), high=np.ones((1, 3), np.float32), opacity=one,
        ),
    )  # fmt: skip
    width = canvas[..., 0].sum(1)
    assert width[35] > width[15] > width[8] > 0
    assert width[44] > width[50] > width[53] and width[56:].max() == 0
    assert canvas[30, 20, 0] > 0.95 and canvas[30, 10, 0] == 0


def tiered() -> tuple[Patch, UInt8]:
    materials, ink = spruce(tier_below=False)
    ink[120:122, 215:265] = 220  # a tier ends
    down = np.arange(128, 162)
    for step in range(2):
        ink[down, 240 - (down - 126) // 2 + step] = 220  # a bough's edge, left of the stem
    return whole(NOON, materials, ink), ink


def test_a_tier_is_lit_at_its_tips_and_dark_below_and_a_bough_is_lit_towards_the_stem() -> None:
    patch, _ink = tiered()
    hung = conifers.skirts(patch, ((5.0, 3.0), (12.0, 3.0)))
    tips, below = hung[116:119, 222:236].mean(), hung[123:126, 222:232].mean()
    assert tips > 0.05 > -0.05 > below and tips < -0.85 * below, "lit they are, but no bright hem"
    row = 150
    edge = 240 - (row - 126) // 2
    assert hung[row, edge + 3 : edge + 6].mean() > 0.03 > -0.03 > hung[row, edge - 5 : edge - 2].mean()
    flat = whole(NOON, meadow())
    assert not conifers.skirts(flat, ((5.0, 3.0),)).any() and conifers.needled(flat) is None


def test_no_line_is_traced_in_needles() -> None:
    patch, ink = tiered()
    canvas = even(patch)
    painted = lines.traced(patch, canvas.copy())
    needles = conifers.needled(patch)
    assert needles is not None
    inside = (ink > 0) & needles & (patch.inner > 24)
    assert inside.sum() > 40
    plain = canvas[inside][:, 0].mean()
    assert np.percentile(painted[inside][:, 0], 5) > 0.30 * plain, "but for the shade between two tips"
    assert np.percentile(painted[inside][:, 0], 70) > plain, "tips in the light lie over it"


def bridged(*, over: bool) -> Patch:
    """A river with an arch drawn on it, under a bridge or in the open."""
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    materials[y > 120] = Material.WATER
    if over:
        materials[(y > 112) & (y < 130)] = Material.WALL
    ink = np.zeros((H, W), np.uint8)
    away = np.hypot((x - 240) / 60, (y - 160) / 34)
    ink[(np.abs(away - 1) < 0.035) & (y > 134) & (y < 160)] = 220
    return whole(NOON, materials, ink)


def test_under_a_bridge_an_arch_is_an_edge_with_the_dark_outside() -> None:
    patch = bridged(over=True)
    light = np.full((*patch.shape, 3), 0.4, np.float32)
    toned = arches.toned(patch, light)[..., 0]
    assert toned[150, 235:245].mean() > 0.4 > 0.36 > toned[166, 168:175].mean()
    assert np.all(toned[215:] == light[215:, :, 0]), "and it is lost among the ripples"
    mirrored = arches.along(patch)
    assert mirrored is not None and mirrored[163, 180:190].any() and not mirrored[150].any(), "below the foot"


def test_in_the_open_an_arch_is_none() -> None:
    patch = bridged(over=False)
    light = np.full((*patch.shape, 3), 0.4, np.float32)
    assert arches.along(patch) is None and np.array_equal(arches.toned(patch, light), light)


def test_a_stroke_in_a_cloud_is_a_hard_edge_that_falls_off_to_both_sides() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = meadow()
    materials[((x - 240) / 120) ** 2 + ((y - 45) / 40) ** 2 < 1] = Material.CLOUD
    ink = np.zeros((H, W), np.uint8)
    ink[20:60, 240:242] = 220
    patch = whole(NOON, materials, ink)
    canvas: Float32 = np.full((*patch.shape, 3), (0.86, 0.0, -0.02), np.float32)
    billows.billowed(patch, canvas)
    row = canvas[30:45, :, 0].mean(0)
    towards = int(np.sign(patch.light.towards[0]))
    shade, rim = 240.5 + 2.5 * towards, 240.5 - 2.5 * towards
    assert row[round(shade)] < 0.86 - 0.004 and row[round(rim)] > row[round(shade)] + 0.01
    assert abs(row[round(240.5 + 30 * towards)] - 0.86) < 0.002
    part = Patch(patch.scene, Bounds(200, 0, 90, 90))
    cut = np.full((*part.shape, 3), (0.86, 0.0, -0.02), np.float32)
    billows.billowed(part, cut)
    assert np.abs(cut[10:60, 25:60] - canvas[part.within(patch)][10:60, 25:60]).max() < 2e-3


def test_a_stroke_drawn_on_still_water_is_one_stroke_of_light_or_shade_with_soft_ends() -> None:
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[60:] = Material.WATER
    ink = np.zeros((H, W), np.uint8)
    ink[180:182, 200:280] = 220
    river = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER)
    patch = Patch(Scene(request(river, materials=materials, ink=ink)), Bounds(0, 0, W, H))
    drawn = ripples.drawn(patch, patch.contour, None)
    assert drawn is not None and np.all(drawn[:150] == 0)
    for light, sign in ((0.8, -1), (0.2, 1)):
        canvas = np.full((H, W, 3), (light, -0.02, -0.04), np.float32)
        ripples.painted(patch, canvas, drawn)
        change = (canvas[..., 0] - np.float32(light)) * sign
        assert change.min() >= 0 and change[181, 240] > 0.02
        assert 0 < change[181, 195:206].min() < 0.5 * change[181, 240] and np.all(change[:176] == 0)
