"""Stones in the ground: which rock is one, the shade and the grass at its foot, and how far up it is wet."""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.fields import kept, lit_rim, small_ink
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import one_of, soft_bytes, soft_edged, spread_out, widened
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
_STROKE, _REACH = 7.0, 28.0
"""Units around the outline of a stone in which a stroke is that, and in which it shades what stands behind it."""
_AROUND, _MEAN = 16.0, 3.0
"""Units around what is shaded that are looked at, and over which lightness is a mean."""
_FADES = 9.0
"""Units in which that shade falls to a third."""
_STEP, _DEEP, _COUNTER = np.float32(0.14), np.float32(0.30), 0.14
"""OKLab lightness: of a stone over what lies behind it, the most that is taken from that, and from which step on a dark
stone stands before what is light."""
_FOOT, _OCCLUDED, _LIT = np.float32(0.45), np.float32(0.0), np.float32(0.10)
"""Share of its light that the ground has not at a stone's foot, and a stone behind another one; what a rim gains."""
_TURNED = 0.05, 0.35
"""How far an outline is turned to the light where its line begins to be lost, and is."""
_CALMED = np.float32(0.7)
_WATERLINE = np.float32(0.16)
"""OKLab lightness that the rim of the water gains at a stone."""
_OVER, _RIM_FADES = np.float32(0.0), 8.0
"""OKLab lightness that a stone gains before another one, and units in which that falls to a third."""
_LID = np.float32(0.09), np.float32(0.32)
"""Share of its light that a stone's top gains at its edge, and that its side has not there."""
_LID_INK = 40
"""Byte of ink of a line inside a stone."""
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


