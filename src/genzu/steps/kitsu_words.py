"""What people said in Kitsu about takes: a status that sends back is a retake, one that approves an approval."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from genzu.core.findings import Finding, Spot, warning
from genzu.core.review import LONGEST_REASON, Choice, ChoiceKind
from genzu.core.take import Take
from genzu.exchange.kitsu.records import Comment, Shot
from genzu.steps.kitsu_marks import Mark, arrived, is_ours
from genzu.steps.kitsu_statuses import Standing, standing_of
from genzu.store.tracker import Word

NO_REASON = "(no reason was written in Kitsu)"


Find = Callable[[Mark], Take | None]
"""The take of a mark among the sheets that a cut shows; ``None`` if this show has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one task says."""

    words: tuple[Word, ...] = ()
    told: tuple[str, ...] = ()
    """The same for a person, one line each."""
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Seen:
    """What lies before the eyes of whoever writes the next comment."""

    marks: tuple[Mark, ...] = ()
    revision: int | None = None
    foreign: str = ""
    """Who put up a newer picture that is not from Genzu."""
    standing: Standing | None = None
    new: bool = False
    """True if something was published since the last verdict."""


@dataclass(slots=True)
class _Hearing:
    words: list[Word] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def hear(
    cut: str, shot: Shot, find: Find, *, followed: Collection[str], choices: Mapping[tuple[str, str], Choice],
    chosen: Mapping[Standing, str] | None = None,
) -> Heard:  # fmt: skip
    """Everything that people said in the task of a shot and that was not followed yet, oldest first.

    A person judges the picture that was published last before the comment; one that Genzu did not publish cannot be
    approved here. What only repeats the status that stands is no new approval, and by an artist no new retake.
    """
    heard, seen = _Hearing(), _Seen()
    for comment in shot.task.comments if shot.task else ():
        before, seen.standing = seen.standing, standing_of(comment.status, chosen)
        if marks := arrived(comment):
            seen.marks, seen.foreign, seen.new = marks, "", True
            seen.revision = comment.previews[0].revision if comment.previews else None
        elif not is_ours(comment) and not comment.by_bot:
            if seen.standing in (Standing.RETAKE, Standing.APPROVED):
                _judge(heard, seen, comment, cut, shot, find, followed, choices, again=seen.standing is before)
            if comment.previews:
                seen.foreign = comment.author
    return Heard(words=tuple(heard.words), told=tuple(heard.told), findings=tuple(heard.findings))


def _judge(
    heard: _Hearing, seen: _Seen, comment: Comment, cut: str, shot: Shot, find: Find, followed: Collection[str],
    choices: Mapping[tuple[str, str], Choice], *, again: bool,
) -> None:  # fmt: skip
    back = seen.standing is Standing.RETAKE
    if again and not seen.new and (not back or not comment.leads):
        return
    seen.new = False
    what = f"{comment.status.name} by {comment.author}"
    spot = Spot(file=shot.where)
    if not comment.author:
        return
    if not seen.marks:
        heard.findings.append(warning(f"cut {cut}: {what} is about nothing that Genzu published", spot))
        return
    if not back and (comment.previews or seen.foreign):
        whose = seen.foreign or comment.author
        heard.findings.append(warning(f"cut {cut}: {what} is about a picture by {whose} that Genzu has not", spot))
        return
    for mark in _meant(seen.marks, comment) if back else seen.marks:
        source = f"kitsu:{comment.id}" + (f"/{mark.sheet}" if len(seen.marks) > 1 else "")
        if source in followed:
            continue
        take = find(mark)
        if take is None:
            missing = f"{mark.sheet} {mark.stage} {mark.number}, which this show does not have"
            heard.findings.append(warning(f"cut {cut}: {what} is about {missing}", spot))
        elif not back and _chosen_since(choices.get((take.cut, take.sheet)), take, comment):
            heard.findings.append(
                warning(f"cut {cut}: {what} is older than the choice that was made in Genzu, which stays", spot)
            )
        else:
            heard.words.append(_word(comment, take, source, seen, back=back))
            heard.told.append(_told(cut, comment, mark, back=back))


def _chosen_since(choice: Choice | None, take: Take, comment: Comment) -> bool:
    """True if people chose another take in Genzu after the comment was written."""
    if choice is None or choice.kind is ChoiceKind.ANSWER or not comment.created:
        return False
    return choice.take != take.id and choice.created > comment.created


def _meant(marks: Iterable[Mark], comment: Comment) -> tuple[Mark, ...]:
    """The sheets that a retake names; else the background itself."""
    found, text = tuple(marks), f" {reason_of(comment)} ".casefold()
    named = tuple(mark for mark in found if mark.sheet.casefold() in text)
    return named or tuple(mark for mark in found if mark.sheet == "BG")[:1] or found[:1]


def _word(comment: Comment, take: Take, source: str, seen: _Seen, *, back: bool) -> Word:
    notes = [f"Kitsu, revision {seen.revision}" if seen.revision is not None else "Kitsu"]
    if back and seen.foreign:
        notes.append(f"after a picture by {seen.foreign} that Genzu has not")
    if comment.files or comment.previews:
        notes.append("see what is attached there")
    reason = reason_of(comment) or NO_REASON
    return Word(take=take.id, by=comment.author, source=source, reason=reason if back else None, note="; ".join(notes))


def reason_of(comment: Comment) -> str:
    """The text and the points of the list that are not ticked; cut off where it is longer than a retake can hold."""
    points = [f"- {text.strip()}" for text, ticked in comment.checklist if text.strip() and not ticked]
    text = "\n".join(part for part in (comment.text.strip(), *points) if part)
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"


def _told(cut: str, comment: Comment, mark: Mark, *, back: bool) -> str:
    about = f"cut {cut} {mark.sheet} {mark.stage} {mark.number}"
    if not back:
        return f"{about}: approved by {comment.author}"
    words = " ".join((reason_of(comment) or NO_REASON).split())
    return f"{about}: retake by {comment.author}: {words if len(words) <= 120 else words[:119] + '…'}"
