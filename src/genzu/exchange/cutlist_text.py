"""Text of a file that a person saved with whatever program: UTF-8, UTF-16 or Shift-JIS, and never a guess unsaid."""

from __future__ import annotations

import re
from pathlib import Path

from genzu.errors import BadInput, NotFound

LARGEST = 64 << 20
"""Bytes; a list of a whole film has some hundred kilobytes."""

LONGEST_LINE = 200_000
"""Characters."""

_ODD_IN_CP932 = re.compile("[縺繧繝｡-ﾟ]")
"""What UTF-8 kana and kanji look like when they are read as Shift-JIS."""
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")


def read_bytes(path: Path) -> bytes:
    """The bytes of a list file. Raises ``NotFound`` or ``BadInput`` (a folder, unreadable, empty, too large)."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFound("this file is not there", where=path, do="check its name") from None
    except OSError as error:
        raise BadInput(f"it cannot be read ({(error.strerror or 'unknown reason').lower()})", where=path) from error
    if not content.strip():
        raise BadInput("this file is empty", where=path, do="check that the right file was given")
    if len(content) > LARGEST:
        raise BadInput(f"this file is larger than {LARGEST >> 20} MB, it is no list of cuts", where=path)
    return content


def decode(content: bytes, path: Path) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM (Excel's "Unicode text"), Shift-JIS (cp932).

    Raises ``BadInput`` for binary files, other encodings, and files in which two encodings are mixed.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _try(content, "utf-16")
    else:
        text = _try(content, "utf-8-sig")
        if text is None and b"\0" not in content:
            _refuse_mixed(content, path)
            text = _try(content, "cp932")
    if text is None or "\0" in text:
        raise BadInput(
            "this is no text in UTF-8 or Shift-JIS", where=path, do="save it as CSV UTF-8, and check the file"
        )
    return text.removeprefix("\ufeff")


def refuse_endless_lines(text: str, path: Path) -> None:
    """``BadInput`` for a line that no person wrote: it would only fill the memory."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            raise BadInput(
                f"line {number} has {len(line)} characters, this is no list of cuts",
                where=path,
                do="check that the right file was given",
            )


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _refuse_mixed(content: bytes, path: Path) -> None:
    """Lines pasted from another file: read as Shift-JIS they would become other words, and nobody would be told."""
    shift_jis = unicode = 0
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.isascii():
            continue
        text = _try(line, "utf-8")
        if text is None:
            shift_jis = shift_jis or number
        elif _JAPANESE.search(text) and ((other := _try(line, "cp932")) is None or _ODD_IN_CP932.search(other)):
            unicode = unicode or number
        if shift_jis and unicode:
            raise BadInput(
                f"line {unicode} is UTF-8 and line {shift_jis} is not: two encodings are mixed",
                where=path,
                do="open it in an editor, repair the broken lines and save it as UTF-8",
            )
