"""Cut lists as EDL (CMX 3600), by OpenTimelineIO's adapter; looked through first, so that faults have rows.

An EDL holds numbers, lengths, record times, layouts, dissolves that begin with their cut, and a note; nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from genzu.core.atomic import replacing
from genzu.core.cutlist import FIELDS, CutList, CutListEntry, ReadList, tidy
from genzu.core.findings import Finding, Spot, error, errors_of, few, warning
from genzu.core.timing import FrameRate, from_timecode, timecode
from genzu.core.transition import Dissolve
from genzu.errors import BadInput
from genzu.exchange.cutlist_text import decode, read_bytes, refuse_endless_lines
from genzu.exchange.timeline_otio import FOREIGN, library, list_of, timeline_of

HELD = frozenset({"frames", "layout", "dissolve", "record_in", "note"})
MOST_EVENTS = 999
_ADAPTER = "cmx_3600"
_TIME = r"\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.]\d{2,3}"
_EVENT = re.compile(
    rf"\s*(?P<event>\d+)\s+(?P<reel>\S+)\s+(?P<channel>\S+)\s+(?P<kind>C|D|W\d{{3}}|K[BO]?)\s+(?:(?P<wait>\d+)\s+)?"
    rf"(?P<times>{_TIME}\s+{_TIME}\s+{_TIME}\s+{_TIME})\s*"
)
_NO_REELS = ("BL", "BLACK", "BARS")
_NOTE = "NOTE:"
_TO = "TO CLIP: "


@dataclass(frozen=True, slots=True)
class _Event:
    row: int
    number: str
    channel: str
    kind: str
    times: tuple[int, int, int, int]
    """Source in and out, record in and out, in frames."""


def read_edl(path: Path, fps: FrameRate | None = None) -> ReadList:
    """Read the video events. An EDL does not say its frame rate: without ``fps`` it is 24, or 29.97 if it drops frames.

    Source times are not kept (a background has none). Raises ``BadInput`` where there is nothing to read.
    """
    otio = _library()
    text = decode(read_bytes(path), path)
    refuse_endless_lines(text, path)
    lines = text.splitlines()
    rate, findings = _frame_rate(lines, fps)
    events, plain, faults = _events(lines, rate)
    findings += faults
    _must_have_timecode(rate, path)
    if not any(map(_is_video, events)) and not errors_of(findings):
        raise BadInput(
            "there is no event with a picture in this file", where=path, do="check that it is an EDL (CMX 3600)"
        )
    if errors_of(findings):
        return ReadList(CutList(fps=rate), tuple(findings))
    try:
        timeline = otio.adapters.read_from_string("\n".join(plain), adapter_name=_ADAPTER, rate=_counted(rate))
        comments = _named(timeline, findings)
        found = list_of(timeline, FrameRate(Fraction(rate.nominal)) if not rate.drop else rate)
    except (otio.exceptions.OTIOError, *FOREIGN) as broken:
        raise BadInput(
            f"this EDL cannot be read ({str(broken)[:120]})", where=path, do="export it anew as CMX 3600"
        ) from broken
    start = min(event.times[2] for event in events if _is_video(event))
    cutlist = replace(found.cutlist, fps=rate, record_start=start)
    # The adapter's track begins at its first event, so its times are counted from there.
    foreign = sum(not one.startswith(_NOTE) for said in comments for one in said)
    if foreign:
        findings.append(warning(f"{foreign} comments of other programs are not taken"))
    entries = _with_notes(cutlist, comments, [event for event in events if _is_video(event)])
    timed = (replace(one, record_in=None if one.record_in is None else one.record_in + start) for one in entries)
    return ReadList(replace(cutlist, entries=tuple(timed)), (*findings, *found.findings))


def write_edl(path: Path, cutlist: CutList) -> tuple[Finding, ...]:
    """Write a CMX 3600 list, drop-frame if the list's rate is; gives everything that it does not hold."""
    otio = _library()
    fps = cutlist.fps
    _must_have_timecode(fps, path)
    last = cutlist.record_start + cutlist.frames
    if last >= 24 * 3600 * fps.nominal - (2592 * (fps.nominal // 30) if fps.drop else 0):
        raise BadInput("an EDL holds no times beyond a day", where=path, do="begin the film's record time earlier")
    losses = tuple(_losses(cutlist))
    timed = cutlist.with_times()
    kept = tuple(_held(one, index) for index, one in enumerate(timed.entries) if one.frames)
    if not kept:
        raise BadInput(
            "no cut has a length, so there is nothing to write", where=path, do="give the cuts their lengths"
        )
    timeline = timeline_of(replace(timed, entries=kept, title=_one_line(cutlist.title)), _counted(fps))
    for clip, entry in zip(timeline.find_clips(), kept, strict=True):
        reel = re.sub(r"[^0-9A-Za-z]", "", entry.number).upper()[:8]
        notes = [f"{_NOTE} {line}".rstrip() for line in entry.note.splitlines()]
        clip.metadata[_ADAPTER] = {"reel": "AX" if reel in _NO_REELS else reel, "comments": notes}
    # The adapter reads the record times off the track: this is where its own reader puts the start of the film.
    start = otio.opentime.RationalTime(-cutlist.record_start, _counted(fps))
    track = timeline.tracks[0]
    track.source_range = otio.opentime.TimeRange(start, track.duration())
    text = str(otio.adapters.write_to_string(timeline, adapter_name=_ADAPTER, rate=_counted(fps)))
    head = "FCM: DROP FRAME" if fps.drop else "FCM: NON-DROP FRAME"
    title, rest = text.split("\n", 1) if text.startswith("TITLE:") else ("TITLE:", text)
    with replacing(path) as scratch:
        scratch.write_bytes("\r\n".join([title, head, *rest.splitlines(), ""]).encode())
    return losses


def _library() -> Any:
    """OpenTimelineIO, with the adapter for EDL."""
    try:
        import_module("otio_cmx3600_adapter")
    except ImportError as absent:
        raise BadInput(
            "EDL needs OpenTimelineIO's CMX 3600 adapter, which is not installed",
            do="install it with: pip install 'genzu[timeline]'",
        ) from absent
    return library()


def _counted(fps: FrameRate) -> float:
    """The rate in which the adapter counts: timecode that drops nothing counts whole frames a second."""
    return float(fps.rate) if fps.drop else float(fps.nominal)


def _must_have_timecode(fps: FrameRate, path: Path) -> None:
    if not library().opentime.RationalTime.is_valid_timecode_rate(_counted(fps)):
        raise BadInput(f"SMPTE timecode does not count {fps} frames a second", where=path, do="use .otio or .csv")


def _held(entry: CutListEntry, index: int) -> CutListEntry:
    dissolve = Dissolve(frames=entry.dissolve.frames) if entry.dissolve and index else None
    return replace(entry, dissolve=dissolve)


def _losses(cutlist: CutList) -> Iterator[Finding]:
    for name in FIELDS:
        empty = CutListEntry(number="0")
        lost = [one.number for one in cutlist.entries if getattr(one, name) != getattr(empty, name)]
        if lost and name not in HELD:
            yield warning(f"EDL does not hold this of {len(lost)} cuts ({few(lost)})", column=name)
    unmeasured = [one.number for one in cutlist.entries if not one.frames]
    if unmeasured:
        yield warning(f"without a length these cuts are left out: {few(unmeasured)}", column="frames")
    moved = [one.number for one in cutlist.entries if one.dissolve and one.dissolve.before]
    if moved:
        yield warning(
            f"in an EDL a dissolve begins with its cut, so it comes later in: {few(moved)}", column="dissolve"
        )
    if cutlist.entries and cutlist.entries[0].dissolve:
        yield warning("the dissolve at the start of the film is left out", column="dissolve")
    if any(_note_back(one.note.splitlines()) != one.note for one in cutlist.entries):
        yield warning("blanks around the lines of notes are lost", column="note")
    if _one_line(cutlist.title) != cutlist.title:
        yield warning("the title is written on one line", column="title")
    if len(cutlist.entries) > MOST_EVENTS:
        yield warning(f"CMX 3600 counts to {MOST_EVENTS} events, this list has {len(cutlist.entries)}")
    if cutlist.fps != FrameRate():
        yield warning(f"EDL holds no frame rate: import it with --fps {cutlist.fps}")


def _one_line(title: str) -> str:
    return " ".join(title.replace("TITLE:", " ").split())


def _note_back(lines: Sequence[str]) -> str:
    return tidy("\n".join(line.strip() for line in lines))


def _frame_rate(lines: Sequence[str], fps: FrameRate | None) -> tuple[FrameRate, list[Finding]]:
    said = [(row, line) for row, line in enumerate(lines, 1) if line.strip().upper().startswith("FCM")]
    kinds = {"NON" not in line.upper() for _, line in said}
    if len(kinds) > 1:
        spot = Spot(row=said[-1][0])
        return fps or FrameRate(), [error("drop-frame and non-drop timecode are mixed; export it in one of them", spot)]
    drop = kinds == {True}
    if fps is None:
        return FrameRate(Fraction(30000, 1001), drop=True) if drop else FrameRate(), []
    if drop and not fps.drop:
        try:
            return FrameRate(fps.rate, drop=True), []
        except BadInput as impossible:
            return fps, [error(f"this EDL drops frames: {impossible.sentence}", Spot(row=said[0][0]))]
    return (FrameRate(fps.rate), []) if kinds == {False} else (fps, [])


def _events(lines: Sequence[str], fps: FrameRate) -> tuple[list[_Event], list[str], list[Finding]]:
    """Events in frames, the lines with their timecode written in one way, and what is wrong with them."""
    events, plain, findings = list[_Event](), list[str](), list[Finding]()
    for row, line in enumerate(lines, 1):
        if not line.strip()[:1].isdecimal():
            plain.append(line if _is_known(line) else f"* {line}")
            continue
        found = _EVENT.fullmatch(line)
        if found is None:
            findings.append(error("this line is no event of an EDL; it needs four timecodes at its end", Spot(row=row)))
            continue
        try:
            at = tuple(from_timecode(time, fps) for time in found["times"].split())
        except BadInput as broken:
            findings.append(error(broken.sentence, Spot(row=row)))
            continue
        event = _Event(row, found["event"], found["channel"], found["kind"], (at[0], at[1], at[2], at[3]))
        events.append(event)
        head = line[: found.start("times")]
        plain.append(head + " ".join(timecode(frames, fps) for frames in event.times))
    return events, plain, [*findings, *_faults(events, any("M2" in line for line in lines))]


def _is_known(line: str) -> bool:
    return not line.strip() or line.strip().upper().startswith(("TITLE:", "FCM", "*", "M2", "SPLIT"))


def _faults(events: Sequence[_Event], retimed: bool) -> Iterator[Finding]:
    end: dict[str, tuple[int, int]] = {}
    for event in events:
        source, record = event.times[1] - event.times[0], event.times[3] - event.times[2]
        spot = Spot(row=event.row)
        if record < 0 or source < 0:
            yield error("this event ends before it begins", spot)
        elif record != source and not retimed:
            yield error(f"this event takes {source} frames of its source, but {record} of the film; correct it", spot)
        last, row = end.get(event.channel, (0, 0))
        if event.times[2] < last:
            yield error(f"this event begins {last - event.times[2]} frames before the one in row {row} ends", spot)
        end[event.channel] = (max(last, event.times[3]), event.row)


def _is_video(event: _Event) -> bool:
    """True if it shows a picture; ``B`` is picture and sound, ``AA/V`` too."""
    return "V" in event.channel or event.channel == "B"


def _named(timeline: Any, findings: list[Finding]) -> list[list[str]]:
    """Give clips their own media and name where the adapter mistook them, and the comments that are theirs."""
    comments: list[list[str]] = []
    before: list[str] = []
    for track in timeline.video_tracks():
        for index, item in enumerate(track):
            if item.schema_name() != "Clip":
                continue
            found = item.metadata.get(_ADAPTER, {})
            said = [str(one) for one in found.get("comments", [])]
            if index and track[index - 1].schema_name() == "Transition":
                # Behind a dissolve stand the comments of both cuts, the earlier one's first.
                media = next((one.removeprefix(_TO) for one in said if one.startswith(_TO)), "")
                item.media_reference = library().schema.ExternalReference(target_url=media) if media else None
                said = said[len(before) :] if said[: len(before)] == before else said
            said = [one for one in said if not one.startswith(_TO)]
            reel = str(found.get("reel", ""))
            if re.fullmatch(r"\d+", item.name or "") and not _has_media(item) and reel and not said_name(item, reel):
                findings.append(warning(f"event {item.name} names no clip: its reel {reel!r} is taken as the cut"))
                item.name = reel
            comments.append(said)
            before = said
    return comments


def said_name(clip: Any, reel: str) -> bool:
    """True if the reel and the name of a clip are the same number: then it was named by the number."""
    return str(clip.name).lstrip("0") == reel.lstrip("0")


def _has_media(clip: Any) -> bool:
    return bool(getattr(clip.media_reference, "target_url", None))


def _with_notes(cutlist: CutList, comments: Sequence[list[str]], events: Sequence[_Event]) -> Iterator[CutListEntry]:
    """Comments that begin with ``NOTE:`` become the note; events of one number are one clip, the last has its row."""
    rows: list[int] = []
    for index, event in enumerate(events):
        if index and events[index - 1].number == event.number:
            rows.pop()
        rows.append(event.row)
    notes = [[one.removeprefix(_NOTE) for one in said if one.startswith(_NOTE)] for said in comments]
    held = HELD if any(notes) else HELD - {"note"}
    for entry in cutlist.entries:
        place = (entry.spot.clip or 1) - 1
        note = _note_back(notes[place]) if place < len(notes) else ""
        spot = replace(entry.spot, row=rows[place] if place < len(rows) else None)
        yield replace(entry, note=note, spot=spot, held=held)
