"""Crowns in winter: what has no needles is bare, a veil of twigs with air in it and boughs before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.core.scene import Season, Time
from genzu.engines.embedded import boughs, limbs
from genzu.engines.embedded.backdrop import behind
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fallen import bare_regions
from genzu.engines.embedded.fields import bulge, distance_to, kept, outward, overlapped, thickness
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, soft_bytes, widened
from genzu.engines.embedded.strokes import Layer, Points, brush_over, placed, scatter, unit_at
from genzu.picture.arrays import Bool, Float32, UInt8


@dataclass(frozen=True, slots=True)
class _Ends:
    """Twigs of one kind that end at the outline; lengths in units."""

    length: float
    spacing: float
    width: float
    turn: float
    """Radians that they spread over."""
    tone: float
    """How much lighter than the veil they are, OKLab lightness."""
    along: bool = False
    """They cross in the outline, a little inside of it, and do not end there."""


_ENDS = 20.0
"""Units from the end of a crown within which its last twigs begin."""
_TIP_DARK = np.float32(0.07)
"""How much darker than their veil they are, OKLab lightness."""
_FRINGE = (
    _Ends(26, 4.2, 1.1, 1.2, -0.14), _Ends(15, 3.6, 1.3, 1.1, -0.20, along=True), _Ends(13, 2.8, 1.0, 1.6, -0.26),
    _Ends(12, 5.0, 1.0, 1.6, 0.08),
)  # fmt: skip
"""The long ones first; before them short ones, dark and in the light, that tell where the crown ends."""
_THINS, _INNER = (3.0, 34.0), 14.0
"""Units from the outline between which there is only air and all of the twigs, and how much farther from it a place
counts than from a line drawn in the crown."""
_STEMS, _BESIDE = (Material.TRUNK, Material.WOOD, Material.METAL), 4.0
"""What stands before a crown and does not end it, and units by which it may be farther off than what does."""
_UNEVEN = 0.30
"""How much the veil of twigs varies from place to place."""
_AIR = 0.40, 0.58
"""Depths between which twigs are lost in the air."""
_IN_AIR = np.float32(0.7)
"""How far they are lost there, against the night's 1."""
_BY_NIGHT = np.float32(0.55)
"""How little is seen of single twigs by night."""
_THROUGH = np.float32(0.9)
"""How much of what is seen between twigs is the paint beside the crown."""


def bare(patch: Patch) -> Bool | None:
    """(h, w): what is no conifer has lost its leaves in winter; ``None`` in other seasons."""
    if patch.script.conditions.season is not Season.WINTER:
        return None
    return np.asarray(bare_regions(patch.scene)[patch.ids], bool)


def lost(patch: Patch) -> Float32:
    """(h, w) 0–1: how little is seen of single twigs, in the air of a distance or by night: there a line is no wire."""
    if patch.script.conditions.time is Time.NIGHT:
        return np.full(patch.shape, _BY_NIGHT, np.float32)
    return _IN_AIR * smoothstep(*_AIR, patch.depth)


def between(patch: Patch, twigs: Bool) -> Float32:
    """0–1: how much of what lies behind a bare crown is seen: most between limbs and at the ends of the twigs."""
    dense = patch.scene.sample(kept(patch.scene, "veil of twigs", veil), patch.bounds)
    dense = dense * (1 + np.float32(_UNEVEN) * patch.noise(11, 979, octaves=3))
    # Towards the outline there is ever more air between them: no pane ends there, but one twig after the other.
    dense = dense * smoothstep(*_THINS, np.minimum(patch.inner, bulge(patch) + _INNER))
    # Behind the first trees of a wood are others.
    deep = smoothstep(150, 240, thickness(patch))
    return np.asarray((0.97 - 0.66 * dense) * (1 - 0.62 * deep) * twigs, np.float32)


def seen_through(patch: Patch, base: Float32, rough: UInt8) -> None:
    """Let the paint beside bare crowns go on behind them in the (h, w, 3) OKLab ``base``, in place."""
    twigs = bare(patch)
    if twigs is None:
        return
    twigs &= patch.materials == Material.FOLIAGE
    if not twigs.any():
        return
    scene = patch.scene
    found = scene.sample(behind(scene, rough, bare_regions(scene)), patch.bounds)
    alone = scene.sample(kept(scene, "no wood", _no_wood), patch.bounds)
    share = _THROUGH * between(patch, twigs) * found[..., 3] * alone
    base += (found[..., :3] - base) * share[..., None]


def _no_wood(scene: Scene) -> Float32:
    """(h, w) at the reduced size: 0 in a wood, where other trees are seen between the trees, and 1 elsewhere."""
    return (boughs.grown_in(scene, bare_regions(scene)).wooded == 0).astype(np.float32)


def veil(scene: Scene) -> Float32:
    """(h, w) 0–1 at the reduced size: how dense the twigs of bare crowns are."""
    units = scene.shrink * scene.unit
    found = boughs.grown_in(scene, bare_regions(scene))
    height, width = scene.small_materials.shape
    picture = Image.new("L", (width, height))
    pen = ImageDraw.Draw(picture)
    for x0, y0, x1, y1, x2, y2 in (found.twigs[:, :6] * units).tolist():
        pen.line((x0, y0, x1, y1, x2, y2), fill=255)
    drawn = np.asarray(picture)
    wide, near = (soft_bytes(drawn, size * units).astype(np.float32) / 255 for size in (13.0, 5.0))
    dense = 1 - np.exp(-0.7 * wide - 1.0 * near)
    # In a wood other trees are seen between the trees, and undergrowth between their feet.
    down = widened(found.wooded, 3)
    return np.asarray(np.maximum(dense, np.where(down > 0, 0.40 + 0.55 * down, 0)), np.float32)


