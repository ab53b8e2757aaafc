"""JSON from outside: checked for what would break a program that trusts it (depth, endless numbers, NaN)."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from genzu.errors import BadInput

DEEPEST = 200
"""Levels of lists and records; real files have about ten."""


def safe_json(text: str, path: Path, kind: str) -> dict[str, Any]:
    """The record that ``text`` is. Raises ``BadInput`` for broken, endless or hostile JSON."""
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise _bad(kind, path, "it is nested without end") from None
    except json.JSONDecodeError as error:
        raise _bad(kind, path, f"its JSON is broken at line {error.lineno}: {error.msg}") from None
    except ValueError as error:
        raise _bad(kind, path, str(error)[:80]) from None
    if not isinstance(found, dict):
        raise _bad(kind, path, "its JSON is no record")
    if _deeper(found):
        raise _bad(kind, path, "it is nested without end")
    return found


def _deeper(found: object) -> bool:
    level: list[object] = [found]
    for _ in range(DEEPEST):
        level = [child for one in level for child in _children(one)]
        if not level:
            return False
    return True


def _children(one: object) -> list[object]:
    if isinstance(one, dict):
        return list(one.values())
    return one if isinstance(one, list) else []


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError("it holds a number without end")
    return value


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"it holds {word}, which is no number")


def _bad(kind: str, path: Path, what: str) -> BadInput:
    return BadInput(f"this is no {kind}: {what}", where=path, do="write it anew from the program it came from")
