"""Lines on built things as a painter has them: strips of wood and metal with a lit and a shaded side, and thin seams.

Where the pencil went over an edge twice there is one form and not two outlines: the frame of a door or a window, a
corner post or a gutter's pipe. Its two sides lie where the two strokes were drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded import rims
from genzu.engines.embedded.fields import kept, to_material
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch, blur, by_material
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.spots import Spots
from genzu.picture.arrays import Bool, Float32, UInt8

_BUILT = (Material.WALL, Material.WINDOW, Material.WOOD, Material.METAL, Material.ROAD)
_CORE, _AROUND = 1.6, 3.8
"""Units of blur: strokes closer than the first are one; what is as wide as the second is no stroke."""
_UPRIGHT = 26.0
"""Units up and down over which the edge of a house is ruled: a hand wavers, a plumb line does not."""
_POST = 52
"""Byte of ink, evened up and down, from which there is such an edge."""
_SEAM = by_material({
    Material.WALL: 0.68, Material.WINDOW: 0.75, Material.WOOD: 1.0, Material.METAL: 0.95, Material.ROAD: 0.9,
}, 0.0)  # fmt: skip
"""See :func:`depth_of_lines`."""
_FRAME = 4.0
"""Units to both sides of the edge of a door or window in which strokes are its frame."""
_LIT, _SHADED = np.float32(0.030), np.float32(0.012)
"""Steps of lightness (OKLab) of the two sides of a strip; little: a dark side is measured as a line that has moved."""
_TWO_SIDES = 14.0
"""Units of width from which the two sides of a pole are two lines."""
_MEANT = 22.0, 40.0
"""Bytes of softened ink between which a stroke is a frame's, and no wire's."""
_GROOVES = np.float32(0.22), np.float32(0.17)
"""Share of its lightness that a frame of bare wood and one in pale paint loses in the middle."""
_IN_FRAMES = 0.40
"""Share of the traced line that is left in them."""
_WORN = 0.5
"""Share of houses whose frames are of bare wood; the others' are painted pale."""


_BLURS = (1.45, 3.7)
"""The same for ink whose grain is gone already, at half the size."""
_LINE_OF_RISE = (np.minimum(np.arange(256), 28) * 9).astype(np.uint8)
"""Byte of a thin line by how far its ink rises above the ink around."""
_STRIP_OF_INK = (np.clip(np.arange(256) - _POST, 0, 25) * 10).astype(np.uint8)
_IS_BUILT = np.isin(np.arange(256), (*_BUILT, Material.ROOF, Material.CLOTH))
_IS_AIR = np.isin(np.arange(256), (Material.SKY, Material.CLOUD))
_IS_FRAMED = np.isin(np.arange(256), (Material.WALL, Material.WINDOW, Material.WOOD))
_LOOKED_AT = (Material.WALL, Material.METAL, Material.WINDOW, Material.WOOD, Material.SKY)


_BAR = 40, 62
"""Bytes of ink, evened up and down, between which a stroke in a window is a bar whatever hangs before it."""


class Trim(NamedTuple):
    """Planes (h, w) of a patch."""

    thin: UInt8
    """0–255: one line of even width on the middle of each stroke or pair of strokes."""
    strip: UInt8
    """0–255: how surely a place lies on a stroke, its grain and the gap between a pair closed."""
    post: UInt8
    """0–255: the same for long upright strokes, ruled."""
    upright: UInt8
    """Softened ink of those."""
    wavering: UInt8
    """``thin`` as it was drawn, where that is ruled."""


def prepare(scene: Scene) -> None:
    """Make what every tile with walls looks up."""
    rims.prepare(scene)
    if (scene.small_materials == Material.WALL).any():
        for other in _LOOKED_AT:
            to_material(scene, other)
        kept(scene, "ends of walls", _ends_of_walls)
        kept(scene, "to openings", _to_openings)
        kept(scene, "bare frames", _bare_frames)


