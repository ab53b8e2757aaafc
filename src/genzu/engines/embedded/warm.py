"""What the first picture of a process would pay for, made before it: cut brush marks, shapes of leaves, noise."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Conditions
from genzu.core.take import Stage
from genzu.engines.base import PaintRequest
from genzu.picture.arrays import LineArt, Reading

ROWS, COLUMNS = 1080, 96
"""Size of the strip: marks are cut for a height, and leaves come in few shapes."""
_BANDS = (
    Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.FOLIAGE, Material.TRUNK, Material.WALL, Material.WINDOW,
    Material.ROOF, Material.CLOTH, Material.WOOD, Material.METAL, Material.ROCK, Material.WATER, Material.ROAD,
    Material.SOIL, Material.GRASS,
)  # fmt: skip


def strip() -> PaintRequest:
    """A rough of a narrow strip in which every material lies over the next, without lines."""
    rows = np.arange(ROWS) * len(_BANDS) // ROWS

    def across(column: np.ndarray) -> np.ndarray:
        return np.repeat(column[:, None], COLUMNS, axis=1)

    none = np.zeros((ROWS, COLUMNS), np.uint8)
    return PaintRequest(
        stage=Stage.ROUGH,
        lines=LineArt(contour=none, highlight=none, shadow=none, cel=none),
        reading=Reading(
            materials=across(np.array(_BANDS, np.uint8)[rows]), regions=across((rows + 1).astype(np.int32)),
            confidence=np.ones(len(_BANDS) + 1, np.float32),
            depth=across(np.linspace(255, 0, ROWS).astype(np.uint8)), horizon=0.4 * ROWS,
        ),
        conditions=Conditions(), prompt="", seed=1,
    )  # fmt: skip
