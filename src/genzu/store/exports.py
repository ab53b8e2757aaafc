"""Files that Genzu writes for people, and how it knows which of them a person has changed since.

The order of writes: scratch file beside, its hash into the ledger as *pending*, rename, hash confirmed. A process that
is killed in between leaves the old file or the new one, and the ledger knows both as Genzu's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from genzu.core.atomic import cannot_write
from genzu.errors import BadInput, Refused
from genzu.store.ledger import Ledger
from genzu.store.models import ExportRow
from genzu.store.records import add_event
from genzu.store.scratch import put, scratch_file, sha_of_file, sweep

PRIVATE = ".genzu"
"""Name of the folder in a show that is Genzu's own."""

State = Literal["ours", "edited", "missing", "foreign"]


class Exports:
    """The exported files of one show."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self._ledger, self._folder = ledger, folder

    def state(self, path: Path) -> State:
        """What lies at ``path``: our own file, ours changed by a person, nothing, or a file that Genzu never wrote."""
        target = self._target(path)
        with self._ledger.reading() as connection:
            return self._state(connection, target, _sha_at(target))

    def export(self, path: Path, write: Callable[[Path], None]) -> Path:
        """Have ``write`` fill a scratch file and put it at ``path``, or beside it if a person's file is there."""
        target = self._target(path)
        sweep(target.parent)
        with scratch_file(target.parent, target.suffix) as scratch:
            write(scratch)
            scratch.chmod(0o666 & ~_umask())
            sha = sha_of_file(scratch)
            for place in _places(target):
                if self._put(scratch, place, sha):
                    return place
        raise AssertionError("places never end")

    def _put(self, scratch: Path, place: Path, sha: str) -> bool:
        """Put the file at ``place`` unless a person's file is there; a file that is the same already is left."""
        while True:
            with self._ledger.writing() as connection:
                there = _sha_at(place)  # under the lock: another process must not export in between
                self._settle(connection, place, there)
                if there == sha:
                    return True
                if self._state(connection, place, there) not in ("ours", "missing"):
                    return False
                self._remember(connection, place, sha=there, pending=sha)
            with self._ledger.writing() as connection:
                if _sha_at(place) != there:  # somebody changed it in this very moment: look again
                    continue
                put(scratch, place)
                self._confirm(connection, place, sha)
            return True

    def _state(self, connection: Connection, path: Path, there: str | None) -> State:
        row = connection.execute(
            select(ExportRow.sha, ExportRow.pending).where(ExportRow.path == self.key(path))
        ).first()
        if there is None:
            return "missing"
        if row is None or (row.sha is None and row.pending != there):
            return "foreign"
        return "ours" if there in (row.sha, row.pending) else "edited"

    def _settle(self, connection: Connection, path: Path, there: str | None) -> None:
        """Confirm what a process put there that was killed before it could say so."""
        row = connection.execute(select(ExportRow.pending).where(ExportRow.path == self.key(path))).first()
        if there is not None and row is not None and row.pending == there:
            self._confirm(connection, path, there)

    def _confirm(self, connection: Connection, path: Path, sha: str) -> None:
        self._remember(connection, path, sha=sha, pending=None)
        add_event(connection, "file exported", detail={"path": self.key(path), "sha": sha})

    def _remember(self, connection: Connection, path: Path, *, sha: str | None, pending: str | None) -> None:
        key = self.key(path)
        connection.execute(delete(ExportRow).where(ExportRow.path == key))
        connection.execute(insert(ExportRow).values(path=key, sha=sha, pending=pending))

    def _target(self, path: Path) -> Path:
        """An absolute path without ``..``; refuse what would leave the show by its name or enter its private folder."""
        if "\0" in str(path):
            raise BadInput("a path cannot hold a NUL character", where=repr(str(path)), do="choose another name")
        asked = path if path.is_absolute() else Path.cwd() / path
        target = Path(os.path.normpath(asked))
        inside = asked.parts[: len(self._folder.parts)] == self._folder.parts
        if inside and self._folder not in target.parents:
            raise Refused("this path leaves the show's folder", where=path, do="take '..' out of the name")
        parts = (*target.parts, *target.parent.resolve().parts)
        if any(part.casefold() == PRIVATE for part in parts):
            raise Refused("this folder is Genzu's own", where=path, do="choose another folder")
        return target

    def key(self, path: Path) -> str:
        """How the ledger names a path: below the show's folder relative and with ``/``, elsewhere absolute."""
        if self._folder in path.parents:
            return path.relative_to(self._folder).as_posix()
        return str(path)


def _places(target: Path) -> Iterator[Path]:
    yield target
    number = 1
    while True:
        yield target.with_name(f"{target.stem}_new{number}{target.suffix}")
        number += 1


def _sha_at(path: Path) -> str | None:
    """SHA-256 of the file at ``path``; ``None`` if there is none. A folder in the way cannot be written over."""
    try:
        return sha_of_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise cannot_write(path, error) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
