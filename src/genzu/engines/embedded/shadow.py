"""Shadows: on the ground, what stands is laid over, away from the light; on walls, what juts out; and shade at feet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.script import Light
from genzu.engines.embedded.soft import one_of, running, soft_bytes, widened
from genzu.picture.arrays import Bool, Float32, Int32, UInt8

_DAPPLED = (Material.FOLIAGE,)
_BUILT = (Material.WALL, Material.ROOF, Material.WINDOW, Material.CLOTH)
_FOCAL = 1.6
"""Heights of the picture that the eye is away from it: a moderate lens."""
_FARTHEST = 0.5
"""Share of the way to the eye that a shadow comes nearer at most."""
_LEAST_BELOW = 0.02, 0.16
"""Share of the picture's height that the ground lies below the horizon at least: a street's, and open land, which rises
and falls."""
_ASIDE, _NEARER = 0.74, 0.67
"""Direction of all shadows on the ground, to the side and towards the eye: the light stands aside and behind things."""
_LONGEST = 2.4
"""Heights of a thing that its shadow is long at most: that of a sun at 23°."""
_SOFT_LEAVES = 1.3, 4.0
"""Px of blur of a crown's shadow, in which its leaves find their edge: at the horizon, and near."""
_BEYOND = 0.2
"""Share of the picture's width that a house goes on beyond its side."""
_SIMPLER = 0.005, 0.03
"""Share of the picture's height that is the brush for shadows of large things: at the horizon, and near."""
_LARGE = 0.16
"""Share of the picture's height that is the side of a square as large as the shadow of a large thing."""
_NEAR = 0.3
"""Share of the picture's height below the horizon from which the ground is near."""


@dataclass(frozen=True, slots=True)
class Eye:
    """Where the picture is looked at from, in px of the arrays that go with it."""

    horizon: float
    """Row of the eye level."""
    middle: float | None = None
    """Column of the vanishing point; ``None`` where nothing recedes to one, as on a PAN sheet."""


@dataclass(frozen=True, slots=True)
class Rays:
    """Where on the ground the shadow of a point falls, in perspective."""

    eye: Eye
    away: float
    """Lengths to the side, of a thing's height."""
    nearer: float
    """Lengths towards the eye, of a thing's height."""
    focal: float
    least: float

    def below(self, foot: NDArray[np.integer]) -> Float32:
        """Rows that the ground at these feet lies below the horizon."""
        return np.maximum(foot.astype(np.float32) - np.float32(self.eye.horizon), np.float32(self.least))

    def fall(self, foot: Int32, xs: Int32, tall: Float32) -> tuple[Float32, Float32]:
        """Row and column of the shadow of what is ``tall`` px above its foot.

        A point at the eye's distance Z and the height T throws to Z − nearer · T: pinhole camera, so that shadows of
        equally tall things end on a line through the vanishing point, and those of far things are flat.
        """
        focal = np.float32(self.focal)
        grown = focal / (focal - np.minimum(np.float32(self.nearer) * tall, np.float32(_FARTHEST) * focal))
        x = xs + np.float32(self.away) * tall * grown
        if self.eye.middle is not None:
            x += (xs - np.float32(self.eye.middle)) * (grown - 1)
        return foot + self.below(foot) * (grown - 1), x


def rays_of(light: Light, eye: Eye, height: int) -> Rays | None:
    """The light's rays in a picture of this height in px; ``None`` if nothing throws a shadow in it."""
    if light.sharpness <= 0.02:
        return None
    reach = min(_LONGEST, float(1 / np.tan(np.deg2rad(max(light.elevation, 1.0)))))
    return Rays(
        eye,
        away=float(-np.sign(light.towards[0])) * _ASIDE * reach,
        nearer=_NEARER * reach,
        focal=_FOCAL * height,
        least=_LEAST_BELOW[eye.middle is None] * height,
    )


class _Points(NamedTuple):
    """Places of what stands, (n,) each: row, column, and the row of the foot."""

    y: Int32
    x: Int32
    foot: Int32

    def chosen(self, which: Bool) -> _Points:
        """Some of them."""
        return _Points(self.y[which], self.x[which], self.foot[which])


