"""Where stones stand and still water ends no line is drawn: the light falls on one side, and the other meets its shade.

A stone's edge is its own deep colour where it turns away and is lost where the sun lies on it; a bank is wet and dark
down to the water, and a pale rim of the sky lies along it.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded import arches
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.materials.rock import standing
from genzu.engines.embedded.patch import Patch, blur, widened
from genzu.engines.embedded.soft import softened
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_LAND = (Material.GRASS, Material.SOIL)
LEFT = 0.8
"""Share of a stroke's ink that still counts where a weak edge is lifted."""
_NEAR = 7.0
"""Units of land along water in which a stroke is its edge."""
_MARGIN, _REACH, _BARE = 14, 5, 12
"""Units around a piece that count in it, and around ink that are changed, and byte of ink up to which paper is bare."""
_EDGE = 2.2
"""Reach in units of the tones beside an edge."""
_LIT, _BOUNCE = 0.11, 0.06
"""How much lighter a stone's edge is where it is lit, and where light from the ground meets it."""
_BEHIND, _CAST, _CREASE = 0.36, 0.54, 0.36
"""How much deeper is what lies behind its lit edge and beside its edge in shade, and its own strokes."""
_WET, _RIM = 0.42, 0.45
"""How dark the wet bank is along the water, and how much of the sky the rim beside it shows."""
_CREST, _TROUGH = 0.72, 0.32
"""How much of the sky a ripple's crest shows, and how deep the water is below it."""


def drawn(patch: Patch) -> Bool | None:
    """(h, w): where a stroke is of a stone or of still water; ``None`` where there is neither."""
    stones, water = standing(patch), patch.materials == Material.WATER
    found = None
    if stones is not None:
        found = np.asarray(blur(stones, 2.0 * max(patch.unit, 0.6)) > 0.03)
    if water.any() and patch.script.conditions.place is not Place.RICE_FIELD:  # a paddy's edge is its dike's
        land = np.isin(patch.materials, _LAND) & (distance_to(patch, Material.WATER) < _NEAR)
        found = water | land if found is None else found | water | land
        mirrored = arches.along(patch)
        if mirrored is not None:
            found &= ~mirrored
    return found


def painted(patch: Patch, canvas: Float32, even: UInt8, where: Bool) -> None:
    """Paint what is ``where`` without its lines ``even`` (h, w); ``canvas`` (h, w, 3) OKLab is changed in place."""
    unit = max(patch.unit, 0.6)
    margin = round(_MARGIN * unit)
    near = where & (widened((where & (even > _BARE)).view(np.uint8), round(_REACH * unit)) > 0)
    part = patch.part(near, margin=_MARGIN + 1)
    if part is None:
        return
    view = part.within(patch)
    patch, canvas, even, near, before = part, canvas[view], even[view], near[view], canvas[view].copy()
    for piece in patch.pieces(near):
        # What looks around itself sees as far in each piece: it must not matter where one ends.
        wide = patch.inside(piece.bounds.grown(margin).intersect(patch.bounds))
        view, own, goal = wide.within(patch), piece.within(wide), piece.within(patch)
        here = near[goal]
        canvas[goal][here] = _edged(wide, before[view].copy(), even[view] * np.float32(1 / 255))[own][here]


def _edged(patch: Patch, plain: Float32, ink: Float32) -> Float32:
    """The paint ``plain`` (h, w, 3) OKLab without its ink, and with edges in light and shade."""
    stone, water = patch.materials == Material.ROCK, patch.materials == Material.WATER
    unit, step = max(patch.unit, 0.6), max(1, round(patch.unit))
    _healed(plain, ink, (stone, water, ~(stone | water)), patch.unit)
    crest = np.clip(ink * 3 - np.float32(0.4), 0, 1)
    soft, wet = blur(stone, _EDGE * unit), blur(water, _EDGE * unit)
    down, across = np.gradient(soft)
    side, height = patch.light.towards
    facing = -(across * side + down * height) / (np.sqrt(across * across + down * down) + np.float32(1e-3))
    lit, away = smoothstep(0.0, 0.7, facing), smoothstep(0.25, -0.5, facing)
    rim, beside = np.clip(2 - 2 * soft, 0, 1) * stone, np.clip(2 * soft, 0, 1) * ~stone
    deeper = beside * (np.float32(_BEHIND) + np.float32(_CAST - _BEHIND) * away)
    deeper = np.maximum(deeper, np.float32(_CREASE) * crest * stone * (1 - rim))
    deeper = np.maximum(deeper, np.float32(_WET) * np.clip(2 * wet, 0, 1) * ~water * ~stone)
    edge = np.clip(2 - 2 * wet, 0, 1) * water
    inside = water * (edge < 0.25)
    lower = np.zeros_like(crest)
    lower[2 * step :] = crest[: -2 * step]
    deeper += np.float32(_TROUGH) * lower * inside * (1 - crest)
    plain *= (1 - deeper)[..., None]
    plain[..., 0] += (np.float32(_LIT) * lit + np.float32(_BOUNCE) * away) * rim
    broken = smoothstep(-0.4, 0.2, patch.noise(26, 1081, octaves=2))
    broken *= np.clip(1 - 6 * blur(stone, 2 * _EDGE * unit), 0.15, 1)  # beside a stone there is its reflection
    share = np.float32(_RIM) * smoothstep(0.25, 0.5, edge) * smoothstep(1.0, 0.8, edge) * broken
    share += np.float32(_CREST) * crest * inside
    pale = oklab_from_linear(patch.script.horizon[None].astype(np.float32))[0]
    for c in range(3):
        plain[..., c] += (pale[c] - plain[..., c]) * share
        plain[..., c] += (
            (softened(plain[..., c]) - plain[..., c]) * np.float32(0.6) * np.minimum(rim + beside + edge, 1)
        )
    return plain


def _healed(plain: Float32, ink: Float32, sides: tuple[Bool, ...], unit: float) -> None:
    """Take the ink of strokes away, on each side of an edge by what lies on that side."""
    clear = np.clip(1 - ink * np.float32(8), 0, 1)
    share, reach = np.clip(ink * np.float32(6), 0, 1), 3.0 * max(unit, 0.6)
    for side in sides:
        if not side.any():
            continue
        known = clear * side
        weight = blur(known, reach)
        around = blur(plain[..., 0] * known, reach) / np.maximum(weight, np.float32(0.02))
        plain[..., 0] += np.maximum(around - plain[..., 0], 0) * share * side * np.clip(weight * 30, 0, 1)
