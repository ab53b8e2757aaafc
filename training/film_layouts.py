"""The layouts of the film demo: ``python -m training.film_layouts --out src/genzu/data/film``.

Writes, for each background, the layout (lossless WebP of few tones, see ``packed.py``) and its materials (value =
Material index); a BOOK has a second drawing. The six layouts of the small demo are used by the film too and are not
written again. Which cut shows what stands in ``cuts.csv`` beside them, written by hand.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.film import SCENES
from training.hand import Hand
from training.packed import OPEN, pack, sheet
from training.render import Inked, render

HEIGHT = 1080


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmLayout:
    """One background of the film."""

    name: str
    scene: str
    """A name of ``SCENES``."""
    seed: int
    """Chosen by eye from contact sheets."""
    hand: Hand
    book: str = ""
    """The scene of its BOOK1."""


def _layout(name: str, scene: str, seed: int, width: float = 2.7, book: str = "", wobble: float = 1.0) -> FilmLayout:
    hand = Hand(seed=100 + seed, width=width, wobble=wobble, ghost=0.0, smudge=0.0)
    return FilmLayout(name=name, scene=scene, seed=seed, hand=hand, book=book)


FILM = (
    _layout("sea_wall", "harbour.sea_wall", 1),
    _layout("bay", "harbour.pan", 1, 2.5),
    _layout("over_roofs", "harbour.over_roofs", 1, 2.5),
    _layout("lane", "harbour.lane", 2),
    _layout("by_the_water", "harbour.by_the_water", 1, 2.9),
    _layout("terrace", "harbour.landing", 1, 2.8),
    _layout("hill_path", "fields.hill_path", 1, 2.8),
    _layout("hill", "fields.hill", 1, 2.8, "fields.branch_book"),
    _layout("stream", "forest.stream", 1, 2.7, wobble=1.2),
    _layout("canopy", "forest.canopy", 1, 2.7, wobble=1.2),
    _layout("steps", "forest.steps", 1),
    _layout("rooftop", "city.rooftop", 1, 2.5),
    _layout("street", "city.street", 1, 2.5),
    _layout("bank", "city.bank", 1, 2.5),
    _layout("city", "city.pan", 1, 2.4),
    _layout("fireworks", "city.sky", 1, 2.6),
    _layout("line", "station.line", 1),
    _layout("bench", "station.bench", 2),
    _layout("leaves", "station.leaves_above", 1, 2.9),
    _layout("crossing", "station.crossing", 1),
    _layout("fields", "snow.far_fields", 1, 2.8),
    _layout("snow_street", "snow.street", 1, 2.8),
    _layout("hall", "ruins.hall", 1),
    _layout("far_hill", "ruins.far_hill", 1),
    _layout("arch", "ruins.arch", 1, 2.9),
)


def inked(layout: FilmLayout, scene: str, *, height: int = HEIGHT) -> Inked:
    """Draw one of its scenes, ``height`` px high."""
    drawing = SCENES[scene](np.random.default_rng([layout.seed, 7]))
    width = 2 * round(height * drawing.width / drawing.height / 2)
    return render(drawing, layout.hand, size=(width, height))


def make(layout: FilmLayout, *, height: int = HEIGHT) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The sheet (H, W, 3) and its materials (H, W)."""
    drawn = inked(layout, layout.scene, height=height)
    return sheet(drawn), drawn.materials


def make_book(layout: FilmLayout, *, height: int = HEIGHT) -> NDArray[np.uint8]:
    """The BOOK (H, W, 3): what it leaves open has the colour ``OPEN``."""
    drawn = inked(layout, layout.book, height=height)
    pixels = sheet(drawn)
    pixels[(drawn.materials == 0) & (drawn.graphite < 0.25)] = OPEN
    return pixels


def write(out: Path, names: list[str]) -> int:
    """Write what is named, or all; returns the bytes."""
    out.mkdir(parents=True, exist_ok=True)
    size = 0
    for layout in FILM:
        if names and layout.name not in names:
            continue
        drawn, materials = make(layout)
        size += pack(drawn, out / f"{layout.name}.webp")
        if layout.book:
            size += pack(make_book(layout), out / f"{layout.name}.book1.webp")
        else:
            size += pack(materials, out / f"{layout.name}.materials.webp")
    return size


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--out", type=Path, default=Path("src/genzu/data/film"))
    asked = parser.parse_args()
    print(f"{write(asked.out, asked.names):,} bytes")


if __name__ == "__main__":
    main()
