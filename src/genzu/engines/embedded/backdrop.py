"""What is seen between bare twigs: each row of a crown is filled in from what lies left and right of it.

For the rough, whose paint is not there yet, flat colours are enough: those of the hill, the wall or the field that the
crown stands before. With the sky's instead, a bare tree in a field would be a pane of frosted glass. Once there is a
rough, its own paint beside a tree that stands alone goes on behind it, with the light and the air that lie on it.
"""

from __future__ import annotations

from threading import RLock
from typing import NamedTuple
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, one_of, widened
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8

_STEP = 4
"""Every so many-th pixel of the reduced picture is looked at."""
_SEEN = (
    Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER,
    Material.WALL, Material.ROOF,
)  # fmt: skip
_PASSES = 0.2, 0.8
"""Shares of the way from left to right between which the one is lost and the other found."""
_SNOWED = (Material.MOUNTAIN, Material.GRASS, Material.SOIL, Material.ROAD, Material.ROOF)
_WOOD = (120.0, 260.0)
"""Units from what is seen beside a crown within which it is lost behind other trees."""
_OUTLINE, _EVENED = 5, 5.0
"""Px of the reduced size around a crown that are not looked at, and over which the paint of a row is evened."""
_MAKING = RLock()
_PAINT: WeakKeyDictionary[Scene, tuple[ref[UInt8], Float32]] = WeakKeyDictionary()
_SNOW = np.array([0.84, 0.88, 0.97], np.float32)


def between_twigs(patch: Patch) -> Float32:
    """(h, w, 3) linear light of what lies behind a crown, before the air in front of the crown."""
    return patch.scene.sample(kept(patch.scene, "between twigs", _carried_on), patch.bounds)


def behind(scene: Scene, rough: UInt8, fallen: Bool) -> Float32:
    """(h, w, 4) OKLab at the reduced size: the paint of the ``rough`` (H, W, 3) beside bare crowns carried on.

    ``fallen`` tells by region id which leaves have fallen. The last plane, 0–1, is how sure it is that this is seen
    there, and not other trees of a wood. Made once for a scene and a rough: the same scene may be painted over another.
    """
    with _MAKING:  # a tile waits for what another one is making
        last, found = _PAINT.get(scene, (None, None))
        if last is None or found is None or last() is not rough:
            found = _paint_behind(scene, rough, fallen)
            _PAINT[scene] = ref(rough), found
        return found


def _paint_behind(scene: Scene, rough: UInt8, fallen: Bool) -> Float32:
    crowns = (scene.small_materials == Material.FOLIAGE) & fallen[scene.small_regions]
    paint = oklab_from_srgb8(np.asarray(Image.fromarray(rough).resize(crowns.shape[::-1], Image.Resampling.BOX)))
    seen = one_of(scene.small_materials, _SEEN) & (widened(crowns, _OUTLINE) == 0)
    sides = _sides(seen)
    weight = np.maximum(gaussian(seen.astype(np.float32), _EVENED, axis=1), 1e-4)
    found = np.empty((*seen.shape, 4), np.float32)
    for c in range(3):
        even = gaussian(paint[..., c] * seen, _EVENED, axis=1) / weight
        from_left, from_right = (np.take_along_axis(even, side, axis=1) for side in (sides.left, sides.right))
        found[..., c] = from_left + (from_right - from_left) * sides.share
    found[..., 3] = 1 - smoothstep(*_WOOD, sides.gap / np.float32(scene.shrink * scene.unit))
    return found


class _Sides(NamedTuple):
    """What is seen in a row to both sides of each place; (h, w) each."""

    left: NDArray[np.intp]
    """Columns, clipped to the picture."""
    right: NDArray[np.intp]
    share: Float32
    """0–1: how much of the right one is seen."""
    gap: Float32
    """Px to the nearer one; very many if there is none."""


def _sides(seen: Bool) -> _Sides:
    width = seen.shape[1]
    columns = np.broadcast_to(np.arange(width), seen.shape)
    left = np.maximum.accumulate(np.where(seen, columns, -1), axis=1)
    right = np.minimum.accumulate(np.where(seen, columns, width)[:, ::-1], axis=1)[:, ::-1]
    share = smoothstep(*_PASSES, ((columns - left) / np.maximum(right - left, 1)).astype(np.float32))
    share = np.where(left < 0, 1, np.where(right >= width, 0, share)).astype(np.float32)
    gap = np.minimum(np.where(left < 0, 9999, columns - left), np.where(right >= width, 9999, right - columns))
    return _Sides(np.maximum(left, 0), np.minimum(right, width - 1), share, gap.astype(np.float32))


def _carried_on(scene: Scene) -> Float32:
    flat = _flat_colours(scene)
    sides = _sides(np.isin(scene.small_materials[::_STEP, ::_STEP], _SEEN))
    rows = np.arange(len(flat))[:, None]
    from_left, from_right = flat[rows, sides.left], flat[rows, sides.right]
    filled = from_left + (from_right - from_left) * sides.share[..., None]
    # Far from every edge of the crowns it is other trees of the wood that are seen.
    units = np.float32(_STEP / (scene.shrink * scene.unit))
    wood = scene.script.local(Material.FOLIAGE) * (
        scene.script.light.ambient + scene.script.light.key * np.float32(0.35)
    )
    filled += (wood * np.float32(0.8) - filled) * smoothstep(*_WOOD, sides.gap * units)[..., None]
    soft = [gaussian(np.ascontiguousarray(filled[..., c]), 1.4, nearest=True) for c in range(3)]
    return np.stack(soft, -1).astype(np.float32)


def _flat_colours(scene: Scene) -> Float32:
    """(h, w, 3) linear: each material in one colour, under the light of the day and in the air of its distance."""
    script, light = scene.script, scene.script.light
    materials = scene.small_materials[::_STEP, ::_STEP]
    rows = (np.arange(len(materials), dtype=np.float32) + np.float32(0.5)) * _STEP / (scene.shrink * scene.unit)
    colours = np.broadcast_to(sky_at(scene, rows[:, None])[:, None], (*materials.shape, 3)).copy()
    depth = scene.small_depth[::_STEP, ::_STEP]
    air = air_share(depth, script.haze_density, script.haze_density)[..., None]
    for material in _SEEN:
        there = materials == material
        if material in (Material.SKY, Material.CLOUD) or not there.any():
            continue
        albedo = script.local(material)
        if material in _SNOWED:
            albedo = albedo + (_SNOW - albedo) * np.float32(0.9 * script.snow)
        lit = albedo * (light.ambient * np.float32(0.8) + light.key * np.float32(0.45))
        if material is Material.WATER:
            lit = lit * np.float32(0.42) + script.horizon * np.float32(0.32)
        colours[there] = (lit + (script.haze - lit) * air)[there]
    return colours


def sky_at(scene: Scene, row: Float32) -> Float32:
    """(n, 3) linear light of the sky at heights (n, 1), in units from the top."""
    script = scene.script
    up = np.clip(1 - row / max(scene.reading.horizon / scene.unit, 60.0), 0, 1)
    sky = script.horizon + (script.middle - script.horizon) * smoothstep(0.0, 0.5, up)
    return np.asarray(sky + (script.zenith - sky) * smoothstep(0.45, 1.0, up), np.float32)
