"""Drawn tufts: short steep strokes on the ground are blades of grass, and are painted as blades, where they stand.

A pencil's tick has one value from end to end, and stands in a row of ticks. A blade has a foot that is lost in the
grass, a pointed tip and the hue of what grows there; and it never stands alone: others grow before and behind it, from
higher and from lower, so that the row is a tuft. Some are in the light before the shade between the feet, some are
dark before lit grass.
"""

from __future__ import annotations

from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.noise import hash_unit, mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import soft_bytes, widened
from genzu.engines.embedded.stems import Blades, followed, lay_blades
from genzu.engines.embedded.strokes import scatter
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, linear_from_oklab, oklab_from_linear

_ON = (Material.GRASS, Material.SOIL, Material.WATER)
_INK, _STROKE = 40, 72
"""Byte of ink, at the reduced size and at full size, from which a stroke counts."""
_SHORT = 5.0
"""Units: shorter pieces of a stroke are its ends."""
_TALL = (9.0, 66.0)
"""Units: height of a drawn tuft."""
_WIDE = 7.0
"""Px of the reduced size: mean length of a steep stroke's rows; level strokes have longer ones."""
_MORE = 1.5
"""A stroke is no piece of a longer line: what is connected with it has at most so many times its pixels."""
_APART = 3.0
"""Units from the border of the ground: nearer strokes are its outline."""
_BEFORE = 26.0
"""Units above the foot of a trunk up to which the feet of blades before it are; higher up strokes are bark."""
_DEAD = hex_to_linear("#a48c5e")
_THROUGH_SNOW = (Tip.STREAK, 9.0, 44.0, 0.05, 1303, -0.03), (Tip.STREAK, 9.5, 52.0, 0.05, 1304, 0.04)
"""Of a clump under snow only some stalks are seen: brush, spacing, length, width, salt, and lightness."""
_LONGEST = 58.0
"""Units: the longest blade, so that what it takes its colour from lies in the tile that it is painted in."""
_NEAR = 0.002
"""How close a blade must be for its place to be painted with it."""
_COMPANY = 5
"""Blades that grow around a drawn one."""
_GROUP = 110.0
"""Units: how wide about are groups of blades in the light, and of dark ones."""
_BARE = 1.1
"""How much farther blades on bare ground stand apart from the clump behind them."""
_LIT, _DARK, _POOL = 0.26, -0.205, 0.08
"""OKLab lightness: of a lit blade over, of a dark one under the grass around, and of the shade behind lit ones."""


Index = NDArray[np.integer[Any]]


def _found(scene: Scene) -> Float32:
    """(h, w) at the reduced size: 1 where strokes are blades, 0.6 right around them."""
    field = np.zeros(scene.small_materials.shape, np.float32)
    there = np.isin(scene.small_materials, _ON)
    # A row of blades goes on before the foot of a trunk.
    gap = _to_the_ground(scene)
    there |= (scene.small_materials == Material.TRUNK) & (gap < _TALL[1])
    strokes = there & (scene.inner > _APART) & (small_ink(scene) > _INK)
    if not strokes.any():
        return field
    labels, count = mahotas.label(strokes, Bc=np.ones((3, 3), bool))
    begun, fallen = strokes.copy(), strokes.copy()
    begun[:, 1:] &= ~strokes[:, :-1]
    fallen[1:] &= ~strokes[:-1]
    area, across, down = (np.bincount(labels[of], minlength=count + 1) for of in (strokes, begun, fallen))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    lines, _count = mahotas.label(small_ink(scene) > _INK, Bc=np.ones((3, 3), bool))
    whole = np.zeros(count + 1, np.int64)
    whole[labels[strokes]] = np.bincount(lines.ravel())[lines[strokes]]
    tall = (boxes[:, 1] - boxes[:, 0]) / (scene.shrink * scene.unit)
    steep = (area <= _WIDE * across) & (across > 1.15 * down)
    steep &= whole <= _MORE * area
    steep &= (tall >= _TALL[0]) & (tall <= _TALL[1])
    steep &= np.bincount(labels[strokes & (gap < _BEFORE)], minlength=count + 1) > 0
    steep[0] = False
    blade = steep[labels]
    return np.where(blade, np.float32(1), np.float32(0.6) * widened(blade, 2))


