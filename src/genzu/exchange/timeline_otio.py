"""Cut lists as OpenTimelineIO timelines (.otio): cuts are clips, gaps are gaps, dissolves are transitions.

What a timeline has no place for stands in ``clip.metadata["genzu"]``, which every program that keeps metadata keeps.
What an editor changed in the timeline itself (length, order, name, media) wins over that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from genzu.core.atomic import replacing
from genzu.core.cutlist import CutList, CutListEntry, ReadList, tidy
from genzu.core.findings import Finding, Spot, error, warning
from genzu.core.numbers import CUT_NUMBER, number_in
from genzu.core.timing import FrameRate
from genzu.core.transition import Dissolve
from genzu.errors import BadInput, BadRecord
from genzu.exchange.cutlist_text import decode, read_bytes
from genzu.exchange.json_text import safe_json

METADATA = "genzu"
_OWN = frozenset({"frames", "layout", "dissolve", "record_in"})
"""What every timeline can say."""
FOREIGN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, OverflowError, RecursionError,
           NotImplementedError, AssertionError)  # fmt: skip
"""What the library and its adapters raise beside their own errors."""


def library() -> Any:
    """OpenTimelineIO, imported when a timeline is asked for. Raises ``BadInput`` if it is not installed."""
    try:
        return import_module("opentimelineio")
    except ImportError as absent:
        raise BadInput(
            "timelines need OpenTimelineIO, which is not installed", do="install it with: pip install 'genzu[timeline]'"
        ) from absent


def read_otio(path: Path, fps: FrameRate | None = None) -> ReadList:
    """Read the video track of a timeline; without ``fps`` the frames are counted as its first clip counts them.

    What cannot be taken (further tracks, effects, markers, nested timelines) is a finding. Raises ``BadInput``.
    """
    otio = library()
    text = decode(read_bytes(path), path)
    record = safe_json(text, path, "timeline")
    if "OTIO_SCHEMA" not in record or not all(map(_has_stack, _timelines_in(record))):
        raise BadInput("this is no OpenTimelineIO timeline", where=path, do="export it anew as .otio")
    try:
        found = otio.core.deserialize_json_from_string(text)
        return list_of(_timeline(found, otio, path), fps)
    except BadRecord as broken:  # a figure that no cut list takes; it knows the field and not the file
        raise BadInput(f"{broken.where}: {broken.what}", where=path, do=broken.do) from broken
    except (otio.exceptions.OTIOError, *FOREIGN) as broken:
        raise BadInput(
            f"this timeline cannot be read ({str(broken)[:120]})", where=path, do="export it anew as .otio"
        ) from broken


def write_otio(path: Path, cutlist: CutList) -> tuple[Finding, ...]:
    """Write a timeline; everything that a cut list says comes back from it."""
    otio = library()
    text = otio.core.serialize_json_to_string(timeline_of(cutlist, float(cutlist.fps.rate)), {}, 4)
    with replacing(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
    return ()


def timeline_of(cutlist: CutList, rate: float) -> Any:
    """The timeline of a list without overlaps, its frames counted at ``rate``."""
    otio = library()

    def time(frames: int) -> Any:
        return otio.opentime.RationalTime(frames, rate)

    def span(frames: int) -> Any:
        return otio.opentime.TimeRange(time(0), time(frames))

    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    end = cutlist.record_start
    for entry, at in zip(cutlist.entries, cutlist.starts(), strict=True):
        if at > end:
            track.append(otio.schema.Gap(source_range=span(at - end)))
        if entry.dissolve is not None:
            before, after = entry.dissolve.before, entry.dissolve.frames - entry.dissolve.before
            track.append(
                otio.schema.Transition(
                    transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
                    in_offset=time(before), out_offset=time(after),
                )
            )  # fmt: skip
        media = otio.schema.MissingReference()
        if entry.layout:
            media = otio.schema.ExternalReference(target_url=quote(entry.layout, safe="/"))
        clip = otio.schema.Clip(name=entry.number, media_reference=media, source_range=span(entry.frames or 0))
        clip.metadata[METADATA] = entry.to_dict()
        track.append(clip)
        end = at + (entry.frames or 0)
    timeline = otio.schema.Timeline(name=cutlist.title, global_start_time=time(cutlist.record_start))
    timeline.metadata[METADATA] = {"fps": str(cutlist.fps)}
    timeline.tracks.append(track)
    return timeline


def list_of(timeline: Any, fps: FrameRate | None = None) -> ReadList:
    """The list of a timeline's first video track that has clips."""
    tracks, findings = list(timeline.video_tracks()), list[Finding]()
    filled = [track for track in tracks if any(_is(item, "Clip") for item in track)]
    if not filled:
        return ReadList(CutList(), (error("there is no clip in the video tracks of this timeline"),))
    for track in (*filled[1:], *timeline.audio_tracks()):
        findings.append(warning(f"this track with {len(track)} items is not taken", Spot(track=track.name or "?")))
    rate = fps or _rate(timeline, filled[0])
    reader = _Reader(rate, filled[0].name or "V1")
    start = reader.frames(timeline.global_start_time) if timeline.global_start_time is not None else 0
    reader.take(filled[0], start)
    cutlist = CutList(
        entries=tuple(reader.entries), fps=rate, title=" ".join(tidy(timeline.name or "").split()), record_start=start
    )
    return ReadList(cutlist.without_times(), (*findings, *reader.findings))


