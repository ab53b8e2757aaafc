"""Cumulus that the painter sets into a sky which the drawing leaves free: heaps of puffs over a flat base.

Their relief is built once per picture at the reduced size; the torn edge is cut at full size. They change with the
season (summer towers, autumn flocks) and with the painter's hand, and never touch a drawn cloud: then there are none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Season, Weather
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.heavens import drawn_clouds, end_of_sky, places, small_noise
from genzu.engines.embedded.lumps import Batch, Lump, heap, smoothstep
from genzu.engines.embedded.noise import mix_seed
from genzu.engines.embedded.patch import Patch
from genzu.engines.embedded.scene import Scene
from genzu.picture.arrays import Float32

Float64 = NDArray[np.float64]
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True, slots=True)
class _Kind:
    many: float
    """Clouds on a picture of 1920 units, for a hand that likes clouds."""
    wide: float
    """Units, for a cloud half-way up the sky."""
    tall: float
    """Height as a share of the width."""


_KINDS = {
    Season.SPRING: _Kind(6, 380, 0.30), Season.SUMMER: _Kind(5, 460, 0.50), Season.AUTUMN: _Kind(12, 230, 0.26),
    Season.WINTER: _Kind(6, 330, 0.24),
}  # fmt: skip
_AFTER_RAIN = _Kind(10, 430, 0.30)
_TOWER = 0.76
"""How far down the sky the tower's air is of: its foot stands in more of it, and its heads in less."""
_LEAST_STEP = np.float32(0.12)
"""Least step of the logarithm of light from the sky to a cloud's shade by day: of less a head is made of glass."""


@dataclass(frozen=True, slots=True)
class _Cloud:
    x: float
    base: float
    wide: float
    tall: float
    air: float
    """0–1: how much of it is lost in the air of the horizon."""
    lean: float
    """Phase of its heads."""

    def crest(self, across: Float64) -> Float64:
        """0–1: how high it is at −1…1 of its width; several heads, not one dome."""
        heads = 0.80 + 0.20 * np.sin(3.1 * across + self.lean)
        return np.asarray((1 - np.minimum(np.abs(across), 1) ** 2.4) * heads, np.float64)


def has_cumulus(scene: Scene) -> bool:
    """True if the weather brings cumulus and the drawing has no cloud."""
    return scene.script.conditions.weather in (Weather.FAIR, Weather.AFTER_RAIN) and not drawn_clouds(scene)


def over(patch: Patch, sky: Float32) -> Float32:
    """The open sky's (h, w, 3) linear light with the clouds in it."""
    relief = patch.scene.sample(kept(patch.scene, "cumulus", _relief), patch.bounds)
    cover = cover_of(patch, relief)
    there = cover > 0
    if not there.any():
        return sky
    place = relief[there]
    whole = np.maximum(place[:, 2], 0.05)
    lit = place[:, 0] / whole + 0.10 * patch.noise(22, 936, octaves=2)[there]
    light, share = sky.copy(), cover[there][:, None]
    colour = cloud_colours(patch, lit, place[:, 1] / whole)
    light[there] += (_before(patch, colour, light[there]) - light[there]) * share
    return light


def _before(patch: Patch, colour: Float32, sky: Float32) -> Float32:
    """The (n, 3) colours, by day each a little lighter than the ``sky`` (n, 3) behind it, if their shade is at all."""
    shade, own = float(patch.script.cloud_shade @ _LUMINANCE), np.maximum(colour @ _LUMINANCE, 1e-4)
    behind = np.maximum(sky @ _LUMINANCE, 1e-4)
    lacks = np.maximum(_LEAST_STEP - np.log(own / behind), 0) * smoothstep(0.75, 1.0, shade / behind)
    return np.asarray(colour * np.exp(lacks)[:, None], np.float32)


