from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from psd_tools import PSDImage

from genzu.core.geometry import Extent
from genzu.errors import BadInput, NoDrawing, NotFound, PictureTooLarge, UnreadablePicture
from genzu.picture.arrays import extent_of
from genzu.picture.files import to_uint16, write_jpeg, write_png, write_tiff
from genzu.steps import intake
from genzu.steps.intake import look_at, take_in

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "picture"))
from sheets import Sheet, scan

WIDTH, HEIGHT = 480, 270


def drawing(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    image = Image.new("RGB", (width, height), (250, 250, 247))
    pen = ImageDraw.Draw(image)
    pen.line((0, height * 0.6, width, height * 0.55), fill=(60, 60, 64), width=2)
    pen.line((width * 0.3, height * 0.1, width * 0.35, height * 0.9), fill=(60, 60, 64), width=2)
    pen.line((width * 0.5, height * 0.2, width * 0.8, height * 0.3), fill=(215, 70, 60), width=2)
    return image


def pixels() -> Any:
    return np.asarray(drawing())


def see_through() -> Any:
    alpha = np.where(pixels()[..., 1] < 235, 255, 0).astype(np.uint8)
    return np.dstack([pixels(), alpha])


def one_tone(colour: str) -> Image.Image:
    return Image.new("RGBA", (WIDTH, HEIGHT), colour)


FILES: dict[str, Callable[[Path], None]] = {
    "a.png": lambda p: write_png(p, pixels()),
    "grey.png": lambda p: write_png(p, pixels()[..., 1]),
    "deep.png": lambda p: write_png(p, to_uint16(pixels())),
    "a.tif": lambda p: write_tiff(p, pixels()),
    "deep.tiff": lambda p: write_tiff(p, to_uint16(pixels())),
    "a.jpg": lambda p: write_jpeg(p, pixels()),
    "see-through.png": lambda p: write_png(p, see_through()),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_lines(name: str, tmp_path: Path) -> None:
    FILES["a.png"](tmp_path / "reference.png")
    FILES[name](tmp_path / name)
    wanted = take_in(tmp_path / "reference.png").sheets[0].lines.contour
    taken = take_in(tmp_path / name)
    (sheet,) = taken.sheets
    assert sheet.name == "BG" and sheet.alpha is None and taken.frame is None
    assert taken.extent == Extent(WIDTH, HEIGHT)
    black = wanted > 128
    assert (sheet.lines.contour[black] > 90).mean() > 0.97


def test_the_same_picture_has_the_same_source_in_any_file(tmp_path: Path) -> None:
    for name in ("a.png", "a.tif", "deep.png"):
        FILES[name](tmp_path / name)
    taken = [take_in(tmp_path / name) for name in ("a.png", "a.tif", "deep.png", "a.png")]
    assert len({one.source for one in taken}) == 1
    for one in taken[1:]:
        assert np.array_equal(one.sheets[0].lines.contour, taken[0].sheets[0].lines.contour)
    write_png(tmp_path / "b.png", pixels()[::-1])
    assert take_in(tmp_path / "b.png").source != taken[0].source


def test_a_scanned_sheet_is_cropped_to_its_frame(tmp_path: Path) -> None:
    picture, corners = scan(Sheet(tilt=1.5))
    write_jpeg(tmp_path / "scan.jpg", picture)
    taken = take_in(tmp_path / "scan.jpg")
    assert taken.frame is not None and corners is not None
    assert np.abs(np.array(taken.frame.corners) - corners).max() < 1.5
    assert taken.extent == taken.frame.extent
    assert (taken.sheets[0].lines.contour > 100).mean() > 0.01


@pytest.mark.parametrize("size", [Extent(240, 135), Extent(333, 200), Extent(960, 540)])
def test_another_size_keeps_every_line(size: Extent, tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", pixels())
    lines = take_in(tmp_path / "a.png", size=size).sheets[0].lines
    for plane in (lines.contour, lines.highlight, lines.shadow, lines.cel):
        assert extent_of(plane) == size
    ground = lines.contour[int(size.height * 0.5) : int(size.height * 0.65)]
    assert (ground.max(axis=0) > 110).mean() > 0.98
    assert (lines.highlight > 80).any()


def psd(path: Path, groups: dict[str, list[Image.Image]], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Path:
    file = PSDImage.new("RGB", size)
    for name, images in groups.items():
        group = file.create_group(name="group")
        group.name = name
        for image in images:
            file.create_pixel_layer(image, name="layer").move_to_group(group)
    file.save(str(path))
    return path


def outline(fill: tuple[int, ...] | None) -> Image.Image:
    image = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((100, 60, 300, 220), outline=(50, 50, 50, 255), fill=fill, width=2)
    return image


@pytest.mark.parametrize("fill", [None, (255, 255, 255, 255)])
def test_books_cover_what_they_fill_or_enclose(fill: tuple[int, ...] | None, tmp_path: Path) -> None:
    taken = take_in(psd(tmp_path / "a.psd", {"背景": [drawing().convert("RGBA")], "ブック1": [outline(fill)]}))
    background, book = taken.sheets
    assert (background.name, book.name) == ("BG", "BOOK1") and background.alpha is None
    assert book.alpha is not None
    truth = np.asarray(outline((255, 255, 255, 255)))[..., 3] > 127
    found = book.alpha > 127
    assert (found & truth).sum() / (found | truth).sum() > 0.97
    assert (book.lines.contour > 100).sum() > 500 and not (book.lines.contour[:50] > 40).any()


def test_an_empty_book_is_left_out_and_said(tmp_path: Path) -> None:
    empty = Image.new("RGBA", (WIDTH, HEIGHT), (255, 255, 255, 255))
    taken = take_in(psd(tmp_path / "a.psd", {"BG": [drawing().convert("RGBA")], "BOOK1": [empty]}))
    assert [sheet.name for sheet in taken.sheets] == ["BG"]
    assert any("BOOK1" in remark for remark in taken.remarks)


def flat(value: int, mode: str = "RGB") -> Callable[[Path], None]:
    return lambda path: Image.new(mode, (WIDTH, HEIGHT), (value,) * len(mode) if mode != "L" else value).save(path)


def scanned_blank(path: Path) -> None:
    grain = np.random.default_rng(0).normal(240, 2, (HEIGHT, WIDTH, 1))
    shade = np.linspace(1, 0.9, WIDTH)[None, :, None]
    write_png(path, np.repeat(np.clip(grain * shade, 0, 255).astype(np.uint8), 3, axis=2))


def cut_short(path: Path) -> None:
    write_png(path, pixels())
    path.write_bytes(path.read_bytes()[:-400])


def no_layers_no_pixels(path: Path) -> None:
    path.write_bytes(b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, HEIGHT, WIDTH, 8, 3) + b"\0" * 12)


BAD: dict[str, tuple[str, Callable[[Path], Any], type[BadInput]]] = {
    "white": ("a.png", flat(255), NoDrawing),
    "grey": ("a.png", flat(128), NoDrawing),
    "white, one channel": ("a.tif", flat(255, "L"), NoDrawing),
    "blank scan": ("a.png", scanned_blank, NoDrawing),
    "black": ("a.png", flat(0), NoDrawing),
    "nearly black": ("a.jpg", flat(9), NoDrawing),
    "one pixel": ("a.png", lambda p: Image.new("RGB", (1, 1)).save(p), NoDrawing),
    "narrow": ("a.png", lambda p: drawing(319, 400).save(p), NoDrawing),
    "low": ("a.png", lambda p: drawing(400, 179).save(p), NoDrawing),
    "cut short": ("a.png", cut_short, UnreadablePicture),
    "psd without anything": ("a.psd", no_layers_no_pixels, UnreadablePicture),
    "psd with white layers": ("a.psd", lambda p: psd(p, {"BG": [one_tone("white")]}), NoDrawing),
    "psd all black": ("a.psd", lambda p: psd(p, {"BG": [one_tone("black")]}), NoDrawing),
    "psd named png": ("a.png", no_layers_no_pixels, UnreadablePicture),
    "empty": ("a.psd", lambda p: p.write_bytes(b""), UnreadablePicture),
    "huge psd": ("a.psd", lambda p: p.write_bytes(b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 20000, 29000, 8, 3)),
                 PictureTooLarge),
    "folder": ("a.png", lambda p: p.mkdir(), UnreadablePicture),
    "missing": ("a.png", lambda p: None, NotFound),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_layout_is_refused_with_one_sentence(case: str, tmp_path: Path) -> None:
    name, make, kind = BAD[case]
    make(tmp_path / name)
    with pytest.raises(kind) as caught:
        take_in(tmp_path / name)
    sentence = str(caught.value)
    assert sentence.startswith(str(tmp_path / name)) and "\n" not in sentence and ";" in sentence
    assert caught.value.exit_code == 2


def test_the_smallest_layout_is_taken(tmp_path: Path) -> None:
    drawing(320, 180).save(tmp_path / "a.png")
    assert take_in(tmp_path / "a.png").extent == Extent(320, 180)


def test_what_was_looked_at_is_handed_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, copy, other = (tmp_path / name for name in ("a.png", "b.png", "c.png"))
    drawing().save(first)
    copy.write_bytes(first.read_bytes())
    drawing(640, 360).save(other)
    worked: list[str] = []
    real = intake._take_in
    monkeypatch.setattr(intake, "_take_in", lambda path, size: (worked.append(path.name), real(path, size))[1])
    assert look_at(first) == take_in(copy).extent
    assert worked == ["a.png"]
    take_in(copy)
    look_at(first)
    assert take_in(other).extent == Extent(640, 360)  # other bytes
    look_at(first)
    assert take_in(first, size=Extent(960, 540)).extent == Extent(960, 540)  # another size
    assert worked == ["a.png", "b.png", "a.png", "c.png", "a.png", "a.png"]
    assert not intake._SEEN
