"""What makes masses of a drawing: leaves swell between their lines, clouds end in puffs, a tree stands in one air.

And what light does to them: lines melt into plain edges and thick air, a low sun rakes the ground, rockets burst.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.embedded.built import H, W, request, street

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.engines.embedded.fields import air_of_tree, outward
from genzu.engines.embedded.ground import ground, raked
from genzu.engines.embedded.hand import hand_of
from genzu.engines.embedded.lines import traced
from genzu.engines.embedded.materials import foliage
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.script import script_for
from genzu.engines.embedded.sparks import burst_at_all, bursts, lit_up
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_linear

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.FOREST)
NIGHT = replace(NOON, time=Time.NIGHT, place=Place.CITY, extras=(Extra.FIREWORKS,))


def whole(conditions: Conditions, materials: UInt8, ink: UInt8 | None = None) -> Patch:
    """The whole picture as one patch."""
    drawn = np.zeros(materials.shape, np.uint8) if ink is None else ink
    scene = Scene(request(conditions, materials=materials, ink=drawn))
    return Patch(scene, Bounds(0, 0, materials.shape[1], materials.shape[0]))


def wood() -> UInt8:
    """Leaves under a strip of sky."""
    materials = np.full((H, W), Material.FOLIAGE, np.uint8)
    materials[:20] = Material.SKY
    return materials


def test_leaves_swell_between_their_drawn_lines() -> None:
    ink = np.zeros((H, W), np.uint8)
    ink[60:240, 239:242] = 230
    across, _down = outward(whole(NOON, wood(), ink))
    left, right = across[120:180, 228:236].mean(), across[120:180, 245:253].mean()
    assert left > 0.15 and right < -0.15, (left, right)
    plain, _down = outward(whole(NOON, wood()))
    assert np.abs(plain[120:180, 228:253]).mean() < 0.05


def test_the_outline_of_a_trunk_parts_no_leaves() -> None:
    materials, ink = wood(), np.zeros((H, W), np.uint8)
    materials[60:, 230:250] = Material.TRUNK
    ink[60:, 228:231] = ink[60:, 249:252] = 230
    across, _down = outward(whole(NOON, materials, ink))
    assert np.abs(across[120:180, 212:222]).mean() < 0.08


def _line(beside: float, weather: Weather = Weather.CLEAR, depth: int = 0) -> float:
    """How much darker than the paint on both its sides a line between them is; ``beside`` is their difference."""
    materials = np.full((H, W), Material.ROOF, np.uint8)
    materials[:10] = Material.SKY
    materials[150:] = Material.WALL
    ink = np.zeros((H, W), np.uint8)
    ink[149:152, 60:420] = 230
    asked = request(replace(NOON, weather=weather), materials=materials, ink=ink)
    far = np.full((H, W), depth, np.uint8)
    patch = Patch(Scene(replace(asked, reading=replace(asked.reading, depth=far))), Bounds(0, 0, W, H))
    canvas = np.full((H, W, 3), (0.6, 0.02, 0.03), np.float32)
    canvas[150:, :, 0] -= np.float32(beside)
    painted = traced(patch, canvas.copy())[..., 0]
    return float((canvas[150:152, 80:400, 0] - painted[150:152, 80:400]).mean())


def test_a_line_melts_where_the_paint_tells_the_form() -> None:
    assert _line(0.0) > 0.07
    assert _line(0.25) < 0.55 * _line(0.0)


def test_thick_air_takes_lines_that_are_far() -> None:
    near, far = (_line(0.0, Weather.FOG, depth) for depth in (0, 200))
    assert far < 0.9 * near  # of the near one only what its edge needs is left
    assert _line(0.0, Weather.CLEAR, 60) > 0.7 * _line(0.0, Weather.CLEAR, 0)


def test_all_tiers_of_a_conifer_stand_in_the_air_of_its_foot() -> None:
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[150:] = Material.GRASS
    tiers = [(40, 100), (90, 150), (140, 200)]
    for top, foot in tiers:
        materials[(np.abs(x - 240) < 0.42 * (y - top) + 1) & (y >= top) & (y < foot)] = Material.FOLIAGE
    materials[200:230, 235:246] = Material.TRUNK
    asked = request(NOON, materials=materials)
    # As it is read: each tier is a region of its own, and the upper ones end high in the picture.
    regions, depth = asked.reading.regions.copy(), asked.reading.depth.copy()
    leaves = materials == Material.FOLIAGE
    for number, (top, foot) in enumerate(tiers):
        here = leaves & (y >= top) & (y < foot)
        regions[here] = int(asked.reading.regions.max()) + 1 + number
        depth[here] = (150, 110, 40)[number]
    depth[materials == Material.TRUNK] = 20
    count = int(regions.max()) + 1
    reading = replace(asked.reading, regions=regions, depth=depth, confidence=np.ones(count, np.float32))
    patch = Patch(Scene(replace(asked, reading=reading)), Bounds(0, 0, W, H))
    air = np.sqrt(air_of_tree(patch)) * patch.depth
    inside = [air[foot - 14 : foot - 8, 236:245].mean() for _top, foot in tiers]
    assert max(inside) < 0.16, inside


def beside(material: Material, *, drawn: bool) -> tuple[float, float]:
    """Depth of the air on both sides of an upright border in one material: 0.35 as read to the left, 0.8 to the right.

    Below the left half ground is seen, below the right one leaves hide it.
    """
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[60:200, 120:360] = material
    materials[200:, :240] = Material.GRASS
    materials[200:, 240:] = Material.ROCK if material is Material.FOLIAGE else Material.FOLIAGE
    ink = np.zeros((H, W), np.uint8)
    if drawn:
        ink[60:200, 238:242] = 230
    asked = request(NOON, materials=materials, ink=ink)
    regions, depth = asked.reading.regions.copy(), np.full((H, W), 255, np.uint8)
    depth[200:] = 230
    there, right = materials == material, np.arange(W)[None, :] >= 240
    regions[there & right] = int(regions.max()) + 1
    depth[there] = np.where(np.broadcast_to(right, (H, W))[there], 204, 90)
    reading = replace(
        asked.reading, regions=regions, depth=depth, confidence=np.ones(int(regions.max()) + 1, np.float32)
    )
    patch = Patch(Scene(replace(asked, reading=reading)), Bounds(0, 0, W, H))
    air = np.sqrt(air_of_tree(patch)) * patch.depth
    return float(air[90:170, 150:220].mean()), float(air[90:170, 260:330].mean())


def test_leaves_with_no_line_between_them_stand_in_one_air() -> None:
    left, right = beside(Material.FOLIAGE, drawn=False)
    assert right == pytest.approx(left, abs=0.02)
    left, right = beside(Material.FOLIAGE, drawn=True)
    assert right - left > 0.3


def test_bark_that_a_line_cuts_off_belongs_to_its_stem() -> None:
    left, right = beside(Material.TRUNK, drawn=True)
    assert right == pytest.approx(left, abs=0.02)


def test_the_eye_level_drawn_through_leaves_parts_them_not() -> None:
    ink = np.zeros((H, W), np.uint8)
    ink[109:112, 60:420] = 230  # on the horizon
    _across, plain = outward(whole(NOON, wood()))
    _across, crossed = outward(whole(NOON, wood(), ink))
    assert np.abs(crossed - plain)[:, 150:330].max() < 0.05
    _across, parted = outward(whole(NOON, wood(), np.roll(ink, 40, axis=0)))
    assert np.abs(parted - plain)[:, 150:330].max() > 0.3


def test_a_low_sun_rakes_over_the_ground() -> None:
    materials = np.full((H, W), Material.GRASS, np.uint8)
    materials[:110] = Material.SKY
    dusk = whole(replace(NOON, time=Time.DUSK), materials)
    light = np.asarray(raked(dusk, ground(dusk)))[120:]
    assert np.percentile(light, 90) > 2 * np.percentile(light, 10)
    for other in (replace(NOON), replace(NOON, time=Time.DUSK, weather=Weather.OVERCAST)):
        patch = whole(other, materials)
        assert np.std(raked(patch, ground(patch))) < 1e-6


@pytest.mark.parametrize("weather", [Weather.CLEAR, Weather.RAIN])
def test_rockets_burst_where_the_prompt_asks_for_them(weather: Weather) -> None:
    dark = np.zeros((H, W), np.uint8)
    dark[:] = Material.SKY
    dark[180:] = Material.ROAD
    patch = whole(replace(NIGHT, weather=weather), dark)
    found = bursts(patch.scene)
    if weather is Weather.RAIN:
        assert not found
        return
    assert found
    canvas = np.zeros((H, W, 3), np.float32)
    canvas[..., 0] = 0.25
    lit_up(patch, canvas)
    assert canvas[:180, :, 0].max() > 0.8 and np.abs(canvas[180:, :, 0] - 0.25).max() < 1e-6
    part = Patch(patch.scene, Bounds(101, 13, 200, 120))
    cut = np.zeros((*part.shape, 3), np.float32)
    cut[..., 0] = 0.25
    lit_up(part, cut)
    assert np.abs(cut - canvas[part.within(patch)]).max() < 2e-3


def test_no_rockets_beside_drawn_ones_nor_unasked() -> None:
    y, x = np.mgrid[0:H, 0:W]
    drawn = street()
    drawn[(np.hypot(y - 40, x - 240) < 30) & (np.hypot(y - 40, x - 240) > 20)] = Material.GLOW
    assert bursts(whole(NIGHT, street()).scene)
    assert not bursts(whole(NIGHT, drawn).scene)
    assert not bursts(whole(replace(NIGHT, extras=()), street()).scene)


def test_the_air_around_drawn_rockets_is_lit() -> None:
    y, x = np.mgrid[0:H, 0:W]
    drawn = np.full((H, W), Material.SKY, np.uint8)
    drawn[180:] = Material.ROAD
    turn = np.arctan2(y - 70, x - 240)
    drawn[(np.hypot(y - 70, x - 240) < 40) & (np.cos(8 * turn) > 0.8)] = Material.GLOW
    canvas = np.zeros((H, W, 3), np.float32)
    canvas[..., 0] = 0.25
    patch = whole(NIGHT, drawn)
    assert burst_at_all(patch.scene)
    lit_up(patch, canvas)
    sky = drawn == Material.SKY
    near, far = np.hypot(y - 70, x - 240) < 30, np.hypot(y - 70, x - 240) > 200
    assert canvas[near & sky, 0].mean() > 0.29 and np.abs(canvas[far & sky, 0] - 0.25).max() < 0.01


def test_leaves_end_in_sprays_where_nobody_drew_their_edge() -> None:
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[80:, 120:] = Material.FOLIAGE
    covers = []
    for drawn in (0, 230):
        ink = np.zeros((H, W), np.uint8)
        ink[80:, 119:122] = ink[79:82, 120:] = drawn
        patch = whole(NOON, materials, ink)
        cover = foliage.shade(patch, patch.mask(Material.FOLIAGE)).cover
        assert cover is not None
        covers.append(cover[100:260, 120:123])
    assert covers[0].mean() < 0.75 * covers[1].mean(), (covers[0].mean(), covers[1].mean())


def test_painters_see_other_colours_in_the_shade() -> None:
    seeds = sorted(range(40), key=lambda seed: hand_of(seed).shade)
    ambient = [script_for(NOON.filled(), seed).light.ambient for seed in (seeds[0], seeds[-1])]
    lab = oklab_from_linear(np.stack(ambient))
    away: Float32 = np.hypot(*(lab[0, 1:] - lab[1, 1:]))
    assert away > 0.025
