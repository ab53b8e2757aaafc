"""The licence ledger of a folder of paintings: whose each file is, and under which terms it may be learned from.

``licences.csv`` in the folder, columns ``file, owner, licence, source``; a ledger with ``author`` and
``licence_spdx`` is taken too, and more columns are let be. UTF-8, or Shift-JIS as a Japanese Excel saves it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from genzu.core.atomic import replacing
from genzu.errors import BadInput

LEDGER = "licences.csv"
_NAMES = (LEDGER, "licenses.csv", "LICENCES.csv", "LICENSES.csv", "ledger.csv", "LEDGER.csv")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "path", "ファイル", "ファイル名"),
    "owner": ("owner", "author", "rights holder", "権利者", "作者"),
    "licence": ("licence", "license", "licence_spdx", "license_spdx", "ライセンス", "許諾"),
    "source": ("source", "origin", "出典"),
    "sha": ("sha256", "sha"),
    "words": ("caption", "tags", "キャプション", "タグ"),
}
_NOT_SAID = frozenset(
    ("", "?", "-", "–", "n/a", "na", "none", "unknown", "tbd", "todo", "不明", "未定", "なし", "要確認")
)
_LIMITED = re.compile(r"(?<![a-z])(?:nc|nd|non-?commercial|no-?deriv\w*|non-?free|all rights reserved)(?![a-z])", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    file: str
    """As the ledger spells it, with ``/``."""
    owner: str
    licence: str
    source: str = ""
    sha: str = ""
    """SHA-256 that the file had when the entry was made; empty if the ledger does not say."""
    words: str = ""
    """Caption or tags, if the ledger has such a column."""

    @property
    def limited(self) -> bool:
        """True if the licence itself names a limit (non-commercial, no derivatives) that a person must judge."""
        return _LIMITED.search(self.licence) is not None


def key_of(name: str) -> str:
    """The form in which file names are compared: composed letters, ``/`` between folders."""
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/")).removeprefix("./")


def find_ledger(folder: Path) -> Path | None:
    """The ledger of a folder, or ``None``."""
    return next((folder / name for name in _NAMES if (folder / name).is_file()), None)


def read_ledger(path: Path) -> dict[str, Entry]:
    """Entries by file; raises :class:`BadInput` with the line for a ledger that is not clear.

    A line without owner or licence (empty, ``?``, ``unknown``, ``不明`` …) is no entry.
    """
    rows = csv.DictReader(io.StringIO(_text(path)), restkey="", restval="")
    try:
        columns = _columns(rows.fieldnames or (), path)
        entries: dict[str, Entry] = {}
        for row in rows:
            entry = Entry(**{name: _tidy(row[column]) for name, column in columns.items()})
            key = key_of(entry.file)
            if not key or not _says(entry.owner) or not _says(entry.licence):
                continue
            if entries.get(key, entry) != entry:
                raise BadInput(
                    f"line {rows.line_num}: {entry.file} is entered twice and differs", where=path, do="keep one line"
                )
            entries[key] = entry
    except csv.Error as error:
        raise BadInput(
            f"line {rows.line_num} cannot be read ({error})", where=path, do="save it as CSV again"
        ) from None
    return entries


def write_entries(path: Path, files: Sequence[tuple[str, str]], *, owner: str, licence: str, source: str) -> None:
    """Add a line for each (file, SHA-256) to the ledger at ``path`` (made if absent); older lines stay as they are."""
    if not _says(owner) or not _says(licence):
        raise BadInput("an entry needs an owner and a licence", do="say both, in the words of your contract")
    head = ["file", "owner", "licence", "source", "sha256"]
    before = _text(path) if path.exists() else ""
    if before.strip():
        names = next(csv.reader([before.splitlines()[0]]))
        columns = {column: name for name, column in _columns(names, path).items()}
        order = [columns.get(name, "") for name in names]
    else:
        order, before = ["file", "owner", "licence", "source", "sha"], ",".join(head) + "\r\n"
    text = io.StringIO(newline="")
    text.write(before if before.endswith(("\n", "\r")) else before + "\r\n")
    lines = csv.writer(text)
    for file, sha in files:
        facts = {"file": file, "owner": owner, "licence": licence, "source": source, "sha": sha}
        lines.writerow([facts.get(column, "") for column in order])
    with replacing(path) as scratch:
        # With a mark for UTF-8, without which Excel reads Japanese names as something else.
        scratch.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())


def _text(path: Path) -> str:
    content = path.read_bytes()
    for coding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise BadInput("its letters cannot be read", where=path, do="save it as CSV in UTF-8")


def _columns(found: Iterable[str], path: Path) -> dict[str, str]:
    """Our names of the columns to those of the file."""
    there = {_tidy(name).casefold(): name for name in found if name}
    columns = {ours: next((there[name] for name in names if name in there), None) for ours, names in _COLUMNS.items()}
    missing = [ours for ours in ("file", "owner", "licence") if columns[ours] is None]
    if missing:
        raise BadInput(
            f"the licence ledger has no column {' and no column '.join(missing)}", where=path,
            do="begin it with the line: file,owner,licence,source",
        )  # fmt: skip
    return {ours: name for ours, name in columns.items() if name is not None}


def _tidy(value: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(value or "")).split())


def _says(value: str) -> bool:
    return value.strip().casefold() not in _NOT_SAID
