"""Foliage: crowns built from clumps of leaves at three scales, lit as one mass, with gaps to the dark and to the sky.

The value groups are a background painter's: about a quarter in the light, half in the middle, a third in the dark.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Season
from genzu.engines.embedded import twigs
from genzu.engines.embedded.backdrop import between_twigs
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.conifers import conifers, crown_of, hanging, tiered
from genzu.engines.embedded.fields import (
    air_of_tree,
    distance_to,
    foot_of_column,
    local_thickness,
    outward,
    thickness,
    top_of_column,
    undrawn,
)
from genzu.engines.embedded.leaf_colours import albedo_of, evergreen
from genzu.engines.embedded.lumps import (
    Batch,
    Lump,
    Relief,
    batch,
    grown,
    heap,
    joined,
    laid_over,
    line_relief,
    smoothstep,
)
from genzu.engines.embedded.noise import mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.soft import one_of, soft_bytes
from genzu.engines.embedded.strokes import Layer, brush_over, scatter
from genzu.engines.embedded.surface import Surface, tinted
from genzu.engines.embedded.weathering import snowed
from genzu.picture.arrays import Bool, Float32
from genzu.picture.spires import Conifer

REACH = 104.0
"""Units around leaves that their masses of light and shade are told from: three times the widest blur."""
TORN = 26.0
"""Units from an edge that nobody drew within which leaves are torn."""
_FEW = 0.25
"""Share of leaves around a place, from which their mean counts."""
_NO_FARTHER = 5.0
"""Units by which the air may be farther off than the edge of the leaves and still be what lies behind it."""
_WHOLE = 0.8
"""Share of what is left of torn leaves up to which a leaf painted there would have the air's colour."""
_SPRAY = 30.0
"""Units around a conifer that its sprays may reach."""
_TOO_FAR = 0.72
"""Depth from which a wood is too far for its smallest clumps."""
_MIST = 2.3
"""How much of the air's density lies at the foot of a far wood."""
_APART = 0.50
"""How much more of the light falls on the nearest masses of a crown than on the deepest."""
_WARM_SHADE = 0.84, 0.78, 0.76
"""What is left of red, green and blue in the shade of dry leaves."""
_GLOWING_SHADE = 1.5
"""Share of its own chroma that the shade of dry leaves gains: light comes through them."""
_TWIG_DARK = np.float32(0.72)
"""Share of its local colour that a veil of twigs keeps: each shades the others."""
_FLAT = np.float32(0.8)
"""How much shallower a turn of form at a drawn line is in twigs than in leaves."""
_BEHIND_EACH_OTHER = 0.5
"""How much more of it the farthest veil keeps than the nearest."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_SCALES = (0.40, 0.66, 1.0)
"""Sizes of crown that get clumps of their own size."""


def crown_scale(patch: Patch) -> Float32:
    """(h, w) 0.25–1: size of clumps and leaves, by the crown's size and its distance."""
    size = np.clip(thickness(patch) * patch.script.hand.brush / 105, 0.30, 1.0)
    return np.asarray(np.clip(size * (1.22 - 0.62 * patch.depth), 0.25, 1.0), np.float32)


