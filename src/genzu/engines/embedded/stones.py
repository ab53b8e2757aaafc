"""Stones in the ground: which rock is one, the shade and the grass at its foot, and how far up it is wet."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, one_of, soft_bytes, widened
from genzu.picture.arrays import Bool, Float32

_GROUND = (Material.GRASS, Material.SOIL)
_STONE = 230.0
"""Units: a stone is no wider."""
_SUNK, _CAST = 7.0, 24.0
"""Units above the lower edge of a stone from which, and below it up to which, it is in its own contact shade."""
_FALL = 7.0
"""Units below a stone in which the shade that it stands in falls to a third."""
_LOWER = 4.5
"""Units from a stone's lower edge in which a drawn line is that edge."""
_OVERGROWN, _LEAST = 0.37, 13.0
"""Share of a stone's foot before which grass grows, and units of it at least."""
_THIN = 0.6
"""Share of that at each end over which the line grows thin."""
_ROOM = 14.0
"""Units of grass below a stone's foot from which it may grow before it."""
_ON_WATER = 60
"""Byte: how much of the shade under a stone is seen on water, where it is the stone's own picture."""
_SPLASHED = 22.0
"""Units above the water in which a stone may be wet."""
_RIM = 5.0
"""Units around a stone in which a line is its own."""
_SEAM = 4.0
"""Units to both sides of where two stones meet."""
_HIGH = 0.8, 4.0
"""Depth of the shade of the ground right behind a stone's upper edge, and units in which that falls off."""
_HEWN = (Place.RUINS, Place.SHRINE, Place.STAIRS)
"""Where stone has been hewn: what is drawn there are pillars and walls, and no boulders."""


def compact(scene: Scene) -> Float32:
    """(n,) 1 for stones that are drawn as one, 0 for cliffs, walls and what has been hewn."""
    table = scene.regions
    if scene.script.conditions.place in _HEWN:
        return np.zeros(len(table.material), np.float32)
    wide, tall = (table.right - table.left) / scene.unit, (table.bottom - table.top) / scene.unit
    return ((wide < _STONE) & (tall < 0.7 * _STONE) & (wide < 4.5 * tall)).astype(np.float32)


def rooted(patch: Patch) -> Bool | None:
    """(h, w): where grass grows before the lower edge of stones, and a little around; ``None`` if it does nowhere.

    It does so in one group before each: besides, the edge is seen, and a drawn line is that edge.
    """
    edge = kept(patch.scene, "feet of stones", _feet)
    if not edge.any():
        return None
    return np.asarray(patch.scene.sample(edge, patch.bounds) > 0.4)


def prepare(scene: Scene) -> None:
    """Make what every tile with stones looks up."""
    kept(scene, "around stones", _around)
    kept(scene, "feet of stones", _feet)
    kept(scene, "under stones", _contact)
    kept(scene, "wet stones", waterlines)


def around_stones(patch: Patch) -> Patch | None:
    """The part of the patch in which the shade of stones lies, and a little more; ``None`` if none does."""
    scene = patch.scene
    fields = kept(scene, "under stones", _contact), kept(scene, "around stones", _around)[..., 2]
    if all(scene.largest(field, patch.bounds) == 0 for field in fields):
        return None
    under, behind = (scene.sample(field, patch.bounds) > 0 for field in fields)
    return patch.part(under | behind, margin=12)


def under_stones(patch: Patch) -> Float32:
    """(h, w) 0–1 on grass, bare ground and water: how deep it lies in the shade of the stone that stands there."""
    shade = kept(patch.scene, "under stones", _contact)
    lying = np.where(one_of(patch.materials, _GROUND), 255, np.where(patch.materials == Material.WATER, _ON_WATER, 0))
    lying = soft_bytes(lying.astype(np.uint8), 0.8 * max(patch.unit, 0.6))
    behind = patch.scene.sample(kept(patch.scene, "around stones", _around)[..., 2], patch.bounds)
    shade = np.maximum(patch.scene.sample(shade, patch.bounds), behind)
    return np.asarray(shade * lying * np.float32(1 / 255), np.float32)


def rims(patch: Patch) -> tuple[Patch, Float32, Float32] | None:
    """The part of a patch with single stones; (h, w) 0–1 in it: on and beside them; where they touch, each other too.

    ``None`` if there is no stone.
    """
    around = kept(patch.scene, "around stones", _around)
    if not around.any() or patch.scene.largest(around[..., 0], patch.bounds) == 0:
        return None
    part = patch.part(patch.scene.sample(around[..., 0], patch.bounds) > 0)
    if part is None:
        return None
    near, parted = part.scene.sample(around[..., :2], part.bounds).transpose(2, 0, 1)
    touching = part.scene.sample(kept(part.scene, "under stones", _contact), part.bounds)
    return part, near, np.maximum(touching, parted)


