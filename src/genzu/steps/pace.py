"""How long the rest of a build takes, judged from the cuts that are done."""

from __future__ import annotations

from collections.abc import Iterable

_WEIGHT = 0.3
"""Of the newest cut in the moving average: cuts differ, and a machine gets other work."""


class Pace:
    """Seconds per megapixel, as an exponentially weighted moving average."""

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)
        self._each: float | None = None

    def done(self, megapixels: float, seconds: float) -> None:
        """A cut was painted."""
        each = seconds / max(megapixels, 1e-3)
        self._each = each if self._each is None else (1 - _WEIGHT) * self._each + _WEIGHT * each

    def left(self, waiting: Iterable[float], at_work: Iterable[tuple[float, float]] = ()) -> float | None:
        """Seconds until all is done; ``None`` before the first cut is.

        ``waiting``: megapixels of cuts not begun; ``at_work``: megapixels and share done of those that are.
        """
        if self._each is None:
            return None
        todo, parts = list(waiting), [size * (1 - share) for size, share in at_work]
        whole = sum(todo) + sum(parts)
        # Not sooner than the largest piece, however many processes there are.
        return self._each * max(whole / self._workers, *todo, *parts, 0.0)
