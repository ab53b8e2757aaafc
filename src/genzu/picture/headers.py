"""What a picture file says about itself: its kind, size and mode, read from the first bytes, never decoded.

Sources: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, EXIF 2.32), TIFF 6.0 and BigTIFF, Photoshop File Formats.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from genzu.core.geometry import Extent
from genzu.errors import BadInput, NotFound, PictureTooLarge, UnreadablePicture

LARGEST_SIDE = 30_000
LARGEST_AREA = 250_000_000
TAKEN = "PNG, JPEG, TIFF or PSD"
CUT_SHORT = "the file is cut short"
COPY_AGAIN = "copy or export it again"
CONVERT = "convert it to RGB or greyscale, 8 or 16 bit, and save it again"

_SUFFIXES = {
    "PNG": (".png",), "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"), "TIFF": (".tif", ".tiff"),
    "PSD": (".psd", ".psb"),
}  # fmt: skip
_OTHER_KINDS = {
    b"GIF8": "GIF", b"BM": "BMP", b"%PDF": "PDF", b"CSFCHUNK": "CLIP STUDIO file",
    b"\x76\x2f\x31\x01": "OpenEXR",
    b"gimp xcf": "GIMP file", b"\x00\x00\x00\x0cjP": "JPEG 2000", b"PK\x03\x04": "ZIP, Krita or ORA file",
    b"\x00\x00\x01\x00": "icon", b"SAI": "SAI file", b"<svg": "SVG", b"8BPB": "Photoshop file",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first bytes promise."""

    format: str
    """``PNG``, ``JPEG``, ``TIFF`` or ``PSD``."""
    extent: Extent
    """As stored, before an EXIF turn; at most 30,000 px a side and 250 megapixels."""
    bands: int
    """1 grey, 2 grey + alpha, 3 RGB, 4 RGBA; a palette counts as 1. A PSD: channels of the merged picture."""
    bits: int
    """Bits per channel: 8, 16, or 32 for a TIFF of floats."""
    mode: str
    """``grey``, ``rgb``, ``palette`` …: how the samples are meant."""
    has_icc: bool
    dpi: float | None


def probe(path: Path) -> Header:
    """Read the header; the pixels stay where they are.

    Raises ``NotFound``, ``UnreadablePicture`` (empty, no picture, lying suffix, cut short in the header) or
    ``PictureTooLarge``.
    """
    try:
        with path.open("rb") as file:
            header = _read_header(path, file)
    except FileNotFoundError:
        raise NotFound("there is no such file", where=path, do="check the name and the folder") from None
    except IsADirectoryError:
        raise UnreadablePicture("this is a folder", where=path, do="name one picture in it") from None
    except OSError as error:
        raise UnreadablePicture(
            f"it cannot be read ({(error.strerror or 'unknown reason').lower()})", where=path,
            do="check that you may read it",
        ) from None  # fmt: skip
    except BadInput as error:
        raise type(error)(error.what, where=path, do=error.do) from None
    except (struct.error, IndexError, KeyError, ValueError):
        raise UnreadablePicture(f"{CUT_SHORT} or damaged in its first bytes", where=path, do=COPY_AGAIN) from None
    return header


def _read_header(path: Path, file: BinaryIO) -> Header:
    start = file.read(32)
    if not start:
        raise UnreadablePicture("the file is empty (0 bytes)", do=COPY_AGAIN)
    kind = _kind(start)
    _check_suffix(path, kind)
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    if kind == "PNG":
        return _png(file, size)
    if kind == "TIFF":
        return _tiff(file, size)
    return _jpeg(file) if kind == "JPEG" else _psd(file)


def _kind(start: bytes) -> str:
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if start.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if start.startswith(b"8BPS"):
        return "PSD"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        name = "a WebP"
    elif start[4:8] == b"ftyp":
        name = "a HEIC, AVIF or video file"
    else:
        found = next((name for magic, name in _OTHER_KINDS.items() if start.startswith(magic)), None)
        if found is None:
            raise UnreadablePicture("this is not a picture", do=f"give a {TAKEN} file")
        name = f"{'an' if found[0] in 'aeioOSE' and found != 'SAI file' else 'a'} {found}"
    raise UnreadablePicture(f"{name} is not taken", do=f"save it as {TAKEN}")


def _check_suffix(path: Path, kind: str) -> None:
    suffix = path.suffix.lower()
    claimed = next((name for name, all_of in _SUFFIXES.items() if suffix in all_of), None)
    if claimed is not None and claimed != kind:
        raise UnreadablePicture(
            f"the name ends in {suffix}, but the file holds a {kind}",
            do=f"rename it to {path.stem}{_SUFFIXES[kind][0]} or export a real {claimed}",
        )


