"""What can go wrong between a ledger and its PostgreSQL server: each is one sentence, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from store_samples import hand_take, layout, machine_take, recipe, show_with_cut, tiny
from tests.postgres import GUARDED, PASSWORD, Cluster, Database, cluster

from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.take import NewTake, Stage
from genzu.errors import BadInput, CannotWrite, GenzuError, LedgerBroken, NotFound, Unreachable
from genzu.store import ledger as module
from genzu.store import postgresql
from genzu.store.ledger import Ledger
from genzu.store.show import Show

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed (pip install 'genzu[postgresql]')")

HERE = str(Path(__file__).parent)


@pytest.fixture
def show(show_on_server: Show) -> Show:
    return show_on_server


@pytest.mark.parametrize("form", ["genzu:secret@h/d", "genzu@h/d?password=secret", "genzu@h/d?sslpassword=secret"])
def test_a_password_in_the_url_is_refused_and_not_repeated(tmp_path: Path, form: str) -> None:
    with pytest.raises(BadInput, match="does not belong") as refused:
        Show.create(tmp_path / "show", "a", url=f"postgresql://{form}")
    assert "secret" not in refused.value.sentence
    assert not (tmp_path / "show").exists()


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://genzu@h", "no database"),
        ("postgresql://genzu@h/d?schema=A;drop", "schema"),
        ("postgresql://genzu@h/d?schema=pg_catalog", "schema"),
        ("mysql://genzu@h/d", "neither postgresql nor sqlite"),
    ],
)
def test_a_url_that_cannot_hold_a_ledger(tmp_path: Path, url: str, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        Show.create(tmp_path / "show", "a", url=url)


def test_what_only_a_server_cannot_store(show: Show) -> None:
    for note, word in (("a\0b", "cannot be stored"), ("\udcff", "cannot be stored")):
        picture = show.keep_picture(tiny())
        with pytest.raises(BadInput, match=word):
            show.record(NewTake(cut="001", sheet="BG", stage=Stage.ROUGH, picture=picture, hand=Hand.HUMAN, note=note))
    with pytest.raises(BadInput, match="too long"), show._ledger.writing() as connection:
        connection.execute(text("INSERT INTO settings VALUES (:name, '')"), {"name": "x" * 65})
    assert show.takes() == ()


def test_a_database_that_cannot_store_japanese_is_refused(tmp_path: Path, postgres: Cluster) -> None:
    database = postgres.new_database(options="ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(BadInput, match=r"LATIN1.*UTF8"):
        Show.create(tmp_path / "show", "a", url=database.url())
    assert Ledger.of_url(database.url()).revision() is None


def test_a_lock_that_stays_is_told(show: Show, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "WAIT_FOR_LOCK_MS", 50)
    other = Ledger.of_url(database.url())
    with other.writing():
        with pytest.raises(CannotWrite, match="another program is writing"):
            machine_take(show)
        assert show.takes() == (), "a reader waits for nobody"
    assert machine_take(show).number == 1


def test_a_deadlock_is_tried_again(show: Show, database: Database) -> None:
    """Another program holds ``events`` and wants ``takes`` while a take is being recorded: the server ends one."""
    holds, go = threading.Event(), threading.Event()
    picture = show.keep_picture(tiny())

    def other() -> None:
        with psycopg.connect(database.url(""), options="-c deadlock_timeout=60s") as connection:
            connection.execute("LOCK TABLE events IN EXCLUSIVE MODE")
            holds.set()
            go.wait(30)
            connection.execute("LOCK TABLE takes IN EXCLUSIVE MODE")

    blocker = threading.Thread(target=other)
    blocker.start()
    assert holds.wait(30)
    tries = []

    def job(connection: object) -> int:
        from genzu.store import takes

        tries.append(1)
        connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))  # type: ignore[attr-defined]
        connection.execute(text("LOCK TABLE takes IN ROW EXCLUSIVE MODE"))  # type: ignore[attr-defined]
        go.set()
        new = NewTake(cut="001", sheet="BG", stage=Stage.ROUGH, picture=picture, hand=Hand.AI, recipe=recipe())
        return takes.record(connection, new).number  # type: ignore[arg-type]

    assert show._ledger.write(job) == 1
    blocker.join(30)
    assert len(tries) == 2
    assert [take.number for take in show.takes()] == [1]


def test_a_server_that_is_started_anew_is_waited_for(tmp_path: Path) -> None:
    with cluster() as own:
        database = own.new_database()
        with Show.create(tmp_path / "show", "a", url=database.url()) as show:
            show.add_cut(Cut(number="001", layout=layout(show)))
            assert machine_take(show).number == 1
            own.stop()
            with pytest.raises(Unreachable, match="does not answer"):
                Show.open(tmp_path / "show")
            with ThreadPoolExecutor(1) as pool:  # the server belongs to the thread that starts it
                waiting = pool.submit(hand_take, show)
                own.start()
                assert waiting.result().number == 1
            assert [take.number for take in show.takes()] == [1, 1]
            own.sql("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
            own.stop()
            own.start()
            with pytest.raises(CannotWrite, match=r"read-only.*standby"):
                hand_take(show)
            assert len(show.takes()) == 2


def test_a_writer_that_is_killed_gives_the_lock_back(show: Show) -> None:
    program = """
