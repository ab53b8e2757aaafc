"""Fields of the whole picture that nature painters need, computed once per scene at its reduced size."""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import RLock
from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.engines.embedded.conifers import conifers, tiers_of
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import STANDING, Scene
from genzu.engines.embedded.soft import framed_box, gaussian, running, soft_bytes, widened
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

_OPEN = (
    Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER,
)  # fmt: skip
_DRAWN = 70
"""Byte of ink from which a line at the reduced size parts a mass of leaves."""
_BORDER, _BORDER_PIXELS = 5.0, 3.0
"""Units, and px of the reduced size at least, from the border of a material within which a line belongs to it."""
_TOUCHED = 24
"""Byte of ink at the reduced size from which a border is drawn."""
_OPEN_PIXELS, _OPEN_SHARE, _OPEN_AREA = 8, 0.6, 4
"""Px of a border that nobody drew, from which leaves to both its sides are one mass, if they are most of it, or if the
farther leaves are at most so many times as large."""
_LYING = (Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER, Material.ROCK)
_ALONG = 0.8
"""Length of a border, in roots of a strip's area, from which the strip belongs to what lies there."""
_BESIDE = 6.0
"""Units that are right beside something."""
_EYE_LEVEL, _STRAIGHT = 3.0, 90.0
"""Units around the horizon, and length in units, of a level line that is the eye level drawn through leaves."""
_LONG = 1_200_000
"""Pixels of a field from which it is kept in half precision; a picture of 1920 × 1080 stays below."""
_RUN = 3
"""Px at the reduced size over which the beginnings of runs in neighbouring columns are smoothed."""
_KEPT: WeakKeyDictionary[Scene, tuple[dict[str, Float32], dict[str, RLock]]] = WeakKeyDictionary()


def kept(scene: Scene, name: str, make: Callable[[Scene], Float32]) -> Float32:
    """The scene's field of this name, made on first use."""
    fields, locks = _KEPT.setdefault(scene.source, ({}, {}))
    if name in fields:
        return fields[name]
    with locks.setdefault(name, RLock()):  # a tile waits for what another one is making
        if name not in fields:
            field = make(scene.source)
            # On a long sheet there are many of them: half precision is a step of at most half a unit.
            long = field.ndim > 1 and field.shape[0] * field.shape[1] > _LONG
            fields[name] = field.astype(np.float16) if long else field
    return fields[name]


def known(scene: Scene) -> dict[str, Float32]:
    """All fields of the scene by name, to be looked into and added to: each must be what its maker would give."""
    return _KEPT.setdefault(scene.source, ({}, {}))[0]


def forget(scene: Scene) -> None:
    """Let go of all fields of a scene: what is asked for again is made again."""
    _KEPT.pop(scene.source, None)


def thickness(patch: Patch) -> Float32:
    """(h, w) units: half the width of the mass of one material around each place."""
    return patch.scene.sample(kept(patch.scene, "thickness", _thickness), patch.bounds)


def local_thickness(patch: Patch) -> Float32:
    """(h, w) units: half the width of the mass just here (within about 30 units)."""
    return patch.scene.sample(kept(patch.scene, "local thickness", lambda s: _thickness(s, 7)), patch.bounds)


def outward(patch: Patch) -> tuple[Float32, Float32]:
    """(h, w) each: normal of a mass blown up like a balloon inside its outline; 0 on its ridge."""
    x, y = balloons(patch.scene)
    return patch.scene.sample(x, patch.bounds), patch.scene.sample(y, patch.bounds)


def balloons(scene: Scene) -> tuple[Float32, Float32]:
    """(h, w) each, of the whole picture at its reduced size: see :func:`outward`."""
    return kept(scene, "outward x", lambda s: _outward(s, 1)), kept(scene, "outward y", lambda s: _outward(s, 0))


