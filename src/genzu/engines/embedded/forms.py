"""The form behind each flat region: which way it faces, how its edges run, which regions are one body.

Everything is measured once on the label picture at reduced size. Lengths are in units (see ``scene.py``); lines are
least-squares fits to a region's upper and lower edge, fitted twice, the second time without the outliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.stairs import steps
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

Ints = NDArray[np.int64]

_SET_IN = (Material.WOOD, Material.WINDOW)
"""What may be set in a wall: doors, shutters and windows."""
_LEVEL = 0.06
"""Slope below which an edge counts as level: hands wobble that much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One straight line per region: ``y = at + slope · (x − the region's centre)``."""

    at: Float32
    slope: Float32
    good: Bool
    """False where there was no edge to fit, or no line in it."""
    kept: Bool
    """The same without a bound on the slope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Facts by region id (index 0 is unused); angles in radians, clockwise from +x."""

    x: Float32
    y: Float32
    angle: Float32
    """Direction of the longest extent, −π/2…π/2."""
    long: Float32
    thick: Float32
    """Extent along and across ``angle``."""
    top: Line
    foot: Line
    facing: Float32
    """−1 = the surface turns to the left, 0 = to the viewer, 1 = to the right."""
    body: Int32
    """Regions with the same number are one thing: panes of a window, gable and wall."""
    house: Int32
    """Walls of one building share it; an awning has that of the wall it hangs on."""
    chance: Float32
    """(n, 3) 0–1 per house and seed; windows have their own."""
    eave: Float32
    """Roofs: direction of ridge and eave."""
    rake: Float32
    """Roofs: direction down the slope, 0…π."""
    parity: Int32
    """0 or 1, other than the neighbours' of the same material: stripes of an awning."""
    step: Bool
    """Paved bands that lie over each other like the steps of a stair."""


def measure(labels: Int32, material: UInt8, unit: float, seed: int) -> Forms:
    """Forms of all regions; ``labels`` (h, w), ``material`` by region id, ``unit`` = label px per unit."""
    count = len(material)
    x, y, angle, long, thick, area = _moments(labels, count)
    pairs = _neighbours(labels, count)
    box = _boxes(labels, count)
    top = edge_line(labels, count, x, upper=True)
    foot = edge_line(labels, count, x, upper=False)
    body = _bodies(pairs, material, area, box, labels)
    facing, house = _facing(top, foot, material, body, box, pairs)
    eave, rake = _slopes(labels, material, area, box)
    facing = _canyon(facing, material, area, x)
    house, facing = _stray(house, facing, material, area, box)
    facing = _set_in(facing, material, box, pairs)
    house = _hosted(house, material, pairs)
    cell = (x[house] / unit / 8).astype(np.int64), (y[house] / unit / 8).astype(np.int64)
    chance = np.stack([hash_unit(*cell, mix_seed(seed, 0xB0D1, k)) for k in range(3)], -1)
    scale = np.float32(1 / unit)
    return Forms(
        x=x * scale, y=y * scale, angle=angle, long=long * scale, thick=thick * scale,
        top=Line(at=top.at * scale, slope=top.slope, good=top.good, kept=top.kept),
        foot=Line(at=foot.at * scale, slope=foot.slope, good=foot.good, kept=foot.kept),
        facing=facing, body=body, house=house, chance=chance, eave=eave, rake=rake,
        parity=_parity(pairs, material, x, count), step=steps(pairs, material, area, box),
    )  # fmt: skip


def _moments(labels: Int32, count: int) -> tuple[Float32, Float32, Float32, Float32, Float32, Ints]:
    """Centre, direction and extent (as of a rectangle with the same moments) of each region."""
    flat = labels.ravel()
    rows = np.repeat(np.arange(labels.shape[0], dtype=np.float64) + 0.5, labels.shape[1])
    columns = np.tile(np.arange(labels.shape[1], dtype=np.float64) + 0.5, labels.shape[0])
    area = np.bincount(flat, minlength=count)
    size = np.maximum(area, 1)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(flat, values, minlength=count) / size

    x, y = mean(columns), mean(rows)
    xx, yy, xy = mean(columns**2) - x * x, mean(rows**2) - y * y, mean(rows * columns) - x * y
    spread = np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    half = (xx + yy) / 2
    long, thick = np.sqrt(12 * np.maximum(half + spread, 0.1)), np.sqrt(12 * np.maximum(half - spread, 0.1))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    values = (np.asarray(v, np.float32) for v in (x, y, angle, long, thick))
    return (*values, area)  # type: ignore[return-value]


def _neighbours(labels: Int32, count: int) -> tuple[Ints, Ints]:
    """Pairs that touch sideways and pairs that touch above–below: (n, 3) first, second, pixels of contact."""
    found = []
    for first, second in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        touch = first != second
        codes, lengths = np.unique(
            first[touch].astype(np.int64) * count + second[touch].astype(np.int64), return_counts=True
        )
        found.append(np.stack([codes // count, codes % count, lengths], 1))
    return found[0], found[1]


def _boxes(labels: Int32, count: int) -> Ints:
    """(n, 4) top, bottom, left, right; zeros for regions that the reduced picture has lost."""
    boxes = np.zeros((count, 4), np.int64)
    found = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    boxes[: len(found)] = found[:count]
    return boxes


def edge_line(labels: Int32, count: int, centre: Float32, *, upper: bool) -> Line:
    """Fit the upper (lower) edge: topmost (lowest) row of each column; the picture's own border is no edge."""
    grid = labels if upper else labels[::-1]
    edge = np.zeros(grid.shape, bool)
    edge[1:] = grid[1:] != grid[:-1]
    rows, columns = np.nonzero(edge)
    owner = grid[rows, columns].astype(np.int64)
    _, first = np.unique(owner * grid.shape[1] + columns, return_index=True)
    owner, columns = owner[first], columns[first]
    heights = np.asarray(rows[first] if upper else grid.shape[0] - rows[first], np.float64)
    along = np.asarray(columns + 0.5 - centre[owner], np.float64)
    keep = np.ones(len(owner), bool)
    for _ in range(3):
        at, slope = _least_squares(owner[keep], along[keep], heights[keep], count)
        off = np.abs(heights - at[owner] - slope[owner] * along)
        number = np.maximum(np.bincount(owner[keep], minlength=count), 1)
        typical = np.bincount(owner[keep], off[keep], minlength=count) / number
        keep = off <= np.maximum(1.6 * typical, 1.0)[owner]
    wide = np.bincount(owner, minlength=count)
    kept = np.bincount(owner[keep], minlength=count)
    straight = (kept >= 8) & (typical < np.maximum(1.0, 0.013 * wide))
    return Line(
        at=at.astype(np.float32), slope=slope.astype(np.float32), good=straight & (np.abs(slope) < 1.2), kept=straight
    )


def _least_squares(
    owner: Ints, x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    number = np.maximum(np.bincount(owner, minlength=count), 1)
    mean_x, mean_y = np.bincount(owner, x, minlength=count) / number, np.bincount(owner, y, minlength=count) / number
    dx, dy = x - mean_x[owner], y - mean_y[owner]
    slope = np.bincount(owner, dx * dy, minlength=count) / np.maximum(np.bincount(owner, dx * dx, minlength=count), 1)
    return mean_y - slope * mean_x, slope


def _bodies(pairs: tuple[Ints, Ints], material: UInt8, area: Ints, box: Ints, labels: Int32) -> Int32:
    """Join regions that are one thing; the number of a body is the id of its largest region."""
    parent = list(range(len(material)))
    kind, size = material.tolist(), area.tolist()
    width = (box[:, 3] - box[:, 2]).tolist()
    around = (2 * (box[:, 1] - box[:, 0] + box[:, 3] - box[:, 2])).tolist()

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(a: int, b: int) -> None:
        a, b = root(a), root(b)
        if a != b:
            large, small = (a, b) if size[a] >= size[b] else (b, a)
            parent[small] = large

    for stacked, table in enumerate(pairs):
        alike = material[table[:, 0]] == material[table[:, 1]]
        for a, b, contact in table[alike].tolist():
            small = a if size[a] < size[b] else b
            sliver = size[small] < 0.12 * max(size[a], size[b]) and contact > 0.18 * around[small]
            gable = stacked and kind[a] == Material.WALL and contact > 0.5 * min(width[a], width[b])
            roof = kind[a] == Material.ROOF and contact > 0.2 * around[small]
            if sliver or gable or roof or kind[a] == Material.WINDOW:
                join(a, b)
    _join_over_awnings(material, box, labels, join)
    return np.array([root(i) for i in range(len(material))], np.int32)


def _join_over_awnings(material: UInt8, box: Ints, labels: Int32, join: object) -> None:
    """Walls above and below an awning are one house."""
    walls = np.flatnonzero((material == Material.WALL) & (box[:, 3] - box[:, 2] > 6))[:300]
    top, bottom, left, right = box[walls].T
    width = right - left
    overlap = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    over = (bottom[:, None] <= top + 4) & (overlap >= 0.7 * np.maximum(width[:, None], width))
    np.fill_diagonal(over, False)
    for i, k in np.argwhere(over).tolist():
        middle = (max(left[i], left[k]) + min(right[i], right[k])) // 2
        between = labels[(bottom[i] + top[k]) // 2, middle]
        if material[between] in (Material.CLOTH, Material.WALL, Material.WOOD):
            join(int(walls[i]), int(walls[k]))  # type: ignore[operator]


def _facing(
    top: Line, foot: Line, material: UInt8, body: Int32, box: Ints, pairs: tuple[Ints, Ints]
) -> tuple[Float32, Int32]:
    """What recedes to the right is seen from the right, so it turns to the right; and the other way round.

    The foot of a wall tells it best, else its top. Of two walls that meet at a corner the narrow one is the side of
    the house. Gives the facing and the house (a body's id) of every region.
    """
    count = len(material)
    lowest, highest = _extreme_member(body, box[:, 1], count), _extreme_member(body, -box[:, 0], count)
    by_foot = np.where(foot.good, -foot.slope, 0)[lowest[body]]
    by_top = np.where(top.good, top.slope, 0)[highest[body]]
    told = np.where(np.abs(by_foot) > _LEVEL, by_foot, np.where(foot.good[lowest[body]], 0, by_top))
    facing = np.where(np.abs(told) > _LEVEL, np.clip(told * 2.2, -1, 1), 0).astype(np.float32)
    house = body.copy()
    width, height = box[:, 3] - box[:, 2], box[:, 1] - box[:, 0]
    first, second, contact = pairs[0].T
    corner = (
        (material[first] == Material.WALL) & (material[second] == Material.WALL) & (body[first] != body[second])
        & (contact >= 0.35 * np.minimum(height[first], height[second]))
    )  # fmt: skip
    for a, b in pairs[0][corner, :2].tolist():
        turned_a, turned_b = float(facing[a]), float(facing[b])
        if turned_a == 0 and not foot.good[a] and abs(turned_b) > 0.3 and box[a, 2] == 0:
            facing[body == body[a]] = turned_b
        elif turned_b == 0 and not foot.good[b] and abs(turned_a) > 0.3 and turned_a < 0:
            facing[body == body[b]] = turned_a
        elif width[a] < 0.72 * width[b] and abs(turned_b) < 0.3 and turned_a > -0.95:
            facing[body == body[a]] = -0.8
            house[house == house[a]] = house[b]
        elif width[b] < 0.72 * width[a] and abs(turned_a) < 0.3 and turned_b < 0.95:
            facing[body == body[b]] = 0.8
            house[house == house[b]] = house[a]
    return facing, house


def _stray(house: Int32, facing: Float32, material: UInt8, area: Ints, box: Ints) -> tuple[Int32, Float32]:
    """Slivers of wall between a pole and a door belong to the house of the nearest wall."""
    walls = np.flatnonzero(material == Material.WALL)
    total = np.bincount(house, area, minlength=len(house))
    small = walls[total[house[walls]] < 0.0012 * area.sum()]
    large = walls[total[house[walls]] >= 0.0012 * area.sum()]
    if len(large) == 0:
        return house, facing
    house, facing = house.copy(), facing.copy()
    middle = np.stack([box[:, 0] + box[:, 1], box[:, 2] + box[:, 3]], 1) / 2
    for i in small[:500].tolist():
        gap_y = np.maximum(np.maximum(box[large, 0] - middle[i, 0], middle[i, 0] - box[large, 1]), 0)
        gap_x = np.maximum(np.maximum(box[large, 2] - middle[i, 1], middle[i, 1] - box[large, 3]), 0)
        best = int(np.argmin(gap_x + gap_y))
        if gap_x[best] + gap_y[best] < 14:
            house[i], facing[i] = house[large[best]], facing[large[best]]
    return house, facing


def _canyon(facing: Float32, material: UInt8, area: Ints, x: Float32) -> Float32:
    """Between two rows of houses that face each other every wall faces the street."""
    walls = material == Material.WALL
    firm = walls & (np.abs(facing) > 0.6)
    left, right = firm & (facing > 0), firm & (facing < 0)
    if left.sum() < 2 or right.sum() < 2:
        return facing
    inner_left, inner_right = np.quantile(x[left], 0.9), np.quantile(x[right], 0.1)
    if inner_left > inner_right or area[firm].sum() < 0.6 * area[walls].sum():
        return facing
    side = np.where(x < (inner_left + inner_right) / 2, 0.95, -0.95)
    return np.where(walls, side, facing).astype(np.float32)


def _set_in(facing: Float32, material: UInt8, box: Ints, pairs: tuple[Ints, Ints]) -> Float32:
    """Doors and windows face as the wall does that they are set in: that which they touch most along their sides.

    A piece of a door that a line cuts off goes with the door.
    """
    turned, height = facing.copy(), box[:, 1] - box[:, 0]
    most = 0.4 * height
    leaves, walls = np.isin(material, _SET_IN), material == Material.WALL
    first, second = pairs[0][:, 0], pairs[0][:, 1]
    meet = (leaves[first] & walls[second]) | (walls[first] & leaves[second])
    for left, right, contact in pairs[0][meet].tolist():
        leaf, wall = (left, right) if leaves[left] else (right, left)
        if contact > most[leaf]:
            turned[leaf], most[leaf] = facing[wall], contact
    wooden = (material[pairs[1][:, :2]] == Material.WOOD).all(1)
    for above, below, contact in pairs[1][wooden].tolist():
        piece, door = (below, above) if most[above] > most[below] else (above, below)
        if contact > 0.6 * (box[piece, 3] - box[piece, 2]) and height[piece] < 0.4 * height[door]:
            turned[piece] = turned[door]
    return turned


def _hosted(house: Int32, material: UInt8, pairs: tuple[Ints, Ints]) -> Int32:
    """Awnings take the house of the wall above them that they touch most, else of the cloth beside them."""
    hosted, most = house.copy(), np.zeros(len(house), np.int64)
    hangs = (material[pairs[1][:, 0]] == Material.WALL) & (material[pairs[1][:, 1]] == Material.CLOTH)
    for above, below, contact in pairs[1][hangs].tolist():
        if contact > most[below]:
            hosted[below], most[below] = house[above], contact
    return hosted


def _extreme_member(body: Int32, rank: Ints, count: int) -> Ints:
    """The member of each body with the highest rank."""
    best = np.arange(count)
    order = np.argsort(rank, kind="stable")
    best[body[order]] = order
    return best


_EDGE = np.float32(0.02)
"""Slope of a blurred outline from which its direction counts."""


def _slopes(labels: Int32, material: UInt8, area: Ints, box: Ints) -> tuple[Float32, Float32]:
    """Directions of a roof's edges, from the histogram of its outline's tangents."""
    eave, rake = np.zeros(len(material), np.float32), np.full(len(material), np.pi / 2, np.float32)
    for i in np.flatnonzero((material == Material.ROOF) & (area >= 60))[:400].tolist():
        top, bottom, left, right = box[i].tolist()
        mask = np.pad((labels[top:bottom, left:right] == i).astype(np.float32), 4)
        soft = mahotas.gaussian_filter(mask, 1.5)
        dy, dx = np.gradient(soft)
        length = np.sqrt(dx * dx + dy * dy)
        edge = length > _EDGE
        tangent = np.mod(np.arctan2(dx[edge], -dy[edge]), np.pi)
        bins = np.bincount((tangent / np.pi * 36).astype(np.int64) % 36, length[edge], minlength=36)
        bins = bins + 0.6 * (np.roll(bins, 1) + np.roll(bins, -1))
        centres = (np.arange(36) + 0.5) * np.pi / 36
        tilt = np.abs(np.mod(centres + np.pi / 2, np.pi) - np.pi / 2)
        flat = int(np.argmax(np.where(tilt < np.deg2rad(38), bins, -1)))
        apart = np.abs(np.mod(centres - centres[flat] + np.pi / 2, np.pi) - np.pi / 2)
        steep = int(np.argmax(np.where(apart > np.deg2rad(24), bins, -1)))
        eave[i] = np.mod(centres[flat] + np.pi / 2, np.pi) - np.pi / 2
        if bins[steep] > 0.12 * bins.sum() / 2.2:
            rake[i] = centres[steep]
    return eave, rake


def _parity(pairs: tuple[Ints, Ints], material: UInt8, x: Float32, count: int) -> Int32:
    """Two-colour the cloths that touch, from left to right."""
    parity = np.zeros(count, np.int32)
    friends: dict[int, list[int]] = {}
    for table in pairs:
        cloth = (table[:, 2] > 3) & (material[table[:, :2]] == Material.CLOTH).all(1)
        for a, b in table[cloth, :2].tolist():
            friends.setdefault(a, []).append(b)
            friends.setdefault(b, []).append(a)
    done: set[int] = set()
    for i in sorted(friends, key=lambda k: float(x[k])):
        near = [parity[k] for k in friends[i] if k in done]
        parity[i] = 1 - near[-1] if near else 0
        done.add(i)
    return parity


_BUILT = (Material.WALL, Material.ROOF, Material.WINDOW, Material.WOOD, Material.METAL, Material.CLOTH, Material.GLOW)
_BEAMS, _HANGS = (Material.WOOD, Material.METAL), 0.03
"""What may be a beam, and how much nearer it is than it was read, if it hangs."""
_ALOFT, _VARIES = 0.1, 0.12
"""Share of its underside that may rest on the ground, and how much its depth was read to vary: so does no beam."""
_GROUND = (Material.GRASS, Material.SOIL, Material.ROAD, Material.WATER, Material.ROCK)


def one_depth(depth: Float32, labels: Int32, material: UInt8, body: Int32) -> Float32:
    """Bring parts that hang on a built thing to the depth of its foot: beams on pillars, gables, windows, awnings.

    ``depth`` (h, w) 0–1 was read from where each region ends below; a part that ends in the air looks far away.
    """
    count = len(material)
    area = np.maximum(np.bincount(labels.ravel(), minlength=count), 1)
    read = (np.bincount(labels.ravel(), depth.ravel(), minlength=count) / area).astype(np.float32)
    built = np.isin(material, _BUILT)
    near = read.copy()
    np.minimum.at(near, body, read)
    near = np.where(built, near[body], read)
    sideways, stacked = _neighbours(labels, count)
    for _ in range(3):
        for table in (sideways, stacked):
            a, b, contact = table.T
            hangs = (
                built[a]
                & built[b]
                & (contact >= 4)
                & ~((material[a] == Material.WALL) & (material[b] == Material.WALL))
            )
            a, b = a[hangs], b[hangs]
            step = np.minimum(near[a], near[b])
            np.minimum.at(near, a, step)
            np.minimum.at(near, b, step)
    # A beam that hangs is as near along its whole length, whatever stands below its parts.
    nearest, farthest = np.ones(count, np.float32), np.zeros(count, np.float32)
    np.minimum.at(nearest, labels.ravel(), depth.ravel())
    np.maximum.at(farthest, labels.ravel(), depth.ravel())
    above, below, contact = stacked.T
    resting = np.bincount(above, contact * np.isin(material[below], _GROUND), count)
    aloft = (resting < _ALOFT * np.bincount(above, contact, count)) & (farthest - nearest > _VARIES)
    beam = np.isin(material, _BEAMS) & ((near < read - _HANGS) | aloft)
    own = np.where(beam, 0, 1).astype(np.float32)
    return np.asarray(np.clip(near[labels] + (depth - read[labels]) * own[labels], 0, 1), np.float32)
