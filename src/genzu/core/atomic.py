"""Files are written beside and renamed into place: a reader sees the old file or the new, never a half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from genzu.errors import CannotWrite


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a scratch path in the same folder (same suffix); rename it onto ``path`` when the block succeeds.

    On any error the scratch file is removed and ``path`` is as before. ``OSError`` becomes ``CannotWrite``.
    """
    scratch = path.parent / f".{path.stem[:28]}-{token_hex(6)}.part{path.suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made by hand and not by tempfile, so that the person's umask decides who may read it.
        os.close(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield scratch
        _flush(scratch)
        scratch.replace(path)
        _flush(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """Translate a failed write into one clear sentence."""
    reason = (error.strerror or str(error) or "unknown reason").lower()
    return CannotWrite(f"cannot be written ({reason})", where=path, do="free some space or choose another folder")


def _flush(path: Path) -> None:
    """Push a file, or a folder's entries, to the disk; folders cannot be flushed everywhere."""
    folder = path.is_dir()
    try:
        # Windows flushes only what may be written, and no folders.
        handle = os.open(path, os.O_RDWR if os.name == "nt" and not folder else os.O_RDONLY)
    except OSError:
        if folder:
            return
        raise
    try:
        os.fsync(handle)
    except OSError:
        if not folder:
            raise
    finally:
        os.close(handle)
