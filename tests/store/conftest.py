from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from store_samples import layout
from tests.postgres import Cluster, Database
from tests.postgres import postgres as postgres

from genzu.core.cut import Cut
from genzu.store.folder import Folder
from genzu.store.ledger import Ledger
from genzu.store.show import Show

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: the store flushes everything it writes, and disks are slow at that.

    What a killed process loses is the same there: the files belong to the kernel, not to the process.
    """
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK)):
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """Name of a database with all tables of a ledger and no show: copies of it are made quickly."""
    database = postgres.new_database()
    ledger = Ledger.of_url(database.url())
    ledger.bring_up_to_date()
    ledger.close()
    return database.name


@pytest.fixture(params=["sqlite", "postgresql"])
def both_ledgers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Runs a test twice; the second time, every show that it makes has its ledger on a database of its own."""
    if request.param == "sqlite":
        yield request.param
        return
    cluster, template = request.getfixturevalue("postgres"), request.getfixturevalue("migrated")
    made: list[Database] = []
    opened: list[Ledger] = []
    create, watched = Folder.create, Folder._watched

    def elsewhere(self: Folder, title: str, url: str | None, pictures: str | None = None) -> tuple[Folder, Ledger]:
        if url is None and not self.elsewhere.exists():
            made.append(cluster.new_database(template=template))
            url = made[-1].url()
        return create(self, title, url, pictures)

    def noted(self: Folder, ledger: Ledger) -> Ledger:
        opened.append(watched(self, ledger))
        return ledger

    monkeypatch.setattr(Folder, "create", elsewhere)
    monkeypatch.setattr(Folder, "_watched", noted)
    yield request.param
    for ledger in opened:
        ledger.close()
    for database in made:
        cluster.drop_database(database)


@pytest.fixture
def database(postgres: Cluster, migrated: str) -> Iterator[Database]:
    """A database with all tables of a ledger and no show."""
    made = postgres.new_database(template=migrated)
    yield made
    postgres.drop_database(made)


@pytest.fixture
def show_on_server(tmp_path: Path, database: Database) -> Iterator[Show]:
    """A show with one cut whose ledger lies on a server."""
    with Show.create(tmp_path / "show", "犬と少年", url=database.url()) as made:
        made.add_cut(Cut(number="001", layout=layout(made)))
        yield made
