"""Drawn tufts: short steep strokes on the ground are blades of grass, and are painted as blades, where they stand.

A blade has a foot that is lost in the grass, a pointed tip and the hue of what grows there. Which blades there are,
:mod:`sown` tells.
"""

from __future__ import annotations

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import sown, stones, ticks
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import one_of
from genzu.engines.embedded.sown import (
    AT_X,
    AT_Y,
    CHANCE,
    DRAWN,
    END,
    HALF,
    MIDDLE,
    ROOT,
    SIDE,
    TIP_X,
    TIP_Y,
    VALUE,
    Index,
    X,
    Y,
)  # fmt: skip
from genzu.engines.embedded.stems import SOFT as CRISP
from genzu.engines.embedded.stems import Blades, lay_blades
from genzu.engines.embedded.strokes import Points, scatter, whole_eighths
from genzu.engines.embedded.surface import air_share
from genzu.engines.embedded.ticks import ON
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, linear_from_oklab, oklab_from_linear

_DEAD = hex_to_linear("#a48c5e")
_THROUGH_SNOW = (Tip.STREAK, 9.0, 44.0, 0.05, 1303, -0.03), (Tip.STREAK, 9.5, 52.0, 0.05, 1304, 0.04)
"""Of a clump under snow only some stalks are seen: brush, spacing, length, width, salt, and lightness."""
_FILLED = 96.0
"""Units around blades that their clumps fill: four times how widely they are strewn, and half of one."""
_DRIFT = 60.0
"""Units: how wide drifts are."""
_THROUGH = 0.3
"""Share of the blades that nobody drew which are seen through snow."""
_FOOT = 0.11
"""OKLab lightness of the shade on bare ground beneath a tuft."""
_DRY = 0.4
"""Share of a tuft's colour on bare ground that is dry stalks."""
_BARE, _AMONG = 1.0, 0.9
"""How far blades stand apart on bare ground, before the clump behind them, and among others in a meadow."""
_ROUND, _DEEP = 0.9, 1.6
"""Units that the far side of a drawn blade is soft, and that of its shade."""
_AT_ROOT, _AT_TIP = (0.6, 1.2, 0.1), (1.25, 0.6, 1.3)
"""Shares of its value that a lit blade, a dark one and one that nobody drew have at the root and at the tip."""
_LIT, _DARK, _POOL, _WET = 0.17, -0.13, 0.04, 0.8
"""OKLab lightness: of a lit blade over, of a dark one under the grass around, and of the shade behind lit ones; and how
far the touches of the meadow are painted wet there."""


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    if any_drawn(scene):
        kept(scene, "around tufts", sown.around)


def any_drawn(scene: Scene) -> bool:
    """True if a stroke of the picture is a blade."""
    return bool(kept(scene, "tufts", ticks.strokes).any())


def blades(patch: Patch) -> Bool | None:
    """(h, w): strokes that are blades, and a few px around them, and those where stones stand in grass.

    They are no lines: the one are painted as blades, the others by the shade under the stone and grass before it.
    ``None`` if the picture has none.
    """
    rooted = stones.rooted(patch)
    if not any_drawn(patch.scene):
        return rooted
    found = np.asarray(patch.scene.sample(kept(patch.scene, "tufts", ticks.strokes), patch.bounds) > 0.3)
    return found if rooted is None else found | rooted


