from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from sheets import BLACK, BLUE, CYAN, RED_BROWN, Sheet, scan

from genzu.picture.files import read_rgb8
from genzu.picture.frame import find_frame, upright
from genzu.picture.guides import without_guides
from genzu.picture.paper import widest
from genzu.picture.pencils import split_pencils
from genzu.picture.registration import shift_between

SHEETS = {
    "black, all printed": Sheet(colour=BLACK),
    "black, bare": Sheet(colour=BLACK, safe=False, pegs=False, notes=False, tilt=1.7),
    "blue, tilted far": Sheet(tilt=-4, aspect=16 / 9),
    "blue, tilted far the other way": Sheet(tilt=4, frame_width=230, safe=False),
    "cyan, faint, no pegs": Sheet(colour=CYAN, line=0.25, safe=False, pegs=False, tilt=0.8),
    "red-brown, 4:3, low": Sheet(colour=RED_BROWN, aspect=4 / 3, frame_width=205, offset=14, tilt=-0.6),
    "150 dpi": Sheet(dpi=150, tilt=2.2, aspect=1.85),
    "200 dpi, thick line": Sheet(dpi=200, tilt=-1.3, line=0.8, colour=CYAN),
    "300 dpi": Sheet(dpi=300, tilt=-0.4, colour=RED_BROWN),
    "pan, two and a half wide": Sheet(width=700, frame_width=640, aspect=2.5 * 16 / 9, tilt=0.5),
    "pan, three wide, black": Sheet(width=800, frame_width=740, aspect=3 * 16 / 9, tilt=-0.7, colour=BLACK, dpi=100),
    "yellowed and dark at a side": Sheet(paper=(228, 214, 180), shading=0.25, grain=3, tilt=1),
    "straight": Sheet(tilt=0, pegs=False),
    "straight and bare": Sheet(tilt=0, pegs=False, safe=False, notes=False, colour=BLACK),
}


@pytest.mark.parametrize("name", SHEETS)
def test_the_printed_frame_is_found(name: str) -> None:
    picture, corners = scan(replace(SHEETS[name], seed=len(name)))
    frame = find_frame(picture)
    assert frame is not None and corners is not None
    off = np.hypot(*(np.array(frame.corners) - corners).T)
    assert off.max() < 1.5, off
    assert frame.angle == pytest.approx(SHEETS[name].tilt, abs=0.05)
    assert len(frame.guides) == (1 if SHEETS[name].safe else 0)


@pytest.mark.parametrize("name", ["black, all printed", "150 dpi", "yellowed and dark at a side"])
def test_a_strongly_compressed_scan_is_as_good(name: str) -> None:
    picture, corners = scan(SHEETS[name])
    held = io.BytesIO()
    Image.fromarray(picture).save(held, "JPEG", quality=55)
    frame = find_frame(np.asarray(Image.open(held)))
    assert frame is not None and corners is not None
    assert np.hypot(*(np.array(frame.corners) - corners).T).max() < 1.5


def test_the_sample_scan(shared_layouts: Path) -> None:
    picture = read_rgb8(shared_layouts / "ricefield.scan.jpg")
    corners = json.loads((shared_layouts / "frames.json").read_text())["ricefield.scan.jpg"]
    frame = find_frame(picture)
    assert frame is not None
    assert np.hypot(*(np.array(frame.corners) - np.array(corners)).T).max() < 1
    lines = split_pencils(without_guides(upright(picture, frame), frame))
    clean = Image.open(shared_layouts / "ricefield.png").convert("RGB")
    clean = clean.resize((frame.extent.width, frame.extent.height), Image.Resampling.BOX)
    wanted = split_pencils(np.asarray(clean)).contour
    scanned, drawn = lines.contour[6:-6, 6:-6] > 90, wanted[6:-6, 6:-6] > 90
    assert drawn[widest(scanned, 1)].sum() > 0.95 * drawn.sum(), "what was drawn is there, within a pixel"
    assert scanned[widest(drawn, 2)].sum() > 0.97 * scanned.sum(), "and little else"
    shift = shift_between(wanted, lines.contour)
    assert max(abs(shift.dx), abs(shift.dy)) < 0.3


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["scan", "scan with pegs", "digital"])
def test_a_drawing_without_a_frame_is_left_whole(kind: str, seed: int) -> None:
    sheet = Sheet(frame_width=None, seed=seed, tilt=0.5 * seed, pegs=kind == "scan with pegs")
    if kind == "digital":
        sheet = replace(sheet, grain=0, shading=0, paper=(255, 255, 255))
    assert find_frame(scan(sheet)[0]) is None


