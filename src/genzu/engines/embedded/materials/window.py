"""Windows: a frame set into the wall, the room behind the glass, the sky and what stands opposite in it; lit at night.

Glass is darker than the wall that the sun lies on and hardly lighter than one in the shade; what it mirrors is pale
above and fades down into the roofs opposite, and the room with its curtains is seen best there.
"""

from __future__ import annotations

import mahotas
import numpy as np

from genzu.core.material import Material
from genzu.core.scene import Place
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept, top_of_column
from genzu.engines.embedded.materials.built import keep_form, plane_light, rest, smooth
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import box_of, gaussian
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface, toned
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_CURTAINS = ("#e6dcc6", "#cfbf9f", "#b9c4c8", "#c9a78d", "#d8d4c9")
_PAINTED, _METAL, _BARE = "#e3dccd", "#7d8588", "#755540"
_METAL_PLACES = (Place.CITY, Place.SCHOOL, Place.ROOFTOP)
_BARE_PLACES = (Place.SHRINE, Place.VILLAGE, Place.RICE_FIELD, Place.STATION, Place.RAILWAY)
_DARK = np.array([0.036, 0.034, 0.036], np.float32)
"""Linear colour of a room by day, to which nothing is lent by the glass."""
_SINGLE = 44.0
"""Units: a window this large that was drawn as one pane has a bar that was not drawn."""
_NEAR = 130.0
"""Units: the lines in a window this large are bars."""
_BAR = 0.11
"""Share of a window's size that a bar is wide at most."""
_RING = 0.42
"""Share of its box that glass fills at least."""
_TOUCHED = 12.0
"""Units from the edge of a window."""
_LEAST = 13.0
"""Units: smaller windows have no frame; their line is one."""


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Glass as a mixture of the room behind and the sky in front, in its frame."""
    forms, ids = patch.scene.forms, patch.ids
    u, v, wide, tall = _in_body(patch)
    size = np.minimum(wide, tall)
    facing = plane_light(patch, patch.of_region(forms.facing)) * (1 - 0.8 * patch.wall_shadow)
    curtain, cloth = _curtains(patch, u, v, size)
    room = _DARK + 0.10 * patch.script.local(Material.WINDOW)
    deep = 1.2 - 0.55 * v + 0.5 * smooth(30, 90, size) * patch.noise(34, 433, octaves=1)
    albedo = toned(room, np.clip(deep, 0.4, 2))
    albedo = albedo + (cloth - albedo) * (0.62 * curtain)[..., None]
    # The wall's thickness keeps the light from the upper edge of the glass.
    under = np.maximum(patch.y - top_of_column(patch, Material.WINDOW), 0)
    reveal = 0.30 + 0.70 * smooth(0, 1, under / np.clip(0.10 * size, 1.5, 11))
    lit = facing * (0.10 + 0.34 * curtain) * reveal
    quiet = rest(patch)
    shine = np.clip(patch.scene.lights.shine[ids], 0, 1)
    glass = _reflection(patch, u, v, size) * (1 - 0.85 * shine)[..., None]
    if quiet is not None:
        albedo = albedo + (0.12 - albedo) * (0.6 * quiet[..., None])
        lit = lit * (1 - 0.5 * quiet)
        glass = glass * (1 - 0.5 * quiet[..., None])
    emission = (glass + _lit_room(patch, u, v, curtain)) * (0.25 + 0.75 * reveal)[..., None]
    frame, edge = _frame(patch, u, v, wide, tall)
    if frame is not None:
        wood = _frame_colour(patch)
        albedo = albedo + (wood - albedo) * frame[..., None]
        lit = lit + (facing * (0.72 + 0.30 * edge) - lit) * frame
        emission = emission * (1 - frame)[..., None]
    else:
        frame = np.zeros(patch.shape, np.float32)
    return Surface(
        albedo=np.asarray(albedo, np.float32),
        light=np.asarray(lit, np.float32),
        openness=np.asarray(0.30 + 0.25 * reveal + 0.30 * frame, np.float32),
        shadowed=False,
        emission=emission.astype(np.float32),
        haze=0.9,
    )


def _bodies(scene: Scene) -> Float32:
    """(n, 5) left, top, width and height in units of the whole window that a pane belongs to, and its panes."""
    table, body = scene.regions, scene.forms.body
    frame = table.frame(scene.unit)
    left, top = frame[:, 0].copy(), frame[:, 1].copy()
    right, bottom = frame[:, 0] + frame[:, 2], frame[:, 1] + frame[:, 3]
    there = table.area > 0
    own, of = np.flatnonzero(there), body[there]
    np.minimum.at(left, of, frame[own, 0])
    np.minimum.at(top, of, frame[own, 1])
    np.maximum.at(right, of, (frame[:, 0] + frame[:, 2])[own])
    np.maximum.at(bottom, of, (frame[:, 1] + frame[:, 3])[own])
    panes = np.bincount(of, minlength=len(body)).astype(np.float32)
    whole = np.stack([left, top, np.maximum(right - left, 1), np.maximum(bottom - top, 1), panes], 1)
    return np.asarray(whole[body], np.float32)


def _in_body(patch: Patch) -> tuple[Float32, Float32, Float32, Float32]:
    """Place 0–1 in the whole window, all its panes together, and its width and height in units.

    A window in one piece may be seen aslant: then the place from above is between its two fitted edges.
    """
    whole = kept(patch.scene, "windows", _bodies).take(patch.ids, axis=0, mode="clip")
    left, top, wide, tall, panes = (whole[..., k] for k in range(5))
    forms, ids = patch.scene.forms, patch.ids
    aslant = (panes < 1.5) & (forms.top.good & forms.foot.good)[ids]
    if aslant.any():
        along = patch.x - patch.of_region(forms.x)
        upper = patch.of_region(forms.top.at) + patch.of_region(forms.top.slope) * along
        height = np.maximum(
            patch.of_region(forms.foot.at) + patch.of_region(forms.foot.slope) * along - upper, 0.3 * tall
        )
        top, tall = np.where(aslant, upper, top), np.where(aslant, height, tall)
    return (patch.x - left) / wide, np.asarray((patch.y - top) / tall, np.float32), wide, tall


def _frames(scene: Scene) -> Float32:
    """(h, w) units from the edge of each pane, at most about 20; 0 outside windows."""
    glass = scene.small_materials == Material.WINDOW
    field = np.zeros(glass.shape, np.float32)
    if not glass.any():
        return field
    rows, columns = box_of(glass)
    # One row and column more, or what lies at the edge of the box would have none.
    box = slice(max(rows.start - 1, 0), rows.stop + 1), slice(max(columns.start - 1, 0), columns.stop + 1)
    labels, inside = scene.small_regions[box], glass[box].copy()
    # Wires across a small window part it, too: only what is seen from near has bars of its own.
    large = kept(scene, "windows", _bodies)[:, 2:4].min(1) > _NEAR
    labels = np.where(large[labels], labels, -1)
    for axis in (0, 1):
        turned, panes = np.moveaxis(labels, axis, 0), np.moveaxis(inside, axis, 0)
        panes[1:] &= turned[1:] == turned[:-1]
    gap = np.sqrt(mahotas.distance(inside)) - 0.5 * inside
    # The blur takes the steps of the reduced picture out of the frame's edge, and a little off its corners.
    limit = 20 * scene.shrink * scene.unit
    soft = gaussian(np.minimum(gap, limit).astype(np.float32), 1.6)
    field[box] = soft / np.float32(scene.shrink * scene.unit)
    return field


def _frame(
    patch: Patch, u: Float32, v: Float32, wide: Float32, tall: Float32
) -> tuple[Float32 | None, Float32]:  # fmt: skip
    """0–1 where there is frame or bar, ``None`` if all windows are small, and 0–1 its edge towards the light."""
    size = np.minimum(wide, tall)
    large = smooth(_LEAST, _LEAST + 6, size)
    if not large.any():
        return None, large
    gap = patch.scene.sample(kept(patch.scene, "frames", _frames), patch.bounds)
    panes = kept(patch.scene, "windows", _bodies)[:, 4].take(patch.ids, mode="clip")
    broad = np.clip(0.055 * size, 1.6, 7.0) * np.where(panes > 2.5, 0.62, 1.0)
    frame = smooth(0.6, -0.6, gap - broad)
    # Where the frame was drawn it is a pane far too narrow for glass, or a ring around the others.
    forms, table, ids = patch.scene.forms, patch.scene.regions, patch.ids
    box = np.maximum((table.right - table.left).astype(np.int64) * (table.bottom - table.top), 1)
    narrow = (forms.long > 3 * forms.thick)[ids] & (patch.of_region(forms.thick) < _BAR * size)
    frame = np.maximum(frame, (narrow | (table.area < _RING * box)[ids]) & (panes > 1.5))
    # A large window in one piece slides: two wings that overlap in the middle, or a bar across a tall one.
    alone = (panes < 1.5) & (size > _SINGLE)
    if alone.any():
        boxes = kept(patch.scene, "windows", _bodies)
        upright = patch.of_region(boxes[:, 2] > 0.7 * boxes[:, 3])
        off = np.where(upright, (u - 0.5) * wide, (v - 0.42) * tall)
        frame = np.maximum(frame, alone * smooth(0.6, -0.6, np.abs(off) - 0.45 * broad))
    edge = smooth(1.2, 0.2, np.abs(gap - broad + 0.9)) * (u * np.sign(-patch.light.towards[0]) > 0.0)
    return np.asarray(frame * large, np.float32), np.asarray(edge, np.float32)


def _frame_colour(patch: Patch) -> Float32:
    """(h, w, 3) neighbours have the same frames: one kind for a stretch of the picture, some kinds for a place."""
    place = patch.script.conditions.place
    if place in _METAL_PLACES:
        codes = (_METAL, _METAL, _PAINTED)
    elif place in _BARE_PLACES:
        codes = (_BARE, _BARE, _PAINTED)
    else:
        codes = (_PAINTED, _PAINTED, _BARE)
    cell = (patch.scene.forms.x / 420).astype(np.int64)
    chance = hash_unit(cell, np.zeros_like(cell), mix_seed(patch.script.seed, 434))
    colours = np.stack([patch.script.toned(hex_to_linear(code)) for code in codes])
    return patch.of_region(colours[np.minimum((chance * 3).astype(np.int64), 2)])


def _curtains(patch: Patch, u: Float32, v: Float32, size: Float32) -> tuple[Float32, Float32]:
    """Share of cloth before the room, 0–1, and its colour with folds."""
    chance = patch.scene.forms.chance
    palette = np.stack([hex_to_linear(code) for code in _CURTAINS])
    colour = patch.of_region(palette[(chance[:, 2] * len(palette)).astype(np.int64) % len(palette)])
    offices = patch.script.conditions.place in _METAL_PLACES
    open_wide, from_blind = (0.18, 0.55) if offices else (0.55, 0.80)
    drawn = np.where(chance[:, 1] < open_wide, 0.08 + 0.20 * chance[:, 1], 0.0)[patch.ids]
    drawn = drawn + 0.03 * (1 - np.abs(2 * v - 1)) * (drawn > 0)
    side = np.minimum(u, 1 - u)
    deep = 0.10 + 1.6 * (chance[:, 1] - from_blind)
    blind = np.where(chance[:, 1] > from_blind, np.minimum(deep, 0.62), 0)[patch.ids]
    cover = np.maximum(smooth(-0.02, 0.02, drawn - side), smooth(-0.01, 0.01, blind - v) * (blind > 0))
    folds = 1 + 0.20 * np.sin(side * 75 + 6 * chance[patch.ids][..., 0]) * (v > blind)
    shown = cover * (0.35 + 0.65 * smooth(14, 30, size))
    return np.asarray(shown, np.float32), np.asarray(colour * (folds * (0.92 - 0.34 * v))[..., None], np.float32)


def _reflection(patch: Patch, u: Float32, v: Float32, size: Float32) -> Float32:
    """(h, w, 3) what the glass mirrors: sky, paler above, down to the roofs opposite; a soft gleam across the pane."""
    script, forms, ids = patch.script, patch.scene.forms, patch.ids
    chance = forms.chance[ids]
    near = smooth(20, 60, size)
    sky = script.middle + toned(script.horizon - script.middle, np.clip(0.15 + 0.7 * v, 0, 1))
    sky = sky + (sky.mean(-1, keepdims=True) - sky) * np.float32(0.14)
    # The skyline opposite; where nothing large is near, it is only a slope of tone.
    line = 0.46 + 0.34 * (chance[..., 2] - 0.4) + 0.05 * patch.noise(44, 435, octaves=1, stretch=1.5)
    opposite = smooth(-0.025, 0.05, v - line) * near + (1 - near) * np.clip(v * 0.8, 0, 1)
    seen_flat = np.abs(patch.of_region(forms.facing))
    strength = (0.33 + 0.15 * seen_flat + 0.12 * (chance[..., 0] - 0.5)) * (1.12 - 0.42 * v)
    strength = strength * (1 - (0.35 if patch.light.night else 0.66) * opposite)
    tilt = 1.0 if patch.light.towards[0] < 0 else -1.0
    at = (u + tilt * 0.45 * (v - 0.5)) - (0.30 + 0.4 * chance[..., 1])
    gleam = smooth(0.15, 0.03, np.abs(at)) * (chance[..., 1] < 0.7) * (0.5 + 0.5 * near)
    strength = strength + 0.11 * gleam * (1 - 0.5 * opposite)
    mirrored = sky * np.clip(strength, 0.03, 0.9)[..., None]
    if patch.light.low > 0 and not patch.light.night:
        # A low sun stands in the panes of the few windows that are turned just so.
        squarely = smooth(0.55, 0.8, plane_light(patch, patch.of_region(forms.facing))) * (chance[..., 0] < 0.22)
        burning = squarely * (1 - patch.wall_shadow) * patch.light.low * patch.light.sharpness * (0.9 - 0.5 * v)
        mirrored = mirrored + patch.light.key * (0.55 * burning)[..., None]
    return np.asarray(mirrored, np.float32)


def _lit_room(patch: Patch, u: Float32, v: Float32, curtain: Float32) -> Float32:
    """Lamp light in the room: brightest round the lamp, dimmer at the floor, things standing before it."""
    lights, ids = patch.scene.lights, patch.ids
    shine = lights.shine[ids]
    if not (shine > 0).any():
        return np.zeros((*patch.shape, 3), np.float32)
    chance = patch.scene.forms.chance[ids]
    lamp = np.exp(-(((u - 0.25 - 0.5 * chance[..., 2]) * 1.6) ** 2) - ((v - 0.22) * 1.5) ** 2)
    things = smooth(
        0.015, -0.015, (1 - v) - 0.24 * np.clip(patch.noise(400, 431, stretch=0.035, octaves=2) + 0.25, 0, 1)
    )
    glow = (0.50 + 0.75 * lamp) * (1 - 0.55 * things * (1 - curtain)) * (1 - 0.12 * curtain)
    warm = lights.tint[ids] * (1 - 0.25 * (1 - lamp[..., None]) * np.array([0.15, 0.6, 1.0], np.float32))
    return np.asarray(warm * (glow * shine * 1.15)[..., None], np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """A few soft touches down the large panes: glass shows no brush."""
    brush_over(
        patch, base, canvas, mask & (patch.inner > _TOUCHED),
        Layer(
            tip=Tip.SOFT, length=30, width=12, spacing=13, salt=2301, angle=float(np.pi / 2), turn=0.05, opacity=0.35,
            value=0.022, hue=0.006,
        ),
    )  # fmt: skip


def finish(_patch: Patch, base: Float32, canvas: Float32) -> None:
    """Frame and pane stay crisp."""
    keep_form(base, canvas, value=0.016, hue=0.008)
