from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from store_samples import machine_take, show_with_cut

from genzu.errors import BadInput, BadRecord, CannotWrite, LedgerBroken, NotFound
from genzu.store import ledger as module
from genzu.store.ledger import Ledger
from genzu.store.migrations import REVISIONS
from genzu.store.models import Base
from genzu.store.show import Show

MIGRATIONS = Path(module.__file__).with_name("migrations")


def test_the_migrations_build_what_the_models_say(tmp_path: Path) -> None:
    ledger = Ledger.at(tmp_path / "ledger.db")
    ledger.bring_up_to_date()
    with ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_known_revisions_are_those_of_the_migrations() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert tuple(script.revision for script in scripts) == REVISIONS[::-1]


def test_settings_that_keep_what_is_written(tmp_path: Path) -> None:
    ledger = Ledger.at(tmp_path / "ledger.db")
    with ledger.reading() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def older(folder: Path) -> None:
    """Make the show's ledger what the first Genzu would have left: no triggers, no trainings, no places, no retakes."""
    with closing(sqlite3.connect(folder / ".genzu" / "ledger.db", isolation_level=None)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        for table in ("training_files", "training_runs", "places", "settings", "retake_answers", "retakes", "picks"):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("UPDATE alembic_version SET version_num = '0001'")


def test_an_older_ledger_is_copied_and_then_migrated(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        take = machine_take(show)
    older(tmp_path / "show")
    with Show.open(tmp_path / "show") as show:
        assert show.takes() == (take,)
    (backup,) = (tmp_path / "show" / ".genzu" / "backup").iterdir()
    assert backup.name.startswith("ledger-0001-")
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert raw.execute("SELECT count(*) FROM takes").fetchone() == (1,)
    with closing(sqlite3.connect(tmp_path / "show" / ".genzu" / "ledger.db")) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISIONS[-1],)
    Show.open(tmp_path / "show").close()
    assert len(list((tmp_path / "show" / ".genzu" / "backup").iterdir())) == 1


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show_with_cut(tmp_path / "show").close()
    older(tmp_path / "show")
    real = module._upgrade

    def cut_off(connection: object, to: str) -> None:
        real(connection, to)  # type: ignore[arg-type]
        raise OSError("killed here")

    monkeypatch.setattr(module, "_upgrade", cut_off)
    with pytest.raises(OSError, match="killed here"):
        Show.open(tmp_path / "show")
    assert Ledger.at(tmp_path / "show" / ".genzu" / "ledger.db").revision() == "0001"
    monkeypatch.undo()
    with Show.open(tmp_path / "show") as show:
        assert len(show.cuts()) == 1


def test_a_ledger_of_a_newer_genzu_is_refused_untouched(tmp_path: Path) -> None:
    show_with_cut(tmp_path / "show").close()
    path = tmp_path / "show" / ".genzu" / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(BadRecord, match=r"newer Genzu.*update Genzu"):
        Show.open(tmp_path / "show")
    with pytest.raises(BadRecord, match="newer"):
        Show.open_or_create(tmp_path / "show", "x")
    assert not (tmp_path / "show" / ".genzu" / "backup").exists()


@pytest.mark.parametrize("table", ["takes", "take_parents", "approvals", "events"])
@pytest.mark.parametrize("action", ["UPDATE {0} SET rowid = rowid", "DELETE FROM {0}"])
def test_what_is_recorded_cannot_be_changed(tmp_path: Path, table: str, action: str) -> None:
    with show_with_cut(tmp_path / "show") as show:
        first = machine_take(show)
        machine_take(show, seed=1)
        show.approve(first.id, "監督")
        if table == "take_parents":
            with show._ledger.writing() as connection:
                connection.execute(text("INSERT INTO take_parents VALUES (2, 0, 1)"))
        with pytest.raises(LedgerBroken, match="immutable"), show._ledger.writing() as connection:
            connection.execute(text(action.format(table)))


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "holes"])
def test_a_damaged_ledger_is_told_in_one_sentence(tmp_path: Path, damage: str) -> None:
    with show_with_cut(tmp_path / "show") as show:
        for seed in range(30):
            machine_take(show, seed=seed)
    path = tmp_path / "show" / ".genzu" / "ledger.db"
    whole = path.read_bytes()
    broken = {"empty": b"", "text": b"no ledger " * 900, "cut": whole[: len(whole) // 3 // 4096 * 4096 + 100]}
    path.write_bytes(broken.get(damage, whole[:4096] + b"\xee" * (len(whole) - 4096)))
    with pytest.raises(LedgerBroken, match=r"ledger.db: .*backup"):
        Show.open(tmp_path / "show")


def test_a_ledger_that_is_gone_is_not_made_anew_over_its_pictures(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        machine_take(show)
    (tmp_path / "show" / ".genzu" / "ledger.db").unlink()
    for call in (Show.open, lambda folder: Show.create(folder, "x"), lambda folder: Show.open_or_create(folder, "x")):
        with pytest.raises(LedgerBroken, match="gone"):
            call(tmp_path / "show")


def test_a_lock_that_stays_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_FOR_LOCK_MS", 50)
    with show_with_cut(tmp_path / "show") as show:
        path = tmp_path / "show" / ".genzu" / "ledger.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(CannotWrite, match="another program"):
                machine_take(show)
            assert show.takes() == ()
            other.execute("ROLLBACK")
        assert machine_take(show).number == 1


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        (sqlite3.SQLITE_FULL, CannotWrite, "disk is full"),
        (sqlite3.SQLITE_IOERR_WRITE, CannotWrite, "disk does not take"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, CannotWrite, "write-protected"),
        (sqlite3.SQLITE_CANTOPEN, CannotWrite, "cannot be opened"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, CannotWrite, "another program"),
        (sqlite3.SQLITE_CORRUPT, LedgerBroken, "damaged"),
        (sqlite3.SQLITE_NOTADB, LedgerBroken, "damaged"),
    ],
)
def test_the_databases_errors_are_translated(code: int, kind: type[Exception], word: str) -> None:
    foreign = sqlite3.OperationalError("as SQLite says it")
    foreign.sqlite_errorcode = code
    translated = module._translation(OperationalError("SELECT 1", {}, foreign), "ledger.db")
    assert type(translated) is kind
    assert word in translated.sentence


@pytest.mark.parametrize("url", ["", "nonsense", "nosuchdatabase://host/db", "sqlite+nosuchdriver:///x.db"])
def test_a_url_that_cannot_be_used_is_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadInput, match="URL cannot be used"):
        Show.open(tmp_path, url=url)


def test_a_url_opens_the_same_show(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    with pytest.raises(NotFound, match="no show"):
        Show.open(tmp_path / "show", url=url)
    with Show.open_or_create(tmp_path / "show", "犬と少年", url=url):
        pass
    with Show.open(tmp_path / "show", url=url) as show:
        assert show.title == "犬と少年"
    assert not (tmp_path / "show" / ".genzu" / "ledger.db").exists()
    with pytest.raises(NotFound):
        Show.open(tmp_path / "show")
