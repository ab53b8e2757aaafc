"""Sizes and rectangles in whole pixels; all pixel arithmetic goes through these two values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from genzu.core.codec import Fields
from genzu.errors import BadInput, BadRecord


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """Width and height in pixels, each at least 1."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise BadInput(f"a size of {self.width}×{self.height} px is not possible")

    @classmethod
    def parse(cls, text: str) -> Extent:
        """Read ``1920x1080`` (also ``×``, capital X, blanks)."""
        found = re.fullmatch(r"\s*(\d{1,6})\s*[xX×]\s*(\d{1,6})\s*", text)
        if not found:
            raise BadInput(f"{text!r} is not a size", do="write it as WIDTHxHEIGHT, for example 1920x1080")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def from_fields(cls, fields: Fields) -> Extent | None:
        """Read ``width`` and ``height`` of a record; ``None`` if both are absent."""
        width, height = fields.take("width", int, None), fields.take("height", int, None)
        if width is None and height is None:
            return None
        for key, side in (("width", width), ("height", height)):
            if side is None:
                raise BadRecord("this field is missing", where=fields.where(key))
            if side < 1:
                raise BadRecord(f"{side} is not a size", where=fields.where(key), do="use 1 or more")
        assert width is not None
        assert height is not None
        return cls(width, height)

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as numpy wants them."""
        return self.height, self.width

    def scaled(self, factor: float) -> Extent:
        """Multiply by ``factor``, rounded, never below 1."""
        return Extent(max(1, round(self.width * factor)), max(1, round(self.height * factor)))

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle: left, top, width, height in pixels; right and bottom are exclusive."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column beyond the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row beyond the rectangle."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        """True if it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices for an array."""
        return slice(self.y, self.bottom), slice(self.x, self.right)

    def grown(self, margin: int) -> Bounds:
        """Add ``margin`` pixels on every side."""
        return Bounds(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def clipped(self, extent: Extent) -> Bounds:
        """The part that lies on a canvas of ``extent``."""
        return self.intersect(Bounds(0, 0, extent.width, extent.height))

    def intersect(self, other: Bounds) -> Bounds:
        """The part that lies in both; empty if they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Bounds(x, y, max(0, right - x), max(0, bottom - y))


def tiles(extent: Extent, side: int) -> Iterator[Bounds]:
    """Cut a canvas into tiles of at most ``side`` × ``side`` pixels, row by row, without overlap."""
    for y in range(0, extent.height, side):
        for x in range(0, extent.width, side):
            yield Bounds(x, y, side, side).clipped(extent)
