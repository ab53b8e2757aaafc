"""Banks of rivers: an earthen lip under the grass, its dark picture in the water, and grass that hangs over it."""

from __future__ import annotations

from itertools import pairwise

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded import arches
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.fields import distance_to, kept, open_water, small_ink, to_material
from genzu.engines.embedded.ground import ground
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import mix_seed, noise_at
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import gaussian, soft_edged, widened
from genzu.engines.embedded.strokes import placed, scatter
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import oklab_from_linear

_FARTHEST = 90.0
"""Units below grass up to which water knows how far it is below it."""
_LIP = 3.0, 17.0
"""Units: height of the lip far away, and what it gains up to the camera."""
_DARK, _PICTURE, _SHAKEN = 0.42, 1.5, 9.0
"""Share of the water's light that is missing in the picture of the bank, its height in heights of the lip, and units
along the water over which ripples blur it."""
_TONGUES = 1.7
"""How far level ripples break its edge."""
_CALM = 0.5
"""What is left of lip and picture around a paddy: its ridge is low."""
_ENDING = 26.0
"""Units along the water in which a bank's picture ends, where a stone or a bend of the shore comes next."""
_DAMP, _GREYER = np.array([0.64, 0.64, 0.66], np.float32), 0.35
"""What damp leaves of the colour of earth, and the share of it that is grey then."""
_BESIDE_STONE, _OF_EARTH, _IN_SHADE = (3.0, 26.0), 0.3, 0.74
"""Units above the foot of masonry in which earth dies out before it; share of it that is left, and of the masonry's
own light, in the shade of the turf that goes on there."""
_STROKE = 4.5
"""Units beside the border of grass and water in which a stroke is that border."""
_STRIP, _FREE, _HALF = 17.0, 30, 2.0
"""Units beside the other material in which a stroke parts a strip of bank from the rest, byte of ink up to which a
place is free of it, and half the width of a stroke, units."""
_ALONE = 1
"""Px of the reduced size: half of what a stroke alone is wide."""
_BY_STONES = 14.0
"""Units beside stones in which the line of a bank is found again."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_SUNK = 0.15
"""Share of earth that is gone where a bank's foot stands in water."""
_SMALL = 110.0
"""Square units that a strip has at least."""
_TURF, _SIDE = (0.05, 5.0), (0.36, 6.0)
"""How much lighter turf is where it ends, and units in which that falls off; share of its light that water has not
beside turf, and units."""
_FACING, _WIDE = 0.90, 9.0
"""Share of the sun on earth that faces it, and units in which a bank has one direction."""
_SHADE, _WET_FOOT, _FOOT = (0.55, 1.6), 0.08, (0.55, 3.5)
"""Share of its light that earth has not right under the turf, and units in which it comes back; share that its wet foot
has not; share that water has not right at it, and units in which that falls off."""
_OWN = 10.0, 6.0
"""Units from turf or water within which a stroke's dark is a bank's, not at all and wholly."""
_EDGE = 5.0
"""Units of grass beside the water from which blades hang."""
_GROUPED = 2.2
"""How fast a group of hanging blades grows dense."""
_NEAREST = 0.03
"""Share of the way to the camera from which single blades are seen."""


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    kept(scene, "banks", _banks)
    kept(scene, "ends of banks", _ends)
    kept(scene, "to open water", _to_open)
    kept(scene, "around banks", _around)


def _with_banks(patch: Patch) -> Patch | None:
    """The part of a patch in which turf and open water are near each other; ``None`` if there is none."""
    near = patch.scene.sample(kept(patch.scene, "around banks", _around), patch.bounds) > 0
    return patch.part(near, margin=4)


def _around(scene: Scene) -> Float32:
    """(h, w) 1 where a bank may lie, its dark picture included, else 0."""
    water = kept(scene, "to open water", _to_open)
    if water.size == 1:
        return np.zeros((1, 1), np.float32)
    turf = to_material(scene, Material.GRASS)
    return ((turf < _FARTHEST + 6) & (water < 5 * max(_TURF[1], _SIDE[1]) + 6)).astype(np.float32)


def told(patch: Patch) -> Bool | None:
    """(h, w): strokes along banks; ``None`` where there is none.

    They are no lines: turf in the light, earth in its shade and the water's edge are what was drawn.
    """
    part = _with_banks(patch)
    if part is None:
        return None
    found = np.zeros(patch.shape, bool)
    found[part.within(patch)] = _strokes(part)
    return found if found.any() else None


