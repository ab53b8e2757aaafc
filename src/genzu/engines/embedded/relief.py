"""Lines that the brushwork would swallow become edges of form: a lit plane on one side, shade on the other.

A painter looks where a drawn form has been lost, and only there pulls its two sides apart until the eye finds the
edge again. So this step first sees how large a step of colour the painting has at each line, and how large it must be
to stand out from the brushwork around; it adds what is missing and nothing where the edge is plain already.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genzu.core.material import Material
from genzu.engines.embedded import twigs
from genzu.engines.embedded.conifers import needled
from genzu.engines.embedded.fields import overlapped
from genzu.engines.embedded.lumps import shifted, smoothstep
from genzu.engines.embedded.masses import in_the_air, in_the_air_at, massed
from genzu.engines.embedded.patch import Patch, blur, by_material
from genzu.engines.embedded.soft import mean_around, softened, spread_out, widened
from genzu.engines.embedded.surface import air_share
from genzu.picture.arrays import Bool, Float32, UInt8

_PLAIN = 0.045
"""Step of colour (OKLab over 4 units) that is seen on an even ground."""
_STANDS_OUT = 3.8
"""On lively brushwork it must be so many times the steps around it."""
_AROUND = 16.0
"""Reach of what counts as around, units."""
_GAIN = 3.2
"""Difference of the two planes for each missing step: the step is measured over a soft edge, and sees half of it."""
_HARD, _LEAVES, _STONE = (0.5, 0.2, 1.05), (0.95, 0.50, 0.80), (0.80, 0.40, 1.00)
_RIPPLE, _PARTED, _TWIGGY = (0.70, 0.50, 0.75), (0.45, 0.75, 0.05), (0.80, 0.10, 0.00)
_END_OF_LEAVES = 0.45, 0.75, 0.30
_OFF_SHORE, _TURNS_TO_RIPPLES = (1.00, 0.70, 0.30), (3.0, 7.0)
_PLANES, _LIMIT_OF_PLANES = (0.55, 1.00, 0.20), np.float32(0.24)
_UNDER_TIPS = (0.45, 1.15, 0.05)
_TWIGS_END, _TWIGS_LOST = (0.10, 0.50, 0.45), (0.35, 0.55, 0.50)
"""How far the lit plane, the plane in shade and the line between them move; soft things have no outline.

Masses of leaves are parted already (see ``folds``); a line in bare twigs is one of them. In needles there is no line,
but shade under the tips; off its shores, from so many units on, one on water is a ripple.
Banks are turf before earth; the step of these is limited, too.
"""
_AGAIN = by_material({Material.ROCK: 0.0, Material.GRASS: 0.0, Material.WATER: 0.0, Material.SOIL: 0.0}, 0.5)
"""Share of the largest difference that is added when all lines are there.

None to stones, banks and what lies around them: there it would be one more pale rim.
"""
_PALE_AGAIN = np.float32(0.55)
"""Share of the lit plane that is lifted once more in leaves: bushes far away are embossed with all of it."""
_BLACK, _BLACK_AT_NIGHT = (0.2, 0.45), (0.1, 0.22)
"""OKLab lightness at which nothing is made darker again, and from which it takes the whole difference."""
_RIM_OF_TWIGS = 6.0
"""Units within which a line is the outline of a bare crown: outside of it, a lit plane would be a pale ring."""
_BESIDE_NEEDLES = 4.0
"""Units beside a conifer within which a line is its own."""
_ENOUGH = 1.35
"""How much plainer than needed an edge may be, before a line there gives way."""
_CROWDED = (0.44, 0.68)
"""Share of the ground that is ink, between which lines are a crowd."""
_LOST = by_material({Material.CLOUD: 0.0, Material.METAL: 0.3, Material.WOOD: 0.65}, 0.8)
"""Largest share of a line that gives way: a little of each stays, and holds a border together."""
_THICK = 0.55
"""Density of the air from which it takes lines far away."""
_LEAST = 0.004
"""Smaller changes of lightness are not seen."""
_LIMITS = by_material({
    Material.SKY: 0.0, Material.CLOUD: 0.0, Material.MOUNTAIN: 0.05, Material.FOLIAGE: 0.30, Material.GRASS: 0.21,
    Material.ROCK: 0.28, Material.WATER: 0.20, Material.METAL: 0.18, Material.GLOW: 0.03,
}, 0.18)  # fmt: skip
"""Largest difference: soft things stay soft, and in the sky a line is no edge of form; 0.18 where nothing is said.

