"""What a build remembers: what is in a layout's file, where files came from, what was written, who paints which cut."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from genzu.store.migrations import REVISIONS

revision = "0006"
BUILDS_ON = REVISIONS[REVISIONS.index(revision) - 1]
"""Whatever stands before it in ``REVISIONS``: nothing here needs another migration than the first."""
down_revision = BUILDS_ON

SHA = sa.String(64)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "layouts_seen",
        sa.Column("file", SHA, primary_key=True),
        sa.Column("intake", sa.String(40), primary_key=True),
        sa.Column("size", sa.String(24), primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "origins",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("file", SHA, nullable=False, index=True),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("changed_ns", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "files_written",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("cut", sa.String(32), nullable=False),
        sa.Column("sheet", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "claims",
        sa.Column("cut", sa.String(32), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("host", sa.String(64), nullable=False),
        sa.Column("process", sa.String(64), nullable=False),
        sa.Column("beat", sa.BigInteger, nullable=False),
    )
