"""Which lines in the sky are wires: long strokes that run straight for a while, unlike the scallops of a cloud.

What hangs on a pole or a mast counts, too.

A stroke runs straight where a segment fits into it (a morphological opening by segments of twelve directions): that
holds where wires, arms and stays cross each other, too.
"""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.soft import box_of, gaussian, one_of, within
from genzu.picture.arrays import Bool, Float32, UInt8

_INK = 45
_THIN, _ON_WALLS = 22, 0.07
"""Byte of ink of a stroke on a wall, and the length of a segment that must fit into it as a share of the height."""
_DIRECTIONS = 12
_SEGMENT = 0.052
"""Length of a segment that must fit into what hangs on a pole, a pixel of wobble allowed, as a share of the height."""
_MOSTLY = 0.6
"""Share of what hangs on a pole that runs straight."""
_LONG, _LONG_IN_CLOUD = 0.06, 0.12
"""Shortest wire as a share of the picture's height; the folds of a cloud run straight for a while, too."""


def find_wires(ink: UInt8, materials: UInt8) -> Float32 | None:
    """(h, w) 0–1 where a stroke in the air is a wire, at reduced size; ``None`` if there is none."""
    air = one_of(materials, (Material.SKY, Material.CLOUD))
    strokes = (ink > _INK) & air
    if not strokes.any():
        return None
    near_clouds, farther = _open_air(materials, 0.024, 0.05)
    close, strokes = strokes & near_clouds, strokes & farther
    height = materials.shape[0]
    straight = strokes_that_run(strokes, _LONG * height) & (materials != Material.CLOUD)
    straight |= strokes_that_run(strokes & (materials == Material.CLOUD), _LONG_IN_CLOUD * height)
    seeds = np.asarray(mahotas.dilate(straight, np.ones((3, 3), bool)), bool)
    held = _held(close, close & strokes_that_run(mahotas.dilate(close), _SEGMENT * height), materials)
    seeds, strokes = seeds | held, strokes | (close & held)
    if not seeds.any():
        return None
    # Where wires cross, nothing is straight: bridge to strokes close to a sure wire.
    reach = 0.014 * materials.shape[0]
    near = within(seeds, reach)
    return gaussian(mahotas.dilate(strokes & near).astype(np.float32), 0.8)


def straight_on_walls(ink: UInt8, materials: UInt8) -> Float32:
    """(h, w) 0–1 where a thin faint stroke on a house runs straight for a while: a wire before it, or a pipe."""
    houses = one_of(materials, (Material.WALL, Material.ROOF, Material.WINDOW))
    strokes = houses & (ink > _THIN)
    if not strokes.any():
        return np.zeros(ink.shape, np.float32)
    box = box_of(strokes)
    found = np.zeros(ink.shape, np.float32)
    wide = np.asarray(mahotas.dilate(strokes[box]), bool)
    found[box] = gaussian(strokes_that_run(wide, _ON_WALLS * len(ink)).astype(np.float32), 0.8)
    return found


def strokes_that_run(strokes: Bool, length: float) -> Bool:
    """(h, w): the part of ``strokes`` into which segments of ``length`` px fit."""
    straight = np.zeros_like(strokes)
    if not strokes.any():
        return straight
    box = box_of(strokes)  # most strokes are in the sky, and nothing comes in from around them
    strokes = strokes[box]
    for turn in range(_DIRECTIONS):
        angle = turn * np.pi / _DIRECTIONS
        straight[box] |= _opened(strokes, np.cos(angle), np.sin(angle), max(3, round(length)))
    return straight


def _opened(mask: Bool, along: float, down: float, length: int) -> Bool:
    """Opening by a segment of ``length`` px; each pass doubles the part of the segment that is looked at."""
    moves, reach = [], 1
    while reach < length:
        step = min(reach, length - reach)
        moves.append((round(along * step), round(down * step)))
        reach += step
    for dx, dy in moves:
        mask = mask & _moved(mask, -dx, -dy)
    for dx, dy in moves:
        mask = mask | _moved(mask, dx, dy)
    return mask


def _moved(mask: Bool, dx: int, dy: int) -> Bool:
    """The mask moved by whole pixels; nothing comes in from outside."""
    height, width = mask.shape
    out = np.zeros_like(mask)
    if abs(dx) >= width or abs(dy) >= height:
        return out
    there = slice(max(dy, 0), height + min(dy, 0)), slice(max(dx, 0), width + min(dx, 0))
    here = slice(max(-dy, 0), height + min(-dy, 0)), slice(max(-dx, 0), width + min(-dx, 0))
    out[there] = mask[here]
    return out


def _held(strokes: Bool, straight: Bool, materials: UInt8) -> Bool:
    """Strokes that hang together with a pole or a mast: its arms, stays and wires; not a crown that touches it."""
    joined = mahotas.dilate(strokes, np.ones((3, 3), bool))
    parts, count = mahotas.label(joined, np.ones((3, 3), bool))
    if not count:
        return strokes
    poles = one_of(materials, (Material.WOOD, Material.METAL))
    held = np.zeros(count + 1, bool)
    held[parts[mahotas.dilate(poles, np.ones((5, 5), bool))]] = True
    size = np.maximum(np.bincount(parts[strokes], minlength=count + 1), 1)
    held &= np.bincount(parts[straight], minlength=count + 1) > _MOSTLY * size
    held[0] = False
    # Of a crown that hangs on a pole by its arms only what runs straight is taken.
    return np.asarray(held[parts] & mahotas.dilate(straight, np.ones((3, 3), bool)), bool)


def _open_air(materials: UInt8, *from_clouds: float) -> list[Bool]:
    """Air away from clouds' edges and from the outlines of what stands before it (but not from thin poles).

    One plane for each of ``from_clouds``, the distance from clouds as a share of the picture's height.
    """
    height = materials.shape[0]
    air = one_of(materials, (Material.SKY, Material.CLOUD))
    solid = ~air & ~one_of(materials, (Material.WOOD, Material.METAL))
    open_air = air & ~within(solid, 0.006 * height)
    cloud = materials == Material.CLOUD
    if not cloud.any() or cloud.all():
        return [open_air] * len(from_clouds)
    deep = ~within(~cloud, 0.012 * height)
    return [open_air & np.where(cloud, deep, ~within(cloud, share * height)) for share in from_clouds]
