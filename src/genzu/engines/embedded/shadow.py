"""Shadows: on the ground, what stands is laid over, away from the light; on walls, what juts out; and shade at feet."""

from __future__ import annotations

from collections.abc import Sequence

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.engines.embedded.noise import hash_unit
from genzu.engines.embedded.script import Light
from genzu.engines.embedded.soft import one_of, running, widened
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

_DAPPLED = (Material.FOLIAGE,)
_TALLEST = 0.42
"""Share of the picture's height beyond which a thing throws no longer shadow."""
_DEEP = 0.17
"""How much of a tree's depth is seen on the ground, which is looked at from low above."""


def cast_shadows(
    materials: UInt8,
    light: Light,
    standing: Sequence[Material],
    ground: Sequence[Material],
    seed: int = 0,
    thin: Bool | None = None,
    trees: Int32 | None = None,
) -> Float32:
    """(h, w) 0–1 on ground materials.

    Each column run of standing pixels has its foot where it meets the ground; a pixel ``t`` above the foot throws
    its shadow at the foot's row plus a drop, moved sideways by ``t`` times the cotangent of the elevation. Crowns
    let flecks of light through. ``thin`` marks poles and bars: what stands behind one goes on behind it. ``trees``
    (h, w) is the row of the foot of the tree that leaves or bark belong to, −1 where none is known.
    """
    if thin is not None and thin.any():
        poles = np.where(thin, materials, 255).astype(np.uint8)
        poles = np.where(one_of(materials, ground), materials, poles).astype(np.uint8)
        rest = _cast(_without(materials, thin), light, standing, ground, seed, trees)
        return np.maximum(rest, _cast(poles, light, standing, ground, seed, upright=True))
    return _cast(materials, light, standing, ground, seed, trees)


