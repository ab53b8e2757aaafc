"""The last heads of drawn clouds: a materials picture says *cloud* with an oval, and the pencil draws on beyond it.

Left and right of such an oval an arc stands over the end of the cloud's foot. What lies between the two is cloud.
"""

from __future__ import annotations

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.picture.arrays import Bool, UInt8

_REACH = 0.1
"""How far a last head reaches beyond the given cloud at most, as a share of the picture's height."""
_DIPS = 0.009
"""How far a drawn foot lies above or below the given one, as a share of the picture's height."""
_STROKE = 60
"""Byte of ink from which a place is on a stroke."""
_MANY = 12
"""Clouds that are looked at, the largest first."""
_LEAST = 0.2
"""Smallest head: the square of that share of the cloud's height."""
_INWARDS = 0.12
"""How far inside the given cloud's end an arc counts, as a share of its height."""
_BEND = 0.08
"""Share of the cloud's height that an arc comes down at least, from its top to its outer end."""
_WITHIN = 9
"""Px of the square by which a head is made smaller: the line that ends it lies outside."""
_OPEN = 0.65
"""Share of the cloud's height that the gap between an arc's end and the foot's end has at most."""


def with_last_heads(materials: UInt8, ink: UInt8) -> tuple[UInt8, Bool | None]:
    """Materials (H, W) with the heads at both ends of each cloud that ``ink`` (h, w) draws beyond it.

    ``ink`` is the line picture at reduced size. Also (h, w) what of them is sure to be cloud, wherever the line that
    ends them runs exactly. Without such heads the picture itself comes back, and ``None``.
    """
    height, width = ink.shape
    # Only single pixels of a border would tell the two ways of reducing apart.
    small = np.asarray(Image.fromarray(materials).resize((width, height), Image.Resampling.NEAREST), np.uint8)
    cloud = small == Material.CLOUD
    if not cloud.any():
        return materials, None
    sky = small == Material.SKY
    heads = np.zeros(cloud.shape, bool)
    numbers, _count = mahotas.label(cloud)
    boxes = np.asarray(mahotas.labeled.bbox(numbers), np.int64).reshape(-1, 4)[1:]
    sizes = (boxes[:, 1] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 2])
    strokes, _count = mahotas.label(mahotas.dilate(ink > _STROKE, np.ones((3, 3), bool)) & sky, np.ones((3, 3), bool))
    reach, dips = round(_REACH * height), max(2, round(_DIPS * height))
    for number in (np.argsort(-sizes)[:_MANY] + 1).tolist():
        top, bottom, left, right = boxes[number - 1].tolist()
        tall = bottom - top
        # A slip of a cloud has no more inside than it is wide.
        inwards, wide = min(round(_INWARDS * tall) + 1, right - left), min(reach, right - left)
        rows = slice(max(0, top - 2), bottom + dips)
        around = rows, slice(max(0, left - 4), right + 4)
        touching = np.unique(strokes[around][mahotas.dilate(numbers[around] == number, np.ones((9, 9), bool))])
        ends = slice(right - inwards, right + wide), slice(max(0, left - wide), left + inwards)
        for columns, flip in zip(ends, (1, -1), strict=True):
            # Seen from the cloud outwards, to either side.
            view = rows, columns
            own, free, drawn = (plane[view][:, ::flip] for plane in (numbers == number, sky, strokes))
            # What goes on is a wire, or another cloud's.
            edge = np.isin(drawn, np.setdiff1d(touching, np.append(drawn[:, -1], 0)))
            heads[view] |= _last_head(own, free, edge, bottom - rows.start - dips, tall, inwards)[:, ::flip]
    if not heads.any():
        return materials, None
    # No sliver of sky is left between a head and its cloud.
    near, beside = (mahotas.dilate(mask, np.ones((5, 5), bool)) for mask in (heads, cloud))
    sure = mahotas.erode(heads | cloud, np.ones((_WITHIN, _WITHIN), bool)) & heads
    return _enlarged(materials, heads | (near & beside)), sure


def _last_head(cloud: Bool, sky: Bool, edge: Bool, foot: int, tall: int, inwards: int) -> Bool:
    """(h, w) the head at one end of a cloud, which lies at the left of what is seen and ends ``inwards`` px into it.

    ``edge`` (h, w) are the strokes that touch it, ``foot`` is the row from which they are its foot.
    """
    none = np.zeros_like(cloud)
    arc_rows, arc_columns = np.nonzero(edge[:foot])
    if len(arc_rows) == 0:
        return none
    end = int(arc_columns.max())
    outer = arc_rows[arc_columns >= end - 1].max()
    if end < inwards + 3 or outer - arc_rows[arc_columns >= inwards].min() < max(2, _BEND * tall):
        return none
    under = np.flatnonzero(edge[foot:].any(0))
    if len(under) and abs(int(under[-1]) - end) > _OPEN * tall:
        return none  # its foot goes on as a line of its own
    y, x = np.nonzero(edge | (cloud & (np.arange(cloud.shape[1]) < inwards)))
    head = _filled(y, x, cloud.shape) & sky
    return head if np.count_nonzero(head[:, inwards:]) > (_LEAST * tall) ** 2 else none


def _filled(y: NDArray[np.intp], x: NDArray[np.intp], shape: tuple[int, int]) -> Bool:
    """(h, w) convex hull of places."""
    mask = np.zeros(shape, bool)
    mask[y, x] = True
    corners = mahotas.polygon.convexhull(mask)
    if len(corners) < 3:
        return mask
    canvas = Image.new("L", shape[::-1])
    ImageDraw.Draw(canvas).polygon([(float(column), float(row)) for row, column in corners], fill=1, outline=1)
    return np.asarray(canvas, np.uint8) > 0


def _enlarged(materials: UInt8, heads: Bool) -> UInt8:
    """The materials with the heads at full size, where there is sky."""
    height, width = materials.shape
    y, _x = np.nonzero(heads)
    factor = height / heads.shape[0]
    rows = slice(max(0, int(y.min() * factor) - 4), min(height, int((y.max() + 1) * factor) + 4))
    box = (0.0, rows.start / factor, float(heads.shape[1]), min(rows.stop / factor, float(heads.shape[0])))
    soft = Image.fromarray(heads.view(np.uint8) * np.uint8(255))
    large = np.asarray(soft.resize((width, rows.stop - rows.start), Image.Resampling.BILINEAR, box=box), np.uint8)
    found = materials.copy()
    view = found[rows]
    view[(large > 127) & (view == Material.SKY)] = Material.CLOUD
    return found
