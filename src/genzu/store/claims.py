"""Who is painting which cut at this moment, so that two processes do not paint the same one.

A claim is a row with host, process and a last sign of life. On its own host a process is seen to be dead at once, even
if it was killed; one on another host counts as dead when it has given no sign of life for a long time.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import ColumnElement, delete, insert, select, update

from genzu.errors import GenzuError
from genzu.store.ledger import Ledger
from genzu.store.models import ClaimRow, CutRow

SILENT_AFTER_S = 5 * 60
"""A claim of another host is let go after so long without a sign of life: intake of a wide sheet tells nothing."""
_BEAT_EVERY_S = 30


@dataclass(frozen=True, slots=True)
class Claim:
    """A cut that is being painted."""

    cut: str
    holder: str
    host: str
    process: str
    beat: int

    @property
    def alive(self) -> bool:
        """False if the process that holds it has ended, or has been silent for too long on another host."""
        known = _lives(self.process) if self.host == _this_host() else None
        return time.time() - self.beat < SILENT_AFTER_S if known is None else known


class Claims:
    """The claims of one show."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @contextmanager
    def holding(self, cut: str) -> Iterator[Hold | None]:
        """Hold the claim of a cut for a block of work; ``None`` if a living process holds it."""
        hold = self._take(cut)
        try:
            yield hold
        finally:
            if hold is not None:
                with suppress(GenzuError):  # a full disk: the claim ends with the process
                    hold.let_go()

    def held(self) -> dict[str, Claim]:
        """Claims of living processes by cut."""
        with self._ledger.reading() as connection:
            rows = connection.execute(select(*ClaimRow.__table__.columns)).all()
        claims = [Claim(row.cut, row.holder, row.host, row.process, row.beat) for row in rows]
        return {claim.cut: claim for claim in claims if claim.alive}

    def _take(self, cut: str) -> Hold | None:
        holder = secrets.token_hex(12)
        with self._ledger.writing() as connection:
            # On a server this row lock makes the next lines one step; SQLite's writer is alone already.
            connection.execute(select(CutRow.number).where(CutRow.number == cut).with_for_update())
            row = connection.execute(select(*ClaimRow.__table__.columns).where(ClaimRow.cut == cut)).first()
            if row is not None and Claim(row.cut, row.holder, row.host, row.process, row.beat).alive:
                return None
            connection.execute(delete(ClaimRow).where(ClaimRow.cut == cut))
            connection.execute(
                insert(ClaimRow).values(
                    cut=cut, holder=holder, host=_this_host(), process=_this_process(), beat=int(time.time())
                )
            )
        return Hold(self._ledger, cut, holder)


class Hold:
    """A claim that this process holds."""

    def __init__(self, ledger: Ledger, cut: str, holder: str) -> None:
        self._ledger, self._cut, self._holder = ledger, cut, holder
        self._told = time.monotonic()

    def beat(self) -> None:
        """Give a sign of life; written at most twice a minute."""
        if time.monotonic() - self._told < _BEAT_EVERY_S:
            return
        self._told = time.monotonic()
        with suppress(GenzuError), self._ledger.writing() as connection:
            connection.execute(update(ClaimRow).where(*self._own()).values(beat=int(time.time())))

    def let_go(self) -> None:
        """End the claim."""
        with self._ledger.writing() as connection:
            connection.execute(delete(ClaimRow).where(*self._own()))

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return (ClaimRow.cut == self._cut, ClaimRow.holder == self._holder)


@cache
def _this_host() -> str:
    """The machine, and on Linux the process namespace: containers may share a name, and not their process ids."""
    space = ""
    with suppress(OSError):
        space = str(Path("/proc/self/ns/pid").stat().st_ino)
    return sha256(f"{socket.gethostname()} {space}".encode()).hexdigest()[:16]


def _this_process() -> str:
    began = _began(os.getpid())
    return f"{os.getpid()}-{began}" if began else str(os.getpid())


def _lives(process: str) -> bool | None:
    """Whether a process of this machine lives; ``None`` where that cannot be asked without harm (Windows)."""
    pid, _, began = process.partition("-")
    now = _began(int(pid))
    if now is not None and began:
        return now == began  # process ids are used again
    if os.name != "posix":
        return None
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _began(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; empty for one that has ended; ``None`` without /proc."""
    try:
        # Field 22 of /proc/PID/stat; field 2 is the name, which may hold blanks and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    except (OSError, IndexError):
        return None
