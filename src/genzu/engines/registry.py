"""The one list of engines and material readers. Nothing heavy is imported before it is asked for."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from genzu.engines import profiles
from genzu.errors import EngineFailed, GenzuError, UnknownWord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genzu.core.model_facts import ModelFacts
    from genzu.engines.base import Engine, MaterialReader
    from genzu.engines.profiles import ProfileFile


class Profile(Protocol):
    """What the profile of every engine tells without anything being loaded or a server asked."""

    @property
    def facts(self) -> tuple[ModelFacts, ...]:
        """Weights, with what is said of their makers and licences."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that decides pixels."""
        ...

    @property
    def needs_gpu(self) -> bool:
        """True if it should be painted on a machine with a GPU."""
        ...

    def check(self) -> None:
        """Raise for what would keep it from being used on this machine."""
        ...


class _Entry(NamedTuple):
    """Where a class lives, and the extra that brings what it needs."""

    module: str
    attribute: str
    extra: str | None = None


class _Family(NamedTuple):
    """An engine that is made from a profile, and what understands the profile."""

    engine: _Entry
    profile: _Entry
    on_gpu: bool
    """Whether to send it to a machine with a GPU where its profile cannot be asked."""


_ENGINES: Mapping[str, _Entry] = {
    "embedded": _Entry("genzu.engines.embedded.engine", "EmbeddedEngine"),
    "fake": _Entry("genzu.engines.fake", "FakeEngine"),
}
_FAMILIES: Mapping[str, _Family] = {
    "diffusers": _Family(
        _Entry("genzu.engines.diffusion.engine", "DiffusersEngine", "diffusers"),
        _Entry("genzu.engines.diffusion.profile", "ModelProfile"),
        on_gpu=True,
    ),
    "comfyui": _Family(
        _Entry("genzu.engines.comfyui.engine", "ComfyUIEngine", "comfyui"),
        _Entry("genzu.engines.comfyui.profile", "ComfyProfile"),
        on_gpu=False,
    ),
}
"""Engines that need a profile: ``diffusers:NAME``. Their profile classes have ``from_file(ProfileFile)``."""
_READERS: Mapping[str, _Entry] = {
    "embedded": _Entry("genzu.engines.readers.embedded", "EmbeddedReader"),
    "network": _Entry("genzu.engines.readers.network", "NetworkReader"),
    "geometry": _Entry("genzu.engines.readers.geometry", "GeometryReader"),
}


def engine_names() -> tuple[str, ...]:
    """Engines that work by their name alone, the default first."""
    return tuple(_ENGINES)


def engine_families() -> tuple[str, ...]:
    """Engines that need a profile and are asked for as ``FAMILY:PROFILE``."""
    return tuple(_FAMILIES)


def profiled_names() -> tuple[str, ...]:
    """Full names of all profiles that are found on this machine."""
    return tuple(name for family in _FAMILIES for name in profiles.names(family))


def reader_names() -> tuple[str, ...]:
    """All material readers, the default first."""
    return tuple(_READERS)


def engine(name: str) -> Engine:
    """The engine of this name, made once per process: ``embedded``, or ``diffusers:studio`` with a profile.

    Raises :class:`UnknownWord` for a name that is not in the list, ``NotFound`` or ``BadRecord`` for a profile that
    is not there or not valid, :class:`EngineFailed` if what it needs is not installed.
    """
    family, colon, profile = name.partition(":")
    if family.strip().lower() in _FAMILIES:
        return _profiled(family.strip().lower(), profile.strip() if colon else "")
    return _plain(name)


@cache
def _plain(name: str) -> Engine:
    return cast("Engine", _make("engine", name, _ENGINES))


_MADE: dict[tuple[str, str], tuple[str, Engine]] = {}
"""By family and path of the profile: SHA-256 of the profile's text, and the engine made from it."""


def _profiled(family: str, name: str) -> Engine:
    """Made once for each text of a profile; one that was edited is made anew, and the old one let go."""
    file = profiles.find_profile(family, name)
    key = (family, str(file.path))
    sha, made = _MADE.get(key, ("", None))
    if made is None or sha != file.sha:
        entry = _FAMILIES[family]
        where = f"engine {file.full_name}"
        profile = understood(file)
        with _installed(entry.engine, where):
            made = cast("Engine", _class(entry.engine, where)(profile))
        _MADE[key] = (file.sha, made)
    return made


def checked(name: str) -> Engine:
    """The engine, once it is known that it can paint here; raises as :func:`engine` does, and for missing weights."""
    made = engine(name)
    family, _, profile = name.partition(":")
    if family.strip().lower() in _FAMILIES:
        understood(profiles.find_profile(family.strip().lower(), profile.strip())).check()
    return made


def needs_gpu(name: str) -> bool:
    """True if pictures of this engine should be painted on a machine with a GPU; no weights are loaded to tell.

    A machine that only hands out work need not have the profile: then what is usual for such engines holds. An engine
    that nobody knows needs none: whoever tries it will say so.
    """
    family, _, profile = name.partition(":")
    known = _FAMILIES.get(family.strip().lower())
    try:
        if known is None:
            return _plain(name).capabilities.needs_gpu
        return understood(profiles.find_profile(family.strip().lower(), profile.strip())).needs_gpu
    except GenzuError:
        return known is not None and known.on_gpu


def understood(file: ProfileFile) -> Profile:
    """A profile's file as its engine reads it, validated, without loading the engine; raises ``BadRecord``."""
    return cast("Profile", _class(_FAMILIES[file.engine].profile, f"engine {file.full_name}").from_file(file))


@cache
def reader(name: str) -> MaterialReader:
    """The material reader of this name, made once per process; raises as :func:`engine` does."""
    return cast("MaterialReader", _make("material reader", name, _READERS))


def _make(kind: str, name: str, entries: Mapping[str, _Entry]) -> Any:
    entry = entries.get(name)
    if entry is None:
        near = get_close_matches(name.strip().lower(), entries, n=1)
        offered = [*entries, *(f"{family}:PROFILE" for family in _FAMILIES if kind == "engine")]
        choice = "use one of " + ", ".join(offered)
        raise UnknownWord(
            f"{name!r} is not an engine" if kind == "engine" else f"{name!r} is not a {kind}",
            do=f"did you mean {near[0]}? {choice.capitalize()}" if near else choice,
        )
    where = f"{kind} {name}"
    made = _class(entry, where)
    with _installed(entry, where):
        return made()


def _class(entry: _Entry, where: str) -> Any:
    with _installed(entry, where):
        return getattr(import_module(entry.module), entry.attribute)


@contextmanager
def _installed(entry: _Entry, where: str) -> Iterator[None]:
    """What is not installed becomes the command that installs it."""
    try:
        yield
    except ImportError as error:
        remedy = f"pip install 'genzu[{entry.extra}]'" if entry.extra else "install Genzu again"
        raise EngineFailed(f"it cannot be loaded ({error})", where=where, do=remedy) from error
