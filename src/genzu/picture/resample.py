"""Pictures of a moving camera: a rectangle of a sheet, with edges between pixels, at the size of the film.

Lanczos-3 over the rectangle (Pillow's ``resize`` with ``box``; its support grows with the reduction, so that areas are
averaged right). Where a sheet has about one pixel for each pixel of the film, no interpolation is as sharp between
two pixels as on them, and a slow PAN pulses; there the sheet is damped once, at the finest detail only. Measured on a
painted town, the energy of fine detail varies by 35 % during a PAN without, by 2.5 % with it.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np
from PIL import Image

from genzu.core.geometry import Extent
from genzu.picture.arrays import Int32, UInt8, extent_of
from genzu.picture.camera_move import View
from genzu.picture.colour import linear_from_srgb8, srgb8_from_linear

PULSES = (0.9, 1.12)
"""Pixels of the sheet per pixel of the film between which a moving picture pulses."""
_DAMPING = (-1, 4, 10, 4, -1)
"""Sixteenths: one where the picture is smooth, nothing at the finest detail (one light, one dark pixel)."""
_SUPPORT = 3
"""Pixels that Lanczos looks at on each side."""
_ROWS = 128
"""Wide sheets are worked on in strips of this height."""


def sample(sheet: UInt8, view: View, film: Extent, *, draft: bool = False) -> UInt8:
    """What the camera sees: (h, w, C) uint8 at the size of the film, of an (H, W, C) uint8 sheet, C = 3 or 4.

    Beyond the sheet a picture with alpha is see-through, another one goes on in the colours of its edge. Only the
    part of the sheet that is seen is copied. ``draft`` interpolates linearly.
    """
    whole = _whole_pixels(sheet, view, film)
    if whole is not None:
        return whole
    reach = ceil((1 if draft else _SUPPORT) * max(1.0, view.width / film.width, view.height / film.height)) + 1
    left, top = floor(view.x) - reach, floor(view.y) - reach
    right, bottom = ceil(view.x + view.width) + reach, ceil(view.y + view.height) + reach
    window, left, top = _window(sheet, left, top, right, bottom, view)
    box = (view.x - left, view.y - top, view.x - left + view.width, view.y - top + view.height)
    edge_x, edge_y = window.shape[1], window.shape[0]
    box = (max(0.0, box[0]), max(0.0, box[1]), min(float(edge_x), box[2]), min(float(edge_y), box[3]))
    how = Image.Resampling.BILINEAR if draft else Image.Resampling.LANCZOS
    return np.asarray(Image.fromarray(window).resize((film.width, film.height), how, box=box))


def reduced(sheet: UInt8, times: int) -> UInt8:
    """A sheet ``times`` smaller by the mean of the light of each area; its right and lower edges are drawn out."""
    if times <= 1:
        return sheet
    height, width = -(-sheet.shape[0] // times), -(-sheet.shape[1] // times)
    result = np.empty((height, width, sheet.shape[2]), np.uint8)
    for top in range(0, height, _ROWS):
        rows = min(_ROWS, height - top)
        part = sheet[top * times : (top + rows) * times]
        missing = rows * times - part.shape[0], width * times - part.shape[1]
        if any(missing):
            part = np.pad(part, ((0, missing[0]), (0, missing[1]), (0, 0)), "edge")
        result[top : top + rows] = _mean(part, times)
    return result


def damped(sheet: UInt8, *, down: bool, across: bool) -> UInt8:
    """A sheet without its finest detail along the ways in which it moves, so that a slow PAN does not pulse."""
    if not (down or across):
        return sheet
    result = np.empty_like(sheet)
    for top in range(0, sheet.shape[0], _ROWS):
        # Two rows more on each side, repeated at the ends of the sheet.
        rows = np.clip(np.arange(top - 2, min(top + _ROWS, sheet.shape[0]) + 2), 0, sheet.shape[0] - 1)
        part = _premultiplied(sheet[rows]).astype(np.int32)
        part = _filtered(part, 0) if down else part[2:-2] * 16
        part = _filtered(np.pad(part, ((0, 0), (2, 2), (0, 0)), "edge"), 1) if across else part * 16
        result[top : top + _ROWS] = _straight(np.clip((part + 128) >> 8, 0, 255).astype(np.uint8))
    return result


def _whole_pixels(sheet: UInt8, view: View, film: Extent) -> UInt8 | None:
    """The picture itself, where pixels of the sheet lie on pixels of the film."""
    edges = (view.x, view.y, view.width, view.height)
    x, y, width, height = (round(edge) for edge in edges)
    near = all(abs(edge - whole) < 2e-3 for edge, whole in zip(edges, (x, y, width, height), strict=True))
    extent = extent_of(sheet)
    on_it = x >= 0 and y >= 0 and x + width <= extent.width and y + height <= extent.height
    if not (near and on_it and (width, height) == (film.width, film.height)):
        return None
    return np.ascontiguousarray(sheet[y : y + height, x : x + width])


def _window(sheet: UInt8, left: int, top: int, right: int, bottom: int, view: View) -> tuple[UInt8, int, int]:
    """A copy of the part that is looked at, and its corner; filled up only where the view itself leaves the sheet."""
    height, width = sheet.shape[:2]
    # A camera at the very edge must not see the filling: the filter is normalised there by what the sheet has.
    if view.x >= -1e-3:
        left = max(left, 0)
    if view.y >= -1e-3:
        top = max(top, 0)
    if view.x + view.width <= width + 1e-3:
        right = min(right, width)
    if view.y + view.height <= height + 1e-3:
        bottom = min(bottom, height)
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return np.ascontiguousarray(sheet[top:bottom, left:right]), left, top
    rows, columns = np.arange(top, bottom), np.arange(left, right)
    window = sheet[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    if sheet.shape[2] == 4:
        window[(rows < 0) | (rows >= height)] = 0
        window[:, (columns < 0) | (columns >= width)] = 0
    return window, left, top


def _mean(part: UInt8, times: int) -> UInt8:
    height, width = part.shape[0] // times, part.shape[1] // times
    light = linear_from_srgb8(part[..., :3])
    boxes = (height, times, width, times, -1)
    if part.shape[2] == 3:
        return srgb8_from_linear(light.reshape(boxes).mean(axis=(1, 3), dtype=np.float32))
    alpha = part[..., 3:].astype(np.float32)
    cover = alpha.reshape(boxes).mean(axis=(1, 3), dtype=np.float32)
    mixed = (light * alpha).reshape(boxes).mean(axis=(1, 3), dtype=np.float32) / np.maximum(cover, 1e-6)
    return np.concatenate([srgb8_from_linear(mixed), (cover + 0.5).astype(np.uint8)], axis=2)


def _premultiplied(part: UInt8) -> UInt8:
    """Colours weighted by their alpha: what lies under no alpha can be any colour and must not bleed."""
    return part if part.shape[2] == 3 else np.asarray(Image.fromarray(part).convert("RGBa"))


def _straight(part: UInt8) -> UInt8:
    if part.shape[2] == 3:
        return part
    # No more colour than alpha, where the filter has overshot.
    kept = np.concatenate([np.minimum(part[..., :3], part[..., 3:]), part[..., 3:]], axis=2)
    return np.asarray(Image.frombytes("RGBa", (part.shape[1], part.shape[0]), kept.tobytes()).convert("RGBA"))


def _filtered(part: Int32, axis: int) -> Int32:
    size = part.shape[axis] - len(_DAMPING) + 1
    result = np.zeros_like(part.take(range(size), axis=axis))
    for k, weight in enumerate(_DAMPING):
        result += part.take(range(k, k + size), axis=axis) * weight
    return result
