"""A surface under the one light: local colour × (sky + direct light), then the air in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from genzu.engines.embedded.ground import lying_shadow
from genzu.engines.embedded.patch import Patch
from genzu.picture.arrays import Float32

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_UNSEEN = 2e-5
"""Linear light below every step of an 8-bit picture."""


def toned(colour: Float32, share: Float32) -> Float32:
    """(h, w, 3) ``colour`` (3,) times ``share`` (h, w); each channel is a plane in memory.

    What is reckoned with such planes is several times faster than with colours that lie pixel by pixel.
    """
    return (colour[:, None, None] * share).transpose(1, 2, 0)


def tinted(albedo: Float32, red: float, green: float, blue: float, share: Float32) -> Float32:
    """Local colour multiplied by a tint to the given share (h, w)."""
    tint = np.array([red, green, blue], np.float32) - 1
    return np.asarray(albedo * (1 + toned(tint, share)), np.float32)


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

    def part(self, view: tuple[slice, slice]) -> Surface:
        """The same surface in a rectangle of its patch."""
        return Surface(**{name: _cut(getattr(self, name), view) for name in self.__slots__})


def _cut(value: Any, view: tuple[slice, slice]) -> Any:
    """Planes are cut; what holds everywhere stays as it is."""
    return value[view] if isinstance(value, np.ndarray) and value.ndim > 1 else value


def relight(surface: Surface, patch: Patch) -> Float32:
    """(h, w, 3) linear colour of the surface under the patch's colour script; in memory plane by plane."""
    script, light = patch.script, patch.light
    lit: Float32 = np.asarray(surface.light, np.float32)
    if surface.shadowed:
        lit = lit * (1 - np.float32(0.88) * lying_shadow(patch))
    hazy = bool(np.any(surface.haze))
    if hazy:
        lit = _marked(lit, patch)
    seen = np.asarray(surface.openness, np.float32) * patch.openness
    turned = np.asarray(surface.bounce, np.float32) * seen
    share = None
    if hazy and script.haze_density > 0:
        haze = np.asarray(surface.haze, np.float32)
        share = air_share(patch.depth, script.haze_density * haze, script.haze_density)
    lamps = patch.lamps
    loss = np.float32(script.shade_loss)
    grey = surface.albedo @ _LUMINANCE if loss > 0 else None
    planes = np.empty((3, *patch.shape), np.float32)
    for c, colour in enumerate(planes):
        np.multiply(seen, light.ambient[c], out=colour)
        greyed = None if grey is None else colour * loss
        colour += lit * light.key[c]
        colour += turned * light.bounce[c]
        if lamps is not None:
            colour += lamps[..., c]
        colour *= surface.albedo[..., c]
        if grey is not None and greyed is not None:
            greyed *= grey - surface.albedo[..., c]
            colour += greyed
        if surface.emission is not None:
            colour += surface.emission[..., c]
        if share is not None:
            colour += (script.haze[c] - colour) * share
    return planes.transpose(1, 2, 0)


def _marked(lit: Float32, patch: Patch) -> Float32:
    """Obey the coloured pencils: full light inside red edges, none inside blue ones."""
    highlight, shadow = patch.highlight, patch.shade_edge
    if highlight is not None:
        lit = lit + (np.maximum(lit, np.float32(1.15)) - lit) * highlight
    if shadow is not None:
        lit = lit * (1 - np.float32(0.9) * shadow)
    return lit


def veil(colour: Float32, patch: Patch) -> Float32:
    """The glow of lamps in the air in front of everything; light adds, and the brightest of it bleeds most."""
    lamps = patch.lamps
    if lamps is None:
        return colour
    thick = 0.05 + 0.08 * patch.script.haze_density
    colour = colour + lamps * np.float32(thick)
    bloom = patch.scene.lights.bloom
    if bloom is None or patch.scene.largest(bloom, patch.bounds) < _UNSEEN:
        return np.asarray(colour, np.float32)
    return np.asarray(colour + patch.scene.sample(bloom, patch.bounds), np.float32)


def air_share(depth: Float32, amount: Float32 | float, density: float) -> Float32:
    """Aerial perspective: share of the air's colour, 0–0.97, more the farther a thing is."""
    # Beer–Lambert: exp(−distance × what is in the air)
    thin = np.log(1 - min(density, 0.97)) * 1.5 / max(density, 1e-3)
    return np.clip(1 - np.exp(np.float32(thin) * amount * depth * np.sqrt(depth)), 0, 0.97).astype(np.float32)