def cast_shadows(
    materials: UInt8,
    light: Light,
    standing: Sequence[Material],
    ground: Sequence[Material],
    eye: Eye,
    thin: Bool | None = None,
    trees: Int32 | None = None,
) -> tuple[Float32, Float32]:
    """Two planes (h, w) 0–1 on ground materials: shadow of what is solid, and of leaves, which has a soft edge.

    Each column run of standing pixels has its foot where it meets the ground; what is above it throws its shadow away
    from the light and towards the eye, see :class:`Rays`. ``thin`` marks poles and bars: what stands behind one goes
    on behind it. ``trees`` (h, w) is the row of the foot of the tree (or parasol) that leaves, bark or cloth belong
    to, −1 where none is known.
    """
    rays = rays_of(light, eye, len(materials))
    if rays is None:
        return np.zeros(materials.shape, np.float32), np.zeros(materials.shape, np.float32)
    if thin is None or not thin.any():
        return _cast(materials, light, standing, ground, rays, trees)
    poles = np.where(thin, materials, 255).astype(np.uint8)
    poles = np.where(one_of(materials, ground), materials, poles).astype(np.uint8)
    solid, leafy = _cast(_without(materials, thin), light, standing, ground, rays, trees)
    upright, _none = _cast(poles, light, standing, ground, rays, trees, upright=True)
    return np.maximum(solid, upright), leafy


