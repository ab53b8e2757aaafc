"""Rock: flat faces that turn to the light or away from it, cracks where they part, moss on what faces up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import bridge
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept, outward, small_ink, thickness, top_of_column
from genzu.engines.embedded.lumps import Batch, Lump, Relief, batch, heap, line_relief, smoothstep
from genzu.engines.embedded.materials.built import keep_form
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.planes import Planes, cleaved
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.stones import compact, waterlines
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface, tinted
from genzu.engines.embedded.weathering import snowed
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_SIZES = ((26.0, 0.8), (48.0, 0.8), (54.0, 2.2))
"""Units: widths of facets, and their heights in widths, for stones, boulders and cliffs: these split upright."""
_CLIFF = (60.0, 110.0)
"""Half the width, in units, from which rock begins to be a cliff, and is one."""
_TURF, _BEDS = (12.0, 74.0), 0.10
"""Units below the crest of a cliff to which turf grows everywhere, and nowhere; how much its beds differ."""

_LID_INK = 40
"""Byte of ink of a line inside a stone."""
_COOL, _SOAKED = (0.84, 0.95, 1.10), (0.42, 0.46, 0.50)
"""Tints of a side in shade, and of stone that is wet."""
_DEEP = 0.24
"""Share of the sky that is hidden from the side in shade of a single stone, besides that of any rock."""
_UNLIKE = 0.20
"""How much lighter or darker than the others a stone may be."""
_GREY, _PALER = np.array([1.0, 1.0, 0.98], np.float32), 0.45
"""Colour in which single stones have less of the cliffs' colour, and how much less."""
_LICHEN = hex_to_linear("#c9c8a4")
_CUT = 1.3
"""Units over which the top of a stone goes over into its side."""


