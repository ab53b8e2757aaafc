"""Files are written beside and renamed into place: a reader sees the old file or the new, never a half."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genzu.errors import CannotWrite


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a scratch path in the same folder (same suffix); rename it onto ``path`` when the block succeeds.

    On any error the scratch file is removed and ``path`` is as before. ``OSError`` becomes ``CannotWrite``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f".{path.stem[:40]}-", suffix=f".part{path.suffix}", dir=path.parent
        )
        os.close(handle)
    except OSError as error:
        raise cannot_write(path, error) from error
    scratch = Path(name)
    try:
        yield scratch
        scratch.chmod(0o666 & ~_umask())
        _flush(scratch)
        scratch.replace(path)
        _flush(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        scratch.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """Translate a failed write into one clear sentence."""
    reason = (error.strerror or str(error) or "unknown reason").lower()
    return CannotWrite(
        f"cannot be written ({reason})", where=path, do="free some space or choose another folder"
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush(path: Path) -> None:
    """Push a file, or a folder's entries, to the disk; folders cannot be flushed everywhere."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        if path.is_file():
            raise
    finally:
        os.close(handle)
