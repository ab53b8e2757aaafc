"""The ``parameters`` text of Stable Diffusion web interfaces: a prompt, a negative prompt and one line of settings.

Format as AUTOMATIC1111's ``infotext_utils.py`` writes and reads it; Civitai, SD.Next, Forge and others follow it. The
last line counts as settings only if it has at least three ``Key: value`` pairs; a value with a comma, colon or line
break stands in JSON quotes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_PAIR = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_NEGATIVE = "Negative prompt:"
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Infotext:
    """What such a text says."""

    prompt: str
    negative: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    """In order, as ``("Steps", "20")``."""

    @property
    def text(self) -> str:
        """As others parse it."""
        lines = [self.prompt.strip()]
        if self.negative.strip():
            lines.append(f"{_NEGATIVE} {self.negative.strip()}")
        lines.append(", ".join(f"{key}: {_quoted(value)}" for key, value in self.settings))
        return "\n".join(lines).strip()

    @classmethod
    def parse(cls, text: str) -> Infotext:
        """Read any text; what has no line of settings is all prompt."""
        *lines, last = text.strip().split("\n")
        pairs = _PAIR.findall(last)
        if len(pairs) < _FEWEST:
            lines, pairs = [*lines, last], []
        prompt: list[str] = []
        negative: list[str] = []
        into = prompt
        for line in (line.strip() for line in lines):
            if line.startswith(_NEGATIVE):
                into = negative
                line = line.removeprefix(_NEGATIVE).strip()
            into.append(line)
        settings = tuple((key.strip(), _unquoted(value.strip())) for key, value in pairs)
        return cls(prompt="\n".join(prompt), negative="\n".join(negative), settings=settings)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if any(sign in value for sign in ",:\n") else value


def _unquoted(value: str) -> str:
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    try:
        return str(json.loads(value))
    except (ValueError, RecursionError):
        return value
