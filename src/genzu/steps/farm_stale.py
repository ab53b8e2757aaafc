"""Which cuts of a show a farm has to paint: what any build of it would, cut by cut."""

from __future__ import annotations

from genzu.core.cut import Cut
from genzu.steps.stale import CutState, state_of_cuts
from genzu.store.show import Show


def stale_cuts(show: Show) -> tuple[Cut, ...]:
    """Cuts, as they are asked for, that are not painted so, in the order of the film."""
    return tuple(state.cut for state in _own(show) if state.stale)


def asked_cuts(show: Show) -> tuple[Cut, ...]:
    """All cuts, as they are asked for, but those that show another's background (兼用)."""
    return tuple(state.cut for state in _own(show))


def _own(show: Show) -> tuple[CutState, ...]:
    return tuple(state for state in state_of_cuts(show) if not state.shared)