def _cast(
    materials: UInt8, light: Light, standing: Sequence[Material], ground: Sequence[Material], seed: int,
    trees: Int32 | None = None, *, upright: bool = False,
) -> Float32:  # fmt: skip
    """:func:`cast_shadows` of one kind; what is ``upright`` stands on one foot, however its sides waver."""
    shadow: Float32 = np.zeros(materials.shape, np.float32)
    if light.sharpness <= 0.02:
        return shadow
    stands, lies = one_of(materials, standing), one_of(materials, ground)
    rows = np.arange(materials.shape[0], dtype=np.int32)[:, None]
    foot = _foot_below(stands, lies, rows)
    if upright:
        foot = _one_foot(stands, foot)
    half_depth = None
    if trees is not None and (trees >= 0).any():
        foot = np.where(trees >= 0, trees, foot)
        half_depth = _half_depth(trees)
    height = foot - rows
    ys, xs = np.nonzero(stands & (foot >= 0) & (height < _TALLEST * materials.shape[0]))
    if len(ys) == 0:
        return shadow
    tall = height[ys, xs].astype(np.float32)
    reach = min(1.8, 1 / np.tan(np.deg2rad(max(light.elevation, 16.0))))
    away, drop = -np.sign(light.towards[0]) * reach, 0.10 + 0.12 * reach
    leafy = one_of(materials[ys, xs], _DAPPLED)
    low = foot[ys, xs]
    shadow = _throw(shadow, low, xs, tall, away, drop, ~leafy)
    crowns = _throw(np.zeros_like(shadow), low, xs, tall, away, drop, leafy)
    if half_depth is not None:
        # A tree is as deep as it is wide: its shadow is no ribbon.
        deep = np.rint(_DEEP * half_depth[ys, xs]).astype(np.int32)
        for share in (-1.0, -0.5, 0.5, 1.0):
            there, moved = deep > 0, low + np.rint(share * deep).astype(np.int32)
            shadow = _throw(shadow, moved, xs, tall, away, drop, there & ~leafy)
            crowns = _throw(crowns, moved, xs, tall, away, drop, there & leafy)
    shadow = _joined(shadow, max(3, shadow.shape[0] // (100 if upright else 30)) | 1)
    if not upright:
        shadow = _simple(shadow)
    shadow = np.maximum(_close(shadow), _dapple(_close(crowns), seed))
    soft = _blur(shadow, 0.6 + 2.0 * (1 - light.sharpness))
    return np.where(lies, soft, 0).astype(np.float32) * np.float32(light.sharpness)


def _half_depth(trees: Int32) -> Float32:
    """(h, w) px: how far a tree reaches to the front at each of its places, if each of its rows is a disc."""
    across = np.arange(trees.shape[1], dtype=np.int32)[:, None]
    turned = np.ascontiguousarray(trees.T)
    begins = np.ones(turned.shape, bool)
    begins[1:] = turned[1:] != turned[:-1]
    ends = np.concatenate([begins[1:], begins[:1]])
    left = running(np.maximum, np.where(begins, across, -1))
    right = running(np.minimum, np.where(ends, across, len(across))[::-1])[::-1]
    deep = np.sqrt((across - left + 1) * (right - across + 1), dtype=np.float32)
    return np.where(turned >= 0, deep, np.float32(0)).T


def _one_foot(stands: Bool, foot: Int32) -> Int32:
    """The row of the lowest foot for all of each thing that is much taller than wide; −1 stays where none stands."""
    things, _ = mahotas.label(stands, np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(things), np.int64).reshape(-1, 4)
    pole = boxes[:, 1] - boxes[:, 0] > 4 * (boxes[:, 3] - boxes[:, 2])
    pole[0] = False
    lowest = np.full(len(boxes), -1, np.int32)
    np.maximum.at(lowest, things.ravel(), foot.ravel())
    return np.where(pole[things] & (lowest[things] >= 0), lowest[things], foot).astype(np.int32)


def _simple(shadow: Float32) -> Float32:
    """A painter's shape for a shadow: no step or notch that is smaller than his brush."""
    if not shadow.any():
        return shadow
    return (_blur(shadow, shadow.shape[0] / 130) > 0.5).astype(np.float32)


def _joined(shadow: Float32, tall: int) -> Float32:
    """Close slits up to ``tall`` px: where a door's sill lies lower than the wall's foot, its shadow is shifted."""
    if not shadow.any():
        return shadow
    return np.asarray(mahotas.close(shadow > 0, np.ones((tall, 1), bool)), np.float32)


def _without(materials: UInt8, thin: Bool) -> UInt8:
    """Each pixel of a thin thing takes the material of the last pixel left of it that is none."""
    columns = np.broadcast_to(np.arange(materials.shape[1]), materials.shape)
    last = running(np.maximum, np.where(thin.T, -1, columns.T)).T
    return np.where(thin & (last >= 0), np.take_along_axis(materials, np.maximum(last, 0), 1), materials)


def _throw(
    field: Float32, foot: Int32, xs: NDArray[np.int64], tall: Float32, away: float, drop: float, chosen: Bool
) -> Float32:
    for step in (0.0, 0.5):
        x = np.rint(xs[chosen] + away * (tall[chosen] + step)).astype(np.int64)
        y = np.rint(foot[chosen] + drop * (tall[chosen] + step)).astype(np.int64)
        inside = (x >= 0) & (x < field.shape[1]) & (y >= 0) & (y < field.shape[0])
        field[y[inside], x[inside]] = 1
    return field


def _dapple(crowns: Float32, seed: int) -> Float32:
    """Break a crown's shadow into flecks, flattened as on the ground."""
    if not crowns.any():
        return crowns
    total = np.zeros_like(crowns)
    for size, gain in ((18, 1.0), (9, 0.8), (5, 0.6)):
        ny, nx = crowns.shape[0] // max(2, size // 3) + 4, crowns.shape[1] // size + 4
        lattice = hash_unit(np.arange(nx, dtype=np.int64)[None, :], np.arange(ny, dtype=np.int64)[:, None], seed + size)
        grown = Image.fromarray(lattice).resize((crowns.shape[1], crowns.shape[0]), Image.Resampling.BICUBIC)
        total += gain * np.asarray(grown, np.float32)
    edge = _blur(crowns, 5)
    return crowns * np.clip((edge * 1.5 - total / 2.4 + 0.02) * 5, 0.12, 1)


def wall_shadows(materials: UInt8, light: Light) -> Float32:
    """(h, w) 0–1 on walls and what is set in them: the shadow of the eave, awning or canopy above.

    The picture is sheared along the light so that its columns follow the rays; down each of them the shadow is as
    long as the jutting thing is thick, times a share that grows with the light's height.
    """
    receives = one_of(materials, (Material.WALL, Material.WINDOW, Material.WOOD))
    juts = one_of(materials, (Material.ROOF, Material.CLOTH))
    if light.sharpness <= 0.02 or not (receives.any() and juts.any()):
        return np.zeros(materials.shape, np.float32)
    height, width = materials.shape
    slant = float(np.clip(-light.towards[0] / max(-light.towards[1], 0.35), -0.9, 0.9))
    shift = np.rint(slant * np.arange(height)).astype(np.int64)
    columns = np.arange(width)[None, :] + shift[:, None]
    inside = (columns >= 0) & (columns < width)
    index = np.clip(columns, 0, width - 1)
    taking = np.take_along_axis(receives, index, 1) & inside
    jutting = np.take_along_axis(juts, index, 1) & inside
    length = _run_length(jutting)
    share = 0.35 + 0.25 * min(light.elevation, 60) / 60
    low, high = height * 0.008, height * 0.055
    budget, rows = np.zeros(width, np.float32), np.zeros((height, width), np.float32)
    for y in range(height):
        budget = np.where(jutting[y], np.clip(length[y] * share, low, high), budget - 1)
        budget = np.where(taking[y] | jutting[y], budget, 0)
        rows[y] = taking[y] & (budget > 0)
    shaded = np.zeros((height, width), np.float32)
    back = np.clip(np.arange(width)[None, :] - shift[:, None], 0, width - 1)
    shaded = np.take_along_axis(rows, back, 1) * receives
    return _blur(_close(shaded), 0.8) * np.float32(min(1.0, light.sharpness + 0.25))


def _run_length(mask: Bool) -> Float32:
    """How many pixels of the mask lie above each pixel without a break, itself included."""
    rows = np.arange(mask.shape[0], dtype=np.int32)[:, None]
    last_gap = running(np.maximum, np.where(mask, -1, rows))
    return np.where(mask, rows - last_gap, 0).astype(np.float32)


def below(mask: Bool, limit: float, *, cause: Bool | None = None) -> Float32:
    """(h, w) rows since the mask began above (or since ``cause`` ended above), at most ``limit``; 0 outside."""
    rows = np.arange(mask.shape[0], dtype=np.int32)[:, None]
    starts = ~mask if cause is None else cause
    far = -10_000_000
    last = running(np.maximum, np.where(starts, rows, far))
    if cause is None:
        last = np.where(last == far, -round(limit) - 1, last)
    return np.where(mask, np.clip(rows - last - 1, 0, limit), 0).astype(np.float32)


def contact_shade(materials: UInt8, standing: Sequence[Material], ground: Sequence[Material]) -> Float32:
    """(h, w) 0.4–1: darker where the ground comes near to the foot of what stands on it."""
    stands, lies = one_of(materials, standing), one_of(materials, ground)
    foot = np.zeros(materials.shape, np.float32)
    foot[1:] = stands[:-1] & lies[1:]
    wide = widened(foot, 2)
    near = np.clip(1.1 * _blur(wide, 2.5) + 0.9 * _blur(wide, 8), 0, 1)
    crowd = _blur(stands.astype(np.float32), 9)
    return np.where(lies, 1 - 0.55 * near, 1 - 0.22 * np.clip(crowd - 0.6, 0, 1)).astype(np.float32)


def _foot_below(stands: Bool, lies: Bool, rows: Int32) -> Int32:
    """Row of the ground under each standing pixel's column run; −1 where the run does not meet the ground."""
    ends = np.zeros_like(stands)
    ends[:-1] = stands[:-1] & ~stands[1:]
    grounded = np.zeros_like(stands)
    grounded[:-1] = ends[:-1] & lies[1:]
    mark: Int32 = np.where(ends, rows, np.iinfo(np.int32).max).astype(np.int32)
    below_it: Int32 = running(np.minimum, mark[::-1])[::-1]
    safe = np.minimum(below_it, stands.shape[0] - 1)
    meets = np.take_along_axis(grounded, safe, axis=0) & (below_it < np.iinfo(np.int32).max)
    return np.where(meets, safe, -1).astype(np.int32)


def _close(mask: Float32) -> Float32:
    wide = widened((mask * 255).astype(np.uint8), 1)
    return (255 - widened(255 - wide, 1)).astype(np.float32) / 255


def _blur(mask: Float32, radius: float) -> Float32:
    picture = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(picture, np.float32) / 255