def _shapes(patch: Patch, mask: Bool) -> tuple[Relief, Float32]:
    """Chips on the facets, and the turns of form at drawn lines."""
    return heap(patch, _chips(patch, mask), Lump.FACET), line_relief(patch, 6)


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Flat faces in three values, cut against each other; the top ones are light, the undercut ones dark."""
    towards = patch.light.towards
    form_x, form_y = outward(patch)
    small, turns = patch.formed(_shapes)
    size = thickness(patch)
    large = np.clip(size / 40, 0.3, 1.0)
    single = compact(patch.scene)
    stone = patch.of_region(single)
    # A cliff has facets, a stone the three planes that a block of its size shows.
    lit, top, base = _blocks(patch)
    lit = lit + 0.05 * small.facing(towards, 0)
    tone = patch.of_region(patch.scene.regions.chance) * 2 - 1
    up: Float32 = np.clip(0.55 * top - 0.5 * form_y, 0, 1).astype(np.float32)
    crack: Float32 = np.zeros(patch.shape, np.float32)
    beds: Float32 | None = None
    if (single[patch.scene.regions.material == Material.ROCK] == 0).any():
        faces, cliff = _faces(patch, size), smoothstep(*_CLIFF, size)
        cut = 0.95 * faces.facing(towards, 0.2) * (0.6 + 0.4 * large) + 0.12 * small.facing(towards, 0)
        cut = cut + 0.40 * (form_x * towards[0] + form_y * towards[1])
        lit = np.asarray(cut + (lit - cut) * stone, np.float32)
        own = faces.tone * (1 - 0.7 * cliff)
        tone = own + (tone - own) * stone
        level = np.clip(-0.8 * form_y - 0.5 * faces.ny, 0, 1).astype(np.float32)
        level = (level + (_turf(patch) - level) * cliff).astype(np.float32)
        up = (level + (up - level) * stone).astype(np.float32)
        # Only some faces part in a crack; the others meet in an edge without a line.
        parting = smoothstep(1.7, 0.5, faces.seam) * smoothstep(0.1, 0.5, faces.tone)
        crack = np.asarray(parting * large * (1 - stone) * (1 - 0.6 * cliff), np.float32)
        beds = _beds(patch) * cliff * (1 - stone)
    # A face that was drawn by itself has a light of its own.
    drawn = patch.of_region(patch.scene.regions.chance) - np.float32(0.5)
    lit = (
        lit
        + 0.45 * turns
        + 0.34 * drawn * (1 - 0.7 * smoothstep(60, 120, size)) * (1 - 0.6 * stone)
        + 0.04 * patch.noise(16, 1011, octaves=3)
    )
    light = 0.08 + 0.42 * smoothstep(-0.20, 0.0, lit) + 0.46 * smoothstep(0.30, 0.46, lit)
    # Where a stone sits in the ground no light comes from below.
    foot = stone * base
    wet = _wet(patch) * stone
    kin = [patch.script.local(Material.ROCK, k) for k in range(patch.script.local_count(Material.ROCK))]
    share = np.clip(0.5 + 0.6 * tone + 0.25 * patch.noise(70, 1013), 0, 1)[..., None]
    albedo = (kin[0] + (kin[-1] - kin[0]) * share) * (1 + 0.07 * patch.noise(9, 1014, octaves=2))[..., None]
    if beds is not None:
        albedo = albedo * (1 + beds)[..., None]
    albedo = _own_colour(patch, albedo.astype(np.float32), stone)
    albedo = _mossy(patch, albedo, up * (1 - 0.55 * stone))
    albedo = _with_lichen(patch, albedo, stone * smoothstep(-0.2, 0.3, lit) * (1 - foot))
    albedo = tinted(albedo, 1.10, 1.03, 0.88, smoothstep(0.2, 0.6, lit))
    # The side in shade has the sky's colour, and what comes off the water.
    albedo = tinted(albedo, *_COOL, stone * smoothstep(0.1, -0.25, lit))
    albedo = tinted(albedo, 0.80, 0.90, 1.02, foot)
    albedo = tinted(albedo, *_SOAKED, wet)
    hidden = (0.25 + _DEEP * stone) * smoothstep(0.1, -0.3, lit)
    surface = Surface(
        albedo=snowed(patch, albedo, 0.20 + 0.9 * up),
        light=(light * (1 - 0.6 * crack) * (1 - 0.75 * foot)).astype(np.float32),
        openness=((0.95 + 0.05 * stone * top - 0.35 * crack - hidden) * (1 - 0.5 * foot)).astype(np.float32),
        bounce=(0.25 + 0.35 * np.clip(form_y, 0, 1)).astype(np.float32),
    )
    built = bridge.faced(patch)
    if built is None:
        return surface
    deck = patch.of_region(bridge.decks(patch.scene))
    face = bridge.stone_of_deck(patch, *built)
    return Surface(
        albedo=np.where(deck[..., None] > 0, face.albedo, surface.albedo),
        light=np.where(deck > 0, face.light, surface.light),
        openness=np.where(deck > 0, face.openness, surface.openness),
        bounce=np.where(deck > 0, face.bounce, surface.bounce),
    )


def _turf(patch: Patch) -> Float32:
    """(h, w) 0–1: grass on a cliff's back, torn off where it falls away, with tongues down the clefts."""
    below = patch.y - top_of_column(patch, Material.ROCK)
    ragged = below + 46 * patch.noise(90, 1051, octaves=3) + 16 * patch.noise(17, 1052, octaves=2)
    return np.asarray(smoothstep(_TURF[1], _TURF[0], ragged), np.float32)


def _beds(patch: Patch) -> Float32:
    """(h, w): lighter and darker beds of rock, nearly level, one upon the other."""
    return np.float32(_BEDS) * patch.noise(20, 1053, octaves=2, stretch=14.0) * (0.6 + 0.8 * patch.noise(150, 1054))


def _own_colour(patch: Patch, albedo: Float32, stone: Float32) -> Float32:
    """Each stone is of its own rock: warm or bluish, light or dark, as a river brings them together."""
    table = patch.scene.regions
    place = table.left.astype(np.int64), table.top.astype(np.int64)
    seed = mix_seed(patch.script.seed, 1041)
    warm, light = (hash_unit(*place, mix_seed(seed, k)) * 2 - 1 for k in range(2))
    hue = 1.5 * patch.of_region(warm.astype(np.float32)) * stone
    value = 1 + _UNLIKE * patch.of_region(light.astype(np.float32)) * stone
    plain = albedo @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    grey = albedo + (plain[..., None] * _GREY - albedo) * (_PALER * stone)[..., None]
    return tinted(grey, 1.07, 1.00, 0.88, hue) * value[..., None]


