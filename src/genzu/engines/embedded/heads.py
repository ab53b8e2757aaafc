"""Heads of drawn clouds: the pencil's overlapping arcs, each as an ellipse, set one before the other.

An arc is found at its top, followed down to both sides through whatever crosses it, and an ellipse is laid through it.
The lower a head stands, the nearer it is: it hides what of the other arcs lies in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.material import Material
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import blur, widened
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, spread_out
from genzu.picture.arrays import Bool, Float32

Ints = NDArray[np.intp]

AIR = 0.3
"""Share of the horizon's light that shade in a drawn cloud takes: it stands high, and its shade is the sky's."""
_STROKE = 50
"""Byte of ink at the reduced size from which a place is on a stroke."""
_DEEP, _LEAST = 260.0, 9.0
"""Units that an arc is followed down at most, and must go down to both sides at least."""
_WINDOW = 9
"""Px that a stroke may move sideways from one row to the next."""
_OUTWARD = 0.7
"""Px by which the outer edge of a stroke is preferred."""
_SKIPPED = 3
"""Rows that the pencil may skip."""
_SIDEWAYS = 0.75
"""Least share of the light that comes from the side in clouds."""
_LONG = 1_200_000
"""Pixels of the reduced size from which half precision is enough."""
_MOST = 96
"""Heads that are looked at in one picture."""
_SAME = 0.3
"""Two arcs that lie closer, in half-widths, are one that was drawn twice."""
_RUNS_ON = 0.45
"""How much slower a head becomes narrower below its middle."""
_BEHIND = 0.55
"""Reach of the shade beside a nearer head, in its half-widths."""
_STANDS = 0.6
"""How much of a drawn head stays at the end of its cloud, however low it stands."""
_MERGED = 0.4
"""How much of a head's own form goes at its foot."""
_BODY, _LONGER, _COARSE, _ROUND = 46.0, 3.5, 4, 2.5
"""Units over which a cloud's outline rounds its whole body, how much farther along it, px of the reduced size for one
of its form, and its gain."""
_BESIDE = 5.0
"""Units from an ellipse within which ink is its arc."""


def heads(scene: Scene) -> Float32:
    """(n, 4) in px of the reduced size, far ones first: middle and top, half the width and half the height."""
    return kept(scene, "heads of clouds", _heads)


def relief(scene: Scene) -> Float32:
    """(h, w, 5) of the heads: normal x and y, how surely a head is there, shade beside a nearer one, hidden ink."""
    return kept(scene, "relief of heads", _relief)


def open_air(scene: Scene) -> Float32:
    """(h, w) 0–1: share of open sky within a few units."""
    return kept(scene, "open air", _open_air)


def _open_air(scene: Scene) -> Float32:
    air = (scene.small_materials == Material.SKY).astype(np.float32)
    return blur(air, max(1.0, 3.2 * scene.shrink * scene.unit))


def aslant(towards: tuple[float, float]) -> tuple[float, float]:
    """The light's direction for clouds: never straight down, or at noon all heads would be one white."""
    side, up = float(np.copysign(max(abs(towards[0]), _SIDEWAYS), towards[0])), towards[1]
    long = float(np.hypot(side, up))
    return side / long, up / long


def mass(scene: Scene) -> Float32:
    """(h, w, 2) of drawn clouds: how each turns to the light as one body, and whether it goes on to both sides.

    The first is −1…1, whatever its heads do, the second 0–1; without clouds it is one place of 0.
    """
    return kept(scene, "mass of clouds", _mass)


