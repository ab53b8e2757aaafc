"""A list of picks as CSV: which candidate of which sheet, chosen by whom."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from genzu.core.cutlist import MOST_ENTRIES, tidy
from genzu.core.findings import Finding, Spot, error, warning
from genzu.errors import BadInput
from genzu.exchange.cutlist_columns import letter
from genzu.exchange.cutlist_text import decode, read_bytes, refuse_endless_lines

HEADINGS = {
    "cut": ("cut", "カット", "cutno", "no", "カット番号", "番号"),
    "sheet": ("sheet", "シート", "bg/book"),
    "candidate": ("candidate", "候補", "pick", "選択", "採用"),
    "by": ("by", "選者", "名前", "name", "担当", "pickedby"),
    "offered": ("offered", "候補一覧"),
    "note": ("note", "備考", "メモ"),
}
"""By field: how its column may be called; blanks, case and width of letters do not count."""
_FIELD = {word: name for name, words in HEADINGS.items() for word in words}
_FORMULA = frozenset("=+-@\t\r'")


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """One row as it stands there; nothing is held against the show yet."""

    spot: Spot
    cut: str
    sheet: str
    candidate: int | None
    """``None``: nobody has chosen yet."""
    by: str
    columns: dict[str, str]
    """Field to letter and heading, for findings."""


def read_picks(path: Path) -> tuple[tuple[PickRow, ...], tuple[Finding, ...]]:
    """The rows that can be read, and what is wrong with the others.

    Raises :class:`BadInput` where there is nothing to read: binary, broken quotes, no column for cut or candidate.
    """
    text = decode(read_bytes(path), path)
    refuse_endless_lines(text, path)
    try:
        table = [
            row
            for _, row in zip(
                range(MOST_ENTRIES), csv.reader(io.StringIO(text, newline=""), _dialect(text)), strict=False
            )
        ]
    except csv.Error as broken:
        raise BadInput(f"it cannot be read ({broken})", where=path, do="save it anew from the spreadsheet") from broken
    of, names, findings = _columns(table[0] if table else [])
    for needed in ("cut", "candidate"):
        if needed not in of:
            raise BadInput(
                f"there is no column for the {needed}", where=path,
                do="name the columns in the first row: cut, sheet, candidate, by (カット, シート, 候補, 選者)",
            )  # fmt: skip
    rows: list[PickRow] = []
    for number, cells in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            row, found = _row(cells, Spot(row=number), of, names)
            findings += found
            rows += [row] if row is not None else []
    return tuple(rows), tuple(findings)


def write_picks(path: Path, rows: Iterable[tuple[str, str, str]]) -> None:
    """A list to fill in: ``rows`` are cut, sheet and what is offered. UTF-8 with BOM and CRLF, as Excel reads it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["cut", "sheet", "candidate", "by", "offered"])
    for cut, sheet, offered in rows:
        writer.writerow([_escaped(cut), _escaped(sheet), "", "", _escaped(offered)])
    path.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, semicolons or tabs: whichever is most in the first row."""
    head = text.partition("\n")[0]

    class Cells(csv.excel):
        delimiter = max(",;\t", key=head.count)
        strict = True

    return Cells


def _columns(headings: Sequence[str]) -> tuple[dict[str, int], dict[str, str], list[Finding]]:
    of: dict[str, int] = {}
    names: dict[str, str] = {}
    findings: list[Finding] = []
    for index, heading in enumerate(headings):
        name = f"{letter(index)} {' '.join(heading.split())[:40]}"
        field = _FIELD.get("".join(unicodedata.normalize("NFKC", heading).casefold().split()))
        if field is None:
            if heading.strip():
                findings.append(warning("this column is not known and is not taken", Spot(row=1), name))
        elif field in of:
            findings.append(error(f"this column means the same as column {names[field]}", Spot(row=1), name))
        else:
            of[field], names[field] = index, name
    return of, names, findings


def _row(
    cells: Sequence[str], spot: Spot, of: dict[str, int], names: dict[str, str]
) -> tuple[PickRow | None, list[Finding]]:
    def text(name: str) -> str:
        index = of.get(name)
        cell = cells[index] if index is not None and index < len(cells) else ""
        plain = tidy(cell)
        return plain[1:] if plain[:1] == "'" and plain[1:2] in _FORMULA else plain

    chosen = unicodedata.normalize("NFKC", text("candidate"))
    number: int | None = None
    if chosen:
        if not (chosen.isdecimal() and int(chosen[:9]) > 0 and len(chosen) <= 9):
            sentence = f"{chosen[:40]!r} is no candidate; write the number under the picture"
            return None, [error(sentence, spot, names["candidate"])]
        number = int(chosen)
    if not text("cut"):
        return None, [error("this row has no cut number", spot, names["cut"])]
    row = PickRow(
        spot=spot, cut=text("cut"), sheet=text("sheet") or "BG", candidate=number, by=text("by"), columns=names
    )
    return row, []


def _escaped(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA and cell else cell
