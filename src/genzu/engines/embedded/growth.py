"""What grows over the edges of things, and is painted when all of them stand: leaves, and grass at their feet."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import apex, bank, bridge, folds, fronds, stones, tufts, twigs
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import needled
from genzu.engines.embedded.fields import outward
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.materials import foliage
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import one_of, soft_bytes
from genzu.engines.embedded.strokes import Points, placed, scatter, whole_eighths
from genzu.picture.arrays import Bool, Float32, Int32

_STAND = (Material.TRUNK, Material.ROCK, Material.WALL, Material.WOOD, Material.METAL)
_LIE = (Material.WATER, Material.ROAD, Material.SOIL)
"""What grass grows over: the foot of what stands; of a bank or a path each edge but the near one."""
_OPEN = (
    Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.FOLIAGE, Material.GRASS, Material.SOIL, Material.WATER,
    Material.ROAD,
)  # fmt: skip
"""What leaves always may hang over; of other things, of those that stand farther away."""
_BEHIND = 0.03
_FOOT = 4.0
"""Units below an edge in which blades have their roots."""
_CONTACT = 0.3
"""Share of its light that the ground has not where a stone touches it."""
_EDGE = 0.35
"""Share of the light that is missing in the drawn edge between the two."""
_CLEAR = 9
"""Units farther down, where the grass has its own colour again."""


def over_edges(patch: Patch, canvas: Float32) -> None:
    """Paint it over the (h, w, 3) OKLab canvas of all materials, in place."""
    bank.lipped(patch, canvas)
    bridge.behind_railing(patch, canvas)
    bridge.standing(patch, canvas)
    fronds.covered(patch, canvas)
    apex.raised(patch, canvas)
    _contact(patch, canvas)
    _sprays(patch, canvas)
    _at_the_foot(patch, canvas)
    tufts.grown(patch, canvas)


def _sprays(patch: Patch, canvas: Float32) -> None:
    """Leaves over the outline of crowns: it is where the leaves end, and they end one by one."""
    leafy = patch.materials == Material.FOLIAGE
    if not leafy.any():
        return
    # Where nobody drew an outline leaves are torn already; where there are none a spray would have the air's colour.
    rim = leafy & (patch.inner > 1.5) & (patch.inner < 9)
    gone = foliage.torn_away(patch, leafy)
    if gone is not None:
        rim &= ~gone
    bare = twigs.bare(patch)
    if bare is not None:
        rim &= ~bare
    scale = foliage.crown_scale(patch)
    needles = needled(patch)
    if needles is not None:
        rim &= ~needles  # these have tips of their own
    folds.painted(patch, canvas, scale)
    if bare is not None:
        twigs.fringe(patch, canvas, leafy & bare, scale)
    if not rim.any():
        return
    out_x, out_y = outward(patch)
    for spacing, length, salt, value, share in ((6.0, 15.0, 1321, -0.012, 0.7), (7.5, 12.0, 1322, 0.030, 0.6)):
        points = scatter(patch, rim, spacing, salt)
        rows, columns = points.index
        grouped = _noise(patch, points, 30, salt + 1)
        points = points.where(points.chance[:, 0] < share * (0.7 + 0.9 * grouped))
        if len(points) == 0:
            continue
        rows, columns = points.index
        to_x, to_y = out_x[rows, columns], out_y[rows, columns]
        long = np.maximum(np.hypot(to_x, to_y), 0.1)
        size = (patch.unit * length * np.clip(scale[rows, columns] * 1.3, 0.5, 1)).astype(np.float32)
        size *= 0.7 + 0.6 * points.chance[:, 2]
        # The spray's middle lies on the outline, or a little inside or outside of it.
        move = (patch.inner[rows, columns] * patch.unit + size * (0.55 * points.chance[:, 3] - 0.28)) / long
        x, y = placed(patch, points, to_x * move, to_y * move)
        free = _free(
            patch, (rows, columns), x + to_x / long * size * np.float32(0.5), y + to_y / long * size * np.float32(0.5)
        )
        free &= _free(patch, (rows, columns), x, y)
        colour = canvas[rows, columns].copy()
        colour[:, 0] += np.float32(value) * (1 - 0.7 * patch.depth[rows, columns])
        lay(
            canvas,
            Strokes(
                x=x[free], y=y[free], length=size[free], width=size[free] * np.float32(0.85),
                angle=points.chance[free, 1] * np.float32(6.28), colour=colour[free],
                opacity=np.full(int(free.sum()), 0.85, np.float32), tip=Tip.LEAVES,
                variant=(points.chance[free, 1] * 97).astype(np.int32),
            ),
        )  # fmt: skip


def _noise(patch: Patch, points: Points, cell: float, salt: int) -> Float32:
    """(n,) −1…1 at these places, in cells of so many units: a plane of it would count on a large tile."""
    x, y = (points.x + patch.bounds.x) / (cell * patch.unit), (points.y + patch.bounds.y) / (cell * patch.unit)
    seed = mix_seed(patch.script.seed, salt)
    return np.asarray(0.7 * noise_at(x, y, seed) + 0.4 * noise_at(2 * x, 2 * y, seed + 1), np.float32)


def _free(patch: Patch, crown: tuple[Int32, Int32], x: Float32, y: Float32) -> Bool:
    """(n,): places at which nothing stands before the crown that has leaves at ``crown`` (rows and columns)."""
    columns = np.clip(x.astype(np.int32), 0, patch.bounds.width - 1)
    rows = np.clip(y.astype(np.int32), 0, patch.bounds.height - 1)
    behind = patch.depth[rows, columns] > patch.depth[crown] + _BEHIND
    return np.asarray(one_of(patch.materials[rows, columns], _OPEN) | behind)


def _at_the_foot(patch: Patch, canvas: Float32) -> None:
    """Nothing stands on grass, it stands in it: a few blades, or under snow a little drift, lie over its foot."""
    grass = patch.materials == Material.GRASS
    if not grass.any():
        return
    lying = one_of(patch.materials, _LIE)
    feet = _below(one_of(patch.materials, _STAND) | lying, max(1, round(_FOOT * patch.unit)))
    feet[:, 1:] |= lying[:, :-1]
    feet[:, :-1] |= lying[:, 1:]
    feet &= grass
    near = ground(patch).near[:, 0]
    feet &= (near > 0.03)[:, None]
    if not feet.any():
        return
    if patch.script.snow > 0.5:
        points, colour, size = _rooted(patch, canvas, feet, near, 7.0, 1311)
        _lay(canvas, points, colour, size * np.float32(1.1), Tip.SOFT, 0.45, 0.0)
        return
    overgrown = stones.rooted(patch)
    if overgrown is not None:
        feet = feet & (overgrown | (_below(patch.materials == Material.ROCK, round(_CLEAR * patch.unit)) == 0))
    for spacing, salt, value in ((4.2, 1312, -0.055), (4.6, 1313, 0.02)):
        points, colour, size = _rooted(patch, canvas, feet, near, spacing, salt)
        colour[:, 0] += np.float32(value) + 0.04 * (points.chance[:, 2] - 0.5)
        _lay(canvas, points, colour, size, Tip.BLADES, 0.55, 0.34)


def _contact(patch: Patch, canvas: Float32) -> None:
    """A stone is parted from the ground by the shade that it stands in, cool and deepest where it touches."""
    part = stones.around_stones(patch)
    if part is None:
        return
    canvas, shade = canvas[part.within(patch)], stones.under_stones(part)
    rooted = stones.rooted(part)
    if rooted is not None:
        # Where it was drawn the edge is sharp: grass grows before it later, as before no line that is traced.
        edge = soft_bytes(part.contour, 0.85 * max(part.unit, 0.6)) * rooted
        canvas[..., 0] *= 1 - np.minimum(edge * np.float32(_EDGE / 128), np.float32(_EDGE))
    canvas[..., 0] *= 1 - np.float32(_CONTACT) * shade
    canvas[..., 1:] *= 1 - np.float32(0.35 * _CONTACT) * shade[..., None]
    canvas[..., 2] -= np.float32(0.012) * shade


def _below(mask: Bool, reach: int) -> Bool:
    """(h, w): up to ``reach`` px below what is in ``mask``."""
    found = np.zeros_like(mask)
    for step in range(1, reach + 1):
        found[step:] |= mask[:-step]
    return found


def _rooted(
    patch: Patch, canvas: Float32, feet: Bool, near: Float32, spacing: float, salt: int
) -> tuple[Points, Float32, Float32]:
    """Places of blades, the (n, 3) colour that the grass has a little lower down, and (n,) their length in px."""
    points = scatter(patch, feet, spacing, salt, squash=0.6)
    rows, columns = points.index
    # In groups: an even fringe would be an outline of its own.
    dense = _noise(patch, points, 34, salt + 1)
    points = points.where(points.chance[:, 0] < 0.45 + 0.9 * dense)
    points = points.sorted_by(points.y)
    rows, columns = points.index
    lower = np.minimum(rows + round(_CLEAR * patch.unit), patch.bounds.height - 1)
    lower = np.where(patch.materials[lower, columns] == Material.GRASS, lower, rows)
    size = patch.unit * (5 + 26 * near[rows]) * (0.6 + 0.8 * points.chance[:, 1])
    return points, canvas[lower, columns].copy(), np.asarray(size, np.float32)


def _lay(canvas: Float32, points: Points, colour: Float32, size: Float32, tip: Tip, wide: float, rise: float) -> None:
    """Strokes of ``size`` (n,) px that rise from their places by the share ``rise`` of it."""
    if len(points) == 0:
        return
    upright = np.float32(-np.pi / 2 if rise else 0.0)
    lay(
        canvas,
        Strokes(
            x=points.x, y=points.y - whole_eighths(size * np.float32(rise)), length=size, width=size * np.float32(wide),
            angle=(upright + 0.7 * (points.chance[:, 3] - 0.5)).astype(np.float32), colour=colour,
            opacity=np.full(len(points), 0.78, np.float32), tip=tip,
            variant=(points.chance[:, 2] * 4).astype(np.int32),
        ),
    )  # fmt: skip
