"""The places in a show's folder, and how a show is made so that it is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import insert, select

from genzu.core.atomic import cannot_write, replacing
from genzu.errors import LedgerBroken, NotFound, Refused
from genzu.store.exports import PRIVATE
from genzu.store.ledger import Ledger
from genzu.store.models import ShowRow
from genzu.store.records import add_event, now
from genzu.store.scratch import make_folder, put_new, scratch_file, sweep

_README = """\
Genzu keeps this show here: its pictures, its files and its ledger (every take, name and decision).
Please do not delete, rename or change anything in this folder. To back the show up, copy the whole folder.

このフォルダーには、Genzu がこの作品の画像・ファイル・台帳(全テイク、スタッフ名、承認の記録)を保存しています。
中のファイルを削除・改名・変更しないでください。バックアップするときは、フォルダーごとコピーしてください。
"""


class Folder:
    """Where the things of one show lie."""

    def __init__(self, folder: Path) -> None:
        # Without '..' and absolute, so that it stays right when the working folder changes.
        self.root = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would replace links that people made
        self.private = self.root / PRIVATE
        self.ledger = self.private / "ledger.db"
        self.pictures, self.files = self.private / "pictures", self.private / "files"
        self.scratch, self.backups = self.private / "scratch", self.private / "backup"

    def create(self, title: str, url: str | None) -> tuple[Folder, Ledger]:
        """Make the show. The ledger appears by one rename, complete; until then there is no show."""
        if url is None and self.ledger.exists():
            raise Refused("this folder is a show already", where=self.root, do="open it, or choose another folder")
        self._must_not_be_orphaned(url)
        try:
            make_folder(self.private)
        except OSError as error:
            raise cannot_write(self.root, error) from error
        with replacing(self.private / "README.txt") as readme:
            readme.write_text(_README, encoding="utf-8")
        if url is not None:
            ledger = Ledger.of_url(url)
            _begin(ledger, title)
            return self, ledger
        with scratch_file(self.scratch, ".db") as scratch:
            ledger = Ledger.at(scratch)
            _begin(ledger, title)
            ledger.close()  # the last connection moves the write-ahead log into the file
            put_new(scratch, self.ledger)
        return self, Ledger.at(self.ledger)

    def open(self, url: str | None) -> tuple[Folder, Ledger]:
        """Open the show, clean up after killed processes, migrate an older ledger."""
        if url is None and not self.ledger.is_file():
            self._must_not_be_orphaned(url)
            raise NotFound("this folder is no show", where=self.root, do=f"make one with 'genzu init {self.root}'")
        ledger = Ledger.at(self.ledger) if url is None else Ledger.of_url(url)
        if ledger.revision() is None and url is None:
            raise LedgerBroken(
                "the ledger is empty or is none", where=self.ledger, do="bring ledger.db back from a backup"
            )
        if ledger.revision() is None:
            raise NotFound("this database has no show", where=ledger.where, do="make one with 'genzu init'")
        ledger.must_be_whole()
        ledger.bring_up_to_date(self.backups)
        sweep(self.scratch)
        return self, ledger

    def _must_not_be_orphaned(self, url: str | None) -> None:
        """Pictures without a ledger are a show that lost it: making a new one over them would hide that."""
        if url is None and (self.pictures.exists() or self.files.exists()):
            raise LedgerBroken(
                "this show has pictures but its ledger is gone", where=self.ledger,
                do="bring ledger.db back from a backup (see .genzu/backup)",
            )  # fmt: skip


def _begin(ledger: Ledger, title: str) -> None:
    ledger.bring_up_to_date()
    with ledger.writing() as connection:
        if connection.execute(select(ShowRow.id)).first() is not None:
            raise Refused("this ledger has a show already", where=ledger.where, do="open it, or choose another")
        connection.execute(insert(ShowRow).values(id=1, title=title, created=now()))
        add_event(connection, "show made", detail={"title": title})
