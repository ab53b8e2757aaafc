"""The tables of the ledger. Types and constraints that every SQL database has; the migrations build the same.

Takes, their parents, approvals, picks, retakes, events and trainings are only ever added: triggers in the migrations
refuse any change.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SHA = String(64)
NAME = String(400)


class Base(DeclarativeBase):
    """All tables of one show's ledger."""


class ShowRow(Base):
    """The show itself: one row, id 1."""

    __tablename__ = "show"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(40))


class CutRow(Base):
    """A cut as it is asked for now; what it was before stands in the events."""

    __tablename__ = "cuts"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    folded: Mapped[str] = mapped_column(String(64), unique=True)
    """The number without regard to case: two cuts may not share a file name on any disk."""
    record: Mapped[str] = mapped_column(Text)
    """Canonical JSON of :class:`genzu.core.cut.Cut`."""


class TakeRow(Base):
    """One immutable take."""

    __tablename__ = "takes"
    __table_args__ = (
        UniqueConstraint("cut", "sheet", "stage", "number", name="one_take_per_number"),
        UniqueConstraint("cut", "sheet", "stage", "recipe_digest", name="one_take_per_recipe"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cut: Mapped[str] = mapped_column(ForeignKey("cuts.number"))
    sheet: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    picture: Mapped[str] = mapped_column(SHA)
    hand: Mapped[str] = mapped_column(String(20))
    recipe_digest: Mapped[str | None] = mapped_column(SHA)
    recipe: Mapped[str | None] = mapped_column(Text)
    """Canonical JSON of :class:`genzu.core.recipe.Recipe`; given exactly when an engine made the take."""
    by: Mapped[str] = mapped_column(NAME)
    original: Mapped[str | None] = mapped_column(SHA)
    measures: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(40))


class ParentRow(Base):
    """A take was made from another; ``place`` keeps their order."""

    __tablename__ = "take_parents"
    take: Mapped[int] = mapped_column(ForeignKey("takes.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    parent: Mapped[int] = mapped_column(ForeignKey("takes.id"))


class CreditRow(Base):
    """A person in a role on a cut; an empty cut means the whole show."""

    __tablename__ = "credits"
    __table_args__ = (UniqueConstraint("cut", "name", "role", name="one_credit_each"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    cut: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(NAME)
    role: Mapped[str] = mapped_column(String(40))


class ApprovalRow(Base):
    """A take was approved; the newest approval of a sheet counts."""

    __tablename__ = "approvals"
    id: Mapped[int] = mapped_column(primary_key=True)
    take: Mapped[int] = mapped_column(ForeignKey("takes.id"), index=True)
    by: Mapped[str] = mapped_column(NAME)
    created: Mapped[str] = mapped_column(String(40))


class PickRow(Base):
    """A take was chosen among its candidates; the newest pick of a sheet counts."""

    __tablename__ = "picks"
    id: Mapped[int] = mapped_column(primary_key=True)
    take: Mapped[int] = mapped_column(ForeignKey("takes.id"), index=True)
    by: Mapped[str] = mapped_column(NAME)
    created: Mapped[str] = mapped_column(String(40))


class RetakeRow(Base):
    """A take was sent back (リテイク)."""

    __tablename__ = "retakes"
    id: Mapped[int] = mapped_column(primary_key=True)
    take: Mapped[int] = mapped_column(ForeignKey("takes.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(NAME)
    note: Mapped[str] = mapped_column(Text)
    again: Mapped[bool]
    """The cut's order was changed with it: a machine's painting answers it."""
    source: Mapped[str | None] = mapped_column(String(200), unique=True)
    """Where it came from (a tracker's comment): entered once, however often it is brought."""
    newest: Mapped[int]
    """Highest take id that the sheet had then."""
    created: Mapped[str] = mapped_column(String(40))


class RetakeAnswerRow(Base):
    """A retake was answered, by a take or by word; once."""

    __tablename__ = "retake_answers"
    retake: Mapped[int] = mapped_column(ForeignKey("retakes.id"), primary_key=True, autoincrement=False)
    take: Mapped[int | None] = mapped_column(ForeignKey("takes.id"))
    by: Mapped[str] = mapped_column(NAME)
    note: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(40))


class ExportRow(Base):
    """What Genzu last wrote at a path: how it tells its own file from one that a person changed."""

    __tablename__ = "exports"
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    """Below the show's folder relative and with ``/``; elsewhere absolute."""
    sha: Mapped[str | None] = mapped_column(SHA)
    """SHA-256 of the bytes that are known to have been put there."""
    pending: Mapped[str | None] = mapped_column(SHA)
    """SHA-256 of bytes that were about to be put there: they may or may not have arrived."""


class EventRow(Base):
    """Who did what, when, to which cut."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    created: Mapped[str] = mapped_column(String(40))
    who: Mapped[str] = mapped_column(NAME)
    what: Mapped[str] = mapped_column(String(40))
    cut: Mapped[str] = mapped_column(String(32), index=True)
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON."""


class TrainingRunRow(Base):
    """A finished training of a style (LoRA)."""

    __tablename__ = "training_runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    lora: Mapped[str] = mapped_column(SHA, unique=True)
    """SHA-256 of the LoRA file's bytes."""
    title: Mapped[str] = mapped_column(NAME)
    author: Mapped[str] = mapped_column(NAME)
    record: Mapped[str] = mapped_column(Text)
    """Canonical JSON of :meth:`genzu.core.own_art.TrainingRun.head`."""
    created: Mapped[str] = mapped_column(String(40))
    """When it was entered here."""


class TrainingFileRow(Base):
    """A picture that a training learned from; ``sha`` answers which styles learned from a picture."""

    __tablename__ = "training_files"
    run: Mapped[int] = mapped_column(ForeignKey("training_runs.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    sha: Mapped[str] = mapped_column(SHA, index=True)
    owner: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    waived_by: Mapped[str] = mapped_column(NAME)
    record: Mapped[str] = mapped_column(Text)
    """Canonical JSON of :class:`genzu.core.own_art.TrainingFile`."""


class PlaceRow(Base):
    """A place of the show as it is now; what it was before stands in the events."""

    __tablename__ = "places"
    folded: Mapped[str] = mapped_column(String(400), primary_key=True)
    """The name without regard to case, width and blanks: people mean one place by them."""
    record: Mapped[str] = mapped_column(Text)
    """Canonical JSON of :class:`genzu.core.place.Location`."""


class SettingRow(Base):
    """What the show as a whole says of itself."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
