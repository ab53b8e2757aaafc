"""Turns of form: a line inside a soft thing is where it turns from its light into its shade, and no contour."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import arches
from genzu.engines.embedded.billows import INK_OF_BYTE, across_light
from genzu.engines.embedded.conifers import needled
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.masses import in_the_air, massed
from genzu.engines.embedded.patch import Patch, blur, by_material
from genzu.engines.embedded.soft import soft_bytes
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Float32

_TURN = by_material({
    Material.MOUNTAIN: 0.024, Material.FOLIAGE: 0.048, Material.TRUNK: 0.030,
    Material.ROCK: 0.024, Material.WATER: 0.036,
}, 0.0)  # fmt: skip
"""Step of lightness (OKLab) across a line that is a turn of form."""
_CREASE = by_material({Material.WATER: 1.0, Material.FOLIAGE: 0.8}, 1.4)
"""Dark of the line itself in steps of its material; 1.4 where nothing is said."""
_MASSED = 0.35
"""How far the two sides of a line are pulled apart in leaves that have folds (see ``folds``), which need no crease.

In the air two tones meet there already.
"""
_NARROW = 2.8
"""Reach in units of the light and the shade at a line."""
_BROKEN, _WHOLE = 0.15, 0.90
"""How much of a turn is left at least where leaves break it: in crowns, and in a wood in the air."""


def turned(patch: Patch, canvas: Float32, already: Float32) -> None:
    """Where a line inside a soft thing is no contour it is a turn of form: lit on one side, in shade on the other.

    So an arc in a cloud, a bough, a tuft or a ripple is painted where it was drawn, without an outline. Where brushwork
    is lively the step is larger, or it would be lost in it. ``already`` (h, w) is how much of the line is traced;
    ``canvas`` (h, w, 3) OKLab is changed in place.
    """
    soft = _TURN[patch.materials] > 0
    if not soft.any():
        return
    ink = INK_OF_BYTE[patch.contour]
    across = across_light(patch, ink, _NARROW)
    crease = soft_bytes(ink, 1.1 * max(patch.unit, 0.6))
    lively = _lively(patch, canvas[..., 0])
    needles = needled(patch)
    mirrored = arches.along(patch)
    for piece in patch.pieces(soft):
        view, materials = piece.within(patch), piece.materials
        leaves = materials == Material.FOLIAGE
        sides = np.clip(across[view] * np.float32(3.0 / 255), -1, 1)
        # A form turns more into its shade than into its light, and in leaves the edge is lost and found.
        sides *= np.where(sides > 0, np.float32(0.55), np.float32(1.05))
        # The crease lies on the line itself, or the drawing would seem to have moved towards the shade.
        if mirrored is not None:
            sides *= ~mirrored[view]
        creased = _CREASE[materials]
        if leaves.any():
            crowns, far = massed(piece), in_the_air(piece)
            creased = np.where(crowns, np.float32(0), creased)
            sides *= np.where(crowns, np.float32(_MASSED) * (1 - far), np.float32(1))
        creased = creased * (1.0 if mirrored is None else ~mirrored[view])
        creased *= 1 - np.float32(0.55) * smoothstep(45, 75, piece.inner) * (materials == Material.WATER)
        sides -= creased * np.clip(crease[view] * np.float32(1.8 / 255), 0, 1)
        if needles is not None:  # there each bough turns by itself
            sides *= ~needles[view]
        if not sides.any():
            continue
        if leaves.any():
            found = np.clip(0.75 + 0.9 * piece.noise(9, 0x1EAF, octaves=2), _BROKEN + (_WHOLE - _BROKEN) * far, 1.3)
            sides *= np.where(leaves, found, 1)
        # Not along borders: between two materials the line is a contour, and a lit side beside it would look embossed.
        inside = smoothstep(4, 11, piece.inner)
        step = _TURN[materials] * (1 - np.float32(0.6) * already[view]) * inside * ~piece.sparks
        # What the air has taken is not drawn back in.
        step *= np.clip(1.3 - 1.3 * air_share(piece.depth, 1.0, patch.script.haze_density), 0, 1)
        canvas[view][..., 0] += step * lively[view] * sides


def _lively(patch: Patch, lightness: Float32) -> Float32:
    """(h, w) 0.8–2.2: how much the lightness changes within a brush's width around a place.

    What it is compared with, and the result, are smooth: both are made at about a third of the size.
    """
    factor = max(1, round(3 * patch.unit))
    reach = patch.unit / factor
    smooth = patch.enlarged(blur(patch.reduced(lightness, factor), 6 * reach), factor)
    smooth -= lightness
    busy = patch.reduced(np.abs(smooth, out=smooth), factor)
    return patch.enlarged(np.clip(blur(busy * 4, 12 * reach) / np.float32(4 * 0.012), 0.8, 2.2), factor)
