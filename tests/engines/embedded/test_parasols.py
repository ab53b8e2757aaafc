"""Parasols: the cloth stands on its pole's foot, and its shade lies on the ground there."""

from __future__ import annotations

import numpy as np
from tests.engines.embedded.test_shadow import cast, light

from genzu.core.material import Material
from genzu.engines.embedded.parasols import drawn, feet_of_canopies, poles_of_cloth
from genzu.engines.embedded.scene import GROUND
from genzu.picture.arrays import UInt8

H, W = 540, 960
FOOT, POLE = 420, 400


def beach() -> tuple[UInt8, UInt8]:
    """A parasol over sand with a pole that is a line only, an awning that no pole carries, and the ink."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[200:] = Material.SOIL
    materials[220:260, 340:460] = materials[220:260, 700:800] = Material.CLOTH
    ink = np.zeros((H, W), np.uint8)
    ink[262:FOOT, POLE : POLE + 2] = 200
    return materials, ink


def test_a_stroke_under_cloth_is_its_pole() -> None:
    materials, ink = beach()
    ((x_top, top, x_foot, foot),) = poles_of_cloth(materials, ink, GROUND)
    assert abs(x_top - POLE) < 2 and abs(x_foot - POLE) < 2
    assert abs(top - 262) < 6 and abs(foot - FOOT) < 6
    assert len(poles_of_cloth(materials, np.zeros_like(ink), GROUND)) == 0
    ink[:] = 0
    ink[300:FOOT, 600:602] = 200  # under no cloth
    assert len(poles_of_cloth(materials, ink, GROUND)) == 0


def test_cloth_stands_where_its_pole_does_and_throws_its_shade_there() -> None:
    materials, ink = beach()
    poles = poles_of_cloth(materials, ink, GROUND)
    feet = feet_of_canopies(materials, poles)
    assert np.abs(feet[220:260, 340:460] - FOOT).max() < 6
    assert (feet[:, 500:] == -1).all() and (feet[300:] == -1).all()
    pole = drawn(poles, (H, W))
    assert pole[300, POLE - 2 : POLE + 3].sum() == 1 and not pole[:, : POLE - 8].any()
    shade = cast(materials, light(-1, 72), trees=feet)
    assert shade[FOOT - 8 : FOOT + 40, 380:520].mean() > 0.3
    assert not shade[270:380, :600].any(), "none hangs in the air under the cloth's edge"


def test_the_pole_throws_its_own_shadow_from_its_foot() -> None:
    materials, ink = beach()
    pole = drawn(poles_of_cloth(materials, ink, GROUND), (H, W))
    materials = np.where(pole, Material.METAL, materials).astype(np.uint8)
    shade = cast(materials, light(-1, 36), pole)
    assert shade[FOOT - 4 : FOOT + 24, POLE + 8 : POLE + 60].max(0).min() > 0.5
