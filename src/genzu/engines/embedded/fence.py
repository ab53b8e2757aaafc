"""Fences that are drawn over the ground: thin posts with a lit side, and wires that run on evenly between them.

The pole of a parasol or an awning is such a post, too.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.engines.embedded.cables import drawn, evened, followed
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import one_of
from genzu.picture.arrays import Bool, Float32, UInt8

_GROUND = (Material.GRASS, Material.SOIL, Material.ROAD)
_LONG = 0.10
"""Share of the picture's height over which a rail is looked for."""
_LEVEL = 24
"""Byte of ink, evened along, from which there may be one."""
_POST_INK, _SHORTEST, _TALLEST, _WIDEST = 40, 0.026, 0.16, 0.016
"""Byte of ink of a post, and shares of the picture's height: least and greatest height, greatest width."""
_RULED = 0.007
"""Share of the picture's height over which a wire is evened: between its posts it sags."""
_TOUCH, _SCRAP = 4.0, 8
"""Px of the reduced picture between wires that touch, and the length of a scrap of one."""
_SURE = 0.6
"""Share of a joined wire that is a rail already."""
_POSTS, _CROSSED = 4, 2
"""Fewer posts are no fence, and a line that crosses fewer of them is no rail."""
_BODY, _SIDES = (0.84, 1.30), (0.34, 0.30)
"""Lightness of a post as a share of the ground's, and what its two sides differ from that: on pale and dark ground."""
_DARK_GROUND = (0.46, 0.38)
"""OKLab lightness of the ground from which on weathered wood is the paler of the two, and where it is so wholly."""
_CALM = 16.0
"""Units above and below a wire in which the meadow behind it is calm."""


Course = tuple[list[int], list[float]]


class Fence(NamedTuple):
    """What :func:`fence_in` found in a patch; planes (h, w) 0–1."""

    wire: Float32
    near: Float32
    """How near a wire is, 0 from 10 units on."""
    post: Float32
    lit: Float32
    """−1…1 across a post: above 0 on its side in the light."""
    beside: Float32
    """1 on a post and close around it, where the pencil's own strokes lie."""


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    kept(scene, "rails", rails_of)
    kept(scene, "posts", _fence_posts)
    _ = scene.poles


def fence_in(patch: Patch) -> Fence | None:
    """The fence before the ground of this patch; ``None`` if there is none."""
    rails, posts = kept(patch.scene, "rails", rails_of), kept(patch.scene, "posts", _fence_posts)
    poles = patch.scene.poles
    if (len(rails) == 0 or len(posts) == 0) and len(poles) == 0:
        return None
    posts = np.concatenate([posts, poles])
    ground = one_of(patch.materials, _GROUND)
    if not ground.any():
        return None
    wire, near = drawn(patch, rails, 1.5) if len(rails) else [np.zeros(patch.shape, np.float32) for _ in range(2)]
    post, lit, beside = (np.zeros(patch.shape, np.float32) for _ in range(3))
    side = float(np.sign(patch.light.towards[0])) or 1.0
    for x_top, top, x_foot, foot in posts * np.float32(patch.unit):
        first, last = int(top) - patch.bounds.y, int(foot) + 1 - patch.bounds.y
        reach = round(9 * patch.unit)
        left = int(min(x_top, x_foot)) - reach - patch.bounds.x
        right = int(max(x_top, x_foot)) + reach - patch.bounds.x
        rows = slice(max(first, 0), min(last, patch.bounds.height))
        columns = slice(max(left, 0), min(right, patch.bounds.width))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        y = (np.arange(rows.start, rows.stop) + patch.bounds.y + 0.5)[:, None]
        x = (np.arange(columns.start, columns.stop) + patch.bounds.x + 0.5)[None, :]
        share = (y - top) / max(foot - top, 1)
        off = (x - x_top - (x_foot - x_top) * share) / patch.unit
        half = 1.7 + 0.6 * share
        here = rows, columns
        post[here] = np.maximum(post[here], np.clip((half - np.abs(off)) * patch.unit + 0.5, 0, 1))
        lit[here] = np.where(np.abs(off) < half + 1, np.clip(side * off / half * 1.6, -1, 1), lit[here])
        beside[here] = np.maximum(beside[here], np.clip((half + 4 - np.abs(off)) * patch.unit, 0, 1))
    return Fence(wire * ground, near * ground, post * ground, lit, beside * ground)


