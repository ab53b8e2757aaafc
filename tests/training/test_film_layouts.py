from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from training.film import SCENES
from training.film_layouts import FILM, FilmLayout, make, make_book
from training.packed import OPEN, unpack

from genzu.core.material import Material

FOLDER = Path(__file__).resolve().parents[2] / "src" / "genzu" / "data" / "film"
ONE_OF_EACH = ("sea_wall", "bench", "hill", "steps", "rooftop", "snow_street", "far_hill")
"""One of every place: drawing all of them takes a minute and more."""


def _of(name: str) -> FilmLayout:
    return next(layout for layout in FILM if layout.name == name)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_the_generator_makes_the_shipped_layouts(name: str) -> None:
    layout = _of(name)
    drawn, materials = make(layout)
    # Another processor may round a sine the other way: a few pixels may then land on the next tone.
    assert (drawn != unpack(FOLDER / f"{name}.webp")).any(2).mean() < 1e-3
    if layout.book:
        book = unpack(FOLDER / f"{name}.book1.webp")
        assert (make_book(layout) != book).any(2).mean() < 1e-3
    else:
        assert (materials != unpack(FOLDER / f"{name}.materials.webp")[..., 0]).mean() < 1e-4


def test_every_scene_is_used_and_every_layout_is_packed() -> None:
    used = [layout.scene for layout in FILM] + [layout.book for layout in FILM if layout.book]
    assert sorted(used) == sorted(SCENES)
    for layout in FILM:
        assert (FOLDER / f"{layout.name}.webp").is_file()
    names = {layout.name for layout in FILM}
    assert {path.name.partition(".")[0] for path in FOLDER.glob("*.webp")} == names


def test_drawings_are_mostly_paper_and_materials_are_materials() -> None:
    for layout in FILM:
        drawn = unpack(FOLDER / f"{layout.name}.webp")
        dark = drawn.min(2) < 200
        assert drawn.shape[0] == 1080
        assert 0.015 < dark.mean() < 0.25, layout.name
        if layout.book:
            open_ = (unpack(FOLDER / f"{layout.name}.book1.webp") == OPEN).all(2)
            assert 0.3 < open_.mean() < 0.95, layout.name
        else:
            materials = unpack(FOLDER / f"{layout.name}.materials.webp")[..., 0]
            assert materials.shape == drawn.shape[:2]
            assert materials.max() <= max(Material)
            assert len(np.unique(materials)) >= 4, layout.name


def test_the_packed_film_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_700_000
