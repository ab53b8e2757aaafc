"""Who paints what: the explicit table of material painters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from genzu.core.material import Material
from genzu.engines.embedded.materials import plain
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32


class Shade(Protocol):
    """The rough's half: form and local colour of a material. Called with a patch around it."""

    def __call__(self, patch: Patch, mask: Bool, /) -> Surface:
        """``mask`` (h, w) is where the material is; the surface may (should) be defined beyond it."""
        ...


class Brushwork(Protocol):
    """The painting's half: strokes that take their colours from the rough."""

    def __call__(self, patch: Patch, base: Float32, canvas: Float32, mask: Bool, /) -> None:
        """``base`` is the rough without its lines, ``canvas`` starts as a copy; both (h, w, 3) OKLab."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """How one material is painted."""

    shade: Shade
    brushwork: Brushwork
    line: float
    """0–1: how strongly the layout's contour stays as a colour-traced line."""
    reach: float = 48.0
    """Longest stroke in units: margin that the painter needs around its mask."""


def _plain(material: Material, line: float) -> Painter:
    return Painter(shade=plain.shader(material), brushwork=plain.brushwork(material), line=line)


PAINTERS: Mapping[Material, Painter] = {
    Material.SKY: _plain(Material.SKY, 0.0),
    Material.CLOUD: _plain(Material.CLOUD, 0.12),
    Material.MOUNTAIN: _plain(Material.MOUNTAIN, 0.35),
    Material.FOLIAGE: _plain(Material.FOLIAGE, 0.5),
    Material.TRUNK: _plain(Material.TRUNK, 0.7),
    Material.GRASS: _plain(Material.GRASS, 0.35),
    Material.SOIL: _plain(Material.SOIL, 0.35),
    Material.ROAD: _plain(Material.ROAD, 0.6),
    Material.ROCK: _plain(Material.ROCK, 0.65),
    Material.WATER: _plain(Material.WATER, 0.3),
    Material.WALL: _plain(Material.WALL, 0.8),
    Material.ROOF: _plain(Material.ROOF, 0.8),
    Material.WINDOW: _plain(Material.WINDOW, 0.85),
    Material.WOOD: _plain(Material.WOOD, 0.8),
    Material.METAL: _plain(Material.METAL, 0.85),
    Material.CLOTH: _plain(Material.CLOTH, 0.75),
    Material.GLOW: _plain(Material.GLOW, 0.3),
}
