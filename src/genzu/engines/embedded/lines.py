"""The layout's lines in colour: light graphite over the rough, colour-traced lines (色トレス) in the painting."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import arches, bank, bridge, fence, hems, masses, ripples, stones, surf, trim, tufts
from genzu.engines.embedded.billows import billowed, seen
from genzu.engines.embedded.cables import drawn, hung
from genzu.engines.embedded.conifers import needled, rim_of
from genzu.engines.embedded.fields import kept, lit_rim, prepare_edges, small_ink
from genzu.engines.embedded.heavens import VEILED
from genzu.engines.embedded.linework import BRIDGED, gaps_in, lost_and_found, painted_edges, strength, tempered
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.patch import Patch, by_material
from genzu.engines.embedded.relief import eased, lifted
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import soft_bytes, spread_out, widened
from genzu.engines.embedded.surface import air_share
from genzu.engines.embedded.turns import turned
from genzu.engines.embedded.wires import straight_on_walls
from genzu.picture.arrays import Float32

_AIR = (Material.SKY, Material.CLOUD)
_PRESSED = by_material({Material.SKY: 0.0, Material.CLOUD: 0.0, Material.MOUNTAIN: 0.0, Material.ROCK: 0.2}, 1.0)
"""How far a contour that was pressed hard is meant, whatever it runs through."""
_FAINTEST = by_material({
    Material.GRASS: 0.13, Material.SOIL: 0.13, Material.WATER: 0.14, Material.WALL: 0.17, Material.WINDOW: 0.17,
}, 0.22)  # fmt: skip
"""Ink of the faintest line that is traced, 0.22 where nothing is said: thin strokes are blades, and wires on walls."""
_VALUE = by_material({Material.WINDOW: 0.46, Material.GRASS: 0.72, Material.SOIL: 0.70, Material.ROCK: 0.70}, 0.64)
"""Lightness of a traced line as a share of the paint that it lies in: blades and paths have no ink."""
_FURROW = np.float32(0.11)
"""What a line inside bark keeps more of it."""
_NO_LINE = 33
"""Byte of softened ink up to which no line is traced, whatever it runs through: 0.13."""
_PLAIN = (0.05, 0.16)
"""Steps of colour between which a painted edge begins to tell a form, and tells it without a line."""
_SWALLOWED = 0.6
"""Share of the line that goes on the lit side of stones, and partly of crowns."""
_HOUSES = (Material.WALL, Material.ROOF, Material.WINDOW)
_ARM = (0.48, 0.62)
"""Ink of an arm, and not of a wire."""
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
_BESIDE_CLOUDS = 5.0
"""Units of sky beside a cloud that are its edge."""
_TIPS = 1.45
"""How much of their ink counts where weak edges are lifted: in needles no traced line helps."""


def drawn_in(patch: Patch, light: Float32) -> Float32:
    """The rough keeps the lines: graphite that darkens what is under it. ``light`` (h, w, 3) is changed in place."""
    firm = strength(patch)
    for piece in patch.pieces(patch.contour > 0):
        view = piece.within(patch)
        stays = 1 - piece.ink * (0.20 + np.float32(0.40 / 255) * firm[view]) * ~piece.sparks
        for c in range(3):
            light[view][..., c] *= stays
    return light


def traced(patch: Patch, canvas: Float32) -> Float32:
    """Colour-trace: each line in a deep shade of the paint beside it. ``canvas`` is (h, w, 3) OKLab, changed in place.

    Pencil grain is smoothed away first and weak construction strokes fall below the threshold, so that what
    remains is a clean brush line. Lines are firm near the camera and dissolve in the distance.
    """
    even, firmness = soft_bytes(patch.contour, 0.85 * max(patch.unit, 0.6)), strength(patch)
    bank.lipped(patch, canvas, on_masonry=True)
    without, inked = canvas.copy(order="K"), even
    vapour = patch.materials == Material.CLOUD
    if vapour.any():
        even = np.where(vapour, (even * seen(patch)).astype(np.uint8), even)
    painted = tufts.blades(patch)
    if painted is not None:
        even = even * ~painted  # these strokes are painted already, as what they stand for
    planes = bank.told(patch)
    if planes is not None:
        even = even * ~planes
    breaking = surf.drawn(patch)
    ripple = ripples.drawn(patch, even, breaking)
    if ripple is not None:
        even = (even * (1 - np.minimum(ripple * np.float32(6), 1))).astype(np.uint8)
    mirrored = arches.along(patch)
    if mirrored is not None:
        even = np.where(mirrored, even // np.uint8(4), even)  # an edge between two tones, and no stroke
    found, gaps = lost_and_found(patch, even > 0), gaps_in(patch, even)
    told, density = painted_edges(patch, canvas), patch.script.haze_density
    pressed = _PRESSED.copy()
    pressed[Material.FOLIAGE] = 2 * np.clip(1 - patch.unit, 0, 0.5)  # see lost_and_found
    veiled = np.float32(VEILED.get(patch.script.conditions.weather, 1.0))
    crossed = patch.scene.wires is not None  # where wires hang in the air, some cross houses
    straight = kept(patch.scene, "straight on walls", _straight) if crossed else None
    courses = kept(patch.scene, "courses of wires", _courses) if crossed else None
    cables = None if courses is None or len(courses) == 0 else drawn(patch, courses)
    before = fence.fence_in(patch)
    if before is not None:
        hidden = np.maximum(before.beside, np.clip(before.near * 3, 0, 1))
        even = (even * (1 - hidden)).astype(np.uint8)
    strips = trim.trims(patch, even)
    if strips is not None:
        trim.laid_on(patch, canvas, strips, None if cables is None else cables[1])
    traces, lines = np.zeros(patch.shape, np.float32), np.zeros(patch.shape, np.float32)
    looked_at = (even > _NO_LINE) | (gaps > 0)
    for piece in patch.pieces(looked_at):
        view, materials = piece.within(patch), piece.materials
        # Nowhere else in a piece, either: how far it reaches depends on the tile.
        ink = even[view] * looked_at[view] * np.float32(1 / 255)
        faintest = _FAINTEST[materials] * (1 - np.float32(BRIDGED / 255) * gaps[view])
        if straight is not None and (houses := np.isin(materials, _HOUSES)).any():
            # A wire that crosses a house is as thin there as in the sky, and goes on.
            there = np.minimum(patch.scene.sample(straight, piece.bounds) * 2, 1) * houses
            faintest *= 1 - np.float32(_CROSSING) * there
        line = np.clip((ink - faintest) * np.float32(3.0), 0, 1) * ~piece.sparks
        if strips is not None:
            seam = trim.depth_of_lines(piece)
            line = np.where(seam > 0, np.minimum(3 * line, strips.thin[view] * np.float32(1 / 255)) * seam, line)
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
            # A pole's arm among the wires is pressed harder than they are, and stays what it is.
            in_air = np.maximum(smoothstep(0.45, 0.3, near), smoothstep(*_ARM, ink))
            stays = np.where(np.isin(materials, _AIR), in_air, smoothstep(0.6, 0.5, near))
            if strips is not None:
                stays = np.where(trim.upright_bars(strips)[view], np.float32(1), stays)
            line = line * stays
        lines[view] = line
        trace = traces[view] = line * np.clip(firm, 0, 1)
        share = np.float32(0.92) * trace
        plain = canvas[view]
        value = _VALUE[materials]
        value += _FURROW * smoothstep(3, 8, piece.inner) * (materials == Material.TRUNK)
        plain[..., 0] += (plain[..., 0] * (value - 1) - np.float32(0.015)) * share
        for c, shift in ((1, 0.008), (2, -0.002)):
            plain[..., c] += (plain[..., c] * np.float32(0.2) + np.float32(shift)) * share
    if breaking is not None:
        surf.painted(patch, canvas, even, breaking)
        # What is painted as foam is no line any more: nothing of it is lifted, or taken back.
        even = even * ~breaking
        np.copyto(without, canvas, where=breaking[..., None])
    if ripple is not None:
        ripples.painted(patch, canvas, ripple)
        np.copyto(without, canvas, where=(ripple > 0)[..., None])
    turned(patch, canvas, traces)
    billowed(patch, canvas)
    _wires(patch, canvas, lines, None if cables is None else cables[0])
    if before is not None:
        fence.painted(canvas, before)
    hems.hung(patch, canvas, without)
    bank.overhung(patch, canvas, without)
    needles = needled(patch)
    if needles is not None:  # there tips and their shade are the edge
        even = np.where(needles & ~rim_of(patch, needles), even * np.float32(_TIPS), even)
    meant = even * (np.float32(0.55 / 255) + np.float32(0.45 / 255) * found) * masses.untold(patch, told)
    if planes is not None:
        # Smooth, for no line will cover where one plane ends and the other begins.
        smooth = spread_out(inked * np.float32(1.3 / 255) * planes, 1.2 * max(patch.unit, 0.6))
        meant = np.maximum(np.minimum(smooth, 1), meant)
    lifted(patch, canvas, meant, planes)
    eased(patch, canvas, without, inked, _to_stay(patch, None if cables is None else cables[0]))
    lifted(patch, canvas, meant, planes, again=True)
    tempered(patch, canvas, without)
    return canvas


def _cables_and_rails(scene: Scene) -> None:
    if scene.wires is not None:
        kept(scene, "straight on walls", _straight)
        kept(scene, "courses of wires", _courses)
    fence.prepare(scene)


PREPARED = (
    bank.prepare, tufts.prepare, _cables_and_rails, trim.prepare, prepare_edges, stones.prepare, masses.prepare,
    bridge.prepare,
)  # fmt: skip
"""What makes the fields that lines of every tile look up, the longest first; none needs another's."""


def _straight(scene: Scene) -> Float32:
    return straight_on_walls(small_ink(scene).astype(np.uint8), scene.small_materials)


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


def _to_stay(patch: Patch, cables: Float32 | None) -> Float32:
    """(h, w) 0–1: what stays as it is: wires in the sky, and edges of clouds."""
    sky = patch.materials == Material.SKY
    if not sky.any():
        return np.zeros(patch.shape, np.float32) if cables is None else cables
    near = widened((patch.materials == Material.CLOUD).view(np.uint8), max(2, round(_BESIDE_CLOUDS * patch.unit)))
    stays = (near * sky).astype(np.float32)
    if patch.scene.wires is not None:
        np.maximum(stays, sky * patch.scene.sample(patch.scene.wires, patch.bounds) * 2, out=stays)
    return stays if cables is None else np.maximum(stays, cables)


def _darkened(plain: Float32, shown: Float32) -> None:
    for c, dark in enumerate((0.42, 0.5, 0.5)):
        plain[..., c] *= 1 - np.float32(0.8 * (1 - dark)) * shown