def _shapes(patch: Patch, mask: Bool) -> tuple[Relief, Relief, Relief, Bool, Float32]:
    """Clumps of three sizes, where there are needles, and the turns of form at drawn lines."""
    scale = crown_scale(patch)
    big = heap(patch, _clumps(patch, mask, scale, 58, 40, 961, 0.55), Lump.LEAFY)
    middle = heap(patch, _clumps(patch, mask, scale, 27, 17, 962, 0.42), Lump.LEAFY)
    near = mask & (patch.depth < _TOO_FAR)
    small = heap(patch, _clumps(patch, near, scale, 11.5, 9.0, 963, 0.18), Lump.LEAFY)
    needles = np.zeros(patch.shape, bool)
    for tree in conifers(patch.scene):
        crown = crown_of(patch, tree, mask)
        if crown.any():
            big = laid_over(big, heap(patch, tiered(patch, tree, 0.85, 971), Lump.BOUGH), crown)
            middle = laid_over(middle, heap(patch, tiered(patch, tree, 0.42, 972), Lump.BOUGH), crown)
            small = laid_over(small, heap(patch, tiered(patch, tree, 0.22, 973), Lump.BOUGH), crown)
            needles |= crown
    turns = _turns(patch)
    if needles.any():
        turns = np.where(needles, np.float32(0), turns)  # there each bough turns by itself (see ``fronds``)
    return big, middle, small, needles, turns


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Light, local colour and holes of the crowns."""
    scale = crown_scale(patch)
    big, middle, small, needles, turns = patch.formed(_shapes)
    twiggy = twigs.bare(patch)
    lit = _lit(patch, big, middle, small, turns if twiggy is None else turns * (1 - _FLAT * twiggy))
    lit = lit + _standing_apart(patch)
    dark, light = 1 - smoothstep(-0.36, 0.0, lit), smoothstep(0.30, 0.60, lit)
    # What stands behind is quieter than what stands before it: fewer values, no holes.
    behind = smoothstep(0.30, 0.75, patch.depth)
    dark, light = dark * (1 - 0.30 * behind), light * (1 - 0.45 * behind)
    grouped = smoothstep(-0.25, 0.35, patch.noise(150, 976, octaves=2))
    hollow = _hollows(patch, scale) * (1 - 0.7 * needles) * (1 - 0.8 * light) * grouped
    if twiggy is not None:  # a crown of twigs has no clumps: it is one grey, lighter where the light comes from
        sprays = twiggy & ~needles
        dark, light, hollow = dark * (1 - 0.55 * sprays), light * (1 - 0.70 * sprays), hollow * (1 - 0.9 * sprays)
    albedo = albedo_of(patch, big, middle)
    green = needles if twiggy is None else needles | ~twiggy
    albedo = np.where(green[..., None], evergreen(patch, middle), albedo).astype(np.float32)
    albedo = tinted(albedo, 1.11, 1.06, 0.84, light * (0.5 + 0.5 * small.rim))
    # Warm in the light, cool in the shade; the more so the lower and harder the light.
    cool = 0.35 * patch.light.sharpness + 0.65 * patch.light.low
    shaded = 0.72 - 0.16 * cool, 0.86 - 0.06 * cool, 1.02 + 0.24 * cool
    if patch.script.conditions.season is Season.AUTUMN:  # but light comes through dry leaves, and keeps their colour
        shaded = _WARM_SHADE
        gain = (np.float32(_GLOWING_SHADE) * dark * ~green)[..., None]
        albedo = np.maximum(albedo + (albedo - (albedo @ _LUMINANCE)[..., None]) * gain, np.float32(0.004))
    albedo = tinted(albedo, *shaded, dark)
    up = smoothstep(0.0, 0.7, -0.35 * middle.ny - 0.7 * big.ny - (0.3 + 0.5 * needles) * outward(patch)[1])
    if twiggy is not None and patch.script.snow > 0:  # twigs carry it in lines, not in heaps
        up = np.where(needles | ~twiggy, up, 0.40 + 0.25 * up - 0.10 * smoothstep(0.3, 0.8, patch.depth)).astype(
            np.float32
        )
    # On needles it lies bough by bough (see ``fronds``).
    albedo = snowed(patch, albedo.astype(np.float32), np.where(needles, np.float32(0), up))
    air, cover = None, _cover(patch, scale, needles, middle, small)
    if twiggy is not None:
        thin = twigs.between(patch, twiggy & ~needles)
        air = (between_twigs(patch) * thin[..., None]).astype(np.float32)
        # Right beside the sky it is the sky itself that is seen, and no likeness of it.
        cover = cover * (1 - thin)
        albedo = albedo * ((1 - thin) * np.where(twiggy & ~needles, _veil_of_mass(patch), np.float32(1)))[..., None]
    return Surface(
        albedo=albedo,
        emission=air,
        light=(0.06 + 0.40 * (1 - dark) + 0.54 * light).astype(np.float32) * (1 - 0.85 * hollow),
        openness=((0.50 + 0.36 * (1 - dark) + 0.14 * light) * (1 - 0.45 * hollow)).astype(np.float32),
        bounce=0.15 + 0.3 * dark,
        cover=cover,
        shadowed=False,
        haze=air_of_tree(patch) * _layered(patch),
    )


def _layered(patch: Patch) -> Float32 | float:
    """(h, w) 0.5–1.35: a wood in the air stands out with its tops, and is lost at its foot, layer before layer."""
    density = patch.script.haze_density
    # In thick air wholly; in any air that is seen at all a little.
    thick = float(np.clip(max((density - 0.45) * 2.5, min(_MIST * density, 0.75)), 0, 1))
    if thick == 0 or float(patch.depth.max()) < 0.3:
        return 1.0
    top, foot = top_of_column(patch, Material.FOLIAGE), foot_of_column(patch)
    down = np.clip((patch.y - top) / np.maximum(foot - top, 24), 0, 1)
    return np.asarray(1 + thick * smoothstep(0.3, 0.7, patch.depth) * (0.85 * down - 0.50), np.float32)


def _standing_apart(patch: Patch) -> Float32:
    """(h, w): of the masses that lines part in a crown some stand nearer, in more light, and some lie deeper."""
    chance = np.mod(patch.scene.regions.chance * np.float32(7.31), 1).astype(np.float32)
    return patch.of_region((chance - np.float32(0.5)) * np.float32(_APART))


def _veil_of_mass(patch: Patch) -> Float32:
    """(h, w): share of its colour that a veil of twigs keeps: masses that lines part lie one behind the other."""
    chance = np.mod(patch.scene.regions.chance * np.float32(11.7), 1).astype(np.float32)
    # Snow lies in it everywhere.
    dark = _TWIG_DARK + (1 - _TWIG_DARK) * np.float32(patch.script.snow)
    return patch.of_region(dark + np.float32(_BEHIND_EACH_OTHER) * (chance - np.float32(0.5)))


def _turns(patch: Patch) -> Float32:
    """(h, w) about −1.5…1: turns of form at drawn lines: shade that falls off widely behind the nearer mass.

    The fold itself is dark to both sides alike, or the drawing would seem to have moved, and it is found in places
    only: a gap between leaves has no even width.
    """
    near = grown(patch, 10)
    ink = soft_bytes(near.contour, max(3.0 * patch.unit, 0.8))[patch.within(near)]
    folds = np.minimum(ink * np.float32(2.2 / 255), np.float32(1))
    folds *= np.clip(0.55 + 0.9 * patch.noise(17, 981, octaves=2), 0.1, 1.2)
    return np.asarray(0.7 * line_relief(patch, 12) + 0.8 * line_relief(patch, 30) - 0.5 * folds, np.float32)


def _clumps(patch: Patch, mask: Bool, scale: Float32, radius: float, spacing: float, salt: int, room: float) -> Batch:
    """Clumps of one size over all crowns; ``room`` is the least distance from the edge in radii."""
    parts = []
    for level, size in enumerate(_SCALES):
        low = 0.0 if level == 0 else (_SCALES[level - 1] + size) / 2
        high = 9.0 if level == len(_SCALES) - 1 else (size + _SCALES[level + 1]) / 2
        points = scatter(patch, mask & (scale >= low) & (scale < high), spacing * size, mix_seed(salt, level) % 100003)
        rows, columns = points.index
        r = radius * size * (0.72 + 0.5 * points.chance[:, 3])
        fits = patch.inner[rows, columns] > room * r
        parts.append(batch(points.where(fits), (r[fits] * patch.unit).astype(np.float32)))
    return joined(parts)


def _lit(patch: Patch, big: Relief, middle: Relief, small: Relief, turns: Float32) -> Float32:
    """About −1…1: the whole crown's form first, then its clumps."""
    towards = patch.light.towards
    form_x, form_y = outward(patch)
    whole = form_x * towards[0] + form_y * towards[1]
    # A wall of woods has no form of its own: there the clumps must carry the light.
    deep = smoothstep(70, 150, thickness(patch))
    # What is far is simple: few large shapes, and hardly a clump.
    behind = smoothstep(0.35, 0.75, patch.depth)
    lit = (0.85 + 0.1 * behind) * whole + (0.50 - 0.15 * behind) * big.facing(towards)
    lit = lit + (0.40 + 0.10 * deep - 0.22 * behind) * middle.facing(towards)
    lit = lit + 0.14 * small.facing(towards, 0) - 0.10 * deep
    lit = lit + 0.07 * small.tone + 0.10 * middle.tone + 0.35 * turns
    # Instead it falls into a few large masses, in the light above and in the shade below.
    masses = patch.noise(210, 964, octaves=2, stretch=1.5)
    return np.asarray(
        lit - 0.04 + (0.10 + 0.30 * np.maximum(deep, behind)) * masses - 0.10 * patch.light.low, np.float32
    )


