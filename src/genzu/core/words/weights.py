r"""Signs in prompts, as the usual image programs write them: weights, choices, LoRAs, comments, negative prompts.

    (dawn)  (roof:1.3)  ((sea))  [people]    weight × 1.1, × 1.3, × 1.21, ÷ 1.1; they nest
    {autumn|winter}                          one of them, chosen by the seed
    <lora:town:0.5>                          calls a LoRA by the stem of its file
    # until the end of the line              a comment; ``#`` with a blank on both sides (``#autumn`` is none)
    Negative prompt: fog, people             from here on: what must not be in the picture (its own line, as a rule)
    \( \) \[ \] \{ \} \| \# \< \> \: \\      the sign itself

Brackets that have no partner are text, and so are full-width ones （）. Nothing here raises, whatever the text holds,
and the time is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

_SIGNS = frozenset("()[]{}|#<>:\\")
_COMMENT = re.compile(r"(?:^|(?<=\s))#(?:[ \t][^\n]*)?$", re.MULTILINE)
_NEGATIVE = re.compile(r"(?:^|(?<=[,、.。;]))[ \t]*negative prompt[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LORA = re.compile(r"<lora:([^:<>|\n]{1,200})(?::\s*([+-]?(?:\d{1,3}(?:\.\d{0,8})?|\.\d{1,8}))\s*)?>", re.IGNORECASE)
_CALL = re.compile(r"<(?:lora|lyco|hypernet):[^<>\n]{0,200}>", re.IGNORECASE)
_WEIGHT = re.compile(r":[ \t]*(\d{1,2}(?:\.\d{0,8})?|\.\d{1,8})[ \t]*$")
_TAIL = 24
"""Longest ``:1.3`` that is looked for before a closing bracket."""
_STEP = 1.1
_MOST = 10.0
"""Weights beyond this are no weights: ``(12:30)`` is a time."""
_GONE, _BLANK = ",", " "
"""What stands in the plain text for something taken out whole, and for a sign within a phrase."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text of one weight."""

    text: str
    weight: float
    """0–10; 1 where nothing is said."""


@dataclass(frozen=True, slots=True)
class LoraCall:
    """A LoRA that a prompt calls."""

    stem: str
    """Name of the file without its ending."""
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPrompt:
    """A prompt without its signs."""

    chunks: tuple[Chunk, ...]
    """In order; their texts together are :attr:`text`."""
    negative: tuple[Chunk, ...]
    loras: tuple[LoraCall, ...]
    """Each stem once; of two calls the last holds."""
    plain: str
    """As long as the prompt, each letter at its place, blanks and commas where signs stood: for reading words."""
    signs: tuple[str, ...]
    """Weights, LoRAs and the negative prompt as they are spelled: what only an engine with a text model understands."""
    faults: tuple[str, ...]
    """What looks like a sign and is none, one sentence each."""

    @property
    def text(self) -> str:
        """What is wanted, without signs and weights."""
        return "".join(chunk.text for chunk in self.chunks)

    @property
    def negative_text(self) -> str:
        """What is not wanted, without signs and weights."""
        return "".join(chunk.text for chunk in self.negative)

    @property
    def weighted(self) -> bool:
        """True if any weight is not 1."""
        return any(chunk.weight != 1.0 for chunk in (*self.chunks, *self.negative))


def parse(prompt: str, seed: int = 0) -> ParsedPrompt:
    """Understand the signs of a prompt; ``seed`` decides between alternatives."""
    board = _Board(prompt)
    board.take_out_escapes_and_comments()
    board.choose(seed)
    loras = board.take_out_loras()
    split = board.split()
    chunks = tuple(board.weigh(0, split.start))
    negative = tuple(board.weigh(split.stop, len(prompt)))
    signs = [*board.signs, *([prompt[split.start :].strip()] if negative else [])]
    for at in range(split.start, len(prompt)):
        board.plain[at] = _BLANK
    return ParsedPrompt(
        chunks=chunks,
        negative=negative,
        loras=loras,
        plain="".join(board.plain),
        signs=tuple(dict.fromkeys(signs)),
        faults=tuple(board.faults),
    )


def resolved(prompt: str, seed: int) -> str:
    """The prompt with its alternatives chosen and its comments gone, all other signs as they were."""
    board = _Board(prompt)
    board.take_out_escapes_and_comments(keep=True)
    board.choose(seed)
    left = [
        f"\\{letter}" if board.bare(at, "#") else letter
        for at, letter in enumerate(board.letters)
        if letter is not None  # a # that now begins a word is still no comment
    ]
    return "\n".join(" ".join(line.split()) for line in "".join(left).splitlines()).strip()