def _mass(scene: Scene) -> Float32:
    cloud = scene.small_materials == Material.CLOUD
    if not cloud.any() or min(cloud.shape) < 2:
        return np.zeros((1, 1, 2), np.float32)
    # It is as smooth as that: a quarter of the places is plenty.
    coarse = min(_COARSE, min(cloud.shape) // 2)
    small, sky = (
        np.asarray(Image.fromarray(plane.view(np.uint8) * np.uint8(255)).reduce(coarse), np.float32) / 255
        for plane in (cloud, scene.small_materials == Material.SKY)
    )
    sigma = max(1.0, _BODY * scene.shrink * scene.unit / coarse)
    # What stands before a cloud does not part it.
    own, known = (gaussian(plane, 0.7 * sigma, axis=1, nearest=True) for plane in (small, small + sky))
    level = (own / np.maximum(known, 0.05)).astype(np.float32)
    small = np.maximum(small, level * (1 - small - sky))
    down, across = np.gradient(spread_out(small, sigma))
    side, up = aslant(scene.script.light.towards)
    # Along its length it turns more slowly than up and down.
    long = np.gradient(gaussian(small, _LONGER * sigma, axis=1, nearest=True), axis=1)
    turned = (across * -side + down * -up + np.float32(_LONGER) * long * -side) * np.float32(_ROUND * sigma)
    turned = np.clip(turned, -1, 1).astype(np.float32)
    size = cloud.shape[::-1]
    planes = [Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR) for plane in (turned, level)]
    return np.stack([np.asarray(plane, np.float32) for plane in planes], -1)


def modelled(scene: Scene, places: Float32, down: Float32) -> Float32:
    """(…) about −1…1: light on drawn heads and, under them, on the body, which lies in their shade.

    ``places`` (…, 4 or more) is of :func:`relief`, ``down`` 0 at the cloud's crest and 1 at its foot.
    """
    side, up = aslant(scene.script.light.towards)
    nx, ny, there, behind = (places[..., k] for k in range(4))
    body = 0.20 - 0.90 * smoothstep(0.20, 0.90, down)
    head = there * np.maximum(smoothstep(0.90, 0.62, down), smoothstep(0.1, -0.5, ny))
    # Low down one head goes over in the next: there is one body, and no row of eggs.
    head = head * (1 - np.float32(_MERGED) * smoothstep(-0.2, 0.8, ny))
    behind = behind * (1 - np.float32(_MERGED) * smoothstep(-0.1, 0.7, ny))
    return np.asarray(body + (0.72 * (nx * side + ny * up) - 0.26 - body) * head - 0.6 * behind, np.float32)


def run_out(places: Float32, down: Float32, ends: Float32) -> Float32:
    """(…) 0–1: how much of a cloud is left low at its sides, ``ends`` units from them: it has no walls there.

    ``places`` and ``down`` as in :func:`modelled`; the crest of a head stays.
    """
    crest = places[..., 2] * smoothstep(0.5, -0.4, places[..., 1]) * smoothstep(-8, 10, ends)
    low = smoothstep(0.55, 0.90, down) * (1 - np.float32(_STANDS) * places[..., 2])
    return np.asarray(1 - low * smoothstep(46, 6, ends) * (1 - crest), np.float32)


def _heads(scene: Scene) -> Float32:
    cloud = scene.small_materials == Material.CLOUD
    none = np.zeros((0, 4), np.float32)
    if not cloud.any():
        return none
    own = widened(cloud, 3)
    ink = (small_ink(scene) > _STROKE) & widened(own & (cloud | (scene.small_materials == Material.SKY)), 3)
    if scene.wires is not None:
        ink &= scene.wires < 0.1
    unit = scene.shrink * scene.unit
    rows, begins, stops = _tops(ink & own)
    if rows.size == 0:
        return none
    deep = max(8, round(_DEEP * unit))
    left, right = (_followed(ink, rows, begin, side, deep) for begin, side in ((begins, -1), (stops, 1)))
    found: list[NDArray[np.float64]] = []
    for top, one, other in zip(rows.tolist(), left, right, strict=True):
        if min(_depth(one), _depth(other)) < _LEAST * unit:
            continue
        ellipse = _fitted(float(top), one, other)
        if ellipse is not None:
            found.append(ellipse)
    return _apart(found)


