"""What a ledger must know of its database: :mod:`genzu.store.sqlite` and :mod:`genzu.store.postgresql` tell it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from genzu.errors import GenzuError


class Database(Protocol):
    """What a ledger must know of its database."""

    def engine(self) -> Engine:
        """Its connections."""
        ...

    def for_reading(self, engine: Engine) -> Engine:
        """Connections whose transactions see one state."""
        ...

    def for_writing(self, engine: Engine) -> Engine:
        """Connections whose transactions begin with the write lock."""
        ...

    def make_room(self, connection: Connection) -> None:
        """Prepare an empty database for the tables."""
        ...

    def passes_by(self, error: BaseException | None) -> bool:
        """True if the same may go well in a moment."""
        ...

    def away(self, error: BaseException | None) -> bool:
        """True if nobody answers, as while a server is being started anew."""
        ...

    def translation(self, error: BaseException, where: Path | str) -> GenzuError:
        """One of our errors for one of its own."""
        ...

    def first_fault(self, connection: Connection) -> str | None:
        """Damage that is found quickly."""
        ...

    def faults(self, connection: Connection) -> tuple[str, ...]:
        """All that it finds wrong with itself."""
        ...

    def back_up(self, folder: Path, revision: str) -> Path | None:
        """Copy it into ``folder``, if it is not the business of a server's keeper."""
        ...
