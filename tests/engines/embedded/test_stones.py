"""Stones stand in their own shade, below them and right behind their upper edge, from whichever tile it is seen."""

from __future__ import annotations

import numpy as np
from tests.engines.embedded.built import request

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.engines.embedded import growth, linework, stones
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.RIVER)
H, W = 1080, 900
TOP, LEFT, SIDE = 600, 400, 90


def scene() -> Scene:
    """A meadow with one boulder and its drawn outline."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[400:] = Material.GRASS
    y, x = np.mgrid[:H, :W]
    away = np.hypot((x - LEFT - SIDE / 2) / (SIDE / 2), (y - TOP - SIDE / 3) / (SIDE / 3))
    materials[away < 1] = Material.ROCK
    ink = np.where(np.abs(away - 1) < 0.05, 230, 0).astype(np.uint8)
    return Scene(request(NOON, materials=materials, ink=ink))


def meadow(patch: Patch) -> Float32:
    return np.full((*patch.shape, 3), (0.6, -0.06, 0.08), np.float32)


def test_the_ground_is_darker_right_behind_and_below_a_stone_in_every_tile() -> None:
    drawn = scene()
    whole = Patch(drawn, Bounds(0, 0, W, H))
    canvas = meadow(whole)
    growth._contact(whole, canvas)
    middle = LEFT + SIDE // 2
    behind, far = canvas[TOP - 5 : TOP - 1, middle, 0].mean(), canvas[TOP - 60, middle, 0]
    assert behind < far - 0.02
    assert abs(far - 0.6) < 1e-6
    # A tile that ends right above the stone, and one that begins below it, see nothing of the stone but its shade.
    for bounds in (Bounds(300, 420, 400, TOP - 422), Bounds(300, TOP + 62, 400, 200)):
        part = Patch(drawn, bounds)
        cut = meadow(part)
        growth._contact(part, cut)
        wanted = canvas[bounds.slices]
        assert np.abs(wanted - meadow(part)).max() > 0.005
        inner = slice(4, -4), slice(4, -4)
        assert np.abs(cut[inner] - wanted[inner]).max() < 1e-5


def test_lines_on_a_stone_are_at_most_so_dark_and_firmest_in_contact() -> None:
    patch = Patch(scene(), Bounds(0, 0, W, H))
    without = meadow(patch)
    inked = without.copy()
    inked[patch.contour > 100] = 0.02, 0.0, 0.0
    linework.tempered(patch, inked, without)
    assert stones.rims(patch) is not None
    middle = LEFT + SIDE // 2
    top = inked[TOP - 4 : TOP + 4, middle, 0].min()
    foot = inked[TOP + 56 : TOP + 64, middle, 0].min()
    assert 0.15 < foot < top - 0.05, "a shade and no ink, deepest where it stands"
    stroke = inked[TOP - 4 : TOP + 4, middle]
    assert stroke[stroke[:, 0].argmin()][2] > 0.03, "in the colour of the paint"