def _to_the_ground(scene: Scene) -> Float32:
    """(h, w) units down to the next ground below."""
    rows = np.arange(scene.small.height, dtype=np.float32)[:, None]
    next_below = np.where(np.isin(scene.small_materials, _ON), rows, np.float32(1e4))
    next_below = np.minimum.accumulate(next_below[::-1], axis=0)[::-1]
    return np.asarray((next_below - rows) / np.float32(scene.shrink * scene.unit), np.float32)


def _around(scene: Scene) -> Float32:
    """(h, w, 2): 0–1 how close by are drawn blades (wider than it is high, as a row of grass is), and their value."""
    stems = kept(scene, "stems", _stems)
    stems = stems[stems[:, _DRAWN] > 0]
    size = scene.shrink * scene.unit
    feet = np.zeros((*scene.small_materials.shape, 2), np.float32)
    x, y = (0.62 * stems[:, k] + 0.38 * stems[:, k + 3] for k in (_X, _Y))
    rows, columns = (
        np.clip(at * size, 0, room - 1).astype(np.int32) for at, room in zip((y, x), feet.shape[:2], strict=True)
    )
    tall = np.maximum((stems[:, _Y] - stems[:, _TIP_Y]) * size, 1)
    np.add.at(feet, (rows, columns), np.stack([1.2 * tall, 1.2 * tall * np.sign(stems[:, _VALUE])], -1))
    near, wide, tall_reach = np.zeros_like(feet), max(16 * size, 1.0), max(12 * size, 0.8)
    if not len(rows):
        return near
    box = slice(max(int(rows.min() - 4 * tall_reach), 0), int(rows.max() + 4 * tall_reach) + 2)
    for k in range(2):
        plane = mahotas.gaussian_filter1d(np.ascontiguousarray(feet[box, :, k]), wide, axis=1, mode="nearest")
        near[box, :, k] = mahotas.gaussian_filter1d(plane, tall_reach, axis=0, mode="nearest")
    return near


_X, _Y, _MIDDLE, _TIP_X, _TIP_Y, _AT_X, _AT_Y, _ROOT, _END, _HALF, _VALUE, _DRAWN, _CHANCE = range(13)
"""Columns of the table of blades.

Places are in units, ``_AT`` is the one whose ground it has its colour from; root and end are in lengths of the stroke,
the value is −1 (dark) – 1 (lit).
"""


def _stems(scene: Scene) -> Float32:
    """(n, 13): the drawn blades and those that grow around them, in painting order: the lower its root the later."""
    drawn = kept(scene, "tufts", _found) == 1
    labels, _count = mahotas.label(drawn, Bc=np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)[1:]
    found = []
    factor, ink = 1 / scene.shrink, scene.lines.contour
    for number, box in enumerate(boxes.tolist(), 1):
        # At full size, for strokes that lie close together are one at the reduced size.
        own = np.pad(labels[box[0] : box[1], box[2] : box[3]] == number, 1)
        top, bottom, left, right = (round(at * factor) for at in (box[0] - 1, box[1] + 1, box[2] - 1, box[3] + 1))
        top, left = max(top, 0), max(left, 0)
        place = soft_bytes(np.ascontiguousarray(ink[top:bottom, left:right]), 0.6 * max(scene.unit, 0.6))
        size = place.shape[1], place.shape[0]
        near = np.asarray(Image.fromarray(widened(own.view(np.uint8), 1)).resize(size, Image.Resampling.NEAREST))
        for line in followed((place > _STROKE) & (near > 0)):
            offset = np.array([left, top, left, left, top], np.float32)
            middle = (left + right) / 2, (top + bottom) / 2
            found.append(np.array([*(line + offset), *middle], np.float32))
    if not found:
        return np.zeros((0, 13), np.float32)
    lines = np.stack(found) / np.float32(scene.unit)
    lines = lines[lines[:, 1] - lines[:, 4] > _SHORT]
    seed = mix_seed(scene.script.seed, 1300)
    chance = _chances(lines, seed, 6)
    tall = np.maximum(lines[:, 1] - lines[:, 4], 4)
    # Groups in the light and dark ones: blades that cross are of one value, or none of them is seen.
    together = _chances(lines[:, 5:], seed, 3)
    lit = noise_at(lines[:, 5] / _GROUP, lines[:, 6] / _GROUP, seed) > -0.35
    grid = scene.shrink * scene.unit
    row, column = ((lines[:, at] * grid).astype(np.int32) for at in (_AT_Y, _AT_X))
    lit |= np.isin(scene.small_materials[row, column], (Material.SOIL, Material.WATER))
    # Beyond the pencil's ends it grows on, each as it likes, or the row would be seen.
    room = np.maximum(_LONGEST / tall - 1, 0.1)
    root = -np.minimum(0.10 + 0.18 * chance[:, 1], 0.45 * room)
    end = 1 + np.minimum(0.14 + 0.60 * chance[:, 2] ** 1.5, 0.55 * room)
    table = np.zeros((len(lines), 13), np.float32)
    table[:, :7] = lines
    table[:, _ROOT], table[:, _END], table[:, _HALF] = root, end, 1.0 + 0.25 * chance[:, 3]
    table[:, _VALUE] = np.where(lit, 0.85 + 0.3 * together[:, 0], -0.85 - 0.3 * together[:, 0])
    table[:, _DRAWN], table[:, _CHANCE] = 1, together[:, 1]
    table = np.concatenate([table, *(_company(table, tall, mix_seed(seed, k)) for k in range(_COMPANY))])
    order = table[:, _Y] - table[:, _ROOT] * (table[:, _Y] - table[:, _TIP_Y]) + 30 * table[:, _DRAWN]
    return table[np.argsort(order, kind="stable")]


