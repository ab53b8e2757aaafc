"""The space that a picture shows: its horizon, and how far away everything stands."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Float32, Int32, UInt8
from genzu.picture.snap import connected

DEPTH_HEIGHT = 540
"""Rows of a depth map at most."""
GROUND = (Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER)
BUILT = (
    Material.WALL, Material.ROOF, Material.WINDOW, Material.WOOD, Material.METAL, Material.CLOTH, Material.GLOW,
)  # fmt: skip
FARTHEST_GROUND, FAR_WOODS, FAR_MOUNTAIN, FAR_CLOUD, SKY = 228, 234, 244, 252, 255
"""Depth of the ground at the horizon and of what stands behind it."""
HANGING = 70
"""Depth of boughs that hang into the picture from above."""

_A_TREE, _ENCLOSED = 200, 0.6
"""Depth up to which leaves are a tree's and no wood's, and share of an outline along which they must meet it."""
_NOTCH = 0.035
"""Half the width, as a share of the picture's height, up to which a part of a built thing does not stand apart."""
_NEAREST_SHARE = 0.015
"""Ground closer to the horizon than this share of the way down counts as lying on it."""


def horizon_row(materials: UInt8, ink: UInt8) -> float:
    """Row of the horizon in pixels of ``materials`` (H, W); ``ink`` (H, W) is the line picture.

    In this order: where water ends in a level line; where the receding lines of built things meet; where the
    ground ends in a level line; just above the highest ground. Without any ground: 0.6 of the height.
    """
    height = materials.shape[0]
    step = max(1, height // DEPTH_HEIGHT)
    small, lines = materials[::step, ::step], ink[::step, ::step]
    level = _level_end(small, (Material.WATER,))
    if level is None and np.isin(small, (Material.WALL, Material.ROAD)).mean() > 0.35:
        level = vanishing_row(lines)
    if level is None:
        level = _level_end(small, GROUND)
    if level is None:
        level = _top_of_ground(small)
    return float(np.clip((level + 0.5) * step, -0.5 * height, 1.5 * height))


def _level_end(materials: UInt8, ground: tuple[Material, ...]) -> float | None:
    """Row where ``ground`` ends against what is far, if it does so at one height over a good part of the width."""
    is_ground = np.isin(materials, ground)
    far = np.isin(materials, (Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.FOLIAGE, Material.ROCK))
    rows = np.nonzero(is_ground[1:] & far[:-1])[0] + 1
    height, width = materials.shape
    if rows.size < 0.12 * width:
        return None
    reach = max(1, round(0.008 * height))
    counts = np.bincount(rows, minlength=height)
    near = np.convolve(counts, np.ones(2 * reach + 1), "same")
    best = int(np.argmax(near))
    if near[best] < 0.22 * width or best > 0.72 * height:
        return None
    window = slice(max(0, best - reach), best + reach + 1)
    return float(np.average(np.arange(height)[window], weights=counts[window]))


def vanishing_row(ink: UInt8) -> float | None:
    """Row of the point where most oblique lines meet, by an accumulator over a coarse grid; ``None`` if unclear.

    Every oblique ink pixel votes along its line (direction from the structure tensor, Bigün & Granlund 1987).
    """
    height, width = ink.shape
    y, x, slope = oblique_lines(ink)
    if y.size < 60:
        return None
    columns = np.linspace(-0.2 * width, 1.2 * width, 57)
    cell = height / 60
    rows = y[:, None] + slope[:, None] * (columns[None, :] - x[:, None])
    bins = np.floor(rows / cell).astype(np.intp) + 30
    valid = (bins >= 0) & (bins < 120) & (np.abs(columns[None, :] - x[:, None]) > 0.06 * width)
    grid = np.zeros((120, columns.size))
    np.add.at(grid, (bins[valid], np.nonzero(valid)[1]), 1.0)
    smooth = grid[:-2] + 2 * grid[1:-1] + grid[2:]
    row, column = divmod(int(np.argmax(smooth)), smooth.shape[1])
    if smooth[row, column] < 0.24 * y.size or column in (0, columns.size - 1):
        return None
    return _meeting_row(y, x, slope, float(columns[column]), (row + 1.5 - 30) * cell, 2 * cell)


def _meeting_row(y: Float32, x: Float32, slope: Float32, px: float, py: float, reach: float) -> float:
    """Row of the point nearest to the lines that pass (px, py) within a shrinking reach.

    Lines below the point decide where there are enough: what stands on the ground is drawn with more care than
    roofs and wires. Solves cy − slope·cx = y − slope·x by least squares.
    """
    for share in (2.0, 1.5, 1.0, 0.7, 0.5):
        near = np.abs(y + slope * (px - x) - py) / np.hypot(1, slope) < share * reach
        low = near & (y > py + reach)
        near = low if np.count_nonzero(low) > 0.2 * np.count_nonzero(near) else near
        if np.count_nonzero(near) < 20:
            break
        model = np.stack([np.ones(int(near.sum())), -slope[near].astype(np.float64)], axis=1)
        found = np.linalg.lstsq(model, (y - slope * x)[near].astype(np.float64), rcond=None)[0]
        py, px = float(found[0]), float(found[1])
    return py


def oblique_lines(ink: UInt8) -> tuple[Float32, Float32, Float32]:
    """Rows, columns and slopes (dy/dx) of ink pixels on straight oblique strokes; at most about 4,000 of them."""
    image = _blur(ink.astype(np.float32), 1)
    gy, gx = np.asarray(np.gradient(image), np.float32)
    xx, yy, xy = (_blur(np.asarray(part), 4) for part in (gx * gx, gy * gy, gx * gy))
    energy = xx + yy
    coherence = np.hypot(xx - yy, 2 * xy) / np.maximum(energy, 1e-3)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2  # along the stroke
    tilt = np.abs(np.sin(angle))
    chosen = (ink > 90) & (coherence > 0.75) & (tilt > 0.17) & (tilt < 0.94)
    y, x = np.nonzero(chosen)
    every = max(1, y.size // 4000)
    y, x = y[::every], x[::every]
    slope = np.tan(angle[y, x])
    return y.astype(np.float32), x.astype(np.float32), slope.astype(np.float32)


def _blur(plane: NDArray[np.floating], radius: int) -> Float32:
    """Two box filters of 2·radius + 1, zero outside."""
    out = np.asarray(plane, np.float64)
    for axis in (0, 1, 0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (radius + 1, radius)
        total = np.cumsum(np.pad(out, pad), axis=axis)
        size = 2 * radius + 1
        out = (total[size:] - total[:-size]) if axis == 0 else (total[:, size:] - total[:, :-size])
        out /= size
    return out.astype(np.float32)


def _top_of_ground(materials: UInt8) -> float:
    """Just above the highest ground, not counting the highest fifth of its columns."""
    ground = np.isin(materials, GROUND)
    covered = ground.any(axis=0)
    if not covered.any():
        return 0.6 * materials.shape[0]
    tops = np.argmax(ground, axis=0)[covered]
    return float(np.percentile(tops, 20)) - 0.01 * materials.shape[0]


def depth_map(materials: UInt8, regions: Int32, horizon: float) -> UInt8:
    """Distance from the camera: (h, w) uint8 at most :data:`DEPTH_HEIGHT` rows; 0 = at the camera, 255 = sky.

    ``materials`` and ``regions`` (H, W), ``horizon`` a row in full-size pixels. The scale is the logarithm of the
    distance: ground at row y lies 1/(y − horizon) away. What stands takes the distance of its foot: built things
    column by column (a wall may recede), trees from their trunk, everything else from its lowest point.
    """
    step = max(1, -(-materials.shape[0] // DEPTH_HEIGHT))
    small, parts = materials[step // 2 :: step, step // 2 :: step], regions[step // 2 :: step, step // 2 :: step]
    plane = _ground_depth(small.shape[0], horizon / step)
    depth = np.broadcast_to(plane[:, None], small.shape).copy()
    depth[small == Material.MOUNTAIN] = FAR_MOUNTAIN
    _stand_built(depth, small, plane)
    _stand_trees(depth, small, parts, plane)
    _stand_rocks(depth, small, parts, plane)
    depth[small == Material.CLOUD] = FAR_CLOUD
    depth[small == Material.SKY] = SKY
    return np.clip(np.round(depth), 0, 255).astype(np.uint8)


def _ground_depth(rows: int, horizon: float) -> Float32:
    """(rows,) depth of the ground: 0 at the lower edge, logarithmic in the distance, FARTHEST_GROUND at the horizon."""
    below = max(rows - horizon, 0.05 * rows)
    near = np.clip((np.arange(rows) + 0.5 - horizon) / below, _NEAREST_SHARE, 1)
    return (FARTHEST_GROUND * np.log(near) / np.log(_NEAREST_SHARE)).astype(np.float32)


def _stand_built(depth: Float32, materials: UInt8, plane: Float32) -> None:
    """Give built things, column by column, the depth of the ground that they stand on."""
    built = np.isin(materials, BUILT)
    if not built.any():
        return
    bodies = connected(built.astype(np.uint8))
    foot = np.zeros_like(built)
    # Eaves and awnings hang over the ground; they do not stand on it.
    stands = built & ~np.isin(materials, (Material.ROOF, Material.CLOTH, Material.WINDOW))
    foot[:-1] = stands[:-1] & np.isin(materials[1:], (*GROUND, Material.ROCK))
    foot[-1] = stands[-1]
    count, width = int(bodies.max()) + 1, built.shape[1]
    lowest = np.full((count, width), -1, np.int32)
    y, x = np.nonzero(foot)
    np.maximum.at(lowest, (bodies[y, x], x), y)
    bottom = np.zeros(count, np.int32)
    yb, xb = np.nonzero(built)
    np.maximum.at(bottom, bodies[yb, xb], yb)
    columns = np.arange(width)
    for body in np.unique(bodies[built]):
        known = lowest[body] >= 0
        if known.any():
            lowest[body] = np.round(np.interp(columns, columns[known], lowest[body][known]))
            wide = slice(int(known.argmax()), width - int(known[::-1].argmax()))
            lowest[body, wide] = _without_notches(lowest[body, wide], max(1, round(_NOTCH * built.shape[0])))
        else:  # hidden behind something, or in the air: as far as its lowest point would be
            lowest[body] = bottom[body]
    rows = lowest[bodies[yb, xb], xb]
    depth[yb, xb] = plane[rows]


def _without_notches(feet: Int32, reach: int) -> Int32:
    """(w,) rows of the feet of one body by column, without parts up to twice ``reach`` wide that end higher.

    There something stands before the foot (a bush, a box), and what is seen to end on the ground is another thing's.
    """
    for pick, value in (np.max, -1), (np.min, np.iinfo(np.int32).max):
        framed = np.pad(feet, reach, constant_values=value)
        feet = pick(np.lib.stride_tricks.sliding_window_view(framed, 2 * reach + 1), axis=1)
    return feet


def _stand_trees(depth: Float32, materials: UInt8, regions: Int32, plane: Float32) -> None:
    """Trunks stand where they end; a crown stands with its trunk, other foliage at its lowest point or far away."""
    trunk, crown = materials == Material.TRUNK, materials == Material.FOLIAGE
    if not (trunk.any() or crown.any()):
        return
    lowest, left, right = _boxes(regions)
    trunk_ids = np.unique(regions[trunk])
    crowns = np.zeros(lowest.size, bool)
    crowns[np.unique(regions[crown])] = True
    held: dict[int, int] = {}
    above, below, length = _touching(regions, crown, trunk, _ABOVE)
    for part, holder, wide in zip(above, below, length, strict=True):
        if wide > 0.4 * (right[holder] - left[holder]):  # on the trunk, not merely beside it
            held[int(part)] = max(held.get(int(part), 0), int(lowest[holder]))
    pairs = list(zip(*_touching(regions, crown, crown, (*_ABOVE, *_BESIDE))[:2], strict=True))
    _hold_parts(held, pairs, left, right)
    for part in np.flatnonzero(crowns):
        if int(part) not in held and plane[lowest[part]] < FARTHEST_GROUND - 6:
            held[int(part)] = int(lowest[part])
    _hold_parts(held, pairs, left, right)
    value = np.full(lowest.size, FAR_WOODS, np.float32)
    value[trunk_ids] = plane[lowest[trunk_ids]]
    behind = _behind_built(depth, materials, regions, crown)
    for part, distance in behind.items():
        value[part] = min(distance, FAR_WOODS)
    hanging = _hanging(regions, crown, lowest, plane)
    value[[part for part in hanging if part not in behind]] = HANGING
    for part, foot in held.items():
        value[part] = plane[foot]
    _among_others(value, regions, [int(part) for part in np.flatnonzero(crowns) if value[part] == FAR_WOODS])
    where = trunk | crown
    depth[where] = value[regions[where]]


def _among_others(value: Float32, regions: Int32, far: list[int]) -> None:
    """What seems far and yet is enclosed by the leaves of a near tree is a cluster of it; ``value`` by region id."""
    if not far:
        return
    pairs: list[tuple[Int32, Int32]] = []
    for here, beside in ((regions[:, :-1], regions[:, 1:]), (regions[:-1], regions[1:])):
        meet = here != beside  # few do: nothing else of a long sheet is held twice
        pairs += [(here[meet], beside[meet]), (beside[meet], here[meet])]
    one, other = (np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
    among = np.isin(one, far)
    one, other = one[among], other[among]
    for _ in range(3):  # a cluster may be enclosed by others of the kind
        changed = False
        for part in [part for part in far if value[part] == FAR_WOODS]:
            around = other[one == part]
            near = around[value[around] < _A_TREE]
            if len(near) > _ENCLOSED * len(around):
                value[part] = value[np.bincount(near).argmax()]
                changed = True
        if not changed:
            return


def _behind_built(depth: Float32, materials: UInt8, regions: Int32, crown: Bool) -> dict[int, float]:
    """Crowns whose foot is hidden by a wall or a roof stand a little behind it: region → depth."""
    built = np.isin(materials, BUILT)
    found: dict[int, list[float]] = {}
    meet = crown[:-1] & built[1:]
    for part, distance in zip(regions[:-1][meet].tolist(), depth[1:][meet].tolist(), strict=True):
        found.setdefault(part, []).append(distance)
    return {part: float(np.median(all_)) + 12 for part, all_ in found.items() if len(all_) >= 6}


def _hanging(regions: Int32, crown: Bool, lowest: NDArray[np.intp], plane: Float32) -> list[int]:
    """Crowns that come in over the upper edge and end above the horizon: boughs of a tree beside the camera."""
    at_the_top = np.unique(regions[:2][crown[:2]])
    far = FARTHEST_GROUND - 1
    return [int(part) for part in at_the_top if plane[lowest[part]] >= far]


def _hold_parts(
    held: dict[int, int], pairs: list[tuple[int, int]], left: NDArray[np.intp], right: NDArray[np.intp]
) -> None:
    """Let parts that lie within the width of a held part, and touch it, stand where that one stands."""
    for _ in range(5):
        for part, holder in pairs:
            spare = 0.15 * (right[holder] - left[holder])
            inside = left[part] >= left[holder] - spare and right[part] <= right[holder] + spare
            if inside and int(holder) in held and int(part) not in held:
                held[int(part)] = held[int(holder)]


def _stand_rocks(depth: Float32, materials: UInt8, regions: Int32, plane: Float32) -> None:
    """Rocks stand at their lowest point."""
    rock = materials == Material.ROCK
    if rock.any():
        lowest, _, _ = _boxes(regions)
        depth[rock] = plane[lowest[regions[rock]]]


def _boxes(regions: Int32) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Lowest row, leftmost and rightmost column of each region."""
    count = int(regions.max()) + 1
    lowest, left, right = np.zeros(count, np.intp), np.full(count, regions.shape[1]), np.zeros(count, np.intp)
    for row in range(regions.shape[0]):
        lowest[regions[row]] = row
    for column in range(regions.shape[1]):
        right[regions[:, column]] = column
    for column in range(regions.shape[1] - 1, -1, -1):
        left[regions[:, column]] = column
    return lowest, left, right


_ABOVE = ((np.s_[:-1], np.s_[1:]),)
_BESIDE = ((np.s_[1:], np.s_[:-1]), (np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:, 1:], np.s_[:, :-1]))


def _touching(
    regions: Int32, one: Bool, other: Bool, directions: tuple[tuple[Any, Any], ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of different regions, first in ``one``, second in ``other``, that touch along ≥ 3 px; and the length."""
    count = int(regions.max()) + 1
    keys = []
    for a, b in directions:
        meet = one[a] & other[b] & (regions[a] != regions[b])
        keys.append(regions[a][meet].astype(np.int64) * count + regions[b][meet])
    pairs, lengths = np.unique(np.concatenate(keys), return_counts=True)
    pairs, lengths = pairs[lengths >= 3], lengths[lengths >= 3]
    return pairs // count, pairs % count, lengths
