"""Processes of this machine that paint cuts. One that is killed takes one cut with it, and that cut is tried again.

Every process has a pipe of its own: orders go in, progress and results come out. If either end dies the other one sees
the end of the pipe, so a killed build leaves no process behind, and a killed process stops no build.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic

from genzu.errors import EngineFailed, OutOfMemory
from genzu.steps.cut_order import CutOrder, CutResult, OpenShows, paint_one
from genzu.steps.watch import Watch

Told = Callable[[str, str, float], None]
"""Cut, what is being done, share of the cut that is done (0–1)."""
Work = Callable[[CutOrder, Watch, OpenShows], CutResult]
_LOOK_S = 1.0
"""How often it is looked whether a process lives: its copies may hold its pipe open for a while after its death."""
_TELL_S = 0.2


def untold(_cut: str, _what: str, _share: float) -> None:
    """Nobody wants to know."""


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalCrew:
    """Processes of this machine; one cut at a time in this very process where one is enough."""

    def __init__(self, workers: int | None = None, told: Told = untold, *, work: Work = paint_one) -> None:
        """``workers``: processes (``None``: one per core); ``told`` hears how far each cut is.

        ``work`` is what a process does with an order; it must be importable there.
        """
        self._workers, self._told, self._work = workers, told, work

    def paint(self, orders: Sequence[CutOrder]) -> Iterator[CutResult]:
        """See :class:`genzu.steps.batch.Crew`.

        A cut whose process was ended, or had not enough memory, is tried once more when nothing else is at work.
        """
        workers = min(self._workers or usable_cores(), max(1, len(orders)))
        if workers == 1:
            with OpenShows() as shows:
                for order in orders:
                    yield self._work(order, partial(self._told, order.number), shows)
            return
        again: list[CutOrder] = []
        with _seats(workers, self._work) as seats:
            for result, order in self._results(seats, deque(orders)):
                if isinstance(result.error, (ProcessEnded, OutOfMemory)):
                    again.append(order)
                else:
                    yield result
            for order in again:
                for seat in seats[1:]:
                    seat.dismiss()
                yield from (result for result, _ in self._results(seats[:1], deque([order])))

    def _results(self, seats: Sequence[_Seat], waiting: deque[CutOrder]) -> Iterator[tuple[CutResult, CutOrder]]:
        while True:
            for seat in seats:
                if seat.order is None and waiting:
                    order = waiting.popleft()
                    if (error := seat.give(order)) is not None:
                        yield CutResult(number=order.number, error=error), order
            busy = {seat.worker.pipe: seat for seat in seats if seat.order is not None and seat.worker is not None}
            if not busy and not waiting:
                return
            ready = set(wait(list(busy), timeout=_LOOK_S)) if busy else set()
            for pipe, seat in busy.items():
                painted = seat.order
                if painted is not None and (result := seat.hear(self._told, pipe in ready)) is not None:
                    yield result, painted


class ProcessEnded(EngineFailed):
    """The process that painted a cut was ended from outside, or crashed."""


class _Worker:
    """One process and our end of its pipe."""

    def __init__(self, work: Work) -> None:
        context = get_context("spawn")
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=_labour, args=(end, work), daemon=True)
        with _undisturbed():
            self.process.start()
        end.close()

    def end(self) -> int | None:
        """End it at once, if it has not ended yet; what it has finished is kept. Its exit code."""
        self.process.join(0.2)
        code = self.process.exitcode
        if code is None:
            self.process.terminate()
            self.process.join()
        self.pipe.close()
        return code


class _Seat:
    """A place for one process, begun when there is something to do, and again when it was ended."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.order: CutOrder | None = None
        self.worker: _Worker | None = None

    def give(self, order: CutOrder) -> OutOfMemory | None:
        """Have a cut painted; the error if no process can be begun for it."""
        try:
            self.worker = self.worker or _Worker(self._work)
        except OSError as error:
            return OutOfMemory(
                f"no process can be begun for it ({(error.strerror or str(error)).lower()})",
                where=f"cut {order.number}", do="close other programs, or take fewer processes (--workers 1)",
            )  # fmt: skip
        self.order = order
        with suppress(OSError):  # it was ended while it was idle: heard at the next look
            self.worker.pipe.send(order)
        return None

    def hear(self, told: Told, ready: bool) -> CutResult | None:
        """The result of the cut if it is there; how far it is goes to ``told``."""
        assert self.order is not None and self.worker is not None
        number, pipe = self.order.number, self.worker.pipe
        try:
            while pipe.poll():
                message = pipe.recv()
                if isinstance(message, CutResult):
                    self.order = None
                    return message
                told(number, *message)
            if ready or self.worker.process.is_alive():
                return None
        except (EOFError, OSError):
            pass
        self.order = None
        return CutResult(number=number, error=_obituary(number, self.dismiss()))

    def dismiss(self) -> int | None:
        """End the process; its exit code if it had ended already."""
        code = self.worker.end() if self.worker is not None else None
        self.worker = None
        return code


def _obituary(number: str, code: int | None) -> ProcessEnded:
    how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
    return ProcessEnded(
        f"the process that painted it was ended ({how})",
        where=f"cut {number}",
        do="look whether memory is short: close other programs, or take fewer processes (--workers 1)",
    )


@contextmanager
def _seats(count: int, work: Work) -> Iterator[list[_Seat]]:
    seats = [_Seat(work) for _ in range(count)]
    try:
        yield seats
    finally:
        for seat in seats:
            seat.dismiss()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Begin a process so that Ctrl-C does not reach it before it can look away: whoever began it ends it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _labour(pipe: Connection, work: Work) -> None:
    """The life of a process: orders in, progress and results out, until the other end of the pipe is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    last = 0.0

    def watch(what: str, share: float) -> None:
        nonlocal last
        if monotonic() - last >= _TELL_S:
            last = monotonic()
            pipe.send((what, share))

    with suppress(EOFError, OSError), OpenShows() as shows:
        while True:
            order, last = pipe.recv(), 0.0
            pipe.send(work(order, watch, shows))
