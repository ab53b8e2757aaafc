"""Lines on built things as a painter has them: strips of wood and metal with a lit and a shaded side, and thin seams.

Where the pencil went over an edge twice there is one form and not two outlines: the frame of a door or a window, a
corner post or a gutter's pipe. Its two sides lie where the two strokes were drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.material import Material
from genzu.engines.embedded.fields import distance_to
from genzu.engines.embedded.lumps import smoothstep
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch, blur, by_material
from genzu.engines.embedded.soft import difference, soft_bytes
from genzu.picture.arrays import Bool, Float32, UInt8

_BUILT = (
    Material.WALL, Material.WINDOW, Material.WOOD, Material.METAL, Material.CLOTH,
    Material.ROAD,
)  # fmt: skip
_CORE, _AROUND = 1.6, 3.8
"""Units of blur: strokes closer than the first are one; what is as wide as the second is no stroke."""
_UPRIGHT = 26.0
"""Units up and down over which the edge of a house is ruled: a hand wavers, a plumb line does not."""
_POST = 52
"""Byte of ink, evened up and down, from which there is such an edge."""
_SEAM = by_material({
    Material.WALL: 0.62, Material.WINDOW: 0.8, Material.WOOD: 0.6, Material.METAL: 0.9, Material.CLOTH: 0.9,
    Material.ROAD: 0.9,
}, 0.0)  # fmt: skip
"""See :func:`depth_of_lines`."""
_FRAME = 4.0
"""Units to both sides of the edge of a door or window in which strokes are its frame."""
_LIT, _SHADED = np.float32(0.055), np.float32(0.075)
"""Steps of lightness (OKLab) of the two sides of a strip."""
_WORN = 0.5
"""Share of houses whose frames are of bare wood; the others' are painted pale."""


class Trim(NamedTuple):
    """Planes (h, w) of a patch."""

    thin: UInt8
    """0–255: one line of even width on the middle of each stroke or pair of strokes."""
    strip: UInt8
    """0–255: how surely a place lies on a stroke, its grain and the gap between a pair closed."""
    raised: NDArray[np.int16]
    """−255…255: above 0 on the side of the stroke that faces the light."""
    post: UInt8
    """0–255: the same as ``strip`` for long upright strokes, ruled."""
    turned: NDArray[np.int16]
    """The same as ``raised`` for those."""


def trims(patch: Patch, even: UInt8) -> Trim | None:
    """Strokes on built things, evened; ``even`` is the ink without grain. ``None`` if there are none."""
    built = np.isin(patch.materials, _BUILT)
    part = patch.part(built & (even > 0), margin=12)
    if part is None:
        return None
    unit = max(patch.unit, 0.6)
    wide = Patch(patch.scene, part.bounds.grown(round((_UPRIGHT + 12) * unit)).clipped(patch.scene.extent))
    there, here = part.within(patch), part.within(wide)
    ink = Image.fromarray(wide.contour)
    upright = ink.filter(ImageFilter.BoxBlur((0, _UPRIGHT * unit)))
    core, around = (soft_bytes(wide.contour, size * unit) for size in (_CORE, _AROUND))
    post, beside = (np.asarray(upright.filter(ImageFilter.GaussianBlur((size * unit, 0)))) for size in (_CORE, _AROUND))
    ruled = np.minimum(np.maximum(post, _POST) - np.uint8(_POST), 25) * np.uint8(10)
    near = np.asarray(Image.fromarray(ruled).filter(ImageFilter.MaxFilter(2 * round(3 * unit) + 1)))
    rises = np.minimum(np.maximum(core, around) - around, 36) * np.uint8(7)
    thin = np.where(near > 127, np.minimum(np.maximum(post, beside) - beside, 36) * np.uint8(7), rises)
    side, height = patch.light.towards
    side = float(np.copysign(max(abs(side), 0.62), side))
    reach = 1.7 * unit / np.hypot(side, height)
    raised = difference(core, round(-side * reach), round(-height * reach))
    turned = difference(post, -round(float(np.copysign(1.7 * unit, side))), 0)
    planes = []
    for plane in (thin, core, raised, ruled, turned):
        whole = np.zeros(patch.shape, plane.dtype)
        whole[there] = plane[here]
        planes.append(whole)
    return Trim(*planes)


def depth_of_lines(patch: Patch) -> Float32:
    """(h, w) 0–1: how deep the line in the middle of a stroke is; 0 where lines are traced as they were drawn."""
    seam = _SEAM[patch.materials]
    steps = patch.scene.forms.step
    if steps.any():
        # Feet have rounded the edge of a step: its line comes and goes.
        worn = np.clip(0.50 + 0.9 * patch.noise(80, 456, octaves=2, stretch=2.0), 0.15, 1)
        seam = np.where(steps[patch.ids] & (patch.materials == Material.ROAD), seam * worn, seam)
    if not (patch.materials == Material.WALL).any():
        return seam
    # Where a wall ends the line is its edge, and deeper than one between two walls.
    ends = np.minimum.reduce([distance_to(patch, other) for other in (Material.CLOTH, Material.METAL, Material.SKY)])
    edge = smoothstep(7, 3, ends) * (patch.materials == Material.WALL)
    return np.asarray(seam + (1 - seam) * edge, np.float32)


