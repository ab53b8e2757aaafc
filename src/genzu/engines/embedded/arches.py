"""Arches drawn on water: what carries a bridge stands in it up to the arch, and its picture lies in the water below.

A materials picture has water all around such an arch, for nobody paints a pier by itself. Between arch, bridge and bank
there is masonry (see ``bridge``); where the legs end is the water's level, and from there on all is turned over.
"""

from __future__ import annotations

from itertools import pairwise

import mahotas
import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import box_of
from genzu.engines.embedded.surface import air_share
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
_ABUTMENT = 260.0
"""Units beside an arch within which a bank ends what carries the bridge."""
_FADES = 1.25
"""Heights of an arch below its foot at which its picture is lost among the ripples."""
_THICK_AIR = 0.55
"""Density of the air from which it takes a bridge away."""
SOFFIT = 9.0
"""Units inside the drawn arch in which the under side of the vault is seen."""
AWAY, PLAIN, WALL, UP, ARC = range(5)
"""Planes of the field: units outside (above 0) or inside an arch, below its foot mirrored; 0–1 how plain the picture
in the water is; 1 where masonry may be; units above the foot; units along the arch."""


def toned(patch: Patch, light: Float32, dark: float = 0.46, clear: float = 0.16) -> Float32:
    """Water's (h, w, 3) colour with the bridges' pictures in it; their edges are shaken by ripples.

    It loses up to ``dark`` in them, and gains up to ``clear`` under their arches.
    """
    part = near(patch)
    if part is None:
        return light
    field, light, view = seen(part), light.copy(order="K"), part.within(patch)
    there = field[..., PLAIN]
    away = field[..., AWAY] + SOFFIT * (field[..., UP] < 0)
    shaken = 1 + np.minimum(np.maximum(-field[..., UP], 0) / 16, 4)
    away = away + shaken * (
        1.2 * part.noise(3.5, 1061, octaves=1, stretch=9.0) + 0.6 * part.noise(11, 1062, stretch=4.0)
    )
    inside = smoothstep(1.0, -1.0, away)
    deep = there * (1 - inside) * (0.6 + 0.4 * np.clip(1 - away / _FAR, 0, 1) ** 1.5)
    bright = there * inside * np.exp(np.minimum(away, 0) / 70)
    light[view] *= (1 - dark * deep + clear * bright)[..., None].astype(np.float32)
    return light


def prepare(scene: Scene) -> None:
    """Make what every tile with water looks up."""
    kept(scene, "box of arches", _box)


def field_of(scene: Scene) -> Float32:
    """(h, w, 5) at the reduced size: planes :data:`AWAY` and so on; empty without arches."""
    return kept(scene, "arches", _arches)


def along(patch: Patch) -> Bool | None:
    """(h, w): right beside such an edge, where its pencil stroke is; ``None`` where there is none."""
    part = near(patch)
    if part is None:
        return None
    field, found = seen(part), np.zeros(patch.shape, bool)
    there = (field[..., PLAIN] > 0) & (field[..., UP] < 0)
    found[part.within(patch)] = (np.abs(field[..., AWAY]) < 7) & there
    return found


def near(patch: Patch) -> Patch | None:
    """The part of the patch in which there may be an arch, or its picture; ``None`` if there is none."""
    box = kept(patch.scene, "box of arches", _box)
    if not box.size:
        return None
    left, top, right, bottom = (int(edge) for edge in box.tolist())
    bounds = patch.bounds.intersect(Bounds(left, top, right - left, bottom - top))
    return None if bounds.width == 0 or bounds.height == 0 else patch.inside(bounds)


def seen(patch: Patch) -> Float32:
    """(h, w, 5) of :func:`_arches`, where :func:`near` is not ``None``."""
    return patch.scene.sample(field_of(patch.scene), patch.bounds)


def _box(scene: Scene) -> Float32:
    """(4,) left, top, right and lower edge, in px of the picture, of all that the field changes; or empty."""
    field = field_of(scene)
    if not field.size:
        return np.zeros(0, np.float32)
    rows, columns = box_of((field[..., PLAIN] > 0) | (field[..., WALL] > 0))
    k = scene.extent.width / field.shape[1]
    edges = (columns.start - 2, rows.start - 2, columns.stop + 2, rows.stop + 2)
    return np.array([max(0, round(edge * k)) for edge in edges], np.float32)


