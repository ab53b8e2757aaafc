"""Training pictures: a seeded cache of drawn scenes on disk, and what is done to them before the network sees them.

``python -m training.dataset FOLDER --count 20000 --seed 1`` draws scenes into FOLDER (outside the repository), and goes
on where it was stopped. Picture ``i`` of seed ``s`` is the same on every machine. The trainer may read while it grows.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season, Time, Weather
from genzu.engines.readers.network import line_distance, mark_planes, position, strengthened, words
from training.openings import opened

Bytes = NDArray[np.uint8]
Rng = np.random.Generator

STORED = Extent(576, 320)
KINDS = len(Material)
NOT_SAID = 255
"""Place of a picture whose place has no word."""
_PLACES = tuple(Place)
_SEEN = (Extra.FIREWORKS, Extra.LANTERNS, Extra.MOON, Extra.STARS, Extra.LYING_SNOW, Extra.BLOSSOM, Extra.RAINBOW)
"""Extras that a drawing can show."""

# What people call a place of that kind, too: a prompt is seldom the word that the generator has in mind.
_ALIKE = {
    Place.PORT_TOWN: (Place.SEA, Place.TOWN, Place.VILLAGE), Place.BEACH: (Place.SEA,), Place.SEA: (Place.BEACH,),
    Place.STATION: (Place.RAILWAY, Place.TOWN), Place.RAILWAY: (Place.STATION, Place.TOWN, Place.ROAD),
    Place.VILLAGE: (Place.TOWN, Place.RICE_FIELD), Place.TOWN: (Place.ROAD, Place.VILLAGE, Place.CITY),
    Place.CITY: (Place.TOWN, Place.ROAD), Place.SHOPPING_STREET: (Place.TOWN, Place.CITY, Place.ROAD),
    Place.ALLEY: (Place.TOWN, Place.CITY, Place.SHOPPING_STREET), Place.ROAD: (Place.TOWN, Place.MEADOW, Place.VILLAGE),
    Place.ROOFTOP: (Place.CITY, Place.TOWN, Place.SCHOOL), Place.SHRINE: (Place.STAIRS, Place.FOREST),
    Place.STAIRS: (Place.SHRINE, Place.TOWN, Place.PARK), Place.BRIDGE: (Place.RIVER,), Place.RIVER: (Place.BRIDGE,),
    Place.LAKE: (Place.RIVER, Place.MOUNTAIN), Place.WATERFALL: (Place.RIVER, Place.FOREST, Place.CLIFF),
    Place.RICE_FIELD: (Place.VILLAGE, Place.MEADOW), Place.MEADOW: (Place.PARK, Place.VILLAGE),
    Place.FOREST: (Place.PARK, Place.MOUNTAIN), Place.MOUNTAIN: (Place.FOREST, Place.MEADOW),
    Place.CLIFF: (Place.SEA, Place.MOUNTAIN), Place.RUINS: (Place.TOWN, Place.CITY), Place.PARK: (Place.GARDEN,),
    Place.GARDEN: (Place.PARK,), Place.SCHOOL: (Place.TOWN, Place.CITY),
}  # fmt: skip


class Cache:
    """Drawn scenes on disk: line pictures and materials of one size, with their kinds and places."""

    def __init__(self, folder: Path, *, write: int = 0, size: Extent = STORED) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        about = folder / "about.json"
        if write and not about.exists():
            about.write_text(json.dumps({"count": write, "width": size.width, "height": size.height, "kinds": []}))
        known = json.loads(about.read_text())
        self.size, self.count = Extent(known["width"], known["height"]), int(known["count"])
        shape = (self.count, self.size.height, self.size.width)
        mode = "r+" if (folder / "lines.u8").exists() else "w+"
        self.lines = np.memmap(folder / "lines.u8", np.uint8, mode if write else "r", shape=shape)
        self.materials = np.memmap(folder / "materials.u8", np.uint8, mode if write else "r", shape=shape)
        self.tags = np.memmap(folder / "tags.u8", np.uint8, mode if write else "r", shape=(self.count, 3))
        """(N, 3): number of the kind + 1 (0 = not drawn yet), index of the place, and which extras can be seen."""
        self.kinds: list[str] = list(known["kinds"])

    def kind_number(self, kind: str) -> int:
        """1…; a new kind is entered."""
        if kind not in self.kinds:
            self.kinds.append(kind)
            known = json.loads((self.folder / "about.json").read_text())
            (self.folder / "about.json").write_text(json.dumps({**known, "kinds": self.kinds}))
        return self.kinds.index(kind) + 1

    def put(self, at: int, lines: Bytes, materials: Bytes, kind: str, said: Conditions) -> None:
        self.lines[at], self.materials[at] = lines, materials
        self.tags[at, 1] = NOT_SAID if said.place is None else _PLACES.index(said.place)
        self.tags[at, 2] = sum(1 << _SEEN.index(extra) for extra in said.extras if extra in _SEEN)
        self.tags[at, 0] = self.kind_number(kind)

    def ready(self, *, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> NDArray[np.int64]:
        """Numbers of the pictures that are drawn, of kinds that are not left out."""
        self.kinds = json.loads((self.folder / "about.json").read_text())["kinds"]
        out = [self.kinds.index(k) + 1 for k in without if k in self.kinds]
        drawn = (self.tags[:, 0] > 0) & ~np.isin(self.tags[:, 0], out)
        if only:
            drawn &= np.isin(self.tags[:, 0], [self.kinds.index(k) + 1 for k in only if k in self.kinds])
        return np.flatnonzero(drawn)

    def said(self, at: int) -> Conditions:
        """The place, and the extras that can be seen."""
        tag, seen = int(self.tags[at, 1]), int(self.tags[at, 2])
        return Conditions(
            place=None if tag == NOT_SAID else _PLACES[tag],
            extras=tuple(extra for bit, extra in enumerate(_SEEN) if seen >> bit & 1),
        )


@dataclass(frozen=True, slots=True)
class Example:
    """One picture as the network sees it, and the answer."""

    lines: NDArray[np.float32]
    distance: NDArray[np.float32]
    position: NDArray[np.float32]
    marks: NDArray[np.float32]
    conditions: NDArray[np.float32]
    answer: NDArray[np.int64]
    """(h / 2, w / 2)."""


def example(cache: Cache, at: int, size: Extent, rng: Rng, *, plain: bool = False, marks: int = 0) -> Example:
    """A stored picture, reframed and drawn over at random; ``plain`` leaves it as it is."""
    lines, materials = np.asarray(cache.lines[at]), np.asarray(cache.materials[at])
    box = (0.0, 0.0, 1.0, 1.0) if plain else _box(rng)
    mirror = not plain and rng.random() < 0.5
    # Bilinear for enlarging; box for reducing, as the reader does.
    reduced = size.width < cache.size.width * (box[2] - box[0])
    if not plain:
        lines = opened(lines, materials, rng)
    how = Image.Resampling.BOX if reduced else Image.Resampling.BILINEAR
    lines = _cut(lines, box, size, mirror, how)
    answer = _cut(materials, box, Extent(size.width // 2, size.height // 2), mirror, Image.Resampling.NEAREST)
    if not plain:
        lines = retraced(lines, rng)
        marks = _how_many_marks(rng)
    lines = strengthened(lines)
    spots = scribbled(answer, marks, rng) if marks else None
    left, top, right, bottom = box if not plain and rng.random() < 0.4 else (0.0, 0.0, 1.0, 1.0)
    where = position(size, top, bottom, 1 - right if mirror else left, 1 - left if mirror else right)
    return Example(
        lines=lines[None].astype(np.float32) / 255,
        distance=line_distance(lines)[None],
        position=where,
        marks=mark_planes(spots, size),
        conditions=words(cache.said(at) if plain else prompted(cache.said(at), rng)),
        answer=answer.astype(np.int64),
    )


def _box(rng: Rng) -> tuple[float, float, float, float]:
    """A part of the picture: mostly nearly all of it, for the source moves its camera, too."""
    if rng.random() < 0.75:
        share = np.array([1.0, 1.0]) - rng.uniform(0, 0.08, 2)
    else:
        share = np.minimum(rng.uniform(0.6, 1.0) * np.exp(rng.uniform(-0.15, 0.15, 2)), 1.0)
    left, top = rng.uniform(0, 1, 2) * (1 - share)
    return float(left), float(top), float(left + share[0]), float(top + share[1])


def _cut(
    plane: Bytes, box: tuple[float, float, float, float], size: Extent, mirror: bool, how: Image.Resampling
) -> Bytes:
    height, width = plane.shape
    pixels = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
    image = Image.fromarray(plane).resize((size.width, size.height), how, box=pixels)
    array = np.asarray(image, np.uint8)
    return np.ascontiguousarray(array[:, ::-1]) if mirror else array


def retraced(lines: Bytes, rng: Rng) -> Bytes:
    """Other pencils, other scans: thicker, softer, paler, speckled, partly rubbed out."""
    image = Image.fromarray(lines)
    chance = rng.random(6)
    if chance[0] < 0.15:
        image = image.filter(ImageFilter.MaxFilter(3))
    if chance[1] < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.2))))
    if chance[2] < 0.12:
        small = (round(image.width * rng.uniform(0.5, 0.8)), round(image.height * rng.uniform(0.5, 0.8)))
        image = image.resize(small, Image.Resampling.BOX).resize(image.size, Image.Resampling.BILINEAR)
    drawn = np.asarray(image, np.float32)
    drawn = 255 * (np.minimum(drawn * float(np.exp(rng.uniform(-1.0, 0.6))), 255) / 255) ** float(rng.uniform(0.7, 1.4))
    if chance[3] < 0.25:  # rubbed out in places
        for _ in range(int(rng.integers(1, 6))):
            h, w = (max(3, round(side * float(rng.uniform(0.01, 0.08)))) for side in drawn.shape)
            y, x = int(rng.integers(0, drawn.shape[0] - h)), int(rng.integers(0, drawn.shape[1] - w))
            drawn[y : y + h, x : x + w] *= float(rng.uniform(0, 0.4))
    if chance[4] < 0.12:
        drawn += rng.normal(0, float(rng.uniform(1, 9)), drawn.shape)
    if chance[5] < 0.2:  # dirt
        spots = rng.random(drawn.shape) < float(rng.uniform(0.0001, 0.002))
        drawn[spots] = rng.uniform(60, 255)
    return np.clip(drawn, 0, 255).astype(np.uint8)


def prompted(truth: Conditions, rng: Rng) -> Conditions:
    """A prompt for a picture: often vague, sometimes a neighbouring word, with weather that tells nothing."""
    place = truth.place
    if place is not None and rng.random() < 0.15 and place in _ALIKE:
        place = _ALIKE[place][int(rng.integers(len(_ALIKE[place])))]
    chance = rng.random(5)
    extras = [extra for extra in truth.extras if rng.random() < 0.7]
    if chance[4] < 0.1:
        extras.append(tuple(Extra)[int(rng.integers(len(Extra)))])
    return Conditions(
        place=place if chance[0] < 0.75 else None,
        season=tuple(Season)[int(rng.integers(len(Season)))] if chance[1] < 0.5 else None,
        time=tuple(Time)[int(rng.integers(len(Time)))] if chance[2] < 0.5 else None,
        weather=tuple(Weather)[int(rng.integers(len(Weather)))] if chance[3] < 0.3 else None,
        extras=tuple(extras),
    )


def _how_many_marks(rng: Rng) -> int:
    return int(rng.integers(1, 9)) if rng.random() < 0.35 else 0


def scribbled(answer: Bytes, count: int, rng: Rng) -> Bytes:
    """(h, w) marks as a person would put them: short strokes inside things, rare materials as often as common ones."""
    height, width = answer.shape
    marks = np.full((height, width), 255, np.uint8)
    present = np.unique(answer)
    rows, columns = np.mgrid[0:height, 0:width]
    for _ in range(count):
        if rng.random() < 0.5:
            kind = int(present[int(rng.integers(len(present)))])
            y, x = (int(v) for v in _one_of(np.argwhere(answer == kind), rng))
        else:
            y, x = int(rng.integers(height)), int(rng.integers(width))
            kind = int(answer[y, x])
        reach, lean = float(rng.uniform(0.5, 0.06 * height)), float(rng.uniform(0, np.pi))
        along = (rows - y) * np.sin(lean) + (columns - x) * np.cos(lean)
        beside = (rows - y) * np.cos(lean) - (columns - x) * np.sin(lean)
        stroke = (np.abs(along) <= reach) & (np.abs(beside) <= rng.uniform(0.5, 2.5)) & (answer == kind)
        marks[stroke] = kind
        marks[y, x] = kind
    return marks


def _one_of(places: NDArray[np.int64], rng: Rng) -> NDArray[np.int64]:
    return places[int(rng.integers(len(places)))]


def shares(cache: Cache, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """(17,) share of the pixels that each material has, from at most 600 pictures."""
    chosen = numbers[:: max(1, len(numbers) // 600)]
    total = sum(np.bincount(cache.materials[at, ::4, ::4].ravel(), minlength=KINDS)[:KINDS] for at in chosen)
    return np.asarray(total, float) / max(1.0, float(np.sum(total)))


def draw(folder: Path, count: int, seed: int, *, size: Extent = STORED, kinds: tuple[str, ...] = ()) -> Iterator[int]:
    """Fill a cache with pictures, of ``kinds`` in turn if any are named; yields each number that was drawn.

    Goes on where it was stopped.
    """
    from training.source import sample

    cache = Cache(folder, write=count, size=size)
    for at in np.flatnonzero(cache.tags[:, 0] == 0):
        kind = kinds[int(at) % len(kinds)] if kinds else None
        drawn = sample(seed * 10_000_000 + int(at), (size.width, size.height), kind)
        cache.put(int(at), drawn.ink, drawn.materials, drawn.kind, drawn.conditions)
        yield int(at)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=STORED.width)
    parser.add_argument("--height", type=int, default=STORED.height)
    parser.add_argument("--kinds", nargs="*", default=[], help="only these kinds of scene")
    asked = parser.parse_args()
    start = time.monotonic()
    size, kinds = Extent(asked.width, asked.height), tuple(asked.kinds)
    for done, at in enumerate(draw(asked.folder, asked.count, asked.seed, size=size, kinds=kinds), 1):
        if done % 200 == 0:
            print(f"{at + 1} of {asked.count}, {done / (time.monotonic() - start):.1f} pictures/s", flush=True)


if __name__ == "__main__":
    main()