import sys, time
from pathlib import Path
from sqlalchemy import text
from genzu.store.show import Show
with Show.open(Path(sys.argv[1])) as show, show._ledger.writing() as connection:
    connection.execute(text("INSERT INTO settings VALUES ('half', 'done')"))
    print("holds the lock", flush=True)
    time.sleep(600)
"""
    writer = subprocess.Popen([sys.executable, "-c", program, str(show.folder)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "holds the lock\n"
    writer.kill()
    writer.wait()
    writer.stdout.close()
    assert hand_take(show).number == 1
    assert show.setting("half") is None


def test_a_connection_that_breaks_in_the_middle_records_nothing(show: Show, postgres: Cluster) -> None:
    with pytest.raises(Unreachable), show._ledger.writing() as connection:
        connection.execute(text("INSERT INTO settings VALUES ('a', 'b')"))
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        postgres.sql(f"SELECT pg_terminate_backend({own})")
        connection.execute(text("INSERT INTO settings VALUES ('c', 'd')"))
    assert show.setting("a") is None
    assert machine_take(show).number == 1


@pytest.mark.parametrize(
    ("change", "kind", "word"),
    [
        ({"database": "nosuch"}, NotFound, "no such database"),
        ({"username": "stranger"}, BadInput, "does not let this user in"),
        ({"port": 1}, Unreachable, "does not answer"),
        ({"host": "no.such.host.invalid"}, Unreachable, "does not answer"),
    ],
)
def test_where_there_is_no_ledger(
    tmp_path: Path, database: Database, change: dict[str, str], kind: type[GenzuError], word: str
) -> None:
    url = module.checked_url(database.url()).set(**change).render_as_string()  # type: ignore[arg-type]
    for call in (lambda: Show.open(tmp_path / "show", url=url), lambda: Show.create(tmp_path / "show", "a", url=url)):
        with pytest.raises(kind, match=word) as told:
            call()
        assert "\n" not in told.value.sentence
    assert not (tmp_path / "show").exists()


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        ("53100", CannotWrite, "disk of the database server is full"),
        ("53200", CannotWrite, "memory"),
        ("53300", Unreachable, "too many clients"),
        ("25006", CannotWrite, "read-only"),
        ("42501", CannotWrite, "may not"),
        ("57P01", Unreachable, "stopping or starting"),
        ("08006", Unreachable, "broke"),
        ("58030", CannotWrite, "disk of the database server"),
        ("XX001", LedgerBroken, "damaged"),
        ("23505", LedgerBroken, "refuses this change"),
        ("99999", CannotWrite, "the database refuses"),
    ],
)
def test_what_the_server_says_is_translated(
    show: Show, monkeypatch: pytest.MonkeyPatch, code: str, kind: type[GenzuError], word: str
) -> None:
    """The server itself raises each error, as a full disk or a broken page would."""
    monkeypatch.setattr(module, "_AGAIN_AFTER_S", ())
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'as the server says it' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(GenzuError) as told, show._ledger.writing() as connection:
        connection.exec_driver_sql(raising)
    assert type(told.value) is kind
    assert word in told.value.sentence
    assert "as the server says it" in told.value.sentence
    assert str(show._ledger.where) in told.value.sentence


def test_a_ledger_that_another_user_owns_is_told(tmp_path: Path, postgres: Cluster, database: Database) -> None:
    os.environ[postgresql.PASSWORD] = PASSWORD
    try:
        with pytest.raises(CannotWrite, match=r"may not.*owner"):
            Show.create(tmp_path / "show", "a", url=postgres.database(database.name, GUARDED).url())
    finally:
        del os.environ[postgresql.PASSWORD]


def test_a_plain_show_needs_no_server(tmp_path: Path) -> None:
    program = "import sys; sys.modules['psycopg'] = sys.modules['fsspec'] = None; from store_samples import *; " + (
        "from pathlib import Path; show_with_cut(Path(sys.argv[1])).close()"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "show")], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([HERE, *sys.path])},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert show_with_cut.__module__ == "store_samples"
    assert sorted(path.name for path in (tmp_path / "show" / ".genzu").iterdir()) == [
        "README.txt", "files", "ledger.db", "scratch"
    ]  # fmt: skip