def trims(patch: Patch, even: UInt8) -> Trim | None:
    """Strokes on built things, evened; ``even`` is the ink without grain. ``None`` if there are none."""
    if patch.script.conditions.place is Place.RUINS:
        return None  # nothing there is plumb, and no frame is left
    built = _IS_BUILT[patch.materials]
    if patch.scene.wires is not None:
        built |= _IS_AIR[patch.materials]
    part = patch.part(built & (even > 0), margin=12)
    if part is None:
        return None
    unit = max(patch.unit, 0.6)
    wide = Patch(patch.scene, part.bounds.grown(round(1.6 * _UPRIGHT * unit) + 2).clipped(patch.scene.extent))
    here = part.within(wide)
    thin, core = _even(wide, unit)
    ruled, post, upright = _ruled(wide, unit)
    wavering, post = thin[here], post[here]
    # What comes up to a pole in the air is no part of it, and goes on as it was drawn.
    upright_here = (post > 127) & ~_IS_AIR[part.materials]
    planes = np.where(upright_here, ruled[here], wavering), core[here], post, upright[here], wavering
    if part.shape == patch.shape:
        return Trim(*planes)
    whole = np.zeros((5, *patch.shape), np.uint8)
    for plane, own in zip(whole, planes, strict=True):
        plane[part.within(patch)] = own
    return Trim(*whole)


def _even(patch: Patch, unit: float) -> tuple[UInt8, UInt8]:
    """(h, w) each: thin line and softened ink of all strokes; blurred so far, half the size is fine enough."""
    factor = max(1, round(2 * patch.unit))
    left, top = patch.bounds.x % factor, patch.bounds.y % factor
    right, bottom = -patch.bounds.right % factor, -patch.bounds.bottom % factor
    ink = np.pad(patch.contour, ((top, bottom), (left, right)), mode="edge")
    small = Image.fromarray(ink).reduce(factor)
    core, around = (np.asarray(small.filter(ImageFilter.GaussianBlur(size * unit / factor))) for size in _BLURS)
    size = patch.shape[1], patch.shape[0]
    box = left / factor, top / factor, (left + size[0]) / factor, (top + size[1]) / factor
    planes = (_LINE_OF_RISE[np.maximum(core, around) - around], core)
    return tuple(  # type: ignore[return-value]
        np.array(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR, box=box)) for plane in planes
    )


def _ruled(patch: Patch, unit: float) -> tuple[UInt8, UInt8, UInt8]:
    """(h, w) each: thin line, strip and softened ink of upright strokes.

    They hardly change downwards: they are made of means over some rows, whose first is a multiple of their number.
    """
    rows = max(1, round(_UPRIGHT * unit / 4))
    over, under = patch.bounds.y % rows, -patch.bounds.bottom % rows
    ink = np.pad(patch.contour, ((over, under), (0, 0)), mode="edge") if over or under else patch.contour
    low = Image.fromarray(ink).reduce((1, rows)).filter(ImageFilter.BoxBlur((0, _UPRIGHT * unit / rows)))
    core, around = (np.asarray(low.filter(ImageFilter.GaussianBlur((size * unit, 0)))) for size in (_CORE, _AROUND))
    strip = _STRIP_OF_INK[core]
    reach = max(1, round(2 * unit))
    near = strip.copy()
    for step in range(1, reach + 1):
        np.maximum(near[:, step:], strip[:, :-step], out=near[:, step:])
        np.maximum(near[:, :-step], strip[:, step:], out=near[:, :-step])
    size = ink.shape[1], ink.shape[0]
    view = slice(over, over + patch.shape[0])
    planes = (_LINE_OF_RISE[np.maximum(core, around) - around], near, core)
    return tuple(  # type: ignore[return-value]
        np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR))[view] for plane in planes
    )


def upright_bars(trim: Trim) -> Bool:
    """(h, w): strokes that go on behind a wire which crosses them."""
    return np.asarray(trim.upright > _BAR[1])