def cover_of(patch: Patch, relief: Float32 | None = None) -> Float32:
    """(h, w) 0–1: where the clouds are."""
    if relief is None:
        relief = patch.scene.sample(kept(patch.scene, "cumulus", _relief), patch.bounds)
    soft = relief[..., 2] + 0.16 * patch.noise(13, 937, octaves=2)
    return np.asarray(smoothstep(0.26, 0.60, soft) * np.clip(relief[..., 2] * 1.5, 0, 1) * relief[..., 3], np.float32)


def cloud_colours(patch: Patch, lit: Float32, down: Float32, air: float = 1.0) -> Float32:
    """(…, 3) linear: three value groups; the underside takes light from the ground and air from the horizon.

    ``lit`` (…) is about −1…1, ``down`` 0 at a cloud's crest and 1 at its base, ``air`` how much that takes.
    """
    script = patch.script
    light_group = smoothstep(0.22, 0.46, lit)[..., None]
    middle_group = smoothstep(-0.55, 0.22, lit)[..., None]
    under = script.cloud_shade + (script.horizon - script.cloud_shade) * (air * (0.12 + 0.20 * down[..., None]))
    middle = script.cloud_shade * 0.42 + script.cloud_lit * 0.58
    colour = under + (middle - under) * middle_group
    return np.asarray(colour + (script.cloud_lit - colour) * light_group * 0.9, np.float32)


def _clouds(scene: Scene) -> list[_Cloud]:
    """From far to near: small and flat over the horizon, large overhead; some stand free, some behind the land."""
    conditions, hand = scene.script.conditions, scene.script.hand
    after_rain = conditions.weather is Weather.AFTER_RAIN
    kind = _AFTER_RAIN if after_rain else _KINDS[conditions.season]
    wide, end = scene.extent.width / scene.unit, end_of_sky(scene)
    rng = np.random.default_rng(mix_seed(scene.script.seed, 0xC10D))
    count = max(1, round(kind.many * (0.30 + 0.85 * hand.clouds) * wide / 1920))
    scale = np.clip(end / 430, 0.6, 1.25)
    # Few and towering with one painter, many and flat with another.
    kind = replace(kind, wide=kind.wide * (1.45 - 0.75 * hand.clouds), tall=kind.tall * (1.35 - 0.6 * hand.clouds))
    found: list[_Cloud] = []
    for k in range(3 * count):
        low = rng.uniform(0.08, 1) ** 0.7
        base, x = end * (0.20 + 0.78 * low), wide * ((k * 0.618 + rng.uniform(-0.12, 0.12) + hand.clouds) % 1.0)
        size = kind.wide * scale * (1.35 - 1.0 * low) * rng.uniform(0.7, 1.3)
        tall = kind.tall * rng.uniform(0.75, 1.25) * (0.75 + 0.35 * low)
        if conditions.season is Season.SUMMER and not after_rain and k == 0:
            base, size, tall, low = end * 0.99, 620 * scale, 0.62, _TOWER  # the one tower over the horizon
        apart = all(abs(x - c.x) > 0.45 * (size + c.wide) or abs(base - c.base) > 0.5 * c.tall for c in found)
        if apart and _free(scene, x, base - 0.4 * size * tall):
            found.append(_Cloud(x, base, size, size * tall, float(np.clip(1.6 * low - 1.0, 0, 0.6)), rng.uniform(0, 6)))
        if len(found) == count:
            break
    return sorted(found, key=lambda cloud: -cloud.base)


def _free(scene: Scene, x: float, y: float) -> bool:
    k = scene.shrink * scene.unit
    row, column = int(np.clip(y * k, 0, scene.small.height - 1)), int(np.clip(x * k, 0, scene.small.width - 1))
    return bool(scene.small_materials[row, column] == Material.SKY)


