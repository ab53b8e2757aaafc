"""What an art director says of takes: this candidate, this one again, this one is good.

The ledger keeps the words; here stand the rules. A candidate is named by its number, which is that of its painting
within the sheet and stays the same whatever is painted later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from genzu.core.credit import Contribution, Role
from genzu.core.cut import Cut
from genzu.core.review import Retake
from genzu.core.take import Stage, Take
from genzu.errors import BadInput, NotFound, Refused
from genzu.steps.asked import cut_as_asked
from genzu.steps.chosen import is_repaint, latest_work, painting_under, sheets_of, shown_of
from genzu.steps.package import is_registered, shift_of
from genzu.store.show import Show

APPROVED_ANYWAY = "approved anyway"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """A retake that was entered."""

    retake: Retake
    notes: tuple[str, ...] = ()


def open_retakes(show: Show) -> tuple[Retake, ...]:
    """All sheets that were sent back and that nothing answers yet, the longest waiting first."""
    return show.retakes(open_only=True)


def owner_of(show: Show, cut: str, sheet: str) -> str:
    """The cut whose sheet is seen: of a shared background (兼用) it is judged where it comes from, for all its cuts."""
    return shown_of(show, cut).get(sheet, cut)


def candidates(show: Show, cut: str, sheet: str) -> tuple[Take, ...]:
    """The paintings that are offered for a sheet: the newest of each seed as the cut is asked for now.

    Where none was painted as it is asked for now: the newest of each seed of all. Ordered by number.
    """
    whole = [take for take in show.takes(cut, sheet, Stage.PAINTING) if not is_repaint(take) and take.recipe]
    prompt = cut_as_asked(show, cut).prompt
    own = [take for take in whole if take.recipe is not None and take.recipe.prompt == prompt]
    newest = {take.recipe.seed: take for take in own or whole if take.recipe is not None}
    return tuple(sorted(newest.values(), key=lambda take: take.number))


def candidate(show: Show, cut: str, sheet: str, number: int) -> Take:
    """The painting with this number; :class:`NotFound` names those that are offered."""
    for take in show.takes(cut, sheet, Stage.PAINTING):
        if take.number == number:
            return take
    offered = ", ".join(str(take.number) for take in candidates(show, cut, sheet)) or "none yet"
    raise NotFound(f"there is no candidate {number}", where=f"cut {cut} {sheet}", do=f"offered are: {offered}")


def take_of(show: Show, cut: str, sheet: str, take_id: int) -> Take:
    """A take by its id; :class:`BadInput` if it is of another sheet."""
    take = show.take(take_id)
    if (take.cut, take.sheet) != (cut, sheet):
        raise BadInput(f"take {take_id} belongs to cut {take.cut} {take.sheet}", do="name that cut, or another take")
    return take


def standing(show: Show, cut: str, sheet: str) -> Take:
    """What is judged when no take is named: the picked one with what was made of it since, else the latest work."""
    take = latest_work(show, cut, sheet)
    if take is None:
        raise _nothing_yet(show, cut, sheet)
    return take


def _nothing_yet(show: Show, cut: str, sheet: str) -> NotFound:
    known = [name for name in sheets_of(show, cut) if name != sheet]
    if known:
        return NotFound("nothing is painted of this sheet", where=f"cut {cut} {sheet}",
                        do=f"the cut has the sheets {', '.join(known)}")  # fmt: skip
    return NotFound("nothing is painted yet", where=f"cut {cut} {sheet}", do="paint it first: genzu paint --all")


def approve(show: Show, cut: str, sheet: str, *, by: str, take_id: int | None = None, anyway: bool = False) -> Take:
    """Approve a take (the standing one), and name the person as art director of the cut.

    Refused: a take that has moved against its layout, and one that was sent back, or was there before the sheet was,
    while nothing answers that. A take that is newer than the retake answers it by being approved. With ``anyway`` the
    person says that it is good all the same, and open retakes are closed with that.
    """
    take = take_of(show, cut, sheet, take_id) if take_id is not None else standing(show, cut, sheet)
    if take.stage in (Stage.LAYOUT, Stage.ROUGH):
        raise BadInput(f"take {take.id} is the {take.stage.value}, not a painting", where=f"cut {cut} {sheet}",
                       do="name a painting or a touch-up")  # fmt: skip
    waiting = show.retakes(cut, sheet, open_only=True)
    if not anyway:
        _must_lie_on_its_lines(show, take)
        for asked in waiting:
            if take.id <= asked.newest:
                raise Refused(
                    f"it was sent back by {asked.by} and nothing answers that yet ({_short(asked.reason)})",
                    where=f"cut {cut} {sheet}",
                    do="paint or touch it up again, pick another take, or approve it with --anyway",
                )
    notes = {asked.id: APPROVED_ANYWAY if take.id <= asked.newest else "" for asked in waiting}
    show.approve(take.id, by, closing=notes)
    show.credit(Contribution(name=by, role=Role.ART_DIRECTOR, cut=cut))
    return take


def _must_lie_on_its_lines(show: Show, take: Take) -> None:
    """Of a touch-up it is known that it lies on its painting: that one is looked at."""
    painting = painting_under(show, take)
    if painting is not None and "fidelity" in painting.measures and not is_registered(painting):
        raise Refused(
            f"it is not registered: it has moved by {shift_of(painting):.2f} px against its layout",
            where=f"cut {take.cut} {take.sheet}",
            do="paint it again, or approve it with --anyway",
        )


def changed_order(cut: Cut, *, seed: int | None, prompt: str | None) -> Cut | None:
    """The cut as it is asked for from now on; ``None`` if nothing shall be different."""
    new = replace(cut, seed=cut.seed if seed is None else seed, prompt=cut.prompt if prompt is None else prompt)
    return None if seed is None and prompt is None else new


def send_back(
    show: Show,
    cut: str,
    sheet: str,
    *,
    reason: str,
    by: str,
    take_id: int | None = None,
    note: str = "",
    seed: int | None = None,
    prompt: str | None = None,
) -> SentBack:
    """Send a take (the standing one) back. With a seed or a prompt the cut is ordered anew, and a machine paints it."""
    take = take_of(show, cut, sheet, take_id) if take_id is not None else standing(show, cut, sheet)
    order = changed_order(show.cut(cut), seed=seed, prompt=prompt)
    if order is not None and order == show.cut(cut):
        raise BadInput("the cut is asked for in this way already", where=f"cut {cut}", do="give another seed or prompt")
    retake = show.retake(take.id, reason=reason, by=by, note=note, order=order)
    return SentBack(retake=retake, notes=_there_already(show, cut, sheet) if order is not None else ())


def _there_already(show: Show, cut: str, sheet: str) -> tuple[str, ...]:
    """A painting of the new order that was there before (a candidate) is not painted again: it must be picked."""
    asked = cut_as_asked(show, cut)
    for take in show.takes(cut, sheet, Stage.PAINTING):
        made = take.recipe
        if made is not None and not is_repaint(take) and (made.prompt, made.seed) == (asked.prompt, asked.seed):
            return (
                f"this was painted already, as candidate {take.number}; if it is what you mean: "
                f"genzu pick {cut} --sheet {sheet} --candidate {take.number} --by NAME",
            )
    return ()


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= 80 else line[:79] + "…"
