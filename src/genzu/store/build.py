"""What a build needs of the ledger: everything at once to compare, and what it remembers between two runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select

from genzu.core.codec import Fields, Plain, canonical
from genzu.core.cut import Cut, FileRef
from genzu.core.geometry import Extent
from genzu.core.place import Location
from genzu.core.recipe import Recipe
from genzu.store import cuts, locations
from genzu.store.claims import Claims
from genzu.store.ledger import Ledger
from genzu.store.models import (
    ApprovalRow,
    CreditRow,
    EventRow,
    FilesWrittenRow,
    LayoutSeenRow,
    OriginRow,
    ParentRow,
    TakeRow,
)
from genzu.store.records import plain


@dataclass(frozen=True, kw_only=True)
class TakeLine:
    """A take as far as a build asks for it; its recipe is read only when somebody looks."""

    id: int
    cut: str
    sheet: str
    stage: str
    number: int
    picture: str
    by: str
    recipe_digest: str | None
    recipe_text: str | None

    @cached_property
    def recipe(self) -> Recipe | None:
        """What made it; ``None`` for a person's take."""
        where = f"takes[{self.id}].recipe"
        return Recipe.from_dict(plain(self.recipe_text, where), where) if self.recipe_text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLayout:
    """What an intake found in a layout's file."""

    source: str
    """SHA-256 of the pixels, as recipes name it."""
    sheets: tuple[str, ...]
    extent: Extent
    """Of every sheet, at the size that the cut asks for."""

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {
            "source": self.source, "sheets": list(self.sheets), "width": self.extent.width,
            "height": self.extent.height,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "layout") -> SeenLayout:
        """Validate and rebuild."""
        fields = Fields(record, path)
        width, height = fields.take("width", int), fields.take("height", int)
        seen = cls(
            source=fields.take("source", str), sheets=fields.each("sheets", lambda item, _: str(item)),
            extent=Extent(width, height),
        )  # fmt: skip
        fields.nothing_else()
        return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesWritten:
    """The files of one sheet as they were written last."""

    paintings: tuple[str, ...]
    """Pictures (SHA-256) that they show, the chosen hand first."""
    people: str
    """A digest of the names that stand in them."""
    files: tuple[str, ...]
    """Names beside the stem's folder; where a person's file was in the way, those that were written beside it."""

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {"paintings": list(self.paintings), "people": self.people, "files": list(self.files)}

    @classmethod
    def from_dict(cls, record: object, path: str = "files") -> FilesWritten:
        """Validate and rebuild."""
        fields = Fields(record, path)
        written = cls(
            paintings=fields.each("paintings", lambda item, _: str(item)), people=fields.take("people", str),
            files=fields.each("files", lambda item, _: str(item)),
        )  # fmt: skip
        fields.nothing_else()
        return written


