"""What a show's styles (LoRAs) were trained on: one row per training, one per picture; added once, never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from genzu.store.migrations.versions.m0002_immutable import keep_as_recorded

revision = "0003"
down_revision = "0002"

SHA, NAME, WHEN = sa.String(64), sa.String(400), sa.String(40)


def upgrade() -> None:
    """Make the tables and the triggers that keep them."""
    op.create_table(
        "training_runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lora", SHA, nullable=False, unique=True),
        sa.Column("title", NAME, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("created", WHEN, nullable=False),
    )
    op.create_table(
        "training_files",
        sa.Column("run", sa.Integer, sa.ForeignKey("training_runs.id"), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha", SHA, nullable=False, index=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("waived_by", NAME, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    keep_as_recorded(("training_runs", "training_files"))
