"""Whether the picture that stands for a cut is still what the cut asks for, in words for a comment."""

from __future__ import annotations

from collections.abc import Mapping

from genzu.core.take import Stage
from genzu.steps.kitsu_says import take_to_show
from genzu.steps.stale import CutState, state_of_cuts
from genzu.store.show import Show


def stale_cuts(show: Show) -> Mapping[str, str]:
    """Number of each cut that a build would paint anew → why. A picture that people chose or painted stays as it is.

    A cut that shows another's background (兼用) is as stale as that one.
    """
    states = {state.number: state for state in state_of_cuts(show)}
    own = {number: _why(show, state) for number, state in states.items() if not state.shared}
    found = {state.number: own.get(state.source, "") for state in states.values()}
    return {number: why for number, why in found.items() if why}


def _why(show: Show, state: CutState) -> str:
    stale = [sheet for sheet in state.sheets if sheet.why]
    choices = show.choices(state.number) if stale else {}
    reasons: dict[str, None] = {}
    for sheet in stale:
        take = take_to_show(show, state.number, sheet.sheet)
        choice = choices.get((state.number, sheet.sheet))
        by_people = take is not None and (take.stage is not Stage.PAINTING or (choice and choice.take == take.id))
        if take is not None and not by_people:
            reasons |= dict.fromkeys(sheet.why)
    return "; ".join(reasons)