def _cast(
    materials: UInt8, light: Light, standing: Sequence[Material], ground: Sequence[Material], rays: Rays,
    trees: Int32 | None, *, upright: bool = False,
) -> tuple[Float32, Float32]:  # fmt: skip
    """:func:`cast_shadows` of one kind; what is ``upright`` stands on one foot, however its sides waver."""
    solid: Float32 = np.zeros(materials.shape, np.float32)
    leafy = np.zeros_like(solid)
    stands, lies = one_of(materials, standing), one_of(materials, ground)
    rows = np.arange(materials.shape[0], dtype=np.int32)[:, None]
    foot = _foot_below(stands, lies, rows, _behind(materials))
    if upright:
        foot = _one_foot(stands, foot)
    if trees is not None:
        foot = np.where((trees >= 0) & stands, trees, foot)
    # What is upright, or a tree, is as deep as it is wide: its shadow is no ribbon.
    round_ones = foot if upright else trees
    half_depth = None if round_ones is None else _half_depth(round_ones)
    ys, xs = np.nonzero(stands & (foot >= 0))
    if len(ys) == 0:
        return solid, leafy
    points = _Points(ys.astype(np.int32), xs.astype(np.int32), foot[ys, xs])
    of_leaves = one_of(materials[ys, xs], _DAPPLED)
    deep = np.zeros(len(ys), np.int32)
    if half_depth is not None:
        deep = np.rint(half_depth[ys, xs] * rays.below(points.foot) / np.float32(rays.focal)).astype(np.int32)
        if upright:
            deep = np.maximum(deep, 1)  # less is lost under the brush that lays it
    for field, kind in ((solid, ~of_leaves), (leafy, of_leaves)):
        some = points.chosen(kind)
        _throw(field, some, rays)
        thick = deep[kind]
        some, thick = some.chosen(thick > 0), thick[thick > 0]
        for share in (-1.0, -0.5, 0.5, 1.0):
            _throw(field, some, rays, np.rint(share * thick).astype(np.int32))
    for column in _going_on(points.chosen(one_of(materials[ys, xs], _BUILT)), materials.shape[1], rays.away):
        _throw(solid, column, rays)
    solid = _joined(solid, max(3, solid.shape[0] // (100 if upright else 30)) | 1)
    nearness = np.clip(rays.below(rows) / np.float32(_NEAR * len(rows)), 0, 1)
    if not upright:
        solid = _simple(solid, nearness)
    solid = _blur(_close(solid), 0.6 + 2.0 * (1 - light.sharpness))
    if leafy.any():
        far, near = (_blur(_close(leafy), size) for size in _SOFT_LEAVES)
        leafy = far + (near - far) * nearness
    sharpness = np.float32(light.sharpness)
    return np.where(lies, solid, 0) * sharpness, np.where(lies, leafy, 0) * sharpness


def _going_on(points: _Points, width: int, away: float) -> Iterator[_Points]:
    """What is cut by the picture's side goes on beyond it, column by column.

    Only on the side of the light, from where its shadow falls into the picture.
    """
    side, outwards = (width - 1, 1) if away < 0 else (0, -1)
    cut = points.chosen(points.x == side)
    if len(cut.x):
        for step in range(1, round(_BEYOND * width)):
            yield cut._replace(x=cut.x + np.int32(step * outwards))


def _half_depth(trees: Int32) -> Float32:
    """(h, w) px: how far what stands on a foot reaches to the front at each place, if each of its rows is a disc.

    ``trees`` (h, w) is the row of that foot, −1 where nothing stands.
    """
    across = np.arange(trees.shape[1], dtype=np.int32)[:, None]
    turned = np.ascontiguousarray(trees.T)
    begins = np.ones(turned.shape, bool)
    begins[1:] = turned[1:] != turned[:-1]
    ends = np.concatenate([begins[1:], begins[:1]])
    left = running(np.maximum, np.where(begins, across, -1))
    right = running(np.minimum, np.where(ends, across, len(across))[::-1])[::-1]
    deep = np.sqrt((across - left + 1) * (right - across + 1), dtype=np.float32)
    return np.where(turned >= 0, deep, np.float32(0)).T


def _one_foot(stands: Bool, foot: Int32) -> Int32:
    """The row of the lowest foot for all of each thing that is much taller than wide; −1 stays where none stands."""
    things, _ = mahotas.label(stands, np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(things), np.int64).reshape(-1, 4)
    pole = boxes[:, 1] - boxes[:, 0] > 4 * (boxes[:, 3] - boxes[:, 2])
    pole[0] = False
    lowest = np.full(len(boxes), -1, np.int32)
    np.maximum.at(lowest, things.ravel(), foot.ravel())
    return np.where(pole[things] & (lowest[things] >= 0), lowest[things], foot).astype(np.int32)


def _simple(shadow: Float32, nearness: Float32) -> Float32:
    """A painter's shape for a shadow: no step or notch that is smaller than his brush, which is larger near by.

    ``nearness`` (h, 1) is 0 at the horizon and 1 near. What throws no large shadow is small, and keeps its form.
    """
    if not shadow.any():
        return shadow
    small = _blur(shadow, shadow.shape[0] / 130) > 0.5
    masses, _count = mahotas.label(shadow > 0)
    area = np.bincount(masses.ravel())
    area[0] = 0
    large = (area > (_LARGE * len(shadow)) ** 2)[masses]
    if large.any():
        far, near = (_blur(large.astype(np.float32), size * len(shadow)) for size in _SIMPLER)
        small = np.where(widened(large.view(np.uint8), 2) > 0, far + (near - far) * nearness > 0.5, small)
    return small.astype(np.float32)


def _joined(shadow: Float32, tall: int) -> Float32:
    """Close slits up to ``tall`` px: where a door's sill lies lower than the wall's foot, its shadow is shifted."""
    if not shadow.any():
        return shadow
    return np.asarray(mahotas.close(shadow > 0, np.ones((tall, 1), bool)), np.float32)


def _without(materials: UInt8, thin: Bool) -> UInt8:
    """Each pixel of a thin thing takes the material of the last pixel left of it that is none."""
    columns = np.broadcast_to(np.arange(materials.shape[1]), materials.shape)
    last = running(np.maximum, np.where(thin.T, -1, columns.T)).T
    return np.where(thin & (last >= 0), np.take_along_axis(materials, np.maximum(last, 0), 1), materials)


def _throw(field: Float32, points: _Points, rays: Rays, nearer: Int32 | int = 0) -> None:
    """Mark, in place, where the shadow of points falls; steps of half a px leave no gaps.

    ``nearer`` = rows by which each stands before its foot.
    """
    height, width = field.shape
    flat, foot = field.reshape(-1), points.foot + np.int32(nearer)
    tall = (points.foot - points.y).astype(np.float32)
    for step in (0.0, 0.5):
        y, x = rays.fall(foot, points.x, tall + np.float32(step))
        inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
        flat[np.rint(y[inside]).astype(np.intp) * width + np.rint(x[inside]).astype(np.intp)] = 1


def wall_shadows(materials: UInt8, light: Light) -> Float32:
    """(h, w) 0–1 on walls and what is set in them: the shadow of the eave, awning or canopy above.

    The picture is sheared along the light so that its columns follow the rays; down each of them the shadow is as
    long as the jutting thing is thick, times a share that grows with the light's height.
    """
    receives = one_of(materials, (Material.WALL, Material.WINDOW, Material.WOOD))
    juts = one_of(materials, (Material.ROOF, Material.CLOTH))
    if light.sharpness <= 0.02 or not (receives.any() and juts.any()):
        return np.zeros(materials.shape, np.float32)
    height, width = materials.shape
    slant = float(np.clip(-light.towards[0] / max(-light.towards[1], 0.35), -0.9, 0.9))
    shift = np.rint(slant * np.arange(height)).astype(np.int64)
    columns = np.arange(width)[None, :] + shift[:, None]
    inside = (columns >= 0) & (columns < width)
    index = np.clip(columns, 0, width - 1)
    taking = np.take_along_axis(receives, index, 1) & inside
    jutting = np.take_along_axis(juts, index, 1) & inside
    length = _run_length(jutting)
    share = 0.35 + 0.25 * min(light.elevation, 60) / 60
    low, high = height * 0.008, height * 0.055
    budget, rows = np.zeros(width, np.float32), np.zeros((height, width), np.float32)
    for y in range(height):
        budget = np.where(jutting[y], np.clip(length[y] * share, low, high), budget - 1)
        budget = np.where(taking[y] | jutting[y], budget, 0)
        rows[y] = taking[y] & (budget > 0)
    shaded = np.zeros((height, width), np.float32)
    back = np.clip(np.arange(width)[None, :] - shift[:, None], 0, width - 1)
    shaded = np.take_along_axis(rows, back, 1) * receives
    return _blur(_close(shaded), 0.8) * np.float32(min(1.0, light.sharpness + 0.25))


def _run_length(mask: Bool) -> Float32:
    """How many pixels of the mask lie above each pixel without a break, itself included."""
    rows = np.arange(mask.shape[0], dtype=np.int32)[:, None]
    last_gap = running(np.maximum, np.where(mask, -1, rows))
    return np.where(mask, rows - last_gap, 0).astype(np.float32)


def below(mask: Bool, limit: float, *, cause: Bool | None = None) -> Float32:
    """(h, w) rows since the mask began above (or since ``cause`` ended above), at most ``limit``; 0 outside."""
    rows = np.arange(mask.shape[0], dtype=np.int32)[:, None]
    starts = ~mask if cause is None else cause
    far = -10_000_000
    last = running(np.maximum, np.where(starts, rows, far))
    if cause is None:
        last = np.where(last == far, -round(limit) - 1, last)
    return np.where(mask, np.clip(rows - last - 1, 0, limit), 0).astype(np.float32)


def contact_shade(materials: UInt8, standing: Sequence[Material], ground: Sequence[Material]) -> Float32:
    """(h, w) 0.4–1: darker where the ground comes near to the foot of what stands on it."""
    stands, lies = one_of(materials, standing), one_of(materials, ground)
    foot = np.zeros(materials.shape, np.float32)
    foot[1:] = stands[:-1] & lies[1:]
    wide = widened(foot, 2)
    near = np.clip(1.1 * _blur(wide, 2.5) + 0.9 * _blur(wide, 8), 0, 1)
    crowd = _blur(stands.astype(np.float32), 9)
    return np.where(lies, 1 - 0.55 * near, 1 - 0.22 * np.clip(crowd - 0.6, 0, 1)).astype(np.float32)


def _behind(materials: UInt8) -> Bool:
    """Where, over what is below, begins what stands behind it: over a roof all does, over anything built leaves do."""
    behind = np.zeros(materials.shape, bool)
    above, below_it = materials[:-1], materials[1:]
    leaves = (above == Material.FOLIAGE) & one_of(below_it, _BUILT)
    np.logical_or((below_it == Material.ROOF) & (above != Material.ROOF), leaves, out=behind[:-1])
    return behind


def _foot_below(stands: Bool, lies: Bool, rows: Int32, behind: Bool) -> Int32:
    """Row of the ground under each standing pixel's column run; −1 where the run does not meet the ground.

    A run ends where what it stands on is hidden ``behind`` something else.
    """
    ends = np.zeros_like(stands)
    ends[:-1] = stands[:-1] & (~stands[1:] | behind[:-1])
    grounded = np.zeros_like(stands)
    grounded[:-1] = ends[:-1] & lies[1:]
    mark: Int32 = np.where(ends, rows, np.iinfo(np.int32).max).astype(np.int32)
    below_it: Int32 = running(np.minimum, mark[::-1])[::-1]
    safe = np.minimum(below_it, stands.shape[0] - 1)
    meets = np.take_along_axis(grounded, safe, axis=0) & (below_it < np.iinfo(np.int32).max)
    return np.where(meets, safe, -1).astype(np.int32)


def _close(mask: Float32) -> Float32:
    wide = widened((mask * 255).astype(np.uint8), 1)
    return (255 - widened(255 - wide, 1)).astype(np.float32) / 255


def _blur(mask: Float32, radius: float) -> Float32:
    """Gaussian blur of values 0–1, to a byte."""
    coded = (np.clip(mask, 0, 1) * 255).astype(np.uint8)
    return soft_bytes(coded, radius) * np.float32(1 / 255)