None in clouds: their edges are painted (see ``billows``), and what is lifted beside them ends at them.
"""
_BRIGHTEST = by_material({
    Material.FOLIAGE: 0.065, Material.ROCK: 0.28, Material.GRASS: 0.045, Material.SOIL: 0.06, Material.WATER: 0.09,
}, 0.10)  # fmt: skip
_NEEDLES_BRIGHTEST = np.float32(0.14)
"""Largest step of the lit plane beside a line."""
_DARKEST, _DARKEST_NEEDLES, _DARKEST_OF_PLANES = np.float32(0.04), np.float32(0.18), np.float32(0.22)
"""OKLab lightness below which no line makes anything, needles by day, and banks."""
_FURROW = np.float32(0.55)
"""How much shallower a furrow inside bark is than its outline."""
_LIT_LEAVES = np.float32(2.1)
"""One over the lightness from which leaves take the whole difference."""
_TWIGS, _NEEDLES_IN_WINTER = np.float32(0.5), np.float32(0.75)
"""Share of that difference that is left in winter's crowns."""
_AMONG_LEAVES = np.float32(0.06)
"""Largest difference where leaves part masses: more of it would be a stroke among them."""
_LEAVES_DEEPER = 1.0
"""Share of its colour that a leaf loses for each unit of shade."""
_BEHIND = np.float32(0.5)
"""How much less of the lit plane lies on what goes on behind something."""
_FALL, _DECAY = 0.20, 0.93
"""Deepest shade at the line, and what is left of it 2 units farther from the light."""
_SIDEWAYS = 0.8
"""Least share of the light that comes from the side, when it throws shade in soft things."""
_FORM = 30.0
"""Weight of the form that is painted already against the direction of the light."""


class _Small(NamedTuple):
    """Planes on the grid of :meth:`Patch.reduced`."""

    factor: int
    missing: Float32
    """Step that is missing at a line, spread a little along and across it."""
    turn_x: Float32
    turn_y: Float32
    """Unit vector to the side that is to be the lit one."""
    fall: Float32 | None
    """Shade that falls from lines in leaves, 0–:data:`_FALL`; ``None`` where none does."""


@cache
def _shares_of_material(again: bool) -> Float32:
    """(3, 256) lit plane, plane in shade and line of each material."""
    table = np.tile(np.array(_HARD, np.float32)[:, None], 256)
    table[:, Material.FOLIAGE], table[:, Material.ROCK] = _LEAVES, _STONE
    table[:, Material.WATER] = _RIPPLE
    if again:  # two planes, and no more ink but in the dark between leaves
        table[2, np.arange(256) != Material.FOLIAGE] = 0
        table[0, Material.FOLIAGE] *= _PALE_AGAIN
    return table