def along_banks(patch: Patch) -> tuple[Patch, Float32] | None:
    """The part of a patch with banks, and (h, w) 0–1 in it where edges are theirs; ``None`` if there is none."""
    part = _with_banks(patch)
    if part is None:
        return None
    grass, water = part.materials == Material.GRASS, part.materials == Material.WATER
    to_water = part.scene.sample(kept(part.scene, "to open water", _to_open), part.bounds)
    gap = np.where(grass, to_water, np.where(water, distance_to(part, Material.GRASS), np.float32(99)))
    lies = part.scene.sample(kept(part.scene, "banks", _banks)[..., 2], part.bounds)
    return part, np.maximum(smoothstep(*_OWN, gap), np.minimum(4 * lies, 1) * (grass | water))


def _strokes(patch: Patch) -> Bool:
    grass, water = patch.materials == Material.GRASS, patch.materials == Material.WATER
    found = patch.of_region(open_water(patch.scene)) & (distance_to(patch, Material.GRASS) < _STROKE)
    found |= grass & (patch.scene.sample(kept(patch.scene, "to open water", _to_open), patch.bounds) < _STROKE)
    lies = patch.scene.sample(kept(patch.scene, "banks", _banks)[..., 2], patch.bounds)
    found |= (grass | water) & (lies > 0.05)
    found &= distance_to(patch, Material.ROCK) > _BY_STONES
    return np.asarray(found, bool)


def _masonry(patch: Patch) -> Float32 | None:
    """(h, w, 2) 0–1 where a bridge's masonry stands in the water, and units above its foot; ``None`` without one."""
    part = arches.near(patch)
    if part is None:
        return None
    found = np.zeros((*patch.shape, 2), np.float32)
    found[part.within(patch)] = arches.seen(part)[..., [arches.WALL, arches.UP]]
    return found


def _ended(patch: Patch, canvas: Float32, bare: Float32, where: Float32) -> None:
    """Turf ends in the light, before water that is dark beside it, in what is ``where`` (h, w) 0–1; in place."""
    grass, water = patch.materials == Material.GRASS, patch.materials == Material.WATER
    to_water = patch.scene.sample(kept(patch.scene, "to open water", _to_open), patch.bounds)
    to_grass = distance_to(patch, Material.GRASS)
    close = (grass & (to_water < 5 * _TURF[1])) | (water & (to_grass < 5 * _SIDE[1]))
    for piece in patch.pieces(close):
        view = piece.within(patch)
        plain = canvas[view]
        uneven = 0.75 + 0.7 * piece.noise(34, 1097, octaves=2)
        lit = (
            _TURF[0]
            * np.exp(-np.maximum(to_water[view] - 1, 0) / _TURF[1])
            * grass[view]
            * (1 - bare[view])
            * where[view]
        )
        plain[..., 0] += lit * np.clip(uneven, 0.3, 1.3) * np.clip(2 * plain[..., 0], 0.3, 1)
        dark = _SIDE[0] * np.exp(-np.maximum(to_grass[view] - 1, 0) / _SIDE[1]) * water[view] * where[view]
        plain *= (1 - dark * np.clip(uneven, 0.4, 1.2))[..., None]


def lipped(patch: Patch, canvas: Float32, *, on_masonry: bool = False) -> None:
    """Paint turf, earth and its picture along the banks into the (h, w, 3) OKLab canvas, in place.

    ``on_masonry`` only what was drawn before a bridge's masonry, which is laid after the rest.
    """
    part = _with_banks(patch)
    if part is None:
        return
    masonry = _masonry(part)
    if masonry is not None or not on_masonry:
        _lip(part, canvas[part.within(patch)], masonry, on_masonry=on_masonry)


