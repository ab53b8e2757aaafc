"""Snap a materials picture to the drawn lines.

A materials picture made by hand, or by a network at a quarter of the size, is right about *what* and only roughly
right about *where*. What lies deep inside an area is sure and becomes a seed; the strip along its border is
contested and is divided by a watershed on the ink, with a weak pull to the given border where nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.picture.arrays import Bool, Int32, UInt8, extent_of
from genzu.picture.memory import give_back
from genzu.picture.regions import INK, borders, compact, distance_to, enlarge, flood, near_borders, reduce_ink

SLACK = 0.026
"""How far a border may move to a line, as a share of the picture's height."""
SOFT_SLACK = 0.046
"""The same for clouds and crowns, which are given as ovals and drawn as scallops."""
SOFT = (Material.CLOUD, Material.FOLIAGE)

_THIN = 0.0032
"""Half-width, as a share of the height, up to which a thing is kept whole: rails, wires, masts."""


_MOST = 0.65
"""Share of a small room from which a material owns it."""
_MOST_IF_FIRM = 0.5
"""The same where lines close the room and nothing else in it is at home there."""
_FIRM = 0.9
"""Share of a room's border that lies on lines, from which they close it."""
_VISIT = 0.3
"""An area of which less than this share lies in a room is not at home in it."""

_DRAWN, _CALLED = 60, 0.5
"""Byte of ink of a line that a border moves to, and least share of a moved border that lies on one."""
_FINER = 0.5
"""Ratio of the radii by which thickness is measured."""
_AT_ONCE = 6_000_000
"""Pictures of more pixels are snapped in upright strips that overlap."""
_BACKDROP = (Material.SKY, Material.MOUNTAIN, Material.GRASS, Material.SOIL, Material.WATER)
"""Materials that a thing does not consist of: a sliver of them beside a line is slack, not a thing."""
_SPREADING = (*SOFT, Material.GLOW)
"""Materials whose lines are folds and rays: a room between them is no thing."""


