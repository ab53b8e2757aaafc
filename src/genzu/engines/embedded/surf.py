"""Lines drawn on the sea are breaking waves: white from the one stroke to the other, deep behind, a slim shade below.

At the shore itself the last wave ends: its white, a thin sheet of water on the sand, a rim of lace, wet sand below.
No ink is left of any of them: the edges of the white are what was drawn.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch, blur
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_PLACES = (Place.SEA, Place.BEACH, Place.PORT_TOWN, Place.CLIFF)
_OPEN = (Place.SEA, Place.BEACH, Place.CLIFF)
"""Where a line far out is no edge, either; in a harbour something may be mirrored."""
_FAR = 75.0
"""Units from the shore within which a line is surf; farther out it is a glint (see ``ripples``), if it is level."""
_SHORE = 9.0
"""Units of sand along the water in which a line is the water's rim."""
_SHEET = 17.0
"""Units of water along the sand in which a line is the rim of the last wave, and not a wave of its own."""
_BEFORE = (
    Material.CLOTH,
    Material.WOOD,
    Material.METAL,
    Material.TRUNK,
    Material.FOLIAGE,
    Material.ROCK,
    Material.ROAD,
)
_CLEAR = 7.0
"""Units from what stands before the water within which a line is its outline."""
_FIRM = 0.14, 7.0
"""Ink at which a stroke begins to be foam, and how fast it is."""
_LENS = 9
"""Units that two strokes of one wave may lie apart: there it is white from the one to the other."""
_SHADE = 0.28, 0.26
"""Depth of the shade right under foam, on water and on sand."""
_STANDS, _CALM = 0.12, 0.72
"""The same behind a wave, which stands up against the light, and the lightest that is there, as a share of foam."""
_FALLS = 0.74, 0.14
"""What is left of a shade one unit farther from its foam: far away, and how much more near the eye."""
_REACH = 16
"""Units to which it is seen."""
_THICK = 0.55
"""Density of the air from which it takes waves far away."""


def drawn(patch: Patch) -> Bool | None:
    """(h, w): water and the rim of the sand in which a line is surf; ``None`` where there is none."""
    if patch.script.conditions.place not in _PLACES:
        return None
    water = patch.materials == Material.WATER
    if not water.any():
        return None
    sand = patch.materials == Material.SOIL
    reached = water if patch.script.conditions.place in _OPEN else water & (distance_to(patch, Material.SOIL) < _FAR)
    near = reached | sand & (distance_to(patch, Material.WATER) < _SHORE)
    if not near.any():
        return None
    present = patch.scene.regions.material
    for material in _BEFORE:
        if (present == material).any():
            near &= distance_to(patch, material) > _CLEAR
    near &= (patch.inner > _CLEAR) | (distance_to(patch, Material.SOIL) < _CLEAR) | sand
    return near if near.any() else None


def far_out(patch: Patch) -> Bool:
    """(h, w): too far from the shore for surf."""
    return np.asarray(distance_to(patch, Material.SOIL) >= _FAR)


def painted(patch: Patch, canvas: Float32, even: UInt8, where: Bool) -> None:
    """Lay foam along the lines ``even`` (h, w) in what is ``where``; ``canvas`` (h, w, 3) OKLab is changed in place."""
    part = patch.part(where & (even > 0), margin=_REACH)
    if part is None:
        return
    view, step = part.within(patch), max(1, round(patch.unit))
    own, water = where[view], part.materials == Material.WATER
    ink = even[view] * np.float32(1 / 255) * own
    plain, script, light = canvas[view], patch.script, patch.light
    sheet = script.local(Material.SOIL) * (light.ambient * 0.32 + light.key * 0.25) + script.horizon * 0.20
    lightest, thin = (oklab_from_linear(tone[None].astype(np.float32))[0] for tone in (script.foam, sheet))
    thin[1:] *= np.float32(0.6)  # what is wet mirrors the sky, too
    _uninked(plain, ink, patch.unit)
    gap = distance_to(part, Material.SOIL)
    at_shore = smoothstep(_SHEET, _SHEET - 3, gap) * water + ~water
    there = 1 - smoothstep(_FAR - 2, _FAR, gap) * water
    if script.haze_density > _THICK:  # what the air has taken is not drawn back in
        there = there * np.clip(1.3 - 1.3 * air_share(part.depth, script.haze_density, script.haze_density), 0, 1)
    band = _band(ink, patch.unit)
    up = down(band, -step)
    # At the shore it ends on the middle of its stroke; a wave of its own is no thinner than a brush.
    band = np.where(at_shore > 0.5, np.minimum(band, up), np.maximum(band, np.float32(0.5) * up))
    stays = _FALLS[0] + _FALLS[1] * ground(part).near
    under, behind, wash = (
        along(_fading(plane, way * step, stays), 6 * step) * (1 - band) * own
        for plane, way in ((band, 1), (band * (1 - at_shore), -1), (band * at_shore, -1))
    )
    calm = np.float32(_CALM * lightest[0])
    _stood(part, plain, behind * water * there, calm)
    # Nor does a glint lie right under it: its foot would be lost.
    plain[..., 0] -= np.maximum(plain[..., 0] - calm, 0) * under * water * there
    shade = np.where(water, np.float32(_SHADE[0]), np.float32(_SHADE[1])) * under * there
    plain *= (1 - shade)[..., None]
    plain[..., 1] -= np.float32(0.10) * _green(part) * shade * water
    film = _film(band, at_shore, step)
    # Where a wave has not broken yet it is a little thinner.
    lace = part.noise(70, 1072, stretch=3.0) + 0.4 * part.noise(8, 1071, octaves=2, stretch=3.0)
    foam = (band - film) * (0.88 + 0.11 * smoothstep(-0.35, 0.10, lace)) * there
    foam = np.minimum(np.maximum(foam, np.float32(1.7) * wash * water), 1)
    for colour, share in ((thin, np.float32(0.94) * film), (lightest, foam)):
        share *= own
        for c in range(3):
            plain[..., c] += (colour[c] - plain[..., c]) * share


