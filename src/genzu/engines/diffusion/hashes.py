"""SHA-256 of large files, remembered by path, size and time of change: seven gigabytes are hashed once."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from genzu.core.atomic import replacing
from genzu.core.codec import digest
from genzu.engines.profiles import user_cache
from genzu.errors import CannotWrite, NotFound

_SMALL = 1 << 20
"""Files up to this size in bytes are hashed anew each time: that is quicker than to remember them."""


def sha_of(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes. Raises :class:`NotFound` if it cannot be read."""
    try:
        state = path.stat()
        if state.st_size <= _SMALL:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        key = {"path": str(path.resolve()), "size": state.st_size, "changed": state.st_mtime_ns}
        known = _remembered(key)
        if known is None:
            with path.open("rb") as file:
                known = hashlib.file_digest(file, "sha256").hexdigest()
            _remember(key, known)
    except OSError as error:
        raise NotFound(
            f"it cannot be read ({(error.strerror or 'unknown').lower()})", where=path, do="check the path"
        ) from error
    return known


def _slip(key: dict[str, object]) -> Path:
    """One small file per weight file: two processes that hash at once do not undo each other."""
    return user_cache() / "hashes" / f"{digest({'path': key['path']})[:32]}.json"


def _remembered(key: dict[str, object]) -> str | None:
    """A note that is broken, or of a file that has changed since, counts for nothing."""
    try:
        note = json.loads(_slip(key).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    sha = note.get("sha256") if isinstance(note, dict) and all(note.get(k) == v for k, v in key.items()) else None
    return sha if isinstance(sha, str) and len(sha) == 64 else None


def _remember(key: dict[str, object], sha: str) -> None:
    """A cache that cannot be written costs time, not the picture."""
    with suppress(CannotWrite), replacing(_slip(key)) as scratch:
        scratch.write_text(json.dumps({**key, "sha256": sha}), encoding="utf-8")
