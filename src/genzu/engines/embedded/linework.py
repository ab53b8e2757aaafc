"""What of a pencil line stays: firm by its material, lost and found in leaves and stones, bridged where it skipped."""

from __future__ import annotations

from functools import cache

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import bank, stones, twigs
from genzu.engines.embedded.conifers import needled
from genzu.engines.embedded.fields import distance_to, lit_rim
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.masses import before_air, massed
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, widened
from genzu.engines.embedded.soft import soft_bytes
from genzu.picture.arrays import Bool, Float32, UInt8

_OUTLINE, _OUTLINE_OF_TWIGS = np.float32(0.60), (np.float32(0.60), np.float32(0.95))
"""How much more of a crown's outline stays than of the lines inside it: leaves end it, and no stroke."""
_LOST = np.float32(0.4)
"""Share of it that is lost before the sky or a hill: there the leaves' own tone tells it."""
_IN_LIGHT = np.float32(1.6)
"""The same, for each share of light that falls on the outline."""
_TWIG = np.float32(0.08), np.float32(0.28)
"""Share that stays of a line in a bare crown: in plain sight, and where little of it is seen."""
_ON_TRUNK = 3.0, 9.0
"""Units from bark within which the outline of a bare crown is lost."""
_HANGING, _ALONG = np.float32(0.85), np.float32(0.45)
"""Share of a line that goes in needles, and right along them."""
BRIDGED, _SKIPPED, _FAINT = 0.8, 9, 12
"""How much fainter a gap in a stroke may be, the byte of ink that it must have still, and a faint stroke's byte."""
_STONES = np.float32(0.26), np.float32(0.48), np.float32(0.64)
"""Share of its lightness that paint loses at most in a stone's outline: in the light, in the shade, and in contact."""
_BANKS = np.float32(0.42)
"""The same where turf ends before water."""
_CORE = np.float32(0.15)
"""Drop of lightness, as a share of the largest, from which a line in the light begins: only its core is left."""
_PALE, _PALE_TURF = (np.float32(0.9), np.float32(0.12)), (np.float32(0.65), np.float32(0.07))
"""Share of a pale rim that is left, and the most of it; along banks."""
_DEEP = np.float32(0.6)
"""How much more colour paint has in its own deep shade than it would keep of its own."""


@cache
def _strength_of_material() -> UInt8:
    table = np.zeros(256, np.uint8)
    for material in Material:
        table[material] = round(PAINTERS[material].line * 255)
    return table


def strength(patch: Patch) -> UInt8:
    """(h, w) 0–255: how much of the contour stays; a line between two materials counts for the stronger.

    Only the outline of a crown is leaves, whatever stands behind it.
    """
    reach = max(1, round(1.5 * patch.unit))
    stays = widened(_strength_of_material()[patch.materials], reach)
    leafy = patch.materials == Material.FOLIAGE
    if leafy.any():
        np.minimum(stays, _strength_of_material()[Material.FOLIAGE], out=stays, where=widened(leafy, reach))
    return stays


def painted_edges(patch: Patch, canvas: Float32) -> Float32:
    """(h, w) step of colour (OKLab over 6 units) of the plainest edge that is painted around a place, without lines.

    Where the paint on both sides already tells the form, a painter lets the line go.
    """
    factor = max(1, round(3 * patch.unit))
    step: Float32 | float = 0.0
    for c in (0, 2):  # light, and warm against cool
        framed = np.pad(patch.reduced(canvas[..., c], factor), 1, mode="edge")
        across, down = framed[1:-1, 2:] - framed[1:-1, :-2], framed[2:, 1:-1] - framed[:-2, 1:-1]
        step = step + across * across + down * down
    return patch.enlarged(widened(np.sqrt(step), 1), factor)


def gaps_in(patch: Patch, even: UInt8) -> UInt8:
    """(h, w) 0–255: how surely a faint place is one where the pencil skipped: on a stroke's own crest, ink on and on.

    Beside the crest nothing is bridged, or each line would be wider.
    """
    along = soft_bytes(even, 4.0 * max(patch.unit, 1.0))
    crest, reach = np.zeros(patch.shape, bool), max(2, round(2 * patch.unit))
    middle = slice(reach, -reach)
    crest[middle] |= (even[middle] > even[2 * reach :]) & (even[middle] > even[: -2 * reach])
    crest[:, middle] |= (even[:, middle] > even[:, 2 * reach :]) & (even[:, middle] > even[:, : -2 * reach])
    # A stroke that is faint from end to end is one, and no gap.
    sure = np.minimum(np.maximum(along, _FAINT) - np.uint8(_FAINT), 25) * np.uint8(10)
    return sure * (crest & (even > _SKIPPED))


