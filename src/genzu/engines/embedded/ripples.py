"""Level strokes drawn on open water are ripples: a glint where it is dark, a trough where it is light, and no line.

Each is one stroke of the brush with soft ends: firm at its upper edge, which is where it was drawn, and lost below.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import arches
from genzu.engines.embedded.fields import open_water
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.surf import along, down
from genzu.picture.arrays import Bool, Float32, UInt8

_OFF = 5.0, 9.0
"""Units from the water's border where a stroke begins to be a ripple, and is one."""
_FIRM = 0.06, 5.0
"""Ink at which a stroke begins to be seen, and how fast it is."""
_LEVEL, _RUNS = 8, (0.22, 0.50)
"""Units to each side along which a ripple runs, and share of that which is ink: steeper strokes are something else."""
_SOFT, _DEEP = 6, 5
"""Units over which its ends are soft, and to which it is seen below its upper edge."""
_GLINT, _TROUGH = np.float32(0.18), np.float32(0.29)
"""OKLab lightness that a glint has more, and the share that a trough has less."""
_BETWEEN = 0.50
"""OKLab lightness of the water from which a ripple is a trough."""


def drawn(patch: Patch, even: UInt8, surf: Bool | None) -> Float32 | None:
    """(h, w) 0–1: ripples along the softened ink ``even`` (h, w), without the ``surf``; ``None`` if there are none."""
    water = patch.of_region(open_water(patch.scene))
    if surf is not None:
        water &= ~surf
    if not water.any():
        return None
    mirrored = arches.along(patch)
    if mirrored is not None:
        water &= ~mirrored
    masonry = arches.near(patch)
    if masonry is not None:
        water[masonry.within(patch)] &= arches.seen(masonry)[..., arches.WALL] < 0.5
    ink = np.clip((even * np.float32(1 / 255) - _FIRM[0]) * np.float32(_FIRM[1]), 0, 1) * water
    if not ink.any():
        return None
    step = max(1, round(patch.unit))
    ripple = ink * smoothstep(*_RUNS, along(ink, _LEVEL * step)) * smoothstep(*_OFF, patch.inner)
    return along(ripple, _SOFT * step)


def painted(patch: Patch, canvas: Float32, ripple: Float32) -> None:
    """Lay them into the (h, w, 3) OKLab canvas, in place."""
    step = max(1, round(patch.unit))
    body = np.minimum(ripple * np.float32(1.6), 1)
    whole = body
    for units in range(1, _DEEP):
        whole = np.maximum(whole, down(body, units * step) * np.float32(1 - units / _DEEP))
    factor = max(1, round(12 * patch.unit))
    tone = patch.enlarged(patch.reduced(canvas[..., 0], factor), factor)
    for piece in patch.pieces((whole > 0) & (patch.materials == Material.WATER)):
        view = piece.within(patch)
        plain, share = canvas[view], whole[view] * (piece.materials == Material.WATER)
        turned = np.clip((_BETWEEN - tone[view] + 0.10 * piece.noise(40, 1047, octaves=1, stretch=3.0)) * 150, -1, 1)
        lifted = np.maximum(turned, 0) * _GLINT * np.clip(2 * plain[..., 0], 0.35, 1)
        plain[..., 0] += share * (lifted + np.minimum(turned, 0) * _TROUGH * plain[..., 0])
