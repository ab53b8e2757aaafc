"""Drawn tufts: short steep strokes on the ground are blades of grass, and are painted as blades, where they stand.

A pencil's tick has one value from end to end. A blade has a broad dark foot, a thin light tip and the hue of what
grows there; and it never stands alone, so that a clump of soft blades is laid around it first.
"""

from __future__ import annotations

from typing import Any

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import soft_bytes, widened
from genzu.engines.embedded.strokes import scatter
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, linear_from_oklab, oklab_from_linear

_ON = (Material.GRASS, Material.SOIL, Material.WATER)
_INK = 40
"""Byte of ink at the reduced size from which a stroke counts."""
_TALL = (9.0, 66.0)
"""Units: height of a drawn tuft."""
_WIDE = 7.0
"""Px of the reduced size: mean length of a steep stroke's rows; level strokes have longer ones."""
_MORE = 1.5
"""A stroke is no piece of a longer line: what is connected with it has at most so many times its pixels."""
_APART = 3.0
"""Units from the border of the ground: nearer strokes are its outline."""
_DEAD = hex_to_linear("#a48c5e")
_FAINT = 6
"""Byte of softened ink below which nothing is painted."""
_DEEP = 0.56
"""Share of its colour that the ground loses between the feet of drawn blades."""
_THROUGH_SNOW = (Tip.STREAK, 9.0, 44.0, 0.05, 1303, -0.03), (Tip.STREAK, 9.5, 52.0, 0.05, 1304, 0.04)
"""Of a clump under snow only some stalks are seen: brush, spacing, length, width, salt, and lightness."""
_WET = 1.6
"""How soon, beside a drawn blade, the ground behind it has lost its own strokes."""
Index = NDArray[np.integer[Any]]


def _found(scene: Scene) -> Float32:
    """(h, w, 2) at the reduced size: 0–1 where strokes are blades, and 0 at their feet – 1 at their tips."""
    field = np.zeros((*scene.small_materials.shape, 2), np.float32)
    there = np.isin(scene.small_materials, _ON) & (scene.inner > _APART)
    strokes = there & (small_ink(scene) > _INK)
    if not strokes.any():
        return field
    labels, count = mahotas.label(strokes, Bc=np.ones((3, 3), bool))
    begun, fallen = strokes.copy(), strokes.copy()
    begun[:, 1:] &= ~strokes[:, :-1]
    fallen[1:] &= ~strokes[:-1]
    area, across, down = (np.bincount(labels[of], minlength=count + 1) for of in (strokes, begun, fallen))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    lines, _count = mahotas.label(small_ink(scene) > _INK, Bc=np.ones((3, 3), bool))
    whole = np.zeros(count + 1, np.int64)
    whole[labels[strokes]] = np.bincount(lines.ravel())[lines[strokes]]
    tall = (boxes[:, 1] - boxes[:, 0]) / (scene.shrink * scene.unit)
    steep = (area <= _WIDE * across) & (across > 1.15 * down)
    steep &= whole <= _MORE * area
    steep &= (tall >= _TALL[0]) & (tall <= _TALL[1])
    steep[0] = False
    for number in np.flatnonzero(steep).tolist():
        top, bottom, left, right = boxes[number].tolist()
        view = slice(top, bottom), slice(left, right)
        _stand(labels[view] == number, field[view])
    grown = np.stack([widened(np.ascontiguousarray(field[..., k]), 2) for k in range(2)], -1)
    return np.where(field[..., :1] > 0, field, grown).astype(np.float32)


