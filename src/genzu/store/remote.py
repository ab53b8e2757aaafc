"""Pictures and files in a store behind an fsspec URL: an object store (``s3://``, ``gs://``, ``abfs://``) or a server.

Object stores show a file when it is there whole; elsewhere it is written beside and moved. What is read is kept as a
local copy. Credentials are those that the driver finds by itself; nothing of them is stored here.
"""

from __future__ import annotations

import os
import posixpath
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from genzu.errors import BadInput, CannotWrite
from genzu.store.blobs import READ_ONLY, absent
from genzu.store.cache import FOLDER, Cache, most_bytes
from genzu.store.patience import patiently
from genzu.store.scratch import left_behind, scratch_file, sweep

_SCRATCH = "scratch"


class RemoteBlobs:
    """The blobs of one kind in a store. Several processes and machines may have it open."""

    copies = True

    def __init__(self, url: str, kind: str, private: Path) -> None:
        self._url, self._kind = url, kind
        own = os.environ.get(FOLDER)
        # Scratch and copies lie on one disk, so that one becomes the other by a renaming.
        near = Path(own).absolute() / sha256(url.encode()).hexdigest()[:16] if own else private
        self.scratch, self._cache = near / _SCRATCH, Cache(near / "cache", most_bytes())
        sweep(self.scratch)
        self._opened: tuple[int, Any, str] | None = None
        self._swept = False

    def where(self, name: str) -> str:
        """See :class:`genzu.store.blobs.Blobs`."""
        return "/".join(part for part in (self._url, self._kind, name) if part)

    def has(self, name: str) -> bool:
        """Also by a copy: it was in the store when it was made, and nothing is ever taken out of there."""
        return self._cache.has(self._copy(name)) or self._size(name) is not None

    def holds(self, name: str, *, sha: str, size: int) -> bool:  # noqa: ARG002 - a store does not tell it
        """By its length: its name is its hash, it was counted when it came, and whoever reads it checks it."""
        return self._size(name) == size

    def find(self, start: str) -> str | None:
        """See :class:`genzu.store.blobs.Blobs`."""
        folder, _, stem = start.rpartition("/")

        def look(store: Any, root: str) -> list[str]:
            try:
                return [posixpath.basename(str(path)) for path in store.ls(f"{root}/{folder}", detail=False)]
            except FileNotFoundError:
                return []

        names = sorted(name for name in self._ask(start, look) if name.startswith(stem))
        return f"{folder}/{names[0]}" if names else None

    def names(self) -> list[str]:
        """See :class:`genzu.store.blobs.Blobs`."""

        def look(store: Any, root: str) -> list[str]:
            return ["/".join(str(path).rsplit("/", 2)[1:]) for path in store.find(root)]

        return sorted(self._ask("", look))

    def put(self, scratch: Path, name: str) -> None:
        """Send the file, count what arrived, and keep the scratch file as the local copy."""
        scratch.chmod(READ_ONLY)
        self._send(scratch, name)
        self._cache.take(scratch, self._copy(name))

    def local(self, name: str) -> Path:
        """The local copy; fetched if there is none."""
        found = self._cache.find(self._copy(name))
        if found is not None:
            return found
        with scratch_file(self.scratch, posixpath.splitext(name)[1]) as scratch:
            self._fetch(name, scratch)
            scratch.chmod(READ_ONLY)
            return self._cache.take(scratch, self._copy(name))

    @contextmanager
    def original(self, name: str) -> Iterator[Path]:
        """Fetched anew; removed at the end of the block."""
        with scratch_file(self.scratch, posixpath.splitext(name)[1]) as scratch:
            self._fetch(name, scratch)
            yield scratch

    def forget(self, name: str) -> None:
        """See :class:`genzu.store.blobs.Blobs`."""
        self._cache.forget(self._copy(name))

    def _copy(self, name: str) -> str:
        return f"{self._kind}/{name}"

    def try_out(self, name: str, text: str) -> None:
        """Write a small text and read it back."""
        with scratch_file(self.scratch, ".txt") as scratch:
            scratch.write_text(text, encoding="utf-8")
            self._send(scratch, name)
        with self.original(name) as back:
            if back.read_text(encoding="utf-8") != text:
                raise CannotWrite("the store gives back other bytes than it was given", where=self.where(name))

    def _send(self, scratch: Path, name: str) -> None:
        size = scratch.stat().st_size

        def send(store: Any, root: str) -> None:
            target = f"{root}/{name}"
            if _renames(store):
                self._sweep(store)
                _beside(store, scratch, f"{self._root(store)}/{_SCRATCH}/{scratch.name}", target)
            else:
                store.put_file(str(scratch), target)
            arrived = _size_of(store, target)
            if arrived != size:
                raise ConnectionError(f"{arrived} of {size} bytes arrived")

        self._ask(name, send, writes=True)

    def _fetch(self, name: str, scratch: Path) -> None:
        def fetch(store: Any, root: str) -> bool:
            size = _size_of(store, f"{root}/{name}")
            if size is None:
                return False
            store.get_file(f"{root}/{name}", str(scratch))
            if scratch.stat().st_size != size:
                raise ConnectionError(f"{scratch.stat().st_size} of {size} bytes arrived")
            return True

        if not self._ask(name, fetch):
            raise absent(self.where(name))

    def _size(self, name: str) -> int | None:
        return self._ask(name, lambda store, root: _size_of(store, f"{root}/{name}"))

    def _ask(self, name: str, job: Any, *, writes: bool = False) -> Any:
        def once() -> Any:
            store = self._store()
            root = "/".join(part for part in (self._root(store), self._kind) if part)
            return job(store, root)

        return patiently(once, where=self.where(name), writes=writes)

    def _store(self) -> Any:
        """The driver; a forked process opens its own."""
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), *_open(self._url))
        return self._opened[1]

    def _root(self, store: Any) -> str:
        assert self._opened is not None
        assert self._opened[1] is store
        return self._opened[2]

    def _sweep(self, store: Any) -> None:
        """Once in a process that writes: remove what killed ones left beside."""
        if self._swept:
            return
        self._swept = True
        try:
            entries = store.ls(f"{self._root(store)}/{_SCRATCH}", detail=True)
        except FileNotFoundError:
            return
        for entry in entries:
            if left_behind(posixpath.basename(str(entry["name"])), _age(entry)):
                with suppress(FileNotFoundError):  # another process sweeps, too
                    store.rm_file(entry["name"])


