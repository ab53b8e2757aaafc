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

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.materials import rock
from genzu.engines.embedded.noise import hash_unit, mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import soft_bytes, widened
from genzu.engines.embedded.stems import Blades, followed, lay_blades
from genzu.engines.embedded.strokes import Points, scatter, whole_eighths
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
_DRIFT = 60.0
"""Units: how wide drifts are."""
_THROUGH = 0.3
"""Share of the blades that nobody drew which are seen through snow."""
_QUIET, _CLOSE = 0.75, 32.0
"""Share of its value that a blade has which stands less than so many units higher or lower than the drawn row."""
_LONGEST = 58.0
"""Units: the longest blade, so that what it takes its colour from lies in the tile that it is painted in."""
_SIBLINGS, _FAN = 8, 12
"""Blades like a drawn one that are strewn around it in a meadow, and that fan out from its foot on bare ground."""
_SPREAD = 84.0, 80.0
"""Units to each side, and up and down, over which a drawn row is strewn into the meadow."""
_REED = 0.25
"""Share of a fan that grows where a blade is drawn on water."""
_ASIDE, _BACK = 2.1, 0.95
"""Units by which the shade of a blade lies beside it, and its share of the value of one."""
_CROSSING = 7.0
"""Units half-way up to the next blade up to which the two are of one value."""
_ROOMY, _LEVEL, _NEIGHBOURS = 6.5, 16.0, 5
"""Units between blades from which there is room for the shade of one to each side of it, units up and down in which
they stand beside each other, and how many of the next ones in the row are looked at."""
_TUFT = 24.0
"""Units: how wide tufts on bare ground are."""
_GROUP = 45.0
"""Units: how wide about are groups of blades in the light, and of dark ones."""
_FOOT = 0.11
"""OKLab lightness of the shade on bare ground beneath a tuft."""
_DRY = 0.4
"""Share of a tuft's colour on bare ground that is dry stalks."""
_BARE = 1.1
"""How much farther blades on bare ground stand apart from the clump behind them."""
_LIT, _DARK, _POOL, _WET = 0.15, -0.115, 0.04, 0.8
"""OKLab lightness: of a lit blade over, of a dark one under the grass around, and of the shade behind lit ones; and how
far the touches of the meadow are painted wet there."""


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
    near, wide, tall_reach = np.zeros_like(feet), max(15 * size, 1.0), max(11 * size, 0.8)
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
    lines = _followed(scene)
    if not len(lines):
        return np.zeros((0, 13), np.float32)
    seed = mix_seed(scene.script.seed, 1300)
    chance = _chances(lines, seed, 6)
    tall = np.maximum(lines[:, _Y] - lines[:, _TIP_Y], 4)
    # Beyond the pencil's ends it grows on, each as it likes, or the row would be seen.
    room = np.maximum(_LONGEST / tall - 1, 0.1)
    table = np.zeros((len(lines), 13), np.float32)
    table[:, :7] = lines
    table[:, _ROOT] = -np.minimum(0.10 + 0.18 * chance[:, 1], 0.45 * room)
    table[:, _END] = 1 + np.minimum(0.14 + 0.60 * chance[:, 2] ** 1.5, 0.55 * room)
    table[:, _HALF] = 1.35 + 0.35 * chance[:, 3]
    together = _chances(lines[:, 5:], seed, 2)
    # Blades that cross are of one value, or none of them is seen.
    one = _touching(lines)
    table[:, _VALUE] = _grouped(lines[one, _AT_X], lines[one, _AT_Y], seed) * (0.9 + 0.2 * together[:, 0])
    table[:, _HALF] *= np.where(table[:, _VALUE] > 0, np.float32(1), np.float32(0.85))
    table[:, _DRAWN], table[:, _CHANCE] = 1, together[:, 1]
    under, lower = _under(scene, table)
    before = lower > table[:, _Y]  # a trunk has not the light of what grows before it
    table[before, _AT_X], table[before, _AT_Y] = table[before, _X], lower[before]
    bare = np.isin(under, (Material.SOIL, Material.WATER))
    table[bare, _VALUE] = np.abs(table[bare, _VALUE])
    many = np.where(under == Material.WATER, np.float32(_REED), np.float32(1))
    grown = [_fanned(scene, table[bare], tall[bare], many[bare], mix_seed(seed, 40 + k)) for k in range(_FAN)]
    strewn = [_strewn(scene, table[~bare], tall[~bare], mix_seed(seed, k)) for k in range(_SIBLINGS)]
    table = np.concatenate([_backed(table), table, *grown, *strewn])
    order = table[:, _Y] - table[:, _ROOT] * (table[:, _Y] - table[:, _TIP_Y]) + 30 * np.maximum(table[:, _DRAWN], 0)
    return table[np.argsort(order, kind="stable")]


