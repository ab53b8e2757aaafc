"""Materials in the colours of ADE20K's classes, as segmentation ControlNets were trained on them.

Colours: the palette of ADE20K (Zhou et al. 2017) that MMSegmentation and the ControlNets' makers use. The data set
knows no cloud, no trunk and no roof: cloud is its sky, trunk its tree, and a roof stands apart from the wall
("building") as "house".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import UInt8

CLASSES: Mapping[Material, tuple[str, tuple[int, int, int]]] = {
    Material.SKY: ("sky", (6, 230, 230)),
    Material.CLOUD: ("sky", (6, 230, 230)),
    Material.MOUNTAIN: ("mountain", (143, 255, 140)),
    Material.FOLIAGE: ("tree", (4, 200, 3)),
    Material.TRUNK: ("tree", (4, 200, 3)),
    Material.GRASS: ("grass", (4, 250, 7)),
    Material.SOIL: ("earth", (120, 120, 70)),
    Material.ROAD: ("road", (140, 140, 140)),
    Material.ROCK: ("rock", (255, 41, 10)),
    Material.WATER: ("water", (61, 230, 250)),
    Material.WALL: ("building", (180, 120, 120)),
    Material.ROOF: ("house", (255, 9, 224)),
    Material.WINDOW: ("windowpane", (230, 230, 230)),
    Material.WOOD: ("fence", (255, 184, 6)),
    Material.METAL: ("railing", (255, 61, 6)),
    Material.CLOTH: ("awning", (0, 255, 61)),
    Material.GLOW: ("light", (255, 173, 0)),
}
"""Class and colour (sRGB 0–255) of every material."""
_TABLE = np.array([CLASSES[material][1] for material in Material], np.uint8)


def coloured(materials: UInt8) -> UInt8:
    """(H, W, 3) of an (H, W) picture of material indices."""
    return _TABLE[materials]
