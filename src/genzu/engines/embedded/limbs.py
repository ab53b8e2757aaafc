"""Limbs and twigs of bare trees as paint: tapering and turned to the light, with snow on what lies level.

They are drawn several times larger and reduced, in squares of the world, so that each tile has the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded.boughs import Boughs
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_linear

Float64 = NDArray[np.float64]
_SIDE, _FINE = 256, 3
"""Px of a square's side, and how many times larger it is drawn."""
_ROUND = 3.2
"""Units of width from which a limb has a lit side."""
_BROAD = 7.0
"""Units of width from which its bark is seen."""
_LEVEL = 0.45
"""Least share of a limb's way that is level, if snow lies on it."""
_THIN, _BENT = 0.62, 0.72
"""Opacity of twigs, and of those that lie where a line is drawn."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is drawn, in its order."""

    corners: Float64
    """(n, 6, 2) in units; of fewer the last is repeated."""
    ink: UInt8
    """(n, 4) opacity, paleness, tone, snow."""


def painted(patch: Patch, canvas: Float32, boughs: Boughs, air: Float32) -> None:
    """Paint them over the (h, w, 3) OKLab canvas; ``air`` (h, w) multiplies the haze of their distance."""
    marks = _marks(boughs, patch)
    if len(marks.ink) == 0:
        return
    script, light = patch.script, patch.light
    wood = script.local(Material.TRUNK, int(script.seed % 3)) * np.float32(0.85)
    shades = [wood * (light.ambient * np.float32(a) + light.key * np.float32(k)) for a, k in ((0.58, 0.14), (1.0, 0.8))]
    white = np.full(3, 0.86, np.float32) * (light.ambient * np.float32(0.85) + light.key * np.float32(0.5))
    dark, lit, snow, haze = (oklab_from_linear(script.graded(of[None]))[0] for of in (*shades, white, script.haze))
    for view, drawn in _squares(patch, marks):
        rows, columns = np.nonzero(drawn[..., 0])
        if len(rows) == 0:
            continue
        values = drawn[rows, columns].astype(np.float32)
        opaque = values[:, :1] * np.float32(1 / 255)
        share = values[:, 1:] / values[:, :1]  # of what is opaque there
        rows, columns = rows + view[0], columns + view[1]
        depth = patch.depth[rows, columns]
        far = air_share(depth, script.haze_density * air[rows, columns], script.haze_density)[:, None]
        colour = dark + (lit - dark) * share[:, 1:2]
        colour += (snow - colour) * share[:, 2:3]
        colour += (haze - colour) * far
        before = canvas[rows, columns]
        opaque *= 1 - np.float32(0.75) * share[:, :1]
        canvas[rows, columns] = before + (colour - before) * opaque