def snap(materials: UInt8, ink: UInt8, rooms: Int32, held: Bool | None = None) -> tuple[UInt8, Int32]:
    """Move borders onto lines; give the snapped materials (H, W) and regions (H, W) 1…n of one material each.

    ``materials`` (H, W) Material indices, ``ink`` (H, W) stroke strength, ``rooms`` (h, w) regions of the drawing
    at reduced size, ``held`` (h, w) what stays as it is given whatever the lines say. No area of the given picture
    vanishes.
    """
    height, width = materials.shape
    margin = round(0.16 * height) + 16  # farther than any rule looks, apart from the shares of rooms and areas
    chunk = width if materials.size <= _AT_ONCE else max(_AT_ONCE // (2 * height), 2 * margin)
    snapped = np.empty_like(materials)
    joined = np.empty(materials.shape, np.int32)
    firm = _closed_by_lines(rooms, ink)
    for left in range(0, width, chunk):
        right = min(width, left + chunk)
        start, stop = max(0, left - margin), min(width, right + margin)
        part = np.s_[:, start:stop]
        room = enlarge(rooms, materials.shape, start, stop)
        stays = None if held is None else enlarge(held.astype(np.int32), materials.shape, start, stop) > 0
        found, owner = _snap_part(
            np.ascontiguousarray(materials[part]), np.ascontiguousarray(ink[part]), room, height / rooms.shape[0], firm,
            stays,
        )  # fmt: skip
        inner = np.s_[:, left - start : right - start]
        snapped[:, left:right] = found[inner]
        joined[:, left:right] = owner[inner] * len(Material) + found[inner]
    give_back(extent_of(materials))  # what the strips freed would lie beside two more planes of the whole sheet
    return snapped, connected_labels(joined)


def _closed_by_lines(rooms: Int32, ink: UInt8) -> Bool:
    """(rooms + 1) whether lines close a room: borders that run through gaps, or that balls alone drew, do not."""
    wall = distance_to(reduce_ink(ink, rooms.shape) > INK, 2) < 2
    edge, count = borders(rooms), int(rooms.max()) + 1
    on_line = np.bincount(rooms[edge & wall], minlength=count)
    return on_line >= _FIRM * np.maximum(1, np.bincount(rooms[edge], minlength=count))


def _snap_part(
    materials: UInt8, ink: UInt8, room: Int32, factor: float, firm: Bool, held: Bool | None
) -> tuple[UInt8, Int32]:
    """Snapped materials, and the room that each pixel's region began in (0 = none).

    ``room`` (H, W) is used up; ``factor`` is its enlargement, ``firm`` tells which rooms are closed.
    """
    height = materials.shape[0]
    slack = max(2, min(200, round(SLACK * height)))
    edge = borders(materials)
    reach = distance_to(edge, min(255, round(SOFT_SLACK * height) + 2))
    areas = connected(materials)
    sure, slim, thin = sure_cores(materials, areas, edge, reach, slack)
    rules = _room_rules(materials, areas, reach, slack, room, max(1, int(factor)), firm)
    narrow = thin | (sure & (reach <= max(3, round(0.006 * height))))
    for band in bands(height):
        cell = areas[band], room[band]
        gives_way = rules.poking[cell] & (reach[band] <= slack) & ~slim[band]
        gives_way |= rules.strange[cell] | rules.slivers[areas[band]]
        narrow[band] &= ~gives_way
        sure[band] = (sure[band] & ~gives_way) | (rules.claimed[cell] & (reach[band] > 2))
    if held is not None:
        sure |= held
    seeds, material_of, room_of = _seeds(materials, areas, sure, narrow, room, factor)
    flood(seeds, surface(ink, reach, slack))
    _unmoved(seeds, material_of, materials, ink)
    for band in bands(height):
        _behind(seeds[band], material_of, materials[band], ink[band])
    return material_of[seeds], room_of[seeds]


def _unmoved(seeds: Int32, material_of: UInt8, given: UInt8, ink: UInt8) -> None:
    """Where no line called it, the border of two backdrops stays as it is given, in place (``seeds``, H × W).

    Beside a thing neither of them is sure, and where nobody drew a line the flood knows no better than the picture: a
    hill sagged around each tree before it.
    """
    found = material_of[seeds]
    moved = (found != given) & np.isin(found, _BACKDROP) & np.isin(given, _BACKDROP)
    if not moved.any():
        return
    parts = connected_labels(np.where(moved, given.astype(np.int32) + 1, 0))
    parts[~moved] = 0
    count = int(parts.max()) + 1
    near = distance_to(ink > _DRAWN, 3) < 3
    drawn, border = np.zeros(count), np.zeros(count)
    pairs: list[NDArray[np.int64]] = []  # a part, and what it meets of what it was given
    for turn in (False, True):
        changed, now, before, part, line, seed = (
            plane.T if turn else plane for plane in (moved, found, given, parts, near, seeds)
        )
        for here, there in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            meets = changed[here] & ~changed[there] & (now[there] == before[here])
            own = part[here][meets]
            border += np.bincount(own, minlength=count)
            drawn += np.bincount(own, line[here][meets], count)
            pairs.append(np.stack([own, seed[there][meets]]).astype(np.int64))
    owners, votes = np.unique(np.concatenate(pairs, 1), axis=1, return_counts=True)
    order = np.argsort(votes, kind="stable")
    owner = np.zeros(count, np.int32)
    owner[owners[0, order]] = owners[1, order]
    back = (border > 0) & (drawn < _CALLED * border)
    np.copyto(seeds, owner[parts], where=moved & back[parts])


def _behind(seeds: Int32, material_of: UInt8, given: UInt8, ink: UInt8) -> None:
    """What a thing gives up beside its line is what lies behind it in the same row, in place (``seeds``, h × w).

    Unless a line comes between: of what nobody drew the flood knows nothing.
    """
    found = material_of[seeds]
    backdrop = np.isin(found, _BACKDROP)
    freed = backdrop & ~np.isin(given, _BACKDROP)
    if not freed.any():
        return
    width = seeds.shape[1]
    columns = np.arange(width, dtype=np.int32)[None, :]
    wall = ~backdrop | (ink > _DRAWN)
    best, far = seeds.copy(), np.full(seeds.shape, width, np.int32)
    for turn in (slice(None), slice(None, None, -1)):
        last, ended = (
            np.maximum.accumulate(np.where(mask[:, turn], columns, np.int32(-1)), axis=1)
            for mask in (backdrop & ~freed, wall)
        )
        away = np.where(last > ended, columns - last, width)[:, turn]
        source = np.take_along_axis(seeds[:, turn], np.maximum(last, 0), axis=1)[:, turn]
        nearer = away < far
        np.copyto(best, source, where=nearer)
        np.copyto(far, away, where=nearer)
    np.copyto(seeds, best, where=freed)


def sure_cores(materials: UInt8, areas: Int32, edge: Bool, reach: UInt8, slack: int) -> tuple[Bool, Bool, Bool]:
    """Pixels that keep their material whatever the lines say: all of them, those in slim, and those in thin parts.

    Thick parts are sure deeper than ``slack``; parts too thin for that are sure along their middle (an opening by
    discs of falling radius finds how thick a part is), and the thinnest are sure as a whole.
    """
    height = materials.shape[0]
    soft = np.isin(materials, SOFT)
    sure = reach > slack
    settled = _opened(sure, slack, areas, edge)
    if soft.any() and not soft.all():
        loose = min(254, round(SOFT_SLACK * height))
        sure &= distance_to(soft & edge, loose + 1) > loose
    slim = np.zeros_like(sure)
    radius = slack * _FINER
    while radius > max(1.0, _THIN * height):
        core = (reach > radius) & ~settled
        sure |= core
        if radius < 0.9 * slack * _FINER:
            slim |= core
        settled |= _opened(core, radius, areas, edge)
        radius *= _FINER
    thin = _long_parts(~settled, areas, round(60 * _THIN * height))
    has_core = np.zeros(int(areas.max()) + 1, bool)
    has_core[areas[sure | thin]] = True
    if not has_core[1:].all():
        thin |= ~has_core[areas]
    return sure | thin, slim | thin, thin


def _opened(core: Bool, radius: float, areas: Int32, edge: Bool) -> Bool:
    """The part of each area that discs around its core cover.

    Discs end before the border pixels, so that a wire beside a thick area is not covered by that one's discs;
    border pixels follow a neighbour of their own area.
    """
    reach = int(radius) + 1
    covered = (distance_to(core, reach + 1) <= reach) & ~edge
    height, width = covered.shape
    found = covered.copy()
    for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)):
        here = np.s_[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
        there = np.s_[max(0, -dy) : height + min(0, -dy), max(0, -dx) : width + min(0, -dx)]
        found[here] |= covered[there] & (areas[here] == areas[there])
    return found


class _Rules(NamedTuple):
    """What rooms say about areas: tables (areas + 1, rooms + 1), and one (areas + 1)."""

    claimed: Bool
    """A small room belongs whole to the material that fills most of it (an umbrella between two of its ribs)."""
    strange: Bool
    """Where lines close such a room, what lies around it is nowhere sure in it: the wedge that a straight border leaves
    beside a bent line is deep, and is not a thing of its own."""
    poking: Bool
    """The part of an area that pokes a little into another's room is slack."""
    slivers: Bool
    """So is a narrow piece of backdrop without a room of its own."""


def _room_rules(materials: UInt8, areas: Int32, reach: UInt8, slack: int, room: Int32, step: int, firm: Bool) -> _Rules:
    """The rules, by every ``step``-th pixel; ``firm`` (rooms + 1) tells which rooms lines close."""
    every = np.s_[step // 2 :: step, step // 2 :: step]
    small, depth, rooms = areas[every], reach[every], room[every]
    count, wide = int(areas.max()) + 1, int(rooms.max()) + 1
    kind = np.zeros(count, np.intp)
    kind[small] = materials[every]
    table = np.bincount(small.ravel().astype(np.int64) * wide + rooms.ravel(), minlength=count * wide)
    table = table.reshape(count, wide)
    room_size, area_size = table.sum(axis=0), table.sum(axis=1)
    by_kind = np.zeros((len(Material), wide))
    np.add.at(by_kind, kind, table)
    share = by_kind[kind] / np.maximum(1, room_size)
    narrow = np.zeros(wide)
    np.maximum.at(narrow, rooms.ravel(), distance_to(borders(rooms), 255).ravel())
    is_small = narrow * step <= slack
    visits = table < _VISIT * area_size[:, None]
    backdrop = np.isin(kind, _BACKDROP)
    solid = ~backdrop & ~np.isin(kind, _SPREADING)
    owns = (table > 0) & (share >= _MOST_IF_FIRM)
    around = visits & backdrop[:, None]
    settled = is_small & firm[:wide] & (owns & solid[:, None]).any(axis=0)
    settled &= ((table == 0) | owns | around).all(axis=0)
    thick = np.zeros(count, bool)
    thick[small[depth > slack / 3]] = True
    return _Rules(
        claimed=owns & is_small & (settled | (share >= _MOST)),
        strange=settled & around & ~owns,
        poking=(share < 0.15) & visits,
        slivers=backdrop & ~thick & ~owns.any(axis=1),
    )


def surface(ink: UInt8, reach: UInt8, slack: int) -> UInt8:
    """What a border has to climb: lines near the given border most, gaps in lines a little, the given border least."""
    height = ink.shape[0]
    line = np.asarray(Image.fromarray(ink).filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    away = np.minimum(reach.astype(np.float32) / slack, 1.8)
    beside = max(3, min(60, round(0.014 * height)))
    gap = distance_to(ink > 60, beside).astype(np.float32) / beside
    hill = np.minimum(line * 1.5, 255) * (0.70 - 0.24 * away)
    hill += 42 * (1 - gap) + 34 * np.maximum(0, 1 - 2.2 * away)
    return np.clip(hill, 0, 255).astype(np.uint8)


def connected(labels: UInt8) -> Int32:
    """Connected areas of one value: (H, W) int32, 1…n."""
    return connected_labels(labels.astype(np.int32))


def connected_labels(labels: Int32) -> Int32:
    """Split labels into their connected parts: (H, W) int32, 1…n."""
    height, width = labels.shape
    image = pyvips.Image.new_from_memory(np.ascontiguousarray(labels).data, width, height, 1, "int")
    found = np.asarray(image.labelregions().numpy(), np.int32).reshape(height, width)
    return compact(found if found.min() > 0 else found + 1)


def _long_parts(thin: Bool, areas: Int32, least: int) -> Bool:
    """Thin pixels in parts of at least ``least`` pixels; the rest are the tips of corners."""
    if not thin.any():
        return thin
    parts = connected_labels(np.where(thin, areas, 0).astype(np.int32))
    sizes = np.bincount(parts.ravel())
    return thin & (sizes >= least)[parts]


def _seeds(
    materials: UInt8, areas: Int32, sure: Bool, narrow: Bool, room: Int32, factor: float
) -> tuple[Int32, UInt8, Int32]:
    """Seeds (H, W): every pair of area and room numbered 1…n on sure pixels that are not beside a room's border.

    Also the material and the room of each number. ``narrow`` pixels are seeds even beside a border: a mast must
    not be cut where its two lines come close. ``room`` (H, W) is used up; ``factor`` is its enlargement.
    """
    room[near_borders(room, 2 + round(1.5 * max(1.0, factor))) & ~narrow] = 0
    present = np.zeros((int(areas.max()) + 1, int(room.max()) + 1), bool)
    kind = np.zeros(present.shape[0], np.uint8)
    for band in bands(areas.shape[0]):
        present[areas[band][sure[band]], room[band][sure[band]]] = True
        kind[areas[band]] = materials[band]
    # Areas that lie wholly beside room borders keep their sure pixels as one seed, under room 0.
    homeless = ~np.asarray(present[:, 1:].any(axis=1))
    present[:, 0] = homeless
    present[0] = False
    number = np.where(present.ravel(), np.cumsum(present.ravel()), 0).astype(np.int32).reshape(present.shape)
    for band in bands(areas.shape[0]):
        inside = np.where(homeless[areas[band]], 0, room[band])
        room[band] = np.where(sure[band], number[areas[band], inside], 0)
    area_of, room_of = np.nonzero(present)
    return room, np.append(np.uint8(0), kind[area_of]), np.append(0, room_of).astype(np.int32)


def bands(height: int) -> Iterator[slice]:
    """Slices of some hundred rows, so that temporary arrays stay small."""
    for top in range(0, height, 256):
        yield slice(top, top + 256)