def lifted(patch: Patch, canvas: Float32, even: Float32, planes: Bool | None = None, *, again: bool = False) -> None:
    """Strengthen weak edges of the (h, w, 3) OKLab canvas in place; ``even`` (h, w) 0–1 is the ink without grain.

    Where ``planes`` (h, w) is true an edge is made of these, for there a stroke is the edge of a bank, and no line.

    What all lines do to each other is seen when all are there. So some edges still fall short after that; ``again``
    they are strengthened by their planes, and where something is built by no more ink.
    """
    small = _weak_edges(patch, canvas, even, again)
    limits = (_LIMITS * _AGAIN if again else _LIMITS).take(patch.materials)
    leafy = patch.materials == Material.FOLIAGE
    # Leaves that are dark already have no black folds.
    limits = np.where(leafy, limits * np.clip(canvas[..., 0] * _LIT_LEAVES, 0.7, 1), limits)
    limits = limits - np.maximum(limits - _AMONG_LEAVES, 0) * massed(patch) * (patch.inner > _RIM_OF_TWIGS)
    bare = twigs.bare(patch)
    if bare is not None:  # bare twigs have hardly any planes
        # By night, and in the air, a deep one is no wire.
        twiggy = _TWIGS + (_NEEDLES_IN_WINTER - _TWIGS) * twigs.lost(patch)
        limits = limits * np.where(leafy, np.where(bare, twiggy, _NEEDLES_IN_WINTER), np.float32(1))
    bark = patch.materials == Material.TRUNK
    if bark.any():  # its furrows are brown, and no ink
        limits = np.where(bark, limits * (1 - _FURROW * smoothstep(3, 8, patch.inner)), limits)
    stays: Float32 | float = 1.0
    if patch.script.haze_density > _THICK:
        # What the air has taken is not drawn back in.
        air = air_share(patch.depth, patch.script.haze_density, patch.script.haze_density)
        stays = np.clip(1.3 - 1.3 * air, 0, 1)
        limits = limits * stays
    if planes is not None:
        limits = np.where(planes, np.minimum(limits, _LIMIT_OF_PLANES), limits)
    amount = np.minimum(patch.enlarged(small.missing, small.factor) * np.float32(_GAIN), limits)
    where = np.flatnonzero((amount > _LEAST) & ~patch.sparks)
    if where.size == 0:
        return
    materials = patch.materials.take(where)
    profile = _profile(patch, even, small, where, materials, _shares_of_material(again), planes)
    # What goes on behind something has no lit edge of its own there: it would be a pale ring.
    hidden = _BEHIND + (1 - _BEHIND) * in_the_air_at(patch.depth.take(where))
    profile = np.where(profile > 0, profile * (1 - hidden * overlapped(patch).take(where)), profile)
    change = amount.take(where) * profile
    # A lit plane is a soft one: where it is bright it is a pale rim, and no form.
    brightest = _BRIGHTEST.take(materials)
    needles = needled(patch)
    pointed = None if needles is None else needles.take(where)
    if pointed is not None:  # less in masses of leaves than in tiers of needles
        brightest = np.where(pointed, _NEEDLES_BRIGHTEST, brightest)
    change = np.minimum(change, brightest)
    if small.fall is not None:
        _in_shade(patch, canvas, patch.enlarged(small.fall, small.factor) * stays)
    before, *tints = (canvas[..., c].take(where) for c in range(3))
    if again:
        black, plain = _BLACK_AT_NIGHT if patch.light.night else _BLACK
        change = np.where(change < 0, change * smoothstep(black, plain, before), change)
    darkest: Float32 | np.float32 = _DARKEST
    if pointed is not None and not patch.light.night:  # by day there is green in their deepest shade
        darkest = np.where(pointed, _DARKEST_NEEDLES, _DARKEST)
    if planes is not None:  # shade is no ink
        darkest = np.where(planes.take(where), _DARKEST_OF_PLANES, darkest)
    light = np.maximum(before + change, np.minimum(before, darkest))
    # Hue and saturation stay: a deeper shade of the paint that lies there, never grey.
    scale = np.clip(light / np.maximum(before, np.float32(0.05)), 0.6, 1.4)
    for c, plane in enumerate((light, *(tint * scale for tint in tints))):
        canvas[..., c].put(where, plane)


def eased(patch: Patch, canvas: Float32, without: Float32, even: UInt8, kept: Float32) -> None:
    """Take back of a line what its edge does not need: where two paints part by themselves, the line is lost.

    ``canvas`` (h, w, 3) OKLab is changed in place, ``without`` (h, w, 3) is the same before any line was drawn,
    ``even`` (h, w) the softened ink, ``kept`` (h, w) 0–1 what stays as it is.
    """
    factor = max(1, round(2 * patch.unit))
    line = np.clip(patch.reduced(even.astype(np.float32), factor) * np.float32(8 / 255) - np.float32(1.25), 0, 1)
    full, bare = _steps(patch, canvas, factor), _steps(patch, without, factor)
    reach = max(1, round(_AROUND * patch.unit / factor))
    # Lines are themselves what is lively around a line; half of that goes with them.
    lively = mean_around((np.sqrt(full) + np.sqrt(bare)) * np.float32(0.5), reach) ** 2
    enough = np.maximum(np.float32(_PLAIN), np.float32(_STANDS_OUT) * lively) * np.float32(_ENOUGH)
    # Where line lies by line none stands out from the others, however dark: there a plain step is enough.
    crowd = smoothstep(*_CROWDED, mean_around(line, reach))
    enough += (np.float32(_PLAIN * _ENOUGH) - enough) * crowd
    full, bare = widened(full, 1), _crossed(bare)
    surplus = np.clip((full - enough) / np.maximum(full - np.minimum(bare, enough), np.float32(0.01)), 0, 1)
    # Along and across a line nothing jumps: it would be a dotted one.
    share = softened(softened(surplus * line)) / np.maximum(softened(softened(line)), np.float32(0.05))
    goes = np.clip(patch.enlarged(share, factor), 0, 1) * _LOST.take(patch.materials)
    goes *= 1 - np.minimum(kept, 1)
    where = np.flatnonzero((goes > np.float32(0.01)) & ~patch.sparks)
    share = goes.take(where)
    for c in range(3):
        plane = canvas[..., c]
        lined = plane.take(where)
        plane.put(where, lined + (without[..., c].take(where) - lined) * share)


