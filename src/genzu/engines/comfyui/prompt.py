"""What the text encoder is told: the prompt as it is, and the conditions that it does not name in English."""

from __future__ import annotations

import re
from typing import Final

from genzu.core.scene import Conditions, Extra, Weather
from genzu.errors import BadInput

_LORA: Final = re.compile(r"<\s*(lora|lyco|hypernet)\s*:[^>]*>", re.IGNORECASE)
_WEATHER: Final = {
    Weather.CLEAR: "clear sky", Weather.FAIR: "fair weather", Weather.OVERCAST: "overcast sky", Weather.RAIN: "rain",
    Weather.FOG: "fog", Weather.SNOW: "snowfall", Weather.STORM: "storm", Weather.AFTER_RAIN: "after rain",
}  # fmt: skip
_EXTRA: Final = {
    Extra.BLOSSOM: "cherry blossom", Extra.LYING_SNOW: "snow on the ground", Extra.STARS: "starry sky",
    Extra.LANTERNS: "lit lanterns",
}  # fmt: skip


def spoken(before: str, prompt: str, conditions: Conditions) -> str:
    """One text for the encoder.

    Season, time and weather are always named, as the embedded rough shows them, so that text and picture agree; a
    prompt in Japanese is followed by its conditions in English. Raises :class:`BadInput` for ``<lora:…>``, which the
    server's own nodes do not understand: it would be read as words.
    """
    if found := _LORA.search(prompt):
        raise BadInput(
            f"{found[0]} is not understood by ComfyUI's own nodes", where="prompt",
            do="put a Load LoRA node into the workflow",
        )  # fmt: skip
    said = prompt.strip().strip(",")
    words = [word for word in _words(conditions) if not re.search(rf"\b{re.escape(word)}\b", said, re.IGNORECASE)]
    return ", ".join(part for part in (before.strip().strip(","), said, *words) if part)


def _words(conditions: Conditions) -> list[str]:
    filled = conditions.filled()
    place = [filled.place.value] if filled.place else []
    extras = [_EXTRA.get(extra, extra.value) for extra in filled.extras]
    return [*place, filled.season.value, filled.time.value, _WEATHER[filled.weather], *extras]
