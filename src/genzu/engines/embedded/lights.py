"""Lamps, lit windows, sun and fireworks: what shines, and how its light falls on everything near.

Emission is gathered at reduced size and blurred at three radii: close light, the pool around a lamp, and the glow of
a whole town in the air. What it falls on is multiplied by it like by any light (``surface.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import mahotas
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Extra, Place
from genzu.engines.embedded.bursts import join_sparks
from genzu.engines.embedded.forms import Forms
from genzu.engines.embedded.script import ColourScript
from genzu.engines.embedded.shops import open_shops, shop_light
from genzu.engines.embedded.soft import gaussian, spread_out
from genzu.picture.arrays import Float32, Int32, UInt8
from genzu.picture.colour import hex_to_linear


class Kind(IntEnum):
    """What a glow region is."""

    LAMP = 0
    DISC = 1
    """Sun or moon."""
    FIREWORK = 2


WINDOW_TINTS = ("#ffb765", "#ffc77d", "#ffd79c", "#ffa652", "#ffe2b4", "#dcecff")
FIREWORK_TINTS = ("#ff5a4a", "#ffc861", "#8df08a", "#6fb8ff", "#d98bff", "#ff8fc0", "#fff0c8")
_POSTS = (Material.METAL, Material.WOOD, Material.ROCK, Material.WALL, Material.ROOF)
_RADII = ((14.0, 0.60), (60.0, 1.7), (200.0, 0.5))
_REDUCED_ROWS = 180
_HEAD = 0.09
"""Share of the picture's height: what is taller and in the sky is no lamp's head, although a tower touches it."""
_COMPACT = 0.40
"""Share of its box that a lamp's head fills at least; rays fill less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """What shines in this picture, by region id, and its light as fields of reduced size."""

    shine: Float32
    """(n,) 0 = dark, about 1 = lit."""
    tint: Float32
    """(n, 3) linear colour of the light."""
    kind: UInt8
    """(n,) :class:`Kind`; meaningful for glow regions."""
    fall: Float32 | None
    """(h, w, 3) light on surfaces; ``None`` when nothing shines."""
    heart: Float32
    """(n, 3) x, y and radius in units of the burst that a spark belongs to; radius 0 for all else."""
    bloom: Float32 | None
    """(h, w, 3) glare of lamps and sparks in the air right around them."""
    streak: Float32 | None
    """(h, w, 3) lights drawn out downwards, as wet ground mirrors them."""


def find_lights(labels: Int32, material: UInt8, forms: Forms, script: ColourScript, unit: float) -> Lights:
    """Decide what shines and gather its light; ``labels`` (h, w) with ``unit`` px per unit."""
    kind = _kinds(labels, material, script)
    shine, tint = _window_light(material, forms, script)
    heart, burst = join_sparks(labels, kind == Kind.FIREWORK, forms, unit)
    _glow_light(shine, tint, kind, burst, material, script)
    emits = shine * np.where(kind == Kind.DISC, 0.25 if not script.light.night else 0.06, 1)
    # A far window lights nothing but itself; a whole lit façade would burn its own wall out.
    pane = forms.long * forms.thick
    emits = emits * np.where(material == Material.WINDOW, np.clip(pane / 900, 0.02, 1), 1)
    # A burst is bright because the night is dark: it tints what is below, it does not light it as a lamp does.
    emits = emits * np.where(kind == Kind.FIREWORK, 0.12, 1)
    virtual = Extra.FIREWORKS in script.conditions.extras and not (kind[labels] == Kind.FIREWORK).any()
    if not (emits[np.unique(labels)] > 0.02).any() and not virtual:
        return Lights(shine=shine, tint=tint, kind=kind, heart=heart, fall=None, bloom=None, streak=None)
    emission = (emits[:, None] * tint)[labels].astype(np.float32)
    fall = _spread(emission + _under_awnings(labels, material, forms, script), labels.shape[0])
    bloom = _glare(emits, tint, kind, labels, material, unit)
    shops = shop_light(labels, material, forms, script)
    if shops is not None:
        fall = fall + _at_size(shops, fall.shape)
    if virtual:
        fall = fall + _from_above(fall.shape[:2])
    # Light that falls on a thing close to its lamp would burn out: film and eye compress it.
    fall = (fall / (1 + 0.9 * fall.max(-1, keepdims=True))).astype(np.float32)
    streak = _drawn_down(emission + _on_walls(fall, labels, material)) if script.wet > 0.05 else None
    return Lights(shine=shine, tint=tint, kind=kind, heart=heart, fall=fall, bloom=bloom, streak=streak)


