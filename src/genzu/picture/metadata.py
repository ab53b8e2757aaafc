"""What a picture's file says in words, read from PNG, JPEG, TIFF and PSD without decoding a pixel."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pyvips

from genzu.errors import GenzuError, UnreadablePicture
from genzu.picture import exif
from genzu.picture.headers import COPY_AGAIN, CUT_SHORT, Header, probe
from genzu.picture.png_text import LARGEST_TEXT, XMP_KEY, read_png_text
from genzu.picture.xmp import LARGEST, Xmp

_XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
_EXIF_SEGMENT = b"Exif\0\0"
_LARGEST_SEGMENT = 65_533
_PSD_XMP = 1060


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWords:
    """The words of one file."""

    header: Header
    text: dict[str, str] = field(default_factory=dict)
    """PNG text by keyword; of other formats ``UserComment``, ``ImageDescription`` and ``Comment``."""
    xmp: Xmp | None = None

    @property
    def parameters(self) -> str:
        """The A1111 parameters, wherever the format keeps them; empty if there are none."""
        if "parameters" in self.text:
            return self.text["parameters"]
        return self.text.get("UserComment", "") or (self.xmp.comment if self.xmp else "")


def read_words(path: Path) -> FileWords:
    """Read the words of a picture.

    Raises ``NotFound``, ``UnreadablePicture`` (no picture, cut short, a checksum that does not fit, too much text,
    damaged XMP) or ``PictureTooLarge``.
    """
    header = probe(path)
    read = {"PNG": _png, "JPEG": _jpeg, "TIFF": _tiff, "PSD": _psd}[header.format]
    try:
        text, packet = read(path)
        xmp = Xmp.parse(packet) if packet else None
    except (struct.error, IndexError):
        raise UnreadablePicture(CUT_SHORT, where=path, do=COPY_AGAIN) from None
    except GenzuError as error:
        raise type(error)(error.what, where=path, do=error.do or COPY_AGAIN) from None
    return FileWords(header=header, text=text, xmp=xmp)


def copy_jpeg_with_words(source: BinaryIO, target: BinaryIO, *, comment: str, xmp: str) -> None:
    """Copy a JPEG that we wrote, with an EXIF comment and an XMP packet behind its first segment (JFIF).

    What is longer than a segment (64 KB) is left out: the XMP without a long passport still says the source.
    """
    target.write(source.read(2))
    head = source.read(4)
    if head[:2] == b"\xff\xe0":
        target.write(head + source.read(struct.unpack(">H", head[2:])[0] - 2))
        head = b""
    for body in (_EXIF_SEGMENT + exif.comment_block(comment) if comment else b"", _XMP_SEGMENT + xmp.encode()):
        if body and len(body) <= _LARGEST_SEGMENT:
            target.write(b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    target.write(head)
    while piece := source.read(1 << 20):
        target.write(piece)


def _png(path: Path) -> tuple[dict[str, str], str]:
    text = read_png_text(path)
    block = text.pop("eXIf", "")
    packet = text.pop(XMP_KEY, "")
    return {**exif.comments(block.encode("latin-1")), **text}, packet


def _jpeg(path: Path) -> tuple[dict[str, str], str]:
    text: dict[str, str] = {}
    packet = ""
    with path.open("rb") as file:
        for marker, body in _segments(file):
            if marker == 0xFE:
                text.setdefault("Comment", body.decode("utf-8", "replace").strip("\0 "))
            elif marker == 0xE1 and body.startswith(_EXIF_SEGMENT):
                text.update(exif.comments(body.removeprefix(_EXIF_SEGMENT)))
            elif marker == 0xE1 and body.startswith(_XMP_SEGMENT) and not packet:
                packet = body.removeprefix(_XMP_SEGMENT).decode("utf-8", "replace")
    return text, packet


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(marker, body) up to the picture's data (ITU-T T.81, B.1.1)."""
    file.seek(2)
    while True:
        marker = file.read(2)
        while marker[1] == 0xFF:
            marker = marker[1:] + file.read(1)
        if marker[0] != 0xFF or marker[1] == 0xDA:
            return
        length = struct.unpack(">H", file.read(2))[0] - 2
        body = file.read(length)
        if len(body) < length:
            raise UnreadablePicture(CUT_SHORT)
        yield marker[1], body


def _tiff(path: Path) -> tuple[dict[str, str], str]:
    """libvips reads the tags when it opens the file; the pixels stay where they are."""
    try:
        image = pyvips.Image.new_from_file(str(path), access="sequential")
        names = set(image.get_fields())
        packet = bytes(image.get("xmp-data")) if "xmp-data" in names else b""
        block = bytes(image.get("exif-data")) if "exif-data" in names else b""
        described = str(image.get("image-description")) if "image-description" in names else ""
    except pyvips.Error:
        raise UnreadablePicture("the file is damaged") from None
    text = {"ImageDescription": described} if described else {}
    return {**text, **exif.comments(block.removeprefix(_EXIF_SEGMENT))}, packet.decode("utf-8", "replace")


def _psd(path: Path) -> tuple[dict[str, str], str]:
    """The XMP among the image resources (Adobe Photoshop File Formats, Image Resources Section)."""
    with path.open("rb") as file:
        file.seek(26)
        file.seek(struct.unpack(">I", file.read(4))[0], 1)
        end = struct.unpack(">I", file.read(4))[0] + file.tell()
        while file.tell() + 12 <= end:
            mark, kind = struct.unpack(">4sH", file.read(6))
            if mark not in (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"):
                raise UnreadablePicture("its resources are damaged")
            name = file.read(1)[0]
            file.seek(name + (name + 1) % 2, 1)
            length = struct.unpack(">I", file.read(4))[0]
            if kind == _PSD_XMP:
                if length > min(LARGEST, LARGEST_TEXT):
                    raise UnreadablePicture("its XMP is too long")
                body = file.read(length)
                if len(body) < length:
                    raise UnreadablePicture(CUT_SHORT)
                return {}, body.decode("utf-8", "replace")
            file.seek(length + length % 2, 1)
    return {}, ""
