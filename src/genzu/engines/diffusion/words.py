"""A recipe's prompt as a model reads it: in English, with the profile's words around it, its LoRAs as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from genzu.core.scene import Conditions
from genzu.core.words.weights import Chunk, parse
from genzu.engines.diffusion.calls import loras_for
from genzu.engines.diffusion.profile import ModelProfile
from genzu.engines.english import JAPANESE_LETTER, translated


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a model is told."""

    chunks: tuple[Chunk, ...]
    negative: tuple[Chunk, ...]
    loras: Mapping[Path, float]
    """Those of the profile and those that the prompt calls."""
    notes: tuple[str, ...] = ()
    """What a person should know, one sentence each."""

    @property
    def text(self) -> str:
        """Without weights."""
        return "".join(chunk.text for chunk in self.chunks)

    @property
    def negative_text(self) -> str:
        """Without weights."""
        return "".join(chunk.text for chunk in self.negative)

    @property
    def weighted(self) -> bool:
        """True if any word has a weight other than 1."""
        return any(chunk.weight != 1 for chunk in (*self.chunks, *self.negative))


def spoken(profile: ModelProfile, prompt: str, conditions: Conditions, seed: int) -> Spoken:
    """Put the prompt, its conditions and the profile's words together.

    Raises as :func:`loras_for` does for a LoRA that is not to be had.
    """
    parsed = parse(prompt, seed)
    chunks, unknown = _in_english(parsed.chunks)
    negative, more_unknown = _in_english(parsed.negative)
    around = profile.prompt
    said = "".join(chunk.text for chunk in chunks).lower()
    missing = ", ".join(word for word in _words(conditions) if word not in said)
    notes = list(parsed.faults)
    if unknown or more_unknown:
        notes.append("Not translated: " + ", ".join((*unknown, *more_unknown)) + ".")
    return Spoken(
        chunks=_joined((Chunk(around.prefix, 1.0),), chunks, (Chunk(missing, 1.0),), (Chunk(around.suffix, 1.0),)),
        negative=_joined(negative, (Chunk(around.negative, 1.0),)),
        loras={lora.path: lora.weight for lora in loras_for(profile, prompt, seed)},
        notes=tuple(notes),
    )


def _words(conditions: Conditions) -> list[str]:
    """Conditions as a model reads them."""
    said = (
        conditions.place, conditions.season, conditions.time, conditions.weather, conditions.light, *conditions.extras,
    )  # fmt: skip
    return [str(word) for word in said if word is not None]


def _joined(*parts: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """Parts with a comma between them; blank ones are left out, neighbours of one weight become one."""
    found: list[Chunk] = []
    for part in parts:
        if not "".join(chunk.text for chunk in part).strip(" ,"):
            continue
        first = Chunk((", " if found else "") + part[0].text.lstrip(" ,\n"), part[0].weight)
        for chunk in (first, *part[1:]):
            if found and found[-1].weight == chunk.weight:
                found[-1] = Chunk(found[-1].text.rstrip(" ,") + chunk.text if chunk is first else
                                  found[-1].text + chunk.text, chunk.weight)  # fmt: skip
            else:
                found.append(chunk)
    return tuple(found)


def _in_english(chunks: tuple[Chunk, ...]) -> tuple[tuple[Chunk, ...], list[str]]:
    """Chunks with their Japanese words translated, and the words that could not be."""
    found: list[Chunk] = []
    unknown: list[str] = []
    for chunk in chunks:
        if JAPANESE_LETTER.search(chunk.text):
            text, lost = translated(chunk.text)
            unknown += lost
            found.append(Chunk(text, chunk.weight))
        else:
            found.append(chunk)
    return tuple(found), unknown
