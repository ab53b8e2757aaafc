"""The ledger on a real PostgreSQL server promises what the SQLite ledger promises."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from store_samples import hand_take, layout, machine_take, tiny
from tests.postgres import GUARDED, PASSWORD, Cluster, Database

from genzu.core.cut import Cut
from genzu.core.place import Location, place_key
from genzu.core.take import Stage
from genzu.errors import BadInput, BadRecord, CannotWrite, LedgerBroken, Refused
from genzu.store import ledger as module
from genzu.store import postgresql
from genzu.store.ledger import Ledger
from genzu.store.migrations import REVISIONS
from genzu.store.models import Base
from genzu.store.show import Show

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed (pip install 'genzu[postgresql]')")

HERE = str(Path(__file__).parent)


@pytest.fixture
def show(show_on_server: Show) -> Show:
    return show_on_server


def test_the_migrations_build_what_the_models_say(postgres: Cluster) -> None:
    ledger = Ledger.of_url(postgres.new_database().url())
    ledger.bring_up_to_date()
    with ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert ledger.faults() == ()


def test_the_folder_remembers_its_server_and_keeps_no_password(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres.new_database(owner=GUARDED)
    with pytest.raises(BadInput, match=r"does not let this user in.*GENZU_LEDGER_PASSWORD"):
        Show.create(tmp_path / "show", "a", url=database.url())
    monkeypatch.setenv(postgresql.PASSWORD, "wrong")
    with pytest.raises(BadInput, match="does not let this user in"):
        Show.create(tmp_path / "show", "a", url=database.url())
    monkeypatch.setenv(postgresql.PASSWORD, PASSWORD)
    Show.create(tmp_path / "show", "a", url=database.url("")).close()
    with Show.open(tmp_path / "show") as show:
        show.add_cut(Cut(number="001", layout=layout(show)))
    written = (tmp_path / "show" / ".genzu" / "where.json").read_text(encoding="utf-8")
    assert json.loads(written)["ledger"] == database.url()
    assert PASSWORD not in written
    assert not (tmp_path / "show" / ".genzu" / "ledger.db").exists()


def test_several_shows_share_a_database_by_schemas(tmp_path: Path, database: Database) -> None:
    urls = [database.url(), database.url() + "?schema=film_two", database.url() + "?schema=user"]
    for number, url in enumerate(urls):
        with Show.create(tmp_path / str(number), f"film {number}", url=url) as show:
            show.add_cut(Cut(number="001", layout=layout(show)))
            for seed in range(number + 1):
                machine_take(show, seed=seed)
    for number in range(3):
        with Show.open(tmp_path / str(number)) as show:
            assert show.title == f"film {number}"
            assert [take.id for take in show.takes()] == list(range(1, number + 2))
            assert show.verify() == ()
    with pytest.raises(Refused, match=r"a show already.*--join"):
        Show.create(tmp_path / "again", "x", url=urls[1])


def test_a_second_machine_joins_the_show(tmp_path: Path, show: Show, database: Database) -> None:
    take = machine_take(show)
    with pytest.raises(BadInput, match=r"pictures of this show are not there.*--pictures"):
        Show.join(tmp_path / "second", url=database.url())
    show.close()
    (show.folder / ".genzu" / "pictures").rename(tmp_path / "shared")
    (tmp_path / "share").mkdir()
    (tmp_path / "shared").rename(tmp_path / "share" / "pictures")
    with Show.join(tmp_path / "second", url=database.url(), pictures=str(tmp_path / "share")) as second:
        assert second.title == "犬と少年"
        assert second.picture(take.picture).shape == tiny().shape
    other = Show.create(tmp_path / "other", "another film")
    other.close()
    with pytest.raises(Refused, match="another show"):
        Show.join(tmp_path / "other", url=database.url(), pictures=str(tmp_path / "share"))
    with Show.open(tmp_path / "second") as second:
        assert second.takes() == (take,)


WORKER = f"""
import sys
from pathlib import Path
sys.path.insert(0, {HERE!r})
import pytest
from store_samples import hand_take, machine_take
from genzu.core.cut import Cut
from genzu.errors import Refused
from genzu.store.show import Show
with Show.open(Path(sys.argv[1])) as show:
    print("ready", flush=True)
    sys.stdin.readline()
    for seed in range(10):
        hand_take(show, seed=seed % 2)
        machine_take(show, seed=seed)
        try:
            show.add_cut(Cut(number=f"9{{seed:02}}", layout=show.cut("001").layout))
        except Refused:
            pass
