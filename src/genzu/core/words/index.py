"""The vocabulary, indexed for reading: English phrases by their words, Japanese words by their letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from genzu.core.words.conditions import COMPOUNDS, EXTRAS, SEASONS, SIDES, TIMES, WEATHERS, Condition
from genzu.core.words.places import PLACES
from genzu.core.words.things import DRAWN, IGNORED, UNPAINTED

Edges: TypeAlias = Literal["free", "kana", "particle"]
Sense: TypeAlias = Literal["condition", "drawn", "ignored", "unpainted"]

# Hiragana, kanji and their signs; katakana letters are folded onto hiragana before anything is looked up.
KANA = "\u3041-\u3096\u309d\u309e\u30f7-\u30fa\u30fc-\u30ff"
KANJI = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
JAPANESE = KANA + KANJI
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | {0x30FD: 0x309D, 0x30FE: 0x309E}
_IRREGULAR = {"leaves": "leaf", "children": "child", "people": "person"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or phrase of the vocabulary."""

    spelling: str
    sense: Sense
    said: tuple[Condition, ...] = ()
    """What the word says."""
    implied: tuple[Condition, ...] = ()
    """What it suggests, and gives up when another word says otherwise."""

    @property
    def meanings(self) -> tuple[Condition, ...]:
        """What it says and what it implies."""
        return (*self.said, *self.implied)

    @property
    def japanese(self) -> bool:
        """True for words that are written without blanks."""
        return re.search(f"[{JAPANESE}ァ-ヶ]", self.spelling) is not None

    @property
    def edges(self) -> Edges:
        """What must stand beside it: words with kanji know their own ends, words in kana alone do not."""
        if re.search(f"[{KANJI}0-9]", self.spelling):
            return "free"
        return "particle" if self.sense == "ignored" and re.match("[ぁ-ゖ]", self.spelling) else "kana"


@dataclass(slots=True)
class Index:
    """Ready-made look-up tables; built once."""

    phrases: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    """First word → most words of a phrase that begins with it."""
    letters: dict[str, tuple[Entry, Edges]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """First letter → lengths of the words that begin with it, longest first."""

    def phrase(self, words: list[str]) -> Entry | None:
        """The phrase of exactly these lower-case words, or of their singular."""
        return self.phrases.get(tuple(words)) or self.phrases.get(tuple(map(singular, words)))

    def reach(self, word: str) -> int:
        """Most words of a phrase that begins with ``word``; 0 if there is none."""
        return max(self.longest.get(word, 0), self.longest.get(singular(word), 0))

    def candidates(self, text: str, start: int, end: int) -> Iterator[tuple[int, Entry, Edges]]:
        """Japanese words that stand at ``start``, with their ends, longest first."""
        for length in self.lengths.get(text[start], ()):
            if start + length <= end and (found := self.letters.get(text[start : start + length])):
                yield start + length, *found


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """Strip the possessive and the plural: a key for comparing, not a spelling."""
    word = word.removesuffix("'s").removesuffix("'")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "sses", "xes")) else word[:-1]


def fold_kana(text: str) -> str:
    """Katakana to hiragana, letter by letter; the length stays."""
    return text.translate(_KATAKANA)


def fold(text: str) -> str:
    """The form in which words are compared: NFKC, no case, hiragana."""
    return fold_kana(unicodedata.normalize("NFKC", text).casefold())


def split(words: str) -> Iterator[str]:
    """The words of a comma-separated table."""
    return (" ".join(word.split()) for word in words.split(",") if word.strip())


@cache
def entries() -> tuple[Entry, ...]:
    """The whole vocabulary in the order of the tables."""
    return tuple(_conditions()) + tuple(
        Entry(word, sense, ())
        for table, sense in _PLAIN
        for word in split(table)
    )  # fmt: skip


_PLAIN: tuple[tuple[str, Sense], ...] = ((DRAWN, "drawn"), (IGNORED, "ignored"), (UNPAINTED, "unpainted"))


def _conditions() -> Iterator[Entry]:
    tables: Iterable[tuple[Condition, str]] = (
        *PLACES.items(), *SEASONS.items(), *TIMES.items(), *WEATHERS.items(), *SIDES.items(), *EXTRAS.items(),
    )  # fmt: skip
    for meaning, words in tables:
        for word in split(words):
            yield Entry(word, "condition", (meaning,))
    for said, implied, words in COMPOUNDS:
        for word in split(words):
            yield Entry(word, "condition", said, implied)


@cache
def index() -> Index:
    """Build the tables: exact spellings first, then singulars and closed forms where nothing else stands."""
    tables = Index()
    loose: list[tuple[tuple[str, ...], Entry]] = []
    lengths: dict[str, set[int]] = {}
    for entry in entries():
        key = fold(entry.spelling)
        if entry.japanese:
            tables.letters.setdefault(key, (entry, entry.edges))
            lengths.setdefault(key[0], set()).add(len(key))
        else:
            words = tuple(re.findall(r"[\w']+", key))
            tables.phrases.setdefault(words, entry)
            loose.append((tuple(map(singular, words)), entry))
            if entry.sense == "condition" and len(words) == 2:
                loose.append((("".join(words),), entry))  # ricefield, backalley
                loose.append((("".join(map(singular, words)),), entry))
    for words, entry in loose:
        tables.phrases.setdefault(words, entry)
    for words in tables.phrases:
        tables.longest[words[0]] = max(len(words), tables.longest.get(words[0], 0))
    tables.lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
    return tables
