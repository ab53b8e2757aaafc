from __future__ import annotations

import json
import shutil
import struct
import subprocess
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from genzu.errors import NotFound, UnreadablePicture
from genzu.picture import exif
from genzu.picture.files import SRGB_ICC, pixels_digest, read_picture, write_jpeg, write_png, write_tiff
from genzu.picture.metadata import read_words
from genzu.picture.png_text import LARGEST_TEXT, XMP_KEY
from genzu.picture.xmp import Xmp

PARAMETERS = '港町、秋\nNegative prompt: é\nSteps: 20, Seed: 5, Size: 60x40, Note: "a, b"'
WORDS = Xmp(title="Umi 012", creators=("山田", "鈴木"), digital_source="http://x/y", comment=PARAMETERS, passport="{}")
TEXT = {"parameters": PARAMETERS, "prompt": json.dumps({"3": {"inputs": {"text": "港"}}}), "genzu": "{}",
        "Comment": "naïve", XMP_KEY: WORDS.packet()}  # fmt: skip


def picture(depth: type = np.uint8) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, np.iinfo(depth).max, (40, 60, 3), dtype=depth, endpoint=True)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(path: Path, raw: bytes) -> Path:
    """Our own PNG with raw bytes put in after IHDR."""
    write_png(path, picture())
    whole = path.read_bytes()
    path.write_bytes(whole[:33] + raw + whole[33:])
    return path


@pytest.fixture
def png(tmp_path: Path) -> Path:
    write_png(tmp_path / "a.png", picture(), text=TEXT)
    return tmp_path / "a.png"


def test_words_do_not_touch_the_pixels_or_the_profile(tmp_path: Path, png: Path) -> None:
    write_png(tmp_path / "bare.png", picture())
    bare, whole = (tmp_path / "bare.png").read_bytes(), png.read_bytes()
    data = bare.index(b"IDAT") - 4
    assert whole.startswith(bare[:data]) and whole.endswith(bare[data:]), "only chunks were put in"
    assert read_picture(png).icc == SRGB_ICC and np.array_equal(read_picture(png).pixels, picture())
    for name, depth in (("a.tif", np.uint16), ("b.tif", np.uint8)):
        write_tiff(tmp_path / name, picture(depth), xmp=WORDS.packet())
        assert np.array_equal(read_picture(tmp_path / name).pixels, picture(depth))
        assert read_picture(tmp_path / name).icc == SRGB_ICC
    write_jpeg(tmp_path / "a.jpg", picture(), comment=PARAMETERS, xmp=WORDS.packet())
    write_jpeg(tmp_path / "b.jpg", picture())
    assert pixels_digest(read_picture(tmp_path / "a.jpg").pixels) == pixels_digest(
        read_picture(tmp_path / "b.jpg").pixels
    )
    assert read_picture(tmp_path / "a.jpg").icc == SRGB_ICC
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.jpg", "a.png", "a.tif", "b.jpg", "b.tif", "bare.png",
    ]  # fmt: skip


def test_the_same_words_are_the_same_bytes(tmp_path: Path, png: Path) -> None:
    write_png(tmp_path / "again.png", picture(), text=TEXT)
    assert (tmp_path / "again.png").read_bytes() == png.read_bytes()


def test_pillow_reads_them_as_a1111_and_comfyui_write_them(png: Path) -> None:
    with Image.open(png) as image:  # not loaded: a reader that stops at the pixels sees them all the same
        found = dict(image.info)
    for key in ("parameters", "prompt", "genzu", "Comment", XMP_KEY):
        assert found[key] == TEXT[key]
    theirs = PngInfo()
    theirs.add_text("parameters", PARAMETERS)
    assert type(theirs.chunks[0][0]) is bytes and theirs.chunks[0][0] == b"iTXt", "Pillow leaves Latin-1 the same way"
    raw = png.read_bytes()
    assert raw.index(b"iTXtparameters") < raw.index(b"tEXtprompt") < raw.index(b"tEXtComment") < raw.index(b"IDAT")


def test_our_own_reader(png: Path, tmp_path: Path) -> None:
    words = read_words(png)
    assert words.parameters == PARAMETERS and words.xmp == WORDS
    assert words.text["Comment"] == "naïve"
    write_tiff(tmp_path / "a.tif", picture(), xmp=WORDS.packet())
    write_jpeg(tmp_path / "a.jpg", picture(), comment=PARAMETERS, xmp=WORDS.packet())
    for name in ("a.tif", "a.jpg"):
        assert read_words(tmp_path / name).xmp == WORDS
        assert read_words(tmp_path / name).parameters == PARAMETERS
    assert read_words(tmp_path / "a.jpg").text["UserComment"] == PARAMETERS


def test_what_pillow_wrote(tmp_path: Path) -> None:
    """A JPEG and a PNG as A1111 leaves them: EXIF comment by Pillow, packed text."""
    info = PngInfo()
    info.add_text("parameters", PARAMETERS, zip=True)
    info.add_text("Dream", "a town", zip=True)
    Image.fromarray(picture()).save(tmp_path / "a.png", pnginfo=info)
    assert read_words(tmp_path / "a.png").parameters == PARAMETERS
    assert read_words(tmp_path / "a.png").text["Dream"] == "a town"
    tags = Image.Exif()
    tags.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + PARAMETERS.encode("utf-16-be")
    raw = tags.tobytes()
    Image.fromarray(picture()).save(tmp_path / "a.jpg", exif=raw)
    Image.fromarray(picture()).save(tmp_path / "b.png", exif=raw)
    for name in ("a.jpg", "b.png"):
        assert read_words(tmp_path / name).parameters == PARAMETERS


