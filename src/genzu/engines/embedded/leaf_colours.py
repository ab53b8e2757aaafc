"""Local colours of leaves: kin of one green, which drift from mass to mass; glowing reds and golds; dark needles."""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.lumps import Relief, smoothstep
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import widened
from genzu.picture.arrays import Float32
from genzu.picture.colour import hex_to_linear, linear_from_oklab, oklab_from_linear

_GLOW, _GOLDEN = (0.95, 1.20, 1.45), (0.0, 0.0, 0.012)
"""Factors on OKLab of dry leaves, and what is added."""


def albedo_of(patch: Patch, big: Relief, middle: Relief) -> Float32:
    """(h, w, 3) linear kin colours: a leaning for each mass and crown, drifting between clumps; strongest in autumn."""
    script = patch.script
    kin = np.stack([script.local(Material.FOLIAGE, k) for k in range(script.local_count(Material.FOLIAGE))])
    autumn = script.conditions.season is Season.AUTUMN
    if autumn:
        kin = _glowing(kin)
    mass = patch.scene.sample(kept(patch.scene, "chance of mass", mass_chance), patch.bounds) * len(kin)
    crown = patch.scene.regions.chance[patch.ids] - 0.5
    drift = (
        (1.2 if autumn else 0.6) * patch.noise(190, 968, octaves=2)
        + (0.5 if autumn else 0.3) * big.tone
        + 0.25 * middle.tone
    )
    place = np.mod(mass + (1.6 if autumn else 0.8) * crown + drift, len(kin))
    first = np.minimum(place.astype(np.int32), len(kin) - 1)
    share = smoothstep(0.25, 0.75, place - first)[..., None]
    albedo = kin[first] * (1 - share) + kin[(first + 1) % len(kin)] * share
    return np.asarray(albedo * (1 + 0.07 * middle.tone)[..., None], np.float32)


def _glowing(kin: Float32) -> Float32:
    """Colours (n, 3) of dry leaves as they are with light in them: of more chroma, and golden rather than pink."""
    lab = oklab_from_linear(kin)
    lab = lab * np.array(_GLOW, np.float32) + np.array(_GOLDEN, np.float32)
    return np.maximum(linear_from_oklab(lab), 0)


def mass_chance(scene: Scene) -> Float32:
    """0–1, one value for each connected mass of foliage, and a little beyond it.

    With another value right outside, leaves at the edge would take colours in between, and a thread of those is seen.
    """
    labels, _count = mahotas.label(scene.small_materials == Material.FOLIAGE)
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    units = scene.shrink * scene.unit * 40
    x, y = (boxes[:, 2] + boxes[:, 3]) / units, (boxes[:, 0] + boxes[:, 1]) / units
    chance = hash_unit(x.astype(np.int64), y.astype(np.int64), mix_seed(scene.request.seed, 977))
    chance[0] = 0
    own = chance[labels].astype(np.float32)
    return np.where(labels > 0, own, widened(own, 3))


def evergreen(patch: Patch, middle: Relief) -> Float32:
    """(h, w, 3) linear: needles keep their dark green through the year."""
    green = patch.script.toned(hex_to_linear("#527350"))
    return np.asarray(green * (1 + 0.10 * middle.tone + 0.10 * patch.noise(40, 975))[..., None], np.float32)
