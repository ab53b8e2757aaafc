"""Leaves that hang in a near tree stand where it does; a far wood beside it, and boughs with a thin line, do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.embedded.test_nature import HORIZON, H, W, labels, request, rough

from genzu.core.material import Material
from genzu.core.scene import Season, Time, Weather
from genzu.engines.embedded.fallen import bare_regions
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import widened
from genzu.engines.embedded.trees import Regions, brought_near, line_weight
from genzu.picture.arrays import Bool, Float32, Int32, UInt8
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.space import HANGING

_H, _W = 200, 320
_BOLD, _THIN = 4, 2
SKY, GRASS, STEM, CROWN, BOUGH, BEHIND, WOOD, FRAME, TOP, STRIP, BARK = range(1, 12)
_MATERIALS = {
    SKY: Material.SKY, GRASS: Material.GRASS, STEM: Material.TRUNK, BARK: Material.TRUNK,
}  # fmt: skip
_DEPTH = {SKY: 1.0, GRASS: 0.4, STEM: 0.1, WOOD: 0.5, BARK: 0.6}


def _labels() -> Int32:
    """A near tree with a crown and a bough on its right, far leaves below that, which rest on a wood; a bough aside."""
    y, x = np.mgrid[0:_H, 0:_W]
    labels = np.full((_H, _W), SKY, np.int32)
    labels[y > 130] = GRASS
    labels[(y > 85) & (y < 135) & (x > 90) & (x < 200)] = WOOD
    labels[(y > 68) & (y < 100) & (x > 60) & (x < 150)] = BEHIND
    labels[(y > 40) & (x > 40) & (x < 52)] = STEM
    labels[(y > 20) & (y < 60) & (x > 15) & (x < 80)] = CROWN
    labels[(y > 38) & (y < 75) & (x > 79) & (x < 130)] = BOUGH
    labels[(y > 20) & (y < 50) & (x > 270)] = FRAME
    return labels


def _borders_of(labels: Int32, *ids: int) -> Bool:
    """Where one of these meets something else, two px to both its sides."""
    there = np.zeros(labels.shape, bool)
    for one in ids:
        own = labels == one
        there |= (widened(own.view(np.uint8), 2) > 0) & (widened((~own).view(np.uint8), 2) > 0)
    return there


def _weights(labels: Int32, *thin: int) -> UInt8:
    """Bold outlines everywhere, but thin ones where a far thing meets another far thing."""
    weight = np.where(_borders_of(labels, *range(1, int(labels.max()) + 1)), _BOLD, 0).astype(np.uint8)
    near = [one for one in (STEM, CROWN, BOUGH, FRAME) if one not in thin]
    weight[_borders_of(labels, *thin) & ~_borders_of(labels, *near)] = _THIN
    return weight


def _found(labels: Int32, weight: UInt8, depths: dict[int, float] | None = None) -> dict[int, float]:
    """Depth by region."""
    count = int(labels.max()) + 1
    material = np.array([_MATERIALS.get(k, Material.FOLIAGE) for k in range(count)], np.uint8)
    read = np.array([(_DEPTH | (depths or {})).get(k, 0.92) for k in range(count)], np.float32)
    sides = np.zeros((6, count), np.float32)
    for one in np.unique(labels).tolist():
        y, x = np.nonzero(labels == one)
        sides[:, one] = x.mean(), y.mean(), x.min(), x.max() + 1, y.min(), y.max() + 1
    names = ("x", "y", "left", "right", "top", "bottom")
    regions = Regions(material=material, **dict(zip(names, sides, strict=True)))
    depth: Float32 = brought_near(read[labels], labels, weight, regions)
    return {one: float(depth[labels == one].mean()) for one in np.unique(labels).tolist()}


def test_what_hangs_on_a_stem_stands_where_it_does() -> None:
    labels = _labels()
    found = _found(labels, _weights(labels, WOOD, BEHIND))
    assert found[CROWN] == pytest.approx(0.1, abs=0.01)
    assert 0.1 <= found[BOUGH] < 0.2
    assert found[BEHIND] > 0.85, "leaves with a thin line came near"
    assert found[WOOD] == pytest.approx(0.5)


def test_leaves_as_bold_as_the_tree_that_touch_it_are_its() -> None:
    labels = _labels()
    assert _found(labels, _weights(labels, WOOD))[BEHIND] < 0.25


def test_a_known_place_is_doubted_only_where_far_leaves_are_drawn_with_a_thinner_line() -> None:
    labels, read = _labels(), {BOUGH: 0.5}
    assert _found(labels, _weights(labels, WOOD, BEHIND), read)[BOUGH] < 0.2
    assert _found(labels, _weights(labels), read)[BOUGH] == pytest.approx(0.5)


def test_leaves_that_no_line_parts_from_a_wood_are_of_it() -> None:
    labels = _labels()
    weight = _weights(labels, WOOD)
    weight[80:104, 82:160] = 0
    assert _found(labels, weight)[BEHIND] > 0.45


def test_leaves_seen_between_stems_are_behind_them() -> None:
    labels = _labels()
    labels[50:66, 120:160] = BOUGH
    labels[66:130, 124:134] = labels[66:130, 140:146] = BARK
    labels[66:128, 134:140] = STRIP
    weight = _weights(labels, WOOD, BEHIND)
    weight[_borders_of(labels, STRIP)] = _BOLD
    found = _found(labels, weight)
    assert found[STRIP] > 0.85
    assert found[BOUGH] < 0.2


def test_a_bold_bough_at_the_edge_frames_the_picture() -> None:
    labels = _labels()
    assert _found(labels, _weights(labels, WOOD, BEHIND))[FRAME] == pytest.approx(HANGING / 255, abs=0.01)
    assert _found(labels, _weights(labels, WOOD, BEHIND, FRAME))[FRAME] > 0.9


def test_leaves_on_others_of_a_crown_are_of_it() -> None:
    labels = _labels()
    labels[70:86, 160:190] = TOP
    labels[85:110, 150:198] = STRIP
    labels[60:85, 155:162] = SKY
    assert _found(labels, _weights(labels, TOP, STRIP), {STRIP: 0.45})[TOP] == pytest.approx(0.45, abs=0.02)


def test_a_crown_read_far_away_in_which_a_stem_ends_stays_close_to_it() -> None:
    """Its lower half meets the ground beside the stem, and so it does not hang."""
    labels = _labels()
    labels[100:135, 90:200] = GRASS
    labels[60:135, 210:260] = STRIP
    labels[105:150, 228:240] = BARK
    labels[105:132, 210:228] = labels[105:132, 240:260] = GRASS
    labels[105:108, 255:270] = STRIP
    found = _found(labels, _weights(labels, STRIP), {BARK: 0.5})
    assert 0.5 <= found[STRIP] < 0.65


def test_without_leaves_nothing_changes() -> None:
    labels = np.where(np.arange(40)[:, None] < 20, SKY, GRASS).astype(np.int32) * np.ones((1, 50), np.int32)
    assert _found(labels, np.zeros(labels.shape, np.uint8)) == pytest.approx({SKY: 1.0, GRASS: 0.4})


@pytest.mark.parametrize("scale", [1, 2])
def test_strokes_are_measured_in_rows_of_1080(scale: int) -> None:
    contour = np.zeros((1080, 400), np.uint8)
    for k, wide in enumerate((1, 2, 3, 5)):
        contour[100:900, 50 + 80 * k : 50 + 80 * k + wide] = 255
    contour[950:954] = 90
    weight = line_weight(np.repeat(np.repeat(contour, scale, 0), scale, 1), (540, 200))
    found = [int(weight[200, 25 + 40 * k - 3 : 25 + 40 * k + 6].max()) for k in range(4)]
    assert found == [2, 3, 4, 6]
    assert weight[476, 100] == 1
    assert weight[20].max() == 0


def test_the_scene_stands_its_leaves_so() -> None:
    """A crown over a near stem, read far away because the sky lies behind it, is near."""
    asked = request(Season.SUMMER, Time.NOON, Weather.FAIR)
    materials, regions = asked.reading.materials.copy(), asked.reading.regions.copy()
    low = (materials == Material.FOLIAGE) & (np.arange(H)[:, None] > HORIZON - 10)
    materials[low], regions[low] = Material.SKY, regions[0, 0]
    materials[HORIZON - 10 : HORIZON + 1, 391:409] = Material.TRUNK
    regions[HORIZON - 10 : HORIZON + 1, 391:409] = regions[150, 400]
    crown, stem = materials == Material.FOLIAGE, materials == Material.TRUNK
    depth = np.full((H, W), 255, np.uint8)
    depth[stem], depth[crown] = 20, 234
    contour = _borders_of(regions, int(regions[150, 400]), int(regions[90, 400])).astype(np.uint8) * np.uint8(255)
    reading = replace(asked.reading, materials=materials, regions=regions, depth=depth)
    scene = Scene(replace(asked, reading=reading, lines=replace(asked.lines, contour=contour)))
    units = scene.shrink
    assert scene.small_depth[int(90 * units), int(400 * units)] < 0.2


def test_a_bough_in_two_parts_before_a_far_wood_is_a_pines_and_one_of_lumps_is_not() -> None:
    asked = request(Season.WINTER, Time.NOON, Weather.FAIR)
    materials, depth = np.full((H, W), Material.SKY, np.uint8), np.full((H, W), 255, np.uint8)
    regions = np.ones((H, W), np.int32)
    materials[HORIZON:], regions[HORIZON:], depth[HORIZON:] = Material.GRASS, 2, 100
    for part, box, far in (
        (3, np.s_[30:46, 100:160], 30), (4, np.s_[30:46, 160:240], 30), (5, np.s_[46:118, 80:260], 240),
        *((6 + k, np.s_[30:46, 300 + 30 * k : 330 + 30 * k], 30) for k in range(5)),
    ):  # fmt: skip
        materials[box], regions[box], depth[box] = Material.FOLIAGE, part, far
    reading = replace(
        asked.reading, materials=materials, regions=regions, depth=depth, confidence=np.ones(11, np.float32)
    )
    lines = replace(asked.lines, contour=np.zeros((H, W), np.uint8))
    bare = bare_regions(Scene(replace(asked, reading=reading, lines=lines)))
    assert not bare[3:5].any(), "a pine's bough has lost its needles"
    assert bare[5:11].all(), "a wood, or a crown's bough, has needles"


def test_the_shade_of_dry_leaves_keeps_their_colour() -> None:
    leaves = (labels() == Material.FOLIAGE) & (np.arange(W) > W // 2)  # a crown; on the left stands a conifer
    lab = oklab_from_srgb8(rough(Season.AUTUMN, Time.DUSK, Weather.FAIR))[leaves]
    dark = lab[lab[:, 0] < np.percentile(lab[:, 0], 30)]
    assert np.hypot(*np.median(dark[:, 1:], axis=0)) > 0.050, "grey shade in dry leaves"
