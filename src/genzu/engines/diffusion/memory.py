"""When memory runs out, tiles become smaller and the work goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from genzu.errors import EngineFailed

_T = TypeVar("_T")
_SAYINGS = (
    "out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory", "alloc_failed",
    "insufficient memory",
)  # fmt: skip
REMEDY = "set offload or a lower precision in the profile, or close other programs"
SMALLEST = 64
"""Side in px below which no model paints anything useful."""


def out_of_memory(error: BaseException) -> bool:
    """True for what Python, CUDA, Metal and the CPU's allocator say when there is no room left."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(saying in str(error).lower() for saying in _SAYINGS)


class Room:
    """The side of the tiles of one picture: it halves each time that memory runs out."""

    def __init__(self, side: int, tile: int) -> None:
        self.side = side
        """px: what is worked on at once; a whole picture may be wider than a tile."""
        self._tile = tile
        self._floor = min(side, max(SMALLEST, tile // 4))
        self.halvings = 0

    def run(self, work: Callable[[int], _T]) -> _T:
        """``work(side)``, again with a smaller side each time that it runs out of memory.

        Raises :class:`EngineFailed` if the smallest side is still too much.
        """
        while True:
            try:
                return work(self.side)
            except Exception as error:
                if not out_of_memory(error):
                    raise
                self._halve(str(error))
            free()  # here the error, and with it every frame that holds a tensor, is gone

    def _halve(self, reason: str) -> None:
        if self.side <= self._floor:
            raise EngineFailed(
                f"memory ran out even with tiles of {self.side} px ({(reason or 'full').splitlines()[0][:100]})",
                do=REMEDY,
            ) from None
        smaller = self._tile if self.side > self._tile else self.side // 2
        self.side = max(self._floor, smaller // SMALLEST * SMALLEST)
        self.halvings += 1


def free() -> None:
    """Give unused memory of the devices back."""
    import gc

    import torch

    gc.collect()
    for device in (torch.cuda, torch.mps):
        with suppress(Exception):
            device.empty_cache()
