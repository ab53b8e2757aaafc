"""Conifers: pointed crowns found by their spike above the mass of foliage, and the tiers of boughs that they carry."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.lumps import Batch, grown
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import difference, gaussian, soft_bytes, widened
from genzu.engines.embedded.strokes import eighths
from genzu.picture.arrays import Bool, Float32, Int32
from genzu.picture.spires import Conifer, find_conifers

_BEFORE = 25.0
"""Units that a tree standing before a conifer ends below it."""
_UNDER = 1.8
"""How much deeper than beside a bough it is under a tier: there hardly any sky is seen."""
_TIPS_LIT = 0.4
"""Share of the light that the tips of a tier take: with all of it they are a bright hem over the dark."""
_BACK = 0.40
"""How far off the stem, in half widths of the crown there, the middle of a part is that lies behind the tiers."""
_ELSEWHERE = 0.35
"""Share of a part that lies in the cone, below which it is a wood behind the tree, if tiers were found."""
_TIERS: WeakKeyDictionary[Scene, dict[Conifer, tuple[Bool, Bool, Bool]]] = WeakKeyDictionary()
_LIES: WeakKeyDictionary[Scene, Float32] = WeakKeyDictionary()
_HEMS: WeakKeyDictionary[Scene, Float32] = WeakKeyDictionary()
_GAPS: WeakKeyDictionary[Scene, dict[Conifer, Bool]] = WeakKeyDictionary()
_STEM_HALF = 5.0
"""Units off the stem at which boughs begin."""
_HEM_INK = 26.0
"""Ink of a level line that is the hem of a tier."""
_TIER_SHADE, _SHALLOWEST, _DEEPEST = 0.62, 12.0, 64.0
"""Share of a tier that lies in the shade of the one above; units that are so at least, and at most."""
_GAP, _GAP_OFF = 0.011, 0.06
"""Size of a gap between boughs as a share of the squared height, and how far off the stem it may lie in heights."""
_BESIDE_GAPS = 3.0
"""Units around a gap in which a line is the drawn top of a tier."""
_FOUND: WeakKeyDictionary[Scene, tuple[Conifer, ...]] = WeakKeyDictionary()


def conifers(scene: Scene) -> tuple[Conifer, ...]:
    """All conifers of the picture, from the back (highest foot) to the front."""
    scene = scene.source
    if scene not in _FOUND:
        there = scene.small_materials == Material.FOLIAGE
        found = find_conifers(there, 1 / (scene.shrink * scene.unit)) if there.any() else []
        _FOUND[scene] = tuple(sorted(found, key=lambda tree: tree.bottom))
    return _FOUND[scene]


def crown_of(patch: Patch, tree: Conifer, mask: Bool) -> Bool:
    """(h, w): where this tree's crown is: its cone, and whole tiers that lie mostly in it."""
    widest = (tree.bottom - tree.top) * tree.slope * 1.9 + 24
    left, top = patch.bounds.x / patch.unit, patch.bounds.y / patch.unit
    right, bottom = patch.bounds.right / patch.unit, patch.bounds.bottom / patch.unit
    if right < tree.x - widest or left > tree.x + widest or bottom < tree.top or top > tree.bottom + 14:
        return np.zeros(patch.shape, bool)
    down = patch.y - tree.top
    off = np.abs(patch.x - tree.x)
    half, under = down * tree.slope * 1.12 + 5, down < tree.bottom - tree.top + 14
    mask = mask & under & (off < half * 1.9 + 24)
    if not mask.any():
        return mask
    cone = mask & (off < half)
    tiers, others = (patch.of_region(of) for of in (tiers_of(patch.scene, tree), others_of(patch.scene, tree)))
    return np.asarray((cone & ~others) | (mask & tiers))


def tiers_of(scene: Scene, tree: Conifer) -> Bool:
    """(n + 1,) regions that are tiers of this tree."""
    return _parts(scene, tree)[0]


def others_of(scene: Scene, tree: Conifer) -> Bool:
    """(n + 1,) regions that are another, smaller tree, which stands before the foot of this one."""
    return _parts(scene, tree)[1]


def behind_tiers(scene: Scene, tree: Conifer) -> Bool:
    """(n + 1,) regions beside the drawn tiers of this tree: boughs that are farther back, in their shade."""
    return _parts(scene, tree)[2]


