"""What copies of this process have made, handed back in shared memory: arrays are written once and read in place."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.copies import in_copies, shared
from genzu.picture.arrays import UInt8

_T = TypeVar("_T")
_ALIGNED: Final = 64
"""Arrays begin at whole multiples of so many bytes."""


def gathered(jobs: Sequence[Callable[[], _T]], workers: int, room: int) -> list[_T | None]:
    """What independent jobs give; this process and ``workers`` − 1 copies take the next one when they are free.

    ``None`` stands for what a copy could not do, or has no room for in its ``room`` bytes.
    """
    here, made = os.getpid(), dict[int, _T]()
    rooms = [shared((room,), np.uint8) for _worker in range(workers - 1)]
    waiting, numbers = os.pipe()
    os.write(numbers, bytes(range(len(jobs))))
    os.close(numbers)  # so that reading ends with the last number

    def work(worker: int) -> None:
        used = 0
        while number := os.read(waiting, 1):
            result = jobs[number[0]]()
            if os.getpid() == here:
                made[number[0]] = result
            else:
                used += pack((number[0], result), rooms[worker - 1][used:])

    try:
        for _worker in in_copies(work, range(workers), workers):
            pass
    finally:
        os.close(waiting)
    for parcel in rooms:
        made.update(unpacked(parcel))
    return [made.get(number) for number in range(len(jobs))]


def pack(value: object, room: UInt8) -> int:
    """Write any value at the beginning of ``room``, which holds zeros; the bytes that it takes, 0 if it has no room."""
    planes: list[memoryview] = []
    stream = io.BytesIO()
    _Pickler(stream, protocol=5, buffer_callback=lambda plane: planes.append(plane.raw())).dump(value)
    parts = [stream.getbuffer(), *planes]
    sizes = np.array([len(parts), *(part.nbytes for part in parts)], np.int64)
    *begins, end = _places(sizes)
    if end > room.size:
        return 0
    for begin, part in zip(begins, parts, strict=True):
        room[begin : begin + part.nbytes] = np.frombuffer(part, np.uint8)
    room[: sizes.nbytes] = sizes.view(np.uint8)
    return end


def unpacked(room: UInt8) -> Iterator[Any]:
    """All values that were packed one after the other; their arrays lie in ``room``."""
    while room.size and (count := int(room[:8].view(np.int64)[0])):
        sizes = room[: 8 * (count + 1)].view(np.int64)
        *begins, end = _places(sizes)
        first, *planes = (
            room[begin : begin + size].data for begin, size in zip(begins, sizes[1:].tolist(), strict=True)
        )
        yield pickle.loads(first, buffers=planes)  # noqa: S301  written by a copy of this very process
        room = room[end:]


def _places(sizes: NDArray[np.int64]) -> list[int]:
    """Where each part begins, and where the last one ends; ``sizes`` are their number and their sizes."""
    steps = -(-np.append(sizes.nbytes, sizes[1:]) // _ALIGNED) * _ALIGNED
    return np.cumsum(steps).tolist()


class _Pickler(pickle.Pickler):
    """Keeps the order in memory of planes that lie one behind the other under a last axis."""

    def reducer_override(self, value: object) -> Any:
        """A plane with its axes in their order in memory, and the order that they had."""
        if not isinstance(value, np.ndarray) or value.flags.forc:
            return NotImplemented
        order = np.argsort(value.strides, kind="stable")[::-1]
        level = value.transpose(order)
        if not level.flags.c_contiguous:
            return NotImplemented
        return np.transpose, (level, np.argsort(order).tolist())
