"""How a picture is cut into tiles, and how tiles are painted side by side in bounded memory."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import parent_process
from typing import TypeVar

from genzu.core.geometry import Bounds, Extent

LARGEST = 2_900_000
"""Most px of a tile with its margin, so that what a tile needs stays bounded."""
SHEET = 30_000_000
"""Sheets of more px fill the memory themselves: their tiles are about half as large and painted one by one."""
SMALL = 1_000_000
"""Pictures up to this many px are one tile; larger ones are at least two, so that two cores have work."""
_MOST = 4
"""Most tiles at work at once, however many cores there are: each holds its own planes."""

_T = TypeVar("_T")


def cores() -> int:
    """Cores that this process may use, at most four; one in a process of a pool, which shares them out already."""
    if parent_process() is not None:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(_MOST, usable))


def even_tiles(extent: Extent, margin: int) -> Iterator[Bounds]:
    """Tiles of nearly one size that lose least to their margins; they do not depend on the number of cores."""
    columns, rows = min(_possible(extent, margin), key=lambda cut: _work(extent, margin, *cut))
    xs, ys = _cuts(extent.width, columns), _cuts(extent.height, rows)
    for top, bottom in pairwise(ys):
        for left, right in pairwise(xs):
            yield Bounds(left, top, right - left, bottom - top)


def _possible(extent: Extent, margin: int) -> Iterator[tuple[int, int]]:
    """(columns, rows): for each number of rows the fewest columns that keep tiles within bounds."""
    largest = max(LARGEST if extent.pixels <= SHEET else LARGEST // 2, 25 * margin * margin)
    found = False
    for rows in range(1, min(extent.height, 32) + 1):
        room = largest // _side(extent.height, margin, rows)
        least = 2 if extent.pixels > SMALL and rows == 1 else 1
        tries = (least, 2, math.ceil(extent.width / (room - 2 * margin)) if room > 2 * margin else extent.width)
        fits = [n for n in tries if least <= n <= extent.width and _side(extent.width, margin, n) <= room]
        if fits:
            yield min(fits), rows
            found = True
    if not found:
        yield 1, 1


def _side(length: int, margin: int, count: int) -> int:
    """Length of one part with its margins, as far as they lie in the picture."""
    return math.ceil(length / count) + margin * min(count - 1, 2)


def _work(extent: Extent, margin: int, columns: int, rows: int) -> float:
    wide, tall = extent.width + 2 * margin * (columns - 1), extent.height + 2 * margin * (rows - 1)
    return float(wide) * tall


def _cuts(length: int, count: int) -> list[int]:
    return [round(length * k / count) for k in range(count + 1)]


def side_by_side(work: Callable[[_T], None], items: Iterable[_T], workers: int) -> Iterator[_T]:
    """Do ``work`` on each item, ``workers`` at a time, and give the items back in their order as they are done.

    numpy and Pillow let other threads run while they compute. The first error ends the rest and is raised.
    """
    if workers <= 1:
        for item in items:
            work(item)
            yield item
        return
    waiting: deque[tuple[_T, Future[None]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="tile") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(work, item)))
            while waiting:
                item, done = waiting.popleft()
                done.result()
                yield item
        finally:
            for _item, future in waiting:
                future.cancel()


def at_once(jobs: Sequence[Callable[[], object]], workers: int) -> None:
    """Run independent jobs, ``workers`` at a time."""

    def run(job: Callable[[], object]) -> None:
        job()

    for _job in side_by_side(run, jobs, workers):
        pass
