"""Places of a show: what all cuts of one street, room or shore share, so that it looks the same in each of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from genzu.core.codec import Fields, Plain, shown, under, without_none
from genzu.core.cut import Cut, FileRef, check_prompt, check_words
from genzu.core.lexicon import read_prompt
from genzu.core.scene import Conditions, Side
from genzu.errors import BadRecord

LONGEST_NAME = 100
_SIDES = {
    word: side
    for side, words in (
        (Side.LEFT, ("left", "fromleft", "fromtheleft", "左", "左から")),
        (Side.RIGHT, ("right", "fromright", "fromtheright", "右", "右から")),
    )
    for word in words
}
"""What alone, as the light of a place, names a side."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """An approved colour and mood picture (美術ボード) of a place."""

    file: FileRef
    words: str = ""
    """When it holds: ``night``, ``autumn, dusk``; empty: always."""

    def to_dict(self) -> Plain:
        """Plain values for JSON."""
        return without_none({"file": self.file.to_dict(), "words": self.words or None})

    @classmethod
    def from_dict(cls, record: object, path: str = "board") -> Board:
        """Validate and rebuild."""
        fields = Fields(record, path)
        board = cls(
            file=FileRef.from_dict(fields.take("file", dict), fields.where("file")),
            words=fields.take("words", str, None) or "",
        )
        fields.nothing_else()
        return board


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place of the show, by the name that the cut list gives it."""

    name: str
    words: str = ""
    """What is there, for the prompt of each of its cuts: ``port town, autumn``."""
    boards: tuple[Board, ...] = ()
    palette: tuple[str, ...] = ()
    """Colours as ``#rrggbb``."""
    light: str = ""
    """Where the light comes from, in words. An engine takes the side from it, people read all of it."""
    palette_board: FileRef | None = None
    """The palette as a picture: a board for conditions under which no painted one holds."""

    def __post_init__(self) -> None:
        check_words(self.name, "place.name")
        check_words(self.light, "place.light")
        check_prompt(self.words, "place.words")
        for board in self.boards:
            check_prompt(board.words, "place.boards")
        if not is_place_name(self.name):
            raise BadRecord(f"{shown(self.name)} is not a name", where="place.name", do="give the place a short name")
        for colour in self.palette:
            if not _COLOUR.fullmatch(colour):
                raise BadRecord(f"{shown(colour)} is no colour", where="place.palette", do="write #rrggbb")

    def board(self, conditions: Conditions) -> FileRef | None:
        """The board that says most about these conditions and contradicts none; else the palette's; else ``None``."""
        fitting = [(_agreement(read_prompt(board.words).conditions, conditions), board) for board in self.boards]
        best = max((score for score, _ in fitting), default=-1)
        return next((board.file for score, board in fitting if score == best >= 0), self.palette_board)

    @property
    def side(self) -> Side | None:
        """The side that the light's words name; ``None`` if they name none that an engine knows."""
        bare = _SIDES.get(place_key(self.light))
        return bare or read_prompt(self.light).conditions.light

    def to_dict(self) -> Plain:
        """Plain values for JSON; what is absent is left out."""
        return without_none(
            {
                "name": self.name, "words": self.words or None, "light": self.light or None,
                "boards": [board.to_dict() for board in self.boards] or None, "palette": list(self.palette) or None,
                "palette_board": self.palette_board.to_dict() if self.palette_board else None,
            }
        )  # fmt: skip

    @classmethod
    def from_dict(cls, record: object, path: str = "place") -> Location:
        """Validate and rebuild; errors carry the path to the field."""
        fields = Fields(record, path)
        stripes = fields.take("palette_board", dict, None)
        with under(path, "place"):
            place = cls(
                name=fields.take("name", str),
                words=fields.take("words", str, None) or "",
                boards=fields.each("boards", Board.from_dict),
                palette=fields.each("palette", _colour),
                light=fields.take("light", str, None) or "",
                palette_board=FileRef.from_dict(stripes, fields.where("palette_board")) if stripes else None,
            )
        fields.nothing_else()
        return place


def is_place_name(name: str) -> bool:
    """True for a short name on one line; some letters stand for many (㌔), so its plain form is counted too."""
    return 0 < len(name) <= LONGEST_NAME and len(place_key(name)) <= 4 * LONGEST_NAME and "\n" not in name


def place_key(name: str) -> str:
    """A form that is equal for names that people take for the same: width of letters, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def as_asked(cut: Cut, place: Location | None) -> Cut:
    """The cut as it is painted: its conditions and its place's words in the prompt, its place's board if it has none.

    In a prompt the first word of a kind holds: the list's season, time and weather win over the cut's own words, and
    those over the place's: a cut that looks the other way says ``light from the right`` itself. The name of a place
    speaks for itself only where nobody has said what is there.
    """
    if place is None and not (cut.season or cut.time or cut.weather or cut.place):
        return cut
    own = [cut.season, cut.time, cut.weather, cut.prompt, place.words if place else ""]
    if place is not None and place.side is not None:
        own.append(place.side.value)
    if not (place and place.words) and read_prompt(cut.place).conditions.place is not None:
        own.append(cut.place)
    prompt = ", ".join(part for part in own if part)
    board = cut.board or (place.board(read_prompt(prompt).conditions) if place else None)
    return replace(cut, prompt=prompt, board=board)


def _agreement(board: Conditions, cut: Conditions) -> int:
    """How many conditions both name; -1 if one differs."""
    pairs = ((board.season, cut.season), (board.time, cut.time), (board.weather, cut.weather))
    if any(own is not None and own is not asked for own, asked in pairs):
        return -1
    return sum(own is not None for own, _ in pairs)


def _colour(item: object, path: str) -> str:
    if not isinstance(item, str):
        raise BadRecord(f"{shown(item)} is no colour", where=path, do="write #rrggbb")
    return item
