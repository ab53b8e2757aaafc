"""Outlines, wires, rails, poles and surf: a wavering pencil is painted over with one pull of the brush."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded import rims, surf
from genzu.engines.embedded.cables import spanned, tied
from genzu.engines.embedded.fence import Course, fence_in, untangled
from genzu.engines.embedded.materials.paving import Paving, by_region
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import soft_bytes
from genzu.engines.embedded.trim import depth_of_lines, trims
from genzu.picture.arrays import Float32, UInt8

ROWS, COLUMNS = 540, 960


def whole(
    materials: UInt8, ink: UInt8, place: Place = Place.SHOPPING_STREET, weather: Weather = Weather.CLEAR
) -> Patch:
    conditions = Conditions(season=Season.SUMMER, time=Time.NOON, weather=weather, place=place)
    asked = request(conditions, materials=materials, ink=ink)
    return Patch(Scene(asked), Bounds(0, 0, materials.shape[1], materials.shape[0]))


def test_an_outline_before_the_sky_covers_the_ragged_border_and_has_the_walls_paint() -> None:
    materials = np.full((ROWS, COLUMNS), Material.SKY, np.uint8)
    ragged = 270 + np.arange(COLUMNS) // 2 % 2  # the border jumps up and down by a pixel
    materials[np.arange(ROWS)[:, None] >= ragged] = Material.WALL
    ink = np.zeros((ROWS, COLUMNS), np.uint8)
    ink[269:273] = 200
    patch = whole(materials, ink)
    canvas = np.zeros((ROWS, COLUMNS, 3), np.float32)
    canvas[materials == Material.SKY] = (0.8, -0.03, -0.06)
    canvas[materials == Material.WALL] = (0.6, 0.03, 0.06)
    trim = trims(patch, soft_bytes(ink, 0.85))
    assert trim is not None
    before = canvas[270, 300:600, 2].std()
    rims.laid_on(patch, canvas, trim.wavering, trim.strip)
    assert before > 0.05
    # One even line along it, warm as the wall is and darker.
    assert canvas[270, 300:600, 2].std() < 0.2 * before
    assert canvas[270, 300:600, 2].mean() > 0
    assert canvas[270, 300:600, 0].max() < 0.6
    # Nothing is left of the pencil's own line, and far from it nothing is changed.
    assert depth_of_lines(patch)[269:272, 300:600].max() < 0.1
    assert np.allclose(canvas[200], (0.8, -0.03, -0.06))


def test_a_wire_that_ends_short_of_a_pole_goes_on_to_it() -> None:
    poles = np.zeros((540, 960), bool)
    poles[100:, 500:506] = True
    wires: Float32 = np.full((2, 960), np.nan, np.float32)
    wires[0, 100:488] = 150 + 0.1 * np.arange(388)
    wires[1, 100:440] = 300  # too far away
    tied(wires, poles)
    assert not np.isnan(wires[0, 100:502]).any()
    assert np.isnan(wires[0, 506:]).all()
    assert abs(wires[0, 500] - 190) < 0.5
    assert np.isnan(wires[1, 445:]).all()


def _pieces(*pieces: tuple[int, int, float, float]) -> Float32:
    """Straight pieces of wire: first and last column, row of the first, and slope."""
    wires: Float32 = np.full((len(pieces), COLUMNS), np.nan, np.float32)
    for wire, (start, stop, row, slope) in zip(wires, pieces, strict=True):
        wire[start:stop] = row + slope * np.arange(stop - start)
    return wires


def test_a_wire_that_is_lost_along_an_edge_goes_on() -> None:
    whole_wire = _pieces((100, 700, 100, 0.2))[0]
    found = spanned(_pieces((300, 400, 140, 0.2), (470, 700, 174, 0.2), (100, 260, 100, 0.2)), ROWS)
    assert len(found) == 1
    assert np.nanmax(np.abs(found[0] - whole_wire)) < 0.6 and np.isfinite(found[0, 100:700]).all()
    for apart in (
        _pieces((100, 300, 100, 0.2), (340, 700, 170, 0.2)),  # another wire lower down
        _pieces((100, 300, 100, 0.2), (340, 700, 148, -0.3)),  # where a pole turns it
        _pieces((100, 300, 100, 0.2), (420, 700, 164, 0.2)),  # too far off to be known
        _pieces((100, 300, 100, 0.2), (250, 700, 130, 0.2)),  # beside each other
    ):
        assert len(spanned(apart, ROWS)) == 2
    assert spanned(np.zeros((0, 9), np.float32), ROWS).shape == (0, 9)


def test_wires_that_touch_and_part_again_do_not_cross() -> None:
    upper = 100 + 3 * np.abs(np.arange(300) - 150) / 150
    # Where they are one crest the lower course took it, and went on as the upper one.
    courses: list[Course] = [
        (list(range(140)), upper[:140].tolist()),
        (list(range(300)), [103.5] * 150 + upper[150:].tolist()),
        (list(range(160, 300)), [103.5 + k / 50 for k in range(140)]),
    ]
    found = untangled(courses, 48)
    assert len(found) == 2
    heights = [(ys[0], ys[-1]) for _xs, ys in found]
    assert sorted(heights)[0] == (upper[0], upper[-1])
    assert sorted(heights)[1][1] > 106


def fenced() -> tuple[UInt8, UInt8]:
    """A road with grass below, and a fence whose upper rail runs before the road's lower edge."""
    materials = np.full((1080, 1920), Material.GRASS, np.uint8)
    materials[:300] = Material.SKY
    materials[500:760] = Material.ROAD
    ink = np.zeros_like(materials)
    ink[499:502] = 220
    for row in (728, 790):
        ink[row : row + 4] = 220
    for x in range(60, 1920, 140):
        ink[700:830, x : x + 3] = 220
    return materials, ink