def _hollows(patch: Patch, scale: Float32) -> Float32:
    """0–1: dark gaps between the boughs, deep in the crown."""
    wide, fine = patch.noise(27, 965, octaves=1, stretch=1.3), patch.noise(14, 966, octaves=2, stretch=1.2)
    field = np.where(scale > 0.5, wide + 0.4 * fine, fine * 1.3)
    inside = smoothstep(5, 20, patch.inner)
    near = np.clip(1.75 - 1.7 * patch.depth, 0, 1)
    return np.asarray(smoothstep(0.46, 0.72, field) * inside * near, np.float32)


def _cover(patch: Patch, scale: Float32, needles: Bool, middle: Relief, small: Relief) -> Float32:
    """0–1: 1 where leaves are; ragged at the outline; only bare crowns have holes: sky in leaves reads as flecks."""
    # Sprays of needles are painted out to the drawn tips, which no bough fills.
    reach = np.where(needles, np.float32(4), 17 * scale * np.clip(local_thickness(patch) / 34, 0.2, 1))
    core = smoothstep(0.20, 0.75, patch.inner / reach)
    whole = np.maximum(np.maximum(middle.cover, small.cover), core)
    # Where nothing was drawn the edge is the reader's: there sprays of leaves end it, wherever it runs.
    whole = whole * (1 - _sky_holes(patch, needles))
    for piece, torn in _torn_edges(patch, ~needles):
        view = piece.within(patch)
        whole[view] = np.minimum(whole[view], torn)
    return np.asarray(whole, np.float32)


