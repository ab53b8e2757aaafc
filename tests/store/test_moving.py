"""A ledger or the pictures are moved whole or not at all, and nobody goes on writing to the old place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from store_samples import layout, machine_take, make_film, show_with_cut, tiny, told
from tests.postgres import Cluster

from genzu.core.credit import Contribution, Role
from genzu.core.cut import Cut
from genzu.core.place import Location
from genzu.errors import BadInput, LedgerBroken, NotFound, Refused
from genzu.store import moving
from genzu.store.ledger import Ledger
from genzu.store.models import Base
from genzu.store.moving import copy_ledger, digests, move_ledger, move_pictures
from genzu.store.show import Show
from genzu.store.where import Where


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A small film with names and words from everywhere, in SQLite."""
    make_film(tmp_path / "film")
    with Show.open(tmp_path / "film") as show:
        show.put_place(Location(name="港町", words="'quoted' \\ \"x\" 😀\n雪"))
        show.credit(Contribution(name="Zoë O'Brien", role=Role.LAYOUT))
    return tmp_path / "film"


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    database = postgres.new_database()
    yield database.url()
    postgres.drop_database(database)


def told_but_moves(folder: Path) -> dict[str, object]:
    """All that the show tells, without the events of moving it and what they do to the numbers of later events."""
    all_of = told(folder)
    events = [event[1:] for event in all_of["events"] if "moved" not in event[1]]  # type: ignore[attr-defined]
    return {**all_of, "events": events}


def moves(folder: Path) -> list[str]:
    with Show.open(folder) as show:
        return [event.what for event in show.history() if "moved" in event.what]


def test_a_ledger_goes_to_a_server_and_comes_back_as_it_was(film: Path, url: str) -> None:
    before = told_but_moves(film)
    there = move_ledger(film, url)
    assert there.rows > 20
    assert told_but_moves(film) == before
    assert not (film / ".genzu" / "ledger.db").exists()
    with closing(sqlite3.connect(there.backup)) as backup:
        assert backup.execute("SELECT count(*) FROM takes").fetchone() == (4,)
        assert backup.execute("SELECT version_num FROM alembic_version").fetchone() != ("moved",), "it can be opened"
    with Show.open(film) as show:
        assert show.whereabouts.ledger == url
        assert machine_take(show, seed=7).id == 5, "ids count on"
        show.credit(Contribution(name="new", role=Role.LAYOUT))
    changed = told_but_moves(film)
    move_ledger(film, "folder")
    assert told_but_moves(film) == changed
    with Show.open(film) as show:
        assert show.whereabouts.ledger == str(film / ".genzu" / "ledger.db")
        assert machine_take(show, seed=8).id == 6
        assert [event.detail["to"] for event in show.history() if "moved" in event.what] == [url, "folder"]
    with pytest.raises(Refused, match="moved away lies there still"):
        move_ledger(film, url)


def test_a_copy_leaves_the_show_where_it_is(film: Path, url: str, tmp_path: Path) -> None:
    before = told(film)
    copied, filed = copy_ledger(film, url), copy_ledger(film, str(tmp_path / "copies" / "a.db"))
    assert copied.digest == filed.digest
    assert told(film) == before
    for place in (url, f"sqlite:///{tmp_path / 'copies' / 'a.db'}"):
        with Show.open(film, url=place) as show:
            assert len(show.takes()) == 4
            assert [event.id for event in show.history()] == [event[0] for event in before["events"]]  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="exists already"):
        copy_ledger(film, str(tmp_path / "copies" / "a.db"))
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["a.db"]


def test_who_has_the_old_ledger_open_is_refused_and_finds_the_new_one(film: Path, url: str) -> None:
    with Show.open(film) as worker:
        assert len(worker.takes()) == 4
        move_ledger(film, url)
        with pytest.raises(Refused, match=r"moved.*run the same command again"):
            machine_take(worker, seed=5)
        assert (film / ".genzu" / "ledger.db").exists(), "it is in use"
    with Show.open(film) as worker:
        assert machine_take(worker, seed=5).id == 5
    with Show.open(film) as worker:
        move_ledger(film, "folder")
        with pytest.raises(Refused, match="moved"):
            machine_take(worker, seed=6)
    with Show.open(film) as worker:
        assert machine_take(worker, seed=6).id == 6
        assert worker.verify() == ()