def _with_lichen(patch: Patch, albedo: Float32, where: Float32) -> Float32:
    """A few pale rosettes on what is dry and in the light; each stone has them in one group, or none."""
    if patch.script.snow > 0.5:
        return albedo
    grouped = smoothstep(0.05, 0.45, patch.noise(38, 1042, octaves=1))
    spots = smoothstep(0.40, 0.52, patch.noise(6.5, 1043, octaves=2)) * grouped * where
    return np.asarray(albedo + (_LICHEN - albedo) * (0.42 * spots)[..., None], np.float32)


def _wet(patch: Patch) -> Float32:
    """(h, w) 0–1: how wet a stone is: a dark band where it stands in water."""
    band = kept(patch.scene, "wet stones", waterlines)
    if not band.any():
        return np.zeros(patch.shape, np.float32)
    height = patch.scene.sample(band, patch.bounds) + 0.16 * patch.noise(9, 1044, octaves=2, stretch=2.0)
    return np.asarray(smoothstep(0.30, 0.62, height), np.float32)


def _blocks(patch: Patch) -> tuple[Float32, Float32, Float32]:
    """(h, w) each: light of a stone's planes (top, lit side, side in shade), and 0–1 its top and its foot.

    The planes part along straight edges that are another for each stone; where the top was drawn by itself it is one.
    """
    table, forms, ids = patch.scene.regions, patch.scene.forms, patch.ids
    u, v, wide, tall = patch.box
    seed = mix_seed(patch.script.seed, 1031)
    place = table.left.astype(np.int64), table.top.astype(np.int64)
    chance = np.stack([hash_unit(*place, mix_seed(seed, k)) for k in range(4)], -1)[ids] - np.float32(0.5)
    layers = kept(patch.scene, "planes of stones", _layers)[ids]
    ragged = 1.6 * patch.noise(13, 1032, octaves=2)
    away = -np.sign(patch.light.towards[0])
    edge = 0.30 + 0.10 * chance[..., 0] + 0.26 * chance[..., 1] * (u - 0.5)
    lids = kept(patch.scene, "lids of stones", _lids).take(ids, axis=0, mode="clip")
    drawn = (lids[..., 0] + lids[..., 1] * (patch.x - forms.x[ids]) - patch.y) / tall + v
    edge = np.where(lids[..., 2] > 0, drawn, edge)
    edge = np.where(layers > 0, 1.5, np.where(layers < 0, -1, edge))
    ragged = ragged * (lids[..., 2] <= 0)
    top = smoothstep(-_CUT, _CUT, (edge - v) * tall + ragged)
    corner = 0.54 + 0.20 * chance[..., 2] + (0.30 * chance[..., 3] + 0.12 * away) * (v - 0.5)
    dark = smoothstep(-4.5, 4.5, away * (u - corner) * wide + ragged)
    side = 0.27 - 0.55 * dark
    base = smoothstep(0.55, 0.96, v) * (layers <= 0)
    return np.asarray(side + (0.62 - side) * top, np.float32), top, np.asarray(base, np.float32)


def _lids(scene: Scene) -> Float32:
    """(n, 3) row in units at the middle of a stone and slope of the line that was drawn where its top ends, and 1.

    The last is 0 for stones without such a line: a level stroke well inside the stone's outline.
    """
    labels, forms = scene.small_regions, scene.forms
    count = len(scene.regions.material)
    inside = (small_ink(scene) > _LID_INK) & (scene.small_materials == Material.ROCK)
    for axis in (0, 1):
        for step in (-2, 2):
            inside &= np.roll(labels, step, axis) == labels
    rows, columns = np.nonzero(inside)
    owner, k = labels[rows, columns], np.float32(scene.shrink * scene.unit)
    x, y = columns / k - forms.x[owner], rows / k
    wide = np.maximum(scene.regions.right - scene.regions.left, 1) / scene.unit
    tall = np.maximum(scene.regions.bottom - scene.regions.top, 1) / scene.unit

    def total(values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(owner, values, count), np.float64)

    size = np.maximum(np.bincount(owner, minlength=count), 1)
    mean_x, mean_y = total(x) / size, total(y) / size
    dx, dy = x - mean_x[owner], y - mean_y[owner]
    spread = np.maximum(total(dx * dx), 1)
    slope = total(dx * dy) / spread
    off = np.sqrt(total((dy - slope[owner] * dx) ** 2) / size)
    level = (
        (size / k > 0.24 * wide) & (np.abs(slope) < 0.55) & (off < 0.075 * tall) & (spread / size > (0.14 * wide) ** 2)
    )
    above = mean_y - scene.regions.top / scene.unit
    level &= (above > 0.08 * tall) & (above < 0.6 * tall)
    return np.stack([mean_y - slope * mean_x, slope, level], -1).astype(np.float32)


