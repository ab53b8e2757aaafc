from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.core.scene import Conditions, Extra, Place, Season
from genzu.engines.base import ReadRequest
from genzu.engines.readers import network
from genzu.engines.readers.network import NetworkReader
from genzu.errors import EngineFailed
from genzu.picture.arrays import LineArt, UInt8

sides = st.integers(40, 4000)


def request(contour: UInt8, *, conditions: Conditions | None = None, marks: UInt8 | None = None) -> ReadRequest:
    none = np.zeros_like(contour)
    lines = LineArt(contour=contour, highlight=none, shadow=none, cel=none)
    return ReadRequest(lines=lines, conditions=conditions or Conditions(place=Place.TOWN), marks=marks)


def house(height: int = 216, width: int = 384) -> UInt8:
    y, x = np.mgrid[0:height, 0:width] / height
    parts = (
        (y > 0.55) + 2 * ((abs(x - 0.8) < 0.2) & (abs(y - 0.5) < 0.2)) + 4 * ((x - 1.4) ** 2 + (y - 0.2) ** 2 < 0.01)
    )
    ink = np.zeros((height, width), np.uint8)
    ink[1:][np.diff(parts, axis=0) != 0] = 230
    ink[:, 1:][np.diff(parts, axis=1) != 0] = 230
    return ink


@given(width=sides, height=sides)
def test_a_working_picture_keeps_area_and_proportions(width: int, height: int) -> None:
    size = network.working_size(Extent(width, height))
    assert size.width % network.STEP == size.height % network.STEP == 0
    if 0.4 < width / height < 2.5:
        assert 0.8 < size.width * size.height / network.AREA < 1.25
        assert 0.8 < (size.width / size.height) / (width / height) < 1.25


@given(width=st.integers(40, 30000), height=sides)
@settings(max_examples=60)
def test_cuts_cover_the_sheet_and_are_frames(width: int, height: int) -> None:
    across, down = np.zeros(width, int), np.zeros(height, int)
    cuts = network.cuts_of(Extent(width, height))
    for cut in cuts:
        across[cut.left : cut.left + cut.width] += 1
        down[cut.top : cut.top + cut.height] += 1
        assert 0 <= cut.left <= width - cut.width
        assert 0 <= cut.top <= height - cut.height
    assert across.all()
    assert down.all()
    assert len(cuts) == 1 or len({(c.width, c.height) for c in cuts}) == 1


def test_words_of_the_prompt_have_each_their_place() -> None:
    said = network.words(Conditions(place=Place.SHRINE, season=Season.WINTER, extras=(Extra.MOON, Extra.STARS)))
    assert said.shape == (network.CONDITIONS,)
    assert said.sum() == 4
    assert network.words(Conditions()).sum() == 0


def test_a_pale_drawing_becomes_as_strong_as_a_firm_one() -> None:
    pale = network.strengthened((house() * 0.25).astype(np.uint8))
    assert abs(int(pale.max()) - int(network.strengthened(house()).max())) < 30
    assert not network.strengthened(np.zeros((20, 20), np.uint8)).any()


def test_distance_grows_away_from_the_line() -> None:
    lines = np.zeros((64, 64), np.uint8)
    lines[:, 10] = 255
    row = network.line_distance(lines)[8]
    assert row.shape == (16,)
    assert row[2] == row.min() < 0.25
    assert (np.diff(row[3:]) >= 0).all()
    assert (network.line_distance(np.zeros_like(lines)) == 1).all()


@given(y=st.integers(0, 99), x=st.integers(0, 149), kind=st.sampled_from(Material))
def test_a_mark_of_one_pixel_is_seen_in_its_cell(y: int, x: int, kind: Material) -> None:
    marks = np.full((100, 150), 255, np.uint8)
    marks[y, x] = kind
    planes = network.mark_planes(marks, Extent(96, 64))
    assert planes.sum() == 2
    assert planes[kind, y * 16 // 100, x * 24 // 150] == planes[-1, y * 16 // 100, x * 24 // 150] == 1


def test_positions_of_a_part_lie_inside_the_frame() -> None:
    whole, lower = network.position(Extent(64, 64)), network.position(Extent(64, 64), top=0.5)
    assert abs(whole).max() < 1
    assert lower[0].min() > 0
    assert np.allclose(whole[1], -whole[1, :, ::-1])


def test_missing_weights_and_a_missing_library_are_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineFailed, match="weights cannot be read"):
        _ = NetworkReader(tmp_path / "none.onnx").version
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EngineFailed, match="install Genzu again"):
        NetworkReader().votes(request(house()))


def test_weights_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"not a network")
    with pytest.raises(EngineFailed, match="do not load"):
        NetworkReader(tmp_path / "bad.onnx").votes(request(house()))


@pytest.fixture(scope="module")
def reader() -> NetworkReader:
    return NetworkReader()


@pytest.mark.parametrize("shape", [(216, 384), (180, 320), (400, 240), (100, 900), (900, 150), (48, 48), (1080, 3840)])
def test_votes_are_shares_in_the_picture_s_proportions(reader: NetworkReader, shape: tuple[int, int]) -> None:
    votes = reader.votes(request(house(*shape)))
    assert votes.dtype == np.float32
    assert votes.shape[2] == len(Material)
    assert (votes >= 0).all()
    assert np.allclose(votes.sum(axis=2), 1, atol=1e-4)  # nowhere empty, nowhere nan
    assert 0.8 < (votes.shape[0] / votes.shape[1]) / (shape[0] / shape[1]) < 1.25


def test_the_same_drawing_gives_the_same_votes(reader: NetworkReader) -> None:
    assert np.array_equal(reader.votes(request(house())), NetworkReader().votes(request(house())))


def test_a_mirrored_drawing_is_read_mirrored(reader: NetworkReader) -> None:
    there = reader.votes(request(house()))
    back = reader.votes(request(np.ascontiguousarray(house()[:, ::-1])))[:, ::-1]
    assert np.allclose(there, back, atol=0.02)


def test_a_mark_speaks_for_its_place(reader: NetworkReader) -> None:
    marks = np.full((216, 384), 255, np.uint8)
    marks[150:170, 250:330] = Material.WATER
    without, with_ = reader.votes(request(house())), reader.votes(request(house(), marks=marks))
    row, column = 160 * without.shape[0] // 216, 290 * without.shape[1] // 384
    assert with_[row, column, Material.WATER] > without[row, column, Material.WATER] + 0.2
