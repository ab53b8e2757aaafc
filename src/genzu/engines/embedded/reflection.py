"""What water and wet ground mirror: a thumbnail of the whole rough without them, turned over at the far shore."""

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
from genzu.engines.embedded.tiling import at_once
from genzu.picture.arrays import Bool, Float32, LineArt

_ROWS = 270
_PICTURES: WeakKeyDictionary[Scene, Float32] = WeakKeyDictionary()

Surfaces = Callable[[Patch, Bounds], Float32]
_MARGIN = 112
"""Units that a half of the thumbnail knows of the other one."""


def prepare(scene: Scene, surfaces: Surfaces, workers: int) -> None:
    """Paint the thumbnail once, if something mirrors: two halves side by side.

    ``surfaces`` paints (h, w, 3) linear light of a patch, right inside the bounds that it is given.
    """
    if scene in _PICTURES or not _mirrors(scene).any():
        return
    small = _small_scene(scene)
    _PICTURES[small] = np.zeros((0, 0, 3), np.float32)  # water inside a reflection mirrors only the sky
    width, height = small.extent.width, small.extent.height
    picture = np.empty((height, width, 3), np.float32)

    def half(bounds: Bounds) -> None:
        patch = Patch(small, bounds.grown(round(_MARGIN * small.unit)).clipped(small.extent))
        picture[bounds.slices] = surfaces(patch, bounds)[Patch(small, bounds).within(patch)]

    middle = width // 2
    halves = Bounds(0, 0, middle, height), Bounds(middle, 0, width - middle, height)
    at_once([lambda bounds=bounds: half(bounds) for bounds in halves if not bounds.empty], workers)  # type: ignore[misc]
    _PICTURES[scene] = picture


def mirrored(patch: Patch) -> Float32 | None:
    """(h', w', 3) linear, whole picture at reduced size: what water shows at each place; ``None`` = sky only."""
    picture = _PICTURES.get(patch.scene)
    if picture is None or picture.size == 0:
        return None
    scene = patch.scene
    return np.stack([kept(scene, f"mirror {c}", lambda s, c=c: _mirror(s, picture, c)) for c in range(3)], -1)  # type: ignore[misc]


def mirrored_at(patch: Patch, x: Float32, y: Float32) -> Float32 | None:
    """(h, w, 3) linear: the mirrored picture read at places ``x``, ``y`` (h, w) in px of the whole picture."""
    picture = mirrored(patch)
    if picture is None:
        return None
    size_y, size_x = picture.shape[:2]
    k = np.float32(size_y / patch.scene.extent.height)
    x, y = np.clip(x * k - 0.5, 0, size_x - 1.001), np.clip(y * k - 0.5, 0, size_y - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    a, b = (x - left)[..., None], (y - top)[..., None]
    flat = picture.reshape(-1, 3)
    start = top * size_x + left
    upper = flat.take(start, axis=0)
    upper = upper + (flat.take(start + 1, axis=0) - upper) * a
    lower = flat.take(start + size_x, axis=0)
    lower = lower + (flat.take(start + size_x + 1, axis=0) - lower) * a
    return np.asarray(upper + (lower - upper) * b, np.float32)


def wet_ground(patch: Patch, share: Float32) -> Float32 | None:
    """(h, w, 3) linear light that wet ground mirrors, times ``share`` (h, w) 0–1; ``None`` = paint the sky instead.

    The film of water is torn by the ground's grain: the picture in it is drawn out downwards and shaken sideways.
    """
    near = np.clip((patch.y - patch.horizon) / max(1080 - patch.horizon, 180.0), 0, 1)
    shake = patch.noise(7, 461, octaves=2, stretch=3.0) * (2 + 9 * near) * patch.unit
    x = patch.x * patch.unit + shake
    image = mirrored_at(patch, np.asarray(x, np.float32), np.asarray(patch.y * patch.unit + 1.6 * shake, np.float32))
    if image is None:
        return None
    # Fresnel: what lies at the eye's feet mirrors least.
    return np.asarray(image * (share * (1 - 0.42 * near))[..., None], np.float32)


def _mirrors(scene: Scene) -> Bool:
    """(h, w) of the reduced size: water, and in the wet paved ground."""
    paved = scene.script.wet > 0.5
    mirrors = (Material.WATER, Material.ROAD) if paved else (Material.WATER,)
    return np.isin(scene.small_materials, mirrors)


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
    return scene.thumbnail(replace(request, lines=lines, reading=small, rough=None, board=None))


def _mirror(scene: Scene, picture: Float32, channel: int) -> Float32:
    """One channel turned over, blurred downwards as ripples blur it.

    What stands is mirrored about its foot, even if a flat bank lies between: so the picture in the water does not
    break where the shore turns. The bank itself shows only in a band along the shore.
    """
    size = picture.shape[:2]
    water = _reduced(_mirrors(scene), size)
    flat = water | _reduced(np.isin(scene.small_materials, (Material.GRASS, Material.SOIL, Material.ROAD)), size)
    rows = np.arange(size[0], dtype=np.float32)[:, None]
    standing, shore = _edge_above(flat, rows), _edge_above(water, rows)
    far = _turned(_without_water(picture[..., channel], flat), standing, rows)
    near = _turned(_without_water(picture[..., channel], water), shore, rows)
    bank = np.exp(-np.maximum(rows - shore, 0) / (0.024 * size[0])) * (shore > standing + 1)
    turned = far + (near - far) * bank
    soft = mahotas.gaussian_filter1d(np.asarray(turned, np.float32), 4.0, axis=0, mode="nearest")
    return np.asarray(mahotas.gaussian_filter1d(soft, 1.5, axis=1, mode="nearest"), np.float32)


def _reduced(mask: Bool, size: tuple[int, int]) -> Bool:
    picture = Image.fromarray(mask.astype(np.uint8)).resize((size[1], size[0]), Image.Resampling.NEAREST)
    return np.asarray(picture, np.uint8) > 0


def _edge_above(mask: Bool, rows: Float32) -> Float32:
    """Row at which the mask begins under the last place above that is not in it, smoothed along x."""
    edge = np.maximum.accumulate(np.where(mask, -1, rows), axis=0).astype(np.float32) + 1
    return np.asarray(mahotas.gaussian_filter1d(edge, 4.0, axis=1, mode="nearest"), np.float32)


def _turned(plane: Float32, edge: Float32, rows: Float32) -> Float32:
    source = np.clip(2 * edge - rows - 1, 0, plane.shape[0] - 1).astype(np.int32)
    return np.take_along_axis(plane, source, axis=0)


def _without_water(plane: Float32, water: Bool) -> Float32:
    """What mirrors takes the value of the last pixel above it that does not."""
    rows = np.arange(plane.shape[0])[:, None]
    last = np.maximum.accumulate(np.where(water, 0, rows), axis=0)
    return np.take_along_axis(plane, last.astype(np.int64), axis=0)
