"""Scratch files: every file of a show is written here first, flushed, and then renamed into place.

A scratch file carries host and process id in its name, so that the next opening of the show can tell what a killed
process left behind from what another process is writing at this moment.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from genzu.core.atomic import cannot_write
from genzu.errors import BadRecord, Refused

# A second dot: scratch of a writer that itself writes beside and renames.
_NAME = re.compile(r"\.{1,2}genzu-([0-9a-f]{8})-(\d+)-[0-9a-f-]+\.part(\.[^/]*)?")
# A scratch file lives for seconds. After a day it is a leftover even if its process id lives (ids are used again).
_LEFT_BEHIND_AFTER_S = 24 * 3600
# Where it cannot be known whether a process lives, wait this long before its scratch file counts as left behind.
_UNSURE_FOR_S = 15 * 60


@contextmanager
def scratch_file(folder: Path, suffix: str = "") -> Iterator[Path]:
    """Give an unused path in ``folder`` (made if absent); the file there is removed at the end if not yet moved.

    ``OSError`` in the block becomes :class:`~genzu.errors.CannotWrite`.
    """
    name = f".genzu-{_this_host()}-{os.getpid()}-{secrets.token_hex(6)}.part{suffix}"
    scratch = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield scratch
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what killed processes left in ``folder``; never a live process's scratch file."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                if left_behind(entry.name, age):
                    with suppress(OSError):
                        Path(entry.path).unlink()


def put(scratch: Path, target: Path, *, mode: int | None = None) -> None:
    """Flush ``scratch`` to the disk and rename it onto ``target``; both must lie on one file system."""
    if mode is not None:
        scratch.chmod(mode)
    flush(scratch)
    make_folder(target.parent)
    os.replace(scratch, target)  # noqa: PTH105 - tests kill the process at this very call
    flush(target.parent)


def put_new(scratch: Path, target: Path) -> None:
    """Like :func:`put`, but :class:`Refused` if ``target`` exists, even if it appeared at this moment."""
    flush(scratch)
    make_folder(target.parent)
    try:
        os.link(scratch, target)
    except FileExistsError:
        raise Refused("it exists already", where=target, do="open it, or choose another folder") from None
    except OSError:  # a file system without hard links: a small gap between look and rename is left
        if target.exists():
            raise Refused("it exists already", where=target, do="open it, or choose another folder") from None
        os.replace(scratch, target)  # noqa: PTH105
    flush(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, and flush the entry of each new one."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush(folder.parent)


def flush(path: Path) -> None:
    """Push a file, or a folder's entries, to the disk. Not every file system can flush a folder: that is let pass."""
    folder = path.is_dir()
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        if not folder:
            raise


def sha_of_file(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes, read in pieces."""
    digest = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def checked_sha(sha: str, where: str) -> str:
    """Give ``sha`` back if it is 64 hexadecimal digits: nothing else may become part of a path."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha):
        raise BadRecord(f"{sha!r} is not a SHA-256", where=where)
    return sha


def left_behind(name: str, age_s: float | None) -> bool:
    """Whether this is the name of a scratch file whose process is gone; ``None`` if its age is not known."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    if age_s is not None and age_s > _LEFT_BEHIND_AFTER_S:
        return True
    if found[1] != _this_host():
        return False
    alive = _alive(int(found[2]))
    return age_s is not None and age_s > _UNSURE_FOR_S if alive is None else not alive


def _alive(pid: int) -> bool | None:
    """Whether the process lives; ``None`` where that cannot be asked without harm (Windows)."""
    if os.name != "posix":
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _this_host() -> str:
    return sha256(socket.gethostname().encode()).hexdigest()[:8]
