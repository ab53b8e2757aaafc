"""The embedded engine keeps the contract of all engines, whatever the tile, at any size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from tests.engines.contract import EngineContract
from tests.engines.embedded.built import request, street

from genzu.core.scene import Conditions, Place, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.base import Engine
from genzu.engines.embedded import engine as engine_module
from genzu.engines.embedded.brush import stamp
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.fields import known
from genzu.picture.arrays import UInt8

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR, place=Place.TOWN)
RAIN = Conditions(season=Season.AUTUMN, time=Time.NIGHT, weather=Weather.RAIN, place=Place.SHOPPING_STREET)
SNOW = Conditions(season=Season.WINTER, time=Time.DUSK, weather=Weather.SNOW, place=Place.PORT_TOWN)


class TestEmbedded(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return EmbeddedEngine()


def _sized(width: int, height: int) -> UInt8:
    picture = Image.fromarray(street()).resize((width, height), Image.Resampling.NEAREST)
    return np.asarray(picture, np.uint8)


@pytest.mark.parametrize("conditions", [NOON, RAIN, SNOW])
def test_the_picture_does_not_depend_on_the_tile(conditions: Conditions) -> None:
    asked = request(conditions, seed=4)
    whole, cut = EmbeddedEngine(2048), EmbeddedEngine(170)
    rough = whole.paint(asked)
    _near(rough, cut.paint(asked))
    painting = replace(asked, stage=Stage.PAINTING, rough=rough)
    _near(whole.paint(painting), cut.paint(painting))


def _near(first: UInt8, second: UInt8) -> None:
    assert np.abs(first.astype(int) - second.astype(int)).max() <= 1


@pytest.mark.parametrize(("width", "height"), [(320, 180), (331, 97), (64, 400), (17, 13), (2, 2)])
def test_any_size(width: int, height: int) -> None:
    engine = EmbeddedEngine()
    asked = request(RAIN, materials=_sized(width, height))
    rough = engine.paint(asked)
    assert rough.shape == (height, width, 3)
    assert engine.paint(replace(asked, stage=Stage.PAINTING, rough=rough)).shape == (height, width, 3)


def test_a_bigger_layout_is_the_same_picture_bigger() -> None:
    small = EmbeddedEngine().paint(request(NOON))
    large = EmbeddedEngine().paint(request(NOON, materials=_sized(960, 540)))
    reduced = np.asarray(Image.fromarray(large).resize((480, 270), Image.Resampling.BOX), int)
    assert np.abs(np.median(reduced - small.astype(int), (0, 1))).max() <= 4
    assert np.abs(reduced - small).mean() < 14


def test_warming_up_cuts_brush_marks_and_changes_no_pixel() -> None:
    cold, warm = EmbeddedEngine(workers=1), EmbeddedEngine(workers=1)
    asked = request(NOON, seed=3)
    before = cold.paint(asked)
    stamp.cache_clear()
    warm.warm()
    cut = stamp.cache_info().currsize
    assert cut > 200
    warm.warm()
    assert stamp.cache_info().currsize == cut
    np.testing.assert_array_equal(before, warm.paint(asked))


def test_a_long_sheet_keeps_no_fields_and_is_painted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request(RAIN, materials=_sized(320, 180), seed=3)
    usual, long = EmbeddedEngine(), EmbeddedEngine()
    rough = usual.paint(asked)
    painting = replace(asked, stage=Stage.PAINTING, rough=rough)
    painted = usual.paint(painting)
    monkeypatch.setattr(engine_module, "SHEET", 1000)
    np.testing.assert_array_equal(long.paint(asked), rough)
    assert long._last is not None
    assert usual._last is not None
    assert known(usual._last)
    assert not known(long._last)
    np.testing.assert_array_equal(long.paint(painting), painted)
    assert long._last is None