def _followed(scene: Scene) -> Float32:
    """(n, 7) units: each drawn blade as a line (see ``followed``), and the middle of the stroke that it is part of."""
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
        return np.zeros((0, 7), np.float32)
    lines = np.stack(found) / np.float32(scene.unit)
    return lines[lines[:, _Y] - lines[:, _TIP_Y] > _SHORT]


def _under(scene: Scene, table: Float32) -> tuple[NDArray[np.uint8], Float32]:
    """(n,) each: what a blade grows on, and the row of that; of one drawn before a trunk, what lies below the trunk."""
    size, room = scene.shrink * scene.unit, scene.small_materials.shape
    column = np.clip(table[:, _X] * size, 0, room[1] - 1).astype(np.int32)
    row = table[:, _Y] * size
    there = scene.small_materials[np.clip(row, 0, room[0] - 1).astype(np.int32), column]
    for _step in range(8):
        row = row + np.where(there == Material.TRUNK, np.float32(_BEFORE / 7 * size), np.float32(0))
        there = scene.small_materials[np.clip(row, 0, room[0] - 1).astype(np.int32), column]
    return there, (row / size).astype(np.float32)


def _touching(lines: Float32) -> Index:
    """(n,) number of the leftmost of the blades that each one stands among, one close to the other."""
    x, y = lines[:, _MIDDLE], lines[:, _Y]
    order = np.argsort(x, kind="stable")
    apart = (np.diff(x[order]) > _CROSSING) | (np.abs(np.diff(y[order])) > _LEVEL)
    first = np.maximum.accumulate(np.where(np.concatenate([[True], apart]), np.arange(len(x)), 0))
    owner = np.empty(len(x), np.intp)
    owner[order] = order[first]
    return owner


def _grouped(x: Float32, y: Float32, seed: int) -> Float32:
    """(n,) 1 in the light, −1 in the shade: blades that stand close together mostly are of one value."""
    return np.where(noise_at(x / _GROUP, y / _GROUP, seed) > -0.22, np.float32(1), np.float32(-1))


def _chances(lines: Float32, seed: int, count: int) -> Float32:
    """(n, count) 0–1 by place."""
    x, y = (np.round(lines[:, k] * 4).astype(np.int64) for k in (0, 1))
    return np.stack([hash_unit(x, y, mix_seed(seed, k)) for k in range(count)], 1)


def _backed(drawn: Float32) -> Float32:
    """(n, 13): what parts each drawn blade from the meadow: a darker one close behind it, or a lighter one.

    Thus neither needs a value that no grass has. It is as often to the left as to the right, or the row would have
    moved to one side.
    """
    behind = drawn.copy()
    left, right = _gaps(drawn)
    rank = np.argsort(np.argsort(drawn[:, _X], kind="stable"), kind="stable")
    both = np.minimum(left, right) > _ROOMY
    aside = np.where(np.where(both, rank % 2 == 0, left > right), np.float32(-_ASIDE), np.float32(_ASIDE))
    for at in (_X, _MIDDLE, _TIP_X):
        behind[:, at] += aside
    behind[:, _HALF] *= 1.35
    behind[:, _VALUE] *= -_BACK
    behind[:, _DRAWN] = 0.5
    return behind


