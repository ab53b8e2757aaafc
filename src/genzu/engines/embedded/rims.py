"""Outlines of built things before what lies far behind them: one clean cut in their own paint, over both its sides.

Where a wall ends before the sky, the border of the two runs pixel by pixel through the pencil's grain. A painter draws
that edge with one pull of the brush: so the stroke is laid over both sides in a shade of the built thing's own paint,
deep where the two paints are alike and hardly darker where they part plainly, and the pencil's own line goes.
"""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch, blur, widened
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.spots import Spots
from genzu.picture.arrays import Float32, UInt8

_OWN = (Material.WALL, Material.WINDOW, Material.WOOD, Material.METAL, Material.ROOF, Material.CLOTH)
_BEHIND = (Material.SKY, Material.CLOUD, Material.MOUNTAIN, Material.WATER)
_BARS = Material.WOOD, Material.METAL
_AROUND = Material.FOLIAGE, Material.GRASS, Material.SOIL, Material.ROAD
"""Beams and poles end plainly before leaves and the ground, too; a house may stand behind leaves, and on the ground."""
_SLIM = 13.0
"""Units of width up to which a pole is drawn on the ground as the pencil drew it."""
_WIRE = 7.0
"""Units of width up to which a bar is a wire, which has no outline."""
_IS_OWN = np.isin(np.arange(256), _OWN)
_IS_BAR, _IS_GROUND = np.isin(np.arange(256), _BARS), np.isin(np.arange(256), _AROUND)
_IS_BEHIND = np.isin(np.arange(256), _BEHIND)
_IS_AROUND = np.isin(np.arange(256), (*_BEHIND, *_AROUND))
_NEAR = 5.0, 3.2
"""Units from such a border between which a stroke begins to belong to it."""
_OUT = 0.4
"""Units that they reach less far out of the built thing."""
_FAINT = 20.0, 40.0
"""Bytes of softened ink between which a stroke is an outline: less is a wire's or a grain's."""
_SOLID = 112.0, 140.0
"""Bytes of it between which it is ink all over."""
_ALIKE, _APART = 0.08, 0.22
"""Steps of colour (OKLab) between which the two paints part without a line."""
_DEEP, _PLAIN = np.float32(0.46), np.float32(0.63)
"""Lightness of the stroke as a share of the built thing's own, where the paints are alike and where they part."""
_FARTHEST = np.float32(40)
"""No distance is asked for beyond so many units."""


def prepare(scene: Scene) -> None:
    """Make what every tile with built things looks up."""
    kept(scene, "rims of built", _rims)


def nearness(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how surely a stroke here is such an outline; ``None`` where there is no such border."""
    field = kept(patch.scene, "rims of built", _rims)
    if field.size == 0:
        return None
    near = smoothstep(*_NEAR, patch.scene.sample(field, patch.bounds))
    return near if near.any() else None


def laid_on(patch: Patch, canvas: Float32, thin: UInt8, ink: UInt8) -> None:
    """Draw them over the (h, w, 3) OKLab canvas, in place.

    ``thin`` (h, w) is one line of even width on the middle of each stroke, ``ink`` the softened strokes.
    """
    field = kept(patch.scene, "rims of built", _rims)
    if field.size == 0:
        return
    strokes = Spots(patch, np.flatnonzero(ink > _FAINT[0]))
    strokes = strokes.where(strokes.of_scene(field) < _NEAR[0])
    soft = strokes.of(ink).astype(np.float32)
    # Where strokes meet there is ink all around, and no line rises above it.
    line = np.clip(strokes.of(thin) * np.float32(1.5 / 255) - np.float32(0.5), 0, 1)
    line = np.maximum(line, smoothstep(*_SOLID, soft))
    share = smoothstep(*_NEAR, strokes.of_scene(field)) * smoothstep(*_FAINT, soft) * line
    seen = share > np.float32(0.02)
    if not seen.any():
        return
    spots, share = strokes.where(seen), share[seen]
    own, step = _paint_of(patch, canvas, spots)
    value = _DEEP + (_PLAIN - _DEEP) * smoothstep(_ALIKE, _APART, step)
    # Far away an edge is hardly drawn any more.
    value += (1 - value) * np.float32(0.15) * spots.of_scene(patch.scene.small_depth)
    own[:, 0] *= value
    own[:, 1:] *= np.sqrt(value)[:, None]
    plain = spots.paint(canvas)
    plain += (own - plain) * (np.float32(0.95) * share)[:, None]
    spots.lay(canvas, plain)


def _paint_of(patch: Patch, canvas: Float32, spots: Spots) -> tuple[Float32, Float32]:
    """(n, 3) OKLab of the built thing's paint beside each place, and (n,) how far what lies behind is from it."""
    factor = max(1, round(3 * patch.unit))
    reach = max(4 * patch.unit / factor, 0.8)
    # One place in each square is enough: the brush's own grain goes in the blur.
    first = [(-at + factor // 2) % factor for at in (patch.bounds.y, patch.bounds.x)]
    square = slice(first[0], None, factor), slice(first[1], None, factor)
    materials, paint = patch.materials[square], canvas[square]
    found = []
    for known, channels in ((_IS_OWN[materials], (0, 1, 2)), (_IS_AROUND[materials], (0, 2))):
        soft = np.maximum(spots.of_squares(blur(known, reach), first, factor), np.float32(0.02))
        planes = []
        for c in channels:
            shift = np.float32(0 if c == 0 else 0.5)
            plane = blur((paint[..., c] + shift) * known, reach)
            planes.append(spots.of_squares(plane, first, factor) / soft - shift)
        found.append(planes)
    own, behind = found
    step = np.hypot(own[0] - behind[0], own[2] - behind[1])
    return np.stack(own).T, np.asarray(step, np.float32)


def _rims(scene: Scene) -> Float32:
    """(h, w) units from the nearest border between a built thing and what lies far behind; empty if there is none."""
    met, outside = np.zeros(scene.small_materials.shape, bool), ~_IS_OWN[scene.small_materials]
    for tables in ((_IS_OWN, _IS_BEHIND), (_IS_BAR, _IS_GROUND)):
        own, behind = (table[scene.small_materials] for table in tables)
        # Of a wire, and on the ground of a thin pole, the two sides would be one broad stroke.
        slim = scene.forms.thick < (_SLIM if tables[0] is _IS_BAR else _WIRE)
        own = own & ~(_IS_BAR[scene.small_materials] & slim[scene.small_regions])
        if own.any() and behind.any():
            met |= (own & widened(behind, 1)) | (behind & widened(own, 1))
    if not met.any():
        return np.zeros((0, 0), np.float32)
    away = np.sqrt(mahotas.distance(~met)) + np.float32(1)
    # Less far out than in: what comes up to a pole, an arm or a wire, is its own stroke until it is there.
    gap = away / np.float32(scene.shrink * scene.unit) + np.float32(_OUT) * outside
    return np.asarray(np.minimum(gap, _FARTHEST), np.float32)
