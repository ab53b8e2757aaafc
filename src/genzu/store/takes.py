"""Recording and finding takes, inside a transaction of the ledger."""

from __future__ import annotations

import re

from sqlalchemy import Connection, Select, func, insert, select

from genzu.core.take import NewTake, Stage, Take
from genzu.errors import BadRecord, NotFound
from genzu.store.models import CutRow, ParentRow, TakeRow
from genzu.store.records import TAKE_COLUMNS, add_event, json_text, now, person, takes_of

_SHEET = re.compile(r"[^\x00-\x1f\x7f/\\]{1,64}")


def record(connection: Connection, new: NewTake) -> Take:
    """Add a take with the next free number; the one with the same recipe instead if it is there."""
    _check(new)
    # On a server this row lock makes the next lines one step; SQLite's writer is alone already.
    cut = connection.execute(select(CutRow.number).where(CutRow.number == new.cut).with_for_update()).scalar()
    if cut is None:
        raise NotFound("there is no such cut", where=f"cut {new.cut}", do="add it first")
    if new.recipe is not None:
        known = by_recipe(connection, new.cut, new.sheet, new.stage, new.recipe.digest)
        if known is not None:
            return known
    take_id = _insert(connection, new)
    take = by_id(connection, take_id)
    add_event(
        connection, "take recorded", cut=take.cut, who=take.by,
        detail={"take": take.id, "sheet": take.sheet, "stage": take.stage.value, "number": take.number},
    )  # fmt: skip
    return take


def _insert(connection: Connection, new: NewTake) -> int:
    same_line = (TakeRow.cut == new.cut, TakeRow.sheet == new.sheet, TakeRow.stage == new.stage.value)
    last = connection.execute(select(func.max(TakeRow.number)).where(*same_line)).scalar()
    key = connection.execute(
        insert(TakeRow).values(
            cut=new.cut, sheet=new.sheet, stage=new.stage.value, number=(last or 0) + 1, picture=new.picture,
            hand=new.hand.value, by=person(new.by, "take.by") if new.by else "", original=new.original,
            recipe_digest=new.recipe.digest if new.recipe else None,
            recipe=json_text(new.recipe.to_dict(), "take.recipe") if new.recipe else None,
            measures=json_text(new.measures, "take.measures"), note=new.note, created=now(),
        )
    ).inserted_primary_key  # fmt: skip
    assert key is not None
    take_id = int(key[0])
    for place, parent in enumerate(new.parents):
        by_id(connection, parent)
        connection.execute(insert(ParentRow).values(take=take_id, place=place, parent=parent))
    return take_id


def _check(new: NewTake) -> None:
    if not _SHEET.fullmatch(new.sheet):
        raise BadRecord(f"{new.sheet!r} is not the name of a sheet", where="take.sheet", do="use BG or BOOK1")
    recipe = new.recipe
    if recipe is not None and (recipe.stage, recipe.sheet) != (new.stage, new.sheet):
        raise BadRecord(
            f"the recipe is for {recipe.sheet} {recipe.stage}, the take is {new.sheet} {new.stage}",
            where="take.recipe",
        )


def by_id(connection: Connection, take_id: int) -> Take:
    """The take with this id."""
    possible = 0 < take_id < 2**63  # no database has room for others
    found = _first(connection, select(*TAKE_COLUMNS).where(TakeRow.id == take_id)) if possible else None
    if found is None:
        raise NotFound("there is no such take", where=f"take {take_id}", do="look at the list of takes")
    return found


def by_recipe(connection: Connection, cut: str, sheet: str, stage: Stage, digest: str) -> Take | None:
    """The take that an engine made with this very recipe."""
    query = _line(cut, sheet, stage).where(TakeRow.recipe_digest == digest)
    return _first(connection, query)


def several(connection: Connection, cut: str | None, sheet: str | None, stage: Stage | None) -> tuple[Take, ...]:
    """Takes in the order of recording; what is ``None`` is not asked for."""
    return takes_of(connection, connection.execute(_line(cut, sheet, stage).order_by(TakeRow.id)))


def latest(connection: Connection, cut: str, sheet: str, stage: Stage) -> Take | None:
    """The take with the highest number."""
    return _first(connection, _line(cut, sheet, stage).order_by(TakeRow.number.desc()).limit(1))


def _line(cut: str | None, sheet: str | None, stage: Stage | None) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(*TAKE_COLUMNS)
    if cut is not None:
        query = query.where(TakeRow.cut == cut)
    if sheet is not None:
        query = query.where(TakeRow.sheet == sheet)
    if stage is not None:
        query = query.where(TakeRow.stage == stage.value)
    return query


def _first(connection: Connection, query: Select[tuple[object, ...]]) -> Take | None:
    row = connection.execute(query).first()
    return None if row is None else takes_of(connection, [row])[0]
