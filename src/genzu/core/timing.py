"""Frame rates, timecode and the lengths that cut lists are written in; whole frames and exact fractions throughout.

Drop-frame timecode skips the numbers (never the frames) 0 and 1 of every minute but each tenth (SMPTE ST 12-1);
at 59.94 it skips 0 to 3.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from genzu.errors import BadInput

LONGEST = 24 * 3600 * 120
"""Frames of a day at 120 per second: no length and no place on a film is beyond it."""

_RATE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(?:/(\d{1,6}))?\s*(?:fps)?\s*(df|ndf)?")
_TIMECODE = re.compile(r"(\d{1,2})[:;.](\d{2})[:;.](\d{2})([:;.])(\d{2,3})")
_SPLIT = re.compile(r"(\d{1,6})\s*(?:\+|秒|sec\.?|s)\s*(?:(\d{1,4})\s*(?:コマ|k|f|frames?)?)?", re.I)
_FRAMES = re.compile(r"(\d{1,9})\s*(?:コマ|k|f|frames?)", re.I)
_WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames per second, as a fraction, and whether its timecode drops numbers."""

    rate: Fraction = Fraction(24)
    drop: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.rate <= 120:
            raise BadInput(f"{float(self.rate):g} frames per second are not possible", do="use 1 to 120")
        if self.drop and self.nominal not in (30, 60):
            raise BadInput(f"{self} has no drop-frame timecode", do="use it with 29.97 or 59.94")

    @classmethod
    def parse(cls, text: str) -> FrameRate:
        """Read ``24``, ``23.976``, ``30000/1001``, ``29.97df``."""
        found = _RATE.fullmatch(unicodedata.normalize("NFKC", text).strip().lower())
        if found is None or found[2] == "0":
            raise BadInput(f"{text!r} is not a frame rate", do="write 24, 23.976, 25, 29.97df, 30 …")
        return cls(_exact(Fraction(found[1]) / int(found[2] or 1)), drop=found[3] == "df")

    @classmethod
    def of(cls, value: float, *, drop: bool = False) -> FrameRate:
        """The rate that a program wrote as a float."""
        if not 0 < value < 1000:
            raise BadInput(f"{value:g} is not a frame rate", do="use 1 to 120")
        return cls(_exact(Fraction(value).limit_denominator(100_000)), drop=drop)

    @property
    def nominal(self) -> int:
        """Frames that timecode counts to a second: 30 for 29.97."""
        return round(self.rate)

    def __str__(self) -> str:
        number = f"{float(self.rate):.3f}".rstrip("0").rstrip(".")
        return number + ("df" if self.drop else "")


FILM = FrameRate()
"""24 frames a second, non-drop."""


def _exact(rate: Fraction) -> Fraction:
    """23.976 and its kin mean n × 1000 / 1001."""
    ntsc = Fraction(round(rate) * 1000, 1001)
    return ntsc if rate != round(rate) and abs(rate - ntsc) < Fraction(1, 200) else rate


def timecode(frames: int, fps: FrameRate) -> str:
    """``HH:MM:SS:FF`` of a place on the film (``;`` before the frames: drop-frame); beyond a day it begins anew."""
    nominal, sign = fps.nominal, ":"
    if fps.drop:
        frames, sign = _numbered(frames, nominal), ";"
    seconds, frame = divmod(frames, nominal)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours % 24:02}:{minute:02}:{second:02}{sign}{frame:02}"


def from_timecode(text: str, fps: FrameRate) -> int:
    """Frames of a timecode. Raises ``BadInput`` for one that is none, or that drop-frame leaves out."""
    found = _TIMECODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise BadInput(f"{text!r} is not a timecode", do="write it as 01:00:12:08")
    hour, minute, second, frame = (int(found[group]) for group in (1, 2, 3, 5))
    nominal = fps.nominal
    if minute > 59 or second > 59 or frame >= nominal:
        raise BadInput(f"{text!r} is no timecode at {fps} frames per second", do="check it, or the frame rate")
    frames = ((hour * 60 + minute) * 60 + second) * nominal + frame
    if not fps.drop:
        return frames
    skipped = nominal // 15
    if frame < skipped and second == 0 and minute % 10:
        raise BadInput(f"{text!r} does not exist in drop-frame timecode", do="use the next one")
    minutes = hour * 60 + minute
    return frames - skipped * (minutes - minutes // 10)


def _numbered(frames: int, nominal: int) -> int:
    """Add the numbers that drop-frame left out."""
    skipped = nominal // 15
    minute = nominal * 60 - skipped
    ten = minute * 10 + skipped
    tens, rest = divmod(frames, ten)
    return frames + skipped * 9 * tens + (skipped * ((rest - skipped) // minute) if rest >= skipped else 0)


def seconds_and_frames(frames: int, fps: FrameRate) -> str:
    """A length as the trade writes it: ``3+12``."""
    return "{}+{:02}".format(*divmod(frames, fps.nominal))


def length(text: str, fps: FrameRate, *, unit: str = "") -> int:
    """Frames of a length: ``3+12``, ``3秒12コマ``, ``3s12f``, ``84f``; a plain number counts in ``unit``.

    ``unit``: ``frames``, ``seconds``, or empty where a plain number could be either and is refused. Raises
    ``BadInput``.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _SPLIT.fullmatch(plain):
        seconds, frames = int(found[1]), int(found[2] or 0)
        if frames >= fps.nominal:
            raise BadInput(
                f"{text!r} has {frames} frames beyond its seconds, and a second has {fps.nominal}",
                do="check it, or give --fps",
            )
        return _held(seconds * fps.nominal + frames, text)
    if found := _FRAMES.fullmatch(plain):
        return _held(int(found[1]), text)
    if unit == "frames" and _WHOLE.fullmatch(plain):
        return _held(int(plain), text)
    if unit == "seconds" and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", plain):
        return _held(_whole_frames(Fraction(plain), fps, text), text)
    ambiguous = "could be seconds or frames" if _WHOLE.fullmatch(plain) else "is not a length"
    raise BadInput(f"{text!r} {ambiguous}", do="write 3+12 (seconds and frames) or 84f (frames)")


def _whole_frames(seconds: Fraction, fps: FrameRate, text: str) -> int:
    frames = seconds * fps.nominal
    if abs(frames - round(frames)) > Fraction(1, 20):
        raise BadInput(f"{text!r} seconds are no whole number of frames", do="write 3+12 (seconds and frames)")
    return round(frames)


def _held(frames: int, text: str) -> int:
    if frames > LONGEST:
        raise BadInput(f"{text!r} is longer than a day", do="check it")
    return frames
