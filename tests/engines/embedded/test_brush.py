from __future__ import annotations

import numpy as np
import pytest

from genzu.engines.embedded.brush import Strokes, Tip, lay, stamp


def one(tip: Tip, *, x: float = 40, y: float = 40, angle: float = 0.0, region: int | None = None) -> Strokes:
    return Strokes(
        x=np.array([x], np.float32), y=np.array([y], np.float32), length=np.array([30], np.float32),
        width=np.array([10], np.float32), angle=np.array([angle], np.float32),
        colour=np.array([[1.0, 0.5, 0.25]], np.float32), opacity=np.array([1.0], np.float32), tip=tip,
        variant=np.array([1], np.int32), region=None if region is None else np.array([region], np.int32),
    )  # fmt: skip


@pytest.mark.parametrize("tip", list(Tip))
def test_every_tip_leaves_a_mark_inside_its_reach(tip: Tip) -> None:
    canvas = np.zeros((80, 80, 3), np.float32)
    lay(canvas, one(tip))
    painted = np.argwhere(canvas[..., 0] > 0.05)
    assert len(painted) > 4 and canvas.max() <= 1.0 + 1e-6
    assert np.abs(painted - 40).max() <= 20


@pytest.mark.parametrize("tip", [Tip.FLAT, Tip.BRISTLE, Tip.STREAK, Tip.WASH])
def test_a_long_mark_turns_with_its_angle(tip: Tip) -> None:
    level, upright = np.zeros((80, 80, 3), np.float32), np.zeros((80, 80, 3), np.float32)
    lay(level, one(tip))
    lay(upright, one(tip, angle=np.pi / 2))
    for canvas, wide in ((level, True), (upright, False)):
        rows, columns = np.nonzero(canvas[..., 0] > 0.1)
        assert bool(np.ptp(columns) > np.ptp(rows)) is wide


def test_strokes_keep_inside_their_region_and_the_canvas() -> None:
    canvas = np.zeros((60, 60, 3), np.float32)
    regions = np.ones((60, 60), np.int32)
    regions[:, 30:] = 2
    lay(canvas, one(Tip.FLAT, x=28, y=30, region=1), regions)
    assert canvas[:, :30].max() > 0.5 and canvas[:, 30:].max() == 0
    lay(canvas, one(Tip.FLAT, x=-3, y=59))
    lay(canvas, one(Tip.FLAT, x=500, y=500))


def test_stamps_are_the_same_each_time() -> None:
    first = stamp(Tip.LEAVES, 16, 14, 6, 2)[0].copy()
    stamp.cache_clear()
    assert np.array_equal(first, stamp(Tip.LEAVES, 16, 14, 6, 2)[0])
    assert not np.array_equal(first, stamp(Tip.LEAVES, 16, 14, 6, 3)[0])