def test_pillow_reads_our_exif(tmp_path: Path) -> None:
    write_jpeg(tmp_path / "a.jpg", picture(), comment=PARAMETERS)
    with Image.open(tmp_path / "a.jpg") as image:
        raw = image.getexif().get_ifd(0x8769)[0x9286]
    assert raw[:8] == b"UNICODE\0" and raw[8:].decode("utf-16-be") == PARAMETERS


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed (libimage-exiftool-perl)")
def test_exiftool_reads_them(tmp_path: Path, png: Path) -> None:
    write_tiff(tmp_path / "a.tif", picture(), xmp=WORDS.packet())
    write_jpeg(tmp_path / "a.jpg", picture(), comment=PARAMETERS, xmp=WORDS.packet())
    said = subprocess.run(
        ["exiftool", "-j", "-G1", png, tmp_path / "a.tif", tmp_path / "a.jpg"], capture_output=True, check=True
    ).stdout
    valid = subprocess.run(["exiftool", "-s3", "-validate", png], capture_output=True, check=True).stdout
    assert valid.strip() == b"OK"
    by_png, by_tiff, by_jpeg = json.loads(said)
    for found in (by_png, by_tiff, by_jpeg):
        assert found["XMP-iptcExt:DigitalSourceType"] == "http://x/y"
        assert found["XMP-dc:Creator"] == ["山田", "鈴木"] and found["XMP-dc:Title"] == "Umi 012"
        assert found["XMP-exif:UserComment"] == PARAMETERS
    assert by_png["PNG:Parameters"] == PARAMETERS
    assert by_png["PNG:Comment"] == "naïve"
    assert by_jpeg["ExifIFD:UserComment"] == PARAMETERS


@pytest.mark.skipif(shutil.which("identify") is None, reason="ImageMagick is not installed")
def test_imagemagick_reads_what_is_latin(png: Path) -> None:
    """Version 6 passes over iTXt; the chunks in ASCII are whole, and so are the pixels."""
    said = subprocess.run(["identify", "-format", "%[prompt]|%[genzu]", png], capture_output=True, check=True).stdout
    assert said.decode() == f"{TEXT['prompt']}|{TEXT['genzu']}"
    pixels = subprocess.run(["convert", png, "-depth", "8", "rgb:-"], capture_output=True, check=True).stdout
    assert pixels == picture().tobytes()


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    """Four gigabytes of zeros in a chunk of four megabytes: refused within the limit."""
    packer = zlib.compressobj(9, wbits=-15)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # a block that stands for itself
    packed = b"\x78\xda" + megabyte * 4096
    for kind, head in ((b"zTXt", b"prompt\0\0"), (b"iTXt", b"prompt\0\1\0\0\0")):
        bomb = with_chunk(tmp_path / "bomb.png", chunk(kind, head + packed))
        tracemalloc.start()
        with pytest.raises(UnreadablePicture, match="more than 32 MB of text"):
            read_words(bomb)
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST_TEXT
        tracemalloc.stop()


def test_many_bombs_share_one_limit(tmp_path: Path) -> None:
    one = chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(20_000_000)))
    with pytest.raises(UnreadablePicture, match="more than 32 MB of text"):
        read_words(with_chunk(tmp_path / "a.png", one * 3))


def test_a_chunk_that_promises_four_gigabytes(tmp_path: Path) -> None:
    huge = struct.pack(">I", 0xFFFFFFFF) + b"zTXtprompt\0\0"
    with pytest.raises(UnreadablePicture, match="cut short"):
        read_words(with_chunk(tmp_path / "a.png", huge))


def test_bad_checksums_and_cut_files(tmp_path: Path, png: Path) -> None:
    damaged = bytearray(png.read_bytes())
    damaged[damaged.index(b"tEXtgenzu") + 11] ^= 1
    (tmp_path / "crc.png").write_bytes(damaged)
    with pytest.raises(UnreadablePicture, match="checksum"):
        read_words(tmp_path / "crc.png")
    write_jpeg(tmp_path / "a.jpg", picture(), comment=PARAMETERS, xmp=WORDS.packet())
    write_tiff(tmp_path / "a.tif", picture(), xmp=WORDS.packet())
    for name in ("a.png", "a.jpg", "a.tif"):
        whole = (tmp_path / name).read_bytes()
        for end in range(0, len(whole) - 1, max(1, len(whole) // 60)):
            short = tmp_path / f"short{(tmp_path / name).suffix}"
            short.write_bytes(whole[:end])
            with pytest.raises(UnreadablePicture):
                read_words(short)
    with pytest.raises(NotFound):
        read_words(tmp_path / "none.png")


def test_damaged_exif_says_what_it_can() -> None:
    block = exif.comment_block("港")
    assert exif.comments(block) == {"UserComment": "港"}
    for end in range(len(block)):
        exif.comments(block[:end])
    rng = np.random.default_rng(0)
    for _ in range(300):
        raw = bytearray(block)
        raw[int(rng.integers(len(raw)))] = int(rng.integers(256))
        exif.comments(bytes(raw))
    assert exif.comment_text(b"UNICODE\0" + "town".encode("utf-16-le"), ">") == "town"
    assert exif.comment_text(b"ASCII\0\0\0town\0\0", "<") == "town"
