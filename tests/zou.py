"""A Kitsu server of the tests' own: the real zou, on the PostgreSQL of :mod:`tests.postgres` and a Redis of its own.

zou pins many packages, so it lives in an environment of its own. ``GENZU_TEST_ZOU`` names it (the folder of a virtual
environment, or its ``python``); without that, the ``zou`` on the PATH is used. To make one:

    python3 -m venv ZOU && ZOU/bin/pip install zou        # about 600 MB

Use the fixture (import it into a ``conftest.py`` or a test module, beside ``postgres``); it skips with a reason where a
part is absent. There is no nginx before this server, so its URL has no ``/api``. Nothing here outlives its process.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import postgres as pg

ADMIN, PASSWORD = "admin@example.com", "a-long-passw0rd"
"""Who may do everything on this server."""

_START_S = 300
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Zou:
    """A running server."""

    def __init__(self, binaries: Path, folder: Path, database: pg.Database) -> None:
        self._binaries, self._folder, self._database = binaries, folder, database
        self.port, self._redis_port = pg.free_port(), pg.free_port()
        self._secret = secrets.token_hex(32)
        self._redis: subprocess.Popen[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What ``KITSU_HOST`` would be."""
        return f"http://127.0.0.1:{self.port}"

    def log(self) -> str:
        """What the server has said."""
        path = self._folder / "zou.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def make(self) -> None:
        """Redis, the tables, the usual task types and statuses, and the administrator."""
        self._redis = self._run_on(
            "redis.log", "redis-server", "--bind", "127.0.0.1", "--port", str(self._redis_port), "--save", "",
            "--appendonly", "no", "--dir", str(self._folder),
        )  # fmt: skip
        self._zou("init-db")
        self._zou("init-data")
        self._zou("create-admin", ADMIN, "--password", PASSWORD)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._server = self._run_on(
            "zou.log", str(self._binaries / "gunicorn"), "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
            "--threads", "4", "--timeout", "120", "--graceful-timeout", "2", "zou.app:app",
        )  # fmt: skip
        until = time.monotonic() + _START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"the test's zou does not start: {self.log()[-3000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server; what it holds stays, and :meth:`start` brings it back."""
        _end(self._server)
        self._server = None

    def close(self) -> None:
        """Stop everything."""
        self.stop()
        _end(self._redis)
        self._redis = None

    def _answers(self) -> bool:
        try:
            with _DIRECT.open(self.url + "/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _zou(self, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / "zou"), *arguments], env=self._environment(), cwd=self._folder, capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"zou {arguments[0]} failed: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")

    def _run_on(self, log: str, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / log).open("ab") as out:
            return subprocess.Popen(
                command, env=self._environment(), cwd=self._folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                preexec_fn=pg._stop_with_parent,
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        """zou's settings. No queue: a preview is made while the request waits. No index, no mail, nothing outside."""
        return {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self._folder), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "SECRET_KEY": self._secret,
            "DB_HOST": self._database.host, "DB_PORT": str(self._database.port), "DB_USERNAME": self._database.user,
            "DB_PASSWORD": "", "DB_DATABASE": self._database.name, "DB_POOL_SIZE": "4", "DB_MAX_OVERFLOW": "4",
            "KV_HOST": "127.0.0.1", "KV_PORT": str(self._redis_port),
            "PREVIEW_FOLDER": str(self._folder / "previews"), "TMP_DIR": str(self._folder / "tmp"),
            "PLUGIN_FOLDER": str(self._folder / "plugins"), "EVENT_HANDLERS_FOLDER": str(self._folder / "handlers"),
            "ENABLE_JOB_QUEUE": "false", "MAIL_ENABLED": "false", "MAIL_CHECK_DELIVERABILITY": "false",
            "BCRYPT_LOG_ROUNDS": "4", "DEFAULT_TIMEZONE": "UTC", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip


def binaries() -> Path | None:
    """The folder of ``zou`` and ``gunicorn``."""
    asked = os.environ.get("GENZU_TEST_ZOU")
    if asked:
        path = Path(asked)
        found = [path / "bin", path, path.parent]
    else:
        zou = shutil.which("zou")
        found = [Path(zou).parent] if zou else []
    return next((one for one in found if (one / "zou").is_file() and (one / "gunicorn").is_file()), None)


def missing() -> str | None:
    """Why there can be no Kitsu server here, in one sentence; ``None`` if there can."""
    if reason := pg.missing():
        return reason
    if shutil.which("redis-server") is None:
        return "Redis is not installed (Debian: apt-get install redis-server)"
    if binaries() is None:
        return "zou is not installed (make an environment with it and name that by GENZU_TEST_ZOU)"
    return None


@contextmanager
def kitsu_server(cluster: pg.Cluster) -> Iterator[Zou]:
    """A running server; gone, with its files, when the block ends. Call :func:`missing` first."""
    folder = binaries()
    assert folder is not None, missing()
    with tempfile.TemporaryDirectory(prefix="genzu-zou-", ignore_cleanup_errors=True) as place:
        found = Zou(folder, Path(place), cluster.new_database())
        try:
            found.make()
            found.start()
            yield found
        finally:
            found.close()


@pytest.fixture(scope="session")
def zou(request: pytest.FixtureRequest) -> Iterator[Zou]:
    """A Kitsu server for all tests of this process."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    with kitsu_server(request.getfixturevalue("postgres")) as found:
        yield found


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
