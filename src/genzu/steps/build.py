"""``genzu paint --all``: paint what is stale and only that, whoever paints, and whoever else is at it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from genzu.core.geometry import Extent
from genzu.errors import CannotWrite, GenzuError
from genzu.picture.headers import probe
from genzu.steps.batch import Crew, CutOrder, CutResult
from genzu.steps.local_crew import ProcessEnded
from genzu.steps.stale import CutState, limited, state_of_cuts
from genzu.store.show import Show

_GIVE_UP_AFTER = 3
"""Cuts in a row that cannot be written, or whose process is ended: all the others would end in the same way."""
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A cut that will be painted, or whose files will be written again."""

    state: CutState
    order: CutOrder
    megapixels: float
    """Of all its sheets and hands: how long it takes goes by that."""

    @property
    def why(self) -> str:
        """In words."""
        return self.state.why or self.state.files


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a build will do."""

    states: tuple[CutState, ...]
    """Every cut that was asked for, in the order of the film."""
    planned: tuple[Planned, ...]
    """In the order in which they are begun."""

    @property
    def up_to_date(self) -> tuple[str, ...]:
        """Cuts of their own that need nothing."""
        todo = {one.order.number for one in self.planned}
        return tuple(state.number for state in self.states if not state.shared and state.number not in todo)

    @property
    def shared(self) -> dict[str, str]:
        """Cuts that show another's background, and whose."""
        return {state.number: state.source for state in self.states if state.shared}


class BuildWatch(Protocol):
    """Who looks on."""

    def waits(self, numbers: Sequence[str]) -> None:
        """Nothing is left but cuts that another process is painting."""
        ...

    def done(self, planned: Planned, result: CutResult) -> None:
        """A cut came back."""
        ...


def plan_build(show: Show, *, only: Collection[str] | None = None, candidates: int = 1) -> Plan:
    """Compare, and line up what must be done: the longest first, so that it is not left to one process at the end."""
    newest = show.build.newest_take()
    states = limited(state_of_cuts(show, candidates=candidates), only)
    planned = []
    for state in states:
        if not state.shared and (state.stale or state.files):
            order = CutOrder(
                show=show.folder, number=state.number, out=show.folder / state.number, candidates=candidates,
                planned=newest,
            )  # fmt: skip
            planned.append(Planned(state=state, order=order, megapixels=_megapixels(show, state) * candidates))
    return Plan(states=states, planned=tuple(sorted(planned, key=lambda one: -one.megapixels)))


def _megapixels(show: Show, state: CutState) -> float:
    """What there is to paint. A layout that nobody has looked at tells its size in its header."""
    extent: Extent | None = state.extent
    if extent is None:
        try:
            extent = probe(show.file(state.cut.layout)).extent
        except GenzuError:
            return 0.0  # it will say why when its turn comes
    return extent.pixels / 1e6 * max(1, len(state.sheets))


def build(show: Path, plan: Plan, crew: Crew, watch: BuildWatch) -> Iterator[CutResult]:
    """Paint what is planned; results as they come, one for each cut that was begun.

    A cut that another process is painting is waited for at the end, and painted only if that one did not finish it.
    After three cuts in a row that cannot be written the rest is not begun.
    """
    known = {one.order.number: one for one in plan.planned}
    todo, in_a_row = [one.order for one in plan.planned], 0
    while todo:
        busy: list[CutOrder] = []
        for result in crew.paint(todo):
            if result.busy:
                busy.append(known[result.number].order)
                continue
            watch.done(known[result.number], result)
            yield result
            hopeless = isinstance(result.error, (CannotWrite, ProcessEnded))
            in_a_row = in_a_row + 1 if hopeless else 0
            if in_a_row >= _GIVE_UP_AFTER:
                return
        todo = _free_again(show, busy, watch) if busy else []


def _free_again(show: Path, busy: Sequence[CutOrder], watch: BuildWatch) -> list[CutOrder]:
    """Wait until one of these cuts, at least, is not being painted any more; all of them, to be asked again."""
    watch.waits([order.number for order in busy])
    with Show.open(show) as opened:
        while set(opened.build.claims.held()).issuperset(order.number for order in busy):
            time.sleep(_LOOK_S)
    return list(busy)
