from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.core.geometry import Extent
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.camera_move import Camera, View
from genzu.picture.registration import correlate
from genzu.picture.resample import damped, reduced, sample

FILM = Extent(320, 180)


def painted(width: int = 1280, height: int = 180, seed: int = 3) -> UInt8:
    """Noise on all scales, as fine as pixels: where it lies can be told everywhere."""
    rng = np.random.default_rng(seed)
    total: Float32 = np.zeros((height, width, 3), np.float32)
    for size in (1, 2, 4, 16):
        grain = rng.integers(0, 256, (height // size + 1, width // size + 1, 3), np.uint8)
        larger = Image.fromarray(grain).resize((width + size, height + size), Image.Resampling.BICUBIC)
        total += np.asarray(larger, np.float32)[:height, :width]
    return (total / 4).astype(np.uint8)


def grey(picture: UInt8) -> Float32:
    return picture.astype(np.float32).mean(axis=2)


def drift(sheet: UInt8, camera: Camera, frames: int) -> Float32:
    """By how many pixels of the film each picture lies beside where it should lie against the first."""
    first = camera.view_at(0, frames)
    start = grey(sample(sheet, first, FILM))
    found = []
    for frame in range(1, frames):
        view = camera.view_at(frame, frames)
        dy, dx, _ = correlate(start, grey(sample(sheet, view, FILM)))
        scale = FILM.width / view.width
        found.append((dx + (view.x - first.x) * scale, dy + (view.y - first.y) * scale))
    return np.array(found)


@pytest.mark.parametrize(("width", "height"), [(1280, 180), (1600, 225), (3456, 486)])
def test_a_slow_pan_moves_evenly(width: int, height: int) -> None:
    """0.37 px per frame of the film, at one pixel of the sheet per pixel of the film, 1.25 and 2.7."""
    step = 0.37 / FILM.width
    path = CameraPath(start=Framing(0.2, 0), end=Framing(0.2 + 24 * step, 0))
    sheet = painted(width, height)
    camera = Camera.over(Extent(width, height), FILM, path)
    off = drift(damped(sheet, down=False, across=True), camera, 25)
    assert np.abs(off).max() < 0.1
    assert np.abs(off).mean() < 0.03


def test_a_diagonal_pan_with_easing_lies_where_it_should() -> None:
    path = CameraPath(start=Framing(0.1, 0.1), end=Framing(0.13, 0.14), easing=Easing.EASE)
    sheet = painted(640, 360)
    camera = Camera.over(Extent(640, 360), FILM, CameraPath(start=path.start, end=Framing(1, 1)))
    camera = Camera(path=path, frame_width=camera.frame_width, frame_height=camera.frame_height)
    assert np.abs(drift(damped(sheet, down=True, across=True), camera, 13)).max() < 0.1


def test_a_slow_pan_does_not_pulse() -> None:
    def swing(sheet: UInt8) -> float:
        fine = []
        for part in np.linspace(0, 1, 9):
            picture = grey(sample(sheet, View(100 + part, 0, 320, 180), FILM))[:, 4:-4]
            fine.append(float(np.square(np.diff(picture, 2, axis=1)).mean() ** 0.5))
        return (max(fine) - min(fine)) / float(np.mean(fine))

    sheet = painted()
    assert swing(sheet) > 0.25
    assert swing(damped(sheet, down=False, across=True)) < 0.06


def test_whole_pixels_are_not_touched() -> None:
    sheet = painted()
    assert np.array_equal(sample(sheet, View(17, 0, 320, 180), FILM), sheet[:, 17:337])


def test_no_part_of_a_sheet_is_darker_at_its_edges() -> None:
    sheet = np.full((180, 900, 3), 200, np.uint8)
    for x in (0.0, 0.4, 579.6, 580.0):
        assert (sample(sheet, View(x, 0, 320, 180), FILM) == 200).all()
    assert (sample(sheet, View(-30.5, -8, 320, 180), FILM) == 200).all()  # beyond it, its edge is drawn out


def test_fine_stripes_become_grey_and_do_not_flicker() -> None:
    sheet = np.zeros((540, 3000, 3), np.uint8)
    sheet[:, ::2] = 255
    pictures = [sample(sheet, View(x, 0, 960, 540), FILM).astype(int) for x in (100.0, 100.3, 101.0, 101.7)]
    assert max(np.abs(one[:, 8:-8] - pictures[0][:, 8:-8]).max() for one in pictures) <= 3
    assert 110 < pictures[0][90, 160, 0] < 145


def test_a_book_is_see_through_beyond_its_sheet_and_has_clean_edges() -> None:
    book = np.zeros((180, 640, 4), np.uint8)
    book[..., :3] = (0, 255, 0)  # a loud colour where nothing is painted
    book[60:, 200:400] = (120, 60, 30, 255)
    for sheet in (book, damped(book, down=True, across=True)):
        seen = sample(sheet, View(100.4, 0, 320, 180), FILM).astype(int)
        inside = seen[..., 3] > 40
        assert inside.any() and np.abs(seen[inside][:, :3] - (120, 60, 30)).max() <= 16  # Lanczos overshoots
    book[60:, 400:] = (120, 60, 30, 255)  # painted up to its edge
    beyond = sample(book, View(500.5, 0, 320, 180), FILM)
    assert beyond[100:, :130, 3].min() == 255
    assert beyond[:, 200:, 3].max() == 0
    away = sample(book, View(5000, 0, 320, 180), FILM)
    assert away.shape == (180, 320, 4) and away[..., 3].max() == 0


def test_reduction_keeps_light_and_edges() -> None:
    sheet = np.zeros((101, 203, 3), np.uint8)
    sheet[:, ::2] = 255
    small = reduced(sheet, 2)
    assert small.shape == (51, 102, 3) and (small[:, :100] == 188).all()  # half the light of white is 188, not 128
    assert reduced(sheet, 1) is sheet


def test_reduction_of_a_book_mixes_no_colour_from_under_nothing() -> None:
    book = np.zeros((64, 64, 4), np.uint8)
    book[..., 1] = 255
    book[:, 31:] = (200, 0, 0, 255)
    small = reduced(book, 2)
    assert small[5, 15].tolist() == [200, 0, 0, 128]


def test_only_what_is_seen_is_copied() -> None:
    """A sheet of 30,000 px: no copy of it is made for a frame."""
    import tracemalloc

    sheet = np.zeros((1080, 30_000, 3), np.uint8)
    tracemalloc.start()
    sample(sheet, View(12_000.3, 0, 1920, 1080), Extent(1920, 1080))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000
