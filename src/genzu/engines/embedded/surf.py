"""Lines drawn on the sea near a shore are breaking waves: white along the stroke, deep behind it, running out under it.

The stroke at the shore itself is where the last wave ends: a white scalloped rim, and a thin shade on the wet sand.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_PLACES = (Place.SEA, Place.BEACH, Place.PORT_TOWN, Place.CLIFF)
_FAR = 75.0
"""Units from the shore within which a line is surf."""
_SHORE = 9.0
"""Units of sand along the water in which a line is the water's rim."""
_BEFORE = (
    Material.CLOTH,
    Material.WOOD,
    Material.METAL,
    Material.TRUNK,
    Material.FOLIAGE,
    Material.ROCK,
    Material.ROAD,
)
_CLEAR = 7.0
"""Units from what stands before the water within which a line is its outline."""
_FAINTEST = np.float32(0.12)
_CLEAR_GREEN = np.float32(0.56), (0.0, -0.045, -0.02)
_WET = np.float32(0.56), (0.0, 0.012, 0.035)
"""Of the foam's colour the lightness (and what is left of its hue) of strokes on water and on sand, and their tint."""
_UNDER, _DEEP = 1, 9
"""Units below a line at which its foam begins, and how far down it runs out near the eye."""
_BEHIND = 5
"""Units above a line in which the wave stands up against the light, deep and clear."""


def drawn(patch: Patch) -> Bool | None:
    """(h, w): water and the rim of the sand in which a line is surf; ``None`` where there is none."""
    water = patch.materials == Material.WATER
    if patch.script.conditions.place not in _PLACES or not water.any():
        return None
    sand = patch.materials == Material.SOIL
    near = water & (distance_to(patch, Material.SOIL) < _FAR) | sand & (distance_to(patch, Material.WATER) < _SHORE)
    if not near.any():
        return None
    present = patch.scene.regions.material
    for material in _BEFORE:
        if (present == material).any():
            near &= distance_to(patch, material) > _CLEAR
    near &= (patch.inner > _CLEAR) | (distance_to(patch, Material.SOIL) < _CLEAR) | sand
    return near if near.any() else None


def painted(patch: Patch, canvas: Float32, even: UInt8, where: Bool) -> None:
    """Lay foam along the lines ``even`` (h, w) in what is ``where``; ``canvas`` (h, w, 3) OKLab is changed in place."""
    part = patch.part(where & (even > 0), margin=2 * _DEEP)
    if part is None:
        return
    view = part.within(patch)
    near, own, water = ground(part).near, where[view], part.materials == Material.WATER
    crest = np.clip((even[view] * np.float32(1 / 255) - _FAINTEST) * np.float32(4), 0, 1) * own
    strong = np.clip(crest * np.float32(2) - 1, 0, 1)
    step = max(1, round(patch.unit))
    foam, wet, behind = (np.zeros_like(crest) for _ in range(3))
    for units in range(_UNDER, _UNDER + _DEEP):
        moved, out = _down(crest, units * step), (units - _UNDER) / _DEEP
        np.maximum(foam, moved * np.clip(1 - out / (0.35 + 0.65 * near), 0, 1), out=foam)
        np.maximum(wet, moved * np.float32(1 - out) ** 2, out=wet)
        if units <= _BEHIND:
            np.maximum(behind, _down(strong, -units * step) * np.float32(1 - units / (_BEHIND + 1)), out=behind)
    lace = part.noise(9, 1071, octaves=2, stretch=2.5) + 0.4 * part.noise(40, 1072, stretch=3.0)
    running = smoothstep(0.0, 0.3, foam - 0.40 + 0.45 * lace) * foam * water
    share = running * (1 - crest) * own * np.float32(0.9)
    # At the shore the foam ends in a rim, of which the stroke is the shade on the sand.
    rim = _down(crest, -step) * np.clip(1.3 - crest, 0, 1) * smoothstep(-0.5, -0.1, lace)
    rim = np.maximum(rim, _down(crest, -2 * step)) * (1 - crest) * water * own * _near_sand(part)
    share = np.maximum(share, rim)
    plain, script, light = canvas[view], patch.script, patch.light
    plain[..., 0] *= 1 - np.float32(0.12) * behind * water * own * (1 - share)
    plain[..., 1] -= np.float32(0.020) * behind * water * own
    plain *= (1 - np.float32(0.12) * wet * ~water * own)[..., None]
    white = np.minimum(script.cloud_lit * 0.55 + (light.key + light.ambient) * 0.42, 0.93)
    colour = oklab_from_linear(white[None].astype(np.float32))[0]
    tint = np.float32(np.clip(1.1 - 1.1 * script.haze_density, 0.1, 1))  # thick air leaves none of the green
    for c in range(3):
        # No ink lies on water: the stroke is the clear green of the wave, and on sand a wet shade.
        tone = np.where(
            water, colour[c] * _CLEAR_GREEN[0] + tint * _CLEAR_GREEN[1][c], colour[c] * _WET[0] + tint * _WET[1][c]
        )
        plain[..., c] += (tone - plain[..., c]) * (np.float32(0.72) * crest)
        plain[..., c] += (colour[c] - plain[..., c]) * share


def _near_sand(patch: Patch) -> Float32:
    return smoothstep(_SHORE, _SHORE - 3, distance_to(patch, Material.SOIL))


def _down(plane: Float32, rows: int) -> Float32:
    """The plane moved down by whole px, up if below 0; nothing comes in from outside."""
    moved = np.zeros_like(plane)
    if rows > 0:
        moved[rows:] = plane[:-rows]
    else:
        moved[:rows] = plane[-rows:]
    return moved
