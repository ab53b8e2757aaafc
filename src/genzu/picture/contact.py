"""Contact sheets: pictures side by side, small, with a line of text under each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genzu.picture.arrays import UInt8

_GAP = 12
_TEXT = 22


def contact_sheet(pictures: Sequence[UInt8], labels: Sequence[str], *, cell: int = 640, columns: int = 0) -> UInt8:
    """One (H, W, 3) sRGB sheet of pictures scaled to ``cell`` px wide; see-through parts show a grey ground."""
    columns = columns or min(len(pictures), max(1, math.ceil(math.sqrt(len(pictures)))))
    small = [_small(picture, cell) for picture in pictures]
    rows = math.ceil(len(small) / columns)
    height = max(picture.height for picture in small) + _TEXT + _GAP
    sheet = Image.new("RGB", (columns * (cell + _GAP) + _GAP, rows * height + _GAP), (58, 58, 60))
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=15)
    for index, (picture, label) in enumerate(zip(small, labels, strict=True)):
        x, y = _GAP + index % columns * (cell + _GAP), _GAP + index // columns * height
        sheet.paste(picture, (x, y))
        pen.text((x + 2, y + picture.height + 3), label, fill=(235, 235, 235), font=font)
    return np.asarray(sheet, np.uint8)


def thumbnail(picture: UInt8, width: int) -> UInt8:
    """The picture at ``width`` px, (h, w, 3) sRGB; see-through parts show a grey ground."""
    return np.asarray(_small(picture, width), np.uint8)


def _small(picture: UInt8, width: int) -> Image.Image:
    image = Image.fromarray(picture)
    image = image.resize((width, max(1, round(picture.shape[0] * width / picture.shape[1]))), Image.Resampling.BOX)
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
        image = Image.alpha_composite(ground, image)
    return image.convert("RGB")
