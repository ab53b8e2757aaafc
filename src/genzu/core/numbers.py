"""Numbers of cuts: what may be one, how people mean the same one, and how a file's name becomes one."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

LONGEST = 32
CUT_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")
_NAMED = re.compile(r"(?:cut|c|カット|#)[ _.-]*(\d+[A-Za-z]?)", re.I)
_ENDING = re.compile(r"(?:^|[_ -])(?:cut|c)[_.-]?(\d+[A-Za-z]?)(?:[_ -](?:bg|lo|layout|genzu|原図|t\d+|v\d+))*$", re.I)


def cut_number(stem: str) -> str:
    """A cut number from a file's name: letters, digits, ``.`` and ``-``; other signs become ``-``."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    number = re.sub(r"[^0-9A-Za-z.-]+", "-", plain).strip("-.")[:LONGEST].rstrip("-.")
    return number or "cut-" + sha256(stem.encode(errors="surrogatepass")).hexdigest()[:8]


def number_in(text: str) -> str:
    """The number that a person means by ``012``, ``カット１２``, ``cut 012A``, ``Umi_c012_BG_t01``.

    What is a number as it stands, in plain or full-width letters, stays (``c012``); what is no such name goes
    through :func:`cut_number`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if CUT_NUMBER.fullmatch(plain):
        return plain
    found = _NAMED.fullmatch(plain) or _ENDING.search(plain)
    return found[1][:LONGEST] if found else cut_number(plain)


def same_number(number: str) -> str:
    """A form that is equal for numbers that people (and Excel) take for the same: ``007``, ``7`` and ``c7``."""
    plain = unicodedata.normalize("NFKC", number).strip()
    if found := _NAMED.fullmatch(plain):
        plain = found[1]
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain.casefold())


def in_order(number: str) -> list[tuple[int, int, str]]:
    """Key that sorts numbers as a film does: 2 before 2A before 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", number)
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts]
