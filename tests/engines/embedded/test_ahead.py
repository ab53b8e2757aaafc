from __future__ import annotations

import os
import signal
from collections.abc import Callable

import numpy as np
import pytest
from tests.engines import contract

from genzu.core.geometry import Extent
from genzu.engines.embedded import ahead, copies
from genzu.engines.embedded.fields import known
from genzu.engines.embedded.once import Once
from genzu.engines.embedded.parcel import gathered, pack, unpacked
from genzu.engines.embedded.scene import Scene
from genzu.engines.embedded.soft import boxes_of

HERE = os.getpid()


def test_what_is_packed_comes_out_as_it_was_with_its_order_in_memory() -> None:
    behind = np.arange(24, dtype=np.float32).reshape(3, 2, 4).transpose(1, 2, 0)
    values = [{"a": behind, "b": None, "n": 7}, (np.eye(3, dtype=bool), behind[:, 1:]), "all"]
    room = np.zeros(4000, np.uint8)
    used = 0
    for value in values:
        used += pack(value, room[used:])
    one, two, three = unpacked(room)
    np.testing.assert_array_equal(one["a"], behind)
    assert one["a"].strides == behind.strides
    assert (one["b"], one["n"], three) == (None, 7, "all")
    np.testing.assert_array_equal(two[0], np.eye(3, dtype=bool))
    np.testing.assert_array_equal(two[1], behind[:, 1:])
    assert np.shares_memory(one["a"], room)


def test_what_has_no_room_is_left_out() -> None:
    room = np.zeros(256, np.uint8)
    assert pack(np.zeros(300, np.uint8), room) == 0
    assert list(unpacked(room)) == []
    assert pack(1, room) > 0
    assert list(unpacked(room)) == [1]


def job(number: int) -> Callable[[], tuple[int, bool, np.ndarray]]:
    return lambda: (number, os.getpid() == HERE, np.full(number, number))


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_job_is_done_once_by_whoever_is_free(workers: int) -> None:
    results = gathered([job(number) for number in range(9)], workers, 10_000)
    for number, result in enumerate(results):
        assert result is not None
        assert result[0] == number
        assert (result[2] == number).all()


@pytest.mark.skipif(not copies.POSSIBLE, reason="this system cannot copy a process")
def test_what_a_killed_copy_took_is_missing_and_nothing_else() -> None:
    begun = copies.shared((2,), np.uint8)

    def work(number: int) -> int:
        if os.getpid() != HERE:
            begun[:] = 1, number
            os.kill(os.getpid(), signal.SIGKILL)
        while not begun[0]:  # the copy has its turn
            pass
        return number

    results = gathered([lambda number=number: work(number) for number in range(4)], 2, 10_000)  # type: ignore[misc]
    assert results == [None if number == begun[1] else number for number in range(4)]


@pytest.mark.skipif(not copies.POSSIBLE, reason="this system cannot copy a process")
def test_copies_make_the_fields_that_tiles_would_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "SMALL", 0)
    request = contract.request(Extent(480, 270))
    scene, plain = Scene(request), Scene(request)
    ahead.prepare(scene, 2)
    made = {name for name, value in vars(Scene).items() if isinstance(value, Once)} & {*vars(scene)}
    assert {"forms", "inner", "lights", "marks", "shadow", "small_depth", "wires"} <= made
    assert known(scene)
    ahead.prepare(plain, 1)
    assert not known(plain)
    for name in ("inner", "shadow", "openness", "small_depth"):
        np.testing.assert_array_equal(getattr(scene, name), getattr(plain, name))
    assert scene.vanishing == plain.vanishing


def test_boxes_hold_a_mask_once_and_no_empty_border() -> None:
    mask = np.random.default_rng(1).random((70, 90)) < 0.01
    seen = np.zeros(mask.shape, int)
    for box in boxes_of(mask, 16):
        inside = mask[box]
        assert max(inside.shape) <= 16
        assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()
        seen[box] += 1
    assert seen.max() == 1
    assert (seen[mask] == 1).all()
    assert list(boxes_of(np.zeros((5, 5), bool), 4)) == []
