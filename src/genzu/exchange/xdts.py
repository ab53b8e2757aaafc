"""XDTS, the exchange format of digital time sheets: a first line of its own, then JSON; one file is one cut.

The format: "XDTS file format" ver. 1.0 (Toei Animation and Celsys, 2022). Fields 0 cells, 3 dialogue, 5 camera work;
a frame stands only where something changes. It has no frame rate and nothing of places, layouts and transitions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from genzu.core.atomic import replacing
from genzu.core.camera import CameraPath
from genzu.core.codec import Fields, shown
from genzu.core.cutlist import FIELDS, CutList, CutListEntry, ReadList, joined, tidy, tidy_names
from genzu.core.findings import Finding, Spot, few, warning
from genzu.core.numbers import CUT_NUMBER, number_in, same_number
from genzu.core.timing import FILM, LONGEST, FrameRate
from genzu.errors import BadInput, BadRecord
from genzu.exchange.cutlist_text import decode, read_bytes
from genzu.exchange.json_text import safe_json

FIRST_LINE = "exchangeDigitalTimeSheet Save Data"
_TDTS = "toeiDigitalTimeSheet Save Data"
VERSION, _VERSIONS = 5, (5, 10)
EMPTY = "SYMBOL_NULL_CELL"
_GO_ON = ("SYMBOL_HYPHEN", "SYMBOL_TICK_1", "SYMBOL_TICK_2")
"""What stood before goes on; the ticks are marks for the inbetweener."""
_KIND = "digital time sheet (XDTS)"
HELD = frozenset({"frames", "books", "cels", "camera", "camera_words"})
_CAMERA, _PATH, _BG = "CAM", "PATH", "BG"


class SheetField(IntEnum):
    """What a group of tracks is about."""

    CELL = 0
    DIALOGUE = 3
    CAMERA = 5


@dataclass(frozen=True, slots=True)
class SheetTrack:
    """One column of the sheet."""

    field: SheetField
    name: str
    changes: tuple[tuple[int, str], ...]
    """Frame, counted from 0, and what stands there from then on, symbols included."""

    def spans(self, frames: int) -> Iterator[tuple[int, int, str]]:
        """First frame, frame after the last, and text of everything that is not empty."""
        keys = [(max(0, at), value) for at, value in sorted(self.changes) if value not in _GO_ON]
        for index, (at, value) in enumerate(keys):
            end = keys[index + 1][0] if index + 1 < len(keys) else frames
            if value != EMPTY and min(end, frames) > at:
                yield at, min(end, frames), value


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSheet:
    """The sheet of one cut."""

    frames: int
    name: str = ""
    cut: str = ""
    """Up to four digits, as the format has them; empty: not said."""
    scene: str = ""
    tracks: tuple[SheetTrack, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= LONGEST:
            raise BadRecord(f"{shown(self.frames)} frames are no length", where="timeTables[0].duration")

    def of(self, field: SheetField) -> tuple[SheetTrack, ...]:
        """The tracks of a field, the lowest first."""
        return tuple(track for track in self.tracks if track.field is field)


def read_time_sheet(path: Path) -> tuple[TimeSheet, tuple[Finding, ...]]:
    """Read a sheet, and what could not be taken. Raises ``BadInput``; ``BadRecord`` with the path to the field."""
    text = decode(read_bytes(path), path)
    first, _, rest = text.partition("\n")
    if first.strip() == _TDTS:
        raise BadInput("this is a TDTS file", where=path, do="save the time sheet as XDTS")
    if not text.startswith(FIRST_LINE):
        raise BadInput(f"this is no {_KIND}: its first line is another", where=path, do="save it as XDTS")
    record = safe_json(rest if first.strip() == FIRST_LINE else text.removeprefix(FIRST_LINE), path, _KIND)
    try:
        return _sheet(record, Spot(file=path.name))
    except BadRecord as broken:
        raise BadRecord(broken.what, where=f"{path.name}: {broken.where}", do="save the time sheet anew") from None


def write_time_sheet(path: Path, sheet: TimeSheet) -> None:
    """Write a sheet in version 5 of the format, which every program that knows it reads."""
    headers, groups = [], []
    for field in SheetField:
        tracks = sheet.of(field)
        if not tracks:
            continue
        headers.append({"fieldId": int(field), "names": [track.name for track in tracks]})
        groups.append({"fieldId": int(field), "tracks": [_track(n, track) for n, track in enumerate(tracks)]})
    table = {"duration": sheet.frames, "name": sheet.name, "timeTableHeaders": headers, "fields": groups}
    record: dict[str, Any] = {"timeTables": [table], "version": VERSION}
    if sheet.cut:
        record["header"] = {"cut": sheet.cut, "scene": sheet.scene or "1"}
    with replacing(path) as scratch:
        scratch.write_bytes(f"{FIRST_LINE}\n{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode())


def read_xdts(path: Path, fps: FrameRate) -> ReadList:
    """A list of one cut: its length, its cels and BOOKs, and what the camera does."""
    sheet, findings = read_time_sheet(path)
    spot = Spot(file=path.name)
    found = list(findings)
    number = _number(sheet)
    if not number:
        number = number_in(path.stem)
        found.append(warning(f"the sheet has no cut number; by the file's name it is cut {number}", spot, "number"))
    spoken = sum(1 for track in sheet.of(SheetField.DIALOGUE) for _ in track.spans(sheet.frames))
    if spoken:
        found.append(warning(f"{spoken} lines of dialogue are not taken", spot))
    names = [track.name for track in sheet.of(SheetField.CELL) if next(track.spans(sheet.frames), None)]
    camera, words = _camera(sheet)
    entry = CutListEntry(
        number=number, frames=sheet.frames, books=tidy_names(joined(tuple(n for n in names if _is_book(n)))),
        cels=tidy_names(joined(tuple(n for n in names if n and not _is_book(n) and n != _BG))),
        camera=camera, camera_words=words, spot=spot, held=HELD,
    )  # fmt: skip
    return ReadList(CutList(entries=(entry,), fps=fps), tuple(found))


def write_xdts(path: Path, entry: CutListEntry) -> None:
    """Write the sheet of a cut; see :func:`losses_of`. ``BadInput`` for a cut without a length."""
    if not entry.frames or entry.frames < 1:
        raise BadInput(f"cut {entry.number} has no length", where=path, do="give it one: a time sheet is as long as it")
    write_time_sheet(path, sheet_of(entry, entry.frames))


def sheet_of(entry: CutListEntry, frames: int) -> TimeSheet:
    """The sheet of a cut: BG and BOOKs as cells from its first frame to its last, the camera's words and path."""
    digits = re.search(r"[0-9]+", entry.number)
    cells = tuple(SheetTrack(SheetField.CELL, name, ((0, "1"), (frames, EMPTY))) for name in (_BG, *entry.books))
    said = ((_CAMERA, entry.camera_words), (_PATH, str(entry.camera) if entry.camera else ""))
    camera = tuple(SheetTrack(SheetField.CAMERA, name, ((0, text), (frames, EMPTY))) for name, text in said if text)
    cut = digits[0] if digits and len(digits[0]) <= 4 else ""
    return TimeSheet(frames=frames, name=entry.number, cut=cut, scene="1" if cut else "", tracks=cells + camera)


