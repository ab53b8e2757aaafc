"""Bad input: one clear sentence, exit code 2, nothing half-written, no traceback."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image

from tests.cli.conftest import Genzu, draw_layout, draw_materials

Made = list[object]
"""Words of the command line."""


def good(folder: Path) -> Path:
    path = folder / "layout.png"
    draw_layout().save(path)
    return path


def saved(folder: Path, name: str, picture: Image.Image, **how: object) -> Path:
    path = folder / name
    picture.save(path, **how)
    return path


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def cut_short(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def png_that_promises(width: int, height: int) -> bytes:
    """A PNG header for a huge picture with a few bytes of pixels behind it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def float_tiff(folder: Path, value: float) -> Path:
    plane = np.full((360, 640), 0.9, np.float32)
    plane[100:103, :] = 0.1
    plane[200, 300] = value
    path = folder / "float.tif"
    pyvips.Image.new_from_array(plane).write_to_file(str(path))
    return path


def psd(folder: Path, *, keep: float = 1.0) -> Path:
    from psd_tools import PSDImage

    path = folder / "layout.psd"
    PSDImage.frompil(draw_layout()).save(path)
    return cut_short(path, keep) if keep < 1 else path


def a_file_in_the_way(folder: Path) -> Path:
    path = folder / "taken"
    path.write_text("this is a file, not a folder")
    return path


CASES: dict[str, tuple[Callable[[Path], Made], str]] = {
    "truncated PNG": (lambda d: [cut_short(good(d), 0.5)], "layout.png"),
    "truncated JPEG": (lambda d: [cut_short(saved(d, "l.jpg", draw_layout()), 0.5)], "l.jpg"),
    "truncated TIFF": (lambda d: [cut_short(saved(d, "l.tif", draw_layout()), 0.5)], "l.tif"),
    "truncated PSD": (lambda d: [psd(d, keep=0.4)], "layout.psd"),
    "zero bytes PNG": (lambda d: [written(d, "l.png", b"")], "empty"),
    "zero bytes PSD": (lambda d: [written(d, "l.psd", b"")], "empty"),
    "text in a PNG": (lambda d: [written(d, "l.png", b"this is no picture" * 50)], "l.png"),
    "wrong extension": (lambda d: [saved(d, "l.png", draw_layout(), format="JPEG")], "JPEG"),
    "GIF": (lambda d: [saved(d, "l.gif", draw_layout())], "l.gif"),
    "60,000 px bomb": (lambda d: [written(d, "l.png", png_that_promises(60_000, 60_000))], "60"),
    "too many pixels": (lambda d: [written(d, "l.png", png_that_promises(29_000, 29_000))], "l.png"),
    "palette": (lambda d: [saved(d, "l.png", draw_layout().convert("P"))], "palette"),
    "CMYK": (lambda d: [saved(d, "l.tif", draw_layout().convert("CMYK"))], "CMYK"),
    "1 bit": (lambda d: [saved(d, "l.png", draw_layout().convert("1"))], "1"),
    "1×1": (lambda d: [saved(d, "l.png", Image.new("RGB", (1, 1)))], "1×1"),
    "too narrow": (lambda d: [saved(d, "l.png", draw_layout().resize((200, 112)))], "320"),
    "all white": (lambda d: [saved(d, "l.png", Image.new("RGB", (640, 360), "white"))], "l.png"),
    "all black": (lambda d: [saved(d, "l.png", Image.new("RGB", (640, 360)))], "l.png"),
    "NaN TIFF": (lambda d: [float_tiff(d, float("nan"))], "float.tif"),
    "infinite TIFF": (lambda d: [float_tiff(d, float("inf"))], "float.tif"),
    "PSD without layers": (lambda d: [psd(d)], "layers"),
    "missing layout": (lambda d: [d / "nowhere.png"], "nowhere.png"),
    "a folder as layout": (lambda d: [d], "folder"),
    "unknown season": (lambda d: [good(d), "--season", "monsoon"], "monsoon"),
    "unknown time": (lambda d: [good(d), "--time", "someday"], "someday"),
    "unknown engine": (lambda d: [good(d), "--engine", "magic"], "magic"),
    "bad size": (lambda d: [good(d), "--size", "big"], "big"),
    "negative seed": (lambda d: [good(d), "--seed", "-4"], "-4"),
    "no candidates": (lambda d: [good(d), "--candidates", "0"], "0"),
    "not a number": (lambda d: [good(d), "--seed", "abc"], "abc"),
    "unknown option": (lambda d: [good(d), "--colour", "red"], "--colour"),
    "wrong-size materials": (
        lambda d: [good(d), "--materials", saved(d, "m.png", draw_materials().resize((320, 180)))],
        "320×180",
    ),
    "unknown material": (
        lambda d: [good(d), "--materials", saved(d, "m.png", Image.new("L", (640, 360), 77))],
        "77",
    ),
    "missing materials": (lambda d: [good(d), "--materials", d / "m.png"], "m.png"),
    "broken board": (lambda d: [good(d), "--board", written(d, "b.jpg", b"\xff\xd8\xff\xe0 no")], "b.jpg"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_clear_sentence_and_nothing_written(case: str, tmp_path: Path, genzu: Genzu) -> None:
    make, names = CASES[case]
    out = tmp_path / "out"
    ran = genzu("paint", *make(tmp_path), "-p", "meadow, summer", "-o", out)
    assert ran.code == 2, ran
    assert ran.out == ""
    said = " ".join(ran.err.split())
    assert said.startswith("genzu: ") and said.endswith("."), said
    assert "Traceback" not in said and "fault in Genzu" not in said
    assert names in said, said
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    assert not out.exists() or not any(out.iterdir())


def test_out_is_a_file(tmp_path: Path, genzu: Genzu) -> None:
    way = a_file_in_the_way(tmp_path)
    ran = genzu("paint", good(tmp_path), "-p", "meadow", "-o", way)
    assert ran.code == 2 and str(way) in ran.err and "Traceback" not in ran.err
    assert way.read_text() == "this is a file, not a folder"


def test_out_cannot_be_made(tmp_path: Path, genzu: Genzu) -> None:
    ran = genzu("paint", good(tmp_path), "-p", "meadow", "-o", "/proc/nothing/out")
    assert ran.code == 2 and len(ran.err.strip().splitlines()) == 1


@pytest.mark.parametrize("limit", [20_000, 120_000, 400_000])
def test_full_disk(tmp_path: Path, limit: int) -> None:
    """A limit on file size stands for the disk that fills up, at several points of the run."""
    out = tmp_path / "out"
    script = "import sys; from genzu.cli.main import run; sys.argv[0] = 'genzu'; run()"

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    ran = subprocess.run(
        [sys.executable, "-c", script, "paint", good(tmp_path), "-p", "meadow", "-o", out],
        capture_output=True, text=True, preexec_fn=no_room, check=False,
    )  # fmt: skip
    assert ran.returncode == 2, ran
    assert "Traceback" not in ran.stderr and len(ran.stderr.strip().splitlines()) == 1, ran.stderr
    left = [path for path in out.rglob("*") if path.is_file() and ".genzu" not in path.parts] if out.exists() else []
    for path in left:
        if path.suffix == ".png":
            Image.open(path).load()
        assert ".part" not in path.name

    again = subprocess.run(
        [sys.executable, "-c", script, "paint", good(tmp_path), "-p", "meadow", "-o", out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
