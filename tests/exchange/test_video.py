from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

av = pytest.importorskip("av", reason="films need PyAV: pip install 'genzu[film]'")

from genzu.core.geometry import Extent
from genzu.errors import BadInput, CannotWrite
from genzu.exchange.video import Codec, FilmFormat, film_frame, writing_film
from genzu.picture.arrays import Float32, UInt8

SIZE = Extent(320, 180)
NTSC = Fraction(24000, 1001)


def swatches(seed: int) -> UInt8:
    """16 × 9 even fields."""
    fields = np.random.default_rng(seed).integers(0, 256, (9, 16, 3), np.uint8)
    return np.kron(fields, np.ones((20, 20, 1), np.uint8))


def rgb_of(frame: av.VideoFrame) -> Float32:
    """sRGB values of a decoded frame by the matrix of BT.709 itself (ITU-R BT.709-6, §3), not by FFmpeg's way back."""
    planes = frame.to_ndarray()
    if frame.format.name == "yuv420p":
        h, w = frame.height, frame.width
        luma = planes[:h].astype(float)
        blue, red = planes[h:].reshape(2, h // 2, w // 2).astype(float)
        scale = 1.0
    else:
        luma, blue, red = ten_bit(frame)
        scale = 4.0
    blue, red = (np.kron(plane, np.ones((frame.height // plane.shape[0], 2))) for plane in (blue, red))
    y, cb, cr = (luma / scale - 16) / 219, (blue / scale - 128) / 224, (red / scale - 128) / 224
    r, b = y + 1.5748 * cr, y + 1.8556 * cb
    g = (y - 0.2126 * r - 0.0722 * b) / 0.7152
    return np.stack([r, g, b], axis=2) * 255


def ten_bit(frame: av.VideoFrame) -> list[Float32]:
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(bytes(plane), np.uint16).reshape(plane.height, -1)
        found.append(rows[:, : plane.width].astype(float))
    return found


def written(path: Path, form: FilmFormat, pictures: list[UInt8], times: int = 1) -> Path:
    with writing_film(path, form, title="海") as writer:
        for picture in pictures:
            frame = film_frame(picture, form)
            for _ in range(times):
                writer.add(frame)
    return path


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize("rate", [NTSC, Fraction(24), Fraction(25), Fraction(30000, 1001)])
def test_count_rate_times_and_tags(codec: Codec, rate: Fraction, tmp_path: Path) -> None:
    form = FilmFormat(extent=SIZE, rate=rate, codec=codec)
    path = written(tmp_path / f"film{codec.suffix}", form, [swatches(k) for k in range(4)], times=7)
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.average_rate == stream.guessed_rate == rate and stream.frames == 28
        assert stream.duration * stream.time_base == 28 / rate
        assert film.metadata["title"] == "海"
        frames = list(film.decode(video=0))
    assert len(frames) == 28
    assert [frame.pts * frame.time_base for frame in frames] == [k / rate for k in range(28)]
    first = frames[0]
    assert (first.width, first.height, first.format.name) == (320, 180, codec.pixels)
    assert (first.color_primaries, first.color_trc, first.colorspace, first.color_range) == (1, 1, 1, 1)


@pytest.mark.parametrize(("codec", "near"), [(Codec.H264, 4.0), (Codec.PRORES, 2.0)])
def test_colours(codec: Codec, near: float, tmp_path: Path) -> None:
    pictures = [swatches(k) for k in range(3)]
    path = written(tmp_path / f"film{codec.suffix}", FilmFormat(extent=SIZE, codec=codec, crf=10), pictures)
    with av.open(str(path)) as film:
        for frame, picture in zip(film.decode(video=0), pictures, strict=True):
            # The middle of each field: chroma is halved, edges are soft.
            off = (rgb_of(frame) - picture).reshape(9, 20, 16, 20, 3)[:, 6:14, :, 6:14].mean(axis=(1, 3))
            assert np.abs(off).max() < near


def test_grey_pictures(tmp_path: Path) -> None:
    grey = np.full(SIZE.shape, 118, np.uint8)
    path = written(tmp_path / "film.mp4", FilmFormat(extent=SIZE), [grey])
    with av.open(str(path)) as film:
        assert np.abs(rgb_of(next(film.decode(video=0))) - 118).max() < 1.5


def test_the_index_is_in_front(tmp_path: Path) -> None:
    content = written(tmp_path / "film.mp4", FilmFormat(extent=SIZE), [swatches(1)]).read_bytes()
    assert 0 < content.find(b"moov") < content.find(b"mdat") and b"colrnclx" in content


def test_crf_decides_on_the_size_of_the_file(tmp_path: Path) -> None:
    noise = [np.random.default_rng(k).integers(0, 256, (180, 320, 3), np.uint8) for k in range(4)]
    sizes = [written(tmp_path / f"{crf}.mp4", FilmFormat(extent=SIZE, crf=crf), noise).stat().st_size
             for crf in (10, 40)]  # fmt: skip
    assert sizes[0] > 3 * sizes[1]


def test_what_is_no_film(tmp_path: Path) -> None:
    for size in (Extent(321, 180), Extent(8, 8), Extent(10_000, 1080)):
        with pytest.raises(BadInput):
            FilmFormat(extent=size)
    with pytest.raises(BadInput):
        FilmFormat(extent=SIZE, crf=60)
    with (
        pytest.raises(BadInput, match=r"\.mov"),
        writing_film(tmp_path / "film.mp4", FilmFormat(extent=SIZE, codec=Codec.PRORES)),
    ):
        pass
    with pytest.raises(ValueError, match="no frame"):
        film_frame(np.zeros((90, 160, 3), np.uint8), FilmFormat(extent=SIZE))


def test_an_error_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    form, path = FilmFormat(extent=SIZE), tmp_path / "film.mp4"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="torn"), writing_film(path, form) as writer:
        writer.add(film_frame(swatches(1), form))
        raise RuntimeError("torn")
    assert path.read_bytes() == b"old" and [one.name for one in tmp_path.iterdir()] == ["film.mp4"]


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from genzu.core.geometry import Extent
from genzu.errors import CannotWrite
from genzu.exchange.video import Codec, FilmFormat, film_frame, writing_film
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
codec = Codec(sys.argv[2])
form = FilmFormat(extent=Extent(320, 180), codec=codec, crf=5)
try:
    with writing_film(Path(sys.argv[1]), form) as writer:
        for k in range(60):
            writer.add(film_frame(np.random.default_rng(k).integers(0, 256, (180, 320, 3), np.uint8), form))
except CannotWrite as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits exist on POSIX systems only")
@pytest.mark.parametrize("codec", list(Codec))
def test_a_full_disk_is_one_clear_sentence(codec: Codec, tmp_path: Path) -> None:
    path = tmp_path / f"film{codec.suffix}"
    ran = subprocess.run([sys.executable, "-c", FULL, str(path), codec.value], capture_output=True, text=True,
                         check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"{path}: cannot be written (file too large)"), ran.stdout + ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite), writing_film(tmp_path / "file" / "film.mp4", FilmFormat(extent=SIZE)):
        pass
