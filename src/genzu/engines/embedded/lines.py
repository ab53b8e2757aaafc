"""The layout's lines in colour: light graphite over the rough, colour-traced lines (色トレス) in the painting."""

from __future__ import annotations

from functools import cache

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.fields import distance_to, kept
from genzu.engines.embedded.lumps import shifted, smoothstep
from genzu.engines.embedded.materials.cloud import VEILED
from genzu.engines.embedded.materials.table import PAINTERS
from genzu.engines.embedded.patch import Patch, blur, widened
from genzu.engines.embedded.relief import lifted
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.colour import oklab_from_linear

_AIR = (Material.SKY, Material.CLOUD)
_FAINTEST = {Material.GRASS: 0.13, Material.SOIL: 0.13, Material.WALL: 0.17, Material.WINDOW: 0.17}
"""Ink of the faintest line that is traced, 0.22 where nothing is said: thin strokes are blades, and wires on walls."""
_TURN = {
    Material.CLOUD: 0.034, Material.MOUNTAIN: 0.024, Material.FOLIAGE: 0.040, Material.TRUNK: 0.030,
    Material.ROCK: 0.040, Material.WATER: 0.036,
}  # fmt: skip
"""Step of lightness (OKLab) across a line that is a turn of form."""


_CREASE = {Material.CLOUD: 0.5, Material.WATER: 1.0, Material.FOLIAGE: 0.7}
"""Dark of the line itself in steps of its material; 1.4 where nothing is said."""
_WISP = 26.0
"""So far from a cloud (units) lines in the sky still belong to it."""


@cache
def _strength_of_material() -> UInt8:
    table = np.zeros(256, np.uint8)
    for material in Material:
        table[material] = round(PAINTERS[material].line * 255)
    return table


def strength(patch: Patch) -> Float32:
    """(h, w) 0–1: how much of the contour stays; a line between two materials counts for the stronger."""
    reach = max(1, round(1.5 * patch.unit))
    return widened(_strength_of_material()[patch.materials], reach).astype(np.float32) / 255


@cache
def _faintest_of_material() -> Float32:
    table = np.full(256, 0.22, np.float32)
    for material, ink in _FAINTEST.items():
        table[material] = ink
    return table


def drawn_in(patch: Patch, light: Float32) -> Float32:
    """The rough keeps the lines: graphite that darkens what is under it."""
    ink = patch.ink * (0.20 + 0.40 * strength(patch)) * ~patch.sparks
    return light * (1 - ink[..., None])


def traced(patch: Patch, canvas: Float32) -> Float32:
    """Colour-trace: each line in a deep shade of the paint beside it. ``canvas`` is (h, w, 3) OKLab.

    Pencil grain is smoothed away first and weak construction strokes fall below the threshold, so that what
    remains is a clean brush line. Lines are firm near the camera and dissolve in the distance.
    """
    found = _lost_and_found(patch)
    even = blur(patch.ink, 0.85 * max(patch.unit, 0.6))
    line = np.clip((even - _faintest_of_material()[patch.materials]) * np.float32(3.0), 0, 1) * ~patch.sparks
    firm = strength(patch)
    # A contour that was pressed hard is meant, whatever it runs through.
    firm = firm + (1 - firm) * 0.55 * np.clip((even - 0.36) * 3, 0, 1) * ~np.isin(patch.materials, _AIR)
    firm = firm * (1.06 - 0.50 * patch.depth) * found
    traces = line * np.clip(firm, 0, 1)
    drawn = canvas.copy(order="K")
    for piece in patch.pieces(traces > 0):
        view = piece.within(patch)
        plain, share = canvas[view], np.float32(0.92) * traces[view]
        value = np.where(piece.materials == Material.WINDOW, np.float32(0.46), np.float32(0.60))
        drawn[view][..., 0] += (plain[..., 0] * (value - 1) - np.float32(0.015)) * share
        for c, shift in ((1, 0.008), (2, -0.002)):
            drawn[view][..., c] += (plain[..., c] * np.float32(0.2) + np.float32(shift)) * share
    drawn = _wisps(patch, turned(patch, drawn, traces))
    return lifted(patch, _wires(patch, drawn, line), even * (0.55 + 0.45 * found))


def _lost_and_found(patch: Patch) -> Float32:
    """(h, w) 0–1: inside leaves no outline runs on evenly; what it gives up here comes back as light and shade."""
    leaves = patch.materials == Material.FOLIAGE
    if not leaves.any():
        return np.ones(patch.shape, np.float32)
    found = np.clip(0.5 + 1.5 * patch.noise(9, 0xF0D, octaves=2), 0.12, 1.0)
    inside = smoothstep(3, 9, patch.inner) * leaves
    return np.asarray(1 + (found - 1) * inside, np.float32)


@cache
def _turn_of_material() -> Float32:
    table = np.zeros(256, np.float32)
    for material, step in _TURN.items():
        table[material] = step
    return table


@cache
def _crease_of_material() -> Float32:
    table = np.full(256, 1.4, np.float32)
    for material, depth in _CREASE.items():
        table[material] = depth
    return table


