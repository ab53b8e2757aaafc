"""Moving a show's ledger or pictures elsewhere: whole or not at all, and never with two places that both take takes.

The order for a ledger: lock the old one, copy every row, compare counts and digests, commit the new one, close the old
one (its revision becomes ``moved``), have the folder remember the new place. Wherever it is cut off, one ledger takes
takes; if the folder does not know which, opening it says where it is.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text

from genzu.core.codec import canonical
from genzu.errors import CannotWrite, LedgerBroken, Refused
from genzu.store.blobs import Blobs, begin_store, open_blobs
from genzu.store.folder import STORE_README, Folder
from genzu.store.ledger import MOVED, Ledger
from genzu.store.models import Base
from genzu.store.records import add_event
from genzu.store.scratch import put_new, scratch_file, sha_of_file
from genzu.store.sqlite import SQLite
from genzu.store.where import HERE, Where

_CHUNK = 500
_KINDS = ("pictures", "files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied."""

    source: str
    target: str
    rows: int = 0
    """Rows of a ledger."""
    digest: str = ""
    """SHA-256 of all rows, whatever their order; the same of both ledgers."""
    blobs: int = 0
    """Pictures and files that were not there already."""
    backup: str = ""
    """Where the old one is kept."""


def copy_ledger(folder: Path, to: str) -> Copied:
    """Copy the ledger as it is now to an empty database, or into a new file; the show goes on with its own.

    ``to`` is a URL, or the path of a ``.db`` file. Raises :class:`Refused` if something is there already.
    """
    _, ledger = Folder(folder).open(None)
    with closing(ledger), ledger.reading() as source:
        if "://" in to:
            with closing(Ledger.of_url(to)) as target:
                return _copied(ledger, str(target.where), _fill(source, target))
        path = Path(to).absolute()
        with _new_file(path.parent, path) as target:
            return _copied(ledger, str(path), _fill(source, target))


def move_ledger(folder: Path, to: str) -> Copied:
    """Move the ledger to an empty database, or (``folder``) back into the show's folder; the old one is kept.

    Processes that have the show open are refused from then on and must open it again. Raises :class:`Refused` if the
    ledger is there already or another show is, :class:`LedgerBroken` if the copy is not the same.
    """
    places, ledger = Folder(folder).open(None)
    where = replace(places.where, ledger=Where.asked(None if to == HERE else to, None).ledger)
    if where == places.where:
        raise Refused("the ledger is there already", where=ledger.where, do="name another place")
    backup = f"{ledger.where} (closed)"
    with ledger.writing() as source:
        if where.ledger is None:
            _make_way(places.ledger)
            with _new_file(places.scratch, places.ledger) as target:
                rows = _fill(source, target)
        else:
            with closing(Ledger.of_url(where.ledger)) as target:
                rows = _fill(source, target)
        if not ledger.on_a_server:
            backup = str(SQLite(ledger.url).back_up(places.backups, MOVED))
        told = {"from": str(ledger.where), "to": where.ledger or HERE}
        add_event(source, "ledger moved", detail=told)
        source.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})
    ledger.close()
    places.remember(where)
    if where.ledger is not None and not ledger.on_a_server:
        with suppress(Refused):  # somebody has it open; it is closed for writing all the same
            _make_way(places.ledger)
    _, now = Folder(folder).open(None)
    with closing(now), now.writing() as connection:
        add_event(connection, "ledger moved", detail=told)
    return replace(_copied(ledger, str(now.where), rows), backup=backup)


def move_pictures(folder: Path, to: str, progress: Callable[[float], None]) -> Copied:
    """Move pictures and files to a store, or (``folder``) back into the show's folder; the old ones stay as a backup.

    First all that is there while others go on painting, then, under the ledger's lock, what came since. Processes that
    have the show open are refused from then on and must open it again. Other folders that joined the show must join
    it anew. Raises :class:`Refused` if they are there already, :class:`LedgerBroken` for a damaged file.
    """
    places, ledger = Folder(folder).open(None)
    where = replace(places.where, pictures=Where.asked(None, None if to == HERE else to).pictures)
    source = places.whereabouts(ledger).pictures
    if where == places.where:
        raise Refused("the pictures are there already", where=source, do="name another place")
    begin_store(where.pictures, places.private, STORE_README)
    target = where.pictures or str(places.private)
    with closing(ledger):
        count = _carry(places, where, progress)
        with ledger.writing() as connection:
            count += _carry(places, where, lambda _share: None)
            add_event(connection, "pictures moved", detail={"from": source, "to": where.pictures or HERE})
            # Before the commit: whoever waits for the lock looks at the file when it has it.
            places.remember(where)
    return Copied(source=source, target=target, blobs=count, backup=source)


