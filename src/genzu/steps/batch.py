"""Many cuts over several processes: one bad layout does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from genzu.steps.cut_order import CutOrder as CutOrder
from genzu.steps.cut_order import CutResult as CutResult
from genzu.steps.cut_order import paint_one as paint_one
from genzu.steps.local_crew import LocalCrew as LocalCrew
from genzu.steps.local_crew import usable_cores as usable_cores
from genzu.steps.watch import Watch, nobody


class Crew(Protocol):
    """Who paints: takes orders, and hands each result back as it is there, in any order."""

    def paint(self, orders: Sequence[CutOrder]) -> Iterator[CutResult]:
        """One result for each order. A cut that fails is a result with an error; the others go on."""
        ...


def paint_cuts(
    orders: Sequence[CutOrder], *, workers: int | None = None, crew: Crew | None = None, watch: Watch = nobody
) -> tuple[CutResult, ...]:
    """Paint all; results come in the order of ``orders``."""
    results: dict[str, CutResult] = {}
    for done, result in enumerate((crew or LocalCrew(workers)).paint(orders), 1):
        results[result.number] = result
        watch(f"cut {result.number}", done / len(orders))
    return tuple(results[order.number] for order in orders)
