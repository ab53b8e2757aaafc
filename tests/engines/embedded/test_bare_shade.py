"""In winter the shade of a crown is that of its limbs; what has needles throws all of its shade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.engines.embedded.built import request
from tests.engines.embedded.test_bare_trees import WINTER, H, W

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Time
from genzu.engines.embedded.bare_shade import of_twigs
from genzu.engines.embedded.ground import lying_shadow
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Bool, UInt8

AFTERNOON = replace(WINTER, time=Time.AFTERNOON)


def tree(spruce: bool = False) -> UInt8:
    """One tree on a road, round or pointed."""
    y, x = np.mgrid[0:H, 0:W]
    materials = np.full((H, W), Material.SKY, np.uint8)
    materials[H // 2 :] = Material.ROAD
    foot, top = round(0.72 * H), round(0.2 * H)
    materials[(np.abs(x - W // 2) < 12) & (y > 0.3 * H) & (y < foot)] = Material.TRUNK
    crown: Bool = (x - W // 2) ** 2 + (y - 0.42 * H) ** 2 < (0.17 * H) ** 2
    if spruce:
        crown = (np.abs(x - W // 2) < (y - top) * 0.3) & (y > top) & (y < 0.62 * H)
    materials[crown] = Material.FOLIAGE
    return materials


def whole(conditions: Conditions, materials: UInt8) -> Patch:
    """The picture as one patch; the tree is all in one depth."""
    asked = request(conditions, materials=materials, ink=np.zeros_like(materials))
    depth = asked.reading.depth.copy()
    of_tree = (materials == Material.TRUNK) | (materials == Material.FOLIAGE)
    depth[of_tree] = depth[round(0.72 * H), 0]
    scene = Scene(replace(asked, reading=replace(asked.reading, depth=depth)))
    return Patch(scene, Bounds(0, 0, W, H))


def test_a_bare_crown_throws_a_net_of_limbs_and_no_blot() -> None:
    bare, leafy = (whole(replace(AFTERNOON, season=season), tree()) for season in (Season.WINTER, Season.AUTUMN))
    found = of_twigs(bare)
    assert found is not None and of_twigs(leafy) is None
    share, net = found
    crown = share > 0.9
    assert crown.sum() > 1000
    shade, blot = lying_shadow(bare)[crown], lying_shadow(leafy)
    assert np.percentile(shade, 20) < 0.4 < 0.6 < np.percentile(shade, 98), "light between limbs that are dark"
    assert shade.mean() < 0.6 * blot[blot > 0.5].mean()
    assert net[crown].std() > 0.1
    assert not net[(bare.materials != Material.ROAD)].max() > 0.6, "it lies on the ground"


def test_needles_throw_all_of_their_shade() -> None:
    assert of_twigs(whole(AFTERNOON, tree(spruce=True))) is None
