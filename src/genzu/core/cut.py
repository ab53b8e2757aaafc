"""A cut of the film and what its background is made from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from genzu.core.codec import Fields, Plain, is_text, shown, under, without_none
from genzu.core.geometry import Extent
from genzu.errors import BadRecord

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")

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
    """One cut: its number (letters, digits, ``.`` and ``-``), its layout and what was asked for."""

    number: str
    layout: FileRef
    prompt: str = ""
    seed: int = 0
    engine: str = "embedded"
    size: Extent | None = None
    materials: FileRef | None = None
    marks: FileRef | None = None
    board: FileRef | None = None

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number):
            raise BadRecord(
                f"{shown(self.number)} is not a cut number",
                where="cut.number",
                do="use letters, digits, '.' and '-', at most 32",
            )
        check_prompt(self.prompt, "cut.prompt")
        check_seed(self.seed, "cut.seed")

    def to_dict(self) -> Plain:
        """Plain values for JSON; what is absent is left out."""
        return without_none(
            {
                "number": self.number, "layout": self.layout.to_dict(), "prompt": self.prompt,
                "seed": self.seed, "engine": self.engine, "width": self.size.width if self.size else None,
                "height": self.size.height if self.size else None,
                **{k: ref.to_dict() for k, ref in self._optional_files().items() if ref},
            }
        )  # fmt: skip

    def _optional_files(self) -> dict[str, FileRef | None]:
        return {"materials": self.materials, "marks": self.marks, "board": self.board}

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
            )
        fields.nothing_else()
        return cut
