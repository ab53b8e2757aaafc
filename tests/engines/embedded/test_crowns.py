"""Which tree leaves belong to: they hang in the air, and stand where their stem stands."""

from __future__ import annotations

import numpy as np
from tests.engines.embedded.test_shadow import cast, light

from genzu.core.material import Material
from genzu.engines.embedded.crowns import feet_of_trees
from genzu.engines.embedded.scene import GROUND
from genzu.picture.arrays import Float32, UInt8

H, W = 270, 480
FOOT, CROWN = 200, (60, 130)
NEAR, FAR = 0.12, 0.55


def tree() -> tuple[UInt8, Float32]:
    """A tree on grass, its crown wider than its stem, and its depth."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[120:] = Material.GRASS
    depth = np.full((H, W), FAR, np.float32)
    for part, kind in (((slice(*CROWN), slice(200, 280)), Material.FOLIAGE),
                       ((slice(CROWN[1], FOOT), slice(230, 250)), Material.TRUNK)):  # fmt: skip
        materials[part], depth[part] = kind, NEAR
    return materials, depth


def test_a_crown_stands_where_its_stem_does() -> None:
    materials, depth = tree()
    feet = feet_of_trees(materials, depth, GROUND)
    of_tree = (materials == Material.FOLIAGE) | (materials == Material.TRUNK)
    assert (feet[of_tree] == FOOT - 1).all()
    assert (feet[~of_tree] == -1).all()


def test_a_far_wood_behind_it_is_not_the_trees() -> None:
    materials, depth = tree()
    wood = np.zeros(materials.shape, bool)
    wood[95:120, 100:200] = wood[95:120, 280:380] = True
    materials[wood] = Material.FOLIAGE
    feet = feet_of_trees(materials, depth, GROUND)
    assert (feet[wood] == -1).all()
    assert (feet[slice(*CROWN), 200:280] == FOOT - 1).all()


def test_a_wood_that_a_stem_does_not_reach_into_is_no_crown() -> None:
    materials, depth = tree()
    materials[: CROWN[1], 230:250], depth[:FOOT, 230:250] = Material.TRUNK, NEAR
    feet = feet_of_trees(materials, depth, GROUND)
    assert (feet[materials == Material.FOLIAGE] == -1).all()


def test_a_stem_whose_foot_is_hidden_tells_nothing() -> None:
    materials, depth = tree()
    materials[170:240, 150:330] = Material.WALL
    assert (feet_of_trees(materials, depth, GROUND) == -1).all()


def test_a_tree_throws_one_shadow_that_begins_at_its_foot_and_is_no_ribbon() -> None:
    materials, depth = tree()
    flat = cast(materials, light(-1, 30))
    shadow = cast(materials, light(-1, 30), trees=feet_of_trees(materials, depth, GROUND))
    beside_stem = slice(CROWN[1] + 2, FOOT - 20), slice(252, 480)
    assert flat[beside_stem].max() > 0.5, "without a tree's foot the crown's shadow hangs at the crown"
    assert shadow[beside_stem].max() < 0.1
    thick = (shadow > 0.5).sum(0)
    assert thick[252:270].max() > 3, "the stem's own shadow begins at the foot"
    assert thick.max() > 0.3 * (CROWN[1] - CROWN[0])