def depth_of_lines(patch: Patch) -> Float32:
    """(h, w) 0–1: how deep the line in the middle of a stroke is; 0 where lines are traced as they were drawn."""
    seam, near = _depth_inside(patch), rims.nearness(patch)
    if near is None:
        return seam
    # There the edge is painted already (see ``rims``): hardly anything is left, but it is no line as it was drawn.
    left = np.maximum(1 - near, np.float32(1e-3))
    return np.where(near > 0, np.where(seam > 0, seam, 1) * left, seam)


def _depth_inside(patch: Patch) -> Float32:
    seam, forms = _SEAM[patch.materials], patch.scene.forms
    if patch.scene.wires is not None:
        # What hangs in the air is one even stroke, without the knots of the pencil's grain.
        seam = np.where(_IS_AIR[patch.materials], np.float32(1), seam)
    wood = patch.materials == Material.WOOD
    if wood.any():
        # A thin pole's outline is its edge of form already, and no strip: its two sides would be one line.
        thin = (forms.long > 3.2 * forms.thick) & (forms.thick < _TWO_SIDES)
        seam = np.where(wood & patch.of_region(thin), np.float32(0), seam)
    steps = forms.step
    if steps.any() and (on_steps := steps[patch.ids] & (patch.materials == Material.ROAD)).any():
        # Feet have rounded the edge of a step: its line comes and goes.
        worn = np.clip(0.50 + 0.9 * patch.noise(80, 456, octaves=1, stretch=2.0), 0.15, 1)
        seam = np.where(on_steps, seam * worn, seam)
    if not (patch.materials == Material.WALL).any():
        return seam
    opening = patch.scene.sample(kept(patch.scene, "to openings", _to_openings), patch.bounds)
    framed = smoothstep(_FRAME + 1, _FRAME - 1, opening) * (patch.materials == Material.WALL)
    framed += (patch.materials == Material.WINDOW) * smoothstep(_FRAME + 1, _FRAME - 1, patch.inner)
    seam = seam * (1 - np.float32(1 - _IN_FRAMES) * framed)
    # Where a wall ends the line is its edge, and deeper than one between two walls.
    ends = patch.scene.sample(kept(patch.scene, "ends of walls", _ends_of_walls), patch.bounds)
    edge = smoothstep(7, 3, ends) * (patch.materials == Material.WALL)
    return np.asarray(seam + (1 - seam) * edge, np.float32)


def _to_openings(scene: Scene) -> Float32:
    return np.minimum(to_material(scene, Material.WINDOW), to_material(scene, Material.WOOD))


def _ends_of_walls(scene: Scene) -> Float32:
    return np.minimum.reduce([to_material(scene, other) for other in (Material.CLOTH, Material.METAL, Material.SKY)])


