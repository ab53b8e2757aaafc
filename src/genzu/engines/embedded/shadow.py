"""Shadows on the ground: what stands is laid over, away from the light; and the shade at the foot of things."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.engines.embedded.script import Light
from genzu.picture.arrays import Bool, Float32, Int32, UInt8


def cast_shadows(materials: UInt8, light: Light, standing: Sequence[Material], ground: Sequence[Material]) -> Float32:
    """(h, w) 0–1 on ground materials.

    Each column run of standing pixels has its foot where it meets the ground; a pixel ``t`` above the foot throws
    its shadow at the foot's row plus a small drop, moved sideways by ``t`` times the cotangent of the elevation.
    """
    shadow: Float32 = np.zeros(materials.shape, np.float32)
    if light.sharpness <= 0.02:
        return shadow
    stands, lies = np.isin(materials, standing), np.isin(materials, ground)
    rows = np.arange(materials.shape[0], dtype=np.int32)[:, None]
    foot = _foot_below(stands, lies, rows)
    ys, xs = np.nonzero(stands & (foot >= 0))
    if len(ys) == 0:
        return shadow
    height = foot[ys, xs] - ys
    reach = min(1.9, 1 / np.tan(np.deg2rad(max(light.elevation, 14.0))))
    away = -np.sign(light.towards[0]) * reach
    drop = 0.16 * reach
    for step in (0.0, 0.5):
        tall = height + step
        x = np.rint(xs + away * tall).astype(np.int64)
        y = np.rint(foot[ys, xs] + drop * tall).astype(np.int64)
        inside = (x >= 0) & (x < materials.shape[1]) & (y >= 0) & (y < materials.shape[0])
        shadow[y[inside], x[inside]] = 1
    shadow = _close(shadow)
    soft = _blur(shadow, 1.0 + 2.0 * (1 - light.sharpness))
    return np.where(lies, soft, 0).astype(np.float32) * np.float32(light.sharpness)


def contact_shade(materials: UInt8, standing: Sequence[Material], ground: Sequence[Material]) -> Float32:
    """(h, w) 0.4–1: darker where the ground comes near to what stands on it."""
    stands = np.isin(materials, standing).astype(np.float32)
    near = 0.6 * _blur(stands, 3) + 0.4 * _blur(stands, 9)
    lies = np.isin(materials, ground)
    return np.where(lies, 1 - 0.6 * near, 1 - 0.25 * np.clip(near - 0.6, 0, 1)).astype(np.float32)


def _foot_below(
    stands: Bool,
    lies: Bool,
    rows: Int32,
) -> Int32:
    """Row of the ground under each standing pixel's column run; −1 where the run does not meet the ground."""
    ends = np.zeros_like(stands)
    ends[:-1] = stands[:-1] & ~stands[1:]
    grounded = np.zeros_like(stands)
    grounded[:-1] = ends[:-1] & lies[1:]
    mark: Int32 = np.where(ends, rows, np.iinfo(np.int32).max).astype(np.int32)
    below: Int32 = np.minimum.accumulate(mark[::-1], axis=0)[::-1].astype(np.int32)
    safe = np.minimum(below, stands.shape[0] - 1)
    meets = np.take_along_axis(grounded, safe, axis=0) & (below < np.iinfo(np.int32).max)
    return np.where(meets, safe, -1).astype(np.int32)


def _close(mask: Float32) -> Float32:
    picture = Image.fromarray((mask * 255).astype(np.uint8))
    picture = picture.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.MinFilter(3))
    return np.asarray(picture, np.float32) / 255


def _blur(mask: Float32, radius: float) -> Float32:
    picture = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(picture, np.float32) / 255