def drawn(patch: Patch, base: Float32, canvas: Float32, crown: Bool, scale: Float32, air: Float32) -> None:
    """Limbs that fork up to the outline, and before them the finest twigs, which are hardly more than a tone."""
    form_x, form_y = outward(patch)
    angles = np.arctan2(form_y - 0.5, form_x).astype(np.float32)
    calm = (1 - 0.7 * smoothstep(0.30, 0.75, patch.depth)) * np.clip(1.6 * base[..., 0], 0.3, 1)
    sizes = np.clip(scale, 0.35, 1.0).astype(np.float32)
    dense = patch.scene.sample(kept(patch.scene, "veil of twigs", veil), patch.bounds)
    for length, width, spacing, salt, lift in ((24, 1.5, 9, 139, -0.045), (17, 1.3, 11, 140, 0.025)):
        brush_over(
            patch, base, canvas, crown & (dense > 0.3),
            Layer(tip=Tip.STREAK, length=length, width=width, spacing=spacing, salt=salt, turn=0.8, value=0.02,
                  hue=0.006, opacity=0.4, clip=False),
            angles=angles, sizes=sizes, lift=np.asarray(lift * calm, np.float32),
        )  # fmt: skip
    limbs.painted(patch, canvas, boughs.grown_in(patch.scene, bare_regions(patch.scene)), air)


def fringe(patch: Patch, canvas: Float32, crown: Bool, scale: Float32) -> None:
    """Fine twigs that end where a bare crown (h, w), or a mass drawn in it, ends: no contour is drawn around air."""
    gap = bulge(patch)
    to_x, to_y = outward(patch)
    # Behind a wall that is farther off leaves would go on; twigs end before it as they do before the sky.
    ending = (patch.inner < gap - 2) & (overlapped(patch) < 0.5)
    for stem in _STEMS:  # before a trunk or a post a crown goes on
        ending &= distance_to(patch, stem) > patch.inner + np.float32(_BESIDE)
    if ending.any():
        field = kept(patch.scene, "ends of crowns", _ways_out)
        way_x, way_y = np.moveaxis(patch.scene.sample(field, patch.bounds), -1, 0)
        gap, to_x, to_y = (np.where(ending, *pair) for pair in ((patch.inner, gap), (way_x, to_x), (way_y, to_y)))
    # Twigs rise: where a mass ends below there are none.
    rises = to_y < np.float32(0.3) * np.abs(to_x)
    near = crown & (gap < _ENDS) & (patch.inner < gap + 2.5) & rises
    for salt, layer in enumerate(_FRINGE, 1361):
        points = scatter(patch, near & (gap < layer.length), layer.spacing, salt)
        if len(points) == 0:
            continue
        rows, columns = points.index
        out_x, out_y = unit_at(points, to_x, to_y)
        size = layer.length * np.clip(scale[rows, columns], 0.35, 1) * (0.6 + 0.8 * points.chance[:, 2])
        half = np.float32(0.04 if layer.along else 0.5)
        apart = np.float32(1.5 if layer.along else 3) * points.chance[:, 3] - np.float32(0.5)
        move = (gap[rows, columns] - half * size + apart) * np.float32(patch.unit)
        angle = np.arctan2(out_y, out_x) + np.pi / 2 if layer.along else np.arctan2(out_y - 0.3, out_x)
        colour = _lightest(canvas, crown, points, max(2, round(6 * patch.unit)))
        step = layer.tone * (np.float32(0.7) + np.float32(0.6) * points.chance[:, 0])
        colour[:, 0] += step * np.clip(1.6 * colour[:, 0], 0.3, 1) * (1 - 0.6 * patch.depth[rows, columns])
        x, y = placed(patch, points, out_x * move, out_y * move)
        lay(
            canvas,
            Strokes(
                x=x, y=y,
                length=(size * patch.unit).astype(np.float32),
                width=(np.maximum(0.05 * size, layer.width) * patch.unit).astype(np.float32),
                angle=(angle + layer.turn * (points.chance[:, 1] - 0.5)).astype(np.float32),
                colour=colour, opacity=np.full(len(points), 0.75, np.float32), tip=Tip.STREAK,
                variant=(points.chance[:, 1] * 97).astype(np.int32),
            ),
        )  # fmt: skip


def _ways_out(scene: Scene) -> Float32:
    """(h, w, 2) at the reduced size: the way to the nearest border of a material, x and y."""
    soft = gaussian(scene.inner.astype(np.float32), 2.0)
    down, across = np.gradient(soft * np.float32(scene.shrink * scene.unit))
    return np.stack([-across, -down], -1).astype(np.float32)


def _lightest(canvas: Float32, crown: Bool, points: Points, step: int) -> Float32:
    """(n, 3) the lightest paint of the crown here, ``step`` px to the left and above: the veil's, and no bough's."""
    rows, columns = points.index
    colour = canvas[rows, columns].copy()
    for row, column in ((rows, np.maximum(columns - step, 0)), (np.maximum(rows - step, 0), columns)):
        lighter = (canvas[row, column, 0] > colour[:, 0]) & crown[row, column]
        colour[lighter] = canvas[row, column][lighter]
    return colour
