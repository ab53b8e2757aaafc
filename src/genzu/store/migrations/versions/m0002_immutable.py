"""What is recorded stays: the database itself refuses to change or delete takes, parents, approvals and events."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

KEPT = ("takes", "take_parents", "approvals", "events")


def upgrade() -> None:
    """Make the triggers."""
    keep_as_recorded(KEPT)


def keep_as_recorded(tables: tuple[str, ...]) -> None:
    """Refuse every change of these tables, in the words of SQLite or PostgreSQL; later migrations use it too."""
    statements = _for_postgresql if op.get_context().dialect.name == "postgresql" else _for_sqlite
    for table in tables:
        for action in ("UPDATE", "DELETE"):
            for statement in statements(table, action):
                op.execute(statement)


def _for_sqlite(table: str, action: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are immutable'); END",
    )


def _for_postgresql(table: str, action: str) -> tuple[str, ...]:
    return (
        f"CREATE OR REPLACE FUNCTION {table}_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} are immutable'; END $$",
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_immutable()",
    )
