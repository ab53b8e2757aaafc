"""Which blades of grass grow where the layout has drawn some (see ``ticks``): those, and others that make a tuft.

A pencil's tick has one value from end to end, and stands in a row of ticks. A blade never stands alone: others grow
before and behind it, from higher and from lower. Some are in the light before the shade between the feet, some are
dark before lit grass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded import ticks
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.noise import hash_unit, mix_seed, noise_at
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, one_of
from genzu.picture.arrays import Bool, Float32

Index = NDArray[np.integer[Any]]
X, Y, MIDDLE, TIP_X, TIP_Y, AT_X, AT_Y, ROOT, END, HALF, VALUE, DRAWN, CHANCE, SIDE = range(14)
"""Columns of the table of blades.

Places are in units, ``AT`` is the one whose ground it has its colour from; root and end are in lengths of the stroke,
the value is −1 (dark) – 1 (lit). ``DRAWN`` is 1 for a drawn blade, 0.5 for its shade, 0 for one sown in a meadow, −1
for one of a tuft on bare ground, −2 for one of a tuft beyond the end of such a row. ``SIDE`` is −1 or 1 if it lies to
one side of its stroke only.
"""
_QUIET, _LOUD, _CLOSE = 0.3, 1.35, 32.0
"""Share of its value that a blade has which stands less than so many units higher or lower than the drawn row, and that
one has which stands farther away.
"""
LONGEST = 58.0
"""Units: the longest blade, so that what it takes its colour from lies in the tile that it is painted in."""
_SIBLINGS, _FAN = 8, 12
"""Blades like a drawn one that are strewn around it in a meadow, and that fan out from its foot on bare ground."""
_SLIM, _STOUT, _WIDER = 1.8, 1.0, 1.6
"""Units that a drawn blade is broad to one side of its stroke, at least and more, and how much broader its shade is."""
_RISEN = 2
"""Blades behind each drawn one in a meadow that rise from the same foot."""
_DROOP = 0.7
"""Units half-way up by which a drawn blade bends at most."""
_SPREAD = 84.0, 80.0
"""Units to each side, and up and down, over which a drawn row is strewn into the meadow."""
_REED = 0.25
"""Share of a fan that grows where a blade is drawn on water."""
_BACK = 1.2
"""Share of the value of a blade that its shade has."""
_CROSSING = 7.0
"""Units half-way up to the next blade up to which the two are of one value."""
_ROOMY, _LEVEL, _NEIGHBOURS = 12.0, 16.0, 5
"""Units between blades up to which one goes by the other, units up and down in which they stand beside each other, and
how many of the next ones in the row are looked at."""
_FRONT = 0.95
"""Chance from which a blade of a tuft is a low one that stands before the feet of the drawn ones."""
_BESIDE, _OPEN = 36.0, 100.0
"""Units to each side in which blades are counted, and in which none is drawn where a row ends."""
_THIN = 0.3
"""How much one of the blades of such a tuft counts for what lies around it, as a share of a drawn one."""
_STRAYS, _STRAY_BLADES = (0.75, 0.55, 0.4), 6
"""Sizes of the tufts beyond the end of a row, as shares of its own, and how many blades each has."""
_TUFT = 24.0
"""Units: how wide tufts on bare ground are."""
_GROUP, _SHADY, _SUNNY = 45.0, 0.4, -0.22
"""Units: how wide about are groups of blades in the light, and of dark ones; and the level that parts the two, of those
that are drawn and of those around them.
"""


def around(scene: Scene) -> Float32:
    """(h, w, 2): 0–1 how close by are drawn blades (wider than it is high, as a row of grass is), and their value."""
    stems = kept(scene, "stems", blades)
    stems = stems[(stems[:, DRAWN] > 0) | (stems[:, DRAWN] == -2)]
    size = scene.shrink * scene.unit
    feet = np.zeros((*scene.small_materials.shape, 2), np.float32)
    x, y = (0.62 * stems[:, k] + 0.38 * stems[:, k + 3] for k in (X, Y))
    rows, columns = (
        np.clip(at * size, 0, room - 1).astype(np.int32) for at, room in zip((y, x), feet.shape[:2], strict=True)
    )
    tall = np.maximum((stems[:, Y] - stems[:, TIP_Y]) * size, 1) * np.where(stems[:, DRAWN] > 0, 1, np.float32(_THIN))
    np.add.at(feet, (rows, columns), np.stack([1.2 * tall, 1.2 * tall * np.sign(stems[:, VALUE])], -1))
    near, wide, tall_reach = np.zeros_like(feet), max(15 * size, 1.0), max(11 * size, 0.8)
    if not len(rows):
        return near
    box = slice(max(int(rows.min() - 4 * tall_reach), 0), int(rows.max() + 4 * tall_reach) + 2)
    for k in range(2):
        plane = gaussian(np.ascontiguousarray(feet[box, :, k]), wide, axis=1, nearest=True)
        near[box, :, k] = gaussian(plane, tall_reach, axis=0, nearest=True)
    return near


def blades(scene: Scene) -> Float32:
    """(n, 14): the drawn blades and those that grow around them, in painting order: the lower its root the later."""
    lines = ticks.lines_of(scene)
    if not len(lines):
        return np.zeros((0, 14), np.float32)
    seed = mix_seed(scene.script.seed, 1300)
    chance = _chances(lines, seed, 8)
    tall = np.maximum(lines[:, Y] - lines[:, TIP_Y], 4)
    # Beyond the pencil's ends it grows on, each as it likes, or the row would be seen.
    room = np.maximum(LONGEST / tall - 1, 0.1)
    table = np.zeros((len(lines), 14), np.float32)
    table[:, :7] = lines
    table[:, ROOT] = -np.minimum(0.14 + 0.22 * chance[:, 1], 0.4 * room)
    table[:, END] = 1 + np.minimum(0.25 + 0.9 * chance[:, 2] ** 1.7, 0.6 * room)
    table[:, HALF] = _SLIM + _STOUT * chance[:, 3]
    # Where nobody drew it any more its own weight bends it to the side that it leans to.
    table[:, MIDDLE] -= _DROOP * chance[:, 4] * np.sign(lines[:, TIP_X] - lines[:, X])
    together = _chances(lines[:, 5:], seed, 2)
    # Blades that cross are of one value, or none of them is seen.
    one = _touching(lines)
    table[:, VALUE] = _grouped(lines[one, AT_X], lines[one, AT_Y], seed, _SHADY) * _calm(lines, seed)
    table[:, SIDE] = _sided(table, seed)
    table[:, DRAWN], table[:, CHANCE] = 1, together[:, 1]
    under, _lower = ticks.under(scene, table[:, X], table[:, Y])
    _off_trunks(scene, table)
    bare = one_of(under, (Material.SOIL, Material.WATER))
    table[bare, VALUE] = np.abs(table[bare, VALUE])
    many = np.where(under == Material.WATER, np.float32(_REED), np.float32(1))
    grown = [_fanned(scene, table[bare], tall[bare], many[bare], mix_seed(seed, 40 + k)) for k in range(_FAN)]
    grown += _strayed(scene, table[bare], tall[bare], seed)
    strewn = [_strewn(scene, table[~bare], tall[~bare], mix_seed(seed, k)) for k in range(_SIBLINGS)]
    risen = [_risen(table[~bare], tall[~bare], mix_seed(seed, 60 + k)) for k in range(_RISEN)]
    table = np.concatenate([_backed(table), table, *grown, *strewn, *risen])
    order = table[:, Y] - table[:, ROOT] * (table[:, Y] - table[:, TIP_Y]) + 30 * np.maximum(table[:, DRAWN], 0)
    order += 6 * table[:, VALUE] * (table[:, DRAWN] < 0) + 45 * ((table[:, DRAWN] < 0) & (table[:, CHANCE] > _FRONT))
    return table[np.argsort(order, kind="stable")]


def _off_trunks(scene: Scene, table: Float32) -> None:
    """Blades before a trunk have not its light and colour, but those of the ground that they grow on, in place."""
    _material, lower = ticks.under(scene, table[:, AT_X], table[:, AT_Y])
    before = lower > table[:, AT_Y]
    table[before, AT_Y] = lower[before]


def _touching(lines: Float32) -> Index:
    """(n,) number of the leftmost of the blades that each one stands among, one close to the other."""
    x, y = lines[:, MIDDLE], lines[:, Y]
    order = np.argsort(x, kind="stable")
    apart = (np.diff(x[order]) > _CROSSING) | (np.abs(np.diff(y[order])) > _LEVEL)
    first = np.maximum.accumulate(np.where(np.concatenate([[True], apart]), np.arange(len(x)), 0))
    owner = np.empty(len(x), np.intp)
    owner[order] = order[first]
    return owner


def _grouped(x: Float32, y: Float32, seed: int, level: float) -> Float32:
    """(n,) 1 in the light, −1 in the shade: blades that stand close together mostly are of one value."""
    return np.where(noise_at(x / _GROUP, y / _GROUP, seed) > level, np.float32(1), np.float32(-1))


def _calm(lines: Float32, seed: int) -> Float32:
    """(n,) 0.7–1.1: how far the blades of a group stand apart from each other."""
    return np.asarray(0.9 + 0.25 * noise_at(lines[:, AT_X] / 70, lines[:, AT_Y] / 70, mix_seed(seed, 6)), np.float32)


def _chances(lines: Float32, seed: int, count: int) -> Float32:
    """(n, count) 0–1 by place."""
    x, y = (np.round(lines[:, k] * 4).astype(np.int64) for k in (0, 1))
    return np.stack([hash_unit(x, y, mix_seed(seed, k)) for k in range(count)], 1)


def _sided(drawn: Float32, seed: int) -> Float32:
    """(n,) −1 or 1: to which side of its stroke a blade lies, and to the other its shade.

    A stroke is an edge between the two: of neighbours that are close together the first is the left edge of a blade and
    the next its right one, or the two sides of the dark between two blades.
    """
    x, y = drawn[:, MIDDLE], (drawn[:, Y] + drawn[:, TIP_Y]) / 2
    order = np.argsort(x, kind="stable")
    sides = np.where(_chances(drawn, mix_seed(seed, 80), 1)[:, 0] < 0.5, np.float32(-1), np.float32(1))
    for rank, own in enumerate(order.tolist()):
        for before in order[max(rank - _NEIGHBOURS, 0) : rank][::-1].tolist():
            if x[own] - x[before] > _ROOMY:
                break
            if abs(y[own] - y[before]) < _LEVEL:
                sides[own] = -sides[before]
                break
    return sides


def _backed(drawn: Float32) -> Float32:
    """(n, 14): what parts each drawn blade from the meadow: the shade on its other side, or the light by a dark one.

    Thus neither needs a value that no grass has.
    """
    behind = drawn.copy()
    behind[:, SIDE] *= -1
    behind[:, HALF] *= _WIDER
    behind[:, VALUE] *= -_BACK
    behind[:, DRAWN] = 0.5
    return behind


def _strewn(scene: Scene, drawn: Float32, tall: Float32, seed: int) -> Float32:
    """(m, 14): one blade like each drawn one, somewhere around: of many that are like it, none was drawn.

    They are of its shape, size and value, close to the row many and far from it few; none grows where a blade is drawn.
    """
    chance = _chances(drawn, mix_seed(seed, 77), 8)
    wide, high = _SPREAD
    side = 2 * chance[:, 3] - 1
    x = drawn[:, X] + wide * (chance[:, 1] + chance[:, 2] - 1)
    y = drawn[:, Y] + high * np.sign(side) * np.abs(side) ** 1.6
    horizon = scene.reading.horizon / scene.unit
    nearer = np.clip((y - horizon) / np.maximum(drawn[:, Y] - horizon, 60), 0.5, 1.4)
    height = np.clip(tall * (0.75 + 0.55 * chance[:, 0]) * nearer, 8, 0.8 * LONGEST)
    turned = np.where(chance[:, 4] < 0.5, -1, 1) / tall
    lean = ((drawn[:, TIP_X] - drawn[:, X]) * turned + 0.4 * (chance[:, 5] - 0.5)) * height
    bend = (drawn[:, MIDDLE] - (drawn[:, X] + drawn[:, TIP_X]) / 2) * turned * height
    blades = _blades_at(drawn, (x, y), (lean, bend, height), chance)
    blades[:, HALF] = (1.15 + 0.45 * chance[:, 7]) * nearer
    blades[:, VALUE] = (
        _grouped(x, y, mix_seed(seed, 5), _SUNNY)
        * (0.75 + 0.4 * chance[:, 6])
        * np.where(np.abs(y - 0.5 * height - drawn[:, AT_Y]) < _CLOSE, _QUIET, np.float32(_LOUD))
    )
    return blades[_free(scene, blades)]


def _risen(drawn: Float32, tall: Float32, seed: int) -> Float32:
    """(n, 14): one blade behind each drawn one that is higher, or lower, and leans out of the same foot.

    A row that is equally high from end to end is a fence.
    """
    chance = _chances(drawn, mix_seed(seed, 79), 8)
    aside = 2 * chance[:, 1] - 1
    x, y = drawn[:, X] + 9 * aside, drawn[:, Y] + 10 * (chance[:, 2] - 0.7)
    height = np.clip((0.6 + 1.3 * chance[:, 0] ** 1.5) * tall + 4, 8, 0.85 * LONGEST)
    lean = height * (0.40 * aside + 0.5 * (chance[:, 5] - 0.5))
    blades = _blades_at(drawn, (x, y), (lean, -0.08 * lean, height), chance)
    blades[:, HALF] = 0.9 + 0.6 * chance[:, 7]
    blades[:, VALUE] = np.where(chance[:, 6] < 0.5, -0.17, 0.13) * (0.5 + chance[:, 4])
    return blades


def _fanned(scene: Scene, drawn: Float32, tall: Float32, share: Float32, seed: int) -> Float32:
    """(m, 14): one blade of the tuft of each drawn one on bare ground, of which only a ``share`` (n,) has one.

    Tufts spread from a foot that is narrower than they are: blades at their sides are low and lean outwards.
    """
    chance = _chances(drawn, mix_seed(seed, 78), 8)
    aside = 2 * chance[:, 1] - 1
    low = np.abs(aside) ** 1.5
    # Some tufts are thick and high, others low and thin, and thinner where the row ends: equal ones would be a hedge.
    rich = noise_at(drawn[:, X] / _TUFT, drawn[:, Y] / _TUFT, mix_seed(scene.script.seed, 1305))
    crowd = np.minimum(_company(drawn) / 6, 1)
    x, y = drawn[:, X] + 11 * aside + 4 * (chance[:, 2] - 0.5), drawn[:, Y] + 13 * (chance[:, 3] - 0.68) * (1.2 - low)
    height = (0.5 * tall + 9) * (1 + 0.45 * rich) * (0.55 + 0.85 * chance[:, 0]) * (1.15 - 0.55 * low)
    front = chance[:, 7] > _FRONT
    height = np.clip(height * (0.6 + 0.4 * crowd) * np.where(front, 0.55, 1), 6, 0.72 * LONGEST)
    lean = height * (0.75 * aside + 0.5 * (chance[:, 5] - 0.5))
    blades = _blades_at(drawn, (x, y + 3 * front), (lean, -0.10 * lean, height), chance)
    blades[:, AT_X], blades[:, AT_Y] = blades[:, X], blades[:, Y]
    _off_trunks(scene, blades)
    blades[:, HALF] = 1.0 + 0.6 * chance[:, 7]
    blades[:, VALUE] = _of_a_mass(chance[:, 6])
    blades[:, DRAWN] = -1
    return blades[chance[:, 4] < share * (0.8 + 0.5 * rich)]


def _of_a_mass(chance: Float32) -> Float32:
    """(n,) values of the blades of a tuft: most are dark behind, some between, and few before them are in the light."""
    return np.where(
        chance < 0.55,
        -0.35 - 0.3 * chance,
        np.where(chance < 0.88, 0.9 * (chance - 0.80), 0.25 + 1.5 * (chance - 0.88)),
    )


def _company(drawn: Float32) -> Float32:
    """(n,) how many drawn blades stand within some units of each, itself among them."""
    x = np.sort(drawn[:, X])
    return (np.searchsorted(x, drawn[:, X] + _BESIDE) - np.searchsorted(x, drawn[:, X] - _BESIDE)).astype(np.float32)


def _strayed(scene: Scene, drawn: Float32, tall: Float32, seed: int) -> list[Float32]:
    """(m, 14) each: smaller tufts beyond the blades with which a row on bare ground ends, the farther the smaller."""
    x, y = drawn[:, X], drawn[:, Y]
    near = np.abs(y[:, None] - y) < 2 * _LEVEL
    found = []
    for side in (-1, 1):
        ahead = side * (x - x[:, None])
        last = ~(near & (ahead > 0.5) & (ahead < _OPEN)).any(1)
        ends, high = drawn[last], tall[last]
        chance = _chances(ends, mix_seed(seed, 90 + side), 8)
        for number, size in enumerate(_STRAYS):
            there = chance[:, number] < size + 0.3
            away = side * (16 + 24 * number + 16 * chance[:, 3 + number])
            for k in range(_STRAY_BLADES):
                one = _chances(ends, mix_seed(seed, 200 + 20 * number + k, side + 1), 6)
                aside = 2 * one[:, 0] - 1
                foot = x[last] + away + 7 * size * aside, y[last] + 16 * (chance[:, 5] - 0.6) + 4 * (one[:, 1] - 0.5)
                height = np.clip((0.5 * high + 8) * size * (0.6 + 0.8 * one[:, 2]) * (1.1 - 0.5 * np.abs(aside)), 5, 40)
                lean = height * (0.7 * aside + 0.4 * (one[:, 3] - 0.5))
                blades = _blades_at(ends, foot, (lean, -0.1 * lean, height), np.repeat(one[:, 4:5], 8, 1))
                blades[:, AT_X], blades[:, AT_Y] = blades[:, X], blades[:, Y]
                blades[:, HALF] = 0.8 + 0.6 * one[:, 4]
                blades[:, VALUE], blades[:, DRAWN] = _of_a_mass(one[:, 5]), -2
                found.append(blades[there])
    for blades in found:
        _off_trunks(scene, blades)
    return found


def _blades_at(
    drawn: Float32, place: tuple[Float32, Float32], form: tuple[Float32, Float32, Float32], chance: Float32
) -> Float32:
    """(n, 14): blades with their feet at ``place`` (x and y), of this lean, bend and height."""
    x, y = place
    lean, bend, height = form
    blades = drawn.copy()
    blades[:, X], blades[:, Y] = x, y
    blades[:, TIP_X], blades[:, TIP_Y] = x + lean, y - height
    blades[:, MIDDLE] = x + 0.5 * lean + bend
    blades[:, AT_X], blades[:, AT_Y] = x + 0.5 * lean, y - 0.5 * height
    blades[:, ROOT], blades[:, END] = -0.25, 1.12
    blades[:, DRAWN], blades[:, CHANCE], blades[:, SIDE] = 0, chance[:, 7], 0
    return blades


def _free(scene: Scene, blades: Float32) -> Bool:
    """(n,) true for blades that do not cross a drawn one."""
    field, size = kept(scene, "tufts", ticks.strokes), scene.shrink * scene.unit
    free = np.ones(len(blades), bool)
    for along in (-0.1, 0.2, 0.5, 0.8, 1.1):
        x = blades[:, X] + along * (blades[:, TIP_X] - blades[:, X])
        y = blades[:, Y] + along * (blades[:, TIP_Y] - blades[:, Y])
        row, column = (
            np.clip(at * size, 0, room - 1).astype(np.int32) for at, room in zip((y, x), field.shape, strict=True)
        )
        free &= field[row, column] == 0
    return free
