"""Which lines in the sky are wires: long strokes that run straight for a while, unlike the scallops of a cloud.

What hangs on a pole or a mast counts, too.

Straightness is the coherence of the structure tensor (Bigün and Granlund 1987) over a window of about 16 units.
"""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Float32, UInt8

_INK = 45
_COHERENT = 0.80
_MOSTLY = 0.12
"""Share of what hangs on a pole that runs straight; the rest is where its lines cross."""
_LONG = 0.06
"""Shortest wire as a share of the picture's height."""


def find_wires(ink: UInt8, materials: UInt8) -> Float32 | None:
    """(h, w) 0–1 where a stroke in the air is a wire, at reduced size; ``None`` if there is none."""
    air = np.isin(materials, (Material.SKY, Material.CLOUD))
    strokes = (ink > _INK) & air
    if not strokes.any():
        return None
    open_air, farther = _open_air(materials, 0.024, 0.05)
    close, strokes = strokes & open_air, strokes & farther
    straight = _straight(strokes)
    seeds = _long_parts(mahotas.dilate(straight, np.ones((3, 3), bool)), _LONG * materials.shape[0])
    held = _held(close, straight, materials)
    seeds, strokes = seeds | held, strokes | (close & held)
    if not seeds.any():
        return None
    # Where wires cross, nothing is straight: bridge to strokes close to a sure wire.
    reach = 0.014 * materials.shape[0]
    near = mahotas.distance(~seeds) <= reach * reach
    return np.asarray(mahotas.gaussian_filter(mahotas.dilate(strokes & near).astype(np.float32), 0.8), np.float32)


def _straight(strokes: Bool) -> Bool:
    """Strokes that run in one direction over a window of about 16 units."""
    found = np.zeros_like(strokes)
    rows, columns = np.flatnonzero(strokes.any(1)), np.flatnonzero(strokes.any(0))
    if len(rows) == 0:
        return found
    # The filters reach four deviations, 34 px together: nothing farther from a stroke matters.
    room = slice(max(rows[0] - 36, 0), rows[-1] + 37), slice(max(columns[0] - 36, 0), columns[-1] + 37)
    here = strokes[room]
    dy, dx = np.gradient(mahotas.gaussian_filter(here.astype(np.float32), 1.0))
    xx, yy, xy = (mahotas.gaussian_filter(p, 7.0) for p in (dx * dx, dy * dy, dx * dy))
    spread = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    found[room] = here & (spread > _COHERENT * (xx + yy))
    return found


def _held(strokes: Bool, straight: Bool, materials: UInt8) -> Bool:
    """Strokes that hang together with a pole or a mast: its arms, stays and wires; not a crown that touches it."""
    joined = mahotas.dilate(strokes, np.ones((3, 3), bool))
    parts, count = mahotas.label(joined, np.ones((3, 3), bool))
    if not count:
        return strokes
    poles = np.isin(materials, (Material.WOOD, Material.METAL))
    held = np.zeros(count + 1, bool)
    held[parts[mahotas.dilate(poles, np.ones((5, 5), bool))]] = True
    size = np.maximum(np.bincount(parts[strokes], minlength=count + 1), 1)
    held &= np.bincount(parts[straight], minlength=count + 1) > _MOSTLY * size
    held[0] = False
    return np.asarray(held[parts], bool)


def _long_parts(mask: Bool, least: float) -> Bool:
    parts, count = mahotas.label(mask, np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(parts), np.int64).reshape(-1, 4)
    long = np.maximum(boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]) >= least
    long[0] = False
    return np.asarray(long[parts] if count else np.zeros_like(mask), bool)


def _open_air(materials: UInt8, *from_clouds: float) -> list[Bool]:
    """Air away from clouds' edges and from the outlines of what stands before it (but not from thin poles).

    One plane for each of ``from_clouds``, the distance from clouds as a share of the picture's height.
    """
    height = materials.shape[0]
    air = np.isin(materials, (Material.SKY, Material.CLOUD))
    solid = ~air & ~np.isin(materials, (Material.WOOD, Material.METAL))
    open_air = air
    if solid.any():
        open_air = air & (mahotas.distance(~solid) > (0.006 * height) ** 2)
    cloud = materials == Material.CLOUD
    if not cloud.any() or cloud.all():
        return [open_air] * len(from_clouds)
    outside, inside = mahotas.distance(~cloud), mahotas.distance(cloud)
    deep = inside > (0.012 * height) ** 2
    return [open_air & np.where(cloud, deep, outside > (share * height) ** 2) for share in from_clouds]
