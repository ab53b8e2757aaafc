"""What the camera sees: from a sheet and a move to the rectangle of each frame, in pixels of the sheet.

A sheet does not say how large a frame is on it. One frame is taken to be the largest rectangle of the film's shape
that lies on the sheet, so that a PAN sheet three frames wide is ``3 × 1``; where a move goes farther down or to the
right than that allows (a sheet of 2 × 2 frames), a frame is as large as lets the whole move lie on the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, expm1, log

from genzu.core.camera import CameraPath, Easing, Framing
from genzu.core.geometry import Extent

_SAME_SIZE = 1e-9


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of a sheet, in its pixels; edges may lie between pixels, and beyond the sheet."""

    x: float
    y: float
    width: float
    height: float

    def lies_on(self, sheet: Extent, *, slack: float = 0.5) -> bool:
        """True if it leaves the sheet by no more than ``slack`` px."""
        inside = -slack <= self.x and self.x + self.width <= sheet.width + slack
        return inside and -slack <= self.y and self.y + self.height <= sheet.height + slack


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A move over one sheet, for a film of one shape."""

    path: CameraPath
    frame_width: float
    """Pixels of the sheet that one frame of the path is wide."""
    frame_height: float

    @classmethod
    def over(cls, sheet: Extent, film: Extent, path: CameraPath | None) -> Camera:
        """The camera for a sheet; without a path it stands still before its middle."""
        width = _frame_width(sheet, film, path)
        height = width * film.height / film.width
        if path is None:
            middle = Framing((sheet.width / width - 1) / 2, (sheet.height / height - 1) / 2)
            path = CameraPath(start=middle, end=middle)
        return cls(path=path, frame_width=width, frame_height=height)

    def view(self, share: float) -> View:
        """What fills the picture at a share (0 to 1) of the time."""
        return _view(self.path, share, self.frame_width, self.frame_height)

    def view_at(self, frame: int, frames: int) -> View:
        """What fills the picture at one of ``frames`` frames: the first shows the start, the last one the end."""
        return self.view(min(1.0, max(0.0, frame / (frames - 1))) if frames > 1 else 0.0)

    def pulled(self, factor: float) -> Camera:
        """The same camera for a BOOK that is pulled ``factor`` times as fast as the background (parallax)."""
        return replace(self, path=pulled(self.path, factor))

    @property
    def moves(self) -> bool:
        """False if it stands still."""
        return self.path.moves

    @property
    def axes(self) -> tuple[bool, bool]:
        """Whether pixels move down or up, and across."""
        start, end = self.path.start, self.path.end
        zooms = start.size != end.size
        return zooms or start.y != end.y, zooms or start.x != end.x

    def scales(self, film: Extent) -> tuple[float, float]:
        """Least and largest number of sheet pixels per pixel of the film during the move."""
        sizes = (self.path.start.size, self.path.end.size)
        per = self.frame_width / film.width
        return min(sizes) * per, max(sizes) * per


def pulled(path: CameraPath, factor: float) -> CameraPath:
    """A path that leaves the same start ``factor`` times as fast.

    In a zoom the size changes by the ``factor``-th power, about the same fixed point of the picture.
    """
    ratio = log(path.end.size / path.start.size)
    gain = factor if abs(ratio) < _SAME_SIZE else expm1(factor * ratio) / expm1(ratio)
    end = Framing(
        path.start.x + gain * (path.end.x - path.start.x),
        path.start.y + gain * (path.end.y - path.start.y),
        path.start.size * exp(factor * ratio),
    )
    return replace(path, end=end)


def frames_wide(sheet: Extent, film: Extent) -> tuple[float, float]:
    """How many frames of the film's shape a sheet is wide and high, if it is one in the other direction."""
    width = _frame_width(sheet, film, None)
    return sheet.width / width, sheet.height / (width * film.height / film.width)


def across(sheet: Extent, film: Extent, *, back: bool = False) -> CameraPath:
    """A PAN over the whole sheet, from left to right or top to bottom; ``back``: the other way."""
    wide, high = frames_wide(sheet, film)
    first, last = Framing(0, 0), Framing(max(0.0, wide - 1), max(0.0, high - 1))
    start, end = (last, first) if back else (first, last)
    return CameraPath(start=start, end=end, easing=Easing.LINEAR)


def _frame_width(sheet: Extent, film: Extent, path: CameraPath | None) -> float:
    shape = film.width / film.height
    width = min(sheet.width, sheet.height * shape)
    if path is not None:
        right = max(framing.x + framing.size for framing in (path.start, path.end))
        bottom = max(framing.y + framing.size for framing in (path.start, path.end))
        width = min(width, sheet.width / max(1.0, right), sheet.height * shape / max(1.0, bottom))
    return width


def _view(path: CameraPath, share: float, frame_width: float, frame_height: float) -> View:
    """Size changes by equal ratios in equal times (a zoom of even speed to the eye), and the place goes with it.

    The place is linear in the size, so that one point of the picture stays where it is during the zoom.
    """
    start, end, moved = path.start, path.end, path.easing.share(share)
    ratio = log(end.size / start.size)
    way = moved if abs(ratio) < _SAME_SIZE else expm1(moved * ratio) / expm1(ratio)
    size = start.size + (end.size - start.size) * way
    return View(
        (start.x + (end.x - start.x) * way) * frame_width,
        (start.y + (end.y - start.y) * way) * frame_height,
        size * frame_width,
        size * frame_height,
    )