def _tops(ink: Bool) -> tuple[Ints, Ints, Ints]:
    """Row, first and last column of each run of ink that has none above it."""
    edges = np.diff(np.pad(ink.view(np.int8), ((0, 0), (1, 1))), axis=1)
    (rows, begins), stops = np.nonzero(edges > 0), np.nonzero(edges < 0)[1] - 1
    above = np.zeros((ink.shape[0], ink.shape[1] + 1), np.int64)
    np.cumsum(ink[:-1], axis=1, out=above[1:, 1:])
    wide = np.minimum(stops + 2, ink.shape[1])
    free = above[rows, wide] == above[rows, np.maximum(begins - 1, 0)]
    return rows[free], begins[free], stops[free]


def _followed(ink: Bool, rows: Ints, columns: Ints, side: int, deep: int) -> NDArray[np.float64]:
    """(n, deep) column at which the stroke from each place is so many rows farther down; NaN after its end.

    All strokes at once, row by row. Where another stroke crosses, each goes on as it went.
    """
    framed = np.pad(ink, ((0, deep + 1), (_WINDOW, _WINDOW)))
    course = np.full((rows.size, deep), np.nan)
    at, slope = columns.astype(np.float64), np.full(rows.size, 3.0 * side)
    course[:, 0] = at
    gap, going = np.zeros(rows.size, np.int64), np.ones(rows.size, bool)
    steps = np.arange(-_WINDOW, _WINDOW + 1)
    # An arc bends down: outwards it may run on, and turn back but slowly.
    allowed = side * steps > -3
    for down in range(1, deep):
        middle = np.clip(np.rint(at).astype(np.intp), 0, ink.shape[1] - 1)
        there = framed[(rows + down)[:, None], middle[:, None] + steps + _WINDOW] & allowed
        # Along the outer edge of its stroke: what crosses it leaves it inwards.
        off = np.where(there, np.abs(steps - slope[:, None] - _OUTWARD * side), np.inf)
        best = off.argmin(1)
        met = going & (off.min(1) <= np.maximum(3.0, 1.2 * np.abs(slope) + 2.0))
        step = np.where(met, steps[best].astype(np.float64), slope)
        gap = np.where(met, 0, gap + 1)
        going &= gap <= _SKIPPED
        if not going.any():
            break
        at = np.where(going, at + step, at)
        slope = np.where(met, 0.65 * slope + 0.35 * step, slope)
        course[:, down] = np.where(met, at, np.nan)
    return course


def _depth(course: NDArray[np.float64]) -> int:
    known = np.flatnonzero(~np.isnan(course))
    return int(known[-1]) if known.size else 0


