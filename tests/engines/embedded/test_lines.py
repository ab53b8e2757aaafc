"""Colour trace: coloured, clean, kept on built things, gone from the sky but for wires."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from PIL import Image
from tests.engines.embedded.built import H, W, outlines, request, street

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.lines import traced
from genzu.engines.embedded.painting import without_lines
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.wires import find_wires
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.fidelity import measure

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.SHOPPING_STREET)


@cache
def _paint(kind: str) -> tuple[UInt8, UInt8]:
    """Rough and painting with strokes of one kind added."""
    asked = request(NOON, ink=_ink(kind))
    engine = EmbeddedEngine()
    rough = engine.paint(asked)
    return rough, engine.paint(replace(asked, stage=Stage.PAINTING, rough=rough))


def _ink(kind: str) -> UInt8:
    ink = outlines(street())
    if kind == "wire":
        ink[20:22, 10:470] = 200
    elif kind == "speck":
        ink[20:22, 300:308] = 200
    elif kind == "weak":
        ink[200:202, 200:280] = 45
    return ink


def lab(kind: str) -> Float32:
    return oklab_from_srgb8(_paint(kind)[1])


def test_a_wire_stays_in_the_sky() -> None:
    with_wire, without = lab("wire"), lab("plain")
    assert (without[20:22, 200:400, 0] - with_wire[20:22, 200:400, 0]).mean() > 0.1


def _pole() -> tuple[UInt8, UInt8]:
    """Ink and materials at the reduced size: a pole, whose parts that touch it each run too short for a wire."""
    materials = np.full((540, 960), Material.SKY, np.uint8)
    materials[500:] = Material.GRASS
    materials[100:500, 300:308] = Material.WOOD
    return np.zeros(materials.shape, np.uint8), materials


def _no_pole(materials: UInt8) -> UInt8:
    return np.where(materials == Material.WOOD, Material.SKY, materials).astype(np.uint8)


def test_short_arms_of_a_pole_are_kept_and_a_crown_beside_it_is_not() -> None:
    ink, materials = _pole()
    ink[140:142, 270:338], ink[160:162, 270:338] = 200, 200
    along = np.arange(308, 420)
    ink[(380 + 9 * np.abs(np.sin(along / 5.0))).astype(int), along] = 200
    found = find_wires(ink, materials)
    assert found is not None
    assert found[141, 272:299].min() > 0.3
    assert found[370:400, 320:420].max() < 0.1
    # The same strokes with no pole to hang on are stray.
    assert find_wires(np.where(materials == Material.WOOD, 0, ink).astype(np.uint8), _no_pole(materials)) is None


def test_arms_and_wires_that_cross_each_other_are_found() -> None:
    ink, materials = _pole()
    for row in (140, 148, 156, 164):
        ink[row : row + 2, 308:338] = 200
    for column in (315, 323, 331):
        ink[138:168, column : column + 2] = 200
    found = find_wires(ink, materials)
    assert found is not None
    assert found[140:166, 310:336][ink[140:166, 310:336] > 0].min() > 0.3


def test_folds_of_a_cloud_are_no_wires() -> None:
    materials = np.full((540, 960), Material.CLOUD, np.uint8)
    materials[:60] = Material.SKY
    ink = np.zeros(materials.shape, np.uint8)
    ink[200:245, 300:303] = 200
    assert find_wires(ink, materials) is None
    ink[200:203, 300:400] = 200
    found = find_wires(ink, materials)
    assert found is not None
    assert found[201, 310:390].min() > 0.3


def _bough(weather: Weather) -> Float32:
    """(H, W) change of lightness by a line across a wood."""
    materials = np.full((H, W), Material.FOLIAGE, np.uint8)
    materials[:60] = Material.SKY
    pictures = []
    for drawn in (0, 230):
        ink = np.zeros((H, W), np.uint8)
        ink[150:152, 100:380] = drawn
        engine = EmbeddedEngine()
        asked = request(replace(NOON, weather=weather, place=Place.FOREST), materials=materials, ink=ink)
        pictures.append(engine.paint(replace(asked, stage=Stage.PAINTING, rough=engine.paint(asked))))
    before, after = (oklab_from_srgb8(picture)[..., 0] for picture in pictures)
    return np.asarray(after - before, np.float32)


def test_a_bough_is_dark_on_its_line_and_not_beside_it() -> None:
    across = _bough(Weather.CLEAR)[:, 120:360].mean(axis=1)
    assert across[150:152].mean() < -0.03
    # The mass above it ends in its own shade: darkest on the line or right above it, never below.
    assert 147.5 < int(np.argmin(across)) < 151.5
    # Above it a mass turns into its own shade, below it another one begins in the light.
    assert across[138:147].mean() < across[156:165].mean() - 0.02


def test_an_outline_in_leaves_is_lost_and_found() -> None:
    along = _bough(Weather.CLEAR)[150:152, 120:360].mean(axis=0)
    runs = along.reshape(-1, 4).mean(axis=1)
    assert np.percentile(runs, 90) - np.percentile(runs, 10) > 0.06


def test_faint_wires_are_traced_on_walls_only() -> None:
    changes = {}
    for material in (Material.WALL, Material.ROOF):
        pictures = []
        for drawn in (0, 78):
            materials = np.full((H, W), material, np.uint8)
            materials[:20] = Material.SKY
            ink = np.zeros((H, W), np.uint8)
            ink[150:152, 100:380] = drawn
            asked = request(NOON, materials=materials, ink=ink)
            patch = Patch(Scene(asked), Bounds(0, 0, W, H))
            canvas = np.full((H, W, 3), (0.7, 0.02, 0.03), np.float32)
            pictures.append(traced(patch, canvas)[150:152, 110:370, 0].mean())
        changes[material] = pictures[0] - pictures[1]
    assert changes[Material.WALL] > 0.02
    assert changes[Material.WALL] > 1.3 * changes[Material.ROOF]


def test_a_stray_stroke_leaves_the_sky() -> None:
    assert np.abs(lab("speck")[14:28, 296:312] - lab("plain")[14:28, 296:312]).max() < 0.02


def test_weak_construction_strokes_vanish() -> None:
    assert np.abs(lab("weak")[200:202, 210:270, 0] - lab("plain")[200:202, 210:270, 0]).mean() < 0.02


def test_lines_are_deep_colour_and_not_grey() -> None:
    picture, ink = lab("plain"), _ink("plain")
    m = street()
    on_wall = (ink > 100) & (m == Material.WALL)
    beside = (ink == 0) & (m == Material.WALL)
    assert np.median(picture[on_wall][:, 0]) < np.median(picture[beside][:, 0]) - 0.08
    chroma = np.hypot(picture[on_wall][:, 1], picture[on_wall][:, 2])
    assert np.median(chroma) > 0.008


def test_the_drawing_is_kept_where_it_was_drawn() -> None:
    large = np.asarray(Image.fromarray(street()).resize((2 * W, 2 * H), Image.Resampling.NEAREST), np.uint8)
    asked = request(NOON, materials=large)
    engine = EmbeddedEngine()
    rough = engine.paint(asked)
    for picture in (rough, engine.paint(replace(asked, stage=Stage.PAINTING, rough=rough))):
        kept = measure(asked.lines, picture)
        # Half of full size: the two edges of a line lie at the limit of the measure's 1 px.
        assert kept.line_fidelity > 0.62
        assert kept.line_fidelity > kept.chance + 0.35
        assert kept.shift < 0.5


def test_the_size_of_the_street_is_what_the_tests_think() -> None:
    assert street().shape == (H, W)


def test_no_flourish_of_the_pencil_stays_beside_a_cloud() -> None:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[60:120, 100:240] = Material.CLOUD
    ink = np.zeros((H, W), np.uint8)
    ink[110:112, 244:262] = 200
    patch = Patch(Scene(request(NOON, materials=materials, ink=ink)), Bounds(0, 0, W, H))
    canvas = np.full((H, W, 3), (0.6, -0.02, -0.09), np.float32)
    assert np.abs(traced(patch, canvas.copy()) - canvas)[:, 244:].max() < 0.004


def test_where_the_pencil_skips_the_line_goes_on() -> None:
    shares = {}
    for gap in (60, 0):
        ink = np.zeros((H, W), np.uint8)
        ink[150:152, 100:380] = 200
        ink[150:152, 238:242] = gap
        patch = Patch(
            Scene(request(NOON, materials=np.full((H, W), Material.ROOF, np.uint8), ink=ink)), Bounds(0, 0, W, H)
        )
        dark = 0.7 - traced(patch, np.full((H, W, 3), (0.7, 0.02, 0.03), np.float32))[150:152, :, 0]
        shares[gap] = dark[:, 239:241].mean() / dark[:, 120:200].mean()
    # A third of the ink: less than a fifth of the line, were the gap not bridged.
    assert shares[60] > 0.22
    assert shares[0] < 0.05


def test_between_the_two_sides_of_a_pole_lies_the_pole() -> None:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[20:200, 100:104] = Material.WOOD
    ink = np.zeros((H, W), np.uint8)
    ink[20:200, 99:101] = ink[20:200, 103:105] = 200
    patch = Patch(Scene(request(NOON, materials=materials, ink=ink)), Bounds(0, 0, W, H))
    rough = np.full((H, W, 3), (90, 150, 220), np.uint8)
    rough[materials == Material.WOOD] = (120, 70, 40)
    rough[ink > 0] = 30
    healed = without_lines(patch, rough)
    assert np.abs(healed[40:180, 101:103].astype(int) - (120, 70, 40)).max() < 12
    assert np.abs(healed[40:180, 90:98].astype(int) - (90, 150, 220)).max() < 12
