from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.engines import contract

from genzu.core.geometry import Bounds, Extent
from genzu.core.take import Stage
from genzu.engines.embedded import copies, engine
from genzu.engines.embedded.copies import in_copies, shared
from genzu.engines.embedded.engine import EmbeddedEngine
from genzu.errors import BadInput

pytestmark = pytest.mark.skipif(not copies.POSSIBLE, reason="this system cannot copy a process: threads paint instead")

HERE = os.getpid()


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


@pytest.fixture
def others() -> set[int]:
    """Processes that other tests of this session began."""
    return children()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def fill(picture: np.ndarray) -> Callable[[int], None]:
    def work(row: int) -> None:
        picture[row] = (row + 1, os.getpid() != HERE, 7)

    return work


@pytest.mark.parametrize("workers", [1, 2, 3, 9])
def test_every_item_is_done_once_in_order_and_all_workers_but_this_one_are_copies(
    workers: int, others: set[int]
) -> None:
    picture = shared((7, 5, 3), np.uint8)
    assert list(in_copies(fill(picture), range(7), workers)) == list(range(7))
    assert (picture[..., 0] == np.arange(1, 8)[:, None]).all()
    here = np.arange(7) % workers == 0
    assert (picture[:, 0, 1] == ~here).all()
    assert children() == others


def test_what_a_killed_copy_left_undone_is_done_here() -> None:
    picture = shared((6, 5, 3), np.uint8)
    paint = fill(picture)

    def work(row: int) -> None:
        if row == 3 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        paint(row)

    assert list(in_copies(work, range(6), 2)) == list(range(6))
    assert (picture[..., 0] == np.arange(1, 7)[:, None]).all()
    assert picture[:, 0, 1].tolist() == [0, 1, 0, 0, 0, 0]  # 1, 3, 5 were the copy's


def test_an_error_is_raised_as_itself(others: set[int]) -> None:
    def work(row: int) -> None:
        raise BadInput(f"row {row} is wrong")

    with pytest.raises(BadInput, match="row 0 is wrong"):
        list(in_copies(work, range(4), 2))
    assert children() == others


def test_who_stops_listening_leaves_no_copy_and_no_open_file(others: set[int]) -> None:
    files = open_files()

    def work(row: int) -> None:
        if row:
            signal.pause()

    painted = in_copies(work, range(4), 2)
    assert next(painted) == 0
    painted.close()
    assert children() == others
    assert len(os.listdir("/proc/self/fd")) == files  # noqa: PTH208


def test_where_the_system_refuses_a_copy_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    picture = shared((3, 2, 3), np.uint8)
    assert list(in_copies(fill(picture), range(3), 2)) == [0, 1, 2]
    assert (picture[..., 1] == 0).all()


def test_copies_and_threads_paint_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    request = contract.request(Extent(480, 270))
    seen: list[bool] = []
    spread = engine.in_copies

    def watched(work: Callable[[Bounds], object], items: list[Bounds], workers: int) -> object:
        seen.append(True)
        return spread(work, items, workers)

    monkeypatch.setattr(engine, "in_copies", watched)
    pictures = []
    for apart in (True, False):
        monkeypatch.setattr(copies, "POSSIBLE", apart)
        painter = EmbeddedEngine(tile=256, workers=2)
        rough = painter.paint(request)
        pictures.append((rough, painter.paint(replace(request, stage=Stage.PAINTING, rough=rough))))
    assert seen == [True, True]
    for one, other in zip(*pictures, strict=True):
        np.testing.assert_array_equal(one, other)
