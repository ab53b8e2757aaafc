"""The ground plane in perspective: coordinates in which a tuft, a ripple or a pebble keeps its size on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.core.scene import Place
from genzu.engines.embedded.bare_shade import of_twigs
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian
from genzu.picture.arrays import Float32

_LEAST = 14.0
"""Rows below the horizon (units) nearer than which the ground is taken as one strip."""


_WARM, _COOL = np.array([0.09, 0.00, -0.16], np.float32), np.array([-0.12, 0.00, 0.13], np.float32)
"""What patches of ground have more and less of red, green and blue."""
_FLECKS = 34.0, 15.0
"""Width and depth in units, 400 units below the horizon, of what leaves leave open to the light."""
_THINNER, _RAGGED = np.float32(0.24), np.float32(0.50)
"""How much thinner shade of leaves is than that of a wall, and how far its flecks go."""
_HAZE = np.float32(0.24)
"""Shade of a bare crown between its limbs: that of its finest twigs."""
_TREELESS = (Place.BEACH, Place.SEA)
"""Where leaves outside the picture would be nobody's: their shade reads as smears."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Fields of one patch."""

    near: Float32
    """(h, 1) 0 at the horizon – 1 at the picture's lower edge."""
    below: Float32
    """(h, 1) units below the horizon, at least 14."""
    across: Float32
    """(h, w) place along the eye's width; a strip on the ground converges to the vanishing point."""
    away: Float32
    """(h, 1) logarithm of nearness; equal steps look equally long for their distance."""
    seed: int
    patch: Patch | None = None
    """For land that rises above the horizon, where there is no plane: it gets a slope's noise."""

    def noise(self, wide: float, deep: float, salt: int, *, octaves: int = 1) -> Float32:
        """(h, w) −1…1; a cell is ``wide`` × ``deep`` units where the ground is 400 units below the horizon."""
        total, weight, norm = np.zeros(self.across.shape, np.float32), 1.0, 0.0
        for octave in range(octaves):
            scale = 2.0**octave
            u, v = self.across * np.float32(400 / wide * scale), self.away * np.float32(400 / deep * scale)
            # Cells a few units deep stripe the ground along the horizon; let them fade.
            fade = np.clip((self.below / (400 / (deep / scale)) - 0.8) / 3.2, 0, 1)
            total += weight * noise_at(u, v, mix_seed(self.seed, salt, octave)) * fade
            norm += weight
            weight *= 0.55
        total /= np.float32(norm)
        if self.patch is None or float(self.below[0, 0]) > 3 * _LEAST:
            return total
        level = np.clip((self.below - _LEAST) / (2 * _LEAST), 0, 1)
        slope = self.patch.noise(max(deep * 0.25, 6.0), salt, octaves=octaves, stretch=max(wide / deep, 1.5))
        return np.asarray(total * level + slope * 0.7 * (1 - level), np.float32)


def ground(patch: Patch) -> Ground:
    """The ground plane under the picture's horizon, seen in this patch."""
    horizon = min(patch.horizon, 900.0)
    below = np.maximum(patch.y - horizon, _LEAST)
    middle = patch.width_units / 2
    return Ground(
        near=np.clip((patch.y - horizon) / max(1080 - horizon, 180.0), 0, 1),
        below=below,
        across=((patch.x - middle) / below).astype(np.float32),
        away=np.log(below).astype(np.float32),
        seed=patch.script.seed,
        patch=patch,
    )


def lying_shadow(patch: Patch) -> Float32:
    """(h, w) 0–1: the cast shadow as a brush lays it: steps of the reduced picture drawn into one edge.

    Inside it is not one flat tone: the farther from what throws it, the more of the sky comes in.
    """
    calm = patch.scene.sample(kept(patch.scene, "lying shadow", _calm), patch.bounds)
    if not calm.any():
        return calm
    shape = calm + 0.07 * patch.noise(8, 1051, octaves=1, stretch=2.5) * (calm > 0.02)
    leafy = patch.scene.sample(kept(patch.scene, "shade of leaves", _of_leaves), patch.bounds)
    if leafy.any():  # it is cut out by leaves, which let flecks of light through
        flecks = ground(patch).noise(*_FLECKS, 1056, octaves=2)
        shape = np.where(leafy > 0, shape * (1 - _THINNER * leafy) + _RAGGED * flecks * leafy, shape)
    shape = smoothstep(0.24, 0.66, shape)
    bare = of_twigs(patch)
    if bare is not None:
        share, net = bare
        shape = shape + (np.clip(calm, 0, 1) * (_HAZE + (1 - _HAZE) * net) - shape) * share
    depth = 0.90 + 0.10 * patch.noise(150, 1052, octaves=1, stretch=3.0)
    return np.asarray(shape * np.minimum(depth, 1) * min(1.0, patch.light.sharpness), np.float32)


