"""Edges of form: a line that brushwork would swallow gets two planes; one that is seen already is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded.patch import Patch, blur
from genzu.engines.embedded.relief import eased, lifted
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.turns import turned
from genzu.picture.arrays import Float32
from genzu.picture.colour import srgb8_from_oklab
from genzu.picture.fidelity import colour_step, edges_of, widened

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.FOREST)
H, W = 1080, 320
ROW = 600
"""Row of the drawn line."""


def _patch(material: Material, conditions: Conditions = NOON) -> Patch:
    """One material below a strip of sky, with one level stroke across it."""
    materials = np.full((H, W), material, np.uint8)
    materials[:60] = Material.SKY
    ink = np.zeros((H, W), np.uint8)
    ink[ROW - 1 : ROW + 2, 40:280] = 230
    scene = Scene(request(conditions, materials=materials, ink=ink))
    return Patch(scene, Bounds(0, 0, W, H))


def _canvas(*, lively: float = 0.0, step: float = 0.0) -> Float32:
    """Green OKLab paint of lightness 0.5 with brushwork in it; darker by ``step`` below the line."""
    canvas = np.empty((H, W, 3), np.float32)
    canvas[...] = (0.5, -0.06, 0.08)
    rng = np.random.default_rng(3)
    dabs = np.kron(rng.normal(0, 1, (H // 6, W // 5)), np.ones((6, 5)))
    canvas[..., 0] += np.float32(lively) * dabs.astype(np.float32)
    canvas[ROW:, :, 0] -= np.float32(step)
    return canvas


def lifted_copy(patch: Patch, canvas: Float32, even: Float32) -> Float32:
    """The canvas with its weak edges strengthened."""
    changed = canvas.copy()
    lifted(patch, changed, even)
    return changed


def _change(patch: Patch, canvas: Float32) -> Float32:
    """(H, W) change of lightness."""
    even = blur(patch.ink, 0.85)
    return np.asarray(lifted_copy(patch, canvas, even)[..., 0] - canvas[..., 0], np.float32)


def test_a_line_lost_in_lively_brushwork_becomes_an_edge() -> None:
    patch, canvas = _patch(Material.GRASS), _canvas(lively=0.02)
    shares = []
    for paint in (canvas, lifted_copy(patch, canvas, blur(patch.ink, 0.85))):
        grey = (np.clip(paint[..., :1], 0, 1) ** 3 * 255).astype(np.uint8).repeat(3, axis=2)
        shares.append(widened(edges_of(colour_step(grey)), 2)[ROW, 50:270].mean())
    assert shares[0] < 0.5
    assert shares[1] > 0.8


def test_an_edge_that_is_seen_already_is_left_alone() -> None:
    patch = _patch(Material.GRASS)
    assert np.abs(_change(patch, _canvas(lively=0.02))).max() > 0.03
    assert np.abs(_change(patch, _canvas(lively=0.02, step=0.3))).max() < 0.005


def test_livelier_brushwork_gets_the_larger_step() -> None:
    patch = _patch(Material.GRASS)
    calm, lively = (np.abs(_change(patch, _canvas(lively=level))).max() for level in (0.004, 0.02))
    assert lively > 1.3 * calm


def test_the_sky_gets_no_ghost_of_a_line() -> None:
    patch = _patch(Material.SKY)
    assert np.abs(_change(patch, _canvas(lively=0.02))).max() == 0


def test_the_hue_stays_and_is_never_grey() -> None:
    patch, canvas = _patch(Material.GRASS), _canvas(lively=0.02)
    dark = lifted_copy(patch, canvas, blur(patch.ink, 0.85))
    there = np.abs(dark[..., 0] - canvas[..., 0]) > 0.02
    assert there.any()
    assert np.allclose(np.arctan2(dark[there][:, 2], dark[there][:, 1]), np.arctan2(0.08, -0.06), atol=1e-3)
    assert np.hypot(dark[there][:, 1], dark[there][:, 2]).min() > 0.05


def test_nothing_is_lifted_in_clouds_whose_edges_are_painted() -> None:
    assert np.abs(_change(_patch(Material.ROAD), _canvas(lively=0.012))).max() > 0.02
    assert np.abs(_change(_patch(Material.CLOUD), _canvas(lively=0.012))).max() == 0


def test_among_leaves_no_shade_falls_from_a_line_and_it_is_no_stroke() -> None:
    patch, canvas = _patch(Material.FOLIAGE), _canvas(lively=0.03)
    change = _change(patch, canvas)
    assert 0.01 < np.abs(change).max() < 0.065, "leaves part its sides; what is lifted is hardly seen"
    assert np.abs(change[ROW + 8 : ROW + 40]).max() == 0


def test_a_turn_of_form_is_lit_on_one_side_and_dark_on_the_other() -> None:
    patch = _patch(Material.FOLIAGE)
    canvas = _canvas(lively=0.01)
    changed = canvas.copy()
    turned(patch, changed, np.zeros((H, W), np.float32))
    change = changed[..., 0] - canvas[..., 0]
    across = change[:, 100:220].mean(axis=1)
    assert across[ROW] > -0.004, "without a crease"
    assert across[ROW + 4 : ROW + 8].mean() - across[ROW - 8 : ROW - 4].mean() > 0.01


def test_the_grid_is_the_same_from_every_tile() -> None:
    patch = _patch(Material.GRASS)
    part = Patch(patch.scene, Bounds(33, 101, 200, 300))
    plane = np.random.default_rng(1).random((H, W), np.float32)
    view = part.within(patch)
    whole = patch.enlarged(patch.reduced(plane, 4), 4)
    cut = part.enlarged(part.reduced(plane[view], 4), 4)
    assert np.abs(whole[view] - cut)[8:-8, 8:-8].max() < 1e-4


def _with_line(without: Float32) -> Float32:
    """The same paint with a dark stroke where the drawing has one."""
    canvas = without.copy()
    canvas[ROW - 2 : ROW + 3, 40:280, 0] -= np.float32(0.25)
    return canvas


def _left_of_the_line(step: float, material: Material = Material.ROAD) -> float:
    """Share of a drawn stroke that stays over paint whose two sides differ by ``step``."""
    patch, without = _patch(material), _canvas(step=step)
    canvas = _with_line(without)
    full = without[..., 0] - canvas[..., 0]
    even = (blur(patch.ink, 0.85) * 255).astype(np.uint8)
    eased(patch, canvas, without, even, np.zeros((H, W), np.float32))
    middle = np.s_[ROW - 1 : ROW + 2, 80:240]
    return float((without[..., 0] - canvas[..., 0])[middle].sum() / full[middle].sum())


def test_a_line_gives_way_where_two_paints_part_by_themselves() -> None:
    assert _left_of_the_line(step=0.15) < 0.35
    assert _left_of_the_line(step=0.15) > 0.15, "a little of each line holds its border together"
    # On an even ground it is all that tells the form: only what is more than plain goes.
    assert _left_of_the_line(step=0.0) > 0.35


def test_eased_lines_are_edges_still() -> None:
    patch, without = _patch(Material.ROAD), _canvas(lively=0.01)
    canvas = _with_line(without)
    eased(patch, canvas, without, (blur(patch.ink, 0.85) * 255).astype(np.uint8), np.zeros((H, W), np.float32))
    found = widened(edges_of(colour_step(srgb8_from_oklab(canvas))), 2)[ROW, 80:240]
    assert found.mean() > 0.95


def test_what_is_to_stay_and_clouds_are_not_eased() -> None:
    for material, kept in ((Material.CLOUD, 0), (Material.ROAD, 1)):
        patch, without = _patch(material), _canvas(step=0.15)
        canvas = _with_line(without)
        before = canvas.copy()
        eased(patch, canvas, without, (blur(patch.ink, 0.85) * 255).astype(np.uint8), np.full((H, W), kept, np.float32))
        np.testing.assert_array_equal(canvas[100:], before[100:])


def _again(material: Material, canvas: Float32, conditions: Conditions = NOON) -> Float32:
    """(H, W) change of lightness where all lines are there already."""
    patch, changed = _patch(material, conditions), canvas.copy()
    lifted(patch, changed, blur(patch.ink, 0.85), again=True)
    return np.asarray(changed[..., 0] - canvas[..., 0], np.float32)[:, 80:240].mean(axis=1)


def test_leaves_that_still_fall_short_part_once_more_and_stones_get_no_more_rims() -> None:
    canvas = _canvas(lively=0.03)
    change = _again(Material.FOLIAGE, canvas)
    assert change[ROW - 8 : ROW + 9].min() < -0.02
    assert np.abs(_again(Material.FOLIAGE, _canvas(lively=0.02, step=0.3))).max() < 0.005, "others are as they were"
    for material in (Material.ROCK, Material.GRASS, Material.WATER, Material.SOIL):
        assert np.abs(_again(material, canvas)).max() == 0, material


def test_what_is_built_gets_two_planes_again_but_no_ink() -> None:
    canvas = _canvas(lively=0.03)
    change = _again(Material.WALL, canvas)
    first = _change(_patch(Material.WALL), canvas)[:, 80:240].mean(axis=1)
    assert first[ROW] < -0.05
    assert abs(change[ROW]) < 0.2 * abs(first[ROW])
    assert np.abs(change).max() > 0.01


def test_what_is_dark_already_is_not_made_black() -> None:
    dark = _canvas(lively=0.03)
    dark[..., 0] -= 0.30
    by_day, at_night = (_again(Material.FOLIAGE, dark, c).min() for c in (NOON, replace(NOON, time=Time.NIGHT)))
    assert by_day > -0.02
    assert at_night < 1.5 * by_day, "at night nearly all is as dark"
