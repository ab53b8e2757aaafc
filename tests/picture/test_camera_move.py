from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.core.geometry import Extent
from genzu.picture.camera_move import Camera, across, frames_wide, pulled

FILM = Extent(1920, 1080)
PAN = CameraPath(start=Framing(0, 0), end=Framing(2, 0))
ZOOM = CameraPath(start=Framing(0, 0), end=Framing(0.3, 0.4, 0.5))


def test_a_sheet_three_frames_wide_is_counted_in_frames_of_its_height() -> None:
    camera = Camera.over(Extent(6000, 1125), FILM, PAN)
    assert (camera.frame_width, camera.frame_height) == (2000, 1125)
    assert (camera.view_at(0, 49).x, camera.view_at(24, 49).x, camera.view_at(48, 49).x) == (0, 2000, 4000)
    assert frames_wide(Extent(6000, 1125), FILM) == (3, 1)


def test_on_a_sheet_of_two_by_two_frames_the_whole_move_lies_on_the_sheet() -> None:
    sheet = Extent(3840, 2160)
    camera = Camera.over(sheet, FILM, CameraPath(start=Framing(0, 0), end=Framing(1, 1)))
    assert camera.frame_width == 1920
    assert all(camera.view(share).lies_on(sheet) for share in np.linspace(0, 1, 9))


def test_without_a_path_the_middle_is_shown() -> None:
    view = Camera.over(Extent(2000, 2000), FILM, None).view(0)
    assert (view.x, view.y, view.width, view.height) == pytest.approx((0, 437.5, 2000, 1125), abs=1e-3)


@pytest.mark.parametrize("easing", list(Easing))
def test_easing(easing: Easing) -> None:
    path = CameraPath(start=PAN.start, end=PAN.end, easing=easing)
    xs = np.array([Camera.over(Extent(5760, 1080), FILM, path).view_at(k, 101).x for k in range(101)])
    steps = np.diff(xs)
    assert xs[0] == 0 and xs[-1] == pytest.approx(3840) and (steps > 0).all()
    slow, even = steps.max() * 0.05, steps.mean()
    assert (steps[0] < slow) == (easing in (Easing.EASE_IN, Easing.EASE))
    assert (steps[-1] < slow) == (easing in (Easing.EASE_OUT, Easing.EASE))
    assert (np.abs(steps - even).max() < 1e-6) == (easing is Easing.LINEAR)


def test_a_zoom_grows_by_equal_ratios_about_one_point() -> None:
    camera = Camera.over(FILM, FILM, ZOOM)
    views = [camera.view_at(k, 25) for k in range(25)]
    ratios = np.array([b.width / a.width for a, b in pairwise(views)])
    assert np.ptp(ratios) < 1e-12
    # The point of the sheet that lies at (0.6, 0.8) of the picture at the start does so at every moment.
    assert np.allclose([(view.x + 0.6 * view.width, view.y + 0.8 * view.height) for view in views], (1152, 864))


def test_a_book_is_pulled_faster_than_the_background() -> None:
    camera = Camera.over(Extent(5760, 1080), FILM, PAN)
    book = camera.pulled(1.5)
    assert [round(book.view_at(k, 49).x / camera.view_at(k, 49).x, 6) for k in (1, 20, 48)] == [1.5] * 3
    assert book.view_at(0, 49) == camera.view_at(0, 49)


@given(st.floats(0.3, 3.0), st.floats(0.2, 0.95), st.floats(-0.5, 0.5))
def test_a_book_zooms_about_the_same_point(factor: float, size: float, x: float) -> None:
    path = CameraPath(start=Framing(0, 0), end=Framing(x, 0.1, size))
    book = pulled(path, factor)
    assert book.end.size == pytest.approx(path.end.size**factor, abs=2e-6)
    fixed = path.end.x / (1 - path.end.size), path.end.y / (1 - path.end.size)
    assert book.end.x == pytest.approx(fixed[0] * (1 - book.end.size), abs=1e-4)
    assert book.end.y == pytest.approx(fixed[1] * (1 - book.end.size), abs=1e-4)


def test_pulled_once_is_the_same() -> None:
    assert pulled(PAN, 1.0) == PAN and pulled(ZOOM, 1.0) == ZOOM


def test_over_the_whole_sheet() -> None:
    assert across(Extent(3840, 1080), FILM).end == Framing(1, 0)
    assert across(Extent(3840, 1080), FILM, back=True).start == Framing(1, 0)
    assert across(Extent(1920, 3240), FILM).end == Framing(0, 2)