def _kinds(labels: Int32, material: UInt8, script: ColourScript) -> UInt8:
    kind = np.zeros(len(material), np.uint8)
    boxes = np.asarray(mahotas.labeled.bbox(labels), np.int64).reshape(-1, 4)
    small = material[labels]
    high = Kind.FIREWORK if Extra.FIREWORKS in script.conditions.extras else Kind.DISC
    glows = np.flatnonzero(material[: len(boxes)] == Material.GLOW).tolist()
    doubtful = []
    for i in glows:
        top, bottom, left, right = boxes[i].tolist()
        frame = small[max(0, top - 4) : bottom + 4, max(0, left - 4) : right + 4]
        others = frame[frame != Material.GLOW]
        aloft = len(others) > 0 and np.isin(others, (Material.SKY, Material.CLOUD)).mean() > 0.6
        # A lamp's head stands in the sky too, but on a post.
        held = len(others) > 0 and np.isin(others, _POSTS).mean() > 0.02
        box = labels[top:bottom, left:right]
        full = (box == i).mean() if box.size else 1.0  # a number that no pixel has
        sparks = high == Kind.FIREWORK and (bottom - top > _HEAD * small.shape[0] or full < _COMPACT)
        if aloft and (not held or sparks):
            kind[i] = high
        elif aloft:
            doubtful.append(i)
    if high == Kind.FIREWORK:
        _join_bursts(kind, doubtful, boxes)
    return kind


def _join_bursts(kind: UInt8, doubtful: list[int], boxes: NDArray[np.int64]) -> None:
    """Sparks that seem to stand on a tower behind which a burst hangs belong to the burst; changes ``kind``."""
    bursts = boxes[np.flatnonzero(kind[: len(boxes)] == Kind.FIREWORK)]
    for i in doubtful:
        y, x = boxes[i, :2].mean(), boxes[i, 2:].mean()
        inside = (bursts[:, 0] <= y) & (y <= bursts[:, 1]) & (bursts[:, 2] <= x) & (x <= bursts[:, 3])
        if inside.any():
            kind[i] = Kind.FIREWORK


def _window_light(material: UInt8, forms: Forms, script: ColourScript) -> tuple[Float32, Float32]:
    """A share of the windows is lit; every household has its own lamp."""
    count = len(material)
    shine, tint = np.zeros(count, np.float32), np.ones((count, 3), np.float32)
    if script.lamps_on <= 0:
        return shine, tint
    windows = material == Material.WINDOW
    dark = 1.0 if script.light.night else 0.72
    # A house shows whether somebody is at home; a skyline with all its windows lit is one pale mass.
    few = float(np.clip((90 / max(int(windows.sum()), 1)) ** 0.4, 0.35, 1))
    lit = windows & (forms.chance[:, 0] < script.lamps_on * 0.85 * few)
    shine[lit] = (0.42 + 0.75 * forms.chance[lit, 1]) * dark
    cool = script.conditions.place in (Place.CITY, Place.STATION, Place.SCHOOL)
    colours = np.stack([hex_to_linear(code) for code in (WINDOW_TINTS if cool else WINDOW_TINTS[:5])])
    pick = np.minimum((forms.chance[:, 2] * len(colours)).astype(np.int64), len(colours) - 1)
    tint[windows] = colours[pick[windows]]
    return shine, tint


def _glow_light(
    shine: Float32, tint: Float32, kind: UInt8, burst: Int32, material: UInt8, script: ColourScript
) -> None:
    glow = material == Material.GLOW
    lamp = glow & (kind == Kind.LAMP)
    shine[lamp] = 0.12 if script.lamps_on <= 0 else 0.9 + 0.6 * script.lamps_on
    tint[lamp] = script.lamp
    disc = glow & (kind == Kind.DISC)
    shine[disc] = 1.4
    tint[disc] = script.sun_glow / max(float(script.sun_glow.max()), 0.2)
    sparks = glow & (kind == Kind.FIREWORK)
    colours = np.stack([hex_to_linear(code) for code in FIREWORK_TINTS])
    shine[sparks] = 1.3
    tint[sparks] = colours[(burst[sparks] * 3 + script.seed % 97) % len(colours)]  # neighbours differ


def _glare(emits: Float32, tint: Float32, kind: UInt8, labels: Int32, material: UInt8, unit: float) -> Float32 | None:
    """Bright small lights bleed into the air: close and strong, then wide and faint."""
    glare = np.where(material == Material.GLOW, emits, 0) * np.where(kind == Kind.FIREWORK, 1.0, 0.5)
    shown = np.flatnonzero((glare > 0) & (np.bincount(labels.ravel(), minlength=len(glare)) > 0))
    if len(shown) == 0:
        return None
    total = np.zeros((3, *labels.shape), np.float32)
    # Most lamps are of one colour: one plane of brightness for each colour, at most three.
    colours = np.unique(tint[shown], axis=0)
    sources = [(glare * (tint == colour).all(1), colour) for colour in colours]
    if len(colours) > 3:
        sources = [(glare * tint[:, c], np.eye(3, dtype=np.float32)[c]) for c in range(3)]
    for strength, colour in sources:
        bright = strength.astype(np.float32)[labels]
        halo = np.float32(0.34) * spread_out(bright, 5 * unit)
        halo += np.float32(0.40) * _wide(bright, 26 * unit)
        for plane, part in zip(total, colour, strict=True):
            plane += halo * part
    return total.transpose(1, 2, 0)


