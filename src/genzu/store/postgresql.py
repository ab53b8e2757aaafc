"""PostgreSQL as the ledger's database: for shows that several machines paint at once.

One schema holds one show (``?schema=NAME``; without it, ``public``). A writer takes an advisory lock of that schema
when its transaction begins, as SQLite's writers take the lock of their file: what it reads inside (the next take
number) stays true, and the ids of events are in the order in which they were committed. Readers see one state and wait
for nobody. The lock, the time limit and the search path are set for one transaction each, so a connection pooler may
stand in between.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from genzu.errors import BadInput, GenzuError
from genzu.store.postgresql_checks import loose, unguarded, unreadable
from genzu.store.postgresql_errors import no_answer, passes_by, translation
from genzu.store.sqlite import WAIT_FOR_LOCK_MS, WRITES

PASSWORD = "GENZU_LEDGER_PASSWORD"
"""Environment variable with the password; ``PGPASSWORD`` and ``~/.pgpass`` work, too."""

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_SECRETS = ("password", "sslpassword", "passfile")
_OURS = ("schema",)
_CONNECT_WITHIN_S = 10
_IDLE_IDENT = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# A writer that hangs (a machine asleep, a dead network) gives the lock back after this time; an honest one needs
# milliseconds, or, where it puts an exported file, the time of one renaming and two checksums.
_HUNG_AFTER = "15min"


class PostgreSQL:
    """What a ledger must know of PostgreSQL."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._schema = schema_of(url)

    def engine(self) -> Engine:
        """Connections: few that are kept, more for a moment; each is tried before it is used again."""
        address = self._url.difference_update_query(_OURS)
        extra: dict[str, Any] = {
            "application_name": "genzu", "client_encoding": "utf8", "connect_timeout": _CONNECT_WITHIN_S, **_IDLE_IDENT,
        }  # fmt: skip
        given = {name: value for name, value in extra.items() if name not in address.query}
        if os.environ.get(PASSWORD):
            given["password"] = os.environ[PASSWORD]
        given["prepare_threshold"] = None  # prepared statements do not survive a pooler
        engine = create_engine(address, connect_args=given, pool_pre_ping=True, pool_size=2, max_overflow=30)
        event.listen(engine, "begin", self._begin)
        return engine

    def for_reading(self, engine: Engine) -> Engine:
        """One state of the ledger for all queries of the transaction, and no change."""
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def for_writing(self, engine: Engine) -> Engine:
        """Each query sees what was committed before it; the lock keeps other writers out."""
        return engine.execution_options(isolation_level="READ COMMITTED", **{WRITES: True})

    def _begin(self, connection: Connection) -> None:
        path = f'SET LOCAL search_path = "{self._schema}"'
        if connection.get_execution_options().get(WRITES, False):
            path = (
                f"{path}; SET LOCAL lock_timeout = {WAIT_FOR_LOCK_MS}; "
                f"SET LOCAL idle_in_transaction_session_timeout = '{_HUNG_AFTER}'; "
                f"SELECT pg_advisory_xact_lock({self._lock})"
            )
        connection.exec_driver_sql(path)

    @property
    def _lock(self) -> int:
        """Advisory locks are numbers of one database: 64 bits of the schema's name."""
        return int.from_bytes(sha256(f"genzu ledger {self._schema}".encode()).digest()[:8], signed=True)

    def make_room(self, connection: Connection) -> None:
        """Make the schema of a new ledger; :class:`BadInput` if the database cannot store Japanese."""
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            raise BadInput(
                f"this database stores text as {encoding}, which has no room for every name", where=_shown(self._url),
                do="make one with ENCODING 'UTF8' TEMPLATE template0",
            )  # fmt: skip
        there = connection.exec_driver_sql(f"SELECT 1 FROM pg_namespace WHERE nspname = '{self._schema}'").scalar()
        if there is None:
            connection.exec_driver_sql(f'CREATE SCHEMA "{self._schema}"')

    def passes_by(self, error: BaseException | None) -> bool:
        """True for what may be well in a moment: the server starts, is full of clients, or broke a deadlock."""
        return passes_by(error)

    def away(self, error: BaseException | None) -> bool:
        """True while a server is being started anew."""
        return no_answer(error)

    def translation(self, error: BaseException, where: Path | str) -> GenzuError:
        """The five characters of SQLSTATE decide."""
        return translation(error, where)

    def first_fault(self, _connection: Connection) -> str | None:
        """The server checks its own pages whenever it reads them."""
        return None

    def faults(self, connection: Connection) -> tuple[str, ...]:
        """Rows that cannot be read or point to nothing, and protections that somebody switched off."""
        broken = (*unguarded(connection, self._schema), *unreadable(connection))
        return broken or tuple(loose(connection))

    def back_up(self, _folder: Path, _revision: str) -> Path | None:
        """A server's backups are its keeper's business; a migration that fails is undone by its transaction."""
        return None


def checked(url: URL) -> URL:
    """The URL with the driver that Genzu uses; :class:`BadInput` if it carries a password or a bad schema."""
    if url.password is not None or any(name in url.query for name in _SECRETS):
        raise BadInput(
            "a password does not belong into the ledger's URL: others would see it", where=_shown(url),
            do=f"leave it out and set {PASSWORD} or PGPASSWORD, or write it into ~/.pgpass",
        )  # fmt: skip
    if not url.database:
        raise BadInput("the ledger's URL names no database", where=_shown(url), do="end it in /DATABASE")
    schema_of(url)
    return url.set(drivername="postgresql+psycopg")


def schema_of(url: URL) -> str:
    """The schema that holds the show."""
    name = url.query.get("schema", "public")
    if not isinstance(name, str) or not _SCHEMA.fullmatch(name) or name.startswith("pg_"):
        raise BadInput(
            f"{name!r} cannot be the name of a schema", where=_shown(url),
            do="use small letters, digits and _, beginning with a letter",
        )  # fmt: skip
    return name


def _shown(url: URL) -> str:
    """The URL without secrets."""
    hidden = {name: "***" if name in _SECRETS else value for name, value in url.query.items()}
    return url.set(query=hidden).render_as_string()
