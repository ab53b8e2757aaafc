"""What the camera does in a cut: from where to where on the sheet, and how it starts and stops."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from genzu.core.codec import Fields, Plain
from genzu.errors import BadInput, BadRecord

_FARTHEST = 1000.0
_NUMBER = r"[-+]?\d{1,6}(?:\.\d{1,6})?"
_FRAMING = re.compile(rf"\(?\s*({_NUMBER}(?:\s*,\s*{_NUMBER}){{1,3}})\s*\)?")
_ARROW = re.compile(r"\s*(?:→|->|=>|>|➡|⇒)\s*")


class Easing(StrEnum):
    """How a movement starts and stops."""

    LINEAR = "linear"
    EASE_IN = "ease-in"
    EASE_OUT = "ease-out"
    EASE = "ease"
    """In and out."""

    def share(self, time: float) -> float:
        """Share of the way (0 to 1) at a share of the time (0 to 1): quadratic in or out, smoothstep for both."""
        if self is Easing.EASE_IN:
            return time * time
        if self is Easing.EASE_OUT:
            return time * (2 - time)
        return time * time * (3 - 2 * time) if self is Easing.EASE else time


_EASINGS = {
    "": Easing.LINEAR, "linear": Easing.LINEAR, "even": Easing.LINEAR, "等速": Easing.LINEAR, "均等": Easing.LINEAR,
    "ease-in": Easing.EASE_IN, "slow-in": Easing.EASE_IN, "slow in": Easing.EASE_IN, "クッションin": Easing.EASE_IN,
    "ease-out": Easing.EASE_OUT, "slow-out": Easing.EASE_OUT, "slow out": Easing.EASE_OUT,
    "クッションout": Easing.EASE_OUT, "ease": Easing.EASE, "ease-in-out": Easing.EASE, "クッション": Easing.EASE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Framing:
    """The rectangle of the sheet that fills the picture, in frames.

    ``x`` is its left edge in widths of the frame and ``y`` its top in heights, from the sheet's upper left corner;
    ``size`` is how large it is: 1 shows one frame, 0.5 shows half of it twice as large. The camera never squeezes.
    """

    x: float
    y: float
    size: float = 1.0

    def __post_init__(self) -> None:
        for name, value in (("x", self.x), ("y", self.y), ("size", self.size)):
            if not isfinite(value) or abs(value) > _FARTHEST:
                raise BadRecord(f"{value} is no place on a sheet", where=f"framing.{name}", do="count in frames")
        if self.size < 0.001:
            raise BadRecord(f"{self.size} is no size", where="framing.size", do="use 1 for one frame")
        for name in ("x", "y", "size"):  # six digits, so that what is written is what is held
            object.__setattr__(self, name, round(float(getattr(self, name)), 6) + 0.0)

    def __str__(self) -> str:
        parts = [self.x, self.y] if self.size == 1 else [self.x, self.y, self.size]
        return ",".join(_short(part) for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPath:
    """A move from one framing to another over the whole length of the cut; the same twice is a fixed framing."""

    start: Framing
    end: Framing
    easing: Easing = Easing.LINEAR

    @classmethod
    def parse(cls, text: str) -> CameraPath:
        """Read ``0,0 > 2,0 ease``: start and end as ``x,y``, ``x,y,size`` or ``x,y,width,height`` in frames.

        Raises ``BadInput`` if it is no path (``PAN``, ``T.U`` …) or one that would squeeze the picture.
        """
        plain = unicodedata.normalize("NFKC", text).strip()
        parts = _ARROW.split(plain)
        if len(parts) != 2:
            raise BadInput(f"{text!r} is no camera path", do="write it as 0,0 > 2,0 ease")
        end, easing = _with_easing(parts[1])
        return cls(start=_framing(parts[0]), end=_framing(end), easing=easing)

    @property
    def moves(self) -> bool:
        """False if the camera stands still."""
        return self.start != self.end

    def __str__(self) -> str:
        text = f"{self.start} > {self.end}"
        return text if self.easing is Easing.LINEAR else f"{text} {self.easing}"

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return {"start": _plain(self.start), "end": _plain(self.end), "easing": self.easing.value}

    @classmethod
    def from_dict(cls, record: object, path: str = "camera") -> CameraPath:
        """Validate and rebuild."""
        fields = Fields(record, path)
        found = cls(
            start=_of_plain(fields.take("start", dict), fields.where("start")),
            end=_of_plain(fields.take("end", dict), fields.where("end")),
            easing=fields.word("easing", Easing) or Easing.LINEAR,
        )
        fields.nothing_else()
        return found


def _with_easing(text: str) -> tuple[str, Easing]:
    """Part the last framing from the word behind it."""
    found = re.fullmatch(rf"({_FRAMING.pattern})\s*(.*)", text)
    if found is None:
        return text, Easing.LINEAR
    word = found.groups()[-1].strip().strip("()").lower()
    if word not in _EASINGS:
        raise BadInput(f"{word!r} is no easing", do="use " + ", ".join(Easing))
    return found[1], _EASINGS[word]


def _framing(text: str) -> Framing:
    found = _FRAMING.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text!r} is no place on a sheet", do="write x,y or x,y,size, counted in frames")
    numbers = [float(part) for part in found[1].split(",")]
    if len(numbers) == 4 and abs(numbers[2] - numbers[3]) > 0.005 * abs(numbers[2]):
        raise BadInput(f"{text!r} would squeeze the picture", do="give width and height in frames, both the same")
    try:
        return Framing(*numbers[:3])
    except BadRecord as error:
        raise BadInput(error.what, do=error.do) from None


def _short(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value else "0"


def _plain(framing: Framing) -> Plain:
    return {"x": framing.x, "y": framing.y, "size": framing.size}


def _of_plain(record: object, path: str) -> Framing:
    fields = Fields(record, path)
    x, y, size = fields.take("x", float), fields.take("y", float), fields.take("size", float, None)
    fields.nothing_else()
    try:
        return Framing(float(x), float(y), 1.0 if size is None else float(size))
    except BadRecord as error:
        raise BadRecord(error.what, where=path, do=error.do) from None
