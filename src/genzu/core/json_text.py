"""JSON that came in a file from anywhere: read with limits on its length and depth."""

from __future__ import annotations

import json
import re

from genzu.errors import BadRecord

LARGEST = 32_000_000
"""Letters; the workflow of a large ComfyUI graph has about a hundredth of it."""
DEEPEST = 64
"""Brackets within brackets."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[{\]}]")


def parse_json(text: str, where: str) -> object:
    """Plain values of a JSON text; :class:`BadRecord` if it is no JSON, too long or nested too deeply."""
    if len(text) > LARGEST:
        raise BadRecord(f"this JSON is longer than {LARGEST // 1_000_000} million letters", where=where)
    if _deeper_than(text, DEEPEST):
        raise BadRecord(f"this JSON is nested more than {DEEPEST} levels deep", where=where)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRecord("this is not JSON", where=where) from None


def _deeper_than(text: str, limit: int) -> bool:
    """Count brackets outside strings before a parser that recurses sees them."""
    level = at = 0
    while found := _BRACKET.search(text, at):
        quote = text.find('"', at, found.start())
        if quote >= 0:
            string = _STRING.match(text, quote)
            if string is None:
                return False  # an open string: no JSON, the parser says so
            at = string.end()
            continue
        level += 1 if found[0] in "[{" else -1
        if level > limit:
            return True
        at = found.end()
    return False