def _chances(lines: Float32, seed: int, count: int) -> Float32:
    """(n, count) 0–1 by place."""
    x, y = (np.round(lines[:, k] * 4).astype(np.int64) for k in (0, 1))
    return np.stack([hash_unit(x, y, mix_seed(seed, k)) for k in range(count)], 1)


def _company(drawn: Float32, tall: Float32, seed: int) -> Float32:
    """(n, 13): one blade near each drawn one, of another height, rooted higher or lower; quieter than it."""
    chance = _chances(drawn, mix_seed(seed, 77), 8)
    blades = drawn.copy()
    away = 30 * (chance[:, 1] - 0.5) + 14 * (chance[:, 2] - 0.5)
    blades[:, _X] += away
    # Behind it, or before its foot: what grows right between drawn blades hides them.
    behind = chance[:, 3] < 0.5
    height = np.clip(tall * (0.55 + 0.75 * chance[:, 0] ** 1.3), 8, 0.8 * _LONGEST)
    blades[:, _Y] += np.where(behind, -0.70 - 0.65 * chance[:, 4], 0.85 + 0.60 * chance[:, 4]) * tall
    lean = height * 0.55 * (chance[:, 5] + chance[:, 6] - 1) + 0.15 * away
    blades[:, _TIP_X] = blades[:, _X] + lean
    blades[:, _MIDDLE] = blades[:, _X] + 0.32 * lean
    blades[:, _TIP_Y] = blades[:, _Y] - height
    blades[:, _AT_X] = (blades[:, _X] + blades[:, _TIP_X]) / 2
    blades[:, _AT_Y] = (blades[:, _Y] + blades[:, _TIP_Y]) / 2
    blades[:, _ROOT], blades[:, _END] = -0.3, 1.05
    blades[:, _HALF] = 1.1 + 1.0 * chance[:, 7]
    blades[:, _VALUE] = 0.42 * (chance[:, 6] - 0.5)
    blades[:, _DRAWN], blades[:, _CHANCE] = 0, chance[:, 2]
    return blades


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    if any_drawn(scene):
        kept(scene, "around tufts", _around)


def any_drawn(scene: Scene) -> bool:
    """True if a stroke of the picture is a blade."""
    return bool(kept(scene, "tufts", _found).any())


def blades(patch: Patch) -> Bool | None:
    """(h, w): strokes that are blades, and a few px around them; ``None`` if the picture has none."""
    if not any_drawn(patch.scene):
        return None
    return np.asarray(patch.scene.sample(kept(patch.scene, "tufts", _found), patch.bounds) > 0.3)


