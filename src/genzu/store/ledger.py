"""The ledger: one database per show, opened safely, migrated when it is old, its errors translated.

SQLite (:mod:`genzu.store.sqlite`) in the show's folder, or PostgreSQL (:mod:`genzu.store.postgresql`) on a server, by
the same code. A writer takes the write lock when its transaction begins, so that what it reads inside (the next take
number) stays true.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from genzu.errors import BadInput, BadRecord, CannotWrite, GenzuError, LedgerBroken, Refused
from genzu.store.database import Database
from genzu.store.migrations import REVISIONS
from genzu.store.sqlite import BRING_BACK, SQLite

MOVED = "moved"
"""In the place of the revision: this ledger was moved elsewhere and takes no more."""

_AGAIN_AFTER_S = (0.1, 0.4, 1.5, 4.0)
"""Pauses before a transaction, or a first connection, is tried again."""

T = TypeVar("T")


class Ledger:
    """Transactions on the database of one show. Threads may share it, and a forked process may go on with it."""

    def __init__(self, url: URL, *, where: Path | str) -> None:
        self.url, self.where = url, where
        self._database = _database(url)
        self._engine, self._pid = self._database.engine(), os.getpid()
        self._met = False
        self._form: str | None = None
        self.before_writing: Callable[[], None] = _nothing
        """Called when a writer has the lock; may refuse."""

    @classmethod
    def at(cls, path: Path) -> Ledger:
        """The SQLite ledger in the file ``path``."""
        return cls(URL.create("sqlite", database=str(path)), where=path)

    @classmethod
    def of_url(cls, url: str) -> Ledger:
        """A ledger on a database server; :class:`BadInput` for a URL that is none or needs a driver that is absent."""
        try:
            parsed = checked_url(url)
            return cls(parsed, where=parsed.render_as_string(hide_password=True))
        except (ArgumentError, ImportError) as error:
            raise BadInput(
                f"the ledger's URL cannot be used ({error})",
                do="write it as postgresql+psycopg://user@host/database, and install its driver "
                "(pip install 'genzu[postgresql]')",
            ) from error

    @property
    def on_a_server(self) -> bool:
        """True unless the ledger is a file."""
        return self.url.get_backend_name() != "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger and changes nothing."""
        with self._translated(), self._connected(self._database.for_reading) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction with the write lock; committed to the disk when the block ends, undone on any error.

        Raises :class:`Refused` if the ledger was moved, or migrated by a newer Genzu, since it was opened.
        """
        with self._locked() as connection:
            self._must_be_current(connection)
            self.before_writing()
            yield connection

    def write(self, job: Callable[[Connection], T]) -> T:
        """Do ``job`` in a writing transaction; again from its start where the database broke off a deadlock."""
        for pause in _AGAIN_AFTER_S:
            try:
                with self.writing() as connection:
                    return job(connection)
            except CannotWrite as error:
                if not self._database.passes_by(_cause(error.__cause__)):
                    raise
            time.sleep(pause)
        with self.writing() as connection:
            return job(connection)

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
            return _revision(connection)

    def bring_up_to_date(self, backups: Path | None = None, *, to: str = REVISIONS[-1]) -> None:
        """Migrate an older ledger after copying it into ``backups``; do nothing if it is up to date.

        A server's ledger is not copied: its migration is undone as a whole if it fails, backups are its keeper's.
        Raises :class:`BadRecord` if a newer Genzu made it, :class:`LedgerBroken` if it is no ledger.
        """
        found, self._form = self.revision(), to
        if found == to:
            return
        if found is not None and found not in REVISIONS:
            raise self._unknown(found)
        with self._locked() as connection:
            if found is None:
                self._database.make_room(connection)
            elif backups is not None:
                self._database.back_up(backups, found)
            _upgrade(connection, to)

    def must_be_whole(self) -> None:
        """:class:`LedgerBroken` if pages are damaged, before anything more is written."""
        with self.reading() as connection:
            found = self._database.first_fault(connection)
        if found is not None:
            raise LedgerBroken(f"the ledger is damaged ({found})", where=self.where, do=BRING_BACK)

    def faults(self) -> tuple[str, ...]:
        """What the database finds wrong with itself; empty if all is well."""
        with self.reading() as connection:
            return self._database.faults(connection)

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        with self._translated(), self._connected(self._database.for_writing) as connection, connection.begin():
            yield connection

    @contextmanager
    def _connected(self, kind: Callable[[Engine], Engine]) -> Iterator[Connection]:
        """A connection; tried again for some seconds where the server is starting or full, or was there before."""
        engine = kind(self.engine)
        for pause in (*_AGAIN_AFTER_S, None):
            try:
                connection = engine.connect()
                break
            except DBAPIError as error:
                passes = self._database.passes_by(error.orig) or (self._met and self._database.away(error.orig))
                if pause is None or not passes:
                    raise
                time.sleep(pause)
        with connection:
            self._met = True
            yield connection

    def _must_be_current(self, connection: Connection) -> None:
        found = _revision(connection)
        if found == MOVED:
            raise Refused("the ledger was moved meanwhile", where=self.where, do="run the same command again")
        if self._form is not None and found != self._form:
            raise Refused(
                f"another Genzu changed the ledger's form meanwhile (to {found})", where=self.where,
                do="use one version of Genzu on all machines, and run the same command again",
            )  # fmt: skip

    def _unknown(self, found: str) -> GenzuError:
        if found == MOVED:
            to = self._moved_to()
            do = f"open it there: genzu init SHOW --join --ledger {to}"
            return Refused("this ledger was moved elsewhere", where=self.where, do=do)
        return BadRecord(
            f"this ledger was made by a newer Genzu (its version is {found}, known is {REVISIONS[-1]})",
            where=self.where,
            do="update Genzu",
        )

    def _moved_to(self) -> str:
        """Where to, as the last event tells: the mover wrote it there."""
        with self.reading() as connection:
            told = connection.execute(text("SELECT detail FROM events ORDER BY id DESC LIMIT 1")).scalar()
        try:
            return str(json.loads(str(told))["to"])
        except (TypeError, ValueError, KeyError):
            return "URL"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._database.translation(_cause(error) or error, self.where) from error
        except PoolTimeout as error:
            raise CannotWrite("too many threads use the ledger at once", where=self.where, do="use fewer") from error
        except sqlite3.Error as error:
            raise self._database.translation(error, self.where) from error
        except UnicodeEncodeError as error:
            raise BadInput(
                f"the text {error.object!r} has letters that cannot be stored", where=self.where, do="write it anew"
            ) from error


def _nothing() -> None:
    """Nobody refuses."""


def checked_url(url: str) -> URL:
    """A ledger's URL as it is used and remembered; :class:`ArgumentError`, or :class:`BadInput` with a reason."""
    words = url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url
    parsed = make_url(words)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        from genzu.store import postgresql

        return postgresql.checked(parsed)
    if backend != "sqlite":
        raise ArgumentError(f"{backend} is neither postgresql nor sqlite")
    return parsed


def _database(url: URL) -> Database:
    if url.get_backend_name() != "postgresql":
        return SQLite(url)
    from genzu.store.postgresql import PostgreSQL

    return PostgreSQL(url)


def _revision(connection: Connection) -> str | None:
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _cause(error: BaseException | None) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _upgrade(connection: Connection, to: str) -> None:
    """Run the migrations in the caller's transaction. Alembic is imported here: most openings do not need it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