def bulge(patch: Patch) -> Float32:
    """(h, w) units to where a mass of leaves or vapour ends: at an open border, or at a line drawn in it."""
    return patch.scene.sample(kept(patch.scene, "bulge", _bulge), patch.bounds)


def distance_to(patch: Patch, material: Material) -> Float32:
    """(h, w) units to the nearest pixel of a material; 9999 if there is none."""
    return patch.scene.sample(to_material(patch.scene, material), patch.bounds)


def to_material(scene: Scene, material: Material) -> Float32:
    """The same at the scene's reduced size."""
    return kept(scene, f"to {material}", lambda s: _distance(s, material))


def top_of_column(patch: Patch, material: Material) -> Float32:
    """(h, w) units: row at which the column run of this material that holds the place begins, smoothed along x."""
    scene = patch.scene
    return scene.sample(kept(scene, f"top of {material}", lambda s: _top(s, material)), patch.bounds)


def foot_of_column(patch: Patch) -> Float32:
    """(h, w) units: row at which what stands here ends below, whatever of it is there, smoothed along x."""
    return patch.scene.sample(kept(patch.scene, "foot of columns", _foot), patch.bounds)


def span_of_mass(patch: Patch, material: Material) -> tuple[Float32, Float32]:
    """(h, w) each, units: upper and lower row of the connected mass of this material around each place."""
    span = patch.scene.sample(kept(patch.scene, f"span of {material}", lambda s: _span(s, material)), patch.bounds)
    return span[..., 0], span[..., 1]


def _span(scene: Scene, material: Material) -> Float32:
    """(h, w, 2) upper and lower row."""
    labels, _count = mahotas.label(scene.small_materials == material, Bc=np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.float32).reshape(-1, 4)[:, :2]
    boxes[0] = -1
    there, planes = labels > 0, np.empty((2, *labels.shape), np.float32)
    for plane, rows in zip(planes, boxes.T, strict=True):
        own = np.ascontiguousarray(rows)[labels]
        np.copyto(plane, widened(own, 4))
        np.copyto(plane, own, where=there)
    np.maximum(planes, 0, out=planes)
    planes /= np.float32(scene.shrink * scene.unit)
    return planes.transpose(1, 2, 0)


def small_ink(scene: Scene) -> Float32:
    """(h, w) 0–255: the contours at the reduced size."""
    return kept(scene, "ink", lambda s: np.asarray(s.small_contour, np.float32))


def undrawn(patch: Patch) -> Float32:
    """(h, w) 0–1: 1 where no contour is near, so that an edge there is the reader's and not the drawing's."""
    return patch.scene.sample(kept(patch.scene, "undrawn", _undrawn), patch.bounds)


def _undrawn(scene: Scene) -> Float32:
    drawn = (small_ink(scene) > _DRAWN).view(np.uint8) * np.uint8(255)
    near = soft_bytes(drawn, max(1.0, 12 * scene.shrink * scene.unit))
    return np.asarray(1 - np.minimum(near * np.float32(6 / 255), 1), np.float32)


def lit_rim(patch: Patch) -> Float32:
    """(h, w) 0–1, to both sides of the outline of stones, leaves and bars: 1 where that outline turns to the light."""
    return patch.scene.sample(kept(patch.scene, "lit rims", _lit_rims), patch.bounds)


def _lit_rims(scene: Scene) -> Float32:
    rims = np.zeros(scene.small_materials.shape, np.float32)
    side, height = scene.script.light.towards
    for material, share in ((Material.ROCK, 1.0), (Material.FOLIAGE, 0.6), (Material.METAL, 0.3), (Material.WOOD, 0.2)):
        there = scene.small_materials == material
        if not there.any():
            continue
        sigma = max(1.0, 3.0 * scene.shrink * scene.unit)
        box = framed_box(there, math.ceil(4 * sigma) + 1)  # outside of it there is no edge
        down, across = np.gradient(gaussian(there[box].astype(np.float32), sigma))
        steep = np.sqrt(down * down + across * across)
        facing = -(across * np.float32(side) + down * np.float32(height)) / (steep + np.float32(1e-3))
        lit = np.clip((facing - np.float32(0.05)) * 2, 0, 1) * np.clip(steep * 20, 0, 1)
        np.maximum(rims[box], np.float32(share) * lit, out=rims[box])
    return np.asarray(rims, np.float32)


