"""What tiles ask of the whole picture is made before them, side by side: a copy of this process keeps it to itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded.copies import pays
from genzu.engines.embedded.fields import balloons, known
from genzu.engines.embedded.lines import PREPARED
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.parcel import gathered
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.surface import relight
from genzu.engines.embedded.tiling import SMALL, at_once
from genzu.picture.arrays import Float32

_FIRST: Final = (
    ("forms", "lights", "small_depth", "vanishing", "tree_feet"), ("marks",), ("wires",), ("inner",),
    ("openness", "snow_cap", "poles"), ("wall_shadow", "streaks"),
)  # fmt: skip
"""Fields of a scene, in groups that need nothing of each other; the longest first."""
_THEN: Final = (
    (Material.GRASS, Material.SOIL, Material.ROAD, Material.ROCK), (Material.SKY, Material.CLOUD, Material.MOUNTAIN),
    (Material.WALL, Material.WINDOW, Material.ROOF), (Material.FOLIAGE, Material.TRUNK), (Material.CLOTH,),
    (Material.WATER,), (Material.WOOD, Material.METAL, Material.GLOW),
)  # fmt: skip
"""Materials that ask for the same fields, those that ask for most first: shadows are asked for by what lies."""
_MASSES: Final = (Material.CLOUD, Material.MOUNTAIN, Material.FOLIAGE, Material.ROCK)
_STAMP: Final = 8
"""Side in px of what is painted of each material."""
_ROOM: Final = 200
"""Bytes that a copy may hand back for each px of the reduced size: 50 planes."""


def prepare(scene: Scene, workers: int) -> None:
    """Compute what every tile will ask for; what needs the forms comes after them."""
    if pays(scene.extent, workers, least=SMALL):
        _in_copies(scene, workers)
        return
    at_once(
        [
            lambda: scene.forms, lambda: scene.marks, lambda: scene.inner, lambda: scene.wires,
            lambda: (scene.openness, scene.wall_shadow, scene.snow_cap),
            lambda: scene.lights, lambda: scene.shadow, lambda: (scene.small_depth, scene.streaks, scene.vanishing),
        ],
        workers,
    )  # fmt: skip


def _in_copies(scene: Scene, workers: int) -> None:
    """A stamp of each material tells what fields it asks for."""
    there = np.unique(scene.small_materials).tolist()
    _ = scene.small_regions, scene.regions, scene.small_contour

    def first(*names: str) -> None:
        for name in names:
            getattr(scene, name)
        if "inner" in names and not set(there).isdisjoint(_MASSES):
            balloons(scene)

    def then(*materials: Material) -> None:
        for material in materials:
            if material in there:
                _paint_stamp(scene, material)

    stamps = [partial(then, *materials) for materials in _THEN]
    for jobs in [partial(first, *names) for names in _FIRST], [*stamps, *(partial(job, scene) for job in PREPARED)]:
        done = [partial(_new, scene, job) for job in jobs]
        for found in gathered(done, workers, _ROOM * scene.small.pixels):
            if found is not None:
                scene.__dict__.update(found[0])
                known(scene).update(found[1])


def _new(scene: Scene, job: Callable[[], None]) -> tuple[dict[str, Any], dict[str, Float32]]:
    """Do the job; the fields of the scene that there were not before, its own and those that painters made."""
    own, fields = scene.__dict__, known(scene)
    had, knew = {*own}, {*fields}
    job()
    return (
        {name: own[name] for name in {*own} - had if name in vars(Scene)},
        {name: fields[name] for name in {*fields} - knew},
    )


def _paint_stamp(scene: Scene, material: Material) -> None:
    places, side = np.flatnonzero(scene.small_materials == material), max(_STAMP, round(_STAMP * scene.unit))
    middle = divmod(int(places[places.size // 2]), scene.small.width)
    top, left = (
        min(round(place / scene.shrink), length - side)
        for place, length in zip(middle, scene.extent.shape, strict=True)
    )
    patch = Patch(scene, Bounds(left, top, side, side).clipped(scene.extent))
    with suppress(Exception):  # what is really wrong, the tile itself will tell
        relight(PAINTERS[material].shade(patch, patch.mask(material)), patch)