@dataclass(frozen=True, slots=True)
class Origin:
    """A file outside, as it was when it was copied into the show."""

    path: Path
    file: str
    """SHA-256 of its bytes."""
    bytes: int
    changed_ns: int

    @property
    def looks_the_same(self) -> bool:
        """True if size and time of the last change are what they were; false too if it is gone."""
        try:
            now = self.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.bytes, self.changed_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All of a show that a build compares, as it was at one moment."""

    cuts: tuple[Cut, ...]
    """In the order of the film."""
    places: tuple[Location, ...]
    takes: tuple[TakeLine, ...]
    """In the order of recording."""
    parents: Mapping[int, tuple[int, ...]]
    approved: Mapping[tuple[str, str], int]
    """The take that was approved last, by cut and sheet."""
    people: Mapping[str, tuple[tuple[str, str], ...]]
    """Name and role by cut; under an empty number those of the whole show."""
    seen: Mapping[tuple[str, str, str], SeenLayout]
    """By the file's SHA-256, the intake's version and the size that is asked for."""
    written: Mapping[tuple[str, str], Mapping[str, FilesWritten]]
    """By cut and sheet, then by path: files may have been written in several places."""


class Build:
    """What a build asks the ledger for, and what it leaves there."""

    def __init__(self, ledger: Ledger, key: Callable[[Path], str]) -> None:
        self._ledger, self._key = ledger, key
        self.claims = Claims(ledger)

    def standing(self, only: str | None = None) -> Standing:
        """Everything at once: one query per table; the takes of one cut if only that matters."""
        with self._ledger.reading() as connection:
            return Standing(
                cuts=cuts.all_of(connection),
                places=locations.all_of(connection),
                takes=_takes(connection, only),
                parents=_parents(connection),
                approved=_approved(connection),
                people=_people(connection),
                seen=_seen(connection),
                written=_written(connection),
            )

    def last_event(self) -> int:
        """Grows whenever something in the show changes."""
        with self._ledger.reading() as connection:
            return int(connection.execute(select(func.max(EventRow.id))).scalar() or 0)

    def newest_take(self, cut: str | None = None) -> int:
        """Id of the take that was recorded last, of one cut or of all; 0 if there is none."""
        query = select(func.max(TakeRow.id))
        with self._ledger.reading() as connection:
            return int(connection.execute(query.where(TakeRow.cut == cut) if cut else query).scalar() or 0)

    def see(self, file: str, intake: str, size: Extent | None, seen: SeenLayout) -> None:
        """Remember what an intake found in a file."""
        row = {"file": file, "intake": intake, "size": str(size) if size else ""}
        same = [getattr(LayoutSeenRow, name) == value for name, value in row.items()]
        record = canonical(seen.to_dict())
        with self._ledger.reading() as connection:
            if connection.execute(select(LayoutSeenRow.record).where(*same)).scalar() == record:
                return
        with self._ledger.writing() as connection:
            connection.execute(delete(LayoutSeenRow).where(*same))
            connection.execute(insert(LayoutSeenRow).values(**row, record=record))

    def key(self, path: Path) -> str:
        """How the ledger names a path: below the show's folder relative, elsewhere absolute."""
        return self._key(Path(os.path.abspath(path)))  # noqa: PTH100 - as exports name it

    def wrote(self, path: Path, cut: str, sheet: str, written: FilesWritten) -> None:
        """Remember that all files of a sheet are written."""
        key = self.key(path)
        values = {"cut": cut, "sheet": sheet, "record": canonical(written.to_dict())}
        with self._ledger.writing() as connection:
            connection.execute(delete(FilesWrittenRow).where(FilesWrittenRow.path == key))
            connection.execute(insert(FilesWrittenRow).values(path=key, **values))

    def came_from(self, path: Path, ref: FileRef) -> None:
        """Remember where a kept file was copied from."""
        origin = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would replace links that people made
        try:
            now = origin.stat()
        except OSError:
            return  # it was there a moment ago: nothing can be followed
        with self._ledger.writing() as connection:
            connection.execute(delete(OriginRow).where(OriginRow.path == str(origin)))
            connection.execute(
                insert(OriginRow).values(path=str(origin), file=ref.sha, bytes=now.st_size, changed_ns=now.st_mtime_ns)
            )

    def origins(self) -> tuple[Origin, ...]:
        """Where kept files were copied from, by path."""
        with self._ledger.reading() as connection:
            rows = connection.execute(select(*OriginRow.__table__.columns).order_by(OriginRow.path)).all()
        return tuple(Origin(Path(row.path), row.file, row.bytes, row.changed_ns) for row in rows)


def _takes(connection: Connection, only: str | None) -> tuple[TakeLine, ...]:
    columns = (
        TakeRow.id, TakeRow.cut, TakeRow.sheet, TakeRow.stage, TakeRow.number, TakeRow.picture, TakeRow.by,
        TakeRow.recipe_digest, TakeRow.recipe,
    )  # fmt: skip
    query = select(*columns).order_by(TakeRow.id)
    if only is not None:
        query = query.where(TakeRow.cut == only)
    return tuple(
        TakeLine(
            id=row[0], cut=row[1], sheet=row[2], stage=row[3], number=row[4], picture=row[5], by=row[6],
            recipe_digest=row[7], recipe_text=row[8],
        )
        for row in connection.execute(query)
    )  # fmt: skip


def _parents(connection: Connection) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = select(ParentRow.take, ParentRow.parent).order_by(ParentRow.take, ParentRow.place)
    for child, parent in connection.execute(rows):
        found[child] = (*found.get(child, ()), parent)
    return found


def _approved(connection: Connection) -> dict[tuple[str, str], int]:
    rows = (
        select(TakeRow.cut, TakeRow.sheet, ApprovalRow.take)
        .join(TakeRow, TakeRow.id == ApprovalRow.take)
        .order_by(ApprovalRow.id)
    )
    return {(cut, sheet): take for cut, sheet, take in connection.execute(rows)}


def _people(connection: Connection) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for cut, name, role in connection.execute(
        select(CreditRow.cut, CreditRow.name, CreditRow.role).order_by(CreditRow.id)
    ):
        found[cut] = (*found.get(cut, ()), (name, role))
    return found


def _written(connection: Connection) -> dict[tuple[str, str], dict[str, FilesWritten]]:
    found: dict[tuple[str, str], dict[str, FilesWritten]] = {}
    for row in connection.execute(select(*FilesWrittenRow.__table__.columns)):
        where = f"files[{row.path}]"
        written = FilesWritten.from_dict(plain(row.record, where), where)
        found.setdefault((row.cut, row.sheet), {})[row.path] = written
    return found


def _seen(connection: Connection) -> dict[tuple[str, str, str], SeenLayout]:
    rows = connection.execute(select(*LayoutSeenRow.__table__.columns))
    return {
        (row.file, row.intake, row.size): SeenLayout.from_dict(plain(row.record, f"layouts[{row.file}]"), "layout")
        for row in rows
    }