def air_of_tree(patch: Patch) -> Float32:
    """(h, w) 0–1 multiplier of the air: a tree's trunk and crown stand in the air of its foot."""
    depth = np.maximum(patch.depth, 0.02)
    shared = patch.scene.sample(kept(patch.scene, "depth of trees", _shared_depth), patch.bounds)
    return np.asarray(np.clip(shared / depth, 0.1, 1.0) ** 2, np.float32)


def _shared_depth(scene: Scene) -> Float32:
    """Bark comes as near as what it stands on, on the average of its columns, and leaves as their tiers and mass."""
    there = np.isin(scene.small_materials, (Material.FOLIAGE, Material.TRUNK))
    if not there.any():
        return scene.small_depth
    size = there.shape
    nearest, near = np.full(size, 1.0, np.float32), np.full(size[1], 1.0, np.float32)
    for row in range(size[0] - 1, -1, -1):
        near = np.where(there[row], np.minimum(near, scene.small_depth[row]), 1.0)
        nearest[row] = near
    rows = (np.arange(size[0]) + 0.5) * scene.extent.height / size[0]
    columns = (np.arange(size[1]) + 0.5) * scene.extent.width / size[1]
    regions = scene.reading.regions[rows.astype(np.int32)][:, columns.astype(np.int32)]
    count = int(regions.max()) + 1
    bark = scene.small_materials == Material.TRUNK
    total = np.bincount(regions[there], np.where(bark, nearest, scene.small_depth)[there], count)
    mean = total / np.maximum(np.bincount(regions[there], minlength=count), 1)
    for tree in conifers(scene):
        # Tiers hang above one another and not above a foot; the column of the stem tells where that is.
        row, column = (int(place * scene.shrink * scene.unit) for place in (tree.bottom, tree.x))
        stem = nearest[max(0, row - 8) : row, max(0, column - 3) : column + 4]
        tiers = tiers_of(scene, tree)[:count]
        if stem.size and tiers.any():
            mean[tiers] = min(float(mean[tiers].min()), float(stem.min()))
    mean = _one_mass(mean, regions, scene.small_materials == Material.FOLIAGE, small_ink(scene) > _TOUCHED)
    mean = _one_stem(mean, regions, scene.small_materials)
    field = np.where(there, mean[regions], scene.small_depth)
    return np.asarray(np.minimum(scene.small_depth, field), np.float32)


_PANE = 12_000.0
"""Square units that open water has at least: smaller panes are what is seen between rails."""


def open_water(scene: Scene) -> Bool:
    """(n,) by region id: water, but for small panes of it."""
    return np.asarray((scene.regions.material == Material.WATER) & (scene.regions.area > _PANE * scene.unit**2))


def prepare_edges(scene: Scene) -> None:
    """Make what lines of every tile look up of the edges beside them."""
    kept(scene, "lit rims", _lit_rims)
    kept(scene, "overlapped", _overlapped)


def overlapped(patch: Patch) -> Float32:
    """(h, w) 0–1: 1 right beside something that stands well before this place."""
    return patch.scene.sample(kept(patch.scene, "overlapped", _overlapped), patch.bounds)


def _overlapped(scene: Scene) -> Float32:
    depth = kept(scene, "depth of trees", _shared_depth)
    nearest = 1 - widened(1 - depth, max(1, round(_BESIDE * scene.shrink * scene.unit)))
    return np.asarray(np.clip((depth - nearest - 0.05) * 16, 0, 1), np.float32)


