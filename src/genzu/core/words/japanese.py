"""Japanese has no blanks: the longest known word wins, within limits that keep 北海道 from being a sea."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from genzu.core.words.index import KANJI, Edges, Entry, index
from genzu.core.words.places import SUFFIXES

_KANJI = re.compile(f"[{KANJI}]")
_KANJI_RUN = re.compile(f"[{KANJI}]+")
_HIRAGANA = re.compile("[\u3041-\u3096\u309d\u309e]")
_PARTICLES = frozenset("のでにとはがをへやもな")
# No Japanese word begins with one of these: what stood before was no particle.
_NEVER_FIRST = frozenset("んっーゃゅょぁぃぅぇぉゎ")
_DENIAL = re.compile(
    "[のがはもをでに]?(?:では|じゃ|降ら|ふら|降ってい|ふってい|降りそうも|見え|みえ|い|居|積もってい|積もら|咲か|咲いてい|出てい|出|写ら|映ら|入ら|"
    "入れ|描か|要ら|いら|必要)?(?:なかった|なくて|なし|無し|ない|無い|なく|無く|ません|ぬき|抜き|以外|不要)"
)


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of a Japanese run; without an entry nobody knows it."""

    start: int
    end: int
    entry: Entry | None = None
    negated: bool = False


def segment(text: str, plain: str, start: int, end: int) -> list[Match]:
    """Cut ``text[start:end]`` into known words and what lies between; ``plain`` still has its katakana."""
    matches = _greedy(text, plain, start, end)
    return _fill(_without_strays(text, matches, start, end), start, end)


def _greedy(text: str, plain: str, start: int, end: int) -> list[Match]:
    """Known words from left to right, longest first; denied words swallow their denial."""
    matches: list[Match] = []
    run = _Run(text, plain, start, end)
    at = reached = start
    while at < end:
        found = run.word_at(at, reached)
        if found is None:
            at += 1
            continue
        if found.entry and found.entry.sense != "ignored" and (denied := _DENIAL.match(text, found.end, end)):
            found = _with_alternatives(text, matches, Match(at, denied.end(), negated=True))
        matches.append(found)
        at = reached = found.end
    return matches


def _with_alternatives(text: str, matches: list[Match], denied: Match) -> Match:
    """雨や雪のない denies the rain too: swallow what や, も or か joins to the denied word."""
    while len(matches) > 1 and matches[-1].end == denied.start and text[matches[-1].start : denied.start] in "やもか":
        if matches[-2].end != matches[-1].start:
            break
        matches.pop()
        denied = replace(denied, start=matches.pop().start)
    return denied


@dataclass(frozen=True, slots=True)
class _Run:
    """A Japanese run, and what may stand where in it."""

    text: str
    plain: str
    start: int
    end: int

    def word_at(self, at: int, reached: int) -> Match | None:
        """The longest word that may stand at ``at``; ``reached`` is the end of the known word before."""
        for stop, entry, edges in index().candidates(self.text, at, self.end):
            if edges == "free" or self.fits(at, stop, edges, reached):
                return Match(at, stop, entry)
        return None

    def fits(self, at: int, stop: int, edges: Edges, reached: int) -> bool:
        """Words in kana alone need an edge on both sides: あき is not in あきた, うみ is not in のうみつ."""
        after_known = at in (self.start, reached)
        if edges == "particle":
            return self._particle_fits(at, stop, after_known)
        left = after_known or self.text[at - 1] in "のな" or _script(self.plain[at - 1]) != _script(self.plain[at])
        return left and (
            stop == self.end
            or self.text[stop] in _PARTICLES
            or _script(self.plain[stop]) != _script(self.plain[stop - 1])
            or _DENIAL.match(self.text, stop, self.end) is not None
            or any(edges == "free" or far - stop > 2 for far, _, edges in index().candidates(self.text, stop, self.end))
        )

    def _particle_fits(self, at: int, stop: int, after_known: bool) -> bool:
        """A particle stands in hiragana behind a word, and a word may begin behind it."""
        if _script(self.plain[at]) != "hiragana":
            return False
        if at > self.start and not after_known and _script(self.plain[at - 1]) == "hiragana":
            return False
        if stop == self.end or _script(self.plain[stop]) != "hiragana" or self.text[at:stop] == "を":
            return True
        if self.text[stop] in _NEVER_FIRST:
            return False
        return self.text[at:stop] == "の" or next(index().candidates(self.text, stop, self.end), None) is not None


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    if _HIRAGANA.match(letter):
        return "hiragana"
    return "kanji" if _KANJI.match(letter) else "katakana"


def _without_strays(text: str, matches: list[Match], start: int, end: int) -> list[Match]:
    """Drop single kanji that stand beside unknown kanji, but for a place at the end of a name (東京駅)."""
    if sum(match.end - match.start for match in matches) == end - start:
        return matches
    known = bytearray(end - start)
    for match in matches:
        known[match.start - start : match.end - start] = b"\1" * (match.end - match.start)
    single = {match.start for match in matches if match.end - match.start == 1}
    strays: set[int] = set()
    for run in _KANJI_RUN.finditer(text, start, end):
        if all(known[run.start() - start : run.end() - start]):
            continue
        strays.update(single.intersection(range(run.start(), run.end())))
        if text[run.end() - 1] in SUFFIXES:
            strays.discard(run.end() - 1)
    return [match for match in matches if match.start not in strays]


def _fill(matches: list[Match], start: int, end: int) -> list[Match]:
    """Put what nobody knows between what is known."""
    filled: list[Match] = []
    at = start
    for match in matches:
        if match.start > at:
            filled.append(Match(at, match.start))
        filled.append(match)
        at = match.end
    return [*filled, Match(at, end)] if at < end else filled
