"""An engine that paints at once and always the same: flat colours under the drawn lines.

For tests, and for trying a pipeline out before the real engine takes its time. It keeps every promise of the
contract: each pixel is decided by the request, in whole numbers, so it is bit-exact on every machine.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from genzu.core.material import Material
from genzu.core.scene import FilledConditions, Place, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.base import Capabilities, PaintRequest, Progress, no_progress
from genzu.picture.arrays import Int32, UInt8

_BAND: Final = 256
"""Rows painted at a time: wide sheets stay within memory, and progress has something to tell."""
_HAND: Final = 12
"""How far a seed moves a region's colour, in levels."""
_FACES_UP: Final = (Material.MOUNTAIN, Material.GRASS, Material.SOIL, Material.ROAD, Material.ROCK, Material.ROOF)

# Tints in 256ths of red, green and blue; they multiply the legend colour of a material.
_SEASON: Final = {
    Season.SPRING: (256, 246, 250), Season.SUMMER: (246, 256, 246), Season.AUTUMN: (256, 236, 210),
    Season.WINTER: (240, 246, 256),
}  # fmt: skip
_TIME: Final = {
    Time.DAWN: (236, 216, 226), Time.MORNING: (252, 250, 240), Time.NOON: (256, 256, 256),
    Time.AFTERNOON: (256, 250, 234), Time.DUSK: (250, 196, 160), Time.NIGHT: (92, 104, 150),
}  # fmt: skip
_WEATHER: Final = {
    Weather.CLEAR: (256, 256, 256), Weather.FAIR: (252, 252, 250), Weather.OVERCAST: (216, 218, 222),
    Weather.RAIN: (186, 192, 204), Weather.FOG: (228, 232, 234), Weather.SNOW: (236, 240, 248),
    Weather.STORM: (150, 154, 170), Weather.AFTER_RAIN: (240, 246, 252),
}  # fmt: skip


class FakeEngine:
    """Both stages, any size, no waiting."""

    name: Final = "fake"
    version: Final = "1"
    capabilities: Final = Capabilities(stages=(Stage.ROUGH, Stage.PAINTING))

    def paint(self, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
        """Paint each region in its material's legend colour, tinted by the conditions; lines are drawn in.

        A painting is half its rough and half its own flat colour. (H, W, 3) sRGB uint8.
        """
        colours = _region_colours(request)
        height = request.extent.height
        picture = np.empty((*request.extent.shape, 3), np.uint8)
        for top in range(0, height, _BAND):
            band = slice(top, min(top + _BAND, height))
            flat = colours[request.reading.regions[band]]
            if request.rough is not None:
                flat = (flat + request.rough[band].astype(np.int32)) // 2
            light = 255 - request.lines.contour[band, :, None].astype(np.int32) * 3 // 4
            picture[band] = flat * light // 255
            progress(band.stop / height)
        return picture


def _region_colours(request: PaintRequest) -> Int32:
    """(n + 1, 3) int32 0–255: one colour per region."""
    regions, materials = request.reading.regions, request.reading.materials
    material = np.zeros(int(regions.max()) + 1, np.int64)
    material[regions] = materials
    legend = np.array([m.legend for m in Material], np.int32)
    legend = legend * _tint(request.conditions.filled()) // 256
    if request.conditions.filled().snow_lies:
        for facing in _FACES_UP:
            legend[facing] = (legend[facing] + 3 * legend[Material.CLOUD]) // 4
    hand = _noise(np.arange(len(material)), request.seed, request.stage)
    return np.clip(legend[material] + hand, 0, 255).astype(np.int32)


def _tint(conditions: FilledConditions) -> Int32:
    """(3,) in 256ths. Place and extras each move the tint a little, so that no word goes unseen."""
    tint = np.array(_SEASON[conditions.season], np.int32)
    tint = tint * np.array(_TIME[conditions.time], np.int32) // 256
    tint = tint * np.array(_WEATHER[conditions.weather], np.int32) // 256
    step = 0 if conditions.place is None else 1 + list(Place).index(conditions.place)
    return (tint - np.array([step // 9, step // 3 % 3, step % 3]) - 2 * len(conditions.extras)).astype(np.int32)


def _noise(regions: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int, stage: Stage) -> Int32:
    """(n, 3) in −``_HAND`` … ``_HAND``: SplitMix64 (Steele, Lea, Flood 2014) of region, seed and stage."""
    start = (seed * 2 + (stage is Stage.PAINTING)) & (2**64 - 1)
    x = _mix(np.full(len(regions), start, np.uint64)) ^ regions.astype(np.uint64)
    channels = np.stack([_mix(x + np.uint64(channel << 32)) for channel in range(3)], axis=1)
    return ((channels >> np.uint64(33)) % np.uint64(2 * _HAND + 1)).astype(np.int32) - _HAND


def _mix(x: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """One step of SplitMix64; arithmetic wraps at 2**64."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
