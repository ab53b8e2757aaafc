"""What goes along with a picture out of the show: its recipe, its lineage, the names of the people; one JSON record.

It is written into the picture's file (PNG text chunk ``genzu``, XMP property ``genzu:passport``) and is enough to find
the inputs by their hashes and to paint the picture again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from genzu.core.codec import Fields, Plain, without_none
from genzu.core.credit import Hand
from genzu.core.cut import FileRef
from genzu.core.recipe import Recipe
from genzu.core.take import Stage
from genzu.errors import BadRecord

PASSPORT_VERSION = 1
MOST_TAKES = 1000
LONGEST_PROMPT = 20_000
"""Letters of a prompt that is read from a file; nobody types as many."""
_SHA = re.compile(r"[0-9a-f]{64}")
_FILES = ("layout", "materials", "marks", "board")


def check_sha(text: str, where: str) -> str:
    """Give ``text`` back if it is a SHA-256 in hexadecimal digits."""
    if not _SHA.fullmatch(text):
        raise BadRecord("it is not a SHA-256", where=where)
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One take of the lineage."""

    stage: Stage
    number: int
    pixels: str
    """SHA-256 of its pixels."""
    hand: Hand
    by: str = ""
    recipe: Recipe | None = None

    def to_dict(self) -> Plain:
        """Plain values for JSON; what is absent is left out."""
        return without_none(
            {
                "stage": self.stage.value, "number": self.number, "pixels": self.pixels, "hand": self.hand.value,
                "by": self.by or None, "recipe": self.recipe.to_dict() if self.recipe else None,
            }
        )  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "made") -> Made:
        """Validate and rebuild."""
        fields = Fields(record, path)
        stage, hand, recipe = fields.word("stage", Stage), fields.word("hand", Hand), fields.take("recipe", dict, None)
        if stage is None or hand is None:
            raise BadRecord("this field is missing", where=fields.where("stage" if stage is None else "hand"))
        made = cls(
            stage=stage,
            number=fields.take("number", int),
            pixels=check_sha(fields.take("pixels", str), fields.where("pixels")),
            hand=hand,
            by=fields.take("by", str, None) or "",
            recipe=None if recipe is None else checked_recipe(recipe, fields.where("recipe")),
        )
        fields.nothing_else()
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """Everything that is known of a picture that leaves."""

    program: str
    """Version of Genzu that wrote it."""
    show: str
    """Title."""
    cut: str
    sheet: str
    made: tuple[Made, ...]
    """The picture's own take first, then all that it was made from, newest first."""
    files: dict[str, FileRef] = field(default_factory=dict)
    """What people gave, by ``layout, materials, marks, board``: names as they were given, and SHA-256 of the bytes."""
    people: tuple[tuple[str, str], ...] = ()
    """(name, role)."""
    source: str = ""
    """IPTC DigitalSourceType, as a URI."""

    @property
    def take(self) -> Made:
        """The picture's own take."""
        return self.made[0]

    def of_pixels(self, sha: str) -> Made | None:
        """The take of the lineage that has these pixels."""
        return next((one for one in self.made if one.pixels == sha), None)

    @property
    def painting(self) -> Made | None:
        """The newest take that a machine made: the picture itself, or what people painted over."""
        return next((one for one in self.made if one.recipe is not None), None)

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return without_none(
            {
                "genzu_passport": PASSPORT_VERSION, "program": self.program, "show": self.show, "cut": self.cut,
                "sheet": self.sheet, "made": [one.to_dict() for one in self.made],
                "files": {key: ref.to_dict() for key, ref in self.files.items()} or None,
                "people": [{"name": name, "role": role} for name, role in self.people] or None,
                "digital_source_type": self.source or None,
            }
        )  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "genzu") -> Passport:
        """Validate and rebuild; raises :class:`BadRecord` with the path to the field."""
        fields = Fields(record, path)
        version = fields.take("genzu_passport", int)
        if version != PASSPORT_VERSION:
            raise BadRecord(f"version {version} is not known", where=fields.where("genzu_passport"), do="update Genzu")
        made = fields.each("made", Made.from_dict)
        if not 1 <= len(made) <= MOST_TAKES:
            raise BadRecord(f"{len(made)} takes cannot be", where=fields.where("made"))
        passport = cls(
            program=fields.take("program", str),
            show=fields.take("show", str),
            cut=fields.take("cut", str),
            sheet=fields.take("sheet", str),
            made=made,
            files=_files(fields),
            people=fields.each("people", _person),
            source=fields.take("digital_source_type", str, None) or "",
        )
        fields.nothing_else()
        return passport


def checked_recipe(record: object, path: str) -> Recipe:
    """A recipe from outside: its hashes must be hashes, for files are looked for by them."""
    recipe = Recipe.from_dict(record, path)
    if len(recipe.prompt) > LONGEST_PROMPT:
        raise BadRecord(f"it is longer than {LONGEST_PROMPT:,} letters", where=f"{path}.prompt")
    for key in ("layout", "materials", "marks", "board", "rough", "base", "mask"):
        sha = getattr(recipe, key)
        if sha is not None:
            check_sha(sha, f"{path}.{key}")
    return recipe


def _files(fields: Fields) -> dict[str, FileRef]:
    found = Fields(fields.take("files", dict, None) or {}, fields.where("files"))
    refs = {}
    for key in _FILES:
        record = found.take(key, dict, None)
        if record is not None:
            refs[key] = FileRef.from_dict(record, found.where(key))
            check_sha(refs[key].sha, f"{found.where(key)}.sha")
    found.nothing_else()
    return refs


def _person(record: object, path: str) -> tuple[str, str]:
    fields = Fields(record, path)
    person = fields.take("name", str), fields.take("role", str)
    fields.nothing_else()
    return person
