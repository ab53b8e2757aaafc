"""The cut list of a film, whatever file it came in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from genzu.core.camera import CameraPath
from genzu.core.codec import Fields, Plain, shown, under, without_none
from genzu.core.cut import check_words
from genzu.core.findings import Finding, Spot
from genzu.core.numbers import CUT_NUMBER, in_order
from genzu.core.timing import FILM, LONGEST, FrameRate
from genzu.core.transition import Dissolve
from genzu.errors import BadInput, BadRecord

MOST_ENTRIES = 20_000
"""No film has more cuts; a file that says so is none."""

FIELDS = (
    "frames", "place", "season", "time", "weather", "prompt", "layout", "uses", "books", "cels", "camera",
    "camera_words", "dissolve", "record_in", "note",
)  # fmt: skip
"""What a list may say of a cut, beside its number."""

_WORDS = ("place", "season", "time", "weather", "prompt", "layout", "camera_words", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class CutListEntry:
    """One cut as a list has it. Lengths are not judged here: :func:`genzu.core.cutlist_check.check` names them all."""

    number: str
    frames: int | None = None
    """Length; ``None`` if the list does not say."""
    place: str = ""
    season: str = ""
    time: str = ""
    weather: str = ""
    prompt: str = ""
    layout: str = ""
    """Path of the layout below the folder of layouts, with ``/``; empty: it is found by the cut's number."""
    uses: str = ""
    """Number of the cut whose background it shows (兼用)."""
    books: tuple[str, ...] = ()
    cels: tuple[str, ...] = ()
    camera: CameraPath | None = None
    camera_words: str = ""
    dissolve: Dissolve | None = None
    record_in: int | None = None
    """First frame on the film, where the list has record times."""
    note: str = ""
    spot: Spot = field(default=Spot(), compare=False)
    """Where it stands in its file."""
    held: frozenset[str] = field(default=frozenset(FIELDS), compare=False)
    """The fields that its file can say; what a file cannot say is no change."""

    def __post_init__(self) -> None:
        for name, number in (("number", self.number), ("uses", self.uses or self.number)):
            if not CUT_NUMBER.fullmatch(number):
                raise BadRecord(
                    f"{shown(number)} is not a cut number",
                    where=f"entry.{name}",
                    do="use letters, digits, '.' and '-', at most 32",
                )
        for name in _WORDS:
            check_words(getattr(self, name), f"entry.{name}")
        for name in ("books", "cels"):
            sheets = getattr(self, name)
            if tidy_names(joined(sheets)) != sheets or tidy(joined(sheets)) != joined(sheets):
                raise BadRecord(f"{shown(sheets)} are not names of sheets", where=f"entry.{name}")
        for name in ("frames", "record_in"):
            count = getattr(self, name)
            if count is not None and abs(count) > LONGEST:
                raise BadRecord(f"{shown(count)} is longer than a day", where=f"entry.{name}")

    def to_dict(self) -> Plain:
        """Plain values for JSON; what is absent is left out."""
        words = {name: getattr(self, name) or None for name in (*_WORDS, "uses")}
        sheets = {name: list(getattr(self, name)) or None for name in ("books", "cels")}
        return without_none(
            {
                "number": self.number, "frames": self.frames, "record_in": self.record_in, **words, **sheets,
                "camera": self.camera.to_dict() if self.camera else None,
                "dissolve": self.dissolve.to_dict() if self.dissolve else None,
            }
        )  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "entry") -> CutListEntry:
        """Validate and rebuild; errors carry the path to the field."""
        fields = Fields(record, path)
        camera, dissolve = fields.take("camera", dict, None), fields.take("dissolve", dict, None)
        with under(path, "entry"):
            said: Plain = {
                **{name: fields.take(name, int, None) for name in ("frames", "record_in")},
                **{name: fields.take(name, str, None) or "" for name in (*_WORDS, "uses")},
                **{name: fields.each(name, _sheet) for name in ("books", "cels")},
                "camera": None if camera is None else CameraPath.from_dict(camera, fields.where("camera")),
                "dissolve": None if dissolve is None else Dissolve.from_dict(dissolve, fields.where("dissolve")),
            }
            entry = cls(number=fields.take("number", str), **said)
        fields.nothing_else()
        return entry