def turned(patch: Patch, canvas: Float32, already: Float32) -> Float32:
    """Where a line inside a soft thing is no contour it is a turn of form: lit on one side, in shade on the other.

    So an arc in a cloud, a bough, a tuft or a ripple is painted where it was drawn, without an outline. Where brushwork
    is lively the step is larger, or it would be lost in it. ``already`` (h, w) is how much of the line is traced.
    """
    # Not along borders: between two materials the line is a contour, and a lit side beside it would look embossed.
    inside = smoothstep(4, 11, patch.inner)
    step = _turn_of_material()[patch.materials] * (1 - 0.6 * already) * inside * ~patch.sparks
    # What the air has taken is not drawn back in.
    step = step * np.clip(1.3 - 1.3 * air_share(patch.depth, 1.0, patch.script.haze_density), 0, 1)
    if not step.any():
        return canvas
    light_x, light_y = patch.light.towards
    ink = np.clip((patch.ink - 0.1) * 1.7, 0, 1)
    cloud = patch.materials == Material.CLOUD
    sides = np.zeros(patch.shape, np.float32)
    for size, gain in ((3.2, 3.0), (7.0, 4.0)):
        share = np.where(cloud, np.float32(1), np.float32(size < 7))
        if not share.any():
            continue
        reach = max(size * patch.unit, 0.6)
        soft = blur(ink, reach)
        dx, dy = (round(axis * max(1.0, 1.5 * reach)) for axis in (light_x, light_y))
        sides += share * np.clip((shifted(soft, -dx, -dy) - shifted(soft, dx, dy)) * np.float32(gain), -1, 1)
    # A form turns more into its shade than into its light, and in leaves the edge is lost and found.
    sides = np.where(sides > 0, np.float32(0.55), np.float32(1.05)) * sides
    # The crease lies on the line itself, or the drawing would seem to have moved towards the shade.
    crease = np.clip(blur(ink, 1.1 * max(patch.unit, 0.6)) * 1.8, 0, 1)
    sides -= _crease_of_material()[patch.materials] * crease
    ragged = np.clip(0.75 + 0.9 * patch.noise(9, 0x1EAF, octaves=2), 0.15, 1.3)
    sides = np.where(patch.materials == Material.FOLIAGE, sides * ragged, sides)
    sides = np.where(cloud, sides * np.float32(VEILED.get(patch.script.conditions.weather, 1.0)), sides)
    lightness = canvas[..., 0]
    busy = np.abs(lightness - blur(lightness, 6 * patch.unit))
    lively = np.clip(blur(busy, 12 * patch.unit) / 0.012, 0.8, 2.2)
    moved = canvas.copy(order="K")
    moved[..., 0] += step * lively * sides
    return moved


def _wisps(patch: Patch, canvas: Float32) -> Float32:
    """Lines in the sky beside a cloud are its thin edges: streaks of its light."""
    sky = patch.materials == Material.SKY
    if not (sky.any() and (patch.scene.small_materials == Material.CLOUD).any()):
        return canvas
    near = np.clip(2 - distance_to(patch, Material.CLOUD) / _WISP, 0, 1) * sky * _clear_of_solids(patch)
    if patch.scene.wires is not None:
        near *= 1 - np.clip(patch.scene.sample(patch.scene.wires, patch.bounds) * 2, 0, 1)
    thin = np.clip((blur(patch.ink, 1.5 * max(patch.unit, 0.6)) - 0.06) * 3.2, 0, 1)
    cloud = oklab_from_linear(patch.script.cloud_lit[None].astype(np.float32))[0]
    return _towards(
        patch, canvas, cloud, np.float32(0.55 * VEILED.get(patch.script.conditions.weather, 1.0)) * near * thin
    )


def _towards(patch: Patch, canvas: Float32, goal: Float32, share: Float32) -> Float32:
    """The (h, w, 3) canvas moved towards a colour (3,) by a share (h, w), which is 0 in most of it."""
    canvas = canvas.copy(order="K")
    for piece in patch.pieces(share > 0):
        view = piece.within(patch)
        for c in range(3):
            canvas[view][..., c] += (goal[c] - canvas[view][..., c]) * share[view]
    return canvas


def _clear_of_solids(patch: Patch) -> Float32:
    """(h, w) 0–1: 0 along the outlines of what stands before the sky, whose lines are no cloud's."""

    def gap(scene: Scene) -> Float32:
        solid = ~np.isin(scene.small_materials, _AIR)
        if not solid.any():
            return np.full(solid.shape, 99, np.float32)
        return (np.sqrt(mahotas.distance(~solid)) / (scene.shrink * scene.unit)).astype(np.float32)

    return smoothstep(6, 12, patch.scene.sample(kept(patch.scene, "to solids", gap), patch.bounds))


def _wires(patch: Patch, canvas: Float32, line: Float32) -> Float32:
    """Wires and antennas in the sky: the only lines that stay there."""
    wires = patch.scene.wires
    if wires is None:
        return canvas
    air = np.isin(patch.materials, _AIR)
    shown = np.clip(patch.scene.sample(wires, patch.bounds) * 2, 0, 1) * air * np.clip(line * 1.3, 0, 1)
    canvas = canvas.copy(order="K")
    for piece in patch.pieces(shown > 0):
        view = piece.within(patch)
        for c, dark in enumerate((0.42, 0.5, 0.5)):
            canvas[view][..., c] *= 1 - np.float32(0.8 * (1 - dark)) * shown[view]
    return canvas
