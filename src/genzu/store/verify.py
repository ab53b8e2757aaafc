"""Checking a show: everything that the ledger names must be there, and right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from genzu.core.cut import FileRef
from genzu.store import locations
from genzu.store.files import Files
from genzu.store.ledger import Ledger
from genzu.store.models import CutRow, TakeRow
from genzu.store.pictures import Pictures
from genzu.store.records import cut_of

Progress = Callable[[float], None]
"""Called with the share done, 0–1."""

_Check = Callable[[], str | None]


def no_progress(_share: float) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something of the show that is broken."""

    what: str
    """``missing``, ``damaged``, or what the database says of itself."""
    where: str
    """The picture, the file, or ``ledger``."""
    used_by: tuple[str, ...] = ()
    """The takes and cuts that need it."""

    @property
    def sentence(self) -> str:
        """One line for a person."""
        users = f", needed by {', '.join(self.used_by)}" if self.used_by else ""
        return f"{self.where}: {self.what}{users}."


def faults(ledger: Ledger, pictures: Pictures, files: Files, progress: Progress) -> tuple[Fault, ...]:
    """Check all; memory holds one picture at a time."""
    found = [Fault(what=what, where="ledger") for what in ledger.faults()]
    checks = [*_pictures(ledger, pictures), *_files(ledger, files)]
    for done, (where, users, check) in enumerate(checks, start=1):
        what = check()
        if what is not None:
            found.append(Fault(what=what, where=where, used_by=tuple(users)))
        progress(done / len(checks))
    return tuple(found)


def _pictures(ledger: Ledger, pictures: Pictures) -> Iterator[tuple[str, list[str], _Check]]:
    query = select(TakeRow.picture, TakeRow.cut, TakeRow.sheet, TakeRow.stage, TakeRow.number).order_by(TakeRow.id)
    with ledger.reading() as connection:
        rows = connection.execute(query).all()
    users: dict[str, list[str]] = {}
    for row in rows:
        users.setdefault(row.picture, []).append(f"{row.cut} {row.sheet} {row.stage} {row.number}")
    for sha, named in users.items():
        yield f"picture {sha}", named, partial(pictures.fault, sha)


def _files(ledger: Ledger, files: Files) -> Iterator[tuple[str, list[str], _Check]]:
    with ledger.reading() as connection:
        cuts = connection.execute(select(CutRow.number, CutRow.record).order_by(CutRow.number)).all()
        places = locations.all_of(connection)
        query = select(TakeRow.original, TakeRow.cut, TakeRow.sheet, TakeRow.stage, TakeRow.number)
        originals = connection.execute(query.where(TakeRow.original.is_not(None)).order_by(TakeRow.id)).all()
    users: dict[FileRef, list[str]] = {}
    for number, record in cuts:
        cut = cut_of(record, number)
        for ref in filter(None, (cut.layout, cut.materials, cut.marks, cut.board)):
            users.setdefault(ref, []).append(f"cut {number}")
    for place in places:
        for board in place.boards:
            users.setdefault(board.file, []).append(f"place {place.name}")
    for ref, named in users.items():
        yield f"file {ref.name} {ref.sha}", named, partial(files.fault, ref)
    for row in originals:
        named = [f"{row.cut} {row.sheet} {row.stage} {row.number}"]
        yield f"file {row.original}", named, partial(files.fault_of_sha, row.original)