def _track(number: int, track: SheetTrack) -> dict[str, Any]:
    frames = [{"data": [{"id": 0, "values": [value]}], "frame": at} for at, value in track.changes]
    return {"frames": frames, "trackNo": number}


def _is_book(name: str) -> bool:
    return name.upper().startswith("BOOK")


def _number(sheet: TimeSheet) -> str:
    """The name of the sheet if it is the header's number with letters, else the header's."""
    digits = re.search(r"[0-9]+", sheet.name)
    same = digits is not None and (not sheet.cut or same_number(digits[0]) == same_number(sheet.cut))
    if CUT_NUMBER.fullmatch(sheet.name) and (same or not sheet.cut):
        return sheet.name
    return sheet.cut if CUT_NUMBER.fullmatch(sheet.cut) else ""


def _camera(sheet: TimeSheet) -> tuple[CameraPath | None, str]:
    """The one instruction that is a path, and the others in words, with their frames where they are not the whole."""
    path, words = None, []
    for track in sheet.of(SheetField.CAMERA):
        for start, end, said in track.spans(sheet.frames):
            text = tidy(said)
            try:
                path = path or CameraPath.parse(text)
                if str(path) == text:
                    continue
            except BadInput:
                pass
            words.append(text if (start, end) == (0, sheet.frames) else f"{text} ({start + 1}–{end})")
    return path, "\n".join(word for word in words if word)