def painted(canvas: Float32, fence: Fence) -> None:
    """Paint it over the (h, w, 3) OKLab canvas, in place."""
    there = np.flatnonzero((fence.wire > 0) | (fence.post > 0))
    if there.size == 0:
        return
    rows, columns = np.divmod(there, canvas.shape[1])
    plain = canvas[rows, columns]
    wire, post, lit = (plane[rows, columns] for plane in (fence.wire, fence.post, fence.lit))
    # Weathered wood: greyer than the ground, and with one side in the light; it is pale before dark grass.
    pale = smoothstep(*_DARK_GROUND, plain[:, 0])
    body, sides = (pair[0] + (pair[1] - pair[0]) * pale for pair in (_BODY, _SIDES))
    wood = np.stack([plain[:, 0] * (body + sides * lit), plain[:, 1] * 0.5 + 0.006, plain[:, 2] * 0.5 + 0.008], -1)
    plain += (wood - plain) * (np.float32(0.92) * post)[:, None]
    steel = np.stack([plain[:, 0] * 0.46, plain[:, 1] * 0.5, plain[:, 2] * 0.5], -1)
    plain += (steel - plain) * (np.float32(0.9) * wire * (1 - 0.6 * post))[:, None]
    canvas[rows, columns] = plain


def clear_of_wires(scene: Scene, x: Float32, y: Float32) -> Bool:
    """(n,) true where nothing of a wire is near these places in units: what is small and bright would hide it."""
    rails = kept(scene, "rails", rails_of)
    if len(rails) == 0 or len(x) == 0:
        return np.ones(len(x), bool)
    size = scene.shrink * scene.unit
    row = rails[:, np.clip(x * size, 0, rails.shape[1] - 1).astype(np.int64)]
    return np.asarray(~(np.abs(row - y * size) < _CALM * size).any(0))


def rails_of(scene: Scene) -> Float32:
    """(n, w) rows of the rails in the columns of the reduced picture; empty if nothing here is a fence."""
    none = np.zeros((0, scene.small.width), np.float32)
    posts = kept(scene, "strokes of posts", _strokes_of_posts)
    if len(posts) < _POSTS:
        return none
    ink, wide = _level(scene)
    values = np.asarray(Image.fromarray(ink).filter(ImageFilter.GaussianBlur(0.9)), np.float32)
    middle = values[1:-1]
    crest = (middle > _LEVEL) & (middle > values[:-2]) & (middle >= values[2:]) & mahotas.dilate(wide)[1:-1]
    columns, rows = np.nonzero(crest.T)
    if len(columns) == 0:
        return none
    courses = followed(columns, (rows + 1).astype(np.float64), 0.015 * len(ink), 1.7)
    sure = _standing(courses, values, posts)
    if not len(sure):
        return none
    whole = _standing(untangled(courses, 0.09 * len(ink)), values, posts)
    # Most of a wire is one without what was joined to it: joints of a floor in a row are none.
    same = np.stack([np.nan_to_num(np.abs(rail - sure), nan=1e3).min(0) < _TOUCH for rail in whole])
    found = whole[same.sum(1) >= _SURE * (~np.isnan(whole)).sum(1)]
    return found if len(found) else sure


def _standing(courses: list[Course], values: Float32, posts: Float32) -> Float32:
    """(n, w) rows of those courses that are rails between the ``posts``; none if so few posts stand in them."""
    rails = evened(courses, values, np.zeros(values.shape, bool), beam=255.0, ruled=_RULED, bent=9.0)
    crossing = _crossing(rails, posts)
    rails = rails[crossing.sum(1) >= _CROSSED]
    return rails if (crossing.sum(0) >= 2).sum() >= _POSTS else rails[:0]


def untangled(courses: list[Course], reach: float) -> list[Course]:
    """Courses of wires that touch for a while and part again, each its own on both sides; all of one wire are joined.

    Where two crests are one, one course takes it and may go on as the other: that one ends there, and farther on a
    new one begins on the other side. Wires do not cross: so the tails of the two are exchanged.
    """
    left = sorted((course for course in courses if len(course[0]) > _SCRAP), key=lambda course: course[0][0])
    for ending in list(left):
        pair = _exchanged(ending, left, reach)
        if pair is None:
            continue
        starting, going = pair
        xs, ys = going
        head, tail = int(np.searchsorted(xs, ending[0][-1])), int(np.searchsorted(xs, starting[0][0]))
        ending[0].extend(xs[tail:])
        ending[1].extend(ys[tail:])
        xs[head:], ys[head:] = starting[0], starting[1]
        left = [course for course in left if course is not starting]
    return _joined(left, 2.2 * reach)


def _exchanged(ending: Course, courses: list[Course], reach: float) -> tuple[Course, Course] | None:
    """The course that begins where this one and another have met, and that other one; ``None`` if there is none."""
    x_end, y_end = ending[0][-1], ending[1][-1]
    for starting in courses:
        x_start, y_start = starting[0][0], starting[1][0]
        if starting is ending or not 0 < x_start - x_end < reach:
            continue
        for going in courses:
            xs = going[0]
            if xs[0] > x_end - _SCRAP or xs[-1] < x_start + _SCRAP:
                continue
            over, under = y_end - _row_at(going, x_end), _row_at(going, x_start) - y_start
            if over * under > 0 and max(abs(over), abs(under)) < _TOUCH:
                return starting, going
    return None


