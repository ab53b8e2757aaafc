"""The first ledger: show, cuts, takes, credits, approvals, exports, events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SHA, NAME, WHEN = sa.String(64), sa.String(400), sa.String(40)


def upgrade() -> None:
    """Make the tables."""
    _show_and_cuts()
    _takes()
    _around_takes()


def _show_and_cuts() -> None:
    op.create_table(
        "show",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created", WHEN, nullable=False),
    )
    op.create_table(
        "cuts",
        sa.Column("number", sa.String(32), primary_key=True),
        sa.Column("folded", sa.String(64), nullable=False, unique=True),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created", WHEN, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("cut", sa.String(32), nullable=False, index=True),
        sa.Column("detail", sa.Text, nullable=False),
    )


def _takes() -> None:
    op.create_table(
        "takes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cut", sa.String(32), sa.ForeignKey("cuts.number"), nullable=False),
        sa.Column("sheet", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("picture", SHA, nullable=False),
        sa.Column("hand", sa.String(20), nullable=False),
        sa.Column("recipe_digest", SHA),
        sa.Column("recipe", sa.Text),
        sa.Column("by", NAME, nullable=False),
        sa.Column("original", SHA),
        sa.Column("measures", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created", WHEN, nullable=False),
        sa.UniqueConstraint("cut", "sheet", "stage", "number", name="one_take_per_number"),
        sa.UniqueConstraint("cut", "sheet", "stage", "recipe_digest", name="one_take_per_recipe"),
    )
    op.create_table(
        "take_parents",
        sa.Column("take", sa.Integer, sa.ForeignKey("takes.id"), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("parent", sa.Integer, sa.ForeignKey("takes.id"), nullable=False),
    )


def _around_takes() -> None:
    op.create_table(
        "credits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("cut", sa.String(32), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.UniqueConstraint("cut", "name", "role", name="one_credit_each"),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("take", sa.Integer, sa.ForeignKey("takes.id"), nullable=False, index=True),
        sa.Column("by", NAME, nullable=False),
        sa.Column("created", WHEN, nullable=False),
    )
    op.create_table(
        "exports",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("sha", SHA),
        sa.Column("pending", SHA),
    )
