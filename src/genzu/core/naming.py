"""Names of delivered files: the studio's own template, held to names that every file system takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from genzu.errors import BadInput, UnknownWord

FIELDS = ("show", "cut", "sheet", "stage", "take", "season", "time", "weather", "place", "engine")
DEFAULT_TEMPLATE = "{show}_{cut}_{sheet}_t{take:02}"
LONGEST_NAME = 200
"""Bytes of UTF-8; leaves room for a suffix below the 255 that file systems take."""

_WIDTH = re.compile(r"0?(\d{1,2})")
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in (*"0123456789¹²³",)]
)
_HEAD = re.compile(r"\d*")


@dataclass(frozen=True, slots=True)
class Template:
    """A naming template such as ``{show}_{cut:03}_{sheet}_t{take:02}``.

    A width after ``:`` pads the number at the head of the value with zeros: cut ``7A`` by ``{cut:03}`` is
    ``007A``. Raises :class:`UnknownWord` for a field that is not in ``FIELDS`` and :class:`BadInput` for
    text that no file name may hold.
    """

    text: str = DEFAULT_TEMPLATE

    def __post_init__(self) -> None:
        for literal, field, width in self._parts():
            _check_characters(literal, self.text)
            if field is None:
                continue
            if field not in FIELDS:
                raise UnknownWord(
                    f"{{{field}}} is not a field of a file name",
                    where=repr(self.text),
                    do="use " + ", ".join(f"{{{known}}}" for known in FIELDS),
                )
            if width and not _WIDTH.fullmatch(width):
                raise BadInput(f"{width!r} is not a width", where=repr(self.text), do="write {take:02} for two digits")

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it asks for, in order."""
        return tuple(field for _, field, _ in self._parts() if field is not None)

    def render(self, values: Mapping[str, str | int]) -> str:
        """Fill the fields; the result is a plain file name without a suffix, in Unicode NFC.

        Raises :class:`BadInput` if a value is missing or empty, or if the name would not be a plain one.
        """
        parts = []
        for literal, field, width in self._parts():
            parts.append(literal)
            if field is not None:
                parts.append(_padded(self._value(values, field), width))
        return check_name("".join(parts), self.text)

    def read(self, stem: str) -> dict[str, str] | None:
        """Read a name that was made by this template back into its fields; ``None`` if it was not.

        Case of the fixed parts does not count. Zeros that a width has put in front stay: ``007`` is read as ``007``.
        """
        pattern, seen = "", set[str]()
        for literal, field, width in self._parts():
            pattern += re.escape(unicodedata.normalize("NFC", literal))
            if field in seen:
                pattern += f"(?P={field})"
            elif field is not None:
                pattern += f"(?P<{field}>{_pattern(field, width)})"
                seen.add(field)
        found = re.fullmatch(pattern, unicodedata.normalize("NFC", stem), re.I)
        return found.groupdict() if found else None

    def _value(self, values: Mapping[str, str | int], field: str) -> str:
        value = unicodedata.normalize("NFC", str(values.get(field, "")))
        if not value.strip():
            raise BadInput(
                f"{{{field}}} has no value for this picture",
                where=repr(self.text),
                do="take the field out of the template",
            )
        _check_characters(value, f"{{{field}}} of {self.text}")
        return value

    def _parts(self) -> list[tuple[str, str | None, str]]:
        try:
            parsed = list(Formatter().parse(self.text))
        except ValueError as error:
            raise BadInput(
                f"it is not a naming template ({error})", where=repr(self.text), do="write fields as {cut}"
            ) from error
        for _, field, _, conversion in parsed:
            if conversion or (field is not None and not field):
                raise BadInput("it has an unnamed or converted field", where=repr(self.text),
                               do="write fields as {cut}")  # fmt: skip
        return [(literal, field, width or "") for literal, field, width, _ in parsed]


def _pattern(field: str, width: str) -> str:
    """What a field may be: a cut's number has no ``_``, a take is a number; all else is as short as it can be."""
    if field == "take":
        return r"\d{1,6}"
    if field == "cut":
        return r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}" if not width else r"\d{1,9}[0-9A-Za-z.-]{0,22}"
    return r"[0-9A-Za-z-]{1,64}" if field == "sheet" else r".{1,200}?"


def check_name(name: str, where: str = "") -> str:
    """Return ``name`` in NFC if every common file system takes it as one plain file name.

    Raises :class:`BadInput` for separators, drive letters, ``..``, control characters, names that Windows
    keeps for devices, blanks or dots at the ends, and names beyond ``LONGEST_NAME`` bytes.
    """
    name = unicodedata.normalize("NFC", name)
    place = repr(where or name)
    _check_characters(name, where or name)
    if not name or name != name.strip() or name.startswith(".") or name.endswith("."):
        raise BadInput(f"{name!r} is empty, or begins or ends with a dot or a blank", where=place)
    if name.split(".")[0].strip().lower() in _RESERVED:
        raise BadInput(f"{name!r} is a name that Windows keeps for itself", where=place, do="choose another")
    if len(name.encode()) > LONGEST_NAME:
        raise BadInput(f"the name would be longer than {LONGEST_NAME} bytes", where=place, do="shorten it")
    return name


def path_in(folder: Path, name: str, suffix: str) -> Path:
    """The path of ``name + suffix`` directly inside ``folder``; never anywhere else."""
    path = folder / (check_name(name) + suffix)
    check_name(path.name)
    if path.parent != folder:
        raise BadInput(f"{path.name!r} would leave its folder", where=folder)
    return path


def plain_word(text: str, *, empty: str = "untitled") -> str:
    """Make free text, such as the title of a show, fit for a file name: what is not allowed becomes ``-``."""
    kept = "".join("-" if _bad(letter) else letter for letter in unicodedata.normalize("NFC", text))
    kept = kept.encode()[: LONGEST_NAME // 2].decode(errors="ignore")
    return _trimmed(kept) or empty


def _trimmed(text: str) -> str:
    """Take blanks of any alphabet, dots and hyphens from both ends."""
    shorter = text.strip().strip(".-")
    return text if shorter == text else _trimmed(shorter)


def _padded(value: str, width: str) -> str:
    head = _HEAD.match(value)
    digits = head[0] if head else ""
    return digits.zfill(int(width)) + value[len(digits) :] if width and digits else value


def _bad(letter: str) -> bool:
    """Separators, Windows' forbidden letters, and what cannot be seen (controls, direction marks, …)."""
    category = unicodedata.category(letter)
    return letter in _FORBIDDEN or category[0] == "C" or category in ("Zl", "Zp")


def _check_characters(text: str, where: str) -> None:
    for letter in text:
        if _bad(letter):
            raise BadInput(
                f"{letter!r} cannot stand in a file name",
                where=repr(where),
                do="use letters, digits, - and _",
            )
