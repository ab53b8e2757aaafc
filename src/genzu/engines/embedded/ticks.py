"""Which strokes of the drawing are blades of grass: short and steep ones, alone or in a row, on what grass grows on."""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import one_of, running, soft_bytes, widened
from genzu.engines.embedded.stems import followed
from genzu.picture.arrays import Bool, Float32

ON = (Material.GRASS, Material.SOIL, Material.WATER)
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
_SIDE, _HIDES = 5.0, 9.0
"""Units to each side of a trunk's border that are its outline, and around a blade in which that is one, too."""


def strokes(scene: Scene) -> Float32:
    """(h, w) at the reduced size: 1 where strokes are blades, 0.6 right around them."""
    field = np.zeros(scene.small_materials.shape, np.float32)
    there = one_of(scene.small_materials, ON)
    # A row of blades goes on before the foot of a trunk.
    gap = _to_the_ground(scene)
    trunk = scene.small_materials == Material.TRUNK
    there |= trunk & (gap < _TALL[1])
    # At that foot the border is where the trunk ends in the grass, and no line; its sides are lines.
    apart = max(1, round(_APART * scene.shrink * scene.unit))
    foot = _between(trunk & (gap < _BEFORE), apart)
    foot[apart:] |= foot[:-apart]
    ink = small_ink(scene) > _INK
    outline = ink & (scene.inner <= _SIDE) & widened(trunk, round(_SIDE * scene.shrink * scene.unit)) & ~foot
    strokes = there & ((scene.inner > _APART) | foot) & ink & ~outline
    if not strokes.any():
        return field
    labels, count = mahotas.label(strokes, Bc=np.ones((3, 3), bool))
    begun, fallen = strokes.copy(), strokes.copy()
    begun[:, 1:] &= ~strokes[:, :-1]
    fallen[1:] &= ~strokes[:-1]
    area, across, down = (np.bincount(labels[of], minlength=count + 1) for of in (strokes, begun, fallen))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    # A tick that touches a trunk's outline is no piece of it; what goes along with it is one.
    lines, _count = mahotas.label(ink & ~outline, Bc=np.ones((3, 3), bool))
    along = np.bincount(labels[strokes & widened(outline, 1)], minlength=count + 1)
    high = np.bincount(labels[strokes & (gap > 1.5 * _BEFORE)], minlength=count + 1)
    whole = np.zeros(count + 1, np.int64)
    whole[labels[strokes]] = np.bincount(lines.ravel())[lines[strokes]]
    tall = (boxes[:, 1] - boxes[:, 0]) / (scene.shrink * scene.unit)
    steep = (area <= _WIDE * across) & (across > 1.15 * down)
    steep &= (whole <= _MORE * area) & ((along == 0) | ((along < 0.4 * area) & (high == 0)))
    steep &= (tall >= _TALL[0]) & (tall <= _TALL[1])
    steep &= np.bincount(labels[strokes & (gap < _BEFORE)], minlength=count + 1) > 0
    steep[0] = False
    blade = steep[labels]
    # Where they stand before its foot, that outline is one of them.
    blade |= outline & (gap < _BEFORE) & widened(blade, max(2, round(_HIDES * scene.shrink * scene.unit)))
    return np.where(blade, np.float32(1), np.float32(0.6) * widened(blade, 2))


def _between(there: Bool, apart: int) -> Bool:
    """(h, w) true where all is so to both sides, up to ``apart`` px."""
    inside = there.copy()
    for step in range(1, apart + 1):
        inside[:, step:] &= there[:, :-step]
        inside[:, :-step] &= there[:, step:]
    return inside


def _to_the_ground(scene: Scene) -> Float32:
    """(h, w) units down to the next ground below."""
    rows = np.arange(scene.small.height, dtype=np.float32)[:, None]
    next_below = np.where(one_of(scene.small_materials, ON), rows, np.float32(1e4))
    next_below = running(np.minimum, next_below[::-1])[::-1]
    return np.asarray((next_below - rows) / np.float32(scene.shrink * scene.unit), np.float32)


def lines_of(scene: Scene) -> Float32:
    """(n, 7) units: each drawn blade as a line (foot, middle, tip; see ``followed``), and the middle of its stroke."""
    drawn = kept(scene, "tufts", strokes) == 1
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
    return lines[lines[:, 1] - lines[:, 4] > _SHORT]


def under(scene: Scene, x: Float32, y: Float32) -> tuple[NDArray[np.uint8], Float32]:
    """(n,) each: what lies at these places in units, and how low that is; of a place on a trunk, what lies below it."""
    size, room = scene.shrink * scene.unit, scene.small_materials.shape
    column = np.clip(x * size, 0, room[1] - 1).astype(np.int32)
    row = y * size
    there = scene.small_materials[np.clip(row, 0, room[0] - 1).astype(np.int32), column]
    for _step in range(8):
        row = row + np.where(there == Material.TRUNK, np.float32(_BEFORE / 7 * size), np.float32(0))
        there = scene.small_materials[np.clip(row, 0, room[0] - 1).astype(np.int32), column]
    return there, (row / size).astype(np.float32)
