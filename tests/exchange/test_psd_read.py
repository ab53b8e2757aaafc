from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from genzu.errors import BadInput, NoDrawing, PictureTooLarge, UnreadablePicture
from genzu.exchange.psd_read import read_psd, sheet_name

WIDTH, HEIGHT = 60, 40


def paint(colour: tuple[int, ...], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    return Image.new("RGBA", size, colour if len(colour) == 4 else (*colour, 255))


def new(mode: str = "RGB", depth: int = 8) -> Any:
    return PSDImage.new(mode, (WIDTH, HEIGHT), depth=depth)


def layer(psd: Any, parent: Any, name: str, image: Image.Image, left: int = 0, top: int = 0) -> Any:
    made = psd.create_pixel_layer(image, name="layer", top=top, left=left)
    made.name = name
    if parent is not None:
        made.move_to_group(parent)
    return made


def group(psd: Any, name: str, parent: Any = None) -> Any:
    made = psd.create_group(name="group")
    made.name = name
    if parent is not None:
        made.move_to_group(parent)
    return made


def saved(psd: Any, path: Path) -> Path:
    psd.save(str(path))
    return path


def test_groups_become_sheets_in_order(tmp_path: Path) -> None:
    psd = new()
    layer(psd, None, "paper", paint((255, 255, 255)))
    layer(psd, group(psd, "ブック２"), "tree", paint((0, 0, 255), (10, 10)), 5, 6)
    outer = group(psd, "layout")
    layer(psd, group(psd, "bg", outer), "lines", paint((10, 20, 30)))
    layer(psd, group(psd, "Book_1", outer), "rail", paint((9, 9, 9), (8, 4)), -4, 38)
    layout = read_psd(saved(psd, tmp_path / "a.psd"))
    assert [sheet.name for sheet in layout.sheets] == ["BG", "BOOK1", "BOOK2"]
    background, rail, tree = (sheet.pixels for sheet in layout.sheets)
    assert background.shape == (HEIGHT, WIDTH, 4)
    assert (background == (10, 20, 30, 255)).all()
    assert (tree[6:16, 5:15] == (0, 0, 255, 255)).all() and tree[..., 3].sum() == 255 * 100
    assert rail[..., 3].sum() == 255 * 8, "what hangs over the canvas is cut off"
    assert layout.remarks == ()


def test_a_book_inside_the_bg_group_is_not_painted_into_it(tmp_path: Path) -> None:
    psd = new()
    outer = group(psd, "BG")
    layer(psd, outer, "lines", paint((10, 20, 30)))
    layer(psd, group(psd, "BOOK1", outer), "tree", paint((200, 0, 0), (10, 10)))
    background, book = read_psd(saved(psd, tmp_path / "a.psd")).sheets
    assert (background.pixels == (10, 20, 30, 255)).all() and book.pixels[..., 3].sum() == 255 * 100


def test_hidden_layers_and_groups_are_not_there(tmp_path: Path) -> None:
    psd = new()
    shown, hidden = group(psd, "BG"), group(psd, "BOOK1")
    layer(psd, shown, "lines", paint((10, 20, 30)))
    layer(psd, shown, "old lines", paint((255, 0, 0))).visible = False
    layer(psd, hidden, "tree", paint((255, 0, 0)))
    hidden.visible = False
    (background,) = read_psd(saved(psd, tmp_path / "a.psd")).sheets
    assert background.name == "BG" and (background.pixels == (10, 20, 30, 255)).all()


def test_without_groups_everything_but_notes_and_frame_is_the_bg(tmp_path: Path) -> None:
    psd = new()
    layer(psd, None, "paper", paint((255, 255, 255)))
    layer(psd, None, "lines", paint((0, 0, 0), (10, 10)))
    layer(psd, None, "指示", paint((255, 0, 0)))
    layer(psd, None, "Notes", paint((255, 0, 0)))
    layer(psd, None, "frame 100%", paint((0, 0, 255)))
    layout = read_psd(saved(psd, tmp_path / "a.psd"))
    (sheet,) = layout.sheets
    assert sheet.name == "BG" and (sheet.pixels[:10, :10, :3] == 0).all() and (sheet.pixels[20, 20] == 255).all()
    assert len(layout.remarks) == 3


def test_opacity_mask_clipping_and_blending(tmp_path: Path) -> None:
    psd = new()
    parent = group(psd, "BG")
    layer(psd, parent, "paper", paint((200, 100, 50)))
    layer(psd, parent, "multiply", paint((128, 128, 128), (10, 40)), 0, 0).blend_mode = BlendMode.MULTIPLY
    layer(psd, parent, "half", paint((0, 0, 0), (10, 40)), 10, 0).opacity = 128
    masked = layer(psd, parent, "masked", paint((0, 0, 0), (10, 40)), 20, 0)
    mask = Image.new("L", (10, 40), 0)
    mask.paste(255, (0, 0, 10, 20))
    masked.remove_mask()
    masked.create_mask(mask, top=0, left=20)
    layer(psd, parent, "base", paint((0, 255, 0), (5, 40)), 30, 0)
    layer(psd, parent, "clipped", paint((0, 0, 255), (10, 40)), 30, 0).clipping = True
    pixels = read_psd(saved(psd, tmp_path / "a.psd")).sheets[0].pixels.astype(int)
    assert np.abs(pixels[0, 5, :3] - (100, 50, 25)).max() <= 1
    assert np.abs(pixels[0, 15, :3] - (100, 50, 25)).max() <= 1
    assert (pixels[0, 25, :3] == 0).all() and (pixels[30, 25, :3] == (200, 100, 50)).all()
    assert (pixels[0, 32, :3] == (0, 0, 255)).all() and (pixels[0, 37, :3] == (200, 100, 50)).all()
    assert (pixels[..., 3] == 255).all()


def test_what_is_not_understood_is_said(tmp_path: Path) -> None:
    psd = new()
    parent = group(psd, "BG")
    layer(psd, parent, "paper", paint((200, 100, 50)))
    layer(psd, parent, "light", paint((0, 0, 0), (10, 40))).blend_mode = BlendMode.OVERLAY
    (remark,) = read_psd(saved(psd, tmp_path / "a.psd")).remarks
    assert "light" in remark and "overlay" in remark


@pytest.mark.parametrize(("mode", "depth"), [("L", 8), ("RGB", 16), ("L", 16)])
def test_grey_and_16_bit_are_taken(mode: str, depth: int, tmp_path: Path) -> None:
    psd = new(mode, depth)
    image = paint((90, 90, 90)).convert("LA" if mode == "L" else "RGBA")
    layer(psd, group(psd, "BG"), "lines", image)
    (sheet,) = read_psd(saved(psd, tmp_path / "a.psd")).sheets
    assert np.abs(sheet.pixels.astype(int) - (90, 90, 90, 255)).max() <= 1


def test_a_psd_without_layers_is_refused(tmp_path: Path) -> None:
    psd = PSDImage.frompil(paint((10, 20, 30)).convert("RGB"))
    with pytest.raises(NoDrawing, match="flat"):
        read_psd(saved(psd, tmp_path / "a.psd"))


def test_nothing_visible_is_no_drawing(tmp_path: Path) -> None:
    psd = new()
    layer(psd, None, "lines", paint((0, 0, 0))).visible = False
    with pytest.raises(NoDrawing, match="visible"):
        read_psd(saved(psd, tmp_path / "a.psd"))


def header(width: int, height: int, mode: int = 3, bits: int = 8, version: int = 1) -> bytes:
    return b"8BPS" + struct.pack(">H6xHIIHH", version, 3, height, width, bits, mode)


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", UnreadablePicture, "empty"),
        (header(60, 40)[:20], UnreadablePicture, "cut short"),
        (header(60, 40), UnreadablePicture, "cut short"),
        (header(60, 40) + b"\0" * 400, UnreadablePicture, "cut short"),
        (header(60, 40, mode=4) + b"\0" * 9000, UnreadablePicture, "CMYK"),
        (header(60, 40, mode=9) + b"\0" * 9000, UnreadablePicture, "Lab"),
        (header(60, 40, mode=2) + b"\0" * 9000, UnreadablePicture, "palette"),
        (header(60, 40, mode=0, bits=1) + b"\0" * 9000, UnreadablePicture, "1-bit"),
        (header(60, 40, bits=32) + b"\0" * 99999, UnreadablePicture, "32-bit"),
        (header(200_000, 40, version=2), PictureTooLarge, "larger than"),
        (header(60, 40, version=7), UnreadablePicture, "version 7"),
        (b"8BPS\0\1" + b"\xff" * 300, BadInput, "."),
    ],
)
def test_bad_psds_are_refused(data: bytes, kind: type[BadInput], words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.psd"
    path.write_bytes(data)
    with pytest.raises(kind, match=words) as caught:
        read_psd(path)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_a_psd_cut_anywhere_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    psd = new()
    noise = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 4), np.uint8)
    layer(psd, group(psd, "BG"), "lines", Image.fromarray(noise))
    path = saved(psd, tmp_path / "a.psd")
    whole = path.read_bytes()
    for cut in np.linspace(1, len(whole) - 1, 40).astype(int):
        path.write_bytes(whole[:cut])
        with pytest.raises(UnreadablePicture):
            read_psd(path)
    assert capfd.readouterr().err == ""


