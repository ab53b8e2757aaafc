"""Layered PSD layouts: the groups BG, BOOK1, BOOK2 … become sheets of their own.

Blending follows Adobe's published formulas (PDF 32000-1, §11.3) for normal, multiply, screen and darken, with
opacity, layer masks and clipping; anything else is laid down as normal, and said so in ``remarks``.
"""

from __future__ import annotations

import logging
import re
import struct
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from genzu.core.geometry import Bounds, Extent
from genzu.errors import NoDrawing, UnreadablePicture
from genzu.picture.arrays import Float32, UInt8
from genzu.picture.headers import COPY_AGAIN, CUT_SHORT, LARGEST_AREA, Header, probe, refuse_mode

# psd-tools warns about every block that it does not know; a person can do nothing about it.
logging.getLogger("psd_tools").addHandler(logging.NullHandler())

_SHEET = re.compile(r"(bg|背景|book|ブック)[ _\-.#]*(\d{0,3})")
_NOT_DRAWN = re.compile(
    r"\b(notes?|memo|frame|safe|guides?|timesheet|instructions?)\b|指示|メモ|フレーム|枠|用紙|注意", re.IGNORECASE
)
_BAND = 256

Found = TypeVar("Found")
Blend = Callable[[Float32, Float32], Float32]
_BLENDS: dict[Any, Blend] = {
    BlendMode.NORMAL: lambda _below, above: above,
    BlendMode.MULTIPLY: lambda below, above: below * above,
    BlendMode.SCREEN: lambda below, above: below + above - below * above,
    BlendMode.DARKEN: lambda below, above: np.minimum(below, above),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PsdSheet:
    """One sheet at the size of the canvas."""

    name: str
    """``BG``, ``BOOK1``, ``BOOK2`` …"""
    pixels: UInt8
    """(H, W, 4) RGBA, alpha not multiplied in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PsdLayout:
    """What a PSD holds for the background department."""

    sheets: tuple[PsdSheet, ...]
    """BG first, then the BOOKs by number."""
    remarks: tuple[str, ...]
    """Sentences about what was left out or taken differently."""


def read_psd(path: Path) -> PsdLayout:
    """Read the sheets of a PSD or PSB, 8 or 16 bit, RGB or grey.

    Groups (or single layers) named as sheets are taken wherever they are nested; hidden ones are not. Without any,
    all visible layers but those named as notes or frame are one BG. Raises
    ``UnreadablePicture``, ``PictureTooLarge``, ``NoDrawing`` or ``NotFound``.
    """
    header = probe(path)
    if header.format != "PSD":
        raise UnreadablePicture("this is not a PSD", where=path, do="save it as PSD")
    _check_mode(path, header)
    return _opened(path, header, _Reader.layout)


def compose_named(path: Path, name: str) -> UInt8 | None:
    """(H, W, 4) sRGB of the visible top layers and groups whose name begins with the word; ``None`` without any.

    Takes the Unicode name that the file was written with, and names that end in NUL. Raises as :func:`read_psd`.
    """
    header = probe(path)
    _check_mode(path, header)

    def composed(reader: _Reader) -> UInt8 | None:
        wanted = [layer for layer in reader.psd if layer.visible and _begins_with(layer.name, name)]
        return reader.composed(wanted) if wanted else None

    return _opened(path, header, composed)


def _check_mode(path: Path, header: Header) -> None:
    if header.mode not in ("grey", "rgb") or header.bits not in (8, 16):
        name = header.mode if header.mode not in ("grey", "rgb") else f"{header.bits}-bit"
        error = refuse_mode(name)
        raise UnreadablePicture(error.what, where=path, do=error.do)


def _begins_with(name: str, word: str) -> bool:
    return (unicodedata.normalize("NFKC", name).casefold().split("\0", 1)[0].split() or [""])[0] == word


def _opened(path: Path, header: Header, look: Callable[[_Reader], Found]) -> Found:
    """Open the PSD and look into it; errors of other libraries are translated here."""
    _check_whole(path, header)
    try:
        return look(_Reader(PSDImage.open(path), header.extent))
    except (NoDrawing, UnreadablePicture) as error:
        raise type(error)(error.what, where=path, do=error.do) from None
    except MemoryError:
        raise
    # psd-tools meets broken bytes with errors of many kinds; here is the edge at which they are translated.
    except Exception as error:
        raise UnreadablePicture("the file is damaged", where=path, do=COPY_AGAIN) from error


def sheet_name(layer_name: str) -> str | None:
    """``BG`` or ``BOOKn`` if a group of this name is a sheet, else ``None``.

    Takes any case, full-width letters, blanks and ``_`` before the number, 背景 and ブック, names that end in NUL, and
    Shift-JIS read as Mac Roman or Latin-1.
    """
    for text in _spellings(layer_name):
        found = _SHEET.fullmatch(unicodedata.normalize("NFKC", text).casefold().strip())
        if found:
            number = int(found[2] or 1)
            if found[1] in ("bg", "背景"):
                return "BG" if number == 1 else f"BG{number}"
            return f"BOOK{number}"
    return None


def _spellings(name: str) -> Iterable[str]:
    clean = name.split("\0", 1)[0].strip()
    yield clean
    for wrong in ("mac_roman", "latin-1", "cp1252"):
        try:
            yield clean.encode(wrong).decode("shift_jis")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue


def _is_drawn(name: str) -> bool:
    return not any(_NOT_DRAWN.search(unicodedata.normalize("NFKC", text)) for text in _spellings(name))


def _check_whole(path: Path, header: Header) -> None:
    """Follow the lengths of the sections to the end of the merged picture (Adobe Photoshop File Formats)."""
    with path.open("rb") as file:
        size = path.stat().st_size
        wide = struct.unpack(">H", file.read(6)[4:])[0] == 2
        file.seek(26)
        for index in range(3):
            code = ">Q" if wide and index == 2 else ">I"
            length = _number(file, code, path)
            if file.tell() + length > size:
                raise UnreadablePicture(CUT_SHORT, where=path, do=COPY_AGAIN)
            file.seek(length, 1)
        compression = _number(file, ">H", path)
        rows = header.extent.height * header.bands
        needed = 0
        if compression == 0:
            needed = rows * header.extent.width * header.bits // 8
        elif compression == 1:
            table = file.read(rows * (4 if wide else 2))
            counts = np.frombuffer(
                table[: len(table) // 4 * 4 if wide else len(table) // 2 * 2], ">u4" if wide else ">u2"
            )
            needed = int(counts.sum(dtype=np.int64)) if len(counts) == rows else size
        if file.tell() + needed > size:
            raise UnreadablePicture(CUT_SHORT, where=path, do=COPY_AGAIN)


def _number(file: BinaryIO, code: str, path: Path) -> int:
    data = file.read(struct.calcsize(code))
    if len(data) < struct.calcsize(code):
        raise UnreadablePicture(CUT_SHORT, where=path, do=COPY_AGAIN)
    return int(struct.unpack(code, data)[0])


@dataclass(slots=True)
class _Reader:
    """Walks one open PSD and collects remarks on the way."""

    psd: Any
    extent: Extent
    remarks: list[str] = field(default_factory=list)

    def layout(self) -> PsdLayout:
        if not len(self.psd):
            raise NoDrawing(
                "the PSD is flat, it has no layers",
                do="save it with its layers, or give the flat picture as PNG or TIFF",
            )
        groups = self._sheet_groups(self.psd)
        if not groups:
            drawn = [layer for layer in self.psd if layer.visible and _is_drawn(layer.name)]
            groups = {"BG": drawn}
            for layer in self.psd:
                if layer.visible and layer not in drawn:
                    self.remarks.append(f"layer {_shown(layer)} is left out: it is named as notes or frame")
        sheets = [PsdSheet(name=name, pixels=self.composed(layers)) for name, layers in groups.items()]
        sheets = [sheet for sheet in sheets if sheet.pixels[..., 3].any()]
        if not sheets:
            raise NoDrawing("nothing is drawn on its visible layers", do="make the layers with the drawing visible")
        order = sorted(sheets, key=lambda sheet: (sheet.name.startswith("BOOK"), len(sheet.name), sheet.name))
        return PsdLayout(sheets=tuple(order), remarks=tuple(dict.fromkeys(self.remarks)))

    def _sheet_groups(self, parent: Any) -> dict[str, list[Any]]:
        """Visible layers and groups named as sheets, at any depth; one name may stand on several."""
        found: dict[str, list[Any]] = {}
        for layer in parent:
            if not layer.visible:
                continue
            name = sheet_name(layer.name)
            if name is not None:
                found.setdefault(name, []).append(layer)
            if layer.is_group():
                for inner, layers in self._sheet_groups(layer).items():
                    found.setdefault(inner, []).extend(layers)
        return found

    def composed(self, layers: list[Any]) -> UInt8:
        """(H, W, 4): layers blended over each other on nothing."""
        canvas = np.zeros((*self.extent.shape, 4), np.uint8)
        for layer in layers:
            # The sheet's own blending is for the stack it came from; only what is in it counts here.
            if layer.is_group():
                self._lay_group(canvas, layer)
            else:
                self._lay(canvas, layer, None)
        return canvas

    def _lay_group(self, canvas: UInt8, group: Iterable[Any]) -> None:
        base: UInt8 | None = None
        for layer in group:
            if not layer.visible or sheet_name(layer.name) is not None:
                continue
            clip = base if layer.clipping else None
            if layer.is_group() and _passes_through(layer):
                self._lay_group(canvas, layer)
                base = None
            else:
                drawn = self._lay(canvas, layer, clip)
                base = drawn if not layer.clipping else base

    def _lay(self, canvas: UInt8, layer: Any, clip: UInt8 | None) -> UInt8 | None:
        """Blend one layer, or a group as one, onto the canvas; return its alpha at canvas size for clipping."""
        pixels, place = self._pixels(layer)
        if pixels is None:
            return None
        inner = place.clipped(self.extent)
        if inner.empty:
            return None
        part = pixels[inner.y - place.y : inner.bottom - place.y, inner.x - place.x : inner.right - place.x].copy()
        _mask_out(part, layer, inner)
        if clip is not None:
            part[..., 3] = (part[..., 3].astype(np.uint16) * clip[inner.slices] // 255).astype(np.uint8)
        if layer.opacity < 255:
            part[..., 3] = (part[..., 3].astype(np.uint16) * layer.opacity // 255).astype(np.uint8)
        _blend(canvas[inner.slices], part, self._blend_of(layer))
        alpha = None
        if any(other.clipping for other in layer.parent or ()):
            alpha = np.zeros(self.extent.shape, np.uint8)
            alpha[inner.slices] = part[..., 3]
        return alpha

    def _pixels(self, layer: Any) -> tuple[UInt8 | None, Bounds]:
        if layer.is_group():
            inner = np.zeros((*self.extent.shape, 4), np.uint8)
            self._lay_group(inner, layer)
            return inner, Bounds(0, 0, *inner.shape[1::-1])
        place = Bounds(layer.left, layer.top, layer.width, layer.height)
        if place.empty:
            return None, place
        if place.width * place.height > LARGEST_AREA:
            raise UnreadablePicture(f"layer {_shown(layer)} is larger than 250 megapixels", do="crop its layers")
        image: Image.Image | None = layer.topil(apply_icc=False) if layer.has_pixels() else None
        if image is None:
            self.remarks.append(f"layer {_shown(layer)} is left out: it is no pixel layer ({layer.kind})")
            return None, place
        return np.asarray(image.convert("RGBA")), place

    def _blend_of(self, layer: Any) -> Blend:
        mode = BlendMode.NORMAL if layer.blend_mode == BlendMode.PASS_THROUGH else layer.blend_mode
        if mode not in _BLENDS:
            word = mode.name.lower().replace("_", " ")
            self.remarks.append(f"layer {_shown(layer)} blends as {word}: it is laid down as normal")
        return _BLENDS.get(mode, _BLENDS[BlendMode.NORMAL])


def _shown(layer: Any) -> str:
    """A layer's name for a sentence."""
    return repr(layer.name.split("\0", 1)[0])


def _passes_through(group: Any) -> bool:
    """True if the group's layers can be laid straight onto what is below it."""
    plain = group.blend_mode in (BlendMode.PASS_THROUGH, BlendMode.NORMAL)
    return plain and group.opacity == 255 and not group.has_mask() and not group.clipping


def _mask_out(part: UInt8, layer: Any, place: Bounds) -> None:
    """Multiply the layer's mask into its alpha, in place."""
    mask = layer.mask
    if mask is None or mask.disabled:
        return
    whole = np.full(part.shape[:2], mask.background_color, np.uint8)
    image = mask.topil()
    left, top, right, bottom = mask.bbox
    inner = Bounds(left, top, right - left, bottom - top).intersect(place)
    if image is not None and not inner.empty:
        values = np.asarray(image.convert("L"))
        whole[inner.y - place.y : inner.bottom - place.y, inner.x - place.x : inner.right - place.x] = values[
            inner.y - top : inner.bottom - top, inner.x - left : inner.right - left
        ]
    part[..., 3] = (part[..., 3].astype(np.uint16) * whole // 255).astype(np.uint8)


def _blend(below: UInt8, above: UInt8, blend: Blend) -> None:
    """Composite ``above`` over ``below`` (both straight RGBA of one size), in place, band by band."""
    for top in range(0, len(below), _BAND):
        low = below[top : top + _BAND].astype(np.float32) / 255
        high = above[top : top + _BAND].astype(np.float32) / 255
        a_low, a_high = low[..., 3:], high[..., 3:]
        alpha = a_high + a_low * (1 - a_high)
        mixed = (1 - a_low) * high[..., :3] + a_low * blend(low[..., :3], high[..., :3])
        colour = (a_high * mixed + (1 - a_high) * a_low * low[..., :3]) / np.maximum(alpha, 1e-6)
        out = np.concatenate([colour, alpha], axis=2)
        below[top : top + _BAND] = (np.clip(out, 0, 1) * 255 + 0.5).astype(np.uint8)