def _gaps(drawn: Float32) -> tuple[Float32, Float32]:
    """(n,) each: units from a blade to the next one to its left, and to its right, half-way up."""
    x, y = drawn[:, _MIDDLE], (drawn[:, _Y] + drawn[:, _TIP_Y]) / 2
    order = np.argsort(x, kind="stable")
    away = np.full((2, len(x)), _ROOMY * 2, np.float32)
    for step in range(1, _NEIGHBOURS):
        gap = np.where(np.abs(y[order[step:]] - y[order[:-step]]) < _LEVEL, x[order[step:]] - x[order[:-step]], np.inf)
        away[0, order[step:]] = np.minimum(away[0, order[step:]], gap)
        away[1, order[:-step]] = np.minimum(away[1, order[:-step]], gap)
    return away[0], away[1]


def _strewn(scene: Scene, drawn: Float32, tall: Float32, seed: int) -> Float32:
    """(m, 13): one blade like each drawn one, somewhere around: of many that are like it, none was drawn.

    They are of its shape, size and value, close to the row many and far from it few; none grows where a blade is drawn.
    """
    chance = _chances(drawn, mix_seed(seed, 77), 8)
    wide, high = _SPREAD
    side = 2 * chance[:, 3] - 1
    x = drawn[:, _X] + wide * (chance[:, 1] + chance[:, 2] - 1)
    y = drawn[:, _Y] + high * np.sign(side) * np.abs(side) ** 1.6
    horizon = scene.reading.horizon / scene.unit
    nearer = np.clip((y - horizon) / np.maximum(drawn[:, _Y] - horizon, 60), 0.5, 1.4)
    height = np.clip(tall * (0.75 + 0.55 * chance[:, 0]) * nearer, 8, 0.8 * _LONGEST)
    turned = np.where(chance[:, 4] < 0.5, -1, 1) / tall
    lean = ((drawn[:, _TIP_X] - drawn[:, _X]) * turned + 0.4 * (chance[:, 5] - 0.5)) * height
    bend = (drawn[:, _MIDDLE] - (drawn[:, _X] + drawn[:, _TIP_X]) / 2) * turned * height
    blades = _blades_at(drawn, (x, y), (lean, bend, height), chance)
    blades[:, _HALF] = (1.15 + 0.45 * chance[:, 7]) * nearer
    blades[:, _VALUE] = (
        _grouped(x, y, mix_seed(seed, 5))
        * (0.75 + 0.4 * chance[:, 6])
        * np.where(np.abs(y - 0.5 * height - drawn[:, _AT_Y]) < _CLOSE, _QUIET, np.float32(1))
    )
    return blades[_free(scene, blades)]


