"""A whole list of picks comes into the show: every row is checked, then all are entered or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from genzu.core.codec import Plain
from genzu.core.findings import Finding, error, errors_of, warning
from genzu.core.numbers import number_in, same_number
from genzu.core.take import Take
from genzu.errors import BadInput, GenzuError, Refused
from genzu.exchange.picks_csv import PickRow, read_picks
from genzu.steps.chosen import is_repaint
from genzu.steps.review import candidate, owner_of
from genzu.store.records import person
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One pick that a row asks for."""

    take: Take
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickPlan:
    """Everything that a list asks for; nothing is entered yet."""

    source: Path
    picks: tuple[Picked, ...]
    undecided: int
    """Rows in which nobody has chosen."""
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops the list."""
        return errors_of(self.findings)

    def to_dict(self) -> Plain:
        """For ``--json``."""
        return {
            "file": str(self.source), "undecided": self.undecided,
            "picks": [
                {"cut": one.take.cut, "sheet": one.take.sheet, "candidate": one.take.number, "take": one.take.id,
                 "by": one.by} for one in self.picks
            ],
            "findings": [one.to_dict() for one in self.findings],
        }  # fmt: skip


def plan_picks(show: Show, source: Path, *, by: str | None = None) -> PickPlan:
    """Hold a list of picks against the show; ``by`` is who picked where a row names nobody.

    Raises :class:`BadInput` for a file that is no such list.
    """
    rows, found = read_picks(source)
    findings = list(found)
    there = {same_number(cut.number): cut.number for cut in show.cuts()}
    picks: list[Picked] = []
    seen: dict[tuple[str, str], PickRow] = {}
    for row in rows:
        if row.candidate is not None:
            picked, wrong = _checked(show, row, there, by, seen)
            picks += [picked] if picked else []
            findings += wrong
    if not rows and not found:
        findings.append(warning("this list has no rows"))
    undecided = sum(row.candidate is None for row in rows)
    order = tuple(sorted(findings, key=lambda one: one.spot.row or 0))
    return PickPlan(source=source, picks=tuple(picks), undecided=undecided, findings=order)


def enter_picks(show: Show, plan: PickPlan) -> None:
    """Enter all picks of a plan, or none. :class:`Refused` with the count of errors if it has any."""
    if plan.errors:
        count = len(plan.errors)
        raise Refused(
            f"{count} {'row is' if count == 1 else 'rows are'} wrong, and nothing was picked", where=plan.source,
            do="correct the list and give it again",
        )  # fmt: skip
    show.pick_all((one.take.id, one.by) for one in plan.picks)


def _checked(
    show: Show, row: PickRow, there: dict[str, str], by: str | None, seen: dict[tuple[str, str], PickRow]
) -> tuple[Picked | None, list[Finding]]:
    def wrong(sentence: str, column: str) -> tuple[None, list[Finding]]:
        return None, [error(sentence, row.spot, row.columns.get(column, column))]

    number = there.get(same_number(number_in(row.cut)))
    if number is None:
        return wrong(f"there is no cut {row.cut[:40]!r} in this show", "cut")
    owner = owner_of(show, number, row.sheet)
    earlier = seen.setdefault((owner, row.sheet), row)
    if earlier is not row:
        if earlier.candidate == row.candidate and owner != number:
            return None, []  # the same shared background, picked alike
        return wrong(f"cut {owner} {row.sheet} was picked in row {earlier.spot.row} already", "cut")
    try:
        take = candidate(show, owner, row.sheet, row.candidate or 0)
    except GenzuError as broken:
        return wrong(f"{broken.what}; {broken.do}", "candidate")
    try:
        name = person(row.by or by or "")
    except BadInput:
        return wrong("nobody is named who picked it; fill in the column, or give --by", "by")
    odd = [] if not is_repaint(take) else [
        warning("this is a repaint of a part, not a candidate of its own", row.spot, row.columns["candidate"])
    ]  # fmt: skip
    return Picked(take=take, by=name), odd
