"""Records to plain dictionaries and back: strict on the way in, silent about what is absent on the way out.

Errors carry the path to the field (``recipe.seed``), growing as they rise.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from enum import StrEnum
from hashlib import sha256
from math import isfinite
from typing import Any, TypeVar, overload

from genzu.errors import BadRecord

Plain = dict[str, Any]
_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_N = TypeVar("_N", int, float)


def canonical(record: Mapping[str, Any]) -> str:
    """The one JSON text of a record: sorted keys, no blanks, UTF-8 as it is."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical text."""
    return sha256(canonical(record).encode(errors="surrogatepass")).hexdigest()


def without_none(record: Mapping[str, Any]) -> Plain:
    """Drop what is absent."""
    return {key: value for key, value in record.items() if value is not None}


def shown(value: object) -> str:
    """A value for an error sentence: short, whatever somebody put there."""
    return reprlib.repr(value)


def is_text(text: str) -> bool:
    """False for halves of letters that no file and no ledger can hold (a command line that was not UTF-8)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@contextmanager
def under(path: str, own: str) -> Iterator[None]:
    """What a record says about itself (``recipe.seed``) gains the path where it stands (``takes[3].recipe.seed``)."""
    try:
        yield
    except BadRecord as error:
        where = error.where or ""
        if path == own or not (where == own or where.startswith(f"{own}.")):
            raise
        raise BadRecord(error.what, where=path + where.removeprefix(own), do=error.do) from None


class Fields:
    """Reads the fields of one record, and knows where it stands for its errors."""

    def __init__(self, record: object, path: str = "") -> None:
        if not isinstance(record, Mapping):
            raise BadRecord("it is not a record", where=path or "record")
        self._record: Mapping[str, Any] = record
        self._path = path
        self._seen: set[str] = set()

    def where(self, key: str) -> str:
        """Path of a field."""
        return f"{self._path}.{key}" if self._path else key

    @overload
    def take(self, key: str, kind: type[_T]) -> _T: ...
    @overload
    def take(self, key: str, kind: type[_T], default: _T | None, /) -> _T | None: ...

    def take(self, key: str, kind: type[_T], *default: _T | None) -> _T | None:
        """The value of ``key`` as a ``kind``; ``default`` if it is absent, an error if there is none."""
        self._seen.add(key)
        value = self._record.get(key)
        if value is None:
            if default:
                return default[0]
            raise BadRecord("this field is missing", where=self.where(key))
        if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1000:
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadRecord(f"{shown(value)} is not of the kind {kind.__name__}", where=self.where(key))
        if isinstance(value, float) and not isfinite(value):
            raise BadRecord(f"{value} is not a number", where=self.where(key))
        if isinstance(value, str) and not is_text(value):
            raise BadRecord(f"{shown(value)} is not text", where=self.where(key), do="write it in UTF-8")
        return value

    def word(self, key: str, kind: type[_E]) -> _E | None:
        """A word of a closed vocabulary, or ``None`` if absent."""
        text = self.take(key, str, None)
        if text is None:
            return None
        try:
            return kind(text)
        except ValueError:
            known = ", ".join(kind)
            raise BadRecord(f"{shown(text)} is not known", where=self.where(key), do=f"use one of {known}") from None

    def each(self, key: str, read: Callable[[object, str], _T]) -> tuple[_T, ...]:
        """Read a list, item by item; an absent list is empty."""
        items = self.take(key, list, None) or []
        return tuple(read(item, f"{self.where(key)}[{index}]") for index, item in enumerate(items))

    def nothing_else(self) -> None:
        """Refuse fields that nobody asked for: they are typing errors or come from a newer version."""
        for key in self._record:
            if key not in self._seen:
                near = get_close_matches(str(key).lower()[:60], self._seen, n=1)
                raise BadRecord(
                    "this field is not known", where=self.where(str(key)),
                    do=f"did you mean {near[0]}?" if near else None,
                )  # fmt: skip

    def within(self, key: str, default: float, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        value = self.take(key, float, default)
        return self._in_range(key, default if value is None else value, low, high)

    def count(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self.take(key, int, default)
        return self._in_range(key, default if value is None else value, low, high)

    def _in_range(self, key: str, value: _N, low: float, high: float) -> _N:
        if not low <= value <= high:
            raise BadRecord(f"{shown(value)} is out of range", where=self.where(key), do=f"use {low:g} to {high:g}")
        return value
