"""Bridges of stone: a ring of voussoirs around the drawn arch, coursed masonry up to the deck, and the deck's face.

Where the arches are is found in ``arches``; what is painted here stands where the materials picture has water, and on
stone that lies right over it.
"""

from __future__ import annotations

from typing import NamedTuple

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded import arches
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.surface import Surface, relight, tinted
from genzu.engines.embedded.weathering import snowed
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import oklab_from_linear

_RING, _VOUSSOIR = 17.0, 15.0
"""Units: height of the stones of the ring, and their width along the arch."""
_COURSE, _STONE = 13.0, 31.0
"""Units: height of a course, and mean length of its stones."""
_COPING, _SLAB = 11.0, 52.0
"""The same of the stones that close a deck above."""
_JOINT = 1.5
"""Units: width of a joint."""
_WET = 13.0
"""Units above the water in which stone is dark and green."""
_UNDER = 13.0
"""Units below a deck in which it is in its shade."""
_THICK = 110.0
"""Units: what is thicker over an arch is a hill, and no deck."""
_UNLIKE = 0.24
"""How much lighter or darker than the others a stone may be."""
_PALE = np.array([1.30, 1.20, 1.02], np.float32)
"""Colour of the quarry's stone, as multiples of the lightness of rock."""
_HUE = np.array([0.05, 0.0, -0.09], np.float32)
"""How much redder or bluer than the others a stone may be."""
_RAILED = (70.0, 0.5)
"""Units of height of a panel of water behind a railing, and the share of its lower side that lies on the deck."""
_BEYOND = 5.0
"""Units over a railing from which on what lies behind it is seen."""


class _Laid(NamedTuple):
    """(h, w) each."""

    tone: Float32
    """−1…1, one value per stone."""
    joint: Float32
    """0–1: in a joint."""
    worn: Float32
    """−1…1: at the upper edge of a stone, or at its lower one."""


def walled(patch: Patch, light: Float32) -> Float32:
    """Water's (h, w, 3) linear light with the masonry that stands in it."""
    part = arches.near(patch)
    wall = None if part is None else _wall(part)
    if part is None or wall is None:
        return light
    colour, share = wall
    light = light.copy(order="K")
    plain = light[part.within(patch)]
    plain += (colour - plain) * share[..., None]
    return light


def standing(patch: Patch, canvas: Float32) -> None:
    """The same on the (h, w, 3) OKLab canvas, in place: the water's level strokes have run over it."""
    part = arches.near(patch)
    if part is None:
        return
    canvas, patch = canvas[part.within(patch)], part
    there = (arches.seen(patch)[..., arches.WALL] > 0.02) & (patch.materials == Material.WATER)
    for piece in patch.pieces(there):
        wall = _wall(piece)
        if wall is None:
            continue
        view = piece.within(patch)
        colour, share = wall
        colour = oklab_from_linear(piece.script.graded(colour))
        share = share * (piece.materials == Material.WATER)
        plain = canvas[view]
        plain += (colour - plain) * share[..., None]


def decks(scene: Scene) -> Float32:
    """(n,) by region id: 1 for stone that lies over an arch as a bridge's deck."""
    return kept(scene, "decks", _decks)


def faced(patch: Patch) -> tuple[_Laid, Float32] | None:
    """How the decks in this patch are built, and (h, w) units below their upper edge; ``None`` if there is none."""
    if not patch.of_region(decks(patch.scene)).any():
        return None
    down = patch.y - patch.scene.sample(kept(patch.scene, "tops of decks", _tops), patch.bounds)
    down = np.maximum(down, 0).astype(np.float32)
    slabs = _courses(patch, down, _COPING, _SLAB, 1071)
    below = _courses(patch, down - _COPING, _COURSE, _STONE, 1072)
    coping = down < _COPING
    return _Laid(*(np.where(coping, a, b).astype(np.float32) for a, b in zip(slabs, below, strict=True))), down


def behind_railing(patch: Patch, canvas: Float32) -> None:
    """What was read as water behind a railing shows what goes on behind it; (h, w, 3) OKLab, in place."""
    field = kept(patch.scene, "railings", _railings)
    if not field.any():
        return
    seen = patch.scene.sample(field[..., 0], patch.bounds) > 0.5
    seen &= patch.materials == Material.WATER
    rows, columns = np.nonzero(seen)
    if len(rows) == 0:
        return
    over = patch.scene.sample(field[..., 1], patch.bounds)[rows, columns]
    # It is the picture above the rail, turned over.
    y = patch.y[rows, 0]
    away = np.clip(y - over, 0, _RAILED[0] / 2)
    # No farther up than a tile knows what is finished.
    source = np.rint(np.maximum(over - away - _BEYOND, y - _RAILED[0]) * patch.unit).astype(np.int64) - patch.bounds.y
    canvas[rows, columns] = canvas[np.clip(source, 0, patch.bounds.height - 1), columns]


