"""Crowns in winter: what has no needles is bare, a veil of twigs with air in it and boughs before it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import boughs
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.conifers import conifers, tiers_of
from genzu.engines.embedded.fields import outward
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.picture.arrays import Bool, Float32

_BARE: WeakKeyDictionary[Scene, Bool] = WeakKeyDictionary()


def bare(patch: Patch) -> Bool | None:
    """(h, w): what is no conifer has lost its leaves in winter; ``None`` in other seasons."""
    if patch.script.conditions.season is not Season.WINTER:
        return None
    return np.asarray(bare_regions(patch.scene)[patch.ids], bool)


def between(patch: Patch, twigs: Bool) -> Float32:
    """0–1: how much of what lies behind a bare crown is seen; the fine ends of the twigs are its thickest part."""
    net = smoothstep(-0.30, 0.40, patch.noise(7, 979, octaves=2) + 0.6 * patch.noise(32, 980, octaves=2))
    ends = 1 - smoothstep(4, 34, patch.inner)
    far = smoothstep(0.3, 0.8, patch.depth)
    return np.asarray((0.66 - 0.24 * ends - 0.22 * net) * (1 - 0.35 * far) * twigs, np.float32)


def behind(patch: Patch) -> Float32:
    """(h, 1, 3) linear light of the sky at each height, which is what lies behind most crowns."""
    script = patch.script
    up = np.clip(1 - patch.y / max(patch.horizon, 60.0), 0, 1)[..., None]
    sky = script.horizon + (script.middle - script.horizon) * smoothstep(0.0, 0.5, up)
    return np.asarray(sky + (script.zenith - sky) * smoothstep(0.45, 1.0, up), np.float32)


def bare_regions(scene: Scene) -> Bool:
    """By region id: which leaves have fallen. What has needles keeps them."""
    scene = scene.source
    if scene not in _BARE:
        needles = _pine_boughs(scene)
        for tree in conifers(scene):
            needles |= tiers_of(scene, tree)[: len(needles)]
        _BARE[scene] = ~needles
    return _BARE[scene]


def _pine_boughs(scene: Scene) -> Bool:
    """By region id: a bough that is drawn by itself, long and level above the horizon, is a pine's."""
    forms, leafy = scene.forms, scene.small_materials == Material.FOLIAGE
    hangs = scene.regions.bottom / scene.unit < scene.reading.horizon / scene.unit + 10
    masses, _count = mahotas.label(leafy)
    count = len(forms.long)
    own = np.bincount(scene.small_regions[leafy], minlength=count)
    with_neighbours = np.zeros(count, np.int64)
    with_neighbours[scene.small_regions[leafy]] = np.bincount(masses.ravel())[masses[leafy]]
    alone = own > 0.8 * with_neighbours
    flat = (forms.long > 1.8 * forms.thick) & (forms.thick < 130) & (np.abs(forms.angle) < 0.8)
    return np.asarray(hangs & alone & flat)


def drawn(patch: Patch, base: Float32, canvas: Float32, crown: Bool, scale: Float32) -> None:
    """Boughs, and the sprays of twigs that fan outwards and up from them: dark ones, then some that catch the light."""
    form_x, form_y = outward(patch)
    angles = np.arctan2(form_y - 0.35, form_x).astype(np.float32)
    for length, width, spacing, salt, lift in ((27, 20, 13, 137, -0.030), (18, 12, 13, 138, 0.025)):
        brush_over(
            patch, base, canvas, crown,
            Layer(tip=Tip.NEEDLES, length=length, width=width, spacing=spacing, salt=salt, turn=0.6, value=0.02,
                  hue=0.006, opacity=0.55, clip=False),
            angles=angles, sizes=np.clip(scale, 0.35, 1.0).astype(np.float32),
            lift=np.full(patch.shape, lift, np.float32),
        )  # fmt: skip
    boughs.drawn(patch, base, canvas, boughs.grown(patch.scene.source, bare_regions(patch.scene)))
