from __future__ import annotations

import io
import os
import resource
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from genzu.core.geometry import Extent
from genzu.errors import BadInput, CannotWrite, NotFound, PictureTooLarge, UnreadablePicture
from genzu.picture.files import (
    SRGB_ICC,
    pixels_digest,
    probe,
    read_index,
    read_picture,
    read_rgb8,
    to_uint8,
    to_uint16,
    write_jpeg,
    write_png,
    write_tiff,
)

SHAPES = [(40, 50), (40, 50, 3), (40, 50, 4)]
WRITERS: list[tuple[Callable[..., None], str]] = [(write_png, "a.png"), (write_tiff, "a.tif")]


def noise(shape: tuple[int, ...], dtype: Any = np.uint8, seed: int = 0) -> NDArray[Any]:
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def png_header(width: int, height: int, bits: int = 8, colour: int = 2) -> bytes:
    """A PNG that promises a size and holds nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 64))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_what_is_written_comes_back_and_has_the_same_bytes_each_time(
    write: Callable[..., None], name: str, shape: tuple[int, ...], dtype: Any, tmp_path: Path
) -> None:
    pixels = noise(shape, dtype)
    write(tmp_path / name, pixels)
    first = (tmp_path / name).read_bytes()
    picture = read_picture(tmp_path / name)
    assert np.array_equal(picture.pixels, pixels) and picture.pixels.dtype == dtype
    assert picture.icc == (SRGB_ICC if len(shape) == 3 else None)
    assert picture.dpi == pytest.approx(72, abs=0.1)
    write(tmp_path / name, pixels)
    assert (tmp_path / name).read_bytes() == first
    header = probe(tmp_path / name)
    assert header.extent == Extent(50, 40) and header.bits == np.iinfo(dtype).bits
    assert header.bands == (shape[2] if len(shape) == 3 else 1)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("write", "name"), [*WRITERS, (write_jpeg, "a.jpg")])
def test_a_file_cut_anywhere_is_refused(
    write: Callable[..., None], name: str, shape: tuple[int, ...], dtype: Any, tmp_path: Path
) -> None:
    if write is write_jpeg and (dtype != np.uint8 or shape[2:] == (4,)):
        pytest.skip("JPEG has 8 bit and no alpha")
    path = tmp_path / name
    write(path, noise(shape, dtype))
    whole = path.read_bytes()
    cuts = {
        1,
        9,
        30,
        len(whole) // 4,
        len(whole) // 2,
        len(whole) - 200,
        len(whole) - 12,
        len(whole) - 2,
        len(whole) - 1,
    }
    for cut in cuts:
        path.write_bytes(whole[:cut])
        with pytest.raises(UnreadablePicture) as caught:
            read_picture(path)
        assert str(caught.value).startswith(str(path))
        with pytest.raises(UnreadablePicture):
            read_rgb8(path)


def test_text_chunks_come_back_in_any_script(tmp_path: Path) -> None:
    text = {"parameters": "port town\nSteps: 20", "場所".encode().hex(): "港町、秋、夕方"}
    write_png(tmp_path / "t.png", noise((20, 20, 3)), text=text)
    with Image.open(tmp_path / "t.png") as image:
        image.load()
        assert image.text == text  # type: ignore[attr-defined]
    assert b"tEXtparameters" in (tmp_path / "t.png").read_bytes()
    assert np.array_equal(read_picture(tmp_path / "t.png").pixels, noise((20, 20, 3)))


def test_the_shipped_profile_is_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(SRGB_ICC))
    swatch = Image.fromarray(noise((16, 16, 3)))
    seen = ImageCms.profileToProfile(swatch, profile, ImageCms.createProfile("sRGB"))
    assert np.abs(np.asarray(seen, int) - np.asarray(swatch, int)).max() <= 1


@pytest.mark.parametrize(("write", "name"), [*WRITERS, (write_jpeg, "a.jpg")])
def test_a_full_disk_is_said_and_leaves_nothing(write: Callable[..., None], name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    try:
        with pytest.raises(CannotWrite, match="cannot be written"):
            write(path, noise((300, 300, 3)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"before" and list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(CannotWrite):
        write_png(tmp_path / "a.png", noise((10, 10)))


def pil(mode: str) -> Callable[[Path], None]:
    return lambda path: Image.new(mode, (40, 30)).save(path)


def bytes_of(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None  # type: ignore[func-returns-value]


def floats(value: float) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        pixels = np.full((30, 40, 3), 0.5, np.float32)
        pixels[3, 4] = value
        pyvips.Image.new_from_array(pixels).tiffsave(str(path))

    return make


def pages(path: Path) -> None:
    one, two = (Image.new("RGB", (40, 30), colour) for colour in ("red", "blue"))
    one.save(path, save_all=True, append_images=[two])


BAD: dict[str, tuple[str, Callable[[Path], None], type[BadInput], str]] = {
    "empty": ("a.png", bytes_of(b""), UnreadablePicture, "empty"),
    "text": ("a.png", bytes_of(b"this is a letter, not a picture at all"), UnreadablePicture, "not a picture"),
    "jpeg as png": ("a.png", lambda p: Image.new("L", (40, 30)).save(p, "JPEG"), UnreadablePicture, "holds a JPEG"),
    "png named tif": ("a.tif", lambda p: Image.new("RGB", (40, 30)).save(p, "PNG"), UnreadablePicture, "holds a PNG"),
    "gif": ("a.gif", pil("P"), UnreadablePicture, "GIF"),
    "webp": ("a.webp", pil("RGB"), UnreadablePicture, "WebP"),
    "bmp": ("a.bmp", pil("RGB"), UnreadablePicture, "BMP"),
    "clip": ("a.clip", bytes_of(b"CSFCHUNK" + b"\0" * 40), UnreadablePicture, "CLIP STUDIO"),
    "palette png": ("a.png", pil("P"), UnreadablePicture, "palette"),
    "1-bit png": ("a.png", pil("1"), UnreadablePicture, "1-bit"),
    "1-bit tiff": ("a.tif", pil("1"), UnreadablePicture, "1-bit"),
    "palette tiff": ("a.tif", pil("P"), UnreadablePicture, "palette"),
    "cmyk jpeg": ("a.jpg", pil("CMYK"), UnreadablePicture, "CMYK"),
    "cmyk tiff": ("a.tif", pil("CMYK"), UnreadablePicture, "CMYK"),
    "lab tiff": ("a.tif", pil("LAB"), UnreadablePicture, "Lab"),
    "32-bit integers": ("a.tif", pil("I"), UnreadablePicture, "32-bit"),
    "bomb": ("a.png", bytes_of(png_header(40_000, 40)), PictureTooLarge, "larger than"),
    "square bomb": ("a.png", bytes_of(png_header(20_000, 20_000)), PictureTooLarge, "larger than"),
    "absurd bomb": ("a.png", bytes_of(png_header(2**31 - 1, 2**31 - 1)), PictureTooLarge, "larger than"),
    "no pixels": ("a.png", bytes_of(png_header(0, 40)), UnreadablePicture, "0×40"),
    "missing data": ("a.png", bytes_of(png_header(400, 400)), UnreadablePicture, "cut short|damaged"),
    "pages": ("a.tif", pages, UnreadablePicture, "several pages"),
    "animation": ("a.png", pages, UnreadablePicture, "animation"),
    "nan": ("a.tif", floats(float("nan")), UnreadablePicture, "NaN"),
    "infinite": ("a.tif", floats(float("inf")), UnreadablePicture, "NaN or infinite"),
    "beyond one": ("a.tif", floats(1.5), UnreadablePicture, "between 0 and 1"),
    "psd": ("a.psd", bytes_of(b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 40, 40, 8, 3) + b"\0" * 16),
            UnreadablePicture, "PSD"),
    "folder": ("a.png", lambda p: p.mkdir(), UnreadablePicture, "folder"),
    "missing": ("a.png", lambda p: None, NotFound, "no such file"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_pictures_are_refused_with_one_sentence(
    case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name, make, kind, words = BAD[case]
    make(tmp_path / name)
    for read in (read_picture, read_rgb8):
        with pytest.raises(kind, match=words) as caught:
            read(tmp_path / name)
        sentence = str(caught.value)
        assert sentence.startswith(str(tmp_path / name)) and sentence.endswith(".") and "\n" not in sentence
        assert ";" in sentence, "it says what to do"
    assert capfd.readouterr() == ("", ""), "nothing is printed past the error"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", noise((20, 20)))
    (tmp_path / "a.png").chmod(0)
    with pytest.raises(UnreadablePicture, match="permission"):
        read_picture(tmp_path / "a.png")


def test_floats_between_zero_and_one_are_taken(tmp_path: Path) -> None:
    floats(1.0)(tmp_path / "a.tif")
    pixels = read_picture(tmp_path / "a.tif").pixels
    assert pixels.dtype == np.uint16 and pixels[3, 4, 0] == 65535 and pixels[0, 0, 0] == 32768
    assert read_rgb8(tmp_path / "a.tif")[3, 4, 0] == 255


def test_exif_turns_are_honoured(tmp_path: Path) -> None:
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:16, :16] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif, quality=95)
    upright = read_rgb8(tmp_path / "a.jpg")
    assert upright.shape == (96, 64, 3)
    assert upright[4, -4].min() > 200 and upright[4, 4].max() < 60


def test_another_profile_is_converted_and_a_broken_one_ignored(tmp_path: Path) -> None:
    pixels = noise((30, 40, 3))
    gamma = pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
    gamma.icc_transform("p3", input_profile="srgb").tiffsave(str(tmp_path / "p3.tif"))
    middle = pixels[(pixels > 40).all(axis=2) & (pixels < 215).all(axis=2)].astype(int)
    back = read_picture(tmp_path / "p3.tif").pixels[(pixels > 40).all(axis=2) & (pixels < 215).all(axis=2)]
    assert np.abs(back - middle).max() <= 3
    Image.fromarray(pixels).save(tmp_path / "broken.png", icc_profile=b"\0" * 200)
    assert np.array_equal(read_picture(tmp_path / "broken.png").pixels, pixels)
    Image.fromarray(pixels).save(
        tmp_path / "own.png", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    assert np.array_equal(read_picture(tmp_path / "own.png").pixels, pixels)


def test_see_through_lies_on_white(tmp_path: Path) -> None:
    pixels = noise((20, 20, 4))
    pixels[:10, :, 3] = 0
    pixels[10:, :, 3] = 255
    write_png(tmp_path / "a.png", pixels)
    seen = read_rgb8(tmp_path / "a.png")
    assert (seen[:10] == 255).all() and np.array_equal(seen[10:], pixels[10:, :, :3])
    Image.fromarray(np.dstack([pixels[..., 0], pixels[..., 3]])).save(tmp_path / "la.png")
    assert (read_rgb8(tmp_path / "la.png")[:10] == 255).all()
    assert read_picture(tmp_path / "la.png").pixels.shape == (20, 20, 4)


def test_numbers_are_read_as_numbers(tmp_path: Path) -> None:
    numbers = (noise((20, 30)) % 17).astype(np.uint8)
    write_png(tmp_path / "grey.png", numbers)
    Image.fromarray(np.repeat(numbers[..., None], 3, axis=2)).save(tmp_path / "rgb.png")
    palette = Image.fromarray(numbers, "P")
    palette.putpalette(list(noise((768,))))
    palette.save(tmp_path / "palette.png")
    for name in ("grey.png", "rgb.png", "palette.png"):
        assert np.array_equal(read_index(tmp_path / name), numbers)
    marks = np.dstack([numbers, numbers, numbers, np.where(numbers < 5, 0, 255).astype(np.uint8)])
    write_png(tmp_path / "marks.png", marks)
    assert np.array_equal(read_index(tmp_path / "marks.png"), np.where(numbers < 5, 255, numbers))
    write_png(tmp_path / "colours.png", noise((20, 30, 3)))
    with pytest.raises(UnreadablePicture, match="one number per pixel"):
        read_index(tmp_path / "colours.png")


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_depth_goes_up_and_down_again(seed: int) -> None:
    eight = noise((5, 7, 3), seed=seed)
    assert np.array_equal(to_uint8(to_uint16(eight)), eight)
    sixteen = noise((5, 7), np.uint16, seed)
    assert np.abs(to_uint16(to_uint8(sixteen)).astype(int) - sixteen).max() <= 129


def test_the_digest_names_content_and_nothing_else() -> None:
    pixels = noise((6, 8, 3))
    assert pixels_digest(pixels) == pixels_digest(np.asfortranarray(pixels))
    others = [pixels.reshape(8, 6, 3), pixels.astype(np.uint16), pixels[::-1], pixels[..., 0]]
    assert len({pixels_digest(array) for array in (pixels, *others)}) == 5