def laid_on(patch: Patch, canvas: Float32, trim: Trim, wires: Float32 | None) -> None:
    """Paint frames and corner posts; ``canvas`` (h, w, 3) OKLab is changed in place.

    ``wires`` (h, w) 0–1 is how near a wire hangs before the place: its stroke is no bar of a window.
    """
    rims.laid_on(patch, canvas, trim.wavering, trim.strip)
    _nosings(patch, canvas, trim)
    if not patch.mask(Material.WALL).any():
        return
    inked = (trim.strip > 30) | (trim.post > 0)
    there = np.flatnonzero(inked & _IS_FRAMED[patch.materials])
    if there.size == 0:
        return
    spots = Spots(patch, there)
    gap = {other: spots.of_scene(to_material(patch.scene, other)) for other in _LOOKED_AT}
    near_wall = smoothstep(4.5, 2.5, gap[Material.WALL]) * smoothstep(5, 8, gap[Material.METAL])
    opening = np.minimum(gap[Material.WINDOW], gap[Material.WOOD])
    kind = spots.of(patch.materials)
    wall = _wall_paint(patch, canvas, spots)
    plain = spots.paint(canvas)
    air = 1 - np.float32(0.6) * spots.of_scene(patch.scene.small_depth)
    side = float(np.copysign(max(abs(patch.light.towards[0]), 0.62), patch.light.towards[0]))
    across, down = side, patch.light.towards[1]
    reach = 1.7 * max(patch.unit, 0.6) / np.hypot(across, down)
    # Frames: what is drawn along the edge of an opening, and in a window what is no wire.
    framed = smoothstep(_FRAME + 1, _FRAME - 1, opening) * near_wall
    framed *= np.where(kind == Material.WALL, 1, smoothstep(_FRAME + 1, _FRAME - 1, spots.of_scene(patch.scene.inner)))
    if wires is not None:
        bars = np.maximum(
            smoothstep(0.75, 0.6, spots.of(wires)), smoothstep(*_BAR, spots.of(trim.upright).astype(np.float32))
        )
        framed = np.where(kind == Material.WINDOW, bars, framed)
    else:
        framed = np.where(kind == Material.WINDOW, np.float32(1), framed)
    drawn = smoothstep(*_MEANT, spots.of(trim.strip).astype(np.float32))
    even = drawn * spots.of(trim.thin) * np.float32(1 / 255)
    strip = np.maximum(np.clip((spots.of(trim.strip) * np.float32(1 / 255) - 0.17) * 9, 0, 1), even) * framed
    raised = np.clip(spots.rise(trim.strip, round(-across * reach), round(-down * reach)) * np.float32(5 / 255), -1, 1)
    frame, bare = _frame_paint(patch, spots, wall, gap[Material.WOOD] < gap[Material.WINDOW])
    plain += (frame - plain) * (np.float32(0.88) * strip)[:, None]
    # Its groove, as even as the strip itself; hardly one in pale paint, which the glass behind it parts.
    plain *= (1 - np.where(bare, _GROOVES[0], _GROOVES[1]) * even * framed)[:, None]
    plain[:, 0] += np.where(raised > 0, np.float32(0.6) * _LIT * strip, _SHADED * framed) * raised * air
    # The corner of a house: its post takes the light on one side, and a thin shade lies on the other.
    corner = smoothstep(2, 9, opening) * near_wall * (kind == Material.WALL) * (gap[Material.SKY] > 2)
    post = spots.of(trim.post) * np.float32(1 / 255) * corner
    sideways = -round(float(np.copysign(max(1.7 * patch.unit, 1), side)))
    turned = np.clip(spots.rise(trim.upright, sideways, 0) * np.float32(6 / 255), -1, 1)
    plain += (wall - plain) * (np.float32(0.85) * post)[:, None]
    plain[:, 0] += np.where(turned > 0, _LIT * post, _SHADED * corner) * turned * air
    spots.lay(canvas, plain)


def _nosings(patch: Patch, canvas: Float32, trim: Trim) -> None:
    """The worn edge of each tread takes the light above its drawn line, and the riser lies in its shade below."""
    steps = patch.scene.forms.step
    if not steps.any():
        return
    reach = max(2, round(2.2 * patch.unit))
    framed = np.pad(trim.strip, ((reach, reach), (0, 0)), mode="edge")
    # Whole steps, and not rectangles around strokes: those are other ones in another tile.
    on_steps = patch.mask(Material.ROAD) & steps[patch.ids]
    for piece in patch.pieces(on_steps):
        view = piece.within(patch)
        rows, columns = view
        under, over = (
            framed[rows.start + step : rows.stop + step, columns].astype(np.float32) for step in (2 * reach, 0)
        )
        edge = np.clip((under - over) * np.float32(5 / 255), -1, 1) * on_steps[view]
        trodden = np.clip(0.8 + 0.8 * piece.noise(70, 455, octaves=1, stretch=2.0), 0.15, 1.4)
        # Below it the shade is soft: it falls off down the riser.
        plain = canvas[view][..., 0]
        plain += plain * np.where(edge > 0, np.float32(0.062) * trodden, np.float32(0.02)) * edge
        plain -= plain * np.float32(0.045) * np.clip(over * np.float32(2 / 255), 0, 1) * on_steps[view]


