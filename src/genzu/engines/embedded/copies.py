"""Tiles painted by copies of this process, which share its memory as it was at one moment (``fork``).

Threads of one interpreter wait for each other between many small steps on arrays; copies do not. What a copy
computes for itself is lost with it, so a scene is prepared before. Where a process cannot be copied (Windows; macOS,
whose own libraries forbid it), threads do the same work.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import struct
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Extent
from genzu.picture.memory import keep_pages

_T = TypeVar("_T")
_N = TypeVar("_N", bound=np.generic)
_LARGEST: Final = 10_000_000
"""Pictures of more px are painted by threads: each copy of the process would hold fields of its own."""
_NUMBER: Final = struct.Struct("<I")
POSSIBLE: Final = sys.platform == "linux"


def shared(shape: tuple[int, ...], kind: type[_N]) -> NDArray[_N]:
    """Zeros that copies of this process write into; freed with the last array that looks at it."""
    size = max(1, int(np.prod(shape))) * np.dtype(kind).itemsize
    return np.frombuffer(mmap.mmap(-1, size), kind, int(np.prod(shape))).reshape(shape)


def pays(extent: Extent, workers: int, least: int = 0) -> bool:
    """True if a picture of this size is painted by copies; smaller ones than ``least`` px are not worth them."""
    return POSSIBLE and workers > 1 and least <= extent.pixels <= _LARGEST


def in_copies(work: Callable[[_T], object], items: Iterable[_T], workers: int) -> Iterator[_T]:
    """Do ``work`` on each item, in this process and ``workers`` − 1 copies; give the items back in order when done.

    ``work`` must leave its result in shared memory. What a copy could not do (an error, no memory, killed) is done
    here, so that errors are raised where they can be read. This process does its share itself, because what it
    learns with it (cut brush marks, fields of the scene) is there for the next step and the next picture's copies.
    """
    todo = list(items)
    results, told = os.pipe()
    children: list[int] = []
    done: set[int] = set()
    given = 0
    workers = max(1, min(workers, len(todo)))
    try:
        for first in range(1, workers):
            child = _copy()
            if child == 0:
                _labour(work, todo, range(first, len(todo), workers), told)
            if child is None:
                break
            children.append(child)
        os.close(told)
        told = -1
        for number in range(0, len(todo), workers):
            work(todo[number])
            done.add(number)
            done.update(_numbers(results, waits=False))
            while given in done:
                yield todo[given]
                given += 1
        for number in _numbers(results):
            done.add(number)
            while given in done:
                yield todo[given]
                given += 1
    finally:
        for end in (results, told):
            if end >= 0:
                os.close(end)
        _end(children)
    for number in range(given, len(todo)):
        if number not in done:
            work(todo[number])
        yield todo[number]


def _copy() -> int | None:
    """0 in the copy, its number here; ``None`` if the system refuses."""
    with warnings.catch_warnings():
        # Python warns of locks that other threads may hold: a copy runs numpy, Pillow and mahotas only, prints
        # nothing, imports nothing, and ends without cleaning up.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return os.fork()
        except OSError:
            return None


def _labour(work: Callable[[_T], object], todo: Sequence[_T], own: Iterable[int], told: int) -> None:
    """The life of a copy: it never returns, and nothing of the original's is cleaned up by it."""
    code = 1
    try:
        keep_pages()
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # the original tells the person
        for number in own:
            work(todo[number])
            os.write(told, _NUMBER.pack(number))
        code = 0
    finally:
        os._exit(code)


def _numbers(results: int, *, waits: bool = True) -> Iterator[int]:
    """Numbers of items: until all copies have ended, or those that are there, if it is not to wait.

    Writes this short are never torn or mixed (POSIX ``PIPE_BUF``).
    """
    while (waits or select.select([results], [], [], 0)[0]) and (block := os.read(results, 1024 * _NUMBER.size)):
        for (number,) in _NUMBER.iter_unpack(block):
            yield int(number)


def _end(children: list[int]) -> None:
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
