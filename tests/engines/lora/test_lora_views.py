"""What needs none of the heavy libraries: views, settings, the sentence about the training set."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.geometry import Extent
from genzu.core.own_art import TrainingFile
from genzu.engines.diffusion.training.buckets import bucket_for, buckets, cut, cut_strokes, views_of
from genzu.engines.diffusion.training.header import learned_from
from genzu.engines.diffusion.training.settings import LoraSettings
from genzu.errors import BadInput


@pytest.mark.parametrize(("resolution", "step"), [(512, 64), (1024, 64), (64, 16)])
def test_buckets_have_one_area_and_fitting_sides(resolution: int, step: int) -> None:
    found = buckets(resolution, step)
    assert Extent(resolution, resolution) in found
    for one in found:
        assert one.width % step == one.height % step == 0
        assert 0.5 * resolution**2 <= one.width * one.height <= resolution**2
        assert max(one.width / one.height, one.height / one.width) <= 2.4


def test_a_full_hd_frame_is_seen_wide() -> None:
    assert bucket_for(16 / 9, 512, 64) == Extent(640, 384) or bucket_for(16 / 9, 512, 64) == Extent(704, 384)
    assert bucket_for(16 / 9, 1024, 64) == Extent(1344, 768)


@given(st.integers(64, 9000), st.integers(64, 9000))
def test_views_stay_inside_cover_a_wide_sheet_and_keep_the_shape(width: int, height: int) -> None:
    extent = Extent(width, height)
    views = views_of(extent, 512, 64)
    for view in views:
        assert view.left >= -1e-6 and view.top >= -1e-6
        assert view.left + view.width <= width + 1e-6 and view.top + view.height <= height + 1e-6
        assert view.width * view.scale == pytest.approx(view.bucket.width)
        assert view.height * view.scale == pytest.approx(view.bucket.height)  # nothing is squeezed
    seen = sum(view.width * view.height for view in views)
    assert seen >= 0.75 * width * height
    if max(width / height, height / width) > 2.2:
        assert len(views) >= 2
    for one, other in itertools.pairwise(views):
        along = (other.left - one.left, one.width) if width > height else (other.top - one.top, one.height)
        assert 0 < along[0] <= along[1] * 1.25


def test_a_view_is_cut_where_it_lies() -> None:
    picture = np.zeros((200, 1000, 3), np.uint8)
    picture[:, 500:] = 255
    left, *_, right = views_of(Extent(1000, 200), 64, 16)
    assert cut(picture, left).shape == (left.bucket.height, left.bucket.width, 3)
    assert int(cut(picture, left).max()) == 0
    assert int(cut(picture, right).min()) == 255


def test_a_line_of_one_pixel_on_a_large_sheet_keeps_its_strength() -> None:
    sheet = np.zeros((2160, 3840), np.uint8)
    sheet[1080], sheet[:, 1000] = 255, 255
    (view,) = views_of(Extent(3840, 2160), 512, 64)
    lines = cut_strokes(sheet, view)
    assert lines.shape == view.bucket.shape
    rows, columns = np.flatnonzero(lines.min(axis=1) > 200), np.flatnonzero(lines.min(axis=0) > 200)
    assert rows.tolist() == [int((1080 - view.top) * view.scale)]
    assert columns.tolist() == [int((1000 - view.left) * view.scale)]


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"rank": 0}, {"rate": 1.0}, {"targets": "everything"}, {"resolution": 500}, {"seed": -1}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        LoraSettings(**{"resolution": 512, **wrong})  # type: ignore[arg-type]


def test_every_owner_is_named() -> None:
    def file(name: str, owner: str) -> TrainingFile:
        return TrainingFile(file=name, sha="0" * 64, width=8, height=8, owner=owner, licence="own work")

    assert learned_from((file("a.png", "背景室"),)) == "1 painting of 背景室 (1, own work)"
    two = (file("a.png", "青木"), file("b.png", "背景室"), file("c.png", "背景室"))
    assert learned_from(two) == "3 paintings of 背景室 (2, own work); 青木 (1, own work)"
