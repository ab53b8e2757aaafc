"""AI image 2: the rough painted over with brushes, region by region, as with frisket and poster colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded import atmosphere, growth, lines, twigs
from genzu.engines.embedded.borders import REACH, carried_on, smooth_edged
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, widened
from genzu.engines.embedded.rough import edge_of, in_bands
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import boxes_of, one_of, reach_of
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_srgb8, srgb8_from_oklab
from genzu.picture.memory import give_back

_CLEAN = 7
"""Byte of ink up to which paper counts as clean: 0.03."""
_SEEN = 16
"""Byte of blurred mask up to which too little paint is in reach: of less, bytes keep no colour but specks."""
_REACHES = (2.0, 6.0)
"""Units in which paint is looked for, the nearest first."""
_CARRIED = 8.0
"""Units that paint is carried on under a line, region by region."""
_SIDE = 128
"""Units of a side of the squares in which paint is looked for, if any is missing there."""
_BUILT = (Material.WALL, Material.ROOF, Material.CLOTH, Material.WINDOW, Material.WOOD, Material.METAL)
_POLES = (Material.WOOD, Material.METAL)
_VAPOUR = (Material.CLOUD, Material.SKY)
"""These go over into each other: their border is no cut."""
_SOFT_EDGES = 8.0
"""Units around clouds in which paint under a line is a mixture of both sides."""
_NEAR = 80.0
"""Units around a tile that are finished with it: drawn lines look so far around them."""


def painting_tile(scene: Scene, rough: UInt8, tile: Bounds, margin: int) -> UInt8:
    """(h, w, 3) sRGB of one tile, the same whatever the tiling."""
    patch = Patch(scene, tile.grown(margin).clipped(scene.extent))
    base = _oklab_planes(without_lines(patch, rough[patch.bounds.slices]))
    twigs.seen_through(patch, base, rough)
    finished = min(margin, round(max(_NEAR, atmosphere.reach(scene)) * scene.unit))
    near = patch.inside(tile.grown(finished).clipped(scene.extent))
    total = np.zeros((3, *near.shape), np.float32)
    weights = np.zeros(near.shape, np.float32)
    for index in np.unique(patch.materials):
        painter = PAINTERS[Material(index)]
        mask = patch.mask(Material(index))
        part = patch.part(mask, margin=painter.reach)
        if part is None:
            continue
        view = part.within(patch)
        mask = mask[view]
        canvas = base[view].copy(order="K")
        painter.brushwork(part, base[view], canvas, mask)
        if index in _VAPOUR:
            weight = edge_of(patch, part, mask, int(index))
        else:
            weight = smooth_edged(mask)
            carried_on(canvas, mask, weight > 0, REACH)
        for piece in part.pieces(weight > 0, near.bounds):
            there, here = piece.within(part), piece.within(near)
            if painter.finish is not None:
                painter.finish(piece, base[piece.within(patch)], canvas[there])
            share = weight[there] * np.float32(1 / 255)
            total[:, here[0], here[1]] += canvas[there].transpose(2, 0, 1) * share
            weights[here] += share
        del canvas
        give_back(scene.extent)  # of a long sheet: what each material leaves free would add up
    total /= np.maximum(weights, 1e-3)
    del base, weights
    growth.over_edges(near, total.transpose(1, 2, 0))
    give_back(scene.extent)
    painted = lines.traced(near, total.transpose(1, 2, 0))
    painted = atmosphere.fresh(near, painted)
    return in_bands(srgb8_from_oklab, painted[Patch(scene, tile).within(near)])


def _oklab_planes(picture: UInt8) -> Float32:
    """(h, w, 3) OKLab; in memory plane by plane, for strokes are laid faster on that."""
    planes = np.empty((3, *picture.shape[:2]), np.float32)
    for top in range(0, picture.shape[0], 64):
        planes[:, top : top + 64] = oklab_from_srgb8(picture[top : top + 64]).transpose(2, 0, 1)
    return planes.transpose(1, 2, 0)


def without_lines(patch: Patch, rough: UInt8) -> UInt8:
    """The rough with its pencil lines healed from the paint beside them: each thing's own, up to its border."""
    drawn = ((patch.contour > _CLEAN) & ~patch.sparks).view(np.uint8)
    known = widened(drawn, max(1, round(2 * patch.unit))) == 0
    healed = rough.copy()
    # Between the two sides of a pole nothing is clear of them: there all that bears no ink is its paint.
    seeds = known | (one_of(patch.materials, _POLES) & (drawn == 0))
    clouds = (patch.materials == Material.CLOUD).view(np.uint8)
    hard = widened(clouds, round(_SOFT_EDGES * patch.unit)) == 0
    # What is built has a colour of its own, thing by thing; in nature one goes over into the other.
    built = one_of(patch.materials, _BUILT)
    things = np.where(built, patch.regions + np.int32(len(Material)), patch.materials)
    reached = carried_on(healed, seeds, ~known & hard, round(_CARRIED * max(patch.unit, 1.0)), things)
    _heal(healed, reached, patch.unit)
    return healed


def _heal(picture: UInt8, known: Bool, unit: float) -> None:
    """Fill what is not ``known`` from the nearest known paint, whatever it is, in place.

    ``picture`` (h, w, 3) and ``known`` (h, w) lie in memory without gaps.
    """
    flat, width = picture.reshape(-1, 3), known.shape[1]
    for radius in _REACHES:
        reach = radius * max(unit, 0.5)
        filled = ImageFilter.GaussianBlur(reach)
        pad, side = reach_of(reach), round(_SIDE * max(unit, 1.0))
        missing = ~known
        found: list[tuple[NDArray[np.intp], Float32]] = []
        for rows, columns in boxes_of(missing, side):
            top, left = max(rows.start - pad, 0), max(columns.start - pad, 0)
            around = slice(top, rows.stop + pad), slice(left, columns.stop + pad)
            seen = Image.fromarray(_weighed(picture[around], known[around])).filter(filled)
            soft = np.asarray(seen)[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
            y, x = np.nonzero(missing[rows, columns] & (soft[..., 3] > _SEEN))
            paint = soft[y, x]
            share = paint[:, 3:] * np.float32(1 / 255)
            value = np.minimum(paint[:, :3] / share + np.float32(0.5), 255)
            found.append(((y + rows.start) * width + (x + columns.start), value))
        for place, value in found:
            flat[place] = value
            known.ravel()[place] = True


def _weighed(picture: UInt8, known: Bool) -> UInt8:
    """(h, w, 4): the picture, black where it is not ``known``, and 255 where it is: one filter blurs all four."""
    planes = np.empty((*known.shape, 4), np.uint8)
    np.multiply(known.view(np.uint8), np.uint8(255), out=planes[..., 3])
    for c in range(3):
        np.bitwise_and(picture[..., c], planes[..., 3], out=planes[..., c])
    return planes
