"""Many cuts over several processes: one bad layout does not stop the others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from genzu.errors import GenzuError
from genzu.steps.journey import paint_cut
from genzu.steps.package import PaintedSheet
from genzu.steps.watch import Watch, nobody
from genzu.store.show import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOrder:
    """One cut to paint, told to a worker process by value."""

    show: Path
    number: str
    out: Path
    stem: str | None = None
    candidates: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CutResult:
    """What became of it: painted sheets, or the error."""

    number: str
    sheets: tuple[PaintedSheet, ...] = ()
    error: GenzuError | None = None


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew(Protocol):
    """Who paints: takes orders, and hands each result back as it is there, in any order."""

    def paint(self, orders: Sequence[CutOrder]) -> Iterator[CutResult]:
        """One result for each order. A cut that fails is a result with an error; the others go on."""
        ...


class LocalCrew:
    """Processes of this machine; one cut at a time in this very process where one is enough."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers

    def paint(self, orders: Sequence[CutOrder]) -> Iterator[CutResult]:
        """See :class:`Crew`."""
        workers = min(self._workers or usable_cores(), max(1, len(orders)))
        if workers == 1:
            yield from map(paint_one, orders)
            return
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for future in as_completed([pool.submit(paint_one, order) for order in orders]):
                yield future.result()


def paint_cuts(
    orders: Sequence[CutOrder], *, workers: int | None = None, crew: Crew | None = None, watch: Watch = nobody
) -> tuple[CutResult, ...]:
    """Paint all; results come in the order of ``orders``."""
    results: dict[str, CutResult] = {}
    for done, result in enumerate((crew or LocalCrew(workers)).paint(orders), 1):
        results[result.number] = result
        watch(f"cut {result.number}", done / len(orders))
    return tuple(results[order.number] for order in orders)


def paint_one(order: CutOrder) -> CutResult:
    """Paint one cut in this process; an error is a result, not an end."""
    try:
        with Show.open(order.show) as show:
            sheets = paint_cut(show, order.number, order.out, stem=order.stem, candidates=order.candidates)
    except GenzuError as error:
        return CutResult(number=order.number, error=error)
    return CutResult(number=order.number, sheets=sheets)
