"""Who paints what: the explicit table of material painters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from genzu.core.material import Material
from genzu.engines.embedded.materials import (
    cloth,
    cloud,
    foliage,
    glow,
    grass,
    metal,
    mountain,
    road,
    rock,
    roof,
    sky,
    soil,
    trunk,
    wall,
    water,
    window,
    wood,
)  # fmt: skip
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


class Finish(Protocol):
    """What is drawn over the strokes, pixel by pixel: joints, tiles, edges that stay cut."""

    def __call__(self, patch: Patch, base: Float32, canvas: Float32, /) -> None:
        """Change ``canvas``, as in :class:`Brushwork`, looking at nothing around a pixel; called piece by piece."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """How one material is painted."""

    shade: Shade
    brushwork: Brushwork
    line: float
    """0–1: how strongly the layout's contour stays as a colour-traced line."""
    finish: Finish | None = None
    by_place: bool = False
    """True if ``shade`` looks at nothing around a pixel but what the scene or ``Patch.formed`` holds: it is called
    piece by piece."""
    reach: float = 48.0
    """Longest stroke or widest blur in units: margin that the painter needs around its mask."""


PAINTERS: Mapping[Material, Painter] = {
    Material.SKY: Painter(shade=sky.shade, brushwork=sky.brushwork, line=0.0, by_place=True),
    Material.CLOUD: Painter(shade=cloud.shade, brushwork=cloud.brushwork, line=0.10, by_place=True),
    Material.MOUNTAIN: Painter(shade=mountain.shade, brushwork=mountain.brushwork, line=0.36),
    Material.FOLIAGE: Painter(
        shade=foliage.shade, brushwork=foliage.brushwork, line=0.4, by_place=True, reach=foliage.REACH
    ),
    Material.TRUNK: Painter(shade=trunk.shade, brushwork=trunk.brushwork, line=0.62),
    Material.GRASS: Painter(shade=grass.shade, brushwork=grass.brushwork, line=0.46, by_place=True),
    Material.SOIL: Painter(shade=soil.shade, brushwork=soil.brushwork, line=0.46, by_place=True),
    Material.ROAD: Painter(shade=road.shade, brushwork=road.brushwork, finish=road.finish, line=0.6, by_place=True),
    Material.ROCK: Painter(shade=rock.shade, brushwork=rock.brushwork, finish=rock.finish, line=0.6, by_place=True),
    Material.WATER: Painter(shade=water.shade, brushwork=water.brushwork, line=0.4, by_place=True),
    Material.WALL: Painter(shade=wall.shade, brushwork=wall.brushwork, finish=wall.finish, line=0.8, by_place=True),
    Material.ROOF: Painter(shade=roof.shade, brushwork=roof.brushwork, finish=roof.finish, line=0.8, by_place=True),
    Material.WINDOW: Painter(
        shade=window.shade, brushwork=window.brushwork, finish=window.finish, line=0.85, by_place=True
    ),
    Material.WOOD: Painter(shade=wood.shade, brushwork=wood.brushwork, finish=wood.finish, line=0.8, by_place=True),
    Material.METAL: Painter(
        shade=metal.shade, brushwork=metal.brushwork, finish=metal.finish, line=0.85, by_place=True
    ),
    Material.CLOTH: Painter(
        shade=cloth.shade, brushwork=cloth.brushwork, finish=cloth.finish, line=0.75, by_place=True
    ),
    Material.GLOW: Painter(shade=glow.shade, brushwork=glow.brushwork, line=0.3, by_place=True),
}