def test_another_machine_is_told_where_the_ledger_went(film: Path, postgres: Cluster, tmp_path: Path) -> None:
    first, second = postgres.new_database().url(), postgres.new_database().url()
    move_pictures(film, str(tmp_path / "share"), lambda _share: None)
    move_ledger(film, first)
    Show.join(tmp_path / "other", url=first, pictures=str(tmp_path / "share")).close()
    move_ledger(film, second)
    with pytest.raises(Refused) as refused:
        Show.open(tmp_path / "other")
    assert f"genzu init SHOW --join --ledger {second}" in refused.value.sentence
    with Show.join(tmp_path / "other", url=second, pictures=str(tmp_path / "share")) as show:
        assert len(show.takes()) == 4


@pytest.mark.parametrize("at", ["copy", "compare", "close", "remember"])
def test_a_move_that_is_cut_off_leaves_one_ledger_and_can_be_done_again(
    film: Path, url: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told_but_moves(film)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if at == "copy":
            real, calls = moving._copy_rows, []

            def half(source: object, there: object, table: object) -> None:
                calls.append(1)
                if len(calls) > 4:
                    raise KeyboardInterrupt
                real(source, there, table)  # type: ignore[arg-type]

            patch.setattr(moving, "_copy_rows", half)
        elif at == "compare":
            patch.setattr(moving, "_count_on", killed)
        elif at == "close":
            patch.setattr(moving, "add_event", killed)
        else:
            patch.setattr(moving.Folder, "remember", killed)
        with pytest.raises(KeyboardInterrupt):
            move_ledger(film, url)
    if at == "remember":
        with pytest.raises(Refused, match="moved elsewhere"):
            Show.open(film)
        Show.join(film, url=url).close()
    else:
        assert told_but_moves(film) == before, "the old one stands"
        with Show.open(film) as show:
            assert show.whereabouts.ledger.endswith("ledger.db")
        move_ledger(film, url)
    assert told_but_moves(film) == before
    with Show.open(film) as show:
        assert show.whereabouts.ledger == url


def test_a_copy_that_differs_is_not_taken(film: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = told(film), moving._copy_rows

    def wrong(source: object, there: object, table: object) -> None:
        real(source, there, table)  # type: ignore[arg-type]
        if getattr(table, "name", "") == "settings":
            there.execute(text("INSERT INTO settings VALUES ('x', 'y')"))  # type: ignore[attr-defined]

    monkeypatch.setattr(moving, "_copy_rows", wrong)
    with pytest.raises(LedgerBroken, match="not the same"):
        move_ledger(film, url)
    assert told(film) == before
    with closing(Ledger.of_url(url)) as empty, empty.reading() as connection:
        assert sum(count for count, _ in digests(connection).values()) == 0


def test_what_the_server_cannot_hold_stops_the_move(film: Path, url: str) -> None:
    with closing(sqlite3.connect(film / ".genzu" / "ledger.db")) as raw:
        raw.execute("INSERT INTO settings VALUES ('nul', 'a' || char(0) || 'b')")
        raw.commit()
    with pytest.raises(BadInput, match="cannot be stored"):
        move_ledger(film, url)
    with Show.open(film) as show:
        assert show.whereabouts.ledger.endswith("ledger.db")
        assert machine_take(show, seed=9).id == 5


def test_another_show_on_the_server_is_let_be(film: Path, url: str, tmp_path: Path) -> None:
    Show.create(tmp_path / "other", "another film", url=url).close()
    before = told(film)
    for call in (move_ledger, copy_ledger):
        with pytest.raises(Refused, match=r"has a show already.*schema"):
            call(film, url)
    assert told(film) == before
    with Show.open(tmp_path / "other") as show:
        assert show.title == "another film"
    assert move_ledger(film, url + "?schema=ours").rows > 20
    assert len(Base.metadata.sorted_tables) > 9


def test_pictures_go_to_a_store_and_come_back(film: Path, tmp_path: Path) -> None:
    before = told_but_moves(film)
    shares: list[float] = []
    there = move_pictures(film, (tmp_path / "share").as_uri(), shares.append)
    with Show.open(film) as show:
        assert show.verify() == ()
        take = machine_take(show, seed=30)
        layout(show, "another")
    assert shares[-1] == 1
    assert there.blobs == len(list((tmp_path / "share").glob("*/??/*"))) - 2
    for path in (film / ".genzu").glob("pictures/??/*"):
        path.chmod(0o644)
        path.write_bytes(b"the old place is not looked at")
    with Show.open(film) as show:
        assert show.verify() == ()
    with pytest.raises(Refused, match="there already"):
        move_pictures(film, str(tmp_path / "share"), shares.append)
    move_pictures(film, "folder", shares.append)
    with Show.open(film) as show:
        assert show.verify() == (), "damaged ones in the folder were replaced"
        assert show.picture(take.picture).shape == tiny().shape
    assert {**told_but_moves(film), "stored": 0, "takes": 0, "events": 0} == {
        **before, "stored": 0, "takes": 0, "events": 0
    }  # fmt: skip
    assert moves(film) == ["pictures moved", "pictures moved"]


def test_who_paints_while_pictures_move_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process keeps a picture between the two rounds: the second round brings it."""
    with show_with_cut(tmp_path / "show") as show, Show.open(tmp_path / "show") as worker:
        first = machine_take(worker)
        rounds: list[int] = []
        real = moving._carry

        def between(*given: object) -> int:
            count = real(*given)  # type: ignore[arg-type]
            if not rounds:
                machine_take(worker, seed=1)
            rounds.append(count)
            return count

        monkeypatch.setattr(moving, "_carry", between)
        move_pictures(tmp_path / "show", str(tmp_path / "share"), lambda _share: None)
        assert rounds == [2, 1]
        worker.keep_picture(tiny(2))
        with pytest.raises(Refused, match="moved meanwhile"):
            machine_take(worker, seed=2)
        with Show.open(tmp_path / "show") as again:
            assert [take.number for take in again.takes()] == [1, 2]
            assert again.picture(first.picture).shape == tiny().shape
            assert again.verify() == ()
        assert show.title == "犬と少年"


def test_a_damaged_memory_of_where_things_lie_is_told(tmp_path: Path, url: str) -> None:
    Show.create(tmp_path / "show", "a", url=url).close()
    path = tmp_path / "show" / ".genzu" / "where.json"
    whole = path.read_text()
    for content in ("", "{", "[]", '{"kind": 3}', whole.replace('"ledger": "', '"ledger": 7, "x": "')):
        path.write_text(content)
        with pytest.raises(LedgerBroken, match=r"where\.json.*--join"):
            Show.open(tmp_path / "show")
        with pytest.raises((LedgerBroken, Refused)):
            Show.create(tmp_path / "show", "b")
    path.write_text(whole.replace('"version": 1', '"version": 2'))
    with pytest.raises(BadInput, match="newer Genzu"):
        Show.open(tmp_path / "show")
    path.unlink()
    with pytest.raises(NotFound):
        Show.open(tmp_path / "show")
    Show.join(tmp_path / "show", url=url).close()
    assert path.read_text() == whole
    assert Where.read(path).ledger == url


def test_a_cut_is_added_on_the_server_after_a_move(film: Path, url: str) -> None:
    move_ledger(film, url)
    with Show.open(film) as show:
        show.add_cut(Cut(number="003", layout=show.cut("001").layout))
        assert [cut.number for cut in show.cuts()] == ["001", "002", "003"]
