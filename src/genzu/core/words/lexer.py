"""Prompt text to tokens: every letter of the text ends up in exactly one token or between two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from genzu.core.words.index import JAPANESE, Entry, fold_kana, index
from genzu.core.words.japanese import Match, segment

Kind: TypeAlias = Literal["condition", "drawn", "ignored", "unpainted", "negated", "unknown"]

_JAPANESE_RUN = re.compile(f"(?:[0-9]{{1,2}}(?=月))?[{JAPANESE}]+")
_WORD = re.compile(f"(?:[^\\W_{JAPANESE}]|[\u0300-\u036f])+(?:'(?:[^\\W_{JAPANESE}]|[\u0300-\u036f])+)*'?")
_NUMBER = re.compile(r"[0-9]+(?:[.:/][0-9]+)+")
_JOIN = re.compile(r"[\s_-]+")
_DENIALS = frozenset(
    [
        "no",
        "not",
        "without",
        "never",
        "minus",
        "nor",
        "neither",
        "none",
        "excluding",
        "except",
        "lacking",
        "sans",
        "non",
        "zero",
        "cannot",
        "hardly",
    ]
)
_DENYING_PHRASES = (("free", "of"), ("free", "from"), ("devoid", "of"), ("lack", "of"), ("absence", "of"),
                    ("instead", "of"), ("rather", "than"))  # fmt: skip
_DETERMINERS = frozenset(["a", "an", "the", "any", "more", "longer", "visible", "single", "much", "many", "of"])
_ALTERNATIVES = frozenset(("or", "and", "nor"))
_LONGEST_DENIAL = 4


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the prompt; ``start`` and ``end`` are places in the text as it was given."""

    start: int
    end: int
    kind: Kind
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """The text as it is compared, letter by letter beside where each letter came from."""

    text: str
    """NFKC, no case, katakana as hiragana."""
    plain: str
    """The same with its katakana; as long as ``text``."""
    origin: tuple[int, ...]
    """Place in the given text of each letter, and its length at the end."""


@dataclass(frozen=True, slots=True)
class _Atom:
    kind: Literal["word", "japanese", "symbol"]
    start: int
    end: int


def fold_text(given: str) -> Folded:
    """Fold for comparing, and remember where each letter came from."""
    if given.isascii():
        return Folded(given.lower(), given.lower(), tuple(range(len(given) + 1)))
    letters: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(given):
        end = at + 1
        while end < len(given) and _joins(given[end]):
            end += 1
        folded = _fold_cluster(given[at:end])
        letters.append(folded)
        origin.extend([at] * len(folded))
        at = end
    plain = "".join(letters)
    return Folded(fold_kana(plain), plain, (*origin, len(given)))


@lru_cache(maxsize=4096)
def _joins(letter: str) -> bool:
    """Accents and the half-width voicing marks belong to the letter before them."""
    return letter > "\u02ff" and (unicodedata.combining(letter) != 0 or letter in "\uff9e\uff9f")


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    if unicodedata.category(cluster[0]) == "Pd":
        return "-"
    if cluster in "’‘＇":
        return "'"
    folded = unicodedata.normalize("NFKC", cluster).casefold()
    # One letter never becomes several (㍿, ﷺ, ß): no prompt grows, and every token keeps its own place.
    return folded if len(folded) <= len(cluster) else cluster.lower()[: len(cluster)]


def tokens(given: str) -> tuple[Token, ...]:
    """Cut a prompt into tokens, in order; blanks and punctuation between them are left out."""
    folded = fold_text(given)
    atoms = tuple(_atoms(folded.text))
    found: list[Token] = []

    def add(start: int, end: int, kind: Kind, entry: Entry | None = None) -> None:
        found.append(Token(folded.origin[start], _after(folded, end), kind, entry))

    for chain in _chains(folded.text, atoms):
        if chain[0].kind == "symbol":
            add(chain[0].start, chain[0].end, "unknown")
        elif chain[0].kind == "japanese":
            for match in segment(folded.text, folded.plain, chain[0].start, chain[0].end):
                add(match.start, match.end, _kind(match), match.entry)
        else:
            at = 0
            words = [folded.text[atom.start : atom.end] for atom in chain]
            while at < len(chain):
                count, kind, entry = _english(words, at)
                add(chain[at].start, chain[at + count - 1].end, kind, entry)
                at += count
    return tuple(found)


