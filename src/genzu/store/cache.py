"""Local copies of what lies in a store: bounded, and safe for several processes.

A copy is renamed into place, so a reader sees it whole or not at all; what a crash damages all the same, its hash tells
the reader, who throws it away. The least recently used go first, but none that was used in the last ten minutes:
somebody may be about to open it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from genzu.errors import BadInput

FOLDER, LIMIT = "GENZU_CACHE", "GENZU_CACHE_GB"
"""Environment variables: a folder for the copies of all shows (a fast disk), and how much they may be."""

_DEFAULT_GB = 4.0
_IN_USE_S = 600
_TRIM_TO = 0.9
_TRIM_EVERY = 16


class Cache:
    """The copies of one store."""

    def __init__(self, root: Path, most: int) -> None:
        self._root, self._most = root, most
        self._added: int | None = None

    def has(self, name: str) -> bool:
        """True if there is a copy."""
        return (self._root / name).is_file()

    def find(self, name: str) -> Path | None:
        """A copy, marked as used now."""
        path = self._root / name
        if not path.is_file():
            return None
        with suppress(OSError):  # a copy that another user made cannot be marked
            os.utime(path)
        return path

    def take(self, scratch: Path, name: str) -> Path:
        """Rename a scratch file of the same disk into place."""
        path = self._root / name
        self._make_room(scratch.stat().st_size)
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.replace(path)
        return path

    def forget(self, name: str) -> None:
        """Throw a copy away."""
        with suppress(OSError):
            (self._root / name).unlink()

    def trim(self) -> None:
        """Throw away the least recently used until there is room again."""
        entries = sorted(self._entries())
        total = sum(size for _, size, _ in entries)
        if total <= self._most:
            return
        quiet = time.time() - _IN_USE_S
        for used, size, path in entries:
            if total <= self._most * _TRIM_TO or used > quiet:
                break
            with suppress(OSError):
                path.unlink()
            total -= size

    def _make_room(self, size: int) -> None:
        """Look at the whole cache at first, and then each time when a sixteenth of it is new."""
        if self._added is None or self._added > self._most // _TRIM_EVERY:
            self.trim()
            self._added = 0
        self._added += size

    def _entries(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self._root.rglob("*"):
            with suppress(OSError):
                facts = path.lstat()
                if path.is_file():
                    found.append((facts.st_mtime, facts.st_size, path))
        return found


def most_bytes() -> int:
    """How much the copies of one store may be; :class:`BadInput` if the environment says nonsense."""
    asked = os.environ.get(LIMIT, "")
    try:
        gigabytes = float(asked) if asked else _DEFAULT_GB
    except ValueError:
        gigabytes = -1.0
    if not 0 <= gigabytes < 1e6:
        raise BadInput(f"{asked!r} is no size", where=LIMIT, do="give a number of gigabytes, such as 4")
    return int(gigabytes * 1e9)