def around(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how close by are the feet of drawn blades; ``None`` if the picture has none."""
    if not any_drawn(patch.scene):
        return None
    return patch.scene.sample(kept(patch.scene, "around tufts", _around)[..., 0], patch.bounds)


def grown(patch: Patch, canvas: Float32) -> None:
    """Paint the clumps and the drawn blades into the (h, w, 3) OKLab canvas, in place."""
    if not any_drawn(patch.scene):
        return
    near = patch.scene.sample(kept(patch.scene, "around tufts", _around), patch.bounds)
    part = patch.part(near[..., 0] > _NEAR, margin=_LONGEST)
    if part is None:
        return
    view = part.within(patch)
    near, canvas = near[view], canvas[view]
    table = kept(patch.scene, "stems", _stems)
    x, y = (
        np.floor(table[:, at] * patch.unit).astype(np.int64) - begin
        for at, begin in ((_AT_X, part.bounds.x), (_AT_Y, part.bounds.y))
    )
    inside = (x >= 0) & (x < part.bounds.width) & (y >= 0) & (y < part.bounds.height)
    table, rows, columns = table[inside], y[inside], x[inside]
    there = part.materials[rows, columns]
    inside = np.isin(there, (*_ON, Material.TRUNK))
    # Nothing but what was drawn is rooted on open water or in bare sand.
    inside &= np.isin(there, (Material.GRASS, Material.TRUNK)) | (table[:, _DRAWN] > 0)
    table, rows, columns = table[inside], rows[inside], columns[inside]
    soft = _wet(part, canvas)
    own = _as_grass(part, soft[rows, columns], rows, columns)
    _shaded(part, canvas, soft, near)
    _clumps(part, canvas, near[..., 0])
    bare = part.materials[rows, columns] != Material.GRASS
    lay_blades(canvas, _coloured(part, table, own, bare))


def _wet(patch: Patch, canvas: Float32) -> Float32:
    """The (h, w, 3) canvas without its strokes."""
    factor = max(1, round(8 * patch.unit))
    planes = [patch.enlarged(patch.reduced(canvas[..., c], factor), factor) for c in range(3)]
    return np.stack(planes, -1)


def _shaded(patch: Patch, canvas: Float32, soft: Float32, near: Float32) -> None:
    """Between the feet of blades in the light the ground lies in the shade, and all of it is painted wet."""
    if patch.script.snow > 0.5:
        return
    there, lit = np.clip(near[..., 0] * 3, 0, 1), np.clip(near[..., 1] * 3, -1, 1)
    canvas += (soft - canvas) * (np.clip(9 * there, 0, 1.0))[..., None]
    canvas[..., 0] -= np.where(lit > 0, _POOL, 0.4 * _POOL) * lit * np.clip(canvas[..., 0] * 2, 0.25, 1)


def _coloured(patch: Patch, table: Float32, own: Float32, bare: Bool) -> Blades:
    """The blades in px of this patch, each in the (n, 3) colour of the grass where it stands, lit or in the shade.

    On ``bare`` ground (n,) they must stand out from the clump that is painted behind them.
    """
    unit = np.float32(patch.unit)
    x, y = np.float32(patch.bounds.x), np.float32(patch.bounds.y)
    value = table[:, _VALUE]
    seen = np.clip(own[:, 0] * 2, 0.3, 1) * np.float32(_light(patch))
    lift = np.where(value > 0, _LIT * value, -_DARK * value) * seen * np.where(bare, np.float32(_BARE), np.float32(1))
    if patch.script.snow > 0.5:
        lift = 0.03 * value  # before snow all stalks are dark
    high, low = own.copy(), own.copy()
    high[:, 0] += lift
    # What is lighter has more colour and is warmer, or it would be chalk; what is darker is cool and green, and no ink.
    high[:, 1:] *= (1 + np.where(bare, 0.6, np.where(lift > 0, 1.1, 0.7)) * lift / np.maximum(own[:, 0], 0.2))[:, None]
    high[:, 1] += 0.012 * (table[:, _CHANCE] - 0.5) + 0.06 * np.minimum(lift, 0)
    high[:, 2] += 0.016 * (table[:, _CHANCE] - 0.5) + np.where(lift > 0, 0.08, 0.03) * lift
    low[:, 1:] += 0.8 * (high[:, 1:] - own[:, 1:])
    low[:, 0] += 0.95 * lift
    return Blades(
        foot=table[:, [_X, _Y]] * unit - [x, y], middle=table[:, _MIDDLE] * unit - x,
        tip=table[:, [_TIP_X, _TIP_Y]] * unit - [x, y], root=table[:, _ROOT], end=table[:, _END],
        half=np.maximum(table[:, _HALF] * unit, 0.7), low=low, high=high,
        opacity=np.where(table[:, _DRAWN] > 0, np.float32(1.0), np.float32(0.55)),
    )  # fmt: skip


def _light(patch: Patch) -> float:
    """0–1: how far blades stand apart; at night all is calm."""
    return (0.6 + 0.4 * min(1.0, patch.light.sharpness)) * (0.88 if patch.light.night else 1.0)


def _as_grass(patch: Patch, ground: Float32, rows: Index, columns: Index) -> Float32:
    """(n, 3) OKLab: grass in the very light that the ``ground`` (n, 3) at these places is seen in."""
    script, light = patch.script, patch.light
    snowy = script.snow > 0.5
    grass = script.toned(_DEAD) if snowy or script.conditions.season is Season.WINTER else script.local(Material.GRASS)
    linear = linear_from_oklab(ground[None])[0]
    materials = patch.materials[rows, columns]
    if snowy:
        linear = linear * grass
    else:
        for bare in (Material.SOIL, Material.TRUNK):
            there = (materials == bare)[:, None]
            linear = np.where(there, linear * grass / np.maximum(script.local(bare), 0.02), linear)
    water = (materials == Material.WATER)[:, None]
    air = air_share(patch.depth[rows, columns], script.haze_density, script.haze_density)[:, None]
    reeds = grass * (light.ambient * 0.85 + light.key * 0.35)
    linear = np.where(water, reeds + (script.haze - reeds) * air, linear)
    return oklab_from_linear(linear[None].astype(np.float32))[0]


def _clumps(patch: Patch, canvas: Float32, near: Float32) -> None:
    """Soft blades between and behind the drawn ones: dark ones at the foot, then some in the light."""
    bare = patch.script.snow > 0.5
    there = np.isin(patch.materials, _ON if bare else (Material.SOIL, Material.WATER))
    far = np.clip(0.35 + 1.2 * ground(patch).near[:, 0], 0, 1.1)
    layers = []
    for tip, spacing, length, width, salt, value in _THROUGH_SNOW if bare else (
        (Tip.SOFT, 7.5, 20.0, 0.80, 1300, -0.045),
        (Tip.BLADES, 5.8, 28.0, 0.50, 1301, -0.06), (Tip.BLADES, 7.0, 32.0, 0.50, 1302, -0.04),
        (Tip.STREAK, 12.0, 46.0, 0.08, 1303, -0.06), (Tip.STREAK, 9.5, 56.0, 0.07, 1304, -0.02),
    ):  # fmt: skip
        points = scatter(patch, there & (near > 0.04), spacing, salt, squash=0.5)
        rows, columns = points.index
        points = points.where(points.chance[:, 0] < np.clip(near[rows, columns] * (0.9 if bare else 4.0), 0, 0.9))
        points = points.sorted_by(points.y)
        rows, columns = points.index
        colour = _as_grass(patch, canvas[rows, columns], rows, columns)
        colour[:, 0] += np.float32(value) + 0.03 * (points.chance[:, 1] - 0.5)
        layers.append((tip, points, colour, far[rows] * np.float32(length), width))
    for tip, points, colour, long, width in layers:
        if len(points) == 0:
            continue
        size = (patch.unit * long * (0.4 + 0.8 * points.chance[:, 2] ** 2)).astype(np.float32)
        lay(
            canvas,
            Strokes(
                x=points.x, y=points.y - size * np.float32(0.35 if tip is Tip.SOFT else 0.40), length=size,
                width=np.maximum(size * np.float32(width), 1.6 * patch.unit).astype(np.float32),
                angle=(-np.pi / 2 + 0.8 * (points.chance[:, 3] - 0.5)).astype(np.float32),
                colour=colour.astype(np.float32), opacity=np.full(len(points), 0.7, np.float32), tip=tip,
                variant=(points.chance[:, 1] * 4).astype(np.int32),
            ),
        )  # fmt: skip
