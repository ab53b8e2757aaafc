"""Fireworks for a sky in which the drawing has none: chrysanthemums of strokes, from the heart of a burst to its tips.

Drawn bursts are painted by ``materials/glow.py``; then these stay away, and only the air around the drawn ones is lit.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Weather
from genzu.engines.embedded.brush import Strokes, Tip, lay
from genzu.engines.embedded.heavens import end_of_sky
from genzu.engines.embedded.lights import FIREWORK_TINTS, Kind
from genzu.engines.embedded.noise import mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.script import fireworks
from genzu.engines.embedded.strokes import eighths
from genzu.picture.arrays import Bool, Float32
from genzu.picture.colour import hex_to_linear, oklab_from_linear

_CLOSED = (Weather.OVERCAST, Weather.RAIN, Weather.FOG, Weather.SNOW, Weather.STORM)
_MANY = 3.4
"""Bursts on a picture of 1920 units at most."""
_OPEN = 0.7
"""Share of a burst's box that is open sky."""
_DRAWN = 12
"""Drawn bursts whose air is lit at most."""
_BREATH = 3.4
"""Radii of a burst in which its light in the air is seen."""
_STEPS = 7
"""Strokes of one ray."""


@dataclass(frozen=True, slots=True)
class Burst:
    """One burst, in units."""

    x: float
    y: float
    radius: float
    tint: int
    seed: int


_KEPT: WeakKeyDictionary[Scene, tuple[Burst, ...]] = WeakKeyDictionary()


def bursts(scene: Scene) -> tuple[Burst, ...]:
    """Where fireworks burst that the prompt asks for and the drawing leaves to the painter."""
    conditions = scene.script.conditions
    if not fireworks(conditions) or conditions.weather in _CLOSED:
        return ()
    if scene not in _KEPT:
        drawn = (scene.lights.kind[scene.small_regions] == Kind.FIREWORK).any()
        _KEPT[scene] = () if drawn else tuple(_found(scene))
    return _KEPT[scene]


def _found(scene: Scene) -> list[Burst]:
    """High in the open sky, large and small, apart from each other."""
    wide, end = scene.extent.width / scene.unit, end_of_sky(scene)
    rng = np.random.default_rng(mix_seed(scene.script.seed, 0xF12E))
    count, found = max(2, round(_MANY * wide / 1920)), list[Burst]()
    sky, k = scene.small_materials == Material.SKY, scene.shrink * scene.unit
    for number in range(40 * count):
        radius = float(np.clip(0.30 * end, 60, 170) * rng.uniform(0.45, 1.1))
        x, y = wide * ((0.618 * number + rng.uniform(0, 0.2)) % 1.0), end * rng.uniform(0.12, 0.62)
        seed = int(rng.integers(1 << 30))
        rows, columns = (slice(max(0, int((at - radius) * k)), int((at + radius) * k) + 1) for at in (y, x))
        apart = all(np.hypot(x - b.x, y - b.y) > 1.15 * (radius + b.radius) for b in found)
        if apart and sky[rows, columns].mean() > _OPEN:
            found.append(Burst(x, y, radius, number, seed))
        if len(found) == count:
            break
    return found


def burst_at_all(scene: Scene) -> bool:
    """True if any firework bursts in the picture, drawn or not."""
    return fireworks(scene.script.conditions) and bool(bursts(scene) or _hearts(scene))


def _hearts(scene: Scene) -> list[tuple[float, float, float, Float32]]:
    """x, y and radius in units, and the colour, of the drawn bursts."""
    heart, tint = scene.lights.heart, scene.lights.tint
    _places, first = np.unique(heart.round(1), axis=0, return_index=True)
    first = first[np.argsort(-heart[first, 2], kind="stable")]
    return [(*heart[i].tolist(), tint[i]) for i in first[:_DRAWN] if heart[i, 2] > 0]


def lit_up(patch: Patch, canvas: Float32) -> None:
    """Paint the bursts onto the (h, w, 3) OKLab canvas, in place: a breath of light, rays, sparks at their tips.

    Drawn bursts have rays of their own; they get the breath of light, without which rays are cut out of paper.
    """
    sky = patch.mask(Material.SKY)
    if not sky.any():
        return
    air = sky | (patch.sparks & (patch.materials == Material.GLOW))
    for x, y, radius, tint in _hearts(patch.scene):
        _breath(patch, canvas, air, (x, y, radius), tint)
    for burst in bursts(patch.scene):
        tint = hex_to_linear(FIREWORK_TINTS[burst.tint % len(FIREWORK_TINTS)])
        if _breath(patch, canvas, air, (burst.x, burst.y, burst.radius), tint):
            _rays(patch, canvas, burst, tint)