def digital(draw: str, colour: tuple[int, int, int], noise: float) -> NDArray[np.uint8]:
    """A room or a house with a big exact rectangle in it."""
    image = Image.new("RGB", (960, 540), "white")
    pen = ImageDraw.Draw(image)
    box = (200, 90, 200 + 569, 90 + 320)
    pen.rectangle(box, outline=colour, width=2)
    if draw == "window":
        pen.rectangle((box[0] - 16, box[1] - 16, box[2] + 16, box[3] + 16), outline=colour, width=2)
        pen.line((485, 90, 485, 410), fill=colour, width=2)
        pen.line((200, 250, 769, 250), fill=colour, width=2)
        pen.line((0, 470, 960, 470), fill=colour, width=2)
    elif draw == "wall":
        pen.line((150, 90, 485, 20, 820, 90), fill=colour, width=2)
        pen.line((0, 410, 960, 410), fill=colour, width=2)
        pen.rectangle((300, 200, 400, 300), outline=colour, width=2)
    else:
        pen.line((300, 300, 600, 200), fill=colour, width=2)
    grain = np.random.default_rng(1).normal(0, noise, (540, 960, 1))
    return np.clip(np.asarray(image) + grain + 0.5, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [0, 1.5])
@pytest.mark.parametrize("colour", [(0, 0, 0), (80, 120, 220)])
@pytest.mark.parametrize("drawn", ["window", "wall", "screen"])
def test_a_drawn_rectangle_is_no_frame(drawn: str, colour: tuple[int, int, int], noise: float) -> None:
    assert find_frame(digital(drawn, colour, noise)) is None


@pytest.mark.parametrize("name", ["beach", "ricefield", "river", "shrine", "street", "pan_town"])
def test_samples_without_a_frame_are_left_whole(name: str, shared_layouts: Path) -> None:
    assert find_frame(read_rgb8(shared_layouts / f"{name}.png")) is None


@pytest.mark.parametrize("colour", [BLACK, BLUE, CYAN])
def test_printed_guides_are_taken_out_and_strokes_kept(colour: tuple[int, int, int]) -> None:
    sheet = Sheet(colour=colour, tilt=1.3, seed=4)
    picture, _ = scan(sheet)
    bare, _ = scan(replace(sheet, drawing=False))
    frame, bare_frame = find_frame(picture), find_frame(bare)
    assert frame is not None and bare_frame is not None
    left = split_pencils(without_guides(upright(bare, bare_frame), bare_frame))
    assert max((plane > 60).mean() for plane in (left.contour, left.shadow, left.highlight)) < 2e-4
    lines = split_pencils(without_guides(upright(picture, frame), frame))
    middle = lines.contour[:, frame.extent.width // 20 * 2 :].max(axis=1)
    assert (lines.contour > 60).mean() > 0.02 and (middle > 60).mean() > 0.8


def test_light_blue_pencil_stays_beside_blue_print() -> None:
    picture, corners = scan(Sheet(colour=BLUE, drawing=False))
    assert corners is not None
    image = Image.fromarray(picture)
    x, y = corners[0]
    ImageDraw.Draw(image).line((x + 200, y + 120, x + 700, y + 420), fill=(150, 205, 240), width=3)
    frame = find_frame(np.asarray(image))
    assert frame is not None
    lines = split_pencils(without_guides(upright(np.asarray(image), frame), frame))
    assert (lines.shadow > 60).sum() > 1200
    assert (lines.contour > 60).sum() < 100


def test_the_picture_is_set_upright_and_square() -> None:
    picture, _ = scan(Sheet(tilt=3, seed=2))
    frame = find_frame(picture)
    assert frame is not None
    flat = upright(picture, frame)
    assert flat.shape[:2] == frame.extent.shape
    assert frame.extent.width / frame.extent.height == pytest.approx(16 / 9, rel=0.003)
    rim = 1 - flat[:, :, 0] / 255
    edges = [rim[0].mean(), rim[-1].mean(), rim[:, 0].mean(), rim[:, -1].mean()]
    assert min(edges) > rim[20:-20, 20:-20].mean() + 0.05, "the printed line lies on all four edges"
