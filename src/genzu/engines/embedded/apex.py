"""Tips of conifers that are drawn higher than the materials picture has them: strokes on both sides of their stem."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.conifers import conifers
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import eighths
from genzu.picture.arrays import Float32

_OPEN = (Material.SKY, Material.CLOUD, Material.MOUNTAIN)
_INK = 40
_TALLEST, _WIDEST, _GAP = 70.0, 64.0, 9.0
"""Units: the tallest tip that is looked for, the widest, and the longest gap in it."""
_LEAST = 8.0


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
    tips = kept(patch.scene, "tips of conifers", _tips)
    if len(tips) == 0:
        return
    rows = np.arange(len(tips), dtype=np.int64)
    for side in (0, -1, 1):
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
