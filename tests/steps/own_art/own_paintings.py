"""A small folder of paintings for tests: each another scene, drawn here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

NAMES = ("SHOW_c001_harbour_autumn_dusk.png", "SHOW_c002_station_snow.png", "駅/c003_秋_夕方.png", "c004_meadow.jpg")


def painted(seed: int, size: tuple[int, int] = (192, 108)) -> Image.Image:
    """A sky, a ground, a house: other colours and places for each seed."""
    rng = np.random.default_rng(seed)
    width, height = size
    colour = [tuple(int(value) for value in rng.integers(30, 230, 3)) for _ in range(5)]
    picture = Image.new("RGB", size, colour[0])
    pen = ImageDraw.Draw(picture)
    horizon = int(rng.integers(height // 3, 2 * height // 3))
    pen.rectangle([0, horizon, width, height], fill=colour[1])
    for _ in range(4):
        x, w, h = int(rng.integers(0, width - 30)), int(rng.integers(18, 60)), int(rng.integers(14, height // 2))
        pen.rectangle([x, horizon - h // 2, x + w, horizon + h // 2], fill=colour[2])
        pen.polygon(
            [(x - 4, horizon - h // 2), (x + w // 2, horizon - h), (x + w + 4, horizon - h // 2)], fill=colour[3]
        )
    return picture.filter(ImageFilter.GaussianBlur(0.6))


def make_folder(
    folder: Path, names: tuple[str, ...] = NAMES, *, ledger: bool = True, size: tuple[int, int] = (192, 108)
) -> Path:
    """The folder with its paintings and its licence ledger."""
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        painted(seed, size).save(folder / name)
    if ledger:
        lines = ["file,owner,licence,source", *(f"{name},Studio Aoi,own work,SHOW 2024" for name in names)]
        (folder / "licences.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