def _sheet(item: object, path: str) -> str:
    if not isinstance(item, str):
        raise BadRecord(f"{shown(item)} is not the name of a sheet", where=path)
    return item


@dataclass(frozen=True, slots=True, kw_only=True)
class CutList:
    """All cuts, in the order of the film."""

    entries: tuple[CutListEntry, ...] = ()
    fps: FrameRate = FILM
    title: str = ""
    record_start: int = 0
    """Frame of the record time at which the film begins: 86400 for 01:00:00:00 at 24."""
    columns: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Field to the heading that its file gave it."""

    def __post_init__(self) -> None:
        check_words(self.title, "title")
        if len(self.entries) > MOST_ENTRIES:
            raise BadInput(f"{len(self.entries)} cuts are no cut list", do=f"at most {MOST_ENTRIES} are taken")
        if not 0 <= self.record_start <= LONGEST:
            raise BadRecord(f"{shown(self.record_start)} is out of range", where="record_start")

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in the order of the film."""
        return tuple(entry.number for entry in self.entries)

    @property
    def in_number_order(self) -> bool:
        """True if the film runs in the order of the numbers."""
        keys = [in_order(number) for number in self.numbers]
        return all(a < b for a, b in pairwise(keys))

    def starts(self) -> tuple[int, ...]:
        """First frame of each cut on the record: as it is said, else where the cut before ends."""
        starts, at = [], self.record_start
        for entry in self.entries:
            at = at if entry.record_in is None else entry.record_in
            starts.append(at)
            at += max(0, entry.frames or 0)
        return tuple(starts)

    @property
    def frames(self) -> int:
        """Frames from the start of the film to the end of its last cut."""
        ends = (at + max(0, one.frames or 0) for at, one in zip(self.starts(), self.entries, strict=True))
        return max(ends, default=self.record_start) - self.record_start

    def with_times(self) -> CutList:
        """The same list with the record time written at every cut."""
        timed = (replace(one, record_in=at) for one, at in zip(self.entries, self.starts(), strict=True))
        return replace(self, entries=tuple(timed))

    def without_times(self) -> CutList:
        """The same list with a record time only where a cut does not follow the one before it directly."""
        entries, expected = [], self.record_start
        for entry, at in zip(self.entries, self.starts(), strict=True):
            entries.append(replace(entry, record_in=None if at == expected else at))
            expected = at + max(0, entry.frames or 0)
        return replace(self, entries=tuple(entries))


@dataclass(frozen=True, slots=True)
class ReadList:
    """What came out of a file: the list as far as it could be read, and what was found on the way."""

    cutlist: CutList
    findings: tuple[Finding, ...] = ()


def tidy(text: str) -> str:
    """Text as an entry holds it: ends of lines as line feeds, no blanks around it, no other control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in plain if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")).strip()


def tidy_names(text: str, *, prefix: str = "") -> tuple[str, ...]:
    """Names in one cell, parted by commas (also 、) or ends of lines; a plain count becomes ``BOOK1, BOOK2``."""
    parts = [" ".join(part.split()) for part in re.split("[,、，\n]", text)]
    if prefix and len(parts) == 1 and parts[0].isdecimal() and 0 < int(parts[0]) <= 20:
        return tuple(f"{prefix}{n}" for n in range(1, int(parts[0]) + 1))
    return tuple(dict.fromkeys(part for part in parts if part))


def joined(names: tuple[str, ...]) -> str:
    """Names in one cell; a name that is a number has a comma behind it, so that it is no count."""
    return f"{names[0]}," if len(names) == 1 and names[0].isdecimal() else ", ".join(names)
