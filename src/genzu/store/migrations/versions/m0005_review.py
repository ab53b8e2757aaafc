"""Picks, retakes and their answers: added once, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from genzu.store.migrations import REVISIONS
from genzu.store.migrations.versions.m0002_immutable import keep_as_recorded

revision = "0005"
BUILDS_ON = REVISIONS[REVISIONS.index(revision) - 1]
"""Whatever stands before it in ``REVISIONS``: nothing here needs another migration than the first two."""
down_revision = BUILDS_ON

NAME, WHEN = sa.String(400), sa.String(40)


def upgrade() -> None:
    """Make the tables and the triggers that keep them."""
    op.create_table(
        "picks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("take", sa.Integer, sa.ForeignKey("takes.id"), nullable=False, index=True),
        sa.Column("by", NAME, nullable=False),
        sa.Column("created", WHEN, nullable=False),
    )
    op.create_table(
        "retakes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("take", sa.Integer, sa.ForeignKey("takes.id"), nullable=False, index=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("again", sa.Boolean, nullable=False),
        sa.Column("source", sa.String(200), unique=True),
        sa.Column("newest", sa.Integer, nullable=False),
        sa.Column("created", WHEN, nullable=False),
    )
    op.create_table(
        "retake_answers",
        sa.Column("retake", sa.Integer, sa.ForeignKey("retakes.id"), primary_key=True, autoincrement=False),
        sa.Column("take", sa.Integer, sa.ForeignKey("takes.id")),
        sa.Column("by", NAME, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created", WHEN, nullable=False),
    )
    keep_as_recorded(("picks", "retakes", "retake_answers"))
