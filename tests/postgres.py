"""A PostgreSQL cluster of the tests' own: made by ``initdb`` in a temporary folder, served on a free loopback port.

Use the fixture (import it into a ``conftest.py``: ``from tests.postgres import postgres``), which makes one cluster per
test process and skips with a reason where PostgreSQL is not installed:

    def test_something(postgres: Cluster) -> None:
        url = postgres.new_database().url()          # postgresql+psycopg://genzu@127.0.0.1:PORT/db_1

or the context manager :func:`cluster` where no pytest is. Nothing here outlives its process: the server stops when the
block ends, and by itself if the process is killed (Linux).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

try:
    import pwd
except ImportError:  # Windows: there is no cluster, and missing() says so
    pwd = None

USER = "genzu"
"""The cluster's superuser; loopback is trusted, so any password will do."""
GUARDED, PASSWORD = "guarded", "原図 p@ss:word/%"
"""A user who must give a password (SCRAM); may log in and make things in databases that are its own."""

_START_S = 60
_PR_SET_PDEATHSIG = 1
_NUMBERS = count(1)

_CONFIG = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 16MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
min_wal_size = 4MB
max_wal_size = 64MB
logging_collector = off
log_min_messages = warning
timezone = 'UTC'
"""
_HBA = f"""
host all {GUARDED} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database of a cluster."""

    name: str
    port: int
    host: str = "127.0.0.1"
    user: str = USER

    def url(self, driver: str = "+psycopg") -> str:
        """A URL for SQLAlchemy; ``driver=""`` gives one for libpq and psycopg."""
        return f"postgresql{driver}://{self.user}@{self.host}:{self.port}/{self.name}"


class Cluster:
    """A running server."""

    def __init__(self, binaries: Path, folder: Path, port: int, account: str | None) -> None:
        self.binaries, self.folder, self.port, self._account = binaries, folder, port, account
        self.host, self.user = "127.0.0.1", USER
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.folder / "data"

    def log(self) -> str:
        """What the server has said."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def make(self) -> None:
        """``initdb``, settings, and the users."""
        self.run(
            "initdb", "-D", str(self.data), "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C",
            "--wal-segsize=1", "--no-sync", "--no-instructions",
        )  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as config:
            config.write(_CONFIG + f"port = {self.port}\n")
        (self.data / "pg_hba.conf").write_text(_HBA)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.data)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_stop_with_parent, **self._as_account(),
            )  # fmt: skip
        until = time.monotonic() + _START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"the test's PostgreSQL does not start: {self.log()[-2000:]}")
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop the server: SIGINT breaks connections off and shuts down; SIGQUIT is a crash."""
        if self._server is None:
            return
        self._server.send_signal(how)
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server = None

    def database(self, name: str, user: str = USER) -> Database:
        """A database that is there already (``postgres`` always is)."""
        return Database(name=name, port=self.port, user=user)

    def new_database(self, *, template: str = "template0", owner: str = USER, options: str = "") -> Database:
        """Make an empty database, or a copy of ``template``."""
        name = f"db_{os.getpid()}_{next(_NUMBERS)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {owner} {options}")
        return self.database(name, owner)

    def drop_database(self, database: Database) -> None:
        """Remove a database and end its connections."""
        self.sql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")

    def sql(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements as superuser, each committed by itself; give the rows of the last."""
        import psycopg

        rows: list[tuple[Any, ...]] = []
        with psycopg.connect(self.database(database).url(""), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the cluster's account."""
        done = subprocess.run(
            [str(self.binaries / program), *arguments], capture_output=True, text=True, timeout=120, check=False,
            **self._as_account(),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")
        return done

    def _as_account(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root: then it runs as another account, and in a folder that this may enter."""
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.folder)}
        if self._account is None:
            return {"env": environment, "cwd": self.folder}
        entry = pwd.getpwnam(self._account)
        ids = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [entry.pw_gid]}
        return {"env": environment, "cwd": self.folder, **ids}

    def _answers(self) -> bool:
        done = subprocess.run(
            [str(self.binaries / "pg_isready"), "-q", "-h", self.host, "-p", str(self.port), "-U", USER],
            check=False, **self._as_account(),
        )  # fmt: skip
        return done.returncode == 0


@cache
def binaries() -> Path | None:
    """The folder of ``initdb`` and ``postgres``: on the PATH, or where Debian puts the newest of them."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
    )
    for folder in (*folders, *reversed(debian)):
        if all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready")):
            return folder
    return None


def missing() -> str | None:
    """Why there can be no cluster here, in one sentence; ``None`` if there can."""
    if os.name != "posix":
        return "the test's PostgreSQL cluster is made on POSIX systems only"
    if binaries() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and _account() is None:
        return "PostgreSQL does not run as root, and there is no other account to run it as"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (pip install 'genzu[postgresql]')"
    return None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running cluster; gone, with its files, when the block ends. Call :func:`missing` first."""
    folder = binaries()
    assert folder is not None, missing()
    with _open_folder() as place:
        found = Cluster(folder, place, free_port(), _account() if os.geteuid() == 0 else None)
        found.make()
        try:
            found.start()
            found.sql(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")
            yield found
        finally:
            found.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A cluster for all tests of this process."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    with cluster() as found:
        yield found


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _account() -> str | None:
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


@contextmanager
def _open_folder() -> Iterator[Path]:
    """A temporary folder that belongs to the account that runs the server; in memory where there is room."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 29
    with tempfile.TemporaryDirectory(
        prefix="genzu-pg-", dir=memory if roomy else None, ignore_cleanup_errors=True
    ) as at:
        if os.geteuid() == 0:
            entry = pwd.getpwnam(_account() or "nobody")
            os.chown(at, entry.pw_uid, entry.pw_gid)
        yield Path(at)


def _stop_with_parent() -> None:
    """In the child, before it becomes the server: have the kernel shut it down if the tests are killed."""
    os.setpgid(0, 0)  # Ctrl-C stops the tests first, then they stop the server
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
