"""What water and wet ground mirror: a thumbnail of the whole rough without them, turned over at the far shore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Bounds, Extent
from genzu.core.material import Material
from genzu.engines.embedded.copies import in_copies, pays, shared
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene, resize_bytes, shrink_labels
from genzu.engines.embedded.soft import gaussian, one_of, running, widened
from genzu.engines.embedded.tiling import SMALL, side_by_side
from genzu.picture.arrays import Bool, Float32, LineArt

_ROWS = 270
_PICTURES: WeakKeyDictionary[Scene, Float32] = WeakKeyDictionary()
_WIDE, _AWAY = 0.16, (0.05, 0.32)
"""Shares of the picture's height: how widely feet are evened out, and how far below them that begins and ends."""

_V = TypeVar("_V", bound=np.generic)
Rows = NDArray[np.intp]
Surfaces = Callable[[Patch, Bounds], Float32]
_MARGIN = 112
"""Units that a half of the thumbnail knows of the other one."""
_SHAKEN, _DRAWN_OUT = 20, 36
"""Px of the thumbnail by which ripples and the blur at most reach sideways, and up and down."""


def prepare(scene: Scene, surfaces: Surfaces, workers: int) -> None:
    """Paint the thumbnail once, as far as something mirrors it: two halves side by side.

    ``surfaces`` paints (h, w, 3) linear light of a patch, right inside the bounds that it is given.
    """
    if scene in _PICTURES or not _mirrors(scene).any():
        return
    small = _small_scene(scene)
    _PICTURES[small] = np.zeros((0, 0, 3), np.float32)  # water inside a reflection mirrors only the sky
    turn = _turn(scene, small.extent)
    halves, shape = _shown(turn), (*small.extent.shape, 3)
    apart = pays(scene.extent, min(workers, len(halves)), least=SMALL)
    picture = shared(shape, np.float32) if apart else np.zeros(shape, np.float32)

    def half(bounds: Bounds) -> None:
        patch = Patch(small, bounds.grown(round(_MARGIN * small.unit)).clipped(small.extent))
        picture[bounds.slices] = surfaces(patch, bounds)[Patch(small, bounds).within(patch)]

    for _half in (in_copies if apart else side_by_side)(half, halves, workers):
        pass
    _PICTURES[scene] = np.stack([_mirrored(picture[..., c], turn) for c in range(3)], -1)


def mirrored(patch: Patch) -> Float32 | None:
    """(h', w', 3) linear, whole picture at reduced size: what water shows at each place; ``None`` = sky only."""
    picture = _PICTURES.get(patch.scene)
    return None if picture is None or picture.size == 0 else picture


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
    return one_of(scene.small_materials, mirrors)


def _small_scene(scene: Scene) -> Scene:
    extent = scene.extent.scaled(min(1.0, _ROWS / scene.extent.height))
    request, reading = scene.request, scene.request.reading
    ink = resize_bytes(request.lines.contour, extent).astype(np.uint8)
    none = np.zeros_like(ink)
    small = replace(
        reading,
        materials=shrink_labels(reading.materials, extent),
        regions=shrink_labels(reading.regions, extent),
        horizon=reading.horizon * extent.height / scene.extent.height,
        alpha=None,
    )
    lines = LineArt(contour=ink, highlight=none, shadow=none, cel=none)
    return scene.thumbnail(replace(request, lines=lines, reading=small, rough=None, board=None))


@dataclass(frozen=True, slots=True)
class _Turn:
    """How the thumbnail is turned over; all (h, w)."""

    water: Bool
    far: Rows
    """Row that shows what stands, mirrored about its foot, even if a flat bank lies between."""
    near: Rows
    """Row that shows the bank itself."""
    bank: Float32
    """0–1: how much of the bank shows: it does only in a band along the shore."""
    under: Bool
    """Here the mirror looks through under leaves that hang: it shows what is seen beside them."""


