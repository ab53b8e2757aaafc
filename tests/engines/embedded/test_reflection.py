"""What stands is mirrored about its foot, also what hangs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import regions_of, request
from tests.engines.embedded.test_growth import NOON

from genzu.core.material import Material
from genzu.engines.embedded import reflection
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32, UInt8

H, W = 270, 480
FOOT, CROWN = 150, (60, 110)


def tree(stem: bool = True) -> UInt8:
    """A tree on a bank, its crown wider than its stem; water from row 160 on."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[140:] = Material.GRASS
    materials[160:260] = Material.WATER
    materials[slice(*CROWN), 200:280] = Material.FOLIAGE
    if stem:
        materials[CROWN[1] : FOOT, 230:250] = Material.TRUNK
    return materials


def leaves_in_water(materials: UInt8) -> Float32:
    """(h, w) 0–1: how much of leaves the water shows."""
    asked = request(NOON, materials=materials)
    depth = asked.reading.depth.copy()
    # As it is read of a tree: leaves stand where their stem does.
    depth[(materials == Material.FOLIAGE) | (materials == Material.TRUNK)] = depth[FOOT, 0]
    scene = Scene(replace(asked, reading=replace(asked.reading, regions=regions_of(materials), depth=depth)))
    turn = reflection._turn(scene, scene.extent)
    return reflection._mirrored((materials == Material.FOLIAGE).astype(np.float32), turn)


def test_a_crown_is_mirrored_about_the_foot_of_its_tree() -> None:
    seen = leaves_in_water(tree())
    below = 2 * FOOT - CROWN[1]  # row of the mirrored underside of the crown
    assert below == 190
    beside_stem = np.r_[206:222, 258:274]
    assert seen[162:180, beside_stem].max() < 0.1, "the crown's picture hangs at the shore"
    assert seen[200:215, beside_stem].mean() > 0.8
    assert seen[162:235, :180].max() < 0.1 and seen[162:235, 300:].max() < 0.1


def test_leaves_without_a_stem_are_mirrored_where_they_end() -> None:
    seen = leaves_in_water(tree(stem=False))
    assert seen[180:200, 206:274].mean() > 0.7
