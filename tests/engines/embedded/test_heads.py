"""Heads of drawn clouds: found at their arcs, set one before the other, and their feet alike in one sky."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engines.embedded.built import H, W
from tests.engines.embedded.test_growth import NOON, meadow, whole

from genzu.core.material import Material
from genzu.engines.embedded import billows, heads
from genzu.engines.embedded.materials import cloud, mountain
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32, UInt8

LEFT, RIGHT = (200, 62, 44, 40), (258, 76, 44, 40)
"""Two arcs that cross: middle of the ellipse and its half sides; the right one stands lower."""


def arcs(*ellipses: tuple[int, int, int, int]) -> tuple[UInt8, UInt8]:
    """Materials and ink of a cloud of these heads."""
    y, x = np.mgrid[0:H, 0:W]
    materials, ink = meadow(), np.zeros((H, W), np.uint8)
    materials[:110] = Material.SKY
    for x0, y0, half, tall in ellipses:
        away = np.hypot((x - x0) / half, (y - y0) / tall)
        materials[((away < 1) | ((np.abs(x - x0) < half) & (y > y0))) & (y < 100)] = Material.CLOUD
        ink[(np.abs(away - 1) < 0.03) & (y < y0 + 6)] = 220
    return materials, ink


def drawn(*ellipses: tuple[int, int, int, int]) -> Patch:
    materials, ink = arcs(*ellipses)
    return whole(NOON, materials, ink)


def test_arcs_that_cross_are_found_as_two_ellipses() -> None:
    patch = drawn(LEFT, RIGHT)
    found = heads.heads(patch.scene) / patch.scene.shrink
    assert found.shape == (2, 4)
    for head, (x0, y0, half, tall) in zip(found.tolist(), (LEFT, RIGHT), strict=True):
        assert abs(head[0] - x0) < 4 and abs(head[1] - (y0 - tall)) < 4 and abs(head[2] - half) < 6
    assert len(heads.heads(drawn().scene)) == 0 and not heads.relief(drawn().scene).any()


def at(patch: Patch, plane: int, x: float, y: float) -> float:
    relief = patch.scene.sample(heads.relief(patch.scene)[..., plane], patch.bounds)
    return float(relief[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].mean())


def on(ellipse: tuple[int, int, int, int], x: float) -> float:
    """Row of an arc at column ``x``."""
    x0, y0, half, tall = ellipse
    return y0 - tall * float(np.sqrt(1 - ((x - x0) / half) ** 2))


def test_the_lower_head_hides_what_lies_in_it_and_shades_what_is_behind() -> None:
    patch = drawn(LEFT, RIGHT)
    inside, before = at(patch, 4, 238, on(LEFT, 238)), at(patch, 4, 222, on(RIGHT, 222))
    assert inside > 0.6 > 0.2 > before, "one of the two arcs at a crossing is seen"
    assert at(patch, 0, 214, 48) > 0.2 > -0.2 > at(patch, 0, 232, 80), "each has a form of its own"
    other = drawn((258, 62, 44, 40), (200, 76, 44, 40))
    assert at(other, 4, 220, on((258, 62, 44, 40), 220)) > 0.4


def turned(patch: Patch) -> Float32:
    canvas: Float32 = np.full((*patch.shape, 3), (0.86, 0.0, -0.02), np.float32)
    billows.billowed(patch, canvas)
    return np.abs(canvas[..., 0] - np.float32(0.86))


def test_a_hidden_stroke_is_fainter_than_it_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    patch = drawn(LEFT, RIGHT)
    seen, plain = billows.seen(patch), turned(patch)
    hidden, shown = round(on(LEFT, 238)), round(on(RIGHT, 222))
    assert seen[hidden, 238] < 0.8 < 0.95 < seen[shown, 222]
    monkeypatch.setattr(billows, "_HIDDEN", 1.0)
    faint = turned(patch)
    there, other = (slice(hidden - 1, hidden + 2), 238), (slice(shown - 4, shown + 5), 222)
    assert faint[there].sum() < 0.6 * plain[there].sum()
    assert np.abs(faint[other] - plain[other]).max() < 0.004


def test_all_feet_of_a_sky_are_lighter_than_it_or_all_are_darker() -> None:
    both = drawn((110, 62, 44, 40), (330, 52, 44, 40))
    side = cloud.foot_side(both.scene)
    assert side in (-1, 1)
    for x in (110, 330):
        part = both.inside(both.bounds)
        surface = cloud.shade(part, part.materials == Material.CLOUD)
        assert surface.emission is not None
        light = surface.emission @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        sky = cloud.sky_light(part) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        foot = (slice(94, 98), slice(x - 30, x + 30))
        assert side * (light[foot] - sky[foot]).mean() > 0


def test_one_light_lies_over_the_whole_of_a_cloud() -> None:
    patch = drawn((110, 62, 44, 40), (170, 52, 44, 40), (230, 58, 44, 40))
    planes = heads.mass(patch.scene)
    turn, goes_on = (patch.scene.sample(planes[..., k], patch.bounds) for k in range(2))
    side = np.sign(heads.aslant(patch.scene.script.light.towards)[0])
    middle = patch.materials == Material.CLOUD
    left, right = (turn[:, x : x + 30][middle[:, x : x + 30]].mean() for x in (80, 230))
    assert side * (right - left) > 0.15, "the far heads turn away from the light, the near ones to it"
    assert goes_on[80, 170] > 0.9 > 0.5 > goes_on[80, 20], "it ends at its sides, and nowhere else"


def test_light_never_falls_straight_down_on_clouds() -> None:
    side, up = heads.aslant((0.05, -0.99))
    assert side > 0.5 and abs(np.hypot(side, up) - 1) < 1e-6
    assert heads.aslant((-0.9, -0.4))[0] < -0.85


def test_long_strokes_of_a_mountain_take_no_paint_from_its_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    materials = meadow()
    materials[:60], materials[60:110] = Material.SKY, Material.MOUNTAIN
    patch, carried = whole(NOON, materials), []
    base: Float32 = np.full((*patch.shape, 3), (0.5, 0.0, 0.0), np.float32)
    base[:62] = (0.9, 0.0, 0.0)
    for edge in (mountain._EDGE, 0.0):
        monkeypatch.setattr(mountain, "_EDGE", edge)
        canvas = base.copy()
        mountain.brushwork(patch, base, canvas, materials == Material.MOUNTAIN)
        carried.append(float(canvas[63:70, ..., 0].mean()) - 0.5)
    assert carried[0] < 0.85 * carried[1]


def test_a_head_in_full_light_is_made_of_smaller_ones() -> None:
    """Not smooth as an egg: light changes from place to place well inside its lit half."""
    patch = drawn((220, 66, 90, 56))
    mask = patch.mask(Material.CLOUD)
    light = cloud.shade(patch, mask).emission @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    upper = light[22:60, 175:265]
    turns = np.abs(np.diff(upper, 2, axis=1)).mean() / upper.mean()
    assert turns > 0.022, turns
