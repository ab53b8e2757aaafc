"""A surface under the one light: local colour × (sky + direct light), then the air in front of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32


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


def relight(surface: Surface, patch: Patch) -> Float32:
    """(h, w, 3) linear colour of the surface under the patch's colour script."""
    script, light = patch.script, patch.light
    lit = np.broadcast_to(np.asarray(surface.light, np.float32), patch.shape)
    if surface.shadowed:
        lit = lit * (1 - 0.88 * patch.shadow)
    lit = _marked(lit, patch) if np.any(surface.haze) else lit
    seen = np.broadcast_to(np.asarray(surface.openness, np.float32) * patch.openness, patch.shape)
    turned = np.broadcast_to(np.asarray(surface.bounce, np.float32), patch.shape)
    energy = seen[..., None] * light.ambient + lit[..., None] * light.key + (turned * seen)[..., None] * light.bounce
    if patch.lamplight is not None:
        energy = energy + patch.lamplight
    colour: Float32 = surface.albedo * energy
    if surface.emission is not None:
        colour = colour + surface.emission
    if np.any(surface.haze) and script.haze_density > 0:
        colour = through_air(colour, patch, surface.haze)
    return np.asarray(colour, np.float32)


def _marked(lit: Float32, patch: Patch) -> Float32:
    """Obey the coloured pencils: full light inside red edges, none inside blue ones."""
    marks = patch.scene.marks
    if marks.highlight is not None:
        lit = lit + (np.maximum(lit, 1.15) - lit) * patch.scene.sample(marks.highlight, patch.bounds)
    if marks.shadow is not None:
        lit = lit * (1 - 0.9 * patch.scene.sample(marks.shadow, patch.bounds))
    return lit


def veil(colour: Float32, patch: Patch) -> Float32:
    """The glow of lamps in the air in front of everything; light adds, and the brightest of it bleeds most."""
    if patch.lamplight is None:
        return colour
    thick = 0.05 + 0.08 * patch.script.haze_density
    colour = colour + patch.lamplight * np.float32(thick)
    bloom = patch.scene.lights.bloom
    return np.asarray(colour if bloom is None else colour + patch.scene.sample(bloom, patch.bounds), np.float32)


def through_air(colour: Float32, patch: Patch, amount: Float32 | float = 1.0) -> Float32:
    """Aerial perspective: far things go to the colour of the air, more the farther they are."""
    density = patch.script.haze_density
    share = np.clip(density * amount * patch.depth ** (2.4 - 1.4 * density), 0, 0.97)
    return np.asarray(colour + (patch.script.haze - colour) * share[..., None], np.float32)