def _extent(width: int, height: int) -> Extent:
    """Refuse a bomb before anything is decoded."""
    if width < 1 or height < 1:
        raise UnreadablePicture(f"it says that it is {width}×{height} px", do=COPY_AGAIN)
    if max(width, height) > LARGEST_SIDE or width * height > LARGEST_AREA:
        raise PictureTooLarge(
            f"{width}×{height} px is larger than the {LARGEST_SIDE:,} px a side or "
            f"{LARGEST_AREA // 1_000_000} megapixels that are taken",
            do="make it smaller or cut it into parts",
        )
    return Extent(width, height)


def refuse_mode(name: str, do: str = CONVERT) -> UnreadablePicture:
    """The error for a picture whose samples are of a kind that is not taken."""
    return UnreadablePicture(f"{name} pictures are not taken", do=do)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise UnreadablePicture(CUT_SHORT, do=COPY_AGAIN)
    return data


def _png(file: BinaryIO, size: int) -> Header:
    """Walk the chunks to the end: a PNG without its IEND is cut short."""
    file.seek(8)
    length, name = struct.unpack(">I4s", _exactly(file, 8))
    if name != b"IHDR" or length != 13:
        raise UnreadablePicture("it is damaged in its first bytes", do=COPY_AGAIN)
    width, height, bits, colour = struct.unpack(">IIBB", _exactly(file, 13)[:10])
    extent = _extent(width, height)
    mode = {0: "grey", 2: "rgb", 3: "palette", 4: "grey", 6: "rgb"}.get(colour)
    if mode is None or bits not in (1, 2, 4, 8, 16):
        raise UnreadablePicture("it is damaged in its first bytes", do=COPY_AGAIN)
    chunks: dict[bytes, bytes] = {}
    file.seek(4, os.SEEK_CUR)
    while name != b"IEND":
        length, name = struct.unpack(">I4s", _exactly(file, 8))
        chunks[name] = _exactly(file, 9) if name == b"pHYs" and length == 9 else b""
        if file.seek(length - len(chunks[name]) + 4, os.SEEK_CUR) > size:
            raise UnreadablePicture(CUT_SHORT, do=COPY_AGAIN)
    if b"acTL" in chunks:
        raise UnreadablePicture("it is an animation", do="save the one picture that is meant")
    if mode == "grey" and bits == 1:
        mode = "1-bit"
    per_metre, unit = struct.unpack(">IxxxxB", chunks[b"pHYs"]) if chunks.get(b"pHYs") else (0, 0)
    return Header(
        format="PNG", extent=extent, bands={0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour], bits=max(8, bits),
        mode=mode, has_icc=b"iCCP" in chunks, dpi=per_metre * 0.0254 if per_metre and unit == 1 else None,
    )  # fmt: skip


def _jpeg(file: BinaryIO) -> Header:
    """Walk the segments up to the frame header; the end-of-image mark must follow the data (T.81, B.1.1.5)."""
    file.seek(2)
    has_icc, dpi = False, None
    while True:
        marker = _exactly(file, 2)
        if marker[0] != 0xFF:
            raise UnreadablePicture("it is damaged in its first bytes", do=COPY_AGAIN)
        while marker[1] == 0xFF:
            marker = b"\xff" + _exactly(file, 1)
        length = struct.unpack(">H", _exactly(file, 2))[0] - 2
        body = _exactly(file, length)
        if marker[1] == 0xE0 and body[:5] == b"JFIF\0":
            unit, across = struct.unpack(">BH", body[7:10])
            dpi = {1: float(across), 2: across * 2.54}.get(unit)
        has_icc |= marker[1] == 0xE2 and body.startswith(b"ICC_PROFILE\0")
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            break
    bits, height, width, bands = struct.unpack(">BHHB", body[:6])
    extent = _extent(width, height)
    # In coded data 0xFF is always followed by 0: this finds the mark, not an accident.
    if b"\xff\xd9" not in file.read():
        raise UnreadablePicture(CUT_SHORT, do=COPY_AGAIN)
    mode = {1: "grey", 3: "rgb", 4: "CMYK"}.get(bands, "unknown")
    return Header(format="JPEG", extent=extent, bands=bands, bits=bits, mode=mode, has_icc=has_icc, dpi=dpi or None)