def _lip(patch: Patch, canvas: Float32, masonry: Float32 | None, *, on_masonry: bool) -> None:
    fields = kept(patch.scene, "banks", _banks)
    below, given, bare, sunny = patch.scene.sample(fields, patch.bounds).transpose(2, 0, 1)
    fields = kept(patch.scene, "ends of banks", _ends)
    ends, mirrored, beside = patch.scene.sample(fields, patch.bounds).transpose(2, 0, 1)
    near = ground(patch).near
    script, light = patch.script, patch.light
    calm = _CALM if script.conditions.place is Place.RICE_FIELD else 1.0
    soil = script.local(Material.SOIL)
    soil = (soil + (soil @ _LUMINANCE - soil) * _GREYER) * _DAMP
    shaded, lit = soil * (light.ambient * 0.45 + light.key * 0.10), soil * (light.ambient * 0.6 + light.key * _FACING)
    # In grass a strip reaches to the water.
    bare = np.where(patch.materials == Material.GRASS, smoothstep(0.2, 0.5, bare), smoothstep(0.35, 0.65, bare))
    walled, up = np.zeros((2, *patch.shape), np.float32) if masonry is None else masonry.transpose(2, 0, 1)
    _ended(patch, canvas, bare, walled if on_masonry else 1 - walled)
    water = soft_edged(patch.materials == Material.WATER) * np.float32(1 / 255)
    wet = np.where(patch.materials == Material.WATER, water, np.where(patch.materials == Material.GRASS, bare, 0))
    there = ((below < _FARTHEST - 1) | (beside > 0.02)) & (wet > 0) & ((walled > 0.02) | (not on_masonry))
    for piece in patch.pieces(there):
        view = piece.within(patch)
        tall = _tall(patch.scene, near[view[0]])
        uneven = 0.8 + 0.4 * piece.noise(26, 1091, octaves=2)
        ragged = 0.8 * piece.noise(5, 1092, octaves=2)
        lip = (1 - walled[view]) * tall * np.clip(uneven, 0.35, 1.3) * np.minimum(1.6 * ends[view], 1)
        # Where a strip was drawn it is as high as that.
        strip = smoothstep(1.0, 3.0, given[view])
        lip = lip + (given[view] - lip) * strip
        gap = below[view] + ragged * (1 - strip)
        air = air_share(piece.depth, script.haze_density, script.haze_density)[..., None]
        earth = shaded + (lit - shaded) * np.clip(sunny[view], 0, 1)[..., None]
        colour = oklab_from_linear((earth + (script.haze - earth) * air).astype(np.float32))
        down = np.clip(gap / np.maximum(lip, 0.1), 0, 1)
        # Right under the turf it is in the shade, and at its foot it is wet.
        shade = np.exp(-np.maximum(gap, 0) / (_SHADE[1] + 0.25 * lip)) * _SHADE[0]
        value = (
            1 - shade - _WET_FOOT * smoothstep(0.55, 1.0, down) + 0.16 * piece.noise(7, 1093, octaves=2, stretch=1.6)
        )
        colour *= value[..., None]
        water = wet[view] * there[view]  # and nothing else of a piece, for how large it is depends on the tile
        share = np.maximum(smoothstep(0.6, -0.6, np.asarray(gap - lip, np.float32)), bare[view]) * water
        # A strip in the water is soaked below, and goes over into its picture.
        share = share * (1 - _SUNK * smoothstep(0.35, 1.0, down) * (piece.materials == Material.WATER))
        under = np.maximum(gap - lip, 0)
        # Ripples break its picture into level tongues, which are longest where it ends.
        picture = mirrored[view]
        picture = picture + _TONGUES * picture * (1 - picture) * piece.noise(3.4, 1098, octaves=2, stretch=9.0)
        dark = _DARK * calm * np.clip(picture, 0, 1)
        dark = np.maximum(dark, _FOOT[0] * np.maximum(np.exp(-under / _FOOT[1]) * ends[view], beside[view]))
        dark = dark * water * (1 - share) * (1 - walled[view])
        plain = canvas[view]
        plain *= (1 - dark)[..., None]
        if masonry is not None:  # before masonry there is less and less earth, and at last the turf's shade alone
            bared = smoothstep(*_BESIDE_STONE, up[view]) * walled[view]
            colour += (_IN_SHADE * plain - colour) * ((1 - _OF_EARTH) * bared)[..., None]
        plain += (colour - plain) * (0.94 * share)[..., None]


def clear_of(patch: Patch) -> Float32:
    """(h, w) 0–1 on water: 0 where a bank's earth was laid on it."""
    below = patch.scene.sample(kept(patch.scene, "banks", _banks)[..., 0], patch.bounds)
    tall = _tall(patch.scene, ground(patch).near)
    return smoothstep(0, 3, below - tall)