def prepare(scene: Scene) -> None:
    """Make what every tile looks up."""
    decks(scene)
    kept(scene, "tops of decks", _tops)
    kept(scene, "railings", _railings)


def _wall(patch: Patch) -> tuple[Float32, Float32] | None:
    """(h, w, 3) linear light of masonry, and (h, w) 0–1 where it is."""
    field = arches.seen(patch)
    away, up = field[..., arches.AWAY], field[..., arches.UP]
    lap = up + 0.9 * patch.noise(14, 1073, octaves=2, stretch=3.0)
    share = smoothstep(0.3, 0.7, field[..., arches.WALL]) * smoothstep(-0.4, 0.8, lap)
    share = share * smoothstep(
        -arches.SOFFIT - 0.7, -arches.SOFFIT + 0.7, away + 0.5 * patch.noise(11, 1074, octaves=1)
    )
    if not share.any():
        return None
    ring = _courses(patch, field[..., arches.ARC], _VOUSSOIR, 1e5, 1075)
    level = _courses(patch, up, _COURSE, _STONE, 1076)
    on_ring = smoothstep(_RING + 0.5, _RING - 0.5, away)
    laid = _Laid(*(b + (a - b) * on_ring for a, b in zip(ring, level, strict=True)))
    edge = np.clip(1.4 - np.abs(away - _RING), 0, 1)
    soffit = smoothstep(0.8, -0.8, away)
    albedo = _albedo(patch, laid, np.asarray(0.25 * on_ring * (1 - soffit), np.float32))
    streaks = smoothstep(0.05, 0.6, patch.noise(60, 1081, octaves=2, stretch=0.16)) * (1 - 0.6 * on_ring)
    albedo = tinted(albedo, 0.72, 0.76, 0.70, streaks)
    wet = smoothstep(_WET, 2, lap + 4 * patch.noise(19, 1077, octaves=2))
    albedo = tinted(albedo, 0.50, 0.60, 0.48, wet)
    albedo = tinted(albedo, 0.78, 0.88, 1.06, soffit)
    over = np.maximum(patch.y - patch.scene.sample(kept(patch.scene, "feet of decks", _feet), patch.bounds), 0)
    shade = np.exp(-over / _UNDER)
    dark = np.maximum(laid.joint, edge)
    surface = Surface(
        albedo=albedo,
        light=((0.42 + 0.18 * laid.worn + 0.10 * on_ring) * (1 - 0.75 * shade) * (1 - 0.9 * soffit)).astype(np.float32),
        openness=(0.86 * (1 - 0.35 * dark) * (1 - 0.35 * shade) * (1 - 0.55 * soffit)).astype(np.float32),
        bounce=(0.5 + 0.3 * soffit).astype(np.float32),
        shadowed=False,
    )
    return relight(surface, patch), np.asarray(share, np.float32)


def _albedo(patch: Patch, laid: _Laid, pale: Float32) -> Float32:
    """(h, w, 3) local colour of stones that came from one quarry."""
    plain = patch.script.local(Material.ROCK, 0)
    grey = plain + (plain.mean() * _PALE - plain) * np.float32(0.75)
    mottled = 1 + 0.12 * patch.noise(8, 1078, octaves=3, stretch=1.6) + 0.10 * patch.noise(44, 1079, octaves=2)
    value = (1 + _UNLIKE * laid.tone + 0.45 * pale) * mottled * (1 - 0.30 * laid.joint)
    hue = np.mod(laid.tone * np.float32(3.7), 2) - 1
    return np.asarray(grey * value[..., None] * (1 + hue[..., None] * _HUE), np.float32)


def stone_of_deck(patch: Patch, laid: _Laid, down: Float32) -> Surface:
    """The face of a deck: its coping in the light, and courses below in the shade of that."""
    coping = smoothstep(_COPING + 0.5, _COPING - 0.5, down)
    top = smoothstep(3.4, 1.6, down)
    jut = np.exp(-np.maximum(down - _COPING, 0) / 4.5) * (1 - coping)
    albedo = _albedo(patch, laid, np.asarray(coping, np.float32))
    stained = smoothstep(0.1, 0.6, patch.noise(26, 1080, octaves=2, stretch=0.4)) * (1 - coping)
    albedo = tinted(albedo, 0.80, 0.82, 0.80, stained)
    light = 0.46 + 0.18 * laid.worn + 0.10 * coping + 0.45 * top
    return Surface(
        albedo=snowed(patch, albedo, np.where(down < 6, 1, 0).astype(np.float32)),
        light=(light * (1 - 0.7 * jut) * (1 - 0.35 * laid.joint)).astype(np.float32),
        openness=((0.86 + 0.14 * top) * (1 - 0.25 * laid.joint) * (1 - 0.35 * jut)).astype(np.float32),
        bounce=0.4,
        shadowed=False,
    )


