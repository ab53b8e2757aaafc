"""What water mirrors: a thumbnail of the whole rough without its water, turned over at the far shore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from PIL import Image

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene, resize, shrink_labels
from genzu.picture.arrays import Float32, LineArt

_ROWS = 270
_PICTURES: WeakKeyDictionary[Scene, Float32] = WeakKeyDictionary()

Surfaces = Callable[[Patch], Float32]


def prepare(scene: Scene, surfaces: Surfaces) -> None:
    """Paint the thumbnail once, if the picture has water. ``surfaces`` paints (h, w, 3) linear light of a patch."""
    if scene in _PICTURES or not (scene.small_materials == Material.WATER).any():
        return
    small = _small_scene(scene)
    _PICTURES[small] = np.zeros((0, 0, 3), np.float32)  # water inside a reflection mirrors only the sky
    picture = surfaces(Patch(small, Bounds(0, 0, small.extent.width, small.extent.height)))
    _PICTURES[scene] = picture


def mirrored(patch: Patch) -> Float32 | None:
    """(h', w', 3) linear, whole picture at reduced size: what water shows at each place; ``None`` = sky only."""
    picture = _PICTURES.get(patch.scene)
    if picture is None or picture.size == 0:
        return None
    scene = patch.scene
    return np.stack([kept(scene, f"mirror {c}", lambda s, c=c: _mirror(s, picture, c)) for c in range(3)], -1)  # type: ignore[misc]


def _small_scene(scene: Scene) -> Scene:
    extent = scene.extent.scaled(min(1.0, _ROWS / scene.extent.height))
    request, reading = scene.request, scene.request.reading
    regions = np.asarray(
        Image.fromarray(reading.regions.astype(np.int32)).resize(
            (extent.width, extent.height), Image.Resampling.NEAREST
        ),
        np.int32,
    )
    ink = resize(request.lines.contour.astype(np.float32), extent).astype(np.uint8)
    none = np.zeros_like(ink)
    small = replace(
        reading,
        materials=shrink_labels(reading.materials, extent),
        regions=regions,
        horizon=reading.horizon * extent.height / scene.extent.height,
        alpha=None,
    )
    lines = LineArt(contour=ink, highlight=none, shadow=none, cel=none)
    return Scene(replace(request, lines=lines, reading=small, rough=None, board=None))


def _mirror(scene: Scene, picture: Float32, channel: int) -> Float32:
    """One channel turned over at the shore of each column, blurred downwards as ripples blur it."""
    size = picture.shape[:2]
    water = np.asarray(
        Image.fromarray((scene.small_materials == Material.WATER).astype(np.uint8)).resize(
            (size[1], size[0]), Image.Resampling.NEAREST
        )
    )
    filled = _without_water(picture[..., channel], water > 0)
    rows = np.arange(size[0], dtype=np.float32)[:, None]
    shore = np.maximum.accumulate(np.where(water > 0, -1, rows), axis=0).astype(np.float32) + 1
    shore = mahotas.gaussian_filter1d(shore, 2.0, axis=1, mode="nearest")
    source = np.clip(2 * shore - rows - 1, 0, size[0] - 1).astype(np.int32)
    turned = np.take_along_axis(filled, source, axis=0)
    soft = mahotas.gaussian_filter1d(turned, 4.0, axis=0, mode="nearest")
    return np.asarray(mahotas.gaussian_filter1d(soft, 1.0, axis=1, mode="nearest"), np.float32)


def _without_water(plane: Float32, water: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Float32:
    """Water takes the value of the last dry pixel above it."""
    rows = np.arange(plane.shape[0])[:, None]
    last = np.maximum.accumulate(np.where(water, 0, rows), axis=0)
    return np.take_along_axis(plane, last.astype(np.int64), axis=0)