def overhung(patch: Patch, canvas: Float32, without: Float32) -> None:
    """Blades that hang over the edge and the line that was drawn there, in groups.

    ``canvas`` (h, w, 3) OKLab is changed in place, and so is ``without``, the same before any line was drawn.
    """
    if patch.script.snow > 0.5 or not (patch.materials == Material.WATER).any():
        return
    near = ground(patch).near[:, 0]
    edge = (patch.materials == Material.GRASS) & (near > _NEAREST)[:, None]
    edge &= distance_to(patch, Material.WATER) < _EDGE
    edge &= _above(patch.materials == Material.WATER, round(_EDGE * patch.unit) + 1)
    if not edge.any():
        return
    for salt, spacing, value, turn in ((1094, 3.6, -0.055, 0.9), (1095, 4.6, 0.015, 1.6)):
        points = scatter(patch, edge, spacing, salt)
        x, y = (points.x + patch.bounds.x) / patch.unit, (points.y + patch.bounds.y) / patch.unit
        group = noise_at(x / 30, y / 30, mix_seed(patch.script.seed, salt))
        points = points.where(points.chance[:, 0] < _GROUPED * (group - 0.12))
        points = points.sorted_by(points.y)
        if len(points) == 0:
            continue
        rows, columns = points.index
        size = (patch.unit * (9 + 22 * near[rows]) * (0.55 + 0.8 * points.chance[:, 1])).astype(np.float32)
        angle = (np.pi / 2 + turn * (points.chance[:, 3] - 0.5)).astype(np.float32)
        at_x, at_y = placed(patch, points, np.cos(angle) * 0.36 * size, np.sin(angle) * 0.36 * size)
        up = np.clip(rows - round(6 * patch.unit), 0, patch.bounds.height - 1)
        up = np.where(patch.materials[up, columns] == Material.GRASS, up, rows)
        colour = canvas[up, columns].copy()
        colour[:, 0] += np.float32(value) + 0.04 * (points.chance[:, 2] - 0.5)
        before = canvas.copy(order="K")
        lay(
            canvas,
            Strokes(
                x=at_x, y=at_y, length=size, width=size * np.float32(0.6), angle=angle, colour=colour,
                opacity=np.full(len(points), 0.85, np.float32), tip=Tip.BLADES,
                variant=(points.chance[:, 2] * 97).astype(np.int32),
            ),
        )  # fmt: skip
        np.copyto(without, canvas, where=(before != canvas).any(-1)[..., None])


def _above(mask: Bool, reach: int) -> Bool:
    """(h, w): what lies up to ``reach`` px above ``mask``."""
    found = np.zeros_like(mask)
    for step in range(1, reach + 1):
        found[:-step] |= mask[step:]
    return found


def _banks(scene: Scene) -> Float32:
    """Where banks are, (h, w, 4).

    Units that a place lies below the turf right above it, at most :data:`_FARTHEST`; how much of that
    was drawn as a strip of its own; 0–1 where that strip is; and −1…1 how far the bank faces the light.
    """
    water, grass = (scene.small_materials == kind for kind in (Material.WATER, Material.GRASS))
    if not (water.any() and grass.any()):
        return np.array([[[_FARTHEST, 0, 0, 0]]], np.float32)
    size = np.float32(scene.shrink * scene.unit)
    bare = _strips(scene, grass, Material.WATER) | _strips(scene, water, Material.GRASS)
    turf, low = grass & ~bare, open_water(scene)[scene.small_regions] | bare
    rows = np.arange(len(water), dtype=np.float32)[:, None]
    ends = np.maximum.accumulate(np.where(low, np.float32(-1), rows), axis=0)
    place = np.maximum(ends, 0).astype(np.intp)
    # Below a stone there is a bank only where one was drawn.
    stone = scene.small_materials == Material.ROCK
    stone[:-1] &= bare[1:]
    above = np.take_along_axis(turf | stone, place, axis=0) & (ends >= 0)
    gap = (rows - ends - np.float32(0.5)) / size
    below = np.where(low & above, np.minimum(gap, _FARTHEST), np.where(turf, 0, _FARTHEST))
    # Of a strip only the first run below the turf counts.
    last = np.maximum.accumulate(np.where(bare & (below < _FARTHEST), rows, np.float32(-1e4)), axis=0)
    given = np.where((last > ends) & (below < _FARTHEST), (last - ends) / size, 0)
    given = np.where(given < 2 * _STRIP, given, 0).astype(np.float32)
    given = gaussian(given, 1.5, axis=1)
    planes = [below, given, gaussian(bare.astype(np.float32), 0.8), _facing(scene, turf, low)]
    return np.stack(planes, -1).astype(np.float32)


