"""The one thing of EXIF that matters here: the comment (0x9286), in which pictures without text chunks carry words.

Source: CIPA DC-008 (EXIF 2.32), §4.6.5; UNICODE comments are UTF-16, written big-endian as A1111 (piexif) does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_EXIF_IFD, _COMMENT, _DESCRIPTION = 0x8769, 0x9286, 0x010E
_MOST_TAGS = 1000
_TYPE_SIZES = {1: 1, 2: 1, 7: 1}


def comment_block(comment: str) -> bytes:
    """A big-endian TIFF structure with nothing but the comment, as it stands in a JPEG."""
    value = b"UNICODE\0" + comment.encode("utf-16-be", "replace")
    head = struct.pack(">2sHI", b"MM", 42, 8)
    first = struct.pack(">HHHIII", 1, _EXIF_IFD, 4, 1, 26, 0)
    second = struct.pack(">HHHIII", 1, _COMMENT, 7, len(value), 44, 0)
    return head + first + second + value


def comments(block: bytes) -> dict[str, str]:
    """``UserComment`` and ``ImageDescription`` of a TIFF structure, where they are there and not empty.

    A damaged block gives what was read up to the damage: cameras write many.
    """
    found: dict[str, str] = {}
    try:
        order = {b"II": "<", b"MM": ">"}[block[:2]]
        first = dict(_tags(block, order, struct.unpack(order + "I", block[4:8])[0]))
        if _DESCRIPTION in first:
            found["ImageDescription"] = first[_DESCRIPTION].split(b"\0")[0].decode("utf-8", "replace").strip()
        if _EXIF_IFD in first:
            second = dict(_tags(block, order, struct.unpack(order + "I", first[_EXIF_IFD][:4])[0]))
            found["UserComment"] = comment_text(second.get(_COMMENT, b""), order)
    except (KeyError, struct.error):
        pass
    return {key: value for key, value in found.items() if value}


def comment_text(value: bytes, order: str) -> str:
    """The text of a comment: 8 bytes that name its code, then the text."""
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        # Programs disagree on the order of bytes; text has most of its zeros in the upper one.
        upper, lower = text[0::2].count(0), text[1::2].count(0)
        big = upper > lower if upper != lower else order == ">"
        return text.decode("utf-16-be" if big else "utf-16-le", "replace").strip("\0 ")
    return text.decode("utf-8", "replace").strip("\0 ")


def _tags(block: bytes, order: str, offset: int) -> Iterator[tuple[int, bytes]]:
    """(tag, value) of one directory; long values are those of text-like types."""
    count = struct.unpack_from(order + "H", block, offset)[0]
    for at in range(offset + 2, offset + 2 + 12 * min(count, _MOST_TAGS), 12):
        tag, kind, number = struct.unpack_from(order + "HHI", block, at)
        size = _TYPE_SIZES.get(kind, 0) * number
        start = struct.unpack_from(order + "I", block, at + 8)[0] if size > 4 else at + 8
        yield tag, block[start : start + max(size, 4)]
