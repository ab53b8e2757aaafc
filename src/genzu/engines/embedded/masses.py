"""Masses of leaves: where they are, which of them lie in the air, and what of a line at their edges is still untold.

Folds (see ``folds``) and tones tell most edges; the lines and the relief of the painting look here for the rest.
"""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import twigs
from genzu.engines.embedded.conifers import needled
from genzu.engines.embedded.fallen import bare_regions
from genzu.engines.embedded.fields import bulge, kept, lit_rim, thickness, to_material
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import widened
from genzu.picture.arrays import Bool, Float32

_FAR = 0.50, 0.68
"""Depths between which crowns become a wood in the air."""
LINE_NOT_RIM = 2.5
"""Units by which leaves must end nearer than at their outline: there a line ends them."""
_TOLD = (0.09, 0.22)
"""Steps of colour between which leaves begin to tell a fold, and tell it without an edge."""
_TOLD_IN_AIR = (0.12, 0.20)
_STRIP = 12.0, 24.0
"""Half-widths in units between which leaves are a hedge far away, and a mass: a strip keeps its lines."""
_ELSEWHERE = np.float32(0.30)
"""How much of an outline may be lost before what is not far behind."""
_LOST_BEFORE_AIR, _PLAIN, _BEHIND_IS_AIR = np.float32(0.9), (0.12, 0.22), (2.5, 6.0)
"""Share of an outline that is lost where its tones part by so much; units by which the air may be farther off."""
_HELD = 2.5
"""What is asked of the two planes at a fold, whatever leaves tell: they are shallow, and no ink (see ``relief``)."""
_HELD_NEAR = np.float32(0.3)
"""Share of that in near crowns: with all of it their masses look carved."""
_FOUND_AGAIN = 1.0
"""Mean share of an edge that is lifted where they do not tell it."""
_RIM, _HIDDEN = 0.8, 0.35
"""Mean share of an outline in the shade that is lifted, and how much less leaves tell there, which hang over it."""
_TWIGS = np.float32(0.95), np.float32(0.85)
"""Share of an edge that is lifted in bare crowns: in plain sight, and where little of it is seen."""
_OUTSIDE = 5.0
"""Units outside leaves that belong to their outline."""


def prepare(scene: Scene) -> None:
    """Make what every tile with leaves looks up."""
    if (scene.small_materials == Material.FOLIAGE).any():
        kept(scene, "to air", _to_air)


def massed(patch: Patch) -> Bool:
    """(h, w): leaves whose masses are parted by leaves: not needles, which hang in tiers, and not winter's twigs."""
    leafy = patch.materials == Material.FOLIAGE
    if patch.script.conditions.season is Season.WINTER or not leafy.any():
        return np.zeros(patch.shape, bool)
    leafy &= bare_regions(patch.scene)[patch.ids]
    needles = needled(patch)
    return leafy if needles is None else np.asarray(leafy & ~needles)


def untold(patch: Patch, told: Float32) -> Float32 | float:
    """(h, w) 0–1: how far the edge of form at a line is still to be lifted, where leaves part masses.

    ``told`` (h, w) is the step of colour that is painted there. Where leaves tell the fold no outline is drawn around
    them; where they do not it is found again, in places only.
    """
    bare = twigs.bare(patch)
    if bare is not None:  # a line in twigs is one of them, and no edge of a mass
        share = _TWIGS[0] + (_TWIGS[1] - _TWIGS[0]) * twigs.lost(patch)
        # To both its sides: on a wall behind it the line would be one, too.
        crown = (bare & (patch.materials == Material.FOLIAGE)).view(np.uint8)
        return np.where(widened(crown, max(2, round(_OUTSIDE * patch.unit))) > 0, share, np.float32(1))
    leaves = massed(patch)
    if not leaves.any():
        return 1.0
    left = np.ones(patch.shape, np.float32)
    # An outline has two sides, and its lit plane would be a pale ring on what is behind.
    outside = max(2, round(_OUTSIDE * patch.unit))
    leaves = widened(leaves.view(np.uint8), outside) > 0
    needles = needled(patch)
    if needles is not None:
        leaves &= widened(needles.view(np.uint8), outside) == 0
    for piece in patch.pieces(leaves):
        view = piece.within(patch)
        outline, far = 1 - smoothstep(3, 9, piece.inner), in_the_air(piece)
        weak = 1 - smoothstep(*_TOLD, told[view] * (1 - np.float32(_HIDDEN) * outline))
        found = weak * np.clip(_FOUND_AGAIN + 1.1 * piece.noise(13, 1355, octaves=2), 0, 1)
        # In the air no leaves hang over it: a plain step of two tones is enough, and what is missing of it is found.
        plain = smoothstep(*_TOLD_IN_AIR, told[view]) * smoothstep(*_STRIP, thickness(piece))
        weak += (1 - plain - weak) * far
        found += (weak - found) * far
        fold = smoothstep(0, LINE_NOT_RIM, piece.inner - bulge(piece))
        found = np.maximum(found, np.float32(_HELD) * (_HELD_NEAR + (1 - _HELD_NEAR) * far) * fold)
        # The side of an outline that faces the light is lost, the other is found again in places; in the air where the
        # two tones are one.
        rim = np.clip(_RIM - lit_rim(piece) * np.float32(1.3) + 0.8 * piece.noise(31, 1356, octaves=1), 0, 1)
        rim += (weak - rim) * far
        # Before the sky or a hill it is the leaves' own tone that ends them.
        lost = _LOST_BEFORE_AIR * before_air(piece) * smoothstep(*_PLAIN, told[view])
        rim *= 1 - lost
        found = np.maximum(found * (1 - outline * lost), outline * rim)
        left[view] = np.where(leaves[view], found, np.float32(1))
    return left


def before_air(patch: Patch) -> Float32:
    """(h, w) 0–1: how much of a crown's outline may be lost: most of it where sky, clouds or hills are right behind."""
    air = patch.scene.sample(kept(patch.scene, "to air", _to_air), patch.bounds)
    elsewhere = _ELSEWHERE * smoothstep(*_STRIP, thickness(patch))
    return np.maximum(1 - smoothstep(*_BEHIND_IS_AIR, air - patch.inner), elsewhere)


def _to_air(scene: Scene) -> Float32:
    """(h, w) units at the reduced size to the nearest sky, cloud or hill."""
    return np.minimum.reduce([to_material(scene, far) for far in (Material.SKY, Material.CLOUD, Material.MOUNTAIN)])


def in_the_air(patch: Patch) -> Float32:
    """(h, w) 0–1: where crowns are no longer single ones but a wood in the air."""
    return in_the_air_at(patch.depth)


def in_the_air_at(depth: Float32) -> Float32:
    """The same at places of these depths, an array of any shape."""
    return smoothstep(*_FAR, depth)
