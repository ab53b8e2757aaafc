"""Lines drawn on the sea near a shore are breaking waves: the dark of the crest, and foam that runs out under it."""

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
_FAR = 130.0
"""Units from the shore within which a line is surf."""
_WITHIN = 5.0
"""Units from the end of the water within which a line is its outline."""
_FAINTEST = np.float32(0.12)
_UNDER, _DEEP = 2, 9
"""Units below a line at which its foam begins, and how far down it runs out near the eye."""


def drawn(patch: Patch) -> Bool | None:
    """(h, w): water in which a line is surf; ``None`` where there is none."""
    if patch.script.conditions.place not in _PLACES or not (patch.materials == Material.WATER).any():
        return None
    near = (patch.materials == Material.WATER) & (patch.inner > _WITHIN) & (distance_to(patch, Material.SOIL) < _FAR)
    return near if near.any() else None


def painted(patch: Patch, canvas: Float32, even: UInt8, where: Bool) -> None:
    """Lay foam along the lines ``even`` (h, w) in what is ``where``; ``canvas`` (h, w, 3) OKLab is changed in place."""
    part = patch.part(where & (even > 0), margin=2 * _DEEP)
    if part is None:
        return
    view = part.within(patch)
    near = ground(part).near
    crest = np.clip((even[view] * np.float32(1 / 255) - _FAINTEST) * np.float32(3.5), 0, 1)
    foam, step = np.zeros_like(crest), max(1, round(patch.unit))
    for units in range(_UNDER, _UNDER + _DEEP):
        moved = np.zeros_like(crest)
        moved[units * step :] = crest[: -units * step]
        np.maximum(foam, moved * np.clip(1 - (units - _UNDER) / (_DEEP * (0.35 + 0.65 * near)), 0, 1), out=foam)
    lace = part.noise(9, 1071, octaves=2, stretch=2.5) + 0.4 * part.noise(40, 1072, stretch=3.0)
    share = smoothstep(0.0, 0.3, foam - 0.40 + 0.45 * lace) * foam * (1 - crest) * where[view] * np.float32(0.9)
    script, light = patch.script, patch.light
    white = np.minimum(script.cloud_lit * 0.55 + (light.key + light.ambient) * 0.42, 0.93)
    colour = oklab_from_linear(white[None].astype(np.float32))[0]
    plain = canvas[view]
    for c in range(3):
        plain[..., c] += (colour[c] - plain[..., c]) * share