class _Board:
    """The prompt letter by letter, while signs are taken out of it."""

    def __init__(self, prompt: str) -> None:
        self.prompt = prompt
        self.letters: list[str | None] = list(prompt)
        """What is left as text; ``None`` where a sign was taken out."""
        self.plain: list[str] = list(prompt)
        self.literal = bytearray(len(prompt))
        """1 where an escaped sign stands."""
        self.signs: list[str] = []
        self.faults: list[str] = []

    def _gone(self, start: int, stop: int) -> None:
        """Take a piece out whole: what stands on both sides are two phrases."""
        for at in range(start, stop):
            self.letters[at] = None
            self.plain[at] = _BLANK
        if start < stop:
            self.plain[start] = _GONE

    def _sign(self, at: int) -> None:
        """Take one sign out of a phrase that goes on across it."""
        self.letters[at] = None
        self.plain[at] = _BLANK

    def bare(self, at: int, signs: str) -> bool:
        """True if one of these signs stands here and means what it says."""
        return self.letters[at] is not None and not self.literal[at] and self.prompt[at] in signs

    def _text(self) -> str:
        """As long as the prompt; what is gone or escaped cannot be mistaken for a sign."""
        return "".join(
            _BLANK if letter is None else "\0" if self.literal[at] else letter for at, letter in enumerate(self.letters)
        )

    def take_out_escapes_and_comments(self, *, keep: bool = False) -> None:
        """``keep`` leaves the backslashes where they are."""
        at, backslashes = 0, []
        while at < len(self.prompt) - 1:
            if self.prompt[at] == "\\" and self.prompt[at + 1] in _SIGNS:
                self.literal[at] = self.literal[at + 1] = 1
                backslashes.append(at)
                at += 1
            at += 1
        for found in _COMMENT.finditer(self._text()):  # while the backslashes are there: without one "#\\(" were "# ("
            self._gone(*found.span())
        for at in backslashes:
            if not keep and self.letters[at] is not None:
                self._sign(at)

    def choose(self, seed: int) -> None:
        """Leave one alternative of every ``{a|b}``; braces without ``|`` are text."""
        for number, group in enumerate(self._groups()):
            edges = list(pairwise(group))
            drawn = int.from_bytes(sha256(f"{seed}/{number}".encode()).digest()[:8], "big") % len(edges)
            for index, (start, stop) in enumerate(edges):
                # Whole alternatives go at once only when the group around them is still there.
                if index != drawn and self.letters[start] is not None:
                    for at in range(start, stop):
                        self._sign(at)
            for edge in group:
                self._sign(edge)

    def _groups(self) -> list[list[int]]:
        """Places of ``{``, every ``|`` and ``}``, outer groups before those within."""
        open_groups: list[list[int]] = []
        found: list[list[int]] = []
        for at in range(len(self.prompt)):
            if self.bare(at, "{"):
                open_groups.append([at])
            elif open_groups and self.bare(at, "|"):
                open_groups[-1].append(at)
            elif open_groups and self.bare(at, "}"):
                group = [*open_groups.pop(), at]
                if len(group) > 2:
                    found.append(group)
        return sorted(found)

    def take_out_loras(self) -> tuple[LoraCall, ...]:
        """The calls, each stem once."""
        text = self._text()
        called: dict[str, LoraCall] = {}
        for found in _CALL.finditer(text):
            spelled = self.prompt[found.start() : found.end()]
            lora = _LORA.fullmatch(found.group())
            if lora is None:
                self.faults.append(f"“{spelled}” is not understood; a LoRA is called as <lora:name:0.5>.")
            else:
                stem = lora[1].strip()
                called.pop(stem, None)
                called[stem] = LoraCall(stem, float(lora[2] or 1))
            self.signs.append(spelled)
            self._gone(*found.span())
        return tuple(called.values())

    def split(self) -> slice:
        """``start``: where the wanted ends, ``stop``: where the unwanted begins."""
        found = _NEGATIVE.search(self._text())
        return slice(found.start(), found.end()) if found else slice(len(self.prompt), len(self.prompt))

    def weigh(self, start: int, stop: int) -> Iterator[Chunk]:
        """The text between two places in pieces of one weight."""
        factors = self._brackets(start, stop)
        held, piece, weights = 1.0, list[str](), [1.0]
        for at in range(start, stop):
            letter = self.letters[at]
            if at in factors:
                factor = factors[at]
                if factor is None:
                    weights.pop()
                else:
                    weights.append(min(weights[-1] * factor, _MOST))
            elif letter is not None:
                if weights[-1] != held and piece:
                    yield Chunk("".join(piece), held)
                    piece = []
                held = weights[-1]
                piece.append(letter)
        if piece:
            yield Chunk("".join(piece), held)

    def _brackets(self, start: int, stop: int) -> dict[int, float | None]:
        """Place of every opening bracket that has a partner → its factor, of its partner → ``None``."""
        factors: dict[int, float | None] = {}
        waiting: list[int] = []
        for at in range(start, stop):
            if self.bare(at, "(["):
                waiting.append(at)
            elif self.bare(at, ")]"):
                partner = {")": "(", "]": "["}[self.prompt[at]]
                if not waiting or self.prompt[waiting[-1]] != partner:
                    continue
                begin = waiting.pop()
                factors[begin], factors[at] = self._factor(begin, at), None
                if not waiting:
                    self._told(begin, at)
                self._sign(begin)
                self._sign(at)
        return factors

    def _factor(self, begin: int, end: int) -> float:
        """Of one pair of brackets; ``:1.3`` before its end is taken out."""
        if self.prompt[begin] == "[":
            return 1 / _STEP
        first = max(begin + 1, end - _TAIL)
        tail = "".join(
            "\0" if self.literal[at] else letter if (letter := self.letters[at]) is not None else "\0"
            for at in range(first, end)
        )
        found = _WEIGHT.search(tail)
        if found is None or float(found[1]) > _MOST:
            return _STEP
        for at in range(first + found.start(), end):
            self._sign(at)
        return float(found[1])

    def _told(self, begin: int, end: int) -> None:
        """Remember the outermost brackets as they are spelled; other programs' signs in ``[]`` are named."""
        spelled = self.prompt[begin : end + 1]
        self.signs.append(spelled)
        inner = spelled[1:-1]
        if spelled[0] == "[" and ("|" in inner or re.search(r":[ \t]*[\d.]{1,9}[ \t]*$", inner)):
            self.faults.append(f"“{spelled}”: changing the prompt during the steps is not understood.")
