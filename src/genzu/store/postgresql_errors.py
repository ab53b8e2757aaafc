"""What PostgreSQL and its driver say, in one sentence: https://www.postgresql.org/docs/current/errcodes-appendix.html."""

from __future__ import annotations

from pathlib import Path

from genzu.errors import BadInput, CannotWrite, GenzuError, LedgerBroken, NotFound, Unreachable

_GIVE_PASSWORD = "check the user, and set GENZU_LEDGER_PASSWORD or PGPASSWORD, or write it into ~/.pgpass"
_LATER = "try again when the server runs"
_Told = tuple[type[GenzuError], str, str]

# By SQLSTATE; an entry of two characters stands for its whole class.
_STATES: dict[str, _Told] = {
    "53100": (CannotWrite, "the disk of the database server is full", "free some space there"),
    "53200": (CannotWrite, "the database server has no memory left", "give it more, or try again later"),
    "53300": (
        Unreachable,
        "the database server has too many clients",
        "raise its max_connections, or use fewer workers",
    ),
    "53": (CannotWrite, "the database server is at its limits", "ask its keeper"),
    "25006": (CannotWrite, "this database is read-only", "name the server that takes writes (this may be a standby)"),
    "42501": (
        CannotWrite,
        "this user may not do that in the database",
        "make the user the owner of the database or schema",
    ),
    "40001": (CannotWrite, "another program changed the ledger at the same moment", "try again"),
    "40P01": (CannotWrite, "another program holds what this one needs", "try again"),
    "55P03": (CannotWrite, "another program is writing to the ledger", "try again when it is done"),
    "57014": (CannotWrite, "the database server broke this off, it took too long", "raise its statement_timeout"),
    "25P03": (Unreachable, "the database server gave this program up, it was idle for too long", "try again"),
    "57": (Unreachable, "the database server is stopping or starting", _LATER),
    "08": (Unreachable, "the connection to the database server broke", _LATER),
    "58": (CannotWrite, "the disk of the database server does not take what must be written", "check it"),
    "28": (BadInput, "the database server does not let this user in", _GIVE_PASSWORD),
    "3D000": (NotFound, "there is no such database", "make it with 'createdb', or name another"),
    "3F000": (NotFound, "there is no such schema in the database", "make it with 'genzu init', or name another"),
    "22001": (BadInput, "a text is too long for the ledger", "shorten it"),
    "22021": (BadInput, "a text has letters that cannot be stored", "write it anew"),
    "XX001": (LedgerBroken, "the ledger is damaged on the server", "bring it back from a backup of the server"),
    "XX002": (LedgerBroken, "the ledger is damaged on the server", "have its indexes made anew (REINDEX)"),
    "42P01": (LedgerBroken, "a table of the ledger is gone", "bring it back from a backup of the server"),
    "42703": (LedgerBroken, "a column of the ledger is gone", "bring it back from a backup of the server"),
    "23": (LedgerBroken, "the ledger refuses this change", "add a new take instead"),
    "P0001": (LedgerBroken, "the ledger refuses this change", "add a new take instead"),
}
# A server that refuses a connection says so without a code, in English unless it was set up otherwise.
_WORDS: tuple[tuple[str, _Told], ...] = (
    ("password authentication failed", _STATES["28"]),
    ("no password supplied", _STATES["28"]),
    ("no pg_hba.conf entry", _STATES["28"]),
    ('role "', _STATES["28"]),
    ("too many", _STATES["53300"]),
    ("remaining connection slots", _STATES["53300"]),
    ("starting up", _STATES["57"]),
    ("shutting down", _STATES["57"]),
    ("does not exist", _STATES["3D000"]),
)
_NO_ANSWER: _Told = (Unreachable, "the database server does not answer", "check the URL, and that the server runs")
_BROKE_OFF: _Told = (
    Unreachable, "the connection to the database server broke",
    "look at what was recorded, then run the same command again",
)  # fmt: skip
_BREAKS = (
    "server closed the connection",
    "connection is lost",
    "consuming input failed",
    "connection is closed",
    "sending query failed",
    "could not receive data",
    "terminating connection",
    "SSL connection has been closed",
)
_PASSING = ("40001", "40P01", "57P03", "53300")


def translation(error: BaseException, where: Path | str) -> GenzuError:
    """One of our errors for one of the driver's."""
    kind, what, do = _told(error)
    return kind(f"{what} ({_words(error)})", where=where, do=do)


def passes_by(error: BaseException | None) -> bool:
    """True for what may be well in a moment: a deadlock that was broken, a server that starts or is full of clients."""
    if error is None:
        return False
    return state(error) in _PASSING or (state(error) is None and _told(error) in (_STATES["57"], _STATES["53300"]))


def no_answer(error: BaseException | None) -> bool:
    """True if nobody is there who could answer: a server that is being started anew looks like this, too."""
    return error is not None and state(error) is None and _told(error) == _NO_ANSWER


def state(error: BaseException) -> str | None:
    """SQLSTATE, if the server gave one."""
    found = getattr(error, "sqlstate", None)
    return found if isinstance(found, str) else None


def _told(error: BaseException) -> _Told:
    code = state(error)
    if code is not None:
        unknown: _Told = (CannotWrite, "the database refuses", "check the database server")
        return _STATES.get(code) or _STATES.get(code[:2]) or unknown
    words = str(error)
    if type(error).__name__ == "DataError":  # the driver's own: a NUL in a text
        return _STATES["22021"]
    for sign, told in _WORDS:
        if sign in words:
            return told
    return _BROKE_OFF if any(sign in words for sign in _BREAKS) else _NO_ANSWER


def _words(error: BaseException) -> str:
    """The first line of what was said; the rest repeats it or gives hints for another program."""
    diagnosis = getattr(error, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    lines = (primary or str(error)).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
