"""Which part of a painting is painted again: a person's mask, a material, or the region under a point."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genzu.core.codec import Plain
from genzu.core.geometry import Extent
from genzu.core.material import Material
from genzu.errors import BadInput, UnreadablePicture, WrongSize
from genzu.picture.arrays import Bool, LineArt, Reading, UInt8
from genzu.picture.feather import LARGEST_REACH, grown, over_lines, thickness, weights
from genzu.picture.files import probe, read_picture, to_uint8
from genzu.picture.regions import ink_of

GROW = 4.0
"""Px at 1080 rows up to which the new picture follows the line around a region of the reading."""
MASK_FEATHER = 0.1
"""How far a mask by hand softens inwards, as a share of its shorter side: its edge may run through a flat sky."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What is asked for; all that is named counts together."""

    mask: Path | None = None
    """White = paint again; greys are mixed; black (and see-through) stays."""
    materials: tuple[Material, ...] = ()
    points: tuple[tuple[int, int], ...] = ()
    """(column, row) in the painting."""
    grow: float | None = None
    """Px; ``None``: regions of the reading grow over their own lines only, and a mask does not: what a person left
    black is not touched."""
    feather: float | None = None
    """Px; ``None``: regions of the reading end with their lines, a mask softens as said above."""

    def __post_init__(self) -> None:
        if self.mask is None and not self.materials and not self.points:
            raise BadInput(
                "what shall be repainted is not said", do="name it with --mask PNG, --material roof or --region X,Y"
            )
        for name, value in (("grow", self.grow), ("feather", self.feather)):
            if value is not None and not 0 <= value <= LARGEST_REACH:
                raise BadInput(f"a {name} of {value} px is not possible", do=f"use 0 to {LARGEST_REACH}")

    @property
    def words(self) -> str:
        """For a person: ``roof, mask clouds.png, region at 120,80``."""
        named = [material.word for material in self.materials]
        named += [f"region at {x},{y}" for x, y in self.points]
        return ", ".join([*named, *([f"mask {self.mask.name}"] if self.mask else [])])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strength:
    """How strong the new picture is where."""

    plane: UInt8
    """(H, W), 0 = the old picture, 255 = the new one."""
    grow: float
    feather: float
    """Px that were used."""
    words: str

    def to_dict(self) -> Plain:
        """For the measures of the take."""
        return {
            "what": self.words,
            "share": round(float(np.count_nonzero(self.plane)) / self.plane.size, 6),
            "grow": round(self.grow, 2),
            "feather": round(self.feather, 2),
        }


def strength(region: Region, reading: Reading, lines: LineArt) -> Strength:
    """The mask of a region on a painting.

    Raises :class:`BadInput` if nothing would be painted, :class:`WrongSize` for a mask of another size,
    ``UnreadablePicture`` for a file that is no mask.
    """
    unit = reading.extent.height / 1080
    inside = _read(region, reading)
    if region.mask is None and region.grow is None and region.feather is None:
        reach = max(2.0, GROW * unit)
        plane = over_lines(inside, ink_of(lines), reach)
        return Strength(plane=plane, grow=reach, feather=0.0, words=region.words)
    by_hand = _by_hand(region.mask, reading.extent) if region.mask else None
    if by_hand is not None:
        inside |= by_hand > 0
    inside = grown(inside, region.grow or 0.0)
    feather = region.feather
    if feather is None:
        feather = _shorter_side(inside) * MASK_FEATHER if by_hand is not None else 0.0
        feather = min(feather, thickness(inside) / 2)  # the middle is wholly new, however thin the area is
    plane = weights(inside, feather)
    if by_hand is not None and ((by_hand > 0) & (by_hand < 255)).any():
        grey = np.where(by_hand > 0, by_hand, np.uint8(255))  # what was grown has no grey of its own
        plane = ((plane.astype(np.uint16) * grey + 127) // 255).astype(np.uint8)
    return Strength(plane=plane, grow=region.grow or 0.0, feather=feather, words=region.words)


def _read(region: Region, reading: Reading) -> Bool:
    """What the reading says is there."""
    inside = np.isin(reading.materials, [int(material) for material in region.materials])
    missing = [material.word for material in region.materials if not (reading.materials == material).any()]
    if missing:
        there = ", ".join(m.word for m in Material if (reading.materials == m).any())
        raise BadInput(f"there is no {missing[0]} in this picture", do=f"it has {there}")
    for x, y in region.points:
        if not (0 <= x < reading.extent.width and 0 <= y < reading.extent.height):
            raise BadInput(f"{x},{y} is outside the picture of {reading.extent} px", do="give column,row in px")
        inside |= reading.regions == reading.regions[y, x]
    return inside


def _by_hand(path: Path, extent: Extent) -> UInt8:
    """(H, W) 0–255 of a mask file: its lightness, less where it is see-through."""
    header = probe(path)
    if header.format == "JPEG":
        raise UnreadablePicture("a JPEG has no clean black and white", where=path, do="save the mask as PNG")
    if header.extent != extent:
        raise WrongSize(
            f"the mask is {header.extent} px, but the painting is {extent} px", where=path,
            do="save the mask at the painting's size",
        )  # fmt: skip
    pixels = to_uint8(read_picture(path).pixels)
    if pixels.ndim == 2:
        plane = pixels
    else:
        plane = (pixels[..., :3] @ np.array([54, 183, 19], np.uint32) + 128 >> 8).astype(np.uint8)  # Rec. 709
        if pixels.shape[2] == 4:
            plane = ((plane.astype(np.uint16) * pixels[..., 3] + 127) // 255).astype(np.uint8)
    if not plane.any():
        raise BadInput("the mask is black all over: nothing would be repainted", where=path, do="paint it white there")
    return plane


def _shorter_side(inside: Bool) -> int:
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return int(min(rows[-1] - rows[0], columns[-1] - columns[0])) + 1
