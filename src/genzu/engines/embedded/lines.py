"""The layout's lines in colour: light graphite over the rough, colour-traced lines (色トレス) in the painting."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded import arches, surf, twigs
from genzu.engines.embedded.cables import drawn, hung
from genzu.engines.embedded.conifers import needled, rim_of, skirts
from genzu.engines.embedded.fence import fence_in
from genzu.engines.embedded.fence import painted as fenced
from genzu.engines.embedded.fields import kept, lit_rim, small_ink
from genzu.engines.embedded.folds import parted
from genzu.engines.embedded.heavens import VEILED
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur, by_material, widened
from genzu.engines.embedded.relief import lifted
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import difference, soft_bytes
from genzu.engines.embedded.surface import air_share
from genzu.engines.embedded.trim import depth_of_lines, laid_on, trims, upright_bars
from genzu.engines.embedded.tufts import blades
from genzu.engines.embedded.wires import straight_on_walls
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_AIR = (Material.SKY, Material.CLOUD)
_PRESSED = by_material({Material.SKY: 0.0, Material.CLOUD: 0.0, Material.MOUNTAIN: 0.0, Material.ROCK: 0.2}, 1.0)
"""How far a contour that was pressed hard is meant, whatever it runs through."""
_FAINTEST = by_material({
    Material.GRASS: 0.13, Material.SOIL: 0.13, Material.WATER: 0.14, Material.WALL: 0.17, Material.WINDOW: 0.17,
}, 0.22)  # fmt: skip
"""Ink of the faintest line that is traced, 0.22 where nothing is said: thin strokes are blades, and wires on walls."""
_TURN = by_material({
    Material.MOUNTAIN: 0.024, Material.FOLIAGE: 0.048, Material.TRUNK: 0.030,
    Material.ROCK: 0.024, Material.WATER: 0.036,
}, 0.0)  # fmt: skip
"""Step of lightness (OKLab) across a line that is a turn of form."""
_VALUE = by_material({Material.WINDOW: 0.46, Material.GRASS: 0.72, Material.SOIL: 0.70, Material.ROCK: 0.70}, 0.64)
"""Lightness of a traced line as a share of the paint that it lies in: blades and paths have no ink."""
_CREASE = by_material({Material.WATER: 1.0, Material.FOLIAGE: 0.8}, 1.4)
"""Dark of the line itself in steps of its material; 1.4 where nothing is said."""
_CREASE_OF_PARTED = np.float32(0.16)
"""The same in leaves whose masses are parted (see ``folds``)."""


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


def drawn_in(patch: Patch, light: Float32) -> Float32:
    """The rough keeps the lines: graphite that darkens what is under it. ``light`` (h, w, 3) is changed in place."""
    firm = strength(patch)
    for piece in patch.pieces(patch.contour > 0):
        view = piece.within(patch)
        stays = 1 - piece.ink * (0.20 + np.float32(0.40 / 255) * firm[view]) * ~piece.sparks
        for c in range(3):
            light[view][..., c] *= stays
    return light


_NO_LINE = 33
"""Byte of softened ink up to which no line is traced, whatever it runs through: 0.13."""


_PLAIN = (0.05, 0.16)
"""Steps of colour between which a painted edge begins to tell a form, and tells it without a line."""
_SWALLOWED = 0.6
"""Share of the line that goes on the lit side of stones, and partly of crowns."""
_HOUSES = (Material.WALL, Material.ROOF, Material.WINDOW)
_CROSSING = 0.55
"""How much fainter a stroke may be that crosses a house as wires do."""
_FRAMED = 210
"""Byte of firmness from which a line belongs to something narrow that has edges of its own beside it."""
_CORNER = 0.15
"""Share of the line between two walls that goes there."""
_MELTS = 0.66
"""Share of the line that goes where the painted edge is plain."""

_ON_WATER, _OFF_SHORE = np.float32(0.36), np.float32(0.30)
"""Share of a line that goes where water lies on both its sides, and what goes besides far from the shore."""
_OUTLINE, _OUTLINE_OF_TWIGS = np.float32(0.56), np.float32(0.2)
"""How much more of a crown's outline stays than of the lines inside it: leaves end it, and no stroke."""
_TWIG = np.float32(0.6)
"""Share that stays of a line in a bare crown."""

