"""A beam in the air has one depth, whatever stands below its parts; a fence on the ground recedes as it was read."""

import numpy as np
import pytest

from genzu.core.material import Material
from genzu.engines.embedded.forms import one_depth


@pytest.mark.parametrize(("below", "one"), [(Material.SKY, True), (Material.GRASS, False)])
def test_what_hangs_has_one_depth(below: Material, one: bool) -> None:
    labels = np.zeros((60, 200), np.int32)
    labels[20:30, 40:160] = 1
    labels[30:] = 2
    depth = np.full(labels.shape, 0.9, np.float32)
    depth[labels == 1] = np.broadcast_to(np.linspace(0.2, 0.7, 120, dtype=np.float32), (10, 120)).ravel()
    material = np.array([Material.SKY, Material.WOOD, below], np.uint8)
    found = one_depth(depth, labels, material, np.array([0, 1, 2], np.int32))
    assert (np.ptp(found[labels == 1]) < 1e-4) == one
