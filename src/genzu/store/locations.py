"""Places of the show, and its settings, in the ledger."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import Connection, insert, select, update

from genzu.core.codec import canonical
from genzu.core.place import Location, place_key
from genzu.errors import NotFound
from genzu.store.models import PlaceRow, SettingRow
from genzu.store.records import add_event, plain


def put(connection: Connection, place: Location) -> None:
    """Add or change a place; the same again changes nothing."""
    key, new = place_key(place.name), place.to_dict()
    record = connection.execute(select(PlaceRow.record).where(PlaceRow.folded == key)).scalar()
    if record is None:
        connection.execute(insert(PlaceRow).values(folded=key, record=canonical(new)))
        add_event(connection, "place added", detail=new)
    elif (old := _place(record, key).to_dict()) != new:
        connection.execute(update(PlaceRow).where(PlaceRow.folded == key).values(record=canonical(new)))
        add_event(connection, "place changed", detail={"before": old, "after": new})


def all_of(connection: Connection) -> tuple[Location, ...]:
    """All places by name: sorted here, since each server sorts by the language of its database."""
    rows = connection.execute(select(PlaceRow.folded, PlaceRow.record)).all()
    return tuple(_place(row.record, row.folded) for row in sorted(rows, key=lambda row: row.folded))


def one(connection: Connection, name: str) -> Location:
    """One place by its name; :class:`NotFound` with the nearest name."""
    key = place_key(name)
    record = connection.execute(select(PlaceRow.record).where(PlaceRow.folded == key)).scalar()
    if record is not None:
        return _place(record, key)
    names = {place_key(place.name): place.name for place in all_of(connection)}
    near = get_close_matches(key, names, n=1, cutoff=0.5)
    meant = f"did you mean {names[near[0]]}?" if near else f"add it with 'genzu place add {name}'"
    raise NotFound("the show has no such place", where=f"place {name}", do=meant)


def setting(connection: Connection, name: str) -> str | None:
    """The value of a setting; ``None`` if it was never set."""
    return connection.execute(select(SettingRow.value).where(SettingRow.name == name)).scalar()


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Set it; the event keeps what it was before."""
    before = setting(connection, name)
    if before == value:
        return
    if before is None:
        connection.execute(insert(SettingRow).values(name=name, value=value))
    else:
        connection.execute(update(SettingRow).where(SettingRow.name == name).values(value=value))
    detail = {"name": name, "after": value, **({"before": before} if before is not None else {})}
    add_event(connection, "setting changed", detail=detail)


def _place(record: str, key: str) -> Location:
    return Location.from_dict(plain(record, f"places[{key}]"), f"places[{key}]")