def _stand(stroke: Bool, field: Float32) -> None:
    """Write one component's blades into its (h, w, 2) part of the field; each column has its own foot and tip."""
    rows = np.arange(len(stroke))[:, None]
    tip = np.where(stroke.any(0), stroke.argmax(0), len(stroke))
    foot = np.where(stroke.any(0), len(stroke) - stroke[::-1].argmax(0), 0)
    reach = max(2, len(stroke) // 3)
    tip, foot = -widened(-tip[None], reach)[0], widened(foot[None], reach)[0]
    grown = (foot - rows - 0.5) / np.maximum(foot - tip, 1)
    field[..., 0][stroke] = 1
    field[..., 1][stroke] = np.clip(grown, 0, 1)[stroke]


def _around(scene: Scene) -> Float32:
    """(h, w) 0–1: how close by are the feet of drawn blades; wider than it is high, as a row of grass is."""
    found = kept(scene, "tufts", _found)
    feet = ((found[..., 0] > 0) & (found[..., 1] < 0.5)).astype(np.float32)
    size = scene.shrink * scene.unit
    wide = mahotas.gaussian_filter1d(feet, max(13 * size, 1.0), axis=1, mode="nearest")
    return np.asarray(mahotas.gaussian_filter1d(wide, max(8 * size, 0.8), axis=0, mode="nearest"), np.float32)


def any_drawn(scene: Scene) -> bool:
    """True if a stroke of the picture is a blade."""
    return bool(kept(scene, "tufts", _found)[..., 0].any())


def blades(patch: Patch) -> Bool | None:
    """(h, w): strokes that are blades, and a few px around them; ``None`` if the picture has none."""
    if not any_drawn(patch.scene):
        return None
    return np.asarray(patch.scene.sample(kept(patch.scene, "tufts", _found)[..., 0], patch.bounds) > 0.3)


def around(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how close by are the feet of drawn blades; ``None`` if the picture has none."""
    if not any_drawn(patch.scene):
        return None
    return patch.scene.sample(kept(patch.scene, "around tufts", _around), patch.bounds)


def grown(patch: Patch, canvas: Float32) -> None:
    """Paint the clumps and the drawn blades into the (h, w, 3) OKLab canvas, in place."""
    there = blades(patch)
    if there is None or not there.any():
        return
    drawn = patch.contour * there
    ink, beside = soft_bytes(drawn, 0.8 * max(patch.unit, 0.6)), soft_bytes(drawn, 3.2 * max(patch.unit, 0.6))
    rows, columns = np.nonzero(beside > _FAINT)
    own = _as_grass(patch, canvas[rows, columns], rows, columns)
    _clumps(patch, canvas)
    height = patch.scene.sample(kept(patch.scene, "tufts", _found)[..., 1], patch.bounds)[rows, columns]
    # A blade is light before the dark between the feet of its neighbours; its own foot is lost in that.
    shade = np.clip(beside[rows, columns] * np.float32(4.5 / 255), 0, 1) * (1 - 0.22 * height)
    body = np.clip((ink[rows, columns] * np.float32(1 / 255) - (0.05 + 0.08 * height)) * 10, 0, 1)
    foot, light = own * np.float32(0.98), own + _lift(patch) * np.clip(own[:, :1] * 2, 0.3, 1)
    colour = foot + (light - foot) * smoothstep(-0.15, 0.40, height)[:, None]
    plain = canvas[rows, columns]
    # The ground between them is painted wet: sharp blades want a soft ground.
    factor = max(1, round(8 * patch.unit))
    for c in range(3):
        soft = patch.enlarged(patch.reduced(canvas[..., c], factor), factor)[rows, columns]
        plain[:, c] += (soft - plain[:, c]) * np.minimum(_WET * shade, 0.85)
    plain *= (1 - (0.3 if patch.script.snow > 0.5 else 1.0) * _DEEP * shade)[:, None]
    canvas[rows, columns] = plain + (colour - plain) * (0.95 * body)[:, None]


def _lift(patch: Patch) -> Float32:
    """What a blade's tip in the light is lighter and warmer than the grass around it, OKLab."""
    if patch.script.snow > 0.5:  # before snow dead stalks are dark
        return np.array([0.01, 0.0, 0.004], np.float32)
    return np.array([0.235, -0.012, 0.022], np.float32) * np.float32(0.6 + 0.4 * min(1.0, patch.light.sharpness))


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
        soil = materials == Material.SOIL
        linear = np.where(soil[:, None], linear * grass / np.maximum(script.local(Material.SOIL), 0.02), linear)
    water = (materials == Material.WATER)[:, None]
    air = air_share(patch.depth[rows, columns], script.haze_density, script.haze_density)[:, None]
    reeds = grass * (light.ambient * 0.85 + light.key * 0.35)
    linear = np.where(water, reeds + (script.haze - reeds) * air, linear)
    return oklab_from_linear(linear[None].astype(np.float32))[0]


def _clumps(patch: Patch, canvas: Float32) -> None:
    """Soft blades between and behind the drawn ones: dark ones at the foot, then some in the light."""
    near = patch.scene.sample(kept(patch.scene, "around tufts", _around), patch.bounds)
    there = np.isin(patch.materials, _ON)
    bare = patch.script.snow > 0.5
    far = np.clip(0.35 + 1.2 * ground(patch).near[:, 0], 0, 1.1)
    layers = []
    for tip, spacing, length, width, salt, value in _THROUGH_SNOW if bare else (
        (Tip.SOFT, 10.0, 20.0, 0.80, 1300, -0.045),
        (Tip.BLADES, 8.0, 28.0, 0.50, 1301, -0.045), (Tip.BLADES, 10.0, 32.0, 0.50, 1302, 0.012),
        (Tip.STREAK, 12.0, 46.0, 0.08, 1303, -0.035), (Tip.STREAK, 9.5, 56.0, 0.07, 1304, 0.035),
    ):  # fmt: skip
        points = scatter(patch, there & (near > 0.04), spacing, salt, squash=0.5)
        rows, columns = points.index
        points = points.where(points.chance[:, 0] < np.clip(near[rows, columns] * (0.9 if bare else 4.0), 0, 0.9))
        points = points.sorted_by(points.y)
        rows, columns = points.index
        colour = _as_grass(patch, canvas[rows, columns], rows, columns)
        colour[:, 0] += np.float32(value) + 0.03 * (points.chance[:, 1] - 0.5)
        layers.append((tip, points, colour, far[rows] * np.float32(length), width))
    for tip, points, colour, long, width in layers:
        if len(points) == 0:
            continue
        size = (patch.unit * long * (0.4 + 0.8 * points.chance[:, 2] ** 2)).astype(np.float32)
        lay(
            canvas,
            Strokes(
                x=points.x, y=points.y - size * np.float32(0.35 if tip is Tip.SOFT else 0.40), length=size,
                width=np.maximum(size * np.float32(width), 1.6 * patch.unit).astype(np.float32),
                angle=(-np.pi / 2 + 0.8 * (points.chance[:, 3] - 0.5)).astype(np.float32),
                colour=colour.astype(np.float32), opacity=np.full(len(points), 0.7, np.float32), tip=tip,
                variant=(points.chance[:, 1] * 4).astype(np.int32),
            ),
        )  # fmt: skip
