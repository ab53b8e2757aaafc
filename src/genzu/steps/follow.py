"""Following the files on the disk that a show's cuts were given: a layout that is drawn on comes in by itself.

It is looked at again and again (network drives tell nobody of a change), and taken in when it has stopped changing and
can be used. A file that cannot be used leaves the cut as it was, until it changes again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from genzu.core.cut import Cut
from genzu.core.numbers import number_in, same_number
from genzu.errors import GenzuError
from genzu.steps.check import check_order
from genzu.steps.cutlist_files import PICTURES
from genzu.store.show import Show

SETTLED_AFTER_S = 1.0
"""A file is taken in when it has not changed for so long: it may still be being written."""
_KINDS = ("layout", "materials", "marks", "board")
_Use = tuple[str, str]
"""Number of a cut, and as what it uses the file."""
_Stamp = tuple[int, int]
"""Bytes and time of the last change."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has changed, and what became of it."""

    path: Path
    cuts: tuple[str, ...]
    kind: str
    error: GenzuError | None = None

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.error is not None:
            return f"{self.path.name} is not taken yet: {self.error.sentence}"
        what = "" if self.kind == "layout" else f" ({self.kind})"
        return f"{self.path.name} is taken in{what} for cut {', '.join(self.cuts)}"


class Follower:
    """Remembers how the files looked last."""

    def __init__(self, folders: Sequence[Path] = (), *, settled_after: float = SETTLED_AFTER_S) -> None:
        """``folders``: where new layouts may appear, beside the folders that the cuts' layouts came from."""
        self._settled_after = settled_after
        self._folders = {Path(os.path.abspath(folder)): frozenset(_names(folder)) for folder in folders}  # noqa: PTH100
        self._links: dict[Path, set[_Use]] = {}
        self._open: dict[Path, set[_Use]] = {}
        """Uses of files that were not taken in yet: new, or not fit to be used as they are."""
        self._handled: dict[Path, _Stamp] = {}
        self._changing: dict[Path, tuple[_Stamp, float]] = {}

    @property
    def files(self) -> int:
        """Number of files that are followed."""
        return len(self._links)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders in which new layouts are looked for."""
        return tuple(self._folders)

    def look(self, show: Show) -> list[Arrival]:
        """Look at all files once; take in what has changed and come to rest."""
        cuts = show.cuts()
        self._links = {}
        self._follow(show, cuts)
        self._find_new(show, cuts)
        for path, uses in self._open.items():
            self._links.setdefault(path, set()).update(uses)
        arrivals: list[Arrival] = []
        for path in self._links:
            stamp = _stamp(path)
            if stamp is None or stamp == self._handled.get(path) or not self._is_at_rest(path, stamp):
                continue
            self._handled[path] = stamp
            arrivals += self._take(show, path)
        return arrivals

    def _follow(self, show: Show, cuts: Iterable[Cut]) -> None:
        """Every file outside from which a cut has its layout, materials, marks or board now."""
        origins: dict[str, list[Any]] = {}
        for origin in show.build.origins():
            origins.setdefault(origin.file, []).append(origin)
        for cut in cuts:
            for kind in _KINDS:
                ref = getattr(cut, kind)
                for origin in origins.get(ref.sha, ()) if ref else ():
                    self._links.setdefault(origin.path, set()).add((cut.number, kind))
                    self._handled.setdefault(origin.path, (origin.bytes, origin.changed_ns))
                    if kind == "layout" and origin.path.parent not in self._folders:
                        self._folders[origin.path.parent] = frozenset(_names(origin.path.parent))

    def _find_new(self, show: Show, cuts: Iterable[Cut]) -> None:
        """A picture that appears beside the layouts and is named like a cut is that cut's layout."""
        numbers = {same_number(cut.number): cut.number for cut in cuts}
        for folder, before in list(self._folders.items()):
            new = _names(folder) - before
            self._folders[folder] = before | new
            for name in new:
                path = folder / name
                number = numbers.get(same_number(number_in(path.stem)))
                if (
                    number is None
                    or path in self._links
                    or path in self._handled
                    or path.suffix.lower() not in PICTURES
                ):
                    continue
                if show.folder not in path.parents or show.exported(path) == "foreign":
                    self._open[path] = {(number, "layout")}

    def _is_at_rest(self, path: Path, stamp: _Stamp) -> bool:
        seen, since = self._changing.get(path, (None, 0.0))
        if seen != stamp:
            self._changing[path] = (stamp, monotonic())
            return False
        return stamp[0] > 0 and monotonic() - since >= self._settled_after

    def _take(self, show: Show, path: Path) -> Iterator[Arrival]:
        """Check the file for every cut that uses it, keep it, and change those cuts."""
        uses, self._open[path] = self._links[path], set()
        for kind in _KINDS:
            changed: list[str] = []
            for number in sorted(number for number, use in uses if use == kind):
                try:
                    cut = show.cut(number)
                    _check(show, cut, kind, path)
                    new: dict[str, Any] = {kind: show.keep_file(path)}
                    if getattr(replace(cut, **new), kind) != getattr(cut, kind):
                        show.update_cut(replace(cut, **new))
                        changed.append(number)
                except GenzuError as error:
                    self._open[path].add((number, kind))
                    yield Arrival(path, (number,), kind, error)
            if changed:
                yield Arrival(path, tuple(changed), kind)


def _check(show: Show, cut: Cut, kind: str, path: Path) -> None:
    """Raise if the cut cannot be painted with this file."""
    files: dict[str, Any] = {
        one: path if one == kind else (show.file(ref) if (ref := getattr(cut, one)) else None) for one in _KINDS
    }
    check_order(
        files["layout"], size=cut.size, materials=files["materials"], marks=files["marks"], board=files["board"]
    )


def _stamp(path: Path) -> _Stamp | None:
    try:
        now = path.stat()
    except OSError:
        return None  # it is being replaced, or the drive is away: it may come back
    return now.st_size, now.st_mtime_ns


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208
    except OSError:
        return frozenset()
