"""The frames of a film, in order, made by several threads while others are written.

Resampling and the change to video samples run without Python's lock, so threads use all cores and share the sheets.
A picture that stays the same for a while is made once. No more than a few frames wait, and the sheets of a cut are
let go as soon as it is over: memory does not grow with the film.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from genzu.core.geometry import Extent
from genzu.core.timing import FrameRate, timecode
from genzu.exchange.video import FilmFormat, film_frame
from genzu.picture.arrays import UInt8
from genzu.picture.fonts import Fonts
from genzu.picture.layers import dissolved
from genzu.picture.roll import Roll
from genzu.picture.titles import Slate, card, with_slate
from genzu.steps.film_plan import Shot
from genzu.steps.film_shot import LoadedShot

if TYPE_CHECKING:
    from av import VideoFrame

Picture = Callable[[], UInt8]
Timed = tuple[str, int, Picture]
"""What is shown, for how many frames, and how its picture is made."""


@dataclass(frozen=True, slots=True)
class _Coming:
    """A cut whose sheets are being read."""

    shot: Shot
    future: Future[LoadedShot]

    @property
    def loaded(self) -> LoadedShot:
        """Waits for it; it was handed in before all that asks for it, so no thread waits for itself."""
        return self.future.result()


@dataclass(kw_only=True)
class FilmPictures:
    """The pictures of a film."""

    shots: Sequence[Shot]
    load: Callable[[Shot], LoadedShot]
    extent: Extent
    fps: FrameRate
    fonts: Fonts
    slate: bool = False
    first_frame: int = 0
    """Frame of the record time at which the film begins, for the slate."""
    loaded: dict[str, LoadedShot] = field(default_factory=dict)
    """What became of each cut, without its pictures; filled as the film goes on."""

    def timed(self, pool: ThreadPoolExecutor) -> Iterator[Timed]:
        """All pictures of the cuts, in order; black where the list leaves a gap."""
        at, earlier, coming = 0, None, self._coming(pool)
        here = next(coming, None)
        while here is not None:
            following = next(coming, None)  # is read while this one is shown
            if here.shot.start > at:
                yield "black", here.shot.start - at, self._black
            yield from self._of_shot(earlier, here, following)
            at, earlier, here = here.shot.end, here, following

    def _coming(self, pool: ThreadPoolExecutor) -> Iterator[_Coming]:
        for shot in self.shots:
            yield _Coming(shot, pool.submit(self._loaded, shot))

    def _of_shot(self, earlier: _Coming | None, here: _Coming, following: _Coming | None) -> Iterator[Timed]:
        """One cut: its own frames, and the dissolves that reach into them from both sides."""
        shot, own = here.shot, here.loaded
        what = f"cut {shot.number}"
        first = min(shot.end, shot.first + shot.fade)
        last = max(first, following.shot.first) if following is not None and following.shot.fade else shot.end
        for frame in range(shot.start, first):
            yield what, 1, partial(self._faded, frame, shot, earlier, here)
        if own.still is not None and not self.slate and last > first:
            yield what, last - first, partial(own.picture, 0)
        else:
            for frame in range(first, last):
                yield what, 1, partial(self._alone, frame, shot, own)
        if following is not None:
            for frame in range(last, shot.end):
                yield what, 1, partial(self._faded, frame, shot, here, following)

    def _loaded(self, shot: Shot) -> LoadedShot:
        loaded = self.load(shot)
        if loaded.error is not None:
            lines = (f"CUT {shot.number}", "no picture", loaded.error.what)
            found = LoadedShot(film=self.extent, seen=shot.seen, still=card(self.extent, lines, self.fonts),
                               error=loaded.error)  # fmt: skip
        else:
            found = loaded
        told = LoadedShot(film=self.extent, seen=shot.seen, remarks=loaded.remarks, error=loaded.error)
        self.loaded[shot.number] = told
        return found

    def _alone(self, frame: int, shot: Shot, own: LoadedShot) -> UInt8:
        return self._slated(own.picture(frame - shot.first), frame, shot)

    def _faded(self, frame: int, shot: Shot, earlier: _Coming | None, later: _Coming) -> UInt8:
        """A frame of a dissolve, from one cut or from black; the slate is that of the cut whose time it is."""
        picture = later.loaded.picture(frame - later.shot.first)
        under = self._black() if earlier is None else earlier.loaded.picture(frame - earlier.shot.first)
        return self._slated(dissolved(under, picture, later.shot.fade_share(frame)), frame, shot)

    def _slated(self, picture: UInt8, frame: int, shot: Shot) -> UInt8:
        if not self.slate:
            return picture
        number = frame - shot.start + 1
        place = f"   {shot.place}" if shot.place else ""
        shared = f"   of cut {shot.source}" if shot.source != shot.number else ""
        stand_in = f"   {shot.stand_in.upper()} STANDS IN" if shot.stand_in else ""
        left = f"CUT {shot.number}   {shot.shown}{shared}{stand_in}{place}"
        time = timecode(self.first_frame + frame, self.fps)
        return with_slate(picture, Slate(left=left, right=f"{number}/{shot.frames}   {time}"), self.fonts)

    def _black(self) -> UInt8:
        return np.zeros((*self.extent.shape, 3), np.uint8)


def timed_roll(roll: Roll) -> Iterator[Timed]:
    """The frames of a staff roll; the last card is one picture."""
    moving = roll.frames - roll.hold
    for number in range(moving):
        yield "staff roll", 1, partial(roll.frame, number)
    yield "staff roll", roll.hold, partial(roll.frame, moving)


def made_ahead(
    pictures: Iterator[Timed], form: FilmFormat, pool: ThreadPoolExecutor, *, ahead: int
) -> Iterator[tuple[str, int, VideoFrame]]:
    """Make pictures in the threads of ``pool``, no more than ``ahead`` before they are asked for; order is kept."""
    queue: deque[tuple[str, int, Future[VideoFrame]]] = deque()
    for what, times, picture in pictures:
        queue.append((what, times, pool.submit(_made, picture, form)))
        if len(queue) >= ahead:
            what, times, future = queue.popleft()
            yield what, times, future.result()
    for what, times, future in queue:
        yield what, times, future.result()


def _made(picture: Picture, form: FilmFormat) -> VideoFrame:
    return film_frame(picture(), form)
