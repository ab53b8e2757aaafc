"""The places of a show's things, and how a show is made so that it is there whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from genzu.core.atomic import cannot_write, replacing
from genzu.errors import BadInput, LedgerBroken, NotFound, Refused, Unreachable
from genzu.store.blobs import Blobs, begin_store, open_blobs
from genzu.store.exports import PRIVATE
from genzu.store.ledger import Ledger
from genzu.store.models import ShowRow, TakeRow
from genzu.store.records import add_event, now
from genzu.store.scratch import make_folder, put_new, scratch_file, sweep
from genzu.store.where import HERE, Where

_README = """\
Genzu keeps this show here: its pictures, its files and its ledger (every take, name and decision).
Please do not delete, rename or change anything in this folder. To back the show up, copy the whole folder.
If there is a file where.json, it tells what lies elsewhere: back that up, too.

このフォルダーには、Genzu がこの作品の画像・ファイル・台帳(全テイク、スタッフ名、承認の記録)を保存しています。
中のファイルを削除・改名・変更しないでください。バックアップするときは、フォルダーごとコピーしてください。
where.json がある場合、別の場所にあるものが書いてあります。そちらもバックアップしてください。
"""
STORE_README = """\
Genzu keeps the pictures and files of a show here. Please do not delete, rename or change anything.

