"""A build for the person who looks on: a bar with the time that is left, and a line for each cut at work."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.progress import BarColumn, Progress, TaskID, TextColumn

from genzu.cli.common import say
from genzu.cli.progress import errors
from genzu.steps.batch import CutResult
from genzu.steps.build import Plan, Planned
from genzu.steps.pace import Pace


class BuildProgress:
    """Hears how far each cut is and what became of it; draws nothing with ``quiet`` or when nobody looks."""

    def __init__(self, plan: Plan, workers: int, *, quiet: bool) -> None:
        self._size = {one.order.number: one.megapixels for one in plan.planned}
        self._waiting = dict(self._size)
        self._at_work: dict[str, float] = {}
        self._tasks: dict[str, TaskID] = {}
        self._pace = Pace(workers)
        self._bar: Progress | None = None
        self._quiet = quiet
        self._looked = 0.0
        if not quiet and errors.is_terminal:
            self._bar = _bar()
            self._whole = self._bar.add_task(
                f"0 of {len(self._size)} cuts", total=max(sum(self._size.values()), 1e-6), left=""
            )

    @contextmanager
    def shown(self) -> Iterator[BuildProgress]:
        """Draw while the block runs."""
        if self._bar is None:
            yield self
            return
        with self._bar:
            yield self

    def told(self, cut: str, what: str, share: float) -> None:
        """How far a cut is, 0–1."""
        self._waiting.pop(cut, None)
        self._at_work[cut] = share
        if self._bar is None:
            return
        if cut not in self._tasks:
            self._tasks[cut] = self._bar.add_task(f"  cut {cut}", total=1.0, left="")
        self._bar.update(self._tasks[cut], completed=share, left=what)
        if monotonic() - self._looked > 1:
            self._looked = monotonic()
            self._draw()

    def done(self, planned: Planned, result: CutResult) -> None:
        """A cut came back."""
        number = planned.order.number
        self._waiting.pop(number, None)
        self._at_work.pop(number, None)
        if result.error is None and result.new_takes:
            self._pace.done(planned.megapixels, result.seconds)
        if self._bar is not None:
            if number in self._tasks:
                self._bar.remove_task(self._tasks.pop(number))
            self._draw()

    def waits(self, numbers: Sequence[str]) -> None:
        """Nothing is left but cuts that another process is painting."""
        if not self._quiet:
            cuts = ", ".join(numbers[:6]) + (" …" if numbers[6:] else "")
            errors.print(f"Another process is painting cut {cuts}: waiting for it.", markup=False)

    def line(self, text: str) -> None:
        """A line or more for a person; on stdout, above the bar if there is one."""
        if self._bar is not None and sys.stdout.isatty():
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            say(text)

    def _draw(self) -> None:
        assert self._bar is not None
        work = [(self._size.get(cut, 0.0), share) for cut, share in self._at_work.items()]
        left = self._pace.left(self._waiting.values(), work)
        todo = sum(self._waiting.values()) + sum(size * (1 - share) for size, share in work)
        count = len(self._size) - len(self._waiting) - len(work)
        self._bar.update(
            self._whole, completed=sum(self._size.values()) - todo, description=f"{count} of {len(self._size)} cuts",
            left=f"about {in_words(left)} left" if left is not None else "",
        )  # fmt: skip


def in_words(seconds: float) -> str:
    """``40 s``, ``3 min``, ``1 h 20 min``: as exactly as it can be known."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=32), TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[left]}"),
    )  # fmt: skip
    return Progress(*columns, console=errors, transient=True, redirect_stdout=False)
