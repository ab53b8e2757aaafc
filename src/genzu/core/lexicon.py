"""Prompts in English and Japanese to conditions, and an account of every word that was not used.

A later word never overrules an earlier one (what comes first weighs most, as in prompts for image models), but
within one phrase the head noun is the place: 森の神社 and ``forest shrine`` are shrines, ``shrine in a forest`` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from genzu.core.scene import Conditions, Extra, Place, Season, Side, Time, Weather
from genzu.core.words.conditions import Condition
from genzu.core.words.index import Entry, entries, fold
from genzu.core.words.lexer import Token, is_head_final, tokens
from genzu.core.words.weights import parse
from genzu.errors import UnknownWord

_C = TypeVar("_C", Place, Season, Time, Weather, Side, Extra)
_KINDS: dict[type[Condition], str] = {
    Place: "place", Season: "season", Time: "time", Weather: "weather", Side: "light", Extra: "extra",
}  # fmt: skip

_NOUNS: dict[type[Condition], str] = {
    Place: "place", Season: "season", Time: "time of day", Weather: "kind of weather",
    Side: "side of the light", Extra: "known extra",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Understood:
    """A word that was understood."""

    text: str
    """As it is spelled in the prompt."""
    meanings: tuple[Condition, ...]
    """What it says or implies and what is in the conditions; empty for things that the drawing decides."""
    start: int = 0
    """Place of its first letter in the prompt."""

    @property
    def kind(self) -> str:
        """``place``, ``season``, ``time``, ``weather``, ``light``, ``extra``, several joined by ``+``, or ``drawn``."""
        return "+".join(dict.fromkeys(_KINDS[type(m)] for m in self.meanings)) or "drawn"


@dataclass(frozen=True, slots=True)
class Overruled:
    """A word that was understood and gave way, because a picture has one place, season, time and weather."""

    text: str
    meaning: Condition
    by: Condition
    """What holds instead."""
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReading:
    """What a prompt says. Every word of it is in one of the lists, as it was spelled and in order.

    Comments, alternatives that were not chosen and what stands in ``signs`` are no words of it.
    """

    conditions: Conditions
    understood: tuple[Understood, ...] = ()
    unknown: tuple[str, ...] = ()
    """Not understood, denials among them."""
    overruled: tuple[Overruled, ...] = ()
    negated: tuple[str, ...] = ()
    """Those of ``unknown`` that deny something (``no clouds``, 人のいない): nothing is taken away from a drawing."""
    ignored: tuple[str, ...] = ()
    """Small words and words that say only that a picture is wanted."""
    signs: tuple[str, ...] = ()
    """Weights, LoRAs and a negative prompt as they are spelled: they change no condition."""
    faults: tuple[str, ...] = ()
    """What looks like a sign and is none, one sentence each."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should be told, one sentence each; empty if all was understood."""
        said: list[str] = []
        plain = [word for word in self.unknown if word not in self.negated]
        if plain:
            said.append("Not understood: " + ", ".join(plain) + ".")
        if self.negated:
            said.append("Denials are not understood, leave the word out: " + ", ".join(self.negated) + ".")
        if self.signs:
            said.append(
                "Weights, LoRAs and negative prompts are for engines with a text model, and were not used: "
                + ", ".join(self.signs) + "."
            )  # fmt: skip
        return (*said, *self.notes_for_text_models)

    @property
    def notes_for_text_models(self) -> tuple[str, ...]:
        """The same where an engine reads the text itself: words that the lexicon does not know are not lost there."""
        lost = (f"“{one.text}” gives way: the {_KINDS[type(one.by)]} is {one.by}." for one in self.overruled)
        return (*lost, *self.faults)


@dataclass(frozen=True, slots=True)
class Word:
    """One line of the vocabulary: all spellings of one meaning."""

    kind: str
    """As in :class:`Understood`, or ``drawn``, ``ignored``, ``unpainted``."""
    meanings: tuple[Condition, ...]
    english: tuple[str, ...]
    japanese: tuple[str, ...]