def _arches(scene: Scene) -> Float32:
    """(h, w, 5) at the reduced size: planes :data:`AWAY` and so on; or empty."""
    water = scene.small_materials == Material.WATER
    none = np.zeros((0, 0, 5), np.float32)
    strokes = water & (scene.inner > _THICK) & (small_ink(scene) > _INK)
    if not strokes.any():
        return none
    unit = scene.shrink * scene.unit
    labels, _count = mahotas.label(strokes, Bc=np.ones((3, 3), bool))
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    high, wide = (boxes[:, 1] - boxes[:, 0]) / unit, (boxes[:, 3] - boxes[:, 2]) / unit
    legs = [k for k in range(1, len(boxes)) if high[k] > _TALL and high[k] > 0.3 * wide[k]]
    field = np.zeros((*water.shape, 5), np.float32)
    field[..., AWAY] = 2 * _ABUTMENT
    for pair in _pairs(legs, labels, boxes, unit):
        _drawn(field, labels, boxes, pair, water, unit)
    density = scene.script.haze_density
    if density > _THICK_AIR and field[..., WALL].any():
        # What the air has taken of a bridge it has taken of its picture, too.
        depth = float(scene.small_depth[(field[..., WALL] > 0) & water].mean())
        field[..., PLAIN] *= max(1.2 - 1.2 * float(air_share(np.full(1, depth, np.float32), density, density)[0]), 0.06)
    return field if field[..., WALL].any() else none


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
    above, beside = round(_FAR * unit), round(_ABUTMENT * unit)
    below = bottom + round(_FADES * (bottom - top)) + 1
    view = slice(max(top - above, 0), below), slice(max(begin - beside, 0), end + beside)
    y, x = np.mgrid[view[0].start : min(view[0].stop, len(water)), view[1].start : min(view[1].stop, water.shape[1])]
    from_left, from_right = (np.interp(y[:, 0], rows, side)[:, None] for side in sides)
    inside = (x + 0.5 > from_left) & (x + 0.5 < from_right) & (y >= top)
    wet = water[y, x]
    # Masonry is what is closed above by the bridge or a bank, as far as it is whole from the arch on.
    closed = ~water[max(top - round(_OVER * unit), 0) : top + 1, x[0]].all(0)
    middle = max((begin + end) // 2 - x[0, 0], 1)
    whole = (inside | (wet & closed)) & (y < bottom) & (y > top - 4 * unit)
    whole[:, :middle] = np.logical_and.accumulate(whole[:, :middle][:, ::-1], axis=1)[:, ::-1]
    whole[:, middle:] = np.logical_and.accumulate(whole[:, middle:], axis=1)
    gap = np.where(inside, -_distance(inside), _distance(~inside)) / unit
    up = (bottom - y) / unit
    centre, radius = (begin + end) / 2, (end - begin) / 2
    arc = np.arctan2(np.maximum(bottom - y, 0), x + 0.5 - centre) * radius / unit
    # Below the foot all of it is turned over; its lower end is lost among the ripples.
    turned = np.clip(2 * (bottom - y[0, 0]) - np.arange(len(y)) - 1, 0, len(y) - 1)
    down = (y - bottom) / max(bottom - top, 1)
    mirrored = (y >= bottom) & whole[turned]
    plain = np.clip(1.15 - down / _FADES, 0, 1) * (mirrored & wet)
    plain = np.maximum(plain, whole & inside & wet)
    gap = np.where(y >= bottom, gap[turned], gap)
    here = field[y[0, 0] : y[-1, 0] + 1, x[0, 0] : x[0, -1] + 1]
    nearer = gap < here[..., AWAY]
    for plane, value in ((AWAY, gap), (UP, up), (ARC, arc)):
        here[..., plane] = np.where(nearer, value, here[..., plane])
    soft = np.where(y >= bottom, mahotas.gaussian_filter(plain, 5 * unit), plain) * wet
    here[..., PLAIN] = np.maximum(here[..., PLAIN], soft)
    here[..., WALL] = np.maximum(here[..., WALL], whole)


def _distance(mask: Bool) -> Float32:
    """Px to the nearest place outside the mask, from its edge."""
    return np.asarray(np.sqrt(mahotas.distance(mask)) - 0.5, np.float32)
