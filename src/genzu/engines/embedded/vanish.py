"""The vanishing point, from the edges that recede: kerbs, and the tops and feet of walls in perspective."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.forms import Forms, edge_line
from genzu.picture.arrays import Float32, Int32, UInt8

_PAVED = (Material.ROAD, Material.SOIL)


def vanishing_point(
    labels: Int32, material: UInt8, forms: Forms, unit: float, horizon: float
) -> tuple[float, float, bool]:
    """(x, y) in units, and whether the drawing recedes towards it at all.

    ``labels`` (h, w) with ``unit`` px per unit; ``horizon`` in units is the fallback for y. The point is the one
    nearest to all receding edges: least squares, re-weighted three times so that stray edges lose their say.
    """
    height, width = labels.shape[0] / unit, labels.shape[1] / unit
    lines = _kerbs(labels, material, forms, unit) + _walls(material, forms)
    fallback = (width / 2, float(np.clip(horizon, -0.5 * height, 0.9 * height)), False)
    if len(lines) < 2:
        return fallback
    table = np.array(lines, np.float64)
    normal, offset, weight = table[:, :2], table[:, 2], table[:, 3].copy()
    point: NDArray[np.floating[Any]] = np.zeros(2)
    for _ in range(6):
        left = (normal * weight[:, None]).T @ normal + 1e-6 * np.eye(2)
        point = np.linalg.solve(left, (normal * weight[:, None]).T @ offset)
        miss = np.abs(normal @ point - offset)
        weight = table[:, 3] / (1 + (miss / 25) ** 2)
    spread = np.linalg.eigvalsh((normal * weight[:, None]).T @ normal / weight.sum())
    agreed = weight.sum() > 0.35 * table[:, 3].sum() and spread[0] > 0.02
    inside = -0.6 * width < point[0] < 1.6 * width and -0.3 * height < point[1] < 0.85 * height
    return (float(point[0]), float(point[1]), True) if agreed and inside else fallback


def _kerbs(labels: Int32, material: UInt8, forms: Forms, unit: float) -> list[tuple[float, float, float, float]]:
    """Left and right edges of paved regions as (normal x, normal y, offset, weight)."""
    found = []
    turned = np.ascontiguousarray(labels.T)
    count = len(material)
    centre: NDArray[np.float32] = (forms.y * np.float32(unit)).astype(np.float32)
    for upper in (True, False):
        side = edge_line(turned, count, centre, upper=upper)
        chosen = side.kept & np.isin(material, _PAVED) & (np.abs(side.slope) > 0.15) & (np.abs(side.slope) < 6)
        for i in np.flatnonzero(chosen).tolist():
            # x = at + slope · (y − cy)  →  1·x − slope·y = at − slope·cy
            slope, size = float(side.slope[i]), float(np.hypot(1, side.slope[i]))
            offset = float(side.at[i]) / unit - slope * float(forms.y[i])
            found.append((1 / size, -slope / size, offset / size, float(forms.long[i])))
    return found


def _walls(material: UInt8, forms: Forms) -> list[tuple[float, float, float, float]]:
    found = []
    for line in (forms.top, forms.foot):
        steep = (np.abs(line.slope) > 0.13) & (np.abs(line.slope) < 1.0)
        chosen = line.good & np.isin(material, (Material.WALL, Material.CLOTH)) & steep
        for i in np.flatnonzero(chosen).tolist():
            slope, size = float(line.slope[i]), float(np.hypot(1, line.slope[i]))
            offset = float(line.at[i]) - slope * float(forms.x[i])
            found.append((-slope / size, 1 / size, offset / size, float(forms.long[i]) * 0.8))
    return found


def ground(x: Float32, y: Float32, point: tuple[float, float]) -> tuple[Float32, Float32]:
    """Place on the ground plane under picture points (units): across and away, in eye heights.

    A level plane seen in one-point perspective: away = 1 / (y − horizon), across = (x − vanishing x) · away.
    """
    away = 300 / np.maximum(y - point[1], 4)
    return np.asarray((x - point[0]) / 300 * away, np.float32), np.asarray(away, np.float32)
