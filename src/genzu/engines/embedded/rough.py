"""AI image 1: colour, light and air on every form, with the layout's lines kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import atmosphere, lines, reflection
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import one_of, soft_edged, widened
from genzu.engines.embedded.surface import relight, veil
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import srgb8_from_linear

BACKDROP = (Material.SKY, Material.CLOUD, Material.MOUNTAIN)
"""What may be seen between leaves."""
_BETWEEN_TWIGS = (
    *BACKDROP, Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER, Material.WALL, Material.ROOF,
)  # fmt: skip
"""What may be seen between bare twigs."""
_SOFT = 3
"""Px to both sides of an edge that its softness may reach."""
_FAR = 80.0
"""Units beyond which the backdrop does not reach behind lacy materials: three times the widest blur."""
_LEAST = 4
"""Px around a tile that are finished with it: a line takes the strength of the materials beside it."""
_KEPT_PIXELS = 10_000_000
"""Pictures of more px do not keep their edges for the painting."""
_BAND = 64
"""Rows of a band."""


def in_bands(convert: Callable[[Float32], UInt8], picture: Float32) -> UInt8:
    """``convert`` (h, w, 3) band by band: what it needs in between fits the processor's cache."""
    out = np.empty(picture.shape, np.uint8)
    for top in range(0, picture.shape[0], _BAND):
        out[top : top + _BAND] = convert(picture[top : top + _BAND])
    return out


def prepare_rough(scene: Scene, workers: int = 1) -> None:
    """What tiles share beside the scene: the thumbnail that water mirrors."""
    reflection.prepare(scene, surfaces, workers)


def rough_tile(scene: Scene, tile: Bounds, margin: int) -> UInt8:
    """(h, w, 3) sRGB of one tile, the same whatever the tiling."""
    patch = Patch(scene, tile.grown(margin).clipped(scene.extent))
    # The margin is there for what reaches into the tile from without; few steps after it look around a pixel.
    finished = max(_LEAST, min(margin, round(atmosphere.reach(scene) * scene.unit)))
    near = patch.inside(tile.grown(min(margin, finished)).clipped(scene.extent))
    light = lines.drawn_in(near, surfaces(patch, near.bounds)[near.within(patch)])
    light = atmosphere.over(near, light)
    return in_bands(srgb8_from_linear, light[Patch(scene, tile).within(near)])


def surfaces(patch: Patch, wanted: Bounds | None = None) -> Float32:
    """(h, w, 3) linear light of all materials, without lines; right inside ``wanted`` only (``None`` = everywhere)."""
    wanted = patch.bounds if wanted is None else wanted
    behind = wanted.grown(round(_FAR * patch.unit))
    total = np.zeros((3, *patch.shape), np.float32)
    weights = np.zeros(patch.shape, np.float32)
    lacy: list[_Lace] = []
    backdrop: tuple[Float32, Float32] | None = None
    bare = patch.script.conditions.season is Season.WINTER and (patch.materials == Material.FOLIAGE).any()
    seen = _BETWEEN_TWIGS if bare else BACKDROP
    for index in np.unique(patch.materials):
        if backdrop is None and index not in BACKDROP and (patch.materials == Material.FOLIAGE).any():
            # By itself: what else is there is painted in ``wanted`` only, and that is another one in another tile.
            backdrop = total.copy(), weights.copy()
        painter = PAINTERS[Material(index)]
        mask = patch.mask(Material(index))
        part = patch.part(mask, margin=max(4.0, 4.0 / patch.unit))
        if part is None:
            continue
        mask = mask[part.within(patch)]
        weight = edge_of(patch, part, mask, int(index))
        whole = None if painter.by_place else painter.shade(part, mask)
        for piece in part.pieces(weight > 0, behind if index in seen else wanted):
            view, here = piece.within(part), piece.within(patch)
            surface = painter.shade(piece, mask[view]) if whole is None else whole.part(view)
            colour, share = relight(surface, piece), weight[view] * np.float32(1 / 255)
            if surface.cover is None:
                colour *= share[..., None]
                total[:, here[0], here[1]] += colour.transpose(2, 0, 1)
                weights[here] += share
            else:
                lacy.append((here, colour, share, surface.cover))
        part.forget()
    if lacy and backdrop is not None:
        _lay_lace(lacy, total, weights, (total, weights) if bare else backdrop, patch, seen)
    total /= np.maximum(weights, 1e-3)
    light = total.transpose(1, 2, 0)
    for piece in patch.pieces(np.ones(patch.shape, bool), wanted):
        view = piece.within(patch)
        light[view] = patch.script.graded(veil(light[view], piece))
    return light


