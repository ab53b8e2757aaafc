"""Writes a layered 8-bit PSD row by row, so that a sheet many frames wide never lies in memory twice.

psd-tools writes every record and packs every row; what is here keeps the lengths that stand before the data.
Source: Adobe Photoshop File Formats Specification (2019), "Layer and Mask Information" and "Image Data".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from psd_tools.compression import compress
from psd_tools.constants import BlendMode, ChannelID, ColorMode, Compression, Resource, SectionDivider, Tag
from psd_tools.psd.color_mode_data import ColorModeData
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_resources import ImageResource, ImageResources
from psd_tools.psd.layer_and_mask import ChannelInfo, GlobalLayerMaskInfo, LayerFlags, LayerRecord, MaskData
from psd_tools.psd.tagged_blocks import TaggedBlocks

from genzu.core.atomic import replacing
from genzu.core.geometry import Bounds, Extent
from genzu.errors import PictureTooLarge
from genzu.picture.arrays import UInt8

LARGEST_SIDE = 30_000
LARGEST_FILE = 2**31 - 1
STRIP = 1 << 20
"""Samples that are packed in one go."""

Plane = Callable[[], Iterable[UInt8]]
"""Gives one channel from top to bottom as (rows, width) uint8 strips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelLayer:
    """One layer with pixels."""

    name: str
    """ASCII, at most 63 letters: what programs without Unicode show."""
    label: str
    """Unicode name."""
    bounds: Bounds
    planes: tuple[Plane, Plane, Plane, Plane]
    """Alpha, red, green, blue, each of the size of ``bounds``."""
    visible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerGroup:
    """A group that blends for itself (mode *normal*), with a mask if one is given."""

    name: str
    label: str
    layers: tuple[PixelLayer, ...] = ()
    bounds: Bounds | None = None
    """Where the mask lies; outside it hides everything."""
    mask: Plane | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A layer record and the data of its channels, in the order of the file."""

    record: Any
    channels: tuple[tuple[Plane | None, int, int], ...]
    """Plane (``None`` = no pixels), width, height."""


def strips_of(array: UInt8) -> Iterator[UInt8]:
    """Cut a (H, W) plane into strips that are packed one by one."""
    rows = rows_per_strip(array.shape[1])
    for top in range(0, array.shape[0], rows):
        yield array[top : top + rows]


def rows_per_strip(width: int) -> int:
    """Rows of one strip."""
    return max(1, STRIP // width)


def write_layers(
    path: Path,
    extent: Extent,
    layers: Sequence[PixelLayer | LayerGroup],
    merged: Sequence[Plane],
    *,
    icc: bytes,
    dpi: float,
    xmp: bytes,
) -> None:
    """Write ``layers`` (bottom first) and the merged picture (red, green, blue and perhaps alpha).

    Raises :class:`PictureTooLarge` beyond 30,000 px a side or 2 GB, and ``CannotWrite``.
    """
    if max(extent.width, extent.height) > LARGEST_SIDE:
        raise PictureTooLarge(
            f"{extent} px is larger than a PSD can be ({LARGEST_SIDE:,} px a side)",
            where=path,
            do="deliver a TIFF, or cut the sheet into parts",
        )
    with replacing(path) as scratch:
        with scratch.open("w+b") as file:
            FileHeader(
                channels=len(merged), height=extent.height, width=extent.width, depth=8, color_mode=ColorMode.RGB
            ).write(file)
            ColorModeData().write(file)
            _resources(icc, dpi, xmp).write(file)
            with _measured(file):
                with _measured(file, multiple=4):
                    _write_layer_info(file, _flat(layers), merged_has_alpha=len(merged) > 3)
                GlobalLayerMaskInfo().write(file)
            _write_planes(file, merged, extent.width, extent.height)
            size = file.tell()
        if size > LARGEST_FILE:
            raise PictureTooLarge(
                f"the PSD would be {size / 1e9:.1f} GB, more than the 2 GB that the format allows",
                where=path,
                do="deliver a TIFF, or cut the sheet into parts",
            )


def _resources(icc: bytes, dpi: float, xmp: bytes) -> Any:
    """Profile, resolution (16.16 fixed point, per inch), metadata, and that the merged picture is valid."""
    fixed = round(dpi * 65536)
    resources = ImageResources.new()
    for key, data in (
        (Resource.RESOLUTION_INFO, struct.pack(">IHHIHH", fixed, 1, 1, fixed, 1, 1)),
        (Resource.ICC_PROFILE, icc),
        (Resource.XMP_METADATA, xmp),
    ):
        resources[key] = ImageResource(key=key, data=data)
    return resources


def _flat(layers: Sequence[PixelLayer | LayerGroup]) -> list[_Entry]:
    """The tree as the list that the file holds: a group stands between its end mark and its own record."""
    entries: list[_Entry] = []
    for layer in layers:
        if isinstance(layer, PixelLayer):
            entries.append(_pixel_entry(layer))
            continue
        entries.append(_group_entry("</Layer group>", "</Layer group>", SectionDivider.BOUNDING_SECTION_DIVIDER))
        entries.extend(_pixel_entry(inner) for inner in layer.layers)
        entries.append(_group_entry(layer.name, layer.label, SectionDivider.OPEN_FOLDER, layer))
    for number, entry in enumerate(entries, 1):
        entry.record.tagged_blocks.set_data(Tag.LAYER_ID, number)
    return entries


def _pixel_entry(layer: PixelLayer) -> _Entry:
    bounds = layer.bounds
    record = LayerRecord(
        top=bounds.y, left=bounds.x, bottom=bounds.bottom, right=bounds.right, name=layer.name,
        channel_info=[ChannelInfo(id=ChannelID(index - 1)) for index in range(4)],
        flags=LayerFlags(visible=layer.visible), tagged_blocks=_named(layer.label),
    )  # fmt: skip
    return _Entry(record, tuple((plane, bounds.width, bounds.height) for plane in layer.planes))


def _group_entry(name: str, label: str, kind: Any, group: LayerGroup | None = None) -> _Entry:
    blocks = _named(label)
    blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind=kind, signature=b"8BIM", blend_mode=BlendMode.NORMAL)
    record = LayerRecord(
        name=name, tagged_blocks=blocks, channel_info=[ChannelInfo(id=ChannelID(index - 1)) for index in range(4)]
    )
    channels: list[tuple[Plane | None, int, int]] = [(None, 0, 0)] * 4
    if group is not None and group.mask is not None and group.bounds is not None:
        bounds = group.bounds
        record.mask_data = MaskData(
            top=bounds.y, left=bounds.x, bottom=bounds.bottom, right=bounds.right, background_color=0
        )
        record.channel_info.append(ChannelInfo(id=ChannelID.USER_LAYER_MASK))
        channels.append((group.mask, bounds.width, bounds.height))
    return _Entry(record, tuple(channels))


def _named(label: str) -> Any:
    blocks = TaggedBlocks()
    blocks.set_data(Tag.UNICODE_LAYER_NAME, label)
    return blocks


def _write_layer_info(file: BinaryIO, entries: list[_Entry], *, merged_has_alpha: bool) -> None:
    """A negative count says that the first extra channel of the merged picture is its transparency."""
    file.write(struct.pack(">h", -len(entries) if merged_has_alpha else len(entries)))
    start = file.tell()
    _write_records(file, entries)
    for entry in entries:
        for info, (plane, width, height) in zip(entry.record.channel_info, entry.channels, strict=True):
            before = file.tell()
            if plane is None:
                file.write(struct.pack(">H", Compression.RAW.value))
            else:
                _write_planes(file, [plane], width, height)
            info.length = file.tell() - before
    end = file.tell()
    file.seek(start)
    _write_records(file, entries)
    file.seek(end)


def _write_records(file: BinaryIO, entries: list[_Entry]) -> None:
    for entry in entries:
        entry.record.write(file)


def _write_planes(file: BinaryIO, planes: Sequence[Plane], width: int, height: int) -> None:
    """PackBits: the kind, the byte counts of all rows of all planes, then the rows."""
    file.write(struct.pack(">H", Compression.RLE.value))
    table = file.tell()
    counts = np.zeros(height * len(planes), ">u2")
    file.write(counts.tobytes())
    row = 0
    for plane in planes:
        for strip in plane():
            rows = strip.shape[0]
            packed = memoryview(compress(strip.tobytes(), Compression.RLE, width, rows, 8))
            counts[row : row + rows] = np.frombuffer(packed[: 2 * rows], ">u2")
            file.write(packed[2 * rows :])
            row += rows
    end = file.tell()
    file.seek(table)
    file.write(counts.tobytes())
    file.seek(end)


@contextmanager
def _measured(file: BinaryIO, multiple: int = 1) -> Iterator[None]:
    """Write what comes behind its own length; fill up with zeros to a ``multiple``."""
    start = file.tell()
    file.write(bytes(4))
    yield
    file.write(bytes(-(file.tell() - start - 4) % multiple))
    end = file.tell()
    file.seek(start)
    # A longer section is refused by its file size once it is written.
    file.write(struct.pack(">I", min(end - start - 4, 2**32 - 1)))
    file.seek(end)
