"""What can be wrong with a ledger on PostgreSQL: the server checks its pages, but not what a hand or a restore did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, ForeignKey, Select, func, select
from sqlalchemy.exc import DBAPIError

from genzu.store.models import Base


def unguarded(connection: Connection, schema: str) -> Iterator[str]:
    """Triggers that keep takes as they were recorded and are switched off or gone; keys that were never checked."""
    guards = connection.exec_driver_sql(
        "SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace "
        f"WHERE nspname = '{schema}' AND right(proname, 10) = '_immutable' ORDER BY 1"
    ).scalars()
    tables = [name.removesuffix("_immutable") for name in guards]
    awake = set(
        connection.exec_driver_sql(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            f"WHERE nspname = '{schema}' AND tgenabled IN ('O', 'A')"
        ).scalars()
    )
    for table in tables:
        if not {f"{table}_no_update", f"{table}_no_delete"} <= awake:
            yield f"the trigger that keeps {table} as they were recorded is switched off"
    unchecked = connection.exec_driver_sql(
        "SELECT conname FROM pg_constraint JOIN pg_namespace ON pg_namespace.oid = connamespace "
        f"WHERE nspname = '{schema}' AND NOT convalidated ORDER BY 1"
    ).scalars()
    for name in unchecked:
        yield f"the constraint {name} was never checked"


def unreadable(connection: Connection) -> Iterator[str]:
    """Tables that are gone or have rows on damaged pages: every row is read whole."""
    for table in Base.metadata.sorted_tables:
        try:
            with connection.begin_nested():
                for _ in connection.execute(select(table), execution_options={"yield_per": 500}):
                    pass
        except DBAPIError as error:
            yield f"{table.name} cannot be read ({' '.join(str(error.orig).split())})"


def loose(connection: Connection) -> Iterator[str]:
    """Rows that point to nothing: a restore with triggers off can bring them."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name)):
            count = connection.execute(_pointing_to_nothing(key)).scalar()
            if count:
                yield f"{count} rows of {table.name} point to nothing in {key.column.table.name}"


def _pointing_to_nothing(key: ForeignKey) -> Select[Any]:
    child, parent = key.parent, key.column
    query = select(func.count()).select_from(child.table.outerjoin(parent.table, child == parent))
    return query.where(child.is_not(None), parent.is_(None))
