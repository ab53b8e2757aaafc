"""One layout under many conditions: which seasons, times and weathers are asked for, and what each one is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from genzu.core import lexicon
from genzu.core.scene import FilledConditions, Season, Time, Weather
from genzu.errors import BadInput

_C = TypeVar("_C", Season, Time, Weather)

_ALL = frozenset({"all", "any", "すべて", "全て", "全部"})
_BETWEEN = re.compile("[,，、;；]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One combination; ``None`` is left to the prompt."""

    season: Season | None = None
    time: Time | None = None
    weather: Weather | None = None

    def prompt(self, base: str) -> str:
        """The base's prompt with this variant's words in front: the first word of a kind holds."""
        said = [word.value for word in (self.season, self.time, self.weather) if word is not None]
        return ", ".join([*said, base] if base.strip() else said)

    def name(self, filled: FilledConditions) -> str:
        """Its part of a file's name: season and time always, the weather where it was asked for."""
        words = [filled.season.value, filled.time.value]
        if self.weather is not None:
            words.append(self.weather.value)
        return "_".join(word.replace(" ", "-") for word in words)

    def label(self, filled: FilledConditions) -> str:
        """The same for a person."""
        return ", ".join([filled.season, filled.time, *([self.weather] if self.weather else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """What is varied; an empty tuple stays as the prompt says."""

    seasons: tuple[Season, ...] = ()
    times: tuple[Time, ...] = ()
    weathers: tuple[Weather, ...] = ()

    @classmethod
    def parse(cls, *, seasons: str | None = None, times: str | None = None, weathers: str | None = None) -> Variation:
        """Read lists of words (``all``, ``dusk,night``, ``春、秋``); ``None`` for what is not varied.

        Raises ``UnknownWord`` for a word that the lexicon does not know, ``BadInput`` for a list without words.
        """
        return cls(
            seasons=_listed(seasons, Season, lexicon.season),
            times=_listed(times, Time, lexicon.time),
            weathers=_listed(weathers, Weather, lexicon.weather),
        )

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every combination once, the weather changing fastest."""
        return tuple(
            Variant(season=season, time=time, weather=weather)
            for season, time, weather in product(
                self.seasons or (None,), self.times or (None,), self.weathers or (None,)
            )
        )

    @property
    def columns(self) -> int:
        """How many columns a sheet of all variants has, so that a row holds one season; 0: as it comes out."""
        across = max(1, len(self.times)) * max(1, len(self.weathers))
        if across > _WIDEST:
            across = max(1, len(self.weathers))
        return across if across > 1 else 0


_WIDEST = 8
"""Columns of a sheet that can still be looked at."""


def _listed(text: str | None, kind: type[_C], look_up: Callable[[str], _C]) -> tuple[_C, ...]:
    if text is None:
        return ()
    words = [word.strip() for word in _BETWEEN.split(text) if word.strip()]
    if not words:
        raise BadInput(f"no {kind.__name__.lower()} is named in {text!r}", do="use all, or " + ", ".join(kind))
    found: list[_C] = []
    for word in words:
        found += list(kind) if word.casefold() in _ALL else [look_up(word)]
    return tuple(dict.fromkeys(found))