def _carry(places: Folder, where: Where, progress: Callable[[float], None]) -> int:
    """Copy what the new place does not hold yet; give how many that were."""
    moved = 0
    jobs = [(kind, name) for kind in _KINDS for name in places.blobs(kind).names()]
    new = {kind: open_blobs(where.pictures, kind, places.private) for kind in _KINDS}
    for done, (kind, name) in enumerate(jobs, start=1):
        moved += _carry_one(places.blobs(kind), new[kind], name)
        progress(done / len(jobs))
    return moved


def _carry_one(old: Blobs, new: Blobs, name: str) -> bool:
    with old.original(name) as path:
        size = path.stat().st_size
        if new.holds(name, sha="", size=size) if new.copies else new.holds(name, sha=sha_of_file(path), size=size):
            return False
        with scratch_file(new.scratch, path.suffix) as scratch:
            try:
                shutil.copyfile(path, scratch)
            except OSError as error:
                raise CannotWrite(f"cannot be copied ({error.strerror})", where=name, do="make room") from error
            sha = sha_of_file(scratch)
            new.put(scratch, name)
        if not new.holds(name, sha=sha, size=size):
            raise LedgerBroken("this arrived damaged", where=new.where(name), do="run the same command again")
    return True


def _copied(ledger: Ledger, target: str, rows: Mapping[str, tuple[int, str]]) -> Copied:
    return Copied(
        source=str(ledger.where), target=target, rows=sum(count for count, _ in rows.values()), digest=_whole(rows)
    )


def _fill(source: Connection, target: Ledger) -> Mapping[str, tuple[int, str]]:
    """Copy every row in one transaction of ``target``, and compare; give the counts and digests of all tables."""
    if target.revision() == MOVED:
        raise Refused(
            "a ledger that was moved away lies there still, closed", where=target.where,
            do="drop its schema, or choose another database or ?schema=NAME",
        )  # fmt: skip
    target.bring_up_to_date()
    wanted = digests(source)
    with target.writing() as there:
        found = digests(there)
        if found == wanted:  # an earlier move came as far as this
            return wanted
        if any(count for count, _ in found.values()):
            raise Refused(
                "this ledger has a show already", where=target.where,
                do="choose an empty database, or another ?schema=NAME",
            )  # fmt: skip
        for table in Base.metadata.sorted_tables:
            _copy_rows(source, there, table)
        if target.on_a_server:
            _count_on(there)
        if digests(there) != wanted:
            raise LedgerBroken("the copy is not the same as the ledger", where=target.where, do="report this fault")
    return wanted


def _copy_rows(source: Connection, there: Connection, table: Table) -> None:
    rows = source.execute(select(table), execution_options={"yield_per": _CHUNK})
    for chunk in rows.mappings().partitions():
        there.execute(insert(table), [dict(row) for row in chunk])


def _count_on(connection: Connection) -> None:
    """Have new rows numbered behind those that were copied with their numbers."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and column.autoincrement is not False:
            last = connection.execute(select(func.max(column))).scalar()
            if last is not None:
                name = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
                connection.execute(name, {"table": table.name, "column": column.name, "last": last})


def digests(connection: Connection) -> dict[str, tuple[int, str]]:
    """Of each table the count of its rows, and a SHA-256 of them that does not depend on their order."""
    found = {}
    for table in Base.metadata.sorted_tables:
        rows = connection.execute(select(table), execution_options={"yield_per": _CHUNK})
        hashes = sorted(sha256(canonical({"row": list(row)}).encode()).digest() for row in rows)
        found[table.name] = (len(hashes), sha256(b"".join(hashes)).hexdigest())
    return found


def _whole(rows: Mapping[str, tuple[int, str]]) -> str:
    return sha256(canonical({name: digest for name, (_, digest) in rows.items()}).encode()).hexdigest()


@contextmanager
def _new_file(folder: Path, path: Path) -> Iterator[Ledger]:
    """A ledger in a scratch file, renamed to ``path`` when it is complete."""
    with scratch_file(folder, ".db") as scratch:
        ledger = Ledger.at(scratch)
        try:
            yield ledger
        finally:
            ledger.close()  # the last connection moves the write-ahead log into the file
        put_new(scratch, path)


def _make_way(path: Path) -> None:
    """Remove a closed ledger file; a copy of it is among the backups. :class:`Refused` if it is in use."""
    if not path.exists():
        return
    with closing(Ledger.at(path)) as old:
        if old.revision() != MOVED:
            raise Refused("there is a ledger already", where=path, do="move it away first")
    with closing(sqlite3.connect(path, timeout=1.0)) as raw:
        try:
            alone = raw.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
        except sqlite3.OperationalError:
            alone = False
    if not alone:
        raise Refused("another program has the old ledger open", where=path, do="close it and try again")
    path.unlink()