def _crossed(plane: Float32) -> Float32:
    """The largest of each place and its four neighbours."""
    framed = np.pad(plane, 1, mode="edge")
    return np.maximum.reduce([plane, framed[1:-1, 2:], framed[1:-1, :-2], framed[2:, 1:-1], framed[:-2, 1:-1]])


def _steps(patch: Patch, canvas: Float32, factor: int, light: Float32 | None = None) -> Float32:
    """Step of colour over 4 units, at half size, which is fine enough for edges."""
    light = patch.reduced(canvas[..., 0], factor) if light is None else light
    step = np.zeros_like(light)
    for plane in (light, *(patch.reduced(canvas[..., c], factor) for c in (1, 2))):
        framed = np.pad(plane, 1, mode="edge")
        across, down = framed[1:-1, 2:] - framed[1:-1, :-2], framed[2:, 1:-1] - framed[:-2, 1:-1]
        step += across * across + down * down
    return np.sqrt(step)


def _weak_edges(patch: Patch, canvas: Float32, even: Float32, again: bool) -> _Small:
    """Where lines lie, and how much their painted edge lacks; at half size, which is fine enough for edges."""
    factor = max(1, round(2 * patch.unit))
    light = patch.reduced(canvas[..., 0], factor)
    step = _steps(patch, canvas, factor, light)
    # The mean of the roots keeps a single strong edge from counting as lively brushwork.
    lively = mean_around(np.sqrt(step), max(1, round(_AROUND * patch.unit / factor))) ** 2
    best = _crossed(step)
    line = np.clip(patch.reduced(even, factor) * np.float32(8) - np.float32(1.25), 0, 1)
    lack = np.clip(np.maximum(np.float32(_PLAIN), np.float32(_STANDS_OUT) * lively) - best, 0, 0.25) * line
    # What is rounded here is divided by little: it would tell one tile's last bits from another's.
    missing = softened(lack) / np.maximum(softened(line), np.float32(0.05))
    # Not rounded to bytes: where it is flat, and dark, one step of a byte would turn it round.
    form = spread_out(light, max(2.5 * 2 * patch.unit / factor, 0.6))
    towards_y, towards_x = np.gradient(form)
    turn_x = towards_x * np.float32(_FORM) + np.float32(0.35 * patch.light.towards[0])
    turn_y = towards_y * np.float32(_FORM) + np.float32(0.35 * patch.light.towards[1])
    length = np.sqrt(turn_x * turn_x + turn_y * turn_y) + np.float32(1e-4)
    turn_x, turn_y = turn_x / length, turn_y / length
    fall = None if again else _falling(patch, np.minimum(missing, lack * 2), factor)
    return _Small(factor, missing, turn_x, turn_y, fall)


def _falling(patch: Patch, lack: Float32, factor: int) -> Float32 | None:
    """Shade of leaves: it begins at the line and falls off away from the light, so that no line is seen."""
    if not _shaded(patch).any():
        return None
    fall = own = np.minimum(lack * np.float32(_GAIN), np.float32(_FALL))
    # Never straight down: along a steep line the shade would fall on the line itself, and be one.
    side, height = patch.light.towards
    side = float(np.copysign(max(abs(side), _SIDEWAYS), side))
    away_x, away_y = (-axis * 2 * patch.unit / factor / np.hypot(side, height) for axis in (side, height))
    for steps in (1, 2, 4, 8):
        if steps == 4:
            # Farther on it has no grain of the line any more, or it would be a sheaf of rays.
            soft = blur(fall * np.float32(1 / _FALL), 3.0 * 2 * patch.unit / factor) * np.float32(_FALL)
            fall = np.maximum(fall, shifted(soft, round(away_x * 3), round(away_y * 3)))
        fall = np.maximum(fall, shifted(fall, round(away_x * steps), round(away_y * steps)) * np.float32(_DECAY**steps))
    # What stands in another fold's shade has a deeper one of its own.
    fall = fall + own * np.float32(0.5)
    # In the air a shade that falls to one side of each piece of a line would be a streak.
    air = in_the_air(patch)
    if air.any():
        fall = fall * (1 - patch.reduced(air, factor))
    needles = needled(patch)
    if needles is not None:  # boughs throw their own shade
        fall = fall * (1 - patch.reduced(needles.astype(np.float32), factor))
    return fall


def _shaded(patch: Patch) -> Bool:
    """(h, w): leaves on which lines throw a shade: where they part masses it is leaves, too, and air throws none."""
    leaves = (patch.materials == Material.FOLIAGE) & ~massed(patch)
    bare = twigs.bare(patch)
    return leaves if bare is None else np.asarray(leaves & ~bare)


