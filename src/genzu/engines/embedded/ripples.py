"""Level strokes drawn on open water are ripples: a glint where it is dark, a trough where it is light, and no line.

Each is one stroke of the brush with soft ends: firm at its upper edge, which is where it was drawn, and lost below.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import arches, bank
from genzu.engines.embedded.fields import open_water
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.surf import along, down, far_out
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_OFF = 5.0, 9.0
"""Units from the water's border where a stroke begins to be a ripple, and is one."""
_FIRM = 0.06, 5.0
"""Ink at which a stroke begins to be seen, and how fast it is."""
_LEVEL, _RUNS = 8, (0.22, 0.50)
"""Units to each side along which a ripple runs, and share of that which is ink: steeper strokes are something else."""
_SOFT, _DEEP = 6, 5
"""Units over which its ends are soft, and to which it is seen below its upper edge."""
_FULL, _UPPER = 1.7, 0.1
"""How fast it is full, and the share of it that is seen above its upper edge."""
_HORIZON = 0.6
"""Share of the horizon in the sky's colour that a glint mirrors; the rest is the middle of the sky."""
_LIGHTER = 0.16, 0.21
"""OKLab lightness that the sky has more than the water, between which a ripple goes over from a trough into a glint."""
_GLINT, _AT_NIGHT, _TROUGH = 0.62, 0.60, 0.29
"""Share of the sky in a glint, by day and at night, and the share of its lightness that water has not in a trough."""


def drawn(patch: Patch, even: UInt8, surf: Bool | None) -> Float32 | None:
    """(h, w) 0–1: ripples along the softened ink ``even`` (h, w), without the ``surf``; ``None`` if there are none."""
    water = patch.of_region(open_water(patch.scene))
    if surf is not None:
        water &= ~surf | far_out(patch)
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
    body = np.minimum(ripple * np.float32(_FULL), 1)
    # Thick where it is full and thinner to both ends, as a brush leaves it.
    whole = np.maximum(body, np.float32(_UPPER) * down(body, -step))
    for units in range(1, _DEEP):
        whole = np.maximum(whole, down(body, units * step) - np.float32(units / _DEEP))
    script = patch.script
    sky = oklab_from_linear((_HORIZON * script.horizon + (1 - _HORIZON) * script.middle)[None].astype(np.float32))[0]
    factor = max(1, round(12 * patch.unit))
    tone = patch.enlarged(patch.reduced(canvas[..., 0], factor), factor)
    for piece in patch.pieces((whole > 0) & (patch.materials == Material.WATER)):
        view = piece.within(patch)
        plain, share = canvas[view], whole[view] * (piece.materials == Material.WATER) * bank.clear_of(piece)
        glint = smoothstep(*_LIGHTER, sky[0] - tone[view])
        trough = np.float32(_TROUGH) * share * (1 - glint) * plain[..., 0]
        share = share * glint * np.float32(_AT_NIGHT if patch.light.night else _GLINT)
        for c in range(3):
            plain[..., c] += (sky[c] - plain[..., c]) * share
        plain[..., 0] -= trough
