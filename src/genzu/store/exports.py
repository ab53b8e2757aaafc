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
from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from genzu.core.atomic import cannot_write
from genzu.errors import BadInput, Refused
from genzu.store.ledger import Ledger
from genzu.store.models import ExportRow
from genzu.store.records import add_events
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
            return _state(self._known(connection, target), _sha_at(target))

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
                    ready.append((file, there))
            self._remember(connection, [_Known(self.key(file.place), there, file.sha) for file, there in ready])
        again, done = list[_File](), list[_File]()
        if ready:
            with self._ledger.writing() as connection:
                for file, there in ready:
                    if _sha_at(file.place) != there:
                        again.append(file)
                        continue
                    put(file.scratch, file.place)
                    done.append(file)
                self._confirm(connection, [(file.place, file.sha) for file in done])
        return again

    def _choose_place(self, connection: Connection, file: _File) -> str | None:
        """Step on to the first place where no person's file lies; what lies there now (its SHA-256)."""
        for place in _places(file.target):
            there, known = _sha_at(place), self._known(connection, place)
            if there is not None and known is not None and known.pending == there:
                # It was put there by a process that was killed before it could say so.
                self._confirm(connection, [(place, there)])
                known = _Known(known.path, there, None)
            if there == file.sha or _state(known, there) in ("ours", "missing"):
                file.place = place
                return there
        raise AssertionError("places never end")

    def _known(self, connection: Connection, path: Path) -> _Known | None:
        row = connection.execute(
            select(ExportRow.path, ExportRow.sha, ExportRow.pending).where(ExportRow.path == self.key(path))
        ).first()
        return None if row is None else _Known(row.path, row.sha, row.pending)

    def _confirm(self, connection: Connection, files: Sequence[tuple[Path, str]]) -> None:
        self._remember(connection, [_Known(self.key(path), sha, None) for path, sha in files])
        add_events(connection, "file exported", [{"path": self.key(path), "sha": sha} for path, sha in files])

    def _remember(self, connection: Connection, files: Sequence[_Known]) -> None:
        if files:
            connection.execute(delete(ExportRow).where(ExportRow.path.in_([file.path for file in files])))
            connection.execute(insert(ExportRow), [file._asdict() for file in files])

    def key(self, path: Path) -> str:
        """How the ledger names a path: below the show's folder relative and with ``/``, elsewhere absolute."""
        if self._folder in path.parents:
            return path.relative_to(self._folder).as_posix()
        return str(path)

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


class _Known(NamedTuple):
    """What the ledger knows of a path."""

    path: str
    sha: str | None
    pending: str | None


def _state(known: _Known | None, there: str | None) -> State:
    if there is None:
        return "missing"
    if known is None or (known.sha is None and known.pending != there):
        return "foreign"
    return "ours" if there in (known.sha, known.pending) else "edited"


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