def _relief(scene: Scene) -> Float32:
    """(h, w, 4): light −1…1 and place 0–1 from crest to base (both times cover), cover, and how much air leaves."""
    total = np.zeros((*scene.small.shape, 4), np.float32)
    total[..., 3] = 1
    ripple = small_noise(scene, 34, 938, octaves=3, stretch=3.0)
    x, y = places(scene)
    unit, seed = scene.shrink * scene.unit, mix_seed(scene.script.seed, 0xC10E)
    for number, cloud in enumerate(_clouds(scene)):
        box = Bounds(
            int((cloud.x - 0.75 * cloud.wide) * unit), int((cloud.base - 1.35 * cloud.tall - 30) * unit),
            int(1.5 * cloud.wide * unit) + 1, int((1.5 * cloud.tall + 50) * unit) + 1,
        ).intersect(Bounds(0, 0, scene.small.width, scene.small.height))  # fmt: skip
        if box.width < 4 or box.height < 4:
            continue
        shape = heap(Patch(scene, box), _puffs(cloud, box, unit, mix_seed(seed, number)), Lump.PUFF)
        view = box.slices
        down = np.clip((y[view[0]] - cloud.base + cloud.tall) / cloud.tall, 0, 1)
        towards = scene.script.light.towards
        form = (x[:, view[1]] - cloud.x) / (0.5 * cloud.wide) * towards[0] + (2 * down - 1) * towards[1]
        lit = 0.80 * shape.facing(towards, 0.1) + 0.34 * form + 0.12 - 0.52 * smoothstep(0.30, 1.0, down)
        flat = (y[view[0]] - cloud.base) / (0.16 * cloud.tall + 8) + 0.9 * ripple[view]
        # Puffs are lost below, so a heap of them has holes: the body behind them is whole.
        crest = cloud.crest((x[:, view[1]].astype(np.float64) - cloud.x) / (0.44 * cloud.wide))
        high = (cloud.base - y[view[0]]) / cloud.tall + 0.05 * ripple[view]
        body = smoothstep(0.0, 0.10, (0.80 * crest - high).astype(np.float32))
        cover = np.maximum(np.clip(shape.cover, 0, 1), body) * (1 - smoothstep(-1.0, 0.7, flat))
        layer = np.stack([lit, down * np.ones_like(lit), np.ones_like(lit)], -1)
        total[view][..., :3] += (layer - total[view][..., :3]) * cover[..., None]
        total[view][..., 3] += (1 - cloud.air - total[view][..., 3]) * cover
    return total


def _puffs(cloud: _Cloud, box: Bounds, unit: float, seed: int) -> Batch:
    """Large puffs make the mass, small ones its crest; those lower down are nearer and come later."""
    rng = np.random.default_rng(seed)
    parts = []
    for count, least, most, shy in ((40, 0.11, 0.18, 0.86), (60, 0.05, 0.11, 0.99), (50, 0.020, 0.05, 0.96)):
        u = rng.uniform(-1, 1, count)
        high = rng.uniform(0, 1, count) ** (1.0 if most > 0.1 else 0.45)
        thick = cloud.wide * (1 - 0.5 * np.abs(u)) * min(1.0, 0.35 + cloud.tall / cloud.wide)
        radius = rng.uniform(least, most, count) * thick
        y = cloud.base - np.maximum(cloud.crest(u) * high * shy * cloud.tall - 0.5 * radius, 0.15 * radius)
        parts.append(np.stack([cloud.x + 0.45 * cloud.wide * u * shy, y, radius, rng.uniform(0, 1, count)], 1))
    puffs = np.concatenate(parts)
    puffs = puffs[np.argsort(puffs[:, 1] + 0.8 * puffs[:, 2] * (puffs[:, 3] - 0.5), kind="stable")]
    places_x, places_y, radii = (np.asarray(puffs[:, k] * unit, np.float32) for k in range(3))
    chance = rng.uniform(0, 1, (len(puffs), 4)).astype(np.float32)
    return Batch(places_x - box.x, places_y - box.y, radii, chance, places_y)