def _fanned(scene: Scene, drawn: Float32, tall: Float32, share: Float32, seed: int) -> Float32:
    """(m, 13): one blade of the tuft of each drawn one on bare ground, of which only a ``share`` (n,) has one.

    Tufts spread from a foot that is narrower than they are: blades at their sides are low and lean outwards.
    """
    chance = _chances(drawn, mix_seed(seed, 78), 8)
    aside = 2 * chance[:, 1] - 1
    low = np.abs(aside) ** 1.5
    # Some tufts are thick and high, others low and thin; a row of equal ones would be a hedge.
    rich = noise_at(drawn[:, _X] / _TUFT, drawn[:, _Y] / _TUFT, mix_seed(scene.script.seed, 1305))
    x, y = drawn[:, _X] + 11 * aside + 4 * (chance[:, 2] - 0.5), drawn[:, _Y] + 13 * (chance[:, 3] - 0.68) * (1.2 - low)
    height = np.clip(
        (0.5 * tall + 9) * (1 + 0.45 * rich) * (0.55 + 0.85 * chance[:, 0]) * (1.15 - 0.55 * low), 6, 0.72 * _LONGEST
    )
    lean = height * (0.75 * aside + 0.5 * (chance[:, 5] - 0.5))
    bend = -0.10 * lean
    blades = _blades_at(drawn, (x, y), (lean, bend, height), chance)
    blades[:, _AT_X], blades[:, _AT_Y] = blades[:, _X], blades[:, _Y]
    blades[:, _HALF] = 1.0 + 0.6 * chance[:, 7]
    # Most stand in each other's shade, behind the drawn ones.
    blades[:, _VALUE] = np.where(chance[:, 6] < 0.82, -0.25 - 0.8 * chance[:, 6], 0.35)
    blades[:, _DRAWN] = -1
    return blades[chance[:, 4] < share * (0.8 + 0.5 * rich)]


def _blades_at(
    drawn: Float32, place: tuple[Float32, Float32], form: tuple[Float32, Float32, Float32], chance: Float32
) -> Float32:
    """(n, 13): blades with their feet at ``place`` (x and y), of this lean, bend and height."""
    x, y = place
    lean, bend, height = form
    blades = drawn.copy()
    blades[:, _X], blades[:, _Y] = x, y
    blades[:, _TIP_X], blades[:, _TIP_Y] = x + lean, y - height
    blades[:, _MIDDLE] = x + 0.5 * lean + bend
    blades[:, _AT_X], blades[:, _AT_Y] = x + 0.5 * lean, y - 0.5 * height
    blades[:, _ROOT], blades[:, _END] = -0.25, 1.12
    blades[:, _DRAWN], blades[:, _CHANCE] = 0, chance[:, 7]
    return blades


def _free(scene: Scene, blades: Float32) -> Bool:
    """(n,) true for blades that do not cross a drawn one."""
    field, size = kept(scene, "tufts", _found), scene.shrink * scene.unit
    free = np.ones(len(blades), bool)
    for along in (-0.1, 0.2, 0.5, 0.8, 1.1):
        x = blades[:, _X] + along * (blades[:, _TIP_X] - blades[:, _X])
        y = blades[:, _Y] + along * (blades[:, _TIP_Y] - blades[:, _Y])
        row, column = (
            np.clip(at * size, 0, room - 1).astype(np.int32) for at, room in zip((y, x), field.shape, strict=True)
        )
        free &= field[row, column] == 0
    return free


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    if any_drawn(scene):
        kept(scene, "around tufts", _around)


def any_drawn(scene: Scene) -> bool:
    """True if a stroke of the picture is a blade."""
    return bool(kept(scene, "tufts", _found).any())


def blades(patch: Patch) -> Bool | None:
    """(h, w): strokes that are blades, and a few px around them, and those where stones stand in grass.

    They are no lines: the one are painted as blades, the others by the shade under the stone and grass before it.
    ``None`` if the picture has none.
    """
    rooted = rock.rooted(patch)
    if not any_drawn(patch.scene):
        return rooted
    found = np.asarray(patch.scene.sample(kept(patch.scene, "tufts", _found), patch.bounds) > 0.3)
    return found if rooted is None else found | rooted