def lost_and_found(patch: Patch, inked: Bool) -> Float32:
    """(h, w) 0–1: inside leaves no outline runs on evenly; what it gives up here comes back as light and shade."""
    found = np.ones(patch.shape, np.float32)
    # In a small picture shade beside a line is as wide as the line: there the line itself holds its place.
    small = np.float32(1.4 * np.clip(1 - patch.unit, 0, 0.5))
    reach = max(1, round(2 * patch.unit))
    leafy = widened((patch.materials == Material.FOLIAGE).view(np.uint8), reach)
    needles = needled(patch)
    hanging = None if needles is None else widened(needles, reach) * _ALONG + needles * (_HANGING - _ALONG)
    for piece in patch.pieces(inked & (leafy > 0)):
        view = piece.within(patch)
        inside, outline = _of_leaves(piece)
        kept_share = inside + small + outline * (1 - smoothstep(3, 9, piece.inner))
        if hanging is not None:  # tips of needles end a tier, and the shade under it
            kept_share *= 1 - hanging[view]
        found[view] = np.where(leafy[view] > 0, kept_share, 1)
    stony = patch.materials == Material.ROCK
    if not stony.any():
        return found
    # Single stones are tempered when all lines are there.
    stony = stony & (patch.of_region(stones.compact(patch.scene)) == 0)
    if not stony.any():
        return found
    cliffs = widened(stony.view(np.uint8), reach)
    for piece in patch.pieces(inked & (cliffs > 0)):
        # Planes tell rock; of its lines, to both sides of the edge, only some accents stay.
        accents = np.clip(0.45 + 1.1 * piece.noise(24, 0xF0E, octaves=2), 0.25, 0.90) + small
        view = piece.within(patch)
        found[view] = np.where(cliffs[view] > 0, accents, found[view])
    return found


def _of_leaves(patch: Patch) -> tuple[Float32, Float32]:
    """(h, w) each: share of a line inside leaves that stays, and how much more of it along their outline."""
    inside = np.clip(0.14 + 0.6 * patch.noise(14, 0xF0D, octaves=2), 0.0, 0.42)
    # Where the masses of a crown are parted by leaves no line is needed; those of far woods are faint.
    inside = inside * (1 - massed(patch))
    ends = _OUTLINE * (1 - np.maximum(_LOST, np.minimum(lit_rim(patch) * _IN_LIGHT, 1)) * before_air(patch))
    bare = twigs.bare(patch)
    if bare is None:
        return inside, ends
    # A line in bare twigs is one of them; around them there is none, and no edge where the trunk goes on in them.
    trunk = smoothstep(*_ON_TRUNK, distance_to(patch, Material.TRUNK))
    lost = twigs.lost(patch)
    share, outline = (one + (other - one) * lost for one, other in (_TWIG, _OUTLINE_OF_TWIGS))
    return np.where(bare, share * trunk, inside), np.where(bare, outline * trunk, ends)


def tempered(patch: Patch, canvas: Float32, without: Float32) -> None:
    """Edges of stones and banks are lost and found: firm in contact, thin and of the paint's own colour in the light.

    ``canvas`` (h, w, 3) OKLab is changed in place; ``without`` (h, w, 3) is the same before any line was drawn.
    """
    found = bank.along_banks(patch)
    if found is not None:
        part, where = found
        for piece in part.pieces(where > 0):
            view = piece.within(patch)
            _in_colour(canvas[view], without[view], where[piece.within(part)], _BANKS, np.float32(0), _PALE_TURF)
    rims = stones.rims(patch)
    if rims is None:
        return
    part, near, touching = rims
    for piece in part.pieces(near > 0):
        view, there = piece.within(patch), piece.within(part)
        firm = touching[there]
        lit = lit_rim(piece) * (1 - firm)
        most = _STONES[1] + (_STONES[2] - _STONES[1]) * firm + (_STONES[0] - _STONES[1]) * lit
        _in_colour(canvas[view], without[view], near[there], most, lit, _PALE)


def _in_colour(
    plain: Float32,
    bare: Float32,
    where: Float32,
    most: Float32 | np.float32,
    lit: Float32 | np.float32,
    pale: tuple[np.float32, np.float32],
) -> None:
    """Limit what lines made of ``bare`` (h, w, 3) in ``plain``, which is changed in place, where ``where`` (h, w) is 1.

    ``most`` is the share of lightness that it loses at most; of its dark only the core is left where it is ``lit``.
    """
    light = bare[..., 0]
    most = most * light + np.float32(1e-3)
    step = plain[..., 0] - light
    square = (np.maximum(-step - _CORE * lit * most, 0) / most) ** 2
    drop = most * np.sqrt(square / np.sqrt(1 + square * square))
    rise = np.minimum(np.maximum(step, 0) * pale[0], pale[1])
    plain[..., 0] += (light + rise - drop - plain[..., 0]) * where
    scale = 1 - drop / np.maximum(light, np.float32(0.05))
    scale *= 1 + _DEEP * (1 - scale)
    for c in (1, 2):
        plain[..., c] += (bare[..., c] * scale - plain[..., c]) * where
