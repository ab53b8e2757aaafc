"""What shines: lamps with a bright core, sun and moon, bursts of fireworks."""

from __future__ import annotations

import numpy as np

from genzu.engines.embedded.brush import Tip
from genzu.engines.embedded.fields import kept, small_ink
from genzu.engines.embedded.lights import Kind
from genzu.engines.embedded.materials.built import smooth
from genzu.engines.embedded.materials.sky import sky_light
from genzu.engines.embedded.noise import hash_unit, mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import soft_bytes
from genzu.engines.embedded.strokes import Layer, brush_over
from genzu.engines.embedded.surface import Surface
from genzu.picture.arrays import Bool, Float32, UInt8
from genzu.picture.colour import hex_to_linear

_GLASS = hex_to_linear("#e9e2cf")
_WHITE_HOT = np.array([1.15, 1.08, 0.95], np.float32)
_UNDRAWN = 8.0
"""Mean byte of ink below which a spark stands in the materials picture only, and is filled."""


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
    """Drawn sparks shine: each stroke of the drawing is a ray that is thin at the heart and hot towards its tip.

    Around the strokes the sky goes on, so that nothing of the area that holds a ray is seen as one. A burst drawn as
    one round area has no rays of its own; they are painted into it.
    """
    forms, ids, lights = patch.scene.forms, patch.ids, patch.scene.lights
    heart = lights.heart[ids]
    radius = np.maximum(heart[..., 2], 4)
    r = np.hypot(patch.x - heart[..., 0], patch.y - heart[..., 1]) / radius
    ink, around = (plane * np.float32(1 / 255) for plane in patch.formed(_strokes))
    thick = patch.of_region(forms.thick)
    bead = (forms.long < 1.9 * forms.thick)[ids] & ((thick > 7) | (r > 0.92))
    undrawn = (kept(patch.scene, "ink of regions", _ink_of_regions) < _UNDRAWN)[ids]
    inner = smooth(0.2, 3.0, patch.inner)
    # A ray swells from its heart to its tip; where it is thin, only the stroke's own middle shines.
    thin = 0.34 - 0.22 * smooth(0.1, 0.9, r)
    core = np.clip((ink - thin) * 2.6, 0, 1) * (1 - bead)
    within = patch.inner / np.maximum(0.58 * thick, 1)
    ball = bead * smooth(0.0, 0.5, within)
    # A bead that hangs together with its ray is told by its width, or by the ring that is drawn around it.
    full = np.maximum(smooth(2.6, 6, patch.inner), smooth(0.27, 0.42, around) * smooth(0.15, 0.6, r))
    core = np.maximum(core, np.where(bead, ball, np.maximum(undrawn * inner, full) * 0.85))
    flicker = 0.82 + 0.36 * patch.noise(5, 492, octaves=1)
    trail = np.exp(-2.2 * np.maximum(r - 1.12, 0))
    bright = core * flicker * (0.42 + 0.75 * np.clip(r, 0, 1.1)) * trail
    halo = np.clip(1.5 * around, 0, 0.55) * (0.35 + 0.65 * np.clip(r, 0, 1)) * trail
    hot = core * core * (0.12 + 0.62 * smooth(0.45, 1.0, r) + 0.9 * np.exp(-((r / 0.12) ** 2))) * trail
    hot = np.where(bead, 0.95 * bead * smooth(0.25, 0.8, within), hot)
    tint = lights.tint[ids]
    spark = (
        sky_light(patch) * (1 - 0.6 * np.clip(core, 0, 1))[..., None] + tint * (1.25 * bright + 0.5 * halo)[..., None]
    )
    spark = spark + (_WHITE_HOT - spark) * np.clip(hot, 0, 1)[..., None]
    table = patch.scene.regions
    box = np.maximum((table.right - table.left) * (table.bottom - table.top), 1)
    disc = ((forms.thick > 70) & (table.area > 0.5 * box))[ids]  # a star of drawn rays is no round area
    return np.asarray(np.where(disc[..., None], _rays(patch), spark) if disc.any() else spark, np.float32)


def _strokes(part: Patch, _mask: Bool) -> list[UInt8]:
    """The drawing's strokes, softened as light is, and the air close around them; (h, w) bytes each."""
    wide = Patch(part.scene, part.bounds.grown(round(12 * part.unit) + 1).clipped(part.scene.extent))
    view = part.within(wide)
    reach = max(part.unit, 0.5)
    return [soft_bytes(wide.contour, size * reach)[view] for size in (0.9, 2.6)]


def _ink_of_regions(scene: Scene) -> Float32:
    """(n,) 0–255: mean of the ink that lies in each region."""
    count = len(scene.regions.material)
    owner = scene.small_regions.ravel()
    size = np.maximum(np.bincount(owner, minlength=count), 1)
    return np.asarray(np.bincount(owner, small_ink(scene).ravel(), count) / size, np.float32)


def _rays(patch: Patch) -> Float32:
    """A chrysanthemum of sparks: rays from the centre with beads of fire, drooping, brightest at their tips."""
    forms, ids = patch.scene.forms, patch.ids
    radius = np.maximum(0.5 * np.minimum(patch.box[2], patch.box[3]), 4)
    x, y = (patch.x - patch.of_region(forms.x)) / radius, (patch.y - patch.of_region(forms.y)) / radius
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
    """Light is left nearly untouched: soft dabs only, and none on sparks."""
    sparks = (patch.scene.lights.kind == Kind.FIREWORK)[patch.ids]
    brush_over(
        patch, base, canvas, mask & ~sparks,
        Layer(tip=Tip.SOFT, length=10, width=10, spacing=9, salt=2801, opacity=0.25, value=0.01, hue=0.003),
    )  # fmt: skip
