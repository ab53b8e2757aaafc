"""Attributes that are computed when first asked for.

``functools.cached_property`` of Python 3.11 holds one lock for all instances of a class: tiles that are painted side by
side would wait for each other. Later versions hold none: two tiles would compute the same field of their scene twice.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Lazy(Generic[_T]):
    """Computed on first use; for what only one thread looks at."""

    def __init__(self, make: Callable[[Any], _T]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, owner: Any, _kind: type | None = None) -> _T:
        """The value, kept in the owner's dictionary, where Python finds it first from then on."""
        value = owner.__dict__[self._name] = self._make(owner)
        return value


class Once(Lazy[_T]):
    """Computed on first use by one thread, while others that ask for the same value of the same owner wait."""

    def __get__(self, owner: Any, _kind: type | None = None) -> _T:
        """The value, as in :class:`Lazy`."""
        held = owner.__dict__
        with held.setdefault(f"lock of {self._name}", RLock()):
            if self._name not in held:
                held[self._name] = self._make(owner)
        value: _T = held[self._name]
        return value