_BLOCK = 8
"""Squares in a row of a block: so far the wall's paint is carried into a window, within what a tile sees."""


def _wall_paint(patch: Patch, canvas: Float32, spots: Spots) -> Float32:
    """(n, 3) OKLab of the wall's paint around each place; where no wall is near, a deep shade of the glass itself."""
    factor = max(1, round(4 * patch.unit))
    # One place in each square is enough: the brush's own grain goes in the blur.
    first = [(-at + factor // 2) % factor for at in (patch.bounds.y, patch.bounds.x)]
    square = slice(first[0], None, factor), slice(first[1], None, factor)
    known = (patch.materials[square] == Material.WALL).astype(np.float32)
    reach = max(7 * patch.unit / factor, 0.6)
    # Blocks begin at whole multiples in the picture.
    starts = (patch.bounds.y + first[0]) // factor, (patch.bounds.x + first[1]) // factor
    frame = [(start % _BLOCK, -(start + size) % _BLOCK) for start, size in zip(starts, known.shape, strict=True)]
    corner = [first[k] + factor * (0.5 * (_BLOCK - 1) - frame[k][0]) for k in (0, 1)]

    def far(plane: Float32) -> Float32:
        whole = np.pad(plane, frame)
        rows, columns = (size // _BLOCK for size in whole.shape)
        blocks = whole.reshape(rows, _BLOCK, columns, _BLOCK).mean((1, 3), dtype=np.float32)
        return spots.of_squares(blocks, corner, factor * _BLOCK)

    near_share, far_share = spots.of_squares(blur(known, reach), first, factor), far(known)
    own, planes = spots.paint(canvas), []
    own[:, 0] *= np.float32(0.62)
    near, seen = smoothstep(0.08, 0.2, near_share), smoothstep(0.002, 0.02, far_share)
    for c in range(3):
        shift = np.float32(0 if c == 0 else 0.5)
        plane = (canvas[..., c][square] + shift) * known
        close = spots.of_squares(blur(plane, reach), first, factor) / np.maximum(near_share, np.float32(0.08)) - shift
        wide = far(plane) / np.maximum(far_share, np.float32(1e-3)) - shift
        wide = own[:, c] + (wide - own[:, c]) * seen
        planes.append(wide + (close - wide) * near)
    return np.stack(planes).T


def _bare_frames(scene: Scene) -> Float32:
    """(h, w) 0–1 around each window: above one half if its frame is of bare wood, on both sides of its edge alike."""
    glass = (scene.small_materials == Material.WINDOW).astype(np.float32)
    cell = (scene.forms.x / 420).astype(np.int64)
    worn = hash_unit(cell, cell, mix_seed(scene.script.seed, 434, 7)) < _WORN
    reach = max(1.0, 6 * scene.shrink * scene.unit)
    share = blur(glass, reach)
    bare = worn.take(scene.small_regions.astype(np.intp), mode="clip")
    return np.asarray(blur(glass * bare, reach) / np.maximum(share, np.float32(0.01)), np.float32)


def _frame_paint(patch: Patch, spots: Spots, wall: Float32, door: Bool) -> tuple[Float32, Bool]:
    """(n, 3) OKLab of frames beside a ``wall``'s paint, and (n,) which are bare wood: of doors all, of windows some."""
    bare = (spots.of_scene(kept(patch.scene, "bare frames", _bare_frames)) > 0.5) | door
    light = wall[:, 0]
    painted, wood = wall * np.float32(0.6), wall * np.float32(0.9)
    # On a wall that is pale itself paint is no lighter, but cooler, and the strip's own shade tells it.
    painted[:, 0] = light + np.minimum(np.float32(0.6) * light * (np.float32(0.97) - light), np.float32(0.075))
    wood[:, 0] = light * np.float32(0.70)
    wood[:, 1] += np.float32(0.010) * light
    return np.where(bare[:, None], wood, painted).astype(np.float32), bare