def _one_mass(depth: NDArray[np.float64], regions: Int32, leafy: Bool, inked: Bool) -> NDArray[np.float64]:
    """``depth`` (n,) by region: leaves that no line parts from other leaves stand where the nearer of both do.

    A line drawn part of the way is closed straight across, so that a cluster may end at an edge that nobody drew.
    """
    one, other, open_there = _borders(regions, leafy, ~inked)
    if len(one) == 0:
        return depth
    pairs = np.sort(np.stack([one, other], 1), axis=1)
    found, which, length = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    open_ = np.bincount(which.ravel(), open_there, len(found))
    # A whole wood does not come near because one tree's outline has a gap.
    area, farther = np.bincount(regions[leafy], minlength=len(depth)), depth[found].argmax(1)
    pick = np.arange(len(found))
    small = area[found[pick, farther]] < _OPEN_AREA * area[found[pick, 1 - farther]]
    open_pairs = found[(open_ > _OPEN_PIXELS) & (small | (open_ > _OPEN_SHARE * length))]
    depth = depth.copy()
    for _ in range(len(open_pairs)):
        nearer = depth[open_pairs].min(1)
        if (depth[open_pairs] == nearer[:, None]).all():
            break
        for k in (0, 1):
            np.minimum.at(depth, open_pairs[:, k], nearer)
    return depth


def _thickness(scene: Scene, cell: int = 20) -> Float32:
    return _half_width(scene.inner, cell)


def _half_width(inner: Float32, cell: int) -> Float32:
    """(h, w) largest distance to a border near each place."""
    rows, columns = -(-inner.shape[0] // cell), -(-inner.shape[1] // cell)
    padded = np.pad(inner, ((0, rows * cell - inner.shape[0]), (0, columns * cell - inner.shape[1])), mode="edge")
    peaks = padded.reshape(rows, cell, columns, cell).max((1, 3)).astype(np.float32)
    picture = Image.fromarray(_widest(peaks)).resize((columns * cell, rows * cell), Image.Resampling.BILINEAR)
    return np.asarray(picture, np.float32)[: inner.shape[0], : inner.shape[1]]


def _widest(peaks: Float32) -> Float32:
    """Maximum over the 5 × 5 neighbourhood."""
    wide = np.pad(peaks, 2, mode="edge")
    tall = np.max([wide[k : k + peaks.shape[0]] for k in range(5)], 0)
    return np.asarray(np.max([tall[:, k : k + peaks.shape[1]] for k in range(5)], 0), np.float32)


def _outward(scene: Scene, axis: int) -> Float32:
    inner = kept(scene, "bulge", _bulge)
    slope = gaussian(np.gradient(inner * np.float32(scene.shrink * scene.unit), axis=axis), 2.0)
    room = kept(scene, "width of bulge", lambda s: _half_width(kept(s, "bulge", _bulge), 20))
    depth = np.clip(inner / np.maximum(room, 1), 0, 1)
    return np.asarray(-slope * (1 - depth), np.float32)


def _borders(regions: Int32, where: Bool, marked: Bool) -> tuple[Int32, Int32, Bool]:
    """(n,) each: the regions on both sides of places in ``where`` at which two meet, and if both places are marked."""
    found: list[tuple[Int32, Int32, Bool]] = []
    for a, b in (np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:]):
        meet = (regions[a] != regions[b]) & where[a] & where[b]
        found.append((regions[a][meet], regions[b][meet], (marked[a] & marked[b])[meet]))
    one, other, both = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return one, other, both