"""


def test_take_numbers_of_many_processes_are_unique_without_gaps(show: Show) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(show.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        _, said = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
    assert [take.number for take in show.takes(stage=Stage.RETOUCH)] == list(range(1, 31))
    assert [take.number for take in show.takes(stage=Stage.ROUGH)] == list(range(1, 11))
    assert len(show.cuts()) == 11
    events = show.history()
    assert [event.id for event in events] == sorted(event.id for event in events)
    assert [event.what for event in events].count("take recorded") == 40
    assert [event.what for event in events].count("cut added") == 11
    recorded = [event.detail["number"] for event in events if event.detail.get("stage") == "retouch"]
    assert recorded == list(range(1, 31)), "the history tells takes in the order of their numbers"
    assert show.verify() == ()


def test_many_processes_open_an_older_ledger_at_once(tmp_path: Path, postgres: Cluster) -> None:
    url = postgres.new_database().url()
    ledger = Ledger.of_url(url)
    ledger.bring_up_to_date(to="0001")
    with ledger.writing() as connection:
        connection.execute(text("INSERT INTO show VALUES (1, 'old', 'now')"))
    ledger.close()
    (tmp_path / "show" / ".genzu").mkdir(parents=True)
    told = {"kind": "where a show's things lie", "version": 1, "ledger": url, "pictures": None}
    (tmp_path / "show" / ".genzu" / "where.json").write_text(json.dumps(told))
    program = "import sys; from pathlib import Path; from genzu.store.show import Show; Show.open(Path(sys.argv[1]))"
    workers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "show")], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for worker in workers:
        _, said = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
    with Show.open(tmp_path / "show") as show:
        assert show.title == "old"
        assert show._ledger.revision() == REVISIONS[-1]
        assert show.verify() == ()


def test_a_migration_that_fails_changes_nothing(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger.of_url(postgres.new_database().url())
    ledger.bring_up_to_date(to="0001")
    real = module._upgrade

    def cut_off(connection: object, to: str) -> None:
        real(connection, to)  # type: ignore[arg-type]
        raise OSError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_upgrade", cut_off)
        with pytest.raises(OSError, match="killed here"):
            ledger.bring_up_to_date()
    with ledger.reading() as connection:
        assert connection.execute(text("SELECT to_regclass('places')")).scalar() is None
    assert ledger.revision() == "0001"
    ledger.bring_up_to_date()
    assert ledger.revision() == REVISIONS[-1]


def test_a_worker_sees_that_the_ledger_got_another_form(show: Show) -> None:
    with show._ledger.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(Refused, match=r"another Genzu.*0999"):
        machine_take(show)
    with pytest.raises(BadRecord, match="newer Genzu"):
        Show.open(show.folder)


@pytest.mark.parametrize("table", ["takes", "take_parents", "approvals", "events"])
@pytest.mark.parametrize("action", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_is_recorded_cannot_be_changed(show: Show, table: str, action: str) -> None:
    first = machine_take(show)
    hand_take(show, parents=(first.id,))
    show.approve(first.id, "監督")
    column = "take" if table == "take_parents" else "id"
    with pytest.raises(LedgerBroken, match="immutable"), show._ledger.writing() as connection:
        connection.execute(text(action.format(table, column)))


def test_a_switched_off_protection_is_a_fault(show: Show, postgres: Cluster, database: Database) -> None:
    machine_take(show)
    assert show.verify() == ()
    postgres.sql("ALTER TABLE takes DISABLE TRIGGER takes_no_update", database=database.name)
    assert [fault.what for fault in show.verify()] == [
        "the trigger that keeps takes as they were recorded is switched off"
    ]
    postgres.sql("ALTER TABLE takes ENABLE TRIGGER takes_no_update", database=database.name)
    postgres.sql("DROP TRIGGER events_no_delete ON events", database=database.name)
    assert ["events" in fault.what for fault in show.verify()] == [True]


def test_a_lost_table_is_a_fault(show: Show, postgres: Cluster, database: Database) -> None:
    postgres.sql("DROP TABLE credits", database=database.name)
    (fault,) = show.verify()
    assert "credits cannot be read" in fault.what
    with pytest.raises(LedgerBroken, match="a table of the ledger is gone"):
        show.contributions()


def test_names_of_the_world_come_back_in_one_order_everywhere(tmp_path: Path, postgres: Cluster) -> None:
    """A server of a studio sorts by its language; what Genzu lists does not depend on it."""
    names = ("zebra", "Zoo", "alley", "Öland", "港町", "駅", "😀 square", "a-b", "ab")
    database = postgres.new_database(options="LOCALE_PROVIDER icu ICU_LOCALE 'de'")
    listed = []
    for url in (None, database.url()):
        with Show.create(tmp_path / str(url is None), "𠮷野家", url=url) as show:
            for name in names:
                show.put_place(Location(name=name, words="雪 ❄ \n'\";--"))
            listed.append(show.places())
            assert show.title == "𠮷野家"
    assert listed[0] == listed[1]
    assert [place.name for place in listed[0]] == sorted(names, key=place_key)


def test_a_reader_sees_one_state(show: Show) -> None:
    with show._ledger.reading() as connection:
        count = text("SELECT count(*) FROM takes")
        assert connection.execute(count).scalar() == 0
        machine_take(show)
        assert connection.execute(count).scalar() == 0
    with pytest.raises(CannotWrite, match="read-only"), show._ledger.reading() as connection:
        connection.execute(text("INSERT INTO settings VALUES ('a', 'b')"))


def test_two_processes_make_one_show(tmp_path: Path, postgres: Cluster) -> None:
    url = postgres.new_database().url()
    program = """
import sys
from pathlib import Path
from genzu.store.show import Show
sys.stdin.readline()
with Show.open_or_create(Path(sys.argv[1]), sys.argv[2], url=sys.argv[3]) as show:
    print(show.title)
"""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "show"), name, url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in ("one", "two")
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    titles = set()
    for worker in workers:
        out, said = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
        titles.add(out)
    assert len(titles) == 1
    with Show.open(tmp_path / "show") as show:
        assert [event.what for event in show.history()] == ["show made"]