def torn_away(patch: Patch, leaves: Bool) -> Bool | None:
    """(h, w): places of ``leaves`` along an edge that nobody drew where the air behind shows; ``None`` if none are."""
    gone: Bool | None = None
    for piece, torn in _torn_edges(patch, leaves):
        gone = np.zeros(patch.shape, bool) if gone is None else gone
        gone[piece.within(patch)] = (torn <= _WHOLE) & _before_air(piece)
    return gone


def air_shown(patch: Patch) -> Float32 | None:
    """(h, w) 0–1: how much of the air behind is seen where leaves are torn, and right beside them; ``None`` = none."""
    shown: Float32 | None = None
    for piece, torn in _torn_edges(patch, one_of(patch.materials, (Material.FOLIAGE, Material.SKY, Material.CLOUD))):
        shown = np.zeros(patch.shape, np.float32) if shown is None else shown
        shown[piece.within(patch)] = (1 - torn) * _before_air(piece)
    return shown


def _before_air(patch: Patch) -> Bool:
    """(h, w): where torn leaves show what is far away: it, and nothing else, is right behind their edge."""
    far = np.minimum.reduce(
        [distance_to(patch, behind) for behind in (Material.SKY, Material.CLOUD, Material.MOUNTAIN)]
    )
    return np.asarray(far < np.minimum(TORN, patch.inner + _NO_FARTHER))


def _torn_edges(patch: Patch, leaves: Bool) -> Iterator[tuple[Patch, Float32]]:
    """Pieces of the patch along edges of ``leaves`` (h, w) that nobody drew, and 0–1 what is left of leaves in each.

    Everywhere else leaves are whole.
    """
    free = undrawn(patch) * (leaves & (patch.inner < TORN))
    for piece in patch.pieces(free > 0):
        near = free[piece.within(patch)]
        # Towards a drawn edge they are torn less and less far in; thinner they are not, or a film of them were left.
        torn = piece.inner + (10 * piece.noise(26, 978, octaves=3) - 9) * near
        yield piece, np.maximum(1 - smoothstep(0, 0.2, near), smoothstep(-1.5, 3.5, torn))