def _fitted(top: float, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """An ellipse with this top through both sides of an arc, by least squares; ``None`` if there is none."""
    depth = np.tile(np.arange(left.size, dtype=np.float64), 2)
    across = np.concatenate([left, right])
    known = ~np.isnan(across) & (depth > 0)
    x, d = across[known], depth[known]
    origin = float(x.mean())
    x = x - origin
    both = min(_depth(left), _depth(right))
    # (x − middle)² = p·d − q·d²
    model = np.stack([2 * x, np.ones_like(x), d, -d * d], 1)
    middle, _rest, p, q = np.linalg.lstsq(model, x * x, rcond=None)[0]
    if not (p > 0 and q > 0) or p / (2 * q) > 3 * max(both, 4):
        # Its sides do not close: half an ellipse that is as high as the shorter one is drawn.
        tall = 1.15 * both
        shape = 2 * tall * d - d * d
        middle, _rest, ratio = np.linalg.lstsq(np.stack([2 * x, np.ones_like(x), shape], 1), x * x, rcond=None)[0]
        if ratio <= 0:
            return None
        p, q = 2 * tall * ratio, ratio
    tall = float(p / (2 * q))
    half = float(np.sqrt(q) * tall)
    if not (4 <= half <= 300 and 0.2 <= tall / half <= 5):
        return None
    return np.array([origin + middle, top, half, tall])


def _apart(found: list[NDArray[np.float64]]) -> Float32:
    """Far ones first, without those that were drawn twice."""
    chosen: list[NDArray[np.float64]] = []
    for head in sorted(found, key=lambda one: -float(one[2] * one[3]))[:_MOST]:
        twice = any(
            abs(head[0] - other[0]) < _SAME * other[2]
            and abs(head[1] - other[1]) < _SAME * other[3] + 3
            and head[2] > 0.5 * other[2]
            for other in chosen
        )
        if not twice:
            chosen.append(head)
    if not chosen:
        return np.zeros((0, 4), np.float32)
    return np.asarray(sorted(chosen, key=lambda one: float(one[1])), np.float32)


def _relief(scene: Scene) -> Float32:
    """Set the heads one before the other, those behind in the shade of those before them."""
    height, width = scene.small.shape
    # A long sheet has many places, and few clouds.
    kind = np.float16 if height * width > _LONG else np.float32
    total, rims = np.zeros((height, width, 5), kind), np.zeros((height, width), kind)
    towards, unit = aslant(scene.script.light.towards), scene.shrink * scene.unit
    for x0, top, half, tall in heads(scene).tolist():
        rows = slice(max(0, int(top - 0.6 * tall - 4)), min(height, max(0, int(top + 2.6 * tall) + 2)))
        columns = slice(max(0, int(x0 - 1.6 * half - 4)), min(width, max(0, int(x0 + 1.6 * half) + 5)))
        across = (np.arange(columns.start, columns.stop, dtype=np.float32) + np.float32(0.5 - x0)) / np.float32(half)
        down = (np.arange(rows.start, rows.stop, dtype=np.float32) + np.float32(0.5 - top - tall)) / np.float32(tall)
        view = rows, columns
        one = _Head(across[None, :], down[:, None], min(half, tall) / unit, unit)
        total[view], rims[view] = one.before(total[view], rims[view], towards)
    if scene.wires is not None:  # they hang before the cloud
        total[..., 4] *= 1 - np.clip(scene.wires * 4, 0, 1).astype(kind)
    return np.asarray(total)


class _Head(NamedTuple):
    """One head in a rectangle around it."""

    u: Float32
    """(1, w) −1…1 across it, from its middle."""
    v: Float32
    """(h, 1) −1…1 down it."""
    size: float
    """Half its smaller side, units."""
    unit: float
    """Px of the reduced size in a unit."""

    def before(self, behind: Float32, rims: Float32, towards: tuple[float, float]) -> tuple[Float32, Float32]:
        """The relief (h, w, 5) and the arcs (h, w) 0–1 with this head set before what there is of them."""
        u, v, part = self.u, self.v, behind.astype(np.float32)
        bent = np.where(v > 0, np.float32(_RUNS_ON) * v, v)  # below its middle it runs on into the body
        away: Float32 = np.sqrt(u * u + bent * bent)
        near, lost = np.float32(self.size) * (1 - away), smoothstep(1.1, 0.1, v)
        cover = np.clip(near * np.float32(self.unit / 1.5) + np.float32(0.5), 0, 1) * lost
        for plane, value in enumerate((u, np.clip(v, -1, 1), np.ones_like(u))):
            part[..., plane] += (value - part[..., plane]) * cover
        # What lies behind is darkest beside the head before it, where that takes the light.
        faces = smoothstep(-0.1, 0.6, (u * towards[0] + bent * towards[1]) / np.maximum(away, np.float32(0.1)))
        beside = smoothstep(1 + _BEHIND, 1.0, away) * faces * lost * (away > 0.9)
        part[..., 3] = np.maximum(part[..., 3], beside) * (1 - cover)
        np.maximum(part[..., 4], smoothstep(2.0, 7.0, near) * lost * rims, out=part[..., 4])
        own = smoothstep(_BESIDE + 4, _BESIDE, np.abs(near)) * (v < 1.2)
        return part, np.maximum(rims, own)
