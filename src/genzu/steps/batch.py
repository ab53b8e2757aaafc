"""Many cuts over several processes: one bad layout does not stop the others."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

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


def paint_cuts(
    orders: Sequence[CutOrder], *, workers: int | None = None, watch: Watch = nobody
) -> tuple[CutResult, ...]:
    """Paint all; results come in the order of ``orders``."""
    workers = min(workers or usable_cores(), max(1, len(orders)))
    if workers == 1:
        return tuple(_tell(watch, order, k, len(orders)) for k, order in enumerate(orders))
    results: dict[str, CutResult] = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: dict[Future[CutResult], CutOrder] = {pool.submit(paint_one, order): order for order in orders}
        for done, future in enumerate(as_completed(running), 1):
            order = running[future]
            results[order.number] = future.result()
            watch(f"cut {order.number}", done / len(orders))
    return tuple(results[order.number] for order in orders)


def paint_one(order: CutOrder) -> CutResult:
    """Paint one cut in this process; an error is a result, not an end."""
    try:
        with Show.open(order.show) as show:
            sheets = paint_cut(show, order.number, order.out, stem=order.stem, candidates=order.candidates)
    except GenzuError as error:
        return CutResult(number=order.number, error=error)
    return CutResult(number=order.number, sheets=sheets)


def _tell(watch: Watch, order: CutOrder, index: int, count: int) -> CutResult:
    result = paint_one(order)
    watch(f"cut {order.number}", (index + 1) / count)
    return result
