"""What the C library does with memory that was freed: back to the system between steps, kept within a short life."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

from genzu.core.geometry import Extent

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""Options of ``mallopt`` (malloc.h)."""
_LARGE = 20_000_000
"""Sheets of fewer pixels are not worth the time (some ms)."""


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
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        for option, value in ((_MMAP_THRESHOLD, 32 << 20), (_TRIM_THRESHOLD, 1 << 30), (_TOP_PAD, 64 << 20)):
            library.mallopt(option, value)
