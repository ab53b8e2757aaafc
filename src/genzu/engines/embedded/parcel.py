"""What copies of this process have made, handed back in shared memory: arrays are written once and read in place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.engines.embedded.copies import in_copies, shared
from genzu.engines.embedded.forms import Forms, Line
from genzu.engines.embedded.lights import Lights
from genzu.engines.embedded.pencil import Marks
from genzu.picture.arrays import UInt8

_T = TypeVar("_T")
_RECORDS: Final[dict[str, type]] = {kind.__name__: kind for kind in (Forms, Line, Lights, Marks)}
"""Dataclasses that may be in a parcel."""
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
    """Write a value at the beginning of ``room``, which holds zeros; the bytes that it takes, 0 if it has no room.

    It is made of arrays, ``None``, numbers, strings, lists, tuples, dictionaries with string keys and the dataclasses
    of :data:`_RECORDS`. Raises ``TypeError`` for anything else.
    """
    planes: list[NDArray[Any]] = []
    text = np.frombuffer(json.dumps(_described(value, planes)).encode(), np.uint8)
    parts = [text, *(plane.reshape(-1).view(np.uint8) for plane in planes)]
    sizes = np.array([len(parts), *(part.nbytes for part in parts)], np.int64)
    *begins, end = _places(sizes)
    if end > room.size:
        return 0
    for begin, part in zip(begins, parts, strict=True):
        room[begin : begin + part.nbytes] = part
    room[: sizes.nbytes] = sizes.view(np.uint8)
    return end


def unpacked(room: UInt8) -> Iterator[Any]:
    """All values that were packed one after the other; their arrays lie in ``room``."""
    while room.size and (count := int(room[:8].view(np.int64)[0])):
        sizes = room[: 8 * (count + 1)].view(np.int64)
        *begins, end = _places(sizes)
        text, *planes = (room[begin : begin + size] for begin, size in zip(begins, sizes[1:].tolist(), strict=True))
        yield _made(json.loads(text.tobytes()), planes)
        room = room[end:]


def _places(sizes: NDArray[np.int64]) -> list[int]:
    """Where each part begins, and where the last one ends; ``sizes`` are their number and their sizes."""
    steps = -(-np.append(sizes.nbytes, sizes[1:]) // _ALIGNED) * _ALIGNED
    return np.cumsum(steps).tolist()


def _described(value: Any, planes: list[NDArray[Any]]) -> Any:
    """What JSON can say of a value; its arrays are added to ``planes``, each as it lies in memory."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return _described(np.asarray(value), planes)
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("an array of objects cannot be handed back")
        # A plane of colours often lies channel by channel: it comes back so.
        order = np.argsort(value.strides, kind="stable")[::-1]
        planes.append(np.ascontiguousarray(value.transpose(order)))
        level = [value.shape[axis] for axis in order]
        return {"array": len(planes), "type": value.dtype.str, "shape": level, "order": np.argsort(order).tolist()}
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [_described(part, planes) for part in value]}
    if isinstance(value, dict):
        return {"dict": {str(name): _described(part, planes) for name, part in value.items()}}
    if is_dataclass(value) and type(value).__name__ in _RECORDS:
        parts = {field.name: _described(getattr(value, field.name), planes) for field in fields(value)}
        return {"record": type(value).__name__, "parts": parts}
    raise TypeError(f"a value of type {type(value).__name__} cannot be handed back")


def _made(said: Any, planes: Sequence[UInt8]) -> Any:
    """The reverse of :func:`_described`; an array is its bytes in ``planes``."""
    if not isinstance(said, dict):
        return said
    if "array" in said:
        flat = planes[said["array"] - 1].view(said["type"])
        return flat.reshape(said["shape"]).transpose(said["order"])
    if "record" in said:
        return _RECORDS[said["record"]](**{name: _made(part, planes) for name, part in said["parts"].items()})
    if "dict" in said:
        return {name: _made(part, planes) for name, part in said["dict"].items()}
    ((kind, parts),) = said.items()
    return {"tuple": tuple, "list": list}[kind](_made(part, planes) for part in parts)