def _sheet(record: dict[str, Any], spot: Spot) -> tuple[TimeSheet, tuple[Finding, ...]]:
    fields, findings = Fields(record), list[Finding]()
    version = fields.take("version", int)
    if version not in _VERSIONS:
        findings.append(warning(f"version {version} of the format is not known; it is read as version {VERSION}", spot))
    tables = fields.take("timeTables", list)
    if not tables:
        raise BadRecord("there is no time table in it", where="timeTables")
    if len(tables) > 1:
        findings.append(warning(f"of {len(tables)} time tables only the first is taken", spot))
    header = Fields(fields.take("header", dict, None) or {}, "header")
    table = Fields(tables[0], "timeTables[0]")
    if (rate := table.take("frameRate", float, None)) is not None and rate != 24:
        findings.append(
            warning(f"the sheet says {rate:g} frames a second, which XDTS has no place for: give --fps", spot)
        )
    groups = table.each("fields", lambda item, where: Fields(item, where))
    names = dict(table.each("timeTableHeaders", _names))
    tracks, unknown = list[SheetTrack](), set[int]()
    for group in groups:
        number = group.take("fieldId", int)
        if number not in [int(field) for field in SheetField]:
            unknown.add(number)
            continue
        tracks += _tracks(group, SheetField(number), names.get(number, ()))
    if unknown:
        findings.append(warning(f"fields {sorted(unknown)} are not known and not taken", spot))
    sheet = TimeSheet(
        frames=table.take("duration", int), name=tidy(table.take("name", str, None) or ""), tracks=tuple(tracks),
        cut=tidy(header.take("cut", str, None) or ""), scene=tidy(header.take("scene", str, None) or ""),
    )  # fmt: skip
    return sheet, tuple(findings)


def _names(item: object, where: str) -> tuple[int, tuple[str, ...]]:
    fields = Fields(item, where)
    return fields.take("fieldId", int), fields.each("names", _text)


def _tracks(group: Fields, field: SheetField, names: tuple[str, ...]) -> Iterator[SheetTrack]:
    """Tracks with their names, in the order of their numbers: 0 is the lowest layer."""

    def track(item: object, where: str) -> tuple[int, SheetTrack]:
        fields = Fields(item, where)
        number = fields.take("trackNo", int)
        if not 0 <= number < 10_000:
            raise BadRecord(f"{number} is no track", where=fields.where("trackNo"))
        name = tidy(names[number]) if number < len(names) else ""
        return number, SheetTrack(field, name or f"{field.name} {number}", fields.each("frames", _change))

    yield from (found for _, found in sorted(group.each("tracks", track), key=lambda one: one[0]))


def _change(item: object, where: str) -> tuple[int, str]:
    fields = Fields(item, where)
    at = fields.take("frame", int)
    if abs(at) > LONGEST:
        raise BadRecord(f"{shown(at)} is no frame", where=fields.where("frame"))
    data = fields.each("data", lambda one, path: Fields(one, path).each("values", _text))
    values = [value for value in (data[0] if data else ()) if value]
    return at, " ".join(values) or EMPTY


def _text(item: object, where: str) -> str:
    if not isinstance(item, str):
        raise BadRecord(f"{shown(item)} is not text", where=where)
    return item


def losses_of(cutlist: CutList) -> tuple[Finding, ...]:
    """What time sheets do not hold of a film; cels are left out because a list does not know their timing."""
    empty, found = CutListEntry(number="0"), list[Finding]()
    for name in FIELDS:
        lost = [one.number for one in cutlist.entries if getattr(one, name) != getattr(empty, name)]
        if lost and name not in HELD - {"cels"}:
            found.append(warning(f"XDTS does not hold this of {len(lost)} cuts ({few(lost)})", column=name))
    odd = [one.number for one in cutlist.entries if any(not _is_book(name) for name in one.books)]
    if odd:
        found.append(warning(f"BOOKs that are not named BOOK… come back as cels in: {few(odd)}", column="books"))
    unmeasured = [one.number for one in cutlist.entries if not one.frames]
    if unmeasured:
        found.append(warning(f"without a length these cuts get no sheet: {few(unmeasured)}", column="frames"))
    if cutlist.fps != FILM:
        found.append(warning(f"XDTS holds no frame rate: import it with --fps {cutlist.fps}"))
    if cutlist.title:
        found.append(warning("XDTS holds no title of the film"))
    return tuple(found)


def merged(first: CutListEntry, second: CutListEntry) -> CutListEntry:
    """One entry of a sheet and of a layout's file: each says what the other cannot."""
    said = {name: getattr(second, name) for name in second.held if getattr(second, name)}
    return replace(first, **said, held=first.held | second.held)
