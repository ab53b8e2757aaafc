"""What the C library does with memory that was freed: back to the system between steps, kept within a short life."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from genzu.core.geometry import Extent

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""Options of ``mallopt`` (malloc.h)."""
_LARGE = 20_000_000
"""Sheets of fewer pixels are not worth the time (some ms)."""
_KEEPING = {_MMAP_THRESHOLD: 32 << 20, _TRIM_THRESHOLD: 1 << 30, _TOP_PAD: 64 << 20}
_LETTING_GO = {_MMAP_THRESHOLD: 8 << 20, _TRIM_THRESHOLD: 16 << 20, _TOP_PAD: 128 << 10}
"""What glibc sets by itself once an array of 8 MB has been freed."""
_SMALL = 500_000
"""Pictures of fewer pixels come and go in few pages; what is made beside a long sheet's reading is one of them."""


def give_back(extent: Extent) -> None:
    """Between two steps on a large sheet: hand what the last one freed back, where the C library can (glibc)."""
    if extent.pixels < _LARGE or sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):  # musl has no malloc_trim
        ctypes.CDLL(None).malloc_trim(0)


def keep_pages() -> None:
    """In a process that lives for one tile: keep every page that was freed, and take new ones 64 MB at a time.

    Large arrays come and go in it; fresh pages must be cleared by the system each time.
    """
    _allocate(_KEEPING)


@contextmanager
def pages_kept(extent: Extent) -> Iterator[None]:
    """While one stage of a picture is painted keep every page that was freed; a large sheet needs each elsewhere.

    Nor are rings of objects looked for in the meantime, unless others had stopped that already.
    """
    if not _SMALL <= extent.pixels < _LARGE:
        yield
        return
    _allocate(_KEEPING)
    collects = gc.isenabled()
    gc.disable()  # planes are freed with their last name; looking for rings is about 3 % of a profile
    try:
        yield
    finally:
        if collects:
            gc.enable()
        _allocate(_LETTING_GO)


def _allocate(options: Mapping[int, int]) -> None:
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        for option, value in options.items():
            library.mallopt(option, value)