def _courses(patch: Patch, level: Float32, high: float, long: float, salt: int) -> _Laid:
    """Stones in courses of equal height, each of its own length; ``level`` (h, w) in units grows across the courses."""
    seed = mix_seed(patch.script.seed, salt)
    # Laid by hand: no course is quite level, and some joints are closed.
    level = level + np.float32(0.12 * high) * patch.noise(70, salt + 11, octaves=2, stretch=1.5)
    row = np.floor(level / high).astype(np.int64)
    none = np.zeros_like(row)
    length = (long * (0.8 + 0.4 * hash_unit(row, none, seed))).astype(np.float32)
    along = patch.x / length + hash_unit(row, none + 1, seed)
    column = np.floor(along).astype(np.int64)
    # No two stones are of one length: each joint is moved a little.
    before, after = (column + step + 0.34 * (hash_unit(row, column + step, seed + 1) - 0.5) for step in (0, 1))
    column = column - (along < before) + (along > after)
    beside = np.minimum(np.abs(along - before), np.abs(along - after)) * length
    within = level - row * high
    across = np.minimum(within, high - within)
    gap = np.minimum(beside, across) + 0.5 * patch.noise(6, salt + 7, octaves=1)
    open_joint = np.clip(0.75 + 0.9 * patch.noise(24, salt + 13, octaves=2), 0.2, 1)
    tone = hash_unit(row, column, seed + 2) * 2 - 1
    return _Laid(
        np.asarray(tone, np.float32),
        smoothstep(0.5 * _JOINT + 0.6, 0.5 * _JOINT - 0.5, np.asarray(gap, np.float32)) * open_joint,
        np.asarray(np.clip(1 - within / 3.2, 0, 1) - np.clip(1 - (high - within) / 3.2, 0, 1), np.float32),
    )


def _over(scene: Scene) -> Bool:
    """(h, w) at the reduced size: right above masonry, or above the vault itself."""
    field = arches.field_of(scene)
    if not field.size:
        return np.zeros(scene.small_materials.shape, bool)
    wall = field[..., arches.WALL] > 0.5
    reach = max(2, round(8 * scene.shrink * scene.unit))
    above = np.zeros_like(wall)
    for step in range(1, reach + 1):
        above[:-step] |= wall[step:]
    return above & ~wall


def _decks(scene: Scene) -> Float32:
    found = np.zeros(len(scene.regions.material), np.float32)
    table, k = scene.regions, scene.shrink * scene.unit
    touched = np.bincount(scene.small_regions[_over(scene)], minlength=len(found)) > 12 * k
    thick = table.area / np.maximum(table.right - table.left, 1) / scene.unit
    found[touched & (table.material == Material.ROCK) & (thick < _THICK)] = 1
    found[0] = 0
    return found


def _edges(scene: Scene, last: bool) -> Float32:
    """(1, w) units: first or last row of a deck in each column, evened out; far below where there is none."""
    deck = decks(scene)[scene.small_regions] > 0
    there, k = deck.any(0), np.float32(scene.shrink * scene.unit)
    if not there.any():
        return np.full((1, deck.shape[1]), 1e4, np.float32)
    rows = (len(deck) - deck[::-1].argmax(0) if last else deck.argmax(0)).astype(np.float32)
    columns = np.arange(deck.shape[1])
    rows = np.interp(columns, columns[there], rows[there]).astype(np.float32)
    return np.asarray(mahotas.gaussian_filter1d(rows, max(1.0, 5 * k)) / k, np.float32)[None]


def _tops(scene: Scene) -> Float32:
    return np.broadcast_to(_edges(scene, last=False), scene.small_materials.shape).copy()


def _feet(scene: Scene) -> Float32:
    return np.broadcast_to(_edges(scene, last=True), scene.small_materials.shape).copy()


def _railings(scene: Scene) -> Float32:
    """(h, w, 2) at the reduced size: 1 in panels of water that stand on a deck, and units: row where they begin."""
    labels, table = scene.small_regions, scene.regions
    deck, k = decks(scene)[labels] > 0, np.float32(scene.shrink * scene.unit)
    found = np.zeros((*labels.shape, 2), np.float32)
    if not deck.any():
        return found
    low = max(1, round(4 * k))
    water = scene.small_materials == Material.WATER
    count = len(table.material)
    ends = water.copy()
    ends[:-1] &= labels[1:] != labels[:-1]
    rows, columns = np.nonzero(ends[:-low])
    stands = np.zeros(len(rows), bool)
    for step in range(1, low + 1):
        stands |= deck[rows + step, columns]
    owner = labels[rows, columns]
    share = np.bincount(owner, stands, count) / np.maximum(np.bincount(owner, minlength=count), 1)
    panel = (table.material == Material.WATER) & (share > _RAILED[1])
    panel &= (table.bottom - table.top) / scene.unit < _RAILED[0]
    panel[0] = False
    inside = panel[labels] & water
    columns = np.flatnonzero(inside.any(0))
    if len(columns) == 0:
        return found
    found[..., 0] = inside
    # Beside a panel the row goes on: half-way to a row of nothing would be the sky.
    found[..., 1] = np.interp(np.arange(labels.shape[1]), columns, inside.argmax(0)[columns] / k)[None]
    return found