def _timelines_in(record: Any) -> Iterator[dict[str, Any]]:
    """Every timeline of a file, wherever it is."""
    waiting = [record]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if str(one.get("OTIO_SCHEMA")).startswith("Timeline."):
                yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _has_stack(timeline: dict[str, Any]) -> bool:
    """A timeline whose tracks are no stack would end the library, and the process with it (seen in 0.18)."""
    tracks = timeline.get("tracks", {"OTIO_SCHEMA": "Stack.1"})
    return isinstance(tracks, dict) and str(tracks.get("OTIO_SCHEMA")).startswith("Stack.")


def _timeline(found: Any, otio: Any, path: Path) -> Any:
    if isinstance(found, otio.schema.SerializableCollection):
        inside = [one for one in found if isinstance(one, otio.schema.Timeline)]
        if len(inside) == 1:
            return inside[0]
        raise BadInput(f"there are {len(inside)} timelines in this file", where=path, do="export the one of the film")
    if not isinstance(found, otio.schema.Timeline):
        raise BadInput(f"this is a {type(found).__name__}, no timeline", where=path, do="export the timeline")
    return found


def _rate(timeline: Any, track: Any) -> FrameRate:
    """What we wrote, if it is still true; else what the first clip counts in."""
    first = next(item for item in track if _is(item, "Clip"))
    counted = FrameRate.of(first.duration().rate)
    said = timeline.metadata.get(METADATA)
    try:
        own = FrameRate.parse(str(said["fps"])) if said is not None and "fps" in said else counted
    except BadInput:
        return counted
    return own if own.rate == counted.rate else counted


def _is(item: Any, kind: str) -> bool:
    return str(item.schema_name()) == kind