def _in_shade(patch: Patch, canvas: Float32, fall: Float32) -> None:
    """Lay the shade ``fall`` (h, w) of leaves in place."""
    leaves = _shaded(patch)
    for piece in patch.pieces((fall > _LEAST) & leaves):
        view = piece.within(patch)
        deep = np.clip(fall[view] - np.float32(_LEAST), 0, np.float32(_FALL)) * leaves[view]
        canvas[view] *= (1 - np.float32(_LEAVES_DEEPER) * deep)[..., None]


def _ends_of_twigs(bare: Bool, inner: Float32, lost: Float32) -> list[tuple[tuple[float, float, float], Float32]]:
    """Planes, and (n,) 0–1 how far they are those of bare crowns: at their outline, and where twigs are lost."""
    rim = smoothstep(_RIM_OF_TWIGS + 1, _RIM_OF_TWIGS - 1, inner) * bare
    return [(_TWIGS_END, rim), (_TWIGS_LOST, smoothstep(0.40, 0.54, lost) * bare)]


def _profile(
    patch: Patch,
    even: Float32,
    small: _Small,
    where: NDArray[np.intp],
    materials: UInt8,
    table: Float32,
    planes: Bool | None,
) -> Float32:
    """(n,) −1…1 at flat places ``where``: above 0 on the lit side of a line, below 0 on it and in its shade.

    ``materials`` (n,) are those of these places.
    """
    height, width = patch.shape
    rows, columns = np.divmod(where, width)
    reach = max(1, round(2 * patch.unit))
    row = rows * width
    right, left = np.minimum(columns + reach, width - 1), np.maximum(columns - reach, 0)
    ahead = even.take(row + right) - even.take(row + left)
    lower, upper = np.minimum(rows + reach, height - 1), np.maximum(rows - reach, 0)
    below = even.take(lower * width + columns) - even.take(upper * width + columns)
    steep = np.sqrt(ahead * ahead + below * below)
    begin_x, begin_y = patch.bounds.x // small.factor, patch.bounds.y // small.factor
    cell = ((rows + patch.bounds.y) // small.factor - begin_y) * small.turn_x.shape[1]
    cell += (columns + patch.bounds.x) // small.factor - begin_x
    # Beside a line its ink rises towards it; the lit side is where that is against the way to the light.
    facing = -(ahead * small.turn_x.take(cell) + below * small.turn_y.take(cell)) / (steep + np.float32(1e-4))
    side = np.clip(facing * np.float32(2.2), -1, 1) * np.clip(steep * np.float32(2), 0, 1)
    crease = np.clip(even.take(where) * np.float32(1.7), 0, 1)
    shares = [plane.take(materials) for plane in table]
    bare, needles = twigs.bare(patch), needled(patch)
    if bare is not None and needles is not None:  # along a conifer it is the needles that end
        bare = bare & (widened(needles.view(np.uint8), max(2, round(_BESIDE_NEEDLES * patch.unit))) == 0)
    # Each only where there is any: most places are no leaves, and no water.
    leaves = np.flatnonzero(materials == Material.FOLIAGE)
    if leaves.size:
        at = where.take(leaves)
        inner, masses = patch.inner.take(at), massed(patch).take(at)
        kinds = [(_END_OF_LEAVES, masses), (_PARTED, masses * smoothstep(3, 7, inner))]
        kinds += [
            (moved, kind.take(at)) for moved, kind in ((_TWIGGY, bare), (_UNDER_TIPS, needles)) if kind is not None
        ]
        if bare is not None:
            kinds += _ends_of_twigs(bare.take(at), inner, twigs.lost(patch).take(at))
        for k, plane in enumerate(shares):
            share = plane.take(leaves)
            for moved, part in kinds:  # by degrees: at a threshold two tiles would not agree
                share += (np.float32(moved[k]) - share) * part
            plane.put(leaves, share)
    water = np.flatnonzero(materials == Material.WATER)
    if water.size:  # off its shores a line is a ripple: a light and a dark
        part = smoothstep(*_TURNS_TO_RIPPLES, patch.inner.take(where.take(water)))
        for k, plane in enumerate(shares):
            share = plane.take(water)
            plane.put(water, share + (np.float32(_OFF_SHORE[k]) - share) * part)
    lit, shade, line = shares
    if planes is not None:
        banks = planes.take(where)
        lit, shade, line = (np.where(banks, np.float32(_PLANES[k]), plane) for k, plane in enumerate(shares))
    return np.where(side > 0, lit, shade) * side - line * crease
