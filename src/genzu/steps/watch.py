"""Who watches the work: progress is told as (what, share done), and nobody has to listen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

Watch = Callable[[str, float], None]
"""Called with what is being done and the share of the whole that is done, 0–1, never falling."""

SHARES = {"intake": 0.08, "reading": 0.17, "rough": 0.20, "painting": 0.35, "files": 0.20}
"""How the time of one sheet is spread over the steps (measured at 1920×1080)."""


def nobody(_what: str, _share: float) -> None:
    """A watch that does not look."""


def part_of(watch: Watch, title: str, start: float, span: float) -> Watch:
    """A watch for one part of the work: its shares 0–1 become those of the whole, its words gain the part's title."""
    return lambda what, share: watch(f"{title}: {what}", start + span * share)


class Clock:
    """Seconds spent per step of one sheet; tells a watch how far the work is."""

    def __init__(
        self, watch: Watch = nobody, *, start: float = 0.0, span: float = 1.0, shares: Mapping[str, float] = SHARES
    ) -> None:
        self.seconds: dict[str, float] = {}
        self._watch, self._start, self._span, self._shares = watch, start, span, shares
        self._done = 0.0

    def part(self, watch: Watch, start: float, span: float) -> Clock:
        """A clock for one of several sheets."""
        return Clock(watch, start=start, span=span)

    def tell(self, step: str, share: float) -> None:
        """Share (0–1) of one step."""
        self._watch(step, self._start + self._span * (self._done + self._shares[step] * share))

    def within(self, step: str, index: int = 0, count: int = 1) -> Callable[[float], None]:
        """For whoever does one of ``count`` equal parts of a step: told its own share, 0–1."""
        return lambda share: self.tell(step, (index + share) / count)

    def run(self, step: str) -> _Timer:
        """Time a step: ``with clock.run("rough"): …``."""
        return _Timer(self, step)

    def finish(self, step: str, seconds: float) -> None:
        """Note a step's end."""
        self.seconds[step] = round(self.seconds.get(step, 0.0) + seconds, 3)
        self._done = min(1.0, self._done + self._shares[step])
        self._watch(step, self._start + self._span * self._done)


class _Timer:
    def __init__(self, clock: Clock, step: str) -> None:
        self._clock, self._step = clock, step

    def __enter__(self) -> None:
        self._begin = perf_counter()
        self._clock.tell(self._step, 0.0)

    def __exit__(self, *_: object) -> None:
        self._clock.finish(self._step, perf_counter() - self._begin)