def _parts(scene: Scene, tree: Conifer) -> tuple[Bool, Bool, Bool]:
    kept = _TIERS.setdefault(scene, {})
    if tree not in kept:
        kept[tree] = _sorted_out(scene, tree)
    return kept[tree]


def _sorted_out(scene: Scene, tree: Conifer) -> tuple[Bool, Bool, Bool]:
    """Three tables (n + 1,) of regions of foliage.

    First those of which more than half lies in the cone, and tips of boughs that lie close to it; then those that lie
    mostly outside and end below the tree, or of which little lies inside; last, of the first, those beside its tiers.
    """
    step = max(1, round(3 * scene.unit))
    regions = scene.reading.regions[::step, ::step]
    leafy = scene.reading.materials[::step, ::step] == Material.FOLIAGE
    y = (np.arange(regions.shape[0], dtype=np.float32)[:, None] * step) / scene.unit - tree.top
    x = (np.arange(regions.shape[1], dtype=np.float32)[None, :] * step) / scene.unit - tree.x
    above = leafy & (y < tree.bottom - tree.top + 14)
    cone = above & (np.abs(x) < y * tree.slope * 1.12 + 5)
    close = above & (np.abs(x) < y * tree.slope * 1.9 + 24)
    count = int(scene.reading.regions.max()) + 1
    inside = np.bincount(regions[cone], minlength=count)
    whole = np.bincount(regions[leafy], minlength=count)
    beside = np.bincount(regions[close], minlength=count)
    tiers = (inside > 0.5 * np.maximum(whole, 1)) | (beside > 0.9 * np.maximum(whole, 1))
    ends = scene.regions.bottom[:count] / scene.unit > tree.bottom + _BEFORE
    others = ~tiers & ends & (whole < 1.2 * cone.sum())
    if inside[tiers].sum() > 0.5 * max(int(cone.sum()), 1):
        others |= ~tiers & (inside < _ELSEWHERE * whole)
    half = np.broadcast_to(np.maximum(y, 4) * tree.slope + 5, cone.shape)
    off = np.bincount(regions[cone], (np.broadcast_to(x, cone.shape) / half)[cone], count) / np.maximum(inside, 1)
    return np.asarray(tiers), np.asarray(others), np.asarray(tiers & (np.abs(off) > _BACK))


def outwards(patch: Patch, tree: Conifer, x: Float32, y: Float32, regions: Int32) -> Float32:
    """(n,) −1…1: how far out from the stem places are, in half widths of the tier there; ``x`` and ``y`` in units."""
    table, unit = patch.scene.regions, np.float32(patch.unit)
    half = np.maximum(y - tree.top, 4) * tree.slope + 5
    left, right, top, bottom = (side[regions] / unit for side in (table.left, table.right, table.top, table.bottom))
    # A tier is drawn as a triangle, whose top is at the stem.
    holds = (left < tree.x) & (right > tree.x) & (table.material[regions] == Material.FOLIAGE)
    side = np.where(x < tree.x, tree.x - left, right - tree.x)
    own = np.clip((y - top) / np.maximum(bottom - top, 1), 0, 1) * side + _STEM_HALF
    return np.clip((x - tree.x) / np.where(holds, np.minimum(half, own), half), -1, 1).astype(np.float32)


def gaps_of(scene: Scene, tree: Conifer) -> Bool:
    """(n + 1,) small regions at the stem, where a tier's top is drawn through the one above: gaps in its boughs."""
    kept = _GAPS.setdefault(scene, {})
    if tree not in kept:
        table, size = scene.regions, (tree.bottom - tree.top) * scene.unit
        middle = (table.left + table.right) / 2 - tree.x * scene.unit
        small = (table.area > 0) & (table.area < _GAP * size * size) & (np.abs(middle) < _GAP_OFF * size)
        kept[tree] = np.asarray(small & tiers_of(scene, tree)[: len(small)] & (table.material == Material.FOLIAGE))
    return kept[tree]


def under_hems(patch: Patch) -> Float32:
    """(h, w) 0–1: how deep a place lies in the shade of the tier above it: 1 right under its hem."""
    scene = patch.scene.source
    if scene not in _HEMS:
        _HEMS[scene] = _under_hems(scene)
    return patch.scene.sample(_HEMS[scene], patch.bounds)


