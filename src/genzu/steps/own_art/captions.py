"""Captions from what a studio writes anyway: file names, folder names, sidecar texts; never from a model.

English words stay as they are spelled. Japanese words become English where the lexicon knows them; a word that it
cannot translate is reported, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genzu.core.lexicon import read_prompt
from genzu.core.scene import Conditions, Place
from genzu.core.words.conditions import Condition
from genzu.core.words.lexer import Token, tokens

_CODE = re.compile(
    r"(?:[a-z]{0,5}[-.]?\d{1,8})+[a-z]?|\d+x\d+|(?:bg|book)[a-z]?"
    r"|final|fin|finished|paint|painted|painting|layout|genzu|original|master|copy|flat|bgonly|jpg|png|psd"
    r"|backgrounds?|images?|pictures?|art|own|files?|delivery|delivered|ok"
    r"|カット\d*|第?\d+話|背景|背景美術|美術|完成|本番|原図|決定稿|納品|素材|レイアウト|ブック"
)
_SMALL = frozenset(
    ("a", "an", "and", "at", "behind", "beside", "by", "for", "from", "in", "into", "of", "on", "or", "over", "the",
     "to", "under", "with", "without")
)  # fmt: skip
_PARTS = re.compile(r"[\s_\-.,+()\[\]()【】「」・]+")
_ASCII = re.compile(r"[\x20-\x7e\u00c0-\u024f]+")


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture is said to show."""

    text: str
    """English, phrases with commas; without the trigger word. Empty if nothing is known."""
    untranslated: tuple[str, ...] = ()
    """Words for which no English is known: left out of ``text``."""
    codes: tuple[str, ...] = ()
    """Parts of names that were taken for codes of the show, cut, take."""


def caption_of(
    stem: str, folders: Sequence[str] = (), *, sidecar: str = "", tags: str = "", drop: Iterable[str] = ()
) -> Caption:
    """The caption of the picture ``…/folders/stem``; a ``sidecar`` text stands instead of the names, English as it is.

    ``tags`` are further words (a column of the licence ledger); ``drop`` names words to leave out, whatever their case.
    """
    dropped = {fold(word) for word in drop}
    codes: list[str] = []
    texts: list[str] = []
    sentence = " ".join(sidecar.split())
    if sentence and _ASCII.fullmatch(sentence):
        implied = [word for word in _implied([sentence], [sentence.lower()]) if word]
        return Caption(", ".join([sentence.rstrip(" .,"), *implied]))
    if sentence:
        texts = [sentence]
    else:
        for index, name in enumerate((*folders, stem)):
            words, found = _split(name, dropped, may_have_show=index == len(folders))
            texts.append(words)
            codes += found
        texts.append(tags)
    return _joined([text for text in texts if text.strip()], codes)


def fold(word: str) -> str:
    """The form in which words of names are compared."""
    return unicodedata.normalize("NFKC", word).casefold()


def _split(name: str, dropped: set[str], *, may_have_show: bool) -> tuple[str, list[str]]:
    """The words of a name, and what was taken for codes."""
    parts = [part for part in _PARTS.split(unicodedata.normalize("NFKC", name)) if part]
    words: list[str] = []
    codes: list[str] = []
    for place, part in enumerate(parts):
        shows_name = may_have_show and place == 0 and len(parts) > 1 and _is_show_code(part)
        if shows_name or fold(part) in dropped or _CODE.fullmatch(part.casefold()):
            codes.append(part)
        else:
            words.append(part)
    return " ".join(words), codes


def _is_show_code(part: str) -> bool:
    """``SHOW``, ``DAB2``: capitals at the head of a name that mean nothing to the lexicon."""
    known = any(token.kind in ("condition", "drawn") for token in tokens(part))
    return part.isascii() and part.isalnum() and part.upper() == part and not known


def _joined(texts: Sequence[str], codes: Sequence[str]) -> Caption:
    phrases: dict[str, None] = {}
    untranslated: dict[str, None] = {}
    for text in texts:
        for phrase in _phrases(text, untranslated):
            phrases.setdefault(phrase)
    for word in _implied(texts, phrases):
        phrases.setdefault(word)
    return Caption(", ".join(phrases), tuple(untranslated), tuple(codes))


def _phrases(text: str, untranslated: dict[str, None]) -> list[str]:
    """English phrases: a place closes the words before it, other conditions stand alone."""
    phrases: list[str] = []
    open_words: list[str] = []
    end = 0

    def close() -> None:
        if open_words:
            if phrase := _trimmed(" ".join(open_words).split()):
                phrases.append(phrase)
            open_words.clear()

    for token in tokens(text):
        if any(sign in ",、。;\n" for sign in text[end : token.start]):
            close()
        end = token.end
        word = _english(text[token.start : token.end], token)
        if word is None:
            untranslated.setdefault(text[token.start : token.end])
        elif token.kind == "condition" and not _is_place(token):
            close()
            phrases.append(word)
        elif word:
            open_words.append(word)
            if _is_place(token):
                close()
    close()
    return phrases


def _trimmed(words: list[str]) -> str:
    """Without the small words at both ends, where a condition was taken out: ``house in (snow)``."""
    while words and words[-1] in _SMALL:
        words = words[:-1]
    while words and words[0] in _SMALL:
        words = words[1:]
    return " ".join(words)


def _english(spelled: str, token: Token) -> str | None:
    """The word in English; empty for Japanese particles, ``None`` if there is no English for it."""
    if _ASCII.fullmatch(spelled):
        return spelled.strip().lower()
    if token.entry is not None and token.entry.meanings:
        return ", ".join(meaning.value for meaning in token.entry.said or token.entry.meanings)
    return "" if token.kind == "ignored" else None


def _is_place(token: Token) -> bool:
    return token.entry is not None and any(isinstance(meaning, Place) for meaning in token.entry.said)


def _implied(texts: Sequence[str], phrases: Iterable[str]) -> list[str]:
    """Conditions that the words imply (fireworks: night) and nobody wrote."""
    reading = read_prompt(", ".join(texts))
    spoken = {
        meaning for word in reading.understood for token in tokens(word.text) if token.entry
        for meaning in token.entry.said
    }  # fmt: skip
    said = " ".join(phrases)
    return [word.value for word in _values(reading.conditions) if word not in spoken and word.value not in said]


def _values(conditions: Conditions) -> list[Condition]:
    held = (
        conditions.place, conditions.season, conditions.time, conditions.weather, conditions.light, *conditions.extras,
    )  # fmt: skip
    return [value for value in held if value is not None]
