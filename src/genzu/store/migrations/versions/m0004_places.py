"""Places of the show, and what the show as a whole says of itself (frames a second, where its record time begins)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from genzu.store.migrations import REVISIONS

revision = "0004"
BUILDS_ON = REVISIONS[REVISIONS.index(revision) - 1]
"""Whatever stands before it in ``REVISIONS``: nothing here needs another migration than the first."""
down_revision = BUILDS_ON


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "places",
        sa.Column("folded", sa.String(400), primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