def _to_open(scene: Scene) -> Float32:
    """(h, w) units to open water; 9999 if there is none."""
    there = open_water(scene)[scene.small_regions]
    if not there.any():
        return np.full((1, 1), 9999, np.float32)
    return (np.sqrt(mahotas.distance(~there)) / (scene.shrink * scene.unit)).astype(np.float32)


def _facing(scene: Scene, turf: Bool, low: Bool) -> Float32:
    """(h, w) −1…1: how far a bank's earth faces the light, which comes from one side."""
    reach = max(1.0, _WIDE * scene.shrink * scene.unit)
    soft = gaussian(low.astype(np.float32) - turf, reach)
    down, across = np.gradient(soft)
    return np.asarray(scene.script.light.towards[0] * across / (np.hypot(down, across) + np.float32(1e-3)), np.float32)


def _strips(scene: Scene, own: Bool, other: Material) -> Bool:
    """(h, w): what is parted from the rest of its ``own`` material by a stroke that runs along the ``other`` one."""
    size = scene.shrink * scene.unit
    gap = to_material(scene, other)
    close = own & (gap < _STRIP)
    if not close.any():
        return close
    free = own & (small_ink(scene) < _FREE)
    labels, count = mahotas.label(free)
    open_ = np.bincount(labels[free & (gap >= _STRIP)], minlength=count + 1) > 0
    open_[0] = False
    reached = widened(open_[labels].view(np.uint8), max(1, round(_HALF * size))) > 0
    # A stroke alone is no strip.
    found = (close & ~reached).view(np.uint8)
    thick = 1 - widened(1 - found, _ALONE)
    found &= widened(thick, _ALONE + 1)
    labels, count = mahotas.label(found)
    large = np.bincount(labels.ravel(), minlength=count + 1) > _SMALL * size * size
    large[0] = False
    return np.asarray(large[labels])


def _ends(scene: Scene) -> Float32:
    """(h, w, 3) 0–1: 0 where a bank ends beside open water, 1 a little farther along; how plain its picture is.

    So neither has an upright edge. And how near a drawn strip is.
    """
    water, below = scene.small_materials == Material.WATER, kept(scene, "banks", _banks)[..., 0]
    if below.size == 1:
        return np.zeros((1, 1, 3), np.float32)
    size = scene.shrink * scene.unit
    room = np.float32(_ENDING * size)
    gap = np.where(water & (below >= _FARTHEST - 1), np.float32(0), room).T
    for turned in (gap, gap[::-1]):
        for before, here in pairwise(turned):
            np.minimum(before + 1, here, out=here)
    ends = smoothstep(0, float(room), np.ascontiguousarray(gap.T))
    horizon = min(scene.reading.horizon / scene.unit, 900.0)
    near = np.clip(((np.arange(len(below)) + 0.5) / size - horizon) / max(1080 - horizon, 180.0), 0, 1)
    tall = _tall(scene, near.astype(np.float32)[:, None])
    low = (below > 0).astype(np.float32)
    picture = np.clip(1 - np.maximum(below - tall, 0) / (_PICTURE * tall), 0, 1) * ends * low
    reach = _SHAKEN * size
    picture, low = (gaussian(plane.astype(np.float32), reach, axis=1) for plane in (picture, low))
    beside = gaussian(kept(scene, "banks", _banks)[..., 2], _FOOT[1] * size)
    beside = np.minimum(2 * beside, 1)
    return np.stack([ends, picture / np.maximum(low, np.float32(0.05)), beside], -1).astype(np.float32)


def _tall(scene: Scene, near: Float32) -> Float32:
    """(h, 1) units that the lip of a bank is high; ``near`` (h, 1) 0–1 as in ``ground``."""
    calm = _CALM if scene.script.conditions.place is Place.RICE_FIELD else 1.0
    return np.asarray(calm * (_LIP[0] + _LIP[1] * near), np.float32)
