"""Materials in the colours of ADE20K, which segmentation control networks have learned.

Names and colours are those of the 150 classes of the Scene Parsing benchmark on ADE20K (Zhou et al., *Scene Parsing
through ADE20K Dataset*, CVPR 2017), in the palette with which ``control_v11p_sd15_seg`` and its kin were trained.
The benchmark has no class for a cloud, a trunk or a roof: a cloud is its *sky*, a trunk its *tree*, and a roof stands
apart from the wall (*building*) as *house*.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import UInt8

ADE20K: Final[dict[Material, tuple[str, tuple[int, int, int]]]] = {
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
"""Name of the class and its colour (sRGB 0–255) for every material."""


def ade20k_picture(materials: UInt8) -> UInt8:
    """(H, W) material indices as an (H, W, 3) sRGB picture in ADE20K colours; hard edges, no line drawn in."""
    return _COLOURS[materials]


_COLOURS: Final[UInt8] = np.array([ADE20K[material][1] for material in Material], np.uint8)
