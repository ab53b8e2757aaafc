"""Which take of a sheet stands for it now, and what that take was made from."""

from __future__ import annotations

from genzu.core.cut import Cut
from genzu.core.review import Choice, ChoiceKind
from genzu.core.take import Stage, Take
from genzu.steps.asked import background_of, cut_as_asked
from genzu.store.show import Show


def chosen_take(show: Show, cut: str, sheet: str) -> Take | None:
    """The take that film, delivery and credits show; ``None`` if nothing is painted.

    The newest word of a person holds. An approval: exactly that take. A pick, or a take that answered a retake: that
    take, or the touch-up or regional repaint that was made of it since. Where nobody has said anything:
    :func:`latest_work`.
    """
    choice = _choice(show, cut, sheet)
    if choice is not None and choice.kind is ChoiceKind.APPROVAL:
        return show.take(choice.take)
    return latest_work(show, cut, sheet)


def approved_now(show: Show, cut: str, sheet: str) -> Take | None:
    """The approved take, if that is the newest word about the sheet and nobody has sent the sheet back since."""
    choice = _choice(show, cut, sheet)
    if choice is None or choice.kind is not ChoiceKind.APPROVAL or show.retakes(cut, sheet, open_only=True):
        return None
    return show.take(choice.take)


def latest_work(show: Show, cut: str, sheet: str) -> Take | None:
    """What is worked on: the picked take (or the answer to a retake) with all that was made of it since.

    Where nobody picked: the latest retouch; else the latest painting as the cut is asked for now; else the latest
    painting at all. Candidates of other seeds and variants (another season of the same cut) stand for the cut only
    when somebody picks them, approves them or paints into them. After an approval: what was made of the approved take;
    else the latest work that came after it; else the approved take. Where part of a picture was painted again, the
    repaint stands for it, and the repaint of the repaint.
    """
    takes, choice = show.takes(cut, sheet), _choice(show, cut, sheet)
    if choice is None:
        return _newest_work(show, cut, takes)
    start = show.take(choice.take)
    if start.stage is Stage.FINAL:
        start = show.take(start.parents[0])
    work = _grown(takes, start, _touch_ups_of(takes, start))
    if choice.kind is ChoiceKind.APPROVAL and work.id == start.id:
        newest = _newest_work(show, cut, takes)
        return newest if newest is not None and newest.id > start.id else start
    return work


def _newest_work(show: Show, cut: str, takes: tuple[Take, ...]) -> Take | None:
    """What stands for a sheet about which nobody has said anything."""
    retouch = next((take for take in reversed(takes) if take.stage is Stage.RETOUCH), None)
    whole = [take for take in takes if take.stage is Stage.PAINTING and not is_repaint(take)]
    if retouch is None and not whole:
        return None
    asked = cut_as_asked(show, cut)
    return _grown(takes, retouch or max(whole, key=lambda take: (*_agreement(take, asked), take.id)))


def _agreement(take: Take, cut: Cut) -> tuple[bool, int]:
    """Whether it was painted under the cut's own prompt, and how much else of its recipe is as the cut asks."""
    recipe = take.recipe
    if recipe is None:
        return False, 0
    files = ((recipe.materials, cut.materials), (recipe.marks, cut.marks), (recipe.board, cut.board))
    same = [recipe.seed == cut.seed, recipe.engine == cut.engine, cut.size in (None, recipe.extent)]
    same += [used == (asked.sha if asked else None) for used, asked in files]
    return recipe.prompt == cut.prompt, sum(same)


def _touch_ups_of(takes: tuple[Take, ...], start: Take) -> Take | None:
    """The newest touch-up of a take, or of what was made of it."""
    family = {start.id}
    newest = None
    for take in takes:
        if take.stage in (Stage.PAINTING, Stage.RETOUCH, Stage.FINAL) and take.parents and take.parents[0] in family:
            family.add(take.id)
            newest = take if take.stage is Stage.RETOUCH else newest
    return newest


def _grown(takes: tuple[Take, ...], start: Take, retouch: Take | None = None) -> Take:
    """The touch-up if there is one, else the start; then the newest repaint of it, and the repaint of that."""
    current = retouch or start
    while True:
        newer = next((take for take in reversed(takes) if is_repaint(take) and take.parents[0] == current.id), None)
        if newer is None:
            return current
        current = newer


def _choice(show: Show, cut: str, sheet: str) -> Choice | None:
    return show.choices(cut).get((cut, sheet))


def is_repaint(take: Take) -> bool:
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
