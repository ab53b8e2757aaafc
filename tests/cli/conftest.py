from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from genzu.cli.main import run
from genzu.core.material import Material


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Genzu = Callable[..., Ran]


@pytest.fixture
def genzu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Genzu:
    """Runs the real command line in this process; no exception but its exit may come out of it."""

    def call(*words: object) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["genzu", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            run()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return call


def draw_layout(width: int = 640, height: int = 360) -> Image.Image:
    """A house on a meadow before a hill, in pencil on white."""
    page = Image.new("RGB", (width, height), (250, 248, 242))
    pen = ImageDraw.Draw(page)
    grey = (70, 70, 72)
    u = width / 640
    pen.line([(0, 200 * u), (640 * u, 196 * u)], fill=grey, width=2)
    pen.line([(0, 150 * u), (120 * u, 110 * u), (300 * u, 170 * u), (640 * u, 196 * u)], fill=grey, width=2)
    pen.rectangle([380 * u, 150 * u, 520 * u, 250 * u], outline=grey, width=2)
    pen.polygon([(370 * u, 150 * u), (450 * u, 90 * u), (530 * u, 150 * u)], outline=grey, width=2)
    pen.rectangle([420 * u, 180 * u, 450 * u, 210 * u], outline=grey, width=2)
    return page


def draw_materials(width: int = 640, height: int = 360) -> Image.Image:
    """What the layout above is made of."""
    picture = Image.new("L", (width, height), int(Material.SKY))
    pen = ImageDraw.Draw(picture)
    u = width / 640
    hill = [(0, 150 * u), (120 * u, 110 * u), (300 * u, 170 * u), (640 * u, 196 * u), (640 * u, 200 * u), (0, 200 * u)]
    pen.polygon(hill, fill=int(Material.MOUNTAIN))
    pen.rectangle([0, 199 * u, width, height], fill=int(Material.GRASS))
    pen.rectangle([380 * u, 150 * u, 520 * u, 250 * u], fill=int(Material.WALL))
    pen.polygon([(370 * u, 150 * u), (450 * u, 90 * u), (530 * u, 150 * u)], fill=int(Material.ROOF))
    pen.rectangle([420 * u, 180 * u, 450 * u, 210 * u], fill=int(Material.WINDOW))
    return picture


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "house.png"
    draw_layout().save(path)
    return path


@pytest.fixture
def materials(tmp_path: Path) -> Path:
    path = tmp_path / "house.labels.png"
    draw_materials().save(path)
    return path


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)
