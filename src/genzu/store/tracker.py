"""What a production tracker brings into the ledger, in one transaction, and what of it was followed already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from genzu.core.codec import Plain
from genzu.store import cuts, locations, review
from genzu.store.cuts import ListChanges
from genzu.store.models import EventRow
from genzu.store.records import add_event, plain
from genzu.store.takes import by_id

_FOLLOWED = "tracker followed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person said in the tracker about a take."""

    take: int
    by: str
    source: str
    """What it was said in, for example the id of a comment; followed once."""
    reason: str | None = None
    """Why it is sent back; ``None``: it is approved."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerNews:
    """All that a pull brings."""

    changes: ListChanges = field(default_factory=ListChanges)
    words: tuple[Word, ...] = ()
    """In the order in which they were said."""
    settings: Mapping[str, str] = field(default_factory=dict)


def enter(connection: Connection, news: TrackerNews) -> None:
    """Enter it; the caller's transaction makes it all or nothing. What was followed already is let be."""
    cuts.enter(connection, news.changes)
    known = followed(connection)
    for word in news.words:
        if word.source not in known:
            _follow(connection, word)
    for name, value in news.settings.items():
        locations.set_setting(connection, name, value)


def followed(connection: Connection) -> frozenset[str]:
    """Sources of the words that were entered."""
    rows = connection.execute(select(EventRow.id, EventRow.detail).where(EventRow.what == _FOLLOWED))
    return frozenset(str(plain(row.detail, f"events[{row.id}].detail").get("source")) for row in rows)


def _follow(connection: Connection, word: Word) -> None:
    take = by_id(connection, word.take)
    if word.reason is None:
        # The approval comes last: the newest word about a sheet is what holds.
        for asked in review.several(connection, take.cut, take.sheet, open_only=True):
            review.answer(connection, asked.id, by=word.by, take=take.id, note=word.note)
        review.approve(connection, word.take, word.by)
    else:
        review.ask(
            connection, word.take, reason=word.reason, by=word.by, note=word.note, source=word.source, order=None
        )
    detail: Plain = {"source": word.source, "take": take.id, "retake": word.reason is not None}
    add_event(connection, _FOLLOWED, cut=take.cut, who=word.by, detail=detail)