def around(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how close by are the feet of drawn blades; ``None`` if the picture has none."""
    if not any_drawn(patch.scene):
        return None
    return patch.scene.sample(kept(patch.scene, "around tufts", sown.around)[..., 0], patch.bounds)


def grown(patch: Patch, canvas: Float32) -> None:
    """Paint the clumps and the drawn blades into the (h, w, 3) OKLab canvas, in place."""
    if not any_drawn(patch.scene):
        return
    table = kept(patch.scene, "stems", sown.blades)
    part, table = _seen_in(patch, table)
    if part is None:
        return
    near = patch.scene.sample(kept(patch.scene, "around tufts", sown.around), part.bounds)
    canvas = canvas[part.within(patch)]
    columns, rows = _places(part, table)
    there = part.materials[rows, columns]
    # Nothing but what was drawn, and its tuft, is rooted on open water or in bare sand.
    inside = one_of(there, (Material.GRASS, Material.TRUNK)) | (one_of(there, ON) & (table[:, DRAWN] != 0))
    if part.script.snow > 0.5:  # of the others most lie under it, and those that are drawn part from it by themselves
        inside &= (table[:, DRAWN] == 1) | ((table[:, DRAWN] <= 0) & (table[:, CHANCE] < _THROUGH))
    table, rows, columns = table[inside], rows[inside], columns[inside]
    soft = _wet(part, canvas)
    own = _as_grass(part, soft[rows, columns], rows, columns)
    _shaded(part, canvas, soft, near)
    _clumps(part, canvas, near[..., 0])
    bare = part.materials[rows, columns] != Material.GRASS
    lay_blades(canvas, _coloured(part, table, own, bare))


def _places(patch: Patch, table: Float32) -> tuple[Index, Index]:
    """(n,) each: column and row in the patch of what the blades have their colour from."""
    x, y = (
        np.floor(table[:, at] * patch.unit).astype(np.int64) - begin
        for at, begin in ((AT_X, patch.bounds.x), (AT_Y, patch.bounds.y))
    )
    return x, y


def _seen_in(patch: Patch, table: Float32) -> tuple[Patch | None, Float32]:
    """The part of the patch that these blades and their ground fill, and those of them that are in it."""
    x, y = _places(patch, table)
    table = table[(x >= 0) & (x < patch.bounds.width) & (y >= 0) & (y < patch.bounds.height)]
    if len(table) == 0:
        return None, table
    x, y = _places(patch, table)
    box = Bounds(patch.bounds.x + int(x.min()), patch.bounds.y + int(y.min()), int(np.ptp(x)) + 1, int(np.ptp(y)) + 1)
    return patch.inside(box.grown(round(_FILLED * patch.unit)).intersect(patch.bounds)), table


def _wet(patch: Patch, canvas: Float32) -> Float32:
    """The (h, w, 3) canvas without its strokes."""
    factor = max(1, round(8 * patch.unit))
    planes = [patch.enlarged(patch.reduced(canvas[..., c], factor), factor) for c in range(3)]
    return np.stack(planes, -1)


def _shaded(patch: Patch, canvas: Float32, soft: Float32, near: Float32) -> None:
    """Between the feet of blades in the light the ground lies in the shade, and all of it is painted wet."""
    if patch.script.snow > 0.5:
        return
    there, lit = np.clip(near[..., 0] * 3, 0, 1), np.clip(near[..., 1] * 3, -1, 1)
    canvas += (soft - canvas) * (np.clip(5 * there, 0, _WET))[..., None]
    pool = np.where(lit > 0, _POOL, 0.4 * _POOL) * lit
    pool = np.where(patch.materials == Material.SOIL, _FOOT * there, pool)
    canvas[..., 0] -= pool * np.clip(canvas[..., 0] * 2, 0.25, 1)


def _coloured(patch: Patch, table: Float32, own: Float32, bare: Bool) -> Blades:
    """The blades in px of this patch, each in the (n, 3) colour of the grass where it stands, lit or in the shade.

    On ``bare`` ground (n,) they must stand out from the clump that is painted behind them.
    """
    unit = np.float32(patch.unit)
    x, y = np.float32(patch.bounds.x), np.float32(patch.bounds.y)
    value = table[:, VALUE]
    seen = np.clip(own[:, 0] * 2, 0.3, 1) * np.float32(_light(patch))
    lift = (
        np.where(value > 0, _LIT * value, -_DARK * value) * seen * np.where(bare, np.float32(_BARE), np.float32(_AMONG))
    )
    snowy = patch.script.snow > 0.5
    if snowy:
        lift = 0.03 * value + np.float32(0.05)  # before snow all stalks are dark
    low, high = own.copy(), own.copy()
    # At its root a blade is nearly what it grows from; a dark one is darkest there, and its tip is in the air.
    kind = np.where(table[:, DRAWN] == 0, 2, np.where(lift > 0, 0, 1))
    low[:, 0] += lift * np.array(_AT_ROOT, np.float32)[kind]
    high[:, 0] += lift * np.array(_AT_TIP, np.float32)[kind]
    for end, share in ((low, np.float32(0.7)), (high, np.float32(1))):
        # Light is warm and shade is cool, each with the colour of what grows here: no chalk, and no ink.
        end[:, 1:] *= (1 + share * np.where(bare, np.float32(0.4), np.float32(1)) * lift / np.maximum(own[:, 0], 0.2))[
            :, None
        ]
        end[:, 1] += share * (
            0.010 * (table[:, CHANCE] - 0.5) + 0.02 * np.maximum(lift, 0) + 0.05 * np.minimum(lift, 0)
        )
        end[:, 2] += share * (
            0.012 * (table[:, CHANCE] - 0.5) + np.where(bare & (lift > 0), np.float32(0.22), np.float32(0.16)) * lift
        )
    half = np.maximum(table[:, HALF] * (unit * (0.75 if snowy else 1.0)), 0.7)
    side = table[:, SIDE]
    # A drawn stroke is the sharp edge of its blade, whose other side melts into the tuft; so does its shade.
    melting = np.where(table[:, DRAWN] == 0.5, np.float32(_DEEP), np.float32(_ROUND)) * unit
    edged, ends = np.stack([side > 0, side < 0], 1), (side != 0)[:, None]
    return Blades(
        foot=table[:, [X, Y]] * unit - [x, y], middle=table[:, MIDDLE] * unit - x,
        tip=table[:, [TIP_X, TIP_Y]] * unit - [x, y], root=table[:, ROOT], end=table[:, END],
        half=np.where(edged, np.float32(0), half[:, None]),
        soft=np.maximum(np.where(ends & ~edged, melting[:, None], np.float32(CRISP)), np.float32(CRISP)),
        low=low, high=high, opacity=np.where(table[:, DRAWN] > 0, np.float32(1.0), np.float32(0.85)),
    )  # fmt: skip


def _light(patch: Patch) -> float:
    """How far blades stand apart: least under a grey sky; by the moon there is little colour to tell them by."""
    return (0.6 + 0.4 * min(1.0, patch.light.sharpness)) * (1.05 if patch.light.night else 1.0)


def _as_grass(patch: Patch, ground: Float32, rows: Index, columns: Index) -> Float32:
    """(n, 3) OKLab: grass in the very light that the ``ground`` (n, 3) at these places is seen in."""
    script, light = patch.script, patch.light
    snowy = script.snow > 0.5
    grass = script.toned(_DEAD) if snowy or script.conditions.season is Season.WINTER else script.local(Material.GRASS)
    linear = linear_from_oklab(ground[None])[0]
    materials = patch.materials[rows, columns]
    if snowy:
        linear = linear * grass
    else:
        dusty = np.asarray(0.85 * (grass + _DRY * (script.toned(_DEAD) - grass)), np.float32)
        for bare in (Material.SOIL, Material.TRUNK):
            there = (materials == bare)[:, None]
            linear = np.where(there, linear * dusty / np.maximum(script.local(bare), 0.02), linear)
    water = (materials == Material.WATER)[:, None]
    air = air_share(patch.depth[rows, columns], script.haze_density, script.haze_density)[:, None]
    reeds = grass * (light.ambient * 0.85 + light.key * 0.35)
    linear = np.where(water, reeds + (script.haze - reeds) * air, linear)
    return oklab_from_linear(linear[None].astype(np.float32))[0]


def _drifts(patch: Patch, points: Points) -> Float32:
    """(n,) −1…1: where drifts of snow let much of a row through, and where little."""
    x, y = points.x + patch.bounds.x, points.y + patch.bounds.y
    return noise_at(x / (_DRIFT * patch.unit), y / (_DRIFT * patch.unit), mix_seed(patch.script.seed, 1306))


def _clumps(patch: Patch, canvas: Float32, near: Float32) -> None:
    """Soft blades between and behind the drawn ones: dark ones at the foot, then some in the light."""
    bare = patch.script.snow > 0.5
    there = one_of(patch.materials, ON if bare else (Material.SOIL, Material.WATER))
    far = np.clip(0.35 + 1.2 * ground(patch).near[:, 0], 0, 1.1)
    layers = []
    for tip, spacing, length, width, salt, value in _THROUGH_SNOW if bare else (
        (Tip.SOFT, 7.5, 26.0, 0.45, 1300, -0.06),
        (Tip.STREAK, 12.0, 46.0, 0.08, 1303, -0.06), (Tip.STREAK, 9.5, 56.0, 0.07, 1304, -0.02),
    ):  # fmt: skip
        points = scatter(patch, there & (near > 0.04), spacing, salt, squash=0.5)
        rows, columns = points.index
        dense = near[rows, columns] * (0.8 * np.clip(1 + 1.6 * _drifts(patch, points), 0, 2) if bare else 4.0)
        points = points.where(points.chance[:, 0] < np.clip(dense, 0, 0.9))
        points = points.sorted_by(points.y)
        rows, columns = points.index
        colour = _as_grass(patch, canvas[rows, columns], rows, columns)
        if tip is Tip.SOFT:  # seen between stalks, it is as much of the ground in their shade
            colour = 0.5 * (colour + canvas[rows, columns])
        colour[:, 0] += np.float32(value) + 0.03 * (points.chance[:, 1] - 0.5)
        layers.append((tip, points, colour, far[rows] * np.float32(length), width))
    for tip, points, colour, long, width in layers:
        if len(points) == 0:
            continue
        size = (patch.unit * long * (0.4 + 0.8 * points.chance[:, 2] ** 2)).astype(np.float32)
        # The mass of the roots lies, stalks stand.
        rise, upright, turn = (0.16, 0.0, 0.2) if tip is Tip.SOFT else (0.40, -np.pi / 2, 0.8)
        lay(
            canvas,
            Strokes(
                x=points.x, y=points.y - whole_eighths(size * np.float32(rise)), length=size,
                width=np.maximum(size * np.float32(width), 1.6 * patch.unit).astype(np.float32),
                angle=(upright + turn * (points.chance[:, 3] - 0.5)).astype(np.float32),
                colour=colour.astype(np.float32), tip=tip,
                opacity=np.full(len(points), 0.4 if tip is Tip.SOFT else 0.7, np.float32),
                variant=(points.chance[:, 1] * 4).astype(np.int32),
            ),
        )  # fmt: skip
