"""Tiles cover a picture once, fit the memory, and may be painted side by side in any number."""

from __future__ import annotations

import threading
from dataclasses import replace

import mahotas
import numpy as np
import pytest
from tests.engines.embedded.built import request
from tests.engines.embedded.test_engine import NOON

from genzu.core.geometry import Extent
from genzu.core.lexicon import read_prompt
from genzu.core.material import Material
from genzu.core.scene import Season, Weather
from genzu.core.take import Stage
from genzu.engines import registry
from genzu.engines.base import PaintRequest
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.engines.embedded.soft import mean_around, softened, spread_out
from genzu.engines.embedded.tiling import LARGEST, cores, even_tiles, side_by_side
from genzu.steps.demo_pack import six_layouts
from genzu.steps.intake import take_in
from genzu.steps.reading import load_materials, read

SIZES = [(480, 270), (1920, 1080), (3840, 2160), (30_000, 1000), (30_000, 2000), (2000, 9000), (7680, 4320), (7, 5)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_tiles_cover_the_picture_once_and_stay_small(width: int, height: int) -> None:
    extent, margin = Extent(width, height), round(112 * height / 1080)
    parts = list(even_tiles(extent, margin))
    assert sum(part.width * part.height for part in parts) == extent.pixels
    assert all(not part.empty and part.clipped(extent) == part for part in parts)
    for part in parts:
        grown = part.grown(margin).clipped(extent)
        assert grown.width * grown.height <= max(LARGEST, 25 * margin * margin)
    assert len(parts) >= (2 if extent.pixels > 1_000_000 else 1)


def test_the_number_of_workers_does_not_change_the_picture() -> None:
    asked = request(NOON, seed=4)
    one, three = EmbeddedEngine(170, workers=1), EmbeddedEngine(170, workers=3)
    rough = one.paint(asked)
    assert np.array_equal(rough, three.paint(asked))
    painting = replace(asked, stage=Stage.PAINTING, rough=rough)
    assert np.array_equal(one.paint(painting), three.paint(painting))


def test_no_more_at_once_than_workers_and_back_in_order() -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def work(_item: int) -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        threading.Event().wait(0.002)
        with lock:
            busy -= 1

    assert list(side_by_side(work, range(20), 3)) == list(range(20))
    assert 1 <= most <= 3
    assert 1 <= cores() <= 4


@pytest.mark.parametrize("workers", [1, 3])
def test_the_first_error_is_raised(workers: int) -> None:
    def work(item: int) -> None:
        if item == 2:
            raise ValueError("two")

    with pytest.raises(ValueError, match="two"):
        list(side_by_side(work, range(50), workers))


@pytest.mark.parametrize("sigma", [2.5, 6.0, 13.0])
def test_box_means_come_near_the_gaussian(sigma: float) -> None:
    plane = np.random.default_rng(3).random((90, 120)).astype(np.float32)
    plane[40:50, 60:80] = 4
    assert np.abs(spread_out(plane, sigma) - mahotas.gaussian_filter(plane, sigma)).max() < 0.16


def test_what_is_softened_is_as_soft_as_the_gaussian_and_the_same_in_a_part() -> None:
    plane = np.random.default_rng(5).random((70, 90)).astype(np.float32) * 3
    soft, around = softened(plane), mean_around(plane, 8)
    assert np.abs(soft - mahotas.gaussian_filter(plane, 1.0, mode="nearest")).max() < 0.06 * 3
    assert around[30, 40] == pytest.approx(plane[22:39, 32:49].mean(), abs=1e-5)
    part = np.ascontiguousarray(plane[11:61, 7:80])
    assert np.abs(softened(part)[2:-2, 2:-2] - soft[13:59, 9:78]).max() < 1e-6
    assert np.abs(mean_around(part, 8)[8:-8, 8:-8] - around[19:53, 15:72]).max() < 1e-6


@pytest.mark.parametrize("name", ["forest", "port_town", "ruins"])
def test_a_drawing_is_the_same_picture_in_other_tiles(name: str) -> None:
    with six_layouts() as (folder, entries):
        entry = next(entry for entry in entries if name in entry["layout"])
        lines = take_in(folder / entry["layout"]).sheets[0].lines
        materials = load_materials(folder / entry["materials"], lines.extent)
    conditions = read_prompt(entry["prompt"]).conditions
    reading = read(lines, conditions=conditions, reader=registry.reader("geometry"), materials=materials)
    asked = PaintRequest(
        stage=Stage.ROUGH, lines=lines, reading=reading, conditions=conditions, prompt=entry["prompt"], seed=3
    )
    whole, cut = EmbeddedEngine(), EmbeddedEngine(611)
    rough = whole.paint(asked)
    assert np.abs(rough.astype(int) - cut.paint(asked)).max() <= 1
    painting = replace(asked, stage=Stage.PAINTING, rough=rough)
    assert np.abs(whole.paint(painting).astype(int) - cut.paint(painting)).max() <= 1


def test_flakes_are_not_cut_where_tiles_meet() -> None:
    snowing = replace(NOON, season=Season.WINTER, weather=Weather.SNOW)
    asked = request(snowing, seed=4, materials=np.full((1080, 600), Material.MOUNTAIN, np.uint8))
    whole, tiled = EmbeddedEngine(workers=1).paint(asked), EmbeddedEngine(150, workers=1).paint(asked)
    assert np.abs(whole.astype(int) - tiled).max() <= 1
