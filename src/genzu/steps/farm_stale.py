"""Which cuts of a show a farm has to paint: those that a build would paint, or write the files of."""

from __future__ import annotations

from genzu.core.cut import Cut
from genzu.steps.stale import state_of_cuts
from genzu.store.show import Show


def stale_cuts(show: Show) -> tuple[Cut, ...]:
    """Cuts, as they are asked for, that are not painted so or whose files are missing, in the order of the film.

    A cut that shows another's background (兼用) is painted there.
    """
    return tuple(one.cut for one in state_of_cuts(show) if not one.shared and (one.stale or one.files))


def asked_cuts(show: Show) -> tuple[Cut, ...]:
    """All cuts that have a background of their own, as they are asked for."""
    return tuple(one.cut for one in state_of_cuts(show) if not one.shared)
