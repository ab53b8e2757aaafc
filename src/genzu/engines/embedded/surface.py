"""A surface under the one light: local colour × (sky + direct light), then the air in front of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Bool, Float32


@dataclass(slots=True, kw_only=True)
class Surface:
    """What a material painter says about a patch; planes are (h, w), or scalars that hold everywhere."""

    albedo: Float32
    """(h, w, 3) or (3,) linear local colour."""
    light: Float32 | float = 0.7
    """0–1: how squarely it faces the light; form shading goes here."""
    openness: Float32 | float = 1.0
    """0–1: how much sky it sees; hollows are dark."""
    bounce: Float32 | float = 0.3
    """0–1: how much light from the ground it takes."""
    shadowed: bool = True
    """True if cast shadows fall on it."""
    emission: Float32 | None = None
    """(h, w, 3) light of its own, added before the haze."""
    haze: Float32 | float = 1.0
    """Multiplier of aerial perspective; 0 for the sky itself."""
    cover: Float32 | None = None
    """(h, w) 0–1: where it is not whole (between leaves) what lies around and behind shows; ``None`` = whole."""


def relight(surface: Surface, patch: Patch, where: Bool) -> Float32:
    """(h, w, 3) linear colour of the surface under the patch's colour script; black outside ``where`` (h, w)."""
    script, light = patch.script, patch.light

    def at(plane: Float32 | float) -> Float32:
        """(n,) values of a plane, or one value for all."""
        array = np.asarray(plane, np.float32)
        return array if array.ndim == 0 else np.broadcast_to(array, patch.shape)[where]

    lit = at(surface.light)
    if surface.shadowed:
        lit = lit * (1 - np.float32(0.88) * patch.shadow[where])
    hazy = bool(np.any(surface.haze))
    if hazy:
        lit = _marked(lit, patch, where)
    seen = at(surface.openness) * patch.openness[where]
    turned = at(surface.bounce) * seen
    energy = seen[:, None] * light.ambient + np.atleast_1d(lit)[:, None] * light.key + turned[:, None] * light.bounce
    if patch.lamplight is not None:
        energy += patch.lamplight[where]
    colour: Float32 = energy * (surface.albedo[where] if surface.albedo.ndim == 3 else surface.albedo)
    if surface.emission is not None:
        colour += surface.emission[where]
    if hazy and script.haze_density > 0:
        share = air_share(patch.depth[where], script.haze_density * at(surface.haze), script.haze_density)
        colour += (script.haze - colour) * share[:, None]
    picture = np.zeros((*patch.shape, 3), np.float32)
    picture[where] = colour
    return picture


def _marked(lit: Float32, patch: Patch, where: Bool) -> Float32:
    """Obey the coloured pencils: full light inside red edges, none inside blue ones."""
    marks = patch.scene.marks
    if marks.highlight is not None:
        lit = lit + (np.maximum(lit, 1.15) - lit) * patch.scene.sample(marks.highlight, patch.bounds)[where]
    if marks.shadow is not None:
        lit = lit * (1 - 0.9 * patch.scene.sample(marks.shadow, patch.bounds)[where])
    return lit


def veil(colour: Float32, patch: Patch) -> Float32:
    """The glow of lamps in the air in front of everything; light adds, and the brightest of it bleeds most."""
    if patch.lamplight is None:
        return colour
    thick = 0.05 + 0.08 * patch.script.haze_density
    colour = colour + patch.lamplight * np.float32(thick)
    bloom = patch.scene.lights.bloom
    return np.asarray(colour if bloom is None else colour + patch.scene.sample(bloom, patch.bounds), np.float32)


def air_share(depth: Float32, amount: Float32 | float, density: float) -> Float32:
    """Aerial perspective: share of the air's colour, 0–0.97, more the farther a thing is."""
    # Beer–Lambert: exp(−distance × what is in the air)
    thin = np.log(1 - min(density, 0.97)) * 1.5 / max(density, 1e-3)
    return np.clip(1 - np.exp(np.float32(thin) * amount * depth * np.sqrt(depth)), 0, 0.97).astype(np.float32)