_HANGING, _RIM = 0.8, 0.45
"""Share of a line that goes in needles, and how much less of it at their rim."""
_TIPS, _IN_CLOUDS = 1.15, 0.6
"""How much of their ink counts where weak edges are lifted: in needles no traced line helps, in clouds all is soft."""
_BRIDGED, _SKIPPED, _FAINT = 0.8, 9, 12
"""How much fainter a gap in a stroke may be, the byte of ink that it must have still, and a faint stroke's byte."""


def traced(patch: Patch, canvas: Float32) -> Float32:
    """Colour-trace: each line in a deep shade of the paint beside it. ``canvas`` is (h, w, 3) OKLab, changed in place.

    Pencil grain is smoothed away first and weak construction strokes fall below the threshold, so that what
    remains is a clean brush line. Lines are firm near the camera and dissolve in the distance.
    """
    even, firmness = soft_bytes(patch.contour, 0.85 * max(patch.unit, 0.6)), strength(patch)
    painted = blades(patch)
    if painted is not None:
        even = even * ~painted  # these strokes are painted already, as what they stand for
    mirrored = arches.along(patch)
    if mirrored is not None:
        even = np.where(mirrored, even // np.uint8(4), even)  # an edge between two tones, and no stroke
    found, gaps = _lost_and_found(patch, even > 0), _gaps(patch, even)
    told, density = _painted_edges(patch, canvas), patch.script.haze_density
    pressed = _PRESSED.copy()
    pressed[Material.FOLIAGE] = 2 * np.clip(1 - patch.unit, 0, 0.5)  # see _lost_and_found
    veiled = np.float32(VEILED.get(patch.script.conditions.weather, 1.0))
    crossed = patch.scene.wires is not None  # where wires hang in the air, some cross houses
    straight = kept(patch.scene, "straight on walls", _straight) if crossed else None
    courses = kept(patch.scene, "courses of wires", _courses) if crossed else None
    cables = None if courses is None or len(courses) == 0 else drawn(patch, courses)
    fence = fence_in(patch)
    if fence is not None:
        hidden = np.maximum(fence.beside, np.clip(fence.near * 3, 0, 1))
        even = (even * (1 - hidden)).astype(np.uint8)
    trim = trims(patch, even)
    if trim is not None:
        laid_on(patch, canvas, trim, None if cables is None else cables[1])
    traces, lines = np.zeros(patch.shape, np.float32), np.zeros(patch.shape, np.float32)
    for piece in patch.pieces((even > _NO_LINE) | (gaps > 0)):
        view, materials = piece.within(patch), piece.materials
        ink = even[view] * np.float32(1 / 255)
        faintest = _FAINTEST[materials] * (1 - np.float32(_BRIDGED / 255) * gaps[view])
        if straight is not None and np.isin(materials, _HOUSES).any():
            # A wire that crosses a house is as thin there as in the sky, and goes on.
            faintest *= 1 - np.float32(_CROSSING) * np.minimum(patch.scene.sample(straight, piece.bounds) * 2, 1)
        line = np.clip((ink - faintest) * np.float32(3.0), 0, 1) * ~piece.sparks
        if trim is not None:
            seam = depth_of_lines(piece)
            line = np.where(seam > 0, np.minimum(3 * line, trim.thin[view] * np.float32(1 / 255)) * seam, line)
        firm = firmness[view] * np.float32(1 / 255)
        # A contour that was pressed hard is meant, whatever it runs through.
        firm += (1 - firm) * 0.55 * np.clip((ink - 0.36) * 3, 0, 1) * pressed[materials]
        firm *= (1.06 - 0.50 * piece.depth) * found[view] * (materials != Material.SKY)
        firm *= np.where(materials == Material.CLOUD, veiled, np.float32(1))
        # On water lies no line: a ripple is a light and a dark, and so is the edge of what is mirrored.
        on_water = _ON_WATER * smoothstep(4, 10, piece.inner) + _OFF_SHORE * smoothstep(45, 75, piece.inner)
        firm *= np.where(materials == Material.WATER, 1 - on_water, np.float32(1))
        # Between two materials only: inside one a dark plane beside its line would be taken for the line.
        border = np.clip(2.2 - piece.inner * np.float32(0.3), 0, 1)
        plain_edge = smoothstep(*_PLAIN, told[view])
        # By a window, a pole or a rail the plain edge may be that of frame or glint, or the other side's.
        narrow = (firmness[view] > _FRAMED) | (materials == Material.WOOD)
        framed = np.where(narrow, np.float32(0.1), np.float32(1))
        firm *= 1 - _MELTS * border * plain_edge * framed
        # The corner of a house is where its lit plane ends: where that is seen, the line steps back.
        firm *= 1 - _CORNER * (1 - border) * plain_edge * (materials == Material.WALL)
        # Light swallows the outline that faces it; in the shade the same outline is found again.
        firm *= 1 - _SWALLOWED * lit_rim(piece) * border
        # What stands in thick air has no dark line before it.
        firm *= np.clip(1.2 - 1.2 * air_share(piece.depth, density, density), 0.1, 1)
        if cables is not None and cables[1][view].any():
            near = cables[1][view]
            stays = np.where(np.isin(materials, _AIR), smoothstep(0.45, 0.3, near), smoothstep(0.6, 0.5, near))
            if trim is not None:
                stays = np.where(upright_bars(trim)[view], np.float32(1), stays)
            line = line * stays
        lines[view] = line
        trace = traces[view] = line * np.clip(firm, 0, 1)
        share = np.float32(0.92) * trace
        plain = canvas[view]
        value = _VALUE[materials]
        plain[..., 0] += (plain[..., 0] * (value - 1) - np.float32(0.015)) * share
        for c, shift in ((1, 0.008), (2, -0.002)):
            plain[..., c] += (plain[..., c] * np.float32(0.2) + np.float32(shift)) * share
    breaking = surf.drawn(patch)
    if breaking is not None:
        surf.painted(patch, canvas, even, breaking)
    turned(patch, canvas, traces)
    billowed(patch, canvas)
    _wires(patch, canvas, lines, None if cables is None else cables[0])
    if fence is not None:
        fenced(canvas, fence)
    needles = needled(patch)
    if needles is not None:  # there tips and their shade are the edge
        even = np.where(needles & ~rim_of(patch, needles), even * np.float32(_TIPS), even)
    even = np.where(patch.materials == Material.CLOUD, even * np.float32(_IN_CLOUDS), even)
    lifted(patch, canvas, even * (np.float32(0.55 / 255) + np.float32(0.45 / 255) * found))
    return canvas


def _straight(scene: Scene) -> Float32:
    return straight_on_walls(small_ink(scene).astype(np.uint8), scene.small_materials)


def _painted_edges(patch: Patch, canvas: Float32) -> Float32:
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


def _gaps(patch: Patch, even: UInt8) -> UInt8:
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


def _lost_and_found(patch: Patch, inked: Bool) -> Float32:
    """(h, w) 0–1: inside leaves no outline runs on evenly; what it gives up here comes back as light and shade."""
    found = np.ones(patch.shape, np.float32)
    # In a small picture shade beside a line is as wide as the line: there the line itself holds its place.
    small = np.float32(1.4 * np.clip(1 - patch.unit, 0, 0.5))
    reach = max(1, round(2 * patch.unit))
    leafy = widened((patch.materials == Material.FOLIAGE).view(np.uint8), reach)
    needles = needled(patch)
    rim = None if needles is None else rim_of(patch, needles)
    for piece in patch.pieces(inked & (leafy > 0)):
        view = piece.within(patch)
        inside, outline = _of_leaves(piece)
        kept_share = inside + small + outline * (1 - smoothstep(3, 9, piece.inner))
        if needles is not None and rim is not None:  # tips of needles end a tier, and the shade under it
            kept_share *= 1 - np.where(rim[view], np.float32(_HANGING - _RIM), np.float32(_HANGING)) * needles[view]
        found[view] = np.where(leafy[view] > 0, kept_share, 1)
    stony = (patch.materials == Material.ROCK).view(np.uint8)
    if not stony.any():
        return found
    stony = widened(stony, reach)
    for piece in patch.pieces(inked & (stony > 0)):
        # Planes tell a stone; of its lines, to both sides of the edge, only some accents stay.
        accents = np.clip(0.45 + 1.1 * piece.noise(24, 0xF0E, octaves=2), 0.25, 0.90) + small
        view = piece.within(patch)
        found[view] = np.where(stony[view] > 0, accents, found[view])
    return found


def _of_leaves(patch: Patch) -> tuple[Float32, Float32]:
    """(h, w) each: share of a line inside leaves that stays, and how much more of it along their outline."""
    inside = np.clip(0.14 + 0.6 * patch.noise(14, 0xF0D, octaves=2), 0.0, 0.42)
    # Where the masses of a crown are parted by leaves no line is needed; those of far woods are faint.
    inside = np.where(parted(patch), np.float32(0), inside)
    bare = twigs.bare(patch)
    if bare is None:
        return inside, np.full(patch.shape, _OUTLINE)
    # A line in bare twigs is one of them; around them there is none.
    return np.where(bare, _TWIG, inside), np.where(bare, _OUTLINE_OF_TWIGS, _OUTLINE)


def turned(patch: Patch, canvas: Float32, already: Float32) -> None:
    """Where a line inside a soft thing is no contour it is a turn of form: lit on one side, in shade on the other.

    So an arc in a cloud, a bough, a tuft or a ripple is painted where it was drawn, without an outline. Where brushwork
    is lively the step is larger, or it would be lost in it. ``already`` (h, w) is how much of the line is traced;
    ``canvas`` (h, w, 3) OKLab is changed in place.
    """
    soft = _TURN[patch.materials] > 0
    if not soft.any():
        return
    ink = _INK_OF_BYTE[patch.contour]
    narrow, cut = (_across_light(patch, ink, size) for size in (3.2, 2.4))
    crease = soft_bytes(ink, 1.1 * max(patch.unit, 0.6))
    lively = _lively(patch, canvas[..., 0])
    needles = needled(patch)
    mirrored = arches.along(patch)
    drooping = None if needles is None else _skirts(patch, needles)
    for piece in patch.pieces(soft):
        view, materials = piece.within(patch), piece.materials
        leaves = materials == Material.FOLIAGE
        sides = np.clip(np.where(leaves, cut[view], narrow[view]) * np.float32(3.0 / 255), -1, 1)
        # A form turns more into its shade than into its light, and in leaves the edge is lost and found.
        sides *= np.where(sides > 0, np.float32(0.55), np.float32(1.05))
        # The crease lies on the line itself, or the drawing would seem to have moved towards the shade.
        if mirrored is not None:
            sides *= ~mirrored[view]
        creased = _CREASE[materials]
        if leaves.any():
            creased = np.where(parted(piece), _CREASE_OF_PARTED, creased)
        creased = creased * (1.0 if mirrored is None else ~mirrored[view])
        creased *= 1 - np.float32(0.55) * smoothstep(45, 75, piece.inner) * (materials == Material.WATER)
        sides -= creased * np.clip(crease[view] * np.float32(1.8 / 255), 0, 1)
        if needles is not None and drooping is not None:
            sides = np.where(
                needles[view], np.where(drooping[view] > 0, np.float32(0.7), np.float32(1.35)) * drooping[view], sides
            )
        if not sides.any():
            continue
        if leaves.any():
            sides *= np.where(leaves, np.clip(0.75 + 0.9 * piece.noise(9, 0x1EAF, octaves=2), 0.15, 1.3), 1)
        # Not along borders: between two materials the line is a contour, and a lit side beside it would look embossed.
        inside = smoothstep(4, 11, piece.inner)
        step = _TURN[materials] * (1 - np.float32(0.6) * already[view]) * inside * ~piece.sparks
        # What the air has taken is not drawn back in.
        step *= np.clip(1.3 - 1.3 * air_share(piece.depth, 1.0, patch.script.haze_density), 0, 1)
        if needles is not None:  # by night there is no depth to spare
            step *= np.where(needles[view], np.clip(canvas[view][..., 0] * np.float32(2.1), 0.35, 1), np.float32(1))
        canvas[view][..., 0] += step * lively[view] * sides


_FAR = 64.0
"""Units around needles, or clouds, from which their light and shade may come."""
_TIERS = ((1.8, 2.2), (5.0, 2.6), (18.0, 5.5))
"""Reach in units and weight of the light and the shade at lines in needles."""


def _skirts(patch: Patch, needles: Bool) -> Float32:
    """(h, w) light and shade at lines in needles; right there only."""
    hung = np.zeros(patch.shape, np.float32)
    part = patch.part(needles, margin=_FAR)
    if part is not None:
        hung[part.within(patch)] = skirts(part, _TIERS)
    return hung


def billowed(patch: Patch, canvas: Float32) -> None:
    """A stroke in a cloud is where one head stands before another: its lit rim cuts into the shade of what is behind.

    The edge is hard at the stroke, to both sides it falls off widely, and farther in the cloud it is lost. ``canvas``
    (h, w, 3) OKLab is changed in place.
    """
    part = patch.part(patch.materials == Material.CLOUD, margin=_FAR)
    if part is None:
        return
    canvas, patch = canvas[part.within(patch)], part
    cloud, ink = patch.materials == Material.CLOUD, _INK_OF_BYTE[patch.contour]
    if not (ink[cloud] > 0).any():
        return
    across = np.zeros(patch.shape, np.float32)
    for size, weight in _BILLOWS:
        across += _across_light(patch, ink, size, sideways=_SIDEWAYS) * np.float32(weight / 255)
    script = patch.script
    shade, lit = oklab_from_linear(np.stack([script.cloud_shade, script.cloud_lit])[None].astype(np.float32))[0]
    shown = np.float32(VEILED.get(script.conditions.weather, 1.0))
    for piece in patch.pieces(cloud & (np.abs(across) > 0.02)):
        view = piece.within(patch)
        found = (1 - np.float32(0.45) * smoothstep(26, 78, piece.inner)) * smoothstep(2, 6, piece.inner) * shown
        turn = np.clip(across[view], -1, 1) * found * cloud[view]
        plain = canvas[view]
        for c in range(3):
            plain[..., c] += (shade[c] - plain[..., c]) * (np.float32(_BEHIND) * np.maximum(-turn, 0))
            plain[..., c] += (lit[c] - plain[..., c]) * (np.float32(_BEFORE) * np.maximum(turn, 0))


_BILLOWS = ((1.5, 1.1), (4.0, 1.8), (13.0, 3.8))
"""Reach in units and weight of light and shade at a stroke in a cloud."""
_SIDEWAYS = 0.8
"""Least share of the light that comes from the side there: strokes between heads are steep."""
_BEHIND, _BEFORE = 0.85, 0.6
"""How far the shade of what is behind, and the rim of what is before it, come to the cloud's own."""
_INK_OF_BYTE = (np.clip((np.arange(256) / 255 - 0.1) * 1.7, 0, 1) * 255 + 0.5).astype(np.uint8)
"""Ink as turns of form see it: paper's grain is none, and graphite is as good as black."""


def _across_light(patch: Patch, ink: UInt8, size: float, sideways: float = 0.0) -> NDArray[np.int16]:
    """(h, w) −255…255: how much more ink there is on the far side of a place than on the light's; ``size`` in units."""
    reach = max(size * patch.unit, 0.6)
    side, height = patch.light.towards
    side = float(np.copysign(max(abs(side), sideways), side))
    dx, dy = (round(axis * max(1.0, 1.5 * reach)) for axis in (side, height))
    return difference(soft_bytes(ink, reach), dx, dy)


def _lively(patch: Patch, lightness: Float32) -> Float32:
    """(h, w) 0.8–2.2: how much the lightness changes within a brush's width around a place.

    What it is compared with, and the result, are smooth: both are made at about a third of the size.
    """
    factor = max(1, round(3 * patch.unit))
    reach = patch.unit / factor
    smooth = patch.enlarged(blur(patch.reduced(lightness, factor), 6 * reach), factor)
    smooth -= lightness
    busy = patch.reduced(np.abs(smooth, out=smooth), factor)
    return patch.enlarged(np.clip(blur(busy * 4, 12 * reach) / np.float32(4 * 0.012), 0.8, 2.2), factor)


def _courses(scene: Scene) -> Float32:
    assert scene.wires is not None
    on_houses = kept(scene, "straight on walls", _straight)
    return hung(small_ink(scene).astype(np.uint8), scene.wires, on_houses, scene.small_materials)


def _wires(patch: Patch, canvas: Float32, line: Float32, cables: Float32 | None) -> None:
    """Wires and antennas in the sky, the only lines that stay there; ``cables`` (h, w) 0–1 hang before houses, too."""
    wires = patch.scene.wires
    if wires is None:
        return
    for piece in patch.pieces(np.isin(patch.materials, _AIR) & (line > 0)):
        view = piece.within(patch)
        shown = np.clip(patch.scene.sample(wires, piece.bounds) * 2, 0, 1) * np.isin(piece.materials, _AIR)
        shown *= np.clip(line[view] * 1.3, 0, 1)
        _darkened(canvas[view], shown)
    if cables is None:
        return
    for piece in patch.pieces(cables > 0):
        view = piece.within(patch)
        shown = cables[view] * np.isin(piece.materials, _AIR)
        _darkened(canvas[view], shown + np.float32(0.7) * cables[view] * np.isin(piece.materials, _HOUSES))


def _darkened(plain: Float32, shown: Float32) -> None:
    for c, dark in enumerate((0.42, 0.5, 0.5)):
        plain[..., c] *= 1 - np.float32(0.8 * (1 - dark)) * shown
