from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.core.material import Material
from genzu.core.scene import Conditions, Place
from genzu.engines.base import ReadRequest
from genzu.engines.readers.geometry import GeometryReader
from genzu.picture.arrays import LineArt
from genzu.steps.reading import read


def art(contour: np.ndarray) -> LineArt:
    empty = np.zeros_like(contour)
    return LineArt(contour=contour, highlight=empty, shadow=empty, cel=empty)


def votes(contour: np.ndarray, place: Place | None) -> np.ndarray:
    return GeometryReader().votes(ReadRequest(lines=art(contour), conditions=Conditions(place=place)))


def seaside() -> np.ndarray:
    image = Image.new("L", (960, 540), 0)
    pen = ImageDraw.Draw(image)
    pen.line((0, 210, 960, 210), 220, 3)
    pen.line((0, 420, 960, 330), 220, 4)
    for index in range(8):
        pen.line((80 + 100 * index, 240 + 8 * index, 120 + 100 * index, 241 + 8 * index), 200, 2)
    return np.asarray(image)


def test_votes_are_shares_at_the_proportions_of_the_drawing() -> None:
    found = votes(seaside(), Place.BEACH)
    assert found.dtype == np.float32
    assert found.shape == (270, 480, 17)
    assert found.min() >= 0
    assert np.allclose(found.sum(axis=2), 1, atol=1e-4)


def test_a_beach_has_sky_over_water_over_sand() -> None:
    best = np.argmax(votes(seaside(), Place.BEACH), axis=2)
    assert best[40, 240] == Material.SKY
    assert best[140, 300] == Material.WATER
    assert best[250, 240] == Material.SOIL


def test_the_place_decides_what_lies_underfoot() -> None:
    image = Image.new("L", (960, 540), 0)
    ImageDraw.Draw(image).line((0, 240, 960, 240), 220, 3)
    for place, ground in ((Place.MEADOW, Material.GRASS), (Place.CITY, Material.ROAD), (Place.BEACH, Material.SOIL)):
        below = np.argmax(votes(np.asarray(image), place), axis=2)[250]
        assert (below == ground).mean() > 0.9, place


def test_blank_and_tiny_drawings_are_taken() -> None:
    assert votes(np.zeros((5, 8), np.uint8), None).shape == (5, 8, 17)
    assert np.isfinite(votes(np.full((60, 90), 255, np.uint8), Place.CITY)).all()


@pytest.mark.parametrize(
    ("name", "place", "least"),
    [("beach", Place.BEACH, 0.8), ("street", Place.SHOPPING_STREET, 0.75), ("river", Place.RIVER, 0.7),
     ("ricefield", Place.RICE_FIELD, 0.55)],
)  # fmt: skip
def test_it_is_sane_on_drawings_by_another_hand(shared_layouts, name: str, place: Place, least: float) -> None:
    grey = np.asarray(Image.open(shared_layouts / f"{name}.png").convert("L").resize((960, 540), 4))
    ink = np.clip((228 - grey.astype(int)) * 2, 0, 255).astype(np.uint8)
    truth = np.asarray(Image.open(shared_layouts / f"{name}.labels.png").resize((960, 540), 0))
    found = read(art(ink), conditions=Conditions(place=place), reader=GeometryReader())
    assert (found.materials == truth).mean() > least