def laid_on(patch: Patch, canvas: Float32, trim: Trim, wires: Float32 | None) -> None:
    """Paint frames and corner posts; ``canvas`` (h, w, 3) OKLab is changed in place.

    ``wires`` (h, w) 0–1 is how near a wire hangs before the place: its stroke is no bar of a window.
    """
    _nosings(patch, canvas, trim)
    walls = patch.mask(Material.WALL)
    if not walls.any():
        return
    around = _wall_paint(patch, canvas, walls)
    for piece in patch.pieces((trim.strip > 20) & (around[3] > 4e-3)):
        view = piece.within(patch)
        on_wall = smoothstep(4.5, 2.5, distance_to(piece, Material.WALL))
        clear = smoothstep(5, 8, distance_to(piece, Material.METAL))
        to_glass, to_wood = distance_to(piece, Material.WINDOW), distance_to(piece, Material.WOOD)
        framed = smoothstep(_FRAME + 1, _FRAME - 1, np.minimum(to_glass, to_wood)) * on_wall * clear
        inner = smoothstep(_FRAME + 1, _FRAME - 1, piece.inner)
        glass = piece.materials == Material.WINDOW
        framed *= np.where(piece.materials == Material.WALL, np.float32(1), inner)
        framed = np.where(glass, 1 if wires is None else smoothstep(0.75, 0.6, wires[view]), framed)
        framed *= np.isin(piece.materials, (Material.WALL, Material.WINDOW, Material.WOOD))
        plain = canvas[view]
        wall = np.stack([plane[view] for plane in around[:3]], -1)
        air = 1 - np.float32(0.6) * piece.depth
        strip = np.clip((trim.strip[view] * np.float32(1 / 255) - 0.17) * 9, 0, 1) * framed
        raised = np.clip(trim.raised[view] * np.float32(5 / 255), -1, 1)
        wood = _frame_paint(piece, wall, to_wood < to_glass)
        plain += (wood - plain) * (np.float32(0.88) * strip)[..., None]
        plain[..., 0] += np.where(raised > 0, np.float32(0.6) * _LIT * strip, _SHADED * framed) * raised * air
        # The corner of a house: its post takes the light on one side, and a thin shade lies on the other.
        corner = smoothstep(2, 9, np.minimum(to_glass, to_wood)) * on_wall * clear
        corner *= (piece.materials == Material.WALL) & (distance_to(piece, Material.SKY) > 2)
        post = trim.post[view] * np.float32(1 / 255) * corner
        turned = np.clip(trim.turned[view] * np.float32(6 / 255), -1, 1)
        plain += (wall - plain) * (np.float32(0.85) * post)[..., None]
        plain[..., 0] += np.where(turned > 0, _LIT, _SHADED) * turned * np.maximum(post, corner * (turned < 0)) * air


def _nosings(patch: Patch, canvas: Float32, trim: Trim) -> None:
    """The worn edge of each tread takes the light above its drawn line, and the riser lies in its shade below."""
    steps = patch.scene.forms.step
    if not steps[np.unique(patch.regions)].any():
        return
    reach = max(2, round(2.2 * patch.unit))
    framed = np.pad(trim.strip, ((reach, reach), (0, 0)), mode="edge")
    for piece in patch.pieces(patch.mask(Material.ROAD) & (trim.strip > 12)):
        view = piece.within(patch)
        rows, columns = view
        under, over = (
            framed[rows.start + step : rows.stop + step, columns].astype(np.float32) for step in (2 * reach, 0)
        )
        edge = np.clip((under - over) * np.float32(5 / 255), -1, 1) * steps[piece.ids]
        trodden = np.clip(0.8 + 0.8 * piece.noise(70, 455, octaves=2, stretch=2.0), 0.15, 1.4)
        plain = canvas[view][..., 0]
        plain += plain * np.where(edge > 0, np.float32(0.11) * trodden, np.float32(0.05)) * edge


def _wall_paint(patch: Patch, canvas: Float32, walls: Bool) -> list[Float32]:
    """(h, w) planes: OKLab of the wall's paint around each place, and how much wall there is."""
    factor = max(1, round(4 * patch.unit))
    known = patch.reduced(walls.astype(np.float32), factor)
    reach = max(7 * patch.unit / factor, 0.6)

    def spread(plane: Float32) -> Float32:
        # The second reaches the middle of a window.
        return blur(plane, reach) + np.float32(0.05) * blur(plane, 5 * reach)

    share = spread(known)
    planes = []
    for c in range(3):
        shift = np.float32(0 if c == 0 else 0.5)
        plane = patch.reduced((canvas[..., c] + shift) * walls, factor)
        planes.append(patch.enlarged(spread(plane) / np.maximum(share, np.float32(2e-3)) - shift, factor))
    return [*planes, patch.enlarged(share, factor)]


def _frame_paint(patch: Patch, wall: Float32, door: Bool) -> Float32:
    """(h, w, 3) OKLab of frames beside a ``wall``'s paint: of windows painted pale or bare wood, of doors bare wood."""
    cell = (patch.scene.forms.x / 420).astype(np.int64)
    bare = patch.of_region(hash_unit(cell, cell, mix_seed(patch.script.seed, 434, 7)) < _WORN)[..., None]
    light = wall[..., 0]
    painted = wall * np.float32(0.6)
    # On a wall that is pale itself paint is no lighter, but cooler, and the strip's own shade tells it.
    painted[..., 0] = light + np.minimum(np.float32(0.6) * light * (np.float32(0.97) - light), np.float32(0.075))
    wood = wall * np.float32(0.9)
    wood[..., 0] = light * np.float32(0.70)
    wood[..., 1] += np.float32(0.010) * light
    return np.where(bare | door[..., None], wood, painted).astype(np.float32)
