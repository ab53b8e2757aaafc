"""Arches drawn on water: the edge of a bridge's picture in it, dark outside, with the light under the arch inside."""

from __future__ import annotations

from itertools import pairwise

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Bool, Float32, Int32

_INK = 40
_TALL, _THICK, _APART = 34.0, 5.0, (70.0, 800.0)
"""Units: least height of a leg, distance of a stroke from the water's edge, and how far apart two legs stand."""
_LEANS = 0.4
"""Px sideways for each px down by which the lower third of a leg at most leans."""
_OVER = 26.0
"""Units above the legs at which the bridge is."""
_FAR = 60.0
"""Units to which the dark of the bridge reaches from its edge."""


def toned(patch: Patch, light: Float32, dark: float = 0.46, clear: float = 0.16) -> Float32:
    """Water's (h, w, 3) colour with the bridges' pictures in it; their edges are shaken by ripples.

    It loses up to ``dark`` in them, and gains up to ``clear`` under their arches.
    """
    field = _seen(patch)
    if field is None:
        return light
    away, there = field[..., 0], field[..., 1]
    away = away + 1.2 * patch.noise(3.5, 1061, octaves=1, stretch=9.0) + 0.6 * patch.noise(11, 1062, stretch=4.0)
    inside = smoothstep(1.0, -1.0, away)
    deep = there * (1 - inside) * np.clip(1 - away / _FAR, 0, 1) ** 1.5
    bright = there * inside * np.exp(np.minimum(away, 0) / 70)
    return np.asarray(light * (1 - dark * deep + clear * bright)[..., None], np.float32)


def prepare(scene: Scene) -> None:
    """Make what every tile with water looks up."""
    kept(scene, "arches", _arches)


def along(patch: Patch) -> Bool | None:
    """(h, w): right beside such an edge, where its pencil stroke is; ``None`` where there is none."""
    field = _seen(patch)
    return None if field is None else np.asarray((np.abs(field[..., 0]) < 7) & (field[..., 1] > 0))


def _seen(patch: Patch) -> Float32 | None:
    """(h, w, 2) of :func:`_arches`, or ``None``."""
    field = kept(patch.scene, "arches", _arches)
    if not field.size:
        return None
    seen = patch.scene.sample(field, patch.bounds)
    return seen if seen[..., 1].any() else None


def _arches(scene: Scene) -> Float32:
    """(h, w, 2) at the reduced size: units outside (above 0) or inside an arch, and 0–1 how plain it is; or empty."""
    water = scene.small_materials == Material.WATER
    none = np.zeros((0, 0, 2), np.float32)
    strokes = water & (scene.inner > _THICK) & (small_ink(scene) > _INK)
    if not strokes.any():
        return none
    unit = scene.shrink * scene.unit
    labels, _count = mahotas.label(strokes, Bc=np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    high, wide = (boxes[:, 1] - boxes[:, 0]) / unit, (boxes[:, 3] - boxes[:, 2]) / unit
    legs = [k for k in range(1, len(boxes)) if high[k] > _TALL and high[k] > 0.3 * wide[k]]
    field = np.zeros((*water.shape, 2), np.float32)
    field[..., 0] = 2 * _FAR
    for pair in _pairs(legs, labels, boxes, unit):
        _drawn(field, labels, boxes, pair, water, unit)
    return field if field[..., 1].any() else none


def _pairs(legs: list[int], labels: Int32, boxes: NDArray[np.int64], unit: float) -> list[tuple[int, int]]:
    """Strokes that are the two sides of one arch; one stroke that is both is a pair with itself."""
    found = []
    for k in legs:
        top, bottom, left, right = boxes[k].tolist()
        lower = labels[(top + 2 * bottom) // 3 : bottom, left:right] == k
        span = lower.shape[1] - lower[:, ::-1].argmax(1) - lower.argmax(1)
        if span.mean() > 0.6 * (right - left) > 0.6 * _APART[0] * unit:
            found.append((k, k))
    rest = sorted((k for k in legs if (k, k) not in found), key=lambda k: int(boxes[k, 2]))
    for left, right in pairwise(rest):
        shared = min(boxes[left, 1], boxes[right, 1]) - max(boxes[left, 0], boxes[right, 0])
        tall = max(boxes[left, 1] - boxes[left, 0], boxes[right, 1] - boxes[right, 0])
        if shared > 0.6 * tall and _APART[0] < (boxes[right, 3] - boxes[left, 2]) / unit < _APART[1]:
            found.append((left, right))
    return found


def _drawn(
    field: Float32, labels: Int32, boxes: NDArray[np.int64], pair: tuple[int, int], water: Bool, unit: float
) -> None:
    """Write one arch into the field, if a bridge stands over it."""
    left, right = pair
    top, bottom = int(min(boxes[left, 0], boxes[right, 0])), int(max(boxes[left, 1], boxes[right, 1]))
    begin, end = int(boxes[left, 2]), int(boxes[right, 3])
    over = water[max(top - round(_OVER * unit), 0), begin:end]
    if over.mean() > 0.4:
        return
    rows = np.arange(top, bottom)
    sides = []
    for number, last in ((left, False), (right, True)):
        own = labels[top:bottom] == number
        if left == right:  # of one stroke that is both sides, the half on this side
            half = (begin + end) // 2
            own[:, slice(0, half) if last else slice(half, None)] = False
        drawn = own.any(1)
        middle = (own * (np.arange(own.shape[1]) + 0.5)).sum(1)[drawn] / own.sum(1)[drawn]
        sides.append(np.interp(rows, rows[drawn], middle))
    third = len(rows) // 3
    if any(abs(side[-1] - side[-1 - third]) > _LEANS * third for side in sides):
        return  # two stays of a mast, and no sides of a vault
    reach = round(_FAR * unit)
    view = slice(max(top - reach, 0), bottom + reach), slice(max(begin - reach, 0), end + reach)
    y, x = np.mgrid[view[0].start : min(view[0].stop, len(water)), view[1].start : min(view[1].stop, water.shape[1])]
    from_left, from_right = (np.interp(y[:, 0], rows, side)[:, None] for side in sides)
    inside = (x + 0.5 > from_left) & (x + 0.5 < from_right)
    gap = np.where(inside, -_distance(inside), _distance(~inside)) / unit
    # Its lower end is lost among the ripples.
    down = (y - top) / max(bottom - top, 1)
    plain = np.clip((1.20 - down) / 0.30, 0, 1) * water[y, x] * (y > top - 0.5 * _OVER * unit)
    here = field[y[0, 0] : y[-1, 0] + 1, x[0, 0] : x[0, -1] + 1]
    nearer = gap < here[..., 0]
    here[..., 0] = np.where(nearer, gap, here[..., 0])
    here[..., 1] = np.maximum(here[..., 1], plain * (gap < _FAR))


def _distance(mask: Bool) -> Float32:
    """Px to the nearest place outside the mask, from its edge."""
    return np.asarray(np.sqrt(mahotas.distance(mask)) - 0.5, np.float32)
