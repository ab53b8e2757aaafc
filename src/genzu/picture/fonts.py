"""Fonts for titles: found on the system, mixed letter by letter, never a silent box for a missing one."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genzu.errors import BadInput
from genzu.picture.arrays import UInt8

JAPANESE = "山田様あアー々ｱ"
"""A font that has these has Japanese."""
_EUROPEAN = "ëŁőñЖΩ"
STAND_IN = "?"
"""Drawn for a letter that no font has; whoever draws it says so."""
_PREFERRED = (
    r"NotoSansCJK(jp|JP)?-Regular", r"NotoSansJP", r"NotoSansCJK", r"SourceHanSans", r"Hiragino.*W3", r"ヒラギノ.*W3",
    r"BIZ-?UDP?Gothic", r"YuGoth(ic)?(M|-Medium|R)", r"meiryo", r"ipaexg", r"ipag", r"TakaoP?Gothic", r"VL-P?Gothic",
    r"mplus", r"msgothic", r"DroidSansFallback", r"wqy|unifont",
)  # fmt: skip
"""Names of Japanese fonts, the better ones first; upright and of usual weight."""
_WESTERN = (
    r"DejaVuSans$",
    r"NotoSans-Regular",
    r"LiberationSans-Regular",
    r"arial$",
    r"segoeui$",
    r"Helvetica",
    r"SFNS$",
)
"""Pillow's own font lacks ë and Ж; these have Europe's letters."""
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_MOST_FILES = 20_000
_NO_LETTER = "\U0010fffe"

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Fonts:
    """Fonts in the order in which they are asked for a letter; Pillow's own Latin font is the last."""

    files: tuple[Path, ...] = ()
    _sized: dict[int, tuple[Font, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def on_system(cls, asked: Path | None = None, *, japanese: bool = True) -> Fonts:
        """The font that was asked for, and one with Japanese letters if the system has any.

        Raises ``BadInput`` if ``asked`` is no font.
        """
        files = [] if asked is None else [_checked(asked)]
        if japanese and cls(tuple(files)).missing(JAPANESE):
            files += _first(_PREFERRED, JAPANESE)
        if cls(tuple(files)).missing(_EUROPEAN):
            files += _first(_WESTERN, _EUROPEAN)
        return cls(tuple(files))

    def at(self, size: int) -> tuple[Font, ...]:
        """All fonts at a size in pixels."""
        if size not in self._sized:
            fonts = [ImageFont.truetype(str(file), size) for file in self.files]
            own = ImageFont.load_default(size)
            self._sized[size] = (*fonts, *([own] if isinstance(own, ImageFont.FreeTypeFont) else []))
        return self._sized[size]

    def missing(self, text: str) -> str:
        """The letters of ``text`` that no font has, each once."""
        return "".join(dict.fromkeys(letter for letter in _composed(text) if self._index(letter) is None))

    def width(self, text: str, size: int) -> int:
        """Pixels from the start of the text to the end of its last letter."""
        return round(sum(self.at(size)[index].getlength(part) for index, part in self._parts(text)))

    def draw(self, pen: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, tone: int) -> None:
        """Draw on an "L" picture from ``place``: left end of the text, on its base line."""
        x, y = float(place[0]), place[1]
        for index, part in self._parts(text):
            font = self.at(size)[index]
            pen.text((round(x), y), part, fill=tone, font=font, anchor="ls")
            x += font.getlength(part)

    def strip(self, text: str, size: int, *, tone: int = 255, spare: int = 0) -> UInt8:
        """(h, w) of one line of text in ``tone`` on black, with ``spare`` px left and right."""
        picture = Image.new("L", (max(1, self.width(text, size) + 2 * spare), round(size * 1.5)))
        self.draw(ImageDraw.Draw(picture), (spare, round(size * 1.1)), text, size, tone)
        return np.asarray(picture)

    def _parts(self, text: str) -> Iterator[tuple[int, str]]:
        """The text in the first font that has all of it; else in runs of letters of one font each.

        A letter that no font has becomes the stand-in.
        """
        whole = next((index for index, file in enumerate((*self.files, None))
                      if all(_has(file, letter) for letter in _composed(text))), None)  # fmt: skip
        if whole is not None:
            yield whole, _composed(text)
            return
        known = [(index, letter) if index is not None else (len(self.files), STAND_IN)
                 for letter in _composed(text) for index in (self._index(letter),)]  # fmt: skip
        for index, run in groupby(known, key=lambda pair: pair[0]):
            yield index, "".join(letter for _, letter in run)

    def _index(self, letter: str) -> int | None:
        fonts = (*self.files, None)
        return next((index for index, file in enumerate(fonts) if _has(file, letter)), None)


def _first(names: Sequence[str], letters: str) -> list[Path]:
    """The first font of these names, in the system's usual folders, that has the letters; none if there is none."""
    files = sorted(_font_files())
    fitting = (path for name in names for path in files if re.match(name, path.stem, re.I))
    found = next((path for path in fitting if _usable(path) and all(_has(path, one) for one in letters)), None)
    return [found] if found else []


def font_folders() -> tuple[Path, ...]:
    """Where this system keeps fonts, the person's own first."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return local / "Microsoft" / "Windows" / "Fonts", Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
    if sys.platform == "darwin":
        return home / "Library" / "Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")
    data = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    shared = [Path(part) / "fonts" for part in data.split(":") if part]
    own = [home / ".local" / "share" / "fonts", home / ".fonts"]
    return tuple(dict.fromkeys([*own, *shared, Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]))


def _font_files() -> Iterator[Path]:
    seen = 0
    for folder in font_folders():
        for root, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                seen += 1
                if seen > _MOST_FILES:
                    return
                if name.lower().endswith(_SUFFIXES):
                    yield Path(root) / name


def _checked(path: Path) -> Path:
    if not _usable(path):
        raise BadInput("this is no font that can be read", where=path, do="give a .ttf, .otf or .ttc file")
    return path


@lru_cache(maxsize=256)
def _usable(path: Path) -> bool:
    try:
        ImageFont.truetype(str(path), 20)
    except (OSError, ValueError):
        return False
    return True


@lru_cache(maxsize=16)
def _probe(path: Path | None) -> Font:
    font = ImageFont.load_default(20) if path is None else ImageFont.truetype(str(path), 20)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise BadInput("this Pillow was built without FreeType", do="install the usual wheel of pillow")
    return font


@lru_cache(maxsize=20_000)
def _has(path: Path | None, letter: str) -> bool:
    """Whether a font has a letter: else it draws the sign that it draws for what is no letter at all."""
    if letter.isspace() or unicodedata.category(letter) in ("Cf", "Mn"):
        return True
    drawn = _drawn(path, letter)
    return any(drawn[1]) and drawn != _drawn(path, _NO_LETTER)


def _drawn(path: Path | None, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = _probe(path).getmask(letter, mode="L")
    return mask.size, bytes(mask)


def wrapped(fonts: Fonts, text: str, size: int, width: int) -> tuple[str, ...]:
    """A text in lines of at most ``width`` px, parted at blanks; Japanese anywhere."""
    lines, line = [], ""
    for word in re.findall(r"[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+|.", text):
        if line and fonts.width((line + word).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def missing_in(fonts: Fonts, texts: Iterable[str]) -> dict[str, str]:
    """The texts that cannot be drawn whole, each with the letters that are missing."""
    return {text: letters for text in dict.fromkeys(texts) if (letters := fonts.missing(text))}


def _composed(text: str) -> str:
    """One sign for a letter and its accent, as fonts have them."""
    return unicodedata.normalize("NFC", text)
