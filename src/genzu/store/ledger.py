"""The ledger: one database per show, opened safely, migrated when it is old, its errors translated.

SQLite in WAL mode with synchronous=FULL and foreign keys on; a PostgreSQL URL works by the same code. A writer takes
the write lock when its transaction begins, so that what it reads inside (the next take number) stays true.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from genzu.errors import BadInput, BadRecord, CannotWrite, GenzuError, LedgerBroken
from genzu.store.migrations import REVISIONS
from genzu.store.scratch import put, scratch_file

_WAIT_FOR_LOCK_MS = 30_000
_WRITES = "genzu_writes"
_BRING_BACK = "bring ledger.db back from a backup"

_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space"),
    sqlite3.SQLITE_IOERR: ("the disk does not take what must be written", "free some space or check the disk"),
    sqlite3.SQLITE_READONLY: ("the ledger is write-protected", "allow writing to the show's folder"),
    sqlite3.SQLITE_PERM: ("there is no permission to write", "allow writing to the show's folder"),
    sqlite3.SQLITE_CANTOPEN: ("the ledger cannot be opened", "check the permissions of the show's folder"),
    sqlite3.SQLITE_BUSY: ("another program is writing to the ledger", "try again when it is done"),
    sqlite3.SQLITE_LOCKED: ("another program is writing to the ledger", "try again when it is done"),
}


class Ledger:
    """Transactions on the database of one show. Threads may share it, and a forked process may go on with it."""

    def __init__(self, url: URL, *, where: Path | str) -> None:
        self.url, self.where = url, where
        self._engine, self._pid = _engine(url), os.getpid()

    @classmethod
    def at(cls, path: Path) -> Ledger:
        """The SQLite ledger in the file ``path``."""
        return cls(URL.create("sqlite", database=str(path)), where=path)

    @classmethod
    def of_url(cls, url: str) -> Ledger:
        """A ledger on a database server; :class:`BadInput` for a URL that is none or needs a driver that is absent."""
        try:
            parsed = make_url(url)
            return cls(parsed, where=parsed.render_as_string(hide_password=True))
        except (ArgumentError, ImportError) as error:
            raise BadInput(
                f"the ledger's URL cannot be used ({error})",
                do="write it as postgresql+psycopg://user@host/database, and install its driver",
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger and changes nothing."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction with the write lock; committed to the disk when the block ends, undone on any error."""
        writer = self.engine.execution_options(**{_WRITES: True})
        with self._translated(), writer.begin() as connection:
            yield connection

    @property
    def engine(self) -> Engine:
        """The connections; those of a parent process are left alone."""
        if self._pid != os.getpid():
            self._engine.dispose(close=False)
            self._pid = os.getpid()
        return self._engine

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    def revision(self) -> str | None:
        """Revision of the tables; ``None`` if there are none yet."""
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def bring_up_to_date(self, backups: Path | None = None, *, to: str = REVISIONS[-1]) -> None:
        """Migrate an older ledger after copying it into ``backups``; do nothing if it is up to date.

        Raises :class:`BadRecord` if a newer Genzu made it, :class:`LedgerBroken` if it is no ledger.
        """
        found = self.revision()
        if found == to:
            return
        if found is not None and found not in REVISIONS:
            raise BadRecord(
                f"this ledger was made by a newer Genzu (its version is {found}, known is {REVISIONS[-1]})",
                where=self.where,
                do="update Genzu",
            )
        with self.writing() as connection:
            if found is not None and backups is not None and self.url.get_backend_name() == "sqlite":
                self._back_up(backups, found)
            _upgrade(connection, to)

    def _back_up(self, folder: Path, revision: str) -> None:
        """Copy the ledger as it was committed last. The write lock is held: nobody changes it meanwhile."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        with scratch_file(folder, ".db") as scratch:
            with closing(sqlite3.connect(str(self.url.database))) as now, closing(sqlite3.connect(scratch)) as copy:
                now.backup(copy)
            put(scratch, folder / f"ledger-{revision}-{stamp}.db")

    def must_be_whole(self) -> None:
        """:class:`LedgerBroken` if pages are damaged, before anything more is written (2 ms for 2,000 takes)."""
        if self.url.get_backend_name() != "sqlite":
            return
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise LedgerBroken(f"the ledger is damaged ({found})", where=self.where, do=_BRING_BACK)

    def faults(self) -> tuple[str, ...]:
        """What the database finds wrong with itself; empty if all is well."""
        if self.url.get_backend_name() != "sqlite":
            return ()
        with self.reading() as connection:
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return (
            *(str(line) for line in whole if line != "ok"),
            *(f"{row[0]} row {row[1]} points to nothing in {row[2]}" for row in loose),
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _translation(error, self.where) from error
        except sqlite3.Error as error:
            raise _of_sqlite(error, self.where) from error
        except UnicodeEncodeError as error:
            raise BadInput(
                f"the text {error.object!r} has letters that cannot be stored", where=self.where, do="write it anew"
            ) from error


def _engine(url: URL) -> Engine:
    engine = create_engine(url)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Settings of every SQLite connection; the driver's own transaction guessing is switched off."""
    connection.isolation_level = None
    for setting in (
        f"busy_timeout={_WAIT_FOR_LOCK_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
        "trusted_schema=OFF",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(connection: Connection, to: str) -> None:
    """Run the migrations in the caller's transaction. Alembic is imported here: most openings do not need it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _translation(error: DBAPIError, where: Path | str) -> GenzuError:
    cause: Any = error.orig
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, where)
    return CannotWrite(f"the database refuses ({cause})", where=where, do="check the database server")


def _of_sqlite(error: sqlite3.Error, where: Path | str) -> GenzuError:
    """SQLite's primary result code decides: https://sqlite.org/rescode.html."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _CANNOT_WRITE:
        what, do = _CANNOT_WRITE[code]
        return CannotWrite(what, where=where, do=do)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return LedgerBroken(f"the ledger refuses this change ({error})", where=where, do="add a new take instead")
    return LedgerBroken(f"the ledger is damaged or is none ({error})", where=where, do=_BRING_BACK)
