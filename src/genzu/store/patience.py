"""Calls over a network: tried again after a pause, and what they fail with said in one sentence."""

from __future__ import annotations

import errno
import random
import re
import time
from collections.abc import Callable
from typing import TypeVar

from genzu.errors import CannotWrite, GenzuError, NotFound, Unreachable

PAUSES_S = (0.3, 1.0, 3.0)
"""Before the second try and those that follow; each is varied, so that many workers do not come back at one moment."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)

# In the names that drivers give to such errors: NoCredentialsError, AuthenticationException, ClientAuthenticationError.
_NOT_LET_IN = ("Credential", "Auth")

T = TypeVar("T")


def patiently(call: Callable[[], T], *, where: str, writes: bool) -> T:
    """The result of ``call``, which may fail some times.

    Raises :class:`Unreachable` if it goes on failing, :class:`CannotWrite` for a full or closed store,
    :class:`NotFound` if there is no place to write to. Errors that are faults of the program pass through.
    """
    for pause in (*PAUSES_S, None):
        try:
            return call()
        except GenzuError:
            raise
        except Exception as error:
            told = _for_good(error, where, writes=writes)
            if told is not None:
                raise told from error
            if not _of_the_network(error):
                raise
            if pause is None:
                raise Unreachable(
                    f"the store of pictures does not answer ({_words(error)})", where=where,
                    do="check the network and the store, then run the same command again",
                ) from error  # fmt: skip
            time.sleep(pause * random.uniform(0.7, 1.3))
    raise AssertionError("the last try returns or raises")


def _for_good(error: Exception, where: str, *, writes: bool) -> GenzuError | None:
    """An error that waiting does not heal."""
    if isinstance(error, FileNotFoundError):
        missing = "there is no such bucket or folder" if writes else "this is not in the store"
        return NotFound(f"{missing} ({_words(error)})", where=where, do="check the store's URL, and make it first")
    if isinstance(error, PermissionError) or any(word in type(error).__name__ for word in _NOT_LET_IN):
        return CannotWrite(
            f"the store does not let this user in ({_words(error)})", where=where,
            do="give the fsspec driver its credentials (environment or its own configuration file)",
        )  # fmt: skip
    if isinstance(error, NotImplementedError):
        return CannotWrite("this kind of store takes no files", where=where, do="choose another store")
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        what = "cannot be written" if writes else "there is no room for its local copy"
        return CannotWrite(f"{what} ({(error.strerror or 'no room').lower()})", where=where, do="make room")
    return None


def _of_the_network(error: Exception) -> bool:
    """Operating system, end of a stream, or an error class of a driver; not a fault of the program's own."""
    return isinstance(error, OSError | EOFError) or type(error).__module__.partition(".")[0] != "builtins"


def _words(error: Exception) -> str:
    """One line, without what may stand behind the ? of a signed URL."""
    line = " ".join(str(error).split()) or type(error).__name__
    return re.sub(r"\?\S+", "?…", line)[:300]