def _under_hems(scene: Scene) -> Float32:
    """(h, w) 0–1 at the reduced size; column by column, from one level line to the next."""
    drawn, size = scene.small_contour, scene.shrink * scene.unit
    found, levels = np.zeros(scene.small.shape, np.float32), _levels(scene)
    for tree in conifers(scene):
        view = _box(scene, tree)
        hems = np.asarray(drawn[view] * levels[view] > _HEM_INK)
        hems = mahotas.dilate(hems, np.ones((1, 2 * max(1, round(4 * size)) + 1), bool))  # the pencil skips
        rows = np.arange(hems.shape[0], dtype=np.float32)[:, None]
        above = rows - np.maximum.accumulate(np.where(hems, rows, np.float32(-1e4)), axis=0)
        below = np.minimum.accumulate(np.where(hems, rows, np.float32(1e4))[::-1], axis=0)[::-1] - rows
        reach = np.clip(_TIER_SHADE * (above + np.minimum(below, 2 * _DEEPEST * size)), _SHALLOWEST * size, None)
        shade = np.where(hems, 0, np.clip(1 - above / np.minimum(reach, _DEEPEST * size), 0, 1)).astype(np.float32)
        found[view] = np.maximum(found[view], gaussian(shade, max(0.5, 4 * size), axis=1))
    return found


def tiered(patch: Patch, tree: Conifer, share: float, salt: int) -> Batch:
    """Boughs of one size (``share`` of the crown's width at their height), the lower tiers first."""
    tall = tree.bottom - tree.top
    xs, ys, sizes, order = [], [], [], []
    step, level = 0.0, 0
    while step < tall * 1.02:
        half = tree.slope * step + 4
        radius = max(half * share * 1.15, 5.0)
        count = max(1, round(1.7 * half / radius))
        ids = np.arange(count, dtype=np.int64)
        chance = hash_unit(ids, np.full(1, level, np.int64), mix_seed(patch.script.seed, salt, int(tree.x)))
        place = (ids + 0.5 + 0.5 * (chance - 0.5)) / count * 2 - 1
        xs += list(tree.x + place * half * 0.92)
        ys += list(tree.top + step + radius * 0.18 + 0.16 * half * place * place + radius * 0.3 * (chance - 0.5))
        sizes += list(radius * (0.8 + 0.35 * chance))
        order += list(-step + 3.0 * np.abs(place) * -1)
        step += max(radius * 0.52, 5.0)
        level += 1
    n = len(xs)
    index = np.arange(n, dtype=np.int64)
    chances = [hash_unit(index, np.full(1, k, np.int64), mix_seed(patch.script.seed, salt, 7)) for k in range(4)]
    rank = np.argsort(np.asarray(order), kind="stable")
    return Batch(
        x=_place(xs, rank, patch.unit, patch.bounds.x),
        y=_place(ys, rank, patch.unit, patch.bounds.y),
        radius=_column(sizes, rank) * patch.unit,
        chance=np.stack(chances, 1)[rank],
        order=_column(order, rank),
    )


def hanging(patch: Patch, tree: Conifer) -> Float32:
    """(h, w) radians: the way in which sprays hang: down along the stem, outwards at the crown's sides."""
    side = np.clip((patch.x - tree.x) / (np.maximum(patch.y - tree.top, 10) * tree.slope + 5), -1, 1)
    return np.asarray(np.pi / 2 - 0.95 * side, np.float32)


def skirts(patch: Patch, sizes: tuple[tuple[float, float], ...]) -> Float32:
    """(h, w) −1…1 at drawn lines in needles: light on the side of what is nearer, shade on the other.

    A level line is where a tier ends: its tips are lit, and its shade falls on what is below. A steep one is the edge
    of a bough before others: light towards the stem, shade outside. ``sizes`` are pairs of reach in units and weight.
    """
    total = np.zeros(patch.shape, np.float32)
    trees = conifers(patch.scene)
    if not trees:
        return total
    near = grown(patch, 4.4 * max(size for size, _weight in sizes))
    view = patch.within(near)
    ink = np.minimum(near.contour * np.float32(1.8), 255)
    level = (ink * near.scene.sample(_levels(near.scene), near.bounds)).astype(np.uint8)
    steep = ink.astype(np.uint8) - level
    stems = np.array([tree.x for tree in trees], np.float32)[:, None]
    stem = stems[np.abs(stems - patch.x).argmin(0), 0]
    side = np.clip((stem - patch.x) / 14, -1, 1)
    for size, weight in sizes:
        reach = max(size * patch.unit, 1.0)
        step = round(0.9 * reach)
        edge = soft_bytes(steep, reach)
        inwards = side * difference(edge, step, 0)[view] + difference(edge, 0, step)[view]
        under = difference(soft_bytes(level, reach), 0, step)[view] * np.float32(_UNDER)
        under *= np.where(under > 0, np.float32(_TIPS_LIT), np.float32(1))
        total += (under - inwards) * np.float32(weight / 255)
    return np.clip(total, -1, 1, out=total)