def told(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how far strokes of stones are no lines, but planes; ``None`` if there are none.

    So they are on the side in the light; in the shade, and where stone lies on stone, a line is found.
    """
    field = kept(patch.scene, "behind stones", _behind)
    if not field.any() or patch.scene.largest(field[..., 2], patch.bounds) == 0:
        return None
    near = smoothstep(0.3, 0.7, patch.scene.sample(field[..., 2], patch.bounds))
    return near * smoothstep(*_TURNED, lit_rim(patch))


def parted(patch: Patch, canvas: Float32) -> None:
    """Part stones from what lies behind them by light and shade; the (h, w, 3) OKLab canvas is changed in place.

    Where a stone is lighter than what is behind, that is deeper right beside it; where it is darker, that stays light.
    At its foot, and behind another stone, it is dark in any case.
    """
    field = kept(patch.scene, "behind stones", _behind)
    if not field.any() or patch.scene.largest(field[..., 2], patch.bounds) == 0:
        return
    part = patch.part(patch.scene.sample(field[..., 0], patch.bounds) > 0, margin=_AROUND)
    if part is None:
        return
    plain = canvas[part.within(patch)]
    beside, behind, _near, foot, before = part.scene.sample(field, part.bounds).transpose(2, 0, 1)
    order = kept(part.scene, "order of stones", _order)
    key = np.where(part.materials == Material.ROCK, part.of_region(order), np.float32(0))
    stone = key > 0
    ground = soft_edged(~stone) * np.float32(1 / 255)
    # A stone that stands behind another one, right beside it.
    rear = soft_edged(stone & (widened(key, max(1, round(3 * part.unit))) > key)) * np.float32(1 / 255)
    light = plain[..., 0]
    own, around = _means(part, light, stone)
    lighter = smoothstep(_COUNTER, _COUNTER - 0.10, around - own)
    deep = np.clip(around - own + _STEP, 0, _DEEP) * lighter
    deep = np.maximum(deep, _FOOT * foot * around)
    uneven = np.clip(0.85 + 0.5 * part.noise(22, 1061, octaves=2), 0.4, 1.25)
    water = part.materials == Material.WATER
    # In water it is dark but for a rim that mirrors the sky, here and there.
    away = -np.log(np.maximum(beside, np.float32(1e-3)) + np.float32(0.04)) * np.float32(_FADES)
    rim = smoothstep(3.2, 1.6, away) * water * ground * smoothstep(-0.35, 0.05, part.noise(24, 1063, octaves=1))
    taken = deep * uneven * beside * ground + _OCCLUDED * light * np.maximum(behind * stone, beside * rear)
    inside = (1 - ground) * (1 - rear)
    lit = (_LIT * lit_rim(part) * np.exp(-part.inner / _RIM_FADES) + _OVER * before) * inside
    # In the shade the ground is painted wet: single blades there would hide the edge.
    plain[..., 0] += (around - light) * (_CALMED * np.minimum(2 * beside, 1) * ground)
    ratio = np.clip(1 - taken / np.maximum(light, np.float32(0.05)), 0.40, 1)
    plain *= ratio[..., None]
    plain[..., 0] += _WATERLINE * rim * np.clip(2 * around, 0.3, 1)
    plain[..., 0] += lit * np.clip(2 * light, 0.3, 1)
    _lidded(part, plain, stone)


def _lidded(patch: Patch, plain: Float32, stone: Bool) -> None:
    """The top of a stone ends in the light where it was drawn, its side begins in the shade; in place."""
    table = kept(patch.scene, "lids of stones", lids)
    if not table[:, 2].any():
        return
    row, slope, there = (patch.of_region(np.ascontiguousarray(table[:, k])) for k in range(3))
    below = patch.y - row - slope * (patch.x - patch.of_region(patch.scene.forms.x))
    ragged = 0.6 * patch.noise(7, 1062, octaves=1)
    down = below + ragged
    lit = np.where(down < 0, _LID[0] * np.exp(np.minimum(down, 0) / 5), 0)
    dark = np.where(down >= 0, _LID[1] * np.exp(-np.maximum(down, 0) / 6), 0)
    edge = smoothstep(-0.7, 0.7, down)
    change = (lit * (1 - edge) - dark * edge) * (there > 0) * stone
    plain *= (1 + change)[..., None]


def _means(patch: Patch, light: Float32, mask: Bool) -> tuple[Float32, Float32]:
    """(h, w) each: mean of ``light`` of what is in the ``mask`` around each place, and of all else; as one where
    there is only one.
    """
    factor = max(1, round(2 * patch.unit))
    reach = _MEAN * patch.unit / factor
    share, all_of = mask.astype(np.float32), spread_out(patch.reduced(light, factor), reach)
    share, own = (spread_out(patch.reduced(plane, factor), reach) for plane in (share, light * share))
    means = []
    for total, weight in ((own, share), (all_of - own, 1 - share)):
        known = np.clip(weight * 12, 0, 1)
        mean = total / np.maximum(weight, np.float32(0.02))
        means.append(patch.enlarged(all_of + (mean - all_of) * known, factor))
    return means[0], means[1]


def prepare(scene: Scene) -> None:
    """Make what every tile with stones looks up."""
    kept(scene, "feet of stones", _feet)
    kept(scene, "under stones", _contact)
    kept(scene, "wet stones", waterlines)
    kept(scene, "behind stones", _behind)


def around_stones(patch: Patch) -> Patch | None:
    """The part of the patch in which the shade of stones lies, and a little more; ``None`` if none does."""
    shade = kept(patch.scene, "under stones", _contact)
    if not shade.any() or patch.scene.largest(shade, patch.bounds) == 0:
        return None
    return patch.part(patch.scene.sample(shade, patch.bounds) > 0, margin=12)


def under_stones(patch: Patch) -> Float32:
    """(h, w) 0–1 on grass, bare ground and water: how deep it lies in the shade of the stone that stands there."""
    shade = kept(patch.scene, "under stones", _contact)
    lying = np.where(one_of(patch.materials, _GROUND), 255, np.where(patch.materials == Material.WATER, _ON_WATER, 0))
    lying = soft_bytes(lying.astype(np.uint8), 0.8 * max(patch.unit, 0.6))
    return np.asarray(patch.scene.sample(shade, patch.bounds) * lying * np.float32(1 / 255), np.float32)


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
    return np.asarray(mahotas.gaussian_filter1d(band, max(0.5, 3 * scene.shrink * scene.unit), axis=1), np.float32)


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
    return np.asarray(mahotas.gaussian_filter1d(shade, max(0.5, 2.5 * size), axis=1), np.float32)


def lids(scene: Scene) -> Float32:
    """(n, 3) row in units at the middle of a stone and slope of the line that was drawn where its top ends, and 1.

    The last is 0 for stones without such a line: a level stroke well inside the stone's outline.
    """
    labels, forms = scene.small_regions, scene.forms
    count = len(scene.regions.material)
    inside = (small_ink(scene) > _LID_INK) & (scene.small_materials == Material.ROCK)
    for axis in (0, 1):
        for step in (-2, 2):
            inside &= np.roll(labels, step, axis) == labels
    rows, columns = np.nonzero(inside)
    owner, k = labels[rows, columns], np.float32(scene.shrink * scene.unit)
    x, y = columns / k - forms.x[owner], rows / k
    wide = np.maximum(scene.regions.right - scene.regions.left, 1) / scene.unit
    tall = np.maximum(scene.regions.bottom - scene.regions.top, 1) / scene.unit

    def total(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(owner, values, count), np.float64)

    size = np.maximum(np.bincount(owner, minlength=count), 1)
    mean_x, mean_y = total(x) / size, total(y) / size
    dx, dy = x - mean_x[owner], y - mean_y[owner]
    spread = np.maximum(total(dx * dx), 1)
    slope = total(dx * dy) / spread
    off = np.sqrt(total((dy - slope[owner] * dx) ** 2) / size)
    level = (
        (size / k > 0.24 * wide) & (np.abs(slope) < 0.55) & (off < 0.075 * tall) & (spread / size > (0.14 * wide) ** 2)
    )
    above = mean_y - scene.regions.top / scene.unit
    level &= (above > 0.08 * tall) & (above < 0.6 * tall)
    return np.stack([mean_y - slope * mean_x, slope, level], -1).astype(np.float32)


def tops(scene: Scene) -> NDArray[np.int64]:
    """(n, 2) region ids: a flat face that lies on another stone's face as its top, and that face."""
    labels, table = scene.small_regions, scene.regions
    rock = (table.material == Material.ROCK) & (table.area > 0)
    upper, lower = labels[:-1], labels[1:]
    touch = (upper != lower) & rock[upper] & rock[lower]
    pairs, contact = np.unique(np.stack([upper[touch], lower[touch]], 1), axis=0, return_counts=True)
    wide, tall = table.right - table.left, table.bottom - table.top
    above, below = pairs.T
    flat = (tall[above] < 0.62 * tall[below]) & (tall[above] < 0.5 * wide[above])
    return pairs[flat & (contact / scene.shrink > 0.55 * wide[above]) & (wide[above] > 0.5 * wide[below])].astype(np.int64)


def _order(scene: Scene) -> Float32:
    """(n,) rank by region: the higher the nearer; 0 for all but single stones."""
    table = scene.regions
    rank = np.zeros(len(table.bottom), np.float32)
    rank[np.argsort(table.bottom, kind="stable")] = np.arange(1, len(rank) + 1)
    for top, face in tops(scene):  # these are of one stone
        rank[top] = rank[face]
    return rank * (compact(scene) > 0) * (table.material == Material.ROCK)


def _behind(scene: Scene) -> Float32:
    """(h, w, 5), each 0–1: how close beside a stone a place lies, in that stone itself, too; on a stone, how close
    beside one that stands before it; where strokes are outlines of stones; how far a place lies below a
    stone; and how close a place of a stone is to another one behind it.
    """
    stones, _lying = _stones(scene)
    if not stones.any():
        return np.zeros((1, 1, 5), np.float32)
    size = scene.shrink * scene.unit
    nearest = np.where(stones, kept(scene, "order of stones", _order)[scene.small_regions], np.float32(0))
    gap = np.full(stones.shape, np.float32(99))
    around = nearest
    for step in range(1, round(_REACH * size) + 1):
        around = widened(around, 1) if step % 2 else _crossed(around)
        gap = np.where((around > nearest) & (gap > 98), np.float32((step - 0.5) / size), gap)
    shade = np.maximum(np.exp(-gap / _FADES) - 0.04, 0).astype(np.float32)
    inside = widened(shade, 2)
    beside = np.where(gap < 99, shade, inside)
    behind = np.where(stones, shade, 0)
    border = np.zeros(stones.shape, bool)
    for a, b in (np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:]):
        meet = stones[a] != stones[b]
        border[a] |= meet
        border[b] |= meet
    near = widened(border.view(np.uint8), max(1, round(_STROKE * size))) > 0
    over, beyond = np.full(stones.shape, np.float32(99)), np.where(stones, -nearest, np.float32(-1e6))
    lower = beyond
    for step in range(1, round(_REACH * size) + 1):
        lower = widened(lower, 1) if step % 2 else _crossed(lower)
        over = np.where(stones & (lower > beyond) & (over > 98), np.float32((step - 0.5) / size), over)
    before = np.exp(-over / _RIM_FADES)
    soft = mahotas.gaussian_filter(stones.astype(np.float32), max(1.0, 3 * size))
    down, across = np.gradient(soft)
    foot = np.clip(-1.6 * down / (np.hypot(down, across) + np.float32(1e-3)) - 0.3, 0, 1)
    return np.stack([beside, behind, near, foot, before], -1).astype(np.float32)


def _crossed(plane: Float32) -> Float32:
    """The largest of each place and its four neighbours."""
    framed = np.pad(plane, 1, mode="edge")
    return np.maximum.reduce([plane, framed[1:-1, 2:], framed[1:-1, :-2], framed[2:, 1:-1], framed[:-2, 1:-1]])
