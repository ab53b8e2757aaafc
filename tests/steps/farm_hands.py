"""What the workers of a test's cluster are told to do: importable there, quick, and leaving a trace in the show."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tests.steps.painted_shows import layout_picture, paint

import genzu
from genzu.core.cut import Cut
from genzu.picture.files import write_png
from genzu.steps import dask_fit
from genzu.steps.batch import CutOrder, CutResult
from genzu.store.show import Show

TRACES = "traces"


def show_of(folder: Path, *numbers: str, engines: dict[str, str] | None = None) -> list[CutOrder]:
    """A show with these cuts, and the orders to paint them."""
    folder.mkdir(parents=True)
    write_png(folder / "layout.png", layout_picture())
    with Show.create(folder, "港") as show:
        for number in numbers:
            engine = (engines or {}).get(number, "fake")
            show.add_cut(Cut(number=number, layout=show.keep_file(folder / "layout.png"), engine=engine))
    return [CutOrder(show=folder, number=number, out=folder / number) for number in numbers]


def quick(order: CutOrder) -> CutResult:
    """Leave a file that says who was here; paint nothing."""
    folder = order.show / TRACES
    folder.mkdir(exist_ok=True)
    (folder / f"{order.number} {os.getpid()}").touch()
    return CutResult(number=order.number)


def traces(folder: Path) -> list[tuple[str, int]]:
    """(cut, process id) of everybody who was there."""
    found = [path.name.split(" ") for path in (folder / TRACES).glob("*")]
    return sorted((number, int(pid)) for number, pid in found)


def painted(order: CutOrder) -> CutResult:
    """Record a rough and a painting, as the real one does."""
    with Show.open(order.show) as show:
        paint(show, order.number, seed=int(order.number))
    return CutResult(number=order.number)


def slow(order: CutOrder) -> CutResult:
    """Take a while."""
    time.sleep(0.3)
    return quick(order)


def lonely(order: CutOrder) -> CutResult:
    """Fail if another cut is at work in this process."""
    here = order.show / f"at work {os.getpid()}"
    here.mkdir()
    time.sleep(0.05)
    here.rmdir()
    return quick(order)


def deadly(order: CutOrder) -> CutResult:
    """Cut 002 takes the worker with it, as one that eats all memory does."""
    if order.number == "002":
        quick(order)
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(order)


def faulty(order: CutOrder) -> CutResult:
    """Cut 002 meets a fault that nobody foresaw."""
    if order.number == "002":
        raise ZeroDivisionError("a fault")
    return quick(order)


def pretend(version: str | None) -> None:
    """Run on a worker: from now on it has this Genzu, or none."""
    if version is None:
        sys.modules["genzu"] = None  # type: ignore[assignment]
    else:
        sys.modules["genzu"] = genzu
        genzu.__version__ = dask_fit.__version__ = version


def pretend_other_pixels(version: str) -> None:
    dask_fit.INTAKE_VERSION = version


async def offer(dask_worker: Any, **resources: float) -> None:
    """Run on a worker: from now on it offers these."""
    await dask_worker.set_resources(**resources)
