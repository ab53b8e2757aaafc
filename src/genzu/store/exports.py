"""Files that Genzu writes for people, and how it knows which of them a person has changed since.

The order of writes: scratch file beside, its hash into the ledger as *pending*, rename, hash confirmed. A process that
is killed in between leaves the old file or the new one, and the ledger knows both as Genzu's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, delete, insert, select

from genzu.core.atomic import cannot_write
from genzu.errors import BadInput, Refused
from genzu.store.ledger import Ledger
from genzu.store.models import ExportRow
from genzu.store.records import add_event
from genzu.store.scratch import flush, put, scratch_file, sha_of_file, sweep

PRIVATE = ".genzu"
"""Name of the folder in a show that is Genzu's own."""

State = Literal["ours", "edited", "missing", "foreign"]


@dataclass
class _File:
    """A file on its way to its place."""

    target: Path
    scratch: Path
    sha: str

    def __post_init__(self) -> None:
        self.place = self.target


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
        return self.export_all([(path, write)])[0]

    def export_all(self, files: Sequence[tuple[Path, Callable[[Path], None]]]) -> list[Path]:
        """Put several files in their places, in two transactions however many they are; where each really is."""
        with ExitStack() as scratches:
            waiting = [self._written(scratches, path, write) for path, write in files]
            for folder in {file.target.parent for file in waiting}:
                sweep(folder)
            done = list(waiting)
            while waiting:
                waiting = self._put(waiting)
            return [file.place for file in done]

    def _written(self, scratches: ExitStack, path: Path, write: Callable[[Path], None]) -> _File:
        target = self._target(path)
        scratch = scratches.enter_context(scratch_file(target.parent, target.suffix))
        write(scratch)
        scratch.chmod(0o666 & ~_umask())
        flush(scratch)  # before the ledger is locked: others need not wait for the disk
        return _File(target, scratch, sha_of_file(scratch))

    def _put(self, waiting: Sequence[_File]) -> list[_File]:
        """Put what can be put; give back what was changed by somebody in this very moment."""
        ready: list[tuple[_File, str | None]] = []
        with self._ledger.writing() as connection:
            for file in waiting:  # under the lock: another process must not export in between
                there = self._choose_place(connection, file)
                if there != file.sha:
                    self._remember(connection, file.place, sha=there, pending=file.sha)
                    ready.append((file, there))
        again = []
        if ready:
            with self._ledger.writing() as connection:
                for file, there in ready:
                    if _sha_at(file.place) != there:
                        again.append(file)
                        continue
                    put(file.scratch, file.place)
                    self._confirm(connection, file.place, file.sha)
        return again

    def _choose_place(self, connection: Connection, file: _File) -> str | None:
        """Step on to the first place where no person's file lies; what lies there now (its SHA-256)."""
        for place in _places(file.target):
            there = _sha_at(place)
            self._settle(connection, place, there)
            if there == file.sha or self._state(connection, place, there) in ("ours", "missing"):
                file.place = place
                return there
        raise AssertionError("places never end")

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
