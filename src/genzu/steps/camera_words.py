"""What a cut list says about the camera in words, and how fast a note pulls a BOOK.

Words name a move without saying from where to where; the film then shows the usual one and says that it did so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from genzu.core.camera import CameraPath, Framing
from genzu.core.geometry import Extent
from genzu.errors import BadInput
from genzu.picture.camera_move import across, frames_wide

_PAN = re.compile(r"\bPAN|パン|\bFOLLOW|フォロー|密着")
_BACK = re.compile(r"R\s*(?:TO|→|->|>)\s*L|\bLEFT\b|←|左|\bUP\b|↑|アップ|上")
_NEARER = re.compile(r"T\.? ?U\b|TRACK ?(?:UP|IN)|ZOOM ?(?:UP|IN)|Z\.?I\b|トラックアップ|ズームアップ|ズームイン|寄")
_AWAY = re.compile(r"T\.? ?B\b|TRACK ?(?:BACK|OUT)|ZOOM ?(?:BACK|OUT)|Z\.?O\b|トラックバック|ズームアウト|引")
_STILL = re.compile(r"FIX|フィックス|固定|STILL|HOLD|止め")
_SMALLEST = 1.02
"""Frames; a sheet that is no wider has no room for a PAN."""
_TRACK = 0.8
"""How much of the frame a track-up without figures ends on."""

_PULL = re.compile(
    r"(BOOK\s?\d*)\s*[:=]?\s*(?:[x×*]\s*(\d{1,3}(?:\.\d{1,4})?)|(\d{1,3}(?:\.\d{1,4})?)\s*(?:[x×]|倍))", re.I
)
_OWN_PATH = re.compile(r"(BOOK\s?\d*)\s*[:=]?\s*(\(?[-\d.].*(?:→|->|=>|>).+)", re.I)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A move that words were taken to mean, and the sentence that says so."""

    path: CameraPath | None
    remark: str = ""


def spoken_move(words: str, sheet: Extent, film: Extent) -> Spoken:
    """The usual move for words such as ``PAN``, ``PAN R→L``, ``T.U``, ``T.B``, ``FIX``; else none."""
    plain = unicodedata.normalize("NFKC", words).upper()
    wide, high = frames_wide(sheet, film)
    roomy = max(wide, high) > _SMALLEST
    if _NEARER.search(plain) or _AWAY.search(plain):
        whole = Framing((wide - 1) / 2, (high - 1) / 2)
        part = Framing(whole.x + (1 - _TRACK) / 2, whole.y + (1 - _TRACK) / 2, _TRACK)
        start, end = (whole, part) if _NEARER.search(plain) else (part, whole)
        return Spoken(CameraPath(start=start, end=end), f"{words!r} is shown as a move between 100 % and {_TRACK:.0%}")
    if _PAN.search(plain):
        if not roomy:
            return Spoken(None, f"{words!r} needs a sheet larger than the frame; the camera stands still")
        back = bool(_BACK.search(plain))
        return Spoken(across(sheet, film, back=back), f"{words!r} is shown as an even move over the whole sheet")
    if words and not _STILL.search(plain):
        return Spoken(None, f"{words!r} is no move that is known; the camera stands still")
    if roomy and not words:
        size = f"{wide:.1f} × {high:.1f} frames"
        return Spoken(None, f"the sheet is {size} large and the list gives no move; its middle is shown")
    return Spoken(None)


def pulls_in(note: str) -> dict[str, float | CameraPath]:
    """Speeds of BOOKs from a note: ``BOOK1 ×1.5`` (of the background's), or a path of its own: ``BOOK2: 0,0 > 1,0``.

    One per line, or parted by ``;``. What is neither is let be: notes are for people.
    """
    found: dict[str, float | CameraPath] = {}
    for line in re.split(r"[\n;；]", unicodedata.normalize("NFKC", note)):
        if own := _OWN_PATH.search(line):
            try:
                found[_name(own[1])] = CameraPath.parse(own[2].strip())
            except BadInput:
                continue
        else:
            for name, before, behind in _PULL.findall(line):
                found[_name(name)] = float(before or behind)
    return found


def _name(text: str) -> str:
    return re.sub(r"\s", "", text).upper()
