"""Windows: sky and a glint in the glass by day, curtains and dark rooms behind it, lit rooms at dusk and night."""

from __future__ import annotations

import numpy as np

from genzu.core.material import Material
from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.materials.built import keep_form, plane_light, rest, smooth
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_CURTAINS = ("#efe6d2", "#d9c9a8", "#c9d3d6", "#d8b9a0", "#e8e4da")


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Glass as a mixture of the room behind and the sky in front."""
    script, forms, ids = patch.script, patch.scene.forms, patch.ids
    u, v, wide, tall = patch.box
    whole_u, whole_v = _in_body(patch)
    curtain, colour = _curtains(patch, whole_u, whole_v)
    room = script.local(Material.WINDOW) * np.float32(0.32)
    albedo = np.broadcast_to(room, (*patch.shape, 3)) * (1.15 - 0.5 * v[..., None])
    albedo = albedo + (colour * 0.62 - albedo) * curtain[..., None]
    reveal = smooth(0.0, 3.5, v * tall) * smooth(0.0, 2.0, u * wide + 0.3)
    lit = plane_light(patch, forms.facing[ids]) * (0.25 + 0.55 * curtain) * (1 - 0.8 * patch.wall_shadow)
    quiet = rest(patch)
    if quiet is not None:
        albedo = albedo + (0.22 - albedo) * (0.6 * quiet[..., None])
        lit = lit * (1 - 0.5 * quiet)
    shine = patch.scene.lights.shine[ids]
    glass = _reflection(patch, u, v, wide, tall) * (1 - 0.85 * np.clip(shine, 0, 1))[..., None]
    if quiet is not None:
        glass = glass * (1 - 0.5 * quiet[..., None])
    emission = (glass + _lit_room(patch, whole_u, whole_v, curtain)) * (0.35 + 0.65 * reveal)[..., None]
    return Surface(
        albedo=np.asarray(albedo, np.float32),
        light=np.asarray(lit * reveal, np.float32),
        openness=np.asarray(0.35 + 0.4 * reveal, np.float32),
        shadowed=False,
        emission=emission.astype(np.float32),
        haze=0.8,
    )


def _in_body(patch: Patch) -> tuple[Float32, Float32]:
    """Place 0–1 in the whole window, all its panes together."""
    table, body = patch.scene.regions, patch.scene.forms.body
    count = len(body)
    left, top = np.full(count, 1 << 30), np.full(count, 1 << 30)
    right, bottom = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.minimum.at(left, body, table.left)
    np.minimum.at(top, body, table.top)
    np.maximum.at(right, body, table.right)
    np.maximum.at(bottom, body, table.bottom)
    ids = body[patch.ids]
    u = (patch.x * patch.unit - left[ids]) / np.maximum(right - left, 1)[ids]
    v = (patch.y * patch.unit - top[ids]) / np.maximum(bottom - top, 1)[ids]
    return np.asarray(u, np.float32), np.asarray(v, np.float32)


def _curtains(patch: Patch, u: Float32, v: Float32) -> tuple[Float32, Float32]:
    """Share of cloth before the room, 0–1, and its colour with folds."""
    chance = patch.scene.forms.chance
    palette = np.stack([hex_to_linear(code) for code in _CURTAINS])
    colour = palette[(chance[:, 2] * len(palette)).astype(np.int64) % len(palette)][patch.ids]
    drawn = np.where(chance[:, 1] < 0.6, 0.10 + 0.32 * chance[:, 1], 0.0)[patch.ids]
    drawn = drawn + 0.04 * (1 - np.abs(2 * v - 1)) * (drawn > 0)
    side = np.minimum(u, 1 - u)
    blind = np.where(chance[:, 1] > 0.82, 0.2 + 2.2 * (chance[:, 1] - 0.82), 0)[patch.ids]
    cover = np.maximum(smooth(-0.02, 0.02, drawn - side), smooth(-0.02, 0.02, blind - v) * (blind > 0))
    folds = 1 + 0.16 * np.sin(u * 60 + 6 * chance[patch.ids][..., 0])
    return np.asarray(cover, np.float32), np.asarray(colour * folds[..., None], np.float32)


def _reflection(patch: Patch, u: Float32, v: Float32, wide: Float32, tall: Float32) -> Float32:
    """Sky in the glass: paler above, with a slanting band of light that each pane has at another place."""
    script, chance = patch.script, patch.scene.forms.chance[patch.ids]
    tilt = 1.0 if patch.light.towards[0] < 0 else -1.0
    slant = (u * wide + tilt * v * tall * 0.55) / np.maximum(wide + 0.5 * tall, 1)
    at = np.where(tilt > 0, 0.25, -0.1) + 0.5 * chance[..., 1]
    band = smooth(0.09, 0.05, np.abs(slant - at)) + 0.6 * smooth(0.04, 0.015, np.abs(slant - at - 0.17))
    strength = (0.20 + 0.34 * (1 - v) + 0.10 * (chance[..., 2] - 0.5)) + 0.22 * band
    strength = strength * np.where(wide * patch.unit < 5, 0.7, 1)
    sky = script.middle + (script.horizon - script.middle) * v[..., None] * 0.4
    return np.asarray(sky * np.clip(strength, 0.05, 0.95)[..., None], np.float32)


def _lit_room(patch: Patch, u: Float32, v: Float32, curtain: Float32) -> Float32:
    """Lamp light in the room: brightest round the lamp, dimmer at the floor, things standing before it."""
    lights, ids = patch.scene.lights, patch.ids
    shine = lights.shine[ids]
    if not (shine > 0).any():
        return np.zeros((*patch.shape, 3), np.float32)
    chance = patch.scene.forms.chance[ids]
    lamp = np.exp(-(((u - 0.25 - 0.5 * chance[..., 2]) * 1.6) ** 2) - ((v - 0.22) * 1.5) ** 2)
    things = smooth(0.015, -0.015, (1 - v) - 0.24 * np.clip(patch.noise(9, 431, stretch=1.3, octaves=2) + 0.25, 0, 1))
    glow = (0.50 + 0.75 * lamp) * (1 - 0.55 * things * (1 - curtain)) * (1 - 0.12 * curtain)
    warm = lights.tint[ids] * (1 - 0.25 * (1 - lamp[..., None]) * np.array([0.15, 0.6, 1.0], np.float32))
    return np.asarray(warm * (glow * shine * 1.15)[..., None], np.float32)


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """A few flat strokes across the light's slant."""
    lean = float(np.deg2rad(62 if patch.light.towards[0] > 0 else 118))
    brush_over(
        patch, base, canvas, mask,
        Layer(
            tip=Tip.FLAT, length=26, width=7, spacing=9, salt=2301, angle=lean, turn=0.06, opacity=0.5, value=0.018,
        ),
    )  # fmt: skip


def finish(_patch: Patch, base: Float32, canvas: Float32) -> None:
    """The pane stays crisp."""
    keep_form(base, canvas)
