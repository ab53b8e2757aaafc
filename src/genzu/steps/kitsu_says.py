"""What Genzu says in Kitsu: the comment of a revision, and remarks where only the standing has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from genzu.core.credit import Role
from genzu.core.review import ChoiceKind, Retake
from genzu.core.take import Take
from genzu.exchange.kitsu.records import Comment, Status, Task
from genzu.steps.chosen import approved_now, chosen_take, latest_work, painting_under
from genzu.steps.kitsu_marks import Mark, Published, harmless, is_ours, key_of, said_line, was_said
from genzu.steps.kitsu_statuses import Standing, standing_of
from genzu.steps.staff_roll import SheetCredit, cut_credit, sheet_credit
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where the pictures of a cut stand."""

    takes: tuple[Take, ...]
    standing: Standing
    why_stale: str = ""
    approved_by: str = ""
    retakes: tuple[Retake, ...] = ()
    """Those that are open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment without a picture."""

    standing: Standing
    words: str
    key: str
    """Equal for what is the same: it is said once."""

    @property
    def line(self) -> str:
        """For a person."""
        return " ".join(self.words.split())

    @property
    def text(self) -> str:
        """For Kitsu, with its mark."""
        return harmless(self.words) + "\n\n" + said_line(self.key)


def take_to_show(show: Show, cut: str, sheet: str) -> Take | None:
    """What people look at in Kitsu: the take that stands for a sheet, or what was made since that was approved."""
    chosen, newest = chosen_take(show, cut, sheet), latest_work(show, cut, sheet)
    choice = show.choices(cut).get((cut, sheet))
    if chosen is None or newest is None or choice is None or choice.kind is not ChoiceKind.APPROVAL:
        return chosen
    return newest if newest.created > choice.created else chosen


def stand_of(show: Show, takes: tuple[Take, ...], why_stale: str) -> Stand:
    """A retake that is open comes first; approved is what is approved as a whole; then what must be painted anew."""
    open_ones: list[Retake] = []
    approvers: list[str] = []
    for take in takes:
        open_ones += show.retakes(take.cut, take.sheet, open_only=True)
        approved = approved_now(show, take.cut, take.sheet)
        if approved is not None and approved.picture == take.picture:
            approvers.append(show.choices(take.cut)[take.cut, take.sheet].by)
    standing = Standing.STALE if why_stale else Standing.PAINTED
    if open_ones:
        standing = Standing.RETAKE
    elif len(approvers) == len(takes):
        standing = Standing.APPROVED
    return Stand(
        takes=takes, standing=standing, why_stale=why_stale, retakes=tuple(open_ones),
        approved_by=", ".join(dict.fromkeys(approvers)) if standing is Standing.APPROVED else "",
    )  # fmt: skip


def publication_text(show: Show, cut: str, stand: Stand) -> str:
    """The comment of a revision: whose hands, which take, how well the lines are kept, and the marks."""
    parts = [_about(show, take) for take in stand.takes]
    roles = [role for role in Role if not role.paints]
    people = cut_credit(show, cut).people
    named = {role: [one.name for one in people if one.role is role] for role in roles}
    credit = [f"{role.english}: {', '.join(names)}" for role, names in named.items() if names]
    if credit:
        parts.append(" · ".join(credit))
    if stand.approved_by:
        parts.append(f"Approved by {stand.approved_by}")
    elif stand.why_stale:
        parts.append(f"It is asked for otherwise by now: {stand.why_stale}")
    marks = "\n".join(str(Mark.of(take)) for take in stand.takes)
    return harmless("\n\n".join(parts)) + "\n\n" + marks


def _about(show: Show, take: Take) -> str:
    credit, painting = sheet_credit(show, take), painting_under(show, take)
    lines = [f"**{take.sheet}** {take.stage.value}, take {take.number} · {take.hand.value}", *_hands(credit)]
    measured = next((one for one in (take, painting) if one is not None and "fidelity" in one.measures), None)
    if measured is not None:
        score = measured.measures["fidelity"]
        of = "" if measured is take else f" (of {measured.stage.value} {measured.number})"
        lines.append(f"Line fidelity {float(score['line_fidelity']):.3f}, by chance {float(score['chance']):.3f}{of}")
    if painting is not None and painting.recipe is not None:
        lines.append(f"Recipe {painting.recipe.digest[:12]}")
    return "\n".join(lines)


def _hands(credit: SheetCredit) -> list[str]:
    hands = [f"AI: {', '.join(map(str, credit.machines))}"] if credit.machines else []
    names = [f"{one.name} ({one.role.english})" for one in credit.painters]
    return hands + ([f"Human: {', '.join(names)}"] if names else [])


def remarks(
    show: Show, stand: Stand, task: Task | None, *, newest: Published | None, same: Published | None,
    statuses: Mapping[Standing, Status], chosen: Mapping[Standing, str], publishing: bool,
) -> tuple[Remark, ...]:  # fmt: skip
    """What must be said beside the pictures, each thing once; what people set in Kitsu since is let be."""
    key = key_of(Mark.of(take) for take in stand.takes)
    last = task.comments[-1] if task and task.comments else None
    there = standing_of(last.status, chosen) if last else None
    found = [
        Remark(
            standing=Standing.RETAKE, words=f"Retake by {one.by}: {one.reason}",
            key=f"retake {show.take(one.take).picture} {one.by} {one.reason}",
        )
        for one in stand.retakes
        if not (one.source or "").startswith("kitsu:")
    ]  # fmt: skip
    words = said = ""
    if publishing:
        pass  # the revision's own comment says the rest
    elif same is not None and newest is not None and same.key != newest.key:
        words, said = f"Revision {same.revision} stands again" + _by(stand), f"again {newest.comment.id}"
    elif stand.standing is Standing.APPROVED and there is not Standing.APPROVED:
        words, said = "Approved" + _by(stand), "approved"
    elif stand.standing is Standing.STALE and there is None and not _is(last, Standing.STALE, statuses):
        words, said = f"It will be painted anew: {stand.why_stale}", f"stale {stand.why_stale}"
    elif stand.standing is Standing.PAINTED and last is not None and _settled(show, last, there, statuses):
        words, said = "Nothing is open any more: please look at it again", f"painted {last.id}"
    if words:
        found.append(Remark(standing=stand.standing, words=words, key=f"{said} {key} {stand.approved_by}"))
    return tuple(one for one in found if not was_said(task, one.key))


def _is(last: Comment | None, standing: Standing, statuses: Mapping[Standing, Status]) -> bool:
    return last is not None and standing in statuses and last.status.id == statuses[standing].id


def _settled(show: Show, last: Comment, there: Standing | None, statuses: Mapping[Standing, Status]) -> bool:
    """True if the last word in Kitsu was Genzu's own that it is stale or sent back, or a retake that is answered."""
    if is_ours(last):
        return there is Standing.RETAKE or _is(last, Standing.STALE, statuses)
    asked = [one for one in show.retakes() if (one.source or "").startswith(f"kitsu:{last.id}")]
    return there is Standing.RETAKE and bool(asked) and not any(one.is_open for one in asked)


def _by(stand: Stand) -> str:
    return f" by {stand.approved_by}" if stand.approved_by else ""
