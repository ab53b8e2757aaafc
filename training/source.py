"""An endless source of training pairs: line drawings as intake leaves them, and what everything in them is.

``sample(seed)`` is a pure function of its arguments. Kinds of scene and hands that draw them are mixed freely.
"""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genzu.core.scene import Conditions, Extra, Place, Season, Time
from training import scenes
from training.fast.hands import someone
from training.fast.kinds import KINDS
from training.fast.notes import scribble
from training.fast.sheet import Raster, Sheet, View, rasterise
from training.hand import Hand as Careful
from training.render import render
from training.scenes import Vary

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One drawing and its reading."""

    ink: Bytes
    """(H, W), 0 = paper, 255 = full strength: the contour plane of a cleaned layout at this size."""
    materials: Bytes
    """(H, W), value = Material index."""
    kind: str
    place: Place | None
    """What a prompt would call it; ``None`` if no place of the lexicon fits."""
    conditions: Conditions


ELABORATE = {
    "port_town": Place.PORT_TOWN, "autumn_station": Place.STATION, "snow_village": Place.VILLAGE,
    "forest": Place.FOREST, "city_fireworks": Place.CITY, "ruins": Place.RUINS,
}  # fmt: skip
"""The scenes of the demo, in full detail and by any hand: slow, so only a few."""
_SHARE = 0.035


def sample(seed: int, size: tuple[int, int] = (320, 180), kind: str | None = None) -> Sample:
    """The drawing with this number at (width, height) px: any size from 64×64, any form from 1:1 to wide strips.

    ``kind`` asks for one of ``KINDS`` or ``ELABORATE``; by default the number decides.
    """
    r = random.Random(seed * 1_000_003 + 17)
    pool = list(ELABORATE) if r.random() < _SHARE and size[0] < 2.4 * size[1] else list(KINDS)
    name = kind or r.choice(pool)
    r.seed(seed * 1_000_003 + zlib.crc32(name.encode()))
    raster = _elaborate(name, r, size) if name in ELABORATE else _simple(name, r, size)
    ink = taken_in(raster, np.random.default_rng([r.randrange(2**31), 5]))
    place = ELABORATE[name] if name in ELABORATE else KINDS[name][1]
    return Sample(ink=ink, materials=raster.materials, kind=name, place=place, conditions=_conditions(r, name, place))


def _simple(name: str, r: random.Random, size: tuple[int, int]) -> Raster:
    hand, view = someone(r), _view(r)
    width, height = size
    d = Sheet(r.randrange(2**31), hand, 1000.0 * width / height, unit=180.0 / height / view.zoom)
    KINDS[name][0](d)
    if hand.notes:
        scribble(d)
    return rasterise(d, size, view)


def _elaborate(name: str, r: random.Random, size: tuple[int, int]) -> Raster:
    rng = np.random.default_rng(r.randrange(2**31))
    vary = Vary(width=1080.0 * size[0] / size[1], detail=r.uniform(0.12, 0.5), depart=1.0, density=r.uniform(0.5, 1.2))
    drawing = scenes.draw(name, r.randrange(2**31), vary)
    zoom = r.choice((1.0, 1.0, r.uniform(1, 1.5)))
    drawing = drawing.framed(mirror=r.random() < 0.5, zoom=zoom)
    inked = render(drawing, Careful.someone(rng), size=size)
    return Raster(inked.graphite, inked.materials)


def _view(r: random.Random) -> View:
    zoom = r.choice(
        (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, r.uniform(1, 1.3), r.uniform(1, 1.3), r.uniform(1.2, 1.7), r.uniform(1.5, 2.6))
    )
    tilt = r.gauss(0, 0.012) if r.random() < 0.3 else 0.0
    zoom *= 1 + 1.8 * abs(tilt)
    return View(zoom=zoom, x=r.random(), y=r.random(), tilt=tilt, mirror=r.random() < 0.5)


def _conditions(r: random.Random, name: str, place: Place | None) -> Conditions:
    """What a prompt for this picture might say; what can be seen in a drawing agrees with it."""
    extras: list[Extra] = []
    if name in ("fireworks", "city_fireworks"):
        extras.append(Extra.FIREWORKS)
    if name == "festival":
        extras.append(Extra.LANTERNS)
    if name in ("snow village", "snow_village"):
        extras.append(Extra.LYING_SNOW)
    night = name in ("fireworks", "city_fireworks", "festival")
    season = Season.WINTER if Extra.LYING_SNOW in extras else r.choice([*Season, None])
    time = Time.NIGHT if night else r.choice([*Time, None])
    return Conditions(place=place, season=season, time=time, extras=tuple(extras))


def taken_in(raster: Raster, rng: np.random.Generator) -> Bytes:
    """Ink as the intake hands it on: stretched to full strength, with its losses and its remains of dirt."""
    ink = raster.ink
    if rng.random() < 0.35:  # a soft scan
        share = rng.uniform(0.1, 0.5)
        soft = ink.copy()
        soft[1:] += ink[:-1]
        soft[:-1] += ink[1:]
        soft[:, 1:] += ink[:, :-1]
        soft[:, :-1] += ink[:, 1:]
        ink = ink * (1 - share) + soft * (share / 3.6)
    if rng.random() < 0.4:  # tooth of the paper in the strokes
        ink = ink * (1 - rng.uniform(0.1, 0.6) * rng.random(ink.shape, np.float32))
    if rng.random() < 0.3:  # a scanner that loses what is faint
        ink = np.clip(ink * 1.08 - rng.uniform(0.03, 0.22), 0, 1)
    firm = float(np.percentile(ink[ink > 0.02], 93)) if (ink > 0.02).any() else 1.0
    gain = min(3.0, max(1.0, 0.9 / max(firm, 0.05)))
    ink = np.clip(ink * gain, 0, 1) ** rng.uniform(0.7, 1.1)
    if rng.random() < 0.35:
        _dirt(ink, rng)
    return (np.clip(ink, 0, 1) * 255 + 0.5).astype(np.uint8)


def _dirt(ink: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Specks, grain that was taken for ink, and smudges; in place."""
    h, w = ink.shape
    n = int(rng.exponential(20))
    y, x = rng.integers(0, h, n), rng.integers(0, w, n)
    ink[y, x] = np.maximum(ink[y, x], rng.uniform(0.1, 0.9, n).astype(np.float32))
    if rng.random() < 0.4:
        spots = rng.random((h, w), np.float32)
        share = rng.uniform(0.0005, 0.012)
        ink += np.where(spots < share, np.float32(rng.uniform(0.05, 0.35)), np.float32(0))
    if rng.random() < 0.3:
        a, b, s = rng.integers(0, h), rng.integers(0, w), rng.uniform(0.05, 0.3) * h
        yy, xx = np.ogrid[:h, :w]
        stretch = rng.uniform(0.3, 1)
        blot = np.exp(-(((yy - a) / s) ** 2 + ((xx - b) / s * stretch) ** 2)) * rng.uniform(0.03, 0.2)
        ink += blot.astype(np.float32) * (0.4 + 0.6 * rng.random((h, w), np.float32))
