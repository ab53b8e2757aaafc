"""Approvals, picks, retakes and their answers, inside a transaction of the ledger."""

from __future__ import annotations

import unicodedata

from sqlalchemy import ColumnElement, Connection, func, insert, select

from genzu.core.codec import Plain
from genzu.core.cut import Cut
from genzu.core.review import LONGEST_REASON, Answer, Choice, ChoiceKind, Retake
from genzu.core.take import Stage, Take
from genzu.errors import BadInput, NotFound, Refused
from genzu.store import cuts
from genzu.store.models import ApprovalRow, CutRow, EventRow, PickRow, RetakeAnswerRow, RetakeRow, TakeRow
from genzu.store.records import add_event, now, person, plain
from genzu.store.takes import by_id

_KINDS = {
    "take picked": ChoiceKind.PICK, "take approved": ChoiceKind.APPROVAL, "retake answered": ChoiceKind.ANSWER,
}  # fmt: skip
_JUDGED = (Stage.PAINTING, Stage.RETOUCH, Stage.FINAL)
_ORDERED = ("prompt", "seed", "engine", "extent", "layout", "materials", "marks", "board")
"""Fields of a recipe that people decide; versions of programs are not among them."""


def approve(connection: Connection, take_id: int, by: str) -> None:
    """Add an approval, unless the newest word about this sheet says the same."""
    take, who = by_id(connection, take_id), person(by, "approved by")
    if _said_last(connection, take, ChoiceKind.APPROVAL, who):
        return
    connection.execute(insert(ApprovalRow).values(take=take.id, by=who, created=now()))
    add_event(connection, "take approved", cut=take.cut, who=who, detail=_detail(take))


def approved(connection: Connection, cut: str, sheet: str) -> Take | None:
    """The take that was approved last for this sheet."""
    return _newest(connection, ApprovalRow, cut, sheet)


def pick(connection: Connection, take_id: int, by: str) -> Take:
    """Choose a take; open retakes of other takes of its sheet are answered by it. The same again is let be."""
    take, who = _judged(connection, take_id, "picked", final=False), person(by, "picked by")
    _alone(connection, take.cut)
    if _said_last(connection, take, ChoiceKind.PICK, who):
        return take
    for open_one in several(connection, take.cut, take.sheet, open_only=True):
        if open_one.take != take.id:
            answer(connection, open_one.id, by=who, take=take.id, note="another take was picked")
    connection.execute(insert(PickRow).values(take=take.id, by=who, created=now()))
    add_event(connection, "take picked", cut=take.cut, who=who, detail=_detail(take))
    return take


def picked(connection: Connection, cut: str, sheet: str) -> Take | None:
    """The take that was picked last for this sheet."""
    return _newest(connection, PickRow, cut, sheet)


def ask(
    connection: Connection,
    take_id: int,
    *,
    reason: str,
    by: str,
    note: str,
    source: str | None,
    order: Cut | None,
) -> Retake:
    """Send a take back, and order its cut anew if ``order`` says how.

    The retake that came from the same ``source`` is given back instead, and nothing is changed.
    """
    take, who = _judged(connection, take_id, "sent back", final=True), person(by, "retake by")
    _alone(connection, take.cut)
    known = _several(connection, RetakeRow.source == source) if source is not None else ()
    if known:
        return known[0]
    if order is not None:
        cuts.change(connection, order)
    again = order is not None
    newest = connection.execute(
        select(func.max(TakeRow.id)).where(TakeRow.cut == take.cut, TakeRow.sheet == take.sheet)
    ).scalar()
    words = _text(reason, "reason")
    if not words:
        raise BadInput("no reason is given", where="retake", do='say what should be different: --reason "空が重い"')
    key = connection.execute(
        insert(RetakeRow).values(
            take=take.id, reason=words, by=who, note=_text(note, "note"), again=again, source=_source(source),
            newest=newest, created=now(),
        )
    ).inserted_primary_key  # fmt: skip
    assert key is not None
    detail = {**_detail(take), "retake": int(key[0]), "reason": words, "source": source, "paint_again": again}
    add_event(connection, "retake asked", cut=take.cut, who=who, detail=detail)
    return one(connection, int(key[0]))


