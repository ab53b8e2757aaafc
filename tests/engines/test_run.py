from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.contract import ODD, SMALL, arrays_of, request

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.base import Capabilities, PaintRequest, Progress, no_progress
from genzu.engines.fake import FakeEngine
from genzu.engines.run import paint_with, warmed
from genzu.errors import BadInput, EngineFailed, PictureTooLarge, Refused, WrongSize
from genzu.picture.arrays import UInt8


class Tool:
    """An engine around one function."""

    name, version = "tool", "1"

    def __init__(self, paint: Callable[[PaintRequest], object], **facts: object) -> None:
        stages = (Stage.ROUGH, Stage.PAINTING)
        self._paint, self.capabilities = paint, Capabilities(**{"stages": stages, **facts})  # type: ignore[arg-type]
        self.asked: list[PaintRequest] = []

    def paint(self, asked: PaintRequest, progress: Progress = no_progress) -> UInt8:
        self.asked.append(asked)
        return self._paint(asked)  # type: ignore[return-value]


def flat(asked: PaintRequest) -> UInt8:
    return np.zeros((*asked.extent.shape, 3), np.uint8)


def failing(error: BaseException) -> Tool:
    def paint(_asked: PaintRequest) -> object:
        raise error

    return Tool(paint)


@settings(max_examples=40)
@given(width=st.integers(1, 50), height=st.integers(1, 50), multiple=st.integers(1, 64))
def test_engines_see_whole_multiples_and_people_see_their_own_size(width: int, height: int, multiple: int) -> None:
    asked = request(Extent(width, height))
    tool = Tool(FakeEngine().paint, size_multiple=multiple)
    picture = paint_with(tool, asked)
    seen = tool.asked[0]
    assert seen.extent.width % multiple == seen.extent.height % multiple == 0
    assert seen.reading.extent == seen.extent
    assert seen.extent.width < width + multiple
    assert seen.reading.horizon == asked.reading.horizon
    assert picture.shape == (height, width, 3)
    assert np.array_equal(picture, FakeEngine().paint(asked)), "padding does not move the picture"


def test_padding_repeats_the_edge_in_every_plane() -> None:
    rough = np.random.default_rng(0).integers(0, 256, (*ODD.shape, 3), np.uint8)
    asked = request(ODD, rough=rough)
    asked = replace(asked, reading=replace(asked.reading, alpha=asked.lines.contour.copy()))
    tool = Tool(flat, size_multiple=64)
    paint_with(tool, asked)
    seen = tool.asked[0]
    assert seen.extent == Extent(384, 192)
    before, after = arrays_of(asked), arrays_of(seen)
    for name in before.keys() - {"reading.confidence", "reading.depth"}:
        assert np.array_equal(after[name][: ODD.height, : ODD.width], before[name]), name
        assert np.array_equal(after[name][: ODD.height, -1], before[name][:, -1]), name
        assert np.array_equal(after[name][-1, : ODD.width], before[name][-1]), name
    assert seen.reading.alpha is not None
    assert seen.reading.alpha.shape == seen.extent.shape
    shares = np.array(seen.reading.depth.shape) / seen.extent.shape
    assert shares == pytest.approx(np.array(asked.reading.depth.shape) / ODD.shape, rel=0.05)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda asked: flat(asked)[:-1],
        lambda asked: flat(asked)[..., :1],
        lambda asked: flat(asked)[..., 0],
        lambda asked: flat(asked).astype(np.float32),
        lambda asked: flat(asked).tolist(),
        lambda _asked: None,
    ],
    ids=["rows", "bands", "grey", "float", "list", "nothing"],
)
def test_a_wrong_picture_is_the_engine_s_failure(wrong: Callable[[PaintRequest], object]) -> None:
    with pytest.raises(EngineFailed, match=r"engine tool, rough: it gave .* back instead of uint8 \(64, 96, 3\)"):
        paint_with(Tool(wrong), request())


def test_what_an_engine_raises_by_accident_is_translated() -> None:
    with pytest.raises(EngineFailed, match=r"engine tool, rough: it failed .ZeroDivisionError: by nought") as caught:
        paint_with(failing(ZeroDivisionError("by nought")), request())
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(EngineFailed, match=r"\(KeyError\)"):
        paint_with(failing(KeyError()), request())


def test_memory_running_out_says_what_to_do() -> None:
    with pytest.raises(EngineFailed, match=r"not enough memory for 96×64 px; .* smaller size"):
        paint_with(failing(MemoryError()), request())
    with pytest.raises(EngineFailed, match="not enough memory"):
        paint_with(Tool(lambda _asked: np.empty(2**60, np.uint8)), request())


@pytest.mark.parametrize("error", [Refused("no"), KeyboardInterrupt(), SystemExit(3), BadInput("bad")])
def test_errors_of_ours_and_of_the_person_pass(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        paint_with(failing(error), request())
    assert caught.value is error


def test_what_the_listener_raises_is_not_blamed_on_the_engine() -> None:
    def cancel(_share: float) -> None:
        raise ValueError("cancelled")

    with pytest.raises(ValueError, match="cancelled"):
        paint_with(FakeEngine(), request(), cancel)


def test_too_large_a_picture_is_refused_before_painting() -> None:
    tool = Tool(flat, largest_side=96)
    assert paint_with(tool, request(Extent(96, 96))).shape == (96, 96, 3)
    with pytest.raises(PictureTooLarge, match="up to 96 px"):
        paint_with(tool, request(Extent(97, 10)))
    with pytest.raises(PictureTooLarge, match="up to 96 px"):
        paint_with(Tool(flat, largest_side=96, size_multiple=64), request(Extent(90, 10)))
    assert len(tool.asked) == 1


def test_a_stage_that_is_not_offered_is_refused() -> None:
    with pytest.raises(EngineFailed, match="engine tool, rough: it does not paint this stage; it offers painting"):
        paint_with(Tool(flat, stages=(Stage.PAINTING,)), request())


def test_a_request_that_does_not_fit_together_is_refused() -> None:
    small, large = request(SMALL), request(ODD)
    with pytest.raises(WrongSize, match="reading has 333×187"):
        paint_with(Tool(flat), replace(small, reading=large.reading))
    with pytest.raises(WrongSize, match="rough has 333×187"):
        paint_with(Tool(flat), replace(small, stage=Stage.PAINTING, rough=flat(large)))
    with pytest.raises(BadInput, match="made from a rough"):
        paint_with(Tool(flat), replace(small, stage=Stage.PAINTING))


def test_progress_is_clean_whatever_the_engine_reports() -> None:
    class Rough(FakeEngine):
        def paint(self, asked: PaintRequest, progress: Progress = no_progress) -> UInt8:
            for share in (-1.0, 0.3, 0.2, 0.3, float("nan"), 7.0, 0.5):
                progress(share)
            return flat(asked)

    shares: list[float] = []
    paint_with(Rough(), request(), shares.append)
    assert shares == [0.0, 0.3, 1.0]


class Lazy(Tool):
    """Says when it was warmed up."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__(flat)
        self.error, self.warm_ups = error, 0

    def warm(self) -> None:
        self.warm_ups += 1
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize("error", [None, ValueError("cold")])
def test_an_engine_gets_ready_beside_other_work_and_its_failure_is_left_to_the_picture(error: Exception | None) -> None:
    engine = Lazy(error)
    with warmed(engine):
        pass
    assert engine.warm_ups == 1


def test_an_engine_that_needs_no_warming_is_let_be() -> None:
    with warmed(Tool(flat)):
        pass
