from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cutlists import cutlists

from genzu.core.cutlist import CutList, CutListEntry
from genzu.core.findings import errors_of
from genzu.core.timing import FrameRate
from genzu.core.transition import Dissolve
from genzu.errors import BadInput

otio = pytest.importorskip("opentimelineio", reason="timelines need OpenTimelineIO: pip install 'genzu[timeline]'")

from genzu.exchange.timeline_otio import read_otio, write_otio


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("otio")


def saved(folder: Path, timeline: Any) -> Path:
    path = folder / "foreign.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def span(frames: float, rate: float = 24, start: float = 0) -> Any:
    return otio.opentime.TimeRange(otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(frames, rate))


def film(*items: Any) -> Any:
    timeline = otio.schema.Timeline(name="foreign")
    timeline.tracks.append(otio.schema.Track(name="V1", kind="Video", children=items))
    return timeline


def clip(name: str, frames: int = 24, **values: Any) -> Any:
    return otio.schema.Clip(name=name, source_range=span(frames), **values)


@given(cutlists())
@settings(max_examples=40)
def test_everything_comes_back(folder: Path, cutlist: CutList) -> None:
    path = folder / "film.otio"
    assert write_otio(path, cutlist) == ()
    found = read_otio(path)
    assert found.cutlist == cutlist
    assert found.findings == ()


def test_the_library_itself_reads_what_is_written(folder: Path) -> None:
    entries = (
        CutListEntry(number="001", frames=84, layout="原図/c001.png"),
        CutListEntry(number="002", frames=48, record_in=100, dissolve=Dissolve(frames=12, before=4)),
    )
    path = folder / "film.otio"
    write_otio(path, CutList(entries=entries, title="犬と少年"))
    timeline = otio.adapters.read_from_file(str(path))
    kinds = [type(item).__name__ for item in timeline.video_tracks()[0]]
    assert kinds == ["Clip", "Gap", "Transition", "Clip"]
    assert timeline.duration() == otio.opentime.RationalTime(148, 24)
    assert timeline.video_tracks()[0][0].media_reference.target_url == "%E5%8E%9F%E5%9B%B3/c001.png"


def test_what_the_editor_changed_wins_over_what_we_wrote(folder: Path) -> None:
    path = folder / "film.otio"
    cuts = tuple(CutListEntry(number=number, frames=48, place="港町", note="x") for number in ("001", "002", "003"))
    write_otio(path, CutList(entries=cuts))
    timeline = otio.adapters.read_from_file(str(path))
    track = timeline.video_tracks()[0]
    track[0].source_range = span(30)
    track[1].name = "002A"
    del track[2]
    track.insert(0, clip("000"))
    found = read_otio(saved(folder, timeline))
    assert [(one.number, one.frames, one.place) for one in found.cutlist.entries] == [
        ("000", 24, ""), ("001", 30, "港町"), ("002A", 48, "港町")
    ]  # fmt: skip
    assert found.cutlist.entries[0].held == {"frames", "layout", "dissolve", "record_in"}
    (renamed,) = found.findings
    assert "named 002A now" in renamed.sentence
    assert renamed.where == "track V1, clip 3, number"


