"""What the text encoder is told: the prompt in ComfyUI's signs, and the conditions that it does not name in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from genzu.core.scene import Conditions, Extra, Weather
from genzu.core.words.weights import Chunk, parse
from genzu.engines.comfyui.profile import Words
from genzu.errors import BadInput

_WEATHER: Final = {
    Weather.CLEAR: "clear sky", Weather.FAIR: "fair weather", Weather.OVERCAST: "overcast sky", Weather.RAIN: "rain",
    Weather.FOG: "fog", Weather.SNOW: "snowfall", Weather.STORM: "storm", Weather.AFTER_RAIN: "after rain",
}  # fmt: skip
_EXTRA: Final = {
    Extra.BLOSSOM: "cherry blossom", Extra.LYING_SNOW: "snow on the ground", Extra.STARS: "starry sky",
    Extra.LANTERNS: "lit lanterns",
}  # fmt: skip


def spoken(words: Words, prompt: str, seed: int, conditions: Conditions) -> tuple[str, str]:
    """(prompt, negative) for the encoders.

    Season, time and weather are always named, as the embedded rough shows them, so that text and picture agree; a
    prompt in Japanese is followed by its conditions in English. Weights are written as ComfyUI reads them,
    ``(roof:1.3)``. Raises :class:`BadInput` for ``<lora:…>``, which the server's own nodes would read as words.
    """
    parsed = parse(prompt, seed)
    if parsed.loras:
        raise BadInput(
            f"<lora:{parsed.loras[0].stem}:…> is not understood by ComfyUI's own nodes", where="prompt",
            do="put a Load LoRA node into the workflow",
        )  # fmt: skip
    named = [
        word for word in _named(conditions) if not re.search(rf"\b{re.escape(word)}\b", parsed.text, re.IGNORECASE)
    ]
    wanted = _listed((words.prefix, _written(parsed.chunks), *named, words.suffix))
    return wanted, _listed((words.negative, _written(parsed.negative)))


def _written(chunks: Iterable[Chunk]) -> str:
    """Chunks as ComfyUI reads them: brackets that are text are escaped, weights stand in brackets of their own."""
    parts = []
    for chunk in chunks:
        text = re.sub(r"([()])", r"\\\1", chunk.text)
        bare = text.strip(" ,\n")
        if chunk.weight == 1 or not bare:
            parts.append(text)
            continue
        before, _, after = text.partition(bare)
        parts.append(f"{before}({bare}:{chunk.weight:.4g}){after}")
    return " ".join("".join(parts).split())


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(bare for part in parts if (bare := part.strip(" ,\n")))


def _named(conditions: Conditions) -> list[str]:
    filled = conditions.filled()
    place = [filled.place.value] if filled.place else []
    extras = [_EXTRA.get(extra, extra.value) for extra in filled.extras]
    return [*place, filled.season.value, filled.time.value, _WEATHER[filled.weather], *extras]
