"""Where pictures and files lie, by name (``ab/cdef….png``): in a folder, or in a store behind fsspec (``remote``).

A name is made of a hash of the content, so what lies under it never changes: it is written once, whole, and whoever
reads it can tell whether it is what it should be.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from genzu.core.atomic import cannot_write, replacing
from genzu.errors import NotFound
from genzu.store.scratch import make_folder, put, sha_of_file
from genzu.store.where import folder_of

READ_ONLY = 0o444
README = "README.txt"


class Blobs(Protocol):
    """What pictures and files need. A store that does not answer raises :class:`Unreachable`."""

    copies: bool
    """True if :meth:`local` gives copies, which may be damaged while the store's own are whole."""

    scratch: Path
    """The folder for files that :meth:`put` will take."""

    def where(self, name: str) -> str:
        """Where it lies, or would lie, for a message."""
        ...

    def has(self, name: str) -> bool:
        """True if something lies there."""
        ...

    def holds(self, name: str, *, sha: str, size: int) -> bool:
        """True if a file with this SHA-256 of its bytes lies there, as far as can be told without fetching it."""
        ...

    def find(self, start: str) -> str | None:
        """The first name that begins so."""
        ...

    def names(self) -> list[str]:
        """All that lies there, sorted."""
        ...

    def put(self, scratch: Path, name: str) -> None:
        """Take the scratch file away and have it lie there, whole; when this returns it is safe."""
        ...

    def local(self, name: str) -> Path:
        """A file of this machine with what lies there, to be read now."""
        ...

    def original(self, name: str) -> AbstractContextManager[Path]:
        """A file with what really lies there, never an older copy; gone at the end of the block if it is one."""
        ...

    def forget(self, name: str) -> None:
        """Throw away a local copy that turned out to be damaged."""
        ...


class FolderBlobs:
    """A folder: the show's own, or one on a shared disk. Written beside and renamed."""

    copies = False

    def __init__(self, root: Path, scratch: Path) -> None:
        self._root, self.scratch = root, scratch

    def path(self, name: str) -> Path:
        """Where it lies, or would lie."""
        return self._root / name

    def where(self, name: str) -> str:
        """See :class:`Blobs`."""
        return str(self._root / name)

    def has(self, name: str) -> bool:
        """See :class:`Blobs`."""
        return self.path(name).is_file()

    def holds(self, name: str, *, sha: str, size: int) -> bool:
        """By its bytes."""
        try:
            return self.path(name).stat().st_size == size and sha_of_file(self.path(name)) == sha
        except OSError:
            return False

    def find(self, start: str) -> str | None:
        """See :class:`Blobs`."""
        folder, _, stem = start.rpartition("/")
        found = sorted(path for path in (self._root / folder).glob(f"{stem}*") if path.is_file())
        return f"{folder}/{found[0].name}" if found else None

    def names(self) -> list[str]:
        """See :class:`Blobs`."""
        return sorted(f"{path.parent.name}/{path.name}" for path in self._root.glob("??/*") if path.is_file())

    def put(self, scratch: Path, name: str) -> None:
        """See :class:`Blobs`."""
        put(scratch, self.path(name), mode=READ_ONLY)

    def local(self, name: str) -> Path:
        """The file itself."""
        path = self.path(name)
        if not path.is_file():
            raise absent(str(path))
        return path

    def original(self, name: str) -> AbstractContextManager[Path]:
        """The file itself."""
        return nullcontext(self.local(name))

    def forget(self, name: str) -> None:
        """There is no copy."""


def absent(where: str) -> NotFound:
    """The error for a name under which nothing lies."""
    return NotFound("this is not in the show", where=where, do="bring it back from a backup")


def open_blobs(url: str | None, kind: str, private: Path) -> Blobs:
    """The blobs of one kind (``pictures``, ``files``) in a show's private folder, or in the store at ``url``."""
    if url is None:
        return FolderBlobs(private / kind, private / "scratch")
    if is_folder(url):
        folder = folder_of(url)
        return FolderBlobs(folder / kind, folder / "scratch")
    from genzu.store.remote import RemoteBlobs

    return RemoteBlobs(url, kind, private)


def begin_store(url: str | None, private: Path, note: str) -> None:
    """Leave a note for people in a new store: it shows, too, that it can be written and read."""
    if url is None:
        return
    if not is_folder(url):
        from genzu.store.remote import RemoteBlobs

        RemoteBlobs(url, "", private).try_out(README, note)
        return
    folder = folder_of(url)
    try:
        make_folder(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    with replacing(folder / README) as readme:
        readme.write_text(note, encoding="utf-8")


def is_folder(url: str) -> bool:
    """True for the URL of a folder that this machine sees: it needs no driver and no copies."""
    return url.startswith(("file://", "local://"))
