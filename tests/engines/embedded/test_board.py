"""A board lends its values and colours, material by material, and breaks nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.embedded.built import request, street

from genzu.core.material import Material
from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.core.take import Stage
from genzu.engines.embedded.board import Palette
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.picture.arrays import UInt8
from genzu.picture.colour import oklab_from_srgb8
from genzu.picture.palette import palette_distance

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR)


def landscape(upper: tuple[int, int, int], lower: tuple[int, int, int], ground: tuple[int, int, int]) -> UInt8:
    """A board: a sky that goes from one colour to another, over a ground that darkens downwards."""
    y = np.linspace(0, 1, 90)[:, None, None] * np.ones((1, 160, 1))
    sky = np.array(upper) + (np.array(lower) - np.array(upper)) * y / 0.55
    land = np.array(ground) * (1.3 - 0.6 * y)
    grain = np.random.default_rng(2).normal(0, 7, (90, 160, 3))
    return np.clip(np.where(y < 0.55, sky, land) + grain, 0, 255).astype(np.uint8)


def painted(conditions: Conditions) -> UInt8:
    """The engine's own picture of the street in other conditions."""
    return EmbeddedEngine().paint(request(conditions, seed=8))


BOARDS = {
    "dusk": landscape((120, 70, 120), (250, 170, 90), (70, 40, 80)),
    "night": landscape((12, 18, 50), (60, 90, 130), (24, 30, 46)),
    "snow": landscape((170, 185, 205), (225, 228, 232), (214, 220, 232)),
    "pastel": landscape((170, 210, 225), (245, 225, 215), (185, 200, 150)),
}
OWN = {
    "own dusk": Conditions(season=Season.AUTUMN, time=Time.DUSK, weather=Weather.CLEAR),
    "own storm": Conditions(season=Season.SPRING, time=Time.AFTERNOON, weather=Weather.STORM),
}


@pytest.fixture(scope="module")
def plain() -> UInt8:
    return EmbeddedEngine().paint(request(NOON))


@pytest.mark.parametrize("name", [*BOARDS, *OWN])
def test_it_comes_measurably_closer_overall_and_in_each_value_group(name: str, plain: UInt8) -> None:
    board = BOARDS[name] if name in BOARDS else painted(OWN[name])
    lent = EmbeddedEngine().paint(request(NOON, board=board))
    before, after = palette_distance(plain, board), palette_distance(lent, board)
    assert after.overall < 0.45 * before.overall
    for group in ("dark", "middle", "light"):
        assert getattr(after, group) < max(0.7 * getattr(before, group), 0.022), group


def test_the_painting_keeps_what_the_rough_was_lent(plain: UInt8) -> None:
    board = BOARDS["dusk"]
    asked = request(NOON, board=board)
    engine = EmbeddedEngine()
    rough = engine.paint(asked)
    painting = engine.paint(replace(asked, stage=Stage.PAINTING, rough=rough))
    assert palette_distance(painting, board).overall < 0.5 * palette_distance(plain, board).overall


def test_each_material_takes_the_colours_of_its_place_in_the_board() -> None:
    board = landscape((60, 160, 70), (60, 160, 70), (200, 60, 60))  # as bright above as below, green over red
    lent = oklab_from_srgb8(EmbeddedEngine().paint(request(NOON, board=board)))
    sky, road = (lent[street() == material].mean(0) for material in (Material.SKY, Material.ROAD))
    assert sky[1] < -0.04 and road[1] > 0.02
    assert sky[1] < road[1] - 0.08


def test_values_keep_their_order() -> None:
    rng = np.random.default_rng(1)
    rough = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    palette = Palette(rough, BOARDS["dusk"])
    ramp = np.repeat(np.arange(0, 256, 3, dtype=np.uint8)[None, :, None], 3, 2)
    lightness = oklab_from_srgb8(palette.apply(ramp))[0, :, 0]
    assert np.diff(lightness).min() > -0.004


@pytest.mark.parametrize("board", ["red", "grey", "one px"])
def test_odd_boards_do_not_explode(board: str, plain: UInt8) -> None:
    boards = {
        "red": np.full((20, 20, 3), (255, 0, 0), np.uint8),
        "grey": np.full((20, 20, 3), 128, np.uint8),
        "one px": np.full((1, 1, 3), (10, 200, 90), np.uint8),
    }
    for materials in (None, street()):
        moved = Palette(plain, boards[board], materials).apply(plain, materials)
        before, after = oklab_from_srgb8(plain), oklab_from_srgb8(moved)
        assert np.hypot(after[..., 1], after[..., 2]).max() < 0.34
        assert after[..., 0].std() > 0.25 * before[..., 0].std()


def test_its_own_picture_changes_nothing_much(plain: UInt8) -> None:
    moved = Palette(plain, plain, street()).apply(plain, street())
    assert np.abs(moved.astype(int) - plain).mean() < 2


def test_tiles_agree(plain: UInt8) -> None:
    asked = request(NOON, board=BOARDS["night"])
    whole, cut = EmbeddedEngine(2048).paint(asked), EmbeddedEngine(170).paint(asked)
    assert np.abs(whole.astype(int) - cut).max() <= 2  # one step of the rough, stretched by the palette