def _turn(scene: Scene, extent: Extent) -> _Turn:
    """What stands is mirrored about its foot: so the picture in the water does not break where the shore turns."""
    size = extent.shape
    water = _reduced(_mirrors(scene), size)
    flat = water | _reduced(one_of(scene.small_materials, (Material.GRASS, Material.SOIL, Material.ROAD)), size)
    rows = np.arange(size[0], dtype=np.float32)[:, None]
    # A crown is mirrored about its tree's foot.
    feet = np.maximum(rows, _reduced(scene.tree_feet, size) * np.float32(size[0] / scene.small.height))
    standing, shore = _edge_above(flat, feet), _edge_above(water, rows)
    standing = np.minimum(standing, rows)
    bank = np.exp(-np.maximum(rows - shore, 0) / (0.024 * size[0])) * (shore > standing + 1)
    # What is mirrored far from its foot is tall and stands far away: a stone at the shore does not shift it.
    # Of what stands beside each other the farther counts more: water shows the open sky as far as it can.
    lean = np.float32(0.06 * size[0])
    weight = _widely(np.exp(-standing / lean), _WIDE * size[0])
    wide = np.asarray(-lean * np.log(np.maximum(weight, 1e-12)), np.float32)
    away = np.clip((rows - standing) / size[0], 0, 1)
    far = standing + (wide - standing) * smoothstep(*_AWAY, away)
    source = _source(flat, far, rows)
    through = source < _turned_over(far, rows)
    under = through & np.take_along_axis(feet > rows, source, axis=0) & water
    return _Turn(water, source, _source(water, shore, rows), np.asarray(bank, np.float32), under)


def _shown(turn: _Turn) -> list[Bounds]:
    """The two parts of the thumbnail that the water shows, one for each half of its columns."""
    columns = np.flatnonzero(widened(np.asarray(turn.water.any(0, keepdims=True)), _SHAKEN))
    parts = []
    for half in np.array_split(columns, 2):
        if len(half) == 0:
            continue
        left, right = int(half[0]), int(half[-1]) + 1
        wet = np.flatnonzero(turn.water[:, max(0, left - _SHAKEN) : right + _SHAKEN].any(1))
        view = slice(max(0, int(wet[0]) - _DRAWN_OUT), int(wet[-1]) + _DRAWN_OUT + 1), slice(left, right)
        top = min(int(turn.far[view].min()), int(turn.near[view].min()))
        bottom = max(int(turn.far[view].max()), int(turn.near[view].max())) + 1
        parts.append(Bounds(left, top, right - left, bottom - top))
    return parts


def _mirrored(plane: Float32, turn: _Turn) -> Float32:
    """One channel turned over, blurred downwards as ripples blur it."""
    far, near = (np.take_along_axis(plane, source, axis=0) for source in (turn.far, turn.near))
    for row in np.flatnonzero(turn.under.any(1)).tolist():
        hidden = turn.under[row]
        seen = np.flatnonzero(~hidden & turn.water[row])
        if len(seen):
            far[row, hidden] = np.interp(np.flatnonzero(hidden), seen, far[row, seen])
    turned = far + (near - far) * turn.bank
    soft = gaussian(np.asarray(turned, np.float32), 4.0, axis=0, nearest=True)
    return gaussian(soft, 1.5, axis=1, nearest=True)


def _reduced(plane: NDArray[_V], size: tuple[int, int]) -> NDArray[_V]:
    """The plane at another size; nothing in it is mixed."""
    rows, columns = ((np.arange(new) + 0.5) * old / new for new, old in zip(size, plane.shape, strict=True))
    return plane[rows.astype(np.intp)[:, None], columns.astype(np.intp)]


def _edge_above(mask: Bool, rows: Float32) -> Float32:
    """Row at which the mask begins under the last place above that is not in it, smoothed along x.

    ``rows`` (h, w) is the row at which each place that is not in it ends.
    """
    edge = running(np.maximum, np.where(mask, -1, rows)).astype(np.float32) + 1
    return gaussian(edge, 4.0, axis=1, nearest=True)


def _widely(plane: Float32, sigma: float) -> Float32:
    """Gaussian blur of ``sigma`` px along x; so wide that means of some columns tell as much."""
    step = max(1, min(int(sigma / 8), plane.shape[1]))
    more = -plane.shape[1] % step
    means = np.pad(plane, ((0, 0), (0, more)), mode="edge").reshape(len(plane), -1, step).mean(2, dtype=np.float32)
    soft = Image.fromarray(gaussian(means, sigma / step, axis=1, nearest=True))
    box = 0, 0, plane.shape[1] / step, len(plane)
    return np.asarray(soft.resize(plane.shape[::-1], Image.Resampling.BILINEAR, box=box), np.float32)


def _source(mask: Bool, edge: Float32, rows: Float32) -> Rows:
    """Row that each place shows: as far above the edge as it lies below it, and not in the mask itself."""
    last = running(np.maximum, np.where(mask, 0, rows.astype(np.intp)))
    return np.take_along_axis(last, _turned_over(edge, rows), axis=0)


def _turned_over(edge: Float32, rows: Float32) -> Rows:
    return np.clip(2 * edge - rows - 1, 0, len(rows) - 1).astype(np.intp)
