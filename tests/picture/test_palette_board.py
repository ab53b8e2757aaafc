from __future__ import annotations

import numpy as np
import pytest
from tests.engines.embedded.built import request

from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.palette import palette_distance
from genzu.picture.palette_board import HEIGHT, WIDTH, palette_board

DUSK = ("#2a2040", "#e09050", "#7a4a70", "#f8d090")


def test_every_colour_has_a_stripe_of_its_own_from_dark_to_light() -> None:
    lab = oklab_from_srgb8(palette_board(DUSK))
    assert lab.shape == (HEIGHT, WIDTH, 3)
    middle = lab[HEIGHT // 2, WIDTH // 8 :: WIDTH // 4]
    wanted = oklab_from_srgb8(np.array([[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in DUSK], np.uint8))
    wanted = wanted[np.argsort(wanted[:, 0])]
    assert np.abs(middle[:, 0] - wanted[:, 0]).max() < 0.02
    assert (np.abs(middle[:, 1:]) <= np.abs(wanted[:, 1:]).max() + 0.01).all()
    assert (np.diff(lab[HEIGHT // 2, :, 0]) > -0.005).all()
    assert palette_board(["#806040"]).std(axis=1).max() == 0
    assert (palette_board(DUSK) == palette_board(tuple(reversed(DUSK)))).all()


@pytest.mark.parametrize("colours", [DUSK, ("#f4e2c0", "#8090a0", "#c8b090", "#5a6a50"), ("#806040",)])
def test_the_embedded_engine_paints_towards_it(colours: tuple[str, ...]) -> None:
    noon = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR)
    board = palette_board(colours)
    plain, lent = (EmbeddedEngine().paint(request(noon, board=one)) for one in (None, board))
    assert palette_distance(lent, board).overall < 0.5 * palette_distance(plain, board).overall
