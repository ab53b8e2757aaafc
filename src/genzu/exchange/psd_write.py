"""The layered PSD that goes to a person: the painting cut by material family, each behind a mask of its own.

Masks are hard where two families meet, so that together they give back the painting to the last bit. Under the
border lies a rim of the family's own colours (``RIM`` px), on both sides of every seam: a mask may be softened
or a sky repainted, and neither a halo of the old colours nor a gap shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Bounds, Extent
from genzu.core.material import FAMILIES, Family, Material
from genzu.errors import BadInput, WrongSize
from genzu.exchange.psd_stream import LayerGroup, PixelLayer, Plane, rows_per_strip, strips_of, write_layers
from genzu.picture.arrays import Bool, Int32, LineArt, UInt8, extent_of
from genzu.picture.xmp import Xmp

RIM = 8
"""Pixels by which a family's colours reach under its neighbours."""
FRAME_DPI = 192.0
"""Resolution at which an AJA A4 layout frame (254 mm) is 1920 px wide."""

_PENCILS = (
    ("contour", "layout lines", "layout lines 原図", (20, 20, 24)),
    ("highlight", "layout red", "layout red ハイライト", (220, 40, 40)),
    ("shadow", "layout blue", "layout blue 影", (60, 140, 230)),
    ("cel", "layout cel", "layout cel セル", (250, 170, 110)),
)


def write_psd(
    path: Path,
    *,
    extent: Extent,
    painting: UInt8,
    rough: UInt8 | None,
    lines: LineArt,
    materials: UInt8,
    alpha: UInt8 | None,
    icc: bytes,
    title: str,
    retouch: UInt8 | None = None,
    dpi: float = FRAME_DPI,
    digital_source: str = "",
    xmp: str = "",
) -> None:
    """Write the layered PSD (8 bit, RGB, RLE).

    ``painting``, ``rough`` and ``retouch`` are (H, W, 3) uint8 sRGB, ``materials`` and ``alpha`` (H, W) uint8.
    Layers from below: one group per material family with its mask; ``rough`` and the layout's lines, hidden;
    the group ``retouch``, empty, or with the pixels in which ``retouch`` differs from ``painting``. The merged
    picture is the painting, or the retouch if there is one; where ``alpha`` is below 255 it lies on white, as
    the format wants it. ``xmp`` is the packet for the metadata; without it, one is made of ``title`` and
    ``digital_source`` (an IPTC DigitalSourceType URI).

    Raises :class:`WrongSize`, :class:`BadInput` (a value that is no material), ``PictureTooLarge`` (beyond
    30,000 px a side or 2 GB) and ``CannotWrite``.
    """
    _check(path, extent, painting, rough, lines.contour, materials, alpha, retouch)
    family_of = _families(materials)
    base, strokes = _split(painting, retouch, alpha)
    layers: list[PixelLayer | LayerGroup] = []
    for index, family in enumerate(FAMILIES):
        cutout = _Cutout(base, family_of, index, alpha)
        if not cutout.bounds.empty:
            layers.append(cutout.group(family))
    if rough is not None:
        layers.append(_rough_layer(extent, rough))
    for plane, name, label, colour in _PENCILS:
        layer = line_layer(getattr(lines, plane), name, label, colour)
        if layer is not None:
            layers.append(layer)
    layers.append(_retouch_group(base, strokes))
    final = painting if retouch is None else retouch
    packet = xmp or Xmp(title=title, digital_source=digital_source).packet()
    write_layers(path, extent, layers, _merged(final, alpha), icc=icc, dpi=dpi, xmp=packet.encode())


def _check(path: Path, extent: Extent, *planes: UInt8 | None) -> None:
    for plane in planes:
        if plane is not None and extent_of(plane) != extent:
            raise WrongSize(f"a layer of {extent_of(plane)} px does not fit on {extent} px", where=path)


def _families(materials: UInt8) -> UInt8:
    """(H, W) index of the family of every pixel."""
    table = np.full(256, 255, np.uint8)
    for index, family in enumerate(FAMILIES):
        table[list(family.materials)] = index
    largest = int(materials.max(initial=0))
    if table[largest] == 255:
        raise BadInput(
            f"{largest} is not a material", where="materials", do=f"use values from 0 to {len(Material) - 1}"
        )
    return table[materials]


def _split(painting: UInt8, retouch: UInt8 | None, alpha: UInt8 | None) -> tuple[UInt8, UInt8 | None]:
    """The base to cut up, and the retouched picture that lies over it.

    Half-transparent pixels cannot lie over each other without adding up: there the retouch is the base.
    """
    if retouch is None or alpha is None:
        return painting, retouch
    return np.where((alpha < 255)[..., None], retouch, painting), retouch