def _green(patch: Patch) -> np.float32:
    """How clear and green a wave is: thick air leaves none of that."""
    return np.float32(np.clip(1.1 - 1.1 * patch.script.haze_density, 0.1, 1))


def _stood(patch: Patch, plain: Float32, behind: Float32, calm: np.float32) -> None:
    """Behind its foam a wave stands up against the light: deep and clear, and no foam of the next one lies there."""
    over = np.maximum(plain[..., 0] - calm, 0) * behind
    plain[..., 0] -= over + np.float32(_STANDS) * behind * plain[..., 0]
    plain[..., 1] -= (np.float32(0.20) * over + np.float32(0.015) * behind) * _green(patch)


def _film(band: Float32, at_shore: Float32, step: int) -> Float32:
    """0–1: at the shore the white ends in a rim, and between two strokes lies a thin sheet of water on sand."""
    far = 2 * step
    rim = np.clip(band - down(band, -far), 0, 1)
    narrow = np.minimum(band, np.minimum(down(band, far), down(band, -far)))
    wide = np.maximum(narrow, np.maximum(down(narrow, far), down(narrow, -far)))
    return along(smoothstep(0.3, 0.8, wide) * (1 - rim) * at_shore, far)


def _fading(band: Float32, step: int, stays: Float32) -> Float32:
    """The band, and below it what ``stays`` of it from unit to unit; above it if ``step`` is below 0."""
    for units in (1, 2, 4, 8):
        band = np.maximum(band, down(band, units * step) * stays**units)
    return band


def _uninked(plain: Float32, ink: Float32, unit: float) -> None:
    """Take what was traced of the strokes away: their lightness comes from what lies around them."""
    clear = np.clip(1 - ink * np.float32(8), 0, 1)
    reach = 3.0 * max(unit, 0.6)
    around = blur(plain[..., 0] * clear, reach) / np.maximum(blur(clear, reach), np.float32(0.03))
    plain[..., 0] += np.maximum(around - plain[..., 0], 0) * np.clip(ink * np.float32(6), 0, 1)


def _band(ink: Float32, unit: float) -> Float32:
    """0–1: strokes without their grain, and what lies between two strokes of one wave."""
    step = max(1, round(unit))
    stroke = np.clip((ink - _FIRM[0]) * np.float32(_FIRM[1]), 0, 1)
    above = below = stroke
    done = 0
    while done < _LENS * step:
        more = min(done + 1, _LENS * step - done)
        above, below = np.maximum(above, down(above, more)), np.maximum(below, down(below, -more))
        done += more
    stroke, lens = along(stroke, 3 * step), along(np.minimum(above, below), 5 * step)
    # Where one of the two ends the white runs out.
    ends = smoothstep(0.5, 0.95, along(lens, 14 * step))
    return np.maximum(smoothstep(0.24, 0.66, stroke), smoothstep(0.24, 0.66, lens) * ends)


def along(plane: Float32, reach: int) -> Float32:
    """Means over ``2 * reach + 1`` px of a row."""
    coded = Image.fromarray((plane * np.float32(255)).astype(np.uint8))
    return np.asarray(coded.filter(ImageFilter.BoxBlur((reach, 0))), np.float32) * np.float32(1 / 255)


def down(plane: Float32, rows: int) -> Float32:
    """The plane moved down by whole px, up if below 0; nothing comes in from outside."""
    moved = np.zeros_like(plane)
    if rows > 0:
        moved[rows:] = plane[:-rows]
    else:
        moved[:rows] = plane[-rows:]
    return moved