def _open(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise BadInput(
            "pictures at a URL need fsspec", where=url, do="install it: pip install 'genzu[object-store]'"
        ) from error
    try:
        store, root = url_to_fs(url)
    except ImportError as error:
        raise BadInput(f"this store needs a driver ({error})", where=url, do="install it with pip") from error
    except (ValueError, TypeError) as error:
        raise BadInput(f"this store cannot be used ({error})", where=url, do="check the URL") from error
    lists = getattr(store, "dircache", None)
    if lists is not None:  # another machine may have written since the list was made
        lists.use_listings_cache = False
        lists.clear()
    return store, str(root).rstrip("/")


def _renames(store: Any) -> bool:
    """True for stores with a real renaming. Object stores have none, and show what is put when it is whole."""
    from fsspec import AbstractFileSystem
    from fsspec.asyn import AsyncFileSystem

    return not isinstance(store, AsyncFileSystem) and type(store).mv is not AbstractFileSystem.mv


def _beside(store: Any, scratch: Path, part: str, target: str) -> None:
    """Write to ``part`` of the same store and rename it to ``target``."""
    for path in (part, target):
        store.makedirs(posixpath.dirname(path), exist_ok=True)
    try:
        store.put_file(str(scratch), part)
        sent, size = _size_of(store, part), scratch.stat().st_size
        if sent != size:
            raise ConnectionError(f"{sent} of {size} bytes arrived")
        _rename(store, part, target, size)
    except BaseException:
        with suppress(Exception):  # the next process that writes sweeps it away
            store.rm_file(part)
        raise


def _rename(store: Any, part: str, target: str, size: int) -> None:
    try:
        store.mv(part, target)
    except FileExistsError:  # some servers rename onto nothing only
        if _size_of(store, target) == size:  # another process put the same there at this moment
            store.rm_file(part)
            return
        store.rm_file(target)
        store.mv(part, target)


def _size_of(store: Any, path: str) -> int | None:
    """Bytes of a file; ``None`` if there is none.

    ``exists`` would say no, too, where the network is away.
    """
    try:
        facts = store.info(path)
    except FileNotFoundError:
        return None
    if facts.get("type") == "directory":
        return None
    return int(facts["size"])


def _age(entry: dict[str, Any]) -> float | None:
    changed = entry.get("mtime") or entry.get("LastModified") or entry.get("created")
    if isinstance(changed, datetime):
        changed = changed.timestamp()
    return time.time() - changed if isinstance(changed, int | float) else None