def _calm(scene: Scene) -> Float32:
    sharp = np.float32(max(scene.script.light.sharpness, 0.1))
    return np.asarray(gaussian(scene.shadow, 1.5) / sharp, np.float32)


def _of_leaves(scene: Scene) -> Float32:
    """(h, w) 0–1 at the reduced size: how far shade is that of leaves, and of nothing solid."""
    solid, leafy = scene.shades
    return np.asarray(np.clip(leafy - solid, 0, 1) / max(scene.script.light.sharpness, 0.1), np.float32)


def overhung(patch: Patch, plane: Ground) -> Float32:
    """(h, w) 0–0.6: leaves outside the picture throw their flecked shade on the ground at its lower edge.

    An empty foreground in full light holds nobody's eye back; painters lay a tree's shade into it, on the light's
    side, thinning out towards the middle.
    """
    strength = 0.62 * patch.light.sharpness * (0.6 if patch.light.night else 1.0)
    conditions = patch.script.conditions
    if strength < 0.1 or conditions.snow_lies or conditions.place in _TREELESS or float(plane.near[-1, 0]) < 0.45:
        return np.zeros(patch.shape, np.float32)
    side = float(np.sign(patch.light.towards[0]))
    across = np.clip(0.5 + side * (patch.x / patch.width_units - 0.5), 0, 1)
    edge = plane.near + 0.30 * across - 1.06 + 0.26 * plane.noise(300, 110, 1053, octaves=2)
    mass = smoothstep(-0.06, 0.06, edge + 0.10 * plane.noise(60, 26, 1054, octaves=2))
    flecks = smoothstep(0.20, 0.36, plane.noise(95, 42, 1055, octaves=2) - 1.2 * edge)
    return np.asarray(strength * mass * (1 - 0.85 * flecks), np.float32)


def raked(patch: Patch, plane: Ground) -> Float32 | float:
    """0.2–1 (h, w): how much of the key light ground takes; a low sun rakes over it, and its hollows lie in the shade.

    Ground that is all grazed alike is one flat hue: long level bars of light part it in warm and cool.
    """
    low = patch.light.low * min(1.0, patch.light.sharpness * 1.2)
    if low < 0.05:
        return grazing(patch)
    bars = plane.noise(900, 120, 1056, octaves=2) + 0.25 * plane.noise(120, 40, 1057)
    light = smoothstep(-0.04, 0.22, bars)
    return np.asarray(grazing(patch) * (1 - low) + low * (0.22 + 0.66 * light), np.float32)


def grazing(patch: Patch) -> float:
    """0.45–1: how much of the key light level ground takes; a low sun only grazes it."""
    if patch.light.night:
        return 1.0
    return float(np.clip(0.32 + 0.68 * np.sin(np.deg2rad(patch.light.elevation)) / np.sin(np.deg2rad(38)), 0.45, 1.0))


def hued(patch: Patch, plane: Ground, albedo: Float32, salt: int) -> Float32:
    """Local colour (h, w, 3) with warm and cool patches: within one plane of light no painter keeps to one hue."""
    drift = plane.noise(360, 190, salt, octaves=2)
    warm, cool = np.clip(drift * 1.6, 0, 1)[..., None], np.clip(-drift * 1.6, 0, 1)[..., None]
    strength = np.float32(0.55 + 0.45 * min(1.0, patch.light.sharpness))
    return np.asarray(albedo * (1 + strength * (_WARM * warm + _COOL * cool)), np.float32)