def around(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how close by are the feet of drawn blades; ``None`` if the picture has none."""
    if not any_drawn(patch.scene):
        return None
    return patch.scene.sample(kept(patch.scene, "around tufts", _around)[..., 0], patch.bounds)


def grown(patch: Patch, canvas: Float32) -> None:
    """Paint the clumps and the drawn blades into the (h, w, 3) OKLab canvas, in place."""
    if not any_drawn(patch.scene):
        return
    table = kept(patch.scene, "stems", _stems)
    part, table = _seen_in(patch, table)
    if part is None:
        return
    near = patch.scene.sample(kept(patch.scene, "around tufts", _around), part.bounds)
    canvas = canvas[part.within(patch)]
    columns, rows = _places(part, table)
    there = part.materials[rows, columns]
    # Nothing but what was drawn, and its tuft, is rooted on open water or in bare sand.
    inside = np.isin(there, (Material.GRASS, Material.TRUNK)) | (np.isin(there, _ON) & (table[:, _DRAWN] != 0))
    if part.script.snow > 0.5:  # of the others most lie under it, and those that are drawn part from it by themselves
        inside &= (table[:, _DRAWN] == 1) | ((table[:, _DRAWN] <= 0) & (table[:, _CHANCE] < _THROUGH))
    table, rows, columns = table[inside], rows[inside], columns[inside]
    soft = _wet(part, canvas)
    own = _as_grass(part, soft[rows, columns], rows, columns)
    _shaded(part, canvas, soft, near)
    _clumps(part, canvas, near[..., 0])
    bare = part.materials[rows, columns] != Material.GRASS
    lay_blades(canvas, _coloured(part, table, own, bare))


def _places(patch: Patch, table: Float32) -> tuple[Index, Index]:
    """(n,) each: column and row in the patch of what the blades have their colour from."""
    x, y = (
        np.floor(table[:, at] * patch.unit).astype(np.int64) - begin
        for at, begin in ((_AT_X, patch.bounds.x), (_AT_Y, patch.bounds.y))
    )
    return x, y


def _seen_in(patch: Patch, table: Float32) -> tuple[Patch | None, Float32]:
    """The part of the patch that these blades and their ground fill, and those of them that are in it."""
    x, y = _places(patch, table)
    table = table[(x >= 0) & (x < patch.bounds.width) & (y >= 0) & (y < patch.bounds.height)]
    if len(table) == 0:
        return None, table
    x, y = _places(patch, table)
    box = Bounds(patch.bounds.x + int(x.min()), patch.bounds.y + int(y.min()), int(np.ptp(x)) + 1, int(np.ptp(y)) + 1)
    return patch.inside(box.grown(round(_LONGEST * patch.unit)).intersect(patch.bounds)), table


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
    canvas += (soft - canvas) * (np.clip(5 * there, 0, _WET))[..., None]
    pool = np.where(lit > 0, _POOL, 0.4 * _POOL) * lit
    pool = np.where(patch.materials == Material.SOIL, _FOOT * there, pool)
    canvas[..., 0] -= pool * np.clip(canvas[..., 0] * 2, 0.25, 1)


def _coloured(patch: Patch, table: Float32, own: Float32, bare: Bool) -> Blades:
    """The blades in px of this patch, each in the (n, 3) colour of the grass where it stands, lit or in the shade.

    On ``bare`` ground (n,) they must stand out from the clump that is painted behind them.
    """
    unit = np.float32(patch.unit)
    x, y = np.float32(patch.bounds.x), np.float32(patch.bounds.y)
    value = table[:, _VALUE]
    seen = np.clip(own[:, 0] * 2, 0.3, 1) * np.float32(_light(patch))
    lift = np.where(value > 0, _LIT * value, -_DARK * value) * seen * np.where(bare, np.float32(_BARE), np.float32(1))
    snowy = patch.script.snow > 0.5
    if snowy:
        lift = 0.03 * value + np.float32(0.05)  # before snow all stalks are dark
    low, high = own.copy(), own.copy()
    # At its root a blade is nearly what it grows from; a dark one is darkest there, and its tip is in the air.
    low[:, 0] += lift * np.where(lift > 0, np.float32(0.75), np.float32(1.1))
    high[:, 0] += lift * np.where(lift > 0, np.float32(1.15), np.float32(0.85))
    for end, share in ((low, np.float32(0.7)), (high, np.float32(1))):
        # Light is warm and shade is cool, each with the colour of what grows here: no chalk, and no ink.
        end[:, 1:] *= (1 + share * np.where(bare, np.float32(0.4), np.float32(1)) * lift / np.maximum(own[:, 0], 0.2))[
            :, None
        ]
        end[:, 1] += share * (
            0.010 * (table[:, _CHANCE] - 0.5) + 0.02 * np.maximum(lift, 0) + 0.05 * np.minimum(lift, 0)
        )
        end[:, 2] += share * (
            0.012 * (table[:, _CHANCE] - 0.5) + np.where(bare, np.float32(0.04), np.float32(0.16)) * lift
        )
    return Blades(
        foot=table[:, [_X, _Y]] * unit - [x, y], middle=table[:, _MIDDLE] * unit - x,
        tip=table[:, [_TIP_X, _TIP_Y]] * unit - [x, y], root=table[:, _ROOT], end=table[:, _END],
        half=np.maximum(table[:, _HALF] * (unit * (0.75 if snowy else 1.0)), 0.7), low=low, high=high,
        opacity=np.where(table[:, _DRAWN] > 0, np.float32(1.0), np.float32(0.85)),
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
        dusty = np.asarray(0.85 * (grass + _DRY * (script.toned(_DEAD) - grass)), np.float32)
        for bare in (Material.SOIL, Material.TRUNK):
            there = (materials == bare)[:, None]
            linear = np.where(there, linear * dusty / np.maximum(script.local(bare), 0.02), linear)
    water = (materials == Material.WATER)[:, None]
    air = air_share(patch.depth[rows, columns], script.haze_density, script.haze_density)[:, None]
    reeds = grass * (light.ambient * 0.85 + light.key * 0.35)
    linear = np.where(water, reeds + (script.haze - reeds) * air, linear)
    return oklab_from_linear(linear[None].astype(np.float32))[0]


def _drifts(patch: Patch, points: Points) -> Float32:
    """(n,) −1…1: where drifts of snow let much of a row through, and where little."""
    x, y = points.x + patch.bounds.x, points.y + patch.bounds.y
    return noise_at(x / (_DRIFT * patch.unit), y / (_DRIFT * patch.unit), mix_seed(patch.script.seed, 1306))


def _clumps(patch: Patch, canvas: Float32, near: Float32) -> None:
    """Soft blades between and behind the drawn ones: dark ones at the foot, then some in the light."""
    bare = patch.script.snow > 0.5
    there = np.isin(patch.materials, _ON if bare else (Material.SOIL, Material.WATER))
    far = np.clip(0.35 + 1.2 * ground(patch).near[:, 0], 0, 1.1)
    layers = []
    for tip, spacing, length, width, salt, value in _THROUGH_SNOW if bare else (
        (Tip.SOFT, 7.5, 22.0, 0.55, 1300, -0.06),
        (Tip.STREAK, 12.0, 46.0, 0.08, 1303, -0.06), (Tip.STREAK, 9.5, 56.0, 0.07, 1304, -0.02),
    ):  # fmt: skip
        points = scatter(patch, there & (near > 0.04), spacing, salt, squash=0.5)
        rows, columns = points.index
        dense = near[rows, columns] * (0.8 * np.clip(1 + 1.6 * _drifts(patch, points), 0, 2) if bare else 4.0)
        points = points.where(points.chance[:, 0] < np.clip(dense, 0, 0.9))
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
                x=points.x, y=points.y - whole_eighths(size * rise), length=size,
                width=np.maximum(size * np.float32(width), 1.6 * patch.unit).astype(np.float32),
                angle=(-np.pi / 2 + 0.8 * (points.chance[:, 3] - 0.5)).astype(np.float32),
                colour=colour.astype(np.float32), tip=tip,
                opacity=np.full(len(points), 0.4 if tip is Tip.SOFT else 0.7, np.float32),
                variant=(points.chance[:, 1] * 4).astype(np.int32),
            ),
        )  # fmt: skip