def needled(patch: Patch) -> Bool | None:
    """(h, w): the crowns of conifers; ``None`` if none is here."""
    if not conifers(patch.scene):
        return None
    found = patch.formed(_crowns)[0]
    return found if found.any() else None


def outline_of(patch: Patch, needles: Bool) -> Bool:
    """(h, w): needles right beside something else, be it the leaves of another tree."""
    return np.asarray(widened((~needles).view(np.uint8), max(2, round(5 * patch.unit))) & needles, bool)


def rim_of(patch: Patch, needles: Bool) -> Bool:
    """(h, w): needles where a line ends no tier: at their outline, and in a tier along the top of the next one."""
    rim, gaps = outline_of(patch, needles), np.zeros(len(patch.scene.regions.area), bool)
    for tree in conifers(patch.scene):
        gaps |= gaps_of(patch.scene, tree)
    if gaps.any():
        reach = max(1, round(_BESIDE_GAPS * patch.unit))
        near = widened(patch.of_region(gaps).view(np.uint8), reach) > 0
        # Its lower edge is the hem of the tier that it is in.
        rim[: -2 * reach] |= near[2 * reach :] & needles[: -2 * reach]
    return rim


def _crowns(patch: Patch, _mask: Bool) -> list[Bool]:
    leafy = patch.materials == Material.FOLIAGE
    found = np.zeros(patch.shape, bool)
    for tree in conifers(patch.scene):
        found |= crown_of(patch, tree, leafy)
    return [found]


def _box(scene: Scene, tree: Conifer) -> tuple[slice, slice]:
    """Rows and columns of the reduced size that a tree may take, and a few more."""
    size, wide = scene.shrink * scene.unit, (tree.bottom - tree.top) * tree.slope * 1.9 + 36
    top, left = max(int((tree.top - 12) * size), 0), max(int((tree.x - wide) * size), 0)
    return slice(top, int((tree.bottom + 26) * size) + 1), slice(left, int((tree.x + wide) * size) + 1)


def _levels(scene: Scene) -> Float32:
    """(h, w) 0–1 at the reduced size: how level the drawn line nearby is."""
    return np.clip((-_lies(scene)[..., 0] - np.float32(0.62)) / np.float32(0.22), 0, 1)


def across_lines(patch: Patch, rows: Int32, columns: Int32) -> tuple[Float32, Float32]:
    """(n,) each: cosine and sine of twice the angle at which the drawn line near these places is crossed."""
    lies = patch.scene.sample(_lies(patch.scene), patch.bounds)[rows, columns]
    return lies[..., 0], lies[..., 1]


def _lies(scene: Scene) -> Float32:
    """(h, w, 2) −1…1 at the reduced size: how drawn lines lie, from the tensor of their gradients."""
    scene = scene.source  # a thumbnail's pencil would tell something else, if it were the first to ask
    if scene not in _LIES:
        lies, drawn = np.zeros((*scene.small.shape, 2), np.float32), scene.small_contour
        for tree in conifers(scene):
            view = _box(scene, tree)
            ink = soft_bytes(np.ascontiguousarray(drawn[view]), 1.0)
            down, across = (np.asarray(slope, np.float32) for slope in np.gradient(np.asarray(ink, np.float32)))
            xx, yy, xy = (gaussian(plane, 2.5) for plane in (across * across, down * down, across * down))
            sure = np.maximum(np.sqrt((yy - xx) ** 2 + 4 * xy * xy), 1e-3)
            lies[view] = np.stack([(xx - yy) / sure, 2 * xy / sure], -1)
        _LIES[scene] = lies
    return _LIES[scene]


def _column(values: list[float], rank: NDArray[np.intp]) -> Float32:
    return np.asarray(values, np.float32)[rank]


def _place(values: list[float], rank: NDArray[np.intp], unit: float, origin: int) -> Float32:
    return (eighths(np.asarray(values, np.float64)[rank] * unit) - origin).astype(np.float32)
