from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.contract import EngineContract, request

from genzu.core.geometry import Extent
from genzu.core.scene import Conditions, Extra
from genzu.engines.base import Engine
from genzu.engines.fake import FakeEngine


class TestFakeEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return FakeEngine()


def test_a_region_is_flat_but_for_the_line_and_regions_stand_apart() -> None:
    asked = request(Extent(160, 96))
    picture = FakeEngine().paint(asked)
    blank = asked.lines.contour == 0
    colours = {
        tuple(np.unique(picture[blank & (asked.reading.regions == number)], axis=0).ravel().tolist())
        for number in np.unique(asked.reading.regions)
    }
    assert all(len(colour) == 3 for colour in colours), "one colour per region"
    assert len(colours) == len(np.unique(asked.reading.regions))


def test_the_drawn_line_is_darker_than_what_it_stands_on() -> None:
    asked = request(Extent(160, 96))
    without = replace(asked, lines=replace(asked.lines, contour=np.zeros_like(asked.lines.contour)))
    drawn = asked.lines.contour > 0
    line, ground = FakeEngine().paint(asked)[drawn].mean(), FakeEngine().paint(without)[drawn].mean()
    assert line < 0.5 * ground


def test_snow_whitens_what_faces_up() -> None:
    bare, snowy = (
        FakeEngine().paint(request(conditions=Conditions(extras=extras))) for extras in ((), (Extra.LYING_SNOW,))
    )
    assert snowy.mean() > bare.mean()


def test_bands_do_not_show() -> None:
    tall = request(Extent(40, 600))
    top, whole = FakeEngine().paint(request(Extent(40, 600))), FakeEngine().paint(tall)
    flat = replace(tall, reading=replace(tall.reading, regions=np.ones((600, 40), np.int32)))
    assert np.array_equal(top, whole)
    plain = replace(flat, lines=replace(flat.lines, contour=np.zeros((600, 40), np.uint8)))
    assert len(np.unique(FakeEngine().paint(plain).reshape(-1, 3), axis=0)) == 1
