from __future__ import annotations

import numpy as np
from tests.engines.embedded.test_growth import NOON, whole

from genzu.core.material import Material
from genzu.engines.embedded.materials import mountain
from genzu.picture.arrays import UInt8

H, W = 270, 480


def hill(tree: bool) -> UInt8:
    """A hill with a bend in its crest; before it two tiers of a tree, with hill to be seen between them."""
    materials = np.full((H, W), Material.SKY, np.uint8)
    y, x = np.mgrid[:H, :W]
    materials[y > 70 + 0.15 * np.abs(x - 200)] = Material.MOUNTAIN
    materials[210:] = Material.GRASS
    if tree:
        materials[50:110, 225:255] = Material.FOLIAGE
        materials[140:170, 215:265] = Material.FOLIAGE
    return materials


def test_a_hill_goes_on_behind_what_stands_before_it() -> None:
    ink = np.zeros((H, W), np.uint8)
    plain, behind = (mountain._crest(whole(NOON, hill(tree), ink).scene) for tree in (False, True))
    seen = slice(112, 138), slice(225, 255)  # between the two tiers
    assert np.abs(plain[seen] - behind[seen]).max() < 3
    seen = slice(172, 205), slice(215, 265)  # under the lower one
    assert np.abs(plain[seen] - behind[seen]).max() < 3
    assert np.abs(plain - behind)[100:200, :180].max() < 0.5