def test_what_cannot_be_taken_is_told(folder: Path) -> None:
    off = clip("003")
    off.enabled = False
    timeline = film(
        clip("001", effects=[otio.schema.LinearTimeWarp(time_scalar=2)]),
        clip("002", markers=[otio.schema.Marker(name="fix")]),
        off,
        otio.schema.Transition(
            transition_type="SMPTE_Wipe", in_offset=otio.opentime.RationalTime(0, 24),
            out_offset=otio.opentime.RationalTime(6, 24),
        ),
        clip("004", media_reference=otio.schema.ExternalReference("file:///srv/show/../lo/c004%20a.png")),
        otio.schema.Stack(name="nested", children=[clip("x")]),
        clip("", 24),
    )  # fmt: skip
    timeline.tracks.append(otio.schema.Track(name="V2", kind="Video", children=[clip("over")]))
    timeline.tracks.append(otio.schema.Track(name="A1", kind="Audio", children=[clip("sound")]))
    found = read_otio(saved(folder, timeline))
    told = {(one.severity.value, one.where, one.sentence[:20]) for one in found.findings}
    assert {(severity, where) for severity, where, _ in told} == {
        ("warning", "track V2"), ("warning", "track A1"), ("warning", "track V1, clip 1"),
        ("warning", "track V1, clip 2"), ("warning", "track V1, clip 3"),
        ("warning", "track V1, clip 4, dissolve"), ("warning", "track V1, clip 4, layout"),
        ("error", "track V1, clip 5"), ("error", "track V1, clip 6"),
    }  # fmt: skip
    assert [(one.number, one.layout) for one in found.cutlist.entries] == [
        ("001", ""),
        ("002", ""),
        ("004", "c004 a.png"),
    ]
    assert found.cutlist.entries[2].record_in == 72


def test_other_frame_rates_are_counted_anew_or_refused(folder: Path) -> None:
    path = saved(folder, film(otio.schema.Clip(name="001", source_range=span(60, 30))))
    assert read_otio(path).cutlist.fps == FrameRate.parse("30")
    assert read_otio(path, FrameRate.parse("24")).cutlist.entries[0].frames == 48
    odd = saved(folder, film(otio.schema.Clip(name="001", source_range=span(61, 30))))
    assert errors_of(read_otio(odd, FrameRate.parse("24")).findings)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"OTIO_SCHEMA": "Clip.1"}', '{"OTIO_SCHEMA": "Timeline.999999"}', "[" * 100_000,
        '{"OTIO_SCHEMA": "Timeline.1", "tracks": 5}', '{"OTIO_SCHEMA": "Timeline.1", "name": NaN}',
        '{"OTIO_SCHEMA": "Timeline.1", "x": 1e999}', '{"OTIO_SCHEMA": "Timeline.1", "x": ' + "9" * 5000 + "}",
        '{"OTIO_SCHEMA": "Timeline.1", "x": ' + '{"a":' * 900 + "1" + "}" * 901,
        '{"OTIO_SCHEMA": "SerializableCollection.1", "children": []}',
        '{"OTIO_SCHEMA": "Timeline.1", "tracks": null}',
        '{"OTIO_SCHEMA": "SerializableCollection.1", "children": [{"OTIO_SCHEMA": "Timeline.1", "tracks": null}]}',
    ],
)  # fmt: skip
def test_hostile_files_are_one_clear_sentence(folder: Path, text: str) -> None:
    path = folder / "hostile.otio"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_otio(path)
    assert len(caught.value.sentence) < 500


def test_a_start_before_zero_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "early.otio"
    write_otio(path, CutList(entries=(CutListEntry(number="001", frames=48, layout="a.png"),)))
    record = json.loads(path.read_text(encoding="utf-8"))
    record["global_start_time"] = {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": -1.0}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(BadInput, match=r"early\.otio.*record_start"):
        read_otio(path)


@given(st.data())
@settings(max_examples=40)
def test_a_damaged_timeline_never_ends_in_a_traceback(folder: Path, data: st.DataObject) -> None:
    path = folder / "damaged.otio"
    write_otio(
        path, CutList(entries=(CutListEntry(number="001", frames=48, layout="a.png", dissolve=Dissolve(frames=3)),))
    )
    record = json.loads(path.read_text(encoding="utf-8"))
    at: Any = record
    while isinstance(at, (dict, list)) and at:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if data.draw(st.booleans()) or not isinstance(at[key], (dict, list)) or not at[key]:
            at[key] = data.draw(st.sampled_from([None, -1, 10**20, 1e300, "", "x", [], {}, True, "\u0000"]))
            break
        at = at[key]
    path.write_text(json.dumps(record), encoding="utf-8")
    try:
        read_otio(path)
    except BadInput as error:
        assert str(path) in error.sentence