@dataclass
class _Cutout:
    """The part of the painting that belongs to one family, given out in strips of rows."""

    painting: UInt8
    family_of: UInt8
    index: int
    alpha: UInt8 | None

    @cached_property
    def core(self) -> Bounds:
        """Bounding box of the family's own painted pixels."""
        rows, columns = np.zeros(self.family_of.shape[0], bool), np.zeros(self.family_of.shape[1], bool)
        step = rows_per_strip(len(columns))
        for top in range(0, len(rows), step):
            own = self._own(slice(top, top + step), slice(None))
            rows[top : top + step] = own.any(axis=1)
            columns |= own.any(axis=0)
        ys, xs = np.flatnonzero(rows), np.flatnonzero(columns)
        if not len(ys):
            return Bounds(0, 0, 0, 0)
        return Bounds(int(xs[0]), int(ys[0]), int(xs[-1] - xs[0]) + 1, int(ys[-1] - ys[0]) + 1)

    @cached_property
    def bounds(self) -> Bounds:
        """The box of the layer: the family and its rim."""
        return self.core if self.core.empty else self.core.grown(RIM).clipped(extent_of(self.family_of))

    @cached_property
    def rims(self) -> list[tuple[Int32, Int32]]:
        """Per strip: flat indices (in the whole picture) of the rim's pixels and of the pixels they copy."""
        return [self._rim(strip) for strip in self._strips()]

    def group(self, family: Family) -> LayerGroup:
        """The layer group with its mask."""
        red, green, blue = (partial(self._colour, channel) for channel in range(3))
        layer = PixelLayer(
            name=f"{family.name} painting",
            label=f"{family.name} painting {family.japanese}",
            bounds=self.bounds,
            planes=(self._alpha, red, green, blue),
        )
        return LayerGroup(
            name=family.name, label=f"{family.name} {family.japanese}", layers=(layer,), bounds=self.bounds,
            mask=self._mask,
        )  # fmt: skip

    def _strips(self) -> Iterator[Bounds]:
        box = self.bounds
        rows = rows_per_strip(box.width)
        for top in range(box.y, box.bottom, rows):
            yield Bounds(box.x, top, box.width, min(rows, box.bottom - top))

    def _own(self, rows: slice, columns: slice) -> Bool:
        own: Bool = self.family_of[rows, columns] == self.index
        if self.alpha is not None:
            own &= self.alpha[rows, columns] > 0
        return own

    def _rim(self, strip: Bounds) -> tuple[Int32, Int32]:
        """Nearest own pixel along the row, then along the column, not farther than ``RIM``."""
        whole = extent_of(self.family_of)
        box = strip.grown(RIM).clipped(whole).intersect(Bounds(strip.x, 0, strip.width, whole.height))
        own = self._own(*box.slices)
        columns = np.arange(box.width, dtype=np.int32)
        far = np.int32(1 << 24)
        left = np.maximum.accumulate(np.where(own, columns, -far), axis=1)
        right = np.minimum.accumulate(np.where(own, columns, far)[:, ::-1], axis=1)[:, ::-1]
        nearest = np.where(columns - left <= right - columns, left, right)
        reach = np.abs(nearest - columns) <= RIM
        source_row = np.where(reach, np.int32(0), far)
        for step in range(1, RIM + 1):
            for sign in (1, -1):
                shift = sign * step
                here, there = _shifted(box.height, shift)
                fresh = reach[there] & (source_row[here] == far)
                source_row[here][fresh] = shift
        top = strip.y - box.y
        inner = slice(top, top + strip.height)
        ys, xs = np.nonzero((source_row[inner] < far) & ~own[inner])
        from_y = ys + top + source_row[inner][ys, xs]
        from_x = nearest[from_y, xs]
        target = (ys + strip.y) * whole.width + xs + strip.x
        source = (from_y + box.y) * whole.width + from_x + strip.x
        return target.astype(np.int32), source.astype(np.int32)

    def _colour(self, channel: int) -> Iterator[UInt8]:
        samples = self.painting[..., channel]
        for strip, (target, source) in zip(self._strips(), self.rims, strict=True):
            plane = np.where(self._own(*strip.slices), samples[strip.slices], np.uint8(0))
            plane.ravel()[self._within(strip, target)] = self._at(samples, source)
            yield plane

    def _alpha(self) -> Iterator[UInt8]:
        for strip, (target, _) in zip(self._strips(), self.rims, strict=True):
            own = self._own(*strip.slices)
            plane = own * (np.uint8(255) if self.alpha is None else self.alpha[strip.slices])
            full = np.uint8(255) if self.alpha is None else self._at(self.alpha, target)
            plane.ravel()[self._within(strip, target)] = full
            yield plane

    def _mask(self) -> Iterator[UInt8]:
        """The family, and what of its rim lies under families above it, so that a softened mask has ground."""
        for strip, (target, _) in zip(self._strips(), self.rims, strict=True):
            plane = self._own(*strip.slices) * np.uint8(255)
            covered = self._at(self.family_of, target) > self.index
            if self.alpha is not None:
                # Two half-transparent layers would add up to more than the one that they stand for.
                covered &= self._at(self.alpha, target) == 255
            plane.ravel()[self._within(strip, target[covered])] = 255
            yield plane

    def _at(self, samples: UInt8, flat: Int32) -> UInt8:
        y, x = np.divmod(flat, self.family_of.shape[1])
        return samples[y, x]

    def _within(self, strip: Bounds, flat: Int32) -> NDArray[np.int64]:
        y, x = np.divmod(flat.astype(np.int64), self.family_of.shape[1])
        place: NDArray[np.int64] = (y - strip.y) * strip.width + (x - strip.x)
        return place