def edge_of(patch: Patch, part: Patch, mask: Bool, material: int) -> UInt8:
    """0–255: the ``mask`` of a material in its part of the patch, with soft edges; rough and painting share it."""
    found = patch.scene.edges.get((patch.bounds, material))
    if found is None:
        soft = soft_edged(mask)
        if patch.scene.extent.pixels <= _KEPT_PIXELS:
            patch.scene.edges[patch.bounds, material] = part.bounds, soft
        return soft
    bounds, soft = found
    if bounds == part.bounds:
        return soft
    shared = Patch(patch.scene, bounds.intersect(part.bounds))
    edge = np.zeros(part.shape, np.uint8)
    edge[shared.within(part)] = soft[shared.within(Patch(patch.scene, bounds))]
    return edge


_Lace = tuple[tuple[slice, slice], Float32, Float32, Float32]
"""Place in the patch, colour (h, w, 3), weight (h, w) and cover (h, w) of a piece of a lacy material."""


def _lay_lace(
    lacy: list[_Lace],
    total: Float32,
    weights: Float32,
    backdrop: tuple[Float32, Float32],
    patch: Patch,
    seen: tuple[Material, ...],
) -> None:
    """Add lacy materials to the sums ((3, h, w) and (h, w)), with the backdrop (the same sums of it) in their holes.

    Of the backdrop only what is ``seen`` there counts.
    """
    around = np.zeros(patch.shape, bool)
    for view, *_ in lacy:
        around[view] = True
    part = patch.part(around, margin=_FAR)
    assert part is not None
    place = part.within(patch)
    open_ = one_of(part.materials, seen)
    if len(seen) > len(BACKDROP):  # an edge is mixed with what is painted in this tile only
        open_ &= widened((~open_).view(np.uint8), _SOFT) == 0
    shown = backdrop[1][place] * open_
    behind, known = _spread(backdrop[0][:, place[0], place[1]], shown, part)
    top, left = place[0].start, place[1].start
    for view, colour, weight, cover in lacy:
        here = tuple(slice(s.start - o, s.stop - o) for s, o in zip(view, (top, left), strict=True))
        hole = (1 - cover) * known[here]
        for c in range(3):
            plane = colour[..., c]
            total[c][view] += (plane + (behind[c][here] - plane) * hole) * weight
        weights[view] += weight


def _spread(total: Float32, weights: Float32, patch: Patch) -> tuple[Float32, Float32]:
    """The backdrop carried on behind lacy materials (normalised blur, nearest places first) and how far it reaches.

    Nothing fine is left of it, so it is made at about a third of the size, on a grid that all tiles share.
    """
    factor = max(1, round(3 * patch.unit))
    known = np.clip(weights, 0, 1)
    small = patch.reduced(known, factor)
    roots = [patch.reduced(np.sqrt(np.clip(plane, 0, 1)) * known, factor) for plane in total]
    filled, trust = [np.zeros_like(small) for _ in range(3)], np.zeros_like(small)
    for radius in (7.0, 24.0):
        reach = radius * patch.unit / factor
        near = blur(small, reach)
        share = np.clip(near * 12, 0, 1) * (1 - trust)
        gain = share / np.maximum(near, 0.02)
        for plane, root in zip(filled, roots, strict=True):
            plane += blur(root, reach) * gain
        trust += share
    behind = [patch.enlarged(plane / np.maximum(trust, 1e-3), factor) for plane in filled]
    return np.stack([plane * plane for plane in behind]), patch.enlarged(trust, factor)
