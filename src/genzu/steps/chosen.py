"""Which take of a sheet stands for it now, and what that take was made from."""

from __future__ import annotations

from genzu.core.take import Stage, Take
from genzu.steps.asked import background_of, cut_as_asked
from genzu.store.show import Show


def chosen_take(show: Show, cut: str, sheet: str) -> Take | None:
    """The approved take; else the latest retouch; else the latest painting; ``None`` if nothing is painted."""
    return show.approved(cut, sheet) or latest_work(show, cut, sheet)


def latest_work(show: Show, cut: str, sheet: str) -> Take | None:
    """The latest retouch; else the latest painting under the cut's own prompt; else the latest painting at all.

    A variant (another season of the same cut) stands for the cut only when somebody approves it or paints into it.
    Where part of that picture was painted again, the repaint stands for it, and the repaint of the repaint.
    """
    takes = show.takes(cut, sheet)
    whole = [take for take in takes if take.stage is Stage.PAINTING and not _is_repaint(take)]
    prompt = cut_as_asked(show, cut).prompt
    own = [take for take in whole if take.recipe is not None and take.recipe.prompt == prompt]
    retouch = show.latest(cut, sheet, Stage.RETOUCH)
    current, newer = None, retouch or next(reversed(own or whole), None)
    while newer is not None:
        current = newer
        newer = next((take for take in reversed(takes) if _is_repaint(take) and take.parents[0] == current.id), None)
    return current


def _is_repaint(take: Take) -> bool:
    """True if only part of it was painted, into another take's picture."""
    return take.recipe is not None and take.recipe.base is not None


def lineage(show: Show, take: Take) -> tuple[Take, ...]:
    """The take and all that it was made from, each once, newest first."""
    found: dict[int, Take] = {}
    waiting = [take]
    while waiting:
        one = waiting.pop()
        if one.id not in found:
            found[one.id] = one
            waiting += [show.take(parent) for parent in one.parents]
    return tuple(sorted(found.values(), key=lambda one: -one.id))


def painting_under(show: Show, take: Take) -> Take | None:
    """The machine's painting that a take goes back to (itself, if it is one); ``None`` if there is none."""
    return next((one for one in lineage(show, take) if one.stage is Stage.PAINTING), None)


def shown_of(show: Show, cut: str) -> dict[str, str]:
    """Sheets that are seen in a cut, and the cut that each is of.

    Of a shared background (兼用) those of the cut that it comes from are seen, touched up there and not here; the
    cut's own only where that one has none of the name.
    """
    source = background_of(show, cut)
    own = dict.fromkeys(sheets_of(show, cut), cut)
    return own if source == cut else {**own, **dict.fromkeys(sheets_of(show, source), source)}


def sheets_of(show: Show, cut: str) -> tuple[str, ...]:
    """Names of the sheets of a cut in the order in which they were first recorded."""
    return tuple(dict.fromkeys(take.sheet for take in show.takes(cut)))
