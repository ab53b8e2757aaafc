"""The one list of engines and material readers. Nothing heavy is imported before it is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from genzu.errors import EngineFailed, UnknownWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genzu.engines.base import Engine, MaterialReader


class _Entry(NamedTuple):
    """Where a class lives, and the extra that brings what it needs."""

    module: str
    attribute: str
    extra: str | None = None


_ENGINES: Mapping[str, _Entry] = {
    "embedded": _Entry("genzu.engines.embedded.engine", "EmbeddedEngine"),
    "fake": _Entry("genzu.engines.fake", "FakeEngine"),
}
_READERS: Mapping[str, _Entry] = {
    "embedded": _Entry("genzu.engines.readers.embedded", "EmbeddedReader"),
    "network": _Entry("genzu.engines.readers.network", "NetworkReader"),
    "geometry": _Entry("genzu.engines.readers.geometry", "GeometryReader"),
}


def engine_names() -> tuple[str, ...]:
    """All engines, the default first."""
    return tuple(_ENGINES)


def reader_names() -> tuple[str, ...]:
    """All material readers, the default first."""
    return tuple(_READERS)


@cache
def engine(name: str) -> Engine:
    """The engine of this name, made once per process.

    Raises :class:`UnknownWord` for a name that is not in the list, :class:`EngineFailed` if what it needs is
    not installed.
    """
    return cast("Engine", _make("engine", name, _ENGINES))


@cache
def reader(name: str) -> MaterialReader:
    """The material reader of this name, made once per process; raises as :func:`engine` does."""
    return cast("MaterialReader", _make("material reader", name, _READERS))


def _make(kind: str, name: str, entries: Mapping[str, _Entry]) -> Any:
    entry = entries.get(name)
    if entry is None:
        near = get_close_matches(name.strip().lower(), entries, n=1)
        choice = "use one of " + ", ".join(entries)
        raise UnknownWord(
            f"{name!r} is not an engine" if kind == "engine" else f"{name!r} is not a {kind}",
            do=f"did you mean {near[0]}? {choice.capitalize()}" if near else choice,
        )
    try:
        return getattr(import_module(entry.module), entry.attribute)()
    except ImportError as error:
        remedy = f"pip install 'genzu[{entry.extra}]'" if entry.extra else "install Genzu again"
        raise EngineFailed(f"it cannot be loaded ({error})", where=f"{kind} {name}", do=remedy) from error
