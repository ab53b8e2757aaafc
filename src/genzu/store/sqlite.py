"""SQLite as the ledger's database: WAL mode, synchronous=FULL, foreign keys on; the default of every show."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event

from genzu.errors import CannotWrite, GenzuError, LedgerBroken
from genzu.store.scratch import put, scratch_file

WAIT_FOR_LOCK_MS = 30_000
BRING_BACK = "bring ledger.db back from a backup"
WRITES = "genzu_writes"
"""Execution option of a transaction that is going to write."""

_CANNOT_WRITE = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space"),
    sqlite3.SQLITE_IOERR: ("the disk does not take what must be written", "free some space or check the disk"),
    sqlite3.SQLITE_READONLY: ("the ledger is write-protected", "allow writing to the show's folder"),
    sqlite3.SQLITE_PERM: ("there is no permission to write", "allow writing to the show's folder"),
    sqlite3.SQLITE_CANTOPEN: ("the ledger cannot be opened", "check the permissions of the show's folder"),
    sqlite3.SQLITE_BUSY: ("another program is writing to the ledger", "try again when it is done"),
    sqlite3.SQLITE_LOCKED: ("another program is writing to the ledger", "try again when it is done"),
}


class SQLite:
    """What a ledger must know of SQLite."""

    def __init__(self, url: URL) -> None:
        self._url = url

    def engine(self) -> Engine:
        """Connections with the settings that keep what is written."""
        engine = create_engine(self._url)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def for_reading(self, engine: Engine) -> Engine:
        """A transaction of SQLite sees one state by itself."""
        return engine

    def for_writing(self, engine: Engine) -> Engine:
        """The write lock is taken when the transaction begins."""
        return engine.execution_options(**{WRITES: True})

    def make_room(self, _connection: Connection) -> None:
        """The file is all there is."""

    def passes_by(self, _error: BaseException | None) -> bool:
        """SQLite waits by itself; what it then says stays true."""
        return False

    def away(self, _error: BaseException | None) -> bool:
        """A file is always there to answer."""
        return False

    def translation(self, error: BaseException, where: Path | str) -> GenzuError:
        """SQLite's primary result code decides: https://sqlite.org/rescode.html."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _CANNOT_WRITE:
            what, do = _CANNOT_WRITE[code]
            return CannotWrite(what, where=where, do=do)
        if code == sqlite3.SQLITE_CONSTRAINT:
            return LedgerBroken(f"the ledger refuses this change ({error})", where=where, do="add a new take instead")
        return LedgerBroken(f"the ledger is damaged or is none ({error})", where=where, do=BRING_BACK)

    def first_fault(self, connection: Connection) -> str | None:
        """A damaged page, found quickly (2 ms for 2,000 takes)."""
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        return None if found == "ok" else str(found)

    def faults(self, connection: Connection) -> tuple[str, ...]:
        """Damaged pages, and rows that point to nothing."""
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return (
            *(str(line) for line in whole if line != "ok"),
            *(f"{row[0]} row {row[1]} points to nothing in {row[2]}" for row in loose),
        )

    def back_up(self, folder: Path, revision: str) -> Path:
        """Copy the ledger, as it was committed last, into ``folder``; the caller holds the write lock."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        with scratch_file(folder, ".db") as scratch:
            with closing(sqlite3.connect(str(self._url.database))) as now, closing(sqlite3.connect(scratch)) as copy:
                now.backup(copy)
            put(scratch, folder / f"ledger-{revision}-{stamp}.db")
        return folder / f"ledger-{revision}-{stamp}.db"


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """Settings of every SQLite connection; the driver's own transaction guessing is switched off."""
    connection.isolation_level = None
    for setting in (
        f"busy_timeout={WAIT_FOR_LOCK_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
        "trusted_schema=OFF",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