def _breath(patch: Patch, canvas: Float32, where: Bool, burst: tuple[float, float, float], tint: Float32) -> bool:
    """Smoke and air that a burst (x, y and radius in units) lights; false if none of it is in the patch."""
    x, y, radius = burst
    left, top, right, bottom = (
        round(at * patch.unit)
        for at in (x - _BREATH * radius, y - _BREATH * radius, x + _BREATH * radius, y + _BREATH * radius)
    )
    bounds = patch.bounds.intersect(Bounds(left, top, max(right - left, 1), max(bottom - top, 1)))
    if bounds.width <= 0 or bounds.height <= 0:
        return False
    part = patch.inside(bounds)
    view = part.within(patch)
    far = np.hypot(part.x - x, part.y - y) / np.float32(radius)
    glow = oklab_from_linear(np.asarray(tint * np.float32(0.55), np.float32))
    # Smoke hangs where rays have burnt, most of it below the heart, and is lit from within.
    smoke = 1 + 0.55 * part.noise(64, 493, octaves=3, stretch=1.4)
    low = np.clip(1 + 0.5 * (part.y - y) / np.float32(radius), 0.4, 1.4)
    share = (0.24 * smoke * low * np.exp(-((far / 0.75) ** 2)) + 0.10 * np.exp(-((far / 1.5) ** 2))) * where[view]
    # Rays burn through it.
    share *= np.clip((0.86 - canvas[view][..., 0]) * 4, 0, 1)
    canvas[view] += (glow - canvas[view]) * share[..., None].astype(np.float32)
    return True


def _rays(patch: Patch, canvas: Float32, burst: Burst, tint: Float32) -> None:
    """Rays of three shells; each is thin and dim at the heart, droops, and ends in a white spark."""
    rng = np.random.default_rng(burst.seed)
    shells = [(46, 1.0), (32, 0.70), (20, 0.40)]
    turn = np.concatenate([(np.arange(n) + rng.uniform(-0.3, 0.3, n)) * 2 * np.pi / n for n, _reach in shells])
    long = np.concatenate([reach * rng.uniform(0.78, 1.0, n) for n, reach in shells])
    along = (np.arange(_STEPS) + 0.5) / _STEPS * 0.86 + 0.14
    r = long[:, None] * along
    x, y = np.cos(turn)[:, None] * r, np.sin(turn)[:, None] * r + 0.14 * r * r
    # The way that a ray takes at each place, its fall included.
    angle = np.arctan2(np.sin(turn)[:, None] + 0.28 * r, np.cos(turn)[:, None] + 0 * r)
    hot = np.clip(along**3 * 0.55 + 0 * r, 0, 1)[..., None]
    colour = tint * (0.65 + 0.5 * along)[None, :, None].astype(np.float32)
    colour = colour + (np.array([1.0, 0.97, 0.9]) - colour) * hot
    length = burst.radius * long[:, None] / _STEPS * 1.15 + 0 * r
    size = np.clip(burst.radius / 110, 0.6, 1.3)
    _set(patch, canvas, burst, (x, y), Tip.STREAK, (length, (1.2 + 1.5 * along + 0 * r) * size), angle, colour,
         0.20 + 0.72 * along**1.5 + 0 * r)  # fmt: skip
    tips = slice(-1, None)
    spark = np.broadcast_to(np.array([1.0, 0.98, 0.93]), (*x[:, tips].shape, 3))
    wide = rng.uniform(3.6, 6.2, x[:, tips].shape) * size
    _set(patch, canvas, burst, (x[:, tips], y[:, tips]), Tip.SOFT, (wide, wide), 0 * wide, spark, 0 * wide + 0.85)


def _set(
    patch: Patch, canvas: Float32, burst: Burst, place: tuple[Float32, Float32], tip: Tip,
    size: tuple[Float32, Float32], angle: Float32, colour: Float32, opacity: Float32,
) -> None:  # fmt: skip
    """Strokes at places relative to the burst's heart, in shares of its radius; only on open sky."""
    x, y = (
        np.asarray((at * burst.radius + middle).ravel() * patch.unit, np.float64)
        for at, middle in zip(place, (burst.x, burst.y), strict=True)
    )
    count = x.size
    lay(
        canvas,
        Strokes(
            x=(eighths(x) - patch.bounds.x).astype(np.float32), y=(eighths(y) - patch.bounds.y).astype(np.float32),
            length=(size[0].ravel() * patch.unit).astype(np.float32),
            width=(size[1].ravel() * patch.unit).astype(np.float32), angle=angle.ravel().astype(np.float32),
            colour=oklab_from_linear(np.clip(colour, 0, 1).reshape(count, 3).astype(np.float32)),
            opacity=opacity.ravel().astype(np.float32), tip=tip, variant=np.zeros(count, np.int32),
            region=np.ones(count, np.int32),
        ),
        patch.mask(Material.SKY).astype(np.int32),
    )  # fmt: skip