def test_what_a_rail_cuts_off_from_a_road_is_road() -> None:
    materials, ink = fenced()
    asked = request(
        Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.ROAD),
        materials=materials, ink=ink,
    )  # fmt: skip
    regions = asked.reading.regions.copy()
    regions[731:760] = regions.max() + 1  # the strip behind the fence is a region of its own
    scene = Scene(replace(asked, reading=replace(asked.reading, regions=regions)))
    assert by_region(scene)[regions[745, 900]] == Paving.ASPHALT


def test_a_parasols_pole_is_a_post() -> None:
    materials = np.full((1080, 1920), Material.SOIL, np.uint8)
    materials[:300] = Material.SKY
    materials[400:480, 800:1000] = Material.CLOTH
    ink = np.zeros_like(materials)
    ink[480:760, 899:903] = 220
    found = fence_in(whole(materials, ink, Place.BEACH))
    assert found is not None
    assert found.post[600, 899:903].max() > 0.9
    assert found.post[:, :880].max() == 0
    ink[:] = 0
    assert fence_in(whole(materials, ink, Place.BEACH)) is None


def foamed(
    strokes: list[tuple[int, int]],
    weather: Weather = Weather.CLEAR,
    depth: float | None = None,
    glints: slice = slice(0),
) -> np.ndarray:
    """(1080, 960, 3) OKLab: even water and sand with black lines at rows ``strokes``, after the surf was painted."""
    materials = np.full((1080, 960), Material.WATER, np.uint8)
    materials[:300] = Material.SKY
    materials[700:] = Material.SOIL
    ink = np.zeros_like(materials)
    canvas = np.zeros((*materials.shape, 3), np.float32)
    canvas[:700], canvas[700:] = (0.45, -0.04, -0.06), (0.70, 0.01, 0.06)
    canvas[glints] = (0.9, 0.0, 0.0)
    for top, bottom in strokes:
        ink[top:bottom] = 230
        canvas[top:bottom] = (0.15, 0.0, 0.0)
    patch = whole(materials, ink, Place.BEACH, weather)
    if depth is not None:
        patch.depth = np.full(patch.shape, depth, np.float32)
    where = surf.drawn(patch)
    assert where is not None
    surf.painted(patch, canvas, soft_bytes(ink, 0.85), where)
    return canvas[:, 200:700]


def test_two_strokes_of_a_wave_are_its_white_and_none_of_their_ink_stays() -> None:
    canvas = foamed([(640, 643), (647, 650)])
    light = canvas[..., 0].mean(1)
    assert light[641:649].min() > 0.8  # white from the one to the other
    assert light[651:654].min() < 0.42  # a slim shade under it
    assert light[651:660].min() > 0.25  # which is no line
    assert canvas[652, :, 1].mean() < -0.045  # but clear green
    assert np.allclose(canvas[500], (0.45, -0.04, -0.06))
    assert np.abs(np.diff(light))[638:641].max() > 0.1  # its edge is a step on the stroke


def test_the_last_wave_ends_in_a_sheet_of_water_and_a_rim_on_wet_sand() -> None:
    light = foamed([(690, 693), (699, 702)])[..., 0].mean(1)
    assert light[685:689].max() > 0.8  # its white ends at the upper stroke
    sheet, rim = light[693:697].mean(), light[698:702].max()
    assert rim > sheet + 0.15
    assert light[703:706].mean() < 0.68  # the sand below lies in its shade
    assert light[703:720].min() > 0.45


def test_no_glint_lies_right_under_a_wave() -> None:
    light = foamed([(650, 654)], glints=slice(656, 680))[..., 0].mean(1)
    assert light[650:654].max() > 0.9
    assert light[656:659].mean() < 0.76, "its foot is seen"
    assert light[674:679].min() > 0.85


def test_far_crests_are_thinner_than_surf() -> None:
    near, far = foamed([(640, 644)])[..., 0].max(), foamed([(420, 424)])[..., 0].max()
    assert 0.55 < far < near - 0.1


def test_thick_air_takes_waves_far_away_and_leaves_those_on_the_shore() -> None:
    crests = {
        (weather, depth): foamed([(640, 644)], weather, depth)[630:654, :, 0].mean(1)
        for weather in (Weather.CLEAR, Weather.FOG)
        for depth in (0.1, 0.9)
    }
    seen = {key: float(np.ptp(light)) for key, light in crests.items()}
    assert seen[Weather.FOG, 0.1] > 0.7 * seen[Weather.CLEAR, 0.1]
    assert seen[Weather.FOG, 0.9] < 0.5 * seen[Weather.CLEAR, 0.9]


def test_still_water_has_no_surf() -> None:
    materials = np.full((1080, 960), Material.SOIL, np.uint8)
    materials[300:640] = Material.WATER
    ink = np.zeros_like(materials)
    ink[639:642] = 230
    assert surf.drawn(whole(materials, ink, Place.RIVER)) is None
    assert surf.drawn(whole(materials, ink, Place.BEACH)) is not None
