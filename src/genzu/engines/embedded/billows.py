"""Strokes in clouds: where one head stands before another, its lit rim cuts into the shade of what is behind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded.heads import open_air, relief
from genzu.engines.embedded.heavens import VEILED
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import difference
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_FAR = 64.0
"""Units around clouds from which their light and shade may come."""
_BILLOWS = ((1.5, 1.1), (4.0, 1.8), (13.0, 3.8))
"""Reach in units and weight of light and shade at a stroke in a cloud."""
_SIDEWAYS = 0.8
"""Least share of the light that comes from the side there: strokes between heads are steep."""
_HIDDEN = 0.33
"""Share of a stroke that goes in a nearer head."""
_LOST_BELOW = 0.2
"""Share of the edge between two heads that goes at their feet."""
_UNSEEN = np.float32(0.02)
_BEHIND, _BEFORE = 1.2, 0.8
"""How far the shade of what is behind, and the rim of what is before it, come to the cloud's own."""
INK_OF_BYTE = (np.clip((np.arange(256) / 255 - 0.1) * 1.7, 0, 1) * 255 + 0.5).astype(np.uint8)
"""Ink as turns of form see it: paper's grain is none, and graphite is as good as black."""


def billowed(patch: Patch, canvas: Float32) -> None:
    """A stroke in a cloud is where one head stands before another: its lit rim cuts into the shade of what is behind.

    The edge is hard at the stroke, to both sides it falls off widely, and farther in the cloud it is lost. ``canvas``
    (h, w, 3) OKLab is changed in place.
    """
    part = patch.part(_vapour(patch) > 0, margin=_FAR)
    if part is None:
        return
    canvas, patch = canvas[part.within(patch)], part
    cloud, ink = _vapour(patch), INK_OF_BYTE[patch.contour]
    if not (ink[cloud > 0] > 0).any():
        return
    across = np.zeros(patch.shape, np.float32)
    for size, weight in _BILLOWS:
        across += across_light(patch, ink, size, sideways=_SIDEWAYS) * np.float32(weight / 255)
    script = patch.script
    shade, lit = oklab_from_linear(np.stack([script.cloud_shade, script.cloud_lit])[None].astype(np.float32))[0]
    shown = np.float32(VEILED.get(script.conditions.weather, 1.0))
    across *= seen(patch)
    for piece in patch.pieces((cloud > 0) & (np.abs(across) > _UNSEEN)):
        view = piece.within(patch)
        found = (1 - np.float32(0.45) * smoothstep(26, 78, piece.inner)) * shown
        air = patch.scene.sample(open_air(patch.scene), piece.bounds)
        found *= np.where(piece.materials == Material.CLOUD, smoothstep(0.45, 0.15, air), np.float32(1))
        # The upper half of a head stands out; below it goes over in the next one.
        down = patch.scene.sample(relief(patch.scene)[..., 1], piece.bounds)
        found *= 1 - np.float32(_LOST_BELOW) * smoothstep(0.0, 0.8, down) * smoothstep(0.12, 0.02, air)
        # Nothing at the threshold: which rectangles are looked at depends on the tile.
        turn = np.sign(across[view]) * np.clip(np.abs(across[view]) - _UNSEEN, 0, 1) * found * cloud[view]
        plain = canvas[view]
        for c in range(3):
            plain[..., c] += (shade[c] - plain[..., c]) * (np.float32(_BEHIND) * np.maximum(-turn, 0))
            plain[..., c] += (lit[c] - plain[..., c]) * (np.float32(_BEFORE) * np.maximum(turn, 0))


def _vapour(patch: Patch) -> Float32:
    """(h, w) 0 or 1: clouds."""
    return (patch.materials == Material.CLOUD).astype(np.float32)


def seen(patch: Patch) -> Float32:
    """(h, w) 0–1: how much of a stroke in a cloud is seen: what lies in a nearer head is hidden by it."""
    hidden = patch.scene.sample(relief(patch.scene)[..., 4], patch.bounds)
    share = np.where(patch.materials == Material.CLOUD, np.float32(_HIDDEN), np.float32(1))
    return 1 - hidden * share


def across_light(patch: Patch, ink: UInt8, size: float, sideways: float = 0.0) -> NDArray[np.int16]:
    """(h, w) −255…255: how much more ink there is on the far side of a place than on the light's; ``size`` in units."""
    reach = max(size * patch.unit, 0.6)
    side, height = patch.light.towards
    side = float(np.copysign(max(abs(side), sideways), side))
    dx, dy = (round(axis * max(1.0, 1.5 * reach)) for axis in (side, height))
    return difference(patch.softened(ink, reach), dx, dy)
