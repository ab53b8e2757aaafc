"""What one task of a farm's job does: paint some cuts, check the show, or write the film.

It speaks as Open Job Description listens: lines of ``openjd_progress``, ``openjd_status`` and ``openjd_fail`` on stdout
(https://github.com/OpenJobDescription/openjd-specifications/wiki/How-Jobs-Are-Run).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from genzu.engines import registry
from genzu.errors import BadInput
from genzu.steps.batch import CutResult, LocalCrew
from genzu.steps.build import Planned, build, plan_build
from genzu.steps.engine_facts import Training
from genzu.steps.farm_stale import stale_cuts
from genzu.steps.film import FilmOrder, make_film
from genzu.store.show import Show

_MOST_TOLD = 10

Say = Callable[[str], None]
"""Takes one line."""


class Farm:
    """The farm's ear: what a task says to whoever runs it."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def progress(self, share: float) -> None:
        """Share of the task that is done, 0–1."""
        self._say(f"openjd_progress: {100 * min(1.0, max(0.0, share)):.1f}")

    def status(self, text: str) -> None:
        """What is being done."""
        self._say(f"openjd_status: {_line(text)}")

    def fail(self, text: str) -> None:
        """Why the task fails; the exit code must say so, too."""
        self._say(f"openjd_fail: {_line(text)}")


def paint_task(show: Path, numbers: Sequence[str], workers: int, farm: Farm) -> bool:
    """Paint what is stale of these cuts; ``workers`` = 0: one process per core, or one where weights are loaded.

    False if one failed. A cut that another process paints is waited for.
    """
    with Show.open(show) as opened:
        plan = plan_build(opened, only={opened.cut(number).number for number in numbers})
    weights = any(one.state.cut.engine.partition(":")[0] in registry.engine_families() for one in plan.planned)
    farm.status(f"{len(plan.planned)} of {len(numbers)} cuts to paint: {', '.join(numbers)}")
    ear = _Ear(farm, len(plan.planned))
    failed = [
        f"cut {result.number}: {result.error.sentence}"
        for result in build(show, plan, LocalCrew(workers or (1 if weights else None)), ear)
        if result.error is not None
    ]
    left = len(plan.planned) - ear.back
    if left:
        failed.append(f"{left} more were not begun: they would have failed in the same way.")
    if failed:
        farm.fail(_some(failed))
    return not failed


class _Ear:
    """Tells the farm what a build tells."""

    def __init__(self, farm: Farm, count: int) -> None:
        self._farm, self._count, self.back = farm, count, 0

    def waits(self, numbers: Sequence[str]) -> None:
        """Nothing is left but cuts that another process is painting."""
        self._farm.status(f"another process is painting cut {', '.join(numbers)}: waiting for it")

    def done(self, _planned: Planned, result: CutResult) -> None:
        """A cut came back."""
        self.back += 1
        self._farm.progress(self.back / self._count)
        self._farm.status(_told(result))


def check_task(show: Path, farm: Farm) -> bool:
    """Read the whole show back, and look that every cut is painted as it is asked for. False if anything is amiss."""
    with Show.open(show) as opened:
        farm.status("reading every picture back")
        faults = [fault.sentence for fault in opened.verify(lambda share: farm.progress(0.9 * share))]
        farm.status("looking for cuts that are not painted as asked")
        faults += [f"cut {cut.number} is not painted as it is asked for." for cut in stale_cuts(opened)]
        count = len(opened.cuts())
    farm.progress(1.0)
    if faults:
        farm.fail(_some(faults))
    else:
        farm.status(f"{count} cuts: all painted as asked, every picture whole")
    return not faults


def film_task(show: Path, out: Path, training: Mapping[str, Training], farm: Farm) -> bool:
    """Write the film, ProRes if it is a .mov. False if a cut has no picture in it or a name could not be written."""
    order = FilmOrder(prores=out.suffix.lower() == ".mov")
    with Show.open(show) as opened:
        done = make_film(opened, out, order, training=training, watch=lambda _what, share: farm.progress(share))
    farm.status(f"film written: {done.path}")
    if not done.whole:
        missing = [f"cut {number} has no picture: {why}" for number, why in done.missing.items()]
        farm.fail(_some([*missing, *(f"no font here has all letters of {text!r}" for text in done.undrawn)]))
    return done.whole


def numbers_in(text: str) -> tuple[str, ...]:
    """``001,002`` → the numbers, each once."""
    numbers = tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
    if not numbers:
        raise BadInput("no cut is given", where="--cuts", do="write --cuts=001,002")
    return numbers


def _told(result: CutResult) -> str:
    return f"cut {result.number} FAILED" if result.error else f"cut {result.number} painted"


def _some(sentences: Sequence[str]) -> str:
    more = len(sentences) - _MOST_TOLD
    return " ".join(sentences[:_MOST_TOLD]) + (f" And {more} more." if more > 0 else "")


def _line(text: str) -> str:
    """A message ends with its line."""
    return " ".join(text.split())
