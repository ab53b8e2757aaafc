"""One cut to paint, told to whoever paints it by value, and what became of it."""

from __future__ import annotations

import os
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from genzu.core.atomic import cannot_write
from genzu.errors import EngineFailed, GenzuError, OutOfMemory
from genzu.steps.journey import paint_cut
from genzu.steps.package import PaintedSheet
from genzu.steps.stale import state_of_cuts
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
    planned: int | None = None
    """The newest take when this was planned. If another process has painted the cut since and it is up to date,
    nothing is done; ``None``: it is done in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutResult:
    """What became of it: painted sheets, or the error."""

    number: str
    sheets: tuple[PaintedSheet, ...] = ()
    error: GenzuError | None = None
    busy: bool = False
    """Nothing was done: another process is painting this cut at this moment."""
    up_to_date: bool = False
    """Nothing was done: another process has painted it since it was ordered."""
    new_takes: int = 0
    """Pictures that were painted; 0 if only files were written."""
    seconds: float = 0.0


class OpenShows(ExitStack):
    """Shows that stay open from cut to cut: opening one looks through its whole ledger for damage."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[Path, Show] = {}

    def open(self, folder: Path) -> Show:
        """The show in a folder."""
        if folder not in self._open:
            self._open[folder] = self.enter_context(Show.open(folder))
        return self._open[folder]


def paint_one(order: CutOrder, watch: Watch = nobody, shows: OpenShows | None = None) -> CutResult:
    """Paint one cut in this process, if no other is at it; an error is a result, not an end.

    ``shows``: those that whoever paints many cuts keeps open; else the show is opened for this one.
    """
    begin = perf_counter()
    try:
        if shows is not None:
            result = _painted(shows.open(order.show), order, watch)
        else:
            with Show.open(order.show) as show:
                result = _painted(show, order, watch)
    except GenzuError as error:
        result = CutResult(number=order.number, error=error)
    except MemoryError:
        result = CutResult(number=order.number, error=_no_memory(order))
    except OSError as error:
        result = CutResult(number=order.number, error=cannot_write(Path(error.filename or order.out), error))
    except Exception as error:
        if os.environ.get("GENZU_DEBUG"):
            traceback.print_exc()
        result = CutResult(number=order.number, error=_fault(order, error))
    return replace(result, seconds=round(perf_counter() - begin, 3))


def _painted(show: Show, order: CutOrder, watch: Watch) -> CutResult:
    with show.build.claims.holding(order.number) as claim:
        if claim is None:
            return CutResult(number=order.number, busy=True)
        before = show.build.newest_take(order.number)
        if order.planned is not None and before > order.planned and _done_by_another(show, order):
            return CutResult(number=order.number, up_to_date=True)

        def told(what: str, share: float) -> None:
            claim.beat()
            watch(what, share)

        sheets = paint_cut(show, order.number, order.out, stem=order.stem, candidates=order.candidates, watch=told)
        made = {take.id for sheet in sheets for take in (sheet.rough, *sheet.candidates)}
        return CutResult(number=order.number, sheets=sheets, new_takes=sum(take > before for take in made))


def _done_by_another(show: Show, order: CutOrder) -> bool:
    (state,) = state_of_cuts(show, candidates=order.candidates, only=order.number)
    return not (state.stale or state.files)


def _no_memory(order: CutOrder) -> OutOfMemory:
    return OutOfMemory(
        "not enough memory",
        where=f"cut {order.number}",
        do="close other programs, or take fewer processes (--workers 1)",
    )


def _fault(order: CutOrder, error: Exception) -> EngineFailed:
    return EngineFailed(
        f"a fault in Genzu itself ({type(error).__name__}: {error})",
        where=f"cut {order.number}",
        do="set GENZU_DEBUG=1 to see where, and report it",
    )