def _layers(scene: Scene) -> Float32:
    """(n,) 1 for a flat face that lies on another stone's face as its top, −1 for the face below it, 0 for the rest."""
    labels, table = scene.small_regions, scene.regions
    rock = (table.material == Material.ROCK) & (table.area > 0)
    found = np.zeros(len(table.material), np.float32)
    upper, lower = labels[:-1], labels[1:]
    touch = (upper != lower) & rock[upper] & rock[lower]
    pairs, contact = np.unique(np.stack([upper[touch], lower[touch]], 1), axis=0, return_counts=True)
    wide, tall = table.right - table.left, table.bottom - table.top
    for (above, below), length in zip(pairs.tolist(), contact.tolist(), strict=True):
        flat = tall[above] < 0.62 * tall[below] and tall[above] < 0.5 * wide[above]
        if flat and length / scene.shrink > 0.55 * wide[above] and wide[above] > 0.5 * wide[below]:
            found[above], found[below] = 1, -1
    return found


def _faces(patch: Patch, size: Float32) -> Planes:
    """Facets as large as what they are on: ``size`` (h, w) is half its width in units."""
    level = np.where(size < 24, 0, np.where(size < 60, 1, 2))
    faces: Planes | None = None
    for k in np.unique(level).tolist():
        these = cleaved(patch, Material.ROCK, _SIZES[k][0], 1021 + 10 * k, tall=_SIZES[k][1])
        faces = these if faces is None else these.where(level == k, faces)
    assert faces is not None
    return faces


def _chips(patch: Patch, mask: Bool) -> Batch:
    points = scatter(patch, mask, 16.0, 1024, squash=0.8)
    points = points.where(points.chance[:, 0] < 0.6)
    return batch(points, (10.0 * (0.7 + 0.5 * points.chance[:, 3]) * patch.unit).astype(np.float32))


def _mossy(patch: Patch, albedo: Float32, up: Float32) -> Float32:
    if patch.script.conditions.season is Season.WINTER:
        return albedo
    share = smoothstep(0.30, 0.75, up + 0.45 * patch.noise(34, 1015, octaves=3)) * 0.55
    moss = hex_to_linear("#75803f")
    return np.asarray(albedo + (moss - albedo) * share[..., None], np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Short flat strokes across each plane, dry brush on the light ones, a little spatter."""
    size = np.clip(thickness(patch) / 60, 0.35, 1.15).astype(np.float32)
    angles = np.where(size > 0.8, 1.45, -0.9 * np.sign(patch.light.towards[0])) + 0.3 * patch.noise(60, 174)
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.FLAT, length=18, width=7, spacing=8, salt=171, turn=0.22, value=0.014, hue=0.005, opacity=0.38),
        sizes=size, angles=angles.astype(np.float32),
    )  # fmt: skip
    light = np.asarray(base[..., 0] > 0.5)
    brush_over(
        patch, base, canvas, mask & light,
        Layer(tip=Tip.BRISTLE, length=20, width=6, spacing=17, salt=172, angle=0.2, turn=0.4, value=0.03, hue=0.004,
              opacity=0.42),
        sizes=size, lift=np.full(patch.shape, 0.02, np.float32),
    )  # fmt: skip
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SPATTER, length=26, width=26, spacing=30, salt=173, turn=3, value=0.06, hue=0.003, opacity=0.35),
        sizes=size,
    )  # fmt: skip


def finish(_patch: Patch, base: Float32, canvas: Float32) -> None:
    """The edges between the faces stay cut."""
    keep_form(base, canvas, value=0.02, hue=0.010)