def read_prompt(text: str, seed: int = 0) -> PromptReading:
    """Read a prompt; never raises, whatever the text holds. Linear in its length.

    ``seed`` chooses between alternatives (``{autumn|winter}``), as it does for the engines.
    """
    signs = parse(text, seed)
    plain = signs.plain
    found = tokens(plain)
    said = [(token, token.entry) for token in found if token.kind == "condition" and token.entry]
    held = _Held(
        place=_place(plain, said),
        season=_first(said, Season),
        time=_first(said, Time),
        weather=_first(said, Weather),
        light=_first(said, Side),
    )
    extras = {m for _, entry in said for m in entry.meanings if isinstance(m, Extra)}
    conditions = Conditions(
        place=held.place, season=held.season, time=held.time, weather=held.weather, light=held.light,
        extras=tuple(extra for extra in Extra if extra in extras),
    )  # fmt: skip
    understood, overruled = _account(text, found, held)
    return PromptReading(
        conditions=conditions,
        understood=understood,
        unknown=_spelled(text, found, ("unknown", "unpainted", "negated")),
        overruled=overruled,
        negated=_spelled(text, found, ("negated",)),
        ignored=_spelled(text, found, ("ignored",)),
        signs=signs.signs,
        faults=signs.faults,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """The one place, season, time, weather and side of the light that the prompt settles on."""

    place: Place | None
    season: Season | None
    time: Time | None
    weather: Weather | None
    light: Side | None

    def instead_of(self, meaning: Condition) -> Condition | None:
        """What holds in place of ``meaning``; ``None`` if it holds itself, or is an extra."""
        held: Condition | None = (
            self.place if isinstance(meaning, Place)
            else self.season if isinstance(meaning, Season)
            else self.time if isinstance(meaning, Time)
            else self.weather if isinstance(meaning, Weather)
            else self.light if isinstance(meaning, Side)
            else None
        )  # fmt: skip
        return None if held is meaning else held


def _first(said: Sequence[tuple[Token, Entry]], kind: type[_C]) -> _C | None:
    """The first that is said; if none is, the first that is implied."""
    spoken = (m for _, entry in said for m in entry.said if isinstance(m, kind))
    implied = (m for _, entry in said for m in entry.implied if isinstance(m, kind))
    return next(spoken, None) or next(implied, None)


def _place(text: str, said: Sequence[tuple[Token, Entry]]) -> Place | None:
    """The first place, or the head of the phrase that the first place opens."""
    held: Place | None = None
    reached = 0
    for token, entry in said:
        for meaning in entry.said:
            if not isinstance(meaning, Place):
                continue
            if held is None or is_head_final(text[reached : token.start]):
                held, reached = meaning, token.end
            else:
                return held
    return held or _first(said, Place)


def _account(text: str, found: Iterable[Token], held: _Held) -> tuple[tuple[Understood, ...], tuple[Overruled, ...]]:
    """Which words have a say, and which gave way."""
    understood: list[Understood] = []
    overruled: list[Overruled] = []
    for token in found:
        spelled = text[token.start : token.end]
        if token.kind == "drawn":
            understood.append(Understood(spelled, (), token.start))
        if token.kind != "condition" or token.entry is None:
            continue
        meanings = token.entry.meanings
        holding = tuple(meaning for meaning in meanings if held.instead_of(meaning) is None)
        lost = meanings if not holding else token.entry.said
        if holding:
            understood.append(Understood(spelled, holding, token.start))
        overruled += [
            Overruled(spelled, meaning, by, token.start)
            for meaning in lost
            if (by := held.instead_of(meaning)) is not None
        ]
    return tuple(understood), tuple(overruled)


def _spelled(text: str, found: Iterable[Token], kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text[token.start : token.end] for token in found if token.kind in kinds)


def vocabulary() -> tuple[Word, ...]:
    """All known words, grouped by meaning, in the order of the tables."""
    groups: dict[tuple[str, tuple[Condition, ...]], list[str]] = {}
    for entry in entries():
        meanings = entry.meanings
        kind = Understood("", meanings).kind if meanings else entry.sense
        groups.setdefault((kind, meanings), []).append(entry.spelling)
    return tuple(
        Word(kind, meanings, tuple(w for w in words if w.isascii()), tuple(w for w in words if not w.isascii()))
        for (kind, meanings), words in groups.items()
    )


def place(word: str) -> Place:
    """Look a place up by any of its words; raises :class:`UnknownWord` with the nearest ones."""
    return _look_up(word, Place)


def season(word: str) -> Season:
    """Look a season up by any of its words; raises :class:`UnknownWord` with the nearest ones."""
    return _look_up(word, Season)


def time(word: str) -> Time:
    """Look a time of day up by any of its words; raises :class:`UnknownWord` with the nearest ones."""
    return _look_up(word, Time)


def weather(word: str) -> Weather:
    """Look a weather up by any of its words; raises :class:`UnknownWord` with the nearest ones."""
    return _look_up(word, Weather)


def extra(word: str) -> Extra:
    """Look an extra up by any of its words; raises :class:`UnknownWord` with the nearest ones."""
    return _look_up(word, Extra)


def _look_up(word: str, kind: type[_C]) -> _C:
    found = tokens(word)
    if len(found) == 1 and found[0].entry:
        for meaning in found[0].entry.meanings:
            if isinstance(meaning, kind):
                return meaning
    spellings = _spellings(kind)
    near = [spellings[key] for key in get_close_matches(fold(word)[:60], spellings, n=2, cutoff=0.6)]
    choice = ", ".join(kind)
    shown = word if len(word) <= 60 else word[:57] + "…"
    raise UnknownWord(
        f"{shown!r} is not a {_NOUNS[kind]}",
        do=f"did you mean {' or '.join(near)}? Use one of {choice}" if near else f"use one of {choice}",
    )


def _spellings(kind: type[Condition]) -> dict[str, str]:
    """Folded to written form of every word that says something of this kind."""
    return {
        fold(entry.spelling): entry.spelling
        for entry in entries()
        if any(isinstance(meaning, kind) for meaning in entry.meanings)
    }