def _sky_holes(patch: Patch, needles: Bool) -> Float32:
    """0–1: a few gaps between the outer sprays of a near crown, in groups; deeper in they would be flecks."""
    if float(patch.depth.min()) > 0.6:
        return np.zeros(patch.shape, np.float32)
    field = patch.noise(10, 982, octaves=2) + 0.35 * patch.noise(75, 983, octaves=1)
    outer = smoothstep(4, 8, patch.inner) * (1 - smoothstep(13, 21, patch.inner))
    near = 1 - smoothstep(0.35, 0.6, patch.depth)
    return np.asarray(
        smoothstep(0.52, 0.66, field) * outer * near * ~needles * smoothstep(34, 60, thickness(patch)), np.float32
    )


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Clumps of leaf dabs: the mass first, then leaves that catch the light at the lit edges."""
    scale = crown_scale(patch)
    value = base[..., 0]
    crest = (value - _around(patch, value, mask, 12 * patch.unit)) * (1 - 0.75 * smoothstep(0.30, 0.75, patch.depth))
    bluer = patch.blurred(base[..., 2] + 0.5, 12 * patch.unit) - 0.5 - base[..., 2]
    leaves = mask & (crest < 0.10) & (bluer < 0.03)  # not on the sky between leaves
    gone = torn_away(patch, mask)
    if gone is not None:
        leaves &= ~gone
    group = value - _around(patch, value, mask, 34 * patch.unit)
    for tree in conifers(patch.scene):
        crown = crown_of(patch, tree, leaves)
        if crown.any():
            part = patch.part(crown, margin=_SPRAY)
            assert part is not None
            view = part.within(patch)
            _needles(part, base[view], canvas[view], crown[view], tree, (scale[view], group[view]))
            leaves = leaves & ~crown
    twiggy = twigs.bare(patch)
    if twiggy is not None:
        twigs.drawn(patch, base, canvas, leaves & twiggy, scale, np.asarray(air_of_tree(patch) * _layered(patch)))
        leaves = leaves & ~twiggy
    # What is green in winter and no conifer is a pine's bough.
    tuft = Tip.LEAVES if twiggy is None else Tip.NEEDLES
    brush_over(
        patch, base, canvas, leaves,
        Layer(tip=tuft, length=25, width=20, spacing=12, salt=131, turn=3.1, value=0.022, hue=0.008, opacity=0.8,
              clip=False),
        sizes=scale,
    )  # fmt: skip
    # The masses are parted: deeper leaves into their shade, then sharp ones into their light, and none between.
    calm = 1 - 0.7 * smoothstep(0.30, 0.75, patch.depth)
    for tip, length, width, spacing, salt, opacity in (
        (tuft, 20, 16, 12, 134, 0.75), (tuft, 16, 12, 8.5, 133, 0.85), (Tip.DAB, 9, 4.6, 9.5, 132, 0.85),
    ):  # fmt: skip
        # One after the other: on a large tile each of these planes counts.
        if salt == 134:
            where, lift = group < -0.015, np.clip(0.75 * group - 0.008, -0.065, 0)
        elif salt == 133:
            where, lift = (group > 0.012) | (crest > 0.018), np.clip(0.9 * group + 0.6 * crest, 0, 0.085)
        else:
            where, lift = (scale > 0.5) & (group > 0.02), np.clip(1.2 * group + 0.02, 0, 0.11)
        lift *= calm
        brush_over(
            patch, base, canvas, leaves & where,
            Layer(tip=tip, length=length, width=width, spacing=spacing, salt=salt, angle=0.9,
                  turn=1.3 if tip is Tip.DAB else 3.1, value=0.022, hue=0.010, opacity=opacity, clip=False),
            sizes=scale, lift=lift,
        )  # fmt: skip


def _needles(
    patch: Patch, base: Float32, canvas: Float32, crown: Bool, tree: Conifer, form: tuple[Float32, Float32]
) -> None:
    """Sprays of needles that hang outwards from the stem: what is seen between the boughs (see ``fronds``).

    ``form`` is (h, w) each: the size of leaves, and how much lighter a place is than the mass around it.
    """
    scale, group = form
    calm = 1 - 0.6 * smoothstep(0.30, 0.75, patch.depth)
    brush_over(
        patch, base, canvas, crown,
        Layer(tip=Tip.NEEDLES, length=24, width=15, spacing=8, salt=135, turn=0.40, value=0.02, hue=0.006, opacity=0.85,
              clip=False, rising=True),
        angles=hanging(patch, tree), sizes=np.clip(scale * 1.25, 0.4, 1.1).astype(np.float32),
        lift=np.clip(0.6 * group, -0.04, 0.02) * calm,
    )  # fmt: skip


def _around(patch: Patch, value: Float32, leaves: Bool, radius: float) -> Float32:
    """(h, w) mean lightness of the ``leaves`` around: beside a dark trunk they do not catch more light."""
    # Of little in reach a share in bytes says nothing: there each place is its own measure.
    share = patch.blurred(leaves, radius)
    mean = patch.blurred(value * leaves, radius) / np.maximum(share, np.float32(_FEW))
    return np.asarray(np.where(share < _FEW, value, mean), np.float32)
