"""Rows of the ledger to records and back. What the ledger holds is checked on the way out like any other input."""

from __future__ import annotations

import getpass
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from genzu.core.codec import Plain, canonical
from genzu.core.credit import Hand
from genzu.core.cut import Cut
from genzu.core.recipe import Recipe
from genzu.core.take import Stage, Take
from genzu.errors import BadInput, BadRecord, LedgerBroken
from genzu.store.models import EventRow, ParentRow, TakeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that changed the show."""

    id: int
    created: str
    """UTC, ISO 8601 with seconds."""
    who: str
    """The person who is named for it, else the user of the machine."""
    what: str
    """One of ``show made, cut added, cut changed, take recorded, credit added, take approved, take picked, retake
    asked, retake answered, file exported, place added, place changed, setting changed, list imported, tracker
    followed, training recorded, ledger moved, pictures moved``."""
    cut: str
    """Number of the cut; empty if it concerns the whole show."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON values: the take, the person, what a cut was before …"""


def now() -> str:
    """UTC, ISO 8601 with seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def machine_user() -> str:
    """Name of the account that runs Genzu; empty where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def person(name: str, where: str = "name") -> str:
    """A person's name as it is stored: without outer blanks, accents and kana composed (NFC).

    Raises :class:`BadInput` if it is empty, longer than 200 characters or has control characters.
    """
    tidy = unicodedata.normalize("NFC", name).strip()
    if not tidy or len(tidy) > 200 or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tidy):
        raise BadInput(f"{name!r} is not a name", where=where, do="give the person's name on one line")
    return tidy


def add_event(connection: Connection, what: str, *, cut: str = "", who: str = "", detail: Plain | None = None) -> None:
    """Write an event in the transaction of the change that it tells of."""
    connection.execute(
        insert(EventRow).values(
            created=now(), who=who or machine_user(), what=what, cut=cut, detail=canonical(detail or {})
        )
    )


def add_events(connection: Connection, what: str, details: Sequence[Plain]) -> None:
    """Write several events of one kind at once."""
    row = {"created": now(), "who": machine_user(), "what": what, "cut": ""}
    if details:
        connection.execute(insert(EventRow), [{**row, "detail": canonical(detail)} for detail in details])


def events(connection: Connection, cut: str | None) -> tuple[Event, ...]:
    """Events in order, of one cut or of the whole show."""
    query = select(*EventRow.__table__.columns).order_by(EventRow.id)
    if cut is not None:
        query = query.where(EventRow.cut == cut)
    return tuple(
        Event(
            id=row.id, created=row.created, who=row.who, what=row.what, cut=row.cut,
            detail=plain(row.detail, f"events[{row.id}].detail"),
        )
        for row in connection.execute(query)
    )  # fmt: skip


def plain(text: str, path: str) -> Plain:
    """Parse a stored JSON object."""
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise LedgerBroken("this field of the ledger is damaged", where=path, do="bring ledger.db back from a backup")
    return record


def json_text(record: Mapping[str, Any], path: str) -> str:
    """Canonical JSON; :class:`BadRecord` if a value is not a plain JSON value (NaN and numpy numbers are not)."""
    try:
        return canonical(record)
    except (TypeError, ValueError) as error:
        raise BadRecord(f"it holds a value that is not plain ({error})", where=path) from None


def cut_of(record: str, number: str) -> Cut:
    """Rebuild a cut."""
    return Cut.from_dict(plain(record, f"cuts[{number}]"), f"cuts[{number}]")


def takes_of(connection: Connection, rows: Iterable[Any]) -> tuple[Take, ...]:
    """Rebuild takes, with their parents, in the order of ``rows``."""
    found = list(rows)
    parents: dict[int, list[int]] = {}
    query = select(ParentRow.take, ParentRow.parent).order_by(ParentRow.take, ParentRow.place)
    if len(found) == 1:
        query = query.where(ParentRow.take == found[0].id)
    for child, parent in connection.execute(query if found else query.where(ParentRow.take < 0)):
        parents.setdefault(child, []).append(parent)
    return tuple(_take(row, tuple(parents.get(row.id, ()))) for row in found)


def _take(row: Any, parents: tuple[int, ...]) -> Take:
    path = f"takes[{row.id}]"
    recipe = row.recipe and Recipe.from_dict(plain(row.recipe, f"{path}.recipe"), f"{path}.recipe")
    try:
        stage, hand = Stage(row.stage), Hand(row.hand)
    except ValueError as error:
        raise BadRecord(str(error), where=path, do="update Genzu") from None
    return Take(
        id=row.id, cut=row.cut, sheet=row.sheet, stage=stage, number=row.number, picture=row.picture,
        hand=hand, recipe=recipe or None, parents=parents, by=row.by, original=row.original,
        measures=plain(row.measures, f"{path}.measures"), note=row.note, created=row.created,
    )  # fmt: skip


TAKE_COLUMNS = tuple(TakeRow.__table__.columns)
