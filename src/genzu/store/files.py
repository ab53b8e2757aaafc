"""Files that people gave, byte for byte: ``files/ab/cdef….psd`` by the SHA-256 of their bytes."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

from genzu.core.cut import FileRef
from genzu.errors import BadInput, LedgerBroken, NotFound
from genzu.store.blobs import Blobs
from genzu.store.scratch import checked_sha, scratch_file, sha_of_file


class Files:
    """The kept files of one show."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def where(self, ref: FileRef) -> str:
        """Where the file lies, or would lie: decided by its hash and suffix, never by the rest of its name."""
        return self._blobs.where(_name(ref))

    def keep(self, path: Path) -> FileRef:
        """Copy a file into the show; when this returns, the copy is on the disk, or in the store.

        Raises :class:`NotFound`, :class:`BadInput` (a folder, not readable) or :class:`CannotWrite`.
        """
        with scratch_file(self._blobs.scratch, _suffix(path.name)) as scratch:
            ref = FileRef(sha=_copy(path, scratch), name=_readable(path.name))
            if not self._blobs.holds(_name(ref), sha=ref.sha, size=scratch.stat().st_size):
                self._blobs.put(scratch, _name(ref))
        return ref

    def local(self, ref: FileRef) -> Path:
        """The file on this machine, to be read now: itself, or a copy whose bytes were checked.

        Raises :class:`NotFound`, or :class:`LedgerBroken` if it comes damaged from the store.
        """
        name = _name(ref)
        try:
            path = self._blobs.local(name)
            if not self._blobs.copies or _is(path, ref.sha):
                return path
            self._blobs.forget(name)
            path = self._blobs.local(name)
        except NotFound:
            raise NotFound(
                f"the file {ref.name} is not in the show", where=self.where(ref), do="give the file again"
            ) from None
        if not _is(path, ref.sha):
            raise LedgerBroken(
                f"the file {ref.name} is damaged: its bytes are not those that were kept", where=self.where(ref),
                do="bring it back from a backup, or give the file again",
            )  # fmt: skip
        return path

    def fault(self, ref: FileRef) -> str | None:
        """What is wrong with a kept file, in one word: ``missing`` or ``damaged``; ``None`` if it is whole."""
        return self._fault(_name(ref), ref.sha)

    def find(self, sha: str) -> str | None:
        """The name of a kept file by its hash alone, whatever its suffix."""
        return self._blobs.find(_stem(sha))

    def fault_of_sha(self, sha: str) -> str | None:
        """Like :meth:`fault` for a hash alone."""
        name = self.find(sha)
        return "missing" if name is None else self._fault(name, sha)

    def _fault(self, name: str, sha: str) -> str | None:
        try:
            with self._blobs.original(name) as path:
                return None if _is(path, sha) else "damaged"
        except NotFound:
            return "missing"


def _is(path: Path, sha: str) -> bool:
    try:
        return sha_of_file(path) == sha
    except OSError:
        return False


def _stem(sha: str) -> str:
    checked_sha(sha, "files")
    return f"{sha[:2]}/{sha[2:]}"


def _name(ref: FileRef) -> str:
    return f"{_stem(ref.sha)}{_suffix(ref.name)}"


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