def _chains(text: str, atoms: tuple[_Atom, ...]) -> Iterator[list[_Atom]]:
    """Words with nothing but blanks or hyphens between them are read together; all else stands alone."""
    chain: list[_Atom] = []
    for atom in atoms:
        joined = chain and atom.kind == chain[-1].kind == "word"
        if joined and _JOIN.fullmatch(text, chain[-1].end, atom.start):
            chain.append(atom)
            continue
        if chain:
            yield chain
        chain = [atom]
    if chain:
        yield chain


def _after(folded: Folded, end: int) -> int:
    """The place behind a token: one letter of the given text may have become several."""
    last = folded.origin[end - 1]
    while folded.origin[end] == last:
        end += 1
    return folded.origin[end]


def _kind(match: Match) -> Kind:
    if match.negated:
        return "negated"
    return match.entry.sense if match.entry else "unknown"


def _atoms(text: str) -> Iterator[_Atom]:
    """Words, Japanese runs and symbols; what separates them is skipped."""
    at = 0
    while at < len(text):
        if found := _JAPANESE_RUN.match(text, at):
            yield _Atom("japanese", at, found.end())
            at = found.end()
        elif found := _NUMBER.match(text, at) or _WORD.match(text, at):
            end = _whole_word(text, found.end())
            yield _Atom("word", at, end)
            at = end
        else:
            end = at + 1
            if _is_symbol(text[at]):
                while end < len(text) and (_is_symbol(text[end]) or text[end] in "\u200d\ufe0f\ufe0e"):
                    end += 1
                yield _Atom("symbol", at, end)
            at = end


def _whole_word(text: str, end: int) -> int:
    """Scripts that write vowels as marks (Thai, Hindi …) keep their words in one piece."""
    while end < len(text) and (unicodedata.category(text[end])[0] == "M" or text[end] in "\u200c\u200d"):
        end += 1
        if more := _WORD.match(text, end):
            end = more.end()
    return end


@lru_cache(maxsize=4096)
def _is_symbol(letter: str) -> bool:
    """Emoji, signs and private letters mean something that is not read; punctuation only separates."""
    if 0x1F3FB <= ord(letter) <= 0x1F3FF:  # skin tones
        return True
    return unicodedata.category(letter) in ("So", "Sc", "Co", "Me")


def _english(words: list[str], at: int) -> tuple[int, Kind, Entry | None]:
    """How many words from ``at`` belong together, what they are, and their entry."""
    if denied := _denial(words, at):
        return denied, "negated", None
    for count in range(min(len(words) - at, index().reach(words[at])), 0, -1):
        if entry := index().phrase(words[at : at + count]):
            if _freed(words, at + count):
                return count + 1, "negated", None
            return count, entry.sense, entry
    return (2, "negated", None) if _freed(words, at + 1) else (1, "unknown", None)


def _freed(words: list[str], at: int) -> bool:
    """``cloud-free`` denies the cloud; ``free of clouds`` is another phrase."""
    return words[at : at + 1] == ["free"] and words[at + 1 : at + 2] not in (["of"], ["from"])


def _denial(words: list[str], at: int) -> int:
    """How many words a denial spans, itself and the noun phrases that it takes away; 0 if there is none."""
    if words[at] in _DENIALS or words[at].endswith("n't"):
        taken = 1
    elif tuple(words[at : at + 2]) in _DENYING_PHRASES:
        taken = 2
    else:
        return 0
    start, at, nouns = at, at + taken, 0
    while at < len(words):
        if words[at] in _DETERMINERS and not nouns:
            at += 1
        elif words[at] in _ALTERNATIVES and nouns:
            at, nouns = at + 1, 0
        elif nouns < _LONGEST_DENIAL and not _is_small(words[at]):
            at, nouns = at + 1, nouns + 1
            taken = at - start
        else:
            break
    return taken


def _is_small(word: str) -> bool:
    entry = index().phrase([word])
    return entry is not None and entry.sense == "ignored"


def is_head_final(gap: str) -> bool:
    """True if what stands between two nouns makes the later one the head: 森の神社, ``forest shrine``."""
    folded = fold_kana(gap)
    if re.fullmatch(r"[ \t-]*", folded):
        return True
    return re.fullmatch(f"[{JAPANESE}]+", folded) is not None and not re.match("[とや]", folded)
