"""Text in PNG files (PNG 3rd edition, §11.3.3): put in while the file is copied, read without decoding a pixel.

Plain Latin-1 goes into tEXt, all else into iTXt, as Pillow and with it A1111 and ComfyUI do; before the first IDAT,
because several readers stop there.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from genzu.errors import UnreadablePicture
from genzu.picture.headers import COPY_AGAIN, CUT_SHORT

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEY = "XML:com.adobe.xmp"
LARGEST_TEXT = 32_000_000
"""Bytes of all text of one file, unpacked."""
MOST_CHUNKS = 1_000_000
_KINDS = (b"tEXt", b"zTXt", b"iTXt")
_PIECE = 1 << 20


def copy_with_text(source: BinaryIO, target: BinaryIO, text: Mapping[str, str]) -> None:
    """Copy a PNG that we wrote, with text chunks before its first IDAT; memory holds one piece of a megabyte."""
    target.write(source.read(len(SIGNATURE)))
    while True:
        head = source.read(8)
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IDAT":
            break
        target.write(head + source.read(length + 4))
    for key, value in text.items():
        target.write(text_chunk(key, value))
    target.write(head)
    while piece := source.read(_PIECE):
        target.write(piece)


def text_chunk(key: str, value: str) -> bytes:
    """One chunk: tEXt, or iTXt where Latin-1 does not suffice and for XMP."""
    name = key.encode("latin-1", "replace")[:79]
    value = value.replace("\0", "\ufffd")
    body: bytes | None = None
    if key != XMP_KEY:
        try:
            body = name + b"\0" + value.encode("latin-1")
        except UnicodeEncodeError:
            body = None
    kind = b"tEXt" if body is not None else b"iTXt"
    body = name + b"\0\0\0\0\0" + value.encode(errors="replace") if body is None else body
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def read_png_text(path: Path) -> dict[str, str]:
    """Text by its keyword, and the EXIF block as Latin-1 text under ``eXIf``; the first of a name counts.

    Raises ``UnreadablePicture`` for a file that is cut short, a checksum that does not fit, or more than
    ``LARGEST_TEXT`` bytes of text, packed or unpacked.
    """
    room = LARGEST_TEXT
    found: dict[str, str] = {}
    with path.open("rb") as file:
        for kind, body in _text_chunks(path, file):
            key, value = _unpacked(path, kind, body, room)
            room -= len(value)
            found.setdefault(key, value.decode("utf-8" if kind == b"iTXt" else "latin-1", "replace"))
    return found


def _text_chunks(path: Path, file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    size = os.fstat(file.fileno()).st_size
    if file.read(len(SIGNATURE)) != SIGNATURE:
        raise UnreadablePicture("this is not a PNG", where=path)
    taken = 0
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            raise UnreadablePicture(CUT_SHORT, where=path, do=COPY_AGAIN)
        length, kind = struct.unpack(">I4s", head)
        if file.tell() + length + 4 > size:
            raise UnreadablePicture(CUT_SHORT, where=path, do=COPY_AGAIN)
        if kind == b"IEND":
            return
        if kind not in (*_KINDS, b"eXIf"):
            file.seek(length + 4, os.SEEK_CUR)
            continue
        taken += length
        if taken > LARGEST_TEXT:
            raise _too_much(path)
        body, checksum = file.read(length), file.read(4)
        if struct.pack(">I", zlib.crc32(kind + body)) != checksum:
            raise UnreadablePicture("a text in it is damaged: its checksum does not fit", where=path, do=COPY_AGAIN)
        yield kind, body
    raise UnreadablePicture(f"it has more than {MOST_CHUNKS:,} chunks", where=path, do=COPY_AGAIN)


def _unpacked(path: Path, kind: bytes, body: bytes, room: int) -> tuple[str, bytes]:
    """Keyword and value; packed text is unpacked up to ``room`` bytes and not one more."""
    if kind == b"eXIf":
        return "eXIf", body
    name, _, rest = body.partition(b"\0")
    key = name.decode("latin-1")
    if kind == b"tEXt":
        return key, rest
    if kind == b"zTXt":
        return key, _inflated(path, rest[1:], room)
    packed, rest = rest[:1] == b"\1", rest[2:]
    _language, _, rest = rest.partition(b"\0")
    _translated, _, value = rest.partition(b"\0")
    return key, _inflated(path, value, room) if packed else value


def _inflated(path: Path, packed: bytes, room: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        value = unpacker.decompress(packed, room + 1)
    except zlib.error:
        raise UnreadablePicture("a packed text in it is damaged", where=path, do=COPY_AGAIN) from None
    if len(value) > room:
        raise _too_much(path)
    return value


def _too_much(path: Path) -> UnreadablePicture:
    return UnreadablePicture(
        f"it holds more than {LARGEST_TEXT // 1_000_000} MB of text, which no picture needs", where=path, do=COPY_AGAIN
    )