def _around(scene: Scene) -> Float32:
    """(h, w, 3) 0–1: on stones and right around them; where one ends before another; shade right behind upper edges."""
    stones = _stones(scene)[0]
    if not stones.any():
        return np.zeros((1, 1, 3), np.float32)
    size, labels = scene.shrink * scene.unit, scene.small_regions
    wide = widened(stones.view(np.uint8), max(1, round(_RIM * size)))
    parted = np.zeros(stones.shape, np.uint8)
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        meet = (labels[one] != labels[other]) & stones[one] & stones[other]
        parted[one] |= meet
        parted[other] |= meet
    parted = widened(parted, max(1, round(_SEAM * size)))
    near = gaussian(wide.astype(np.float32), 1.0) * (wide > 0)
    rows = np.arange(stones.shape[0], dtype=np.float32)[:, None]
    gap = np.minimum.accumulate(np.where(stones, rows, np.float32(1e4))[::-1], axis=0)[::-1] - rows
    behind = np.where(gap < 4 * _HIGH[1] * size, _HIGH[0] * np.exp(-gap / (_HIGH[1] * size)), 0).astype(np.float32)
    behind = gaussian(behind, max(0.5, 2.5 * size), axis=1)
    return np.stack([near, gaussian(parted.astype(np.float32), 1.0), behind], -1).astype(np.float32)


def _stones(scene: Scene) -> tuple[Bool, Bool]:
    """(h, w) each at the reduced size: stones, and the ground that they may stand on."""
    stones = (scene.small_materials == Material.ROCK) & (compact(scene)[scene.small_regions] > 0)
    return stones, np.isin(scene.small_materials, _GROUND)


def waterlines(scene: Scene) -> Float32:
    """(h, w) 0–1 on stones: 1 at the water below, 0 from :data:`_SPLASHED` units above it on."""
    stones, water = _stones(scene)[0], scene.small_materials == Material.WATER
    if not (stones.any() and water.any()):
        return np.zeros((1, 1), np.float32)
    rows = np.arange(stones.shape[0], dtype=np.float32)[:, None]
    # Only stone may lie between: behind a strip of grass a stone is dry.
    other = np.minimum.accumulate(np.where(stones, np.float32(1e4), rows)[::-1], axis=0)[::-1]
    ends = np.minimum.accumulate(np.where(water, rows, np.float32(1e4))[::-1], axis=0)[::-1]
    gap = np.where(ends <= other, ends - rows, np.float32(1e4)) / np.float32(scene.shrink * scene.unit)
    band = np.where(stones, np.clip(1 - gap / _SPLASHED, 0, 1), 0).astype(np.float32)
    return gaussian(band, max(0.5, 3 * scene.shrink * scene.unit), axis=1)


def _feet(scene: Scene) -> Float32:
    """(h, w) 1 around a part of the lower edge of each stone in grass, each at another place."""
    stones, _lying = _stones(scene)
    if not stones.any() or scene.script.snow > 0.5:
        return np.zeros((1, 1), np.float32)
    grass = scene.small_materials == Material.GRASS
    edge = np.zeros(stones.shape, bool)
    size, table = scene.shrink * scene.unit, scene.regions
    edge[1:] = stones[:-1] & grass[1:]
    deep = max(1, round(_ROOM * size))  # on a strip between a stone and the bank no grass is high
    edge[:-deep] &= grass[deep:]
    rows, columns = np.nonzero(edge)
    owner = scene.small_regions[rows - 1, columns]
    wide = (table.right - table.left)[owner] / scene.unit
    middle = table.left[owner] / scene.unit + (0.2 + 0.6 * table.chance[owner]) * wide
    half = np.maximum(_OVERGROWN * wide, _LEAST) / 2
    # At both ends of the group it takes the line from below: what is left is thin, as where a brush is lifted.
    taken = np.clip((half - np.abs(columns / size - middle)) / (_THIN * half), 0, 1)
    found, reach = np.zeros(stones.shape, np.float32), max(1, round(_LOWER * size))
    for down in range(-reach, reach + 1):
        there = taken * (2 * reach) > reach - down
        found[np.clip(rows[there] + down, 0, len(found) - 1), columns[there]] = 1
    return found


def _contact(scene: Scene) -> Float32:
    """(h, w) 0–1: 1 where a stone touches the ground, less and less below it."""
    stones, lying = _stones(scene)
    if not stones.any():
        return np.zeros((1, 1), np.float32)
    lying |= scene.small_materials == Material.WATER
    size = scene.shrink * scene.unit
    rows = np.arange(stones.shape[0], dtype=np.float32)[:, None]
    above = rows - np.maximum.accumulate(np.where(stones, rows, np.float32(-1e4)), axis=0)
    below = np.minimum.accumulate(np.where(lying, rows, np.float32(1e4))[::-1], axis=0)[::-1] - rows
    shade = np.where(lying & (above < _CAST * size), np.exp(-above / (_FALL * size)), 0)
    shade = np.where(stones & (below < _SUNK * size), 1, shade).astype(np.float32)
    return gaussian(shade, max(0.5, 2.5 * size), axis=1)