class _Reader:
    """Goes along a track; what cannot be taken is noted with the number of its clip."""

    def __init__(self, fps: FrameRate, track: str) -> None:
        self._fps, self._track = fps, track
        self.entries, self.findings = list[CutListEntry](), list[Finding]()

    def take(self, track: Any, at: int) -> None:
        """Read all items; the first begins at frame ``at``."""
        clips, dissolve = 0, None
        for item in track:
            if _is(item, "Transition"):
                dissolve = self._dissolve(item, Spot(track=self._track, clip=clips + 1))
                continue
            clips += 0 if _is(item, "Gap") else 1
            spot = Spot(track=self._track, clip=clips)
            frames = self._length(item, spot)
            if _is(item, "Clip"):
                self._clip(item, frames, at, dissolve, spot)
            elif not _is(item, "Gap"):
                self.findings.append(error(f"a nested {item.schema_name()} is no cut; make one clip of it", spot))
            at, dissolve = at + frames, None

    def frames(self, time: Any) -> int:
        """A time in our frames; ``BadInput`` if it falls between two."""
        exact = float(time.rescaled_to(float(self._fps.rate)).value)
        if abs(exact - round(exact)) > 0.01:
            raise BadInput(f"{exact:.2f} frames at {self._fps} a second are no whole number", do="give another --fps")
        return round(exact)

    def _length(self, item: Any, spot: Spot) -> int:
        try:
            return self.frames(item.duration())
        except BadInput as broken:
            self.findings.append(error(broken.sentence, spot, "frames"))
        except Exception as broken:  # the library raises errors of its own for a clip without any length
            self.findings.append(error(f"this clip has no length ({str(broken)[:80]})", spot, "frames"))
        return 0

    def _dissolve(self, item: Any, spot: Spot) -> Dissolve | None:
        before, after = (self.frames(time) for time in (item.in_offset, item.out_offset))
        if item.transition_type != "SMPTE_Dissolve":
            self.findings.append(warning(f"a {item.transition_type} is taken as a dissolve", spot, "dissolve"))
        try:
            return Dissolve(frames=before + after, before=before)
        except BadRecord as broken:
            self.findings.append(error(broken.what, spot, "dissolve"))
            return None

    def _clip(self, clip: Any, frames: int, at: int, dissolve: Dissolve | None, spot: Spot) -> None:
        if not clip.enabled or _is(clip.media_reference, "GeneratorReference"):
            self.findings.append(warning(f"clip {clip.name!r} shows no picture and is taken as a gap", spot))
            return
        for what in ("effects", "markers"):
            if len(getattr(clip, what)):
                self.findings.append(warning(f"the {what} of clip {clip.name!r} are not taken", spot))
        try:
            known = self._known(clip, spot)
            layout = self._layout(clip, spot) or known.layout
            measured = frames or known.frames is not None or not known.held >= {"note"}
            self.entries.append(
                replace(
                    known,
                    frames=frames if measured else None,
                    record_in=at,
                    dissolve=dissolve,
                    layout=layout,
                    spot=spot,
                )
            )
        except (BadInput, BadRecord) as broken:
            self.findings.append(error(f"clip {clip.name!r}: {broken.sentence}", spot))

    def _known(self, clip: Any, spot: Spot) -> CutListEntry:
        """What our own metadata says; a clip without it says only what a timeline can say."""
        name = tidy(clip.name or "")
        said = _plain(clip.metadata.get(METADATA))
        if said is None:
            if not name:
                raise BadInput("it has no name", do="name it by the number of the cut")
            return CutListEntry(number=number_in(name), held=_OWN)
        known = CutListEntry.from_dict(said, "metadata.genzu")
        if name and name != known.number and CUT_NUMBER.fullmatch(name):
            self.findings.append(warning(f"this clip was cut {known.number} and is named {name} now", spot, "number"))
            known = replace(known, number=name)
        return known

    def _layout(self, clip: Any, spot: Spot) -> str:
        media = clip.media_reference
        url = getattr(media, "target_url", None) if media is not None else None
        return self.layout(url, spot) if isinstance(url, str) and url else ""

    def layout(self, url: str, spot: Spot) -> str:
        """The path of a layout below its folder; of a path elsewhere only the file's name counts."""
        path = tidy(unquote(urlsplit(url).path if "://" in url else url).replace("\\", "/"))
        if path.startswith("/") or ":" in path[:3] or ".." in path.split("/"):
            name = path.rsplit("/", 1)[-1]
            self.findings.append(warning(f"of the path {path!r} only the file's name counts", spot, "layout"))
            return "" if name in ("..", ".") else name
        return path


def _plain(value: Any) -> Any:
    """The library's own dictionaries and lists as plain ones."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if hasattr(value, "items"):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if hasattr(value, "__iter__") else str(value)