def _marks(boughs: Boughs, patch: Patch) -> _Marks:
    snowy = patch.script.snow > 0.5
    limbs, tree = boughs.limbs.astype(np.float64), boughs.tree
    begin, end, first, last = limbs[:, :2], limbs[:, 2:4], limbs[:, 4], limbs[:, 5]
    way = end - begin
    long = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-6)
    along = way / long[:, None]
    normal = np.stack([-along[:, 1], along[:, 0]], 1)
    # Over its own end by a little: joints are closed.
    ends = begin - along * (0.30 * first)[:, None], end + along * (0.30 * last)[:, None]
    tone = boughs.tone[tree]
    pale = (boughs.pale[tree] * 255).astype(np.uint8)
    thin = np.clip(1 - last / 9, 0, 1)
    body = np.stack(
        [np.where(boughs.bent, 255 * _BENT, 238), pale, np.clip(46 + 70 * thin + 34 * tone, 0, 255), 0 * pale], 1
    )
    parts, inks, keys = [_quads(*ends, first, last, normal)], [body], [np.stack([tree, 1 + last * 0, last], 1)]
    towards = np.array(patch.light.towards)
    side = np.where(normal @ towards > 0, 1.0, -1.0)
    turned = np.abs(normal @ towards) / max(float(np.hypot(*towards)), 1e-6)
    stout = (last > _ROUND) & (turned > 0.25)
    if stout.any():
        off = (side * 0.24)[stout, None] * normal[stout]
        quads = _quads(
            ends[0][stout] + off * first[stout, None], ends[1][stout] + off * last[stout, None], 0.42 * first[stout],
            0.42 * last[stout], normal[stout],
        )  # fmt: skip
        parts.append(quads)
        inks.append(
            np.stack(
                [np.full(stout.sum(), 225), pale[stout], np.clip(128 + 40 * tone[stout], 0, 255), 0 * pale[stout]], 1
            )
        )
        keys.append(np.stack([tree[stout], np.full(stout.sum(), 1.0), last[stout] + 0.01], 1))
    broad = last > _BROAD
    for place, shade in ((-0.30, -34.0), (-0.02, 22.0), (0.36, -26.0)):  # bark
        if broad.any():
            wide = first[broad], last[broad]
            off = (place * side[broad] * -1)[:, None] * normal[broad]
            parts.append(_quads(begin[broad] + off * wide[0][:, None], end[broad] + off * wide[1][:, None],
                                0.13 * wide[0], 0.05 * wide[1], normal[broad]))  # fmt: skip
            tones = np.clip((128 if place > 0.2 else 60) + shade + 30 * tone[broad], 0, 255)
            inks.append(np.stack([np.full(len(tones), 190), pale[broad], tones, 0 * tones], 1))
            keys.append(np.stack([tree[broad], np.full(len(tones), 1.0), last[broad] + 0.02], 1))
    if snowy:
        level = (np.abs(along[:, 0]) > _LEVEL) & (last > 1.0)
        up = np.where(normal[:, 1] < 0, 1.0, -1.0)[level, None] * normal[level]
        lies = np.minimum(0.30 * last[level] + 0.5, 3.4) * (0.6 + 0.6 * np.abs(along[level, 0]))
        at = up * (0.5 * (first + last)[level] / 2 - 0.15 * lies)[:, None]
        parts.append(_quads(begin[level] + at, end[level] + at, lies, lies * 0.8, normal[level]))
        inks.append(np.tile([235, 0, 200, 235], (level.sum(), 1)))
        inks[-1][:, 1] = pale[level]
        keys.append(np.stack([tree[level], np.full(level.sum(), 2.0), last[level]], 1))
    twigs = boughs.twigs.astype(np.float64)
    pale = (boughs.pale[boughs.tree_of_twig] * 255).astype(np.uint8)
    tone = boughs.tone[boughs.tree_of_twig]
    begin, bend, end, width = twigs[:, :2], twigs[:, 2:4], twigs[:, 4:6], twigs[:, 6:]
    way = end - begin
    along = way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-6)[:, None]
    off = 0.5 * width * np.stack([-along[:, 1], along[:, 0]], 1)
    parts.append(
        np.stack([begin + off, bend + 0.8 * off, end + 0.4 * off, end - 0.4 * off, bend - 0.8 * off, begin - off], 1)
    )
    snow = (90 * np.abs(along[:, 0]) + 50) * snowy
    inks.append(np.stack([np.full(len(pale), 255 * _THIN), pale, np.clip(105 + 45 * tone, 0, 255), snow], 1))
    keys.append(np.stack([boughs.tree_of_twig, 0 * tone, 0 * tone], 1))
    key = np.concatenate(keys)
    order = np.lexsort((key[:, 2], key[:, 1], key[:, 0]))
    ink = np.concatenate(inks)[order]
    ink[:, 1:] *= ink[:, :1] / 255
    return _Marks(np.concatenate(parts)[order], np.rint(ink).astype(np.uint8))


def _quads(begin: Float64, end: Float64, first: Float64, last: Float64, normal: Float64) -> Float64:
    one, two = normal * (first / 2)[:, None], normal * (last / 2)[:, None]
    return np.stack([begin + one, end + two, end - two, begin - one, begin - one, begin - one], 1)


def _squares(patch: Patch, marks: _Marks) -> Iterator[tuple[tuple[int, int], UInt8]]:
    """Row and column in the patch of each piece, and its (h, w, 4) opacity and, times that, the rest."""
    corners = marks.corners * patch.unit
    low, high = corners.min(1), corners.max(1)
    bounds = patch.bounds
    inside = (
        (high[:, 0] >= bounds.x) & (high[:, 1] >= bounds.y) & (low[:, 0] <= bounds.right) & (low[:, 1] <= bounds.bottom)
    )
    corners, low, high, ink = corners[inside], low[inside], high[inside], marks.ink[inside]
    for top in range(bounds.y // _SIDE * _SIDE, bounds.bottom, _SIDE):
        level = (high[:, 1] >= top) & (low[:, 1] <= top + _SIDE)
        for left in range(bounds.x // _SIDE * _SIDE, bounds.right, _SIDE):
            here = np.flatnonzero(level & (high[:, 0] >= left) & (low[:, 0] <= left + _SIDE))
            if len(here) == 0:
                continue
            square = Bounds(left, top, _SIDE, _SIDE).intersect(bounds)
            picture = Image.new("CMYK", (_SIDE * _FINE, _SIDE * _FINE))
            pen = ImageDraw.Draw(picture)
            flat = ((corners[here] - (left, top)) * _FINE).reshape(-1, 12).tolist()
            for place, colour in zip(flat, ink[here].tolist(), strict=True):
                pen.polygon(place, fill=tuple(colour))
            values = np.asarray(picture.reduce(_FINE))
            yield (
                (square.y - bounds.y, square.x - bounds.x),
                values[square.y - top : square.bottom - top, square.x - left : square.right - left],
            )
