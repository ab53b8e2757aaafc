from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from store_samples import SHA, hand_take, machine_take, recipe, show_with_cut, tiny

from genzu.core.credit import Hand
from genzu.core.own_art import TrainingFile, TrainingRun
from genzu.core.take import NewTake, Stage
from genzu.errors import BadInput, BadRecord, CannotWrite, LedgerBroken
from genzu.store import review, takes
from genzu.store.ledger import Ledger
from genzu.store.migrations import REVISIONS
from genzu.store.models import CutRow, ShowRow
from genzu.store.show import Show


def file(number: int = 0, **given: str) -> TrainingFile:
    facts = {"owner": "背景スタジオ", "licence": "own work", "source": "SHOW 2024", "caption": "harbour, dusk", **given}
    return TrainingFile(file=f"港/{number:03}.png", sha=f"{number:064x}", width=960, height=540, **facts)


def run(lora: str = SHA, files: int = 3, **given: str) -> TrainingRun:
    facts = {
        "name": "style.safetensors",
        "title": "港町の画風",
        "author": "Mori",
        "licence": "studio use only",
        **given,
    }
    return TrainingRun(
        lora=lora, family="sd15", base="base", trigger="hrbr", created="2026-11-28T10:00:00Z",
        settings={"rank": 4, "rate": 0.0001}, files=tuple(file(number) for number in range(files)), **facts,
    )  # fmt: skip


def test_a_training_comes_back_whole_and_once(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        show.record_training(run())
        show.record_training(run())
        assert show.trainings() == (run(),)
        assert show.training(SHA) == run()
        assert show.training("f" * 64) is None
        told = [event for event in show.history() if event.what == "training recorded"]
        assert [(event.who, event.detail["files"]) for event in told] == [("Mori", 3)]
        assert told[0].detail["set"] == run().set_digest
    with Show.open(tmp_path / "show") as show:
        assert show.training(SHA) == run()


def test_a_picture_tells_which_styles_learned_from_it(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        small, large = run("a" * 64, files=2), run("b" * 64, files=4)
        show.record_training(small)
        show.record_training(large)
        assert show.trainings(with_picture=file(3).sha) == (large,)
        assert show.trainings(with_picture=file(1).sha) == (small, large)
        assert show.trainings(with_picture="f" * 64) == ()


def test_who_took_a_picture_in_without_an_entry_stays_recorded(tmp_path: Path) -> None:
    waived = TrainingFile(
        file="x.png", sha=SHA, width=8, height=8, owner="", licence="", waived_by="監督 Mori", caption="street"
    )
    with show_with_cut(tmp_path / "show") as show:
        whole = TrainingRun.from_dict({**run().to_dict(), "files": [waived.to_dict()]})
        show.record_training(whole)
        (found,) = show.trainings()
        assert found.files == (waived,)
        with show._ledger.reading() as connection:
            assert connection.execute(text("SELECT waived_by FROM training_files")).scalar() == "監督 Mori"


@pytest.mark.parametrize("table", ["training_runs", "training_files"])
@pytest.mark.parametrize("action", ["UPDATE {0} SET record = '{{}}'", "DELETE FROM {0}"])
def test_what_a_style_learned_from_cannot_be_changed(tmp_path: Path, table: str, action: str) -> None:
    with show_with_cut(tmp_path / "show") as show:
        show.record_training(run())
        with pytest.raises(LedgerBroken, match="immutable"), show._ledger.writing() as connection:
            connection.execute(text(action.format(table)))
        assert show.trainings() == (run(),)


def test_nothing_is_recorded_of_a_training_that_is_not_valid(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        with pytest.raises(BadInput, match="not a name"):
            show.record_training(run(author=""))
        with pytest.raises(BadRecord, match="not plain"):
            show.record_training(TrainingRun(**{**_fields(run()), "settings": {"rate": float("nan")}}))
        assert show.trainings() == ()


def _fields(record: TrainingRun) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__slots__}


def old_show(folder: Path) -> None:
    """A show as the Genzu before trainings left it: revision 0002, with a cut, takes and an approval."""
    (folder / ".genzu").mkdir(parents=True)
    ledger = Ledger.at(folder / ".genzu" / "ledger.db")
    ledger.bring_up_to_date(to="0002")
    with ledger.writing() as connection:
        connection.execute(insert(ShowRow).values(id=1, title="犬と少年", created="2026-01-01T00:00:00Z"))
        connection.execute(
            insert(CutRow).values(number="001", folded="001", record='{"number":"001","prompt":"","seed":0}')
        )
        new = NewTake(cut="001", sheet="BG", stage=Stage.ROUGH, picture=SHA, hand=Hand.AI, recipe=recipe())
        review.approve(connection, takes.record(connection, new).id, "監督")
    ledger.close()


def rows(ledger: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(ledger)) as raw:
        tables = ("show", "cuts", "takes", "take_parents", "approvals", "events", "credits", "exports")
        return {table: raw.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_a_ledger_from_before_trainings_keeps_all_that_is_in_it(tmp_path: Path) -> None:
    old_show(tmp_path / "show")
    path = tmp_path / "show" / ".genzu" / "ledger.db"
    before = rows(path)
    assert len(before["takes"]) == len(before["approvals"]) == 1
    ledger = Ledger.at(path)
    assert ledger.revision() == "0002"
    ledger.bring_up_to_date(tmp_path / "show" / ".genzu" / "backup")
    assert ledger.revision() == REVISIONS[-1]
    ledger.close()
    assert rows(path) == before
    (backup,) = (tmp_path / "show" / ".genzu" / "backup").iterdir()
    assert backup.name.startswith("ledger-0002-")
    with Show.open(tmp_path / "show") as show:
        assert show.trainings() == ()
        show.record_training(run())
        assert show.trainings() == (run(),)
    for table in ("takes", "approvals", "events"):
        with closing(sqlite3.connect(path)) as raw, pytest.raises(sqlite3.IntegrityError, match="immutable"):
            raw.execute(f"DELETE FROM {table}")


def test_the_same_on_a_server(tmp_path: Path) -> None:
    url = os.environ.get("GENZU_TEST_POSTGRESQL")
    if not url:
        pytest.skip("set GENZU_TEST_POSTGRESQL to the URL of an empty database (postgresql+psycopg://…)")
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    ledger = Ledger.of_url(url)
    ledger.bring_up_to_date(to="0002")
    ledger.close()
    with Show.open_or_create(tmp_path / "show", "犬と少年", url=url) as show:
        show.record_training(run())
        assert show.training(SHA) == run()
        assert show.trainings(with_picture=file(1).sha) == (run(),)
        for table in ("training_runs", "training_files"):
            with pytest.raises(CannotWrite, match="immutable"), show._ledger.writing() as connection:
                connection.execute(text(f"DELETE FROM {table}"))
        assert show.trainings() == (run(),)


def test_takes_are_recorded_as_before(tmp_path: Path) -> None:
    with show_with_cut(tmp_path / "show") as show:
        show.record_training(run())
        first = machine_take(show)
        assert hand_take(show, parents=(first.id,)).number == 1
        assert show.verify() == ()
        assert show.picture(first.picture).tolist() == tiny(0).tolist()
