"""Finding profiles: TOML files that say how an engine with outside parts (weights, a server) is to be used.

``diffusers:NAME`` and ``comfyui:NAME`` name a file ``NAME.toml``, looked for in the folders of the environment
variable ``GENZU_MODELS`` (several with the system's path separator), then in the user's own folder; NAME may also be
the path of a ``.toml`` file. Which engine a profile is for stands in its key ``engine``; without it, ``diffusers``.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from genzu.core.codec import Fields
from genzu.errors import BadRecord, NotFound, UnknownWord

VARIABLE = "GENZU_MODELS"
FAMILIES = ("diffusers", "comfyui")
"""Engines that need a profile."""
_NAME = re.compile(r"[^\W_][\w.+-]{0,63}")
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """One profile as it lies on the disk, read as TOML and not yet understood."""

    name: str
    """Name of the file without ``.toml``."""
    engine: str
    """One of ``FAMILIES``."""
    path: Path
    sha: str
    """SHA-256 of the file's bytes."""
    record: Mapping[str, Any]
    """The tables and keys, without ``engine``."""

    @property
    def full_name(self) -> str:
        """``diffusers:studio``: how it is asked for and what recipes hold."""
        return f"{self.engine}:{self.name}"

    @property
    def folder(self) -> Path:
        """What relative paths in it start from."""
        return self.path.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What happens when a picture drifts from its layout."""

    limit: float = 0.5
    """Largest mean shift in px at 1080p."""
    tries: int = 2
    """How often it is painted again with more control and less strength, 0–10."""
    control_step: float = 0.15
    """Added at each try to every weight that holds the picture to the layout."""
    strength_step: float = 0.1
    """Taken from the strength at each try."""


def registration_of(fields: Fields) -> Registration:
    """A profile's table ``[registration]``."""
    usual = Registration()
    return Registration(
        limit=fields.within("limit", usual.limit, 0, 100),
        tries=fields.count("tries", usual.tries, 0, 10),
        control_step=fields.within("control_step", usual.control_step, 0, 2),
        strength_step=fields.within("strength_step", usual.strength_step, 0, 1),
    )


def user_config() -> Path:
    """The user's folder for Genzu's settings, where the platform keeps such things; it need not exist."""
    if os.name == "nt":
        base = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "genzu"


def user_cache() -> Path:
    """The user's folder for what can be computed again; it need not exist."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "genzu"


def search_folders() -> tuple[Path, ...]:
    """Where profiles are looked for, in order."""
    asked = [Path(part).expanduser() for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part.strip()]
    return (*asked, user_config() / "models")


def profile_paths() -> tuple[Path, ...]:
    """Every profile that a name can reach, by name; of two with one name, the one that is found first."""
    found: dict[str, Path] = {}
    for folder in search_folders():
        # A folder that is not there, or that may not be read, holds no profiles.
        try:
            files = sorted(folder.glob("*.toml"))
        except OSError:
            continue
        for path in files:
            if _NAME.fullmatch(path.stem):
                found.setdefault(path.stem, path)
    return tuple(found[name] for name in sorted(found))


def names(engine: str) -> tuple[str, ...]:
    """Full names of the profiles for this engine; files that are no TOML are passed over."""
    found = []
    for path in profile_paths():
        try:
            profile = read_profile(path)
        except (BadRecord, NotFound):
            continue
        if profile.engine == engine:
            found.append(profile.full_name)
    return tuple(found)


def find_profile(engine: str | None, name: str) -> ProfileFile:
    """The profile of this name for this engine, or for whichever it says if ``engine`` is ``None``.

    Raises :class:`NotFound` with the places that were looked in, :class:`BadRecord` for a broken file,
    :class:`UnknownWord` for a profile of another engine.
    """
    profile = read_profile(_path_of(engine, name))
    if engine is not None and profile.engine != engine:
        raise UnknownWord(
            f"this profile is for {profile.engine}, not for {engine}", where=profile.path,
            do=f"ask for {profile.full_name}",
        )  # fmt: skip
    return profile


def read_profile(path: Path) -> ProfileFile:
    """Read one file as TOML; raises :class:`NotFound` or :class:`BadRecord`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(
            f"the profile cannot be read ({(error.strerror or 'unknown').lower()})", where=path, do="check the path"
        ) from error
    if not _NAME.fullmatch(path.stem):
        raise BadRecord(
            "the name of a profile is made of letters, digits, '.', '+', '-' and '_'", where=path, do="rename the file"
        )
    if len(data) > _LARGEST:
        raise BadRecord(f"a profile is a small text, this has {len(data)} bytes", where=path, do="name a .toml file")
    try:
        record = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadRecord("it is not text in UTF-8", where=path, do="save it again as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadRecord(f"it is not TOML ({error})", where=path, do="correct that place") from error
    engine = record.pop("engine", FAMILIES[0])
    if engine not in FAMILIES:
        raise BadRecord(f"{engine!r} is not known", where=f"{path}: engine", do="use one of " + ", ".join(FAMILIES))
    return ProfileFile(name=path.stem, engine=engine, path=path.resolve(), sha=sha256(data).hexdigest(), record=record)


def _path_of(engine: str | None, name: str) -> Path:
    if name.lower().endswith(".toml"):
        return Path(name).expanduser()
    known = {path.stem: path for path in profile_paths()}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1)
    what = f"there is no profile {name!r}" if name else f"{engine} needs a profile"
    raise NotFound(what, where=f"engine {engine}" if engine else None, do=_remedy(engine, near[0] if near else ""))


def _remedy(engine: str | None, near: str) -> str:
    """Which profiles there are and where they were looked for."""
    there = tuple(name for family in FAMILIES if engine in (family, None) for name in names(family))
    looked = ", ".join(map(str, search_folders()))
    choice = f"use one of {', '.join(there)}" if there else f"none was found: put NAME.toml into a folder of {VARIABLE}"
    hint = f"did you mean {near}? " if near else ""
    return f"{hint}{choice if not hint else choice.capitalize()} (looked in {looked}; see docs/models.md)"
