"""Where the sky ends in the picture, where the sun stands in it, and how near a place is to the sun.

All of it is read at the scene's reduced size and kept; places are in units.
"""

from __future__ import annotations

import numpy as np

from genzu.core.geometry import Bounds
from genzu.core.material import Material
from genzu.core.scene import Weather
from genzu.engines.embedded.fields import kept
from genzu.engines.embedded.noise import fractal_noise, mix_seed
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import box_of, spread_out
from genzu.picture.arrays import Bool, Float32

_END = 90.0
"""Units from the end of a drawn cloud that are told apart."""
VEILED = {
    Weather.OVERCAST: 0.5, Weather.RAIN: 0.32, Weather.SNOW: 0.4, Weather.FOG: 0.12, Weather.STORM: 0.55,
}  # fmt: skip
"""How much of a single cloud still shows under a closed sky."""
_LEAST_SKY = 200.0
"""Units that the gradient takes at least, however little sky is seen."""


def end_of_sky(scene: Scene) -> float:
    """Row that the sky's gradient ends at: between the lowest sky that is seen and the horizon."""
    return float(kept(scene, "end of sky", _lowest_sky))


def sun(scene: Scene) -> tuple[float, float]:
    """Where the light's source stands, x and y; a high sun stands above the picture's upper edge."""
    x = float(kept(scene, "sun", _sun_across))
    return x, end_of_sky(scene) * (0.94 - 1.25 * min(scene.script.light.elevation, 60) / 60)


def sun_nearness(scene: Scene) -> Float32:
    """(h, w) 0–1: how near a place is to the sun, in a wide oval that lies low when it is low."""
    return kept(scene, "near the sun", _nearness)


def drawn_clouds(scene: Scene) -> bool:
    """True if the drawing has clouds of its own: then the painter adds none."""
    drawn = kept(scene, "drawn cloud", lambda s: np.asarray((s.small_materials == Material.CLOUD).mean(), np.float32))
    return float(drawn) >= 0.002


def side_ends(scene: Scene) -> Float32:
    """(h, w) units to the nearer end of a drawn cloud, along the row."""
    return kept(scene, "ends of rows", _side_ends)


def _side_ends(scene: Scene) -> Float32:
    there = scene.small_materials == Material.CLOUD
    # What stands before a cloud does not end it.
    open_air = (scene.small_materials == Material.SKY) & ~there
    columns = np.arange(there.shape[1], dtype=np.float32)[None, :]
    left = columns - np.maximum.accumulate(np.where(open_air, columns, -1e4), axis=1)
    right = np.minimum.accumulate(np.where(open_air, columns, 1e5)[:, ::-1], axis=1)[:, ::-1] - columns
    near = np.minimum(np.minimum(left, right) / np.float32(scene.shrink * scene.unit), np.float32(_END))
    if there.any():
        unit = scene.shrink * scene.unit
        around = _around(there, round(20 * unit))
        near[around] = spread_out(near[around].astype(np.float32), max(1.0, 5 * unit))
    return np.asarray(near, np.float32)


def _around(mask: Bool, reach: int) -> tuple[slice, slice]:
    """The rectangle of a mask that is not empty, ``reach`` px wider on each side."""
    rows, columns = box_of(mask)
    left, top = max(columns.start - reach, 0), max(rows.start - reach, 0)
    return slice(top, rows.stop + reach), slice(left, columns.stop + reach)


def places(scene: Scene) -> tuple[Float32, Float32]:
    """(1, w) and (h, 1): x and y of the reduced picture's pixels."""
    k = np.float32(1 / (scene.shrink * scene.unit))
    x = (np.arange(scene.small.width, dtype=np.float32) + 0.5) * k
    return x[None, :], ((np.arange(scene.small.height, dtype=np.float32) + 0.5) * k)[:, None]


def small_noise(scene: Scene, cell: float, salt: int, *, octaves: int = 2, stretch: float = 1.0) -> Float32:
    """Like ``Patch.noise``, of the whole picture at the reduced size."""
    unit = scene.shrink * scene.unit
    bounds = Bounds(0, 0, scene.small.width, scene.small.height)
    size = cell * stretch * unit, cell * unit
    return fractal_noise(bounds, size, mix_seed(scene.script.seed, salt), octaves=octaves)


def _lowest_sky(scene: Scene) -> Float32:
    """Gradients that end far below what is seen would show only their upper half."""
    horizon = scene.reading.horizon / scene.unit
    rows = np.flatnonzero((scene.small_materials == Material.SKY).mean(1) > 0.04)
    seen = (rows[-1] + 1) / (scene.shrink * scene.unit) if len(rows) else horizon
    return np.asarray(max(0.30 * max(horizon, seen) + 0.70 * seen, _LEAST_SKY), np.float32)


def _sun_across(scene: Scene) -> Float32:
    """On the light's side, and there where the drawing leaves the low sky open, so that its glow is seen."""
    side, wide = float(np.sign(scene.script.light.towards[0])), scene.extent.width / scene.unit
    place = (np.arange(scene.small.width, dtype=np.float32) + 0.5) / scene.small.width
    sky = (scene.small_materials == Material.SKY) & (places(scene)[1] > 0.5 * end_of_sky(scene))
    wanted = np.exp(-(((place - 0.5 - 0.34 * side) / 0.16) ** 2)) * ((place - 0.5) * side > 0.06)
    open_low = wanted * (0.02 + sky.sum(0) / max(int(sky.sum(0).max()), 1))
    middle = (open_low * place).sum() / open_low.sum() if open_low.sum() > 0 else 0.5 + 0.3 * side
    return np.asarray(wide * middle, np.float32)


def _nearness(scene: Scene) -> Float32:
    x, y = places(scene)
    at_x, at_y = sun(scene)
    low = scene.script.light.low
    away = (x - at_x) / (890 + 190 * low)
    up = (y - at_y) / (end_of_sky(scene) * (0.75 - 0.20 * low))
    return np.asarray(np.exp(-away * away - up * up), np.float32)