def answer(connection: Connection, retake_id: int, *, by: str, take: int | None, note: str = "") -> Retake:
    """Close a retake, by a take of its sheet or by word; ``by`` may be empty only where a machine painted ``take``.

    :class:`Refused` if it is closed already.
    """
    _alone(connection, one(connection, retake_id).cut)
    asked = one(connection, retake_id)
    if asked.answer is not None:
        raise Refused("this retake is answered already", where=f"retake {retake_id}", do="look at 'genzu history'")
    if take is not None:
        other = by_id(connection, take)
        if (other.cut, other.sheet) != (asked.cut, asked.sheet):
            raise BadInput(
                f"take {take} is of cut {other.cut} {other.sheet}, the retake of cut {asked.cut} {asked.sheet}",
                do="name a take of that sheet",
            )
    who = person(by, "answered by") if by or take is None else ""
    said = _text(note, "note")
    connection.execute(insert(RetakeAnswerRow).values(retake=asked.id, take=take, by=who, note=said, created=now()))
    detail = {"retake": asked.id, "sheet": asked.sheet, "sent_back": asked.take, "take": take, "note": said or None}
    add_event(connection, "retake answered", cut=asked.cut, who=who, detail=detail)
    return one(connection, asked.id)


def answer_with(connection: Connection, take: Take) -> None:
    """Let a take that was just recorded answer the open retakes of its sheet, as far as it does."""
    for asked in several(connection, take.cut, take.sheet, open_only=True):
        if take.id > asked.newest and _answers(connection, take, asked):
            answer(connection, asked.id, by=take.by, take=take.id)


def _answers(connection: Connection, take: Take, asked: Retake) -> bool:
    """A touch-up and a regional repaint do. A whole painting does if it was ordered otherwise than the one sent back.

    So a new version of an engine, which makes everything stale, answers nobody; and where a person's brush is in what
    was sent back, a machine's painting answers only a retake that asked for it.
    """
    recipe = take.recipe
    if take.stage is Stage.RETOUCH or (take.stage is Stage.PAINTING and recipe is not None and recipe.base is not None):
        return True
    if take.stage is not Stage.PAINTING or recipe is None:
        return False
    line = _line(connection, asked.take)
    if any(one.stage is Stage.RETOUCH for one in line) and not asked.again:
        return False
    ground = next((one.recipe for one in line if one.recipe is not None and one.recipe.base is None), None)
    return ground is None or any(getattr(ground, name) != getattr(recipe, name) for name in _ORDERED)


def _line(connection: Connection, take_id: int) -> list[Take]:
    """The take and what it was painted upon, down to the first whole painting."""
    line = [by_id(connection, take_id)]
    while line[-1].parents and (line[-1].recipe is None or line[-1].recipe.base is not None):
        line.append(by_id(connection, line[-1].parents[0]))
    return line


def one(connection: Connection, retake_id: int) -> Retake:
    """One retake by its id; :class:`NotFound` if there is none."""
    found = _several(connection, RetakeRow.id == retake_id) if 0 < retake_id < 2**63 else ()
    if not found:
        raise NotFound("there is no such retake", where=f"retake {retake_id}", do="see 'genzu retake --list'")
    return found[0]


def several(
    connection: Connection, cut: str | None = None, sheet: str | None = None, *, open_only: bool = False
) -> tuple[Retake, ...]:
    """Retakes, oldest first; what is ``None`` does not matter."""
    wanted: list[ColumnElement[bool]] = []
    if cut is not None:
        wanted.append(TakeRow.cut == cut)
    if sheet is not None:
        wanted.append(TakeRow.sheet == sheet)
    if open_only:
        wanted.append(RetakeAnswerRow.retake.is_(None))
    return _several(connection, *wanted)


