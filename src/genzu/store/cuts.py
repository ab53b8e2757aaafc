"""Cuts in the ledger: one by one, or a whole list in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from genzu.core.codec import Plain, canonical
from genzu.core.cut import Cut
from genzu.core.numbers import in_order
from genzu.core.place import Location
from genzu.errors import NotFound, Refused
from genzu.store import locations
from genzu.store.models import CutRow
from genzu.store.records import add_event, cut_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """What a cut list brings into a show."""

    cuts: tuple[tuple[Cut | None, Cut], ...] = ()
    """Each cut as the list was held against it (``None``: there was none), and as it will be."""
    places: tuple[Location, ...] = ()
    """Places that are added."""
    settings: Mapping[str, str] = field(default_factory=dict)
    told: Plain = field(default_factory=dict)
    """For the history: the file, the counts."""


def add(connection: Connection, cut: Cut) -> None:
    """Add a cut; :class:`Refused` if its number exists, whatever the case of its letters."""
    same = select(CutRow.number).where(CutRow.folded == cut.number.casefold())
    there = connection.execute(same).scalar()
    if there is not None:
        raise Refused(
            f"there is a cut {there} already", where=f"cut {cut.number}", do="choose another number or change it"
        )
    record = cut.to_dict()
    connection.execute(insert(CutRow).values(number=cut.number, folded=cut.number.casefold(), record=canonical(record)))
    add_event(connection, "cut added", cut=cut.number, detail=record)


def change(connection: Connection, cut: Cut) -> None:
    """Change what is asked for; the same again changes nothing. :class:`NotFound` if there is no such cut."""
    old, new = one(connection, cut.number).to_dict(), cut.to_dict()
    if old == new:
        return
    connection.execute(update(CutRow).where(CutRow.number == cut.number).values(record=canonical(new)))
    add_event(connection, "cut changed", cut=cut.number, detail={"before": old, "after": new})


def enter(connection: Connection, changes: ListChanges) -> None:
    """Everything that a list brings; the caller's transaction makes it all or nothing."""
    for place in changes.places:
        locations.put(connection, place)
    for name, value in changes.settings.items():
        locations.set_setting(connection, name, value)
    for before, cut in changes.cuts:
        if before is None:
            add(connection, cut)
        elif one(connection, cut.number) != before:
            raise Refused(
                "somebody changed this cut while the list was being read", where=f"cut {cut.number}",
                do="import the list again",
            )  # fmt: skip
        else:
            change(connection, cut)
    if changes.cuts or changes.places or changes.settings:
        add_event(connection, "list imported", detail=changes.told)


def all_of(connection: Connection) -> tuple[Cut, ...]:
    """All cuts: those that a list ordered first, in its order; the others by number."""
    rows = connection.execute(select(CutRow.number, CutRow.record)).all()
    return tuple(sorted((cut_of(row.record, row.number) for row in rows), key=_in_film))


def one(connection: Connection, number: str) -> Cut:
    """One cut; :class:`NotFound` if there is none."""
    record = connection.execute(select(CutRow.record).where(CutRow.number == number)).scalar()
    if record is None:
        raise no_cut(number)
    return cut_of(record, number)


def no_cut(number: str) -> NotFound:
    """The error for a number that no cut has."""
    return NotFound("there is no such cut", where=f"cut {number}", do="add it with 'genzu add'")


def _in_film(cut: Cut) -> tuple[bool, int, list[tuple[int, int, str]]]:
    return cut.order is None, cut.order or 0, in_order(cut.number)
