from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path

import pytest

from genzu.core.geometry import Extent
from genzu.picture import memory

WIDE = Extent(30_000, 2_000)


def resident() -> int:
    """MiB of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc"
)
def test_what_was_freed_goes_back_to_the_system() -> None:
    blocks = [ctypes.create_string_buffer(b"x" * 60_000, 60_000) for _ in range(4_000)]
    last = blocks[-1]  # what is freed below it stays in the heap
    del blocks
    before = resident()
    memory.give_back(Extent(1920, 1080))
    assert before - resident() < 20
    memory.give_back(WIDE)
    assert before - resident() > 100
    assert last.raw[0:1] == b"x"


def test_a_library_that_cannot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    memory.give_back(WIDE)


def test_pages_are_kept_for_pictures_that_fill_some_of_them_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(memory, "_allocate", asked.append)
    for extent in (Extent(96, 1080), WIDE):
        with memory.pages_kept(extent):
            pass
    assert asked == []
    with pytest.raises(KeyError), memory.pages_kept(Extent(1920, 1080)):
        assert len(asked) == 1
        raise KeyError
    assert len(asked) == 2


def test_rings_of_objects_are_looked_for_again_afterwards() -> None:
    assert gc.isenabled()
    with pytest.raises(KeyError), memory.pages_kept(Extent(1920, 1080)):
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()
    with memory.pages_kept(Extent(30_000, 2_000)):
        assert gc.isenabled()
    gc.disable()
    try:
        with memory.pages_kept(Extent(1920, 1080)):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