def _psd(file: BinaryIO) -> Header:
    version, channels, height, width, bits, mode = struct.unpack(">4xH6xHIIHH", _exactly(file, 26))
    if version not in (1, 2):
        raise UnreadablePicture(f"Photoshop file version {version} is not known", do="save it as PSD")
    names = {0: "1-bit", 1: "grey", 2: "palette", 3: "rgb", 4: "CMYK", 7: "multichannel", 8: "grey", 9: "Lab"}
    return Header(
        format="PSD", extent=_extent(width, height), bands=channels, bits=bits,
        mode=names.get(mode, "unknown"), has_icc=False, dpi=None,
    )  # fmt: skip


class _Tiff:
    """Enough of a TIFF to know what its first page is, and whether its strips lie inside the file."""

    _SIZES = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8)
    _CODES = "?BBHIIbBhiifdI??Qq?"

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file, self.size = file, size
        head = _exactly(file, 8)
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = head[2:4] in (b"+\0", b"\0+")
        self.first = self._unpack("Q", _exactly(file, 8))[0] if self.big else self._unpack("I", head[4:])[0]

    def _unpack(self, code: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + code, data)

    def page(self, offset: int) -> tuple[dict[int, tuple[float, ...]], int]:
        """The tags of the page at ``offset``, and where the next page is (0 = nowhere)."""
        self.file.seek(offset)
        count = self._unpack("Q" if self.big else "H", _exactly(self.file, 8 if self.big else 2))[0]
        if not 0 < count < 4096:
            raise UnreadablePicture("it is damaged in its first bytes", do=COPY_AGAIN)
        width, inline, code = (20, 8, "Q") if self.big else (12, 4, "I")
        entries = _exactly(self.file, count * width)
        following = self._unpack(code, _exactly(self.file, inline))[0]
        tags: dict[int, tuple[float, ...]] = {}
        for at in range(0, len(entries), width):
            tag, kind = self._unpack("HH", entries[at : at + 4])
            number = self._unpack(code, entries[at + 4 : at + 4 + inline])[0]
            tags[tag] = self._values(kind, number, entries[at + width - inline : at + width], code)
        return tags, following

    def _values(self, kind: int, number: int, field: bytes, code: str) -> tuple[float, ...]:
        size = self._SIZES[kind] * number if kind < len(self._SIZES) else 0
        if size > len(field):
            at = self._unpack(code, field)[0]
            if at + size > self.size:
                raise UnreadablePicture(CUT_SHORT, do=COPY_AGAIN)
            self.file.seek(at)
            field = self.file.read(size) if size < 16_000_000 else b""
        if kind in (2, 7) or len(field) < size or not size:
            return ()
        if kind in (5, 10):
            pairs = self._unpack(f"{2 * number}{'I' if kind == 5 else 'i'}", field[:size])
            return tuple(a / b if b else 0.0 for a, b in zip(pairs[::2], pairs[1::2], strict=True))
        return self._unpack(f"{number}{self._CODES[kind]}", field[:size])


def _tiff(file: BinaryIO, size: int) -> Header:
    tiff = _Tiff(file, size)
    tags, following = tiff.page(tiff.first)
    _refuse_more_pages(tiff, following)
    extent = _extent(int(tags[256][0]), int(tags[257][0]))
    offsets = tags.get(273) or tags.get(324) or ()
    lengths = tags.get(279) or tags.get(325) or ()
    if not offsets or any(a + b > size for a, b in zip(offsets, lengths, strict=False)):
        raise UnreadablePicture(CUT_SHORT, do=COPY_AGAIN)
    bits = int((tags.get(258) or (1,))[0])
    floats = int((tags.get(339) or (1,))[0]) == 3
    names = {0: "grey", 1: "grey", 2: "rgb", 3: "palette", 5: "CMYK", 6: "rgb", 8: "Lab", 9: "Lab", 10: "Lab"}
    mode = names.get(int((tags.get(262) or (1,))[0]), "unknown")
    if mode == "grey" and bits == 1:
        mode = "1-bit"
    elif floats and bits == 32:
        mode += " float"
    elif bits not in (8, 16):
        mode = f"{bits}-bit {mode}"
    per_unit, unit = (tags.get(282) or (0.0,))[0], (tags.get(296) or (2,))[0]
    return Header(
        format="TIFF", extent=extent, bands=int((tags.get(277) or (1,))[0]), bits=bits, mode=mode,
        has_icc=34675 in tags, dpi=per_unit * (2.54 if unit == 3 else 1.0) or None,
    )  # fmt: skip


def _refuse_more_pages(tiff: _Tiff, following: int) -> None:
    """Thumbnails and reduced copies (NewSubfileType bit 0) are not pages."""
    for _ in range(64):
        if not following:
            return
        tags, following = tiff.page(following)
        if not int((tags.get(254) or (0,))[0]) & 1:
            raise UnreadablePicture("it has several pages", do="save the one page that is meant")
