"""Recording and finding trainings on own art, inside a transaction of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select

from genzu.core.own_art import TrainingFile, TrainingRun
from genzu.store.models import TrainingFileRow, TrainingRunRow
from genzu.store.records import add_event, json_text, now, person, plain


def record(connection: Connection, run: TrainingRun) -> None:
    """Add a training with every picture of it; nothing if this LoRA file is recorded already."""
    if connection.execute(select(TrainingRunRow.id).where(TrainingRunRow.lora == run.lora)).scalar() is not None:
        return
    author = person(run.author, "training.author")
    key = connection.execute(
        insert(TrainingRunRow).values(
            lora=run.lora, title=person(run.title, "training.title"), author=author,
            record=json_text(run.head(), "training"), created=now(),
        )
    ).inserted_primary_key  # fmt: skip
    assert key is not None
    rows = [_row(int(key[0]), place, file) for place, file in enumerate(run.files)]
    connection.execute(insert(TrainingFileRow), rows)
    detail = {"lora": run.lora, "title": run.title, "files": len(run.files), "set": run.set_digest}
    add_event(connection, "training recorded", who=author, detail=detail)


def several(connection: Connection, with_picture: str | None) -> tuple[TrainingRun, ...]:
    """Trainings in the order of recording; those that learned from one picture if it is given."""
    query = select(TrainingRunRow.id, TrainingRunRow.record).order_by(TrainingRunRow.id)
    if with_picture is not None:
        learned = select(TrainingFileRow.run).where(TrainingFileRow.sha == with_picture)
        query = query.where(TrainingRunRow.id.in_(learned))
    return _rebuilt(connection, connection.execute(query).all())


def by_lora(connection: Connection, lora: str) -> TrainingRun | None:
    """The training that made this LoRA file."""
    query = select(TrainingRunRow.id, TrainingRunRow.record).where(TrainingRunRow.lora == lora)
    found = _rebuilt(connection, connection.execute(query).all())
    return found[0] if found else None


def _row(run: int, place: int, file: TrainingFile) -> dict[str, Any]:
    return {
        "run": run, "place": place, "file": file.file, "sha": file.sha, "owner": file.owner, "licence": file.licence,
        "waived_by": file.waived_by, "record": json_text(file.to_dict(), f"training.files[{place}]"),
    }  # fmt: skip


def _rebuilt(connection: Connection, rows: Iterable[Any]) -> tuple[TrainingRun, ...]:
    runs = []
    for row in rows:
        path = f"trainings[{row.id}]"
        query = select(TrainingFileRow.record).where(TrainingFileRow.run == row.id).order_by(TrainingFileRow.place)
        files = [
            plain(record, f"{path}.files[{place}]")
            for place, record in enumerate(connection.execute(query).scalars().all())
        ]
        runs.append(TrainingRun.from_dict({**plain(row.record, path), "files": files}, path))
    return tuple(runs)
