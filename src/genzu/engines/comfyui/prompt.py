"""What the text encoder is told: the prompt in English and in ComfyUI's signs, and what conditions it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from genzu.core.scene import Conditions, Extra, Weather
from genzu.core.words.index import JAPANESE
from genzu.core.words.weights import Chunk, parse
from genzu.engines.comfyui.profile import Words
from genzu.engines.english import translated
from genzu.errors import BadInput

_BETWEEN: Final = " ,\n、，　"
_JAPANESE: Final = re.compile(f"[{JAPANESE}]")
_WEATHER: Final = {
    Weather.CLEAR: "clear sky", Weather.FAIR: "fair weather", Weather.OVERCAST: "overcast sky", Weather.RAIN: "rain",
    Weather.FOG: "fog", Weather.SNOW: "snowfall", Weather.STORM: "storm", Weather.AFTER_RAIN: "after rain",
}  # fmt: skip
_EXTRA: Final = {
    Extra.BLOSSOM: "cherry blossom", Extra.LYING_SNOW: "snow on the ground", Extra.STARS: "starry sky",
    Extra.LANTERNS: "lit lanterns",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the encoders are told."""

    prompt: str
    negative: str
    notes: tuple[str, ...] = ()
    """What a person should know, one sentence each."""


def spoken(words: Words, prompt: str, seed: int, conditions: Conditions) -> Spoken:
    """The prompt with the profile's words around it.

    Season, time and weather are always named, as the embedded rough shows them, so that text and picture agree. What
    the lexicon knows is translated into English, the rest stays as it is and is told in the notes. Weights are
    written as ComfyUI reads them, ``(roof:1.3)``. Raises :class:`BadInput` for ``<lora:…>``, which the server's own
    nodes would read as words.
    """
    parsed = parse(prompt, seed)
    if parsed.loras:
        raise BadInput(
            f"<lora:{parsed.loras[0].stem}:…> is not understood by ComfyUI's own nodes", where="prompt",
            do="put a Load LoRA node into the workflow",
        )  # fmt: skip
    unknown: list[str] = []
    wanted, unwanted = (_written(chunks, unknown) for chunks in (parsed.chunks, parsed.negative))
    named = [word for word in _named(conditions) if not re.search(rf"\b{re.escape(word)}\b", wanted, re.IGNORECASE)]
    notes = [*parsed.faults, *([f"Not translated: {', '.join(dict.fromkeys(unknown))}."] if unknown else [])]
    return Spoken(
        prompt=_listed((words.prefix, wanted, *named, words.suffix)),
        negative=_listed((words.negative, unwanted)),
        notes=tuple(notes),
    )


def _written(chunks: Iterable[Chunk], unknown: list[str]) -> str:
    """Chunks as ComfyUI reads them: brackets that are text are escaped, weights stand in brackets of their own."""
    parts = []
    for chunk in chunks:
        bare = chunk.text.strip(_BETWEEN)
        before, _, after = chunk.text.partition(bare) if bare else (chunk.text, "", "")
        if _JAPANESE.search(bare):
            bare, lost = translated(bare)
            unknown += lost
            before, after = (f"{between} " for between in (before, after))  # words of Japanese have no blanks between
        bare = re.sub(r"([()])", r"\\\1", bare)
        parts += [before, f"({bare}:{chunk.weight:.4g})" if bare and chunk.weight != 1 else bare, after]
    text = re.sub("[、,，]", ", ", "".join(parts))
    return re.sub(r"\s*,[\s,]*", ", ", " ".join(text.split()))


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(bare for part in parts if (bare := part.strip(" ,\n")))


def _named(conditions: Conditions) -> list[str]:
    filled = conditions.filled()
    place = [filled.place.value] if filled.place else []
    extras = [_EXTRA.get(extra, extra.value) for extra in filled.extras]
    return [*place, filled.season.value, filled.time.value, _WEATHER[filled.weather], *extras]
