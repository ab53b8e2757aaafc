"""What a show's folder remembers of the things that do not lie in it: ``.genzu/where.json``; no such file: all is here.

No password is ever written there: a ledger's comes from the environment or ``~/.pgpass``, a store's from where its
fsspec driver looks for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy.exc import ArgumentError

from genzu.core.atomic import replacing
from genzu.core.codec import Plain
from genzu.errors import BadInput, BadRecord, LedgerBroken
from genzu.store.ledger import checked_url

_KIND, _VERSION = "where a show's things lie", 1
HERE = "folder"
"""The word for the show's own folder where a URL is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """URLs of the ledger and of the store of pictures and files; ``None``: in the show's folder."""

    ledger: str | None = None
    pictures: str | None = None

    @classmethod
    def asked(cls, ledger: str | None, pictures: str | None) -> Where:
        """What a person typed, checked and made uniform; :class:`BadInput` with what is wrong."""
        return cls(ledger=_ledger_url(ledger), pictures=pictures_url(pictures))

    @classmethod
    def read(cls, path: Path) -> Where:
        """What the file says; :class:`BadRecord` or :class:`LedgerBroken` if it cannot be understood."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except (OSError, ValueError) as error:
            raise _damaged(path) from error
        if not isinstance(told, dict) or told.get("kind") != _KIND:
            raise _damaged(path)
        if told.get("version") != _VERSION:
            raise BadRecord("this file was written by a newer Genzu", where=path, do="update Genzu")
        found = {name: told.get(name) for name in ("ledger", "pictures")}
        if not all(value is None or isinstance(value, str) for value in found.values()):
            raise _damaged(path)
        return cls.asked(found["ledger"], found["pictures"])

    def write(self, path: Path) -> None:
        """Replace the file; it is there whole or as it was before."""
        record: Plain = {"kind": _KIND, "version": _VERSION, "ledger": self.ledger, "pictures": self.pictures}
        with replacing(path) as scratch:
            scratch.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def pictures_url(url: str | None) -> str | None:
    """The URL of a store without a slash at its end; an absolute path becomes a ``file`` URL."""
    if url is None:
        return None
    if "://" not in url and Path(url).is_absolute():
        return Path(url).as_uri()
    parts = urlsplit(url)
    if "::" in url or not parts.scheme or "://" not in url:
        raise BadInput(f"{url!r} is no store", do="write it as s3://bucket/folder or file:///folder")
    if parts.password is not None:
        raise BadInput(
            "a password does not belong into the store's URL: others would see it", where=f"{parts.scheme}://…",
            do="leave it out, and give it as the fsspec driver wants it (its environment or configuration file)",
        )  # fmt: skip
    if parts.query or parts.fragment:
        raise BadInput(f"{url!r} has a part behind ? or #", do="write it as s3://bucket/folder or file:///folder")
    if parts.scheme in ("file", "local") and (parts.netloc or not folder_of(url).is_absolute()):
        raise BadInput(f"{url!r} names no absolute folder", do="write it as file:///folder")
    return url.rstrip("/")


def folder_of(url: str) -> Path:
    """The folder that a ``file`` URL names."""
    return Path(url2pathname(urlsplit(url).path))


def _ledger_url(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        return checked_url(url).render_as_string(hide_password=False)
    except ArgumentError as error:
        raise BadInput(
            f"the ledger's URL cannot be used ({error})", do="write it as postgresql+psycopg://user@host/database"
        ) from error


def _damaged(path: Path) -> LedgerBroken:
    return LedgerBroken(
        "this file tells where the ledger lies, and is damaged", where=path,
        do="bring it back from a backup, or write it anew with 'genzu init SHOW --join --ledger URL'",
    )  # fmt: skip