def _wide(plane: Float32, sigma: float) -> Float32:
    """``spread_out`` for a wide blur: nothing fine is left, so a third of the size is enough."""
    if min(plane.shape) < 60 or sigma < 8:
        return spread_out(plane, sigma)
    more = (0, -plane.shape[0] % 3), (0, -plane.shape[1] % 3)
    whole = Image.fromarray(np.pad(plane, more, mode="symmetric"))
    small = spread_out(np.asarray(whole.reduce(3), np.float32), sigma / 3)
    size = plane.shape[1], plane.shape[0]
    box = (0, 0, size[0] / 3, size[1] / 3)
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC, box=box), np.float32)


def _under_awnings(labels: Int32, material: UInt8, forms: Forms, script: ColourScript) -> Float32:
    """Shops light the pavement from under their awnings; the lamps themselves are out of sight."""
    lit = open_shops(material, forms, script)
    if not lit.any():
        return np.zeros((*labels.shape, 3), np.float32)
    cloth = lit[labels]
    hem = np.zeros(labels.shape, np.float32)
    hem[:-1] = cloth[:-1] & ~cloth[1:]
    hem = mahotas.dilate(hem > 0, np.ones((max(3, labels.shape[0] // 90) | 1, 3), bool)).astype(np.float32)
    strength = 0.55 * script.lamps_on * (1.0 if script.light.night else 0.5)
    return np.asarray(strength * hem[..., None] * hex_to_linear("#ffc684"), np.float32)


def _spread(emission: Float32, rows: int) -> Float32:
    """Blur at three radii; energy per lamp stays the same, so many lamps make a bright street."""
    factor = min(1.0, _REDUCED_ROWS / rows)
    size = Extent(emission.shape[1], emission.shape[0]).scaled(factor)
    unit = size.height / 1080
    total = np.zeros((size.height, size.width, 3), np.float32)
    for c in range(3):
        plane = Image.fromarray(np.ascontiguousarray(emission[..., c]))
        small = np.asarray(plane.resize((size.width, size.height), Image.Resampling.BOX), np.float32)
        for radius, gain in _RADII:
            # The peak of a blurred lamp falls with the square of the radius: give a part of it back.
            total[..., c] += gain * np.sqrt(radius / 14) * _gauss(small, max(radius * unit, 0.5))
    return total


def _at_size(field: Float32, shape: tuple[int, ...]) -> Float32:
    """(h, w, 3) means over the pixels of a smaller ``shape``."""
    size = shape[1], shape[0]
    planes = [
        np.asarray(Image.fromarray(np.ascontiguousarray(field[..., c])).resize(size, Image.Resampling.BOX))
        for c in range(3)
    ]
    return np.stack(planes, -1).astype(np.float32)


def _gauss(plane: Float32, sigma: float) -> Float32:
    padded = np.pad(plane, ((0, int(2 * sigma) + 1), (0, 0)), mode="constant")
    return spread_out(padded, sigma)[: plane.shape[0]]


def _from_above(shape: tuple[int, int]) -> Float32:
    """Fireworks that burst outside the drawing: coloured light from two places in the sky."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / shape[0]
    wide = shape[1] / shape[0]
    total = np.zeros((*shape, 3), np.float32)
    for at, code in ((0.3, FIREWORK_TINTS[5]), (0.72, FIREWORK_TINTS[1])):
        near = np.exp(-(((x - at * wide) / 0.8) ** 2) - ((y - 0.15) / 0.9) ** 2)
        total += 0.11 * near[..., None] * hex_to_linear(code)
    return total


def _on_walls(fall: Float32, labels: Int32, material: UInt8) -> Float32:
    """Lamplight on walls and awnings, which wet ground mirrors too; (h, w, 3) of the labels' size."""
    lit = np.isin(material, (Material.WALL, Material.CLOTH, Material.WOOD))[labels]
    size = (labels.shape[1], labels.shape[0])
    planes = [
        np.asarray(Image.fromarray(np.ascontiguousarray(fall[..., c])).resize(size, Image.Resampling.BILINEAR))
        for c in range(3)
    ]
    return np.asarray(0.30 * np.stack(planes, -1) * lit[..., None], np.float32)


def _drawn_down(emission: Float32) -> Float32:
    """Each light leaves a streak under it, as on wet asphalt."""
    streak = np.zeros_like(emission)
    row: NDArray[np.float32] = np.zeros(emission.shape[1:], np.float32)
    keep = np.float32(0.985 ** (540 / emission.shape[0]))
    for y in range(emission.shape[0]):
        row = np.maximum(row * keep, emission[y])
        streak[y] = row
    # Ripples lean: a streak is soft at its sides, and those of a row of windows run together.
    wide = max(3.2 * emission.shape[0] / 540, 0.125)
    planes = [gaussian(streak[..., c], wide, axis=1, nearest=True) for c in range(3)]
    return np.asarray(np.stack(planes, -1), np.float32)
