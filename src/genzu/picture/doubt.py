"""Where a reading is unsure: the regions that a person should look at first, listed and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mahotas
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genzu.core.material import Material
from genzu.picture.arrays import LineArt, Reading, UInt8
from genzu.picture.legend import coloured
from genzu.picture.snap import bands

DOUBTFUL = 0.5
"""Regions read with less confidence are listed for a person to look at first."""
MOST = 20
_SMALLEST = 0.0003
"""Share of the picture; a smaller region is not worth a person's look."""
_LOOKED_AT = 4_000_000
"""Pixels of a region's box in which its deepest point is looked for."""
_RED = (225, 30, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One region that may be something else than it was read as."""

    region: int
    x: int
    y: int
    """A pixel well inside the region."""
    pixels: int
    read_as: Material
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "x": self.x,
            "y": self.y,
            "pixels": self.pixels,
            "read_as": self.read_as.word,
            "confidence": round(self.confidence, 3),
        }

    @property
    def sentence(self) -> str:
        """For a person."""
        return f"column {self.x}, row {self.y}: {self.read_as.word}? ({self.confidence:.0%} sure, {self.pixels:,} px)"


def doubts(reading: Reading, *, limit: float = DOUBTFUL, most: int = MOST) -> tuple[Doubt, ...]:
    """Regions under the confidence ``limit`` (0-1), the largest first, at most ``most``."""
    areas = np.zeros(len(reading.confidence), np.int64)
    for band in bands(reading.regions.shape[0]):
        areas += np.bincount(reading.regions[band].ravel(), minlength=len(areas))
    unsure = np.flatnonzero((reading.confidence < limit) & (areas > _SMALLEST * reading.regions.size))
    unsure = unsure[unsure > 0]
    worst = unsure[np.argsort(-areas[unsure], kind="stable")][:most]
    if not worst.size:
        return ()
    boxes = mahotas.labeled.bbox(reading.regions)
    return tuple(_doubt(reading, int(region), boxes[region], int(areas[region])) for region in worst)


def doubt_sheet(lines: LineArt, reading: Reading, found: tuple[Doubt, ...], *, width: int = 1280) -> UInt8:
    """(h, width, 3) sRGB: materials in the legend's colours under the lines, what is unsure hatched and numbered."""
    full_height, full_width = reading.materials.shape
    size = (width, max(1, round(full_height * width / full_width)))
    # Small first: a sheet many frames wide never lies here in colour at its full size.
    rows, columns = ((np.arange(n) * full // n) for n, full in ((size[1], full_height), (size[0], full_width)))
    seen = np.ix_(rows, columns)
    picture = coloured(reading.materials[seen])
    hatch = (rows[:, None] * size[1] // full_height + columns * size[0] // full_width) % 12 < 3
    picture[np.isin(reading.regions[seen], [doubt.region for doubt in found]) & hatch] = _RED
    strokes = Image.fromarray(lines.contour).resize(size, Image.Resampling.BOX)
    shade = 255 - np.asarray(strokes, np.uint16)[..., None]
    sheet = Image.fromarray((picture * shade // 255).astype(np.uint8))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=max(11, width // 70))
    for number, doubt in enumerate(found, 1):
        place = (doubt.x * size[0] / full_width, doubt.y * size[1] / full_height)
        text = f"{number} {doubt.read_as.word}?"
        box = pen.textbbox(place, text, font=font, anchor="mm")
        pen.rectangle((box[0] - 3, box[1] - 2, box[2] + 3, box[3] + 2), fill=(255, 255, 255), outline=_RED)
        pen.text(place, text, fill=(20, 20, 20), font=font, anchor="mm")
    return np.asarray(sheet, np.uint8)


def _doubt(reading: Reading, region: int, box: Any, pixels: int) -> Doubt:
    """The place is the region's deepest point, so that a number drawn there stands inside."""
    top, bottom, left, right = (int(v) for v in box)
    # A sky is as long as its sheet; where it is deepest is seen on every few pixels as well.
    step = max(1, round(((bottom - top) * (right - left) / _LOOKED_AT) ** 0.5))
    part = np.pad(reading.regions[top:bottom:step, left:right:step] == region, 1)
    if not part.any():  # thinner than the step
        step, part = 1, np.pad(reading.regions[top:bottom, left:right] == region, 1)
    row, column = np.unravel_index(int(np.argmax(mahotas.distance(part))), part.shape)
    y, x = (int(row) - 1) * step + top, (int(column) - 1) * step + left
    return Doubt(
        region=region, x=x, y=y, pixels=pixels, read_as=Material(int(reading.materials[y, x])),
        confidence=float(reading.confidence[region]),
    )  # fmt: skip