def test_broken_bytes_never_escape_as_another_error(tmp_path: Path) -> None:
    psd = new()
    layer(psd, group(psd, "BG"), "lines", paint((1, 2, 3)))
    path = saved(psd, tmp_path / "a.psd")
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(1)
    for _ in range(60):
        broken = whole.copy()
        for place in rng.integers(4, len(whole), 3):
            broken[place] = rng.integers(0, 256)
        path.write_bytes(broken)
        try:
            read_psd(path)
        except BadInput as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("BG", "BG"), ("bg", "BG"), ("背景", "BG"), ("ＢＧ", "BG"), ("BG\0", "BG"), ("BG2", "BG2"), ("背景 1", "BG"),
        ("BOOK", "BOOK1"), ("Book 1", "BOOK1"), ("book_2", "BOOK2"), ("BOOK-03", "BOOK3"), ("ブック１", "BOOK1"),
        ("ﾌﾞｯｸ2", "BOOK2"), ("ブック2".encode("shift_jis").decode("mac_roman"), "BOOK2"),
        (" book2 \0\0", "BOOK2"),
        ("背景".encode("shift_jis").decode("mac_roman"), "BG"), ("lines", None), ("BG lines", None),
        ("BOOKshelf", None),
        ("", None), ("\0", None), ("handbook 2", None),
    ],
)  # fmt: skip
def test_names_of_sheets(name: str, sheet: str | None) -> None:
    assert sheet_name(name) == sheet


@given(st.text(max_size=12))
def test_any_name_is_read(name: str) -> None:
    found = sheet_name(name)
    assert found is None or found.startswith(("BG", "BOOK"))