def _row_at(course: Course, column: float) -> float:
    """Row of a course in a column, on the straight line between its places; at its ends it goes on level.

    A search for one number in lists: to make arrays of them, as ``numpy.interp`` does, takes longer by far.
    """
    xs, ys = course
    last = bisect_right(xs, column) - 1
    if last < 0 or last >= len(xs) - 1:
        return float(ys[0] if last < 0 else ys[-1])
    slope = (ys[last + 1] - ys[last]) / (xs[last + 1] - xs[last])
    return float(slope * (column - xs[last]) + ys[last])


def _joined(courses: list[Course], reach: float) -> list[Course]:
    """Courses that go on where another one ends, at its height, as one."""
    done: list[Course] = []
    for course in sorted(courses, key=lambda course: course[0][0]):
        before = [
            other for other in done
            if 0 < course[0][0] - other[0][-1] < reach and abs(course[1][0] - other[1][-1]) < _TOUCH
        ]  # fmt: skip
        if not before:
            done.append(course)
            continue
        nearest = min(before, key=lambda other: course[0][0] - other[0][-1])
        nearest[0].extend(course[0])
        nearest[1].extend(course[1])
    return done


def _fence_posts(scene: Scene) -> Float32:
    """(n, 4) units: x and y of the top and of the foot of each post that stands in a fence."""
    posts, rails = kept(scene, "strokes of posts", _strokes_of_posts), kept(scene, "rails", rails_of)
    standing = _crossing(rails, posts).sum(0) >= 2
    return (posts[standing] / np.float32(scene.shrink * scene.unit)).astype(np.float32)


def _crossing(rails: Float32, posts: Float32) -> Bool:
    """(rails, posts) whether they meet."""
    middle = np.rint(posts[:, [0, 2]].astype(np.float32).mean(1))
    at = rails[:, np.clip(middle, 0, rails.shape[1] - 1).astype(np.int64)]
    return np.asarray((at > posts[:, 1] - 3) & (at < posts[:, 3] + 3))


def _level(scene: Scene) -> tuple[UInt8, Bool]:
    """(h, w) each: ink on the ground, and where it runs on level."""
    ink = small_ink(scene).astype(np.uint8) * one_of(scene.small_materials, _GROUND)
    soft = Image.fromarray(ink).filter(ImageFilter.GaussianBlur(1.3))
    return ink, np.asarray(soft.filter(ImageFilter.BoxBlur((_LONG * len(ink) / 2, 0)))) > _LEVEL


def _strokes_of_posts(scene: Scene) -> Float32:
    """(n, 4) px of the reduced picture: x and y of the ends of upright strokes that cross a level one."""
    ink, wide = _level(scene)
    if wide.sum() < 4 * len(ink):
        return np.zeros((0, 4), np.float32)
    return _posts(ink, wide).astype(np.float32)


def _posts(ink: UInt8, wide: Bool) -> NDArray[np.float64]:
    """(n, 4) px: x and y of top and foot of short upright strokes that cross a level one; pairs of strokes are one."""
    tall = max(5, round(_SHORTEST * len(ink)))
    strokes = mahotas.dilate(ink > _POST_INK, np.ones((1, 3), bool))
    upright = np.asarray(mahotas.open(strokes, np.ones((tall, 1), bool)), bool)
    things, count = mahotas.label(mahotas.dilate(upright, np.ones((3, 5), bool)), np.ones((3, 3), bool))
    if not count:
        return np.zeros((0, 4))
    boxes = np.asarray(mahotas.labeled.bbox(things), np.int64).reshape(-1, 4)
    height, width = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    crossed = np.bincount(things.ravel(), wide.ravel(), count + 1) > 0
    good = crossed & (height < _TALLEST * len(ink)) & (width < max(6, _WIDEST * len(ink)) + 5)
    found = []
    for index in np.flatnonzero(good[1:]) + 1:
        top, bottom, left, right = boxes[index].tolist()
        rows, columns = np.nonzero((things[top:bottom, left:right] == index) & upright[top:bottom, left:right])
        lean = np.polyfit(rows, columns, 1) if np.ptp(rows) > 4 else np.array([0.0, columns.mean()])
        first, last = int(rows.min()), int(rows.max()) + 1
        found.append(
            (
                left + lean[1] + lean[0] * first + 0.5, top + first,
                left + lean[1] + lean[0] * last + 0.5, top + last,
            )
        )  # fmt: skip
    return np.array(found).reshape(-1, 4)