def choices(connection: Connection, cut: str | None = None) -> dict[tuple[str, str], Choice]:
    """By cut and sheet: the newest pick, approval, or take that answered a retake. The events hold their order."""
    query = select(*EventRow.__table__.columns).where(EventRow.what.in_(_KINDS)).order_by(EventRow.id)
    if cut is not None:
        query = query.where(EventRow.cut == cut)
    found: dict[tuple[str, str], Choice] = {}
    for row in connection.execute(query):
        detail = plain(row.detail, f"events[{row.id}].detail")
        if detail.get("take") is not None:
            found[row.cut, str(detail["sheet"])] = Choice(
                kind=_KINDS[row.what], take=detail["take"], by=row.who, created=row.created
            )
    return found


def _several(connection: Connection, *wanted: ColumnElement[bool]) -> tuple[Retake, ...]:
    query = (
        select(
            *RetakeRow.__table__.columns, TakeRow.cut, TakeRow.sheet, TakeRow.stage, TakeRow.number,
            RetakeAnswerRow.retake.label("closed"), RetakeAnswerRow.take.label("answer_take"),
            RetakeAnswerRow.by.label("answer_by"), RetakeAnswerRow.note.label("answer_note"),
            RetakeAnswerRow.created.label("answer_created"),
        )
        .join(TakeRow, TakeRow.id == RetakeRow.take)
        .outerjoin(RetakeAnswerRow, RetakeAnswerRow.retake == RetakeRow.id)
        .where(*wanted)
        .order_by(RetakeRow.id)
    )  # fmt: skip
    return tuple(
        Retake(
            id=row.id, take=row.take, cut=row.cut, sheet=row.sheet, stage=Stage(row.stage), number=row.number,
            reason=row.reason, by=row.by, note=row.note, again=row.again, source=row.source, newest=row.newest,
            created=row.created,
            answer=None if row.closed is None else Answer(
                take=row.answer_take, by=row.answer_by, note=row.answer_note, created=row.answer_created
            ),
        )
        for row in connection.execute(query)
    )  # fmt: skip


def _newest(connection: Connection, table: type[ApprovalRow] | type[PickRow], cut: str, sheet: str) -> Take | None:
    found = connection.execute(
        select(table.take)
        .join(TakeRow, TakeRow.id == table.take)
        .where(TakeRow.cut == cut, TakeRow.sheet == sheet)
        .order_by(table.id.desc())
        .limit(1)
    ).scalar()
    return None if found is None else by_id(connection, found)


def _alone(connection: Connection, cut: str) -> None:
    """On a server this row lock makes what follows one step for the cut; SQLite's writer is alone already."""
    connection.execute(select(CutRow.number).where(CutRow.number == cut).with_for_update()).all()


def _said_last(connection: Connection, take: Take, kind: ChoiceKind, who: str) -> bool:
    newest = choices(connection, take.cut).get((take.cut, take.sheet))
    return newest is not None and (newest.kind, newest.take, newest.by) == (kind, take.id, who)


def _judged(connection: Connection, take_id: int, what: str, *, final: bool) -> Take:
    """A take that people can choose or send back: a painting or a touch-up, and a delivered final to send back."""
    take = by_id(connection, take_id)
    if take.stage not in _JUDGED or (take.stage is Stage.FINAL and not final):
        raise BadInput(
            f"the {take.stage.value} of cut {take.cut} {take.sheet} cannot be {what}",
            where=f"take {take_id}",
            do="name a painting or a touch-up; 'genzu history' lists them",
        )
    return take


def _detail(take: Take) -> Plain:
    return {"take": take.id, "sheet": take.sheet, "stage": take.stage.value, "number": take.number}


def _source(source: str | None) -> str | None:
    if source is not None and (not source.strip() or len(source) > 200):
        raise BadInput(f"{source!r} cannot name where a retake comes from", do="use 1 to 200 letters")
    return source


def _text(text: str, what: str) -> str:
    """What a person wrote, composed (NFC), lines kept, without other control characters and outer blanks."""
    tidy = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(tidy) > LONGEST_REASON:
        raise BadInput(f"the {what} is longer than {LONGEST_REASON} letters", where="retake", do="say it shorter")
    return "".join(sign for sign in tidy if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