def _one_stem(depth: NDArray[np.float64], regions: Int32, materials: UInt8) -> NDArray[np.float64]:
    """A strip of bark that is cut off by drawn lines and whose foot is hidden stands where the stem beside it does."""
    trunk = materials == Material.TRUNK
    one, other, _ = _borders(regions, trunk, trunk)
    if len(one) == 0:
        return depth
    lying = np.isin(materials[1:], _LYING) & trunk[:-1]
    footed = np.bincount(regions[:-1][lying], minlength=len(depth)) > 0
    area = np.bincount(regions[trunk], minlength=len(depth))
    depth, around = depth.copy(), np.concatenate([np.stack([one, other]), np.stack([other, one])], 1)
    for strip in np.unique(around[0][~footed[around[0]]]):
        beside, length = np.unique(around[1][around[0] == strip], return_counts=True)
        stem = beside[length.argmax()]
        if length.max() > _ALONG * np.sqrt(area[strip]):
            depth[strip] = min(depth[strip], depth[stem])
    return depth


def _bulge(scene: Scene) -> Float32:
    """Distance to the border in units; foliage goes on behind what stands before it, so only open borders count.

    A line that is drawn inside leaves or a cloud parts two of their masses: each is a balloon of its own.
    """
    leafy, cloud = scene.small_materials == Material.FOLIAGE, scene.small_materials == Material.CLOUD
    if not (leafy | cloud).any():
        return scene.inner
    # The outline of what stands before it parts nothing.
    drawn = (small_ink(scene) > _DRAWN) & (scene.inner > max(_BORDER, _BORDER_PIXELS / (scene.shrink * scene.unit)))
    drawn &= ~_eye_level(scene, drawn)
    ends = np.where(leafy, drawn, np.isin(scene.small_materials, _OPEN) & (drawn | ~cloud))
    gap = np.sqrt(mahotas.distance(np.pad(~ends, 1, mode="edge")))[1:-1, 1:-1] / (scene.shrink * scene.unit)
    return np.where(leafy | cloud, gap, scene.inner).astype(np.float32)


def _eye_level(scene: Scene, drawn: Bool) -> Bool:
    """(h, w): what of these lines is the horizon, drawn through leaves and clouds to construct what stands there."""
    units = scene.shrink * scene.unit
    level, reach = round(scene.reading.horizon * scene.shrink), max(1, round(_EYE_LEVEL * units))
    rows = slice(max(0, level - reach), max(0, level + reach + 1))
    found = np.zeros_like(drawn)
    line = drawn[rows].any(0) if drawn[rows].size else np.zeros(0, bool)
    if line.any():
        size = max(3, round(_STRAIGHT * units))
        share = mahotas.convolve1d(line.astype(np.float32), np.full(size, 1 / size), 0, mode="constant")
        found[rows] = drawn[rows] & (share > 0.4)
    return found


def _foot(scene: Scene) -> Float32:
    there = np.isin(scene.small_materials, STANDING)
    rows = np.arange(there.shape[0], dtype=np.float32)[:, None]
    ends = np.where(there, np.float32(there.shape[0] + 40), rows)
    end = running(np.minimum, ends[::-1])[::-1]
    return gaussian(end, 2.0, axis=1, nearest=True) / np.float32(scene.shrink * scene.unit)


def _distance(scene: Scene, material: Material) -> Float32:
    there = scene.small_materials == material
    if not there.any():
        return np.full(there.shape, 9999, np.float32)
    return (np.sqrt(mahotas.distance(~there)) / (scene.shrink * scene.unit)).astype(np.float32)


def _top(scene: Scene, material: Material) -> Float32:
    there = scene.small_materials == material
    rows = np.arange(there.shape[0], dtype=np.float32)[:, None]
    start = running(np.maximum, np.where(there, np.float32(-1), rows))
    start += np.float32(1)
    if there.any():
        # A short run under a bridge or a stone mirrors nearly what its neighbours mirror.
        reach = 4 * _RUN
        box, around = framed_box(there, 2), framed_box(there, 2 + reach)
        kept_columns = slice(box[1].start - around[1].start, box[1].stop - around[1].start)
        start[box] = gaussian(start[box[0], around[1]], _RUN, axis=1, nearest=True)[:, kept_columns]
    start /= np.float32(scene.shrink * scene.unit)
    return start
