"""Files that people gave, byte for byte: ``files/ab/cdef….psd`` by the SHA-256 of their bytes."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

from genzu.core.cut import FileRef
from genzu.errors import BadInput, NotFound
from genzu.store.scratch import checked_sha, put, scratch_file, sha_of_file

_READ_ONLY = 0o444


class Files:
    """The kept files of one show."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self._root, self._scratch = root, scratch

    def path(self, ref: FileRef) -> Path:
        """Where the file lies, or would lie: decided by its hash and suffix, never by the rest of its name."""
        checked_sha(ref.sha, self._root)
        return self._root / ref.sha[:2] / f"{ref.sha[2:]}{_suffix(ref.name)}"

    def keep(self, path: Path) -> FileRef:
        """Copy a file into the show; when this returns, the copy is on the disk.

        Raises :class:`NotFound`, :class:`BadInput` (a folder, not readable) or :class:`CannotWrite`.
        """
        with scratch_file(self._scratch, _suffix(path.name)) as scratch:
            ref = FileRef(sha=_copy(path, scratch), name=_readable(path.name))
            target = self.path(ref)
            if self.fault(ref) is not None:
                put(scratch, target, mode=_READ_ONLY)
        return ref

    def fault(self, ref: FileRef) -> str | None:
        """What is wrong with a kept file, in one word: ``missing`` or ``damaged``; ``None`` if it is whole."""
        return _fault(self.path(ref), ref.sha)

    def find(self, sha: str) -> Path | None:
        """A kept file by its hash alone, whatever its suffix."""
        checked_sha(sha, self._root)
        folder, stem = self._root / sha[:2], sha[2:]
        return next((path for path in sorted(folder.glob(f"{stem}*")) if path.is_file()), None)

    def fault_of_sha(self, sha: str) -> str | None:
        """Like :meth:`fault` for a hash alone."""
        path = self.find(sha)
        return "missing" if path is None else _fault(path, sha)


def _fault(path: Path, sha: str) -> str | None:
    try:
        return None if sha_of_file(path) == sha else "damaged"
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "damaged"


def _copy(source: Path, target: Path) -> str:
    """Copy byte for byte and give the SHA-256 of what was copied."""
    try:
        stream = source.open("rb")
    except FileNotFoundError:
        raise NotFound("this file is not there", where=source, do="check its name") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadInput(f"this file cannot be read ({reason})", where=source, do="give a readable file") from error
    digest = sha256()
    with stream, target.open("xb") as copy:
        while piece := stream.read(1 << 20):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _readable(name: str) -> str:
    """A name as text: bytes of another encoding, as old archives bring them, become replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def _suffix(name: str) -> str:
    found = re.search(r"\.[0-9A-Za-z]{1,12}$", name)
    return found[0].lower() if found else ""
