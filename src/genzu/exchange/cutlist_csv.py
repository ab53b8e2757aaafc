"""Cut lists as CSV, the way that spreadsheets and people write them.

Cells that a spreadsheet would run as a formula are written with ``'`` in front and read back without it
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from genzu.core.atomic import replacing
from genzu.core.camera import CameraPath
from genzu.core.codec import Plain
from genzu.core.cutlist import (
    MOST_ENTRIES,
    CutList,
    CutListEntry,
    ReadList,
    joined,
    tidy,
    tidy_names,
)
from genzu.core.findings import Finding, Spot, error, warning
from genzu.core.numbers import CUT_NUMBER, number_in
from genzu.core.timing import FrameRate, from_timecode, length, seconds_and_frames, timecode
from genzu.core.transition import Dissolve
from genzu.errors import BadInput, BadRecord
from genzu.exchange.cutlist_columns import HEADINGS, LOOKED_FOR, Columns, columns, score
from genzu.exchange.cutlist_text import decode, read_bytes, refuse_endless_lines

_T = TypeVar("_T")
_FORMULA = frozenset("=+-@\t\r＝＋－＠'")
_DELIMITERS = ",;\t"
_PAGE = ("number", "length", "frames", "place", "season", "time", "weather", "prompt", "layout", "uses", "books",
         "cels", "camera_words", "camera", "dissolve", "record_in", "note")  # fmt: skip
_NOTHING = ("", "-", "ー", "―", "なし", "無し")
_SHARED = re.compile(r"(?:bg)?(?:兼用)?\s*[:：]?\s*(.+?)\s*(?:と?兼用)?", re.I)
_TEXT = ("place", "season", "time", "weather", "prompt", "note")


def read_cutlist_csv(path: Path, fps: FrameRate) -> ReadList:
    """Read a CSV: ``,`` ``;`` or tab, any common encoding, English or Japanese headings, in any order.

    Rows that cannot be read are findings. Raises ``BadInput`` where there is nothing to read: a binary file, mixed
    encodings, broken quotes, no heading for the cut's number.
    """
    text = decode(read_bytes(path), path)
    refuse_endless_lines(text, path)
    delimiter, skipped, text = _delimiter(text)
    rows = [(number + skipped, row) for number, row in _rows(text, delimiter, path)]
    top = max(rows[:LOOKED_FOR], key=lambda one: score(one[1]), default=(0, []))
    if not score(top[1]):
        seen = ", ".join(cell.strip()[:30] for cell in (rows[0][1] if rows else [])[:8] if cell.strip()) or "nothing"
        raise BadInput(
            f"no column for the cut's number was found, the first row has: {seen}",
            where=path,
            do="name the columns in the first row: cut (カット), length (尺), place (場所) …",
        )
    table = columns(top[1], top[0])
    findings, entries = list(table.findings), list[CutListEntry]()
    for number, row in rows:
        if number > top[0] and any(cell.strip() for cell in row):
            entry, found = _entry(row, number, table, fps)
            findings += found
            entries += [entry] if entry else []
    start = next((entry.record_in for entry in entries[:1] if entry.record_in), 0)
    return ReadList(
        CutList(entries=tuple(entries), fps=fps, record_start=max(0, start), columns=table.names), tuple(findings)
    )


def write_cutlist_csv(path: Path, cutlist: CutList, *, japanese: bool = False) -> tuple[Finding, ...]:
    """Write UTF-8 with BOM and CRLF, so that Excel shows Japanese; gives what CSV does not hold."""
    page = [name for name in _PAGE if name != "record_in" or any(one.record_in is not None for one in cutlist.entries)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([HEADINGS[name][1 if japanese else 0] for name in page])
    for entry in cutlist.entries:
        cells = _cells(entry, cutlist.fps)
        writer.writerow([_escaped(cells[name]) for name in page])
    with replacing(path) as scratch:
        scratch.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())
    return _losses(cutlist)


def _losses(cutlist: CutList) -> tuple[Finding, ...]:
    found = []
    if cutlist.fps != FrameRate():
        found.append(warning(f"CSV holds no frame rate: import it with --fps {cutlist.fps}"))
    if cutlist.title:
        found.append(warning("CSV holds no title of the film"))
    first = cutlist.entries[0].record_in if cutlist.entries else None
    if cutlist.record_start != (first or 0):
        found.append(warning("CSV holds no time at which the film begins, only the times of its cuts"))
    return tuple(found)


def _delimiter(text: str) -> tuple[str, int, str]:
    """The sign between the cells, rows that are left out (``sep=;`` is for Excel only), and the text to read."""
    if found := re.match(r"\"?sep=(.)\"?\r?\n", text[:12], re.I):
        return found[1], 1, text[found.end() :]
    head = "\n".join(text[:20_000].splitlines()[:LOOKED_FOR])

    def recognised(delimiter: str) -> int:
        try:
            return max((score(row) for row in csv.reader(io.StringIO(head), delimiter=delimiter)), default=0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=recognised), 0, text


def _rows(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if number > MOST_ENTRIES + LOOKED_FOR:
                raise BadInput(f"more than {MOST_ENTRIES} rows are no cut list", where=path)
            yield number, row
    except csv.Error as broken:
        what = "a cell is far too long" if "limit" in str(broken) else "the quotes of a cell do not match"
        raise BadInput(
            f"row {number + 1} (near line {reader.line_num}) cannot be read: {what}",
            where=path,
            do="repair it, or save it anew from the spreadsheet",
        ) from broken


class _Row:
    """One row while it is read; what is wrong is noted and reading goes on."""

    def __init__(self, row: Sequence[str], number: int, table: Columns) -> None:
        self._row, self._table = row, table
        self.spot, self.findings = Spot(row=number), list[Finding]()
        extra = [cell for cell in row[table.width :] if cell.strip()]
        if extra:
            self.findings.append(
                error(f"this row has {len(row)} cells, but there are only {table.width} headings", self.spot)
            )

    def text(self, name: str) -> str:
        """The cell of a field; empty if there is none."""
        index = self._table.of.get(name)
        cell = self._row[index] if index is not None and index < len(self._row) else ""
        plain = tidy(_unescaped(cell))
        if plain != _unescaped(cell).replace("\r\n", "\n").replace("\r", "\n").strip():
            self.wrong("it has control characters; write it anew", name)
        return plain

    def wrong(self, sentence: str, name: str) -> None:
        self.findings.append(error(sentence, self.spot, self._table.names.get(name, name)))

    def odd(self, sentence: str, name: str) -> None:
        self.findings.append(warning(sentence, self.spot, self._table.names.get(name, name)))

    def read(self, name: str, read: Callable[[str], _T]) -> _T | None:
        """Read a cell; an empty one is ``None``, one that cannot be read is a finding."""
        text = self.text(name)
        if not text:
            return None
        try:
            return read(text)
        except (BadInput, BadRecord) as broken:
            self.wrong(f"{broken.what}{f'; {broken.do}' if broken.do else ''}", name)
            return None


def _entry(
    row: Sequence[str], number: int, table: Columns, fps: FrameRate
) -> tuple[CutListEntry | None, list[Finding]]:
    cells = _Row(row, number, table)
    cut = cells.read("number", _number)
    if cut is None:
        if not cells.text("number"):
            cells.wrong("this row has no cut number; give it one, or take the row out", "number")
        return None, cells.findings
    path, words = _camera(cells, "camera" in table.of)
    dissolve, unheld = _dissolve(cells, fps)
    note = "\n".join(part for part in (cells.text("note"), unheld) if part)
    values: Plain = {name: cells.text(name) for name in _TEXT if name != "note"}
    entry = CutListEntry(
        number=cut, frames=_length(cells, fps), **values, layout=cells.text("layout").replace("\\", "/"),
        uses=cells.read("uses", _shared) or "", books=tidy_names(cells.text("books"), prefix="BOOK"),
        cels=tidy_names(cells.text("cels")), camera=path, camera_words=words, dissolve=dissolve,
        record_in=cells.read("record_in", lambda text: _record_in(text, fps)), note=note,
        spot=cells.spot, held=_held(table),
    )  # fmt: skip
    return entry, list(dict.fromkeys(cells.findings))


def _held(table: Columns) -> frozenset[str]:
    held = set(table.of) - {"number"}
    if held & {"length", "seconds", "frames"}:
        held = held - {"length", "seconds"} | {"frames"}
    return frozenset(held | {"camera"} if "camera_words" in held else held)


def _number(text: str) -> str:
    number = number_in(text)
    if not unicodedata.normalize("NFKC", text).endswith(number):
        raise BadInput(f"{text[:40]!r} is not a cut number", do="use letters, digits, '.' and '-', or take the row out")
    return number


def _shared(text: str) -> str:
    if text.casefold() in _NOTHING:
        return ""
    found = None if CUT_NUMBER.fullmatch(text) else _SHARED.fullmatch(text)
    return _number(found[1] if found else text)


def _length(cells: _Row, fps: FrameRate) -> int | None:
    """Length from ``3+12``, from a column of frames, or from columns of seconds and frames side by side."""
    both = cells.read("length", lambda text: length(text, fps, unit=""))
    frames = cells.read("frames", lambda text: length(text, fps, unit="frames"))
    seconds = cells.read("seconds", lambda text: length(text, fps, unit="seconds"))
    if seconds is not None:
        return seconds + (frames or 0)
    if both is not None and frames is not None and both != frames:
        cells.wrong(
            f"{cells.text('length')} is {both} frames at {fps} a second, but the list says {frames}; correct one of "
            "them, or give --fps",
            "length",
        )
    return frames if frames is not None else both


def _camera(cells: _Row, has_paths: bool) -> tuple[CameraPath | None, str]:
    words = cells.text("camera_words")
    if has_paths:
        return cells.read("camera", CameraPath.parse), words
    try:
        return (CameraPath.parse(words), "") if words else (None, "")
    except BadInput:
        return None, words


def _dissolve(cells: _Row, fps: FrameRate) -> tuple[Dissolve | None, str]:
    """The dissolve, and words that are none: they go into the note, and somebody is told."""
    text = cells.text("dissolve")
    try:
        return Dissolve.parse(text, fps), ""
    except BadInput as unknown:
        cells.odd(f"{unknown.what}: it is kept in the note, and the film will cut here", "dissolve")
        return None, text


def _record_in(text: str, fps: FrameRate) -> int:
    return from_timecode(text, fps) if re.search(r"[:;]", text) else length(text, fps, unit="frames")


def _cells(entry: CutListEntry, fps: FrameRate) -> dict[str, str]:
    frames, at = entry.frames, entry.record_in
    within = at is not None and 0 <= at < 24 * 3600 * fps.nominal - 24 * 60 * fps.nominal
    return {
        **{name: getattr(entry, name) for name in (*_TEXT, "number", "layout", "uses", "camera_words")},
        "length": "" if frames is None or frames < 0 else seconds_and_frames(frames, fps),
        "frames": "" if frames is None else str(frames),
        "books": joined(entry.books), "cels": joined(entry.cels),
        "camera": str(entry.camera) if entry.camera else "", "dissolve": str(entry.dissolve or ""),
        "record_in": "" if at is None else timecode(at, fps) if within else str(at),
    }  # fmt: skip


def _escaped(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA and cell else cell


def _unescaped(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and cell[1:] else cell
