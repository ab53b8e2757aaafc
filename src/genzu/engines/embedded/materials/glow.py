"""What shines: lamps with a bright core, sun and moon, bursts of fireworks."""

from __future__ import annotations

import numpy as np

from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.lights import Kind
from genzu.engines.embedded.materials.built import smooth
from genzu.engines.embedded.materials.sky import sky_light
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear

_GLASS = hex_to_linear("#e9e2cf")


def shade(patch: Patch, _mask: Bool) -> Surface:
    """Emission by kind; an unlit lamp is pale glass or paper."""
    ids, lights = patch.ids, patch.scene.lights
    kind = lights.kind[ids]
    u, v, _, _ = patch.box
    core = np.clip(1.15 - 1.1 * np.hypot(u - 0.5, v - 0.55), 0.25, 1.1)
    tint, shine = lights.tint[ids], lights.shine[ids]
    white = tint + (1.1 - tint) * (np.clip(core, 0, 1) ** 3 * 0.55)[..., None]
    emission = white * (shine * (0.35 + 0.55 * core) * 0.8)[..., None]
    disc = kind == Kind.DISC
    if disc.any():
        emission = np.where(disc[..., None], _disc(patch), emission)
    if (kind == Kind.FIREWORK).any():
        emission = np.where((kind == Kind.FIREWORK)[..., None], _burst(patch), emission)
    albedo = np.where((kind == Kind.LAMP)[..., None], _GLASS * 0.85, 0).astype(np.float32)
    return Surface(albedo=albedo, light=0.6, shadowed=False, emission=np.asarray(emission, np.float32), haze=0.0)


def _disc(patch: Patch) -> Float32:
    """The sun burns out to white; the moon has grey seas."""
    script = patch.script
    tint = patch.scene.lights.tint[patch.ids]
    if not script.light.night:
        return np.asarray(1.05 * (0.75 + 0.25 * tint), np.float32)
    seas = smooth(0.05, 0.5, patch.noise(26, 491, octaves=3))
    return np.asarray((0.95 - 0.28 * seas)[..., None] * np.array([1.0, 0.97, 0.86], np.float32), np.float32)


def _sky(patch: Patch) -> Float32:
    """The sky behind a burst, as the colour script has it."""
    script = patch.script
    height = np.clip(patch.y / max(patch.horizon, 200.0), 0, 1)[..., None]
    low = script.middle + (script.horizon - script.middle) * np.clip((height - 0.55) / 0.45, 0, 1)
    sky = np.where(height < 0.55, script.zenith + (script.middle - script.zenith) * (height / 0.55), low)
    return np.asarray(np.broadcast_to(sky, (*patch.shape, 3)), np.float32)


def _burst(patch: Patch) -> Float32:
    """Drawn sparks shine: gold at the heart, the burst's colour along the rays, white-hot tips and beads.

    A burst drawn as one round area has no rays of its own; they are painted into it.
    """
    forms, ids, lights = patch.scene.forms, patch.ids, patch.scene.lights
    heart = lights.heart[ids]
    radius = np.maximum(heart[..., 2], 4)
    r = np.hypot(patch.x - heart[..., 0], patch.y - heart[..., 1]) / radius
    tint = lights.tint[ids]
    hot = np.clip(1.2 - r / 0.45, 0, 1) + smooth(0.75, 1.05, r)
    bead = (forms.long < 1.9 * forms.thick)[ids]
    hot = np.clip(hot * 0.6 + 0.75 * bead, 0, 1)[..., None]
    spark = tint * (0.75 + 0.5 * np.clip(r, 0, 1))[..., None]
    spark = spark + (np.array([1.15, 1.08, 0.95], np.float32) - spark) * hot
    # A ray has no edge: it is white in its middle and goes out into the sky.
    core = (0.25 + 0.75 * smooth(0.2, 2.6, patch.inner))[..., None] * np.ones(1, np.float32)
    spark = spark * core + sky_light(patch) * (1 - core)
    table = patch.scene.regions
    box = np.maximum((table.right - table.left) * (table.bottom - table.top), 1)
    disc = ((forms.thick > 70) & (table.area > 0.5 * box))[ids]  # a star of drawn rays is no round area
    return np.asarray(np.where(disc[..., None], _rays(patch), spark) if disc.any() else spark, np.float32)


def _rays(patch: Patch) -> Float32:
    """A chrysanthemum of sparks: rays from the centre with beads of fire, drooping, brightest at their tips."""
    forms, ids = patch.scene.forms, patch.ids
    radius = np.maximum(0.5 * np.minimum(patch.box[2], patch.box[3]), 4)
    x, y = (patch.x - forms.x[ids]) / radius, (patch.y - forms.y[ids]) / radius
    r = np.hypot(x, y - 0.10 * (x * x + y * y))
    angle = np.arctan2(y - 0.10 * (x * x + y * y), x)
    total = np.zeros(patch.shape, np.float32)
    white = np.zeros(patch.shape, np.float32)
    for shell, (count, reach) in enumerate(((44, 1.0), (30, 0.72), (18, 0.42))):
        place = angle / (2 * np.pi) * count + 0.37 * shell
        ray = np.floor(place + 0.5)
        chance = hash_unit(
            np.mod(ray, count).astype(np.int64), ids.astype(np.int64), mix_seed(patch.script.seed, 0xF1, shell)
        )
        long = reach * (0.80 + 0.20 * chance)
        off = np.abs(place + 0.25 * (chance - 0.5) - ray) * 2 * np.pi / count * r * radius
        thick = (0.7 + 1.5 * smooth(0.2, 1.0, r / long)) * np.clip(radius / 90, 0.5, 1.4)
        line = np.exp(-((off / thick) ** 2)) * (r < long) * smooth(0.05, 0.35, r)
        beads = 0.45 + 0.55 * np.cos((r / long) * 40 + 6 * chance) ** 2
        tip = np.exp(-(((r - long) * radius / 2.6) ** 2) - (off / 2.4) ** 2)
        total += line * beads * (0.35 + 0.65 * (r / long) ** 2)
        white += tip + 0.25 * line * (r / long) ** 3
    heart = np.exp(-((r / 0.10) ** 2)) + 0.30 * np.exp(-((r / 0.55) ** 2))
    tint = patch.scene.lights.tint[ids]
    return np.asarray(
        _sky(patch) + tint * (1.3 * total + 0.35 * heart)[..., None] + (0.9 * white)[..., None] * (0.4 + 0.6 * tint),
        np.float32,
    )


def brushwork(patch: Patch, base: Float32, canvas: Float32, mask: Bool) -> None:
    """Light is left nearly untouched: soft dabs only."""
    brush_over(
        patch, base, canvas, mask,
        Layer(tip=Tip.SOFT, length=10, width=10, spacing=9, salt=2801, opacity=0.25, value=0.01, hue=0.003),
    )  # fmt: skip
