"""Shade of bare crowns on the ground: the net of their limbs and twigs, each thrown as it grows."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded.boughs import grown_in
from genzu.engines.embedded.fallen import bare_regions
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import GROUND, Scene
from genzu.engines.embedded.shadow import Rays, rays_of
from genzu.engines.embedded.soft import one_of
from genzu.picture.arrays import Float32

_FINE = 2
"""How much finer than the reduced picture limbs are drawn, so that thin ones stay thin."""
_LIMB, _TWIG = 255, 120
"""Bytes of shade of a limb, and of a twig."""


def of_twigs(patch: Patch) -> tuple[Float32, Float32] | None:
    """(h, w) 0–1 each: how far shade is that of bare crowns, and the net of their limbs; ``None`` = nowhere."""
    if patch.script.conditions.season is not Season.WINTER:
        return None
    share = patch.scene.sample(kept(patch.scene, "shade of bare crowns", _share), patch.bounds)
    return (share, patch.scene.sample(kept(patch.scene, "net of limbs", _net), patch.bounds)) if share.any() else None


def _share(scene: Scene) -> Float32:
    """(h, w) at the reduced size: all shade of leaves, but for that which needles throw by themselves."""
    solid, leafy = scene.shades
    fallen = (scene.small_materials == Material.FOLIAGE) & bare_regions(scene)[scene.small_regions]
    if not (leafy.any() and fallen.any()):
        return np.zeros_like(leafy)
    others, needles = scene.shades_of(np.where(fallen, np.uint8(Material.SKY), scene.small_materials))
    rest = np.maximum(np.maximum(others, needles), solid)
    return np.asarray(np.clip(leafy - rest, 0, 1) / max(scene.script.light.sharpness, 0.1), np.float32)


def _net(scene: Scene) -> Float32:
    """(h, w) at the reduced size: the shadows of limbs and twigs, as lines."""
    rays = rays_of(scene.script.light, scene.eye, scene.small.height)
    net = Image.new("L", (scene.small.width * _FINE, scene.small.height * _FINE))
    if rays is not None:
        grown, draw = grown_in(scene, bare_regions(scene)), ImageDraw.Draw(net)
        twigs = [grown.twigs[:, [*ends, 6, 6]] for ends in ((0, 1, 2, 3), (2, 3, 4, 5))]
        for parts, shade in ((np.concatenate(twigs), _TWIG), (grown.limbs[~grown.bent], _LIMB)):
            for line, width in _thrown(scene, rays, parts):
                draw.line(line, fill=shade, width=width)
    soft = np.asarray(net.reduce(_FINE), np.float32) * np.float32(1 / 255)
    return np.where(one_of(scene.small_materials, GROUND), soft, np.float32(0))


def _thrown(scene: Scene, rays: Rays, parts: Float32) -> list[tuple[list[tuple[float, float]], int]]:
    """Shadows of parts (n, 6) in units, x and y of both ends and width at both: points and width in fine px."""
    size = scene.shrink * scene.unit
    height, width = scene.small.shape
    ends = parts[:, :4].reshape(-1, 2, 2) * np.float32(size)
    rows, columns = ends[..., 1].astype(np.intp), ends[..., 0].astype(np.intp)
    feet = scene.tree_feet[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)].max(1)
    known = feet >= 0
    ends, feet = ends[known], np.repeat(feet[known, None], 2, axis=1)
    y, x = rays.fall(feet, ends[..., 0], feet - ends[..., 1])
    wide = np.maximum(np.rint(parts[known, 4:].mean(1) * np.float32(size * _FINE)), 1).astype(int).tolist()
    lines = (np.stack([x, y], 2) * np.float32(_FINE)).tolist()
    return [([tuple(end) for end in line], width) for line, width in zip(lines, wide, strict=True)]