def _shifted(height: int, shift: int) -> tuple[slice, slice]:
    """Rows that have a row ``shift`` below them, and those rows."""
    if shift > 0:
        return slice(0, max(0, height - shift)), slice(shift, height)
    return slice(-shift, height), slice(0, max(0, height + shift))


def _rough_layer(extent: Extent, rough: UInt8) -> PixelLayer:
    whole = Bounds(0, 0, extent.width, extent.height)
    planes = (_constant(whole, 255), *colour_planes(rough))
    return PixelLayer(name="rough", label="rough 色ラフ", bounds=whole, planes=planes, visible=False)


def line_layer(
    plane: UInt8, name: str, label: str, colour: tuple[int, int, int], *, visible: bool = False
) -> PixelLayer | None:
    """A pencil as one colour with the strokes as its alpha; nothing if nothing is drawn with it."""
    box = _box(plane)
    if box is None:
        return None
    red, green, blue = (_constant(box, value) for value in colour)
    strokes = partial(strips_of, plane[box.slices])
    return PixelLayer(name=name, label=label, bounds=box, planes=(strokes, red, green, blue), visible=visible)


def _constant(box: Bounds, value: int) -> Plane:
    def strips() -> Iterator[UInt8]:
        rows = rows_per_strip(box.width)
        for top in range(0, box.height, rows):
            yield np.full((min(rows, box.height - top), box.width), value, np.uint8)

    return strips


def _retouch_group(base: UInt8, retouch: UInt8 | None) -> LayerGroup:
    """The place for a person's own layers; holds what they already changed."""
    changed = np.zeros((1, 1), bool) if retouch is None else (base != retouch).any(axis=2)
    box = _box(changed)
    if retouch is None or box is None:
        return LayerGroup(name="retouch", label="retouch 加筆")
    strokes = partial(strips_of, changed[box.slices] * np.uint8(255))
    red, green, blue = colour_planes(retouch[box.slices])
    layer = PixelLayer(
        name="retouch pixels", label="retouch pixels 加筆", bounds=box, planes=(strokes, red, green, blue)
    )
    return LayerGroup(name="retouch", label="retouch 加筆", layers=(layer,))


def _box(mask: NDArray[np.generic]) -> Bounds | None:
    """Bounding box of what is not zero."""
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(ys):
        return None
    return Bounds(int(xs[0]), int(ys[0]), int(xs[-1] - xs[0]) + 1, int(ys[-1] - ys[0]) + 1)


def colour_planes(picture: UInt8) -> tuple[Plane, Plane, Plane]:
    """Red, green and blue of (H, W, 3)."""
    red, green, blue = (partial(strips_of, picture[..., channel]) for channel in range(3))
    return red, green, blue


def _merged(picture: UInt8, alpha: UInt8 | None) -> list[Plane]:
    if alpha is None:
        return [*colour_planes(picture)]

    def on_white(channel: int) -> Iterator[UInt8]:
        for colour, cover in zip(strips_of(picture[..., channel]), strips_of(alpha), strict=True):
            mixed = colour * cover.astype(np.uint32) + 255 * (255 - cover.astype(np.uint32))
            yield ((mixed + 127) // 255).astype(np.uint8)

    return [*(partial(on_white, channel) for channel in range(3)), partial(strips_of, alpha)]
