"""Tips of conifers that are drawn higher than the materials picture has them: two strokes that meet in the air."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import conifers, needled, rim_of, skirts
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import Points, eighths, placed, scatter
from genzu.picture.arrays import Bool, Float32, Int32

_OPEN = (Material.SKY, Material.CLOUD, Material.MOUNTAIN)
_INK = 40
_TALLEST, _WIDEST, _GAP = 70.0, 64.0, 9.0
"""Units: the tallest tip that is looked for, the widest, and the longest gap in it."""
_LEAST = 8.0
_PENCIL = 60
"""Byte of ink from which a pencil's line in needles ends a tier."""
_REACH = 52.0
"""Units around a line that its needles reach: their way, half their length, and the blur of the light there."""


def _tips(scene: Scene) -> Float32:
    """(n, 4) for each row of a tip, in units: y, left and right side, and the row below the tip that has its colour."""
    ink, units = small_ink(scene) > _INK, 1 / (scene.shrink * scene.unit)
    air = np.isin(scene.small_materials, _OPEN)
    found: list[tuple[float, float, float, float]] = []
    for tree in conifers(scene):
        x, foot = round(tree.x / units), round(tree.top / units)
        reach, lost = round(_WIDEST / 2 / units), 0
        rows: list[tuple[int, int, int]] = []
        for row in range(foot, max(foot - round(_TALLEST / units), 0), -1):
            left = max(x - reach, 0)
            drawn = left + np.flatnonzero(ink[row, left : x + reach + 1] & air[row, left : x + reach + 1])
            if len(drawn) and (not rows or drawn[-1] - drawn[0] < rows[-1][2] - rows[-1][1] + 2):
                rows.append((row, int(drawn[0]), int(drawn[-1]) + 1))
                lost = 0
            elif rows and lost < _GAP / units:  # another line crosses here, or the pencil skipped
                rows.append((row, *rows[-1][1:]))
                lost += 1
            else:
                break
        rows = rows[: len(rows) - lost]
        closed = len(rows) * units > _LEAST and rows[-1][2] - rows[-1][1] < 0.6 * (rows[0][2] - rows[0][1])
        if closed:
            found += [(row * units, left * units, right * units, tree.top + 12) for row, left, right in rows]
    return np.array(found or np.zeros((0, 4)), np.float32).reshape(-1, 4)


def raised(patch: Patch, canvas: Float32) -> None:
    """Paint them into the (h, w, 3) OKLab canvas, in place, with the colours of the crown right below."""
    if not conifers(patch.scene):
        return
    _fringes(patch, canvas)
    tips = kept(patch.scene, "tips of conifers", _tips)
    if len(tips) == 0:
        return
    rows = np.arange(len(tips), dtype=np.int64)
    for side in (-1, 1):
        chance = hash_unit(rows, np.full(1, side, np.int64), mix_seed(patch.script.seed, 1341))
        half = (tips[:, 2] - tips[:, 1]) / 2
        middle = (tips[:, 1] + tips[:, 2]) / 2
        x = eighths((middle + side * 0.45 * half) * float(patch.unit)) - patch.bounds.x
        y = eighths((tips[:, 0] + 2.0 * (chance - 0.5)) * float(patch.unit)) - patch.bounds.y
        at = np.round(tips[:, 3] * patch.unit).astype(np.int64) - patch.bounds.y
        inside = (x >= 0) & (x < patch.bounds.width) & (y >= 0) & (y < patch.bounds.height)
        inside &= (at >= 0) & (at < patch.bounds.height)
        if not inside.any():
            continue
        x, y, half, chance, at = x[inside], y[inside], half[inside], chance[inside], at[inside]
        colour = canvas[at, x.astype(np.int64)].copy()
        colour[:, 0] += 0.05 * (chance - 0.5) + 0.012 * side * np.sign(patch.light.towards[0])
        length = np.maximum((half + 3.0) * patch.unit, 3.0).astype(np.float32)
        lay(
            canvas,
            Strokes(
                x=x.astype(np.float32), y=y.astype(np.float32), length=length,
                width=np.maximum(length * np.float32(0.7), 3.0 * patch.unit).astype(np.float32),
                angle=np.full(len(x), np.pi / 2 - 0.75 * side, np.float32), colour=colour.astype(np.float32),
                opacity=np.full(len(x), 0.9, np.float32), tip=Tip.NEEDLES,
                variant=(chance * 97).astype(np.int32),
            ),
        )  # fmt: skip


def _fringes(patch: Patch, canvas: Float32) -> None:
    """Where the pencil ends a tier or a bough its needles hang over, and those of the next come out of their shade."""
    needles = needled(patch)
    if needles is None:
        return
    drawn = needles & (patch.contour > _PENCIL) & ~rim_of(patch, needles)
    part = patch.part(drawn, margin=_REACH)
    if part is None:
        return
    view = part.within(patch)
    drawn, here = drawn[view], canvas[view]
    turns = skirts(part, ((7.0, 4.0),))
    for salt, spacing, length, away, value in ((1351, 2.4, 24.0, 13.0, -0.055), (1352, 2.0, 22.0, -10.0, 0.050)):
        points = scatter(part, drawn, spacing, salt)
        points = points.where(points.chance[:, 0] < 0.62)
        if len(points) == 0:
            continue
        size = (part.unit * length * (0.55 + 0.7 * points.chance[:, 1])).astype(np.float32)
        angle = _hanging_at(part, points) + 0.5 * (points.chance[:, 2] - 0.5)
        # Its near end lies in the light above the line, or deep in the shade below it.
        move = part.unit * away * (0.6 + 0.8 * points.chance[:, 3])
        x, y = placed(part, points, np.cos(angle) * move, np.sin(angle) * move)
        rows = np.clip(y, 0, part.bounds.height - 1).astype(np.int32)
        columns = np.clip(x, 0, part.bounds.width - 1).astype(np.int32)
        fits = needled_at(needles[view], rows, columns) & (np.sign(value) * turns[rows, columns] > 0.05)
        if not fits.any():
            continue
        colour = here[rows[fits], columns[fits]].copy()
        colour[:, 0] += np.float32(value) * (1 - 0.6 * part.depth[rows[fits], columns[fits]])
        lay(
            here,
            Strokes(
                x=x[fits].astype(np.float32), y=y[fits].astype(np.float32), length=size[fits],
                width=size[fits] * np.float32(0.62), angle=angle[fits].astype(np.float32), colour=colour,
                opacity=np.full(int(fits.sum()), 0.85, np.float32), tip=Tip.NEEDLES,
                variant=(points.chance[fits, 1] * 97).astype(np.int32),
            ),
        )  # fmt: skip


def needled_at(needles: Bool, rows: Int32, columns: Int32) -> Bool:
    """(n,) whether these places are in needles."""
    return np.asarray(needles[rows, columns], bool)


def _hanging_at(patch: Patch, points: Points) -> Float32:
    """(n,) radians: how needles hang there (see ``hanging``)."""
    x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
    trees = conifers(patch.scene)
    nearest = np.abs(np.array([tree.x for tree in trees])[:, None] - x).argmin(0)
    stem, top, slope = (np.array([getattr(tree, key) for tree in trees])[nearest] for key in ("x", "top", "slope"))
    side = np.clip((x - stem) / (np.maximum(y - top, 10) * slope + 5), -1, 1)
    return np.asarray(np.pi / 2 - 0.95 * side, np.float32)
