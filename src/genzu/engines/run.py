"""What every engine needs around it: checks, padding to its size multiple, honest progress, clear errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from multiprocessing import parent_process
from threading import Thread
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from genzu.core.geometry import Extent
from genzu.core.take import Stage
from genzu.engines.base import Engine, PaintRequest, Progress, WarmsUp, no_progress
from genzu.errors import BadInput, EngineFailed, GenzuError, OutOfMemory, PictureTooLarge, WrongSize
from genzu.picture.arrays import LineArt, Reading, UInt8, extent_of
from genzu.picture.memory import give_back

_S = TypeVar("_S", bound=np.generic)


def paint_with(engine: Engine, request: PaintRequest, progress: Progress = no_progress) -> UInt8:
    """Paint one stage with any engine: (H, W, 3) sRGB uint8 of the request's size, in memory of its own.

    ``progress`` hears rising shares that end at 1.0. Raises :class:`EngineFailed` (naming engine and stage) if
    the engine does not offer the stage, fails, or gives a wrong picture back; :class:`PictureTooLarge` if the
    picture is larger than it takes; :class:`WrongSize` or :class:`BadInput` if the request does not fit
    together. Errors of Genzu's own and ``KeyboardInterrupt`` pass as they are.
    """
    where = f"engine {engine.name}, {request.stage.value}"
    _check_request(engine, request, where)
    padded = _padded(request, engine.capabilities.size_multiple)
    largest = engine.capabilities.largest_side
    if largest is not None and max(padded.extent.shape) > largest:
        raise PictureTooLarge(
            f"it paints up to {largest} px a side, this picture has {padded.extent} px",
            where=where,
            do="choose a smaller size, or the embedded engine, which takes any",
        )
    steady = _Steady(progress)
    give_back(padded.extent)
    picture = _paint(engine, padded, steady, where)
    _check_picture(picture, padded.extent, where)
    steady(1.0)
    return np.ascontiguousarray(picture[: request.extent.height, : request.extent.width])


@contextmanager
def warmed(engine: Engine) -> Iterator[None]:
    """While something else is done, the engine gets ready on a thread of its own; it is ready when this ends.

    A process of a pool has one core, and nothing to do it beside.
    """
    if not isinstance(engine, WarmsUp) or parent_process() is not None:
        yield
        return
    thread = Thread(target=_warm, args=(engine,), name="warm", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _warm(engine: WarmsUp) -> None:
    with suppress(Exception):  # what is really wrong, the picture itself will tell, with its place
        engine.warm()


class _Steady:
    """Passes rising shares on, once each: an engine may report roughly, a person sees it only move forward."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._told = progress, -1.0
        self.failed: Exception | None = None
        """What the listener raised: its own affair (a person cancelled), not the engine's failure."""

    def __call__(self, share: float) -> None:
        share = min(max(float(share), 0.0), 1.0)
        if share > self._told:
            self._told = share
            try:
                self._progress(share)
            except Exception as error:
                self.failed = error
                raise


def _check_request(engine: Engine, request: PaintRequest, where: str) -> None:
    if request.stage not in engine.capabilities.stages:
        offered = ", ".join(stage.value for stage in engine.capabilities.stages)
        raise EngineFailed("it does not paint this stage", where=where, do=f"it offers {offered}")
    if request.reading.extent != request.extent:
        raise WrongSize(f"the reading has {request.reading.extent} px, the lines {request.extent} px", where=where)
    if request.rough is not None and extent_of(request.rough) != request.extent:
        raise WrongSize(f"the rough has {extent_of(request.rough)} px, the lines {request.extent} px", where=where)
    if request.stage is Stage.PAINTING and request.rough is None:
        raise BadInput("a painting is made from a rough, and there is none", where=where, do="paint the rough first")


def _paint(engine: Engine, request: PaintRequest, progress: _Steady, where: str) -> UInt8:
    """Call the engine; what it raises by accident becomes one clear sentence."""
    try:
        return engine.paint(request, progress)
    except GenzuError:
        raise
    except MemoryError as error:
        raise OutOfMemory(
            f"not enough memory for {request.extent} px",
            where=where,
            do="close other programs or paint a smaller size",
        ) from error
    except Exception as error:
        if error is progress.failed:
            raise
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise EngineFailed(
            f"it failed ({reason})", where=where, do="report this with the recipe, or choose another engine"
        ) from error


def _check_picture(picture: object, extent: Extent, where: str) -> None:
    wanted = (*extent.shape, 3)
    if not isinstance(picture, np.ndarray):
        given = type(picture).__name__
    elif picture.shape != wanted or picture.dtype != np.uint8:
        given = f"{picture.dtype} {picture.shape}"
    else:
        return
    raise EngineFailed(f"it gave {given} back instead of uint8 {wanted}", where=where, do="choose another engine")


def _padded(request: PaintRequest, multiple: int) -> PaintRequest:
    """Repeat the right and the bottom edge until both sides are multiples; the horizon stays where it is."""
    width, height = request.extent.width, request.extent.height
    right, bottom = -width % multiple, -height % multiple
    if not right and not bottom:
        return request
    lines = {plane.name: _grow(getattr(request.lines, plane.name), right, bottom) for plane in fields(LineArt)}
    return replace(
        request,
        lines=LineArt(**lines),
        reading=_padded_reading(request.reading, right, bottom),
        rough=None if request.rough is None else _grow(request.rough, right, bottom),
    )


def _padded_reading(reading: Reading, right: int, bottom: int) -> Reading:
    """Depth is smaller than the picture and grows by the same share."""
    rows, columns = reading.depth.shape
    more_rows = round(rows * bottom / reading.extent.height)
    more_columns = round(columns * right / reading.extent.width)
    return replace(
        reading,
        materials=_grow(reading.materials, right, bottom),
        regions=_grow(reading.regions, right, bottom),
        depth=_grow(reading.depth, more_columns, more_rows),
        alpha=None if reading.alpha is None else _grow(reading.alpha, right, bottom),
    )


def _grow(array: NDArray[_S], right: int, bottom: int) -> NDArray[_S]:
    """Repeat the last column and the last row."""
    beside = ((0, bottom), (0, right)) + ((0, 0),) * (array.ndim - 2)
    return np.pad(array, beside, mode="edge")
