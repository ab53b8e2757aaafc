"""A board lends its values and colours, and breaks nothing."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engines.embedded.built import request

from genzu.core.scene import Conditions, Season, Time, Weather
from genzu.engines.embedded.board import Palette
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.picture.arrays import UInt8
from genzu.picture.colour import oklab_from_srgb8

NOON = Conditions(season=Season.SUMMER, time=Time.NOON, weather=Weather.CLEAR)


def dusk() -> UInt8:
    """A board: orange sky over violet land."""
    y = np.linspace(0, 1, 90)[:, None, None] * np.ones((1, 160, 1))
    sky = np.array([250, 170, 90]) + (np.array([120, 70, 120]) - np.array([250, 170, 90])) * y
    land = np.array([70, 40, 80]) * (1.2 - 0.5 * y)
    grain = np.random.default_rng(2).normal(0, 6, (90, 160, 3))
    return np.clip(np.where(y < 0.55, sky, land) + grain, 0, 255).astype(np.uint8)


def distance(first: UInt8, second: UInt8) -> float:
    """Mean distance of the sorted values of each OKLab channel: 0 = the same palette."""
    one, two = (np.sort(oklab_from_srgb8(p).reshape(-1, 3), 0) for p in (first, second))
    at = np.linspace(0, 1, 200)
    return float(np.mean(np.abs(one[(at * (len(one) - 1)).astype(int)] - two[(at * (len(two) - 1)).astype(int)])))


def test_it_comes_measurably_closer() -> None:
    plain = EmbeddedEngine().paint(request(NOON))
    lent = EmbeddedEngine().paint(request(NOON, board=dusk()))
    assert distance(lent, dusk()) < 0.6 * distance(plain, dusk())


def test_values_keep_their_order() -> None:
    rng = np.random.default_rng(1)
    rough = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    palette = Palette(rough, dusk())
    ramp = np.repeat(np.arange(0, 256, 3, dtype=np.uint8)[None, :, None], 3, 2)
    lightness = oklab_from_srgb8(palette.apply(ramp))[0, :, 0]
    assert np.diff(lightness).min() > -0.004


@pytest.mark.parametrize("board", ["red", "grey", "one px"])
def test_odd_boards_do_not_explode(board: str) -> None:
    boards = {
        "red": np.full((20, 20, 3), (255, 0, 0), np.uint8),
        "grey": np.full((20, 20, 3), 128, np.uint8),
        "one px": np.full((1, 1, 3), (10, 200, 90), np.uint8),
    }
    rough = EmbeddedEngine().paint(request(NOON))
    moved = Palette(rough, boards[board]).apply(rough)
    before, after = oklab_from_srgb8(rough), oklab_from_srgb8(moved)
    assert np.hypot(after[..., 1], after[..., 2]).max() < 0.34
    assert after[..., 0].std() > 0.3 * before[..., 0].std()


def test_its_own_picture_changes_nothing_much() -> None:
    rough = EmbeddedEngine().paint(request(NOON))
    moved = Palette(rough, rough).apply(rough)
    assert np.abs(moved.astype(int) - rough).mean() < 2
