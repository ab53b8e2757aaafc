"""The staff roll as a film shows it: light on black, roles left of a gutter and names right of it, rolling up.

It moves by whole pixels per frame, so that letters stay sharp and the speed is even, and stops on its last card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from genzu.core.geometry import Extent
from genzu.picture.arrays import UInt8
from genzu.picture.fonts import Fonts, wrapped

WHITE, LIGHT, GREY = 255, 200, 150
SECONDS_PER_SCREEN = 8.0
"""How long a name is on the screen, about; titles are read twice in this time."""
_HOLD_S = 3.0
_GUTTER = 0.44
_WIDEST = 0.47
"""Right column, of the width of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One line right of the gutter."""

    text: str
    note: str = ""
    """Behind it, smaller: ``12 cuts``."""
    below: tuple[str, ...] = ()
    """Sentences under it, small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A role and who is named for it."""

    role: str
    japanese: str = ""
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RollText:
    """All that a roll says."""

    title: str
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    """The last card, which stops in the middle: its first line is large."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every piece of text, as it is drawn."""
        return tuple(_texts(self))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roll:
    """A drawn roll."""

    picture: UInt8
    """(H, w) grey, as high as it is long; it begins with a screen of black."""
    extent: Extent
    speed: int
    """Pixels per frame."""
    hold: int
    """Frames for which the last card stands."""

    @property
    def frames(self) -> int:
        """How long it lasts."""
        return self._moving + self.hold

    def frame(self, number: int) -> UInt8:
        """(h, w) grey of one frame, 0 to ``frames`` − 1."""
        top = self._way - self.speed * max(0, self._moving - number)
        return self.picture[top : top + self.extent.height]

    @property
    def _way(self) -> int:
        return self.picture.shape[0] - self.extent.height

    @property
    def _moving(self) -> int:
        return self._way // self.speed


def draw_roll(text: RollText, extent: Extent, rate: float, fonts: Fonts) -> Roll:
    """Draw a roll for a film of this size and speed."""
    page = _Page(extent, fonts)
    page.title(text.title)
    for section in text.sections:
        page.section(section)
    middle = page.card(text.closing)
    height = extent.height
    # The last picture has the card in its middle: cut or fill up to there.
    whole = np.zeros((height + middle + height // 2, extent.width), np.uint8)
    drawn = page.pixels[: whole.shape[0] - height]
    whole[height : height + drawn.shape[0]] = drawn
    speed = max(1, round(height / (SECONDS_PER_SCREEN * rate)))
    return Roll(picture=whole, extent=extent, speed=speed, hold=round(_HOLD_S * rate))


class _Page:
    """The long page while it is drawn, from top to bottom."""

    def __init__(self, extent: Extent, fonts: Fonts) -> None:
        self._fonts, self._width, self._height = fonts, extent.width, extent.height
        unit = min(extent.height / 1080, extent.width / 1920)
        self._size, self._small = max(7, round(38 * unit)), max(6, round(24 * unit))
        self._big = max(10, round(72 * unit))
        self._y = 0
        self._strips: list[tuple[int, int, UInt8]] = []

    @property
    def pixels(self) -> UInt8:
        """The page so far."""
        page = np.zeros((max(1, self._y), self._width), np.uint8)
        for y, x, strip in self._strips:
            part = page[y : y + strip.shape[0], x : x + strip.shape[1]]
            np.maximum(part, strip[: part.shape[0], : part.shape[1]], out=part)
        return page

    def title(self, text: str) -> None:
        """A large line in the middle, or several."""
        for line in wrapped(self._fonts, text, self._big, round(self._width * 0.86)):
            self._middle(line, self._big, WHITE)
        self._y += self._big * 2

    def section(self, section: Section) -> None:
        """A role with its names."""
        top, right = self._y, round(self._width * _GUTTER) - self._gap
        self._right_to(section.role, self._fitting(section.role, self._size, right), right, LIGHT)
        if section.japanese and not self._fonts.missing(section.japanese):
            self._right_to(section.japanese, self._small, right, GREY)
        bottom, self._y = self._y, top
        for name in section.names:
            self._name(name)
        self._y = max(bottom, self._y) + round(self._size * 1.6)

    def card(self, lines: Sequence[str]) -> int:
        """The last lines, alone on the screen; gives the row of their middle."""
        self._y += round(self._height * 0.6)
        top = self._y
        for index, line in enumerate(lines):
            self._middle(line, self._big if index == 0 else self._size, WHITE if index == 0 else LIGHT)
            self._y += self._size // 2
        return (top + self._y) // 2

    def _name(self, name: Name) -> None:
        left, widest = round(self._width * _GUTTER) + self._gap, round(self._width * _WIDEST)
        top, size = self._y, self._fitting(name.text, self._size, widest)
        for line in wrapped(self._fonts, name.text, size, widest):
            end = self._left_at(line, size, left, WHITE)
            top = self._y - round(size * 1.5)
        if name.note:
            self._note(name.note, end + self._gap, top + round(size * 1.1))
        for sentence in name.below:
            for line in wrapped(self._fonts, sentence, self._small, widest):
                self._left_at(line, self._small, left, GREY)
        self._y += round(self._size * (0.5 if name.below else 0.1))

    def _note(self, text: str, left: int, base: int) -> None:
        """Small text on the base line of the name before it; below the name where there is no room."""
        if left + self._fonts.width(text, self._small) > self._width - self._gap:
            self._left_at(text, self._small, round(self._width * _GUTTER) + self._gap, GREY)
            return
        strip = self._fonts.strip(text, self._small, tone=GREY)
        self._strips.append((base - round(self._small * 1.1), left, strip))

    def _left_at(self, text: str, size: int, left: int, tone: int) -> int:
        strip = self._fonts.strip(text, size, tone=tone)
        self._strips.append((self._y, left, strip))
        self._y += strip.shape[0]
        return left + strip.shape[1]

    def _right_to(self, text: str, size: int, right: int, tone: int) -> None:
        self._left_at(text, size, max(0, right - self._fonts.width(text, size)), tone)

    def _middle(self, text: str, size: int, tone: int) -> None:
        fitting = self._fitting(text, size, round(self._width * 0.9))
        self._left_at(text, fitting, max(0, (self._width - self._fonts.width(text, fitting)) // 2), tone)

    def _fitting(self, text: str, size: int, widest: int) -> int:
        """A size at which the text fits, down to half; what is longer still is wrapped."""
        width = self._fonts.width(text, size)
        return size if width <= widest else max(size // 2, size * widest // max(1, width))

    @property
    def _gap(self) -> int:
        return max(2, self._size // 2)


def _texts(roll: RollText) -> Iterator[str]:
    yield roll.title
    for section in roll.sections:
        yield section.role
        for name in section.names:
            yield from (name.text, name.note, *name.below)
    yield from roll.closing
