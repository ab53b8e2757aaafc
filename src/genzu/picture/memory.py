"""Memory that was freed goes back to the system: glibc keeps it, and on a wide sheet that is hundreds of MB."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

from genzu.core.geometry import Extent

_LARGE = 20_000_000
"""Sheets of fewer pixels are not worth the time (some ms)."""


def give_back(extent: Extent) -> None:
    """Between two steps on a large sheet: hand what the last one freed back, where the C library can (glibc)."""
    if extent.pixels < _LARGE or sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):  # musl has no malloc_trim
        ctypes.CDLL(None).malloc_trim(0)