Genzu がここに作品の画像とファイルを保存しています。中のファイルを削除・改名・変更しないでください。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where the things of a show lie, for a person to read."""

    folder: str
    ledger: str
    pictures: str

    @property
    def sentence(self) -> str:
        """One line."""
        return f"ledger: {self.ledger} · pictures and files: {self.pictures}"


class Folder:
    """Where the things of one show lie."""

    def __init__(self, folder: Path) -> None:
        # Without '..' and absolute, so that it stays right when the working folder changes.
        self.root = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would replace links that people made
        self.private = self.root / PRIVATE
        self.ledger, self.elsewhere = self.private / "ledger.db", self.private / "where.json"
        self.pictures, self.files = self.private / "pictures", self.private / "files"
        self.scratch, self.backups = self.private / "scratch", self.private / "backup"
        self.where = Where()

    def create(self, title: str, url: str | None, pictures: str | None = None) -> tuple[Folder, Ledger]:
        """Make the show. A ledger in the folder appears by one rename, complete; until then there is no show.

        On a server the show is there with one commit; what the folder then remembers is written after it.
        """
        self.where = Where.asked(url, pictures)
        if self.ledger.exists() or Where.read(self.elsewhere).ledger is not None:
            raise Refused("this folder is a show already", where=self.root, do="open it, or choose another folder")
        self._must_not_be_orphaned()
        ledger = None if self.where.ledger is None else Ledger.of_url(self.where.ledger)
        if ledger is not None:
            ledger.revision()  # a server that is away, or lets nobody in, is told before anything is made
        self._furnish()
        begin_store(self.where.pictures, self.private, STORE_README)
        if ledger is not None:
            _begin(ledger, title)
            self.remember(self.where)
            return self, self._watched(ledger)
        self.remember(self.where)
        with scratch_file(self.scratch, ".db") as scratch:
            ledger = Ledger.at(scratch)
            _begin(ledger, title)
            ledger.close()  # the last connection moves the write-ahead log into the file
            put_new(scratch, self.ledger)
        return self, self._watched(Ledger.at(self.ledger))

    def open(self, url: str | None) -> tuple[Folder, Ledger]:
        """Open the show, clean up after killed processes, migrate an older ledger."""
        self.where = Where.read(self.elsewhere)
        if url is not None:
            self.where = Where.asked(url, self.where.pictures)
        ledger = self._open_ledger()
        if not ledger.on_a_server:
            ledger.must_be_whole()
        ledger.bring_up_to_date(self.backups)
        sweep(self.scratch)
        return self, self._watched(ledger)

    def join(self, url: str, pictures: str | None) -> tuple[Folder, Ledger]:
        """Have this folder open a show that lies elsewhere already; one that it had before must be the same show.

        ``folder`` instead of a URL: the ledger lies here, after a move that was cut off.

        Raises :class:`Refused` for another show, :class:`BadInput` if the show's pictures are not at ``pictures``.
        """
        before, self.where = self._before(), Where.asked(None if url == HERE else url, pictures)
        ledger = self._open_ledger()
        ledger.bring_up_to_date()
        with ledger.reading() as connection:
            found = identity(connection)
            newest = connection.execute(select(TakeRow.picture).order_by(TakeRow.id.desc()).limit(1)).scalar()
        if before not in (None, found):
            raise Refused("this folder is another show already", where=self.root, do="choose another folder")
        self._furnish()
        if newest is not None and not self.blobs("pictures").has(f"{newest[:2]}/{newest[2:]}.png"):
            raise BadInput(
                "the pictures of this show are not there", where=self.whereabouts(ledger).pictures,
                do="tell where they lie with --pictures URL",
            )  # fmt: skip
        self.remember(self.where)
        return self, self._watched(ledger)

    def blobs(self, kind: str) -> Blobs:
        """The store of ``pictures`` or ``files``."""
        return open_blobs(self.where.pictures, kind, self.private)

    def whereabouts(self, ledger: Ledger) -> Whereabouts:
        """For a person to read."""
        return Whereabouts(
            folder=str(self.root), ledger=str(ledger.where), pictures=self.where.pictures or str(self.private)
        )

    def remember(self, where: Where) -> None:
        """Write down what lies elsewhere; nothing is written where nothing does."""
        if where != Where() or self.elsewhere.exists():
            where.write(self.elsewhere)
        self.where = where

    def _open_ledger(self) -> Ledger:
        if self.where.ledger is not None:
            ledger = Ledger.of_url(self.where.ledger)
            if ledger.revision() is None:
                raise NotFound("this database has no show", where=ledger.where, do="make one with 'genzu init'")
            return ledger
        if not self.ledger.is_file():
            self._must_not_be_orphaned()
            raise NotFound("this folder is no show", where=self.root, do=f"make one with 'genzu init {self.root}'")
        ledger = Ledger.at(self.ledger)
        if ledger.revision() is None:
            raise LedgerBroken(
                "the ledger is empty or is none", where=self.ledger, do="bring ledger.db back from a backup"
            )
        return ledger

    def _before(self) -> tuple[str, str] | None:
        """Which show the folder has now; ``None`` if none that can be asked."""
        try:
            self.where = Where.read(self.elsewhere)
            ledger = self._open_ledger()
        except (NotFound, LedgerBroken, Unreachable):
            return None
        with ledger.reading() as connection:
            return identity(connection)

    def _furnish(self) -> None:
        try:
            make_folder(self.private)
        except OSError as error:
            raise cannot_write(self.root, error) from error
        with replacing(self.private / "README.txt") as readme:
            readme.write_text(_README, encoding="utf-8")

    def _watched(self, ledger: Ledger) -> Ledger:
        """Have every writer look whether the show was moved since it was opened."""
        opened = _content(self.elsewhere)

        def must_be_as_opened() -> None:
            if _content(self.elsewhere) != opened:
                raise Refused("the show was moved meanwhile", where=self.root, do="run the same command again")

        ledger.before_writing = must_be_as_opened
        return ledger

    def _must_not_be_orphaned(self) -> None:
        """Pictures without a ledger are a show that lost it: making a new one over them would hide that."""
        if self.where.ledger is None and (self.pictures.exists() or self.files.exists()):
            raise LedgerBroken(
                "this show has pictures but its ledger is gone", where=self.ledger,
                do="bring ledger.db back from a backup (see .genzu/backup)",
            )  # fmt: skip


def identity(connection: Connection) -> tuple[str, str] | None:
    """What tells one show from another: its title and the moment when it was made."""
    row = connection.execute(select(ShowRow.title, ShowRow.created).where(ShowRow.id == 1)).first()
    return None if row is None else (row.title, row.created)


def _begin(ledger: Ledger, title: str) -> None:
    ledger.bring_up_to_date()
    with ledger.writing() as connection:
        if connection.execute(select(ShowRow.id)).first() is not None:
            raise Refused(
                "this ledger has a show already", where=ledger.where,
                do="open it here with --join, or choose another database or ?schema=NAME",
            )  # fmt: skip
        connection.execute(insert(ShowRow).values(id=1, title=title, created=now()))
        add_event(connection, "show made", detail={"title": title})


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise cannot_write(path, error) from error
