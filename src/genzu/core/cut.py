"""A cut of the film and what its background is made from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from genzu.core.camera import CameraPath
from genzu.core.codec import Fields, Plain, is_text, shown, under, without_none
from genzu.core.geometry import Extent
from genzu.core.numbers import CUT_NUMBER
from genzu.core.timing import LONGEST
from genzu.core.transition import Dissolve
from genzu.errors import BadRecord

LARGEST_SEED = 2**63 - 1
"""What SQLite's and numpy's integers hold."""


def check_seed(seed: int, where: str) -> None:
    """Refuse a seed that does not fit."""
    if not 0 <= seed <= LARGEST_SEED:
        raise BadRecord(f"{shown(seed)} is out of range", where=where, do="use 0 to 2**63 − 1")


def check_prompt(prompt: str, where: str) -> None:
    """Refuse a prompt that no ledger could hold."""
    if not is_text(prompt):
        raise BadRecord("it is not text", where=where, do="write the prompt in UTF-8")


def check_words(text: str, where: str) -> None:
    """Refuse text that a cell of a list could not hold: control characters, or blanks around it."""
    check_prompt(text, where)
    if text != text.strip() or any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise BadRecord(f"{shown(text)} has control characters or blanks around it", where=where, do="write it anew")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file that a person gave, kept by the show byte for byte."""

    sha: str
    """SHA-256 of its bytes."""
    name: str
    """Name of the file as it was given, without folders."""

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {"sha": self.sha, "name": self.name}

    @classmethod
    def from_dict(cls, record: object, path: str = "file") -> FileRef:
        """Validate and rebuild."""
        fields = Fields(record, path)
        ref = cls(sha=fields.take("sha", str), name=fields.take("name", str))
        fields.nothing_else()
        return ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One cut: its number (letters, digits, ``.`` and ``-``), its layout, what was asked for, its place in the film."""

    number: str
    layout: FileRef
    prompt: str = ""
    seed: int = 0
    engine: str = "embedded"
    size: Extent | None = None
    materials: FileRef | None = None
    marks: FileRef | None = None
    board: FileRef | None = None

    frames: int | None = None
    """Length in frames, at least 1; ``None`` while nobody has said it."""
    place: str = ""
    """Name of a place of the show: its words and its board hold for all its cuts."""
    season: str = ""
    time: str = ""
    weather: str = ""
    uses: str = ""
    """Number of the cut whose background this one shows (兼用)."""
    books: tuple[str, ...] = ()
    """Names of the BOOK sheets that the list asks for."""
    cels: tuple[str, ...] = ()
    """Names of the cels that lie over the background."""
    camera: CameraPath | None = None
    camera_words: str = ""
    """What the camera does, in the list's words (``PAN``, ``T.U``), where no path is given."""
    dissolve: Dissolve | None = None
    """How it follows the cut before; ``None``: by a hard cut."""
    note: str = ""
    order: int | None = None
    """Place in the film, counted from 1; ``None`` where the film runs in the order of the numbers."""
    record_in: int | None = None
    """First frame on the film; ``None`` where the cut follows the one before it without a gap."""

    def __post_init__(self) -> None:
        for name, number in (("number", self.number), ("uses", self.uses or self.number)):
            if not CUT_NUMBER.fullmatch(number):
                raise BadRecord(
                    f"{shown(number)} is not a cut number",
                    where=f"cut.{name}",
                    do="use letters, digits, '.' and '-', at most 32",
                )
        check_prompt(self.prompt, "cut.prompt")
        check_seed(self.seed, "cut.seed")
        for name in ("place", "season", "time", "weather", "camera_words", "note"):
            check_words(getattr(self, name), f"cut.{name}")
        for name in ("books", "cels"):
            for sheet in getattr(self, name):
                check_words(sheet, f"cut.{name}")
        for name, least in (("frames", 1), ("order", 1), ("record_in", 0)):
            count = getattr(self, name)
            if count is not None and not least <= count <= LONGEST:
                raise BadRecord(f"{shown(count)} is out of range", where=f"cut.{name}", do=f"use {least} or more")

    def to_dict(self) -> Plain:
        """Plain values for JSON; what is absent is left out."""
        return without_none(
            {
                "number": self.number, "layout": self.layout.to_dict(), "prompt": self.prompt,
                "seed": self.seed, "engine": self.engine, "width": self.size.width if self.size else None,
                "height": self.size.height if self.size else None,
                **{k: ref.to_dict() for k, ref in self._optional_files().items() if ref},
                **self._film(),
            }
        )  # fmt: skip

    def _optional_files(self) -> dict[str, FileRef | None]:
        return {"materials": self.materials, "marks": self.marks, "board": self.board}

    def _film(self) -> Plain:
        """What a cut list says, without what it does not say: a ledger from before there were lists stays as it is."""
        words = {name: getattr(self, name) or None for name in _WORDS}
        return {
            **words,
            **{name: list(getattr(self, name)) or None for name in ("books", "cels")},
            **{name: getattr(self, name) for name in ("frames", "order", "record_in")},
            "camera": self.camera.to_dict() if self.camera else None,
            "dissolve": self.dissolve.to_dict() if self.dissolve else None,
        }

    @classmethod
    def from_dict(cls, record: object, path: str = "cut") -> Cut:
        """Validate and rebuild; errors carry the path to the field."""
        fields = Fields(record, path)

        def ref(key: str) -> FileRef | None:
            found = fields.take(key, dict, None)
            return None if found is None else FileRef.from_dict(found, fields.where(key))

        with under(path, "cut"):
            cut = cls(
                number=fields.take("number", str),
                layout=FileRef.from_dict(fields.take("layout", dict), fields.where("layout")),
                prompt=fields.take("prompt", str, None) or "",
                seed=fields.take("seed", int, None) or 0,
                engine=fields.take("engine", str, None) or "embedded",
                size=Extent.from_fields(fields),
                materials=ref("materials"),
                marks=ref("marks"),
                board=ref("board"),
                **_film_of(fields),
            )
        fields.nothing_else()
        return cut


_WORDS = ("place", "season", "time", "weather", "uses", "camera_words", "note")


def _film_of(fields: Fields) -> Plain:
    camera, dissolve = fields.take("camera", dict, None), fields.take("dissolve", dict, None)
    return {
        **{name: fields.take(name, str, None) or "" for name in _WORDS},
        **{name: fields.each(name, _word) for name in ("books", "cels")},
        **{name: fields.take(name, int, None) for name in ("frames", "order", "record_in")},
        "camera": None if camera is None else CameraPath.from_dict(camera, fields.where("camera")),
        "dissolve": None if dissolve is None else Dissolve.from_dict(dissolve, fields.where("dissolve")),
    }


def _word(item: object, path: str) -> str:
    if not isinstance(item, str) or not item:
        raise BadRecord(f"{shown(item)} is not a name", where=path)
    return item
